/*
 * signals_look: which signals one alert shows. Facts come from its traits, from what was first
 * seen when, and from whoever answers the asks; nothing here knows a verdict.
 */
#include "signals_priv.h"

#include "s3triage/base/when.h"
#include "s3triage/event/activity.h"

struct trait_signal {
	trait_set trait;
	signal_set signal;
};

/* Traits that are signals as they stand. */
static const struct trait_signal as_they_stand[] = {
#define X(enumerator, name, weight, trait, text, sentence) {trait, SIGNAL_##enumerator},
	SIGNALS(X)
#undef X
};

static signal_set signals_look_when(bool it, signal_set bit)
{
	return it ? bit : 0;
}

bool signals_overrides(const struct alert *a, const struct alert_dest *d)
{
	return (a->traits & TRAIT_OWNER_OVERRIDE) && d->account.n && !d->claim &&
		d->relation != RELATION_OWN && str_is(d->status, "Enabled");
}

bool signals_untold(const struct alert_dest *d)
{
	return d->relation == RELATION_UNNAMED || d->relation == RELATION_INVALID;
}

static bool overrides_any(const struct alert *a)
{
	for (size_t i = 0; i < a->n_dests; i++)
		if (signals_overrides(a, &a->dests[i]))
			return true;
	return false;
}

static bool untold(const struct alert *a)
{
	for (size_t i = 0; i < a->n_dests; i++)
		if (signals_untold(&a->dests[i]))
			return true;
	return false;
}

static signal_set look_traits(const struct alert *a)
{
	signal_set bits = 0;
	for (size_t i = 0; i < ARRAY_LEN(as_they_stand); i++)
		if (a->traits & as_they_stand[i].trait)
			bits |= as_they_stand[i].signal;
	bool service = a->traits & TRAIT_SERVICE;
	bool person = a->traits & (TRAIT_ROOT | TRAIT_KEY_LONG | TRAIT_AGENT_CONSOLE) ||
		str_is(a->actor_type, "IAMUser");
	return bits | signals_look_when(overrides_any(a), SIGNAL_OVERRIDE) |
	       signals_look_when(untold(a), SIGNAL_UNTOLD) |
	       signals_look_when(
		       person && !service && a->traits & (TRAIT_MFA_NOT | TRAIT_MFA_UNSAID),
		       SIGNAL_MFA_NONE) |
	       signals_look_when(
		       !service && a->traits & TRAIT_AGENT_UNKNOWN, SIGNAL_AGENT_UNKNOWN) |
	       signals_look_when(
		       a->dest_region.n && a->region.n && !str_eq(a->dest_region, a->region),
		       SIGNAL_REGION);
}

static bool is_fresh(const struct signal_look *l, const struct alert_dest *d)
{
	int64_t first = firsts_when(&l->g->firsts, FIRST_ACCOUNT, d->account, (struct str){0});
	return first != WHEN_NONE && l->alert->time != WHEN_NONE &&
		first > l->alert->time - SIGNALS_NEW_MS;
}

bool signals_knows(const struct signal_look *l, enum signal_index i, const struct alert_dest *d)
{
	const struct signals_asks *ask = &l->g->asks;
	if (!d->account.n || d->relation == RELATION_OWN)
		return false;
	if (i == SIGNAL_INDEX_ACCOUNT_NEW)
		return is_fresh(l, d);
	enum signal_account known = ask->account ? ask->account(ask->ctx, d->account) :
		SIGNAL_ACCOUNT_KNOWN;
	return known == (i == SIGNAL_INDEX_FLAGGED ? SIGNAL_ACCOUNT_FLAGGED : SIGNAL_ACCOUNT_UNKNOWN);
}

static enum signal_account known_as(const struct signal_look *l, const struct alert_dest *d)
{
	const struct signals_asks *ask = &l->g->asks;
	return ask->account ? ask->account(ask->ctx, d->account) : SIGNAL_ACCOUNT_KNOWN;
}

bool signals_unseen(const struct signal_look *l, const struct alert_dest *d)
{
	const struct firsts *f = &l->g->firsts;
	int64_t at = l->alert->time, account = firsts_when(f, FIRST_ACCOUNT, d->account, (struct str){0});
	int64_t bucket = firsts_when(f, FIRST_BUCKET, d->account, d->bucket);
	return d->claim && d->relation != RELATION_OWN && at != WHEN_NONE && account != WHEN_NONE &&
		l->g->asks.account && known_as(l, d) == SIGNAL_ACCOUNT_KNOWN && account < bucket &&
		bucket > at - SIGNALS_NEW_MS;
}

bool signals_shared(const struct signal_look *l, const struct alert_dest *d)
{
	return d->account.n && d->relation != RELATION_OWN && known_as(l, d) != SIGNAL_ACCOUNT_KNOWN &&
		firsts_shared(&l->g->firsts, d->account);
}

