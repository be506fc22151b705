/*
 * outlier_list: of alerts that are to be decided together, those that differ from what is usual, and of the
 * others the parts that are alike. One part is decided at a time; what is left out stays marked, can all
 * be read here, and one key takes everything in.
 */
#include "decide_priv.h"

#include <stdlib.h>

enum { REASONS_SHOWN = 5, LISTED = 12 };

/* What the rows that are asked about stand for, when that is one account. */
static struct str outlier_list_account(const struct app *a)
{
	const struct decide *d = a->decide;
	if (!d->closed)
		return a->marks.account;
	return d->by == GROUP_ACCOUNT ? d->group : STR("");
}

static void outlier_list_take_part(struct decide *d)
{
	const struct outlier_part *p = d->part < d->out.n_parts ? &d->out.parts[d->part] : NULL;
	d->top = 0; /* what is decided now is what is read first */
	d->n = p ? p->n : 0;
	for (size_t i = 0; i < d->n; i++)
		d->rows[i] = d->out.alike[p->first + i];
}

/* What was read of them stays read as long as they are the same, with the same decisions. */
static void outlier_list_same(struct app *a)
{
	struct decide *d = a->decide;
	struct sum s = {a, d->out.n};
	for (size_t i = 0; i < d->out.n; i++)
		sum_row(&s, d->out.v[i].row);
	d->read = d->read_of == s.of ? d->read : 0;
	d->read_of = s.of;
}

void outlier_list_apply(struct app *a)
{
	struct decide *d = a->decide;
	outliers_fini(&d->out);
	d->could = d->n;
	d->top = 0;
	if (!d->bulk)
		return;
	const struct outliers_ask ask = {d->rows, d->n, d->verdict, outlier_list_account(a)};
	outliers_find(desk_habits(a->set.desk), &ask, &d->out);
	outlier_list_same(a);
	d->part = d->part < d->out.n_parts ? d->part : 0;
	if (!d->taken_in)
		outlier_list_take_part(d);
}

size_t outlier_list_left_out(const struct decide *d)
{
	return d->could - d->n;
}

size_t outlier_list_unread(const struct decide *d)
{
	return d->taken_in ? d->out.n - d->read : 0;
}

/* Those that were left out are what is still marked; after a table's verdict, which put the list's
 * own marks away, also those of them that were not decided now. */
void outlier_list_keep_marks(struct app *a)
{
	const struct decide *d = a->decide;
	struct marks *m = d->closed ? &a->kept : &a->marks;
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

/* By lines that were shown whole, so that none is passed over. */
static void outlier_list_scroll(struct decide *d, bool down)
{
	size_t page = d->shown ? d->shown : 1;
	if (down)
		d->top = d->top + page < d->lines ? d->top + page : d->top;
	else
		d->top = d->top > page ? d->top - page : 0;
}

static void outlier_list_next_part(struct decide *d, bool down)
{
	size_t n = d->out.n_parts;
	if (n < 2 || d->taken_in)
		return;
	d->part = (d->part + (down ? 1 : n - 1)) % n;
	outlier_list_take_part(d);
}

bool outlier_list_key(struct app *a, struct key k)
{
	struct decide *d = a->decide;
	switch (k.code) {
	case 14: /* ^N */
	case 16: /* ^P */
		outlier_list_next_part(d, k.code == 14);
		return d->bulk;
	case KEY_CODE_PAGE_DOWN:
	case KEY_CODE_PAGE_UP:
		outlier_list_scroll(d, k.code == KEY_CODE_PAGE_DOWN);
		return true;
	}
	return false;
}

/* ---- drawing -------------------------------------------------------------------------------- */

/* "12 other actor, 3 other role": each counted by its strongest, the strongest first. */
static struct str outlier_list_reasons(const struct outliers *o, struct arena *mem)
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
		buf_fmt(&text, ", %zu for %s", rest, rest == 1 ? "another reason" : "other reasons");
	return arena_str(mem, buf_str(&text));
}

