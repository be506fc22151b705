/*
 * Any bytes: what is made visible is valid, free of hostile characters, and fits where it is told
 * to; a time that is read is written and read as the same.
 */
#include "s3triage/base/utf8.h"
#include "s3triage/base/when.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool holds)
{
	if (!holds)
		abort();
}

static void visible(struct str s, bool keep_newline)
{
	struct buf out = {0};
	utf8_visible(&out, s, keep_newline);
	struct str rest = buf_str(&out);
	expect(utf8_valid(rest, NULL));
	size_t cells = utf8_cells(rest);
	struct str part = utf8_fit(rest, cells / 2);
	expect(part.n <= rest.n && utf8_cells(part) <= cells / 2);
	expect(utf8_fit(rest, cells).n == rest.n);
	while (rest.n) {
		uint32_t cp = utf8_next(&rest);
		expect((keep_newline && cp == '\n') || !utf8_is_hostile(cp));
	}
	buf_fini(&out);
}

static void times(struct str s)
{
	int64_t ms, again;
	char text[WHEN_TEXT_MAX];
	struct err err = {0};
	if (when_parse(s, &ms) && when_format(ms, text)[0])
		expect(when_parse(str_c(text), &again) && again == ms);
	if (!when_bound(s, 1795486387000, &ms, &err))
		expect(err.code == ERR_USAGE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str s = {(const char *)data, size};
	visible(s, false);
	visible(s, true);
	times(s);
	return 0;
}
