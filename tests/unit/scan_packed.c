#include "s3triage/scan/scan.h"

#include "../unit.h"

#include "s3triage/base/file.h"
#include "s3triage/base/mem.h"
#include "s3triage/base/when.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>
#include <sys/stat.h>

/* One event that the built-in rule matches, with this id. */
static void event(struct buf *b, int id)
{
	buf_fmt(b, "{\"eventVersion\":\"1.09\",\"userIdentity\":{\"type\":\"IAMUser\",\"arn\":"
		"\"arn:aws:iam::111122223333:user/ann\",\"accountId\":\"111122223333\",\"userName\":\"ann\"},"
		"\"eventTime\":\"2026-03-01T10:00:00Z\",\"eventSource\":\"s3.amazonaws.com\",\"eventName\":"
		"\"PutBucketReplication\",\"awsRegion\":\"eu-west-1\",\"requestParameters\":{\"bucketName\":\"b\","
		"\"ReplicationConfiguration\":{\"Rule\":{\"Status\":\"Enabled\",\"Destination\":{\"Bucket\":"
		"\"arn:aws:s3:::d\",\"Account\":\"444455556666\"}}}},\"eventID\":\"e-%d\",\"recipientAccountId\":"
		"\"111122223333\"}\n", id);
}

static struct buf events(int first, int n)
{
	struct buf b = {0};
	for (int i = 0; i < n; i++)
		event(&b, first + i);
	return b;
}

/* An archive in memory; `format` is one of libarchive's, with a filter after a plus: "zip", "ustar+xz". */
struct pack {
	struct archive *a;
	char *out;
	size_t cap, *used;
};

static struct pack pack_new(const char *format, const char *options)
{
	struct pack p = {.a = archive_write_new(), .cap = 4 << 20,
		.used = mem_alloc(sizeof(size_t))};
	char name[40];
	snprintf(name, sizeof(name), "%s", format);
	char *filter = strchr(name, '+');
	if (filter)
		*filter++ = '\0';
	p.out = mem_alloc(p.cap);
	assert_int_equal(archive_write_set_format_by_name(p.a, name), ARCHIVE_OK);
	if (filter)
		assert_int_equal(archive_write_add_filter_by_name(p.a, filter), ARCHIVE_OK);
	if (options)
		assert_int_equal(archive_write_set_options(p.a, options), ARCHIVE_OK);
	archive_write_set_bytes_per_block(p.a, 0);
	if (options && strstr(options, "encryption"))
		assert_int_equal(archive_write_set_passphrase(p.a, "secret"), ARCHIVE_OK);
	assert_int_equal(archive_write_open_memory(p.a, p.out, p.cap, p.used), ARCHIVE_OK);
	return p;
}

static void pack_entry(struct pack *p, const char *name, mode_t type, struct str bytes)
{
	struct archive_entry *e = archive_entry_new();
	archive_entry_set_pathname(e, name);
	archive_entry_set_filetype(e, type);
	archive_entry_set_perm(e, 0600);
	archive_entry_set_size(e, (la_int64_t)bytes.n);
	if (type == S_IFLNK)
		archive_entry_set_symlink(e, "/etc/passwd");
	assert_true(archive_write_header(p->a, e) >= ARCHIVE_WARN);
	if (bytes.n)
		assert_int_equal(archive_write_data(p->a, bytes.p, bytes.n), (long)bytes.n);
	archive_entry_free(e);
}

static void pack_file(struct pack *p, const char *name, struct str bytes)
{
	pack_entry(p, name, S_IFREG, bytes);
}

/* The bytes, which the caller frees. */
static struct str pack_end(struct pack *p)
{
	assert_int_equal(archive_write_close(p->a), ARCHIVE_OK);
	archive_write_free(p->a);
	struct str all = {p->out, *p->used};
	free(p->used);
	return all;
}

static struct str packed(const char *format, const char *name, struct str bytes)
{
	struct pack p = pack_new(format, NULL);
	pack_file(&p, name, bytes);
	return pack_end(&p);
}

static void drop(struct str s)
{
	free((void *)(uintptr_t)s.p);
}

struct result {
	struct scan_progress p;
	size_t matches, problems;
	struct buf text; /* "m SOURCE EVENT-ID" and "p NAME TEXT", one a line; names behind the folder */
};

