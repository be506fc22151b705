/*
 * tame: calls that set how something is recorded, and so can end it: whether this one does. What cannot
 * be read may have.
 */
#include "tame.h"

#include "s3triage/base/mem.h"

enum { ITEMS_MAX = 64 };

/* Somewhere below a value, with this key. */
static bool any_key_is(const struct json *v, const char *key, bool (*is)(const struct json *))
{
	const struct json *own = json_get(v, key);
	if (own && is(own))
		return true;
	for (size_t i = 0; i < json_count(v) && i < ITEMS_MAX; i++)
		if (any_key_is(json_at(v, i), key, is))
			return true;
	return false;
}

static bool tame_word(const struct json *v, const char *word)
{
	char tmp[JSON_SCALAR_MAX];
	return str_eq_fold(json_text(v, tmp), str_c(word));
}

static bool tame_false(const struct json *v)
{
	return tame_word(v, "false");
}

static bool tame_true(const struct json *v)
{
	return tame_word(v, "true");
}

static bool is_not_all(const struct json *v)
{
	return !tame_word(v, "All");
}

static bool is_read_only_field(const struct json *v)
{
	return tame_word(v, "readOnly") || tame_word(v, "eventSource") || tame_word(v, "eventName");
}

static bool tame_object(const struct json *v)
{
	return json_type(v) == JSON_OBJECT;
}

bool call_is_tame(enum call c, const struct json *request)
{
	if (json_type(request) != JSON_OBJECT)
		return c == CALL_PutBucketLogging;
	switch ((int)c) {
	case CALL_PutEventSelectors:
		return !any_key_is(request, "includeManagementEvents", tame_false) &&
			!any_key_is(request, "readWriteType", is_not_all) &&
			!any_key_is(request, "field", is_read_only_field);
	case CALL_UpdateDetector:
		return any_key_is(request, "enable", tame_true);
	case CALL_PutBucketLogging:
		return any_key_is(request, "LoggingEnabled", tame_object);
	default:
		return false;
	}
}
