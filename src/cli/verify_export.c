/*
 * verify_export: whether an export still agrees with the journal: the journal must contain the row that
 * the file names, and its decisions of today must give the same bytes.
 */
#include "cli_priv.h"

#include "s3triage/base/file.h"
#include "s3triage/base/lines.h"
#include "s3triage/base/mem.h"
#include "s3triage/base/when.h"
#include "s3triage/event/json.h"

struct checking {
	struct session s;
	struct arena mem;
	struct buf file;
	struct export_made again;
	struct close_origin origin;
	int64_t rows; /* of the journal today */
};

/* What the file names must stand in the journal, and the journal must be whole. */
static bool check_journal(struct checking *c, struct err *err)
{
	int64_t broken = 0;
	if (!c->s.journal)
		return err_set(err, ERR_INPUT, "there is no journal at %s", c->s.journal_path);
	if (!journal_verify(c->s.journal, &c->rows, &broken, NULL, err))
		return false;
	if (!c->origin.rows || journal_has(c->s.journal, c->origin.rows, c->origin.head))
		return true;
	return err_set(err, ERR_CONFLICT, "it came from another journal: row %lld of %s is not"
		" %.12s...", (long long)c->origin.rows, c->s.journal_path, c->origin.head.p);
}

/* The words that the export was asked with. */
static void ask_again(const struct close_origin *o, struct cli *cli)
{
	cli->text[OPT_FILTER] = o->filter.n ? o->filter.p : NULL;
	cli->text[OPT_VERDICT] = o->verdict.n ? o->verdict.p : NULL;
}

static bool load(struct checking *c, struct cli *cli, const char *path, struct err *err)
{
	if (!file_read(path, &c->file, err) ||
		!close_origin_read(buf_str(&c->file), &c->mem, &c->origin, err))
		return err_where(err, path, 0, 0);
	if (!export_load(&c->s, cli, c->origin.format, err) || !check_journal(c, err))
		return false;
	if (c->origin.made != WHEN_NONE)
		c->s.now = c->origin.made;
	ask_again(&c->origin, cli);
	return true;
}

/* The number of the first line that differs, 0 when none does. */
static size_t first_difference(struct str a, struct str b)
{
	struct str x, y;
	if (str_eq(a, b))
		return 0;
	for (size_t n = 1;; n++) {
		bool more_a = lines_next(&a, &x), more_b = lines_next(&b, &y);
		if (!more_a || !more_b || !str_eq(x, y))
			return n;
	}
}

static int tell(const struct checking *c, const struct cli *cli, const char *path, size_t line)
{
	long long newer = (long long)(c->rows - c->origin.rows);
	if (cli->text[OPT_JSON])
		printf("{\"agrees\":%s,\"format\":\"%s\",\"rows\":%lld,\"head\":\"%.*s\",\"newer\":%lld,"
			"\"line\":%zu}\n", line ? "false" : "true", close_name(c->origin.format),
			(long long)c->origin.rows, STR_ARG(c->origin.head), newer, line);
	else if (!line)
		printf("%s: agrees with the journal; %lld rows were added since\n", path, newer);
	else
		fprintf(stderr, "s3triage: %s:%zu: this is not what the journal says now; %lld rows were"
			" added since it was made%s\n", path, line, newer,
			newer ? "" : ", so the file was changed");
	return line ? EXIT_FAILED : EXIT_FINE;
}

static int check(struct checking *c, struct cli *cli, const char *path)
{
	struct err err = {0};
	if (!load(c, cli, path, &err) ||
		!close_export(&c->s, cli, &c->origin, &c->again, &err))
		return cli_fail(&err);
	size_t line = first_difference(buf_str(&c->file), buf_str(&c->again.out));
	if (line && c->origin.sources && !cli->n_sources && !cli->text[OPT_DEMO]) {
		err_set(&err, ERR_USAGE, "%s was made with sources, and their alerts are in it: name them"
			" again with --from", path);
		return cli_fail(&err);
	}
	return tell(c, cli, path, line);
}

int verify_export(struct cli *cli, const char *path)
{
	struct checking c = {0};
	buf_init(&c.again.out, (size_t)4 << 30);
	int code = check(&c, cli, path);
	session_fini(&c.s);
	buf_fini(&c.file);
	buf_fini(&c.again.out);
	arena_fini(&c.mem);
	return code;
}
