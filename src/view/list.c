/*
 * list: the alerts, one a row. Draws only the rows that can be seen. Must not decide anything:
 * what is on the list and where the cursor is comes with the model.
 */
#include "columns_priv.h"
#include "view_priv.h"

#include "s3triage/alert/signal.h"
#include "s3triage/base/when.h"

#include <stdio.h>

#define ACCOUNTS_COUNTED 100
#define ROWS_MEASURED 500

/* One field of one row. */
struct field {
	struct canvas *c;
	struct pen pen;
	const struct alert *a;
	enum verdict verdict;
	int signal;
	enum now_state became;
	int64_t now;
};

static void list_say(const struct field *f, enum role role, struct str s)
{
	struct pen pen = f->pen;
	pen.role = role;
	if (s.n)
		canvas_put(f->c, &pen, s);
	else
		put(f->c, (struct pen){pen.row, pen.col, pen.width, ROLE_DIM}, STR("-"));
}

static void draw_verdict(const struct field *f)
{
	static const enum role roles[VERDICTS] = {ROLE_OPEN, ROLE_APPROVED, ROLE_SUSPICIOUS};
	enum role role = roles[f->verdict % VERDICTS];
	char glyph = verdict_glyph(f->verdict);
	list_say(f, role, (struct str){&glyph, 1});
	struct field word = *f;
	word.pen.col += 2;
	word.pen.width -= 2;
	if (word.pen.width >= 4)
		list_say(&word, role, str_c(verdict_name(f->verdict)));
}

/* The year says more than the hour where it is not this one, or the date is none yet. */
static bool draw_year(const struct field *f, struct str s)
{
	char text[WHEN_TEXT_MAX];
	struct str now = f->now <= 0 ? (struct str){0} : str_c(when_format(f->now, text));
	bool ahead = now.n && f->a->time != WHEN_NONE && f->a->time > f->now + SIGNAL_AHEAD_MS;
	if (f->pen.width >= 19 || s.n < 10 || !now.n || (!ahead && str_starts(s, str_sub(now, 0, 4))))
		return false;
	list_say(f, ahead ? ROLE_WARN : ROLE_DIM, str_sub(s, 0, f->pen.width >= 10 ? 10 : 7));
	return true;
}

/* As much of "2026-11-24 02:13:07" as there is room for: the month goes before the minute. */
static void draw_time(const struct field *f)
{
	static const struct {
		int width;
		size_t from, to;
	} parts[] = {{19, 0, 19}, {14, 5, 19}, {11, 5, 16}, {0, 8, 16}};
	char text[WHEN_TEXT_MAX];
	struct str s = str_c(when_format(f->a->time, text));
	size_t i = 0;
	if (draw_year(f, s))
		return;
	if (s.n > 10)
		text[10] = ' ';
	while (f->pen.width < parts[i].width)
		i++;
	list_say(f, ROLE_DIM, str_sub(s, parts[i].from, parts[i].to));
}

static void draw_severity(const struct field *f)
{
	char risk[16];
	int n = snprintf(risk, sizeof(risk), "%3d", f->a->risk);
	struct field right = *f;
	right.pen.col += f->pen.width - 3;
	right.pen.width = 3;
	list_say(f, ROLE_TEXT, str_sub(f->a->severity, 0, 8));
	list_say(&right, ROLE_DIM, (struct str){risk, n > 0 ? (size_t)n : 0});
}

static void draw_owner(const struct field *f)
{
	struct str owner = f->a->owner;
	char text[8];
	if (owner.n <= (size_t)f->pen.width || owner.n < 4) {
		list_say(f, ROLE_DIM, owner);
		return;
	}
	snprintf(text, sizeof(text), "%s%.4s", f->pen.width < 6 ? "" : "..", owner.p + owner.n - 4);
	list_say(f, ROLE_DIM, str_c(text));
}

/* How many accounts the request names besides this one, the same account counted once. */
static size_t further_accounts(const struct alert *a, const struct alert_dest *main)
{
	const struct alert_dest *seen[ACCOUNTS_COUNTED];
	size_t n = 0;
	for (size_t i = 0; i < a->n_dests && n < ACCOUNTS_COUNTED; i++) {
		const struct alert_dest *d = &a->dests[i];
		bool known = str_eq(d->written, main->written);
		for (size_t k = 0; k < n && !known; k++)
			known = str_eq(seen[k]->written, d->written);
		if (!known)
			seen[n++] = d;
	}
	return n;
}

