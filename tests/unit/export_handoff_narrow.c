/*
 * What is exported excludes no more than was approved: made-up requests, some of which imitate others,
 * decided at random and by approvals, and each clause and exception list run over all of them by the
 * engine. An oracle of its own says from the facts what was approved. S3TRIAGE_EVALUATIONS: how many
 * (`make narrow`).
 */
#include "s3triage/export/handoff.h"

#include "../unit.h"
#include "s3triage/base/lines.h"
#include "s3triage/base/when.h"
#include "s3triage/detect/rule.h"
#include "s3triage/event/json.h"
#include "s3triage/account/approval.h"
#include "alert_make.h"

#include <stdio.h>

enum { ROWS = 10, ALL = 40 };

struct world {
	struct arena mem;
	uint64_t seed;
	uint32_t usual;           /* what most events of a world have in common */
	struct json *ecs[ALL];
	bool odd[ALL];            /* bucketName is not the resource's: an item for several buckets does not ask */
	struct alert alerts[ALL]; /* the first ROWS are decided, or open; the rest is what else may come */
	struct decision decisions[ROWS];
	struct approval approvals[ROWS];
	bool by_approval[ROWS];
	struct handoff_row rows[ROWS];
	size_t evaluations, excluded, own;
};

static uint32_t pick(struct world *w, uint32_t n)
{
	return make_random(&w->seed) % n;
}

/* ---- requests ----------------------------------------------------------------------------- */

static const char *any(struct world *w, const char *const *list, uint32_t n)
{
	return list[pick(w, 14) ? w->usual % n : pick(w, n)];
}

/* Mostly the one that the world's events have. */
#define ANY(w, list) any(w, list, ARRAY_LEN(list))

/* True once in n. */
static bool seldom(struct world *w, uint32_t n)
{
	return !pick(w, n);
}

static const char *const bucket_names[] = {"logs", "logs-2", "media"};
static const char *const dest_names[] = {"copies", "copies-2", "copies.evil"};
static const char *const account_ids[] = {"777788889999", "777788889999", "999988887777", "1777788889999",
	"7777888899990"};
static const char *const roles[] = {"arn:aws:iam::111122223333:role/repl", "arn:aws:iam::111122223333:role/repl2",
	"arn:aws:iam::444455556666:role/repl"};

static const char *const filters[] = {"", "\"Filter\":\"\"", "\"Filter\":{\"Prefix\":\"a/\"}",
	"\"Filter\":{\"Prefix\":\"a/b/\"}", "\"Filter\":{\"Prefix\":\"b\"}", "\"Prefix\":\"a/\"",
	"\"Filter\":{\"Tag\":{\"Key\":\"k\",\"Value\":\"}, Filter={Prefix=a/\"}}",
	"\"Filter\":{\"And\":{\"Prefix\":\"a/\",\"Tag\":{\"Key\":\"k\",\"Value\":\"v\"}}}"};

/* What a caller may write into a rule's id, to look like what the others do. */
static void put_id(struct world *w, struct buf *out)
{
	const char *account = account_ids[w->usual % ARRAY_LEN(account_ids)];
	const char *dest = dest_names[w->usual % ARRAY_LEN(dest_names)];
	const char *end = pick(w, 2) ? "}" : ", x";
	switch (pick(w, 14)) {
	case 0:
		buf_fmt(out, "Account=%s, Bucket=arn:aws:s3:::%s%s", account, dest, end);
		break;
	case 1:
		buf_fmt(out, "Destination={Account=%s, Bucket=arn:aws:s3:::%s%s", account, dest, end);
		break;
	case 2:
		buf_fmt(out, "Destination={AccessControlTranslation={Owner=Destination}, Account=%s, "
			"Bucket=arn:aws:s3:::%s%s", account, dest, end);
		break;
	case 3:
		buf_fmt(out, "Bucket=arn:aws:s3:::%s%s", dest, end);
		break;
	case 4:
		buf_c(out, "}, Filter={Prefix=a/");
		break;
	case 5:
		buf_fmt(out, "%s, StorageClass=GLACIER%s", dest, end);
		break;
	case 6:
		buf_fmt(out, "Role=%s,", roles[w->usual % ARRAY_LEN(roles)]);
		break;
	default:
		buf_c(out, "backup");
	}
}

