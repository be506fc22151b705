/*
 * story: adding up, and who was meant.
 */
#include "story_priv.h"

#include "s3triage/base/vec.h"
#include "s3triage/base/when.h"

#include <stdlib.h>

enum { IDS_MAX = 4000000, AS_BITS = 6 };
#define STORY_DAY_MS ((int64_t)86400000)

static const char *const story_rows[][3] = {
#define X(name, text, first) {#name, text, first},
	STORY_TABLES(X)
#undef X
};

const char *story_table_name(enum story_table t)
{
	return story_rows[t][0];
}

const char *story_table_text(enum story_table t)
{
	return story_rows[t][1];
}

const char *story_table_first(enum story_table t)
{
	return story_rows[t][2];
}

struct story *story_new(const struct story_ask *q)
{
	struct story *s = mem_alloc(sizeof(*s));
	s->ask = q;
	return s;
}

void story_free(struct story *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < STORY_KINDS; i++)
		count_fini(&s->named[i]);
	for (size_t i = 0; i < AS_BITS; i++)
		count_fini(&s->as[i]);
	for (size_t i = 0; i < STORY_TABLE_COUNT; i++)
		count_fini(&s->tables[i]);
	count_fini(&s->used);
	count_fini(&s->sessions);
	free(s->uses);
	table_fini(&s->once);
	free(s->ids);
	free(s->links);
	free(s->alerts);
	arena_fini(&s->mem);
	free(s);
}

static void count_value(struct counts *c, struct str value, const struct count_one *one)
{
	AUTO(buf_fini) struct buf key = {0};
	if (!value.n)
		return;
	count_key_put(&key, &value);
	count_add(c, buf_str(&key), one);
}

/* What was done with a key, or in a session whose key is not said. */
static void story_use(struct story *s, struct str what, const struct story_event *e)
{
	AUTO(buf_fini) struct buf key = {0};
	if (!what.n)
		return;
	count_key_put(&key, &what);
	count_key_put(&key, &e->call);
	count_add(&s->used, buf_str(&key), &e->one);
}

static bool id_same(const void *owner, uint32_t at, const void *key)
{
	return ((const struct story *)owner)->ids[at] == *(const uint64_t *)key;
}

static bool story_again(struct story *s, struct str once)
{
	uint64_t id = str_hash(once);
	const struct table_key k = {id, &id, id_same, s};
	if (!once.n)
		return false;
	if (table_find(&s->once, &k) != TABLE_NONE)
		return true;
	if (s->n_ids == IDS_MAX)
		return false;
	s->ids = vec_room(s->ids, s->n_ids, &s->ids_cap, sizeof(*s->ids));
	table_put(&s->once, id, (uint32_t)s->n_ids);
	s->ids[s->n_ids++] = id;
	return false;
}

static void keep_link(struct story *s, const struct story_event *e)
{
	if (s->n_links == STORY_LINKS_MAX) {
		s->unkept++;
		return;
	}
	s->links = vec_room(s->links, s->n_links, &s->links_cap, sizeof(*s->links));
	struct story_link *to = &s->links[s->n_links++];
	*to = *e->link;
	struct str *const texts[] = {&to->call, &to->by, &to->by_key, &to->by_arn, &to->key, &to->arn, &to->user};
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		*texts[i] = arena_str(&s->mem, *texts[i]);
	to->ours = e->as & ~(unsigned)AS_BUCKET;
}

/* Of a call whose event and whose alert are there, one. */
static void keep_alert(struct story *s, const struct story_alert *a)
{
	for (size_t i = 0; i < s->n_alerts; i++)
		if (s->alerts[i].time == a->time && str_eq(s->alerts[i].bucket, a->bucket))
			return;
	if (s->n_alerts == STORY_ALERTS_MAX) {
		s->unkept++;
		return;
	}
	s->alerts = vec_room(s->alerts, s->n_alerts, &s->alerts_cap, sizeof(*s->alerts));
	s->alerts[s->n_alerts++] = (struct story_alert){a->time, arena_str(&s->mem, a->id),
		arena_str(&s->mem, a->bucket), arena_str(&s->mem, a->account), arena_str(&s->mem, a->key)};
}

