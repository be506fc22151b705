/*
 * worker: one thread that takes jobs: tells what kind of file it has, splits a large NDJSON file
 * into parts for the other workers too, and hands the bytes to the records' reader.
 */
#include "scan_priv.h"

#include "dress.h"
#include "look.h"
#include "packed.h"
#include "rows.h"
#include "skip.h"
#include "split.h"
#include "wide.h"

#include "s3triage/base/mem.h"

#include "s3triage/event/table.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { LOOK = 64 << 10, BIG_LEAST_PARTS = 4, PACKED_DEEP = 8 };

struct worker {
	struct scan *s;
	struct input in;
	struct input *inner[PACKED_DEEP]; /* of what is packed in it; made when they are needed */
	struct reader r;
};

static bool has_json(const struct feed *f, bool named)
{
	return look_has_json((struct str){f->buf, f->end < LOOK ? f->end : LOOK}, named);
}

static bool blank(const struct feed *f)
{
	return f->eof && str_trim((struct str){f->buf, f->end}).n == 0;
}

static bool no_stop(void *ctx)
{
	(void)ctx;
	return false;
}

static bool is_object_line(struct str line)
{
	struct split_sink sink = {.stop = no_stop};
	struct feed f;
	struct walker walker = {.f = &f, .sink = &sink};
	line = str_trim(line);
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
	return rest.p && is_object_line(one) && is_object_line(two);
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
	struct job whole = {.path = b->path, .named = true, .seq = b->seq};
	w->r.job = &whole;
	reader_more_problems(&w->r, b->problems - b->told);
	tell_changed(w, &b->whole);
	reader_flush(&w->r, true);
	w->r.job = job;
	scan_job_done(w->s, b->seq);
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

/* What is wrong with a text as a whole, behind what is wrong with its records. */
static void end_text(struct worker *w, const struct err *err, unsigned long long at)
{
	reader_tell_absent(&w->r);
	if (err->code && !scan_stopping(w->s))
		reader_problem(&w->r, err, 0, at);
	if (w->r.problems > SCAN_PROBLEMS_MAX)
		reader_more_problems(&w->r, w->r.problems - SCAN_PROBLEMS_MAX);
}

static void finish_file(struct worker *w)
{
	struct input *in = &w->in;
	end_text(w, &in->err, in->err_at);
	tell_changed(w, in);
	input_count_rest(in);
	scan_count(&w->s->count.files_done, 1);
}

/* A text on its way: of a file, or of what is packed in it, so many times over. */
struct text {
	const struct job *job;
	struct input *in;
	unsigned deep;
};

/* Enough of the text to tell what it is. */
static enum packing look_at(struct feed *f, bool named)
{
	struct str begin = {f->buf, f->end};
	while (f->end < MAGIC_LOOK && !look_begins_json(begin) && feed_more(f) == FEED_MORE)
		begin = (struct str){f->buf, f->end};
	enum packing packing = packing_of((struct str){f->buf, f->end});
	while (!packing && f->end < LOOK && !has_json(f, named) && feed_more(f) == FEED_MORE)
		;
	return packing;
}

static bool read_packed(struct worker *w, const struct text *t, enum packing packing);

static bool read_inner(struct worker *w, const struct text *t, struct feed *below, unsigned long long size);

/* False: nothing is around the text's lines. */
static bool read_dressed(struct worker *w, const struct text *t, bool *json)
{
	struct feed *f = &t->in->feed;
	struct dress dress;
	bool begins = look_begins_json((struct str){f->buf, f->end});
	if (t->deep >= PACKED_DEEP || !dress_open(&dress, f, begins))
		return false;
	*json = read_inner(w, t, &dress.feed, 0);
	dress_close(&dress);
	return true;
}

static bool table_name(const struct job *job)
{
	struct str path = str_c(job->path);
	return str_find_fold(path, STR(".csv")) != STR_NONE || str_find_fold(path, STR(".tsv")) != STR_NONE;
}

/* False when it holds neither JSON nor a table. */
static bool read_text(struct worker *w, const struct text *t)
{
	struct feed *f = &t->in->feed;
	bool named = job_expects(t->job);
	enum packing packing = look_at(f, named);
	if (packing)
		return read_packed(w, t, packing);
	if (blank(f)) {
		if (!t->in->failed && !scan_stopping(w->s))
			reader_tell_blank(&w->r, t->job);
		return false;
	}
	bool inner;
	if (read_dressed(w, t, &inner))
		return inner;
	/* Lines of a table can begin as JSON does. */
	bool table = rows_begin(f) || (table_name(t->job) && rows_alike(f)), json = !table && has_json(f, named);
	if (table || (!json && named && rows_alike(f))) {
		rows_read(&w->r, f);
		return true;
	}
	if (!json) {
		reader_tell_not_json(&w->r, t->job, f);
		return false;
	}
	choose_needles(w, w->s->have_needles && names_kibana(f));
	reader_feed(&w->r, f, 0);
	return true;
}

/* One text that comes out of `below`; size: what it says it has, or 0. */
static bool read_inner(struct worker *w, const struct text *t, struct feed *below, unsigned long long size)
{
	struct input *in = w->inner[t->deep];
	if (!in) {
		in = w->inner[t->deep] = mem_alloc(sizeof(*in));
		input_init(in, NULL, &w->s->stop);
	}
	input_open_inner(in, t->in, below, size);
	bool json = read_text(w, &(struct text){t->job, in, t->deep + 1});
	if (in->err.code && !scan_stopping(w->s))
		reader_problem(&w->r, &in->err, 0, in->err_at);
	input_close(in);
	return json;
}

/* A file within an archive is told, counted and left out as one within a folder. False when it holds
 * no JSON and nothing was said of it. */
static bool read_packed_file(struct worker *w, const struct text *t, struct packed *p, enum packed_entry kind)
{
	AUTO(buf_fini) struct buf path = {0};
	struct err err = {0};
	struct reader before = w->r;
	buf_fmt(&path, "%s:%.*s", t->job->path, STR_ARG(packed_name(p)));
	struct job job = {.path = (char *)(uintptr_t)buf_cstr(&path)};
	w->r.job = &job;
	w->r.path = buf_str(&path);
	w->r.problems = w->r.left_out = 0;
	bool json = kind == PACKED_TEXT &&
		read_inner(w, &(struct text){&job, t->in, t->deep}, packed_feed(p), packed_size(p));
	if (kind == PACKED_HIDDEN)
		reader_skip(&w->r, SKIP_HIDDEN, 0, "has a name that begins with a dot: left out");
	if (kind == PACKED_SPECIAL)
		reader_skip(&w->r, SKIP_SPECIAL, 0, "is a link or device within an archive: it is not followed");
	if (kind == PACKED_ENCRYPTED)
		err_set(&err, ERR_INPUT, "is encrypted and was not read; unpack the archive with its password");
	else
		err = *packed_err(p);
	end_text(w, &err, 0);
	bool told = w->r.problems;
	w->r.job = before.job;
	w->r.path = before.path;
	w->r.problems = before.problems;
	w->r.left_out = before.left_out;
	return json || told;
}

static void tell_packed(struct worker *w, const struct packed *p)
{
	if (packed_err(p)->code && !scan_stopping(w->s))
		reader_problem(&w->r, packed_err(p), 0, 0);
}

/* How the archive ended, and that it held nothing for us where somebody thought it did. */
static void end_packed(struct worker *w, const struct text *t, const struct packed *p, bool json)
{
	struct err err = {0};
	unsigned long long n = packed_count(p);
	tell_packed(w, p);
	if (packed_err(p)->code || t->in->failed || scan_stopping(w->s))
		return;
	if (n == 0) {
		err_set(&err, ERR_NONE, "is an archive with no file in it");
		reader_note(&w->r, &err);
	} else if (!json && packed_name(p).n && job_expects(t->job)) {
		err_set(&err, ERR_PARSE, "is an archive of %llu file%s, none of which holds JSON", n,
			n == 1 ? "" : "s");
		reader_problem(&w->r, &err, 0, 0);
	}
}

static bool read_packed_files(struct worker *w, const struct text *t, struct packed *p)
{
	enum packed_entry kind;
	bool json = false;
	while (!scan_stopping(w->s) && (kind = packed_next(p)) != PACKED_END) {
		if (packed_name(p).n) {
			json |= read_packed_file(w, t, p, kind);
		} else {
			json |= read_inner(w, t, packed_feed(p), 0);
			tell_packed(w, p);
		}
	}
	end_packed(w, t, p, json);
	return json;
}

static bool read_wide(struct worker *w, const struct text *t, enum packing packing)
{
	struct wide wide;
	wide_open(&wide, packing, &t->in->feed);
	bool json = read_inner(w, t, &wide.feed, 0);
	if (wide.err.code && !scan_stopping(w->s))
		reader_problem(&w->r, &wide.err, 0, 0);
	wide_close(&wide);
	return json;
}

static bool read_packed(struct worker *w, const struct text *t, enum packing packing)
{
	struct err err = {0};
	struct packed *p = NULL;
	bool json = false;
	if (t->deep >= PACKED_DEEP)
		err_set(&err, ERR_LIMIT, "is packed more than %d times over, and was not unpacked further",
			PACKED_DEEP);
	else if (packing == PACKING_GZIP)
		return read_inner(w, t, &t->in->feed, 0);
	else if (packing >= PACKING_UTF16LE)
		return read_wide(w, t, packing);
	else if ((p = packed_open(packing, t->in, &err)))
		json = read_packed_files(w, t, p);
	if (p)
		packed_close(p);
	if (err.code)
		reader_problem(&w->r, &err, 0, 0);
	return json;
}

/* False: it is large, and its parts are jobs. */
static bool worker_read_file(struct worker *w, const struct job *job)
{
	struct err err = {0};
	struct feed *f = &w->in.feed;
	if (!job->path) {
		input_text(&w->in, w->s->options.demo);
		scan_count(&w->s->count.bytes_done, job->size);
	} else if (!input_open(&w->in, job->path, &err)) {
		reader_problem(&w->r, &err, 0, 0);
		finish_file(w);
		return true;
	}
	bool named = job_expects(job);
	if (job->path && !look_at(f, named) && has_json(f, named) && is_big_ndjson(w)) {
		atomic_fetch_sub_explicit(&w->s->count.bytes_done, w->in.counted, memory_order_relaxed);
		reader_flush(&w->r, true);
		scan_add_big(w->s, job, &w->in, names_kibana(f));
		return false;
	}
	read_text(w, &(struct text){job, &w->in, 0});
	finish_file(w);
	return true;
}

static void run_job(struct worker *w, const struct job *job)
{
	if (job->big)
		reader_flush(&w->r, true);
	w->r.job = job;
	table_free(w->r.table);
	w->r.table = NULL;
	w->r.problems = w->r.left_out = 0;
	const char *path = job->big ? job->big->path : job->path ? job->path : "demo";
	w->r.path = w->r.file = str_c(path);
	w->r.origin = job->big || job->path ? STR("") : STR(":demo");
	bool done = false;
	if (job->big)
		read_part(w, job);
	else
		done = worker_read_file(w, job);
	input_close(&w->in);
	reader_flush(&w->r, w->s->ordered || scan_starved(w->s));
	w->r.job = NULL;
	if (done)
		scan_job_done(w->s, job->seq);
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
	struct worker w = {.s = s, .r = {.s = s, .other = rows_of_json}};
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
	table_free(w.r.table);
	input_fini(&w.in);
	for (unsigned i = 0; i < PACKED_DEEP && w.inner[i]; i++) {
		input_fini(w.inner[i]);
		free(w.inner[i]);
	}
	scan_thread_ends(s);
	return NULL;
}
