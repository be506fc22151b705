/*
 * habits: what is usual. Rows with one principal and one set of destinations are a habit; of each is
 * counted how often a value is met. Counts are made anew when anything changed, what was read of a row
 * is kept. Rows that were decided suspicious make nothing usual.
 */
#include "outliers_priv.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/vec.h"
#include "s3triage/base/when.h"

#include <stdlib.h>
#include <string.h>

enum { HOUR_MS = 3600 * 1000, TENTH = 10, HOURS_MIN = 6, HOURS_WIDEST = 14, DAY = 24 };
/* Of `names`: what its values are names of. */
enum { NAME_HABIT, NAME_BUCKET, NAME_LIKE_DEST, NAME_LIKE_ACTOR, NAME_LIKE_OWNER };

/* ---- counting ----------------------------------------------------------------------------- */

struct count_key {
	uint64_t value;
	uint32_t habit, what;
};

static bool count_same(const void *owner, uint32_t at, const void *key)
{
	const struct habit_count *x = &((const struct habit_counts *)owner)->v[at];
	const struct count_key *k = key;
	return x->value == k->value && x->habit == k->habit && x->what == k->what;
}

static struct habit_count *counts_find(const struct habit_counts *c, const struct count_key *k)
{
	const struct table_key key = {hash_mix(k->value, (uint64_t)k->habit << 8 | k->what), k,
		count_same, c};
	uint32_t at = table_find(&c->table, &key);
	return at == TABLE_NONE ? NULL : &c->v[at];
}

/* The place of a value, made when it was not met; its first row is `r`. */
static struct habit_count *counts_at(struct habit_counts *c, uint32_t habit, uint32_t what,
	uint64_t value, row_id r)
{
	const struct count_key k = {value, habit, what};
	struct habit_count *x = counts_find(c, &k);
	if (x)
		return x;
	c->v = vec_room(c->v, c->n, &c->cap, sizeof(*c->v));
	table_put(&c->table, hash_mix(value, (uint64_t)habit << 8 | what), (uint32_t)c->n);
	c->v[c->n] = (struct habit_count){.value = value, .habit = habit, .what = what, .row = r};
	return &c->v[c->n++];
}

static void counts_clear(struct habit_counts *c)
{
	table_clear(&c->table);
	c->n = 0;
}

static void counts_fini(struct habit_counts *c)
{
	table_fini(&c->table);
	free(c->v);
}

static uint32_t counts_of(const struct habit_counts *c, uint32_t habit, uint32_t what, uint64_t value)
{
	const struct habit_count *x = counts_find(c, &(struct count_key){value, habit, what});
	return x ? x->n : 0;
}

uint32_t habit_times(const struct habits *h, uint32_t habit, uint32_t what, uint64_t value)
{
	return counts_of(&h->counts, habit, what, value);
}

/* ---- rows --------------------------------------------------------------------------------- */

int habit_hour(int64_t ms)
{
	int64_t hour = ms / HOUR_MS - (ms % HOUR_MS < 0);
	return (int)((hour % DAY + DAY) % DAY);
}

int64_t habit_month(int64_t ms)
{
	const int64_t month = INT64_C(30) * DAY * HOUR_MS;
	return ms / month - (ms % month < 0);
}

static void habits_take_in(struct habits *h)
{
	size_t n = store_count(h->store), changes = store_change_count(h->store);
	h->rows = vec_room(h->rows, n, &h->cap_rows, sizeof(*h->rows));
	if (n > h->n_rows)
		memset(h->rows + h->n_rows, 0, (n - h->n_rows) * sizeof(*h->rows));
	h->n_rows = n;
	for (size_t i = h->seen_changes; i < changes; i++) {
		row_id r = store_change_at(h->store, i);
		if (store_change_of_facts(h->store, i))
			h->rows[r].read = false;
	}
}

static uint32_t add_habit(struct habits *h, row_id r)
{
	h->v = vec_room(h->v, h->n, &h->cap, sizeof(*h->v));
	h->v[h->n] = (struct habit){.example = r, .first = INT64_MAX, .last = INT64_MIN};
	memset(h->v[h->n].usual, 0xff, sizeof(h->v[h->n].usual)); /* ROW_NONE */
	return (uint32_t)h->n++;
}

static void name_row(struct habits *h, row_id r)
{
	struct habit_row *x = &h->rows[r];
	if (!x->read)
		habit_row_read(h, r, x);
	uint64_t key = x->dest * UINT64_C(0xC2B2AE3D27D4EB4F) ^ x->actor;
	struct habit_count *own = counts_at(&h->names, 0, NAME_HABIT, key, r);
	if (!own->n)
		own->n = add_habit(h, r);
	x->habit = own->n;
	struct habit_count *bucket = counts_at(&h->names, 0, NAME_BUCKET, x->bucket, r);
	x->before = bucket->n; /* the row + 1 */
	bucket->n = r + 1;
}

static void habits_count(struct habits *h, uint32_t habit, uint32_t what, uint64_t value, row_id r)
{
	counts_at(&h->counts, habit, what, value, r)->n++;
}

static void count_bits(struct habits *h, uint32_t habit, uint32_t first, uint64_t bits)
{
	for (; bits; bits &= bits - 1)
		habits_count(h, habit, first + (uint32_t)__builtin_ctzll(bits), 1, 0);
}

