/*
 * terms: an approval's terms under the names that they have everywhere.
 */
#include "s3triage/journal/terms.h"

#include "s3triage/base/mem.h"

#define TEXT(member) {#member, offsetof(struct approval, member)}

const struct approval_text *approval_texts(size_t *n)
{
	static const struct approval_text texts[] = {TEXT(account), TEXT(role), TEXT(bucket), TEXT(actor),
		TEXT(owner), TEXT(ticket), TEXT(note), TEXT(dest_bucket), TEXT(region), TEXT(partition),
		TEXT(prefix), TEXT(tags), TEXT(kms_key), TEXT(storage_class), TEXT(person),
		TEXT(identity_provider)};
	*n = ARRAY_LEN(texts);
	return texts;
}

struct str *approval_text(struct approval *a, const struct approval_text *t)
{
	return (struct str *)(void *)((char *)a + t->at);
}

const struct approval_allowed *approval_allowed(size_t *n)
{
	static const struct approval_allowed rows[] = {{"owner_override", ALLOW_OVERRIDE, true},
		{"delete_markers", ALLOW_DELETES, true}, {"existing_objects", ALLOW_EXISTING, true},
		{"claims", ALLOW_CLAIMS, false}, {"replica_modifications", ALLOW_REPLICAS, true}};
	*n = ARRAY_LEN(rows);
	return rows;
}

bool limit_is_prefix(struct str limit)
{
	return limit.n && limit.p[limit.n - 1] == '*';
}

struct str approval_region_partition(struct str region)
{
	if (!region.n)
		return (struct str){0};
	static const struct {
		const char *region, *partition;
	} others[] = {{"cn-", "aws-cn"}, {"us-gov-", "aws-us-gov"}, {"us-iso-", "aws-iso"},
		{"us-isob-", "aws-iso-b"}, {"eu-isoe-", "aws-iso-e"}, {"us-isof-", "aws-iso-f"}, {"eusc-", "aws-eusc"}};
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		if (str_starts(region, str_c(others[i].region)))
			return str_c(others[i].partition);
	return STR("aws");
}

bool approval_takes_claims(const struct approval *a)
{
	return (a->allows & ALLOW_CLAIMS) || (a->dest_bucket.n && !str_is(a->dest_bucket, "*"));
}
