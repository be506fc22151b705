#include "s3triage/export/handoff.h"

#include "../../src/export/handoff_priv.h"
#include "../unit.h"
#include "s3triage/base/file.h"
#include "s3triage/base/hash.h"
#include "s3triage/base/lines.h"
#include "s3triage/base/when.h"
#include "s3triage/builtin/builtin.h"
#include "s3triage/detect/rule.h"
#include "s3triage/event/json.h"
#include "s3triage/book/book.h"
#include "alert_make.h"

enum { EVENTS_MAX = 64 };

/* The sample events that the rule matches, decided: what goes to 9999… is suspicious. */
struct demo {
	struct arena mem;
	struct json *ecs[EVENTS_MAX];
	struct alert alerts[EVENTS_MAX];
	struct decision decisions[EVENTS_MAX];
	struct handoff_row rows[EVENTS_MAX];
	size_t n;
	struct handoff_origin origin;
	struct handoff_report report;
};

static bool goes_to(const struct alert *a, const char *account)
{
	for (size_t i = 0; i < a->n_dests; i++)
		if (str_is(a->dests[i].account, account))
			return true;
	return false;
}

static void take_event(struct demo *d, struct str line, const struct rule *r, struct rule_run *run)
{
	struct json *raw = json_parse(line, NULL);
	enum event_shape shape;
	struct json *ecs = event_to_ecs(raw, &shape, NULL);
	json_free(raw);
	const struct alert_rule facts = {r->name, r->rule_id, r->severity, r->risk};
	size_t i = d->n;
	if (!ecs || !rule_match(r, run, ecs) || !alert_read(ecs, shape, &facts, &d->mem, &d->alerts[i])) {
		json_free(ecs);
		return;
	}
	bool bad = goes_to(&d->alerts[i], "999988887777");
	d->decisions[i] = make_decision(&d->alerts[i], (int64_t)i + 1,
		bad ? VERDICT_SUSPICIOUS : VERDICT_APPROVED);
	d->decisions[i].reason = bad ? STR("theft") : STR("agreed");
	d->rows[i] = (struct handoff_row){.row = {.alert = &d->alerts[i], .decision = &d->decisions[i]},
		.begins = WHEN_NONE, .expires = WHEN_NONE};
	d->ecs[i] = ecs;
	d->n++;
}

static int set_up(void **state)
{
	struct demo *d = calloc(1, sizeof(*d));
	struct rule *r = rule_builtin();
	struct rule_run *run = rule_run_new(r);
	struct str rest = builtin_demo(), line;
	while (lines_next(&rest, &line))
		if (line.n)
			take_event(d, line, r, run);
	rule_run_free(run);
	rule_free(r);
	d->origin = (struct handoff_origin){.rows = (int64_t)d->n, .made = MAKE_T0, .since = WHEN_NONE,
		.until = WHEN_NONE, .analyst = STR("kim"),
		.head = STR("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")};
	*state = d;
	return 0;
}

static int tear_down(void **state)
{
	struct demo *d = *state;
	for (size_t i = 0; i < EVENTS_MAX; i++)
		json_free(d->ecs[i]);
	arena_fini(&d->mem);
	free(d);
	return 0;
}

static void write_as(struct demo *d, enum handoff_format f, struct buf *out)
{
	buf_clear(out);
	d->origin.format = f;
	handoff_write(d->rows, d->n, &d->origin, out, &d->report);
}

/* ---- origin ------------------------------------------------------------------------------- */

static void origins_come_back(void **state)
{
	struct demo *d = *state;
	d->origin.filter = STR("dest:\"a b\" and note:--> %41 \xc3\xa5 \n'");
	d->origin.verdict = STR("approved");
	d->origin.since = -5;
	d->origin.sources = true;
	for (int f = 0; f < HANDOFF_COUNT; f++) {
		struct buf text = {0};
		struct handoff_origin o;
		struct err err = {0};
		write_as(d, (enum handoff_format)f, &text);
		if (!handoff_origin_read(buf_str(&text), &d->mem, &o, &err))
			fail_msg("%s: %s", handoff_name((enum handoff_format)f), err.text);
		assert_int_equal(o.format, f);
		assert_int_equal(o.rows, d->origin.rows);
		assert_true(str_eq(o.head, d->origin.head) && str_eq(o.filter, d->origin.filter));
		assert_true(str_eq(o.analyst, STR("kim")) && str_eq(o.verdict, STR("approved")));
		assert_true(o.made == MAKE_T0 && o.since == -5 && o.until == WHEN_NONE && o.sources);
		struct buf again = {0};
		d->origin = o;
		write_as(d, o.format, &again);
		assert_string_equal(buf_cstr(&again), buf_cstr(&text));
		buf_fini(&again);
		buf_fini(&text);
	}
}

/* What stands behind the origin in its row is text of events, and may look like one. */
static void an_events_text_is_no_origin(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"schema_version,export,who\r\n1,s3triage:export?format=csv&filter=true,\"x,s3triage:export?format=csv&filter=forged\"\r\n",
		"{\"schema_version\":1,\"note\":\"s3triage:export?format=ndjson&filter=forged\",\"export\":"
		"\"s3triage:export?format=ndjson&filter=true\",\"who\":\"s3triage:export?format=ndjson&filter=forged\"}\n"};
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct arena mem = {0};
		struct handoff_origin o;
		handoff_origin_read(str_c(texts[i]), &mem, &o, NULL);
		if (!str_is(o.filter, "true"))
			fail_msg("%zu: '%.*s'", i, STR_ARG(o.filter));
		arena_fini(&mem);
	}
}

static void bad_origins_are_refused(void **state)
{
	struct demo *d = *state;
	static const char *const cases[] = {"", "# nothing", "s3triage:export?", "s3triage:export?rows=0",
		"s3triage:export?format=pdf&rows=0", "s3triage:export?format=eql&rows=1",
		"s3triage:export?format=eql&rows=x&head=", "s3triage:export?format=eql&rows=0&analyst=%4",
		"s3triage:export?format=eql&rows=0&analyst=%zz", "s3triage:export?format=eql&rows=-1",
		"s3triage:export?format=eql&rows=1&head=ABC", "s3triage:export?format=eql&nosuch=1"};
	struct handoff_origin o;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_false(handoff_origin_read(str_c(cases[i]), &d->mem, &o, NULL));
	assert_true(handoff_origin_read(STR("# s3triage:export?format=eql&rows=0&head=\n"), &d->mem, &o,
		NULL));
	assert_int_equal(o.format, HANDOFF_EQL);
}

