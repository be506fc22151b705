/*
 * history: who decided what, when and why.
 */
#include "cli_priv.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/utf8.h"
#include "s3triage/base/when.h"
#include "s3triage/event/json.h"
#include "s3triage/alert/content.h"

#include <stdlib.h>

/* What a row is about. */
struct about {
	struct str alert_id, event_id, rule_id;
};

struct printer {
	bool json, whole; /* whole: the log of all, so that a line says which alert it is about */
	size_t n;
	int64_t last;     /* the time of the row that was printed before */
	struct str digits;           /* of "ID~digits" */
	size_t others;               /* on other content of that ID: not printed */
	struct content all, only;    /* of the id; what the digits stand for, when that was decided on */
	unsigned varied;             /* the facts in which decisions of the id differ */
	struct arena mem;
	struct str asked;            /* the id itself */
	struct about *about;         /* of its decisions, by which its ticks are known; on the heap, as */
	int64_t *seqs;               /* the decisions' rows */
	size_t n_rows, at;           /* of both; how many are printed */
};

#define KIND_DECISION "decision"
#define KIND_TICK "tick"

static void member_number(struct members *m, const char *key, int64_t n)
{
	if (n)
		member_int(m, key, n);
	else
		member_str(m, key, STR(""));
}

static void member_when(struct members *m, const char *key, int64_t ms, bool there)
{
	member_time(m, key, there ? ms : WHEN_NONE);
}

static void keys_of_decision(struct members *m, const struct decision *d)
{
	AUTO(json_free_ptr) struct json *facts = json_parse(d->facts, NULL);
	member_text(m, "from", str_c(verdict_name(d->from)));
	member_text(m, "verdict", str_c(verdict_name(d->verdict)));
	member_str(m, "reason", d->reason);
	member_str(m, "note", d->note);
	member_number(m, "undoes", d->undoes);
	member_bool(m, "redo", d->redo);
	member_str(m, "read_from", d->from_place);
	member_str(m, "restores_analyst", d->whose);
	member_when(m, "restores_decided_at", decision_made(d), d->whose.n);
	member_tree(m, "facts", facts);
	member_when(m, "decided_at", d->theirs, d->theirs);
}

/* What a tick, an approval or its end says: the row's own object. */
static void keys_of_other(struct members *m, const struct decision *d)
{
	AUTO(json_free_ptr) struct json *said = json_parse(d->facts, NULL);
	member_str(m, "reason", d->reason);
	member_tree(m, "facts", json_get(said, "facts"));
	json_remove(said, "facts");
	member_tree(m, "said", said);
}

static void verb_history_print_json(
	const struct printer *p, struct str kind, const struct decision *d)
{
	AUTO(buf_fini) struct buf line = {0};
	struct members m = members_open(&line, '{');
	member_int(&m, "seq", d->seq);
	member_time(&m, "at", d->at);
	member_text(&m, "kind", kind);
	member_str(&m, "analyst", d->analyst);
	member_str(&m, "alert_id", d->alert_id);
	member_str(&m, "event_id", d->event_id);
	if (str_is(kind, KIND_DECISION))
		keys_of_decision(&m, d);
	else
		keys_of_other(&m, d);
	member_number(&m, "approval", d->approval);
	member_bool(&m, "clock_back", p->n && d->at + JOURNAL_JUMP < p->last);
	member_str(&m, "hash", d->hash);
	print_members(&m);
}

static void put_text(const char *name, struct str text, struct buf *out)
{
	if (!text.n)
		return;
	buf_fmt(out, "  %s: ", name);
	utf8_visible(out, text, false);
}

static void verb_history_put_decision(const struct decision *d, struct buf *out)
{
	char when[WHEN_TEXT_MAX];
	buf_fmt(out, "  %s -> %s", verdict_name(d->from), verdict_name(d->verdict));
	if (d->undoes)
		buf_fmt(out, "  (%s %lld)", d->redo ? "again" : "takes back", (long long)d->undoes);
	if (d->whose.n) {
		buf_c(out, "  (taken back by ");
		utf8_visible(out, d->analyst, false);
		buf_fmt(out, ": %s by ", verdict_name(d->verdict));
		utf8_visible(out, d->whose, false);
		buf_fmt(out, ", %s, stands again)", when_format(d->whose_at, when));
	}
	if (d->theirs)
		buf_fmt(out, "  (read from %.*s, made at %s by its analyst's clock)",
			STR_ARG(d->from_place), when_format(d->theirs, when));
}

