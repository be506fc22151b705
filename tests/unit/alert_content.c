/*
 * What a verdict belongs to: contents compared, and the store with ids that are used twice.
 */
#include "s3triage/alert/content.h"

#include <stdio.h>

#include "s3triage/base/when.h"
#include "s3triage/export/export.h"

#include "../unit.h"
#include "alert_make.h"

static unsigned differs(const struct alert *a, const struct alert *b)
{
	struct arena mem = {0};
	struct content x, y;
	content_of(a, &mem, &x);
	content_of(b, &mem, &y);
	unsigned bits = content_differs(&x, &y);
	assert_int_equal(content_differs(&y, &x), bits);
	arena_fini(&mem);
	return bits;
}

/* Journals keep digests of this text: its spelling never changes. */
static void spelling_of_destinations_stays(void **state)
{
	(void)state;
	struct arena mem = {0};
	struct content c;
	struct alert_dest odd = {.written = STR("77\xE2\x80\xAE\xE2\x80\x8B" "7"), .bucket = STR("b b")};
	struct alert a = make_alert(&mem, 3);
	a.dests = &odd;
	a.n_dests = 1;
	content_of(&a, &mem, &c);
	assert_true(str_is(c.v[CONTENT_DESTS], "\"77\xE2\x80\xAE\xE2\x80\x8B" "7\" \"b b\""));
	arena_fini(&mem);
}

/* Digits of the facts that there were before; a fact that came later changes only its own. */
static void digits_of_older_facts_stay(void **state)
{
	(void)state;
	struct arena mem = {0};
	struct content c;
	char was[CONTENT_DIGEST], now[CONTENT_DIGEST];
	struct alert a = make_alert(&mem, 3);
	content_of(&a, &mem, &c);
	content_digest(&c, was);
	assert_string_equal(was, "99c24361b0e8");
	a.endpoint = STR("vpce-0123456789");
	content_of(&a, &mem, &c);
	content_digest(&c, now);
	assert_string_not_equal(was, now);
	arena_fini(&mem);
}

static void every_fact_counts(void **state)
{
	(void)state;
	struct arena mem = {0};
	struct alert_dest other = {.account = STR("999988887777"), .bucket = STR("copies-3"),
		.status = STR("Enabled")}, off, two[2], odd;
	struct alert a = make_alert(&mem, 3), b = a;
	a.traits = b.traits = TRAIT_KEY_LONG | TRAIT_WHOLE_BUCKET;
	assert_int_equal(differs(&a, &b), 0);
	two[0] = a.dests[1];
	two[1] = a.dests[0];
	b.dests = two; /* the order of rules */
	assert_int_equal(differs(&a, &b), 0);
	off = two[0];
	off.status = STR("Disabled");
	two[0] = off;
	assert_int_equal(differs(&a, &b), 1 << CONTENT_DESTS);
	odd = a.dests[0]; /* text that looks like two destinations is one */
	odd.account = STR("");
	odd.written = arena_fmt(&mem, "%.*s %.*s, %.*s", STR_ARG(a.dests[0].account),
		STR_ARG(a.dests[0].bucket), STR_ARG(a.dests[1].account));
	odd.bucket = a.dests[1].bucket;
	b.dests = &odd;
	b.n_dests = 1;
	assert_int_equal(differs(&a, &b), 1 << CONTENT_DESTS);
#define ONE(member, value, fact)                                                                   \
	b = a;                                                                                     \
	b.member = value;                                                                          \
	assert_int_equal(differs(&a, &b), 1 << (fact))
	ONE(bucket, STR("another"), CONTENT_BUCKET);
	ONE(owner, STR("000100000002"), CONTENT_OWNER);
	ONE(dests, &other; b.n_dests = 1, CONTENT_DESTS);
	ONE(role, STR("arn:aws:iam::000100000001:role/other"), CONTENT_ROLE);
	ONE(actor_arn, STR("arn:aws:iam::000100000001:user/mallory"), CONTENT_ACTOR);
	ONE(actor_arn, STR(""); b.actor = STR("mallory"), CONTENT_ACTOR);
	ONE(key_id, STR("AKIAANOTHER"), CONTENT_KEY);
	ONE(time, a.time + 1000, CONTENT_TIME);
	ONE(region, STR("sa-east-1"), CONTENT_REGION);
	ONE(ip, STR("198.51.100.4"), CONTENT_ADDRESS);
	ONE(agent, STR("aws-cli/2.16"), CONTENT_AGENT);
	a.issuer_arn = STR("arn:aws:iam::000100000001:role/admin");
	a.caller_account = STR("000100000001");
	a.traits |= TRAIT_MFA;
	ONE(issuer_arn, STR("arn:aws:iam::000100000001:role/evil"), CONTENT_ISSUER);
	ONE(caller_account, STR("000100000002"), CONTENT_CALLER);
	ONE(actor_type, STR("AssumedRole"), CONTENT_KIND);
	a.invoked_by = STR("cloudformation.amazonaws.com");
	a.endpoint = STR("vpce-0123456789");
	ONE(invoked_by, STR("evil.amazonaws.com"), CONTENT_INVOKER);
	ONE(endpoint, STR("vpce-9876543210"), CONTENT_ENDPOINT);
	ONE(traits, (a.traits & ~(uint32_t)TRAIT_MFA) | TRAIT_MFA_NOT, CONTENT_MFA);
	b.issuer_arn = b.caller_account = b.actor_type = b.invoked_by = b.endpoint = STR(""); /* a form that does not say */
	b.traits = (a.traits & ~(uint32_t)TRAIT_MFA) | TRAIT_MFA_UNSAID;
	assert_int_equal(differs(&a, &b), 0);
	ONE(traits, a.traits | TRAIT_DELETE_MARKERS, CONTENT_TRAITS);
#undef ONE
	arena_fini(&mem);
}

