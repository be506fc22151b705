#include "s3triage/scan/dedup.h"

#include "../unit.h"
#include "s3triage/base/mem.h"

#include <stdio.h>

static bool add(struct dedup *s, unsigned n, uint32_t state)
{
	char id[32];
	snprintf(id, sizeof(id), "doc-%u", n);
	const struct dedup_doc d = {STR("index"), str_c(id), state};
	return dedup_add(s, &d);
}

static void knows_a_document_again(void **state)
{
	(void)state;
	struct dedup s = {0};
	for (unsigned round = 0; round < 2; round++)
		for (unsigned n = 0; n < 5000; n++)
			assert_int_equal(add(&s, n, 0), round);
	const struct dedup_doc elsewhere = {STR("other"), STR("doc-1"), 0};
	assert_false(dedup_add(&s, &elsewhere));
	dedup_fini(&s);
}

/* Also where it comes back to a state that it had before: closed, opened, closed. */
static void a_document_that_changed_is_new(void **state)
{
	(void)state;
	struct dedup s = {0};
	static const uint32_t states[] = {0, 7, 7, 9, 7, 0};
	static const bool known[] = {false, false, true, false, false, false};
	for (size_t i = 0; i < ARRAY_LEN(states); i++)
		for (unsigned n = 0; n < 3000; n++)
			assert_int_equal(add(&s, n, states[i]), known[i]);
	assert_true(add(&s, 1, 0));
	dedup_fini(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_a_document_again),
		cmocka_unit_test(a_document_that_changed_is_new),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
