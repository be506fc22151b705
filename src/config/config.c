/*
 * config: config.toml over the built-in one, both read by the same code, so that the built-in
 * file is at once the defaults and their documentation. Every problem is told as file:line.
 */
#include "config_priv.h"

#include "s3triage/base/when.h"
#include "s3triage/builtin/builtin.h"

#include <stdlib.h>

#define SOURCES_MAX 64
#define PROFILES_MAX 64

struct paths {
	char *v[SOURCES_MAX];
	size_t n;
};

struct config {
	struct toml *builtin, *user; /* own all text */
	struct str theme, analyst, seal_key, seal_after;
	bool seal_on_exit;
	enum column columns[COLUMNS + 1];
	bool has_columns;
	enum sort_key sort;
	bool descending, hide_decided, synchronized;
	struct paths sources, accounts;
	struct profile *profiles[PROFILES_MAX];
	size_t n_profiles;
	struct keymap keymap;
	struct arena mem; /* paths that stand for what was written */
};

static bool need(const struct toml_value *v, enum toml_type type, const char *what,
	struct err *err)
{
	return toml_type(v) == type || err_set(err, ERR_PARSE, "this must be %s", what);
}

static bool config_read_text(const struct toml_value *v, struct str *out, struct err *err)
{
	*out = toml_str(v);
	return need(v, TOML_STRING, "a string", err);
}

static bool read_bool(const struct toml_value *v, bool *out, struct err *err)
{
	*out = toml_bool(v);
	return need(v, TOML_BOOLEAN, "true or false", err);
}

static bool config_read_sort(const struct toml_value *v, enum sort_key *out, struct err *err)
{
	if (!need(v, TOML_STRING, "the name of a column", err))
		return false;
	return sort_parse(toml_str(v), out) ||
		err_set(err, ERR_PARSE, "one cannot sort by '%.*s'",
			STR_ARG(str_sub(toml_str(v), 0, 40)));
}

static bool read_columns(struct config *c, const struct toml_value *v, struct err *err)
{
	size_t n = toml_count(v);
	if (!need(v, TOML_ARRAY, "an array of column names", err))
		return false;
	if (n > COLUMNS)
		return err_set(err, ERR_LIMIT, "there are only %d columns", COLUMNS);
	for (size_t i = 0; i < n; i++) {
		struct str name = toml_str(toml_at(v, i));
		if (!column_parse(name, &c->columns[i]))
			return err_set(err, ERR_PARSE, "there is no column '%.*s'",
				STR_ARG(str_sub(name, 0, 40)));
	}
	c->columns[n] = COLUMNS;
	c->has_columns = n > 0;
	return true;
}

static void drop_paths(struct paths *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->v[i]);
	p->n = 0;
}

static bool read_paths(const struct toml_value *v, struct paths *p, struct err *err)
{
	if (!need(v, TOML_ARRAY, "an array of strings", err))
		return false;
	drop_paths(p);
	for (size_t i = 0; i < toml_count(v); i++) {
		if (!need(toml_at(v, i), TOML_STRING, "an array of strings", err))
			return false;
		if (p->n == SOURCES_MAX)
			return err_set(err, ERR_LIMIT, "more than %d of them", SOURCES_MAX);
		p->v[p->n++] = mem_dup(toml_str(toml_at(v, i)));
	}
	return true;
}

/* A path has a slash or ends in .toml; whether the file is there shows when it is needed. */
static bool is_theme(struct str name, struct err *err)
{
	if (!name.n || builtin_theme(name).n || str_find_char(name, '/') != STR_NONE ||
		str_ends(name, STR(".toml")))
		return true;
	return err_set(err, ERR_PARSE, "there is no theme '%.*s': " BUILTIN_THEMES "or the path of a file",
		STR_ARG(str_sub(name, 0, 60)));
}

/* How long ago, as bounds are written; empty: never. */
static bool is_age(struct str text, struct err *err)
{
	int64_t at;
	return !text.n || when_bound(text, 0, &at, NULL) ||
		err_set(err, ERR_PARSE, "this must be an age, such as \"1d\", or empty");
}

