#include "s3triage/scan/scan.h"

#include "../../src/scan/input.h"

#include "../unit.h"

#include "s3triage/base/file.h"
#include "s3triage/base/mem.h"
#include "s3triage/base/when.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

/* A folder of its own for every test. */
struct place {
	char dir[64];
};

static int make_place(void **state)
{
	struct place *p = mem_alloc(sizeof(*p));
	snprintf(p->dir, sizeof(p->dir), "/tmp/s3triage-scan-XXXXXX");
	*state = p;
	return mkdtemp(p->dir) ? 0 : -1;
}

static int drop_place(void **state)
{
	struct place *p = *state;
	char cmd[128];
	snprintf(cmd, sizeof(cmd), "rm -rf '%s'", p->dir);
	int rc = system(cmd);
	free(p);
	return rc;
}

static char *write_file(void **state, const char *name, struct str bytes)
{
	struct err err = {0};
	struct place *p = *state;
	char *path = file_join(p->dir, name);
	if (!file_write(path, bytes, FILE_REPLACE, &err))
		fail_msg("%s: %s", path, err.text);
	return path;
}

static void put(void **state, const char *name, struct str bytes)
{
	free(write_file(state, name, bytes));
}

/* Appends one gzip member. */
static void gz(struct buf *out, struct str text)
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

/* A raw event; `hit`: one that the built-in rule matches. */
static void raw(struct buf *b, int id, bool hit)
{
	buf_fmt(b, "{\"eventVersion\":\"1.09\",\"userIdentity\":{\"type\":\"IAMUser\",\"principalId\":\"AIDAX\","
		"\"arn\":\"arn:aws:iam::111122223333:user/ann\",\"accountId\":\"111122223333\","
		"\"accessKeyId\":\"AKIAX\",\"userName\":\"ann\"},\"eventTime\":\"2026-03-0%dT10:00:00Z\","
		"\"eventSource\":\"s3.amazonaws.com\",\"eventName\":\"%s\",\"awsRegion\":\"eu-west-1\","
		"\"sourceIPAddress\":\"198.51.100.7\",\"userAgent\":\"[aws-cli/2]\",\"requestParameters\":{"
		"\"bucketName\":\"b\",\"ReplicationConfiguration\":{\"Role\":\"arn:aws:iam::111122223333:role/r\","
		"\"Rule\":{\"ID\":\"r\",\"Status\":\"Enabled\",\"Destination\":{\"Bucket\":\"arn:aws:s3:::d\","
		"\"Account\":\"444455556666\"}}}},\"responseElements\":null,\"eventID\":\"e-%d\","
		"\"readOnly\":false,\"resources\":[{\"accountId\":\"111122223333\",\"type\":\"AWS::S3::Bucket\","
		"\"ARN\":\"arn:aws:s3:::b\"}],\"eventType\":\"AwsApiCall\",\"managementEvent\":true,"
		"\"recipientAccountId\":\"111122223333\"}",
		1 + id % 9, hit ? "PutBucketReplication" : "GetBucketTagging", id);
}

static void ecs(struct buf *b, int id)
{
	buf_fmt(b, "{\"@timestamp\":\"2026-03-01T10:00:00Z\",\"data_stream\":{\"dataset\":\"aws.cloudtrail\"},"
		"\"event\":{\"dataset\":\"aws.cloudtrail\",\"provider\":\"s3.amazonaws.com\",\"type\":[\"info\"],"
		"\"kind\":\"event\",\"action\":\"PutBucketReplication\",\"outcome\":\"success\",\"id\":\"e-%d\"},"
		"\"aws\":{\"cloudtrail\":{\"request_parameters\":\"{bucketName=b, ReplicationConfiguration={"
		"Rule={Destination={Account=444455556666, Bucket=arn:aws:s3:::d}}}}\"}}}", id);
}

static void alert(struct buf *b, int id)
{
	buf_fmt(b, "{\"@timestamp\":\"2026-03-01T10:05:00Z\",\"kibana.alert.uuid\":\"u-%d\","
		"\"kibana.alert.rule.name\":\"Another rule\",\"kibana.alert.rule.rule_id\":\"r-1\","
		"\"kibana.alert.severity\":\"low\",\"kibana.alert.risk_score\":21,\"event.kind\":\"signal\","
		"\"kibana.alert.workflow_status\":\"open\",\"kibana.alert.original_time\":"
		"\"2026-03-01T10:00:00Z\",\"event\":{\"action\":\"DeleteTrail\",\"id\":\"e-%d\"}}", id, id);
}

