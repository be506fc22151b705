/*
 * export: every decided alert, from the journal alone, and with sources their open ones too.
 */
#include "cli_priv.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/when.h"
#include "s3triage/alert/facts.h"
#include "s3triage/alert/filter.h"
#include "s3triage/journal/seal.h"

#include <stdlib.h>

/* What is wrong before anything is read is told before anything is read. */
static bool can_begin(const struct cli *cli, struct err *err)
{
	struct window w;
	if (!read_times(cli, clock_now(), &w.since, &w.until, err) || !select_check(cli, clock_now(), err))
		return false;
	return output_check(cli, err);
}

/* What the origin points to. */
struct ends {
	char head[65], key[65];
};

static bool make_origin(struct session *s, const struct cli *cli, struct handoff_origin *o,
	struct ends *ends, struct err *err)
{
	struct window w;
	size_t limit = 0;
	int64_t broken = 0;
	*ends = (struct ends){0};
	if (!read_count(cli, OPT_LIMIT, &limit, err) || !read_times(cli, s->now, &w.since, &w.until, err))
		return false;
	*o = (struct handoff_origin){.format = o->format, .made = s->now, .since = w.since,
		.until = w.until, .analyst = s->desk.analyst, .filter = str_c(cli->text[OPT_FILTER]),
		.verdict = str_c(cli->text[OPT_VERDICT]), .limit = (int64_t)limit,
		.sources = cli->n_sources || cli->text[OPT_DEMO]};
	if (s->desk.journal && !journal_verify(s->desk.journal, &o->rows, &broken, ends->head, err))
		return err_prefix(err, "nothing is exported from a journal that was changed by other means;"
			" s3triage verify says what to do");
	o->head = str_c(ends->head);
	if (s->desk.journal && !seal_leaf(s->desk.journal, o->rows, ends->key, err))
		return false;
	o->key = str_c(ends->key);
	return true;
}

static bool write_whole(const struct cli *cli, const struct buf *out, struct err *err)
{
	if (out->over)
		return err_set(err, ERR_LIMIT, "the export is larger than 4 GiB");
	return output_write(cli, buf_str(out), err);
}

/* What was left out is said, so that nobody takes the file for all that there is. */
static void tell_report(const struct cli *cli, enum handoff_format f, const struct handoff_report *r)
{
	const char *path = cli->text[OPT_OUTPUT];
	struct buf text = {0};
	if (!handoff_is_list(f))
		handoff_report_say(r, &text);
	else if (path || r->left[HANDOFF_WHY_UNASKED])
		buf_fmt(&text, "%zu alert%s written%s%s", r->used, plural(r->used), path ? " to " : "",
			path ? path : "");
	if (handoff_is_list(f) && r->left[HANDOFF_WHY_UNASKED])
		buf_fmt(&text, ", %zu left out that %s not asked for", r->left[HANDOFF_WHY_UNASKED],
			r->left[HANDOFF_WHY_UNASKED] == 1 ? "was" : "were");
	if (text.n && (cli->text[OPT_SINCE] || cli->text[OPT_UNTIL]))
		buf_c(&text, "; --since and --until were held against the decision's time, of open alerts"
			" against the event's");
	if (!cli->text[OPT_QUIET] && text.n)
		fprintf(stderr, "%s\n", buf_cstr(&text));
	buf_fini(&text);
}

/* A list that takes alerts away is read by whoever did not make it. */
static void tell_not_asked(const struct cli *cli, enum handoff_format f, const struct handoff_report *r)
{
	if (cli->text[OPT_QUIET] || !r->used || !(handoff_ways(f) & EXPORT_EXCLUDES))
		return;
	fprintf(stderr, "not asked for: access key, address, user agent, VPC endpoint, the trail's account, a source"
		" identity or identity provider behind the sender's ARN (no document has a field for them);"
		" nor that the event has one resource alone%s: S3 does nothing else\n", f != HANDOFF_EXCEPTIONS ? "" :
		", and by items for several buckets that the request's own bucketName is the resource's");
}

static int write_export(struct session *s, const struct cli *cli, enum handoff_format format)
{
	struct err err = {0};
	struct handoff_origin origin = {.format = format};
	struct export_made made = {0};
	struct ends ends;
	if (!make_origin(s, cli, &origin, &ends, &err))
		return cli_fail(&err);
	buf_init(&made.out, (size_t)4 << 30);
	bool ok = handoff_export(s, cli, &origin, &made, &err);
	if (ok)
		handoff_check(&origin, &made.out);
	ok = ok && write_whole(cli, &made.out, &err);
	if (ok)
		tell_report(cli, format, &made.report);
	if (ok)
		tell_not_asked(cli, format, &made.report);
	report_ended(s);
	buf_fini(&made.out);
	return ok ? session_exit(s) : cli_fail(&err);
}

static int verb_export_run(struct session *s, struct cli *cli, enum handoff_format format)
{
	static const enum option_id bounds[] = {OPT_SINCE, OPT_UNTIL, OPT_LIMIT};
	const char *kept[ARRAY_LEN(bounds)]; /* they bound what is written, not what is read */
	struct err err = {0};
	for (size_t i = 0; i < ARRAY_LEN(bounds); i++) {
		kept[i] = cli->text[bounds[i]];
		cli->text[bounds[i]] = NULL;
	}
	bool ok = export_load(s, cli, &(struct handoff_origin){.format = format}, &err);
	for (size_t i = 0; i < ARRAY_LEN(bounds); i++)
		cli->text[bounds[i]] = kept[i];
	return ok ? write_export(s, cli, format) : cli_fail(&err);
}

static int verb_export(struct cli *cli)
{
	enum handoff_format format = HANDOFF_CSV;
	const char *name = cli->text[OPT_FORMAT];
	if (cli->n_words)
		return cli_usage("export takes its sources behind --from, not '%s'", cli->words[0]);
	if (name && !handoff_parse(str_c(name), &format))
		return cli_usage("--format takes " HANDOFF_NAMES "and not '%s'", name);
	struct err err = {0};
	if (!can_begin(cli, &err))
		return cli_fail(&err);
	struct session s = {0};
	int code = verb_export_run(&s, cli, format);
	session_fini(&s);
	return code;
}

const struct verb_row export_verb = {
	.name = "export",
	.synopsis = "[OPTIONS] [--from SOURCE...]",
	.help = "write decisions, or what follows from them",
	.example = "s3triage export --format markdown --since 7d -o week.md",
	.run = verb_export,
	TAKES(ALERT_OPTIONS, OPT_FILTER, OPT_FORMAT, OPT_VERDICT, OPT_OUTPUT, OPT_FORCE,
		OPT_ANALYST),
	.opens = EXPORT_WANTS | WANT_STRICT | WANT_LEAVES,
};
