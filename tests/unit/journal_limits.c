/*
 * The limits of approvals: one case for each way to be outside, and an oracle that knows the limits
 * as sentences and asks them of whatever fits.
 */
#include "../unit.h"

#include "alert_make.h"

#include "../../src/journal/journal_priv.h"

#include "s3triage/base/when.h"
#include "s3triage/account/approval.h"

#include <stdio.h>
#include <unistd.h>

#define DAY (INT64_C(24) * 3600 * 1000)
#define NOW (MAKE_T0 + 30 * DAY)

static const struct alert_dest backup = {.account = STR_INIT("444455556666"),
	.written = STR_INIT("444455556666"), .bucket = STR_INIT("backup-eu"),
	.arn = STR_INIT("arn:aws:s3:::backup-eu"), .prefix = STR_INIT("logs/2026/"),
	.tags = STR_INIT("class=public,team=a\\,b"), .relation = RELATION_OTHER};

static struct alert_dest other; /* what a case makes of it */

static struct alert fitting(void)
{
	other = backup;
	return (struct alert){.id = STR("A1"), .event_id = STR("E1"), .rule_id = STR("R1"),
		.time = MAKE_T0, .made = MAKE_T0, .ingested = WHEN_NONE, .bucket = STR("acme-logs-eu"),
		.owner = STR("111122221111"), .role = STR("arn:aws:iam::111122221111:role/x/s3-repl"),
		.actor = STR("deploy"), .actor_arn = STR("arn:aws:iam::111122221111:user/deploy"),
		.region = STR("eu-west-1"), .traits = TRAIT_OWNER_OVERRIDE, .dests = &other,
		.n_dests = 1, .read_from = READ_ORIGINAL};
}

static struct approval narrow(void)
{
	return (struct approval){.account = STR("444455556666"), .role = STR("s3-repl"),
		.bucket = STR("acme-logs-*"), .actor = STR("deploy"), .dest_bucket = STR("backup-*"),
		.region = STR("eu-west-1"), .partition = STR("aws"), .prefix = STR("logs/"),
		.tags = STR("team=a\\,b"), .allows = ALLOW_OVERRIDE, .from = MAKE_T0 - DAY,
		.until = NOW + DAY, .ended = WHEN_NONE};
}

struct outside {
	unsigned misfit;
	const char *says;
	struct str *text, value; /* of the alert or its destination */
	uint32_t traits;
	int64_t time;            /* 0: as it was */
};

static struct alert al;

