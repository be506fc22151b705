/*
 * svg: a window with rounded corners, and every character at the place of its cell, so that the
 * columns line up in any viewer.
 */
#include "svg.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/utf8.h"
#include "term_priv.h"

#include <stdio.h>

#define CELL_W 9.0
#define CELL_H 19.0
#define FONT_SIZE 14.95 /* DejaVu Sans Mono: an advance of 0.602 em, so 9 units a cell */
#define BASELINE 14.4
#define PAD 14.0
#define BAR 34.0
#define MARGIN 26.0 /* for the shadow */

struct colours {
	uint32_t fg, bg;
};

/* The sixteen of a calm dark terminal. */
static const uint32_t palette[] = {0x1d2129, 0xe06c75, 0x98c379, 0xe5c07b, 0x61afef, 0xc678dd,
	0x56b6c2, 0xc8ccd4, 0x5c6370, 0xff7b86, 0xb3e08f, 0xffd68a, 0x7cc4ff, 0xdd92f0, 0x6fd3df,
	0xffffff};
enum { DEFAULT_FG = 0xd4d7dd, DEFAULT_BG = 0x14171c };

static uint32_t rgb_of(const struct term *t, VTermColor c)
{
	if (VTERM_COLOR_IS_DEFAULT_FG(&c))
		return DEFAULT_FG;
	if (VTERM_COLOR_IS_DEFAULT_BG(&c))
		return DEFAULT_BG;
	if (VTERM_COLOR_IS_INDEXED(&c) && c.indexed.idx < ARRAY_LEN(palette))
		return palette[c.indexed.idx];
	vterm_screen_convert_color_to_rgb(t->screen, &c);
	return (uint32_t)c.rgb.red << 16 | (uint32_t)c.rgb.green << 8 | c.rgb.blue;
}

static struct colours colours_of(const struct term *t, const VTermScreenCell *cell)
{
	struct colours c = {rgb_of(t, cell->fg), rgb_of(t, cell->bg)};
	return cell->attrs.reverse ? (struct colours){c.bg, c.fg} : c;
}

/* The background that most cells at the left and right edge have (Boyer and Moore's vote): what
 * the space around the screen is to look like. */
static uint32_t edge_background(const struct term *t)
{
	uint32_t winner = DEFAULT_BG;
	int votes = 0;
	for (int i = 0; i < 2 * t->rows; i++) {
		VTermScreenCell cell = term_cell(t, i / 2, i % 2 ? t->cols - 1 : 0);
		uint32_t bg = colours_of(t, &cell).bg;
		if (votes == 0)
			winner = bg;
		votes += bg == winner ? 1 : -1;
	}
	return winner;
}

static bool is_light(uint32_t rgb)
{
	return ((rgb >> 16 & 255) * 299 + (rgb >> 8 & 255) * 587 + (rgb & 255) * 114) > 128000;
}

static double left_of(int col)
{
	return MARGIN + PAD + col * CELL_W;
}

static double top_of(int row)
{
	return MARGIN + BAR + PAD / 2 + row * CELL_H;
}

/* One rectangle for each run of cells that share a background other than the window's. */
static void backgrounds(struct buf *out, const struct term *t, int row, uint32_t window)
{
	int start = 0;
	uint32_t run = window;
	for (int col = 0; col <= t->cols; col++) {
		uint32_t bg = window;
		if (col < t->cols) {
			VTermScreenCell cell = term_cell(t, row, col);
			bg = colours_of(t, &cell).bg;
		}
		if (bg == run && col < t->cols)
			continue;
		if (run != window)
			buf_fmt(out, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" "
				"fill=\"#%06x\" shape-rendering=\"crispEdges\"/>\n", left_of(start), top_of(row),
				(col - start) * CELL_W, CELL_H, (unsigned)run);
		run = bg;
		start = col;
	}
}

static void character(struct buf *out, uint32_t cp)
{
	if (cp == '<' || cp == '>' || cp == '&')
		buf_c(out, cp == '<' ? "&lt;" : cp == '>' ? "&gt;" : "&amp;");
	else
		utf8_put(out, utf8_is_hostile(cp) ? 0xFFFD : cp);
}