struct result {
	struct scan_progress p;
	size_t matches, problems;
	struct buf text; /* "m NAME:LINE@BYTE EVENT-ID" and "p NAME:LINE@BYTE TEXT", one a line */
};

static void note_batch(struct result *r, const struct scan_batch *b)
{
	for (size_t i = 0; i < b->n_matches; i++) {
		const struct scan_match *m = &b->matches[i];
		buf_fmt(&r->text, "m %.*s:%lu@%llu %.*s\n", STR_ARG(file_base(m->place.path)),
			m->place.line, m->place.byte, STR_ARG(m->alert.event_id));
		assert_true(m->raw.n > 0);
		assert_true(m->alert.source.n > 0);
	}
	for (size_t i = 0; i < b->n_problems; i++)
		buf_fmt(&r->text, "p %.*s:%lu@%llu %s\n", STR_ARG(file_base(str_c(b->problems[i].err.file))),
			b->problems[i].err.line, b->problems[i].byte, b->problems[i].err.text);
	r->matches += b->n_matches;
	r->problems += b->n_problems;
}

static struct result collect(struct scan *s)
{
	struct result r = {0};
	struct scan_batch b;
	while (scan_wait(s))
		while (scan_take(s, &b)) {
			note_batch(&r, &b);
			arena_fini(&b.mem);
		}
	scan_progress(s, &r.p);
	assert_true(r.p.done);
	return r;
}

static struct result scan(const char *path, struct scan_options o)
{
	struct err err = {0};
	struct rule *rule = rule_builtin();
	o.rule = rule;
	o.paths = path ? &path : NULL;
	o.n_paths = path != NULL;
	if (!o.since)
		o.since = WHEN_NONE;
	if (!o.until)
		o.until = WHEN_NONE;
	struct scan *s = scan_start(&o, &err);
	assert_non_null(s);
	struct result r = collect(s);
	scan_free(s);
	rule_free(rule);
	return r;
}

static void expect(const struct result *r, const char *text)
{
	if (!r->text.p || !strstr(r->text.p, text))
		fail_msg("\"%s\" is not in:\n%s", text, r->text.p ? r->text.p : "");
}

/* Three events, of which the second matches, in every layout that is read. */
static void layouts(struct buf *out, int layout)
{
	static const struct {
		const char *open, *between, *close;
	} around[] = {
		{"", "\n", "\n"}, {"\xEF\xBB\xBF", "\r\n", ""}, {"[", ",\n", "]"}, {"{\"Records\":[", ",", "]}"},
		{"{\"Records\":\n [\n", ",\n", "]\n}\n"}, {"", " ", ""}, {"[\n", ",", "\n]"},
		{"{\"took\":3,\"hits\":{\"hits\":[{\"_index\":\"i\",\"_id\":\"1\",\"_source\":",
			"},{\"_index\":\"i\",\"_id\":\"2\",\"_source\":", "}]}}"},
		{"{\"hits\":{\"total\":{\"value\":3},\"events\":[{\"_index\":\"i\",\"_id\":\"1\",\"_source\":",
			"},{\"_index\":\"i\",\"_id\":\"2\",\"_source\":", "}]}}"},
		{"{\"id\":\"a\",\"response\":{\"hits\":{\"hits\":[{\"_index\":\"i\",\"_id\":\"1\",\"_source\":",
			"},{\"_index\":\"i\",\"_id\":\"2\",\"_source\":", "}]}}}"},
	};
	if (layout >= (int)ARRAY_LEN(around)) { /* lookup-events: events as strings */
		buf_c(out, "{\"Events\":[");
		for (int i = 0; i < 3; i++) {
			struct buf one = {0};
			raw(&one, i, i == 1);
			buf_fmt(out, "%s{\"EventId\":\"e-%d\",\"CloudTrailEvent\":", i ? "," : "", i);
			json_quote(buf_str(&one), out);
			buf_char(out, '}');
			buf_fini(&one);
		}
		buf_c(out, "],\"NextToken\":\"x\"}");
		return;
	}
	buf_c(out, around[layout].open);
	for (int i = 0; i < 3; i++) {
		buf_c(out, i ? around[layout].between : "");
		raw(out, i, i == 1);
	}
	buf_c(out, around[layout].close);
}

