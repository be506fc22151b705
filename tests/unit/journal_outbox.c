#include "s3triage/journal/outbox.h"

#include "s3triage/base/file.h"
#include "s3triage/export/export.h"

#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../unit.h"
#include "alert_make.h"

#define PLACE(its_name) ((struct outbox_place){.name = STR(its_name), .team = true})

struct place {
	char dir[64], path[128];
	struct arena mem;
	struct journal *j;
	struct outbox *o;
	struct err err;
};

static void open_both(struct place *p)
{
	p->j = journal_open(p->path, false, &p->err);
	p->o = p->j ? outbox_open(p->path, p->j, &p->err) : NULL;
	if (!p->o)
		print_error("%s\n", p->err.text);
	assert_non_null(p->o);
}

static void handoff_both(struct place *p)
{
	outbox_close(p->o);
	journal_close(p->j);
	p->o = NULL;
	p->j = NULL;
}

/* As each run does: what is in the file and not made known is not ours. */
static void reopen(struct place *p)
{
	open_both(p);
	assert_true(outbox_target(p->o, &PLACE("prod"), &p->err));
}

static int set_up(void **state)
{
	struct place *p = mem_alloc(sizeof(*p));
	snprintf(p->dir, sizeof(p->dir), "/tmp/s3triage-test-......");
	memset(p->dir + strlen(p->dir) - 6, 'X', 6);
	if (!mkdtemp(p->dir))
		return -1;
	snprintf(p->path, sizeof(p->path), "%s/journal.db", p->dir);
	*state = p;
	open_both(p);
	return 0;
}

static int tear_down(void **state)
{
	static const char *const ends[] = {"", "-wal", "-shm", ".outbox", ".outbox-wal",
		".outbox-shm", ".outbox.lock"};
	struct place *p = *state;
	char path[160];
	handoff_both(p);
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		snprintf(path, sizeof(path), "%s%s", p->path, ends[i]);
		unlink(path);
	}
	rmdir(p->dir);
	arena_fini(&p->mem);
	free(p);
	return 0;
}

static void decide(struct place *p, unsigned n, enum verdict v, const char *analyst)
{
	struct alert a = make_alert(&p->mem, n);
	struct journal_entry e = {.alert = &a, .verdict = v, .reason = STR("reason")};
	struct journal_author who = {str_c(analyst), MAKE_T0};
	assert_true(journal_decide(p->j, &e, 1, &who, &p->err));
}

/* What came, as "seq:key:state ...". */
static void collect(void *ctx, const struct outbox_entry *e)
{
	buf_fmt(ctx, "%lld:%s:%.*s ", (long long)e->seq, outbox_state_name(e->state),
		STR_ARG(e->decision.alert_id));
}

static void due_is(struct place *p, const char *want)
{
	struct buf out = {0};
	struct outbox_visit v = {collect, &out, 100};
	assert_true(outbox_sync(p->o, &p->err));
	assert_true(outbox_due(p->o, STR("prod"), &v, &p->err));
	assert_string_equal(buf_cstr(&out), want);
	buf_fini(&out);
}

static void mark(struct place *p, int64_t seq, enum outbox_state s, const char *over)
{
	struct outbox_mark m = {seq, MAKE_T0, s, STR("why"), str_c(over)};
	assert_true(outbox_mark(p->o, STR("prod"), &m, 1, &p->err));
}

static void nothing_without_a_target(void **state)
{
	struct place *p = *state;
	struct outbox_counts c;
	decide(p, 1, VERDICT_APPROVED, "kim");
	due_is(p, "");
	assert_true(outbox_target(p->o, &PLACE("prod"), &p->err));
	due_is(p, ""); /* made before there was a target */
	decide(p, 2, VERDICT_SUSPICIOUS, "kim");
	due_is(p, "2:pending:alert-000002 ");
	size_t n = 0;
	assert_true(outbox_since(p->o, STR("prod"), MAKE_T0, &n, &p->err));
	assert_int_equal(n, 1);
	due_is(p, "1:pending:alert-000001 2:pending:alert-000002 ");
	assert_true(outbox_count(p->o, STR(""), &c, &p->err));
	assert_int_equal(c.n[OUTBOX_PENDING], 2);
}

static void in_order_per_alert(void **state)
{
	struct place *p = *state;
	assert_true(outbox_target(p->o, &PLACE("prod"), &p->err));
	decide(p, 1, VERDICT_APPROVED, "kim");
	decide(p, 2, VERDICT_APPROVED, "kim");
	decide(p, 1, VERDICT_SUSPICIOUS, "kim");
	due_is(p, "1:pending:alert-000001 2:pending:alert-000002 ");
	mark(p, 1, OUTBOX_SENT, "");
	due_is(p, "1:sent:alert-000001 2:pending:alert-000002 ");
	mark(p, 1, OUTBOX_FAILED, "");
	due_is(p, "2:pending:alert-000002 "); /* 3 waits for 1 */
	size_t n = 0;
	assert_true(outbox_retry(p->o, STR("prod"), &n, &p->err));
	assert_int_equal(n, 1);
	mark(p, 1, OUTBOX_ACKNOWLEDGED, "");
	mark(p, 2, OUTBOX_ACKNOWLEDGED, "");
	due_is(p, "3:pending:alert-000001 ");
}

