/*
 * key: the spelling of keys. Pure.
 */
#include "s3triage/config/key.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/utf8.h"

#include <stdio.h>

struct spelling {
	const char *name;
	uint32_t code;
};

static const struct spelling named[] = {
	{"Space", ' '}, {"Up", KEY_CODE_UP}, {"Down", KEY_CODE_DOWN}, {"Left", KEY_CODE_LEFT},
	{"Right", KEY_CODE_RIGHT}, {"Home", KEY_CODE_HOME}, {"End", KEY_CODE_END},
	{"PageUp", KEY_CODE_PAGE_UP}, {"PageDown", KEY_CODE_PAGE_DOWN},
	{"Insert", KEY_CODE_INSERT}, {"Delete", KEY_CODE_DELETE},
	{"Backspace", KEY_CODE_BACKSPACE}, {"Enter", KEY_CODE_ENTER}, {"Tab", KEY_CODE_TAB},
	{"BackTab", KEY_CODE_BACK_TAB}, {"Esc", KEY_CODE_ESC},
};

static bool parse_named(struct str text, uint32_t *code)
{
	for (size_t i = 0; i < ARRAY_LEN(named); i++) {
		if (str_eq_fold(text, str_c(named[i].name))) {
			*code = named[i].code;
			return true;
		}
	}
	return false;
}

/* "F1" to "F12" */
static bool parse_function(struct str text, uint32_t *code)
{
	int64_t n;
	if (text.n < 2 || (text.p[0] != 'F' && text.p[0] != 'f'))
		return false;
	if (!str_digits(str_sub(text, 1, text.n)) || !str_int(str_sub(text, 1, text.n), &n))
		return false;
	*code = KEY_CODE_F1 + (uint32_t)n - 1;
	return n >= 1 && n <= 12;
}

/* "^R": what the terminal sends for Ctrl and a letter. Tab, Enter and Esc have names. */
static bool parse_control(struct str text, uint32_t *code)
{
	if (text.n != 2 || text.p[0] != '^')
		return false;
	unsigned char c = (unsigned char)text.p[1];
	if (c >= 'a' && c <= 'z')
		c = (unsigned char)(c - 'a' + 'A');
	*code = c & 31u;
	return c > '@' && c <= '_' && c != 'I' && c != 'M' && c != 'J' && c != '[';
}

static bool parse_char(struct str text, uint32_t *code)
{
	struct str rest = text;
	if (text.n == 0 || !utf8_valid(text, NULL))
		return false;
	*code = utf8_next(&rest);
	return rest.n == 0 && !utf8_is_hostile(*code) && *code > ' ';
}

bool key_parse(struct str text, struct key *out)
{
	struct str alt = STR("Alt-");
	out->alt = text.n > alt.n && str_eq_fold(str_sub(text, 0, alt.n), alt);
	if (out->alt)
		text = str_sub(text, alt.n, text.n);
	return parse_char(text, &out->code) || parse_named(text, &out->code) ||
		parse_function(text, &out->code) || parse_control(text, &out->code);
}

static void name_code(uint32_t code, char *out, size_t size)
{
	for (size_t i = 0; i < ARRAY_LEN(named); i++) {
		if (named[i].code == code) {
			snprintf(out, size, "%s", named[i].name);
			return;
		}
	}
	struct buf b;
	buf_init(&b, 16);
	if (code >= KEY_CODE_F1 && code < KEY_CODE_F1 + 12)
		buf_fmt(&b, "F%u", (unsigned)(code - KEY_CODE_F1 + 1));
	else if (code < 32)
		buf_fmt(&b, "^%c", (char)(code + '@'));
	else if (code < 0x110000)
		utf8_put(&b, code);
	snprintf(out, size, "%s", buf_cstr(&b));
	buf_fini(&b);
}

const char *key_spelling(struct key k, char out[16])
{
	int n = snprintf(out, 16, "%s", k.alt ? "Alt-" : "");
	name_code(k.code, out + n, 16 - (size_t)n);
	return out;
}

bool key_same(struct key a, struct key b)
{
	return a.code == b.code && a.alt == b.alt;
}