enum { LAYOUTS = 11 };

static void reads_every_layout_plain_and_packed(void **state)
{
	for (int i = 0; i < LAYOUTS; i++)
		for (int packed = 0; packed < 3; packed++) {
			struct buf text = {0}, file = {0};
			layouts(&text, i);
			struct str all = buf_str(&text);
			if (packed == 1) {
				gz(&file, all);
			} else if (packed == 2) { /* two members, cut inside a record */
				gz(&file, str_sub(all, 0, all.n / 2));
				gz(&file, str_sub(all, all.n / 2, all.n));
			} else {
				buf_add(&file, all);
			}
			AUTO(mem_free_ptr) char *path = write_file(state, "x", buf_str(&file));
			struct result r = scan(path, (struct scan_options){0});
			if (r.matches != 1 || r.problems || r.p.events != 3 || r.p.replications != 1)
				fail_msg("layout %d packed %d: %zu matches %zu problems %llu events\n%s", i, packed,
					r.matches, r.problems, r.p.events, r.text.p ? r.text.p : "");
			expect(&r, " e-1\n");
			assert_int_equal(r.p.bytes, file.n);
			assert_int_equal(r.p.bytes_done, file.n);
			buf_fini(&r.text);
			buf_fini(&text);
			buf_fini(&file);
		}
}

static void tells_kinds_apart_in_one_folder(void **state)
{
	struct place *p = *state;
	struct buf b = {0};
	raw(&b, 1, true);
	put(state, "a.json", buf_str(&b));
	buf_clear(&b);
	ecs(&b, 2);
	put(state, "b.ndjson", buf_str(&b));
	buf_clear(&b);
	alert(&b, 3);
	put(state, "c.txt", buf_str(&b));
	put(state, "d_digest.json", STR("{\"awsAccountId\":\"111122223333\",\"digestStartTime\":"
		"\"2026-03-01T00:00:00Z\",\"digestEndTime\":\"2026-03-01T01:00:00Z\",\"digestS3Bucket\":\"b\","
		"\"digestS3Object\":\"o\",\"previousDigestSignature\":null,\"logFiles\":[]}"));
	put(state, "e.png", STR("\x89PNG\r\n\x1a\n"));
	put(state, "f.md", STR("# Notes\n{not json}\n"));
	put(state, "g.json", STR("hello\n"));
	put(state, "h.json", STR(""));
	put(state, "i.toml", STR("[metadata]\nx = [\n{ a = 1 },\n]\n"));
	put(state, ".hidden.json", buf_str(&b));
	char link[100];
	snprintf(link, sizeof(link), "%s/loop", p->dir);
	assert_int_equal(symlink(p->dir, link), 0);
	struct result r = scan(p->dir, (struct scan_options){0});
	expect(&r, "m a.json:1@0 e-1\n");
	expect(&r, "m b.ndjson:1@0 e-2\n");
	expect(&r, "m c.txt:1@0 e-3\n");
	expect(&r, "p g.json:0@0 is no JSON\n");
	expect(&r, "p h.json:0@0 is empty\n");
	assert_int_equal(r.matches, 3);
	expect(&r, "p d_digest.json:0@0 is a digest file of CloudTrail: ");
	expect(&r, "p e.png:0@0 is a picture\n");
	expect(&r, "p f.md:0@0 is no JSON\n");
	expect(&r, "p i.toml:0@0 is no JSON\n");
	expect(&r, "p .hidden.json:0@0 has a name that begins with a dot: left out, ");
	assert_int_equal(r.p.skipped, 5); /* these */
	assert_int_equal(r.problems, 7); /* and one problem, one note */
	assert_int_equal(r.p.files, 9);
	assert_int_equal(r.p.files_done, 9);
	buf_fini(&r.text);
	buf_fini(&b);
}