/* What a rule says counts where it says it, and is called by its name. */
static void every_rule_counts_by_itself(void **state)
{
	(void)state;
	const struct alert_dest first = {.account = STR("777788889999"), .bucket = STR("copies"),
		.arn = STR("arn:aws:s3:::copies"), .status = STR("Enabled"), .switches = STR("plain"),
		.kms_key = STR("arn:aws:kms:eu-west-1:777788889999:key/good"), .manner = STR("plain")};
	const struct {
		struct str member[6]; /* arn, prefix, tags, kms_key, switches, manner */
		unsigned fact;
	} cases[] = {
		{{STR("arn:aws-cn:s3:::copies")}, CONTENT_ARN},
		{{[1] = STR("a/")}, CONTENT_FILTER}, {{[2] = STR("k=v")}, CONTENT_FILTER},
		{{[3] = STR("arn:aws:kms:eu-west-1:999988887777:key/evil")}, CONTENT_KMS},
		{{[4] = STR("delete-markers")}, CONTENT_SWITCHES}, {{[4] = STR("priority=2")}, CONTENT_SWITCHES},
		{{[5] = STR("storage=GLACIER")}, CONTENT_MANNER}, {{[5] = STR("metrics=15")}, CONTENT_MANNER},
	};
	struct arena mem = {0};
	struct alert a = make_alert(&mem, 3), b;
	a.owner_from = OWNER_EVENT;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct alert_dest x[2] = {first, first}, y[2];
		x[1].account = STR("444455556666");
		memcpy(y, x, sizeof(y));
		for (int k = 0; k < 2; k++) { /* from the one rule to the other */
			struct alert_dest *d = k ? &y[1] : &x[0];
			struct str *at[] = {&d->arn, &d->prefix, &d->tags, &d->kms_key, &d->switches,
				&d->manner};
			for (size_t m = 0; m < ARRAY_LEN(at); m++)
				if (cases[i].member[m].n)
					*at[m] = cases[i].member[m];
		}
		b = a;
		a.dests = x;
		b.dests = y;
		a.n_dests = b.n_dests = 2;
		assert_int_equal(differs(&a, &b), 1 << cases[i].fact);
		if (cases[i].fact != CONTENT_SWITCHES && cases[i].fact != CONTENT_KMS && cases[i].fact != CONTENT_MANNER)
			continue;
		*(cases[i].fact == CONTENT_MANNER ? &y[0].manner : &y[0].switches) = STR(""); /* an older journal's */
		assert_int_equal(differs(&a, &b), 0);
	}
	struct alert_dest claim = first;
	claim.claim = true;
	a.dests = &first;
	b.dests = &claim;
	a.n_dests = b.n_dests = 1;
	assert_int_equal(differs(&a, &b), 1 << CONTENT_CLAIMS);
	arena_fini(&mem);
}

