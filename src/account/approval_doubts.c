/*
 * approval_doubts: limits that read like slips. Nothing is refused: regions, partitions and old buckets are
 * more than is known here.
 */
#include "approval_priv.h"

#include "s3triage/base/mem.h"

enum { SHOWN_MAX = 80 };

/* Of late 2026. New ones come, so that one that is not here is no mistake for sure. */
static const char regions[] = " af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3"
	" ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5"
	" ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1 cn-north-1 cn-northwest-1 eu-central-1 eu-central-2"
	" eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 eusc-de-east-1 il-central-1 me-central-1"
	" me-south-1 mx-central-1 sa-east-1 us-east-1 us-east-2 us-gov-east-1 us-gov-west-1 us-west-1 us-west-2 ";
static const char partitions[] = " aws aws-cn aws-us-gov aws-iso aws-iso-b aws-iso-e aws-iso-f aws-eusc ";

static bool is_among(const char *list, struct str word)
{
	AUTO(buf_fini) struct buf text = {0};
	buf_fmt(&text, " %.*s ", STR_ARG(word));
	return str_find(str_c(list), buf_str(&text)) != STR_NONE;
}

static void doubt_known(const char *list, struct str word, const char *what, struct buf *out)
{
	AUTO(buf_fini) struct buf line = {0};
	if (!word.n || limit_is_prefix(word) || is_among(list, word))
		return;
	buf_fmt(&line, "%.*s is no %s that is known here: nothing fits where there is none\n",
		STR_ARG(str_sub(word, 0, SHOWN_MAX)), what);
	if (str_find(buf_str(out), buf_str(&line)) == STR_NONE)
		buf_add(out, buf_str(&line));
}

static void doubt_bucket(struct str limit, struct buf *out)
{
	bool arn = str_starts(limit, STR("arn:")), plain = !arn_part(limit, 3).n && !arn_part(limit, 4).n;
	bool large = false;
	struct str name = arn ? arn_part(limit, 5) : limit;
	for (size_t i = 0; i < name.n && (!arn || plain); i++)
		large |= name.p[i] >= 'A' && name.p[i] <= 'Z';
	if (large)
		buf_fmt(out, "no bucket has capitals but old ones of us-east-1: %.*s fits no other\n",
			STR_ARG(str_sub(limit, 0, SHOWN_MAX)));
	if (arn && plain && str_find_char(name, '/') != STR_NONE)
		buf_fmt(out, "%.*s is no bucket's ARN, which has no '/': nothing fits it\n",
			STR_ARG(str_sub(limit, 0, SHOWN_MAX)));
}

/* What stays in the account needs no approval, and none fits it. */
static void doubt_own(const struct approval *a, const struct store *store, struct buf *out)
{
	size_t own = 0, others = 0;
	for (row_id r = 0; store && r < store_count(store); r++) {
		const struct alert *al = store_alert(store, r);
		own += str_eq(al->owner, a->account);
		for (size_t d = 0; d < al->n_dests; d++)
			others += al->dests[d].relation != RELATION_OWN && str_eq(al->dests[d].account, a->account);
	}
	if (own && !others)
		buf_fmt(out, "%.*s is the buckets' own account in %zu alert%s: what it sends to itself fits no"
			" approval\n", STR_ARG(a->account), own, own == 1 ? "" : "s");
	else if (str_eq(arn_part(a->role, 4), a->account))
		buf_fmt(out, "the role is of %.*s itself: what an account sends to itself fits no approval\n",
			STR_ARG(a->account));
}

void approval_doubts(const struct approval *a, const struct store *store, struct buf *out)
{
	const struct str arns[] = {a->role, a->actor, a->dest_bucket, a->kms_key};
	doubt_bucket(a->bucket, out);
	doubt_bucket(a->dest_bucket, out);
	doubt_known(regions, a->region, "region", out);
	doubt_known(partitions, a->partition, "partition", out);
	for (size_t i = 0; i < ARRAY_LEN(arns); i++) {
		if (!str_starts(arns[i], STR("arn:")) || !arn_part(arns[i], 2).n)
			continue;
		doubt_known(partitions, arn_part(arns[i], 1), "partition", out);
		doubt_known(regions, arn_part(arns[i], 4).n ? arn_part(arns[i], 3) : (struct str){0}, "region", out);
	}
	doubt_own(a, store, out);
}
