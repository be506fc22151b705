/*
 * pane: how the panes write their lines.
 */
#include "pane_priv.h"

#include "s3triage/event/doc.h"

#include <stdarg.h>
#include <stdio.h>

void pane_label(struct text *t, const char *label)
{
	text_fmt(t, ROLE_LABEL, "%-*s", LABEL_CELLS, label);
	text_indent(t, 0, LABEL_CELLS);
}

void pane_value(struct text *t, const char *label, enum role role, struct str value)
{
	if (value.n == 0)
		return;
	pane_label(t, label);
	text_span(t, role, value);
	text_end(t);
}

void pane_valuef(struct text *t, const char *label, enum role role, const char *fmt, ...)
{
	char value[2048];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(value, sizeof(value), fmt, ap);
	va_end(ap);
	pane_value(t, label, role, str_c(value));
}

void pane_line(struct text *t, enum role role, struct str s)
{
	text_span(t, role, s);
	text_end(t);
}

void pane_blank(struct text *t)
{
	text_end(t);
}

void pane_heading(struct text *t, const char *s)
{
	if (text_lines(t))
		text_end(t);
	pane_line(t, ROLE_HEADING, str_c(s));
}

void pane_warning(struct text *t, enum role role, struct str s)
{
	text_span(t, role, STR("! "));
	text_span(t, role, s);
	text_indent(t, 0, 2);
	text_end(t);
}

struct str pane_field(const struct json *ecs, const char *path, char tmp[JSON_SCALAR_MAX])
{
	return ecs ? doc_text(ecs, path, tmp) : (struct str){0};
}

struct str pane_lacks(const struct detail *d, const char *words)
{
	return d->alert->traits & TRAIT_LOSSY ? STR("not known from this form") : str_c(words);
}

void pane_no_record(const struct detail *d, struct text *t)
{
	pane_warning(t, ROLE_ERROR, d->load_error ? str_c(d->load_error)
						  : STR("the record could not be read again"));
}

struct str pane_time(int64_t ms, bool full, char out[WHEN_TEXT_MAX])
{
	struct str s = str_c(when_format(ms, out));
	if (s.n < 19)
		return STR("no time");
	out[10] = ' ';
	return full ? str_sub(s, 0, 19) : str_sub(s, 5, 16);
}
