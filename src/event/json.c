/*
 * json: nodes, and reading and building trees of them. Numbers live as the digits they were
 * written with; nothing here rounds unless a double is asked for.
 */
#include "json_priv.h"

#include "s3triage/base/mem.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The address sanitizer sees more when every node is its own allocation. */
#if defined(__SANITIZE_ADDRESS__)
#define POOLS 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define POOLS 0
#endif
#endif
#ifndef POOLS
#define POOLS 1
#endif

static _Thread_local struct arena *pool;

void json_pool_enter(struct arena *mem)
{
	pool = POOLS ? mem : NULL;
}

void json_pool_leave(void)
{
	pool = NULL;
}

struct json *json_node(int type, struct json_span key, struct json_span text)
{
	size_t room = key.n + key.grow + 1 + text.n + text.grow + 1;
	struct json *v = pool ? arena_bytes(pool, sizeof(*v) + room)
			      : mem_resize(NULL, sizeof(*v) + room, 1);
	memset(v, 0, sizeof(*v));
	v->pooled = pool != NULL;
	v->c.type = type;
	char *to = v->bytes;
	if (key.p) {
		v->c.string = to;
		v->c.type |= cJSON_StringIsConst;
		v->key_n = (uint32_t)json_lex_decode(key, to);
		to += v->key_n;
		*to++ = '\0';
	}
	if (text.p) {
		v->c.valuestring = to;
		v->c.type |= cJSON_IsReference;
		v->c.valueint = (int)json_lex_decode(text, to);
		to[v->c.valueint] = '\0';
	}
	return v;
}

void json_free(struct json *v)
{
	if (v && !v->pooled)
		cJSON_Delete(&v->c);
}

void json_free_ptr(struct json **v)
{
	json_free(*v);
}

enum json_type json_type(const struct json *v)
{
	switch (v ? v->c.type & 0xFF : 0) {
	case cJSON_NULL:
		return JSON_NULL;
	case cJSON_False:
	case cJSON_True:
		return JSON_BOOL;
	case cJSON_Number:
		return JSON_NUMBER;
	case cJSON_String:
		return JSON_STRING;
	case cJSON_Array:
		return JSON_ARRAY;
	case cJSON_Object:
		return JSON_OBJECT;
	default:
		return JSON_NONE;
	}
}

size_t json_mended(const struct json *root)
{
	return root && json_type(root) != JSON_NUMBER ? (size_t)root->c.valuedouble : 0;
}

size_t json_repeated(const struct json *root)
{
	return json_count(root) ? (size_t)root->c.valueint : 0;
}

const struct json *json_get_str(const struct json *object, struct str key)
{
	if (json_type(object) != JSON_OBJECT)
		return NULL;
	for (const cJSON *c = object->c.child; c; c = c->next) {
		const struct json *m = json_wrap_const(c);
		if (m->key_n == key.n && (!key.n || memcmp(c->string, key.p, key.n) == 0))
			return m;
	}
	return NULL;
}

struct json *json_get_mutable(struct json *object, const char *key)
{
	return (struct json *)(uintptr_t)json_get(object, key);
}

const struct json *json_first(const struct json *container)
{
	enum json_type t = json_type(container);
	if (t != JSON_ARRAY && t != JSON_OBJECT)
		return NULL;
	return json_wrap_const(container->c.child);
}

const struct json *json_next(const struct json *member)
{
	return member ? json_wrap_const(member->c.next) : NULL;
}

size_t json_count(const struct json *container)
{
	size_t n = 0;
	for (const struct json *m = json_first(container); m; m = json_next(m))
		n++;
	return n;
}

const struct json *json_at(const struct json *array, size_t i)
{
	const struct json *m = json_first(array);
	while (m && i--)
		m = json_next(m);
	return m;
}

struct str json_key(const struct json *member)
{
	if (!member || !member->c.string)
		return (struct str){0};
	return (struct str){member->c.string, member->key_n};
}

static struct str json_text_of(const struct json *v)
{
	return (struct str){v->c.valuestring, (size_t)v->c.valueint};
}

