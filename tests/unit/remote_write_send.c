#include "s3triage/remote/write.h"

#include "s3triage/base/file.h"
#include "s3triage/base/when.h"
#include "s3triage/export/export.h"

#include <signal.h>
#include <sys/wait.h>

#include "../unit.h"
#include "alert_make.h"
#include "write_stub.h"

#define PLACE(its_name) ((struct outbox_place){.name = STR(its_name), .team = true})

struct fixture {
	char dir[64], path[128], url[64];
	struct arena mem;
	struct journal *j;
	struct outbox *o;
	struct stub *stub;
	struct http *http;
	struct write_target target;
	struct write_result result;
	struct err err;
};

static int64_t fixed_now(void)
{
	return MAKE_T0;
}

static void open_local(struct fixture *f)
{
	f->j = journal_open(f->path, false, &f->err);
	f->o = outbox_open(f->path, f->j, &f->err);
	assert_non_null(f->o);
	assert_true(outbox_target(f->o, &PLACE("prod"), &f->err));
	struct http_target t = {.url = str_c(f->url)};
	f->http = http_new(&t, &f->err);
}

static void handoff_local(struct fixture *f)
{
	http_free(f->http);
	outbox_close(f->o);
	journal_close(f->j);
}

static int set_up(void **state)
{
	struct fixture *f = mem_alloc(sizeof(*f));
	snprintf(f->dir, sizeof(f->dir), "/tmp/s3triage-test-......");
	memset(f->dir + strlen(f->dir) - 6, 'X', 6);
	if (!mkdtemp(f->dir))
		return -1;
	snprintf(f->path, sizeof(f->path), "%s/journal.db", f->dir);
	f->stub = stub_new();
	snprintf(f->url, sizeof(f->url), "http://127.0.0.1:%d", f->stub->port);
	f->target = (struct write_target){.kind = WRITE_KIBANA, .name = STR("prod"), .team = true, .index = STR("d"),
		.by = {{STR("open"), STR("")}, {STR("closed"), STR("benign_positive")},
			{STR("acknowledged"), STR("")}}};
	open_local(f);
	for (int i = 0; i < 4; i++) {
		struct stub_alert *a = &f->stub->alert[f->stub->n_alerts++];
		snprintf(a->id, sizeof(a->id), "alert-%06d", i);
		snprintf(a->status, sizeof(a->status), "open");
	}
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	static const char *const ends[] = {"", "-wal", "-shm", ".outbox", ".outbox-wal",
		".outbox-shm", ".outbox.lock"};
	struct fixture *f = *state;
	char path[160];
	handoff_local(f);
	stub_free(f->stub);
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		snprintf(path, sizeof(path), "%s%s", f->path, ends[i]);
		unlink(path);
	}
	rmdir(f->dir);
	arena_fini(&f->mem);
	free(f);
	return 0;
}

static void decide(struct fixture *f, unsigned n, enum verdict v)
{
	struct alert a = make_alert(&f->mem, n);
	a.from_kibana = true;
	struct journal_entry e = {.alert = &a, .verdict = v, .reason = STR("backup")};
	struct journal_author who = {STR("kim"), MAKE_T0};
	assert_true(journal_decide(f->j, &e, 1, &who, &f->err));
}

static bool flush(struct fixture *f)
{
	struct write_link l = {.http = f->http, .outbox = f->o, .target = &f->target, .now = fixed_now};
	f->result = (struct write_result){0};
	f->err = (struct err){0};
	return write_flush(&l, &f->result, &f->err);
}

static void add_entry(void *ctx, const struct outbox_entry *e)
{
	buf_fmt(ctx, "%lld %s %.*s\n", (long long)e->seq, outbox_state_name(e->state), STR_ARG(e->reason));
}

static void states_are(struct fixture *f, const char *want)
{
	struct buf out = {0};
	struct outbox_visit v = {add_entry, &out, 0};
	assert_true(outbox_list(f->o, STR("prod"), true, &v, &f->err));
	assert_string_equal(buf_cstr(&out), want);
	buf_fini(&out);
}

static void fail_next(struct fixture *f, enum stub_fault fault, const char *path, int status)
{
	f->stub->fault = fault;
	f->stub->fault_path = path;
	f->stub->fault_status = status;
	f->stub->fault_times = 1;
}

