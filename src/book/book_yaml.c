/*
 * book_yaml: YAML as a tree: the public list of known AWS accounts, what aws and other tools write.
 * Built from events, so that nothing is expanded; an alias is told and has no value.
 */
#include "book_priv.h"

#include <yaml.h>

enum { DEPTH_MAX = 64, KEYS_MAX = 10000 };

struct level {
	struct json *at;  /* borrowed: its parent's */
	struct str key;   /* of the value that comes, in an object */
	bool has_key;
	size_t keys;
};

struct build {
	struct reading *r;
	struct json *root; /* one item a document */
	struct level v[DEPTH_MAX];
	size_t n;
};

static struct json *yaml_put(struct build *b, struct json *item)
{
	struct level *l = &b->v[b->n - 1];
	if (json_type(l->at) == JSON_ARRAY)
		return json_push(l->at, item);
	struct json *put = json_set_key(l->at, l->key, item);
	l->has_key = false;
	return put;
}

static bool yaml_is_key(const struct build *b)
{
	const struct level *l = &b->v[b->n - 1];
	return json_type(l->at) == JSON_OBJECT && !l->has_key;
}

static void yaml_scalar(struct build *b, const yaml_event_t *e)
{
	struct str text = {(const char *)e->data.scalar.value, e->data.scalar.length};
	struct level *l = &b->v[b->n - 1];
	if (yaml_is_key(b)) {
		l->key = arena_str(&b->r->mem, text);
		l->has_key = true;
		l->keys++;
	} else {
		yaml_put(b, json_new_str(text));
	}
}

static bool yaml_open(struct build *b, const yaml_event_t *e, struct err *err)
{
	struct json *item = e->type == YAML_SEQUENCE_START_EVENT ? json_new_array() : json_new_object();
	bool key = yaml_is_key(b);
	if (b->n >= DEPTH_MAX || key) {
		json_free(item);
		return err_set(err, ERR_LIMIT, key ? "a list or an object where a key should be" :
			"nested too deep");
	}
	struct json *put = yaml_put(b, item);
	b->v[b->n++] = (struct level){.at = put};
	return true;
}

static bool yaml_take(struct build *b, const yaml_event_t *e, struct err *err)
{
	switch (e->type) {
	case YAML_SCALAR_EVENT:
		yaml_scalar(b, e);
		return b->v[b->n - 1].keys <= KEYS_MAX ||
			err_set(err, ERR_LIMIT, "an object has more than %d keys", KEYS_MAX);
	case YAML_ALIAS_EVENT:
		book_wrong(b->r, e->start_mark.line + 1, "aliases are not followed");
		if (!yaml_is_key(b))
			yaml_put(b, json_new_null());
		return true;
	case YAML_SEQUENCE_START_EVENT:
	case YAML_MAPPING_START_EVENT:
		return yaml_open(b, e, err);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		b->n--;
		return true;
	default:
		return true;
	}
}

static bool parse_failed(const struct reading *r, const yaml_parser_t *p, struct err *err)
{
	err_where(err, r->path, p->problem_mark.line + 1, p->problem_mark.column + 1);
	return err_set(err, ERR_PARSE, "%s", p->problem ? p->problem : "this is no YAML");
}

static bool yaml_events(struct build *b, yaml_parser_t *p, struct err *err)
{
	for (bool more = true; more;) {
		yaml_event_t e;
		if (!yaml_parser_parse(p, &e))
			return parse_failed(b->r, p, err);
		bool ok = yaml_take(b, &e, err);
		more = e.type != YAML_STREAM_END_EVENT;
		yaml_event_delete(&e);
		if (!ok)
			return false;
	}
	return true;
}

bool book_read_yaml(struct reading *r, struct err *err)
{
	yaml_parser_t p;
	AUTO(json_free_ptr) struct json *root = json_new_array();
	struct build b = {.r = r, .root = root, .v = {{.at = root}}, .n = 1};
	if (!yaml_parser_initialize(&p))
		return err_set(err, ERR_LIMIT, "no room for reading YAML");
	yaml_parser_set_input_string(&p, (const unsigned char *)r->text.p, r->text.n);
	bool ok = yaml_events(&b, &p, err);
	yaml_parser_delete(&p);
	if (ok)
		book_tree(r, json_count(root) == 1 ? json_first(root) : root);
	return ok;
}
