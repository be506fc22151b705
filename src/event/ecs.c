/*
 * ecs: telling records apart by what they hold, never by where they came from, and unwrapping
 * them. A hit's own facts are kept under "_hit", where no ECS field can be.
 */
#include "ecs_priv.h"
#include "finding.h"
#include "ocsf.h"
#include "json_priv.h"
#include "mapstring_priv.h"

#include "s3triage/base/vec.h"
#include "s3triage/event/doc.h"
#include "s3triage/event/table.h"

#include <stdlib.h>

static bool has_path(const struct json *v, const char *const *paths, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (doc_get(v, str_c(paths[i])))
			return true;
	return false;
}

/* 8.x and 9.x keep an alert's facts under kibana.alert, mostly as dotted keys; 7.x under signal. */
static bool is_alert(const struct json *v)
{
	static const char *const paths[] = {"kibana.alert", "signal.rule.id", "signal.rule.name"};
	for (const struct json *m = json_first(v); m; m = json_next(m))
		if (str_starts(json_key(m), STR("kibana.alert.")))
			return true;
	return has_path(v, paths, ARRAY_LEN(paths));
}

static bool is_ecs(const struct json *v)
{
	static const char *const paths[] = {"@timestamp", "event.action", "event.kind",
		"event.dataset", "data_stream.dataset", "ecs.version", "event.original", "aws.cloudtrail",
		"user_agent.original"};
	return has_path(v, paths, ARRAY_LEN(paths));
}

static bool is_digest(const struct json *v)
{
	return json_get(v, "digestS3Bucket") || json_get(v, "digestS3Object") ||
		json_get(v, "digestStartTime");
}

/* Without event.action nothing says which call it was. What a pipeline put into classes is understood
 * all the same; else its source must say it. */
static enum event_shape ecs_shape(const struct json *v)
{
	static const char *const classes[] = {"event.category", "event.type"};
	if (doc_str(v, "event.action").n)
		return SHAPE_ECS;
	AUTO(json_free_ptr) struct json *event = shell_event(v);
	if (event)
		return SHAPE_CLOUDTRAIL;
	return has_path(v, classes, ARRAY_LEN(classes)) ? SHAPE_ECS : SHAPE_SHELL;
}

static bool is_event(const struct json *v)
{
	return ecs_is_cloudtrail(v) || ocsf_kind(v) == OCSF_CLOUDTRAIL;
}

static enum event_shape inner_shape(const struct json *v)
{
	if (json_type(v) != JSON_OBJECT)
		return SHAPE_UNKNOWN;
	if (is_event(v))
		return SHAPE_CLOUDTRAIL;
	if (finding_kind(v) == FINDING_REPLICATED)
		return SHAPE_FINDING;
	if (ocsf_kind(v) == OCSF_OTHER || finding_kind(v) == FINDING_OTHER)
		return SHAPE_FOREIGN;
	if (is_alert(v))
		return SHAPE_ALERT;
	if (is_digest(v) || !json_first(v))
		return SHAPE_EMPTY;
	return is_ecs(v) ? ecs_shape(v) : SHAPE_UNKNOWN;
}

/* An item of the answer to `aws cloudtrail lookup-events`: the event is a string in it. */
static struct str looked_up(const struct json *record)
{
	return json_str(json_get(record, "CloudTrailEvent"));
}

enum event_shape event_shape(const struct json *record)
{
	if (looked_up(record).n)
		return SHAPE_CLOUDTRAIL;
	const struct json *inner = ecs_unwrap(record);
	if (inner == record && json_get(record, "_index") && !is_ecs(record) && !is_alert(record))
		return SHAPE_EMPTY;
	return inner_shape(inner);
}

static void keep_hit(const struct json *record, struct json *doc)
{
	static const char *const keys[] = {"_index", "_id", "_seq_no", "_primary_term"};
	struct json *hit = json_new_object();
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		json_set(hit, keys[i], json_copy(json_get(record, keys[i])));
	if (json_first(hit))
		json_set(doc, "_hit", hit);
	else
		json_free(hit);
}

