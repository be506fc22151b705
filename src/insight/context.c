/*
 * context: takes in related events and alerts, and bounds them. What is asked about them is in
 * context_time.c and context_near.c.
 */
#include "context_priv.h"

#include "s3triage/base/vec.h"
#include "s3triage/base/when.h"

#include <stdlib.h>

struct context *context_new(const struct store *alerts)
{
	struct context *c = mem_alloc(sizeof(*c));
	c->alerts = alerts;
	c->near = store_new();
	return c;
}

void context_free(struct context *c)
{
	if (!c)
		return;
	for (size_t i = 0; i * CONTEXT_CHUNK < c->n; i++)
		free(c->chunks[i]);
	free(c->chunks);
	table_fini(&c->ids);
	free(c->facts);
	free(c->keys);
	index_fini(&c->index);
	intern_fini(&c->words);
	arena_fini(&c->mem);
	store_free(c->near);
	free(c);
}

/* ---- each event once ------------------------------------------------------------------------ */

static bool context_same(const void *owner, uint32_t at, const void *key)
{
	return str_eq(event_at(owner, at)->what.event_id, *(const struct str *)key);
}

static bool known(const struct context *c, struct str id)
{
	const struct table_key key = {str_hash(id), &id, context_same, c};
	return id.n && table_find(&c->ids, &key) != TABLE_NONE;
}

/* ---- adding --------------------------------------------------------------------------------- */

/* One principal's flood of one call must not push out the others. */
static bool is_too_many(struct context *c, const struct activity *what)
{
	if (c->n >= CONTEXT_EVENTS_MAX)
		return true;
	struct str principal = intern(&c->words, what->principal);
	const struct refs *same = index_get(&c->index, INDEX_CALL + what->call, principal);
	return same && same->n >= CONTEXT_SAME_MAX;
}

static struct event *add_event(struct context *c)
{
	size_t chunk = c->n / CONTEXT_CHUNK;
	if (c->n % CONTEXT_CHUNK == 0) {
		c->chunks = mem_resize(c->chunks, chunk + 1, sizeof(*c->chunks));
		c->chunks[chunk] = mem_array(CONTEXT_CHUNK, sizeof(struct event));
	}
	return &c->chunks[chunk][c->n++ % CONTEXT_CHUNK];
}

static void copy_activity(struct context *c, const struct activity *from, struct activity *to)
{
	*to = *from;
	struct str *const shared[] = {&to->actor, &to->who, &to->actor_arn, &to->key_id, &to->ip, &to->region,
		&to->principal, &to->other, &to->made, &to->bucket, &to->target, &to->result};
	for (size_t i = 0; i < ARRAY_LEN(shared); i++)
		*shared[i] = intern(&c->words, *shared[i]);
	to->event_id = from->event_id.n ? arena_str(&c->mem, from->event_id) : (struct str){0};
}

static row_id add_near(struct context *c, const struct related *r)
{
	bool fresh;
	row_id row = store_add(c->near, &r->alert, r->raw, &fresh);
	if (!fresh)
		return row;
	c->facts = vec_room(c->facts, row, &c->facts_cap, sizeof(*c->facts));
	c->facts[row] = (struct near_facts){intern(&c->words, r->why),
		intern(&c->words, r->what.result), r->what.call};
	return row;
}

static void index_event(struct context *c, uint32_t id)
{
	const struct event *e = event_at(c, id);
	struct ref ref = {e->what.time, id};
	index_add(&c->index, INDEX_PRINCIPAL, e->what.principal, ref);
	index_add(&c->index, INDEX_CALL + e->what.call, e->what.principal, ref);
	index_add(&c->index, INDEX_BUCKET, e->what.bucket, ref);
	index_add(&c->index, INDEX_PLACE, context_place(c, e->what.principal, e->what.ip), ref);
	const struct alert *near = e->near == ROW_NONE ? NULL : store_alert(c->near, e->near);
	for (size_t i = 0; near && i < near->n_dests; i++)
		if (near->dests[i].account.n)
			index_add(&c->index, INDEX_ACCOUNT, intern(&c->words, near->dests[i].account), ref);
	index_add(&c->index, INDEX_OPENS, e->what.other, ref);
	index_add(&c->index, INDEX_MADE, e->what.made, ref);
	if (e->near != ROW_NONE && !e->what.result.n && call_replicates(e->what.call))
		index_add(&c->index, INDEX_CONFIG, e->what.bucket, ref);
	if (e->what.call == CALL_DeleteBucket && !e->what.result.n)
		index_add(&c->index, INDEX_CONFIG, e->what.bucket, ref);
}

void context_add(struct context *c, const struct related *r)
{
	if (known(c, r->what.event_id))
		return;
	if (is_too_many(c, &r->what)) {
		c->dropped++;
		return;
	}
	uint32_t id = (uint32_t)c->n;
	struct event *e = add_event(c);
	copy_activity(c, &r->what, &e->what);
	e->near = r->replication ? add_near(c, r) : ROW_NONE;
	if (e->what.event_id.n)
		table_put(&c->ids, str_hash(e->what.event_id), id);
	index_event(c, id);
}

struct str context_principal(struct context *c, const struct alert *a)
{
	char tmp[ALERT_PRINCIPAL_MAX];
	return intern(&c->words, alert_acting(a, tmp));
}

struct str context_bucket(struct context *c, const struct alert *a)
{
	return intern(&c->words, a->bucket);
}

bool alert_is_config(const struct alert *a)
{
	return a->n_dests || (a->traits & TRAIT_OMITTED);
}

static struct alert_keys keys_of(struct context *c, row_id r)
{
	const struct alert *a = store_alert(c->alerts, r);
	return (struct alert_keys){context_principal(c, a).p, context_bucket(c, a).p, a->time};
}

static bool keys_differ(struct context *c, row_id r)
{
	struct alert_keys now = keys_of(c, r), *then = &c->keys[r];
	return now.principal != then->principal || now.bucket != then->bucket || now.time != then->time;
}

/* A record that came later may say more of an alert, by which it is found then. That is rare: all is
 * put into a new index. */
static void look_at_changes(struct context *c)
{
	bool stale = false;
	for (; c->seen_changes < store_change_count(c->alerts); c->seen_changes++) {
		row_id r = store_change_at(c->alerts, c->seen_changes);
		stale |= r < c->rows && store_change_of_facts(c->alerts, c->seen_changes) && keys_differ(c, r);
	}
	if (!stale)
		return;
	index_fini(&c->index);
	c->rows = 0;
	for (uint32_t id = 0; id < c->n; id++)
		index_event(c, id);
}

void context_update(struct context *c)
{
	look_at_changes(c);
	for (; c->rows < store_count(c->alerts); c->rows++) {
		const struct alert *a = store_alert(c->alerts, (row_id)c->rows);
		struct ref ref = {a->time, (uint32_t)c->rows | REF_ALERT};
		c->keys = vec_room(c->keys, c->rows, &c->keys_cap, sizeof(*c->keys));
		c->keys[c->rows] = keys_of(c, (row_id)c->rows);
		index_add(&c->index, INDEX_PRINCIPAL, context_principal(c, a), ref);
		index_add(&c->index, INDEX_BUCKET, context_bucket(c, a), ref);
		if (alert_is_config(a) && !(a->traits & TRAIT_FAILED))
			index_add(&c->index, INDEX_CONFIG, context_bucket(c, a), ref);
	}
}

size_t context_count(const struct context *c)
{
	return c->n;
}

size_t context_dropped(const struct context *c)
{
	return c->dropped;
}
