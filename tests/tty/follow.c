/*
 * Following a cluster: alerts arrive, change and stay away while somebody looks on. The cluster is
 * tests/http/stub, which reads its documents anew for every request.
 */
#include "console.h"

#include "s3triage/base/file.h"
#include "s3triage/base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define IN_HOME(fn) cmocka_unit_test_setup_teardown(fn, console_setup, console_teardown)

struct cluster {
	struct console *c;
	struct arena mem;
	struct term *server;
	const char *events, *port;
};

static void put_file(const char *path, struct str text)
{
	struct err err = {0};
	if (!file_write(path, text, FILE_REPLACE, &err))
		fail_msg("%s: %s", path, err.text);
}

/* Event n: one a minute, in a bucket of its own. */
static void put_event(unsigned n, const char *more, struct buf *out)
{
	buf_fmt(out, "{\"@timestamp\":\"2026-11-24T02:%02u:07Z\",%s\"data_stream\":{\"dataset\":"
		"\"aws.cloudtrail\"},\"event\":{\"id\":\"event-%02u\",\"type\":[\"info\"],\"action\":"
		"\"PutBucketReplication\",\"outcome\":\"success\",\"provider\":\"s3.amazonaws.com\"},"
		"\"cloud\":{\"account\":{\"id\":\"111122223333\"},\"region\":\"us-east-1\"},\"aws\":{"
		"\"cloudtrail\":{\"request_parameters\":\"{bucketName=bucket-%02u, "
		"ReplicationConfiguration={Rule={Status=Enabled, Destination={Account=999988887777, "
		"Bucket=arn:aws:s3:::copies}}}}\"}}}\n", n, more, n, n);
}

/* The cluster holds the events from..to-1, and has nothing else. */
static void holds(struct cluster *k, unsigned from, unsigned to)
{
	struct buf b = {0};
	for (unsigned n = from; n < to; n++)
		put_event(n, "", &b);
	put_file(k->events, buf_str(&b));
	buf_fini(&b);
}

/* An alert of Kibana's about event 7, with a status. */
static void put_alert(struct cluster *k, const char *status)
{
	struct buf b = {0};
	const char *more = arena_fmt(&k->mem, "\"kibana.alert.uuid\":\"alert-7\",\"kibana.alert.rule.name\":"
		"\"S3 copied\",\"kibana.alert.rule.rule_id\":\"d488f026-7907-4f56-ad51-742feb3db01c\","
		"\"kibana.alert.severity\":\"high\",\"event.kind\":\"signal\",%s", status).p;
	put_event(7, more, &b);
	put_file(k->events, buf_str(&b));
	buf_fini(&b);
}

/* On the port that it had, if it had one. */
static void serve(struct cluster *k)
{
	const char *program = getenv("STUB");
	const char *argv[] = {program ? program : "build/tests/http/stub", k->events,
		arena_fmt(&k->mem, "%s/requests", k->c->home).p, k->port, NULL};
	const struct term_setup setup = {.argv = argv, .env = (const char *const[]){NULL}, .rows = 5, .cols = 40};
	k->server = term_start(&setup);
	for (int i = 0; i < 50 && !term_line(k->server, 0)[0]; i++)
		term_wait_quiet(k->server, 100);
	k->port = arena_fmt(&k->mem, "%s", term_line(k->server, 0)).p;
	if (!k->port[0])
		fail_msg("the stub did not start");
}

static struct term *follow_as(struct cluster *k, const char *name, const char *kind, const char *more)
{
	const char *dir = arena_fmt(&k->mem, "%s/.config/s3triage", k->c->home).p;
	assert_true(file_mkdirs(dir, 0700, NULL));
	put_file(arena_fmt(&k->mem, "%s/config.toml", dir).p, arena_fmt(&k->mem,
		"[profile.team]\nkind = \"%s\"\nurl = \"http://127.0.0.1:%s/%s\"\n"
		"interval = \"1s\"\ntimeout = \"2s\"\n%s\n", kind, k->port, name, more));
	struct term *t = console_shell(k->c, "exec \"$S3TRIAGE\" open team: --follow", NULL);
	term_resize(t, 50, 160);
	return t;
}

static struct term *follow(struct cluster *k, const char *more)
{
	return follow_as(k, "grow", "elasticsearch", more);
}

static struct cluster *begin(void **state)
{
	struct cluster *k = mem_alloc(sizeof(*k));
	k->c = *state;
	k->events = arena_fmt(&k->mem, "%s/events.ndjson", k->c->home).p;
	return k;
}

static void end(struct cluster *k)
{
	term_free(k->server);
	arena_fini(&k->mem);
	free(k);
}

static bool has_total(struct term *t, const void *arg)
{
	int open, total;
	if (str_find(str_c(term_line(t, 0)), STR(" of ")) == STR_NONE)
		return false;
	console_counts(t, &open, &total);
	return total == *(const int *)arg;
}

static void wait_total(struct term *t, int total)
{
	if (!term_wait(t, has_total, &total))
		fail_msg("not %d alerts:\n%s", total, term_screen(t));
}

/* Whether a line of the list, which is at the left, is about the bucket. */
static bool lists(const char *line, const char *bucket)
{
	const char *at = strstr(line, bucket);
	return at && at - line < 40;
}

/* U+258C is the bar of the cursor's row. */
static bool cursor_has(struct term *t, const char *bucket)
{
	int row, col;
	return term_find(t, "\xE2\x96\x8C", &row, &col) && lists(term_line(t, row), bucket);
}