static void spelling_and_what_a_form_lacks_do_not(void **state)
{
	(void)state;
	struct arena mem = {0};
	struct alert a = make_alert(&mem, 3), b = a;
	a.owner_from = OWNER_EVENT;
	b.from_kibana = true;
	b.id = STR("uuid");
	b.source = STR("index/1");
	b.severity = STR("critical");
	b.time = a.time + 120; /* milliseconds */
	b.agent = STR("[aws-cli/2.15]");
	b.actor_arn = STR("");
	b.owner_from = OWNER_TRAIL;
	b.owner = STR("000100000009");
	b.read_from = READ_STRING;
	b.country = b.key_id = b.ip = STR("");
	b.traits = TRAIT_KEY_LONG; /* and a has none: a row of the first version */
	assert_int_equal(differs(&a, &b), 0);
	b.time = b.made = MAKE_T0 + 5000000; /* an alert that does not say when its event was */
	assert_int_equal(differs(&a, &b), 0);
	b = a;
	b.dests = NULL;
	b.n_dests = 0;
	assert_int_equal(differs(&a, &b), 0);
	struct content decided, now;
	content_of(&b, &mem, &decided);
	content_of(&a, &mem, &now);
	/* nobody looked at destinations that were not there */
	assert_int_equal(content_unlike(&decided, &now), 1 << CONTENT_DESTS);
	assert_int_equal(content_unlike(&now, &decided), 0);
	assert_int_equal(content_unlike(&(struct content){0}, &now), 0);
	arena_fini(&mem);
}

/* ---- ids that are used twice -------------------------------------------------------------- */

static struct decision decide(struct arena *mem, const struct alert *a, int64_t seq, enum verdict v)
{
	struct decision d = make_decision(a, seq, v);
	struct buf facts = {0};
	export_facts(a, &facts);
	d.facts = arena_str(mem, buf_str(&facts));
	buf_fini(&facts);
	return d;
}

/* The same names, other facts. */
static struct alert twin_of(struct alert a)
{
	a.bucket = STR("payroll");
	a.actor_arn = STR("arn:aws:iam::000100000001:user/mallory");
	return a;
}

static void another_event_of_an_id_is_open(void **state)
{
	(void)state;
	for (int order = 0; order < 2; order++) {
		struct arena mem = {0};
		struct buf what = {0};
		struct store *s = store_new();
		bool fresh;
		struct alert a = make_alert(&mem, 1), evil = twin_of(a);
		struct decision d = decide(&mem, &a, 1, VERDICT_APPROVED);
		if (order)
			store_decide(s, &d);
		store_add(s, &evil, STR("evil"), &fresh);
		if (!order)
			store_decide(s, &d);
		assert_int_equal(store_verdict(s, 0), VERDICT_OPEN);
		assert_null(store_decision(s, 0));
		assert_int_equal(store_count_verdict(s, VERDICT_OPEN), 1);
		assert_true(str_eq(store_alert(s, 0)->id, a.id));
		struct unlike u;
		assert_int_equal(store_other(s, 0)->seq, 1);
		store_unlike(s, 0, &mem, &u);
		content_words(&u, &what);
		assert_string_equal(buf_cstr(&what), "bucket bucket-1, not payroll; actor "
			"arn:aws:iam::000100000001:user/user-1, not arn:aws:iam::000100000001:user/mallory");
		struct decision own = decide(&mem, &evil, 2, VERDICT_SUSPICIOUS);
		store_decide(s, &own);
		assert_int_equal(store_verdict(s, 0), VERDICT_SUSPICIOUS);
		assert_null(store_other(s, 0));
		own = decide(&mem, &evil, 3, VERDICT_OPEN); /* taken back: as before */
		store_decide(s, &own);
		assert_int_equal(store_other(s, 0)->seq, 1);
		d = decide(&mem, &a, 4, VERDICT_OPEN); /* and nothing stands on the other any more */
		store_decide(s, &d);
		assert_null(store_other(s, 0));
		buf_fini(&what);
		store_free(s);
		arena_fini(&mem);
	}
}