static void takes_globs_missing_files_and_text(void **state)
{
	struct place *p = *state;
	struct buf b = {0};
	raw(&b, 1, true);
	put(state, "a1.json", buf_str(&b));
	put(state, "a2.json", buf_str(&b));
	put(state, "b1.json", buf_str(&b));
	char pattern[100];
	snprintf(pattern, sizeof(pattern), "%s/a*.json", p->dir);
	struct result r = scan(pattern, (struct scan_options){0});
	assert_int_equal(r.matches, 2);
	buf_fini(&r.text);
	snprintf(pattern, sizeof(pattern), "%s/none*", p->dir);
	r = scan(pattern, (struct scan_options){0});
	expect(&r, "p none*:0@0 the pattern matches no file\n");
	buf_fini(&r.text);
	snprintf(pattern, sizeof(pattern), "%s/none", p->dir);
	r = scan(pattern, (struct scan_options){0});
	expect(&r, "p none:0@0 cannot open: No such file or directory\n");
	buf_fini(&r.text);
	r = scan(NULL, (struct scan_options){.demo = buf_str(&b)});
	expect(&r, "m demo:1@0 e-1\n");
	buf_fini(&r.text);
	buf_fini(&b);
}

static void reads_standard_input(void **state)
{
	(void)state;
	struct buf b = {0};
	int fds[2], old = dup(0);
	raw(&b, 1, true);
	assert_int_equal(pipe(fds), 0);
	assert_true(write(fds[1], b.p, b.n) == (ssize_t)b.n);
	close(fds[1]);
	dup2(fds[0], 0);
	close(fds[0]);
	struct result r = scan("-", (struct scan_options){0});
	dup2(old, 0);
	close(old);
	expect(&r, "m -:1@0 e-1\n");
	buf_fini(&r.text);
	buf_fini(&b);
}

/* More than 16 MiB packed, which is streamed: thirty members of some 700 KiB. */
static void streams_a_large_packed_file(void **state)
{
	enum { MEMBERS = 30, LINES = 100, NOISE = 12000 };
	struct buf text = {0}, member = {0}, file = {0};
	uint32_t seed = 7;
	for (int i = 0; i < LINES; i++) {
		raw(&text, i, i == LINES - 1);
		text.n--;
		buf_c(&text, ",\"x\":\"");
		for (int k = 0; k < NOISE; k++) {
			seed = seed * 1664525 + 1013904223;
			buf_char(&text, (char)('0' + (seed >> 16) % 64));
			text.p[text.n - 1] = text.p[text.n - 1] == '\\' ? 'z' : text.p[text.n - 1];
		}
		buf_c(&text, "\"}\n");
	}
	gz(&member, buf_str(&text));
	for (int i = 0; i < MEMBERS; i++)
		buf_add(&file, buf_str(&member));
	assert_true(file.n > (size_t)16 << 20);
	AUTO(mem_free_ptr) char *path = write_file(state, "large.ndjson.gz", buf_str(&file));
	struct result r = scan(path, (struct scan_options){0});
	assert_int_equal(r.matches, MEMBERS);
	assert_int_equal(r.p.events, MEMBERS * LINES);
	assert_int_equal(r.problems, 0);
	buf_fini(&r.text);
	buf_fini(&file);
	buf_fini(&member);
	buf_fini(&text);
}

static void keeps_what_lies_before_a_cut(void **state)
{
	struct buf text = {0}, file = {0};
	buf_c(&text, "{\"Records\":[");
	for (int i = 0; i < 400; i++) {
		buf_c(&text, i ? "," : "");
		raw(&text, i, true);
	}
	buf_c(&text, "]}");
	gz(&file, buf_str(&text));
	AUTO(mem_free_ptr) char *path =
		write_file(state, "cut.json.gz", str_sub(buf_str(&file), 0, file.n * 3 / 4));
	struct result r = scan(path, (struct scan_options){0});
	if (r.matches < 200 || r.matches >= 400)
		fail_msg("%zu matches before the cut", r.matches);
	assert_int_equal(r.problems, 1);
	char want[128];
	snprintf(want, sizeof(want), "p cut.json.gz:0@%zu the gzip data ends early, at byte %zu",
		file.n * 3 / 4, file.n * 3 / 4);
	expect(&r, want);
	buf_fini(&r.text);
	buf_fini(&text);
	buf_fini(&file);
}

