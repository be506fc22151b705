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
		struct stroke before = {.key = {(uint32_t)t->keys[0], false}, .at = t->at[0]};
		for (size_t k = 1; t->keys[k]; k++) {
			struct stroke s = {.key = {(uint32_t)t->keys[k], false}, .at = t->at[k]};
			if (pace_by_hand(&before, &s) != (t->by_hand[k - 1] == 'y'))
				fail_msg("%s, key %zu at %d", t->keys, k, t->at[k]);
			before = s;
		}
	}
}

/* Three keys that waited while the program worked for 240 ms were typed; thirty were not. */
static void keys_that_waited(void **state)
{
	struct stroke v[30] = {{.at = 0}};
	(void)state;
	pace_spread(v, 3, 1000, 1240);
	assert_int_equal(v[0].at, 1080);
	assert_int_equal(v[2].at, 1240);
	pace_spread(v, 30, 1000, 1240);
	assert_int_equal(v[1].at - v[0].at, 8);
	pace_spread(v, 2, 500, 500);
	assert_int_equal(v[0].at, v[1].at);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hands_and_machines),
		cmocka_unit_test(keys_that_waited),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
