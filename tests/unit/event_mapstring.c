#include "s3triage/event/ecs.h"

#include "s3triage/base/mem.h"
#include "../../src/event/mapstring_priv.h"

#include "../unit.h"

static void prints_as_java_does(void **state)
{
	(void)state;
	static const struct {
		const char *json, *want;
	} t[] = {
		{"{}", "{}"},
		{"[]", "[]"},
		{"[1,[\"a\",true],null,\"\",{\"a\":\"b\"}]", "[1, [a, true], null, , {a=b}]"},
		/* The order was worked out by hand from String.hashCode(). */
		{"{\"Host\":1,\"ReplicationConfiguration\":2,\"bucketName\":3}",
			"{bucketName=3, Host=1, ReplicationConfiguration=2}"},
		{"{\"Rule\":1,\"xmlns\":2,\"Role\":3}", "{Role=3, xmlns=2, Rule=1}"},
		{"{\"ExistingObjectReplication\":1,\"DeleteMarkerReplication\":2,\"ID\":4,\"Prefix\":3,"
		 "\"SourceSelectionCriteria\":5,\"Priority\":6,\"Filter\":7,\"Destination\":8,\"Status\":9}",
			"{Status=9, Destination=8, Filter=7, Priority=6, SourceSelectionCriteria=5, ID=4, "
			"Prefix=3, DeleteMarkerReplication=2, ExistingObjectReplication=1}"},
		{"{\"StorageClass\":1,\"ReplicationTime\":2,\"Bucket\":4,\"EncryptionConfiguration\":3,"
		 "\"Metrics\":5,\"Account\":6,\"AccessControlTranslation\":7}",
			"{AccessControlTranslation=7, Account=6, Metrics=5, Bucket=4, "
			"EncryptionConfiguration=3, StorageClass=1, ReplicationTime=2}"},
		{"{\"Key\":1,\"Value\":2}", "{Value=2, Key=1}"},
		/* Aa and BB have the same hash: insertion order. */
		{"{\"BB\":1,\"Aa\":2}", "{BB=1, Aa=2}"},
		{"{\"Aa\":2,\"BB\":1}", "{Aa=2, BB=1}"},
		/* 12 keys stay in 16 buckets, 13 make it 32: 'p' (112) moves behind 'a' (97). */
		{"{\"a\":0,\"b\":0,\"c\":0,\"d\":0,\"e\":0,\"f\":0,\"g\":0,\"h\":0,\"i\":0,\"j\":0,\"k\":0,\"p\":0}",
			"{p=0, a=0, b=0, c=0, d=0, e=0, f=0, g=0, h=0, i=0, j=0, k=0}"},
		{"{\"A\":0,\"b\":0,\"c\":0,\"d\":0,\"e\":0,\"f\":0,\"g\":0,\"h\":0,\"i\":0,\"j\":0,\"k\":0,\"l\":0,\"p\":0}",
			"{A=0, b=0, c=0, d=0, e=0, f=0, g=0, h=0, i=0, j=0, k=0, l=0, p=0}"},
		/* A character outside the first plane is two units: hash 1772899, bucket 8 of 16. */
		{"{\"\\ud83d\\ude00\":1,\"h\":2}", "{\xF0\x9F\x98\x80=1, h=2}"},
		{"{\"n\":112233445566}", "{n=112233445566}"},
		{"[12345678901234567890,-0]", "[12345678901234567890, 0]"},
		{"[1.10,1e3,1e7,12345678.9,0.001,0.0001,-0.0,1e-7,123456.789,9999999.5,100.0]",
			"[1.1, 1000.0, 1.0E7, 1.23456789E7, 0.001, 1.0E-4, -0.0, 1.0E-7, 123456.789, "
			"9999999.5, 100.0]"},
	};
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		AUTO(json_free_ptr) struct json *v = json_parse(str_c(t[i].json), NULL);
		AUTO(buf_fini) struct buf b = {0};
		mapstring_print(v, &b);
		assert_string_equal(buf_cstr(&b), t[i].want);
	}
}

static void leaves_empty_values_out(void **state)
{
	(void)state;
	AUTO(json_free_ptr) struct json *v =
		json_parse(STR("{\"replication\":\"\",\"Filter\":{\"Prefix\":\"\"},\"a\":[null,\"-\",[]],"
			       "\"ID\":\"none\",\"P\":\"nones\",\"l\":[\"\",1],\"f\":false,\"z\":0}"),
			NULL);
	AUTO(buf_fini) struct buf b = {0};
	mapstring_print_kept(v, &b);
	assert_string_equal(buf_cstr(&b), "{P=nones, f=false, z=0, l=[1]}");
	assert_false(value_is_empty(v));
	assert_true(value_is_empty(json_get(v, "a")));
}

