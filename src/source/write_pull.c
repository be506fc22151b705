/*
 * write_pull: others' decisions out of the shared index into the journal. Blocks.
 */
#include "write_priv.h"

/* Clocks of a team disagree, and a document appears after it was stamped. */
#define OVERLAP "||-15m"

static bool fetch(const struct write_link *l, struct str from, struct buf *answer, bool *missing,
	struct err *err)
{
	AUTO(buf_fini) struct buf path = {0}, body = {0};
	long status = 0;
	write_newer(from, &body);
	buf_fmt(&path, "/%.*s/_search", STR_ARG(l->target->index));
	struct write_call c = {.method = "POST", .path = buf_str(&path), .body = buf_str(&body),
		.idempotent = true};
	bool fine = write_call(l, &c, answer, &status, err);
	*missing = status == 404;
	return fine || *missing;
}

/* A decision of ours about the same alert that waits: the writing side judges that. */
static bool learn(const struct write_link *l, const struct write_page *page, struct write_result *r,
	struct err *err)
{
	for (size_t i = 0; i < page->n; i++) {
		bool fresh = false;
		struct err why = {0};
		if (!outbox_learn(l->outbox, l->target->name, &page->v[i], &fresh, &why) &&
			why.code != ERR_CONFLICT && why.code != ERR_INPUT && why.code != ERR_PARSE) {
			if (err)
				*err = why;
			return false;
		}
		r->learned += fresh;
	}
	return true;
}

static bool pull_page(const struct write_link *l, struct buf *from, bool *more,
	struct write_result *r, struct err *err)
{
	AUTO(buf_fini) struct buf answer = {0};
	struct arena mem = {0};
	struct write_page page;
	bool missing = false;
	*more = false;
	bool fine = fetch(l, buf_str(from), &answer, &missing, err);
	if (fine && !missing) {
		fine = write_newer_read(buf_str(&answer), &mem, &page, err) && learn(l, &page, r, err);
		if (fine && page.last.n) {
			*more = page.hits > 1 && !str_eq(page.last, buf_str(from));
			buf_clear(from);
			buf_add(from, page.last);
			fine = outbox_mark_read(l->outbox, l->target->name, page.last, err);
		}
	}
	if (missing && err)
		*err = (struct err){0};
	arena_fini(&mem);
	return fine;
}

bool write_pull(const struct write_link *l, struct write_result *r, struct err *err)
{
	AUTO(buf_fini) struct buf from = {0};
	bool more = true;
	if (l->target->kind != WRITE_DECISIONS)
		return true;
	outbox_read_upto(l->outbox, l->target->name, &from);
	if (from.n)
		buf_c(&from, OVERLAP);
	while (more)
		if (!pull_page(l, &from, &more, r, err))
			return false;
	return true;
}
