/*
 * walker: what all who walk a text need: more of it, and a word for where it broke.
 */
#include "skip.h"

bool skip_broke(struct walker *w, const char *why)
{
	w->why = why;
	w->why_at = feed_at(w->f);
	w->why_end = false;
	return false;
}

bool skip_ended(struct walker *w, const char *why)
{
	skip_broke(w, why);
	w->why_end = true;
	return false;
}

bool skip_more(struct walker *w)
{
	struct feed *f = w->f;
	if (w->stopped || w->sink->stop(w->sink->ctx)) {
		w->stopped = true;
		return false;
	}
	enum feed_more m = feed_more(f);
	if (m != FEED_FULL)
		return m == FEED_MORE;
	if (!w->too_long)
		w->sink->problem(w->sink->ctx, f, f->keeping ? f->keep : feed_at(f),
			"the record is longer than 64 MiB and was passed over");
	w->too_long = true;
	f->keeping = false;
	return feed_more(f) == FEED_MORE;
}