static void each_limit_keeps_out(void **state)
{
	(void)state;
	const struct outside t[] = {
		{.misfit = 0, .says = ""},
		{MISFIT_REGION, "region differs: us-east-1", &al.region, STR("us-east-1"), 0, 0},
		{MISFIT_PARTITION, "partition differs: aws-cn", &al.role,
			STR("arn:aws-cn:iam::111122221111:role/x/s3-repl"), 0, 0},
		{MISFIT_PARTITION, "partition differs: aws-us-gov", &other.arn, STR("arn:aws-us-gov:s3:::backup-eu"), 0, 0},
		{MISFIT_ROLE, "role differs", &al.role, STR("arn:aws:iam::999988887777:role/x/s3-repl"), 0, 0},
		{MISFIT_ROLE, "role differs", &al.role, STR("arn:aws:iam::111122221111:user/s3-repl"), 0, 0},
		{MISFIT_ROLE | MISFIT_ACTOR, "role differs", &al.owner, STR(""), 0, 0},
		{MISFIT_ACTOR, "actor differs", &al.actor_arn, STR("arn:aws:iam::999988887777:user/deploy"), 0, 0},
		{MISFIT_DEST_BUCKET, "destination bucket is not under backup-*: exfil", &other.bucket, STR("exfil"), 0, 0},
		{MISFIT_KMS, "the copies' KMS key is of another account: arn:aws:kms:eu-west-1:9999", &other.kms_key,
			STR("arn:aws:kms:eu-west-1:999988887777:key/evil"), 0, 0},
		{MISFIT_KMS, "the copies' KMS key", &other.kms_key, STR("arn:aws:kms:eu-west-1::key/x"), 0, 0},
		{0, "", &other.kms_key, STR("arn:aws:kms:eu-west-1:444455556666:alias/x"), 0, 0},
		{0, "", &other.kms_key, STR("arn:aws:kms:eu-west-1:111122221111:key/x"), 0, 0},
		{MISFIT_FILTER, "the filter is wider: prefix l", &other.prefix, STR("l"), 0, 0},
		{MISFIT_FILTER, "the filter is wider: tags class=public,team=a\\,b", &other.prefix, STR(""), 0, 0},
		{MISFIT_FILTER, "the filter is wider", &other.tags, STR("class=public,team=a"), 0, 0},
		{MISFIT_FILTER, "the filter is wider", &other.tags, STR(""), 0, 0},
		{MISFIT_REPLICAS, "changes to replicas are copied on", &other.manner,
			STR("storage=GLACIER,replica-modifications,metrics=15"), 0, 0},
		{0, "", &other.manner, STR("storage=replica-modifications"), 0, 0},
		{.misfit = MISFIT_DELETES, .says = "delete markers are copied", .traits = TRAIT_DELETE_MARKERS},
		{.misfit = MISFIT_EXISTING, .says = "objects from before", .traits = TRAIT_EXISTING_OBJECTS},
		{.misfit = MISFIT_TIME, .says = ", before 2026-", .time = MAKE_T0 - 2 * DAY},
		{.misfit = MISFIT_TIME, .says = ", after 2026-", .time = NOW + DAY},
		{.misfit = MISFIT_TIME, .says = "not known", .time = WHEN_NONE},
		{.misfit = MISFIT_DOUBT, .says = "a key comes twice", .traits = TRAIT_TWIN_KEYS},
		{.misfit = MISFIT_DOUBT, .says = "the text form names", .traits = TRAIT_FORGED},
		{.misfit = MISFIT_DOUBT, .says = "the forms of the request", .traits = TRAIT_DISAGREE},
		{.misfit = MISFIT_DOUBT, .says = "left the request out", .traits = TRAIT_OMITTED},
		{.misfit = MISFIT_DOUBT, .says = "was not read", .traits = TRAIT_UNREAD},
		{.misfit = MISFIT_DOUBT, .says = "the ARN of a destination", .traits = TRAIT_ARN_DIFFERS},
		{.misfit = 0, .says = "", .traits = TRAIT_CLAIM}, /* the bucket is named */
	};
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		struct approval a = narrow();
		AUTO(buf_fini) struct buf why = {0};
		al = fitting();
		if (t[i].text)
			*t[i].text = t[i].value;
		al.traits |= t[i].traits;
		al.time = t[i].time ? t[i].time : al.time;
		unsigned misfit = approval_misfit(&a, &al, NOW);
		approval_explain(&a, &al, misfit, &why);
		if (misfit != t[i].misfit || !strstr(buf_cstr(&why), t[i].says) || !misfit != !why.n)
			fail_msg("case %zu: %x '%s'", i, misfit, buf_cstr(&why));
	}
}

/* A key of neither is fine where it is agreed on, and then no other is; a storage class the same. */
static void keys_and_classes_are_limits(void **state)
{
	(void)state;
	static const struct {
		const char *key, *class, *has, *manner;
		unsigned misfit;
		const char *says;
	} t[] = {
#define EVIL "arn:aws:kms:eu-west-1:999988887777:key/e"
		{EVIL, "", EVIL, "plain", 0, ""}, {"999988887777", "", EVIL, "plain", 0, ""},
		{"arn:aws:kms:eu-west-1:999988887777:*", "", EVIL, "plain", 0, ""},
		{"999988887777", "", "arn:aws:kms:eu-west-1:444455556666:key/e", "plain", MISFIT_KMS, "KMS key is another: arn"},
		{"999988887777", "", "", "plain", MISFIT_KMS, "no KMS key is named"},
		{EVIL, "", "e", "plain", MISFIT_KMS, "KMS key is another: e"},
		{"", "GLACIER", "", "storage=GLACIER,metrics", 0, ""}, {"", "GLACIER*", "", "storage=GLACIER_IR", 0, ""},
		{"", "GLACIER", "", "storage=GLACIER_IR", MISFIT_STORAGE, "storage class differs: GLACIER_IR"},
		{"", "GLACIER", "", "plain", MISFIT_STORAGE, "storage class is not asked for"},
		{"", "GLACIER", "", "metrics", MISFIT_STORAGE, "storage class is not asked for"},
#undef EVIL
	};
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		struct approval a = narrow();
		AUTO(buf_fini) struct buf why = {0};
		al = fitting();
		a.kms_key = str_c(t[i].key);
		a.storage_class = str_c(t[i].class);
		other.kms_key = str_c(t[i].has);
		other.manner = str_c(t[i].manner);
		unsigned misfit = approval_misfit(&a, &al, NOW);
		approval_explain(&a, &al, misfit, &why);
		if (misfit != t[i].misfit || !strstr(buf_cstr(&why), t[i].says) || !misfit != !why.n)
			fail_msg("case %zu: %x '%s'", i, misfit, buf_cstr(&why));
	}
}

