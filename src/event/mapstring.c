/*
 * mapstring: toString() of java.util.HashMap and ArrayList, which is what the ingest pipeline keeps
 * of request parameters. Order: a table of 16 buckets that doubles when it is more than three
 * quarters full; bucket by String.hashCode() with its upper half folded in; within a bucket by
 * insertion. Recursion is as deep as the tree, which the parser limits.
 */
#include "mapstring_priv.h"

#include "s3triage/base/mem.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool value_is_empty(const struct json *v)
{
	struct str s = json_str(v);
	switch (json_type(v)) {
	case JSON_STRING:
		return s.n == 0 || str_is(s, "-") || str_is(s, "none");
	case JSON_ARRAY:
	case JSON_OBJECT:
		for (const struct json *m = json_first(v); m; m = json_next(m))
			if (!value_is_empty(m))
				return false;
		return true;
	case JSON_NULL:
	case JSON_NONE:
		return true;
	default:
		return false;
	}
}

/* One code point of valid UTF-8. */
static uint32_t next_char(const unsigned char **p)
{
	uint32_t c = *(*p)++;
	if (c < 0x80)
		return c;
	int more = c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : 1;
	c &= 0x3Fu >> more;
	while (more--)
		c = c << 6 | (*(*p)++ & 0x3Fu);
	return c;
}

/* String.hashCode(): over UTF-16 units. */
static uint32_t java_hash(struct str s)
{
	uint32_t h = 0;
	const unsigned char *p = (const unsigned char *)s.p, *end = p + s.n;
	while (p < end) {
		uint32_t c = next_char(&p);
		if (c >= 0x10000) {
			h = h * 31 + (0xD800 + ((c - 0x10000) >> 10));
			c = 0xDC00 + ((c - 0x10000) & 0x3FF);
		}
		h = h * 31 + c;
	}
	return h;
}

struct slot {
	const struct json *member;
	uint32_t bucket;
	uint32_t order;
};

static int by_slot(const void *a, const void *b)
{
	const struct slot *x = a, *y = b;
	if (x->bucket != y->bucket)
		return x->bucket < y->bucket ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

enum { FEW_SLOTS = 24 };

/* The members of a map in the order in which a HashMap walks them. */
static void hash_order(const struct json *map, struct slot *slots, size_t n)
{
	uint32_t size = 16, i = 0;
	while (n > size / 4 * 3)
		size *= 2;
	for (const struct json *m = json_first(map); m; m = json_next(m), i++) {
		uint32_t h = java_hash(json_key(m));
		slots[i] = (struct slot){m, (h ^ h >> 16) & (size - 1), i};
	}
	if (n > FEW_SLOTS) {
		qsort(slots, n, sizeof(*slots), by_slot);
		return;
	}
	for (size_t k = 1; k < n; k++) {
		struct slot s = slots[k];
		size_t at = k;
		for (; at && by_slot(&s, &slots[at - 1]) < 0; at--)
			slots[at] = slots[at - 1];
		slots[at] = s;
	}
}

void java_map_order(const struct json *map, const struct json **out, size_t n)
{
	AUTO(mem_free_ptr) struct slot *slots = mem_array(n, sizeof(*slots));
	hash_order(map, slots, n);
	for (size_t i = 0; i < n; i++)
		out[i] = slots[i].member;
}

/* Shortest decimal digits of d that read back as d, and the power of ten of the first one. */
static size_t shortest_digits(double d, char digits[20], int *exponent)
{
	char text[40];
	for (int precision = 0; precision <= 17; precision++) {
		snprintf(text, sizeof(text), "%.*e", precision, d);
		if (strtod(text, NULL) == d)
			break;
	}
	size_t n = 0;
	char *p = text;
	for (; *p && *p != 'e'; p++)
		if (*p >= '0' && *p <= '9' && n < 19)
			digits[n++] = *p;
	while (n > 1 && digits[n - 1] == '0')
		n--;
	*exponent = *p ? (int)strtol(p + 1, NULL, 10) : 0;
	return n;
}

/* n digits with `point` of them before the point, and at least one on either side of it. */
static void print_digits(const char *digits, int n, int point, struct buf *out)
{
	if (point <= 0)
		buf_c(out, "0.");
	for (int i = point < 0 ? point : 0; i < n || i < point + 1; i++) {
		if (i == point && point > 0)
			buf_char(out, '.');
		buf_char(out, i >= 0 && i < n ? digits[i] : '0');
	}
}

/* Double.toString(): plain from 1e-3 to 1e7, else one digit, a point and an exponent. */
static void print_double(double d, struct buf *out)
{
	char digits[20];
	int e;
	if (signbit(d))
		buf_char(out, '-');
	d = fabs(d);
	if (!isfinite(d) || d == 0) {
		buf_c(out, d == 0 ? "0.0" : "Infinity");
		return;
	}
	int n = (int)shortest_digits(d, digits, &e);
	bool plain = d >= 1e-3 && d < 1e7;
	print_digits(digits, n, plain ? e + 1 : 1, out);
	if (!plain)
		buf_fmt(out, "E%d", e);
}

static void print_scalar(const struct json *v, struct buf *out)
{
	char tmp[JSON_SCALAR_MAX];
	struct str text = json_text(v, tmp);
	bool point = str_find_char(text, '.') != STR_NONE || str_find_char(text, 'e') != STR_NONE ||
		str_find_char(text, 'E') != STR_NONE;
	if (json_type(v) == JSON_NULL)
		buf_c(out, "null");
	else if (json_type(v) == JSON_NUMBER && point)
		print_double(json_num(v), out);
	else if (json_type(v) == JSON_NUMBER && str_is(text, "-0"))
		buf_char(out, '0');
	else
		buf_add(out, text);
}

static void mapstring_print_value(const struct json *v, bool kept, struct buf *out);

static void print_map(const struct json *v, bool kept, struct buf *out)
{
	size_t n = json_count(v);
	struct slot few[FEW_SLOTS];
	AUTO(mem_free_ptr) struct slot *many = n > FEW_SLOTS ? mem_array(n, sizeof(*many)) : NULL;
	struct slot *slots = many ? many : few;
	hash_order(v, slots, n);
	bool first = true;
	buf_char(out, '{');
	for (size_t i = 0; i < n; i++) {
		const struct json *m = slots[i].member;
		if (kept && value_is_empty(m))
			continue;
		if (!first)
			buf_c(out, ", ");
		first = false;
		buf_add(out, json_key(m));
		buf_char(out, '=');
		mapstring_print_value(m, kept, out);
	}
	buf_char(out, '}');
}

static void print_list(const struct json *v, bool kept, struct buf *out)
{
	bool first = true;
	buf_char(out, '[');
	for (const struct json *m = json_first(v); m; m = json_next(m)) {
		if (kept && value_is_empty(m))
			continue;
		if (!first)
			buf_c(out, ", ");
		first = false;
		mapstring_print_value(m, kept, out);
	}
	buf_char(out, ']');
}

static void mapstring_print_value(const struct json *v, bool kept, struct buf *out)
{
	if (json_type(v) == JSON_OBJECT)
		print_map(v, kept, out);
	else if (json_type(v) == JSON_ARRAY)
		print_list(v, kept, out);
	else
		print_scalar(v, out);
}

void mapstring_print(const struct json *v, struct buf *out)
{
	mapstring_print_value(v, false, out);
}

void mapstring_print_kept(const struct json *v, struct buf *out)
{
	mapstring_print_value(v, true, out);
}
