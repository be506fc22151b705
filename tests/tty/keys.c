/*
 * keys: key names to the bytes that an xterm sends.
 */
#include "term_priv.h"

#include "s3triage/base/mem.h"

#include <string.h>

struct key {
	const char *name, *bytes;
};

static const struct key keys[] = {
	{"Enter", "\r"}, {"Esc", "\033"}, {"Tab", "\t"}, {"S-Tab", "\033[Z"}, {"BS", "\177"},
	{"Space", " "}, {"lt", "<"}, {"Del", "\033[3~"}, {"Ins", "\033[2~"}, {"PgUp", "\033[5~"},
	{"PgDn", "\033[6~"}, {"F1", "\033OP"}, {"F2", "\033OQ"}, {"F3", "\033OR"}, {"F4", "\033OS"},
	{"F5", "\033[15~"}, {"F6", "\033[17~"}, {"F7", "\033[18~"}, {"F8", "\033[19~"},
	{"F9", "\033[20~"}, {"F10", "\033[21~"}, {"F11", "\033[23~"}, {"F12", "\033[24~"},
};

/* Those that depend on the application cursor mode: ESC [ or ESC O before them. */
static const struct key cursor_keys[] = {
	{"Up", "A"}, {"Down", "B"}, {"Right", "C"}, {"Left", "D"}, {"Home", "H"}, {"End", "F"},
};

static const char *named(const struct key *table, size_t n, struct str name)
{
	for (size_t i = 0; i < n; i++)
		if (str_is(name, table[i].name))
			return table[i].bytes;
	return NULL;
}

static void send_named(struct term *t, struct str name)
{
	struct buf b = {0};
	const char *bytes = named(keys, ARRAY_LEN(keys), name);
	const char *cursor = named(cursor_keys, ARRAY_LEN(cursor_keys), name);
	if (bytes) {
		buf_c(&b, bytes);
	} else if (cursor) {
		buf_c(&b, term_modes(t).app_cursor ? "\033O" : "\033[");
		buf_c(&b, cursor);
	} else if (str_starts(name, STR("C-")) && name.n == 3) {
		buf_char(&b, (char)(name.p[2] & 0x1F));
	} else if (str_starts(name, STR("A-")) && name.n == 3) {
		buf_char(&b, '\033');
		buf_char(&b, name.p[2]);
	}
	term_bytes(t, buf_str(&b));
	buf_fini(&b);
}

void term_keys(struct term *t, const char *words)
{
	struct str rest = str_c(words);
	while (rest.n) {
		size_t end = rest.p[0] == '<' ? str_find_char(rest, '>') : STR_NONE;
		struct str key = str_sub(rest, 0, end == STR_NONE ? 1 : end + 1);
		term_hand(t, key);
		if (end == STR_NONE)
			term_bytes(t, key);
		else
			send_named(t, str_sub(key, 1, end));
		rest = str_sub(rest, key.n, rest.n);
	}
}

void term_paste(struct term *t, const char *text)
{
	bool bracketed = term_modes(t).paste;
	struct buf b = {0};
	buf_c(&b, bracketed ? "\033[200~" : "");
	buf_c(&b, text);
	buf_c(&b, bracketed ? "\033[201~" : "");
	term_bytes(t, buf_str(&b));
	buf_fini(&b);
}