static void survives_a_restart(void **state)
{
	struct place *p = *state;
	assert_true(outbox_target(p->o, &PLACE("prod"), &p->err));
	decide(p, 1, VERDICT_APPROVED, "kim");
	due_is(p, "1:pending:alert-000001 ");
	mark(p, 1, OUTBOX_SENT, "");
	outbox_close(p->o);
	p->o = NULL;
	decide(p, 2, VERDICT_APPROVED, "kim"); /* while no outbox was open */
	handoff_both(p);
	reopen(p);
	due_is(p, "1:sent:alert-000001 2:pending:alert-000002 ");
}

static void choosing(void **state)
{
	const struct outbox_choice theirs = {STR("prod"), STR("alert-000002"), false};
	const struct outbox_choice ours = {STR("prod"), STR(""), true};
	struct place *p = *state;
	size_t n = 0;
	assert_true(outbox_target(p->o, &PLACE("prod"), &p->err));
	decide(p, 1, VERDICT_APPROVED, "kim");
	decide(p, 2, VERDICT_APPROVED, "kim");
	due_is(p, "1:pending:alert-000001 2:pending:alert-000002 ");
	mark(p, 1, OUTBOX_CONFLICT, "abc");
	mark(p, 2, OUTBOX_CONFLICT, "def");
	due_is(p, "");
	assert_true(outbox_choose(p->o, &theirs, &n, &p->err));
	assert_int_equal(n, 1);
	assert_true(outbox_choose(p->o, &ours, &n, &p->err));
	assert_int_equal(n, 1);
	due_is(p, "1:pending:alert-000001 ");
	struct outbox_counts c;
	assert_true(outbox_count(p->o, STR("prod"), &c, &p->err));
	assert_int_equal(c.n[OUTBOX_DROPPED], 1);
}

static void one_sender(void **state)
{
	struct place *p = *state;
	struct outbox *other = outbox_open(p->path, p->j, &p->err);
	assert_true(outbox_claim(p->o, STR("prod")));
	assert_true(outbox_claim(p->o, STR("prod")));
	assert_false(outbox_claim(other, STR("prod")));
	assert_true(outbox_claim(other, STR("test"))); /* another target's is another's */
	assert_false(outbox_claim(p->o, STR("test")));
	outbox_release(p->o, STR("prod"));
	assert_true(outbox_claim(other, STR("prod")));
	outbox_release(other, STR("prod"));
	assert_true(outbox_claim(p->o, STR("prod")));
	outbox_close(p->o);
	p->o = other;
	assert_true(outbox_claim(p->o, STR("prod")));
}

static struct outbox_theirs theirs_of(struct place *p, unsigned n, struct buf *facts)
{
	struct alert a = make_alert(&p->mem, n);
	export_facts(&a, facts);
	return (struct outbox_theirs){
		.key = arena_fmt(&p->mem, MAKE_RULE_ID ":%.*s", STR_ARG(a.event_id)),
		.alert_id = a.id, .event_id = a.event_id, .rule_id = a.rule_id, .read = MAKE_T0 + 5000,
		.hash = arena_fmt(&p->mem, "hash-%u", n), .analyst = STR("lee"), .at = MAKE_T0,
		.verdict = VERDICT_SUSPICIOUS, .reason = STR("theft"), .facts = buf_str(facts)};
}

static void count_rows(void *ctx, const struct decision *d)
{
	(void)d;
	++*(size_t *)ctx;
}

static void learning(void **state)
{
	struct place *p = *state;
	struct buf facts = {0};
	bool fresh;
	size_t rows = 0;
	struct outbox_theirs t = theirs_of(p, 5, &facts);
	assert_true(outbox_target(p->o, &PLACE("prod"), &p->err));
	assert_true(outbox_learn(p->o, STR("prod"), &t, &fresh, &p->err));
	assert_true(fresh);
	assert_true(outbox_learn(p->o, STR("prod"), &t, &fresh, &p->err));
	assert_false(fresh);
	assert_true(journal_latest(p->j, count_rows, &rows, &p->err));
	assert_int_equal(rows, 1);
	due_is(p, ""); /* what was learned does not go back */
	decide(p, 5, VERDICT_APPROVED, "kim");
	due_is(p, "2:pending:alert-000005 ");
	struct outbox_entry e = {.seq = 2, .target = STR("prod"), .key = t.key,
		.decision = {.alert_id = t.alert_id, .event_id = t.event_id}};
	assert_int_equal(outbox_knew(p->o, &e, t.hash), OUTBOX_KNEW);
	assert_int_equal(outbox_knew(p->o, &e, STR("hash-other")), OUTBOX_STRANGE);
	t.hash = STR("hash-newer");
	assert_false(outbox_learn(p->o, STR("prod"), &t, &fresh, &p->err));
	assert_int_equal(p->err.code, ERR_CONFLICT);
	buf_fini(&facts);
}