/* Settings that are a text or a switch and nothing more; *known is false for all others. */
static bool read_plain(struct config *c, struct str key, const struct toml_value *v, bool *known,
	struct err *err)
{
	const struct {
		const char *key;
		struct str *text;
		bool *flag;
	} plain[] = {
		{"analyst", &c->analyst, NULL}, {"seal_key", &c->seal_key, NULL},
		{"descending", NULL, &c->descending}, {"hide_decided", NULL, &c->hide_decided},
		{"synchronized", NULL, &c->synchronized}, {"seal_on_exit", NULL, &c->seal_on_exit},
	};
	*known = true;
	for (size_t i = 0; i < ARRAY_LEN(plain); i++)
		if (str_is(key, plain[i].key))
			return plain[i].text ? config_read_text(v, plain[i].text, err)
				: read_bool(v, plain[i].flag, err);
	return *known = false;
}

static bool read_setting(struct config *c, struct str key, const struct toml_value *v,
	struct err *err)
{
	bool known, fine = read_plain(c, key, v, &known, err);
	if (known)
		return fine;
	if (str_is(key, "theme"))
		return config_read_text(v, &c->theme, err) && is_theme(c->theme, err);
	if (str_is(key, "seal_after"))
		return config_read_text(v, &c->seal_after, err) && is_age(c->seal_after, err);
	if (str_is(key, "sources"))
		return read_paths(v, &c->sources, err);
	if (str_is(key, "accounts"))
		return read_paths(v, &c->accounts, err);
	if (str_is(key, "columns"))
		return read_columns(c, v, err);
	if (str_is(key, "sort"))
		return config_read_sort(v, &c->sort, err);
	if (str_is(key, "keys"))
		return need(v, TOML_TABLE, "a table: [keys]", err);
	if (str_is(key, "profile"))
		return need(v, TOML_TABLE, "tables: [profile.NAME]", err);
	return err_set(err, ERR_PARSE, "there is no setting '%.*s'", STR_ARG(str_sub(key, 0, 60)));
}

/* Faults of one profile come in their order among the others. */
struct config_faults {
	const struct err_more *more;
	struct err *err;
};

static void config_pass_on(void *arg, const struct err *found)
{
	const struct config_faults *f = arg;
	err_next(f->more, f->err, found);
}

static bool read_profiles(struct config *c, const struct toml_value *v,
	const struct config_file *from, struct err *err)
{
	struct config_faults faults = {from->more, err};
	const struct err_more more = {config_pass_on, &faults};
	bool good = true;
	for (size_t i = 0; i < toml_count(v); i++) {
		struct err own = {0};
		if (c->n_profiles == PROFILES_MAX)
			err_set(&own, ERR_LIMIT, "more than %d profiles", PROFILES_MAX);
		else if ((c->profiles[c->n_profiles] = profile_read(toml_key_at(v, i), toml_at(v, i),
				  from->path, from->more ? &more : NULL, &own)) != NULL)
			c->n_profiles++;
		if (own.code)
			good = err_next(from->more, err, &own);
	}
	return good;
}

/* All of it is looked at, whatever is wrong with what comes before. */
static bool read_document(struct config *c, const struct toml *doc, const struct config_file *from,
	struct err *err)
{
	bool good = true;
	const struct toml_value *root = toml_root(doc);
	for (size_t i = 0; i < toml_count(root); i++) {
		struct err own = {0};
		const struct toml_value *v = toml_at(root, i);
		if (read_setting(c, toml_key_at(root, i), v, &own))
			continue;
		err_where(&own, from->path, toml_line(v), 0);
		good = err_next(from->more, err, &own);
	}
	good = read_profiles(c, toml_get(root, "profile"), from, err) && good;
	return keymap_read(&c->keymap, toml_get(root, "keys"), from, err) && good;
}

static bool config_load(struct config *c, struct str text, const struct config_file *from,
	struct err *err)
{
	const struct config_file own = {.path = "built-in config.toml", .builtin = true};
	c->builtin = toml_parse(builtin_config(), own.path, err);
	if (!c->builtin || !read_document(c, c->builtin, &own, err))
		return false;
	c->user = toml_parse(text, from->path, err);
	return c->user && read_document(c, c->user, from, err);
}

