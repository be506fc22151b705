/*
 * Calls that set a recording: those that leave it on weigh nothing beside an alert.
 */
#include "../../src/event/tame.h"

#include "../unit.h"

static void what_stays_on_is_tame(void **state)
{
	(void)state;
	static const struct {
		enum call call;
		const char *request;
		bool tame;
	} cases[] = {
		{CALL_PutEventSelectors, "{\"eventSelectors\":[{\"readWriteType\":\"All\",\"includeManagementEvents\":true}]}", true},
		{CALL_PutEventSelectors, "{\"eventSelectors\":[{\"readWriteType\":\"WriteOnly\"}]}", false},
		{CALL_PutEventSelectors, "{\"eventSelectors\":[{\"readWriteType\":\"All\",\"includeManagementEvents\":false}]}", false},
		{CALL_PutEventSelectors, "{\"advancedEventSelectors\":[{\"fieldSelectors\":[{\"field\":\"eventCategory\",\"equals\":[\"Management\"]}]}]}", true},
		{CALL_PutEventSelectors, "{\"advancedEventSelectors\":[{\"fieldSelectors\":[{\"field\":\"readOnly\",\"equals\":[\"true\"]}]}]}", false},
		{CALL_PutEventSelectors, "null", false},
		{CALL_UpdateDetector, "{\"detectorId\":\"d\",\"enable\":true}", true},
		{CALL_UpdateDetector, "{\"detectorId\":\"d\",\"enable\":false}", false},
		{CALL_PutBucketLogging, "{\"BucketLoggingStatus\":{\"LoggingEnabled\":{\"TargetBucket\":\"b\"}}}", true},
		{CALL_PutBucketLogging, "{\"BucketLoggingStatus\":{\"xmlns\":\"x\"}}", false},
		{CALL_StopLogging, "{\"name\":\"t\"}", false}, {CALL_DeleteTrail, "{\"name\":\"t\"}", false},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct json *doc = json_parse(str_c(cases[i].request), NULL);
		if (call_is_tame(cases[i].call, doc) != cases[i].tame)
			fail_msg("case %zu", i);
		json_free(doc);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(what_stays_on_is_tame)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
