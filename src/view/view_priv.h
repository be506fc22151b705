/*
 * view_priv: what the files of this room share.
 */
#ifndef S3TRIAGE_VIEW_VIEW_PRIV_H
#define S3TRIAGE_VIEW_VIEW_PRIV_H

#include "s3triage/view/screen.h"

/* canvas_put() in one call with what most callers have at hand. */
static inline int put(struct canvas *c, struct pen pen, struct str s)
{
	return canvas_put(c, &pen, s);
}

/* A line of text being typed, drawn into `pen` and scrolled so that the cursor (a byte offset)
 * can be seen; the hardware cursor is put there when focused. */
struct input {
	struct str value;
	size_t cursor;
	bool focused;
};
void input_draw(struct canvas *c, struct pen pen, const struct input *in);

void list_draw(const struct list_model *m, const struct screen_layout *l, struct canvas *c);
void frame_draw(const struct screen_model *m, const struct screen_layout *l, struct canvas *c);
void bars_draw(const struct screen_model *m, const struct screen_layout *l, struct canvas *c);
/* The rows of the message, of the keys or of what is typed, at the lower end of the screen; 0 to 4. */
int footer_rows(const struct screen_model *m, const struct screen_layout *l);
/* What is not safe, where there is no row for a header. */
void banner_draw(const struct screen_model *m, struct canvas *c);
void dialog_draw(const struct dialog_model *m, struct canvas *c);

/* Key hints in pen.width cells; the last one is kept when not all fit. Returns the cells used. */
int hints_draw(struct canvas *c, struct pen pen, const struct key_hint *hints);

/* `top` moved so that `cursor` is among `rows` shown, and no row is wasted at the end. */
size_t scroll_into(size_t top, size_t cursor, size_t rows, size_t count);

#endif
