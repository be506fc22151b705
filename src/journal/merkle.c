/*
 * merkle: hashes over hashes. Whole subtrees are kept, so that the root of every size costs only a
 * few hashes. Knows nothing of what the leaves are.
 */
#include "s3triage/journal/merkle.h"

#include "s3triage/base/buf.h"
#include "s3triage/base/hash.h"
#include "s3triage/base/vec.h"

#include <stdlib.h>
#include <string.h>

void merkle_fini(struct merkle *t)
{
	for (size_t i = 0; i < MERKLE_LEVELS; i++)
		free(t->level[i]);
	*t = (struct merkle){0};
}

void merkle_leaf(struct str data, struct merkle_hash *out)
{
	AUTO(buf_fini) struct buf b = {0};
	buf_char(&b, 0);
	buf_add(&b, data);
	sha256_bytes(buf_str(&b), out->b);
}

static void merkle_join(const struct merkle_hash *left, const struct merkle_hash *right,
	struct merkle_hash *out)
{
	char both[1 + 2 * MERKLE_HASH] = {1};
	memcpy(both + 1, left->b, MERKLE_HASH);
	memcpy(both + 1 + MERKLE_HASH, right->b, MERKLE_HASH);
	sha256_bytes((struct str){both, sizeof(both)}, out->b);
}

static void push(struct merkle *t, size_t level, const struct merkle_hash *h)
{
	t->level[level] = vec_room(t->level[level], t->n[level], &t->cap[level], sizeof(*h));
	t->level[level][t->n[level]++] = *h;
}

void merkle_add(struct merkle *t, const struct merkle_hash *leaf)
{
	struct merkle_hash h = *leaf;
	push(t, 0, &h);
	for (size_t i = 0; t->n[i] % 2 == 0 && i + 1 < MERKLE_LEVELS; i++) {
		merkle_join(&t->level[i][t->n[i] - 2], &t->level[i][t->n[i] - 1], &h);
		push(t, i + 1, &h);
	}
}

/* The largest power of two below n, for n > 1. */
static size_t split_at(size_t n)
{
	size_t k = 1;
	while (k * 2 < n)
		k *= 2;
	return k;
}

/* The node over `n` leaves from `from`, which is a multiple of the next power of two. */
static void node(const struct merkle *t, size_t from, size_t n, struct merkle_hash *out)
{
	size_t level = 0;
	while (((size_t)1 << level) < n)
		level++;
	if (((size_t)1 << level) == n) {
		*out = t->level[level][from >> level];
		return;
	}
	struct merkle_hash left, right;
	size_t k = split_at(n);
	node(t, from, k, &left);
	node(t, from + k, n - k, &right);
	merkle_join(&left, &right, out);
}

void merkle_root(const struct merkle *t, size_t size, struct merkle_hash *out)
{
	if (size)
		node(t, 0, size, out);
	else
		sha256_bytes(STR(""), out->b);
}

size_t merkle_path(const struct merkle *t, size_t index, size_t size,
	struct merkle_hash out[MERKLE_PATH])
{
	size_t from = 0, n = 0;
	struct merkle_hash down[MERKLE_PATH]; /* from the root's side */
	while (size > 1) {
		size_t k = split_at(size);
		bool right = index - from >= k;
		node(t, right ? from : from + k, right ? k : size - k, &down[n++]);
		from += right ? k : 0;
		size = right ? size - k : k;
	}
	for (size_t i = 0; i < n; i++)
		out[i] = down[n - 1 - i];
	return n;
}

/* RFC 9162, section 2.1.3.2. */
bool merkle_check(const struct merkle_proof *p, const struct merkle_hash *leaf,
	const struct merkle_hash *root)
{
	size_t at = p->index, last = p->size - 1;
	struct merkle_hash h = *leaf;
	if (p->index >= p->size)
		return false;
	for (size_t i = 0; i < p->n; i++) {
		if (!last)
			return false;
		if (at % 2 || at == last) {
			merkle_join(&p->path[i], &h, &h);
			while (at && at % 2 == 0) {
				at /= 2;
				last /= 2;
			}
		} else {
			merkle_join(&h, &p->path[i], &h);
		}
		at /= 2;
		last /= 2;
	}
	return !last && memcmp(h.b, root->b, MERKLE_HASH) == 0;
}
