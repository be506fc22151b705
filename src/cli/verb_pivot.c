/*
 * pivot: where to ask further about one alert: queries and commands to copy.
 */
#include "cli_priv.h"

#include "s3triage/export/pivot.h"

static int pivot(const struct session *s, const struct cli *cli, row_id r, int64_t window_ms)
{
	struct arena mem = {0};
	struct pivot v[PIVOTS_MAX];
	size_t n = pivot_make(store_alert(s->desk.store, r), window_ms, &mem, v);
	for (size_t i = 0; i < n; i++) {
		const char *language = pivot_language_name(v[i].language);
		AUTO(buf_fini) struct buf line = {0};
		if (cli->text[OPT_JSON]) {
			struct members m = members_open(&line, '{');
			member_text(&m, "language", str_c(language));
			member_text(&m, "title", str_c(v[i].title));
			member_text(&m, "text", v[i].text);
			print_members(&m);
		} else {
			const char *comment = v[i].language == PIVOT_SHELL ? "#" : v[i].language == PIVOT_SQL
				? "--" : "//";
			buf_fmt(&line, "%s %s: %s\n", comment, language, v[i].title);
			buf_add(&line, v[i].text);
			buf_char(&line, '\n');
			puts(buf_cstr(&line));
		}
	}
	arena_fini(&mem);
	return session_exit(s);
}

static int verb_pivot(struct cli *cli)
{
	return one_alert(cli, pivot);
}

const struct verb_row pivot_verb = {
	.name = "pivot",
	.synopsis = "ID --from SOURCE...",
	.help = "queries and commands about an alert, to copy elsewhere",
	.example = "s3triage pivot ID --from logs/",
	.run = verb_pivot,
	TAKES(EVENT_OPTIONS, OPT_JSON, OPT_WINDOW),
	.opens = WANT_RULE | WANT_SCAN,
	.words = 1,
};
