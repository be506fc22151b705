/*
 * pivot: queries about an alert's principal and bucket in the languages of the places where the
 * rest of the events lie. The commands are in pivot_shell.c.
 */
#include "pivot_priv.h"

#include "s3triage/base/when.h"

const char *pivot_language_name(enum pivot_language l)
{
	static const char *const names[] = {"kql", "eql", "sql", "shell"};
	return names[l];
}

/* What one query asks for. */
struct ask {
	const char *title, *field, *column; /* in ECS; in CloudTrail Lake */
	struct str value;
};

/* An event without a time is looked for at all times. */
static void add_bounds(const struct pivots *p, struct buf *out)
{
	if (p->from[0])
		buf_fmt(out, " and @timestamp >= \"%s\" and @timestamp <= \"%s\"", p->from, p->until);
}

static void add_kql(struct pivots *p, const struct ask *q)
{
	AUTO(buf_fini) struct buf b = {0};
	buf_fmt(&b, "%s: ", q->field);
	quote_kql(q->value, &b);
	add_bounds(p, &b);
	pivot_add(p, PIVOT_KQL, q->title, &b);
}

static void add_eql(struct pivots *p, const struct ask *q)
{
	AUTO(buf_fini) struct buf b = {0};
	buf_fmt(&b, "any where %s == ", q->field);
	quote_eql(q->value, &b);
	add_bounds(p, &b);
	pivot_add(p, PIVOT_EQL, q->title, &b);
}

/* "2026-11-24T02:13:07.000Z" as "2026-11-24 02:13:07". */
static void put_sql_time(const char *when, struct buf *out)
{
	struct str s = str_sub(str_c(when), 0, 19);
	buf_char(out, '\'');
	buf_add(out, str_sub(s, 0, 10));
	buf_char(out, ' ');
	buf_add(out, str_sub(s, 11, 19));
	buf_char(out, '\'');
}

static void add_sql(struct pivots *p, const struct ask *q)
{
	AUTO(buf_fini) struct buf b = {0};
	buf_c(&b, "SELECT eventTime, eventName, userIdentity.arn, sourceIPAddress, errorCode,"
		" requestParameters\nFROM EVENT_DATA_STORE_ID\nWHERE ");
	buf_fmt(&b, "%s = ", q->column);
	quote_sql(q->value, &b);
	if (p->from[0]) {
		buf_c(&b, "\n  AND eventTime >= ");
		put_sql_time(p->from, &b);
		buf_c(&b, "\n  AND eventTime <= ");
		put_sql_time(p->until, &b);
	}
	buf_c(&b, "\nORDER BY eventTime");
	pivot_add(p, PIVOT_SQL, q->title, &b);
}

static struct str bucket_arn(const struct alert *a, struct arena *mem)
{
	if (!a->bucket.n)
		return a->bucket;
	struct str arn = a->actor_arn, partition = STR("aws");
	if (str_starts(arn, STR("arn:"))) {
		arn = str_sub(arn, 4, arn.n);
		partition = str_cut(&arn, ':');
	}
	return arena_fmt(mem, "arn:%.*s:s3:::%.*s", STR_ARG(partition), STR_ARG(a->bucket));
}

static void add_queries(struct pivots *p, const struct alert *a)
{
	const struct ask asks[] = {
		{"same identity", "aws.cloudtrail.user_identity.arn", "userIdentity.arn", a->actor_arn},
		{"same access key", "aws.cloudtrail.user_identity.access_key_id",
			"userIdentity.accessKeyId", a->key_id},
		{"same address", "source.address", "sourceIPAddress", a->ip},
		{"same bucket", "aws.cloudtrail.resources.arn",
			"element_at(requestParameters, 'bucketName')", bucket_arn(a, p->mem)},
	};
	for (int language = PIVOT_KQL; language <= PIVOT_SQL; language++)
		for (size_t i = 0; i < ARRAY_LEN(asks); i++) {
			struct ask q = asks[i];
			if (!q.value.n)
				continue;
			if (language == PIVOT_KQL)
				add_kql(p, &q);
			else if (language == PIVOT_EQL)
				add_eql(p, &q);
			else if (i + 1 < ARRAY_LEN(asks))
				add_sql(p, &q);
			else
				add_sql(p, &(struct ask){q.title, q.field, q.column, a->bucket});
		}
}

#define YEAR_1970 INT64_C(0)
#define YEAR_9999 INT64_C(253402300799000) /* its last second: the last that all of them can say */

/* Whole seconds, so that every one of the languages can say it. */
static int64_t pivot_bound(int64_t ms)
{
	if (ms < YEAR_1970)
		return YEAR_1970;
	return ms > YEAR_9999 ? YEAR_9999 : ms - ms % 1000;
}

static void set_times(struct pivots *p, int64_t time, int64_t window_ms)
{
	int64_t from, until;
	if (__builtin_sub_overflow(time, window_ms, &from))
		from = YEAR_1970;
	if (__builtin_add_overflow(time, window_ms, &until))
		until = YEAR_9999;
	when_format(pivot_bound(from), p->from);
	when_format(pivot_bound(until), p->until);
}

size_t pivot_make(const struct alert *a, int64_t window_ms, struct arena *mem,
	struct pivot out[PIVOTS_MAX])
{
	struct pivots p = {.out = out, .mem = mem};
	if (a->time != WHEN_NONE)
		set_times(&p, a->time, window_ms);
	add_queries(&p, a);
	pivot_commands(&p, a);
	return p.n;
}
