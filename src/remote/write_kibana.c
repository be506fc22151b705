/*
 * write_kibana: bodies for Kibana's alerts, notes and cases, and its answers. The status is written
 * by a query that names the status we saw, so that it passes over what somebody changed meanwhile.
 * Source: the routes' schemas, as recorded in this folder's README. Pure.
 */
#include "write_priv.h"

#include "s3triage/remote/ask.h"

void write_kibana_path(const struct write_target *t, const char *path, struct buf *out)
{
	ask_space(t->space, out);
	buf_c(out, path);
}

/* The alerts whose status was seen as this one, if they still have it. */
static bool put_seen(struct members *m, const struct write_job *jobs, size_t n, const char *status)
{
	size_t put = 0;
	for (size_t i = 0; i < n; i++) {
		if (!jobs[i].write || !str_is(jobs[i].now.status, status))
			continue;
		if (!put++) {
			member_open(m, NULL, '{');
			member_open(m, "bool", '{');
			member_open(m, "filter", '[');
			member_open(m, NULL, '{');
			member_open(m, "ids", '{');
			member_open(m, "values", '[');
		}
		member_text(m, NULL, jobs[i].d.alert_id);
	}
	if (!put)
		return false;
	member_close(m, 3);
	member_open(m, NULL, '{');
	member_open(m, "terms", '{');
	member_open(m, "kibana.alert.workflow_status", '[');
	member_str(m, NULL, str_c(status));
	member_close(m, 6);
	return true;
}

/* All jobs with `write` carry one verdict; each alert's own status as it was seen is its condition:
 * one that was open must not be taken because another of the batch was closed. */
static void put_condition(struct members *m, const struct write_job *jobs, size_t n)
{
	static const char *const statuses[] = {"open", "acknowledged", "closed", "in-progress"};
	bool put = false;
	member_open(m, "query", '{');
	member_open(m, "bool", '{');
	member_int(m, "minimum_should_match", 1);
	member_open(m, "should", '[');
	for (size_t k = 0; k < ARRAY_LEN(statuses); k++)
		put |= put_seen(m, jobs, n, statuses[k]);
	if (!put) {
		member_open(m, NULL, '{');
		member_open(m, "match_none", '{');
		member_close(m, 2);
	}
	member_close(m, 3);
}

void write_kibana_status(const struct write_status *to, bool reasons, const struct write_job *jobs,
	size_t n, struct buf *out)
{
	struct members m = members_open(out, '{');
	member_text(&m, "status", to->status);
	if (reasons && to->reason.n)
		member_text(&m, "reason", to->reason);
	member_str(&m, "conflicts", STR("proceed"));
	put_condition(&m, jobs, n);
	members_close(&m);
}

static void put_tag(struct members *m, const char *prefix, struct str s)
{
	AUTO(buf_fini) struct buf tag = {0};
	buf_fmt(&tag, "%s%.*s", prefix, STR_ARG(s));
	member_text(m, NULL, buf_str(&tag));
}

/* A tag may not be in both lists: 400. */
void write_kibana_tags(enum verdict v, struct str analyst, const struct write_job *jobs, size_t n,
	struct buf *out)
{
	struct members m = members_open(out, '{');
	write_id_list(&m, "ids", jobs, n, false);
	member_open(&m, "tags", '{');
	member_open(&m, "tags_to_add", '[');
	if (v != VERDICT_OPEN) {
		put_tag(&m, WRITE_TAG, str_c(verdict_name(v)));
		put_tag(&m, WRITE_TAG_BY, analyst);
	}
	member_close(&m, 1);
	member_open(&m, "tags_to_remove", '[');
	for (int k = VERDICT_APPROVED; k <= VERDICT_SUSPICIOUS; k++)
		if ((enum verdict)k != v)
			put_tag(&m, WRITE_TAG, str_c(verdict_name((enum verdict)k)));
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; jobs[i].write && k < jobs[i].now.n_tags; k++) {
			struct str tag = jobs[i].now.tags[k];
			struct str by = str_sub(tag, sizeof(WRITE_TAG_BY) - 1, tag.n);
			if (str_starts(tag, STR(WRITE_TAG_BY)) && (v == VERDICT_OPEN || !str_eq(by, analyst)))
				member_text(&m, NULL, tag);
		}
	}
	members_close(&m);
}

