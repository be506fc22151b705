/*
 * split: walks top values, envelopes and arrays, and hands every record to the sink. After a
 * broken record it goes back to that record's beginning and looks for the next object that is
 * an event. Knows nothing of what records mean.
 */
#include "split.h"

#include "bulk.h"
#include "dialect.h"
#include "emit.h"
#include "envelope.h"
#include "look.h"
#include "prose.h"
#include "resync.h"

#include "s3triage/base/mem.h"
#include "s3triage/event/ecs.h"
#include "s3triage/event/json.h"

#include <string.h>

/* Before this byte every line's structure is looked at, so that damage is told; behind it only
 * that of lines with a needle, for the speed. */
static const unsigned long long CHECKED = 4ull << 20;

static bool walk_array(struct walker *w, enum env elements);

static void report(struct walker *w, unsigned long long at)
{
	bool told = w->why_end && (w->f->cut || w->end_told);
	if (w->why && !w->stopped && !w->resync && !told)
		w->sink->problem(w->sink->ctx, w->f, at, w->why);
	w->end_told |= w->why_end;
	w->answer.broken |= w->why != NULL;
	w->why = NULL;
}

static void keep_from(struct feed *f, unsigned long long at)
{
	f->keep = at;
	f->keeping = true;
}

/* The member of `env` that the key is which begins at `at` and ends before pos; NULL: none of it. */
static const struct member *member_of(struct walker *w, enum env env, unsigned long long at, bool first)
{
	struct feed *f = w->f;
	if (at < f->base)
		return NULL;
	struct str key = {f->buf + (at - f->base), (size_t)(feed_at(f) - at - 1)};
	AUTO(json_free_ptr) struct json *spelled = NULL;
	if (str_find_char(key, '\\') != STR_NONE) {
		spelled = json_parse((struct str){key.p - 1, key.n + 2}, NULL);
		key = json_str(spelled);
	}
	return envelope_member(env, key, first);
}

/* From the key's quote to its value's first byte. */
static bool walk_key(struct walker *w, enum env env, const struct member **member, bool first)
{
	struct feed *f = w->f;
	if (f->buf[f->pos] != '"')
		return skip_broke(w, look_instead(f->buf[f->pos], "a key is expected"));
	bool mine = !f->keeping;
	unsigned long long at = feed_at(f) + 1;
	if (mine)
		keep_from(f, at - 1);
	bool ok = skip_string(w);
	if (ok)
		*member = member_of(w, env, at, first);
	if (mine)
		f->keeping = false;
	if (!ok)
		return false;
	if (!skip_space(w))
		return skip_ended(w, "the text ends inside an object");
	if (f->buf[f->pos] != ':')
		return skip_broke(w, "':' is expected");
	f->pos++;
	return skip_space(w) || skip_ended(w, "the text ends inside an object");
}

static bool walk_members(struct walker *w, enum env env, bool *entered);

static bool walk_fact(struct walker *w, const char *key)
{
	struct feed *f = w->f;
	bool mine = !f->keeping;
	unsigned long long at = feed_at(f);
	if (mine)
		keep_from(f, at);
	bool ok = skip_value(w);
	if (ok && at >= f->base)
		partial_read(&w->answer, key, (struct str){f->buf + (at - f->base), (size_t)(feed_at(f) - at)});
	if (mine)
		f->keeping = false;
	return ok;
}

/* A value that is handed on as it is. */
static bool walk_whole(struct walker *w, bool beside)
{
	struct feed *f = w->f;
	unsigned long long at = feed_at(f);
	keep_from(f, at);
	w->too_long = w->odd = false;
	bool ok = skip_value(w);
	w->beside = beside;
	if (ok)
		emit_record(w, at);
	w->beside = false;
	w->past = false;
	w->from = at >= f->base ? at : w->why_at;
	f->keeping = false;
	if (w->too_long && !ok)
		w->why = NULL;
	return ok;
}

static bool is_event_shape(enum event_shape shape)
{
	return shape == SHAPE_CLOUDTRAIL || shape == SHAPE_ECS || shape == SHAPE_ALERT || shape == SHAPE_FINDING;
}

