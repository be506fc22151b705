/*
 * seals: what the verbs seal and verify share about seals.
 */
#ifndef SRC_CLI_SEALS_H
#define SRC_CLI_SEALS_H

#include "cli_priv.h"

#include "s3triage/desk/seals.h"

/* verb_seal.c: where config.toml asks for it: `leaving` the console, or the last seal is old enough.
 * What fails is told, and no failure of what was decided. */
void seal_when_due(const struct session *s, const struct cli *cli, bool leaving);

/* verify_seal.c: all seals of the session's journal against it. With --signers their signatures, too, and
 * all is said, and the exit code is the answer; without, what does not fit is said, and *out has the rest. */
struct seals_found {
	size_t good, bad; /* bad: those that no accepted head explains */
	int64_t newest;   /* rows of the newest good one */
	int64_t epoch;    /* the row that accepted another head last, or 0 */
};
int verify_seals(struct session *s, const struct cli *cli, struct seals_found *out);
/* `verify FILE` where the file is a proof. */
int verify_proof(const struct cli *cli, const char *path, struct str text);

#endif
