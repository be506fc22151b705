/*
 * layout: where things go at a size. Pure arithmetic; must not know what is drawn there.
 */
#include "view_priv.h"

#define STACK_COLS 100
#define STACK_ROWS 20
#define COLUMNS_COLS 160
#define BELOW_COLS 60
#define TIGHT_ROWS 26 /* below it the focused pane gets most */
#define FEW_ROWS 4    /* what any pane keeps */
#define BELOW_ROWS 14

/* The rows left for panes between the lines that a screen of this height can afford. */
struct body {
	int row, rows, cols;
};

static struct body layout_take_lines(struct screen_layout *l, int rows, int cols)
{
	struct body b = {0, rows, cols};
	if (rows >= 2) {
		l->footer = (struct rect){rows - 1, 0, 1, cols};
		b.rows--;
	}
	if (rows >= 4) {
		l->header = (struct rect){0, 0, 1, cols};
		b.row++;
		b.rows--;
	}
	if (rows >= 6) {
		l->filter = (struct rect){1, 0, 1, cols};
		b.row++;
		b.rows--;
	}
	return b;
}

/* A text pane keeps a blank column at both sides where there is room. */
static struct rect layout_inset(struct rect r)
{
	if (r.cols < 30)
		return r;
	r.col++;
	r.cols -= 2;
	return r;
}

static void place_list(struct screen_layout *l, struct rect r)
{
	if (r.rows >= 4) {
		l->list_head = (struct rect){r.row, r.col, 1, r.cols};
		r.row++;
		r.rows--;
	}
	l->pane[PANE_LIST] = r;
}

static void place_single(struct screen_layout *l, struct body b, enum pane focus)
{
	l->shape = SHAPE_SINGLE;
	l->tabs = true;
	if (b.rows >= 3) {
		l->border = b.row++;
		b.rows--;
	}
	struct rect r = {b.row, 0, b.rows, b.cols};
	if (focus == PANE_LIST)
		place_list(l, r);
	else
		l->pane[focus] = layout_inset(r);
}

static void place_below(struct screen_layout *l, struct body b, enum pane focus)
{
	l->shape = SHAPE_BELOW;
	l->tabs = true;
	int list = b.rows * 45 / 100;
	place_list(l, (struct rect){b.row, 0, list, b.cols});
	l->border = b.row + list;
	enum pane shown = focus == PANE_LIST ? PANE_REQUEST : focus;
	l->pane[shown] = layout_inset((struct rect){l->border + 1, 0, b.rows - list - 1, b.cols});
}

/* Panes one above the other, each but the first with a border line above it, `rows` each. */
static void put_stack(struct screen_layout *l, struct rect r, int n, const int *rows)
{
	int at = r.row;
	for (int i = 0; i < n; i++) {
		l->pane[PANE_REQUEST + i] = layout_inset((struct rect){at, r.col, rows[i], r.cols});
		at += rows[i] + 1;
	}
}

/* Without knowing what they say. The focused one gets most of the room when there is little. */
static void place_stack(struct screen_layout *l, struct rect r, int n, enum pane focus)
{
	static const int shares[] = {47, 25, 28};
	int total = 0, room = r.rows - (n - 1), left = room, rows[3];
	bool tight = room < TIGHT_ROWS && focus > PANE_LIST && (int)focus <= n;
	for (int i = 0; i < n; i++)
		total += shares[i];
	for (int i = 0; i < n; i++) {
		int share = tight ? ((int)focus == i + 1 ? 60 : 40 / (n - 1))
				  : shares[i] * 100 / total;
		rows[i] = i == n - 1 ? left : room * share / 100;
		left -= rows[i];
	}
	put_stack(l, r, n, rows);
}

static void place_wide(struct screen_layout *l, struct body b, enum pane focus)
{
	l->border = b.row++;
	l->bottom = b.row + b.rows - 2;
	b.rows -= 2;
	if (b.cols < COLUMNS_COLS) {
		l->shape = SHAPE_STACK;
		int list = b.cols * 60 / 100;
		place_list(l, (struct rect){b.row, 0, b.rows, list});
		place_stack(l, (struct rect){b.row, list + 1, b.rows, b.cols - list - 1}, 3, focus);
		return;
	}
	l->shape = SHAPE_COLUMNS;
	int list = b.cols * 48 / 100, middle = b.cols * 26 / 100;
	int guide = list + middle + 2;
	place_list(l, (struct rect){b.row, 0, b.rows, list});
	place_stack(l, (struct rect){b.row, list + 1, b.rows, middle}, 2, focus);
	l->pane[PANE_GUIDE] = layout_inset((struct rect){b.row, guide, b.rows, b.cols - guide});
}

struct screen_layout screen_layout(int rows, int cols, enum pane focus, bool zoomed)
{
	struct screen_layout l = {.border = -1, .bottom = -1};
	struct body b = layout_take_lines(&l, rows, cols);
	if ((unsigned)focus >= PANES)
		focus = PANE_LIST;
	if (!zoomed && cols >= STACK_COLS && rows >= STACK_ROWS)
		place_wide(&l, b, focus);
	else if (!zoomed && cols >= BELOW_COLS && rows >= BELOW_ROWS)
		place_below(&l, b, focus);
	else
		place_single(&l, b, focus);
	return l;
}

/* Rows that a pane has to spare go to those that want more, the earlier panes first; never all of
 * them, so that no pane is only a border. */
static void level(int n, const int *need, int *rows)
{
	int spare = 0;
	for (int i = 0; i < n; i++) {
		int enough = need[i] > FEW_ROWS ? need[i] : FEW_ROWS;
		int over = rows[i] > enough ? rows[i] - enough : 0;
		spare += over;
		rows[i] -= over;
	}
	for (int i = 0; i < n; i++) {
		int want = need[i] > rows[i] ? need[i] - rows[i] : 0;
		int give = want < spare ? want : spare;
		rows[i] += give;
		spare -= give;
	}
	rows[n - 1] += spare;
}

struct screen_layout screen_layout_fit(int rows, int cols, enum pane focus, bool zoomed,
	struct text *const texts[PANES])
{
	struct screen_layout l = screen_layout(rows, cols, focus, zoomed);
	int n = l.shape == SHAPE_COLUMNS ? 2 : l.shape == SHAPE_STACK ? 3 : 0, need[3], have[3];
	struct rect first = l.pane[PANE_REQUEST];
	int room = n - 1;
	for (int i = 0; i < n; i++) {
		struct text *t = texts[PANE_REQUEST + i];
		if (!t)
			return l;
		text_layout(t, first.cols);
		need[i] = text_rows(t) < 4096 ? (int)text_rows(t) : 4096;
		have[i] = l.pane[PANE_REQUEST + i].rows;
		room += have[i];
	}
	if (n == 0 || (room < TIGHT_ROWS && focus != PANE_LIST))
		return l;
	level(n, need, have);
	/* Side by side there is always room for what inset() takes. */
	put_stack(&l, (struct rect){first.row, first.col - 1, room, first.cols + 2}, n, have);
	return l;
}

size_t scroll_into(size_t top, size_t cursor, size_t rows, size_t count)
{
	if (rows == 0 || count <= rows)
		return 0;
	if (top > count - rows)
		top = count - rows;
	if (cursor < top)
		top = cursor;
	if (cursor >= top + rows)
		top = cursor - rows + 1;
	return top;
}
