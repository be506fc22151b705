/*
 * outbox: which decisions have reached the team, which wait and why; sending them; choosing between
 * two analysts' words.
 */
#include "share.h"

#include "s3triage/base/utf8.h"
#include "s3triage/base/when.h"

static void verb_outbox_print_json(const struct outbox_entry *e)
{
	AUTO(buf_fini) struct buf line = {0};
	struct members m = members_open(&line, '{');
	member_text(&m, "target", e->target);
	member_int(&m, "seq", e->seq);
	member_text(&m, "id", e->decision.alert_id);
	member_text(&m, "event_id", e->decision.event_id);
	member_text(&m, "key", e->key);
	member_text(&m, "verdict", str_c(verdict_name(e->decision.verdict)));
	member_text(&m, "analyst", e->decision.analyst);
	member_text(&m, "state", str_c(outbox_state_name(e->state)));
	member_str(&m, "reason", e->reason);
	member_int(&m, "tries", e->tries);
	member_time(&m, "at", e->at);
	print_members(&m);
}

static void verb_outbox_print_plain(const struct outbox_entry *e)
{
	char when[WHEN_TEXT_MAX];
	struct buf line = {0};
	buf_fmt(&line, "%lld  %s  %-12s  ", (long long)e->seq, when_format(e->at, when),
		outbox_state_name(e->state));
	utf8_visible(&line, e->target, false);
	buf_fmt(&line, "  %-10s  ", verdict_name(e->decision.verdict));
	utf8_visible(&line, e->id, false);
	if (e->reason.n) {
		buf_c(&line, "  ");
		utf8_visible(&line, e->reason, false);
	}
	puts(buf_cstr(&line));
	buf_fini(&line);
}

static void print_entry(void *ctx, const struct outbox_entry *e)
{
	const struct cli *cli = ctx;
	bool wanted = !cli->n_words;
	for (size_t i = 0; i < cli->n_words; i++)
		wanted |= str_is(e->decision.alert_id, cli->words[i]) ||
			str_is(e->decision.event_id, cli->words[i]) || str_is(e->id, cli->words[i]);
	if (!wanted)
		return;
	if (cli->text[OPT_JSON])
		verb_outbox_print_json(e);
	else
		verb_outbox_print_plain(e);
}

/* --overwrite and --keep: the alerts that are named, or all that are in conflict. */
static bool verb_outbox_choose(const struct session *s, const struct cli *cli, struct err *err)
{
	struct outbox_choice c = {.overwrite = cli->text[OPT_OVERWRITE] != NULL};
	if (!c.overwrite && !cli->text[OPT_KEEP])
		return true;
	size_t total = 0;
	for (size_t i = 0; i < cli->n_words || i == 0; i++) {
		size_t n = 0;
		c.id = cli->n_words ? str_c(cli->words[i]) : STR("");
		if (!outbox_choose(s->desk.out.outbox, &c, &n, err))
			return false;
		if (!n && c.id.n)
			return err_set(err, ERR_INPUT, "'%.*s' is not in conflict", STR_ARG(c.id));
		total += n;
	}
	fprintf(stderr, "%zu %s %s\n", total, total == 1 ? "conflict:" : "conflicts:",
		c.overwrite ? "yours will be sent" : "theirs stays");
	return true;
}

static bool settle_places(const struct session *s, const struct cli *cli, struct err *err)
{
	const char *forget = cli->text[OPT_FORGET], *moved = cli->text[OPT_MOVED];
	size_t n = 0;
	const char *held = cli->text[OPT_DROP_HELD];
	if (moved && !outbox_stay(s->desk.out.outbox, str_c(moved), err))
		return false;
	if (held && !outbox_drop_held(s->desk.out.outbox, str_c(held), &n, err))
		return false;
	if (held)
		fprintf(stderr, "%s: %zu dropped that waited for another place of this name\n", held, n);
	if (!forget)
		return true;
	if (!outbox_forget(s->desk.out.outbox, str_c(forget), &n, err))
		return false;
	fprintf(stderr, "%s: forgotten; %zu had not been sent\n", forget, n);
	return true;
}

static void print_orphan(void *ctx, struct str name, size_t unsent)
{
	(void)ctx;
	fprintf(stderr, "s3triage: no profile is called %.*s any more (or it has no `write`): %zu decision%s"
		" for it; `outbox --forget %.*s` drops %s\n", STR_ARG(name), unsent, plural(unsent),
		STR_ARG(name), unsent == 1 ? "it" : "them");
}

