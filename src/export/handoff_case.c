/*
 * handoff_case: a case note for each suspicious alert: facts, why it is odd, what was checked, what
 * happened around it, and the commands that stop it. Event text is never markup.
 */
#include "handoff_priv.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/utf8.h"
#include "s3triage/base/when.h"

static void handoff_case_text(struct str s, const char *otherwise, struct buf *out)
{
	if (s.n)
		export_markdown_text(s, out);
	else
		buf_c(out, otherwise);
}

static void handoff_case_fact(const char *name, struct str value, struct buf *out)
{
	buf_fmt(out, "| %s | ", name);
	handoff_case_text(value, "unknown", out);
	buf_c(out, " |\n");
}

static void handoff_case_fact_time(const char *name, int64_t ms, struct buf *out)
{
	char when[WHEN_TEXT_MAX];
	handoff_case_fact(name, str_c(when_format(ms, when)), out);
}

static void put_place(const struct alert_dest *d, struct buf *out)
{
	handoff_case_text(d->account.n ? d->account : d->written, "account not named", out);
	buf_c(out, ", bucket ");
	handoff_case_text(d->bucket, "unknown", out);
}

static void fact_dests(const struct alert *a, struct buf *out)
{
	for (size_t i = 0; i < a->n_dests && i < 20; i++) {
		const struct alert_dest *d = &a->dests[i];
		if (export_dest_repeats(a, i))
			continue;
		buf_c(out, "| destination | ");
		put_place(d, out);
		buf_fmt(out, "%s, %s", d->claim ? " (only claimed)" : "", relation_name(d->relation));
		if (d->status.n) {
			buf_c(out, ", ");
			export_markdown_text(d->status, out);
		}
		buf_c(out, " |\n");
	}
	if (a->n_dests > 20)
		buf_fmt(out, "| destinations | and %zu more |\n", a->n_dests - 20);
}

static const char *word_of(const struct handoff_row *r)
{
	enum verdict v = export_verdict(&r->row);
	return v == VERDICT_APPROVED ? "which is approved" : v == VERDICT_SUSPICIOUS ?
		"which is suspicious too" : "which nobody has decided on";
}

/* A request replaces the whole configuration: what was decided on may be gone. */
static void fact_later(const struct handoff_row *r, const struct handoff_later *later, struct buf *out)
{
	char when[WHEN_TEXT_MAX];
	if (later->beside) {
		buf_c(out, "| this configuration was | ");
		export_markdown_text(r->later, out);
		buf_c(out, " |\n");
	}
	if (!later->last)
		return;
	char tmp[ALERT_WHO_MAX];
	const struct alert *a = later->last->row.alert;
	const struct decision *d = later->last->row.decision;
	buf_fmt(out, "| this configuration was | replaced %s%s by ",
		a->time == WHEN_NONE ? "at a time not known" : when_format(a->time, when),
		a->time == r->row.alert->time ? " (in the same second: which came first is not known)" : "");
	handoff_case_text(alert_who(a, tmp), "somebody unknown", out);
	buf_c(out, " with one to ");
	put_place(alert_main_dest(a), out);
	if (a->n_dests > 1)
		buf_fmt(out, " and %zu more", a->n_dests - 1);
	buf_fmt(out, ", %s", word_of(later->last));
	if (d && d->verdict != VERDICT_OPEN) {
		buf_c(out, " (");
		handoff_case_text(d->analyst, "somebody", out);
		buf_fmt(out, ", row %lld)", (long long)d->seq);
	}
	buf_c(out, "; alert ");
	handoff_case_text(a->id, "without an id", out);
	if (later->n > 1)
		buf_fmt(out, ", the last of %zu", later->n);
	buf_c(out, " |\n");
}

