/*
 * store_names: where alerts and decisions meet. Both have names; they belong together when their
 * facts do, too: a name that is used for something else brings no verdict with it.
 */
#include "store_priv.h"

#include "s3triage/base/when.h"

/* One decision, with the facts that it was made on. */
struct kept {
	struct decision d;
	struct content c;
	const struct kept *before; /* the one about these very facts that it replaced */
};

struct said {
	const struct kept *of;
	struct said *next;
};

void names_of(struct store *s, const struct alert *a, struct names *out)
{
	out->v[NAME_ID] = ident_of_id(&s->idents, alert_name(a));
	out->v[NAME_EVENT] = ident_of_event(&s->idents, a->rule_id, a->event_id);
	out->v[NAME_SHARED] = ident_of_shared(&s->idents, a->rule_id, a->shared_id);
}

/* ---- the facts of a row ------------------------------------------------------------------- */

static void row_content(const struct store *s, row_id r, struct arena *mem, struct content *out)
{
	const struct slot *slot = slot_at(s, r);
	struct content shown;
	content_of(&slot->alert, mem, &shown);
	*out = slot->content ? *slot->content : shown;
	content_shown(out, &shown);
}

row_id names_row(const struct store *s, const struct names *names, const struct alert *a,
	row_id *twin)
{
	struct arena mem = {0};
	struct content own = {0}, other;
	row_id same = ROW_NONE;
	*twin = ROW_NONE;
	for (unsigned i = 0; i < NAMES; i++)
		for (const struct ident_row *at = ident_rows(names->v[i]); at && same == ROW_NONE; at = at->next) {
			if (!mem.head)
				content_of(a, &mem, &own);
			row_content(s, at->row, &mem, &other);
			if (!content_differs(&own, &other))
				same = at->row;
			else if (*twin == ROW_NONE || slot_at(s, *twin)->recalled)
				*twin = at->row;
		}
	arena_fini(&mem);
	return same;
}

/* ---- verdicts ----------------------------------------------------------------------------- */

static enum verdict verdict_of(const struct slot *slot)
{
	return slot->decision ? slot->decision->verdict : VERDICT_OPEN;
}

/* The newer decision wins, whichever came first. */
static void store_names_take(struct store *s, row_id r, const struct decision *d)
{
	struct slot *slot = slot_at(s, r);
	s->by_verdict[verdict_of(slot)]--;
	slot->decision = d;
	s->by_verdict[verdict_of(slot)]++;
	store_note_change(s, r);
}

static void offer(struct store *s, row_id r, const struct kept *k, const struct content *row)
{
	struct slot *slot = slot_at(s, r);
	if (content_unlike(&k->c, row)) {
		slot->contested = true;
		store_note_change(s, r);
	} else if (!slot->decision || slot->decision->seq < k->d.seq) {
		store_names_take(s, r, &k->d);
	}
}

static void offer_said(struct store *s, row_id r, const struct ident *name)
{
	struct arena mem = {0};
	struct content row;
	for (const struct said *at = name ? name->said : NULL; at; at = at->next) {
		if (!mem.head)
			row_content(s, r, &mem, &row);
		offer(s, r, at->of, &row);
	}
	arena_fini(&mem);
}

/* ---- names -------------------------------------------------------------------------------- */

/* Walks the names that a row goes by. */
struct walk {
	const struct ident *own[NAMES];
	const struct named *more;
	unsigned i;
};

static struct walk walk_names(const struct store *s, row_id r)
{
	const struct slot *slot = slot_at(s, r);
	const struct alert *a = &slot->alert;
	return (struct walk){.more = slot->named, .own = {
		[NAME_ID] = ident_find_id(&s->idents, alert_name(a)),
		[NAME_EVENT] = ident_find_event(&s->idents, a->rule_id, a->event_id),
		[NAME_SHARED] = ident_find_shared(&s->idents, a->rule_id, a->shared_id)}};
}

static const struct ident *next_name(struct walk *w)
{
	while (w->i < NAMES)
		if (w->own[w->i++])
			return w->own[w->i - 1];
	const struct named *at = w->more;
	w->more = at ? at->next : NULL;
	return at ? at->of : NULL;
}

static void go_by(struct store *s, row_id r, struct ident *name)
{
	struct slot *slot = slot_at(s, r);
	struct walk w = walk_names(s, r);
	for (const struct ident *at; (at = next_name(&w));)
		if (at == name)
			return;
	struct named *more = arena_alloc(&s->mem, sizeof(*more));
	*more = (struct named){name, slot->named};
	slot->named = more;
	find_note(s, r, name->b);
}

void names_bind(struct store *s, const struct names *names, row_id r)
{
	for (unsigned i = 0; i < NAMES; i++) {
		struct ident *name = names->v[i];
		if (!name)
			continue;
		go_by(s, r, name);
		if (ident_add_row(&s->idents, name, r))
			offer_said(s, r, name);
	}
}