/* The names of all fields of a document, dotted, in order. */
struct names {
	struct arena mem;
	struct name {
		struct str path;
		const struct json *value;
		bool object, listed; /* within a list, where a name may come again */
	} *v;
	size_t n, cap;
};

enum { NAME_MAX_BYTES = 1024 }; /* a longer one is no field's, and would be copied for all below it */

static void ecs_names_of(struct names *all, const struct json *v, struct str before, bool listed)
{
	for (const struct json *m = json_first(v); m; m = json_next(m)) {
		struct str path = before;
		if (json_type(v) == JSON_OBJECT) {
			if (before.n + json_key(m).n > NAME_MAX_BYTES)
				continue;
			path = before.n ? arena_fmt(&all->mem, "%.*s.%.*s", STR_ARG(before), STR_ARG(json_key(m)))
					: json_key(m);
			all->v = vec_room(all->v, all->n, &all->cap, sizeof(*all->v));
			all->v[all->n++] = (struct name){path, m, json_type(m) == JSON_OBJECT, listed};
		}
		ecs_names_of(all, m, path, listed || json_type(m) == JSON_ARRAY);
	}
}

static int names_compare(const void *a, const void *b)
{
	return str_cmp(((const struct name *)a)->path, ((const struct name *)b)->path);
}

/* A multi-field ("user.name.text" beside a text user.name), or there already. */
static bool ecs_is_known(const struct names *all, struct str key)
{
	for (size_t n = key.n; n; n--) {
		if (n < key.n && key.p[n] != '.')
			continue;
		struct name want = {.path = str_sub(key, 0, n)};
		const struct name *found = bsearch(&want, all->v, all->n, sizeof(want), names_compare);
		if (found && (n == key.n || !found->object))
			return true;
	}
	return false;
}

static bool same_value(const struct json *a, const struct json *b)
{
	AUTO(buf_fini) struct buf x = {0}, y = {0};
	if (json_type(a) == JSON_ARRAY && json_count(a) == 1)
		a = json_first(a);
	if (json_type(b) == JSON_ARRAY && json_count(b) == 1)
		b = json_first(b);
	json_print(a, &x);
	json_print(b, &y);
	return str_eq(buf_str(&x), buf_str(&y));
}

/* Of one event a field has one value; these can be lists, or are of the search, not of the event. */
static bool is_single(struct str path)
{
	static const char *const fields[] = {"event.action", "event.provider", "event.outcome", "event.id",
		"@timestamp", "cloud.region", "cloud.account.id", "source.ip", "user_agent.original",
		"aws.cloudtrail.request_parameters", "aws.cloudtrail.recipient_account_id",
		"aws.cloudtrail.user_identity.arn", "aws.cloudtrail.user_identity.access_key_id"};
	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		if (str_is(path, fields[i]))
			return true;
	return false;
}

static bool is_many(const struct name *n)
{
	const struct json *first = json_type(n->value) == JSON_ARRAY ? json_first(n->value) : NULL;
	return first && json_next(first) && is_single(n->path) && !same_value(first, json_next(first));
}

static bool is_twin(const struct name *a, const struct name *b)
{
	return str_eq(a->path, b->path) && !(a->listed && b->listed) && !a->object && !b->object &&
		(str_starts(a->path, STR("aws.cloudtrail.")) || is_single(a->path)) &&
		!same_value(a->value, b->value);
}

bool ecs_twins(const struct json *ecs)
{
	struct names all = {.n = 0};
	bool twins = false;
	ecs_names_of(&all, ecs, (struct str){0}, false);
	if (all.n)
		qsort(all.v, all.n, sizeof(*all.v), names_compare);
	for (size_t i = 0; i < all.n && !twins; i++)
		twins = (i && is_twin(&all.v[i - 1], &all.v[i])) || is_many(&all.v[i]);
	free(all.v);
	arena_fini(&all.mem);
	return twins;
}

