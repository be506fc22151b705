/*
 * event/json: JSON documents. The only door to cJSON, whose traps are closed here: numbers keep
 * every digit, invalid UTF-8 and \u0000 are dealt with, text after the value, nesting and size
 * are limits with messages, of duplicate keys the last wins and the document says so.
 */
#ifndef S3TRIAGE_EVENT_JSON_H
#define S3TRIAGE_EVENT_JSON_H

#include "s3triage/base/buf.h"
#include "s3triage/base/err.h"
#include "s3triage/base/mem.h"

enum json_type {
	JSON_NONE, /* what the accessors answer for NULL */
	JSON_NULL,
	JSON_BOOL,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT,
};

#define JSON_DEPTH_MAX 200
#define JSON_BYTES_MAX ((size_t)64 << 20)
#define JSON_SCALAR_MAX 64

struct json;

/* One value and nothing but white space after it. On failure err has line, col and excerpt.
 * Invalid UTF-8 bytes, \u0000 and lone surrogates inside strings become U+FFFD: the value is kept
 * and json_mended() says how many were mended. A byte order mark before the value is passed over. */
struct json *json_parse(struct str text, struct err *err);
void json_free(struct json *v);
void json_free_ptr(struct json **v); /* for AUTO */

/* Between the two, all trees that this thread makes live in `mem` (borrowed) and die with it;
 * json_free() does nothing to them. For one record at a time: many small allocations less. Trees
 * from elsewhere may be read but not changed meanwhile. Not nested. */
void json_pool_enter(struct arena *mem);
void json_pool_leave(void);

/* Of a value that json_parse() returned: how many bytes and escapes were replaced by U+FFFD, and
 * how many members were dropped because their key came again later. */
size_t json_mended(const struct json *root);
size_t json_repeated(const struct json *root);

/* The grammar check alone, no tree: false and err->line/col where it breaks. `mended` (may be
 * NULL) counts invalid UTF-8 bytes, \u0000 and lone surrogates. Stops after one value; *used = its
 * length with the white space before it. */
bool json_scan(struct str text, size_t *used, size_t *mended, struct err *err);

enum json_type json_type(const struct json *v);
const struct json *json_get_str(const struct json *object, struct str key); /* exact key */
const struct json *json_first(const struct json *container);
const struct json *json_next(const struct json *member);
size_t json_count(const struct json *container);
const struct json *json_at(const struct json *array, size_t i); /* O(i) */
static inline const struct json *json_get(const struct json *object, const char *key)
{
	return json_get_str(object, str_c(key));
}

struct str json_key(const struct json *member);

struct str json_str(const struct json *v); /* a string's bytes; empty for anything else */
bool json_bool(const struct json *v);      /* true only for the value true */
double json_num(const struct json *v);     /* 0 for anything but a number */
bool json_int(const struct json *v, int64_t *out); /* exact integers in range only */

/* A scalar as text: strings as they are, numbers with the digits they were written with,
 * "true"/"false"; null and containers are empty. `tmp` is used for some numbers. */
struct str json_text(const struct json *v, char tmp[JSON_SCALAR_MAX]);

/* Builders. json_set and json_push take over `item` and return it; json_set replaces a key that
 * is there. Where `object` (`array`) is none, `item` is freed; NULL for `item` does nothing. Both
 * answer NULL then. Text is mended as json_parse() mends it. */
struct json *json_new_object(void);
struct json *json_new_array(void);
struct json *json_new_str(struct str s);
struct json *json_new_int(int64_t n);
struct json *json_new_num(double n);
struct json *json_new_bool(bool b);
struct json *json_new_null(void);
struct json *json_copy(const struct json *v);
struct json *json_set(struct json *object, const char *key, struct json *item);
struct json *json_set_key(struct json *object, struct str key, struct json *item);
struct json *json_set_str(struct json *object, const char *key, struct str s);
struct json *json_push(struct json *array, struct json *item);
struct json *json_get_mutable(struct json *object, const char *key);
void json_remove(struct json *object, const char *key);

/* Compact, one line, keys in document order, numbers as written. Never emits raw control characters, nor
 * what turns text around or hides in it: those are \u escapes. */
void json_print(const struct json *v, struct buf *out);
void json_print_pretty(const struct json *v, struct buf *out); /* two blanks a level */

/* Appends s as a JSON string with its quotes. */
void json_quote(struct str s, struct buf *out);

/* For text that an id, a digest or a comparison is made of: escapes control characters alone, and never
 * changes, so that what a journal names is found again. Not to be shown. */
void json_print_stable(const struct json *v, struct buf *out);
void json_quote_stable(struct str s, struct buf *out);

#endif
