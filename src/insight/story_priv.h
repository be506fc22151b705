/*
 * insight/story (private): what a reader hands to the owner, and the owner's state.
 */
#ifndef SRC_INSIGHT_STORY_PRIV_H
#define SRC_INSIGHT_STORY_PRIV_H

#include "s3triage/insight/story.h"

/* How an event is the subject's. A name alone may be several people's. */
enum story_as { AS_ARN = 1, AS_KEY = 2, AS_ADDRESS = 4, AS_ACCOUNT = 8, AS_BUCKET = 16, AS_NAME = 32 };

struct story_event {
	struct count_one one;
	unsigned as;
	struct str once;                      /* what makes it the same event again; or empty */
	struct str names[STORY_KINDS];        /* of each kind, whoever's event it is; or empty */
	struct str call, session;             /* "s3:GetObject"; the ARN of a session */
	struct str values[STORY_TABLE_COUNT]; /* of the subject's events alone */
	const struct story_link *link;        /* or NULL */
	const struct story_alert *alert;
};

struct story {
	const struct story_ask *ask;
	struct counts named[STORY_KINDS];     /* everybody, for who was meant */
	struct counts as[6];                  /* the subject by how it is one, told apart as principals */
	struct counts tables[STORY_TABLE_COUNT];
	struct counts used;                   /* (key or session, call) of everybody */
	struct counts sessions;               /* the subject's, by ARN */
	struct story_use {
		struct str what;
		struct story_call call;
	} *uses;                              /* the same by key or session, most first, at the end */
	struct count_sum sum;
	struct story_link *links;
	size_t n_links, links_cap;
	struct story_alert *alerts;
	size_t n_alerts, alerts_cap, unkept;
	struct table once;
	uint64_t *ids;
	size_t n_ids, ids_cap;
	unsigned long long repeats;
	unsigned bit;                         /* of enum story_as: what the subject is */
	struct arena mem;
};

#endif
