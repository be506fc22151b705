/*
 * preview: what a verdict on many would change, in a few lines: how they stand now, whose word is
 * overruled, the first of them by name, where they go and by whom.
 */
#include "decide_priv.h"

#include "s3triage/base/when.h"

#define NAMED 5    /* buckets */
#define COUNTED 3  /* accounts, actors */
#define WORDS 3    /* lines on whose word is overruled */
#define TALLY_MAX 40
#define CONFIRM_FROM 100 /* then the number must be typed */

/* How often each text came; what no place is left for is one sum. */
struct tally {
	struct {
		struct str key;
		size_t n;
	} v[TALLY_MAX];
	size_t n, rest;
};

static void tally_add(struct tally *t, struct str key)
{
	for (size_t i = 0; i < t->n; i++)
		if (str_eq(t->v[i].key, key)) {
			t->v[i].n++;
			return;
		}
	if (t->n == TALLY_MAX) {
		t->rest++;
		return;
	}
	t->v[t->n].key = key;
	t->v[t->n++].n = 1;
}

static size_t tally_most(const struct tally *t, const bool *said)
{
	size_t most = t->n;
	for (size_t i = 0; i < t->n; i++)
		if (!said[i] && (most == t->n || t->v[i].n > t->v[most].n))
			most = i;
	return most;
}

/* "to 777788889999 (8), not named (1) +2": the most frequent, and how many others there are. */
static void tally_say(const struct tally *t, const char *word, struct buf *out)
{
	bool said[TALLY_MAX] = {false};
	for (size_t i = 0; i < COUNTED && i < t->n; i++) {
		size_t k = tally_most(t, said);
		said[k] = true;
		buf_fmt(out, "%s%.*s (%zu)", i ? ", " : word, STR_ARG(str_sub(t->v[k].key, 0, 40)),
			t->v[k].n);
	}
	if (t->n > COUNTED || t->rest)
		buf_fmt(out, " +%zu%s", t->n - COUNTED, t->rest ? " and more" : "");
}

static struct str preview_ago(const struct app *a, int64_t at, struct arena *mem)
{
	char span[WHEN_TEXT_MAX];
	int64_t ms = a->set.desk->now() - at;
	return ms < 0 ? STR("just now") : arena_fmt(mem, "%s ago", when_span(ms, span));
}

static struct str preview_who(const struct app *a, struct str analyst)
{
	return str_eq(analyst, a->set.desk->analyst) ? STR("you") : str_sub(analyst, 0, 60);
}

struct str preview_word(const struct app *a, const struct decision *d, struct arena *mem)
{
	return arena_fmt(mem, "%s by %.*s, %.*s%s%.*s%s%.*s", verdict_name(d->verdict),
		STR_ARG(preview_who(a, d->analyst)), STR_ARG(preview_ago(a, decision_made(d), mem)),
		d->reason.n ? ": " : "", STR_ARG(d->reason), d->note.n ? "; " : "",
		STR_ARG(str_sub(d->note, 0, 300)));
}

/* ---- whose word ----------------------------------------------------------------------------- */

struct word {
	struct str analyst;
	enum verdict verdict;
	size_t n;
	int64_t at; /* the newest */
};

/* Standing verdicts that would become another, by analyst and verdict; *rest: those of more. */
static size_t preview_words(const struct app *a, struct word *w, size_t *rest)
{
	const struct decide *d = a->decide;
	size_t n = 0;
	*rest = 0;
	for (size_t i = 0; i < d->n; i++) {
		const struct decision *now = desk_word(a->set.desk, d->rows[i]);
		size_t k = 0;
		now = now ? now : store_decision(a->set.desk->store, d->rows[i]);
		if (!now || now->verdict == VERDICT_OPEN)
			continue;
		while (k < n && !(w[k].verdict == now->verdict && str_eq(w[k].analyst, now->analyst)))
			k++;
		if (k == WORDS) {
			++*rest;
			continue;
		}
		if (k == n)
			w[n++] = (struct word){now->analyst, now->verdict, 0, decision_made(now)};
		w[k].n++;
		w[k].at = decision_made(now) > w[k].at ? decision_made(now) : w[k].at;
	}
	return n;
}

static size_t word_lines(const struct app *a, struct arena *mem, struct dialog_line *l)
{
	const struct decide *d = a->decide;
	struct word w[WORDS];
	size_t rest, lines = 0, open = d->n, n = preview_words(a, w, &rest);
	for (size_t i = 0; i < n; i++)
		open -= w[i].n;
	open -= rest;
	if (open)
		l[lines++] = (struct dialog_line){ROLE_TEXT, arena_fmt(mem, "%zu open now", open), STR("")};
	for (size_t i = 0; i < n; i++)
		l[lines++] = (struct dialog_line){ROLE_WARN, arena_fmt(mem, "%zu %s by %.*s, %.*s: overruled",
			w[i].n, verdict_name(w[i].verdict), STR_ARG(preview_who(a, w[i].analyst)),
			STR_ARG(preview_ago(a, w[i].at, mem))), STR("")};
	if (rest)
		l[lines++] = (struct dialog_line){ROLE_WARN, arena_fmt(mem, "%zu decided by others: overruled",
			rest), STR("")};
	return lines;
}

