/*
 * close_exceptions: an exception list as Kibana exports and imports it: the list, its items, the
 * counts, one JSON object a line. The request's text can imitate an account, so an item also demands
 * that an account and a role stand in it only once: what is doubtful goes on alerting.
 */
#include "close_priv.h"

#include "s3triage/base/hash.h"
#include "s3triage/base/mem.h"
#include "s3triage/base/when.h"
#include "s3triage/event/json.h"

static void entry(struct members *list, const char *type, const char *operator, struct str value)
{
	member_key(list, NULL);
	struct members m = members_open(list->out, '{');
	member_str(&m, "type", str_c(type));
	member_str(&m, "field", STR(CLOSE_PARAMETERS));
	member_str(&m, "value", value);
	member_str(&m, "operator", str_c(operator));
	members_close(&m, '}');
}

static void bucket_entry(struct members *list, const struct close_scope *s, struct arena *mem)
{
	struct str prefix = close_bucket_prefix(s->role);
	member_key(list, NULL);
	struct members m = members_open(list->out, '{');
	member_str(&m, "type", STR("match_any"));
	member_str(&m, "field", STR(CLOSE_RESOURCES));
	member_key(&m, "value");
	struct members values = members_open(m.out, '[');
	for (size_t i = 0; i < s->n_buckets; i++)
		member_str(&values, NULL, arena_fmt(mem, "%.*s%.*s", STR_ARG(prefix),
			STR_ARG(s->buckets[i])));
	members_close(&values, ']');
	member_str(&m, "operator", STR("included"));
	members_close(&m, '}');
}

static void put_entries(struct members *m, const struct close_scope *s, struct arena *mem)
{
	member_key(m, "entries");
	struct members list = members_open(m->out, '[');
	bucket_entry(&list, s, mem);
	entry(&list, "wildcard", "included", arena_fmt(mem, "*Account=%.*s*", STR_ARG(s->account)));
	entry(&list, "wildcard", "excluded", STR("*Account=*Account=*"));
	entry(&list, "wildcard", "included", arena_fmt(mem, "*Role=%.*s,*", STR_ARG(s->role)));
	entry(&list, "wildcard", "excluded", STR("*Role=*Role=*"));
	members_close(&list, ']');
}

static struct str item_id(const struct close_scope *s, struct arena *mem)
{
	char hex[SHA256_HEX];
	struct str all = arena_fmt(mem, "%.*s %.*s %lld", STR_ARG(s->account), STR_ARG(s->role),
		(long long)s->expires);
	sha256_hex(all, hex);
	return arena_fmt(mem, "s3triage-%.16s", hex);
}

static void put_list_of(struct members *m, const char *key, const char *only)
{
	member_key(m, key);
	struct members list = members_open(m->out, '[');
	if (only)
		member_str(&list, NULL, str_c(only));
	members_close(&list, ']');
}

/* Kibana writes its dates with milliseconds. */
static void put_expiry(struct members *m, int64_t ms, struct arena *mem)
{
	char text[WHEN_TEXT_MAX];
	struct str t = str_c(when_format(ms, text));
	if (ms % 1000 == 0)
		t = arena_fmt(mem, "%.*s.000Z", STR_ARG(str_sub(t, 0, t.n - 1)));
	member_str(m, "expire_time", t);
}

static void put_item(const struct close_scope *s, struct arena *mem, struct buf *out)
{
	struct members m = members_open(out, '{');
	size_t slash = str_rfind_char(s->role, '/');
	struct str short_role = str_sub(s->role, slash == STR_NONE ? 0 : slash + 1, s->role.n);
	put_list_of(&m, "comments", NULL);
	member_str(&m, "description", arena_fmt(mem, "Approved%s%.*s", s->reason.n ? ": " : "",
		STR_ARG(s->reason)));
	put_entries(&m, s, mem);
	if (s->expires != WHEN_NONE)
		put_expiry(&m, s->expires, mem);
	member_str(&m, "item_id", item_id(s, mem));
	member_str(&m, "list_id", STR(CLOSE_LIST_ID));
	member_str(&m, "name", arena_fmt(mem, "S3 replication to %.*s by %.*s", STR_ARG(s->account),
		STR_ARG(str_sub(short_role, 0, 100))));
	member_str(&m, "namespace_type", STR("single"));
	put_list_of(&m, "os_types", NULL);
	put_list_of(&m, "tags", "s3triage");
	member_str(&m, "type", STR("simple"));
	members_close(&m, '}');
	buf_char(out, '\n');
}

static void put_list(const struct close_origin *origin, struct arena *mem, struct buf *out)
{
	struct buf where = {0};
	close_origin_write(origin, &where);
	struct members m = members_open(out, '{');
	member_str(&m, "description", arena_fmt(mem, "Replication that was approved. %s",
		buf_cstr(&where)));
	member_bool(&m, "immutable", false);
	member_str(&m, "list_id", STR(CLOSE_LIST_ID));
	member_str(&m, "name", STR("Approved S3 replication"));
	member_str(&m, "namespace_type", STR("single"));
	put_list_of(&m, "os_types", NULL);
	put_list_of(&m, "tags", "s3triage");
	member_str(&m, "type", STR("detection"));
	member_int(&m, "version", 1);
	members_close(&m, '}');
	buf_char(out, '\n');
	buf_fini(&where);
}

static void put_counts(size_t items, struct buf *out)
{
	struct members m = members_open(out, '{');
	member_int(&m, "exported_exception_list_count", 1);
	member_int(&m, "exported_exception_list_item_count", (int64_t)items);
	member_int(&m, "missing_exception_list_item_count", 0);
	put_list_of(&m, "missing_exception_list_items", NULL);
	put_list_of(&m, "missing_exception_lists", NULL);
	member_int(&m, "missing_exception_lists_count", 0);
	members_close(&m, '}');
	buf_char(out, '\n');
}

void close_exceptions(const struct closing *c)
{
	struct arena mem = {0};
	struct close_scopes scopes;
	const struct close_rows rows = {c->rows, c->n, c->origin->made};
	close_scopes_of(&rows, &mem, &scopes, c->report);
	put_list(c->origin, &mem, c->out);
	for (size_t i = 0; i < scopes.n; i++)
		put_item(&scopes.v[i], &mem, c->out);
	put_counts(scopes.n, c->out);
	arena_fini(&mem);
}
