/*
 * A rule file of any kind: every rule in it loads or is refused with a file; what loads is run and
 * explained on a document, and its guide is filled in.
 */
#include "s3triage/base/mem.h"
#include "s3triage/detect/rule.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool each(void *arg, struct rule *r, const struct err *problem)
{
	const struct json *doc = arg;
	if (!r) {
		if (!problem->text[0] || !problem->file[0])
			abort();
		return true;
	}
	struct buf out;
	buf_init(&out, 1 << 20);
	struct rule_run *run = rule_run_new(r);
	struct str lit[4];
	rule_match(r, run, doc);
	rule_explain(r, doc, &out);
	rule_literals(r, lit, ARRAY_LEN(lit));
	rule_note_expand(r->note, doc, &out);
	if (!r->name.n || !rule_kind(r)[0])
		abort();
	rule_run_free(run);
	rule_free(r);
	buf_fini(&out);
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err err = {0};
	struct json *doc = json_parse(STR("{\"event\":{\"action\":\"PutBucketReplication\",\"type\":"
					  "[\"info\"]},\"host.name\":\"a`\\u001b\"}"),
		NULL);
	if (!rule_load_text((struct str){(const char *)data, size}, "f", each, doc, &err) &&
		(!err.text[0] || !err.file[0]))
		abort();
	json_free(doc);
	return 0;
}
