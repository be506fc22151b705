/*
 * accounts: the alerts taken together by destination account, or by actor, bucket or role.
 */
#include "cli_priv.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/utf8.h"
#include "s3triage/base/when.h"
#include "s3triage/account/accounts.h"
#include "s3triage/alert/facts.h"

/* Decided alerts that --since and --until leave out: no row counts them, but each says so. */
struct outside {
	struct store *store;
	struct groups *groups;
	int64_t since, until;
};

static void outside_take(void *ctx, const struct decision *d)
{
	struct outside *o = ctx;
	struct arena mem = {0};
	struct alert a;
	if (d->verdict != VERDICT_OPEN && export_facts_read(d->facts, &mem, &a, NULL) &&
		a.time != WHEN_NONE && ((o->since != WHEN_NONE && a.time < o->since) ||
		(o->until != WHEN_NONE && a.time > o->until))) {
		store_recall(o->store, &a);
		store_decide(o->store, d);
	}
	arena_fini(&mem);
}

static bool outside_read(struct outside *o, struct session *s, const struct cli *cli,
	enum group_by by, struct err *err)
{
	*o = (struct outside){.store = store_new()};
	store_set_book(o->store, s->desk.book);
	o->groups = groups_new(&(struct groups_setup){.store = o->store, .by = by, .book = s->desk.book});
	bool fine = read_times(cli, s->now, &o->since, &o->until, err) && (!s->desk.journal ||
		(o->since == WHEN_NONE && o->until == WHEN_NONE) ||
		journal_latest(s->desk.journal, outside_take, o, err));
	groups_update(o->groups);
	return fine;
}

static void outside_fini(struct outside *o)
{
	groups_free(o->groups);
	store_free(o->store);
}

static size_t outside_of(const struct outside *o, const struct group *g, enum verdict v)
{
	const struct group *x = groups_find(o->groups, g->key);
	return x ? x->verdicts[v] : 0;
}

static void outside_say(const struct outside *o)
{
	size_t n = store_count(o->store);
	if (n)
		fprintf(stderr, "s3triage: %zu decided alert%s outside --since and --until, and counted in no"
			" row but as \"outside\": %zu approved, %zu suspicious\n", n, n == 1 ? " lies" : "s lie",
			store_count_verdict(o->store, VERDICT_APPROVED),
			store_count_verdict(o->store, VERDICT_SUSPICIOUS));
}

static int score(void *ctx, row_id r)
{
	return signals_score(store_signals(ctx, r));
}

static void verb_accounts_cell(struct buf *out, struct str s, size_t width)
{
	struct buf shown = {0};
	utf8_visible(&shown, s, false);
	struct str fit = utf8_fit(buf_str(&shown), width);
	size_t cells = utf8_cells(fit);
	buf_add(out, fit);
	buf_fill(out, ' ', width - (cells < width ? cells : width) + 2);
	buf_fini(&shown);
}

static void day(struct buf *out, int64_t ms)
{
	char when[WHEN_TEXT_MAX];
	buf_fmt(out, "%-10.10s  ", when_format(ms, when));
}

static void verb_accounts_print_row(
	const struct group *g, enum group_by by, const struct outside *o)
{
	struct buf line = {0};
	size_t good = outside_of(o, g, VERDICT_APPROVED), bad = outside_of(o, g, VERDICT_SUSPICIOUS);
	bool account = by == GROUP_ACCOUNT;
	char shown[BOOK_SHOWN_MAX];
	struct buf label = {0};
	group_label(g, by, &label);
	verb_accounts_cell(
		&line, g->key.n ? buf_str(&label) : STR("(not named)"), account ? 14 : 40);
	buf_fini(&label);
	if (account) {
		verb_accounts_cell(
			&line, g->known && g->known->name.n ? g->known->name : STR("-"), 20);
		verb_accounts_cell(&line,
			book_kind_shown(g->known, shown), 12);
	}
	buf_fmt(&line, "%5zu %5zu %7zu %4zu %6zu  ", g->verdicts[VERDICT_OPEN], g->alerts,
		g->buckets, g->owners, g->actors);
	day(&line, g->first);
	day(&line, g->last);
	buf_fmt(&line, "+%-4zu x%-4zu %s", g->verdicts[VERDICT_APPROVED],
		g->verdicts[VERDICT_SUSPICIOUS], signals_marks(g->signal));
	if (good || bad)
		buf_fmt(&line, "  outside: +%zu x%zu", good, bad);
	puts(buf_cstr(&line));
	buf_fini(&line);
}

static void verb_accounts_print_table(
	const struct groups *g, enum group_by by, size_t n, const struct outside *o)
{
	if (by == GROUP_ACCOUNT)
		printf("%-14s  %-20s  %-12s  ", "account", "name", "kind");
	else
		printf("%-40s  ", group_by_name(by));
	printf(" open   all buckets from actors  first       last        verdicts    signal\n");
	for (size_t i = 0; i < n; i++)
		verb_accounts_print_row(groups_at(g, i), by, o);
}

static void set_known(struct members *m, const struct book_entry *e)
{
	static const struct book_entry unknown = {.kind = ACCOUNT_UNKNOWN};
	e = e ? e : &unknown;
	member_str(m, "name", e->name);
	member_text(m, "kind", str_c(account_kind_name(e->kind)));
	member_str(m, "owner", e->owner);
	member_str(m, "note", e->note);
	member_str(m, "state", e->state);
}

