/*
 * timeline, pivot and near: what stands around one alert; where to ask further; what the rule
 * did not match.
 */
#include "cli_priv.h"

#include "s3triage/base/when.h"
#include "s3triage/export/export_context.h"
#include "s3triage/export/pivot.h"

#include <string.h>

typedef int (*alert_fn)(const struct session *s, const struct cli *cli, row_id r, int64_t window_ms);

static int timeline(const struct session *s, const struct cli *cli, row_id r, int64_t window_ms)
{
	struct arena mem = {0};
	struct timeline t;
	around_timeline(s, r, window_ms, &mem, &t);
	if (!cli->text[OPT_JSON])
		print_timeline(&t, window_ms);
	for (size_t i = 0; cli->text[OPT_JSON] && i < t.n; i++) {
		AUTO(buf_fini) struct buf line = {0};
		export_timeline_entry(&t.entries[i], &line);
		puts(buf_cstr(&line));
	}
	arena_fini(&mem);
	return session_exit(s);
}

static int pivot(const struct session *s, const struct cli *cli, row_id r, int64_t window_ms)
{
	struct arena mem = {0};
	struct pivot v[PIVOTS_MAX];
	size_t n = pivot_make(store_alert(s->desk.store, r), window_ms, &mem, v);
	for (size_t i = 0; i < n; i++) {
		const char *language = pivot_language_name(v[i].language);
		AUTO(buf_fini) struct buf line = {0};
		if (cli->text[OPT_JSON]) {
			buf_fmt(&line, "{\"language\":\"%s\",\"title\":\"%s\",\"text\":", language, v[i].title);
			json_quote(v[i].text, &line);
			buf_char(&line, '}');
		} else {
			const char *comment = v[i].language == PIVOT_SHELL ? "#" : v[i].language == PIVOT_SQL
				? "--" : "//";
			buf_fmt(&line, "%s %s: %s\n", comment, language, v[i].title);
			buf_add(&line, v[i].text);
			buf_char(&line, '\n');
		}
		puts(buf_cstr(&line));
	}
	arena_fini(&mem);
	return session_exit(s);
}

static int of_alert(struct session *s, const struct cli *cli, alert_fn fn)
{
	struct err err = {0};
	int64_t window_ms;
	if (!read_span(cli, &window_ms, &err) ||
		!session_init(s, cli, cli->verb->opens, &err) || !session_load(s, cli, &err))
		return cli_fail(&err);
	row_id r = session_find(s, cli, cli->words[0], &err);
	return r == ROW_NONE ? cli_fail(&err) : fn(s, cli, r, window_ms);
}

static int verb_timeline(struct cli *cli)
{
	if (cli->n_words != 1)
		return cli_usage("timeline takes one ID and its sources: "
			"s3triage timeline ID --from SOURCE...");
	struct session s = {0};
	int code = of_alert(&s, cli, timeline);
	session_fini(&s);
	return code;
}

const struct verb_row timeline_verb = {
	.name = "timeline",
	.synopsis = "ID --from SOURCE...",
	.help = "the events around an alert: same principal, same bucket",
	.run = verb_timeline,
	TAKES(EVENT_OPTIONS, OPT_JSON, OPT_WINDOW),
	.opens = WANT_RULE | WANT_SCAN | WANT_CONTEXT,
	.words = 1,
};

static int verb_pivot(struct cli *cli)
{
	if (cli->n_words != 1)
		return cli_usage("pivot takes one ID and its sources: s3triage pivot ID --from SOURCE...");
	struct session s = {0};
	int code = of_alert(&s, cli, pivot);
	session_fini(&s);
	return code;
}

const struct verb_row pivot_verb = {
	.name = "pivot",
	.synopsis = "ID --from SOURCE...",
	.help = "queries and commands about an alert, to copy elsewhere",
	.run = verb_pivot,
	TAKES(EVENT_OPTIONS, OPT_JSON, OPT_WINDOW),
	.opens = WANT_RULE | WANT_SCAN,
	.words = 1,
};

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
	}
	if (n < all)
		fprintf(stderr, "s3triage: %zu more left out by --since, --until or --limit\n", all - n);
	for (size_t i = 0; cli->text[OPT_JSON] && i < n; i++) {
		AUTO(buf_fini) struct buf line = {0};
		export_near(&misses[i], &line);
		puts(buf_cstr(&line));
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
	.run = verb_near,
	TAKES(EVENT_OPTIONS, OPT_JSON),
	.opens = WANT_RULE | WANT_SCAN | WANT_CONTEXT,
	.ways = VERB_SOURCES | VERB_ROWS,
};
