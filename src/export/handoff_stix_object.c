/*
 * handoff_stix_object: ids and common properties of STIX 2.1 objects. Ids follow from what the object
 * says, so that the same decisions give the same bundle.
 */
#include "handoff_stix_priv.h"

#include "s3triage/base/hash.h"
#include "s3triage/base/when.h"

#include <stdlib.h>

/* STIX 2.1, 2.9: the name space of observables' ids. The other is our own. */
#define SPACE_STIX "00abedb4-aa42-466c-9c01-fed23315a9b7"
#define SPACE_OURS "5b0c1c9e-6b5f-5d0e-9a53-3f6c2d1be7a4"

static int handoff_stix_object_compare_names(const void *left, const void *right)
{
	return str_cmp(*(const struct str *)left, *(const struct str *)right);
}

/* From all rows: what is approved somewhere is no sign of evil. */
static void list_approved(struct stix *x)
{
	const struct handoff *c = x->c;
	size_t most = 0;
	for (size_t i = 0; i < c->n; i++)
		most += c->rows[i].row.alert->n_dests;
	x->approved = arena_array(&x->mem, most, sizeof(*x->approved));
	for (size_t i = 0; i < c->n; i++) {
		const struct alert *a = c->rows[i].row.alert;
		if (export_verdict(&c->rows[i].row) == VERDICT_APPROVED)
			for (size_t d = 0; d < a->n_dests; d++)
				x->approved[x->n_approved++] = a->dests[d].account;
	}
	if (x->n_approved > 1)
		qsort(x->approved, x->n_approved, sizeof(*x->approved),
			handoff_stix_object_compare_names);
}

bool stix_was_approved(const struct stix *x, struct str account)
{
	return x->n_approved && bsearch(&account, x->approved, x->n_approved, sizeof(*x->approved),
		handoff_stix_object_compare_names);
}

void stix_init(struct stix *x, const struct handoff *c)
{
	*x = (struct stix){.c = c, .last = STIX_EVER};
	list_approved(x);
	for (size_t i = 0; i < c->n; i++) {
		const struct export_row *r = &c->rows[i].row;
		if (export_verdict(r) == VERDICT_SUSPICIOUS && !c->rows[i].unasked &&
			r->decision->at > x->last)
			x->last = r->decision->at;
	}
}

void stix_fini(struct stix *x)
{
	free(x->slots);
	arena_fini(&x->mem);
}

static struct str make_id(struct stix *x, const char *type, const char *space, struct str name)
{
	char uuid[UUID_TEXT];
	return arena_fmt(&x->mem, "%s--%s", type, uuid_named(space, name, uuid));
}

struct str stix_id(struct stix *x, const char *type, struct str name)
{
	struct str all = arena_fmt(&x->mem, "%s %.*s", type, STR_ARG(name));
	return make_id(x, type, SPACE_OURS, all);
}

struct str stix_observable_id(struct stix *x, const char *type, struct str canonical)
{
	return make_id(x, type, SPACE_STIX, canonical);
}

void stix_ids_add(struct stix *x, struct stix_ids *ids, struct str id)
{
	if (ids->n == ids->cap) {
		size_t cap = ids->cap ? ids->cap * 2 : 16;
		struct str *v = arena_array(&x->mem, cap, sizeof(*v));
		for (size_t i = 0; i < ids->n; i++)
			v[i] = ids->v[i];
		ids->v = v;
		ids->cap = cap;
	}
	ids->v[ids->n++] = id;
}

void stix_refs(struct members *m, const char *key, const struct stix_ids *ids)
{
	member_open(m, key, '[');
	for (size_t i = 0; i < ids->n; i++) {
		bool again = false;
		for (size_t k = 0; ids->n <= 2000 && k < i && !again; k++)
			again = str_eq(ids->v[k], ids->v[i]);
		if (!again)
			member_str(m, NULL, ids->v[i]);
	}
	member_close(m, 1);
}

static size_t handoff_stix_object_place(const struct stix *x, struct str id)
{
	size_t i = (size_t)str_hash(id) & (x->cap_slots - 1);
	while (x->slots[i] && !str_eq(x->written.v[x->slots[i] - 1], id))
		i = (i + 1) & (x->cap_slots - 1);
	return i;
}

/* True when it was not written before. */
static bool handoff_stix_object_note(struct stix *x, struct str id)
{
	if (x->written.n * 2 >= x->cap_slots) {
		x->cap_slots = x->cap_slots ? x->cap_slots * 2 : 256;
		free(x->slots);
		x->slots = mem_array(x->cap_slots, sizeof(*x->slots));
		for (size_t i = 0; i < x->written.n; i++)
			x->slots[handoff_stix_object_place(x, x->written.v[i])] = (uint32_t)i + 1;
	}
	size_t at = handoff_stix_object_place(x, id);
	if (x->slots[at])
		return false;
	stix_ids_add(x, &x->written, id);
	x->slots[at] = (uint32_t)x->written.n;
	return true;
}

bool stix_open(struct stix *x, const struct stix_head *h, struct members *m)
{
	if (!handoff_stix_object_note(x, h->id))
		return false;
	member_key(&x->objects, NULL);
	buf_char(x->c->out, '\n');
	*m = members_open(x->c->out, '{');
	member_str(m, "type", str_c(h->type));
	member_str(m, "spec_version", STR("2.1"));
	member_str(m, "id", h->id);
	if (h->created == WHEN_NONE)
		return true;
	member_str(m, "created", handoff_time(h->created, &x->mem));
	member_str(m, "modified", handoff_time(h->modified ? h->modified : h->created, &x->mem));
	if (x->identity.n && !str_eq(x->identity, h->id))
		member_str(m, "created_by_ref", x->identity);
	return true;
}
