/*
 * modes: which terminal modes the program's output leaves on, and the line discipline.
 */
#include "term_priv.h"

#include "s3triage/base/mem.h"

#include <stdio.h>
#include <termios.h>

static void set_private(struct term_modes *m, int64_t mode, bool on)
{
	if (mode == 1049 || mode == 1047 || mode == 47)
		m->alternate = on;
	else if (mode == 25)
		m->no_cursor = !on;
	else if (mode == 2004)
		m->paste = on;
	else if (mode == 1004)
		m->focus = on;
	else if (mode == 2026)
		m->sync = on;
	else if (mode == 1)
		m->app_cursor = on;
	else if (mode == 9 || (mode >= 1000 && mode <= 1006) || mode == 1015)
		m->mouse = on;
}

/* "?1000;1006h" after ESC [: returns its length, 0 when it is not of that kind or not whole. */
static size_t private_mode(struct term_modes *m, struct str s)
{
	size_t n = 1;
	if (!s.n || s.p[0] != '?')
		return 0;
	while (n < s.n && ((s.p[n] >= '0' && s.p[n] <= '9') || s.p[n] == ';'))
		n++;
	if (n >= s.n || (s.p[n] != 'h' && s.p[n] != 'l'))
		return 0;
	struct str list = str_sub(s, 1, n);
	while (list.n) {
		int64_t mode;
		if (str_int(str_cut(&list, ';'), &mode))
			set_private(m, mode, s.p[n] == 'h');
	}
	return n + 1;
}

void term_scan_modes(struct term *t)
{
	struct str all = term_output(t);
	for (size_t at = t->scanned; at + 1 < all.n; at++) {
		if (all.p[at] != '\033')
			continue;
		if (all.p[at + 1] == '=' || all.p[at + 1] == '>')
			t->modes.app_keypad = all.p[at + 1] == '=';
		else if (all.p[at + 1] == '[')
			private_mode(&t->modes, str_sub(all, at + 2, all.n));
	}
	/* The last few bytes once more next time: a sequence may have been cut. Twice is harmless. */
	t->scanned = all.n > 32 ? all.n - 32 : 0;
}

struct term_modes term_modes(struct term *t)
{
	struct termios tio;
	term_pump(t, 0);
	term_scan_modes(t);
	tcflag_t local = ECHO | ICANON | ISIG;
	if (tcgetattr(t->slave, &tio) == 0)
		t->modes.raw = (tio.c_lflag & local) != local || !(tio.c_oflag & OPOST);
	return t->modes;
}

bool term_is_restored(struct term *t, char *why, size_t size)
{
	struct term_modes m = term_modes(t);
	const struct {
		bool on;
		const char *name;
	} all[] = {{m.alternate, "alternate screen"}, {m.no_cursor, "hidden cursor"},
		{m.paste, "bracketed paste"}, {m.mouse, "mouse"}, {m.focus, "focus events"},
		{m.sync, "synchronised output"}, {m.app_cursor, "application cursor keys"},
		{m.app_keypad, "application keypad"}, {m.raw, "raw line discipline"}};
	struct buf b = {0};
	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		if (all[i].on)
			buf_fmt(&b, "%s%s", b.n ? ", " : "", all[i].name);
	snprintf(why, size, "%s", buf_cstr(&b));
	bool clean = b.n == 0;
	buf_fini(&b);
	return clean;
}
