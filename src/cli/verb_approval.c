/*
 * approval: granting, listing, ending approvals, and recording the verdicts that they propose.
 */
#include "share.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/utf8.h"
#include "s3triage/base/when.h"

#include <inttypes.h>
#include <string.h>

static void verb_approval_print_line(struct buf *line)
{
	struct buf shown = {0};
	utf8_visible(&shown, buf_str(line), false);
	puts(buf_cstr(&shown));
	buf_fini(&shown);
	buf_clear(line);
}

static const char *verb_approval_state_of(const struct approval *a, int64_t now)
{
	return a->ended != WHEN_NONE ? "ended" : approval_stands(a, now) ? "stands" : "expired";
}

/* ---- list --------------------------------------------------------------------------------- */

/* Terms of later versions stand behind all that was there before. */
enum { FIRST_TEXTS = 7 };

static void verb_approval_put_texts(struct members *m, const struct approval *a, size_t from, size_t to)
{
	struct approval copy = *a;
	size_t n;
	const struct approval_text *texts = approval_texts(&n);
	for (size_t i = from; i < n && i < to; i++)
		member_str(m, texts[i].key, *approval_text(&copy, &texts[i]));
}

static void approval_json(const struct approval *a, int64_t now)
{
	AUTO(buf_fini) struct buf line = {0};
	struct members m = members_open(&line, '{');
	size_t n;
	member_int(&m, "id", a->id);
	member_text(&m, "state", str_c(verb_approval_state_of(a, now)));
	verb_approval_put_texts(&m, a, 0, FIRST_TEXTS);
	member_str(&m, "by", a->by);
	member_time(&m, "at", a->at);
	member_time(&m, "until", a->until);
	member_bool(&m, "automatic", a->automatic);
	member_time(&m, "ended", a->ended);
	member_str(&m, "ended_by", a->ended_by);
	member_str(&m, "ended_reason", a->ended_reason);
	verb_approval_put_texts(&m, a, FIRST_TEXTS, SIZE_MAX);
	member_time(&m, "valid_from", a->from);
	const struct approval_allowed *may = approval_allowed(&n);
	for (size_t i = 0; i < n; i++)
		member_bool(&m, may[i].key, a->allows & may[i].bit);
	print_members(&m);
}

/* Such an approval is most often of a version that did not tell claims from facts. */
static void tell_claims(const struct session *s)
{
	size_t n = 0;
	for (size_t i = 0; i < approvals_count(s->desk.approvals); i++) {
		const struct approval *a = approvals_at(s->desk.approvals, i);
		n += approval_stands(a, s->now) && !approval_takes_claims(a);
	}
	if (n)
		fprintf(stderr, "s3triage: %zu approval%s no account that is only claimed (no owner override:"
			" S3 does not check it); where it is meant, grant with --dest-bucket NAME or --claims\n",
			n, n == 1 ? " fits" : "s fit");
}

/* Who ended it, when and why. */
static void put_end(const struct approval *a, struct buf *out)
{
	char when[WHEN_TEXT_MAX];
	if (a->ended == WHEN_NONE)
		return;
	buf_fmt(out, ", ended %s by %.*s%s%.*s", when_format(a->ended, when), STR_ARG(a->ended_by),
		a->ended_reason.n ? ": " : "", STR_ARG(a->ended_reason));
}

static int verb_approval_list(const struct session *s, const struct cli *cli)
{
	struct buf line = {0};
	for (size_t i = 0; i < approvals_count(s->desk.approvals); i++) {
		const struct approval *a = approvals_at(s->desk.approvals, i);
		if (cli->text[OPT_JSON]) {
			approval_json(a, s->now);
			continue;
		}
		buf_fmt(&line, "%-5" PRId64 " %-8s ", a->id, verb_approval_state_of(a, s->now));
		approval_describe(a, &line);
		buf_fmt(&line, "  (granted by %.*s%s%.*s", STR_ARG(a->by), a->owner.n ? ", owner " : "",
			STR_ARG(a->owner));
		put_end(a, &line);
		buf_char(&line, ')');
		verb_approval_print_line(&line);
	}
	buf_fini(&line);
	tell_claims(s);
	return session_exit(s);
}

