/*
 * call: the table of the calls that matter around a replication.
 */
#include "s3triage/event/call.h"

struct row {
	const char *name;
	enum call_group group;
	bool guide;
};

static const struct row *call_row_of(enum call a)
{
	static const struct row rows[] = {
#define X(name, group, guide) {#name, group, guide},
		CALLS(X)
#undef X
		{"", CALL_LOOK, false},
	};
	return &rows[a < CALL_COUNT ? a : CALL_COUNT];
}

enum call call_parse(struct str name)
{
	unsigned a = 0;
	while (a < CALL_COUNT && !str_is(name, call_row_of((enum call)a)->name))
		a++;
	return (enum call)a;
}

const char *call_name(enum call a)
{
	return call_row_of(a)->name;
}

enum call_group call_group(enum call a)
{
	return call_row_of(a)->group;
}

const char *call_group_name(enum call_group g)
{
	static const char *const names[] = {"replication", "looking around", "preparing",
		"another way out", "covering up", "signing in"};
	return names[g];
}

bool call_in_guide(enum call a)
{
	return call_row_of(a)->guide;
}

bool call_replicates(enum call a)
{
	return a < CALL_COUNT && call_group(a) == CALL_REPLICATION;
}

bool call_ends_recording(enum call a)
{
	static const enum call all[] = {CALL_StopLogging, CALL_DeleteTrail, CALL_PutEventSelectors,
		CALL_DeleteFlowLogs, CALL_StopConfigurationRecorder, CALL_DeleteConfigurationRecorder,
		CALL_DeleteDetector, CALL_UpdateDetector, CALL_DisableSecurityHub, CALL_PutBucketLogging};
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (a == all[i])
			return true;
	return false;
}
