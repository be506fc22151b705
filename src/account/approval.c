/*
 * approval: whether an alert is within the limits of an approval. Pure; in words: approval_words.c.
 */
#include "approval_priv.h"

#include "s3triage/alert/signal.h"
#include "s3triage/base/mem.h"
#include "s3triage/base/when.h"



/* ---- one limit ---------------------------------------------------------------------------- */

/* An empty limit takes everything; one that ends with `*` all that starts so. What is not known is within
 * no limit, not even `*`: who sets "person *" wants somebody who has a name. */
static bool within(struct str limit, struct str text)
{
	if (!limit.n)
		return true;
	if (limit_is_prefix(limit))
		return text.n && str_starts(text, str_sub(limit, 0, limit.n - 1));
	return str_eq(limit, text);
}

/* Account of 12 digits, or text as every limit. */
static bool key_within(struct str limit, struct str key)
{
	bool account = limit.n == 12 && str_digits(limit);
	return account ? str_eq(arn_part(key, 4), limit) : within(limit, key);
}

static struct str arn_part_of(struct str arn, int n)
{
	if (!str_starts(arn, STR("arn:")))
		return (struct str){0};
	for (int i = 0; i < n; i++)
		str_cut(&arn, ':');
	return str_cut(&arn, ':');
}

/* A name alone means the bucket owner's own: anybody can make a role of the same name. */
static bool name_within(struct str limit, struct str name, struct str arn, struct str owner)
{
	if (!limit.n || str_starts(limit, STR("arn:")) || str_is(limit, "*"))
		return within(limit, arn);
	return owner.n && str_eq(arn_part_of(arn, 4), owner) && within(limit, name);
}

/* arn:aws:sts::ACCOUNT:assumed-role/NAME: of a role all sessions. */
static bool is_bare_session(struct str limit)
{
	struct str rest = arn_part_of(limit, 5);
	return str_starts(rest, STR("assumed-role/")) && !limit_is_prefix(limit) &&
		str_find_char(rest, '/') == str_rfind_char(rest, '/');
}

/* As it acted, a session of a role by what issued it, too. Facts of older versions have no issuer, and a
 * session's ARN has the role's name without its path: a name is one role of its account. */
static bool actor_within(struct str limit, const struct alert *al)
{
	struct str role = arn_part_of(limit, 5), account = arn_part_of(limit, 4);
	if (al->actor_arn.n && is_bare_session(limit))
		return str_starts(al->actor_arn, limit) && str_starts(str_sub(al->actor_arn, limit.n,
			al->actor_arn.n), STR("/"));
	if (!str_is(arn_part_of(limit, 2), "iam") || !str_starts(role, STR("role/"))) {
		bool service = !al->actor_arn.n && str_is(al->actor_type, "AWSService");
		return (service && within(limit, al->actor)) ||
			name_within(limit, al->actor, al->actor_arn, al->owner);
	}
	if (al->issuer_arn.n || limit_is_prefix(limit))
		return within(limit, al->issuer_arn);
	struct str name = str_sub(role, str_rfind_char(role, '/') + 1, role.n);
	struct str session = arn_part_of(al->actor_arn, 5);
	return str_eq(arn_part_of(al->actor_arn, 1), arn_part_of(limit, 1)) &&
		str_eq(arn_part_of(al->actor_arn, 4), account) && str_is(str_cut(&session, '/'), "assumed-role") &&
		str_eq(str_cut(&session, '/'), name);
}

/* What is behind the last '/' of a role's ARN, nothing of another ARN. */
static struct str approval_role_name(struct str arn)
{
	size_t slash = str_rfind_char(arn, '/');
	bool role = str_is(arn_part_of(arn, 2), "iam") && str_starts(arn_part_of(arn, 5), STR("role/"));
	return role && slash != STR_NONE ? str_sub(arn, slash + 1, arn.n) : (struct str){0};
}

static bool is_target(const struct approval *a, const struct alert_dest *d)
{
	return d->relation != RELATION_OWN && str_eq(d->account, a->account);
}

