/*
 * show: everything about one alert, as the console's panes say it, or as JSON.
 */
#include "cli_priv.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/utf8.h"
#include "s3triage/base/when.h"
#include "s3triage/alert/facts.h"
#include "s3triage/view/load.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

static bool verb_show_load(struct loaded *l, const struct session *s, row_id r, struct err *err)
{
	loaded_read(l, s->desk.store, r, s->desk.rule);
	return !s->desk.journal || outbox_history(s->desk.journal, l->detail.alert, loaded_take, l, err);
}

static int width(void)
{
	struct winsize size;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40)
		return size.ws_col < 120 ? size.ws_col : 120;
	return 100;
}

static void print_text(const char *title, void (*fill)(const struct detail *, struct text *),
	const struct detail *d)
{
	struct text *text = text_new();
	struct canvas canvas;
	struct buf out = {0};
	fill(d, text);
	text_layout(text, width());
	canvas_init(&canvas, (int)text_rows(text), width());
	text_draw(text, &canvas, (struct rect){0, 0, canvas.rows, canvas.cols}, 0, STR(""));
	canvas_dump(&canvas, false, &out);
	printf("== %s ==\n%s\n", title, buf_cstr(&out));
	buf_fini(&out);
	canvas_fini(&canvas);
	text_free(text);
}

/* What has not arrived at a team's place, and why. */
static void unsent_json(struct members *m, const struct loaded *l)
{
	member_open(m, "unsent", '[');
	for (size_t i = 0; i < l->n_history; i++)
		for (struct str rest = l->history[i]->unsent; rest.n;) {
			member_open(m, NULL, '{');
			member_int(m, "seq", l->history[i]->seq);
			member_text(m, "text", str_cut(&rest, '\n'));
			member_close(m, 1);
		}
	member_close(m, 1);
}

static void verb_show_print_json(const struct session *s, row_id r, const struct loaded *l)
{
	AUTO(buf_fini) struct buf out = {0};
	struct members m = members_open(&out, '{');
	member_open(&m, "alert", '{');
	list_json(&m, s, r);
	member_close(&m, 1);
	member_tree(&m, "document", l->ecs);
	around_json(&m, s, r);
	unsent_json(&m, l);
	print_members(&m);
}

static void print_signals(const struct session *s, row_id r)
{
	struct signal v[SIGNAL_COUNT];
	struct arena mem = {0};
	struct buf out = {0};
	size_t n = signals_list(s->desk.signals, r, &mem, v);
	int score = 0;
	for (size_t i = 0; i < n; i++) {
		score += v[i].weight;
		buf_fmt(&out, "  %d  %-16s  ", v[i].weight, signal_name(v[i].index));
		utf8_visible(&out, v[i].text, false);
		buf_char(&out, '\n');
	}
	printf("== Signals ==\n%s  %d in all %s\n\n", buf_cstr(&out), score,
		signals_marks(score));
	buf_fini(&out);
	arena_fini(&mem);
}

static void print_seen(const struct session *s, row_id r)
{
	struct precedent_hit hits[5];
	struct buf line = {0}, said = {0};
	size_t n = precedent_find(s->desk.seen, store_alert(s->desk.store, r), hits, 5);
	if (!n)
		return;
	precedent_sentence(s->desk.seen, store_alert(s->desk.store, r), &said);
	utf8_visible(&line, buf_str(&said), true);
	puts("== Seen before ==");
	for (size_t i = 0; i < n && i < 5; i++) {
		char when[WHEN_TEXT_MAX];
		buf_fmt(&line, "\n  %s  %c ", when_format(hits[i].at, when), verdict_glyph(hits[i].verdict));
		utf8_visible(&line, hits[i].bucket, false);
		buf_c(&line, "  ");
		utf8_visible(&line, hits[i].reason, false);
		for (int k = 0; k < PRECEDENT_KINDS; k++)
			if (hits[i].same >> k & 1)
				buf_fmt(&line, "  same %s", precedent_kind_name((enum precedent_kind)k));
	}
	printf("%s\n\n", buf_cstr(&line));
	buf_fini(&line);
	buf_fini(&said);
}

static int show(const struct session *s, const struct cli *cli, row_id r, int64_t window_ms)
{
	(void)window_ms;
	struct loaded l = {0};
	struct err err = {0};
	if (!verb_show_load(&l, s, r, &err)) {
		loaded_fini(&l);
		return cli_fail(&err);
	}
	signals_update(s->desk.signals, 0);
	if (cli->text[OPT_JSON]) {
		verb_show_print_json(s, r, &l);
	} else {
		print_text("Request", request_text, &l.detail);
		print_text("Actor", actor_text, &l.detail);
		print_signals(s, r);
		around_print(s, r);
		print_seen(s, r);
		print_text("Guide", guide_text, &l.detail);
	}
	loaded_fini(&l);
	return session_exit(s);
}

static int verb_show(struct cli *cli)
{
	return one_alert(cli, show);
}

const struct verb_row show_verb = {
	.name = "show",
	.synopsis = "ID --from SOURCE...",
	.help = "print everything about one alert",
	.example = "s3triage show ID --from logs/",
	.run = verb_show,
	TAKES(ALERT_OPTIONS, OPT_JSON),
	.opens = WANT_RULE | WANT_SCAN | WANT_JOURNAL | WANT_BOOK | WANT_CONTEXT | WANT_LESS,
	.words = 1,
};
