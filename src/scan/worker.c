/*
 * worker: one thread that takes jobs: tells what kind of file it has, splits a large NDJSON file
 * into parts for the other workers too, and hands the bytes to the records' reader.
 */
#include "scan_priv.h"

#include "skip.h"
#include "split.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { LOOK = 64 << 10, BIG_LEAST_PARTS = 4 };

struct worker {
	struct scan *s;
	struct input in;
	struct reader r;
};

/* "{" and a key or "}"; "[" and an element that is no word, as a TOML table's name would be. */
static bool begins_json(struct str s)
{
	s = str_trim(s);
	if (s.n == 0 || (s.p[0] != '{' && s.p[0] != '['))
		return false;
	struct str rest = str_trim(str_sub(s, 1, s.n));
	return rest.n && strchr(s.p[0] == '{' ? "\"}" : "{[]\"", rest.p[0]);
}

/* The text begins as JSON does, or one of its first lines does: then a broken one came before. */
static bool has_json(const struct feed *f)
{
	struct str rest = {f->buf, f->end < LOOK ? f->end : LOOK};
	if (str_starts(rest, STR("\xEF\xBB\xBF")))
		rest = str_sub(rest, 3, rest.n);
	if (begins_json(rest))
		return true;
	while (rest.n) {
		struct str line = str_cut(&rest, '\n');
		if (str_starts(line, STR("{\"")) || str_starts(line, STR("[{")))
			return true;
	}
	return false;
}

static bool blank(const struct feed *f)
{
	return f->eof && str_trim((struct str){f->buf, f->end}).n == 0;
}

static bool json_name(const char *path)
{
	static const char *const ends[] = {".json", ".ndjson", ".jsonl", ".json.gz", ".ndjson.gz",
		".jsonl.gz"};
	for (size_t i = 0; i < ARRAY_LEN(ends); i++)
		if (str_ends(str_c(path), str_c(ends[i])))
			return true;
	return false;
}

static bool utf16(const struct feed *f)
{
	return f->end >= 2 && (memcmp(f->buf, "\xFF\xFE", 2) == 0 || memcmp(f->buf, "\xFE\xFF", 2) == 0);
}

/* The user named it or its name promises JSON; in a folder other files are only counted. */
static bool worker_expected(const struct job *job)
{
	return job->named || json_name(job->path);
}

/* What a file is that somebody named and that holds no records. */
static const char *what_it_is(const struct feed *f, const char *path)
{
	static const struct {
		struct str begins;
		const char *is;
	} kinds[] = {
		{STR_INIT("\x28\xB5\x2F\xFD"), "is packed with zstd, which is not read (unpack it: zstd -d)"},
		{STR_INIT("BZh"), "is packed with bzip2, which is not read (unpack it: bunzip2)"},
		{STR_INIT("\xFD\x37zXZ"), "is packed with xz, which is not read (unpack it: unxz)"},
		{STR_INIT("PK\x03\x04"), "is a ZIP archive, which is not read (unpack it: unzip)"},
	};
	struct str text = {f->buf, f->end};
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (str_starts(text, kinds[i].begins))
			return kinds[i].is;
	AUTO(json_free_ptr) struct json *v = f->eof ? json_parse(str_trim(text), NULL) : NULL;
	if (v)
		return "is JSON, but of no shape that holds events";
	return path && str_ends(str_c(path), STR(".csv")) ? "is a CSV file; events are read as JSON" : "is no JSON";
}

static void not_json(struct worker *w, const struct job *job)
{
	struct err err = {0};
	w->r.tally.skipped++;
	if (utf16(&w->in.feed))
		err_set(&err, ERR_PARSE, "is UTF-16 text; UTF-8 is read (iconv -f UTF-16 -t UTF-8)");
	else if (worker_expected(job))
		err_set(&err, ERR_PARSE, "%s", what_it_is(&w->in.feed, job->path));
	if (err.code)
		reader_problem(&w->r, &err, 0, 0);
}

