#include "s3triage/remote/write.h"

#include "s3triage/base/file.h"
#include "s3triage/event/json.h"
#include "s3triage/export/export.h"

#include "../unit.h"
#include "alert_make.h"

struct fixture {
	struct arena mem;
	struct alert alert[3];
	struct write_job job[3];
	struct buf facts[3], out;
	struct err err;
};

static int set_up(void **state)
{
	static const char *const keys[] = {"rule:event-1", "rule:event-2", "rule:event-3"};
	struct fixture *f = mem_alloc(sizeof(*f));
	for (unsigned i = 0; i < 3; i++) {
		f->alert[i] = make_alert(&f->mem, i);
		f->alert[i].from_kibana = true;
		f->alert[i].workflow_status = STR("open");
		export_facts(&f->alert[i], &f->facts[i]);
		f->job[i] = (struct write_job){.seq = i + 1, .key = str_c(keys[i]), .write = true,
			.alert = f->alert[i], .d = make_decision(&f->alert[i], i + 1, VERDICT_APPROVED),
			.now = {.found = true, .index = STR(".internal.alerts-1"), .id = f->alert[i].id,
				.status = STR("open"), .seq_no = 10 + i, .term = 1}};
		f->job[i].d.facts = buf_str(&f->facts[i]);
		f->job[i].d.hash = STR("0123");
	}
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	for (size_t i = 0; i < 3; i++)
		buf_fini(&f->facts[i]);
	buf_fini(&f->out);
	arena_fini(&f->mem);
	free(f);
	return 0;
}

static void out_is(struct fixture *f, const char *want)
{
	assert_string_equal(buf_cstr(&f->out), want);
	buf_clear(&f->out);
}

static void out_is_json(struct fixture *f)
{
	struct err err = {0};
	struct json *v = json_parse(buf_str(&f->out), &err);
	if (!v)
		print_error("%s\n%s\n", err.text, buf_cstr(&f->out));
	assert_non_null(v);
	json_free(v);
}

/* ---- configuration ------------------------------------------------------------------------ */

static bool read_target(const char *text, struct toml **doc, struct write_target *out,
	struct err *err)
{
	*doc = toml_parse(str_c(text), "config.toml", err);
	return *doc && write_target_read(STR("prod"), toml_root(*doc), out, err);
}

static void targets(void **state)
{
	static const struct {
		const char *text;
		enum write_kind kind;
		const char *index, *approved, *reason;
	} fine[] = {
		{"kind = 'kibana'", WRITE_NONE, "", "closed", "benign_positive"},
		{"kind = 'kibana'\nwrite = 'kibana'\napproved = 'closed'", WRITE_KIBANA,
			".alerts-security.alerts-default", "closed", ""},
		{"kind = 'opensearch'\nwrite = 'decisions'\napproved = 'closed:false_positive'",
			WRITE_DECISIONS, "s3triage-decisions", "closed", "false_positive"},
		{"kind = 'elasticsearch'\nwrite = 'alerts'\nindex = '.alerts-security.alerts-x'",
			WRITE_ALERTS, ".alerts-security.alerts-x", "closed", "benign_positive"},
	};
	static const char *const bad[] = {"kind = 'kibana'\nwrite = 'decisions'",
		"kind = 'opensearch'\nwrite = 'kibana'", "kind = 'opensearch'\nwrite = 'all'",
		"kind = 'elasticsearch'\nwrite = 'alerts'\nindex = 'a-*'",
		"kind = 'kibana'\nwrite = 'kibana'\napproved = 'gone'",
		"kind = 'kibana'\nwrite = 'kibana'\nsuspicious = 'acknowledged:why'",
		"kind = 'opensearch'\nwrite = 'decisions'\ndecisions_index = '../x'",
		"kind = 'kibana'\nwrite = 'kibana'\ncase = 7"};
	(void)state;
	struct write_target t;
	struct toml *doc;
	for (size_t i = 0; i < ARRAY_LEN(fine); i++) {
		struct err err = {0};
		assert_true(read_target(fine[i].text, &doc, &t, &err));
		assert_int_equal(t.kind, fine[i].kind);
		if (t.kind)
			assert_true(str_is(t.index, fine[i].index));
		assert_true(str_is(t.by[VERDICT_APPROVED].status, fine[i].approved));
		assert_true(str_is(t.by[VERDICT_APPROVED].reason, fine[i].reason));
		toml_free(doc);
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct err err = {0};
		if (read_target(bad[i], &doc, &t, &err))
			fail_msg("taken: %s", bad[i]);
		assert_int_equal(err.code, ERR_PARSE);
		assert_true(err.line > 0);
		toml_free(doc);
	}
}

