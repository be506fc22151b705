/*
 * approval_plan: what the approvals propose for the alerts that are loaded, and recording it.
 * Never touches what a person decided: the journal checks that once more as it writes.
 */
#include "approval_priv.h"

#include "s3triage/base/mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* Which approvals an ask is about: all, one, or the automatic ones. */
static const struct approval *best(const struct approvals *s, const struct approval_ask *ask,
	const struct alert *al, unsigned *misfit)
{
	if (!ask->only && !ask->automatic)
		return approvals_for(s, al, ask->now, misfit);
	const struct approval *found = NULL;
	for (size_t i = 0; i < approvals_count(s); i++) {
		const struct approval *a = approvals_at(s, i);
		if ((ask->only && a->id != ask->only) || (ask->automatic && !a->automatic))
			continue;
		unsigned bits = approval_misfit(a, al, ask->now);
		if (bits & MISFIT_ACCOUNT)
			continue;
		if (!found || __builtin_popcount(bits) < __builtin_popcount(*misfit)) {
			found = a;
			*misfit = bits;
		}
	}
	return found;
}

/* Undecided, or reopened by the end of an approval: no person has spoken last. */
static bool untouched(const struct decision *d)
{
	return !d || (d->approval && !d->undoes);
}

static void plan_open(const struct approvals *s, const struct store *store,
	const struct approval_ask *ask, row_id r, struct approval_plan *out)
{
	unsigned misfit = 0;
	if (ask->automatic && !untouched(store_decision(store, r)))
		return;
	const struct approval *a = best(s, ask, store_alert(store, r), &misfit);
	if (store_other(store, r) || store_twin(store, r) != ROW_NONE)
		misfit |= MISFIT_REUSED;
	struct proposal p = {.row = r, .approval = a, .misfit = misfit};
	if (a && misfit)
		approval_plan_add(&out->outside, &out->n_outside, p);
	else if (a)
		approval_plan_add(&out->fits, &out->n_fits, p);
}

/* The first that would have closed it alone. */
static const struct approval *decides_alone(const struct approvals *s, const struct alert *al, int64_t now)
{
	for (size_t i = 0; i < approvals_count(s); i++)
		if (approvals_at(s, i)->automatic && !approval_misfit(approvals_at(s, i), al, now))
			return approvals_at(s, i);
	return NULL;
}

/* Whether an ask is about what this approval had closed: about one that has ended, all is asked
 * that stands uncovered. */
static bool asks_about(const struct approvals *s, const struct approval_ask *ask, int64_t id)
{
	const struct approval *only = approvals_find(s, ask->only);
	return !ask->only || ask->only == id || (only && !approval_stands(only, ask->now));
}

/* What an approval closed is reopened when it stands no more, unless one decides alone by now. */
static void plan_closed(const struct approvals *s, const struct store *store,
	const struct approval_ask *ask, row_id r, struct approval_plan *out)
{
	const struct decision *d = store_decision(store, r);
	const struct approval *a = d->approval ? approvals_find(s, d->approval) : NULL;
	if (!a || approval_stands(a, ask->now) || !asks_about(s, ask, a->id))
		return;
	const struct approval *other = decides_alone(s, store_alert(store, r), ask->now);
	if (other)
		approval_plan_add(&out->moves, &out->n_moves, (struct proposal){.row = r, .approval = other,
			.instead = a->id});
	else
		approval_plan_add(&out->reopen, &out->n_reopen, (struct proposal){.row = r, .approval = a,
			.misfit = a->ended != WHEN_NONE ? MISFIT_ENDED : MISFIT_EXPIRED});
}

/* The lowest bit is the strongest. */
static int by_strength(const void *left, const void *right)
{
	const struct proposal *a = left, *b = right;
	int x = __builtin_ctz(a->misfit), y = __builtin_ctz(b->misfit);
	return x != y ? (x > y) - (x < y) : (a->row > b->row) - (a->row < b->row);
}

void approval_plan(const struct approvals *s, const struct store *store,
	const struct approval_ask *ask, struct approval_plan *out)
{
	*out = (struct approval_plan){0};
	if (!approvals_count(s))
		return;
	for (row_id r = 0; r < store_count(store); r++) {
		enum verdict v = store_verdict(store, r);
		if (v == VERDICT_OPEN && r >= ask->from)
			plan_open(s, store, ask, r, out);
		else if (v == VERDICT_APPROVED)
			plan_closed(s, store, ask, r, out);
	}
	if (ask->habits && out->n_fits)
		approval_plan_usual(ask->habits, out);
	if (out->n_outside)
		qsort(out->outside, out->n_outside, sizeof(*out->outside), by_strength);
}

