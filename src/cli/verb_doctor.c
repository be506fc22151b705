/*
 * doctor: what is set up here, and each profile's lines of questions and answers.
 */
#include "cli_priv.h"

#include "s3triage/base/file.h"
#include "s3triage/base/mem.h"
#include "s3triage/base/utf8.h"
#include "s3triage/net/http.h"
#include "s3triage/remote/doctor.h"

#include <langinfo.h>

/* Of what is here the profile has no name. */
static void verb_doctor_print_line(struct str profile, const struct doctor_line *l, bool as_json)
{
	static const char *const states[] = {"ok", "warn", "bad"};
	struct buf out = {0};
	if (as_json) {
		struct members m = members_open(&out, '{');
		member_str(&m, "profile", profile);
		member_text(&m, "check", l->what);
		member_text(&m, "state", str_c(states[l->state]));
		member_text(&m, "text", l->text);
		print_members(&m);
	} else {
		struct str name = profile.n ? profile : STR("-");
		buf_fmt(&out, "%-4s  %.*s  %-8.*s  ", states[l->state], STR_ARG(name), STR_ARG(l->what));
		utf8_visible(&out, l->text, false);
		puts(buf_cstr(&out));
	}
	buf_fini(&out);
}

/* False: something is wrong. */
static bool print_lines(struct str profile, const struct doctor *d, const struct cli *cli)
{
	bool fine = true;
	for (size_t i = 0; i < d->n; i++) {
		verb_doctor_print_line(profile, &d->line[i], cli->text[OPT_JSON] != NULL);
		fine = fine && d->line[i].state != DOCTOR_BAD;
	}
	return fine;
}

/* ---- what is set up here ------------------------------------------------------------------------ */

static void here_config(struct doctor *d, const struct session *s)
{
	const char *path = s->config_path;
	if (path && file_exists(path))
		doctor_say(d, DOCTOR_OK, "config", "%s", path);
	else
		doctor_say(d, DOCTOR_OK, "config", "%s is not there: everything as it comes",
			path ? path : "config.toml");
}

static void here_rule(struct doctor *d, const struct session *s, const struct cli *cli)
{
	const char *file = cli->text[OPT_RULE];
	doctor_say(d, DOCTOR_OK, "rule", "%.*s, %s", STR_ARG(s->desk.rule->name), file ? file : "built in");
}

static void here_book(struct doctor *d, struct session *s, const struct cli *cli)
{
	struct err err = {0};
	char line[1024];
	if (!known_book(s, cli, &err)) {
		doctor_say(d, DOCTOR_BAD, "accounts", "%s", err_line(&err, line, sizeof(line)));
		return;
	}
	size_t n = book_count(s->desk.book), files = book_files(s->desk.book), wrong = book_problems(s->desk.book);
	if (!files)
		doctor_say(d, DOCTOR_WARN, "accounts", "no account book: whose an account is, is known of none;"
			" accounts.toml beside config.toml, or `accounts` in it");
	else
		doctor_say(d, wrong ? DOCTOR_WARN : DOCTOR_OK, "accounts", "%zu account%s in %zu file%s,"
			" %zu problem%s", n, plural(n), files, plural(files), wrong, plural(wrong));
}

static void here_journal(struct doctor *d, struct session *s, const struct cli *cli)
{
	struct err err = {0};
	int64_t rows = 0, broken = 0;
	if (!session_journal(s, cli, 0, &err))
		doctor_say(d, DOCTOR_BAD, "journal", "%s", err.text);
	else if (s->desk.told.n)
		doctor_say(d, DOCTOR_BAD, "journal", "%s", buf_cstr(&s->desk.told));
	else if (!s->desk.journal)
		doctor_say(d, DOCTOR_OK, "journal", "%s is not there: the first decision makes it",
			s->desk.journal_path);
	else if (!journal_verify(s->desk.journal, &rows, &broken, NULL, &err))
		doctor_say(d, DOCTOR_BAD, "journal", "%s: %s; see s3triage verify", s->desk.journal_path, err.text);
	else
		doctor_say(d, DOCTOR_OK, "journal", "%s, %lld row%s, chain intact", s->desk.journal_path,
			(long long)rows, plural((uint64_t)rows));
}

