/*
 * open: the console. Without a usable terminal the plain list is printed instead.
 */
#include "seals.h"

#include "s3triage/base/file.h"
#include "s3triage/base/mem.h"
#include "s3triage/builtin/builtin.h"
#include "s3triage/tui/tui.h"

#include <langinfo.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A theme of ours by name, else a file. */
static bool read_theme(const struct session *s, const struct cli *cli, struct theme *out,
	struct err *err)
{
	const char *given = cli->text[OPT_THEME];
	struct str name = given ? str_c(given) : config_theme_name(s->config);
	struct str text = builtin_theme(name);
	if (text.n) {
		char *file AUTO(mem_free_ptr) = mem_dup(name);
		return theme_read(text, file, out, err);
	}
	char *path AUTO(mem_free_ptr) = mem_dup(name);
	if (str_find_char(name, '/') == STR_NONE && !file_exists(path)) {
		err_set(err, given ? ERR_USAGE : ERR_INPUT,
			"there is no theme '%s': " BUILTIN_THEMES "or a file", path);
		return false;
	}
	struct buf bytes = {0};
	bool ok = (given || file_guarded(path, 0, err)) && file_read(path, &bytes, err) &&
		theme_read(buf_str(&bytes), path, out, err);
	buf_fini(&bytes);
	return ok;
}

/* "logs/2026-11", "logs/2026-11 and 2 more", "demo". */
static void name_sources(const struct cli *cli, struct buf *out)
{
	if (cli->n_sources)
		buf_c(out, strcmp(cli->sources[0], "-") == 0 ? "standard input" : cli->sources[0]);
	else
		buf_c(out, "demo");
	size_t more = cli->n_sources ? cli->n_sources - 1 + (cli->text[OPT_DEMO] != NULL) : 0;
	if (more)
		buf_fmt(out, " and %zu more", more);
}