/* The object that began at w->object, when it ends within `most` bytes; else empty. */
static struct str ahead(struct walker *w, size_t most)
{
	struct feed *f = w->f;
	size_t used = 0, looked = 0;
	for (;;) {
		struct str text = {f->buf + (w->object - f->base), (size_t)(f->base + f->end - w->object)};
		if (text.n >= 2 * looked || f->eof) {
			looked = text.n;
			if (json_scan(text, &used, NULL, NULL))
				return str_sub(text, 0, used);
		}
		if (text.n >= most || f->eof || !skip_more(w))
			return (struct str){0};
	}
}

/* An event is one whatever lists it has besides its own fields: nothing in it is looked for. What ends
 * within LOOK_AHEAD, as all events do, is asked before a list in it is entered. */
static enum top_is ask_top(struct walker *w)
{
	enum { LOOK_AHEAD = 1 << 20 };
	if (!w->f->keeping || w->whole || w->object < w->f->base)
		return TOP_WRAPPER;
	struct str text = ahead(w, LOOK_AHEAD);
	AUTO(json_free_ptr) struct json *v = text.n ? json_parse(text, NULL) : NULL;
	return v && is_event_shape(event_shape(v)) ? TOP_EVENT : TOP_WRAPPER;
}

static bool walk_member(struct walker *w, const struct member *m, bool *entered)
{
	bool opens = m && m->opens != ENVELOPE_FACT && w->f->buf[w->f->pos] == m->opens;
	if (opens && w->top_is == TOP_OPEN)
		w->top_is = ask_top(w);
	if (w->top_is == TOP_EVENT)
		return skip_value(w);
	if (m && m->opens == ENVELOPE_FACT)
		return walk_fact(w, m->key);
	if (!m || w->f->buf[w->f->pos] != m->opens)
		return skip_value(w);
	if (m->holds == ENV_BESIDE) {
		*entered = w->entered = true;
		return walk_whole(w, true);
	}
	if (m->opens == '{')
		return walk_members(w, m->holds, entered);
	*entered = w->entered = true;
	w->top = false;
	w->f->keeping = false;
	w->resync = false;
	bool ok = walk_array(w, m->holds);
	w->answer.hits |= m->in == ENV_HITS;
	if (m->in == ENV_HITS)
		w->answer.got += w->elements;
	return ok;
}

/* Of an answer that was walked whole: one that ends early is told anyway. */
static void split_tell_partial(struct walker *w, unsigned long long at)
{
	AUTO(buf_fini) struct buf why = {0};
	buf_c(&why, "not all that was searched is in this answer: ");
	size_t before = why.n;
	if (w->answer.hits)
		partial_say(&w->answer, &why);
	if (why.n > before)
		w->sink->problem(w->sink->ctx, w->f, at, buf_cstr(&why));
}

static bool walk_all_members(struct walker *w, enum env env, bool *entered)
{
	struct feed *f = w->f;
	f->pos++;
	for (bool first = true;; first = false) {
		const struct member *member = NULL;
		if (!skip_space(w))
			return skip_ended(w, "the text ends inside an object");
		if (first && f->buf[f->pos] == '}')
			break;
		if (!walk_key(w, env, &member, first) || !walk_member(w, member, entered))
			return false;
		if (!skip_space(w))
			return skip_ended(w, "the text ends inside an object");
		if (f->buf[f->pos] == '}')
			break;
		if (f->buf[f->pos] != ',')
			return skip_broke(w, "',' or '}' is expected");
		f->pos++;
	}
	f->pos++;
	return true;
}

static bool walk_members(struct walker *w, enum env env, bool *entered)
{
	struct partial before = w->answer;
	unsigned long long at = feed_at(w->f);
	if (env != ENV_TOP && env != ENV_ANSWER)
		return walk_all_members(w, env, entered);
	w->answer = (struct partial){.total = -1};
	bool ok = walk_all_members(w, env, entered);
	if (ok)
		split_tell_partial(w, at);
	w->answer = before;
	return ok;
}

