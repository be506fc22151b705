/*
 * verify: whether the journal is whole and the one that is known here; whether a proof or an export is
 * what it was.
 */
#include "seals.h"

#include "s3triage/base/file.h"
#include "s3triage/base/utf8.h"
#include "s3triage/base/when.h"

/* What is wrong with the clocks, in words; both times are in the rows. */
static void print_jumps(const struct session *s, const struct journal_walk *w)
{
	char span[WHEN_TEXT_MAX];
	if (w->jumps)
		printf("%lld row%s dated before the row before it; the last is row %lld, by %s: a clock was"
			" wrong there\n", (long long)w->jumps, w->jumps == 1 ? " is" : "s are each",
			(long long)w->jump, when_span(w->ms, span));
	if (w->rows && w->at > s->now + JOURNAL_JUMP)
		printf("the last row is dated %s ahead of this clock\n", when_span(w->at - s->now, span));
}

static void print_unread(const struct journal_walk *w)
{
	if (w->unread)
		printf("%lld row%s of a kind or with a verdict that this version does not know: the kind counts for"
			" nothing here, the verdict as open; the first is row %lld\n", (long long)w->unread,
			w->unread == 1 ? " is" : "s are", (long long)w->unread_first);
}

/* What was at this place before, and was not handed on. */
static void print_gone(const struct session *s)
{
	struct journal_known known;
	if (s->desk.head_file && journal_known_read(s->desk.head_file, &known, NULL) && known.gone &&
		!journal_has(s->desk.journal, known.gone, str_c(known.gone_head)))
		printf("a journal of %lld row%s, the last one %s, was here before this one and is gone\n",
			(long long)known.gone, plural((unsigned long long)known.gone), known.gone_head);
}

/* What the head outside is worth: of rows that were there before anybody looked it shows nothing. */
static void print_anchor(const struct session *s)
{
	struct journal_known known[DESK_KNOWN];
	long long from;
	desk_known(&s->desk, known, NULL);
	from = (long long)known[0].from;
	if (!s->desk.head_file)
		printf("no head is known here, for there is no home to keep it in");
	else if (!known[0].rows)
		printf("no head of it was known here before: that it is the journal which was here, nothing"
			" shows");
	else if (from > 0)
		printf("the head that was last known here: %s, which knows it only since it had %lld row%s: of"
			" those it shows nothing", s->desk.head_file, from, plural((unsigned long long)from));
	else
		printf("the head that was last known here%s: %s", from ? "" : ", since its first row",
			s->desk.head_file);
	printf("%s\n", known[1].rows ? ", and in the outbox" : "");
}

/* Of a copy, or of one that was moved: what is known of it where it was. */
static void print_elsewhere(const struct session *s)
{
	AUTO(buf_fini) struct buf place = {0};
	struct journal_known here = {0}, there;
	if (s->desk.head_file)
		journal_known_read(s->desk.head_file, &here, NULL);
	desk_known_elsewhere(&s->desk, &there);
	if (!there.rows || (here.rows && !here.from))
		return;
	utf8_visible(&place, str_c(there.place), false);
	printf("it is the journal that is known here as %s, moved or copied: of the %lld row%s there, %s\n",
		buf_cstr(&place), (long long)there.rows, plural((unsigned long long)there.rows),
		journal_has(s->desk.journal, there.rows, str_c(there.head)) ? "the last one is in it" :
		"the last one is not in it: it is an older copy, or one without its -wal");
}

static void print_seals(const struct seals_found *f)
{
	if (f->epoch)
		printf("row %lld accepted another head than the one that was known: see s3triage history\n",
			(long long)f->epoch);
	if (f->good)
		printf("%zu seal%s beside it fit%s, the newest of %lld row%s; the signatures were not checked:"
			" --signers FILE\n", f->good, plural(f->good), f->good == 1 ? "s" : "",
			(long long)f->newest, plural((unsigned long long)f->newest));
}

static void verified_json(const struct cli *cli, const struct journal_walk *w, const struct seals_found *f)
{
	AUTO(buf_fini) struct buf line = {0};
	struct members m = members_open(&line, '{');
	member_bool(&m, "intact", true);
	member_int(&m, "rows", w->rows);
	member_text(&m, "head", str_c(w->rows ? w->prev : ""));
	member_int(&m, "clock_jumps", w->jumps);
	member_int(&m, "not_read", w->unread);
	if (!cli->text[OPT_SIGNERS]) {
		member_int(&m, "seals_fit", (int64_t)f->good);
		member_int(&m, "seals_contradict", (int64_t)f->bad);
	}
	print_members(&m);
}

static void print_verified(const struct session *s, const struct cli *cli,
	const struct journal_walk *w, const struct seals_found *f)
{
	if (cli->text[OPT_JSON]) {
		verified_json(cli, w, f);
		return;
	}
	if (!w->rows) {
		printf("%s: no decision yet\n", s->desk.journal_path);
		return;
	}
	printf("%s: chain intact, %lld record%s, head %s\n", s->desk.journal_path, (long long)w->rows,
		plural((unsigned long long)w->rows), w->prev);
	print_jumps(s, w);
	print_unread(w);
	print_gone(s);
	printf("checked: each row's hash and its link to the row before, the schema, SQLite's"
		" integrity_check; and ");
	print_anchor(s);
	print_elsewhere(s);
	if (!cli->text[OPT_SIGNERS])
		print_seals(f);
	puts("The chain has no key: it finds accidents and what is cut or rewritten behind this"
		" machine's back, not somebody who may write this user's files: s3triage seal signs it.");
}