/* ---- what a plan says --------------------------------------------------------------------- */

static void proposal_json(const struct session *s, const struct proposal *p, const char *what,
	bool dry)
{
	AUTO(buf_fini) struct buf line = {0}, why = {0};
	const struct alert *a = store_alert(s->desk.store, p->row);
	struct members m = members_open(&line, '{');
	member_text(&m, "id", a->id);
	member_str(&m, "bucket", a->bucket);
	member_int(&m, "approval", p->approval->id);
	member_text(&m, "what", str_c(what));
	proposal_explain(p, a, &why);
	member_str(&m, "why", buf_str(&why));
	member_bool(&m, "dry_run", dry);
	member_open(&m, "misfits", '[');
	for (int i = 0; i < MISFIT_COUNT; i++)
		if (p->misfit >> i & 1)
			member_text(&m, NULL, str_c(misfit_name((enum misfit_index)i)));
	print_members(&m);
}

static void proposal_plain(const struct session *s, const struct proposal *p, const char *glyph)
{
	struct buf line = {0};
	const struct alert *a = store_alert(s->desk.store, p->row);
	buf_fmt(&line, "  %s %.*s  %.*s  approval %" PRId64, glyph, STR_ARG(str_sub(a->id, 0, 20)),
		STR_ARG(a->bucket), p->approval->id);
	if (p->misfit)
		buf_c(&line, "  ");
	proposal_explain(p, a, &line);
	verb_approval_print_line(&line);
	buf_fini(&line);
}

struct part {
	const struct proposal *v;
	size_t n;
	const char *glyph, *json, *done, *would;
	bool rare; /* nothing is said of none */
};

/* "7 alerts outside the limits, open as before: role differs 2, region 1" */
static void print_head(const struct part *p, bool dry)
{
	size_t counts[MISFIT_COUNT] = {0};
	struct buf why = {0};
	for (size_t i = 0; i < p->n; i++)
		misfits_count(counts, p->v[i].misfit);
	misfits_say(counts, &why);
	printf("%zu %s %s%s%s\n", p->n, p->n == 1 ? "alert" : "alerts", dry ? p->would : p->done,
		why.n ? ": " : "", buf_cstr(&why));
	buf_fini(&why);
}

static void print_part(const struct session *s, const struct cli *cli, const struct part *p)
{
	bool dry = cli->text[OPT_DRY_RUN];
	if (!p->n && p->rare)
		return;
	if (!cli->text[OPT_JSON])
		print_head(p, dry);
	for (size_t i = 0; i < p->n; i++) {
		if (cli->text[OPT_JSON])
			proposal_json(s, &p->v[i], p->json, dry);
		else
			proposal_plain(s, &p->v[i], p->glyph);
	}
}

static void print_plan(const struct session *s, const struct cli *cli, const struct approval_plan *p)
{
	const struct part parts[] = {
		{p->fits, p->n_fits, "+", "approve", "marked approved", "would be marked approved", false},
		{p->reopen, p->n_reopen, "?", "reopen", "reopened", "would be reopened", false},
		{p->moves, p->n_moves, "=", "move", "kept by another automatic approval",
			"would be kept by another automatic approval", true},
		{p->outside, p->n_outside, "-", "outside", "outside the limits, open as before",
			"outside the limits, open as before", false},
	};
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		print_part(s, cli, &parts[i]);
}

/* Where a plan's decisions go, as `decide` says it. */
static void verb_approval_say_targets(const struct session *s, const struct cli *cli,
	const struct approval_plan *p)
{
	const struct {
		const struct proposal *v;
		size_t n;
	} parts[] = {{p->fits, p->n_fits},
		{p->reopen, p->n_reopen}, {p->moves, p->n_moves}};
	AUTO(mem_free_ptr) const struct alert **alerts = mem_array(p->n_fits + p->n_reopen + p->n_moves,
		sizeof(*alerts));
	size_t n = 0;
	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		for (size_t k = 0; k < parts[i].n; k++)
			alerts[n++] = store_alert(s->desk.store, parts[i].v[k].row);
	share_say(s, cli, alerts, n);
}

