/*
 * write_kibana_send: one batch into Kibana: status, notes, assignee, case, and the tags last: where
 * they stand, all before them arrived. Everything is looked up before it is added, so that a
 * batch that was cut off may be sent again.
 */
#include "write_priv.h"

#include "s3triage/remote/ask.h"

struct batch {
	const struct write_link *l;
	struct write_job *jobs;
	size_t n;
	struct arena *mem;
	struct write_refusal *refusal;
	struct err *err;
};

/* A request with a body to a path of the space; it sets what it says, and may be sent twice. */
static bool write_kibana_send_post(
	const struct batch *b, const char *path, struct str body, struct buf *out)
{
	AUTO(buf_fini) struct buf full = {0};
	write_kibana_path(b->l->target, path, &full);
	struct write_call c = {.method = "POST", .path = buf_str(&full), .body = body,
		.idempotent = true};
	return write_call(b->l, &c, out, &b->refusal->status, b->err);
}

/* What adds something: looked for before each try, and once more when an answer leaves it open
 * whether it was added (a gateway's 504). */
struct adding {
	const char *method, *path;
	struct str body;
	bool (*there)(const struct batch *b, const struct write_job *j, bool *there);
};

static bool write_kibana_send_add(
	const struct batch *b, const struct write_job *j, const struct adding *a)
{
	AUTO(buf_fini) struct buf full = {0}, answer = {0};
	bool there = false;
	if (!a->there(b, j, &there) || there)
		return there;
	write_kibana_path(b->l->target, a->path, &full);
	struct write_call c = {.method = a->method, .path = buf_str(&full), .body = a->body};
	if (write_call(b->l, &c, &answer, &b->refusal->status, b->err))
		return true;
	struct write_refusal refusal = {0};
	struct err unsure = {0};
	struct batch again = *b;
	again.refusal = &refusal;
	again.err = &unsure;
	if ((b->refusal->status && b->refusal->status < 500) || !a->there(&again, j, &there) || !there)
		return false;
	*b->err = unsure;
	return true;
}

static void remark(struct write_job *j, struct arena *mem, const char *what)
{
	j->why = j->why.n ? arena_fmt(mem, "%.*s; %s", STR_ARG(j->why), what)
		: arena_str(mem, str_c(what));
}

/* What this version does not have is no failure of the decision: it is said. */
static bool optional(const struct batch *b, const char *what)
{
	if (b->err->code == ERR_CONFLICT || str_starts(str_c(b->err->text), STR("404")) ||
		str_starts(str_c(b->err->text), STR("400"))) {
		for (size_t i = 0; i < b->n; i++)
			if (b->jobs[i].write)
				remark(&b->jobs[i], b->mem, what);
		*b->err = (struct err){0};
		return true;
	}
	return false;
}

static bool send_status(const struct batch *b)
{
	AUTO(buf_fini) struct buf body = {0}, answer = {0};
	struct write_counts counts;
	const struct write_status *to = NULL;
	for (size_t i = 0; i < b->n; i++)
		if (b->jobs[i].write)
			to = &b->l->target->by[b->jobs[i].d.verdict];
	if (!to)
		return true;
	write_kibana_status(to, server_has(&b->l->server, FEATURE_REASONS), b->jobs, b->n, &body);
	if (!write_kibana_send_post(
		    b, "/api/detection_engine/signals/status", buf_str(&body), &answer) ||
		!write_update_read(buf_str(&answer), &counts, b->err))
		return false;
	b->refusal->failures = counts.failures;
	return true;
}

static bool note_is_there(const struct batch *b, const struct write_job *j, bool *there)
{
	AUTO(buf_fini) struct buf path = {0}, answer = {0}, text = {0};
	write_kibana_path(b->l->target, "/api/note?documentIds=", &path);
	ask_encode(j->d.alert_id, &path);
	struct write_call c = {.method = "GET", .path = buf_str(&path), .idempotent = true};
	if (!write_call(b->l, &c, &answer, &b->refusal->status, b->err))
		return false;
	write_note_text(&j->d, &text);
	*there = write_note_there(buf_str(&answer), buf_str(&text));
	return true;
}

static bool send_note(const struct batch *b, const struct write_job *j)
{
	AUTO(buf_fini) struct buf body = {0};
	write_kibana_note(j, &body);
	return write_kibana_send_add(
		b, j, &(struct adding){"PATCH", "/api/note", buf_str(&body), note_is_there});
}

static bool send_notes(const struct batch *b)
{
	for (size_t i = 0; i < b->n; i++) {
		struct write_job *j = &b->jobs[i];
		if (!j->write || (!j->d.reason.n && !j->d.note.n))
			continue;
		if (!server_has(&b->l->server, FEATURE_NOTES)) {
			remark(j, b->mem, "this Kibana has no notes: reason and note stay here");
			continue;
		}
		const struct batch one = {b->l, j, 1, b->mem, b->refusal, b->err};
		if (!send_note(&one, j) && !optional(&one, "the note was not taken"))
			return false;
	}
	return true;
}

