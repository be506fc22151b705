/*
 * Kibana's writing side, for behaviours that begin with "kw": statuses, tags, notes and cases of
 * alerts are kept, so that what was really done can be asked for (GET /NAME/state). Shapes: Kibana's
 * public API reference.
 */
#include "stub.h"

#include <string.h>
#include <unistd.h>

struct kept {
	char name[32], id[32], status[32], by[32], tags[8][64], note[256];
	int n_tags, notes, cases, writes, tag_writes;
};

enum { KEPT_MAX = 64 };
static struct kept *keep(struct str name, struct str id)
{
	static struct kept all[KEPT_MAX]; /* under the stub's lock */
	for (size_t i = 0; i < KEPT_MAX; i++) {
		struct kept *k = &all[i];
		if (!k->name[0]) {
			snprintf(k->name, sizeof(k->name), "%.*s", STR_ARG(name));
			snprintf(k->id, sizeof(k->id), "%.*s", STR_ARG(id));
			snprintf(k->status, sizeof(k->status), "open");
		}
		if (str_is(name, k->name) && str_is(id, k->id))
			return k;
	}
	return NULL;
}

static void search(struct str name, const struct json *ids, struct buf *out)
{
	int put = 0;
	buf_c(out, "{\"_shards\":{\"failed\":0},\"hits\":{\"hits\":[");
	for (const struct json *i = json_first(ids); i; i = json_next(i)) {
		const struct kept *k = keep(name, json_str(i));
		buf_fmt(out, "%s{\"_index\":\".internal.alerts-1\",\"_id\":\"%s\",\"_source\":{"
			"\"kibana.alert.workflow_status\":\"%s\",\"kibana.alert.workflow_user\":\"%s\","
			"\"kibana.alert.workflow_status_updated_at\":\"t%d\",\"kibana.alert.rule.uuid\":\"r1\","
			"\"kibana.alert.workflow_tags\":[", put++ ? "," : "", k->id, k->status, k->by, k->writes);
		for (int t = 0; t < k->n_tags; t++)
			buf_fmt(out, "%s\"%s\"", t ? "," : "", k->tags[t]);
		buf_c(out, "]}}");
	}
	buf_c(out, "]}}");
}

static bool take_status(struct kept *k, struct str name, int nth, struct str status)
{
	if (nth == 0 && str_is(name, "kwpart")) { /* lee was quicker with the first one */
		snprintf(k->status, sizeof(k->status), "acknowledged");
		snprintf(k->by, sizeof(k->by), "u_lee");
		return false;
	}
	snprintf(k->status, sizeof(k->status), "%.*s", STR_ARG(status));
	snprintf(k->by, sizeof(k->by), "u_kim");
	k->writes++;
	return true;
}

/* Only alerts that still have the status which the query names. */
static void change(struct str name, const struct json *v, struct buf *out)
{
	int total = 0, updated = 0;
	const struct json *any = json_get(json_get(json_get(v, "query"), "bool"), "should");
	for (const struct json *one = json_first(any); one; one = json_next(one)) {
		const struct json *filter = json_get(json_get(one, "bool"), "filter");
		const struct json *ids = json_get(json_get(json_first(filter), "ids"), "values");
		struct str from = json_str(json_first(json_get(json_get(json_at(filter, 1), "terms"),
			"kibana.alert.workflow_status")));
		for (const struct json *i = json_first(ids); i; i = json_next(i)) {
			struct kept *k = keep(name, json_str(i));
			if (str_is(from, k->status))
				updated += take_status(k, name, total++, json_str(json_get(v, "status")));
		}
	}
	buf_fmt(out, "{\"took\":3,\"timed_out\":false,\"total\":%d,\"updated\":%d,\"deleted\":0,\"batches\":1,"
		"\"version_conflicts\":%d,\"noops\":0,\"failures\":[]}", total, updated, total - updated);
}

static void tag(struct kept *k, struct str text, bool add)
{
	int n = 0;
	for (int i = 0; i < k->n_tags; i++)
		if (!str_is(text, k->tags[i]))
			memmove(k->tags[n++], k->tags[i], sizeof(k->tags[i]));
	k->n_tags = n;
	if (add && n < 8)
		snprintf(k->tags[k->n_tags++], sizeof(k->tags[0]), "%.*s", STR_ARG(text));
}

