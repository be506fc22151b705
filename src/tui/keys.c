/*
 * keys: ncurses' key codes as ours. ESC and a key in one burst is Alt; control sequences that
 * nobody knows are swallowed whole, so that no letter of them can act.
 */
#include "keys.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/utf8.h"

#include <ncurses.h>
#include <poll.h>

#define PASTE_BEGIN 0x1f00
#define PASTE_END 0x1f01
#define PASTE_PATIENCE 500 /* ms without a byte before a paste counts as ended */
#define BURST_TYPED 6      /* nobody types as much between two looks */
#define PASTE_AFTER 20     /* the same behind its end mark */

struct sequence {
	const char *text;
	int code;
};

static const struct sequence sequences[] = {
	{"\033[200~", PASTE_BEGIN}, {"\033[201~", PASTE_END},
	{"\033[A", KEY_UP}, {"\033OA", KEY_UP}, {"\033[B", KEY_DOWN}, {"\033OB", KEY_DOWN},
	{"\033[C", KEY_RIGHT}, {"\033OC", KEY_RIGHT}, {"\033[D", KEY_LEFT}, {"\033OD", KEY_LEFT},
	{"\033[H", KEY_HOME}, {"\033OH", KEY_HOME}, {"\033[1~", KEY_HOME}, {"\033[7~", KEY_HOME},
	{"\033[F", KEY_END}, {"\033OF", KEY_END}, {"\033[4~", KEY_END}, {"\033[8~", KEY_END},
	{"\033[2~", KEY_IC}, {"\033[3~", KEY_DC}, {"\033[5~", KEY_PPAGE}, {"\033[6~", KEY_NPAGE},
	{"\033[Z", KEY_BTAB}, {"\033OP", KEY_F(1)}, {"\033[11~", KEY_F(1)}, {"\033OM", KEY_ENTER},
};

void keys_define(void)
{
	for (size_t i = 0; i < ARRAY_LEN(sequences); i++)
		define_key(sequences[i].text, sequences[i].code);
}

static uint32_t function_code(int code)
{
	static const struct {
		int curses;
		uint32_t ours;
	} table[] = {
		{KEY_UP, KEY_CODE_UP}, {KEY_DOWN, KEY_CODE_DOWN}, {KEY_LEFT, KEY_CODE_LEFT},
		{KEY_RIGHT, KEY_CODE_RIGHT}, {KEY_HOME, KEY_CODE_HOME}, {KEY_END, KEY_CODE_END},
		{KEY_PPAGE, KEY_CODE_PAGE_UP}, {KEY_NPAGE, KEY_CODE_PAGE_DOWN},
		{KEY_IC, KEY_CODE_INSERT}, {KEY_DC, KEY_CODE_DELETE},
		{KEY_BACKSPACE, KEY_CODE_BACKSPACE}, {KEY_ENTER, KEY_CODE_ENTER},
		{KEY_BTAB, KEY_CODE_BACK_TAB},
	};
	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		if (table[i].curses == code)
			return table[i].ours;
	if (code >= KEY_F(1) && code <= KEY_F(12))
		return KEY_CODE_F1 + (uint32_t)(code - KEY_F(1));
	return KEY_CODE_NONE;
}

static uint32_t char_code(wint_t c)
{
	switch (c) {
	case '\r':
	case '\n':
		return KEY_CODE_ENTER;
	case '\t':
		return KEY_CODE_TAB;
	case 8:
	case 127:
		return KEY_CODE_BACKSPACE;
	case 27:
		return KEY_CODE_ESC;
	}
	return (uint32_t)c;
}

/* After ESC [ or ESC O: up to the sequence's last byte. */
static void swallow(struct term *t)
{
	wint_t c;
	for (int i = 0; i < 256; i++) {
		if (wget_wch(t->pad, &c) != OK || (c >= 0x40 && c <= 0x7e))
			return;
	}
}

static bool wait_for_more(const struct term *t, int ms)
{
	struct pollfd p = {t->fd, POLLIN, 0};
	return poll(&p, 1, ms) > 0 && (p.revents & POLLIN);
}

/* The end mark may be a part of what is pasted, with keys behind it: what comes in the same burst
 * is pasted, too. */
static void read_paste(struct term *t, struct buf *out)
{
	bool ended = false;
	buf_clear(out);
	for (;;) {
		wint_t c;
		int got = wget_wch(t->pad, &c);
		if (got == ERR && !wait_for_more(t, ended ? PASTE_AFTER : PASTE_PATIENCE))
			return;
		if (got == KEY_CODE_YES && (c == PASTE_END || c == PASTE_BEGIN))
			ended = c == PASTE_END;
		if (got == OK && out->n + 4 < PASTE_MAX)
			utf8_put(out, (uint32_t)c);
	}
}

/* ESC came: alone, or with a key behind it in the same burst. False: nothing to act on. */
static bool after_escape(struct term *t, struct key *key)
{
	wint_t c;
	int got = wget_wch(t->pad, &c);
	*key = (struct key){KEY_CODE_ESC, false};
	if (got == ERR)
		return true;
	if (got == OK && (c == '[' || c == 'O' || c == ']' || c == 'P')) {
		swallow(t);
		return false;
	}
	*key = (struct key){got == OK ? char_code(c) : function_code((int)c), true};
	return key->code != KEY_CODE_NONE;
}

bool keys_look_pasted(const struct stroke *s, size_t n, struct buf *text)
{
	size_t typed = 0, same = 0;
	for (size_t i = 0; i < n; i++) {
		struct key k = s[i].key;
		uint32_t c = k.code == KEY_CODE_ENTER ? '\n' : k.code;
		if (k.alt || c >= 0x110000)
			continue;
		typed++;
		same += k.code == s[0].key.code;
		utf8_put(text, c);
	}
	return typed >= BURST_TYPED && same < typed;
}

enum keys_got keys_next(struct term *t, struct key *key, struct buf *paste)
{
	for (;;) {
		wint_t c;
		int got = wget_wch(t->pad, &c);
		if (got == ERR)
			return KEYS_NONE;
		if (got == KEY_CODE_YES && c == PASTE_BEGIN) {
			read_paste(t, paste);
			return KEYS_PASTE;
		}
		if (got == OK && c == 27) {
			if (after_escape(t, key))
				return KEYS_KEY;
			continue;
		}
		*key = (struct key){got == OK ? char_code(c) : function_code((int)c), false};
		if (key->code != KEY_CODE_NONE)
			return KEYS_KEY;
	}
}
