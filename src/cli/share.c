/*
 * share: decisions on their way to a team, for verbs without a screen.
 */
#include "share.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/utf8.h"
#include "s3triage/base/when.h"

#include <stdlib.h>

/* The profiles of a configuration that are written to, as the outbox knows them; the caller frees `v`. */
static struct outbox_routes routes_of(const struct session *s, bool home, struct arena *mem)
{
	const struct config *config = s->config;
	size_t n = 0;
	struct outbox_place *v = mem_array(config ? config_profiles(config) : 0, sizeof(*v));
	for (size_t i = 0; config && i < config_profiles(config); i++) {
		const struct profile *p = config_profile_at(config, i);
		if (p->write.kind == WRITE_NONE)
			continue;
		AUTO(buf_fini) struct buf moved = {0};
		v[n] = write_place(&p->write);
		if (s->desk.journal_path)
			outbox_moved_from(s->desk.journal_path, v[n].name, &moved);
		v[n++].moved = arena_str(mem, buf_str(&moved));
	}
	return (struct outbox_routes){v, n, home};
}

/* What a run decides is for the teams that it knows, and says; another run's outbox may take it in. */
static void say_teams(struct session *s, const struct outbox_routes *r)
{
	AUTO(buf_fini) struct buf teams = {0};
	outbox_teams(r, &teams);
	if (s->desk.journal && r->n)
		journal_meant_for(s->desk.journal, buf_str(&teams));
}

/* What became of the outbox while nobody looked: said by whoever finds it first. */
static void print_notice(const struct share *sh)
{
	AUTO(buf_fini) struct buf lines = {0};
	outbox_notice(sh->outbox, &lines);
	for (struct str rest = buf_str(&lines); rest.n;) {
		struct str line = str_cut(&rest, '\n');
		fprintf(stderr, "s3triage: warning: %.*s\n", STR_ARG(line));
	}
}

static bool open_outbox(struct share *sh, struct err *err)
{
	struct session *s = sh->s;
	bool fine = true;
	sh->outbox = outbox_open(s->desk.journal_path, s->desk.journal, err);
	for (size_t i = 0; sh->outbox && fine && i < sh->routes.n; i++)
		fine = outbox_target(sh->outbox, &sh->routes.v[i], err);
	return sh->outbox && fine && outbox_sync(sh->outbox, err);
}

bool share_open(struct share *sh, struct session *s, const struct cli *cli, struct err *err)
{
	char head[65];
	bool home = cli->text[OPT_NO_SEND] != NULL;
	*sh = (struct share){.s = s, .cli = cli};
	sh->routes = routes_of(s, home, &sh->mem);
	say_teams(s, &sh->routes);
	if (!s->desk.journal || !sh->routes.n || home || cli->text[OPT_DRY_RUN])
		return true;
	if (!open_outbox(sh, err)) {
		outbox_close(sh->outbox);
		sh->outbox = NULL;
		return false;
	}
	print_notice(sh);
	return journal_head(s->desk.journal, &sh->before, head, err);
}

void share_open_or_warn(struct share *sh, struct session *s, const struct cli *cli)
{
	struct err err = {0};
	if (!share_open(sh, s, cli, &err))
		cli_fail(&err);
}

void share_close(struct share *sh)
{
	outbox_close(sh->outbox);
	free((void *)(uintptr_t)sh->routes.v);
	arena_fini(&sh->mem);
	*sh = (struct share){0};
}

void share_say(const struct share *sh, const struct alert *const *alerts, size_t n)
{
	AUTO(buf_fini) struct buf words = {0};
	bool dry = sh->cli->text[OPT_DRY_RUN];
	if (!sh->routes.n || !n || sh->cli->text[dry ? OPT_JSON : OPT_QUIET])
		return;
	if (outbox_say_routes(&sh->routes, alerts, n, &words) || dry)
		fprintf(dry ? stdout : stderr, "%s\n", buf_cstr(&words));
}

struct http *share_http(const struct cli *cli, struct profile *p, struct err *err)
{
	cluster_use(p, cli);
	cluster_warn(p);
	if (!profile_unlock(p, env_get, err))
		return NULL;
	return http_new(&p->target, err);
}

static void print_result(const struct profile *p, const struct write_result *r)
{
	fprintf(stderr, "%.*s: %zu acknowledged, %zu unchanged, %zu in conflict, %zu failed, %zu wait",
		STR_ARG(p->name), r->acknowledged, r->unchanged, r->conflicts, r->failed, r->waiting);
	if (r->dropped)
		fprintf(stderr, ", %zu not for it", r->dropped);
	if (r->learned)
		fprintf(stderr, ", %zu of others read", r->learned);
	if (r->left_out)
		fprintf(stderr, "; %zu document%s left out: no decision%s about one alert as it is known here",
			r->left_out, plural(r->left_out), plural(r->left_out));
	fputc('\n', stderr);
}

