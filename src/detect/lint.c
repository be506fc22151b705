/*
 * lint: which of a rule's fields were in no document, and which name of the documents was meant.
 * Knows the first documents' names only: a misspelt field is misspelt from the beginning.
 */
#include "s3triage/detect/lint.h"

#include "lint_priv.h"
#include "rule_priv.h"

#include "s3triage/base/utf8.h"
#include "s3triage/event/doc.h"

#include <stdlib.h>
#include <string.h>

enum { DOCUMENTS_LOOKED_AT = 64, NAMES_SLOTS = 8192, NAMES_MAX = 4096, NAME_MAX = 200 };

struct field_lint {
	struct arena mem;
	struct str *field;
	bool *seen;
	size_t n, missing;
	unsigned long long documents;
	struct str *names; /* open addressing; NULL until a field is missed */
	size_t n_names;
};

struct field_lint *field_lint_new(const struct rule *r)
{
	struct field_lint *l = mem_alloc(sizeof(*l));
	l->n = l->missing = lint_fields(r, &l->mem, &l->field);
	l->seen = arena_array(&l->mem, l->n + 1, sizeof(*l->seen));
	return l;
}

void field_lint_free(struct field_lint *l)
{
	if (!l)
		return;
	arena_fini(&l->mem);
	free(l);
}

static void lint_add_name(struct field_lint *l, struct str name)
{
	if (name.n == 0 || name.n > NAME_MAX || l->n_names == NAMES_MAX)
		return;
	if (!l->names)
		l->names = arena_array(&l->mem, NAMES_SLOTS, sizeof(*l->names));
	size_t i = str_hash(name) % NAMES_SLOTS;
	while (l->names[i].p && !str_eq(l->names[i], name))
		i = (i + 1) % NAMES_SLOTS;
	if (l->names[i].p)
		return;
	l->names[i] = arena_str(&l->mem, name);
	l->n_names++;
}

/* The document's nesting is bounded by the parser: JSON_DEPTH_MAX. */
static void add_names(struct field_lint *l, const struct json *v, struct buf *path)
{
	enum json_type type = json_type(v);
	size_t n = path->n;
	if (type != JSON_OBJECT && type != JSON_ARRAY && type != JSON_NULL)
		lint_add_name(l, buf_str(path));
	for (const struct json *m = json_first(v); m; m = json_next(m)) {
		if (type == JSON_OBJECT) {
			buf_c(path, n ? "." : "");
			buf_add(path, json_key(m));
		}
		add_names(l, m, path);
		path->n = n;
	}
}

static void look_for(struct field_lint *l, const struct json *ecs)
{
	struct doc_values values;
	for (size_t i = 0; i < l->n; i++) {
		if (l->seen[i] || !doc_values(ecs, l->field[i], &values))
			continue;
		l->seen[i] = true;
		l->missing--;
	}
}

void field_lint_see(struct field_lint *l, const struct json *ecs)
{
	l->documents++;
	if (l->missing == 0)
		return;
	look_for(l, ecs);
	if (l->missing == 0 || l->documents > DOCUMENTS_LOOKED_AT)
		return;
	struct buf path;
	buf_init(&path, (size_t)JSON_DEPTH_MAX * (NAME_MAX + 1));
	add_names(l, ecs, &path);
	buf_fini(&path);
}

void field_lint_merge(struct field_lint *into, const struct field_lint *from)
{
	into->documents += from->documents;
	for (size_t i = 0; i < into->n; i++) {
		into->missing -= !into->seen[i] && from->seen[i];
		into->seen[i] |= from->seen[i];
	}
	for (size_t i = 0; from->names && i < NAMES_SLOTS; i++)
		lint_add_name(into, from->names[i]);
}

/* True when `longer` is `s` with something before it: aws.cloudtrail.error_code, error_code. */
static bool lint_is_tail(struct str longer, struct str s)
{
	return longer.n > s.n && str_ends(longer, s) && longer.p[longer.n - s.n - 1] == '.';
}

/* Behind the groups that both names have: eror_code of aws.cloudtrail.eror_code. */
static struct str own_part(struct str field, struct str name)
{
	size_t from = 0;
	for (size_t i = 0; i < field.n && i < name.n && field.p[i] == name.p[i]; i++)
		if (field.p[i] == '.')
			from = i + 1;
	return str_sub(field, from, field.n);
}

/* Edits between them; STR_NONE when that is too much of what they do not share. */
static size_t lint_farness(struct str field, struct str name)
{
	if (lint_is_tail(name, field) || lint_is_tail(field, name))
		return 1;
	size_t d = str_distance(field, name);
	return d <= own_part(field, name).n / 3 + 1 ? d : STR_NONE;
}

/* Of names equally near the first by bytes, so that threads do not change the answer. */
static struct str lint_nearest(const struct field_lint *l, struct str field)
{
	struct str best = {0};
	size_t least = STR_NONE;
	for (size_t i = 0; l->names && i < NAMES_SLOTS; i++) {
		struct str name = l->names[i];
		size_t d = name.p ? lint_farness(field, name) : STR_NONE;
		if (d == 0 || d == STR_NONE || d > least || (d == least && (!best.p || str_cmp(name, best) > 0)))
			continue;
		least = d;
		best = name;
	}
	return best;
}

static void tell_field(const struct field_lint *l, struct str field, unsigned long long passed,
	struct buf *out)
{
	AUTO(buf_fini) struct buf known = {0};
	struct str meant = lint_nearest(l, field);
	if (!meant.n && lint_misspelt(field, &known))
		meant = buf_str(&known);
	buf_c(out, "field ");
	utf8_visible(out, field, false);
	buf_fmt(out, " is in none of the %llu document%s examined", l->documents, plural(l->documents));
	if (passed)
		buf_fmt(out, " (%llu %s passed over unread, lacking a text that a match must hold)",
			passed, passed == 1 ? "was" : "were");
	if (meant.n) {
		buf_c(out, ", did you mean ");
		utf8_visible(out, meant, false);
		buf_c(out, "?");
	}
	buf_char(out, '\n');
}

size_t field_lint_tell(const struct field_lint *l, unsigned long long passed, struct buf *out)
{
	if (l->documents == 0)
		return 0;
	for (size_t i = 0; i < l->n; i++)
		if (!l->seen[i])
			tell_field(l, l->field[i], passed, out);
	return l->missing;
}