#define COUNT_MAX 16

/* "+3", "99+" when there are more than that; its cells, 0 when there are no others. */
static int count_text(const struct alert *a, const struct alert_dest *main, char out[COUNT_MAX])
{
	size_t more = main ? further_accounts(a, main) : 0;
	return !more ? 0 : more < ACCOUNTS_COUNTED ? snprintf(out, COUNT_MAX, "+%zu", more)
		: snprintf(out, COUNT_MAX, "%d+", ACCOUNTS_COUNTED - 1);
}

static struct str list_dest_text(const struct alert_dest *d, enum role *role)
{
	static const enum role roles[] = {ROLE_OTHER, ROLE_OWN, ROLE_WARN, ROLE_ERROR};
	if (!d) {
		*role = ROLE_DIM;
		return STR("none");
	}
	*role = roles[d->relation % 4];
	switch (d->relation) {
	case RELATION_OTHER: return d->account;
	case RELATION_OWN: return STR("own account");
	case RELATION_UNNAMED: return STR("not named");
	default: return STR("invalid id");
	}
}

static void draw_dest(const struct field *f)
{
	const struct alert_dest *d = alert_main_dest(f->a);
	if (!d && f->a->n_dests)
		d = &f->a->dests[0];
	enum role role;
	struct str text = list_dest_text(d, &role);
	if (!f->a->n_dests && f->a->traits & TRAIT_LOSSY)
		text = STR("not known");
	struct pen pen = f->pen;
	int end = pen.col + pen.width;
	if (pen.width >= 14) {
		put(f->c, (struct pen){pen.row, pen.col, 1, ROLE_DIM}, STR(">"));
		pen.col += 2;
	}
	put(f->c, (struct pen){pen.row, pen.col, end - pen.col, role}, text);
	pen.col += 12;
	bool doubt = f->a->disagreement || (f->a->traits & TRAITS_DOUBT);
	if (doubt || (d && d->claim)) /* ?: the account is only claimed */
		put(f->c, (struct pen){pen.row, pen.col, end - pen.col, ROLE_WARN}, doubt ? STR("!") : STR("?"));
	pen.col++;
	char count[COUNT_MAX];
	int n = count_text(f->a, d, count);
	if (n && end - pen.col < n)
		n = 1; /* that there are more is never left out */
	put(f->c, (struct pen){pen.row, pen.col, end - pen.col, ROLE_OTHER},
		(struct str){count, (size_t)n});
}

static void draw_signal(const struct field *f)
{
	static const char *const marks[] = {"", ".", "!", "!!", "!!!"};
	int i = f->signal < 0 ? 0 : f->signal > 4 ? 4 : f->signal;
	put(f->c, (struct pen){f->pen.row, f->pen.col, f->pen.width, i > 1 ? ROLE_WARN : ROLE_DIM},
		str_c(marks[i]));
}

static void draw_now(const struct field *f)
{
	static const enum role roles[] = {ROLE_DIM, ROLE_WARN, ROLE_TEXT, ROLE_DIM};
	list_say(f, roles[f->became % ARRAY_LEN(roles)], str_c(now_name(f->became)));
}

/* What is decided steps back behind what is open. */
static void draw_field(const struct field *f, enum column column)
{
	enum role calm = f->verdict == VERDICT_OPEN ? ROLE_TEXT : ROLE_DIM;
	char tmp[ALERT_WHO_MAX];
	switch (column) {
	case COLUMN_VERDICT: draw_verdict(f); break;
	case COLUMN_TIME: draw_time(f); break;
	case COLUMN_SEVERITY: draw_severity(f); break;
	case COLUMN_BUCKET: list_say(f, calm, f->a->bucket); break;
	case COLUMN_OWNER: draw_owner(f); break;
	case COLUMN_DEST: draw_dest(f); break;
	case COLUMN_SIGNAL: draw_signal(f); break;
	case COLUMN_NOW: draw_now(f); break;
	case COLUMN_ACTOR: list_say(f, calm, alert_who(f->a, tmp)); break;
	case COLUMN_REGION: list_say(f, ROLE_DIM, f->a->region); break;
	case COLUMN_SOURCE: list_say(f, ROLE_DIM, f->a->source); break;
	case COLUMNS: break;
	}
}

