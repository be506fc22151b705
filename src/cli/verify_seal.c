/*
 * verify_seal: seals and proofs against the signatures of those who may sign. What is not of the
 * journal, or not signed by one of them, is named, one a line.
 */
#include "seals.h"

#include "s3triage/base/file.h"
#include "s3triage/base/utf8.h"
#include "s3triage/base/when.h"
#include "s3triage/event/json.h"
#include "s3triage/net/sshsig.h"
#include "s3triage/net/stamp.h"
#include "s3triage/alert/content.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum { STAMP_MAX = 1 << 20 };

struct signed_text {
	struct str text, signature;
	int64_t at;
};

struct seals {
	const struct cli *cli;
	struct seal_tree tree;
	struct journal_known known;
	size_t stamped;            /* of the good: have a time stamp that was checked */
	size_t good, bad, older;   /* older: of before the log began anew, and they do not fit */
	int64_t newest;            /* rows of the newest good one */
	bool found_known;          /* the one that was made here last is there */
	struct buf who;            /* who signed the newest good one */
};

/* `at`: when, by an authority's word, in ms; 0: now. */
static bool signed_by(const struct cli *cli, const struct signed_text *t, struct buf *who,
	struct err *err)
{
	char digits[32], when[WHEN_TEXT_MAX];
	size_t n = 0;
	for (const char *p = when_format(t->at, when); *p && n < 14; p++) /* 20261124021307 */
		if (*p >= '0' && *p <= '9')
			digits[n++] = *p;
	snprintf(digits + n, sizeof(digits) - n, "Z");
	const struct sshsig how = {.env = env_get, .name_space = SEAL_NAMESPACE,
		.signers = cli->text[OPT_SIGNERS], .at = t->at ? digits : NULL};
	buf_clear(who);
	return sshsig_check(&how, t->text, t->signature, who, err);
}

/* Keys are held against the time at which they signed, where an authority says when that was. */
static bool stamped_at(const struct seals *w, const char *path, struct signed_text *t, struct err *err)
{
	AUTO(buf_fini) struct buf name = {0};
	AUTO(buf_fini) struct buf answer = {.max = STAMP_MAX};
	buf_fmt(&name, "%s.tsr", path);
	if (!w->cli->text[OPT_TSA_CA] || !file_exists(buf_cstr(&name)))
		return true;
	return file_read(buf_cstr(&name), &answer, err) &&
		stamp_check(buf_str(&answer), t->signature, w->cli->text[OPT_TSA_CA], &t->at, err);
}

/* Without --signers nobody's word is asked for; what contradicts the journal does so all the same. */
static bool check_signature(const struct seals *w, const struct seal_file *f, struct signed_text *t,
	struct buf *who, struct err *err)
{
	AUTO(buf_fini) struct buf signature = {0};
	if (!w->cli->text[OPT_SIGNERS])
		return true;
	bool fine = seals_signature(f->path, &signature, err);
	t->text = buf_str(&f->text);
	t->signature = buf_str(&signature);
	return fine && stamped_at(w, f->path, t, err) && signed_by(w->cli, t, who, err);
}

static void tell_bad(struct seals *w, const char *path, struct err *err)
{
	w->bad++;
	err->file[0] = '\0';
	err_prefix(err, "%s", path);
	cli_fail(err);
}

/* Whether it is the one that was made here last. */
static bool verify_seal_is_known(const struct journal_known *k, const struct checkpoint *at)
{
	AUTO(buf_fini) struct buf is = {0}, was = {0};
	checkpoint_write(at, &is);
	buf_fmt(&was, "%s\n%lld\n%s\n", k->origin, (long long)k->sealed, k->root);
	return str_eq(buf_str(&is), buf_str(&was));
}

