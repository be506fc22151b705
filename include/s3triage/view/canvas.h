/*
 * view/canvas: a grid of cells, each a character and a role. Everything drawn goes through
 * canvas_put(), which makes hostile text visible: nothing from outside reaches a terminal raw.
 */
#ifndef S3TRIAGE_VIEW_CANVAS_H
#define S3TRIAGE_VIEW_CANVAS_H

#include "s3triage/base/buf.h"
#include "s3triage/base/utf8.h"

/* What a cell is for; a theme says how each looks. X(enumerator, name in themes/NAME.toml). */
#define ROLES(X)                                                                                   \
	X(ROLE_TEXT, text)                                                                         \
	X(ROLE_DIM, dim)                                                                           \
	X(ROLE_STRONG, strong)                                                                     \
	X(ROLE_BORDER, border)                                                                     \
	X(ROLE_TITLE, title)                                                                       \
	X(ROLE_FOCUS, focus)                                                                       \
	X(ROLE_BAR, bar)                                                                           \
	X(ROLE_CURSOR, cursor)                                                                     \
	X(ROLE_MARKED, marked)                                                                     \
	X(ROLE_OPEN, open)                                                                         \
	X(ROLE_APPROVED, approved)                                                                 \
	X(ROLE_SUSPICIOUS, suspicious)                                                             \
	X(ROLE_OTHER, other)                                                                       \
	X(ROLE_OWN, own)                                                                           \
	X(ROLE_WARN, warn)                                                                         \
	X(ROLE_ERROR, error)                                                                       \
	X(ROLE_GOOD, good)                                                                         \
	X(ROLE_KEY, key)                                                                           \
	X(ROLE_LABEL, label)                                                                       \
	X(ROLE_CODE, code)                                                                         \
	X(ROLE_LINK, link)                                                                         \
	X(ROLE_HEADING, heading)                                                                   \
	X(ROLE_MATCH, match)                                                                       \
	X(ROLE_DIALOG, dialog)                                                                     \
	X(ROLE_INPUT, input)

enum role {
#define X(enumerator, name) enumerator,
	ROLES(X)
#undef X
		ROLE_COUNT
};

const char *role_name(enum role r);
bool role_parse(struct str name, enum role *out);

struct cell {
	uint32_t cp;    /* 0: the right half of a wide character */
	uint32_t mark;  /* one combining mark, or 0 */
	uint8_t role;
	uint8_t width;  /* 1 or 2 */
	bool selected;  /* drawn on the cursor's row: the theme's cursor role lies over the role */
	uint8_t ground; /* ROLE_BAR or ROLE_DIALOG where such an area lies: a role whose background
			 * is that of ROLE_TEXT takes this role's background instead */
};

struct canvas {
	struct cell *cells; /* rows x cols */
	int rows, cols;
	int cursor_row, cursor_col; /* where the hardware cursor rests; -1: hidden */
	bool ascii;                 /* lines and glyphs from ASCII only */
};

struct rect {
	int row, col, rows, cols;
};

void canvas_init(struct canvas *c, int rows, int cols);
void canvas_fini(struct canvas *c);
void canvas_clear(struct canvas *c);

/* Writes s into at most `width` cells from (row, col); what does not fit ends in an ellipsis.
 * Returns the cells used. Outside the canvas nothing happens. */
struct pen {
	int row, col, width;
	enum role role;
};
int canvas_put(struct canvas *c, const struct pen *pen, struct str s);

void canvas_fill(struct canvas *c, struct rect r, uint32_t cp, enum role role);
void canvas_hline(struct canvas *c, int row, int col, int cols, enum role role);
void canvas_vline(struct canvas *c, int row, int col, int rows, enum role role);

/* Set `selected` and `ground` of what is drawn there; drawing anew takes them away. */
void canvas_select_row(struct canvas *c, struct rect r);
void canvas_ground(struct canvas *c, struct rect r, enum role ground);
void canvas_cover(struct canvas *c, struct rect r); /* nothing of what lies there shines through */

/* The text alone, one line a row, blanks at the end cut: what golden files hold. With roles, a
 * second block gives one letter a cell. */
void canvas_dump(const struct canvas *c, bool with_roles, struct buf *out);

#endif
