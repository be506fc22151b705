/*
 * store: alerts in chunks that never move, their names, their verdicts, their raw records.
 * Knows nothing of files, of the journal, or of what is drawn.
 */
#include "s3triage/alert/store.h"

#include "s3triage/base/vec.h"

#include "store_priv.h"

#include "s3triage/alert/fact.h"

#include <stdlib.h>
#include <string.h>

struct store *store_new(void)
{
	struct store *s = mem_alloc(sizeof(*s));
	s->idents.words = &s->words;
	spool_init(&s->spool);
	return s;
}

void store_free(struct store *s)
{
	if (!s)
		return;
	for (size_t i = 0; i * STORE_CHUNK < s->n; i++)
		free(s->chunks[i]);
	free(s->chunks);
	free(s->changes);
	table_fini(&s->events);
	idents_fini(&s->idents);
	intern_fini(&s->words);
	arena_fini(&s->mem);
	spool_fini(&s->spool);
	free(s);
}

/* More ids of one call than that nobody looks up. */
enum { ALSO_MAX = 600 };

/* ---- adding ------------------------------------------------------------------------------- */

static const struct alert_dest *copy_dests(struct store *s, const struct alert *a)
{
	if (!a->n_dests)
		return NULL;
	struct alert_dest *to = arena_array(&s->mem, a->n_dests, sizeof(*to));
	for (size_t i = 0; i < a->n_dests; i++) {
		to[i] = a->dests[i];
		struct str *const fields[] = {&to[i].account, &to[i].written, &to[i].bucket,
			&to[i].rule_id, &to[i].status, &to[i].arn, &to[i].prefix, &to[i].tags,
			&to[i].kms_key, &to[i].switches, &to[i].manner};
		for (size_t f = 0; f < ARRAY_LEN(fields); f++)
			*fields[f] = intern(&s->words, *fields[f]);
	}
	return to;
}

static struct str own_copy(struct store *s, struct str text)
{
	return text.n ? arena_str(&s->mem, text) : text;
}

static void store_copy_alert(struct store *s, const struct alert *from, struct slot *slot)
{
	struct alert *a = &slot->alert;
	*a = *from;
	size_t n;
	const struct fact *facts = facts_all(&n);
	for (size_t i = 0; i < n; i++) {
		struct str *text = fact_text(a, &facts[i]);
		if (facts[i].type != FACT_TEXT || facts[i].values || facts[i].how & FACT_NAMES)
			continue;
		*text = facts[i].how & FACT_OF_ONE ? own_copy(s, *text) : intern(&s->words, *text);
	}
	a->dests = copy_dests(s, from);
	a->worst = dest_worst(a, s->book);
}

static row_id add_slot(struct store *s)
{
	if (s->n % STORE_CHUNK == 0) {
		s->chunks = mem_resize(s->chunks, s->n / STORE_CHUNK + 1, sizeof(*s->chunks));
		s->chunks[s->n / STORE_CHUNK] = mem_array(STORE_CHUNK, sizeof(struct slot));
	}
	s->by_verdict[VERDICT_OPEN]++;
	slot_at(s, (row_id)s->n)->twin = ROW_NONE;
	return (row_id)s->n++;
}

static void fill_slot(struct store *s, row_id r, const struct alert *a, const struct names *of,
	struct str raw)
{
	struct slot *slot = slot_at(s, r);
	store_copy_alert(s, a, slot);
	slot->alert.id = of->v[NAME_ID] ? of->v[NAME_ID]->a : (struct str){0};
	slot->alert.plain_id = (struct str){0};
	slot->alert.event_id = of->v[NAME_EVENT] ? of->v[NAME_EVENT]->b : (struct str){0};
	slot->raw = spool_add(&s->spool, raw);
	slot->raw_n = raw.n;
	slot->alert.shared_id = of->v[NAME_SHARED] ? of->v[NAME_SHARED]->b : (struct str){0};
	find_note(s, r, slot->alert.event_id);
}