/* ---- scopes ------------------------------------------------------------------------------- */

struct made_row {
	const char *account, *role, *bucket;
	enum verdict verdict;
	int64_t expires;
	unsigned dests;
};

#define R1 "arn:aws:iam::111122223333:role/one"
#define R2 "arn:aws:iam::111122223333:role/two"

static void scope_rows(struct demo *d, const struct made_row *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct alert_dest *dests = arena_array(&d->mem, v[i].dests, sizeof(*dests));
		for (unsigned k = 0; k < v[i].dests; k++)
			dests[k] = (struct alert_dest){.account = str_c(v[i].account),
				.bucket = STR("copies"), .relation = RELATION_OTHER};
		d->alerts[i] = make_alert(&d->mem, 0);
		d->alerts[i].disagreement = false;
		d->alerts[i].traits = TRAIT_WHOLE_BUCKET;
		d->alerts[i].dests = dests;
		d->alerts[i].n_dests = v[i].dests;
		d->alerts[i].role = str_c(v[i].role);
		d->alerts[i].bucket = str_c(v[i].bucket);
		d->decisions[i] = make_decision(&d->alerts[i], (int64_t)i + 1, v[i].verdict);
		d->rows[i] = (struct handoff_row){.row = {.alert = &d->alerts[i],
			.decision = v[i].verdict ? &d->decisions[i] : NULL}, .begins = WHEN_NONE,
			.expires = v[i].expires};
	}
}

static void scopes_are_as_narrow_as_decisions(void **state)
{
	struct demo *d = *state;
	static const struct made_row made[] = {
		{"111111111111", R1, "b", VERDICT_APPROVED, WHEN_NONE, 1},
		{"111111111111", R1, "a", VERDICT_APPROVED, WHEN_NONE, 1},
		{"111111111111", R1, "a", VERDICT_APPROVED, WHEN_NONE, 1},
		{"111111111111", R2, "a", VERDICT_APPROVED, WHEN_NONE, 1},
		{"111111111111", R1, "c", VERDICT_APPROVED, MAKE_T0 + 5, 1}, /* a scope apart */
		{"111111111111", R1, "d", VERDICT_APPROVED, MAKE_T0, 1},     /* expired */
		{"222222222222", R1, "a", VERDICT_APPROVED, WHEN_NONE, 1},   /* also suspicious */
		{"222222222222", R1, "a", VERDICT_SUSPICIOUS, WHEN_NONE, 1},
		{"333333333333", R1, "a", VERDICT_APPROVED, WHEN_NONE, 1},   /* also open */
		{"333333333333", R1, "a", VERDICT_OPEN, WHEN_NONE, 2},
		{"444444444444", R1, "a", VERDICT_APPROVED, WHEN_NONE, 2},   /* several */
		{"", R1, "a", VERDICT_APPROVED, WHEN_NONE, 1},               /* unnamed */
		{"555555555555", "", "a", VERDICT_APPROVED, WHEN_NONE, 1},   /* no role */
		{"555555555555", "arn:aws:iam::1:role/*", "a", VERDICT_APPROVED, WHEN_NONE, 1},
		{"555555555555", R1, "a\" or true", VERDICT_APPROVED, WHEN_NONE, 1},
		{"5555", R1, "a", VERDICT_APPROVED, WHEN_NONE, 1},
	};
	struct handoff_scopes s;
	struct handoff_report report = {0};
	scope_rows(d, made, ARRAY_LEN(made));
	const struct handoff_rows rows = {d->rows, ARRAY_LEN(made), MAKE_T0};
	handoff_scopes_of(&rows, &d->mem, &s, &report);
	assert_int_equal(s.n, 3);
	assert_true(str_is(s.v[0].role, R1) && s.v[0].expires == WHEN_NONE && s.v[0].n_buckets == 2);
	assert_true(str_is(s.v[0].buckets[0], "a") && str_is(s.v[0].buckets[1], "b"));
	assert_true(str_is(s.v[1].buckets[0], "c") && s.v[1].expires == MAKE_T0 + 5);
	assert_true(str_is(s.v[2].role, R2) && s.v[2].n_buckets == 1);
	assert_int_equal(report.used, 5);
	assert_int_equal(report.untried, 5);
	assert_int_equal(report.left[HANDOFF_WHY_EXPIRED], 1);
	assert_int_equal(report.left[HANDOFF_WHY_CONFLICT], 2);
	assert_int_equal(report.left[HANDOFF_WHY_SEVERAL], 1);
	assert_int_equal(report.left[HANDOFF_WHY_UNNAMED], 2);
	assert_int_equal(report.left[HANDOFF_WHY_UNSAFE], 3);
}

/* What a clause asks to stand once in the request would stand twice: it could not find its own alert. */
static void what_reads_as_a_field_is_in_no_clause(void **state)
{
	struct demo *d = *state;
	static const struct made_row made[] = {{"111111111111", R1, "a", VERDICT_APPROVED, WHEN_NONE, 1}};
	static const struct {
		const char *prefix, *rule_id;
		trait_set traits;
		size_t used;
	} cases[] = {{"lake/dt=2026/", "one", 0, 1}, {"lake/Account=098765432109/", "one", 0, 0},
		{"Bucket=x/", "one", 0, 0}, {"lake/", "Role=arn", 0, 0}, {"lake/", "one", TRAIT_ACCOUNT_IN_TEXT, 0}};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct handoff_scopes s;
		struct handoff_report report = {0};
		scope_rows(d, made, 1);
		struct alert_dest *dest = (struct alert_dest *)(uintptr_t)d->alerts[0].dests;
		dest->prefix = str_c(cases[i].prefix);
		dest->rule_id = str_c(cases[i].rule_id);
		d->alerts[0].traits = cases[i].traits;
		const struct handoff_rows rows = {d->rows, 1, MAKE_T0};
		handoff_scopes_of(&rows, &d->mem, &s, &report);
		assert_int_equal(s.n, cases[i].used);
		assert_int_equal(report.left[HANDOFF_WHY_FILTER], 1 - cases[i].used);
	}
}

