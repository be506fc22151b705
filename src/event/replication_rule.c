/*
 * replication_rule: the request's JSON (or the tree of a map string) as rules. S3's XML became this
 * JSON: one child is an object, several are a list, text that looks like a number or a boolean is
 * one, an empty element is "". Only the real spelling of the keys counts.
 */
#include "replication_priv.h"

#include "s3triage/event/ecs.h"

#include <string.h>

enum { TAGS_MAX = 100 };

/* A member that is an object, or the first object of a list. */
static const struct json *inner(const struct json *v, const char *key)
{
	v = json_get(v, key);
	if (json_type(v) == JSON_ARRAY)
		for (v = json_first(v); v && json_type(v) != JSON_OBJECT;)
			v = json_next(v);
	return json_type(v) == JSON_OBJECT ? v : NULL;
}

static bool form_has(const struct json *v, const char *key)
{
	const struct json *m = json_get(v, key);
	return m && json_type(m) != JSON_NULL && (json_type(m) != JSON_STRING || json_str(m).n);
}

static struct str replication_rule_text_at(const struct json *v, const char *key, struct arena *mem)
{
	return form_text(json_get(v, key), mem);
}

static bool says(const struct json *v, const char *word)
{
	if (json_type(v) == JSON_ARRAY) {
		for (const struct json *m = json_first(v); m; m = json_next(m))
			if (str_is(json_str(m), word))
				return true;
		return false;
	}
	return str_is(json_str(v), word);
}

static enum tristate status_of(const struct json *v, const char *key)
{
	const struct json *status = json_get(inner(v, key), "Status");
	if (says(status, "Enabled"))
		return TRI_ON;
	return says(status, "Disabled") ? TRI_OFF : TRI_UNSET;
}

static void add_tag(const struct json *tag, struct replication_tag *tags, size_t *n,
	struct arena *mem)
{
	if (json_type(tag) != JSON_OBJECT || *n == TAGS_MAX)
		return;
	tags[*n].key = replication_rule_text_at(tag, "Key", mem);
	tags[*n].value = replication_rule_text_at(tag, "Value", mem);
	++*n;
}

static void replication_rule_read_tags(
	const struct json *v, struct replication_rule *r, struct arena *mem)
{
	struct replication_tag tags[TAGS_MAX];
	size_t n = 0;
	add_tag(v, tags, &n, mem);
	if (json_type(v) == JSON_ARRAY)
		for (const struct json *m = json_first(v); m; m = json_next(m))
			add_tag(m, tags, &n, mem);
	if (!n)
		return;
	struct replication_tag *kept = arena_array(mem, n, sizeof(*kept));
	memcpy(kept, tags, n * sizeof(*kept));
	r->tags = kept;
	r->n_tags = n;
}

static void read_filter(const struct json *rule, struct replication_rule *r, struct arena *mem)
{
	const struct json *filter = inner(rule, "Filter"), *both = inner(filter, "And");
	if (!json_get(rule, "Filter")) {
		r->prefix = replication_rule_text_at(rule, "Prefix", mem);
		r->filter = r->prefix.n ? FILTER_V1_PREFIX : FILTER_NONE;
		return;
	}
	const struct json *terms = both ? both : filter;
	r->prefix = replication_rule_text_at(terms, "Prefix", mem);
	replication_rule_read_tags(json_get(terms, "Tag"), r, mem);
	if (both ? r->prefix.n || r->n_tags : r->prefix.n && r->n_tags)
		r->filter = FILTER_AND;
	else if (r->n_tags)
		r->filter = FILTER_TAG;
	else
		r->filter = r->prefix.n ? FILTER_PREFIX : FILTER_ALL;
}