static void handoff_case_put_facts(const struct handoff_row *r, const struct handoff_later *later,
	struct buf *out)
{
	char tmp[ALERT_WHO_MAX];
	const struct alert *a = r->row.alert;
	buf_c(out, "\n### Facts\n\n| what | value |\n|---|---|\n");
	handoff_case_fact_time("when, in UTC", a->time, out);
	handoff_case_fact("bucket", a->bucket, out);
	handoff_case_fact(a->traits & TRAIT_OWNER_GUESSED ? "owner of the bucket, guessed: the event does not say"
		: "owner of the bucket", a->owner, out);
	handoff_case_fact("region", a->region, out);
	fact_dests(a, out);
	handoff_case_fact("now", str_c(export_now_text(r->row.now)), out);
	fact_later(r, later, out);
	handoff_case_fact("replication role", a->role, out);
	handoff_case_fact("who", alert_who(a, tmp), out);
	handoff_case_fact("sent by", a->actor_arn.n ? a->actor_arn : a->actor, out);
	handoff_case_fact("kind of identity", a->actor_type, out);
	handoff_case_fact("key", a->key_id, out);
	handoff_case_fact("address", a->ip, out);
	handoff_case_fact("country", a->country, out);
	handoff_case_fact("tool", a->agent, out);
	handoff_case_fact("request read from", str_c(read_from_name(a->read_from)), out);
	handoff_case_fact("alert", a->id, out);
	handoff_case_fact("event", a->event_id, out);
	handoff_case_fact("rule", a->rule, out);
}

static void handoff_case_put_decision(const struct decision *d, struct buf *out)
{
	buf_c(out, "\n### Decision\n\n");
	handoff_case_fact("what", STR("value"), out);
	buf_c(out, "|---|---|\n");
	handoff_case_fact("verdict", str_c(verdict_name(d->verdict)), out);
	handoff_case_fact("by", d->analyst, out);
	handoff_case_fact_time("at (UTC)", decision_made(d), out);
	handoff_case_fact("reason", d->reason.n ? d->reason : STR("none"), out);
	handoff_case_fact("note", d->note.n ? d->note : STR("none"), out);
	buf_fmt(out, "| row of the journal | %lld |\n", (long long)d->seq);
}

static void put_signals(const struct handoff_row *r, struct buf *out)
{
	if (!r->n_signals)
		return;
	buf_c(out, "\n### Why it is odd\n\n");
	for (size_t i = 0; i < r->n_signals; i++) {
		buf_fmt(out, "- (%d) ", r->signals[i].weight);
		export_markdown_text(r->signals[i].text, out);
		buf_char(out, '\n');
	}
}

static void put_step(const struct checklist_step *s, struct buf *out)
{
	buf_fmt(out, "- [%c] ", s->ticked ? 'x' : ' ');
	export_markdown_text(s->title, out);
	if (s->ticked) {
		buf_c(out, " (ticked by ");
		handoff_case_text(s->ticked_by, "somebody", out);
		buf_char(out, ')');
	}
	if (s->ticked && s->note.n) {
		buf_c(out, "\n  - found: ");
		export_markdown_text(s->note, out);
	}
	if (s->other_by.n) {
		buf_c(out, " (ticked on other content by ");
		handoff_case_text(s->other_by, "somebody", out);
		buf_char(out, ')');
	}
	if (s->evidence.n) {
		buf_c(out, "\n  - the alert says: ");
		export_markdown_text(s->evidence, out);
	}
	buf_char(out, '\n');
}

static void handoff_case_put_checklist(const struct checklist *list, struct buf *out)
{
	if (!list || !list->n)
		return;
	buf_fmt(out, "\n### Checked (%zu ticked, %zu answered by data alone, %zu open)\n\n",
		checklist_done(list), checklist_answered(list), checklist_open(list));
	for (size_t i = 0; i < list->n; i++)
		if (list->steps[i].phase == PHASE_INVESTIGATE)
			put_step(&list->steps[i], out);
}

static void put_timeline(const struct handoff_row *r, struct buf *out)
{
	if (!r->n_timeline)
		return;
	buf_c(out, "\n### Around it\n\n");
	for (size_t i = 0; i < r->n_timeline; i++) {
		buf_c(out, "- ");
		export_markdown_text(r->timeline[i], out);
		buf_char(out, '\n');
	}
}

