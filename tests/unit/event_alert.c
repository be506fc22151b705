#include "s3triage/builtin/builtin.h"
#include "s3triage/event/alert.h"
#include "s3triage/event/doc.h"

#include "s3triage/base/file.h"
#include "s3triage/base/hash.h"
#include "s3triage/base/when.h"

#include <stdio.h>

#include "../unit.h"

static struct json *ecs_of(const char *text, enum event_shape *shape)
{
	struct err err = {0};
	AUTO(json_free_ptr) struct json *record = json_parse(str_c(text), &err);
	struct json *ecs = event_to_ecs(record, shape, &err);
	if (!ecs)
		fail_msg("%s: %s", text, err.text);
	return ecs;
}

static const struct alert_rule rule = {STR_INIT("Rule"), STR_INIT("rule-1"), STR_INIT("high"), 73};

static void makes_ids_of_rule_and_event(void **state)
{
	(void)state;
	static const struct {
		const char *json, *hashed;
	} t[] = {
		{"{\"eventName\":\"X\",\"eventID\":\"e-1\"}", "rule-1\ne-1"},
		{"{\"event\":{\"id\":\"e-1\"},\"@timestamp\":\"x\"}", "rule-1\ne-1"},
		{"{\"_index\":\"i\",\"_id\":\"h\",\"_source\":{\"event.id\":[\"e-1\"],\"event.kind\":\"event\"}}", "rule-1\ne-1"},
		{"{ \"eventName\" : \"X\", \"eventSource\":\"s\" }", "rule-1\n{\"eventName\":\"X\",\"eventSource\":\"s\"}"},
		{"{\"_id\":\"h\",\"_source\":{\"event.kind\":\"event\"}}", "rule-1\n{\"event.kind\":\"event\"}"},
		/* hidden characters as they are, as in the journals of every version */
		{"{\"eventName\":\"X\xE2\x80\xAE\",\"eventSource\":\"\\u200bs\"}",
			"rule-1\n{\"eventName\":\"X\xE2\x80\xAE\",\"eventSource\":\"\xE2\x80\x8Bs\"}"},
		{"{\"_id\":\"h\",\"_source\":{\"event.kind\":\"event\",\"a\":\"\xE2\x81\xA6\"}}",
			"rule-1\n{\"event.kind\":\"event\",\"a\":\"\xE2\x81\xA6\"}"},
	};
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		struct arena mem = {0};
		struct alert a;
		char want[SHA256_HEX];
		enum event_shape shape;
		AUTO(json_free_ptr) struct json *ecs = ecs_of(t[i].json, &shape);
		assert_true(alert_read(ecs, shape, &rule, &mem, &a));
		sha256_hex(str_c(t[i].hashed), want);
		want[20] = '\0';
		assert_true(str_is(a.id, want));
		arena_fini(&mem);
	}
}

static void reads_a_local_match(void **state)
{
	(void)state;
	struct arena mem = {0};
	struct alert a;
	enum event_shape shape;
	AUTO(buf_fini) struct buf text = {0};
	assert_true(file_read("tests/data/event/iam-user.raw.json", &text, NULL));
	AUTO(json_free_ptr) struct json *ecs = ecs_of(buf_cstr(&text), &shape);
	assert_true(alert_read(ecs, shape, &rule, &mem, &a));
	char when[WHEN_TEXT_MAX];
	assert_string_equal(when_format(a.time, when), "2026-11-02T02:13:07Z");
	assert_true(a.made == a.time && a.ingested == WHEN_NONE);
	assert_true(str_is(a.rule, "Rule") && str_is(a.severity, "high") && a.risk == 73);
	assert_true(str_is(a.bucket, "payroll") && str_is(a.owner, "111122223333"));
	assert_true(str_is(a.actor, "deploy") && str_is(a.key_id, "AKIAEXAMPLEKEY000001"));
	assert_true(str_is(a.ip, "203.0.113.77") && str_is(a.region, "eu-west-1"));
	assert_int_equal(a.n_dests, 1);
	assert_true(str_is(a.dests[0].account, "999988887777") && str_is(a.dests[0].rule_id, "sync"));
	assert_int_equal(a.dests[0].relation, RELATION_OTHER);
	assert_int_equal(a.read_from, READ_ORIGINAL);
	assert_false(a.from_kibana || a.disagreement);
	arena_fini(&mem);
}

