/*
 * replication_compare: whether the forms of one request say the same, in words for the analyst.
 * What is compared is what a decision rests on: destination accounts and buckets, the role, the
 * bucket itself. Values are quoted as they are written; whoever draws the text makes it safe.
 */
#include "replication_priv.h"

#include <string.h>

enum { NAMED_MAX = 3, VALUE_MAX = 80 };

typedef struct str (*value_fn)(const struct replication_rule *r);

static struct str account_of(const struct replication_rule *r)
{
	return r->account.n ? r->account : r->account_text;
}

static struct str bucket_of(const struct replication_rule *r)
{
	return r->bucket;
}

static bool has(const struct request_facts *f, value_fn value, struct str wanted)
{
	for (size_t i = 0; i < f->n_rules; i++)
		if (str_eq(value(&f->rules[i]), wanted))
			return true;
	return false;
}

static void replication_compare_say(
	struct buf *out, const char *fmt, const char *name, const char *what)
{
	if (out->n)
		buf_c(out, "; ");
	buf_fmt(out, "%s form %s %s", name, fmt, what);
}

static void replication_compare_add_value(struct buf *out, struct str value)
{
	buf_char(out, ' ');
	buf_add(out, text_cut(value, VALUE_MAX));
	if (value.n > VALUE_MAX)
		buf_c(out, "...");
}

/* What the ingest pipeline drops from the weaker forms by itself proves nothing. */
static bool is_dropped(struct str v)
{
	return v.n == 0 || str_is(v, "-") || str_is(v, "none");
}

/* Values of `a` that `b` has not, each once. */
static void missing(const struct request_facts *a, const struct request_facts *b, value_fn value,
	struct buf *out, size_t *n)
{
	*n = 0;
	for (size_t i = 0; i < a->n_rules; i++) {
		struct str v = value(&a->rules[i]);
		bool again = false;
		for (size_t j = 0; j < i && !again; j++)
			again = str_eq(value(&a->rules[j]), v);
		if (again || is_dropped(v) || has(b, value, v))
			continue;
		if (++*n <= NAMED_MAX)
			replication_compare_add_value(out, v);
	}
	if (*n > NAMED_MAX)
		buf_fmt(out, " and %zu more", *n - NAMED_MAX);
}

struct difference {
	const struct request_facts *a, *b; /* what a has and b has not */
	const char *name, *verb;
};

static void compare_values(const struct difference *d, value_fn value, const char *one,
	const char *many, struct buf *out)
{
	size_t n;
	AUTO(buf_fini) struct buf list = {0};
	missing(d->a, d->b, value, &list, &n);
	if (!n)
		return;
	replication_compare_say(out, d->verb, d->name, n == 1 ? one : many);
	buf_add(out, buf_str(&list));
}

static void compare_one(struct str trusted, struct str other, const char *name, const char *what,
	struct buf *out)
{
	if (str_eq(trusted, other))
		return;
	if (!other.n) {
		replication_compare_say(out, "leaves out", name, what);
		replication_compare_add_value(out, trusted);
		return;
	}
	replication_compare_say(out, "names", name, what);
	replication_compare_add_value(out, other);
	if (trusted.n) {
		buf_c(out, " instead of");
		replication_compare_add_value(out, trusted);
	}
}

/* The string form drops some words and cannot be told apart behind others: those say nothing. */
static bool same_prefix(struct str trusted, struct str other)
{
	for (size_t i = 0; i < trusted.n; i++)
		if (strchr(",={}[]", trusted.p[i]))
			return true;
	return is_dropped(trusted) || str_eq(trusted, other);
}

/* How the copies are made. */
static bool same_manner(const struct replication_rule *a, const struct replication_rule *b)
{
	return (a->kms_objects == TRI_ON) == (b->kms_objects == TRI_ON) && str_eq(a->kms_key, b->kms_key) &&
		(a->replica_modifications == TRI_ON) == (b->replica_modifications == TRI_ON) &&
		(a->replication_time == TRI_ON) == (b->replication_time == TRI_ON) &&
		(a->metrics == TRI_ON) == (b->metrics == TRI_ON) && str_eq(a->storage_class, b->storage_class);
}

/* The same destination with the same status, filter and switches, as far as both say one. */
static bool same_rule(const struct replication_rule *a, const struct replication_rule *b)
{
	return str_eq(account_of(a), account_of(b)) && str_eq(bucket_of(a), bucket_of(b)) &&
		(!a->status.n || !b->status.n || str_eq_fold(a->status, b->status)) &&
		a->owner_override == b->owner_override &&
		(a->delete_markers == TRI_ON) == (b->delete_markers == TRI_ON) &&
		(a->existing_objects == TRI_ON) == (b->existing_objects == TRI_ON) &&
		same_manner(a, b) && same_prefix(a->prefix, b->prefix) && a->n_tags == b->n_tags;
}

/* All accounts and all buckets are in both: does each rule say the same of them? */
static bool pairs_differ(const struct request_facts *a, const struct request_facts *b)
{
	if (a->n_rules != b->n_rules)
		return false;
	for (size_t i = 0; i < a->n_rules; i++) {
		size_t k = 0;
		while (k < b->n_rules && !same_rule(&a->rules[i], &b->rules[k]))
			k++;
		if (k == b->n_rules)
			return true;
	}
	return false;
}

void form_compare(const struct request_facts *trusted, const struct request_facts *other,
	const char *name, struct buf *out)
{
	if (other->omitted != trusted->omitted) {
		replication_compare_say(
			out, other->omitted ? "has no" : "has", name, "request parameters");
		return;
	}
	size_t before = out->n;
	struct difference more = {other, trusted, name, "also names"};
	struct difference less = {trusted, other, name, "leaves out"};
	if (other->none && !trusted->none) {
		replication_compare_say(out, "has no", name, "replication rules");
	} else {
		compare_values(&more, account_of, "account", "accounts", out);
		compare_values(&less, account_of, "account", "accounts", out);
		compare_values(&more, bucket_of, "destination bucket", "destination buckets", out);
		compare_values(&less, bucket_of, "destination bucket", "destination buckets", out);
		if (out->n == before && pairs_differ(trusted, other))
			replication_compare_say(out, "has", name,
				"a rule with other switches, another filter or another "
				"destination");
		compare_one(trusted->role, other->role, name, "role", out);
	}
	compare_one(trusted->bucket, other->bucket, name, "bucket", out);
}
