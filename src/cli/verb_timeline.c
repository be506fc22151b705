/*
 * timeline: the events around one alert, in order of time.
 */
#include "cli_priv.h"
#include "did.h"

#include "s3triage/export/export_context.h"

static int timeline(const struct session *s, const struct cli *cli, row_id r, int64_t window_ms)
{
	struct arena mem = {0};
	struct timeline t;
	bool all = cli->text[OPT_ALL];
	around_timeline(s, r, window_ms, &mem, &t);
	if (!cli->text[OPT_JSON])
		print_timeline(&t, window_ms);
	if (!cli->text[OPT_JSON])
		around_print_dropped(s);
	for (size_t i = 0; cli->text[OPT_JSON] && i < t.n; i++) {
		AUTO(buf_fini) struct buf line = {0};
		struct members m = members_open(&line, '{');
		export_timeline_entry(&m, &t.entries[i]);
		print_members(&m);
	}
	if (all || !cli->text[OPT_JSON]) {
		struct did did;
		did_count(s, r, &did);
		did.window_ms = window_ms;
		(cli->text[OPT_JSON] ? did_json_lines : did_print)(&did, &t, all);
		did_fini(&did);
	}
	arena_fini(&mem);
	return session_exit(s);
}

static int verb_timeline(struct cli *cli)
{
	return one_alert(cli, timeline);
}

const struct verb_row timeline_verb = {
	.name = "timeline",
	.synopsis = "ID --from SOURCE...",
	.help = "the events around an alert: same principal, same bucket",
	.example = "s3triage timeline ID --from logs/ --window 1d",
	.run = verb_timeline,
	TAKES(EVENT_OPTIONS, OPT_JSON, OPT_WINDOW, OPT_ALL),
	.opens = WANT_RULE | WANT_SCAN | WANT_CONTEXT,
	.words = 1,
};
