/*
 * share: decisions on their way to a team, for verbs without a screen.
 */
#include "share.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/utf8.h"
#include "s3triage/base/when.h"

#include <stdlib.h>

size_t share_targets(const struct share *sh)
{
	size_t n = 0;
	for (size_t i = 0; sh->s->config && i < config_profiles(sh->s->config); i++)
		n += config_profile_at(sh->s->config, i)->write.kind != WRITE_NONE;
	return n;
}

bool share_open(struct share *sh, struct session *s, const struct cli *cli, struct err *err)
{
	*sh = (struct share){s, cli, NULL};
	if (!s->journal || !share_targets(sh))
		return true;
	sh->outbox = outbox_open(s->journal_path, s->journal, err);
	if (!sh->outbox)
		return false;
	for (size_t i = 0; i < config_profiles(s->config); i++) {
		const struct profile *p = config_profile_at(s->config, i);
		if (p->write.kind && !outbox_target(sh->outbox, p->name, err))
			return false;
	}
	return outbox_sync(sh->outbox, err);
}

void share_close(struct share *sh)
{
	outbox_close(sh->outbox);
	sh->outbox = NULL;
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
	if (r->learned)
		fprintf(stderr, ", %zu of others read", r->learned);
	fputc('\n', stderr);
}

static bool flush_target(const struct share *sh, struct profile *p, bool pull)
{
	struct err err = {0};
	struct write_result r = {0};
	struct http *http = share_http(sh->cli, p, &err);
	struct write_link l = {.http = http, .outbox = sh->outbox, .target = &p->write,
		.now = clock_now, .wide = true};
	bool fine = http && write_flush(&l, &r, &err) && (!pull || write_pull(&l, &r, &err));
	http_free(http);
	if (!fine) {
		struct outbox_counts c;
		if (outbox_count(sh->outbox, p->name, &c, NULL))
			r.waiting = c.n[OUTBOX_PENDING] + c.n[OUTBOX_SENT];
		err_prefix(&err, "%.*s", STR_ARG(p->name));
		cli_fail(&err);
	}
	if (!sh->cli->text[OPT_QUIET])
		print_result(p, &r);
	return fine && !r.failed && !r.conflicts;
}

bool share_flush(const struct share *sh, bool pull)
{
	bool fine = true;
	for (size_t i = 0; sh->outbox && i < config_profiles(sh->s->config); i++) {
		struct profile *p = config_profile_at(sh->s->config, i);
		if (p->write.kind)
			fine = flush_target(sh, p, pull) && fine;
	}
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

bool share_conflicts(const struct share *sh, int64_t since)
{
	struct conflicts c = {since, 0};
	struct outbox_visit v = {print_conflict, &c, 0};
	if (sh->outbox)
		outbox_list(sh->outbox, STR(""), false, &v, NULL);
	return c.n > 0;
}

bool sending_start(struct sending *out, struct session *s, const struct cli *cli, struct err *err)
{
	struct share sh = {s, cli, NULL};
	struct session own = {0};
	*out = (struct sending){0};
	if (!s->journal || cli->text[OPT_READ_ONLY] || !share_targets(&sh))
		return true;
	if (!session_config(&own, cli, err))
		return false;
	out->config = own.config;
	size_t n = config_profiles(own.config);
	out->n = n;
	out->profiles = mem_array(n, sizeof(struct profile *));
	for (size_t i = 0; i < n; i++) {
		out->profiles[i] = config_profile_at(own.config, i);
		cluster_use(out->profiles[i], cli);
	}
	struct sender_setup setup = {.journal_path = s->journal_path, .profiles = out->profiles,
		.n_profiles = n, .env = env_get};
	out->sender = sender_start(&setup, err);
	return out->sender != NULL;
}

void sending_stop(struct sending *out)
{
	sender_free(out->sender);
	config_free(out->config);
	free(out->profiles);
}
