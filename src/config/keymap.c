/*
 * keymap: which key does what at which place. An action's keys from the user's file replace all
 * its default ones; two actions of one place on one key are an error, so nothing is lost silently.
 */
#include "config_priv.h"

static void drop_action(struct keymap *m, int action)
{
	size_t kept = 0;
	for (size_t i = 0; i < m->n; i++)
		if (m->v[i].action != action)
			m->v[kept++] = m->v[i];
	m->n = kept;
}

static bool add_key(struct keymap *m, const struct toml_value *v, struct binding b,
	struct err *err)
{
	struct str text = toml_str(v);
	if (toml_type(v) != TOML_STRING)
		return err_set(err, ERR_PARSE, "a key is written as a string");
	if (!key_parse(text, &b.key))
		return err_set(err, ERR_PARSE, "'%.*s' is no key: write \"a\", \"^R\", \"Space\" or \"F5\"",
			STR_ARG(str_sub(text, 0, 40)));
	if (m->n == BINDINGS_MAX)
		return err_set(err, ERR_LIMIT, "more than %d keys", BINDINGS_MAX);
	m->v[m->n++] = b;
	return true;
}

static bool read_action(struct keymap *m, struct str name, const struct toml_value *v, bool user,
	struct err *err)
{
	struct binding b = {.line = user ? toml_line(v) : 0};
	if (!action_parse(name, &b.action))
		return err_set(err, ERR_PARSE, "there is no action '%.*s'",
			STR_ARG(str_sub(name, 0, 60)));
	drop_action(m, b.action);
	if (toml_type(v) != TOML_ARRAY)
		return add_key(m, v, b, err);
	for (size_t i = 0; i < toml_count(v); i++)
		if (!add_key(m, toml_at(v, i), b, err))
			return false;
	return true;
}

static bool keymap_read_actions(struct keymap *m, const struct toml_value *keys,
	const struct config_file *from, struct err *err)
{
	bool good = true;
	for (size_t i = 0; i < toml_count(keys); i++) {
		struct err own = {0};
		const struct toml_value *v = toml_at(keys, i);
		if (read_action(m, toml_key_at(keys, i), v, !from->builtin, &own))
			continue;
		err_where(&own, from->path, toml_line(v), 0);
		good = err_next(from->more, err, &own);
	}
	return good;
}

static bool find_at(const struct keymap *m, enum action_place place, struct key k, int *action)
{
	for (size_t i = 0; i < m->n; i++) {
		const struct binding *b = &m->v[i];
		if (key_same(b->key, k) && action_about(b->action)->place == place) {
			*action = b->action;
			return true;
		}
	}
	return false;
}

bool keymap_find(const struct keymap *m, enum action_place place, struct key k, int *action)
{
	return (place != PLACE_ANY && find_at(m, place, k, action)) ||
		find_at(m, PLACE_ANY, k, action);
}

static bool clash(const struct binding *a, const struct binding *b)
{
	return a->action != b->action && key_same(a->key, b->key) &&
		action_about(a->action)->place == action_about(b->action)->place;
}

static bool reaches(const struct keymap *m, enum action_place at, const struct binding *b)
{
	enum action_place place = action_about(b->action)->place;
	int found;
	return (place == PLACE_ANY || place == at) && keymap_find(m, at, b->key, &found) &&
		found == b->action;
}

/* An action that has keys, and none of them does it anywhere: others come first at each place. */
static bool check_reached(const struct keymap *m, const char *file, struct err *err)
{
	bool reached[ACTION_COUNT] = {false};
	char name[16];
	for (size_t i = 0; i < m->n; i++)
		reached[m->v[i].action] |= reaches(m, PLACE_LIST, &m->v[i]) || reaches(m, PLACE_PANE, &m->v[i]);
	for (size_t i = 0; i < m->n; i++) {
		const struct binding *b = &m->v[i];
		int line = (int)b->line;
		if (reached[b->action])
			continue;
		for (size_t k = 0; k < m->n && !line; k++) /* a default key: who took it? */
			line = key_same(m->v[k].key, b->key) ? (int)m->v[k].line : 0;
		err_set(err, ERR_PARSE, "no key reaches %s: %s does something else both on the list and in a"
			" pane; give it another, or []", action_about(b->action)->name,
			key_spelling(b->key, name));
		return err_where(err, file, (unsigned long)line, 0);
	}
	return true;
}

static bool keymap_check(const struct keymap *m, const struct config_file *from, struct err *err)
{
	char name[16];
	bool good = true;
	for (size_t i = 0; i < m->n; i++) {
		for (size_t k = i + 1; k < m->n; k++) {
			const struct binding *a = &m->v[i], *b = &m->v[k];
			struct err own = {0};
			if (!clash(a, b))
				continue;
			if (a->line > b->line) {
				const struct binding *swap = a;
				a = b;
				b = swap;
			}
			err_set(&own, ERR_PARSE, "%s is the key of %s already; give that one another, or []",
				key_spelling(b->key, name), action_about(a->action)->name);
			err_where(&own, from->path, b->line, 0);
			good = err_next(from->more, err, &own);
			break;
		}
	}
	return good;
}

/* Which keys clash, and what none reaches, is known once all of them could be read. */
bool keymap_read(struct keymap *m, const struct toml_value *keys, const struct config_file *from,
	struct err *err)
{
	return keymap_read_actions(m, keys, from, err) && keymap_check(m, from, err) &&
		check_reached(m, from->path, err);
}
