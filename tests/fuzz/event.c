/* One record from its JSON to the alert: nothing an event holds may break the way. */
#include "s3triage/base/mem.h"
#include "s3triage/event/alert.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void print(const struct json *raw, struct buf *out)
{
	AUTO(json_free_ptr) struct json *ecs = cloudtrail_to_ecs(raw, NULL);
	struct json *event = (struct json *)(uintptr_t)json_get(ecs, "event");
	json_remove(event, "original");
	json_print(ecs, out);
}

/* A dotted key at the top turns the quick way through the fields off. */
static void same_both_ways(const struct json *raw)
{
	AUTO(buf_fini) struct buf quick = {0}, slow = {0};
	AUTO(json_free_ptr) struct json *dotted = json_copy(raw);
	json_set(dotted, "no.field", json_new_null());
	print(raw, &quick);
	print(dotted, &slow);
	if (!str_eq(buf_str(&quick), buf_str(&slow)))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err err = {0};
	enum event_shape shape;
	AUTO(json_free_ptr) struct json *record =
		json_parse((struct str){(const char *)data, size}, &err);
	AUTO(json_free_ptr) struct json *ecs = event_to_ecs(record, &shape, &err);
	if (json_type(record) == JSON_OBJECT)
		same_both_ways(record);
	event_check(record, &err);
	if (!ecs)
		return 0;
	struct arena mem = {0};
	struct replication request;
	replication_read(ecs, &mem, &request);
	for (size_t i = 0; i < request.n_rules; i++)
		if (request.rules[i].account.n != 0 && request.rules[i].account.n != 12)
			abort();
	struct alert alert;
	if (alert_read(ecs, shape, NULL, &mem, &alert) && (!alert.id.n || !alert_main_dest(&alert)))
		abort();
	arena_fini(&mem);
	return 0;
}
