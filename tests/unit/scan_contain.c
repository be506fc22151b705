/* One event in every kind of wrapping gives the alert that the log file gives, and what holds none is
 * told. A form is wrappers from the inside out; in each %o is what was wrapped so far as it is, %q as a
 * JSON string, %b as base64 in one, %g as base64 of gzip. */
#include "s3triage/scan/scan.h"

#include "../unit.h"

#include "s3triage/base/base64.h"
#include "s3triage/base/mem.h"
#include "s3triage/base/when.h"
#include "s3triage/event/ecs.h"

#include <stdio.h>
#include <zlib.h>

#define EVENT "{\"eventVersion\":\"1.11\",\"userIdentity\":{\"type\":\"IAMUser\",\"arn\":\"arn:aws:iam::111122223333:user/ann\"," \
	"\"accountId\":\"111122223333\",\"userName\":\"ann\"},\"eventTime\":\"2026-03-04T10:00:00Z\"," \
	"\"eventSource\":\"s3.amazonaws.com\",\"eventName\":\"PutBucketReplication\",\"awsRegion\":\"eu-west-1\"," \
	"\"requestParameters\":{\"bucketName\":\"b\",\"ReplicationConfiguration\":{\"Rule\":{\"ID\":\"r\"," \
	"\"Status\":\"Enabled\",\"Destination\":{\"Bucket\":\"arn:aws:s3:::d\",\"Account\":\"444455556666\"}}}}," \
	"\"eventID\":\"e-1\",\"recipientAccountId\":\"111122223333\"}"
#define OTHER "{\"eventVersion\":\"1.11\",\"eventTime\":\"2026-03-04T10:00:00Z\",\"eventSource\":\"s3.amazonaws.com\"," \
	"\"eventName\":\"GetObject\",\"eventID\":\"e-0\"}"
/* An event whose texts are events: they are somebody's words, not events. */
#define FORGER "{\"eventVersion\":\"1.11\",\"eventTime\":\"2026-03-04T10:00:00Z\",\"eventSource\":\"s3.amazonaws.com\"," \
	"\"eventName\":\"PutBucketTagging\",\"eventID\":\"e-2\",\"userAgent\":%q,\"requestParameters\":{\"x\":%o}}"
#define ALERT "{\"_id\":\"k-1\",\"_index\":\"i\",\"_source\":{\"@timestamp\":\"2026-03-04T10:00:00Z\",\"kibana.alert.uuid\":\"k-1\"," \
	"\"event\":{\"action\":\"PutBucketReplication\"}}%s}"
#define ALERT2 "{\"_id\":\"k-2\",\"_source\":{\"@timestamp\":\"2026-03-04T10:00:00Z\",\"kibana.alert.uuid\":\"k-2\"}}"

static void pack(struct str text, struct buf *out)
{
	z_stream z = {0};
	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
	size_t most = deflateBound(&z, text.n) + 64;
	z.next_in = (unsigned char *)(uintptr_t)text.p;
	z.avail_in = (unsigned)text.n;
	z.next_out = (unsigned char *)buf_room(out, most);
	z.avail_out = (unsigned)most;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	out->n += most - z.avail_out;
	deflateEnd(&z);
}

static void wrap(const char *with, struct buf *text)
{
	struct buf out = {0};
	for (; *with; with++) {
		AUTO(buf_fini) struct buf packed = {0}, coded = {0};
		if (*with != '%') {
			buf_char(&out, *with);
			continue;
		}
		char how = *++with;
		if (how == 'g')
			pack(buf_str(text), &packed);
		if (how == 'g' || how == 'b')
			base64_add(buf_str(how == 'g' ? &packed : text), &coded);
		if (how == 'o')
			buf_add(&out, buf_str(text));
		else
			json_quote(buf_str(coded.n ? &coded : text), &out);
	}
	buf_fini(text);
	*text = out;
}

struct got {
	size_t matches, problems, notes;
	unsigned long long events;
	struct buf ids, said, found_in;
	int64_t time;
};

static struct got scan(struct str text)
{
	struct err err = {0};
	struct got got = {.events = 0};
	struct rule *rule = rule_builtin();
	assert_non_null(rule);
	struct scan_options o = {.rule = rule, .since = WHEN_NONE, .until = WHEN_NONE, .threads = 1, .demo = text};
	struct scan *s = scan_start(&o, &err);
	assert_non_null(s);
	while (scan_wait(s)) {
		struct scan_batch b;
		if (!scan_take(s, &b))
			continue;
		got.matches += b.n_matches;
		for (size_t i = 0; i < b.n_matches; i++) {
			const struct alert *a = &b.matches[i].alert;
			buf_fmt(&got.ids, "%.*s %.*s %.*s\n", STR_ARG(a->id), STR_ARG(a->bucket),
				STR_ARG(alert_main_dest(a)->account));
			got.time = b.matches[i].alert.time;
			buf_fmt(&got.found_in, "%.*s;", STR_ARG(a->found_in));
			assert_int_equal(!!(a->traits & TRAIT_FOUND_ASIDE), a->found_in.n > 0);
			/* What is kept of it is read again as the same. */
			enum event_shape shape;
			AUTO(json_free_ptr) struct json *v = json_parse(b.matches[i].raw, &err);
			AUTO(json_free_ptr) struct json *ecs = event_to_ecs(v, &shape, &err);
			assert_non_null(ecs);
			assert_true(shape == SHAPE_CLOUDTRAIL || shape == SHAPE_ALERT);
		}
		for (size_t i = 0; i < b.n_problems; i++) {
			got.problems += !b.problems[i].note;
			got.notes += b.problems[i].note;
			buf_fmt(&got.said, "%s\n", b.problems[i].err.text);
		}
		arena_fini(&b.mem);
	}
	struct scan_progress p;
	scan_progress(s, &p);
	got.events = p.events;
	scan_free(s);
	rule_free(rule);
	return got;
}