static void here_others(struct doctor *d, const struct session *s)
{
	AUTO(buf_fini) struct buf store = {0};
	const char *term = env_get("TERM"), *codes = nl_langinfo(CODESET);
	bool fine = http_store(&store), utf8 = str_is(str_c(codes), "UTF-8"), named = term && *term;
	doctor_say(d, fine ? DOCTOR_OK : DOCTOR_WARN, "trust", "%s", buf_cstr(&store));
	doctor_say(d, utf8 && named ? DOCTOR_OK : DOCTOR_WARN, "terminal", "%s, %s%s",
		named ? term : "TERM is not set", codes, utf8 ? "" : ": the console draws with ASCII only");
	if (!config_profiles(s->config))
		doctor_say(d, DOCTOR_OK, "clusters", "config.toml has no [profile.NAME]: only files are read, and"
			" decisions stay here");
}

static bool examine_here(struct session *s, const struct cli *cli)
{
	struct doctor d = {0};
	here_config(&d, s);
	here_rule(&d, s, cli);
	here_book(&d, s, cli);
	here_journal(&d, s, cli);
	here_others(&d, s);
	bool fine = print_lines(STR(""), &d, cli);
	doctor_fini(&d);
	return fine;
}

/* ---- clusters ----------------------------------------------------------------------------------- */

/* Although nothing waits: what is decided next would. */
static void say_place(struct doctor *d, const struct session *s, const struct profile *p)
{
	AUTO(buf_fini) struct buf was = {0};
	if (p->write.kind)
		outbox_recall(s->desk.journal_path, OUTBOX_STOOD_FOR, p->name, &was);
	if (was.n && !str_eq(buf_str(&was), p->write.place))
		doctor_say(d, DOCTOR_WARN, "outbox", "it stood for %s and stands for %.*s now: nothing is sent"
			" until `s3triage outbox --moved %.*s` or `--forget %.*s`", buf_cstr(&was),
			STR_ARG(p->write.place), STR_ARG(p->name), STR_ARG(p->name));
}

static bool examine(const struct session *s, const struct cli *cli, struct profile *p)
{
	struct doctor d = {0};
	struct err err = {0};
	cluster_use(p, cli);
	cluster_warn(p);
	struct http *h = profile_http(p, env_get, &err);
	if (h)
		doctor_run(&d, p, h, s->desk.rule->rule_id, clock_now);
	else
		doctor_say(&d, DOCTOR_BAD, "secret", "%s", err.text);
	say_place(&d, s, p);
	bool fine = print_lines(p->name, &d, cli);
	http_free(h);
	doctor_fini(&d);
	return fine;
}

static int examine_named(struct session *s, const struct cli *cli)
{
	bool fine = true;
	for (size_t i = 0; i < cli->n_words; i++) {
		struct str name = str_c(cli->words[i]);
		name.n -= str_ends(name, STR(":"));
		struct profile *p = config_profile(s->config, name);
		if (!p)
			return cli_usage("there is no [profile.%.*s] in config.toml", STR_ARG(name));
		fine = examine(s, cli, p) && fine;
	}
	return fine ? EXIT_FINE : EXIT_FAILED;
}

static int verb_doctor_run(struct session *s, const struct cli *cli)
{
	struct err err = {0};
	if (!session_init(s, cli, cli->verb->opens, &err) ||
		(cli->n_words && !session_journal_path(s, cli, &err)))
		return cli_fail(&err);
	if (cli->n_words)
		return examine_named(s, cli);
	bool fine = examine_here(s, cli);
	for (size_t i = 0; i < config_profiles(s->config); i++)
		fine = examine(s, cli, config_profile_list(s->config)[i]) && fine;
	return fine ? EXIT_FINE : EXIT_FAILED;
}

static int verb_doctor(struct cli *cli)
{
	struct session s = {0};
	int code = verb_doctor_run(&s, cli);
	session_fini(&s);
	return code;
}

const struct verb_row doctor_verb = {
	.name = "doctor",
	.synopsis = "[PROFILE...]",
	.help = "what is set up here; clusters: reach, version, rights, rule, clock, what a verdict does",
	.example = "s3triage doctor prod",
	.run = verb_doctor,
	TAKES(OPT_RULE, OPT_JSON, OPT_CONFIG, OPT_INSECURE),
	.opens = WANT_RULE | WANT_CONFIG,
};