/* How copies are made: mostly as the world's events have it. */
static void put_manner(struct world *w, struct buf *out)
{
	static const char *const classes[] = {"", "", "GLACIER", "GLACIER_IR", "STANDARD"};
	const char *class = ANY(w, classes);
	if (*class)
		buf_fmt(out, "\"StorageClass\":\"%s\",", class);
	for (size_t i = 0; i < 2; i++)
		if (seldom(w, 12) != !(w->usual >> (i + 1) & 3)) {
			const char *status = seldom(w, 8) ? "Disabled" : "Enabled";
			buf_char(out, '"');
			buf_fmt(out, i ? "Metrics\":{\"Status\":\"%s\",\"EventThreshold\":{\"Minutes\":15}}," :
				"ReplicationTime\":{\"Status\":\"%s\",\"Time\":{\"Minutes\":15}},", status);
		}
}

static void put_rule(struct world *w, struct buf *out)
{
	const char *filter = ANY(w, filters);
	buf_fmt(out, "{\"Status\":\"%s\",\"Priority\":1,\"ID\":\"",
		seldom(w, 20) ? "Disabled" : "Enabled");
	put_id(w, out);
	buf_fmt(out, "\",%s%s\"DeleteMarkerReplication\":{\"Status\":\"%s\"},", filter,
		*filter ? "," : "", seldom(w, 8) ? "Enabled" : "Disabled");
	if (seldom(w, 8))
		buf_c(out, "\"ExistingObjectReplication\":{\"Status\":\"Enabled\"},");
	if (seldom(w, 10) != (w->usual % 5 == 0))
		buf_fmt(out, "\"SourceSelectionCriteria\":{\"%s\":{\"Status\":\"Enabled\"}},",
			seldom(w, 10) ? "SseKmsEncryptedObjects" : "ReplicaModifications");
	buf_c(out, "\"Destination\":{");
	if (!seldom(w, 8))
		buf_fmt(out, "\"Account\":\"%s\",", ANY(w, account_ids));
	if (w->usual & 1 ? !seldom(w, 8) : seldom(w, 8))
		buf_c(out, "\"AccessControlTranslation\":{\"Owner\":\"Destination\"},");
	put_manner(w, out);
	buf_fmt(out, "\"Bucket\":\"arn:%s:s3:::%s\"}}", seldom(w, 20) ? "aws-cn" : "aws", ANY(w, dest_names));
}

static void put_identity(struct world *w, struct buf *out)
{
	static const char *const identities[] = {
		"\"type\":\"IAMUser\",\"arn\":\"arn:aws:iam::111122223333:user/kim\",\"userName\":\"kim\"",
		"\"type\":\"IAMUser\",\"arn\":\"arn:aws:iam::111122223333:user/kim2\",\"userName\":\"kim2\"",
		"\"type\":\"Root\",\"arn\":\"arn:aws:iam::111122223333:root\"",
		"\"type\":\"AssumedRole\",\"arn\":\"arn:aws:sts::111122223333:assumed-role/tf/run-1\"",
		"\"type\":\"AssumedRole\",\"arn\":\"arn:aws:sts::111122223333:assumed-role/tf/run-2\"",
		"\"type\":\"AssumedRole\",\"arn\":\"arn:aws:sts::111122223333:assumed-role/tf2/run-1\"",
		"\"type\":\"AssumedRole\",\"arn\":\"arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Admin_1/kim\"",
		"\"type\":\"AssumedRole\",\"arn\":\"arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Admin_1/eve\"",
		"\"type\":\"AWSService\",\"invokedBy\":\"controltower.amazonaws.com\"",
		"\"type\":\"Unknown\"",
	};
	buf_fmt(out, "\"userIdentity\":{%s,\"accountId\":\"111122223333\"},", ANY(w, identities));
}

static void put_event(struct world *w, size_t i, struct buf *out)
{
	const char *bucket = ANY(w, bucket_names);
	bool listed = !seldom(w, 20);
	buf_fmt(out, "{\"eventVersion\":\"1.11\",\"eventSource\":\"s3.amazonaws.com\",\"eventID\":\"e%zu\","
		"\"eventName\":\"PutBucketReplication\",\"eventTime\":\"2026-1%u-0%uT00:00:00Z\",\"awsRegion\":\"%s\",",
		i, pick(w, 2), 1 + pick(w, 9), seldom(w, 8) ? "us-east-1" : "eu-west-1");
	put_identity(w, out);
	buf_fmt(out, "\"recipientAccountId\":\"111122223333\",");
	if (listed)
		buf_fmt(out, "\"resources\":[{\"type\":\"AWS::S3::Bucket\",\"accountId\":\"%s\",\"ARN\":\"arn:aws:s3:::%s\"}],",
			seldom(w, 10) ? "222233334444" : "111122223333", bucket);
	const char *named = seldom(w, 10) ? ANY(w, bucket_names) : bucket;
	w->odd[i] = named != bucket;
	buf_fmt(out, "\"requestParameters\":{\"bucketName\":\"%s\",\"ReplicationConfiguration\":{\"Role\":\"%s\",\"Rule\":",
		named, ANY(w, roles));
	bool two = seldom(w, 12);
	buf_c(out, two ? "[" : "");
	put_rule(w, out);
	if (two) {
		buf_char(out, ',');
		put_rule(w, out);
		buf_char(out, ']');
	}
	buf_c(out, "}}}");
}

