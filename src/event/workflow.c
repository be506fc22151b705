/*
 * workflow: the fields of a Kibana alert that people change. Which of two documents of one alert
 * is the newer one is for the store to say.
 */
#include "s3triage/event/workflow.h"

#include "alert_priv.h"

#include "s3triage/base/hash.h"
#include "s3triage/base/mem.h"
#include "s3triage/event/doc.h"

#include <stdlib.h>

static const char *const paths[] = {"kibana.alert.workflow_status", "signal.status",
	"kibana.alert.workflow_status_updated_at", "kibana.alert.workflow_user",
	"kibana.alert.workflow_reason", "kibana.alert.workflow_tags",
	"kibana.alert.workflow_assignee_ids"};

int64_t workflow_time(const struct json *alert)
{
	return fact_time(alert, "kibana.alert.workflow_status_updated_at");
}

uint32_t workflow_hash(const struct json *alert)
{
	char hex[SHA256_HEX];
	AUTO(buf_fini) struct buf all = {0};
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		const struct json *v = doc_get(alert, str_c(paths[i]));
		if (json_type(v) == JSON_NONE)
			continue;
		buf_fmt(&all, "%zu ", i);
		json_print_stable(v, &all);
	}
	if (!all.n)
		return 0;
	sha256_hex(buf_str(&all), hex);
	hex[8] = '\0';
	uint32_t hash = (uint32_t)strtoul(hex, NULL, 16);
	return hash ? hash : 1;
}