/* ---- where to -------------------------------------------------------------------------------- */

struct str preview_dest(const struct alert *al, struct arena *mem)
{
	enum { COUNTED_MAX = 200 };
	const struct alert_dest *d = alert_main_dest(al);
	size_t more = 0;
	for (size_t i = 0; d && i < al->n_dests && i < COUNTED_MAX; i++)
		more += !str_eq(al->dests[i].account, d->account) && !copy_named_before(al, i);
	struct str to = !d ? STR("-") : d->account.n ? d->account : STR("not named");
	return more ? arena_fmt(mem, "%.*s +%zu%s", STR_ARG(to), more, al->n_dests > COUNTED_MAX ?
		" or more" : "") : to;
}

/* ---- which ---------------------------------------------------------------------------------- */

static void count_dests(const struct alert *al, struct tally *t)
{
	for (size_t i = 0; i < al->n_dests; i++) {
		const struct alert_dest *d = &al->dests[i];
		bool again = false;
		for (size_t k = 0; k < i && !again; k++)
			again = str_eq(al->dests[k].account, d->account);
		if (!again && d->relation != RELATION_OWN)
			tally_add(t, d->account.n ? d->account : STR("not named"));
	}
}

size_t preview_lines(struct app *a, struct arena *mem, struct dialog_line *l)
{
	const struct decide *d = a->decide;
	AUTO(buf_fini) struct buf names = {0}, to = {0}, by = {0};
	struct tally dests = {.n = 0}, actors = {.n = 0};
	size_t n = word_lines(a, mem, l);
	for (size_t i = 0; i < d->n; i++) {
		const struct alert *al = store_alert(a->set.desk->store, d->rows[i]);
		if (i < NAMED)
			buf_fmt(&names, "%s%.*s", i ? ", " : "", STR_ARG(str_sub(al->bucket, 0, 63)));
		count_dests(al, &dests);
		tally_add(&actors, al->actor);
	}
	if (!d->n)
		return n;
	if (d->n > NAMED)
		buf_fmt(&names, " +%zu", d->n - NAMED);
	tally_say(&dests, "to ", &to);
	tally_say(&actors, "by ", &by);
	l[n++] = (struct dialog_line){ROLE_TEXT, arena_str(mem, buf_str(&names)), STR("")};
	if (to.n)
		l[n++] = (struct dialog_line){ROLE_TEXT, arena_str(mem, buf_str(&to)), STR("")};
	l[n++] = (struct dialog_line){ROLE_TEXT, arena_str(mem, buf_str(&by)), STR("")};
	return n;
}

/* What the marked alerts would do under d->verdict. */
void preview_count(struct app *a)
{
	struct decide *d = a->decide;
	size_t total = store_count(a->set.desk->store);
	d->turn = a->turn;
	d->n = d->same = d->outside = d->alone = 0;
	for (row_id r = 0; r < total; r++) {
		if (!marks_has(&a->marks, r))
			continue;
		if (selection_index(a->sel, r) == STR_NONE)
			d->outside++;
		else if (store_other(a->set.desk->store, r))
			d->alone++;
		else if (d->chosen && store_verdict(a->set.desk->store, r) == d->verdict)
			d->same++;
		else
			d->rows[d->n++] = r;
	}
	outlier_list_apply(a);
}

void preview_recount(struct app *a)
{
	if (a->decide->bulk && a->decide->turn != a->turn)
		preview_count(a);
}

bool preview_confirms(const struct decide *d)
{
	return d->bulk && d->n > CONFIRM_FROM;
}

size_t preview_routes(const struct app *a, const row_id *rows, size_t n, struct arena *mem,
	struct dialog_line *l)
{
	AUTO(buf_fini) struct buf words = {0};
	if (!a->set.desk->out.routes.n || !n)
		return 0;
	const struct alert **alerts = arena_array(mem, n, sizeof(*alerts));
	for (size_t i = 0; i < n; i++)
		alerts[i] = store_alert(a->set.desk->store, rows[i]);
	outbox_say_routes(&a->set.desk->out.routes, alerts, n, &words);
	l[0] = (struct dialog_line){ROLE_DIM, arena_str(mem, buf_str(&words)), STR("")};
	return 1;
}
