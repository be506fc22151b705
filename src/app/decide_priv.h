/*
 * decide_priv: a decision that is being prepared. decide.c has its keys, decide_dialog.c its picture,
 * preview.c and outlier_list.c what it would do, draft.c what is written and not recorded yet.
 */
#ifndef APP_DECIDE_PRIV_H
#define APP_DECIDE_PRIV_H

#include "app_priv.h"
#include "s3triage/account/outliers.h"

/* A decision that is being prepared. */
struct decide {
	enum verdict verdict;
	bool chosen;      /* it is; `n` begins without one */
	row_id *rows;     /* those that would change */
	size_t n, same, outside, marked;
	size_t alone;     /* left out: their id was decided on with other facts */
	size_t turn;      /* the counts are as of then */
	bool choose;      /* the first field is the verdict */
	bool bulk;
	struct outliers out; /* of a bulk decision: those that differ, and the parts that are alike */
	size_t part;         /* the one that is decided */
	size_t top, shown, lines; /* what is read: the first line, how many at once, of how many */
	size_t read;         /* of those that differ, so many were on the screen, from the first on */
	uint64_t read_of;    /* which these are */
	size_t could;        /* rows that could change: n, those that differ, the other parts */
	bool taken_in;       /* they are decided with the others all the same */
	struct line reason, note, confirm;
	size_t field;
	char draft[SHA256_HEX]; /* what is written is kept under this name; see draft.c */
	bool kept;              /* it begins with what was kept from before */
	void (*closed)(struct app *a); /* of a table's row, which lent it marks and filter; or NULL */
	enum group_by by;       /* then: what the row stands for */
	struct str group;
};

extern const struct layer decide_layer;
void decide_close(struct app *a);

/* preview.c: what a verdict on many would change: how they stand, whose word is overruled, which
 * they are, where they go, by whom. */
#define PREVIEW_LINES 8
void preview_count(struct app *a); /* what the marked alerts would do under the verdict that is prepared */
void preview_recount(struct app *a); /* again, when something changed */
bool preview_confirms(const struct decide *d); /* the number must be typed */
size_t preview_lines(struct app *a, struct arena *mem, struct dialog_line *l);

/* draft.c: a reason and a note that are not recorded yet */
void draft_open(struct app *a);
bool draft_waits(const struct app *a, row_id r); /* what was written on this one alert is kept */
void draft_keep(struct app *a);
void draft_drop(struct app *a);

/* outlier_list.c */
#define DIFFER_LINES 17
void outlier_list_apply(struct app *a);
bool outlier_list_key(struct app *a, struct key k); /* taking in, the parts, scrolling */
size_t outlier_list_left_out(const struct decide *d);
size_t outlier_list_unread(const struct decide *d); /* taken in, and were not on the screen yet */
void outlier_list_keep_marks(struct app *a); /* to what a verdict leaves marked */
size_t outlier_list_head(struct app *a, struct arena *mem, struct dialog_line *l);
/* Adds those that differ to the question's lines, as many of both as fit from d->top on. */
void outlier_list_fit(struct app *a, struct arena *mem, struct dialog_model *out, struct dialog_line *l);

/* decide_dialog.c */
void decide_dialog(struct app *a, struct arena *mem, struct dialog_model *out);

#endif