/* What people copy from the screen means whom they saw. */
static void an_actor_is_any_of_its_arns(void **state)
{
	(void)state;
#define STS "arn:aws:sts::111122221111:assumed-role/"
#define IAM "arn:aws:iam::111122221111:role/"
	static const struct {
		const char *limit, *arn, *issuer;
		bool fits;
	} t[] = {
		{STS "deploy/run-1", STS "deploy/run-1", IAM "ci/deploy", true},
		{STS "deploy/run-1", STS "deploy/run-2", IAM "ci/deploy", false},
		{STS "deploy", STS "deploy/run-2", IAM "ci/deploy", true},
		{STS "deploy", STS "deploy2/run-2", IAM "ci/deploy2", false},
		{STS "deploy/*", STS "deploy/run-2", IAM "ci/deploy", true},
		{IAM "ci/deploy", STS "deploy/run-1", IAM "ci/deploy", true},
		{IAM "deploy", STS "deploy/run-1", IAM "ci/deploy", false},
		{IAM "ci/*", STS "deploy/run-1", IAM "ci/deploy", true},
		{IAM "ci/*", STS "deploy/run-1", "", false}, /* an older journal's facts: the path is not known */
		{IAM "ci/deploy", STS "deploy/run-1", "", true},
		{IAM "ci/deploy", "arn:aws:sts::999988887777:assumed-role/deploy/run-1", "", false},
		{IAM "ci/deploy", "arn:aws-cn:sts::111122221111:assumed-role/deploy/run-1", "", false},
		{IAM "deploy", "arn:aws:iam::111122221111:user/deploy", "", false},
		{IAM "deploy", "", "", false},
	};
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		struct approval a = narrow();
		al = fitting();
		a.partition = STR("");
		al.actor_arn = str_c(t[i].arn);
		al.issuer_arn = str_c(t[i].issuer);
		a.actor = str_c(t[i].limit);
		if (!approval_check(&a, NULL) || !(approval_misfit(&a, &al, NOW) & MISFIT_ACTOR) != t[i].fits)
			fail_msg("case %zu", i);
	}
#undef STS
#undef IAM
	struct approval a = narrow();
	al = fitting();
	al.actor_arn = STR("");
	al.actor_type = STR("AWSService");
	al.actor = a.actor = STR("controltower.amazonaws.com");
	assert_int_equal(approval_misfit(&a, &al, NOW), 0);
	al.actor_type = STR("AWSAccount");
	assert_int_equal(approval_misfit(&a, &al, NOW), MISFIT_ACTOR);
}