static bool accept_one(struct session *s, const struct journal_known *k, const char *why,
	struct err *err)
{
	const struct journal_author who = {s->desk.analyst, clock_now()};
	if (!journal_accept(s->desk.journal, k, s->desk.head_file, &who, err))
		return false;
	fprintf(stderr, "accepted and recorded, where it was: %s\n", why);
	return true;
}

/* --accept-head: only where there is something to accept, of each that knows. */
static bool accept_head(struct session *s, struct err *err)
{
	struct journal_known known[DESK_KNOWN];
	struct err gone = {0};
	bool any = false;
	for (size_t i = 0; i < DESK_KNOWN; i++) {
		struct err why = {0};
		bool sound = i || desk_known(&s->desk, known, &why); /* what is damaged is replaced */
		if (sound && desk_known_holds(&s->desk, i, &known[i], &why))
			continue;
		if (!accept_one(s, &known[i], why.text, err))
			return false;
		any = true;
	}
	if (!desk_gone_holds(&s->desk, known, &gone)) {
		if (!accept_one(s, &known[0], gone.text, err))
			return false;
		any = true;
	}
	s->desk.gone = false;
	if (!any)
		fputs("there is nothing to accept: the head that is known here is in the journal\n", stderr);
	return true;
}

static bool verify_open(struct session *s, const struct cli *cli, struct err *err)
{
	bool accept = cli->text[OPT_ACCEPT_HEAD];
	unsigned opens = cli->verb->opens;
	return session_init(s, cli, opens | (accept ? WANT_CONFIG : 0), err) &&
		session_journal(s, cli, opens | (accept ? WANT_WRITE : 0), err) &&
		(!accept || accept_head(s, err));
}

/* It is whole; whether it is the one that was sealed. */
static int verified(struct session *s, const struct cli *cli, const struct journal_walk *w)
{
	struct seals_found found = {0};
	bool signers = cli->text[OPT_SIGNERS];
	if (s->desk.journal && !signers)
		verify_seals(s, cli, &found);
	print_verified(s, cli, w, &found);
	if (s->desk.gone || !s->desk.journal)
		return s->desk.gone || signers ? EXIT_FAILED : EXIT_FINE;
	if (signers)
		return verify_seals(s, cli, &found);
	return found.bad && !cli->text[OPT_ACCEPT_HEAD] ? EXIT_FAILED : EXIT_FINE;
}

/* A journal that was changed is not mended by any verb: what can be done with it. */
static void tell_way_out(const struct session *s)
{
	fprintf(stderr, "What to do: keep a copy of %s, its .outbox and .seals, and ask who changed it."
		" Where there is a copy of before that verifies, put it in its place: s3triage verify"
		" --accept-head records that. Else move all of them aside: s3triage verify --accept-head begins a new"
		" journal, and s3triage history --journal COPY goes on showing the old one. Until then it is shown and"
		" written to with exit code 3, and neither exported nor sealed.\n", s->desk.journal_path);
}

static int verb_verify_verify(struct session *s, const struct cli *cli)
{
	struct err err = {0};
	struct journal_walk w = {0};
	int64_t broken = 0;
	bool opened = verify_open(s, cli, &err);
	if (opened && (!s->desk.journal || (journal_walk(s->desk.journal, &w, -1, &broken, &err) &&
		journal_examine(s->desk.journal, &err))))
		return verified(s, cli, &w);
	if (cli->text[OPT_JSON]) {
		AUTO(buf_fini) struct buf line = {0};
		struct members m = members_open(&line, '{');
		member_bool(&m, "intact", false);
		member_int(&m, "rows", w.rows);
		member_int(&m, "broken", broken);
		member_text(&m, "reason", str_c(err.text));
		member_bool(&m, "checked", opened);
		print_members(&m);
	}
	int code = cli_fail(&err);
	if (opened && broken)
		tell_way_out(s);
	if (!opened)
		fputs("s3triage: the journal could not be opened: nothing of it was checked\n", stderr);
	return code;
}

/* A proof stands by itself; an export is held against the journal. */
static int verify_file(struct cli *cli, const char *path)
{
	AUTO(buf_fini) struct buf text = {0};
	struct err err = {0};
	if (!file_read(path, &text, &err))
		return cli_fail(&err);
	return seal_proof_is(buf_str(&text)) ? verify_proof(cli, path, buf_str(&text)) :
		verify_export(cli, path);
}

static int verb_verify(struct cli *cli)
{
	if (cli->n_words > 1)
		return cli_usage("verify takes one FILE, or none");
	if (cli->n_words)
		return verify_file(cli, cli->words[0]);
	if (cli->n_sources || cli->text[OPT_DEMO])
		return cli_usage("the journal needs no sources: say which export they belong to");
	struct session s = {0};
	int code = verb_verify_verify(&s, cli);
	session_fini(&s);
	return code;
}

const struct verb_row verify_verb = {
	.name = "verify",
	.synopsis = "[FILE]",
	.help = "check the journal's hash chain, or that an export still agrees with it",
	.example = "s3triage verify --signers allowed_signers",
	.run = verb_verify,
	TAKES(ALERT_OPTIONS, OPT_JSON, OPT_ANALYST, OPT_ACCEPT_HEAD, OPT_SIGNERS, OPT_SEALS,
		OPT_TSA_CA),
	.opens = WANT_STRICT,
};
