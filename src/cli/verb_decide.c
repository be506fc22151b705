/*
 * decide: verdicts from the command line. All alerts named are decided in one transaction, or,
 * when one of them is unknown, none.
 */
#include "seals.h"
#include "share.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/utf8.h"

#include <stdlib.h>

struct plan {
	struct journal_entry *entries; /* the ones that change */
	row_id *rows;                     /* all that were named, once each */
	size_t n_entries, n_rows;
	size_t n_theirs;                  /* that are so already, by another's word */
	struct str theirs;                /* the last of those; "": several */
	enum verdict verdict;
};

static bool already(const struct plan *p, row_id r)
{
	for (size_t i = 0; i < p->n_rows; i++)
		if (p->rows[i] == r)
			return true;
	return false;
}

/* The same verdict again is a decision only when it brings another reason or note. */
static bool verb_decide_changes(
	const struct session *s, const struct cli *cli, enum verdict v, row_id r)
{
	const struct decision *d = store_decision(s->desk.store, r);
	if (store_verdict(s->desk.store, r) != v)
		return true;
	return (cli->text[OPT_REASON] || cli->text[OPT_NOTE]) &&
		(!str_eq(str_c(cli->text[OPT_REASON]), d ? d->reason : STR("")) ||
		!str_eq(str_c(cli->text[OPT_NOTE]), d ? d->note : STR("")));
}

/* Who agrees with another takes no word over: whose it is, stays so. */
static bool agrees(struct plan *p, const struct session *s, const struct cli *cli, row_id r)
{
	const struct decision *d = desk_word(&s->desk, r);
	if (cli->text[OPT_OVERWRITE] || !d || d->verdict != p->verdict)
		return false;
	struct str who = decision_who(d);
	p->theirs = p->n_theirs++ && !str_eq(p->theirs, who) ? STR("others") : who;
	return true;
}

/* An id that was decided on when it had other facts: told, and never decided in passing. */
static bool look_alone(const struct session *s, const struct plan *p, struct err *err)
{
	for (size_t i = 0; i < p->n_rows; i++) {
		if (!store_other(s->desk.store, p->rows[i]))
			continue;
		AUTO(buf_fini) struct buf what = {0};
		other_words(s->desk.store, p->rows[i], &what);
		if (p->n_rows > 1)
			return err_set(err, ERR_USAGE, "nothing is decided: %.*s was decided on other "
				"content: %s; decide it by itself",
				STR_ARG(store_alert(s->desk.store, p->rows[i])->id), buf_cstr(&what));
		AUTO(buf_fini) struct buf line = {0};
		utf8_visible(&line, buf_str(&what), false);
		fprintf(stderr, "s3triage: this id was decided on other content: %s\n", buf_cstr(&line));
	}
	return true;
}

static bool verb_decide_make_plan(struct plan *p, const struct session *s, const struct cli *cli,
	struct err *err)
{
	p->entries = mem_array(cli->n_words, sizeof(*p->entries));
	p->rows = mem_array(cli->n_words, sizeof(*p->rows));
	for (size_t i = 1; i < cli->n_words; i++) {
		row_id r = session_find(s, cli, cli->words[i], err);
		if (r == ROW_NONE)
			return err_prefix(err, "nothing is decided");
		if (already(p, r))
			continue;
		p->rows[p->n_rows++] = r;
		const struct decision *d = store_decision(s->desk.store, r);
		if (agrees(p, s, cli, r))
			continue;
		if (verb_decide_changes(s, cli, p->verdict, r))
			p->entries[p->n_entries++] = (struct journal_entry){
				.alert = store_alert(s->desk.store, r), .verdict = p->verdict,
				.careful = !cli->text[OPT_OVERWRITE], .knew = d ? d->seq : 0,
				.reason = str_c(cli->text[OPT_REASON]),
				.note = str_c(cli->text[OPT_NOTE])};
	}
	return look_alone(s, p, err) && (!s->desk.journal || journal_takes(s->desk.journal, p->n_entries, err) ||
		err_prefix(err, "nothing is decided"));
}

