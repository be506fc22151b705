/*
 * Requests that are only spelled or ordered otherwise change no fact; a real change is always told.
 * Random requests, written in many ways, read and compared.
 */
#include "s3triage/insight/diff.h"

#include "../unit.h"

#include "s3triage/base/buf.h"
#include "s3triage/event/alert.h"
#include "s3triage/event/ecs.h"
#include "s3triage/alert/content.h"

enum { RULES = 4, ROUNDS = 400 };

struct model_rule {
	int id, bucket, account, filter, storage, priority;
	bool enabled, override, markers, time_control, replicas, unheard;
	int minutes, metrics; /* 0: none */
};

struct model {
	struct model_rule rule[RULES];
	int n, role;
};

/* How it is written; all of it means the same. */
struct spelling {
	bool reversed, listed, numbers, tags_turned, empties, keys_turned;
	int names; /* 0 as they are, 1 other ones, 2 none */
};

static uint64_t seed = 20261120;

static int roll(int n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (int)((seed >> 33) % (unsigned)n);
}

static struct model make_model(void)
{
	struct model m = {.n = 1 + roll(RULES)};
	for (int i = 0; i < m.n; i++)
		m.rule[i] = (struct model_rule){i, roll(4), roll(4), i * 8 + roll(5), roll(3), i + 1,
			roll(3) > 0, roll(3) == 0, roll(2), roll(3) == 0, roll(4) == 0, false, 15, roll(2) * 15};
	return m;
}

static void put_tags(struct buf *b, int n, bool turned)
{
	buf_fmt(b, turned ? "[{\"Key\":\"stage\",\"Value\":\"true\"},{\"Key\":\"team\",\"Value\":\"v%d\"}]"
			  : "[{\"Key\":\"team\",\"Value\":\"v%d\"},{\"Key\":\"stage\",\"Value\":\"true\"}]", n);
}

static void put_filter(struct buf *b, int filter, const struct spelling *s)
{
	switch (filter % 8) {
	case 0:
		buf_c(b, s->empties ? "\"Filter\":{}" : "\"Filter\":{\"Prefix\":\"\"}");
		break;
	case 1:
		buf_fmt(b, "\"Filter\":{\"Prefix\":\"p%d/\"}", filter);
		break;
	case 2:
		buf_fmt(b, s->listed ? "\"Filter\":{\"Tag\":[{\"Key\":\"k\",\"Value\":\"%d\"}]}"
				     : "\"Filter\":{\"Tag\":{\"Key\":\"k\",\"Value\":\"%d\"}}", filter);
		break;
	default:
		buf_fmt(b, "\"Filter\":{\"And\":{\"Prefix\":\"q%d/\",\"Tag\":", filter);
		put_tags(b, filter, s->tags_turned);
		buf_c(b, "}}");
	}
}

static void put_destination(struct buf *b, const struct model_rule *r, const struct spelling *s)
{
	static const char *const accounts[] = {"999988887777", "777788889999", "111122223333", "12345678901"};
	static const char *const classes[] = {"STANDARD", "GLACIER", "DEEP_ARCHIVE"};
	bool number = s->numbers || r->account == 3;
	buf_c(b, "\"Destination\":{");
	if (!s->keys_turned)
		buf_fmt(b, "\"Bucket\":\"arn:aws:s3:::dest-%d\",", r->bucket);
	buf_fmt(b, number ? "\"Account\":%s," : "\"Account\":\"%s\",", accounts[r->account]);
	if (r->override)
		buf_c(b, "\"AccessControlTranslation\":{\"Owner\":\"Destination\"},");
	if (r->time_control)
		buf_fmt(b, "\"ReplicationTime\":{\"Status\":\"Enabled\",\"Time\":{\"Minutes\":%d}},", r->minutes);
	else if (s->empties)
		buf_c(b, "\"ReplicationTime\":\"\",");
	if (r->metrics)
		buf_fmt(b, s->numbers ? "\"Metrics\":{\"Status\":\"Enabled\",\"EventThreshold\":{\"Minutes\":%d}}," :
			"\"Metrics\":{\"EventThreshold\":{\"Minutes\":\"%d\"},\"Status\":\"Enabled\"},", r->metrics);
	else if (s->empties)
		buf_c(b, "\"Metrics\":\"\",");
	if (s->keys_turned)
		buf_fmt(b, "\"Bucket\":\"arn:aws:s3:::dest-%d\",", r->bucket);
	buf_fmt(b, "\"StorageClass\":\"%s\"}", classes[r->storage]);
}

static void put_rule(struct buf *b, const struct model_rule *r, const struct spelling *s)
{
	buf_char(b, '{');
	if (s->keys_turned) {
		put_destination(b, r, s);
		buf_char(b, ',');
	}
	if (s->names < 2)
		buf_fmt(b, "\"ID\":\"%s%d\",", s->names ? "new" : "rule ", r->id);
	buf_fmt(b, "\"Status\":\"%s\",\"Priority\":%d,", r->enabled ? "Enabled" : "Disabled", r->priority);
	buf_fmt(b, "\"DeleteMarkerReplication\":{\"Status\":\"%s\"},", r->markers ? "Enabled" : "Disabled");
	if (r->replicas || s->empties)
		buf_fmt(b, "\"SourceSelectionCriteria\":{\"ReplicaModifications\":{\"Status\":\"%s\"}},",
			r->replicas ? "Enabled" : "Disabled");
	if (r->unheard)
		buf_c(b, "\"Unheard\":{},");
	put_filter(b, r->filter, s);
	if (!s->keys_turned) {
		buf_char(b, ',');
		put_destination(b, r, s);
	}
	buf_char(b, '}');
}