static void facts_of_another_alert(void **state)
{
	struct place *p = *state;
	struct buf facts = {0};
	bool fresh;
	struct outbox_theirs t = theirs_of(p, 5, &facts);
	t.key = STR(MAKE_RULE_ID ":event-000006");
	assert_true(outbox_target(p->o, &PLACE("prod"), &p->err));
	assert_false(outbox_learn(p->o, STR("prod"), &t, &fresh, &p->err));
	assert_int_equal(p->err.code, ERR_INPUT);
	buf_fini(&facts);
}

/* A process that decides and marks, killed at any moment. */
static void child_works(struct place *p)
{
	reopen(p);
	for (unsigned i = 0;; i++) {
		decide(p, i, VERDICT_APPROVED, "kim");
		outbox_sync(p->o, NULL);
		mark(p, i + 1, OUTBOX_SENT, "");
		mark(p, i + 1, OUTBOX_ACKNOWLEDGED, "");
	}
}

static void check_state(void *ctx, const struct outbox_entry *e)
{
	int64_t *last = ctx;
	assert_int_equal(e->seq, *last + 1);
	*last = e->seq;
}

static void killed(void **state)
{
	struct place *p = *state;
	int64_t rows = 0;
	char head[65];
	assert_true(outbox_target(p->o, &PLACE("prod"), &p->err));
	for (int round = 0; round < 3 || (rows == 0 && round < 100); round++) {
		handoff_both(p);
		pid_t pid = fork();
		if (pid == 0)
			child_works(p);
		usleep(60000 + 30000 * (unsigned)round);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		reopen(p);
		assert_true(outbox_sync(p->o, &p->err));
		int64_t last = 0;
		struct outbox_visit v = {check_state, &last, 0};
		assert_true(journal_head(p->j, &rows, head, &p->err));
		assert_true(outbox_list(p->o, STR("prod"), true, &v, &p->err));
		assert_int_equal(last, rows);
	}
	assert_true(rows > 0);
}

static void private_file(void **state)
{
	struct place *p = *state;
	struct stat st;
	char path[160];
	snprintf(path, sizeof(path), "%s.outbox", p->path);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	struct buf say = {0};
	struct outbox_counts c = {{2, 0, 5, 0, 0, 1, 0}};
	outbox_say(&c, &say);
	assert_string_equal(buf_cstr(&say), "2 pending, 1 conflict");
	buf_fini(&say);
}

static void take_last(void *ctx, const struct decision *d)
{
	struct decision *last = ctx;
	*last = *d;
	last->analyst = (struct str){0}; /* slices do not live on */
}

/* The time of another is theirs, our clock stays ours: theirs may be years ahead, or days old. */
static void learned_time(void **state)
{
	static const int64_t theirs[] = {MAKE_T0 - 7 * 86400000LL, MAKE_T0 + 4000 * 86400000LL};
	struct place *p = *state;
	bool fresh;
	assert_true(outbox_target(p->o, &PLACE("prod"), &p->err));
	for (unsigned i = 0; i < 2; i++) {
		struct buf facts = {0};
		struct decision last = {0};
		struct outbox_theirs t = theirs_of(p, i, &facts);
		t.at = theirs[i];
		assert_true(outbox_learn(p->o, STR("prod"), &t, &fresh, &p->err));
		assert_true(journal_history(p->j, t.alert_id, take_last, &last, &p->err));
		assert_true(last.theirs == theirs[i] && last.at == t.read);
		decide(p, 10 + i, VERDICT_APPROVED, "kim");
		assert_true(journal_history(p->j, arena_fmt(&p->mem, "alert-%06u", 10 + i), take_last, &last,
			&p->err));
		assert_true(last.at == MAKE_T0 && !last.theirs);
		buf_fini(&facts);
	}
}

