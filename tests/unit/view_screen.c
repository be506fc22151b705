/*
 * Golden screens: one model at many sizes and in many states.
 */
#include "view_detail.h"
#include "view_model.h"

#include "s3triage/base/when.h"

static const struct {
	int rows, cols;
} sizes[] = {{10, 40}, {20, 60}, {24, 80}, {40, 120}, {50, 200}};

/* The three panes of one alert. */
static void prose(struct scene *s)
{
	struct json *ecs = json_parse(str_c(document), NULL);
	struct detail d = {.alert = &alert, .ecs = ecs, .request = request(theft, 1), .rule = &rule,
		.decision = &second, .history = history, .n_history = 2};
	for (int p = PANE_REQUEST; p < PANES; p++)
		s->m.panes[p].text = text_new();
	request_text(&d, s->m.panes[PANE_REQUEST].text);
	actor_text(&d, s->m.panes[PANE_ACTOR].text);
	guide_text(&d, s->m.panes[PANE_GUIDE].text);
	json_free(ecs);
}

static void list_and_panes(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		struct scene s;
		char name[64];
		scene_init(&s, sizes[i].rows, sizes[i].cols);
		prose(&s);
		s.m.list.cursor = 1;
		snprintf(name, sizeof(name), "list-%dx%d", sizes[i].cols, sizes[i].rows);
		scene_check(&s, name);
		scene_fini(&s);
	}
}

/* A scene of one size, changed by `change`, compared. */
static void check(int rows, int cols, void (*change)(struct scene *), const char *name)
{
	struct scene s;
	scene_init(&s, rows, cols);
	prose(&s);
	change(&s);
	scene_check(&s, name);
	scene_fini(&s);
}

static void make_empty(struct scene *s)
{
	s->store.n = 0;
	s->m.open = s->m.total = 0;
	s->m.list.empty = STR("0 alerts: 48,212 events read, 17 PutBucketReplication, none names an "
		"account. Press N for near misses.");
}

static void empty_list(void **state)
{
	(void)state;
	check(24, 80, make_empty, "empty-80x24");
	check(10, 40, make_empty, "empty-40x10");
	check(40, 120, make_empty, "empty-120x40");
}

static void make_filter(struct scene *s)
{
	s->m.filter = STR("verdict:open dest:!own acme");
	s->m.filter_cursor = s->m.filter.n;
	s->m.filter_editing = true;
	s->m.status = STR("12 destinations");
}

static void make_filter_error(struct scene *s)
{
	make_filter(s);
	s->m.filter = STR("verdict:open dest:(");
	s->m.filter_cursor = s->m.filter.n;
	s->m.filter_error = STR("a value or ) is missing at the end");
}

static void filter_line(void **state)
{
	(void)state;
	check(24, 80, make_filter, "filter-80x24");
	check(10, 40, make_filter, "filter-40x10");
	check(24, 80, make_filter_error, "filter-error-80x24");
	check(10, 40, make_filter_error, "filter-error-40x10");
}

static const struct dialog_line preview_lines[] = {
	{ROLE_TEXT, STR_INIT("11 change"), STR_INIT("open -> suspicious")},
	{ROLE_DIM, STR_INIT("0 already suspicious"), STR_INIT("stay as they are")},
	{ROLE_WARN, STR_INIT("2 differ from the rest and are left out:"), {NULL, 0}},
	{ROLE_TEXT, STR_INIT("acme-design"), STR_INIT("role admin instead of deploy")},
	{ROLE_TEXT, STR_INIT("acme-tmp"), STR_INIT("from ci-bot, in another country, at an hour at "
		"which nobody of this team has worked before")},
};
static const struct dialog_field preview_fields[] = {
	{STR_INIT("reason"), STR_INIT("exfiltration"), 12},
	{STR_INIT("note"), STR_INIT("IR-204, keys disabled 02:40"), 27},
};
static const struct key_hint dialog_hints[] = {{"Enter", "decide"}, {"Tab", "next field"},
	{"Esc", "back"}, {NULL, NULL}};
static const struct dialog_model preview = {.title = STR_INIT("Mark 11 alerts suspicious?"),
	.lines = preview_lines, .n_lines = ARRAY_LEN(preview_lines), .selected = STR_NONE,
	.fields = preview_fields, .n_fields = 2, .field = 1, .hints = dialog_hints};

