#include "s3triage/journal/journal.h"

#include "s3triage/base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../unit.h"
#include "alert_make.h"

static const struct journal_author kim = {STR_INIT("kim"), MAKE_T0};

static void ignore(void *ctx, const struct decision *d)
{
	(void)ctx, (void)d;
}

static bool decide(struct journal *j, uint32_t n, struct err *err)
{
	struct arena mem = {0};
	struct alert a = make_alert(&mem, n);
	struct journal_entry e = {.alert = &a, .verdict = VERDICT_SUSPICIOUS};
	bool fine = journal_decide(j, &e, 1, &kim, err);
	arena_fini(&mem);
	return fine;
}

static struct journal *open_with(const char *path, uint32_t rows)
{
	struct journal *j = journal_open(path, false, NULL);
	assert_non_null(j);
	for (uint32_t n = 1; n <= rows; n++)
		assert_true(decide(j, n, NULL));
	assert_true(journal_poll(j, ignore, NULL, NULL));
	return j;
}

static void assert_rows(const char *path, int64_t expected)
{
	int64_t rows, broken;
	struct journal *j = journal_open(path, true, NULL);
	assert_non_null(j);
	assert_true(journal_verify(j, &rows, &broken, NULL, NULL));
	assert_int_equal(rows, expected);
	journal_close(j);
}

/* One journal is open twice; older.db has two of its five rows, copy.db all, other.db is another. What is done to
 * the file, what both handles must say of it at once, and whether its rows can still be kept. */
static void what_becomes_of_the_file_is_told(void **state)
{
	(void)state;
	static const struct {
		const char *does;
		enum journal_place is;
		const char *says;
		bool kept;
	} cases[] = {
		{"true", JOURNAL_IN_PLACE, "", true},
		{"touch j.db", JOURNAL_IN_PLACE, "", true},
		{"mv j.db away.db && mv away.db j.db", JOURNAL_IN_PLACE, "", true},
		{"rm j.db", JOURNAL_GONE, "deleted or moved away", true},
		{"mv j.db away.db", JOURNAL_GONE, "deleted or moved away", true},
		{"rm j.db j.db-wal j.db-shm", JOURNAL_GONE, "deleted or moved away", true},
		{"mv older.db j.db; rm j.db-*", JOURNAL_OTHER, "its rows are not in that", true},
		{"mv other.db j.db; rm j.db-*", JOURNAL_OTHER, "its rows are not in that", true},
		{"rm j.db*; echo text >j.db", JOURNAL_OTHER, "its rows are not in that", true},
		{"rm j.db*; : >j.db", JOURNAL_OTHER, "its rows are not in that", true},
		{"mv copy.db j.db; rm j.db-*", JOURNAL_COPY, "a copy with all of its rows", true},
		{"rm j.db; ln -s copy.db j.db", JOURNAL_COPY, "a copy with all of its rows", true},
		{"rm j.db-wal", JOURNAL_CUT, "-wal file", true},
		{"mv j.db-wal x; cp x j.db-wal", JOURNAL_CUT, "-wal file", true},
		{": >j.db", JOURNAL_CUT, "its rows are not in it any more", false},
		{"echo some text >j.db", JOURNAL_CUT, "its rows are not in it any more", false},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char dir[] = "/tmp/s3triage-place-XXXXXX";
		struct err err = {0}, unasked = {0};
		assert_non_null(mkdtemp(dir));
		assert_return_code(chdir(dir), 0);
		struct journal *other = open_with("other.db", 0);
		for (uint32_t n = 11; n <= 17; n++)
			assert_true(decide(other, n, NULL));
		journal_close(other);
		struct journal *j = open_with("j.db", 2);
		assert_int_equal(system("cp j.db older.db; cp j.db-wal older.db-wal"), 0);
		for (uint32_t n = 3; n <= 5; n++)
			assert_true(decide(j, n, NULL));
		journal_close(j);
		assert_int_equal(system("cp j.db copy.db"), 0);
		j = open_with("j.db", 0);
		struct journal *again = open_with("j.db", 0);
		assert_true(decide(j, 6, NULL) && journal_poll(j, ignore, NULL, NULL));
		assert_true(journal_poll(again, ignore, NULL, NULL));
		assert_int_equal(system("cp j.db copy.db; cp j.db-wal copy.db-wal; chmod 600 *"), 0);
		journal_close(journal_open("copy.db", false, NULL)); /* into one file */
		journal_close(journal_open("older.db", false, NULL));
		assert_int_equal(system(cases[i].does), 0);
		print_message("%s\n", cases[i].does);
		assert_int_equal(journal_in_place(j, &err), cases[i].is);
		assert_non_null(strstr(err.text, cases[i].says));
		assert_int_equal(journal_in_place(again, &unasked), cases[i].is);
		assert_int_equal(decide(again, 7, &unasked), cases[i].is == JOURNAL_IN_PLACE);
		if (cases[i].is != JOURNAL_IN_PLACE)
			assert_non_null(strstr(unasked.text, "nothing is recorded: j.db"));
		assert_int_equal(journal_knows(j)->rows, 6);
		assert_int_equal(journal_rescue(j, "kept.db", &err), cases[i].kept);
		assert_int_equal(journal_rescue(again, "kept.db", &err), cases[i].kept);
		struct stat st;
		assert_int_equal(stat("kept.db", &st) == 0, cases[i].kept);
		journal_close(j);
		journal_close(again);
		if (cases[i].kept) {
			assert_int_equal(st.st_mode & 0777, 0600);
			assert_rows("kept.db", 6 + (cases[i].is == JOURNAL_IN_PLACE));
			/* it can be put back whatever lies beside its place */
			assert_int_equal(system("! ls kept.db-* 2>/dev/null && rm -f j.db && mv kept.db j.db"), 0);
			assert_rows("j.db", 6 + (cases[i].is == JOURNAL_IN_PLACE));
		}
		assert_return_code(chdir("/"), 0);
		char clean[64];
		snprintf(clean, sizeof(clean), "rm -r %s", dir);
		assert_int_equal(system(clean), 0);
	}
}

/* What cannot be kept is not said to be: rows that this handle cannot read any more. */
static void what_is_not_whole_is_not_kept(void **state)
{
	(void)state;
	char dir[] = "/tmp/s3triage-place-XXXXXX", clean[64];
	struct err err = {0};
	assert_non_null(mkdtemp(dir));
	assert_return_code(chdir(dir), 0);
	struct journal *j = open_with("j.db", 3);
	assert_false(journal_rescue(j, "none/kept.db", &err));
	assert_true(file_write("kept.db", STR("something else\n"), 0, NULL));
	assert_false(journal_rescue(j, "kept.db", &err)); /* nor is it overwritten */
	AUTO(buf_fini) struct buf text = {0};
	assert_true(file_read("kept.db", &text, NULL));
	assert_true(str_is(buf_str(&text), "something else\n"));
	journal_close(j);
	assert_return_code(chdir("/"), 0);
	snprintf(clean, sizeof(clean), "rm -r %s", dir);
	assert_int_equal(system(clean), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_becomes_of_the_file_is_told),
		cmocka_unit_test(what_is_not_whole_is_not_kept),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
