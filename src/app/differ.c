/*
 * differ: of alerts that are to be decided together, those that differ from the rest. They are
 * left out, stay marked for a look of their own, and one key takes them in.
 */
#include "app_priv.h"

#define LISTED 4

/* Takes the outliers out of d->rows; both are in the same order. */
static void leave_out(struct decide *d)
{
	size_t kept = 0, next = 0;
	for (size_t i = 0; i < d->n; i++) {
		if (next < d->out.n && d->out.v[next].row == d->rows[i])
			next++;
		else
			d->rows[kept++] = d->rows[i];
	}
	d->n = kept;
}

void differ_apply(struct app *a)
{
	struct decide *d = &a->decide;
	outliers_fini(&d->out);
	d->out = (struct outliers){0};
	if (!d->bulk)
		return;
	outliers_find(a->set.store, d->rows, d->n, &d->out);
	if (!d->taken_in)
		leave_out(d);
}

size_t differ_left_out(const struct decide *d)
{
	return d->taken_in ? 0 : d->out.n;
}

/* Those that were left out are what is still marked; after a table's verdict, which put the list's
 * own marks away, also those of them that were not decided now. */
void differ_keep_marks(struct app *a)
{
	const struct decide *d = &a->decide;
	struct marks *m = a->after_dialog == MODE_SHEET ? &a->kept : &a->marks;
	if (m == &a->marks)
		marks_clear(m);
	for (size_t i = 0; m == &a->kept && i < d->n; i++)
		marks_set(m, d->rows[i], false);
	for (size_t i = 0; i < differ_left_out(d); i++)
		marks_set(m, d->out.v[i].row, true);
}

size_t differ_lines(struct app *a, struct arena *mem, struct dialog_line *l)
{
	const struct decide *d = &a->decide;
	size_t n = 0;
	if (d->out.n == 0)
		return 0;
	l[n++] = (struct dialog_line){ROLE_WARN, arena_fmt(mem, d->taken_in
		? "%zu differ from the rest and are taken in (^T leaves them out)"
		: "%zu differ from the rest and are left out (^T takes them in)", d->out.n), STR("")};
	for (size_t i = 0; i < d->out.n && i < LISTED; i++) {
		AUTO(buf_fini) struct buf why = {0};
		outlier_explain(&d->out, a->set.store, &d->out.v[i], &why);
		l[n++] = (struct dialog_line){ROLE_TEXT,
			arena_str(mem, str_sub(store_alert(a->set.store, d->out.v[i].row)->bucket, 0, 63)),
			arena_str(mem, buf_str(&why))};
	}
	if (d->out.n > LISTED)
		l[n++] = (struct dialog_line){ROLE_DIM, arena_fmt(mem, "and %zu more", d->out.n - LISTED),
			STR("")};
	return n;
}
