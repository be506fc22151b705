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

/* The ids whose status was seen as this one; how many there are. */
static size_t put_seen(const struct write_job *jobs, size_t n, const char *status, struct buf *out)
{
	size_t put = 0;
	for (size_t i = 0; i < n; i++) {
		if (!jobs[i].write || !str_is(jobs[i].now.status, status))
			continue;
		buf_c(out, put++ ? "," : "");
		json_quote(jobs[i].d.alert_id, out);
	}
	return put;
}

/* All jobs with `write` carry one verdict; each alert's own status as it was seen is its condition:
 * one that was open must not be taken because another of the batch was closed. */
static void put_condition(const struct write_job *jobs, size_t n, struct buf *out)
{
	static const char *const statuses[] = {"open", "acknowledged", "closed", "in-progress"};
	AUTO(buf_fini) struct buf ids = {0};
	size_t put = 0;
	buf_c(out, "{\"bool\":{\"minimum_should_match\":1,\"should\":[");
	for (size_t k = 0; k < ARRAY_LEN(statuses); k++) {
		buf_clear(&ids);
		if (put_seen(jobs, n, statuses[k], &ids))
			buf_fmt(out, "%s{\"bool\":{\"filter\":[{\"ids\":{\"values\":[%.*s]}},{\"terms\":"
				"{\"kibana.alert.workflow_status\":[\"%s\"]}}]}}", put++ ? "," : "",
				STR_ARG(buf_str(&ids)), statuses[k]);
	}
	if (!put)
		buf_c(out, "{\"match_none\":{}}");
	buf_c(out, "]}}");
}

void write_kibana_status(const struct write_status *to, bool reasons, const struct write_job *jobs,
	size_t n, struct buf *out)
{
	buf_char(out, '{');
	write_member(out, "status", to->status);
	if (reasons && to->reason.n)
		write_member(out, "reason", to->reason);
	buf_c(out, ",\"conflicts\":\"proceed\",\"query\":");
	put_condition(jobs, n, out);
	buf_char(out, '}');
}

static void put_quoted(struct buf *out, const char *prefix, struct str s)
{
	AUTO(buf_fini) struct buf tag = {0};
	buf_fmt(&tag, "%s%.*s", prefix, STR_ARG(s));
	json_quote(buf_str(&tag), out);
}

/* A tag may not be in both lists: 400. */
void write_kibana_tags(enum verdict v, struct str analyst, const struct write_job *jobs, size_t n,
	struct buf *out)
{
	buf_c(out, "{\"ids\":");
	write_id_list(jobs, n, false, out);
	buf_c(out, ",\"tags\":{\"tags_to_add\":[");
	if (v != VERDICT_OPEN) {
		put_quoted(out, WRITE_TAG, str_c(verdict_name(v)));
		buf_char(out, ',');
		put_quoted(out, WRITE_TAG_BY, analyst);
	}
	buf_c(out, "],\"tags_to_remove\":[");
	bool more = false;
	for (int k = VERDICT_APPROVED; k <= VERDICT_SUSPICIOUS; k++) {
		if ((enum verdict)k == v)
			continue;
		buf_c(out, more ? "," : "");
		put_quoted(out, WRITE_TAG, str_c(verdict_name((enum verdict)k)));
		more = true;
	}
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; jobs[i].write && k < jobs[i].now.n_tags; k++) {
			struct str tag = jobs[i].now.tags[k];
			struct str by = str_sub(tag, sizeof(WRITE_TAG_BY) - 1, tag.n);
			if (!str_starts(tag, STR(WRITE_TAG_BY)) || (v != VERDICT_OPEN && str_eq(by, analyst)))
				continue;
			buf_char(out, ',');
			json_quote(tag, out);
		}
	}
	buf_c(out, "]}}");
}

void write_kibana_assignee(struct str uid, const struct write_job *jobs, size_t n, struct buf *out)
{
	buf_c(out, "{\"ids\":");
	write_id_list(jobs, n, false, out);
	buf_c(out, ",\"assignees\":{\"add\":[");
	json_quote(uid, out);
	buf_c(out, "],\"remove\":[]}}");
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
	buf_c(out, "{\"note\":{");
	write_member(out, "eventId", j->d.alert_id);
	write_member(out, "note", buf_str(&text));
	write_member(out, "timelineId", STR(""));
	buf_c(out, "}}");
}

/* One rule, and lists of equal length. */
void write_kibana_case(const struct write_job *jobs, size_t n, struct buf *out)
{
	const struct write_job *first = NULL;
	size_t put = 0;
	buf_c(out, "{\"type\":\"alert\",\"owner\":\"securitySolution\",\"alertId\":");
	write_id_list(jobs, n, false, out);
	buf_c(out, ",\"index\":[");
	for (size_t i = 0; i < n; i++) {
		if (!jobs[i].write)
			continue;
		first = first ? first : &jobs[i];
		buf_c(out, put++ ? "," : "");
		json_quote(jobs[i].now.index, out);
	}
	buf_c(out, "],\"rule\":{");
	write_member(out, "id", first ? first->now.rule_uuid : STR(""));
	write_member(out, "name", first ? first->now.rule_name : STR(""));
	buf_c(out, "}}");
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
