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

bool form_is_text(const struct json *v)
{
	return json_type(v) < JSON_ARRAY || !json_first(v) || (json_type(v) == JSON_ARRAY && all_same(v));
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

/* A spreadsheet's marks that a number is text: '444455556666 and ="444455556666". */
static struct str unmarked(struct str text)
{
	text = str_trim(text);
	if (str_starts(text, STR("'")))
		return str_sub(text, 1, text.n);
	bool formula = str_starts(text, STR("=\"")) && str_ends(text, STR("\"")) && text.n > 3;
	return formula ? str_sub(text, 2, text.n - 1) : text;
}

/* Takes "E11" or "e+11" off; false when what stands there is none. */
static bool take_exponent(struct str *text, int64_t *shift)
{
	size_t e = 0;
	while (e < text->n && text->p[e] != 'E' && text->p[e] != 'e')
		e++;
	struct str tail = str_sub(*text, e, text->n);
	*text = str_sub(*text, 0, e);
	*shift = 0;
	if (!tail.n)
		return true;
	size_t sign = tail.n > 1 && tail.p[1] == '+' ? 2 : 1;
	tail = str_sub(tail, sign, tail.n);
	return tail.n <= 2 && str_digits(tail) && str_int(tail, shift);
}

/* The digits of what a table made of a whole number, right-aligned among zeros: 444455556666.0,
 * 4.44455556666E11. One with six digits or fewer was rounded (a spreadsheet's 4.44456E+11): the rest
 * of it is not known. */
static bool from_float(struct str text, char digits[12])
{
	enum { ROUNDED = 6, LONGEST = 24 };
	char all[LONGEST];
	int64_t shift;
	if (!take_exponent(&text, &shift))
		return false;
	struct str after = text, whole = str_cut(&after, '.');
	size_t n = whole.n + after.n, point = whole.n + (size_t)shift;
	if (!str_digits(whole) || (after.n && !str_digits(after)) || n > LONGEST || point > 12)
		return false;
	memcpy(all, whole.p, whole.n);
	if (after.n)
		memcpy(all + whole.n, after.p, after.n);
	while (n > point && all[n - 1] == '0')
		n--;
	if (n > point || (shift && n <= ROUNDED))
		return false;
	memset(digits, '0', 12);
	memcpy(digits + 12 - point, all, n);
	return true;
}

struct str account_normal(struct str text, struct arena *mem)
{
	char digits[12];
	text = unmarked(text);
	if (!from_float(text, digits) || memcmp(digits, "000000000000", 12) == 0)
		return (struct str){0};
	return arena_str(mem, (struct str){digits, sizeof(digits)});
}
