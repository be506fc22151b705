/*
 * guide: the guide's steps for one alert, with what is known of it: the account book, earlier verdicts, the
 * events around it, ticks.
 */
#include "s3triage/desk/desk.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)

/* Whose the destination is, when there is a book to ask. */
static struct str steps_say_account(
	const struct desk *d, const struct alert *a, struct arena *mem)
{
	const struct alert_dest *dest = alert_main_dest(a);
	if (!dest || !dest->account.n || !book_count(d->book))
		return (struct str){0};
	const struct book_entry *e = book_find(d->book, dest->account);
	if (!e)
		return arena_fmt(mem, "%.*s is in no account book", STR_ARG(dest->account));
	return arena_fmt(mem, "%.*s is %s%s%.*s%s%.*s (%.*s:%lu)", STR_ARG(dest->account),
		account_kind_name(e->kind), e->name.n ? ": " : "", STR_ARG(e->name),
		e->state.n ? ", " : "", STR_ARG(e->state), STR_ARG(e->file), e->line);
}

static struct str say_before(const struct desk *d, const struct alert *a, struct arena *mem)
{
	struct buf text = {0};
	if (d->seen)
		precedent_sentence(d->seen, a, &text);
	struct str said = arena_str(mem, buf_str(&text));
	buf_fini(&text);
	return said;
}

const struct checklist *desk_guide(struct desk *d, struct str note)
{
	struct desk_guide *g = &d->guide;
	if (g->note.p && str_eq(g->note, note))
		return &g->steps;
	arena_fini(&g->mem);
	g->mem = (struct arena){0};
	g->note = arena_str(&g->mem, note);
	checklist_read(g->note, &g->mem, &g->steps);
	return &g->steps;
}

void desk_steps(struct desk *d, const struct desk_steps *of, struct arena *mem, struct checklist *out)
{
	const struct alert *a = store_alert(d->store, of->row);
	struct checklist_known known = of->said ? *of->said : (struct checklist_known){
		.account = steps_say_account(d, a, mem), .before = say_before(d, a, mem)};
	struct call_seen seen[CALL_COUNT];
	if (d->context) {
		known.window_ms = checklist_window(of->guide, DAY_MS);
		known.looked = context_calls_around(d->context, of->row, known.window_ms, seen);
		known.seen = seen;
	}
	checklist_copy(desk_guide(d, of->guide), mem, out);
	checklist_answer(out, a, &known, mem);
	ticks_apply(d->ticks, a, out, mem);
}

int64_t desk_window(const struct desk *d)
{
	return checklist_window(d->rule ? d->rule->note : STR(""), INT64_C(2) * 3600000);
}

void desk_timeline(const struct desk *d, row_id r, struct timeline_want want, struct arena *mem,
	struct timeline *out)
{
	if (!want.guide.n && d->rule)
		want.guide = d->rule->note;
	context_timeline(d->context, r, &want, mem, out);
}