static void drop(struct got *g)
{
	buf_fini(&g->ids);
	buf_fini(&g->said);
	buf_fini(&g->found_in);
}

struct form {
	const char *what;
	const char *with[6]; /* from the inside out */
};

#define SNS "{\"Type\":\"Notification\",\"MessageId\":\"m\",\"Message\":%q,\"Timestamp\":\"2026-05-05T00:00:00Z\"}"
#define SQS "{\"Messages\":[{\"MessageId\":\"m\",\"ReceiptHandle\":\"h\",\"Body\":%q}]}"
#define BUS "{\"version\":\"0\",\"id\":\"b\",\"detail-type\":\"AWS API Call via CloudTrail\",\"source\":\"aws.s3\"," \
	"\"time\":\"2026-05-05T00:00:00Z\",\"resources\":[],\"detail\":%o}"
#define LOGS "{\"messageType\":\"DATA_MESSAGE\",\"owner\":\"999999999999\",\"logGroup\":\"g\",\"logEvents\":" \
	"[{\"id\":\"3\",\"timestamp\":1777887000000,\"message\":%q}]}"
#define BEAT "{\"@timestamp\":\"2026-05-05T00:00:00Z\",\"agent\":{\"type\":\"filebeat\"},\"message\":%q}"

static const struct form forms[] = {
	{"log file", {"{\"Records\":[%o]}"}},
	{"EventBridge", {BUS}},
	{"EventBridge in an array", {BUS, "[%o]"}},
	{"custodian", {"{\"policy\":{\"name\":\"p\"},\"event\":{\"detail\":%o},\"resources\":[{\"x\":1}]}"}},
	{"test list", {"{\"test_events\":[{\"name\":\"n\",\"event\":%o}]}"}},
	{"Wazuh", {"{\"timestamp\":\"2026-05-05T00:00:00.000+0000\",\"rule\":{\"level\":3},\"data\":{\"integration\":\"aws\",\"aws\":%o}}"}},
	{"HEC", {"{\"time\":1777887000,\"event\":%o,\"fields\":{\"a\":\"b\"}}"}},
	{"HEC, text", {"{\"time\":\"1777887000.1\",\"event\":%q}"}},
	{"lookup-events", {"{\"Events\":[{\"EventId\":\"x\",\"EventName\":\"y\",\"CloudTrailEvent\":%q}]}"}},
	{"lookup-events, fromjson", {"{\"Events\":[{\"EventId\":\"x\",\"EventName\":\"y\",\"CloudTrailEvent\":%o}]}"}},
	{"texts in an array", {"[%q]"}},
	{"a text", {"%q"}},
	{"texts in Records", {"{\"Records\":[%q]}"}},
	{"other spellings", {"{\"records\":[%o]}"}},
	{"events", {"{\"events\":[%o]}"}},
	{"value", {"{\"value\":[%o]}"}},
	{"subscription", {LOGS}},
	{"subscription in Lambda", {LOGS, "{\"awslogs\":{\"data\":%g}}"}},
	{"subscription in a stream", {LOGS, "{\"Records\":[{\"kinesis\":{\"data\":%g},\"eventSource\":\"aws:kinesis\","
		"\"eventVersion\":\"1.0\",\"eventID\":\"shard\",\"eventName\":\"aws:kinesis:record\"}]}"}},
	{"bus in a stream", {BUS, "{\"Records\":[{\"SequenceNumber\":\"4\",\"Data\":%b}]}"}},
	{"Firehose in Lambda", {BUS, "{\"invocationId\":\"i\",\"records\":[{\"recordId\":\"r\",\"data\":%b}]}"}},
	{"filter-log-events", {"{\"events\":[{\"logStreamName\":\"s\",\"timestamp\":1777887000000,\"message\":%q,\"eventId\":\"9\"}],"
		"\"searchedLogStreams\":[]}"}},
	{"Insights", {"{\"results\":[[{\"field\":\"@timestamp\",\"value\":\"2026-05-04 09:30:00.000\"},"
		"{\"field\":\"@message\",\"value\":%q},{\"field\":\"@ptr\",\"value\":\"x\"}]],\"status\":\"Complete\"}"}},
	{"topic", {SNS}},
	{"topic in Lambda", {"{\"Records\":[{\"EventSource\":\"aws:sns\",\"Sns\":{\"Message\":%q}}]}"}},
	{"queue", {SQS}},
	{"queue in Lambda", {"{\"Records\":[{\"messageId\":\"m\",\"body\":%q,\"eventSource\":\"aws:sqs\"}]}"}},
	{"bus, topic, queue", {BUS, SNS, SQS}},
	{"bus, topic, queue, Lambda", {BUS, SNS, "{\"Records\":[{\"body\":%q,\"eventSource\":\"aws:sqs\"}]}", "{\"input\":%q}"}},
	{"Lake", {"{\"QueryResultRows\":[[{\"eventJson\":%q}]],\"QueryStatus\":\"FINISHED\"}"}},
	{"Splunk", {"{\"preview\":false,\"lastrow\":true,\"result\":{\"_time\":\"x\",\"_raw\":%q}}"}},
	{"Fluent Bit", {"{\"date\":1777887000.1,\"log\":%q}"}},
	{"Fluent Bit, object", {"{\"date\":1777887000.1,\"log\":%o}"}},
	{"GELF", {"{\"version\":\"1.1\",\"host\":\"h\",\"short_message\":%q,\"_x\":1}"}},
	{"Docker", {"2026-05-05T00:00:00Z stdout F %o\n", "{\"log\":%q,\"stream\":\"stdout\",\"time\":\"t\"}"}},
	{"Datadog", {"{\"id\":\"A\",\"content\":{\"timestamp\":\"t\",\"tags\":[\"a\"],\"attributes\":%o}}"}},
	{"collector", {"{\"input\":{\"message\":%q,\"sekoiaio\":{}},\"expected\":{\"x\":[1]}}"}},
	{"lines in a text", {"%o\n%o\n", "{\"body\":%q}"}},
	{"log file in a text", {"{\"Records\":[%o]}", "{\"payload\":%q}"}},
	{"quoted twice", {"%q", "{\"msg\":%q}"}},
	{"Step Functions", {"{\"executionArn\":\"a\",\"status\":\"SUCCEEDED\",\"output\":%q}"}},
	{"LogScale", {"{\"@timestamp\":1777887000000,\"#repo\":\"r\",\"@rawstring\":%q}"}},
	{"Pub/Sub", {"{\"receivedMessages\":[{\"ackId\":\"a\",\"message\":{\"data\":%b,\"messageId\":\"1\"}}]}"}},
	{"OTLP", {"{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"severityText\":\"I\",\"body\":{\"stringValue\":%q}}]}]}]}"}},
	{"a chat", {"```%o```", "{\"ok\":true,\"messages\":[{\"user\":\"U\",\"text\":%q}]}"}},
	{"Beats", {BEAT}},
	{"Beats, a hit", {BEAT, "{\"hits\":{\"hits\":[{\"_index\":\"i\",\"_id\":\"1\",\"_source\":%o}]}}"}},
	{"Beats, a log file", {"{\"Records\":[%o]}", BEAT}},
	{"Beats, a bus event", {BUS, BEAT}},
	{"Beats, a subscription", {LOGS, BEAT}},
	{"Logstash", {"{\"@version\":\"1\",\"@timestamp\":\"2026-05-05T00:00:00Z\",\"event\":{\"original\":%q},\"tags\":[\"a\"]}"}},
	{"OTel", {"{\"@timestamp\":\"2026-05-05T00:00:00Z\",\"body\":{\"text\":%q},\"attributes\":{},\"resource\":{}}"}},
};