static struct str behind(const char *dir, struct str path)
{
	return str_starts(path, str_c(dir)) ? str_sub(path, strlen(dir) + 1, path.n) : path;
}

static void note_batch(struct result *r, const struct scan_batch *b, const char *dir)
{
	for (size_t i = 0; i < b->n_matches; i++)
		buf_fmt(&r->text, "m %.*s %.*s\n", STR_ARG(behind(dir, b->matches[i].alert.source)),
			STR_ARG(b->matches[i].alert.event_id));
	for (size_t i = 0; i < b->n_problems; i++) {
		r->problems += !b->problems[i].note;
		buf_fmt(&r->text, "%c %.*s %s\n", b->problems[i].skip ? 's' : b->problems[i].note ? 'n' : 'p',
			STR_ARG(behind(dir, str_c(b->problems[i].err.file))), b->problems[i].err.text);
	}
	r->matches += b->n_matches;
}

/* The file by its name; with `stop` the scan is asked to end as soon as it began. */
static struct result scan_file(const char *name, struct str bytes, bool stop)
{
	char dir[] = "/tmp/s3triage-packed-XXXXXX", cmd[80];
	struct err err = {0};
	struct result r = {0};
	struct rule *rule = rule_builtin();
	assert_non_null(mkdtemp(dir));
	AUTO(mem_free_ptr) char *path = file_join(dir, name);
	assert_true(file_write(path, bytes, FILE_REPLACE, &err));
	const char *paths[] = {path};
	struct scan_options o = {.rule = rule, .paths = paths, .n_paths = 1, .since = WHEN_NONE,
		.until = WHEN_NONE, .threads = 2};
	struct scan *s = scan_start(&o, &err);
	struct scan_batch b;
	if (stop)
		scan_stop(s);
	while (scan_wait(s))
		while (scan_take(s, &b)) {
			note_batch(&r, &b, dir);
			arena_fini(&b.mem);
		}
	scan_progress(s, &r.p);
	scan_free(s);
	rule_free(rule);
	snprintf(cmd, sizeof(cmd), "rm -rf '%s'", dir);
	assert_int_equal(system(cmd), 0);
	return r;
}

static struct result scan(const char *name, struct str bytes)
{
	return scan_file(name, bytes, false);
}

static void expect(const struct result *r, const char *text)
{
	if (!r->text.p || !strstr(r->text.p, text))
		fail_msg("\"%s\" is not in:\n%s", text, r->text.p ? r->text.p : "");
}

static void expect_counts(const struct result *r, size_t matches, size_t problems)
{
	if (r->matches != matches || r->problems != problems)
		fail_msg("%zu matches and %zu problems, not %zu and %zu:\n%s", r->matches, r->problems, matches,
			problems, r->text.p ? r->text.p : "");
}

static void result_fini(struct result *r)
{
	buf_fini(&r->text);
}

static void reads_each_packing_by_content(void **state)
{
	static const struct {
		const char *format, *source;
	} rows[] = {
		{"raw+gzip", "x:3"}, {"raw+bzip2", "x:3"}, {"raw+xz", "x:3"}, {"raw+zstd", "x:3"}, {"raw+lz4", "x:3"},
		{"raw+lzip", "x:3"}, {"raw+lzma", "x:3"}, {"raw+compress", "x:3"}, {"zip", "x:in/e.json:3"}, {"7zip", "x:in/e.json:3"},
		{"ustar", "x:in/e.json:3"}, {"v7tar", "x:in/e.json:3"}, {"pax", "x:in/e.json:3"},
		{"gnutar+gzip", "x:in/e.json:3"}, {"ustar+zstd", "x:in/e.json:3"}, {"ustar+xz", "x:in/e.json:3"},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		AUTO(buf_fini) struct buf text = events(1, 3);
		struct str file = packed(rows[i].format, "in/e.json", buf_str(&text));
		char want[80];
		struct result r = scan("x", file);
		snprintf(want, sizeof(want), "m %s e-3\n", rows[i].source);
		expect(&r, want);
		expect_counts(&r, 3, 0);
		assert_int_equal(r.p.files_done, 1);
		assert_int_equal(r.p.bytes, file.n);
		assert_int_equal(r.p.bytes_done, file.n);
		result_fini(&r);
		drop(file);
	}
}

