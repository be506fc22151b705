/*
 * output: where --output leads. Nothing is written through a link, or over a file without --force.
 */
#include "cli_priv.h"

#include "s3triage/base/file.h"

static int output_flags(const struct cli *cli)
{
	return cli->text[OPT_FORCE] ? FILE_REPLACE : 0;
}

bool output_check(const struct cli *cli, struct err *err)
{
	const char *path = cli->text[OPT_OUTPUT];
	if (!path || file_may_place(path, output_flags(cli), err))
		return true;
	if (file_may_place(path, FILE_REPLACE, NULL))
		return err_set(err, ERR_INPUT, "%s exists already; --force overwrites it", path);
	return false;
}

bool output_write(const struct cli *cli, struct str bytes, struct err *err)
{
	const char *path = cli->text[OPT_OUTPUT];
	if (path)
		return file_write(path, bytes, output_flags(cli), err);
	/* An export of nothing has no bytes, not even a place of them. */
	return ((!bytes.n || fwrite(bytes.p, 1, bytes.n, stdout) == bytes.n) && fflush(stdout) == 0) ||
		err_set_errno(err, "standard output");
}

void print_members(struct members *m)
{
	members_close(m);
	puts(buf_cstr(m->out));
	buf_clear(m->out);
}
