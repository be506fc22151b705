/*
 * record: what is decided, taken back, ticked and agreed on, into the journal and back from it. Nothing
 * counts before it is on disk.
 */
#include "say.h"

#include "s3triage/base/when.h"
#include "s3triage/journal/outbox.h"

/* All of the chain is looked through before anything is recorded. Whoever is told that it is broken only
 * now has not asked for it knowing that; what closes many, or by itself, is not recorded at all. */
static bool may_record(struct desk *d, bool many, struct err *err)
{
	bool told = d->broken[0];
	if (!d->journal)
		return err_set(err, ERR_USAGE, "there is no journal to write to");
	if (!desk_in_place(d))
		return err_set(err, ERR_INPUT, "%s", buf_cstr(&d->lost));
	if (!d->walks)
		return true;
	bool sound = desk_walk(d, -1) && !d->unsound;
	if (!sound)
		journal_singly(d->journal);
	if (d->broken[0] && !told)
		return err_set(err, ERR_INPUT, "%s; the same again is recorded in spite of it, if it is one verdict",
			d->broken);
	return !many || journal_takes(d->journal, 2, err);
}

static struct journal_author author(const struct desk *d)
{
	return (struct journal_author){d->analyst, d->now()};
}

static bool go_on(void *ctx, size_t done)
{
	struct desk *d = ctx;
	return d->watch(d->watch_ctx, DESK_WRITES, done);
}

void desk_watch(struct desk *d, desk_watch_fn fn, void *ctx)
{
	d->watch = fn;
	d->watch_ctx = ctx;
	if (d->journal)
		journal_watch(d->journal, fn ? go_on : NULL, d);
}

/* It is about to write so many rows (0: not known) and may be stopped until they are on disk. */
static void recording(struct desk *d, size_t total)
{
	if (d->watch)
		d->watch(d->watch_ctx, DESK_BEGINS, total);
}

static bool recorded(struct desk *d, bool ok)
{
	if (d->watch)
		d->watch(d->watch_ctx, DESK_ENDS, 0);
	return ok;
}

static void tell_clock(struct desk *d)
{
	char span[WHEN_TEXT_MAX];
	int64_t ahead = journal_ahead(d->journal);
	if (ahead)
		desk_say(d, DESK_NOTE, "recorded; the row before it is dated %s ahead of this clock: one of the two"
			" is wrong, both times are kept", when_span(ahead, span));
}

/* What was written is on disk whatever happens here; a failure leaves err for the caller to tell. */
static bool read_back(struct desk *d, struct err *err)
{
	desk_sync(d, err);
	tell_clock(d);
	return true;
}

/* In a conflict the other's word is read, too: it is what must be shown next. */
bool desk_decide(struct desk *d, const struct journal_entry *entries, size_t n, struct err *err)
{
	struct journal_author who = author(d);
	struct err unread = {0};
	if (!may_record(d, n > 1, err))
		return false;
	recording(d, n);
	bool ok = recorded(d, journal_decide(d->journal, entries, n, &who, err));
	if (ok || err->code == ERR_CONFLICT)
		read_back(d, ok ? err : &unread);
	return ok;
}

bool desk_undo(struct desk *d, bool redo, struct journal_taken *taken, struct err *err)
{
	struct journal_author who = author(d);
	if (!may_record(d, false, err))
		return false;
	recording(d, 0);
	return recorded(d, (redo ? journal_redo : journal_undo)(d->journal, &who, taken, err)) &&
		read_back(d, err);
}

bool desk_history(struct desk *d, const struct alert *a, journal_row_fn fn, void *arg, struct err *err)
{
	return !d->journal || outbox_history(d->journal, a, fn, arg, err);
}

bool desk_tick(struct desk *d, const struct tick *t, struct err *err)
{
	struct journal_author who = author(d);
	return may_record(d, false, err) && journal_tick(d->journal, t, &who, err) && read_back(d, err);
}

bool desk_approve(struct desk *d, const struct approval *terms, int64_t *id, struct err *err)
{
	struct journal_author who = author(d);
	return may_record(d, false, err) && journal_approve(d->journal, terms, &who, id, err) &&
		read_back(d, err);
}

bool desk_amend(struct desk *d, const struct approval_change *c, struct err *err)
{
	struct journal_author who = author(d);
	return may_record(d, false, err) &&
		(c->end ? journal_approval_end(d->journal, c->id, c->reason, &who, err)
			: journal_approval_automatic(d->journal, c->id, c->automatic, &who, err)) &&
		read_back(d, err);
}

bool desk_apply(struct desk *d, struct approval_plan *p, bool automatic, struct err *err)
{
	struct err unread = {0};
	struct journal_author who = author(d);
	if (!may_record(d, true, err))
		return false;
	recording(d, 0);
	bool ok = recorded(d, approval_apply(d->journal, p, d->store,
		&(struct approval_apply){&who, automatic}, err));
	read_back(d, ok ? err : &unread);
	return ok;
}
