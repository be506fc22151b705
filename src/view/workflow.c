/*
 * workflow: what Kibana knows of the alert's handling: status, when and by whom it was set, reason,
 * tags, assignees. That is not our verdict: it stands apart from the decisions.
 */
#include "pane_priv.h"

#include "s3triage/event/doc.h"
#include "s3triage/event/workflow.h"

#define FIELD "kibana.alert.workflow_"

static enum role status_role(struct str status)
{
	return str_is(status, "open") ? ROLE_OPEN : ROLE_TEXT;
}

/* Kibana writes the profile's uid, which no field of the alert gives a name. */
static void say_status(const struct detail *d, struct text *t)
{
	char at[WHEN_TEXT_MAX], tmp[JSON_SCALAR_MAX];
	int64_t ms = d->ecs ? workflow_time(d->ecs) : WHEN_NONE;
	struct str by = pane_field(d->ecs, FIELD "user", tmp);
	pane_label(t, "status");
	text_span(t, status_role(d->alert->workflow_status), d->alert->workflow_status);
	if (ms != WHEN_NONE)
		text_fmt(t, ROLE_DIM, "  %.*s", STR_ARG(pane_time(ms, true, at)));
	if (by.n) {
		text_span(t, ROLE_DIM, STR(" by "));
		text_span(t, ROLE_TEXT, by);
	}
	text_end(t);
}

static void workflow_say_list(
	const struct json *ecs, const char *label, const char *path, struct text *t)
{
	struct doc_values v = {0};
	char tmp[JSON_SCALAR_MAX];
	if (!ecs || !doc_values(ecs, str_c(path), &v))
		return;
	pane_label(t, label);
	for (size_t i = 0; i < v.n; i++) {
		text_span(t, ROLE_DIM, i ? STR(", ") : STR(""));
		text_span(t, ROLE_TEXT, json_text(v.v[i], tmp));
	}
	text_span(t, ROLE_DIM, v.more ? STR(", and more") : STR(""));
	text_end(t);
}

void workflow_text(const struct detail *d, struct text *t)
{
	if (!d->alert->workflow_status.n)
		return;
	pane_heading(t, "In Kibana");
	say_status(d, t);
	workflow_say_list(d->ecs, "reason", FIELD "reason", t);
	workflow_say_list(d->ecs, "tags", FIELD "tags", t);
	workflow_say_list(d->ecs, "assigned to", FIELD "assignee_ids", t);
}