static struct got scan_form(const struct form *f, const char *innermost)
{
	AUTO(buf_fini) struct buf text = {0};
	buf_c(&text, innermost);
	for (size_t i = 0; i < ARRAY_LEN(f->with) && f->with[i]; i++)
		wrap(f->with[i], &text);
	return scan(buf_str(&text));
}

/* The same id and time as from the log file, nothing told; and one call that is no alert is counted. */
static void finds_the_event_in_every_form(void **state)
{
	(void)state;
	struct got file = scan_form(&forms[0], EVENT);
	assert_int_equal(file.matches, 1);
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		struct got got = scan_form(&forms[i], EVENT), other = scan_form(&forms[i], OTHER);
		bool twice = strcmp(forms[i].what, "lines in a text") == 0;
		if (got.matches != 1u + twice || got.problems || got.notes || got.events != 1u + twice ||
			got.time != file.time || strspn(buf_cstr(&got.found_in), ";") != 1u + twice || !strstr(buf_cstr(&got.ids), buf_cstr(&file.ids)))
			fail_msg("%s: %zu alerts, %llu events, %zu problems: %s", forms[i].what, got.matches,
				got.events, got.problems, buf_cstr(&got.said));
		if (other.matches || other.problems || other.events != 1u + twice)
			fail_msg("%s: %llu events, %zu problems: %s", forms[i].what, other.events,
				other.problems, buf_cstr(&other.said));
		drop(&got);
		drop(&other);
	}
	drop(&file);
}

/* What stands in an event is never an event, in whatever that comes. */
static void takes_no_text_of_a_caller_for_an_event(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		AUTO(buf_fini) struct buf forged = {0};
		buf_c(&forged, EVENT);
		wrap(FORGER, &forged);
		struct got got = scan_form(&forms[i], buf_cstr(&forged));
		bool twice = strcmp(forms[i].what, "lines in a text") == 0;
		if (got.matches || got.problems || got.events != 1u + twice)
			fail_msg("%s: %zu alerts, %llu events: %s", forms[i].what, got.matches, got.events,
				buf_cstr(&got.said));
		drop(&got);
	}
}

