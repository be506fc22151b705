#include "../unit.h"

#include "alert_make.h"

#include "s3triage/base/when.h"
#include "s3triage/account/approval.h"

#include <stdio.h>
#include <unistd.h>

#define NOW (MAKE_T0 + 1000000)

struct place {
	char dir[64], path[96];
	struct arena mem;
	struct journal *j;
	struct store *store;
	struct approvals *set;
	struct ticks *ticks;
};

static void hear_tick(void *ctx, const struct tick *t)
{
	ticks_take(((struct place *)ctx)->ticks, t);
}

static void hear_approval(void *ctx, const struct approval_row *r)
{
	approvals_take(((struct place *)ctx)->set, r);
}

static void hear(void *ctx, const struct decision *d)
{
	store_decide(((struct place *)ctx)->store, d);
}

static void open_place(struct place *p)
{
	p->j = journal_open(p->path, false, NULL);
	assert_non_null(p->j);
	p->store = store_new();
	p->set = approvals_new();
	p->ticks = ticks_new();
	journal_listen(p->j, &(struct journal_listener){.ctx = p, .tick = hear_tick,
		.approval = hear_approval});
	assert_true(journal_poll(p->j, hear, p, NULL));
}

static void handoff_place(struct place *p)
{
	journal_close(p->j);
	store_free(p->store);
	approvals_free(p->set);
	ticks_free(p->ticks);
}

static int set_up(void **state)
{
	struct place *p = mem_alloc(sizeof(*p));
	snprintf(p->dir, sizeof(p->dir), "/tmp/s3triage-approval-%c%c%c%c%c%c", 'X', 'X', 'X', 'X', 'X', 'X');
	if (!mkdtemp(p->dir))
		return -1;
	snprintf(p->path, sizeof(p->path), "%s/j.db", p->dir);
	open_place(p);
	*state = p;
	return 0;
}

static int tear_down(void **state)
{
	struct place *p = *state;
	static const char *const ends[] = {"", "-wal", "-shm"};
	handoff_place(p);
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		char path[128];
		snprintf(path, sizeof(path), "%s%s", p->path, ends[i]);
		unlink(path);
	}
	rmdir(p->dir);
	arena_fini(&p->mem);
	free(p);
	return 0;
}

static const struct journal_author kim = {{"kim", 3}, NOW}, lee = {{"lee", 3}, NOW};

static void poll_it(struct place *p)
{
	assert_true(journal_poll(p->j, hear, p, NULL));
}

/* ---- fitting ------------------------------------------------------------------------------ */

static const struct alert_dest one[] = {{.account = STR_INIT("444455556666"),
	.written = STR_INIT("444455556666"), .relation = RELATION_OTHER}};
static const struct alert_dest own_too[] = {
	{.account = STR_INIT("111122221111"), .relation = RELATION_OWN},
	{.account = STR_INIT("444455556666"), .relation = RELATION_OTHER}};
static const struct alert_dest stranger_too[] = {
	{.account = STR_INIT("444455556666"), .relation = RELATION_OTHER},
	{.account = STR_INIT("999988887777"), .relation = RELATION_OTHER}};
static const struct alert_dest unnamed_too[] = {
	{.account = STR_INIT("444455556666"), .relation = RELATION_OTHER},
	{.relation = RELATION_UNNAMED}};
static const struct alert_dest own_only[] = {
	{.account = STR_INIT("444455556666"), .relation = RELATION_OWN}};

static struct alert sample(void)
{
	return (struct alert){.id = STR("A1"), .event_id = STR("E1"), .rule_id = STR("R1"),
		.time = NOW - 5000, .made = NOW, .ingested = WHEN_NONE, .bucket = STR("acme-logs-eu"),
		.owner = STR("111122221111"), .role = STR("arn:aws:iam::111122221111:role/x/s3-repl"),
		.actor = STR("deploy"), .actor_arn = STR("arn:aws:iam::111122221111:user/deploy"),
		.dests = one, .n_dests = 1, .read_from = READ_ORIGINAL};
}

static struct approval terms(void)
{
	return (struct approval){.account = STR("444455556666"), .until = WHEN_NONE,
		.ended = WHEN_NONE};
}

struct fit_case {
	const char *role, *bucket, *actor;
	int64_t until;
	unsigned misfit;
	const char *says;
};

