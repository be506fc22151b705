/*
 * content: the facts of an alert in one spelling, and what differs between two of them. One event
 * comes as CloudTrail wrote it, as a document, inside an alert, as a line of a table: what such a
 * form adds, leaves out or spells otherwise must not count.
 */
#include "s3triage/alert/content.h"

#include "s3triage/alert/ident.h"
#include "s3triage/base/hash.h"
#include "s3triage/base/mem.h"
#include "s3triage/base/when.h"
#include "s3triage/event/json.h"
#include "s3triage/event/json_write.h"
#include "s3triage/alert/facts.h"

#include <stdlib.h>
#include <string.h>

/* Of the request, and whether it was done; not of the form, the account book or the sender. */
#define TRAITS_COUNTED (TRAIT_OWNER_OVERRIDE | TRAIT_DELETE_MARKERS | TRAIT_WHOLE_BUCKET | \
	TRAIT_ALL_DISABLED | TRAIT_EXISTING_OBJECTS | TRAIT_KMS | TRAIT_FAILED)

/* Of each rule, with where it copies to. */
#define RULE_FACTS (1u << CONTENT_FILTER | 1u << CONTENT_ARN | 1u << CONTENT_CLAIMS | \
	1u << CONTENT_SWITCHES | 1u << CONTENT_KMS | 1u << CONTENT_MANNER)

static const char *content_fact_name(enum content_fact f)
{
	static const char *const names[CONTENT_FACTS] = {
#define X(enumerator, name) name,
		CONTENT_FACTS_OF(X)
#undef X
	};
	return (unsigned)f < CONTENT_FACTS ? names[f] : "unknown";
}

/* ---- one spelling ------------------------------------------------------------------------- */

static int compare_texts(const void *left, const void *right)
{
	return str_cmp(*(const struct str *)left, *(const struct str *)right);
}

/* Text that somebody chose must not look like two destinations, or like another's. */
static void put_word(struct str s, struct buf *out)
{
	if (str_is_name(s, "-._:/", 2048))
		buf_add(out, s);
	else
		json_quote_stable(s, out);
}

static void put_part(const char *name, struct str part, struct buf *out)
{
	if (!part.n)
		return;
	buf_c(out, name);
	put_word(part, out);
}

/* What one fact holds of a destination besides where it is. */
static void put_parts(const struct alert_dest *d, enum content_fact f, struct buf *out)
{
	if (f == CONTENT_FILTER) {
		put_part(" prefix ", d->prefix, out);
		put_part(" tags ", d->tags, out);
	} else if (f == CONTENT_ARN)
		put_part(" at ", d->arn, out);
	else if (f == CONTENT_CLAIMS)
		buf_c(out, d->claim ? " claimed" : "");
	else if (f == CONTENT_SWITCHES)
		put_part(" ", d->switches, out);
	else if (f == CONTENT_KMS)
		put_part(" with ", d->kms_key, out);
	else if (f == CONTENT_MANNER)
		put_part(" ", d->manner, out);
}

static struct str dest_text(const struct alert_dest *d, enum content_fact f, struct arena *mem)
{
	AUTO(buf_fini) struct buf out = {0};
	struct str account = d->account.n ? d->account : str_trim(d->written);
	if (account.n)
		put_word(account, &out);
	else
		buf_c(&out, "not named");
	if (d->bucket.n) {
		buf_char(&out, ' ');
		put_word(d->bucket, &out);
	}
	if (d->status.n && !str_eq_fold(d->status, STR("Enabled")))
		buf_c(&out, " (off)");
	put_parts(d, f, &out);
	return arena_str(mem, buf_str(&out));
}

/* Every pair of account and bucket once, in order, with what is not switched on and what `f` adds. */
static struct str dests_text(const struct alert *a, enum content_fact f, struct arena *mem)
{
	struct buf out = {0};
	struct str *pairs = arena_array(mem, a->n_dests, sizeof(*pairs));
	for (size_t i = 0; i < a->n_dests; i++)
		pairs[i] = dest_text(&a->dests[i], f, mem);
	if (a->n_dests > 1)
		qsort(pairs, a->n_dests, sizeof(*pairs), compare_texts);
	for (size_t i = 0; i < a->n_dests; i++)
		if (i == 0 || !str_eq(pairs[i], pairs[i - 1]))
			buf_fmt(&out, "%s%.*s", i ? ", " : "", STR_ARG(pairs[i]));
	struct str text = arena_str(mem, buf_str(&out));
	buf_fini(&out);
	return text;
}

/* To the second, as CloudTrail has it. An alert that does not say when its event was has the time
 * at which it was made in its place. */
