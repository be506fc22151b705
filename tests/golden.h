/*
 * Golden files: what was drawn is compared with tests/golden/NAME.txt. GOLDEN_UPDATE=1 writes the
 * files anew; the difference is then read by a person before it is committed.
 */
#ifndef TESTS_GOLDEN_H
#define TESTS_GOLDEN_H

#include "s3triage/base/buf.h"

#include <stdio.h>
#include <stdlib.h>

static inline void golden_path(const char *name, const char *suffix, char out[256])
{
	snprintf(out, 256, "tests/golden/%s.txt%s", name, suffix);
}

static inline bool golden_write(const char *path, struct str s)
{
	FILE *f = fopen(path, "w");
	if (!f)
		return false;
	bool ok = fwrite(s.p, 1, s.n, f) == s.n;
	return fclose(f) == 0 && ok;
}

static inline void golden_read(const char *path, struct buf *out)
{
	char piece[4096];
	FILE *f = fopen(path, "r");
	size_t n = 0;
	while (f && (n = fread(piece, 1, sizeof(piece), f)) > 0)
		buf_add(out, (struct str){piece, n});
	if (f)
		fclose(f);
}

/* True when `got` is what the file holds; else `got` is left beside it as NAME.txt.new. */
static inline bool golden_same(const char *name, struct str got)
{
	char path[256], fresh[256];
	struct buf want;
	golden_path(name, "", path);
	golden_path(name, ".new", fresh);
	if (getenv("GOLDEN_UPDATE")) {
		remove(fresh);
		return golden_write(path, got);
	}
	buf_init(&want, 0);
	golden_read(path, &want);
	bool same = str_eq(buf_str(&want), got);
	if (!same && golden_write(fresh, got))
		fprintf(stderr, "%s differs: diff -u %s %s\n", name, path, fresh);
	buf_fini(&want);
	return same;
}

#endif