static void reads_what_is_packed_in_each_other(void **state)
{
	(void)state;
	AUTO(buf_fini) struct buf text = events(1, 2);
	struct str gz = packed("raw+gzip", "", buf_str(&text)), gzgz = packed("raw+gzip", "", gz),
		   tgz = packed("ustar+gzip", "a/log.json.gz", gz), seven = packed("7zip", "s.json", gzgz);
	struct pack p = pack_new("zip", NULL);
	pack_entry(&p, "a/", S_IFDIR, STR(""));
	pack_file(&p, "AWSLogs/1.json.gz", gz);
	pack_file(&p, "all.tgz", tgz);
	pack_file(&p, "seven", seven);
	struct str zip = pack_end(&p);
	struct result r = scan("evidence.zip", zip);
	expect(&r, "m evidence.zip:AWSLogs/1.json.gz:2 e-2\n");
	expect(&r, "m evidence.zip:all.tgz:a/log.json.gz:1 e-1\n");
	expect(&r, "m evidence.zip:seven:s.json:2 e-2\n");
	expect_counts(&r, 6, 0);
	result_fini(&r);
	struct str deep = gz;
	for (int i = 0; i < 12; i++) {
		struct str in = deep;
		deep = packed("raw+gzip", "", in);
		if (i)
			drop(in);
	}
	r = scan("deep", deep);
	expect(&r, "p deep is packed more than 8 times over, and was not unpacked further\n");
	expect_counts(&r, 0, 1);
	result_fini(&r);
	struct str *const all[] = {&gz, &gzgz, &tgz, &seven, &zip, &deep};
	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		drop(*all[i]);
}

static void an_archive_is_read_as_a_folder_is(void **state)
{
	(void)state;
	AUTO(buf_fini) struct buf text = events(1, 1);
	struct pack p = pack_new("pax", NULL);
	pack_entry(&p, "./logs", S_IFDIR, STR(""));
	pack_file(&p, "./logs/a.txt", buf_str(&text));
	pack_file(&p, "./logs/notes.md", STR("# Notes\n"));
	pack_file(&p, "./logs/empty.json", STR(""));
	pack_file(&p, "./logs/bad.json", STR("hello\n"));
	pack_file(&p, "./logs/t.parquet", STR("PAR1....PAR1"));
	pack_file(&p, "./logs/.hidden.json", buf_str(&text));
	pack_file(&p, "./.cache/in.json", buf_str(&text));
	pack_file(&p, "./__MACOSX/._a.json", STR("\0\5\x16\7"));
	pack_entry(&p, "./logs/link.json", S_IFLNK, STR(""));
	pack_entry(&p, "./logs/device.json", S_IFCHR, STR(""));
	pack_file(&p, "../../tmp/up.json", buf_str(&text));
	pack_file(&p, "/abs.json", buf_str(&text));
	pack_file(&p, "a\033[31mred\n.json", buf_str(&text));
	pack_file(&p, "caf\xE9.json", buf_str(&text));
	struct str tar = pack_end(&p);
	struct result r = scan("t.tar", tar);
	expect(&r, "m t.tar:./logs/a.txt:1 e-1\n");
	expect(&r, "m t.tar:../../tmp/up.json:1 e-1\n");
	expect(&r, "m t.tar:/abs.json:1 e-1\n");
	expect(&r, "m t.tar:a<U+001B>[31mred<U+000A>.json:1 e-1\n");
	expect(&r, "m t.tar:caf<E9>.json:1 e-1\n");
	expect(&r, "n t.tar:./logs/empty.json is empty\n");
	expect(&r, "p t.tar:./logs/bad.json is no JSON\n");
	expect(&r, "p t.tar:./logs/t.parquet is a Parquet file, which is not read; turn it into JSON first: ");
	expect(&r, "m t.tar:./.cache/in.json:1 e-1\n");
	expect_counts(&r, 6, 2);
	expect(&r, "s t.tar:./logs/notes.md is no JSON\n");
	expect(&r, "s t.tar:./logs/.hidden.json has a name that begins with a dot: left out\n");
	expect(&r, "s t.tar:./logs/link.json is a link or device within an archive: it is not followed\n");
	assert_int_equal(r.p.skipped, 5);
	result_fini(&r);
	drop(tar);
}

