/*
 * match: the documents that a rule or a query matches, one a line, for detection engineers and other
 * programs.
 */
#include "exceptions.h"
#include "sums.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/utf8.h"
#include "s3triage/base/vec.h"
#include "s3triage/event/doc.h"

#include <stdlib.h>

/* Matches in the order of an event query's answer: by @timestamp, then as they came. */
struct found {
	int64_t time;
	size_t arrival;
	struct str ecs;
};

struct matches {
	struct found *v;
	size_t n, cap;
	struct arena mem;
	size_t problems;
};

static int verb_match_by_time(const void *a, const void *b)
{
	const struct found *x = a, *y = b;
	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return (x->arrival > y->arrival) - (x->arrival < y->arrival);
}

static void verb_match_keep(struct matches *m, struct scan_batch *batch)
{
	for (size_t i = 0; i < batch->n_matches; i++) {
		m->v = vec_room(m->v, m->n, &m->cap, sizeof(*m->v));
		const struct scan_match *match = &batch->matches[i];
		m->v[m->n] = (struct found){match->alert.time, m->n, match->ecs};
		m->n++;
	}
	arena_merge(&m->mem, &batch->mem);
}

static void verb_match_take(struct session *s, struct matches *m)
{
	struct scan_batch batch;
	while (scan_wait(s->scan)) {
		while (scan_take(s->scan, &batch)) {
			report_problems(s, &batch);
			verb_match_keep(m, &batch);
		}
	}
}

static bool print_document(struct str ecs)
{
	return fwrite(ecs.p, 1, ecs.n, stdout) == ecs.n && putchar('\n') != EOF;
}

static bool print_field(struct str ecs, const char *field)
{
	struct json *doc AUTO(json_free_ptr) = json_parse(ecs, NULL);
	char tmp[JSON_SCALAR_MAX];
	AUTO(buf_fini) struct buf shown = {0};
	utf8_visible(&shown, doc_text(doc, field, tmp), false); /* a sender's text, one a line */
	return print_document(buf_str(&shown));
}

static bool is_taken(struct exceptions *x, struct str ecs)
{
	AUTO(json_free_ptr) struct json *doc = json_parse(ecs, NULL);
	return exceptions_take(x, doc) != NULL;
}

/* With --exceptions only what the list would take away. */
static bool print_matches(const struct matches *m, size_t first, size_t count,
	struct exceptions *x, const char *field)
{
	for (size_t i = first; i < first + count; i++) {
		struct str ecs = m->v[i].ecs;
		if (x->path && !is_taken(x, ecs))
			continue;
		if (!(field ? print_field(ecs, field) : print_document(ecs)))
			return false;
	}
	return true;
}

/* ---- how many ----------------------------------------------------------------------------------- */

static bool match_counts(const struct cli *cli)
{
	return cli->text[OPT_COUNT_ONLY] || cli->text[OPT_COUNT_BY];
}

/* As a query ends in "| head 5", which takes some of the matches by their time: all must be there. */
static bool match_chooses(const struct rule *r)
{
	size_t first, count, many = SIZE_MAX / 2;
	rule_pipes(r, many, &first, &count);
	return first || count != many;
}

static void match_print_counts(const struct session *ses, const struct sums *sums, bool json)
{
	AUTO(buf_fini) struct buf out = {0};
	const struct counts *c = &sums->tables[0];
	if (!sums->n)
		printf(json ? "{\"count\":%llu}\n" : "%llu\n", sums->all.n);
	for (size_t i = 0; sums->n && i < c->n; i++) {
		if (json) {
			sums_json(&sums->sets[0], &c->v[i], false, &out);
		} else {
			buf_fmt(&out, "%llu\t", c->v[i].sum.n);
			sums_values(&sums->sets[0], c->v[i].key, &out);
			buf_char(&out, '\n');
		}
		fputs(buf_cstr(&out), stdout);
		buf_clear(&out);
	}
	if (json && sums->n)
		sums_json_rest(&sums->sets[0], c, false, &out);
	fputs(buf_cstr(&out), stdout);
	sums_report(ses, sums);
	if (sums->n && c->rest.n)
		fprintf(stderr, "s3triage: %llu more ha%s values beyond the first %zu different ones, which are not"
			" told apart\n", c->rest.n, c->rest.n == 1 ? "s" : "ve", c->n);
}

