/*
 * near_miss: why a replication event is no match. The parts of the query that failed are found in the
 * engine's own explanation, and said in the words of the event where that is plainer.
 */
#include "s3triage/insight/near_miss.h"

#include "s3triage/base/mem.h"
#include "s3triage/event/doc.h"

enum { LEAF_MAX = 200, REASONS_MAX = 6 };

struct reasons {
	const struct json *ecs;
	const struct activity *what;
	struct replication request;
	struct buf *out;
	size_t n;
	unsigned said; /* bits of enum reason */
};

enum reason { REASON_CALL, REASON_FAILED, REASON_ACCOUNT, REASON_DATASET };

/* A separator; false when this reason was given already, or there are too many. */
static bool near_miss_begin(struct reasons *r, unsigned bit)
{
	if (r->n == REASONS_MAX || (r->said & bit))
		return false;
	r->said |= bit;
	if (r->n++)
		buf_c(r->out, "; ");
	return true;
}

static void say_call(struct reasons *r)
{
	if (r->what->call == CALL_PutBucketReplication || !near_miss_begin(r, 1u << REASON_CALL))
		return;
	if (r->what->call == CALL_DeleteBucketReplication)
		buf_c(r->out, "takes the replication away");
	else
		buf_fmt(r->out, "S3 has no call named %s: that is a permission",
			call_name(r->what->call));
}

static void say_failed(struct reasons *r)
{
	if (r->what->result.n && near_miss_begin(r, 1u << REASON_FAILED))
		buf_fmt(r->out, "the call failed: %.*s", STR_ARG(str_sub(r->what->result, 0, LEAF_MAX)));
}

static bool near_miss_names_account(const struct replication *r)
{
	for (size_t i = 0; i < r->n_rules; i++)
		if (r->rules[i].account_text.n)
			return true;
	return false;
}

static void near_miss_say_account(struct reasons *r)
{
	const struct replication *q = &r->request;
	if (r->what->call != CALL_PutBucketReplication)
		return;
	bool named = near_miss_names_account(q);
	bool string = doc_str(r->ecs, "aws.cloudtrail.request_parameters").n > 0;
	if ((named && string) || !near_miss_begin(r, 1u << REASON_ACCOUNT))
		return;
	if (named)
		buf_c(r->out, "an account is named, but the text form that the rule reads is not kept");
	else if (q->omitted)
		buf_c(r->out, "the request was too large for CloudTrail and is left out");
	else if (q->rules_unread)
		buf_c(r->out, "the request, or a part of it, is not there or cannot be read: it may name one");
	else if (q->look_alike)
		buf_c(r->out, "the request resembles a configuration, but S3 has none such");
	else if (q->no_configuration)
		buf_c(r->out, "the request holds no replication rule");
	else
		buf_c(r->out, "names no account");
}

static void say_dataset(struct reasons *r)
{
	if (!near_miss_begin(r, 1u << REASON_DATASET))
		return;
	struct str set = doc_str(r->ecs, "data_stream.dataset");
	if (set.n)
		buf_fmt(r->out, "its dataset is %.*s", STR_ARG(str_sub(set, 0, LEAF_MAX)));
	else
		buf_c(r->out, "the document has no data_stream.dataset");
}

/* One part of the query that failed: the words above where they say it. */
static void say_leaf(struct reasons *r, struct str leaf, bool excluded)
{
	static const struct {
		const char *field;
		void (*say)(struct reasons *r);
		unsigned bit;
	} known[] = {{"event.action", say_call, 1u << REASON_CALL},
		{"event.outcome", say_failed, 1u << REASON_FAILED},
		{"request_parameters", near_miss_say_account, 1u << REASON_ACCOUNT},
		{"data_stream.dataset", say_dataset, 0}};
	for (size_t i = 0; !excluded && i < ARRAY_LEN(known); i++) {
		if (str_find(leaf, str_c(known[i].field)) == STR_NONE ||
			(known[i].say == near_miss_say_account &&
				str_find(leaf, STR("Account")) == STR_NONE))
			continue;
		known[i].say(r);
		if ((r->said & known[i].bit) == known[i].bit)
			return;
	}
	if (near_miss_begin(r, 0))
		buf_fmt(r->out, excluded ? "the rule leaves out: %.*s" : "not so: %.*s",
			STR_ARG(str_sub(leaf, 0, LEAF_MAX)));
}

