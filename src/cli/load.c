/*
 * load: the headless side of a scan: everything into the store, problems and progress to stderr.
 */
#include "cli_priv.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/utf8.h"
#include "s3triage/base/when.h"
#include "s3triage/builtin/builtin.h"
#include "s3triage/remote/live.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool read_count(const struct cli *cli, enum option_id which, size_t *out, struct err *err)
{
	int64_t n;
	if (!cli->text[which])
		return true;
	if (!str_int(str_c(cli->text[which]), &n) || n < 0)
		return err_set(err, ERR_USAGE, "--%s takes a whole number, not '%s'",
			option_table()[which].name, cli->text[which]);
	*out = (size_t)n;
	return true;
}

bool read_time(const struct cli *cli, enum option_id which, int64_t now, int64_t *out,
	struct err *err)
{
	if (!cli->text[which])
		return true;
	struct str text = str_c(cli->text[which]);
	bool end = which == OPT_UNTIL && cli->verb->ways & VERB_GRANTS;
	if (end ? approval_until(text, now, out, err) :
		(which == OPT_UNTIL ? when_last : when_bound)(text, now, out, err))
		return true;
	err_prefix(err, "--%s", option_table()[which].name);
	if (err)
		err->code = ERR_USAGE;
	return false;
}

bool read_times(const struct cli *cli, int64_t now, int64_t *since, int64_t *until, struct err *err)
{
	bool own = cli->verb->ways & VERB_GRANTS;
	*since = *until = WHEN_NONE;
	if (!read_time(cli, OPT_SINCE, now, since, err) ||
		(!own && !read_time(cli, OPT_UNTIL, now, until, err)))
		return false;
	return *until == WHEN_NONE || *since <= *until ||
		err_set(err, ERR_USAGE, "--since %s is later than --until %s", cli->text[OPT_SINCE],
			cli->text[OPT_UNTIL]);
}

/* Whether more must be read to know which alerts come first: a cluster gives the newest. */
static bool picks(const struct cli *cli)
{
	const char *sort = cli->text[OPT_SORT];
	return cli->text[OPT_FILTER] || cli->text[OPT_VERDICT] || !sort || strcmp(sort, "-time") != 0;
}

static bool load_read_bounds(
	const struct session *s, const struct cli *cli, struct scan_options *out, struct err *err)
{
	size_t threads = 0;
	if (!read_count(cli, OPT_LIMIT, &out->limit, err) ||
		!read_count(cli, OPT_THREADS, &threads, err) ||
		!read_times(cli, s->now, &out->since, &out->until, err))
		return false;
	out->threads = threads > 8 ? 8 : (unsigned)threads;
	return true;
}

/* The words of the command line, else what config.toml names. */
static void name_paths(const struct session *s, const struct cli *cli, struct scan_options *out)
{
	bool configured = !cli->n_sources && !cli->text[OPT_DEMO] && s->config;
	size_t n = configured ? config_sources(s->config) : cli->n_sources;
	const char **paths = mem_array(n, sizeof(*paths));
	for (size_t i = 0; i < n; i++)
		paths[i] = configured ? config_source(s->config, i) : cli->sources[i];
	out->paths = paths;
	out->n_paths = n;
}

bool scan_options_read(struct session *s, const struct cli *cli, struct scan_options *out,
	struct err *err)
{
	*out = (struct scan_options){0};
	if (!load_read_bounds(s, cli, out, err))
		return false;
	name_paths(s, cli, out);
	if (!clusters_take(s, cli, (const char **)(uintptr_t)out->paths, &out->n_paths, err))
		return false;
	out->rule = s->desk.rule;
	out->live = live_clusters();
	out->profiles = s->clusters;
	out->n_profiles = s->n_clusters;
	out->env = env_get;
	out->follow = cli->text[OPT_FOLLOW] != NULL;
	if (cli->text[OPT_DEMO])
		out->demo = builtin_demo();
	/* What is printed is chosen from all that was read. Only of a cluster less is asked for. */
	if (cli->verb->ways & VERB_ROWS ||
		(cli->verb->ways & VERB_NEWEST && (out->n_paths || out->demo.n || picks(cli))))
		out->limit = 0;
	if (out->follow && !out->n_profiles)
		return err_set(err, ERR_USAGE, "--follow needs a cluster to ask: PROFILE: or a URL");
	if (out->n_paths || out->n_profiles || cli->text[OPT_DEMO])
		return true;
	return err_set(err, ERR_USAGE,
		"name a source: a file, a folder, a glob in quotes, - for standard input, "
		"a cluster (PROFILE: or a URL), or --demo");
}

bool scan_documents(struct session *s, const struct cli *cli, const struct rule *rule, bool any,
	struct err *err)
{
	if (!scan_options_read(s, cli, &s->options, err))
		return false;
	s->options.rule = rule;
	s->options.keep_order = true;
	s->options.any_document = any;
	s->scan = scan_start(&s->options, err);
	return s->scan != NULL;
}

void scan_options_fini(struct session *s)
{
	free((void *)(uintptr_t)s->options.paths);
	s->options.paths = NULL;
	clusters_fini(s);
}

