/*
 * Any bytes in the filter bar: refused with a message, or a filter that answers for every row, and
 * whose selection agrees with it.
 */
#include "../unit/alert_make.h"

#include "s3triage/alert/filter.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void must(bool fine)
{
	if (!fine)
		abort();
}

static struct store *the_store(void)
{
	static struct store *s;
	static struct arena mem;
	if (s)
		return s;
	s = store_new();
	for (unsigned i = 0; i < 12; i++) {
		struct alert a = make_alert(&mem, i);
		bool fresh;
		store_add(s, &a, STR("{}"), &fresh);
		struct decision d = make_decision(&a, i + 1, (enum verdict)(i % VERDICTS));
		if (i % 2)
			store_decide(s, &d);
	}
	return s;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct store *s = the_store();
	struct err err = {0};
	struct str text = {(const char *)data, n};
	struct filter *f = filter_compile(text, MAKE_T0, &err);
	if (!f) {
		must(err.code != ERR_NONE && err.text[0]);
		return 0;
	}
	struct selection *sel = selection_new(s);
	selection_filter(sel, f);
	selection_sort(sel, (enum sort_key)(n % SORT_KEYS), n % 2);
	for (row_id r = 0; r < store_count(s); r++)
		must(filter_match(f, s, r) == (selection_index(sel, r) != STR_NONE));
	selection_free(sel);
	return 0;
}
