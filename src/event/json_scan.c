/*
 * json_scan: the grammar of JSON text, walked with a stack of its own, so that hostile nesting
 * cannot exhaust the C stack. json_scan() only checks, json_parse() also builds the tree. cJSON's
 * own parser is not used: it rounds numbers, takes broken UTF-8, text after the value and
 * repeated keys without a word, and writes a global at every call, which threads may not share.
 */
#include "json_priv.h"

#include "s3triage/base/mem.h"

#include <stdlib.h>
#include <string.h>

struct walk {
	struct json_lex x;
	bool build;
	unsigned depth;
	size_t repeated;
	struct json *root;
	struct json_span key; /* of the member that comes next */
	struct {
		struct json *node;
		bool object;
	} at[JSON_DEPTH_MAX];
};

/* Puts a new node where the walk is. */
static struct json *json_scan_add(struct walk *w, int type, struct json_span text)
{
	struct json *parent = w->depth ? w->at[w->depth - 1].node : NULL;
	bool keyed = w->depth && w->at[w->depth - 1].object;
	struct json *v = json_node(type, keyed ? w->key : (struct json_span){0}, text);
	if (parent)
		json_append(parent, v);
	else
		w->root = v;
	return v;
}

static bool same_key(const struct json *a, const struct json *b)
{
	return a->key_n == b->key_n && memcmp(a->c.string, b->c.string, a->key_n) == 0;
}

static void json_scan_drop(struct walk *w, struct json *object, struct json *member)
{
	json_free(json_wrap(cJSON_DetachItemViaPointer(&object->c, &member->c)));
	w->repeated++;
}

struct keyed {
	struct json *node;
	uint64_t hash;
	size_t place;
};

static int by_hash(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;
	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return x->place < y->place ? -1 : x->place > y->place;
}

/* Many members: sorted by hash, so that no document makes this slow. Of equal keys, in document
 * order, all but the last are dropped. */
static void drop_repeated_many(struct walk *w, struct json *object, size_t n)
{
	AUTO(mem_free_ptr) struct keyed *all = mem_array(n, sizeof(*all));
	size_t i = 0;
	for (cJSON *c = object->c.child; c; c = c->next, i++)
		all[i] = (struct keyed){json_wrap(c), str_hash(json_key(json_wrap(c))), i};
	qsort(all, n, sizeof(*all), by_hash);
	for (i = 0; i + 1 < n; i++) {
		size_t j = i + 1;
		while (j < n && all[j].hash == all[i].hash && !same_key(all[i].node, all[j].node))
			j++;
		if (j < n && all[j].hash == all[i].hash)
			json_scan_drop(w, object, all[i].node);
	}
}

enum { FEW_MEMBERS = 12 };

static void drop_repeated(struct walk *w, struct json *object)
{
	size_t n = 0;
	for (cJSON *c = object->c.child; c; c = c->next)
		n++;
	if (n > FEW_MEMBERS) {
		drop_repeated_many(w, object, n);
		return;
	}
	for (cJSON *c = object->c.child, *next; c; c = next) {
		next = c->next;
		cJSON *later = next;
		while (later && !same_key(json_wrap(c), json_wrap(later)))
			later = later->next;
		if (later)
			json_scan_drop(w, object, json_wrap(c));
	}
}

static bool json_scan_read_key(struct walk *w)
{
	struct json_lex *x = &w->x;
	json_lex_space(x);
	if (x->p == x->end || *x->p != '"')
		return json_lex_fail(x, x->p, "a key in quotes");
	x->p++;
	if (!json_lex_string(x, &w->key))
		return false;
	json_lex_space(x);
	if (x->p == x->end || *x->p != ':')
		return json_lex_fail(x, x->p, "a colon");
	x->p++;
	return true;
}

static void json_scan_leave(struct walk *w)
{
	w->depth--;
	if (w->build && w->at[w->depth].object)
		drop_repeated(w, w->at[w->depth].node);
}

