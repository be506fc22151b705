/*
 * markdown: md4c's events to styled lines. The text may be written by anybody: it is capped, and
 * nothing in it is followed or run. Must not know where the Markdown came from.
 */
#include "fields_priv.h"
#include "md_priv.h"

#include "s3triage/view/panes.h"

#include <md4c.h>
#include <stdio.h>

struct list {
	bool ordered;
	unsigned next;
};

struct md {
	struct text *t;
	const struct json *ecs;
	struct list lists[MD_LISTS_MAX];
	int depth;       /* lists open, counted on beyond MD_LISTS_MAX */
	int indent;      /* cells before text of the innermost container */
	char prefix[24]; /* "1. " to come before the next text, and its cells */
	int prefix_cells;
	int strong, link, image, quote, cell;
	bool code, code_block, heading, table_head;
	bool open;       /* a line has been begun */
	bool gap;        /* a blank line is due before the next block */
	bool first;      /* nothing written yet */
	struct buf span; /* the code span being read */
	struct buf link_text;
};

static enum role role_now(const struct md *m)
{
	if (m->code || m->code_block)
		return ROLE_CODE;
	if (m->link)
		return ROLE_LINK;
	if (m->heading)
		return ROLE_HEADING;
	if (m->strong || m->table_head)
		return ROLE_STRONG;
	return m->quote ? ROLE_DIM : ROLE_TEXT;
}

static void open_line(struct md *m)
{
	if (m->open)
		return;
	if (m->gap && !m->first)
		text_end(m->t);
	m->gap = m->first = false;
	m->open = true;
	int indent = m->indent > MD_INDENT_MAX ? MD_INDENT_MAX : m->indent;
	int before = m->prefix_cells < indent ? m->prefix_cells : indent;
	text_indent(m->t, indent - before, m->code_block ? before + 4 : before);
	if (m->prefix_cells)
		text_span(m->t, ROLE_LABEL, str_c(m->prefix));
	m->prefix_cells = 0;
}

static void handoff_line(struct md *m)
{
	if (m->open || m->prefix_cells) {
		open_line(m);
		text_end(m->t);
	}
	m->open = false;
}

static void markdown_say(struct md *m, enum role role, struct str s)
{
	if (s.n == 0)
		return;
	open_line(m);
	text_span(m->t, role, s);
}

static void set_prefix(struct md *m, int cells)
{
	m->prefix_cells = cells;
	m->indent += cells;
}

static void enter_item(struct md *m, const MD_BLOCK_LI_DETAIL *d)
{
	struct list *list = &m->lists[(m->depth - 1) % MD_LISTS_MAX];
	const char *task = !d->is_task ? "" : d->task_mark == ' ' ? "[ ] " : "[x] ";
	handoff_line(m);
	int n;
	if (list->ordered)
		n = snprintf(m->prefix, sizeof(m->prefix), "%u. %s", list->next++, task);
	else
		n = snprintf(m->prefix, sizeof(m->prefix), "- %s", task);
	set_prefix(m, n);
}

/* How far an item's text is indented: needed again when it is left. */
static int item_cells(const struct md *m, const MD_BLOCK_LI_DETAIL *d)
{
	const struct list *list = &m->lists[(m->depth - 1) % MD_LISTS_MAX];
	char text[24];
	int task = d->is_task ? 4 : 0;
	if (!list->ordered)
		return 2 + task;
	return snprintf(text, sizeof(text), "%u. ", list->next - 1) + task;
}

static void enter_list(struct md *m, bool ordered, unsigned start)
{
	handoff_line(m);
	m->lists[m->depth % MD_LISTS_MAX] = (struct list){ordered, start};
	m->depth++;
}

static int enter_block(MD_BLOCKTYPE type, void *detail, void *ctx)
{
	struct md *m = ctx;
	switch (type) {
	case MD_BLOCK_UL: enter_list(m, false, 0); break;
	case MD_BLOCK_OL: enter_list(m, true, ((MD_BLOCK_OL_DETAIL *)detail)->start); break;
	case MD_BLOCK_LI: enter_item(m, detail); break;
	case MD_BLOCK_QUOTE:
		handoff_line(m);
		m->quote++;
		snprintf(m->prefix, sizeof(m->prefix), "> ");
		set_prefix(m, 2);
		break;
	case MD_BLOCK_HR: markdown_say(m, ROLE_BORDER, STR("────────")); break;
	case MD_BLOCK_H: handoff_line(m); m->gap = true; m->heading = true; break;
	case MD_BLOCK_CODE: handoff_line(m); m->code_block = true; m->indent += 2; break;
	case MD_BLOCK_TR: m->cell = 0; break;
	case MD_BLOCK_TH: case MD_BLOCK_TD:
		if (m->cell++)
			markdown_say(m, ROLE_BORDER, STR(" │ "));
		m->table_head = type == MD_BLOCK_TH;
		break;
	case MD_BLOCK_P:
		/* A sign that waits for its text, as a list's, goes with the paragraph. */
		if (m->open)
			handoff_line(m);
		break;
	default: break;
	}
	return 0;
}

static void leave_prefixed(struct md *m, int cells)
{
	handoff_line(m);
	m->indent -= cells;
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *ctx)
{
	struct md *m = ctx;
	switch (type) {
	case MD_BLOCK_UL: case MD_BLOCK_OL: m->depth--; m->gap = m->depth == 0; break;
	case MD_BLOCK_LI: leave_prefixed(m, item_cells(m, detail)); break;
	case MD_BLOCK_QUOTE: leave_prefixed(m, 2); m->quote--; m->gap = true; break;
	case MD_BLOCK_CODE: leave_prefixed(m, 2); m->code_block = false; m->gap = !m->depth; break;
	case MD_BLOCK_H: handoff_line(m); m->heading = false; break;
	case MD_BLOCK_TR: handoff_line(m); break;
	case MD_BLOCK_TH: case MD_BLOCK_TD: m->table_head = false; break;
	case MD_BLOCK_HR: case MD_BLOCK_P: case MD_BLOCK_TABLE:
		handoff_line(m);
		m->gap = m->depth == 0;
		break;
	default: break;
	}
	return 0;
}