/* ---- judging ------------------------------------------------------------------------------ */

static void judging_decisions(void **state)
{
	static const struct {
		bool found;
		enum outbox_knew knew;
		const char *verdict, *hash, *over;
		bool write;
		enum outbox_state state;
	} rows[] = {
		{false, OUTBOX_STRANGE, "", "", "", true, 0},
		{true, OUTBOX_KNEW, "suspicious", "beef", "", true, 0},
		{true, OUTBOX_STRANGE, "suspicious", "beef", "", false, OUTBOX_CONFLICT},
		{true, OUTBOX_STRANGE, "suspicious", "beef", "beef", true, 0}, /* chosen */
		{true, OUTBOX_STRANGE, "suspicious", "newer", "beef", false, OUTBOX_CONFLICT},
		{true, OUTBOX_STRANGE, "approved", "beef", "", false, OUTBOX_UNCHANGED},
		{true, OUTBOX_KNEW, "approved", "0123", "", false, OUTBOX_ACKNOWLEDGED}, /* ours, sent twice */
		{true, OUTBOX_OVERTAKEN, "suspicious", "later", "", false, OUTBOX_UNCHANGED},
	};
	struct fixture *f = *state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct write_job j = f->job[0];
		j.write = false;
		j.over = str_c(rows[i].over);
		j.now = (struct write_now){.found = rows[i].found, .status = str_c(rows[i].verdict),
			.hash = str_c(rows[i].hash), .by = STR("lee"), .at = STR("2026-11-24T10:00:00Z")};
		write_judge_decision(&j, rows[i].knew, &f->mem);
		assert_int_equal(j.write, rows[i].write);
		if (!j.write)
			assert_int_equal(j.state, rows[i].state);
		if (!j.write && j.state == OUTBOX_CONFLICT) {
			assert_true(str_is(j.why, "suspicious by lee at 2026-11-24T10:00:00Z"));
			assert_true(str_is(j.shown, rows[i].hash));
		}
	}
}

static void judging_status(void **state)
{
	static const struct {
		const char *status, *before, *over;
		bool found, kibana, sent, tagged, write;
		enum outbox_state state;
	} rows[] = {
		{"open", "", "", true, true, false, false, true, 0},
		{"open", "", "", true, false, false, false, false, OUTBOX_DROPPED},
		{"open", "", "", false, true, false, false, false, OUTBOX_FAILED},
		{"acknowledged", "", "", true, true, false, false, false, OUTBOX_CONFLICT},
		{"acknowledged", "acknowledged|then|lee", "", true, true, false, false, true, 0},
		{"acknowledged", "", "acknowledged|then|lee", true, true, false, false, true, 0},
		{"acknowledged", "", "acknowledged|before|lee", true, true, false, false, false, OUTBOX_CONFLICT},
		{"closed", "", "", true, true, false, false, true, 0}, /* our tags are not there */
		{"closed", "", "", true, true, false, true, false, OUTBOX_UNCHANGED},
		{"closed", "", "", true, true, true, true, false, OUTBOX_ACKNOWLEDGED},
	};
	static const struct str tags[] = {STR_INIT("s3triage:approved"), STR_INIT("s3triage:by:kim")};
	struct write_target t = {.by = {{STR("open"), STR("")}, {STR("closed"), STR("")},
		{STR("acknowledged"), STR("")}}};
	struct fixture *f = *state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct write_job j = f->job[0];
		j.write = false;
		j.sent = rows[i].sent;
		j.alert.from_kibana = rows[i].kibana;
		j.before = str_c(rows[i].before);
		j.over = str_c(rows[i].over);
		j.now = (struct write_now){.found = rows[i].found, .status = str_c(rows[i].status),
			.by = STR("lee"), .at = STR("then"), .tags = tags,
			.n_tags = rows[i].tagged ? 2 : 0};
		write_judge_status(&j, &t, true, &f->mem);
		if (j.write != rows[i].write || (!j.write && j.state != rows[i].state))
			fail_msg("row %zu: write %d, state %s", i, j.write, outbox_state_name(j.state));
	}
}