/* In our words alone: it goes into a comment of a command. */
static struct str replaced_by(const struct handoff *c, const struct handoff_row *r, struct arena *mem)
{
	struct handoff_later later;
	char when[WHEN_TEXT_MAX];
	handoff_later(c, r, &later);
	if (!later.look)
		return (struct str){0};
	int64_t at = later.beside ? r->later_at : later.last->row.alert->time;
	return arena_fmt(mem, "%s, by %s", at == WHEN_NONE ? "at a time not known" : when_format(at, when),
		later.beside ? "an event that is no alert" :
		export_verdict(&later.last->row) == VERDICT_APPROVED ? "one that is approved" :
		"one that nobody has decided on");
}

/* The last that was read of the bucket is that its replication was deleted. */
static bool is_removed(const struct handoff *c, const struct handoff_row *r)
{
	struct handoff_later later;
	handoff_later(c, r, &later);
	bool last = !later.last || later.last->row.alert->time < r->later_at;
	return last && later.beside && r->row.now == NOW_REMOVED;
}

/* Once for all cases: many share a key, a role or a bucket. */
static void put_commands(const struct handoff *c)
{
	AUTO(mem_free_ptr) struct handoff_stop *stops = mem_array(c->n, sizeof(*stops));
	AUTO(arena_fini) struct arena mem = {0};
	size_t n = 0;
	for (size_t i = 0; i < c->n; i++)
		if (export_verdict(&c->rows[i].row) == VERDICT_SUSPICIOUS && !c->rows[i].unasked) {
			stops[n] = (struct handoff_stop){.alert = c->rows[i].row.alert, .number = n + 1,
				.replaced = replaced_by(c, &c->rows[i], &mem), .removed = is_removed(c, &c->rows[i])};
			n++;
		}
	buf_c(c->out, "\n## To stop it\n\nRead before you run, each part with credentials of its account."
		" Replication is deleted only once it was saved, in a file that is not there yet, and only where"
		" nothing read here replaced it. Whether it is still there: `s3triage aws replication ID`.\n");
	handoff_commands(stops, n, c->out);
}

static void put_case(const struct handoff *c, const struct handoff_row *r, size_t number)
{
	struct buf *out = c->out;
	struct handoff_later later;
	handoff_later(c, r, &later);
	buf_fmt(out, "\n## Case %zu: ", number);
	handoff_case_text(r->row.alert->bucket, "unknown bucket", out);
	buf_char(out, '\n');
	handoff_case_put_facts(r, &later, out);
	handoff_case_put_decision(r->row.decision, out);
	put_signals(r, out);
	put_timeline(r, out);
	handoff_case_put_checklist(r->checklist, out);
}

/* A part must not be taken for all. */
static void handoff_case_put_part(const struct handoff *c)
{
	AUTO(buf_fini) struct buf part = {0};
	size_t left = 0;
	handoff_part(c->origin, &part);
	if (!part.n)
		return;
	for (size_t i = 0; i < c->n; i++)
		left += c->rows[i].unasked && export_verdict(&c->rows[i].row) == VERDICT_SUSPICIOUS;
	buf_c(c->out, "\n**A part, not all:** asked for with ");
	buf_add(c->out, buf_str(&part));
	buf_fmt(c->out, ". Left out: %zu suspicious.\n", left);
}

void handoff_case(const struct handoff *c)
{
	buf_c(c->out, "<!-- ");
	handoff_origin_write(c->origin, c->out);
	buf_c(c->out, " -->\n\n# Replication to other accounts: suspicious\n\n");
	buf_fmt(c->out, "From a journal of %lld rows", (long long)c->origin->rows);
	if (c->origin->head.n)
		buf_fmt(c->out, " whose last hash is `%.*s`", STR_ARG(c->origin->head));
	buf_c(c->out, ". All times are UTC.\n");
	handoff_case_put_part(c);
	for (size_t i = 0; i < c->n; i++)
		if (handoff_is_suspect(c, i))
			put_case(c, &c->rows[i], ++c->report->used);
	if (c->report->used)
		put_commands(c);
	else if (c->report->left[HANDOFF_WHY_UNASKED])
		buf_fmt(c->out, "\nNone of %zu suspicious was asked for.\n", c->report->left[HANDOFF_WHY_UNASKED]);
	else
		buf_c(c->out, "\nNothing was marked suspicious.\n");
}
