/*
 * table: what a table's columns mean, and its rows as events. What no column tells is not known:
 * only what the call itself implies is filled in, and every such event is marked.
 */
#include "table_priv.h"

#include "ecs_priv.h"
#include "mapstring_priv.h"

#include "s3triage/event/doc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CALL "PutBucketReplication"

bool table_marked(const struct json *record)
{
	struct doc_values tags;
	if (json_get(record, TABLE_MARK))
		return true;
	doc_values(record, STR("tags"), &tags);
	for (size_t i = 0; i < tags.n; i++)
		if (str_is(json_str(tags.v[i]), TABLE_MARK))
			return true;
	return false;
}

/* ---- columns ------------------------------------------------------------------------------ */

/* A field inside one that is an object: "requestParameters.bucketName". */
static struct str inner_path(struct table *t, struct str name, enum cell_how *how)
{
	char folded[TABLE_NAME_MAX];
	size_t dot = str_find_char(name, '.');
	bool braces = dot != STR_NONE && str_ends(str_sub(name, 0, dot), STR("{}"));
	const struct table_field *f = table_event_field(table_name_fold(str_sub(name, 0, dot), folded));
	if (dot == STR_NONE || !f || (f->how != CELL_OBJECT && f->how != CELL_REQUEST))
		return (struct str){0};
	*how = str_ends(name, STR("ccountId")) ? CELL_ACCOUNT : CELL_TEXT;
	return arena_fmt(&t->mem, "%s%s%.*s", f->path, braces ? "{}" : "", STR_ARG(str_sub(name, dot, name.n)));
}

static void column_of(struct table *t, struct column *c)
{
	char tmp[TABLE_NAME_MAX];
	struct str folded = table_name_fold(c->name, tmp);
	bool documents = t->kind == TABLE_DOCUMENTS || t->kind == TABLE_ALERTS;
	const struct table_field *f = documents ? table_document_field(folded) : table_event_field(folded);
	if (!f && t->kind == TABLE_ALERTS)
		f = table_alert_title(folded);
	c->whole = t->kind != TABLE_ALERTS &&
		table_is_whole_name(c->name, t->kind == TABLE_EVENTS || t->kind == TABLE_DOCUMENTS);
	if (t->kind == TABLE_OCSF) {
		c->path = c->name;
		c->how = CELL_STRUCT;
	} else if (f) {
		c->path = str_c(f->path);
		c->how = f->how;
	} else if (documents && table_is_document_name(c->name)) {
		c->path = c->name;
		c->how = CELL_TEXT;
	} else if (!documents) {
		c->path = inner_path(t, c->name, &c->how);
		c->listed = table_path_listed(c->path);
	}
}

struct hints {
	bool events, documents, alerts, rule, severity, titles, whole, ours, class_uid, metadata;
};

static void hint_at(struct str name, struct hints *h)
{
	char tmp[TABLE_NAME_MAX];
	struct str folded = table_name_fold(name, tmp);
	const struct table_field *title = table_alert_title(folded);
	h->alerts |= str_starts(name, STR("kibana.alert.")) || str_starts(name, STR("signal.rule."));
	h->documents |= str_is(folded, "eventaction") || str_starts(name, STR("aws.cloudtrail.")) ||
		str_is(folded, "awscloudtrailrequestparameters");
	h->events |= str_is(folded, "eventname") || str_starts(folded, STR("requestparameters"));
	h->rule |= title && str_is(str_c(title->path), "kibana.alert.rule.name");
	h->severity |= title && str_starts(str_c(title->path), STR("kibana.alert.severity"));
	h->titles |= title && str_starts(str_c(title->path), STR("kibana.alert.r")) &&
		!str_is(str_c(title->path), "kibana.alert.rule.name");
	h->whole |= table_is_whole_name(name, false);
	h->ours |= str_is(name, "decision_time");
	h->class_uid |= str_is(name, "class_uid");
	h->metadata |= str_is(name, "metadata");
}