/* False: w->why, and w->from where to go on. */
static bool walk_object(struct walker *w, enum env env)
{
	struct feed *f = w->f;
	unsigned long long at = feed_at(f);
	bool entered = false;
	keep_from(f, at);
	w->too_long = w->odd = false;
	w->at_line = at == 0 || (f->pos && f->buf[f->pos - 1] == '\n');
	unsigned long long outer = w->object;
	enum top_is outer_is = w->top_is;
	w->object = at;
	w->top_is = TOP_OPEN;
	bool ok = env == ENV_RECORD ? skip_value(w) : walk_members(w, env, &entered);
	w->object = outer;
	w->top_is = outer_is;
	if (ok && !entered && (env == ENV_RECORD || env == ENV_TOP))
		emit_record(w, at);
	w->known |= entered;
	w->past = !entered && at >= f->base;
	w->from = w->past ? at : w->why_at;
	f->keeping = false;
	if (w->too_long && !ok)
		w->why = NULL;
	return ok;
}

/* A part of a record: nothing in it is one. */
static bool pass_object(struct walker *w)
{
	keep_from(w->f, feed_at(w->f));
	w->too_long = w->odd = false;
	bool ok = skip_value(w);
	w->f->keeping = false;
	return ok;
}

/* After a broken value: goes back to w->from and finds the next record behind it. */
static void resync(struct walker *w, enum env env)
{
	struct feed *f = w->f;
	unsigned long long from = w->from < f->base ? feed_at(f) : w->from;
	f->pos = (size_t)(from - f->base);
	f->pos += w->past;
	w->known = false;
	while (!w->known && !w->stopped && !w->triple) {
		if (!resync_seek(w)) {
			w->end_told = true;
			break;
		}
		unsigned long long at = feed_at(f);
		if (resync_was_open(w, at)) {
			f->pos++;
			continue;
		}
		w->resync = true;
		w->inner = resync_behind_key(w);
		bool ok = w->inner && w->pretty ? pass_object(w) : walk_object(w, env);
		w->resync = false;
		if (!ok && at >= f->base)
			resync_look_on(w, at);
	}
	w->why = NULL;
	if (w->triple)
		resync_abandon(w);
}

/* True when an array can go on here. */
static bool at_next_element(struct walker *w)
{
	return !skip_space(w) || w->f->buf[w->f->pos] == ',' || w->f->buf[w->f->pos] == ']';
}

static void walk_element(struct walker *w, enum env elements)
{
	struct feed *f = w->f;
	unsigned long long at = feed_at(f);
	if (f->buf[f->pos] == '{') {
		if (walk_object(w, elements))
			return;
		report(w, w->from);
		resync(w, elements);
		return;
	}
	bool ok, value = strchr("[\"", f->buf[f->pos]) != NULL;
	if (value) {
		ok = walk_whole(w, false);
	} else {
		ok = skip_value(w);
		w->from = at < f->base ? feed_at(f) : at;
		w->past = false;
	}
	if (ok && value)
		return;
	if (ok)
		skip_broke(w, "an object is expected");
	report(w, w->from);
	if (!ok || !at_next_element(w))
		resync(w, elements);
}

/* A comma with nothing behind it: an element may have been cut out. */
static bool next_after_comma(struct walker *w)
{
	struct feed *f = w->f;
	unsigned long long at = feed_at(f);
	f->pos++;
	keep_from(f, at);
	bool more = skip_space(w);
	if (more && f->buf[f->pos] == ']') {
		skip_broke(w, "a value is expected behind the ','");
		report(w, at);
	}
	f->keeping = false;
	return more;
}

/* To the next element or to the closing bracket. False when the text ends. */
static bool next_element(struct walker *w, bool first, enum env elements)
{
	struct feed *f = w->f;
	for (;; first = false) {
		if (w->stopped || w->sink->stop(w->sink->ctx))
			w->stopped = true;
		if (w->stopped || !skip_space(w))
			return false;
		if (first || f->buf[f->pos] == ']')
			return true;
		if (f->buf[f->pos] == ',')
			return next_after_comma(w);
		skip_broke(w, "',' or ']' is expected");
		w->from = w->why_at;
		w->past = false;
		report(w, w->from);
		resync(w, elements);
	}
}

