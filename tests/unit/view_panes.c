/*
 * Golden panes: what is said of requests, actors and rules of every kind.
 */
#include "view_detail.h"

#include "s3triage/base/lines.h"
#include "s3triage/builtin/builtin.h"
#include "s3triage/event/doc.h"

#include "../golden.h"

typedef void pane_fn(const struct detail *d, struct text *out);

static void draw(pane_fn *fn, const struct detail *d, int width, struct buf *out)
{
	struct text *t = text_new();
	struct canvas c;
	fn(d, t);
	text_layout(t, width);
	canvas_init(&c, (int)text_rows(t), width);
	text_draw(t, &c, (struct rect){0, 0, c.rows, width}, 0, STR(""));
	canvas_dump(&c, false, out);
	canvas_fini(&c);
	text_free(t);
}

static void check(pane_fn *fn, const struct detail *d, int width, const char *name)
{
	struct text *t = text_new();
	struct canvas c;
	struct buf out;
	buf_init(&out, 0);
	fn(d, t);
	text_layout(t, width);
	canvas_init(&c, (int)text_rows(t), width);
	text_draw(t, &c, (struct rect){0, 0, c.rows, width}, 0, STR(""));
	canvas_dump(&c, true, &out);
	bool same = golden_same(name, buf_str(&out));
	canvas_fini(&c);
	buf_fini(&out);
	text_free(t);
	assert_true(same);
}

static void one_rule(void **state)
{
	(void)state;
	struct json *ecs = json_parse(str_c(document), NULL);
	struct detail d = {.alert = &alert, .ecs = ecs, .request = request(theft, 1), .rule = &rule,
		.decision = &second, .history = history, .n_history = 2};
	check(request_text, &d, 50, "request-theft-50");
	check(request_text, &d, 30, "request-theft-30");
	check(request_raw_text, &d, 50, "request-raw-50");
	check(actor_text, &d, 50, "actor-user-50");
	check(guide_text, &d, 50, "guide-50");
	json_free(ecs);
}

static const char in_kibana[] = "{\"kibana.alert.workflow_status\":\"closed\","
	"\"kibana.alert.workflow_status_updated_at\":\"2026-11-24T10:11:12.000Z\","
	"\"kibana.alert.workflow_user\":\"u_mGBROF_0\",\"kibana.alert.workflow_reason\":\"false_positive\","
	"\"kibana.alert.workflow_tags\":[\"Duplicate\",\"by \u202emik\"],"
	"\"kibana.alert.workflow_assignee_ids\":[\"u_a_0\",\"u_b_0\"]}";

static void what_kibana_says_stands_apart(void **state)
{
	(void)state;
	struct json *ecs = json_parse(str_c(in_kibana), NULL);
	struct alert closed = alert, opened = alert;
	closed.workflow_status = STR("closed");
	opened.workflow_status = STR("open");
	struct detail d = {.alert = &closed, .ecs = ecs, .request = request(theft, 1), .rule = &rule,
		.decision = &second, .history = history, .n_history = 1};
	check(request_text, &d, 50, "request-kibana-50");
	d = (struct detail){.alert = &opened, .rule = &rule};
	check(request_text, &d, 50, "request-kibana-open-50");
	json_free(ecs);
}

static void many_destinations(void **state)
{
	(void)state;
	struct json *ecs = json_parse(str_c(session_document), NULL);
	struct alert by_role = alert;
	by_role.key_id = STR("ASIAEXAMPLETFREPL001");
	by_role.actor = STR("tf-replication");
	by_role.ip = STR("");
	struct detail d = {.alert = &by_role, .ecs = ecs, .request = request(mixed, ARRAY_LEN(mixed)),
		.rule = &rule};
	d.request.caller_account = STR("555566667777");
	d.request.role_account = STR("555566667777");
	d.request.role = STR("arn:aws:iam::555566667777:role/s3-repl");
	d.request.read_from = READ_STRING;
	d.request.disagreement = d.request.string_doubtful = true;
	d.request.account_in_text = true;
	d.request.disagreement_text = STR("the text form names account 777700001111, the original "
		"event does not: its prefix imitates one");
	check(request_text, &d, 50, "request-mixed-50");
	check(actor_text, &d, 50, "actor-session-50");
	json_free(ecs);
}

static void thousand_rules(void **state)
{
	(void)state;
	static struct replication_rule rules[1000];
	struct json *ecs = json_new_object();
	for (size_t i = 0; i < 1000; i++) {
		rules[i] = theft[0];
		rules[i].priority = (int64_t)i;
		rules[i].enabled = i % 10 != 0;
	}
	struct detail d = {.alert = &alert, .ecs = ecs, .request = request(rules, 1000)};
	d.request.owner = STR("");
	d.request.rules_cut = true;
	check(request_text, &d, 50, "request-1000-50");
	check(guide_text, &d, 50, "guide-none-50");
	json_free(ecs);
}

