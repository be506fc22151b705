/*
 * approval_words: an approval, and why an alert is outside of one, in words for people. Values are
 * as they are written: whoever draws the text makes it safe.
 */
#include "approval_priv.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/when.h"

enum { VALUE_MAX = 200 };

const char *misfit_name(enum misfit_index i)
{
	static const char *const names[] = {
#define X(enumerator, name, word) name,
		MISFITS(X)
#undef X
	};
	return i < MISFIT_COUNT ? names[i] : "";
}

static const char *misfit_word(enum misfit_index i)
{
	static const char *const words[] = {
#define X(enumerator, name, word) word,
		MISFITS(X)
#undef X
	};
	return i < MISFIT_COUNT ? words[i] : "";
}

void approval_time(int64_t ms, bool end, struct buf *out)
{
	const int64_t day = INT64_C(24) * 60 * 60 * 1000;
	char when[WHEN_TEXT_MAX];
	bool whole = (ms % day + day) % day == 0;
	when_format(whole && end ? ms - 1 : ms, when);
	buf_add(out, str_sub(str_c(when), 0, whole ? 10 : WHEN_TEXT_MAX));
}

/* ---- why not ------------------------------------------------------------------------------ */

struct question {
	const struct approval *a;
	const struct alert *al;
	struct buf *out;
};

static void explain_doubt(const struct question *q)
{
	size_t start = q->out->n;
	trait_set doubts = q->al->traits & TRAITS_DOUBT;
	doubts |= q->al->disagreement ? (trait_set)TRAIT_DISAGREE : 0;
	for (unsigned i = 0; i < TRAIT_COUNT; i++)
		if (doubts & 1ull << i)
			buf_fmt(q->out, "%s%s", q->out->n > start ? ", " : "", trait_text((enum trait_index)i));
	if (q->out->n == start)
		buf_c(q->out, "nothing of the request can be read");
}

static void explain_other(const struct question *q)
{
	const struct alert_dest *d = approval_other_dest(q->a, q->al);
	if (d->account.n)
		buf_fmt(q->out, "another destination: %.*s", STR_ARG(d->account));
	else if (d->written.n)
		buf_fmt(q->out, "a destination is no account: %.*s", STR_ARG(str_sub(d->written, 0, 80)));
	else
		buf_c(q->out, "a destination names no account");
}

static void explain_filter(const struct question *q)
{
	const struct alert_dest *d = approval_wider_dest(q->a, q->al);
	buf_c(q->out, "the filter is wider: ");
	if (!d->prefix.n && !d->tags.n)
		buf_c(q->out, "the whole bucket");
	if (d->prefix.n)
		buf_fmt(q->out, "prefix %.*s", STR_ARG(str_sub(d->prefix, 0, VALUE_MAX)));
	if (d->tags.n)
		buf_fmt(q->out, "%stags %.*s", d->prefix.n ? ", " : "",
			STR_ARG(str_sub(d->tags, 0, VALUE_MAX)));
}

static void explain_time(const struct question *q)
{
	bool before = q->a->from != WHEN_NONE && q->al->time < q->a->from;
	bool behind = q->a->until != WHEN_NONE && q->al->time >= q->a->until;
	if (q->al->time == WHEN_NONE) {
		buf_c(q->out, "the event's time is not known");
		return;
	}
	buf_c(q->out, "the event is of ");
	approval_time(q->al->time, false, q->out);
	if (!before && !behind) {
		buf_c(q->out, ", ahead of the clock");
		return;
	}
	buf_c(q->out, before ? ", before " : ", after ");
	approval_time(before ? q->a->from : q->a->until, !before, q->out);
}

static void explain_end(const struct question *q)
{
	bool ended = q->a->ended != WHEN_NONE;
	buf_c(q->out, ended ? "ended " : "expired ");
	approval_time(ended ? q->a->ended : q->a->until, !ended, q->out);
	if (ended)
		buf_fmt(q->out, " by %.*s", STR_ARG(q->a->ended_by));
}

