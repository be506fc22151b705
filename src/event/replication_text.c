/*
 * replication_text: single values of a request: texts, account ids, parts of ARNs.
 */
#include "replication_priv.h"

#include <string.h>

enum { TEXT_MAX = 4096 };

struct str text_cut(struct str s, size_t max)
{
	if (s.n <= max)
		return s;
	while (max && ((unsigned char)s.p[max] & 0xC0) == 0x80)
		max--;
	return str_sub(s, 0, max);
}

static bool all_same(const struct json *list)
{
	char a[JSON_SCALAR_MAX], b[JSON_SCALAR_MAX];
	const struct json *first = json_first(list);
	for (const struct json *m = first; m; m = json_next(m))
		if (json_type(m) >= JSON_ARRAY || !str_eq(json_text(m, a), json_text(first, b)))
			return false;
	return first != NULL;
}

struct str form_text(const struct json *v, struct arena *mem)
{
	char tmp[JSON_SCALAR_MAX];
	int64_t n;
	if (json_type(v) == JSON_ARRAY && all_same(v))
		v = json_first(v);
	if (json_int(v, &n))
		return arena_fmt(mem, "%lld", (long long)n);
	if (json_type(v) < JSON_ARRAY) {
		struct str text = json_text(v, tmp);
		return text.n ? arena_str(mem, text_cut(text, TEXT_MAX)) : (struct str){0};
	}
	if (!json_first(v))
		return (struct str){0};
	AUTO(buf_fini) struct buf b = {0};
	json_print_stable(v, &b);
	return arena_str(mem, text_cut(buf_str(&b), TEXT_MAX));
}

struct str arn_part(struct str arn, int n)
{
	for (int i = 0; i < n; i++) {
		size_t at = str_find_char(arn, ':');
		if (at == STR_NONE)
			return (struct str){0};
		arn = str_sub(arn, at + 1, arn.n);
	}
	return n == 5 ? arn : str_cut(&arn, ':');
}

struct str account_normal(struct str text, struct arena *mem)
{
	text = str_trim(text);
	if (text.n > 12 || !str_digits(text))
		return (struct str){0};
	char digits[12];
	memset(digits, '0', sizeof(digits));
	memcpy(digits + 12 - text.n, text.p, text.n);
	if (memcmp(digits, "000000000000", 12) == 0)
		return (struct str){0};
	return arena_str(mem, (struct str){digits, sizeof(digits)});
}