/* In a document that is no shell, or outside of a shell's source, there is nothing to be found. */
static void searches_a_document_only_at_its_source(void **state)
{
	(void)state;
	static const struct {
		const char *with, *says;
		size_t problems;
	} t[] = {
		{"{\"@timestamp\":\"2026-05-05T00:00:00Z\",\"event\":{\"action\":\"x\"},\"message\":%q}", "", 0},
		{"{\"@timestamp\":\"2026-05-05T00:00:00Z\",\"user_agent\":{\"original\":%q}}", "without event.action", 1},
		{"{\"eventTime\":\"x\",\"userIdentity\":{},\"userAgent\":%q}", "without eventName", 1},
		{"{\"useragent\":%q,\"requestparameters\":%q}", "without eventName", 1},
		{"{\"user_agent\":{\"original\":%q},\"aws\":{\"cloudtrail\":{\"request_parameters\":%q}}}", "where no transport", 1},
		{"{\"kibana.alert.uuid\":\"u\",\"tags\":[%q],\"@timestamp\":\"2026-05-05T00:00:00Z\"}", "", 0},
	};
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		struct got got = scan_form(&(struct form){"", {t[i].with}}, EVENT);
		if (got.problems != t[i].problems || !strstr(buf_cstr(&got.said), t[i].says) ||
			got.matches != (i + 1 == ARRAY_LEN(t)))
			fail_msg("%s: %zu alerts, %zu problems: %s", t[i].with, got.matches, got.problems,
				buf_cstr(&got.said));
		drop(&got);
	}
}

/* Where no transport puts an event there may be anybody's words: alone it is read and says where it was,
 * beside others it is told and not read. The same in a log's line and in a table. */
static void says_where_an_event_was_found(void **state)
{
	(void)state;
	static const struct {
		const char *with, *found_in;
	} t[] = {
		{"{\"insertId\":\"a\",\"jsonPayload\":{\"message\":%q,\"host\":\"h\"}}", ";"},
		{"{\"RequestPayload\":%q,\"version\":\"1\"}", ";"},
		{"{\"ts\":1777887000,\"time\":\"2026-05-05T00:00:00Z\",\"blob\":%q}", "blob;"},
		{"{\"outer\":{\"inner\":[%q]}}", "outer.inner;"},
		{"{\"user\":\"u\",\"headers\":{\"data\":%q}}", "headers.data;"},
		{"{\"user\":\"u\",\"requestObject\":{\"x\":%o}}", "requestObject.x;"},
		{"{\"user\":\"u\",\"mine\":%q}", NULL}, {"{\"ip\":\"1.2.3.4\",\"tags\":{\"note\":%q}}", NULL},
		{"{\"ip\":\"1.2.3.4\",\"tags\":[%q]}", NULL}, {"{\"request\":{\"user_agent\":%q},\"path\":\"/\"}", NULL},
		{"{\"TagSet\":[{\"Key\":\"a\",\"Value\":%q}]}", NULL}, {"{\"topic\":\"t\",\"key\":\"k\",\"value\":%q}", ";"},
		{"{\"headers\":[{\"name\":\"a\",\"value\":%q}],\"body\":\"b\"}", NULL},
		{"{\"took\":1,\"aggregations\":{\"x\":{\"buckets\":[{\"key\":%q,\"doc_count\":3}]}}}", NULL},
		{"{\"took\":1,\"aggregations\":{\"x\":{\"buckets\":[{\"key\":1,\"top\":{\"hits\":{\"hits\":[{\"_id\":\"1\",\"_source\":%o}]}}}]}}}", ";"},
		{"2026-05-05T00:00:00Z stdout F %o\n", ";"}, {"[2026-05-05 00:00:00.000] %o\n", ";"}, {"level=info msg=%q\n", ";"},
		{"Mar  4 10:00:00 host app[1]: %o\n", "a line, behind Mar  4 10:00:00 host app[1]:;"},
		{"1.2.3.4 %o\n", "a line, behind 1.2.3.4;"}, {"sent {\"eventName\":\"x\",\"eventTime\":1}%o\n", "a line, behind sent;"},
		{"login {\"body\":%q}\n", "a line, behind login;"},
		{"{\"a\":1,\"x\":%q}{\"a\":\"b\",\"x\":%o}", "x;x;"},
	};
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		struct got got = scan_form(&(struct form){"", {t[i].with}}, EVENT);
		if (strcmp(buf_cstr(&got.found_in), t[i].found_in ? t[i].found_in : "") != 0 ||
			got.problems != !t[i].found_in ||
			!strstr(buf_cstr(&got.said), t[i].found_in ? "" : "where no transport puts one"))
			fail_msg("%s: '%s', %zu problems: %s", t[i].with, buf_cstr(&got.found_in), got.problems,
				buf_cstr(&got.said));
		drop(&got);
	}
}

/* A text that a transport carries is the event, or a log's line like one in a file: what stands in that
 * before the event is the log's own and may be anybody's words. */