const struct alert_dest *approval_other_dest(const struct approval *a, const struct alert *al)
{
	for (size_t i = 0; i < al->n_dests; i++)
		if (al->dests[i].relation != RELATION_OWN && !is_target(a, &al->dests[i]))
			return &al->dests[i];
	return NULL;
}

/* Where a list or something else stands for an account, of which this is one: it is no destination
 * that can be told, but whoever asks about the account is told. */
static bool mentions(const struct approval *a, const struct alert_dest *d)
{
	struct str digits = a->account;
	while (digits.n && digits.p[0] == '0')
		digits = str_sub(digits, 1, digits.n);
	return d->relation == RELATION_INVALID && digits.n && str_find(d->written, digits) != STR_NONE;
}

static bool approval_names_account(const struct approval *a, const struct alert *al)
{
	for (size_t i = 0; i < al->n_dests; i++)
		if (is_target(a, &al->dests[i]) || mentions(a, &al->dests[i]))
			return true;
	return false;
}

/* The owner's own bucket is nobody's business, unless that it is the owner's is only claimed. */
const struct alert_dest *approval_other_bucket(const struct approval *a, const struct alert *al)
{
	bool arn = str_starts(a->dest_bucket, STR("arn:"));
	for (size_t i = 0; i < al->n_dests; i++) {
		const struct alert_dest *d = &al->dests[i];
		if ((d->relation != RELATION_OWN || d->claim) &&
			!within(a->dest_bucket, arn ? d->arn : d->bucket))
			return d;
	}
	return NULL;
}

const struct alert_dest *approval_other_key(const struct approval *a, const struct alert *al)
{
	for (size_t i = 0; i < al->n_dests; i++) {
		const struct alert_dest *d = &al->dests[i];
		struct str account = arn_part(d->kms_key, 4);
		bool owners = account.n && str_eq(account, al->owner), names = str_find_char(d->kms_key, ':') != STR_NONE;
		bool fits = a->kms_key.n && d->relation != RELATION_OWN ? key_within(a->kms_key, d->kms_key) :
			!names || owners || str_eq(account, a->account);
		if (!fits)
			return d;
	}
	return NULL;
}

const struct alert_dest *approval_other_storage(const struct approval *a, const struct alert *al)
{
	for (size_t i = 0; i < al->n_dests; i++)
		if (al->dests[i].relation != RELATION_OWN && !within(a->storage_class, dest_storage(&al->dests[i])))
			return &al->dests[i];
	return NULL;
}

/* ---- partition ---------------------------------------------------------------------------- */

struct str approval_other_partition(const struct approval *a, const struct alert *al)
{
	const struct str said[] = {approval_region_partition(al->region), arn_part_of(al->role, 1),
		arn_part_of(al->actor_arn, 1)};
	struct str want = a->partition;
	for (size_t i = 0; i < ARRAY_LEN(said) + al->n_dests; i++) {
		struct str here = i < ARRAY_LEN(said) ? said[i] :
			arn_part_of(al->dests[i - ARRAY_LEN(said)].arn, 1);
		if (here.n && want.n && !str_eq(here, want))
			return here;
		want = want.n ? want : here;
	}
	return (struct str){0};
}

/* ---- filter ------------------------------------------------------------------------------- */

const struct alert_dest *approval_wider_dest(const struct approval *a, const struct alert *al)
{
	for (size_t i = 0; i < al->n_dests; i++) {
		const struct alert_dest *d = &al->dests[i];
		if (!filter_within(d->prefix, d->tags, a->prefix, a->tags))
			return d;
	}
	return NULL;
}

/* ---- all ---------------------------------------------------------------------------------- */

static bool is_expired(const struct approval *a, int64_t now)
{
	return a->until != WHEN_NONE && now >= a->until;
}

bool approval_stands(const struct approval *a, int64_t now)
{
	return a->ended == WHEN_NONE && !is_expired(a, now);
}

static bool time_within(const struct approval *a, int64_t time)
{
	if (time == WHEN_NONE)
		return a->from == WHEN_NONE && a->until == WHEN_NONE;
	return (a->from == WHEN_NONE || time >= a->from) && (a->until == WHEN_NONE || time < a->until);
}