/* The name alone is not one principal. */
static void set_actor(struct members *m, const struct group *g)
{
	member_str(m, "principal", g->key);
	member_str(m, "actor_type", g->example->actor_type);
	member_str(m, "actor_account", g->example->caller_account);
}

static void verb_accounts_print_json(
	const struct group *g, enum group_by by, const struct outside *out)
{
	AUTO(buf_fini) struct buf line = {0};
	struct members m = members_open(&line, '{');
	member_str(&m, group_by_name(by), by == GROUP_ACTOR ? g->example->actor : g->key);
	if (by == GROUP_ACTOR)
		set_actor(&m, g);
	if (by == GROUP_ACCOUNT)
		set_known(&m, g->known);
	const struct {
		const char *key;
		size_t n;
	} counts[] = {{"alerts", g->alerts}, {"open", g->verdicts[VERDICT_OPEN]},
		{"approved", g->verdicts[VERDICT_APPROVED]},
		{"suspicious", g->verdicts[VERDICT_SUSPICIOUS]}, {"buckets", g->buckets},
		{"source_accounts", g->owners}, {"destination_accounts", g->accounts},
		{"actors", g->actors}, {"roles", g->roles}, {"regions", g->regions}};
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		member_int(&m, counts[i].key, (int64_t)counts[i].n);
	member_time(&m, "first", g->first);
	member_time(&m, "last", g->last);
	member_int(&m, "signal_score", g->signal);
	member_int(&m, "approved_outside", (int64_t)outside_of(out, g, VERDICT_APPROVED));
	member_int(&m, "suspicious_outside", (int64_t)outside_of(out, g, VERDICT_SUSPICIOUS));
	print_members(&m);
}

static bool verb_accounts_read_sort(const struct cli *cli, enum group_sort *key, bool *descending,
	struct err *err)
{
	const char *text = cli->text[OPT_SORT] ? cli->text[OPT_SORT] : "-signal";
	*descending = *text == '-';
	return group_sort_parse(str_c(text + *descending), key) ||
		err_set(err, ERR_USAGE, "--sort: accounts are sorted by signal, key, name, kind, open,"
			" all, buckets, from, actors, first or last, not '%s'", text);
}

struct order {
	enum group_by by;
	enum group_sort key;
	bool descending;
};

static int print(const struct session *s, const struct cli *cli, const struct order *o,
	const struct outside *out)
{
	struct groups *g = groups_new(&(struct groups_setup){.store = s->desk.store, .by = o->by,
		.book = s->desk.book, .signal = score, .ctx = s->desk.store});
	groups_update(g);
	groups_sort(g, o->key, o->descending);
	size_t whole = groups_count(g);
	groups_filter(g, str_c(cli->text[OPT_FILTER]));
	size_t limit = 0, all = groups_count(g);
	read_count(cli, OPT_LIMIT, &limit, NULL); /* it was read before, and is a number */
	size_t n = limit && limit < all ? limit : all;
	if (!cli->text[OPT_JSON])
		verb_accounts_print_table(g, o->by, n, out);
	for (size_t i = 0; cli->text[OPT_JSON] && i < n; i++)
		verb_accounts_print_json(groups_at(g, i), o->by, out);
	if (n < all)
		fprintf(stderr, "s3triage: %zu of %zu rows shown (--limit)\n", n, all);
	if (all < whole)
		fprintf(stderr, "s3triage: %zu of %zu rows hold the words of --filter\n", all, whole);
	outside_say(out);
	groups_free(g);
	return session_exit(s);
}

static int verb_accounts_run(struct session *s, const struct cli *cli, const struct order *o)
{
	struct err err = {0};
	if (!session_init(s, cli, cli->verb->opens, &err) || !session_load(s, cli, &err))
		return cli_fail(&err);
	struct outside out;
	signals_update(s->desk.signals, 0);
	bool fine = outside_read(&out, s, cli, o->by, &err);
	int code = fine ? print(s, cli, o, &out) : cli_fail(&err);
	outside_fini(&out);
	if (fine)
		report_summary(s, cli);
	return code;
}

static int verb_accounts(struct cli *cli)
{
	struct err err = {0};
	struct order o = {.by = GROUP_ACCOUNT};
	if (cli->text[OPT_BY] && !group_by_parse(str_c(cli->text[OPT_BY]), &o.by))
		return cli_usage("--by is account, actor, bucket or role, not '%s'", cli->text[OPT_BY]);
	if (!verb_accounts_read_sort(cli, &o.key, &o.descending, &err))
		return cli_fail(&err);
	struct session s = {0};
	int code = verb_accounts_run(&s, cli, &o);
	session_fini(&s);
	return code;
}

const struct verb_row accounts_verb = {
	.name = "accounts",
	.synopsis = "[OPTIONS] SOURCE...",
	.help = "the alerts by destination account, actor, bucket or role",
	.example = "s3triage accounts logs/ --by actor",
	.run = verb_accounts,
	TAKES(ALERT_OPTIONS, OPT_JSON, OPT_FILTER, OPT_SORT, OPT_BY),
	.opens = WANT_RULE | WANT_SCAN | WANT_JOURNAL | WANT_BOOK | WANT_CONTEXT | WANT_LESS,
	.ways = VERB_SOURCES | VERB_GROUPS | VERB_ROWS,
};
