/*
 * event/traits: what is true of a request and of whoever sent it, one bit each. Facts only: what
 * they are worth is for the rooms above to say.
 */
#ifndef S3TRIAGE_EVENT_TRAITS_H
#define S3TRIAGE_EVENT_TRAITS_H

#include "s3triage/event/json_write.h"

/* X(enumerator, name, the fact in words). Names and order are kept in journals: add at the end. */
#define TRAITS(X)                                                                                  \
	X(OWNER_OVERRIDE, "owner-override", "a rule gives the copies to the destination's owner")  \
	X(DELETE_MARKERS, "delete-markers", "a rule copies delete markers")                        \
	X(WHOLE_BUCKET, "whole-bucket", "an enabled rule has no filter: all objects")              \
	X(ALL_DISABLED, "all-disabled", "every rule is disabled: nothing is copied yet")           \
	X(EXISTING_OBJECTS, "existing-objects", "a rule copies objects that were there before")    \
	X(KMS, "kms", "a rule copies objects encrypted with KMS, or names a key for the copies")   \
	X(ROLE_FOREIGN, "role-foreign", "the role is of another account than the bucket's owner")  \
	X(CALLER_FOREIGN, "caller-foreign", "the caller is of another account than the owner")     \
	X(PARTITION_FOREIGN, "partition-foreign", "a destination is in another partition")         \
	X(FORGED, "forged", "the text form names an account that no destination has, or does not parse") \
	X(DISAGREE, "disagree", "the forms of the request do not say the same")                    \
	X(OMITTED, "omitted", "CloudTrail left the request out: too large")                        \
	X(ROOT, "root", "sent by the account's root user")                                         \
	X(KEY_LONG, "key-long", "a long-lived key (AKIA)")                                         \
	X(KEY_TEMPORARY, "key-temporary", "a temporary key (ASIA)")                                \
	X(MFA, "mfa", "the session says that MFA was used")                                        \
	X(MFA_NOT, "mfa-not", "the session says that MFA was not used")                            \
	X(MFA_UNSAID, "mfa-unsaid", "nothing says whether MFA was used")                           \
	X(AGENT_CONSOLE, "agent-console", "sent by the AWS console or a browser")                  \
	X(AGENT_CLI, "agent-cli", "sent by a command line tool")                                   \
	X(AGENT_SDK, "agent-sdk", "sent by a program with an AWS SDK")                             \
	X(AGENT_CODE, "agent-code", "sent by infrastructure code: Terraform and the like")         \
	X(AGENT_UNKNOWN, "agent-unknown", "the user agent is missing or of no known kind")         \
	X(SERVICE, "service", "an AWS service sent it, or sent it for somebody")                   \
	X(FAILED, "failed", "the call was refused or failed: nothing changed")                     \
	X(CLAIM, "claim", "a rule names an account without owner override: S3 does not check it")  \
	X(TWIN_KEYS, "twin-keys", "a key comes twice in one object of the event")                  \
	X(UNREAD, "unread", "a part of the event is not as it should be, or was not read")         \
	X(ARN_DIFFERS, "arn-differs", "the ARN of a destination is of another account than is named") \
	X(DELETES_OUT, "deletes-out", "an enabled rule of any form copies delete markers to another account") \
	X(OWNER_GUESSED, "owner-guessed", "whose bucket it is only the account of the caller or the role suggests") \
	X(LOSSY, "lossy", "the form it was read from leaves out parts of the event")               \
	X(ACCOUNT_IN_TEXT, "account-in-text", "a prefix, a tag or an id holds \"Account=\", as the rule wants") \
	X(FOUND_ASIDE, "found-aside", "found where no transport puts an event: somebody may have written it") \
	X(ODD_NAME, "odd-name", "a bucket's name holds what no bucket's name can")

enum trait_index {
#define X(enumerator, name, text) TRAIT_INDEX_##enumerator,
	TRAITS(X)
#undef X
		TRAIT_COUNT
};

typedef uint64_t trait_set;

/* The bits of `traits` in struct alert. */
__extension__ enum trait_bit {
#define X(enumerator, name, text) TRAIT_##enumerator = 1ull << TRAIT_INDEX_##enumerator,
	TRAITS(X)
#undef X
};

/* Any of these: what the request says cannot be told for certain. */
#define TRAITS_DOUBT (TRAIT_FORGED | TRAIT_DISAGREE | TRAIT_OMITTED | TRAIT_TWIN_KEYS | TRAIT_UNREAD | \
	TRAIT_ARN_DIFFERS | TRAIT_LOSSY | TRAIT_FOUND_ASIDE | TRAIT_ODD_NAME)

const char *trait_name(enum trait_index i); /* "owner-override" */
const char *trait_text(enum trait_index i); /* a clause without a full stop */

/* The bit with this name, 0 when there is none. */
trait_set trait_parse(struct str name);

/* An array of the names of the traits. */
void member_traits(struct members *m, const char *key, trait_set traits);

#endif