static const struct {
	const char *json, *id, *event_id, *rule, *severity, *status;
	int risk;
} alerts[] = {
	{"{\"_index\":\"i\",\"_id\":\"hit\",\"_source\":{\"@timestamp\":\"2026-01-02T00:00:00Z\",\"kibana.alert.uuid\":\"u\","
	 "\"kibana.alert.rule.name\":\"R\",\"kibana.alert.severity\":\"medium\",\"kibana.alert.risk_score\":47,"
	 "\"kibana.alert.original_time\":\"2026-01-01T00:00:00Z\",\"kibana.alert.original_event.id\":\"e\","
	 "\"kibana.alert.workflow_status\":\"open\",\"event.kind\":\"signal\"}}",
		"u", "e", "R", "medium", "open", 47},
	{"{\"_id\":\"hit\",\"fields\":{\"@timestamp\":[\"2026-01-02T00:00:00Z\"],\"kibana.alert.rule.name\":[\"R\"],"
	 "\"kibana.alert.severity\":[\"high\"],\"kibana.alert.risk_score\":[\"73\"],\"event.id\":[\"e\"],"
	 "\"kibana.alert.original_time\":[\"2026-01-01T00:00:00Z\"],\"kibana.alert.workflow_status\":[\"closed\"]}}",
		"hit", "e", "R", "high", "closed", 73},
	{"{\"_id\":\"hit\",\"_source\":{\"@timestamp\":\"2026-01-02T00:00:00Z\",\"signal\":{\"rule\":{\"id\":\"x\",\"name\":\"R\","
	 "\"rule_id\":\"r\",\"severity\":\"low\",\"risk_score\":21},\"status\":\"in-progress\",\"original_event\":{\"id\":\"e\"},"
	 "\"original_time\":\"2026-01-01T00:00:00Z\"}}}",
		"hit", "e", "R", "low", "acknowledged", 21},
};

static void keeps_what_kibana_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(alerts); i++) {
		struct arena mem = {0};
		struct alert a;
		enum event_shape shape;
		AUTO(json_free_ptr) struct json *ecs = ecs_of(alerts[i].json, &shape);
		assert_int_equal(shape, SHAPE_ALERT);
		assert_true(alert_read(ecs, shape, &rule, &mem, &a));
		assert_true(a.from_kibana && str_is(a.id, alerts[i].id));
		assert_true(str_is(a.event_id, alerts[i].event_id) && str_is(a.rule, alerts[i].rule));
		assert_true(str_is(a.severity, alerts[i].severity) && a.risk == alerts[i].risk);
		assert_true(str_is(a.workflow_status, alerts[i].status));
		assert_true(a.made - a.time == 86400000);
		arena_fini(&mem);
	}
}

static void names_the_actor(void **state)
{
	(void)state;
	static const struct {
		const char *json, *actor;
	} t[] = {
		{"{\"event.id\":\"1\",\"event.kind\":\"x\",\"user.name\":\"kim\"}", "kim"},
		{"{\"event.kind\":\"x\",\"aws.cloudtrail.user_identity.arn\":\"arn:aws:sts::1:assumed-role/admin/lee\"}", "lee"},
		{"{\"event.kind\":\"x\",\"aws.cloudtrail.user_identity.arn\":\"arn:aws:iam::1:root\"}", "root"},
		{"{\"event.kind\":\"x\",\"aws.cloudtrail.user_identity.invoked_by\":\"s3.amazonaws.com\"}", "s3.amazonaws.com"},
		{"{\"event.kind\":\"x\",\"user.id\":\"AROA:x\"}", "AROA:x"},
		{"{\"event.kind\":\"x\"}", ""},
	};
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		struct arena mem = {0};
		struct alert a;
		enum event_shape shape;
		AUTO(json_free_ptr) struct json *ecs = ecs_of(t[i].json, &shape);
		assert_true(alert_read(ecs, shape, NULL, &mem, &a));
		assert_true(str_is(a.actor, t[i].actor));
		assert_int_equal(a.rule.n, 0);
		arena_fini(&mem);
	}
}

