/*
 * list: the alerts in the order and under the filter that were asked for, as a table or as JSON.
 */
#include "cli_priv.h"

#include "s3triage/base/utf8.h"
#include "s3triage/base/when.h"
#include "s3triage/event/json.h"
#include "s3triage/triage/export.h"

#include <string.h>

/* Writes s made visible into `width` cells and a gap. */
static void cell(struct str s, size_t width, struct buf *out)
{
	struct buf shown = {0};
	utf8_visible(&shown, s, false);
	struct str fit = utf8_fit(buf_str(&shown), width);
	buf_add(out, fit);
	size_t cells = utf8_cells(fit);
	buf_fill(out, ' ', width - (cells < width ? cells : width) + 2);
	buf_fini(&shown);
}

/* "999988887777", "999988887777 +2", "not named". */
static void dest_cell(const struct alert *a, struct buf *out)
{
	struct buf text = {0};
	const struct alert_dest *d = alert_main_dest(a);
	struct str account = d && d->account.n ? d->account : d ? d->written : STR("");
	buf_add(&text, account.n ? account : a->n_dests ? STR("not named") : STR("-"));
	if (a->n_dests > 1)
		buf_fmt(&text, " +%zu", a->n_dests - 1);
	cell(buf_str(&text), 16, out);
	buf_fini(&text);
}

static void print_row(const struct store *s, row_id r)
{
	const struct alert *a = store_alert(s, r);
	enum verdict v = store_verdict(s, r);
	char when[WHEN_TEXT_MAX];
	struct buf line = {0};
	buf_fmt(&line, "%c %-10s  %-20s  ", verdict_glyph(v), verdict_name(v),
		when_format(a->time == WHEN_NONE ? a->time : a->time / 1000 * 1000, when));
	cell(a->severity, 8, &line);
	cell(a->bucket, 28, &line);
	cell(a->owner, 12, &line);
	buf_c(&line, "> ");
	dest_cell(a, &line);
	cell(str_c(signals_marks(signals_score(store_signals(s, r)))), 3, &line);
	cell(a->actor, 20, &line);
	cell(a->region, 14, &line);
	buf_add(&line, a->plain_id.n ? a->id : str_sub(a->id, 0, 20));
	puts(buf_cstr(&line));
	buf_fini(&line);
}

static void print_table(const struct store *s, const struct selection *sel, size_t n)
{
	size_t all = selection_count(sel);
	if (n)
		printf("%-12s  %-20s  %-8s  %-28s  %-12s  %-18s  %-3s  %-20s  %-14s  %s\n", "  verdict", "time",
			"severity", "bucket", "owner", "> destination", "", "actor", "region", "id");
	for (size_t i = 0; i < n; i++)
		print_row(s, selection_at(sel, i));
	printf("%zu alert%s, %zu open\n", all, plural(all), selection_open(sel));
}

/* A verdict that is not this alert's: whose, and what it was about. */
static void other_json(const struct store *s, row_id r, struct buf *out)
{
	char when[WHEN_TEXT_MAX];
	struct arena mem = {0};
	struct unlike u;
	const struct decision *d = store_other(s, r);
	buf_c(out, ",\"decided_on_other_content\":");
	if (!d) {
		buf_c(out, "null");
		return;
	}
	store_unlike(s, r, &mem, &u);
	buf_fmt(out, "{\"verdict\":\"%s\",\"analyst\":", verdict_name(d->verdict));
	json_quote(d->analyst, out);
	buf_fmt(out, ",\"decision_time\":\"%s\",\"reason\":", when_format(d->at, when));
	json_quote(d->reason, out);
	buf_c(out, ",\"differs\":");
	content_json(&u, out);
	buf_char(out, '}');
	arena_fini(&mem);
}

void list_json(const struct session *s, row_id r, struct buf *out)
{
	export_list_json(store_alert(s->store, r), store_decision(s->store, r), out);
	out->n--; /* its brace: more members follow */
	signals_json(s->signals, r, out);
	buf_fmt(out, ",\"signals_from\":\"%s\"", s->context ? "events" : "alert");
	other_json(s->store, r, out);
	buf_char(out, '}');
}

static void print_json(const struct session *s, const struct selection *sel, size_t most)
{
	struct buf line = {0};
	for (size_t i = 0; i < most; i++) {
		buf_clear(&line);
		list_json(s, selection_at(sel, i), &line);
		puts(buf_cstr(&line));
	}
	buf_fini(&line);
}

int list_loaded(const struct session *s, const struct cli *cli)
{
	struct selection *sel;
	struct err err = {0};
	if (!select_rows(s, cli, &sel, &err))
		return cli_fail(&err);
	size_t limit = 0, n = selection_count(sel), all = n;
	read_count(cli, OPT_LIMIT, &limit, NULL); /* it was read before, and is a number */
	n = limit && limit < n ? limit : n;
	if (cli->text[OPT_JSON])
		print_json(s, sel, n);
	else
		print_table(s->store, sel, n);
	if (n < all)
		fprintf(stderr, "s3triage: %zu of %zu alerts shown (--limit)\n", n, all);
	selection_free(sel);
	return EXIT_FINE;
}

/* Events beside the alerts cost a slower scan: only when signals are asked for. */
static bool asks_for_signals(const struct cli *cli)
{
	return str_find(str_c(cli->text[OPT_SORT]), STR("signal")) != STR_NONE ||
		str_find_fold(str_c(cli->text[OPT_FILTER]), STR("signal")) != STR_NONE;
}

static int run(struct session *s, const struct cli *cli)
{
	struct err err = {0};
	if (!session_init(s, cli, WANT_RULE | WANT_SCAN | WANT_JOURNAL | WANT_BOOK |
		(asks_for_signals(cli) ? WANT_CONTEXT : 0), &err) ||
		!session_load(s, cli, &err))
		return cli_fail(&err);
	int code = list_loaded(s, cli);
	report_ended(s);
	report_summary(s, cli);
	report_lint(s, cli);
	return code == EXIT_FINE ? session_exit(s) : code;
}

int verb_list(struct cli *cli)
{
	struct err err = {0};
	if (!select_check(cli, clock_now(), &err))
		return cli_fail(&err);
	struct session s = {0};
	int code = run(&s, cli);
	session_fini(&s);
	return code;
}
