/*
 * heard: what the signals said, and whether the console is to be left.
 */
#include "loop.h"

#include <signal.h>

void tui_take_signals(struct tui *t)
{
	static const int ends[] = {SIGTERM, SIGHUP, SIGINT};
	unsigned long bits = signals_take(t->signals);
	for (size_t i = 0; i < ARRAY_LEN(ends); i++)
		if (bits >> ends[i] & 1)
			t->ended_by = ends[i];
	if (bits >> SIGTSTP & 1)
		t->heard |= APP_SUSPEND;
	if (bits >> SIGCONT & 1)
		t->heard |= APP_REPAINT;
	if (bits >> SIGWINCH & 1)
		t->heard |= APP_DRAW;
}

bool tui_leaves(const struct tui *t)
{
	return t->after & (APP_QUIT | APP_SUSPEND) || t->ended_by || t->gone;
}
