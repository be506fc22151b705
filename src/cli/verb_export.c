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

struct window {
	int64_t since, until;
};

/* Decided alerts count by the time of the decision, open ones by the time of the event. */
static bool within(const struct window *w, const struct alert *a, const struct decision *d)
{
	int64_t at = d ? d->at : a->time;
	return (w->since == WHEN_NONE || at >= w->since) && (w->until == WHEN_NONE || at <= w->until);
}

static size_t collect(const struct session *s, const struct selection *sel,
	const struct window *w, struct export_row *rows)
{
	size_t n = 0;
	for (size_t i = 0; i < selection_count(sel); i++) {
		row_id r = selection_at(sel, i);
		const struct alert *a = store_alert(s->store, r);
		const struct decision *d = store_decision(s->store, r);
		if (within(w, a, d))
			rows[n++] = (struct export_row){a, d};
	}
	return n;
}

static bool write_out(const struct cli *cli, struct str bytes, struct err *err)
{
	const char *path = cli->text[OPT_OUTPUT];
	if (path)
		return file_write(path, bytes, cli->text[OPT_FORCE] ? FILE_REPLACE : 0, err);
	if (!bytes.n || fwrite(bytes.p, 1, bytes.n, stdout) == bytes.n)
		return true;
	return err_set_errno(err, "standard output");
}

static bool read_window(const struct cli *cli, int64_t now, struct window *w, struct err *err)
{
	*w = (struct window){WHEN_NONE, WHEN_NONE};
	return read_time(cli, OPT_SINCE, now, &w->since, err) &&
		read_time(cli, OPT_UNTIL, now, &w->until, err);
}

static bool about(struct session *s, struct export_about *out, char head[65], struct err *err)
{
	int64_t broken = 0;
	head[0] = '\0';
	*out = (struct export_about){.made = s->now, .analyst = s->analyst, .journal_head = head};
	if (!s->journal || journal_verify(s->journal, &out->journal_rows, &broken, head, err))
		return true;
	return err_prefix(err, "%s is broken at decision %lld; see s3triage verify", s->journal_path,
		(long long)broken);
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
	bool ok = !out.over || err_set(&err, ERR_LIMIT, "the export is larger than 4 GiB");
	ok = ok && write_out(cli, buf_str(&out), &err);
	if (ok && cli->text[OPT_OUTPUT] && !cli->text[OPT_QUIET])
		fprintf(stderr, "%zu alerts written to %s\n", n, cli->text[OPT_OUTPUT]);
	buf_fini(&out);
	free(rows);
	selection_free(sel);
	return ok ? session_exit(s) : cli_fail(&err);
}

static int run(struct session *s, struct cli *cli, enum export_format format)
{
	struct err err = {0};
	bool sources = cli->n_sources || cli->text[OPT_DEMO];
	const char *since = cli->text[OPT_SINCE], *until = cli->text[OPT_UNTIL];
	cli->text[OPT_SINCE] = cli->text[OPT_UNTIL] = NULL; /* they bound the rows, not the scan */
	bool ok = session_init(s, cli,
		WANT_RULE | WANT_JOURNAL | WANT_CONFIG | (sources ? WANT_SCAN : 0), &err);
	cli->text[OPT_SINCE] = since;
	cli->text[OPT_UNTIL] = until;
	bool open = cli->text[OPT_VERDICT] && str_is(str_c(cli->text[OPT_VERDICT]), "open");
	if (!ok || (sources && !session_load(s, cli, &err)) || !facts_load(s, open, &err))
		return cli_fail(&err);
	return export(s, cli, format);
}

int verb_export(struct cli *cli)
{
	enum export_format format = EXPORT_CSV;
	const char *name = cli->text[OPT_FORMAT];
	if (cli->n_words)
		return cli_usage("export takes its sources behind --from, not '%s'", cli->words[0]);
	if (name && !export_format_parse(str_c(name), &format))
		return cli_usage("--format is csv, ndjson, json or markdown, not '%s'", name);
	struct session s;
	int code = run(&s, cli, format);
	session_fini(&s);
	return code;
}