static void limits_are_kept(void **state)
{
	(void)state;
	static const struct fit_case cases[] = {
		{"", "", "", WHEN_NONE, 0, ""},
		{"s3-repl", "acme-logs-eu", "deploy", NOW + 1, 0, ""},
		{"arn:aws:iam::111122221111:role/x/s3-repl", "acme-logs-*", "dep*", NOW + 1, 0, ""},
		{"*", "*", "*", WHEN_NONE, 0, ""},
		{"s3-", "", "", WHEN_NONE, MISFIT_ROLE, "role differs: arn:"},
		{"arn:aws:iam::111122221111:role/y/*", "", "", WHEN_NONE, MISFIT_ROLE, "role is not under"},
		{"", "acme-logs", "", WHEN_NONE, MISFIT_BUCKET, "bucket differs: acme-logs-eu"},
		{"", "acme-logs-us*", "", WHEN_NONE, MISFIT_BUCKET,
			"bucket is not under acme-logs-us*: acme-logs-eu"},
		{"", "", "ci-bot", WHEN_NONE, MISFIT_ACTOR, "actor differs"},
		{"", "", "", NOW, MISFIT_EXPIRED, "expired 2026-11-0"},
		{"r", "b", "a", NOW - 1, MISFIT_ROLE | MISFIT_BUCKET | MISFIT_ACTOR | MISFIT_EXPIRED,
			"; expired"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct alert al = sample();
		struct approval a = terms();
		struct buf why = {0};
		a.role = str_c(cases[i].role);
		a.bucket = str_c(cases[i].bucket);
		a.actor = str_c(cases[i].actor);
		a.until = cases[i].until;
		unsigned misfit = approval_misfit(&a, &al, NOW);
		approval_explain(&a, &al, misfit, &why);
		if (misfit != cases[i].misfit || !strstr(buf_cstr(&why), cases[i].says) ||
			!misfit != !why.n)
			fail_msg("case %zu: %x '%s'", i, misfit, buf_cstr(&why));
		buf_fini(&why);
	}
}

/* A limit that is set needs a value that is known, `*` too: root, services and most roles are no person. */
static void what_is_not_known_is_within_no_limit(void **state)
{
	(void)state;
	static const char *const stars[] = {"*", "x*"};
	struct alert al = sample();
	al.actor = al.actor_arn = al.role = al.bucket = al.region = (struct str){0};
	for (size_t i = 0; i < ARRAY_LEN(stars); i++) {
		struct str star = str_c(stars[i]);
		const struct {
			struct approval of;
			unsigned misfit;
		} cases[] = {
			{{.person = star}, MISFIT_PERSON}, {{.identity_provider = star}, MISFIT_PROVIDER},
			{{.actor = star}, MISFIT_ACTOR}, {{.actor = STR("arn:aws:iam::111122221111:role/*")}, MISFIT_ACTOR},
			{{.role = star}, MISFIT_ROLE}, {{.bucket = star}, MISFIT_BUCKET}, {{.region = star}, MISFIT_REGION},
			{{.dest_bucket = star}, MISFIT_DEST_BUCKET}, {{.kms_key = star}, MISFIT_KMS},
			{{.storage_class = star}, MISFIT_STORAGE}};
		for (size_t k = 0; k < ARRAY_LEN(cases); k++) {
			AUTO(buf_fini) struct buf why = {0};
			struct approval a = cases[k].of;
			a.account = terms().account;
			a.from = a.until = a.ended = WHEN_NONE;
			unsigned misfit = approval_misfit(&a, &al, NOW);
			approval_explain(&a, &al, misfit, &why);
			if (misfit != cases[k].misfit)
				fail_msg("case %zu of %s: %x '%s'", k, stars[i], misfit, buf_cstr(&why));
			assert_true(strstr(buf_cstr(&why), "not known") || strstr(buf_cstr(&why), "not asked for") ||
				strstr(buf_cstr(&why), "no KMS key is named"));
			al.person = STR("xena");
			assert_int_equal(approval_misfit(&a, &al, NOW), cases[k].of.person.n ? 0 : misfit);
			al.person = (struct str){0};
		}
	}
}

/* What the alert itself says that keeps it out. */
static void alerts_that_do_not_fit(void **state)
{
	(void)state;
	struct alert foreign = sample(), own = sample(), with_own = sample(), stranger = sample(),
		unnamed = sample(), disagrees = sample(), forged = sample(), text = sample(),
		role = sample(), none = sample();
	foreign.dests = stranger_too + 1;
	own.dests = own_only;
	with_own.dests = own_too;
	with_own.n_dests = stranger.n_dests = unnamed.n_dests = 2;
	stranger.dests = stranger_too;
	unnamed.dests = unnamed_too;
	disagrees.disagreement = true;
	forged.traits = TRAIT_FORGED;
	text.read_from = READ_STRING;
	role.role = STR("arn:aws:iam::999988887777:role/s3-repl");
	none.n_dests = 0;
	const struct {
		const struct alert *al;
		bool automatic;
		unsigned misfit;
	} cases[] = {{&foreign, 0, MISFIT_ACCOUNT}, {&own, 0, MISFIT_ACCOUNT}, {&with_own, 0, 0},
		{&stranger, 0, MISFIT_OTHER}, {&unnamed, 0, MISFIT_OTHER},
		{&disagrees, 0, MISFIT_DOUBT}, {&forged, 0, MISFIT_DOUBT}, {&text, 0, 0},
		{&text, 1, MISFIT_TEXT}, {&role, 0, MISFIT_ROLE}, {&none, 0, MISFIT_ACCOUNT}};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct approval a = terms();
		a.role = STR("s3-repl");
		a.automatic = cases[i].automatic;
		unsigned misfit = approval_misfit(&a, cases[i].al, NOW);
		if (misfit != cases[i].misfit)
			fail_msg("case %zu: %x", i, misfit);
	}
}

