#include "s3triage/export/export.h"
#include "s3triage/alert/facts.h"

#include "../../src/export/export_priv.h"
#include "../csv_reader.h"
#include "../unit.h"
#include "s3triage/base/when.h"
#include "s3triage/event/json.h"
#include "alert_make.h"

enum { CSV_COLUMNS = 39 };

static const struct alert_dest two_dests[] = {
	{.account = STR_INIT("999988887777"), .written = STR_INIT("999988887777"), .manner = STR_INIT("storage=GLACIER,metrics"),
		.bucket = STR_INIT("nightly"), .rule_id = STR_INIT("sync"),
		.status = STR_INIT("Enabled"), .arn = STR_INIT("arn:aws:s3:::nightly"),
		.prefix = STR_INIT("logs/"), .tags = STR_INIT("a=b"), .claim = true,
		.relation = RELATION_OTHER},
	{.written = STR_INIT("****"), .bucket = STR_INIT("b2"), .status = STR_INIT("Disabled"),
		.relation = RELATION_INVALID},
};

static struct alert full_alert(void)
{
	return (struct alert){
		.id = STR("A-1"), .event_id = STR("E-1"), .time = MAKE_T0, .made = MAKE_T0 + 1500,
		.ingested = INT64_MIN, .rule = STR("R \"q\""), .rule_id = STR("rid"),
		.severity = STR("high"), .risk = 73, .bucket = STR("acme"),
		.owner = STR("111122221111"), .role = STR("arn:role"), .actor = STR("deploy"),
		.actor_arn = STR("arn:user"), .actor_type = STR("IAMUser"), .key_id = STR("AKIA1"),
		.ip = STR("203.0.113.77"), .region = STR("eu-west-1"), .agent = STR("aws-cli"),
		.country = STR("NL"), .dests = two_dests, .n_dests = 2,
		.read_from = READ_ORIGINAL, .disagreement = true, .from_kibana = true,
		.workflow_status = STR("open"), .source = STR("a.json:7"),
	};
}

static const struct decision theft = {.seq = 4, .at = MAKE_T0 + 60250, .analyst = STR_INIT("kim"),
	.verdict = VERDICT_SUSPICIOUS, .reason = STR_INIT("theft"), .note = STR_INIT("IR-204, \"x\"")};

static const struct export_about about = {.made = MAKE_T0, .analyst = STR_INIT("kim"),
	.journal_head = "ab12", .journal_rows = 4, .origin = STR_INIT("s3triage:export?format=csv")};

static void list_line(const struct alert *a, const struct decision *d, struct buf *out)
{
	struct members m = members_open(out, '{');
	export_list_json(&m, a, d);
	members_close(&m);
}

