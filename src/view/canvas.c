/*
 * canvas: the grid of cells. The one door by which text reaches a screen: what is hostile is
 * spelled out, what does not fit ends in an ellipsis, a wide character never straddles an edge.
 * Must not know what is drawn, nor any terminal.
 */
#include "s3triage/view/canvas.h"

#include "s3triage/base/mem.h"

#include <stdlib.h>

#define CANVAS_SIDE_MAX 4096

static const char *const role_names[] = {
#define X(enumerator, name) #name,
	ROLES(X)
#undef X
};

/* One letter a role, for canvas_dump(). */
static const char role_letters[] = ".dsbtfBCmoaxOwWEgklcLhMDi";

_Static_assert(sizeof(role_letters) == ROLE_COUNT + 1, "one letter for every role");

const char *role_name(enum role r)
{
	return (unsigned)r < ROLE_COUNT ? role_names[r] : "text";
}

bool role_parse(struct str name, enum role *out)
{
	for (unsigned i = 0; i < ROLE_COUNT; i++)
		if (str_is(name, role_names[i])) {
			*out = (enum role)i;
			return true;
		}
	return false;
}

static int clamp_side(int n)
{
	return n < 0 ? 0 : n > CANVAS_SIDE_MAX ? CANVAS_SIDE_MAX : n;
}

void canvas_init(struct canvas *c, int rows, int cols)
{
	*c = (struct canvas){.rows = clamp_side(rows), .cols = clamp_side(cols)};
	c->cells = mem_array((size_t)c->rows * (size_t)c->cols, sizeof(*c->cells));
	canvas_clear(c);
}

void canvas_fini(struct canvas *c)
{
	free(c->cells);
	*c = (struct canvas){.cursor_row = -1, .cursor_col = -1};
}

void canvas_clear(struct canvas *c)
{
	size_t n = (size_t)c->rows * (size_t)c->cols;
	for (size_t i = 0; i < n; i++)
		c->cells[i] = (struct cell){.cp = ' ', .width = 1, .role = ROLE_TEXT};
	c->cursor_row = c->cursor_col = -1;
}

static struct cell *cell_at(const struct canvas *c, int row, int col)
{
	if (row < 0 || col < 0 || row >= c->rows || col >= c->cols)
		return NULL;
	return &c->cells[(size_t)row * (size_t)c->cols + (size_t)col];
}

static void blank_cell(struct cell *cell)
{
	cell->cp = ' ';
	cell->mark = 0;
	cell->width = 1;
}

/* Half of a wide character that is about to be overwritten must not leave the other half. */
static void part_wide(struct canvas *c, int row, int col)
{
	struct cell *cell = cell_at(c, row, col);
	struct cell *left = cell_at(c, row, col - 1), *right = cell_at(c, row, col + 1);
	if (cell->cp == 0 && left)
		blank_cell(left);
	if (cell->width == 2 && right)
		blank_cell(right);
}

/* Writes one character of known width; the caller has checked that it fits before its limit. */
static void set_cell(struct canvas *c, int row, int col, const struct cell *what)
{
	struct cell *cell = cell_at(c, row, col);
	struct cell *right = what->width == 2 ? cell_at(c, row, col + 1) : NULL;
	if (!cell)
		return;
	part_wide(c, row, col);
	if (right)
		part_wide(c, row, col + 1);
	*cell = *what;
	if (right)
		*right = (struct cell){.width = 1, .role = what->role};
	else if (what->width == 2)
		blank_cell(cell);
}

/* What stands for a character where only ASCII may be drawn. */
static uint32_t ascii_for(uint32_t cp)
{
	static const struct {
		uint32_t from;
		char to;
	} pairs[] = {{0x2500, '-'}, {0x2502, '|'}, {0x251c, '+'}, {0x2524, '+'}, {0x252c, '+'},
		{0x2534, '+'}, {0x253c, '+'}, {0x250c, '+'}, {0x2510, '+'}, {0x2514, '+'},
		{0x2518, '+'}, {0x2026, '~'}, {0x2022, '*'}, {0x25e6, '-'}, {0x2013, '-'},
		{0x2014, '-'}, {0x2018, '\''}, {0x2019, '\''}, {0x201c, '"'}, {0x201d, '"'},
		{0x00a0, ' '}, {0x00b7, '.'}, {0x2192, '>'}, {0x25b2, '^'}, {0x25bc, 'v'},
		{0x2191, '^'}, {0x2193, 'v'}, {0x258c, '>'}};
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++)
		if (pairs[i].from == cp)
			return (unsigned char)pairs[i].to;
	return '?';
}

/* Where the next character goes, and what stands there already. */
struct brush {
	struct canvas *c;
	int row, col, end;
	int last; /* column of the last base character, -1: none yet */
	enum role role;
};

static bool add_mark(struct brush *b, uint32_t cp)
{
	struct cell *base = b->last >= 0 ? cell_at(b->c, b->row, b->last) : NULL;
	if (base && base->mark == 0 && !b->c->ascii)
		base->mark = cp;
	return true;
}

/* False when it does not fit any more. */
static bool add_cp(struct brush *b, uint32_t cp)
{
	int width = utf8_width(cp);
	if (width == 0)
		return add_mark(b, cp);
	if (b->col + width > b->end)
		return false;
	if (b->c->ascii && cp >= 0x80)
		cp = ascii_for(cp);
	struct cell cell = {.cp = cp, .width = (uint8_t)width, .role = (uint8_t)b->role};
	if (cp < 0x80 && width == 2) {
		cell.width = 1;
		set_cell(b->c, b->row, b->col + 1, &cell);
	}
	set_cell(b->c, b->row, b->col, &cell);
	b->last = b->col;
	b->col += width;
	return true;
}

