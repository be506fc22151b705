/*
 * book_json: the answer of `aws organizations list-accounts`: {"Accounts": [{Id, Name, Email,
 * Status}]}, or the array alone. These accounts are the organisation's.
 */
#include "book_priv.h"

#include "s3triage/base/lines.h"
#include "s3triage/event/json.h"

/* JSON values do not know where they stand: their ids are looked for in the text, in order. */
struct place {
	size_t at;          /* offset behind the last one found */
	unsigned long line; /* of that offset */
};

static unsigned long find_line(const struct reading *r, struct place *p, struct str id)
{
	struct str rest = str_sub(r->text, p->at, r->text.n);
	size_t found = id.n ? str_find(rest, id) : STR_NONE;
	if (found == STR_NONE)
		return p->line;
	for (size_t i = 0; i < found; i++)
		p->line += rest.p[i] == '\n';
	p->at += found + id.n;
	return p->line;
}

static void book_json_take(struct reading *r, const struct json *item, struct place *p)
{
	char tmp[JSON_SCALAR_MAX];
	struct offer o = {.kind = ACCOUNT_ORGANISATION};
	o.account = arena_str(&r->mem, json_text(json_get(item, "Id"), tmp));
	o.name = arena_str(&r->mem, json_str(json_get(item, "Name")));
	o.owner = arena_str(&r->mem, json_str(json_get(item, "Email")));
	struct str status = json_str(json_get(item, "Status"));
	if (status.n && !str_is(status, "ACTIVE"))
		o.note = arena_fmt(&r->mem, "status %.*s", STR_ARG(str_sub(status, 0, 80)));
	o.line = find_line(r, p, o.account);
	if (json_type(item) != JSON_OBJECT)
		book_wrong(r, o.line, "entry %zu of the list is no object with an Id", r->n + 1);
	else
		book_offer(r, &o);
}

bool book_read_json(struct reading *r, struct err *err)
{
	AUTO(json_free_ptr) struct json *doc = json_parse(r->text, err);
	if (!doc)
		return false;
	const struct json *list = json_type(doc) == JSON_ARRAY ? doc : json_get(doc, "Accounts");
	if (json_type(list) != JSON_ARRAY)
		return err_set(err, ERR_INPUT, "there is no \"Accounts\": [...] in it, as `aws"
			" organizations list-accounts` writes it");
	struct place p = {0, 1};
	for (const struct json *i = json_first(list); i; i = json_next(i))
		book_json_take(r, i, &p);
	if (json_str(json_get(doc, "NextToken")).n)
		book_wrong(r, p.line, "the list is not whole: it ends with a NextToken, and the"
			" other pages are missing");
	return true;
}
