/*
 * Everything that somebody did: what is counted, in which order it is shown, and what is bounded.
 */
#include "alert_make.h"

#include "../unit.h"

#include "s3triage/base/when.h"
#include "s3triage/scan/scan.h"

#include <stdio.h>

#define KIM "arn:aws:iam::111122223333:user/kim-the-operator"
#define LEE "arn:aws:iam::111122223333:user/lee"
#define ROLE "arn:aws:sts::111122223333:assumed-role/night-job"
#define OPEN ((struct deed_window){WHEN_NONE, WHEN_NONE})

/* One event as a line: ARN, key, call, service, minute, and what follows in the object. */
struct made {
	const char *arn, *key, *call, *service;
	int minute;
	const char *rest;
};

static void put(struct buf *out, int id, const struct made *m)
{
	buf_fmt(out, "{\"eventVersion\":\"1.08\",\"userIdentity\":{\"type\":\"%s\",\"arn\":\"%s\",\"accessKeyId\":\"%s\"},"
		"\"eventTime\":\"2026-11-24T%02d:%02d:00Z\",\"eventSource\":\"%s.amazonaws.com\",\"eventName\":\"%s\","
		"\"awsRegion\":\"eu-west-1\",\"sourceIPAddress\":\"203.0.113.%d\",\"userAgent\":\"aws-cli/2\",%s"
		"\"eventID\":\"id-%d\"}\n", strstr(m->arn, ":user/") ? "IAMUser" : "AssumedRole", m->arn, m->key,
		m->minute / 60, m->minute % 60, m->service, m->call, m->minute % 10, m->rest, id);
}

#define DENIED "\"errorCode\":\"AccessDenied\","
#define ON(bucket) "\"requestParameters\":{\"bucketName\":\"" bucket "\"},"

static const struct made life[] = {
	{KIM, "AKIAEXAMPLE000000001", "ListBuckets", "s3", 1, ""},
	{KIM, "AKIAEXAMPLE000000001", "DeleteTrail", "cloudtrail", 9, ""},
	{KIM, "AKIAEXAMPLE000000001", "GetSecretValue", "secretsmanager", 2, "\"readOnly\":true,"},
	{KIM, "AKIAEXAMPLE000000002", "GetSecretValue", "secretsmanager", 5, "\"readOnly\":true," DENIED},
	{KIM, "AKIAEXAMPLE000000001", "GetSecretValue", "secretsmanager", 4, "\"readOnly\":true,"
		"\"errorCode\":\"ResourceNotFoundException\","},
	{KIM, "AKIAEXAMPLE000000001", "CreateUser", "iam", 3, ""},
	{KIM, "AKIAEXAMPLE000000001", "StopLogging", "cloudtrail", 8, ""},
	{LEE, "AKIAEXAMPLE000000009", "GetObject", "s3", 6, ON("payroll-of-acme")},
	{LEE, "AKIAEXAMPLE000000009", "GetObject", "s3", 7, ON("another-bucket")},
	{ROLE "/s1", "ASIAEXAMPLE000000001", "RunInstances", "ec2", 11, ""},
	{ROLE "/s2", "ASIAEXAMPLE000000002", "RunInstances", "ec2", 12, ""},
	{LEE, "AKIAEXAMPLE000000009", "AssumeRole", "sts", 10,
		"\"requestParameters\":{\"roleArn\":\"arn:aws:iam::111122223333:role/night-job\"},"},
};

/* A scan over the text for these subjects; the counts. */
static struct deeds *scan_all(struct str text, const struct deed_wants *w, struct scan_progress *p)
{
	const struct scan_options o = {.demo = text, .deeds = w, .since = WHEN_NONE, .until = WHEN_NONE};
	struct err err = {0};
	struct scan_batch b;
	struct scan *s = scan_start(&o, &err);
	struct deeds *d = deeds_new(w);
	assert_non_null(s);
	while (scan_wait(s))
		while (scan_take(s, &b)) {
			assert_int_equal(b.n_problems, 0);
			for (size_t i = 0; i < b.n_deeds; i++)
				deeds_add(d, &b.deeds[i].deed, &b.deeds[i].place);
			arena_fini(&b.mem);
		}
	scan_progress(s, p);
	scan_free(s);
	return d;
}

