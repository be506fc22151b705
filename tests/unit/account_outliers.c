#include "../unit.h"

#include "alert_make.h"

#include "s3triage/account/outliers.h"
#include "s3triage/insight/signals.h"

#define NINE (INT64_C(1793491200000) + 9 * 3600000) /* 09:00 of a day */
#define ROWS_MAX 64

struct rows {
	struct store *s;
	struct book *book;
	struct habits *h;
	struct arena mem;
	row_id v[ROWS_MAX];
	size_t n;
	struct outliers o;
};

static void rows_open(struct rows *r)
{
	*r = (struct rows){.s = store_new(), .book = book_new()};
	assert_true(book_read(r->book, STR("id,kind\n111122221111,organisation\n333322221111,organisation\n"
		"777788889999,organisation\n444455556666,approved\n666655554444,flagged\n"), "f", NULL));
	r->h = habits_new(r->s, r->book);
}

static void rows_close(struct rows *r)
{
	outliers_fini(&r->o);
	habits_free(r->h);
	store_free(r->s);
	book_free(r->book);
	arena_fini(&r->mem);
}

/* The n-th alert of the habit: the role `deploy` of the bucket's own account to the backup. */
static struct alert usual(struct rows *r)
{
	struct alert_dest *d = arena_alloc(&r->mem, 2 * sizeof(*d));
	d[0] = d[1] = (struct alert_dest){.account = STR("777788889999"), .written = STR("777788889999"),
		.bucket = STR("backup-eu-1"), .prefix = STR("data/")};
	struct str id = arena_fmt(&r->mem, "alert-%zu", r->n);
	return (struct alert){.id = id, .event_id = id, .rule_id = STR("R"),
		.bucket = arena_fmt(&r->mem, "bucket-%zu", r->n), .owner = STR("111122221111"),
		.role = STR("arn:aws:iam::111122221111:role/r"), .role_account = STR("111122221111"),
		.actor = STR("deploy"), .actor_type = STR("AssumedRole"),
		.actor_arn = STR("arn:aws:sts::111122221111:assumed-role/deploy/ci"),
		.caller_account = STR("111122221111"), .ip = STR("192.0.2.10"), .country = STR("NL"),
		.region = STR("eu-west-1"), .agent = STR("Terraform/1.9.8"), .read_from = READ_ORIGINAL,
		.time = NINE + (int64_t)r->n * 60000, .dests = d, .n_dests = 1};
}

static row_id add(struct rows *r, const struct alert *a)
{
	bool fresh;
	assert_true(r->n < ROWS_MAX);
	return r->v[r->n++] = store_add(r->s, a, (struct str){0}, &fresh);
}

static void add_usual(struct rows *r, int n)
{
	while (n--) {
		struct alert a = usual(r);
		add(r, &a);
	}
}

static void find_for(struct rows *r, enum verdict v, const char *account)
{
	const struct outliers_ask ask = {r->v, r->n, v, str_c(account)};
	outliers_fini(&r->o);
	outliers_find(r->h, &ask, &r->o);
}

static void expect(const struct rows *r, size_t i, const char *says)
{
	struct buf text = {0};
	outlier_explain(r->h, &r->o.v[i], &text);
	if (str_find(buf_str(&text), str_c(says)) == STR_NONE)
		fail_msg("'%s' is not in '%s'", says, buf_cstr(&text));
	buf_fini(&text);
}

/* ---- each way to differ ------------------------------------------------------------------- */

#define CHANGE(name, code) static void name(struct alert *a, struct alert_dest *d) { (void)a; (void)d; code; }
CHANGE(by_role, a->role = STR("arn:aws:iam::111122221111:role/admin"))
CHANGE(by_foreign_role, (a->role = STR("arn:aws:iam::999911112222:role/r"),
	a->role_account = STR("999911112222")))