/* Own rows are known by their hash, however the alert and the rule are called. */
static void own_rows(void **state)
{
	struct place *p = *state;
	char *event = mem_array(700, 1);
	memset(event, 'e', 600);
	const struct str rules[] = {STR("acme:s3"), STR("a:b:c"), STR(MAKE_RULE_ID), STR("")};
	assert_true(outbox_target(p->o, &PLACE("prod"), &p->err));
	for (unsigned i = 0; i < 8; i++) {
		struct alert a = make_alert(&p->mem, i);
		struct decision own = {0};
		struct buf facts = {0};
		bool fresh = true;
		a.rule_id = rules[i % 4];
		a.event_id = i < 4 ? a.event_id : arena_fmt(&p->mem, "%u:%s", i, event);
		struct journal_entry e = {.alert = &a, .verdict = VERDICT_APPROVED};
		struct journal_author who = {STR("kim"), MAKE_T0};
		assert_true(journal_decide(p->j, &e, 1, &who, &p->err));
		assert_true(journal_history(p->j, a.id, take_last, &own, &p->err));
		char hash[65], head[65];
		int64_t rows;
		assert_true(journal_head(p->j, &rows, head, &p->err));
		memcpy(hash, head, sizeof(hash));
		struct outbox_entry entry = {.seq = rows + 1, .target = STR("prod"),
			.decision = {.alert_id = a.id, .event_id = a.event_id, .rule_id = a.rule_id}};
		assert_int_equal(outbox_knew(p->o, &entry, str_c(hash)), OUTBOX_KNEW);
		entry.seq = rows - 1;
		assert_int_equal(outbox_knew(p->o, &entry, str_c(hash)), OUTBOX_OVERTAKEN);
		export_facts(&a, &facts);
		struct outbox_theirs t = {.hash = str_c(hash), .alert_id = a.id, .event_id = a.event_id,
			.rule_id = a.rule_id, .analyst = STR("kim"), .verdict = VERDICT_APPROVED,
			.facts = buf_str(&facts)};
		assert_true(outbox_learn(p->o, STR("prod"), &t, &fresh, &p->err));
		assert_false(fresh);
		buf_fini(&facts);
	}
	free(event);
}

/* Theirs about one content is learned while ours about the other waits, under whichever name it has; not
 * while ours about the same does. */
static void each_content_by_itself(void **state)
{
	static const char *const tails[] = {"", "~0123456789ab", "~other", "x"};
	struct place *p = *state;
	assert_true(outbox_target(p->o, &PLACE("prod"), &p->err));
	decide(p, 1, VERDICT_SUSPICIOUS, "kim");
	for (unsigned i = 0; i < 2 * ARRAY_LEN(tails); i++) {
		AUTO(buf_fini) struct buf facts = {0};
		bool fresh = false, same = i % 2;
		struct alert a = make_alert(&p->mem, 1);
		struct outbox_theirs t = theirs_of(p, 1, &facts);
		buf_clear(&facts);
		a.bucket = same ? a.bucket : arena_fmt(&p->mem, "another-%u", i);
		export_facts(&a, &facts);
		t.facts = buf_str(&facts);
		t.hash = arena_fmt(&p->mem, "hash-%u", i);
		t.key = arena_fmt(&p->mem, "%.*s%s", STR_ARG(t.key), tails[i / 2]);
		p->err = (struct err){0};
		outbox_learn(p->o, STR("prod"), &t, &fresh, &p->err);
		assert_int_equal(p->err.code, i > 3 ? ERR_INPUT : same ? ERR_CONFLICT : ERR_NONE);
		assert_true(fresh == (i < 4 && !same));
	}
}

