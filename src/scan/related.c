/*
 * related: what stands around the alerts: the events of event/call.h that the rule does not match.
 * Those that are near misses are kept whole, of the others a few facts.
 */
#include "scan_priv.h"

#include "s3triage/base/when.h"
#include "s3triage/event/doc.h"
#include "s3triage/insight/near_miss.h"

static void fill_near(const struct item *it, const struct json *ecs, bool matched,
	struct related *out)
{
	struct arena *mem = reader_mem(it->r);
	const struct scan *s = it->r->s;
	AUTO(buf_fini) struct buf why = {0};
	out->raw = arena_str(mem, it->text);
	if (!matched) {
		near_miss_why(ecs, &out->what, s->options.rule, &why);
		out->why = arena_str(mem, buf_str(&why));
	}
	if (out->alert.source.n)
		return;
	if (!it->f || (it->r->job && it->r->job->big))
		out->alert.source = arena_fmt(mem, "%.*s@%llu", STR_ARG(it->r->path), it->at);
	else
		out->alert.source = arena_fmt(mem, "%.*s:%lu", STR_ARG(it->r->path),
			feed_lines(it->f, it->at) + 1);
}

static bool is_there(const struct item *it, const struct deed_place *only)
{
	return it->at == only->at && str_eq(it->r->path, only->path);
}

void item_deed(const struct item *it, const struct json *ecs, enum event_shape shape)
{
	const struct scan_options *o = &it->r->s->options;
	struct arena *mem = reader_mem(it->r);
	struct arena_mark mark = arena_mark(mem);
	struct deed e;
	if (shape == SHAPE_ALERT || shape == SHAPE_FINDING || (o->only && !is_there(it, o->only)) ||
		!deed_read(ecs, it->raw, mem, &e) || !deed_is_wanted(o->deeds, &e)) {
		arena_release(mem, mark);
		return;
	}
	struct scan_deed *out = reader_deed(it->r);
	*out = (struct scan_deed){.deed = e,
		.place = {arena_str(mem, it->r->file), arena_str(mem, it->r->path), it->at}};
	if (o->only)
		out->raw = arena_str(mem, it->text);
	it->r->tally.related++;
	reader_flush(it->r, false);
}

void item_related(const struct item *it, const struct json *ecs, enum event_shape shape,
	bool matched)
{
	if (shape == SHAPE_ALERT || call_parse(doc_str(ecs, "event.action")) == CALL_NONE)
		return;
	struct activity what;
	struct arena *mem = reader_mem(it->r);
	if (!activity_read(ecs, it->raw, mem, &what) || what.time == WHEN_NONE)
		return;
	struct related *out = reader_related(it->r);
	out->what = what;
	const struct alert_input in = {ecs, it->raw, shape, &it->r->s->rule, it->doubts};
	out->replication = near_miss_is(ecs, &what) && alert_read_input(&in, mem, &out->alert);
	if (out->replication)
		fill_near(it, ecs, matched, out);
	reader_flush(it->r, false);
}