static unsigned approval_when(bool it, enum approval_misfit bit)
{
	return it ? (unsigned)bit : 0;
}

static unsigned misfit_request(const struct approval *a, const struct alert *al)
{
	const struct {
		trait_set trait;
		unsigned allow, bit;
	} asks[] = {{TRAIT_OWNER_OVERRIDE, ALLOW_OVERRIDE, MISFIT_OVERRIDE},
		{TRAIT_DELETE_MARKERS | TRAIT_DELETES_OUT, ALLOW_DELETES, MISFIT_DELETES},
		{TRAIT_EXISTING_OBJECTS, ALLOW_EXISTING, MISFIT_EXISTING}};
	unsigned bits = 0;
	for (size_t i = 0; i < ARRAY_LEN(asks); i++)
		if ((al->traits & asks[i].trait) && !(a->allows & asks[i].allow))
			bits |= asks[i].bit;
	for (size_t i = 0; i < al->n_dests; i++)
		bits |= approval_when(!(a->allows & ALLOW_REPLICAS) &&
					      al->dests[i].relation != RELATION_OWN &&
					      dest_has(&al->dests[i], "replica-modifications"),
			MISFIT_REPLICAS);
	return bits | approval_when((al->traits & TRAITS_DOUBT) || al->disagreement ||
			al->read_from == READ_NOTHING, MISFIT_DOUBT) |
		approval_when(a->automatic && al->read_from == READ_STRING, MISFIT_TEXT) |
		approval_when(approval_wider_dest(a, al), MISFIT_FILTER);
}

static unsigned misfit_places(const struct approval *a, const struct alert *al)
{
	bool named = approval_names_account(a, al);
	return approval_when(!named, MISFIT_ACCOUNT) |
	       approval_when(named && approval_other_dest(a, al), MISFIT_OTHER) |
	       approval_when(
		       (al->traits & TRAIT_CLAIM) && !approval_takes_claims(a), MISFIT_CLAIM) |
	       approval_when(approval_other_bucket(a, al), MISFIT_DEST_BUCKET) |
	       approval_when(approval_other_key(a, al), MISFIT_KMS) |
	       approval_when(a->storage_class.n && approval_other_storage(a, al), MISFIT_STORAGE) |
	       approval_when(!within(a->bucket, al->bucket), MISFIT_BUCKET) |
	       approval_when(!within(a->region, al->region), MISFIT_REGION) |
	       approval_when(approval_other_partition(a, al).n, MISFIT_PARTITION);
}

unsigned approval_misfit(const struct approval *a, const struct alert *al, int64_t now)
{
	return misfit_places(a, al) | misfit_request(a, al) |
	       approval_when(
		       !name_within(a->role, approval_role_name(al->role), al->role, al->owner),
		       MISFIT_ROLE) |
	       approval_when(!actor_within(a->actor, al), MISFIT_ACTOR) |
	       approval_when(!within(a->person, al->person), MISFIT_PERSON) |
	       approval_when(!within(a->identity_provider, al->provider), MISFIT_PROVIDER) |
	       approval_when(!time_within(a, al->time) || al->time > now + SIGNAL_AHEAD_MS, MISFIT_TIME) |
	       approval_when(a->unread, MISFIT_TERMS) |
	       approval_when(a->ended != WHEN_NONE, MISFIT_ENDED) |
	       approval_when(a->ended == WHEN_NONE && is_expired(a, now), MISFIT_EXPIRED);
}

/* ---- its begin and end -------------------------------------------------------------------- */

int64_t approval_from(int64_t now)
{
	const int64_t day = INT64_C(24) * 60 * 60 * 1000;
	int64_t back = now - 365 * day;
	return back - (back % day + day) % day;
}

bool approval_until(struct str text, int64_t now, int64_t *until, struct err *err)
{
	int64_t date;
	bool day = text.n == 10 && when_last(text, now, &date, NULL);
	if (!when_last(text, now, until, err))
		return false;
	bool span = text.n && text.p[0] >= '0' && text.p[0] <= '9' && !when_parse(text, &date) && !day;
	if (span)
		*until = now + (now - *until);
	else if (day)
		*until += 1; /* the first moment behind the day */
	return true;
}
