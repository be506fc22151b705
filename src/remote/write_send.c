/*
 * write_send: what is due goes out, a batch at a time: look what is there, judge, note on disk that
 * it leaves, send, note what came back. Killed anywhere in between, the next run looks first, so
 * nothing is lost and nothing doubled. Blocks.
 */
#include "write_priv.h"

#include "s3triage/net/profile.h"

enum { ROUNDS_WITHOUT_PROGRESS = 3 };

struct round {
	struct write_link l;
	struct write_job jobs[WRITE_BATCH];
	size_t n, limit; /* how many at once: fewer where the server takes no such body */
	struct arena mem;
};

static struct str write_send_keep(struct round *b, struct str s)
{
	return arena_str(&b->mem, s);
}

/* Under the name, and with the time, of the one whose word it is. */
static struct decision keep_decision(struct round *b, const struct decision *d)
{
	struct decision c = *d;
	c.analyst = decision_who(d);
	c.at = decision_made(d);
	c.whose = c.from_place = (struct str){0};
	c.whose_at = 0;
	struct str *const texts[] = {&c.analyst, &c.alert_id, &c.event_id, &c.rule_id, &c.reason,
		&c.note, &c.batch, &c.facts, &c.prev_hash, &c.hash};
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		*texts[i] = write_send_keep(b, *texts[i]);
	return c;
}

static void keep_approval(struct round *b, struct write_job *j)
{
	AUTO(buf_fini) struct buf text = {0}, by = {0};
	outbox_approval(b->l.outbox, j->d.approval, &text, &by);
	j->approval = write_send_keep(b, buf_str(&text));
	j->granted_by = write_send_keep(b, buf_str(&by));
}

/* Kibana's batches carry one verdict of one analyst. */
static void write_send_collect(void *ctx, const struct outbox_entry *e)
{
	struct round *b = ctx;
	const struct write_job *first = &b->jobs[0];
	if (b->n == b->limit || (b->n && b->l.target->kind == WRITE_KIBANA &&
		(first->d.verdict != e->decision.verdict ||
			!str_eq(first->d.analyst, decision_who(&e->decision)))))
		return;
	struct write_job *j = &b->jobs[b->n++];
	*j = (struct write_job){.seq = e->seq,
		.target = write_send_keep(b, e->target),
		.key = write_send_keep(b, e->key),
		.over = write_send_keep(b, e->over),
		.sent = e->state == OUTBOX_SENT,
		.d = keep_decision(b, &e->decision),
		.restored_by =
			e->decision.whose.n ? write_send_keep(b, e->decision.analyst) : STR(""),
		.state = OUTBOX_PENDING};
	struct buf left = {0};
	outbox_left(b->l.outbox, e, &left);
	j->before = write_send_keep(b, buf_str(&left));
	buf_fini(&left);
	export_facts_read(j->d.facts, &b->mem, &j->alert, NULL);
	if (j->d.approval > 0)
		keep_approval(b, j);
}

/* ---- what is there ------------------------------------------------------------------------ */

static bool make_index(const struct round *b, struct err *err)
{
	AUTO(buf_fini) struct buf path = {0}, body = {0}, answer = {0};
	long status = 0;
	buf_fmt(&path, "/%.*s", STR_ARG(b->l.target->index));
	write_mapping(&body);
	struct write_call c = {.method = "PUT", .path = buf_str(&path), .body = buf_str(&body)};
	if (write_call(&b->l, &c, &answer, &status, err) ||
		str_find(buf_str(&answer), STR("resource_already_exists")) != STR_NONE) {
		if (err)
			*err = (struct err){0};
		return true;
	}
	return err_prefix(err, "the index of decisions is not there and cannot be made");
}

/* Looking is not tried twice: where nobody answers, the outbox waits better than we. */
static bool look_decisions(struct round *b, struct err *err)
{
	AUTO(buf_fini) struct buf path = {0}, body = {0}, answer = {0};
	long status = 0;
	write_mget(b->jobs, b->n, &body);
	buf_fmt(&path, "/%.*s/_mget", STR_ARG(b->l.target->index));
	struct write_call c = {.method = "POST", .path = buf_str(&path), .body = buf_str(&body)};
	bool fine = write_call(&b->l, &c, &answer, &status, err);
	if (str_find(buf_str(&answer), STR("index_not_found_exception")) != STR_NONE)
		return make_index(b, err);
	return fine && write_mget_read(buf_str(&answer), b->jobs, b->n, &b->mem, err);
}

