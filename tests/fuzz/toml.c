/*
 * Any bytes: the reader neither crashes nor leaks, and every failure says where.
 */
#include "s3triage/base/toml.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t walk(const struct toml_value *v)
{
	size_t n = toml_str(v).n + toml_line(v);
	for (size_t i = 0; i < toml_count(v); i++)
		n += toml_key_at(v, i).n + walk(toml_at(v, i));
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err err = {0};
	struct toml *doc = toml_parse((struct str){(const char *)data, size}, "fuzz", &err);
	if (doc && walk(toml_root(doc)) == SIZE_MAX)
		abort();
	if (!doc && (err.code == ERR_NONE || !err.line || !err.text[0]))
		abort();
	toml_free(doc);
	return 0;
}
