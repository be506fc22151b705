/*
 * habit_row: what one alert says, as values that are the same where the same is done: the names of its
 * own bucket and account are taken out, and accounts of the organisation are one.
 */
#include "outliers_priv.h"

#include "s3triage/event/activity.h"

#include <stdio.h>
#include <string.h>

/* Bits that say nothing by themselves, or that another value says. */
#define TRAITS_PASSED (TRAIT_WHOLE_BUCKET | TRAIT_ALL_DISABLED | TRAIT_KEY_TEMPORARY | TRAIT_MFA | \
	TRAIT_MFA_UNSAID | TRAIT_MFA_NOT | TRAIT_AGENT_CONSOLE | TRAIT_AGENT_CLI | TRAIT_AGENT_SDK | \
	TRAIT_AGENT_CODE | TRAIT_AGENT_UNKNOWN | TRAIT_SERVICE)

enum { NAMES_MAX = 4, NAME_MIN = 3 };

/* Text with these names in it, each replaced by its place in the list. */
struct habit_names {
	struct str v[NAMES_MAX];
	bool no_digits;
};

static uint64_t habit_mix(uint64_t h, uint64_t value)
{
	h = (h ^ value) * UINT64_C(0x9E3779B97F4A7C15);
	return h ^ h >> 29;
}

static size_t habit_name_at(struct str rest, const struct habit_names *names, uint64_t *code)
{
	for (size_t k = 0; k < NAMES_MAX; k++)
		if (names->v[k].n >= NAME_MIN && rest.p[0] == names->v[k].p[0] &&
			str_starts(rest, names->v[k])) {
			*code = 256 + k;
			return names->v[k].n;
		}
	return 0;
}

static uint64_t habit_hash(uint64_t h, struct str text, const struct habit_names *names)
{
	for (size_t i = 0; i < text.n;) {
		uint64_t code = (unsigned char)text.p[i];
		size_t step = habit_name_at(str_sub(text, i, text.n), names, &code);
		if (!(names->no_digits && code >= '0' && code <= '9') && code != '.')
			h = habit_mix(h, code);
		i += step ? step : 1;
	}
	return text.n ? h | 1 : h;
}

static uint64_t habit_literal(struct str text)
{
	return text.n ? str_hash(text) | 1 : 0;
}

/* The accounts of the organisation do the same: what is the owner's own is one for all of them. */
static bool habit_is_ours(const struct habits *h, const struct alert *a, struct str account)
{
	return account.n && str_eq(account, a->owner) &&
		book_kind(h->book, account) == ACCOUNT_ORGANISATION;
}

/* Of a permission set's role the name differs from account to account in its last part; the person stays. */
static struct str habit_principal(const struct alert *a, char tmp[ALERT_PRINCIPAL_MAX])
{
	char arn[ALERT_PRINCIPAL_MAX];
	struct alert who = *a;
	size_t sso = str_find(a->actor_arn, STR("/AWSReservedSSO_")), slash = str_rfind_char(a->actor_arn, '/');
	struct str role = slash != STR_NONE && sso != STR_NONE && slash > sso ? str_sub(a->actor_arn, 0, slash) :
		a->actor_arn;
	size_t last = sso == STR_NONE ? STR_NONE : str_rfind_char(role, '_');
	if (last == STR_NONE || last <= sso + sizeof("/AWSReservedSSO_") - 1)
		return alert_principal(a, tmp);
	int n = snprintf(arn, sizeof(arn), "%.*s%.*s", STR_ARG(str_sub(role, 0, last)),
		STR_ARG(str_sub(a->actor_arn, role.n, a->actor_arn.n)));
	if (n > 0 && (size_t)n < sizeof(arn))
		who.actor_arn = (struct str){arn, (size_t)n};
	struct str principal = alert_principal(&who, tmp);
	if (principal.p != tmp) {
		memcpy(tmp, principal.p, principal.n);
		principal.p = tmp;
	}
	return principal;
}

