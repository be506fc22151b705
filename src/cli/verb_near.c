/*
 * near: replication events that the rule did not match, and why.
 */
#include "cli_priv.h"

#include "s3triage/base/when.h"
#include "s3triage/export/export_context.h"

#include <string.h>

/* --since, --until, and the newest of --limit; returns how many stay, at the start. */
static size_t near_asked(const struct cli *cli, const struct window *w, struct near_miss *v, size_t n)
{
	size_t kept = 0, limit = 0;
	for (size_t i = 0; i < n; i++) {
		int64_t at = v[i].alert->time;
		if ((w->since == WHEN_NONE || at >= w->since) && (w->until == WHEN_NONE || at <= w->until))
			v[kept++] = v[i];
	}
	read_count(cli, OPT_LIMIT, &limit, NULL); /* it was read before */
	if (!limit || kept <= limit)
		return kept;
	memmove(v, v + kept - limit, limit * sizeof(*v));
	return limit;
}

static int near(struct session *s, const struct cli *cli)
{
	struct err err = {0};
	size_t n, all;
	struct arena mem = {0};
	struct window w;
	if (!session_init(s, cli, cli->verb->opens, &err) ||
		!read_times(cli, s->now, &w.since, &w.until, &err) || !session_load(s, cli, &err))
		return cli_fail(&err);
	struct near_miss *misses = context_near_misses(s->desk.context, &mem, &all);
	n = near_asked(cli, &w, misses, all);
	if (!cli->text[OPT_JSON]) {
		print_near(misses, n);
		printf("%zu replication event%s that the rule did not match\n", n, plural(n));
		around_print_dropped(s);
	}
	if (n < all)
		fprintf(stderr, "s3triage: %zu more left out by --since, --until or --limit\n", all - n);
	for (size_t i = 0; cli->text[OPT_JSON] && i < n; i++) {
		AUTO(buf_fini) struct buf line = {0};
		struct members m = members_open(&line, '{');
		export_near(&m, &misses[i]);
		print_members(&m);
	}
	arena_fini(&mem);
	return session_exit(s);
}

static int verb_near(struct cli *cli)
{
	struct session s = {0};
	int code = near(&s, cli);
	session_fini(&s);
	return code;
}

const struct verb_row near_verb = {
	.name = "near",
	.synopsis = "SOURCE...",
	.help = "replication events that the rule did not match, with why",
	.example = "s3triage near logs/ --since 7d",
	.run = verb_near,
	TAKES(EVENT_OPTIONS, OPT_JSON),
	.opens = WANT_RULE | WANT_SCAN | WANT_CONTEXT,
	.ways = VERB_SOURCES | VERB_ROWS,
};
