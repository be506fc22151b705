/*
 * story: the life of whoever or whatever is asked about, printed.
 */
#include "sums.h"

#include "s3triage/base/utf8.h"
#include "s3triage/base/when.h"
#include "s3triage/insight/story.h"

#include <string.h>

enum { STORY_TOP = 10, STORY_ALERTS = 10 };

struct story_work {
	struct session *s;
	struct story_ask ask;
	struct story *story;
	struct arena mem;
	int64_t at;  /* --at, or WHEN_NONE */
	size_t top;  /* 0: all */
	bool json;
};

/* ---- words -------------------------------------------------------------------------------------- */

static void story_when(int64_t ms, struct buf *out)
{
	char text[WHEN_TEXT_MAX];
	buf_fmt(out, "%-20s", ms == WHEN_NONE ? "-" : when_format(ms / 1000 * 1000, text));
}

/* "3d before", "2m after". */
static void story_apart(int64_t ms, int64_t at, struct buf *out)
{
	char text[WHEN_TEXT_MAX];
	if (ms == WHEN_NONE || at == WHEN_NONE)
		buf_c(out, "at an unknown time");
	else if (ms == at)
		buf_c(out, "at once");
	else
		buf_fmt(out, "%s %s", when_span(ms < at ? at - ms : ms - at, text), ms < at ? "before" : "after");
}

static void story_quoted(struct buf *out, const char *key, struct str value)
{
	buf_fmt(out, ",\"%s\":", key);
	if (value.n)
		json_quote(value, out);
	else
		buf_c(out, "null");
}

static void story_quoted_time(struct buf *out, const char *key, int64_t ms)
{
	char text[WHEN_TEXT_MAX];
	story_quoted(out, key, ms == WHEN_NONE ? (struct str){0} : str_c(when_format(ms, text)));
}

/* ---- what is new ---------------------------------------------------------------------------------- */

static void put_first(const struct story_first *f, int64_t at, struct buf *out)
{
	buf_c(out, "  ");
	story_when(f->sum->first, out);
	AUTO(buf_fini) struct buf apart = {0};
	story_apart(f->sum->first, at, &apart);
	buf_fmt(out, "  %-12s  %s ", buf_cstr(&apart), story_table_first(f->table));
	utf8_visible(out, f->value, false);
	buf_fmt(out, " (%llu event%s)\n", f->sum->n, plural(f->sum->n));
}

static void put_maker(const struct story_link *made, struct str key, int64_t at, struct buf *out)
{
	if (!made)
		return;
	buf_c(out, "  key ");
	utf8_visible(out, key, false);
	buf_c(out, " was made ");
	story_apart(made->time, at, out);
	buf_c(out, " by ");
	utf8_visible(out, made->by.n ? made->by : STR("-"), false);
	buf_c(out, " (");
	utf8_visible(out, made->call, false);
	buf_c(out, ")\n");
}

static void put_moment(int64_t at, const struct story_alert *alert, struct buf *out)
{
	buf_c(out, "\n== new within a day of ");
	story_when(at, out);
	if (alert) {
		buf_c(out, ", alert ");
		utf8_visible(out, alert->id, false);
		buf_c(out, ", bucket ");
		utf8_visible(out, alert->bucket.n ? alert->bucket : STR("-"), false);
		buf_c(out, " to ");
		utf8_visible(out, alert->account.n ? alert->account : STR("-"), false);
	}
	buf_c(out, " ==\n");
}

/* A moment: an alert, or --at. False: nothing was new. */
static bool put_around(struct story_work *w, int64_t at, const struct story_alert *alert, struct buf *out)
{
	struct story_first *firsts;
	bool all;
	size_t n = story_new_around(w->story, at, &w->mem, &firsts, &all), shown = w->top && n > w->top ? w->top : n;
	const struct story_link *made = alert ? story_maker(w->story, alert->key) : NULL;
	if (alert && !n && !made && !all)
		return false;
	put_moment(at, alert, out);
	put_maker(made, alert ? alert->key : (struct str){0}, at, out);
	for (size_t i = 0; i < shown; i++)
		put_first(&firsts[i], at, out);
	if (all)
		buf_c(out, "  its first event here is of that day or later: nothing before it to compare with\n");
	else if (!n)
		buf_c(out, "  nothing\n");
	if (shown < n)
		buf_fmt(out, "  (%zu more: --all)\n", n - shown);
	return true;
}

