/*
 * request: the pane that answers "where does the data go?": destinations, then source and role,
 * then how far the reading can be trusted, then what was decided.
 */
#include "pane_priv.h"

#include "s3triage/alert/signal.h"
#include "s3triage/base/lines.h"
#include "s3triage/base/when.h"
#include "s3triage/event/doc.h"

/* Whose bucket it is; which field says so unless it is the one that names the bucket itself. */
static void say_owner(const struct replication *r, struct text *t)
{
	struct str from = str_c(r->owner_from), prefix = STR("aws.cloudtrail.");
	pane_label(t, "owner");
	text_span(t, ROLE_TEXT, r->owner);
	if (str_starts(from, prefix))
		from = str_sub(from, prefix.n, from.n);
	if (from.n && !str_starts(from, STR("resources.")))
		text_fmt(t, ROLE_DIM, "  by %.*s", STR_ARG(from));
	text_end(t);
}

static void say_source(const struct detail *d, struct text *t)
{
	const struct replication *r = &d->request;
	pane_value(t, "from", ROLE_STRONG, r->bucket.n ? r->bucket : d->alert->bucket);
	if (r->owner.n)
		say_owner(r, t);
	else
		pane_value(t, "owner", ROLE_WARN, pane_lacks(d, "not said by the event"));
	if (r->caller_account.n && r->owner.n && !str_eq(r->caller_account, r->owner))
		pane_valuef(t, "caller", ROLE_WARN, "of account %.*s, not the owner's",
			STR_ARG(r->caller_account));
	pane_value(t, "region", ROLE_TEXT, d->alert->region);
}

static void say_role(const struct detail *d, struct text *t)
{
	const struct replication *r = &d->request;
	if (!r->role.n) {
		pane_value(t, "role", ROLE_DIM, r->text_cut ? STR("not read")
			: r->read_from == READ_NOTHING ? pane_lacks(d, "none in the request")
			: STR("none in the request"));
		return;
	}
	pane_value(t, "role", ROLE_TEXT, r->role);
	if (r->role_account.n && r->owner.n && !str_eq(r->role_account, r->owner))
		pane_valuef(t, "", ROLE_WARN, "of account %.*s, not the bucket owner's",
			STR_ARG(r->role_account));
}

static void say_reading(const struct detail *d, struct text *t)
{
	const struct replication *r = &d->request;
	static const char *const words[] = {
		[READ_NOTHING] = "nothing: the event holds no parameters",
		[READ_ORIGINAL] = "the original event",
		[READ_FLATTENED] = "the flattened copy; the original event is missing",
		[READ_STRING] = "the unquoted text alone, which can be forged",
	};
	if (d->alert->traits & TRAIT_LOSSY)
		pane_value(t, "read from", ROLE_WARN, r->read_from == READ_STRING
			? STR("a form that leaves out parts of the event, as unquoted text, which can be forged")
			: STR("a form that leaves out parts of the event: what it does not show is not known"));
	else
		pane_value(t, "read from", r->read_from == READ_ORIGINAL ? ROLE_TEXT : ROLE_WARN,
			str_c(words[r->read_from % 4]));
	if (r->account_in_text)
		pane_value(t, "mind", ROLE_TEXT, STR("\"Account=\", which the rule looks for, also stands in a "
			"prefix, a tag or an id: it names no destination there"));
}

static void say_warnings(const struct replication *r, struct text *t)
{
	if (r->disagreement)
		pane_warning(t, ROLE_WARN, r->disagreement_text.n ? r->disagreement_text
			: STR("the event's copies of the request do not say the same"));
	if (r->text_cut)
		pane_warning(t, ROLE_WARN, STR("the request's text is cut: rules may be missing, and what is "
			"not shown of the last one is not known"));
	if (r->original_cut)
		pane_warning(t, ROLE_WARN, STR("event.original is cut: what is shown is read from another form of"
			" the event, and could not be held against it"));
	if (r->string_doubtful)
		pane_warning(t, ROLE_WARN, STR("the text form is malformed: a prefix, id or "
			"tag in it may imitate other fields"));
	if (r->rules_cut)
		pane_warning(t, ROLE_WARN, STR("more than 1,000 rules: the rest is not shown"));
	if (r->omitted)
		pane_warning(t, ROLE_WARN, STR("CloudTrail left the parameters out: too large"));
}

static void say_decision(const struct decision *d, struct text *t)
{
	char at[WHEN_TEXT_MAX];
	static const enum role roles[VERDICTS] = {ROLE_OPEN, ROLE_APPROVED, ROLE_SUSPICIOUS};
	when_format(d->whose.n ? d->at : decision_made(d), at);
	at[10] = at[10] == 'T' ? ' ' : at[10];
	text_indent(t, 0, 2);
	text_fmt(t, ROLE_DIM, "%.19s ", at);
	text_fmt(t, roles[d->verdict % VERDICTS], "%c %s", verdict_glyph(d->verdict),
		verdict_name(d->verdict));
	text_span(t, ROLE_DIM, STR(" by "));
	text_span(t, ROLE_TEXT, d->analyst.n ? decision_who(d) : STR("somebody"));
	if (d->whose.n) {
		text_span(t, ROLE_DIM, STR(" stands again, taken back by "));
		text_span(t, ROLE_TEXT, d->analyst);
	} else if (d->undoes)
		text_span(t, ROLE_DIM, d->redo ? STR(" (brought back)") : STR(" (undone)"));
	if (d->reason.n) {
		text_span(t, ROLE_DIM, STR(": "));
		text_span(t, ROLE_TEXT, d->reason);
	}
	text_end(t);
	struct str rest = d->note, line;
	while (lines_next(&rest, &line)) {
		text_indent(t, 2, 0);
		pane_line(t, ROLE_TEXT, line);
	}
	rest = d->unsent;
	while (lines_next(&rest, &line)) {
		text_indent(t, 2, 2);
		pane_line(t, ROLE_WARN, line);
	}
}