static void tells_bad_records_and_reads_the_rest(void **state)
{
	struct buf b = {0};
	raw(&b, 1, true);
	buf_c(&b, "\n{\"eventName\":\"PutBucketReplication\",\"x\":\n");
	size_t third = b.n;
	raw(&b, 3, true);
	char *agent = strstr(b.p + third, "aws-cli");
	agent[0] = '\xFF';
	buf_c(&b, "\n{\"PutBucketReplication\":1}\n");
	raw(&b, 5, true);
	buf_c(&b, "\n");
	AUTO(mem_free_ptr) char *path = write_file(state, "x.ndjson", buf_str(&b));
	struct result r = scan(path, (struct scan_options){0});
	assert_int_equal(r.matches, 3);
	assert_int_equal(r.problems, 3);
	expect(&r, "p x.ndjson:2@");
	expect(&r, "p x.ndjson:3@");
	expect(&r, "U+FFFD");
	expect(&r, "p x.ndjson:4@");
	expect(&r, "m x.ndjson:5@");
	buf_fini(&r.text);
	buf_fini(&b);
}

static void passes_over_a_line_without_end(void **state)
{
	struct buf b = {0};
	raw(&b, 1, true);
	buf_c(&b, "\n{\"eventName\":\"");
	buf_fill(&b, 'x', 1);
	size_t n = (size_t)70 << 20;
	memset(buf_room(&b, n), 'y', n);
	b.n += n;
	buf_c(&b, "\"}\n");
	raw(&b, 3, true);
	AUTO(mem_free_ptr) char *path = write_file(state, "x.ndjson", buf_str(&b));
	struct result r = scan(path, (struct scan_options){.threads = 1});
	assert_int_equal(r.matches, 2);
	assert_int_equal(r.problems, 1);
	expect(&r, "the record is longer than 64 MiB");
	expect(&r, "m x.ndjson:3@");
	buf_fini(&r.text);
	buf_fini(&b);
}

/* 40 MiB of lines, so that workers share the file; every 5,000th matches, one is broken. */
static void shares_a_large_file_and_keeps_its_lines(void **state)
{
	struct buf b = {0}, want = {0};
	int lines = 0;
	while (b.n < (size_t)40 << 20) {
		if (lines == 30001)
			buf_c(&b, "{\"broken\":1");
		else
			raw(&b, lines, lines % 5000 == 17);
		buf_char(&b, '\n');
		lines++;
	}
	AUTO(mem_free_ptr) char *path = write_file(state, "big.ndjson", buf_str(&b));
	for (unsigned threads = 1; threads <= 4; threads++) {
		struct result r = scan(path, (struct scan_options){.threads = threads});
		assert_int_equal(r.matches, (lines + 4982) / 5000);
		assert_int_equal(r.p.events, lines - 1);
		assert_int_equal(r.problems, 1);
		expect(&r, "p big.ndjson:30002@");
		for (int i = 17; i < lines; i += 5000) {
			buf_clear(&want);
			buf_fmt(&want, "m big.ndjson:%d@", i + 1);
			expect(&r, buf_cstr(&want));
			buf_clear(&want);
			buf_fmt(&want, " e-%d\n", i);
			expect(&r, buf_cstr(&want));
		}
		buf_fini(&r.text);
	}
	buf_fini(&want);
	buf_fini(&b);
}

/* 34 MiB that begin as lines and do not go on so: `shape` 0 a log file with a record a line, 1 values
 * of several lines, 2 a line that breaks across a border of parts, 3 values whose first line looks whole. */
static void begin_as_lines(struct buf *b, int shape)
{
	enum { PART = 8 << 20 };
	for (int i = 0; b->n < (size_t)34 << 20; i++) {
		struct buf one = {0};
		raw(&one, i, i % 2000 == 17);
		bool lines = i < 2 || shape == 2;
		if (shape == 2 && b->n < PART && b->n + one.n + 1 >= PART)
			buf_c(b, "{\"PutBucketReplication\":1,");
		else if (!lines && shape == 0)
			buf_c(b, i == 2 ? "{\"Records\":[" : ",");
		size_t cut = lines || shape == 0 ? one.n
			: str_find(buf_str(&one), shape == 1 ? STR("\"eventTime\"") : STR(",\"eventTime\""));
		buf_add(b, str_sub(buf_str(&one), 0, cut));
		if (cut < one.n)
			buf_char(b, '\n');
		buf_add(b, str_sub(buf_str(&one), cut, one.n));
		buf_char(b, '\n');
		buf_fini(&one);
	}
	if (shape == 0)
		buf_c(b, "]}\n");
}

