#include "s3triage/insight/checklist.h"
#include "s3triage/insight/context.h"

#include "../unit.h"
#include "s3triage/base/buf.h"
#include "s3triage/base/file.h"
#include "s3triage/base/utf8.h"
#include "s3triage/detect/rule.h"
#include "alert_make.h"

static struct checklist read_note(const char *note, struct arena *mem)
{
	struct checklist list;
	checklist_read(str_c(note), mem, &list);
	return list;
}

/* "phase title | phase title …" */
static void spell(const struct checklist *list, struct buf *out)
{
	for (size_t i = 0; i < list->n; i++)
		buf_fmt(out, "%s%c %.*s", i ? " | " : "",
			checklist_phase_name(list->steps[i].phase)[0], STR_ARG(list->steps[i].title));
}

static void finds_steps(void **state)
{
	(void)state;
	static const struct {
		const char *note, *steps;
	} cases[] = {
		{"", ""}, {"no list at all", ""}, {"- a list before any heading", ""},
		{"# Steps\n- one step\n- two steps\n", "i one step | i two steps"},
		{"# Steps\n1. first\n2) second\n* third\n+ fourth", "i first | i second | i third | i fourth"},
		{"# S\n- outer words\n  - inner\n  - more\n- next", "i outer words / inner / more | i next"},
		{"# S\n- goes\n  on\nand on\n\nparagraph\n- next", "i goes on and on | i next"},
		{"# S\n- a\n\n  second paragraph\n", "i a second paragraph"},
		{"# S\n```\n- no step\n```\n- a step", "i a step"},
		{"# S\n~~~\n```\n- no step\n~~~\n- a step", "i a step"},
		{"# S\n- step:\n\n  ```sh\n  - no\n  ```\n- more", "i step | i more"},
		{"# S\n-no mark\n1.no mark\n- \n- ***\n- 123", ""},
		{"## Triage and analysis\n### Investigating X\n- intro\n#### Possible investigation steps\n"
			"- step", "i step"},
		{"## Triage and analysis\n- the only step", "i the only step"},
		{"## Triage and analysis\n### Investigating X\n- the only step", "i the only step"},
		{"### False positive analysis\n- fp\n#### More of it\n- fp too\n### Look\n- look",
			"f fp | f fp too | i look"},
		{"### Response and remediation\n- stop it\n**Scope**\n- measure\n## Next\n- look",
			"r stop it | r measure | i look"},
		{"# S\n- see\n## Read more\n- [a](http://a)\n## Related rules\n- b\n", "i see"},
		{"# S\n- **Identify the actor**: who was it, and why", "i Identify the actor"},
		{"# S\n- Is it `known`? Ask [the team](https://x/y_z).", "i Is it known?"},
		{"# S\n- keep `aws.user_identity.arn` and _this_ \\*", "i keep aws.user_identity.arn and this *"},
		{"# S\n- ................................ 5 then words", "i ..............................."},
		{"# S #\r\n- windows\r\n- lines\r\n", "i windows | i lines"},
		{"# S\n- aaaaaaaaa bbbbbbbbbb cccccccccc dddddddddd eeeeeeeeee ffffffffff gggggggggg"
			" hhhhhhhhhh iiiiiiiiii jjjjjjjjjj", "i aaaaaaaaa bbbbbbbbbb cccccccccc dddddddddd"
			" eeeeeeeeee ffffffffff gggggggggg hhhhhhhhhh..."},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena mem = {0};
		struct buf got = {0};
		struct checklist list = read_note(cases[i].note, &mem);
		spell(&list, &got);
		if (strcmp(buf_cstr(&got), cases[i].steps) != 0)
			fail_msg("%s\n gives %s\n   not %s", cases[i].note, buf_cstr(&got),
				cases[i].steps);
		buf_fini(&got);
		arena_fini(&mem);
	}
}

static void keys_stay(void **state)
{
	(void)state;
	struct arena mem = {0};
	struct checklist a = read_note("# A\n- look at **this**\n- same\n- same\n", &mem);
	struct checklist b = read_note("# B\n\nwords\n\n- new\n* look  at\n  this\n- same", &mem);
	assert_int_equal(a.n, 3);
	assert_int_equal(b.n, 3);
	assert_true(str_eq(a.steps[0].key, b.steps[1].key));
	assert_int_equal(a.steps[0].key.n, CHECKLIST_KEY_LEN);
	assert_true(str_eq(a.steps[1].key, b.steps[2].key));
	assert_true(str_starts(a.steps[2].key, a.steps[1].key));
	assert_true(str_ends(a.steps[2].key, STR("-2")));
	arena_fini(&mem);
}

