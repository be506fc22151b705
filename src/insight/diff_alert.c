/*
 * diff_alert: which configuration an alert's is compared with, and what became of it. The records
 * are read again: what the store keeps of a request is not enough to compare.
 */
#include "s3triage/insight/diff.h"

#include "s3triage/base/when.h"
#include "s3triage/event/ecs.h"

/* The request of a row, read from its record. False: there is none to read. */
static bool read_again(const struct store *s, row_id row, struct arena *mem, struct replication *out)
{
	AUTO(buf_fini) struct buf raw = {0};
	enum event_shape shape;
	if (!store_raw(s, row, &raw, NULL) || !raw.n)
		return false;
	AUTO(json_free_ptr) struct json *record = json_parse(buf_str(&raw), NULL);
	AUTO(json_free_ptr) struct json *ecs = record ? event_to_ecs(record, &shape, NULL) : NULL;
	if (ecs)
		replication_read(ecs, mem, out);
	return ecs != NULL && out->read_from != READ_NOTHING && !out->omitted;
}

/* "by kim on 2026-11-20T10:00:00Z". CloudTrail's times have no more than seconds. */
static struct str by_and_when(const struct config_event *e, int64_t alert, struct arena *mem)
{
	char when[WHEN_TEXT_MAX], tmp[ALERT_WHO_MAX];
	struct str actor = str_sub(config_event_who(e, tmp), 0, 200);
	return arena_fmt(mem, "by %.*s on %s%s", STR_ARG(actor.n ? actor : STR("somebody unknown")),
		when_format(e->time, when),
		e->time == alert ? ", in the same second: which of the two came first is not known" : "");
}

static void read_base(const struct config_event *e, const struct store *alerts, row_id row,
	struct arena *mem, struct diff *out)
{
	struct replication before, now;
	struct str who = by_and_when(e, store_alert(alerts, row)->time, mem);
	if (e->call == CALL_DeleteBucketReplication || e->call == CALL_DeleteBucket) {
		out->base = DIFF_BASE_DELETED;
		out->head = arena_fmt(mem, "The bucket had no replication: %s was deleted %.*s.",
			e->call == CALL_DeleteBucket ? "the bucket itself" : "it", STR_ARG(who));
		return;
	}
	if (!read_again(e->store, e->row, mem, &before) || !read_again(alerts, row, mem, &now)) {
		out->base = DIFF_BASE_UNREADABLE;
		out->head = arena_fmt(mem, "An earlier configuration was set %.*s, but the requests"
			" cannot both be read.", STR_ARG(who));
		return;
	}
	out->base = DIFF_BASE_CONFIG;
	out->head = arena_fmt(mem, "Compared with the configuration set %.*s.", STR_ARG(who));
	diff_requests(&before, &now, mem, out);
}

static void read_later(const struct config_event *e, int64_t alert, struct arena *mem,
	struct diff *out)
{
	out->later = arena_fmt(mem, "Later %s %.*s.",
		e->call == CALL_DeleteBucketReplication ? "deleted" : e->call == CALL_DeleteBucket ?
		"deleted with the bucket" : "replaced by another configuration",
		STR_ARG(by_and_when(e, alert, mem)));
}

void diff_alert(struct context *c, const struct store *alerts, row_id row, struct arena *mem,
	struct diff *out)
{
	*out = (struct diff){.base = DIFF_BASE_NONE,
		.head = STR("No earlier configuration in these sources.")};
	if (store_alert(alerts, row)->time == WHEN_NONE)
		out->head = STR("Cannot be placed: the event has no time. Which configuration came before it is"
			" not known.");
	else if (context_config_timeless(c, row))
		out->head = STR("No earlier configuration that has a time; one without a time cannot be placed.");
	if (context_config_before(c, row, &out->before))
		read_base(&out->before, alerts, row, mem, out);
	out->has_after = context_config_after(c, row, &out->after);
	if (out->has_after)
		read_later(&out->after, store_alert(alerts, row)->time, mem, out);
}
