/*
 * book_lines: what names a field at the beginning of each line, as a tree: the profiles of
 * ~/.aws/config, whose roles lie in accounts, and PowerShell's lists of "Key : value".
 */
#include "book_priv.h"

#include "s3triage/base/lines.h"

enum { BLOCK_MAX = 1000 }; /* fields of one profile or block */

static bool has_blank_colon(struct str line)
{
	struct str key = str_trim(str_cut(&line, ':'));
	return key.n && line.p && line.n && line.p[0] == ' ' && line.p[-2] == ' ' &&
		str_is_name(key, "_", 60);
}

static bool is_profiles(struct str text)
{
	struct str line;
	for (int i = 0; i < 10000 && lines_next(&text, &line); i++) {
		struct str rest = str_trim(line), key = str_trim(str_cut(&rest, '='));
		bool plain = rest.n && str_trim(rest).p[0] != '"' && str_trim(rest).p[0] != '\'';
		if (plain && book_field_of(key) == offsetof(struct offer, account) &&
			(str_ends(key, STR("account_id")) || str_is(key, "role_arn")))
			return true;
		if (str_starts(key, STR("[profile ")))
			return true;
	}
	return false;
}

bool book_is_lines(struct str line, struct str text)
{
	return has_blank_colon(line) || (line.n && line.p[0] == '[' && is_profiles(text));
}

/* "[profile payroll]", "[payroll]" */
static struct str section_name(struct str line)
{
	struct str name = str_trim(str_sub(line, 1, str_find_char(line, ']')));
	return str_starts(name, STR("profile ")) ? str_trim(str_sub(name, 8, name.n)) : name;
}

struct lines {
	struct reading *r;
	struct json *all, *block; /* block: what the fields belong to, NULL between two */
	char separator;           /* 0: not seen yet */
	size_t without;           /* profiles that name no account */
	bool account;
};

static void end_block(struct lines *l)
{
	if (l->block && l->separator == '=' && !l->account) {
		l->without++;
		json_free(l->block);
	} else if (l->block) {
		json_push(l->all, l->block);
	}
	l->block = NULL;
	l->account = false;
}

static void take_line(struct lines *l, struct str line, unsigned long n)
{
	bool section = line.p[0] == '[';
	l->separator = l->separator ? l->separator : section ? '=' : ':';
	if (section)
		end_block(l);
	if (!l->block)
		l->block = json_new_object();
	struct str value = line, key = str_trim(str_cut(&value, l->separator));
	l->account |= book_field_of(key) == offsetof(struct offer, account);
	if (section)
		json_set_str(l->block, "name", section_name(line));
	else if (key.n && json_count(l->block) < BLOCK_MAX)
		json_set_key(l->block, key, json_new_str(str_trim(value)));
	else
		book_wrong(l->r, n, "'%.*s' is not read", STR_ARG(str_sub(line, 0, 60)));
}

bool book_read_lines(struct reading *r, struct err *err)
{
	(void)err;
	struct lines l = {.r = r, .all = json_new_array()};
	struct str rest = r->text, line;
	for (unsigned long n = 1; lines_next(&rest, &line); n++) {
		line = str_trim(line);
		if (!line.n && l.separator == ':')
			end_block(&l);
		if (line.n && line.p[0] != '#' && line.p[0] != ';')
			take_line(&l, line, n);
	}
	end_block(&l);
	book_tree(r, l.all);
	json_free(l.all);
	if (l.without && r->n)
		book_wrong(r, 1, "%zu of the profiles name%s no account", l.without,
			l.without == 1 ? "s" : "");
	if (l.without && r->n)
		r->v[r->n - 1].remark = true;
	return true;
}