static void put_life(struct buf *out)
{
	for (size_t i = 0; i < ARRAY_LEN(life); i++)
		put(out, (int)i, &life[i]);
}

/* "ListBuckets 1/0/0 StopLogging 1/0/0 | …": the calls, each with how many, denied and failed. */
static void lines_words(const struct deeds *d, uint32_t who, struct deed_window window, struct buf *out)
{
	struct arena mem = {0};
	size_t n;
	struct deed_line *l = deeds_lines(d, &(struct deed_ask){.subject = who, .window = window}, &mem, &n);
	for (size_t i = 0; i < n; i++)
		assert_true(*deed_class_name(l[i].class) && *deed_kind_name(deeds_subject(d, who)->kind));
	for (size_t i = 0; i < n; i++)
		buf_fmt(out, "%s%s%.*s %llu/%llu/%llu%s", i ? " " : "", i && l[i].class != l[i - 1].class ? "| " : "",
			STR_ARG(l[i].row->name), (unsigned long long)l[i].within,
			(unsigned long long)l[i].row->count.denied, (unsigned long long)l[i].row->count.failed,
			l[i].least ? "+" : "");
	arena_fini(&mem);
}

static void says(const struct deeds *d, uint32_t who, struct deed_window w, const char *want)
{
	AUTO(buf_fini) struct buf out = {0};
	lines_words(d, who, w, &out);
	assert_string_equal(buf_cstr(&out), want);
}

static void every_call_is_counted_and_ordered_by_what_matters(void **state)
{
	(void)state;
	AUTO(buf_fini) struct buf text = {0}, words = {0};
	struct deed_wants *w = deed_wants_new();
	struct scan_progress p;
	uint32_t kim = deed_want(w, DEED_PRINCIPAL, STR(KIM)), role = deed_want(w, DEED_PRINCIPAL, STR(ROLE));
	uint32_t key = deed_want(w, DEED_KEY, STR("AKIAEXAMPLE000000002"));
	uint32_t bucket = deed_want(w, DEED_BUCKET, STR("payroll-of-acme"));
	assert_int_equal(deed_want(w, DEED_PRINCIPAL, STR(KIM)), kim);
	put_life(&text);
	put_life(&text); /* the same log once more */
	struct deeds *d = scan_all(buf_str(&text), w, &p);
	says(d, kim, OPEN, "ListBuckets 1/0/0 StopLogging 1/0/0 | CreateUser 1/0/0 DeleteTrail 1/0/0 | "
		"GetSecretValue 3/1/1");
	says(d, key, OPEN, "GetSecretValue 1/1/0");
	says(d, bucket, OPEN, "GetObject 1/0/0");
	/* Whose call it is: that which opens the role's session is of who sent it, and of no session. */
	says(d, role, OPEN, "RunInstances 2/0/0");
	const struct deed_subject *s = deeds_subject(d, kim);
	assert_int_equal(s->count.n, 7);
	assert_int_equal(s->count.last - s->count.first, 8 * 60000);
	deed_set_words(&s->count.ips, &words);
	assert_string_equal(buf_cstr(&words), "203.0.113.1 (1), 203.0.113.9 (1), 203.0.113.2 (1), 203.0.113.5 (1), "
		"203.0.113.4 (1), 203.0.113.3 (1) and 1 with others");
	struct deed_window first = {s->count.first, s->count.first + 2 * 60000};
	assert_false(deeds_unsure(d));
	says(d, kim, first, "ListBuckets 1/0/0 StopLogging 0/0/0 | CreateUser 1/0/0 DeleteTrail 0/0/0 | "
		"GetSecretValue 1/1/1");
	assert_int_equal(deeds_repeated(d), 12 - 2); /* lee on another bucket, and as who opens, is nobody's */
	assert_true(p.candidates < p.events);
	deeds_free(d);
	deed_wants_free(w);
}