/* The event without who did it, by what and from where. */
static struct alert stripped_of(struct alert a)
{
	a.role = a.actor = a.actor_arn = a.key_id = a.ip = a.region = STR("");
	return a;
}

static void what_nobody_saw_is_not_decided(void **state)
{
	(void)state;
	for (int order = 0; order < 12; order++) { /* which comes first; when it is decided; what is there */
		struct arena mem = {0};
		struct buf what = {0};
		struct store *s = store_new();
		struct unlike u;
		bool fresh;
		struct alert a = make_alert(&mem, 1), less = stripped_of(a), other = a;
		struct decision d = decide(&mem, &less, 1, VERDICT_APPROVED);
		other.actor_arn = STR("arn:aws:iam::000100000001:user/mallory");
		if (order & 2)
			store_decide(s, &d);
		if (order < 8)
			store_add(s, order & 1 ? &less : &a, STR("one"), &fresh);
		if (order < 4 || order >= 8)
			store_add(s, order & 1 ? &a : order < 8 ? &less : &other, STR("two"), &fresh);
		if (!(order & 2))
			store_decide(s, &d);
		bool alone = order >= 4 && order < 8 && order & 1;
		assert_int_equal(store_verdict(s, 0), alone ? VERDICT_APPROVED : VERDICT_OPEN);
		assert_true(alone == !store_other(s, 0));
		store_unlike(s, 0, &mem, &u);
		content_words(&u, &what);
		if (order < 4)
			assert_string_equal(buf_cstr(&what), "decided without knowing role "
				"arn:aws:iam::000100000001:role/repl, actor arn:aws:iam::000100000001:user/user-1, "
				"key AKIAEXAMPLE, region eu-west-1, address 203.0.113.77");
		/* Who decides on the whole decides on the rest, too. */
		d = decide(&mem, store_alert(s, 0), 2, VERDICT_SUSPICIOUS);
		store_decide(s, &d);
		assert_int_equal(store_verdict(s, 0), VERDICT_SUSPICIOUS);
		buf_fini(&what);
		store_free(s);
		arena_fini(&mem);
	}
}

/* Kibana's alert is shown, and a local match of its event knows more: the verdict on what is shown
 * holds, though not once the match is all that is there. */
static void what_is_shown_is_decided(void **state)
{
	(void)state;
	struct arena mem = {0};
	struct store *s = store_new();
	bool fresh;
	struct alert a = make_alert(&mem, 1), less = stripped_of(a);
	less.from_kibana = true;
	less.id = STR("uuid");
	store_add(s, &less, STR("one"), &fresh);
	store_add(s, &a, STR("two"), &fresh);
	assert_false(fresh);
	struct decision d = decide(&mem, store_alert(s, 0), 1, VERDICT_APPROVED);
	store_decide(s, &d);
	assert_int_equal(store_verdict(s, 0), VERDICT_APPROVED);
	struct store *alone = store_new();
	store_add(alone, &a, STR("two"), &fresh);
	store_decide(alone, &d);
	assert_int_equal(store_verdict(alone, 0), VERDICT_OPEN);
	store_free(alone);
	store_free(s);
	arena_fini(&mem);
}