void story_add(struct story *s, const struct story_event *e)
{
	if (!e)
		return;
	if (story_again(s, e->once)) {
		s->repeats += e->as != 0;
		if (e->alert)
			keep_alert(s, e->alert);
		return;
	}
	for (size_t k = 0; k < STORY_KINDS; k++)
		count_value(&s->named[k], e->names[k], &e->one);
	story_use(s, e->names[STORY_KEY], e);
	if (!str_eq(e->session, e->names[STORY_KEY]))
		story_use(s, e->session, e);
	if (e->link)
		keep_link(s, e);
	if (!e->as)
		return;
	for (size_t i = 0; i < AS_BITS; i++)
		if (e->as & 1u << i)
			count_value(&s->as[i], e->names[STORY_PRINCIPAL], &e->one);
	count_sum_add(&s->sum, &e->one);
	count_value(&s->sessions, e->session, &e->one);
	for (size_t t = 0; t < STORY_TABLE_COUNT; t++)
		count_value(&s->tables[t], e->values[t], &e->one);
	if (e->alert)
		keep_alert(s, e->alert);
}

static int alerts_by_time(const void *a, const void *b)
{
	const struct story_alert *x = a, *y = b;
	return x->time != y->time ? (x->time < y->time ? -1 : 1) : str_cmp(x->id, y->id);
}

static int links_by_time(const void *a, const void *b)
{
	const struct story_link *x = a, *y = b;
	return x->time != y->time ? (x->time < y->time ? -1 : 1) : str_cmp(x->key, y->key);
}

static int uses_order(const void *a, const void *b)
{
	const struct story_use *x = a, *y = b;
	int order = str_cmp(x->what, y->what);
	if (order)
		return order;
	if (x->call.n != y->call.n)
		return x->call.n < y->call.n ? 1 : -1;
	return str_cmp(x->call.call, y->call.call);
}

static void end_uses(struct story *s)
{
	s->uses = mem_array(s->used.n + 1, sizeof(*s->uses));
	for (size_t i = 0; i < s->used.n; i++) {
		struct str key = s->used.v[i].key;
		bool missing;
		count_key_next(&key, &s->uses[i].what, &missing);
		count_key_next(&key, &s->uses[i].call.call, &missing);
		s->uses[i].call.n = s->used.v[i].sum.n;
	}
	qsort(s->uses, s->used.n, sizeof(*s->uses), uses_order);
}

/* Which of them the subject used, while the tables can be asked. */
static void end_links(struct story *s)
{
	for (size_t i = 0; i < s->n_links; i++) {
		AUTO(buf_fini) struct buf key = {0};
		struct story_link *l = &s->links[i];
		count_key_put(&key, l->key.n ? &l->key : &l->arn);
		l->used = count_find(l->key.n ? &s->tables[STORY_TABLE_key] : &s->sessions, buf_str(&key));
	}
	if (s->n_links)
		qsort(s->links, s->n_links, sizeof(*s->links), links_by_time);
}

static struct str only_value(struct str key)
{
	struct str value = {0};
	bool missing;
	count_key_next(&key, &value, &missing);
	return value;
}

/* Sessions of Identity Center's roles that are called so are one person's, whatever the role. */
static bool is_person(const struct counts *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (str_find(only_value(c->v[i].key), STR(":assumed-role/AWSReservedSSO_")) == STR_NONE)
			return false;
	return c->n && !c->rest.n;
}

/* One way to be the subject, and by a name one principal: else nobody knows which was meant. */
bool story_end(struct story *s)
{
	unsigned ways = 0;
	for (unsigned i = 0; i < AS_BITS; i++) {
		ways += s->as[i].n + s->as[i].rest.n > 0;
		if (s->as[i].n + s->as[i].rest.n)
			s->bit = 1u << i;
	}
	end_links(s);
	end_uses(s);
	for (size_t t = 0; t < STORY_TABLE_COUNT; t++)
		count_sort(&s->tables[t]);
	for (size_t k = 0; k < STORY_KINDS; k++)
		count_sort(&s->named[k]);
	if (s->n_alerts)
		qsort(s->alerts, s->n_alerts, sizeof(*s->alerts), alerts_by_time);
	return ways == 1 && (s->bit != AS_NAME || s->as[5].n == 1 || is_person(&s->as[5]));
}

enum story_kind story_kind(const struct story *s)
{
	switch (s->bit) {
	case AS_KEY: return STORY_KEY;
	case AS_ADDRESS: return STORY_ADDRESS;
	case AS_ACCOUNT: return STORY_ACCOUNT;
	case AS_BUCKET: return STORY_BUCKET;
	default: return STORY_PRINCIPAL;
	}
}

const struct count_sum *story_sum(const struct story *s)
{
	return &s->sum;
}

const struct counts *story_counts(const struct story *s, enum story_table t)
{
	return &s->tables[t];
}

unsigned long long story_repeats(const struct story *s)
{
	return s->repeats;
}

bool story_unsure(const struct story *s)
{
	return s->n_ids == IDS_MAX;
}

size_t story_unkept(const struct story *s)
{
	return s->unkept;
}

size_t story_alerts(const struct story *s, const struct story_alert **out)
{
	*out = s->alerts;
	return s->n_alerts;
}