static void report_problem(void *session, const struct scan_problem *p)
{
	char line[1024];
	struct session *s = session;
	AUTO(buf_fini) struct buf shown = {0};
	s->skipped[p->skip] += p->skip != SKIP_NONE;
	s->problems += !p->note;
	if (p->skip != SKIP_NONE && !s->list_skipped)
		return;
	utf8_visible(&shown, str_c(err_line(&p->err, line, sizeof(line))), false);
	fprintf(stderr, "s3triage: %s\n", buf_cstr(&shown));
}

void report_problems(struct session *s, const struct scan_batch *batch)
{
	for (size_t i = 0; i < batch->n_problems; i++)
		report_problem(s, &batch->problems[i]);
}

void report_skipped(const struct session *s)
{
	AUTO(buf_fini) struct buf words = {0};
	if (!scan_skipped_words(s->skipped, &words) || s->quiet)
		return;
	fflush(stdout);
	fprintf(stderr, "s3triage: %s%s\n", buf_cstr(&words), s->list_skipped ? "" : ": --list-skipped names them");
}

void report_limited(const struct session *s)
{
	if (s->progress.limited)
		fputs("s3triage: stopped at --limit: there is more\n", stderr);
}

static void print_progress(const struct session *s)
{
	struct scan_progress p;
	scan_progress(s->scan, &p);
	fprintf(stderr, "\r\033[K%llu of %llu file%s, %llu event%s, %llu match%s",
		p.files_done, p.files, plural(p.files), p.events, plural(p.events), p.matches,
		p.matches == 1 ? "" : "es");
}

/* As "s3triage: warning: PLACE: line" each. */
void lint_lines(struct str lines, const char *place)
{
	while (lines.n) {
		struct str line = str_cut(&lines, '\n');
		fprintf(stderr, "s3triage: warning: %s%s%.*s\n", place ? place : "", place ? ": " : "",
			STR_ARG(line));
	}
}

void report_lint(const struct session *s, const struct cli *cli)
{
	struct buf lines = {0};
	if (!cli->text[OPT_QUIET] && s->scan)
		scan_lint(s->scan, &lines);
	lint_lines(buf_str(&lines), NULL);
	buf_fini(&lines);
}

void report_summary(const struct session *s, const struct cli *cli)
{
	const struct scan_progress *p = &s->progress;
	if (cli->text[OPT_QUIET])
		return;
	fflush(stdout); /* the answer first, where both go to one place */
	fprintf(stderr, "%zu alert%s: %llu event%s in ", store_count(s->desk.store),
		plural(store_count(s->desk.store)), p->events, plural(p->events));
	if (p->live)
		fprintf(stderr, "%zu %s%s", p->live, p->live == 1 ? "cluster" : "clusters",
			p->files_done ? " and " : "");
	if (p->files_done || !p->live)
		fprintf(stderr, "%llu %s", p->files_done, p->files_done == 1 ? "file" : "files");
	fprintf(stderr, " read, %llu PutBucketReplication", p->replications);
	if (store_repeats(s->desk.store))
		fprintf(stderr, ", %zu repeated", store_repeats(s->desk.store));
	if (p->foreign)
		fprintf(stderr, ", %llu record%s of other products passed over (match --eql 'any where true' has them)",
			p->foreign, plural(p->foreign));
	if (p->limited)
		fprintf(stderr, ", stopped at --limit");
	if (s->problems)
		fprintf(stderr, ", %zu problem%s", s->problems, plural(s->problems));
	fputc('\n', stderr);
}

row_id session_find(const struct session *s, const struct cli *cli, const char *id, struct err *err)
{
	char text[sizeof(err->text)];
	bool bounded = cli->text[OPT_SINCE] || cli->text[OPT_UNTIL] || cli->text[OPT_LIMIT];
	row_id r = store_find(s->desk.store, str_c(id), err);
	if (r != ROW_NONE || !bounded || err->code == ERR_USAGE)
		return r;
	snprintf(text, sizeof(text), "%s", err->text);
	err_set(err, err->code, "%.400s; --since, --until or --limit may have left it out", text);
	return r;
}

/* A line that is written over again and again needs a terminal that can. */
static bool can_rewrite_a_line(void)
{
	const char *term = env_get("TERM");
	return isatty(STDERR_FILENO) && term && strcmp(term, "dumb") != 0;
}

void session_drain(struct session *s, const struct cli *cli, drain_fn *take, void *ctx)
{
	bool live = can_rewrite_a_line() && !cli->text[OPT_QUIET];
	struct scan_batch batch;
	while (scan_wait(s->scan)) {
		while (scan_take(s->scan, &batch))
			take(ctx, &batch);
		if (live)
			print_progress(s);
	}
	if (live)
		fputs("\r\033[K", stderr);
	scan_progress(s->scan, &s->progress);
}

static void load_take(void *session, struct scan_batch *batch)
{
	struct session *s = session;
	desk_take(&s->desk, batch, report_problem, s);
}

bool session_load(struct session *s, const struct cli *cli, struct err *err)
{
	session_drain(s, cli, load_take, s);
	return desk_sync(&s->desk, err);
}