struct config *config_new(struct str text, const char *file, struct err *err)
{
	return config_read(text, file, NULL, err);
}

struct config *config_read(struct str text, const char *file, const struct err_more *more,
	struct err *err)
{
	const struct config_file from = {.path = file, .more = more};
	struct err own = {0};
	struct config *c = mem_alloc(sizeof(*c));
	if (config_load(c, text, &from, &own))
		return c;
	config_free(c);
	if (err)
		*err = own;
	return NULL;
}

static void config_settle_profile(struct config *c, struct str *path, const char *file, env_fn env)
{
	AUTO(mem_free_ptr) char *whole = file_beside(file, *path, env);
	*path = arena_str(&c->mem, str_c(whole));
}

/* Clusters and standard input are no paths. */
static void settle_paths(struct paths *p, const char *file, env_fn env)
{
	for (size_t i = 0; i < p->n; i++) {
		struct str name, written = str_c(p->v[i]);
		if (source_word(written, &name) != WORD_FILE || str_is(written, "-"))
			continue;
		char *whole = file_beside(file, written, env);
		free(p->v[i]);
		p->v[i] = whole;
	}
}

void config_settle(struct config *c, const char *file, env_fn env)
{
	settle_paths(&c->sources, file, env);
	settle_paths(&c->accounts, file, env);
	if (!builtin_theme(c->theme).n && c->theme.n)
		config_settle_profile(c, &c->theme, file, env);
	if (c->seal_key.n)
		config_settle_profile(c, &c->seal_key, file, env);
	for (size_t i = 0; i < c->n_profiles; i++)
		profile_settle(c->profiles[i], file, env);
}

void config_free(struct config *c)
{
	if (!c)
		return;
	drop_paths(&c->sources);
	drop_paths(&c->accounts);
	for (size_t i = 0; i < c->n_profiles; i++)
		profile_free(c->profiles[i]);
	toml_free(c->builtin);
	toml_free(c->user);
	arena_fini(&c->mem);
	free(c);
}

struct str config_theme_name(const struct config *c)
{
	return c->theme;
}

struct str config_analyst(const struct config *c)
{
	return c->analyst;
}

const enum column *config_columns(const struct config *c)
{
	return c->has_columns ? c->columns : NULL;
}

void config_seal(const struct config *c, struct config_seal *out)
{
	*out = (struct config_seal){c->seal_key, c->seal_after, c->seal_on_exit};
}

enum sort_key config_sort(const struct config *c, bool *descending)
{
	*descending = c->descending;
	return c->sort;
}

bool config_hide_decided(const struct config *c)
{
	return c->hide_decided;
}

bool config_synchronized(const struct config *c)
{
	return c->synchronized;
}

size_t config_sources(const struct config *c)
{
	return c->sources.n;
}

const char *config_source(const struct config *c, size_t i)
{
	return i < c->sources.n ? c->sources.v[i] : NULL;
}

size_t config_accounts(const struct config *c)
{
	return c->accounts.n;
}

const char *config_account_file(const struct config *c, size_t i)
{
	return i < c->accounts.n ? c->accounts.v[i] : NULL;
}

struct profile *config_profile(const struct config *c, struct str name)
{
	for (size_t i = 0; i < c->n_profiles; i++)
		if (str_eq(c->profiles[i]->name, name))
			return c->profiles[i];
	return NULL;
}

size_t config_profiles(const struct config *c)
{
	return c->n_profiles;
}

struct profile *const *config_profile_list(const struct config *c)
{
	return c->profiles;
}

bool config_key(const struct config *c, enum action_place place, struct key k, int *action)
{
	return keymap_find(&c->keymap, place, k, action);
}

bool config_action_key(const struct config *c, enum action_place place, int action, size_t i,
	struct key *out)
{
	for (size_t k = 0; k < c->keymap.n; k++) {
		int found;
		const struct binding *b = &c->keymap.v[k];
		if (b->action != action || !keymap_find(&c->keymap, place, b->key, &found) ||
			found != action)
			continue;
		if (i-- == 0) {
			*out = b->key;
			return true;
		}
	}
	return false;
}