CHANGE(by_partition_role, a->role = STR("arn:aws-cn:iam::111122221111:role/r"))
CHANGE(by_bucket, d->bucket = STR("drop-box"))
CHANGE(by_kms, d->kms_key = STR("arn:aws:kms:eu-west-1:999911112222:key/k"))
CHANGE(by_second_kms, (a->n_dests = 2, d[1].kms_key = STR("arn:aws:kms:eu-west-1:999911112222:key/k")))
CHANGE(by_scope, d->prefix = STR(""))
CHANGE(by_region, a->region = STR("ap-south-1"))
CHANGE(by_address, a->ip = STR("203.0.113.9"))
CHANGE(by_country, a->country = STR("RU"))
CHANGE(by_agent, a->agent = STR("aws-cli/2 Terraform/1.9.8"))
CHANGE(by_owner, a->owner = STR("222211110000"))
CHANGE(by_dest, d->account = STR("444455556666"))
CHANGE(by_second, (d[0].account = STR("444455556666"), a->n_dests = 2))
CHANGE(by_actor, (a->actor = STR("intern"),
	a->actor_arn = STR("arn:aws:sts::111122221111:assumed-role/intern/x")))
CHANGE(by_foreign_actor, (a->actor_arn = STR("arn:aws:sts::999911112222:assumed-role/deploy/ci"),
	a->caller_account = STR("999911112222")))
CHANGE(by_actor_type, a->actor_type = STR("IAMUser"))
CHANGE(by_flag, (d[1].account = STR("666655554444"), a->n_dests = 2))
CHANGE(by_unnamed, (d[0].account = STR(""), d[0].relation = RELATION_UNNAMED, a->n_dests = 2))
CHANGE(by_invalid, (d[0].account = STR(""), d[0].relation = RELATION_INVALID, a->n_dests = 2))
CHANGE(by_unknown, d->account = STR("121212121212"))
CHANGE(by_night, a->time -= 6 * 3600000)
CHANGE(by_date, a->time += INT64_C(300) * 24 * 3600000)
CHANGE(by_override, a->traits = TRAIT_OWNER_OVERRIDE)
CHANGE(by_claim, a->traits = TRAIT_CLAIM)
CHANGE(by_deletes, a->traits = TRAIT_DELETE_MARKERS)
CHANGE(by_existing, a->traits = TRAIT_EXISTING_OBJECTS)
CHANGE(by_key, a->traits = TRAIT_KEY_LONG)
CHANGE(by_root, a->traits = TRAIT_ROOT)
CHANGE(by_twins, a->traits = TRAIT_TWIN_KEYS)
CHANGE(by_words, a->traits = TRAIT_ACCOUNT_IN_TEXT)
CHANGE(by_wider, (a->bucket = STR("bucket-3"), d->prefix = STR("da")))

static const struct {
	void (*change)(struct alert *a, struct alert_dest *d);
	const char *says;
} changes[] = {
	{by_role, "other role: arn:aws:iam::111122221111:role/admin (usual: arn:aws:iam::111122221111:role/r)"},
	{by_foreign_role, "other role: arn:aws:iam::999911112222:role/r"},
	{by_partition_role, "other role: arn:aws-cn:iam::111122221111:role/r"},
	{by_bucket, "other destination bucket: drop-box (usual: backup-eu-1)"},
	{by_kms, "other KMS key for the copies: arn:aws:kms:eu-west-1:999911112222:key/k (usual: none)"},
	{by_second_kms, "other KMS key for the copies: arn:aws:kms:eu-west-1:999911112222:key/k (usual: none)"},
	{by_scope, "other filter: all objects (usual: data/)"},
	{by_region, "other region: ap-south-1 (usual: eu-west-1)"},
	{by_address, "other address: 203.0.113.9 (usual: 192.0.2.10)"},
	{by_country, "other country: RU (usual: NL)"},
	{by_agent, "other user agent: aws-cli/2 Terraform/1.9.8 (usual: Terraform/1.9.8)"},
	{by_owner, "other owner: 222211110000 (usual: 111122221111)"},
	{by_dest, "other destination: 444455556666 (usual: 777788889999)"},
	{by_second, "other destination: 444455556666, 777788889999 (usual: 777788889999)"},
	{by_actor, "other actor: AssumedRole intern of 111122221111 (usual: AssumedRole deploy of 111122221111)"},
	{by_foreign_actor, "other actor: AssumedRole deploy of 999911112222"},
	{by_actor_type, "other actor: IAMUser deploy of 111122221111"},
	{by_flag, "a destination that the account book flags"},
	{by_unnamed, "a destination that cannot be told: not named, 777788889999"},
	{by_invalid, "a destination that cannot be told: no account, 777788889999"},
	{by_unknown, "a destination that no account book vouches for: 121212121212"},
	{by_night, "outside the usual hours: 03:12 (usual: 09-10)"},
	{by_date, "long before or after the others"},
	{by_override, "a rule gives the copies"}, {by_claim, "S3 does not check it"},
	{by_deletes, "a rule copies delete markers"}, {by_existing, "objects that were there before"},
	{by_key, "a long-lived key"}, {by_root, "root user"}, {by_twins, "a key comes twice"},
	{by_words, "holds \"Account=\""},
	{by_wider, "copies more than the request before it"},
};

