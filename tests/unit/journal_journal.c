#include "s3triage/journal/journal.h"

#include "s3triage/base/file.h"
#include "s3triage/export/export.h"
#include "s3triage/alert/store.h"

#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../unit.h"
#include "alert_make.h"

/* A folder of its own for each test. */
struct place {
	char dir[64], path[128];
	struct arena mem;
};

static int set_up(void **state)
{
	struct place *p = mem_alloc(sizeof(*p));
	snprintf(p->dir, sizeof(p->dir), "/tmp/s3triage-test-......");
	memset(p->dir + strlen(p->dir) - 6, 'X', 6);
	if (!mkdtemp(p->dir))
		return -1;
	snprintf(p->path, sizeof(p->path), "%s/data/journal.db", p->dir);
	*state = p;
	return 0;
}

static int tear_down(void **state)
{
	static const char *const ends[] = {"", "-wal", "-shm"};
	struct place *p = *state;
	char path[160];
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		snprintf(path, sizeof(path), "%s%s", p->path, ends[i]);
		unlink(path);
	}
	snprintf(path, sizeof(path), "%s/data", p->dir);
	rmdir(path);
	rmdir(p->dir);
	arena_fini(&p->mem);
	free(p);
	return 0;
}

static struct journal *open_it(struct place *p)
{
	struct err err = {0};
	struct journal *j = journal_open(p->path, false, &err);
	if (!j)
		print_error("%s\n", err.text);
	assert_non_null(j);
	return j;
}

static const struct journal_author kim = {STR_INIT("kim"), MAKE_T0};
static const struct journal_author lee = {STR_INIT("lee"), MAKE_T0 + 5000};

static void decide(struct journal *j, const struct alert *a, enum verdict v, const char *note,
	const struct journal_author *who)
{
	struct err err = {0};
	struct journal_entry e = {.alert = a, .verdict = v, .reason = STR("reason"),
		.note = str_c(note)};
	if (!journal_decide(j, &e, 1, who, &err))
		print_error("%s\n", err.text);
	assert_int_equal(err.code, ERR_NONE);
}

struct rows {
	struct decision d[256];
	size_t n;
	struct arena *mem;
};

static void keep(void *ctx, const struct decision *d)
{
	struct rows *r = ctx;
	assert_true(r->n < ARRAY_LEN(r->d));
	struct decision *to = &r->d[r->n++];
	*to = *d;
	struct str *const texts[] = {&to->analyst, &to->alert_id, &to->event_id, &to->rule_id,
		&to->reason, &to->note, &to->batch, &to->facts, &to->prev_hash, &to->hash, &to->whose};
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		*texts[i] = arena_str(r->mem, *texts[i]);
}

static struct rows poll_rows(struct place *p, struct journal *j)
{
	struct rows r = {.mem = &p->mem};
	assert_true(journal_poll(j, keep, &r, NULL));
	return r;
}

static void assert_intact(struct journal *j, int64_t expected)
{
	int64_t rows, broken;
	char head[65];
	struct err err = {0};
	if (!journal_verify(j, &rows, &broken, head, &err))
		print_error("%s\n", err.text);
	assert_int_equal(broken, 0);
	assert_int_equal(rows, expected);
	assert_int_equal(strlen(head), expected ? 64 : 0);
}

static void records_and_reads_back(void **state)
{
	struct place *p = *state;
	struct journal *j = open_it(p);
	struct alert a = make_alert(&p->mem, 1), b = make_alert(&p->mem, 2);
	assert_int_equal(poll_rows(p, j).n, 0);
	decide(j, &a, VERDICT_SUSPICIOUS, "line\nand \x1b[31m", &kim);
	decide(j, &a, VERDICT_APPROVED, "", &lee);
	decide(j, &b, VERDICT_APPROVED, "", &kim); /* kim's clock is behind */
	assert_true(journal_changed(j));
	struct rows r = poll_rows(p, j);
	assert_int_equal(r.n, 3);
	assert_false(journal_changed(j));
	assert_int_equal(poll_rows(p, j).n, 0);
	assert_int_equal(r.d[0].seq, 1);
	assert_true(str_is(r.d[0].note, "line\nand \x1b[31m"));
	assert_true(str_is(r.d[0].alert_id, "alert-000001"));
	assert_int_equal(r.d[1].from, VERDICT_SUSPICIOUS);
	assert_int_equal(r.d[1].verdict, VERDICT_APPROVED);
	assert_true(str_is(r.d[1].analyst, "lee"));
	assert_true(r.d[2].at == kim.at); /* each by its own clock, whatever stood before */
	assert_true(str_eq(r.d[2].prev_hash, r.d[1].hash));
	struct alert back;
	assert_true(export_facts_read(r.d[0].facts, &p->mem, &back, NULL));
	assert_true(str_eq(back.bucket, a.bucket));
	journal_close(j);
	j = open_it(p);
	assert_int_equal(poll_rows(p, j).n, 3);
	assert_intact(j, 3);
	journal_close(j);
}