static void terms_are_checked(void **state)
{
	(void)state;
	static char long_text[APPROVAL_TEXT_MAX + 1];
	memset(long_text, 'x', sizeof(long_text));
	struct approval good = terms(), star = terms(), inner = terms(), account = terms(),
		zeros = terms(), text = terms();
	star.bucket = STR("a*");
	inner.role = STR("a*b");
	account.account = STR("4444");
	zeros.account = STR("000000000000");
	text.note = (struct str){long_text, sizeof(long_text)};
	assert_true(approval_check(&good, NULL) && approval_check(&star, NULL));
	const struct approval *const bad[] = {&inner, &account, &zeros, &text};
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct err err = {0};
		assert_false(approval_check(bad[i], &err));
		assert_int_equal(err.code, ERR_USAGE);
	}
}

/* ---- the journal -------------------------------------------------------------------------- */

static int64_t grant(struct place *p, const struct approval *a)
{
	int64_t id = 0;
	struct err err = {0};
	if (!journal_approve(p->j, a, &lee, &id, &err))
		fail_msg("%s", err.text);
	poll_it(p);
	return id;
}

static void reopen(struct place *p)
{
	handoff_place(p);
	open_place(p);
}

static void approvals_come_back_from_disk(void **state)
{
	struct place *p = *state;
	struct approval a = terms();
	a.role = STR("r+=,.@_-");
	a.bucket = STR("b*");
	a.actor = STR("c");
	a.kms_key = STR("arn:aws:kms:eu-west-1:999988887777:key/*");
	a.storage_class = STR("GLACIER*");
	a.allows = ALLOW_OVERRIDE | ALLOW_REPLICAS;
	a.owner = STR("infra \"\xc3\xa4");
	a.ticket = STR("CHG-1");
	a.note = STR("n\n");
	a.until = NOW + 123;
	int64_t id = grant(p, &a);
	reopen(p);
	assert_int_equal(approvals_count(p->set), 1);
	const struct approval *b = approvals_find(p->set, id);
	assert_non_null(b);
	assert_ptr_equal(b, approvals_at(p->set, 0));
	assert_true(str_eq(b->account, a.account) && str_eq(b->role, a.role) &&
		str_eq(b->bucket, a.bucket) && str_eq(b->actor, a.actor) &&
		str_eq(b->kms_key, a.kms_key) && str_eq(b->storage_class, a.storage_class) &&
		b->allows == a.allows && str_eq(b->owner, a.owner) && str_eq(b->ticket, a.ticket) && str_eq(b->note, a.note));
	assert_true(b->until == a.until && !b->automatic && b->ended == WHEN_NONE && b->at == NOW);
	assert_true(str_is(b->by, "lee"));
	assert_true(journal_approval_automatic(p->j, id, true, &kim, NULL));
	assert_true(journal_approval_end(p->j, id, STR("over"), &kim, NULL));
	reopen(p);
	b = approvals_find(p->set, id);
	assert_true(b->automatic && b->ended == NOW && str_is(b->ended_by, "kim") &&
		str_is(b->ended_reason, "over"));
	struct err err = {0};
	assert_false(journal_approval_end(p->j, id, STR(""), &kim, &err));
	assert_int_equal(err.code, ERR_INPUT);
	assert_false(journal_approval_end(p->j, 99, STR(""), &kim, NULL));
	a.bucket = STR("*x");
	assert_false(journal_approve(p->j, &a, &kim, &id, &err));
	assert_int_equal(err.code, ERR_USAGE);
	int64_t rows, broken;
	assert_true(journal_verify(p->j, &rows, &broken, NULL, NULL));
	assert_int_equal(rows, 3);
}

