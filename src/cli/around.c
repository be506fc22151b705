/*
 * around: what stands around an alert, printed: its timeline, what its request changed, the near
 * misses beside it. For show, timeline and near.
 */
#include "did.h"

#include "s3triage/base/utf8.h"
#include "s3triage/base/when.h"
#include "s3triage/insight/diff.h"
#include "s3triage/export/export_context.h"

void around_timeline(const struct session *s, row_id r, int64_t window_ms, struct arena *mem,
	struct timeline *out)
{
	desk_timeline(&s->desk, r, (struct timeline_want){.window_ms = window_ms}, mem, out);
}

static void around_cell(struct str text, size_t cells, struct buf *out)
{
	AUTO(buf_fini) struct buf shown = {0};
	utf8_visible(&shown, text, false);
	struct str fit = utf8_fit(buf_str(&shown), cells);
	size_t used = utf8_cells(fit);
	buf_add(out, fit);
	buf_fill(out, ' ', cells - (used < cells ? used : cells) + 2);
}

static void around_put_entry(const struct timeline_entry *e, struct buf *out)
{
	char when[WHEN_TEXT_MAX];
	struct str rest = e->bucket.n ? e->bucket : e->target;
	buf_fmt(out, "%c %c %-20s  ", e->self ? '>' : ' ', e->named ? '*' : ' ',
		when_format(e->time / 1000 * 1000, when));
	around_cell(e->action, 26, out);
	around_cell(e->same_principal ? STR("same") : e->who, 20, out);
	around_cell(rest, 28, out);
	utf8_visible(out, e->result.n ? e->result : e->near != ROW_NONE ? STR("near miss")
		: e->alert ? STR("alert") : STR("-"), false);
	buf_fmt(out, "%s%.*s\n", e->part.n ? "  " : "", STR_ARG(e->part));
}

void print_timeline(const struct timeline *t, int64_t window_ms)
{
	char span[WHEN_TEXT_MAX];
	AUTO(buf_fini) struct buf out = {0};
	for (size_t i = 0; i < t->n; i++)
		around_put_entry(&t->entries[i], &out);
	fputs(buf_cstr(&out), stdout);
	if (t->timeless) {
		puts("cannot be placed: the event has no time");
		return;
	}
	printf("%zu event%s within %s", t->n, plural(t->n), when_span(window_ms, span));
	if (t->left_out)
		printf(", about %zu more left out", t->left_out);
	puts("; > this alert, * named by the guide");
}

void around_print_dropped(const struct session *s)
{
	size_t n = context_dropped(s->desk.context);
	char text[COUNT_TEXT_MAX];
	if (n)
		printf("%s more event%s beside the alerts came and %s not kept, %d of one principal and call at most: what "
			"is said of timeline, changes and near misses is of those that are\n", str_count(n, text), plural(n),
			n == 1 ? "was" : "were", CONTEXT_SAME_MAX);
}

static void around_put_line(struct str text, struct buf *out)
{
	buf_c(out, "  ");
	utf8_visible(out, text, false);
	buf_char(out, '\n');
}

static void print_diff(const struct diff *d)
{
	AUTO(buf_fini) struct buf out = {0};
	around_put_line(d->head, &out);
	for (size_t i = 0; i < d->n_lines; i++) {
		buf_c(&out, d->lines[i].more ? "  +" : "  -");
		around_put_line(d->lines[i].text, &out);
	}
	if (d->left_out)
		buf_fmt(&out, "  and %zu more change%s\n", d->left_out, plural(d->left_out));
	if (d->later.n)
		around_put_line(d->later, &out);
	fputs(buf_cstr(&out), stdout);
}

/* The worst stands for all; how many others there are is said. */
static void near_dest_cell(const struct alert *a, struct buf *out)
{
	AUTO(buf_fini) struct buf text = {0};
	struct str bucket = alert_main_dest(a)->bucket;
	char more[24] = "";
	if (a->n_dests > 1)
		snprintf(more, sizeof(more), " +%zu", a->n_dests - 1);
	buf_add(&text, str_sub(bucket.n ? bucket : STR("-"), 0, 24 - strlen(more)));
	buf_c(&text, more);
	around_cell(buf_str(&text), 24, out);
}

void print_near(const struct near_miss *misses, size_t n)
{
	char when[WHEN_TEXT_MAX];
	AUTO(buf_fini) struct buf out = {0};
	for (size_t i = 0; i < n; i++) {
		char tmp[ALERT_WHO_MAX];
		const struct alert *a = misses[i].alert;
		buf_fmt(&out, "%-20s  ", when_format(a->time / 1000 * 1000, when));
		around_cell(misses[i].action, 24, &out);
		around_cell(a->bucket, 28, &out);
		buf_c(&out, "> ");
		near_dest_cell(a, &out);
		around_cell(alert_who(a, tmp), 16, &out);
		utf8_visible(&out, misses[i].why, false);
		buf_char(&out, '\n');
	}
	fputs(buf_cstr(&out), stdout);
}

void around_print(const struct session *s, row_id r)
{
	struct arena mem = {0};
	struct timeline t;
	struct diff d;
	size_t n;
	int64_t window = desk_window(&s->desk);
	diff_alert(s->desk.context, s->desk.store, r, &mem, &d);
	puts("== Changes ==");
	print_diff(&d);
	puts("\n== Timeline ==");
	around_timeline(s, r, window, &mem, &t);
	print_timeline(&t, window);
	struct near_miss *misses = context_near_of(s->desk.context, r, &mem, &n);
	printf("\n== Near misses of the same principal or bucket ==\n");
	print_near(misses, n);
	printf("%zu replication event%s that the rule did not match\n", n, plural(n));
	around_print_dropped(s);
	struct did did;
	did_count(s, r, &did);
	did_print(&did, &t, false);
	did_fini(&did);
	putchar('\n');
	arena_fini(&mem);
}

void around_json(struct members *m, const struct session *s, row_id r)
{
	struct arena mem = {0};
	struct timeline t;
	struct diff d;
	size_t n;
	around_timeline(s, r, desk_window(&s->desk), &mem, &t);
	diff_alert(s->desk.context, s->desk.store, r, &mem, &d);
	struct near_miss *misses = context_near_of(s->desk.context, r, &mem, &n);
	export_timeline(m, &t);
	export_diff(m, &d);
	member_open(m, "near", '[');
	for (size_t i = 0; i < n; i++) {
		member_open(m, NULL, '{');
		export_near(m, &misses[i]);
		member_close(m, 1);
	}
	member_close(m, 1);
	struct did did;
	did_count(s, r, &did);
	member_key(m, "deeds");
	did_json(&did, m->out);
	did_fini(&did);
	arena_fini(&mem);
}
