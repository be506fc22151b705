/*
 * err: filling in struct err. Knows nothing of who will read it.
 */
#include "s3triage/base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

__attribute__((format(printf, 3, 0)))
static void err_set_text(struct err *err, enum err_code code, const char *fmt, va_list args)
{
	err->code = code;
	vsnprintf(err->text, sizeof(err->text), fmt, args);
}

bool err_set(struct err *err, enum err_code code, const char *fmt, ...)
{
	if (!err)
		return false;
	va_list args;
	va_start(args, fmt);
	err_set_text(err, code, fmt, args);
	va_end(args);
	return false;
}

bool err_set_errno(struct err *err, const char *fmt, ...)
{
	int number = errno;
	if (!err)
		return false;
	va_list args;
	va_start(args, fmt);
	err_set_text(err, ERR_IO, fmt, args);
	va_end(args);
	size_t n = strlen(err->text);
	snprintf(err->text + n, sizeof(err->text) - n, ": %s", strerror(number));
	return false;
}

bool err_where(struct err *err, const char *file, unsigned long line, unsigned long col)
{
	if (!err)
		return false;
	if (file)
		snprintf(err->file, sizeof(err->file), "%s", file);
	if (line)
		err->line = line;
	if (col)
		err->col = col;
	return false;
}

bool err_prefix(struct err *err, const char *fmt, ...)
{
	if (!err)
		return false;
	char old[sizeof(err->text)];
	memcpy(old, err->text, sizeof(old));
	va_list args;
	va_start(args, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, args);
	va_end(args);
	size_t n = strlen(err->text);
	snprintf(err->text + n, sizeof(err->text) - n, ": %s", old);
	return false;
}

bool err_next(const struct err_more *more, struct err *err, const struct err *found)
{
	if (!err || (err->code && !more))
		return false;
	if (err->code)
		more->tell(more->arg, err);
	*err = *found;
	return false;
}

/* Where no line is known, a text that names its file needs it no second time. */
static bool err_names_file(const struct err *err)
{
	size_t n = strlen(err->file);
	const char *at = err->line || !n ? NULL : strstr(err->text, err->file);
	return at && (at == err->text || at[-1] == ' ') && (!at[n] || strchr(": ,;", at[n]));
}

const char *err_line(const struct err *err, char *out, size_t size)
{
	char place[64] = "";
	if (err->line && err->col)
		snprintf(place, sizeof(place), ":%lu:%lu", err->line, err->col);
	else if (err->line)
		snprintf(place, sizeof(place), ":%lu", err->line);
	if (!err->file[0] && err->line && err->col)
		snprintf(out, size, "line %lu:%lu: %s", err->line, err->col, err->text);
	else if (!err->file[0] || err_names_file(err))
		snprintf(out, size, "%s", err->text);
	else
		snprintf(out, size, "%s%s: %s", err->file, place, err->text);
	return out;
}
