/*
 * split: walks top values, envelopes and arrays, and hands every record to the sink. After a
 * broken record it goes back to that record's beginning and looks for the next object that is
 * an event. Far into a large text, lines without a needle are passed over in bulk. Knows nothing
 * of what records mean.
 */
#include "split.h"

#include "braces.h"
#include "skip.h"

#include "s3triage/base/mem.h"

#include <string.h>

/* What an object may turn out to be: a record, or a wrapper around arrays of them. */
enum env { ENV_RECORD, ENV_TOP, ENV_ANSWER, ENV_HITS, ENV_SEQUENCE, ENV_NONE };

struct member {
	enum env in;
	const char *key;
	char opens;
	enum env holds; /* of the object itself, or of the array's elements */
};

/* Before this byte every line's structure is looked at, so that damage is told; behind it only
 * that of lines with a needle, for the speed. */
static const unsigned long long CHECKED = 4ull << 20;

static const struct member members[] = {
	{ENV_TOP, "Records", '[', ENV_RECORD},      /* a CloudTrail log file */
	{ENV_TOP, "Events", '[', ENV_RECORD},       /* aws cloudtrail lookup-events */
	{ENV_TOP, "hits", '{', ENV_HITS},           /* _search and _eql/search */
	{ENV_TOP, "response", '{', ENV_ANSWER},     /* async search */
	{ENV_TOP, "rawResponse", '{', ENV_ANSWER},
	{ENV_TOP, "responses", '[', ENV_ANSWER},    /* _msearch */
	{ENV_ANSWER, "hits", '{', ENV_HITS},
	{ENV_HITS, "hits", '[', ENV_RECORD},
	{ENV_HITS, "events", '[', ENV_RECORD},
	{ENV_HITS, "sequences", '[', ENV_SEQUENCE},
	{ENV_SEQUENCE, "events", '[', ENV_RECORD},
};

static bool walk_array(struct walker *w, enum env elements);

static void report(struct walker *w, unsigned long long at)
{
	bool told = w->why_end && (w->f->cut || w->end_told);
	if (w->why && !w->stopped && !w->resync && !told)
		w->sink->problem(w->sink->ctx, w->f, at, w->why);
	w->end_told |= w->why_end;
	w->why = NULL;
}

static void keep_from(struct feed *f, unsigned long long at)
{
	f->keep = at;
	f->keeping = true;
}

static bool looks_known(struct str text)
{
	return str_find(text, STR("\"eventName\"")) != STR_NONE ||
		str_find(text, STR("@timestamp")) != STR_NONE ||
		str_find(text, STR("\"_source\"")) != STR_NONE;
}

static void emit(struct walker *w, unsigned long long at)
{
	struct feed *f = w->f;
	if (w->too_long)
		return;
	struct str text = {f->buf + (at - f->base), (size_t)(feed_at(f) - at)};
	const struct split_sink *sink = w->sink;
	bool first = w->top;
	w->top = false;
	if (sink->needles && !first && needles_find(sink->needles, text.p, text.n) == STR_NONE) {
		bool part = w->resync && !looks_known(text);
		if (!part)
			sink->passed(sink->ctx, 1);
		w->known |= !part;
		return;
	}
	struct split_record r = {text, at, w->resync};
	w->known |= sink->record(sink->ctx, f, &r) == SPLIT_KNOWN;
}

/* Which member of `env` the key that begins at `at` and ends before pos is: an index into
 * `members`, or their number. */
static size_t member_of(struct walker *w, enum env env, unsigned long long at)
{
	struct feed *f = w->f;
	size_t none = ARRAY_LEN(members);
	if (at < f->base)
		return none;
	struct str key = {f->buf + (at - f->base), (size_t)(feed_at(f) - at - 1)};
	for (size_t i = 0; i < none; i++)
		if (members[i].in == env && str_is(key, members[i].key))
			return i;
	return none;
}

