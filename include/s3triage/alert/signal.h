/*
 * alert/signal: the signals' names and weights. A new one is a row here, a condition in signals_look.c
 * and a sentence in signals_text.c.
 */
#ifndef S3TRIAGE_ALERT_SIGNAL_H
#define S3TRIAGE_ALERT_SIGNAL_H

#include <stdint.h>

/* X(enumerator, name, weight, what it means). Names are for filters and JSON: add, never rename.
 * Weights: 1 is common in honest work, 2 asks for a look, 3 is rarely honest, 5 somebody said so,
 * 10 a verdict that is not this one's. */
#define SIGNALS(X)                                                                                 \
	X(FLAGGED, "account-flagged", 5, "the account book flags a destination")                   \
	X(UNLISTED, "account-unlisted", 3, "the account book does not know a destination")         \
	X(ACCOUNT_NEW, "account-new", 2, "a destination first seen in the seven days before")      \
	X(FORGED, "forged", 4, "the text of the request names an account that it does not have")   \
	X(DISAGREE, "disagree", 2, "the forms of the request do not say the same")                 \
	X(OMITTED, "omitted", 2, "CloudTrail left the request out")                                \
	X(OVERRIDE, "owner-override", 1, "the copies belong to the destination's owner")           \
	X(DELETES, "delete-markers", 1, "deletions are copied too")                                \
	X(WHOLE, "whole-bucket", 1, "an enabled rule takes all objects")                           \
	X(PARTITION, "partition", 3, "a destination in another partition")                         \
	X(REGION, "region", 1, "the copies' key is in another region")                             \
	X(ROLE_FOREIGN, "role-foreign", 3, "the replication role is of another account")           \
	X(CALLER_FOREIGN, "caller-foreign", 2, "the caller is of another account than the owner")  \
	X(ROOT, "root", 3, "sent by the root user")                                                \
	X(KEY_LONG, "key-long", 2, "a long-lived key")                                             \
	X(MFA_NONE, "no-mfa", 1, "a person's credentials without a second factor")                 \
	X(CONSOLE, "console", 1, "done by hand in the console")                                    \
	X(CLI, "cli", 1, "done by hand with a command line tool")                                  \
	X(AGENT_UNKNOWN, "agent-unknown", 2, "a tool of no known kind")                            \
	X(PREPARED, "prepared", 3, "the same principal prepared it within the hour before")        \
	X(ADDRESS_NEW, "address-new", 1, "the principal's first use of this address")              \
	X(COUNTRY_NEW, "country-new", 2, "the principal's first use of this country")              \
	X(CLAIM, "claim", 1, "an account that S3 does not check: no owner override")               \
	X(TWIN_KEYS, "twin-keys", 4, "a key comes twice in one object of the event")               \
	X(UNREAD, "unread", 2, "a part of the event is not as it should be, or was not read")      \
	X(ARN_DIFFERS, "arn-differs", 4, "a destination's ARN is of another account than is named")  \
	X(OTHER_CONTENT, "other-content", 10, "its id was decided on when it had other facts")     \
	X(SAME_ID, "same-id", 5, "another record has its id and other facts")                      \
	X(OWNER_GUESSED, "owner-guessed", 1, "whose bucket it is only the caller's account suggests") \
	X(LOSSY, "lossy", 2, "read from a form that leaves out parts of the event")                \
	X(AHEAD, "ahead", 3, "dated ahead of this clock: a clock is wrong, or the time is forged") \
	X(FOUND_ASIDE, "found-aside", 4, "found where no transport puts an event: somebody may have written it") \
	X(UNTOLD, "untold", 3, "a destination names no account, or what is none")                  \
	X(ODD_ROLE, "unusual-role", 8, "another role than in the alerts like it")                  \
	X(ODD_BUCKET, "unusual-bucket", 8, "another destination bucket than in the alerts like it") \
	X(ODD_FILTER, "unusual-filter", 8, "another filter than in the alerts like it")            \
	X(ODD_REGION, "unusual-region", 8, "another region than in the alerts like it")            \
	X(ODD_ADDRESS, "unusual-address", 8, "another network or country than in the alerts like it") \
	X(ODD_AGENT, "unusual-agent", 8, "another user agent than in the alerts like it")          \
	X(ODD_KEY, "unusual-key", 8, "another key for the copies than in the alerts like it")      \
	X(ODD_MANNER, "unusual-manner", 8, "copied in another manner than in the alerts like it")  \
	X(ODD_OWNER, "unusual-owner", 8, "another owner than in the alerts like it")               \
	X(ODD_DEST, "unusual-destination", 8, "other destinations than the actor's other alerts")  \
	X(ODD_ACTOR, "unusual-actor", 8, "another actor than in the alerts to the same destinations") \
	X(ODD_TIME, "unusual-time", 8, "at another time than the alerts like it")                  \
	X(ODD_SWITCH, "unusual-switch", 8, "something is switched that the alerts like it leave")  \
	X(USUAL, "as-usual", -4, "done so often and for long, to known accounts, and nothing differs")

enum signal_index {
#define X(enumerator, name, weight, text) SIGNAL_INDEX_##enumerator,
	SIGNALS(X)
#undef X
		SIGNAL_COUNT
};

typedef uint64_t signal_set;

/* The bits of a set. */
__extension__ enum signal_bit {
#define X(enumerator, name, weight, text) SIGNAL_##enumerator = 1ull << SIGNAL_INDEX_##enumerator,
	SIGNALS(X)
#undef X
};

/* What is told by comparison with the alerts like it. */
#define SIGNALS_UNUSUAL (SIGNAL_ODD_ROLE | SIGNAL_ODD_BUCKET | SIGNAL_ODD_FILTER | SIGNAL_ODD_REGION | \
	SIGNAL_ODD_ADDRESS | SIGNAL_ODD_AGENT | SIGNAL_ODD_KEY | SIGNAL_ODD_MANNER | SIGNAL_ODD_OWNER | \
	SIGNAL_ODD_DEST | SIGNAL_ODD_ACTOR | SIGNAL_ODD_TIME | SIGNAL_ODD_SWITCH | SIGNAL_USUAL)

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