void share_held(const struct share *sh, struct str target)
{
	AUTO(buf_fini) struct buf text = {0};
	if (outbox_held(sh->outbox, target, &text))
		fprintf(stderr, "s3triage: %s\n", buf_cstr(&text));
}

static bool flush_target(const struct share *sh, struct profile *p, bool pull)
{
	struct err err = {0};
	struct write_result r = {0};
	struct http *http = share_http(sh->cli, p, &err);
	struct write_link l = {.http = http, .outbox = sh->outbox, .target = &p->write,
		.now = clock_now, .analyst = sh->s->desk.analyst, .wide = true};
	bool fine = http && write_flush(&l, &r, &err) && (!pull || write_pull(&l, &r, &err));
	http_free(http);
	if (!fine) {
		struct outbox_counts c;
		if (outbox_count(sh->outbox, p->name, &c, NULL))
			r.waiting = c.n[OUTBOX_PENDING] + c.n[OUTBOX_SENT];
		err_prefix(&err, "%.*s", STR_ARG(p->name));
		cli_fail(&err);
	}
	if (!sh->cli->text[OPT_QUIET] || r.failed || r.waiting || r.dropped)
		print_result(p, &r);
	share_held(sh, p->name);
	return fine && !r.failed && !r.conflicts;
}

struct fresh {
	int64_t before;
	size_t n;
};

static void count_fresh(void *ctx, const struct outbox_entry *e)
{
	struct fresh *f = ctx;
	f->n += e->seq > f->before;
}

/* A profile that none of this run's decisions goes to is not asked, nor told of. */
static bool concerns(const struct share *sh, struct str target)
{
	struct fresh f = {sh->before, 0};
	struct outbox_visit v = {count_fresh, &f, 0};
	return outbox_list(sh->outbox, target, false, &v, NULL) && f.n;
}

bool share_flush(const struct share *sh, bool pull)
{
	bool fine = true;
	if (!sh->outbox || !outbox_sync(sh->outbox, NULL))
		return !sh->outbox;
	for (size_t i = 0; i < config_profiles(sh->s->config); i++) {
		struct profile *p = config_profile_at(sh->s->config, i);
		if (p->write.kind && (pull || concerns(sh, p->name)))
			fine = flush_target(sh, p, pull) && fine;
	}
	print_notice(sh);
	return fine;
}

struct conflicts {
	int64_t since;
	size_t n;
};

static void print_conflict(void *ctx, const struct outbox_entry *e)
{
	struct conflicts *c = ctx;
	struct buf line = {0};
	if (e->state != OUTBOX_CONFLICT || e->seq <= c->since)
		return;
	c->n++;
	buf_fmt(&line, "s3triage: %.*s: ", STR_ARG(e->target));
	utf8_visible(&line, e->decision.alert_id, false);
	buf_c(&line, " is ");
	utf8_visible(&line, e->reason, false);
	buf_fmt(&line, "; your '%s' was not sent. --overwrite sends it, outbox --keep drops it",
		verdict_name(e->decision.verdict));
	fprintf(stderr, "%s\n", buf_cstr(&line));
	buf_fini(&line);
}

bool share_conflicts(const struct share *sh)
{
	struct conflicts c = {sh->before, 0};
	struct outbox_visit v = {print_conflict, &c, 0};
	if (sh->outbox)
		outbox_list(sh->outbox, STR(""), false, &v, NULL);
	return c.n > 0;
}

bool sending_start(struct sending *out, struct session *s, const struct cli *cli, struct err *err)
{
	struct session own = {0};
	bool home = cli->text[OPT_NO_SEND] != NULL;
	*out = (struct sending){0};
	out->routes = routes_of(s, home, &out->mem);
	say_teams(s, &out->routes);
	if (!s->desk.journal || cli->text[OPT_READ_ONLY] || home || !out->routes.n)
		return true;
	bool ok = session_config(&own, cli, err);
	out->config = own.config;
	out->config_path = own.config_path;
	if (!ok)
		return false;
	size_t n = config_profiles(own.config);
	out->n = n;
	out->profiles = mem_array(n, sizeof(struct profile *));
	for (size_t i = 0; i < n; i++) {
		out->profiles[i] = config_profile_at(own.config, i);
		cluster_use(out->profiles[i], cli);
	}
	struct sender_setup setup = {.journal_path = s->desk.journal_path, .profiles = out->profiles,
		.n_profiles = n, .env = env_get, .analyst = s->desk.analyst};
	out->sender = sender_start(&setup, &out->why);
	return true;
}

void sending_stop(struct sending *out)
{
	sender_free(out->sender);
	config_free(out->config);
	free(out->config_path);
	free(out->profiles);
	free((void *)(uintptr_t)out->routes.v);
	arena_fini(&out->mem);
}