/* An id that stands for two things has the ticks of each, whichever came last; two recordings of one
 * call, which have ids of their own, have the same. */
static void a_tick_belongs_to_its_content(void **state)
{
	struct place *p = *state;
	struct alert al = sample(), evil = sample(), trail = sample();
	al.shared_id = trail.shared_id = evil.shared_id = STR("S1");
	evil.bucket = STR("payroll");
	trail.id = STR("A9");
	trail.event_id = STR("E9");
	struct tick t = {.about = &al, .alert_id = al.id, .event_id = al.event_id, .rule_id = al.rule_id,
		.step = STR("k1"), .done = true};
	assert_true(journal_tick(p->j, &t, &kim, NULL));
	reopen(p);
	struct tick_found f = ticks_find(p->ticks, &evil, STR("k1"));
	assert_true(!f.own && f.other && str_is(f.other->analyst, "kim") && f.other->at == NOW);
	t.about = &evil;
	assert_true(journal_tick(p->j, &t, &lee, NULL));
	reopen(p);
	f = ticks_find(p->ticks, &al, STR("k1"));
	assert_true(f.own && str_is(f.own->analyst, "kim") && f.other && str_is(f.other->analyst, "lee"));
	f = ticks_find(p->ticks, &evil, STR("k1"));
	assert_true(f.own && str_is(f.own->analyst, "lee"));
	f = ticks_find(p->ticks, &trail, STR("k1"));
	assert_true(f.own && str_is(f.own->analyst, "kim"));
	t.done = false;
	assert_true(journal_tick(p->j, &t, &lee, NULL));
	reopen(p);
	f = ticks_find(p->ticks, &al, STR("k1"));
	assert_true(f.own && f.own->done && !f.other); /* that one was taken back */
	f = ticks_find(p->ticks, &evil, STR("k1"));
	assert_true(f.own && !f.own->done && f.other && str_is(f.other->analyst, "kim"));
}

static void ticks_come_back_and_the_newest_stands(void **state)
{
	struct place *p = *state;
	struct alert al = sample(), other = sample();
	other.id = STR("A2");
	other.event_id = STR("E2");
	struct tick t = {.alert_id = al.id, .event_id = al.event_id, .rule_id = al.rule_id,
		.step = STR("k1"), .done = true, .text = STR("it was \"kim\"")};
	assert_true(journal_tick(p->j, &t, &kim, NULL));
	t.step = STR("k2");
	assert_true(journal_tick(p->j, &t, &kim, NULL));
	t.done = false;
	t.text = (struct str){0};
	assert_true(journal_tick(p->j, &t, &lee, NULL));
	reopen(p);
	const struct tick *k1 = ticks_find(p->ticks, &al, STR("k1")).own;
	const struct tick *k2 = ticks_find(p->ticks, &al, STR("k2")).own;
	assert_true(k1 && k1->done && str_is(k1->text, "it was \"kim\"") && k1->at == NOW);
	assert_true(k2 && !k2->done && str_is(k2->analyst, "lee"));
	assert_null(ticks_find(p->ticks, &al, STR("k3")).own);
	assert_null(ticks_find(p->ticks, &other, STR("k1")).own);
	other.event_id = al.event_id; /* the same event under another alert id */
	assert_non_null(ticks_find(p->ticks, &other, STR("k1")).own);
	assert_int_equal(ticks_version(p->ticks), 3);
	struct journal_taken taken = {0};
	assert_true(journal_undo(p->j, &kim, &taken, NULL));
	assert_int_equal(taken.n, 0); /* ticks are no decisions */
	t.step = STR("");
	assert_false(journal_tick(p->j, &t, &kim, NULL));
}

/* ---- plans -------------------------------------------------------------------------------- */

static void plan(struct place *p, struct approval_ask ask, struct approval_plan *out)
{
	approval_plan(p->set, p->store, &ask, out);
}

