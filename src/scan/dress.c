/*
 * dress: told by the first bytes, taken off step by step. What is taken off cannot stand in JSON (a bare
 * escape), or stands before every line of it.
 */
#include "dress.h"

#include "s3triage/base/mem.h"

#include <string.h>

enum { STEP_MOST = 256, ESC = '\x1B', BEL = '\x07' };

/* At least so many bytes of it; false when there are no more. */
static bool dress_there(struct dress *d, size_t n)
{
	struct feed *f = d->below;
	while (f->end - f->pos < n)
		if (feed_more(f) != FEED_MORE)
			return false;
	return true;
}

static struct str dress_rest(const struct dress *d)
{
	return (struct str){d->below->buf + d->below->pos, d->below->end - d->below->pos};
}

/* ---- colours ------------------------------------------------------------------------------ */

/* Length of the escape that begins the text: ESC [ ... letter, ESC ] ... BEL, or ESC and one more. */
static size_t escape_length(struct str s)
{
	size_t i = 2;
	if (s.n < 2)
		return s.n;
	if (s.p[1] == '[')
		while (i < s.n && s.p[i] >= ' ' && s.p[i] < '@')
			i++;
	else if (s.p[1] == ']')
		while (i < s.n && s.p[i] != BEL && s.p[i] != ESC && s.p[i] != '\n')
			i++;
	else
		return 2;
	return i < s.n && s.p[i] != '\n' ? i + 1 : i;
}

static bool step_colours(struct dress *d, char **out)
{
	if (!dress_there(d, 1))
		return false;
	if (d->below->buf[d->below->pos] != ESC) {
		*(*out)++ = d->below->buf[d->below->pos++];
		return true;
	}
	dress_there(d, STEP_MOST);
	d->below->pos += escape_length(str_sub(dress_rest(d), 0, STEP_MOST));
	return true;
}

/* ---- before each line --------------------------------------------------------------------- */

static size_t count_digits(struct str s)
{
	size_t n = 0;
	while (n < s.n && s.p[n] >= '0' && s.p[n] <= '9')
		n++;
	return n;
}

static struct str behind_blanks(struct str s)
{
	while (s.n && s.p[0] == ' ')
		s = str_sub(s, 1, s.n);
	return s;
}

static bool numbered(struct str s)
{
	return s.n && s.p[0] == ' ' && count_digits(behind_blanks(s)) > 0;
}

/* How much of the line is the prefix, with other digits where it has digits; 0: it has another. */
static size_t prefix_match(struct str prefix, struct str line)
{
	struct str rest = line;
	while (prefix.n) {
		if (numbered(prefix)) { /* which programs set flush right */
			prefix = behind_blanks(prefix);
			rest = behind_blanks(rest);
		}
		size_t a = count_digits(prefix), b = count_digits(rest);
		if (!rest.n || rest.p[0] == '\n')
			return str_trim(prefix).n ? 0 : line.n - rest.n; /* an empty line has no blank behind it */
		if (!a != !b || (!a && prefix.p[0] != rest.p[0]))
			return 0;
		prefix = str_sub(prefix, a ? a : 1, prefix.n);
		rest = str_sub(rest, b ? b : 1, rest.n);
	}
	return line.n - rest.n;
}

static bool step_prefix(struct dress *d, char **out)
{
	struct feed *f = d->below;
	if (!dress_there(d, 1))
		return false;
	if (!d->within) {
		size_t n = 0;
		while (!memchr(f->buf + f->pos, '\n', n) && n < 2 * DRESS_PREFIX_MAX && dress_there(d, n + 1))
			n = f->end - f->pos;
		f->pos += prefix_match((struct str){d->prefix, d->prefix_n}, dress_rest(d));
		d->within = true;
		return true;
	}
	d->within = f->buf[f->pos] != '\n';
	*(*out)++ = f->buf[f->pos++];
	return true;
}

/* A line that goes on in a pretty text: a key, a text, a bracket. */
static bool is_inner_line(struct str prefix, struct str line)
{
	size_t n = prefix_match(prefix, line);
	struct str rest = str_trim(str_sub(line, n, line.n));
	return n && rest.n && memchr("\"{}[]", rest.p[0], 5);
}

