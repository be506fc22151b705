/*
 * contain: the walk over a container's members, arrays and strings. What a thing is, is decided by
 * what it holds. Inside an event, alert or document nothing is looked for: there, text is the caller's,
 * and a JSON text in a tag would become an event that never was.
 */
#include "contain.h"

#include "s3triage/base/mem.h"

enum { CONTAIN_KEY_SHOWN = 40 };

static void contain_visit(struct contain *c, const struct json *v);

/* Two objects with the same keys in the same order are of one kind. */
static bool contain_alike(const struct json *a, const struct json *b)
{
	if (json_type(a) != JSON_OBJECT || json_type(b) != JSON_OBJECT)
		return json_type(a) == json_type(b);
	const struct json *x = json_first(a), *y = json_first(b);
	while (x && y && str_eq(json_key(x), json_key(y))) {
		x = json_next(x);
		y = json_next(y);
	}
	return !x && !y;
}

/* What may have held an event: not a time or a name beside it. */
static bool could_hold(const struct json *v)
{
	return json_type(v) >= JSON_ARRAY || str_find_char(json_str(v), '{') != STR_NONE;
}

/* Of elements of one kind, some held events and others did not: those were looked for in vain. */
static void visit_list(struct contain *c, const struct json *list)
{
	const struct json *held = NULL, *barren = NULL;
	size_t n_barren = 0, n = 0;
	for (const struct json *m = json_first(list); m && !c->full; m = json_next(m), n++) {
		size_t before = c->found + c->told + c->noted;
		contain_visit(c, m);
		if (c->found + c->told + c->noted > before)
			held = held ? held : m;
		else if (could_hold(m) && (!barren || contain_alike(barren, m)))
			n_barren += (barren = barren ? barren : m) != NULL;
	}
	if (held && barren && contain_alike(held, barren))
		contain_tell(c, "%zu of %zu elements hold no event", n_barren, n);
}

/* In a shell's source, which may be anybody's log, texts are looked at only where transports put them:
 * in all others an agent's or a path's text would be taken for an event. */
static bool is_transport(struct str key)
{
	static const char *const keys[] = {"message", "body", "data", "log", "event", "_raw", "payload", "text",
		"msg", "original", "CloudTrailEvent", "eventJson", "stringValue", "short_message"};
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (str_eq_fold(key, str_c(keys[i])))
			return true;
	return false;
}

/* Small letters and digits only, so that all spellings of a key are one. */
static struct str plain_key(struct str key, char *room, size_t most)
{
	size_t n = 0;
	for (size_t i = 0; i < key.n && n < most; i++) {
		char c = key.p[i];
		if (c >= 'A' && c <= 'Z')
			c = (char)(c + 32);
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			room[n++] = c;
	}
	return (struct str){room, n};
}

/* What stands below these is what somebody called with, whoever writes the log: tags, an agent, headers,
 * names. A JSON text there is no event. */
static bool is_said(struct str key)
{
	static const char *const keys[] = {"useragent", "httpuseragent", "ua", "agent", "tag", "tags", "tagset",
		"tagsets", "taglist", "header", "headers", "httpheaders", "requestheaders", "metadata", "labels",
		"annotations", "username", "resourcename", "referer", "referrer", "cookie", "cookies", "uri", "url",
		"query", "querystring", "queryparams", "args", "path", "params", "requestparameters",
		"responseelements", "requestobject", "responseobject", "commandline", "httprequest", "description",
		"title", "summary", "comment", "name"};
	char room[32];
	struct str plain = plain_key(key, room, sizeof(room));
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (str_is(plain, keys[i]))
			return true;
	return false;
}

static void visit_members(struct contain *c, const struct json *v)
{
	size_t before = c->path.n;
	bool said = c->said;
	for (const struct json *m = json_first(v); m && !c->full; m = json_next(m)) {
		if (c->shell && json_type(m) == JSON_STRING && !is_transport(json_key(m)))
			continue;
		buf_fmt(&c->path, "%s%.*s", before ? "." : "", STR_ARG(str_sub(json_key(m), 0, CONTAIN_KEY_SHOWN)));
		c->said = said || is_said(json_key(m));
		contain_visit(c, m);
		c->said = said;
		c->path.n = before;
	}
}

static void visit_shell(struct contain *c, const struct json *record)
{
	const struct json *source[SHELL_PLACES_MAX], *outer = c->shell;
	size_t n = event_shell_source(record, source), before = c->found + c->told;
	c->shell = record;
	for (size_t i = 0; i < n; i++)
		contain_visit(c, source[i]);
	c->shell = outer;
	if (c->found + c->told == before)
		contain_tell(c, "a document without event.action, and what it was made of is no event in it");
}

static void visit_object(struct contain *c, const struct json *v)
{
	switch (event_shape(v)) {
	case SHAPE_CLOUDTRAIL:
	case SHAPE_ECS:
	case SHAPE_ALERT:
	case SHAPE_FOREIGN:
	case SHAPE_FINDING:
		contain_give(c, v, (struct str){0});
		break;
	case SHAPE_EMPTY:
		if (json_first(v)) /* what it is, is known */
			contain_give(c, v, (struct str){0});
		break;
	case SHAPE_SHELL:
		visit_shell(c, v);
		break;
	case SHAPE_UNKNOWN:
		if (!contain_known(c, v))
			visit_members(c, v);
		break;
	}
}

static void contain_visit(struct contain *c, const struct json *v)
{
	enum json_type t = json_type(v);
	if (c->full || c->sink->stop(c->sink->ctx) || !v)
		return;
	if (t == JSON_STRING && c->said)
		return;
	if (t == JSON_STRING)
		contain_text(c, json_str(v));
	else if (t != JSON_OBJECT && t != JSON_ARRAY)
		return;
	else if (t == JSON_OBJECT)
		visit_object(c, v);
	else if (!contain_known(c, v))
		visit_list(c, v);
}

void contain_search(struct contain *c, const struct json *v, const struct contain_sink *sink)
{
	*c = (struct contain){.sink = sink, .visit = contain_visit};
	if (json_type(v) == JSON_OBJECT && !contain_known(c, v))
		visit_members(c, v);
	else if (json_type(v) != JSON_OBJECT)
		contain_visit(c, v);
	buf_fini(&c->path);
}

void contain_search_shell(struct contain *c, const struct json *record, const struct contain_sink *sink)
{
	*c = (struct contain){.sink = sink, .visit = contain_visit};
	visit_shell(c, record);
	buf_fini(&c->path);
}