/* Both verdicts may close an alert: the tags tell them apart, and whose it was. */
static void one_status_two_verdicts(void **state)
{
	static const struct str tags[] = {STR_INIT("s3triage:suspicious"), STR_INIT("s3triage:by:lee")};
	static const struct {
		enum verdict v;
		const char *analyst, *over;
		bool write;
		enum outbox_state state;
	} rows[] = {
		{VERDICT_APPROVED, "kim", "", false, OUTBOX_CONFLICT},
		{VERDICT_SUSPICIOUS, "kim", "", false, OUTBOX_UNCHANGED},
		{VERDICT_APPROVED, "lee", "", true, 0},
		{VERDICT_APPROVED, "kim", "closed|then|lee", true, 0},
	};
	const struct write_target t = {.kind = WRITE_KIBANA, .by = {{STR("open"), STR("")},
		{STR("closed"), STR("")}, {STR("closed"), STR("")}}};
	struct fixture *f = *state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct write_job j = f->job[0];
		j.write = false;
		j.alert.from_kibana = true;
		j.d.verdict = rows[i].v;
		j.d.analyst = str_c(rows[i].analyst);
		j.over = str_c(rows[i].over);
		j.now = (struct write_now){.found = true, .status = STR("closed"), .by = STR("lee"),
			.at = STR("then"), .tags = tags, .n_tags = 2};
		write_judge_status(&j, &t, true, &f->mem);
		if (j.write != rows[i].write || (!j.write && j.state != rows[i].state))
			fail_msg("row %zu: write %d, state %s", i, j.write, outbox_state_name(j.state));
		if (i == 0)
			assert_true(str_is(j.why, "suspicious by lee at then"));
	}
}

/* ---- the decisions index ------------------------------------------------------------------ */

static void decisions_bulk(void **state)
{
	struct fixture *f = *state;
	struct write_target t = {.kind = WRITE_DECISIONS, .index = STR("d")};
	f->job[0].now = (struct write_now){0};
	f->job[1].write = false;
	f->job[2].now.index = STR("d-1");
	f->job[2].now.status = STR("suspicious");
	write_bulk_decisions(&t, f->job, 3, MAKE_T0, &f->out);
	struct str rest = buf_str(&f->out), line = str_cut(&rest, '\n');
	assert_true(str_is(line, "{\"create\":{\"_index\":\"d\",\"_id\":\"rule:event-1\"}}"));
	struct json *doc = json_parse(str_cut(&rest, '\n'), &f->err);
	assert_true(str_is(json_str(json_get(doc, "verdict")), "approved"));
	assert_true(str_is(json_str(json_get(doc, "hash")), "0123"));
	assert_true(str_is(json_str(json_get(json_get(doc, "facts"), "id")), "alert-000000"));
	assert_null(json_get(doc, "replaces"));
	json_free(doc);
	line = str_cut(&rest, '\n');
	assert_true(str_is(line, "{\"index\":{\"_index\":\"d-1\",\"_id\":\"rule:event-3\","
		"\"if_seq_no\":12,\"if_primary_term\":1}}"));
	doc = json_parse(str_cut(&rest, '\n'), &f->err);
	assert_true(str_is(json_str(json_get(json_get(doc, "replaces"), "verdict")), "suspicious"));
	json_free(doc);
	assert_int_equal(rest.n, 0);
}

