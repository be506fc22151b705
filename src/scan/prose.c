/*
 * prose: lines around JSON. A value counts when it ends its line: what stands amid a line's text may
 * be anybody's. Each byte is walked once here, whatever opens in it.
 */
#include "prose.h"

#include "contain.h"
#include "dialect.h"
#include "look.h"
#include "resync.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/when.h"

#include <stdio.h>
#include <string.h>

/* The byte at pos + i, '\0' behind the end. */
static char prose_peek(struct walker *w, size_t i)
{
	struct feed *f = w->f;
	while (f->end - f->pos <= i)
		if (!skip_more(w))
			return '\0';
	return f->buf[f->pos + i];
}

static bool white(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The next byte behind pos + *i that is not white. */
static char prose_next(struct walker *w, size_t *i)
{
	enum { FAR = 64 << 10 };
	char c = prose_peek(w, ++*i);
	while (white(c) && *i < FAR)
		c = prose_peek(w, ++*i);
	return c;
}

/* What opens at pos may be an event's JSON: an object with a key, or a list of such or of texts. */
static bool prose_like_json(struct walker *w)
{
	size_t i = 0;
	char c = prose_peek(w, 0), next = prose_next(w, &i);
	if (c == '[' && (next == '{' || next == '"')) {
		char inner = prose_next(w, &i);
		return inner == (next == '{' ? '"' : '{');
	}
	return c == '"' || (c == '{' && next == '"');
}

static void prose_passed(struct walker *w, unsigned long long at)
{
	if (!w->passed_lines++)
		w->passed_first = feed_lines(w->f, at) + 1;
}

static void prose_tell(struct walker *w, unsigned long long at, const char *why)
{
	w->any = true;
	w->sink->problem(w->sink->ctx, w->f, at, why);
}

/* Behind a value: only another one, or what is left of a list or a table's row, stands in its line. */
static bool ends_line(struct walker *w)
{
	size_t i = 0;
	char c = prose_peek(w, 0);
	while (c && memchr(" \t\r,]});", c, 8))
		c = prose_peek(w, ++i);
	return c == '\n' || c == '\0' || c == '{' || prose_peek(w, 0) == '\t';
}

/* A text that holds an object's or a list's JSON. */
static bool opens_text(struct walker *w)
{
	char c = prose_peek(w, 1);
	return c == '{' ? prose_peek(w, 2) == '\\' : c == '[' && prose_peek(w, 2) == '{' && prose_peek(w, 3) == '\\';
}

/* What stands in the line before pos. */
static struct str prose_before(const struct walker *w)
{
	const struct feed *f = w->f;
	size_t from = f->keeping && f->keep >= f->base ? (size_t)(f->keep - f->base) : 0;
	struct str before = {f->buf + from, f->pos - from};
	size_t line = before.n;
	while (line && before.p[line - 1] != '\n')
		line--;
	before = str_sub(before, line, before.n);
	while (before.n && white(before.p[before.n - 1]))
		before.n--;
	return before;
}

/* It ends in msg= or the like, which a transport's text follows. */
static bool ends_in_key(struct str before)
{
	size_t n = before.n;
	if (!n || before.p[n - 1] != '=')
		return false;
	while (n && !white(before.p[n - 1]))
		n--;
	return contain_key(str_sub(before, n, before.n - 1));
}

/* A text in quotes is what a transport carries where the line begins with it or names it so (msg="...");
 * in any other place it may be a caller's: an agent, a path, a user. */
static bool carries(const struct walker *w)
{
	struct str before = prose_before(w);
	while (before.n && (white(before.p[0]) || memchr("[(,|", before.p[0], 4)))
		before = str_sub(before, 1, before.n);
	return before.n == 0 || ends_in_key(before);
}

/* A time and a stream's words, as containers and exports write them before what they log. */
static bool is_stamp(struct str s)
{
	static const char *const words[] = {"stdout", "stderr", " F", " P"};
	int64_t ms;
	s = str_trim(s);
	for (size_t i = ARRAY_LEN(words); i--;)
		if (str_ends(s, str_c(words[i])))
			s = str_trim(str_sub(s, 0, s.n - strlen(words[i])));
	if (s.n && s.p[0] == '[' && s.p[s.n - 1] == ']')
		s = str_sub(s, 1, s.n - 1);
	return when_read(s, &ms);
}

bool prose_own_prefix(struct str before)
{
	before = str_trim(before);
	return !before.n || ends_in_key(before) || is_stamp(before);
}

/* Before an event that ends anybody's log line stands anything: what, is said with the event. */
static void prose_aside(struct walker *w)
{
	enum { SHOWN = 60 };
	struct str before = prose_before(w);
	if (feed_lines(w->f, feed_at(w->f)) == w->ended)
		return; /* the second one of its line */
	buf_clear(&w->aside);
	if (prose_own_prefix(before))
		return;
	buf_fmt(&w->aside, "a line, behind %.*s", STR_ARG(str_sub(before, before.n > SHOWN ? before.n - SHOWN : 0,
		before.n)));
}

/* To the next brace, bracket or text of the line that may be JSON; false: its end. */
static bool next_opening(struct walker *w)
{
	for (;; w->f->pos++) {
		char c = prose_peek(w, 0);
		if (c == '{' || c == '[' || (c == '"' && opens_text(w) && carries(w)))
			return true;
		if (c == '\n' || w->f->pos == w->f->end)
			return false;
	}
}

/* Passes the rest of the line over. */
static void prose_rest(struct walker *w)
{
	struct feed *f = w->f;
	do {
		const char *p = memchr(f->buf + f->pos, '\n', f->end - f->pos);
		f->pos = p ? (size_t)(p - f->buf) : f->end;
	} while (f->pos == f->end && skip_more(w));
}

bool prose_begins(struct walker *w)
{
	size_t i = 0;
	char c = prose_peek(w, 0);
	if (c == '{')
		return !memchr("\"}/#", prose_next(w, &i), 4);
	if (c == '"')
		return !opens_text(w);
	return c != '[' || !memchr("{[]\"/", prose_next(w, &i), 5);
}

static bool request_line(struct walker *w)
{
	static const char *const verbs[] = {"GET ", "POST ", "PUT ", "DELETE ", "HEAD ", "PATCH "};
	enum { LONGEST = 7 };
	prose_peek(w, LONGEST);
	struct str text = {w->f->buf + w->f->pos, w->f->end - w->f->pos};
	for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
		if (str_starts(text, str_c(verbs[i])))
			return true;
	return false;
}

enum found { FOUND_VALUE, FOUND_TEXT, FOUND_OTHER, FOUND_BARE, FOUND_PART };

/* What was walked from `at` on speaks of events. */
static bool prose_speaks(const struct walker *w, unsigned long long at)
{
	const struct feed *f = w->f;
	return at >= f->base &&
		look_speaks_of_events((struct str){f->buf + (at - f->base), (size_t)(feed_at(f) - at)});
}

/* Behind a value, in whatever line: what only stands in a list or an object. */
static bool goes_on(struct walker *w)
{
	size_t i = 0;
	char c = prose_peek(w, 0);
	if (white(c))
		c = prose_next(w, &i);
	return c && memchr(",]}", c, 3);
}

struct opening {
	unsigned long long at;
	bool like;   /* it may be an event's JSON */
	bool object;
	bool inner;  /* the value of a key that no transport uses */
	bool line;   /* it begins its line */
};

static struct opening prose_opening(struct walker *w)
{
	const struct feed *f = w->f;
	bool like = prose_like_json(w); /* may move the window */
	return (struct opening){feed_at(f), like, f->buf[f->pos] == '{', resync_behind_key(w),
		f->pos == 0 || f->buf[f->pos - 1] == '\n'};
}

/* What stands in a list or behind a key, with nothing that opened it, is a part of a record that lost its
 * beginning: there, texts are the record's, and an object is an event only if it is one itself. */
static bool prose_is_part(struct walker *w, const struct opening *o, bool ok)
{
	w->fragment |= o->inner;
	w->part = (ok && goes_on(w)) || (w->fragment && !o->line);
	return o->inner || (w->part && !o->object);
}

static enum found prose_none(bool events, bool counts)
{
	return !events ? FOUND_TEXT : counts ? FOUND_PART : FOUND_OTHER;
}

/* What opens at pos. Value: pos is where it was; else behind what was looked at. */
static enum found prose_look(struct walker *w)
{
	struct feed *f = w->f;
	const struct opening o = prose_opening(w);
	w->pretty = dialect_pretty(w);
	bool bare = w->pretty && o.object;
	w->between = false;
	bool ok = skip_value(w), events = prose_speaks(w, o.at);
	w->between = true;
	w->why = NULL;
	bool counts = ok ? (o.like || events) && ends_line(w) : o.like && events;
	bool value = !prose_is_part(w, &o, ok) && counts;
	if (o.at < f->base)
		return FOUND_TEXT;
	if (value || (!ok && w->why_at <= o.at))
		f->pos = (size_t)(o.at - f->base) + !value;
	return value ? FOUND_VALUE : bare && !ok ? FOUND_BARE : prose_none(ok && events, counts);
}

/* JSON's relatives, of which none is read: what it is, or NULL. */
static const char *relative(struct walker *w)
{
	enum { LONGEST = 8 };
	struct feed *f = w->f;
	prose_peek(w, LONGEST);
	return look_name_value(str_sub((struct str){f->buf + f->pos, f->end - f->pos}, 0, LONGEST));
}

/* The line's first value that counts: true. Else what is to be told of the line, and where. */
static bool prose_search(struct walker *w, struct buf *why, unsigned long long *where)
{
	while (!w->stopped && next_opening(w)) {
		unsigned long long at = feed_at(w->f);
		const char *is = relative(w);
		enum found found = is ? FOUND_TEXT : prose_look(w);
		if (found == FOUND_VALUE)
			return true;
		*where = why->n ? *where : at;
		if (is)
			buf_fmt(why, "what stands here %s", is);
		else if (found == FOUND_OTHER && !why->n)
			buf_c(why, "JSON with other text behind it in its line is not read");
		else if (found == FOUND_PART && !why->n)
			buf_c(why, RESYNC_PART);
		else if (found == FOUND_BARE && !why->n)
			buf_c(why, "the line ends in '{' and no JSON follows; where each of its lines has "
				"something before it, it is not read");
		if (is)
			return false;
	}
	return false;
}

bool prose_to_value(struct walker *w)
{
	struct feed *f = w->f;
	unsigned long long line = feed_at(f), at = line;
	AUTO(buf_fini) struct buf why = {0};
	f->keep = line;
	f->keeping = true;
	w->too_long = false;
	bool request = request_line(w);
	bool ended = w->ended != ~0ul && feed_lines(f, line) <= w->ended;
	bool closes = !ended && memchr("]}", f->buf[f->pos], 2);
	bool value = prose_search(w, &why, &at);
	if (value)
		prose_aside(w);
	else
		prose_rest(w);
	f->keeping = false;
	w->request = value ? w->request : request;
	if (w->stopped || w->too_long)
		return value;
	bool told = value ? false : why.n > 0, speaks = !told && prose_speaks(w, line);
	w->fragment |= closes;
	if (closes)
		prose_tell(w, line, "a bracket closes what was not opened");
	else if (speaks)
		prose_tell(w, line, "this speaks of an event, but is no JSON that is whole");
	else if (told)
		prose_tell(w, at, buf_cstr(&why));
	else if (!value)
		prose_passed(w, line);
	return value;
}

void prose_end(struct walker *w)
{
	char text[160];
	unsigned long long n = w->passed_lines;
	struct feed *f = w->f;
	if (w->stopped)
		return;
	if (w->prose && !w->any)
		w->sink->problem(w->sink->ctx, f, feed_at(f), "no line of it holds an event that could be read");
	if (!n || !w->sink->note)
		return;
	snprintf(text, sizeof(text), "%llu line%s around the JSON, the first is line %lu: passed over", n,
		plural(n), w->passed_first);
	w->sink->note(w->sink->ctx, text);
}