static struct str time_text(const struct alert *a, struct arena *mem)
{
	char text[WHEN_TEXT_MAX];
	if (a->time == WHEN_NONE || (a->from_kibana && a->time == a->made))
		return (struct str){0};
	int64_t second = a->time / 1000 - (a->time % 1000 < 0);
	return arena_str(mem, str_c(when_format(second * 1000, text)));
}

/* Decisions of the first versions kept no traits; later ones always have some. */
static struct str traits_text(const struct alert *a, struct arena *mem)
{
	struct buf out = {0};
	if (!a->traits || a->read_from == READ_NOTHING)
		return (struct str){0};
	for (unsigned i = 0; i < TRAIT_COUNT; i++)
		if (a->traits & TRAITS_COUNTED & 1ull << i)
			buf_fmt(&out, "%s%s", out.n ? " " : "", trait_name((enum trait_index)i));
	struct str text = out.n ? arena_str(mem, buf_str(&out)) : STR("plain");
	buf_fini(&out);
	return text;
}

/* Documents do not always say. */
static struct str mfa_text(trait_set traits)
{
	if (traits & TRAIT_MFA)
		return STR("used");
	return traits & TRAIT_MFA_NOT ? STR("not used") : (struct str){0};
}

/* CloudTrail puts some agents into brackets, and not every reader of it keeps them. */
static struct str agent_text(struct str s)
{
	return s.n > 2 && s.p[0] == '[' && s.p[s.n - 1] == ']' ? str_sub(s, 1, s.n - 1) : s;
}

/* Facts of the versions that kept no filters do not say where the owner is from, either. */
static void put_rules(const struct alert *a, struct arena *mem, struct content *out)
{
	static const enum content_fact filters[] = {CONTENT_FILTER, CONTENT_ARN, CONTENT_CLAIMS},
		switches[] = {CONTENT_SWITCHES, CONTENT_KMS};
	bool kept = true, manner = true;
	for (size_t i = 0; i < a->n_dests; i++) {
		kept = kept && a->dests[i].switches.n;
		manner = manner && a->dests[i].manner.n;
	}
	for (size_t i = 0; a->owner_from != OWNER_UNSAID && i < ARRAY_LEN(filters); i++)
		out->v[filters[i]] = dests_text(a, filters[i], mem);
	for (size_t i = 0; kept && i < ARRAY_LEN(switches); i++)
		out->v[switches[i]] = dests_text(a, switches[i], mem);
	if (manner)
		out->v[CONTENT_MANNER] = dests_text(a, CONTENT_MANNER, mem);
}

void content_of(const struct alert *a, struct arena *mem, struct content *out)
{
	*out = (struct content){.name = a->actor, .owner_from = a->owner_from,
		.shared = a->shared_id,
		.reduced = str_is(a->actor_type, "AWSAccount") && !a->actor_arn.n,
		.from_string = a->read_from == READ_STRING, .v = {
		[CONTENT_BUCKET] = a->bucket, [CONTENT_OWNER] = a->owner,
		[CONTENT_DESTS] = dests_text(a, CONTENT_DESTS, mem), [CONTENT_ROLE] = a->role,
		[CONTENT_ACTOR] = a->actor_arn, [CONTENT_KEY] = a->key_id,
		[CONTENT_TIME] = time_text(a, mem), [CONTENT_REGION] = a->region,
		[CONTENT_ADDRESS] = a->ip, [CONTENT_AGENT] = agent_text(a->agent),
		[CONTENT_TRAITS] = traits_text(a, mem), [CONTENT_ISSUER] = a->issuer_arn,
		[CONTENT_CALLER] = a->caller_account, [CONTENT_KIND] = a->actor_type,
		[CONTENT_MFA] = mfa_text(a->traits), [CONTENT_INVOKER] = a->invoked_by,
		[CONTENT_ENDPOINT] = a->endpoint,
		[CONTENT_PERSON] = str_eq(a->person, a->session) ? (struct str){0} : a->person}};
	put_rules(a, mem, out);
}

void content_of_facts(struct str facts, struct arena *mem, struct content *out)
{
	struct alert a;
	*out = (struct content){0};
	if (facts.n && export_facts_read(facts, mem, &a, NULL))
		content_of(&a, mem, out);
	else if (facts.n)
		out->v[CONTENT_TIME] = STR("not readable");
}

void content_keep(const struct content *from, struct intern *words, struct content *to)
{
	*to = *from;
	to->name = intern(words, to->name);
	to->shared = intern(words, to->shared);
	for (unsigned f = 0; f < CONTENT_FACTS; f++)
		to->v[f] = intern(words, to->v[f]);
}

