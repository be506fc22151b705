/*
 * steps: the guide as a checklist: one line a step, what answers it, progress for each heading.
 * What is a step and what answers it comes from insight.
 */
#include "pane_priv.h"

/* `x` somebody ticked it, `=` the data answer it. */
static char sign_of(const struct checklist_step *s)
{
	return s->ticked ? 'x' : s->evidence.n ? '=' : ' ';
}

static void say_heading(const struct checklist *list, size_t from, struct text *t)
{
	size_t done = 0, n = 0;
	struct str heading = list->steps[from].heading;
	for (size_t i = from; i < list->n && str_eq(list->steps[i].heading, heading); i++, n++)
		done += sign_of(&list->steps[i]) != ' ';
	if (text_lines(t))
		pane_blank(t);
	text_span(t, ROLE_HEADING, heading.n ? heading : STR("To do"));
	text_fmt(t, done == n ? ROLE_GOOD : ROLE_DIM, "  %zu of %zu", done, n);
	text_end(t);
}

static void say_step(const struct checklist_step *s, bool current, struct text *t)
{
	char sign = sign_of(s), at[WHEN_TEXT_MAX];
	enum role role = sign == ' ' ? ROLE_WARN : ROLE_GOOD;
	text_span(t, current ? ROLE_CURSOR : ROLE_TEXT, current ? STR("> ") : STR("  "));
	text_fmt(t, role, "[%c] ", sign);
	text_span(t, current ? ROLE_STRONG : ROLE_TEXT, current && s->text.n ? s->text : s->title);
	if (s->evidence.n)
		text_fmt(t, ROLE_DIM, "  %.*s", STR_ARG(str_sub(s->evidence, 0, 400)));
	if (s->ticked && s->ticked_by.n)
		text_fmt(t, ROLE_DIM, "  %.*s %.*s", STR_ARG(str_sub(s->ticked_by, 0, 60)),
			STR_ARG(pane_time(s->ticked_at, false, at)));
	if (s->other_by.n)
		text_fmt(t, ROLE_WARN, "  ticked on other content by %.*s %.*s", STR_ARG(str_sub(s->other_by, 0, 60)),
			STR_ARG(pane_time(s->other_at, false, at)));
	if (s->note.n)
		text_fmt(t, ROLE_TEXT, ": %.*s", STR_ARG(s->note));
	text_indent(t, 0, 6);
	text_end(t);
}

void around_steps(const struct detail *d, struct text *t)
{
	const struct around *a = d->around;
	const struct checklist *list = a ? a->checklist : NULL;
	struct str last = {0};
	if (!list || list->n == 0)
		return;
	for (size_t i = 0; i < list->n; i++) {
		if (i == 0 || !str_eq(last, list->steps[i].heading))
			say_heading(list, i, t);
		last = list->steps[i].heading;
		if (a->step_lines)
			a->step_lines[i] = text_lines(t);
		say_step(&list->steps[i], i == a->step, t);
	}
	pane_blank(t);
	pane_line(t, ROLE_DIM, STR("x ticked, = answered by the alert or the account book"));
	pane_heading(t, "The guide");
}
