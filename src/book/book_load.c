/*
 * book_load: which format a text has, and the way through its reader into the book.
 */
#include "book_priv.h"

#include "s3triage/base/file.h"
#include "s3triage/base/lines.h"

#include <stdlib.h>

static struct str first_line(struct str text)
{
	struct str line;
	while (lines_next(&text, &line)) {
		line = str_trim(line);
		if (line.n && line.p[0] != '#')
			return line;
	}
	return (struct str){0};
}

static bool is_json(struct str line, struct str text)
{
	if (line.p[0] != '[')
		return line.p[0] == '{';
	struct str rest = str_trim(str_sub(text, str_find_char(text, '[') + 1, text.n));
	return !rest.n || rest.p[0] == '{' || rest.p[0] == ']';
}

static bool is_id_line(struct str line)
{
	char digits[12];
	return book_account(line, digits).n || str_digits(line);
}

static bool has_id_line(struct str text)
{
	struct str line;
	for (int i = 0; i < 1000 && lines_next(&text, &line); i++)
		if (is_id_line(str_trim(line)))
			return true;
	return false;
}

static bool find_format(struct str text, enum book_format *out)
{
	struct str line = first_line(text);
	if (!line.n)
		*out = BOOK_EMPTY;
	else if (is_json(line, text))
		*out = BOOK_ORGANIZATIONS;
	else if (str_starts(line, STR("---")) || str_starts(line, STR("- ")) || str_is(line, "-"))
		*out = BOOK_YAML;
	else if (is_id_line(line))
		*out = BOOK_LIST;
	else if (line.p[0] == '[' || str_find_char(line, '=') != STR_NONE)
		*out = BOOK_TOML;
	else if (book_csv_header(line))
		*out = BOOK_CSV;
	else
		*out = BOOK_LIST;
	return *out != BOOK_LIST || has_id_line(text);
}

static bool read_as(struct reading *r, enum book_format format, struct err *err)
{
	switch (format) {
	case BOOK_TOML:
		return book_read_toml(r, err);
	case BOOK_ORGANIZATIONS:
		return book_read_json(r, err);
	case BOOK_CSV:
		return book_read_csv(r, err);
	case BOOK_LIST:
		return book_read_list(r, err);
	case BOOK_YAML:
		return book_read_yaml(r, err);
	case BOOK_EMPTY:
		break;
	}
	return true;
}

/* Line ends of CR alone, as some spreadsheets write them. */
static void mend_line_ends(struct reading *r)
{
	if (str_find_char(r->text, '\r') == STR_NONE || str_find_char(r->text, '\n') != STR_NONE)
		return;
	char *to = arena_alloc(&r->mem, r->text.n);
	for (size_t i = 0; i < r->text.n; i++)
		to[i] = r->text.p[i] == '\r' ? '\n' : r->text.p[i];
	r->text.p = to;
}

static bool book_load_read_text(struct book *b, struct reading *r, struct err *err)
{
	enum book_format format;
	mend_line_ends(r);
	if (!find_format(r->text, &format))
		return err_set(err, ERR_INPUT, "this is no list of accounts: expected accounts.toml,"
			" `aws organizations list-accounts` JSON, CSV with a column id, a list of ids"
			" or the known-accounts YAML");
	if (!read_as(r, format, err))
		return false;
	book_take(b, r, format);
	return true;
}

bool book_read(struct book *b, struct str text, const char *file, struct err *err)
{
	if (str_starts(text, STR("\xef\xbb\xbf")))
		text = str_sub(text, 3, text.n);
	err_where(err, file, 0, 0);
	if (text.n > BOOK_BYTES_MAX)
		return err_set(err, ERR_LIMIT, "larger than a list of accounts may be");
	struct reading r = {.path = file, .text = text};
	bool ok = book_load_read_text(b, &r, err);
	free(r.v);
	arena_fini(&r.mem);
	return ok;
}

bool book_load(struct book *b, const char *path, struct err *err)
{
	struct buf text;
	buf_init(&text, BOOK_BYTES_MAX);
	bool ok = file_read(path, &text, err) && book_read(b, buf_str(&text), path, err);
	buf_fini(&text);
	return ok;
}
