/*
 * session: the rule, the journal, the store and the scan that a verb asked for.
 */
#include "cli_priv.h"

#include "s3triage/base/file.h"
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

/* What is shown of sources can be shown without it, and is: as bad input, not as all. */
static bool show_without(struct session *s, unsigned want)
{
	if (!(want & WANT_LESS))
		return false;
	fprintf(stderr, "s3triage: there is no journal %s: every alert is shown as open\n", s->desk.journal_path);
	s->problems++;
	return true;
}

/* Who asks about a journal by its name must not be answered as if nothing had ever been decided. A
 * decision or an approval that is only tried is about one that it would make. */
bool session_journal(struct session *s, const struct cli *cli, unsigned want, struct err *err)
{
	struct desk *d = &s->desk;
	if (!session_journal_path(s, cli, err) || !desk_open(d, (want & WANT_WRITE ? DESK_WRITE : 0) |
			(want & WANT_STRICT ? DESK_STRICT : 0) | (want & WANT_LEAVES ? DESK_LEAVES : 0) |
			(cli->text[OPT_ACCEPT_HEAD] ? DESK_ACCEPTS : 0), err))
		return false;
	if (d->journal && cli->text[OPT_NO_SEND])
		journal_stay_home(d->journal);
	return d->journal || !cli->text[OPT_JOURNAL] || /* else nothing was ever decided */
		want & WANT_NEW || show_without(s, want) ||
		err_set(err, ERR_INPUT, "there is no journal %s", d->journal_path);
}

/* Exports refuse a changed one; the console, whose first screen cannot wait for it, walks the chain
 * later. */
static void check_chain(struct session *s, unsigned want)
{
	static const char unread[] = "s3triage: warning: %lld row%s of the journal mean%s nothing to this version:"
		" see s3triage verify\n";
	struct desk *d = &s->desk;
	if (!d->journal || want & WANT_STRICT)
		return;
	d->walks = want & WANT_CONSOLE && isatty(STDOUT_FILENO);
	desk_check(d);
	long long n = (long long)d->walk.unread;
	if (n)
		fprintf(stderr, unread, n, plural((unsigned long long)n), n == 1 ? "s" : "");
}

/* What is said of the journal as it is opened. */
static void hear_trouble(void *ctx, const struct err *why)
{
	struct session *s = ctx;
	s->problems++;
	cli_fail(why);
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

static bool session_analyst(struct session *s, const struct cli *cli, struct err *err)
{
	s->desk.analyst = analyst_name(s, cli);
	return !analyst_is_reserved(s->desk.analyst) || err_set(err, ERR_USAGE, "'%.*s' is no analyst's name: so"
		" the journal calls what an approval decides by itself; --analyst, `analyst` in config.toml or $USER"
		" names a person", STR_ARG(str_sub(s->desk.analyst, 0, 60)));
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
	s->desk.env = env_get;
	s->desk.hears = (struct desk_listener){.ctx = s, .trouble = hear_trouble};
	s->desk.alerts_now = tell_now;
	s->desk.alerts_ctx = s;
	if ((want & WANT_CONFIG) && !session_config(s, cli, err))
		return false;
	if (!session_analyst(s, cli, err))
		return false;
	if ((want & WANT_BOOK) && !known_book(s, cli, err))
		return false;
	desk_ask(&s->desk);
	if ((want & WANT_RULE) && !open_rule(s, cli, err))
		return false;
	if (want & (WANT_JOURNAL | WANT_WRITE)) {
		if (!session_journal(s, cli, want, err))
			return false;
		if (!desk_sync(&s->desk, err))
			return false;
		check_chain(s, want);
	}
	if (!(want & WANT_SCAN))
		return true;
	if (!scan_options_read(s, cli, &s->options, err))
		return false;
	s->options.context = s->desk.context != NULL;
	s->options.background = want & WANT_CONSOLE;
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