bool content_eq(const struct content *a, const struct content *b)
{
	bool same = str_eq(a->name, b->name) && a->owner_from == b->owner_from &&
		a->from_string == b->from_string && a->reduced == b->reduced &&
		str_eq(a->shared, b->shared);
	for (unsigned f = 0; same && f < CONTENT_FACTS; f++)
		same = str_eq(a->v[f], b->v[f]);
	return same;
}

size_t content_known(const struct content *c)
{
	size_t n = 0;
	for (unsigned f = 0; f < CONTENT_FACTS; f++)
		n += c->v[f].n > 0;
	return n;
}

static struct str content_fact(const struct content *c, unsigned f)
{
	return c->v[f].n || f != CONTENT_ACTOR ? c->v[f] : c->name;
}

/* ---- comparing ---------------------------------------------------------------------------- */

/* Of one call, as far as they say. What older versions decided on does not tell. */
static bool may_share(const struct content *a, const struct content *b)
{
	return a->shared.n && b->shared.n ? str_eq(a->shared, b->shared) : a->shared.n || b->shared.n;
}

/* Another account's trail has the principal, "AROA...:session", and its account. */
static bool reduced_differs(const struct content *reduced, const struct content *whole)
{
	struct str arn = whole->v[CONTENT_ACTOR], caller = reduced->v[CONTENT_CALLER];
	size_t session = str_rfind_char(reduced->name, ':');
	if (!caller.n || !str_eq(caller, whole->v[CONTENT_CALLER]))
		return true;
	return arn.n && session != STR_NONE &&
		!str_ends(arn, str_sub(reduced->name, session + 1, reduced->name.n));
}

/* A name and an ARN go together when the one stands in the other. */
static bool actors_differ(const struct content *a, const struct content *b)
{
	struct str x = a->v[CONTENT_ACTOR], y = b->v[CONTENT_ACTOR];
	if (a->reduced != b->reduced && may_share(a, b))
		return a->reduced ? reduced_differs(a, b) : reduced_differs(b, a);
	if (x.n && y.n)
		return !str_eq(x, y);
	if (!a->name.n || !b->name.n || str_eq(a->name, b->name))
		return false;
	/* Where nobody is named the kind stands in its place, as forms and versions have it that know no more. */
	if (str_eq(a->name, a->v[CONTENT_KIND]) || str_eq(b->name, b->v[CONTENT_KIND]))
		return false;
	return str_find(x, b->name) == STR_NONE && str_find(y, a->name) == STR_NONE;
}

/* Facts that two forms of one call say each in its own way. */
static unsigned spelt_apart(const struct content *a, const struct content *b)
{
	unsigned bits = a->from_string != b->from_string ? RULE_FACTS : 0;
	/* A form without the bucket's owner has the trail's account instead: which of two trails it was. */
	if (a->owner_from && b->owner_from && (a->owner_from != b->owner_from ||
		(a->owner_from == OWNER_TRAIL && may_share(a, b))))
		bits |= 1u << CONTENT_OWNER;
	if (a->reduced != b->reduced && may_share(a, b))
		bits |= 1u << CONTENT_KIND | 1u << CONTENT_ENDPOINT;
	return bits;
}

unsigned content_differs(const struct content *a, const struct content *b)
{
	unsigned bits = 0;
	for (unsigned f = 0; f < CONTENT_FACTS; f++) {
		struct str x = a->v[f], y = b->v[f];
		if (x.n && y.n && !(f == CONTENT_ADDRESS ? str_eq_fold(x, y) : str_eq(x, y)))
			bits |= 1u << f;
	}
	if (bits >> CONTENT_DESTS & 1) /* told already */
		bits &= ~RULE_FACTS;
	return (bits & ~spelt_apart(a, b)) | (actors_differ(a, b) ? 1u << CONTENT_ACTOR : 0);
}

/* Who, by what, from where and to where. Every version kept these of what it was shown, but for the
 * issuer, which came before the manner of copying. Another account's trail never holds who exactly. */
static unsigned not_known(const struct content *decided, const struct content *now)
{
	unsigned ask = 1u << CONTENT_BUCKET | 1u << CONTENT_OWNER | 1u << CONTENT_DESTS |
		1u << CONTENT_ROLE | 1u << CONTENT_KEY | 1u << CONTENT_REGION | 1u << CONTENT_ADDRESS, bits = 0;
	if (!decided->reduced || !may_share(decided, now))
		ask |= 1u << CONTENT_ACTOR | (decided->v[CONTENT_MANNER].n ? 1u << CONTENT_ISSUER : 0);
	else
		ask &= ~(1u << CONTENT_KEY);
	for (unsigned f = 0; f < CONTENT_FACTS; f++)
		if (content_fact(now, f).n && !decided->v[f].n)
			bits |= 1u << f;
	if (!now->v[CONTENT_ACTOR].n && decided->name.n)
		bits &= ~(1u << CONTENT_ACTOR);
	return bits & ask & ~now->unshown;
}