/* Counts of what would be printed: of the matches as they were kept. */
static void match_count_kept(const struct matches *m, size_t first, size_t count, struct exceptions *x,
	struct sums *sums)
{
	for (size_t i = first; i < first + count; i++) {
		struct arena mem = {0};
		AUTO(json_free_ptr) struct json *ecs = json_parse(m->v[i].ecs, NULL);
		const struct scan_seen seen = {ecs, NULL, SHAPE_ECS};
		if (!x->path || exceptions_take(x, ecs))
			sums_take(sums, sums_look(sums, &seen, &mem));
		arena_fini(&mem);
	}
	for (size_t i = 0; i < sums->n; i++)
		count_sort(&sums->tables[i]);
}

/* On all threads, where each match counts by itself. */
static bool match_count_all(struct session *s, const struct cli *cli, struct sums *sums, struct err *err)
{
	if (!sums_start(s, cli, sums, err))
		return false;
	sums_read(s, cli, sums);
	return true;
}

static bool match_counting(const struct cli *cli, struct sums *sums, struct err *err)
{
	const char *fields = cli->text[OPT_COUNT_BY];
	if (!fields)
		return true;
	sums->n = 1;
	return facet_set_read(str_c(fields), ',', true, &sums->sets[0], err) || err_prefix(err, "--count-by");
}

static bool match_read(struct session *s, const struct cli *cli, struct matches *m, struct err *err)
{
	if (!scan_documents(s, cli, s->desk.rule, true, err))
		return false;
	verb_match_take(s, m);
	if (m->n)
		qsort(m->v, m->n, sizeof(*m->v), verb_match_by_time);
	return true;
}

struct match_work {
	struct matches m;
	struct exceptions x;
	struct sums sums;
};

static bool match_answer(const struct session *s, struct match_work *w, const struct cli *cli)
{
	size_t first = 0, count = w->m.n;
	rule_pipes(s->desk.rule, w->m.n, &first, &count);
	if (!match_counts(cli))
		return print_matches(&w->m, first, count, &w->x, cli->text[OPT_ID_FIELD]);
	match_count_kept(&w->m, first, count, &w->x, &w->sums);
	return true;
}

static int match(struct session *s, struct match_work *w, const struct cli *cli)
{
	struct err err = {0};
	const char *path = cli->text[OPT_EXCEPTIONS];
	if (!session_init(s, cli, cli->verb->opens, &err) || !match_counting(cli, &w->sums, &err) ||
		(path && !exceptions_load(&w->x, path, clock_now(), &err)))
		return cli_fail(&err);
	bool all = match_counts(cli) && !path && !match_chooses(s->desk.rule);
	if (all ? !match_count_all(s, cli, &w->sums, &err) : !match_read(s, cli, &w->m, &err))
		return cli_fail(&err);
	if (!all && !match_answer(s, w, cli))
		return EXIT_FAILED;
	if (match_counts(cli))
		match_print_counts(s, &w->sums, cli->text[OPT_JSON]);
	if (path)
		s->problems += exceptions_report(&w->x, cli->text[OPT_QUIET]);
	report_lint(s, cli);
	return session_exit(s);
}

static int verb_match(struct cli *cli)
{
	struct session s = {0};
	struct match_work w = {0};
	int code = match(&s, &w, cli);
	exceptions_fini(&w.x);
	session_fini(&s);
	sums_fini(&w.sums);
	free(w.m.v);
	arena_fini(&w.m.mem);
	return code;
}

const struct verb_row match_verb = {
	.name = "match",
	.synopsis = "--rule FILE SOURCE...",
	.help = "print the documents that a rule or a query matches",
	.example = "s3triage match --eql 'any where event.action == \"PutBucketPolicy\"'"
		" logs/ --count",
	.run = verb_match,
	TAKES(SCAN_OPTIONS, OPT_EQL, OPT_CATEGORY, OPT_EXCEPTIONS, OPT_ID_FIELD, OPT_IGNORE_ABOVE,
		OPT_COUNT_ONLY, OPT_COUNT_BY, OPT_JSON),
	.opens = WANT_RULE,
	.ways = VERB_SOURCES,
};