static void kibana_takes_it(void **state)
{
	struct fixture *f = *state;
	f->target.case_id = STR("c1");
	decide(f, 0, VERDICT_APPROVED);
	decide(f, 1, VERDICT_SUSPICIOUS);
	assert_true(flush(f));
	states_are(f, "1 acknowledged \n2 acknowledged \n");
	assert_int_equal(f->result.acknowledged, 2);
	const struct stub_alert *a = f->stub->alert;
	assert_string_equal(a[0].status, "closed");
	assert_string_equal(a[0].tags[0], "s3triage:approved");
	assert_string_equal(a[0].tags[1], "s3triage:by:kim");
	assert_int_equal(a[0].notes, 1);
	assert_int_equal(a[0].cases, 0);
	assert_string_equal(a[0].last_note, "approved (kim): backup");
	assert_string_equal(a[1].status, "acknowledged");
	assert_int_equal(a[1].cases, 1);
	decide(f, 0, VERDICT_SUSPICIOUS); /* what we left ourselves may be changed */
	assert_true(flush(f));
	assert_string_equal(a[0].status, "acknowledged");
	assert_int_equal(a[0].n_tags, 2);
	decide(f, 0, VERDICT_OPEN);
	assert_true(flush(f));
	assert_string_equal(a[0].status, "open");
	assert_int_equal(a[0].n_tags, 0);
	states_are(f, "1 acknowledged \n2 acknowledged \n3 acknowledged \n4 acknowledged \n");
}

static void others_word_stands(void **state)
{
	struct fixture *f = *state;
	struct stub_alert *a = &f->stub->alert[0];
	size_t n;
	snprintf(a->status, sizeof(a->status), "acknowledged");
	snprintf(a->by, sizeof(a->by), "u_lee");
	snprintf(a->at, sizeof(a->at), "2026-11-24T10:00:00Z");
	decide(f, 0, VERDICT_APPROVED);
	assert_true(flush(f));
	assert_int_equal(f->result.conflicts, 1);
	states_are(f, "1 conflict acknowledged by u_lee at 2026-11-24T10:00:00Z\n");
	assert_int_equal(a->status_writes + a->notes + a->n_tags, 0);
	assert_true(outbox_choose(f->o, &(struct outbox_choice){.overwrite = true}, &n, &f->err));
	snprintf(a->at, sizeof(a->at), "2026-11-24T11:00:00Z"); /* changed again meanwhile */
	assert_true(flush(f));
	states_are(f, "1 conflict acknowledged by u_lee at 2026-11-24T11:00:00Z\n");
	assert_true(outbox_choose(f->o, &(struct outbox_choice){.overwrite = true}, &n, &f->err));
	assert_true(flush(f));
	assert_string_equal(a->status, "closed");
}

static void lee_is_quicker(struct stub *s)
{
	s->hook = NULL;
	snprintf(s->alert[0].status, sizeof(s->alert[0].status), "acknowledged");
	snprintf(s->alert[0].by, sizeof(s->alert[0].by), "u_lee");
	snprintf(s->alert[0].at, sizeof(s->alert[0].at), "now");
}

static void overtaken_between_look_and_write(void **state)
{
	struct fixture *f = *state;
	f->stub->hook_path = "signals/status";
	f->stub->hook = lee_is_quicker;
	decide(f, 0, VERDICT_APPROVED);
	decide(f, 1, VERDICT_APPROVED);
	assert_true(flush(f));
	states_are(f, "1 conflict acknowledged by u_lee at now\n2 acknowledged \n");
	assert_int_equal(f->stub->alert[0].notes, 0);
	assert_int_equal(f->stub->alert[1].notes, 1);
}

/* Cut off behind every step: done once, in the end. */
static void cut_off_anywhere(void **state)
{
	static const char *const paths[] = {"signals/status", "/api/note", "/api/cases", "signals/tags"};
	static const enum stub_fault faults[] = {STUB_CUT_BEFORE, STUB_CUT_AFTER};
	struct fixture *f = *state;
	f->target.case_id = STR("c1");
	for (size_t i = 0; i < 8; i++) {
		struct stub_alert *a = &f->stub->alert[0];
		a->notes = a->cases = a->n_tags = 0;
		snprintf(a->status, sizeof(a->status), "open");
		decide(f, 0, VERDICT_SUSPICIOUS);
		fail_next(f, faults[i % 2], paths[i / 2], 0);
		bool first = flush(f);
		if (!first)
			assert_int_equal(f->result.waiting, 1);
		assert_true(first || flush(f));
		assert_string_equal(a->status, "acknowledged");
		assert_int_equal(a->notes, 1);
		assert_int_equal(a->cases, 1);
		assert_int_equal(a->n_tags, 2);
		struct outbox_counts c;
		assert_true(outbox_count(f->o, STR("prod"), &c, &f->err));
		assert_int_equal(c.n[OUTBOX_ACKNOWLEDGED] + c.n[OUTBOX_UNCHANGED], i + 1);
	}
}

