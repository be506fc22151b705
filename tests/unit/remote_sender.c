#include "s3triage/remote/sender.h"

#include "s3triage/export/export.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "../unit.h"
#include "alert_make.h"
#include "write_stub.h"

#define PLACE(its_name) ((struct outbox_place){.name = STR(its_name), .team = true})

enum { PATIENCE_MS = 60000 };

struct fixture {
	char dir[64], path[128], key[128];
	struct arena mem;
	struct journal *j;
	struct outbox *o;   /* the test's own look; the sender has another one */
	struct stub *stub, *second;
	struct toml *toml[2];
	struct profile *profile[2];
	struct sender *sender[2];
	struct err err;
};

static const char *no_env(const char *name)
{
	(void)name;
	return NULL;
}

static int64_t clock_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* A profile that writes decisions to the index "d" of the server at this port. */
static struct profile *make_profile(const char *name, int port, const char *more, struct toml **doc)
{
	struct buf text = {0};
	struct err err = {0};
	buf_fmt(&text, "kind = \"elasticsearch\"\nurl = \"http://127.0.0.1:%d\"\nwrite = \"decisions\"\n"
		"decisions_index = \"d\"\nteam = true\n%s", port, more);
	*doc = toml_parse(buf_str(&text), "config.toml", &err);
	struct profile *p = *doc ? profile_new(str_c(name), toml_root(*doc), "config.toml", &err) : NULL;
	if (!p)
		print_error("%s\n", err.text);
	assert_non_null(p);
	buf_fini(&text);
	return p;
}

static int set_up(void **state)
{
	struct fixture *f = mem_alloc(sizeof(*f));
	snprintf(f->dir, sizeof(f->dir), "/tmp/s3triage-test-......");
	memset(f->dir + strlen(f->dir) - 6, 'X', 6);
	if (!mkdtemp(f->dir))
		return -1;
	snprintf(f->path, sizeof(f->path), "%s/journal.db", f->dir);
	snprintf(f->key, sizeof(f->key), "%s/key", f->dir);
	f->stub = stub_new();
	f->stub->index_there = true;
	f->j = journal_open(f->path, false, &f->err);
	f->o = outbox_open(f->path, f->j, &f->err);
	assert_non_null(f->o);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	static const char *const ends[] = {"", "-wal", "-shm", ".outbox", ".outbox-wal",
		".outbox-shm", ".outbox.lock"};
	struct fixture *f = *state;
	char path[160];
	for (size_t i = 0; i < 2; i++) {
		sender_free(f->sender[i]);
		profile_free(f->profile[i]);
		toml_free(f->toml[i]);
	}
	outbox_close(f->o);
	journal_close(f->j);
	stub_free(f->stub);
	if (f->second)
		stub_free(f->second);
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		snprintf(path, sizeof(path), "%s%s", f->path, ends[i]);
		unlink(path);
	}
	unlink(f->key);
	rmdir(f->dir);
	arena_fini(&f->mem);
	free(f);
	return 0;
}

static void start_to(struct fixture *f, size_t i, int port, const char *more, int64_t every_ms)
{
	f->profile[i] = make_profile(i ? "second" : "first", port, more, &f->toml[i]);
	struct sender_setup set = {.journal_path = f->path, .profiles = &f->profile[i], .n_profiles = 1,
		.env = no_env, .every_ms = every_ms};
	f->sender[i] = sender_start(&set, &f->err);
	assert_non_null(f->sender[i]);
}

static void start(struct fixture *f, const char *more, int64_t every_ms)
{
	start_to(f, 0, f->stub->port, more, every_ms);
}

static void decide(struct fixture *f, unsigned n, enum verdict v)
{
	struct alert a = make_alert(&f->mem, n);
	struct journal_entry e = {.alert = &a, .verdict = v, .reason = STR("backup")};
	struct journal_author who = {STR("kim"), MAKE_T0};
	assert_true(journal_decide(f->j, &e, 1, &who, &f->err));
	for (size_t i = 0; i < 2; i++)
		if (f->sender[i])
			sender_kick(f->sender[i]);
}