static void count_row(struct habits *h, row_id r)
{
	const struct habit_row *x = &h->rows[r];
	struct habit *own = &h->v[x->habit];
	int64_t time = store_alert(h->store, r)->time;
	own->n++;
	h->v[0].n++;
	for (uint32_t f = 0; f < HABIT_FACTS; f++) {
		if (!x->fact[f])
			continue;
		own->with[f]++;
		habits_count(h, x->habit, f, x->fact[f], r);
	}
	if (x->unknown)
		habits_count(h, 0, COUNT_UNKNOWN, 1, r);
	if (time != WHEN_NONE) {
		own->first = time < own->first ? time : own->first;
		own->last = time > own->last ? time : own->last;
		habits_count(h, x->habit, COUNT_HOUR, (uint64_t)habit_hour(time), r);
		habits_count(h, x->habit, COUNT_MONTH, (uint64_t)habit_month(time), r);
	}
	const uint32_t both[] = {0, x->habit};
	for (size_t i = 0; i < ARRAY_LEN(both); i++) {
		count_bits(h, both[i], COUNT_TRAIT, x->traits);
		count_bits(h, both[i], COUNT_SIGNAL, store_signals(h->store, r));
	}
}

/* ---- what is usual ------------------------------------------------------------------------ */

bool habit_is_rare(uint32_t times, uint32_t n)
{
	return times < HABIT_MIN || (uint64_t)times * TENTH < n;
}

static void find_usual(struct habits *h)
{
	for (size_t i = 0; i < h->counts.n; i++) {
		const struct habit_count *c = &h->counts.v[i];
		const uint32_t f = c->what;
		if (f >= HABIT_FACTS)
			continue;
		struct habit *x = &h->v[c->habit];
		if (habit_is_rare(c->n, x->with[f]))
			continue;
		uint32_t most = x->usual[f] == ROW_NONE ? 0 :
			habit_times(h, c->habit, f, h->rows[x->usual[f]].fact[f]);
		if (c->n > most || (c->n == most && c->row < x->usual[f]))
			x->usual[f] = c->row;
		x->cover[f] += c->n;
	}
}

static void name_like(struct habits *h, uint32_t i, uint32_t kind, uint64_t value)
{
	struct habit_count *c = counts_at(&h->names, 0, kind, value, 0);
	if (!c->n || h->v[i].n > h->v[c->n].n)
		c->n = i;
}

/* The shortest stretch of the day, going round midnight, that holds seven of eight; of equals the
 * one with the most, then the first. */
static void find_hours(const struct habits *h, uint32_t habit)
{
	struct habit *x = &h->v[habit];
	size_t by_hour[DAY], with = 0;
	for (int i = 0; i < DAY; i++)
		with += by_hour[i] = habit_times(h, habit, COUNT_HOUR, (uint64_t)i);
	for (int length = 1; with >= HOURS_MIN && length <= HOURS_WIDEST && !x->hours; length++) {
		size_t most = 0;
		for (int first = 0; first < DAY; first++) {
			size_t in = 0;
			for (int k = 0; k < length; k++)
				in += by_hour[(first + k) % DAY];
			if (in * 8 < with * 7 || in <= most)
				continue;
			most = in;
			x->hour = first;
			x->hours = length;
		}
	}
}

/* For each value the largest habit that has it. */
static void find_like(struct habits *h)
{
	for (uint32_t i = 1; i < h->n; i++) {
		const struct habit_row *x = &h->rows[h->v[i].example];
		if (h->v[i].n < HABIT_MIN)
			continue;
		find_hours(h, i);
		name_like(h, i, NAME_LIKE_DEST, x->dest);
		name_like(h, i, NAME_LIKE_ACTOR, x->actor);
		name_like(h, i, NAME_LIKE_OWNER, x->fact[OUT_OWNER]);
	}
}

uint32_t habit_like(const struct habits *h, const struct habit_row *r)
{
	return h->v[r->habit].n >= HABIT_MIN ? r->habit : habit_largest(h, r);
}

uint32_t habit_largest(const struct habits *h, const struct habit_row *r)
{
	uint32_t like = counts_of(&h->names, 0, NAME_LIKE_DEST, r->dest);
	if (!like)
		like = counts_of(&h->names, 0, NAME_LIKE_ACTOR, r->actor);
	return like ? like : counts_of(&h->names, 0, NAME_LIKE_OWNER, r->fact[OUT_OWNER]);
}

uint32_t habit_of_actor(const struct habits *h, const struct habit_row *r)
{
	return counts_of(&h->names, 0, NAME_LIKE_ACTOR, r->actor);
}

uint32_t habit_newest(const struct habits *h, const struct habit_row *r)
{
	return counts_of(&h->names, 0, NAME_BUCKET, r->bucket);
}

/* ---- all ---------------------------------------------------------------------------------- */

static void count_again(struct habits *h, const row_id *only, size_t n)
{
	counts_clear(&h->counts);
	counts_clear(&h->names);
	h->n = 0;
	add_habit(h, 0);
	for (size_t i = 0; i < n; i++) {
		row_id r = only ? only[i] : (row_id)i;
		name_row(h, r);
		if (h->blind || store_verdict(h->store, r) != VERDICT_SUSPICIOUS)
			count_row(h, r);
	}
	find_usual(h);
	find_like(h);
}

void habits_update(struct habits *h, const row_id *only, size_t n)
{
	size_t changes = store_change_count(h->store);
	bool known = h->n_rows == store_count(h->store) && h->seen_changes == changes;
	if (!only && known && h->whole)
		return;
	habits_take_in(h);
	h->seen_changes = changes;
	h->whole = !only;
	count_again(h, only, only ? n : h->n_rows);
}

struct habits *habits_new(const struct store *s, const struct book *b)
{
	struct habits *h = mem_alloc(sizeof(*h));
	h->store = s;
	h->book = b;
	return h;
}

void habits_free(struct habits *h)
{
	if (!h)
		return;
	free(h->rows);
	free(h->v);
	counts_fini(&h->counts);
	counts_fini(&h->names);
	free(h);
}
