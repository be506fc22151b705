/*
 * Fixed models for the view's golden screens. The view only reads the store and the selection, so
 * both are stood in for here by plain arrays.
 */
#ifndef TESTS_UNIT_VIEW_MODEL_H
#define TESTS_UNIT_VIEW_MODEL_H

#include "s3triage/base/when.h"
#include "s3triage/view/screen.h"

#include "../golden.h"
#include "../unit.h"

struct store {
	struct alert alerts[64];
	enum verdict verdicts[64];
	size_t n;
};

struct selection {
	const struct store *store;
};

size_t selection_count(const struct selection *sel)
{
	return sel->store->n;
}

row_id selection_at(const struct selection *sel, size_t i)
{
	(void)sel;
	return (row_id)i;
}

const struct alert *store_alert(const struct store *s, row_id r)
{
	return &s->alerts[r];
}

enum verdict store_verdict(const struct store *s, row_id r)
{
	return s->verdicts[r];
}

/* Each in turn. */
enum now_state store_now(const struct store *s, row_id r)
{
	(void)s;
	return (enum now_state)(r % 4);
}

__attribute__((weak)) const struct alert_dest *alert_main_dest(const struct alert *a)
{
	return a->n_dests ? &a->dests[0] : NULL;
}

/* What the list shows of one alert. */
struct sample {
	const char *when, *bucket, *owner, *dest, *actor, *region;
	enum verdict verdict;
	enum relation relation;
	bool forged;
};

static const struct sample samples[] = {
	{"2026-11-24T02:13:07Z", "acme-payroll-prod", "111122223333", "999988887777", "deploy",
		"us-east-1", VERDICT_OPEN, RELATION_OTHER, true},
	{"2026-11-24T02:11:40Z", "acme-hr-exports", "111122223333", "999988887777", "deploy",
		"us-east-1", VERDICT_OPEN, RELATION_OTHER, false},
	{"2026-11-24T02:10:02Z", "acme-legal-hold", "111122223333", "999988887777", "deploy",
		"us-east-1", VERDICT_OPEN, RELATION_OTHER, false},
	{"2026-11-23T22:41:19Z", "media-originals", "222233334444", "444455556666", "ci-bot",
		"eu-west-1", VERDICT_OPEN, RELATION_OTHER, false},
	{"2026-11-23T17:02:55Z", "acme-logs-eu", "111122223333", "777700001111", "tf-replication",
		"eu-central-1", VERDICT_APPROVED, RELATION_OTHER, false},
	{"2026-11-23T17:02:51Z", "acme-logs-us", "111122223333", "777700001111", "tf-replication",
		"us-west-2", VERDICT_APPROVED, RELATION_OTHER, false},
	{"2026-11-22T03:30:00Z", "acme-design-and-brand-assets-archive", "111122223333",
		"999988887777", "admin", "us-gov-west-1", VERDICT_SUSPICIOUS, RELATION_OTHER, false},
	{"2026-11-21T11:00:12Z", "sandbox-7", "222233334444", "222233334444", "kim",
		"eu-west-1", VERDICT_OPEN, RELATION_OWN, false},
	{"2026-11-20T08:15:30Z", "acme-invoices", "111122223333", "", "svc-backup", "us-east-1",
		VERDICT_OPEN, RELATION_UNNAMED, true},
	{"2026-11-19T23:59:59Z", "acme-odd", "", "12345", "OrganizationAccountAccessRole",
		"cn-north-1", VERDICT_OPEN, RELATION_INVALID, false},
};

static const struct alert_dest extra_dests[] = {
	{.account = STR_INIT("999988887777"), .written = STR_INIT("999988887777"),
		.bucket = STR_INIT("nightly-sync-7f3"), .relation = RELATION_OTHER},
	{.account = STR_INIT("777700001111"), .written = STR_INIT("777700001111"),
		.bucket = STR_INIT("acme-backup"), .relation = RELATION_OTHER},
	{.account = STR_INIT("111122223333"), .written = STR_INIT("111122223333"),
		.bucket = STR_INIT("acme-copy"), .relation = RELATION_OWN},
};

static struct alert_dest one_dest[ARRAY_LEN(samples)];

static void fill_alert(const struct sample *s, size_t i, struct alert *a)
{
	bool named = s->relation == RELATION_OTHER || s->relation == RELATION_OWN;
	one_dest[i] = (struct alert_dest){.account = named ? str_c(s->dest) : STR(""),
		.written = str_c(s->dest), .relation = s->relation};
	*a = (struct alert){.bucket = str_c(s->bucket), .owner = str_c(s->owner),
		.actor = str_c(s->actor), .region = str_c(s->region), .severity = STR("high"),
		.risk = 73, .disagreement = s->forged, .dests = &one_dest[i], .n_dests = 1,
		.source = STR("trail/2026-11-24.json:12")};
	when_parse(str_c(s->when), &a->time);
}

static void fill_store(struct store *s)
{
	*s = (struct store){.n = ARRAY_LEN(samples)};
	for (size_t i = 0; i < s->n; i++) {
		fill_alert(&samples[i], i, &s->alerts[i]);
		s->verdicts[i] = samples[i].verdict;
	}
	s->alerts[1].dests = extra_dests;
	s->alerts[1].n_dests = ARRAY_LEN(extra_dests);
}

static const struct key_hint list_hints[] = {{"a", "approve"}, {"s", "suspicious"}, {"n", "note"},
	{"Space", "mark"}, {"u", "undo"}, {"/", "find"}, {":", "command"}, {"?", "keys"},
	{NULL, NULL}};

static bool third_marked(const void *ctx, row_id r)
{
	(void)ctx;
	return r == 2;
}

/* A whole screen. */
struct scene {
	struct store store;
	struct selection sel;
	struct screen_model m;
	struct canvas c;
};

static void scene_init(struct scene *s, int rows, int cols)
{
	*s = (struct scene){.m = {.rule_name = STR("AWS S3 Bucket Replicated to Another Account"),
		.severity = STR("high"), .risk = 73, .techniques = STR("T1537 T1567.002"),
		.source = STR("logs/2026-11"), .open = 37, .total = 120, .sort = STR("time v"),
		.hints = list_hints, .message_role = ROLE_TEXT, .focus = PANE_LIST}};
	fill_store(&s->store);
	s->sel.store = &s->store;
	s->m.list = (struct list_model){.store = &s->store, .rows = &s->sel,
		.marked = third_marked};
	canvas_init(&s->c, rows, cols);
}

static void scene_fini(struct scene *s)
{
	for (int p = PANE_REQUEST; p < PANES; p++)
		text_free(s->m.panes[p].text);
	canvas_fini(&s->c);
}

/* Draws and compares. */
static void scene_check(struct scene *s, const char *name)
{
	struct buf out;
	buf_init(&out, 0);
	screen_draw(&s->m, &s->c);
	canvas_dump(&s->c, false, &out);
	bool same = golden_same(name, buf_str(&out));
	buf_fini(&out);
	assert_true(same);
}

#endif
