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

static void fact_dests(const struct alert *a, struct buf *out)
{
	for (size_t i = 0; i < a->n_dests && i < 20; i++) {
		const struct alert_dest *d = &a->dests[i];
		if (export_dest_repeats(a, i))
			continue;
		buf_c(out, "| destination | ");
		handoff_case_text(d->account.n ? d->account : d->written, "account not named", out);
		buf_c(out, ", bucket ");
		handoff_case_text(d->bucket, "unknown", out);
		buf_fmt(out, ", %s", relation_name(d->relation));
		if (d->status.n) {
			buf_c(out, ", ");
			export_markdown_text(d->status, out);
		}
		buf_c(out, " |\n");
	}
	if (a->n_dests > 20)
		buf_fmt(out, "| destinations | and %zu more |\n", a->n_dests - 20);
}

static void handoff_case_put_facts(const struct alert *a, struct buf *out)
{
	buf_c(out, "\n### Facts\n\n| what | value |\n|---|---|\n");
	handoff_case_fact_time("when, in UTC", a->time, out);
	handoff_case_fact("bucket", a->bucket, out);
	handoff_case_fact("owner of the bucket", a->owner, out);
	handoff_case_fact("region", a->region, out);
	fact_dests(a, out);
	handoff_case_fact("replication role", a->role, out);
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

/* Once for all cases: many share a key, a role or a bucket. */
static void put_commands(const struct handoff *c)
{
	AUTO(mem_free_ptr) const struct alert **alerts = mem_array(c->n, sizeof(*alerts));
	size_t n = 0;
	for (size_t i = 0; i < c->n; i++)
		if (export_verdict(&c->rows[i].row) == VERDICT_SUSPICIOUS && !c->rows[i].unasked)
			alerts[n++] = c->rows[i].row.alert;
	buf_c(c->out, "\n## To stop it\n\nRead before you run, each part with credentials of its account."
		" Replication is deleted only once it was saved, in a file that is not there yet.\n");
	handoff_commands(alerts, n, c->out);
}

static void put_case(const struct handoff_row *r, size_t number, struct buf *out)
{
	buf_fmt(out, "\n## Case %zu: ", number);
	handoff_case_text(r->row.alert->bucket, "unknown bucket", out);
	buf_char(out, '\n');
	handoff_case_put_facts(r->row.alert, out);
	handoff_case_put_decision(r->row.decision, out);
	put_signals(r, out);
	put_timeline(r, out);
	handoff_case_put_checklist(r->checklist, out);
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
	for (size_t i = 0; i < c->n; i++)
		if (handoff_is_suspect(c, i))
			put_case(&c->rows[i], ++c->report->used, c->out);
	if (c->report->used)
		put_commands(c);
	else
		buf_c(c->out, "\nNothing was marked suspicious.\n");
}