/* ---- exceptions --------------------------------------------------------------------------- */

/* Whether an item, read back, takes an alert away. */
static bool item_takes(const struct handoff_item *item, const struct json *ecs)
{
	struct buf query = {0};
	struct err err = {0};
	buf_c(&query, "any where ");
	handoff_tests_eql(item->tests, item->n, &query);
	struct rule *r = rule_new_eql(buf_str(&query), NULL, &err);
	if (!r)
		fail_msg("%s: %s", err.text, buf_cstr(&query));
	struct rule_run *run = rule_run_new(r);
	bool takes = rule_match(r, run, ecs);
	rule_run_free(run);
	rule_free(r);
	buf_fini(&query);
	return takes;
}

#define LATER (MAKE_T0 + INT64_C(400) * 86400000) /* than any event */

static void exceptions_read_back(void **state)
{
	struct demo *d = *state;
	struct buf text = {0};
	struct handoff_scopes scopes;
	struct handoff_items got;
	struct handoff_report report = {0};
	struct err err = {0};
	size_t ends = 0, taken = 0;
	for (size_t i = 0; i < d->n; i++) {
		d->rows[i].expires = i % 3 ? WHEN_NONE : LATER;
		d->rows[i].ticket = STR("CHG-7");
		handoff_try(&d->rows[i], d->ecs[i]);
	}
	const struct handoff_rows rows = {d->rows, d->n, MAKE_T0};
	handoff_scopes_of(&rows, &d->mem, &scopes, &report);
	assert_int_equal(report.untried, 0);
	assert_int_equal(report.left[HANDOFF_WHY_MISSED], 1); /* its prefix imitates an account */
	write_as(d, HANDOFF_EXCEPTIONS, &text);
	if (!handoff_exceptions_read(buf_str(&text), &d->mem, &got, &err))
		fail_msg("%s", err.text);
	assert_int_equal(got.n, scopes.n);
	for (size_t i = 0; i < got.n; i++) {
		bool takes = false;
		assert_int_equal(got.v[i].not_evaluated.n, 0);
		ends += got.v[i].expires == LATER;
		for (size_t k = 0; k < d->n; k++) {
			const struct handoff_row *r = &d->rows[k];
			bool it = item_takes(&got.v[i], d->ecs[r->row.alert - d->alerts]);
			assert_true(!it || r->row.decision->verdict == VERDICT_APPROVED);
			takes |= it;
			taken += it;
		}
		assert_true(takes);
	}
	assert_true(ends > 2 && taken >= report.used);
	assert_true(str_find(buf_str(&text), STR("999988887777")) == STR_NONE);
	assert_true(str_find(buf_str(&text), STR("Approved: agreed, CHG-7\"")) != STR_NONE);
	buf_fini(&text);
}