static void run(struct place *p, struct approval_ask ask, size_t fits, size_t outside, size_t reopened)
{
	struct approval_plan got;
	struct err err = {0};
	plan(p, ask, &got);
	if (got.n_fits != fits || got.n_outside != outside || got.n_reopen != reopened)
		fail_msg("%zu fit, %zu outside, %zu reopened", got.n_fits, got.n_outside, got.n_reopen);
	if (!approval_apply(p->j, &got, p->store, &(struct approval_apply){&kim, ask.automatic}, &err))
		fail_msg("%s", err.text);
	approval_plan_fini(&got);
	poll_it(p);
}

static row_id add(struct place *p, const char *id, const char *bucket)
{
	struct alert a = sample();
	bool fresh;
	a.id = str_c(id);
	a.event_id = arena_fmt(&p->mem, "e-%s", id);
	a.bucket = str_c(bucket);
	return store_add(p->store, &a, (struct str){0}, &fresh);
}

static void decide(struct place *p, row_id r, enum verdict v)
{
	struct journal_entry e = {.alert = store_alert(p->store, r), .verdict = v};
	assert_true(journal_decide(p->j, &e, 1, &kim, NULL));
	poll_it(p);
}

static void proposes_applies_and_expires(void **state)
{
	struct place *p = *state;
	struct approval a = terms();
	struct journal_taken taken = {0};
	row_id in = add(p, "in", "logs-1"), in2 = add(p, "in2", "logs-2"), out = add(p, "out", "pay");
	run(p, (struct approval_ask){.now = NOW}, 0, 0, 0);
	a.bucket = STR("logs-*");
	a.until = NOW + 10;
	a.ticket = STR("CHG-7");
	int64_t id = grant(p, &a);
	assert_int_equal(store_verdict(p->store, in), VERDICT_OPEN); /* granting decides nothing */
	run(p, (struct approval_ask){.now = NOW, .automatic = true}, 0, 0, 0);
	run(p, (struct approval_ask){.now = NOW}, 2, 1, 0);
	assert_int_equal(store_verdict(p->store, in), VERDICT_APPROVED);
	assert_int_equal(store_verdict(p->store, out), VERDICT_OPEN);
	const struct decision *d = store_decision(p->store, in);
	assert_true(d->approval == id && str_is(d->analyst, "kim") &&
		str_is(d->reason, "approval 1: CHG-7"));
	decide(p, in2, VERDICT_SUSPICIOUS);
	run(p, (struct approval_ask){.now = NOW + 10}, 0, 1, 1);
	d = store_decision(p->store, in);
	assert_true(d->verdict == VERDICT_OPEN && d->approval == id &&
		str_is(d->analyst, "approval 1") && str_starts(d->reason, STR("approval 1 expired 20")));
	assert_int_equal(store_verdict(p->store, in2), VERDICT_SUSPICIOUS);
	run(p, (struct approval_ask){.now = NOW + 10}, 0, 2, 0);
	assert_true(journal_undo(p->j, &kim, &taken, NULL)); /* kim's own word, not the approval's */
	poll_it(p);
	assert_int_equal(store_verdict(p->store, in2), VERDICT_APPROVED);
	assert_int_equal(store_decision(p->store, in2)->approval, id);
}

/* What only proposes keeps nothing closed; an automatic one takes over, and says so in the journal. */
static void a_renewal_takes_over_if_it_decides_alone(void **state)
{
	struct place *p = *state;
	struct approval a = terms();
	row_id r = add(p, "in", "logs-1");
	a.until = NOW + 10;
	grant(p, &a);
	run(p, (struct approval_ask){.now = NOW}, 1, 0, 0);
	a.until = NOW + 200;
	grant(p, &a);
	run(p, (struct approval_ask){.now = NOW + 20}, 0, 0, 1);
	assert_int_equal(store_verdict(p->store, r), VERDICT_OPEN);
	run(p, (struct approval_ask){.now = NOW + 20}, 1, 0, 0);
	a.automatic = true;
	a.until = NOW + 300;
	int64_t last = grant(p, &a);
	run(p, (struct approval_ask){.now = NOW + 250}, 0, 0, 0);
	const struct decision *d = store_decision(p->store, r);
	char name[32];
	snprintf(name, sizeof(name), "approval %d", (int)last);
	assert_true(d->verdict == VERDICT_APPROVED && d->approval == last && str_is(d->analyst, name));
	run(p, (struct approval_ask){.now = NOW + 400}, 0, 0, 1);
}