static void two_records_of_an_id_are_two_alerts(void **state)
{
	(void)state;
	struct arena mem = {0};
	struct str ids[2][2];
	for (int order = 0; order < 2; order++) {
		struct store *s = store_new();
		bool fresh;
		struct alert a = make_alert(&mem, 1), both[2] = {a, twin_of(a)};
		struct decision d = decide(&mem, &a, 1, VERDICT_APPROVED);
		store_add(s, &both[order], STR("one"), &fresh);
		assert_int_equal(store_twin(s, 0), ROW_NONE);
		store_add(s, &both[!order], STR("two"), &fresh);
		assert_true(fresh);
		assert_int_equal(store_twin(s, 1), 0);
		assert_int_equal(store_twin(s, 0), 1);
		store_add(s, &both[0], STR("three"), &fresh);
		assert_false(fresh);
		assert_int_equal(store_repeats(s), 1);
		store_decide(s, &d);
		for (row_id r = 0; r < 2; r++) {
			int which = order ^ (int)r;
			ids[order][which] = arena_str(&mem, store_alert(s, r)->id);
			assert_true(str_starts(ids[order][which], a.id));
			assert_true(str_eq(alert_name(store_alert(s, r)), a.id));
			assert_int_equal(store_verdict(s, r), which ? VERDICT_OPEN : VERDICT_APPROVED);
			assert_int_equal(store_find(s, store_alert(s, r)->id, NULL), r);
		}
		assert_false(str_eq(ids[order][0], ids[order][1]));
		struct err err = {0};
		assert_int_equal(store_find(s, a.id, &err), ROW_NONE);
		assert_non_null(strstr(err.text, "fits 2 alerts"));
		store_free(s);
	}
	assert_true(str_eq(ids[0][0], ids[1][0]) && str_eq(ids[0][1], ids[1][1]));
	arena_fini(&mem);
}

static void what_is_recalled_stands_back(void **state)
{
	(void)state;
	struct arena mem = {0};
	struct store *s = store_new();
	bool fresh;
	struct alert a = make_alert(&mem, 1), evil = twin_of(a);
	store_add(s, &evil, STR("evil"), &fresh);
	assert_int_equal(store_recall(s, &evil), 0);
	assert_int_equal(store_recall(s, &a), 1);
	assert_true(str_eq(store_alert(s, 0)->id, a.id));
	assert_true(str_starts(store_alert(s, 1)->id, STR("alert-000001~")));
	assert_int_equal(store_find(s, a.id, NULL), 0);
	assert_int_equal(store_find(s, a.event_id, NULL), 0);
	assert_int_equal(store_twin(s, 0), ROW_NONE); /* no source has both */
	store_free(s);
	arena_fini(&mem);
}

/* ---- one call in two accounts' trails ------------------------------------------------------ */

/* The caller's recording, then the bucket owner's, which tells of the actor what it must. */
static struct alert recording_of(struct arena *mem, bool owners, unsigned n)
{
	struct alert a = make_alert(mem, 1);
	a.shared_id = STR("shared-1");
	a.caller_account = STR("000100000009");
	a.owner_from = OWNER_TRAIL;
	a.owner = owners ? STR("000100000001") : a.caller_account;
	a.actor_arn = STR("arn:aws:sts::000100000009:assumed-role/Ops/mia");
	a.actor = STR("Ops");
	a.traits = TRAIT_OWNER_OVERRIDE | (owners ? TRAIT_CALLER_FOREIGN : TRAIT_OWNER_GUESSED);
	a.id = arena_fmt(mem, "%s-alert-%u", owners ? "owner" : "caller", n);
	a.event_id = arena_fmt(mem, "%s-event-%u", owners ? "owner" : "caller", n);
	if (!owners)
		return a;
	a.actor_type = STR("AWSAccount");
	a.actor = STR("AROAEXAMPLE:mia");
	a.actor_arn = a.key_id = STR("");
	return a;
}

