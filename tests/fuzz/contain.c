/*
 * A container: the first bytes say how the rest is wrapped, layer by layer. What is handed on is of a
 * known shape and is what its text says, nothing of it lies inside another, and the texts that were
 * looked at are not many times the input: time is bounded by what there is, however it is nested.
 */
#include "../../src/scan/contain.h"

#include "s3triage/base/base64.h"
#include "s3triage/base/mem.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct run {
	size_t records, problems, notes, texts;
};

static void on_record(void *ctx, struct str text, const struct json *record, const struct json *root)
{
	struct run *run = ctx;
	AUTO(json_free_ptr) struct json *again = json_parse(text, NULL);
	(void)root;
	if (!again || event_shape(again) == SHAPE_UNKNOWN || event_shape(again) != event_shape(record))
		abort();
	run->records++;
	run->texts += text.n;
}

static void on_found_in(void *ctx, struct str path)
{
	((struct run *)ctx)->texts += path.n && path.p[0] == '\0';
}

static void on_problem(void *ctx, const char *text)
{
	((struct run *)ctx)->problems += *text != '\0';
}

static void on_note(void *ctx, const char *text)
{
	((struct run *)ctx)->notes += *text != '\0';
}

static bool on_other(void *ctx, const struct json *v)
{
	(void)ctx;
	(void)v;
	return false;
}

static bool on_stop(void *ctx)
{
	(void)ctx;
	return false;
}

static void wrap(unsigned char how, struct buf *text)
{
	static const char *const around[][2] = {
		{"{\"Message\":", "}"}, {"{\"Records\":[{\"body\":", "}]}"}, {"[", "]"}, {"{\"message\":", ",\"@timestamp\":\"x\"}"},
		{"[{\"field\":\"@message\",\"value\":", "}]"}, {"{\"detail\":", ",\"detail-type\":\"x\"}"},
		{"{\"type\":\"doc\",\"value\":{\"source\":", "}}"}, {"{\"_source\":{\"@timestamp\":\"x\",\"event.original\":", "}}"},
	};
	struct buf out = {0}, coded = {0};
	buf_c(&out, around[how % 8][0]);
	if (how & 8)
		base64_add(buf_str(text), &coded);
	if (how & 16)
		buf_add(&out, buf_str(text));
	else
		json_quote(buf_str(coded.n ? &coded : text), &out);
	buf_c(&out, around[how % 8][1]);
	buf_fini(&coded);
	buf_fini(text);
	*text = out;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum { LAYERS_MAX = 16, MOST = 1 << 16 };
	size_t layers = size ? data[0] % LAYERS_MAX : 0;
	if (size < layers + 1 || size > MOST)
		return 0;
	struct buf text = {0};
	buf_add(&text, (struct str){(const char *)data + 1 + layers, size - 1 - layers});
	for (size_t i = 0; i < layers; i++)
		wrap(data[1 + i], &text);
	AUTO(json_free_ptr) struct json *v = json_parse(buf_str(&text), NULL);
	struct run run = {.records = 0};
	const struct contain_sink sink = {&run, on_record, on_found_in, on_problem, on_note, on_other, on_stop, STR_INIT(""), NULL};
	struct contain c;
	if (v && (json_type(v) != JSON_OBJECT || event_shape(v) == SHAPE_UNKNOWN)) {
		contain_search(&c, v, &sink);
		/* Each text level is read whole, perhaps value by value and line by line. */
		if (c.found != run.records || c.told != run.problems || c.bytes > 64 * (text.n + 64))
			abort();
	}
	buf_fini(&text);
	return 0;
}