static signal_set look_accounts(const struct signal_look *l)
{
	static const enum signal_index all[] = {SIGNAL_INDEX_FLAGGED, SIGNAL_INDEX_UNLISTED,
		SIGNAL_INDEX_ACCOUNT_NEW};
	signal_set bits = 0;
	for (size_t i = 0; i < l->alert->n_dests; i++)
		for (size_t k = 0; k < ARRAY_LEN(all); k++)
			bits |= signals_look_when(!(bits >> all[k] & 1) &&
				signals_knows(l, all[k], &l->alert->dests[i]), UINT64_C(1) << all[k]);
	for (size_t i = 0; i < l->alert->n_dests; i++)
		bits |= signals_look_when(signals_unseen(l, &l->alert->dests[i]), SIGNAL_CLAIM_UNSEEN) |
			signals_look_when(signals_shared(l, &l->alert->dests[i]), SIGNAL_SHARED);
	return bits;
}

/* Something is new for a principal only when the principal itself is not. */
static signal_set look_places(const struct signal_look *l)
{
	const struct firsts *f = &l->g->firsts;
	int64_t at = l->alert->time;
	int64_t met = firsts_when(f, FIRST_PRINCIPAL, l->principal, (struct str){0});
	if (at == WHEN_NONE || met == WHEN_NONE || met >= at)
		return 0;
	struct str ip = l->alert->ip, country = l->alert->country;
	return signals_look_when(ip.n && firsts_when(f, FIRST_ADDRESS, l->principal, ip) >= at,
		       SIGNAL_ADDRESS_NEW) |
	       signals_look_when(
		       country.n && firsts_when(f, FIRST_COUNTRY, l->principal, country) >= at,
		       SIGNAL_COUNTRY_NEW);
}

signal_set signals_of_line(const struct diff_line *line)
{
	if (line->kind == DIFF_SAME)
		return 0;
	if (!line->more || line->kind == DIFF_ROLE)
		return SIGNAL_CHANGED;
	return line->kind == DIFF_DEST_ADDED || line->kind == DIFF_DEST_CHANGED ? SIGNAL_REDIRECTED : SIGNAL_WIDENED;
}

static signal_set look_around(struct signal_look *l)
{
	const struct signals_asks *ask = &l->g->asks;
	struct signs *s = &l->signs;
	arena_reset(&l->g->mem);
	*s = (struct signs){.looked_at = WHEN_NONE, .looked_until = WHEN_NONE};
	if (ask->signs)
		ask->signs(ask->ctx, l->row, &l->g->mem, s);
	const struct {
		bool it;
		signal_set signal;
	} all[] = {{s->prepared, SIGNAL_PREPARED}, {s->looked, SIGNAL_RECON}, {s->denied, SIGNAL_DENIED},
		{s->silenced, SIGNAL_SILENCED}, {s->role, SIGNAL_ROLE_NEW}, {s->bucket, SIGNAL_BUCKET_NEW},
		{s->versioned, SIGNAL_VERSIONED}, {s->job, SIGNAL_BATCH_JOB}, {s->burst, SIGNAL_BURST},
		{s->elsewhere.n, SIGNAL_KEY_PLACES}};
	signal_set bits = 0;
	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		bits |= signals_look_when(all[i].it, all[i].signal);
	for (size_t i = 0; i < s->diff.n_lines; i++)
		bits |= signals_of_line(&s->diff.lines[i]);
	return bits;
}

int64_t signals_ahead(const struct signal_look *l)
{
	const struct signals_asks *ask = &l->g->asks;
	int64_t now = ask->now ? ask->now(ask->ctx) : WHEN_NONE, at = l->alert->time;
	return now != WHEN_NONE && at != WHEN_NONE && at > now + SIGNAL_AHEAD_MS ? at - now : 0;
}

/* A verdict elsewhere, or a record, that goes by the name of this one and is none of its. */
static signal_set look_names(const struct store *s, row_id r)
{
	return signals_look_when(store_other(s, r), SIGNAL_OTHER_CONTENT) |
		signals_look_when(store_twin(s, r) != ROW_NONE, SIGNAL_SAME_ID);
}

void signals_look(struct signals *g, row_id r, struct signal_look *out)
{
	const struct alert *a = store_alert(g->store, r);
	*out = (struct signal_look){.g = g, .row = r, .alert = a};
	out->principal = alert_acting(a, out->acting);
	out->bits = look_traits(a) | look_accounts(out) | look_places(out) | look_around(out) |
		look_names(g->store, r) | (g->asks.unusual ? g->asks.unusual(g->asks.ctx, r) : 0) |
		signals_look_when(signals_ahead(out), SIGNAL_AHEAD);
	if (out->signs.address_met)
		out->bits &= ~SIGNAL_ADDRESS_NEW;
	if (out->bits & SIGNALS_AMISS)
		out->bits &= ~SIGNAL_USUAL;
}
