/*
 * line: editing one line. Owns its text; must not know what it is for.
 */
#include "line.h"

#include "s3triage/base/utf8.h"

#define CTRL(letter) ((letter) & 31)

void line_init(struct line *l, size_t max)
{
	buf_init(&l->text, max);
	l->cursor = 0;
}

void line_fini(struct line *l)
{
	buf_fini(&l->text);
}

struct str line_str(const struct line *l)
{
	return buf_str(&l->text);
}

void line_set(struct line *l, struct str s)
{
	buf_clear(&l->text);
	l->text.over = false;
	l->cursor = 0;
	line_insert(l, s);
}

static void clean(struct buf *out, struct str s)
{
	while (s.n) {
		uint32_t cp = utf8_next(&s);
		utf8_put(out, cp < 32 || cp == 127 ? ' ' : cp);
	}
}

/* Replaces bytes [from, to) by s. */
static void splice(struct line *l, size_t from, size_t to, struct str s)
{
	struct buf b;
	struct str old = line_str(l);
	buf_init(&b, l->text.max);
	buf_add(&b, str_sub(old, 0, from));
	buf_add(&b, s);
	buf_add(&b, str_sub(old, to, old.n));
	buf_fini(&l->text);
	l->text = b;
	l->cursor = from + s.n;
}

bool line_insert(struct line *l, struct str s)
{
	struct buf b;
	buf_init(&b, l->text.max);
	clean(&b, s);
	bool fits = !b.over && b.n + l->text.n <= l->text.max;
	if (fits)
		splice(l, l->cursor, l->cursor, buf_str(&b));
	buf_fini(&b);
	return fits;
}

static size_t line_before(const struct line *l, size_t at)
{
	while (at > 0 && (l->text.p[--at] & 0xc0) == 0x80)
		;
	return at;
}

static size_t after(const struct line *l, size_t at)
{
	if (at < l->text.n)
		at++;
	while (at < l->text.n && (l->text.p[at] & 0xc0) == 0x80)
		at++;
	return at;
}

static size_t word_before(const struct line *l)
{
	size_t at = l->cursor;
	while (at > 0 && l->text.p[at - 1] == ' ')
		at--;
	while (at > 0 && l->text.p[at - 1] != ' ')
		at--;
	return at;
}

static bool move_key(struct line *l, uint32_t code)
{
	switch (code) {
	case KEY_CODE_LEFT:
	case CTRL('b'):
		l->cursor = line_before(l, l->cursor);
		return true;
	case KEY_CODE_RIGHT:
	case CTRL('f'):
		l->cursor = after(l, l->cursor);
		return true;
	case KEY_CODE_HOME:
	case CTRL('a'):
		l->cursor = 0;
		return true;
	case KEY_CODE_END:
	case CTRL('e'):
		l->cursor = l->text.n;
		return true;
	}
	return false;
}

static bool erase_key(struct line *l, uint32_t code)
{
	size_t from = l->cursor, to = l->cursor;
	switch (code) {
	case KEY_CODE_BACKSPACE:
	case CTRL('h'):
	case 127:
		from = line_before(l, l->cursor);
		break;
	case KEY_CODE_DELETE:
	case CTRL('d'):
		to = after(l, l->cursor);
		break;
	case CTRL('w'):
		from = word_before(l);
		break;
	case CTRL('u'):
		from = 0;
		break;
	case CTRL('k'):
		to = l->text.n;
		break;
	default:
		return false;
	}
	splice(l, from, to, STR(""));
	return true;
}

bool line_key(struct line *l, struct key k)
{
	if (k.alt)
		return false;
	if (k.code >= ' ' && k.code != 127 && k.code < 0x110000) {
		struct buf b;
		buf_init(&b, 8);
		utf8_put(&b, k.code);
		line_insert(l, buf_str(&b));
		buf_fini(&b);
		return true;
	}
	return move_key(l, k.code) || erase_key(l, k.code);
}