static bool look_alerts(struct round *b, struct err *err)
{
	AUTO(buf_fini) struct buf path = {0}, body = {0}, answer = {0};
	long status = 0;
	write_ids(b->jobs, b->n, &body);
	if (b->l.target->kind == WRITE_KIBANA)
		write_kibana_path(b->l.target, "/api/detection_engine/signals/search", &path);
	else
		buf_fmt(&path, "/%.*s/_search?seq_no_primary_term=true", STR_ARG(b->l.target->index));
	struct write_call c = {.method = "POST", .path = buf_str(&path), .body = buf_str(&body)};
	return write_call(&b->l, &c, &answer, &status, err) &&
		write_ids_read(buf_str(&answer), b->jobs, b->n, &b->mem, err);
}

/* A decision whose row or facts are gone has nothing that could be sent. */
static bool write_send_readable(struct write_job *j)
{
	if (j->d.seq && (j->alert.id.n || j->alert.event_id.n))
		return true;
	j->state = OUTBOX_FAILED;
	j->why = STR("the journal no longer has this decision");
	return false;
}

/* The configuration may have changed since it was put into the outbox. */
static bool meant_for(const struct round *b, struct write_job *j)
{
	const struct outbox_place p = write_place(b->l.target);
	if (outbox_wants(b->l.outbox, &p, &j->d))
		return true;
	j->state = OUTBOX_DROPPED;
	j->why = STR("the alert was not read from this profile, and it does not say team = true");
	return false;
}

/* What stands there under its name is about other facts: not the same alert, whoever decided on it. */
static void judge_decision(struct round *b, struct write_job *j)
{
	const struct outbox_entry e = {.seq = j->seq, .target = j->target, .key = j->key, .decision = j->d};
	enum outbox_knew knew = j->now.hash.n ? outbox_knew(b->l.outbox, &e, j->now.hash) : OUTBOX_STRANGE;
	if (j->now.facts.n && outbox_other(&j->d, j->now.facts)) {
		if (outbox_apart(b->l.outbox, &e, NULL)) {
			j->why = STR("another alert has its name there: it goes by a name of its own");
			return;
		}
		knew = OUTBOX_UNLIKE;
	}
	write_judge_decision(j, knew, &b->mem);
}

static void write_send_judge(struct round *b)
{
	bool has_tags = b->l.target->kind == WRITE_ALERTS || server_since(&b->l.server, 8, 9);
	for (size_t i = 0; i < b->n; i++) {
		struct write_job *j = &b->jobs[i];
		if (!write_send_readable(j) || !meant_for(b, j))
			continue;
		if (b->l.target->kind == WRITE_DECISIONS)
			judge_decision(b, j);
		else
			write_judge_status(j, b->l.target, has_tags, &b->mem);
	}
}

/* ---- sending ------------------------------------------------------------------------------ */

static bool mark(struct round *b, bool written, enum outbox_state *state, struct str why,
	struct err *err)
{
	struct outbox_mark marks[WRITE_BATCH];
	size_t n = 0;
	for (size_t i = 0; i < b->n; i++) {
		const struct write_job *j = &b->jobs[i];
		if (j->write == written)
			marks[n++] = (struct outbox_mark){j->seq, b->l.now(), state ? *state : j->state,
				state ? why : j->why, state ? STR("") : j->shown};
	}
	return outbox_mark(b->l.outbox, b->l.target->name, marks, n, err);
}

/* What we leave on an alert, as write_identity() will read it. */
static void note_left(struct round *b, int64_t at)
{
	char when[WHEN_TEXT_MAX];
	for (size_t i = 0; i < b->n; i++) {
		struct write_job *j = &b->jobs[i];
		if (j->write && j->state == OUTBOX_ACKNOWLEDGED)
			j->shown = arena_fmt(&b->mem, "%.*s|%s|%.*s",
				STR_ARG(b->l.target->by[j->d.verdict].status), when_format(at, when),
				STR_ARG(j->d.analyst));
	}
}

