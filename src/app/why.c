/*
 * why: the rule's query as a tree in the place of the guide: which leaf decided, with which value.
 * An alert that brings its own EQL rule is explained by that one.
 */
#include "app_priv.h"

unsigned act_why(struct app *a)
{
	a->why = !a->why;
	a->shown.stale = true;
	a->pane[PANE_GUIDE].top = 0;
	if (a->why && app_layout(a).pane[PANE_GUIDE].cols <= 0)
		a->focus = PANE_GUIDE;
	return app_say(a, ROLE_DIM, a->why ? "why the rule matches" : "the investigation guide");
}

/* "  + leaf  <- value": two blanks a level, + true, - false. */
static void say_line(struct text *t, struct str line)
{
	size_t level = 0;
	while (level < line.n && line.p[level] == ' ')
		level++;
	line = str_sub(line, level, line.n);
	size_t arrow = str_find(line, STR("  <- "));
	bool yes = str_starts(line, STR("+ "));
	text_indent(t, (int)level, 4);
	text_span(t, yes ? ROLE_GOOD : ROLE_WARN, str_sub(line, 0, 2));
	text_span(t, ROLE_TEXT, str_sub(line, 2, arrow == STR_NONE ? line.n : arrow));
	if (arrow != STR_NONE) {
		text_span(t, ROLE_DIM, STR("  "));
		text_span(t, yes ? ROLE_STRONG : ROLE_WARN, str_sub(line, arrow + 5, line.n));
	}
	text_end(t);
}

static void why_say(struct text *t, enum role role, struct str s)
{
	text_span(t, role, s);
	text_end(t);
}

/* The alert's own query compiled, or NULL. */
static struct rule *own_rule(const struct rule *r)
{
	const char *field = r->event_category_override.n ? r->event_category_override.p : NULL;
	AUTO(mem_free_ptr) char *category = field ? mem_dup(r->event_category_override) : NULL;
	return r->language == RULE_EQL && r->query.n ? rule_new_eql(r->query, category, NULL) : NULL;
}

void why_text(const struct app *a, struct text *t)
{
	AUTO(buf_fini) struct buf tree = {0};
	const struct detail *d = &a->shown.in.detail;
	const struct rule *r = d->rule && d->rule->engine ? d->rule : a->set.desk->rule;
	struct rule *own = a->shown.in.rule ? own_rule(a->shown.in.rule) : NULL;
	if (!d->ecs || !(own ? own : r)) {
		why_say(t, ROLE_DIM,
			d->load_error ? str_c(d->load_error) : STR("there is no rule to ask"));
		rule_free(own);
		return;
	}
	rule_explain(own ? own : r, d->ecs, &tree);
	why_say(t, ROLE_HEADING, STR("Why the rule matches"));
	why_say(t, ROLE_DIM, a->shown.in.rule ? own ? STR("by the alert's own query") :
		STR("by the rule of this console: the alert's own cannot be run") : r->name);
	why_say(t, ROLE_TEXT, STR(""));
	for (struct str rest = buf_str(&tree); rest.n;)
		say_line(t, str_cut(&rest, '\n'));
	rule_free(own);
}