static bool apply_plan(struct session *s, const struct cli *cli, const struct approval_ask *ask,
	struct err *err)
{
	struct approval_plan plan;
	desk_plan(&s->desk, s->desk.approvals, ask, &plan);
	bool ok = cli->text[OPT_DRY_RUN] || desk_apply(&s->desk, &plan, ask->automatic, err);
	if (ok) {
		print_plan(s, cli, &plan);
		verb_approval_say_targets(s, cli, &plan);
	}
	approval_plan_fini(&plan);
	return ok;
}

/* ---- the others --------------------------------------------------------------------------- */

static bool read_id(const struct session *s, const struct cli *cli, int64_t *id, struct err *err)
{
	if (cli->n_words < 2 || !str_int(str_c(cli->words[1]), id) || *id <= 0)
		return err_set(err, ERR_USAGE, "say which approval: its number in `approval list`");
	return approvals_find(s->desk.approvals, *id) ||
		err_set(err, ERR_INPUT, "there is no approval %" PRId64, *id);
}

static void read_texts(const struct cli *cli, struct approval *a)
{
	static const enum option_id options[] = {OPT_ACCOUNT, OPT_ROLE, OPT_BUCKET, OPT_ACTOR, OPT_OWNER,
		OPT_TICKET, OPT_NOTE, OPT_DEST_BUCKET, OPT_REGION, OPT_PARTITION, OPT_PREFIX, OPT_TAGS,
		OPT_KMS_KEY, OPT_STORAGE, OPT_PERSON, OPT_PROVIDER};
	size_t n;
	const struct approval_text *texts = approval_texts(&n);
	for (size_t i = 0; i < n && i < sizeof(options) / sizeof(options[0]); i++)
		*approval_text(a, &texts[i]) = str_c(cli->text[options[i]]);
}

static bool read_terms(const struct session *s, const struct cli *cli, struct approval *a,
	struct err *err)
{
	*a = (struct approval){.until = WHEN_NONE, .ended = WHEN_NONE, .from = approval_from(s->now),
		.automatic = cli->text[OPT_AUTO] != NULL,
		.allows = (cli->text[OPT_NO_OVERRIDE] ? 0u : ALLOW_OVERRIDE) |
			(cli->text[OPT_DELETES] ? ALLOW_DELETES : 0u) |
			(cli->text[OPT_EXISTING] ? ALLOW_EXISTING : 0u) |
			(cli->text[OPT_REPLICAS] ? ALLOW_REPLICAS : 0u) |
			(cli->text[OPT_CLAIMS] ? ALLOW_CLAIMS : 0u)};
	read_texts(cli, a);
	if (!cli->text[OPT_NOTE])
		a->note = str_c(cli->text[OPT_REASON]);
	else if (cli->text[OPT_REASON])
		fputs("s3triage: an approval has one text: --note is recorded, --reason is not\n", stderr);
	if (!read_time(cli, OPT_VALID_FROM, s->now, &a->from, err) ||
		!read_time(cli, OPT_UNTIL, s->now, &a->until, err))
		return false;
	if (a->until != WHEN_NONE && a->until <= s->now)
		return err_set(err, ERR_USAGE, "--until %s has passed", cli->text[OPT_UNTIL]);
	return approval_can_fit(a, err);
}

static void verb_approval_warn(struct str text)
{
	AUTO(buf_fini) struct buf line = {0};
	utf8_visible(&line, text, false);
	fprintf(stderr, "s3triage: warning: %s\n", buf_cstr(&line));
}

