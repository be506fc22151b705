/*
 * fetch: the alerts and matching events of clusters as NDJSON, as the servers sent them, so that
 * `open` reads them again. Streams into FILE.part. A cluster that fails in the middle costs what
 * had not come yet, but never a file that is there: what is not whole does not replace it.
 */
#include "cli_priv.h"

#include "s3triage/base/file.h"
#include "s3triage/base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct fetch {
	FILE *out;
	char *part;                /* the name while it is written; NULL: standard output */
	const char *path;
	size_t n;
	size_t missing;            /* answers that did not come, or not whole */
};

/* Of the file that is being written, for a signal. */
static char unfinished[4096];

static void leave_nothing(int signal_number)
{
	unlink(unfinished);
	signal(signal_number, SIG_DFL);
	raise(signal_number);
}

static void watch_signals(const char *part)
{
	static const int ends[] = {SIGINT, SIGTERM, SIGHUP};
	if (strlen(part) >= sizeof(unfinished))
		return;
	memcpy(unfinished, part, strlen(part) + 1);
	for (size_t i = 0; i < ARRAY_LEN(ends); i++)
		signal(ends[i], leave_nothing);
}

/* A name that nothing has: what an earlier run left in FILE.part is the user's. */
static int make_part(struct fetch *f)
{
	int fd = -1;
	for (int i = 0; fd < 0 && i < 100 && (i == 0 || errno == EEXIST); i++) {
		struct buf name = {0};
		buf_fmt(&name, i ? "%s.part%d" : "%s.part", f->path, i);
		free(f->part);
		f->part = buf_take(&name);
		fd = open(f->part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	}
	return fd;
}

/* Alerts are nobody else's business: 0600. */
static bool verb_fetch_begin(struct fetch *f, const struct cli *cli, struct err *err)
{
	f->path = cli->text[OPT_OUTPUT];
	f->out = stdout;
	if (!f->path)
		return true;
	if (!output_check(cli, err))
		return false;
	int fd = make_part(f);
	if (fd >= 0 && strcmp(f->part + strlen(f->path), ".part") != 0)
		fprintf(stderr, "s3triage: %s.part is there already: of a fetch that still runs, or that was"
			" cut off and is not whole; it stays as it is\n", f->path);
	f->out = fd < 0 ? NULL : fdopen(fd, "w");
	if (f->out)
		watch_signals(f->part);
	return f->out || err_set_errno(err, "cannot write %s", f->part);
}

static bool on_disk(struct fetch *f, struct err *err)
{
	bool written = fflush(f->out) == 0 && fsync(fileno(f->out)) == 0;
	written = fclose(f->out) == 0 && written;
	f->out = NULL;
	return written || err_set_errno(err, "cannot write %s", f->part);
}

/* With --force a whole file may be there: then what is not whole stays beside it. */
static bool verb_fetch_place(const struct fetch *f, struct err *err)
{
	if (f->missing && file_exists(f->path)) {
		fprintf(stderr, "s3triage: not all alerts came: %s stays as it is, what came is in %s\n",
			f->path, f->part);
		return true;
	}
	return rename(f->part, f->path) == 0 || err_set_errno(err, "cannot write %s", f->path);
}

static bool verb_fetch_finish(struct fetch *f, bool ok, struct err *err)
{
	if (ok && f->missing && !f->n)
		ok = err_set(err, ERR_NETWORK, "nothing was fetched%s%s", f->part ? ", and nothing written to " : "",
			f->part ? f->path : "");
	if (!f->part)
		return ok;
	ok = (!f->out || on_disk(f, ok ? err : NULL)) && ok && verb_fetch_place(f, err);
	if (!ok)
		unlink(f->part);
	free(f->part);
	return ok;
}

/* A record that cannot be read is told and no more; an answer that lacks something is less. */
static size_t count_missing(const struct scan_batch *b)
{
	size_t n = 0;
	for (size_t i = 0; i < b->n_problems; i++) {
		enum err_code code = b->problems[i].err.code;
		n += !b->problems[i].note &&
			(code == ERR_NETWORK || code == ERR_DENIED || code == ERR_LIMIT);
	}
	return n;
}

static size_t count_failed(const struct session *s)
{
	struct live_status l;
	size_t n = 0;
	for (size_t i = 0; scan_live(s->scan, i, &l); i++)
		n += l.state == LIVE_FAILED;
	return n;
}

static bool take_batches(struct session *s, struct fetch *f, struct err *err)
{
	struct scan_batch batch;
	bool ok = true;
	while (ok && scan_wait(s->scan)) {
		while (ok && scan_take(s->scan, &batch)) {
			report_problems(s, &batch);
			f->missing += count_missing(&batch);
			for (size_t i = 0; ok && i < batch.n_matches; i++, f->n++) {
				struct str raw = batch.matches[i].raw;
				ok = fwrite(raw.p, 1, raw.n, f->out) == raw.n && putc('\n', f->out) != EOF;
			}
			arena_fini(&batch.mem);
		}
	}
	return ok || err_set_errno(err, "cannot write %s", f->path ? f->path : "standard output");
}

static int verb_fetch_run(struct session *s, const struct cli *cli)
{
	struct err err = {0};
	struct fetch f = {0};
	if (!session_init(s, cli, cli->verb->opens, &err))
		return cli_fail(&err);
	bool ok = verb_fetch_begin(&f, cli, &err) && take_batches(s, &f, &err);
	f.missing += count_failed(s);
	if (!verb_fetch_finish(&f, ok, &err))
		return cli_fail(&err);
	scan_progress(s->scan, &s->progress);
	if (!cli->text[OPT_QUIET] || f.missing || s->progress.limited)
		fprintf(stderr, "%zu alert%s saved%s%s\n", f.n, plural(f.n),
			s->progress.limited ? "; stopped at --limit, there is more" : "",
			f.missing ? "; not all of them came" : "");
	return session_exit(s);
}

static int verb_fetch(struct cli *cli)
{
	struct session s = {0};
	int code = verb_fetch_run(&s, cli);
	session_fini(&s);
	return code;
}

const struct verb_row fetch_verb = {
	.name = "fetch",
	.synopsis = "PROFILE: [-o FILE]",
	.help = "save what a cluster holds as NDJSON, which open reads again",
	.example = "s3triage fetch prod: -o alerts.ndjson",
	.run = verb_fetch,
	TAKES(SCAN_OPTIONS, OPT_OUTPUT, OPT_FORCE),
	.opens = WANT_RULE | WANT_SCAN,
	.ways = VERB_SOURCES | VERB_PROFILES,
};