/* A limit that no alert can have would look like one that holds. */
static void what_nothing_can_fit_is_refused(void **state)
{
	(void)state;
	static struct approval a;
	const struct {
		struct str *limit;
		const char *text, *says; /* NULL: it is fine */
	} t[] = {
		{&a.role, "arn:aws:iam::111122221111:role/x/y", NULL}, {&a.role, "arn:aws:iam::1111*", NULL},
		{&a.role, "arn:aws:sts::111122221111:assumed-role/x/y", "an IAM role's ARN"},
		{&a.role, "service-role/x", "an IAM role's ARN"}, {&a.role, "x y", "not 'x y'"},
		{&a.role, "arn:aws:iam::1111:role/x", "an IAM role's ARN"}, {&a.role, "arn:aws:s3*", "an IAM role's ARN"},
		{&a.bucket, "arn:aws:s3:::logs", "a bucket's name"}, {&a.bucket, "s3://logs", "a bucket's name"},
		{&a.bucket, "lo*", NULL}, {&a.bucket, "lo", "a bucket's name"},
		{&a.actor, "arn:aws:iam::111122221111:role/x", NULL}, {&a.actor, "arn:aws:iam::111122221111:root", NULL},
		{&a.actor, "arn:aws:sts::111122221111:assumed-role/x", NULL},
		{&a.actor, "role/x", "an ARN as it is shown"}, {&a.actor, "AROAEXAMPLE:run-1", "an ARN as it is shown"},
		{&a.actor, "arn:aws:iam::111122221111:group/x", "an ARN as it is shown"},
		{&a.dest_bucket, "arn:aws:s3:eu-west-1:444455556666:accesspoint/x", NULL},
		{&a.dest_bucket, "accesspoint/x", NULL}, {&a.dest_bucket, "x/y", "a bucket's name, or"},
		{&a.bucket, "arn:aws:s3-outposts:eu-west-1:444455556666:outpost/op/bucket/x", NULL},
		{&a.dest_bucket, "arn:aws:iam::444455556666:role/x", "a bucket's name, or"},
		{&a.region, "us-gov-*", NULL}, {&a.region, "EU-WEST-1", "a region such as"}, {&a.region, "eu-west-1a", "a region"},
		{&a.region, "Ireland", "a region such as"}, {&a.region, "eu", "a region such as"},
		{&a.partition, "aws-eusc", NULL}, {&a.partition, "aws*", "a partition such as"}, {&a.partition, "cn", "a partition"},
		{&a.kms_key, "999988887777", NULL}, {&a.kms_key, "arn:aws:kms:eu-west-1:999988887777:alias/x", NULL},
		{&a.kms_key, "1234abcd-12ab", "a key's ARN"}, {&a.kms_key, "alias/x", "a key's ARN"},
		{&a.kms_key, "9999", "a key's ARN"}, {&a.kms_key, "arn:aws:s3:::x", "a key's ARN"},
		{&a.storage_class, "DEEP_ARCHIVE", NULL}, {&a.storage_class, "glacier", "a storage class such as"},
		{&a.storage_class, "FOO", "a storage class such as"}, {&a.storage_class, "FOO*", "a storage class such as"},
		{&a.storage_class, "GLACIER_*", NULL}, {&a.storage_class, "STANDARD_IAX", "a storage class such as"},
		{&a.bucket, "Old_Bucket", NULL},
		{&a.prefix, "logs/*", "without the * at its end"}, {&a.prefix, "a*b", NULL},
	};
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		struct err err = {0};
		a = (struct approval){.account = STR("444455556666"), .allows = ALLOW_OVERRIDE, .from = WHEN_NONE,
			.until = WHEN_NONE, .ended = WHEN_NONE};
		*t[i].limit = str_c(t[i].text);
		bool fine = approval_can_fit(&a, &err);
		if (fine == (t[i].says != NULL) || (t[i].says && (!strstr(err.text, t[i].says) || err.code != ERR_USAGE)))
			fail_msg("%s: %s", t[i].text, err.text);
	}
	a = narrow();
	a.role = STR("arn:aws-cn:iam::111122221111:role/x");
	assert_false(approval_check(&a, NULL)); /* in two partitions */
	a.partition = STR("aws-cn");
	assert_false(approval_check(&a, NULL)); /* the region is of aws */
	a.region = STR("cn-north-1");
	assert_true(approval_check(&a, NULL));
	a.allows = 0;
	a.dest_bucket = STR("*");
	assert_true(approval_check(&a, NULL) && !approval_can_fit(&a, NULL)); /* neither override nor claim */
	a.allows = ALLOW_CLAIMS;
	assert_true(approval_can_fit(&a, NULL));
}

/* A list in the account's place is no account; that ours is in it is told. */
static void a_list_that_holds_the_account_is_told(void **state)
{
	(void)state;
	struct approval a = narrow();
	AUTO(buf_fini) struct buf why = {0};
	al = fitting();
	other.account = STR("");
	other.written = STR("[\"999988887777\",\"444455556666\"]");
	other.relation = RELATION_INVALID;
	unsigned misfit = approval_misfit(&a, &al, NOW);
	approval_explain(&a, &al, misfit, &why);
	assert_int_equal(misfit, MISFIT_OTHER);
	assert_non_null(strstr(buf_cstr(&why), "a destination is no account: [\"999988887777\",\"444455556666\"]"));
	a.account = STR("000055556666"); /* as a number it has lost its zeros */
	other.written = STR("[55556666,7]");
	assert_int_equal(approval_misfit(&a, &al, NOW), MISFIT_OTHER);
	other.written = STR("[999988887777]");
	assert_int_equal(approval_misfit(&a, &al, NOW), MISFIT_ACCOUNT);
}