static void fault(struct stub *s, enum stub_fault fault, const char *path, int status, int times)
{
	pthread_mutex_lock(&s->lock);
	s->fault = fault;
	s->fault_path = path;
	s->fault_status = status;
	s->fault_times = times;
	pthread_mutex_unlock(&s->lock);
}

static int look(struct stub *s, const int *what)
{
	pthread_mutex_lock(&s->lock);
	int n = *what;
	pthread_mutex_unlock(&s->lock);
	return n;
}

static bool wait_until(struct stub *s, const int *what, int n)
{
	int64_t end = clock_ms() + PATIENCE_MS;
	while (look(s, what) < n && clock_ms() < end)
		usleep(5000);
	return look(s, what) >= n;
}

/* How many of this target are in this state; waits for n of them. */
static bool wait_state(struct fixture *f, const char *target, enum outbox_state state, size_t n)
{
	int64_t end = clock_ms() + PATIENCE_MS;
	struct outbox_counts c;
	do {
		assert_true(outbox_count(f->o, str_c(target), &c, &f->err));
		if (c.n[state] == n)
			return true;
		usleep(5000);
	} while (clock_ms() < end);
	return false;
}

/* What the sender told until a message has this in it. */
static bool told(struct fixture *f, const char *part)
{
	struct buf status = {0}, message = {0};
	int64_t end = clock_ms() + PATIENCE_MS;
	bool found = false;
	while (!found && clock_ms() < end) {
		usleep(5000);
		buf_clear(&status);
		sender_take(f->sender[0], &status, &message);
		found = str_find(buf_str(&message), str_c(part)) != STR_NONE;
	}
	buf_fini(&status);
	buf_fini(&message);
	return found;
}

/* A hundred decisions about ninety alerts while nothing answers; then it does. */
static void offline_then_online(void **state)
{
	struct fixture *f = *state;
	fault(f->stub, STUB_CUT_BEFORE, "/", 0, 1 << 20);
	start(f, "", 200);
	for (unsigned i = 0; i < 100; i++)
		decide(f, i % 90, i < 90 ? VERDICT_APPROVED : VERDICT_SUSPICIOUS);
	usleep(300000);
	assert_true(told(f, "cut off"));
	assert_int_equal(look(f->stub, &f->stub->n_docs), 0);
	fault(f->stub, STUB_FINE, "/", 0, 0);
	assert_true(wait_state(f, "first", OUTBOX_ACKNOWLEDGED, 100));
	for (int i = 0; i < 90; i++) {
		struct stub_doc *d = &f->stub->doc[i];
		char id[96];
		snprintf(id, sizeof(id), MAKE_RULE_ID ":event-%06d", i);
		assert_string_equal(d->id, id);
		assert_int_equal(d->writes, i < 10 ? 2 : 1);
		assert_non_null(strstr(d->source, i < 10 ? "\"verdict\":\"suspicious\"" : "\"verdict\":\"approved\""));
		assert_true(i == 0 || i == 10 || d->seq_no > d[-1].seq_no);
	}
	assert_int_equal(look(f->stub, &f->stub->n_docs), 90);
}

/* Less than a second between two rounds is a wait, too. */
static void waits_between_rounds(void **state)
{
	struct fixture *f = *state;
	fault(f->stub, STUB_CUT_BEFORE, "/", 0, 1 << 20);
	decide(f, 0, VERDICT_APPROVED);
	int64_t before = clock_ms();
	start(f, "", 200);
	assert_true(wait_until(f->stub, &f->stub->requests, 5));
	assert_true(clock_ms() - before >= 4 * 150);
}

static void comes_back_when_asked(void **state)
{
	struct fixture *f = *state;
	f->stub->retry_after = 1;
	fault(f->stub, STUB_STATUS, "_bulk", 429, 1);
	int64_t before = clock_ms();
	start(f, "", 0);
	decide(f, 0, VERDICT_APPROVED);
	assert_true(wait_until(f->stub, &f->stub->n_docs, 1));
	assert_true(clock_ms() - before >= 1000);
	assert_true(wait_state(f, "first", OUTBOX_ACKNOWLEDGED, 1));
	assert_int_equal(f->stub->doc[0].writes, 1);
}

