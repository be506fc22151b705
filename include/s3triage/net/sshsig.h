/*
 * net/sshsig: signatures with the analyst's own SSH key (SSHSIG), by ssh-keygen: it knows agents,
 * passphrases, security keys, certificates and revocation. Blocks until a key was touched.
 */
#ifndef S3TRIAGE_NET_SSHSIG_H
#define S3TRIAGE_NET_SSHSIG_H

#include "s3triage/base/buf.h"
#include "s3triage/base/err.h"
#include "s3triage/base/file.h"

/* How a text is signed and checked; `env` gives PATH and SSH_AUTH_SOCK, nothing else is handed on. */
struct sshsig {
	env_fn env;
	const char *name_space;
	const char *key;     /* to sign: a private key, or a public one whose other half an agent has */
	const char *signers; /* to check: an allowed_signers file */
	const char *at;      /* to check: the time at which keys must be valid, as ssh-keygen's
	                      * verify-time; NULL: now */
};

/* Appends the armoured signature. */
bool sshsig_sign(const struct sshsig *s, struct str text, struct buf *signature, struct err *err);

/* Who signed it, as the allowed_signers file calls him. ERR_DENIED when nobody of that file did. */
bool sshsig_check(const struct sshsig *s, struct str text, struct str signature, struct buf *who,
	struct err *err);

#endif