static void lists_an_alert_as_one_line(void **state)
{
	(void)state;
	struct buf b = {0};
	struct alert a = full_alert(), empty = {.time = WHEN_NONE};
	list_line(&a, &theft, &b);
	assert_string_equal(buf_cstr(&b),
		"{\"id\":\"A-1\",\"event_id\":\"E-1\",\"time\":\"2026-11-01T02:26:40Z\","
		"\"rule\":\"R \\\"q\\\"\",\"rule_id\":\"rid\",\"severity\":\"high\",\"risk_score\":73,"
		"\"verdict\":\"suspicious\",\"bucket\":\"acme\",\"owner_account\":\"111122221111\","
		"\"destinations\":[{\"account\":\"999988887777\",\"bucket\":\"nightly\","
		"\"relation\":\"other\",\"rule_id\":\"sync\",\"status\":\"Enabled\","
		"\"prefix\":\"logs/\",\"tags\":\"a=b\",\"claim\":true,\"written\":\"999988887777\",\"manner\":\"storage=GLACIER,metrics\"},"
		"{\"account\":null,\"bucket\":\"b2\",\"relation\":\"invalid\",\"rule_id\":null,"
		"\"status\":\"Disabled\",\"prefix\":null,\"tags\":null,\"claim\":false,\"written\":\"****\",\"manner\":null}],"
		"\"role\":\"arn:role\",\"actor_arn\":\"arn:user\","
		"\"access_key_id\":\"AKIA1\",\"source_ip\":\"203.0.113.77\",\"region\":\"eu-west-1\","
		"\"read_from\":\"original\",\"disagreement\":true,\"source\":\"a.json:7\","
		"\"traits\":[],\"role_account\":null,\"caller_account\":null,\"workflow_status\":\"open\","
		"\"who\":\"deploy\",\"actor_type\":\"IAMUser\",\"session\":null,\"person\":null,"
		"\"identity_provider\":null,\"found_in\":null}");
	buf_clear(&b);
	list_line(&empty, NULL, &b);
	assert_string_equal(buf_cstr(&b),
		"{\"id\":null,\"event_id\":null,\"time\":null,\"rule\":null,\"rule_id\":null,"
		"\"severity\":null,\"risk_score\":0,\"verdict\":\"open\",\"bucket\":null,"
		"\"owner_account\":null,\"destinations\":[],\"role\":null,\"actor_arn\":null,"
		"\"access_key_id\":null,\"source_ip\":null,\"region\":null,\"read_from\":null,"
		"\"disagreement\":false,\"source\":null,"
		"\"traits\":[],\"role_account\":null,\"caller_account\":null,\"workflow_status\":null,"
		"\"who\":null,\"actor_type\":null,\"session\":null,\"person\":null,"
		"\"identity_provider\":null,\"found_in\":null}");
	buf_fini(&b);
}

#define WHO "\"who\":\"deploy\",\"actor_type\":\"IAMUser\",\"session\":null,\"person\":null,\"identity_provider\":null," \
	"\"destination_claims\":[\"claimed\",null],\"now\":\"removed\""

static void writes_rows_as_ndjson_and_json(void **state)
{
	(void)state;
	struct buf b = {0};
	struct alert a = full_alert();
	struct export_row row = {&a, &theft, {7, 3, 2, true}, NOW_REMOVED};
	static const char line[] =
		"{\"schema_version\":1,\"verdict\":\"suspicious\",\"reason\":\"theft\","
		"\"note\":\"IR-204, \\\"x\\\"\",\"analyst\":\"kim\","
		"\"event_time\":\"2026-11-01T02:26:40Z\",\"alert_time\":\"2026-11-01T02:26:41.500Z\","
		"\"decision_time\":\"2026-11-01T02:27:40.250Z\",\"alert_id\":\"A-1\",\"event_id\":\"E-1\","
		"\"rule\":\"R \\\"q\\\"\",\"rule_id\":\"rid\",\"severity\":\"high\",\"risk_score\":73,"
		"\"bucket\":\"acme\",\"owner_account\":\"111122221111\","
		"\"destination_accounts\":[\"999988887777\",null],"
		"\"destination_buckets\":[\"nightly\",\"b2\"],\"role\":\"arn:role\","
		"\"actor_arn\":\"arn:user\",\"access_key_id\":\"AKIA1\","
		"\"source_ip\":\"203.0.113.77\",\"region\":\"eu-west-1\",\"disagreement\":true,"
		"\"checklist_done\":7,\"checklist_open\":3,\"checklist_answered\":2,"
		"\"destination_accounts_written\":[\"999988887777\",\"****\"]";
	export_write(EXPORT_NDJSON, &row, 1, &about, &b);
	assert_memory_equal(b.p, line, sizeof(line) - 1);
	assert_string_equal(b.p + sizeof(line) - 1, ",\"journal_rows\":4,\"journal_head\":\"ab12\","
		"\"export\":\"s3triage:export?format=csv\",\"destination_manners\":[\"storage=GLACIER,metrics\",null]," WHO "}\n");
	buf_clear(&b);
	export_write(EXPORT_JSON, &row, 1, &about, &b);
	struct json *doc = json_parse(buf_str(&b), NULL);
	assert_non_null(doc);
	assert_true(str_is(json_str(json_get(doc, "made")), "2026-11-01T02:26:40Z"));
	assert_true(str_is(json_str(json_get(json_get(doc, "journal"), "head")), "ab12"));
	struct buf again = {0};
	json_print(json_first(json_get(doc, "decisions")), &again);
	assert_memory_equal(buf_cstr(&again), line, sizeof(line) - 1);
	assert_string_equal(again.p + sizeof(line) - 1, ",\"destination_manners\":[\"storage=GLACIER,metrics\",null]," WHO "}");
	assert_true(str_is(json_str(json_get(doc, "export")), "s3triage:export?format=csv"));
	json_free(doc);
	buf_fini(&again);
	buf_fini(&b);
}

