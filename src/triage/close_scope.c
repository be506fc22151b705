/*
 * close_scope: what approved decisions allow, as narrow as they were: one role, one account, the
 * buckets that were decided on. An alert that is not approved takes its scope away from all.
 */
#include "close_priv.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/when.h"

#include <stdlib.h>

struct entry {
	struct str account, role, bucket, reason;
	int64_t expires, seq;
	bool approved, usable;
};

static int compare_places(const struct entry *a, const struct entry *b)
{
	int c = str_cmp(a->account, b->account);
	c = c ? c : str_cmp(a->role, b->role);
	return c;
}

static int by_place(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	int c = compare_places(a, b);
	c = c ? c : str_cmp(a->bucket, b->bucket);
	return c ? c : (a->seq < b->seq) - (a->seq > b->seq); /* the newest decision first */
}

static int by_scope(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	int c = compare_places(a, b);
	c = c ? c : (a->expires > b->expires) - (a->expires < b->expires);
	return c ? c : str_cmp(a->bucket, b->bucket);
}

static bool all_valid(const struct alert *a, struct str account)
{
	return close_is_account(account) && close_is_arn(a->role) && close_is_bucket(a->bucket);
}

/* Whether an approved row can be a scope, counted where it cannot. */
static bool usable(const struct close_row *r, int64_t now, struct close_report *report)
{
	const struct alert *a = r->row.alert;
	size_t *why = NULL;
	if (a->n_dests > 1)
		why = &report->several;
	else if (!a->n_dests || !a->dests[0].account.n || !a->role.n)
		why = &report->unnamed;
	else if (!all_valid(a, a->dests[0].account))
		why = &report->unsafe;
	else if (r->expires != WHEN_NONE && r->expires <= now)
		why = &report->expired;
	if (why)
		++*why;
	return !why;
}

/* The decision's reason with the ticket of the approval behind it. */
static struct str why(const struct close_row *r, struct arena *mem)
{
	struct str reason = r->row.decision ? r->row.decision->reason : (struct str){0};
	if (!r->ticket.n)
		return reason;
	return arena_fmt(mem, "%.*s%s%.*s", STR_ARG(reason), reason.n ? ", " : "",
		STR_ARG(r->ticket));
}

static struct entry *list_entries(const struct close_rows *rows, struct arena *mem, size_t *n,
	struct close_report *report)
{
	size_t most = 0;
	for (size_t i = 0; i < rows->n; i++)
		most += rows->v[i].row.alert->n_dests;
	struct entry *v = arena_array(mem, most, sizeof(*v));
	*n = 0;
	for (size_t i = 0; i < rows->n; i++) {
		const struct close_row *r = &rows->v[i];
		const struct alert *a = r->row.alert;
		bool approved = export_verdict(&r->row) == VERDICT_APPROVED;
		bool fits = approved && usable(r, rows->now, report);
		for (size_t d = 0; d < a->n_dests; d++)
			v[(*n)++] = (struct entry){a->dests[d].account, a->role, a->bucket,
				fits ? why(r, mem) : (struct str){0},
				r->expires, r->row.decision ? r->row.decision->seq : 0, approved, fits};
	}
	return v;
}

/* Keeps one entry for each bucket that is approved and nothing else. Returns how many. */
static size_t keep_agreed(struct entry *v, size_t n, struct close_report *report)
{
	size_t kept = 0, to;
	for (size_t from = 0; from < n; from = to) {
		size_t fits = 0, first = n;
		bool agreed = true;
		for (to = from; to < n && compare_places(&v[from], &v[to]) == 0 &&
			str_eq(v[from].bucket, v[to].bucket); to++) {
			agreed = agreed && v[to].approved;
			fits += v[to].usable;
			first = v[to].usable && first == n ? to : first;
		}
		if (!agreed)
			report->conflicts += fits;
		if (!agreed || !fits)
			continue;
		report->used += fits;
		v[kept++] = v[first];
	}
	return kept;
}

static void add_scope(struct close_scopes *out, const struct entry *v, size_t n, struct arena *mem)
{
	struct close_scope *s = (struct close_scope *)(uintptr_t)&out->v[out->n++];
	struct str *buckets = arena_array(mem, n, sizeof(*buckets));
	for (size_t i = 0; i < n; i++)
		buckets[i] = v[i].bucket;
	*s = (struct close_scope){v->account, v->role, buckets, n, v->expires, v->reason};
}

void close_scopes_of(const struct close_rows *rows, struct arena *mem, struct close_scopes *out,
	struct close_report *report)
{
	size_t n, to;
	struct entry *v = list_entries(rows, mem, &n, report);
	if (n > 1)
		qsort(v, n, sizeof(*v), by_place);
	n = keep_agreed(v, n, report);
	if (n > 1)
		qsort(v, n, sizeof(*v), by_scope);
	*out = (struct close_scopes){arena_array(mem, n, sizeof(struct close_scope)), 0};
	for (size_t from = 0; from < n; from = to) {
		for (to = from + 1; to < n && compare_places(&v[from], &v[to]) == 0 &&
			v[from].expires == v[to].expires; to++)
			;
		add_scope(out, &v[from], to - from, mem);
	}
}
