/*
 * summary: all events of the sources, summed by who, with what, from where, which call, when.
 */
#include "sums.h"

#include "s3triage/base/utf8.h"
#include "s3triage/base/when.h"

#include <stdlib.h>
#include <string.h>

enum { SUMMARY_TOP = 10 };

/* "principal+call,day": a table each, with what is joined by + counted together. */
static bool summary_tables(const struct cli *cli, struct sums *sums, struct err *err)
{
	struct str text = str_c(cli->text[OPT_BY] ? cli->text[OPT_BY] : "");
	for (int f = 0; f < FACET_COUNT && !cli->text[OPT_BY]; f++)
		facet_set_read(str_c(facet_name((enum facet)f)), '+', false, &sums->sets[sums->n++], NULL);
	while (cli->text[OPT_BY] && text.p) {
		if (sums->n == SUMS_MAX)
			return err_set(err, ERR_USAGE, "--by: at most %d tables at once", SUMS_MAX);
		if (!facet_set_read(str_cut(&text, ','), '+', false, &sums->sets[sums->n++], err)) {
			err_prefix(err, "--by");
			return false;
		}
	}
	return true;
}

static void summary_span(const struct count_sum *sum, struct buf *out)
{
	char first[WHEN_TEXT_MAX] = "-", last[WHEN_TEXT_MAX] = "-";
	if (sum->n && sum->first != WHEN_NONE) {
		when_format(sum->first / 1000 * 1000, first);
		when_format(sum->last / 1000 * 1000, last);
	}
	buf_fmt(out, "%-20s  %-20s", first, last);
}

static void summary_row(const struct count_sum *sum, struct buf *out)
{
	buf_fmt(out, "%9llu %8llu %8llu  ", sum->n, sum->failed, sum->denied);
	summary_span(sum, out);
	buf_c(out, "  ");
}

static void summary_head(const struct facet_set *set, size_t n, struct buf *out)
{
	buf_c(out, "\n== by ");
	for (size_t i = 0; i < set->n; i++) {
		buf_c(out, i ? ", " : "");
		utf8_visible(out, set->parts[i].name, false);
	}
	buf_fmt(out, ": %zu value%s ==\n    count   failed   denied  %-20s  %-20s\n", n, plural(n), "first", "last");
}

/* What stands below the first rows, as one: so that the counts of a table add up. */
static void summary_below(const struct counts *c, size_t shown, struct buf *out)
{
	struct count_sum sum = {0};
	for (size_t i = shown; i < c->n; i++)
		count_sum_join(&sum, &c->v[i].sum);
	if (sum.n) {
		summary_row(&sum, out);
		buf_fmt(out, "(%zu more value%s: --all)\n", c->n - shown, plural(c->n - shown));
	}
	if (c->rest.n) {
		summary_row(&c->rest, out);
		buf_fmt(out, "(of values beyond the first %zu different ones, which are not told apart)\n", c->n);
	}
}

static void summary_table(const struct facet_set *set, const struct counts *c, size_t top, struct buf *out)
{
	size_t shown = top && top < c->n ? top : c->n;
	summary_head(set, c->n, out);
	for (size_t i = 0; i < shown; i++) {
		summary_row(&c->v[i].sum, out);
		sums_values(set, c->v[i].key, out);
		buf_char(out, '\n');
	}
	summary_below(c, shown, out);
}

static void summary_text(const struct sums *sums, const struct scan_progress *p, size_t top)
{
	AUTO(buf_fini) struct buf out = {0};
	buf_fmt(&out, "%llu event%s in ", sums->all.n, plural(sums->all.n));
	if (p->live)
		buf_fmt(&out, "%zu cluster%s%s", p->live, plural(p->live), p->files_done ? " and " : "");
	if (p->files_done || !p->live)
		buf_fmt(&out, "%llu file%s", p->files_done, plural(p->files_done));
	buf_fmt(&out, ", %llu failed, of these %llu denied", sums->all.failed, sums->all.denied);
	if (sums->repeats)
		buf_fmt(&out, "; %llu that came again count%s once", sums->repeats, sums->repeats == 1 ? "s" : "");
	buf_char(&out, '\n');
	for (size_t i = 0; i < sums->n; i++)
		summary_table(&sums->sets[i], &sums->tables[i], top, &out);
	fputs(buf_cstr(&out), stdout);
}

static void summary_json(const struct sums *sums, size_t top)
{
	AUTO(buf_fini) struct buf out = {0};
	buf_c(&out, "{\"by\":[],\"values\":{},");
	sums_json_sum(&sums->all, true, &out);
	buf_fmt(&out, ",\"repeats\":%llu,\"no_calls\":%llu}\n", sums->repeats, sums->others);
	for (size_t i = 0; i < sums->n; i++) {
		const struct counts *c = &sums->tables[i];
		size_t shown = top && top < c->n ? top : c->n;
		for (size_t k = 0; k < shown; k++) {
			sums_json(&sums->sets[i], &c->v[k], true, &out);
			fputs(buf_cstr(&out), stdout);
			buf_clear(&out);
		}
		sums_json_left(&sums->sets[i], c, shown, &out);
		sums_json_rest(&sums->sets[i], c, true, &out);
	}
	fputs(buf_cstr(&out), stdout);
}

/* Of a table: for people the first ten, for programs all. 0: all. */
static bool summary_top(const struct cli *cli, size_t *top, struct err *err)
{
	*top = cli->text[OPT_ALL] || cli->text[OPT_JSON] ? 0 : SUMMARY_TOP;
	return read_count(cli, OPT_TOP, top, err);
}

static int summary(struct session *s, const struct cli *cli, struct sums *sums)
{
	struct err err = {0};
	size_t top;
	bool asks = cli->text[OPT_EQL] || cli->text[OPT_RULE];
	if (!summary_top(cli, &top, &err) || !summary_tables(cli, sums, &err) ||
		!session_init(s, cli, asks ? WANT_RULE : 0, &err) ||
		!sums_start(s, cli, sums, &err))
		return cli_fail(&err);
	sums_read(s, cli, sums);
	if (cli->text[OPT_JSON])
		summary_json(sums, top);
	else
		summary_text(sums, &s->progress, top);
	sums_report(sums);
	report_lint(s, cli);
	return session_exit(s);
}

static int verb_summary(struct cli *cli)
{
	struct session s = {0};
	struct sums sums = {.calls = true};
	int code = summary(&s, cli, &sums);
	session_fini(&s);
	sums_fini(&sums);
	return code;
}

const struct verb_row summary_verb = {
	.name = "summary",
	.synopsis = "[OPTIONS] SOURCE...",
	.help = "count all events: by principal, key, address, agent, call ...",
	.run = verb_summary,
	TAKES(SCAN_OPTIONS, OPT_BY, OPT_TOP, OPT_ALL, OPT_JSON, OPT_EQL, OPT_CATEGORY, OPT_IGNORE_ABOVE),
	.ways = VERB_SOURCES,
};
