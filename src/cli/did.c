/*
 * did: everything that the principal and the key of an alert did and that was done to its bucket. Whom
 * it is about is known when the alerts are: the sources are read once more, for these alone.
 */
#include "did.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/utf8.h"
#include "s3triage/base/when.h"
#include "s3triage/export/export_context.h"

#include <stdlib.h>
#include <string.h>

/* The sources that can be read again. */
static const char **did_again(const struct session *s, size_t *n, bool *once)
{
	const char **paths = mem_array(s->options.n_paths, sizeof(*paths));
	*n = 0;
	for (size_t i = 0; i < s->options.n_paths; i++) {
		bool in = strcmp(s->options.paths[i], "-") == 0;
		*once |= in;
		if (!in)
			paths[(*n)++] = s->options.paths[i];
	}
	return paths;
}

static void did_take(struct did *l, struct scan *scan)
{
	struct scan_batch b;
	while (scan_wait(scan))
		while (scan_take(scan, &b)) {
			for (size_t i = 0; i < b.n_deeds; i++)
				deeds_add(l->deeds, &b.deeds[i].deed, &b.deeds[i].place);
			for (size_t i = 0; i < b.n_problems; i++)
				l->problems += !b.problems[i].note;
			arena_fini(&b.mem);
		}
	scan_progress(scan, &l->progress);
}

void did_count(const struct session *s, row_id r, struct did *out)
{
	struct err err = {0};
	size_t n;
	*out = (struct did){.s = s, .row = r, .wants = deed_wants_new()};
	deed_want_alert(out->wants, store_alert(s->desk.store, r));
	out->deeds = deeds_new(out->wants);
	const char **paths = did_again(s, &n, &out->stdin_once);
	const struct scan_options o = {.paths = paths, .n_paths = n, .demo = s->options.demo, .since = WHEN_NONE,
		.until = WHEN_NONE, .threads = s->options.threads, .deeds = out->wants};
	struct scan *scan = n || o.demo.n ? scan_start(&o, &err) : NULL;
	if (scan)
		did_take(out, scan);
	scan_free(scan);
	free(paths);
}

void did_fini(struct did *l)
{
	deeds_free(l->deeds);
	deed_wants_free(l->wants);
}

static struct deed_ask did_ask(const struct did *l, uint32_t subject)
{
	const struct alert *a = store_alert(l->s->desk.store, l->row);
	struct deed_ask q = {subject, l->s->desk.rule->note, {WHEN_NONE, WHEN_NONE}};
	if (l->window_ms && a->time != WHEN_NONE)
		q.window = (struct deed_window){a->time - l->window_ms, a->time + l->window_ms};
	return q;
}

static void did_put_cell(struct str text, size_t cells, struct buf *out)
{
	AUTO(buf_fini) struct buf shown = {0};
	utf8_visible(&shown, text, false);
	struct str fit = utf8_fit(buf_str(&shown), cells);
	buf_add(out, fit);
	buf_fill(out, ' ', cells - utf8_cells(fit) + 2);
}

static void did_put_set(const char *word, const struct deed_set *set, struct buf *out)
{
	AUTO(buf_fini) struct buf words = {0};
	if (!set->n)
		return;
	deed_set_words(set, &words);
	buf_fmt(out, "  %s ", word);
	utf8_visible(out, buf_str(&words), false);
	buf_char(out, '\n');
}

static void did_put_span(const struct deed_count *c, struct buf *out)
{
	char first[WHEN_TEXT_MAX], last[WHEN_TEXT_MAX];
	if (c->first == WHEN_NONE)
		return;
	buf_fmt(out, "%s", when_format(c->first / 1000 * 1000, first));
	if (c->n > 1)
		buf_fmt(out, " to %s", when_format(c->last / 1000 * 1000, last));
}

static void did_put_line(const struct deed_line *l, bool window, struct buf *out)
{
	char n[COUNT_TEXT_MAX], of[COUNT_TEXT_MAX];
	const struct deed_count *c = &l->row->count;
	struct str service = l->row->service;
	if (str_ends(service, STR(".amazonaws.com")))
		service.n -= sizeof(".amazonaws.com") - 1;
	buf_c(out, "    ");
	did_put_cell(l->row->name, 30, out);
	did_put_cell(service, 14, out);
	buf_fmt(out, "%9s", str_count(c->n, n));
	if (window && l->within < c->n)
		buf_fmt(out, " (%s%s within)", l->least ? "at least " : "", str_count(l->within, of));
	if (c->denied)
		buf_fmt(out, ", %s denied", str_count(c->denied, n));
	if (c->failed)
		buf_fmt(out, ", %s failed", str_count(c->failed, n));
	buf_c(out, "  ");
	did_put_span(c, out);
	buf_char(out, '\n');
}

