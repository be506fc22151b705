/*
 * action: in the body of Elasticsearch's _bulk each document stands behind a line that says where
 * it goes.
 */
#include "action.h"

#include "s3triage/base/mem.h"

static bool action_names(struct str key, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_is(key, names[i]))
			return true;
	return false;
}

bool action_line(const struct json *v)
{
	static const char *const actions[] = {"index", "create", "update", "delete"};
	static const char *const address[] = {"_index", "_id", "_type", "_version", "_parent", "routing",
		"_routing", "version", "version_type", "require_alias", "require_data_stream", "pipeline",
		"if_seq_no", "if_primary_term", "retry_on_conflict", "dynamic_templates", "list_executed_pipelines"};
	const struct json *action = json_first(v);
	if (json_type(v) != JSON_OBJECT || json_count(v) != 1 || json_type(action) != JSON_OBJECT ||
		!action_names(json_key(action), actions, ARRAY_LEN(actions)))
		return false;
	for (const struct json *m = json_first(action); m; m = json_next(m))
		if (!action_names(json_key(m), address, ARRAY_LEN(address)))
			return false;
	return true;
}