/* The end of one looks at all that it leaves uncovered, whoever had closed it. */
static void an_end_reopens_what_it_kept_closed(void **state)
{
	struct place *p = *state;
	struct approval a = terms();
	row_id r = add(p, "in", "logs-1");
	int64_t first = grant(p, &a), second = grant(p, &a);
	run(p, (struct approval_ask){.now = NOW, .only = first}, 1, 0, 0);
	assert_true(journal_approval_end(p->j, first, STR(""), &kim, NULL));
	assert_true(journal_approval_end(p->j, second, STR(""), &kim, NULL));
	poll_it(p);
	run(p, (struct approval_ask){.now = NOW, .only = second}, 0, 0, 1);
	assert_int_equal(store_verdict(p->store, r), VERDICT_OPEN);
}

/* An id that comes again with other facts is for a person to look at, by itself. */
static void a_reused_id_is_closed_by_no_approval(void **state)
{
	struct place *p = *state;
	struct approval a = terms();
	struct approval_plan got;
	row_id first = add(p, "in", "logs-1");
	decide(p, first, VERDICT_APPROVED);
	row_id again = add(p, "in", "logs-2");
	assert_int_not_equal(first, again);
	a.automatic = true;
	grant(p, &a);
	plan(p, (struct approval_ask){.now = NOW}, &got);
	assert_true(got.n_fits == 0 && got.n_outside == 1);
	assert_true(got.outside[0].row == again && got.outside[0].misfit == MISFIT_REUSED);
	approval_plan_fini(&got);
	run(p, (struct approval_ask){.now = NOW, .automatic = true}, 0, 1, 0);
	assert_int_equal(store_verdict(p->store, again), VERDICT_OPEN);
}

/* Two consoles apply at once: each says what it recorded. */
static void the_plan_tells_what_was_recorded(void **state)
{
	struct place *p = *state;
	struct approval a = terms();
	struct approval_plan mine, theirs;
	add(p, "a", "x");
	row_id b = add(p, "b", "x");
	a.automatic = true;
	grant(p, &a);
	const struct approval_ask ask = {.now = NOW, .automatic = true};
	plan(p, ask, &mine);
	plan(p, ask, &theirs);
	theirs.n_fits = 1;
	assert_true(approval_apply(p->j, &theirs, p->store, &(struct approval_apply){&lee, true}, NULL));
	assert_int_equal(theirs.n_fits, 1);
	assert_true(approval_apply(p->j, &mine, p->store, &(struct approval_apply){&kim, true}, NULL));
	assert_int_equal(mine.n_fits, 1);
	assert_int_equal(mine.fits[0].row, b);
	approval_plan_fini(&mine);
	approval_plan_fini(&theirs);
}

static void an_end_is_seen_to_pass(void **state)
{
	(void)state;
	struct approvals *s = approvals_new();
	struct approval terms = {.id = 1, .account = STR("777788889999"), .until = 5000, .ended = WHEN_NONE};
	approvals_take(s, &(struct approval_row){.seq = 1, .event = APPROVAL_GRANTED, .id = 1, .terms = terms});
	terms.until = WHEN_NONE;
	approvals_take(s, &(struct approval_row){.seq = 2, .event = APPROVAL_GRANTED, .id = 2, .terms = terms});
	static const struct {
		int64_t from, to;
		bool expired;
	} t[] = {{1000, 4999, false}, {4000, 6000, true}, {4999, 5001, true}, {5001, 9000, false}, {9000, 1000, false}};
	for (size_t i = 0; i < ARRAY_LEN(t); i++)
		if (approvals_expired(s, t[i].from, t[i].to) != t[i].expired)
			fail_msg("case %zu", i);
	approvals_take(s, &(struct approval_row){.seq = 3, .event = APPROVAL_ENDED, .id = 1, .at = 4500});
	assert_false(approvals_expired(s, 4600, 6000)); /* its end was told when it was ended */
	approvals_free(s);
}

