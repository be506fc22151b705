/*
 * export: every decided alert, from the journal alone, and with sources their open ones too.
 */
#include "cli_priv.h"

#include "s3triage/base/file.h"
#include "s3triage/base/mem.h"
#include "s3triage/base/when.h"
#include "s3triage/triage/export.h"
#include "s3triage/triage/filter.h"

#include <stdlib.h>
#include <unistd.h>

static void count_steps(const struct session *s, const struct checklist *guide, row_id r,
	struct export_row *row)
{
	struct arena mem = {0};
	struct checklist steps;
	steps_of(s, guide, r, &mem, &steps);
	row->checklist.done = checklist_done(&steps);
	row->checklist.answered = checklist_answered(&steps);
	row->checklist.open = checklist_open(&steps);
	row->checklist.known = guide->n;
	arena_fini(&mem);
}

static size_t collect(const struct session *s, const struct selection *sel,
	const struct window *w, struct export_row *rows)
{
	size_t n = 0;
	struct checklist guide;
	struct arena mem = {0};
	checklist_read(s->rule->note, &mem, &guide);
	for (size_t i = 0; i < selection_count(sel); i++) {
		row_id r = selection_at(sel, i);
		const struct alert *a = store_alert(s->store, r);
		const struct decision *d = store_decision(s->store, r);
		if (!window_has(w, a, d))
			continue;
		rows[n] = (struct export_row){.alert = a, .decision = d};
		count_steps(s, &guide, r, &rows[n++]);
	}
	arena_fini(&mem);
	return n;
}

static bool read_window(const struct cli *cli, int64_t now, struct window *w, struct err *err)
{
	*w = (struct window){WHEN_NONE, WHEN_NONE};
	return read_time(cli, OPT_SINCE, now, &w->since, err) &&
		read_time(cli, OPT_UNTIL, now, &w->until, err);
}

/* What is wrong before anything is read is told before anything is read. */
static bool can_begin(const struct cli *cli, struct err *err)
{
	struct window w;
	const char *path = cli->text[OPT_OUTPUT];
	if (!read_window(cli, clock_now(), &w, err) || !select_check(cli, clock_now(), err))
		return false;
	return !path || cli->text[OPT_FORCE] || access(path, F_OK) != 0 ||
		err_set(err, ERR_INPUT, "%s exists already; --force overwrites it", path);
}

static bool write_out(const struct cli *cli, struct str bytes, struct err *err)
{
	const char *path = cli->text[OPT_OUTPUT];
	if (path && !cli->text[OPT_FORCE] && access(path, F_OK) == 0)
		return err_set(err, ERR_INPUT, "%s exists already; --force overwrites it", path);
	if (path)
		return file_write(path, bytes, cli->text[OPT_FORCE] ? FILE_REPLACE : 0, err);
	if (!bytes.n || fwrite(bytes.p, 1, bytes.n, stdout) == bytes.n)
		return true;
	return err_set_errno(err, "standard output");
}

static bool about(struct session *s, struct export_about *out, char head[65], struct err *err)
{
	int64_t broken = 0;
	head[0] = '\0';
	*out = (struct export_about){.made = s->now, .analyst = s->analyst, .journal_head = head};
	if (!s->journal || journal_verify(s->journal, &out->journal_rows, &broken, head, err))
		return true;
	return err_prefix(err, "nothing is exported from it, see s3triage verify");
}

static bool write_whole(const struct cli *cli, const struct buf *out, struct err *err)
{
	if (out->over)
		return err_set(err, ERR_LIMIT, "the export is larger than 4 GiB");
	return write_out(cli, buf_str(out), err);
}

/* What was left out is said, so that nobody takes the file for all that was approved. */
static void tell_report(const struct cli *cli, const struct close_report *r)
{
	const struct {
		size_t n;
		const char *why;
	} parts[] = {{r->several, "name several destinations"},
		{r->unnamed, "name no account or no role"}, {r->unsafe, "hold names that are not valid"},
		{r->conflicts, "were also decided otherwise"},
		{r->expired, "are approved no longer"}};
	if (cli->text[OPT_QUIET])
		return;
	fprintf(stderr, "%zu used", r->used);
	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		if (parts[i].n)
			fprintf(stderr, ", %zu left out that %s", parts[i].n, parts[i].why);
	fputc('\n', stderr);
}