static enum table_kind kind_by(const struct hints *h)
{
	if (h->ours)
		return TABLE_OURS;
	if (h->class_uid && h->metadata)
		return TABLE_OCSF;
	if (h->alerts || (h->rule && (h->severity || h->titles)))
		return TABLE_ALERTS;
	if (h->documents)
		return TABLE_DOCUMENTS;
	if (h->events)
		return TABLE_EVENTS;
	return h->whole ? TABLE_WHOLE : TABLE_UNKNOWN;
}

static void table_see(struct table *t, const struct column *c)
{
	struct str p = c->path;
	t->names_call |= str_is(p, "eventName") || str_is(p, "event.action");
	t->request |= str_starts(p, STR("requestParameters")) || str_is(p, "event.original") ||
		str_starts(p, STR("aws.cloudtrail.request_parameters")) ||
		str_starts(p, STR("aws.cloudtrail.flattened.request_parameters"));
	for (unsigned i = 0; i < TABLE_IMPLIED; i++)
		if (str_is(p, table_implied(i)->path))
			t->given |= UINT64_C(1) << i;
}

/* Splunk's and Insights' own time of an event, where its own was not asked for. */
static bool transport_time(struct column *c)
{
	if (!str_is(c->name, "_time") && !str_is(c->name, "@timestamp"))
		return false;
	c->path = STR("eventTime");
	c->how = CELL_TIME;
	return true;
}

struct table *table_new(const struct str *names, size_t n)
{
	struct table *t = mem_alloc(sizeof(*t));
	struct hints h = {0};
	bool time = false;
	t->n = n < TABLE_COLUMNS_MAX ? n : TABLE_COLUMNS_MAX;
	t->columns = arena_array(&t->mem, t->n + 1, sizeof(*t->columns));
	for (size_t i = 0; i < t->n; i++) {
		t->columns[i].name = arena_str(&t->mem, names[i]);
		hint_at(names[i], &h);
	}
	t->kind = kind_by(&h);
	for (size_t i = 0; i < t->n; i++) {
		char tmp[TABLE_NAME_MAX];
		column_of(t, &t->columns[i]);
		table_see(t, &t->columns[i]);
		t->resource_names |= str_is(table_name_fold(names[i], tmp), "resourcename");
		time |= str_is(t->columns[i].path, "eventTime");
	}
	for (size_t i = 0; i < t->n && !time && t->kind == TABLE_EVENTS; i++)
		time = transport_time(&t->columns[i]);
	return t;
}

void table_free(struct table *t)
{
	if (!t)
		return;
	arena_fini(&t->mem);
	free(t);
}

void table_free_ptr(struct table **t)
{
	table_free(*t);
}

enum table_kind table_kind(const struct table *t)
{
	return t->kind;
}

size_t table_columns(const struct table *t)
{
	return t->n;
}

bool table_names_call(const struct table *t)
{
	return t->names_call && t->kind != TABLE_ALERTS;
}

bool table_is_history(const struct table *t)
{
	return !t->request && t->resource_names && t->kind == TABLE_EVENTS;
}

bool table_is_header(const struct table *t, const struct str *cells, size_t n)
{
	if (n < t->n)
		return false;
	for (size_t i = 0; i < t->n; i++)
		if (!str_eq(t->columns[i].name, cells[i]))
			return false;
	return true;
}

bool table_next_whole(const struct table *t, size_t *i)
{
	for (++*i; *i < t->n; ++*i)
		if (t->columns[*i].whole)
			return true;
	return false;
}

struct str table_column(const struct table *t, size_t i)
{
	return i < t->n ? t->columns[i].name : (struct str){0};
}

void table_say_columns(const struct table *t, struct buf *out)
{
	enum { SAID = 12, NAME = 30 };
	for (size_t i = 0; i < t->n && i < SAID; i++)
		buf_fmt(out, "%s%.*s", i ? ", " : "", STR_ARG(str_sub(t->columns[i].name, 0, NAME)));
	if (t->n > SAID)
		buf_fmt(out, " and %zu more", t->n - SAID);
}

/* ---- rows --------------------------------------------------------------------------------- */

