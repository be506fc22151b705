/*
 * scan/needle (private): the prefilter. Which records can be passed over without a parser,
 * because they hold no byte string that a match or an alert must hold.
 */
#ifndef SRC_SCAN_NEEDLE_H
#define SRC_SCAN_NEEDLE_H

#include "s3triage/base/str.h"

#define NEEDLES_MAX 4
#define NEEDLE_BYTES 64

struct needle {
	char text[NEEDLE_BYTES];
	size_t n;
	size_t a, b; /* offsets of its two rarest bytes */
};

/* Bytes that a text may spell as \u00 and two digits where a needle has them. */
struct escapes {
	uint64_t bytes[4];
};

/* The bytes of `text`, and the backslash, whose own escape can begin any other. */
void escapes_add(struct escapes *e, const char *text, size_t n);

/* Whether one of them is meant by the digits behind \u00; n bytes are there. */
bool escapes_spell(const struct escapes *e, const char *digits, size_t n);

struct needles {
	struct needle v[NEEDLES_MAX];
	size_t n;
	size_t reach;         /* the largest offset a or b */
	struct escapes escapes;
	bool any_escape;      /* the last needle is \u00 */
	const struct multi_needle *many; /* borrowed; looked for instead when it is set */
};

/* Takes the longest literal that a raw event spells as its ECS document does. False when there
 * is none: then every record goes to the parser. */
bool needles_init(struct needles *s, const struct str *literals, size_t n);

/* Looks for alerts by kibana.alert.* too: for a text that has such fields in its beginning. Alerts
 * nearly always say that they are a signal, so that other texts are not slowed down by it. */
void needles_add_kibana(struct needles *s);

/* One needle and no escapes; for counting. */
void needles_one(struct needles *s, struct str text);

/* Offset of the first place where a needle begins, or STR_NONE. */
size_t needles_find(const struct needles *s, const char *p, size_t n);

#endif
