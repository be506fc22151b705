/*
 * contain_say: what the walk over a container hands on: records, problems and notes, with the place.
 */
#include "contain.h"

#include "s3triage/base/mem.h"

#include <stdarg.h>
#include <stdio.h>

enum { KEYS_SHOWN = 8, KEY_SHOWN = 40, PATH_SHOWN = 100, TEXT_MAX = 400 };

__attribute__((format(printf, 3, 0)))
static void contain_say(struct contain *c, void (*to)(void *, const char *), const char *fmt, va_list args)
{
	char text[TEXT_MAX];
	vsnprintf(text, sizeof(text), fmt, args);
	if (!c->path.n) {
		to(c->sink->ctx, text);
		return;
	}
	AUTO(buf_fini) struct buf whole = {0};
	struct str path = buf_str(&c->path);
	buf_fmt(&whole, "at %.*s%s: %s", STR_ARG(str_sub(path, 0, PATH_SHOWN)),
		path.n > PATH_SHOWN ? "..." : "", text);
	to(c->sink->ctx, buf_cstr(&whole));
}

void contain_tell(struct contain *c, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	contain_say(c, c->sink->problem, fmt, args);
	va_end(args);
	c->told++;
}

void contain_note(struct contain *c, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	contain_say(c, c->sink->note, fmt, args);
	va_end(args);
	c->noted++;
}

void contain_keys(const struct json *v, struct buf *out)
{
	size_t n = 0;
	for (const struct json *m = json_first(v); m; m = json_next(m), n++)
		if (n < KEYS_SHOWN)
			buf_fmt(out, "%s%.*s", n ? ", " : "", STR_ARG(str_sub(json_key(m), 0, KEY_SHOWN)));
	if (n > KEYS_SHOWN)
		buf_fmt(out, " and %zu more", n - KEYS_SHOWN);
}

bool contain_charge(struct contain *c, size_t bytes)
{
	c->bytes += bytes;
	if (c->bytes <= CONTAIN_BYTES_MAX)
		return true;
	if (!c->full)
		contain_tell(c, "more than %zu MiB of text within one record; the rest was not searched",
			CONTAIN_BYTES_MAX >> 20);
	c->full = true;
	return false;
}

void contain_place(struct contain *c)
{
	c->sink->found_in(c->sink->ctx, c->aside ? buf_str(&c->path) : c->sink->outside);
}

void contain_give(struct contain *c, const struct json *record, struct str text)
{
	struct arena_mark mark = {0};
	if (c->sink->trees)
		mark = arena_mark(c->sink->trees);
	AUTO(buf_fini) struct buf printed = {0}, whole = {0};
	AUTO(json_free_ptr) struct json *of_shell = NULL;
	if (!text.n)
		json_print(record, &printed);
	contain_place(c);
	if (c->shell) {
		of_shell = event_shell_of(c->shell, text.n ? text : buf_str(&printed));
		json_print(of_shell, &whole);
		c->sink->record(c->sink->ctx, buf_str(&whole), of_shell, c->root);
	} else {
		c->sink->record(c->sink->ctx, text.n ? text : buf_str(&printed), record, c->root);
	}
	c->found++;
	json_free(of_shell);
	of_shell = NULL;
	if (c->sink->trees)
		arena_release(c->sink->trees, mark);
}