static void say_history(const struct detail *d, struct text *t)
{
	if (d->n_history == 0 && !d->decision)
		return;
	pane_heading(t, d->n_history > 1 ? "Decisions" : "Decision");
	for (size_t i = d->n_history; i > 0; i--)
		say_decision(d->history[i - 1], t);
	if (d->n_history == 0)
		say_decision(d->decision, t);
}

/* What the list knows, when the record itself cannot be read. */
static void say_facts(const struct detail *d, struct text *t)
{
	static const char *const words[] = {[RELATION_OTHER] = "another account",
		[RELATION_OWN] = "the owner's own account", [RELATION_UNNAMED] = "no account named",
		[RELATION_INVALID] = "not a valid account id"};
	const struct alert *a = d->alert;
	pane_no_record(d, t);
	pane_value(t, "from", ROLE_STRONG, a->bucket);
	pane_value(t, "owner", ROLE_TEXT, a->owner);
	for (size_t i = 0; i < a->n_dests && i < 50; i++)
		pane_valuef(t, i ? "" : "to", ROLE_TEXT, "%.*s  %s%s  %.*s",
			STR_ARG(str_sub(a->dests[i].written, 0, 64)),
			words[a->dests[i].relation % 4], a->dests[i].claim ? ", only claimed" : "",
			STR_ARG(str_sub(a->dests[i].bucket, 0, 256)));
}

static void say_request(const struct detail *d, struct text *t)
{
	const struct replication *r = &d->request;
	bool lossy = d->alert->traits & TRAIT_LOSSY;
	if (r->n_rules)
		request_destinations(r, t);
	else
		pane_warning(t, ROLE_WARN, event_is_finding(d->ecs) ? STR("the destination is not in a Macie finding: "
			"look at the bucket's replicationDetails in `aws macie2 describe-buckets`, and at the bucket's "
			"PutBucketReplication of that time")
			: r->omitted ? STR("the request is not in the event")
			: lossy && r->read_from == READ_NOTHING
			? STR("the destination is not known: what was read holds no request")
			: lossy ? STR("no destination was read, from a form that leaves out parts of the event")
			: r->rules_unread ? STR("no destination was read: the request, or a part of it, cannot be read")
			: STR("no destination: the request holds no replication rule"));
	around_request(d, t);
	pane_blank(t);
	if (r->disagreement || r->text_cut || r->original_cut || r->string_doubtful || r->rules_cut || r->omitted) {
		say_warnings(r, t);
		pane_blank(t);
	}
	say_source(d, t);
	say_role(d, t);
	say_reading(d, t);
}

/* Whoever wrote such an event down had another clock, or wants it to stand out of what is looked at. */
static void say_ahead(const struct detail *d, struct text *t)
{
	char at[WHEN_TEXT_MAX];
	int64_t time = d->alert->time;
	if (d->now <= 0 || time == WHEN_NONE || time <= d->now + SIGNAL_AHEAD_MS)
		return;
	text_fmt(t, ROLE_WARN, "! the event is dated %.*s, ahead of the clock", STR_ARG(pane_time(time, true, at)));
	text_indent(t, 0, 2);
	text_end(t);
}

void request_text(const struct detail *d, struct text *out)
{
	text_clear(out);
	say_ahead(d, out);
	if (d->ecs)
		say_request(d, out);
	else
		say_facts(d, out);
	workflow_text(d, out);
	say_history(d, out);
}

static void add_lines(struct str all, struct text *t)
{
	struct str line;
	while (lines_next(&all, &line)) {
		size_t blanks = 0;
		while (blanks < line.n && line.p[blanks] == ' ')
			blanks++;
		text_indent(t, (int)(blanks < 60 ? blanks : 60), 2);
		pane_line(t, ROLE_CODE, str_sub(line, blanks, line.n));
	}
}

static void add_json(const struct json *v, const char *heading, struct text *t)
{
	AUTO(buf_fini) struct buf pretty;
	buf_init(&pretty, (size_t)16 << 20);
	if (json_type(v) == JSON_NONE)
		return;
	json_print_pretty(v, &pretty);
	pane_heading(t, heading);
	add_lines(buf_str(&pretty), t);
}

void record_raw_text(struct str raw, struct text *out)
{
	AUTO(json_free_ptr) struct json *record = json_parse(raw, NULL);
	if (record)
		add_json(record, "The event, whole", out);
	else
		pane_line(out, ROLE_CODE, raw);
}

void request_raw_text(const struct detail *d, struct text *out)
{
	text_clear(out);
	if (!d->ecs) {
		pane_no_record(d, out);
		return;
	}
	struct str original = doc_str(d->ecs, "event.original");
	AUTO(json_free_ptr) struct json *event = original.n ? json_parse(original, NULL) : NULL;
	add_json(json_get(event, "requestParameters"), "Original event: requestParameters", out);
	add_json(doc_get(d->ecs, STR("aws.cloudtrail.flattened.request_parameters")),
		"aws.cloudtrail.flattened.request_parameters", out);
	struct str text = doc_str(d->ecs, "aws.cloudtrail.request_parameters");
	if (text.n) {
		pane_heading(out, "aws.cloudtrail.request_parameters");
		pane_line(out, ROLE_CODE, text);
	}
	if (original.n && !event) {
		pane_heading(out, "event.original, which is no JSON");
		pane_line(out, ROLE_CODE, original);
	}
	add_json(event, "Original event, whole", out);
	if (text_lines(out) == 0)
		add_json(d->ecs, "The document, which holds no request", out);
}
