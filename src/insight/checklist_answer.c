/*
 * checklist_answer: steps that the alert's own facts, the account book or the events around it
 * answer. Which step asks for what is told by the words in its text; the table below is the whole
 * of it. An answer is evidence, not a verdict.
 */
#include "checklist_priv.h"

#include "s3triage/base/when.h"
#include "s3triage/insight/context.h"

enum { VALUE_MAX = 200, ANSWERS_MAX = 3, DESTS_MAX = 4 };

struct asked {
	const struct alert *a;
	const struct checklist_known *known;
	struct str text; /* of the step */
};

static void checklist_answer_put(struct str s, struct buf *out)
{
	buf_add(out, s.n ? str_sub(s, 0, VALUE_MAX) : STR("not said"));
}

static void answer_identity(const struct asked *q, struct buf *out)
{
	char tmp[ALERT_WHO_MAX];
	const struct alert *a = q->a;
	if (!a->actor_arn.n && !a->actor.n)
		return;
	checklist_answer_put(a->actor_type, out);
	buf_c(out, " ");
	checklist_answer_put(a->actor_arn.n ? a->actor_arn : alert_who(a, tmp), out);
	if (a->actor_arn.n && (a->person.n || a->provider.n)) {
		buf_c(out, ", ");
		checklist_answer_put(alert_who(a, tmp), out);
	}
	if (!a->key_id.n)
		return;
	buf_c(out, a->traits & TRAIT_KEY_LONG ? ", long-lived key " :
		a->traits & TRAIT_KEY_TEMPORARY ? ", temporary key " : ", key ");
	checklist_answer_put(a->key_id, out);
}

static void answer_mfa(const struct asked *q, struct buf *out)
{
	trait_set t = q->a->traits;
	if (t & TRAIT_MFA)
		buf_c(out, "signed in with a second factor");
	else if (t & TRAIT_MFA_NOT)
		buf_c(out, "signed in without a second factor");
}

static void answer_place(const struct asked *q, struct buf *out)
{
	if (!q->a->ip.n)
		return;
	buf_c(out, "from ");
	checklist_answer_put(q->a->ip, out);
	if (q->a->country.n) {
		buf_c(out, ", ");
		checklist_answer_put(q->a->country, out);
	}
}

static void answer_tool(const struct asked *q, struct buf *out)
{
	static const struct {
		trait_set trait;
		const char *words;
	} tools[] = {{TRAIT_AGENT_CONSOLE, "console"}, {TRAIT_AGENT_CLI, "command line"},
		{TRAIT_AGENT_SDK, "a program"}, {TRAIT_AGENT_CODE, "infrastructure code"},
		{TRAIT_AGENT_UNKNOWN, "unknown tool"}};
	for (size_t i = 0; i < ARRAY_LEN(tools); i++) {
		if (!(q->a->traits & tools[i].trait) || !q->a->agent.n)
			continue;
		buf_fmt(out, "%s: ", tools[i].words);
		checklist_answer_put(q->a->agent, out);
		return;
	}
}

static void answer_dests(const struct asked *q, struct buf *out)
{
	const struct alert *a = q->a;
	if (a->traits & (TRAIT_UNREAD | TRAIT_LOSSY))
		return; /* there may be more of them */
	for (size_t i = 0; i < a->n_dests && i < DESTS_MAX; i++) {
		const struct alert_dest *d = &a->dests[i];
		buf_fmt(out, "%s%s ", i ? "; " : "", relation_name(d->relation));
		checklist_answer_put(d->account.n ? d->account : d->written, out);
		buf_c(out, ", bucket ");
		checklist_answer_put(d->bucket, out);
		buf_c(out, ", ");
		checklist_answer_put(d->status, out);
	}
	if (a->n_dests > DESTS_MAX)
		buf_fmt(out, "; and %zu more", a->n_dests - DESTS_MAX);
}

static void answer_account(const struct asked *q, struct buf *out)
{
	buf_add(out, q->known->account);
}

static void answer_role(const struct asked *q, struct buf *out)
{
	if (!q->a->role.n)
		return;
	buf_c(out, "replication role ");
	checklist_answer_put(q->a->role, out);
	if (q->a->traits & TRAIT_ROLE_FOREIGN)
		buf_c(out, ", of another account than the bucket");
}

/* A form was there, and rules were read from it, whole: only then "none" and "no" can be said. */
static bool rules_read(const struct asked *q)
{
	return q->a->read_from != READ_NOTHING && q->a->n_dests &&
		!(q->a->traits & (TRAIT_OMITTED | TRAIT_UNREAD | TRAIT_LOSSY));
}

/* A Status that is not said is not Disabled. */
static bool status_said(const struct alert *a)
{
	for (size_t i = 0; i < a->n_dests; i++)
		if (!a->dests[i].status.n)
			return false;
	return true;
}

static void answer_filter(const struct asked *q, struct buf *out)
{
	if (!rules_read(q) || !status_said(q->a))
		return;
	buf_c(out, q->a->traits & TRAIT_WHOLE_BUCKET ? "an enabled rule takes the whole bucket" :
		q->a->traits & TRAIT_ALL_DISABLED ? "every rule is disabled" :
		"every enabled rule has a filter");
}

static void answer_override(const struct asked *q, struct buf *out)
{
	if (rules_read(q))
		buf_c(out, q->a->traits & TRAIT_OWNER_OVERRIDE ?
			"the copies are given to the destination's owner" : "no owner override");
}

static void answer_kms(const struct asked *q, struct buf *out)
{
	if (rules_read(q))
		buf_c(out, q->a->traits & TRAIT_KMS ? "objects encrypted with KMS are copied, too" :
			"no rule speaks of KMS");
}

