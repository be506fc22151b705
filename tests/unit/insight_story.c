/*
 * Who is meant by a text, and what a request names.
 */
#include "../unit.h"

#include "s3triage/insight/story.h"

#include <stdio.h>

static const char event[] = "{\"@timestamp\":\"2026-11-24T02:00:00Z\",\"event\":{\"action\":\"PutBucketPolicy\","
	"\"provider\":\"s3.amazonaws.com\",\"id\":\"%s\"},\"user\":{\"name\":\"Deploy\",\"id\":\"AROAX:one\"},"
	"\"source\":{\"ip\":\"192.0.2.7\"},\"cloud\":{\"account\":{\"id\":\"111122223333\"}},\"aws\":{\"cloudtrail\":{"
	"\"request_parameters\":\"{bucketName=ledger, bucketPolicy={Principal=arn:aws:iam::999911112222:root, "
	"Resource=arn:aws:s3:::partner-in/*, x=1555566667777}}\",\"user_identity\":{\"type\":\"AssumedRole\","
	"\"access_key_id\":\"ASIAONE\",\"arn\":\"arn:aws:sts::111122223333:assumed-role/Deploy/one\"}}}}";

static void one_event(struct story *s, const struct story_ask *q, const char *id, struct arena *mem)
{
	struct buf text = {0};
	const char *at = strstr(event, "%s");
	buf_add(&text, (struct str){event, (size_t)(at - event)});
	buf_c(&text, id);
	buf_c(&text, at + 2);
	struct json *doc = json_parse(buf_str(&text), NULL);
	assert_non_null(doc);
	const struct story_input in = {doc, NULL, SHAPE_ECS};
	story_add(s, story_read(q, &in, mem));
	json_free(doc);
	buf_fini(&text);
}

static void finds_by_every_name(void **state)
{
	(void)state;
	static const struct {
		const char *who, *kind; /* NULL: nobody */
	} rows[] = {
		{"Deploy", "principal"}, {"deploy", "principal"}, {"one", "principal"}, {"AROAX", "principal"},
		{"AROAX:one", "principal"}, {"AROA", NULL}, {"Deplo", NULL},
		{"arn:aws:sts::111122223333:assumed-role/Deploy", "principal"},
		{"arn:aws:sts::111122223333:assumed-role/Deploy/one", "principal"},
		{"arn:aws:sts::111122223333:assumed-role/Deploy/two", NULL},
		{"arn:aws:iam::111122223333:role/any/path/Deploy", "principal"},
		{"arn:aws:iam::111122223333:role/Dep", NULL}, {"arn:aws:iam::444455556666:role/Deploy", NULL},
		{"ASIAONE", "key"}, {"ASIAON", NULL}, {"192.0.2.7", "address"}, {"192.0.2.70", NULL},
		{"ledger", "bucket"}, {"partner-in", "bucket"}, {"partner", NULL}, {"111122223333", "account"},
		{"999911112222", "account"}, {"555566667777", NULL}, {"key:Deploy", NULL},
		{"principal:Deploy", "principal"}, {"bucket:", NULL}, {"", NULL},
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena mem = {0};
		struct story_ask q = story_ask_of(str_c(rows[i].who), NULL, &mem);
		struct story *s = story_new(&q);
		one_event(s, &q, "e1", &mem);
		one_event(s, &q, "e2", &mem);
		one_event(s, &q, "e1", &mem);
		bool found = story_end(s);
		if (found != (rows[i].kind != NULL))
			fail_msg("'%s' is %s", rows[i].who, found ? "somebody" : "nobody");
		if (found) {
			assert_string_equal(story_kind_name(story_kind(s)), rows[i].kind);
			assert_true(story_sum(s)->n == 2 && story_repeats(s) == 1);
		}
		story_free(s);
		arena_fini(&mem);
	}
}

/* Links beyond the bound are told, and a chain that bites its tail ends. */
static void chains_end(void **state)
{
	(void)state;
	static const char link[] = "{\"@timestamp\":\"2026-11-24T02:00:00Z\",\"event\":{\"action\":\"AssumeRole\"},"
		"\"user\":{\"name\":\"a\"},\"aws\":{\"cloudtrail\":{\"user_identity\":{\"access_key_id\":\"K%d\"},"
		"\"response_elements\":\"{credentials={accessKeyId=K%d}}\"}}}";
	struct arena mem = {0};
	struct story_ask q = story_ask_of(STR("key:K0"), NULL, &mem);
	struct story *s = story_new(&q);
	struct story_chain chain;
	enum { RING = 5 };
	for (int i = 0; i < RING; i++) {
		char text[sizeof(link) + 32];
		snprintf(text, sizeof(text), link, i, (i + 1) % RING);
		struct json *doc = json_parse(str_c(text), NULL);
		const struct story_input in = {doc, NULL, SHAPE_ECS};
		story_add(s, story_read(&q, &in, &mem));
		json_free(doc);
	}
	assert_true(story_end(s));
	story_next(s, &mem, &chain);
	assert_true(chain.n == RING && chain.v[0].depth == 1 && chain.v[RING - 1].depth == RING && !chain.left);
	assert_true(chain.v[0].n == 1 && str_is(chain.v[0].did[0].call, "AssumeRole"));
	story_behind(s, &mem, &chain);
	assert_true(chain.n == RING && str_is(chain.v[0].link->by_key, "K4"));
	story_free(s);
	arena_fini(&mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_by_every_name),
		cmocka_unit_test(chains_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
