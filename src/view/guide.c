/*
 * guide: the pane that answers "what should I check?": the rule's note, then what else the rule
 * says: false positives, references, threats, the query, what of it is not evaluated here.
 */
#include "fields_priv.h"
#include "md_priv.h"
#include "pane_priv.h"

#include "s3triage/base/lines.h"

static void guide_say_list(const char *heading, const struct rule_strings *list, enum role role,
	struct text *t)
{
	if (list->n == 0)
		return;
	pane_heading(t, heading);
	for (size_t i = 0; i < list->n; i++) {
		struct str rest = str_trim(list->v[i]), line;
		text_span(t, ROLE_LABEL, STR("- "));
		text_indent(t, 0, 2);
		/* Authors wrap their lines; the pane has a width of its own. */
		for (bool first = true; lines_next(&rest, &line); first = false) {
			if (!first)
				text_span(t, role, STR(" "));
			text_span(t, role, str_trim(line));
		}
		text_end(t);
	}
}

static void say_threats(const struct rule *r, struct text *t)
{
	if (r->n_techniques == 0)
		return;
	pane_heading(t, "Threat");
	for (size_t i = 0; i < r->n_techniques; i++) {
		const struct rule_technique *q = &r->techniques[i];
		text_fmt(t, ROLE_STRONG, "%-10.*s ", STR_ARG(str_sub(q->id, 0, 32)));
		text_span(t, ROLE_TEXT, q->name);
		if (q->tactic.n) {
			text_span(t, ROLE_DIM, STR(", "));
			text_span(t, ROLE_DIM, q->tactic);
		}
		text_indent(t, 0, 11);
		text_end(t);
	}
}

static void say_query(const struct rule *r, struct text *t)
{
	struct str rest = str_trim(r->query), line;
	if (!rest.n)
		return;
	pane_heading(t, "Query");
	while (lines_next(&rest, &line)) {
		text_indent(t, 2, 4);
		pane_line(t, ROLE_CODE, line);
	}
}

static void say_rule(const struct rule *r, struct text *t)
{
	pane_heading(t, "Rule");
	pane_value(t, "name", ROLE_TEXT, r->name);
	pane_value(t, "id", ROLE_TEXT, r->rule_id);
	if (r->severity.n)
		pane_valuef(t, "severity", ROLE_TEXT, "%.*s, risk %d", STR_ARG(r->severity), r->risk);
	pane_value(t, "language", ROLE_TEXT, r->language_name);
	if (r->interval.n)
		pane_valuef(t, "runs", ROLE_TEXT, "every %.*s", STR_ARG(r->interval));
	pane_value(t, "looks from", ROLE_TEXT, r->from);
	pane_value(t, "updated", ROLE_TEXT, r->updated);
	pane_value(t, "license", ROLE_TEXT, r->license);
}

/* Headings that open every Elastic guide and say what the pane's title and the bar say already. */
static bool is_known_heading(const struct rule *r, struct str line)
{
	size_t marks = 0;
	while (marks < line.n && line.p[marks] == '#')
		marks++;
	struct str title = str_trim(str_sub(line, marks, line.n));
	return marks && (str_eq_fold(title, STR("Triage and analysis")) || str_eq_fold(title, r->name));
}

static struct str without_known_headings(const struct rule *r)
{
	struct str rest = r->note, left = rest, line;
	while (lines_next(&rest, &line) && (str_trim(line).n == 0 || is_known_heading(r, line)))
		left = rest;
	return left;
}

/* The note with the alert's values in the places of {{field}}. */
static void say_note(const struct detail *d, struct text *t)
{
	struct buf note = {0};
	rule_note_expand(without_known_headings(d->rule), d->ecs, &note);
	markdown_text(buf_str(&note), d->ecs, t);
	buf_fini(&note);
}

void guide_text(const struct detail *d, struct text *out)
{
	const struct rule *r = d->rule;
	text_clear(out);
	if (!r) {
		pane_line(out, ROLE_DIM, STR("The alert says nothing of its rule."));
		return;
	}
	around_steps(d, out);
	if (str_trim(r->note).n)
		say_note(d, out);
	else
		pane_line(out, ROLE_DIM, STR("The rule has no investigation guide."));
	if (str_trim(r->description).n) {
		pane_heading(out, "What the rule finds");
		markdown_text(r->description, d->ecs, out);
	}
	guide_say_list("False positives", &r->false_positives, ROLE_TEXT, out);
	guide_say_list("Not evaluated here", &r->not_evaluated, ROLE_WARN, out);
	guide_say_list("References", &r->references, ROLE_LINK, out);
	say_threats(r, out);
	say_query(r, out);
	if (str_trim(r->setup).n) {
		pane_heading(out, "Setup");
		markdown_text(r->setup, d->ecs, out);
	}
	say_rule(r, out);
}
