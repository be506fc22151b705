/*
 * fail: how an error looks on stderr.
 */
#include "cli_priv.h"

#include "s3triage/base/utf8.h"

#include <stdarg.h>
#include <string.h>

/* What stands in the line before the error, as wide as it is shown. */
static size_t caret_cells(const struct err *err)
{
	struct str rest = str_c(err->excerpt);
	for (unsigned long i = err->excerpt_from + 1; i < err->col && rest.n; i++)
		utf8_next(&rest);
	struct buf before = {0};
	utf8_visible(&before, str_sub(str_c(err->excerpt), 0, strlen(err->excerpt) - rest.n), true);
	size_t cells = utf8_cells(buf_str(&before));
	buf_fini(&before);
	return cells;
}

/* The offending line, tabs as blanks, and a caret under the column. */
static void print_excerpt(const struct err *err)
{
	struct buf line = {0};
	utf8_visible(&line, str_c(err->excerpt), true);
	const char *lead = err->excerpt_from ? "..." : "";
	fprintf(stderr, "  %s%s\n", lead, buf_cstr(&line));
	if (err->col > err->excerpt_from)
		fprintf(stderr, "  %*s^\n", (int)(caret_cells(err) + strlen(lead)), "");
	buf_fini(&line);
}

int cli_fail(const struct err *err)
{
	char line[1024];
	struct buf shown = {0};
	utf8_visible(&shown, str_c(err_line(err, line, sizeof(line))), true);
	fprintf(stderr, "s3triage: %s\n", buf_cstr(&shown));
	buf_fini(&shown);
	if (err->excerpt[0])
		print_excerpt(err);
	return err->code == ERR_USAGE ? EXIT_WRONG_USAGE : EXIT_FAILED;
}

int cli_usage(const char *fmt, ...)
{
	char text[512];
	va_list args;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	struct err err = {0};
	err_set(&err, ERR_USAGE, "%s", text);
	return cli_fail(&err);
}
