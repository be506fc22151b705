/*
 * record: one record -> parser -> ECS document -> rule -> alert -> batch. Knows nothing of files.
 */
#include "scan_priv.h"

#include "action.h"
#include "contain.h"
#include "split.h"

#include "s3triage/base/when.h"
#include "s3triage/event/doc.h"

static unsigned long line_of(const struct item *it)
{
	return it->f ? feed_lines(it->f, it->at) + 1 : 0;
}

static void record_tell(const struct item *it, const struct err *err)
{
	reader_problem(it->r, err, line_of(it), it->at);
}

static void tell_text(const struct item *it, const char *text, unsigned long long n)
{
	struct err err = {0};
	if (n)
		err_set(&err, ERR_PARSE, "%llu %s", n, text);
	else
		err_set(&err, ERR_PARSE, "%s", text);
	record_tell(it, &err);
}

/* What only the text shows: the tree keeps the last of twin keys, and U+FFFD for broken bytes. */
trait_set item_doubts(const struct json *v)
{
	return (json_repeated(v) ? (uint32_t)TRAIT_TWIN_KEYS : 0) |
		(json_mended(v) ? (uint32_t)TRAIT_UNREAD : 0);
}

static void tell_doubts(struct item *it, const struct json *v)
{
	it->doubts |= item_doubts(v);
	if (json_mended(v))
		tell_text(it, "bytes or escapes that are no valid text, read as U+FFFD", json_mended(v));
	if (json_repeated(v))
		tell_text(it, "keys that came twice in one object; the last of each counts", json_repeated(v));
}

static struct json *parse(struct item *it, struct str text)
{
	struct err err = {0};
	struct json *v = json_parse(text, &err);
	if (!v) {
		if (!it->resync)
			record_tell(it, &err);
		return NULL;
	}
	tell_doubts(it, v);
	return v;
}

/* By when it was taken in, else by its time. A document without either is inside. */
static bool in_range(const struct scan_options *o, const struct json *ecs)
{
	int64_t ms;
	if (o->since == WHEN_NONE && o->until == WHEN_NONE)
		return true;
	char tmp[JSON_SCALAR_MAX];
	if (!when_read(doc_text(ecs, "event.ingested", tmp), &ms) &&
		!when_read(doc_text(ecs, "@timestamp", tmp), &ms))
		return true;
	return (o->since == WHEN_NONE || ms >= o->since) && (o->until == WHEN_NONE || ms <= o->until);
}

static bool record_matches(const struct item *it, const struct json *ecs, enum event_shape shape)
{
	struct reader *r = it->r;
	const struct scan_options *o = &r->s->options;
	bool matched_before = (shape == SHAPE_ALERT || shape == SHAPE_FINDING) && !o->any_document && !o->look;
	if (!o->rule || matched_before)
		return true;
	field_lint_see(r->lint, ecs);
	if (!r->run)
		return false;
	bool matched = rule_match(o->rule, r->run, ecs);
	const char *fault = rule_run_fault(r->run);
	if (fault) {
		struct err err = {0};
		err_set(&err, ERR_LIMIT, "the rule could not be evaluated on this event: %s", fault);
		record_tell(it, &err);
	}
	return matched;
}

/* The document for others to read, with what is doubtful of the text that it was made of. */
static struct str print_ecs(const struct item *it, const struct json *ecs, struct arena *mem)
{
	AUTO(json_free_ptr) struct json *copy = it->doubts ? json_copy(ecs) : NULL;
	struct json *doubts = it->doubts ? json_new_array() : NULL;
	AUTO(buf_fini) struct buf line = {0};
	for (unsigned i = 0; doubts && i < TRAIT_COUNT; i++)
		if (it->doubts >> i & 1)
			json_push(doubts, json_new_str(str_c(trait_name((enum trait_index)i))));
	if (doubts)
		json_set(copy, EVENT_DOUBTS, doubts);
	json_print(copy ? copy : ecs, &line);
	return arena_str(mem, buf_str(&line));
}