static void answer_status(const struct asked *q, struct buf *out)
{
	if (rules_read(q) && status_said(q->a))
		buf_c(out, q->a->traits & TRAIT_ALL_DISABLED ? "every rule is disabled" :
			"at least one rule is enabled");
}

static void answer_time(const struct asked *q, struct buf *out)
{
	char text[WHEN_TEXT_MAX];
	if (q->a->time != WHEN_NONE)
		buf_fmt(out, "at %s", when_format(q->a->time, text));
}

static void put_distance(int64_t from, int64_t to, struct buf *out)
{
	char span[WHEN_TEXT_MAX];
	if (from == to)
		buf_c(out, "at its time");
	else
		buf_fmt(out, "%s %s", when_span(from < to ? to - from : from - to, span), from < to ? "before" : "after");
}

/* "CreateRole 3 times, 1 refused, 3d before to 2h after". */
static void checklist_answer_put_seen(const char *name, const struct call_seen *c, int64_t time,
	struct buf *out)
{
	buf_c(out, name);
	if (c->n > 1)
		buf_fmt(out, " %u times", c->n);
	if (c->refused && c->n == 1)
		buf_c(out, " refused");
	else if (c->refused)
		buf_fmt(out, ", %u refused,", c->refused);
	buf_char(out, ' ');
	put_distance(c->first, time, out);
	if (c->last != c->first) {
		buf_c(out, " to ");
		put_distance(c->last, time, out);
	}
}

/* All those of the principal's calls that the step names; that there is none is an answer, too. */
static void answer_around(const struct asked *q, struct buf *out)
{
	char span[WHEN_TEXT_MAX];
	size_t named = 0, found = 0;
	if (!q->known->seen || q->a->time == WHEN_NONE)
		return;
	when_span(q->known->window_ms, span);
	for (int c = 0; c < CALL_COUNT; c++) {
		const char *name = call_name((enum call)c);
		const struct call_seen *seen = &q->known->seen[c];
		if (str_find(q->text, str_c(name)) == STR_NONE)
			continue;
		named++;
		if (!seen->n)
			continue;
		if (found++)
			buf_c(out, ", ");
		else
			buf_fmt(out, "the same principal, %s before and after: ", span);
		checklist_answer_put_seen(name, seen, q->a->time, out);
	}
	if (named && !found)
		buf_fmt(out, "none of these by the principal %s before and after in these sources, among "
			"%zu event%s", span, q->known->looked, plural(q->known->looked));
}

static void answer_before(const struct asked *q, struct buf *out)
{
	buf_add(out, q->known->before);
}

struct matcher {
	const char *words; /* any of them, '|' between; letters' case does not matter */
	void (*answer)(const struct asked *q, struct buf *out);
};

/* The order is the order of answers in one step. */
static const struct matcher matchers[] = {
	{"user_identity.arn|user_identity.type|access_key_id|identify the actor", answer_identity},
	{"mfa|second factor|multi-factor", answer_mfa},
	{"source.ip|source.geo|source address", answer_place},
	{"user_agent", answer_tool},
	{"every rule|destination account id|`account=`|account=|destination account", answer_dests},
	{"your organi|aws organi|in the organi|your aws organi|known ou |whose account", answer_account},
	{"role arn|role=|replication role|iam role used", answer_role},
	{"prefixes|no prefix|empty filter|filtering rule|whole bucket", answer_filter},
	{"accesscontroltranslation|owner override", answer_override},
	{"ssekmsencryptedobjects|replicakmskeyid|kms", answer_kms},
	{"status disabled|disabled copies", answer_status},
	{"@timestamp|working hours|maintenance schedule", answer_time},
	{"listbuckets|getbucketreplication|getbucketpolicy|putbucketpolicy|createrole|putrolepolicy|"
	 "putbucketversioning|putkeypolicy|creategrant|createjob|createaccesskey|stoplogging|"
	 "puteventselectors|deletebucketreplication", answer_around},
	{"compare with the past|prior legitimate|seen before|history of", answer_before},
};

static bool asks(struct str text, const char *words)
{
	struct str rest = str_c(words);
	while (rest.n)
		if (str_find_fold(text, str_cut(&rest, '|')) != STR_NONE)
			return true;
	return false;
}

uint32_t checklist_asks(struct str text)
{
	uint32_t bits = 0;
	for (size_t i = 0; i < ARRAY_LEN(matchers); i++)
		if (asks(text, matchers[i].words))
			bits |= UINT32_C(1) << i;
	return bits;
}

static struct str answer(uint32_t asked, const struct asked *q, struct arena *mem)
{
	struct buf all = {0}, one = {0};
	size_t n = 0;
	for (size_t i = 0; i < ARRAY_LEN(matchers) && n < ANSWERS_MAX; i++) {
		if (!(asked >> i & 1))
			continue;
		buf_clear(&one);
		matchers[i].answer(q, &one);
		if (!one.n)
			continue;
		if (n++)
			buf_c(&all, "; ");
		buf_add(&all, buf_str(&one));
	}
	struct str s = arena_str(mem, buf_str(&all));
	buf_fini(&all);
	buf_fini(&one);
	return s;
}

void checklist_answer(struct checklist *list, const struct alert *a,
	const struct checklist_known *known, struct arena *mem)
{
	static const struct checklist_known nothing;
	struct asked q = {a, known ? known : &nothing, {0}};
	for (size_t i = 0; i < list->n; i++)
		if (list->steps[i].phase != PHASE_RESPOND) {
			q.text = list->steps[i].text;
			list->steps[i].evidence = answer(list->steps[i].asks, &q, mem);
		}
}