static bool send_bulk(struct round *b, long *status, struct err *err)
{
	AUTO(buf_fini) struct buf body = {0}, answer = {0};
	int64_t now = b->l.now();
	struct outbox_from from;
	bool known = outbox_from(b->l.outbox, &from);
	for (size_t i = 0; i < b->n; i++)
		b->jobs[i].from = known ? &from : NULL;
	bool alerts = b->l.target->kind == WRITE_ALERTS;
	if (alerts)
		write_bulk_alerts(b->l.target, b->jobs, b->n, now, &body);
	else
		write_bulk_decisions(b->l.target, b->jobs, b->n, now, &body);
	/* Guarded by sequence numbers: sending it twice cannot write twice. */
	struct write_call c = {.method = "POST",
		.path = alerts ? STR("/_bulk?refresh=wait_for") : STR("/_bulk"), /* alerts are searched */
		.type = STR("application/x-ndjson"), .body = buf_str(&body), .idempotent = true};
	if (!write_call(&b->l, &c, &answer, status, err) ||
		!write_bulk_read(buf_str(&answer), b->jobs, b->n, &b->mem, err))
		return false;
	if (alerts)
		note_left(b, now);
	return true;
}

static size_t write_send_count_writes(const struct round *b)
{
	size_t n = 0;
	for (size_t i = 0; i < b->n; i++)
		n += b->jobs[i].write;
	return n;
}

/* Where a part was taken, a right that lacks fails: each try would change the alert anew. */
static bool write_send_passes(const struct write_refusal *r)
{
	return write_passes(r->status) && !(r->status == 403 && r->partly);
}

static bool whole_refused(const struct write_refusal *r)
{
	return !r->partly && (r->status == 413 || r->status == 400);
}

/* Refused as a whole for what one of them may be alone: too large (413, or a proxy's 400). Nothing
 * was done; the next round takes half as many, so that in the end only that one fails. */
static bool halve(struct round *b, const struct write_refusal *r)
{
	enum outbox_state pending = OUTBOX_PENDING;
	size_t n = write_send_count_writes(b);
	if (n < 2 || !whole_refused(r))
		return false;
	b->limit = n / 2;
	return mark(b, true, &pending, STR(""), NULL);
}

static bool refused_alone(const struct round *b, const struct write_refusal *r)
{
	return b->limit == 1 && whole_refused(r);
}

/* A refusal says that nothing was done, but for what was taken before; anything else leaves it open.
 * One that would come again each time is for the user to try again: Kibana's alert would be changed
 * anew with each try. */
static void send_failed(struct round *b, const struct write_refusal *r, const struct err *why)
{
	AUTO(buf_fini) struct buf text = {0};
	enum outbox_state state = OUTBOX_SENT;
	if (r->status >= 400 && r->status < 500 && !write_send_passes(r))
		state = OUTBOX_FAILED;
	else if (r->status >= 400 && r->status < 500 && !r->partly)
		state = OUTBOX_PENDING;
	buf_fmt(&text, "%s%s", r->partly ? "the status was taken, but then: " : "", why->text);
	mark(b, true, &state, buf_str(&text), NULL);
	for (size_t i = 0; i < b->n; i++)
		if (b->jobs[i].write)
			b->jobs[i].state = state;
}

static bool write_send(struct round *b, struct err *err)
{
	enum outbox_state sent = OUTBOX_SENT;
	struct err why = {0};
	struct write_refusal refusal = {0};
	const struct write_batch batch = {&b->l, b->jobs, b->n, &b->mem};
	if (!write_send_count_writes(b))
		return true;
	if (!mark(b, true, &sent, STR(""), err))
		return false;
	bool fine = b->l.target->kind == WRITE_KIBANA
		? write_kibana_send(&batch, &refusal, &why)
		: send_bulk(b, &refusal.status, &why);
	if (!fine && halve(b, &refusal))
		return true;
	if (!fine) {
		send_failed(b, &refusal, &why);
		if (refused_alone(b, &refusal))
			return true; /* told in the outbox; the others go on */
		if (err)
			*err = why;
		return false;
	}
	b->limit = b->limit * 2 < WRITE_BATCH ? b->limit * 2 : WRITE_BATCH;
	return mark(b, true, NULL, STR(""), err) && mark(b, false, NULL, STR(""), err);
}