/* A Kibana alert instead of a local match; a whole one instead of a lossy one; of two local ones what
 * holds more; or the same Kibana alert, and people did something to it since. Tags and assignees have no
 * time of their own: of two alike what comes later counts. */
static bool supersedes(const struct alert *a, const struct slot *slot)
{
	const struct alert *there = &slot->alert;
	if (slot->recalled || a->from_kibana != there->from_kibana)
		return slot->recalled || a->from_kibana;
	for (trait_set worse = TRAIT_FOUND_ASIDE; worse; worse = worse == TRAIT_FOUND_ASIDE ? TRAIT_LOSSY : 0)
		if ((a->traits ^ there->traits) & worse)
			return there->traits & worse;
	if (!a->from_kibana)
		return alert_fuller(a, there);
	return str_eq(a->id, alert_name(there)) && a->workflow != there->workflow &&
		a->workflow_at >= there->workflow_at;
}

static bool has_word(struct str words, struct str one, char between)
{
	while (words.n)
		if (str_eq(str_cut(&words, between), one))
			return true;
	return false;
}

/* Read from two profiles, it belongs to both. */
static void join_origins(struct store *s, row_id r, struct str more)
{
	struct str *origin = &slot_at(s, r)->alert.origin;
	AUTO(buf_fini) struct buf both = {0};
	buf_add(&both, *origin);
	while (more.n) {
		struct str one = str_cut(&more, ',');
		if (!has_word(*origin, one, ','))
			buf_fmt(&both, "%s%.*s", both.n ? "," : "", STR_ARG(one));
	}
	if (both.n != origin->n)
		*origin = intern(&s->words, buf_str(&both));
}

/* Whose bucket it is, and what follows from it: of the two trails that hold a call only one may know.
 * What a map string says of destinations may be spoilt, and stands back. */
static void take_owner(struct store *s, row_id r, const struct alert *from)
{
	const trait_set follows = TRAIT_OWNER_GUESSED | TRAIT_ROLE_FOREIGN | TRAIT_CALLER_FOREIGN;
	struct alert *a = &slot_at(s, r)->alert;
	if (!a->shared_id.n || !str_eq(a->shared_id, from->shared_id) || from->read_from == READ_STRING ||
		owner_known(from->owner_from, from->owner, from->caller_account) <=
		owner_known(a->owner_from, a->owner, a->caller_account))
		return;
	a->owner = intern(&s->words, from->owner);
	a->owner_from = from->owner_from;
	a->dests = copy_dests(s, from);
	a->n_dests = from->n_dests;
	a->worst = dest_worst(a, s->book);
	a->traits = (a->traits & ~follows) | (from->traits & follows);
	store_note_change(s, r | FACTS_BIT);
}

/* The ids of another recording of the call: what is decided is found under them, too. */
static void join_ids(struct store *s, row_id r, const struct alert *other)
{
	AUTO(buf_fini) struct buf all = {0};
	struct alert *a = &slot_at(s, r)->alert;
	struct str own[] = {other->event_id, alert_name(other)}, more = other->also;
	if (!a->shared_id.n || !str_eq(a->shared_id, other->shared_id))
		return;
	buf_add(&all, a->also);
	for (size_t i = 0; i < ARRAY_LEN(own) || more.n; i++) {
		struct str id = i < ARRAY_LEN(own) ? own[i] : str_cut(&more, ' ');
		if (!str_is_name(id, "-._:~", ALSO_MAX - all.n) || str_eq(id, a->event_id) ||
			str_eq(id, alert_name(a)) || has_word(buf_str(&all), id, ' '))
			continue;
		buf_fmt(&all, "%s%.*s", all.n ? " " : "", STR_ARG(id));
	}
	if (all.n != a->also.n)
		a->also = arena_str(&s->mem, buf_str(&all));
}

