/*
 * alert/signal: one row a signal. A new one is a row here and, where it is no trait, a condition in
 * insight/signals_look.c.
 */
#ifndef S3TRIAGE_ALERT_SIGNAL_H
#define S3TRIAGE_ALERT_SIGNAL_H

#include <stdint.h>

/* X(enumerator, name, weight, the trait that it is or 0, what it means, its sentence). A word in {} is a
 * value of the alert: insight/signals_text.c; "": others tell it. Names are for filters and JSON: add,
 * never rename. Weights: 1 is common in honest work, 2 asks for a look, 3 is rarely honest, 5 somebody
 * said so, 10 a verdict that is not this one's. */
#define SIGNALS(X) \
	X(FLAGGED, "account-flagged", 5, 0, "the account book flags a destination", \
		"the account book flags destination {accounts}") \
	X(UNLISTED, "account-unlisted", 3, 0, "the account book does not know a destination", \
		"no account book vouches for destination {accounts}") \
	X(ACCOUNT_NEW, "account-new", 2, 0, "a destination first seen in the seven days before", \
		"destination {accounts} was first {ago}") \
	X(FORGED, "forged", 4, TRAIT_FORGED, \
		"the text of the request names an account that it does not have", \
		"the text form of the request names an account that no destination has, or" \
		" cannot be read; {read_from} was believed") \
	X(DISAGREE, "disagree", 2, TRAIT_DISAGREE, \
		"the forms of the request do not say the same", \
		"the forms of the request disagree; {read_from} was believed") \
	X(OMITTED, "omitted", 2, TRAIT_OMITTED, "CloudTrail left the request out", \
		"CloudTrail left the request out: it was too large") \
	X(OVERRIDE, "owner-override", 1, 0, "the copies belong to the destination's owner", \
		"the copies will belong to the destination, {accounts}") \
	X(DELETES, "delete-markers", 1, TRAIT_DELETES_OUT, "deletions are copied too", \
		"deletions in {bucket} are copied, too") \
	X(WHOLE, "whole-bucket", 1, TRAIT_WHOLE_BUCKET, "an enabled rule takes all objects", \
		"all objects of {bucket} are copied: no prefix, no tag") \
	X(PARTITION, "partition", 3, TRAIT_PARTITION_FOREIGN, \
		"a destination in another partition", \
		"a destination is in partition {partition}") \
	X(REGION, "region", 1, 0, "the copies' key is in another region", \
		"the copies' key is in {dest_region}, the request was made in {region}") \
	X(ROLE_FOREIGN, "role-foreign", 3, TRAIT_ROLE_FOREIGN, \
		"the replication role is of another account", \
		"the role is of account {role_account}, the bucket of {owner}") \
	X(CALLER_FOREIGN, "caller-foreign", 2, TRAIT_CALLER_FOREIGN, \
		"the caller is of another account than the owner", \
		"the caller is of account {caller_account}, the bucket of {owner}") \
	X(ROOT, "root", 3, TRAIT_ROOT, "sent by the root user", \
		"sent by the root user {actor_arn}") \
	X(KEY_LONG, "key-long", 2, TRAIT_KEY_LONG, "a long-lived key", \
		"long-lived key {key}") \
	X(MFA_NONE, "no-mfa", 1, 0, "a person's credentials without a second factor", \
		"no second factor: the session says {mfa}") \
	X(CONSOLE, "console", 1, TRAIT_AGENT_CONSOLE, "done by hand in the console", \
		"done by hand in the console: {agent}") \
	X(CLI, "cli", 1, TRAIT_AGENT_CLI, "done by hand with a command line tool", \
		"done with a command line tool: {agent}") \
	X(AGENT_UNKNOWN, "agent-unknown", 2, 0, "a tool of no known kind", \
		"no known tool: {agent}") \
	X(PREPARED, "prepared", 3, 0, "the same principal prepared it within the hour before, as on few days", \
		"{principal} did this within the hour before, and not on three other days: {calls}") \
	X(ADDRESS_NEW, "address-new", 1, 0, "the principal's first use of this address, by what is kept", \
		"{principal} was not at {ip} before, by the earlier alerts and related calls that are kept") \
	X(COUNTRY_NEW, "country-new", 2, 0, "the first alert of the principal from this country", \
		"no earlier alert of {principal} is from {country}") \
	X(CLAIM, "claim", 1, TRAIT_CLAIM, \
		"an account that S3 does not check: no owner override", \
		"{accounts} is only claimed: without owner override S3 does not check whose" \
		" bucket {buckets} is") \
	X(TWIN_KEYS, "twin-keys", 4, TRAIT_TWIN_KEYS, \
		"a key comes twice in one object of the event", \
		"a key comes twice in one object of the event; the last was believed") \
	X(UNREAD, "unread", 2, TRAIT_UNREAD, \
		"a part of the event is not as it should be, or was not read", \
		"a part of the event is not as it should be, or was not read") \
	X(ARN_DIFFERS, "arn-differs", 4, TRAIT_ARN_DIFFERS, \
		"a destination's ARN is of another account than is named", \
		"the bucket of a destination is {arns}, the account named beside it another") \
	X(OTHER_CONTENT, "other-content", 10, 0, \
		"its id was decided on when it had other facts", \
		"decided on other content: {other}") \
	X(SAME_ID, "same-id", 5, 0, "another record has its id and other facts", \
		"another record has the same id and says something else: {twin}") \
	X(OWNER_GUESSED, "owner-guessed", 1, TRAIT_OWNER_GUESSED, \
		"whose bucket it is only the caller's account suggests", \
		"the event does not say whose bucket {bucket} is; {owner} is the account of" \
		" the caller or the role, and only a guess") \
	X(LOSSY, "lossy", 2, TRAIT_LOSSY, "read from a form that leaves out parts of the event", \
		"read from a form that leaves out parts of the event: what it does not show" \
		" is not known") \
	X(AHEAD, "ahead", 3, 0, \
		"dated ahead of this clock: a clock is wrong, or the time is forged", \
		"dated {ahead} ahead of this clock: a clock is wrong, or the time is forged") \
	X(FOUND_ASIDE, "found-aside", 4, TRAIT_FOUND_ASIDE, \
		"found where no transport puts an event: somebody may have written it", \
		"found in {found_in}, where no transport puts an event: somebody may have" \
		" written it there") \
	X(UNTOLD, "untold", 3, 0, "a destination names no account, or what is none", \
		"bucket {buckets} is named without an account, or with what is none") \
	X(ODD_ROLE, "unusual-role", 8, 0, "another role than in the alerts like it", "") \
	X(ODD_BUCKET, "unusual-bucket", 8, 0, \
		"another destination bucket than in the alerts like it", "") \
	X(ODD_FILTER, "unusual-filter", 8, 0, "another filter than in the alerts like it", "") \
	X(ODD_REGION, "unusual-region", 8, 0, "another region than in the alerts like it", "") \
	X(ODD_ADDRESS, "unusual-address", 8, 0, \
		"another network or country than in the alerts like it", "") \
	X(ODD_AGENT, "unusual-agent", 8, 0, "another user agent than in the alerts like it", \
		"") \
	X(ODD_KEY, "unusual-key", 8, 0, "another key for the copies than in the alerts like it", \
		"") \
	X(ODD_MANNER, "unusual-manner", 8, 0, \
		"copied in another manner than in the alerts like it", "") \
	X(ODD_OWNER, "unusual-owner", 8, 0, "another owner than in the alerts like it", "") \
	X(ODD_DEST, "unusual-destination", 8, 0, \
		"other destinations than the actor's other alerts", "") \
	X(ODD_ACTOR, "unusual-actor", 8, 0, \
		"another actor than in the alerts to the same destinations", "") \
	X(ODD_TIME, "unusual-time", 8, 0, "at another time than the alerts like it", "") \
	X(ODD_SWITCH, "unusual-switch", 8, 0, \
		"something is switched that the alerts like it leave", "") \
	X(USUAL, "as-usual", -4, 0, \
		"done so often and for long, to known accounts, and nothing differs", "") \
	X(WIDENED, "widened", 4, 0, "more is copied, or more freely, than by the configuration before", \
		"before it was otherwise: {lines}") \
	X(REDIRECTED, "redirected", 5, 0, "a destination that the configuration before did not have", \
		"before it was otherwise: {lines}") \
	X(CHANGED, "changed", 1, 0, "otherwise not as in the configuration before", \
		"before it was otherwise: {lines}") \
	X(BURST, "burst", 3, 0, "several buckets within minutes, by one who does not do that", \
		"{burst} buckets within ten minutes by {principal}, who seldom sets so many at once") \
	X(KEY_PLACES, "two-places", 3, 0, "its key was used in another network within half a day", \
		"key {key} was used from {elsewhere} within half a day, here from {ip}") \
	X(RECON, "recon", 4, 0, "the same hand looked around in the two weeks before, as on few days", \
		"{looked} {looked_at}, by the same key or from the same address, and not on" \
		" three other days") \
	X(DENIED, "refused-before", 3, 0, "the same call was refused within the day before", \
		"the call was refused: {denied}") \
	X(SILENCED, "recording-ended", 6, 0, \
		"a trail, recorder or guard was turned off within a day of it", \
		"recording was turned off by the same principal: {silenced}") \
	X(ROLE_NEW, "role-new", 2, 0, "its role was made in the two weeks before, by the same principal", \
		"the role was made by the same principal: {role_made}") \
	X(BUCKET_NEW, "bucket-new", 1, 0, "a destination bucket was made in the two weeks before, by it, too", \
		"a destination bucket was made by the same principal: {bucket_made}") \
	X(VERSIONED, "versioned", 1, 0, "versioning was set on the bucket within the day before", \
		"versioning of {bucket} was set by the same principal: {versioned}") \
	X(BATCH_JOB, "batch-job", 4, 0, "a batch job of the same principal takes data the same way", \
		"the same principal {takes} the same way with a batch job: {job}") \
	X(CLAIM_UNSEEN, "claim-unseen", 4, 0, \
		"a known account, only claimed, with a bucket that is new with it", \
		"{accounts} is known, but only claimed, and bucket {buckets} is new with it") \
	X(SHARED, "several-owners", 2, 0, \
		"an account that no book vouches for gets copies of several owners' buckets", \
		"{accounts}, for which no account book vouches, gets copies of several owners' buckets")