/* What is known of its facts by now may be less, or more, than what was decided on. */
void row_offer(struct store *s, row_id r)
{
	struct walk w = walk_names(s, r);
	if (slot_at(s, r)->decision)
		store_names_take(s, r, NULL);
	for (const struct ident *name; (name = next_name(&w));)
		offer_said(s, r, name);
}

bool row_join(struct store *s, row_id r, const struct alert *a, bool replaces)
{
	struct arena mem = {0};
	struct content row, more;
	row_content(s, r, &mem, &row);
	content_of(a, &mem, &more);
	bool grown = content_join(&row, &more);
	if (grown || (replaces && !content_eq(&row, &more))) {
		struct content *kept = arena_alloc(&s->mem, sizeof(*kept));
		content_keep(&row, &s->words, kept);
		slot_at(s, r)->content = kept;
	}
	arena_fini(&mem);
	return grown || slot_at(s, r)->content;
}

bool alert_fuller(const struct alert *a, const struct alert *than)
{
	struct arena mem = {0};
	struct content x, y;
	content_of(a, &mem, &x);
	content_of(than, &mem, &y);
	arena_fini(&mem);
	size_t n = content_known(&x), m = content_known(&y);
	return n != m ? n > m : str_cmp(a->event_id, than->event_id) < 0;
}

/* ---- ids that are shown ------------------------------------------------------------------- */

/* What a source brought keeps its id when the rest of that id was only recalled. */
static bool shares_id(const struct store *s, const struct ident *id, row_id r)
{
	for (const struct ident_row *at = ident_rows(id); at; at = at->next)
		if (at->row != r && (slot_at(s, r)->recalled || !slot_at(s, at->row)->recalled))
			return true;
	return false;
}

static void show_id(struct store *s, struct ident *id, row_id r)
{
	struct alert *a = &slot_at(s, r)->alert;
	struct str before = a->id;
	if (!str_eq(alert_name(a), id->a))
		return; /* another record's id stands for it */
	a->id = id->a;
	a->plain_id = (struct str){0};
	if (shares_id(s, id, r)) {
		struct arena mem = {0};
		struct content c;
		char digest[CONTENT_DIGEST];
		row_content(s, r, &mem, &c);
		content_digest(&c, digest);
		a->id = arena_fmt(&s->mem, "%.*s~%s", STR_ARG(id->a), digest);
		a->plain_id = id->a;
		arena_fini(&mem);
	}
	if (!str_eq(a->id, before))
		store_note_change(s, r | FACTS_BIT);
}

void names_show(struct store *s, struct ident *id)
{
	for (const struct ident_row *at = ident_rows(id); at; at = at->next)
		show_id(s, id, at->row);
}

/* ---- decisions ---------------------------------------------------------------------------- */

/* The ids are the names' own copies; the rest is shared by many decisions. */
static struct kept *store_names_keep(
	struct store *s, const struct decision *d, const struct names *names)
{
	struct arena mem = {0};
	struct content c;
	struct kept *to = arena_alloc(&s->mem, sizeof(*to));
	to->d = *d;
	to->d.alert_id = names->v[NAME_ID] ? names->v[NAME_ID]->a : (struct str){0};
	to->d.event_id = names->v[NAME_EVENT] ? names->v[NAME_EVENT]->b : (struct str){0};
	to->d.analyst = decision_who(d); /* whose word stands, whoever brought it back */
	to->d.whose = (struct str){0};
	struct str *const shared[] = {&to->d.analyst, &to->d.rule_id, &to->d.reason, &to->d.note,
		&to->d.batch};
	for (size_t i = 0; i < ARRAY_LEN(shared); i++)
		*shared[i] = intern(&s->words, *shared[i]);
	to->d.facts = to->d.prev_hash = to->d.hash = (struct str){0};
	to->d.from_place = intern(&s->words, d->from_place);
	content_of_facts(d->facts, &mem, &c);
	content_keep(&c, &s->words, &to->c);
	arena_fini(&mem);
	return to;
}

/* False when a newer one of these very facts is there. */
static bool store_names_say(struct store *s, struct ident *name, struct kept *k)
{
	struct said *at = name->said;
	while (at && !content_eq(&at->of->c, &k->c))
		at = at->next;
	if (at && at->of->d.seq >= k->d.seq)
		return false;
	if (!at) {
		at = arena_alloc(&s->mem, sizeof(*at));
		at->next = name->said;
		name->said = at;
	} else if (!k->before || k->before->d.seq < at->of->d.seq)
		k->before = at->of;
	at->of = k;
	return true;
}

void store_decide(struct store *s, const struct decision *d)
{
	struct names names = {{ident_of_id(&s->idents, d->alert_id),
		ident_of_event(&s->idents, d->rule_id, d->event_id)}};
	struct kept *k = store_names_keep(s, d, &names);
	names.v[NAME_SHARED] = ident_of_shared(&s->idents, d->rule_id, k->c.shared);
	for (unsigned i = 0; i < NAMES; i++) {
		struct ident *name = names.v[i];
		if (!name || !store_names_say(s, name, k))
			continue;
		for (const struct ident_row *at = ident_rows(name); at; at = at->next) {
			struct arena mem = {0};
			struct content row;
			row_content(s, at->row, &mem, &row);
			offer(s, at->row, k, &row);
			arena_fini(&mem);
		}
	}
}