static void read_destination(const struct json *d, struct replication_rule *r, struct arena *mem)
{
	r->bucket_arn = replication_rule_text_at(d, "Bucket", mem);
	bool arn = str_starts(r->bucket_arn, STR("arn:"));
	r->bucket = arn ? arn_part(r->bucket_arn, 5) : r->bucket_arn;
	r->partition = arn ? arn_part(r->bucket_arn, 1) : (struct str){0};
	r->account_text = replication_rule_text_at(d, "Account", mem);
	r->account = account_normal(r->account_text, mem);
	r->storage_class = replication_rule_text_at(d, "StorageClass", mem);
	r->kms_key = replication_rule_text_at(
		inner(d, "EncryptionConfiguration"), "ReplicaKmsKeyID", mem);
	r->owner_override = says(json_get(inner(d, "AccessControlTranslation"), "Owner"), "Destination");
	r->replication_time = status_of(d, "ReplicationTime");
	r->metrics = status_of(d, "Metrics");
	r->time_minutes = replication_rule_text_at(inner(inner(d, "ReplicationTime"), "Time"), "Minutes", mem);
	r->metrics_minutes = replication_rule_text_at(inner(inner(d, "Metrics"), "EventThreshold"), "Minutes", mem);
}

static void read_rule(const struct json *rule, struct replication_rule *r, struct arena *mem)
{
	const struct json *criteria = inner(rule, "SourceSelectionCriteria");
	r->id = replication_rule_text_at(rule, "ID", mem);
	r->status = replication_rule_text_at(rule, "Status", mem);
	r->enabled = says(json_get(rule, "Status"), "Enabled");
	const struct json *priority = json_get(rule, "Priority");
	r->has_priority = json_int(priority, &r->priority) ||
		str_int(form_text(priority, mem), &r->priority);
	read_filter(rule, r, mem);
	r->delete_markers = status_of(rule, "DeleteMarkerReplication");
	r->existing_objects = status_of(rule, "ExistingObjectReplication");
	r->replica_modifications = status_of(criteria, "ReplicaModifications");
	r->kms_objects = status_of(criteria, "SseKmsEncryptedObjects");
}

static bool ends_in(const struct json *v)
{
	return json_get(v, MAPSTRING_CUT) != NULL;
}

/* The text ends in the rule: of what is not there nothing is known, and nothing must look as if it
 * were: no filter, no account, a Status of half a word. */
static void read_cut(const struct json *rule, const struct json *d, struct replication_rule *r)
{
	const struct json *filter = inner(rule, "Filter");
	struct str rest = STR(MAPSTRING_REST);
	r->cut = ends_in(rule);
	if (!r->cut)
		return;
	if (!r->prefix.n && !r->n_tags && (!filter || ends_in(filter))) {
		r->filter = FILTER_PREFIX;
		r->prefix = rest;
	}
	bool open = json_type(d) != JSON_OBJECT || ends_in(d);
	r->account_text = open && !r->account_text.n ? rest : r->account_text;
	r->bucket = open && !r->bucket.n ? rest : r->bucket;
	if (str_ends(r->status, rest))
		r->status = (struct str){0};
}

/* Several objects where S3 takes one: only one of them can have been believed. */
static bool is_doubled(const struct json *v)
{
	static const char *const single[] = {"Filter", "And", "DeleteMarkerReplication", "SourceSelectionCriteria",
		"ExistingObjectReplication", "AccessControlTranslation", "EncryptionConfiguration",
		"ReplicationTime", "Metrics", "SseKmsEncryptedObjects", "ReplicaModifications"};
	for (size_t i = 0; i < ARRAY_LEN(single); i++) {
		const struct json *m = json_get(v, single[i]);
		if (json_type(m) == JSON_ARRAY && json_count(m) > 1 && json_type(json_first(m)) == JSON_OBJECT)
			return true;
	}
	return false;
}

struct rule_list {
	struct replication_rule *rules;
	size_t n;
	bool cut, unread;
	struct str unknown; /* of the configuration */
	struct arena *mem;
};

/* What the rule is read as leaves something out: filters that are more than one, too many tags. */
static bool is_cut(const struct json *rule, const struct replication_rule *r)
{
	const struct json *filter = inner(rule, "Filter"), *both = inner(filter, "And");
	bool beside = both && (form_has(filter, "Prefix") || form_has(filter, "Tag"));
	return beside || r->n_tags == TAGS_MAX || (json_get(rule, "Filter") && form_has(rule, "Prefix"));
}