static void two_recordings_are_one_alert(void **state)
{
	(void)state;
	for (int order = 0; order < 8; order++) { /* which comes first; which is decided, and when */
		struct arena mem = {0};
		struct store *s = store_new();
		bool fresh;
		struct alert r[2] = {recording_of(&mem, false, 1), recording_of(&mem, true, 1)};
		struct alert decided = r[order >> 1 & 1];
		if (order & 1)
			decided.shared_id = STR(""); /* by a version that did not know */
		struct decision d = decide(&mem, &decided, 1, VERDICT_SUSPICIOUS);
		if (order & 4)
			store_decide(s, &d);
		store_add(s, &r[order & 1], STR("one"), &fresh);
		store_add(s, &r[!(order & 1)], STR("two"), &fresh);
		if (!(order & 4))
			store_decide(s, &d);
		assert_int_equal(store_count(s), 1);
		assert_int_equal(store_repeats(s), 1);
		assert_int_equal(store_twin(s, 0), ROW_NONE);
		assert_int_equal(store_verdict(s, 0), VERDICT_SUSPICIOUS);
		const struct alert *a = store_alert(s, 0);
		assert_true(str_is(a->actor, "Ops") && str_is(a->key_id, "AKIAEXAMPLE"));
		assert_true(str_is(a->owner, "000100000001"));
		assert_int_equal(a->traits, TRAIT_OWNER_OVERRIDE | TRAIT_CALLER_FOREIGN);
		for (int i = 0; i < 2; i++) {
			assert_int_equal(store_find(s, r[i].id, NULL), 0);
			assert_int_equal(store_find(s, r[i].event_id, NULL), 0);
			assert_true(store_has_event(s, r[i].event_id));
		}
		store_free(s);
		arena_fini(&mem);
	}
}

/* A verdict on the one is found where only the other is loaded. */
static void a_verdict_fits_both_recordings(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct arena mem = {0};
		struct store *s = store_new();
		bool fresh;
		struct alert one = recording_of(&mem, i, 1), other = recording_of(&mem, !i, 1);
		struct decision d = decide(&mem, &one, 1, VERDICT_APPROVED);
		store_decide(s, &d);
		store_add(s, &other, STR("raw"), &fresh);
		assert_int_equal(store_verdict(s, 0), VERDICT_APPROVED);
		store_free(s);
		arena_fini(&mem);
	}
}

static void a_forged_shared_id_joins_nothing(void **state)
{
	(void)state;
	static const struct alert_dest elsewhere = {.account = STR_INIT("000100000002"),
		.bucket = STR_INIT("loot"), .status = STR_INIT("Enabled")};
	for (int i = 0; i < 14; i++) {
		struct arena mem = {0};
		struct store *s = store_new();
		bool fresh;
		struct alert a = recording_of(&mem, false, 1), b = recording_of(&mem, true, 2);
		struct decision d = decide(&mem, &a, 1, VERDICT_APPROVED);
		struct str *const told[] = {&b.bucket, &b.role, &b.caller_account, &b.region, &b.ip, &b.agent};
		const size_t n = ARRAY_LEN(told);
		size_t which = (size_t)i >> 1;
		if (which < n)
			*told[which] = STR("another");
		if (which == n) {
			b.dests = &elsewhere;
			b.n_dests = 1;
			b.actor = STR("AROAEXAMPLE:mallory");
			b.time += 1000;
		}
		struct alert both[2] = {a, b};
		store_decide(s, &d);
		store_add(s, &both[i & 1], STR("one"), &fresh);
		store_add(s, &both[!(i & 1)], STR("two"), &fresh);
		assert_int_equal(store_count(s), 2);
		assert_int_equal(store_twin(s, 0), 1);
		for (row_id r = 0; r < 2; r++)
			assert_int_equal(store_verdict(s, r),
				str_eq(store_alert(s, r)->id, a.id) ? VERDICT_APPROVED : VERDICT_OPEN);
		struct buf words = {0};
		twin_words(s, 1, &words);
		assert_non_null(strstr(buf_cstr(&words), "have one sharedEventID"));
		buf_fini(&words);
		store_free(s);
		arena_fini(&mem);
	}
}

/* ---- property: any order of alerts and decisions gives the same state -------------------- */

enum { EVENTS = 12, RECORDS = EVENTS * 4, ROWS = EVENTS * 2, SAID = 150, THINGS = RECORDS + SAID };

/* Every event as a local match, as Kibana's alert of it and in a form that holds less; and what
 * somebody else gave its ids. */
