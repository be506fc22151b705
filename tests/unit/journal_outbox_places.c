#include "s3triage/journal/outbox.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../unit.h"
#include "alert_make.h"

enum { PLACES = 2, STEPS = 40, RUNS = 4, ALERTS = 4 };

/* One name, two places; a team's name, two places. Which of them a run knows is its configuration. */
static const struct outbox_place prods[PLACES] = {
	{.name = STR_INIT("prod"), .place = STR_INIT("decisions https://a/d"), .url = STR_INIT("https://a")},
	{.name = STR_INIT("prod"), .place = STR_INIT("decisions https://b/d"), .url = STR_INIT("https://b")}};
static const struct outbox_place teams[PLACES] = {
	{.name = STR_INIT("team"), .place = STR_INIT("decisions https://a/t"), .team = true},
	{.name = STR_INIT("team"), .place = STR_INIT("decisions https://b/t"), .team = true}};

/* Of each row what it is about, so: at which place alone it may arrive. */
struct world {
	char path[128];
	struct arena mem;
	int meant[2][STEPS * 2 + 2]; /* by prod or team, and by row: a place, or -1 */
	size_t rows, arrived;
	int at;              /* which place the run stands for */
	int which;           /* 0: prod, 1: team */
	uint64_t seed;
};

static unsigned pick(struct world *w, unsigned n)
{
	w->seed = w->seed * 6364136223846793005ull + 1442695040888963407ull;
	return (unsigned)(w->seed >> 33) % n;
}

/* Alerts 0 to 3 are of A, then four of B, then four of files. */
static struct alert alert_of(struct world *w, unsigned n)
{
	char mark[OUTBOX_MARK];
	struct alert a = make_alert(&w->mem, n);
	if (n < ALERTS * PLACES) {
		outbox_mark_of(&prods[n / ALERTS], mark);
		a.origin = arena_fmt(&w->mem, "prod@%s", mark);
	}
	return a;
}

static void arrive(void *ctx, const struct outbox_entry *e)
{
	struct world *w = ctx;
	w->arrived++;
	if (w->meant[w->which][e->seq] != w->at)
		fail_msg("seed %llu: row %lld came to place %d of %s", (unsigned long long)w->seed,
			(long long)e->seq, w->at, w->which ? "team" : "prod");
}

static void flush(struct world *w, struct outbox *o, const struct outbox_place *p)
{
	struct err err = {0};
	struct buf was = {0};
	struct outbox_visit v = {arrive, w, 0};
	w->which = p->team;
	if (!outbox_moved(o, p->name, &was))
		assert_true(outbox_due(o, p->name, &v, &err));
	buf_fini(&was);
}

static void decide(struct world *w, struct journal *j, int to)
{
	unsigned n = pick(w, ALERTS * (PLACES + 1));
	struct err err = {0};
	struct alert a = alert_of(w, n);
	struct journal_entry e = {.alert = &a, .verdict = VERDICT_APPROVED};
	struct journal_author who = {STR("kim"), MAKE_T0};
	assert_true(journal_decide(j, &e, 1, &who, &err));
	w->rows++;
	w->meant[0][w->rows] = n < ALERTS * PLACES ? (int)(n / ALERTS) : -1;
	w->meant[1][w->rows] = to;
}

/* A run with one configuration: decisions, retries and the user's words, all but `--moved`. */
static void one_run(struct world *w)
{
	struct err err = {0};
	size_t n = 0;
	w->at = (int)pick(w, PLACES);
	const struct outbox_place *const mine[] = {&prods[w->at], &teams[w->at]};
	struct journal *j = journal_open(w->path, false, &err);
	struct outbox *o = outbox_open(w->path, j, &err);
	assert_non_null(o);
	for (size_t i = 0; i < 2; i++)
		assert_true(outbox_target(o, mine[i], &err));
	assert_true(outbox_sync(o, &err));
	AUTO(buf_fini) struct buf said = {0};
	outbox_teams(&(struct outbox_routes){&teams[w->at], 1, false}, &said);
	journal_meant_for(j, buf_str(&said));
	if (pick(w, 3) == 0)
		decide(w, j, w->at);
	bool ends = pick(w, 3) == 0; /* killed before the outbox has taken it in: another run does */
	assert_true(ends || outbox_sync(o, &err));
	for (size_t i = 0; !ends && i < 2; i++) {
		if (pick(w, 4) == 0)
			assert_true(outbox_forget(o, mine[i]->name, &n, &err));
		flush(w, o, mine[i]);
	}
	outbox_close(o);
	journal_close(j);
}