static uint64_t habit_actor_hash(const struct habits *h, const struct alert *a)
{
	char tmp[ALERT_PRINCIPAL_MAX];
	struct habit_names names = {0};
	if (habit_is_ours(h, a, a->caller_account))
		names.v[0] = a->owner;
	return habit_hash(habit_literal(a->actor_type), habit_principal(a, tmp), &names);
}

/* Where a destination goes, as far as that is told; empty for the owner's own. */
static struct str habit_place(const struct alert_dest *d)
{
	if (d->relation == RELATION_OWN)
		return (struct str){0};
	return d->relation == RELATION_UNNAMED ? STR("not named") : d->relation == RELATION_INVALID ?
		STR("no account") : d->account;
}

static bool habit_repeats(const struct alert *a, size_t i)
{
	return i && str_eq(habit_place(&a->dests[i]), habit_place(&a->dests[i - 1]));
}

/* Whose key the copies get: the owner's and the destination's are no stranger's. A key that names no
 * account is the requester's own to resolve. */
static struct str habit_key(const struct alert *a, const struct alert_dest *d)
{
	struct str account = arn_part(d->kms_key, 4);
	if (!d->kms_key.n || str_find_char(d->kms_key, ':') == STR_NONE)
		return STR("known");
	return account.n && (str_eq(account, a->owner) || str_eq(account, d->account)) ? STR("known") :
		account.n ? account : d->kms_key;
}

/* Destinations stand in an order of their own, so that equal sets give equal values. */
static void habit_read_dests(const struct habits *h, const struct alert *a, struct habit_row *out)
{
	struct habit_names names = {{a->bucket, a->region, a->owner}, true};
	uint64_t *bucket = &out->fact[OUT_BUCKET], *scope = &out->fact[OUT_SCOPE];
	bool asks = h->book && book_count(h->book);
	out->dest = 1;
	*scope = a->n_dests ? 1 : 0;
	for (size_t i = 0; i < a->n_dests; i++) {
		const struct alert_dest *d = &a->dests[i];
		names.v[3] = d->account;
		*bucket = habit_hash(*bucket, d->arn.n ? d->arn : d->bucket, &names);
		out->fact[OUT_KEY] = habit_mix(out->fact[OUT_KEY], habit_literal(habit_key(a, d))) | 1;
		out->fact[OUT_MANNER] = habit_mix(out->fact[OUT_MANNER], habit_literal(d->manner)) | 1;
		*scope = habit_mix(habit_hash(habit_hash(*scope, d->prefix, &names), d->tags, &names), 256) | 1;
		if (habit_repeats(a, i) || !habit_place(d).n)
			continue;
		out->dest = habit_mix(out->dest, habit_literal(habit_place(d)));
		out->unknown |= asks && d->relation == RELATION_OTHER &&
			book_kind(h->book, d->account) == ACCOUNT_UNKNOWN;
	}
}

/* The network: /24, of IPv6 the first three groups. What is no address is a service's name. */
static struct str habit_network(struct str ip)
{
	bool wide = str_find_char(ip, ':') != STR_NONE;
	char by = wide ? ':' : '.';
	size_t at = 0;
	if (!ip.n || (!wide && (ip.p[ip.n - 1] < '0' || ip.p[ip.n - 1] > '9')))
		return ip;
	for (int i = 0; i < 3 && at != STR_NONE && at < ip.n; i++) {
		size_t next = str_find_char(str_sub(ip, at, ip.n), by);
		at = next == STR_NONE ? STR_NONE : at + next + 1;
	}
	return at == STR_NONE ? ip : str_sub(ip, 0, at);
}

