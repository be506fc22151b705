/*
 * remote/aws: the two questions that can be asked of AWS itself, both of them read-only: is the
 * replication still on the bucket (S3 GetBucketReplication), and which accounts are ours
 * (Organizations ListAccounts). Nothing is asked unless somebody asks.
 * Sources: Amazon S3 API reference, GetBucketReplication; AWS Organizations API reference,
 * ListAccounts.
 */
#ifndef S3TRIAGE_REMOTE_AWS_H
#define S3TRIAGE_REMOTE_AWS_H

#include "s3triage/base/file.h"
#include "s3triage/event/in_force.h"
#include "s3triage/net/aws_settings.h"
#include "s3triage/net/http.h"

/* Asks for a bucket's replication; blocks. *out lives in `mem`: with no rules and `none` or
 * `no_bucket` when that is the answer. False and err (not NULL) when there is none: in plain words,
 * with the permission that is missing. */
struct aws_bucket {
	struct str bucket, owner, region; /* owner and region may be empty */
};
bool aws_replication(const struct aws_settings *s, const struct aws_bucket *b, struct arena *mem,
	struct replication_now *out, struct err *err);

/* All accounts of the organisation as {"Accounts":[...]}, as `aws organizations list-accounts`
 * prints them, which is what book_read() takes in; the caller frees it. NULL and err. */
struct json *aws_accounts(const struct aws_settings *s, struct err *err);

/* ---- pure parts ----------------------------------------------------------------------------- */

/* XML as a tree: an element is an object of its elements, or a string; what is there twice becomes
 * an array; attributes are passed over. NULL and err: not well-formed, deeper than 32, or with a
 * DOCTYPE. */
struct json *aws_xml(struct str text, struct err *err);

struct aws_reply {
	long status;
	struct str body;
};

struct aws_found {
	struct replication_now now;
	struct str region; /* not empty: the bucket is there, and nothing else is known yet */
};

/* What S3 answered to GetBucketReplication. */
bool aws_replication_read(const struct aws_reply *reply, const struct aws_bucket *b,
	struct arena *mem, struct aws_found *out, struct err *err);

/* One page of ListAccounts into `accounts` (an array); *next is the token of the next page, empty
 * when it was the last. */
bool aws_accounts_read(const struct aws_reply *reply, struct json *accounts, struct arena *mem,
	struct str *next, struct err *err);

#endif