static void older_kibana(void **state)
{
	struct fixture *f = *state;
	f->stub->version = "8.10.2";
	decide(f, 0, VERDICT_APPROVED);
	assert_true(flush(f));
	states_are(f, "1 acknowledged this Kibana has no notes: reason and note stay here\n");
	assert_int_equal(f->stub->alert[0].notes, 0);
}

static void refusals(void **state)
{
	struct fixture *f = *state;
	decide(f, 0, VERDICT_APPROVED);
	fail_next(f, STUB_STATUS, "signals/search", 403);
	assert_false(flush(f));
	assert_int_equal(f->result.waiting, 1);
	assert_int_equal(f->err.code, ERR_DENIED);
	decide(f, 9, VERDICT_APPROVED); /* nobody knows it there */
	assert_true(flush(f));
	states_are(f, "1 acknowledged \n2 failed the alert is not there, or may not be seen\n");
}

/* Each refusal of Kibana: what it makes of the decision, how often the status is written by two
 * rounds, and what a retry by the user makes of it. */
static void refusals_of_a_change(void **state)
{
	static const struct {
		const char *path;
		int status, writes;
		enum outbox_state state;
	} rows[] = {
		{"signals/status", 400, 0, OUTBOX_FAILED},
		{"signals/status", 404, 0, OUTBOX_FAILED},
		{"signals/status", 405, 0, OUTBOX_FAILED},
		{"signals/status", 422, 0, OUTBOX_FAILED},
		{"signals/status", 401, 0, OUTBOX_PENDING},
		{"signals/status", 403, 0, OUTBOX_PENDING},
		{"/api/note", 403, 1, OUTBOX_FAILED}, /* the status was taken: not again and again */
		{"/api/note", 401, 1, OUTBOX_SENT},
		{"signals/tags", 422, 1, OUTBOX_FAILED},
	};
	struct fixture *f = *state;
	struct stub_alert *a = &f->stub->alert[0];
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct outbox_counts c;
		size_t n = 0;
		*a = (struct stub_alert){.id = "alert-000000", .status = "open"};
		decide(f, 0, VERDICT_APPROVED);
		fail_next(f, STUB_STATUS, rows[i].path, rows[i].status);
		assert_false(flush(f));
		assert_true(outbox_count(f->o, STR("prod"), &c, &f->err));
		assert_int_equal(c.n[rows[i].state], 1);
		assert_int_equal(f->result.failed, rows[i].state == OUTBOX_FAILED);
		assert_true(flush(f));
		if (rows[i].state == OUTBOX_FAILED) {
			assert_int_equal(a->status_writes, rows[i].writes);
			assert_true(outbox_retry(f->o, STR("prod"), &n, &f->err));
			assert_int_equal(n, 1);
			assert_true(flush(f));
		}
		assert_true(outbox_count(f->o, STR("prod"), &c, &f->err));
		assert_int_equal(c.n[OUTBOX_ACKNOWLEDGED], i + 1);
		assert_string_equal(a->status, "closed");
		assert_int_equal(a->notes, 1);
	}
}

static void refused_in_words(void **state)
{
	struct fixture *f = *state;
	decide(f, 0, VERDICT_APPROVED);
	fail_next(f, STUB_STATUS, "signals/status", 422);
	assert_false(flush(f));
	states_are(f, "1 failed 422: the server refused\n");
	decide(f, 1, VERDICT_APPROVED);
	fail_next(f, STUB_STATUS, "/api/note", 403);
	assert_false(flush(f));
	states_are(f, "1 failed 422: the server refused\n2 failed the status was taken, but then: 403: the"
		" credentials lack a privilege; `s3triage doctor` lists what is missing\n");
}

/* An answer that tells of failures is none that somebody else was quicker. */
static void not_carried_out(void **state)
{
	struct fixture *f = *state;
	decide(f, 0, VERDICT_APPROVED);
	f->stub->failing_changes = 3; /* as often as it is tried in one go */
	assert_true(flush(f));
	states_are(f, "1 pending Kibana says that it could not change it\n");
	assert_int_equal(f->stub->alert[0].notes + f->stub->alert[0].n_tags, 0);
	assert_int_equal(f->result.waiting, 1);
	assert_true(flush(f));
	states_are(f, "1 acknowledged \n");
}

/* Whoever has sent lets others send. */
static void lets_others_send(void **state)
{
	struct fixture *f = *state;
	struct outbox *other = outbox_open(f->path, f->j, &f->err);
	decide(f, 0, VERDICT_APPROVED);
	assert_true(flush(f));
	assert_true(outbox_claim(other, STR("prod")));
	assert_false(flush(f));
	assert_int_equal(f->err.code, ERR_STOPPED);
	outbox_close(other);
	assert_true(flush(f));
}