/* The newest first, for they are asked about. */
static void put_alerts(struct story_work *w, struct buf *out)
{
	const struct story_alert *v;
	size_t n = story_alerts(w->story, &v), shown = 0, quiet = 0, i = n;
	if (w->at != WHEN_NONE)
		put_around(w, w->at, NULL, out);
	for (; i && (!w->top || shown < STORY_ALERTS); i--) {
		bool new = put_around(w, v[i - 1].time, &v[i - 1], out);
		shown += new;
		quiet += !new;
	}
	buf_fmt(out, "\n%zu alert%s of it", n, plural(n));
	if (quiet)
		buf_fmt(out, ", around %zu of them nothing was new", quiet);
	if (i)
		buf_fmt(out, ", %zu older not looked at: --all", i);
	buf_char(out, '\n');
}

/* ---- chains --------------------------------------------------------------------------------------- */

static void put_chain_step(const struct story_step *step, bool back, struct buf *out)
{
	const struct story_link *l = step->link;
	buf_fmt(out, "%*s", (int)step->depth * 2, "");
	story_when(l->time, out);
	buf_c(out, "  ");
	utf8_visible(out, l->call, false);
	buf_c(out, back ? " by " : " made ");
	struct str made = l->arn.n ? l->arn : l->user.n ? l->user : l->key, other = back ? l->by : made;
	utf8_visible(out, other.n ? other : STR("-"), false);
	buf_c(out, back ? " made key " : ", key ");
	utf8_visible(out, l->key.n ? l->key : STR("-"), false);
	buf_fmt(out, ": %llu event%s", step->n, plural(step->n));
	for (size_t i = 0; i < step->n_did && i < 5; i++) {
		buf_c(out, i ? ", " : ": ");
		utf8_visible(out, step->did[i].call, false);
		buf_fmt(out, " %llu", step->did[i].n);
	}
	if (step->n_did > 5)
		buf_fmt(out, " and %zu other calls (--json)", step->n_did - 5);
	buf_char(out, '\n');
}

static void put_chain(const struct story_work *w, const struct story_chain *c, bool back, struct buf *out)
{
	size_t shown = w->top && c->n > w->top ? w->top : c->n;
	buf_fmt(out, "\n== %s: %zu ==\n", back ? "who made its keys and sessions, and theirs" :
		"keys and sessions that it made, and what was done with them", c->n + c->left);
	for (size_t i = 0; i < shown; i++)
		put_chain_step(&c->v[i], back, out);
	if (shown < c->n)
		buf_fmt(out, "  (%zu more: --all)\n", c->n - shown);
	if (c->left)
		buf_fmt(out, "  (%zu more than are followed)\n", c->left);
}

static void chain_json(const struct story_chain *c, const char *way, struct buf *out)
{
	for (size_t i = 0; i < c->n; i++) {
		const struct story_step *step = &c->v[i];
		const struct story_link *l = step->link;
		buf_fmt(out, "{\"link\":\"%s\",\"depth\":%u", way, step->depth);
		story_quoted_time(out, "time", l->time);
		story_quoted(out, "call", l->call);
		story_quoted(out, "by", l->by);
		story_quoted(out, "by_key", l->by_key);
		story_quoted(out, "key", l->key);
		story_quoted(out, "session", l->arn);
		story_quoted(out, "user", l->user);
		buf_fmt(out, ",\"count\":%llu,\"calls\":{", step->n);
		for (size_t k = 0; k < step->n_did; k++) {
			buf_c(out, k ? "," : "");
			json_quote(step->did[k].call, out);
			buf_fmt(out, ":%llu", step->did[k].n);
		}
		buf_c(out, "}}\n");
	}
	if (c->left)
		buf_fmt(out, "{\"link\":\"%s\",\"not_followed\":%zu}\n", way, c->left);
}

/* ---- all of it ------------------------------------------------------------------------------------ */

