/*
 * steps: the guide's steps for one alert, with what the session knows: the account book, earlier
 * verdicts, the events around it, ticks.
 */
#include "cli_priv.h"

#include "s3triage/base/mem.h"
#include "s3triage/insight/precedent.h"

#define AROUND_MS (INT64_C(24) * 3600 * 1000)

/* Whose the destination is, when there is a book to ask. */
static struct str steps_say_account(
	const struct session *s, const struct alert *a, struct arena *mem)
{
	const struct alert_dest *d = alert_main_dest(a);
	if (!d || !d->account.n || !s->desk.book || !book_count(s->desk.book))
		return (struct str){0};
	const struct book_entry *e = book_find(s->desk.book, d->account);
	if (!e)
		return arena_fmt(mem, "%.*s is in no account book", STR_ARG(d->account));
	return arena_fmt(mem, "%.*s is %s%s%.*s%s%.*s (%.*s:%lu)", STR_ARG(d->account),
		account_kind_name(e->kind), e->name.n ? ": " : "", STR_ARG(e->name),
		e->state.n ? ", " : "", STR_ARG(e->state), STR_ARG(e->file), e->line);
}

static struct str say_before(const struct session *s, const struct alert *a, struct arena *mem)
{
	struct buf text = {0};
	if (s->desk.seen)
		precedent_sentence(s->desk.seen, a, &text);
	struct str said = arena_str(mem, buf_str(&text));
	buf_fini(&text);
	return said;
}

void steps_of(const struct session *s, const struct checklist *guide, row_id r,
	struct arena *mem, struct checklist *out)
{
	const struct alert *a = store_alert(s->desk.store, r);
	struct checklist_known known = {
		.account = steps_say_account(s, a, mem), .before = say_before(s, a, mem)};
	if (s->desk.context)
		known.calls = context_calls(s->desk.context, r, AROUND_MS, &known.refused);
	checklist_copy(guide, mem, out);
	checklist_answer(out, a, &known, mem);
	if (s->desk.ticks)
		ticks_apply(s->desk.ticks, a, out, mem);
}