enum verdict store_verdict(const struct store *s, row_id r)
{
	return verdict_of(slot_at(s, r));
}

const struct decision *store_decision(const struct store *s, row_id r)
{
	return slot_at(s, r)->decision;
}

/* The newest decision about the row that is older than `limit`; NULL: none. */
static const struct decision *decided_before(const struct store *s, row_id r, const struct content *row,
	int64_t limit)
{
	const struct kept *newest = NULL;
	struct walk w = walk_names(s, r);
	for (const struct ident *name; (name = next_name(&w));)
		for (const struct said *at = name->said; at; at = at->next) {
			const struct kept *k = at->of;
			while (k && k->d.seq >= limit)
				k = k->before;
			if (k && (!newest || newest->d.seq < k->d.seq) && !content_unlike(&k->c, row))
				newest = k;
		}
	return newest ? &newest->d : NULL;
}

const struct decision *store_word(const struct store *s, row_id r, struct str analyst)
{
	struct arena mem = {0};
	struct content row;
	enum verdict stands = store_verdict(s, r);
	const struct decision *d = stands == VERDICT_OPEN ? NULL : store_decision(s, r);
	if (d && !decision_of_other(d, analyst))
		row_content(s, r, &mem, &row);
	while (d && d->verdict == stands && !decision_of_other(d, analyst))
		d = decided_before(s, r, &row, d->undoes ? d->undoes : d->seq);
	arena_fini(&mem);
	return d && d->verdict == stands ? d : NULL;
}

/* ---- what was decided on other facts ------------------------------------------------------ */

/* Whether a later decision under this name is about the same facts. */
static bool store_names_overtaken(const struct ident *name, const struct kept *k)
{
	for (const struct said *at = name->said; at; at = at->next)
		if (at->of->d.seq > k->d.seq && !content_differs(&at->of->c, &k->c))
			return true;
	return false;
}

static const struct kept *other(const struct store *s, row_id r, const struct content *row)
{
	const struct kept *newest = NULL;
	struct walk w = walk_names(s, r);
	for (const struct ident *name; (name = next_name(&w));)
		for (const struct said *at = name->said; at; at = at->next)
			if (at->of->d.verdict != VERDICT_OPEN && content_unlike(&at->of->c, row) &&
				!store_names_overtaken(name, at->of) &&
				(!newest || at->of->d.seq > newest->d.seq))
				newest = at->of;
	return newest;
}

static const struct kept *find_other(const struct store *s, row_id r, struct arena *mem,
	struct content *row)
{
	if (!slot_at(s, r)->contested || store_verdict(s, r) != VERDICT_OPEN)
		return NULL;
	row_content(s, r, mem, row);
	return other(s, r, row);
}

const struct decision *store_other(const struct store *s, row_id r)
{
	struct arena mem = {0};
	struct content row;
	const struct kept *k = find_other(s, r, &mem, &row);
	arena_fini(&mem);
	return k ? &k->d : NULL;
}

void store_unlike(const struct store *s, row_id r, struct arena *mem, struct unlike *out)
{
	*out = (struct unlike){0};
	const struct kept *k = find_other(s, r, mem, &out->now);
	if (!k)
		return;
	out->decided = k->c;
	out->bits = content_unlike(&out->decided, &out->now);
}

void other_words(const struct store *s, row_id r, struct buf *out)
{
	char when[WHEN_TEXT_MAX];
	struct arena mem = {0};
	struct unlike u;
	const struct decision *d = store_other(s, r);
	if (d) {
		store_unlike(s, r, &mem, &u);
		buf_fmt(out, "%s by %.*s at %s: ", verdict_name(d->verdict), STR_ARG(d->analyst),
			when_format(d->at, when));
		content_words(&u, out);
	}
	arena_fini(&mem);
}

void twin_words(const struct store *s, row_id r, struct buf *out)
{
	struct arena mem = {0};
	struct unlike u;
	row_id twin = store_twin(s, r);
	const struct alert *a = store_alert(s, r), *b = store_alert(s, twin);
	row_content(s, r, &mem, &u.now);
	row_content(s, twin, &mem, &u.decided);
	u.bits = content_differs(&u.decided, &u.now);
	bool one = str_eq(alert_name(a), alert_name(b)) || str_eq(a->event_id, b->event_id);
	buf_fmt(out, "two records have one %s and say different things, both are alerts: %.*s at %.*s and"
		" %.*s at %.*s: ", one ? "id" : "sharedEventID", STR_ARG(b->id), STR_ARG(b->source),
		STR_ARG(a->id), STR_ARG(a->source));
	content_words(&u, out);
	arena_fini(&mem);
}