static void change_tags(struct str name, const struct json *v, struct buf *out)
{
	const struct json *tags = json_get(v, "tags");
	for (const struct json *i = json_first(json_get(v, "ids")); i; i = json_next(i)) {
		struct kept *k = keep(name, json_str(i));
		k->tag_writes++;
		for (const struct json *t = json_first(json_get(tags, "tags_to_remove")); t; t = json_next(t))
			tag(k, json_str(t), false);
		for (const struct json *t = json_first(json_get(tags, "tags_to_add")); t; t = json_next(t))
			tag(k, json_str(t), true);
	}
	buf_c(out, "{\"took\":1,\"updated\":1,\"failures\":[]}");
}

static void notes(struct str name, struct str id, const struct json *v, struct buf *out)
{
	const struct json *note = json_get(v, "note");
	struct kept *k = keep(name, note ? json_str(json_get(note, "eventId")) : id);
	if (note) {
		k->notes++;
		snprintf(k->note, sizeof(k->note), "%.*s", STR_ARG(json_str(json_get(note, "note"))));
		buf_c(out, "{\"note\":{}}");
		return;
	}
	buf_c(out, "{\"notes\":[");
	if (k->notes) {
		buf_c(out, "{\"note\":");
		json_quote(str_c(k->note), out);
		buf_char(out, '}');
	}
	buf_fmt(out, "],\"totalCount\":%d}", k->notes);
}

static void state(struct str name, struct str id, struct buf *out)
{
	const struct kept *k = keep(name, id);
	buf_fmt(out, "%s by %s, %d writes, %d notes, %d cases, %d tag writes:", k->status, k->by, k->writes,
		k->notes, k->cases, k->tag_writes);
	for (int i = 0; i < k->n_tags; i++)
		buf_fmt(out, " %s", k->tags[i]);
	buf_fmt(out, "; %s\n", k->note);
}

static struct str last_word(struct str path, char before)
{
	path = str_sub(path, str_rfind_char(path, before) + 1, path.n);
	return str_cut(&path, '?');
}

static bool carry_out(const struct kibana_call *c, const struct json *v, struct buf *out)
{
	const struct json *ids = json_get(json_get(json_get(v, "query"), "ids"), "values");
	if (str_starts(c->path, STR("/state/")))
		state(c->name, last_word(c->path, '/'), out);
	else if (str_starts(c->path, STR("/api/status")))
		buf_c(out, "{\"name\":\"k\",\"version\":{\"number\":\"9.5.1\"},\"status\":{}}");
	else if (str_find(c->path, STR("signals/search")) != STR_NONE && ids)
		search(c->name, ids, out);
	else if (str_find(c->path, STR("signals/status")) != STR_NONE)
		change(c->name, v, out);
	else if (str_find(c->path, STR("signals/tags")) != STR_NONE)
		change_tags(c->name, v, out);
	else if (str_starts(c->path, STR("/api/note")))
		notes(c->name, last_word(c->path, '='), v, out);
	else if (str_starts(c->path, STR("/api/cases/alerts/")))
		buf_c(out, keep(c->name, last_word(c->path, '/'))->cases ? "[{\"id\":\"c1\"}]" : "[]");
	else if (str_starts(c->path, STR("/api/cases/c1/comments")))
		buf_fmt(out, "{\"totalComment\":%d}", ++keep(c->name, json_str(json_first(json_get(v,
			"alertId"))))->cases);
	else
		return false;
	return true;
}

/* Refused before anything is done: for good, or the first time. */
static int refused(const struct kibana_call *c)
{
	bool change_status = str_find(c->path, STR("signals/status")) != STR_NONE;
	if (str_is(c->name, "kw400") && change_status)
		return 400;
	return str_is(c->name, "kwnote") && str_starts(c->path, STR("/api/note")) && c->nth < 7 ? 403 : 0;
}

bool kibana_write(struct stub *s, const struct kibana_call *c, int *status, struct buf *out)
{
	AUTO(json_free_ptr) struct json *v = json_parse(c->body, NULL);
	*status = refused(c);
	if (*status) {
		buf_fmt(out, "{\"message\":\"not like that\",\"status_code\":%d}", *status);
		return true;
	}
	pthread_mutex_lock(&s->lock);
	bool done = carry_out(c, v, out);
	pthread_mutex_unlock(&s->lock);
	*status = 200;
	if (done && str_is(c->name, "kwkill") && str_find(c->path, STR("signals/tags")) != STR_NONE && c->nth < 12)
		sleep(2);
	return done;
}
