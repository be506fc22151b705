/*
 * remote/asker: a thread that asks AWS for the console, one question at a time, so that keys never
 * wait. It starts, and reads credentials, with the first question; without one there is nothing.
 */
#ifndef S3TRIAGE_REMOTE_ASKER_H
#define S3TRIAGE_REMOTE_ASKER_H

#include "s3triage/remote/aws.h"

struct asker;

/* `profile` as in aws_settings_read(); both are borrowed. NULL and err: out of descriptors. */
struct asker *asker_new(const char *profile, env_fn env, struct err *err);
void asker_free(struct asker *a); /* gives up a running question */

/* Asks whether the alert's replication is still on its bucket. The alert is copied. False: it is
 * busy with another question. */
bool asker_ask(struct asker *a, const struct alert *alert);

int asker_fd(const struct asker *a); /* readable when there is an answer */

/* The answer in words, "BUCKET: still active: …", once. False: there is none. *known tells an
 * answer from the reason why there is none. */
bool asker_take(struct asker *a, struct buf *text, bool *known);

#endif
