/*
 * write_newer: what others decided, as a page of the shared index. Whatever in it is not a decision
 * of the documented shape is counted and passed over. Pure.
 */
#include "write_priv.h"

#include "s3triage/base/when.h"

#include <stdio.h>
#include <string.h>

static void newer_order(struct members *m, const char *key, const char *value)
{
	member_open(m, NULL, '{');
	member_str(m, key, str_c(value));
	member_close(m, 1);
}

static void write_newer_exists(struct members *m, const char *field)
{
	member_open(m, NULL, '{');
	member_open(m, "exists", '{');
	member_str(m, "field", str_c(field));
	member_close(m, 2);
}

static void query(struct members *m, struct str from)
{
	member_open(m, "query", '{');
	member_open(m, "bool", '{');
	member_open(m, "filter", '[');
	write_newer_exists(m, "alert_key");
	if (from.n) {
		member_open(m, NULL, '{');
		member_open(m, "range", '{');
		member_open(m, "written_at", '{');
		member_text(m, "gte", from);
		member_close(m, 3);
	} else {
		write_newer_exists(m, "written_at");
	}
	member_close(m, 3);
}

/* One document an alert: its key makes the order whole. */
void write_newer(const struct write_newer *ask, struct buf *out)
{
	struct members m = members_open(out, '{');
	member_int(&m, "size", ask->size);
	if (ask->bare) {
		member_open(&m, "_source", '[');
		member_str(&m, NULL, STR("written_at"));
		member_close(&m, 1);
	}
	member_bool(&m, "track_total_hits", false);
	query(&m, ask->from);
	member_open(&m, "sort", '[');
	newer_order(&m, "written_at", "asc");
	newer_order(&m, "alert_key", "asc");
	member_close(&m, 1);
	if (ask->after.n)
		member_json(&m, "search_after", ask->after);
	members_close(&m);
}

/* What will be shown of an approval is short. */
enum { APPROVAL_MOST = 16384 };

/* Whose word it is, who put it there and when it was said. Where older versions put it under the name of
 * whoever gave it back, its facts tell. */
static bool read_who(const struct json *source, struct arena *mem, struct outbox_theirs *t)
{
	const struct json *restores = json_get(json_get(source, "facts"), "restores");
	struct str by = json_str(json_get(source, "restored_by")), who = json_str(json_get(source, "analyst"));
	struct str at = json_str(json_get(source, "decided_at")), whose = json_str(json_get(restores, "analyst"));
	if (!by.n && whose.n) {
		by = who;
		who = whose;
		at = json_str(json_get(restores, "at"));
	}
	t->analyst = arena_str(mem, who);
	t->restored_by = arena_str(mem, by);
	return str_trim(who).n && who.n <= JOURNAL_ANALYST_MAX && when_parse(at, &t->at);
}

static bool write_newer_read_one(
	const struct json *source, struct arena *mem, struct outbox_theirs *t)
{
	struct str approval = write_object(json_get(source, "approval"), mem);
	int64_t schema = 0;
	*t = (struct outbox_theirs){.key = arena_str(mem, json_str(json_get(source, "alert_key"))),
		.hash = arena_str(mem, json_str(json_get(source, "hash"))),
		.alert_id = arena_str(mem, json_str(json_get(source, "alert_id"))),
		.event_id = arena_str(mem, json_str(json_get(source, "event_id"))),
		.rule_id = arena_str(mem, json_str(json_get(source, "rule_id"))),
		.reason = arena_str(mem, json_str(json_get(source, "reason"))),
		.note = arena_str(mem, json_str(json_get(source, "note")))};
	t->journal = arena_str(mem, json_str(json_get(source, "journal")));
	if (json_int(json_get(source, "journal_rows"), &t->last.rows))
		snprintf(t->last.head, sizeof(t->last.head), "%.*s",
			STR_ARG(json_str(json_get(source, "journal_head"))));
	t->facts = write_object(json_get(source, "facts"), mem);
	t->approval = approval.n <= APPROVAL_MOST ? approval : (struct str){0};
	return json_int(json_get(source, "schema"), &schema) && schema == 1 && t->key.n &&
		t->hash.n && t->hash.n <= 128 && t->facts.n &&
		read_who(source, mem, t) && t->reason.n <= DECISION_REASON_MAX && t->note.n <= DECISION_NOTE_MAX &&
		verdict_parse(json_str(json_get(source, "verdict")), &t->verdict);
}

