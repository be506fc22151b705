/*
 * session: the rule, the journal, the store and the scan that a verb asked for.
 */
#include "cli_priv.h"

#include "s3triage/base/file.h"
#include "s3triage/base/hash.h"
#include "s3triage/base/mem.h"
#include "s3triage/base/utf8.h"
#include "s3triage/base/when.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* --category-field counts for a rule file, too. */
static struct rule *other_category(struct rule *r, const struct cli *cli, struct err *err)
{
	if (!r || !r->engine || !cli->text[OPT_CATEGORY] || !str_is(r->language_name, "eql"))
		return r;
	struct rule *again = rule_new_eql(r->query, cli->text[OPT_CATEGORY], err);
	rule_free(r);
	return again;
}

/* What is wrong with --eql is in the words. */
static struct rule *named_rule(const struct cli *cli, struct err *err)
{
	if (!cli->text[OPT_EQL])
		return other_category(cli->text[OPT_RULE] ? rule_load(cli->text[OPT_RULE], err) :
			rule_builtin(), cli, err);
	struct rule *r = rule_new_eql(str_c(cli->text[OPT_EQL]), cli->text[OPT_CATEGORY], err);
	if (!r)
		err->code = ERR_USAGE;
	return r;
}

/* What of a rule file is not heeded, for what it finds is taken for what the rule finds. */
static void tell_rule(const struct rule *r, const char *path)
{
	AUTO(buf_fini) struct buf name = {0};
	utf8_visible(&name, str_sub(r->name, 0, 200), false);
	for (size_t i = 0; i < r->not_evaluated.n; i++) {
		AUTO(buf_fini) struct buf what = {0};
		utf8_visible(&what, r->not_evaluated.v[i], false);
		fprintf(stderr, "s3triage: warning: %s: %s: not evaluated here: %s\n", path, buf_cstr(&name),
			buf_cstr(&what));
	}
	if (r->missing.n)
		fprintf(stderr, "s3triage: warning: %s: %s: it is run, but has no %.*s: s3triage rule check calls"
			" it bad\n", path, buf_cstr(&name), STR_ARG(r->missing));
}

static bool open_rule(struct session *s, const struct cli *cli, struct err *err)
{
	size_t units = 0;
	if (!read_count(cli, OPT_IGNORE_ABOVE, &units, err))
		return false;
	s->desk.rule = named_rule(cli, err);
	if (s->desk.rule && s->desk.rule->engine)
		rule_ignore_above(s->desk.rule, units);
	if (s->desk.rule && s->desk.rule->engine && cli->text[OPT_RULE])
		tell_rule(s->desk.rule, cli->text[OPT_RULE]);
	if (!s->desk.rule || s->desk.rule->engine)
		return s->desk.rule != NULL;
	return err_set(err, ERR_INPUT, "the rule '%.*s' cannot be run: %.*s", STR_ARG(s->desk.rule->name),
		STR_ARG(s->desk.rule->not_run));
}

bool session_journal_path(struct session *s, const struct cli *cli, struct err *err)
{
	if (cli->text[OPT_JOURNAL]) {
		s->desk.journal_path = mem_dup(str_c(cli->text[OPT_JOURNAL]));
		return true;
	}
	char *dir = file_data_dir(env_get, err);
	if (!dir)
		return false;
	s->desk.journal_path = file_join(dir, "journal.db");
	free(dir);
	return true;
}

static char *head_of(const char *place)
{
	char hash[SHA256_HEX];
	struct buf name = {0};
	AUTO(mem_free_ptr) char *state = file_state_dir(env_get, NULL);
	if (!state)
		return NULL;
	sha256_hex(str_c(place), hash);
	buf_fmt(&name, "%s/heads/%.32s.json", state, hash);
	return buf_take(&name);
}

/* Where the last head of the journal is remembered: by the journal's place, whatever name led there.
 * NULL where there is no home: then nothing is. */
static char *head_file(const char *journal)
{
	struct str path = str_c(journal), base = file_base(path);
	AUTO(mem_free_ptr) char *dir = base.n < path.n ?
		mem_dup(str_sub(path, 0, path.n - base.n)) : mem_dup(STR("."));
	AUTO(mem_free_ptr) char *real = realpath(journal, NULL);
	AUTO(mem_free_ptr) char *folder = real ? NULL : realpath(dir, NULL);
	AUTO(mem_free_ptr) char *whole = folder ? file_join(folder, base.p) : NULL;
	return head_of(real ? real : whole ? whole : journal);
}

