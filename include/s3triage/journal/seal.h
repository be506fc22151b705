/*
 * journal/seal: what is signed of a journal: a checkpoint in the form of C2SP's tlog-checkpoint over
 * the RFC 6962 tree of its rows, and proofs that a row is in it. Signs nothing itself.
 */
#ifndef S3TRIAGE_JOURNAL_SEAL_H
#define S3TRIAGE_JOURNAL_SEAL_H

#include "s3triage/base/buf.h"
#include "s3triage/base/mem.h"
#include "s3triage/journal/journal.h"
#include "s3triage/journal/merkle.h"

/* SSHSIG's namespace of all that is signed here. */
#define SEAL_NAMESPACE "s3triage-journal"
#define SEAL_TEXT_MAX 4096

struct checkpoint {
	char origin[128];
	int64_t size;
	struct merkle_hash root;
};

void checkpoint_write(const struct checkpoint *c, struct buf *out);
/* Exactly such a text, nothing before or behind it. */
bool checkpoint_read(struct str text, struct checkpoint *out, struct err *err);

/* The tree over all rows; a leaf's data is what the row's hash is over, see JOURNAL.md. `origin` is
 * what its checkpoints are called: "s3triage/journal/" and the hash of the first row, or of the last
 * one that accepted another head, at which the log began anew (`epoch` = its seq, 0: none). */
struct seal_tree {
	struct journal *journal;
	struct merkle tree;
	char origin[128];
	int64_t epoch;
};
bool seal_tree_read(struct journal *j, struct seal_tree *out, struct err *err);

/* The leaf of one row as hex digits; 64 zeros for row 0. Unlike the row's hash it is printed nowhere: who has
 * not the journal does not know it, but that proofs show those of a row and its neighbour. */
bool seal_leaf(struct journal *j, int64_t seq, char out[65], struct err *err);

/* The checkpoint at a size that the tree has had. */
void seal_checkpoint(const struct seal_tree *t, int64_t size, struct checkpoint *out);
/* Whether the checkpoint is of these rows; ERR_CONFLICT says how not. */
bool seal_holds(const struct seal_tree *t, const struct checkpoint *c, struct err *err);

/* A c2sp.org/tlog-proof@v1: the row as `extra`, its place and path, the checkpoint; the signature
 * follows behind an empty line. */
bool seal_proof_write(const struct seal_tree *t, const struct checkpoint *c, int64_t seq,
	struct buf *out, struct err *err);

/* Back; slices are of `text` or of `mem`. Checks the path and that the row's parts are whole, not the
 * signature. */
#define SEAL_FIELDS 16
struct seal_proof {
	struct str checkpoint, signature;
	struct checkpoint at;
	struct str prev, fields[SEAL_FIELDS]; /* as in JOURNAL.md */
};
bool seal_proof_is(struct str text);
bool seal_proof_read(struct str text, struct arena *mem, struct seal_proof *out, struct err *err);

#endif