static void fill_match(const struct item *it, struct scan_match *m, const struct json *ecs)
{
	struct arena *mem = reader_mem(it->r);
	m->raw = arena_str(mem, it->text);
	m->place.path = arena_str(mem, it->r->path);
	m->alert.origin = it->r->origin;
	m->place.line = line_of(it);
	m->place.byte = it->at;
	if (it->r->s->options.keep_order)
		m->ecs = print_ecs(it, ecs, mem);
	if (m->alert.source.n == 0 && !it->r->job->big)
		m->alert.source = arena_fmt(mem, "%.*s:%lu", STR_ARG(it->r->path), m->place.line);
}

static void record_keep(const struct item *it, const struct json *ecs, enum event_shape shape)
{
	struct scan *s = it->r->s;
	struct alert alert = {0};
	bool any = s->options.any_document;
	const struct alert_input in = {ecs, it->raw, shape, s->options.rule ? &s->rule : NULL, it->doubts};
	if (!alert_read_input(&in, reader_mem(it->r), &alert)) {
		alert = (struct alert){.time = WHEN_NONE, .made = WHEN_NONE, .ingested = WHEN_NONE};
		if (!any) {
			tell_text(it, "the event has too little in it to be an alert", 0);
			return;
		}
	}
	if (!any && alert.time == WHEN_NONE && shape != SHAPE_CLOUDTRAIL && !(alert.traits & TRAIT_LOSSY))
		tell_text(it, "the event has no readable time", 0);
	if (!any && alert.traits & TRAIT_TWIN_KEYS && !(it->doubts & TRAIT_TWIN_KEYS))
		tell_text(it, "a field of the event is there twice, and not with the same value", 0);
	struct scan_match *m = reader_match(it->r);
	if (!m)
		return;
	m->alert = alert;
	fill_match(it, m, ecs);
	reader_flush(it->r, false);
}

static void record_look(const struct item *it, const struct json *ecs, enum event_shape shape)
{
	const struct scan_options *o = &it->r->s->options;
	const struct scan_seen seen = {ecs, it->raw, shape};
	const void *made = o->look(o->look_ctx, &seen, reader_mem(it->r));
	const void **to = made ? reader_look(it->r) : NULL;
	if (to)
		*to = made;
	reader_flush(it->r, false);
}

static void count_event(struct reader *r, const struct json *ecs, enum event_shape shape)
{
	r->tally.events += 1;
	if (shape != SHAPE_ALERT && str_is(doc_str(ecs, "event.action"), "PutBucketReplication"))
		r->tally.replications += 1;
}

/* What is wrong with an event that somebody will look at, or should have: one word a record. */
static void record_check(struct item *it, const struct json *ecs, bool matched)
{
	struct err err = {0};
	if (!matched && !str_is(doc_str(ecs, "event.action"), "PutBucketReplication"))
		return;
	if (event_check(it->record, &err))
		return;
	it->doubts |= TRAIT_UNREAD;
	record_tell(it, &err);
}

static void record_judge(struct item *it, const struct json *ecs, enum event_shape shape)
{
	const struct scan_options *o = &it->r->s->options;
	count_event(it->r, ecs, shape);
	if (o->deeds) {
		item_deed(it, ecs, shape);
		return;
	}
	bool wanted = in_range(o, ecs);
	bool matched = (wanted || o->context) && record_matches(it, ecs, shape);
	if (wanted)
		record_check(it, ecs, matched);
	if (wanted && matched)
		(o->look ? record_look : record_keep)(it, ecs, shape);
	else if (o->context)
		item_related(it, ecs, shape, matched);
	it->r->refused += wanted && !matched;
}

/* What is known and holds no event. */
static void leave_out(const struct item *it, const struct json *v)
{
	if (json_get(v, "digestS3Object") || json_get(v, "digestStartTime"))
		reader_skip(it->r, SKIP_DIGEST, 0, "is a digest file of CloudTrail: it names log files, and holds no "
			"event");
	else if (json_get(v, "found") && !json_bool(json_get(v, "found")))
		it->r->absent++;
	else
		reader_skip(it->r, SKIP_EMPTY, line_of(it), "an object with nothing in it");
}