static void explain_limit(const struct question *q, enum misfit_index i)
{
	const struct alert *al = q->al;
	const struct alert_dest *d = i == MISFIT_INDEX_DEST_BUCKET ? approval_other_bucket(q->a, al) :
		i == MISFIT_INDEX_STORAGE ? approval_other_storage(q->a, al) : NULL;
	const struct {
		const char *what;
		struct str limit, found;
	} limits[MISFIT_COUNT] = {
		[MISFIT_INDEX_ROLE] = {"role", q->a->role, al->role},
		[MISFIT_INDEX_BUCKET] = {"bucket", q->a->bucket, al->bucket},
		[MISFIT_INDEX_ACTOR] = {"actor", q->a->actor, al->actor_arn.n ? al->actor_arn : al->actor},
		[MISFIT_INDEX_PERSON] = {"person", q->a->person, al->person},
		[MISFIT_INDEX_PROVIDER] = {"identity provider", q->a->identity_provider, al->provider},
		[MISFIT_INDEX_REGION] = {"region", q->a->region, al->region},
		[MISFIT_INDEX_PARTITION] = {"partition", q->a->partition, approval_other_partition(q->a, al)},
		[MISFIT_INDEX_STORAGE] = {"storage class", q->a->storage_class,
			d ? dest_storage(d) : (struct str){0}},
		[MISFIT_INDEX_DEST_BUCKET] = {"destination bucket", q->a->dest_bucket,
			!d ? (struct str){0} : d->arn.n && str_starts(q->a->dest_bucket, STR("arn:")) ? d->arn :
			d->bucket},
	}, *l = &limits[i];
	if (!l->found.n)
		buf_fmt(q->out, "%s is %s", l->what, i == MISFIT_INDEX_STORAGE ? "not asked for" : "not known");
	else if (limit_is_prefix(l->limit))
		buf_fmt(q->out, "%s is not under %.*s: %.*s", l->what, STR_ARG(l->limit),
			STR_ARG(str_sub(l->found, 0, VALUE_MAX)));
	else
		buf_fmt(q->out, "%s differs: %.*s", l->what, STR_ARG(str_sub(l->found, 0, VALUE_MAX)));
}

static void explain_key(const struct question *q)
{
	struct str key = approval_other_key(q->a, q->al)->kms_key;
	if (!key.n)
		buf_c(q->out, "no KMS key is named for the copies");
	else
		buf_fmt(q->out, "the copies' KMS key is %s: %.*s", q->a->kms_key.n ? "another" : "of another account",
			STR_ARG(str_sub(key, 0, VALUE_MAX)));
}

static void explain_one(const struct question *q, enum misfit_index i)
{
	static const char *const plain[MISFIT_COUNT] = {
		[MISFIT_INDEX_REUSED] = "its id was used for something else: look at it by itself",
		[MISFIT_INDEX_CLAIM] = "the account is only claimed: no owner override, and no destination"
			" bucket is agreed on",
		[MISFIT_INDEX_DELETES] = "delete markers are copied",
		[MISFIT_INDEX_EXISTING] = "objects from before are copied",
		[MISFIT_INDEX_REPLICAS] = "changes to replicas are copied on",
		[MISFIT_INDEX_OVERRIDE] = "the copies go to the destination's owner",
		[MISFIT_INDEX_TEXT] = "read only from text that can be forged",
		[MISFIT_INDEX_TERMS] = "the approval has terms of a later version",
	};
	if (plain[i])
		buf_c(q->out, plain[i]);
	else if (i == MISFIT_INDEX_DOUBT)
		explain_doubt(q);
	else if (i == MISFIT_INDEX_OTHER)
		explain_other(q);
	else if (i == MISFIT_INDEX_ACCOUNT)
		buf_fmt(q->out, "no destination is %.*s", STR_ARG(q->a->account));
	else if (i == MISFIT_INDEX_KMS)
		explain_key(q);
	else if (i == MISFIT_INDEX_FILTER)
		explain_filter(q);
	else if (i == MISFIT_INDEX_TIME)
		explain_time(q);
	else if (i == MISFIT_INDEX_EXPIRED || i == MISFIT_INDEX_ENDED)
		explain_end(q);
	else
		explain_limit(q, i);
}