static const struct dialog_line key_lines[] = {
	{ROLE_KEY, STR_INIT("a"), STR_INIT("approve the alert, or the marked ones")},
	{ROLE_KEY, STR_INIT("s"), STR_INIT("mark it suspicious")},
	{ROLE_KEY, STR_INIT("o"), STR_INIT("open it again")},
	{ROLE_KEY, STR_INIT("n"), STR_INIT("reason and note for the next decision")},
	{ROLE_KEY, STR_INIT("Space"), STR_INIT("mark or unmark")},
	{ROLE_KEY, STR_INIT("u"), STR_INIT("take the last decision back")},
	{ROLE_KEY, STR_INIT("^R"), STR_INIT("bring it back again")},
	{ROLE_KEY, STR_INIT("Tab, 1-4"), STR_INIT("go to a pane")},
	{ROLE_KEY, STR_INIT("PageDown"), STR_INIT("a page on")},
};
static const struct dialog_field key_fields[] = {{STR_INIT("find"), STR_INIT(""), 0}};
static const struct key_hint key_hints[] = {{"Enter", "do it"}, {"Esc", "back"}, {NULL, NULL}};
static const struct dialog_model keys = {.title = STR_INIT("Keys: alerts"), .lines = key_lines,
	.n_lines = ARRAY_LEN(key_lines), .selected = 7, .fields = key_fields, .n_fields = 1,
	.hints = key_hints};

static void make_preview(struct scene *s)
{
	s->m.dialog = &preview;
}

static void make_keys(struct scene *s)
{
	s->m.dialog = &keys;
}

static void dialogs(void **state)
{
	(void)state;
	check(24, 80, make_preview, "dialog-80x24");
	check(10, 40, make_preview, "dialog-40x10");
	check(40, 120, make_preview, "dialog-120x40");
	check(24, 80, make_keys, "keys-80x24");
	check(10, 40, make_keys, "keys-40x10");
	check(6, 20, make_keys, "keys-20x6");
}

/* Also below a dialog that wants every row, and under a banner. */
static void a_message_is_read_to_its_end(void **state)
{
	static const char words[] = "nothing was decided: the cursor went on to acme-payroll-prod by itself "
		"while others decided; look at what stands there now, then press the very same key again";
	(void)state;
	for (int dialog = 0; dialog < 2; dialog++) {
		struct scene s;
		struct buf out;
		scene_init(&s, 24, 80);
		prose(&s);
		if (dialog)
			make_keys(&s);
		s.m.banner = dialog ? STR("TLS NOT VERIFIED") : STR("");
		s.m.message = str_c(words);
		buf_init(&out, 0);
		screen_draw(&s.m, &s.c);
		canvas_dump(&s.c, false, &out);
		assert_true(str_find(buf_str(&out), STR("\n again")) != STR_NONE);
		assert_true(str_find(buf_str(&out), STR("nothing was decided: the cursor")) != STR_NONE);
		assert_int_equal(screen_dialog_rows(&s.m, 24, 80), dialog ? 20 : 21);
		buf_fini(&out);
		scene_fini(&s);
	}
}

static void make_zoom(struct scene *s)
{
	s->m.zoomed = true;
	s->m.focus = PANE_LIST;
}

static void make_zoom_guide(struct scene *s)
{
	s->m.zoomed = true;
	s->m.focus = PANE_GUIDE;
	s->m.panes[PANE_GUIDE].search = STR("account");
}

static void zoom(void **state)
{
	(void)state;
	check(20, 120, make_zoom, "zoom-list-120x20");
	check(20, 160, make_zoom, "zoom-list-160x20");
	check(20, 80, make_zoom_guide, "zoom-guide-80x20");
}

static void make_ascii(struct scene *s)
{
	s->c.ascii = true;
	s->m.focus = PANE_ACTOR;
	s->m.dialog = &keys;
}

static void make_plain_ascii(struct scene *s)
{
	s->c.ascii = true;
	s->m.focus = PANE_GUIDE;
	s->store.alerts[0].bucket = STR("caf\xc3\xa9-\xe6\x97\xa5\xe6\x9c\xac");
}

static void make_request(struct scene *s)
{
	s->m.focus = PANE_REQUEST;
	s->m.panes[PANE_REQUEST].top = 900;
	s->m.panes[PANE_REQUEST].title = STR("Request, raw");
}

static void make_columns(struct scene *s)
{
	static const enum column wanted[] = {COLUMN_DEST, COLUMN_REGION, COLUMN_SEVERITY,
		COLUMN_VERDICT, COLUMN_SOURCE, COLUMNS};
	s->m.list.columns = wanted;
	s->m.list.cursor = 8;
	s->m.list.top = 50;
}

