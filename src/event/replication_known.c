/*
 * replication_known: what of a rule is not understood: a member that S3 had not when this was written,
 * or a value that it does not know. Who reads on without it must say so. Facts: Amazon S3 API
 * reference, ReplicationRule.
 */
#include "replication_priv.h"

#include "s3triage/event/ecs.h"

/* Objects, then what a value may be. */
enum part { CONFIGURATION, RULE, FILTER, AND, TAG, CRITERIA, DESTINATION, SWITCH, OWNER, KEY, TIMED, METRICS,
	MINUTES, TEXT, ON_OFF, NUMBER, NEW_OWNER };

struct known {
	enum part in;
	const char *name;
	enum part is;
};

static const struct known known[] = {
	{CONFIGURATION, "Role", TEXT}, {RULE, "ID", TEXT}, {RULE, "Priority", NUMBER}, {RULE, "Prefix", TEXT},
	{RULE, "Filter", FILTER}, {RULE, "Status", ON_OFF}, {RULE, "SourceSelectionCriteria", CRITERIA},
	{RULE, "ExistingObjectReplication", SWITCH}, {RULE, "DeleteMarkerReplication", SWITCH},
	{FILTER, "Prefix", TEXT}, {FILTER, "Tag", TAG}, {FILTER, "And", AND},
	{AND, "Prefix", TEXT}, {AND, "Tag", TAG}, {TAG, "Key", TEXT}, {TAG, "Value", TEXT},
	{CRITERIA, "SseKmsEncryptedObjects", SWITCH}, {CRITERIA, "ReplicaModifications", SWITCH},
	{DESTINATION, "Bucket", TEXT}, {DESTINATION, "Account", TEXT}, {DESTINATION, "StorageClass", TEXT},
	{DESTINATION, "AccessControlTranslation", OWNER}, {DESTINATION, "EncryptionConfiguration", KEY},
	{DESTINATION, "ReplicationTime", TIMED}, {DESTINATION, "Metrics", METRICS},
	{SWITCH, "Status", ON_OFF}, {OWNER, "Owner", NEW_OWNER}, {KEY, "ReplicaKmsKeyID", TEXT},
	{TIMED, "Status", ON_OFF}, {TIMED, "Time", MINUTES}, {METRICS, "Status", ON_OFF},
	{METRICS, "EventThreshold", MINUTES}, {MINUTES, "Minutes", NUMBER},
};

enum { NAMES_MAX = 300 };

static void known_note(struct str name, struct buf *out)
{
	name = text_cut(name, 60);
	if (out->n > NAMES_MAX || str_find(buf_str(out), name) != STR_NONE)
		return;
	buf_fmt(out, "%s%.*s", out->n ? " " : "", STR_ARG(name));
}

static bool is_understood(enum part is, const struct json *v)
{
	int64_t n;
	struct arena mem = {0};
	struct str s = form_text(v, &mem);
	bool fine = is == TEXT ? form_is_text(v) : !s.n ||
		(is == NUMBER ? str_int(s, &n) : is == NEW_OWNER ? str_is(s, "Destination") :
			str_is(s, "Enabled") || str_is(s, "Disabled"));
	arena_fini(&mem);
	return fine;
}

/* Elements without anything in them are "". */
static bool known_says_nothing(const struct json *v)
{
	return json_type(v) == JSON_NULL || (json_type(v) == JSON_STRING && !json_str(v).n);
}

static void known_look_at(enum part is, struct str name, const struct json *v, struct buf *out);

static void known_look_into(enum part in, const struct json *v, struct buf *out)
{
	for (const struct json *m = json_first(v); m; m = json_next(m)) {
		struct str name = json_key(m);
		size_t i = 0;
		while (i < ARRAY_LEN(known) && !(known[i].in == in && str_is(name, known[i].name)))
			i++;
		bool passed = str_starts(name, STR("xmlns")) ||
			(in == CONFIGURATION && str_is(name, MAPSTRING_CUT)) || (in == RULE && str_is(name, "Destination")) ||
			(in == CONFIGURATION && str_is(name, "Rule")); /* these are looked at one by one */
		if (i < ARRAY_LEN(known))
			known_look_at(known[i].is, name, m, out);
		else if (!passed)
			known_note(name, out);
	}
}

static void known_look_at(enum part is, struct str name, const struct json *v, struct buf *out)
{
	bool many = json_type(v) == JSON_ARRAY;
	if (is >= TEXT) {
		if (!is_understood(is, v))
			known_note(name, out);
		return;
	}
	for (const struct json *m = many ? json_first(v) : v; m; m = many ? json_next(m) : NULL) {
		if (json_type(m) == JSON_OBJECT)
			known_look_into(is, m, out);
		else if (!known_says_nothing(m))
			known_note(name, out);
	}
}

void known_configuration(const struct json *v, struct buf *out)
{
	known_look_into(CONFIGURATION, v, out);
}

void known_rule(const struct json *v, struct buf *out)
{
	known_look_into(RULE, v, out);
}

void known_destination(const struct json *v, struct buf *out)
{
	known_look_into(DESTINATION, v, out);
}