static void tells_what_cannot_be_unpacked(void **state)
{
	(void)state;
	AUTO(buf_fini) struct buf text = events(1, 1);
	struct pack p = pack_new("zip", "zip:encryption=zipcrypt");
	pack_file(&p, "secret.json", buf_str(&text));
	struct str zip = pack_end(&p);
	struct result r = scan("e.zip", zip);
	expect(&r, "p e.zip:secret.json is encrypted and was not read; unpack the archive with its password\n");
	expect_counts(&r, 0, 1);
	result_fini(&r);
	drop(zip);
	zip = packed("zip", "notes.txt", STR("hello"));
	r = scan("n.zip", zip);
	expect(&r, "s n.zip:notes.txt is no JSON\n");
	expect(&r, "p n.zip is an archive of 1 file, none of which holds JSON\n");
	result_fini(&r);
	drop(zip);
	p = pack_new("zip", NULL);
	zip = pack_end(&p);
	r = scan("0.zip", zip);
	expect(&r, "n 0.zip is an archive with no file in it\n");
	expect_counts(&r, 0, 0);
	result_fini(&r);
	drop(zip);
}

/* Of what is cut or damaged the rest is read, and what is missing is told by name. */
static void reads_the_rest_of_damaged_archives(void **state)
{
	(void)state;
	AUTO(buf_fini) struct buf text = events(1, 400), one = events(1, 1);
	struct pack p = pack_new("zip", "zip:compression=store");
	pack_file(&p, "a.json", buf_str(&one));
	pack_file(&p, "b.json", buf_str(&text));
	struct str zip = pack_end(&p);
	struct result r = scan("cut.zip", str_sub(zip, 0, zip.n * 3 / 4));
	expect(&r, "m cut.zip:a.json:1 e-1\n");
	expect(&r, "m cut.zip:b.json:200 e-200\n");
	expect(&r, "p cut.zip:b.json is damaged or cut: ");
	expect_counts(&r, r.matches, 1);
	result_fini(&r);
	char *table = memmem(zip.p, zip.n, "PK\1\2", 4);
	r = scan("less.zip", str_sub(zip, 0, (size_t)(table - zip.p) + 20));
	expect(&r, "p less.zip has no table of its files at its end, or a damaged one: ");
	expect_counts(&r, 401, 1);
	result_fini(&r);
	table[3] = 7;
	r = scan("table.zip", zip);
	expect(&r, "p table.zip has no table of its files at its end, or a damaged one: ");
	expect_counts(&r, 401, 1);
	result_fini(&r);
	table[3] = 2;
	char *b = strstr(zip.p + 200, "e-1\"");
	b[2] = '7'; /* not as it was packed */
	r = scan("bad.zip", zip);
	expect(&r, "p bad.zip:a.json is damaged or cut: ");
	expect_counts(&r, 401, 1);
	result_fini(&r);
	drop(zip);
	struct str bz = packed("raw+bzip2", "", buf_str(&text));
	AUTO(buf_fini) struct buf more = {0};
	buf_add(&more, bz);
	buf_c(&more, "JUNK");
	r = scan("junk.bz2", buf_str(&more));
	expect(&r, "p junk.bz2 bytes that are no bzip2 follow at byte ");
	expect_counts(&r, 400, 1);
	result_fini(&r);
	drop(bz);
	p = pack_new("ustar", NULL);
	pack_file(&p, "a.json", buf_str(&one));
	pack_file(&p, "b.json", buf_str(&one));
	struct str tar = pack_end(&p);
	size_t half = 512 + (one.n + 511) / 512 * 512;
	r = scan("half.tar", str_sub(tar, 0, half));
	expect(&r, "p half.tar does not end as a tar archive does: it may be cut, ");
	expect_counts(&r, 1, 1);
	result_fini(&r);
	drop(tar);
}