/* What was looked at: an id alone does not say. */
static void verb_history_put_facts(const struct printer *p, struct str facts, struct buf *out)
{
	struct arena mem = {0};
	struct content c;
	struct buf text = {0};
	content_of_facts(facts, &mem, &c);
	content_text(&c, p->varied, &text);
	put_text("on", buf_str(&text), out);
	buf_fini(&text);
	arena_fini(&mem);
}

/* {"step":"x","done":true} as "  step: x  done: true"; what a row of a later version says, too. */
static void put_said(struct str kind, const struct decision *d, struct buf *out)
{
	struct json *said = json_parse(d->facts, NULL);
	buf_c(out, "  ");
	utf8_visible(out, kind, false);
	if (d->approval)
		buf_fmt(out, " %lld", (long long)d->approval);
	for (const struct json *m = json_first(said); m; m = json_next(m)) {
		char tmp[JSON_SCALAR_MAX];
		if (json_type(m) == JSON_OBJECT)
			continue;
		buf_c(out, "  ");
		utf8_visible(out, json_key(m), false);
		buf_c(out, ": ");
		utf8_visible(out, json_text(m, tmp), false);
	}
	json_free(said);
}

static void tick_facts(const struct decision *d, struct buf *out)
{
	AUTO(json_free_ptr) struct json *said = json_parse(d->facts, NULL);
	if (json_get(said, "facts"))
		json_print(json_get(said, "facts"), out);
}

static void verb_history_print_plain(
	const struct printer *p, struct str kind, const struct decision *d)
{
	char when[WHEN_TEXT_MAX];
	struct buf line = {0};
	buf_fmt(&line, "%lld  %s  ", (long long)d->seq, when_format(d->at, when));
	utf8_visible(&line, d->analyst, false);
	if (p->whole && (d->alert_id.n || d->event_id.n)) {
		buf_c(&line, "  ");
		utf8_visible(&line, d->alert_id.n ? d->alert_id : d->event_id, false);
	}
	if (str_is(kind, KIND_DECISION))
		verb_history_put_decision(d, &line);
	else
		put_said(kind, d, &line);
	put_text("reason", d->reason, &line);
	put_text("note", d->note, &line);
	if (str_is(kind, KIND_DECISION))
		verb_history_put_facts(p, d->facts, &line);
	else if (p->varied && str_is(kind, KIND_TICK)) { /* else it is what the decisions were about */
		AUTO(buf_fini) struct buf facts = {0};
		tick_facts(d, &facts);
		verb_history_put_facts(p, buf_str(&facts), &line);
	}
	if (p->n && d->at + JOURNAL_JUMP < p->last)
		buf_fmt(&line, "  (%s before the row above: a clock was wrong)",
			when_span(p->last - d->at, when));
	puts(buf_cstr(&line));
	buf_fini(&line);
}

static void verb_history_print_row(void *ctx, struct str kind, const struct decision *d)
{
	struct printer *p = ctx;
	(p->json ? verb_history_print_json : verb_history_print_plain)(p, kind, d);
	p->n++;
	p->last = d->at;
}

/* With digits only what was about that content; what has no facts is about whatever has the id. */
static bool is_of_content(struct printer *p, struct str facts)
{
	struct arena mem = {0};
	struct content c;
	content_of_facts(facts, &mem, &c);
	bool shown = !p->digits.n || !content_known(&c) ||
		(content_known(&p->only) && !content_differs(&p->only, &c));
	p->others += !shown;
	arena_fini(&mem);
	return shown;
}

/* A step of the guide, ticked for this alert: by any name that its decisions have. */
static bool is_its_tick(const struct printer *p, const struct decision *d)
{
	bool is = p->asked.n && (str_eq(d->alert_id, p->asked) || str_eq(d->event_id, p->asked));
	for (size_t i = 0; i < p->n_rows && !is; i++) {
		const struct about *a = &p->about[i];
		is = (d->alert_id.n && str_eq(d->alert_id, a->alert_id)) || (d->event_id.n &&
			str_eq(d->event_id, a->event_id) && str_eq(d->rule_id, a->rule_id));
	}
	return is;
}

static bool tick_is_shown(struct printer *p, const struct decision *d)
{
	AUTO(buf_fini) struct buf facts = {0};
	tick_facts(d, &facts);
	return is_its_tick(p, d) && is_of_content(p, buf_str(&facts));
}