/* One event, alert or document. */
static void record_read_event(const struct item *it, const struct json *v)
{
	struct err err = {0};
	struct item found = *it;
	enum event_shape shape;
	found.record = v;
	AUTO(json_free_ptr) struct json *ecs =
		it->r->s->lean ? event_to_ecs_lean(v, &shape, &found.raw, &err)
			       : event_to_ecs(v, &shape, &err);
	if (ecs && it->found_in.n)
		json_set(ecs, EVENT_FOUND_IN, json_new_str(it->found_in));
	if (ecs)
		record_judge(&found, ecs, shape);
	else
		record_tell(it, &err);
}

/* One event without the rule's words: as the prefilter passes over those that lie in no container. */
static bool found_is_passed(const struct item *it, const struct json *record)
{
	const struct needles *n = &it->r->needles;
	bool may = it->f && it->r->s->have_needles && (n->n || n->many); /* a table's reader has none */
	return may && needles_find(n, it->text.p, it->text.n) == STR_NONE && event_shape(record) == SHAPE_CLOUDTRAIL;
}

static void found_record(void *ctx, struct str text, const struct json *record, const struct json *root)
{
	struct item it = *(const struct item *)ctx;
	it.text = text;
	it.r->found += 1;
	if (found_is_passed(&it, record)) {
		it.r->tally.events += 1;
		return;
	}
	tell_doubts(&it, root);
	it.beside = true;
	item_read(&it, record);
}

static void found_in(void *ctx, struct str path)
{
	((struct item *)ctx)->found_in = path;
}

static void found_problem(void *ctx, const char *text)
{
	tell_text(ctx, text, 0);
}

static void found_note(void *ctx, const char *text)
{
	const struct item *it = ctx;
	struct err err = {0};
	err_set(&err, ERR_NONE, "%s", text);
	reader_note(it->r, &err);
}

/* A table, perhaps. */
static bool found_other(void *ctx, const struct json *v)
{
	const struct item *it = ctx;
	return it->r->other && it->r->other(it, v) != SPLIT_UNKNOWN;
}

static bool found_stop(void *ctx)
{
	return scan_stopping(((const struct item *)ctx)->r->s);
}

/* What lies in a container, or in the source of a shell. True: there was something. */
static bool record_search(const struct item *it, const struct json *v, bool shell)
{
	enum { WITHIN_MAX = 8 };
	struct item ctx = *it;
	struct contain c;
	const struct contain_sink sink = {&ctx, found_record, found_in, found_problem, found_note, found_other,
		found_stop, it->found_in, &it->r->trees};
	if (it->r->within == WITHIN_MAX) {
		tell_text(it, "tables within tables are nested too deep; this one was not searched", 0);
		return true;
	}
	it->r->within += 1;
	(shell ? contain_search_shell : it->beside ? contain_search_answer : contain_search)(&c, v, &sink);
	it->r->within -= 1;
	return c.found + c.told + c.noted > 0;
}

static void tell_keys(const struct item *it, const struct json *v)
{
	AUTO(buf_fini) struct buf why = {0};
	if (json_type(v) == JSON_OBJECT) {
		buf_c(&why, "the object is no CloudTrail event, ECS document or alert, and holds none; its keys: ");
		contain_keys(v, &why);
	} else {
		buf_c(&why, "an object is expected, or what holds one");
	}
	tell_text(it, buf_cstr(&why), 0);
}

/* An object that is no event itself. */
static enum split_kind record_open(const struct item *it, const struct json *v)
{
	struct item whole = *it;
	bool any = it->r->s->options.any_document && json_type(v) == JSON_OBJECT && !it->beside;
	if (it->part)
		return SPLIT_UNKNOWN;
	if (record_search(it, v, false))
		return SPLIT_HOLDS;
	if (any)
		record_judge(&whole, v, SHAPE_UNKNOWN);
	else if (!it->beside)
		tell_keys(it, v);
	return any ? SPLIT_KNOWN : SPLIT_UNKNOWN;
}