static void story_text(struct story_work *w)
{
	AUTO(buf_fini) struct buf out = {0};
	const struct count_sum *sum = story_sum(w->story);
	struct story_chain chain;
	utf8_visible(&out, w->ask.text, false);
	buf_fmt(&out, " (%s): %llu event%s, %llu failed, of these %llu denied, ",
		story_kind_name(story_kind(w->story)), sum->n, plural(sum->n), sum->failed, sum->denied);
	story_when(sum->first, &out);
	buf_c(&out, " to ");
	story_when(sum->last, &out);
	if (story_repeats(w->story))
		buf_fmt(&out, "; %llu came again", story_repeats(w->story));
	buf_char(&out, '\n');
	put_alerts(w, &out);
	for (int t = 0; t < STORY_TABLE_COUNT; t++) {
		const struct facet_set set = {.n = 1};
		if (story_counts(w->story, (enum story_table)t)->n)
			sums_table(str_c(story_table_text((enum story_table)t)), &set,
				story_counts(w->story, (enum story_table)t), w->top, &out);
	}
	story_behind(w->story, &w->mem, &chain);
	put_chain(w, &chain, true, &out);
	story_next(w->story, &w->mem, &chain);
	put_chain(w, &chain, false, &out);
	fputs(buf_cstr(&out), stdout);
}

static void around_line(struct story_work *w, int64_t at, const struct story_alert *alert, struct buf *out)
{
	struct story_first *firsts;
	bool all;
	size_t n = story_new_around(w->story, at, &w->mem, &firsts, &all);
	const struct story_link *made = alert ? story_maker(w->story, alert->key) : NULL;
	buf_c(out, "{\"around\":");
	json_quote(alert ? alert->id : STR("at"), out);
	story_quoted_time(out, "time", at);
	story_quoted(out, "bucket", alert ? alert->bucket : (struct str){0});
	story_quoted(out, "destination_account", alert ? alert->account : (struct str){0});
	story_quoted(out, "key_made_by", made ? made->by : (struct str){0});
	story_quoted_time(out, "key_made", made ? made->time : WHEN_NONE);
	buf_fmt(out, ",\"nothing_before\":%s,\"new\":[", all ? "true" : "false");
	for (size_t i = 0; i < n; i++) {
		buf_fmt(out, "%s{\"what\":\"%s\"", i ? "," : "", story_table_name(firsts[i].table));
		story_quoted(out, "value", firsts[i].value);
		buf_char(out, ',');
		sums_json_sum(firsts[i].sum, true, out);
		buf_char(out, '}');
	}
	buf_c(out, "]}\n");
}

static void story_json(struct story_work *w)
{
	AUTO(buf_fini) struct buf out = {0};
	const struct story_alert *v;
	struct story_chain chain;
	size_t n = story_alerts(w->story, &v);
	buf_c(&out, "{\"story\":");
	json_quote(w->ask.text, &out);
	buf_fmt(&out, ",\"kind\":\"%s\",", story_kind_name(story_kind(w->story)));
	sums_json_sum(story_sum(w->story), true, &out);
	buf_fmt(&out, ",\"repeats\":%llu,\"alerts\":%zu}\n", story_repeats(w->story), n);
	if (w->at != WHEN_NONE)
		around_line(w, w->at, NULL, &out);
	for (size_t i = 0; i < n; i++)
		around_line(w, v[i].time, &v[i], &out);
	for (int t = 0; t < STORY_TABLE_COUNT; t++) {
		const struct counts *c = story_counts(w->story, (enum story_table)t);
		const struct facet_set set = {{{FACET_FIELD, str_c(story_table_name((enum story_table)t))}}, 1};
		for (size_t i = 0; i < c->n; i++)
			sums_json(&set, &c->v[i], true, &out);
		sums_json_rest(&set, c, true, &out);
	}
	story_behind(w->story, &w->mem, &chain);
	chain_json(&chain, "behind", &out);
	story_next(w->story, &w->mem, &chain);
	chain_json(&chain, "next", &out);
	fputs(buf_cstr(&out), stdout);
}