static void stops_while_sending(void **state)
{
	struct fixture *f = *state;
	f->stub->stall_ms = 50000;
	fault(f->stub, STUB_STALL_AFTER, "_bulk", 0, 1);
	start(f, "", 0);
	decide(f, 0, VERDICT_APPROVED);
	assert_true(wait_until(f->stub, &f->stub->n_docs, 1));
	usleep(300000);
	int64_t before = clock_ms();
	sender_free(f->sender[0]);
	f->sender[0] = NULL;
	assert_true(clock_ms() - before < 5000);
	assert_true(wait_state(f, "first", OUTBOX_SENT, 1));
}

/* Killed when the server has it and the answer is on its way: looked up, not written anew. */
static void killed_before_the_answer(void **state)
{
	struct fixture *f = *state;
	char port[16];
	fault(f->stub, STUB_STALL_AFTER, "_bulk", 0, 1);
	assert_true(outbox_target(f->o, &PLACE("first"), &f->err));
	decide(f, 0, VERDICT_APPROVED);
	decide(f, 1, VERDICT_SUSPICIOUS);
	snprintf(port, sizeof(port), "%d", f->stub->port);
	pid_t pid = fork();
	if (pid == 0) {
		execl("/proc/self/exe", "source_sender", f->path, port, (char *)NULL);
		_exit(127);
	}
	assert_true(wait_until(f->stub, &f->stub->n_docs, 2));
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	assert_true(wait_state(f, "first", OUTBOX_SENT, 2));
	start(f, "", 0);
	assert_true(wait_state(f, "first", OUTBOX_ACKNOWLEDGED, 2));
	assert_int_equal(look(f->stub, &f->stub->n_docs), 2);
	assert_int_equal(f->stub->doc[0].writes, 1);
	assert_int_equal(f->stub->doc[1].writes, 1);
}

static void write_key(const struct fixture *f, const char *key)
{
	FILE *out = fopen(f->key, "w");
	assert_non_null(out);
	assert_int_equal(chmod(f->key, 0600), 0);
	fputs(key, out);
	fclose(out);
}

static void takes_up_another_key(void **state)
{
	struct fixture *f = *state;
	char more[160];
	f->stub->want_auth = "ApiKey right";
	write_key(f, "wrong");
	snprintf(more, sizeof(more), "secret_file = \"%s\"\n", f->key);
	start(f, more, 100);
	decide(f, 0, VERDICT_APPROVED);
	assert_true(told(f, "401: the credentials are not accepted"));
	assert_true(wait_state(f, "first", OUTBOX_PENDING, 1));
	assert_int_equal(look(f->stub, &f->stub->n_docs), 0);
	write_key(f, "right");
	assert_true(wait_state(f, "first", OUTBOX_ACKNOWLEDGED, 1));
	assert_int_equal(f->stub->doc[0].writes, 1);
}

/* Two consoles with a target each: one whose server hangs does not hold up the other. */
static void two_consoles(void **state)
{
	struct fixture *f = *state;
	f->second = stub_new();
	f->second->index_there = true;
	f->stub->stall_ms = 50000;
	fault(f->stub, STUB_STALL_AFTER, "_mget", 0, 1);
	start_to(f, 0, f->stub->port, "", 0);
	start_to(f, 1, f->second->port, "", 0);
	decide(f, 0, VERDICT_APPROVED);
	assert_true(wait_until(f->stub, &f->stub->requests, 1));
	assert_true(wait_state(f, "second", OUTBOX_ACKNOWLEDGED, 1));
	assert_true(wait_state(f, "first", OUTBOX_PENDING, 1));
}

/* Whoever finds the other one sending looks again soon, not at the next round. */
static void behind_another(void **state)
{
	struct fixture *f = *state;
	assert_true(outbox_claim(f->o, STR("first")));
	start(f, "", 60000);
	decide(f, 0, VERDICT_APPROVED);
	usleep(300000);
	assert_int_equal(look(f->stub, &f->stub->n_docs), 0);
	outbox_release(f->o, STR("first"));
	assert_true(wait_state(f, "first", OUTBOX_ACKNOWLEDGED, 1));
}

