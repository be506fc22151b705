/*
 * checklist: the guide's steps for one alert, with what the alert answers and what was ticked; and
 * ticking one, which is recorded in the journal.
 */
#include "cli_priv.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/utf8.h"
#include "s3triage/base/when.h"

static void print_step_json(const struct checklist_step *s)
{
	AUTO(buf_fini) struct buf line = {0};
	struct members m = members_open(&line, '{');
	member_text(&m, "key", s->key);
	member_text(&m, "phase", str_c(checklist_phase_name(s->phase)));
	member_text(&m, "heading", s->heading);
	member_text(&m, "text", s->text);
	member_str(&m, "evidence", s->evidence);
	member_bool(&m, "ticked", s->ticked);
	member_str(&m, "ticked_by", s->ticked ? s->ticked_by : STR(""));
	member_time(&m, "ticked_at", s->ticked ? s->ticked_at : WHEN_NONE);
	member_str(&m, "note", s->note);
	member_str(&m, "ticked_on_other_content_by", s->other_by);
	member_time(&m, "ticked_on_other_content_at", s->other_by.n ? s->other_at : WHEN_NONE);
	print_members(&m);
}

static void print_step(const struct checklist_step *s)
{
	char when[WHEN_TEXT_MAX];
	struct buf line = {0};
	buf_fmt(&line, " [%c] %-14.*s  ", s->ticked ? 'x' : s->evidence.n ? '-' : ' ',
		STR_ARG(s->key));
	utf8_visible(&line, s->title, false);
	if (s->ticked) {
		buf_c(&line, "\n                       ticked by ");
		utf8_visible(&line, s->ticked_by, false);
		buf_fmt(&line, " at %s", when_format(s->ticked_at, when));
		if (s->note.n)
			buf_c(&line, ": ");
		utf8_visible(&line, s->note, false);
	}
	if (s->other_by.n) {
		buf_c(&line, "\n                       ticked on other content by ");
		utf8_visible(&line, s->other_by, false);
		buf_fmt(&line, " at %s", when_format(s->other_at, when));
	}
	if (s->evidence.n) {
		buf_c(&line, "\n                       ");
		utf8_visible(&line, s->evidence, false);
	}
	puts(buf_cstr(&line));
	buf_fini(&line);
}

static void print_heading(struct str heading)
{
	struct buf line = {0};
	utf8_visible(&line, heading, false);
	puts(buf_cstr(&line));
	buf_fini(&line);
}

static void print_steps(const struct checklist *list, bool json)
{
	struct str heading = {0};
	for (size_t i = 0; i < list->n; i++) {
		const struct checklist_step *s = &list->steps[i];
		if (json) {
			print_step_json(s);
			continue;
		}
		if (!str_eq(heading, s->heading))
			print_heading(s->heading);
		heading = s->heading;
		print_step(s);
	}
	if (!json)
		printf("steps to investigate: %zu ticked [x], %zu answered by data alone [-], %zu open\n",
			checklist_done(list), checklist_answered(list), checklist_open(list));
}

static const struct checklist_step *step_named(const struct checklist *list, const char *key)
{
	for (size_t i = 0; i < list->n; i++)
		if (str_is(list->steps[i].key, key))
			return &list->steps[i];
	return NULL;
}

/* The same word again is no row of its own: whose tick it is, stays so. */
static bool nothing_new(const struct checklist_step *step, bool done, struct str note)
{
	char when[WHEN_TEXT_MAX];
	AUTO(buf_fini) struct buf who = {0};
	if (step->ticked != done || (done && note.n && !str_eq(note, step->note.n ? step->note : step->evidence)))
		return false;
	utf8_visible(&who, step->ticked_by, false);
	if (done)
		fprintf(stderr, "s3triage: nothing is recorded: ticked by %s at %s already\n", buf_cstr(&who),
			when_format(step->ticked_at, when));
	else
		fprintf(stderr, "s3triage: nothing is recorded: the step is not ticked\n");
	return true;
}

/* What the journal holds then is what is shown. */
static bool tick(struct session *s, const struct cli *cli, const struct alert *a,
	const struct checklist *list, struct err *err)
{
	bool done = cli->text[OPT_TICK];
	const char *key = done ? cli->text[OPT_TICK] : cli->text[OPT_UNTICK];
	const struct tick t = {.about = a, .alert_id = alert_name(a), .event_id = a->event_id, .rule_id = a->rule_id,
		.step = str_c(key), .done = done, .text = str_c(cli->text[OPT_NOTE])};
	const struct checklist_step *step = step_named(list, key);
	if (!step)
		return err_set(err, ERR_USAGE, "no step of the guide has the key '%s'", key);
	return nothing_new(step, done, t.text) ||
		(desk_tick(&s->desk, &t, err) && !err->code);
}

static int checklist(struct session *s, const struct cli *cli, struct arena *mem)
{
	struct err err = {0};
	struct checklist list;
	bool write = cli->text[OPT_TICK] || cli->text[OPT_UNTICK];
	bool sources = cli->n_sources || cli->text[OPT_DEMO];
	if (!session_init(s, cli, cli->verb->opens | (sources ? WANT_SCAN : 0) |
		(write ? WANT_WRITE : WANT_JOURNAL), &err) ||
		(sources && !session_load(s, cli, &err)) || !desk_recall(&s->desk, true, &err))
		return cli_fail(&err);
	row_id r = session_find(s, cli, cli->words[0], &err);
	if (r == ROW_NONE)
		return cli_fail(&err);
	desk_steps(&s->desk, &(struct desk_steps){.row = r, .guide = s->desk.rule->note}, mem, &list);
	if (write && !tick(s, cli, store_alert(s->desk.store, r), &list, &err))
		return cli_fail(&err);
	if (write)
		desk_steps(&s->desk, &(struct desk_steps){.row = r, .guide = s->desk.rule->note}, mem, &list);
	print_steps(&list, cli->text[OPT_JSON]);
	return session_exit(s);
}

static int verb_checklist(struct cli *cli)
{
	if (cli->n_words != 1)
		return cli_usage("checklist takes one ID and its sources: "
				 "s3triage checklist ID --from SOURCE...");
	struct session s = {0};
	struct arena mem = {0};
	int code = checklist(&s, cli, &mem);
	session_fini(&s);
	arena_fini(&mem);
	return code;
}

const struct verb_row checklist_verb = {
	.name = "checklist",
	.synopsis = "ID --from SOURCE...",
	.help = "the guide's steps for an alert: answers, ticks",
	.example = "s3triage checklist ID --from logs/ --tick KEY --note 'asked the owner'",
	.run = verb_checklist,
	TAKES(ALERT_OPTIONS, OPT_JSON, OPT_TICK, OPT_UNTICK, OPT_NOTE, OPT_ANALYST),
	.opens = WANT_RULE | WANT_CONFIG | WANT_BOOK | WANT_CONTEXT,
	.words = 1,
};