/* Keys, classes and what is unknown of every rule to one bucket, not of the first alone. */
static void each_rule_of_a_destination_tells(void **state)
{
	(void)state;
	static const struct str keys[] = {STR_INIT("key-0"), STR_INIT("key-1"), STR_INIT("key-0"), STR_INIT(""),
		STR_INIT("key-2"), STR_INIT("key-3"), STR_INIT("key-4"), STR_INIT("key-5")};
	struct replication_rule rules[8];
	struct json *ecs = json_new_object();
	AUTO(buf_fini) struct buf out = {0};
	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		rules[i] = theft[0];
		rules[i].kms_key = keys[i];
		rules[i].storage_class = i == 7 ? STR("DEEP_ARCHIVE") : STR("GLACIER");
		rules[i].unread = i == 6 ? STR("Unheard") : STR("");
	}
	struct detail d = {.alert = &alert, .ecs = ecs, .request = request(rules, 8)};
	draw(request_text, &d, 60, &out);
	static const char *const shown[] = {"KMS key   key-0\n", "            key-1\n", "key-2\n", "key-3\n", "            2 more\n",
		"storage   GLACIER\n", "            DEEP_ARCHIVE\n", "unknown   Unheard\n"};
	for (size_t i = 0; i < ARRAY_LEN(shown); i++)
		if (str_find(buf_str(&out), str_c(shown[i])) == STR_NONE)
			fail_msg("not shown: %s in %s", shown[i], buf_cstr(&out));
	json_free(ecs);
}

static void nothing_to_read(void **state)
{
	(void)state;
	struct detail d = {.alert = &alert, .load_error = "logs/a.json: No such file or directory"};
	check(request_text, &d, 50, "request-unread-50");
	check(actor_text, &d, 50, "actor-unread-50");
	struct json *ecs = json_new_object();
	d = (struct detail){.alert = &alert, .ecs = ecs, .request = {.omitted = true}};
	check(request_text, &d, 50, "request-omitted-50");
	json_free(ecs);
}

/* Every replication request of the built-in story, as the pane tells it. */
static void demo_story(void **state)
{
	(void)state;
	struct buf out;
	struct str all = builtin_demo(), line;
	buf_init(&out, 0);
	while (lines_next(&all, &line)) {
		struct arena mem = {0};
		struct json *raw = json_parse(line, NULL), *ecs = cloudtrail_to_ecs(raw, NULL);
		struct alert a = {.region = doc_str(ecs, "cloud.region")};
		struct detail d = {.alert = &a, .ecs = ecs};
		replication_read(ecs, &mem, &d.request);
		if (d.request.n_rules) {
			buf_fmt(&out, "%.*s %.*s\n", 20, "--------------------",
				STR_ARG(doc_str(ecs, "@timestamp")));
			draw(request_text, &d, 60, &out);
		}
		json_free(raw);
		json_free(ecs);
		arena_fini(&mem);
	}
	bool same = golden_same("demo-requests-60", buf_str(&out));
	buf_fini(&out);
	assert_true(same);
}

/* The pane says it beside the signal, with the year. */
static void what_is_dated_ahead_is_warned_of(void **state)
{
	(void)state;
	struct json *ecs = json_parse(str_c(document), NULL);
	struct alert ahead = alert;
	ahead.time = INT64_C(1930000000000); /* 2031 */
	const int64_t nows[] = {0, WHEN_NONE, ahead.time + 1, ahead.time - 86400000};
	for (size_t i = 0; i < ARRAY_LEN(nows); i++) {
		struct detail d = {.alert = &ahead, .ecs = ecs, .request = request(theft, 1), .rule = &rule, .now = nows[i]};
		AUTO(buf_fini) struct buf out = {0};
		draw(request_text, &d, 100, &out);
		assert_int_equal(str_find(buf_str(&out), STR("! the event is dated 2031-02-2")) !=
			STR_NONE, i == 3);
	}
	json_free(ecs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_dated_ahead_is_warned_of),
		cmocka_unit_test(one_rule),
		cmocka_unit_test(what_kibana_says_stands_apart),
		cmocka_unit_test(many_destinations),
		cmocka_unit_test(thousand_rules),
		cmocka_unit_test(each_rule_of_a_destination_tells),
		cmocka_unit_test(nothing_to_read),
		cmocka_unit_test(demo_story),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