static void make_became(struct scene *s)
{
	static const enum column wanted[] = {COLUMN_BUCKET, COLUMN_NOW, COLUMN_DEST, COLUMNS};
	s->m.list.columns = wanted;
}

static void focus_and_columns(void **state)
{
	(void)state;
	check(10, 40, make_request, "request-40x10");
	check(5, 20, make_request, "request-20x5");
	check(24, 100, make_request, "request-100x24");
	check(24, 80, make_request, "request-80x24");
	check(14, 80, make_columns, "columns-80x14");
	check(14, 80, make_became, "columns-now-80x14");
	check(5, 20, make_columns, "columns-20x5");
}

static void ascii(void **state)
{
	(void)state;
	check(20, 60, make_plain_ascii, "ascii-60x20");
	check(24, 100, make_ascii, "ascii-100x24");
}

static void make_hostile(struct scene *s)
{
	s->store.alerts[0].bucket = STR("a\x1b[2Jb\r\nc\xe2\x80\xae" "evil");
	s->store.alerts[1].actor = STR("\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e\xe6\x97\xa5\xe6\x9c\xac");
	s->store.alerts[2].bucket = STR("e\xcc\x81t\xc3\xa9-\xff\xfe");
	s->store.alerts[3].bucket = STR("zero\xe2\x80\x8bwidth\x9b""31m");
	s->m.message = STR("copied \x1b]52;c;AAAA\x07 to the clipboard");
	s->m.message_role = ROLE_GOOD;
	s->m.filter = STR("bucket:\t\xf0\x9f\x92\xa3");
	s->m.source = STR("/tmp/\x1b[31m");
}

static void hostile_text(void **state)
{
	(void)state;
	check(24, 80, make_hostile, "hostile-80x24");
}

static void make_busy(struct scene *s)
{
	s->m.banner = STR("TLS NOT VERIFIED");
	s->m.read_only = true;
	s->m.fresh = 3;
	s->m.marked = 1;
	s->m.status = STR("4 of 31 files, 61 MB/s, 12 s left");
	s->m.prompt = STR(":theme contr");
	s->m.prompt_cursor = s->m.prompt.n;
}

static void busy(void **state)
{
	(void)state;
	check(24, 120, make_busy, "busy-120x24");
	check(10, 40, make_busy, "busy-40x10");
}

/* The list's cursor does not shine through a dialog. */
static void dialog_covers(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s, 24, 80);
	s.m.dialog = &keys;
	s.m.list.cursor = 3;
	size_t selected[24] = {0};
	screen_draw(&s.m, &s.c);
	for (int i = 0; i < 24 * 80; i++)
		selected[i / 80] += s.c.cells[i].selected && s.c.cells[i].ground == ROLE_DIALOG;
	for (int row = 0, lines = 0; row < 24; row++) {
		lines += selected[row] > 0;
		assert_true(lines <= 1 && (selected[row] == 0 || selected[row] > 40));
	}
	scene_fini(&s);
}

/* What the first row shows. */
static struct str first_row(struct scene *s, struct buf *out)
{
	canvas_dump(&s->c, false, out);
	struct str rest = buf_str(out);
	return str_cut(&rest, '\n');
}

/* The warning is never pushed out, by nothing and at no size that has room for a word. */
static void warns_on_every_screen(void **state)
{
	(void)state;
	static const int sides[] = {1, 2, 3, 4, 6, 8, 10, 13, 20, 31, 40, 59, 80, 101, 161, 230};
	for (size_t r = 0; r < ARRAY_LEN(sides); r++)
		for (size_t k = 5; k < ARRAY_LEN(sides); k++)
			for (unsigned f = 0; f < 4; f++) {
				struct scene s;
				struct buf text = {0};
				scene_init(&s, sides[r], sides[k]);
				prose(&s);
				s.m.zoomed = f == 1;
				s.m.dialog = f == 2 ? &keys : f == 3 ? &preview : NULL;
				s.m.banner = STR("TLS NOT VERIFIED: a-cluster-with-a-name-as-long-as-it-may-"
						 "be, and-another-one-that-is-long");
				screen_draw(&s.m, &s.c);
				struct str row = first_row(&s, &text);
				if (str_find(row, STR("INSECURE")) == STR_NONE &&
					str_find(row, STR("TLS NOT VERIFIED")) == STR_NONE)
					fail_msg("%dx%d, %u: '%.*s'", sides[k], sides[r], f, STR_ARG(row));
				buf_fini(&text);
				scene_fini(&s);
			}
}

