/*
 * Any text as a query; what compiles is run, explained and asked for its literals.
 */
#include "s3triage/base/mem.h"
#include "s3triage/detect/eql.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const documents[] = {
	"{}", "{\"a\":1,\"b\":\"x\",\"event\":{\"category\":[\"a\",\"b\"]},\"c\":[true,null,\"\",2.5]}",
	"{\"a\":\"2017-08-30T20:47:33Z\",\"b\":\"10.0.0.1\",\"ip\":\"::1\",\"a.b\":[\"\xc3\xa9\",\"*\"]}",
};

static void run(const struct eql *q, const struct json *doc)
{
	AUTO(buf_fini) struct buf out = {0};
	struct eql_run *r = eql_run_new(q);
	bool first = eql_match(q, r, doc), again = eql_match(q, r, doc);
	if (first != again)
		abort();
	eql_explain(q, doc, &out);
	eql_run_free(r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err err = {0};
	struct eql *q = eql_compile((struct str){(const char *)data, size}, NULL, &err);
	if (!q) {
		if (err.code == ERR_NONE || !err.text[0] || !err.line || !err.col)
			abort();
		return 0;
	}
	struct str literals[8];
	eql_literals(q, literals, ARRAY_LEN(literals));
	eql_literals_ecs(q, literals, ARRAY_LEN(literals));
	for (size_t i = 0; i < eql_field_count(q); i++)
		if (eql_field(q, i).n == 0)
			abort();
	for (size_t i = 0; i < ARRAY_LEN(documents); i++) {
		struct json *doc = json_parse(str_c(documents[i]), NULL);
		run(q, doc);
		json_free(doc);
	}
	eql_free(q);
	return 0;
}