static void make_event(struct world *w, size_t i)
{
	struct buf text = {0};
	struct err err = {0};
	enum event_shape shape;
	static const struct alert_rule rule = {STR_INIT("x"), STR_INIT("x"), STR_INIT("low"), 1};
	put_event(w, i, &text);
	struct json *raw = json_parse(buf_str(&text), &err);
	if (!raw)
		fail_msg("%s: %s", err.text, buf_cstr(&text));
	w->ecs[i] = event_to_ecs(raw, &shape, &err);
	assert_true(w->ecs[i] && alert_read(w->ecs[i], shape, &rule, &w->mem, &w->alerts[i]));
	json_free(raw);
	buf_fini(&text);
}

/* ---- decisions ---------------------------------------------------------------------------- */

static struct str cut_limit(struct world *w, struct str s)
{
	if (!pick(w, 3) || !s.n)
		return (struct str){0};
	return pick(w, 3) ? s : arena_fmt(&w->mem, "%.*s*", STR_ARG(str_sub(s, 0, s.n - 1)));
}

/* An approval that this alert is within. */
static bool make_approval(struct world *w, size_t i)
{
	const struct alert *a = &w->alerts[i];
	struct approval *p = &w->approvals[i];
	*p = (struct approval){.id = (int64_t)i + 1, .from = WHEN_NONE, .until = WHEN_NONE,
		.ended = WHEN_NONE};
	if (a->n_dests != 1)
		return false;
	p->account = a->dests[0].account;
	p->role = cut_limit(w, a->role);
	p->bucket = cut_limit(w, a->bucket);
	p->actor = cut_limit(w, a->actor_arn);
	p->dest_bucket = cut_limit(w, a->dests[0].bucket);
	p->region = cut_limit(w, a->region);
	p->prefix = cut_limit(w, a->dests[0].prefix);
	p->storage_class = cut_limit(w, dest_storage(&a->dests[0]));
	p->allows = pick(w, 32) | ALLOW_CLAIMS;
	if (pick(w, 2))
		p->until = a->time + 86400000;
	if (pick(w, 2))
		p->from = a->time - 86400000;
	return !approval_misfit(p, a, a->time);
}

static void decide(struct world *w, size_t i)
{
	static const enum verdict verdicts[] = {VERDICT_APPROVED, VERDICT_APPROVED, VERDICT_APPROVED,
		VERDICT_APPROVED, VERDICT_APPROVED, VERDICT_APPROVED, VERDICT_APPROVED, VERDICT_APPROVED,
		VERDICT_SUSPICIOUS, VERDICT_OPEN};
	enum verdict v = verdicts[pick(w, ARRAY_LEN(verdicts))];
	w->by_approval[i] = pick(w, 2) && make_approval(w, i);
	if (w->by_approval[i])
		v = VERDICT_APPROVED;
	w->decisions[i] = make_decision(&w->alerts[i], (int64_t)i + 1, v);
	const struct approval *p = &w->approvals[i];
	w->rows[i] = (struct handoff_row){.row = {.alert = &w->alerts[i],
		.decision = v == VERDICT_OPEN ? NULL : &w->decisions[i]}, .unasked = seldom(w, 8),
		.begins = w->by_approval[i] ? p->from : WHEN_NONE,
		.expires = w->by_approval[i] ? p->until : WHEN_NONE,
		.actor_limit = w->by_approval[i] ? p->actor : (struct str){0}};
	if (v == VERDICT_APPROVED && pick(w, 2))
		handoff_try(&w->rows[i], w->ecs[i]);
}

/* ---- what was approved, said once more ----------------------------------------------------- */