/* The rules of one request, each with what makes it another destination. */
static const char *const shuffled[] = {
	"{\"ID\":\"a\",\"Status\":\"Enabled\",\"Destination\":{\"Bucket\":\"arn:aws:s3:::near\","
		"\"Account\":\"111122223333\"}}",
	"{\"ID\":\"b\",\"Status\":\"Enabled\",\"Filter\":{\"And\":{\"Prefix\":\"logs/\",\"Tag\":"
		"[{\"Key\":\"team\",\"Value\":\"web\"},{\"Key\":\"app\",\"Value\":\"x\"}]}},"
		"\"Destination\":{\"Bucket\":\"arn:aws:s3:::far\",\"Account\":999988887777}}",
	"{\"ID\":\"c\",\"Status\":\"Disabled\",\"Destination\":{\"Bucket\":\"arn:aws-cn:s3:::odd\"}}",
	"{\"ID\":\"d\",\"Status\":\"Enabled\",\"Destination\":{\"Bucket\":\"arn:aws-us-gov:s3:::bad\","
		"\"Account\":\"***\"}}",
	"{\"ID\":\"e\",\"Status\":\"Enabled\",\"Destination\":{\"Bucket\":\"arn:aws:s3:::far\","
		"\"Account\":\"444455556666\",\"AccessControlTranslation\":{\"Owner\":\"Destination\"},"
		"\"EncryptionConfiguration\":{\"ReplicaKmsKeyID\":\"arn:aws:kms:eu-west-3:444455556666:key/1\"}}}",
	"{\"ID\":\"f\",\"Status\":\"Enabled\",\"Destination\":{\"Bucket\":\"arn:aws:s3:::far\","
		"\"Account\":\"444455556666\",\"EncryptionConfiguration\":{\"ReplicaKmsKeyID\":"
		"\"arn:aws:kms:eu-west-1:444455556666:key/2\"}}}",
};

/* The rules in the order of the digits of `order`, as the alert has them. */
static void read_shuffled(const char *order, struct arena *mem, struct alert *a)
{
	enum event_shape shape;
	struct buf text = {0};
	buf_c(&text, "{\"eventVersion\":\"1.09\",\"eventSource\":\"s3.amazonaws.com\",\"eventName\":"
		"\"PutBucketReplication\",\"eventID\":\"e-1\",\"awsRegion\":\"eu-west-1\","
		"\"recipientAccountId\":\"111122223333\",\"requestParameters\":{\"bucketName\":\"b\","
		"\"ReplicationConfiguration\":{\"Rule\":[");
	for (const char *c = order; *c; c++)
		buf_fmt(&text, "%s%s", c > order ? "," : "", shuffled[*c - '0']);
	buf_c(&text, "]}}}");
	AUTO(json_free_ptr) struct json *ecs = ecs_of(buf_cstr(&text), &shape);
	assert_true(alert_read(ecs, shape, NULL, mem, a));
	buf_fini(&text);
}

