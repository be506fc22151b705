/*
 * toml_table: key = value, dotted keys, [headers] and [[headers]], and who may add to what.
 */
#include "toml_priv.h"

#include "s3triage/base/utf8.h"

struct part {
	struct str key;
	size_t at;
};

static bool defined_already(struct toml_parser *p, const struct part *part,
	const struct toml_value *old, const char *why)
{
	struct buf shown;
	buf_init(&shown, 120);
	utf8_visible(&shown, part->key, false);
	toml_fail(p, part->at, "%s %s (line %u)", buf_cstr(&shown), why, (unsigned)old->line);
	buf_fini(&shown);
	return false;
}

static struct toml_value *sub_table(struct toml_parser *p, struct toml_value *in,
	const struct part *part, enum toml_how how)
{
	struct toml_value *v = toml_new(p, TOML_TABLE, part->at);
	if (!v || !toml_deepen(p, v, in->depth + 1u, part->at))
		return NULL;
	v->how = (uint8_t)how;
	toml_add(p->doc, in, part->key, v);
	return v;
}

/* One key with the blanks after it; *more when a dot and another key follow. */
static bool toml_table_read_part(struct toml_parser *p, struct part *part, bool *more)
{
	part->at = p->at;
	if (!toml_key(p, &part->key))
		return false;
	toml_skip_blanks(p);
	*more = toml_take(p, '.');
	if (*more)
		toml_skip_blanks(p);
	return true;
}

static struct toml_value *through_dots(struct toml_parser *p, struct toml_value *in,
	const struct part *part)
{
	struct toml_value *old = toml_find(in, part->key);
	if (!old)
		return sub_table(p, in, part, TOML_BY_DOTS);
	if (old->type == TOML_TABLE && old->how == TOML_BY_DOTS)
		return old;
	defined_already(p, part, old, "is defined elsewhere; a dotted key cannot add to it");
	return NULL;
}

bool toml_key_value(struct toml_parser *p, struct toml_value *table)
{
	struct part part;
	for (;;) {
		bool more;
		if (!toml_table_read_part(p, &part, &more))
			return false;
		if (!more)
			break;
		table = through_dots(p, table, &part);
		if (!table)
			return false;
	}
	const struct toml_value *old = toml_find(table, part.key);
	if (old)
		return defined_already(p, &part, old, "is defined already");
	if (!toml_take(p, '='))
		return toml_expected(p, "'=' after the key");
	toml_skip_blanks(p);
	struct toml_value *v = p->read_value(p, table->depth + 1u, part.at);
	if (v)
		toml_add(p->doc, table, part.key, v);
	return v != NULL;
}

static struct toml_value *last_of(const struct toml_value *array)
{
	return array->kids->item[array->kids->n - 1];
}

/* A header's way may lead through tables of any origin that are still open, and through the last
 * table of an array of tables. */
static struct toml_value *through_header(struct toml_parser *p, struct toml_value *in,
	const struct part *part)
{
	struct toml_value *old = toml_find(in, part->key);
	if (!old)
		return sub_table(p, in, part, TOML_BY_PARENT);
	if (old->how != TOML_BY_VALUE)
		return old->type == TOML_ARRAY ? last_of(old) : old;
	defined_already(p, part, old, "is a value; a header cannot add to it");
	return NULL;
}

static struct toml_value *define_table(struct toml_parser *p, struct toml_value *in,
	const struct part *part)
{
	struct toml_value *old = toml_find(in, part->key);
	if (!old)
		return sub_table(p, in, part, TOML_BY_HEADER);
	if (old->type == TOML_TABLE && old->how == TOML_BY_PARENT) {
		old->how = TOML_BY_HEADER;
		return old;
	}
	defined_already(p, part, old, "is defined already");
	return NULL;
}

static struct toml_value *define_element(struct toml_parser *p, struct toml_value *in,
	const struct part *part)
{
	struct toml_value *array = toml_find(in, part->key);
	if (array && (array->type != TOML_ARRAY || array->how != TOML_BY_HEADER)) {
		defined_already(p, part, array, "is defined already, and not by [[ ]]");
		return NULL;
	}
	if (!array) {
		array = toml_new(p, TOML_ARRAY, part->at);
		if (!array || !toml_deepen(p, array, in->depth + 1u, part->at))
			return NULL;
		array->how = TOML_BY_HEADER;
		toml_add(p->doc, in, part->key, array);
	}
	return sub_table(p, array, part, TOML_BY_HEADER);
}

bool toml_header(struct toml_parser *p, struct toml_value **table)
{
	struct toml_value *in = p->doc->root;
	struct part part;
	toml_take(p, '[');
	bool element = toml_take(p, '['), more = true;
	toml_skip_blanks(p);
	while (in && more) {
		if (!toml_table_read_part(p, &part, &more))
			return false;
		if (more)
			in = through_header(p, in, &part);
	}
	if (!in)
		return false;
	if (!toml_take(p, ']') || (element && !toml_take(p, ']')))
		return toml_expected(p, element ? "']]' after the name" : "']' after the name");
	*table = element ? define_element(p, in, &part) : define_table(p, in, &part);
	return *table && toml_end_of_line(p);
}