static bool same_actor(const struct alert *a, const struct alert *e)
{
	if (!a->actor_arn.n)
		return str_is(e->actor_type, "AWSService") && str_eq(a->actor, e->actor);
	if (str_eq(a->actor_arn, e->actor_arn))
		return true;
	size_t slash = str_rfind_char(a->actor_arn, '/') + 1;
	return str_is(a->actor_type, "AssumedRole") && str_find(a->actor_arn, STR("SSO")) == STR_NONE &&
		str_is(e->actor_type, "AssumedRole") && str_starts(e->actor_arn, str_sub(a->actor_arn, 0, slash));
}

static bool same_places(const struct alert *a, const struct alert *e)
{
	return e->n_dests == 1 && str_eq(a->dests[0].account, e->dests[0].account) &&
		str_eq(a->dests[0].arn, e->dests[0].arn) && str_eq(a->role, e->role) &&
		str_eq(a->bucket, e->bucket) && str_eq(a->owner, e->owner) && str_eq(a->region, e->region);
}

/* The storage class as it was, and no switch that was off. */
static bool same_manner(const struct alert_dest *was, const struct alert_dest *is)
{
	static const char *const words[] = {"replica-modifications", "replication-time=15", "metrics=15"};
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (str_find(is->manner, str_c(words[i])) != STR_NONE && str_find(was->manner, str_c(words[i])) == STR_NONE)
			return false;
	return str_eq(dest_storage(was), dest_storage(is)) && str_find(is->manner, STR("not-")) == STR_NONE;
}

static bool asks_no_more(const struct alert *a, const struct alert *e)
{
	const uint32_t more = TRAIT_DELETE_MARKERS | TRAIT_EXISTING_OBJECTS;
	const struct alert_dest *was = &a->dests[0], *is = &e->dests[0];
	return same_manner(was, is) && !(e->traits & ~a->traits & more) &&
		!((e->traits ^ a->traits) & TRAIT_OWNER_OVERRIDE) &&
		str_starts(is->prefix, was->prefix) && !was->tags.n;
}

static bool contested(const struct world *w, const struct alert *a)
{
	for (size_t i = 0; i < ROWS; i++) {
		const struct alert *o = &w->alerts[i];
		bool approved = w->rows[i].row.decision &&
			w->rows[i].row.decision->verdict == VERDICT_APPROVED;
		for (size_t d = 0; !approved && d < o->n_dests; d++)
			if (str_eq(o->role, a->role) && str_eq(o->bucket, a->bucket) &&
				str_eq(o->dests[d].account, a->dests[0].account))
				return true;
	}
	return false;
}

static bool was_approved(const struct world *w, const struct alert *e, bool times)
{
	for (size_t i = 0; i < ROWS; i++) {
		const struct handoff_row *r = &w->rows[i];
		struct approval p = w->approvals[i];
		if (!times)
			p.from = p.until = WHEN_NONE; /* a list's items have them beside their tests */
		const struct alert *a = &w->alerts[i];
		if (!r->unasked && r->row.decision && r->row.decision->verdict == VERDICT_APPROVED &&
			a->n_dests == 1 && same_places(a, e) && same_actor(a, e) && asks_no_more(a, e) &&
			!contested(w, a) && (!w->by_approval[i] || !approval_misfit(&p, e, e->time)))
			return true;
	}
	return false;
}

/* ---- what is excluded --------------------------------------------------------------------- */

/* True where a rule finds a document: for clauses, where it does not exclude it. */
static void check_all(struct world *w, const struct rule *rule, bool finds, const char *what)
{
	struct rule_run *run = rule_run_new(rule);
	for (size_t i = 0; i < ALL; i++) {
		if (finds && w->odd[i])
			continue;
		w->evaluations++;
		if (rule_match(rule, run, w->ecs[i]) != finds)
			continue;
		w->excluded++;
		if (was_approved(w, &w->alerts[i], !finds))
			continue;
		struct buf ecs = {0};
		json_print(w->ecs[i], &ecs);
		fprintf(stderr, "%s\n%.*s\n", buf_cstr(&ecs), STR_ARG(rule->query)); /* fail_msg() cuts */
		fail_msg("%s excludes what nobody approved", what);
	}
	rule_run_free(run);
}

static struct buf write_as(struct world *w, enum handoff_format f, struct handoff_report *report)
{
	struct handoff_row rows[ROWS];
	struct buf out = {0};
	const struct handoff_origin o = {.format = f, .made = WHEN_NONE, .since = WHEN_NONE, .until = WHEN_NONE};
	memcpy(rows, w->rows, sizeof(rows));
	handoff_write(rows, ROWS, &o, &out, report);
	return out;
}