static void orders_rows_by_time_and_id(void **state)
{
	(void)state;
	struct arena mem = {0};
	struct buf b = {0}, first = {0};
	struct alert a[40];
	struct export_row rows[40];
	uint64_t seed = 5;
	for (int round = 0; round < 20; round++) {
		for (unsigned i = 0; i < 40; i++)
			a[i] = make_alert(&mem, (i * 13 + (unsigned)round * 7) % 40 + 30);
		for (unsigned i = 0; i < 40; i++)
			rows[i] = (struct export_row){&a[i], NULL, {0}, NOW_UNKNOWN};
		for (unsigned i = 39; i; i--) {
			struct export_row t = rows[i];
			unsigned k = make_random(&seed) % (i + 1);
			rows[i] = rows[k];
			rows[k] = t;
		}
		buf_clear(&b);
		export_write(EXPORT_CSV, rows, 40, &about, round ? &b : &first);
		if (round)
			assert_string_equal(buf_cstr(&b), buf_cstr(&first));
	}
	buf_fini(&b);
	buf_fini(&first);
	arena_fini(&mem);
}

/* ---- CSV ---------------------------------------------------------------------------------- */

static void no_cell_is_a_formula(void **state)
{
	(void)state;
	static const struct {
		const char *text, *cell;
	} cases[] = {
		{"plain", "plain"}, {"", ""}, {"a,b", "\"a,b\""}, {"say \"hi\"", "\"say \"\"hi\"\"\""},
		{"=1+1", "\"'=1+1\""}, {"+1", "\"'+1\""}, {"-1", "\"'-1\""}, {"@SUM(A1)", "\"'@SUM(A1)\""},
		{"  =1", "\"'  =1\""}, {"\t=1", "\"' =1\""}, {"\t1", "\"' 1\""},
		{"\n=1", "\"'\n'=1\""}, {"\xef\xbc\x9d" "1", "\"'\xef\xbc\x9d" "1" "\""},
		{"\xef\xbc\x8b", "\"'\xef\xbc\x8b" "\""}, {"\xef\xbc\xa0x", "\"'\xef\xbc\xa0x" "\""},
		{"\xc2\xa0=1", "\"'<U+00A0>=1\""}, {"\xe2\x80\x8b=1", "\"'<U+200B>=1\""},
		{"\xef\xbb\xbf=1", "\"'<U+FEFF>=1\""}, {"a=1", "a=1"}, {"a;b", "\"a;b\""},
		{"two\nlines", "\"two\nlines\""}, {" x", "\" x\""}, {"ok;=1", "\"ok;'=1\""},
		{"ok; \"@x", "\"ok;' \"\"@x\""}, {"a\n-1\nb", "\"a\n'-1\nb\""},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf b = {0};
		export_csv_cell(str_c(cases[i].text), &b);
		if (strcmp(buf_cstr(&b), cases[i].cell) != 0)
			fail_msg("case %zu: got %s", i, buf_cstr(&b));
		buf_fini(&b);
	}
	struct buf b = {0};
	export_csv_cell(STR("\r=cmd"), &b);
	assert_int_equal(b.p[0] == '"' ? b.p[1] : b.p[0], '\'');
	assert_true(str_find_char(buf_str(&b), '\r') == STR_NONE);
	buf_fini(&b);
}

/* A cell as spreadsheets read it: quotes count at its start only, what follows them is kept; any line
 * break ends the row. */