/* The explanation's lines: two blanks a level, "+ " or "- ". Below a part that holds nothing is
 * of interest, but below "not" what holds is. */
static void near_miss_read_tree(struct reasons *r, struct str tree)
{
	size_t skip = STR_NONE, inside_not = STR_NONE;
	while (tree.n) {
		struct str line = str_cut(&tree, '\n');
		size_t level = 0;
		while (level < line.n && line.p[level] == ' ')
			level++;
		struct str text = str_sub(line, level + 2, line.n);
		bool holds = level < line.n && line.p[level] == '+';
		if (skip != STR_NONE && level > skip)
			continue;
		skip = STR_NONE;
		if (inside_not != STR_NONE && level <= inside_not)
			inside_not = STR_NONE;
		size_t value = str_find(text, STR("  <- "));
		if (holds != (inside_not != STR_NONE))
			skip = level;
		else if (value != STR_NONE)
			say_leaf(r, str_sub(text, 0, value), inside_not != STR_NONE);
		else if (str_is(text, "not") && inside_not == STR_NONE)
			inside_not = level;
	}
}

/* A multi-region access point is one of the owner's own buckets, unless it names another account. */
static bool is_other_way(const struct replication *r)
{
	bool foreign = r->way != WAY_ACCESS_POINT;
	for (size_t i = 0; i < r->n_rules && !foreign; i++)
		foreign = r->rules[i].relation != RELATION_OWN &&
			!(r->owner_guessed && str_eq(r->rules[i].account, r->owner));
	return r->way != WAY_NONE && foreign;
}

bool near_miss_is(const struct json *ecs, const struct activity *what)
{
	if (what->call != CALL_CreateJob && what->call != CALL_CreateMultiRegionAccessPoint)
		return call_replicates(what->call);
	struct arena mem = {0};
	struct replication r;
	replication_read(ecs, &mem, &r);
	bool it = is_other_way(&r);
	arena_fini(&mem);
	return it;
}

static bool say_other_way(struct reasons *r)
{
	static const char *const words[] = {
		[WAY_JOB_REPLICATES] = "no new destination: a batch job that copies what was there before, by the "
			"rules that the bucket has",
		[WAY_JOB_COPIES] = "another way: a batch job that copies objects to a bucket that it names",
		[WAY_ACCESS_POINT] = "another way: a multi-region access point that takes in a bucket of another "
			"account; it copies nothing until replication between them is set",
	};
	if (r->request.way == WAY_NONE)
		return false;
	if (near_miss_begin(r, 1u << REASON_CALL))
		buf_c(r->out, words[r->request.way]);
	return true;
}

void near_miss_why(const struct json *ecs, const struct activity *what, const struct rule *rule,
	struct buf *out)
{
	struct arena mem = {0};
	struct reasons r = {.ecs = ecs, .what = what, .out = out};
	replication_read(ecs, &mem, &r.request);
	bool other = say_other_way(&r);
	if (!other)
		say_call(&r);
	say_failed(&r);
	if (what->call != CALL_PutBucketReplication)
		r.said |= 1u << REASON_ACCOUNT; /* it has none to name */
	AUTO(buf_fini) struct buf tree = {0};
	if (rule && !other)
		rule_explain(rule, ecs, &tree);
	near_miss_read_tree(&r, buf_str(&tree));
	if (!r.n && near_miss_begin(&r, 0))
		buf_c(out, "the rule does not match");
	arena_fini(&mem);
}