/* False only when the text ends inside the array. */
static bool walk_array(struct walker *w, enum env elements)
{
	struct feed *f = w->f;
	w->alone = false;
	f->pos++;
	int64_t n = 0;
	for (bool first = true; next_element(w, first, elements); first = false, n++) {
		if (f->buf[f->pos] == ']') {
			f->pos++;
			w->elements = n;
			return true;
		}
		if (elements != ENV_RECORD || !bulk_records(w))
			walk_element(w, elements);
	}
	return skip_ended(w, "the text ends inside an array");
}

/* True when the top value that began at `at` is a record and all of its line. */
static bool is_line(struct walker *w, unsigned long long at)
{
	struct feed *f = w->f;
	if (w->entered || at < f->base || f->buf[at - f->base] != '{' ||
		memchr(f->buf + (at - f->base), '\n', (size_t)(feed_at(f) - at)))
		return false;
	if (f->pos == f->end && !skip_more(w))
		return false;
	return f->buf[f->pos] == '\n' || f->buf[f->pos] == '\r';
}

static void walk_top(struct walker *w)
{
	struct feed *f = w->f;
	unsigned long long at = feed_at(f);
	char c = f->buf[f->pos];
	bool ok;
	w->entered = false;
	w->from = at;
	w->past = w->between = w->known = false;
	w->pretty = (c == '{' || c == '[') && dialect_pretty(w);
	w->resync = w->part;
	w->alone = true;
	w->inner = w->part;
	if (c == '{')
		ok = walk_object(w, ENV_TOP);
	else if (c == '[')
		ok = walk_array(w, ENV_TOP);
	else if (c == '"')
		ok = walk_whole(w, false);
	else
		ok = skip_broke(w, "a JSON object or array is expected");
	w->resync = w->part = w->alone = false;
	w->any |= !w->request || w->known;
	w->request = false;
	if (!ok) {
		if (c == '[') {
			w->from = feed_at(f);
			w->past = false;
		}
		report(w, w->from);
		resync(w, ENV_TOP);
	} else if (w->sink->needles && !w->lines && feed_at(f) >= CHECKED) {
		w->lines = is_line(w, at);
	}
}

/* White space, and marks of byte order, of a record's beginning (jq --seq), its end (GELF's frames) or a
 * file's (Ctrl-Z): before the text, or between texts that were joined. */
static bool skip_to_value(struct walker *w)
{
	struct feed *f = w->f;
	w->between = true;
	while (skip_space(w)) {
		bool comma = f->buf[f->pos] == ',' && w->any; /* of a list that lost its brackets */
		if (memchr("\x1E\x1A\0", f->buf[f->pos], 3) || comma) {
			f->pos++;
			continue;
		}
		while (f->buf[f->pos] == '\xEF' && f->end - f->pos < 3 && skip_more(w))
			;
		if (f->end - f->pos < 3 || memcmp(f->buf + f->pos, "\xEF\xBB\xBF", 3) != 0)
			return true;
		f->pos += 3;
	}
	return false;
}

/* Lines that have begun when the text is at `at`, in a part, are more than the part has. */
static bool behind_part(struct walker *w, unsigned long long at)
{
	unsigned long long until = w->sink->until;
	if (!until || at <= until)
		return false;
	unsigned long lines = feed_lines(w->f, at);
	return lines > w->f->mark_lines;
}

unsigned long long split_run(struct feed *f, const struct split_sink *sink)
{
	struct walker w = {.f = f, .sink = sink, .top = true};
	if (!skip_to_value(&w) || bulk_log_file(&w))
		return 0;
	w.prose = prose_begins(&w);
	w.ended = ~0ul;
	while (!w.stopped) {
		if (w.lines)
			bulk_lines(&w);
		if (!skip_to_value(&w) || behind_part(&w, feed_at(f)))
			break;
		w.prose |= w.pretty && !memchr("{[\"", f->buf[f->pos], 3); /* a prompt behind an answer */
		if (w.prose && !prose_to_value(&w))
			continue;
		walk_top(&w);
		if (w.prose || w.pretty)
			w.ended = feed_lines(f, feed_at(f));
		if (!w.stopped && behind_part(&w, feed_at(f))) {
			buf_fini(&w.aside);
			return feed_at(f);
		}
	}
	prose_end(&w);
	buf_fini(&w.aside);
	return 0;
}