/* From the key's quote to its value's first byte. */
static bool walk_key(struct walker *w, enum env env, size_t *member)
{
	struct feed *f = w->f;
	if (f->buf[f->pos] != '"')
		return skip_broke(w, "a key is expected");
	bool mine = !f->keeping;
	unsigned long long at = feed_at(f) + 1;
	if (mine)
		keep_from(f, at - 1);
	bool ok = skip_string(w);
	if (ok)
		*member = member_of(w, env, at);
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

static bool walk_member(struct walker *w, size_t member, bool *entered)
{
	if (member == ARRAY_LEN(members) || w->f->buf[w->f->pos] != members[member].opens)
		return skip_value(w);
	enum env holds = members[member].holds;
	if (members[member].opens == '{')
		return walk_members(w, holds, entered);
	*entered = w->entered = true;
	w->top = false;
	w->f->keeping = false;
	w->resync = false;
	return walk_array(w, holds);
}

static bool walk_members(struct walker *w, enum env env, bool *entered)
{
	struct feed *f = w->f;
	f->pos++;
	for (bool first = true;; first = false) {
		size_t member = ARRAY_LEN(members);
		if (!skip_space(w))
			return skip_ended(w, "the text ends inside an object");
		if (first && f->buf[f->pos] == '}')
			break;
		if (!walk_key(w, env, &member) || !walk_member(w, member, entered))
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

/* False: w->why, and w->from where to go on. */
static bool walk_object(struct walker *w, enum env env)
{
	struct feed *f = w->f;
	unsigned long long at = feed_at(f);
	bool entered = false;
	keep_from(f, at);
	w->too_long = false;
	bool ok = env == ENV_RECORD ? skip_value(w) : walk_members(w, env, &entered);
	if (ok && !entered && (env == ENV_RECORD || env == ENV_TOP))
		emit(w, at);
	w->known |= entered;
	w->past = !entered && at >= f->base;
	w->from = w->past ? at : w->why_at;
	f->keeping = false;
	if (w->too_long && !ok)
		w->why = NULL;
	return ok;
}

/* To the next brace. Any may begin a record: where a record broke, nothing tells what is inside. */
static bool next_brace(struct walker *w)
{
	struct feed *f = w->f;
	for (;;) {
		const char *p = memchr(f->buf + f->pos, '{', f->end - f->pos);
		f->pos = p ? (size_t)(p - f->buf) : f->end;
		if (p)
			return true;
		if (!skip_more(w))
			return false;
	}
}

/* After a broken value: goes back to w->from and finds the next record behind it. */
static void resync(struct walker *w, enum env env)
{
	struct feed *f = w->f;
	unsigned long long from = w->from < f->base ? feed_at(f) : w->from;
	f->pos = (size_t)(from - f->base);
	f->pos += w->past;
	w->known = false;
	while (!w->known && !w->stopped) {
		if (!next_brace(w)) {
			w->end_told = true;
			break;
		}
		unsigned long long at = feed_at(f);
		w->resync = true;
		bool ok = walk_object(w, env);
		w->resync = false;
		if (!ok && at >= f->base)
			f->pos = (size_t)(at - f->base) + 1;
	}
	w->why = NULL;
}

/* True when an array can go on here. */
static bool at_next_element(struct walker *w)
{
	return !skip_space(w) || w->f->buf[w->f->pos] == ',' || w->f->buf[w->f->pos] == ']';
}

/* No needle begins before the answer, which is at most `limit`. */
static unsigned long long clear_up_to(struct walker *w, unsigned long long limit)
{
	struct feed *f = w->f;
	unsigned long long from = w->clear_to > feed_at(f) ? w->clear_to : feed_at(f);
	if (from < limit) {
		size_t n = needles_find(w->sink->needles, f->buf + (from - f->base),
			(size_t)(limit - from));
		w->clear_to = n == STR_NONE ? limit : from + n;
	}
	return w->clear_to < limit ? w->clear_to : limit;
}

/* Whole records of a log file in memory that hold no needle. False when the next one must be
 * walked. */
static bool pass_records(struct walker *w, enum env elements)
{
	enum { WORTH = 4 << 10 };
	struct feed *f = w->f;
	if (!w->whole || elements != ENV_RECORD)
		return false;
	size_t clear = (size_t)(clear_up_to(w, f->base + f->end) - feed_at(f));
	if (clear < WORTH)
		return false;
	struct passed p = braces_pass((struct str){f->buf + f->pos, f->end - f->pos}, clear);
	f->pos += p.bytes;
	w->sink->passed(w->sink->ctx, p.records);
	return p.records > 0;
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
	bool ok = skip_value(w);
	w->from = at < f->base ? feed_at(f) : at;
	w->past = false;
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
	if (!skip_space(w))
		return false;
	if (f->buf[f->pos] == ']') {
		skip_broke(w, "a value is expected behind the ','");
		report(w, at);
	}
	return true;
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
	f->pos++;
	for (bool first = true; next_element(w, first, elements); first = false) {
		if (f->buf[f->pos] == ']') {
			f->pos++;
			return true;
		}
		if (!pass_records(w, elements))
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
	w->past = false;
	if (c == '{')
		ok = walk_object(w, ENV_TOP);
	else if (c == '[')
		ok = walk_array(w, ENV_TOP);
	else
		ok = skip_broke(w, "a JSON object or array is expected");
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

/* Passes lines over up to `limit`, as long as each is one object by its first and last byte.
 * True when it came to the limit. */
static bool pass_lines(struct walker *w, unsigned long long limit)
{
	struct feed *f = w->f;
	size_t end = (size_t)(limit - f->base), records = 0, lines = 0;
	feed_lines(f, feed_at(f));
	bool counting = f->lines_at == feed_at(f);
	while (f->pos < end) {
		const char *p = f->buf + f->pos;
		const char *q = memchr(p, '\n', end - f->pos);
		if (!q)
			break;
		size_t n = (size_t)(q - p);
		f->pos += n + 1;
		if (n && p[n - 1] == '\r')
			n--;
		if (n && (p[0] != '{' || p[n - 1] != '}')) {
			f->pos = (size_t)(p - f->buf);
			break;
		}
		records += n != 0;
		lines++;
	}
	if (counting && feed_at(f) <= f->mark) {
		f->lines += lines;
		f->lines_at = feed_at(f);
	}
	w->sink->passed(w->sink->ctx, records);
	return f->pos == end;
}

/* Behind the last whole line that may be passed over; 0 when the window holds none. */
static unsigned long long bulk_limit(const struct walker *w)
{
	const struct feed *f = w->f;
	size_t end = f->end;
	if (w->sink->until && f->base + end > w->sink->until + 1)
		end = w->sink->until + 1 > f->base ? (size_t)(w->sink->until + 1 - f->base) : 0;
	const char *last = end > f->pos ? memrchr(f->buf + f->pos, '\n', end - f->pos) : NULL;
	return last ? f->base + (size_t)(last + 1 - f->buf) : 0;
}

/* A shorter limit where lines are, so that they are still in the nearest cache when counted. */
static unsigned long long near_limit(const struct walker *w, unsigned long long limit)
{
	enum { NEAR = 32 << 10 };
	const struct feed *f = w->f;
	if (limit - feed_at(f) <= NEAR)
		return limit;
	const char *last = memrchr(f->buf + f->pos, '\n', NEAR);
	return last ? f->base + (size_t)(last + 1 - f->buf) : limit;
}

/* All whole lines in the window that may be passed over; stops at the first that must be read. */
static void pass_bulk(struct walker *w)
{
	struct feed *f = w->f;
	for (;;) {
		unsigned long long limit = bulk_limit(w);
		bool behind = w->sink->until && f->base + f->end > w->sink->until + 1;
		if (!limit && (behind || f->end - f->pos >= 4 * FEED_STEP || !skip_more(w)))
			return;
		if (!limit)
			continue;
		limit = near_limit(w, limit);
		unsigned long long clear = clear_up_to(w, limit);
		if (!pass_lines(w, clear) || clear < limit)
			return;
	}
}

/* A whole log file in memory: without a needle its records need only be counted, and with one
 * those around it too, unless something is wrong with where records end. */
static bool pass_log_file(struct walker *w)
{
	struct feed *f = w->f;
	struct str text = str_trim((struct str){f->buf + f->pos, f->end - f->pos});
	struct str head = STR("{\"Records\":[");
	if (!f->eof || !w->sink->needles || !str_starts(text, STR("{\"Records\":[{\"eventVersion\"")) ||
		!str_ends(text, STR("}]}")))
		return false;
	if (needles_find(w->sink->needles, text.p, text.n) != STR_NONE) {
		w->whole = braces_whole(str_sub(text, head.n, text.n));
		return false;
	}
	struct needles begin;
	needles_one(&begin, STR("{\"eventVersion\""));
	size_t records = 0;
	for (size_t at = 0, n; at < text.n; at += n + 1) {
		n = needles_find(&begin, text.p + at, text.n - at);
		if (n == STR_NONE)
			break;
		records += strchr("[,", text.p[at + n - 1]) != NULL;
	}
	w->sink->passed(w->sink->ctx, records);
	f->pos = f->end;
	return true;
}

static void skip_mark(struct walker *w)
{
	struct feed *f = w->f;
	while (f->base == 0 && f->end < 3 && skip_more(w))
		;
	if (f->base == 0 && f->end >= 3 && memcmp(f->buf, "\xEF\xBB\xBF", 3) == 0)
		f->pos = 3;
}

void split_run(struct feed *f, const struct split_sink *sink)
{
	struct walker w = {.f = f, .sink = sink, .top = true};
	skip_mark(&w);
	if (pass_log_file(&w))
		return;
	while (!w.stopped) {
		if (w.lines)
			pass_bulk(&w);
		if (!skip_space(&w))
			break;
		unsigned long long at = feed_at(f);
		if (sink->until && at > sink->until && feed_lines(f, at) > f->mark_lines)
			break;
		walk_top(&w);
	}
}
