/*
 * around: what stands around the alert, in the panes: whose account it is, what the request
 * changed (behind the signals where it is nothing), the signals; verdicts seen before, and what else
 * the same principal did.
 */
#include "pane_priv.h"

#define EVENTS_LISTED 6
#define PRECEDENT_LISTED 5

static void around_say_account(const struct around *a, struct text *t)
{
	if (a->account.n)
		pane_value(t, "account", a->account_bad ? ROLE_WARN : ROLE_GOOD, a->account);
	if (a->approval.n)
		pane_value(t, "approval", ROLE_TEXT, a->approval);
}

/* The weights stand before the sentences: their sum is what the list is ordered by. */
static void say_signals(const struct around *a, struct text *t)
{
	int sum = 0;
	if (a->n_signals == 0)
		return;
	for (size_t i = 0; i < a->n_signals; i++)
		sum += a->signals[i].weight;
	pane_blank(t);
	text_span(t, ROLE_HEADING, STR("Signals"));
	text_fmt(t, ROLE_WARN, "  %s", a->marks ? a->marks : "");
	text_fmt(t, ROLE_DIM, " %d", sum);
	text_end(t);
	for (size_t i = 0; i < a->n_signals; i++) {
		const struct signal *s = &a->signals[i];
		text_fmt(t, s->weight >= 3 ? ROLE_WARN : ROLE_DIM, "%2d ", s->weight);
		text_span(t, ROLE_TEXT, s->text);
		text_indent(t, 0, 3);
		text_end(t);
	}
}

static void say_diff(const struct diff *d, struct text *t)
{
	if (!d)
		return;
	pane_heading(t, "Changes");
	text_span(t, d->base == DIFF_BASE_NONE ? ROLE_DIM : ROLE_TEXT, d->head);
	text_indent(t, 0, 2);
	text_end(t);
	for (size_t i = 0; i < d->n_lines; i++) {
		const struct diff_line *l = &d->lines[i];
		text_span(t, l->more ? ROLE_WARN : ROLE_DIM, l->more ? STR("+ ") : STR("- "));
		text_span(t, ROLE_TEXT, l->text);
		text_indent(t, 0, 2);
		text_end(t);
	}
	if (d->left_out)
		text_fmt(t, ROLE_DIM, "%zu more change%s", d->left_out, plural(d->left_out));
	if (d->left_out)
		text_end(t);
	if (d->later.n)
		pane_warning(t, ROLE_WARN, d->later);
}

void around_request(const struct detail *d, struct text *t)
{
	if (!d->around)
		return;
	const struct diff *diff = d->around->diff;
	bool changes = diff && (diff->later.n || (diff->n_lines && diff->lines[0].kind != DIFF_SAME));
	around_say_account(d->around, t);
	if (changes)
		say_diff(diff, t);
	say_signals(d->around, t);
	if (!changes)
		say_diff(diff, t);
}

/* ---- the actor's -------------------------------------------------------------------------- */

static void say_same(const struct precedent_hit *h, struct text *t)
{
	static const char *const names[PRECEDENT_KINDS] = {"destination", "actor", "role", "bucket"};
	bool first = true;
	text_span(t, ROLE_DIM, STR("  same "));
	for (int k = 0; k < PRECEDENT_KINDS; k++) {
		if (!(h->same >> k & 1))
			continue;
		text_fmt(t, ROLE_DIM, "%s%s", first ? "" : ", ", names[k]);
		first = false;
	}
}

static void say_hit(const struct precedent_hit *h, struct text *t)
{
	static const enum role roles[VERDICTS] = {ROLE_OPEN, ROLE_APPROVED, ROLE_SUSPICIOUS};
	char at[WHEN_TEXT_MAX];
	text_fmt(t, roles[h->verdict % VERDICTS], "%c %s ", verdict_glyph(h->verdict),
		verdict_name(h->verdict));
	text_span(t, ROLE_DIM, pane_time(h->at, false, at));
	text_span(t, ROLE_DIM, STR(" "));
	text_span(t, ROLE_TEXT, h->analyst);
	if (h->reason.n || h->note.n)
		text_span(t, ROLE_DIM, STR(": "));
	text_span(t, ROLE_TEXT, h->reason);
	if (h->reason.n && h->note.n)
		text_span(t, ROLE_DIM, STR(", "));
	text_span(t, ROLE_TEXT, str_sub(h->note, 0, 120));
	if (h->bucket.n)
		text_fmt(t, ROLE_DIM, "  %.*s", STR_ARG(str_sub(h->bucket, 0, 63)));
	say_same(h, t);
	text_indent(t, 0, 2);
	text_end(t);
}

static void say_seen(const struct around *a, struct text *t)
{
	if (a->seen_total == 0)
		return;
	pane_heading(t, "Seen before");
	for (size_t i = 0; i < a->n_seen && i < PRECEDENT_LISTED; i++)
		say_hit(&a->seen[i], t);
	if (a->seen_total > PRECEDENT_LISTED) {
		text_fmt(t, ROLE_DIM, "and %zu more", a->seen_total - PRECEDENT_LISTED);
		text_end(t);
	}
}

static void around_say_event(const struct timeline_entry *e, struct text *t)
{
	char at[WHEN_TEXT_MAX];
	text_span(t, ROLE_DIM, pane_time(e->time, false, at));
	text_span(t, e->named ? ROLE_WARN : ROLE_DIM, e->named ? STR(" ! ") : STR("   "));
	text_span(t, ROLE_TEXT, e->action);
	text_fmt(t, ROLE_DIM, " %.*s", STR_ARG(str_sub(e->bucket.n ? e->bucket : e->target, 0, 80)));
	if (e->result.n)
		text_fmt(t, ROLE_WARN, "  %.*s", STR_ARG(str_sub(e->result, 0, 60)));
	text_indent(t, 0, 14);
	text_end(t);
}

/* The named ones; the whole timeline has a screen of its own. */
static void say_events(const struct around *a, struct text *t)
{
	char span[WHEN_TEXT_MAX];
	size_t named = 0, others = 0, listed = 0;
	if (!a->timeline || a->timeline->n < 2)
		return;
	for (size_t i = 0; i < a->timeline->n; i++) {
		const struct timeline_entry *e = &a->timeline->entries[i];
		named += e->named && !e->self;
		others += !e->self;
	}
	pane_heading(t, "Around it");
	text_fmt(t, ROLE_DIM, "%zu event%s within %s, %zu of them named by the guide", others,
		plural(others), when_span(a->window, span), named);
	if (a->timeline->left_out)
		text_fmt(t, ROLE_DIM, ", %zu more left out", a->timeline->left_out);
	text_end(t);
	text_fmt(t, ROLE_DIM, "only calls that bear on replication; T counts all that was done");
	text_end(t);
	for (size_t i = 0; i < a->timeline->n && listed < EVENTS_LISTED; i++) {
		const struct timeline_entry *e = &a->timeline->entries[i];
		if (e->self || (named && !e->named))
			continue;
		around_say_event(e, t);
		listed++;
	}
}

void around_actor(const struct detail *d, struct text *t)
{
	if (!d->around)
		return;
	say_seen(d->around, t);
	say_events(d->around, t);
	if (d->around->deeds)
		deeds_brief(&(struct deeds_view){d->alert, d->around->deeds, d->around->timeline,
			d->rule ? d->rule->note : STR(""), d->around->window}, t);
}