static void glyph(struct buf *out, const struct term *t, int row, int col)
{
	VTermScreenCell cell = term_cell(t, row, col);
	char colour[8];
	double at[] = {left_of(col), top_of(row), CELL_W, CELL_H};
	snprintf(colour, sizeof(colour), "#%06x", (unsigned)colours_of(t, &cell).fg & 0xFFFFFFu);
	if (cell.attrs.underline)
		buf_fmt(out, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"1\" fill=\"%s\"/>\n", at[0],
			at[1] + BASELINE + 2, CELL_W * (cell.width > 1 ? 2 : 1), colour);
	uint32_t cp = cell.chars[0];
	if (!cp || cp == ' ' || cp == UINT32_MAX || svg_box(out, cp, colour, at))
		return;
	buf_fmt(out, "<text x=\"%.1f\" y=\"%.1f\" fill=\"%s\"%s%s>", at[0], at[1] + BASELINE, colour,
		cell.attrs.bold ? " font-weight=\"bold\"" : "",
		cell.attrs.italic ? " font-style=\"italic\"" : "");
	for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i]; i++)
		character(out, cell.chars[i]);
	buf_c(out, "</text>\n");
}

static void cursor(struct buf *out, struct term *t)
{
	VTermPos pos;
	vterm_state_get_cursorpos(vterm_obtain_state(t->vt), &pos);
	if (!term_modes(t).no_cursor)
		buf_fmt(out, "<rect x=\"%.1f\" y=\"%.1f\" width=\"2\" height=\"%.1f\" fill=\"#7cb7ff\"/>\n",
			left_of(pos.col), top_of(pos.row) + 1, CELL_H - 2);
}

static void window(struct buf *out, const struct term *t, const char *title, uint32_t bg)
{
	double w = t->cols * CELL_W + 2 * PAD, h = t->rows * CELL_H + BAR + 1.5 * PAD;
	bool light = is_light(bg);
	buf_fmt(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" "
		"viewBox=\"0 0 %.0f %.0f\">\n", w + 2 * MARGIN, h + 2 * MARGIN, w + 2 * MARGIN, h + 2 * MARGIN);
	buf_c(out, "<defs><filter id=\"blur\" x=\"-10%\" y=\"-10%\" width=\"120%\" height=\"120%\">"
		"<feGaussianBlur stdDeviation=\"9\"/></filter></defs>\n");
	buf_fmt(out, "<rect x=\"%.0f\" y=\"%.0f\" width=\"%.0f\" height=\"%.0f\" rx=\"11\" fill=\"#000\" "
		"fill-opacity=\"0.38\" filter=\"url(#blur)\"/>\n", MARGIN, MARGIN + 6, w, h);
	buf_fmt(out, "<rect x=\"%.0f\" y=\"%.0f\" width=\"%.0f\" height=\"%.0f\" rx=\"11\" "
		"fill=\"#%06x\" stroke=\"%s\" stroke-opacity=\"0.16\"/>\n", MARGIN, MARGIN, w, h, (unsigned)bg,
		light ? "#000" : "#fff");
	static const char *const dots[] = {"#ff6159", "#ffbd2e", "#28c941"};
	for (size_t i = 0; i < ARRAY_LEN(dots); i++)
		buf_fmt(out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"5.6\" fill=\"%s\"/>\n",
			MARGIN + 20 + 19 * (double)i, MARGIN + BAR / 2, dots[i]);
	buf_fmt(out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\" fill=\"%s\" "
		"font-family=\"DejaVu Sans, sans-serif\" font-size=\"13\">", MARGIN + w / 2,
		MARGIN + BAR / 2 + 4.6, light ? "#5b6472" : "#8a919e");
	for (struct str rest = str_c(title); rest.n;)
		character(out, utf8_next(&rest));
	buf_c(out, "</text>\n");
}

void svg_screen(struct buf *out, struct term *t, const char *title)
{
	uint32_t bg = edge_background(t);
	vterm_screen_flush_damage(t->screen);
	window(out, t, title, bg);
	for (int row = 0; row < t->rows; row++)
		backgrounds(out, t, row, bg);
	buf_fmt(out, "<g font-family=\"DejaVu Sans Mono, Menlo, Consolas, monospace\" font-size=\"%.2f\" "
		"xml:space=\"preserve\">\n", FONT_SIZE);
	for (int row = 0; row < t->rows; row++)
		for (int col = 0; col < t->cols; col++)
			glyph(out, t, row, col);
	cursor(out, t);
	buf_c(out, "</g>\n</svg>\n");
}
