/*
 * write_say: what a verdict will change at a target, in words.
 */
#include "write_priv.h"

static void say_kibana(const struct write_target *t, enum verdict v, const struct server *s,
	struct buf *out)
{
	const struct write_status *to = &t->by[v];
	buf_fmt(out, ": status %.*s", STR_ARG(to->status));
	bool reasons = t->kind == WRITE_ALERTS || server_has(s, FEATURE_REASONS);
	if (to->reason.n && reasons)
		buf_fmt(out, " (%.*s)", STR_ARG(to->reason));
	buf_fmt(out, v == VERDICT_OPEN ? ", our tags off" : ", tag " WRITE_TAG "%s", verdict_name(v));
	if (to->reason.n && !reasons)
		buf_c(out, "; this version knows no closing reasons");
	if (t->kind != WRITE_KIBANA)
		return;
	buf_c(out, server_has(s, FEATURE_NOTES) ? ", reason and note as a note"
		: "; notes stay here, this version has none");
	if (t->assignee.n)
		buf_fmt(out, ", assigned to %.*s", STR_ARG(t->assignee));
	if (t->case_id.n && v == VERDICT_SUSPICIOUS)
		buf_fmt(out, ", added to case %.*s", STR_ARG(t->case_id));
}

void write_say(const struct write_target *t, enum verdict v, const struct server *s,
	struct buf *out)
{
	buf_c(out, verdict_name(v));
	if (t->kind == WRITE_NONE)
		buf_c(out, ": nothing leaves: the profile has no `write`");
	else if (t->kind == WRITE_DECISIONS)
		buf_fmt(out, ": one document in %.*s, under the alert's name", STR_ARG(t->index));
	else
		say_kibana(t, v, s, out);
}