static void strange_sql(struct place *p, const char *sql)
{
	char path[160];
	sqlite3 *db;
	snprintf(path, sizeof(path), "%s.outbox", p->path);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void take_unsent(void *ctx, const struct decision *d)
{
	buf_fmt(ctx, "%lld [%.*s] ", (long long)d->seq, STR_ARG(d->unsent));
}

/* With an alert's decisions stands what has not arrived, and why; of the same numbers in another journal
 * nothing. */
static void with_the_decision(void **state)
{
	static const struct {
		enum outbox_state state;
		const char *says;
	} cases[] = {{OUTBOX_PENDING, "1 [not at prod: pending: why] 2 [] "},
		{OUTBOX_FAILED, "1 [not at prod: failed: why] 2 [] "},
		{OUTBOX_CONFLICT, "1 [not at prod: conflict: why] 2 [] "},
		{OUTBOX_DROPPED, "1 [not at prod: dropped: why] 2 [] "},
		{OUTBOX_ACKNOWLEDGED, "1 [] 2 [] "}, {OUTBOX_UNCHANGED, "1 [] 2 [] "}};
	struct place *p = *state;
	struct alert a = make_alert(&p->mem, 1);
	assert_true(outbox_target(p->o, &PLACE("prod"), &p->err));
	decide(p, 1, VERDICT_APPROVED, "kim");
	assert_true(outbox_sync(p->o, &p->err));
	decide(p, 1, VERDICT_SUSPICIOUS, "kim"); /* not taken in yet */
	for (size_t i = 0; i <= ARRAY_LEN(cases); i++) {
		AUTO(buf_fini) struct buf out = {0};
		if (i < ARRAY_LEN(cases))
			mark(p, 1, cases[i].state, "");
		else
			strange_sql(p, "UPDATE entry SET hash = 'of another', state = 4");
		assert_true(outbox_history(p->j, &a, take_unsent, &out, &p->err));
		assert_string_equal(buf_cstr(&out), i < ARRAY_LEN(cases) ? cases[i].says : "1 [] 2 [] ");
	}
}

/* A document whose names are of two alerts, whichever of them it is, and one about an alert that is
 * another event here. */
static void names_of_two_alerts(void **state)
{
	struct place *p = *state;
	assert_true(outbox_target(p->o, &PLACE("prod"), &p->err));
	decide(p, 1, VERDICT_SUSPICIOUS, "alice");
	mark(p, 1, OUTBOX_ACKNOWLEDGED, "");
	for (int i = 0; i < 6; i++) {
		struct buf facts = {0};
		bool fresh = true;
		struct alert a = make_alert(&p->mem, 1);
		struct outbox_theirs t = theirs_of(p, 1, &facts);
		struct str *const of_doc[] = {&t.alert_id, &t.event_id, &t.rule_id};
		buf_clear(&facts);
		if (i < 3)
			*of_doc[i] = STR("another"); /* the facts are right, the document's id is not */
		else if (i == 3)
			a.id = t.alert_id = STR("nobody's"); /* fits, but the key does not */
		else
			a.event_id = t.event_id = STR("zzz"); /* all fits, and it is her alert's id */
		t.key = i == 3 ? STR("x:y") : arena_fmt(&p->mem, MAKE_RULE_ID ":%.*s", STR_ARG(a.event_id));
		if (i == 5)
			t.rule_id = a.rule_id;
		export_facts(&a, &facts);
		t.facts = buf_str(&facts);
		t.verdict = VERDICT_APPROVED;
		p->err = (struct err){0};
		assert_false(outbox_learn(p->o, STR("prod"), &t, &fresh, &p->err));
		assert_int_equal(p->err.code, ERR_INPUT);
		assert_false(fresh);
		buf_fini(&facts);
	}
	int64_t rows;
	char head[65];
	assert_true(journal_head(p->j, &rows, head, &p->err));
	assert_int_equal(rows, 1);
}

static void copy_file(const char *from, const char *to)
{
	struct buf bytes = {0};
	struct err err = {0};
	assert_true(file_read(from, &bytes, &err));
	FILE *f = fopen(to, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(bytes.p, 1, bytes.n, f), bytes.n);
	fclose(f);
	buf_fini(&bytes);
}

/* The journal is put back as it was (or begun anew) and goes on: what comes after the last row that
 * both have is sent, and what left before is known as ours. */
static void another_journal(void **state)
{
	struct place *p = *state;
	char backup[160], lost[65], wal[160];
	int64_t rows;
	snprintf(backup, sizeof(backup), "%s/backup.db", p->dir);
	snprintf(wal, sizeof(wal), "%s-wal", p->path);
	for (int anew = 0; anew < 2; anew++) {
		struct buf say = {0};
		if (anew)
			reopen(p);
		assert_true(outbox_target(p->o, &PLACE("prod"), &p->err));
		decide(p, 1, VERDICT_APPROVED, "kim");
		decide(p, 2, VERDICT_APPROVED, "kim");
		assert_true(outbox_sync(p->o, &p->err));
		handoff_both(p);
		copy_file(p->path, backup);
		reopen(p);
		for (unsigned i = 3; i < 6; i++)
			decide(p, i, VERDICT_APPROVED, "kim");
		assert_true(outbox_sync(p->o, &p->err));
		for (int64_t i = 1; i <= 20; i++)
			mark(p, i, OUTBOX_ACKNOWLEDGED, "");
		assert_true(journal_head(p->j, &rows, lost, &p->err));
		handoff_both(p);
		if (anew)
			unlink(p->path);
		else
			copy_file(backup, p->path);
		unlink(wal);
		reopen(p);
		struct buf notice = {0};
		struct alert a = make_alert(&p->mem, 7);
		struct journal_entry e = {.alert = &a, .verdict = VERDICT_SUSPICIOUS};
		struct journal_author who = {STR("kim"), MAKE_T0 + 1000};
		assert_true(journal_decide(p->j, &e, 1, &who, &p->err));
		due_is(p, anew ? "1:pending:alert-000007 " : "3:pending:alert-000007 ");
		outbox_notice(p->o, &notice);
		assert_true(str_find(buf_str(&notice), STR("is sent anew")) != STR_NONE);
		struct outbox_entry entry = {.seq = 3, .target = STR("prod"),
			.decision = {.alert_id = STR("alert-000005"), .event_id = STR("event-000005")}};
		assert_int_equal(outbox_knew(p->o, &entry, str_c(lost)), OUTBOX_KNEW);
		buf_clear(&notice);
		assert_true(outbox_sync(p->o, &p->err));
		outbox_notice(p->o, &notice);
		assert_int_equal(notice.n, 0); /* told once */
		buf_fini(&notice);
		buf_fini(&say);
		handoff_both(p);
	}
	unlink(backup);
	open_both(p);
}

static void count_orphan(void *ctx, struct str name, size_t unsent)
{
	buf_fmt(ctx, "%.*s:%zu ", STR_ARG(name), unsent);
}

/* A target is a name and a place; one that no profile has takes nothing, and is told and dropped. */
static void places(void **state)
{
	struct place *p = *state;
	struct buf out = {0};
	struct outbox_counts c;
	size_t n = 0;
	struct outbox_place here = {.name = STR("prod"), .place = STR("decisions https://a/d"), .team = true};
	assert_true(outbox_target(p->o, &here, &p->err));
	decide(p, 1, VERDICT_APPROVED, "kim");
	assert_true(outbox_sync(p->o, &p->err));
	handoff_both(p);
	open_both(p);
	assert_true(outbox_target(p->o, &PLACE("soc"), &p->err)); /* renamed */
	decide(p, 2, VERDICT_APPROVED, "kim");
	assert_true(outbox_sync(p->o, &p->err));
	assert_true(outbox_count(p->o, STR(""), &c, &p->err));
	assert_int_equal(outbox_unsent(&c), 1); /* soc's own */
	assert_true(outbox_orphans(p->o, count_orphan, &out, &p->err));
	assert_string_equal(buf_cstr(&out), "prod:1 ");
	buf_clear(&out);
	here.place = STR("decisions https://b/d");
	assert_true(outbox_target(p->o, &here, &p->err));
	assert_true(outbox_moved(p->o, STR("prod"), &out));
	assert_string_equal(buf_cstr(&out), "decisions https://a/d");
	assert_true(outbox_mark_read(p->o, STR("prod"), STR("far"), &p->err));
	assert_true(outbox_stay(p->o, STR("prod"), &p->err));
	assert_false(outbox_moved(p->o, STR("prod"), &out));
	buf_clear(&out);
	outbox_read_upto(p->o, STR("prod"), &out);
	assert_int_equal(out.n, 0); /* all of the new place is to be read */
	here.place = STR("decisions https://c/d");
	assert_true(outbox_target(p->o, &here, &p->err));
	assert_true(outbox_forget(p->o, STR("prod"), &n, &p->err));
	assert_int_equal(n, 1);
	assert_false(outbox_moved(p->o, STR("prod"), &out));
	due_is(p, "");
	decide(p, 3, VERDICT_APPROVED, "kim");
	due_is(p, "3:pending:alert-000003 ");
	buf_fini(&out);
}

/* Whom a decision goes to, by where its alert was read; and what takes it back goes there, too. */
static void routes(void **state)
{
	static const struct {
		const char *origin, *goes;
	} rows[] = {{"", "team"}, {"a", "a, team"}, {"b", "b, team"}, {"a,b", "a, b, team"},
		{":url", "team"}, {":demo", ""}, {"a,:demo", ""}, {"ab", "team"}};
	const struct outbox_place v[] = {{.name = STR("a")}, {.name = STR("b")}, PLACE("team")};
	struct outbox_routes all = {v, ARRAY_LEN(v), false};
	struct place *p = *state;
	for (size_t k = 0; k < ARRAY_LEN(v); k++)
		assert_true(outbox_target(p->o, &v[k], &p->err));
	for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
		struct journal_author who = {STR("kim"), MAKE_T0};
		struct journal_taken taken = {0};
		struct buf words = {0}, want = {0};
		struct alert a = make_alert(&p->mem, i);
		const struct alert *one = &a;
		a.origin = str_c(rows[i].origin);
		struct journal_entry e = {.alert = &a, .verdict = VERDICT_APPROVED};
		outbox_say_routes(&all, &one, 1, &words);
		buf_fmt(&want, "%s%s", rows[i].goes[0] ? "goes to " : "stays here", rows[i].goes);
		assert_string_equal(buf_cstr(&words), buf_cstr(&want));
		assert_true(journal_decide(p->j, &e, 1, &who, &p->err));
		assert_true(journal_undo(p->j, &who, &taken, &p->err));
		assert_true(outbox_sync(p->o, &p->err));
		for (size_t k = 0; k < ARRAY_LEN(v); k++) {
			struct outbox_counts c;
			bool goes = outbox_takes(&v[k], a.origin, NULL) != OUTBOX_NOT;
			assert_true(outbox_count(p->o, v[k].name, &c, &p->err));
			assert_int_equal(c.n[OUTBOX_PENDING], goes ? 2 : 0);
			assert_true(outbox_forget(p->o, v[k].name, &(size_t){0}, &p->err));
		}
		buf_fini(&words);
		buf_fini(&want);
	}
}

