/*
 * decide_dialog: a decision that is prepared as what the view draws. All in the caller's arena, for one
 * draw.
 */
#include "decide_priv.h"

static struct str alerts(struct arena *mem, size_t n)
{
	return n == 1 ? STR("1 alert") : arena_fmt(mem, "%zu alerts", n);
}

static struct str decide_title(struct app *a, struct arena *mem)
{
	const struct decide *d = a->decide;
	const char *verb = d->verdict == VERDICT_OPEN ? "open again" : verdict_name(d->verdict);
	if (d->choose && !d->bulk)
		return STR("Reason and note");
	if (!d->chosen)
		return arena_fmt(mem, "A verdict on %.*s?", STR_ARG(alerts(mem, d->n)));
	return arena_fmt(mem, "Mark %.*s %s?", STR_ARG(alerts(mem, d->n)), verb);
}

static size_t dialog_bulk_lines(struct app *a, struct arena *mem, struct dialog_line *l)
{
	const struct decide *d = a->decide;
	size_t n = 0;
	struct str key = d->group;
	if (d->closed)
		l[n++] = (struct dialog_line){ROLE_STRONG, arena_fmt(mem, "%s %.*s: all its alerts, "
			"whatever the list shows", group_by_name(d->by),
			STR_ARG(key.n ? str_sub(key, 0, 200) : STR("not named"))), STR("")};
	l[n++] = (struct dialog_line){ROLE_STRONG, d->chosen ? arena_fmt(mem, "%zu marked: %zu change, "
		"%zu %s already, %zu outside this filter", d->marked, d->n, d->same,
		verdict_name(d->verdict), d->outside) : arena_fmt(mem, "%zu marked, %zu outside this filter; "
		"no verdict is chosen yet", d->marked, d->outside), STR("")};
	n += preview_lines(a, mem, l + n);
	if (d->alone)
		l[n++] = (struct dialog_line){ROLE_WARN, arena_fmt(mem, "%zu left out: their id was decided on "
			"with other facts; each is to be looked at by itself", d->alone), STR("")};
	if (d->outside)
		l[n++] = (struct dialog_line){ROLE_WARN, STR("those outside the filter are left out"),
			STR("")};
	if (d->same)
		l[n++] = (struct dialog_line){ROLE_DIM, STR("those that are so already stay as they "
			"are"), STR("")};
	if (a->filter.text.n)
		l[n++] = (struct dialog_line){ROLE_DIM, arena_fmt(mem, "filter  %.*s",
			STR_ARG(str_sub(line_str(&a->filter), 0, 200))), STR("")};
	return n + outlier_list_head(a, mem, l + n);
}

#define STEPS_LISTED 4

/* The guide's steps that nobody ticked and nothing answers: shown when a verdict is given. */
static size_t step_lines(struct app *a, struct arena *mem, struct dialog_line *l)
{
	const struct checklist *list = &a->shown.steps;
	size_t n = 0, left = a->shown.around.checklist ? checklist_open(list) : 0, listed = 0;
	if (left == 0 || a->shown.row != a->decide->rows[0])
		return 0;
	l[n++] = (struct dialog_line){ROLE_WARN, arena_fmt(mem, "%zu step%s of the guide %s not ticked:",
		left, plural(left), left == 1 ? "is" : "are"), STR("")};
	for (size_t i = 0; i < list->n && listed < STEPS_LISTED; i++) {
		const struct checklist_step *s = &list->steps[i];
		if (s->phase != PHASE_INVESTIGATE || s->ticked || s->evidence.n)
			continue;
		l[n++] = (struct dialog_line){ROLE_DIM, arena_fmt(mem, "[ ] %.*s", STR_ARG(s->title)),
			STR("")};
		listed++;
	}
	if (left > listed)
		l[n++] = (struct dialog_line){ROLE_DIM, arena_fmt(mem, "and %zu more", left - listed),
			STR("")};
	return n;
}

static size_t one_line(struct app *a, struct arena *mem, struct dialog_line *l)
{
	const struct alert *al = store_alert(a->set.desk->store, a->decide->rows[0]);
	const struct decision *d = store_decision(a->set.desk->store, a->decide->rows[0]);
	size_t n = 0;
	l[n++] = (struct dialog_line){ROLE_STRONG, arena_fmt(mem, "%.*s > %.*s",
		STR_ARG(str_sub(al->bucket, 0, 80)),
		STR_ARG(preview_dest(al, mem))), STR("")};
	const struct decision *other = store_other(a->set.desk->store, a->decide->rows[0]);
	if (d)
		l[n++] = (struct dialog_line){ROLE_TEXT, arena_fmt(mem, "it is %.*s",
			STR_ARG(preview_word(a, d, mem))), STR("")};
	if (other)
		l[n++] = (struct dialog_line){ROLE_SUSPICIOUS, arena_fmt(mem, "decided on other content: %.*s",
			STR_ARG(preview_word(a, other, mem))), STR("")};
	return n + step_lines(a, mem, l + n);
}

static size_t decide_fields(struct app *a, struct arena *mem, struct dialog_field *f)
{
	struct decide *d = a->decide;
	size_t n = 0;
	f[n++] = (struct dialog_field){STR("reason"), line_str(&d->reason), d->reason.cursor};
	f[n++] = (struct dialog_field){STR("note"), line_str(&d->note), d->note.cursor};
	if (d->choose) {
		struct str value = !d->chosen ? STR("choose: a approved, s suspicious, o open")
			: arena_fmt(mem, "%c %s   (a approved, s suspicious, o open)",
				verdict_glyph(d->verdict), verdict_name(d->verdict));
		f[n++] = (struct dialog_field){STR("verdict"), value, 0};
	}
	if (preview_confirms(d))
		f[n++] = (struct dialog_field){arena_fmt(mem, "type %zu", d->n),
			line_str(&d->confirm), d->confirm.cursor};
	return n;
}

void decide_dialog(struct app *a, struct arena *mem, struct dialog_model *out)
{
	static const struct key_hint hints[] = {{"Enter", "decide"}, {"Tab", "next field"},
		{"Esc", "back"}, {NULL, NULL}};
	struct dialog_line *lines = arena_array(mem, 11 + PREVIEW_LINES + DIFFER_LINES + STEPS_LISTED,
		sizeof(*lines));
	struct dialog_field *fields = arena_array(mem, 4, sizeof(*fields));
	*out = (struct dialog_model){.title = decide_title(a, mem), .lines = lines,
		.fields = fields, .field = a->decide->field, .selected = STR_NONE, .hints = hints};
	preview_recount(a);
	size_t n = a->decide->bulk ? dialog_bulk_lines(a, mem, lines) : one_line(a, mem, lines);
	n += preview_routes(a, a->decide->rows, a->decide->n, mem, lines + n);
	if (a->decide->kept)
		lines[n++] = (struct dialog_line){ROLE_WARN, STR("what you wrote before is still here, not "
			"recorded yet; ^U empties a field"), STR("")};
	out->n_lines = n;
	out->n_fields = decide_fields(a, mem, fields);
	outlier_list_fit(a, mem, out, lines);
}
