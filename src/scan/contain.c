/*
 * contain: the walk over a container's members, arrays and strings. What a thing is, is decided by
 * what it holds. Inside an event, alert or document nothing is looked for: there, text is the caller's,
 * and a JSON text in a tag would become an event that never was.
 */
#include "contain.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/when.h"

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

/* What can be somebody's words beside a text: no number, and no time. */
static bool is_wordy(const struct json *m)
{
	enum { LONGEST = 40 };
	int64_t ms;
	struct str s = json_str(m);
	if (json_type(m) != JSON_STRING)
		return json_first(m);
	return s.n && (s.n > LONGEST || !when_read(s, &ms));
}

/* What is to be known of an object before a step into it. */
struct around {
	size_t wordy;
	bool pair; /* a tag, a header: a name with its value */
};

static struct around around_of(const struct json *v)
{
	struct around a = {0};
	for (const struct json *m = json_first(v); m; m = json_next(m)) {
		a.wordy += is_wordy(m);
		a.pair |= json_type(m) == JSON_STRING &&
			(str_eq_fold(json_key(m), STR("key")) || str_eq_fold(json_key(m), STR("name")));
	}
	a.pair &= a.wordy == 2;
	return a;
}

/* One step down. Under a key that transports use there is an event. Under any other there may be one, if
 * nothing beside it could be the log's own content: that is read and says where it was. Else a text is
 * somebody's agent, tag or path, and an object what somebody sent. */
static void visit_member(struct contain *c, const struct json *m, const struct around *a)
{
	struct contain before = *c;
	bool named = a->pair && str_eq_fold(json_key(m), STR("value"));
	bool known = contain_key(json_key(m)) && !named, alone = a->wordy == 1;
	buf_fmt(&c->path, "%s%.*s", c->path.n ? "." : "", STR_ARG(str_sub(json_key(m), 0, CONTAIN_KEY_SHOWN)));
	c->unread = !known && (!alone || c->beside || c->ours || c->shell);
	c->aside |= !known && !c->ours;
	c->beside |= !known && !alone;
	contain_visit(c, m);
	c->aside = before.aside;
	c->beside = before.beside;
	c->unread = before.unread;
	c->path.n = before.path.n;
}

static void visit_members(struct contain *c, const struct json *v)
{
	struct around a = around_of(v);
	for (const struct json *m = json_first(v); m && !c->full; m = json_next(m))
		if (is_wordy(m))
			visit_member(c, m, &a);
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
	if (t == JSON_STRING && c->unread && !contain_names_event(json_str(v)))
		return;
	if (t == JSON_STRING && c->unread)
		contain_tell(c, "a text names an event where no transport puts one, among other texts: it was not read");
	else if (t == JSON_STRING)
		contain_text(c, json_str(v));
	else if (t != JSON_OBJECT && t != JSON_ARRAY)
		return;
	else if (t == JSON_OBJECT)
		visit_object(c, v);
	else if (!contain_known(c, v))
		visit_list(c, v);
}

static void contain_whole(struct contain *c, const struct json *v)
{
	if (json_type(v) == JSON_OBJECT && !contain_known(c, v))
		visit_members(c, v);
	else if (json_type(v) != JSON_OBJECT)
		contain_visit(c, v);
	buf_fini(&c->path);
}

void contain_search(struct contain *c, const struct json *v, const struct contain_sink *sink)
{
	*c = (struct contain){.sink = sink, .visit = contain_visit};
	contain_whole(c, v);
}

void contain_search_answer(struct contain *c, const struct json *v, const struct contain_sink *sink)
{
	*c = (struct contain){.sink = sink, .visit = contain_visit, .ours = true};
	contain_whole(c, v);
}

void contain_search_shell(struct contain *c, const struct json *record, const struct contain_sink *sink)
{
	*c = (struct contain){.sink = sink, .visit = contain_visit};
	visit_shell(c, record);
	buf_fini(&c->path);
}
