/*
 * theme: roles to colours, from TOML. Says nothing of how a terminal shows them.
 */
#include "s3triage/config/config.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/toml.h"

#include <stdio.h>
#include <string.h>

static const char *const colours[] = {"black", "red", "green", "yellow", "blue", "magenta", "cyan",
	"white", "bright-black", "bright-red", "bright-green", "bright-yellow", "bright-blue",
	"bright-magenta", "bright-cyan", "bright-white"};

static bool hex_colour(struct str s, int *out)
{
	unsigned n = 0;
	if (s.n != 7 || s.p[0] != '#')
		return false;
	for (size_t i = 1; i < s.n; i++) {
		char c = s.p[i];
		unsigned digit = c >= '0' && c <= '9' ? (unsigned)(c - '0')
			: c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10)
			: c >= 'A' && c <= 'F' ? (unsigned)(c - 'A' + 10) : 16;
		if (digit == 16)
			return false;
		n = n << 4 | digit;
	}
	*out = (int)(0x1000000u | n);
	return true;
}

static bool named_colour(struct str s, int *out)
{
	if (str_is(s, "default")) {
		*out = -1;
		return true;
	}
	for (size_t i = 0; i < ARRAY_LEN(colours); i++) {
		if (str_is(s, colours[i])) {
			*out = (int)i;
			return true;
		}
	}
	return false;
}

static bool read_colour(const struct toml_value *v, int *out, struct err *err)
{
	if (toml_type(v) == TOML_INTEGER && toml_int(v) >= 0 && toml_int(v) <= 255) {
		*out = (int)toml_int(v);
		return true;
	}
	struct str s = toml_str(v);
	return named_colour(s, out) || hex_colour(s, out) ||
		err_set(err, ERR_PARSE, "a colour is \"default\", a name such as \"bright-blue\", "
			"0 to 255, or \"#rrggbb\"");
}

static bool read_flag(struct style *s, struct str key, const struct toml_value *v,
	struct err *err)
{
	const struct {
		const char *name;
		bool *flag;
	} flags[] = {{"bold", &s->bold}, {"dim", &s->dim}, {"italic", &s->italic},
		{"underline", &s->underline}, {"reverse", &s->reverse}};
	for (size_t i = 0; i < ARRAY_LEN(flags); i++) {
		if (!str_is(key, flags[i].name))
			continue;
		*flags[i].flag = toml_bool(v);
		return toml_type(v) == TOML_BOOLEAN ||
			err_set(err, ERR_PARSE, "%s is true or false", flags[i].name);
	}
	return err_set(err, ERR_PARSE, "there is no style '%.*s'", STR_ARG(str_sub(key, 0, 40)));
}

static bool read_style(const struct toml_value *table, struct style *s, struct err *err)
{
	*s = (struct style){.fg = -1, .bg = -1};
	if (toml_type(table) != TOML_TABLE)
		return err_set(err, ERR_PARSE, "a role is a table: {fg = \"blue\", bold = true}");
	for (size_t i = 0; i < toml_count(table); i++) {
		struct str key = toml_key_at(table, i);
		const struct toml_value *v = toml_at(table, i);
		bool ok = str_is(key, "fg") ? read_colour(v, &s->fg, err)
			: str_is(key, "bg") ? read_colour(v, &s->bg, err)
			: read_flag(s, key, v, err);
		if (!ok)
			return false;
	}
	return true;
}

static bool read_roles(const struct toml_value *roles, const char *file, struct theme *out,
	struct err *err)
{
	bool seen[ROLE_COUNT] = {false};
	for (size_t i = 0; i < toml_count(roles); i++) {
		enum role r;
		struct str name = toml_key_at(roles, i);
		const struct toml_value *v = toml_at(roles, i);
		if (!role_parse(name, &r))
			err_set(err, ERR_PARSE, "there is no role '%.*s'", STR_ARG(str_sub(name, 0, 40)));
		else if (read_style(v, &out->role[r], err)) {
			seen[r] = true;
			continue;
		}
		return err_where(err, file, toml_line(v), 0);
	}
	for (int r = 0; r < ROLE_COUNT; r++) {
		if (seen[r])
			continue;
		err_set(err, ERR_PARSE, "the role '%s' is missing", role_name((enum role)r));
		return err_where(err, file, toml_line(roles), 0);
	}
	return true;
}

static bool read_root(const struct toml_value *root, const char *file, struct theme *out,
	struct err *err)
{
	for (size_t i = 0; i < toml_count(root); i++) {
		struct str key = toml_key_at(root, i);
		if (str_is(key, "name") || str_is(key, "roles"))
			continue;
		err_set(err, ERR_PARSE, "there is no '%.*s' in a theme", STR_ARG(str_sub(key, 0, 40)));
		return err_where(err, file, toml_line(toml_at(root, i)), 0);
	}
	struct str name = toml_str(toml_get(root, "name"));
	snprintf(out->name, sizeof(out->name), "%.*s", STR_ARG(str_sub(name, 0, 31)));
	if (toml_type(toml_get(root, "roles")) != TOML_TABLE) {
		err_set(err, ERR_PARSE, "a theme has a table [roles]");
		return err_where(err, file, 1, 0);
	}
	return read_roles(toml_get(root, "roles"), file, out, err);
}

bool theme_read(struct str text, const char *file, struct theme *out, struct err *err)
{
	memset(out, 0, sizeof(*out));
	struct toml *doc = toml_parse(text, file, err);
	bool ok = doc && read_root(toml_root(doc), file, out, err);
	toml_free(doc);
	return ok;
}