void habit_row_read(const struct habits *h, row_id r, struct habit_row *out)
{
	const struct alert *a = store_alert(h->store, r);
	const struct habit_names digits = {.no_digits = true};
	struct habit_names role = {{a->bucket, alert_main_dest(a)->bucket}, false};
	*out = (struct habit_row){.read = true, .traits = a->traits & ~TRAITS_PASSED};
	if (habit_is_ours(h, a, a->role_account))
		role.v[2] = a->owner;
	out->actor = habit_actor_hash(h, a);
	habit_read_dests(h, a, out);
	out->fact[OUT_ROLE] = habit_hash(0, a->role, &role);
	out->fact[OUT_REGION] = habit_literal(a->region);
	out->fact[OUT_ADDRESS] = habit_literal(habit_network(a->ip));
	out->fact[OUT_COUNTRY] = habit_literal(a->country);
	out->fact[OUT_AGENT] = habit_hash(0, a->agent, &digits);
	out->fact[OUT_OWNER] = habit_is_ours(h, a, a->owner) ? 1 : habit_literal(a->owner);
	out->bucket = habit_mix(habit_literal(a->bucket), habit_literal(a->owner));
}

/* ---- in words ----------------------------------------------------------------------------- */

void habit_actor(const struct habits *h, row_id r, struct buf *out)
{
	const struct alert *a = store_alert(h->store, r);
	char tmp[ALERT_PRINCIPAL_MAX], shown[ALERT_WHO_MAX];
	struct str who = habit_principal(a, tmp);
	struct str account = a->caller_account;
	if (habit_is_ours(h, a, account) && a->actor.n)
		buf_fmt(out, "%.*s of the bucket's own account", STR_ARG(alert_who(a, shown)));
	else if (who.n)
		buf_add(out, who);
	else
		buf_c(out, "nobody named");
}

void habit_dests(const struct alert *a, struct buf *out)
{
	size_t start = out->n;
	for (size_t i = 0; i < a->n_dests; i++)
		if (!habit_repeats(a, i) && habit_place(&a->dests[i]).n)
			buf_fmt(out, "%s%.*s", out->n > start ? ", " : "", STR_ARG(habit_place(&a->dests[i])));
	if (out->n == start)
		buf_c(out, a->n_dests ? "own account" : "nowhere");
}

static void habit_put_scope(const struct alert *a, struct buf *out)
{
	const struct alert_dest *d = alert_main_dest(a);
	if (!d->prefix.n && !d->tags.n)
		buf_c(out, "all objects");
	buf_fmt(out, "%.*s%s%.*s", STR_ARG(d->prefix), d->prefix.n && d->tags.n ? " " : "",
		STR_ARG(d->tags));
}

/* A stranger's before any other. */
static struct str habit_key_text(const struct alert *a)
{
	struct str key = alert_main_dest(a)->kms_key;
	for (size_t i = a->n_dests; i-- > 0;)
		if (!str_is(habit_key(a, &a->dests[i]), "known"))
			key = a->dests[i].kms_key;
	return key.n ? key : STR("none");
}

void habit_fact_text(const struct alert *a, enum outlier_way w, struct buf *out)
{
	char tmp[ALERT_WHO_MAX];
	struct str name = alert_who(a, tmp);
	const struct alert_dest *d = alert_main_dest(a);
	const struct str texts[HABIT_FACTS] = {[OUT_ROLE] = a->role, [OUT_REGION] = a->region,
		[OUT_ADDRESS] = a->ip, [OUT_COUNTRY] = a->country, [OUT_AGENT] = a->agent,
		[OUT_OWNER] = a->owner, [OUT_BUCKET] = d->arn.n ? d->arn : d->bucket,
		[OUT_KEY] = w == OUT_KEY ? habit_key_text(a) : STR(""), [OUT_MANNER] = d->manner};
	if (w == OUT_SCOPE)
		habit_put_scope(a, out);
	else if ((int)w < HABIT_FACTS)
		buf_add(out, str_sub(texts[w], 0, 160));
	else if (w == OUT_ACTOR)
		buf_fmt(out, "%.*s%s%.*s%s%.*s", STR_ARG(a->actor_type), a->actor_type.n ? " " : "",
			STR_ARG(name.n ? name : a->actor_arn), a->caller_account.n ? " of " : "",
			STR_ARG(a->caller_account));
	else
		habit_dests(a, out);
}
