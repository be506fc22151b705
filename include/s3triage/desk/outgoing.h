/*
 * desk/outgoing: where what is decided goes, and the outbox that it waits in: for the console, whose
 * thread sends, and for verbs, which send before they end.
 */
#ifndef S3TRIAGE_DESK_OUTGOING_H
#define S3TRIAGE_DESK_OUTGOING_H

#include "s3triage/remote/sender.h"
#include "s3triage/remote/write.h"

struct desk;

struct outgoing {
	struct profile *const *profiles; /* borrowed; those without `write` take nothing */
	size_t n_profiles;
	struct outbox_routes routes;     /* of those with it */
	struct arena mem;                /* of the routes */
	struct outbox *outbox;           /* NULL: nothing leaves but by the sender */
	int64_t before;                  /* rows of the journal when it was opened */
	struct sender *sender;           /* is told of new rows; NULL: there is none */
};

/* Which places decisions may go to from now on. The journal's rows say so, for what another run's outbox may
 * take in. `home`: nothing leaves. */
void desk_routes(struct desk *d, struct profile *const *profiles, size_t n, bool home);

/* Before deciding: opens the outbox and makes the places known, so that what is decided from then on goes
 * to them. Nothing is opened where there is no place, or no journal. False: nothing leaves. */
bool desk_outbox(struct desk *d, struct err *err);

/* The console's way. The profiles are the thread's own, as it fetches secrets by itself. */
bool desk_sender(struct desk *d, struct profile *const *profiles, size_t n, struct err *err);

/* Ends both; the routes stay. */
void desk_stay(struct desk *d);

/* Takes in what was decided since it was opened. True without an outbox. */
bool desk_outbox_sync(struct desk *d, struct err *err);

/* Whether one of those decisions goes to what has this name; where nobody can tell, it may. */
bool desk_goes_to(struct desk *d, struct str target);

/* Sends to a profile what is due, with `pull` also reads what others decided. */
bool desk_flush(struct desk *d, struct profile *p, bool pull, struct write_result *r, struct err *err);

/* outbox_list() of what was decided since it was opened and has not arrived. True without an outbox. */
bool desk_fresh(struct desk *d, struct str target, const struct outbox_visit *v, struct err *err);

#endif