static void decisions_mget(void **state)
{
	struct fixture *f = *state;
	write_mget(f->job, 2, &f->out);
	out_is(f, "{\"ids\":[\"rule:event-1\",\"rule:event-2\"]}");
	assert_true(write_mget_read(STR("{\"docs\":[{\"_id\":\"rule:event-1\",\"found\":false},"
		"{\"_index\":\"d\",\"_id\":\"rule:event-2\",\"_seq_no\":271,\"_primary_term\":3,\"found\":true,"
		"\"_source\":{\"verdict\":\"suspicious\",\"analyst\":\"lee\",\"hash\":\"beef\","
		"\"decided_at\":\"2026-11-24T10:00:00Z\"}}]}"), f->job, 2, &f->mem, &f->err));
	assert_false(f->job[0].now.found);
	assert_true(f->job[1].now.found);
	assert_int_equal(f->job[1].now.seq_no, 271);
	assert_int_equal(f->job[1].now.term, 3);
	assert_true(str_is(f->job[1].now.hash, "beef"));
	static const char *const bad[] = {"", "[]", "{\"docs\":[]}", "<html>",
		"{\"docs\":[{\"_id\":\"x\"},{\"_id\":\"rule:event-2\"}]}",
		"{\"docs\":[{\"_id\":\"rule:event-1\",\"error\":{\"reason\":\"no\"}},{}]}"};
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(write_mget_read(str_c(bad[i]), f->job, 2, &f->mem, &f->err));
	write_mapping(&f->out);
	out_is_json(f);
}

static void decisions_newer(void **state)
{
	struct fixture *f = *state;
	struct write_page page;
	write_newer(&(struct write_newer){STR("2026-11-24T10:00:00Z||-15m"), STR(""), 500, false}, &f->out);
	out_is_json(f);
	assert_true(str_find(buf_str(&f->out), STR("search_after")) == STR_NONE);
	buf_clear(&f->out);
	write_newer(&(struct write_newer){STR(""), STR("[17,\"k\"]"), 1, true}, &f->out);
	out_is_json(f);
	assert_true(str_find(buf_str(&f->out), STR(",\"search_after\":[17,\"k\"]}")) != STR_NONE);
	buf_clear(&f->out);
	buf_c(&f->out, "{\"hits\":{\"hits\":[{\"_source\":");
	const struct outbox_from from = {.first = "f1", .last = {.rows = 7, .head = "h7"}};
	f->job[0].from = &from;
	write_document(&f->job[0], MAKE_T0, &f->out);
	buf_c(&f->out, "},{\"_source\":{\"schema\":2}},{\"_source\":{\"schema\":1,\"alert_key\":\"k\"}},{\"sort\":[17,\"k\"]}]}}");
	assert_true(write_newer_read(buf_str(&f->out), &f->mem, &page, &f->err));
	assert_int_equal(page.n, 1);
	assert_int_equal(page.broken, 3);
	assert_true(str_is(page.after, "[17,\"k\"]"));
	assert_true(str_is(page.v[0].analyst, "kim"));
	assert_true(str_is(page.v[0].journal, "f1") && page.v[0].last.rows == 7);
	assert_string_equal(page.v[0].last.head, "h7");
	assert_int_equal(page.v[0].verdict, VERDICT_APPROVED);
	struct alert back;
	assert_true(export_facts_read(page.v[0].facts, &f->mem, &back, &f->err));
	assert_true(str_eq(back.id, f->alert[0].id));
}