struct str json_str(const struct json *v)
{
	return json_type(v) == JSON_STRING ? json_text_of(v) : (struct str){0};
}

bool json_bool(const struct json *v)
{
	return v && (v->c.type & 0xFF) == cJSON_True;
}

/* strtod() would read by the locale that the terminal's owner has set. */
static double json_to_double(const char *digits)
{
	locale_t c = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0);
	if (!c)
		return strtod(digits, NULL);
	double d = strtod_l(digits, NULL, c);
	freelocale(c);
	return d;
}

double json_num(const struct json *v)
{
	int64_t n;
	if (json_type(v) != JSON_NUMBER)
		return 0;
	if (v->c.valueint <= 15 && str_int(json_text_of(v), &n) && n != 0)
		return (double)n;
	return json_to_double(v->c.valuestring);
}

bool json_int(const struct json *v, int64_t *out)
{
	if (json_type(v) != JSON_NUMBER)
		return false;
	if (str_int(json_text_of(v), out))
		return true;
	double d = json_to_double(v->c.valuestring);
	if (!(fabs(d) < 9007199254740992.0) || d != floor(d))
		return false;
	*out = (int64_t)d;
	return true;
}

struct str json_text(const struct json *v, char tmp[JSON_SCALAR_MAX])
{
	(void)tmp;
	switch (json_type(v)) {
	case JSON_STRING:
	case JSON_NUMBER:
		return json_text_of(v);
	case JSON_BOOL:
		return json_bool(v) ? STR("true") : STR("false");
	default:
		return (struct str){0};
	}
}

static struct json *json_bare(int type)
{
	return json_node(type, (struct json_span){0}, (struct json_span){0});
}

struct json *json_new_object(void)
{
	return json_bare(cJSON_Object);
}

struct json *json_new_array(void)
{
	return json_bare(cJSON_Array);
}

struct json *json_new_bool(bool b)
{
	return json_bare(b ? cJSON_True : cJSON_False);
}

struct json *json_new_null(void)
{
	return json_bare(cJSON_NULL);
}

/* Bytes that are no character, and NUL, are replaced; everything else is kept. */
static struct str mend(struct str s, struct buf *out)
{
	for (size_t i = 0, n; i < s.n; i += n) {
		n = s.p[i] ? json_utf8_len(s.p + i, s.n - i) : 0;
		buf_add(out, n ? str_sub(s, i, i + n) : STR("\xEF\xBF\xBD"));
		n = n ? n : 1;
	}
	return buf_str(out);
}

static bool needs_mending(struct str s)
{
	const char *end = s.n ? s.p + s.n : s.p;
	for (const char *p = s.p; p < end;) {
		p = json_lex_plain(p, end);
		if (p == end)
			break;
		size_t n = *p ? json_utf8_len(p, (size_t)(end - p)) : 0;
		if (!n)
			return true;
		p += n;
	}
	return false;
}

static struct json *new_text(int type, struct str s)
{
	struct json_span text = {.p = s.p ? s.p : "", .n = s.n, .plain = true};
	return json_node(type, (struct json_span){0}, text);
}

struct json *json_new_str(struct str s)
{
	if (s.n > JSON_BYTES_MAX)
		s.n = JSON_BYTES_MAX;
	if (!needs_mending(s))
		return new_text(cJSON_String, s);
	AUTO(buf_fini) struct buf b = {0};
	return new_text(cJSON_String, mend(s, &b));
}

struct json *json_new_int(int64_t n)
{
	char digits[24];
	int len = snprintf(digits, sizeof(digits), "%lld", (long long)n);
	return new_text(cJSON_Number, (struct str){digits, (size_t)len});
}

/* The shortest of 15, 16 or 17 digits that reads back as the same double. */
struct json *json_new_num(double d)
{
	char digits[40];
	if (!isfinite(d))
		return json_new_null();
	for (int precision = 15; precision <= 17; precision++) {
		snprintf(digits, sizeof(digits), "%.*g", precision, d);
		char *comma = strchr(digits, ',');
		if (comma)
			*comma = '.';
		if (json_to_double(digits) == d)
			break;
	}
	return new_text(cJSON_Number, str_c(digits));
}

