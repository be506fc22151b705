/*
 * view/screen: the whole picture as a pure function of a model. No state is kept here.
 */
#ifndef S3TRIAGE_VIEW_SCREEN_H
#define S3TRIAGE_VIEW_SCREEN_H

#include "s3triage/alert/filter.h"
#include "s3triage/view/canvas.h"
#include "s3triage/view/listing.h"
#include "s3triage/view/text.h"

enum pane { PANE_LIST, PANE_REQUEST, PANE_ACTOR, PANE_GUIDE, PANES };
/* X(enumerator, name, widths). From the list's width in a pair on the column is as wide as the pair says, the
 * last that is reached counts, and none leaves it out. Bucket and actor take what is left. */
#define LIST_COLUMNS(X) \
	X(VERDICT, "verdict", {0, 1}, {90, 12}) \
	X(TIME, "time", {44, 8}, {68, 11}, {90, 14}, {140, 19}) \
	X(SEVERITY, "severity", {110, 11}) \
	X(BUCKET, "bucket", {0, 8}) \
	X(OWNER, "owner", {64, 6}, {100, 12}) \
	X(DEST, "destination", {28, 14}, {38, 18}) \
	X(SIGNAL, "signal", {34, 3}, {90, 6}) \
	X(NOW, "now", {170, 7}) \
	X(ACTOR, "actor", {52, 6}, {76, 8}) \
	X(REGION, "region", {130, 14}) \
	X(SOURCE, "source", {150, 20})

enum column {
#define X(enumerator, name, ...) COLUMN_##enumerator,
	LIST_COLUMNS(X)
#undef X
		COLUMNS
};

const char *column_name(enum column c);
bool column_parse(struct str name, enum column *out);

struct pane_model {
	struct str title;
	struct text *text;   /* NULL for the list */
	size_t top;
	struct str search;   /* what is searched for in it; empty: nothing */
};

struct list_model {
	const struct store *store;
	const struct selection *rows;
	size_t cursor, top;  /* positions in `rows` */
	int64_t now;         /* a date of another year, or ahead of it, shows its year; 0, WHEN_NONE: not asked */
	bool (*marked)(const void *ctx, row_id r);
	const void *ctx;
	int (*signal)(const void *ctx, row_id r); /* how strong, 0..4; NULL: no such column */
	const void *signal_ctx;
	const enum column *columns; /* in order, ended by COLUMNS; NULL: what the width allows */
	struct str empty;    /* what to say when there is no row: what is true, what to do next */
};

struct key_hint {
	const char *key, *label;
};

/* A line of a menu or a preview. */
struct dialog_line {
	enum role role;
	struct str left, right;
};

struct dialog_field {
	struct str label, value;
	size_t cursor;       /* byte offset */
};

struct dialog_model {
	size_t needed;   /* so many lines are shown though fields give way to them */
	struct str title;
	const struct dialog_line *lines;
	size_t n_lines, top;
	bool tight;          /* no room for blank rows: there is more to show */
	size_t selected;     /* STR_NONE: no line is selected */
	const struct dialog_field *fields;
	size_t n_fields, field; /* the focused one */
	const struct key_hint *hints; /* ended by {NULL, NULL} */
};

/* How many lines, from the first on, a dialog without a selected line shows whole where it may cover
 * so many rows. */
size_t dialog_whole(const struct dialog_model *m, int rows, int cols);

struct screen_model {
	struct str rule_name, severity, techniques, source;
	int risk;
	size_t open, total, marked, fresh; /* fresh: arrived since the user last looked */
	struct str filter, filter_error;
	bool filter_editing;
	size_t filter_cursor;              /* byte offset */
	struct str sort;                   /* "time v" */
	struct str status;                 /* right end of the second line: scanning, data age */
	struct list_model list;
	struct pane_model panes[PANES];
	enum pane focus;
	bool zoomed;
	struct str message;                /* last line; empty shows the hints */
	enum role message_role;
	struct str prompt;                 /* ":" or "/" and what is typed; empty when not asked */
	size_t prompt_cursor;
	const struct key_hint *hints;
	const struct dialog_model *dialog; /* NULL */
	const struct listing_model *listing;   /* stands in the place of list and panes; NULL */
	bool read_only;
	struct str banner;                 /* e.g. TLS not verified: shown on every screen */
};

enum screen_shape {
	SHAPE_COLUMNS, /* list, request above actor, guide */
	SHAPE_STACK,   /* list, the three panes stacked right of it */
	SHAPE_BELOW,   /* list above one pane, whose border holds the tabs */
	SHAPE_SINGLE,  /* one pane, all tabs in its border */
};

struct screen_layout {
	struct rect header, filter, footer; /* rows 0 when there is no room */
	struct rect pane[PANES]; /* inside the borders; rows 0 when not shown. The list's holds
				  * alerts only: rows of it are what a page is. */
	struct rect list_head;   /* the line of column names; rows 0 when there is none */
	enum screen_shape shape;
	int border, bottom;      /* rows of the lines above and below the panes; -1: none */
	bool tabs;               /* one pane at a time, its tabs in the border */
};

/* Where things go at this size: three panes right of the list from 100 columns and 20 rows on
 * (in two columns from 160 on), one below from 60 columns and 14 rows, else one at a time, as
 * when zoomed. Works down to 1x1. Below the list stands the focused pane, or the request. */
struct screen_layout screen_layout(int rows, int cols, enum pane focus, bool zoomed);

/* The same, but panes that stand above each other share their rows by how much each has to say
 * (NULL: not known). Lays the texts out. */
struct screen_layout screen_layout_fit(int rows, int cols, enum pane focus, bool zoomed,
	struct text *const texts[PANES]);

/* The rows that a dialog may cover: not those of the message below, nor of a banner. */
int screen_dialog_rows(const struct screen_model *m, int rows, int cols);

void screen_draw(const struct screen_model *m, struct canvas *c);

#endif
