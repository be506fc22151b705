/*
 * approval: whether an alert is within the limits of an approval, and what is not. Pure.
 */
#include "s3triage/triage/approval.h"

#include "s3triage/base/mem.h"

static bool is_prefix(struct str limit)
{
	return limit.n && limit.p[limit.n - 1] == '*';
}

/* An empty limit takes everything; one that ends with `*` all that starts so. */
static bool within(struct str limit, struct str text)
{
	if (!limit.n)
		return true;
	if (is_prefix(limit))
		return str_starts(text, str_sub(limit, 0, limit.n - 1));
	return str_eq(limit, text);
}

static struct str arn_account(struct str arn)
{
	for (int i = 0; i < 4; i++)
		str_cut(&arn, ':');
	return str_cut(&arn, ':');
}

/* A name alone means the bucket owner's own: anybody can make a role of the same name. */
static bool name_within(struct str limit, struct str name, struct str arn, struct str owner)
{
	if (str_starts(limit, STR("arn:")) || str_is(limit, "*"))
		return within(limit, arn);
	if (limit.n && owner.n && !str_eq(arn_account(arn), owner))
		return false;
	return within(limit, name);
}

static struct str role_name(struct str arn)
{
	size_t slash = str_rfind_char(arn, '/');
	return slash == STR_NONE ? arn : str_sub(arn, slash + 1, arn.n);
}

/* The first destination that is neither the owner's own nor the approved account. */
static const struct alert_dest *other_dest(const struct approval *a, const struct alert *al)
{
	for (size_t i = 0; i < al->n_dests; i++)
		if (al->dests[i].relation != RELATION_OWN &&
			!str_eq(al->dests[i].account, a->account))
			return &al->dests[i];
	return NULL;
}

static bool names_account(const struct approval *a, const struct alert *al)
{
	for (size_t i = 0; i < al->n_dests; i++)
		if (al->dests[i].relation != RELATION_OWN &&
			str_eq(al->dests[i].account, a->account))
			return true;
	return false;
}

static bool is_expired(const struct approval *a, int64_t now)
{
	return a->until != WHEN_NONE && now >= a->until;
}

bool approval_stands(const struct approval *a, int64_t now)
{
	return a->ended == WHEN_NONE && !is_expired(a, now);
}

unsigned approval_misfit(const struct approval *a, const struct alert *al, int64_t now)
{
	unsigned bits = 0;
	if (!names_account(a, al))
		bits |= MISFIT_ACCOUNT;
	else if (other_dest(a, al))
		bits |= MISFIT_OTHER;
	if (!name_within(a->role, role_name(al->role), al->role, al->owner))
		bits |= MISFIT_ROLE;
	if (!within(a->bucket, al->bucket))
		bits |= MISFIT_BUCKET;
	if (!name_within(a->actor, al->actor, al->actor_arn, al->owner))
		bits |= MISFIT_ACTOR;
	if (a->ended != WHEN_NONE)
		bits |= MISFIT_ENDED;
	else if (is_expired(a, now))
		bits |= MISFIT_EXPIRED;
	if (al->disagreement || (al->traits & (TRAIT_DISAGREE | TRAIT_FORGED)))
		bits |= MISFIT_DISAGREES;
	if (a->automatic && (al->read_from == READ_STRING || al->read_from == READ_NOTHING))
		bits |= MISFIT_DOUBTFUL;
	return bits;
}

/* ---- in words ----------------------------------------------------------------------------- */

static void part(struct buf *out, size_t start, const char *text)
{
	if (out->n > start)
		buf_c(out, "; ");
	buf_c(out, text);
}

static void put_day(int64_t ms, struct buf *out)
{
	char when[WHEN_TEXT_MAX];
	buf_add(out, str_sub(str_c(when_format(ms, when)), 0, 10));
}

static void explain_other(const struct alert_dest *d, struct buf *out)
{
	if (d->account.n)
		buf_fmt(out, "another destination: %.*s", STR_ARG(d->account));
	else if (d->written.n)
		buf_fmt(out, "a destination is no account: %.*s", STR_ARG(str_sub(d->written, 0, 80)));
	else
		buf_c(out, "a destination names no account");
}