static void automatic_ones_leave_people_alone(void **state)
{
	struct place *p = *state;
	struct approval a = terms();
	a.automatic = true;
	row_id untouched = add(p, "a", "x"), reopened = add(p, "b", "x");
	decide(p, reopened, VERDICT_APPROVED);
	decide(p, reopened, VERDICT_OPEN);
	int64_t id = grant(p, &a);
	run(p, (struct approval_ask){.now = NOW, .automatic = true, .from = reopened}, 0, 0, 0);
	run(p, (struct approval_ask){.now = NOW, .automatic = true}, 1, 0, 0);
	assert_true(id == 3 && str_is(store_decision(p->store, untouched)->analyst, "approval 3"));
	assert_int_equal(store_decision(p->store, untouched)->approval, id);
	assert_int_equal(store_verdict(p->store, reopened), VERDICT_OPEN);
	run(p, (struct approval_ask){.now = NOW}, 1, 0, 0); /* asked, it may */
}

/* A plan that is older than somebody's word changes nothing. */
static void a_late_plan_does_not_overrule(void **state)
{
	struct place *p = *state;
	struct approval a = terms();
	struct approval_plan late;
	row_id r = add(p, "a", "x");
	grant(p, &a);
	plan(p, (struct approval_ask){.now = NOW}, &late);
	assert_int_equal(late.n_fits, 1);
	decide(p, r, VERDICT_SUSPICIOUS);
	assert_true(approval_apply(p->j, &late, p->store, &(struct approval_apply){&lee, false}, NULL));
	poll_it(p);
	assert_int_equal(store_verdict(p->store, r), VERDICT_SUSPICIOUS);
	approval_plan_fini(&late);
}

/* Rows about approvals in any order give the same approvals. */
static void order_does_not_matter(void **state)
{
	(void)state;
	static const int orders[][4] = {{0, 1, 2, 3}, {3, 2, 1, 0}, {2, 0, 3, 1}, {1, 3, 0, 2}};
	struct approval_row rows[] = {
		{.seq = 4, .at = 1, .id = 4, .event = APPROVAL_GRANTED, .terms = terms()},
		{.seq = 5, .at = 2, .id = 4, .event = APPROVAL_AUTOMATIC, .automatic = true},
		{.seq = 6, .at = 3, .id = 4, .event = APPROVAL_AUTOMATIC, .automatic = false},
		{.seq = 7, .at = 4, .id = 4, .event = APPROVAL_ENDED, .analyst = STR("kim")},
	};
	rows[0].terms.id = 4;
	rows[0].terms.automatic = true;
	for (size_t i = 0; i < ARRAY_LEN(orders); i++) {
		struct approvals *s = approvals_new();
		for (int k = 0; k < 4; k++)
			approvals_take(s, &rows[orders[i][k]]);
		const struct approval *a = approvals_find(s, 4);
		assert_true(a && !a->automatic && a->ended == 4 && str_is(a->ended_by, "kim"));
		assert_int_equal(approvals_count(s), 1);
		approvals_free(s);
	}
}

/* What reads like a slip is told, once, and what does not is not. */
static void slips_are_told(void **state)
{
	(void)state;
	static const struct {
		struct approval a;
		const char *told;
	} cases[] = {
		{{.region = STR_INIT("eu-west-1"), .partition = STR_INIT("aws"), .dest_bucket = STR_INIT("copies")}, ""},
		{{.region = STR_INIT("eu-west-9")}, "eu-west-9 is no region"},
		{{.region = STR_INIT("eu-w*"), .role = STR_INIT("arn:aws-mo*")}, ""},
		{{.partition = STR_INIT("aws-moon")}, "aws-moon is no partition"},
		{{.role = STR_INIT("arn:aws-moon:iam::111122223333:role/r")}, "aws-moon is no partition"},
		{{.kms_key = STR_INIT("arn:aws:kms:eu-west-9:111122223333:key/x")}, "eu-west-9 is no region"},
		{{.bucket = STR_INIT("Logs")}, "no bucket has capitals"},
		{{.dest_bucket = STR_INIT("arn:aws:s3:::Copies")}, "no bucket has capitals"},
		{{.dest_bucket = STR_INIT("arn:aws:s3:::copies/x")}, "arn:aws:s3:::copies/x is no bucket's ARN"},
		{{.dest_bucket = STR_INIT("arn:aws:s3:eu-west-1:777788889999:accesspoint/Ap")}, ""},
		{{.role = STR_INIT("arn:aws:iam::777788889999:role/r")}, "the role is of 777788889999 itself"},
	};
	struct arena mem = {0};
	struct store *store = store_new();
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct approval a = cases[i].a;
		AUTO(buf_fini) struct buf told = {0};
		a.account = STR("777788889999");
		approval_doubts(&a, store, &told);
		if (!str_starts(buf_str(&told), str_c(cases[i].told)) || (!*cases[i].told && told.n) ||
			str_find_char(buf_str(&told), '\n') != (told.n ? told.n - 1 : STR_NONE))
			fail_msg("%zu: %s", i, buf_cstr(&told));
	}
	bool fresh;
	for (int own = 0; own < 3; own++) { /* none of it, from it, then also to it */
		AUTO(buf_fini) struct buf told = {0};
		struct alert al = make_alert(&mem, (unsigned)own);
		al.owner = own == 1 ? STR("777788889999") : STR("111122223333");
		struct alert_dest d = {.account = STR("777788889999"), .relation = RELATION_OTHER};
		al.dests = &d;
		al.n_dests = own == 2;
		store_add(store, &al, (struct str){0}, &fresh);
		approval_doubts(&(struct approval){.account = STR("777788889999")}, store, &told);
		assert_int_equal(told.n > 0, own == 1);
	}
	store_free(store);
	arena_fini(&mem);
}

