/*
 * index: sorted lists, found by a table. Events mostly come in order of time: only lists into which
 * one came late are sorted again, when they are asked for.
 */
#include "index_priv.h"

#include "s3triage/base/vec.h"

#include <stdlib.h>

struct index_key {
	const char *key;
	unsigned kind;
};

static bool index_same(const void *owner, uint32_t at, const void *key)
{
	const struct refs *list = &((const struct index *)owner)->lists[at];
	const struct index_key *k = key;
	return list->key == k->key && list->kind == k->kind;
}

static uint64_t index_hash(const struct index_key *k)
{
	return hash_mix((uint64_t)(uintptr_t)k->key, k->kind);
}

static struct refs *index_find(const struct index *x, const struct index_key *k)
{
	const struct table_key key = {index_hash(k), k, index_same, x};
	uint32_t at = table_find(&x->table, &key);
	return at == TABLE_NONE ? NULL : &x->lists[at];
}

static struct refs *list_of(struct index *x, unsigned kind, const char *key)
{
	const struct index_key k = {key, kind};
	struct refs *list = index_find(x, &k);
	if (list)
		return list;
	x->lists = vec_room(x->lists, x->n, &x->cap, sizeof(*x->lists));
	table_put(&x->table, index_hash(&k), (uint32_t)x->n);
	x->lists[x->n] = (struct refs){.key = key, .kind = kind};
	return &x->lists[x->n++];
}

static int index_compare(const struct ref *a, const struct ref *b)
{
	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	return a->id < b->id ? -1 : a->id > b->id;
}

static int compare_refs(const void *left, const void *right)
{
	return index_compare(left, right);
}

void index_add(struct index *x, unsigned kind, struct str key, struct ref ref)
{
	if (!key.n)
		return;
	struct refs *list = list_of(x, kind, key.p);
	list->v = vec_room(list->v, list->n, &list->cap, sizeof(*list->v));
	if (list->n && index_compare(&list->v[list->n - 1], &ref) > 0)
		list->mixed = true;
	list->v[list->n++] = ref;
}

const struct refs *index_get(struct index *x, unsigned kind, struct str key)
{
	const struct index_key k = {key.p, kind};
	struct refs *list = key.n ? index_find(x, &k) : NULL;
	if (!list)
		return NULL;
	if (list->mixed)
		qsort(list->v, list->n, sizeof(*list->v), compare_refs);
	list->mixed = false;
	return list;
}

size_t refs_from(const struct refs *list, struct ref ref)
{
	size_t low = 0, high = list ? list->n : 0;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (index_compare(&list->v[middle], &ref) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void index_fini(struct index *x)
{
	for (size_t i = 0; i < x->n; i++)
		free(x->lists[i].v);
	free(x->lists);
	table_fini(&x->table);
	*x = (struct index){0};
}