/* Of another product: counted, and a document for whoever asks for any. */
static enum split_kind record_foreign(const struct item *it, const struct json *v)
{
	struct item found = *it;
	if (it->r->s->options.any_document)
		record_judge(&found, v, SHAPE_UNKNOWN);
	else
		it->r->tally.foreign += 1;
	return SPLIT_KNOWN;
}

/* The event inside an element of lookup-events, which is a string there. */
static bool is_looked_up(const struct json *v)
{
	return json_type(json_get(v, "CloudTrailEvent")) == JSON_STRING && !json_get(v, "eventName");
}

/* A tree of any shape. */
enum split_kind item_read(const struct item *it, const struct json *v)
{
	enum event_shape shape = json_type(v) == JSON_OBJECT ? event_shape(v) : SHAPE_UNKNOWN;
	if (shape == SHAPE_EMPTY) {
		leave_out(it, v);
		return SPLIT_HOLDS;
	}
	if (shape == SHAPE_FOREIGN)
		return record_foreign(it, v);
	if (is_looked_up(v))
		return record_search(it, v, false) ? SPLIT_KNOWN : SPLIT_UNKNOWN;
	if (shape == SHAPE_UNKNOWN)
		return action_line(v) ? SPLIT_HOLDS : record_open(it, v);
	if (shape == SHAPE_SHELL && !it->r->s->options.any_document) {
		record_search(it, v, true);
		return SPLIT_HOLDS;
	}
	record_read_event(it, v);
	/* A hit that stands for others: those are more of its kind, not copies of it. */
	bool hit = json_get(v, "_source") || json_get(v, "fields");
	const struct json *inner = hit ? json_get(v, "inner_hits") : NULL;
	struct item beside = *it;
	beside.beside = true;
	if (inner)
		record_search(&beside, inner, false);
	return inner ? SPLIT_HOLDS : SPLIT_KNOWN;
}

static enum split_kind read_record(struct reader *r, struct feed *f, const struct split_record *rec)
{
	struct item it = {.r = r, .f = f, .text = rec->text, .at = rec->at, .resync = rec->resync,
		.part = rec->resync && !rec->line, .beside = rec->beside, .found_in = rec->found_in};
	r->tally.candidates += 1;
	AUTO(json_free_ptr) struct json *v = parse(&it, rec->text);
	return v ? item_read(&it, v) : SPLIT_UNKNOWN;
}

static enum split_kind on_record(void *ctx, struct feed *f, struct split_record *rec)
{
	struct reader *r = ctx;
	unsigned long long before = r->found;
	json_pool_enter(&r->trees);
	enum split_kind kind = read_record(r, f, rec);
	rec->held = (size_t)(r->found - before);
	json_pool_leave();
	arena_reset(&r->trees);
	return kind;
}

void reader_hit(struct reader *r, struct str text, const struct json *hit)
{
	struct item it = {.r = r, .text = text, .doubts = item_doubts(hit)};
	r->tally.candidates += 1;
	item_read(&it, hit);
}

static void on_passed(void *ctx, size_t records)
{
	struct reader *r = ctx;
	r->tally.events += records;
}

static void on_problem(void *ctx, struct feed *f, unsigned long long at, const char *text)
{
	struct err err = {0};
	err_set(&err, ERR_PARSE, "%s", text);
	reader_problem(ctx, &err, feed_lines(f, at) + 1, at);
}

static void on_note(void *ctx, const char *text)
{
	struct err err = {0};
	err_set(&err, ERR_NONE, "%s", text);
	reader_note(ctx, &err);
}

static bool on_stop(void *ctx)
{
	struct reader *r = ctx;
	reader_flush(r, false);
	return scan_stopping(r->s);
}

unsigned long long reader_feed(struct reader *r, struct feed *f, unsigned long long until)
{
	struct split_sink sink = {
		.ctx = r,
		.record = on_record,
		.passed = on_passed,
		.problem = on_problem,
		.stop = on_stop,
		.note = on_note,
		.needles = r->s->have_needles ? &r->needles : NULL,
		.until = until,
	};
	return split_run(f, &sink);
}