static void verb_decide_print_json(const struct plan *p, const struct session *s,
	const struct cli *cli, const enum verdict *before)
{
	AUTO(buf_fini) struct buf out = {0};
	for (size_t i = 0; i < p->n_rows; i++) {
		struct members m = members_open(&out, '{');
		member_text(&m, "id", store_alert(s->desk.store, p->rows[i])->id);
		member_text(&m, "from", str_c(verdict_name(before[i])));
		member_text(&m, "verdict", str_c(verdict_name(p->verdict)));
		member_bool(&m, "changed", before[i] != p->verdict);
		member_bool(&m, "dry_run", cli->text[OPT_DRY_RUN]);
		print_members(&m);
	}
}

/* Where it goes is said before it goes. */
static void say_targets(const struct plan *p, const struct session *s, const struct cli *cli)
{
	const struct alert **alerts = mem_array(p->n_entries, sizeof(*alerts));
	for (size_t i = 0; i < p->n_entries; i++)
		alerts[i] = p->entries[i].alert;
	share_say(s, cli, alerts, p->n_entries);
	free(alerts);
}

static void verb_decide_print_plain(const struct plan *p, const struct session *s, const struct cli *cli)
{
	size_t same = p->n_rows - p->n_entries;
	printf("%zu %s %s %s", p->n_entries, p->n_entries == 1 ? "alert" : "alerts",
		cli->text[OPT_DRY_RUN] ? "would be marked" : "marked", verdict_name(p->verdict));
	if (same)
		printf(", %zu already %s", same, verdict_name(p->verdict));
	if (p->n_theirs) {
		AUTO(buf_fini) struct buf who = {0};
		utf8_visible(&who, p->theirs, false);
		printf("%s by %s", p->n_theirs < same ? ", some" : "", buf_cstr(&who));
	}
	putchar('\n');
	say_targets(p, s, cli);
}

/* What the guide still asks, so that nobody decides past it unaware. */
static void tell_steps(const struct plan *p, struct session *s, const struct cli *cli)
{
	struct arena mem = {0};
	struct checklist steps;
	if (p->n_rows != 1 || p->verdict == VERDICT_OPEN || cli->text[OPT_QUIET])
		return;
	desk_steps(&s->desk, &(struct desk_steps){.row = p->rows[0], .guide = s->desk.rule->note}, &mem, &steps);
	if (checklist_open(&steps))
		fprintf(stderr, "%zu of the guide's steps are neither ticked nor answered: see"
			" s3triage checklist\n", checklist_open(&steps));
	arena_fini(&mem);
}

static bool decide_conflict(struct err *err)
{
	char text[sizeof(err->text)];
	snprintf(text, sizeof(text), "%s", err->text);
	return err_set(err, ERR_CONFLICT, "nothing is decided: %.400s; --overwrite replaces it", text);
}

static bool verb_decide_record(const struct plan *p, struct session *s, const struct cli *cli,
	struct err *err)
{
	if (cli->text[OPT_DRY_RUN] || !p->n_entries)
		return true;
	if (!desk_decide(&s->desk, p->entries, p->n_entries, err))
		return err->code == ERR_CONFLICT && decide_conflict(err);
	if (err->code)
		cli_fail(err); /* it is recorded all the same */
	*err = (struct err){0};
	return true;
}

/* Nobody else's word is replaced unseen: the headless way of asking first. What comes between this
 * and the record, the journal finds. */
static bool check_others(const struct plan *p, const struct session *s, const struct cli *cli,
	struct err *err)
{
	for (size_t i = 0; !cli->text[OPT_OVERWRITE] && i < p->n_rows; i++) {
		const struct decision *d = desk_word(&s->desk, p->rows[i]);
		if (d && d->verdict != p->verdict) {
			journal_conflict(d, err);
			return decide_conflict(err);
		}
	}
	return true;
}

/* What was to be written on them has no place in another's row. */
static bool left_words(const struct plan *p, const struct cli *cli)
{
	if (!p->n_theirs || !(cli->text[OPT_REASON] || cli->text[OPT_NOTE]))
		return false;
	fprintf(stderr, "s3triage: your words are not recorded on %zu alert%s that another decided so already;"
		" --overwrite makes the verdict yours\n", p->n_theirs, plural(p->n_theirs));
	return true;
}

struct chosen {
	struct outbox *outbox;
	size_t n;
};