static void number_of_threads_changes_nothing(void **state)
{
	for (int shape = 0; shape < 4; shape++) {
		struct buf b = {0};
		begin_as_lines(&b, shape);
		AUTO(mem_free_ptr) char *path = write_file(state, "mixed.json", buf_str(&b));
		struct result one = scan(path, (struct scan_options){.threads = 1});
		assert_int_equal(one.problems, shape == 2);
		assert_true(one.matches >= 10);
		for (unsigned threads = 2; threads <= 4; threads += 2) {
			struct result r = scan(path, (struct scan_options){.threads = threads});
			if (r.matches != one.matches || r.p.events != one.p.events || r.problems != one.problems ||
				r.p.replications != one.p.replications || r.text.n != one.text.n)
				fail_msg("shape %d, %u threads: %zu matches, %llu events, %zu problems\n%s\n%s",
					shape, threads, r.matches, r.p.events, r.problems, r.text.p, one.text.p);
			for (struct str rest = buf_str(&one.text); rest.n;) {
				AUTO(mem_free_ptr) char *line = mem_dup(str_cut(&rest, '\n'));
				expect(&r, line);
			}
			buf_fini(&r.text);
		}
		buf_fini(&one.text);
		buf_fini(&b);
	}
}

/* As `list - < file`: the workers share one description, and reading begins where it stands. */
static void shares_a_file_that_is_standard_input(void **state)
{
	struct buf b = {0};
	buf_c(&b, "no JSON at all\n");
	size_t before = b.n;
	for (int i = 0; b.n < (size_t)40 << 20; i++) {
		raw(&b, i, i % 5000 == 17);
		buf_char(&b, '\n');
	}
	AUTO(mem_free_ptr) char *path = write_file(state, "big.ndjson", buf_str(&b));
	int fd = open(path, O_RDONLY), old = dup(0);
	assert_true(fd >= 0 && dup2(fd, 0) == 0 && lseek(0, (off_t)before, SEEK_SET) > 0);
	struct result r = scan("-", (struct scan_options){.threads = 4});
	dup2(old, 0);
	close(old);
	close(fd);
	assert_int_equal(r.problems, 0);
	expect(&r, "m -:18@");
	expect(&r, "m -:25018@");
	buf_fini(&r.text);
	buf_fini(&b);
}

/* What came through a pipe is there although the pipe stays open. */
static void shows_what_came_while_more_may_come(void **state)
{
	(void)state;
	struct buf b = {0};
	struct err err = {0};
	int fds[2], old = dup(0);
	struct rule *rule = rule_builtin();
	raw(&b, 1, true);
	buf_char(&b, '\n');
	assert_int_equal(pipe(fds), 0);
	dup2(fds[0], 0);
	const char *path = "-";
	struct scan_options o = {.rule = rule, .paths = &path, .n_paths = 1, .since = WHEN_NONE, .until = WHEN_NONE};
	struct scan *s = scan_start(&o, &err);
	assert_true(s && write(fds[1], b.p, b.n) == (ssize_t)b.n);
	struct scan_batch batch = {0};
	assert_true(scan_wait(s) && scan_take(s, &batch)); /* the pipe is open for ever */
	assert_int_equal(batch.n_matches, 1);
	arena_fini(&batch.mem);
	close(fds[1]);
	scan_free(s);
	rule_free(rule);
	dup2(old, 0);
	close(old);
	close(fds[0]);
	buf_fini(&b);
}

