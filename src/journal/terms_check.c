/*
 * terms_check: whether anything can be within an approval's terms. A limit that no alert can have is
 * refused with what was expected: it would look like one that holds.
 */
#include "s3triage/journal/terms.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/when.h"
#include "s3triage/event/alert.h"
#include "s3triage/event/replication.h"

/* %p a partition, %d an account, %n a name of IAM, %b of a bucket (old ones of us-east-1 may have capitals),
 * %r of a region (by its form alone: new ones come), %t any text to the end. */
struct limit {
	const char *what;
	size_t at; /* of a struct str in struct approval */
	const char *expected, *forms[16];
	bool whole; /* a * at the end means nothing here */
};

#define NAMED "its name alone (the bucket owner's own)"

static const struct limit limits[] = {
	{"role", offsetof(struct approval, role), "an IAM role's ARN (arn:aws:iam::111122223333:role/NAME), or "
		NAMED, {"arn:%p:iam::%d:role/%t", "%n"}, false},
	{"bucket", offsetof(struct approval, bucket), "a bucket's name, without arn:aws:s3:::",
		{"%b", "arn:%p:s3-outposts:%t"}, false},
	{"actor", offsetof(struct approval, actor),
		"an ARN as it is shown (of a user, a role, a session), or " NAMED,
		{"arn:%p:iam::%d:user/%t", "arn:%p:iam::%d:role/%t",
		"arn:%p:iam::%d:root",
		"arn:%p:sts::%d:assumed-role/%t", "arn:%p:sts::%d:federated-user/%t", "arn:%p:sts::%d:assumed-root",
		"arn:%p:sts::%d:assumed-root/%t", "%n"}, false},
	{"destination bucket", offsetof(struct approval, dest_bucket), "a bucket's name, or an ARN of S3",
		{"arn:%p:s3:%t", "arn:%p:s3-outposts:%t", "accesspoint/%t", "accesspoint:%t", "outpost/%t",
		"outpost:%t", "%b"}, false},
	{"region", offsetof(struct approval, region), "a region such as eu-west-1", {"%r"}, false},
	{"partition", offsetof(struct approval, partition), "a partition such as aws or aws-cn", {"%p"}, true},
	{"KMS key", offsetof(struct approval, kms_key), "a key's ARN (arn:aws:kms:eu-west-1:111122223333:key/ID), or"
		" an account of 12 digits", {"%d", "arn:%p:kms:%r:%d:%t"}, false},
	{"storage class", offsetof(struct approval, storage_class), "a storage class such as GLACIER",
		{"STANDARD", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER", "GLACIER_IR",
		"DEEP_ARCHIVE", "REDUCED_REDUNDANCY", "OUTPOSTS", "SNOW", "EXPRESS_ONEZONE", "FSX_OPENZFS",
		"FSX_ONTAP"}, false},
	{"person", offsetof(struct approval, person), "a person as an alert shows one (a source identity, a user of"
		" Identity Center)", {"%t"}, false},
	{"identity provider", offsetof(struct approval, identity_provider), "a provider as an alert shows one (an"
		" ARN, a name)", {"%t"}, false},
};

static struct str limit_of(const struct approval *a, size_t i)
{
	return *(const struct str *)(const void *)((const char *)a + limits[i].at);
}

/* ---- forms -------------------------------------------------------------------------------- */

/* Which characters a part of each kind has; any other kind takes all that can be seen. */
static bool takes(char kind, char c)
{
	static const struct {
		char kind;
		bool digits, lower, upper;
		const char *more;
	} rows[] = {
		{'d', true, false, false, ""},
		{'p', false, true, false, "-"},
		{'r', true, true, false, "-"},
		{'b', true, true, true, "._-"},
		{'n', true, true, true, "+=,.@_-"},
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].kind == kind)
			return (rows[i].digits && c >= '0' && c <= '9') || (rows[i].lower && c >= 'a' && c <= 'z') ||
				(rows[i].upper && c >= 'A' && c <= 'Z') ||
				str_find_char(str_c(rows[i].more), c) != STR_NONE;
	return (unsigned char)c > ' ' && c != 0x7f;
}

/* "eu-west-1": words, and a number at the end. */
static bool terms_check_is_region(struct str s)
{
	size_t dash = str_rfind_char(s, '-');
	return dash != STR_NONE && dash > 1 && str_digits(str_sub(s, dash + 1, s.n)) &&
		str_find_char(s, '-') < dash;
}

static bool part_is_fine(char kind, struct str s)
{
	switch (kind) {
	case 'd':
		return s.n == 12;
	case 'p':
		return str_is(s, "aws") || (str_starts(s, STR("aws-")) && s.n > 4);
	case 'r':
		return terms_check_is_region(s);
	case 'b':
		return s.n >= 3 && s.n <= 255;
	case 't':
		return s.n && s.p[s.n - 1] != '/' && s.p[s.n - 1] != ':';
	default:
		return s.n > 0;
	}
}

