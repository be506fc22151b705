/*
 * book_toml: accounts.toml: [[account]] entries, and [organisation] with the accounts that share its
 * name and owner.
 */
#include "book_priv.h"

#include "s3triage/base/toml.h"

struct field {
	const char *key;
	size_t at;
};

#define FIELD(key, member) {key, offsetof(struct offer, member)}

static const struct field fields[] = {
	FIELD("id", account), FIELD("name", name), FIELD("owner", owner), FIELD("kind", kind_text),
	FIELD("note", note), FIELD("source", source),
};

static struct str *book_toml_field_of(struct offer *o, struct str key)
{
	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		if (str_is(key, fields[i].key))
			return (struct str *)(void *)((char *)o + fields[i].at);
	return NULL;
}

/* Ids are text; as a number an id cannot begin with 0, but most do not. */
static struct str book_toml_scalar(struct reading *r, const struct toml_value *v)
{
	if (toml_type(v) == TOML_INTEGER)
		return arena_fmt(&r->mem, "%lld", (long long)toml_int(v));
	return arena_str(&r->mem, toml_str(v));
}

static bool is_scalar(const struct toml_value *v)
{
	return toml_type(v) == TOML_STRING || toml_type(v) == TOML_INTEGER;
}

static void read_fields(struct reading *r, const struct toml_value *table, struct offer *o)
{
	for (size_t i = 0; i < toml_count(table); i++) {
		const struct toml_value *v = toml_at(table, i);
		struct str key = toml_key_at(table, i);
		struct str *to = book_toml_field_of(o, key);
		if (!to)
			book_wrong(r, toml_line(v), "an account has no '%.*s'; it has id, name,"
				" owner, kind, note and source", STR_ARG(str_sub(key, 0, 60)));
		else if (!is_scalar(v))
			book_wrong(r, toml_line(v), "%.*s must be a string",
				STR_ARG(str_sub(key, 0, 60)));
		else
			*to = book_toml_scalar(r, v);
	}
}

static void read_account(struct reading *r, const struct toml_value *table)
{
	struct offer o = {.line = toml_line(table)};
	if (toml_type(table) != TOML_TABLE) {
		book_wrong(r, o.line, "an account is a table: [[account]]");
		return;
	}
	read_fields(r, table, &o);
	const struct toml_value *id = toml_get(table, "id");
	if (!id)
		book_wrong(r, o.line, "an account without an id");
	if (!id || !is_scalar(id))
		return;
	o.line = toml_line(id);
	book_offer(r, &o);
}

static void read_organisation(struct reading *r, const struct toml_value *table)
{
	static const char *const known[] = {"name", "owner", "note", "source", "accounts"};
	const struct toml_value *list = toml_get(table, "accounts");
	for (size_t i = 0; i < toml_count(table); i++) {
		bool good = false;
		for (size_t k = 0; k < ARRAY_LEN(known); k++)
			good |= str_is(toml_key_at(table, i), known[k]);
		if (!good)
			book_wrong(r, toml_line(toml_at(table, i)), "[organisation] has no '%.*s'",
				STR_ARG(str_sub(toml_key_at(table, i), 0, 60)));
	}
	for (size_t i = 0; i < toml_count(list); i++) {
		const struct toml_value *v = toml_at(list, i);
		book_offer(r, &(struct offer){.account = book_toml_scalar(r, v),
				      .line = toml_line(v),
				      .kind = ACCOUNT_ORGANISATION,
				      .name = book_toml_scalar(r, toml_get(table, "name")),
				      .owner = book_toml_scalar(r, toml_get(table, "owner")),
				      .note = book_toml_scalar(r, toml_get(table, "note")),
				      .source = book_toml_scalar(r, toml_get(table, "source"))});
	}
}

static void read_top(struct reading *r, struct str key, const struct toml_value *v)
{
	if (str_is(key, "account") && toml_type(v) == TOML_ARRAY)
		for (size_t i = 0; i < toml_count(v); i++)
			read_account(r, toml_at(v, i));
	else if (str_is(key, "account"))
		read_account(r, v);
	else if (str_is(key, "organisation") && toml_type(v) == TOML_TABLE)
		read_organisation(r, v);
	else
		book_wrong(r, toml_line(v), "there is no '%.*s' here; [[account]] and"
			" [organisation] are known", STR_ARG(str_sub(key, 0, 60)));
}

bool book_read_toml(struct reading *r, struct err *err)
{
	struct toml *doc = toml_parse(r->text, r->path, err);
	if (!doc)
		return false;
	const struct toml_value *root = toml_root(doc);
	for (size_t i = 0; i < toml_count(root); i++)
		read_top(r, toml_key_at(root, i), toml_at(root, i));
	toml_free(doc);
	return true;
}