static void strange_lists_are_not_guessed_at(void **state)
{
	struct demo *d = *state;
#define ITEM(entries) "{\"list_id\":\"x\"}\n{\"item_id\":\"y\",\"entries\":[" entries "]}"
#define FIELD(type) "{\"type\":\"" type "\",\"field\":\"a.b\",\"operator\":\"included\""
	static const struct {
		const char *text, *why; /* NULL: no list; "": it can be evaluated */
	} cases[] = {
		{"", NULL}, {"{\"a\":1}", NULL}, {"no json", NULL},
		{"{\"item_id\":\"y\",\"entries\":[]}", NULL},
		{ITEM(""), "it has no entries"}, {ITEM("1"), "an entry has no field or operator that is known"},
		{ITEM(FIELD("match") ",\"value\":\"a\"}"), ""},
		{ITEM(FIELD("match_any") ",\"value\":[\"a\",\"b\"]}"), ""}, {ITEM(FIELD("exists") "}"), ""},
		{ITEM(FIELD("wildcard") ",\"value\":\"a*\"}"), ""},
		{ITEM(FIELD("wildcard") ",\"value\":\"a\\\\*\"}"), "a wildcard holds a backslash"},
		{ITEM(FIELD("match") ",\"value\":1}"), "an entry's value is no text"},
		{ITEM(FIELD("match_any") ",\"value\":[]}"), "an entry has no value"},
		{ITEM(FIELD("list") ",\"list\":{\"id\":\"l\"}}"), "it asks a value list"},
		{ITEM(FIELD("nested") ",\"entries\":[]}"), "it asks nested fields"},
		{ITEM(FIELD("new") "}"), "an entry is of a type that is not known"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct handoff_items items;
		assert_int_equal(handoff_exceptions_read(str_c(cases[i].text), &d->mem, &items, NULL),
			cases[i].why != NULL);
		if (cases[i].why) {
			assert_int_equal(items.n, 1);
			assert_true(str_is(items.v[0].not_evaluated, cases[i].why));
		}
	}
}

/* Every key of ours is one of Kibana's, of the same type; what of Kibana's is missing the server makes. */
static void same_shape(const struct json *ours, const struct json *theirs)
{
	for (const struct json *m = json_first(ours); m; m = json_next(m)) {
		const struct json *t = json_get_str(theirs, json_key(m));
		if (str_is(json_key(m), "expire_time"))
			continue;
		if (!t || json_type(t) != json_type(m))
			fail_msg("%.*s is not as Kibana writes it", STR_ARG(json_key(m)));
	}
	for (const struct json *m = json_first(theirs); m; m = json_next(m)) {
		static const char *const servers[] = {"_version", "created_by", "updated_by",
			"tie_breaker_id"};
		bool server = false;
		for (size_t i = 0; i < ARRAY_LEN(servers); i++)
			server |= str_is(json_key(m), servers[i]);
		if (!server && !json_get_str(ours, json_key(m)))
			fail_msg("%.*s is missing", STR_ARG(json_key(m)));
	}
}

static void exceptions_have_the_recorded_shape(void **state)
{
	struct demo *d = *state;
	const char *path = SHARED_ROOT "data/kibana/traditional-9.5.1/exception_list_export.json";
	NEEDS(path);
	struct buf file = {0}, text = {0};
	assert_true(file_read(path, &file, NULL));
	struct json *recorded = json_parse(buf_str(&file), NULL);
	struct str theirs = json_str(json_get(json_get(recorded, "response"), "ndjson")), line;
	struct json *shapes[3] = {0};
	for (size_t i = 0; i < 3 && lines_next(&theirs, &line); i++)
		shapes[i] = json_parse(line, NULL);
	write_as(d, HANDOFF_EXCEPTIONS, &text);
	struct str rest = buf_str(&text);
	size_t items = 0, at = 0;
	for (; lines_next(&rest, &line); at++) {
		struct json *ours = json_parse(line, NULL);
		assert_non_null(ours);
		bool item = json_get(ours, "item_id"), counts = !json_get(ours, "list_id");
		same_shape(ours, shapes[at == 0 ? 0 : counts ? 2 : 1]);
		items += item;
		const struct json *e = json_first(json_get(ours, "entries"));
		for (; e; e = json_next(e))
			assert_true(json_count(e) == 4 && json_get(e, "operator"));
		int64_t n = -1;
		if (counts) {
			assert_true(json_int(json_get(ours, "exported_exception_list_item_count"), &n));
			assert_int_equal(n, items);
		}
		json_free(ours);
	}
	assert_int_equal(at, items + 2);
	for (size_t i = 0; i < 3; i++)
		json_free(shapes[i]);
	json_free(recorded);
	buf_fini(&file);
	buf_fini(&text);
}

/* ---- clauses ------------------------------------------------------------------------------ */

/* Which rows a query with the clause still matches must be those that are in no scope. */
static void check_clause(struct demo *d, const struct rule *r, const struct handoff_scopes *s,
	size_t used)
{
	struct rule_run *run = rule_run_new(r);
	size_t left = 0;
	for (size_t i = 0; i < d->n; i++) {
		const struct alert *a = d->rows[i].row.alert;
		const struct json *ecs = d->ecs[a - d->alerts];
		bool scoped = false, suspicious = d->rows[i].row.decision->verdict == VERDICT_SUSPICIOUS;
		for (size_t k = 0; k < s->n; k++)
			scoped |= handoff_scope_takes(&s->v[k], ecs);
		bool still = rule_match(r, run, ecs);
		if (still == scoped)
			fail_msg("%.*s: %s", STR_ARG(a->bucket), still ? "still matches" : "left out");
		assert_true(still || !suspicious);
		left += still;
	}
	assert_true(left > 5 && left <= d->n - used); /* one that is left out may fit into another */
	rule_run_free(run);
}

static void clauses_leave_out_what_was_approved(void **state)
{
	struct demo *d = *state;
	struct buf clause = {0}, query = {0};
	struct handoff_scopes s;
	struct handoff_report report = {0};
	struct err err = {0};
	const struct handoff_rows rows = {d->rows, d->n, MAKE_T0};
	write_as(d, HANDOFF_EQL, &clause);
	for (size_t i = 0; i < d->n; i++)
		handoff_try(&d->rows[i], d->ecs[d->rows[i].row.alert - d->alerts]);
	handoff_scopes_of(&rows, &d->mem, &s, &report);
	assert_true(report.used > 10);
	struct rule *plain = rule_builtin();
	buf_fmt(&query, "%.*s\n%s", STR_ARG(plain->query), buf_cstr(&clause));
	struct rule *eql = rule_new_eql(buf_str(&query), "event.type", &err);
	if (!eql)
		fail_msg("%s", err.text);
	check_clause(d, eql, &s, report.used);
	rule_free(eql);
	rule_free(plain);

	write_as(d, HANDOFF_KQL, &clause);
	struct str rest = buf_str(&clause), line;
	for (int i = 0; i < 3; i++)
		lines_next(&rest, &line);
	buf_clear(&query);
	buf_c(&query, "{\"type\":\"query\",\"language\":\"kuery\",\"name\":\"x\",\"rule_id\":\"x\",\"risk_score\":1,"
		"\"severity\":\"low\",\"description\":\"x\",\"query\":");
	struct buf kql = {0};
	buf_fmt(&kql, "event.action: PutBucketReplication and event.outcome: success\n%.*s",
		STR_ARG(rest));
	json_quote(buf_str(&kql), &query);
	buf_char(&query, '}');
	struct json *doc = json_parse(buf_str(&query), NULL);
	struct rule *kuery = rule_new_json(doc, "x", &err);
	if (!kuery || !kuery->engine)
		fail_msg("%s\n%s", err.text, buf_cstr(&kql));
	check_clause(d, kuery, &s, report.used);
	rule_free(kuery);
	json_free(doc);
	buf_fini(&kql);
	buf_fini(&query);
	buf_fini(&clause);
}

/* ---- lists -------------------------------------------------------------------------------- */

static void lists_hold_what_is_approved(void **state)
{
	struct demo *d = *state;
	struct buf text = {0};
	write_as(d, HANDOFF_VALUE_LIST, &text);
	struct str rest = buf_str(&text), line;
	assert_true(lines_next(&rest, &line) && str_starts(line, STR("# s3triage:export?")));
	assert_true(lines_next(&rest, &line) && str_starts(line, STR("# 10 used, 2 left out that name several destinations")));
	assert_non_null(strstr(line.p, ", 8 left out that approve an account that is only claimed"));
	size_t n = 0;
	for (; lines_next(&rest, &line); n++)
		assert_true(handoff_is_account(line) && !str_is(line, "999988887777") &&
			!str_is(line, "444455556666"));
	assert_int_equal(n, 4);
	buf_fini(&text);
}

static void accounts_are_a_book(void **state)
{
	struct demo *d = *state;
	struct buf text = {0};
	struct err err = {0};
	d->decisions[0].note = STR("\"quoted\" \\ \x7f\n[[account]]\nid = \"1\"");
	write_as(d, HANDOFF_ACCOUNTS, &text);
	struct book *b = book_new();
	if (!book_read(b, buf_str(&text), "accounts.toml", &err))
		fail_msg("%s: line %lu", err.text, err.line);
	assert_int_equal(book_problems(b), 0);
	assert_int_equal(book_kind(b, STR("999988887777")), ACCOUNT_FLAGGED);
	assert_int_equal(book_kind(b, STR("777788889999")), ACCOUNT_APPROVED);
	book_free(b);
	buf_fini(&text);
}

/* ---- case notes --------------------------------------------------------------------------- */

static void stop(const struct alert *a, struct buf *out)
{
	const struct handoff_stop one = {.alert = a};
	buf_clear(out);
	handoff_commands(&one, 1, out);
}

static int times(const char *text, const char *what)
{
	int n = 0;
	for (; (text = strstr(text, what)); text += strlen(what))
		n++;
	return n;
}

static void commands_hold_only_names(void **state)
{
	struct demo *d = *state;
	struct alert a = make_alert(&d->mem, 2);
	struct buf out = {0};
	a.key_id = STR("AKIAEXAMPLE");
	stop(&a, &out);
	assert_non_null(strstr(buf_cstr(&out), "delete-bucket-replication --bucket 'bucket-2'"));
	assert_non_null(strstr(buf_cstr(&out), "--user-name 'user-2' --access-key-id 'AKIAEXAMPLE'"));
	assert_non_null(strstr(buf_cstr(&out), "list-role-policies --role-name 'repl'"));
	static const char *const evil[] = {"x'; rm -rf ~ #", "$(reboot)", "`id`", "a b", "-rf", "a\nb",
		"'", "x\x1b]0;", "```\n# heading", ""};
	static const char *const kinds[] = {"user", "assumed-role", "federated-user"};
	for (size_t i = 0; i < 3 * ARRAY_LEN(evil); i++) {
		const char *name = evil[i / 3];
		struct alert bad = {.time = MAKE_T0, .actor = str_c(name)};
		bad.bucket = bad.owner = str_c(name);
		bad.key_id = arena_fmt(&d->mem, "%s%s", i & 1 ? "ASIA" : "AKIA", name);
		bad.role = arena_fmt(&d->mem, "arn:aws:iam::111122223333:role/%s", name);
		bad.actor_arn = arena_fmt(&d->mem, "arn:aws:iam::111122223333:%s/%s", kinds[i % 3], name);
		stop(&bad, &out);
		struct str rest = buf_str(&out), line;
		while (lines_next(&rest, &line))
			if (!str_starts(line, STR("# ")) && !str_starts(line, STR("### In ")) && line.n &&
				!str_is(line, "```sh") && !str_is(line, "```") && !str_starts(line, STR("### By hand: ")) &&
				!str_starts(line, STR("- case 0: ")))
				fail_msg("%s got into: %.*s", name, STR_ARG(line));
		assert_int_equal(times(buf_cstr(&out), "```"), 2 * times(buf_cstr(&out), "### In "));
	}
	buf_fini(&out);
}

/* Right for the principal that they name: its account, its kind of key, and who else manages it. */
static void commands_fit_the_principal(void **state)
{
	(void)state;
	static const struct {
		const char *arn, *key, *actor, *says, *not;
	} cases[] = {
		{"arn:aws:iam::444455556666:user/kim", "AKIAX", "kim", "### In account 444455556666, that of the caller\n\n```sh\n"
			"aws iam update-access-key --user-name 'kim' --access-key-id 'AKIAX' --status Inactive\n"
			"aws iam list-access-keys --user-name 'kim'\n", "put-"},
		{"arn:aws:iam::111122223333:user/kim", "ASIAX", "kim", "aws iam put-user-policy --user-name 'kim'",
			"update-access-key"},
		{"arn:aws:iam::111122223333:user/kim", "", "kim", "list-access-keys --user-name 'kim'", "put-"},
		{"arn:aws:sts::444455556666:assumed-role/Admin/eve", "ASIAX", "Admin",
			"### In account 444455556666, that of the caller\n\n```sh\n# sessions of role Admin", "update-access-key"},
		{"arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Admin_ab12/kim", "ASIAX", "x",
			"# role AWSReservedSSO_Admin_ab12 is of IAM Identity Center", "put-"},
		{"arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForConfig/x", "ASIAX", "x",
			"# role AWSServiceRoleForConfig is of an AWS service", "put-"},
		{"arn:aws:sts::111122223333:federated-user/bob", "ASIAX", "broker",
			"aws iam put-user-policy --user-name 'broker'", "'bob'"},
		{"arn:aws:sts::111122223333:federated-user/bob", "ASIAX", "bob", "its issuer, which is in the event", "put-"},
		{"arn:aws:iam::111122223333:root", "AKIAX", "root", "# the root user", "aws iam"},
		{"", "", "s3.amazonaws.com", "# whose account the caller is of is not in the event", "aws iam"},
	};
	struct buf out = {0};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct alert a = {.bucket = STR("b"), .owner = STR("111122223333"), .time = MAKE_T0,
			.actor_arn = str_c(cases[i].arn), .key_id = str_c(cases[i].key),
			.actor = str_c(cases[i].actor)};
		a.traits = str_ends(a.actor_arn, STR(":root")) ? TRAIT_ROOT : 0;
		stop(&a, &out);
		if (!strstr(buf_cstr(&out), cases[i].says) || strstr(buf_cstr(&out), cases[i].not))
			fail_msg("case %zu: %s", i, buf_cstr(&out));
		assert_non_null(strstr(buf_cstr(&out), "### In account 111122223333, that of the bucket's owner"));
	}
	buf_fini(&out);
}

