/*
 * book_tree: accounts in a tree of objects and lists, whatever program wrote it: an object whose id is
 * an account, lists of ids or of rows, accounts as keys or under names of somebody's own. Terraform's
 * other resources and events are no lists: their accounts may be anybody's.
 */
#include "book_priv.h"

enum { DEPTH_MAX = 40 };

/* JSON values do not know where they stand: their ids are looked for in the text, in order. */
struct place {
	size_t at;          /* offset behind the last one found */
	unsigned long line; /* of that offset */
	size_t lost;        /* bytes that were looked through in vain */
};

struct tree {
	struct reading *r;
	struct place place;
	int depth;
	bool too_deep;
	bool listed; /* what is looked at stands in a list of accounts */
};

#define FIELD(member) offsetof(struct offer, member)

static unsigned long tree_line(struct tree *t, struct str id)
{
	struct place *p = &t->place;
	struct str rest = str_sub(t->r->text, p->at, t->r->text.n);
	size_t found = STR_NONE;
	if (id.n && p->lost <= t->r->text.n)
		found = str_find(rest, id);
	while (found != STR_NONE && found && rest.p[found - 1] == '/') { /* an ARN's end */
		size_t next = str_find(str_sub(rest, found + 1, rest.n), id);
		found = next == STR_NONE ? next : found + 1 + next;
	}
	if (found == STR_NONE) {
		p->lost += rest.n;
		return p->line;
	}
	for (size_t i = 0; i < found; i++)
		p->line += rest.p[i] == '\n';
	p->at += found + id.n;
	return p->line;
}

/* ---- values --------------------------------------------------------------------------------- */

static bool tree_is_container(const struct json *v)
{
	return json_type(v) == JSON_OBJECT || json_type(v) == JSON_ARRAY;
}

/* DynamoDB writes {"S": "..."} for a text, terraform output {"value": ..., "type": ...}. */
static const struct json *unwrapped(const struct json *v)
{
	const struct json *only = json_count(v) == 1 && json_type(v) == JSON_OBJECT ? json_first(v) : NULL;
	if (only && !tree_is_container(only) && (str_is(json_key(only), "S") || str_is(json_key(only), "N")))
		return only;
	return json_get(v, "value") && json_get(v, "type") && json_get(v, "sensitive") ?
		json_get(v, "value") : v;
}

static struct str scalar(struct tree *t, const struct json *v)
{
	char tmp[JSON_SCALAR_MAX];
	return book_cell(arena_str(&t->r->mem, json_text(unwrapped(v), tmp)));
}

static struct str member(struct tree *t, const struct json *v, const char *key)
{
	return scalar(t, json_get(v, key));
}

static bool tree_has_account(struct tree *t, const struct json *v)
{
	for (const struct json *m = json_first(v); m; m = json_next(m)) {
		struct offer o = {0};
		if (!tree_is_container(unwrapped(m)) && book_field_of(json_key(m)) == FIELD(account))
			book_put(t->r, &o, FIELD(account), scalar(t, m));
		if (book_is_account(o.account))
			return true;
	}
	return false;
}

/* ---- entries -------------------------------------------------------------------------------- */

static void put_members(struct tree *t, struct offer *o, const struct json *v)
{
	for (const struct json *m = json_first(v); m; m = json_next(m)) {
		size_t field = book_field_of(json_key(m));
		struct str text = field == STR_NONE ? (struct str){0} : scalar(t, m);
		if (field == FIELD(kind_text) && !book_is_kind(text) && !str_is(json_key(m), "kind"))
			continue; /* AWS's type of something */
		if (text.n)
			book_put(t->r, o, field, text);
		if (t->listed && str_is(json_key(m), "Id") && book_is_account(text)) /* as AWS spells it */
			o->kind = ACCOUNT_ORGANISATION;
	}
}

static void end_entry(struct tree *t, struct offer *o, struct str name)
{
	if (!o->name.n)
		o->name = name;
	if (o->kind_text.n)
		o->kind = ACCOUNT_UNKNOWN;
	o->line = tree_line(t, o->account);
	t->r->cut = false;
	book_put_end(t->r, o);
}