static void parses_what_it_can(void **state)
{
	(void)state;
	static const struct {
		const char *text, *want;
		bool doubtful, cut;
	} t[] = {
		{"{}", "{}", false, false},
		{"{a=}", "{\"a\":\"\"}", false, false},
		{"{a=1, b={c=x, d=[1, {e=2}, []]}}", "{\"a\":\"1\",\"b\":{\"c\":\"x\",\"d\":[\"1\",{\"e\":\"2\"},[]]}}",
			false, false},
		{"{t=Oct 2, 2019 11:12:29 PM, k=A=B==}", "{\"t\":\"Oct 2, 2019 11:12:29 PM\",\"k\":\"A=B==\"}", false, false},
		{"{a=, b=}", "{\"a\":\"\",\"b\":\"\"}", false, false},
		{"{p=x{y}z, q=1}", "{\"p\":\"x{y}z\",\"q\":\"1\"}", false, false},
		{"{p=x}y, q=1}", "{\"p\":\"x}y\",\"q\":\"1\"}", true, false},
		/* cut: in a value, behind one, in a key, before one, in a list, behind an "=" */
		{"{a={b=1", "{\"a\":{\"b\":\"1...\",\"cut-off\":\"...\"},\"cut-off\":\"...\"}", false, true},
		{"{a={b=1}", "{\"a\":{\"b\":\"1\"},\"cut-off\":\"...\"}", true, true},
		{"{a=1, b", "{\"a\":\"1\",\"cut-off\":\"...\"}", false, true},
		{"{a=1, ", "{\"a\":\"1, ...\",\"cut-off\":\"...\"}", false, true},
		{"{", "{\"cut-off\":\"...\"}", false, true},
		{"{a=[{b=1}, {b=2}", "{\"a\":[{\"b\":\"1\"},{\"b\":\"2\"}],\"cut-off\":\"...\"}", true, true},
		{"{a=", "{\"a\":\"...\",\"cut-off\":\"...\"}", false, true},
		{"{a={b=x{}, c=2}", "{\"a\":{\"b\":\"x{}\",\"c\":\"2\"},\"cut-off\":\"...\"}", true, true},
		{"{a=1}, b=2", "{\"a\":\"1\"}", true, false},
		{"{a=1, a=2}", "{\"a\":\"1\"}", true, false},
		{"{foo}", "{\"foo}\":\"...\",\"cut-off\":\"...\"}", true, true},
		{"plain", "\"plain\"", true, false},
		{"", "\"\"", true, false},
		{"[a, b, c=d]", "[\"a\",\"b\",\"c=d\"]", false, false},
		{"{D={A=1}, F={P=a, A=2}, Rule={}}", "{\"D\":{\"A\":\"1\"},\"F\":{\"P\":\"a\",\"A\":\"2\"},\"Rule\":{}}",
			false, false},
		{"{a=\xFF}", "{\"a\":\"\xEF\xBF\xBD\"}", false, false},
	};
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		bool doubtful, cut;
		AUTO(json_free_ptr) struct json *v = mapstring_parse(str_c(t[i].text), &doubtful, &cut);
		AUTO(buf_fini) struct buf b = {0};
		json_print(v, &b);
		assert_string_equal(buf_cstr(&b), t[i].want);
		if (doubtful != t[i].doubtful)
			fail_msg("%s: doubtful is %d", t[i].text, doubtful);
		if (cut != t[i].cut)
			fail_msg("%s: cut is %d", t[i].text, cut);
	}
}

static void bounds_hostile_text(void **state)
{
	(void)state;
	bool doubtful, cut;
	AUTO(buf_fini) struct buf b = {0};
	for (int i = 0; i < 200000; i++)
		buf_c(&b, "{a=");
	AUTO(json_free_ptr) struct json *deep = mapstring_parse(buf_str(&b), &doubtful, &cut);
	assert_true(deep && doubtful);
	buf_clear(&b);
	buf_c(&b, "{");
	for (int i = 0; i < 100000; i++)
		buf_fmt(&b, "k%d=, ", i);
	AUTO(json_free_ptr) struct json *wide = mapstring_parse(buf_str(&b), &doubtful, &cut);
	assert_true(doubtful);
	assert_int_equal(json_count(wide), 1024);
	buf_clear(&b);
	buf_c(&b, "{a=[");
	buf_fill(&b, '}', 300000);
	AUTO(json_free_ptr) struct json *braces = mapstring_parse(buf_str(&b), &doubtful, &cut);
	assert_true(braces && doubtful);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prints_as_java_does),
		cmocka_unit_test(leaves_empty_values_out),
		cmocka_unit_test(parses_what_it_can),
		cmocka_unit_test(bounds_hostile_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