static void put_documents_rest(const struct table *t, struct json *doc)
{
	const struct json *flat = doc_get(doc, STR("aws.cloudtrail.flattened.request_parameters"));
	if (json_type(flat) == JSON_OBJECT && !doc_get(doc, STR("aws.cloudtrail.request_parameters"))) {
		AUTO(buf_fini) struct buf text = {0};
		mapstring_print(flat, &text);
		json_set_str(doc, "aws.cloudtrail.request_parameters", buf_str(&text));
	}
	bool asks = str_find(doc_str(doc, "aws.cloudtrail.request_parameters"),
		STR("ReplicationConfiguration")) != STR_NONE;
	if (!t->names_call && asks)
		json_set_str(doc, "event.action", STR(CALL));
	if (!str_is(doc_str(doc, "event.action"), CALL))
		return;
	for (unsigned i = 0; i < TABLE_IMPLIED; i++)
		if (!(t->given >> i & 1))
			json_set_str(doc, table_implied(i)->path, str_c(table_implied(i)->value));
	if (doc_get(doc, STR("aws.cloudtrail.error_code")) && !(t->given >> (TABLE_IMPLIED - 1) & 1))
		json_set_str(doc, "event.outcome", STR("failure"));
}

static void put_event_rest(const struct table *t, struct json *doc)
{
	if (!t->names_call && doc_get(doc, STR("requestParameters.ReplicationConfiguration")))
		json_set_str(doc, "eventName", STR(CALL));
	if (str_is(json_str(json_get(doc, "eventName")), CALL) && !json_get(doc, "eventSource"))
		json_set_str(doc, "eventSource", STR("s3.amazonaws.com"));
	const struct json *resources = json_get(doc, "resources");
	if (json_type(resources) == JSON_OBJECT) {
		struct json *list = json_new_array();
		json_push(list, json_copy(resources));
		json_set(doc, "resources", list);
	}
}

static void put_mark(struct json *doc, bool documents)
{
	if (!documents) {
		json_set(doc, TABLE_MARK, json_new_bool(true));
		return;
	}
	struct json *tags = json_new_array();
	const struct json *had = json_get(doc, "tags");
	json_push(tags, json_new_str(STR(TABLE_MARK)));
	if (json_type(had) == JSON_STRING)
		json_push(tags, json_copy(had));
	for (const struct json *m = json_type(had) == JSON_ARRAY ? json_first(had) : NULL; m; m = json_next(m))
		json_push(tags, json_copy(m));
	json_set(doc, "tags", tags);
}

/* How many elements of a list it fills, or 0. */
static size_t put_cell(struct json *doc, bool documents, const struct column *c, struct json *v)
{
	size_t n = 0;
	if (!v)
		return 0;
	if (documents)
		json_set_key(doc, c->path, v);
	else
		n = table_put_path(doc, c, v);
	return n;
}

void table_read_row(const struct table *t, const struct json *const *cells, size_t n,
	struct table_row *out)
{
	bool documents = t->kind == TABLE_DOCUMENTS || t->kind == TABLE_ALERTS;
	*out = (struct table_row){0};
	struct json *doc = json_new_object();
	size_t listed = 0;
	for (size_t i = 0; i < n && i < t->n; i++) {
		const struct column *c = &t->columns[i];
		const char *before = out->unread;
		if (!c->path.n)
			continue;
		out->unread = NULL;
		size_t elements = put_cell(doc, documents, c, table_cell(c, cells[i], out));
		out->doubtful |= elements && listed && elements != listed; /* which goes with which? */
		listed = elements ? elements : listed;
		if (out->unread)
			out->column = c->name;
		else
			out->unread = before;
	}
	if (!json_first(doc)) {
		json_free(doc);
		return;
	}
	if (documents)
		put_documents_rest(t, doc);
	else
		put_event_rest(t, doc);
	bool call = str_is(documents ? doc_str(doc, "event.action") : json_str(json_get(doc, "eventName")), CALL);
	out->replication = call && t->kind != TABLE_ALERTS && !t->request;
	put_mark(doc, documents);
	out->record = doc;
}