static void put_lines(const struct did *l, uint32_t subject, bool all, struct buf *out)
{
	struct arena mem = {0};
	const struct deed_ask q = did_ask(l, subject);
	size_t n;
	struct deed_line *v = deeds_lines(l->deeds, &q, &mem, &n);
	for (size_t i = 0; i < n; i++) {
		if (i == 0 || v[i].class != v[i - 1].class)
			buf_fmt(out, "  %s\n", deed_class_name(v[i].class));
		did_put_line(&v[i], q.window.from != WHEN_NONE, out);
		if (!all)
			continue;
		did_put_set("        from", &v[i].row->count.ips, out);
		did_put_set("        with", &v[i].row->count.agents, out);
		did_put_set("        in  ", &v[i].row->count.regions, out);
	}
	arena_fini(&mem);
}

/* The key of one principal did what the principal did: that is said, not listed again. */
static bool is_same(const struct did *l, const struct deed_subject *a, const struct deed_subject *b)
{
	(void)l;
	return b->kind == DEED_KEY && a->kind == DEED_PRINCIPAL && a->count.n == b->count.n &&
		a->n_rows == b->n_rows && a->count.first == b->count.first && a->count.last == b->count.last;
}

static void did_put_subject(const struct did *l, uint32_t subject, bool all, struct buf *out)
{
	char n[COUNT_TEXT_MAX];
	const struct deed_subject *s = deeds_subject(l->deeds, subject);
	buf_fmt(out, "%s ", deed_kind_name(s->kind));
	utf8_visible(out, s->text, false);
	if (subject && is_same(l, deeds_subject(l->deeds, 0), s)) {
		buf_c(out, ": the same events\n");
		return;
	}
	buf_fmt(out, ": %s event%s", str_count(s->count.n, n), plural(s->count.n));
	if (s->count.denied)
		buf_fmt(out, ", %s denied", str_count(s->count.denied, n));
	if (s->count.failed)
		buf_fmt(out, ", %s failed", str_count(s->count.failed, n));
	buf_c(out, s->count.n ? ", " : "");
	did_put_span(&s->count, out);
	buf_char(out, '\n');
	did_put_set("from", &s->count.ips, out);
	did_put_set("with", &s->count.agents, out);
	did_put_set("in", &s->count.regions, out);
	put_lines(l, subject, all, out);
	if (s->unlisted)
		buf_fmt(out, "  and %s events of calls beyond the %d that are listed\n",
			str_count(s->unlisted, n), DEEDS_SUBJECT_ROWS_MAX);
}

/* Events that are counted, and whose place is not kept. */
static void did_put_unkept(const struct did *l, uint32_t subject, struct buf *out)
{
	struct arena mem = {0};
	char n[COUNT_TEXT_MAX];
	struct deed_ask q = {.subject = subject, .window = {WHEN_NONE, WHEN_NONE}};
	size_t kept;
	uint64_t all = deeds_subject(l->deeds, subject)->count.n;
	deeds_events(l->deeds, &q, &mem, &kept);
	if (kept < all)
		buf_fmt(out, "  and of %s more, in all the time, the place is not kept: at most %d of one call\n",
			str_count(all - kept, n), DEEDS_CALL_EVENTS_MAX);
	arena_fini(&mem);
}

static void did_put_events(const struct did *l, uint32_t subject, struct buf *out)
{
	char when[WHEN_TEXT_MAX];
	struct arena mem = {0};
	const struct deed_ask q = did_ask(l, subject);
	size_t n;
	const struct deed_event **v = deeds_events(l->deeds, &q, &mem, &n);
	for (size_t i = 0; i < n; i++) {
		struct deed_place at = deeds_place(l->deeds, v[i]);
		buf_fmt(out, "  %-20s  ", v[i]->time == WHEN_NONE ? "-" : when_format(v[i]->time / 1000 * 1000, when));
		did_put_cell(deeds_row(l->deeds, v[i]->row)->name, 30, out);
		did_put_cell(v[i]->denied ? STR("denied") : v[i]->failed ? STR("failed") : STR("-"), 6, out);
		utf8_visible(out, at.path, false);
		buf_fmt(out, "@%llu\n", at.at);
	}
	did_put_unkept(l, subject, out);
	arena_fini(&mem);
}

