/*
 * share: what verbs without a screen say of decisions on their way to a team.
 */
#include "share.h"

#include "s3triage/base/utf8.h"

/* What became of the outbox while nobody looked: said by whoever finds it first. */
static void print_notice(struct session *s)
{
	AUTO(buf_fini) struct buf lines = {0};
	if (s->desk.out.outbox)
		outbox_notice(s->desk.out.outbox, &lines);
	for (struct str rest = buf_str(&lines); rest.n;) {
		struct str line = str_cut(&rest, '\n');
		fprintf(stderr, "s3triage: warning: %.*s\n", STR_ARG(line));
	}
}

bool share_open(struct session *s, const struct cli *cli, struct err *err)
{
	struct profile *const *v = config_profile_list(s->config);
	size_t n = config_profiles(s->config);
	for (size_t i = 0; i < n; i++)
		cluster_use(v[i], cli);
	desk_routes(&s->desk, v, n, cli->text[OPT_NO_SEND] != NULL);
	if (cli->text[OPT_DRY_RUN])
		return true;
	bool fine = desk_outbox(&s->desk, err);
	print_notice(s);
	return fine;
}

void share_open_or_warn(struct session *s, const struct cli *cli)
{
	struct err err = {0};
	if (!share_open(s, cli, &err))
		cli_fail(&err);
}

void share_say(const struct session *s, const struct cli *cli, const struct alert *const *alerts, size_t n)
{
	AUTO(buf_fini) struct buf words = {0};
	bool dry = cli->text[OPT_DRY_RUN];
	if (!s->desk.out.routes.n || !n || cli->text[dry ? OPT_JSON : OPT_QUIET])
		return;
	if (outbox_say_routes(&s->desk.out.routes, alerts, n, &words) || dry)
		fprintf(dry ? stdout : stderr, "%s\n", buf_cstr(&words));
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

void share_held(const struct session *s, struct str target)
{
	AUTO(buf_fini) struct buf text = {0};
	if (outbox_held(s->desk.out.outbox, target, &text))
		fprintf(stderr, "s3triage: %s\n", buf_cstr(&text));
}

static bool flush_target(struct session *s, const struct cli *cli, struct profile *p, bool pull)
{
	struct err err = {0};
	struct write_result r = {0};
	cluster_warn(p);
	bool fine = desk_flush(&s->desk, p, pull, &r, &err);
	if (!fine) {
		err_prefix(&err, "%.*s", STR_ARG(p->name));
		cli_fail(&err);
	}
	if (!cli->text[OPT_QUIET] || r.failed || r.waiting || r.dropped)
		print_result(p, &r);
	share_held(s, p->name);
	return fine && !r.failed && !r.conflicts;
}

bool share_flush(struct session *s, const struct cli *cli, bool pull)
{
	bool fine = true;
	const struct outgoing *o = &s->desk.out;
	if (!o->outbox || !desk_outbox_sync(&s->desk, NULL))
		return !o->outbox;
	for (size_t i = 0; i < o->n_profiles; i++) {
		struct profile *p = o->profiles[i];
		if (p->write.kind && (pull || desk_goes_to(&s->desk, p->name)))
			fine = flush_target(s, cli, p, pull) && fine;
	}
	print_notice(s);
	return fine;
}

static void print_conflict(void *ctx, const struct outbox_entry *e)
{
	size_t *n = ctx;
	AUTO(buf_fini) struct buf line = {0};
	if (e->state != OUTBOX_CONFLICT)
		return;
	++*n;
	buf_fmt(&line, "s3triage: %.*s: ", STR_ARG(e->target));
	utf8_visible(&line, e->decision.alert_id, false);
	buf_c(&line, " is ");
	utf8_visible(&line, e->reason, false);
	buf_fmt(&line, "; your '%s' was not sent. --overwrite sends it, outbox --keep drops it",
		verdict_name(e->decision.verdict));
	fprintf(stderr, "%s\n", buf_cstr(&line));
}

bool share_conflicts(struct session *s)
{
	size_t n = 0;
	struct err err = {0};
	if (desk_fresh(&s->desk, STR(""), &(struct outbox_visit){print_conflict, &n, 0}, &err))
		return n > 0;
	cli_fail(&err);
	return true;
}