/* A node of the same pool: key and text are shared, as both die with the pool. */
static struct json *share(const struct json *v)
{
	struct json *copy = json_bare(v->c.type & ~(cJSON_StringIsConst | cJSON_IsReference));
	copy->c.string = v->c.string;
	copy->key_n = v->key_n;
	copy->c.valuestring = v->c.valuestring;
	copy->c.valueint = v->c.valuestring ? v->c.valueint : 0;
	copy->c.type |= v->c.type & (cJSON_StringIsConst | cJSON_IsReference);
	return copy;
}

static struct json *copy_node(const struct json *v)
{
	if (pool && v->pooled)
		return share(v);
	struct json_span key = {.p = v->c.string, .n = v->key_n, .plain = true};
	struct json_span text = {.p = v->c.valuestring, .plain = true};
	if (text.p)
		text.n = (size_t)v->c.valueint;
	return json_node(v->c.type & 0xFF, key, text);
}

struct json *json_copy(const struct json *v)
{
	if (!v)
		return NULL;
	struct json *copy = copy_node(v);
	for (const struct json *m = json_first(v); m; m = json_next(m))
		json_append(copy, json_copy(m));
	return copy;
}

static void set_key(struct json *item, struct str key)
{
	if (!(item->c.type & cJSON_StringIsConst))
		free(item->c.string);
	AUTO(buf_fini) struct buf b = {0};
	if (needs_mending(key))
		key = mend(key, &b);
	item->c.type &= ~cJSON_StringIsConst;
	if (item->pooled) {
		char *bytes = arena_bytes(pool, key.n + 1);
		if (key.n)
			memcpy(bytes, key.p, key.n);
		bytes[key.n] = '\0';
		item->c.string = bytes;
		item->c.type |= cJSON_StringIsConst;
	} else {
		item->c.string = mem_dup(key);
	}
	item->key_n = (uint32_t)key.n;
}

void json_put_new(struct json *object, struct str key, struct json *item)
{
	set_key(item, key);
	json_append(object, item);
}

void json_put_static(struct json *object, struct str key, struct json *item)
{
	if (!(item->c.type & cJSON_StringIsConst))
		free(item->c.string);
	item->c.type |= cJSON_StringIsConst;
	item->c.string = (char *)(uintptr_t)key.p;
	item->key_n = (uint32_t)key.n;
	json_append(object, item);
}

void json_put_like(struct json *object, const struct json *member, struct json *item)
{
	if (pool && member->pooled && item->pooled)
		json_put_static(object, json_key(member), item);
	else
		json_put_new(object, json_key(member), item);
}

/* Puts the item where the old member was. The first one's prev is the last one. */
static void json_replace(struct json *object, struct json *old, struct json *item)
{
	item->c.next = old->c.next;
	item->c.prev = old->c.prev;
	if (object->c.child == &old->c)
		object->c.child = &item->c;
	else
		old->c.prev->next = &item->c;
	(item->c.next ? item->c.next : object->c.child)->prev = &item->c;
	old->c.next = old->c.prev = NULL;
	json_free(old);
}

struct json *json_set_key(struct json *object, struct str key, struct json *item)
{
	if (!item || json_type(object) != JSON_OBJECT) {
		json_free(item);
		return NULL;
	}
	set_key(item, key);
	const struct json *old = json_get_str(object, json_key(item));
	if (old)
		json_replace(object, (struct json *)(uintptr_t)old, item);
	else
		json_append(object, item);
	return item;
}

struct json *json_set(struct json *object, const char *key, struct json *item)
{
	return json_set_key(object, str_c(key), item);
}

struct json *json_set_str(struct json *object, const char *key, struct str s)
{
	return json_set(object, key, json_new_str(s));
}

struct json *json_push(struct json *array, struct json *item)
{
	if (!item || json_type(array) != JSON_ARRAY) {
		json_free(item);
		return NULL;
	}
	json_append(array, item);
	return item;
}

void json_remove(struct json *object, const char *key)
{
	struct json *m = json_get_mutable(object, key);
	if (m)
		json_free(json_wrap(cJSON_DetachItemViaPointer(&object->c, &m->c)));
}
