/*
 * listing_groups: the alerts taken together by destination account, actor, bucket or role: whose it
 * is, how much of it is open, and one verdict for all of them after a preview.
 */
#include "decide_priv.h"
#include "listing_priv.h"

#include "s3triage/base/when.h"

#include <stdlib.h>

#define ROWS_MAX 200000
#define LISTED 60

static const struct listing_column columns[] = {
	{.name = "account", .width = 14, .grow = 2},
	{.name = "name", .width = 12, .grow = 1, .rank = 5},
	{.name = "kind", .width = 12, .rank = 4},
	{.name = "open", .width = 5, .right = true},
	{.name = "all", .width = 5, .right = true},
	{.name = "buckets", .width = 7, .rank = 3, .right = true},
	{.name = "from", .width = 5, .rank = 7, .right = true},
	{.name = "actors", .width = 6, .rank = 6, .right = true},
	{.name = "first", .width = 11, .rank = 9},
	{.name = "last", .width = 11, .rank = 2},
	{.name = "verdicts", .width = 10, .rank = 8},
	{.name = "signal", .width = 6},
};

static int strength(void *ctx, row_id r)
{
	return signals_score(store_signals(ctx, r));
}

static struct groups *groups_of(struct app *a)
{
	struct listing *s = &a->listing;
	if (!s->groups[s->by]) {
		const struct groups_setup setup = {.store = a->set.desk->store, .by = s->by,
			.book = a->set.desk->book, .signal = strength, .ctx = a->set.desk->store};
		s->groups[s->by] = groups_new(&setup);
		groups_update(s->groups[s->by]);
	}
	return s->groups[s->by];
}

/* What arrives may put the rows in another order: the cursor stays with its group. */
static void update(struct app *a)
{
	struct groups *g = groups_of(a);
	struct listing *s = &a->listing;
	bool some = s->at < groups_count(g);
	struct str key = some ? groups_at(g, s->at)->key : STR("");
	if (!groups_update(g))
		return;
	size_t at = some ? groups_index(g, key) : STR_NONE;
	if (at != STR_NONE)
		s->at = at;
	s->fresh = false;
}

static size_t listing_groups_count(struct app *a)
{
	return groups_count(groups_of(a));
}

static struct str number(size_t n, struct arena *mem)
{
	return arena_fmt(mem, "%zu", n);
}

static struct str listing_groups_verdicts(const struct group *g, struct arena *mem)
{
	size_t bad = g->verdicts[VERDICT_SUSPICIOUS], good = g->verdicts[VERDICT_APPROVED];
	if (bad && good)
		return arena_fmt(mem, "x%zu +%zu", bad, good);
	return bad ? arena_fmt(mem, "x%zu", bad) : good ? arena_fmt(mem, "+%zu", good) : STR("");
}

static enum role kind_role(const struct book_entry *e)
{
	if (!e)
		return ROLE_DIM;
	if (e->state.n && e->kind == ACCOUNT_ORGANISATION)
		return ROLE_WARN;
	return e->kind == ACCOUNT_FLAGGED ? ROLE_SUSPICIOUS : e->kind == ACCOUNT_UNKNOWN ? ROLE_WARN : ROLE_OWN;
}

static struct str label_of(const struct group *g, enum group_by by, struct arena *mem)
{
	AUTO(buf_fini) struct buf label = {0};
	group_label(g, by, &label);
	return arena_str(mem, buf_str(&label));
}

static void listing_groups_row(const void *app, size_t i, struct arena *mem, struct listing_cell *c)
{
	const struct app *a = app;
	const struct group *g = groups_at(a->listing.groups[a->listing.by], i);
	bool account = a->listing.by == GROUP_ACCOUNT;
	char shown[BOOK_SHOWN_MAX];
	struct str kind = g->known || account ? book_kind_shown(g->known, shown) : STR("");
	const struct listing_cell cells[] = {
		{label_of(g, a->listing.by, mem), g->known ? ROLE_TEXT : ROLE_OTHER},
		{g->known ? g->known->name : STR("-"), ROLE_TEXT},
		{arena_str(mem, kind), kind_role(g->known)},
		{number(g->verdicts[VERDICT_OPEN], mem),
			g->verdicts[VERDICT_OPEN] ? ROLE_OPEN : ROLE_DIM},
		{number(g->alerts, mem), ROLE_TEXT},
		{number(g->buckets, mem), ROLE_TEXT},
		{number(g->owners, mem), ROLE_TEXT},
		{number(g->actors, mem), ROLE_TEXT},
		{listing_time(g->first, mem), ROLE_DIM},
		{listing_time(g->last, mem), ROLE_TEXT},
		{listing_groups_verdicts(g, mem),
			g->verdicts[VERDICT_SUSPICIOUS] ? ROLE_SUSPICIOUS : ROLE_APPROVED},
		{str_c(signals_marks(g->signal)), ROLE_WARN},
	};
	for (size_t k = 0; k < ARRAY_LEN(cells); k++)
		c[k] = cells[k];
}