void misfits_count(size_t counts[MISFIT_COUNT], unsigned misfit)
{
	for (int i = 0; i < MISFIT_COUNT; i++)
		counts[i] += misfit >> i & 1;
}

void misfits_say(const size_t counts[MISFIT_COUNT], struct buf *out)
{
	size_t start = out->n;
	for (int i = 0; i < MISFIT_COUNT; i++)
		if (counts[i])
			buf_fmt(out, "%s%s %zu", out->n > start ? ", " : "",
				misfit_word((enum misfit_index)i), counts[i]);
}

void approval_explain(const struct approval *a, const struct alert *al, unsigned misfit, struct buf *out)
{
	struct question q = {a, al, out};
	size_t start = out->n;
	for (int i = 0; i < MISFIT_COUNT; i++) {
		if (!(misfit >> i & 1))
			continue;
		buf_c(out, out->n > start ? "; " : "");
		explain_one(&q, (enum misfit_index)i);
	}
}

void proposal_explain(const struct proposal *p, const struct alert *al, struct buf *out)
{
	if (p->unusual.n)
		buf_fmt(out, "not as usual: %.*s", STR_ARG(p->unusual));
	else
		approval_explain(p->approval, al, p->misfit, out);
}

/* ---- the approval itself ------------------------------------------------------------------ */

void approval_limits(const struct approval *a, struct buf *out)
{
	const struct {
		const char *one, *many;
		struct str s;
	} texts[] = {{"role", "roles", a->role}, {"bucket", "buckets", a->bucket},
		{"actor", "actors", a->actor}, {"person", "persons", a->person},
		{"identity provider", "identity providers", a->identity_provider},
		{"to bucket", "to buckets", a->dest_bucket},
		{"region", "regions", a->region}, {"partition", "", a->partition},
		{"prefix", "", a->prefix}, {"tags", "", a->tags}, {"KMS key", "KMS keys", a->kms_key},
		{"storage class", "storage classes", a->storage_class}};
	const struct {
		enum approval_allow bit;
		bool when;
		const char *words;
	} allows[] = {{ALLOW_CLAIMS, true, "claims are enough"}, {ALLOW_DELETES, true, "delete markers too"},
		{ALLOW_EXISTING, true, "existing objects too"}, {ALLOW_REPLICAS, true, "changes to replicas too"},
		{ALLOW_OVERRIDE, false, "no owner override"}};
	size_t start = out->n;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (texts[i].s.n)
			buf_fmt(out, "%s%s %.*s", out->n > start ? ", " : "",
				limit_is_prefix(texts[i].s) && texts[i].many[0] ? texts[i].many : texts[i].one,
				STR_ARG(texts[i].s));
	for (size_t i = 0; i < ARRAY_LEN(allows); i++)
		if (((a->allows & allows[i].bit) != 0) == allows[i].when)
			buf_fmt(out, "%s%s", out->n > start ? ", " : "", allows[i].words);
}

void approval_describe(const struct approval *a, struct buf *out)
{
	buf_add(out, a->account);
	AUTO(buf_fini) struct buf limits = {0};
	approval_limits(a, &limits);
	if (limits.n)
		buf_fmt(out, ", %.*s", STR_ARG(buf_str(&limits)));
	if (a->from != WHEN_NONE) {
		buf_c(out, ", from ");
		approval_time(a->from, false, out);
	}
	buf_c(out, a->until == WHEN_NONE ? ", without an end" : ", until ");
	if (a->until != WHEN_NONE)
		approval_time(a->until, true, out);
	if (a->ticket.n)
		buf_fmt(out, ", %.*s", STR_ARG(a->ticket));
	if (a->automatic)
		buf_c(out, ", automatic");
}
