/*
 * fetch: the alerts and matching events of clusters as NDJSON, as the servers sent them, so that
 * `open` reads them again. Streams; a file appears whole or not at all.
 */
#include "cli_priv.h"

#include "s3triage/base/file.h"
#include "s3triage/base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct fetch {
	FILE *out;
	char *part;                /* the name while it is written; NULL: standard output */
	const char *path;
	size_t n;
};

/* Alerts are nobody else's business: 0600. */
static bool begin(struct fetch *f, const struct cli *cli, struct err *err)
{
	f->path = cli->text[OPT_OUTPUT];
	f->out = stdout;
	if (!f->path || strcmp(f->path, "-") == 0)
		return true;
	if (!cli->text[OPT_FORCE] && file_exists(f->path))
		return err_set(err, ERR_INPUT, "%s exists already; --force overwrites it", f->path);
	struct buf name = {0};
	buf_fmt(&name, "%s.part", f->path);
	f->part = buf_take(&name);
	int fd = open(f->part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	f->out = fd < 0 ? NULL : fdopen(fd, "w");
	return f->out || err_set_errno(err, "cannot write %s", f->part);
}

static bool finish(struct fetch *f, bool ok, struct err *err)
{
	if (!f->part)
		return ok;
	if (f->out) {
		bool written = fflush(f->out) == 0 && fsync(fileno(f->out)) == 0;
		written = fclose(f->out) == 0 && written;
		if (ok && !written)
			ok = err_set_errno(err, "cannot write %s", f->part);
	}
	if (ok && rename(f->part, f->path) < 0)
		ok = err_set_errno(err, "cannot write %s", f->path);
	if (!ok && f->out)
		unlink(f->part);
	free(f->part);
	return ok;
}

static bool take_batches(struct session *s, struct fetch *f, struct err *err)
{
	struct scan_batch batch;
	bool ok = true;
	while (ok && scan_wait(s->scan)) {
		while (ok && scan_take(s->scan, &batch)) {
			report_problems(s, &batch);
			for (size_t i = 0; ok && i < batch.n_matches; i++, f->n++) {
				struct str raw = batch.matches[i].raw;
				ok = fwrite(raw.p, 1, raw.n, f->out) == raw.n && putc('\n', f->out) != EOF;
			}
			arena_fini(&batch.mem);
		}
	}
	return ok || err_set_errno(err, "cannot write %s", f->path ? f->path : "standard output");
}

static int run(struct session *s, const struct cli *cli)
{
	struct err err = {0};
	struct fetch f = {0};
	if (!session_init(s, cli, WANT_RULE | WANT_SCAN, &err))
		return cli_fail(&err);
	bool ok = begin(&f, cli, &err);
	if (!finish(&f, ok && take_batches(s, &f, &err), &err))
		return cli_fail(&err);
	if (!cli->text[OPT_QUIET])
		fprintf(stderr, "%zu alert%s saved\n", f.n, plural(f.n));
	return session_exit(s);
}

int verb_fetch(struct cli *cli)
{
	struct session s = {0};
	int code = run(&s, cli);
	session_fini(&s);
	return code;
}