bool session_known(const struct session *s, struct journal_known known[SESSION_KNOWN], struct err *err)
{
	known[0] = known[2] = (struct journal_known){0};
	outbox_known(s->desk.journal_path, &known[1]);
	if (s->desk.name_file && strcmp(s->desk.name_file, s->desk.head_file) != 0 &&
		!journal_known_read(s->desk.name_file, &known[2], err))
		return false;
	if (s->desk.head_file && !journal_known_read(s->desk.head_file, &known[0], err)) {
		known[0] = (struct journal_known){0};
		return false;
	}
	for (size_t i = 1; i < SESSION_KNOWN; i++)
		if (known[0].gone >= known[i].rows) /* of a journal that was told to be gone */
			known[i].rows = 0;
	return true;
}

/* Whoever stands before the console never sees what was on the terminal before it. */
static void session_tell(struct session *s, const char *short_words, const struct err *why)
{
	buf_fmt(&s->desk.told, "%s%s: %s", s->desk.told.n ? "; " : "", short_words, why->text);
	cli_fail(why);
}

/* The longer of what is known outside. */
static bool known_longest(const struct session *s, struct journal_known *out, struct err *err)
{
	struct journal_known both[SESSION_KNOWN];
	bool read = session_known(s, both, err);
	*out = both[0];
	for (size_t i = 1; i < SESSION_KNOWN; i++) {
		if (both[i].rows <= out->rows)
			continue;
		out->rows = both[i].rows;
		memcpy(out->head, both[i].head, sizeof(out->head));
	}
	return read;
}

/* A journal that is gone with its file is told, and a new one may be begun; what is known of the old
 * one stays known. */
static void tell_gone(struct session *s, bool write)
{
	char text[320];
	struct journal_known known;
	struct err why = {0};
	if (known_longest(s, &known, &why) && journal_known_holds(NULL, &known, &why))
		return;
	bool begins = write && why.code == ERR_CONFLICT;
	snprintf(text, sizeof(text), "%.300s", why.text);
	if (why.code == ERR_CONFLICT)
		err_set(&why, why.code, "%s%s: put it back, or s3triage verify --accept-head goes on without"
			" it, and records that", text, begins ? ", and a new one is begun" : "");
	err_where(&why, s->desk.journal_path, 0, 0);
	session_tell(s, "JOURNAL GONE", &why);
	s->desk.gone = true;
	s->problems++;
	if (!begins || !s->desk.head_file)
		return;
	known.gone = known.rows;
	memcpy(known.gone_head, known.head, sizeof(known.head));
	known.rows = 0;
	known.head[0] = '\0';
	known.from = 0;
	if (!journal_known_write(s->desk.head_file, s->desk.journal_path, &known, &why))
		cli_fail(&why);
}

bool session_known_holds(const struct session *s, size_t i, const struct journal_known *k,
	struct err *err)
{
	if (journal_known_holds(s->desk.journal, k, err) || (i && journal_accepted(s->desk.journal, k, false)))
		return true;
	err_where(err, s->desk.journal_path, 0, 0);
	return i ? err_prefix(err, i == 1 ? "its outbox says" : "of the file that had this name before it led"
		" elsewhere") : false;
}

bool session_gone_holds(const struct session *s, struct journal_known known[SESSION_KNOWN],
	struct err *err)
{
	session_known(s, known, NULL);
	struct journal_known old = {.rows = known[0].gone};
	memcpy(old.head, known[0].gone_head, sizeof(old.head));
	known[0] = old;
	if (!old.rows || !s->desk.journal || journal_has(s->desk.journal, old.rows, str_c(old.head)) ||
		journal_accepted(s->desk.journal, &old, false))
		return true;
	err_where(err, s->desk.journal_path, 0, 0);
	return err_set(err, ERR_CONFLICT, "a journal of %lld row%s, the last one %.12s..., was here before"
		" this one and is gone: put it back, or s3triage verify --accept-head goes on without it, and"
		" records that", (long long)old.rows, plural((unsigned long long)old.rows), old.head);
}

static bool head_holds(struct session *s, struct err *err)
{
	struct journal_known known[SESSION_KNOWN];
	return session_known(s, known, err) && session_known_holds(s, 1, &known[1], err) &&
		session_known_holds(s, 2, &known[2], err) &&
		(!s->desk.head_file || journal_keep_head(s->desk.journal, s->desk.head_file, err));
}