static void check_seal(void *ctx, const struct seal_file *f)
{
	struct seals *w = ctx;
	struct err err = f->wrong;
	AUTO(buf_fini) struct buf who = {0};
	struct signed_text t = {0};
	w->found_known |= !err.code && verify_seal_is_known(&w->known, &f->at);
	if (err.code || !check_signature(w, f, &t, &who, &err)) {
		struct err apart = {0};
		if (!f->wrong.code && seal_holds(&w->tree, &f->at, &apart))
			err_prefix(&err, "its rows are the journal's, but");
		else if (!f->wrong.code)
			err_prefix(&err, "%s; and", apart.text);
		tell_bad(w, f->path, &err);
		return;
	}
	bool this_log = str_is(str_c(f->at.origin), w->tree.origin);
	if (!seal_holds(&w->tree, &f->at, &err)) {
		if (who.n)
			err_prefix(&err, "signed by %.*s", STR_ARG(buf_str(&who)));
		else
			err_prefix(&err, "contradicts the journal (its signature was not checked: --signers)");
		w->older += !this_log;
		tell_bad(w, f->path, &err);
		return;
	}
	w->good++;
	w->stamped += t.at != 0;
	if (f->at.size < w->newest)
		return;
	w->newest = f->at.size;
	buf_clear(&w->who);
	utf8_visible(&w->who, buf_str(&who), false);
}

/* Seals of before an acceptance that do not fit are explained by it, once somebody signed for it. */
static size_t unexplained(const struct seals *w)
{
	return w->bad - (w->tree.epoch && w->newest >= w->tree.epoch ? w->older : 0);
}

static bool is_lost(const struct seals *w, const char *folder)
{
	if (!w->known.sealed || w->found_known)
		return false;
	fprintf(stderr, "s3triage: the last seal that was made here, of %lld row%s, is not in %s\n",
		(long long)w->known.sealed, plural((unsigned long long)w->known.sealed), folder);
	return true;
}

static void tell_stamps(const struct seals *w)
{
	size_t without = w->good - w->stamped;
	printf("%zu of them %s an authority's time stamp that fits", w->stamped,
		w->stamped == 1 ? "has" : "have");
	if (without)
		printf("; %zu ha%s none: when %s made, nobody else says", without, without == 1 ? "s" : "ve",
			without == 1 ? "it was" : "they were");
	putchar('\n');
}

static void seals_json(const struct seals *w, size_t bad, int64_t rows)
{
	AUTO(buf_fini) struct buf line = {0};
	struct members m = members_open(&line, '{');
	member_int(&m, "seals", (int64_t)w->good);
	member_int(&m, "bad", (int64_t)bad);
	member_int(&m, "set_aside", (int64_t)(w->bad - (bad < w->bad ? bad : w->bad)));
	member_int(&m, "sealed_rows", w->newest);
	member_int(&m, "rows", rows);
	member_text(&m, "by", buf_str(&w->who));
	member_int(&m, "stamped", (int64_t)w->stamped);
	print_members(&m);
}

static int tell_seals(struct seals *w, const char *folder)
{
	size_t bad = unexplained(w) + is_lost(w, folder);
	long long rows = (long long)w->tree.tree.n[0], after = rows - w->newest;
	if (!w->good && !bad)
		fprintf(stderr, "s3triage: there is no seal in %s\n", folder);
	if (w->cli->text[OPT_JSON])
		seals_json(w, bad, rows);
	else if (!w->good && w->bad)
		printf("no seal was accepted, %zu %s not: nobody who is listed in %s has signed for any of the"
			" %lld row%s\n", w->bad, w->bad == 1 ? "was" : "were", w->cli->text[OPT_SIGNERS], rows,
			plural((unsigned long long)rows));
	else if (w->good)
		printf("%zu seal%s agree%s; the newest is of %lld row%s, signed by %.*s; %lld row%s not sealed"
			" yet\n", w->good, plural(w->good), w->good == 1 ? "s" : "", (long long)w->newest,
			plural((unsigned long long)w->newest), STR_ARG(buf_str(&w->who)), after,
			after == 1 ? " is" : "s are");
	if (w->cli->text[OPT_TSA_CA] && !w->cli->text[OPT_JSON])
		tell_stamps(w);
	return w->good && !bad ? EXIT_FINE : EXIT_FAILED;
}