/* Without owner override the account is what somebody wrote. */
static void a_claim_needs_a_word(void **state)
{
	(void)state;
	static const struct {
		const char *dest_bucket;
		unsigned allows, misfit;
	} t[] = {{"", 0, MISFIT_CLAIM}, {"*", 0, MISFIT_CLAIM}, {"backup-*", 0, 0}, {"", ALLOW_CLAIMS, 0},
		{"arn:aws:s3:::backup-eu", 0, 0}, {"arn:aws:s3:::backup", 0, MISFIT_DEST_BUCKET}};
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		struct approval a = narrow();
		al = fitting();
		al.traits = TRAIT_CLAIM;
		a.dest_bucket = str_c(t[i].dest_bucket);
		a.allows = t[i].allows;
		unsigned misfit = approval_misfit(&a, &al, NOW);
		if (misfit != t[i].misfit)
			fail_msg("case %zu: %x", i, misfit);
	}
}

/* "own" may be a claim, too: the bucket beside it is anybody's. */
static void an_own_account_that_is_claimed_is_looked_at(void **state)
{
	(void)state;
	struct alert_dest two[] = {backup, {.account = STR("111122221111"), .bucket = STR("exfil"),
		.relation = RELATION_OWN, .prefix = STR("logs/x"), .tags = backup.tags, .claim = true}};
	struct approval a = narrow();
	al = fitting();
	al.dests = two;
	al.n_dests = 2;
	assert_int_equal(approval_misfit(&a, &al, NOW), MISFIT_DEST_BUCKET);
	two[1].claim = false;
	assert_int_equal(approval_misfit(&a, &al, NOW), 0);
	two[1].prefix = STR("");
	assert_int_equal(approval_misfit(&a, &al, NOW), MISFIT_FILTER);
}

static void an_end_is_the_end_of_its_day(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t after; /* ms behind the begin of 2026-11-01 */
	} t[] = {{"2026-11-05", 5 * DAY}, {"2026-11-05T00:00:00Z", 4 * DAY}, {"30d", 30 * DAY + 5000},
		{"2026-11-05T18:30:00Z", 4 * DAY + 66600000}, {"12h", DAY / 2 + 5000}, {"2w", 14 * DAY + 5000}};
	int64_t begin, got;
	assert_true(when_parse(STR("2026-11-01T00:00:00Z"), &begin));
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		struct err err = {0};
		if (!approval_until(str_c(t[i].text), begin + 5000, &got, &err) || got - begin != t[i].after)
			fail_msg("%s: %lld %s", t[i].text, (long long)(got - begin), err.text);
	}
	assert_false(approval_until(STR("soon"), begin, &got, NULL));
	assert_true(approval_until(STR("now-1d"), begin, &got, NULL) && got == begin - DAY);
	AUTO(buf_fini) struct buf words = {0};
	struct approval a = {.account = STR("444455556666"), .from = begin, .until = begin + 5 * DAY,
		.ended = WHEN_NONE, .allows = ALLOW_OVERRIDE};
	approval_describe(&a, &words);
	assert_string_equal(buf_cstr(&words), "444455556666, from 2026-11-01, until 2026-11-05");
	buf_clear(&words);
	a.until += 3600000;
	approval_describe(&a, &words);
	assert_string_equal(buf_cstr(&words), "444455556666, from 2026-11-01, until 2026-11-06T01:00:00Z");
}

static void take(void *ctx, const struct approval_row *r)
{
	approvals_take(ctx, r);
}

static void pass(void *ctx, const struct decision *d)
{
	(void)ctx;
	(void)d;
}