/* A failure is told with its reason, and how many more there are. */
static void tells_failures(void **state)
{
	struct fixture *f = *state;
	f->stub->item_status = 422;
	f->stub->item_times = 3;
	assert_true(outbox_target(f->o, &PLACE("first"), &f->err));
	for (unsigned i = 0; i < 3; i++)
		decide(f, i, VERDICT_APPROVED);
	start(f, "", 0);
	assert_true(told(f, "not sent to first: alert-000002 of bucket-2 (approved): 422: no (and 2 more"));
	assert_true(wait_state(f, "first", OUTBOX_FAILED, 3));
	assert_int_equal(sender_unsent(f->sender[0]), 3);
}

static bool status_becomes(struct fixture *f, const char *want)
{
	struct buf status = {0}, messages = {0};
	int64_t end = clock_ms() + PATIENCE_MS;
	bool found = false;
	while (!found && clock_ms() < end) {
		usleep(5000);
		buf_clear(&status);
		sender_take(f->sender[0], &status, &messages);
		found = str_is(buf_str(&status), want);
	}
	buf_fini(&status);
	buf_fini(&messages);
	return found;
}

/* What is decided while a server hangs is counted at once. */
static void counts_while_it_hangs(void **state)
{
	struct fixture *f = *state;
	f->stub->stall_ms = 20000;
	fault(f->stub, STUB_STALL_AFTER, "_mget", 0, 1);
	start(f, "", 0);
	decide(f, 0, VERDICT_APPROVED);
	assert_true(wait_until(f->stub, &f->stub->requests, 1));
	for (unsigned i = 1; i < 4; i++)
		decide(f, i, VERDICT_APPROVED);
	assert_true(status_becomes(f, "4 pending"));
	assert_int_equal(sender_unsent(f->sender[0]), 4);
}

/* Two choices made while a server hangs are both carried out. */
static void two_choices(void **state)
{
	struct fixture *f = *state;
	assert_true(outbox_target(f->o, &PLACE("first"), &f->err));
	for (unsigned i = 0; i < 2; i++)
		decide(f, i, VERDICT_APPROVED);
	assert_true(outbox_sync(f->o, &f->err));
	struct outbox_mark marks[] = {{1, 1, OUTBOX_CONFLICT, STR("suspicious by lee"), STR("x")},
		{2, 1, OUTBOX_CONFLICT, STR("suspicious by lee"), STR("x")}};
	assert_true(outbox_mark(f->o, STR("first"), marks, 2, &f->err));
	f->stub->stall_ms = 1000;
	fault(f->stub, STUB_STALL_AFTER, "_search", 0, 1);
	start(f, "", 0);
	assert_true(wait_until(f->stub, &f->stub->requests, 1));
	sender_choose(f->sender[0], STR("alert-000000"), 0, SENDER_KEEP);
	sender_choose(f->sender[0], STR("alert-000001"), 0, SENDER_ASK);
	assert_true(wait_state(f, "first", OUTBOX_DROPPED, 1));
	assert_true(told(f, "again to choose"));
}

/* Killed by the test that started it. */
static _Noreturn void be_another_console(const char *path, const char *port)
{
	struct fixture f = {0};
	snprintf(f.path, sizeof(f.path), "%s", path);
	start_to(&f, 0, (int)strtol(port, NULL, 10), "", 0);
	for (;;)
		pause();
}

int main(int argc, char **argv)
{
	signal(SIGPIPE, SIG_IGN);
	if (argc == 3)
		be_another_console(argv[1], argv[2]);
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(offline_then_online), TEST(waits_between_rounds), TEST(comes_back_when_asked),
		TEST(stops_while_sending), TEST(killed_before_the_answer), TEST(takes_up_another_key),
		TEST(two_consoles), TEST(behind_another), TEST(tells_failures),
		TEST(counts_while_it_hangs), TEST(two_choices),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