/* What stands before the bracket that opens a pretty text, where the next two lines have it as well. */
static bool dress_prefix(struct dress *d, struct str text)
{
	while (text.n) {
		struct str line = str_cut(&text, '\n'), more = text;
		while (line.n && (line.p[line.n - 1] == '\r' || line.p[line.n - 1] == ' '))
			line.n--;
		char last = line.n ? line.p[line.n - 1] : '\0';
		struct str prefix = str_sub(line, 0, line.n ? line.n - 1 : 0);
		if ((last != '{' && last != '[') || !str_trim(prefix).n || prefix.n > DRESS_PREFIX_MAX ||
			memchr(prefix.p, '"', prefix.n))
			continue;
		struct str two = str_cut(&more, '\n'), three = str_cut(&more, '\n');
		if (!is_inner_line(prefix, two) || !is_inner_line(prefix, three))
			continue;
		memcpy(d->prefix, prefix.p, prefix.n);
		d->prefix_n = prefix.n;
		return true;
	}
	return false;
}

/* ---- quoted-printable --------------------------------------------------------------------- */

static int dress_hex(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool step_quoted(struct dress *d, char **out)
{
	struct feed *f = d->below;
	if (!dress_there(d, 1))
		return false;
	char c = f->buf[f->pos++];
	if (c != '=') {
		*(*out)++ = c;
		return true;
	}
	dress_there(d, 2);
	struct str s = dress_rest(d);
	int high = s.n > 1 ? dress_hex(s.p[0]) : -1, low = s.n > 1 ? dress_hex(s.p[1]) : -1;
	if (high >= 0 && low >= 0)
		*(*out)++ = (char)(high << 4 | low);
	else if (!s.n || (s.p[0] != '\n' && s.p[0] != '\r'))
		*(*out)++ = c;
	f->pos += high >= 0 && low >= 0 ? 2 : str_starts(s, STR("\r\n")) ? 2 : str_starts(s, STR("\n"));
	return true;
}

static bool says_quoted(struct str text)
{
	while (text.n) {
		struct str line = str_cut(&text, '\n'), key = str_cut(&line, ':');
		if (str_eq_fold(key, STR("content-transfer-encoding")) &&
			str_eq_fold(str_trim(line), STR("quoted-printable")))
			return true;
	}
	return false;
}

/* Lines that all keep within 76 and break off with "=": in JSON no line does. */
static bool dress_quoted(struct str text)
{
	enum { WIDTH = 76, LEAST = 2 };
	size_t broken = 0;
	if (str_find(text, STR("=\n")) == STR_NONE && str_find(text, STR("=\r\n")) == STR_NONE)
		return false;
	while (text.n) {
		struct str line = str_cut(&text, '\n');
		while (line.n && line.p[line.n - 1] == '\r')
			line.n--;
		broken += line.n && line.p[line.n - 1] == '=';
		if (line.n > WIDTH && text.n)
			return false;
	}
	return broken >= LEAST;
}

/* ------------------------------------------------------------------------------------------- */

static ssize_t fill_dressed(void *ctx, char *out, size_t room)
{
	struct dress *d = ctx;
	char *to = out;
	while ((size_t)(to - out) < room) {
		if (to > out && d->below->pos == d->below->end)
			break; /* what is there goes out before anything is waited for */
		if (d->step(d, &to))
			continue;
		d->feed.cut = d->below->cut;
		break;
	}
	return to - out;
}

bool dress_open(struct dress *d, struct feed *below, bool json)
{
	enum { LOOK = 64 << 10 };
	struct str head = str_sub((struct str){below->buf, below->end}, 0, LOOK);
	*d = (struct dress){.below = below};
	if (str_find(head, STR("\x1B[")) != STR_NONE)
		d->step = step_colours;
	else if (dress_quoted(head) || (!json && says_quoted(head)))
		d->step = step_quoted;
	else if (!json && dress_prefix(d, head))
		d->step = step_prefix;
	else
		return false;
	feed_stream(&d->feed, 0, fill_dressed, d);
	return true;
}

void dress_close(struct dress *d)
{
	feed_fini(&d->feed);
}
