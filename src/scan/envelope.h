/*
 * scan/envelope (private): the wrappers that the splitter walks without reading them whole, so that
 * they may be of any size.
 */
#ifndef SRC_SCAN_ENVELOPE_H
#define SRC_SCAN_ENVELOPE_H

#include "s3triage/base/str.h"

/* What an object may turn out to be: a record, or a wrapper around arrays of them. */
enum env { ENV_RECORD, ENV_TOP, ENV_FIRST, ENV_ANSWER, ENV_HITS, ENV_SEQUENCE, ENV_BESIDE, ENV_NONE };

struct member {
	enum env in;
	const char *key;
	char opens;
	enum env holds; /* of the object itself, or of the array's elements */
};

/* Opens a member that is no wrapper, but says whether an answer is whole. */
#define ENVELOPE_FACT '\0'

/* The member with this key of a wrapper, NULL when there is none. `first`: it is the object's first. */
const struct member *envelope_member(enum env env, struct str key, bool first);

#endif