/* Text of ASCII and U+1F600 (given as ~) in units of so many bytes. */
static void widen(struct buf *out, struct str text, size_t size, bool big)
{
	for (size_t i = 0; i < text.n; i++) {
		uint32_t units[2] = {(unsigned char)text.p[i]};
		size_t n = 1;
		if (text.p[i] == '~' && size == 4)
			units[0] = 0x1F600;
		else if (text.p[i] == '~')
			units[n++ - 1] = 0xD83D, units[1] = 0xDE00;
		for (size_t u = 0; u < n; u++)
			for (size_t k = 0; k < size; k++)
				buf_char(out, (char)(units[u] >> 8 * (big ? size - 1 - k : k) & 0xFF));
	}
}

static void reads_utf16_and_utf32(void **state)
{
	(void)state;
	AUTO(buf_fini) struct buf text = events(1, 2000);
	for (size_t i = 0; i < text.n; i++) /* of every user name */
		if (strncmp(text.p + i, "ann\"", 4) == 0)
			text.p[i] = '~';
	for (int form = 0; form < 16; form++) {
		static const char *const marks[2][2] = {{"\xFF\xFE", "\xFE\xFF"}, {"\xFF\xFE\0", "\0\0\xFE\xFF"}};
		AUTO(buf_fini) struct buf wide = {0};
		size_t size = form & 1 ? 4 : 2;
		bool big = form & 2;
		if (form & 4)
			buf_add(&wide, (struct str){marks[size == 4][big], size});
		widen(&wide, buf_str(&text), size, big);
		struct str file = form & 8 ? packed("raw+zstd", "", buf_str(&wide)) : buf_str(&wide);
		struct result r = scan("w", file);
		expect(&r, "m w:1 e-1\n");
		expect(&r, "m w:2000 e-2000\n");
		expect_counts(&r, 2000, 0);
		result_fini(&r);
		if (form & 8)
			drop(file);
	}
}

static void tells_what_is_no_character(void **state)
{
	(void)state;
	AUTO(buf_fini) struct buf text = events(1, 3), wide = {0};
	widen(&wide, buf_str(&text), 2, false);
	size_t second = (size_t)(strchr(text.p, '\n') - text.p), name = (size_t)(strstr(text.p + second, "ann") - text.p);
	wide.p[2 * name + 1] = (char)0xD8;
	buf_char(&wide, '{');
	struct result r = scan("w", buf_str(&wide));
	expect(&r, "p w 1 bytes or escapes that are no valid text, read as U+FFFD\n");
	expect(&r, "p w the UTF-16 text ends in the middle of a character\n");
	expect_counts(&r, 3, 2);
	result_fini(&r);
}

/* 64 MiB of blanks shrink to nothing: 24 times that is more than one small file may hold. */
static void stops_at_a_bomb(void **state)
{
	(void)state;
	struct buf blanks = {0};
	size_t n = 64 << 20;
	memset(buf_room(&blanks, n), ' ', n);
	blanks.n = n;
	blanks.p[0] = '[';
	blanks.p[1] = '{';
	struct pack p = pack_new("zip", NULL);
	struct str one = packed("raw+gzip", "", buf_str(&blanks));
	for (int i = 0; i < 24; i++)
		pack_file(&p, "a.json.gz", one);
	struct str zip = pack_end(&p);
	struct result r = scan("bomb.zip", zip);
	expect(&r, "p bomb.zip:a.json.gz is or holds a bomb: more than 1 GiB and 200 times the size of the file came out of it (");
	char *told = strstr(r.text.p, "bomb: ");
	assert_null(strstr(told + 1, "bomb: "));
	expect_counts(&r, 0, 17); /* before it 16 records of 64 MiB, each too long */
	result_fini(&r);
	r = scan_file("bomb.zip", zip, true); /* and ends at once, without a word on what it did not read */
	assert_true(r.p.stopped && r.problems <= 1);
	result_fini(&r);
	drop(zip);
	drop(one);
	buf_fini(&blanks);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_each_packing_by_content),
		cmocka_unit_test(reads_what_is_packed_in_each_other),
		cmocka_unit_test(an_archive_is_read_as_a_folder_is),
		cmocka_unit_test(tells_what_cannot_be_unpacked),
		cmocka_unit_test(reads_the_rest_of_damaged_archives),
		cmocka_unit_test(reads_utf16_and_utf32),
		cmocka_unit_test(tells_what_is_no_character),
		cmocka_unit_test(stops_at_a_bomb),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
