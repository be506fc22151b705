/*
 * verify_export: whether an export still agrees with the journal: the journal must contain the row that
 * the file names, its decisions of today must give the same bytes, and the file's own check must fit, for
 * by whom and when it was made, and with which words, no journal knows.
 */
#include "cli_priv.h"

#include "s3triage/base/file.h"
#include "s3triage/base/lines.h"
#include "s3triage/base/mem.h"
#include "s3triage/base/when.h"
#include "s3triage/journal/seal.h"

struct checking {
	struct session s;
	struct arena mem;
	struct buf file;
	struct export_made again;
	struct handoff_origin origin;
	int64_t rows; /* of the journal today */
	char key[65];
	enum { BYTES_UNKNOWN, BYTES_SAME, BYTES_CHANGED } bytes; /* since it was made, by its own check */
};

/* What the file names must stand in the journal, and the journal must be whole. */
static bool check_journal(struct checking *c, struct err *err)
{
	int64_t broken = 0;
	if (!c->s.desk.journal)
		return err_set(err, ERR_INPUT, "there is no journal at %s", c->s.desk.journal_path);
	if (!journal_verify(c->s.desk.journal, &c->rows, &broken, NULL, err))
		return false;
	if (!c->origin.rows || journal_has(c->s.desk.journal, c->origin.rows, c->origin.head))
		return true;
	return err_set(err, ERR_CONFLICT, "it came from another journal: row %lld of %s is not"
		" %.12s...", (long long)c->origin.rows, c->s.desk.journal_path, c->origin.head.p);
}

/* The words that the export was asked with. */
static void ask_again(const struct handoff_origin *o, struct cli *cli)
{
	cli->text[OPT_FILTER] = o->filter.n ? o->filter.p : NULL;
	cli->text[OPT_VERDICT] = o->verdict.n ? o->verdict.p : NULL;
}

/* What was made of the journal alone is made of it alone again. */
static void drop_sources(const struct handoff_origin *o, const char *path, struct cli *cli)
{
	if (o->sources || !(cli->n_sources || cli->text[OPT_DEMO]))
		return;
	fprintf(stderr, "s3triage: %s was made without sources: they are not read\n", path);
	cli->n_sources = 0;
	cli->text[OPT_DEMO] = NULL;
}

static bool check_bytes(struct checking *c, struct err *err)
{
	if (!c->origin.check.n)
		return true;
	if (!seal_leaf(c->s.desk.journal, c->origin.rows, c->key, err))
		return false;
	c->origin.key = str_c(c->key);
	c->bytes = handoff_checked(&c->origin, &c->file) ? BYTES_SAME : BYTES_CHANGED;
	return true;
}

static bool verify_export_load(
	struct checking *c, struct cli *cli, const char *path, struct err *err)
{
	if (!file_read(path, &c->file, err) ||
		!handoff_origin_read(buf_str(&c->file), &c->mem, &c->origin, err))
		return err_where(err, path, 0, 0);
	drop_sources(&c->origin, path, cli);
	if (!export_load(&c->s, cli, &c->origin, err) || !check_journal(c, err) ||
		!check_bytes(c, err))
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

static void tell_json(const struct checking *c, size_t line, bool agrees)
{
	static const char *const bytes[] = {"null", "true", "false"};
	AUTO(buf_fini) struct buf out = {0};
	struct members m = members_open(&out, '{');
	member_bool(&m, "agrees", agrees);
	member_text(&m, "format", str_c(handoff_name(c->origin.format)));
	member_int(&m, "rows", c->origin.rows);
	member_text(&m, "head", c->origin.head);
	member_int(&m, "newer", c->rows - c->origin.rows);
	member_int(&m, "line", (int64_t)line);
	member_json(&m, "as_made", str_c(bytes[c->bytes]));
	print_members(&m);
}

static void tell_differs(const struct checking *c, const char *path, size_t line)
{
	long long newer = (long long)(c->rows - c->origin.rows);
	fprintf(stderr, "s3triage: %s", path);
	if (line)
		fprintf(stderr, ":%zu", line);
	if (c->bytes == BYTES_CHANGED)
		fprintf(stderr, ": the file was changed after it was made%s\n", line ? "; this is not what the"
			" journal says" : ": what it says of its origin is not what it was made with");
	else if (c->bytes == BYTES_SAME)
		fprintf(stderr, ": the file is as it was made, but this is not what would be made now: %lld row%s"
			" added since%s\n", newer, newer == 1 ? " was" : "s were", newer ? "" :
			", so the rule, the lists of accounts, the sources or the program differ");
	else
		fprintf(stderr, ": this is not what the journal says now; %lld row%s added since it was made%s\n",
			newer, newer == 1 ? " was" : "s were", newer ? "" : ", so the file was changed, or the rule,"
			" the lists of accounts or the program differ");
}

static int verify_export_tell(
	const struct checking *c, const struct cli *cli, const char *path, size_t line)
{
	long long newer = (long long)(c->rows - c->origin.rows);
	bool agrees = !line && c->bytes != BYTES_CHANGED;
	if (cli->text[OPT_JSON])
		tell_json(c, line, agrees);
	else if (agrees)
		printf("%s: agrees with the journal; %lld row%s added since\n", path, newer,
			newer == 1 ? " was" : "s were");
	else
		tell_differs(c, path, line);
	if (agrees && c->bytes == BYTES_UNKNOWN)
		fputs("s3triage: it has no check of its bytes: by whom and when it was made, and what was asked"
			" for, is not covered\n", stderr);
	return agrees ? EXIT_FINE : EXIT_FAILED;
}

static int verify_export_check(struct checking *c, struct cli *cli, const char *path)
{
	struct err err = {0};
	if (!verify_export_load(c, cli, path, &err) ||
		!handoff_export(&c->s, cli, &c->origin, &c->again, &err))
		return cli_fail(&err);
	size_t line = first_difference(buf_str(&c->file), buf_str(&c->again.out));
	if (line && c->bytes != BYTES_CHANGED && c->origin.sources && !cli->n_sources &&
		!cli->text[OPT_DEMO]) {
		err_set(&err, ERR_USAGE, "%s was made with sources, and their alerts are in it: name them"
			" again with --from%s", path, c->bytes == BYTES_SAME ? "; the file is as it was made" : "");
		return cli_fail(&err);
	}
	return verify_export_tell(c, cli, path, line);
}

int verify_export(struct cli *cli, const char *path)
{
	struct checking c = {0};
	buf_init(&c.again.out, (size_t)4 << 30);
	int code = verify_export_check(&c, cli, path);
	session_fini(&c.s);
	buf_fini(&c.file);
	buf_fini(&c.again.out);
	arena_fini(&c.mem);
	return code;
}