/* What the prefilter passes over is of none of them: with a subject that has no word all are parsed. */
static void the_prefilter_loses_nothing(void **state)
{
	(void)state;
	static const char *const arns[] = {KIM, LEE, ROLE "/s1", "arn:aws:iam::111122223333:user\\/slashed",
		"arn:aws:iam::111122223333:user/k\\u0069m-the-operator", "arn:aws:iam::444455556666:user/lee"};
	static const char *const calls[] = {"GetObject", "PutObject", "DeleteTrail", "AssumeRole"};
	AUTO(buf_fini) struct buf text = {0};
	struct scan_progress p[2];
	uint64_t seed = 5;
	for (int i = 0; i < 3000; i++) {
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		unsigned r = (unsigned)(seed >> 33);
		put(&text, i, &(struct made){arns[r % ARRAY_LEN(arns)], r % 7 ? "AKIAEXAMPLE000000003" : "ASIAX",
			calls[r / 8 % ARRAY_LEN(calls)], "s3", (int)(r / 64 % 1000), r % 5 ? "" : ON("payroll-of-acme")});
	}
	static const struct {
		enum deed_kind kind;
		const char *text;
	} who[] = {{DEED_PRINCIPAL, KIM}, {DEED_PRINCIPAL, LEE}, {DEED_PRINCIPAL, ROLE},
		{DEED_PRINCIPAL, "arn:aws:iam::111122223333:user/slashed"}, {DEED_BUCKET, "payroll-of-acme"},
		{DEED_ADDRESS, "x"}};
	struct deed_wants *w[2] = {deed_wants_new(), deed_wants_new()};
	struct deeds *d[2];
	for (size_t k = 0; k < 2; k++) {
		for (size_t i = 0; i < ARRAY_LEN(who) - 1 + k; i++)
			deed_want(w[k], who[i].kind, str_c(who[i].text));
		d[k] = scan_all(buf_str(&text), w[k], &p[k]);
	}
	assert_int_equal(p[1].candidates, 3000);
	assert_true(p[0].candidates < 3000);
	for (uint32_t i = 0; i < ARRAY_LEN(who) - 1; i++) {
		AUTO(buf_fini) struct buf a = {0}, b = {0};
		lines_words(d[0], i, OPEN, &a);
		lines_words(d[1], i, OPEN, &b);
		assert_true(a.n > 20);
		assert_string_equal(buf_cstr(&a), buf_cstr(&b));
	}
	for (size_t k = 0; k < 2; k++) {
		deeds_free(d[k]);
		deed_wants_free(w[k]);
	}
}

/* What is over a bound is counted all the same. */
static void floods_are_counted(void **state)
{
	(void)state;
	struct deed_wants *w = deed_wants_new();
	uint32_t kim = deed_want(w, DEED_PRINCIPAL, STR(KIM));
	struct deeds *d = deeds_new(w);
	const struct deed_place place = {STR("f"), STR("f"), 0};
	struct deed e = {.what = {.principal = STR(KIM), .call = CALL_NONE, .time = MAKE_T0}, .service = STR("s")};
	struct arena mem = {0};
	size_t n;
	e.name = STR("GetObject");
	e.reads = true;
	for (int i = 0; i < DEEDS_CALL_EVENTS_MAX + 5; i++) {
		e.what.time = MAKE_T0 + i;
		deeds_add(d, &e, &place);
	}
	for (int i = 0; i < DEEDS_SUBJECT_ROWS_MAX + 7; i++) {
		char name[24];
		e.reads = false;
		snprintf(name, sizeof(name), "Call%d", i);
		e.name = str_c(name);
		deeds_add(d, &e, &place);
	}
	const struct deed_subject *s = deeds_subject(d, kim);
	assert_int_equal(s->count.n, DEEDS_CALL_EVENTS_MAX + 5 + DEEDS_SUBJECT_ROWS_MAX + 7);
	assert_int_equal(s->n_rows, DEEDS_SUBJECT_ROWS_MAX);
	assert_int_equal(s->unlisted, 8);
	struct deed_line *l = deeds_lines(d, &(struct deed_ask){kim, STR(""), {MAKE_T0, MAKE_T0 + 100000}}, &mem, &n);
	assert_int_equal(n, DEEDS_SUBJECT_ROWS_MAX);
	assert_string_equal(l[n - 1].row->name.p, "GetObject");
	assert_int_equal(l[n - 1].within, DEEDS_CALL_EVENTS_MAX + 5); /* all lie in the window */
	l = deeds_lines(d, &(struct deed_ask){kim, STR(""), {MAKE_T0, MAKE_T0 + 1}}, &mem, &n);
	assert_int_equal(l[n - 1].within, 2);
	assert_true(l[n - 1].least);
	deeds_events(d, &(struct deed_ask){kim, STR(""), {MAKE_T0, MAKE_T0 + 1}}, &mem, &n);
	assert_int_equal(n, 2);
	arena_fini(&mem);
	deeds_free(d);
	deed_wants_free(w);
}