/* ---- hit by hit: one that is nested too deep, or broken, costs itself ------------------------ */

static struct str write_newer_after_space(struct str s)
{
	while (s.n && strchr(" \t\r\n,", s.p[0]))
		s = str_sub(s, 1, s.n);
	return s;
}

/* Behind the '[' of the outer hits.hits; inside a string the quotes would be escaped. */
static bool first_hit(struct str body, struct str *rest)
{
	for (size_t at; (at = str_find(body, STR("\"hits\""))) != STR_NONE;) {
		body = write_newer_after_space(str_sub(body, at + 6, body.n));
		if (!body.n || body.p[0] != ':')
			continue;
		*rest = write_newer_after_space(str_sub(body, 1, body.n));
		if (rest->n && rest->p[0] == '[') {
			*rest = str_sub(*rest, 1, rest->n);
			return true;
		}
	}
	return false;
}

/* The object in front, however deep: by its braces outside of strings. */
static bool write_newer_next_hit(struct str *rest, struct str *hit)
{
	size_t depth = 0;
	bool quoted = false;
	*rest = write_newer_after_space(*rest);
	if (!rest->n || rest->p[0] != '{')
		return false;
	for (size_t i = 0; i < rest->n; i++) {
		char c = rest->p[i];
		if (quoted && c == '\\')
			i++;
		else if (c == '"')
			quoted = !quoted;
		else if (!quoted && (c == '{' || c == '['))
			depth++;
		else if (!quoted && (c == '}' || c == ']') && --depth == 0) {
			*hit = str_sub(*rest, 0, i + 1);
			*rest = str_sub(*rest, i + 1, rest->n);
			return true;
		}
	}
	return false;
}

/* Its place in the order, as JSON; of one that cannot be read the last member of that name. */
static void read_after(struct str hit, const struct json *read, struct arena *mem,
	struct write_page *out)
{
	AUTO(buf_fini) struct buf sort = {0};
	size_t used = 0;
	if (json_type(json_get(read, "sort")) == JSON_ARRAY) {
		json_print(json_get(read, "sort"), &sort);
		out->after = arena_str(mem, buf_str(&sort));
	}
	if (read)
		return;
	for (struct str s = hit; (used = str_find(s, STR("\"sort\":"))) != STR_NONE;)
		hit = s = str_sub(s, used + 7, s.n);
	if (json_scan(hit, &used, NULL, NULL) && hit.n && write_newer_after_space(hit).p[0] == '[')
		out->after = arena_str(mem, str_sub(hit, 0, used));
}

static void write_newer_read_hit(struct str text, struct arena *mem, struct write_page *out)
{
	AUTO(json_free_ptr) struct json *hit = json_parse(text, NULL);
	const struct json *source = json_get(hit, "_source");
	struct str written = json_str(json_get(source, "written_at"));
	if (written.n)
		out->last = arena_str(mem, written);
	read_after(text, hit, mem, out);
	if (hit && write_newer_read_one(source, mem, &out->v[out->n]))
		out->n++;
	else
		out->broken++;
}

bool write_newer_read(struct str body, struct arena *mem, struct write_page *out, struct err *err)
{
	struct str rest, text;
	*out = (struct write_page){0};
	if (!first_hit(body, &rest))
		return err_set(err, ERR_NETWORK, "the answer to the search is no JSON, or has no hits in it");
	out->v = arena_array(mem, WRITE_NEWER_PAGE, sizeof(*out->v));
	while (out->hits < WRITE_NEWER_PAGE && write_newer_next_hit(&rest, &text)) {
		out->hits++;
		write_newer_read_hit(text, mem, out);
	}
	rest = write_newer_after_space(rest);
	return (rest.n && rest.p[0] == ']') ||
		err_set(err, ERR_NETWORK, "the answer to the search is broken JSON or was cut off");
}