static void marks_a_line_in_a_text_as_in_a_file(void **state)
{
	(void)state;
	static const char *const keys[] = {"log", "message", "msg", "content", "event", "body", "_raw", "data", "text",
		"payload", "short_message", "MESSAGE", "event.original"};
	static const struct {
		const char *line;
		bool own;
	} t[] = {
		{"%o", true}, {"2026-05-05T00:00:00Z stdout F %o", true}, {"[2026-05-05 00:00:00.000] %o\n", true},
		{"msg=%o", true}, {"ERROR bad agent %o\n", false}, {"login failed for user %o", false},
		{"1.2.3.4 - - \"GET / HTTP/1.1\" 200 \"-\" %o", false}, {"user x\n%o", false},
		{"2026-05-05T00:00:00Z user %o", false},
	};
	static const char *const around[][2] = {
		{"{\"", "\":%q,\"stream\":\"stderr\"}"}, {"{\"logEvents\":[{\"id\":\"1\",\"", "\":%q}]}"},
		{"{\"hits\":{\"hits\":[{\"_index\":\"i\",\"_id\":\"1\",\"_source\":{\"@timestamp\":\"2026-05-05T00:00:00Z\",\"",
			"\":%q}}]}}"},
	};
	for (size_t i = 0; i < ARRAY_LEN(t) * ARRAY_LEN(keys) * ARRAY_LEN(around); i++) {
		const char *line = t[i % ARRAY_LEN(t)].line, *key = keys[i / ARRAY_LEN(t) % ARRAY_LEN(keys)];
		bool own = t[i % ARRAY_LEN(t)].own;
		AUTO(buf_fini) struct buf form = {0};
		const char *const *form_of = around[i / ARRAY_LEN(t) / ARRAY_LEN(keys)];
		buf_fmt(&form, "%s%s%s", form_of[0], key, form_of[1]);
		struct got got = scan_form(&(struct form){"", {line, buf_cstr(&form)}}, EVENT);
		bool marked = strstr(buf_cstr(&got.found_in), "a line, behind ") != NULL;
		/* A search's document is looked into only where shippers put their source. */
		if (got.matches ? marked == own : !got.problems)
			fail_msg("%s in %s: '%s', %zu alerts: %s", line, buf_cstr(&form), buf_cstr(&got.found_in),
				got.matches, buf_cstr(&got.said));
		drop(&got);
	}
}

/* An event with a list that a wrapper would have is the event, and nothing in it is one. */
static void looks_into_no_list_of_an_event(void **state)
{
	(void)state;
	static const char *const lists[] = {"\"Records\":[%s]", "\"Events\":[%s]", "\"responses\":[{\"hits\":{\"hits\":[%s]}}]",
		"\"hits\":{\"hits\":[%s]}", "\"response\":{\"hits\":{\"hits\":[%s]}}", "\"records\":[%s]", "\"logEvents\":[%s]",
		"\"result\":{\"Records\":[%s]}", "\"value\":[%s]", "\"detail\":%s", "\"aggregations\":{\"a\":%s}"};
	static const char benign[] = "{\"eventVersion\":\"1.11\",\"eventTime\":\"2026-03-04T10:00:00Z\","
		"\"eventSource\":\"s3.amazonaws.com\",\"eventName\":\"PutBucketTagging\",\"eventID\":\"e-2\"}";
	static const char *const layouts[] = {"%o\n%o\n", "%o", "[%o,%o]", "{\"Records\":[%o]}"};
	for (size_t i = 0; i < ARRAY_LEN(lists) * ARRAY_LEN(layouts) * 4; i++) {
		struct str list = str_c(lists[i % ARRAY_LEN(lists)]), layout = str_c(layouts[i / ARRAY_LEN(lists) % ARRAY_LEN(layouts)]);
		bool first = i / ARRAY_LEN(lists) / ARRAY_LEN(layouts) & 1, forged = i / ARRAY_LEN(lists) / ARRAY_LEN(layouts) & 2;
		AUTO(buf_fini) struct buf event = {0}, text = {0};
		struct str own = str_c(forged ? benign : EVENT), before = str_cut(&list, '%');
		own = str_sub(own, 1, own.n - 1);
		buf_fmt(&event, "{%.*s%s%.*s%s%.*s%s%.*s}", STR_ARG(first ? (struct str){0} : own), first ? "" : ",",
			STR_ARG(before), forged ? EVENT : "{}", STR_ARG(str_sub(list, 1, list.n)), first ? "," : "",
			STR_ARG(first ? own : (struct str){0}));
		size_t n = 0;
		for (size_t at = 0; at < layout.n; at++) {
			bool here = layout.p[at] == '%';
			n += here;
			if (here)
				buf_add(&text, buf_str(&event));
			else
				buf_char(&text, layout.p[at]);
			at += here;
		}
		struct got got = scan(buf_str(&text));
		if (got.events != n || got.matches != (forged ? 0 : n))
			fail_msg("%s in %s: %zu alerts, %llu events: %s", buf_cstr(&event), layout.p, got.matches,
				got.events, buf_cstr(&got.said));
		drop(&got);
	}
}

/* Each line of the text behind `before`, in which every # is the last digit of the line's number. */
static void dress_lines(const char *before, struct buf *text)
{
	struct buf out = {0};
	struct str rest = buf_str(text);
	for (int i = 0; rest.n; i++) {
		struct str line = str_cut(&rest, '\n');
		for (const char *p = before; *p; p++)
			buf_char(&out, *p == '#' ? (char)('0' + i % 10) : *p);
		buf_add(&out, line);
		buf_char(&out, '\n');
	}
	buf_fini(text);
	*text = out;
}

/* Quotes in colour; with `=` the text as a mail codes it. */
static void dress_bytes(char how, struct buf *text)
{
	struct buf out = {0};
	size_t wide = 0;
	for (size_t i = 0; i < text->n; i++) {
		char c = text->p[i];
		if (how == '=' && wide++ == 40)
			{
			buf_c(&out, "=\n");
			wide = 0;
		}
		if (c == '\n')
			wide = 0;
		if (how == '=' && (c == '=' || c == ':'))
			buf_fmt(&out, "=%02X", (unsigned)c);
		else
			buf_fmt(&out, how == 'c' && c == '"' ? "\x1b[0;32m%c\x1b[0m" : "%c", c);
	}
	buf_fini(text);
	*text = out;
}