static void decisions_once(void **state)
{
	struct fixture *f = *state;
	f->target.kind = WRITE_DECISIONS;
	decide(f, 0, VERDICT_APPROVED);
	decide(f, 1, VERDICT_APPROVED);
	fail_next(f, STUB_CUT_AFTER, "_bulk", 0);
	assert_false(flush(f));
	assert_int_equal(f->stub->n_docs, 2);
	assert_int_equal(f->result.waiting, 2);
	assert_true(flush(f));
	states_are(f, "1 acknowledged \n2 acknowledged \n");
	assert_int_equal(f->stub->doc[0].writes, 1);
	assert_int_equal(f->stub->doc[1].writes, 1);
	decide(f, 0, VERDICT_SUSPICIOUS);
	fail_next(f, STUB_STATUS, "_bulk", 429);
	assert_true(flush(f)); /* asked again by itself */
	assert_int_equal(f->stub->doc[0].writes, 2);
}

static void lee_writes_first(struct stub *s)
{
	s->hook = NULL;
	struct stub_doc *d = &s->doc[s->n_docs++];
	snprintf(d->id, sizeof(d->id), MAKE_RULE_ID ":event-000000");
	d->source = mem_dup(STR("{\"verdict\":\"suspicious\",\"analyst\":\"lee\",\"hash\":\"beef\","
		"\"decided_at\":\"2026-11-24T10:00:00Z\",\"reason\":\"theft\"}"));
	d->seq_no = ++s->seq_no;
	d->writes = 1;
}

static void decisions_conflict(void **state)
{
	struct fixture *f = *state;
	size_t n;
	f->target.kind = WRITE_DECISIONS;
	f->stub->hook_path = "_bulk";
	f->stub->hook = lee_writes_first;
	decide(f, 0, VERDICT_APPROVED);
	assert_true(flush(f));
	states_are(f, "1 conflict suspicious (theft) by lee at 2026-11-24T10:00:00Z\n");
	assert_int_equal(f->stub->doc[0].writes, 1);
	decide(f, 0, VERDICT_OPEN);
	assert_true(flush(f)); /* waits behind the conflict */
	states_are(f, "1 conflict suspicious (theft) by lee at 2026-11-24T10:00:00Z\n2 pending \n");
	assert_true(outbox_choose(f->o, &(struct outbox_choice){.overwrite = true}, &n, &f->err));
	assert_true(flush(f));
	states_are(f, "1 acknowledged \n2 acknowledged \n");
	assert_int_equal(f->stub->doc[0].writes, 3);
}

static void older_ones_asked_for(void **state)
{
	struct fixture *f = *state;
	size_t n;
	f->target.kind = WRITE_DECISIONS;
	f->target.name = STR("late");
	decide(f, 0, VERDICT_APPROVED);
	assert_true(outbox_target(f->o, &PLACE("late"), &f->err));
	decide(f, 0, VERDICT_SUSPICIOUS);
	assert_true(flush(f));
	assert_int_equal(f->result.acknowledged, 1);
	assert_true(outbox_since(f->o, STR("late"), 0, &n, &f->err));
	assert_int_equal(n, 1);
	assert_true(flush(f));
	assert_int_equal(f->result.unchanged, 1);
	assert_int_equal(f->stub->doc[0].writes, 1);
}

/* Killed when the server has it and the answer is on its way. */
static void killed_before_the_answer(void **state)
{
	struct fixture *f = *state;
	f->target.kind = WRITE_DECISIONS;
	decide(f, 0, VERDICT_APPROVED);
	fail_next(f, STUB_STALL_AFTER, "_bulk", 0);
	handoff_local(f);
	pid_t pid = fork();
	if (pid == 0) {
		open_local(f);
		flush(f);
		_exit(0);
	}
	for (int i = 0; i < 6000 && f->stub->n_docs == 0; i++)
		usleep(10000);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	open_local(f);
	states_are(f, "1 sent \n");
	assert_true(flush(f));
	states_are(f, "1 acknowledged \n");
	assert_int_equal(f->stub->n_docs, 1);
	assert_int_equal(f->stub->doc[0].writes, 1);
}

static int64_t early_now(void)
{
	return MAKE_T0 - 3600000;
}

/* Theirs, while ours is in conflict with it, is read again until one has chosen; and a clock that
 * is fast does not hide what is written later. */