/* A document that is nested too deep for our reader, or says "sort" where it wants, costs itself. */
static void decisions_poisoned(void **state)
{
	struct fixture *f = *state;
	struct write_page page;
	buf_c(&f->out, "{\"hits\": { \"hits\" : [{\"_source\":{\"schema\":1,\"note\":\"\\\"hits\\\":[ } ] \",\"facts\":");
	for (int i = 0; i < 3000; i++)
		buf_c(&f->out, i % 2 ? "[" : "{\"sort\":");
	for (int i = 3000; i-- > 0;)
		buf_c(&f->out, i % 2 ? "]" : "}");
	buf_c(&f->out, "},\"sort\":[3,\"deep\"]},\n{\"_source\":");
	write_document(&f->job[0], MAKE_T0, &f->out);
	size_t end = f->out.n;
	buf_c(&f->out, "},{\"sort\":[4,\"x\"],\"_source\":{\"sort\":[9,\"y\"]}}]}}");
	assert_true(write_newer_read(buf_str(&f->out), &f->mem, &page, &f->err));
	assert_int_equal(page.n, 1);
	assert_int_equal(page.broken, 2);
	assert_int_equal(page.hits, 3);
	assert_true(str_is(page.after, "[4,\"x\"]"));
	f->out.n = end; /* cut off: an error, not an end */
	assert_false(write_newer_read(buf_str(&f->out), &f->mem, &page, &f->err));
}

/* ---- bulk answers ------------------------------------------------------------------------- */

static void bulk_items(void **state)
{
	struct fixture *f = *state;
	assert_true(write_bulk_read(STR("{\"took\":486,\"errors\":true,\"items\":["
		"{\"update\":{\"_id\":\"a\",\"status\":200,\"result\":\"updated\"}},"
		"{\"update\":{\"_id\":\"b\",\"status\":409,\"error\":{\"type\":\"version_conflict_engine_exception\","
		"\"reason\":\"[b]: version conflict\"}}},"
		"{\"update\":{\"_id\":\"c\",\"status\":404,\"error\":{\"reason\":\"[c]: document missing\"}}}]}"),
		f->job, 3, &f->mem, &f->err));
	assert_int_equal(f->job[0].state, OUTBOX_ACKNOWLEDGED);
	assert_int_equal(f->job[1].state, OUTBOX_PENDING);
	assert_int_equal(f->job[2].state, OUTBOX_FAILED);
	assert_true(str_is(f->job[2].why, "404: [c]: document missing"));
	f->job[1].write = false;
	f->job[2].write = false;
	assert_true(write_bulk_read(STR("{\"items\":[{\"create\":{\"status\":429,\"error\":"
		"{\"type\":\"es_rejected_execution_exception\",\"reason\":\"busy\"}}}]}"), f->job, 3,
		&f->mem, &f->err));
	assert_int_equal(f->job[0].state, OUTBOX_PENDING);
	assert_false(write_bulk_read(STR("{\"items\":[]}"), f->job, 3, &f->mem, &f->err));
	assert_false(write_bulk_read(STR("{\"items\":[{\"upd"), f->job, 3, &f->mem, &f->err));
}

/* ---- alerts ------------------------------------------------------------------------------- */

static void alerts_lookup(void **state)
{
	struct fixture *f = *state;
	write_ids(f->job, 2, &f->out);
	out_is_json(f);
	assert_true(write_ids_read(STR("{\"_shards\":{\"failed\":0},\"hits\":{\"hits\":[{"
		"\"_index\":\".internal.alerts-security.alerts-default-000001\",\"_id\":\"alert-000001\","
		"\"_seq_no\":9007199254740993,\"_primary_term\":2,\"_source\":{"
		"\"kibana.alert.workflow_status\":\"closed\",\"kibana.alert.workflow_user\":\"u_1\","
		"\"kibana.alert\":{\"workflow_tags\":[\"x\",\"s3triage:by:lee\"]},"
		"\"kibana\":{\"alert\":{\"rule\":{\"uuid\":\"r-1\",\"name\":\"n\"}}}}}]}}"),
		f->job, 2, &f->mem, &f->err));
	assert_false(f->job[0].now.found);
	struct write_now *now = &f->job[1].now;
	assert_true(now->found);
	assert_true(now->seq_no == INT64_C(9007199254740993));
	assert_true(str_is(now->status, "closed"));
	assert_true(str_is(now->by, "lee"));
	assert_true(str_is(now->rule_uuid, "r-1"));
	assert_false(write_ids_read(STR("{\"_shards\":{\"failed\":1},\"hits\":{\"hits\":[]}}"), f->job, 2,
		&f->mem, &f->err));
	assert_false(write_ids_read(STR("{}"), f->job, 2, &f->mem, &f->err));
}