static bool send_assignee(const struct batch *b)
{
	AUTO(buf_fini) struct buf body = {0}, answer = {0};
	if (!b->l->target->assignee.n)
		return true;
	write_kibana_assignee(b->l->target->assignee, b->jobs, b->n, &body);
	return write_kibana_send_post(
		       b, "/api/detection_engine/signals/assignees", buf_str(&body), &answer) ||
	       optional(b, "the assignee was not taken");
}

static bool case_is_there(const struct batch *b, const struct write_job *j, bool *there)
{
	AUTO(buf_fini) struct buf path = {0}, answer = {0};
	write_kibana_path(b->l->target, "/api/cases/alerts/", &path);
	ask_encode(j->d.alert_id, &path);
	buf_c(&path, "?owner=securitySolution");
	struct write_call c = {.method = "GET", .path = buf_str(&path), .idempotent = true};
	if (!write_call(b->l, &c, &answer, &b->refusal->status, b->err))
		return false;
	*there = write_case_there(buf_str(&answer), b->l->target->case_id);
	return true;
}

/* One alert at a time: lists are a preview in Kibana, and all must be of one rule. */
static bool send_case(const struct batch *b, struct write_job *j)
{
	AUTO(buf_fini) struct buf body = {0}, path = {0};
	buf_c(&path, "/api/cases/");
	ask_encode(b->l->target->case_id, &path);
	buf_c(&path, "/comments");
	write_kibana_case(j, 1, &body);
	return write_kibana_send_add(
		b, j, &(struct adding){"POST", buf_cstr(&path), buf_str(&body), case_is_there});
}

static bool send_cases(const struct batch *b)
{
	for (size_t i = 0; b->l->target->case_id.n && i < b->n; i++) {
		struct write_job *j = &b->jobs[i];
		const struct batch one = {b->l, j, 1, b->mem, b->refusal, b->err};
		if (j->write && j->d.verdict == VERDICT_SUSPICIOUS && !send_case(&one, j) &&
			!optional(&one, "it was not added to the case"))
			return false;
	}
	return true;
}

static bool send_tags(const struct batch *b)
{
	AUTO(buf_fini) struct buf body = {0}, answer = {0};
	const struct write_job *first = NULL;
	for (size_t i = b->n; i-- > 0;)
		first = b->jobs[i].write ? &b->jobs[i] : first;
	if (!first)
		return true;
	write_kibana_tags(first->d.verdict, first->d.analyst, b->jobs, b->n, &body);
	return write_kibana_send_post(
		       b, "/api/detection_engine/signals/tags", buf_str(&body), &answer) ||
	       optional(b, "this Kibana takes no tags");
}

/* What stands there afterwards decides, not the counts of an answer. */
static void write_kibana_send_settle(const struct batch *b, struct write_job *j)
{
	AUTO(buf_fini) struct buf left = {0};
	if (!j->now.found || !str_eq(j->now.status, b->l->target->by[j->d.verdict].status)) {
		j->state = OUTBOX_PENDING;
		j->why = b->refusal->failures ? STR("Kibana says that it could not change it")
			: STR("it was changed meanwhile");
		return;
	}
	j->state = OUTBOX_ACKNOWLEDGED;
	write_identity(&j->now, &left);
	j->shown = arena_str(b->mem, buf_str(&left));
}

static bool write_kibana_send_look_again(const struct batch *b)
{
	AUTO(buf_fini) struct buf body = {0}, answer = {0};
	write_ids(b->jobs, b->n, &body);
	return write_kibana_send_post(
		       b, "/api/detection_engine/signals/search", buf_str(&body), &answer) &&
	       write_ids_read(buf_str(&answer), b->jobs, b->n, b->mem, b->err);
}

/* Whom the change of status passed over gets no note and no tag either. */
static void drop_overtaken(const struct batch *b)
{
	for (size_t i = 0; i < b->n; i++) {
		struct write_job *j = &b->jobs[i];
		if (!j->write || (j->now.found && str_eq(j->now.status,
				b->l->target->by[j->d.verdict].status)))
			continue;
		write_kibana_send_settle(b, j);
		j->write = false;
	}
}

bool write_kibana_send(const struct write_batch *w, struct write_refusal *r, struct err *err)
{
	struct err own = {0};
	const struct batch b = {w->l, w->jobs, w->n, w->mem, r, &own};
	bool fine = send_status(&b);
	r->partly = fine;
	fine = fine && write_kibana_send_look_again(&b);
	if (fine) {
		drop_overtaken(&b);
		fine = send_notes(&b) && send_assignee(&b) && send_cases(&b) && send_tags(&b) &&
			write_kibana_send_look_again(&b);
	}
	for (size_t i = 0; fine && i < w->n; i++)
		if (w->jobs[i].write)
			write_kibana_send_settle(&b, &w->jobs[i]);
	if (!fine && err)
		*err = own;
	return fine;
}
