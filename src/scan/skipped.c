/*
 * skipped: what was left out and is no problem, in one sentence, for whoever counts it.
 */
#include "s3triage/scan/scan.h"

#include "s3triage/base/mem.h"

size_t scan_skipped_words(const size_t n[SKIP_COUNT], struct buf *out)
{
	static const char *const words[SKIP_COUNT][2] = {
		[SKIP_NO_JSON] = {"holds no JSON", "hold no JSON"},
		[SKIP_EMPTY] = {"is empty", "are empty"},
		[SKIP_DIGEST] = {"is a digest file", "are digest files"},
		[SKIP_HIDDEN] = {"has a name that begins with a dot", "have names that begin with a dot"},
		[SKIP_SPECIAL] = {"is a link, pipe or device", "are links, pipes or devices"},
	};
	size_t all = 0, said = 0;
	for (size_t i = 0; i < SKIP_COUNT; i++)
		all += n[i];
	if (!all)
		return 0;
	buf_fmt(out, "%zu file%s not read: ", all, all == 1 ? " was" : "s were");
	for (size_t i = 0; i < SKIP_COUNT; i++)
		if (n[i])
			buf_fmt(out, "%s%zu %s", said++ ? ", " : "", n[i], words[i][n[i] != 1]);
	return all;
}
