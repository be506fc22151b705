/*
 * A whole file's bytes through the splitter, in one piece and in pieces of a size that the first
 * byte chooses: records and problems must be the same. Every record lies inside the text, or is one
 * of Dev Tools made plain, and begins and ends with its braces, brackets or quotes; the prefilter lets
 * nothing through that holds a needle.
 */
#include "../../src/scan/look.h"
#include "../../src/scan/split.h"

#include "s3triage/base/buf.h"
#include "s3triage/base/mem.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct run {
	struct buf log;
	struct str text;
	size_t at, step, replications;
};

static enum split_kind on_record(void *ctx, struct feed *f, struct split_record *r)
{
	struct run *run = ctx;
	bool as_it_is = r->text.p >= f->buf && r->text.p < f->buf + f->end;
	static const char open[] = "{[\"", close[] = "}]\"";
	const char *opens = r->text.n > 1 ? memchr(open, r->text.p[0], 3) : NULL;
	if (!opens || r->text.p[r->text.n - 1] != close[opens - open] || r->at >= run->text.n)
		abort();
	if (as_it_is && (r->at + r->text.n > run->text.n || memcmp(run->text.p + r->at, r->text.p, r->text.n) != 0))
		abort();
	if (!as_it_is && str_find(r->text, STR("\"\"\"")) != STR_NONE)
		abort();
	unsigned long line = feed_lines(f, r->at);
	if (line != count_newlines(run->text.p, (size_t)r->at))
		abort();
	buf_fmt(&run->log, "r %llu %zu %lu\n", r->at, r->text.n, line);
	run->replications += str_find(r->text, STR("PutBucket")) != STR_NONE;
	return str_find(r->text, STR("eventName")) != STR_NONE ? SPLIT_KNOWN : SPLIT_UNKNOWN;
}

static void on_passed(void *ctx, size_t records)
{
	(void)ctx;
	(void)records;
}

static void on_problem(void *ctx, struct feed *f, unsigned long long at, const char *text)
{
	struct run *run = ctx;
	if (at > run->text.n)
		abort();
	buf_fmt(&run->log, "p %llu %lu %s\n", at, feed_lines(f, at), text);
}

static bool on_stop(void *ctx)
{
	(void)ctx;
	return false;
}

static ssize_t fill(void *ctx, char *out, size_t room)
{
	struct run *run = ctx;
	size_t n = run->text.n - run->at;
	n = n > run->step ? run->step : n;
	n = n > room ? room : n;
	if (n)
		memcpy(out, run->text.p + run->at, n);
	run->at += n;
	return (ssize_t)n;
}

static void split(struct run *run, const struct needles *needles)
{
	struct split_sink sink = {run, on_record, on_passed, on_problem, on_stop, needles, NULL, 0};
	struct feed f = {0};
	if (run->step)
		feed_stream(&f, 0, fill, run);
	else
		feed_memory(&f, run->text);
	split_run(&f, &sink);
	if (f.owned)
		feed_fini(&f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1)
		return 0;
	struct needles needles;
	struct str literal = STR("PutBucket");
	struct str text = {(const char *)data + 1, size - 1};
	if (look_has_json(text, true) < look_has_json(text, false) || (look_begins_json(text) && !look_has_json(text, true)))
		abort();
	look_name_amid(text);
	if (!needles_init(&needles, &literal, 1))
		abort();
	struct run whole = {.text = text}, pieces = {.text = text, .step = 1 + data[0] % 40};
	split(&whole, NULL);
	split(&pieces, NULL);
	if (whole.log.n != pieces.log.n || (whole.log.n && memcmp(whole.log.p, pieces.log.p, whole.log.n) != 0))
		abort();
	struct run passed = {.text = text}, slow = {.text = text, .step = 1 + data[0] % 40};
	split(&passed, &needles);
	split(&slow, &needles);
	if (passed.replications != slow.replications)
		abort();
	buf_fini(&whole.log);
	buf_fini(&pieces.log);
	buf_fini(&passed.log);
	buf_fini(&slow.log);
	return 0;
}
