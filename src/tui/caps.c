/*
 * caps: terminfo, through ncurses. Needs a terminal that was set up.
 */
#include "caps.h"

#include <ncurses.h>
#include <string.h>
#include <term.h>

static const char *string(const char *name)
{
	const char *s = tigetstr(name);
	return s == (const char *)-1 ? NULL : s;
}

enum caps_found caps_probe(const char *term, int fd)
{
	int code = 0;
	if (setupterm(term, fd, &code) != OK)
		return CAPS_UNKNOWN;
	bool able = caps_has("cup") && caps_has("clear") && !caps_flag("hc");
	del_curterm(cur_term);
	return able ? CAPS_GOOD : CAPS_POOR;
}

bool caps_has(const char *name)
{
	return string(name) != NULL;
}

bool caps_is(const char *name, const char *text)
{
	const char *s = string(name);
	return s && strcmp(s, text) == 0;
}

bool caps_flag(const char *name)
{
	return tigetflag(name) > 0;
}

int caps_number(const char *name)
{
	int n = tigetnum(name);
	return n > 0 ? n : 0;
}

/* "$<5>" asks for a pause, which no terminal of today needs. */
static void without_padding(struct buf *out, const char *s)
{
	while (*s) {
		if (s[0] == '$' && s[1] == '<') {
			while (*s && *s != '>')
				s++;
			s += *s == '>';
			continue;
		}
		buf_char(out, *s++);
	}
}

void caps_put(struct buf *out, const char *name, int a, int b)
{
	const char *s = string(name);
	if (!s)
		return;
	s = tiparm(s, a, b);
	if (s)
		without_padding(out, s);
}