/* Whatever the order of configurations, nothing that is about one place comes to the other. */
static void never_elsewhere(void **state)
{
	static const char *const ends[] = {"", "-wal", "-shm", ".outbox", ".outbox-wal", ".outbox-shm",
		".outbox.lock"};
	(void)state;
	size_t arrived = 0;
	for (unsigned run = 0; run < RUNS; run++) {
		char dir[] = "/tmp/s3triage-test-XXXXXX", path[160];
		struct world w = {.seed = run + 1};
		assert_non_null(mkdtemp(dir));
		snprintf(w.path, sizeof(w.path), "%s/journal.db", dir);
		for (unsigned i = 0; i < STEPS; i++)
			one_run(&w);
		arrived += w.arrived;
		for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
			snprintf(path, sizeof(path), "%s%s", w.path, ends[i]);
			unlink(path);
		}
		rmdir(dir);
		arena_fini(&w.mem);
	}
	assert_true(arrived > RUNS); /* it is not silence that holds */
}

static size_t waiting(struct outbox *o, struct str name)
{
	struct outbox_counts c;
	struct err err = {0};
	assert_true(outbox_sync(o, &err) && outbox_count(o, name, &c, &err));
	return outbox_unsent(&c);
}

/* A row says for which teams it is: another run's teams get it when they are asked for older ones, and a
 * row that does not say goes to whoever takes it in. What takes it back is for the same. */
static void teams_of_the_time(void **state)
{
	static const char *const said[] = {NULL, "", "red@x", "team@x"};
	(void)state;
	for (size_t i = 0; i < 2 * ARRAY_LEN(said); i++) {
		char path[] = "/tmp/s3triage-test-XXXXXX", command[160];
		struct world w = {0};
		struct err err = {0};
		struct journal_author who = {STR("kim"), MAKE_T0};
		struct journal_taken taken = {0};
		size_t n = 0;
		assert_non_null(mkdtemp(path));
		snprintf(w.path, sizeof(w.path), "%s/journal.db", path);
		struct alert a = make_alert(&w.mem, 1);
		struct journal *j = journal_open(w.path, false, &err);
		struct outbox *o = outbox_open(w.path, j, &err);
		assert_true(outbox_target(o, &teams[0], &err));
		if (said[i / 2])
			journal_meant_for(j, str_c(said[i / 2]));
		assert_true(journal_decide(j, &(struct journal_entry){.alert = &a, .verdict = VERDICT_APPROVED}, 1,
			&who, &err));
		journal_meant_for(j, STR("red@x"));
		if (i % 2)
			assert_true(journal_undo(j, &who, &taken, &err));
		size_t all = 1 + i % 2, held = i / 2 == 3 ? all : 0;
		assert_int_equal(waiting(o, STR("team")), i / 2 == 0 ? all : held);
		AUTO(buf_fini) struct buf say = {0};
		assert_int_equal(outbox_held(o, STR("team"), &say), held);
		assert_true(outbox_since(o, STR("team"), 0, &n, &err));
		assert_int_equal(waiting(o, STR("team")), all);
		outbox_close(o);
		journal_close(j);
		arena_fini(&w.mem);
		snprintf(command, sizeof(command), "rm -r %s", path);
		assert_int_equal(system(command), 0);
	}
}

/* What was said to be moved goes to the new place, what is decided later about it, too; and what an
 * origin knows by its name alone waits for what the name stood for. */
