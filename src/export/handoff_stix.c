/*
 * handoff_stix: the suspicious alerts as a STIX 2.1 bundle: who observed what, the account and the
 * bucket that receive, the indicator for them, and the technique. Facts: OASIS STIX 2.1.
 */
#include "handoff_stix_priv.h"

#include "s3triage/base/when.h"
#include "s3triage/event/json.h"

#define T1537 "Transfer Data to Cloud Account"

/* When it happened, which no later decision changes. */
static int64_t happened_at(const struct handoff_row *r)
{
	return r->row.alert->time != WHEN_NONE ? r->row.alert->time : STIX_EVER;
}

static void relate(struct stix *x, struct str from, const char *how, struct str to)
{
	struct members m;
	struct str name = arena_fmt(&x->mem, "%.*s %s %.*s", STR_ARG(from), how, STR_ARG(to));
	const struct stix_head h = {"relationship", stix_id(x, "relationship", name), STIX_EVER, 0};
	if (!stix_open(x, &h, &m))
		return;
	member_str(&m, "relationship_type", str_c(how));
	member_str(&m, "source_ref", from);
	member_str(&m, "target_ref", to);
	members_close(&m);
}

/* An AWS account, user or role: {"account_type":…,"user_id":…} is what its id comes from. */
static struct str handoff_stix_put_account(struct stix *x, struct str user_id, const char *type)
{
	struct buf canonical = {0};
	struct members m;
	buf_fmt(&canonical, "{\"account_type\":\"%s\",\"user_id\":", type);
	json_quote_stable(user_id, &canonical);
	buf_char(&canonical, '}');
	const struct stix_head h = {"user-account", stix_observable_id(x, "user-account",
		buf_str(&canonical)), WHEN_NONE, 0};
	buf_fini(&canonical);
	if (stix_open(x, &h, &m)) {
		member_str(&m, "user_id", user_id);
		member_str(&m, "account_type", str_c(type));
		members_close(&m);
	}
	return h.id;
}

static bool is_ipv4(struct str s)
{
	int64_t part;
	size_t parts = 0;
	while (s.n) {
		struct str one = str_cut(&s, '.');
		if (!str_digits(one) || one.n > 3 || !str_int(one, &part) || part > 255)
			return false;
		parts++;
	}
	return parts == 4;
}

static bool is_ipv6(struct str s)
{
	size_t colons = 0;
	for (size_t i = 0; i < s.n; i++) {
		colons += s.p[i] == ':';
		if (str_find_char(STR("0123456789abcdefABCDEF:."), s.p[i]) == STR_NONE)
			return false;
	}
	return colons >= 2 && s.n <= 45;
}

/* Empty when the event has no address of the network, as when a service sent it. */
static struct str handoff_stix_put_address(struct stix *x, struct str ip)
{
	struct members m;
	const char *type = is_ipv4(ip) ? "ipv4-addr" : is_ipv6(ip) ? "ipv6-addr" : NULL;
	if (!type)
		return (struct str){0};
	struct str canonical = arena_fmt(&x->mem, "{\"value\":\"%.*s\"}", STR_ARG(ip));
	const struct stix_head h = {type, stix_observable_id(x, type, canonical), WHEN_NONE, 0};
	if (stix_open(x, &h, &m)) {
		member_str(&m, "value", ip);
		members_close(&m);
	}
	return h.id;
}

static void stix_word(struct members *m, const char *key, const char *word)
{
	member_open(m, key, '[');
	member_text(m, NULL, str_c(word));
	member_close(m, 1);
}

static struct str put_bucket(struct stix *x, struct str bucket, int64_t at)
{
	struct members m;
	const struct stix_head h = {"infrastructure", stix_id(x, "infrastructure", bucket),
		STIX_EVER, x->last};
	if (!stix_open(x, &h, &m))
		return h.id;
	member_str(&m, "name", arena_fmt(&x->mem, "S3 bucket %.*s", STR_ARG(bucket)));
	member_str(&m, "description", STR("Named as the destination of a replication that was judged"
		" suspicious."));
	stix_word(&m, "infrastructure_types", "exfiltration");
	member_str(&m, "first_seen", handoff_time(at, &x->mem));
	members_close(&m);
	return h.id;
}