/* What programs put around lines, colours of a terminal and a mail's coding come off. */
static void takes_off_what_is_around_a_text(void **state)
{
	(void)state;
	static const char *const before[] = {"> ", ">> ", "web-1  | ", "[pod/trail-0/app] ", "2026-05-04T09:30:0#.12#Z ",
		"May  4 09:30:0# host app[#1]: ", "\x1b[36mweb-1  |\x1b[0m ", "   9#\t", "+", "c", "="};
	struct got file = scan_form(&forms[0], EVENT);
	for (size_t i = 0; i < ARRAY_LEN(before) * 2; i++) {
		struct buf text = {0};
		const char *how = before[i / 2];
		buf_c(&text, EVENT);
		wrap(i % 2 ? "{\n  \"Records\": [\n    %o\n  ],\n\n  \"x\": 1\n}\n" : "{\n  \"n\": 1,\n  \"body\": %q\n}\n",
			&text);
		if (how[1] || how[0] == '+')
			dress_lines(how, &text);
		else
			dress_bytes(how[0], &text);
		struct got got = scan(buf_str(&text));
		if (got.matches != 1 || got.problems || strcmp(buf_cstr(&got.ids), buf_cstr(&file.ids)) != 0)
			fail_msg("%s (%zu): %zu alerts, %zu problems: %s", how, i % 2, got.matches, got.problems,
				buf_cstr(&got.said));
		drop(&got);
		buf_fini(&text);
	}
	drop(&file);
	struct got nul = scan_form(&(struct form){"", {"{\"version\":\"1.1\",\"short_message\":%q}"}}, EVENT);
	assert_int_equal(nul.matches, 1);
	drop(&nul);
	static const char frames[] = "{\"short_message\":\"x\"}\0" EVENT "\0" EVENT "\0\x1A\n";
	struct got two = scan((struct str){frames, sizeof(frames) - 1});
	assert_int_equal(two.matches, 2);
	assert_int_equal(two.problems, 1); /* the first holds none */
	drop(&two);
}

/* Wherever the beginning of a pretty event went, what is left of it is no event, that is told, and what
 * follows is read. A cut before a value that is whole leaves a text that begins as others do. */
static void takes_no_part_of_a_cut_event_for_one(void **state)
{
	(void)state;
	static const char cut[] = "{\n  \"eventVersion\": \"1.11\",\n  \"eventName\": \"PutBucketTagging\",\n"
		"  \"requestParameters\": {\n    \"tags\": %o,\n    \"notes\": [\n      %q,\n      %q\n    ],\n"
		"    \"list\": [\n      {\n        \"a\": 1,\n        \"message\": %q\n      },\n      {\n"
		"        \"@timestamp\": \"x\",\n        \"message\": %q\n      }\n    ]\n  },\n"
		"  \"eventID\": \"e-9\"\n}\n";
	struct buf text = {0};
	buf_c(&text, EVENT);
	wrap(cut, &text);
	size_t n = text.n;
	buf_c(&text, "{\"eventVersion\":\"1.11\",\"eventSource\":\"s3.amazonaws.com\",\"eventName\":\"PutBucketReplication\","
		"\"eventTime\":\"2026-03-04T10:00:00Z\",\"eventID\":\"e-10\",\"requestParameters\":{\"bucketName\":\"next\","
		"\"ReplicationConfiguration\":{\"Rule\":{\"Status\":\"Enabled\",\"Destination\":{\"Bucket\":\"d\","
		"\"Account\":\"444455556666\"}}}}}\n");
	for (size_t i = 1; i < n; i++) {
		struct str left = str_sub(buf_str(&text), i, text.n), begin = str_trim(left);
		bool line = text.p[i - 1] == '\n';
		if (begin.p[0] == '{' || begin.p[0] == '[' || str_starts(begin, STR("\"{")))
			continue;
		struct got got = scan(left);
		size_t next = strstr(buf_cstr(&got.ids), " next ") != NULL;
		if (got.matches != next || !got.problems || (line && !next))
			fail_msg("cut at %zu, '%.30s': %zu alerts: %s%s", i, left.p, got.matches,
				buf_cstr(&got.ids), buf_cstr(&got.said));
		drop(&got);
	}
	buf_fini(&text);
}