static void doubt(struct session *s)
{
	s->desk.unsound = true;
	journal_singly(s->desk.journal);
	s->problems++;
}

/* What was cut off, emptied or replaced is not gone on with: nothing is recorded in it or exported
 * from it before somebody has looked. What else it says is shown. */
static bool check_head(struct session *s, const struct cli *cli, bool write, struct err *err)
{
	struct err why = {0};
	if ((cli->verb == VERB_INDEX_verify && cli->text[OPT_ACCEPT_HEAD]) || head_holds(s, &why))
		return true;
	if (!write && ((1u << cli->verb) & ~(V(export) | V(verify)))) {
		session_tell(s, "JOURNAL CUT OR REPLACED", &why);
		doubt(s);
		return true;
	}
	if (err)
		*err = why;
	return false;
}

/* A new one in the place of one that is gone says nothing of what was decided there. */
static bool check_gone(struct session *s, const struct cli *cli, struct err *err)
{
	struct journal_known known[SESSION_KNOWN];
	struct err why = {0};
	if (!s->desk.gone && !session_gone_holds(s, known, &why) && !cli->text[OPT_ACCEPT_HEAD]) {
		session_tell(s, "JOURNAL GONE", &why);
		s->desk.gone = true;
		s->problems++;
	}
	return !s->desk.gone || cli->verb != VERB_INDEX_export || err_set(err, ERR_INPUT, "nothing is exported"
		" before that was looked at");
}

/* One that was emptied, or is no journal any more, is not as if nothing had ever been decided. One that
 * others may change is whole as far as anybody knows: what mends it is the command that is named. */
static bool cannot_open(const struct session *s, struct err *err)
{
	char text[256];
	struct journal_known known;
	if (!err || !journal_guarded(s->desk.journal_path, NULL) || !known_longest(s, &known, NULL) || !known.rows)
		return false;
	snprintf(text, sizeof(text), "%.255s", err->text);
	return err_set(err, err->code, "%s; it had %lld row%s when it was last used here, the last one"
		" %.12s...: look what became of it, and put its newest copy back",
		text, (long long)known.rows, plural((unsigned long long)known.rows), known.head);
}

/* Who asks about a journal by its name must not be answered as if nothing had ever been decided. A
 * decision or an approval that is only tried is about one that it would make. */
static bool must_exist(const struct cli *cli)
{
	bool adds = cli->verb == VERB_INDEX_approval && cli->n_words && strcmp(cli->words[0], "add") == 0;
	return cli->text[OPT_JOURNAL] && cli->verb != VERB_INDEX_decide && !adds;
}

/* What is shown of sources can be shown without it, and is: as bad input, not as all. */
static bool show_without(struct session *s, const struct cli *cli)
{
	static const uint32_t verbs = V(list) | V(show) | V(accounts);
	if (!(verbs >> cli->verb & 1))
		return false;
	fprintf(stderr, "s3triage: there is no journal %s: every alert is shown as open\n", s->desk.journal_path);
	s->problems++;
	return true;
}

static bool open_journal(struct session *s, const struct cli *cli, bool write, struct err *err)
{
	if (!session_journal_path(s, cli, err))
		return false;
	s->desk.head_file = head_file(s->desk.journal_path);
	s->desk.name_file = s->desk.head_file ? head_of(s->desk.journal_path) : NULL;
	bool there = file_exists(s->desk.journal_path);
	if (!there)
		tell_gone(s, write);
	if (!write && !there)
		return check_gone(s, cli, err) && (!must_exist(cli) || /* else nothing was ever decided */
			show_without(s, cli) || err_set(err, ERR_INPUT, "there is no journal %s", s->desk.journal_path));
	s->desk.journal = journal_open(s->desk.journal_path, !write, err);
	if (!s->desk.journal)
		return cannot_open(s, err);
	desk_listen(&s->desk);
	if (cli->text[OPT_NO_SEND])
		journal_stay_home(s->desk.journal);
	return check_head(s, cli, write, err) && check_gone(s, cli, err);
}

bool session_journal(struct session *s, const struct cli *cli, bool write, struct err *err)
{
	return open_journal(s, cli, write, err);
}

static struct str analyst_name(const struct session *s, const struct cli *cli)
{
	if (cli->text[OPT_ANALYST])
		return str_c(cli->text[OPT_ANALYST]);
	if (s->config && config_analyst(s->config).n)
		return config_analyst(s->config);
	const char *user = getenv("USER");
	if (user && *user)
		return str_c(user);
	struct passwd *pw = getpwuid(geteuid());
	return pw ? str_c(pw->pw_name) : STR("unknown");
}