static void explain_limit(const char *what, struct str limit, struct str found, struct buf *out)
{
	if (!found.n)
		buf_fmt(out, "%s is not known", what);
	else if (is_prefix(limit))
		buf_fmt(out, "%s is not under %.*s: %.*s", what, STR_ARG(limit),
			STR_ARG(str_sub(found, 0, 200)));
	else
		buf_fmt(out, "%s differs: %.*s", what, STR_ARG(str_sub(found, 0, 200)));
}

static void explain_limits(const struct approval *a, const struct alert *al, unsigned bits,
	struct buf *out)
{
	const struct {
		unsigned bit;
		const char *what;
		struct str limit, found;
	} limits[] = {
		{MISFIT_ROLE, "role", a->role, al->role},
		{MISFIT_BUCKET, "bucket", a->bucket, al->bucket},
		{MISFIT_ACTOR, "actor", a->actor, al->actor_arn.n ? al->actor_arn : al->actor},
	};
	size_t start = out->n;
	for (size_t i = 0; i < ARRAY_LEN(limits); i++) {
		if (!(bits & limits[i].bit))
			continue;
		part(out, start, "");
		explain_limit(limits[i].what, limits[i].limit, limits[i].found, out);
	}
}

static void explain_end(const struct approval *a, unsigned bits, size_t start, struct buf *out)
{
	if (bits & MISFIT_EXPIRED) {
		part(out, start, "expired ");
		put_day(a->until, out);
	}
	if (bits & MISFIT_ENDED) {
		part(out, start, "ended ");
		put_day(a->ended, out);
		buf_fmt(out, " by %.*s", STR_ARG(a->ended_by));
	}
}

void approval_explain(const struct approval *a, const struct alert *al, int64_t now, struct buf *out)
{
	unsigned bits = approval_misfit(a, al, now);
	size_t start = out->n;
	if (bits & MISFIT_ACCOUNT)
		buf_fmt(out, "no destination is %.*s", STR_ARG(a->account));
	if (bits & MISFIT_OTHER)
		explain_other(other_dest(a, al), out);
	if (bits & (MISFIT_ROLE | MISFIT_BUCKET | MISFIT_ACTOR)) {
		part(out, start, "");
		explain_limits(a, al, bits, out);
	}
	explain_end(a, bits, start, out);
	if (bits & MISFIT_DISAGREES)
		part(out, start, "the forms of the request do not say the same");
	if (bits & MISFIT_DOUBTFUL)
		part(out, start, "read only from text that can be forged");
}

void approval_describe(const struct approval *a, struct buf *out)
{
	buf_add(out, a->account);
	if (a->role.n)
		buf_fmt(out, ", role %.*s", STR_ARG(a->role));
	if (a->bucket.n)
		buf_fmt(out, ", %s %.*s", is_prefix(a->bucket) ? "buckets" : "bucket",
			STR_ARG(a->bucket));
	if (a->actor.n)
		buf_fmt(out, ", actor %.*s", STR_ARG(a->actor));
	if (a->until != WHEN_NONE) {
		buf_c(out, ", until ");
		put_day(a->until, out);
	}
	if (a->ticket.n)
		buf_fmt(out, ", %.*s", STR_ARG(a->ticket));
	if (a->automatic)
		buf_c(out, ", automatic");
}

/* ---- checking ----------------------------------------------------------------------------- */

static bool check_limit(const char *what, struct str limit, struct err *err)
{
	size_t star = str_find_char(limit, '*');
	if (star != STR_NONE && star + 1 != limit.n)
		return err_set(err, ERR_USAGE, "the %s of an approval may have one * at its end,"
			" not within", what);
	return true;
}

bool approval_check(const struct approval *a, struct err *err)
{
	const struct str texts[] = {a->role, a->bucket, a->actor, a->owner, a->ticket, a->note};
	struct arena mem = {0};
	bool is_account = a->account.n == 12 && account_normal(a->account, &mem).n;
	arena_fini(&mem);
	if (!is_account)
		return err_set(err, ERR_USAGE, "an approval needs an account of 12 digits, not"
			" '%.*s'", STR_ARG(str_sub(a->account, 0, 40)));
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (texts[i].n > APPROVAL_TEXT_MAX)
			return err_set(err, ERR_USAGE, "a text of an approval has %zu bytes, %d is"
				" the most", texts[i].n, APPROVAL_TEXT_MAX);
	return check_limit("role", a->role, err) && check_limit("bucket", a->bucket, err) &&
		check_limit("actor", a->actor, err);
}