/* Without the list no signature can be checked, and none is bad for that. */
static bool may_check(const struct cli *cli, struct err *err)
{
	const char *list = cli->text[OPT_SIGNERS];
	return !list || access(list, R_OK) == 0 ||
		err_set_errno(err, "no signature was checked: cannot open %s", list);
}

/* A folder that was named must be there. */
static void look_into(struct seals *w, const char *folder, bool named)
{
	struct err err = {0};
	if (seals_each(folder, check_seal, w) || (errno == ENOENT && !named))
		return;
	err_set_errno(&err, "cannot look for seals");
	tell_bad(w, folder, &err);
}

int verify_seals(struct session *s, const struct cli *cli, struct seals_found *out)
{
	struct seals w = {.cli = cli};
	struct err err = {0};
	int code = EXIT_FAILED;
	AUTO(mem_free_ptr) char *beside = seals_folder(s->desk.journal_path);
	const char *more = cli->text[OPT_SEALS];
	*out = (struct seals_found){0};
	if (may_check(cli, &err) && seal_tree_read(s->desk.journal, &w.tree, &err) &&
		(!s->desk.head_file || journal_known_read(s->desk.head_file, &w.known, &err))) {
		look_into(&w, beside, false);
		if (more)
			look_into(&w, more, true);
		if (cli->text[OPT_SIGNERS])
			code = tell_seals(&w, more ? more : beside);
		else
			is_lost(&w, more ? more : beside);
		*out = (struct seals_found){w.good, unexplained(&w), w.newest, w.tree.epoch};
	} else {
		cli_fail(&err);
	}
	merkle_fini(&w.tree.tree);
	buf_fini(&w.who);
	return code;
}

/* ---- proofs ------------------------------------------------------------------------------- */

enum { ROW_SEQ, ROW_AT, ROW_KIND, ROW_ANALYST, ROW_ALERT, ROW_EVENT, ROW_RULE, ROW_WAS, ROW_VERDICT,
	ROW_REASON, ROW_NOTE, ROW_UNDOES, ROW_REDO, ROW_BATCH, ROW_APPROVAL, ROW_PAYLOAD };

static const char *row_when(const struct seal_proof *p, char out[WHEN_TEXT_MAX])
{
	int64_t at = 0;
	str_int(p->fields[ROW_AT], &at);
	return when_format(at, out);
}

static void row_json(const struct seal_proof *p, struct str who)
{
	static const char *const names[SEAL_FIELDS] = {"seq", "at", "kind", "analyst", "alert_id", "event_id",
		"rule_id", "was", "verdict", "reason", "note", "undoes", "redo", "batch", "approval", "facts"};
	char when[WHEN_TEXT_MAX];
	AUTO(buf_fini) struct buf line = {0};
	struct members m = members_open(&line, '{');
	member_text(&m, "signed_by", who);
	member_int(&m, "rows", p->at.size);
	for (size_t i = 0; i < SEAL_FIELDS; i++)
		member_text(&m, names[i], p->fields[i]);
	member_text(&m, "when", str_c(row_when(p, when)));
	member_text(&m, "journal", str_c(p->at.origin));
	print_members(&m);
}

/* "  note            asked the owner", in visible form; nothing where there is nothing. */
static void verify_seal_put_line(const char *name, struct str text, struct buf *out)
{
	if (!text.n)
		return;
	buf_fmt(out, "  %-15s ", name);
	utf8_visible(out, text, false);
	buf_char(out, '\n');
}

/* What a payload says besides an alert's facts: of a tick or an approval all, of a decision where it was
 * read, and whose word it gives back. */
static void put_payload(const struct json *said, bool decision, struct buf *out)
{
	char tmp[JSON_SCALAR_MAX], name[64];
	for (const struct json *m = json_first(said); m; m = json_next(m)) {
		bool own = !decision || str_is(json_key(m), "home") || str_is(json_key(m), "learned") ||
			str_is(json_key(m), "restores");
		if (!own || str_is(json_key(m), "facts"))
			continue;
		snprintf(name, sizeof(name), "%.*s:", STR_ARG(str_sub(json_key(m), 0, sizeof(name) - 2)));
		if (json_type(m) != JSON_OBJECT) {
			verify_seal_put_line(name, json_text(m, tmp), out);
			continue;
		}
		buf_fmt(out, "  %s\n", name);
		put_payload(m, false, out);
	}
}