/* Of what yields nothing each is told, and what it is when that is known. */
static void tells_what_holds_no_event(void **state)
{
	(void)state;
	static const struct {
		const char *text, *says;
		size_t problems, notes;
	} t[] = {
		{"{\"alpha\":1,\"beta\":{\"gamma\":[]}}", "its keys: alpha, beta", 1, 0},
		{"{\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1,\"f\":1,\"g\":1,\"h\":1,\"i\":1}", "h and 1 more", 1, 0},
		{"{\"@timestamp\":\"2026-05-05T00:00:00Z\",\"message\":\"hello\"}", "without event.action", 1, 0},
		{"{\"log\":\"{\\\"eventVersion\\\":\\\"1.11\\\",\\\"eventTi\"}", "at log: the text begins as JSON and is cut", 1, 0},
		{"{\"message\":\"H4sIAAAAAAAAA6tWSq0oScxLKVay\"}", "base64 of gzip, and cut", 1, 0},
		{"{\"x\":\"{eventName=A, eventSource=B}\"}", "names an event and cannot be read", 1, 0},
		{"{\"Messages\":[{\"Body\":\"{\\\"s3Bucket\\\":\\\"b\\\",\\\"s3ObjectKey\\\":[\\\"k/1.gz\\\"]}\"}]}", "s3://b/k/1.gz", 1, 0},
		{"{\"Records\":[{\"eventVersion\":\"2.1\",\"eventSource\":\"aws:s3\",\"eventName\":\"ObjectCreated:Put\",\"eventTime\":\"t\","
			"\"s3\":{\"bucket\":{\"name\":\"b\"},\"object\":{\"key\":\"k\"}}}]}", "s3://b/k", 1, 0},
		{"{\"version\":\"0\",\"detail-type\":\"Object Created\",\"detail\":{\"bucket\":{\"name\":\"b\"},\"object\":{\"key\":\"k\"}}}", "s3://b/k", 1, 0},
		{"{\"docs\":[{\"_index\":\"i\",\"_id\":\"a\",\"found\":false},{\"_index\":\"i\",\"_id\":\"b\",\"found\":false}]}",
			"2 documents that were asked for by id were not found", 0, 1},
		{"[1;39m{\n[0m\"eventName\"", "colours", 1, 0}, {"{&quot;eventName&quot;:1}", "&quot;", 1, 0},
		{"{\"messageType\":\"CONTROL_MESSAGE\",\"logEvents\":[{\"id\":\"\",\"message\":\"CWL\"}]}", "control message", 0, 1},
		{"{\"Records\":[1]}", "an object is expected", 1, 0}, {"{\"Records\":[\"x\"]}", "an object is expected", 1, 0},
	};
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		struct got got = scan(str_c(t[i].text));
		if (!strstr(buf_cstr(&got.said), t[i].says) || got.problems != t[i].problems || got.notes != t[i].notes ||
			got.matches || got.events)
			fail_msg("%s: %zu problems, %zu notes, %llu events: %s", t[i].text, got.problems, got.notes,
				got.events, buf_cstr(&got.said));
		drop(&got);
	}
}

static void tells_elements_without_an_event_beside_others(void **state)
{
	(void)state;
	struct got got = scan_form(&(struct form){"", {"{\"outer\":[{\"m\":%q},{\"m\":\"START\"},{\"m\":\"END\"}]}"}}, EVENT);
	assert_int_equal(got.matches, 1);
	assert_string_equal(buf_cstr(&got.said), "at outer: 2 of 3 elements hold no event\n");
	drop(&got);
}

/* Inner hits and top hits are more alerts; a hit that was found is not searched otherwise. */
static void finds_alerts_in_answers(void **state)
{
	(void)state;
	char alert[1000], inner[600];
	snprintf(inner, sizeof(inner), ",\"inner_hits\":{\"more\":{\"hits\":{\"hits\":[%s]}}}", ALERT2);
	snprintf(alert, sizeof(alert), ALERT, inner);
	static const struct {
		const char *with;
		size_t matches;
	} t[] = {
		{"%o", 2}, {"{\"hits\":{\"hits\":[%o]}}", 2}, {"{\"docs\":[%o,{\"_index\":\"i\",\"_id\":\"z\",\"found\":false}]}", 2},
		{"{\"result\":{\"isRunning\":false,\"rawResponse\":{\"hits\":{\"hits\":[%o]}}}}", 2},
		{"{\"took\":1,\"hits\":{\"hits\":[]},\"aggregations\":{\"x\":{\"buckets\":[{\"key\":1,\"top\":{\"hits\":{\"hits\":[%o]}}}]}}}", 2},
		{"{\"rule\":{\"name\":\"r\"},\"context\":{\"alerts\":[%o]}}", 2},
		{"{\"alerts\":%q}", 2}, {"[[%o]]", 2},
	};
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		struct got got = scan_form(&(struct form){"", {t[i].with}}, alert);
		if (got.matches != t[i].matches || got.problems)
			fail_msg("%s: %zu alerts: %s", t[i].with, got.matches, buf_cstr(&got.said));
		drop(&got);
	}
	struct got none = scan(STR("{\"took\":1,\"hits\":{\"hits\":[]},\"aggregations\":{\"n\":{\"value\":3}}}"));
	assert_int_equal(none.problems + none.notes + none.matches, 0);
	drop(&none);
	struct got archive = scan(STR("{\"type\":\"doc\",\"value\":{\"index\":\"i\",\"id\":\"a\",\"source\":{\"signal\":{\"rule\":{\"id\":\"r\"}},"
		"\"@timestamp\":\"2026-03-04T10:00:00Z\"}}}"));
	assert_string_equal(buf_cstr(&archive.ids), "a  \n");
	drop(&archive);
}

/* Records without the rule's words are passed over only where each is one event. */
static void counts_what_it_passes_over(void **state)
{
	(void)state;
	static const struct {
		const char *with;
		unsigned long long events;
	} t[] = {
		{"%o\n%o\n%o\n", 3}, {"{\"Records\":[%o,%o]}", 2},
		{"{\"a\":[%o,%o]}\n{\"a\":[%o]}\n{\"a\":[%o,%o,%o]}\n", 6},
		{"%o\n{\"messageType\":\"CONTROL_MESSAGE\"}\n{\"logEvents\":[{\"message\":%q},{\"message\":%q}]}\n", 3},
	};
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		struct got got = scan_form(&(struct form){"", {t[i].with}}, OTHER);
		if (got.events != t[i].events || got.problems)
			fail_msg("%s: %llu events: %s", t[i].with, got.events, buf_cstr(&got.said));
		drop(&got);
	}
}