static size_t write_send_count(const struct round *b, struct write_result *r)
{
	size_t settled = 0;
	for (size_t i = 0; i < b->n; i++) {
		enum outbox_state s = b->jobs[i].state;
		r->acknowledged += s == OUTBOX_ACKNOWLEDGED;
		r->unchanged += s == OUTBOX_UNCHANGED;
		r->conflicts += s == OUTBOX_CONFLICT;
		r->failed += s == OUTBOX_FAILED;
		r->dropped += s == OUTBOX_DROPPED;
		settled += s != OUTBOX_PENDING && s != OUTBOX_SENT;
	}
	return settled;
}

static bool run_round(struct round *b, struct err *err)
{
	bool alerts = b->l.target->kind != WRITE_DECISIONS;
	enum outbox_state pending = OUTBOX_PENDING;
	struct err why = {0};
	if (!(alerts ? look_alerts(b, &why) : look_decisions(b, &why))) {
		for (size_t i = 0; i < b->n; i++) /* what left before stays so */
			b->jobs[i].write = !b->jobs[i].sent;
		mark(b, true, &pending, str_c(why.text), NULL);
		if (err)
			*err = why;
		return false;
	}
	write_send_judge(b);
	return mark(b, false, NULL, STR(""), err) && write_send(b, err);
}

static bool read_version(struct write_link *l, struct err *err)
{
	AUTO(buf_fini) struct buf path = {0}, answer = {0};
	long status = 0;
	if (l->target->kind != WRITE_KIBANA || l->server.product)
		return true;
	write_kibana_path(l->target, "/api/status", &path);
	struct write_call c = {.method = "GET", .path = buf_str(&path)};
	return write_call(l, &c, &answer, &status, err) &&
		server_read_status(buf_str(&answer), &l->server, err);
}

static bool flush(struct round *b, struct write_result *r, struct err *err)
{
	int idle = 0;
	bool fine = true;
	while (fine && idle < ROUNDS_WITHOUT_PROGRESS) {
		struct outbox_visit v = {write_send_collect, b, WRITE_BATCH};
		b->n = 0;
		if (!outbox_sync(b->l.outbox, err) ||
			!outbox_due(b->l.outbox, b->l.target->name, &v, err))
			return false;
		if (!b->n)
			return true;
		size_t limit = b->limit;
		fine = read_version(&b->l, err) && run_round(b, err);
		idle = (write_send_count(b, r) && fine) || b->limit < limit ? 0 : idle + 1;
		arena_fini(&b->mem);
		b->mem = (struct arena){0};
	}
	return fine;
}

bool write_may(struct outbox *o, const struct write_target *t, struct err *err)
{
	AUTO(buf_fini) struct buf was = {0};
	if (!outbox_moved(o, t->name, &was))
		return true;
	return err_set(err, ERR_INPUT, "%.*s stood for %.*s and stands for %.*s now: nothing is sent or read"
		" until you say `s3triage outbox --moved %.*s` (the same place, moved: what waits goes there)"
		" or `--forget %.*s` (another one: what waits for the former is dropped)", STR_ARG(t->name),
		STR_ARG(write_cap(buf_str(&was))), STR_ARG(write_cap(t->place)),
		STR_ARG(t->name), STR_ARG(t->name));
}

bool write_flush(const struct write_link *l, struct write_result *r, struct err *err)
{
	struct outbox_counts c;
	if (!write_may(l->outbox, l->target, err))
		return false;
	if (!outbox_claim(l->outbox, l->target->name))
		return err_set(err, ERR_STOPPED, "another s3triage is sending at this moment");
	struct round *b = mem_alloc(sizeof(*b));
	b->l = *l;
	b->limit = WRITE_BATCH;
	bool fine = flush(b, r, err);
	outbox_release(l->outbox, l->target->name);
	arena_fini(&b->mem);
	free(b);
	if (outbox_count(l->outbox, l->target->name, &c, NULL))
		r->waiting = c.n[OUTBOX_PENDING] + c.n[OUTBOX_SENT];
	return fine;
}

struct outbox *write_outbox(const char *journal_path, struct journal *j, struct profile *const *profiles,
	size_t n, struct err *err)
{
	struct outbox *o = outbox_open(journal_path, j, err);
	for (size_t i = 0; o && i < n; i++) {
		const struct outbox_place p = write_place(&profiles[i]->write);
		if (!profiles[i]->write.kind || outbox_target(o, &p, err))
			continue;
		outbox_close(o);
		return NULL;
	}
	return o;
}