/* Where decisions go from here; that a name stands for another place now is told although nothing
 * waits, unless sending has told it. */
static void print_targets(const struct session *s, const struct cli *cli, bool sent)
{
	for (size_t i = 0; i < config_profiles(s->config); i++) {
		const struct profile *p = config_profile_list(s->config)[i];
		struct err err = {0};
		if (p->write.kind && !sent && !write_may(s->desk.out.outbox, &p->write, &err))
			cli_fail(&err);
		if (p->write.kind && !sent)
			share_held(s, p->name);
	}
	for (size_t i = 0; !cli->text[OPT_JSON] && i < s->desk.out.routes.n; i++) {
		const struct outbox_place *p = &s->desk.out.routes.v[i];
		printf("%.*s: %s: %.*s\n", STR_ARG(p->name), p->team ? "all but the demo's"
			: "decisions about alerts that were read from it", STR_ARG(p->place));
	}
}

/* --since: decisions that were made before there was a target. */
static bool add_older(const struct session *s, const struct cli *cli, struct err *err)
{
	int64_t since = WHEN_NONE;
	size_t n = 0;
	if (!read_time(cli, OPT_SINCE, s->now, &since, err))
		return false;
	for (size_t i = 0; since != WHEN_NONE && i < config_profiles(s->config); i++) {
		const struct profile *p = config_profile_list(s->config)[i];
		size_t added = 0;
		if (p->write.kind && !outbox_since(s->desk.out.outbox, p->name, since, &added, err))
			return false;
		n += added;
	}
	if (since != WHEN_NONE)
		fprintf(stderr, "now in the outbox, too: %zu older decision%s\n", n, plural(n));
	return true;
}

static int print_all(const struct session *s, const struct cli *cli, bool sent)
{
	struct err err = {0};
	struct outbox_counts c;
	struct buf say = {0};
	struct outbox_visit v = {print_entry, (void *)cli, 0};
	if (!outbox_list(s->desk.out.outbox, STR(""), cli->text[OPT_ALL] != NULL, &v, &err) ||
		!outbox_count(s->desk.out.outbox, STR(""), &c, &err))
		return cli_fail(&err);
	outbox_say(&c, &say);
	outbox_orphans(s->desk.out.outbox, print_orphan, NULL, NULL);
	print_targets(s, cli, sent);
	if (!cli->text[OPT_JSON])
		printf("%s, %zu arrived\n", say.n ? buf_cstr(&say) : "nothing waits",
			c.n[OUTBOX_ACKNOWLEDGED] + c.n[OUTBOX_UNCHANGED]);
	bool open = say.n > 0;
	buf_fini(&say);
	return open ? EXIT_FAILED : session_exit(s);
}

static int verb_outbox_run(struct session *s, const struct cli *cli)
{
	struct err err = {0};
	size_t n = 0;
	if (!session_init(s, cli, cli->verb->opens, &err) || !share_open(s, cli, &err))
		return cli_fail(&err);
	if (!s->desk.out.outbox) {
		fputs("nothing leaves: no profile in config.toml has `write`\n", stderr);
		return session_exit(s);
	}
	if (!settle_places(s, cli, &err) || !verb_outbox_choose(s, cli, &err) || !add_older(s, cli, &err))
		return cli_fail(&err);
	bool send = cli->text[OPT_RETRY] || cli->text[OPT_OVERWRITE] || cli->text[OPT_KEEP];
	if (cli->text[OPT_RETRY] && !outbox_retry(s->desk.out.outbox, STR(""), &n, &err))
		return cli_fail(&err);
	bool fine = !send || share_flush(s, cli, true);
	int code = print_all(s, cli, send);
	return fine ? code : EXIT_FAILED;
}

static int verb_outbox(struct cli *cli)
{
	struct session s = {0};
	int code = verb_outbox_run(&s, cli);
	session_fini(&s);
	return code;
}

const struct verb_row outbox_verb = {
	.name = "outbox",
	.synopsis = "[--retry | --overwrite | --keep] [ID...]",
	.help = "decisions on their way to a team, and what became of them",
	.example = "s3triage outbox --retry",
	.run = verb_outbox,
	TAKES(OPT_SINCE, OPT_JSON, OPT_JOURNAL, OPT_RETRY, OPT_OVERWRITE, OPT_KEEP, OPT_FORGET,
		OPT_DROP_HELD, OPT_MOVED, OPT_ALL, OPT_CONFIG, OPT_INSECURE),
	.opens = WANT_CONFIG | WANT_WRITE,
};