static void theirs_waits_for_ours(void **state)
{
	struct fixture *f = *state;
	struct outbox_choice keep = {.id = STR("")};
	struct buf upto = {0};
	char when[WHEN_TEXT_MAX];
	size_t n = 0;
	f->target.kind = WRITE_DECISIONS;
	f->target.index = STR("d");
	decide(f, 0, VERDICT_APPROVED);
	assert_true(flush(f));
	char *by = strstr(f->stub->doc[0].source, "\"analyst\":\"kim\"");
	char *hash = strstr(f->stub->doc[0].source, "\"hash\":\"");
	assert_true(by && hash);
	memcpy(by + 11, "lee", 3);
	memcpy(hash + 8, "0123456789abcdef", 16);
	decide(f, 0, VERDICT_SUSPICIOUS);
	assert_true(flush(f));
	assert_int_equal(f->result.conflicts, 1);
	struct write_link l = {.http = f->http, .outbox = f->o, .target = &f->target, .now = early_now};
	assert_true(write_pull(&l, &f->result, &f->err));
	outbox_read_upto(f->o, STR("prod"), &upto);
	assert_int_equal(upto.n, 0);
	assert_true(outbox_choose(f->o, &keep, &n, &f->err));
	f->result.learned = 0;
	assert_true(write_pull(&l, &f->result, &f->err));
	assert_int_equal(f->result.learned, 1);
	outbox_read_upto(f->o, STR("prod"), &upto);
	assert_string_equal(buf_cstr(&upto), when_format(early_now(), when));
	buf_fini(&upto);
}

static void put_theirs(struct fixture *f, unsigned n)
{
	struct stub_doc *d = &f->stub->doc[f->stub->n_docs++];
	struct buf facts = {0}, out = {0};
	struct alert a = make_alert(&f->mem, n);
	export_facts(&a, &facts);
	struct write_job j = {.key = arena_fmt(&f->mem, MAKE_RULE_ID ":%.*s", STR_ARG(a.event_id)),
		.d = make_decision(&a, 1, VERDICT_SUSPICIOUS), .alert = a};
	j.d.analyst = STR("lee");
	j.d.hash = arena_fmt(&f->mem, "hash-%u", n);
	j.d.facts = buf_str(&facts);
	write_document(&j, MAKE_T0, &out);
	d->source = buf_take(&out);
	buf_fini(&facts);
}

/* A page that is too large is asked for in smaller ones; a document that is, is counted and passed. */
static void pages_that_are_too_large(void **state)
{
	struct fixture *f = *state;
	f->target.kind = WRITE_DECISIONS;
	for (unsigned i = 0; i < 60; i++)
		put_theirs(f, i);
	AUTO(mem_free_ptr) char *big = mem_array(40000, 1);
	for (unsigned i = 0; i < 60; i += 30) {
		struct stub_doc *d = &f->stub->doc[i];
		snprintf(big, 40000, "{\"x\":\"%030000d\",%s", 0, d->source + 1);
		free(d->source);
		d->source = strdup(big);
	}
	struct write_link l = {.http = f->http, .outbox = f->o, .target = &f->target, .now = fixed_now,
		.max_answer = 20000};
	assert_true(write_pull(&l, &f->result, &f->err));
	assert_int_equal(f->result.learned, 58);
	assert_int_equal(f->result.left_out, 2);
}

/* More of others' decisions than a page, all written at one moment; and how far back is read. */
static void many_at_one_time(void **state)
{
	struct fixture *f = *state;
	char when[WHEN_TEXT_MAX], want[64];
	f->target.kind = WRITE_DECISIONS;
	for (unsigned i = 0; i < WRITE_NEWER_PAGE + 20; i++)
		put_theirs(f, i);
	struct write_link l = {.http = f->http, .outbox = f->o, .target = &f->target, .now = fixed_now};
	assert_true(write_pull(&l, &f->result, &f->err));
	assert_int_equal(f->result.learned, WRITE_NEWER_PAGE + 20);
	assert_string_equal(f->stub->asked_from, "");
	put_theirs(f, WRITE_NEWER_PAGE + 20);
	assert_true(write_pull(&l, &f->result, &f->err));
	assert_int_equal(f->result.learned, WRITE_NEWER_PAGE + 21);
	snprintf(want, sizeof(want), "%s||-15m", when_format(MAKE_T0, when));
	assert_string_equal(f->stub->asked_from, want);
	l.wide = true;
	assert_true(write_pull(&l, &f->result, &f->err));
	snprintf(want, sizeof(want), "%s||-1d", when_format(MAKE_T0, when));
	assert_string_equal(f->stub->asked_from, want);
}

