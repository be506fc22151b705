/*
 * take: alerts and what stands around them, as a scan brings them.
 */
#include "s3triage/desk/desk.h"

#include "s3triage/alert/facts.h"

static void take_twin(struct desk *d, row_id r, desk_problem_fn tell, void *ctx)
{
	struct scan_problem p = {.note = false};
	AUTO(buf_fini) struct buf what = {0};
	twin_words(d->store, r, &what);
	err_set(&p.err, ERR_INPUT, "%s", buf_cstr(&what));
	tell(ctx, &p);
}

void desk_take(struct desk *d, struct scan_batch *b, desk_problem_fn tell, void *ctx)
{
	for (size_t i = 0; i < b->n_matches; i++) {
		bool fresh;
		row_id r = store_add(d->store, &b->matches[i].alert, b->matches[i].raw, &fresh);
		if (fresh && store_twin(d->store, r) != ROW_NONE)
			take_twin(d, r, tell, ctx);
	}
	for (size_t i = 0; d->context && i < b->n_related; i++)
		context_add(d->context, &b->related[i]);
	for (size_t i = 0; i < b->n_problems; i++)
		tell(ctx, &b->problems[i]);
	arena_fini(&b->mem);
}

struct recall {
	struct desk *d;
	bool with_open;
};

static void recall_one(void *ctx, const struct decision *d)
{
	const struct recall *r = ctx;
	struct arena mem = {0};
	struct alert a;
	struct err err = {0};
	if (d->verdict == VERDICT_OPEN && !r->with_open)
		return;
	if (export_facts_read(d->facts, &mem, &a, &err)) {
		store_recall(r->d->store, &a);
	} else if (r->d->hears.trouble) {
		err_prefix(&err, "decision %lld", (long long)d->seq);
		err_where(&err, r->d->journal_path, 0, 0);
		r->d->hears.trouble(r->d->hears.ctx, &err);
	}
	arena_fini(&mem);
}

bool desk_recall(struct desk *d, bool with_open, struct err *err)
{
	struct recall r = {d, with_open};
	return !d->journal || journal_latest(d->journal, recall_one, &r, err);
}