/* What would fit, on a dry run; and whom its actor stands for, ever. */
static void verb_approval_preview(struct session *s, const struct cli *cli, const struct approval *a)
{
	AUTO(buf_fini) struct buf people = {0};
	struct approvals *one = approvals_new();
	struct approval_plan plan;
	approvals_take(one, &(struct approval_row){.seq = 1, .event = APPROVAL_GRANTED, .id = 1,
		.terms = *a});
	desk_plan(&s->desk, one, &(struct approval_ask){.now = s->now}, &plan);
	approval_people(a, s->desk.store, &plan, &people);
	if (people.n)
		verb_approval_warn(buf_str(&people));
	AUTO(buf_fini) struct buf line = {0};
	struct members m = members_open(&line, '{');
	member_int(&m, "fits", (int64_t)plan.n_fits);
	member_int(&m, "outside", (int64_t)plan.n_outside);
	member_bool(&m, "dry_run", true);
	if (cli->text[OPT_DRY_RUN] && cli->text[OPT_JSON])
		print_members(&m);
	else if (cli->text[OPT_DRY_RUN])
		print_plan(s, cli, &plan);
	approval_plan_fini(&plan);
	approvals_free(one);
}

static void approval_say_doubts(const struct session *s, const struct approval *a)
{
	AUTO(buf_fini) struct buf lines = {0};
	approval_doubts(a, s->desk.store, &lines);
	for (struct str rest = buf_str(&lines); rest.n;)
		verb_approval_warn(str_cut(&rest, '\n'));
}

static bool verb_approval_add(struct session *s, const struct cli *cli, struct err *err)
{
	struct approval a;
	int64_t id = 1;
	if (!read_terms(s, cli, &a, err))
		return false;
	a.id = 1;
	approval_say_doubts(s, &a);
	verb_approval_preview(s, cli, &a);
	if (cli->text[OPT_DRY_RUN])
		return true;
	if (!desk_approve(&s->desk, &a, &id, err))
		return false;
	AUTO(buf_fini) struct buf line = {0};
	if (cli->text[OPT_JSON]) {
		struct members m = members_open(&line, '{');
		member_int(&m, "id", id);
		print_members(&m);
		return true;
	}
	buf_fmt(&line, "approval %" PRId64 ": ", id);
	approval_describe(&a, &line);
	verb_approval_print_line(&line);
	return true;
}

/* Ended, and what it had closed is open again. */
static bool end(struct session *s, const struct cli *cli, struct err *err)
{
	int64_t id;
	if (!read_id(s, cli, &id, err))
		return false;
	if (cli->text[OPT_DRY_RUN])
		approvals_take(s->desk.approvals, &(struct approval_row){.event = APPROVAL_ENDED, .id = id,
			.at = s->now, .analyst = s->desk.analyst});
	else if (!desk_amend(&s->desk, &(struct approval_change){.id = id, .end = true,
			.reason = str_c(cli->text[OPT_REASON])}, err) || err->code)
		return false;
	return apply_plan(s, cli, &(struct approval_ask){.now = s->now, .only = id}, err);
}

static bool set_auto(struct session *s, const struct cli *cli, struct err *err)
{
	int64_t id;
	if (!read_id(s, cli, &id, err))
		return false;
	bool on = cli->n_words == 3 && strcmp(cli->words[2], "on") == 0;
	if (!on && (cli->n_words != 3 || strcmp(cli->words[2], "off") != 0))
		return err_set(err, ERR_USAGE, "approval auto ID on, or off");
	if (!cli->text[OPT_DRY_RUN] &&
		!desk_amend(&s->desk, &(struct approval_change){.id = id, .automatic = on}, err))
		return false;
	if (!cli->text[OPT_JSON])
		printf("approval %" PRId64 " %s\n", id,
			on ? "decides without being asked" : "proposes, and decides nothing alone");
	return true;
}

static bool verb_approval_apply(struct session *s, const struct cli *cli, struct err *err)
{
	struct approval_ask ask = {.now = s->now, .automatic = cli->text[OPT_AUTO] != NULL};
	if (cli->n_words > 1 && !read_id(s, cli, &ask.only, err))
		return false;
	return apply_plan(s, cli, &ask, err);
}

struct word {
	const char *name;
	bool (*run)(struct session *s, const struct cli *cli, struct err *err); /* NULL: list() */
	size_t most; /* words, with itself */
};

static const struct word words[] = {{"add", verb_approval_add, 1}, {"list", NULL, 1},
	{"end", end, 2}, {"auto", set_auto, 3}, {"apply", verb_approval_apply, 2}};

