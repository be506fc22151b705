/*
 * handoff_scope: what approved decisions allow, as narrow as they were: one principal, one role, one
 * destination, the buckets that were decided on. An alert that is not approved takes its scope away.
 */
#include "handoff_priv.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/when.h"
#include "s3triage/event/activity.h"
#include "s3triage/event/doc.h"

#include <stdlib.h>

struct entry {
	struct handoff_scope scope;    /* without buckets */
	struct str account, bucket;
	struct str key;              /* all of the scope that must be equal to be one */
	int64_t seq;
	bool approved, usable, untried;
};

static int compare_places(const struct entry *a, const struct entry *b)
{
	int c = str_cmp(a->account, b->account);
	c = c ? c : str_cmp(a->scope.role, b->scope.role);
	return c ? c : str_cmp(a->bucket, b->bucket);
}

static int by_place(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	int c = compare_places(a, b);
	c = c ? c : str_cmp(a->key, b->key);
	return c ? c : (a->seq < b->seq) - (a->seq > b->seq); /* the newest decision first */
}

static int by_scope(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	int c = str_cmp(a->key, b->key);
	c = c ? c : (a->scope.expires > b->scope.expires) - (a->scope.expires < b->scope.expires);
	return c ? c : str_cmp(a->bucket, b->bucket);
}

/* ---- one row ------------------------------------------------------------------------------ */

static bool is_session(struct str arn)
{
	return str_find(arn, STR(":assumed-role/")) != STR_NONE;
}

/* Whoever assumes a role chooses the session's name, so a role stands for all its sessions; but with
 * single sign-on the name is the person, and an approval may name a session. */
static struct str handoff_scope_actor_of(const struct handoff_row *r, struct arena *mem)
{
	struct str arn = r->row.alert->actor_arn, limit = r->actor_limit;
	struct str role = str_sub(arn, 0, str_rfind_char(arn, '/') + 1);
	bool person = str_find(arn, STR("/AWSReservedSSO_")) != STR_NONE;
	if (str_ends(limit, STR("*")))
		limit.n--;
	if (!is_session(arn) || person || (str_starts(limit, STR("arn:")) && !str_starts(role, limit)))
		return arn;
	return arena_fmt(mem, "%.*s*", STR_ARG(role));
}

static struct str partition_of(struct str arn)
{
	struct str p = arn_part(arn, 1);
	return p.n ? p : STR("aws");
}

static void make_scope(const struct handoff_row *r, struct arena *mem, struct handoff_scope *s)
{
	const struct alert *a = r->row.alert;
	const struct alert_dest *d = &a->dests[0];
	struct str partition = a->dest_partition.n ? a->dest_partition : partition_of(a->role);
	*s = (struct handoff_scope){.account = d->account, .role = a->role, .owner = a->owner,
		.region = a->region, .partition = partition_of(a->role), .ends = r->ends,
		.service = !a->actor_arn.n, .begins = r->begins, .expires = r->expires};
	s->actor = s->service ? a->actor : handoff_scope_actor_of(r, mem);
	s->dest = d->arn.n ? d->arn : arena_fmt(mem, "arn:%.*s:s3:::%.*s", STR_ARG(partition),
		STR_ARG(d->bucket));
	s->prefix = a->traits & TRAIT_WHOLE_BUCKET ? (struct str){0} : d->prefix;
	s->override = a->traits & TRAIT_OWNER_OVERRIDE;
	s->delete_markers = a->traits & TRAIT_DELETE_MARKERS;
	s->older = !s->delete_markers && a->traits & TRAIT_DELETES_OUT;
	s->existing_objects = a->traits & TRAIT_EXISTING_OBJECTS;
	s->storage = dest_storage(d);
	s->replicas = dest_has(d, "replica-modifications");
	s->timed = str_find(d->manner, STR("replication-time")) != STR_NONE;
	s->metrics = str_find(d->manner, STR("metrics")) != STR_NONE;
}

static bool names_are_valid(const struct alert *a)
{
	return handoff_is_account(a->dests[0].account) && handoff_is_arn(a->role) &&
		handoff_is_bucket(a->bucket) && handoff_is_bucket(a->dests[0].bucket) &&
		(!a->dests[0].arn.n || handoff_is_arn(a->dests[0].arn)) &&
		(!a->owner.n || handoff_is_account(a->owner)) && (!a->region.n || handoff_is_name(a->region)) &&
		(!dest_storage(&a->dests[0]).n || str_is_name(dest_storage(&a->dests[0]), "_", 64));
}

static bool actor_is_valid(const struct alert *a)
{
	return a->actor_arn.n ? handoff_is_arn(a->actor_arn) :
		str_is(a->actor_type, "AWSService") && handoff_is_name(a->actor);
}