static void each_difference_is_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(changes); i++) {
		struct rows r;
		rows_open(&r);
		add_usual(&r, 12);
		struct alert odd = usual(&r);
		changes[i].change(&odd, (struct alert_dest *)(uintptr_t)odd.dests);
		row_id row = add(&r, &odd);
		add_usual(&r, 3);
		find_for(&r, VERDICT_APPROVED, "");
		if (r.o.n != 1 || r.o.v[0].row != row)
			fail_msg("%s: %zu differ", changes[i].says, r.o.n);
		expect(&r, 0, changes[i].says);
		assert_int_equal(r.o.n_parts, 1);
		assert_int_equal(r.o.parts[0].n, 15);
		/* Also when it is all that is asked about: what is usual comes from all that is loaded. */
		r.v[0] = row;
		r.n = 1;
		find_for(&r, VERDICT_APPROVED, "");
		assert_true(r.o.n == 1 && r.o.n_parts == 0);
		rows_close(&r);
	}
}

/* Rows in another order, the same that differ. */
static void the_order_of_rows_is_nothing(void **state)
{
	(void)state;
	struct rows r;
	row_id first[ROWS_MAX];
	rows_open(&r);
	for (size_t i = 0; i < ARRAY_LEN(changes); i++) {
		struct alert odd = usual(&r);
		changes[i].change(&odd, (struct alert_dest *)(uintptr_t)odd.dests);
		add(&r, &odd);
		add_usual(&r, 1);
	}
	find_for(&r, VERDICT_APPROVED, "");
	size_t n = r.o.n;
	assert_true(n >= ARRAY_LEN(changes) - 5);
	for (size_t i = 0; i < n; i++) {
		first[i] = r.o.v[i].row;
		assert_true(!i || r.o.v[i].reason == r.o.v[i - 1].reason || r.o.v[i].strength);
	}
	for (size_t i = 0; i < r.n / 2; i++) {
		row_id swap = r.v[i];
		r.v[i] = r.v[r.n - 1 - i];
		r.v[r.n - 1 - i] = swap;
	}
	find_for(&r, VERDICT_APPROVED, "");
	assert_int_equal(r.o.n, n);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(r.o.v[i].row, first[i]);
	rows_close(&r);
}

/* ---- what a group stands for -------------------------------------------------------------- */

static void a_group_of_an_account_takes_nothing_that_also_goes_elsewhere(void **state)
{
	(void)state;
	struct rows r;
	rows_open(&r);
	for (int i = 0; i < 5; i++) {
		struct alert a = usual(&r);
		by_second(&a, (struct alert_dest *)(uintptr_t)a.dests);
		add(&r, &a);
	}
	find_for(&r, VERDICT_APPROVED, ""); /* all do the same */
	assert_true(r.o.n == 0 && r.o.n_parts == 1);
	for (int v = 0; v < VERDICTS; v++) {
		find_for(&r, (enum verdict)v, "777788889999");
		assert_true(r.o.n == 5 && r.o.n_parts == 0);
		expect(&r, 0, "other destination: 444455556666, 777788889999");
	}
	rows_close(&r);
}