static void the_order_of_rules_is_no_fact(void **state)
{
	(void)state;
	static const char *const orders[] = {"543210", "105234", "240513", "315042", "054321"};
	struct arena mem = {0};
	struct alert a, b;
	read_shuffled("012345", &mem, &a);
	assert_int_equal(a.n_dests, 6);
	assert_int_equal(a.dests[0].relation, RELATION_INVALID);
	assert_int_equal(a.dests[1].relation, RELATION_UNNAMED);
	assert_true(a.dests[2].claim && str_is(a.dests[2].account, "444455556666"));
	assert_true(str_is(a.dests[3].tags, "app=x,team=web"));
	assert_true(!a.dests[4].claim && str_is(a.dests[4].account, "444455556666"));
	assert_int_equal(a.dests[5].relation, RELATION_OWN);
	assert_ptr_equal(alert_main_dest(&a), &a.dests[0]);
	assert_true(str_is(a.dest_partition, "aws-cn") && str_is(a.dest_region, "eu-west-3"));
	for (size_t i = 0; i < ARRAY_LEN(orders); i++) {
		read_shuffled(orders[i], &mem, &b);
		assert_int_equal(b.n_dests, a.n_dests);
		for (size_t k = 0; k < a.n_dests; k++)
			assert_true(str_eq(a.dests[k].rule_id, b.dests[k].rule_id));
		assert_true(a.traits == b.traits && str_eq(a.dest_partition, b.dest_partition) &&
			str_eq(a.dest_region, b.dest_region));
	}
	b.n_dests = 0;
	assert_int_equal(alert_main_dest(&b)->relation, RELATION_UNNAMED);
	arena_fini(&mem);
}

/* A request with these rules, as CloudTrail writes it. */
static struct str request_of(const char *rules, struct arena *mem)
{
	return arena_fmt(mem, "{\"eventName\":\"PutBucketReplication\",\"eventID\":\"e\",\"eventTime\":"
		"\"2026-11-01T00:00:00Z\",\"requestParameters\":"
		"{\"bucketName\":\"b\",\"ReplicationConfiguration\":{\"Role\":\"r\",\"Rule\":%s}}}", rules);
}

#define OVERRIDE "\"AccessControlTranslation\":{\"Owner\":\"Destination\"}"

static void reads_what_each_destination_gets(void **state)
{
	(void)state;
	static const struct {
		const char *rules;
		const char *arn, *prefix, *tags;
		bool claim;
		uint32_t traits; /* of CLAIM and ARN_DIFFERS */
	} t[] = {
		{"{\"Destination\":{\"Account\":444455556666,\"Bucket\":\"arn:aws:s3:::x\"},\"Filter\":\"\"}",
			"arn:aws:s3:::x", "", "", true, TRAIT_CLAIM},
		{"{\"Destination\":{\"Account\":444455556666,\"Bucket\":\"x\"," OVERRIDE "},\"Prefix\":\"old/\"}",
			"", "old/", "", false, 0},
		{"{\"Destination\":{\"Bucket\":\"arn:aws:s3:::x\"},\"Filter\":{\"Prefix\":\"logs/\"}}",
			"arn:aws:s3:::x", "logs/", "", false, 0},
		{"{\"Destination\":{\"Account\":444455556666,\"Bucket\":\"arn:aws:s3:eu-west-1:444455556666:accesspoint/a\","
			OVERRIDE "}}", "arn:aws:s3:eu-west-1:444455556666:accesspoint/a", "", "", false, 0},
		{"{\"Destination\":{\"Account\":444455556666,\"Bucket\":\"arn:aws:s3:eu-west-1:999988887777:accesspoint/a\","
			OVERRIDE "}}", "arn:aws:s3:eu-west-1:999988887777:accesspoint/a", "", "", false,
			TRAIT_ARN_DIFFERS},
		{"{\"Destination\":{\"Bucket\":\"arn:aws:s3:eu-west-1:999988887777:accesspoint/a\"}}",
			"arn:aws:s3:eu-west-1:999988887777:accesspoint/a", "", "", false, 0},
		{"{\"Filter\":{\"And\":{\"Prefix\":\"p\",\"Tag\":[{\"Key\":\"b\",\"Value\":\"2\"},"
			"{\"Key\":\"a=,\",\"Value\":\"1\"}]}},\"Destination\":{\"Account\":444455556666,\"Bucket\":\"x\"}}",
			"", "p", "a\\=\\,=1,b=2", true, TRAIT_CLAIM},
	};
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		struct arena mem = {0};
		struct alert a;
		enum event_shape shape;
		AUTO(json_free_ptr) struct json *ecs = ecs_of(request_of(t[i].rules, &mem).p, &shape);
		assert_true(alert_read(ecs, shape, NULL, &mem, &a));
		assert_int_equal(a.n_dests, 1);
		const struct alert_dest *d = a.dests;
		if (!str_is(d->arn, t[i].arn) || !str_is(d->prefix, t[i].prefix) || !str_is(d->tags, t[i].tags) ||
			d->claim != t[i].claim || (a.traits & (TRAIT_CLAIM | TRAIT_ARN_DIFFERS)) != t[i].traits)
			fail_msg("case %zu: %.*s %.*s %.*s", i, STR_ARG(d->arn), STR_ARG(d->prefix), STR_ARG(d->tags));
		arena_fini(&mem);
	}
}