/* "part 1 of 3, 12 of 40 alerts: deploy of the bucket's own account to 777788889999" */
static size_t outlier_list_part_lines(struct app *a, struct arena *mem, struct dialog_line *l)
{
	const struct decide *d = a->decide;
	AUTO(buf_fini) struct buf who = {0};
	if (d->out.n_parts < 2 || d->taken_in)
		return 0;
	row_id r = d->out.alike[d->out.parts[d->part].first];
	habit_actor(desk_habits(a->set.desk), r, &who);
	buf_c(&who, " to ");
	habit_dests(store_alert(a->set.desk->store, r), &who);
	bool most = d->out.parts[0].n * 3 >= d->could * 2;
	l[0] = (struct dialog_line){ROLE_WARN, arena_fmt(mem, "%s%zu parts that are alike; one goes at"
		" once (^N the next, ^P the one before)", most ? "" : "no majority: ", d->out.n_parts),
		STR("")};
	l[1] = (struct dialog_line){ROLE_STRONG, arena_fmt(mem, "part %zu of %zu, %zu of %zu alerts: %.*s",
		d->part + 1, d->out.n_parts, d->n, d->could - d->out.n,
		STR_ARG(str_sub(buf_str(&who), 0, 300))), STR("")};
	return 2;
}

size_t outlier_list_head(struct app *a, struct arena *mem, struct dialog_line *l)
{
	const struct decide *d = a->decide;
	bool one = d->out.n == 1;
	size_t n = outlier_list_part_lines(a, mem, l);
	if (!d->out.n)
		return n;
	l[n++] = (struct dialog_line){ROLE_WARN, arena_fmt(mem, d->taken_in
		? "%zu differ%s from the rest and %s taken in (^T leaves %s out)"
		: "%zu differ%s from the rest and %s left out (^T takes %s in)", d->out.n,
		one ? "s" : "", one ? "is" : "are", one ? "it" : "them"), STR("")};
	l[n++] = (struct dialog_line){ROLE_TEXT, outlier_list_reasons(&d->out, mem), STR("")};
	return n;
}

/* Those that differ, from one on. */
static size_t outlier_list_list(struct app *a, size_t from, struct arena *mem, struct dialog_line *l)
{
	const struct outliers *o = &a->decide->out;
	size_t n = 0;
	for (size_t i = from; i < o->n && n < LISTED; i++) {
		AUTO(buf_fini) struct buf why = {0};
		outlier_explain(desk_habits(a->set.desk), &o->v[i], &why);
		l[n++] = (struct dialog_line){ROLE_TEXT,
			arena_str(mem, str_sub(store_alert(a->set.desk->store, o->v[i].row)->bucket, 0, 63)),
			arena_str(mem, str_sub(buf_str(&why), 0, 400))};
	}
	return n;
}

/* Only lines that fit whole; when that is not all, the last of them says so. */
static void outlier_list_cut(
	struct app *a, struct arena *mem, struct dialog_model *out, struct dialog_line *l)
{
	struct decide *d = a->decide;
	size_t fit = dialog_whole(out, a->dialog_rows, a->cols);
	d->shown = fit;
	if (d->top + fit >= d->lines || fit < 2)
		return;
	out->tight = true;
	size_t last = fit == out->n_lines ? fit : fit - 1;
	for (;; last--) { /* it takes a row of its own */
		size_t rest = d->lines - d->top - last;
		rest = rest < d->out.n ? rest : d->out.n;
		l[last] = (struct dialog_line){ROLE_DIM, rest ? arena_fmt(mem, "Page Down: %zu more that "
			"differ", rest) : STR("Page Down shows the rest"), STR("")};
		out->n_lines = last + 1;
		if (last <= 1 || dialog_whole(out, a->dialog_rows, a->cols) == out->n_lines)
			break;
	}
	d->shown = last;
}

/* The head and those that differ are one document; d->top is its first line that is shown. */
void outlier_list_fit(struct app *a, struct arena *mem, struct dialog_model *out, struct dialog_line *l)
{
	struct decide *d = a->decide;
	size_t head = out->n_lines, past = d->top < head ? 0 : d->top - head;
	d->lines = head + d->out.n;
	size_t skip = d->top < head ? d->top : head;
	out->lines = l + skip;
	out->n_lines = head - skip + outlier_list_list(a, past, mem, l + head);
	outlier_list_cut(a, mem, out, l + skip);
	size_t end = d->top + d->shown > head ? d->top + d->shown - head : 0;
	if (past <= d->read && end > d->read)
		d->read = end < d->out.n ? end : d->out.n;
}