static void moved(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		char dir[] = "/tmp/s3triage-test-XXXXXX", path[160], mark[OUTBOX_MARK];
		struct world w = {.rows = 1, .meant = {{-1, 1, 1, 1}}};
		struct err err = {0};
		struct journal_author who = {STR("kim"), MAKE_T0};
		struct alert a = make_alert(&w.mem, 1);
		struct journal_entry e = {.alert = &a, .verdict = VERDICT_APPROVED};
		struct buf say = {0};
		assert_non_null(mkdtemp(dir));
		snprintf(w.path, sizeof(w.path), "%s/journal.db", dir);
		outbox_mark_of(&prods[0], mark);
		a.origin = i ? STR("prod") : arena_fmt(&w.mem, "prod@%s", mark);
		struct journal *j = journal_open(w.path, false, &err);
		struct outbox *o = outbox_open(w.path, j, &err);
		assert_true(outbox_target(o, &prods[0], &err));
		assert_true(journal_decide(j, &e, 1, &who, &err) && outbox_sync(o, &err));
		assert_int_equal(outbox_held(o, STR("prod"), &say), 0);
		assert_true(outbox_target(o, &prods[1], &err));
		assert_int_equal(outbox_held(o, STR("prod"), &say), 1);
		flush(&w, o, &prods[1]);
		assert_int_equal(w.arrived, 0);
		size_t dropped = 9;
		if (i) { /* what is held, and that alone, can be dropped; what is not held stays */
			struct outbox_counts c;
			AUTO(buf_fini) struct buf why = {0};
			assert_true(outbox_target(o, &prods[0], &err));
			assert_true(outbox_drop_held(o, STR("prod"), &dropped, &err) && dropped == 0);
			assert_true(outbox_target(o, &prods[1], &err));
			assert_true(outbox_drop_held(o, STR("prod"), &dropped, &err) && dropped == 1);
			assert_int_equal(outbox_held(o, STR("prod"), &why), 0);
			assert_true(outbox_count(o, STR("prod"), &c, &err) && c.n[OUTBOX_DROPPED] == 1);
			struct outbox_mark again = {1, MAKE_T0, OUTBOX_PENDING, {0}, {0}};
			assert_true(outbox_mark(o, STR("prod"), &again, 1, &err));
		}
		struct outbox_place now = prods[1];
		const struct alert *one = &a;
		AUTO(buf_fini) struct buf before = {0}, after = {0}, marks = {0};
		outbox_say_routes(&(struct outbox_routes){&now, 1, false}, &one, 1, &before);
		assert_true(outbox_stay(o, STR("prod"), &err));
		outbox_recall(w.path, OUTBOX_MOVED_FROM, STR("prod"), &marks);
		now.moved = buf_str(&marks);
		outbox_say_routes(&(struct outbox_routes){&now, 1, false}, &one, 1, &after);
		assert_true(i || str_find(buf_str(&before), STR("1 held")) != STR_NONE);
		assert_string_equal(buf_cstr(&after), "goes to prod");
		assert_true(journal_decide(j, &(struct journal_entry){.alert = &a}, 1, &who, &err));
		struct outbox_mark done = {1, MAKE_T0, OUTBOX_ACKNOWLEDGED, {0}, {0}};
		w.at = 1;
		flush(&w, o, &prods[1]);
		assert_true(outbox_mark(o, STR("prod"), &done, 1, &err) && outbox_sync(o, &err));
		flush(&w, o, &prods[1]);
		assert_int_equal(w.arrived, 2);
		outbox_close(o);
		journal_close(j);
		buf_fini(&say);
		arena_fini(&w.mem);
		snprintf(path, sizeof(path), "rm -r %s", dir);
		assert_int_equal(system(path), 0);
	}
}

/* What is said before a decision: of another place and of no use there is not "goes to". */
static void said_before(void **state)
{
	(void)state;
	struct world w = {0};
	const struct alert of_a = alert_of(&w, 0), of_b = alert_of(&w, ALERTS);
	const struct alert *const both[] = {&of_a, &of_b};
	struct outbox_place kibana = prods[0];
	struct outbox_routes r = {&prods[0], 1, false};
	struct buf out = {0};
	outbox_say_routes(&r, both, 2, &out);
	assert_string_equal(buf_cstr(&out),
		"goes to prod (1); 1 held: read from another place that was called prod");
	buf_clear(&out);
	kibana.alerts = true;
	r.v = &kibana;
	outbox_say_routes(&r, both, 1, &out);
	assert_string_equal(buf_cstr(&out), of_a.from_kibana ? "goes to prod"
		: "stays here; 1 not for prod: no alert of Kibana");
	buf_fini(&out);
	arena_fini(&w.mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(said_before),
		cmocka_unit_test(never_elsewhere), cmocka_unit_test(teams_of_the_time), cmocka_unit_test(moved)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
