/* One record from its JSON to the alert: nothing an event holds may break the way. */
#include "s3triage/base/mem.h"
#include "s3triage/event/alert.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err err = {0};
	enum event_shape shape;
	AUTO(json_free_ptr) struct json *record =
		json_parse((struct str){(const char *)data, size}, &err);
	AUTO(json_free_ptr) struct json *ecs = event_to_ecs(record, &shape, &err);
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