void approval_plan_fini(struct approval_plan *p)
{
	free(p->fits);
	free(p->outside);
	free(p->reopen);
	free(p->moves);
	arena_fini(&p->mem);
	*p = (struct approval_plan){0};
}

/* ---- recording ---------------------------------------------------------------------------- */

/* Cut between characters to what a reason may have. */
static struct str approval_plan_cut(struct str s, size_t max)
{
	size_t n = s.n < max ? s.n : max;
	while (n < s.n && n && ((unsigned char)s.p[n] & 0xc0) == 0x80)
		n--;
	return str_sub(s, 0, n);
}

static struct str reason_closed(const struct approval *a, struct arena *mem)
{
	struct str s = a->ticket.n ?
		arena_fmt(mem, "approval %" PRId64 ": %.*s", a->id, STR_ARG(a->ticket)) :
		arena_fmt(mem, "approval %" PRId64, a->id);
	return approval_plan_cut(s, DECISION_REASON_MAX);
}

static struct str reason_reopened(const struct approval *a, struct arena *mem)
{
	char when[WHEN_TEXT_MAX];
	int64_t at = a->ended != WHEN_NONE ? a->ended : a->until;
	struct str day = str_sub(str_c(when_format(at, when)), 0, 10);
	struct str s = a->ended == WHEN_NONE ?
		arena_fmt(mem, "approval %" PRId64 " expired %.*s", a->id, STR_ARG(day)) :
		arena_fmt(mem, "approval %" PRId64 " ended %.*s by %.*s", a->id, STR_ARG(day),
			STR_ARG(a->ended_by));
	return approval_plan_cut(s, DECISION_REASON_MAX);
}

struct recording {
	struct journal *j;
	const struct store *store;
	struct proposal *v;
	size_t n;
	enum verdict verdict;
};

/* Those of one approval (NULL: of all) as one batch. */
static bool approval_plan_record(const struct recording *rec, const struct approval *only,
	const struct journal_author *author, struct err *err)
{
	struct arena mem = {0};
	struct journal_entry *entries = mem_array(rec->n, sizeof(*entries));
	size_t n = 0;
	for (size_t i = 0; i < rec->n; i++) {
		const struct approval *a = rec->v[i].approval;
		if (only && a != only)
			continue;
		entries[n++] = (struct journal_entry){
			.alert = store_alert(rec->store, rec->v[i].row), .verdict = rec->verdict,
			.approval = a->id, .instead = rec->v[i].instead,
			.recorded = &rec->v[i].recorded,
			.reason = rec->verdict == VERDICT_OPEN ? reason_reopened(a, &mem) :
				reason_closed(a, &mem)};
	}
	bool ok = journal_decide(rec->j, entries, n, author, err);
	free(entries);
	arena_fini(&mem);
	return ok;
}

static bool first_of_its_approval(const struct recording *rec, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (rec->v[k].approval == rec->v[i].approval)
			return false;
	return true;
}

/* In the name of the approvals themselves, so that nobody's undo takes it for theirs. */
static bool record_as_approvals(const struct recording *rec, int64_t at, struct err *err)
{
	for (size_t i = 0; i < rec->n; i++) {
		if (i && rec->v[i].approval == rec->v[i - 1].approval)
			continue;
		if (!first_of_its_approval(rec, i))
			continue;
		char name[40];
		int len = snprintf(name, sizeof(name), "approval %" PRId64, rec->v[i].approval->id);
		struct journal_author author = {{name, (size_t)len}, at};
		if (!approval_plan_record(rec, rec->v[i].approval, &author, err))
			return false;
	}
	return true;
}

static void keep_recorded(struct proposal *v, size_t *n)
{
	size_t kept = 0;
	for (size_t i = 0; i < *n; i++)
		if (v[i].recorded)
			v[kept++] = v[i];
	*n = kept;
}

bool approval_apply(struct journal *j, struct approval_plan *p, const struct store *store,
	const struct approval_apply *how, struct err *err)
{
	struct recording closed = {j, store, p->fits, p->n_fits, VERDICT_APPROVED};
	struct recording reopened = {j, store, p->reopen, p->n_reopen, VERDICT_OPEN};
	struct recording moved = {j, store, p->moves, p->n_moves, VERDICT_APPROVED};
	if (!record_as_approvals(&reopened, how->author->at, err) ||
		!record_as_approvals(&moved, how->author->at, err) ||
		!(how->automatic ? record_as_approvals(&closed, how->author->at, err) :
			!p->n_fits || approval_plan_record(&closed, NULL, how->author, err)))
		return false;
	keep_recorded(p->fits, &p->n_fits);
	keep_recorded(p->reopen, &p->n_reopen);
	keep_recorded(p->moves, &p->n_moves);
	return true;
}
