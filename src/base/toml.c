/*
 * toml: reading a parsed document. Every accessor takes NULL and the wrong type, so that callers
 * can ask for what may be absent without asking twice.
 */
#include "s3triage/base/toml.h"

#include "toml_priv.h"

#include <stdlib.h>

void toml_free(struct toml *doc)
{
	if (!doc)
		return;
	arena_fini(&doc->arena);
	free(doc);
}

void toml_free_ptr(struct toml **doc)
{
	toml_free(*doc);
	*doc = NULL;
}

const struct toml_value *toml_root(const struct toml *doc)
{
	return doc ? doc->root : NULL;
}

enum toml_type toml_type(const struct toml_value *v)
{
	return v ? v->type : TOML_NONE;
}

static const struct toml_value *toml_member(const struct toml_value *table, struct str key)
{
	return toml_type(table) == TOML_TABLE ? toml_find(table, key) : NULL;
}

const struct toml_value *toml_get(const struct toml_value *table, const char *key)
{
	return toml_member(table, str_c(key));
}

const struct toml_value *toml_path(const struct toml_value *table, const char *dotted)
{
	struct str rest = str_c(dotted);
	while (table && rest.n)
		table = toml_member(table, str_cut(&rest, '.'));
	return table;
}

static const struct toml_kids *kids(const struct toml_value *v)
{
	enum toml_type t = toml_type(v);
	return t == TOML_ARRAY || t == TOML_TABLE ? v->kids : NULL;
}

size_t toml_count(const struct toml_value *array_or_table)
{
	const struct toml_kids *k = kids(array_or_table);
	return k ? k->n : 0;
}

const struct toml_value *toml_at(const struct toml_value *array_or_table, size_t i)
{
	const struct toml_kids *k = kids(array_or_table);
	return k && i < k->n ? k->item[i] : NULL;
}

struct str toml_key_at(const struct toml_value *table, size_t i)
{
	const struct toml_kids *k = kids(table);
	return k && k->key && i < k->n ? k->key[i] : (struct str){0};
}

struct str toml_str(const struct toml_value *v)
{
	switch (toml_type(v)) {
	case TOML_STRING:
	case TOML_OFFSET_DATETIME:
	case TOML_LOCAL_DATETIME:
	case TOML_LOCAL_DATE:
	case TOML_LOCAL_TIME:
		return v->text;
	default:
		return (struct str){0};
	}
}

int64_t toml_int(const struct toml_value *v)
{
	return toml_type(v) == TOML_INTEGER ? v->integer : 0;
}

double toml_float(const struct toml_value *v)
{
	if (toml_type(v) == TOML_INTEGER)
		return (double)v->integer;
	return toml_type(v) == TOML_FLOAT ? v->number : 0;
}

bool toml_bool(const struct toml_value *v)
{
	return toml_type(v) == TOML_BOOLEAN && v->flag;
}

unsigned long toml_line(const struct toml_value *v)
{
	return v ? v->line : 0;
}

unsigned long toml_col(const struct toml_value *v)
{
	return v ? v->col : 0;
}