static bool plain_ascii(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < 0x20 || (unsigned char)s.p[i] > 0x7e)
			return false;
	return true;
}

/* Cells that s takes, counted only until it is known not to fit. */
static bool canvas_fits(struct str s, int width)
{
	size_t cells = 0;
	while (s.n > 0) {
		uint32_t cp = utf8_next(&s);
		cells += (size_t)utf8_width(cp);
		if (cells > (size_t)width)
			return false;
	}
	return true;
}

static int put_clean(struct brush *b, struct str s, bool cut)
{
	int start = b->col, limit = b->end;
	bool whole = !cut && canvas_fits(s, limit - start);
	if (!whole)
		b->end = limit - 1;
	while (s.n > 0) {
		uint32_t cp = utf8_next(&s);
		if (!add_cp(b, cp))
			break;
	}
	b->end = limit;
	if (!whole)
		add_cp(b, 0x2026);
	return b->col - start;
}

int canvas_put(struct canvas *c, const struct pen *pen, struct str s)
{
	int width = pen->width;
	if (pen->row < 0 || pen->row >= c->rows || pen->col < 0 || pen->col >= c->cols || width <= 0)
		return 0;
	if (width > c->cols - pen->col)
		width = c->cols - pen->col;
	struct brush b = {c, pen->row, pen->col, pen->col + width, -1, pen->role};
	if (plain_ascii(s))
		return put_clean(&b, s, false);
	/* More bytes than any honest text of this width has cannot be seen anyway. */
	size_t cap = (size_t)width * 32 + 64;
	bool cut = s.n > cap;
	AUTO(buf_fini) struct buf clean;
	buf_init(&clean, 0);
	utf8_visible(&clean, str_sub(s, 0, cap), false);
	return put_clean(&b, buf_str(&clean), cut);
}

void canvas_fill(struct canvas *c, struct rect r, uint32_t cp, enum role role)
{
	struct brush b = {.c = c, .last = -1, .role = role};
	if (utf8_width(cp) != 1 || utf8_is_hostile(cp))
		cp = ' ';
	for (int row = r.row < 0 ? 0 : r.row; row < r.row + r.rows && row < c->rows; row++) {
		b.row = row;
		b.col = r.col < 0 ? 0 : r.col;
		b.end = r.col + r.cols < c->cols ? r.col + r.cols : c->cols;
		while (add_cp(&b, cp))
			;
	}
}

void canvas_hline(struct canvas *c, int row, int col, int cols, enum role role)
{
	canvas_fill(c, (struct rect){row, col, 1, cols}, 0x2500, role);
}

void canvas_vline(struct canvas *c, int row, int col, int rows, enum role role)
{
	canvas_fill(c, (struct rect){row, col, rows, 1}, 0x2502, role);
}

void canvas_select_row(struct canvas *c, struct rect r)
{
	for (int row = r.row; row < r.row + r.rows; row++)
		for (int col = r.col; col < r.col + r.cols; col++) {
			struct cell *cell = cell_at(c, row, col);
			if (cell)
				cell->selected = true;
		}
}

void canvas_cover(struct canvas *c, struct rect r)
{
	canvas_fill(c, r, ' ', ROLE_TEXT);
	for (int row = r.row; row < r.row + r.rows; row++)
		for (int col = r.col; col < r.col + r.cols; col++) {
			struct cell *cell = cell_at(c, row, col);
			if (cell)
				cell->selected = false;
		}
}

void canvas_ground(struct canvas *c, struct rect r, enum role ground)
{
	for (int row = r.row; row < r.row + r.rows; row++)
		for (int col = r.col; col < r.col + r.cols; col++) {
			struct cell *cell = cell_at(c, row, col);
			if (cell)
				cell->ground = (uint8_t)ground;
		}
}

static void dump_row(const struct canvas *c, int row, struct buf *out)
{
	size_t end = out->n;
	for (int col = 0; col < c->cols; col++) {
		const struct cell *cell = cell_at(c, row, col);
		if (cell->cp)
			utf8_put(out, cell->cp);
		if (cell->mark)
			utf8_put(out, cell->mark);
		if (cell->cp != ' ' || cell->mark)
			end = out->n;
	}
	out->n = end;
	buf_char(out, '\n');
}

static void dump_roles(const struct canvas *c, int row, struct buf *out)
{
	size_t end = out->n;
	bool selected = false;
	for (int col = 0; col < c->cols; col++) {
		const struct cell *cell = cell_at(c, row, col);
		bool empty = cell->cp == ' ' && cell->role == ROLE_TEXT;
		buf_char(out, empty ? ' ' : role_letters[cell->role % ROLE_COUNT]);
		if (!empty)
			end = out->n;
		selected |= cell->selected;
	}
	out->n = end;
	buf_c(out, selected ? " <\n" : "\n");
}

void canvas_dump(const struct canvas *c, bool with_roles, struct buf *out)
{
	for (int row = 0; row < c->rows; row++)
		dump_row(c, row, out);
	if (!with_roles)
		return;
	buf_c(out, "---\n");
	for (int row = 0; row < c->rows; row++)
		dump_roles(c, row, out);
}