/* How copies are made is a fact; what is not understood of a rule is said, and makes it doubtful. */
static void reads_how_copies_are_made(void **state)
{
	(void)state;
#define DEST "\"Destination\":{\"Account\":444455556666,\"Bucket\":\"x\""
	static const struct {
		const char *rule, *manner;
	} t[] = {
		{DEST "}", "plain"},
		{DEST ",\"StorageClass\":\"GLACIER_IR\"}", "storage=GLACIER_IR"},
		{DEST ",\"StorageClass\":\"A,metrics=1\"}", "storage=A\\,metrics\\=1"},
		{DEST ",\"Metrics\":{\"Status\":\"Enabled\",\"EventThreshold\":{\"Minutes\":15}},"
			"\"ReplicationTime\":{\"Status\":\"Enabled\",\"Time\":{\"Minutes\":15}}}",
			"replication-time=15,metrics=15"},
		{DEST ",\"Metrics\":{\"Status\":\"Disabled\"},\"ReplicationTime\":\"\"}", "plain"},
		{DEST "},\"SourceSelectionCriteria\":{\"ReplicaModifications\":{\"Status\":\"Enabled\"}}",
			"replica-modifications"},
		{DEST "},\"SourceSelectionCriteria\":{\"ReplicaModifications\":{\"Status\":\"On\"}}",
			"not-understood=Status"},
		{DEST ",\"Encrypt\":{}},\"Filter\":{\"Size\":1,\"Prefix\":\"a\"},\"When\":2",
			"not-understood=Size When Encrypt"},
		{DEST "},\"Filter\":{\"And\":{\"Prefix\":\"a\",\"Tag\":[{\"Key\":\"k\",\"Value\":\"v\",\"Not\":1}]}}",
			"not-understood=Not"},
		{DEST ",\"AccessControlTranslation\":{\"Owner\":\"Source\"}}", "not-understood=Owner"},
		{DEST "},\"DeleteMarkerReplication\":\"Enabled\"", "not-understood=DeleteMarkerReplication"},
		{DEST "},\"Priority\":\"first\"", "not-understood=Priority"},
		{DEST "},\"Status\":\"\",\"Filter\":\"\",\"Priority\":\"3\",\"xmlns:xsi\":\"x\"", "plain"},
	};
#undef DEST
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		struct arena mem = {0};
		struct alert a;
		enum event_shape shape;
		const char *rule_text = arena_fmt(&mem, "{%s}", t[i].rule).p;
		AUTO(json_free_ptr) struct json *ecs = ecs_of(request_of(rule_text, &mem).p, &shape);
		assert_true(alert_read(ecs, shape, NULL, &mem, &a));
		bool unread = strstr(t[i].manner, "not-") != NULL;
		if (a.n_dests != 1 || !str_is(a.dests[0].manner, t[i].manner) || !(a.traits & TRAIT_UNREAD) != !unread)
			fail_msg("case %zu: %.*s, %d", i, STR_ARG(a.dests[0].manner), (a.traits & TRAIT_UNREAD) != 0);
		arena_fini(&mem);
	}
}

