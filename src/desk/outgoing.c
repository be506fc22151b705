/*
 * outgoing: the outbox of whoever decides, opened and sent.
 */
#include "say.h"

#include "s3triage/base/mem.h"

#include <stdlib.h>

static void outgoing_forget_routes(struct outgoing *o)
{
	free((void *)(uintptr_t)o->routes.v);
	arena_fini(&o->mem);
	o->routes = (struct outbox_routes){0};
}

void desk_routes(struct desk *d, struct profile *const *profiles, size_t n, bool home)
{
	struct outgoing *o = &d->out;
	AUTO(buf_fini) struct buf teams = {0};
	struct outbox_place *v = mem_array(n, sizeof(*v));
	outgoing_forget_routes(o);
	o->profiles = profiles;
	o->n_profiles = n;
	o->routes = (struct outbox_routes){v, 0, home};
	for (size_t i = 0; i < n; i++) {
		AUTO(buf_fini) struct buf moved = {0};
		if (profiles[i]->write.kind == WRITE_NONE)
			continue;
		struct outbox_place *p = &v[o->routes.n++];
		*p = write_place(&profiles[i]->write);
		if (d->journal_path)
			outbox_recall(d->journal_path, OUTBOX_MOVED_FROM, p->name, &moved);
		p->moved = arena_str(&o->mem, buf_str(&moved));
	}
	outbox_teams(&o->routes, &teams);
	if (d->journal && o->routes.n)
		journal_meant_for(d->journal, buf_str(&teams));
}

bool desk_outbox(struct desk *d, struct err *err)
{
	char head[65];
	struct outgoing *o = &d->out;
	if (!d->journal || !o->routes.n || o->routes.home)
		return true;
	o->outbox = write_outbox(d->journal_path, d->journal, o->profiles, o->n_profiles, err);
	if (o->outbox && outbox_sync(o->outbox, err))
		return journal_head(d->journal, &o->before, head, err);
	desk_stay(d);
	return false;
}

bool desk_outbox_sync(struct desk *d, struct err *err)
{
	return !d->out.outbox || outbox_sync(d->out.outbox, err);
}

struct fresh {
	int64_t before;
	const struct outbox_visit *v;
};

static void fresh_visit(void *ctx, const struct outbox_entry *e)
{
	const struct fresh *f = ctx;
	if (e->seq > f->before)
		f->v->fn(f->v->ctx, e);
}

bool desk_fresh(struct desk *d, struct str target, const struct outbox_visit *v, struct err *err)
{
	struct fresh f = {d->out.before, v};
	return !d->out.outbox || outbox_list(d->out.outbox, target, false,
		&(struct outbox_visit){fresh_visit, &f, 0}, err);
}

static void count_entry(void *ctx, const struct outbox_entry *e)
{
	size_t *n = ctx;
	*n += e != NULL;
}

bool desk_goes_to(struct desk *d, struct str target)
{
	size_t n = 0;
	return !desk_fresh(d, target, &(struct outbox_visit){count_entry, &n, 0}, NULL) || n;
}

bool desk_flush(struct desk *d, struct profile *p, bool pull, struct write_result *r, struct err *err)
{
	struct outbox_counts c;
	struct http *http = profile_http(p, d->env, err);
	struct write_link l = {.http = http, .outbox = d->out.outbox, .target = &p->write, .now = d->now,
		.analyst = d->analyst, .wide = true};
	bool fine = http && write_flush(&l, r, err) && (!pull || write_pull(&l, r, err));
	http_free(http);
	if (!fine && outbox_count(d->out.outbox, p->name, &c, NULL))
		r->waiting = c.n[OUTBOX_PENDING] + c.n[OUTBOX_SENT];
	return fine;
}

bool desk_sender(struct desk *d, struct profile *const *profiles, size_t n, struct err *err)
{
	struct sender_setup setup = {.journal_path = d->journal_path, .profiles = profiles, .n_profiles = n,
		.env = d->env, .analyst = d->analyst};
	d->out.sender = sender_start(&setup, err);
	return d->out.sender != NULL;
}

void desk_stay(struct desk *d)
{
	sender_free(d->out.sender);
	outbox_close(d->out.outbox);
	d->out.sender = NULL;
	d->out.outbox = NULL;
}

void outgoing_fini(struct desk *d)
{
	desk_stay(d);
	outgoing_forget_routes(&d->out);
}
