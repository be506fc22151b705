/*
 * base/str: a borrowed slice of bytes. It never owns, is not NUL-terminated, may hold any byte.
 * An empty slice may have p == NULL.
 */
#ifndef S3TRIAGE_BASE_STR_H
#define S3TRIAGE_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
	const char *p;
	size_t n;
};

#define STR_NONE ((size_t)-1)

/* A slice over a string literal, usable in initialisers through STR_INIT. */
#define STR(literal) ((struct str){"" literal, sizeof(literal) - 1})
#define STR_INIT(literal) {"" literal, sizeof(literal) - 1}

/* For printf("%.*s", STR_ARG(s)). */
#define STR_ARG(s) (int)(s).n, (s).p ? (s).p : ""

/* What a counted word ends in: "1 row", "2 rows". */
static inline const char *plural(unsigned long long n)
{
	return n == 1 ? "" : "s";
}

/* "1,234,567". */
#define COUNT_TEXT_MAX 32
const char *str_count(unsigned long long n, char out[COUNT_TEXT_MAX]);

/* A slice over a C string; NULL gives the empty slice. */
static inline struct str str_c(const char *s)
{
	return (struct str){s, s ? strlen(s) : 0};
}

/* Bytes [from, to) clamped to s. */
struct str str_sub(struct str s, size_t from, size_t to);

static inline bool str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool str_is(struct str a, const char *b)
{
	return str_eq(a, str_c(b));
}

bool str_eq_fold(struct str a, struct str b); /* ASCII case folding */
int str_cmp(struct str a, struct str b);      /* bytes, then length; like strcmp */
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);

/* Position of the first (last) occurrence, or STR_NONE. An empty needle is found at 0 (at n). */
size_t str_find(struct str hay, struct str needle);
size_t str_find_fold(struct str hay, struct str needle); /* ASCII case folding */
size_t str_find_char(struct str hay, char c);
size_t str_rfind_char(struct str hay, char c);

/* Without ASCII white space at both ends. */
struct str str_trim(struct str s);

/* Takes the text up to `sep` off the front of *rest and returns it; without `sep` all of it, and
 * *rest becomes {NULL, 0}. */
struct str str_cut(struct str *rest, char sep);

/* All bytes are ASCII digits, and there is at least one. */
bool str_digits(struct str s);

/* 1 to `max` bytes: an ASCII letter or digit, then those and the `marks`. What is no such name does
 * not get into a command, a host or a path. */
bool str_is_name(struct str s, const char *marks, size_t max);

/* Decimal int64 with optional sign, nothing else around it. */
bool str_int(struct str s, int64_t *out);

/* Edits (insert, delete, replace) that turn a into b, ASCII case folded: for "did you mean". Names
 * longer than STR_DISTANCE_MAX bytes are STR_DISTANCE_MAX apart. */
#define STR_DISTANCE_MAX ((size_t)128)
size_t str_distance(struct str a, struct str b);

/* For tables, never for integrity, and never stored: it differs by key and byte order. */
uint64_t str_hash(struct str s);

/* Once, before there is a table or a thread: a random key, so that nobody can write texts that
 * collide. Without it the key is 0, for tests. */
void str_hash_key(uint64_t a, uint64_t b);

#endif