static void print_its_row(void *ctx, struct str kind, const struct decision *d)
{
	struct printer *p = ctx;
	bool decision = p->at < p->n_rows && p->seqs[p->at] == d->seq;
	p->at += decision;
	if (decision ? is_of_content(p, d->facts) : str_is(kind, KIND_TICK) && tick_is_shown(p, d))
		verb_history_print_row(p, kind, d);
}

/* Rows come in order. */
static void keep_row(struct printer *p, const struct decision *d)
{
	if (p->n_rows % 64 == 0) {
		p->about = mem_resize(p->about, p->n_rows + 64, sizeof(*p->about));
		p->seqs = mem_resize(p->seqs, p->n_rows + 64, sizeof(*p->seqs));
	}
	p->about[p->n_rows] = (struct about){arena_str(&p->mem, d->alert_id), arena_str(&p->mem, d->event_id),
		arena_str(&p->mem, d->rule_id)};
	p->seqs[p->n_rows++] = d->seq;
}

static void compare_decision(void *ctx, const struct decision *d)
{
	struct printer *p = ctx;
	struct content c;
	char digest[CONTENT_DIGEST];
	content_of_facts(d->facts, &p->mem, &c);
	content_digest(&c, digest);
	if (p->digits.n && str_starts(str_c(digest), p->digits))
		p->only = c;
	if (!content_known(&p->all))
		p->all = c;
	p->varied |= content_differs(&p->all, &c);
	content_join(&p->all, &c);
	keep_row(p, d);
}

/* What differs between its decisions is known before the first is printed. */
static bool print_id(struct session *s, struct str id, struct printer *p, struct err *err)
{
	p->asked = id;
	p->n_rows = p->at = 0;
	return journal_history(s->desk.journal, id, compare_decision, p, err) &&
		journal_log(s->desk.journal, print_its_row, p, err);
}

/* By the whole id, else by the start of one that no other alert has. */
static bool print_history(struct session *s, struct str word, struct printer *p, struct err *err)
{
	AUTO(buf_fini) struct buf id = {0};
	size_t n = 0;
	if (!print_id(s, word, p, err))
		return false;
	/* "ID~digits", one of several things that have an id */
	size_t mark = str_rfind_char(word, '~');
	if (!p->n && mark != STR_NONE) {
		p->digits = str_sub(word, mark + 1, word.n);
		return print_id(s, str_sub(word, 0, mark), p, err);
	}
	if (p->n || word.n < START_MIN)
		return true;
	if (!journal_find(s->desk.journal, word, &id, &n, err))
		return false;
	if (n > 1)
		return err_set(err, ERR_USAGE, "\"%.*s\" fits %zu decided alerts; write more of the id",
			STR_ARG(str_sub(word, 0, 80)), n);
	return !n || print_id(s, buf_str(&id), p, err);
}

/* What else the id has, when the digits named one of several things. */
static void tell_others(const struct printer *p)
{
	if (p->others)
		fprintf(stderr, "s3triage: %zu row%s of this id on other content, not shown: the id without ~ has"
			" them\n", p->others, plural(p->others));
}

static int verb_history_history(struct session *s, const struct cli *cli)
{
	struct err err = {0};
	const char *id = cli->n_words ? cli->words[0] : NULL;
	struct printer p = {.json = cli->text[OPT_JSON] != NULL, .whole = !id};
	if (!session_init(s, cli, cli->verb->opens, &err))
		return cli_fail(&err);
	bool fine = !s->desk.journal || (id ? print_history(s, str_c(id), &p, &err)
		: journal_log(s->desk.journal, verb_history_print_row, &p, &err));
	arena_fini(&p.mem);
	free(p.about);
	free(p.seqs);
	if (!fine)
		return cli_fail(&err);
	tell_others(&p);
	if (p.n || !id)
		return session_exit(s);
	err_set(&err, ERR_INPUT, "no decision about '%s' is in %s", id, s->desk.journal_path);
	return cli_fail(&err);
}

static int verb_history(struct cli *cli)
{
	if (cli->n_words > 1)
		return cli_usage("history takes one ID, or the start of one: of an alert or of its event;"
				 " or none, for the whole log");
	struct session s = {0};
	int code = verb_history_history(&s, cli);
	session_fini(&s);
	return code;
}

const struct verb_row history_verb = {
	.name = "history",
	.synopsis = "[ID]",
	.help = "print every decision and tick about one alert, or the whole log, oldest first",
	.example = "s3triage history ID",
	.run = verb_history,
	TAKES(OPT_JSON, OPT_JOURNAL),
	.opens = WANT_JOURNAL,
};
