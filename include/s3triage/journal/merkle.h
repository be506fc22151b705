/*
 * journal/merkle: a Merkle tree over leaves that are only appended (RFC 6962, section 2.1), its root
 * at any size it has had, and proofs that a leaf is in it.
 */
#ifndef S3TRIAGE_JOURNAL_MERKLE_H
#define S3TRIAGE_JOURNAL_MERKLE_H

#include "s3triage/base/str.h"

#define MERKLE_LEVELS 48
#define MERKLE_HASH 32 /* bytes of a node: SHA-256 */
#define MERKLE_PATH (2 * MERKLE_LEVELS)

struct merkle_hash {
	unsigned char b[MERKLE_HASH];
};

/* Level 0 has the leaves, each further one the nodes over two whole ones of the level below. All
 * zero is the empty tree. */
struct merkle {
	struct merkle_hash *level[MERKLE_LEVELS];
	size_t n[MERKLE_LEVELS], cap[MERKLE_LEVELS];
};

void merkle_fini(struct merkle *t);
/* SHA-256 over 0x00 and the data. */
void merkle_leaf(struct str data, struct merkle_hash *out);
void merkle_add(struct merkle *t, const struct merkle_hash *leaf);

/* The root over the first `size` leaves (at most as many as there are). */
void merkle_root(const struct merkle *t, size_t size, struct merkle_hash *out);

/* The siblings from leaf `index` up to the root at `size`; returns how many. */
size_t merkle_path(const struct merkle *t, size_t index, size_t size,
	struct merkle_hash out[MERKLE_PATH]);

/* Whether the path leads from the leaf to the root: a path of another length, of another leaf or of
 * another size does not. */
struct merkle_proof {
	size_t index, size, n;
	struct merkle_hash path[MERKLE_PATH];
};
bool merkle_check(const struct merkle_proof *p, const struct merkle_hash *leaf,
	const struct merkle_hash *root);

#endif