/* Anybody may name a role as AWS names its own: the path of the session's issuer decides. */
static void managed_roles_are_told_by_their_path(void **state)
{
	struct demo *d = *state;
	static const struct {
		const char *role, *path;
		bool managed;
	} cases[] = {
		{"AWSReservedSSO_Admin_ab12", "aws-reserved/sso.amazonaws.com/eu-west-1/", true},
		{"AWSReservedSSO_Fake_x", "", false}, {"AWSReservedSSO_Fake_x", "x/aws-reserved/", false},
		{"AWSReservedSSO_Fake_x", "aws-service-role/x/", false},
		{"AWSServiceRoleForConfig", "aws-service-role/config.amazonaws.com/", true},
		{"AWSServiceRoleForFake", "", false}, {"AWSServiceRoleForFake", "team/", false},
	};
	struct buf out = {0};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct alert a = make_alert(&d->mem, 1);
		a.actor_arn = arena_fmt(&d->mem, "arn:aws:sts::111122223333:assumed-role/%s/eve", cases[i].role);
		a.issuer_arn = arena_fmt(&d->mem, "arn:aws:iam::111122223333:role/%s%s", cases[i].path, cases[i].role);
		stop(&a, &out);
		if (!strstr(buf_cstr(&out), "put-role-policy") != cases[i].managed ||
			!strstr(buf_cstr(&out), "cannot be changed") == cases[i].managed)
			fail_msg("case %zu: %s", i, buf_cstr(&out));
	}
	buf_fini(&out);
}