static const struct word *find_word(const char *name)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i].name, name) == 0)
			return &words[i];
	return NULL;
}

/* Nobody looked at each alert that an approval decides: it must be one that was really granted. */
static bool is_sure(const struct session *s, const struct cli *cli, const struct word *w)
{
	bool decides = w->run == verb_approval_apply || w->run == end;
	if (!decides || !s->desk.unsound || cli->text[OPT_DRY_RUN])
		return true;
	fputs("s3triage: nothing is decided by approvals of such a journal\n", stderr);
	return false;
}

/* What it decides goes where a decision by hand would. */
static int carry_out(struct session *s, const struct cli *cli, const struct word *w)
{
	struct err err = {0};
	share_open_or_warn(s, cli);
	int code = w->run(s, cli, &err) ? session_exit(s) : cli_fail(&err);
	share_flush(s, cli, false);
	if (share_conflicts(s) && code == EXIT_FINE)
		code = EXIT_FAILED;
	return code;
}

static int verb_approval_run(struct session *s, const struct cli *cli, const struct word *w)
{
	struct err err = {0};
	bool sources = cli->n_sources || cli->text[OPT_DEMO];
	bool look = cli->text[OPT_DRY_RUN] || !w->run;
	unsigned want = cli->verb->opens | (sources ? WANT_SCAN : 0) | (look ? WANT_JOURNAL : WANT_WRITE) |
		(w->run == verb_approval_add ? WANT_NEW : 0);
	if (!session_init(s, cli, want, &err) ||
		(sources && !session_load(s, cli, &err)) || !desk_recall(&s->desk, true, &err))
		return cli_fail(&err);
	if (!is_sure(s, cli, w))
		return EXIT_BAD_INPUT;
	return w->run ? carry_out(s, cli, w) : verb_approval_list(s, cli);
}

static int verb_approval(struct cli *cli)
{
	if (!cli->n_words)
		return cli_usage("approval is followed by add, list, end, auto or apply");
	const struct word *w = find_word(cli->words[0]);
	if (!w)
		return cli_usage("approval is followed by add, list, end, auto or apply, not '%s'",
			cli->words[0]);
	if (cli->n_words > w->most)
		return cli_usage("approval %s takes no '%s'", w->name, cli->words[w->most]);
	struct session s = {0};
	int code = verb_approval_run(&s, cli, w);
	session_fini(&s);
	return code;
}

#define TERM_OPTIONS OPT_ACCOUNT, OPT_ROLE, OPT_BUCKET, OPT_ACTOR, OPT_DEST_BUCKET, OPT_REGION, \
	OPT_PARTITION, OPT_PREFIX, OPT_TAGS, OPT_KMS_KEY, OPT_STORAGE, OPT_PERSON, OPT_PROVIDER, \
	OPT_VALID_FROM, OPT_CLAIMS, OPT_DELETES, OPT_EXISTING, OPT_REPLICAS, OPT_NO_OVERRIDE, OPT_OWNER, OPT_TICKET

const struct verb_row approval_verb = {
	.name = "approval",
	.synopsis = "add | list | end ID | auto ID on|off | apply [ID]",
	.help = "approvals of accounts, with limits and an end; apply decides what fits",
	.example = "s3triage approval add --account 777788889999 --bucket 'acme-logs-*'"
		" --until 90d --ticket CHG-204",
	.run = verb_approval,
	TAKES(ALERT_OPTIONS, OPT_JSON, OPT_REASON, OPT_NOTE, OPT_DRY_RUN, OPT_ANALYST, OPT_NO_SEND, OPT_AUTO,
		TERM_OPTIONS),
	PARTS(PART("add", OPT_UNTIL, OPT_REASON, OPT_NOTE, OPT_AUTO, TERM_OPTIONS), PART("end", OPT_REASON),
		PART("apply", OPT_AUTO), {"list", NULL}, {"auto", NULL}),
	.opens = WANT_RULE | WANT_CONFIG,
	.ways = VERB_GRANTS,
};
