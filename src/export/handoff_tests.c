/*
 * handoff_tests: what a scope asks of an alert. The request's text can imitate what it does not say, for
 * rule ids, prefixes and tags are the caller's own words. So names that S3 wants (Destination, its
 * Bucket, Role) are asked for once in the text, and the account between two of them; order of entries
 * as the pipeline's HashMap has it. The bucket and the sender are compared with fields that the caller
 * does not write, and the bucket with the request's own bucketName, too.
 */
#include "handoff_priv.h"

#include "s3triage/export/pivot.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/when.h"
#include "s3triage/detect/rule.h"

enum { TESTS_MAX = 14, OFF_MAX = 12 };

struct making {
	struct handoff_tests tests;
	struct arena *mem;
};

static void handoff_tests_add(struct making *m, enum handoff_how how, const char *field,
	const struct str *values, size_t n)
{
	struct str *copy = arena_array(m->mem, n, sizeof(*copy));
	for (size_t i = 0; i < n; i++)
		copy[i] = values[i];
	m->tests.v[m->tests.n++] = (struct handoff_test){.how = how, .field = str_c(field),
		.values = copy, .n = n};
}

static void add_if(struct making *m, enum handoff_how how, const char *field, struct str value)
{
	if (value.n)
		handoff_tests_add(m, how, field, &value, 1);
}

static void add_excluded(struct making *m, const struct str *patterns, size_t n)
{
	handoff_tests_add(m, HANDOFF_LIKE, HANDOFF_PARAMETERS, patterns, n);
	m->tests.v[m->tests.n - 1].excluded = true;
}

static void add_sources(struct making *m, const struct handoff_scope *s)
{
	struct str *arns = arena_array(m->mem, s->n_buckets, sizeof(*arns));
	for (size_t i = 0; i < s->n_buckets; i++)
		arns[i] = arena_fmt(m->mem, "arn:%.*s:s3:::%.*s", STR_ARG(s->partition),
			STR_ARG(s->buckets[i]));
	handoff_tests_add(m, HANDOFF_IS, HANDOFF_RESOURCES, arns, s->n_buckets);
	for (size_t i = 0; i < s->n_buckets; i++)
		arns[i] = arena_fmt(m->mem, "*bucketName=%.*s,*", STR_ARG(s->buckets[i]));
	handoff_tests_add(m, HANDOFF_LIKE, HANDOFF_PARAMETERS, arns, s->n_buckets);
	m->tests.v[m->tests.n - 1].spared = s->n_buckets > 1;
	add_if(m, HANDOFF_IS, "aws.cloudtrail.resources.account_id", s->owner);
	add_if(m, HANDOFF_IS, "cloud.region", s->region);
}

static void add_actor(struct making *m, const struct handoff_scope *s)
{
	if (s->service) {
		add_if(m, HANDOFF_IS, HANDOFF_IDENTITY "type", STR("AWSService"));
		add_if(m, HANDOFF_IS, HANDOFF_IDENTITY "invoked_by", s->actor);
		return;
	}
	bool any = s->actor.p[s->actor.n - 1] == '*';
	add_if(m, any ? HANDOFF_LIKE : HANDOFF_IS, HANDOFF_IDENTITY "arn", s->actor);
}

static void add_dest(struct making *m, const struct handoff_scope *s)
{
	const char *override = s->override ? "AccessControlTranslation={Owner=Destination},*" : "";
	struct str v[2], dest = handoff_scope_dest(s, m->mem);
	size_t n = 0;
	for (const char *end = ",}"; *end; end++)
		if (!s->ends || s->ends == *end)
			v[n++] = arena_fmt(m->mem, "*Destination={*%sAccount=%.*s,*Bucket=%.*s%c*",
				override, STR_ARG(s->account), STR_ARG(dest), *end);
	handoff_tests_add(m, HANDOFF_LIKE, HANDOFF_PARAMETERS, v, n);
	add_if(m, HANDOFF_LIKE, HANDOFF_PARAMETERS, arena_fmt(m->mem, "*Role=%.*s,*", STR_ARG(s->role)));
}

/* What the approved request did not ask for. */
static void add_off(struct making *m, const struct handoff_scope *s)
{
	struct str v[OFF_MAX];
	size_t n = 0;
	if (!s->override)
		v[n++] = STR("*AccessControlTranslation=*");
	if (!s->delete_markers)
		v[n++] = STR("*DeleteMarkerReplication={Status=Enabled}*");
	if (!s->existing_objects)
		v[n++] = STR("*ExistingObjectReplication={Status=Enabled}*");
	if (!s->replicas)
		v[n++] = STR("*ReplicaModifications={Status=Enabled}*");
	if (!s->timed)
		v[n++] = STR("*ReplicationTime={Status=Enabled*");
	if (!s->metrics)
		v[n++] = STR("*Metrics={Status=Enabled*");
	if (!s->storage.n)
		v[n++] = STR("*StorageClass=*");
	v[n++] = STR("*SseKmsEncryptedObjects={Status=Enabled}*");
	v[n++] = STR("*ReplicaKmsKeyID=*");
	if (!s->delete_markers && !s->older)
		v[n++] = STR("*ID=*ID=*");
	v[n++] = STR("*Filter=*Filter=*");
	v[n++] = STR("*ID=*Filter=*");
	if (n)
		add_excluded(m, v, n);
}