/* How many rows of the list are about the bucket; of those whose verdict is suspicious, if asked. */
static int times_listed(struct term *t, const char *bucket, bool suspicious)
{
	int n = 0;
	for (int row = 0; row < term_rows(t); row++) {
		const char *line = term_line(t, row);
		const char *glyph = strstr(line, " x 11-24");
		n += lists(line, bucket) && (!suspicious || (glyph && glyph - line < 12));
	}
	return n;
}

static void wait_shown(struct term *t, const char *text)
{
	if (!term_wait_text(t, text))
		fail_msg("not shown: %s\n%s", text, term_screen(t));
}

static void alerts_arrive_under_the_cursor(void **state)
{
	struct cluster *k = begin(state);
	holds(k, 10, 20);
	serve(k);
	struct term *t = follow(k, "");
	wait_total(t, 10);
	wait_shown(t, "following");
	term_keys(t, "jjjj");
	assert_true(term_wait_quiet(t, 100));
	char bucket[16] = "";
	for (unsigned n = 10; n < 20 && !bucket[0]; n++) {
		snprintf(bucket, sizeof(bucket), "bucket-%02u", n);
		if (!cursor_has(t, bucket))
			bucket[0] = '\0';
	}
	assert_true(bucket[0]);
	holds(k, 5, 25); /* newer and older ones, and all that were there */
	wait_total(t, 20);
	wait_shown(t, "10 new");
	assert_true(cursor_has(t, bucket));
	for (unsigned n = 5; n < 25; n++) {
		char name[16];
		snprintf(name, sizeof(name), "bucket-%02u", n);
		assert_int_equal(times_listed(t, name, false), 1);
	}
	term_keys(t, "s");
	wait_shown(t, "suspicious:");
	wait_shown(t, "19 of 20 open");
	assert_int_equal(times_listed(t, bucket, true), 1); /* the one that was looked at */
	console_quit(t);
	end(k);
}

static void a_cluster_goes_and_comes_back(void **state)
{
	struct cluster *k = begin(state);
	holds(k, 10, 20);
	serve(k);
	struct term *t = follow(k, "");
	wait_total(t, 10);
	wait_shown(t, "following");
	term_free(k->server);
	k->server = NULL;
	wait_shown(t, "failed");
	wait_shown(t, " old");
	wait_shown(t, "last problem");
	wait_total(t, 10);
	holds(k, 15, 23); /* what is gone from the cluster stays here */
	serve(k);
	wait_total(t, 13);
	assert_true(term_wait_gone(t, "failed"));
	wait_shown(t, "3 new");
	console_quit(t);
	end(k);
}

#define STATUS(s) "\"kibana.alert.workflow_status\":\"" s "\","

static void a_status_set_in_kibana_arrives(void **state)
{
	struct cluster *k = begin(state);
	put_alert(k, STATUS("open"));
	serve(k);
	struct term *t = follow(k, "content = \"alerts\"");
	term_resize(t, 80, 160); /* so that the request is seen to its end */
	wait_total(t, 1);
	wait_shown(t, "In Kibana");
	term_keys(t, "s");
	wait_shown(t, "suspicious:");
	put_alert(k, STATUS("closed") "\"kibana.alert.workflow_status_updated_at\":\"2026-11-24T10:11:12.000Z\","
		"\"kibana.alert.workflow_user\":\"u_lee_0\",");
	wait_shown(t, "closed  2026-11-24 10:11:12");
	wait_shown(t, "u_lee_0");
	put_alert(k, STATUS("closed") "\"kibana.alert.workflow_status_updated_at\":\"2026-11-24T10:11:12.000Z\","
		"\"kibana.alert.workflow_tags\":[\"Duplicate\"],");
	wait_shown(t, "Duplicate");
	wait_total(t, 1);
	wait_shown(t, "0 of 1 open");
	console_quit(t);
	end(k);
}

/* Keys that end while the console runs, and are made anew outside it. */
static void keys_are_exchanged(void **state, const char *setting, const char *file,
	const char *before, const char *behind)
{
	struct cluster *k = begin(state);
	const char *dir = arena_fmt(&k->mem, "%s/.aws", k->c->home).p;
	const char *path = arena_fmt(&k->mem, "%s/%s", dir, file).p;
	holds(k, 10, 20);
	serve(k);
	assert_true(file_mkdirs(dir, 0700, NULL));
	put_file(path, arena_fmt(&k->mem, "%sended%s", before, behind));
	struct term *t = follow_as(k, "aws", "opensearch", arena_fmt(&k->mem, "region = \"eu-west-1\"\n%s", setting).p);
	wait_shown(t, "failed");
	wait_shown(t, "security token");
	put_file(path, arena_fmt(&k->mem, "%ss3cr3t-session%s", before, behind));
	wait_total(t, 10);
	assert_true(term_wait_gone(t, "failed"));
	console_quit(t);
	end(k);
}

static void aws_keys_of_a_file_are_read_again(void **state)
{
	keys_are_exchanged(state, "aws_profile = \"soc\"", "credentials", "[soc]\naws_access_key_id = AKIDSTUB\n"
		"aws_secret_access_key = s3cr3t-aws\naws_session_token = ", "\n");
}

static void aws_keys_of_a_command_are_fetched_again(void **state)
{
	keys_are_exchanged(state, "credential_command = \"cat ~/.aws/keys\"", "keys", "{\"Version\":1,"
		"\"AccessKeyId\":\"AKIDSTUB\",\"SecretAccessKey\":\"s3cr3t-aws\",\"SessionToken\":\"", "\"}\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_HOME(alerts_arrive_under_the_cursor),
		IN_HOME(a_cluster_goes_and_comes_back),
		IN_HOME(a_status_set_in_kibana_arrives),
		IN_HOME(aws_keys_of_a_file_are_read_again),
		IN_HOME(aws_keys_of_a_command_are_fetched_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