static void ticks_count(void **state)
{
	(void)state;
	struct arena mem = {0};
	struct checklist list = read_note("# S\n- one step\n- two steps\n# Response\n- stop it", &mem);
	assert_int_equal(checklist_open(&list), 2);
	assert_int_equal(checklist_done(&list), 0);
	assert_true(checklist_tick(&list, list.steps[1].key, true, STR("kim"), MAKE_T0));
	assert_true(checklist_tick(&list, list.steps[2].key, true, STR("kim"), MAKE_T0));
	assert_false(checklist_tick(&list, STR("nosuch"), true, STR("kim"), MAKE_T0));
	assert_int_equal(checklist_open(&list), 1);
	assert_int_equal(checklist_done(&list), 1);
	assert_int_equal(checklist_answered(&list), 0);
	list.steps[0].evidence = list.steps[1].evidence = STR("the alert says so");
	assert_int_equal(checklist_done(&list), 1); /* nobody did the other */
	assert_int_equal(checklist_answered(&list), 1);
	assert_int_equal(checklist_open(&list), 0);
	list.steps[1].evidence = (struct str){0};
	assert_true(checklist_tick(&list, list.steps[1].key, false, STR("lee"), MAKE_T0));
	assert_int_equal(checklist_open(&list), 1);
	arena_fini(&mem);
}

static const struct checklist_step *step_with(const struct checklist *list, const char *word)
{
	for (size_t i = 0; i < list->n; i++)
		if (str_find(list->steps[i].text, str_c(word)) != STR_NONE)
			return &list->steps[i];
	fail_msg("no step has %s", word);
	return NULL;
}

static struct alert theft(struct arena *mem)
{
	struct alert a = make_alert(mem, 2);
	a.traits = TRAIT_KEY_LONG | TRAIT_MFA_UNSAID | TRAIT_AGENT_CLI | TRAIT_WHOLE_BUCKET;
	return a;
}

static void the_alert_answers(void **state)
{
	(void)state;
	static const struct {
		const char *step, *evidence;
	} cases[] = {
		{"Inspect `aws.cloudtrail.user_identity.arn`", "IAMUser arn:aws:iam::000100000001:user/user-2,"
			" long-lived key AKIAEXAMPLE"},
		{"Was MFA used?", ""}, /* not said */
		{"Examine source.ip and user_agent.original", "from 203.0.113.77, NL; command line:"
			" aws-cli/2.15"},
		{"The **destination account ID** (`Account=`)", "other 000100000002, bucket copies-2,"
			" Enabled"},
		{"Does it belong to your AWS Organization?", "999 is ours"},
		{"The **IAM role ARN** used", "replication role arn:aws:iam::000100000001:role/repl"},
		{"Any filtering rules (prefixes, tags)", "an enabled rule takes the whole bucket"},
		{"Look for `ListBuckets` or `CreateRole`", "the same principal, 14d before and after: ListBuckets 3 times, 1 refused, 5d before to 4h after"},
		{"Look for `CreateRole`", "none of these by the principal 14d before and after in these sources,"
			" among 7 events"},
		{"Look for `StopLogging`", "the same principal, 14d before and after: StopLogging refused at its time"}, {"See source.as.organization.name", ""}, {"Ask your manager", ""},
	};
	const int64_t hour = 3600000;
	static struct call_seen seen[CALL_COUNT];
	const struct checklist_known known = {.account = STR("999 is ours"), .seen = seen, .looked = 7,
		.window_ms = 14 * 24 * hour};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena mem = {0};
		struct buf note = {0};
		buf_fmt(&note, "# Steps\n- %s\n", cases[i].step);
		struct checklist list = read_note(buf_cstr(&note), &mem);
		struct alert a = theft(&mem);
		seen[CALL_ListBuckets] = (struct call_seen){3, 1, a.time - 5 * 24 * hour, a.time + 4 * hour};
		seen[CALL_StopLogging] = (struct call_seen){1, 1, a.time, a.time};
		checklist_answer(&list, &a, &known, &mem);
		assert_int_equal(list.n, 1);
		assert_string_equal(list.steps[0].evidence.n ? list.steps[0].evidence.p : "",
			cases[i].evidence);
		buf_fini(&note);
		arena_fini(&mem);
	}
}

static void the_guide_says_how_far(void **state)
{
	(void)state;
	static const struct {
		const char *note;
		int hours;
	} cases[] = {{"Search, **two weeks back** and until now", 336}, {"in the preceding 24 hours.", 24},
		{"a 7-day window", 168}, {"within 3\nDays; one hour", 72}, {"keep 400 days", 5}, {"two people, weeks ago", 5},
		{"", 5}, {"0 days", 5}};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(checklist_window(str_c(cases[i].note), 5 * 3600000) / 3600000, cases[i].hours);
}

