/* JSON: the scan and the parser agree, and what is printed reads back as the same text. */
#include "s3triage/base/mem.h"
#include "s3triage/event/doc.h"
#include "s3triage/event/json.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool ok)
{
	if (!ok)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = {(const char *)data, size};
	struct err err = {0};
	size_t used, mended;
	bool scans = json_scan(text, &used, &mended, &err);
	check(used <= size);
	AUTO(json_free_ptr) struct json *v = json_parse(text, &err);
	check(scans || !v);
	if (!v)
		return 0;
	AUTO(buf_fini) struct buf first = {0}, second = {0}, pretty = {0};
	json_print(v, &first);
	AUTO(json_free_ptr) struct json *again = json_parse(buf_str(&first), &err);
	check(again && json_mended(again) == 0 && json_repeated(again) == 0);
	json_print(again, &second);
	check(str_eq(buf_str(&first), buf_str(&second)));
	AUTO(json_free_ptr) struct json *copy = json_copy(v);
	json_print_pretty(copy, &pretty);
	AUTO(json_free_ptr) struct json *third = json_parse(buf_str(&pretty), &err);
	check(third != NULL);
	struct doc_values values;
	doc_values(v, STR("a.b.c"), &values);
	return 0;
}