/* Terms as rows of several versions have them. */
static void terms_of_other_versions_are_kept(void **state)
{
	(void)state;
	const int64_t END = INT64_C(1793491200000); /* 2026-11-01 */
	static const struct {
		const char *payload;
		unsigned misfit;
	} t[] = {
		{"{\"account\":\"444455556666\",\"automatic\":false}", 0},
		{"{\"account\":\"444455556666\",\"bucket\":\"acme-*\",\"until\":\"2026-11-01T00:00:00Z\"}", MISFIT_TIME},
		{"{\"account\":\"444455556666\",\"delete_markers\":false}", MISFIT_DELETES},
		{"{\"account\":\"444455556666\",\"claims\":true,\"region\":\"us-east-1\"}", MISFIT_REGION},
		{"{\"account\":\"444455556666\",\"valid_from\":\"soon\"}", MISFIT_TIME},
		{"{\"account\":\"444455556666\",\"only_on_mondays\":true}", MISFIT_TERMS},
	};
	char path[64];
	snprintf(path, sizeof(path), "/tmp/s3triage-limits-%ld.db", (long)getpid());
	static const char *const ends[] = {"", "-wal", "-shm"};
	struct journal *j = journal_open(path, false, NULL);
	struct approvals *set = approvals_new();
	assert_non_null(j);
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		struct writer w;
		struct new_row r = {.kind = KIND_APPROVAL, .payload = str_c(t[i].payload), .analyst = STR("kim"),
			.was = "", .verdict = ""};
		assert_true(writer_end(&w, writer_begin(&w, j, MAKE_T0, NULL) && writer_append(&w, &r)));
	}
	journal_listen(j, &(struct journal_listener){.ctx = set, .approval = take});
	assert_true(journal_poll(j, pass, NULL, NULL));
	journal_close(j);
	assert_int_equal(approvals_count(set), ARRAY_LEN(t));
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		al = fitting();
		al.traits = TRAIT_OWNER_OVERRIDE | TRAIT_DELETE_MARKERS | TRAIT_EXISTING_OBJECTS;
		al.time = END + 60000;
		unsigned misfit = approval_misfit(approvals_at(set, i), &al, END - 60000);
		if (misfit != t[i].misfit)
			fail_msg("case %zu: %x", i, misfit);
	}
	al.traits |= TRAIT_CLAIM;
	assert_int_equal(approval_misfit(approvals_at(set, 0), &al, MAKE_T0), MISFIT_CLAIM);
	al.traits = TRAIT_TWIN_KEYS;
	assert_int_equal(approval_misfit(approvals_at(set, 0), &al, MAKE_T0), MISFIT_DOUBT);
	approvals_free(set);
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		char name[72];
		snprintf(name, sizeof(name), "%s%s", path, ends[i]);
		unlink(name);
	}
}

/* What fits is held against the habits of all that is loaded, but for what the approval names. */
static void what_is_not_usual_stays_open(void **state)
{
	(void)state;
	static const struct {
		const char *region;
		size_t fits;
	} t[] = {{"", 19}, {"*", 20}, {"us-east-1", 1}};
	struct arena mem = {0};
	struct store *s = store_new();
	for (unsigned i = 0; i < 20; i++) {
		bool fresh;
		al = fitting();
		al.id = arena_fmt(&mem, "a%u", i);
		al.event_id = arena_fmt(&mem, "e%u", i);
		al.bucket = arena_fmt(&mem, "acme-logs-%u", i);
		al.region = i == 7 ? STR("us-east-1") : STR("eu-west-1");
		store_add(s, &al, STR(""), &fresh);
	}
	struct habits *h = habits_new(s, NULL);
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		struct approval a = narrow();
		struct approvals *set = approvals_new();
		struct approval_plan p;
		AUTO(buf_fini) struct buf why = {0};
		a.id = 1;
		a.region = str_c(t[i].region);
		approvals_take(set, &(struct approval_row){.seq = 1, .event = APPROVAL_GRANTED, .id = 1, .terms = a});
		approval_plan(set, s, &(struct approval_ask){.now = NOW, .habits = h}, &p);
		assert_int_equal(p.n_fits, t[i].fits);
		assert_int_equal(p.n_fits + p.n_outside, 20);
		if (p.n_outside == 1) {
			assert_int_equal(p.outside[0].misfit, MISFIT_UNUSUAL);
			proposal_explain(&p.outside[0], store_alert(s, p.outside[0].row), &why);
			assert_non_null(strstr(buf_cstr(&why), "not as usual: other region: us-east-1 (usual: eu-west-1)"));
		}
		approval_plan_fini(&p);
		approvals_free(set);
	}
	habits_free(h);
	store_free(s);
	arena_fini(&mem);
}

/* ---- at random ---------------------------------------------------------------------------- */

static struct str pick(uint64_t *seed, const char *const *words, size_t n)
{
	return str_c(words[make_random(seed) % n]);
}

#define PICK(seed, ...) pick(seed, (const char *const[]){__VA_ARGS__}, \
	sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

static uint32_t rarely(uint64_t *seed, uint32_t bit)
{
	return make_random(seed) % 8 ? 0 : bit;
}