/* Nobody approves many of these, however alike they are; marking them suspicious is another thing. */
static void what_cannot_be_told_is_approved_by_itself(void **state)
{
	(void)state;
	static void (*const doubtful[])(struct alert *a, struct alert_dest *d) = {by_flag, by_unnamed,
		by_invalid, by_twins};
	for (size_t i = 0; i < ARRAY_LEN(doubtful); i++) {
		struct rows r;
		rows_open(&r);
		for (int k = 0; k < 12; k++) {
			struct alert a = usual(&r);
			doubtful[i](&a, (struct alert_dest *)(uintptr_t)a.dests);
			add(&r, &a);
		}
		find_for(&r, VERDICT_APPROVED, "");
		assert_int_equal(r.o.n, 12);
		find_for(&r, VERDICT_SUSPICIOUS, "");
		assert_int_equal(r.o.n, 0);
		rows_close(&r);
	}
}

/* ---- one habit, several, none ------------------------------------------------------------- */

static struct alert of_account(struct rows *r, const char *account)
{
	struct alert a = usual(r);
	a.owner = a.role_account = a.caller_account = str_c(account);
	a.role = arena_fmt(&r->mem, "arn:aws:iam::%s:role/r", account);
	a.actor_arn = arena_fmt(&r->mem, "arn:aws:sts::%s:assumed-role/deploy/ci", account);
	return a;
}

/* Roles of one name in the organisation's accounts are one habit; elsewhere each is its own. */
static void accounts_of_the_organisation_do_the_same(void **state)
{
	(void)state;
	struct rows r;
	rows_open(&r);
	for (int i = 0; i < 12; i++) {
		struct alert a = of_account(&r, i % 2 ? "111122221111" : "333322221111");
		add(&r, &a);
	}
	find_for(&r, VERDICT_APPROVED, "");
	assert_true(r.o.n == 0 && r.o.n_parts == 1);
	for (int i = 0; i < 4; i++) {
		struct alert a = of_account(&r, "222211110000");
		add(&r, &a);
	}
	find_for(&r, VERDICT_APPROVED, "");
	assert_int_equal(r.o.n_parts, 2);
	assert_int_equal(r.o.parts[0].n, 12);
	rows_close(&r);
}

static void parts_are_alike_and_the_largest_comes_first(void **state)
{
	(void)state;
	struct rows r;
	rows_open(&r);
	for (int i = 0; i < 21; i++) {
		struct alert a = usual(&r);
		if (i % 3 == 0)
			by_dest(&a, (struct alert_dest *)(uintptr_t)a.dests);
		else if (i % 7 == 0)
			by_actor(&a, NULL); /* twice only: no habit */
		add(&r, &a);
	}
	find_for(&r, VERDICT_APPROVED, "");
	assert_int_equal(r.o.n_parts, 2);
	assert_true(r.o.parts[0].n == 12 && r.o.parts[1].n == 7 && r.o.n == 2);
	for (size_t i = 0; i < r.o.parts[1].n; i++)
		assert_true(str_is(store_alert(r.s, r.o.alike[r.o.parts[1].first + i])->dests[0].account,
			"444455556666"));
	rows_close(&r);
}