static void tree_take_object(struct tree *t, const struct json *v, struct str name)
{
	struct offer o = {0};
	put_members(t, &o, v);
	end_entry(t, &o, name);
}

static void take_named(struct tree *t, struct str account, struct str name)
{
	struct offer o = {.account = account};
	end_entry(t, &o, name);
}

static void take_cells(struct tree *t, const struct json *list)
{
	struct offer o = {0};
	for (const struct json *i = json_first(list); i; i = json_next(i)) {
		struct str text = scalar(t, i);
		size_t field = text.n ? book_field_by_value(&o, text) : STR_NONE;
		if (field != STR_NONE)
			book_put(t->r, &o, field, text);
	}
	if (!o.account.n)
		o.account = scalar(t, json_first(list));
	end_entry(t, &o, (struct str){0});
}

/* ---- objects -------------------------------------------------------------------------------- */

static void tree_walk(struct tree *t, const struct json *v, struct str name);

static bool is_no_list(const struct json *v)
{
	struct str type = json_str(json_get(v, "type"));
	return (json_get(v, "eventName") && json_get(v, "eventSource")) ||
		(str_starts(type, STR("aws_")) && !str_starts(type, STR("aws_organizations_")));
}

static size_t count_accounts(struct tree *t, const struct json *v, size_t *scalars)
{
	size_t n = 0;
	*scalars = 0;
	for (const struct json *m = json_first(v); m; m = json_next(m)) {
		const struct json *u = unwrapped(m);
		*scalars += !tree_is_container(u);
		n += !tree_is_container(u) && book_is_account(scalar(t, u));
	}
	return n;
}

/* The name of an object that holds accounts, and of the vendor whose they are: the public list of
 * known accounts is a list of such. */
static void take_ids(struct tree *t, const struct json *v, const struct json *ids)
{
	const struct json *from = json_get(v, "source");
	struct offer o = {.name = member(t, v, "name"), .kind = t->depth == 2 ? ACCOUNT_VENDOR : ACCOUNT_UNKNOWN,
		.source = scalar(t, json_type(from) == JSON_ARRAY ? json_first(from) : from)};
	for (const struct json *i = json_first(ids); i; i = json_next(i)) {
		struct offer one = o;
		one.account = scalar(t, i);
		if (tree_is_container(i))
			tree_walk(t, i, o.name);
		else
			end_entry(t, &one, o.name);
	}
}

static void tree_member(struct tree *t, const struct json *m, bool all)
{
	const struct json *u = unwrapped(m);
	struct str key = json_key(m);
	if (book_is_account(key) && json_type(u) == JSON_OBJECT && !tree_has_account(t, u)) {
		struct offer o = {.account = arena_str(&t->r->mem, key)};
		put_members(t, &o, u);
		end_entry(t, &o, (struct str){0});
	} else if (book_is_account(key) && !tree_is_container(u)) {
		take_named(t, arena_str(&t->r->mem, key), scalar(t, u));
	} else if (tree_is_container(u)) {
		tree_walk(t, u, key);
	} else if (book_is_account(scalar(t, u)) && (all || str_find_fold(key, STR("account")) != STR_NONE)) {
		take_named(t, scalar(t, u), arena_str(&t->r->mem, key));
	}
}

static void tree_object(struct tree *t, const struct json *v, struct str name)
{
	const struct json *ids = json_get(v, "accounts");
	size_t scalars;
	if (is_no_list(v))
		return;
	if (tree_has_account(t, v)) {
		tree_take_object(t, v, name);
		return;
	}
	if (json_type(ids) == JSON_ARRAY && json_first(ids) && !tree_is_container(json_first(ids))) {
		take_ids(t, v, ids);
		return;
	}
	bool all = count_accounts(t, v, &scalars) == scalars;
	for (const struct json *m = json_first(v); m; m = json_next(m))
		tree_member(t, m, all);
	struct str token = member(t, v, json_get(v, "NextToken") ? "NextToken" : "nextToken");
	if (token.n)
		t->r->cut = true;
}

