/*
 * book_yaml: the public list of known AWS accounts: a list of {name, source, accounts}. Read by
 * events, so that no tree is built and nothing is expanded. These accounts are vendors'.
 */
#include "book_priv.h"

#include "s3triage/base/vec.h"

#include <yaml.h>

enum { IDS_MAX = 10000, DEPTH_MAX = 64 };

struct id {
	struct str text;
	unsigned long line;
};

/* Where we are: 1 in the list, 2 in an entry, 3 in an entry's list. */
struct walk {
	struct reading *r;
	int depth;
	struct str key;           /* of the value that comes, in an entry */
	bool has_key;
	struct str name, source;
	struct id *ids;
	size_t n_ids, cap_ids;
	unsigned long line;       /* of the entry */
	bool no_list, ids_cut;
};

static void add_id(struct walk *w, struct str text, unsigned long line)
{
	if (w->n_ids >= IDS_MAX) {
		if (!w->ids_cut)
			book_wrong(w->r, line, "an entry has more than %d accounts", IDS_MAX);
		w->ids_cut = true;
		return;
	}
	w->ids = vec_room(w->ids, w->n_ids, &w->cap_ids, sizeof(*w->ids));
	w->ids[w->n_ids++] = (struct id){text, line};
}

static void book_yaml_take_value(struct walk *w, struct str text, unsigned long line)
{
	if (str_is(w->key, "accounts"))
		add_id(w, text, line);
	else if (str_is(w->key, "name"))
		w->name = text;
	else if (str_is(w->key, "source") && !w->source.n)
		w->source = text;
}

static void end_value(struct walk *w)
{
	w->key = (struct str){0};
	w->has_key = false;
}

static void book_yaml_scalar(struct walk *w, const yaml_event_t *e)
{
	unsigned long line = e->start_mark.line + 1;
	struct str text = arena_str(&w->r->mem, (struct str){
		(const char *)e->data.scalar.value, e->data.scalar.length});
	if (w->depth == 1)
		book_wrong(w->r, line, "this is no entry with a name and accounts");
	if (w->depth == 2 && !w->has_key) {
		w->key = text;
		w->has_key = true;
	} else if (w->depth == 2) {
		book_yaml_take_value(w, text, line);
		end_value(w);
	} else if (w->depth == 3) {
		book_yaml_take_value(w, text, line);
	}
}

static void finish_entry(struct walk *w)
{
	if (!w->n_ids)
		book_wrong(w->r, w->line, "an entry without accounts");
	for (size_t i = 0; i < w->n_ids; i++)
		book_offer(w->r, &(struct offer){.account = w->ids[i].text, .name = w->name,
			.source = w->source, .kind = ACCOUNT_VENDOR, .line = w->ids[i].line});
}

static void forget_entry(struct walk *w)
{
	w->n_ids = 0;
	w->ids_cut = false;
	w->name = w->source = (struct str){0};
	end_value(w);
}

static void opened(struct walk *w, const yaml_event_t *e)
{
	bool list = e->type == YAML_SEQUENCE_START_EVENT;
	unsigned long line = e->start_mark.line + 1;
	w->no_list |= w->depth == 0 && !list;
	if (w->depth == 1)
		w->line = line;
	if (w->depth == 1 && list)
		book_wrong(w->r, line, "a list where an entry with a name and accounts should be");
	w->depth++;
}

static void closed(struct walk *w, const yaml_event_t *e)
{
	w->depth--;
	if (w->depth == 1 && e->type == YAML_MAPPING_END_EVENT)
		finish_entry(w);
	if (w->depth == 1)
		forget_entry(w);
	else if (w->depth == 2)
		end_value(w);
}

static bool take_event(struct walk *w, const yaml_event_t *e, struct err *err)
{
	switch (e->type) {
	case YAML_SCALAR_EVENT:
		book_yaml_scalar(w, e);
		break;
	case YAML_ALIAS_EVENT:
		book_wrong(w->r, e->start_mark.line + 1, "aliases are not followed");
		if (w->depth == 2 && w->has_key)
			end_value(w);
		break;
	case YAML_SEQUENCE_START_EVENT:
	case YAML_MAPPING_START_EVENT:
		opened(w, e);
		break;
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		closed(w, e);
		break;
	default:
		break;
	}
	return w->depth <= DEPTH_MAX || err_set(err, ERR_LIMIT, "nested more than %d deep", DEPTH_MAX);
}

static bool parse_failed(const struct reading *r, const yaml_parser_t *p, struct err *err)
{
	err_where(err, r->path, p->problem_mark.line + 1, p->problem_mark.column + 1);
	return err_set(err, ERR_PARSE, "%s", p->problem ? p->problem : "this is no YAML");
}

static bool walk_events(struct walk *w, yaml_parser_t *p, struct err *err)
{
	for (bool more = true; more;) {
		yaml_event_t e;
		if (!yaml_parser_parse(p, &e))
			return parse_failed(w->r, p, err);
		bool ok = take_event(w, &e, err);
		more = e.type != YAML_STREAM_END_EVENT;
		yaml_event_delete(&e);
		if (!ok)
			return false;
	}
	return !w->no_list || err_set(err, ERR_INPUT, "this YAML is no list of entries with a name"
		" and accounts");
}

bool book_read_yaml(struct reading *r, struct err *err)
{
	yaml_parser_t p;
	struct walk w = {.r = r};
	if (!yaml_parser_initialize(&p))
		return err_set(err, ERR_LIMIT, "no room for reading YAML");
	yaml_parser_set_input_string(&p, (const unsigned char *)r->text.p, r->text.n);
	bool ok = walk_events(&w, &p, err);
	yaml_parser_delete(&p);
	mem_free_ptr(&w.ids);
	return ok;
}
