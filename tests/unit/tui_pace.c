/*
 * What a hand can have struck, and what only a machine sends.
 */
#include "../../src/tui/pace.h"

#include "../unit.h"

#include "s3triage/base/mem.h"

struct trial {
	const char *keys;
	int at[6];          /* ms */
	const char *by_hand; /* 'y' or 'n' for each key from the second on */
};

static const struct trial trials[] = {
	{"as", {0, 0}, "n"}, {"as", {0, 69}, "n"}, {"as", {0, 70}, "y"}, {"aso", {0, 12, 90}, "ny"},
	{"aa", {0, 0}, "n"}, {"aa", {0, 9}, "n"}, {"aaa", {0, 15, 30}, "yy"}, /* held */
	{"jjja", {0, 30, 60, 65}, "yyy"}, {"jjaj", {0, 30, 35, 36}, "yyn"},  /* a second finger */
	{"jjja", {0, 0, 0, 0}, "nnn"}, {"jjja", {0, 2, 4, 6}, "nnn"}, {"jja", {0, 300, 310}, "yn"},
};

static void hands_and_machines(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(trials); i++) {
		const struct trial *t = &trials[i];
		struct stroke before = {.key = {(uint32_t)t->keys[0], false}, .since = t->at[0], .at = t->at[0]};
		for (size_t k = 1; t->keys[k]; k++) {
			struct stroke s = {.key = {(uint32_t)t->keys[k], false}, .since = t->at[k],
				.at = t->at[k]};
			if (pace_by_hand(&before, &s) != (t->by_hand[k - 1] == 'y'))
				fail_msg("%s, key %zu at %d", t->keys, k, t->at[k]);
			before = s;
		}
	}
}

/* When a key came between two looks, it may have come at once behind the one before. */
static void what_nobody_looked_at_was_fast(void **state)
{
	(void)state;
	struct stroke j = {.key = {'j', false}, .since = 990, .at = 1000};
	struct stroke s = {.key = {'s', false}, .since = 1010, .at = 1200};
	assert_false(pace_by_hand(&j, &s));
	s.since = 1070;
	assert_true(pace_by_hand(&j, &s));
	s.since = j.since; /* read with it */
	assert_false(pace_by_hand(&j, &s));
	struct stroke again = {.key = {'j', false}, .since = 1015, .at = 1300};
	assert_true(pace_by_hand(&j, &again) && again.held);
	assert_true(pace_again(&j, &again) && !pace_again(&j, &s));
	again.since = 1999;
	assert_true(pace_again(&j, &again));
	again.since = 2000;
	assert_false(pace_again(&j, &again));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hands_and_machines),
		cmocka_unit_test(what_nobody_looked_at_was_fast),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