static void tell_blank(struct worker *w, const struct job *job)
{
	struct err err = {0};
	if (!worker_expected(job) || w->in.failed || scan_stopping(w->s))
		return;
	err_set(&err, ERR_NONE, "is empty");
	reader_note(&w->r, &err);
}

static bool no_stop(void *ctx)
{
	(void)ctx;
	return false;
}

/* The line is one object, no wrapper of many records. */
static bool plain_line(struct str line)
{
	static const char *const wrappers[] = {"{\"Records\"", "{\"Events\"", "{\"NextToken\"",
		"{\"took\"", "{\"hits\"", "{\"timed_out\"", "{\"id\"", "{\"is_partial\"", "{\"response"};
	struct split_sink sink = {.stop = no_stop};
	struct feed f;
	struct walker walker = {.f = &f, .sink = &sink};
	line = str_trim(line);
	for (size_t i = 0; i < ARRAY_LEN(wrappers); i++)
		if (str_starts(line, str_c(wrappers[i])))
			return false;
	feed_memory(&f, line);
	return line.n && line.p[0] == '{' && skip_value(&walker) && f.pos == f.end;
}

static bool is_big_ndjson(const struct worker *w)
{
	const struct feed *f = &w->in.feed;
	struct str rest = {f->buf, f->end};
	if (w->s->workers == 1 || !w->in.regular || w->in.packed ||
		w->in.size < BIG_LEAST_PARTS * SCAN_PART)
		return false;
	struct str one = str_cut(&rest, '\n'), two = str_cut(&rest, '\n');
	return rest.p && plain_line(one) && plain_line(two);
}

static bool names_kibana(const struct feed *f)
{
	return str_find((struct str){f->buf, f->end < LOOK ? f->end : LOOK}, STR("\"kibana")) != STR_NONE;
}

static void choose_needles(struct worker *w, bool kibana)
{
	w->r.needles = w->s->needles;
	if (kibana)
		needles_add_kibana(&w->r.needles);
}

/* Newlines in the part, once it was read. */
static unsigned long part_lines(struct feed *f, unsigned long long until)
{
	while (f->base + f->end < until && feed_more(f) == FEED_MORE)
		f->pos = f->end;
	unsigned long long end = f->base + f->end;
	if (f->mark != ~0ull)
		return feed_lines(f, end < until ? end : until);
	return f->mark_lines;
}

static void tell_changed(struct worker *w, const struct input *in)
{
	struct err err = {0};
	if (scan_stopping(w->s) || !input_changed(in))
		return;
	err_set(&err, ERR_IO, "the file changed while it was read: what was read may be wrong or not all");
	reader_problem(&w->r, &err, 0, 0);
}

static void end_part(struct worker *w, const struct job *job, struct part *p)
{
	struct big *b = job->big;
	if (w->in.failed && !scan_stopping(w->s))
		reader_problem(&w->r, &w->in.err, 0, w->in.err_at);
	reader_flush(&w->r, true);
	p->tally = w->r.tally;
	w->r.tally = (struct tally){0};
	if (!scan_part_done(w->s, job, p))
		return;
	struct job whole = {.path = b->path, .named = true};
	w->r.job = &whole;
	reader_more_problems(&w->r, b->problems - b->told);
	tell_changed(w, &b->whole);
	reader_flush(&w->r, true);
	w->r.job = job;
}

/* Lines that begin in (from, until] belong to a part, and the first line to the first part. */
static void read_part(struct worker *w, const struct job *job)
{
	struct err err = {0};
	struct part p = job->range;
	struct feed *f = &w->in.feed;
	if (!input_open_part(&w->in, &job->big->whole, p.from, p.until, &err)) {
		reader_problem(&w->r, &err, 0, 0);
	} else {
		f->mark = p.until ? p.until : ~0ull;
		choose_needles(w, job->big->kibana);
		if (p.exact || feed_skip_line(f, p.until))
			p.over = reader_feed(&w->r, f, p.until);
		p.lines = p.over ? feed_lines(f, p.over) : part_lines(f, p.until);
	}
	end_part(w, job, &p);
}