const struct story_link *story_maker(const struct story *s, struct str key)
{
	for (size_t i = 0; key.n && i < s->n_links; i++)
		if (str_eq(s->links[i].key, key))
			return &s->links[i];
	return NULL;
}

/* ---- who was meant ------------------------------------------------------------------------------ */

static size_t put_near(struct story_near *out, size_t n, struct story_near one)
{
	for (size_t i = 0; i < n; i++)
		if (out[i].kind == one.kind && str_eq(out[i].text, one.text))
			return n;
	if (n < STORY_NEAR_MAX)
		out[n++] = one;
	return n;
}

/* Those who are called so, each by how it is one. */
static size_t near_exact(const struct story *s, struct story_near out[STORY_NEAR_MAX])
{
	static const enum story_kind kinds[AS_BITS] = {STORY_PRINCIPAL, STORY_KEY, STORY_ADDRESS, STORY_ACCOUNT,
		STORY_BUCKET, STORY_PRINCIPAL};
	size_t n = 0;
	for (size_t i = 0; i < AS_BITS; i++) {
		bool told_apart = kinds[i] == STORY_PRINCIPAL;
		struct count_sum all = s->as[i].rest;
		for (size_t k = 0; k < s->as[i].n; k++) {
			count_sum_join(&all, &s->as[i].v[k].sum);
			if (told_apart)
				n = put_near(out, n, (struct story_near){kinds[i], only_value(s->as[i].v[k].key),
					s->as[i].v[k].sum.n});
		}
		if (!told_apart && all.n)
			n = put_near(out, n, (struct story_near){kinds[i], s->ask->text, all.n});
	}
	return n;
}

/* How far a name is from what was asked for; STR_NONE: too far. */
static size_t near_distance(struct str name, struct str asked)
{
	size_t at = str_rfind_char(name, '/');
	struct str last = at == STR_NONE ? name : str_sub(name, at + 1, name.n);
	size_t edits = str_distance(last, asked), most = asked.n / 3 + 1;
	if (asked.n > 2 && str_find_fold(name, asked) != STR_NONE)
		return 0;
	return edits <= most ? edits : STR_NONE;
}

size_t story_near(const struct story *s, struct story_near out[STORY_NEAR_MAX])
{
	size_t n = near_exact(s, out);
	for (size_t edits = 0; !s->bit && edits < STR_DISTANCE_MAX && n < STORY_NEAR_MAX; edits++)
		for (size_t k = 0; k < STORY_KINDS; k++)
			for (size_t i = 0; i < s->named[k].n && s->ask->kinds & 1u << k; i++)
				if (near_distance(only_value(s->named[k].v[i].key), s->ask->text) == edits)
					n = put_near(out, n, (struct story_near){(enum story_kind)k,
						only_value(s->named[k].v[i].key), s->named[k].v[i].sum.n});
	return n;
}

/* ---- what is new -------------------------------------------------------------------------------- */

static int firsts_by_time(const void *a, const void *b)
{
	const struct story_first *x = a, *y = b;
	if (x->sum->first != y->sum->first)
		return x->sum->first < y->sum->first ? -1 : 1;
	return x->table != y->table ? (x->table < y->table ? -1 : 1) : str_cmp(x->value, y->value);
}

size_t story_new_around(const struct story *s, int64_t at, struct arena *mem, struct story_first **out,
	bool *all)
{
	static const enum story_table tables[] = {STORY_TABLE_guide, STORY_TABLE_changes, STORY_TABLE_reads,
		STORY_TABLE_principal, STORY_TABLE_key, STORY_TABLE_address, STORY_TABLE_agent, STORY_TABLE_region,
		STORY_TABLE_service, STORY_TABLE_bucket, STORY_TABLE_account};
	size_t n = 0, most = 0;
	for (size_t i = 0; i < ARRAY_LEN(tables); i++)
		most += s->tables[tables[i]].n;
	*out = arena_array(mem, most + 1, sizeof(**out));
	*all = at == WHEN_NONE || s->sum.first == WHEN_NONE || s->sum.first >= at - STORY_DAY_MS;
	for (size_t i = 0; i < ARRAY_LEN(tables) && !*all; i++) {
		const struct counts *c = &s->tables[tables[i]];
		for (size_t k = 0; k < c->n; k++) {
			int64_t first = c->v[k].sum.first;
			if (first != WHEN_NONE && first >= at - STORY_DAY_MS && first <= at + STORY_DAY_MS)
				(*out)[n++] = (struct story_first){tables[i], only_value(c->v[k].key), &c->v[k].sum};
		}
	}
	if (n)
		qsort(*out, n, sizeof(**out), firsts_by_time);
	return n;
}
