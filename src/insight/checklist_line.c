/*
 * checklist_line: one line of a guide. Only as much Markdown as steps need: headings, list items,
 * fences, and text without its marks. The text is anybody's.
 */
#include "checklist_priv.h"

static size_t run_of(struct str s, char c)
{
	size_t n = 0;
	while (n < s.n && s.p[n] == c)
		n++;
	return n;
}

/* The bytes of a list mark with the blank behind it, 0 when there is none. */
static size_t item_mark(struct str s)
{
	size_t n = 0;
	if (s.n && str_find_char(STR("-*+"), s.p[0]) != STR_NONE) {
		n = 1;
	} else {
		while (n < s.n && n < 9 && s.p[n] >= '0' && s.p[n] <= '9')
			n++;
		if (!n || n >= s.n || (s.p[n] != '.' && s.p[n] != ')'))
			return 0;
		n++;
	}
	return n < s.n && (s.p[n] == ' ' || s.p[n] == '\t') ? n + 1 : 0;
}

static bool all_bold(struct str s)
{
	return s.n > 4 && str_starts(s, STR("**")) && str_ends(s, STR("**")) &&
		str_find(str_sub(s, 2, s.n - 2), STR("**")) == STR_NONE;
}

static struct str heading_text(struct str s, size_t marks)
{
	struct str text = str_trim(str_sub(s, marks, s.n));
	while (text.n && text.p[text.n - 1] == '#')
		text.n--;
	return str_trim(text);
}

static size_t indent_of(struct str line)
{
	size_t indent = 0;
	for (size_t i = 0; i < line.n && (line.p[i] == ' ' || line.p[i] == '\t'); i++)
		indent += line.p[i] == '\t' ? 4 : 1;
	return indent;
}

struct guide_line guide_line_read(struct str line)
{
	struct guide_line l = {.kind = GUIDE_TEXT};
	l.indent = indent_of(line);
	struct str s = l.text = str_trim(line);
	size_t marks = run_of(s, '#'), mark = item_mark(s);
	if (!s.n) {
		l.kind = GUIDE_BLANK;
	} else if (run_of(s, '`') >= 3 || run_of(s, '~') >= 3) {
		l.kind = GUIDE_FENCE;
	} else if (marks && marks <= 6 && marks < s.n && s.p[marks] == ' ' && l.indent < 4) {
		l.kind = GUIDE_HEADING;
		l.level = marks;
		l.text = heading_text(s, marks);
	} else if (all_bold(s) && l.indent == 0) {
		l.kind = GUIDE_HEADING;
		l.level = 7;
		l.text = str_sub(s, 2, s.n - 2);
	} else if (mark) {
		l.kind = GUIDE_ITEM;
		l.text = str_trim(str_sub(s, mark, s.n));
	}
	return l;
}

/* ---- text without marks ------------------------------------------------------------------- */

static void put_plain(struct buf *out, char c)
{
	bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
	if (!blank)
		buf_char(out, c);
	else if (out->n && out->p[out->n - 1] != ' ')
		buf_char(out, ' ');
}

/* "[text](target)" at `at`: its length and its text. 0: it is none. */
static size_t link_at(struct str s, size_t at, struct str *text)
{
	struct str rest = str_sub(s, at, at + 2000 < s.n ? at + 2000 : s.n);
	size_t middle = str_find(rest, STR("](")), end;
	if (middle == STR_NONE)
		return 0;
	end = str_find_char(str_sub(rest, middle, rest.n), ')');
	*text = str_sub(rest, 1, middle);
	return end == STR_NONE ? 0 : middle + end + 1;
}

/* A star or underscore that is no letter of a word: underscores inside field names stay. */
static bool is_emphasis(struct str s, size_t at)
{
	if (s.p[at] == '*')
		return true;
	return s.p[at] == '_' && (at == 0 || s.p[at - 1] == ' ' || at + 1 == s.n ||
		s.p[at + 1] == ' ');
}

static void plain_text(struct str s, struct buf *out)
{
	bool code = false;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (c == '`')
			code = !code;
		else if (!code && c == '\\' && i + 1 < s.n)
			put_plain(out, s.p[++i]);
		else if (code || !is_emphasis(s, i))
			put_plain(out, c);
	}
}

void guide_plain(struct str s, struct buf *out)
{
	size_t from = 0;
	for (size_t i = 0; i < s.n; i++) {
		struct str text;
		size_t n = s.p[i] == '[' ? link_at(s, i, &text) : 0;
		if (!n)
			continue;
		plain_text(str_sub(s, from, i), out);
		plain_text(text, out);
		from = i + n;
		i = from - 1;
	}
	plain_text(str_sub(s, from, s.n), out);
}