/* What arrived although its answer was lost is ours: taking it back is no conflict with oneself. */
static void ours_after_a_lost_answer(void **state)
{
	static const enum verdict next[] = {VERDICT_OPEN, VERDICT_SUSPICIOUS};
	struct fixture *f = *state;
	f->target.kind = WRITE_ALERTS;
	f->target.index = STR(".alerts");
	for (unsigned i = 0; i < 2; i++) {
		decide(f, i, VERDICT_APPROVED);
		fail_next(f, STUB_CUT_AFTER, "_bulk", 0);
		assert_false(flush(f));
		assert_string_equal(f->stub->alert[i].status, "closed");
		decide(f, i, next[i]);
		assert_true(flush(f));
		assert_int_equal(f->result.conflicts, 0);
		assert_string_equal(f->stub->alert[i].status, i ? "acknowledged" : "open");
		assert_int_equal(f->stub->alert[i].status_writes, 2);
	}
	states_are(f, "1 acknowledged \n2 acknowledged \n3 acknowledged \n4 acknowledged \n");
}

/* One item of a batch that is refused for now waits, whatever its batch's status was. */
static void refused_items(void **state)
{
	static const struct {
		int status;
		enum outbox_state state;
	} rows[] = {{401, OUTBOX_PENDING}, {403, OUTBOX_PENDING}, {408, OUTBOX_PENDING},
		{409, OUTBOX_PENDING}, {425, OUTBOX_PENDING}, {429, OUTBOX_PENDING},
		{503, OUTBOX_PENDING}, {400, OUTBOX_FAILED}, {404, OUTBOX_FAILED}, {422, OUTBOX_FAILED}};
	struct fixture *f = *state;
	f->target.kind = WRITE_DECISIONS;
	f->stub->index_there = true;
	for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
		struct outbox_counts c;
		size_t n;
		decide(f, i, VERDICT_APPROVED);
		f->stub->item_status = rows[i].status;
		f->stub->item_times = 3; /* as many rounds without progress are made */
		assert_true(flush(f));
		assert_true(outbox_count(f->o, STR("prod"), &c, &f->err));
		assert_int_equal(c.n[rows[i].state], 1);
		f->stub->item_times = 0;
		assert_true(outbox_retry(f->o, STR("prod"), &n, &f->err));
		assert_true(flush(f));
		assert_true(outbox_count(f->o, STR("prod"), &c, &f->err));
		assert_int_equal(c.n[OUTBOX_ACKNOWLEDGED], i + 1);
	}
}

/* A server that takes no large bodies gets smaller ones; what is too large by itself fails alone. */
static void too_large_at_once(void **state)
{
	struct fixture *f = *state;
	struct outbox_counts c;
	f->target.kind = WRITE_DECISIONS;
	f->stub->index_there = true;
	f->stub->body_max = 9000;
	for (unsigned i = 0; i < 40; i++)
		decide(f, i, VERDICT_APPROVED);
	struct alert a = make_alert(&f->mem, 40);
	char *note = mem_array(4001, 1);
	memset(note, 1, 4000); /* six bytes each in JSON */
	struct journal_entry e = {.alert = &a, .verdict = VERDICT_APPROVED, .note = str_c(note)};
	struct journal_author who = {STR("kim"), MAKE_T0};
	assert_true(journal_decide(f->j, &e, 1, &who, &f->err));
	free(note);
	for (unsigned i = 41; i < 60; i++)
		decide(f, i, VERDICT_APPROVED);
	assert_true(flush(f));
	assert_true(outbox_count(f->o, STR("prod"), &c, &f->err));
	assert_int_equal(c.n[OUTBOX_ACKNOWLEDGED], 59);
	assert_int_equal(c.n[OUTBOX_FAILED], 1);
	assert_int_equal(f->stub->n_docs, 59);
}

/* What adds is not sent again blindly: answered by a gateway in Kibana's place, carried out or not. */
static void added_once(void **state)
{
	static const char *const paths[] = {"/api/note", "/api/cases/c1/comments"};
	struct fixture *f = *state;
	struct stub_alert *a = f->stub->alert;
	f->target.case_id = STR("c1");
	for (unsigned i = 0; i < 2; i++) {
		f->stub->done_anyway = true;
		f->stub->fault_method = "P"; /* PATCH and POST, not the looking */
		fail_next(f, STUB_STATUS, paths[i], 504);
		decide(f, i, VERDICT_SUSPICIOUS);
		assert_true(flush(f));
		assert_int_equal(a[i].notes, 1);
		assert_int_equal(a[i].cases, 1);
		f->stub->done_anyway = false;
		fail_next(f, STUB_STATUS, paths[i], 504);
		decide(f, i + 2, VERDICT_SUSPICIOUS);
		assert_false(flush(f));
		assert_true(flush(f));
		assert_int_equal(a[i + 2].notes, 1);
		assert_int_equal(a[i + 2].cases, 1);
	}
}