/* One ARN, but another person behind it, or another that vouches: not the habit's actor. */
static void an_arn_is_not_yet_an_actor(void **state)
{
	(void)state;
	struct rows r;
	rows_open(&r);
	struct alert a;
	for (int i = 0; i < 12; i++) {
		a = usual(&r);
		a.person = STR("dana");
		a.provider = STR("accounts.google.com");
		add(&r, &a);
	}
	a = usual(&r);
	a.person = STR("eve");
	a.provider = STR("accounts.google.com");
	row_id eve = add(&r, &a);
	a = usual(&r);
	a.person = STR("dana");
	a.provider = STR("graph.facebook.com");
	row_id other = add(&r, &a);
	outliers_find(r.h, &(struct outliers_ask){r.v, r.n, VERDICT_APPROVED, {0}}, &r.o);
	assert_int_equal(r.o.n, 2);
	for (size_t i = 0; i < 2; i++)
		assert_true((r.o.v[i].row == eve || r.o.v[i].row == other) && r.o.v[i].ways >> OUT_ACTOR & 1);
	rows_close(&r);
}

/* Fewer than three make nothing usual, so nobody differs from them. */
static void two_are_no_habit(void **state)
{
	(void)state;
	struct rows r;
	rows_open(&r);
	add_usual(&r, 2);
	struct alert a = usual(&r);
	by_actor(&a, NULL);
	add(&r, &a);
	find_for(&r, VERDICT_APPROVED, "");
	assert_true(r.o.n == 0 && r.o.n_parts == 2);
	rows_close(&r);
}

/* What was decided suspicious makes nothing usual, from that moment on. */
static void the_suspicious_are_no_example(void **state)
{
	(void)state;
	struct rows r;
	rows_open(&r);
	add_usual(&r, 12);
	for (int i = 0; i < 4; i++) {
		struct alert a = usual(&r);
		by_region(&a, NULL);
		add(&r, &a);
	}
	find_for(&r, VERDICT_APPROVED, "");
	assert_int_equal(r.o.n, 0);
	for (int64_t i = 0; i < 2; i++) {
		struct decision d = make_decision(store_alert(r.s, r.v[12 + i]), i + 1, VERDICT_SUSPICIOUS);
		d.rule_id = STR("R");
		store_decide(r.s, &d);
	}
	find_for(&r, VERDICT_APPROVED, "");
	assert_int_equal(r.o.n, 4);
	rows_close(&r);
}

static void what_is_not_known_is_no_difference(void **state)
{
	(void)state;
	struct rows r;
	rows_open(&r);
	add_usual(&r, 12);
	struct alert a = usual(&r);
	a.country = a.ip = a.role = a.agent = a.region = (struct str){0};
	a.time = INT64_MIN;
	add(&r, &a);
	find_for(&r, VERDICT_APPROVED, "");
	assert_int_equal(r.o.n, 0);
	rows_close(&r);
}

static void hours_go_round_midnight(void **state)
{
	(void)state;
	static const int hours[] = {22, 23, 0, 1, 23, 0, 22, 1, 12};
	struct rows r;
	rows_open(&r);
	for (size_t k = 0; k < ARRAY_LEN(hours); k++) {
		struct alert a = usual(&r);
		a.time = NINE + (hours[k] - 9) * 3600000;
		add(&r, &a);
	}
	find_for(&r, VERDICT_APPROVED, "");
	assert_int_equal(r.o.n, 1);
	assert_int_equal(r.o.v[0].row, r.v[8]);
	expect(&r, 0, "outside the usual hours: 12:00 (usual: 22-02)");
	rows_close(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_difference_is_told),
		cmocka_unit_test(the_order_of_rows_is_nothing),
		cmocka_unit_test(a_group_of_an_account_takes_nothing_that_also_goes_elsewhere),
		cmocka_unit_test(what_cannot_be_told_is_approved_by_itself),
		cmocka_unit_test(accounts_of_the_organisation_do_the_same),
		cmocka_unit_test(parts_are_alike_and_the_largest_comes_first),
		cmocka_unit_test(an_arn_is_not_yet_an_actor),
		cmocka_unit_test(two_are_no_habit),
		cmocka_unit_test(the_suspicious_are_no_example),
		cmocka_unit_test(what_is_not_known_is_no_difference),
		cmocka_unit_test(hours_go_round_midnight),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