/* What was decided to stay here stays, and so does what takes it back, whoever does. */
static void stays_home(void **state)
{
	struct place *p = *state;
	struct journal_author who = {STR("kim"), MAKE_T0};
	struct journal_taken taken = {0};
	assert_true(outbox_target(p->o, &PLACE("prod"), &p->err));
	decide(p, 1, VERDICT_APPROVED, "kim"); /* goes out, */
	journal_stay_home(p->j);
	decide(p, 1, VERDICT_SUSPICIOUS, "kim"); /* stays, */
	decide(p, 2, VERDICT_APPROVED, "kim");
	handoff_both(p);
	reopen(p);
	assert_true(journal_undo(p->j, &who, &taken, &p->err)); /* stay, too, */
	assert_true(journal_undo(p->j, &who, &taken, &p->err));
	assert_true(journal_undo(p->j, &who, &taken, &p->err)); /* goes: what it takes back went */
	assert_true(outbox_sync(p->o, &p->err));
	struct buf out = {0};
	struct outbox_visit v = {collect, &out, 0};
	assert_true(outbox_list(p->o, STR("prod"), true, &v, &p->err));
	assert_string_equal(buf_cstr(&out), "1:pending:alert-000001 6:pending:alert-000001 ");
	buf_fini(&out);
}