/* Two names that get into no command are two lines, and can be read; none is in the shell's part. */
static void what_no_command_names_is_named(void **state)
{
	(void)state;
	struct buf out = {0};
	struct alert bad[2] = {{.bucket = STR("a b$(id)"), .region = STR("eu west"), .traits = TRAIT_OWNER_GUESSED,
		.actor_arn = STR("arn:aws:iam::111122223333:user/x y"), .role = STR("arn:aws:iam::1:role/r r")},
		{.bucket = STR("c\x1b d"), .actor = STR("eve")}};
	const struct handoff_stop stops[] = {{.alert = &bad[0], .number = 1}, {.alert = &bad[1], .number = 2}};
	handoff_commands(stops, 2, &out);
	static const char *const says[] = {"### By hand: 7 that no command names\n",
		"- case 1: the bucket has no valid name: a b\\$(id)\n", "- case 1: the region is no valid one: eu west\n",
		"- case 1: the caller has no user or role with a valid name: arn:aws:iam::111122223333:user/x y\n",
		"- case 1: no command looks at the replication role: arn:aws:iam::1:role/r r\n",
		"- case 2: the bucket has no valid name: c&lt;U+001B&gt; d\n",
		"- case 2: whose account the caller is of is not known: eve\n",
		"- case 2: no command looks at the replication role: not in the event\n"};
	for (size_t i = 0; i < ARRAY_LEN(says); i++)
		if (!strstr(buf_cstr(&out), says[i]))
			fail_msg("'%s' is not in %s", says[i], buf_cstr(&out));
	assert_true(strstr(buf_cstr(&out), "(id)") > strstr(buf_cstr(&out), "### By hand"));
	buf_fini(&out);
}

static void commands_are_told_once(void **state)
{
	struct demo *d = *state;
	struct handoff_stop stops[EVENTS_MAX];
	struct buf out = {0};
	for (size_t i = 0; i < d->n; i++)
		stops[i] = (struct handoff_stop){.alert = &d->alerts[i]};
	handoff_commands(stops, d->n, &out);
	for (struct str rest = buf_str(&out), line; lines_next(&rest, &line);)
		if (str_starts(line, STR("### In ")) || str_starts(line, STR("aws iam update")))
			assert_int_equal(str_find(rest, line), STR_NONE);
	buf_fini(&out);
}

/* What replaced a suspicious configuration is somebody else's: it is named, and looked at before anything. */
static void what_was_replaced_is_not_deleted(void **state)
{
	struct demo *d = *state;
	static const struct {
		enum verdict later;
		int64_t after;
		const char *beside, *says, *command;
	} cases[] = {
		{VERDICT_APPROVED, 86400000, "", "which is approved (kim, row 2)", NULL},
		{VERDICT_OPEN, 86400000, "", "which nobody has decided on", NULL},
		{VERDICT_APPROVED, 0, "", "in the same second", NULL},
		{VERDICT_SUSPICIOUS, 86400000, "", "which is suspicious too", "delete-bucket-replication"},
		{VERDICT_APPROVED, -1000, "", NULL, "delete-bucket-replication"},
		{VERDICT_APPROVED, -1000, "deleted by <eve>", "| this configuration was | deleted by &lt;eve&gt; |", NULL},
		{VERDICT_SUSPICIOUS, 5, "replaced by eve", "| this configuration was | replaced by eve |", NULL},
	};
	struct buf text = {0};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct made_row made[] = {
			{"555555555555", R1, "acme-c", VERDICT_SUSPICIOUS, WHEN_NONE, 1},
			{"888888888888", R1, "acme-c", cases[i].later, WHEN_NONE, 1}};
		scope_rows(d, made, 2);
		d->n = 2;
		d->decisions[1].analyst = STR("kim");
		d->alerts[1].id = d->alerts[1].event_id = STR("second");
		d->alerts[1].time = d->alerts[0].time + cases[i].after;
		d->rows[0].later = d->rows[1].later = str_c(cases[i].beside);
		d->rows[0].later_at = d->rows[1].later_at = d->alerts[0].time + 9;
		write_as(d, HANDOFF_CASE, &text);
		const char *t = buf_cstr(&text);
		if (cases[i].says ? !strstr(t, cases[i].says) : strstr(t, "this configuration was") != NULL)
			fail_msg("case %zu: %s", i, t);
		if (!strstr(t, "delete-bucket-replication") != !cases[i].command ||
			!strstr(t, "delete nothing unread\naws s3api get-bucket-replication --bucket 'acme-c'") !=
				(cases[i].command != NULL))
			fail_msg("case %zu: %s", i, t);
	}
	buf_fini(&text);
}