/* Of a beginning it is enough that the form can begin so. */
static bool has_form(struct str s, const char *form, bool beginning)
{
	for (; *form; form++) {
		if (beginning && !s.n)
			return true;
		if (*form != '%') {
			if (!s.n || s.p[0] != *form)
				return false;
			s = str_sub(s, 1, s.n);
			continue;
		}
		size_t n = 0;
		form++;
		while (n < s.n && takes(*form, s.p[n]))
			n++;
		if (!(beginning && n == s.n) && !part_is_fine(*form, str_sub(s, 0, n)))
			return false;
		s = str_sub(s, n, s.n);
	}
	return !s.n;
}

static bool check_form(const struct limit *l, struct str s, struct err *err)
{
	bool beginning = !l->whole && limit_is_prefix(s);
	struct str stem = beginning ? str_sub(s, 0, s.n - 1) : s;
	size_t star = str_find_char(stem, '*');
	if (star != STR_NONE && !l->whole)
		return err_set(err, ERR_USAGE, "the %s of an approval may have one * at its end,"
			" not within", l->what);
	for (size_t i = 0; i < ARRAY_LEN(l->forms) && l->forms[i]; i++)
		if (has_form(stem, l->forms[i], beginning))
			return true;
	return err_set(err, ERR_USAGE, "the %s of an approval is %s, not '%.*s': nothing would fit it", l->what,
		l->expected, STR_ARG(str_sub(s, 0, 80)));
}

/* ---- contradictions ------------------------------------------------------------------------ */

/* An ARN's, or a region's, when it is there as a whole. */
static struct str partition_in(struct str limit)
{
	if (str_starts(limit, STR("arn:")))
		return arn_part(limit, 2).n ? arn_part(limit, 1) : (struct str){0};
	return terms_check_is_region(limit) ? approval_region_partition(limit) : (struct str){0};
}

static bool check_partitions(const struct approval *a, struct err *err)
{
	struct str want = a->partition;
	for (size_t i = 0; i < ARRAY_LEN(limits); i++) {
		struct str here = partition_in(limit_of(a, i));
		if (here.n && want.n && !str_eq(here, want))
			return err_set(err, ERR_USAGE, "the limits are of two partitions, %.*s and %.*s: nothing would"
				" fit them", STR_ARG(want), STR_ARG(here));
		want = want.n ? want : here;
	}
	return true;
}

/* Written as keys are listed: role before rule, each "key=value". */
static bool check_filter(const struct approval *a, struct err *err)
{
	struct str tags = a->tags;
	while (tags.n)
		if (str_find_char(filter_next_tag(&tags), '=') == STR_NONE)
			return err_set(err, ERR_USAGE, "the tags of an approval are KEY=VALUE,KEY=VALUE");
	return !limit_is_prefix(a->prefix) || err_set(err, ERR_USAGE, "the prefix of an approval is how a rule's"
		" prefix begins: write it without the * at its end");
}

bool approval_check(const struct approval *a, struct err *err)
{
	struct approval copy = *a;
	size_t n;
	const struct approval_text *texts = approval_texts(&n);
	struct arena mem = {0};
	bool is_account = a->account.n == 12 && account_normal(a->account, &mem).n;
	arena_fini(&mem);
	if (!is_account)
		return err_set(err, ERR_USAGE, "an approval needs an account of 12 digits, not"
			" '%.*s'", STR_ARG(str_sub(a->account, 0, 40)));
	for (size_t i = 0; i < n; i++)
		if (approval_text(&copy, &texts[i])->n > APPROVAL_TEXT_MAX)
			return err_set(err, ERR_USAGE, "the %s of an approval has %zu bytes, %d is the most",
				texts[i].key, approval_text(&copy, &texts[i])->n, APPROVAL_TEXT_MAX);
	if (a->from != WHEN_NONE && a->until != WHEN_NONE && a->from >= a->until)
		return err_set(err, ERR_USAGE, "the approval ends before the first event that it covers");
	for (size_t i = 0; i < ARRAY_LEN(limits); i++)
		if (limit_of(a, i).n && !check_form(&limits[i], limit_of(a, i), err))
			return false;
	return check_partitions(a, err) && check_filter(a, err);
}

bool approval_can_fit(const struct approval *a, struct err *err)
{
	return approval_check(a, err) && ((a->allows & ALLOW_OVERRIDE) || approval_takes_claims(a) ||
		err_set(err, ERR_USAGE, "without owner override an account is only claimed: name the destination"
			" bucket, or allow claims; else nothing fits"));
}