/* x->p is on '{' or '['. *open tells whether a first value follows. */
static bool json_scan_enter(struct walk *w, bool *open)
{
	struct json_lex *x = &w->x;
	bool object = *x->p == '{';
	if (w->depth == JSON_DEPTH_MAX) {
		json_lex_fail(x, x->p, "a flatter value");
		return err_set(x->err, ERR_LIMIT, "JSON nested deeper than %d", JSON_DEPTH_MAX);
	}
	struct json *node = NULL;
	if (w->build)
		node = json_scan_add(w, object ? cJSON_Object : cJSON_Array, (struct json_span){0});
	w->at[w->depth].node = node;
	w->at[w->depth++].object = object;
	x->p++;
	json_lex_space(x);
	*open = x->p == x->end || *x->p != (object ? '}' : ']');
	if (*open)
		return !object || json_scan_read_key(w);
	x->p++;
	w->depth--;
	return true;
}

static bool json_scan_word(struct walk *w, struct str text, int type)
{
	struct json_lex *x = &w->x;
	struct str rest = {x->p, (size_t)(x->end - x->p)};
	if (!str_starts(rest, text))
		return json_lex_fail(x, str_starts(text, rest) ? x->end : x->p, "a value");
	x->p += text.n;
	if (w->build)
		json_scan_add(w, type, (struct json_span){0});
	return true;
}

static bool json_scan_scalar(struct walk *w)
{
	struct json_lex *x = &w->x;
	struct json_span text;
	int type = cJSON_Number;
	switch (*x->p) {
	case 't':
		return json_scan_word(w, STR("true"), cJSON_True);
	case 'f':
		return json_scan_word(w, STR("false"), cJSON_False);
	case 'n':
		return json_scan_word(w, STR("null"), cJSON_NULL);
	case '"':
		type = cJSON_String;
		x->p++;
		if (!json_lex_string(x, &text))
			return false;
		break;
	default:
		if (!json_lex_number(x, &text))
			return false;
	}
	if (w->build)
		json_scan_add(w, type, text);
	return true;
}

/* Behind a value: leaves containers that end here. *more tells whether another value follows. */
static bool after_value(struct walk *w, bool *more)
{
	struct json_lex *x = &w->x;
	while (w->depth) {
		bool object = w->at[w->depth - 1].object;
		json_lex_space(x);
		char c = x->p < x->end ? *x->p : '\0';
		if (c == ',') {
			x->p++;
			*more = true;
			return !object || json_scan_read_key(w);
		}
		if (c != (object ? '}' : ']'))
			return json_lex_fail(x, x->p, object ? "a comma or }" : "a comma or ]");
		x->p++;
		json_scan_leave(w);
	}
	*more = false;
	return true;
}

static bool json_scan_walk(struct walk *w)
{
	struct json_lex *x = &w->x;
	for (bool more = true; more;) {
		json_lex_space(x);
		if (x->p == x->end)
			return json_lex_fail(x, x->p, "a value");
		bool open = false;
		if (!(*x->p == '{' || *x->p == '[' ? json_scan_enter(w, &open)
						   : json_scan_scalar(w)))
			return false;
		if (!open && !after_value(w, &more))
			return false;
	}
	return true;
}

static void walk_init(struct walk *w, struct str text, struct err *err)
{
	w->x.base = w->x.p = text.p ? text.p : "";
	w->x.cut = text.n > JSON_BYTES_MAX;
	w->x.end = w->x.p + (w->x.cut ? JSON_BYTES_MAX : text.n);
	w->x.mended = 0;
	w->x.err = err;
	if (str_starts(text, STR("\xEF\xBB\xBF")))
		w->x.p += 3;
	w->depth = 0;
	w->repeated = 0;
	w->root = NULL;
}

bool json_scan(struct str text, size_t *used, size_t *mended, struct err *err)
{
	struct walk w;
	walk_init(&w, text, err);
	w.build = false;
	bool ok = json_scan_walk(&w);
	*used = (size_t)(w.x.p - w.x.base);
	if (mended)
		*mended = w.x.mended;
	return ok;
}

struct json *json_parse(struct str text, struct err *err)
{
	struct walk w;
	walk_init(&w, text, err);
	w.build = true;
	bool ok = json_scan_walk(&w);
	if (ok) {
		json_lex_space(&w.x);
		ok = w.x.p == w.x.end && !w.x.cut;
		if (!ok)
			json_lex_fail(&w.x, w.x.p, "nothing after the value");
	}
	if (!ok) {
		json_free(w.root);
		return NULL;
	}
	if (json_type(w.root) != JSON_NUMBER)
		w.root->c.valuedouble = (double)w.x.mended;
	if (json_count(w.root))
		w.root->c.valueint = w.repeated > INT32_MAX ? INT32_MAX : (int)w.repeated;
	return w.root;
}
