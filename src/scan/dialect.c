/*
 * dialect: texts in triple quotes, which hold anything with no escapes, and comments. Three quotes
 * in a row are nowhere in valid JSON, so that no plain text is taken for one of these. Damage may
 * make them: one that does not end is a sign of Dev Tools only where all is written as it writes.
 */
#include "dialect.h"

#include "look.h"

#include "s3triage/event/json.h"

#include <string.h>

static bool blank_char(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Whether a text in triple quotes can end before `rest`: a value is followed by ',' or a closing
 * bracket; in pretty text by nothing else in its line, so that quotes inside a text that holds such
 * a thing do not end it. -1: that is behind the end of `rest`. */
static int quoted_can_end(struct str rest, bool pretty)
{
	enum { LOOK = 64 << 10 };
	size_t i = 0;
	rest = str_sub(rest, 0, LOOK);
	while (i < rest.n && blank_char(rest.p[i]))
		i++;
	if (i == rest.n)
		return i < LOOK ? -1 : 0;
	if (!memchr(",}]", rest.p[i], 3))
		return 0;
	if (!pretty)
		return 1;
	for (i = 0; i < rest.n && rest.p[i] != '\n'; i++)
		if (!memchr(" \t\r,}]", rest.p[i], 6))
			return 0;
	return i < rest.n ? 1 : i < LOOK ? -1 : 0;
}

/* `text` begins behind the opening quotes: where its content ends. STR_NONE: not in here, and from
 * *look on is to be looked again when there is more of it; `whole`: there is not. */
static size_t quoted_end(struct str text, bool pretty, bool whole, size_t *look)
{
	size_t at = 0;
	for (;;) {
		size_t n = str_find(str_sub(text, at, text.n), STR("\"\"\""));
		if (n == STR_NONE)
			break;
		size_t run = at + n, behind = run + 3;
		while (behind < text.n && text.p[behind] == '"')
			behind++;
		int can = quoted_can_end(str_sub(text, behind, text.n), pretty);
		if (can > 0 || (can < 0 && whole))
			return behind - 3;
		if (can < 0) {
			*look = run;
			return STR_NONE;
		}
		at = behind;
	}
	*look = text.n < 2 ? 0 : text.n - 2 > at ? text.n - 2 : at;
	return STR_NONE;
}

bool dialect_text(struct walker *w)
{
	struct feed *f = w->f;
	if ((f->pos == f->end && !skip_more(w)) || f->buf[f->pos] != '"')
		return true;
	if (w->resync)
		return skip_broke(w, "',' or a closing bracket is expected");
	w->triple |= w->pretty;
	w->odd = true;
	f->pos++;
	for (;;) {
		bool whole = f->eof;
		size_t look = 0;
		size_t n = quoted_end((struct str){f->buf + f->pos, f->end - f->pos}, w->pretty, whole, &look);
		if (n != STR_NONE) {
			f->pos += n + 3;
			w->triple = true;
			return true;
		}
		f->pos += look;
		if (whole || (!skip_more(w) && w->stopped))
			return skip_ended(w, "the text ends inside triple quotes");
	}
}

/* Where the comment that begins `text` ends; 0: it is none, or `text` is too short to tell. */
static size_t comment_end(struct str text, bool whole)
{
	bool block = str_starts(text, STR("/*"));
	if (!block && text.p[0] != '#' && !str_starts(text, STR("//")))
		return 0;
	size_t from = block ? 2 : 0;
	size_t n = str_find(str_sub(text, from, text.n), block ? STR("*/") : STR("\n"));
	if (n != STR_NONE)
		return block ? from + n + 2 : n;
	return whole && !block ? text.n : 0;
}

bool dialect_comment(struct walker *w)
{
	enum { LONGEST = 64 << 10 };
	struct feed *f = w->f;
	for (;;) {
		bool whole = f->eof;
		struct str text = {f->buf + f->pos, f->end - f->pos};
		size_t n = comment_end(str_sub(text, 0, LONGEST), whole && text.n < LONGEST);
		if (n) {
			if (look_speaks_of_events(str_sub(text, 0, n)))
				w->sink->problem(w->sink->ctx, f, feed_at(f), "a comment holds an event, or a line "
					"that begins as one: it is not read");
			else if (w->between && !w->passed_lines++)
				w->passed_first = feed_lines(f, feed_at(f)) + 1;
			f->pos += n;
			w->odd = true;
			return true;
		}
		bool other = text.n > 1 && text.p[0] == '/' && text.p[1] != '/' && text.p[1] != '*';
		if (whole || other || text.n >= LONGEST || (!skip_more(w) && w->stopped))
			return false;
	}
}

bool dialect_pretty(struct walker *w)
{
	struct feed *f = w->f;
	for (size_t i = 1;; i++) {
		while (f->pos + i == f->end)
			if (!skip_more(w))
				return false;
		char c = f->buf[f->pos + i];
		if (c == '\n' || !blank_char(c))
			return c == '\n';
	}
}

/* Length of the plain string that begins `text`. */
static size_t string_length(struct str text)
{
	size_t i = 1;
	while (i < text.n && text.p[i] != '"')
		i += text.p[i] == '\\' ? 2 : 1;
	return i < text.n ? i + 1 : text.n;
}

/* The token that begins `text`, as plain JSON. Returns its length. */
static size_t plain_token(struct str text, bool pretty, struct buf *out)
{
	size_t n = 1, look;
	if (str_starts(text, STR("\"\"\""))) {
		struct str inside = str_sub(text, 3, text.n);
		n = quoted_end(inside, pretty, true, &look);
		n = n == STR_NONE ? inside.n : n;
		json_quote_stable(str_sub(inside, 0, n), out);
		return n + 6;
	}
	if (text.p[0] == '#' || text.p[0] == '/') {
		n = comment_end(text, true);
		return n ? n : text.n;
	}
	if (text.p[0] == '"')
		n = string_length(text);
	buf_add(out, str_sub(text, 0, n));
	return n;
}

void dialect_plain(struct str text, bool pretty, struct buf *out)
{
	for (size_t at = 0; at < text.n;)
		at += plain_token(str_sub(text, at, text.n), pretty, out);
}
