/*
 * profile (private): what reading, unlocking and URLs share.
 */
#ifndef SRC_NET_PROFILE_PRIV_H
#define SRC_NET_PROFILE_PRIV_H

#include "s3triage/net/profile.h"

/* Defaults of what is still empty, and what must not be missing. */
bool profile_finish(struct profile *p, struct err *err);

/* Runs a command and takes its standard output, at most SECRET_MAX bytes. It has no terminal and no
 * input: the screen is not its own. ERR_STOPPED when *stop (may be NULL) becomes true. */
enum { SECRET_MAX = 16384 };
bool secret_command(const char *command, const atomic_bool *stop, struct buf *out, struct err *err);

/* SigV4: from the environment or the shared credentials file. */
bool aws_unlock(struct profile *p, env_fn env, struct err *err);

/* Where a secret may be found; the first that is set counts. */
struct secret_place {
	struct str env, file, command;
	const atomic_bool *stop;
};
bool secret_fetch(const struct secret_place *place, env_fn env, struct buf *out, struct err *err);

/* One line without control characters, or err. */
bool secret_check(struct str found, struct err *err);

/* The files about TLS, and the passphrase of the client's key. */
bool tls_unlock(struct profile *p, env_fn env, struct err *err);

void secret_wipe(char **secret);

#endif
