/*
 * draw: the state as the model that the view draws. Changes nothing but places that must fit.
 */
#include "app_priv.h"

#include <string.h>

/* Techniques without those whose sub-technique is named too. */
static struct str techniques(const struct rule *r, struct arena *mem)
{
	struct str all = {0};
	for (size_t i = 0; r && i < r->n_techniques && i < 50; i++) {
		struct str id = r->techniques[i].id;
		bool covered = false;
		for (size_t k = 0; k < r->n_techniques && k < 50; k++) {
			struct str other = r->techniques[k].id;
			covered = covered || (other.n > id.n && str_starts(other, id));
		}
		if (!covered && str_find(all, id) == STR_NONE)
			all = all.n ? arena_fmt(mem, "%.*s %.*s", STR_ARG(all), STR_ARG(id)) : id;
	}
	return all;
}

static const char *first_key(struct app *a, int action, char name[16])
{
	struct key k;
	if (!config_action_key(a->set.config, PLACE_LIST, action, 0, &k))
		return action_about(action)->name;
	return key_spelling(k, name);
}

/* Why the list is empty, and what to do. */
static struct str empty(struct app *a, struct arena *mem)
{
	char key[16];
	size_t n = store_count(a->set.desk->store);
	if (n == 0 && a->busy)
		return STR("No alert yet: still reading.");
	if (n == 0 && a->set.desk->context && context_count(a->set.desk->context))
		return arena_fmt(mem, "No alert. %.*s. %s shows near misses: replication events that the "
			"rule does not match.", STR_ARG(buf_str(&a->status)), first_key(a, ACTION_NEAR, key));
	if (n == 0)
		return arena_fmt(mem, "No alert. %.*s", STR_ARG(buf_str(&a->status)));
	if (a->hide && store_count_verdict(a->set.desk->store, VERDICT_OPEN) == 0)
		return arena_fmt(mem, n == 1 ? "All %zu alert is decided. %s shows it."
			: "All %zu alerts are decided. %s shows them.", n,
			first_key(a, ACTION_HIDE_DECIDED, key));
	return arena_fmt(mem, "None of %zu alert%s is within the filter%s. %s clears it.", n, plural(n),
		a->hide ? " and open" : "", first_key(a, ACTION_FILTER_CLEAR, key));
}

static bool marked(const void *ctx, row_id r)
{
	return marks_has(ctx, r);
}

static size_t list_top(struct app *a, size_t rows)
{
	size_t n = selection_count(a->sel);
	if (rows == 0 || n <= rows)
		return 0;
	if (a->top > n - rows)
		a->top = n - rows;
	if (a->at < a->top)
		a->top = a->at;
	if (a->at >= a->top + rows)
		a->top = a->at - rows + 1;
	return a->top;
}

/* As many marks as signals_marks() gives. */
static int signal_strength(const void *ctx, row_id r)
{
	const char *marks = signals_marks(signals_score(store_signals(ctx, r)));
	return marks[0] == '\0' ? 0 : marks[0] == '.' ? 1 : 1 + (int)strlen(marks);
}

static void list_model(struct app *a, struct arena *mem, struct list_model *m)
{
	struct rect r = app_layout(a).pane[PANE_LIST];
	a->top = list_top(a, r.rows > 0 ? (size_t)r.rows : 0);
	*m = (struct list_model){.store = a->set.desk->store, .rows = a->sel, .cursor = a->at, .now = shown_now(a),
		.top = a->top, .marked = marked, .ctx = &a->marks,
		.columns = config_columns(a->set.config), .empty = empty(a, mem)};
	if (a->set.desk->signals) {
		m->signal = signal_strength;
		m->signal_ctx = a->set.desk->store;
	}
}

static void head_model(struct app *a, struct arena *mem, struct screen_model *m)
{
	const struct rule *r = a->set.desk->rule;
	if (r) {
		m->rule_name = r->name;
		m->severity = r->severity;
		m->risk = r->risk;
		m->techniques = techniques(r, mem);
	}
	m->source = a->set.source;
	m->banner = a->set.banner;
	m->open = store_count_verdict(a->set.desk->store, VERDICT_OPEN);
	m->total = store_count(a->set.desk->store);
	m->marked = a->marks.count;
	m->fresh = a->fresh;
	m->read_only = a->set.desk->read_only;
	m->filter = line_str(&a->filter);
	m->filter_cursor = a->filter.cursor;
	if (a->filter_bad)
		m->filter_error = str_c(a->filter_err.text);
	m->sort = arena_fmt(mem, "%s %s%s", sort_name(a->sort), a->descending ? "v" : "^",
		a->hide ? ", open only" : "");
	m->status = a->outbox.n ? arena_fmt(mem, "outbox: %.*s  %.*s", STR_ARG(buf_str(&a->outbox)),
		STR_ARG(buf_str(&a->status))) : buf_str(&a->status);
}

static void pane_models(struct app *a, struct screen_model *m)
{
	for (int p = PANE_REQUEST; p < PANES; p++) {
		m->panes[p].text = a->pane[p].text;
		m->panes[p].top = a->pane[p].top;
		m->panes[p].search = line_str(&a->pane[p].search);
	}
	if (a->raw)
		m->panes[PANE_REQUEST].title = STR("Request, raw");
	if (a->why)
		m->panes[PANE_GUIDE].title = STR("Why");
	m->focus = a->focus;
	m->zoomed = a->zoomed;
}

static void foot_model(struct app *a, struct screen_model *m)
{
	size_t i = a->n_layers - 1;
	while (i && !a->layers[i]->hints)
		i--;
	m->message = buf_str(&a->message);
	m->message_role = a->message_role;
	m->hints = a->layers[i]->hints(a);
}

/* What lies on top is drawn last; a dialog names its own keys. */
static void layer_models(struct app *a, struct arena *mem, struct screen_model *m)
{
	for (size_t i = 0; i < a->n_layers; i++) {
		const struct layer *l = a->layers[i];
		if (l->draw)
			l->draw(a, mem, m);
		if (!l->dialog)
			continue;
		struct dialog_model *dialog = arena_alloc(mem, sizeof(*dialog));
		l->dialog(a, mem, dialog);
		m->dialog = dialog;
		m->hints = NULL;
	}
}

void app_draw(struct app *a, struct canvas *c)
{
	struct arena mem = {0};
	struct screen_model m = {0};
	a->rows = c->rows;
	a->cols = c->cols;
	painted_take_in(a);
	shown_load(a);
	pane_fit(a);
	c->ascii = a->set.ascii;
	head_model(a, &mem, &m);
	list_model(a, &mem, &m.list);
	pane_models(a, &m);
	foot_model(a, &m);
	a->dialog_rows = screen_dialog_rows(&m, c->rows, c->cols);
	layer_models(a, &mem, &m);
	screen_draw(&m, c);
	int rows = app_layout(a).pane[PANE_LIST].rows;
	painted_note(a, !m.listing, rows > 0 ? (size_t)rows : 0);
	arena_fini(&mem);
}
