/*
 * toml_parse: values, and the document as a whole.
 *
 * toml_read_value() calls itself through arrays and inline tables; toml_deepen() bounds that.
 */
#include "toml_priv.h"

#include "s3triage/base/utf8.h"

static bool toml_scalar(struct toml_parser *p, struct toml_value *v)
{
	size_t n = 0;
	for (int c; (c = toml_peek(p, n)) > 0x20; n++)
		if (c == ',' || c == ']' || c == '}' || c == '#' || c == '=' || c == '"' || c == '\'')
			break;
	if (n == 0)
		return toml_expected(p, "a value");
	struct str token = str_sub(p->text, p->at, p->at + n);
	p->at += n;
	if (str_is(token, "true") || str_is(token, "false")) {
		v->type = TOML_BOOLEAN;
		v->flag = token.n == 4;
		return true;
	}
	return toml_is_date(token) ? toml_date(p, token, v) : toml_number(p, token, v);
}

/* Whether another element follows: skips lines, and a comma where there must be one. */
static bool array_next(struct toml_parser *p, bool first, bool *more)
{
	if (!toml_skip_lines(p))
		return false;
	*more = !toml_take(p, ']');
	if (!*more || first)
		return true;
	if (!toml_take(p, ','))
		return toml_expected(p, "',' or ']' in this array");
	if (!toml_skip_lines(p))
		return false;
	*more = !toml_take(p, ']');
	return true;
}

static bool read_array(struct toml_parser *p, struct toml_value *array)
{
	bool more;
	p->at++;
	for (bool first = true;; first = false) {
		if (!array_next(p, first, &more))
			return false;
		if (!more)
			return true;
		struct toml_value *v = p->read_value(p, array->depth + 1u, p->at);
		if (!v)
			return false;
		toml_add(p->doc, array, (struct str){0}, v);
	}
}

static bool read_inline(struct toml_parser *p, struct toml_value *table)
{
	p->at++;
	toml_skip_blanks(p);
	if (toml_take(p, '}'))
		return true;
	do {
		toml_skip_blanks(p);
		if (!toml_key_value(p, table))
			return false;
		toml_skip_blanks(p);
	} while (toml_take(p, ','));
	return toml_take(p, '}') || toml_expected(p, "',' or '}' in this inline table");
}

static bool toml_parse_fill(struct toml_parser *p, struct toml_value *v, unsigned depth)
{
	switch (toml_peek(p, 0)) {
	case '"':
	case '\'':
		v->type = TOML_STRING;
		return toml_string(p, true, &v->text);
	case '[':
		v->type = TOML_ARRAY;
		return toml_deepen(p, v, depth, p->at) && read_array(p, v);
	case '{':
		v->type = TOML_TABLE;
		return toml_deepen(p, v, depth, p->at) && read_inline(p, v);
	default:
		return toml_scalar(p, v);
	}
}

static struct toml_value *toml_read_value(struct toml_parser *p, unsigned depth, size_t place)
{
	struct toml_value *v = toml_new(p, TOML_NONE, place);
	return v && toml_parse_fill(p, v, depth) ? v : NULL;
}

static bool document(struct toml_parser *p)
{
	struct toml_value *table = p->doc->root;
	for (;;) {
		if (!toml_skip_lines(p))
			return false;
		if (toml_peek(p, 0) < 0)
			return true;
		bool done = toml_peek(p, 0) == '[' ? toml_header(p, &table) :
			toml_key_value(p, table) && toml_end_of_line(p);
		if (!done)
			return false;
	}
}

static bool toml_parse_parse(struct toml_parser *p)
{
	size_t bad;
	if (p->text.n > TOML_TEXT_MAX) {
		err_where(p->err, p->file, 0, 0);
		return err_set(p->err, ERR_LIMIT, "larger than %d MiB", TOML_TEXT_MAX >> 20);
	}
	if (!utf8_valid(p->text, &bad))
		return toml_fail(p, bad, "the byte 0x%02X is not UTF-8", (unsigned char)p->text.p[bad]);
	if (str_starts(p->text, STR("\xEF\xBB\xBF")))
		p->at = p->place_at = 3;
	p->doc->root = toml_new(p, TOML_TABLE, p->at);
	return document(p);
}

struct toml *toml_parse(struct str text, const char *file, struct err *err)
{
	struct toml *doc = mem_alloc(sizeof(*doc));
	struct toml_parser p = {
		.read_value = toml_read_value,
		.text = text, .file = file, .err = err, .doc = doc, .line = 1, .col = 1};
	bool done = toml_parse_parse(&p);
	buf_fini(&p.scratch);
	if (done)
		return doc;
	toml_free(doc);
	return NULL;
}