static void knows_a_file_that_changed(void **state)
{
	AUTO(mem_free_ptr) char *path = write_file(state, "x.ndjson", STR("{\"a\":1}\n{\"a\":2}\n"));
	struct input in;
	struct err err = {0};
	input_init(&in, NULL, NULL);
	static const struct timespec other[2] = {{.tv_sec = 1}, {.tv_sec = 1}};
	for (int how = 0; how < 4; how++) {
		put(state, "x.ndjson", STR("{\"a\":1}\n{\"a\":2}\n"));
		assert_true(input_open(&in, path, &err));
		assert_false(input_changed(&in));
		if (how == 0)
			assert_int_equal(truncate(path, 9), 0); /* cut between two lines */
		if (how == 1)
			assert_int_equal(utimensat(AT_FDCWD, path, other, 0), 0); /* written over */
		if (how == 2)
			assert_int_equal(truncate(path, 100), 0); /* grows, as a log does */
		if (how == 3)
			put(state, "x.ndjson", STR("{}")); /* another file of the name: ours is still whole */
		assert_int_equal(input_changed(&in), how < 2);
	}
	input_fini(&in);
}

static void obeys_limit_range_and_order(void **state)
{
	struct buf b = {0};
	for (int i = 0; i < 90; i++) {
		raw(&b, i, true);
		buf_char(&b, '\n');
	}
	AUTO(mem_free_ptr) char *path = write_file(state, "x.ndjson", buf_str(&b));
	struct result r = scan(path, (struct scan_options){.limit = 7});
	assert_int_equal(r.matches, 7);
	assert_false(r.p.stopped);
	buf_fini(&r.text);
	int64_t since, until;
	assert_true(when_parse(STR("2026-03-02T00:00:00Z"), &since));
	assert_true(when_parse(STR("2026-03-04T00:00:00Z"), &until));
	r = scan(path, (struct scan_options){.since = since, .until = until, .keep_order = true});
	assert_int_equal(r.matches, 20);
	assert_int_equal(strncmp(r.text.p, "m x.ndjson:2@", 13), 0);
	buf_fini(&r.text);
	buf_fini(&b);
}

static void caps_the_problems_of_a_file(void **state)
{
	struct buf b = {0};
	for (int i = 0; i < 250; i++)
		buf_c(&b, "{\"PutBucketReplication\":1}\n");
	raw(&b, 1, true);
	AUTO(mem_free_ptr) char *path = write_file(state, "x.ndjson", buf_str(&b));
	struct result r = scan(path, (struct scan_options){0});
	assert_int_equal(r.matches, 1);
	assert_int_equal(r.problems, 101);
	assert_int_equal(r.p.problems, 250);
	expect(&r, "and 150 more problems in this file");
	buf_fini(&r.text);
	buf_fini(&b);
}

static void stops_at_once_even_on_a_silent_pipe(void **state)
{
	(void)state;
	struct err err = {0};
	int fds[2], old = dup(0);
	assert_int_equal(pipe(fds), 0);
	dup2(fds[0], 0);
	const char *path = "-";
	struct scan_options o = {.paths = &path, .n_paths = 1, .since = WHEN_NONE, .until = WHEN_NONE};
	struct scan *s = scan_start(&o, &err);
	assert_non_null(s);
	usleep(10000);
	scan_stop(s);
	struct pollfd p = {.fd = scan_fd(s), .events = POLLIN};
	assert_int_equal(poll(&p, 1, 60000), 1);
	struct scan_progress progress;
	scan_progress(s, &progress);
	assert_true(progress.stopped && progress.done);
	struct scan_batch b;
	assert_false(scan_take(s, &b));
	assert_int_equal(poll(&p, 1, 0), 0);
	scan_free(s);
	dup2(old, 0);
	close(old);
	close(fds[0]);
	close(fds[1]);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, make_place, drop_place)
	const struct CMUnitTest tests[] = {
		T(reads_every_layout_plain_and_packed),
		T(tells_kinds_apart_in_one_folder),
		T(takes_globs_missing_files_and_text),
		T(reads_standard_input),
		T(streams_a_large_packed_file),
		T(keeps_what_lies_before_a_cut),
		T(tells_bad_records_and_reads_the_rest),
		T(passes_over_a_line_without_end),
		T(shares_a_large_file_and_keeps_its_lines),
		T(number_of_threads_changes_nothing),
		T(shares_a_file_that_is_standard_input),
		T(shows_what_came_while_more_may_come),
		T(knows_a_file_that_changed),
		T(obeys_limit_range_and_order),
		T(caps_the_problems_of_a_file),
		T(stops_at_once_even_on_a_silent_pipe),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