static struct rule *rule_of(struct str query, bool kql)
{
	struct err err = {0};
	struct rule *r;
	if (kql) {
		struct buf text = {0};
		buf_c(&text, "{\"type\":\"query\",\"language\":\"kuery\",\"name\":\"x\",\"rule_id\":\"x\",\"risk_score\":1,"
			"\"severity\":\"low\",\"description\":\"x\",\"query\":");
		json_quote(query, &text);
		buf_char(&text, '}');
		struct json *doc = json_parse(buf_str(&text), NULL);
		r = rule_new_json(doc, "x", &err);
		json_free(doc);
		buf_fini(&text);
	} else {
		r = rule_new_eql(query, NULL, &err);
	}
	if (!r || !r->engine)
		fail_msg("%s\n%.*s", err.text, STR_ARG(query));
	return r;
}

static void check_clause(struct world *w, enum handoff_format f)
{
	struct handoff_report report;
	struct buf clause = write_as(w, f, &report), query = {0};
	struct str rest = buf_str(&clause), line;
	buf_c(&query, f == HANDOFF_KQL ? "event.action: PutBucketReplication\n" : "any where true\n");
	while (lines_next(&rest, &line))
		if (f != HANDOFF_KQL || !str_starts(line, STR("# ")))
			buf_fmt(&query, "%.*s\n", STR_ARG(line));
	struct rule *r = rule_of(buf_str(&query), f == HANDOFF_KQL);
	size_t before = w->excluded;
	check_all(w, r, false, handoff_name(f));
	if (report.used && w->excluded < before + 1 && report.used > report.untried)
		fail_msg("%s excludes nothing, not even its own: %s", handoff_name(f), buf_cstr(&clause));
	w->own += report.used;
	rule_free(r);
	buf_fini(&clause);
	buf_fini(&query);
}

static void check_exceptions(struct world *w)
{
	struct handoff_report report;
	struct handoff_items items;
	struct buf list = write_as(w, HANDOFF_EXCEPTIONS, &report);
	assert_true(handoff_exceptions_read(buf_str(&list), &w->mem, &items, NULL));
	for (size_t i = 0; i < items.n; i++) {
		struct buf query = {0};
		assert_int_equal(items.v[i].not_evaluated.n, 0);
		buf_c(&query, "any where ");
		handoff_tests_eql(items.v[i].tests, items.v[i].n, &query);
		struct rule *r = rule_of(buf_str(&query), false);
		check_all(w, r, true, "an exception");
		rule_free(r);
		buf_fini(&query);
	}
	buf_fini(&list);
}

/* Whether an account of the list was approved, and never judged otherwise. */
static void check_list(struct world *w)
{
	struct handoff_report report;
	struct buf list = write_as(w, HANDOFF_VALUE_LIST, &report);
	struct str rest = buf_str(&list), line;
	while (lines_next(&rest, &line)) {
		bool approved = false;
		for (size_t i = 0; i < ROWS && line.p[0] != '#'; i++) {
			const struct handoff_row *r = &w->rows[i];
			for (size_t d = 0; r->row.decision && d < w->alerts[i].n_dests; d++) {
				if (!str_eq(w->alerts[i].dests[d].account, line))
					continue;
				assert_int_equal(r->row.decision->verdict, VERDICT_APPROVED);
				approved |= w->alerts[i].n_dests == 1 && !r->unasked;
			}
		}
		assert_true(approved || line.p[0] == '#');
		w->evaluations++;
	}
	buf_fini(&list);
}

static void one_world(struct world *w)
{
	w->usual = pick(w, 1000);
	for (size_t i = 0; i < ALL; i++)
		make_event(w, i);
	for (size_t i = 0; i < ROWS; i++)
		decide(w, i);
	check_clause(w, HANDOFF_EQL);
	check_clause(w, HANDOFF_KQL);
	check_exceptions(w);
	check_list(w);
	for (size_t i = 0; i < ALL; i++)
		json_free(w->ecs[i]);
	arena_fini(&w->mem);
}

static void nothing_outside_is_excluded(void **state)
{
	(void)state;
	static struct world w = {.seed = 20261127};
	const char *asked = getenv("S3TRIAGE_EVALUATIONS");
	size_t most = asked ? (size_t)strtoull(asked, NULL, 10) : 30000;
	while (w.evaluations < most)
		one_world(&w);
	print_message("%zu evaluations, %zu exclusions, all approved; %zu rows written\n", w.evaluations,
		w.excluded, w.own);
	assert_true(w.excluded > most / 200); /* else nothing was tried */
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_outside_is_excluded)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