static void take_theirs(void *ctx, const struct decision *d)
{
	buf_fmt(ctx, "%.*s %s %d;", STR_ARG(d->analyst), verdict_name(d->verdict), d->theirs == MAKE_T0 - 5000);
}

/* Whose word stands again is whose word is shown, in the index, on the alert and to whoever reads. */
static void a_word_given_back(void **state)
{
	static const enum write_kind kinds[] = {WRITE_DECISIONS, WRITE_KIBANA, WRITE_ALERTS};
	struct fixture *f = *state;
	struct journal_author lee = {STR("lee"), MAKE_T0 - 5000}, kim = {STR("kim"), MAKE_T0};
	for (unsigned i = 0; i < ARRAY_LEN(kinds); i++) {
		struct alert a = make_alert(&f->mem, i);
		struct journal_taken taken = {0};
		a.from_kibana = true;
		struct journal_entry e = {.alert = &a, .verdict = VERDICT_APPROVED};
		f->target.kind = kinds[i];
		f->target.index = kinds[i] == WRITE_ALERTS ? STR(".alerts") : STR("d");
		assert_true(journal_decide(f->j, &e, 1, &lee, &f->err));
		e.verdict = VERDICT_SUSPICIOUS;
		assert_true(journal_decide(f->j, &e, 1, &kim, &f->err) && flush(f));
		assert_true(journal_undo(f->j, &kim, &taken, &f->err) && flush(f));
		assert_int_equal(f->result.acknowledged, 1);
		if (!i)
			continue;
		assert_string_equal(f->stub->alert[i].status, "closed");
		assert_int_equal(f->stub->alert[i].n_tags, 2);
		assert_string_equal(f->stub->alert[i].tags[1], "s3triage:by:lee");
	}
	char *source = f->stub->doc[0].source, *by = strstr(source, "\"analyst\":\"lee\"");
	assert_true(by && strstr(source, "\"restored_by\":\"kim\""));
	for (int older = 0; older < 2; older++) {
		struct fixture other = *f;
		AUTO(buf_fini) struct buf out = {0};
		snprintf(other.path, sizeof(other.path), "%s/lee.db", f->dir);
		open_local(&other);
		struct write_link l = {.http = other.http, .outbox = other.o, .target = &other.target,
			.now = fixed_now, .analyst = STR("lee")};
		other.target.kind = WRITE_DECISIONS;
		other.target.index = STR("d");
		if (older) { /* as versions wrote it that did not know whose it was */
			memcpy(by + 11, "kim", 3);
			memcpy(strstr(source, "restored_by"), "renamed_key", 11);
		}
		assert_true(write_pull(&l, &other.result, &other.err));
		assert_true(journal_history(other.j, STR("alert-000000"), take_theirs, &out, &other.err));
		assert_string_equal(buf_cstr(&out), "lee approved 1;");
		buf_clear(&out);
		outbox_notice(other.o, &out); /* put there by kim's journal, not by another of lee's */
		assert_int_equal(out.n, 0);
		handoff_local(&other);
		snprintf(other.path, sizeof(other.path), "rm %s/lee.db*", f->dir);
		assert_int_equal(system(other.path), 0);
	}
}

/* One id, and what it says: of `content` 0 as it was, else to another bucket. */
static void decide_on(struct fixture *f, int content, enum verdict v, const char *analyst)
{
	struct alert a = make_alert(&f->mem, 0);
	a.bucket = content ? STR("another") : a.bucket;
	struct journal_entry e = {.alert = &a, .verdict = v};
	struct journal_author who = {str_c(analyst), MAKE_T0};
	assert_true(journal_decide(f->j, &e, 1, &who, &f->err));
}

static void docs_say(struct fixture *f, const char *first, const char *second)
{
	const char *const want[] = {first, second};
	assert_int_equal(f->stub->n_docs, 2);
	for (int i = 0; i < 2; i++) {
		struct json *v = json_parse(str_c(f->stub->doc[i].source), NULL);
		struct str bucket = json_str(json_get(json_get(v, "facts"), "bucket"));
		AUTO(buf_fini) struct buf is = {0};
		buf_fmt(&is, "%.*s by %.*s", STR_ARG(json_str(json_get(v, "verdict"))),
			STR_ARG(json_str(json_get(v, "analyst"))));
		assert_string_equal(buf_cstr(&is), want[i]);
		assert_true(str_is(bucket, "another") == (i == 1));
		json_free(v);
	}
}