/* A search tells some fields beside _source that are not in it: constants of the mapping (a data
 * stream's data_stream.dataset), aliases, runtime fields. There every value is in an array. */
static void add_fields(const struct json *record, struct json *doc)
{
	const struct json *fields = json_get(record, "fields");
	struct names all = {.n = 0};
	if (json_type(fields) != JSON_OBJECT)
		return;
	ecs_names_of(&all, doc, (struct str){0}, false);
	if (all.n)
		qsort(all.v, all.n, sizeof(*all.v), names_compare);
	for (const struct json *m = json_first(fields); m; m = json_next(m)) {
		const struct json *only = json_count(m) == 1 ? json_first(m) : m;
		if (!ecs_is_known(&all, json_key(m)))
			json_put_new(doc, json_key(m), json_copy(only));
	}
	free(all.v);
	arena_fini(&all.mem);
}

static struct json *from_looked_up(const struct json *record, struct err *err)
{
	AUTO(json_free_ptr) struct json *raw = json_parse(looked_up(record), err);
	if (!raw) {
		err_prefix(err, "CloudTrailEvent");
		return NULL;
	}
	return cloudtrail_to_ecs(raw, err);
}

/* An event as it is, or as another service keeps it: then it is made the event that it was. */
static struct json *from_event(const struct json *event, const struct json **raw, struct err *err)
{
	bool lossy;
	AUTO(json_free_ptr) struct json *mended = cloudtrail_mended(event);
	if (mended)
		return cloudtrail_convert(mended, false, err);
	if (ocsf_kind(event) == OCSF_NONE) {
		if (raw)
			*raw = event;
		return cloudtrail_convert(event, raw != NULL, err);
	}
	AUTO(json_free_ptr) struct json *made = ocsf_to_cloudtrail(event, &lossy);
	if (table_marked(event))
		json_set(made, TABLE_MARK, json_new_bool(true));
	struct json *doc = cloudtrail_to_ecs(made, err);
	if (doc && lossy)
		json_set(doc, EVENT_LOSSY, json_new_bool(true));
	return doc;
}

static struct json *from_shell(const struct json *shell, struct err *err)
{
	AUTO(json_free_ptr) struct json *event = shell_event(shell);
	struct json *doc = cloudtrail_to_ecs(event, err);
	if (doc)
		shell_keep(shell, doc);
	return doc;
}

static struct json *to_ecs(const struct json *record, enum event_shape *shape,
	const struct json **raw, struct err *err)
{
	*shape = event_shape(record);
	if (*shape == SHAPE_UNKNOWN || *shape == SHAPE_EMPTY || *shape == SHAPE_FOREIGN) {
		err_set(err, ERR_INPUT, *shape == SHAPE_EMPTY ? "the record holds no event"
							      : "the record is no event");
		return NULL;
	}
	if (looked_up(record).n)
		return from_looked_up(record, err);
	const struct json *inner = ecs_unwrap(record);
	struct json *doc = *shape == SHAPE_FINDING ? finding_to_ecs(inner)
		: *shape != SHAPE_CLOUDTRAIL ? json_copy(inner)
		: is_event(inner) ? from_event(inner, raw, err) : from_shell(inner, err);
	bool ecs = *shape == SHAPE_ECS || *shape == SHAPE_SHELL;
	if (doc && ecs && inner != record && inner == json_get(record, "_source"))
		add_fields(record, doc);
	if (doc)
		keep_hit(record, doc);
	return doc;
}

struct json *event_to_ecs(const struct json *record, enum event_shape *shape, struct err *err)
{
	return to_ecs(record, shape, NULL, err);
}

struct json *event_to_ecs_lean(const struct json *record, enum event_shape *shape,
	const struct json **raw, struct err *err)
{
	*raw = NULL;
	return to_ecs(record, shape, raw, err);
}
