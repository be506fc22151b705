/*
 * Any bytes as a file that may be a table: the scan ends, counts each problem that it tells, and never has
 * more rows than lines. For time as well: many quotes that do not end, rows of many cells.
 */
#include "s3triage/base/mem.h"
#include "s3triage/base/when.h"
#include "s3triage/scan/scan.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err err = {0};
	struct scan_batch b;
	struct scan_progress p;
	struct rule *rule = rule_builtin();
	size_t told = 0, matches = 0, lines = 1;
	struct scan_options o = {.rule = rule, .demo = {(const char *)data, size}, .since = WHEN_NONE,
		.until = WHEN_NONE, .threads = 1};
	for (size_t i = 0; i < size; i++)
		lines += data[i] == '\n';
	struct scan *s = scan_start(&o, &err);
	while (s && scan_wait(s))
		while (scan_take(s, &b)) {
			for (size_t i = 0; i < b.n_matches; i++)
				if (b.matches[i].place.line > lines || !b.matches[i].raw.n)
					abort();
			matches += b.n_matches;
			told += b.n_problems;
			arena_fini(&b.mem);
		}
	if (s)
		scan_progress(s, &p);
	if (s && (!p.done || matches != p.matches || (p.problems && !told)))
		abort();
	scan_free(s);
	rule_free(rule);
	return 0;
}
