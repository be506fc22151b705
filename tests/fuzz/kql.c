/*
 * KQL text in both dialects: compiles or says why not, at a place inside the text; what compiles is
 * asked, explained and searched for literals. A literal of a query that matches is in the subject.
 */
#include "s3triage/base/mem.h"
#include "s3triage/detect/kql.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const doc[] = {"event.action", "PutBucketReplication", "source.ip", "192.0.2.7",
	"n", "-4.5", "v6", "2001:db8::1", "when", "2026-11-24T02:13:07Z", "", "x", NULL};

static bool values(const void *ctx, struct str field, bool (*each)(void *, struct str), void *arg)
{
	for (const char *const *p = ctx; p[0]; p += 2)
		if ((str_is(field, "*") || str_is(field, p[0])) && each(arg, str_c(p[1])))
			return true;
	return false;
}

static void ask(const struct kql *q)
{
	struct kql_subject s = {doc, values};
	struct str lit[4];
	struct buf out;
	buf_init(&out, 1 << 20);
	bool matched = kql_match(q, &s);
	kql_explain(q, &s, &out);
	if (!out.over && (out.n == 0 || (out.p[0] == '+') != matched))
		abort();
	buf_fini(&out);
	size_t n = kql_literals(q, lit, ARRAY_LEN(lit));
	for (size_t i = 0; i < n; i++)
		if (matched && str_find(str_c(doc[1]), lit[i]) == STR_NONE)
			abort();
	for (size_t i = 0; i < kql_field_count(q); i++)
		if (!kql_field(q, i).n)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct kql_options dialects[] = {{0}, {.free_text = true},
		{.fold_case = true, .words = true, .contains = true}};
	for (size_t i = 0; i < ARRAY_LEN(dialects); i++) {
		struct err err = {0};
		struct kql *q = kql_compile((struct str){(const char *)data, size}, &dialects[i], &err);
		if (q)
			ask(q);
		else if (!err.text[0] || (err.code == ERR_PARSE && !err.line))
			abort();
		kql_free(q);
	}
	return 0;
}
