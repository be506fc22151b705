/*
 * match: the documents that a rule or a query matches, one a line, for detection engineers and other
 * programs.
 */
#include "exceptions.h"

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

static int match(struct session *s, struct matches *m, struct exceptions *x, const struct cli *cli)
{
	struct err err = {0};
	const char *path = cli->text[OPT_EXCEPTIONS];
	if ((path && !exceptions_load(x, path, clock_now(), &err)) ||
		!session_init(s, cli, cli->verb->opens, &err) ||
		!scan_documents(s, cli, s->desk.rule, true, &err))
		return cli_fail(&err);
	verb_match_take(s, m);
	if (m->n)
		qsort(m->v, m->n, sizeof(*m->v), verb_match_by_time);
	size_t first = 0, count = m->n;
	rule_pipes(s->desk.rule, m->n, &first, &count);
	if (!print_matches(m, first, count, x, cli->text[OPT_ID_FIELD]))
		return EXIT_FAILED;
	if (path)
		s->problems += exceptions_report(x, cli->text[OPT_QUIET]);
	report_lint(s, cli);
	return session_exit(s);
}

static int verb_match(struct cli *cli)
{
	struct session s = {0};
	struct matches m = {0};
	struct exceptions x = {0};
	int code = match(&s, &m, &x, cli);
	exceptions_fini(&x);
	session_fini(&s);
	free(m.v);
	arena_fini(&m.mem);
	return code;
}

const struct verb_row match_verb = {
	.name = "match",
	.synopsis = "--rule FILE SOURCE...",
	.help = "print the documents that a rule or a query matches",
	.run = verb_match,
	TAKES(SCAN_OPTIONS, OPT_EQL, OPT_CATEGORY, OPT_EXCEPTIONS, OPT_ID_FIELD, OPT_IGNORE_ABOVE),
	.opens = WANT_RULE,
	.ways = VERB_SOURCES,
};
