/*
 * approval_usual: of what fits approvals, that which is not as usual among all that is loaded: a limit
 * that was not named is no word for what nobody had in mind. It stays open, with the value and the usual one.
 */
#include "approval_priv.h"
#include "outliers_priv.h"

#include "s3triage/base/mem.h"

#include <stdlib.h>

static uint32_t approval_usual_when(bool it, uint32_t bits)
{
	return it ? bits : 0;
}

#define WAY(name) (UINT32_C(1) << OUT_##name)

/* What the approval itself names is agreed on, however rare it is. */
static void take_agreed(const struct approval *a, const struct alert *al, struct outlier *x)
{
	bool whole = a->person.n || a->identity_provider.n || (!al->person.n && !al->provider.n);
	x->ways &= ~(
		WAY(UNKNOWN) | approval_usual_when(str_starts(a->role, STR("arn:")), WAY(ROLE)) |
		approval_usual_when(whole && str_starts(a->actor, STR("arn:")), WAY(ACTOR)) |
		approval_usual_when(a->region.n, WAY(REGION)) |
		approval_usual_when(a->dest_bucket.n && !str_is(a->dest_bucket, "*"), WAY(BUCKET)) |
		approval_usual_when(a->kms_key.n, WAY(KEY)) |
		approval_usual_when(a->storage_class.n, WAY(MANNER)) |
		approval_usual_when(a->prefix.n || a->tags.n, WAY(SCOPE) | WAY(WIDER)));
	x->traits &= ~(approval_usual_when(approval_takes_claims(a), TRAIT_CLAIM) |
		       approval_usual_when(a->kms_key.n, TRAIT_KMS));
}

static int by_row(const void *row, const void *at)
{
	row_id r = *(const row_id *)row;
	const struct proposal *p = at;
	return (r > p->row) - (r < p->row);
}

static void approval_usual_judge(const struct habits *h, struct outlier x, struct approval_plan *p)
{
	AUTO(buf_fini) struct buf why = {0};
	struct proposal *fit = bsearch(&x.row, p->fits, p->n_fits, sizeof(*p->fits), by_row);
	if (!fit)
		return;
	take_agreed(fit->approval, store_alert(h->store, x.row), &x);
	if (!x.ways && !x.traits && !x.signals)
		return;
	outlier_explain(h, &x, &why);
	fit->misfit = MISFIT_UNUSUAL;
	fit->unusual = arena_str(&p->mem, buf_str(&why));
}

void approval_plan_usual(struct habits *h, struct approval_plan *p)
{
	AUTO(mem_free_ptr) row_id *rows = mem_array(p->n_fits, sizeof(*rows));
	struct outliers found;
	size_t kept = 0;
	for (size_t i = 0; i < p->n_fits; i++)
		rows[i] = p->fits[i].row;
	outliers_find(h, &(struct outliers_ask){.rows = rows, .n = p->n_fits, .verdict = VERDICT_APPROVED},
		&found);
	for (size_t i = 0; i < found.n; i++)
		approval_usual_judge(h, found.v[i], p);
	outliers_fini(&found);
	for (size_t i = 0; i < p->n_fits; i++)
		if (p->fits[i].misfit)
			approval_plan_add(&p->outside, &p->n_outside, p->fits[i]);
		else
			p->fits[kept++] = p->fits[i];
	p->n_fits = kept;
}

void approval_plan_add(struct proposal **v, size_t *n, struct proposal p)
{
	if ((*n & (*n - 1)) == 0)
		*v = mem_resize(*v, *n ? *n * 2 : 1, sizeof(**v));
	(*v)[(*n)++] = p;
}
