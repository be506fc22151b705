/*
 * handoff_exceptions: an exception list as Kibana exports and imports it: the list, its items, the
 * counts, one JSON object a line.
 */
#include "handoff_priv.h"

#include "s3triage/base/hash.h"
#include "s3triage/base/mem.h"
#include "s3triage/base/when.h"
#include "s3triage/event/json.h"

static void handoff_exceptions_put_entry(
	struct members *list, const struct handoff_test *t, struct str value)
{
	bool any = t->how == HANDOFF_IS && t->n > 1;
	member_open(list, NULL, '{');
	member_str(list, "type", t->how == HANDOFF_LIKE ? STR("wildcard") : any ? STR("match_any") :
		STR("match"));
	member_str(list, "field", t->field);
	if (!any) {
		member_str(list, "value", value);
	} else {
		member_open(list, "value", '[');
		for (size_t i = 0; i < t->n; i++)
			member_str(list, NULL, t->values[i]);
		member_close(list, 1);
	}
	member_str(list, "operator", t->excluded ? STR("excluded") : STR("included"));
	member_close(list, 1);
}

/* A wildcard has one pattern: where a test has several, the item is one of as many. The end of an
 * approval is the item's own; it has no word for its begin, but takes new alerts only. */
static void put_test(struct members *list, const struct handoff_test *t, size_t variant)
{
	if (t->how == HANDOFF_BEFORE || t->how == HANDOFF_SINCE || t->spared)
		return;
	bool each = t->excluded && t->how == HANDOFF_LIKE;
	for (size_t i = 0; i < (each ? t->n : 1); i++)
		handoff_exceptions_put_entry(list, t,
			t->values[each                                 ? i
				  : t->how == HANDOFF_LIKE && t->n > 1 ? variant
								       : 0]);
}

static size_t variants_of(struct handoff_tests tests)
{
	size_t most = 1;
	for (size_t i = 0; i < tests.n; i++)
		if (tests.v[i].how == HANDOFF_LIKE && !tests.v[i].excluded && !tests.v[i].spared && tests.v[i].n > most)
			most = tests.v[i].n;
	return most;
}

static void put_entries(struct members *m, struct handoff_tests tests, struct handoff_tests guards,
	size_t variant)
{
	member_open(m, "entries", '[');
	for (size_t i = 0; i < tests.n; i++)
		put_test(m, &tests.v[i], variant);
	for (size_t i = 0; i < guards.n; i++)
		put_test(m, &guards.v[i], 0);
	member_close(m, 1);
}

/* Of all that the item asks, so that the same decisions give the same ids. */
static struct str item_id(struct handoff_tests tests, size_t variant, struct arena *mem)
{
	char hex[SHA256_HEX];
	struct buf all = {0};
	handoff_tests_eql(tests.v, tests.n, &all);
	buf_fmt(&all, " %zu", variant);
	sha256_hex(buf_str(&all), hex);
	buf_fini(&all);
	return arena_fmt(mem, "s3triage-%.16s", hex);
}

static void put_list_of(struct members *m, const char *key, const char *only)
{
	member_open(m, key, '[');
	if (only)
		member_str(m, NULL, str_c(only));
	member_close(m, 1);
}

static void put_item(const struct handoff_scope *s, size_t variant, struct arena *mem,
	struct buf *out)
{
	struct handoff_tests tests = handoff_scope_tests(s, mem);
	struct members m = members_open(out, '{');
	struct str short_role = str_sub(s->role, str_rfind_char(s->role, '/') + 1, s->role.n);
	put_list_of(&m, "comments", NULL);
	member_str(&m, "description", arena_fmt(mem, "Approved%s%.*s", s->reason.n ? ": " : "",
		STR_ARG(s->reason)));
	put_entries(&m, tests, handoff_guards(mem), variant);
	if (s->expires != WHEN_NONE)
		member_str(&m, "expire_time", handoff_time(s->expires, mem));
	member_str(&m, "item_id", item_id(tests, variant, mem));
	member_str(&m, "list_id", STR(HANDOFF_LIST_ID));
	member_str(&m, "name", arena_fmt(mem, "S3 replication to %.*s by %.*s", STR_ARG(s->account),
		STR_ARG(str_sub(short_role, 0, 100))));
	member_str(&m, "namespace_type", STR("single"));
	put_list_of(&m, "os_types", NULL);
	put_list_of(&m, "tags", "s3triage");
	member_str(&m, "type", STR("simple"));
	members_close(&m);
	buf_char(out, '\n');
}

static void handoff_exceptions_put_list(const struct handoff *c, struct arena *mem, struct buf *out)
{
	struct buf where = {0};
	handoff_origin_write(c->origin, &where);
	buf_c(&where, " . ");
	handoff_report_say(c->report, &where);
	struct members m = members_open(out, '{');
	member_str(&m, "description", arena_fmt(mem, "Replication that was approved. %s",
		buf_cstr(&where)));
	member_bool(&m, "immutable", false);
	member_str(&m, "list_id", STR(HANDOFF_LIST_ID));
	member_str(&m, "name", STR("Approved S3 replication"));
	member_str(&m, "namespace_type", STR("single"));
	put_list_of(&m, "os_types", NULL);
	put_list_of(&m, "tags", "s3triage");
	member_str(&m, "type", STR("detection"));
	member_int(&m, "version", 1);
	members_close(&m);
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
	members_close(&m);
	buf_char(out, '\n');
}

void handoff_exceptions(const struct handoff *c)
{
	struct arena mem = {0};
	struct handoff_scopes scopes;
	const struct handoff_rows rows = {c->rows, c->n, c->origin->made};
	size_t items = 0;
	handoff_scopes_of(&rows, &mem, &scopes, c->report);
	handoff_exceptions_put_list(c, &mem, c->out);
	for (size_t i = 0; i < scopes.n; i++) {
		size_t variants = variants_of(handoff_scope_tests(&scopes.v[i], &mem));
		for (size_t v = 0; v < variants; v++, items++)
			put_item(&scopes.v[i], v, &mem, c->out);
	}
	put_counts(items, c->out);
	arena_fini(&mem);
}