/* Several, or nobody: who it could be, and how to say it. */
static int story_unclear(const struct story_work *w)
{
	struct story_near near[STORY_NEAR_MAX];
	struct err err = {0};
	AUTO(buf_fini) struct buf who = {0};
	size_t n = story_near(w->story, near);
	bool several = story_sum(w->story)->n;
	utf8_visible(&who, str_sub(w->ask.text, 0, 200), false);
	err_set(&err, several ? ERR_USAGE : ERR_INPUT, several ? "'%s' may be several; say which one" :
		n ? "no event is of '%s'; there are" : "no event is of '%s', nor of anything like it", buf_cstr(&who));
	int code = cli_fail(&err);
	for (size_t i = 0; i < n; i++) {
		AUTO(buf_fini) struct buf line = {0};
		utf8_visible(&line, near[i].text, false);
		fprintf(stderr, "  %s:%s  %llu event%s\n", story_kind_name(near[i].kind), buf_cstr(&line), near[i].n,
			plural(near[i].n));
	}
	return code;
}

static const void *story_look(const void *ctx, const struct scan_seen *e, struct arena *mem)
{
	const struct story_input in = {e->ecs, e->raw, e->shape};
	return story_read(ctx, &in, mem);
}

static void story_batch(void *ctx, struct scan_batch *batch)
{
	struct story_work *w = ctx;
	report_problems(w->s, batch);
	for (size_t i = 0; i < batch->n_looks; i++)
		story_add(w->story, batch->looks[i]);
	arena_fini(&batch->mem);
}

static bool story_begin(struct story_work *w, const struct cli *cli, struct str who, struct err *err)
{
	struct session *s = w->s;
	w->at = WHEN_NONE;
	w->json = cli->text[OPT_JSON];
	w->top = cli->text[OPT_ALL] ? 0 : STORY_TOP;
	if (!read_count(cli, OPT_TOP, &w->top, err) || !session_init(s, cli, cli->verb->opens, err) ||
		!read_time(cli, OPT_AT, s->now, &w->at, err) || !scan_options_read(s, cli, &s->options, err))
		return false;
	w->ask = story_ask_of(who, s->desk.rule, &w->mem);
	w->story = story_new(&w->ask);
	s->options.rule = NULL; /* all events, and which are alerts */
	s->options.look = story_look;
	s->options.look_ctx = &w->ask;
	s->scan = scan_start(&s->options, err);
	return s->scan;
}

static int story_run(struct story_work *w, const struct cli *cli, struct str who)
{
	struct err err = {0};
	if (!story_begin(w, cli, who, &err))
		return cli_fail(&err);
	session_drain(w->s, cli, story_batch, w);
	if (!story_end(w->story))
		return story_unclear(w);
	if (w->json)
		story_json(w);
	else
		story_text(w);
	fflush(stdout);
	report_limited(w->s);
	if (story_unsure(w->story))
		fputs("s3triage: too many events to know each again: one that came twice may be counted twice\n", stderr);
	if (story_unkept(w->story))
		fprintf(stderr, "s3triage: %zu calls that made keys, or alerts, are not kept: there are too many\n",
			story_unkept(w->story));
	return session_exit(w->s);
}

static int verb_story(struct cli *cli)
{
	struct session s = {0};
	struct story_work w = {.s = &s};
	if (!cli->n_sources)
		return cli_usage("story takes who it is about and its sources: s3triage story %s", cli->verb->synopsis);
	struct str who = str_c(cli->sources[0]);
	memmove(cli->sources, cli->sources + 1, --cli->n_sources * sizeof(*cli->sources));
	int code = story_run(&w, cli, who);
	session_fini(&s);
	story_free(w.story);
	arena_fini(&w.mem);
	return code;
}

const struct verb_row story_verb = {
	.name = "story",
	.synopsis = "WHO SOURCE...",
	.help = "the life of a principal, key, address, bucket or account: what, since when, what was new",
	.example = "s3triage story kim logs/",
	.run = verb_story,
	TAKES(SCAN_OPTIONS, OPT_FROM, OPT_AT, OPT_TOP, OPT_ALL, OPT_JSON),
	.opens = WANT_RULE,
	.ways = VERB_SOURCES,
};