static void finish_file(struct worker *w)
{
	struct input *in = &w->in;
	if (in->failed && !scan_stopping(w->s))
		reader_problem(&w->r, &in->err, 0, in->err_at);
	if (w->r.problems > SCAN_PROBLEMS_MAX)
		reader_more_problems(&w->r, w->r.problems - SCAN_PROBLEMS_MAX);
	tell_changed(w, in);
	scan_count(&w->s->count.files_done, 1);
}

static void worker_read_file(struct worker *w, const struct job *job)
{
	struct err err = {0};
	if (!job->path) {
		input_text(&w->in, w->s->options.demo);
		scan_count(&w->s->count.bytes_done, job->size);
	} else if (!input_open(&w->in, job->path, &err)) {
		reader_problem(&w->r, &err, 0, 0);
		finish_file(w);
		return;
	}
	struct feed *f = &w->in.feed;
	while (f->end < LOOK && !has_json(f) && feed_more(f) == FEED_MORE)
		;
	if (blank(f)) {
		tell_blank(w, job);
	} else if (!has_json(f)) {
		not_json(w, job);
	} else if (job->path && is_big_ndjson(w)) {
		atomic_fetch_sub_explicit(&w->s->count.bytes_done, w->in.at, memory_order_relaxed);
		scan_add_big(w->s, job->path, &w->in, names_kibana(f));
		return;
	} else {
		choose_needles(w, w->s->have_needles && names_kibana(f));
		reader_feed(&w->r, f, 0);
	}
	finish_file(w);
}

static void run_job(struct worker *w, const struct job *job)
{
	if (job->big)
		reader_flush(&w->r, true);
	w->r.job = job;
	w->r.problems = 0;
	const char *path = job->big ? job->big->path : job->path ? job->path : "demo";
	w->r.path = str_c(path);
	w->r.origin = job->big || job->path ? STR("") : STR(":demo");
	if (job->big)
		read_part(w, job);
	else
		worker_read_file(w, job);
	input_close(&w->in);
	reader_flush(&w->r, scan_starved(w->s));
	w->r.job = NULL;
}

void scan_end_lint(struct scan *s, struct field_lint *mine)
{
	if (!mine)
		return;
	pthread_mutex_lock(&s->lock);
	field_lint_merge(s->lint, mine);
	pthread_mutex_unlock(&s->lock);
	field_lint_free(mine);
}

/* The thread that answers keys comes first where processors are short. */
static void give_way(const struct scan *s)
{
	enum { NICER = 10 };
	if (s->options.background)
		setpriority(PRIO_PROCESS, (id_t)gettid(), NICER);
}

/* Nothing comes: what was found is not held back, and a source that says nothing at all is named. */
static void worker_idle(void *ctx, unsigned waits)
{
	enum { LONG = 40 }; /* two seconds */
	struct worker *w = ctx;
	struct err err = {0};
	if (waits == LONG && !w->in.at) {
		err_set(&err, ERR_NONE, "nothing has come yet; waiting for its first bytes");
		reader_note(&w->r, &err);
	}
	reader_flush(&w->r, true);
}

void *scan_worker(void *arg)
{
	struct scan *s = arg;
	struct worker w = {.s = s, .r = {.s = s}};
	struct job job;
	give_way(s);
	input_init(&w.in, &s->count.bytes_done, &s->stop);
	w.in.idle = worker_idle;
	w.in.idle_ctx = &w;
	if (s->options.rule) {
		w.r.run = rule_run_new(s->options.rule);
		w.r.lint = field_lint_new(s->options.rule);
	}
	while (scan_next_job(s, &job, false) || (reader_flush(&w.r, true), scan_next_job(s, &job, true))) {
		run_job(&w, &job);
		free(job.path);
	}
	reader_flush(&w.r, true);
	rule_run_free(w.r.run);
	scan_end_lint(s, w.r.lint);
	arena_fini(&w.r.trees);
	input_fini(&w.in);
	scan_thread_ends(s);
	return NULL;
}