static struct str put_technique(struct stix *x)
{
	struct members m;
	const struct stix_head h = {"attack-pattern", stix_id(x, "attack-pattern", STR("T1537")),
		STIX_EVER, 0};
	if (!stix_open(x, &h, &m))
		return h.id;
	member_str(&m, "name", STR(T1537));
	member_open(&m, "external_references", '[');
	member_open(&m, NULL, '{');
	member_text(&m, "source_name", STR("mitre-attack"));
	member_text(&m, "external_id", STR("T1537"));
	member_text(&m, "url", STR("https://attack.mitre.org/techniques/T1537/"));
	members_close(&m);
	return h.id;
}

/* A valid account is twelve digits, so the pattern needs no escapes. */
static struct str put_indicator(struct stix *x, struct str account, int64_t at)
{
	struct members m;
	const struct stix_head h = {"indicator", stix_id(x, "indicator", account), STIX_EVER, x->last};
	if (!stix_open(x, &h, &m))
		return h.id;
	member_str(&m, "name", arena_fmt(&x->mem, "Replication to AWS account %.*s",
		STR_ARG(account)));
	stix_word(&m, "indicator_types", "malicious-activity");
	member_str(&m, "pattern", arena_fmt(&x->mem, "[user-account:account_type = 'aws-account' AND"
		" user-account:user_id = '%.*s']", STR_ARG(account)));
	member_str(&m, "pattern_type", STR("stix"));
	member_str(&m, "pattern_version", STR("2.1"));
	member_str(&m, "valid_from", handoff_time(at, &x->mem));
	members_close(&m);
	return h.id;
}

/* ---- one alert ---------------------------------------------------------------------------- */

/* Somebody else's account that a rule sends to. */
static bool receives(const struct alert_dest *d)
{
	return d->relation == RELATION_OTHER && handoff_is_account(d->account) &&
		!str_is(d->status, "Disabled");
}

/* Why it is left to judgement, HANDOFF_WHY_COUNT when it is not: an account that was also approved is no
 * sign of evil, and one that S3 did not check is a name that the requester chose. */
static enum handoff_why handoff_stix_put_dest(
	struct stix *x, const struct alert_dest *d, int64_t at, struct stix_ids *seen)
{
	struct str account = handoff_stix_put_account(x, d->account, "aws-account");
	stix_ids_add(x, seen, account);
	if (stix_was_approved(x, d->account))
		return HANDOFF_WHY_CONFLICT;
	if (d->claim) {
		if (d->bucket.n)
			put_bucket(x, d->bucket, at);
		return HANDOFF_WHY_ACCUSED;
	}
	struct str indicator = put_indicator(x, d->account, at);
	relate(x, indicator, "indicates", put_technique(x));
	if (!d->bucket.n)
		return HANDOFF_WHY_COUNT;
	struct str bucket = put_bucket(x, d->bucket, at);
	relate(x, bucket, "consists-of", account);
	relate(x, indicator, "indicates", bucket);
	return HANDOFF_WHY_COUNT;
}

static void handoff_stix_put_dests(
	struct stix *x, const struct handoff_row *r, struct stix_ids *seen)
{
	const struct alert *a = r->row.alert;
	bool left[HANDOFF_WHY_COUNT + 1] = {false};
	for (size_t i = 0; i < a->n_dests; i++)
		if (receives(&a->dests[i]) && !export_dest_repeats(a, i))
			left[handoff_stix_put_dest(x, &a->dests[i], happened_at(r), seen)] = true;
	for (size_t i = 0; i < HANDOFF_WHY_COUNT; i++)
		x->c->report->left[i] += left[i];
}

static struct str put_observed(struct stix *x, const struct handoff_row *r,
	const struct stix_ids *seen)
{
	const struct alert *a = r->row.alert;
	int64_t at = happened_at(r);
	struct members m;
	const struct stix_head h = {"observed-data", stix_id(x, "observed-data",
		a->event_id.n ? a->event_id : a->id), at, 0};
	if (!stix_open(x, &h, &m))
		return h.id;
	member_str(&m, "first_observed", handoff_time(at, &x->mem));
	member_str(&m, "last_observed", handoff_time(at, &x->mem));
	member_int(&m, "number_observed", 1);
	stix_refs(&m, "object_refs", seen);
	members_close(&m);
	return h.id;
}

