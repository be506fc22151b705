/*
 * chain: the journal's chain looked through while one works. Verdicts that were changed by other means
 * must not look like any others.
 */
#include "say.h"

#include <stdio.h>

/* Once: what they are, verify says. */
static void tell_unread(struct desk *d)
{
	if (!d->walk.unread || d->unread)
		return;
	d->unread = true;
	desk_say(d, DESK_NOTE, "rows of the journal mean nothing to this version: see s3triage verify");
}

bool desk_walk(struct desk *d, int64_t rows)
{
	struct err err = {0};
	int64_t broken = 0;
	if (!d->journal || d->broken[0])
		return !d->broken[0];
	bool fine = journal_walk(d->journal, &d->walk, rows, &broken, &err);
	tell_unread(d);
	if (fine || err.code != ERR_INPUT)
		return fine;
	snprintf(d->broken, sizeof(d->broken), "JOURNAL CHANGED at row %lld: verdicts may be wrong, see"
		" s3triage verify", (long long)broken);
	if (d->hears.say)
		d->hears.say(d->hears.ctx, DESK_ALARM, str_c(d->broken));
	return false;
}