static void nothing_known_answers_nothing(void **state)
{
	(void)state;
	struct arena mem = {0};
	struct alert none = {.time = INT64_MIN};
	struct rule *r = rule_builtin();
	struct checklist list;
	checklist_read(r->note, &mem, &list);
	checklist_answer(&list, &none, NULL, &mem);
	assert_int_equal(checklist_answered(&list), 0);
	/* A form of the request was there, and no rule could be read from it, or CloudTrail left it out. */
	struct alert unread = {.time = INT64_MIN, .read_from = READ_ORIGINAL, .traits = TRAIT_OMITTED};
	checklist_answer(&list, &unread, NULL, &mem);
	assert_int_equal(checklist_answered(&list), 0);
	/* Nothing of the sender, and a request of which a part was not read: what is missing is no answer. */
	struct alert part = theft(&mem);
	part = (struct alert){.time = INT64_MIN, .read_from = READ_STRING, .dests = part.dests, .n_dests = part.n_dests,
		.traits = TRAIT_UNREAD | TRAIT_MFA_UNSAID | TRAIT_AGENT_UNKNOWN};
	checklist_answer(&list, &part, NULL, &mem);
	assert_int_equal(checklist_answered(&list), 0);
	/* A rule that does not say its Status is not disabled. */
	struct alert_dest dest = {.account = STR_INIT("999988887777")};
	struct alert unsaid = theft(&mem);
	unsaid.dests = &dest;
	checklist_answer(&list, &unsaid, NULL, &mem);
	for (size_t i = 0; i < list.n; i++)
		assert_true(str_find(list.steps[i].evidence, STR("disabled")) == STR_NONE);
	rule_free(r);
	arena_fini(&mem);
}

static void reads_the_guide_that_is_built_in(void **state)
{
	(void)state;
	struct arena mem = {0};
	struct rule *r = rule_builtin();
	struct checklist list;
	checklist_read(r->note, &mem, &list);
	struct alert a = theft(&mem);
	checklist_answer(&list, &a, NULL, &mem);
	assert_true(list.n > 15 && !list.cut);
	assert_true(step_with(&list, "Read every rule")->evidence.n);
	assert_true(step_with(&list, "AKIA is a long-lived key")->evidence.n);
	assert_true(step_with(&list, "AKIA is a long-lived key")->phase == PHASE_INVESTIGATE);
	assert_int_equal(step_with(&list, "Looking around")->evidence.n, 0);
	assert_true(step_with(&list, "Each copied object")->phase == PHASE_RESPOND);
	for (size_t i = 0; i < list.n; i++)
		assert_true(str_find(list.steps[i].text, STR("replaces the whole")) == STR_NONE);
	assert_true(checklist_open(&list) > 5);
	rule_free(r);
	arena_fini(&mem);
}

static void reads_the_public_guide(void **state)
{
	(void)state;
	const char *path = SHARED_ROOT "data/rules/aws_s3_bucket_replicated_to_another_account.toml";
	NEEDS(path);
	struct arena mem = {0};
	struct err err = {0};
	struct rule *r = rule_load(path, &err);
	assert_non_null(r);
	struct checklist list;
	checklist_read(r->note, &mem, &list);
	struct alert a = theft(&mem);
	checklist_answer(&list, &a, NULL, &mem);
	assert_true(step_with(&list, "user_identity.access_key_id")->evidence.n);
	assert_true(step_with(&list, "Determine whether the bucket contains")->phase ==
		PHASE_INVESTIGATE);
	assert_true(step_with(&list, "destination account ID")->evidence.n);
	assert_true(step_with(&list, "change aligns")->phase == PHASE_FALSE_POSITIVE);
	assert_true(step_with(&list, "Remove or update")->phase == PHASE_RESPOND);
	assert_true(checklist_open(&list) >= 5);
	rule_free(r);
	arena_fini(&mem);
}

static void bounds_hold(void **state)
{
	(void)state;
	struct arena mem = {0};
	struct buf note = {0};
	buf_c(&note, "# S\n");
	for (int i = 0; i < CHECKLIST_STEPS_MAX + 5; i++)
		buf_fmt(&note, "- step %d\n", i);
	struct checklist list = read_note(buf_cstr(&note), &mem);
	assert_int_equal(list.n, CHECKLIST_STEPS_MAX);
	assert_true(list.cut);
	buf_clear(&note);
	buf_c(&note, "# S\n- ");
	for (int i = 0; i < 100000; i++)
		buf_c(&note, "[\xc3\xa5");
	list = read_note(buf_cstr(&note), &mem);
	assert_true(list.n <= 1);
	buf_clear(&note);
	buf_c(&note, "# S\n- word ");
	for (int i = 0; i < 90; i++)
		buf_c(&note, "\xe2\x82\xac");
	list = read_note(buf_cstr(&note), &mem);
	assert_true(utf8_valid(list.steps[0].title, NULL));
	buf_fini(&note);
	arena_fini(&mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_steps), cmocka_unit_test(keys_stay),
		cmocka_unit_test(ticks_count), cmocka_unit_test(the_alert_answers),
		cmocka_unit_test(the_guide_says_how_far),
		cmocka_unit_test(nothing_known_answers_nothing),
		cmocka_unit_test(reads_the_guide_that_is_built_in),
		cmocka_unit_test(reads_the_public_guide), cmocka_unit_test(bounds_hold),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