static int enter_span(MD_SPANTYPE type, void *detail, void *ctx)
{
	struct md *m = ctx;
	(void)detail;
	switch (type) {
	case MD_SPAN_EM: case MD_SPAN_STRONG: m->strong++; break;
	case MD_SPAN_A: m->link++; buf_clear(&m->link_text); break;
	case MD_SPAN_IMG: m->image++; markdown_say(m, ROLE_DIM, STR("[image: ")); break;
	case MD_SPAN_CODE: m->code = true; buf_clear(&m->span); break;
	default: break;
	}
	return 0;
}

static void leave_code(struct md *m)
{
	AUTO(buf_fini) struct buf value;
	buf_init(&value, 0);
	if (field_value_short(m->ecs, buf_str(&m->span), &value)) {
		markdown_say(m, ROLE_DIM, STR(" = "));
		markdown_say(m, ROLE_DIM, buf_str(&value));
	}
	m->code = false;
}

static void leave_link(struct md *m, const MD_ATTRIBUTE *href)
{
	struct str url = {href->text, href->size};
	m->link--;
	if (url.n == 0 || str_eq(url, buf_str(&m->link_text)))
		return;
	markdown_say(m, ROLE_DIM, STR(" <"));
	markdown_say(m, ROLE_DIM, url);
	markdown_say(m, ROLE_DIM, STR(">"));
}

static void leave_image(struct md *m, const MD_ATTRIBUTE *src)
{
	m->image--;
	markdown_say(m, ROLE_DIM, STR("] <"));
	markdown_say(m, ROLE_DIM, (struct str){src->text, src->size});
	markdown_say(m, ROLE_DIM, STR(">"));
}

static int leave_span(MD_SPANTYPE type, void *detail, void *ctx)
{
	struct md *m = ctx;
	switch (type) {
	case MD_SPAN_EM: case MD_SPAN_STRONG: m->strong--; break;
	case MD_SPAN_A: leave_link(m, &((MD_SPAN_A_DETAIL *)detail)->href); break;
	case MD_SPAN_IMG: leave_image(m, &((MD_SPAN_IMG_DETAIL *)detail)->src); break;
	case MD_SPAN_CODE: leave_code(m); break;
	default: break;
	}
	return 0;
}

static struct str entity(struct str s)
{
	static const struct {
		const char *name, *text;
	} known[] = {{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""},
		{"&#39;", "'"}, {"&apos;", "'"}, {"&nbsp;", " "}, {"&mdash;", "—"},
		{"&ndash;", "–"}, {"&hellip;", "…"}};
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (str_is(s, known[i].name))
			return str_c(known[i].text);
	return s;
}

/* Text with newlines of its own, as code blocks have: each ends a line. */
static void say_lines(struct md *m, struct str s)
{
	while (s.n > 0) {
		size_t end = str_find_char(s, '\n');
		open_line(m);
		text_span(m->t, role_now(m), str_sub(s, 0, end));
		if (end == STR_NONE)
			return;
		handoff_line(m);
		s = str_sub(s, end + 1, s.n);
	}
}

static int markdown_add_text(MD_TEXTTYPE type, const MD_CHAR *p, MD_SIZE n, void *ctx)
{
	struct md *m = ctx;
	struct str s = {p, n};
	if (type == MD_TEXT_BR) {
		handoff_line(m);
		return 0;
	}
	if (type == MD_TEXT_SOFTBR)
		s = STR(" ");
	else if (type == MD_TEXT_ENTITY)
		s = entity(s);
	else if (type == MD_TEXT_NULLCHAR)
		s = STR("\xef\xbf\xbd");
	if (m->code)
		buf_add(&m->span, s);
	if (m->link)
		buf_add(&m->link_text, s);
	if (m->code_block)
		say_lines(m, s);
	else
		markdown_say(m, role_now(m), s);
	return 0;
}

void markdown_text(struct str markdown, const struct json *ecs, struct text *out)
{
	struct md m = {.t = out, .ecs = ecs, .first = true};
	MD_PARSER parser = {.flags = MD_FLAG_NOHTML | MD_FLAG_TABLES | MD_FLAG_TASKLISTS |
			MD_FLAG_STRIKETHROUGH | MD_FLAG_PERMISSIVEURLAUTOLINKS,
		.enter_block = enter_block, .leave_block = leave_block, .enter_span = enter_span,
		.leave_span = leave_span, .text = markdown_add_text};
	AUTO(buf_fini) struct buf source;
	buf_init(&source, MD_BYTES_MAX * 2);
	buf_init(&m.span, MD_BYTES_MAX);
	buf_init(&m.link_text, MD_BYTES_MAX);
	plugins_readable(str_sub(markdown, 0, MD_BYTES_MAX), &source);
	if (source.n)
		md_parse(source.p, (MD_SIZE)source.n, &parser, &m);
	handoff_line(&m);
	if (markdown.n > MD_BYTES_MAX) {
		markdown_say(&m, ROLE_WARN, STR("(the rest is too long to show)"));
		handoff_line(&m);
	}
	buf_fini(&m.span);
	buf_fini(&m.link_text);
}