/* ---- the page ------------------------------------------------------------------------------- */

static void say_known(const struct group *g, struct text *t, struct arena *mem)
{
	const struct book_entry *e = g->known;
	if (!e)
		return;
	listing_say(t, "name", e->name);
	listing_say(t, "kind", str_c(account_kind_name(e->kind)));
	listing_say(t, "state", e->state);
	listing_say(t, "owner", e->owner);
	listing_say(t, "note", e->note);
	listing_say(t, "known from", arena_fmt(mem, "%.*s:%lu", STR_ARG(e->file), e->line));
}

static void listing_groups_say_alert(struct app *a, row_id r, struct text *t, struct arena *mem)
{
	static const enum role roles[VERDICTS] = {ROLE_OPEN, ROLE_APPROVED, ROLE_SUSPICIOUS};
	char tmp[ALERT_WHO_MAX];
	const struct alert *al = store_alert(a->set.desk->store, r);
	const struct decision *d = store_decision(a->set.desk->store, r);
	enum verdict v = store_verdict(a->set.desk->store, r);
	text_fmt(t, roles[v], "%c ", verdict_glyph(v));
	text_span(t, ROLE_DIM, listing_time(al->time, mem));
	text_fmt(t, ROLE_STRONG, "  %.*s", STR_ARG(al->bucket));
	text_fmt(t, ROLE_TEXT, "  %.*s", STR_ARG(alert_who(al, tmp)));
	text_fmt(t, ROLE_DIM, "  %.*s  %.*s", STR_ARG(al->ip), STR_ARG(al->role));
	text_fmt(t, ROLE_WARN, "  %s", signals_marks(signals_score(store_signals(a->set.desk->store, r))));
	if (d && (d->reason.n || d->note.n))
		text_fmt(t, ROLE_DIM, "  %.*s: %.*s %.*s", STR_ARG(d->analyst), STR_ARG(d->reason),
			STR_ARG(d->note));
	text_indent(t, 0, 4);
	text_end(t);
}

static int listing_groups_by_time(const void *x, const void *y, void *store)
{
	const struct alert *a = store_alert(store, *(const row_id *)x), *b = store_alert(store, *(const row_id *)y);
	return a->time == b->time ? 0 : a->time < b->time ? 1 : -1;
}

static row_id *rows_of(struct app *a, struct str key, size_t *n)
{
	struct groups *g = groups_of(a);
	size_t all = groups_rows(g, key, NULL, 0);
	*n = all < ROWS_MAX ? all : ROWS_MAX;
	row_id *rows = mem_array(*n, sizeof(*rows));
	groups_rows(g, key, rows, *n);
	return rows;
}

/* "1 bucket", "3 buckets" */
static struct str many(size_t n, const char *what, struct arena *mem)
{
	return arena_fmt(mem, "%zu %s%s", n, what, plural(n));
}

static void listing_groups_page(struct app *a, size_t i, struct text *t)
{
	struct arena mem = {0};
	const struct group *g = groups_at(groups_of(a), i);
	size_t n;
	row_id *rows = rows_of(a, g->key, &n);
	text_span(t, ROLE_HEADING, g->key.n ? g->key : STR("alerts that name none"));
	text_end(t);
	say_known(g, t, &mem);
	listing_say(t, "alerts", arena_fmt(&mem, "%zu, %zu open, %zu approved, %zu suspicious", g->alerts,
		g->verdicts[VERDICT_OPEN], g->verdicts[VERDICT_APPROVED], g->verdicts[VERDICT_SUSPICIOUS]));
	listing_say(t, "spread", arena_fmt(&mem, "%.*s of %.*s in %.*s, by %.*s with %.*s, to %.*s",
		STR_ARG(many(g->buckets, "bucket", &mem)), STR_ARG(many(g->owners, "account", &mem)),
		STR_ARG(many(g->regions, "region", &mem)), STR_ARG(many(g->actors, "actor", &mem)),
		STR_ARG(many(g->roles, "role", &mem)), STR_ARG(many(g->accounts, "account", &mem))));
	text_end(t);
	qsort_r(rows, n, sizeof(*rows), listing_groups_by_time, a->set.desk->store);
	for (size_t k = 0; k < n && k < LISTED; k++)
		listing_groups_say_alert(a, rows[k], t, &mem);
	if (n > LISTED) {
		text_fmt(t, ROLE_DIM, "and %zu more; Enter twice lists them all", n - LISTED);
		text_end(t);
	}
	free(rows);
	arena_fini(&mem);
}

/* ---- what can be done ----------------------------------------------------------------------- */

static const char *listing_groups_field_of(enum group_by by)
{
	static const char *const fields[GROUP_BYS] = {"dest", "principal", "bucket", "role"};
	return fields[by];
}

