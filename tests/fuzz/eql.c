/*
 * The dice are the fuzzer's bytes: queries and documents on which the engine and the slow evaluator
 * must agree.
 */
#include "eql_slow.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dice d = {.p = data, .n = size, .seed = size};
	AUTO(buf_fini) struct buf query = {0}, text = {0};
	if (!slow_agrees(&d, &query, &text)) {
		fprintf(stderr, "%s\n   on: %s\n", buf_cstr(&query), buf_cstr(&text));
		abort();
	}
	return 0;
}