/* At every size something is drawn, and nothing outside. */
static void every_size(void **state)
{
	(void)state;
	static const int sides[] = {0, 1, 2, 3, 4, 5, 6, 7, 9, 13, 20, 31, 59, 61, 99, 101, 161, 230};
	for (size_t r = 0; r < ARRAY_LEN(sides); r++)
		for (size_t k = 0; k < ARRAY_LEN(sides); k++)
			for (unsigned f = 0; f < PANES * 4; f++) {
				struct scene s;
				scene_init(&s, sides[r], sides[k]);
				prose(&s);
				s.m.focus = (enum pane)(f % PANES);
				s.m.zoomed = f >= PANES && f < 2 * PANES;
				s.m.dialog = f < 2 * PANES ? NULL : f & 1 ? &keys : &preview;
				s.m.list.cursor = 9;
				screen_draw(&s.m, &s.c);
				scene_fini(&s);
			}
}

/* Many destinations are never drawn as if there were one, however narrow the column. */
static void many_destinations_are_counted(void **state)
{
	static const struct {
		int cols;
		size_t n;
		const char *shows;
	} cases[] = {{120, 1000, "99+"}, {120, 100, "+99"}, {120, 11, "+10"}, {80, 1000, "!99+"},
		{60, 1000, "+"}, {40, 1000, "+"}, {80, 1, "000000000000!  "}};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct scene s;
		struct arena mem = {0};
		struct alert_dest *d = arena_array(&mem, cases[i].n, sizeof(*d));
		AUTO(buf_fini) struct buf b = {0};
		scene_init(&s, 24, cases[i].cols);
		for (size_t k = 0; k < cases[i].n; k++) {
			d[k] = one_dest[0];
			d[k].relation = RELATION_OTHER;
			d[k].account = d[k].written = arena_fmt(&mem, "%012zu", k);
		}
		s.store.alerts[0].dests = d;
		s.store.alerts[0].n_dests = cases[i].n;
		screen_draw(&s.m, &s.c);
		canvas_dump(&s.c, false, &b);
		if (str_find(buf_str(&b), str_c(cases[i].shows)) == STR_NONE)
			fail_msg("%d columns, %zu: no %s in\n%s", cases[i].cols, cases[i].n,
				cases[i].shows, buf_cstr(&b));
		scene_fini(&s);
		arena_fini(&mem);
	}
}

/* A date of another year, or ahead of the clock, shows its year; on narrow screens, too. */
static void another_year_is_shown(void **state)
{
	(void)state;
	static const int widths[] = {50, 80, 100, 150};
	bool always = false;
	for (size_t i = 0; i < ARRAY_LEN(widths); i++)
		for (int when = 0; when < 4; when++) { /* not asked; this year; ahead; of another year */
			struct scene s;
			struct buf out;
			buf_init(&out, 0);
			scene_init(&s, 24, widths[i]);
			int64_t time = store_alert(&s.store, 0)->time;
			char year[WHEN_TEXT_MAX + 1];
			when_format(time, year + 1);
			year[0] = ' ';
			year[6] = '\0'; /* " 2026-" */
			s.m.list.now = when == 0 ? 0 : time + (when == 1 ? 1000 : when == 2 ? -86400000 : INT64_C(400) * 86400000);
			screen_draw(&s.m, &s.c);
			canvas_dump(&s.c, false, &out);
			bool shown = str_find(buf_str(&out), str_c(year)) != STR_NONE;
			always = when ? always : shown; /* where there is room for all of it */
			if (shown != (when > 1 || always))
				fail_msg("%d columns, %d: %s", widths[i], when, buf_cstr(&out));
			buf_fini(&out);
			scene_fini(&s);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(another_year_is_shown),
		cmocka_unit_test(many_destinations_are_counted),
		cmocka_unit_test(empty_list),
		cmocka_unit_test(filter_line),
		cmocka_unit_test(dialogs),
		cmocka_unit_test(a_message_is_read_to_its_end),
		cmocka_unit_test(dialog_covers),
		cmocka_unit_test(zoom),
		cmocka_unit_test(focus_and_columns),
		cmocka_unit_test(ascii),
		cmocka_unit_test(hostile_text),
		cmocka_unit_test(busy),
		cmocka_unit_test(every_size),
		cmocka_unit_test(warns_on_every_screen),
		cmocka_unit_test(list_and_panes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