static void lenient_cell(struct str *rest, char separator, struct buf *out)
{
	size_t i = 0;
	bool quoted = rest->n && rest->p[0] == '"';
	buf_clear(out);
	for (i = quoted; i < rest->n; i++) {
		char c = rest->p[i];
		if (quoted && c == '"' && i + 1 < rest->n && rest->p[i + 1] == '"')
			i++;
		else if (quoted && c == '"') {
			quoted = false;
			continue;
		} else if (!quoted && (c == separator || c == '\n'))
			break;
		buf_char(out, c);
	}
	*rest = str_sub(*rest, i + 1, rest->n);
}

/* Pieces that a cell could be built of; by every separator, no cell begins as a formula does. */
static void no_cell_is_a_formula_elsewhere(void **state)
{
	(void)state;
	static const char *const pieces[] = {"=1", "@x", "+1", "-1", ";", "\t", "\n", "\"", " ", ",", "a",
		"'", "\r"};
	uint64_t seed = 7;
	struct buf text = {0}, line = {0}, cell = {0};
	for (int i = 0; i < 20000; i++) {
		buf_clear(&text);
		buf_clear(&line);
		for (uint32_t n = 1 + make_random(&seed) % 8; n; n--)
			buf_c(&text, pieces[make_random(&seed) % ARRAY_LEN(pieces)]);
		buf_c(&line, "x,");
		export_csv_cell(buf_str(&text), &line);
		buf_c(&line, ",y");
		for (const char *separator = ",;\t"; *separator; separator++) {
			for (struct str rest = buf_str(&line); rest.n;) {
				lenient_cell(&rest, *separator, &cell);
				struct str t = str_trim(buf_str(&cell));
				if (t.n && str_find_char(STR("=+-@"), t.p[0]) != STR_NONE)
					fail_msg("by '%c': %s", *separator, buf_cstr(&line));
			}
		}
	}
	buf_fini(&text);
	buf_fini(&line);
	buf_fini(&cell);
}

/* A field of an event may be a megabyte; a note never is, and stays whole. */
static void markdown_cuts_what_nobody_reads(void **state)
{
	(void)state;
	static char text[6001];
	struct buf b = {0};
	memset(text, 'x', sizeof(text) - 1);
	memcpy(text + 4999, "\xC3\xA9", 2);
	export_markdown_text((struct str){text, 6000}, &b);
	assert_true(str_ends(buf_str(&b), STR("x ... (6000 bytes in all)")));
	assert_int_equal(b.n, 4999 + strlen(" ... (6000 bytes in all)"));
	buf_clear(&b);
	export_markdown_text((struct str){text, 4000}, &b);
	assert_int_equal(b.n, 4000);
	buf_fini(&b);
}

static void csv_has_the_promised_columns(void **state)
{
	(void)state;
	struct alert a = full_alert();
	a.bucket = STR("=HYPERLINK(\"http://evil\")");
	struct export_row row = {&a, &theft, {7, 3, 2, true}, NOW_REMOVED};
	struct buf b = {0}, cell = {0};
	export_write(EXPORT_CSV, &row, 1, &about, &b);
	static const char *const expected[2][CSV_COLUMNS] = {
		{"schema_version", "verdict", "reason", "note", "analyst", "event_time", "alert_time",
			"decision_time", "alert_id", "event_id", "rule", "rule_id", "severity",
			"risk_score", "bucket", "owner_account", "destination_accounts",
			"destination_buckets", "role", "actor_arn", "access_key_id", "source_ip",
			"region", "disagreement", "checklist_done", "checklist_open",
			"checklist_answered", "destination_accounts_written", "journal_rows", "journal_head",
			"export", "destination_manners", "who", "actor_type",
			"session", "person", "identity_provider", "destination_claims", "now"},
		{"1", "suspicious", "theft", "IR-204, \"x\"", "kim", "2026-11-01T02:26:40Z",
			"2026-11-01T02:26:41.500Z", "2026-11-01T02:27:40.250Z", "A-1", "E-1", "R \"q\"",
			"rid", "high", "73", "'=HYPERLINK(\"http://evil\")", "111122221111",
			"999988887777;", "nightly;b2", "arn:role", "arn:user", "AKIA1",
			"203.0.113.77", "eu-west-1", "true", "7", "3", "2", "999988887777;****", "4", "ab12",
			"s3triage:export?format=csv", "storage=GLACIER,metrics;", "deploy", "IAMUser", "", "", "", "claimed;", "removed"},
	};
	struct str rest = buf_str(&b);
	for (int r = 0; r < 2; r++) {
		for (int c = 0; c < CSV_COLUMNS; c++) {
			bool last;
			assert_true(csv_cell(&rest, &cell, &last));
			assert_string_equal(buf_cstr(&cell), expected[r][c]);
			assert_int_equal(last, c == CSV_COLUMNS - 1);
		}
	}
	assert_int_equal(rest.n, 0);
	buf_fini(&b);
	buf_fini(&cell);
}

