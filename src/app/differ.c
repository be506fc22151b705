/*
 * differ: of alerts that are to be decided together, those that differ from what is usual, and of the
 * others the parts that are alike. One part is decided at a time; what is left out stays marked, can all
 * be read here, and one key takes everything in.
 */
#include "app_priv.h"

#include <stdlib.h>

enum { REASONS_SHOWN = 5, LISTED_LOW = 4, LISTED_HIGH = 8, HIGH_ROWS = 36 };

/* What the rows that are asked about stand for, when that is one account. */
static struct str differ_account(const struct app *a)
{
	if (a->after_dialog != MODE_SHEET)
		return a->marks.account;
	return a->sheet.by == GROUP_ACCOUNT ? a->sheet.deciding : STR("");
}

static void differ_take_part(struct decide *d)
{
	const struct outlier_part *p = d->part < d->out.n_parts ? &d->out.parts[d->part] : NULL;
	d->n = p ? p->n : 0;
	for (size_t i = 0; i < d->n; i++)
		d->rows[i] = d->out.alike[p->first + i];
}

void differ_apply(struct app *a)
{
	struct decide *d = &a->decide;
	outliers_fini(&d->out);
	d->could = d->n;
	d->top = 0;
	if (!d->bulk)
		return;
	const struct outliers_ask ask = {d->rows, d->n, d->verdict, differ_account(a)};
	outliers_find(a->habits, &ask, &d->out);
	d->part = d->part < d->out.n_parts ? d->part : 0;
	if (!d->taken_in)
		differ_take_part(d);
}

size_t differ_left_out(const struct decide *d)
{
	return d->could - d->n;
}

/* Those that were left out are what is still marked; after a table's verdict, which put the list's
 * own marks away, also those of them that were not decided now. */
void differ_keep_marks(struct app *a)
{
	const struct decide *d = &a->decide;
	struct marks *m = a->after_dialog == MODE_SHEET ? &a->kept : &a->marks;
	struct str account = a->marks.account;
	if (m == &a->marks)
		marks_clear(m);
	for (size_t i = 0; m == &a->kept && i < d->n; i++)
		marks_set(m, d->rows[i], false);
	for (size_t i = 0; !d->taken_in && i < d->out.n; i++)
		marks_set(m, d->out.v[i].row, true);
	for (size_t p = 0; !d->taken_in && p < d->out.n_parts; p++)
		for (size_t i = 0; p != d->part && i < d->out.parts[p].n; i++)
			marks_set(m, d->out.alike[d->out.parts[p].first + i], true);
	if (m == &a->marks)
		m->account = account;
}

/* ---- keys ----------------------------------------------------------------------------------- */

static size_t differ_listed(const struct app *a)
{
	return a->rows >= HIGH_ROWS ? LISTED_HIGH : LISTED_LOW;
}

static void differ_scroll(struct app *a, bool down)
{
	struct decide *d = &a->decide;
	size_t page = differ_listed(a);
	if (down)
		d->top = d->top + page < d->out.n ? d->top + page : d->top;
	else
		d->top = d->top > page ? d->top - page : 0;
}

static void differ_next_part(struct decide *d, bool down)
{
	size_t n = d->out.n_parts;
	if (n < 2 || d->taken_in)
		return;
	d->part = (d->part + (down ? 1 : n - 1)) % n;
	differ_take_part(d);
}

bool differ_key(struct app *a, struct key k)
{
	struct decide *d = &a->decide;
	if (!d->bulk)
		return false;
	switch (k.code) {
	case 14: /* ^N */
	case 16: /* ^P */
		differ_next_part(d, k.code == 14);
		return true;
	case KEY_CODE_PAGE_DOWN:
	case KEY_CODE_PAGE_UP:
		differ_scroll(a, k.code == KEY_CODE_PAGE_DOWN);
		return true;
	}
	return false;
}

/* ---- drawing -------------------------------------------------------------------------------- */

/* "12 other actor, 3 other role": each counted by its strongest, the strongest first. */
static struct str differ_reasons(const struct outliers *o, struct arena *mem)
{
	AUTO(buf_fini) struct buf text = {0};
	size_t shown = 0, rest = 0;
	for (size_t i = 0, next; i < o->n; i = next) {
		for (next = i + 1; next < o->n && o->v[next].reason == o->v[i].reason;)
			next++;
		if (shown++ >= REASONS_SHOWN) {
			rest += next - i;
			continue;
		}
		buf_fmt(&text, "%s%zu ", i ? ", " : "", next - i);
		outlier_reason(o->v[i].reason, &text);
	}
	if (rest)
		buf_fmt(&text, ", %zu for other reasons", rest);
	return arena_str(mem, buf_str(&text));
}

/* "part 1 of 3, 12 alike: deploy of the bucket's own account to 777788889999" */
static size_t differ_part_lines(struct app *a, struct arena *mem, struct dialog_line *l)
{
	const struct decide *d = &a->decide;
	AUTO(buf_fini) struct buf who = {0};
	if (d->out.n_parts < 2 || d->taken_in)
		return 0;
	row_id r = d->out.alike[d->out.parts[d->part].first];
	habit_actor(a->habits, r, &who);
	buf_c(&who, " to ");
	habit_dests(store_alert(a->set.store, r), &who);
	bool most = d->out.parts[0].n * 3 >= d->could * 2;
	l[0] = (struct dialog_line){ROLE_WARN, arena_fmt(mem, "%s%zu parts that are alike; one goes at"
		" once (^N the next, ^P the one before)", most ? "" : "no majority: ", d->out.n_parts),
		STR("")};
	l[1] = (struct dialog_line){ROLE_STRONG, arena_fmt(mem, "part %zu, %zu alerts: %.*s", d->part + 1,
		d->n, STR_ARG(str_sub(buf_str(&who), 0, 300))), STR("")};
	return 2;
}

static size_t differ_outlier_lines(struct app *a, struct arena *mem, struct dialog_line *l)
{
	const struct decide *d = &a->decide;
	size_t n = 0, end = d->top + differ_listed(a);
	l[n++] = (struct dialog_line){ROLE_WARN, arena_fmt(mem, d->taken_in
		? "%zu differ from the rest and are taken in (^T leaves them out)"
		: "%zu differ from the rest and are left out (^T takes them in)", d->out.n), STR("")};
	l[n++] = (struct dialog_line){ROLE_TEXT, differ_reasons(&d->out, mem), STR("")};
	end = end < d->out.n ? end : d->out.n;
	for (size_t i = d->top; i < end; i++) {
		AUTO(buf_fini) struct buf why = {0};
		outlier_explain(a->habits, &d->out.v[i], &why);
		l[n++] = (struct dialog_line){ROLE_TEXT,
			arena_str(mem, str_sub(store_alert(a->set.store, d->out.v[i].row)->bucket, 0, 63)),
			arena_str(mem, str_sub(buf_str(&why), 0, 400))};
	}
	if (d->top || end < d->out.n)
		l[n++] = (struct dialog_line){ROLE_DIM, arena_fmt(mem, "%zu to %zu of %zu; Page Up and Page"
			" Down show the others", d->top + 1, end, d->out.n), STR("")};
	return n;
}

size_t differ_lines(struct app *a, struct arena *mem, struct dialog_line *l)
{
	size_t n = differ_part_lines(a, mem, l);
	return a->decide.out.n ? n + differ_outlier_lines(a, mem, l + n) : n;
}