static void alerts_bulk(void **state)
{
	static const struct str tags[] = {STR_INIT("keep"), STR_INIT("s3triage:suspicious"),
		STR_INIT("s3triage:by:lee")};
	struct fixture *f = *state;
	struct write_target t = {.kind = WRITE_ALERTS, .by = {{STR("open"), STR("")},
		{STR("closed"), STR("false_positive")}, {STR("acknowledged"), STR("")}}};
	f->job[0].now.tags = tags;
	f->job[0].now.n_tags = 3;
	write_bulk_alerts(&t, f->job, 1, 0, &f->out);
	out_is(f, "{\"update\":{\"_index\":\".internal.alerts-1\",\"_id\":\"alert-000000\","
		"\"if_seq_no\":10,\"if_primary_term\":1}}\n"
		"{\"doc\":{\"kibana.alert.workflow_status\":\"closed\","
		"\"kibana.alert.workflow_status_updated_at\":\"1970-01-01T00:00:00Z\","
		"\"kibana.alert.workflow_reason\":\"false_positive\","
		"\"kibana.alert.workflow_tags\":[\"keep\",\"s3triage:approved\",\"s3triage:by:kim\"]}}\n");
	f->job[0].d.verdict = VERDICT_OPEN;
	f->job[0].now.reason = STR("duplicate");
	write_bulk_alerts(&t, f->job, 1, 0, &f->out);
	assert_true(str_find(buf_str(&f->out), STR("workflow_reason\":null")) != STR_NONE);
	assert_true(str_find(buf_str(&f->out), STR("workflow_tags\":[\"keep\"]")) != STR_NONE);
}

/* ---- Kibana ------------------------------------------------------------------------------- */

static void kibana_bodies(void **state)
{
	static const struct str tags[] = {STR_INIT("s3triage:by:lee"), STR_INIT("other")};
	struct fixture *f = *state;
	struct write_status closed = {STR("closed"), STR("false_positive")};
	f->job[1].now.status = STR("acknowledged");
	f->job[1].now.tags = tags;
	f->job[1].now.n_tags = 2;
	write_kibana_status(&closed, true, f->job, 2, &f->out);
	out_is(f, "{\"status\":\"closed\",\"reason\":\"false_positive\",\"conflicts\":\"proceed\","
		"\"query\":{\"bool\":{\"minimum_should_match\":1,\"should\":["
		"{\"bool\":{\"filter\":[{\"ids\":{\"values\":[\"alert-000000\"]}},"
		"{\"terms\":{\"kibana.alert.workflow_status\":[\"open\"]}}]}},"
		"{\"bool\":{\"filter\":[{\"ids\":{\"values\":[\"alert-000001\"]}},"
		"{\"terms\":{\"kibana.alert.workflow_status\":[\"acknowledged\"]}}]}}]}}}");
	write_kibana_status(&closed, false, f->job, 1, &f->out);
	assert_true(str_find(buf_str(&f->out), STR("reason")) == STR_NONE);
	buf_clear(&f->out);
	write_kibana_tags(VERDICT_APPROVED, STR("kim"), f->job, 2, &f->out);
	out_is(f, "{\"ids\":[\"alert-000000\",\"alert-000001\"],\"tags\":{\"tags_to_add\":"
		"[\"s3triage:approved\",\"s3triage:by:kim\"],\"tags_to_remove\":"
		"[\"s3triage:suspicious\",\"s3triage:by:lee\"]}}");
	f->job[0].d.note = STR("quote \" and \n line");
	write_kibana_note(&f->job[0], &f->out);
	out_is_json(f);
	struct buf text = {0}, notes = {0};
	write_note_text(&f->job[0].d, &text);
	buf_c(&notes, "{\"totalCount\":1,\"notes\":[{\"note\":");
	json_quote(buf_str(&text), &notes);
	buf_c(&notes, "}]}");
	assert_true(write_note_there(buf_str(&notes), buf_str(&text)));
	assert_false(write_note_there(buf_str(&notes), STR("other")));
	buf_fini(&text);
	buf_fini(&notes);
	assert_true(write_case_there(STR("[{\"id\":\"c1\"}]"), STR("c1")));
	assert_false(write_case_there(STR("{\"statusCode\":404}"), STR("c1")));
}