/* A key is a name out of the event: it is quoted. Those that name none have no name to ask for. */
static void put_question(enum group_by by, struct str key, struct buf *out)
{
	static const char *const none[GROUP_BYS] = {"dest:unnamed or dest:invalid or not dest:*",
		"not principal:*", "not bucket:*", "not role:*"};
	if (!key.n) {
		buf_c(out, none[by]);
		return;
	}
	buf_fmt(out, "%s:\"", listing_groups_field_of(by));
	for (size_t k = 0; k < key.n; k++) {
		if (key.p[k] == '"' || key.p[k] == '\\')
			buf_char(out, '\\');
		buf_char(out, key.p[k]);
	}
	buf_char(out, '"');
}

/* The list, filtered to the group. */
static unsigned open_group(struct app *a, size_t i)
{
	AUTO(buf_fini) struct buf text = {0};
	put_question(a->listing.by, groups_at(groups_of(a), i)->key, &text);
	line_set(&a->filter, buf_str(&text));
	filter_compile_typed(a);
	a->focus = PANE_LIST;
	listing_leave(a);
	return APP_DRAW;
}

/* After a verdict on a row: the list is as it was, its filter and its marks. */
static void listing_groups_decided(struct app *a)
{
	free(a->marks.bits);
	a->marks = a->kept;
	a->kept = (struct marks){.last = ROW_NONE};
	line_set(&a->filter, line_str(&a->filter_before));
	filter_compile_typed(a);
}

/* All of the group are marked, whatever the filter shows, and the usual preview opens. The list's
 * own marks are put away for so long. */
static unsigned listing_groups_decide(struct app *a, size_t i, enum verdict v)
{
	const struct group *g = groups_at(groups_of(a), i);
	size_t n;
	row_id *rows = rows_of(a, g->key, &n);
	line_set(&a->filter_before, line_str(&a->filter));
	line_set(&a->filter, STR(""));
	filter_compile_typed(a);
	app_sync(a);
	a->kept = a->marks;
	a->marks = (struct marks){.last = ROW_NONE};
	a->decide->group = g->key;
	a->decide->by = a->listing.by;
	a->decide->closed = listing_groups_decided;
	for (size_t k = 0; k < n; k++)
		marks_set(&a->marks, rows[k], true);
	free(rows);
	unsigned after = v == VERDICT_APPROVED ? act_approve(a)
		: v == VERDICT_SUSPICIOUS ? act_suspicious(a) : act_reopen(a);
	if (a->decide->closed && !layer_open(a, &decide_layer))
		decide_close(a);
	return after;
}

static unsigned sort(struct app *a, int step)
{
	struct groups *g = groups_of(a);
	bool descending;
	enum group_sort key = groups_sorted(g, &descending);
	descending = descending == (step != 0);
	key = (enum group_sort)(((int)key + step + GROUP_SORTS) % GROUP_SORTS);
	groups_sort(g, key, descending);
	a->listing.at = 0;
	a->listing.fresh = false;
	return app_say(a, ROLE_DIM, "by %s%s", group_sort_name(key), descending ? "" : ", ascending");
}

static void filter(struct app *a, struct str words)
{
	groups_filter(groups_of(a), words);
	a->listing.fresh = false;
}

static struct str listing_groups_account(struct app *a, size_t i)
{
	return a->listing.by == GROUP_ACCOUNT ? groups_at(groups_of(a), i)->key : STR("");
}

/* One kind for four tables: only accounts have names and kinds. */
static void name_groups(const struct app *a, struct arena *mem, struct listing_model *m)
{
	const struct listing *s = &a->listing;
	struct listing_column *mine = arena_array(mem, m->n_columns, sizeof(*mine));
	for (size_t i = 0; i < m->n_columns; i++)
		mine[i] = m->columns[i];
	mine[0].name = group_by_name(s->by);
	if (s->by != GROUP_ACCOUNT)
		mine[1].width = mine[2].width = mine[1].grow = 0;
	m->columns = mine;
	m->title = arena_fmt(mem, "Alerts by %s", group_by_name(s->by));
}

static const struct listing_kind groups_kind = {
	.title = "Accounts",
	.groups = true,
	.name = name_groups,
	.account = listing_groups_account,
	.columns = columns,
	.n_columns = ARRAY_LEN(columns),
	.empty = "no alerts yet",
	.update = update,
	.count = listing_groups_count,
	.row = listing_groups_row,
	.page = listing_groups_page,
	.open = open_group,
	.decide = listing_groups_decide,
	.sort = sort,
	.filter = filter,
};

static unsigned open_by(struct app *a, enum group_by by)
{
	listing_keep(a, &groups_kind, by);
	a->listing.by = by;
	unsigned after = listing_open(a, &groups_kind);
	a->listing.at = a->listing.top = 0;
	line_set(&a->listing.filter, groups_words(groups_of(a))); /* each table has its own */
	return after;
}

unsigned act_accounts(struct app *a)
{
	return open_by(a, GROUP_ACCOUNT);
}

unsigned act_actors(struct app *a)
{
	return open_by(a, GROUP_ACTOR);
}

unsigned act_buckets(struct app *a)
{
	return open_by(a, GROUP_BUCKET);
}

unsigned act_roles(struct app *a)
{
	return open_by(a, GROUP_ROLE);
}
