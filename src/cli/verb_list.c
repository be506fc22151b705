/*
 * list: the alerts in the order and under the filter that were asked for, as a table or as JSON.
 */
#include "exceptions.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/utf8.h"
#include "s3triage/base/when.h"
#include "s3triage/event/json.h"
#include "s3triage/export/export.h"

#include <stdlib.h>
#include <string.h>

/* Writes s made visible into `width` cells and a gap. */
static void verb_list_cell(struct str s, size_t width, struct buf *out)
{
	struct buf shown = {0};
	utf8_visible(&shown, s, false);
	struct str fit = utf8_fit(buf_str(&shown), width);
	buf_add(out, fit);
	size_t cells = utf8_cells(fit);
	buf_fill(out, ' ', width - (cells < width ? cells : width) + 2);
	buf_fini(&shown);
}

/* "999988887777", "999988887777 +2", "not named"; with ? behind it an account that is only claimed. */
static void dest_cell(const struct alert *a, struct buf *out)
{
	struct buf text = {0};
	const struct alert_dest *d = alert_main_dest(a);
	struct str account = d && d->account.n ? d->account : d ? d->written : STR("");
	buf_add(&text, account.n ? account : a->n_dests ? STR("not named")
		: a->traits & TRAIT_LOSSY ? STR("not known") : STR("-"));
	buf_c(&text, d && d->claim ? "?" : "");
	if (a->n_dests > 1)
		buf_fmt(&text, " +%zu", a->n_dests - 1);
	verb_list_cell(buf_str(&text), 16, out);
	buf_fini(&text);
}

static void verb_list_print_row(const struct store *s, row_id r)
{
	const struct alert *a = store_alert(s, r);
	enum verdict v = store_verdict(s, r);
	char when[WHEN_TEXT_MAX], tmp[ALERT_WHO_MAX];
	struct buf line = {0};
	buf_fmt(&line, "%c %-10s  %-20s  ", verdict_glyph(v), verdict_name(v),
		when_format(a->time == WHEN_NONE ? a->time : a->time / 1000 * 1000, when));
	verb_list_cell(a->severity, 8, &line);
	verb_list_cell(a->bucket, 28, &line);
	verb_list_cell(a->owner, 12, &line);
	buf_c(&line, "> ");
	dest_cell(a, &line);
	verb_list_cell(str_c(signals_marks(signals_score(store_signals(s, r)))), 3, &line);
	verb_list_cell(alert_who(a, tmp), 20, &line);
	verb_list_cell(a->region, 14, &line);
	utf8_visible(&line, a->plain_id.n ? a->id : str_sub(a->id, 0, 20), false);
	puts(buf_cstr(&line));
	buf_fini(&line);
}

/* What is printed: alerts in order, and with an exception list the item that would take each away. */
struct listing {
	row_id *rows;
	const struct handoff_item **items; /* by place in rows; NULL: there is no list */
	size_t n, all, open;             /* printed; fitting; open of those */
};

static void verb_list_print_table(const struct store *s, const struct listing *l)
{
	if (l->n)
		printf("%-12s  %-20s  %-8s  %-28s  %-12s  %-18s  %-3s  %-20s  %-14s  %s\n", "  verdict", "time",
			"severity", "bucket", "owner", "> destination", "", "actor", "region", "id");
	for (size_t i = 0; i < l->n; i++)
		verb_list_print_row(s, l->rows[i]);
	printf("%zu alert%s, %zu open\n", l->all, plural(l->all), l->open);
}

/* A verdict that is not this alert's: whose, and what it was about. */
static void other_json(struct members *m, const struct store *s, row_id r)
{
	struct arena mem = {0};
	struct unlike u;
	const struct decision *d = store_other(s, r);
	if (!d) {
		member_str(m, "decided_on_other_content", STR(""));
		return;
	}
	store_unlike(s, r, &mem, &u);
	member_open(m, "decided_on_other_content", '{');
	member_text(m, "verdict", str_c(verdict_name(d->verdict)));
	member_text(m, "analyst", d->analyst);
	member_time(m, "decision_time", decision_made(d));
	member_text(m, "reason", d->reason);
	content_json(m, "differs", &u);
	member_close(m, 1);
	arena_fini(&mem);
}

void list_json(struct members *m, const struct session *s, row_id r)
{
	export_list_json(m, store_alert(s->desk.store, r), store_decision(s->desk.store, r));
	signals_json(m, s->desk.signals, r);
	member_text(m, "signals_from", s->desk.context ? STR("events") : STR("alert"));
	other_json(m, s->desk.store, r);
	member_text(m, "now", str_c(now_name(store_now(s->desk.store, r))));
}

