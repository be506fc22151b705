/*
 * Counting: keys that cannot be taken for each other, room that ends, orders; what an event is counted by.
 */
#include "../unit.h"

#include "s3triage/base/when.h"
#include "s3triage/insight/facet.h"

static struct str key_of(struct buf *key, const char *a, const char *b)
{
	struct str x = str_c(a), y = str_c(b);
	buf_clear(key);
	count_key_put(key, a ? &x : NULL);
	count_key_put(key, b ? &y : NULL);
	return buf_str(key);
}

static void keys_come_back(void **state)
{
	(void)state;
	static const char *const values[] = {NULL, "", "-", "=", "1:a", "a", "=1:a", "0:", "12:\n"};
	struct buf key = {0}, other = {0};
	for (size_t i = 0; i < ARRAY_LEN(values); i++) {
		for (size_t k = 0; k < ARRAY_LEN(values); k++) {
			struct str rest = key_of(&key, values[i], values[k]), a, b, none;
			bool no_a = false, no_b = false;
			assert_true(count_key_next(&rest, &a, &no_a) && count_key_next(&rest, &b, &no_b));
			assert_false(count_key_next(&rest, &none, &no_a));
			assert_true(str_is(a, values[i] ? values[i] : "") && str_is(b, values[k] ? values[k] : ""));
			assert_int_equal(no_b, values[k] == NULL);
			assert_false(str_eq(key_of(&other, values[k], values[i]), buf_str(&key)) && i != k);
		}
	}
	buf_fini(&key);
	buf_fini(&other);
}

static void counts_by_outcome_and_time(void **state)
{
	(void)state;
	struct counts c = {0};
	struct buf key = {0};
	const struct count_one fine = {.time = 2000}, denied = {.time = 1000, .failed = true, .denied = true},
		undated = {.time = WHEN_NONE, .failed = true};
	count_add(&c, key_of(&key, "b", NULL), &fine);
	count_add(&c, key_of(&key, "b", NULL), &denied);
	count_add(&c, key_of(&key, "a", NULL), &undated);
	count_add(&c, key_of(&key, "ab", NULL), &undated);
	count_add(&c, key_of(&key, NULL, NULL), &undated);
	count_add(&c, key_of(&key, "", NULL), &undated);
	const struct count *b = count_find(&c, key_of(&key, "b", NULL));
	assert_true(b && b->sum.n == 2 && b->sum.failed == 1 && b->sum.denied == 1);
	assert_true(b->sum.first == 1000 && b->sum.last == 2000);
	assert_null(count_find(&c, key_of(&key, "c", NULL)));
	count_sort(&c);
	assert_int_equal(c.n, 5);
	assert_true(str_eq(c.v[0].key, key_of(&key, "b", NULL)) && str_eq(c.v[1].key, key_of(&key, NULL, NULL)));
	assert_true(str_eq(c.v[2].key, key_of(&key, "", NULL)) && str_eq(c.v[3].key, key_of(&key, "a", NULL)));
	assert_int_equal(c.v[1].sum.first, WHEN_NONE);
	struct count_sum all = {0};
	for (size_t i = c.n; i--;)
		count_sum_join(&all, &c.v[i].sum);
	assert_true(all.n == 6 && all.failed == 5 && all.denied == 1 && all.first == 1000 && all.last == 2000);
	count_fini(&c);
	buf_fini(&key);
}

/* What there is no room for is counted, and what was kept stays exact. */
static void room_ends(void **state)
{
	(void)state;
	struct counts c = {.max = 3};
	struct buf key = {0};
	char name[2] = "a";
	for (int round = 0; round < 4; round++)
		for (name[0] = 'a'; name[0] <= 'h'; name[0]++)
			count_add(&c, key_of(&key, name, NULL), &(struct count_one){.time = round, .failed = name[0] == 'h'});
	assert_int_equal(c.n, 3);
	for (size_t i = 0; i < 3; i++)
		assert_true(c.v[i].sum.n == 4 && c.v[i].sum.last == 3);
	assert_true(c.rest.n == 20 && c.rest.failed == 4 && c.rest.first == 0 && c.rest.last == 3);
	count_fini(&c);
	buf_fini(&key);
}

/* Long texts do not take more than their share. */
static void bytes_end(void **state)
{
	(void)state;
	enum { LONG = 1 << 20 };
	struct counts c = {0};
	struct buf key = {0};
	char *text = mem_alloc(LONG);
	memset(text, 'x', LONG - 1);
	for (int i = 0; i < 60; i++) {
		text[0] = (char)('A' + i);
		count_add(&c, key_of(&key, text, NULL), &(struct count_one){.time = i});
	}
	assert_true(c.n > 20 && c.n < 33 && c.n + c.rest.n == 60);
	count_fini(&c);
	buf_fini(&key);
	free(text);
}

static size_t keys_in(const char *set, bool plain, const char *ecs, struct arena *mem, struct facet_keys *keys)
{
	struct facet_set facets;
	struct deed d;
	struct json *doc = json_parse(str_c(ecs), NULL);
	assert_non_null(doc);
	assert_true(facet_set_read(str_c(set), plain ? ',' : '+', plain, &facets, NULL));
	if (!deed_read(doc, NULL, mem, &d))
		d.what.time = WHEN_NONE;
	facet_keys(&facets, &d, doc, mem, keys);
	json_free(doc);
	return keys->more ? 1000 : keys->n;
}