static int close_decisions(struct session *s, const struct cli *cli, enum close_format format)
{
	struct err err = {0};
	struct window w;
	struct export_about meta;
	struct close_report report;
	char head[65];
	if (!read_window(cli, s->now, &w, &err) || !about(s, &meta, head, &err))
		return cli_fail(&err);
	const struct close_origin origin = {.format = format, .rows = meta.journal_rows,
		.head = str_c(head), .made = s->now, .since = w.since, .until = w.until,
		.analyst = s->analyst, .filter = str_c(cli->text[OPT_FILTER]),
		.verdict = str_c(cli->text[OPT_VERDICT]),
		.sources = cli->n_sources || cli->text[OPT_DEMO]};
	struct buf out = {0};
	buf_init(&out, (size_t)4 << 30);
	bool ok = close_export(s, cli, &origin, &out, &report);
	if (ok && !write_whole(cli, &out, &err))
		ok = cli_fail(&err) == EXIT_FINE;
	else if (ok)
		tell_report(cli, &report);
	buf_fini(&out);
	return ok ? session_exit(s) : EXIT_FAILED;
}

static int export(struct session *s, const struct cli *cli, enum export_format format)
{
	struct err err = {0};
	struct window w;
	struct selection *sel;
	struct export_about meta;
	char head[65];
	if (!read_window(cli, s->now, &w, &err) || !about(s, &meta, head, &err) ||
		!select_rows(s, cli, &sel, &err))
		return cli_fail(&err);
	struct export_row *rows = mem_array(selection_count(sel), sizeof(*rows));
	size_t n = collect(s, sel, &w, rows);
	struct buf out = {0};
	buf_init(&out, (size_t)4 << 30);
	export_write(format, rows, n, &meta, &out);
	bool ok = write_whole(cli, &out, &err);
	if (ok && cli->text[OPT_OUTPUT] && !cli->text[OPT_QUIET])
		fprintf(stderr, "%zu alert%s written to %s\n", n, plural(n), cli->text[OPT_OUTPUT]);
	report_ended(s);
	buf_fini(&out);
	free(rows);
	selection_free(sel);
	return ok ? session_exit(s) : cli_fail(&err);
}

/* One of the formats that list decisions, or of those that follow from them. */
struct format {
	enum export_format list;
	enum close_format close;
	bool closes;
};

static int run(struct session *s, struct cli *cli, const struct format *format)
{
	struct err err = {0};
	bool sources = cli->n_sources || cli->text[OPT_DEMO];
	const char *since = cli->text[OPT_SINCE], *until = cli->text[OPT_UNTIL];
	cli->text[OPT_SINCE] = cli->text[OPT_UNTIL] = NULL; /* they bound the rows, not the scan */
	bool ok = session_init(s, cli,
		WANT_RULE | WANT_JOURNAL | WANT_CONFIG | WANT_BOOK |
		(sources && format->closes && format->close == CLOSE_CASE ? WANT_CONTEXT : 0) |
		(sources ? WANT_SCAN : 0), &err);
	cli->text[OPT_SINCE] = since;
	cli->text[OPT_UNTIL] = until;
	bool open = cli->text[OPT_VERDICT] && str_is(str_c(cli->text[OPT_VERDICT]), "open");
	if (!ok || (sources && !session_load(s, cli, &err)) || !facts_load(s, open, &err))
		return cli_fail(&err);
	return format->closes ? close_decisions(s, cli, format->close) :
		export(s, cli, format->list);
}

int verb_export(struct cli *cli)
{
	struct format format = {.list = EXPORT_CSV};
	const char *name = cli->text[OPT_FORMAT];
	if (cli->n_words)
		return cli_usage("export takes its sources behind --from, not '%s'", cli->words[0]);
	format.closes = name && close_parse(str_c(name), &format.close);
	if (name && !format.closes && !export_format_parse(str_c(name), &format.list))
		return cli_usage("--format is csv, ndjson, json or markdown, exceptions, value-list, eql,"
				 " kql, accounts, case or stix, not '%s'", name);
	struct err err = {0};
	if (!can_begin(cli, &err))
		return cli_fail(&err);
	struct session s = {0};
	int code = run(&s, cli, &format);
	session_fini(&s);
	return code;
}
