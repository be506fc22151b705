/*
 * event/json_priv: what the json*.c files share: the node, and the lexer of strings and numbers.
 * A node is one allocation: the cJSON item, then the bytes of its key and its text. The flags
 * cJSON_StringIsConst and cJSON_IsReference tell cJSON_Delete() that those are not its own.
 */
#ifndef S3TRIAGE_EVENT_JSON_PRIV_H
#define S3TRIAGE_EVENT_JSON_PRIV_H

#include "s3triage/event/json.h"

#include <cjson/cJSON.h>

/* For strings and numbers valueint is the length of valuestring, the text or the digits. */
struct json {
	cJSON c;
	uint32_t key_n;
	bool pooled; /* not on the heap: see json_pool_enter() */
	char bytes[];
};

/* What stands between two quotes, or the digits of a number. */
struct json_span {
	const char *p;
	size_t n;
	size_t grow; /* mending makes it at most so many bytes longer */
	bool plain;  /* needs no decoding */
};

struct json_lex {
	const char *base, *p, *end;
	bool cut; /* `end` is a limit, not the end of the text */
	size_t mended;
	struct err *err;
};

/* Sets err with the place of `at`. Returns false. */
bool json_lex_fail(struct json_lex *x, const char *at, const char *what);

void json_lex_space(struct json_lex *x);

/* Passes over bytes that stand for themselves in a string: printable ASCII without " and \\. */
const char *json_lex_plain(const char *p, const char *end);

/* x->p is behind the opening quote, and behind the closing one afterwards. */
bool json_lex_string(struct json_lex *x, struct json_span *out);
bool json_lex_number(struct json_lex *x, struct json_span *out);

/* Writes what the span means: at most n + grow bytes. Returns how many. */
size_t json_lex_decode(struct json_span s, char *out);

/* Length of the valid UTF-8 sequence at p, 0 when there is none. */
size_t json_utf8_len(const char *p, size_t n);

/* A node of its own with room for key and text, which are decoded into it. */
struct json *json_node(int type, struct json_span key, struct json_span text);

/* json_set_key() for a key that is known to be new: does not look. */
void json_put_new(struct json *object, struct str key, struct json *item);

/* The same for a valid key that outlives the tree, as a literal does: it is not copied. */
void json_put_static(struct json *object, struct str key, struct json *item);

/* The same with the key of a member of another tree. */
void json_put_like(struct json *object, const struct json *member, struct json *item);

/* Makes the item the container's last one. */
static inline void json_append(struct json *container, struct json *item)
{
	cJSON *first = container->c.child;
	item->c.next = NULL;
	item->c.prev = first ? first->prev : &item->c;
	if (first)
		first->prev->next = &item->c;
	else
		container->c.child = &item->c;
	if (first)
		first->prev = &item->c;
}

static inline struct json *json_wrap(cJSON *c)
{
	return (struct json *)(void *)c;
}

static inline const struct json *json_wrap_const(const cJSON *c)
{
	return (const struct json *)(const void *)c;
}

#endif