static void random_dest(uint64_t *seed, struct alert_dest *d, struct alert *of)
{
	static const enum relation relations[] = {RELATION_OTHER, RELATION_OTHER, RELATION_OTHER, RELATION_OWN,
		RELATION_UNNAMED};
	*d = (struct alert_dest){.relation = relations[make_random(seed) % 5],
		.bucket = PICK(seed, "backup-eu", "backup-us", "exfil"), .claim = make_random(seed) % 4 == 0,
		.arn = PICK(seed, "arn:aws:s3:::backup-eu", "arn:aws:s3:::backup-us", "arn:aws-cn:s3:::backup-eu"),
		.prefix = PICK(seed, "", "l", "logs/", "logs/a", "pay/"),
		.tags = PICK(seed, "", "a=1", "a=1,b=2", "b=2", "a=1\\,b=2")};
	d->account = d->relation == RELATION_OWN ? of->owner : d->relation == RELATION_UNNAMED ? STR("") :
		PICK(seed, "444455556666", "444455556666", "444455556666", "999988887777");
	if (d->claim && d->account.n)
		of->traits |= TRAIT_CLAIM;
}

static struct alert random_alert(uint64_t *seed, struct alert_dest dests[3])
{
	struct alert a = {.bucket = PICK(seed, "acme-logs-eu", "acme-logs-us", "acme-pay"),
		.owner = PICK(seed, "111122221111", "111122221111", "111122221111", ""),
		.role = PICK(seed, "arn:aws:iam::111122221111:role/s3-repl", "arn:aws:iam::111122221111:role/s3-repl",
			"arn:aws:iam::999988887777:role/s3-repl", "arn:aws:iam::111122221111:role/other", ""),
		.actor = PICK(seed, "deploy", "deploy", "kim"), .region = PICK(seed, "eu-west-1", "eu-west-1", "us-east-1"),
		.actor_arn = PICK(seed, "arn:aws:iam::111122221111:user/deploy", "arn:aws:iam::999988887777:user/deploy"),
		.time = MAKE_T0 + ((int64_t)(make_random(seed) % 9) - 4) * DAY, .dests = dests,
		.n_dests = make_random(seed) % 8 ? 1 : 2, .read_from = rarely(seed, 1) ? READ_STRING : READ_ORIGINAL,
		.traits = rarely(seed, TRAIT_OWNER_OVERRIDE) | rarely(seed, TRAIT_DELETE_MARKERS) |
			rarely(seed, TRAIT_EXISTING_OBJECTS) | rarely(seed, TRAIT_TWIN_KEYS)};
	for (size_t i = 0; i < a.n_dests; i++)
		random_dest(seed, &dests[i], &a);
	return a;
}

static struct approval random_approval(uint64_t *seed)
{
	return (struct approval){.account = STR("444455556666"), .ended = WHEN_NONE,
		.role = PICK(seed, "", "", "s3-repl", "s3-*", "arn:aws:iam::111122221111:role/s3-repl", "*"),
		.bucket = PICK(seed, "", "acme-logs-*", "acme-logs-eu"), .actor = PICK(seed, "", "", "deploy", "d*"),
		.dest_bucket = PICK(seed, "", "", "backup-*", "backup-eu", "arn:aws:s3:::backup-*"),
		.region = PICK(seed, "", "eu-west-1", "eu-*"), .partition = PICK(seed, "", "", "aws", "aws-cn"),
		.prefix = PICK(seed, "", "", "logs/"), .tags = PICK(seed, "", "", "a=1", "a=1,b=2", "a=1\\,b=2"),
		.allows = make_random(seed) % 16, .automatic = make_random(seed) % 2,
		.from = make_random(seed) % 2 ? WHEN_NONE : MAKE_T0 - 2 * DAY,
		.until = make_random(seed) % 2 ? WHEN_NONE : MAKE_T0 + 2 * DAY};
}

/* `limit` as a sentence: nothing, the same, or a beginning. */
static bool says(struct str limit, struct str text)
{
	size_t n = limit.n;
	return !n || (limit.p[n - 1] == '*' ? text.n && text.n >= n - 1 && memcmp(text.p, limit.p, n - 1) == 0 :
		text.n == n && memcmp(text.p, limit.p, n) == 0);
}

static bool of_owner(struct str arn, struct str owner)
{
	char want[64];
	snprintf(want, sizeof(want), "::%.*s:", STR_ARG(owner));
	return owner.n == 12 && str_find(arn, str_c(want)) != STR_NONE;
}

static bool oracle_who(const struct approval *a, const struct alert *x)
{
	const struct {
		struct str limit, arn, name;
	} who[] = {{a->role, x->role, str_is(x->role, "") ? STR("") :
			str_sub(x->role, str_rfind_char(x->role, '/') + 1, x->role.n)}, {a->actor, x->actor_arn, x->actor}};
	for (size_t i = 0; i < 2; i++) {
		bool whole = str_starts(who[i].limit, STR("arn:")) || str_is(who[i].limit, "*");
		if (who[i].limit.n && (whole ? !says(who[i].limit, who[i].arn) :
				!of_owner(who[i].arn, x->owner) || !says(who[i].limit, who[i].name)))
			return false;
	}
	return true;
}