/* The facts that the decision, or the tick, was about. */
static void put_about(struct str payload, bool decision, struct buf *out)
{
	struct arena mem = {0};
	struct content c;
	struct buf text = {0}, facts = {0};
	struct json *said = json_parse(payload, NULL);
	put_payload(said, decision, out);
	if (!decision && json_get(said, "facts"))
		json_print(json_get(said, "facts"), &facts);
	content_of_facts(decision ? payload : buf_str(&facts), &mem, &c);
	if (decision || facts.n)
		content_text(&c, ~0u, &text);
	verify_seal_put_line("on", buf_str(&text), out);
	json_free(said);
	buf_fini(&facts);
	buf_fini(&text);
	arena_fini(&mem);
}

/* All that somebody without the journal needs to know what it is about. */
static void row_plain(const struct seal_proof *p, struct str who)
{
	static const struct {
		const char *name;
		int field;
	} rest[] = {{"alert", ROW_ALERT}, {"event", ROW_EVENT}, {"rule", ROW_RULE}, {"reason", ROW_REASON},
		{"note", ROW_NOTE}};
	char when[WHEN_TEXT_MAX];
	struct buf out = {0};
	bool decision = str_is(p->fields[ROW_KIND], "decision");
	buf_fmt(&out, "row %.*s of %lld, sealed by ", STR_ARG(p->fields[ROW_SEQ]), (long long)p->at.size);
	utf8_visible(&out, who, false);
	buf_char(&out, '\n');
	verify_seal_put_line("journal", str_c(p->at.origin), &out);
	if (!decision)
		verify_seal_put_line("kind", p->fields[ROW_KIND], &out);
	verify_seal_put_line("verdict", p->fields[ROW_VERDICT], &out);
	verify_seal_put_line("before it", p->fields[ROW_WAS], &out);
	verify_seal_put_line("by", p->fields[ROW_ANALYST], &out);
	verify_seal_put_line("at", str_c(row_when(p, when)), &out);
	for (size_t i = 0; i < ARRAY_LEN(rest); i++)
		verify_seal_put_line(rest[i].name, p->fields[rest[i].field], &out);
	if (!str_is(p->fields[ROW_UNDOES], "0"))
		verify_seal_put_line("takes back row", p->fields[ROW_UNDOES], &out);
	if (!str_is(p->fields[ROW_APPROVAL], "0"))
		verify_seal_put_line("approval", p->fields[ROW_APPROVAL], &out);
	put_about(p->fields[ROW_PAYLOAD], decision, &out);
	buf_fmt(&out, "That this row stood in that journal when it was sealed, is proved; not what came behind row"
		" %lld: a later one may say otherwise. The time is that of the clock that wrote it.",
		(long long)p->at.size);
	puts(buf_cstr(&out));
	buf_fini(&out);
}

int verify_proof(const struct cli *cli, const char *path, struct str text)
{
	struct seal_proof p;
	struct arena mem = {0};
	struct err err = {0};
	AUTO(buf_fini) struct buf who = {0};
	if (!cli->text[OPT_SIGNERS])
		return cli_usage("who may have signed a proof? --signers FILE, as ssh-keygen's allowed_signers");
	bool fine = may_check(cli, &err) && seal_proof_read(text, &mem, &p, &err) &&
		signed_by(cli, &(struct signed_text){p.checkpoint, p.signature, 0}, &who, &err);
	if (fine)
		(cli->text[OPT_JSON] ? row_json : row_plain)(&p, buf_str(&who));
	else
		err_where(&err, path, 0, 0);
	arena_fini(&mem);
	return fine ? EXIT_FINE : cli_fail(&err);
}