static void keeps_files_private(void **state)
{
	struct place *p = *state;
	struct stat st;
	char dir[160];
	journal_close(open_it(p));
	assert_int_equal(stat(p->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	snprintf(dir, sizeof(dir), "%s/data", p->dir);
	assert_int_equal(stat(dir, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	struct journal *j = open_it(p);
	snprintf(dir, sizeof(dir), "%s-wal", p->path);
	assert_int_equal(stat(dir, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	journal_close(j);
}

/* Whoever can write one of them writes verdicts; whoever can read it reads all of ours. */
static void refuses_what_others_can_touch(void **state)
{
	static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
	struct place *p = *state;
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		struct err err = {0};
		char path[160];
		journal_close(open_it(p));
		snprintf(path, sizeof(path), "%s%s", p->path, ends[i]);
		int fd = open(path, O_RDWR | O_CREAT, 0600);
		assert_int_equal(fchmod(fd, i % 2 ? 0620 : 0644), 0);
		assert_null(journal_open(p->path, true, &err));
		assert_null(journal_open(p->path, false, &err));
		assert_string_equal(err.file, p->path);
		assert_non_null(strstr(err.text, i % 2 ? "change this file: chmod 600 /" :
			"read this file: chmod 600 /"));
		assert_int_equal(fchmod(fd, 0600), 0);
		close(fd);
		if (i)
			unlink(path);
	}
	journal_close(open_it(p));
}

/* The hash as README.md of the folder tells an auditor to make it, worked out by hand there. */
static void hashes_as_documented(void **state)
{
	struct place *p = *state;
	struct journal *j = open_it(p);
	struct alert a = {.id = STR("A1"), .event_id = STR("E1"), .rule_id = STR("R1"),
		.time = INT64_MIN, .made = INT64_MIN, .ingested = INT64_MIN};
	struct journal_author me = {STR("kim"), 1000};
	struct journal_entry e = {.alert = &a, .verdict = VERDICT_SUSPICIOUS,
		.reason = STR("theft"), .note = STR("t\xc3\xa4ter")};
	assert_true(journal_decide(j, &e, 1, &me, NULL));
	struct rows r = poll_rows(p, j);
	assert_string_equal(r.d[0].facts.p, "{\"id\":\"A1\",\"event_id\":\"E1\",\"rule_id\":\"R1\","
		"\"risk_score\":0,\"destinations\":[],\"read_from\":\"none\","
		"\"disagreement\":false,\"from_kibana\":false}");
	assert_string_equal(r.d[0].hash.p,
		"44a8e18299ab7af69d686147a361c7c5c378a753cc7ecd4a9ba8cf9f0c6276f9");
	journal_close(j);
}

static void refuses_what_is_too_long(void **state)
{
	struct place *p = *state;
	struct journal *j = open_it(p);
	struct alert a = make_alert(&p->mem, 1), nameless = {0};
	static char text[DECISION_NOTE_MAX + 1];
	memset(text, 'n', sizeof(text));
	struct journal_author nobody = {STR("  "), 0};
	const struct {
		struct journal_entry e;
		const struct journal_author *author;
		enum err_code code;
	} cases[] = {
		{{.alert = &a, .reason = {text, DECISION_REASON_MAX}, .note = {text, DECISION_NOTE_MAX}}, &kim,
			ERR_NONE},
		{{.alert = &a, .reason = {text, DECISION_REASON_MAX + 1}}, &kim, ERR_LIMIT},
		{{.alert = &a, .note = {text, DECISION_NOTE_MAX + 1}}, &kim, ERR_LIMIT},
		{{.alert = &a}, &nobody, ERR_USAGE},
		{{.alert = &nameless}, &kim, ERR_INPUT},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err err = {0};
		bool fine = journal_decide(j, &cases[i].e, 1, cases[i].author, &err);
		assert_int_equal(err.code, cases[i].code);
		assert_int_equal(fine, cases[i].code == ERR_NONE);
	}
	/* All or nothing. */
	struct journal_entry two[] = {cases[0].e, cases[1].e};
	assert_false(journal_decide(j, two, 2, &kim, NULL));
	assert_int_equal(poll_rows(p, j).n, 1);
	journal_close(j);
}

/* ---- undo and redo ------------------------------------------------------------------------ */

static enum verdict verdict_of(struct place *p, struct journal *j, const struct alert *a)
{
	struct rows r = {.mem = &p->mem};
	assert_true(journal_history(j, a->id, keep, &r, NULL));
	return r.n ? r.d[r.n - 1].verdict : VERDICT_OPEN;
}

static size_t undo(struct journal *j, const struct journal_author *who)
{
	struct journal_taken t = {.n = 99};
	assert_true(journal_undo(j, who, &t, NULL));
	return t.n;
}

static size_t redo(struct journal *j, const struct journal_author *who)
{
	struct journal_taken t = {.n = 99};
	assert_true(journal_redo(j, who, &t, NULL));
	return t.n;
}

static void undoes_and_redoes_across_restarts(void **state)
{
	struct place *p = *state;
	struct journal *j = open_it(p);
	struct alert a = make_alert(&p->mem, 1), b = make_alert(&p->mem, 2);
	assert_int_equal(undo(j, &kim), 0);
	decide(j, &a, VERDICT_APPROVED, "first", &kim);
	struct journal_entry both[] = {{.alert = &a, .verdict = VERDICT_SUSPICIOUS, .note = STR("both")},
		{.alert = &b, .verdict = VERDICT_SUSPICIOUS, .note = STR("both")}};
	assert_true(journal_decide(j, both, 2, &kim, NULL));
	assert_int_equal(undo(j, &kim), 2);
	assert_int_equal(verdict_of(p, j, &a), VERDICT_APPROVED);
	assert_int_equal(verdict_of(p, j, &b), VERDICT_OPEN);
	struct rows r = poll_rows(p, j);
	assert_int_equal(r.n, 5);
	assert_int_equal(r.d[3].undoes, 3); /* newest first */
	assert_int_equal(r.d[4].undoes, 2);
	assert_true(str_is(r.d[4].note, "first")); /* it stands again as it was */
	assert_true(str_eq(r.d[3].batch, r.d[4].batch));
	journal_close(j);
	j = open_it(p);
	assert_int_equal(undo(j, &kim), 1);
	assert_int_equal(verdict_of(p, j, &a), VERDICT_OPEN);
	assert_int_equal(undo(j, &kim), 0);
	assert_int_equal(redo(j, &kim), 1);
	assert_int_equal(verdict_of(p, j, &a), VERDICT_APPROVED);
	assert_int_equal(redo(j, &kim), 2);
	assert_int_equal(verdict_of(p, j, &b), VERDICT_SUSPICIOUS);
	assert_int_equal(redo(j, &kim), 0);
	for (int i = 0; i < 20; i++) {
		assert_int_equal(undo(j, &kim), 2);
		assert_int_equal(undo(j, &kim), 1);
		assert_int_equal(verdict_of(p, j, &b), VERDICT_OPEN);
		assert_int_equal(redo(j, &kim), 1);
		assert_int_equal(redo(j, &kim), 2);
		assert_int_equal(verdict_of(p, j, &b), VERDICT_SUSPICIOUS);
	}
	assert_int_equal(undo(j, &kim), 2);
	decide(j, &b, VERDICT_APPROVED, "", &kim); /* a new decision ends redo */
	assert_int_equal(redo(j, &kim), 0);
	assert_intact(j, 3 + 2 + 1 + 1 + 2 + 20 * 6 + 2 + 1);
	journal_close(j);
}

static void unwinds_an_alert_that_is_twice_in_a_batch(void **state)
{
	struct place *p = *state;
	struct journal *j = open_it(p);
	struct alert a = make_alert(&p->mem, 1);
	struct journal_entry twice[] = {{.alert = &a, .verdict = VERDICT_APPROVED, .note = STR("1")},
		{.alert = &a, .verdict = VERDICT_SUSPICIOUS, .note = STR("2")}};
	assert_true(journal_decide(j, twice, 2, &kim, NULL));
	assert_int_equal(undo(j, &kim), 2);
	assert_int_equal(verdict_of(p, j, &a), VERDICT_OPEN);
	assert_int_equal(redo(j, &kim), 2);
	assert_int_equal(verdict_of(p, j, &a), VERDICT_SUSPICIOUS);
	assert_int_equal(undo(j, &kim), 2);
	assert_int_equal(verdict_of(p, j, &a), VERDICT_OPEN);
	journal_close(j);
}

static bool go_on_until(void *most, size_t done)
{
	return done < *(const size_t *)most;
}

/* Whoever stops a long batch in its middle finds the journal as it was before. */
static void a_batch_that_is_stopped_leaves_nothing(void **state)
{
	struct place *p = *state;
	struct journal *j = journal_open(p->path, false, NULL);
	struct alert alerts[5];
	struct journal_entry e[5];
	struct err err = {0};
	size_t most = 3;
	struct journal_taken t = {.n = 9};
	for (unsigned i = 0; i < 5; i++) {
		alerts[i] = make_alert(&p->mem, i);
		e[i] = (struct journal_entry){.alert = &alerts[i], .verdict = VERDICT_APPROVED};
	}
	journal_watch(j, go_on_until, &most);
	assert_false(journal_decide(j, e, 5, &kim, &err));
	assert_int_equal(err.code, ERR_STOPPED);
	assert_intact(j, 0);
	most = 6;
	assert_true(journal_decide(j, e, 5, &kim, NULL));
	most = 2;
	assert_false(journal_undo(j, &kim, &t, &err));
	assert_int_equal(t.n, 0);
	assert_intact(j, 5);
	journal_watch(j, NULL, NULL);
	assert_true(journal_undo(j, &kim, &t, NULL));
	assert_int_equal(t.n, 5);
	assert_intact(j, 10);
	journal_close(j);
}

/* On a record that is not known to be whole nobody decides in passing, nor takes back so. */
static void what_is_doubted_takes_one_at_a_time(void **state)
{
	struct place *p = *state;
	struct journal *j = open_it(p);
	struct alert a[2] = {make_alert(&p->mem, 1), make_alert(&p->mem, 2)};
	struct journal_entry e[2] = {{.alert = &a[0], .verdict = VERDICT_APPROVED},
		{.alert = &a[1], .verdict = VERDICT_APPROVED}};
	struct journal_taken t = {.n = 9};
	struct err err = {0};
	assert_true(journal_decide(j, e, 2, &kim, NULL));
	journal_singly(j);
	assert_false(journal_decide(j, e, 2, &kim, &err));
	assert_non_null(strstr(err.text, "only single verdicts"));
	assert_false(journal_undo(j, &kim, &t, &err));
	assert_int_equal(t.n, 0);
	assert_intact(j, 2);
	decide(j, &a[1], VERDICT_SUSPICIOUS, "", &kim);
	assert_int_equal(undo(j, &kim), 1);
	assert_int_equal(redo(j, &kim), 1);
	assert_intact(j, 5);
	journal_close(j);
	j = open_it(p);
	assert_int_equal(undo(j, &kim), 1);
	assert_int_equal(undo(j, &kim), 2);
	journal_singly(j);
	assert_false(journal_redo(j, &kim, &t, &err));
	assert_int_equal(t.n, 0);
	assert_intact(j, 8);
	journal_close(j);
}

static void undo_is_each_analysts_own(void **state)
{
	struct place *p = *state;
	struct journal *j = open_it(p);
	struct alert a = make_alert(&p->mem, 1), b = make_alert(&p->mem, 2);
	struct journal_taken t = {.n = 9};
	decide(j, &a, VERDICT_APPROVED, "", &kim);
	decide(j, &b, VERDICT_SUSPICIOUS, "", &lee);
	assert_int_equal(undo(j, &kim), 1);
	assert_int_equal(verdict_of(p, j, &b), VERDICT_SUSPICIOUS);
	assert_int_equal(redo(j, &kim), 1);
	decide(j, &a, VERDICT_SUSPICIOUS, "", &lee);
	assert_true(journal_undo(j, &kim, &t, NULL));
	assert_int_equal(t.n, 0);
	assert_int_equal(t.stays, 1);
	assert_true(t.verdict == VERDICT_SUSPICIOUS);
	assert_true(strncmp(t.id, "alert-000001~", 13) == 0 && strlen(t.id) == 25);
	assert_int_equal(t.seq, 5);
	assert_string_equal(t.who, "lee");
	assert_int_equal(verdict_of(p, j, &a), VERDICT_SUSPICIOUS);
	assert_int_equal(undo(j, &lee), 1); /* lee takes it back: kim's stands again, and can go */
	assert_int_equal(undo(j, &kim), 1);
	assert_int_equal(verdict_of(p, j, &a), VERDICT_OPEN);
	decide(j, &a, VERDICT_APPROVED, "", &lee);
	t = (struct journal_taken){0};
	assert_true(journal_redo(j, &kim, &t, NULL));
	assert_int_equal(t.n, 0);
	assert_int_equal(t.stays, 1);
	assert_intact(j, 8);
	journal_close(j);
}

/* What kim replaced and took back is lee's word again: in the store, in the journal's own check, and
 * after a restart; the row says who took back. Names with quotes and backslashes stay what they are. */
static void an_undo_gives_a_word_back_to_whose_it_was(void **state)
{
	static const struct journal_author who = {STR_INIT("ACME\\l\"ee"), MAKE_T0 + 5000};
	struct place *p = *state;
	struct journal *j = open_it(p);
	struct alert a = make_alert(&p->mem, 1);
	struct err err = {0};
	struct store *s = store_new();
	bool fresh;
	store_add(s, &a, STR("{}"), &fresh);
	decide(j, &a, VERDICT_SUSPICIOUS, "theft", &who);
	decide(j, &a, VERDICT_APPROVED, "", &kim);
	assert_int_equal(undo(j, &kim), 1);
	journal_close(j);
	j = open_it(p);
	struct rows r = poll_rows(p, j);
	assert_true(str_is(r.d[2].analyst, "kim"));
	assert_true(str_eq(r.d[2].whose, who.analyst));
	assert_int_equal(decision_made(&r.d[2]), who.at);
	assert_true(decision_of_other(&r.d[2], kim.analyst));
	assert_false(decision_of_other(&r.d[2], who.analyst));
	for (size_t i = 0; i < r.n; i++)
		store_decide(s, &r.d[i]);
	assert_true(str_eq(store_decision(s, 0)->analyst, who.analyst));
	assert_int_equal(decision_made(store_decision(s, 0)), who.at);
	struct journal_entry e = {.alert = &a, .verdict = VERDICT_APPROVED, .careful = true, .knew = 2};
	assert_false(journal_decide(j, &e, 1, &kim, &err));
	assert_int_equal(err.code, ERR_CONFLICT);
	assert_non_null(strstr(err.text, "is suspicious by ACME\\l\"ee at"));
	struct journal_taken t = {0};
	assert_true(journal_redo(j, &kim, &t, NULL)); /* told whose word that would replace */
	assert_int_equal(t.n, 0);
	assert_int_equal(t.stays, 1);
	assert_true(t.overrules);
	assert_string_equal(t.who, "ACME\\l\"ee");
	assert_int_equal(t.verdict, VERDICT_SUSPICIOUS);
	assert_true(journal_redo(j, &kim, &t, NULL));
	assert_false(t.overrules);
	assert_int_equal(t.n, 1); /* kim's own again: nobody else's */
	assert_int_equal(undo(j, &kim), 1);
	r = poll_rows(p, j);
	assert_int_equal(r.d[r.n - 2].whose.n, 0);
	assert_true(str_find(r.d[r.n - 2].facts, STR("restores")) == STR_NONE);
	assert_true(str_eq(r.d[r.n - 1].whose, who.analyst));
	assert_intact(j, 5);
	store_free(s);
	journal_close(j);
}

/* Another's word on one alert is no wall: the rest of the batch, and what was decided before it,
 * can be taken back, and brought back. */
static void undo_takes_what_still_stands(void **state)
{
	struct place *p = *state;
	struct journal *j = open_it(p);
	struct alert a[4];
	struct journal_entry batch[3];
	struct journal_taken t = {0};
	for (unsigned i = 0; i < 4; i++)
		a[i] = make_alert(&p->mem, i);
	for (unsigned i = 0; i < 3; i++)
		batch[i] = (struct journal_entry){.alert = &a[i + 1], .verdict = VERDICT_APPROVED};
	decide(j, &a[0], VERDICT_APPROVED, "", &kim);
	assert_true(journal_decide(j, batch, 3, &kim, NULL));
	decide(j, &a[0], VERDICT_SUSPICIOUS, "", &kim);
	decide(j, &a[0], VERDICT_OPEN, "", &lee);
	decide(j, &a[2], VERDICT_SUSPICIOUS, "", &lee);
	assert_true(journal_undo(j, &kim, &t, NULL)); /* a0: lee's word stands, and it is told */
	assert_int_equal(t.n, 0);
	assert_int_equal(t.stays, 1);
	assert_true(t.told > 0);
	assert_true(journal_undo(j, &kim, &t, NULL)); /* told: on to the batch before */
	assert_int_equal(t.n, 2);
	assert_int_equal(t.stays, 1);
	assert_int_equal(verdict_of(p, j, &a[1]), VERDICT_OPEN);
	assert_int_equal(verdict_of(p, j, &a[2]), VERDICT_SUSPICIOUS);
	assert_int_equal(verdict_of(p, j, &a[3]), VERDICT_OPEN);
	assert_true(journal_redo(j, &kim, &t, NULL));
	assert_int_equal(t.n, 2);
	assert_int_equal(verdict_of(p, j, &a[3]), VERDICT_APPROVED);
	assert_true(journal_undo(j, &kim, &t, NULL));
	assert_int_equal(t.n, 2);
	assert_true(journal_undo(j, &kim, &t, NULL)); /* a0's first: as dead as its second */
	assert_int_equal(t.n, 0);
	assert_true(journal_undo(j, &kim, &t, NULL));
	assert_int_equal(t.n + t.stays, 0);
	assert_int_equal(verdict_of(p, j, &a[0]), VERDICT_OPEN);
	journal_close(j);
}

/* What stands again keeps the facts that it was made on, not those of what went: of one event, in two
 * forms. */
static void undo_brings_the_facts_back(void **state)
{
	struct place *p = *state;
	struct journal *j = open_it(p);
	struct alert a = make_alert(&p->mem, 1), b = a;
	b.source = STR("another");
	decide(j, &a, VERDICT_APPROVED, "", &kim);
	decide(j, &b, VERDICT_SUSPICIOUS, "", &kim);
	assert_int_equal(undo(j, &kim), 1);
	struct rows r = poll_rows(p, j);
	assert_true(str_eq(r.d[2].facts, r.d[0].facts));
	assert_int_equal(redo(j, &kim), 1);
	r = poll_rows(p, j);
	assert_true(str_find(r.d[0].facts, STR("another")) != STR_NONE);
	journal_close(j);
}

/* What is undone of the one is nothing of the other. */
static void an_id_used_twice_is_two_alerts(void **state)
{
	struct place *p = *state;
	struct journal *j = open_it(p);
	struct alert a = make_alert(&p->mem, 1), b = a;
	b.bucket = STR("another");
	decide(j, &a, VERDICT_APPROVED, "", &kim);
	decide(j, &b, VERDICT_SUSPICIOUS, "", &kim);
	struct rows r = poll_rows(p, j);
	assert_int_equal(r.d[1].from, VERDICT_OPEN);
	assert_int_equal(undo(j, &kim), 1);
	r = poll_rows(p, j);
	assert_int_equal(r.d[0].verdict, VERDICT_OPEN);
	assert_true(str_find(r.d[0].facts, STR("another")) != STR_NONE);
	assert_int_equal(redo(j, &kim), 1);
	r = poll_rows(p, j);
	assert_int_equal(r.d[0].verdict, VERDICT_SUSPICIOUS);
	struct rows latest = {.mem = &p->mem};
	assert_true(journal_latest(j, keep, &latest, NULL));
	assert_int_equal(latest.n, 2);
	assert_int_equal(latest.d[0].seq, 1);
	assert_int_equal(latest.d[1].seq, 4);
	assert_int_equal(undo(j, &kim), 1);
	struct journal_entry e = {.alert = &b, .verdict = VERDICT_APPROVED, .approval = 7};
	assert_true(journal_decide(j, &e, 1, &kim, NULL)); /* an approval does not close it */
	assert_intact(j, 5);
	assert_int_equal(undo(j, &kim), 1); /* and the first one's undo is its own */
	r = poll_rows(p, j);
	assert_true(str_find(r.d[r.n - 1].facts, STR("bucket-1")) != STR_NONE);
	journal_close(j);
}

/* A careful entry replaces no word that came after the one that was read; own words need no care. */
static void nobodys_word_is_replaced_unread(void **state)
{
	struct place *p = *state;
	struct journal *j = open_it(p);
	struct alert a = make_alert(&p->mem, 1), b = make_alert(&p->mem, 2);
	struct journal_entry e[2] = {{.alert = &b, .verdict = VERDICT_APPROVED, .careful = true},
		{.alert = &a, .verdict = VERDICT_APPROVED, .careful = true}};
	struct err err = {0};
	decide(j, &a, VERDICT_SUSPICIOUS, "", &lee);
	assert_false(journal_decide(j, e, 2, &kim, &err));
	assert_int_equal(err.code, ERR_CONFLICT);
	assert_true(str_starts(str_c(err.text), STR("alert-000001 is suspicious by lee at 20")));
	assert_intact(j, 1); /* of the others nothing either */
	e[1].knew = 1;
	assert_true(journal_decide(j, e, 2, &kim, NULL));
	e[1].knew = 0;
	assert_true(journal_decide(j, e + 1, 1, &kim, NULL)); /* kim's own */
	assert_int_equal(undo(j, &kim), 1);
	assert_false(journal_decide(j, e + 1, 1, &lee, NULL)); /* an undo is a word, too */
	struct alert forged = a; /* the same id on something else: nobody's word on it */
	forged.bucket = STR("another");
	e[1].alert = &forged;
	assert_true(journal_decide(j, e + 1, 1, &lee, NULL));
	struct alert c = make_alert(&p->mem, 3); /* behind own words that only agree it is not read, either */
	decide(j, &c, VERDICT_SUSPICIOUS, "", &lee);
	decide(j, &c, VERDICT_SUSPICIOUS, "", &kim);
	decide(j, &c, VERDICT_OPEN, "", &kim);
	assert_int_equal(undo(j, &kim), 1);
	e[1] = (struct journal_entry){.alert = &c, .verdict = VERDICT_APPROVED, .careful = true};
	assert_false(journal_decide(j, e + 1, 1, &kim, &err));
	assert_true(str_starts(str_c(err.text), STR("alert-000003 is suspicious by lee at 20")));
	decide(j, &c, VERDICT_APPROVED, "", &kim); /* replaced, it stands no more */
	decide(j, &c, VERDICT_SUSPICIOUS, "", &kim);
	assert_true(journal_decide(j, e + 1, 1, &kim, NULL));
	journal_close(j);
}

/* An editor's history in a few lines: what undo and redo must agree with. */
struct model {
	enum verdict state[256][4]; /* after each batch that stands */
	size_t at, top;
};

static void to_store(void *ctx, const struct decision *d)
{
	store_decide(ctx, d);
}

static void undo_agrees_with_a_simple_model(void **state)
{
	struct place *p = *state;
	struct journal *j = open_it(p);
	struct alert a[4];
	struct model *m = mem_alloc(sizeof(*m));
	uint64_t seed = 11;
	for (unsigned i = 0; i < 4; i++)
		a[i] = make_alert(&p->mem, i);
	for (int step = 0; step < 250; step++) {
		uint32_t what = make_random(&seed) % 4;
		if (what < 2) {
			struct journal_entry e[2];
			memcpy(m->state[m->at + 1], m->state[m->at], sizeof(m->state[0]));
			m->at = m->top = m->at + 1;
			for (int k = 0; k < 2; k++) {
				uint32_t i = make_random(&seed) % 4;
				enum verdict v = (enum verdict)(make_random(&seed) % VERDICTS);
				e[k] = (struct journal_entry){.alert = &a[i], .verdict = v};
				m->state[m->at][i] = v;
			}
			assert_true(journal_decide(j, e, 2, &kim, NULL));
		} else if (what == 2) {
			assert_int_equal(undo(j, &kim), m->at ? 2 : 0);
			m->at -= m->at > 0;
		} else {
			assert_int_equal(redo(j, &kim), m->at < m->top ? 2 : 0);
			m->at += m->at < m->top;
		}
		struct store *s = store_new();
		bool fresh;
		for (int i = 0; i < 4; i++)
			store_add(s, &a[i], STR(""), &fresh);
		assert_true(journal_latest(j, to_store, s, NULL));
		for (row_id i = 0; i < 4; i++)
			assert_int_equal(store_verdict(s, i), m->state[m->at][i]);
		store_free(s);
	}
	free(m);
	journal_close(j);
}

/* ---- history and latest ------------------------------------------------------------------- */

static void one_alert_under_two_ids(void **state)
{
	struct place *p = *state;
	struct journal *j = open_it(p);
	struct alert local = make_alert(&p->mem, 1), kibana = local, other = make_alert(&p->mem, 2);
	kibana.id = STR("uuid-1");
	decide(j, &local, VERDICT_APPROVED, "local", &kim);
	decide(j, &other, VERDICT_APPROVED, "other", &kim);
	decide(j, &kibana, VERDICT_SUSPICIOUS, "kibana", &lee);
	static const char *const ids[] = {"alert-000001", "uuid-1", "event-000001"};
	for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
		struct rows r = {.mem = &p->mem};
		assert_true(journal_history(j, str_c(ids[i]), keep, &r, NULL));
		assert_int_equal(r.n, 2);
		assert_true(str_is(r.d[1].note, "kibana"));
		assert_int_equal(r.d[1].from, VERDICT_APPROVED);
	}
	struct rows none = {.mem = &p->mem}, latest = {.mem = &p->mem};
	assert_true(journal_history(j, STR(""), keep, &none, NULL));
	assert_int_equal(none.n, 0);
	assert_true(journal_latest(j, keep, &latest, NULL));
	assert_int_equal(latest.n, 2);
	assert_true(str_is(latest.d[0].note, "other"));
	assert_true(str_is(latest.d[1].note, "kibana"));
	journal_close(j);
}

/* ---- tampering ---------------------------------------------------------------------------- */

static void raw_sql(struct place *p, const char *sql, bool allowed)
{
	sqlite3 *db;
	assert_int_equal(sqlite3_open(p->path, &db), SQLITE_OK);
	int code = sqlite3_exec(db, sql, NULL, NULL, NULL);
	sqlite3_close(db);
	assert_int_equal(code == SQLITE_OK, allowed);
}

static int join(void *ctx, int n, char **values, char **names)
{
	(void)names;
	for (int i = 0; i < n; i++)
		buf_fmt(ctx, "%s;", values[i]);
	return 0;
}

/* As somebody who knows the journal would: the triggers are away for a moment and come back. */
static void tamper(struct place *p, const char *sql)
{
	sqlite3 *db;
	struct buf drop = {0}, make = {0};
	assert_int_equal(sqlite3_open(p->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "SELECT 'DROP TRIGGER ' || name FROM sqlite_schema WHERE type ="
		" 'trigger'", join, &drop, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "SELECT sql FROM sqlite_schema WHERE type = 'trigger'", join,
		&make, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, buf_cstr(&drop), NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, buf_cstr(&make), NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	buf_fini(&drop);
	buf_fini(&make);
}

static void a_clock_that_ran_ahead_moves_no_other(void **state)
{
	struct place *p = *state;
	struct journal *j = open_it(p);
	struct alert a = make_alert(&p->mem, 1), b = make_alert(&p->mem, 2);
	const int64_t year = 365LL * 24 * 3600 * 1000;
	const struct journal_author fast = {STR("kim"), MAKE_T0 + 11 * year};
	const struct journal_author late = {STR("kim"), MAKE_T0 + 1000 - JOURNAL_JUMP};
	struct journal_walk w = {0};
	int64_t broken;
	decide(j, &a, VERDICT_APPROVED, "", &fast);
	assert_int_equal(journal_ahead(j), 0);
	decide(j, &b, VERDICT_SUSPICIOUS, "", &lee);
	assert_true(journal_ahead(j) == fast.at - lee.at);
	decide(j, &b, VERDICT_APPROVED, "", &kim);
	decide(j, &b, VERDICT_SUSPICIOUS, "", &late); /* two consoles and one clock: no jump */
	assert_int_equal(journal_ahead(j), 0);
	struct rows r = poll_rows(p, j);
	assert_true(r.d[0].at == fast.at && r.d[1].at == lee.at && r.d[2].at == kim.at);
	assert_true(journal_walk(j, &w, -1, &broken, NULL));
	assert_int_equal(w.jumps, 1);
	assert_int_equal(w.jump, 2);
	assert_true(w.ms == fast.at - lee.at);
	journal_close(j);
}

/* A colleague's clock is what he says; ours goes on. What repeats his facts says not his time. */
static void a_colleagues_time_stays_his(void **state)
{
	struct place *p = *state;
	struct journal *j = open_it(p);
	struct alert a = make_alert(&p->mem, 1), back;
	struct journal_entry e = {.alert = &a, .verdict = VERDICT_SUSPICIOUS};
	struct err err = {0};
	struct journal_taken t = {0};
	const int64_t bobs = MAKE_T0 + 70LL * 365 * 24 * 3600 * 1000;
	const struct journal_author bob = {STR("bob"), MAKE_T0 + 1000};
	e.learned = &(struct journal_learned){STR("team"), bobs, STR("ha\"sh"), STR(""), STR("")};
	assert_true(journal_decide(j, &e, 1, &bob, &err));
	decide(j, &a, VERDICT_APPROVED, "", &lee);
	assert_true(journal_undo(j, &lee, &t, &err));
	struct rows r = poll_rows(p, j);
	assert_int_equal(r.n, 3);
	assert_true(r.d[0].at == bob.at && r.d[0].theirs == bobs);
	assert_true(str_find(r.d[0].facts, STR(",\"learned\":{\"from\":\"team\",")) != STR_NONE);
	assert_true(export_facts_read(r.d[0].facts, &p->mem, &back, &err));
	assert_true(str_eq(back.bucket, a.bucket));
	for (size_t i = 1; i < 3; i++) {
		assert_true(r.d[i].at == lee.at && r.d[i].theirs == 0);
		assert_int_equal(str_find(r.d[i].facts, STR("learned")), STR_NONE);
	}
	assert_intact(j, 3);
	journal_close(j);
}

/* An auditor's program reads text; a terminal set to Latin-1 sends something else. */
static void what_is_no_text_is_not_recorded(void **state)
{
	struct place *p = *state;
	struct journal *j = open_it(p);
	struct alert a = make_alert(&p->mem, 1);
	const struct journal_author me = {STR("J\xfcrgen"), MAKE_T0};
	struct journal_entry note = {.alert = &a, .note = STR("gepr\xfc" "ft")};
	struct journal_entry reason = {.alert = &a, .reason = STR("\xed\xa0\x80")};
	struct journal_entry plain = {.alert = &a, .verdict = VERDICT_APPROVED,
		.reason = STR("gepr\xc3\xbc" "ft")};
	struct err err = {0};
	assert_false(journal_decide(j, &note, 1, &kim, &err));
	assert_non_null(strstr(err.text, "the note is no UTF-8"));
	assert_false(journal_decide(j, &reason, 1, &kim, &err));
	assert_non_null(strstr(err.text, "the reason is no UTF-8"));
	assert_false(journal_decide(j, &plain, 1, &me, &err));
	assert_non_null(strstr(err.text, "the analyst's name is no UTF-8"));
	assert_true(journal_decide(j, &plain, 1, &kim, &err));
	assert_intact(j, 1);
	journal_close(j);
}

static void nothing_is_ever_rewritten(void **state)
{
	struct place *p = *state;
	struct journal *j = open_it(p);
	struct alert a = make_alert(&p->mem, 1);
	for (int i = 0; i < 5; i++)
		decide(j, &a, (enum verdict)(i % VERDICTS), "note", &kim);
	journal_close(j);
	raw_sql(p, "UPDATE record SET note = 'x' WHERE seq = 2", false);
	raw_sql(p, "DELETE FROM record WHERE seq = 5", false);
	raw_sql(p, "INSERT OR REPLACE INTO record SELECT * FROM record WHERE seq = 2", false);
	raw_sql(p, "INSERT INTO record SELECT 9, at, kind, analyst, alert_id, event_id, rule_id, was,"
		" verdict, reason, note, undoes, redo, batch, approval, payload, prev_hash, hash"
		" FROM record WHERE seq = 2", false);
}

static void verify_names_the_first_broken_row(void **state)
{
	struct place *p = *state;
	static const struct {
		const char *sql;
		int64_t broken;
		const char *says;
	} cases[] = {
		{"UPDATE record SET note = 'x' WHERE seq IN (3, 4)", 3, "changed"},
		{"UPDATE record SET verdict = 'APPROVED' WHERE seq = 2", 2, "changed"},
		{"UPDATE record SET at = at + 1 WHERE seq = 1", 1, "changed"},
		{"UPDATE record SET prev_hash = hash WHERE seq = 5", 5, "follow"},
		{"DELETE FROM record WHERE seq = 2", 3, "missing"},
		{"DELETE FROM record WHERE seq = 1", 2, "missing"},
		{"DELETE FROM record WHERE seq = 5", 0, ""}, /* a cut tail does not show */
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct journal *j = open_it(p);
		struct alert a = make_alert(&p->mem, 1);
		char head[65];
		int64_t rows, broken;
		struct err err = {0};
		for (int k = 0; k < 5; k++)
			decide(j, &a, VERDICT_APPROVED, "note", &kim);
		assert_true(journal_head(j, &rows, head, NULL));
		assert_int_equal(rows, 5);
		assert_true(journal_has(j, 5, str_c(head)));
		journal_close(j);
		tamper(p, cases[i].sql);
		j = open_it(p);
		assert_int_equal(journal_verify(j, &rows, &broken, NULL, &err), !cases[i].broken);
		assert_int_equal(broken, cases[i].broken);
		assert_non_null(strstr(err.text, cases[i].says));
		if (!broken)
			assert_false(journal_has(j, 5, str_c(head)));
		journal_close(j);
		unlink(p->path);
	}
}

/* Each would let rows vanish or lie while the chain that is left is sound. */
static void a_strange_schema_is_told_and_not_written(void **state)
{
	struct place *p = *state;
	static const struct {
		const char *sql, *says;
	} cases[] = {
		{"CREATE TRIGGER hide AFTER INSERT ON record BEGIN SELECT 1; END", "'hide'"},
		{"CREATE TABLE evil(x)", "'evil'"},
		{"CREATE VIEW evil AS SELECT * FROM record", "'evil'"},
		{"CREATE INDEX evil ON record(note)", "'evil'"},
		{"CREATE TABLE x(y); ANALYZE; DROP TABLE x; PRAGMA writable_schema = 1; UPDATE sqlite_schema"
			" SET sql = 'CREATE TABLE sqlite_stat1(tbl,idx,stat,more)' WHERE name = 'sqlite_stat1'",
			"'sqlite_stat1'"},
		{"DROP TRIGGER record_no_delete", "'record_no_delete' is missing"},
		{"DROP INDEX record_event", "'record_event' is missing"},
		{"DROP INDEX record_event; CREATE INDEX record_event ON record(event_id, rule_id, seq)"
			" WHERE kind = 'decision' AND verdict <> 'suspicious'", "'record_event' is not as"},
		{"ALTER TABLE record ADD COLUMN more TEXT", "'record' is not as"},
		{"ALTER TABLE record RENAME TO r2; CREATE VIEW record AS SELECT * FROM r2", "not"},
		/* text that is right over an index that is not */
		{"DROP INDEX record_event; CREATE INDEX record_event ON record(event_id, rule_id, seq)"
			" WHERE kind = 'decision' AND verdict <> 'suspicious'; PRAGMA writable_schema = 1;"
			" UPDATE sqlite_schema SET sql = replace(sql, ' AND verdict <> ''suspicious''', '')"
			" WHERE name = 'record_event'", NULL},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct alert a = make_alert(&p->mem, 1);
		struct err err = {0};
		int64_t rows, broken;
		struct journal *j = open_it(p);
		decide(j, &a, VERDICT_SUSPICIOUS, "note", &kim);
		journal_close(j);
		raw_sql(p, cases[i].sql, true);
		struct journal *writer = journal_open(p->path, false, &err);
		if (cases[i].says) {
			assert_null(writer);
			assert_int_equal(err.code, ERR_INPUT);
			assert_non_null(strstr(err.text, cases[i].says));
			assert_non_null(strstr(err.text, "nothing is recorded"));
		}
		journal_close(writer);
		err = (struct err){0};
		j = journal_open(p->path, true, &err);
		assert_non_null(j);
		assert_false(journal_verify(j, &rows, &broken, NULL, &err));
		assert_int_equal(broken, 0);
		assert_non_null(strstr(err.text, cases[i].says ? cases[i].says : "record_event"));
		journal_close(j);
		unlink(p->path);
	}
}

static bool replace_file(void *ctx, size_t done)
{
	struct place *p = ctx;
	(void)done;
	unlink(p->path); /* SQLite goes on writing into the file without a name */
	return file_write(p->path, STR(""), FILE_PRIVATE, NULL);
}

/* What happens to the file behind an open console's back must not become "recorded". */
static void what_cannot_be_read_back_is_not_recorded(void **state)
{
	struct place *p = *state;
	struct alert a = make_alert(&p->mem, 1);
	struct journal_entry e = {.alert = &a, .verdict = VERDICT_APPROVED};
	struct err err = {0};
	struct journal *j = open_it(p);
	decide(j, &a, VERDICT_SUSPICIOUS, "note", &kim);
	raw_sql(p, "DROP TRIGGER record_no_delete; CREATE TRIGGER hide AFTER INSERT ON record BEGIN"
		" DELETE FROM record WHERE seq = NEW.seq; END", true);
	assert_false(journal_decide(j, &e, 1, &kim, &err));
	assert_non_null(strstr(err.text, "'hide'"));
	journal_close(j);
	unlink(p->path);

	j = open_it(p);
	decide(j, &a, VERDICT_SUSPICIOUS, "note", &kim);
	journal_watch(j, replace_file, p); /* while it is written */
	assert_false(journal_decide(j, &e, 1, &kim, &err));
	assert_non_null(strstr(err.text, "read back"));
	journal_watch(j, NULL, NULL);
	assert_false(journal_decide(j, &e, 1, &kim, &err));
	assert_non_null(strstr(err.text, "another file lies in its place"));
	journal_close(j);
}

/* A cut tail, an emptied file, another journal and an older copy are sound chains. */
static void a_head_kept_outside_tells(void **state)
{
	struct place *p = *state;
	struct alert a = make_alert(&p->mem, 1);
	struct journal_entry e = {.alert = &a, .verdict = VERDICT_APPROVED};
	struct err err = {0};
	char file[160], copy[160];
	snprintf(file, sizeof(file), "%s/data/heads/x.json", p->dir);
	snprintf(copy, sizeof(copy), "%s/data/copy.db", p->dir);
	for (int i = 0; i < 5; i++) {
		unlink(file);
		unlink(copy);
		unlink(p->path);
		struct journal *j = open_it(p);
		assert_true(journal_keep_head(j, file, &err));
		for (int k = 0; k < 3; k++)
			decide(j, &a, VERDICT_SUSPICIOUS, "note", &kim);
		journal_close(j);
		AUTO(buf_fini) struct buf bytes = {0};
		assert_true(file_read(p->path, &bytes, &err) && file_write(copy, buf_str(&bytes), FILE_PRIVATE, &err));
		j = open_it(p);
		assert_true(journal_keep_head(j, file, &err));
		decide(j, &a, VERDICT_APPROVED, "note", &lee);
		journal_close(j);
		struct journal_known known;
		assert_true(journal_known_read(file, &known, &err));
		assert_int_equal(known.rows, 4);
		assert_int_equal(known.from, 0); /* from its first row on */
		if (i == 0)
			tamper(p, "DELETE FROM record WHERE seq = 4");
		else if (i == 1)
			tamper(p, "DELETE FROM record");
		else if (i == 2)
			assert_int_equal(rename(copy, p->path), 0);
		else
			assert_int_equal(unlink(p->path), 0);
		if (i == 4) { /* another of as many rows */
			j = open_it(p);
			for (int k = 0; k < 4; k++)
				decide(j, &a, VERDICT_SUSPICIOUS, "else", &kim);
			journal_close(j);
		}
		err = (struct err){0};
		assert_false(i == 3 ? journal_known_holds(NULL, &known, &err)
			: journal_keep_head(j = open_it(p), file, &err));
		assert_int_equal(err.code, ERR_CONFLICT);
		assert_non_null(strstr(err.text, "4 rows"));
		assert_non_null(strstr(err.text, i == 4 ? "without that row: " : i == 3 ? "gone" :
			i == 1 ? "now it has 0" : "now it has 3"));
		if (i == 3)
			j = open_it(p);
		assert_false(journal_accepted(j, &known, true));
		assert_true(journal_accept(j, &known, file, &kim, &err));
		assert_true(journal_accepted(j, &known, false));
		struct journal_known anew;
		assert_true(journal_known_read(file, &anew, &err));
		assert_int_equal(anew.from, i == 4 ? 4 : i == 1 || i == 3 ? 0 : 3);
		assert_int_equal(anew.rows, anew.from + 1);
		struct journal_known older = {.rows = 3, .head = "x"}, newer = {.rows = 5, .head = "x"};
		assert_true(journal_accepted(j, &older, true) && !journal_accepted(j, &older, false));
		assert_false(journal_accepted(j, &newer, true));
		assert_true(journal_decide(j, &e, 1, &kim, &err));
		journal_close(j);
		j = open_it(p);
		assert_true(journal_keep_head(j, file, &err));
		assert_intact(j, i == 4 ? 6 : i == 1 || i == 3 ? 2 : 5);
		/* and while it is open */
		tamper(p, "DELETE FROM record WHERE seq = (SELECT max(seq) FROM record)");
		assert_false(journal_poll(j, keep, &(struct rows){.mem = &p->mem}, &err));
		assert_false(journal_decide(j, &e, 1, &kim, &err));
		assert_int_equal(err.code, ERR_CONFLICT);
		journal_close(j);
	}
	unlink(file);
	unlink(copy);
	snprintf(file, sizeof(file), "%s/data/heads", p->dir);
	rmdir(file);
}

/* ---- files that are no journal ------------------------------------------------------------ */

static void says_what_is_wrong_with_a_file(void **state)
{
	struct place *p = *state;
	struct err err = {0};
	assert_null(journal_open(p->path, true, &err));
	assert_non_null(strstr(err.text, "no journal yet"));
	assert_false(file_exists(p->path));
	journal_close(open_it(p));
	raw_sql(p, "PRAGMA user_version = 2", true);
	assert_null(journal_open(p->path, false, &err));
	assert_int_equal(err.code, ERR_INPUT);
	assert_non_null(strstr(err.text, "newer"));
	raw_sql(p, "PRAGMA user_version = 0", true);
	assert_null(journal_open(p->path, false, &err));
	assert_non_null(strstr(err.text, "no schema's version"));
	raw_sql(p, "PRAGMA application_id = 7", true);
	assert_null(journal_open(p->path, false, &err));
	assert_non_null(strstr(err.text, "another program"));
	assert_true(file_write(p->path, STR("this is text, long enough to be looked at as a database "
		"header, and still no database at all........................"), FILE_REPLACE | FILE_PRIVATE, NULL));
	assert_null(journal_open(p->path, false, &err));
	assert_non_null(strstr(err.text, "not an SQLite"));
	assert_true(file_write(p->path, STR(""), FILE_REPLACE | FILE_PRIVATE, NULL));
	assert_null(journal_open(p->path, true, &err));
	assert_non_null(strstr(err.text, "empty"));
	struct journal *j = open_it(p); /* an empty file becomes one */
	assert_intact(j, 0);
	journal_close(j);
	char below[200];
	unlink(p->path);
	assert_int_equal(symlink("nowhere", p->path), 0);
	assert_null(journal_open(p->path, false, &err));
	assert_non_null(strstr(err.text, "link that leads to no file"));
	unlink(p->path);
	assert_true(file_write(p->path, STR(""), FILE_PRIVATE, NULL));
	snprintf(below, sizeof(below), "%s/below/journal.db", p->path);
	assert_null(journal_open(below, false, &err));
	assert_int_equal(err.code, ERR_IO);
}

static void a_read_only_journal_takes_nothing(void **state)
{
	struct place *p = *state;
	struct journal *j = open_it(p);
	struct alert a = make_alert(&p->mem, 1);
	decide(j, &a, VERDICT_APPROVED, "", &kim);
	struct journal *reader = journal_open(p->path, true, NULL);
	assert_non_null(reader);
	struct journal_entry e = {.alert = &a, .verdict = VERDICT_SUSPICIOUS};
	struct err err = {0};
	struct journal_taken taken = {0};
	assert_false(journal_decide(reader, &e, 1, &kim, &err));
	assert_non_null(strstr(err.text, "reading only"));
	assert_false(journal_undo(reader, &kim, &taken, NULL));
	assert_int_equal(poll_rows(p, reader).n, 1);
	assert_false(journal_changed(reader));
	decide(j, &a, VERDICT_SUSPICIOUS, "", &kim);
	assert_true(journal_changed(reader));
	assert_int_equal(poll_rows(p, reader).n, 1);
	journal_close(reader);
	journal_close(j);
}

/* An auditor's copy in a folder that nobody may write. Root may write anywhere, so as nobody. */
static void reads_where_nothing_may_be_written(void **state)
{
	struct place *p = *state;
	struct journal *j = open_it(p);
	struct alert a = make_alert(&p->mem, 1);
	char dir[160];
	decide(j, &a, VERDICT_APPROVED, "", &kim);
	journal_close(j);
	snprintf(dir, sizeof(dir), "%s/data", p->dir);
	if (getuid() == 0 && (chown(p->dir, 65534, 65534) != 0 || chown(dir, 65534, 65534) != 0 ||
		chown(p->path, 65534, 65534) != 0))
		skip();
	assert_int_equal(chmod(dir, 0500), 0);
	assert_int_equal(chmod(p->path, 0400), 0);
	pid_t child = fork();
	if (child == 0) {
		int64_t rows = 0, broken;
		if (getuid() == 0 && setresuid(65534, 65534, 65534) != 0)
			_exit(2);
		struct err err = {0};
		j = journal_open(p->path, true, &err);
		if (!j)
			print_error("%s\n", err.text);
		bool fine = j && journal_verify(j, &rows, &broken, NULL, NULL) && rows == 1;
		fine = fine && !journal_open(p->path, false, &err) && err.code == ERR_IO;
		_exit(fine ? 0 : 1);
	}
	int status;
	waitpid(child, &status, 0);
	assert_int_equal(chmod(dir, 0700), 0);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* A file-size limit stands in for a full disk: the write fails half way. */
static void a_full_disk_records_nothing(void **state)
{
	struct place *p = *state;
	journal_close(open_it(p));
	pid_t child = fork();
	if (child == 0) {
		struct rlimit limit = {300 * 1024, 300 * 1024};
		signal(SIGXFSZ, SIG_IGN);
		struct journal *j = journal_open(p->path, false, NULL);
		setrlimit(RLIMIT_FSIZE, &limit);
		struct err err = {0};
		struct alert a = make_alert(&p->mem, 1);
		static char note[DECISION_NOTE_MAX];
		memset(note, 'n', sizeof(note));
		struct journal_entry e = {.alert = &a, .verdict = VERDICT_APPROVED,
			.note = {note, sizeof(note)}};
		int done = 0;
		while (done < 200 && journal_decide(j, &e, 1, &kim, &err))
			done++;
		bool said = err.code == ERR_IO && strstr(err.text, "cannot record");
		_exit(said && done < 100 ? done : 255);
	}
	int status;
	waitpid(child, &status, 0);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) > 0 && WEXITSTATUS(status) != 255);
	struct journal *j = open_it(p);
	assert_intact(j, WEXITSTATUS(status));
	journal_close(j);
}

/* ---- many at once ------------------------------------------------------------------------- */

enum { WRITERS = 4, EACH = 40 };

static void write_many(struct place *p, unsigned writer)
{
	struct err err = {0};
	struct journal *j = journal_open(p->path, false, &err);
	char name[8];
	snprintf(name, sizeof(name), "w%u", writer);
	struct journal_author author = {str_c(name), MAKE_T0};
	for (unsigned i = 0; j && i < EACH; i++) {
		struct alert a = make_alert(&p->mem, i % 7);
		struct journal_entry e = {.alert = &a, .verdict = (enum verdict)(i % VERDICTS),
			.note = str_c(name)};
		if (!journal_decide(j, &e, 1, &author, &err))
			break;
	}
	if (err.code)
		print_error("%s\n", err.text);
	journal_close(j);
	_exit(err.code ? 1 : 0);
}

static void count_row(void *ctx, const struct decision *d)
{
	size_t *seen = ctx;
	seen[d->analyst.p[1] - '0']++;
	seen[WRITERS]++;
}

/* Nobody has made the journal before: they race for that, too. */
static void consoles_at_once_lose_nothing(void **state)
{
	struct place *p = *state;
	pid_t children[WRITERS];
	for (unsigned w = 0; w < WRITERS; w++) {
		children[w] = fork();
		if (children[w] == 0)
			write_many(p, w);
	}
	for (unsigned w = 0; w < WRITERS; w++) {
		int status;
		waitpid(children[w], &status, 0);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	}
	struct journal *j = open_it(p);
	size_t seen[WRITERS + 1] = {0};
	assert_true(journal_poll(j, count_row, seen, NULL));
	for (unsigned w = 0; w < WRITERS; w++)
		assert_int_equal(seen[w], EACH);
	assert_intact(j, WRITERS * EACH);
	journal_close(j);
}

/* ---- rows of older versions ---------------------------------------------------------------- */

#define OLD_UNDO(seq, payload) "INSERT INTO record (seq, at, kind, analyst, alert_id, event_id, rule_id, was," \
	" verdict, reason, note, undoes, redo, batch, approval, payload, prev_hash, hash)" \
	" SELECT " seq ", at + 9000, kind, 'kim', alert_id, event_id, rule_id, 'approved', verdict, reason, note," \
	" 2, 0, " seq ", approval, " payload ", 'x', 'x' FROM record WHERE seq = 1"

/* They did not write down whose word an undo gives back: it is whose it was, as long as the very same
 * was said of the very same; otherwise it counts as his who took back. */
static void an_old_undo_gives_the_word_back_too(void **state)
{
	struct place *p = *state;
	struct journal *j = open_it(p);
	struct alert a = make_alert(&p->mem, 1);
	struct store *s = store_new();
	bool fresh;
	store_add(s, &a, STR("{}"), &fresh);
	decide(j, &a, VERDICT_SUSPICIOUS, "theft", &lee);
	decide(j, &a, VERDICT_APPROVED, "", &kim);
	journal_close(j);
	raw_sql(p, OLD_UNDO("3", "payload"), true);
	raw_sql(p, OLD_UNDO("4", "replace(payload, 'bucket-1', 'bucket-9')"), true);
	j = open_it(p);
	struct rows r = poll_rows(p, j);
	assert_int_equal(r.n, 4);
	assert_true(str_is(r.d[2].analyst, "kim") && str_is(r.d[2].whose, "lee"));
	assert_true(decision_made(&r.d[2]) == lee.at);
	assert_true(decision_of_other(&r.d[2], kim.analyst));
	assert_int_equal(r.d[3].whose.n, 0);
	for (size_t i = 0; i < 3; i++)
		store_decide(s, &r.d[i]);
	assert_true(str_is(store_decision(s, 0)->analyst, "lee"));
	store_free(s);
	journal_close(j);
}

/* ---- one call in two accounts' trails ------------------------------------------------------ */

/* The caller's recording, and the bucket owner's, which tells less of who it was. */
static void make_recordings(struct place *p, struct alert out[2])
{
	for (int i = 0; i < 2; i++) {
		out[i] = make_alert(&p->mem, 1);
		out[i].id = i ? STR("b-owner") : STR("a-caller");
		out[i].event_id = i ? STR("e-owner") : STR("e-caller");
		out[i].shared_id = STR("shared-1");
		out[i].caller_account = STR("000100000009");
		out[i].actor = STR("AROAEXAMPLE:user-1");
		out[i].actor_type = i ? STR("AWSAccount") : STR("AssumedRole");
	}
	out[1].actor_arn = out[1].key_id = STR("");
}

static size_t rows_of(struct place *p, struct journal *j, const char *id)
{
	struct rows r = {.mem = &p->mem};
	assert_true(journal_history(j, str_c(id), keep, &r, NULL));
	return r.n;
}

static size_t rows_of_alert(struct place *p, struct journal *j, const struct alert *a)
{
	struct rows r = {.mem = &p->mem};
	assert_true(journal_history_of(j, a, keep, &r, NULL));
	return r.n;
}

static void two_recordings_have_one_record(void **state)
{
	struct place *p = *state;
	struct journal *j = open_it(p);
	struct alert a[2], forged;
	struct buf id = {0};
	struct err err = {0};
	size_t n;
	make_recordings(p, a);
	forged = a[1];
	forged.id = STR("b-forged");
	forged.event_id = STR("e-forged");
	forged.bucket = STR("payroll");
	decide(j, &a[0], VERDICT_SUSPICIOUS, "", &lee);
	assert_int_equal(rows_of_alert(p, j, &a[1]), 1); /* it has no row of its own yet */
	assert_int_equal(rows_of_alert(p, j, &forged), 0);
	struct journal_entry e = {.alert = &a[1], .verdict = VERDICT_APPROVED, .careful = true};
	assert_false(journal_decide(j, &e, 1, &kim, &err));
	assert_int_equal(err.code, ERR_CONFLICT);
	e.alert = &forged; /* another thing with that id is nobody's yet */
	assert_true(journal_decide(j, &e, 1, &kim, NULL));
	e.alert = &a[1];
	e.knew = 1;
	assert_true(journal_decide(j, &e, 1, &kim, NULL));
	struct rows r = poll_rows(p, j);
	assert_int_equal(r.d[1].from, VERDICT_OPEN);
	assert_int_equal(r.d[2].from, VERDICT_SUSPICIOUS);
	assert_int_equal(rows_of(p, j, "a-caller"), 2);
	assert_int_equal(rows_of(p, j, "e-owner"), 2);
	assert_int_equal(rows_of(p, j, "e-forged"), 1);
	assert_true(journal_find(j, STR("e-"), &id, &n, NULL) && n == 1);
	struct rows latest = {.mem = &p->mem};
	assert_true(journal_latest(j, keep, &latest, NULL));
	assert_int_equal(latest.n, 2);
	assert_true(latest.d[0].seq == 2 && latest.d[1].seq == 3);
	assert_int_equal(undo(j, &kim), 1); /* what lee said of the other recording stands again */
	r.n = 0;
	assert_true(journal_history(j, STR("e-owner"), keep, &r, NULL));
	assert_int_equal(r.d[2].verdict, VERDICT_SUSPICIOUS);
	assert_true(str_is(r.d[2].whose, "lee"));
	assert_true(str_is(r.d[2].event_id, "e-owner")); /* and its facts are of this id */
	assert_true(str_find(r.d[2].facts, STR("\"event_id\":\"e-owner\"")) != STR_NONE);
	assert_intact(j, 4);
	buf_fini(&id);
	journal_close(j);
	j = journal_open(p->path, true, NULL);
	assert_int_equal(rows_of(p, j, "b-owner"), 3);
	journal_close(j);
}

/* What an older version decided on does not say that it was shared: the store, which has both
 * recordings, says which row stands. */
static void what_was_shown_is_what_stood_before(void **state)
{
	struct place *p = *state;
	struct journal *j = open_it(p);
	struct alert a[2], older;
	make_recordings(p, a);
	older = a[1];
	older.shared_id = STR("");
	decide(j, &older, VERDICT_SUSPICIOUS, "", &kim);
	struct journal_entry e = {.alert = &a[0], .verdict = VERDICT_APPROVED, .careful = true, .knew = 1};
	assert_true(journal_decide(j, &e, 1, &kim, NULL));
	struct rows r = poll_rows(p, j);
	assert_int_equal(r.d[1].from, VERDICT_SUSPICIOUS);
	journal_close(j);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(records_and_reads_back),
		TEST(keeps_files_private),
		TEST(refuses_what_others_can_touch),
		TEST(hashes_as_documented),
		TEST(refuses_what_is_too_long),
		TEST(undoes_and_redoes_across_restarts),
		TEST(unwinds_an_alert_that_is_twice_in_a_batch),
		TEST(a_batch_that_is_stopped_leaves_nothing), TEST(what_is_doubted_takes_one_at_a_time),
		TEST(an_undo_gives_a_word_back_to_whose_it_was),
		TEST(undo_is_each_analysts_own), TEST(undo_takes_what_still_stands),
		TEST(undo_brings_the_facts_back), TEST(an_id_used_twice_is_two_alerts),
		TEST(nobodys_word_is_replaced_unread),
		TEST(undo_agrees_with_a_simple_model),
		TEST(one_alert_under_two_ids),
		TEST(nothing_is_ever_rewritten),
		TEST(a_clock_that_ran_ahead_moves_no_other),
		TEST(a_colleagues_time_stays_his),
		TEST(what_is_no_text_is_not_recorded),
		TEST(verify_names_the_first_broken_row),
		TEST(a_head_kept_outside_tells),
		TEST(a_strange_schema_is_told_and_not_written),
		TEST(what_cannot_be_read_back_is_not_recorded),
		TEST(says_what_is_wrong_with_a_file),
		TEST(a_read_only_journal_takes_nothing),
		TEST(reads_where_nothing_may_be_written),
		TEST(a_full_disk_records_nothing),
		TEST(consoles_at_once_lose_nothing),
		TEST(an_old_undo_gives_the_word_back_too), TEST(two_recordings_have_one_record), TEST(what_was_shown_is_what_stood_before),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
