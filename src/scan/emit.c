/*
 * emit: a value that was walked -> the sink, unless it can be passed over or is a part of something that
 * lost its beginning.
 */
#include "emit.h"

#include "dialect.h"
#include "look.h"
#include "resync.h"

#include "s3triage/base/mem.h"

#include <string.h>

static bool looks_known(struct str text)
{
	return str_find(text, STR("\"eventName\"")) != STR_NONE ||
		str_find(text, STR("@timestamp")) != STR_NONE ||
		str_find(text, STR("\"_source\"")) != STR_NONE;
}

/* A key of its own says that it is an event, and not one within a text. */
static bool names_itself(struct str text)
{
	return str_find(text, STR("\"eventName\"")) != STR_NONE || str_find(text, STR("\"action\"")) != STR_NONE ||
		str_find(text, STR("\"event.action\"")) != STR_NONE ||
		str_find(text, STR("\"kibana.alert.uuid\"")) != STR_NONE;
}

/* The parser's way of writing the value that began at `at`. */
static struct str plain_value(struct walker *w, unsigned long long at, struct buf *plain)
{
	struct str text = {w->f->buf + (at - w->f->base), (size_t)(feed_at(w->f) - at)};
	if (!w->odd)
		return text;
	dialect_plain(text, w->pretty, plain);
	return buf_str(plain);
}

/* A top value behind which a list or an object goes on that never began: a part of a record, perhaps. Of
 * lines that are a list without its brackets each begins one. Nobody waits for what is not there yet. */
static bool lost_beginning(const struct walker *w, unsigned long long at)
{
	const struct feed *f = w->f;
	const char *p = f->buf + f->pos, *end = f->buf + f->end;
	while (p < end && (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\n'))
		p++;
	bool line = at == 0 || (at > f->base && f->buf[at - f->base - 1] == '\n');
	return w->alone && p < end && (*p == ']' || *p == '}' || (*p == ',' && !line));
}

/* Behind damage only what begins its line is a record for certain: else it may be a part of one. */
static struct str emit_place(const struct walker *w)
{
	return w->aside.n ? buf_str(&w->aside) : w->resync && !w->at_line ? STR("what stands behind damage")
		: (struct str){0};
}

/* A part of a record whose beginning is gone: true when that is all it is. */
static bool emit_is_part(struct walker *w, unsigned long long at, struct str text)
{
	enum { LEAST = 24 }; /* no two keys of an event are shorter with their values */
	if (w->resync && !w->at_line && text.n < LEAST)
		return true;
	if (!w->resync || !w->inner || names_itself(text))
		return false;
	if (w->part && look_speaks_of_events(text))
		w->sink->problem(w->sink->ctx, w->f, at, RESYNC_PART);
	return true;
}

/* False where the value must be parsed. */
static bool emit_passes(struct walker *w, struct str text)
{
	const struct split_sink *sink = w->sink;
	bool first = w->top;
	w->top = false;
	bool usual = !first && !w->beside && !w->request && heads_know(&w->heads, text);
	if (!sink->needles || !usual || needles_find(sink->needles, text.p, text.n) != STR_NONE)
		return false;
	bool part = w->resync && !looks_known(text);
	if (!part)
		sink->passed(sink->ctx, 1);
	w->known |= !part;
	return true;
}

void emit_record(struct walker *w, unsigned long long at)
{
	AUTO(buf_fini) struct buf plain = {0};
	if (w->too_long)
		return;
	w->resync |= lost_beginning(w, at);
	w->alone = false;
	struct str text = plain_value(w, at, &plain);
	if (emit_is_part(w, at, text) || emit_passes(w, text))
		return;
	struct split_record r = {text, at, w->resync, w->at_line, w->beside || w->request, emit_place(w), 0};
	enum split_kind kind = w->sink->record(w->sink->ctx, w->f, &r);
	w->passed_lines += w->request && kind == SPLIT_UNKNOWN;
	w->known |= kind != SPLIT_UNKNOWN;
	w->answer.got += w->beside ? (int64_t)r.held : 0;
	if (kind == SPLIT_KNOWN)
		heads_learn(&w->heads, text);
}
