/*
 * load: one alert in full: its record, what the record asks for, its own rule, its decisions.
 */
#include "s3triage/view/load.h"

#include "s3triage/base/vec.h"
#include "s3triage/event/ecs.h"
#include "s3triage/event/json.h"

#include <stdio.h>
#include <stdlib.h>

static bool load_read_document(
	struct loaded *l, const struct store *store, row_id r, struct err *err)
{
	enum event_shape shape;
	AUTO(buf_fini) struct buf raw;
	AUTO(json_free_ptr) struct json *record = NULL;
	buf_init(&raw, JSON_BYTES_MAX);
	if (!store_raw(store, r, &raw, err))
		return false;
	record = json_parse(buf_str(&raw), err);
	if (!record)
		return false;
	l->ecs = event_to_ecs(record, &shape, err);
	if (l->ecs && shape == SHAPE_ALERT)
		l->rule = rule_new_alert(l->ecs);
	return l->ecs != NULL;
}

void loaded_read(struct loaded *l, const struct store *store, row_id r, const struct rule *rule)
{
	struct err err = {0};
	struct detail *d = &l->detail;
	d->alert = store_alert(store, r);
	if (load_read_document(l, store, r, &err)) {
		d->ecs = l->ecs;
		replication_read(l->ecs, &l->mem, &d->request);
		if (d->alert->shared_id.n)
			replication_own(&d->request, d->alert->owner, "the other trail's recording");
	} else {
		snprintf(l->error, sizeof(l->error), "the record of %.*s cannot be read: %s",
			STR_ARG(str_sub(d->alert->source, 0, 80)), err.text);
		d->load_error = l->error;
	}
	d->rule = l->rule ? l->rule : rule;
	d->decision = store_decision(store, r);
}

/* Of an id that was used for several things, only what was said of this one. */
static bool load_is_about(const struct loaded *l, const struct decision *d)
{
	struct arena mem = {0};
	struct content decided, now;
	content_of_facts(d->facts, &mem, &decided);
	content_of(l->detail.alert, &mem, &now);
	bool same = !content_unlike(&decided, &now);
	arena_fini(&mem);
	return same;
}

void loaded_take(void *loaded, const struct decision *d)
{
	struct loaded *l = loaded;
	if (!load_is_about(l, d))
		return;
	struct decision *copy = arena_alloc(&l->mem, sizeof(*copy));
	*copy = *d;
	struct str *texts[] = {&copy->analyst, &copy->alert_id, &copy->event_id, &copy->rule_id,
		&copy->reason, &copy->note, &copy->batch, &copy->hash, &copy->prev_hash,
		&copy->whose, &copy->unsent};
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		*texts[i] = arena_str(&l->mem, *texts[i]);
	copy->facts = STR("");
	l->history = vec_room(l->history, l->n_history, &l->cap_history, sizeof(*l->history));
	l->history[l->n_history++] = copy;
	l->detail.history = l->history;
	l->detail.n_history = l->n_history;
}

void loaded_fini(struct loaded *l)
{
	json_free(l->ecs);
	rule_free(l->rule);
	arena_fini(&l->mem);
	free(l->history);
	*l = (struct loaded){0};
}
