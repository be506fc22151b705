/*
 * context_near: the replication events that are no alerts, and the order of one bucket's
 * configurations.
 */
#include "context_priv.h"

#include "s3triage/base/when.h"

#include <stdlib.h>

static bool context_near_is_alert(const struct context *c, row_id near)
{
	return store_has_event(c->alerts, store_alert(c->near, near)->event_id);
}

static int compare_misses(const void *left, const void *right)
{
	const struct near_miss *a = left, *b = right;
	if (a->alert->time != b->alert->time)
		return a->alert->time < b->alert->time ? -1 : 1;
	int order = str_cmp(a->alert->event_id, b->alert->event_id);
	return order ? order : str_cmp(a->alert->id, b->alert->id);
}

/* Those of one alert's principal or bucket; all for NULL. */
static struct near_miss *context_near_collect(
	struct context *c, const struct alert *of, struct arena *mem, size_t *n)
{
	struct near_miss *out = arena_array(mem, store_count(c->near), sizeof(*out));
	char ours[ALERT_PRINCIPAL_MAX], tmp[ALERT_PRINCIPAL_MAX];
	struct str who = of ? alert_acting(of, ours) : (struct str){0};
	*n = 0;
	for (row_id r = 0; r < store_count(c->near); r++) {
		const struct alert *a = store_alert(c->near, r);
		const struct near_facts *f = &c->facts[r];
		bool mine = !of || (of->bucket.n && str_eq(a->bucket, of->bucket)) ||
			(who.n && str_eq(alert_acting(a, tmp), who));
		if (mine && f->why.n && !context_near_is_alert(c, r))
			out[(*n)++] = (struct near_miss){r, a, str_c(call_name(f->call)), f->result, f->why};
	}
	if (*n > 1)
		qsort(out, *n, sizeof(*out), compare_misses);
	return out;
}

struct near_miss *context_near_misses(struct context *c, struct arena *mem, size_t *n)
{
	return context_near_collect(c, NULL, mem, n);
}

struct near_miss *context_near_of(struct context *c, row_id row, struct arena *mem, size_t *n)
{
	return context_near_collect(c, store_alert(c->alerts, row), mem, n);
}

struct str config_event_who(const struct config_event *e, char tmp[ALERT_WHO_MAX])
{
	return e->row == ROW_NONE ? e->what->who : alert_who(store_alert(e->store, e->row), tmp);
}

/* ---- configurations ------------------------------------------------------------------------- */

static struct config_event config_of(const struct context *c, struct ref ref)
{
	if (ref.id & REF_ALERT)
		return (struct config_event){c->alerts, ref.id & ~REF_ALERT, CALL_PutBucketReplication,
			ref.time, NULL};
	const struct event *e = event_at(c, ref.id);
	return (struct config_event){c->near, e->near, e->what.call, ref.time, &e->what};
}

/* The same event once more: by another rule, or beside its alert. */
static bool is_again(const struct context *c, const struct config_event *e, const struct alert *self)
{
	if (e->row == ROW_NONE)
		return false;
	const struct alert *a = store_alert(e->store, e->row);
	return (self->event_id.n && str_eq(a->event_id, self->event_id)) ||
		(e->store == c->near && store_has_event(c->alerts, a->event_id)) ||
		e->call == CALL_PutReplicationConfiguration;
}

static bool config_beside(struct context *c, row_id row, bool after, struct config_event *out)
{
	context_update(c);
	const struct alert *a = store_alert(c->alerts, row);
	const struct refs *list = index_get(&c->index, INDEX_CONFIG, context_bucket(c, a));
	if (!list || a->time == WHEN_NONE)
		return false;
	struct ref self = {a->time, row | REF_ALERT};
	size_t at = refs_from(list, self);
	if (after && at < list->n && list->v[at].id == self.id)
		at++;
	while (after ? at < list->n : at > 0) {
		*out = config_of(c, list->v[after ? at++ : --at]);
		if (out->time != WHEN_NONE && !is_again(c, out, a))
			return true;
	}
	return false;
}

bool context_config_before(struct context *c, row_id row, struct config_event *out)
{
	return config_beside(c, row, false, out);
}

bool context_config_after(struct context *c, row_id row, struct config_event *out)
{
	return config_beside(c, row, true, out);
}

bool context_config_timeless(struct context *c, row_id row)
{
	context_update(c);
	const struct alert *a = store_alert(c->alerts, row);
	const struct refs *list = index_get(&c->index, INDEX_CONFIG, context_bucket(c, a));
	for (size_t at = 0; list && at < list->n && list->v[at].time == WHEN_NONE; at++) {
		struct config_event e = config_of(c, list->v[at]);
		if (!is_again(c, &e, a))
			return true;
	}
	return a->time == WHEN_NONE;
}

size_t context_configs_last(struct context *c, row_id row, struct config_event out[CONFIG_LAST_MAX])
{
	context_update(c);
	const struct alert *a = store_alert(c->alerts, row);
	const struct refs *list = index_get(&c->index, INDEX_CONFIG, context_bucket(c, a));
	size_t n = 0;
	for (size_t at = list ? list->n : 0; at > 0 && n < CONFIG_LAST_MAX;) {
		struct config_event e = config_of(c, list->v[--at]);
		if (e.time == WHEN_NONE || e.time < a->time || (n && e.time != out[0].time))
			break;
		if (!is_again(c, &e, a))
			out[n++] = e;
	}
	return n;
}

bool context_config_last(struct context *c, row_id row, struct config_event *out)
{
	struct config_event last[CONFIG_LAST_MAX];
	if (!context_configs_last(c, row, last))
		return false;
	*out = last[0];
	return true;
}