/* Two records of one id are two alerts at the team's place, too: neither's word is written over the
 * other's, nor waits for it, and one is chosen about by itself. */
static void two_contents(void **state)
{
	struct fixture *f = *state;
	size_t n = 0;
	f->target.kind = WRITE_DECISIONS;
	decide_on(f, 0, VERDICT_SUSPICIOUS, "kim");
	decide_on(f, 1, VERDICT_APPROVED, "kim");
	assert_true(flush(f));
	states_are(f, "1 acknowledged \n2 acknowledged \n");
	docs_say(f, "suspicious by kim", "approved by kim");
	assert_string_equal(f->stub->doc[0].id, MAKE_RULE_ID ":event-000000");
	char *by = strstr(f->stub->doc[0].source, "\"analyst\":\"kim\"");
	memcpy(by + 11, "lee", 3);
	memcpy(strstr(f->stub->doc[0].source, "\"hash\":\"") + 8, "0123456789abcdef", 16);
	decide_on(f, 0, VERDICT_APPROVED, "kim");
	decide_on(f, 1, VERDICT_SUSPICIOUS, "kim");
	assert_true(flush(f));
	assert_int_equal(f->result.conflicts, 1);
	docs_say(f, "suspicious by lee", "suspicious by kim");
	decide_on(f, 1, VERDICT_APPROVED, "kim");
	struct outbox_choice c = {.id = str_c(f->stub->doc[1].id), .overwrite = true};
	assert_true(outbox_choose(f->o, &c, &n, &f->err));
	assert_int_equal(n, 0);
	c.id = STR("alert-000000");
	assert_true(outbox_choose(f->o, &c, &n, &f->err));
	assert_int_equal(n, 1);
	assert_true(flush(f));
	docs_say(f, "approved by kim", "approved by kim");
}

/* The same in a journal that knows the other content alone, and so by the first's name. */
static void two_contents_of_two(void **state)
{
	struct fixture *f = *state, lee = *f;
	f->target.kind = lee.target.kind = WRITE_DECISIONS;
	lee.mem = (struct arena){0};
	snprintf(lee.path, sizeof(lee.path), "%s/lee.db", f->dir);
	decide_on(f, 0, VERDICT_APPROVED, "kim");
	assert_true(flush(f));
	open_local(&lee);
	decide_on(&lee, 1, VERDICT_APPROVED, "lee");
	decide_on(&lee, 1, VERDICT_SUSPICIOUS, "lee");
	assert_true(flush(&lee));
	states_are(&lee, "1 acknowledged \n2 acknowledged \n");
	docs_say(f, "approved by kim", "suspicious by lee");
	decide_on(f, 1, VERDICT_APPROVED, "kim"); /* without having read lee's */
	assert_true(flush(f));
	assert_int_equal(f->result.conflicts, 1);
	docs_say(f, "approved by kim", "suspicious by lee");
	struct write_link l = {.http = lee.http, .outbox = lee.o, .target = &lee.target, .now = fixed_now};
	assert_true(write_pull(&l, &lee.result, &lee.err));
	assert_int_equal(lee.result.learned, 1);
	assert_int_equal(lee.result.left_out, 0);
	decide_on(&lee, 0, VERDICT_SUSPICIOUS, "lee"); /* now he knows kim's */
	assert_true(flush(&lee));
	docs_say(f, "suspicious by lee", "suspicious by lee");
	handoff_local(&lee);
	arena_fini(&lee.mem);
	snprintf(lee.path, sizeof(lee.path), "rm %s/lee.db*", f->dir);
	assert_int_equal(system(lee.path), 0);
}

int main(void)
{
	signal(SIGPIPE, SIG_IGN);
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_word_given_back), TEST(two_contents), TEST(two_contents_of_two),
		TEST(theirs_waits_for_ours), TEST(refusals_of_a_change), TEST(refused_in_words),
		TEST(lets_others_send), TEST(not_carried_out), TEST(many_at_one_time),
		TEST(pages_that_are_too_large),
		TEST(kibana_takes_it), TEST(others_word_stands), TEST(overtaken_between_look_and_write),
		TEST(cut_off_anywhere), TEST(older_kibana), TEST(refusals), TEST(decisions_once),
		TEST(ours_after_a_lost_answer), TEST(refused_items), TEST(too_large_at_once), TEST(added_once),
		TEST(decisions_conflict), TEST(older_ones_asked_for), TEST(killed_before_the_answer),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