static void verb_list_print_json(const struct session *s, const struct listing *l)
{
	AUTO(buf_fini) struct buf line = {0};
	for (size_t i = 0; i < l->n; i++) {
		struct members m = members_open(&line, '{');
		list_json(&m, s, l->rows[i]);
		if (l->items)
			member_text(&m, "taken_by", l->items[i]->name);
		print_members(&m);
	}
}

/* Keeps what the exception list would take away. Alerts whose document is not at hand are told: nobody
 * knows of them. */
static void keep_taken(struct session *s, struct listing *l, struct exceptions *x)
{
	size_t unknown = 0, kept = 0;
	for (size_t i = 0; i < l->all; i++) {
		AUTO(json_free_ptr) struct json *ecs = document_of(s, l->rows[i]);
		const struct handoff_item *item = ecs ? exceptions_take(x, ecs) : NULL;
		unknown += !ecs;
		if (!item)
			continue;
		l->rows[kept] = l->rows[i];
		l->items[kept++] = item;
	}
	l->all = kept;
	if (unknown)
		fprintf(stderr, "s3triage: %zu alert%s could not be asked for: the document is not at hand\n",
			unknown, plural(unknown));
	s->problems += unknown;
}

static void print_listing(const struct session *s, const struct cli *cli, struct listing *l)
{
	size_t limit = 0;
	read_count(cli, OPT_LIMIT, &limit, NULL); /* it was read before, and is a number */
	l->n = limit && limit < l->all ? limit : l->all;
	for (size_t i = 0; i < l->all; i++)
		l->open += store_verdict(s->desk.store, l->rows[i]) == VERDICT_OPEN;
	if (cli->text[OPT_JSON])
		verb_list_print_json(s, l);
	else
		verb_list_print_table(s->desk.store, l);
	if (l->n < l->all)
		fprintf(stderr, "s3triage: %zu of %zu alerts shown (--limit)\n", l->n, l->all);
}

static bool list_taken(struct session *s, const struct cli *cli, struct listing *l, struct err *err)
{
	struct exceptions x = {0};
	bool ok = exceptions_load(&x, cli->text[OPT_EXCEPTIONS], s->now, err);
	if (ok) {
		l->items = mem_array(l->all, sizeof(*l->items));
		keep_taken(s, l, &x);
		print_listing(s, cli, l);
		fflush(stdout); /* the answer first */
		s->problems += exceptions_report(&x, cli->text[OPT_QUIET]);
	}
	exceptions_fini(&x);
	free(l->items);
	return ok;
}

int list_loaded(struct session *s, const struct cli *cli)
{
	struct selection *sel;
	struct err err = {0};
	bool ok = true;
	if (!select_rows(s, cli, &sel, &err))
		return cli_fail(&err);
	struct listing l = {.all = selection_count(sel)};
	l.rows = mem_array(l.all, sizeof(*l.rows));
	for (size_t i = 0; i < l.all; i++)
		l.rows[i] = selection_at(sel, i);
	if (cli->text[OPT_EXCEPTIONS])
		ok = list_taken(s, cli, &l, &err);
	else
		print_listing(s, cli, &l);
	free(l.rows);
	selection_free(sel);
	return ok ? EXIT_FINE : cli_fail(&err);
}

static int verb_list_run(struct session *s, const struct cli *cli)
{
	struct err err = {0};
	if (!session_init(s, cli, cli->verb->opens, &err) ||
		!session_load(s, cli, &err))
		return cli_fail(&err);
	int code = list_loaded(s, cli);
	report_ended(s);
	report_summary(s, cli);
	report_lint(s, cli);
	return code == EXIT_FINE ? session_exit(s) : code;
}

static int verb_list(struct cli *cli)
{
	struct err err = {0};
	if (!select_check(cli, clock_now(), &err))
		return cli_fail(&err);
	struct session s = {0};
	int code = verb_list_run(&s, cli);
	session_fini(&s);
	return code;
}

const struct verb_row list_verb = {
	.name = "list",
	.synopsis = "[OPTIONS] SOURCE...",
	.help = "print the alerts as a table, or one JSON object a line",
	.example = "s3triage list logs/ --filter 'verdict:open and signals>5' --sort -signal",
	.run = verb_list,
	TAKES(ALERT_OPTIONS, OPT_JSON, OPT_FILTER, OPT_SORT, OPT_VERDICT, OPT_EXCEPTIONS),
	.opens = WANT_RULE | WANT_SCAN | WANT_JOURNAL | WANT_BOOK | WANT_CONTEXT | WANT_LESS,
	.ways = VERB_SOURCES | VERB_NEWEST,
};