/* Of one ARN, other people: limits of their own; without them, it is said whom the ARN stands for. */
static void an_actor_can_be_several_people(void **state)
{
	(void)state;
	static const char *const people[][2] = {{"dana", ""}, {"eve", ""}, {"dana", ""}, {"", "web.example"}};
	struct arena mem = {0};
	struct store *store = store_new();
	struct proposal fits[ARRAY_LEN(people)];
	struct approval a = {.account = STR("777788889999"), .actor = STR("arn:aws:sts::111122223333:assumed-role/r"),
		.from = WHEN_NONE, .until = WHEN_NONE, .ended = WHEN_NONE};
	bool fresh;
	for (size_t i = 0; i < ARRAY_LEN(people); i++) {
		struct alert al = make_alert(&mem, (unsigned)i);
		al.actor_arn = STR("arn:aws:sts::111122223333:assumed-role/r/x");
		al.person = str_c(people[i][0]);
		al.provider = str_c(people[i][1]);
		fits[i] = (struct proposal){.row = store_add(store, &al, (struct str){0}, &fresh), .approval = &a};
		struct approval of = a;
		of.person = STR("dana");
		assert_int_equal(!(approval_misfit(&of, &al, al.time) & MISFIT_PERSON), str_is(al.person, "dana"));
		of = a;
		of.identity_provider = STR("web.*");
		assert_int_equal(!(approval_misfit(&of, &al, al.time) & MISFIT_PROVIDER), al.provider.n > 0);
		assert_int_equal(approval_misfit(&a, &al, al.time) & (MISFIT_PERSON | MISFIT_PROVIDER | MISFIT_ACTOR), 0);
	}
	struct approval_plan plan = {.fits = fits, .n_fits = ARRAY_LEN(people)};
	AUTO(buf_fini) struct buf said = {0};
	approval_people(&a, store, &plan, &said);
	assert_string_equal(buf_cstr(&said), "the actor is 3 people: dana, eve, nobody named via web.example");
	buf_clear(&said);
	a.person = STR("dana");
	approval_people(&a, store, &plan, &said);
	a.person = (struct str){0};
	plan.n_fits = 1;
	approval_people(&a, store, &plan, &said);
	assert_int_equal(said.n, 0);
	store_free(store);
	arena_fini(&mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slips_are_told),
		cmocka_unit_test(an_actor_can_be_several_people),
		cmocka_unit_test(what_is_not_known_is_within_no_limit),
		cmocka_unit_test(limits_are_kept),
		cmocka_unit_test(alerts_that_do_not_fit),
		cmocka_unit_test(terms_are_checked),
		cmocka_unit_test(order_does_not_matter),
		cmocka_unit_test_setup_teardown(approvals_come_back_from_disk, set_up, tear_down),
		cmocka_unit_test_setup_teardown(ticks_come_back_and_the_newest_stands, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_tick_belongs_to_its_content, set_up, tear_down),
		cmocka_unit_test_setup_teardown(proposes_applies_and_expires, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_renewal_takes_over_if_it_decides_alone, set_up, tear_down),
		cmocka_unit_test_setup_teardown(an_end_reopens_what_it_kept_closed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_reused_id_is_closed_by_no_approval, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_plan_tells_what_was_recorded, set_up, tear_down),
		cmocka_unit_test(an_end_is_seen_to_pass),
		cmocka_unit_test_setup_teardown(automatic_ones_leave_people_alone, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_late_plan_does_not_overrule, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
