/*
 * Timelines of few principals and buckets at few times, so that all that can coincide does: each
 * agrees with a search through everything, entry by entry, and so do the calls before an alert.
 */
#include "../unit/alert_make.h"

#include "s3triage/insight/context.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

#define EVENTS_MAX 64

static void must(bool fine)
{
	if (!fine)
		abort();
}

static const char *const arns[] = {"", "arn:aws:iam::1:user/kim",
	"arn:aws:sts::1:assumed-role/deploy/s1", "arn:aws:sts::1:assumed-role/deploy/s2"};
static const char *const buckets[] = {"", "payroll", "other", "arn:aws:iam::1:user/kim"};

struct all {
	struct arena mem;
	struct store *store;
	struct context *context;
	struct activity event[EVENTS_MAX];
	size_t n;
};

static void add_alert(struct all *all, const uint8_t *d)
{
	bool fresh;
	unsigned id = d[3] % 8;
	struct alert a = make_alert(&all->mem, id);
	a.event_id = arena_fmt(&all->mem, "e%u", id);
	a.actor_arn = str_c(arns[d[1] & 3]);
	a.actor = (struct str){0};
	a.bucket = str_c(buckets[d[1] >> 2 & 3]);
	a.time = MAKE_T0 + d[2] % 16;
	store_add(all->store, &a, STR("{}"), &fresh);
}

static void add_event(struct all *all, const uint8_t *d)
{
	struct related r = {.what = {.time = MAKE_T0 + d[2] % 16, .call = d[0] % CALL_COUNT,
		.event_id = arena_fmt(&all->mem, "e%u", d[3] % 32), .actor_arn = str_c(arns[d[1] & 3]),
		.bucket = str_c(buckets[d[1] >> 2 & 3])}};
	r.what.principal = principal_of(r.what.actor_arn, r.what.actor);
	if (r.what.call == CALL_AssumeRole)
		r.what.other = principal_of(str_c(arns[d[1] >> 4 & 3]), (struct str){0});
	context_add(all->context, &r);
	for (size_t i = 0; i < all->n; i++)
		if (str_eq(all->event[i].event_id, r.what.event_id))
			return;
	all->event[all->n++] = r.what;
}

static bool same(struct str a, struct str b)
{
	return a.n && str_eq(a, b);
}

static bool inside(int64_t time, int64_t at, int64_t window)
{
	return time >= at - window && time <= at + window;
}

static size_t count_alerts(const struct all *all, const struct alert *of, int64_t window)
{
	size_t n = 0;
	for (row_id r = 0; r < store_count(all->store); r++) {
		const struct alert *a = store_alert(all->store, r);
		n += inside(a->time, of->time, window) && (same(a->bucket, of->bucket) ||
			same(principal_of(a->actor_arn, a->actor), principal_of(of->actor_arn, of->actor)));
	}
	return n;
}

static bool belongs(const struct activity *e, const struct alert *of)
{
	struct str principal = principal_of(of->actor_arn, of->actor);
	return same(e->principal, principal) || same(e->other, principal) || same(e->bucket, of->bucket);
}

static size_t count_events(const struct all *all, const struct alert *of, int64_t window)
{
	size_t n = 0;
	for (size_t i = 0; i < all->n; i++)
		n += inside(all->event[i].time, of->time, window) && belongs(&all->event[i], of) &&
			!store_has_event(all->store, all->event[i].event_id);
	return n;
}

static void check_entries(const struct timeline *t, const struct alert *of, int64_t window, row_id self)
{
	size_t selves = 0;
	for (size_t i = 0; i < t->n; i++) {
		const struct timeline_entry *e = &t->entries[i];
		must(inside(e->time, of->time, window) && (i == 0 || t->entries[i - 1].time <= e->time));
		must(e->self == (e->row == self));
		must(e->self || e->same_principal || e->same_bucket || e->opens || e->behind);
		selves += e->self;
	}
	must(selves <= 1);
}

static void check_calls(struct all *all, row_id row, int64_t before)
{
	const struct alert *of = store_alert(all->store, row);
	uint64_t want = 0, got = context_calls(all->context, row, before, NULL);
	for (size_t i = 0; i < all->n; i++) {
		const struct activity *e = &all->event[i];
		if (e->time >= of->time - before && e->time <= of->time &&
			same(e->principal, principal_of(of->actor_arn, of->actor)))
			want |= UINT64_C(1) << e->call;
	}
	must((want & ~got) == 0);
}

static void check(struct all *all, int64_t window)
{
	for (row_id r = 0; r < store_count(all->store); r++) {
		const struct alert *a = store_alert(all->store, r);
		const struct timeline_want want = {.window_ms = window};
		struct timeline t;
		context_timeline(all->context, r, &want, &all->mem, &t);
		must(t.n == count_alerts(all, a, window) + count_events(all, a, window));
		must(t.left_out == 0);
		check_entries(&t, a, window, r);
		check_calls(all, r, window);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct all all = {.store = store_new()};
	all.context = context_new(all.store);
	for (size_t i = 1; i + 4 <= n && i / 4 < EVENTS_MAX; i += 4) {
		if (data[i] >= 0xE0)
			add_alert(&all, data + i);
		else
			add_event(&all, data + i);
		if (data[i] == 0xFF) /* in between, as a console asks while a scan goes on */
			check(&all, data[0] % 16);
	}
	check(&all, n ? data[0] % 16 : 0);
	context_free(all.context);
	store_free(all.store);
	arena_fini(&all.mem);
	return 0;
}