struct handoff_tests handoff_scope_tests(const struct handoff_scope *s, struct arena *mem)
{
	struct making m = {{arena_array(mem, TESTS_MAX, sizeof(struct handoff_test)), 0}, mem};
	add_sources(&m, s);
	add_actor(&m, s);
	add_dest(&m, s);
	if (s->prefix.n)
		add_if(&m, HANDOFF_LIKE, HANDOFF_PARAMETERS, arena_fmt(mem, "*Filter={Prefix=%.*s*",
			STR_ARG(s->prefix)));
	if (!s->delete_markers && !s->older) /* a rule of the older form has no priority, and copies them */
		add_if(&m, HANDOFF_LIKE, HANDOFF_PARAMETERS, STR("*Priority=*ID=*"));
	add_off(&m, s);
	if (s->begins != WHEN_NONE)
		add_if(&m, HANDOFF_SINCE, "@timestamp", handoff_time(s->begins, mem));
	if (s->expires != WHEN_NONE)
		add_if(&m, HANDOFF_BEFORE, "@timestamp", handoff_time(s->expires, mem));
	return m.tests;
}

struct handoff_tests handoff_guards(struct arena *mem)
{
	const struct str twice[] = {STR("*Account=*Account=*"), STR("*Bucket=*Bucket=*"),
		STR("*Destination=*Destination=*"), STR("*Role=*Role=*"),
		STR("*StorageClass=*StorageClass=*"), STR("*Prefix=*Prefix=*"),
		STR("*bucketName=*bucketName=*")};
	struct making m = {{arena_array(mem, 1, sizeof(struct handoff_test)), 0}, mem};
	add_excluded(&m, twice, ARRAY_LEN(twice));
	return m.tests;
}

bool handoff_scope_takes(const struct handoff_scope *s, const struct json *ecs)
{
	struct arena mem = {0};
	AUTO(buf_fini) struct buf query = {0};
	struct handoff_tests tests = handoff_scope_tests(s, &mem), guards = handoff_guards(&mem);
	buf_c(&query, "any where ");
	handoff_tests_eql(tests.v, tests.n, &query);
	buf_c(&query, " and ");
	handoff_tests_eql(guards.v, guards.n, &query);
	struct rule *rule = rule_new_eql(buf_str(&query), NULL, NULL);
	struct rule_run *run = rule ? rule_run_new(rule) : NULL;
	bool takes = run && rule_match(rule, run, ecs);
	rule_run_free(run);
	rule_free(rule);
	arena_fini(&mem);
	return takes;
}

static void put_eql_values(const struct handoff_test *t, struct buf *out)
{
	buf_char(out, '(');
	for (size_t i = 0; i < t->n; i++) {
		buf_c(out, i ? ", " : "");
		quote_eql(t->values[i], out);
	}
	buf_char(out, ')');
}

/* `a.b`, with quotes where it is no plain name. */
static void put_eql_field(struct str field, struct buf *out)
{
	bool plain = true;
	for (size_t i = 0; i < field.n && plain; i++) {
		char c = field.p[i], lower = (char)(c | 32);
		plain = (lower >= 'a' && lower <= 'z') || c == '_' || c == '@' || c == '.' ||
			(i && c >= '0' && c <= '9');
	}
	const char *quote = plain ? "" : "`";
	buf_fmt(out, "%s%.*s%s", quote, STR_ARG(field), quote);
}

void handoff_test_eql(const struct handoff_test *t, struct buf *out)
{
	buf_c(out, t->excluded ? "not " : "");
	put_eql_field(t->field, out);
	if (t->how == HANDOFF_EXISTS) {
		buf_c(out, " != null");
	} else if (t->n == 1 && t->how != HANDOFF_LIKE) {
		buf_c(out, t->how == HANDOFF_IS ? " == " : t->how == HANDOFF_SINCE ? " >= " : " < ");
		quote_eql(t->values[0], out);
	} else {
		buf_c(out, t->how == HANDOFF_LIKE ? " like " : " in ");
		put_eql_values(t, out);
	}
}

void handoff_tests_eql(const struct handoff_test *tests, size_t n, struct buf *out)
{
	for (size_t i = 0; i < n; i++) {
		buf_c(out, i ? " and " : "");
		handoff_test_eql(&tests[i], out);
	}
}

/* The bucket as it stands in the text, with the storage class that always follows it. */
struct str handoff_scope_dest(const struct handoff_scope *s, struct arena *mem)
{
	return !s->storage.n ? s->dest :
		arena_fmt(mem, "%.*s, StorageClass=%.*s", STR_ARG(s->dest), STR_ARG(s->storage));
}
