/*
 * accounts_list: which groups are shown, and in which order.
 */
#include "accounts_priv.h"

#include "s3triage/base/vec.h"

#include "s3triage/base/utf8_fold.h"
#include "s3triage/base/when.h"

#include <stdlib.h>

const char *group_by_name(enum group_by by)
{
	static const char *const names[GROUP_BYS] = {"account", "actor", "bucket", "role"};
	return (unsigned)by < GROUP_BYS ? names[by] : "unknown";
}

bool group_by_parse(struct str text, enum group_by *out)
{
	for (int i = 0; i < GROUP_BYS; i++) {
		*out = (enum group_by)i;
		if (str_eq_fold(text, str_c(group_by_name(*out))))
			return true;
	}
	return false;
}

const char *group_sort_name(enum group_sort s)
{
	static const char *const names[GROUP_SORTS] = {"signal", "key", "name", "kind", "open", "all",
		"buckets", "from", "actors", "first", "last"};
	return (unsigned)s < GROUP_SORTS ? names[s] : "unknown";
}

bool group_sort_parse(struct str text, enum group_sort *out)
{
	for (int i = 0; i < GROUP_SORTS; i++) {
		*out = (enum group_sort)i;
		if (str_eq_fold(text, str_c(group_sort_name(*out))))
			return true;
	}
	return false;
}

/* ---- order -------------------------------------------------------------------------------- */

static int compare_numbers(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static struct str accounts_list_name_of(const struct group *g)
{
	return g->known ? g->known->name : (struct str){0};
}

static int64_t number_of(const struct group *g, enum group_sort key)
{
	switch (key) {
	case GROUP_SORT_SIGNAL:
		return g->signal;
	case GROUP_SORT_KIND:
		return g->known ? (int64_t)g->known->kind : 0;
	case GROUP_SORT_OPEN:
		return (int64_t)g->verdicts[VERDICT_OPEN];
	case GROUP_SORT_ALERTS:
		return (int64_t)g->alerts;
	case GROUP_SORT_BUCKETS:
		return (int64_t)g->buckets;
	case GROUP_SORT_FROM:
		return (int64_t)g->owners;
	case GROUP_SORT_ACTORS:
		return (int64_t)g->actors;
	case GROUP_SORT_FIRST:
		return g->first;
	case GROUP_SORT_LAST:
		return g->last;
	default:
		return 0;
	}
}

static int compare_by(const struct group *a, const struct group *b, enum group_sort key)
{
	if (key == GROUP_SORT_KEY)
		return str_cmp(a->key, b->key);
	if (key == GROUP_SORT_NAME)
		return str_cmp(accounts_list_name_of(a), accounts_list_name_of(b));
	return compare_numbers(number_of(a, key), number_of(b, key));
}

static int accounts_list_compare(const void *left, const void *right, void *ctx)
{
	const struct groups *g = ctx;
	const struct group *a = &g->v[*(const uint32_t *)left]->g;
	const struct group *b = &g->v[*(const uint32_t *)right]->g;
	int order = compare_by(a, b, g->sort);
	if (order)
		return g->descending ? -order : order;
	order = compare_numbers((int64_t)b->verdicts[VERDICT_OPEN], (int64_t)a->verdicts[VERDICT_OPEN]);
	return order ? order : str_cmp(a->key, b->key);
}

/* ---- filter ------------------------------------------------------------------------------- */

/* What stands in the row counts, and the key behind it; a kind stands there only for accounts. */
static bool has(const struct group *g, enum group_by by, struct str word)
{
	AUTO(buf_fini) struct buf label = {0};
	group_label(g, by, &label);
	if (utf8_has(g->key, word) || utf8_has(buf_str(&label), word))
		return true;
	if (!g->known)
		return by == GROUP_ACCOUNT && utf8_has(str_c(account_kind_name(ACCOUNT_UNKNOWN)), word);
	return utf8_has(g->known->name, word) || utf8_has(g->known->owner, word) ||
		utf8_has(str_c(account_kind_name(g->known->kind)), word);
}

static bool is_shown(const struct groups *g, const struct group *x)
{
	struct str rest = str_c(g->words);
	while (rest.n) {
		struct str word = str_cut(&rest, ' ');
		if (word.n && !has(x, g->set.by, word))
			return false;
	}
	return true;
}

void groups_order(struct groups *g)
{
	if (!g->stale)
		return;
	g->order = vec_room(g->order, g->n, &g->cap_order, sizeof(*g->order));
	g->n_order = 0;
	for (uint32_t i = 0; i < g->n; i++)
		if (is_shown(g, &g->v[i]->g))
			g->order[g->n_order++] = i;
	if (g->n_order)
		qsort_r(g->order, g->n_order, sizeof(*g->order), accounts_list_compare, g);
	g->stale = false;
}

void groups_sort(struct groups *g, enum group_sort key, bool descending)
{
	g->sort = key;
	g->descending = descending;
	g->stale = true;
	groups_order(g);
}

void groups_filter(struct groups *g, struct str words)
{
	free(g->words);
	g->words = mem_dup(words);
	g->stale = true;
	groups_order(g);
}

struct str groups_words(const struct groups *g)
{
	return str_c(g->words);
}

enum group_sort groups_sorted(const struct groups *g, bool *descending)
{
	*descending = g->descending;
	return g->sort;
}

/* The sessions of a role are one row: the role alone is named, with the person and provider that it has. */
static struct str group_who(const struct group *g, char tmp[ALERT_WHO_MAX])
{
	struct alert a = *g->example;
	a.caller_account = (struct str){0};
	if (str_find(a.actor_arn, STR(":assumed-role/")) != STR_NONE)
		a.session = a.caller_account;
	return alert_who(&a, tmp);
}

void group_label(const struct group *g, enum group_by by, struct buf *out)
{
	char tmp[ALERT_WHO_MAX];
	const struct alert *a = g->example;
	if (!g->key.n)
		buf_c(out, "not named");
	else if (by != GROUP_ACTOR || !a->actor.n)
		buf_add(out, g->key);
	else
		buf_fmt(out, "%.*s%s%.*s%s%.*s", STR_ARG(group_who(g, tmp)), a->caller_account.n ? " of " : "",
			STR_ARG(a->caller_account), a->actor_type.n ? ", " : "", STR_ARG(a->actor_type));
}

size_t groups_count(const struct groups *g)
{
	return g->n_order;
}

const struct group *groups_at(const struct groups *g, size_t i)
{
	return &g->v[g->order[i]]->g;
}

size_t groups_index(const struct groups *g, struct str key)
{
	uint32_t want = groups_lookup(g, key);
	for (size_t i = 0; want != GROUP_NONE && i < g->n_order; i++)
		if (g->order[i] == want)
			return i;
	return STR_NONE;
}

static bool group_same(const void *owner, uint32_t at, const void *key)
{
	return str_eq(((const struct groups *)owner)->v[at]->g.key, *(const struct str *)key);
}

uint32_t groups_lookup(const struct groups *g, struct str key)
{
	const struct table_key k = {str_hash(key), &key, group_same, g};
	return table_find(&g->table, &k);
}