enum signal_index {
#define X(enumerator, name, weight, trait, text, sentence) SIGNAL_INDEX_##enumerator,
	SIGNALS(X)
#undef X
		SIGNAL_COUNT
};

typedef uint64_t signal_set;

/* The bits of a set. */
__extension__ enum signal_bit {
#define X(enumerator, name, weight, trait, text, sentence) \
	SIGNAL_##enumerator = 1ull << SIGNAL_INDEX_##enumerator,
	SIGNALS(X)
#undef X
};

_Static_assert(SIGNAL_COUNT <= 64, "they are bits of a set");

/* What is told by comparison with the alerts like it. */
#define SIGNALS_UNUSUAL (SIGNAL_ODD_ROLE | SIGNAL_ODD_BUCKET | SIGNAL_ODD_FILTER | SIGNAL_ODD_REGION | \
	SIGNAL_ODD_ADDRESS | SIGNAL_ODD_AGENT | SIGNAL_ODD_KEY | SIGNAL_ODD_MANNER | SIGNAL_ODD_OWNER | \
	SIGNAL_ODD_DEST | SIGNAL_ODD_ACTOR | SIGNAL_ODD_TIME | SIGNAL_ODD_SWITCH | SIGNAL_USUAL)

/* Beside any of these nothing is as usual. */
#define SIGNALS_AMISS (SIGNAL_PREPARED | SIGNAL_RECON | SIGNAL_DENIED | SIGNAL_SILENCED | SIGNAL_BURST | \
	SIGNAL_KEY_PLACES | SIGNAL_BATCH_JOB | SIGNAL_WIDENED | SIGNAL_REDIRECTED | SIGNAL_AHEAD | \
	SIGNAL_CLAIM_UNSEEN | SIGNAL_OTHER_CONTENT | SIGNAL_SAME_ID | SIGNAL_FOUND_ASIDE)

/* What became of an alert's configuration, by what is loaded: it stands, another stands there, none does;
 * unknown when nothing says; disabled: it stands, and none of its rules was ever switched on. */
enum now_state { NOW_UNKNOWN, NOW_ACTIVE, NOW_CHANGED, NOW_REMOVED, NOW_DISABLED, NOW_COUNT };
const char *now_name(enum now_state now);

/* By so much clocks may differ before a time counts as one that has not come yet. */
#define SIGNAL_AHEAD_MS (INT64_C(15) * 60 * 1000)

const char *signal_name(enum signal_index i);
int signal_weight(enum signal_index i);
const char *signal_help(enum signal_index i);

/* Of the bits that store_signals() gives: the sum of the weights; "" "." "!" "!!" "!!!" for 0, 1 to
 * 3, to 6, to 9, more. */
int signals_score(signal_set bits);
const char *signals_marks(int score);

#endif