/* ---- lists ---------------------------------------------------------------------------------- */

/* Pairs that stand for members, as CloudFormation's and Service Catalog's outputs are. */
static bool take_pairs(struct tree *t, const struct json *list, struct str name)
{
	static const char *const keys[][2] = {{"OutputKey", "OutputValue"}, {"ParameterKey",
		"ParameterValue"}, {"Key", "Value"}, {"key", "value"}};
	AUTO(json_free_ptr) struct json *all = json_new_object();
	const char *const *k = keys[0];
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (json_get(json_first(list), keys[i][0]) && json_get(json_first(list), keys[i][1]))
			k = keys[i];
	size_t n = 0;
	for (const struct json *i = json_first(list); i && n < 1000; i = json_next(i), n++) {
		if (!json_get(i, k[0]) || !json_get(i, k[1]))
			return false;
		json_set_key(all, json_str(json_get(i, k[0])), json_copy(json_get(i, k[1])));
	}
	if (n)
		tree_walk(t, all, name);
	return n != 0;
}

/* A list of accounts by its name, or because it is all that there is. */
static bool is_listing(const struct tree *t, struct str name)
{
	return t->depth == 1 || str_eq_fold(name, STR("accounts")) || str_eq_fold(name, STR("accountlist"));
}

/* An item that held nothing where each should: what stands there for its account, or that it has none. */
static void tell_item(struct tree *t, const struct json *item, size_t i)
{
	struct offer o = {0};
	if (json_type(item) == JSON_OBJECT)
		put_members(t, &o, item);
	const struct json *page = json_get(item, "Accounts");
	if (json_get(item, "eventName") || str_starts(o.account, STR("ou-")) ||
		(json_type(page) == JSON_ARRAY && !json_first(page))) /* a page may be empty */
		return;
	if (o.account.n)
		end_entry(t, &o, (struct str){0});
	else if (json_type(item) == JSON_OBJECT || json_type(item) == JSON_ARRAY)
		book_wrong(t->r, t->place.line, "entry %zu of the list is an entry without accounts", i + 1);
	else
		book_wrong(t->r, t->place.line, "entry %zu of the list is no entry with a name and accounts:"
			" '%.*s'", i + 1, STR_ARG(str_sub(scalar(t, item), 0, 60)));
}

static void tree_list(struct tree *t, const struct json *v, struct str name)
{
	size_t scalars, accounts = count_accounts(t, v, &scalars), i = 0;
	bool ids = accounts && (accounts == scalars || is_listing(t, name)), outer = t->listed;
	if (take_pairs(t, v, name))
		return;
	for (const struct json *item = json_first(v); item; item = json_next(item), i++) {
		t->listed = is_listing(t, name);
		size_t before = t->r->n, cells, rows = count_accounts(t, item, &cells);
		if (json_type(item) == JSON_ARRAY && rows && rows < cells)
			take_cells(t, item);
		else if (tree_is_container(item))
			tree_walk(t, item, (struct str){0});
		else if (ids && book_is_account(scalar(t, item)))
			take_named(t, scalar(t, item), (struct str){0});
		if (t->r->n == before && is_listing(t, name) && !is_no_list(item))
			tell_item(t, item, i);
	}
	t->listed = outer;
}

static void tree_walk(struct tree *t, const struct json *v, struct str name)
{
	if (t->depth >= DEPTH_MAX) {
		if (!t->too_deep)
			book_wrong(t->r, t->place.line, "nested more than %d deep: what lies deeper is not read",
				DEPTH_MAX);
		t->too_deep = true;
		return;
	}
	t->depth++;
	if (json_type(v) == JSON_ARRAY)
		tree_list(t, v, name);
	else if (json_type(v) == JSON_OBJECT)
		tree_object(t, v, arena_str(&t->r->mem, name));
	t->depth--;
}

void book_tree(struct reading *r, const struct json *root)
{
	struct tree t = {.r = r, .place = {.line = 1}};
	tree_walk(&t, unwrapped(root), (struct str){0});
}