static bool utf8_terminal(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

static int verb_open_plain(struct session *s, const struct cli *cli)
{
	struct err err = {0};
	for (size_t i = 0; i < s->n_clusters; i++)
		cluster_warn(s->clusters[i]);
	if (!session_load(s, cli, &err))
		return cli_fail(&err);
	int code = list_loaded(s, cli);
	report_summary(s, cli);
	return code == EXIT_FINE ? session_exit(s) : code;
}

/* Said where it stays: on the terminal that one comes back to. */
static void say_unsent(struct sender *sender)
{
	size_t n = sender ? sender_unsent(sender) : 0;
	if (n)
		fprintf(stderr, "s3triage: %zu decision%s ha%s not arrived at the team's place: the next start or"
			" `s3triage outbox --retry` sends what waits, `s3triage outbox` says why\n", n,
			plural(n), n == 1 ? "s" : "ve");
}

/* What ends the program by a signal must look so to whoever waits for it. */
static int left(const struct session *s, int signal_number)
{
	return signal_number ? 128 + signal_number : session_exit(s);
}

/* What is not safe here; of the journal first, for where there is no room the first word stays. */
static void put_banner(const struct session *s, const struct config *sends, const struct err *why,
	struct buf *banner)
{
	AUTO(buf_fini) struct buf clusters = {0};
	cluster_banner(s, sends, &clusters);
	buf_add(banner, buf_str(&s->desk.told));
	buf_fmt(banner, "%s%s", banner->n && clusters.n ? "; " : "", buf_cstr(&clusters));
	if (why->code)
		buf_fmt(banner, "%sNOTHING IS SENT: %s", banner->n ? "; " : "", why->text);
}

/* A thread sends, with a configuration of its own, as it fetches secrets. That it could not be started is
 * told in `why`. */
static bool start_sending(struct session *s, const struct cli *cli, struct session *sends, struct err *why,
	struct err *err)
{
	bool home = cli->text[OPT_NO_SEND] != NULL;
	desk_routes(&s->desk, config_profile_list(s->config), config_profiles(s->config), home);
	if (!s->desk.journal || cli->text[OPT_READ_ONLY] || home || !s->desk.out.routes.n)
		return true;
	if (!session_config(sends, cli, err))
		return false;
	for (size_t i = 0; i < config_profiles(sends->config); i++)
		cluster_use(config_profile_list(sends->config)[i], cli);
	desk_sender(&s->desk, config_profile_list(sends->config), config_profiles(sends->config), why);
	return true;
}

static void stop_sending(struct session *s, struct session *sends)
{
	say_unsent(s->desk.out.sender);
	asker_free(s->desk.asker);
	s->desk.asker = NULL;
	desk_stay(&s->desk);
	config_free(sends->config);
	free(sends->config_path);
}

/* Reading the sources once more: what stays. */
static bool open_again(const struct session *s, struct scan_options *out)
{
	*out = s->options;
	out->rule = NULL;
	out->context = out->follow = false;
	out->limit = 0;
	for (size_t i = 0; i < out->n_paths; i++)
		if (strcmp(out->paths[i], "-") == 0)
			return false;
	return true;
}

static bool run_console(struct session *s, const struct cli *cli, struct tui_setup *setup,
	struct tui_end *end, struct err *err)
{
	AUTO(buf_fini) struct buf source = {0};
	struct scan_options again;
	name_sources(cli, &source);
	setup->again = open_again(s, &again) ? &again : NULL;
	s->desk.read_only = cli->text[OPT_READ_ONLY] || !s->desk.journal;
	setup->desk = &s->desk;
	setup->scan = s->scan;
	setup->config = s->config;
	setup->source = buf_str(&source);
	setup->filter = str_trim(str_c(cli->text[OPT_FILTER]));
	setup->sort = str_c(cli->text[OPT_SORT]);
	setup->ascii = cli->text[OPT_ASCII] || !utf8_terminal();
	setup->env = env_get;
	return tui_run(setup, end, err);
}

static int console(struct session *s, const struct cli *cli, const struct theme *theme)
{
	AUTO(buf_fini) struct buf banner = {0};
	struct err err = {0}, why = {0};
	struct session sends = {0};
	struct tui_end end = {0};
	bool ready = start_sending(s, cli, &sends, &why, &err) &&
		(s->desk.asker = asker_new(cli->text[OPT_AWS_PROFILE], env_get, &err));
	put_banner(s, sends.config, &why, &banner);
	struct tui_setup setup = {.theme = theme, .banner = buf_str(&banner)};
	bool ok = ready && run_console(s, cli, &setup, &end, &err);
	stop_sending(s, &sends);
	s->problems += s->desk.broken[0] != 0 || s->desk.lost.n;
	if (s->desk.lost.n) /* where it stays, too */
		fprintf(stderr, "s3triage: %s\n", buf_cstr(&s->desk.lost));
	if (ok || end.signal_number)
		return left(s, end.signal_number);
	if (!ready || err.code != ERR_INPUT || cli->text[OPT_FOLLOW])
		return cli_fail(&err); /* the plain list would never end */
	if (isatty(STDOUT_FILENO))
		cli_fail(&err);
	return verb_open_plain(s, cli);
}

static int verb_open_run(struct session *s, const struct cli *cli)
{
	struct err err = {0};
	struct theme theme;
	unsigned journal = cli->text[OPT_READ_ONLY] ? WANT_JOURNAL : WANT_WRITE;
	if (!session_init(s, cli, cli->verb->opens | journal, &err) ||
		!read_theme(s, cli, &theme, &err))
		return cli_fail(&err);
	if (cli->text[OPT_FOLLOW] && !isatty(STDOUT_FILENO))
		return cli_usage("--follow needs a terminal");
	return isatty(STDOUT_FILENO) ? console(s, cli, &theme) : verb_open_plain(s, cli);
}

static int verb_open(struct cli *cli)
{
	struct err err = {0};
	if (!select_check(cli, clock_now(), &err))
		return cli_fail(&err);
	if (str_c(cli->text[OPT_FILTER]).n > APP_FILTER_MAX)
		return cli_usage("--filter is longer than %d bytes", APP_FILTER_MAX);
	struct session s = {0};
	int code = verb_open_run(&s, cli);
	if (!cli->text[OPT_READ_ONLY])
		seal_when_due(&s, cli, true);
	session_fini(&s);
	return code;
}

const struct verb_row open_verb = {
	.name = "open",
	.synopsis = "[OPTIONS] SOURCE...",
	.help = "open the console on the alerts in the sources",
	.example = "s3triage open logs/",
	.run = verb_open,
	TAKES(ALERT_OPTIONS, OPT_FILTER, OPT_SORT, OPT_ANALYST, OPT_NO_SEND, OPT_READ_ONLY,
		OPT_THEME, OPT_FOLLOW, OPT_ASCII, OPT_AWS_PROFILE),
	.opens = WANT_RULE | WANT_SCAN | WANT_CONFIG | WANT_BOOK | WANT_CONTEXT | WANT_CONSOLE,
	.ways = VERB_SOURCES,
};