/* Deeper than anybody wraps: told, and at an end. */
static void goes_no_deeper_than_it_says(void **state)
{
	(void)state;
	AUTO(buf_fini) struct buf text = {0};
	buf_c(&text, EVENT);
	for (int i = 0; i < 5; i++)
		wrap("{\"m\":%q}", &text);
	struct got five = scan(buf_str(&text));
	assert_int_equal(five.matches, 1);
	for (int i = 5; i < 20; i++)
		wrap("{\"m\":%g}", &text);
	struct got deep = scan(buf_str(&text));
	assert_int_equal(deep.matches, 0);
	assert_int_equal(deep.problems, 1);
	assert_non_null(strstr(buf_cstr(&deep.said), "deep; it was not searched"));
	drop(&five);
	drop(&deep);
}

/* Types that other tools write: the alert is the log file's, and nothing is told of them. */
static void reads_types_that_other_tools_write(void **state)
{
	(void)state;
#define IDENTITY "{\\\"type\\\":\\\"IAMUser\\\",\\\"arn\\\":\\\"arn:aws:iam::111122223333:user/ann\\\"," \
	"\\\"accountId\\\":\\\"111122223333\\\",\\\"userName\\\":\\\"ann\\\"}"
#define RULE "{\\\"ID\\\":\\\"r\\\",\\\"Status\\\":\\\"Enabled\\\",\\\"Destination\\\":{\\\"Bucket\\\":" \
	"\\\"arn:aws:s3:::d\\\",\\\"Account\\\":\\\"444455556666\\\"}}"
	static const struct {
		const char *from, *to;
	} t[] = {
		{"\"eventTime\":\"2026-03-04T10:00:00Z\"", "\"@timestamp\":\"2026-03-04T10:00:00.000Z\""},
		{"\"eventTime\":\"2026-03-04T10:00:00Z\"", "\"eventTime\":1772618400"},
		{"\"eventTime\":\"2026-03-04T10:00:00Z\"", "\"eventTime\":{\"$date\":{\"$numberLong\":\"1772618400000\"}}"},
		{"\"eventTime\":\"2026-03-04T10:00:00Z\"", "\"eventTime\":\"1772618400000\""},
		{"\"eventTime\":\"2026-03-04T10:00:00Z\"", "\"eventTime\":{\"value\":\"2026-03-04 10:00:00\"}"},
		{"\"eventName\":\"PutBucketReplication\"", "\"eventName\":{\"value\":\"PutBucketReplication\"}"},
		{"\"bucketName\":\"b\"", "\"bucketName\":{\"value\":\"b\"}"},
		{"\"eventVersion\":\"1.11\"", "\"eventVersion\":1.11,\"readOnly\":\"false\",\"managementEvent\":\"true\""},
		{"\"eventVersion\":\"1.11\"", "\"eventVersion\":\"1.11\",\"errorCode\":\"null\",\"errorMessage\":\"None\","
			"\"responseElements\":\"null\""},
		{"\"recipientAccountId\":\"111122223333\"", "\"recipientAccountId\":111122223333"},
		{"{\"type\":\"IAMUser\",\"arn\":\"arn:aws:iam::111122223333:user/ann\",\"accountId\":\"111122223333\","
		 "\"userName\":\"ann\"}", "\"" IDENTITY "\""},
		{"{\"Rule\":{\"ID\":\"r\",\"Status\":\"Enabled\",\"Destination\":{\"Bucket\":\"arn:aws:s3:::d\","
		 "\"Account\":\"444455556666\"}}}", "{\"Rule\":\"" RULE "\"}"},
		{"{\"Rule\":{\"ID\":\"r\",\"Status\":\"Enabled\",\"Destination\":{\"Bucket\":\"arn:aws:s3:::d\","
		 "\"Account\":\"444455556666\"}}}", "\"{\\\"Rule\\\":[" RULE "]}\""},
	};
	struct got file = scan_form(&forms[0], EVENT);
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		AUTO(buf_fini) struct buf text = {0};
		struct str event = STR(EVENT);
		size_t at = str_find(event, str_c(t[i].from));
		assert_int_not_equal(at, STR_NONE);
		buf_add(&text, str_sub(event, 0, at));
		buf_c(&text, t[i].to);
		buf_add(&text, str_sub(event, at + strlen(t[i].from), event.n));
		for (size_t k = 0; k < 2; k++) {
			struct got got = scan_form(&(struct form){"", {k ? BEAT : "%o"}}, buf_cstr(&text));
			if (got.matches != 1 || got.problems || got.time != file.time ||
				strcmp(buf_cstr(&got.ids), buf_cstr(&file.ids)) != 0)
				fail_msg("%s: %zu alerts: %s", t[i].to, got.matches, buf_cstr(&got.said));
			drop(&got);
		}
	}
	drop(&file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_event_in_every_form),
		cmocka_unit_test(takes_no_text_of_a_caller_for_an_event),
		cmocka_unit_test(searches_a_document_only_at_its_source),
		cmocka_unit_test(says_where_an_event_was_found),
		cmocka_unit_test(marks_a_line_in_a_text_as_in_a_file),
		cmocka_unit_test(looks_into_no_list_of_an_event),
		cmocka_unit_test(takes_off_what_is_around_a_text),
		cmocka_unit_test(takes_no_part_of_a_cut_event_for_one),
		cmocka_unit_test(tells_what_holds_no_event),
		cmocka_unit_test(tells_elements_without_an_event_beside_others),
		cmocka_unit_test(finds_alerts_in_answers),
		cmocka_unit_test(counts_what_it_passes_over),
		cmocka_unit_test(goes_no_deeper_than_it_says),
		cmocka_unit_test(reads_types_that_other_tools_write),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