static struct alert record_of(struct arena *mem, unsigned i)
{
	struct alert a = make_alert(mem, i / 4);
	if (i % 4 == 1) {
		a.id = arena_fmt(mem, "uuid-%u", i / 4);
		a.from_kibana = true;
	}
	if (i % 4 == 2)
		a.key_id = a.ip = a.agent = a.actor_arn = STR("");
	return i % 4 == 3 ? twin_of(a) : a;
}

static void feed(struct store *s, struct arena *mem, int thing)
{
	bool fresh;
	uint64_t seed = (uint64_t)thing;
	unsigned about = thing < RECORDS ? (unsigned)thing : make_random(&seed) % (RECORDS + 8);
	struct alert a = record_of(mem, about);
	if (thing < RECORDS) {
		store_add(s, &a, STR("raw"), &fresh);
		return;
	}
	struct decision d = decide(mem, &a, thing, (enum verdict)(make_random(&seed) % VERDICTS));
	store_decide(s, &d);
}

static int compare_lines(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static struct str state_of(const struct store *s, struct arena *mem)
{
	struct str lines[ROWS];
	struct buf all = {0};
	assert_int_equal(store_count(s), ROWS);
	for (row_id r = 0; r < ROWS; r++) {
		struct buf what = {0};
		const struct alert *a = store_alert(s, r);
		const struct decision *d = store_decision(s, r), *o = store_other(s, r);
		struct unlike u;
		store_unlike(s, r, mem, &u);
		content_words(&u, &what);
		lines[r] = arena_fmt(mem, "%.*s %.*s %.*s %d %d %d %s", STR_ARG(a->id), STR_ARG(a->bucket),
			STR_ARG(a->key_id), (int)store_verdict(s, r), d ? (int)d->seq : 0,
			o ? (int)o->seq : 0, buf_cstr(&what));
		buf_fini(&what);
	}
	qsort(lines, ROWS, sizeof(*lines), compare_lines);
	for (row_id r = 0; r < ROWS; r++)
		buf_fmt(&all, "%.*s\n", STR_ARG(lines[r]));
	struct str text = arena_str(mem, buf_str(&all));
	buf_fini(&all);
	return text;
}

static void order_does_not_matter(void **state)
{
	(void)state;
	struct arena mem = {0};
	uint64_t seed = 11;
	struct str expected = {0};
	int order[THINGS];
	for (int i = 0; i < THINGS; i++)
		order[i] = i;
	for (int round = 0; round < 200; round++) {
		struct store *s = store_new();
		for (int i = 0; i < THINGS; i++)
			feed(s, &mem, order[i]);
		struct str got = state_of(s, &mem);
		if (round)
			assert_string_equal(got.p, expected.p);
		else
			expected = got;
		size_t sum = 0;
		for (int v = 0; v < VERDICTS; v++)
			sum += store_count_verdict(s, (enum verdict)v);
		assert_int_equal(sum, ROWS);
		store_free(s);
		for (int i = THINGS - 1; i > 0; i--) {
			int j = (int)(make_random(&seed) % (unsigned)(i + 1)), t = order[i];
			order[i] = order[j];
			order[j] = t;
		}
	}
	arena_fini(&mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spelling_of_destinations_stays), cmocka_unit_test(every_fact_counts),
		cmocka_unit_test(digits_of_older_facts_stay),
		cmocka_unit_test(every_rule_counts_by_itself),
		cmocka_unit_test(spelling_and_what_a_form_lacks_do_not),
		cmocka_unit_test(another_event_of_an_id_is_open),
		cmocka_unit_test(what_nobody_saw_is_not_decided),
		cmocka_unit_test(what_is_shown_is_decided),
		cmocka_unit_test(two_records_of_an_id_are_two_alerts),
		cmocka_unit_test(what_is_recalled_stands_back),
		cmocka_unit_test(two_recordings_are_one_alert),
		cmocka_unit_test(a_verdict_fits_both_recordings),
		cmocka_unit_test(a_forged_shared_id_joins_nothing),
		cmocka_unit_test(order_does_not_matter),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