static void kibana_case_and_paths(void **state)
{
	struct fixture *f = *state;
	f->job[1].write = false;
	write_kibana_case(f->job, 3, &f->out);
	struct json *v = json_parse(buf_str(&f->out), &f->err);
	assert_int_equal(json_count(json_get(v, "alertId")), 2);
	assert_int_equal(json_count(json_get(v, "index")), 2);
	json_free(v);
	buf_clear(&f->out);
	struct write_target t = {.space = STR("soc")};
	write_kibana_path(&t, "/api/note", &f->out);
	out_is(f, "/s/soc/api/note");
	t.space = STR("a b/../c");
	write_kibana_path(&t, "/api/note", &f->out);
	out_is(f, "/s/a%20b%2F..%2Fc/api/note");
	t.space = STR("default");
	write_kibana_path(&t, "/api/note", &f->out);
	out_is(f, "/api/note");
	write_kibana_assignee(STR("u_1"), f->job, 1, &f->out);
	out_is(f, "{\"ids\":[\"alert-000000\"],\"assignees\":{\"add\":[\"u_1\"],\"remove\":[]}}");
}

static void kibana_counts(void **state)
{
	struct fixture *f = *state;
	struct write_counts c;
	assert_true(write_update_read(STR("{\"took\":81,\"total\":3,\"updated\":2,\"version_conflicts\":1,"
		"\"noops\":0,\"failures\":[{}]}"), &c, &f->err));
	assert_int_equal(c.total, 3);
	assert_int_equal(c.updated, 2);
	assert_int_equal(c.conflicts, 1);
	assert_int_equal(c.failures, 1);
	assert_false(write_update_read(STR("{\"message\":\"no\"}"), &c, &f->err));
	assert_false(write_update_read(STR("<html>"), &c, &f->err));
}

static void saying(void **state)
{
	struct fixture *f = *state;
	struct write_target t = {.kind = WRITE_KIBANA, .by = {{STR("open"), STR("")},
		{STR("closed"), STR("benign_positive")}, {STR("acknowledged"), STR("")}}};
	struct server s = {.product = PRODUCT_KIBANA, .major = 9, .minor = 5};
	write_say(&t, VERDICT_APPROVED, &s, &f->out);
	out_is(f, "approved: status closed (benign_positive), tag s3triage:approved, reason and note as a note");
	s.major = 8;
	s.minor = 10;
	write_say(&t, VERDICT_APPROVED, &s, &f->out);
	out_is(f, "approved: status closed, tag s3triage:approved; this version knows no closing reasons;"
		" notes stay here, this version has none");
}

int main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(one_status_two_verdicts),
		TEST(targets), TEST(judging_decisions), TEST(judging_status), TEST(decisions_bulk),
		TEST(decisions_mget), TEST(decisions_newer), TEST(decisions_poisoned), TEST(bulk_items), TEST(alerts_lookup),
		TEST(alerts_bulk), TEST(kibana_bodies), TEST(kibana_case_and_paths),
		TEST(kibana_counts), TEST(saying),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
