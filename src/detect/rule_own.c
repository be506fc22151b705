/*
 * rule_own: a rule while it is made: its memory, and what is said of it.
 */
#include "rule_priv.h"

#include <stdlib.h>
#include <string.h>

struct rule_own *rule_own_new(void)
{
	return mem_alloc(sizeof(struct rule_own));
}

void rule_free(struct rule *r)
{
	if (!r)
		return;
	struct rule_own *o = (struct rule_own *)(void *)r;
	eql_free(o->engine.eql);
	kql_free(o->engine.kql);
	arena_fini(&o->mem);
	free(o);
}

bool rule_fail(const struct rule_place *place, const char *key, struct err *err, const char *what)
{
	unsigned long line = place->line, col = 0;
	struct err own = {0};
	struct rule_told *told = place->told;
	for (size_t i = 0; told && i < told->n; i++)
		if (strcmp(told->keys[i], key) == 0)
			return false; /* what follows from it */
	if (told && told->n < ARRAY_LEN(told->keys))
		told->keys[told->n++] = key;
	if (place->table) {
		const struct toml_value *v = toml_get(place->table, key);
		line = toml_line(v ? v : place->table);
		col = toml_col(v);
	}
	err_set(&own, ERR_INPUT, "%s %s", key, what);
	err_where(&own, place->file, line, col);
	return err_next(place->more, err, &own);
}

void rule_not_evaluated(struct rule_own *o, struct str what)
{
	struct rule_strings *s = &o->facts.not_evaluated;
	struct str *all = arena_array(&o->mem, s->n + 1, sizeof(*all));
	if (s->n)
		memcpy(all, s->v, s->n * sizeof(*all));
	all[s->n] = arena_str(&o->mem, what);
	*s = (struct rule_strings){all, s->n + 1};
}