/* The signs before the first column: where the cursor is, and whether the row is marked. */
static void draw_signs(const struct field *f, const struct columns *cols, bool cursor, bool marked)
{
	struct pen pen = {f->pen.row, f->pen.col, 1, ROLE_CURSOR};
	if (cursor)
		put(f->c, pen, STR("▌"));
	pen.role = ROLE_MARKED;
	pen.col += cols->lead > 1 ? 1 : 0;
	if (marked)
		put(f->c, pen, STR("*"));
}

static void draw_alert(const struct list_model *m, const struct columns *cols, struct field f,
	size_t i)
{
	row_id r = selection_at(m->rows, i);
	f.a = store_alert(m->store, r);
	f.verdict = store_verdict(m->store, r);
	f.signal = m->signal ? m->signal(m->signal_ctx, r) : 0;
	f.became = store_now(m->store, r);
	int left = f.pen.col, right = left + f.pen.width;
	draw_signs(&f, cols, i == m->cursor, m->marked && m->marked(m->ctx, r));
	f.pen.col += cols->lead;
	for (int k = 0; k < cols->n; k++) {
		int room = right - f.pen.col;
		f.pen.width = cols->width[k] < room ? cols->width[k] : room;
		draw_field(&f, cols->col[k]);
		f.pen.col += cols->width[k] + cols->gap;
	}
	if (i == m->cursor)
		canvas_select_row(f.c, (struct rect){f.pen.row, left, 1, right - left});
}

static void list_draw_head(const struct columns *cols, struct canvas *c, struct rect r)
{
	struct pen pen = {r.row, r.col + cols->lead, 0, ROLE_LABEL};
	for (int k = 0; k < cols->n && r.rows; k++) {
		int room = r.col + r.cols - pen.col;
		pen.width = cols->width[k] < room ? cols->width[k] : room;
		if (pen.width >= 4)
			canvas_put(c, &pen, str_c(column_name(cols->col[k])));
		pen.col += cols->width[k] + cols->gap;
	}
}

static int dest_cells(const struct alert *a)
{
	const struct alert_dest *d = alert_main_dest(a);
	char count[COUNT_MAX];
	int more = count_text(a, d, count);
	return 14 + (more ? 1 + more : a->disagreement ? 1 : 0);
}

static void widest(int *cells, struct str s)
{
	size_t n = utf8_cells(str_sub(s, 0, 256));
	if ((int)n > *cells)
		*cells = (int)n;
}

/* The first rows of the list, whatever is scrolled to: columns that jump are hard to read. */
static void measure(const struct list_model *m, size_t count, struct column_needs *needs)
{
	*needs = (struct column_needs){.signal = m->signal != NULL};
	char tmp[ALERT_WHO_MAX];
	for (size_t i = 0; i < count && i < ROWS_MEASURED; i++) {
		const struct alert *a = store_alert(m->store, selection_at(m->rows, i));
		widest(&needs->cells[COLUMN_BUCKET], a->bucket);
		widest(&needs->cells[COLUMN_ACTOR], alert_who(a, tmp));
		int dest = dest_cells(a);
		if (dest > needs->cells[COLUMN_DEST])
			needs->cells[COLUMN_DEST] = dest;
	}
	needs->cells[COLUMN_OWNER] = 4; /* the last digits tell them apart */
}

static void list_draw_empty(struct str empty, struct canvas *c, struct rect in)
{
	struct text *t = text_new();
	if (in.cols > 20) {
		in.col += 2;
		in.cols -= 4;
	}
	text_span(t, ROLE_TEXT, empty.n ? empty : STR("No alerts."));
	text_end(t);
	text_layout(t, in.cols);
	text_draw(t, c, in, 0, STR(""));
	text_free(t);
}

void list_draw(const struct list_model *m, const struct screen_layout *l, struct canvas *c)
{
	struct rect r = l->pane[PANE_LIST];
	size_t count = m->rows ? selection_count(m->rows) : 0;
	if (r.rows <= 0)
		return;
	if (count == 0) {
		list_draw_empty(m->empty, c, r);
		return;
	}
	struct columns cols;
	struct column_needs needs;
	measure(m, count, &needs);
	columns_fit(m->columns, r.cols, &needs, &cols);
	list_draw_head(&cols, c, l->list_head);
	size_t top = scroll_into(m->top, m->cursor, (size_t)r.rows, count);
	for (int i = 0; i < r.rows && top + (size_t)i < count; i++) {
		struct field f = {.c = c, .now = m->now, .pen = {r.row + i, r.col, r.cols, ROLE_TEXT}};
		draw_alert(m, &cols, f, top + (size_t)i);
	}
}
