/* The map string: any text parses, and what came out prints and parses again. */
#include "s3triage/base/mem.h"
#include "s3triage/event/ecs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	bool doubtful, cut;
	AUTO(json_free_ptr) struct json *v =
		mapstring_parse((struct str){(const char *)data, size}, &doubtful, &cut);
	AUTO(buf_fini) struct buf text = {0}, java = {0};
	mapstring_print(v, &text);
	json_free(mapstring_parse(buf_str(&text), &doubtful, &cut));
	struct err err = {0};
	AUTO(json_free_ptr) struct json *json =
		json_parse((struct str){(const char *)data, size}, &err);
	if (json)
		mapstring_print(json, &java);
	return 0;
}
