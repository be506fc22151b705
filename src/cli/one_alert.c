/*
 * one_alert: what show, timeline and pivot have in common: the alert that the word names, looked up in
 * the sources.
 */
#include "cli_priv.h"

#include <string.h>

static bool read_span(const struct cli *cli, int64_t *ms, struct err *err)
{
	static const char units[] = "smhd";
	static const int64_t sizes[] = {1000, 60000, 3600000, 86400000};
	struct str text = str_c(cli->text[OPT_WINDOW]);
	if (!cli->text[OPT_WINDOW])
		return true; /* as desk_window() has it */
	const char *unit = text.n ? strchr(units, text.p[text.n - 1]) : NULL;
	int64_t n;
	if (unit && *unit && str_digits(str_sub(text, 0, text.n - 1)) &&
		str_int(str_sub(text, 0, text.n - 1), &n) && n > 0 && n <= 36500) {
		*ms = n * sizes[unit - units];
		return true;
	}
	return err_set(err, ERR_USAGE, "--window is a number and one of s m h d, as in 2h, not '%s'",
		cli->text[OPT_WINDOW]);
}

int one_alert(const struct cli *cli, alert_fn fn)
{
	struct err err = {0};
	struct session s = {0};
	int64_t window_ms = 0;
	row_id r = ROW_NONE;
	if (cli->n_words != 1)
		return cli_usage("%s takes one ID and its sources: s3triage %s %s", cli->verb->name,
			cli->verb->name, cli->verb->synopsis);
	if (read_span(cli, &window_ms, &err) && session_init(&s, cli, cli->verb->opens, &err) &&
		session_load(&s, cli, &err))
		r = session_find(&s, cli, cli->words[0], &err);
	int code = r == ROW_NONE ? cli_fail(&err) : fn(&s, cli, r, window_ms ? window_ms : desk_window(&s.desk));
	session_fini(&s);
	return code;
}
