/*
 * index: a hash table of sorted lists. Events mostly come in order of time: only lists into which
 * one came late are sorted again, when they are asked for.
 */
#include "index_priv.h"

#include "s3triage/base/vec.h"

#include <stdlib.h>

static size_t place(const struct index *x, unsigned kind, const char *key)
{
	uint64_t h = ((uint64_t)(uintptr_t)key ^ ((uint64_t)kind << 56)) * UINT64_C(0x9E3779B97F4A7C15);
	return (size_t)(h >> 32) & (x->slots_cap - 1);
}

/* The slot of this key, or the free one where it belongs. */
static uint32_t *find(const struct index *x, unsigned kind, const char *key)
{
	size_t i = place(x, kind, key);
	for (; x->slots[i]; i = (i + 1) & (x->slots_cap - 1)) {
		const struct refs *list = &x->lists[x->slots[i] - 1];
		if (list->key == key && list->kind == kind)
			break;
	}
	return &x->slots[i];
}

static void grow(struct index *x)
{
	free(x->slots);
	x->slots_cap = x->slots_cap ? x->slots_cap * 2 : 1024;
	x->slots = mem_array(x->slots_cap, sizeof(*x->slots));
	for (size_t i = 0; i < x->n; i++)
		*find(x, x->lists[i].kind, x->lists[i].key) = (uint32_t)i + 1;
}

static struct refs *list_of(struct index *x, unsigned kind, const char *key)
{
	if (x->n * 4 >= x->slots_cap * 3)
		grow(x);
	uint32_t *slot = find(x, kind, key);
	if (*slot)
		return &x->lists[*slot - 1];
	x->lists = vec_room(x->lists, x->n, &x->cap, sizeof(*x->lists));
	*slot = (uint32_t)++x->n;
	x->lists[x->n - 1] = (struct refs){.key = key, .kind = kind};
	return &x->lists[x->n - 1];
}

static int compare(const struct ref *a, const struct ref *b)
{
	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	return a->id < b->id ? -1 : a->id > b->id;
}

static int compare_refs(const void *left, const void *right)
{
	return compare(left, right);
}

void index_add(struct index *x, unsigned kind, struct str key, struct ref ref)
{
	if (!key.n)
		return;
	struct refs *list = list_of(x, kind, key.p);
	list->v = vec_room(list->v, list->n, &list->cap, sizeof(*list->v));
	if (list->n && compare(&list->v[list->n - 1], &ref) > 0)
		list->mixed = true;
	list->v[list->n++] = ref;
	x->n_refs++;
}

const struct refs *index_get(struct index *x, unsigned kind, struct str key)
{
	if (!key.n || !x->slots_cap)
		return NULL;
	uint32_t slot = *find(x, kind, key.p);
	if (!slot)
		return NULL;
	struct refs *list = &x->lists[slot - 1];
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
		if (compare(&list->v[middle], &ref) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

size_t index_bytes(const struct index *x)
{
	return x->slots_cap * sizeof(*x->slots) + x->cap * sizeof(*x->lists) +
		x->n_refs * 2 * sizeof(struct ref);
}

void index_fini(struct index *x)
{
	for (size_t i = 0; i < x->n; i++)
		free(x->lists[i].v);
	free(x->lists);
	free(x->slots);
	*x = (struct index){0};
}
