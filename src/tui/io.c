/*
 * io: the app's wishes carried out: the journal, the clock, the clipboard.
 */
#include "loop.h"

#include "s3triage/base/base64.h"
#include <stdio.h>
#include <time.h>

static int64_t tui_now(void)
{
	struct timespec ts;
	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t tui_ticks(void)
{
	struct timespec ts;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static int64_t io_now(void *ctx)
{
	(void)ctx;
	return tui_now();
}

static void on_row(void *ctx, const struct decision *d)
{
	struct tui *t = ctx;
	t->after |= app_decided(t->app, d);
}

/* What the journal has now goes to the app, and to whoever sends it on. */
static bool take_rows(struct tui *t, struct err *err)
{
	bool ok = journal_poll(t->set->desk->journal, on_row, t, err);
	if (t->set->sender)
		sender_kick(t->set->sender);
	return ok;
}

/* The worker is about to write so many rows (0: not known) and may be stopped until they are on
 * disk. */
static void recording(struct tui *t, size_t total)
{
	atomic_store(&t->work.done, 0);
	atomic_store(&t->work.total, total);
	atomic_store(&t->work.recording, true);
}

static bool recorded(struct tui *t, bool ok)
{
	atomic_store(&t->work.recording, false);
	return ok;
}

static bool have_journal(const struct tui *t, struct err *err)
{
	return t->set->desk->journal || err_set(err, ERR_USAGE, "there is no journal to write to");
}

/* All of the chain is looked through before anything is recorded. Whoever is told that it is broken only
 * now has not asked for it knowing that; what closes many, or by itself, is not recorded at all. */
static bool may_record(struct tui *t, bool many, struct err *err)
{
	bool told = t->broken[0];
	if (!have_journal(t, err))
		return false;
	bool sound = tui_walk_chain(t, -1) && !t->set->desk->unsound;
	if (!sound)
		journal_singly(t->set->desk->journal);
	if (t->broken[0] && !told)
		return err_set(err, ERR_INPUT, "%s; the same again is recorded in spite of it, if it is one verdict",
			t->broken);
	return !many || journal_takes(t->set->desk->journal, 2, err);
}

static struct journal_author author(const struct tui *t)
{
	return (struct journal_author){t->set->desk->analyst, tui_now()};
}

static void io_tell_clock(struct tui *t)
{
	char span[WHEN_TEXT_MAX], text[160];
	int64_t ahead = journal_ahead(t->set->desk->journal);
	if (!ahead)
		return;
	int n = snprintf(text, sizeof(text), "recorded; the row before it is dated %s ahead of this"
		" clock: one of the two is wrong, both times are kept", when_span(ahead, span));
	t->after |= app_log(t->app, ROLE_WARN, (struct str){text, (size_t)n});
}

/* What was written is on disk whatever happens here; a failure leaves err for the app to tell. */
static bool io_read_back(struct tui *t, struct err *err)
{
	take_rows(t, err);
	io_tell_clock(t);
	return true;
}

/* In a conflict the other's word is read, too: it is what the screen must show next. */
static bool io_decide(void *ctx, const struct journal_entry *entries, size_t n, struct err *err)
{
	struct tui *t = ctx;
	struct journal_author who = author(t);
	struct err unread = {0};
	if (!may_record(t, n > 1, err))
		return false;
	recording(t, n);
	bool ok = recorded(t, journal_decide(t->set->desk->journal, entries, n, &who, err));
	if (ok || err->code == ERR_CONFLICT)
		io_read_back(t, ok ? err : &unread);
	return ok;
}

static bool io_undo(void *ctx, bool redo, struct journal_taken *taken, struct err *err)
{
	struct tui *t = ctx;
	struct journal_author who = author(t);
	if (!may_record(t, false, err))
		return false;
	recording(t, 0);
	return recorded(t, (redo ? journal_redo : journal_undo)(t->set->desk->journal, &who, taken, err)) &&
		io_read_back(t, err);
}

static bool io_history(void *ctx, const struct alert *a, journal_row_fn fn, void *arg, struct err *err)
{
	struct tui *t = ctx;
	return !t->set->desk->journal || outbox_history(t->set->desk->journal, a, fn, arg, err);
}

static bool io_tick(void *ctx, const struct tick *tick, struct err *err)
{
	struct tui *t = ctx;
	struct journal_author who = author(t);
	return may_record(t, false, err) && journal_tick(t->set->desk->journal, tick, &who, err) &&
		io_read_back(t, err);
}

static bool io_approve(void *ctx, const struct approval *terms, int64_t *id, struct err *err)
{
	struct tui *t = ctx;
	struct journal_author who = author(t);
	return may_record(t, false, err) && journal_approve(t->set->desk->journal, terms, &who, id, err) &&
		io_read_back(t, err);
}

static bool io_amend(void *ctx, const struct approval_change *c, struct err *err)
{
	struct tui *t = ctx;
	struct journal *j = t->set->desk->journal;
	struct journal_author who = author(t);
	return may_record(t, false, err) &&
		(c->end ? journal_approval_end(j, c->id, c->reason, &who, err)
			: journal_approval_automatic(j, c->id, c->automatic, &who, err)) &&
		io_read_back(t, err);
}

/* What is on disk is shown, also when a later part failed. */
static bool io_apply(void *ctx, struct approval_plan *p, struct err *err)
{
	struct tui *t = ctx;
	struct err unread = {0};
	struct journal_author who = author(t);
	if (!may_record(t, true, err))
		return false;
	recording(t, 0);
	bool ok = recorded(t, approval_apply(t->set->desk->journal, p, t->set->desk->store,
		&(struct approval_apply){.author = &who}, err));
	io_read_back(t, ok ? err : &unread);
	return ok;
}

static void io_stop_scan(void *ctx)
{
	struct tui *t = ctx;
	if (t->set->scan)
		scan_stop(t->set->scan);
}

/* OSC 52: also through ssh, to the clipboard of the terminal that one sits at. */
static void io_copy(void *ctx, struct str text)
{
	struct tui *t = ctx;
	AUTO(buf_fini) struct buf b = {0};
	buf_init(&b, (size_t)2 << 20);
	buf_c(&b, "\033]52;c;");
	base64_add(text, &b);
	buf_c(&b, "\a");
	buf_clear(&t->copy); /* written by the thread that has the terminal */
	buf_add(&t->copy, buf_str(&b));
}

static void io_choose(void *ctx, struct str id, int64_t seq, enum sender_choice c)
{
	struct tui *t = ctx;
	sender_choose(t->set->sender, id, seq, c);
}

static bool io_still(void *ctx, const struct alert *a)
{
	struct tui *t = ctx;
	return asker_ask(t->set->asker, a);
}

struct app_io tui_io(struct tui *t)
{
	return (struct app_io){.ctx = t, .still = t->set->asker ? io_still : NULL,
		.choose = t->set->sender ? io_choose : NULL,
		.now = io_now, .decide = io_decide, .undo = io_undo,
		.history = io_history, .tick = io_tick, .approve = io_approve,
		.amend = io_amend, .apply = io_apply,
		.stop_scan = io_stop_scan, .copy = io_copy,
		.keep_draft = io_keep_draft, .draft = io_draft, .old_draft = io_old_draft};
}

/* What waits to be sent; a conflict or a failure is said once, and stays in the log. */
void tui_take_sender(struct tui *t)
{
	AUTO(buf_fini) struct buf status = {0}, messages = {0};
	sender_take(t->set->sender, &status, &messages);
	t->after |= app_outbox(t->app, buf_str(&status));
	for (struct str rest = buf_str(&messages); rest.n;)
		t->after |= app_log(t->app, ROLE_WARN, str_cut(&rest, '\n'));
}

void tui_take_asker(struct tui *t)
{
	AUTO(buf_fini) struct buf text = {0};
	bool known;
	if (asker_take(t->set->asker, &text, &known))
		t->after |= app_log(t->app, known ? ROLE_TEXT : ROLE_WARN, buf_str(&text));
}

/* Other consoles' decisions. */
void tui_poll_journal(struct tui *t, void *unused)
{
	(void)unused;
	struct err err = {0};
	if (!t->set->desk->journal || !journal_changed(t->set->desk->journal))
		return;
	if (!take_rows(t, &err))
		t->after |= app_message(t->app, ROLE_ERROR, str_c(err.text));
}

/* Once: what they are, verify says. */
static void tell_unread(struct tui *t)
{
	if (!t->walk.unread || t->unread)
		return;
	t->unread = true;
	t->after |= app_log(t->app, ROLE_WARN, STR("rows of the journal mean nothing to this version: see"
		" s3triage verify"));
}

/* Verdicts that were changed by other means must not look like any others. */
bool tui_walk_chain(struct tui *t, int64_t rows)
{
	struct err err = {0};
	int64_t broken = 0;
	if (!t->set->desk->journal || t->broken[0])
		return !t->broken[0];
	bool fine = journal_walk(t->set->desk->journal, &t->walk, rows, &broken, &err);
	tell_unread(t);
	if (fine || err.code != ERR_INPUT)
		return fine;
	snprintf(t->broken, sizeof(t->broken), "JOURNAL CHANGED at row %lld: verdicts may be wrong, see"
		" s3triage verify", (long long)broken);
	t->after |= app_warn(t->app, str_c(t->broken));
	return false;
}

/* A few milliseconds a second: the first screen does not wait for it. */
void tui_check_chain(struct tui *t)
{
	enum { ROWS = 2000 };
	tui_walk_chain(t, ROWS);
}

/* None of what approvals do by themselves comes from a journal that is not known to be whole. */
static bool may_apply(struct tui *t)
{
	return tui_walk_chain(t, -1) && !t->set->desk->unsound;
}

static void say_applied(struct tui *t, const struct approval_plan *p, bool ok, const struct err *err)
{
	char text[120];
	if (!ok) {
		t->after |= app_message(t->app, ROLE_ERROR, str_c(err->text));
		return;
	}
	if (!(p->n_fits + p->n_reopen + p->n_moves))
		return; /* others were faster */
	int n = snprintf(text, sizeof(text), "by approvals: %zu approved, %zu reopened%s", p->n_fits,
		p->n_reopen, p->n_moves ? ", others kept by another approval" : "");
	t->after |= app_message(t->app, ROLE_APPROVED, (struct str){text, (size_t)n});
}

void tui_apply_approvals(struct tui *t, void *unused)
{
	(void)unused;
	struct approval_plan plan;
	struct err err = {0};
	struct journal_author who = author(t);
	size_t rows = store_count(t->set->desk->store);
	if (!t->set->desk->approvals || !t->set->desk->journal || t->set->read_only || t->approved == rows)
		return;
	t->approved = rows;
	approval_plan(t->set->desk->approvals, t->set->desk->store,
		&(struct approval_ask){.now = who.at, .automatic = true, .habits = app_habits(t->app)}, &plan);
	if (plan.n_fits + plan.n_reopen + plan.n_moves && may_apply(t)) {
		bool ok = approval_apply(t->set->desk->journal, &plan, t->set->desk->store,
			&(struct approval_apply){&who, true}, &err);
		tui_poll_journal(t, NULL);
		say_applied(t, &plan, ok, &err);
	}
	approval_plan_fini(&plan);
}

void tui_watch_approvals(struct tui *t)
{
	int64_t now = tui_now();
	bool expired = t->looked && t->set->desk->approvals &&
		approvals_expired(t->set->desk->approvals, t->looked, now);
	t->looked = now;
	if (expired) {
		t->approved = SIZE_MAX;
		t->after |= app_arrived(t->app);
	}
	if (!t->scanning || t->following) /* else at its end */
		tui_apply_approvals(t, NULL);
}