/* Who keeps theirs is not asked again for what waited behind. */
static void keeping_drops_all(void **state)
{
	struct place *p = *state;
	size_t n = 0;
	assert_true(outbox_target(p->o, &PLACE("prod"), &p->err));
	decide(p, 1, VERDICT_APPROVED, "kim");
	decide(p, 1, VERDICT_OPEN, "kim");
	decide(p, 2, VERDICT_APPROVED, "kim");
	assert_true(outbox_sync(p->o, &p->err));
	mark(p, 1, OUTBOX_CONFLICT, "x");
	due_is(p, "3:pending:alert-000002 ");
	assert_true(outbox_choose(p->o, &(struct outbox_choice){.id = STR("alert-000001")}, &n, &p->err));
	assert_int_equal(n, 2);
	due_is(p, "3:pending:alert-000002 ");
	decide(p, 1, VERDICT_SUSPICIOUS, "kim");
	due_is(p, "3:pending:alert-000002 4:pending:alert-000001 ");
}

/* A file of version 1 gets its hashes from the journal, and goes on. */
static void version_one(void **state)
{
	struct place *p = *state;
	char path[160];
	sqlite3 *db;
	assert_true(outbox_target(p->o, &PLACE("prod"), &p->err));
	for (unsigned i = 1; i < 4; i++)
		decide(p, i, VERDICT_APPROVED, "kim");
	assert_true(outbox_sync(p->o, &p->err));
	mark(p, 1, OUTBOX_ACKNOWLEDGED, "");
	handoff_both(p);
	snprintf(path, sizeof(path), "%s.outbox", p->path);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "ALTER TABLE target DROP COLUMN head; ALTER TABLE target DROP"
		" COLUMN since; ALTER TABLE target DROP COLUMN place; ALTER TABLE entry DROP COLUMN hash;"
		" ALTER TABLE target DROP COLUMN mark; ALTER TABLE entry DROP COLUMN place; DROP TABLE moved;"
		" PRAGMA user_version = 1", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	reopen(p);
	decide(p, 4, VERDICT_APPROVED, "kim");
	due_is(p, "2:pending:alert-000002 3:pending:alert-000003 4:pending:alert-000004 ");
	struct buf notice = {0};
	outbox_notice(p->o, &notice);
	assert_int_equal(notice.n, 0);
}

/* A damaged file is named, and is no word about the journal. */
static void damaged(void **state)
{
	struct place *p = *state;
	char path[160];
	outbox_close(p->o);
	snprintf(path, sizeof(path), "%s.outbox", p->path);
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	fputs("no database at all, but long enough to be looked at as one: it has a hundred bytes and "
		"more, so that the header is read", f);
	fclose(f);
	p->o = outbox_open(p->path, p->j, &p->err);
	assert_null(p->o);
	assert_non_null(strstr(p->err.text, "the outbox cannot be used, so nothing is sent"));
	assert_non_null(strstr(p->err.text, "move it away"));
}