static void read_unknown(const struct json *rule, const struct json *d, struct rule_list *list,
	struct replication_rule *r)
{
	AUTO(buf_fini) struct buf names = {0};
	buf_add(&names, list->unknown);
	known_rule(rule, &names);
	known_destination(d, &names);
	r->unread = arena_str(list->mem, buf_str(&names));
	list->unread |= names.n > 0;
}

/* One entry for each destination of a rule, and one for a rule that has none. */
static void add_rule(const struct json *rule, struct rule_list *list)
{
	list->unread |= json_type(rule) != JSON_OBJECT;
	if (json_type(rule) != JSON_OBJECT)
		return;
	struct replication_rule base = {0};
	read_rule(rule, &base, list->mem);
	list->unread |= is_doubled(rule) || is_doubled(json_get(rule, "Filter")) ||
		is_doubled(json_get(rule, "SourceSelectionCriteria")) || is_cut(rule, &base);
	const struct json *d = json_get(rule, "Destination"), *of = rule;
	if (json_type(d) == JSON_ARRAY && json_first(d))
		d = json_first(d);
	else
		rule = NULL; /* a single one: it has no siblings to walk */
	do {
		if (list->n == REPLICATION_RULES_MAX) {
			list->cut = true;
			return;
		}
		list->unread |= (d && json_type(d) != JSON_OBJECT && json_type(d) != JSON_NULL) || is_doubled(d);
		list->rules[list->n] = base;
		read_unknown(of, d, list, &list->rules[list->n]);
		read_destination(d, &list->rules[list->n], list->mem);
		read_cut(of, d, &list->rules[list->n++]);
	} while (rule && (d = json_next(d)));
}

static void replication_rule_read_rules(
	const struct json *configuration, struct arena *mem, struct request_facts *out)
{
	size_t n = 0;
	AUTO(buf_fini) struct buf unknown = {0};
	const struct json *rule = json_get(configuration, "Rule");
	known_configuration(configuration, &unknown);
	bool many = json_type(rule) == JSON_ARRAY;
	for (const struct json *m = many ? json_first(rule) : rule; m; m = many ? json_next(m) : NULL) {
		size_t here = json_type(json_get(m, "Destination")) == JSON_ARRAY
			? json_count(json_get(m, "Destination")) : 1;
		n += here ? here : 1;
	}
	if (n > REPLICATION_RULES_MAX)
		n = REPLICATION_RULES_MAX;
	struct rule_list list = {.mem = mem, .rules = arena_array(mem, n, sizeof(*list.rules)),
		.unknown = buf_str(&unknown), .unread = unknown.n > 0};
	for (const struct json *m = many ? json_first(rule) : rule; m && !list.cut;
		m = many ? json_next(m) : NULL)
		add_rule(m, &list);
	out->rules = list.rules;
	out->n_rules = list.n;
	out->cut = list.cut;
	out->unread = list.unread;
}

static bool looks_alike(const struct json *request, const struct json *configuration)
{
	static const char *const beside[] = {"Rules", "rules", "rule", "Destination", "destination",
		"replicationConfiguration"};
	static const char *const inside[] = {"Rules", "rules", "rule"};
	for (size_t i = 0; i < sizeof(beside) / sizeof(beside[0]); i++)
		if (json_get(request, beside[i]))
			return true;
	for (size_t i = 0; i < sizeof(inside) / sizeof(inside[0]); i++)
		if (json_get(configuration, inside[i]))
			return true;
	return false;
}

void form_read(const struct json *request, struct arena *mem, struct request_facts *out)
{
	const struct json *configuration = inner(request, "ReplicationConfiguration");
	const struct json *omitted = json_get(request, "omitted");
	*out = (struct request_facts){0};
	out->bucket = replication_rule_text_at(request, "bucketName", mem);
	out->role = replication_rule_text_at(configuration, "Role", mem);
	out->omitted = json_bool(omitted) || str_is(json_str(omitted), "true");
	out->look_alike = looks_alike(request, configuration);
	replication_rule_read_rules(configuration, mem, out);
	if (!configuration)
		form_read_other(request, mem, out);
	out->none = out->n_rules == 0;
	const struct json *said = json_get(request, "ReplicationConfiguration");
	out->unread |= !request || !form_is_text(json_get(request, "bucketName")) ||
		(said && !configuration && json_type(said) != JSON_NULL);
}

