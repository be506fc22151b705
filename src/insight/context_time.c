/*
 * context_time: the events around one alert, nearest first when there are too many, and which
 * calls its principal made before it.
 */
#include "context_priv.h"

#include "s3triage/base/when.h"

#include <stdlib.h>

enum { BEHIND_MAX = 4 };

/* What is looked for around which alert. */
struct around {
	struct context *c;
	row_id row;
	const struct alert *alert;
	struct str principal, bucket;
	struct str behind[BEHIND_MAX]; /* who opened the session, and who opened theirs */
	size_t n_behind;
	int64_t from, until;
	size_t max;
	uint64_t named; /* bits of the calls that the guide names */
	struct timeline_entry *entries;
	size_t n, total;
};

static int64_t plus(int64_t time, int64_t ms)
{
	int64_t sum;
	if (__builtin_add_overflow(time, ms, &sum))
		return ms < 0 ? INT64_MIN + 1 : INT64_MAX;
	return sum;
}

static uint64_t named_calls(struct str guide)
{
	uint64_t bits = 0;
	for (unsigned i = 0; i < CALL_COUNT; i++) {
		enum call call = (enum call)i;
		bool named = guide.n ? text_holds_word(guide, str_c(call_name(call))) : call_in_guide(call);
		bits |= (uint64_t)named << i;
	}
	return bits;
}

static void fill_alert(const struct around *w, row_id row, struct timeline_entry *out)
{
	const struct alert *a = store_alert(w->c->alerts, row);
	bool config = alert_is_config(a);
	out->time = a->time;
	out->kind = config ? CALL_PutBucketReplication : CALL_NONE;
	out->action = config ? str_c(call_name(out->kind)) : a->rule;
	char tmp[ALERT_WHO_MAX];
	out->actor = a->actor;
	out->who = intern(&w->c->words, alert_who(a, tmp));
	out->principal = context_principal(w->c, a);
	out->bucket = context_bucket(w->c, a);
	out->target = alert_main_dest(a)->bucket;
	out->result = a->traits & TRAIT_FAILED ? STR("failed") : (struct str){0};
	out->ip = a->ip;
	out->event_id = a->event_id;
	out->row = row;
	out->alert = true;
	out->self = row == w->row;
}

static void fill_event(const struct around *w, uint32_t id, struct timeline_entry *out)
{
	const struct event *e = event_at(w->c, id);
	out->time = e->what.time;
	out->kind = e->what.call;
	out->action = str_c(call_name(e->what.call));
	out->actor = e->what.actor;
	out->who = e->what.who;
	out->principal = e->what.principal;
	out->bucket = e->what.bucket;
	out->target = e->what.target;
	out->result = e->what.result;
	out->ip = e->what.ip;
	out->event_id = e->what.event_id;
	out->alert = e->near != ROW_NONE && !w->c->facts[e->near].why.n;
	out->near = out->alert ? ROW_NONE : e->near;
	out->opens = e->what.other.n && e->what.other.p == w->principal.p;
	if (out->opens)
		out->part = e->what.made.n && str_eq(e->what.made, w->alert->key_id) ? STR("opened the session") :
			STR("opened a session of the role");
}

/* An event that is an alert by now stands there as the alert. */
static bool is_alert_too(const struct around *w, uint32_t id)
{
	return !(id & REF_ALERT) &&
		store_has_event(w->c->alerts, event_at(w->c, id)->what.event_id);
}

static void context_time_take(struct around *w, uint32_t id)
{
	if (is_alert_too(w, id)) {
		w->total--;
		return;
	}
	struct timeline_entry *e = &w->entries[w->n++];
	*e = (struct timeline_entry){.row = ROW_NONE, .near = ROW_NONE};
	if (id & REF_ALERT)
		fill_alert(w, id & ~REF_ALERT, e);
	else
		fill_event(w, id, e);
	e->same_principal = w->principal.n && e->principal.p == w->principal.p;
	for (size_t i = 0; i < w->n_behind; i++)
		e->behind |= e->principal.p == w->behind[i].p;
	if (e->behind && !e->part.n)
		e->part = STR("behind the session");
	e->same_bucket = w->bucket.n && e->bucket.p == w->bucket.p;
	e->named = e->kind != CALL_NONE && (w->named >> e->kind & 1);
}

