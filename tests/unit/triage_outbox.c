#include "s3triage/triage/outbox.h"

#include "s3triage/base/file.h"
#include "s3triage/triage/export.h"

#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../unit.h"
#include "triage_make.h"

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

static void close_both(struct place *p)
{
	outbox_close(p->o);
	journal_close(p->j);
	p->o = NULL;
	p->j = NULL;
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
	close_both(p);
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
	assert_true(outbox_target(p->o, STR("prod"), &p->err));
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
	assert_true(outbox_target(p->o, STR("prod"), &p->err));
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
	assert_true(outbox_target(p->o, STR("prod"), &p->err));
	decide(p, 1, VERDICT_APPROVED, "kim");
	due_is(p, "1:pending:alert-000001 ");
	mark(p, 1, OUTBOX_SENT, "");
	outbox_close(p->o);
	p->o = NULL;
	decide(p, 2, VERDICT_APPROVED, "kim"); /* while no outbox was open */
	close_both(p);
	open_both(p);
	due_is(p, "1:sent:alert-000001 2:pending:alert-000002 ");
}

static void choosing(void **state)
{
	const struct outbox_choice theirs = {STR("prod"), STR("alert-000002"), false};
	const struct outbox_choice ours = {STR("prod"), STR(""), true};
	struct place *p = *state;
	size_t n = 0;
	assert_true(outbox_target(p->o, STR("prod"), &p->err));
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
		.hash = arena_fmt(&p->mem, "hash-%u", n), .analyst = STR("lee"), .at = MAKE_T0, .read = MAKE_T0 + 5000,
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
	assert_true(outbox_target(p->o, STR("prod"), &p->err));
	assert_true(outbox_learn(p->o, STR("prod"), &t, &fresh, &p->err));
	assert_true(fresh);
	assert_true(outbox_learn(p->o, STR("prod"), &t, &fresh, &p->err));
	assert_false(fresh);
	assert_true(journal_latest(p->j, count_rows, &rows, &p->err));
	assert_int_equal(rows, 1);
	due_is(p, ""); /* what was learned does not go back */
	decide(p, 5, VERDICT_APPROVED, "kim");
	due_is(p, "2:pending:alert-000005 ");
	struct outbox_entry e = {.seq = 2, .target = STR("prod"), .key = t.key};
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
	assert_true(outbox_target(p->o, STR("prod"), &p->err));
	assert_false(outbox_learn(p->o, STR("prod"), &t, &fresh, &p->err));
	assert_int_equal(p->err.code, ERR_INPUT);
	buf_fini(&facts);
}

/* A process that decides and marks, killed at any moment. */
static void child_works(struct place *p)
{
	open_both(p);
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
	assert_true(outbox_target(p->o, STR("prod"), &p->err));
	for (int round = 0; round < 3 || (rows == 0 && round < 100); round++) {
		close_both(p);
		pid_t pid = fork();
		if (pid == 0)
			child_works(p);
		usleep(60000 + 30000 * (unsigned)round);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		open_both(p);
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

int main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(nothing_without_a_target), TEST(in_order_per_alert), TEST(survives_a_restart),
		TEST(choosing), TEST(one_sender), TEST(learning), TEST(facts_of_another_alert),
		TEST(killed), TEST(private_file),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