static void an_alert_names_principal_key_and_bucket(void **state)
{
	(void)state;
	struct deed_wants *w = deed_wants_new();
	struct alert a = {.actor_arn = STR(ROLE "/s1"), .key_id = STR("ASIAEXAMPLE000000001"),
		.bucket = STR("payroll-of-acme")};
	deed_want_alert(w, &a);
	a.actor_arn = STR(ROLE "/s2");
	deed_want_alert(w, &a);
	assert_int_equal(deed_wants_count(w), 3);
	assert_int_not_equal(deed_wanted(w, DEED_PRINCIPAL, STR(ROLE)), DEED_NOBODY);
	assert_string_equal(deed_want_word(w, deed_wanted(w, DEED_PRINCIPAL, STR(ROLE))).p, "night-job");
	assert_int_equal(deed_wanted(w, DEED_KEY, STR(ROLE)), DEED_NOBODY);
	for (int i = 0; i < DEEDS_SUBJECTS_MAX; i++) {
		char text[24];
		snprintf(text, sizeof(text), "10.0.%d.%d", i / 256, i % 256);
		deed_want(w, DEED_ADDRESS, str_c(text));
	}
	assert_int_equal(deed_wants_missed(w), 3);
	deed_wants_free(w);
}

/* The place of an event leads back to its text. */
static void an_event_is_found_again(void **state)
{
	(void)state;
	AUTO(buf_fini) struct buf text = {0};
	struct deed_wants *w = deed_wants_new();
	struct scan_progress p;
	struct arena mem = {0};
	size_t n;
	uint32_t kim = deed_want(w, DEED_PRINCIPAL, STR(KIM));
	put_life(&text);
	struct deeds *d = scan_all(buf_str(&text), w, &p);
	const struct deed_event **e = deeds_events(d, &(struct deed_ask){kim, STR(""), OPEN}, &mem, &n);
	assert_int_equal(n, 7);
	struct deed_place at = deeds_place(d, e[2]);
	assert_string_equal(at.file.p, "demo");
	assert_string_equal(deeds_row(d, e[2]->row)->name.p, "CreateUser");
	assert_int_equal(e[2]->id, deeds_id_hash(STR("id-5")));
	const struct scan_options o = {.demo = buf_str(&text), .deeds = w, .only = &at, .since = WHEN_NONE,
		.until = WHEN_NONE};
	struct err err = {0};
	struct scan *s = scan_start(&o, &err);
	struct scan_batch b;
	assert_true(scan_wait(s) && scan_take(s, &b));
	assert_int_equal(b.n_deeds, 1);
	assert_int_not_equal(str_find(b.deeds[0].raw, STR("CreateUser")), STR_NONE);
	arena_fini(&b.mem);
	assert_false(scan_wait(s));
	scan_free(s);
	arena_fini(&mem);
	deeds_free(d);
	deed_wants_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_call_is_counted_and_ordered_by_what_matters),
		cmocka_unit_test(the_prefilter_loses_nothing),
		cmocka_unit_test(floods_are_counted),
		cmocka_unit_test(an_alert_names_principal_key_and_bucket),
		cmocka_unit_test(an_event_is_found_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
