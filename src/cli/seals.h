/*
 * seals: the files of seals in a folder: NAME.checkpoint and NAME.checkpoint.sig. For the verbs seal
 * and verify.
 */
#ifndef SRC_CLI_SEALS_H
#define SRC_CLI_SEALS_H

#include "cli_priv.h"

#include "s3triage/journal/seal.h"

/* One checkpoint as it lies there. */
struct seal_file {
	const char *path;
	struct buf text;
	struct checkpoint at;
	struct err wrong; /* it could not be read, or is no checkpoint */
};

/* The folder beside a journal, on the heap. */
char *seals_folder(const char *journal);

/* Every checkpoint of the folder, by name, which is by size; false when it cannot be read, or is not there
 * (errno). */
typedef void (*seal_file_fn)(void *ctx, const struct seal_file *f);
bool seals_each(const char *folder, seal_file_fn fn, void *ctx);

/* The signature of a checkpoint's file. */
bool seals_signature(const char *checkpoint, struct buf *out, struct err *err);

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