/* In which order lists are taken: an event stands in each that it belongs to, and is taken with the first. */
enum list_kind { LIST_PRINCIPAL, LIST_OPENS, LIST_BEHIND, LIST_BUCKET };

static bool was_taken(const struct timeline_entry *e, enum list_kind kind)
{
	return (kind > LIST_PRINCIPAL && e->same_principal) || (kind > LIST_OPENS && e->opens) ||
		(kind > LIST_BEHIND && e->behind);
}

/* At most `max` before the alert and as many from it on. */
static void take_list(struct around *w, enum list_kind kind, enum index_kind from, struct str key)
{
	const struct refs *list = index_get(&w->c->index, from, key);
	if (!list || !key.n)
		return;
	size_t first = refs_from(list, (struct ref){w->from, 0});
	size_t end = refs_from(list, (struct ref){plus(w->until, 1), 0});
	size_t middle = refs_from(list, (struct ref){w->alert->time, w->row | REF_ALERT});
	size_t low = middle > first + w->max ? middle - w->max : first;
	size_t high = end > middle + w->max ? middle + w->max : end;
	w->total += end - first;
	for (size_t i = low; i < high; i++) {
		size_t before = w->n;
		context_time_take(w, list->v[i].id);
		if (w->n > before && was_taken(&w->entries[before], kind)) {
			w->n--;
			w->total--;
		}
	}
}

static int compare_distance(const void *left, const void *right, void *arg)
{
	const struct timeline_entry *a = left, *b = right;
	int64_t at = *(const int64_t *)arg;
	uint64_t da = a->time < at ? (uint64_t)at - (uint64_t)a->time : (uint64_t)a->time - (uint64_t)at;
	uint64_t db = b->time < at ? (uint64_t)at - (uint64_t)b->time : (uint64_t)b->time - (uint64_t)at;
	if (a->self != b->self)
		return a->self ? -1 : 1;
	if (da != db)
		return da < db ? -1 : 1;
	return str_cmp(a->event_id, b->event_id);
}

static int compare_time(const void *left, const void *right)
{
	const struct timeline_entry *a = left, *b = right;
	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	int order = str_cmp(a->event_id, b->event_id);
	return order ? order : a->row < b->row ? -1 : a->row > b->row;
}

static void context_time_cut(struct around *w, struct timeline *out)
{
	if (w->n > w->max) {
		int64_t at = w->alert->time;
		qsort_r(w->entries, w->n, sizeof(*w->entries), compare_distance, &at);
		w->n = w->max;
	}
	if (w->n > 1)
		qsort(w->entries, w->n, sizeof(*w->entries), compare_time);
	out->entries = w->entries;
	out->n = w->n;
	out->left_out = w->total > w->n ? w->total - w->n : 0;
}

static bool stands_behind(const struct around *w, struct str principal)
{
	for (size_t i = 0; i < w->n_behind; i++)
		if (w->behind[i].p == principal.p)
			return true;
	return !principal.n || principal.p == w->principal.p;
}

/* Who made the key that the alert was sent with, and the key that it was made with, and so on. */
static void find_behind(struct around *w)
{
	struct str key = w->alert->key_id;
	for (size_t deep = 0; key.n && deep < 2 * BEHIND_MAX; deep++) {
		const struct refs *list = index_get(&w->c->index, INDEX_MADE, intern(&w->c->words, key));
		const struct activity *made = list && list->n ? &event_at(w->c, list->v[0].id)->what : NULL;
		if (made && w->n_behind < BEHIND_MAX && !stands_behind(w, made->principal))
			w->behind[w->n_behind++] = made->principal;
		key = made ? made->key_id : (struct str){0};
	}
}

