/*
 * desk: the state, and what the journal's rows do to it.
 */
#include "say.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static void hear_decision(void *ctx, const struct decision *d)
{
	struct desk *desk = ctx;
	precedent_take(desk->seen, d);
}

static void hear_tick(void *ctx, const struct tick *t)
{
	struct desk *d = ctx;
	ticks_take(d->ticks, t);
	d->tick_rows++;
}

static void hear_approval(void *ctx, const struct approval_row *r)
{
	struct desk *d = ctx;
	approvals_take(d->approvals, r);
}

void desk_listen(struct desk *d)
{
	journal_listen(d->journal, &(struct journal_listener){.ctx = d, .decision = hear_decision,
		.tick = hear_tick, .approval = hear_approval});
}

static void hear_row(void *ctx, const struct decision *d)
{
	struct desk *desk = ctx;
	store_decide(desk->store, d);
	if (desk->hears.decided)
		desk->hears.decided(desk->hears.ctx, d);
}

bool desk_sync(struct desk *d, struct err *err)
{
	bool ok = !d->journal || journal_poll(d->journal, hear_row, d, err);
	if (d->out.sender)
		sender_kick(d->out.sender);
	return ok;
}

void desk_look(struct desk *d)
{
	struct err err = {0};
	if (!d->journal || !desk_in_place(d) || !journal_changed(d->journal) || desk_sync(d, &err))
		return;
	if (err.code == ERR_CONFLICT)
		desk_lose(d, &err);
	else
		desk_say(d, DESK_FAILED, "%s", err.text);
}

void desk_say(struct desk *d, enum desk_word w, const char *fmt, ...)
{
	char text[600];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (d->hears.say)
		d->hears.say(d->hears.ctx, w, str_c(text));
}

/* ---- what signals ask ----------------------------------------------------------------------- */

static enum signal_account ask_account(void *ctx, struct str account)
{
	const struct desk *d = ctx;
	enum account_kind kind = book_kind(d->book, account);
	if (kind == ACCOUNT_FLAGGED)
		return SIGNAL_ACCOUNT_FLAGGED;
	return kind == ACCOUNT_UNKNOWN ? SIGNAL_ACCOUNT_UNKNOWN : SIGNAL_ACCOUNT_KNOWN;
}

static void ask_signs(void *ctx, row_id r, struct arena *mem, struct signs *out)
{
	struct desk *d = ctx;
	context_signs(d->context, r, mem, out);
}

static int64_t ask_now(void *ctx)
{
	struct desk *d = ctx;
	return d->alerts_now(d->alerts_ctx);
}

static void ask_count(void *ctx)
{
	struct desk *d = ctx;
	if (!d->usual)
		d->usual = unusual_new(d->store, d->book);
	unusual_count(d->usual);
}

static signal_set ask_unusual(void *ctx, row_id r)
{
	const struct desk *d = ctx;
	return d->usual ? unusual_signals(d->usual, r) : 0;
}

static void ask_unusual_text(void *ctx, row_id r, enum signal_index i, struct buf *out)
{
	const struct desk *d = ctx;
	if (d->usual)
		unusual_text(d->usual, r, i, out);
}

void desk_ask(struct desk *d)
{
	habits_free(d->usual);
	d->usual = NULL;
	signals_ask(d->signals, &(struct signals_asks){.ctx = d,
		.account = book_count(d->book) ? ask_account : NULL,
		.signs = d->context ? ask_signs : NULL, .count = ask_count, .unusual = ask_unusual,
		.unusual_text = ask_unusual_text, .now = d->alerts_now ? ask_now : NULL});
}

const struct decision *desk_word(const struct desk *d, row_id r)
{
	return d->analyst.n ? store_word(d->store, r, d->analyst) : NULL;
}

struct habits *desk_habits(struct desk *d)
{
	if (!d->habits)
		d->habits = habits_new(d->store, d->book);
	return d->habits;
}

void desk_init(struct desk *d, bool context)
{
	*d = (struct desk){.store = store_new(), .book = book_new(), .approvals = approvals_new(),
		.ticks = ticks_new(), .seen = precedent_new()};
	d->signals = signals_new(d->store);
	store_set_book(d->store, d->book);
	d->context = context ? context_new(d->store) : NULL;
}

void desk_fini(struct desk *d)
{
	outgoing_fini(d);
	journal_close(d->journal);
	arena_fini(&d->guide.mem);
	habits_free(d->habits);
	habits_free(d->usual);
	signals_free(d->signals);
	book_free(d->book);
	approvals_free(d->approvals);
	ticks_free(d->ticks);
	precedent_free(d->seen);
	context_free(d->context);
	store_free(d->store);
	rule_free(d->rule);
	free(d->journal_path);
	free(d->head_file);
	free(d->name_file);
	buf_fini(&d->told);
	buf_fini(&d->lost);
}
