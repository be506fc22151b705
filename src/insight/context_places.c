/*
 * context_places: where an alert's principal was, and who asked for its destinations, by other calls
 */
#include "signs_priv.h"

#include "s3triage/base/when.h"

struct str context_place(struct context *c, struct str principal, struct str ip)
{
	AUTO(buf_fini) struct buf b = {0};
	if (!principal.n || !ip.n)
		return (struct str){0};
	buf_fmt(&b, "%.*s\n%.*s", STR_ARG(principal), STR_ARG(ip));
	return intern(&c->words, buf_str(&b));
}

/* The first that has a time and lies before the alert; NULL: there is none. */
static const struct ref *first_before(const struct refs *list, int64_t at)
{
	size_t i = list ? refs_from(list, (struct ref){WHEN_NONE + 1, 0}) : 0;
	return list && i < list->n && list->v[i].time < at ? &list->v[i] : NULL;
}

static void sign_asked(const struct around_one *w, const struct alert_dest *d, struct asked_before *out)
{
	struct str account = d->account.n ? intern(&w->c->words, d->account) : d->account;
	const struct ref *r = first_before(index_get(&w->c->index, INDEX_ACCOUNT, account), w->alert->time);
	*out = (struct asked_before){.at = r ? r->time : WHEN_NONE};
	if (r)
		out->result = at_ref(w, r->id)->result;
}

void sign_places(const struct around_one *w, struct arena *mem, struct signs *out)
{
	const struct alert *a = w->alert;
	struct str place = context_place(w->c, w->principal, a->ip);
	out->address_met = first_before(index_get(&w->c->index, INDEX_PLACE, place), a->time) != NULL;
	out->asked = arena_array(mem, a->n_dests, sizeof(*out->asked));
	for (size_t i = 0; i < a->n_dests; i++)
		sign_asked(w, &a->dests[i], &out->asked[i]);
}