/* Source identity and provider are in no field that a clause could ask, and an ARN alone is also others'. */
static bool is_of_person(const struct handoff_row *r)
{
	char tmp[ALERT_PRINCIPAL_MAX];
	const struct alert *a = r->row.alert;
	return r->of_person || (a->actor_arn.n &&
		!str_eq(alert_principal(a, tmp), principal_of(a->actor_arn, a->actor)));
}

/* A prefix or a rule's id that reads as a field of the request: what a clause asks to stand there once
 * would stand there twice, and it would never find its own alert. */
static bool reads_as_field(struct str text)
{
	static const char *const fields[] = {"Account=", "Bucket=", "Destination=", "Role=", "StorageClass=",
		"Prefix=", "bucketName=", "ID=", "Filter=", "Status="};
	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		if (str_find(text, str_c(fields[i])) != STR_NONE)
			return true;
	return false;
}

/* All objects, or those whose names begin with a plain text. Facts of older decisions do not say. */
static bool filter_is_sayable(const struct alert *a)
{
	if (reads_as_field(a->dests[0].prefix) || reads_as_field(a->dests[0].rule_id) ||
		a->traits & TRAIT_ACCOUNT_IN_TEXT)
		return false;
	return (a->traits & TRAIT_WHOLE_BUCKET) ||
		(handoff_is_prefix(a->dests[0].prefix) && !a->dests[0].tags.n);
}

enum handoff_why handoff_row_why(const struct handoff_row *r, bool needs_role)
{
	const struct alert *a = r->row.alert;
	if (r->unasked)
		return HANDOFF_WHY_UNASKED;
	if (a->n_dests > 1)
		return HANDOFF_WHY_SEVERAL;
	if (!a->n_dests || !a->dests[0].account.n || (needs_role && !a->role.n))
		return HANDOFF_WHY_UNNAMED;
	return a->traits & TRAIT_ALL_DISABLED ? HANDOFF_WHY_DISABLED : HANDOFF_WHY_COUNT;
}

/* Why an approved row can be no scope, HANDOFF_WHY_COUNT when it can. */
static enum handoff_why handoff_scope_why_not(const struct handoff_row *r, int64_t now)
{
	const struct alert *a = r->row.alert;
	enum handoff_why why = handoff_row_why(r, true);
	if (why != HANDOFF_WHY_COUNT)
		return why;
	if (!names_are_valid(a))
		return HANDOFF_WHY_UNSAFE;
	if (a->disagreement || (a->traits & TRAITS_DOUBT))
		return HANDOFF_WHY_DOUBT;
	if (!actor_is_valid(a))
		return HANDOFF_WHY_ACTOR;
	if (is_of_person(r))
		return HANDOFF_WHY_PERSON;
	if (!filter_is_sayable(a))
		return HANDOFF_WHY_FILTER;
	if (a->traits & TRAIT_KMS)
		return HANDOFF_WHY_KEY;
	if (now != WHEN_NONE && ((r->expires != WHEN_NONE && r->expires <= now) || r->begins > now))
		return HANDOFF_WHY_EXPIRED;
	return r->trial == HANDOFF_MISSED ? HANDOFF_WHY_MISSED : HANDOFF_WHY_COUNT;
}

/* What stands behind the destination bucket in the text: the map's end, or a further entry. */
static char ending(struct str text, struct str dest)
{
	size_t at = str_find(text, STR("Bucket=arn:"));
	struct str rest = str_sub(text, at == STR_NONE ? text.n : at + sizeof("Bucket=") - 1, text.n);
	return str_starts(rest, dest) && rest.n > dest.n ? rest.p[dest.n] : '\0';
}

void handoff_try(struct handoff_row *row, const struct json *ecs)
{
	struct arena mem = {0};
	struct handoff_scope s;
	char tmp[JSON_SCALAR_MAX];
	if (handoff_scope_why_not(row, WHEN_NONE) == HANDOFF_WHY_COUNT) {
		make_scope(row, &mem, &s);
		row->ends = ending(doc_text(ecs, HANDOFF_PARAMETERS, tmp), handoff_scope_dest(&s, &mem));
		s.ends = row->ends;
		s.buckets = &row->row.alert->bucket;
		s.n_buckets = 1;
		row->trial = handoff_scope_takes(&s, ecs) ? HANDOFF_FOUND : HANDOFF_MISSED;
	}
	arena_fini(&mem);
}

/* The decision's reason with the ticket of the approval behind it. */
static struct str handoff_scope_reason_of(const struct handoff_row *r, struct arena *mem)
{
	struct str reason = r->row.decision ? r->row.decision->reason : (struct str){0};
	if (!r->ticket.n || str_find(reason, r->ticket) != STR_NONE)
		return reason;
	return arena_fmt(mem, "%.*s%s%.*s", STR_ARG(reason), reason.n ? ", " : "",
		STR_ARG(r->ticket));
}