/* What these counts are of, and what they are not. */
static void put_bounds(const struct did *l, struct buf *out)
{
	char n[COUNT_TEXT_MAX], files[COUNT_TEXT_MAX];
	buf_fmt(out, "in %s event%s of %s file%s", str_count(l->progress.events, n), plural(l->progress.events),
		str_count(l->progress.files_done, files), plural(l->progress.files_done));
	if (deeds_repeated(l->deeds))
		buf_fmt(out, "; %s came again and count once", str_count(deeds_repeated(l->deeds), n));
	if (deeds_unsure(l->deeds))
		buf_c(out, "; too many to tell copies apart: some may count twice");
	if (l->stdin_once)
		buf_c(out, "; standard input cannot be read again and is not in here");
	if (l->s->options.n_profiles)
		buf_fmt(out, "; %zu cluster%s not asked for these", l->s->options.n_profiles,
			l->s->options.n_profiles == 1 ? " was" : "s were");
	if (l->problems)
		buf_fmt(out, "; %zu problem%s in reading", l->problems, plural(l->problems));
	buf_char(out, '\n');
}

static void put_shown(const struct did *l, const struct timeline *shown, struct buf *out)
{
	char n[COUNT_TEXT_MAX], of[COUNT_TEXT_MAX];
	const struct deed_subject *s = deeds_subject(l->deeds, 0);
	size_t mine = 0;
	for (size_t i = 0; i < shown->n; i++)
		mine += shown->entries[i].same_principal;
	if (s && s->kind == DEED_PRINCIPAL && mine < s->count.n)
		buf_fmt(out, "%s of %s events of the principal shown above; --all lists each\n", str_count(mine, n),
			str_count(s->count.n, of));
}

void did_print(const struct did *l, const struct timeline *shown, bool all)
{
	AUTO(buf_fini) struct buf out = {0};
	buf_c(&out, "\n== Everything that was done ==\n");
	for (uint32_t i = 0; i < deed_wants_count(l->wants); i++)
		did_put_subject(l, i, all, &out);
	put_bounds(l, &out);
	if (!all)
		put_shown(l, shown, &out);
	for (uint32_t i = 0; all && i < deed_wants_count(l->wants); i++) {
		buf_fmt(&out, "\n== Events of the %s%s ==\n", deed_kind_name(deeds_subject(l->deeds, i)->kind),
			l->window_ms ? " in the window" : "");
		did_put_events(l, i, &out);
	}
	fputs(buf_cstr(&out), stdout);
}

void did_json_lines(const struct did *l, const struct timeline *shown, bool all)
{
	(void)shown;
	(void)all;
	for (uint32_t i = 0; i < deed_wants_count(l->wants); i++) {
		struct arena mem = {0};
		const struct deed_ask q = did_ask(l, i);
		size_t n;
		AUTO(buf_fini) struct buf out = {0};
		struct deed_line *v = deeds_lines(l->deeds, &q, &mem, &n);
		export_deed_subject(l->deeds, i, &out);
		buf_char(&out, '\n');
		for (size_t k = 0; k < n; k++, buf_char(&out, '\n'))
			export_deed_line(l->deeds, &v[k], &out);
		const struct deed_event **e = deeds_events(l->deeds, &q, &mem, &n);
		for (size_t k = 0; k < n; k++, buf_char(&out, '\n'))
			export_deed_event(l->deeds, e[k], &out);
		fputs(buf_cstr(&out), stdout);
		arena_fini(&mem);
	}
}

void did_json(const struct did *l, struct buf *out)
{
	size_t any = 0;
	buf_char(out, '[');
	for (uint32_t i = 0; i < deed_wants_count(l->wants); i++) {
		struct arena mem = {0};
		const struct deed_ask q = did_ask(l, i);
		size_t n;
		struct deed_line *v = deeds_lines(l->deeds, &q, &mem, &n);
		for (size_t k = 0; k < n; k++) {
			buf_c(out, any++ ? "," : "");
			export_deed_line(l->deeds, &v[k], out);
		}
		arena_fini(&mem);
	}
	buf_char(out, ']');
}
