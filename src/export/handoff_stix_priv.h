/*
 * handoff_stix_priv: objects of a STIX 2.1 bundle: each is written once, whoever refers to it.
 */
#ifndef SRC_EXPORT_HANDOFF_STIX_PRIV_H
#define SRC_EXPORT_HANDOFF_STIX_PRIV_H

#include "handoff_priv.h"

#include "s3triage/base/mem.h"

#define STIX_ID_MAX 80 /* "relationship--" and a UUID */

struct stix_ids {
	struct str *v;
	size_t n, cap;
};

struct stix {
	const struct handoff *c;
	struct arena mem;
	struct members objects;
	struct stix_ids written;     /* sorted by arrival; looked up through `slots` */
	uint32_t *slots;
	size_t cap_slots;
	struct str identity;         /* id of whoever says all this */
	int64_t last;                /* of the decisions in it */
	struct str *approved;        /* accounts that were also approved, sorted */
	size_t n_approved;
};

void stix_init(struct stix *x, const struct handoff *c);
void stix_fini(struct stix *x);

/* An id that follows from type and name: in STIX's own name space for observables whose
 * contributing properties `name` is (canonical JSON), in ours for all else. */
struct str stix_id(struct stix *x, const char *type, struct str name);
struct str stix_observable_id(struct stix *x, const char *type, struct str canonical);

bool stix_was_approved(const struct stix *x, struct str account);

void stix_ids_add(struct stix *x, struct stix_ids *ids, struct str id);
void stix_refs(struct members *m, const char *key, const struct stix_ids *ids);

/* Opens an object unless it was written already (false). `created` must follow from the same as the id
 * does, for it may never change; STIX_EVER where there is no such time. WHEN_NONE: an observable, which has
 * no times. `modified`: 0, or when what it says last changed. The caller closes it with
 * members_close(m). */
#define STIX_EVER INT64_C(1623283200000) /* 2021-06-10: the day of STIX 2.1 */
struct stix_head {
	const char *type;
	struct str id;
	int64_t created, modified;
};
bool stix_open(struct stix *x, const struct stix_head *h, struct members *m);

#endif