static struct str handoff_scope_key_of(const struct handoff_scope *s, struct arena *mem)
{
	return arena_fmt(mem, "%.*s %.*s %.*s %.*s %.*s %.*s %.*s %.*s %d%d%d%d%d%d %.*s %lld", STR_ARG(s->account),
		STR_ARG(s->role), STR_ARG(s->actor), STR_ARG(s->dest), STR_ARG(s->owner),
		STR_ARG(s->region), STR_ARG(s->partition), STR_ARG(s->prefix), s->service, s->override,
		s->delete_markers + 2 * s->older, s->existing_objects, s->ends, s->replicas + 2 * s->timed + 4 * s->metrics,
		STR_ARG(s->storage), (long long)s->begins);
}

static void fill(struct entry *e, const struct handoff_row *r, struct arena *mem)
{
	make_scope(r, mem, &e->scope);
	e->scope.reason = handoff_scope_reason_of(r, mem);
	e->key = handoff_scope_key_of(&e->scope, mem);
	e->usable = true;
	e->untried = r->trial == HANDOFF_UNTRIED;
}

static void handoff_scope_add_row(const struct handoff_rows *rows, size_t at, struct arena *mem,
	struct entry *v, struct handoff_report *report)
{
	const struct handoff_row *r = &rows->v[at];
	const struct alert *a = r->row.alert;
	bool approved = export_verdict(&r->row) == VERDICT_APPROVED;
	enum handoff_why why = approved ? handoff_scope_why_not(r, rows->now) : HANDOFF_WHY_COUNT;
	if (why != HANDOFF_WHY_COUNT)
		report->left[why]++;
	for (size_t d = 0; d < a->n_dests; d++)
		v[d] = (struct entry){.account = a->dests[d].account, .scope.role = a->role,
			.bucket = a->bucket, .approved = approved,
			.seq = r->row.decision ? r->row.decision->seq : 0};
	if (!approved || why != HANDOFF_WHY_COUNT)
		return;
	fill(&v[0], r, mem);
}

static struct entry *list_entries(const struct handoff_rows *rows, struct arena *mem, size_t *n,
	struct handoff_report *report)
{
	size_t most = 0;
	for (size_t i = 0; i < rows->n; i++)
		most += rows->v[i].row.alert->n_dests;
	struct entry *v = arena_array(mem, most, sizeof(*v));
	*n = 0;
	for (size_t i = 0; i < rows->n; i++) {
		handoff_scope_add_row(rows, i, mem, v + *n, report);
		*n += rows->v[i].row.alert->n_dests;
	}
	return v;
}

/* ---- all of them -------------------------------------------------------------------------- */

/* Keeps one entry for each scope and bucket whose place is approved and nothing else. */
static size_t keep_agreed(struct entry *v, size_t n, struct handoff_report *report)
{
	size_t kept = 0, to;
	for (size_t from = 0; from < n; from = to) {
		size_t fits = 0, untried = 0;
		bool agreed = true;
		for (to = from; to < n && compare_places(&v[from], &v[to]) == 0; to++) {
			agreed = agreed && v[to].approved;
			fits += v[to].usable;
			untried += v[to].untried;
		}
		report->untried += agreed ? untried : 0;
		*(agreed ? &report->used : &report->left[HANDOFF_WHY_CONFLICT]) += fits;
		for (size_t i = from; agreed && i < to; i++) {
			bool again = kept && i > from && str_eq(v[kept - 1].key, v[i].key) &&
				compare_places(&v[kept - 1], &v[i]) == 0;
			if (v[i].usable && !again)
				v[kept++] = v[i];
		}
	}
	return kept;
}

static void add_scope(struct handoff_scopes *out, const struct entry *v, size_t n, struct arena *mem)
{
	struct handoff_scope *s = (struct handoff_scope *)(uintptr_t)&out->v[out->n++];
	struct str *buckets = arena_array(mem, n, sizeof(*buckets));
	for (size_t i = 0; i < n; i++)
		buckets[i] = v[i].bucket;
	*s = v->scope;
	s->buckets = buckets;
	s->n_buckets = n;
}

void handoff_scopes_of(const struct handoff_rows *rows, struct arena *mem, struct handoff_scopes *out,
	struct handoff_report *report)
{
	size_t n, to;
	struct entry *v = list_entries(rows, mem, &n, report);
	if (n > 1)
		qsort(v, n, sizeof(*v), by_place);
	n = keep_agreed(v, n, report);
	if (n > 1)
		qsort(v, n, sizeof(*v), by_scope);
	*out = (struct handoff_scopes){arena_array(mem, n, sizeof(struct handoff_scope)), 0};
	for (size_t from = 0; from < n; from = to) {
		for (to = from + 1; to < n && str_eq(v[from].key, v[to].key) &&
			v[from].scope.expires == v[to].scope.expires; to++)
			;
		add_scope(out, &v[from], to - from, mem);
	}
}