/* What a team's document remembers: of a journal that is whole, cut, accepted as cut, or another. */
static void a_document_knows(void **state)
{
	static const struct {
		bool same, mine;
		int64_t rows;
		const char *says;
	} cases[] = {
		{true, true, 1, ""}, {true, false, 9, "prod says: this journal had 9 rows"},
		{true, false, 9, ""}, /* told once */
		{false, false, 9, ""}, {false, true, 9, "decisions of yours from a journal of 9 rows"},
	};
	struct place *p = *state;
	struct outbox_from from;
	bool fresh;
	assert_false(outbox_from(p->o, &from));
	assert_true(outbox_target(p->o, &PLACE("prod"), &p->err));
	decide(p, 1, VERDICT_APPROVED, "kim");
	assert_true(outbox_from(p->o, &from));
	assert_int_equal(from.last.rows, 1);
	for (unsigned i = 0; i < ARRAY_LEN(cases); i++) {
		AUTO(buf_fini) struct buf facts = {0}, notice = {0};
		struct outbox_theirs t = theirs_of(p, 20 + i, &facts);
		t.journal = cases[i].same ? str_c(from.first) : STR("abcd");
		t.mine = cases[i].mine;
		t.last = from.last;
		t.last.rows = cases[i].rows;
		assert_true(outbox_learn(p->o, STR("prod"), &t, &fresh, &p->err) && fresh);
		outbox_notice(p->o, &notice);
		assert_true(cases[i].says[0] ? str_find(buf_str(&notice), str_c(cases[i].says)) != STR_NONE :
			!notice.n);
	}
	struct journal_known lost = {.rows = 9, .head = "beef"};
	struct journal_author who = {STR("kim"), MAKE_T0};
	assert_true(journal_accept(p->j, &lost, NULL, &who, &p->err));
	outbox_close(p->o);
	p->o = outbox_open(p->path, p->j, &p->err);
	AUTO(buf_fini) struct buf facts = {0}, notice = {0};
	struct outbox_theirs t = theirs_of(p, 40, &facts);
	t.journal = str_c(from.first);
	t.last = (struct journal_known){.rows = 8, .head = "lost, too"};
	assert_true(outbox_learn(p->o, STR("prod"), &t, &fresh, &p->err));
	outbox_notice(p->o, &notice);
	assert_int_equal(notice.n, 0);
}

/* What others put into the file could take entries away, or send them twice: nothing is sent. */
static void strange(void **state)
{
	static const struct {
		const char *sql, *back, *says;
	} cases[] = {
		{"CREATE TRIGGER eat AFTER INSERT ON entry BEGIN DELETE FROM entry; END",
			"DROP TRIGGER eat", "'eat' was not made by s3triage"},
		{"CREATE TABLE more(x)", "DROP TABLE more", "'more' was not made"},
		{"DROP INDEX entry_key", "CREATE INDEX entry_key ON entry(target, key, seq, state)",
			"'entry_key' is missing"},
	};
	struct place *p = *state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		outbox_close(p->o);
		strange_sql(p, cases[i].sql);
		p->err = (struct err){0};
		p->o = outbox_open(p->path, p->j, &p->err);
		assert_null(p->o);
		assert_non_null(strstr(p->err.text, "so nothing is sent"));
		assert_non_null(strstr(p->err.text, cases[i].says));
		decide(p, 1, VERDICT_APPROVED, "kim");
		strange_sql(p, cases[i].back);
		p->o = outbox_open(p->path, p->j, &p->err);
		assert_non_null(p->o);
	}
}

/* The furthest of the targets counts, whether a profile has it still or not. */
static void knows_the_head(void **state)
{
	struct place *p = *state;
	struct journal_known known;
	int64_t rows;
	char head[65];
	outbox_known(p->path, &known);
	assert_int_equal(known.rows, 0);
	assert_true(outbox_target(p->o, &PLACE("prod"), &p->err));
	decide(p, 1, VERDICT_APPROVED, "kim");
	assert_true(outbox_sync(p->o, &p->err));
	handoff_both(p);
	open_both(p);
	assert_true(outbox_target(p->o, &PLACE("soc"), &p->err));
	decide(p, 2, VERDICT_APPROVED, "kim");
	assert_true(outbox_sync(p->o, &p->err));
	assert_true(journal_head(p->j, &rows, head, &p->err));
	outbox_known(p->path, &known);
	assert_int_equal(known.rows, 2);
	assert_string_equal(known.head, head);
	assert_true(journal_known_holds(p->j, &known, &p->err));
	outbox_known("/nowhere/at/all", &known);
	assert_int_equal(known.rows, 0);
}

int main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(nothing_without_a_target), TEST(in_order_per_alert), TEST(survives_a_restart),
		TEST(choosing), TEST(one_sender), TEST(learning), TEST(facts_of_another_alert),
		TEST(killed), TEST(private_file), TEST(learned_time), TEST(own_rows),
		TEST(names_of_two_alerts), TEST(each_content_by_itself), TEST(with_the_decision), TEST(another_journal), TEST(places), TEST(routes),
		TEST(stays_home), TEST(keeping_drops_all), TEST(damaged),
		TEST(version_one), TEST(strange), TEST(a_document_knows), TEST(knows_the_head),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
