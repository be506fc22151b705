/*
 * Closing exports of alerts whose every text is hostile: an origin comes back whole, what claims to
 * be JSON is JSON, commands hold only names, the clauses compile, what an exception list says can be read again.
 * And any bytes as an exception list and as an origin.
 */
#include "s3triage/export/handoff.h"

#include "../../src/export/handoff_priv.h"
#include "s3triage/base/lines.h"
#include "s3triage/base/when.h"
#include "s3triage/detect/rule.h"
#include "s3triage/event/json.h"
#include "s3triage/book/book.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void must(bool fine)
{
	if (!fine)
		abort();
}

static void check_json(struct str text)
{
	struct json *doc = json_parse(text, NULL);
	must(doc != NULL);
	json_free(doc);
}

static void check_exceptions(struct str text, struct arena *mem, size_t used)
{
	struct handoff_items items;
	must(handoff_exceptions_read(text, mem, &items, NULL));
	must(items.n == 2 * used); /* what stands behind the bucket is not known */
	for (size_t i = 0; i < items.n; i++)
		must(!items.v[i].not_evaluated.n);
}

static void check_eql(struct str text)
{
	struct buf query = {0};
	struct err err = {0};
	buf_fmt(&query, "any where true\n%.*s", STR_ARG(text));
	struct rule *r = rule_new_eql(buf_str(&query), NULL, &err);
	must(r && r->engine);
	rule_free(r);
	buf_fini(&query);
}

/* Between the fences there are only comments and commands of one line. */
static void check_case(struct str text)
{
	struct str line;
	bool fence = false;
	while (lines_next(&text, &line)) {
		if (str_starts(line, STR("```")))
			fence = !fence;
		else if (fence)
			must(str_starts(line, STR("# ")) || str_starts(line, STR("aws ")) ||
				str_starts(line, STR("( set -C; aws s3api get-bucket-replication --bucket '")));
	}
	must(!fence);
}

static void check_book(struct str text)
{
	struct book *b = book_new();
	must(book_read(b, text, "accounts.toml", NULL));
	must(book_problems(b) == 0);
	book_free(b);
}

static void check(struct handoff_row *row, struct handoff_origin *o, struct arena *mem)
{
	for (int f = 0; f < HANDOFF_COUNT; f++) {
		struct handoff_origin back;
		struct handoff_report report;
		struct buf out = {0};
		o->format = (enum handoff_format)f;
		handoff_write(row, 1, o, &out, &report);
		must(handoff_origin_read(buf_str(&out), mem, &back, NULL));
		must(back.format == o->format && str_eq(back.filter, o->filter));
		if (f == HANDOFF_STIX)
			check_json(buf_str(&out));
		else if (f == HANDOFF_EXCEPTIONS)
			check_exceptions(buf_str(&out), mem, report.used);
		else if (f == HANDOFF_EQL)
			check_eql(buf_str(&out));
		else if (f == HANDOFF_CASE)
			check_case(buf_str(&out));
		else if (f == HANDOFF_ACCOUNTS)
			check_book(buf_str(&out));
		buf_fini(&out);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str all = {(const char *)data, n}, text = all;
	struct arena mem = {0};
	struct handoff_items items;
	struct handoff_origin o;
	handoff_exceptions_read(all, &mem, &items, NULL);
	handoff_origin_read(all, &mem, &o, NULL);
	struct str t[6];
	for (size_t i = 0; i < 6; i++)
		t[i] = str_cut(&text, '\n');
	struct alert_dest d = {.account = account_normal(t[0], &mem), .written = t[0], .bucket = t[1], .status = t[2]};
	struct alert a = {.id = t[5], .event_id = t[5], .time = (int64_t)n, .bucket = t[1],
		.owner = t[0], .role = t[2], .actor = t[3], .actor_arn = t[3], .key_id = t[4],
		.ip = t[4], .agent = t[5], .dests = &d, .n_dests = 1};
	struct decision decided = {.seq = 1, .at = 0, .analyst = t[3], .reason = t[5], .note = all,
		.verdict = n & 1 ? VERDICT_APPROVED : VERDICT_SUSPICIOUS};
	struct handoff_row row = {.row = {.alert = &a, .decision = &decided}, .begins = WHEN_NONE,
		.expires = WHEN_NONE};
	o = (struct handoff_origin){.made = 5, .since = WHEN_NONE, .until = WHEN_NONE, .filter = all,
		.analyst = t[3]};
	check(&row, &o, &mem);
	arena_fini(&mem);
	return 0;
}