/* What a changed journal says is shown, for what else is there; but never as if nothing had been
 * changed. Exports refuse it; the console, whose first screen cannot wait for it, walks the chain
 * later. */
static void check_chain(struct session *s, const struct cli *cli)
{
	static const char unread[] = "s3triage: warning: %lld row%s of the journal mean%s nothing to this version:"
		" see s3triage verify\n";
	const unsigned refuses = V(export) | V(verify);
	struct err err = {0};
	struct journal_walk w = {0};
	int64_t broken = 0;
	if (!s->desk.journal || ((1u << cli->verb) & refuses))
		return;
	s->desk.walks = cli->verb == VERB_INDEX_open && isatty(STDOUT_FILENO);
	bool fine = (s->desk.walks || journal_walk(s->desk.journal, &w, -1, &broken, &err)) &&
		journal_glance(s->desk.journal, &err);
	if (w.unread)
		fprintf(stderr, unread, (long long)w.unread, plural((unsigned long long)w.unread),
			w.unread == 1 ? "s" : "");
	if (fine)
		return;
	err.file[0] = '\0';
	err_prefix(&err, err.code == ERR_INPUT ? "%s was changed by other means, its verdicts may be"
		" wrong; s3triage verify says what to do" : "%s", s->desk.journal_path);
	session_tell(s, "JOURNAL CHANGED", &err);
	doubt(s);
}

/* Of what stays open the clock goes on; the sample events are of the time of their story. */
static int64_t tell_now(void *ctx)
{
	const struct session *s = ctx;
	return s->options.demo.n ? WHEN_NONE : s->options.background ? clock_now() : s->now;
}

bool session_init(struct session *s, const struct cli *cli, unsigned want, struct err *err)
{
	*s = (struct session){.now = clock_now(), .quiet = cli->text[OPT_QUIET] != NULL,
		.list_skipped = cli->text[OPT_LIST_SKIPPED] != NULL};
	desk_init(&s->desk, want & WANT_CONTEXT);
	s->desk.now = clock_now;
	s->desk.alerts_now = tell_now;
	s->desk.alerts_ctx = s;
	if ((want & WANT_CONFIG) && !session_config(s, cli, err))
		return false;
	s->desk.analyst = analyst_name(s, cli);
	if ((want & WANT_BOOK) && !known_book(s, cli, err))
		return false;
	desk_ask(&s->desk);
	if ((want & WANT_RULE) && !open_rule(s, cli, err))
		return false;
	if (want & (WANT_JOURNAL | WANT_WRITE)) {
		if (!open_journal(s, cli, want & WANT_WRITE, err))
			return false;
		if (!desk_sync(&s->desk, err))
			return false;
		check_chain(s, cli);
	}
	if (!(want & WANT_SCAN))
		return true;
	if (!scan_options_read(s, cli, &s->options, err))
		return false;
	s->options.context = s->desk.context != NULL;
	s->options.background = cli->verb == VERB_INDEX_open;
	for (size_t i = 0; i < s->n_clusters && !s->options.background; i++)
		cluster_warn(s->clusters[i]);
	s->scan = scan_start(&s->options, err);
	return s->scan != NULL;
}

/* Whoever decided hears that a clock is or was wrong: his own, or the one before. */
static void session_tell_clock(const struct session *s)
{
	char span[WHEN_TEXT_MAX];
	int64_t ahead = s->desk.journal ? journal_ahead(s->desk.journal) : 0;
	if (ahead)
		fprintf(stderr, "s3triage: the row before the one that was recorded is dated %s ahead of"
			" this clock: one of the two is wrong; both times are kept, see s3triage history\n",
			when_span(ahead, span));
}

/* What was recorded stands, but a later start could not tell if it were cut off. */
static void session_tell_head(const struct session *s)
{
	const struct err *why = s->desk.journal ? journal_head_trouble(s->desk.journal) : NULL;
	if (why)
		cli_fail(why);
}

void session_fini(struct session *s)
{
	report_skipped(s);
	session_tell_clock(s);
	session_tell_head(s);
	scan_free(s->scan);
	scan_options_fini(s);
	desk_fini(&s->desk);
	config_free(s->config);
	free(s->config_path);
}

int session_exit(const struct session *s)
{
	return s->problems ? EXIT_BAD_INPUT : EXIT_FINE;
}