static bool oracle_dest(const struct approval *a, const struct alert *x, const struct alert_dest *d)
{
	bool own = d->relation == RELATION_OWN, arn = str_starts(a->dest_bucket, STR("arn:"));
	if (!own && !str_eq(d->account, a->account))
		return false;
	if ((!own || d->claim) && !says(a->dest_bucket, arn ? d->arn : d->bucket))
		return false;
	if (d->claim && !(a->allows & ALLOW_CLAIMS) && !a->dest_bucket.n)
		return false;
	if (!str_starts(d->prefix, a->prefix))
		return false;
	/* Of the few tags there are, the escaped one is one tag. */
	bool has_a = str_is(d->tags, "a=1") || str_is(d->tags, "a=1,b=2");
	if (str_is(a->tags, "a=1") ? !has_a : a->tags.n && !str_eq(a->tags, d->tags))
		return false;
	bool cn = str_starts(d->arn, STR("arn:aws-cn:"));
	(void)x;
	return !cn && !str_is(a->partition, "aws-cn"); /* role, actor and region are of aws */
}

static bool oracle(const struct approval *a, const struct alert *x)
{
	bool some = false;
	for (size_t i = 0; i < x->n_dests; i++) {
		if (!oracle_dest(a, x, &x->dests[i]))
			return false;
		some = some || x->dests[i].relation != RELATION_OWN;
	}
	return some && oracle_who(a, x) && says(a->bucket, x->bucket) && says(a->region, x->region) &&
		!(x->traits & TRAIT_TWIN_KEYS) && !(a->automatic && x->read_from == READ_STRING) &&
		(!(x->traits & TRAIT_OWNER_OVERRIDE) || a->allows & 1) &&
		(!(x->traits & TRAIT_DELETE_MARKERS) || a->allows & 2) &&
		(!(x->traits & TRAIT_EXISTING_OBJECTS) || a->allows & 4) &&
		x->time <= MAKE_T0 + 15 * 60000 && (a->from == WHEN_NONE || x->time >= a->from) && (a->until == WHEN_NONE || x->time < a->until);
}

static void what_is_ahead_of_the_clock_fits_none(void **state)
{
	(void)state;
	const struct approval any = {.account = STR("444455556666"), .from = WHEN_NONE, .until = WHEN_NONE,
		.ended = WHEN_NONE, .allows = ~0u};
	al = fitting();
	al.time = MAKE_T0;
	assert_int_equal(approval_misfit(&any, &al, MAKE_T0) & MISFIT_TIME, 0);
	assert_int_equal(approval_misfit(&any, &al, MAKE_T0 - 60000) & MISFIT_TIME, 0); /* clocks differ */
	assert_int_equal(approval_misfit(&any, &al, MAKE_T0 - DAY) & MISFIT_TIME, MISFIT_TIME);
}

static void what_fits_is_within_every_limit(void **state)
{
	(void)state;
	uint64_t seed = 20261127;
	size_t fits = 0;
	for (unsigned i = 0; i < 200000; i++) {
		struct alert_dest dests[3];
		struct approval a = random_approval(&seed);
		struct alert x = random_alert(&seed, dests);
		bool fit = approval_misfit(&a, &x, MAKE_T0) == 0;
		if (fit != oracle(&a, &x))
			fail_msg("round %u: %s", i, fit ? "fits, and is outside" : "is within, and does not fit");
		fits += fit;
	}
	assert_true(fits > 500);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_limit_keeps_out),
		cmocka_unit_test(keys_and_classes_are_limits),
		cmocka_unit_test(an_actor_is_any_of_its_arns),
		cmocka_unit_test(what_nothing_can_fit_is_refused),
		cmocka_unit_test(a_list_that_holds_the_account_is_told),
		cmocka_unit_test(a_claim_needs_a_word),
		cmocka_unit_test(an_own_account_that_is_claimed_is_looked_at),
		cmocka_unit_test(an_end_is_the_end_of_its_day),
		cmocka_unit_test(terms_of_other_versions_are_kept),
		cmocka_unit_test(what_is_not_usual_stays_open),
		cmocka_unit_test(what_is_ahead_of_the_clock_fits_none),
		cmocka_unit_test(what_fits_is_within_every_limit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
