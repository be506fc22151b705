/*
 * outbox_route: which profiles decisions go to, and that in words, before anything is decided. Pure.
 */
#include "s3triage/base/mem.h"
#include "s3triage/triage/outbox.h"

bool outbox_takes(struct str name, bool team, struct str origin)
{
	bool own = false, demo = false;
	while (origin.n) {
		struct str one = str_cut(&origin, ',');
		own |= str_eq(one, name);
		demo |= str_is(one, ":demo");
	}
	return !demo && (own || team);
}

static bool goes(const struct outbox_routes *r, const struct outbox_place *p, const struct alert *a)
{
	return !r->home && outbox_takes(p->name, p->team, a->origin);
}

static size_t count_to(const struct outbox_routes *r, const struct outbox_place *p,
	const struct alert *const *alerts, size_t n)
{
	size_t to = 0;
	for (size_t i = 0; i < n; i++)
		to += goes(r, p, alerts[i]);
	return to;
}

static size_t count_staying(const struct outbox_routes *r, const struct alert *const *alerts, size_t n)
{
	size_t stay = 0;
	for (size_t i = 0; i < n; i++) {
		bool leaves = false;
		for (size_t k = 0; k < r->n; k++)
			leaves |= goes(r, &r->v[k], alerts[i]);
		stay += !leaves;
	}
	return stay;
}

size_t outbox_say_routes(const struct outbox_routes *r, const struct alert *const *alerts, size_t n,
	struct buf *out)
{
	size_t stay = count_staying(r, alerts, n), named = 0;
	for (size_t k = 0; k < r->n; k++) {
		size_t to = count_to(r, &r->v[k], alerts, n);
		if (!to)
			continue;
		buf_fmt(out, "%s%.*s", named++ ? ", " : "goes to ", STR_ARG(r->v[k].name));
		if (to < n)
			buf_fmt(out, " (%zu)", to);
	}
	if (stay && named)
		buf_fmt(out, "; %zu stay%s here", stay, stay == 1 ? "s" : "");
	else if (stay)
		buf_c(out, n == 1 ? "stays here" : "all stay here");
	return stay;
}