/* What is read without a part of it is doubtful. */
static void what_is_cut_is_told(void **state)
{
	(void)state;
	static const struct {
		const char *rule;
		bool told;
	} t[] = {
		{"\"Filter\":{\"Prefix\":\"a\",\"And\":{\"Prefix\":\"b\"}}", true},
		{"\"Filter\":{\"Prefix\":\"\",\"And\":{\"Prefix\":\"b\"}}", false},
		{"\"Filter\":{\"Prefix\":\"a\"},\"Prefix\":\"b\"", true},
		{"\"Filter\":\"\",\"Prefix\":\"\"", false},
		{"\"SourceSelectionCriteria\":{\"ReplicaModifications\":[{\"Status\":\"Enabled\"},{\"Status\":\"Disabled\"}]}", true},
	};
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		struct arena mem = {0};
		struct alert a;
		enum event_shape shape;
		const char *rule_text = arena_fmt(&mem, "{\"Destination\":{\"Account\":444455556666,\"Bucket\":\"x\"},%s}",
			t[i].rule).p;
		AUTO(json_free_ptr) struct json *ecs = ecs_of(request_of(rule_text, &mem).p, &shape);
		assert_true(alert_read(ecs, shape, NULL, &mem, &a));
		if (!(a.traits & TRAIT_UNREAD) == t[i].told)
			fail_msg("case %zu", i);
		arena_fini(&mem);
	}
}

/* Twin keys inside event.original, which the document around it does not show. */
static void twin_keys_in_the_original_are_told(void **state)
{
	(void)state;
	static const char text[] = "{\"event\":{\"id\":\"e\",\"action\":\"PutBucketReplication\",\"original\":"
		"\"{\\\"eventName\\\":\\\"PutBucketReplication\\\",\\\"requestParameters\\\":{\\\"bucketName\\\":\\\"a\\\","
		"\\\"bucketName\\\":\\\"b\\\"}}\"}}";
	struct arena mem = {0};
	struct alert a;
	enum event_shape shape;
	AUTO(json_free_ptr) struct json *ecs = ecs_of(text, &shape);
	assert_true(alert_read(ecs, shape, NULL, &mem, &a));
	assert_true(a.traits & TRAIT_TWIN_KEYS);
	arena_fini(&mem);
}

static void refuses_what_is_nothing(void **state)
{
	(void)state;
	struct arena mem = {0};
	struct alert a;
	AUTO(json_free_ptr) struct json *empty = json_new_object();
	assert_false(alert_read(NULL, SHAPE_ECS, NULL, &mem, &a));
	assert_false(alert_read(empty, SHAPE_ECS, NULL, &mem, &a));
	arena_fini(&mem);
}

static void check_recorded(const struct json *hit, const char *severity)
{
	struct arena mem = {0};
	struct alert a;
	enum event_shape shape;
	AUTO(json_free_ptr) struct json *ecs = event_to_ecs(hit, &shape, NULL);
	assert_int_equal(shape, SHAPE_ALERT);
	assert_true(alert_read(ecs, shape, NULL, &mem, &a));
	assert_true(a.id.n && a.risk > 0 && a.made >= a.time);
	if (severity)
		assert_true(a.time != WHEN_NONE && str_is(a.severity, severity) &&
			str_is(a.workflow_status, "open"));
	arena_fini(&mem);
}

