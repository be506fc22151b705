/*
 * What stands around an alert, as golden panes; tables with their pages, as golden screens.
 */
#include "view_detail.h"
#include "view_model.h"

static const struct signal signals[] = {
	{SIGNAL_INDEX_ROLE_FOREIGN, 3, STR_INIT("the role is of account 999988887777, not of the owner's "
		"111122223333")},
	{SIGNAL_INDEX_UNLISTED, 2, STR_INIT("the account book does not know 999988887777")},
	{SIGNAL_INDEX_WHOLE, 1, STR_INIT("rule \"sync\" takes all objects\x1b[2J")},
};
static const struct diff_line changes[] = {
	{DIFF_DEST_ADDED, true, STR_INIT("999988887777 nightly-sync-7f3 is a new destination")},
	{DIFF_FILTER_NARROWER, false, STR_INIT("rule \"old\" takes less than before")},
};
static const struct diff changed = {.base = DIFF_BASE_CONFIG,
	.head = STR_INIT("Compared with 2026-11-20 08:00, by kim:"), .lines = changes,
	.n_lines = ARRAY_LEN(changes), .later = STR_INIT("deleted 2026-11-24 03:00 by deploy")};
static const struct precedent_hit hits[] = {
	{.same = 3, .at = 1795487000000, .verdict = VERDICT_SUSPICIOUS, .analyst = STR_INIT("kim"),
		.reason = STR_INIT("theft"), .note = STR_INIT("IR-204"), .bucket = STR_INIT("acme-design")},
	{.same = 8, .at = 1795400000000, .verdict = VERDICT_APPROVED, .analyst = STR_INIT("lee"),
		.bucket = STR_INIT("acme-payroll-prod")},
};
static const struct timeline_entry events[] = {
	{.time = 1795486000000, .action = STR_INIT("ListBuckets"), .named = true},
	{.time = 1795486100000, .action = STR_INIT("CreateRole"), .target = STR_INIT("s3-repl"), .named = true,
		.result = STR_INIT("AccessDenied")},
	{.time = 1795486387000, .action = STR_INIT("PutBucketReplication"), .self = true, .named = true},
	{.time = 1795486400000, .action = STR_INIT("GetCallerIdentity")},
};
static const struct timeline around_it = {events, ARRAY_LEN(events), 0, false};
static struct checklist_step steps[] = {
	{.heading = STR_INIT("Who changed it?"), .title = STR_INIT("Identity and key"),
		.text = STR_INIT("Identity and key: whose is it, how old, where else was it used?"),
		.evidence = STR_INIT("long-lived key, no MFA")},
	{.heading = STR_INIT("Who changed it?"), .title = STR_INIT("How they signed in"),
		.text = STR_INIT("How they signed in: look for ConsoleLogin and AssumeRole before it")},
	{.heading = STR_INIT("Is the destination ours?"), .title = STR_INIT("In the organisation"),
		.ticked = true, .ticked_by = STR_INIT("kim"), .ticked_at = 1795487000000},
};
static const struct checklist list = {steps, ARRAY_LEN(steps), false};

static void draw_text(struct text *t, int cols, const char *name)
{
	struct canvas c;
	struct buf out;
	text_layout(t, cols);
	canvas_init(&c, (int)text_rows(t), cols);
	text_draw(t, &c, (struct rect){0, 0, c.rows, cols}, 0, STR(""));
	buf_init(&out, 0);
	canvas_dump(&c, false, &out);
	bool same = golden_same(name, buf_str(&out));
	buf_fini(&out);
	canvas_fini(&c);
	assert_true(same);
}

static void panes(void **state)
{
	(void)state;
	size_t lines[3];
	struct json *ecs = json_parse(str_c(document), NULL);
	struct around a = {.signals = signals, .n_signals = ARRAY_LEN(signals), .marks = "!!", .account_bad = true,
		.account = STR("not in the account book"), .diff = &changed, .seen = hits,
		.approval = STR("approval 3 does not fit: role differs"),
		.n_seen = 2, .seen_total = 9, .timeline = &around_it, .window = 3600000,
		.checklist = &list, .step = 1, .step_lines = lines};
	struct detail d = {.alert = &alert, .ecs = ecs, .request = request(theft, 1), .rule = &rule,
		.around = &a};
	struct text *t = text_new();
	request_text(&d, t);
	draw_text(t, 50, "around-request-50");
	actor_text(&d, t);
	draw_text(t, 50, "around-actor-50");
	guide_text(&d, t);
	draw_text(t, 50, "around-guide-50");
	assert_int_equal(lines[0], 1);
	assert_true(text_row_of(t, lines[1]) > text_row_of(t, lines[0]));
	text_free(t);
	json_free(ecs);
}