static void events_have_keys(void **state)
{
	(void)state;
	static const char doc[] = "{\"@timestamp\":\"2026-05-04T23:59:59.5Z\",\"event\":{\"action\":\"GetObject\","
		"\"provider\":\"s3.amazonaws.com\",\"outcome\":\"failure\"},\"tags\":[\"b\",\"a\",\"b\"],\"empty\":\"\","
		"\"n\":[1,2],\"user\":{\"name\":\"kim\"},\"cloud\":{\"account\":{\"id\":\"111122223333\"}},"
		"\"aws\":{\"cloudtrail\":{\"error_code\":\"AccessDenied\",\"user_identity\":{\"type\":\"IAMUser\"}}}}";
	struct arena mem = {0};
	struct facet_keys keys;
	struct buf key = {0};
	assert_int_equal(keys_in("call+day", false, doc, &mem, &keys), 1);
	assert_true(str_eq(keys.v[0], key_of(&key, "s3:GetObject", "2026-05-04")));
	assert_int_equal(keys_in("principal+key", false, doc, &mem, &keys), 1);
	assert_true(str_eq(keys.v[0], key_of(&key, "IAMUser kim of 111122223333", NULL)));
	/* a value of an event counts once; missing is not empty; each with each */
	assert_int_equal(keys_in("tags,empty", true, doc, &mem, &keys), 2);
	assert_true(str_eq(keys.v[0], key_of(&key, "b", "")) && str_eq(keys.v[1], key_of(&key, "a", "")));
	assert_int_equal(keys_in("tags,n", true, doc, &mem, &keys), 4);
	/* our own names are no fields' */
	assert_int_equal(keys_in("call,n", true, doc, &mem, &keys), 2);
	assert_true(str_eq(keys.v[0], key_of(&key, NULL, "1")));
	struct buf many = {0};
	buf_c(&many, "{\"a\":[0");
	for (int i = 1; i < 9; i++)
		buf_fmt(&many, ",%d", i);
	buf_c(&many, "]}");
	assert_int_equal(keys_in("a", true, buf_cstr(&many), &mem, &keys), 9);
	assert_int_equal(keys_in("a,a", true, buf_cstr(&many), &mem, &keys), 1000); /* 81: told */
	buf_fini(&many);
	buf_fini(&key);
	arena_fini(&mem);
}

static void refuses_no_names(void **state)
{
	(void)state;
	struct facet_set set;
	struct err err = {0};
	assert_false(facet_set_read(STR("a,,b"), ',', true, &set, &err));
	assert_false(facet_set_read(STR("a,"), ',', true, &set, &err));
	assert_false(facet_set_read(STR("1,2,3,4,5,6,7,8,9"), ',', true, &set, &err));
	assert_int_equal(err.code, ERR_USAGE);
}

static void tells_denials(void **state)
{
	(void)state;
	static const struct {
		const char *code;
		bool denied;
	} rows[] = {{"AccessDenied", true}, {"AccessDeniedException", true}, {"Client.UnauthorizedOperation", true},
		{"AuthorizationErrorException", true}, {"NotAuthorizedException", true}, {"NoSuchBucket", false},
		{"ReplicationConfigurationNotFoundError", false}, {"Client.Forbidden", true}, {"Client.AuthFailure", true}};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena mem = {0};
		struct deed d;
		struct json *doc = json_new_object();
		json_set_str(doc, "event.action", STR("GetObject"));
		json_set_str(doc, "aws.cloudtrail.error_code", str_c(rows[i].code));
		assert_true(deed_read(doc, NULL, &mem, &d));
		assert_true(str_is(d.what.result, rows[i].code));
		assert_int_equal(d.denied, rows[i].denied);
		assert_int_equal(d.what.time, WHEN_NONE);
		json_free(doc);
		arena_fini(&mem);
	}
}

/* Of an alert the event counts, at its time. */
static void alerts_are_their_events(void **state)
{
	(void)state;
	struct arena mem = {0};
	struct deed d;
	struct json *doc = json_parse(STR("{\"@timestamp\":\"2026-05-05T00:00:00Z\",\"event.action\":\"X\","
		"\"kibana.alert.uuid\":\"u\",\"kibana.alert.original_time\":\"2026-05-04T00:00:00Z\","
		"\"kibana.alert.original_event.id\":\"e1\"}"), NULL);
	int64_t want;
	assert_true(when_read(STR("2026-05-04T00:00:00Z"), &want));
	assert_true(deed_read(doc, NULL, &mem, &d) && d.what.time == want && str_is(d.what.event_id, "e1"));
	json_free(doc);
	arena_fini(&mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_come_back),
		cmocka_unit_test(counts_by_outcome_and_time),
		cmocka_unit_test(room_ends),
		cmocka_unit_test(bytes_end),
		cmocka_unit_test(events_have_keys),
		cmocka_unit_test(refuses_no_names),
		cmocka_unit_test(tells_denials),
		cmocka_unit_test(alerts_are_their_events),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