/* ---- Markdown ----------------------------------------------------------------------------- */

static void event_text_is_no_markup(void **state)
{
	(void)state;
	static const struct {
		const char *text, *markdown;
	} cases[] = {
		{"acme-payroll.prod", "acme-payroll.prod"},
		{"<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"},
		{"![x](http://evil/p.png)", "\\!\\[x\\](http\\://evil/p.png)"},
		{"a|b", "a\\|b"}, {"*b* _i_ `c`", "\\*b\\* \\_i\\_ \\`c\\`"},
		{"www.evil.example", "www\\.evil.example"}, {"&amp;", "&amp;amp;"},
		{"x\n# head\n- item", "x / \\# head / - item"}, {"\x1b[31m", "&lt;U+001B&gt;\\[31m"},
		{"\xe2\x80\xae" "evil", "&lt;U+202E&gt;evil"}, {"\\", "\\\\"}, {"$x$", "\\$x\\$"},
		{"a@evil.com", "a`@`evil.com"}, {"@@x", "`@@`x"}, {"`@`", "\\``@`\\`"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf b = {0};
		export_markdown_text(str_c(cases[i].text), &b);
		assert_string_equal(buf_cstr(&b), cases[i].markdown);
		buf_fini(&b);
	}
}

static void the_report_counts_first(void **state)
{
	(void)state;
	struct alert a = full_alert(), b = full_alert(), c = full_alert();
	b.id = STR("B-1");
	c.id = STR("C-1");
	c.bucket = STR("left|open");
	struct decision approved = theft;
	approved.verdict = VERDICT_APPROVED;
	approved.note = STR("ticket");
	struct export_row rows[] = {{&c, NULL, {0}, NOW_UNKNOWN}, {&b, &approved, {0}, NOW_UNKNOWN},
		{&a, &theft, {0}, NOW_CHANGED}};
	struct buf out = {0};
	export_write(EXPORT_MARKDOWN, rows, 3, &about, &out);
	static const char *const in_order[] = {
		"# Replication of S3 buckets", "| suspicious | 1 |", "| approved | 1 |",
		"| open | 1 |", "| all | 3 |", "by kim from a journal of 4 rows",
		"| 999988887777 | 1 |",
		"| no valid account: \\*\\*\\*\\* | 1 |", "| arn:user | 1 |", "## Suspicious (1)", "### 1. acme",
		("**Where to:** 999988887777 (only claimed), bucket nightly, objects under logs/, with tags a=b; no valid account (\\*\\*\\*\\*), bucket b2,"
		 " Disabled"), "**Who:** deploy, arn:user, key AKIA1", "203.0.113.77, NL, aws-cli",
		"it may be forged", "**Now:** changed: another", "**Decided:** kim, 2026-11-01T02:27:40Z: theft - IR-204",
		"## Approved (1)", "ticket | B-1 |", "## Open (1)", "left\\|open", "| C-1 |"};
	struct str rest = buf_str(&out);
	for (size_t i = 0; i < ARRAY_LEN(in_order); i++) {
		size_t at = str_find(rest, str_c(in_order[i]));
		if (at == STR_NONE)
			fail_msg("\"%s\" is missing or too early in:\n%s", in_order[i], buf_cstr(&out));
		rest = str_sub(rest, at, rest.n);
	}
	buf_clear(&out);
	export_write(EXPORT_MARKDOWN, rows, 0, &about, &out);
	assert_non_null(strstr(buf_cstr(&out), "Nothing was marked suspicious."));
	buf_fini(&out);
}

/* What was not asked for is not said to be none. */
static void a_part_is_no_report_of_all(void **state)
{
	(void)state;
	struct export_about part = {.made = 0, .part = STR("`--verdict` open"), .left = {[VERDICT_SUSPICIOUS] = 2}};
	struct buf out = {0};
	export_write(EXPORT_MARKDOWN, NULL, 0, &part, &out);
	static const char *const says[] = {
		"**A part, not all:** asked for with `--verdict` open. Left out: 2 suspicious, 0 approved.\n", "## Suspicious (0 of 2)\n\nNone of 2 suspicious was asked for.",
		"## Approved (0)\n\nNone among what was asked for.", "| open | not known |",
		"## Open (0)\n\nNot known: no source was read"};
	for (size_t i = 0; i < ARRAY_LEN(says); i++)
		if (!strstr(buf_cstr(&out), says[i]))
			fail_msg("'%s' is not in %s", says[i], buf_cstr(&out));
	assert_null(strstr(buf_cstr(&out), "Nothing"));
	part = (struct export_about){.sources = true};
	buf_clear(&out);
	export_write(EXPORT_MARKDOWN, NULL, 0, &part, &out);
	assert_non_null(strstr(buf_cstr(&out), "Nothing is left open."));
	assert_null(strstr(buf_cstr(&out), "A part"));
	buf_fini(&out);
}

/* ---- facts -------------------------------------------------------------------------------- */

static void facts_come_back_whole(void **state)
{
	(void)state;
	struct arena mem = {0};
	struct buf once = {0}, twice = {0};
	struct alert a = full_alert(), back;
	a.traits = TRAIT_ROOT | TRAIT_OWNER_OVERRIDE | TRAIT_SERVICE;
	a.role_account = STR("222233334444");
	a.caller_account = STR("333344445555");
	a.dest_partition = STR("aws-cn");
	a.dest_region = STR("cn-north-1");
	a.agent = STR("tab\t, esc \x1b, \xc3\xa9, quote \"");
	export_facts(&a, &once);
	assert_true(export_facts_read(buf_str(&once), &mem, &back, NULL));
	export_facts(&back, &twice);
	assert_string_equal(buf_cstr(&once), buf_cstr(&twice));
	assert_true(str_eq(back.agent, a.agent));
	assert_int_equal(back.time, a.time);
	assert_int_equal(back.made, a.made);
	assert_int_equal(back.ingested, WHEN_NONE);
	assert_int_equal(back.risk, 73);
	assert_int_equal(back.n_dests, 2);
	assert_true(str_eq(back.dests[1].written, STR("****")));
	assert_int_equal(back.dests[1].relation, RELATION_INVALID);
	assert_true(str_is(back.dests[0].arn, "arn:aws:s3:::nightly") && back.dests[0].claim &&
		str_is(back.dests[0].prefix, "logs/") && str_is(back.dests[0].tags, "a=b") &&
		!back.dests[1].claim && !back.dests[1].arn.n);
	assert_int_equal(back.read_from, READ_ORIGINAL);
	assert_true(back.disagreement && back.from_kibana);
	assert_true(str_is(back.source, "a.json:7"));
	assert_int_equal(back.traits, TRAIT_ROOT | TRAIT_OWNER_OVERRIDE | TRAIT_SERVICE);
	assert_true(str_is(back.role_account, "222233334444"));
	assert_true(str_is(back.caller_account, "333344445555"));
	assert_true(str_is(back.dest_partition, "aws-cn") && str_is(back.dest_region, "cn-north-1"));
	assert_true(export_facts_read(STR("{\"destinations\":[{\"account\":\"999988887777\",\"relation\":\"other\"}],"
		"\"traits\":[\"root\"]}"), &mem, &back, NULL)); /* of a version that did not know claims */
	assert_true(back.dests[0].claim && back.traits == (TRAIT_ROOT | TRAIT_CLAIM));
	buf_fini(&once);
	buf_fini(&twice);
	arena_fini(&mem);
}

static void facts_that_are_none_are_refused(void **state)
{
	(void)state;
	struct arena mem = {0};
	struct alert a;
	struct err err = {0};
	assert_false(export_facts_read(STR("{"), &mem, &a, &err));
	assert_non_null(strstr(err.text, "do not parse"));
	assert_false(export_facts_read(STR("[]"), &mem, &a, &err));
	assert_true(export_facts_read(STR("{\"risk_score\":7000,\"destinations\":{\"a\":1},\"id\":5}"),
		&mem, &a, &err));
	assert_int_equal(a.risk, 100);
	assert_int_equal(a.n_dests, 0);
	arena_fini(&mem);
}

/* Every fact of the decision stands, whatever the row says that is loaded; what older versions did not
 * keep comes from there, and so do doubts; never who it was. */
static void a_decided_row_is_what_was_decided_on(void **state)
{
	(void)state;
	struct arena mem = {0};
	struct alert was = make_alert(&mem, 1), row = make_alert(&mem, 2), out;
	struct alert_dest *d = (struct alert_dest *)(uintptr_t)was.dests;
	struct buf facts = {0}, again = {0};
	for (size_t i = 0; i < was.n_dests; i++)
		d[i].switches = STR("plain");
	was.owner_from = OWNER_EVENT;
	was.traits = TRAIT_WHOLE_BUCKET | TRAIT_OWNER_OVERRIDE;
	was.origin = was.workflow_status = was.issuer_arn = was.shared_id = was.also = STR("was");
	was.invoked_by = was.endpoint = STR("was");
	was.role_account = was.caller_account = was.dest_partition = was.dest_region = STR("was");
	was.ingested = MAKE_T0 + 3;
	row.traits = TRAIT_FORGED | TRAIT_KMS;
	row.from_kibana = row.disagreement = true;
	export_facts(&was, &facts);
	assert_true(export_decided(&row, buf_str(&facts), NULL, &mem, &out));
	assert_int_equal(out.traits, was.traits | TRAIT_FORGED);
	out.traits = was.traits;
	export_facts(&out, &again);
	assert_string_equal(buf_cstr(&facts), buf_cstr(&again));
	buf_clear(&facts);
	was.key_id = was.actor_arn = was.role = was.caller_account = STR(""); /* its form did not have it */
	row.caller_account = STR("123123123123");
	row.id = STR("alert-000001~0123456789ab");
	row.plain_id = was.id;
	export_facts(&was, &facts);
	assert_true(export_decided(&row, buf_str(&facts), NULL, &mem, &out));
	assert_false(out.key_id.n || out.actor_arn.n || out.role.n);
	assert_true(str_eq(out.caller_account, STR("123123123123")) && str_eq(out.id, row.id) && str_eq(out.bucket, was.bucket));
	assert_false(export_decided(&row, STR("{"), NULL, &mem, &out));
	buf_fini(&facts);
	buf_fini(&again);
	arena_fini(&mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_decided_row_is_what_was_decided_on),
		cmocka_unit_test(lists_an_alert_as_one_line),
		cmocka_unit_test(writes_rows_as_ndjson_and_json),
		cmocka_unit_test(orders_rows_by_time_and_id),
		cmocka_unit_test(no_cell_is_a_formula),
		cmocka_unit_test(no_cell_is_a_formula_elsewhere),
		cmocka_unit_test(csv_has_the_promised_columns),
		cmocka_unit_test(markdown_cuts_what_nobody_reads), cmocka_unit_test(a_part_is_no_report_of_all),
		cmocka_unit_test(event_text_is_no_markup),
		cmocka_unit_test(the_report_counts_first),
		cmocka_unit_test(facts_come_back_whole),
		cmocka_unit_test(facts_that_are_none_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