/* A decision of this run, so the conflict about its alert is the one that --overwrite speaks of. */
static void overwrite(void *ctx, const struct outbox_entry *e)
{
	struct chosen *c = ctx;
	AUTO(buf_fini) struct buf key = {0};
	size_t n = 0;
	outbox_key_of(c->outbox, e->seq, &key);
	const struct outbox_choice choice = {.id = buf_str(&key), .overwrite = true};
	if (key.n && outbox_choose(c->outbox, &choice, &n, NULL))
		c->n += n;
}

/* What was decided is recorded, whatever becomes of this: the outbox keeps what does not arrive. */
static int verb_decide_send(const struct plan *p, struct session *s, const struct cli *cli)
{
	struct chosen c = {s->desk.out.outbox, 0};
	const struct outbox_visit v = {overwrite, &c, 0};
	if (!c.outbox || !p->n_entries || cli->text[OPT_DRY_RUN])
		return EXIT_FINE;
	share_flush(s, cli, false); /* an unreachable server is told, and is no failure of the decision */
	if (cli->text[OPT_OVERWRITE]) {
		share_conflicts(s);
		desk_fresh(&s->desk, STR(""), &v, NULL);
	}
	if (c.n)
		share_flush(s, cli, false);
	return share_conflicts(s) ? EXIT_FAILED : EXIT_FINE;
}

static int verb_decide_decide(struct plan *p, struct session *s, const struct cli *cli)
{
	struct err err = {0};
	if (!verb_decide_make_plan(p, s, cli, &err) || !check_others(p, s, cli, &err))
		return cli_fail(&err);
	enum verdict *before = mem_array(p->n_rows, sizeof(*before));
	for (size_t i = 0; i < p->n_rows; i++)
		before[i] = store_verdict(s->desk.store, p->rows[i]);
	int code = session_exit(s);
	if (!verb_decide_record(p, s, cli, &err))
		code = cli_fail(&err);
	else if (cli->text[OPT_JSON])
		verb_decide_print_json(p, s, cli, before);
	else
		verb_decide_print_plain(p, s, cli);
	if (!err.code && left_words(p, cli))
		code = EXIT_FAILED;
	if (!err.code)
		tell_steps(p, s, cli);
	free(before);
	int sent = err.code ? EXIT_FINE : verb_decide_send(p, s, cli);
	return sent == EXIT_FINE ? code : sent;
}

static int verb_decide_run(struct plan *p, struct session *s, const struct cli *cli)
{
	struct err err = {0};
	bool sources = cli->n_sources || cli->text[OPT_DEMO];
	unsigned want = cli->verb->opens | (sources ? WANT_SCAN : 0) |
		(cli->text[OPT_DRY_RUN] ? WANT_JOURNAL : WANT_WRITE);
	if (!session_init(s, cli, want, &err) || (sources && !session_load(s, cli, &err)) ||
		!desk_recall(&s->desk, true, &err))
		return cli_fail(&err);
	share_open_or_warn(s, cli);
	return verb_decide_decide(p, s, cli);
}

static int verb_decide(struct cli *cli)
{
	struct plan plan = {0};
	if (cli->n_words < 2)
		return cli_usage("decide takes a verdict and the alerts: "
				 "s3triage decide approved ID... --from SOURCE...");
	if (!verdict_parse(str_c(cli->words[0]), &plan.verdict))
		return cli_usage("a verdict is approved, suspicious or open, not '%s'", cli->words[0]);
	struct session s = {0};
	int code = verb_decide_run(&plan, &s, cli);
	if (!cli->text[OPT_DRY_RUN])
		seal_when_due(&s, cli, false);
	session_fini(&s);
	free(plan.entries);
	free(plan.rows);
	return code;
}

const struct verb_row decide_verb = {
	.name = "decide",
	.synopsis = "VERDICT ID... --from SOURCE...",
	.help = "record a verdict: approved, suspicious, open",
	.example = "s3triage decide suspicious ID --from logs/ --reason exfiltration"
		" --note IR-204",
	.run = verb_decide,
	TAKES(ALERT_OPTIONS, OPT_JSON, OPT_REASON, OPT_NOTE, OPT_DRY_RUN, OPT_ANALYST,
		OPT_OVERWRITE, OPT_NO_SEND),
	.opens = WANT_RULE | WANT_CONFIG | WANT_BOOK | WANT_NEW,
	.words = 2,
};