/* As an alert of a raw event; all of it lives in mem. */
static void read_model(const struct model *m, struct spelling s, struct arena *mem,
	struct replication *request, struct alert *alert)
{
	AUTO(buf_fini) struct buf b = {0};
	buf_fmt(&b, "{\"eventVersion\":\"1.09\",\"eventName\":\"PutBucketReplication\",\"eventID\":\"e\","
		"\"eventSource\":\"s3.amazonaws.com\",\"eventTime\":\"2026-11-20T08:00:00Z\",\"awsRegion\":\"eu-west-1\","
		"\"userIdentity\":{\"type\":\"IAMUser\",\"arn\":\"arn:aws:iam::111122223333:user/kim\","
		"\"accountId\":\"111122223333\"},\"recipientAccountId\":\"111122223333\",\"requestParameters\":{"
		"\"bucketName\":\"b\",\"ReplicationConfiguration\":{\"Role\":\"arn:aws:iam::111122223333:role/r%d\","
		"\"Rule\":", m->role);
	bool list = m->n > 1 || s.listed;
	buf_c(&b, list ? "[" : "");
	for (int i = 0; i < m->n; i++) {
		buf_c(&b, i ? "," : "");
		put_rule(&b, &m->rule[s.reversed ? m->n - 1 - i : i], &s);
	}
	buf_c(&b, list ? "]}}}" : "}}}");
	struct err err = {0};
	enum event_shape shape = SHAPE_CLOUDTRAIL;
	struct json *raw = json_parse(buf_str(&b), &err), *ecs = raw ? event_to_ecs(raw, &shape, &err) : NULL;
	if (!ecs)
		fail_msg("%s in %s", err.text, buf_cstr(&b));
	replication_read(ecs, mem, request);
	assert_true(alert_read(ecs, shape, NULL, mem, alert));
	json_free(ecs);
	json_free(raw);
}

static struct spelling any_spelling(int names)
{
	return (struct spelling){roll(2), roll(2), roll(2), roll(2), roll(2), roll(2), names};
}

static void another_spelling_changes_nothing(void **state)
{
	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		struct arena mem = {0};
		struct model m = make_model();
		struct replication a, b;
		struct alert x, y;
		struct diff d;
		int names = roll(3);
		read_model(&m, any_spelling(names), &mem, &a, &x);
		read_model(&m, any_spelling(names), &mem, &b, &y);
		diff_requests(&a, &b, &mem, &d);
		if (d.n_lines != 1 || d.lines[0].kind != DIFF_SAME)
			fail_msg("round %d: %.*s", round, STR_ARG(d.lines[0].text));
		const struct alert_dest *p = alert_main_dest(&x), *q = alert_main_dest(&y);
		assert_true(p && q && str_eq(p->account, q->account) && str_eq(p->bucket, q->bucket));
		if (x.traits != y.traits || x.n_dests != y.n_dests)
			fail_msg("round %d: traits %llx, %llx", round, (unsigned long long)x.traits,
				(unsigned long long)y.traits);
		arena_fini(&mem);
	}
}

/* One thing that is really another; false: it cannot be made of this one. */
static bool change(struct model *m, int what)
{
	struct model_rule *r = &m->rule[roll(m->n)], *q = &m->rule[roll(m->n)], was = *r;
	switch (what) {
	case 0:
		if ((r->bucket == q->bucket && r->account == q->account) || r->filter == q->filter)
			return false;
		r->bucket = q->bucket, r->account = q->account;
		q->bucket = was.bucket, q->account = was.account;
		return true;
	case 1:
		r->storage = (r->storage + 1) % 3;
		return true;
	case 2:
		r->priority += 50;
		return true;
	case 3:
		r->time_control = !r->time_control;
		return true;
	case 4:
		r->enabled = !r->enabled;
		return true;
	case 5:
		r->filter += 100 * 8;
		return r->filter % 8 != 0; /* all objects stay all objects */
	case 6:
		r->account = (r->account + 1) % 4;
		return true;
	case 7:
		r->override = !r->override;
		return true;
	case 8:
		r->markers = !r->markers;
		return true;
	case 9:
		r->bucket += 4;
		return true;
	case 10:
		r->replicas = !r->replicas;
		return true;
	case 11:
		r->metrics += 15;
		return true;
	case 12:
		r->minutes += 15;
		return r->time_control;
	case 13:
		return r->unheard = true;
	default:
		m->role++;
		return true;
	}
}

/* What a decision on x would say of y. */
static unsigned content_unlike_of(const struct alert *x, const struct alert *y, struct arena *mem)
{
	struct content a, b;
	content_of(x, mem, &a);
	content_of(y, mem, &b);
	return content_unlike(&a, &b);
}

static void a_change_is_told(void **state)
{
	(void)state;
	for (int round = 0; round < ROUNDS * 4; round++) {
		struct arena mem = {0};
		struct model m = make_model(), other = m;
		struct replication a, b;
		struct alert x, y;
		struct diff d;
		int names = roll(3), what = roll(15);
		if (!change(&other, what))
			continue;
		read_model(&m, any_spelling(names), &mem, &a, &x);
		read_model(&other, any_spelling(names), &mem, &b, &y);
		diff_requests(&a, &b, &mem, &d);
		if (what == 1 || (what >= 10 && what <= 13))
			assert_true(content_unlike_of(&x, &y, &mem) & 1u << CONTENT_MANNER);
		if (!d.n_lines || d.lines[0].kind == DIFF_SAME)
			fail_msg("round %d, change %d: the same", round, what);
		for (size_t i = 0; what == 1 && i < d.n_lines; i++)
			assert_false(d.lines[i].more);
		arena_fini(&mem);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(another_spelling_changes_nothing),
		cmocka_unit_test(a_change_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
