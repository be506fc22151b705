/*
 * look: whether keys wait, and when none did: between two looks a key may have come at any time.
 */
#include "loop.h"

#include <poll.h>

bool pace_look(struct tui *t)
{
	int64_t now = tui_ticks();
	struct pollfd p = {t->term.fd, POLLIN, 0};
	if (poll(&p, 1, 0) != 0)
		return true;
	t->no_key = now;
	return false;
}

/* The longer ago the last key, or the question, the less it matters when exactly the next one came. */
int pace_patience(const struct tui *t)
{
	int64_t last = t->stroke.at > t->question_at ? t->stroke.at : t->question_at;
	int64_t ago = tui_ticks() - last;
	return ago > 2 * PACE_AGAIN ? -1 : PACE_SAME + (int)(ago / 16);
}