/* Another record of an alert that is there. */
static void store_join(struct store *s, row_id r, const struct alert *a, const struct names *names,
	struct str raw)
{
	struct slot *slot = slot_at(s, r);
	struct alert was = slot->alert;
	struct names before;
	names_of(s, &slot->alert, &before);
	bool replaces = supersedes(a, slot);
	s->repeats += !(replaces && (slot->recalled || slot->alert.from_kibana));
	bool more = row_join(s, r, a, replaces);
	if (!replaces) {
		take_owner(s, r, a);
		join_origins(s, r, a->origin);
		join_ids(s, r, a);
		if (more)
			row_offer(s, r);
		return;
	}
	slot->recalled = false;
	fill_slot(s, r, a, names, raw);
	take_owner(s, r, &was);
	join_origins(s, r, was.origin);
	join_ids(s, r, &was);
	names_bind(s, &before, r);
	if (more)
		row_offer(s, r);
	store_note_change(s, r | FACTS_BIT);
}

static row_id add_new(struct store *s, const struct alert *a, const struct names *names, row_id twin,
	struct str raw)
{
	row_id r = add_slot(s);
	fill_slot(s, r, a, names, raw);
	slot_at(s, r)->twin = twin;
	if (twin != ROW_NONE && slot_at(s, twin)->twin == ROW_NONE) {
		slot_at(s, twin)->twin = r;
		store_note_change(s, twin);
	}
	return r;
}

static void store_finish(struct store *s, const struct names *names, row_id r)
{
	names_bind(s, names, r);
	if (names->v[NAME_ID] && names->v[NAME_ID]->rows.next)
		names_show(s, names->v[NAME_ID]);
}

row_id store_add(struct store *s, const struct alert *a, struct str raw, bool *fresh)
{
	struct names names;
	row_id twin, r;
	names_of(s, a, &names);
	r = names_row(s, &names, a, &twin);
	*fresh = r == ROW_NONE;
	if (*fresh)
		r = add_new(s, a, &names, twin, raw);
	else
		store_join(s, r, a, &names, raw);
	store_finish(s, &names, r);
	return r;
}

void store_set_book(struct store *s, const struct book *b)
{
	s->book = b;
}

row_id store_recall(struct store *s, const struct alert *a)
{
	struct names names;
	row_id twin, r;
	names_of(s, a, &names);
	r = names_row(s, &names, a, &twin);
	if (r != ROW_NONE)
		return r;
	r = add_slot(s);
	fill_slot(s, r, a, &names, (struct str){0});
	slot_at(s, r)->recalled = true;
	if (twin != ROW_NONE && !slot_at(s, twin)->recalled)
		slot_at(s, r)->twin = twin;
	store_finish(s, &names, r);
	return r;
}

size_t store_repeats(const struct store *s)
{
	return s->repeats;
}

size_t store_count(const struct store *s)
{
	return s->n;
}

bool store_raw(const struct store *s, row_id r, struct buf *out, struct err *err)
{
	const struct slot *slot = slot_at(s, r);
	return spool_read(&s->spool, slot->raw, slot->raw_n, out, err);
}

size_t store_change_count(const struct store *s)
{
	return s->n_changes;
}

row_id store_change_at(const struct store *s, size_t i)
{
	return s->changes[i] & ~FACTS_BIT;
}

bool store_change_of_facts(const struct store *s, size_t i)
{
	return s->changes[i] & FACTS_BIT;
}

signal_set store_signals(const struct store *s, row_id r)
{
	return slot_at(s, r)->signals;
}

void store_set_signals(struct store *s, row_id r, signal_set bits)
{
	struct slot *slot = slot_at(s, r);
	if (slot->signals == bits)
		return;
	slot->signals = bits;
	store_note_change(s, r);
}

enum now_state store_now(const struct store *s, row_id r)
{
	return slot_at(s, r)->now;
}

void store_set_now(struct store *s, row_id r, enum now_state now)
{
	struct slot *slot = slot_at(s, r);
	if (slot->now == now)
		return;
	slot->now = now;
	store_note_change(s, r);
}

size_t store_count_verdict(const struct store *s, enum verdict v)
{
	return s->by_verdict[v];
}