unsigned content_unlike(const struct content *decided, const struct content *now)
{
	return content_known(decided) ? content_differs(decided, now) | not_known(decided, now) : 0;
}

void content_shown(struct content *all, const struct content *one)
{
	all->unshown = 0;
	for (unsigned f = 0; f < CONTENT_FACTS; f++)
		if (!content_fact(one, f).n)
			all->unshown |= 1u << f;
}

int owner_known(enum owner_from from, struct str owner, struct str caller)
{
	return from == OWNER_EVENT ? 2 : from == OWNER_TRAIL && !str_eq(owner, caller);
}

static int owner_of(const struct content *c)
{
	return owner_known(c->owner_from, c->v[CONTENT_OWNER], c->v[CONTENT_CALLER]);
}

static bool join_actor(struct content *into, const struct content *more)
{
	bool whole = into->reduced && !more->reduced && more->name.n;
	if (!into->name.n || whole)
		into->name = more->name;
	if (whole) {
		into->reduced = false;
		into->v[CONTENT_KIND] = more->v[CONTENT_KIND];
	}
	if (into->shared.n || !more->shared.n)
		return whole;
	into->shared = more->shared;
	return true;
}

bool content_join(struct content *into, const struct content *more)
{
	bool any = false;
	if (owner_of(more) > owner_of(into)) {
		any = true;
		into->owner_from = more->owner_from;
		into->v[CONTENT_OWNER] = more->v[CONTENT_OWNER];
	}
	any |= join_actor(into, more);
	bool better = into->from_string && !more->from_string;
	any |= better;
	into->from_string &= !better;
	for (unsigned f = 0; f < CONTENT_FACTS; f++) {
		if (better && RULE_FACTS >> f & 1)
			into->v[f] = more->v[f];
		if (into->v[f].n || !more->v[f].n)
			continue;
		into->v[f] = more->v[f];
		any = true;
	}
	return any;
}

/* ---- words -------------------------------------------------------------------------------- */

static struct str shown(const struct content *c, unsigned f)
{
	struct str s = content_fact(c, f);
	return s.n ? str_sub(s, 0, 200) : STR("none");
}

void content_words(const struct unlike *u, struct buf *out)
{
	const char *between = "", *without = "decided without knowing ";
	for (unsigned f = 0; f < CONTENT_FACTS; f++) {
		if (!(u->bits >> f & 1) || !content_fact(&u->decided, f).n)
			continue;
		buf_fmt(out, "%s%s %.*s, not %.*s", between, content_fact_name((enum content_fact)f),
			STR_ARG(shown(&u->decided, f)), STR_ARG(shown(&u->now, f)));
		between = "; ";
	}
	for (unsigned f = 0; f < CONTENT_FACTS; f++) {
		if (!(u->bits >> f & 1) || content_fact(&u->decided, f).n)
			continue;
		buf_fmt(out, "%s%s%s %.*s", between, without, content_fact_name((enum content_fact)f),
			STR_ARG(shown(&u->now, f)));
		between = ", ";
		without = "";
	}
}

void content_text(const struct content *c, unsigned more, struct buf *out)
{
	const char *between = "";
	for (unsigned f = 0; f < CONTENT_FACTS; f++) {
		if (!content_fact(c, f).n || (f > CONTENT_TIME && !(more >> f & 1)))
			continue;
		buf_fmt(out, "%s%s %.*s", between, content_fact_name((enum content_fact)f),
			STR_ARG(shown(c, f)));
		between = "; ";
	}
}

void content_json(struct members *m, const char *key, const struct unlike *u)
{
	member_open(m, key, '[');
	for (unsigned f = 0; f < CONTENT_FACTS; f++) {
		if (!(u->bits >> f & 1))
			continue;
		member_open(m, NULL, '{');
		member_str(m, "fact", str_c(content_fact_name((enum content_fact)f)));
		member_str(m, "decided", content_fact(&u->decided, f));
		member_str(m, "now", content_fact(&u->now, f));
		member_close(m, 1);
	}
	member_close(m, 1);
}

void content_digest(const struct content *c, char out[CONTENT_DIGEST])
{
	char hex[SHA256_HEX];
	struct buf all = {0};
	for (unsigned f = 0; f < CONTENT_FACTS; f++) /* one that came later changes no older digits */
		if (f <= CONTENT_MANNER || c->v[f].n)
			buf_fmt(&all, "%zu:%.*s,", c->v[f].n, STR_ARG(c->v[f]));
	sha256_hex(buf_str(&all), hex);
	buf_fini(&all);
	memcpy(out, hex, CONTENT_DIGEST - 1);
	out[CONTENT_DIGEST - 1] = '\0';
}
