/*
 * summary: all events of the sources, summed by who, with what, from where, which call, when.
 */
#include "sums.h"

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
	for (size_t i = 0; i < sums->n; i++) {
		AUTO(buf_fini) struct buf title = {0};
		buf_c(&title, "by ");
		for (size_t k = 0; k < sums->sets[i].n; k++) {
			buf_c(&title, k ? ", " : "");
			buf_add(&title, sums->sets[i].parts[k].name);
		}
		sums_table(buf_str(&title), &sums->sets[i], &sums->tables[i], top, &out);
	}
	fputs(buf_cstr(&out), stdout);
}

static void summary_json(const struct sums *sums, size_t top)
{
	AUTO(buf_fini) struct buf out = {0};
	buf_c(&out, "{\"by\":[],\"values\":{},");
	sums_json_sum(&sums->all, true, &out);
	buf_fmt(&out, ",\"repeats\":%llu,\"no_calls\":%llu,\"recorded_twice\":%llu}\n", sums->repeats,
		sums->others, sums->shared);
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
	sums_report(s, sums);
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
	.example = "s3triage summary logs/ --by principal+call --since 7d",
	.run = verb_summary,
	TAKES(SCAN_OPTIONS, OPT_BY, OPT_TOP, OPT_ALL, OPT_JSON, OPT_EQL, OPT_CATEGORY, OPT_IGNORE_ABOVE),
	.ways = VERB_SOURCES,
};
