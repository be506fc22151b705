/*
 * How the store and the selection grow: each step at 100,000 rows and at ten times as many, in
 * milliseconds, with the ratio (10 is linear). Prints a table; no threshold, machines differ.
 */
#include "../unit/alert_make.h"

#include "s3triage/alert/filter.h"

#include <malloc.h>
#include <stdio.h>
#include <time.h>

enum { SMALL = 100000, LARGE = 1000000, RAW = 2000 };

enum step { LOAD, DECIDE, FIRST, SORT_BY_BUCKET, SORT_BY_TIME, WORD, FIELD, ONE_VERDICT, FIND, STEPS };

static const char *const names[STEPS] = {"load (2 kB raw each)", "a decision each",
	"first selection", "sort by bucket", "sort by time", "filter: a word", "filter: dest:9999*",
	"one verdict, then update", "find by prefix"};

static double now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void load(struct store *s, unsigned n, double *ms)
{
	static char raw[RAW];
	for (unsigned i = 0; i < n;) {
		struct arena mem = {0};
		struct alert batch[1000];
		bool fresh;
		for (unsigned k = 0; k < 1000; k++) {
			batch[k] = make_alert(&mem, i + k);
			batch[k].time += (int64_t)(i + k) * 7919 % 100000007;
		}
		double start = now_ms();
		for (unsigned k = 0; k < 1000; k++)
			store_add(s, &batch[k], (struct str){raw, sizeof(raw)}, &fresh);
		*ms += now_ms() - start;
		i += 1000;
		arena_fini(&mem);
	}
}

static void select_with(struct selection *sel, const char *text, double *ms)
{
	double start = now_ms();
	selection_filter(sel, filter_compile(str_c(text), MAKE_T0, NULL));
	*ms = now_ms() - start;
}

static void measure(unsigned n, double ms[STEPS], double *bytes)
{
	struct mallinfo2 before = mallinfo2();
	struct store *s = store_new();
	load(s, n, &ms[LOAD]);
	struct mallinfo2 held = mallinfo2();
	*bytes = (double)(held.uordblks + held.hblkhd - before.uordblks - before.hblkhd) / n;
	double start = now_ms();
	for (row_id r = 0; r < n; r++) {
		struct decision d = make_decision(store_alert(s, r), r + 1, (enum verdict)(r % 3));
		store_decide(s, &d);
	}
	ms[DECIDE] = now_ms() - start;
	struct selection *sel = selection_new(s);
	start = now_ms();
	selection_update(sel);
	ms[FIRST] = now_ms() - start;
	start = now_ms();
	selection_sort(sel, SORT_BUCKET, false);
	ms[SORT_BY_BUCKET] = now_ms() - start;
	start = now_ms();
	selection_sort(sel, SORT_TIME, true);
	ms[SORT_BY_TIME] = now_ms() - start;
	select_with(sel, "user-2", &ms[WORD]);
	select_with(sel, "dest:9999*", &ms[FIELD]);
	select_with(sel, "", &ms[FIND]);
	struct decision d = make_decision(store_alert(s, n / 2), n + 1, VERDICT_OPEN);
	start = now_ms();
	store_decide(s, &d);
	selection_update(sel);
	ms[ONE_VERDICT] = now_ms() - start;
	start = now_ms();
	store_find(s, STR("alert-00"), NULL);
	ms[FIND] = now_ms() - start;
	selection_free(sel);
	store_free(s);
}

int main(void)
{
	double small[STEPS] = {0}, large[STEPS] = {0}, bytes[2];
	measure(SMALL, small, &bytes[0]);
	measure(LARGE, large, &bytes[1]);
	fprintf(stdout, "%-28s %10d %10d  ratio\n", "", SMALL, LARGE);
	for (int i = 0; i < STEPS; i++)
		fprintf(stdout, "%-28s %7.1f ms %7.1f ms  %5.1f\n", names[i], small[i], large[i],
			large[i] / small[i]);
	fprintf(stdout, "%-28s %10.0f %10.0f\n", "bytes held an alert", bytes[0], bytes[1]);
	return 0;
}