static void put_note(struct stix *x, const struct handoff_row *r, struct str about)
{
	const struct alert *a = r->row.alert;
	const struct decision *d = r->row.decision;
	struct members m;
	const struct stix_head h = {"note", stix_id(x, "note", a->id.n ? a->id : a->event_id),
		happened_at(r), d->at > happened_at(r) ? d->at : 0};
	const struct stix_ids refs = {&about, 1, 1};
	if (!stix_open(x, &h, &m))
		return;
	member_str(&m, "abstract", arena_fmt(&x->mem, "Replication of S3 bucket %.*s judged suspicious",
		STR_ARG(a->bucket)));
	member_str(&m, "content", arena_fmt(&x->mem, "Bucket %.*s of account %.*s, role %.*s."
		" Judged by %.*s. %.*s %.*s", STR_ARG(a->bucket), STR_ARG(a->owner),
		STR_ARG(a->role), STR_ARG(d->analyst), STR_ARG(d->reason), STR_ARG(d->note)));
	stix_refs(&m, "object_refs", &refs);
	members_close(&m);
}

static void handoff_stix_put_row(struct stix *x, const struct handoff_row *r)
{
	const struct alert *a = r->row.alert;
	struct stix_ids seen = {0};
	handoff_stix_put_dests(x, r, &seen);
	if (a->actor_arn.n)
		stix_ids_add(x, &seen, handoff_stix_put_account(x, a->actor_arn, "aws-principal"));
	struct str address = handoff_stix_put_address(x, a->ip);
	if (address.n)
		stix_ids_add(x, &seen, address);
	if (!seen.n)
		return;
	struct str observed = put_observed(x, r, &seen);
	put_note(x, r, observed);
	for (size_t i = 0; i < a->n_dests; i++)
		if (receives(&a->dests[i]) && !a->dests[i].claim && !stix_was_approved(x, a->dests[i].account))
			relate(x, stix_id(x, "indicator", a->dests[i].account), "based-on", observed);
	x->c->report->used++;
}

/* ---- the bundle ---------------------------------------------------------------------------- */

static void put_identity(struct stix *x)
{
	struct members m;
	struct str who = x->c->origin->analyst.n ? x->c->origin->analyst : STR("unknown");
	x->identity = stix_id(x, "identity", who);
	const struct stix_head h = {"identity", x->identity, STIX_EVER, x->last};
	struct buf origin = {0};
	handoff_origin_write(x->c->origin, &origin);
	stix_open(x, &h, &m);
	/* Before the name, which might hold something that looks like an origin. */
	member_str(&m, "description", arena_fmt(&x->mem, "Analyst. %s", buf_cstr(&origin)));
	member_str(&m, "name", who);
	member_str(&m, "identity_class", STR("individual"));
	members_close(&m);
	buf_fini(&origin);
}

/* Of what the origin says: the same as when there was no check in it. */
static struct str id_of_origin(struct stix *x, const char *type)
{
	AUTO(buf_fini) struct buf text = {0};
	struct handoff_origin o = *x->c->origin;
	o.key = (struct str){0};
	handoff_origin_write(&o, &text);
	return stix_id(x, type, buf_str(&text));
}

static void put_report(struct stix *x)
{
	struct members m;
	struct str head = x->c->origin->head;
	const struct stix_head h = {"report", id_of_origin(x, "report"), x->last, 0};
	struct stix_ids all = x->written; /* all but itself */
	if (!stix_open(x, &h, &m))
		return;
	member_str(&m, "name", STR("Replication of S3 buckets judged suspicious"));
	member_str(&m, "description", arena_fmt(&x->mem, "%zu alerts; from a journal of %lld rows"
		" whose last hash is %.*s.", x->c->report->used, (long long)x->c->origin->rows,
		STR_ARG(head)));
	member_json(&m, "report_types", STR("[\"indicator\",\"observed-data\"]"));
	member_str(&m, "published", handoff_time(x->last, &x->mem));
	stix_refs(&m, "object_refs", &all);
	members_close(&m);
}

void handoff_stix(const struct handoff *c)
{
	struct stix x;
	stix_init(&x, c);
	struct members bundle = members_open(c->out, '{');
	member_str(&bundle, "type", STR("bundle"));
	member_str(&bundle, "id", id_of_origin(&x, "bundle"));
	member_key(&bundle, "objects");
	x.objects = members_open(c->out, '[');
	put_identity(&x);
	for (size_t i = 0; i < c->n; i++)
		if (handoff_is_suspect(c, i))
			handoff_stix_put_row(&x, &c->rows[i]);
	put_report(&x);
	members_close(&x.objects);
	members_close(&bundle);
	buf_char(c->out, '\n');
	stix_fini(&x);
}
