/*
 * approval_people: whom an approval's actor stands for. One ARN of a role is whoever assumes it: persons with
 * a source identity, users of Identity Center, what an identity provider vouches for.
 */
#include "approval_priv.h"

#include "s3triage/base/mem.h"

enum { PEOPLE_NAMED = 5, PEOPLE_MAX = 200 };

struct people {
	const struct alert *v[PEOPLE_MAX];
	size_t n;
	bool more;
};

static void people_add(struct people *all, const struct alert *a)
{
	for (size_t i = 0; i < all->n; i++)
		if (str_eq(all->v[i]->person, a->person) && str_eq(all->v[i]->provider, a->provider))
			return;
	if (all->n < PEOPLE_MAX)
		all->v[all->n++] = a;
	else
		all->more = true;
}

void approval_people(const struct approval *a, const struct store *store, const struct approval_plan *p,
	struct buf *out)
{
	struct people all = {0};
	if (!a->actor.n || a->person.n || a->identity_provider.n)
		return;
	for (size_t i = 0; i < p->n_fits; i++)
		people_add(&all, store_alert(store, p->fits[i].row));
	if (all.n < 2)
		return;
	buf_fmt(out, "the actor is %s%zu people: ", all.more ? "more than " : "", all.n);
	for (size_t i = 0; i < all.n && i < PEOPLE_NAMED; i++) {
		struct str who = all.v[i]->person, via = all.v[i]->provider;
		buf_fmt(out, "%s%.*s%s%.*s", i ? ", " : "", STR_ARG(who.n ? str_sub(who, 0, 60) : STR("nobody named")),
			via.n ? " via " : "", STR_ARG(str_sub(via, 0, 100)));
	}
	if (all.n > PEOPLE_NAMED)
		buf_fmt(out, " and %zu more", all.n - PEOPLE_NAMED);
}