static void case_notes_say_what_was_found(void **state)
{
	struct demo *d = *state;
	struct buf text = {0};
	struct signal odd = {SIGNAL_INDEX_ROOT, 3, STR_INIT("sent by <root> `x`")};
	struct checklist list;
	struct str around[] = {STR_INIT("02:04 CreateRole **s3-sync-svc**")};
	checklist_read(STR("# S\n- step one\n- step two"), &d->mem, &list);
	checklist_tick(&list, list.steps[0].key, true, STR("kim"), MAKE_T0);
	for (size_t i = 0; i < d->n; i++) {
		d->rows[i].signals = &odd;
		d->rows[i].n_signals = 1;
		d->rows[i].checklist = &list;
		d->rows[i].timeline = around;
		d->rows[i].n_timeline = 1;
	}
	write_as(d, HANDOFF_CASE, &text);
	static const char *const says[] = {"<!-- s3triage:export?format=case&rows=",
		"## Case 1: acme-design", "| destination | 999988887777, bucket nightly-sync-7f3, other, Enabled |",
		"- (3) sent by &lt;root&gt; \\`x\\`", "- [x] step one (ticked by kim)", "- [ ] step two",
		"1 ticked, 0 answered by data alone, 1 open", "- 02:04 CreateRole \\*\\*s3-sync-svc\\*\\*",
		"aws s3api delete-bucket-replication --bucket 'acme-design'", "| reason | theft |"};
	for (size_t i = 0; i < ARRAY_LEN(says); i++)
		if (!strstr(buf_cstr(&text), says[i]))
			fail_msg("%s is not in it:\n%s", says[i], buf_cstr(&text));
	assert_int_equal(d->report.used, 6);
	assert_null(strstr(buf_cstr(&text), "777788889999, bucket"));
	buf_fini(&text);
}

/* ---- STIX --------------------------------------------------------------------------------- */

static bool is_stix_id(struct str id, struct str type)
{
	if (!str_starts(id, type) || id.n != type.n + 38 || !str_starts(str_sub(id, type.n, id.n), STR("--")))
		return false;
	struct str u = str_sub(id, type.n + 2, id.n);
	for (size_t i = 0; i < u.n; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		if (dash ? u.p[i] != '-' : str_find_char(STR("0123456789abcdef"), u.p[i]) == STR_NONE)
			return false;
	}
	return u.p[14] == '5' && str_find_char(STR("89ab"), u.p[19]) != STR_NONE;
}

static const struct json *object_with(const struct json *objects, struct str id)
{
	for (const struct json *o = json_first(objects); o; o = json_next(o))
		if (str_eq(json_str(json_get(o, "id")), id))
			return o;
	return NULL;
}

static void check_refs(const struct json *objects, const struct json *o)
{
	for (const struct json *m = json_first(o); m; m = json_next(m)) {
		assert_true(json_type(m) != JSON_NULL);
		if (str_ends(json_key(m), STR("_ref")))
			assert_non_null(object_with(objects, json_str(m)));
		if (!str_ends(json_key(m), STR("_refs")))
			continue;
		assert_true(json_count(m) > 0);
		for (const struct json *r = json_first(m); r; r = json_next(r))
			assert_non_null(object_with(objects, json_str(r)));
	}
}

/* What STIX 2.1 requires of each type, beside type, spec_version and id. */
static const char *required_of(struct str type)
{
	static const struct {
		const char *type, *keys;
	} types[] = {{"identity", "created modified name"},
		{"indicator", "created modified pattern pattern_type valid_from"},
		{"infrastructure", "created modified name"}, {"attack-pattern", "created modified name"},
		{"observed-data", "created modified first_observed last_observed number_observed object_refs"},
		{"note", "created modified content object_refs"},
		{"report", "created modified name published object_refs"},
		{"relationship", "created modified relationship_type source_ref target_ref"},
		{"user-account", "user_id"}, {"ipv4-addr", "value"}};
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (str_is(type, types[i].type))
			return types[i].keys;
	fail_msg("type %.*s", STR_ARG(type));
	return "";
}

static void stix_bundles_are_valid(void **state)
{
	struct demo *d = *state;
	struct buf text = {0}, again = {0};
	write_as(d, HANDOFF_STIX, &text);
	write_as(d, HANDOFF_STIX, &again);
	assert_string_equal(buf_cstr(&text), buf_cstr(&again));
	struct json *bundle = json_parse(buf_str(&text), NULL);
	assert_non_null(bundle);
	assert_true(is_stix_id(json_str(json_get(bundle, "id")), STR("bundle")));
	const struct json *objects = json_get(bundle, "objects");
	size_t kinds = 0;
	for (const struct json *o = json_first(objects); o; o = json_next(o)) {
		struct str type = json_str(json_get(o, "type")), keys = str_c(required_of(type));
		assert_true(is_stix_id(json_str(json_get(o, "id")), type));
		assert_true(str_is(json_str(json_get(o, "spec_version")), "2.1"));
		assert_ptr_equal(object_with(objects, json_str(json_get(o, "id"))), o); /* once each */
		while (keys.n) {
			struct str key = str_cut(&keys, ' ');
			if (!json_get_str(o, key))
				fail_msg("%.*s has no %.*s", STR_ARG(type), STR_ARG(key));
		}
		struct str created = json_str(json_get(o, "created"));
		assert_true(!created.n || (created.n == 24 && created.p[19] == '.'));
		check_refs(objects, o);
		kinds += str_is(type, "indicator");
	}
	assert_int_equal(kinds, 1);
	assert_int_equal(d->report.used, 6);
	json_free(bundle);
	buf_fini(&text);
	buf_fini(&again);
}

/* STIX 2.1, 3.6: created never changes; the same decisions give the same bundle whenever it is asked for. */
static void stix_objects_keep_their_birth(void **state)
{
	struct demo *d = *state;
	struct buf text = {0}, later = {0};
	write_as(d, HANDOFF_STIX, &text);
	d->origin.made += 86400000;
	write_as(d, HANDOFF_STIX, &later);
	assert_string_equal(buf_cstr(&text), buf_cstr(&later));
	for (size_t i = 0; i < d->n; i++)
		d->decisions[i].at += 3600000; /* decided again */
	d->origin.rows += 5;
	write_as(d, HANDOFF_STIX, &later);
	struct json *was = json_parse(buf_str(&text), NULL), *is = json_parse(buf_str(&later), NULL);
	size_t same = 0, moved = 0;
	for (const struct json *o = json_first(json_get(was, "objects")); o; o = json_next(o)) {
		const struct json *n = object_with(json_get(is, "objects"), json_str(json_get(o, "id")));
		if (!n)
			continue;
		struct str created = json_str(json_get(o, "created"));
		assert_true(str_eq(created, json_str(json_get(n, "created"))));
		assert_true(str_cmp(created, json_str(json_get(n, "modified"))) <= 0);
		moved += !str_eq(json_str(json_get(o, "modified")), json_str(json_get(n, "modified")));
		same++;
	}
	assert_true(same > 10 && moved > 2);
	json_free(was);
	json_free(is);
	buf_fini(&text);
	buf_fini(&later);
}