/* Real alerts, as a search answers and as a hit; the latter also by its `fields`. */
static void reads_recorded_alerts(void **state)
{
	(void)state;
	NEEDS(SHARED_ROOT "data/kibana");
	static const char *const previews[] = {
		SHARED_ROOT "data/kibana/ech-9.5.1/rules_preview_hits.json",
		SHARED_ROOT "data/kibana/traditional-9.5.1/rules_preview_hits.json",
	};
	for (size_t i = 0; i < ARRAY_LEN(previews); i++) {
		AUTO(buf_fini) struct buf text = {0};
		assert_true(file_read(previews[i], &text, NULL));
		AUTO(json_free_ptr) struct json *answer = json_parse(buf_str(&text), NULL);
		const struct json *hits = json_get(json_get(json_get(answer, "response"), "hits"), "hits");
		assert_int_equal(json_count(hits), 1);
		check_recorded(json_first(hits), "low");
	}
	AUTO(buf_fini) struct buf text = {0};
	assert_true(file_read(SHARED_ROOT "data/alerts/alert-eql-prebuilt-9.0.1.json", &text, NULL));
	AUTO(json_free_ptr) struct json *hit = json_parse(buf_str(&text), NULL);
	check_recorded(hit, "medium");
	json_remove(hit, "_source"); /* its `fields` were recorded in part */
	check_recorded(hit, NULL);
}

/* The raw event at hand, trees in a pool, no event.original: the same request and id. */
static void raw_event_reads_the_same(void **state)
{
	struct arena mem = {0}, trees = {0};
	struct str rest = builtin_demo();
	size_t lean = 0;
	(void)state;
	while (rest.n) {
		struct str line = str_cut(&rest, '\n');
		struct alert a = {0}, b = {0};
		enum event_shape shape;
		json_pool_enter(&trees);
		struct json *v = json_parse(line, NULL);
		struct json *whole = event_to_ecs(v, &shape, NULL);
		const struct json *raw = NULL;
		struct json *bare = event_to_ecs_lean(v, &shape, &raw, NULL);
		if (whole && bare) {
			const struct alert_input in = {bare, raw, shape, &rule, 0};
			lean += !doc_str(bare, "event.original").n && raw;
			alert_read(whole, shape, &rule, &mem, &a);
			alert_read_input(&in, &mem, &b);
			assert_true(str_eq(a.id, b.id) && str_eq(a.owner, b.owner));
			assert_true(str_eq(a.bucket, b.bucket) && str_eq(a.role, b.role));
			assert_int_equal(a.traits, b.traits);
			assert_int_equal(a.read_from, b.read_from);
			assert_int_equal(a.n_dests, b.n_dests);
			assert_int_equal(a.disagreement, b.disagreement);
		}
		json_free(bare);
		json_free(whole);
		json_free(v);
		json_pool_leave();
		arena_reset(&trees);
	}
	assert_true(lean > 20);
	arena_fini(&trees);
	arena_fini(&mem);
}

/* ---- what is written is read again ---------------------------------------------------------- */

/* A text of pieces of which the text form of a request is made, as a JSON string. */
static void hostile_name(uint32_t *seed, struct buf *out)
{
	static const char *const pieces[] = {", ", "={", "=", "{", "}", "[", "]", "x", "Account=", "Rule=[", "...", "null",
		", Destination={Account=111111111111}", "ReplicationConfiguration={Rule={Status=Enabled}}", "\\u202e", "\\\"", "\\n"};
	buf_char(out, '"');
	for (unsigned n = (*seed = *seed * 1664525 + 1013904223) >> 30; n < 5; n++) {
		*seed = *seed * 1664525 + 1013904223;
		buf_c(out, pieces[(*seed >> 16) % ARRAY_LEN(pieces)]);
	}
	buf_char(out, '"');
}

