/*
 * book_load: which format a text has, and the way through its reader into the book.
 */
#include "book_priv.h"

#include "s3triage/base/file.h"
#include "s3triage/base/lines.h"
#include "s3triage/base/wide.h"

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

/* TOML's tables begin with [ too. */
static bool is_json(struct str line, struct str text)
{
	struct str rest = str_sub(text, str_find_char(text, line.p[0]), text.n);
	if (line.p[0] != '[')
		return line.p[0] == '{';
	while (str_starts(rest, STR("[")))
		rest = str_trim(str_sub(rest, 1, rest.n));
	return !rest.n || rest.p[0] == '{' || rest.p[0] == ']' || str_digits(str_sub(rest, 0, 1)) ||
		(rest.p[0] == '"' && json_scan(text, &(size_t){0}, NULL, NULL));
}

/* "Accounts:", "name: x" */
static bool is_yaml(struct str line)
{
	struct str rest = line, key = str_cut(&rest, ':');
	if (key.n > 2 && (key.p[0] == '\'' || key.p[0] == '"') && key.p[key.n - 1] == key.p[0])
		key = str_sub(key, 1, key.n - 1);
	return str_starts(line, STR("---")) || str_starts(line, STR("- ")) || str_is(line, "-") ||
		(rest.p && str_is_name(key, "_-. ", 60) && (!rest.n || rest.p[0] == ' '));
}

static bool is_toml(struct str line)
{
	struct str rest = line, key = str_trim(str_cut(&rest, '='));
	return line.p[0] == '[' || (rest.p && str_is_name(key, "_-.", 60) && !book_is_account(key));
}

static bool book_has_account(struct str text)
{
	struct str line;
	for (int i = 0; i < 1000 && lines_next(&text, &line); i++)
		if (book_csv_has_account(line) || (str_digits(str_trim(line))))
			return true;
	return false;
}

struct format {
	enum book_format format;
	bool (*read)(struct reading *r, struct err *err);
};

static bool read_nothing(struct reading *r, struct err *err)
{
	(void)err;
	if (!str_trim(r->text).n)
		book_wrong(r, 1, "it is empty: whatever wrote it may have failed");
	return true;
}

static bool find_format(struct str text, struct format *out)
{
	struct str line = first_line(text);
	*out = (struct format){BOOK_CSV, book_read_csv};
	if (!line.n)
		*out = (struct format){BOOK_EMPTY, read_nothing};
	else if (is_json(line, text))
		*out = (struct format){BOOK_ORGANIZATIONS, book_read_json};
	else if (book_is_lines(line, text))
		*out = (struct format){BOOK_PROFILES, book_read_lines};
	else if (is_toml(line))
		*out = (struct format){BOOK_TOML, book_read_toml};
	else if (str_starts(line, STR("----")) || book_csv_header(line))
		return book_has_account(text) || book_csv_header(line);
	else if (is_yaml(line))
		*out = (struct format){BOOK_YAML, book_read_yaml};
	else
		return book_has_account(text);
	return true;
}

/* UTF-16 with its mark, as spreadsheets and PowerShell write it. */
static void mend_utf16(struct reading *r)
{
	const struct wide_form form = wide_marked(r->text);
	if (!form.size)
		return;
	struct buf out;
	buf_init(&out, 2 * BOOK_BYTES_MAX);
	char c[4];
	size_t n;
	struct str rest = str_sub(r->text, form.size, r->text.n);
	for (size_t used; (used = wide_take(rest, form, true, c, &n)); rest = str_sub(rest, used, rest.n))
		buf_add(&out, (struct str){c, n});
	r->text = arena_str(&r->mem, buf_str(&out));
	buf_fini(&out);
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

/* What concerns the whole: a list that ends in the middle, or says of nobody whose it is. */
static void tell_whole(struct reading *r)
{
	if (r->cut)
		book_wrong(r, r->n ? r->v[r->n - 1].line : 1, "the list is not whole: it ends with a NextToken,"
			" and the other pages are missing");
	if (!r->n && r->format != BOOK_EMPTY)
		book_wrong(r, 1, "there is no account in it");
	if (!r->unsaid || r->format == BOOK_TOML)
		return;
	book_wrong(r, 1, "of %zu account%s it does not say whose %s: taken as unknown; a column or key"
		" `kind` says it (organisation, approved, vendor, flagged)", r->unsaid, plural(r->unsaid),
		r->unsaid == 1 ? "it is" : "they are");
	r->v[r->n - 1].remark = true;
}

static bool book_load_read_text(struct book *b, struct reading *r, struct err *err)
{
	struct format f;
	mend_utf16(r);
	mend_line_ends(r);
	if (!find_format(r->text, &f))
		return err_set(err, ERR_INPUT, "this is no list of accounts: expected accounts.toml,"
			" `aws organizations list-accounts` in any of its forms, a table with a column"
			" id, a list of ids, profiles with a role_arn, or the known-accounts YAML");
	r->format = f.format;
	if (!f.read(r, err))
		return false;
	if (!r->n && r->format != BOOK_EMPTY && r->format != BOOK_TOML)
		return err_set(err, ERR_INPUT, "there is no account in it");
	tell_whole(r);
	book_take(b, r);
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