/* STIX 2.1, 2.9 and RFC 8785: an observable's id is of the text itself, however it is spelled in the bundle. */
static void stix_ids_are_of_the_text_itself(void **state)
{
	struct demo *d = *state;
	struct buf text = {0};
	for (size_t i = 0; i < d->n; i++)
		d->alerts[i].actor_arn = STR("arn:aws:iam::000100000001:user/a\xE2\x80\xAE" "b");
	write_as(d, HANDOFF_STIX, &text);
	AUTO(json_free_ptr) struct json *bundle = json_parse(buf_str(&text), NULL);
	const struct json *o = object_with(json_get(bundle, "objects"), STR("user-account--7da9ce23-f637-5cee-a3ae-f0d4c8dbeb9d"));
	assert_true(str_eq(json_str(json_get(o, "user_id")), d->alerts[0].actor_arn));
	assert_true(str_find(buf_str(&text), STR("user/a\\u202eb")) != STR_NONE);
	buf_fini(&text);
}

/* An account that was approved for another alert is no indicator, and that is counted. */
static void stix_indicates_nobody_who_was_approved(void **state)
{
	struct demo *d = *state;
	struct buf text = {0};
	for (size_t i = 0; i < d->n; i++)
		if (goes_to(d->rows[i].row.alert, "999988887777")) {
			d->decisions[i].verdict = VERDICT_APPROVED;
			break;
		}
	write_as(d, HANDOFF_STIX, &text);
	assert_null(strstr(buf_cstr(&text), "\"type\":\"indicator\""));
	assert_int_equal(d->report.left[HANDOFF_WHY_CONFLICT], 5);
	buf_fini(&text);
}

static void ids_are_those_of_the_specification(void **state)
{
	(void)state;
	char id[UUID_TEXT];
	assert_string_equal(uuid_named("6ba7b810-9dad-11d1-80b4-00c04fd430c8", STR("python.org"), id),
		"886313e1-3b8a-5372-9b90-0c9aee199e5d");
	/* STIX 2.1's own example of an ipv4-addr id. */
	assert_string_equal(uuid_named("00abedb4-aa42-466c-9c01-fed23315a9b7",
		STR("{\"value\":\"198.51.100.3\"}"), id), "28bb3599-77cd-5a82-a950-b5bc3caf07c4");
}

static void nothing_decided_is_written_too(void **state)
{
	struct demo *d = *state;
	d->n = 0;
	d->origin.rows = 0;
	d->origin.head = (struct str){0};
	for (int f = 0; f < HANDOFF_COUNT; f++) {
		struct buf text = {0};
		struct handoff_origin o;
		write_as(d, (enum handoff_format)f, &text);
		/* where each row says it, no row says nothing */
		assert_int_equal(handoff_origin_read(buf_str(&text), &d->mem, &o, NULL),
			f != HANDOFF_CSV && f != HANDOFF_NDJSON);
		assert_int_equal(d->report.used, 0);
		buf_fini(&text);
	}
}

/* In all formats, and in what the origin says, too: a check that fits fits these bytes alone, and this key. */
static void checks_fit_no_other_bytes(void **state)
{
	struct demo *d = *state;
	d->n = 4;
	d->origin.key = STR("00aa");
	for (int f = 0; f < HANDOFF_COUNT; f++) {
		struct buf made = {0}, text = {0}, again = {0};
		struct handoff_origin o;
		size_t found = 0, tried = 0;
		write_as(d, (enum handoff_format)f, &made);
		write_as(d, (enum handoff_format)f, &text);
		handoff_check(&d->origin, &text);
		assert_true(handoff_origin_read(buf_str(&text), &d->mem, &o, NULL));
		o.key = d->origin.key;
		buf_add(&again, buf_str(&text));
		assert_true(handoff_checked(&o, &again));
		assert_true(str_eq(buf_str(&again), buf_str(&made)));
		o.key = STR("00ab");
		buf_clear(&again);
		buf_add(&again, buf_str(&text));
		assert_false(handoff_checked(&o, &again));
		for (size_t i = 0; i < text.n; i += 1 + text.n / 700, tried++) {
			buf_clear(&again);
			buf_add(&again, buf_str(&text));
			again.p[i] = again.p[i] == '7' ? '8' : '7';
			if (handoff_origin_read(buf_str(&again), &d->mem, &o, NULL) && o.check.n) {
				o.key = d->origin.key;
				found += !handoff_checked(&o, &again);
			} else {
				found++;
			}
		}
		assert_int_equal(found, tried);
		buf_fini(&made);
		buf_fini(&text);
		buf_fini(&again);
	}
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH(origins_come_back), WITH(bad_origins_are_refused), WITH(checks_fit_no_other_bytes),
		WITH(an_events_text_is_no_origin), WITH(bad_origins_are_refused), WITH(checks_fit_no_other_bytes),
		WITH(scopes_are_as_narrow_as_decisions), WITH(exceptions_read_back),
		WITH(what_reads_as_a_field_is_in_no_clause), WITH(exceptions_read_back),
		WITH(strange_lists_are_not_guessed_at), WITH(exceptions_have_the_recorded_shape),
		WITH(clauses_leave_out_what_was_approved), WITH(lists_hold_what_is_approved),
		WITH(accounts_are_a_book), WITH(commands_hold_only_names),
		cmocka_unit_test(commands_fit_the_principal), WITH(managed_roles_are_told_by_their_path),
		WITH(commands_are_told_once),
		WITH(what_no_command_names_is_named), WITH(what_was_replaced_is_not_deleted), WITH(case_notes_say_what_was_found), WITH(stix_bundles_are_valid),
		WITH(stix_ids_are_of_the_text_itself),
		WITH(stix_objects_keep_their_birth), WITH(stix_indicates_nobody_who_was_approved),
		cmocka_unit_test(ids_are_those_of_the_specification),
		WITH(nothing_decided_is_written_too),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