/* Each @ of the event is another hostile name. */
static void a_written_document_reads_the_same(void **state)
{
	(void)state;
	static const char event[] = "{\"eventVersion\":\"1.11\",\"eventTime\":\"2026-03-04T10:00:00Z\",\"eventSource\":"
		"\"s3.amazonaws.com\",\"eventName\":\"PutBucketReplication\",\"eventID\":\"e-1\",\"userAgent\":@,\"awsRegion\":\"r\","
		"\"userIdentity\":{\"type\":\"IAMUser\",\"userName\":@,\"arn\":@,\"accountId\":\"111122223333\"},\"sourceIPAddress\":\"i\","
		"\"requestParameters\":{\"bucketName\":@,\"ReplicationConfiguration\":{\"Role\":@,\"Rule\":[{\"ID\":@,\"Status\":"
		"\"Enabled\",\"Filter\":{\"Prefix\":@},\"Destination\":{\"Bucket\":@,\"Account\":\"444455556666\"}}]}}}";
	uint32_t seed = 7;
	for (int round = 0; round < 3000; round++) {
		struct arena mem = {0};
		struct alert a, b;
		struct err err = {0};
		enum event_shape shape;
		AUTO(buf_fini) struct buf text = {0}, line = {0};
		for (const char *p = event; *p; p++)
			if (*p == '@')
				hostile_name(&seed, &text);
			else
				buf_char(&text, *p);
		AUTO(json_free_ptr) struct json *raw = json_parse(buf_str(&text), &err);
		AUTO(json_free_ptr) struct json *first = event_to_ecs(raw, &shape, &err);
		assert_non_null(first);
		assert_true(alert_read(first, shape, &rule, &mem, &a));
		bool fine = event_check(raw, &err);
		json_print(first, &line);
		AUTO(json_free_ptr) struct json *written = json_parse(buf_str(&line), &err);
		AUTO(json_free_ptr) struct json *second = event_to_ecs(written, &shape, &err);
		assert_non_null(second);
		assert_true(alert_read(second, shape, &rule, &mem, &b));
		if (event_check(written, &err) != fine || a.traits != b.traits || a.n_dests != b.n_dests || !str_eq(a.id, b.id) ||
			!str_eq(a.bucket, b.bucket) || !str_eq(a.role, b.role) || a.disagreement != b.disagreement ||
			!str_eq(a.dests[0].account, b.dests[0].account) || !str_eq(a.dests[0].prefix, b.dests[0].prefix) ||
			!str_eq(a.actor_arn, b.actor_arn) || !str_eq(a.agent, b.agent))
			fail_msg("%s: %s", buf_cstr(&text), err.text);
		arena_fini(&mem);
	}
}

/* What only the text before it showed stays with a document. */
static void doubts_stay_with_a_document(void **state)
{
	(void)state;
	enum event_shape shape;
	struct arena mem = {0};
	struct alert a;
	AUTO(json_free_ptr) struct json *ecs = ecs_of("{\"@timestamp\":\"2026-03-04T10:00:00Z\",\"event\":{\"action\":\"x\"},"
		"\"_doubts\":[\"unread\",\"twin-keys\",\"mfa\"],\"_found_in\":\"tags.note\"}", &shape);
	assert_true(alert_read(ecs, shape, &rule, &mem, &a));
	assert_int_equal(a.traits & (TRAIT_UNREAD | TRAIT_TWIN_KEYS | TRAIT_MFA | TRAIT_FOUND_ASIDE),
		TRAIT_UNREAD | TRAIT_TWIN_KEYS | TRAIT_FOUND_ASIDE);
	assert_true(str_is(a.found_in, "tags.note"));
	arena_fini(&mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(raw_event_reads_the_same),
		cmocka_unit_test(makes_ids_of_rule_and_event),
		cmocka_unit_test(reads_a_local_match),
		cmocka_unit_test(keeps_what_kibana_says),
		cmocka_unit_test(names_the_actor),
		cmocka_unit_test(reads_what_each_destination_gets),
		cmocka_unit_test(reads_how_copies_are_made),
		cmocka_unit_test(what_is_cut_is_told),
		cmocka_unit_test(twin_keys_in_the_original_are_told),
		cmocka_unit_test(the_order_of_rules_is_no_fact),
		cmocka_unit_test(refuses_what_is_nothing),
		cmocka_unit_test(reads_recorded_alerts),
		cmocka_unit_test(a_written_document_reads_the_same),
		cmocka_unit_test(doubts_stay_with_a_document),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