void write_kibana_assignee(struct str uid, const struct write_job *jobs, size_t n, struct buf *out)
{
	struct members m = members_open(out, '{');
	write_id_list(&m, "ids", jobs, n, false);
	member_open(&m, "assignees", '{');
	member_open(&m, "add", '[');
	member_text(&m, NULL, uid);
	member_close(&m, 1);
	member_open(&m, "remove", '[');
	members_close(&m);
}

void write_note_text(const struct decision *d, struct buf *out)
{
	buf_fmt(out, "%s (%.*s)", verdict_name(d->verdict), STR_ARG(d->analyst));
	if (d->reason.n)
		buf_fmt(out, ": %.*s", STR_ARG(d->reason));
	if (d->note.n)
		buf_fmt(out, "\n\n%.*s", STR_ARG(d->note));
}

void write_kibana_note(const struct write_job *j, struct buf *out)
{
	AUTO(buf_fini) struct buf text = {0};
	write_note_text(&j->d, &text);
	struct members m = members_open(out, '{');
	member_open(&m, "note", '{');
	member_text(&m, "eventId", j->d.alert_id);
	member_text(&m, "note", buf_str(&text));
	member_text(&m, "timelineId", STR(""));
	members_close(&m);
}

/* One rule, and lists of equal length. */
void write_kibana_case(const struct write_job *jobs, size_t n, struct buf *out)
{
	const struct write_job *first = NULL;
	struct members m = members_open(out, '{');
	member_str(&m, "type", STR("alert"));
	member_str(&m, "owner", STR("securitySolution"));
	write_id_list(&m, "alertId", jobs, n, false);
	member_open(&m, "index", '[');
	for (size_t i = 0; i < n; i++) {
		if (!jobs[i].write)
			continue;
		first = first ? first : &jobs[i];
		member_text(&m, NULL, jobs[i].now.index);
	}
	member_close(&m, 1);
	member_open(&m, "rule", '{');
	member_text(&m, "id", first ? first->now.rule_uuid : STR(""));
	member_text(&m, "name", first ? first->now.rule_name : STR(""));
	members_close(&m);
}

/* ---- answers ------------------------------------------------------------------------------ */

bool write_update_read(struct str body, struct write_counts *out, struct err *err)
{
	AUTO(json_free_ptr) struct json *v = json_parse(body, err);
	*out = (struct write_counts){0};
	if (!v)
		return err_prefix(err, "the answer to the change of status is no JSON");
	if (!json_int(json_get(v, "updated"), &out->updated) ||
		!json_int(json_get(v, "total"), &out->total))
		return err_set(err, ERR_NETWORK, "the answer does not say how many were updated");
	json_int(json_get(v, "version_conflicts"), &out->conflicts);
	json_int(json_get(v, "noops"), &out->noops);
	out->failures = json_count(json_get(v, "failures"));
	return true;
}

bool write_note_there(struct str body, struct str text)
{
	AUTO(json_free_ptr) struct json *v = json_parse(body, NULL);
	const struct json *notes = json_get(v, "notes");
	for (const struct json *n = json_first(notes); n; n = json_next(n))
		if (str_eq(json_str(json_get(n, "note")), text))
			return true;
	return false;
}

bool write_case_there(struct str body, struct str case_id)
{
	AUTO(json_free_ptr) struct json *v = json_parse(body, NULL);
	for (const struct json *c = json_first(v); c; c = json_next(c))
		if (str_eq(json_str(json_get(c, "id")), case_id))
			return true;
	return false;
}