void context_timeline(struct context *c, row_id row, const struct timeline_want *want,
	struct arena *mem, struct timeline *out)
{
	context_update(c);
	const struct alert *a = store_alert(c->alerts, row);
	*out = (struct timeline){.timeless = a->time == WHEN_NONE};
	if (out->timeless)
		return;
	struct around w = {.c = c, .row = row, .alert = a, .named = named_calls(want->guide),
		.max = want->max && want->max < TIMELINE_MAX ? want->max : TIMELINE_MAX,
		.principal = context_principal(c, a), .bucket = context_bucket(c, a)};
	w.from = plus(a->time, -want->window_ms);
	w.until = plus(a->time, want->window_ms);
	find_behind(&w);
	w.entries = arena_array(mem, 2 * (3 + w.n_behind) * w.max, sizeof(*w.entries));
	take_list(&w, LIST_PRINCIPAL, INDEX_PRINCIPAL, w.principal);
	take_list(&w, LIST_OPENS, INDEX_OPENS, w.principal);
	for (size_t i = 0; i < w.n_behind; i++)
		take_list(&w, LIST_BEHIND, INDEX_PRINCIPAL, w.behind[i]);
	take_list(&w, LIST_BUCKET, INDEX_BUCKET, w.bucket);
	context_time_cut(&w, out);
}

static bool was_refused(const struct context *c, uint32_t id)
{
	if (id & REF_ALERT)
		return store_alert(c->alerts, id & ~REF_ALERT)->traits & TRAIT_FAILED;
	return event_at(c, id)->what.result.n > 0;
}

uint64_t context_calls(struct context *c, row_id row, int64_t before_ms, uint64_t *refused)
{
	enum { LOOK_MAX = 1000 }; /* refused ones of one call; behind them it is taken as done */
	context_update(c);
	const struct alert *a = store_alert(c->alerts, row);
	struct str principal = context_principal(c, a);
	int64_t from = plus(a->time, -before_ms);
	uint64_t bits = 0, failed = 0;
	for (unsigned i = 0; i < CALL_COUNT; i++) {
		const struct refs *list = index_get(&c->index, INDEX_CALL + i, principal);
		size_t at = refs_from(list, (struct ref){from, 0}), n = 0;
		while (list && at + n < list->n && list->v[at + n].time <= a->time && n < LOOK_MAX &&
			was_refused(c, list->v[at + n].id))
			n++;
		bool any = list && at < list->n && list->v[at].time <= a->time;
		bool done = any && at + n < list->n && list->v[at + n].time <= a->time;
		bits |= (uint64_t)any << i;
		failed |= (uint64_t)(any && !done) << i;
	}
	if (refused)
		*refused = failed;
	return bits;
}

size_t context_calls_around(struct context *c, row_id row, int64_t window_ms,
	struct call_seen out[CALL_COUNT])
{
	context_update(c);
	const struct alert *a = store_alert(c->alerts, row);
	struct str principal = context_principal(c, a);
	memset(out, 0, CALL_COUNT * sizeof(*out));
	if (a->time == WHEN_NONE)
		return 0;
	struct ref from = {plus(a->time, -window_ms), 0}, end = {plus(plus(a->time, window_ms), 1), 0};
	const struct refs *all = index_get(&c->index, INDEX_PRINCIPAL, principal);
	size_t looked = all ? refs_from(all, end) - refs_from(all, from) : 0;
	for (unsigned i = 0; i < CALL_COUNT; i++) {
		const struct refs *list = index_get(&c->index, INDEX_CALL + i, principal);
		size_t at = list ? refs_from(list, from) : 0, until = list ? refs_from(list, end) : 0;
		struct call_seen *seen = &out[i];
		if (at < until) {
			seen->first = list->v[at].time;
			seen->last = list->v[until - 1].time;
		}
		for (; at < until; at++, seen->n++)
			seen->refused += was_refused(c, list->v[at].id);
	}
	return looked;
}