/* ---- tables ---- */

static const struct listing_column columns[] = {{"account", 12, 0, 0, false}, {"name", 10, 2, 1, false},
	{"kind", 12, 0, 3, false}, {"open", 5, 0, 0, true}, {"all", 5, 0, 2, true},
	{"verdicts", 10, 1, 4, false}, {"signal", 6, 0, 1, false}};

static void row(const void *ctx, size_t i, struct arena *mem, struct listing_cell *cells)
{
	(void)ctx;
	cells[0] = (struct listing_cell){arena_fmt(mem, "%012zu", i * 37037037037), ROLE_TEXT};
	cells[1] = (struct listing_cell){i ? STR("acme-backup and archive") : STR("\x1b[31mevil"), ROLE_TEXT};
	cells[2] = (struct listing_cell){STR("organisation"), ROLE_GOOD};
	cells[3] = (struct listing_cell){arena_fmt(mem, "%zu", i), ROLE_OPEN};
	cells[4] = (struct listing_cell){arena_fmt(mem, "%zu", i * 7), ROLE_DIM};
	cells[5] = (struct listing_cell){STR("+61 x3"), ROLE_DIM};
	cells[6] = (struct listing_cell){STR("!!!"), ROLE_WARN};
}

static void listing_scene(int rows, int cols, const struct listing_model *m, const char *name)
{
	struct scene s;
	scene_init(&s, rows, cols);
	s.m.listing = m;
	scene_check(&s, name);
	scene_fini(&s);
}

static void sheets(void **state)
{
	(void)state;
	struct text *page = text_new();
	for (int i = 0; i < 40; i++) {
		text_fmt(page, i % 8 ? ROLE_TEXT : ROLE_HEADING, "line %d of what is known of the account", i);
		text_end(page);
	}
	struct listing_model m = {.title = STR("Destination accounts"), .page_title = STR("999988887777"),
		.columns = columns, .n_columns = ARRAY_LEN(columns), .n_rows = 27, .cursor = 20,
		.row = row, .page = page};
	listing_scene(24, 80, &m, "sheet-80x24");
	listing_scene(40, 120, &m, "sheet-120x40");
	listing_scene(10, 40, &m, "sheet-40x10");
	m.page_focus = true;
	m.search = STR("known");
	listing_scene(10, 40, &m, "sheet-page-40x10");
	m.page_alone = true;
	listing_scene(24, 80, &m, "sheet-page-80x24");
	m = (struct listing_model){.title = STR("Near misses: not matched by the rule"), .warn = true,
		.columns = columns, .n_columns = ARRAY_LEN(columns), .row = row,
		.empty = STR("None: every replication event in these sources matches the rule.")};
	listing_scene(24, 80, &m, "sheet-empty-80x24");
	text_free(page);
}

static void every_size(void **state)
{
	(void)state;
	static const int sides[] = {0, 1, 2, 3, 4, 5, 6, 7, 9, 13, 20, 31, 59, 61, 99, 101, 161, 230};
	struct text *page = text_new();
	text_end(page);
	for (size_t i = 0; i < ARRAY_LEN(sides) * ARRAY_LEN(sides) * 8; i++) {
		struct scene s;
		size_t at = i / 8;
		struct listing_model m = {.columns = columns, .n_columns = ARRAY_LEN(columns), .row = row,
			.n_rows = i & 1 ? 0 : 500, .cursor = i & 1 ? 0 : 499, .top = 9999,
			.page = i & 2 ? page : NULL, .page_alone = i & 4, .page_focus = i & 4};
		scene_init(&s, sides[at / ARRAY_LEN(sides)], sides[at % ARRAY_LEN(sides)]);
		s.m.listing = &m;
		screen_draw(&s.m, &s.c);
		scene_fini(&s);
	}
	text_free(page);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(panes),
		cmocka_unit_test(sheets),
		cmocka_unit_test(every_size),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
