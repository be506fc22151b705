/*
 * write_pull: others' decisions out of the shared index into the journal. Blocks.
 */
#include "write_priv.h"

/* Clocks of a team disagree, and a document appears after it was stamped. */
#define OVERLAP "||-15m"
#define OVERLAP_WIDE "||-1d"

struct pull {
	struct buf from, after;
	bool more, held;
	int size;  /* of a page; smaller where an answer was too large */
	bool bare; /* one document, too large itself: only where it stands, to go on behind it */
	bool missing, too_large;
};

static bool fetch(const struct write_link *l, struct pull *p, struct buf *answer, struct err *err)
{
	AUTO(buf_fini) struct buf path = {0}, body = {0};
	long status = 0;
	write_newer(&(struct write_newer){buf_str(&p->from), buf_str(&p->after), p->size, p->bare}, &body);
	buf_fmt(&path, "/%.*s/_search", STR_ARG(l->target->index));
	struct write_call c = {.method = "POST", .path = buf_str(&path), .body = buf_str(&body),
		.idempotent = true, .too_large = &p->too_large};
	bool fine = write_call(l, &c, answer, &status, err);
	p->missing = status == 404;
	return fine || p->missing;
}

/* False: it is as small as can be. */
static bool make_smaller(struct pull *p)
{
	if (p->bare)
		return false;
	p->bare = p->size == 1;
	p->size = p->size > 4 ? p->size / 4 : 1;
	return true;
}

/* A decision of ours about the same alert that waits: the writing side judges that, and theirs is
 * read again until it has: `held`. */
static bool write_pull_learn(const struct write_link *l, const struct write_page *page, bool *held,
	struct write_result *r, struct err *err)
{
	r->left_out += page->broken;
	for (size_t i = 0; i < page->n; i++) {
		bool fresh = false;
		struct err why = {0};
		page->v[i].read = l->now();
		struct str by = page->v[i].restored_by.n ? page->v[i].restored_by : page->v[i].analyst;
		page->v[i].mine = l->analyst.n && str_eq(by, l->analyst);
		if (!outbox_learn(l->outbox, l->target->name, &page->v[i], &fresh, &why) &&
			why.code != ERR_CONFLICT && why.code != ERR_INPUT && why.code != ERR_PARSE) {
			if (err)
				*err = why;
			return false;
		}
		*held |= why.code == ERR_CONFLICT;
		r->left_out += why.code == ERR_INPUT || why.code == ERR_PARSE;
		r->learned += fresh;
	}
	return true;
}

/* How far was read: never beyond our own now, or one clock of the team that is fast would hide
 * what all others write until then. */
static bool mark_read(const struct write_link *l, struct str last, struct err *err)
{
	char now[WHEN_TEXT_MAX];
	int64_t at;
	if (!when_parse(last, &at) || at > l->now())
		last = str_c(when_format(l->now(), now));
	return outbox_mark_read(l->outbox, l->target->name, last, err);
}

static bool pull_page(const struct write_link *l, struct pull *p, struct write_result *r,
	struct err *err)
{
	AUTO(buf_fini) struct buf answer = {0};
	struct arena mem = {0};
	struct write_page page;
	p->more = p->too_large = false;
	bool fine = fetch(l, p, &answer, err);
	if (!fine && p->too_large && make_smaller(p)) {
		*err = (struct err){0};
		return p->more = true;
	}
	if (fine && !p->missing) {
		fine = write_newer_read(buf_str(&answer), &mem, &page, err) &&
			write_pull_learn(l, &page, &p->held, r, err);
		if (fine && page.last.n) {
			p->more = page.hits >= (size_t)p->size && page.after.n &&
				!str_eq(page.after, buf_str(&p->after));
			p->bare = false;
			p->size = p->size * 2 < WRITE_NEWER_PAGE ? p->size * 2 : WRITE_NEWER_PAGE;
			buf_clear(&p->after);
			buf_add(&p->after, page.after);
			fine = p->held || mark_read(l, page.last, err);
		}
	}
	if (p->missing && err)
		*err = (struct err){0};
	arena_fini(&mem);
	return fine;
}

bool write_pull(const struct write_link *l, struct write_result *r, struct err *err)
{
	struct pull p = {.more = true, .size = WRITE_NEWER_PAGE};
	bool fine = true;
	if (l->target->kind != WRITE_DECISIONS)
		return true;
	if (!write_may(l->outbox, l->target, err))
		return false;
	outbox_read_upto(l->outbox, l->target->name, &p.from);
	if (p.from.n)
		buf_c(&p.from, l->wide ? OVERLAP_WIDE : OVERLAP);
	while (fine && p.more)
		fine = pull_page(l, &p, r, err);
	buf_fini(&p.from);
	buf_fini(&p.after);
	return fine;
}
