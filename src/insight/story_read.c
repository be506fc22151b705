/*
 * story_read: what one event says of whoever is asked about, and of keys and sessions that it made. Facts:
 * AssumeRole and its kin answer with credentials.accessKeyId and assumedRoleUser.arn, CreateAccessKey
 * with accessKey.accessKeyId and userName (API references of STS and IAM).
 */
#include "story_priv.h"

#include "s3triage/base/when.h"
#include "s3triage/event/doc.h"

#include <stdio.h>

const char *story_kind_name(enum story_kind k)
{
	static const char *const names[] = {"principal", "key", "address", "bucket", "account"};
	return names[k];
}

/* arn:aws:iam::1:role/path/NAME is arn:aws:sts::1:assumed-role/NAME in its sessions. */
static struct str ask_sessions(struct str arn, struct arena *mem)
{
	struct str name = arn_part(arn, 5);
	size_t at = str_rfind_char(name, '/');
	if (!str_is(arn_part(arn, 2), "iam") || !str_starts(name, STR("role/")) || at == STR_NONE)
		return (struct str){0};
	return arena_fmt(mem, "arn:%.*s:sts::%.*s:assumed-role/%.*s", STR_ARG(arn_part(arn, 1)),
		STR_ARG(arn_part(arn, 4)), STR_ARG(str_sub(name, at + 1, name.n)));
}

struct story_ask story_ask_of(struct str who, const struct rule *rule, struct arena *mem)
{
	struct story_ask q = {.text = who, .kinds = (1u << STORY_KINDS) - 1, .rule = rule};
	for (int k = 0; k < STORY_KINDS; k++) {
		struct str name = str_c(story_kind_name((enum story_kind)k));
		if (!str_starts(who, name) || who.n < name.n + 2 || who.p[name.n] != ':')
			continue;
		q.text = str_sub(who, name.n + 1, who.n);
		q.kinds = 1u << k;
	}
	q.sessions = ask_sessions(q.text, mem);
	return q;
}

/* ---- is it the subject's? ----------------------------------------------------------------------- */

/* "arn:aws:sts::1:assumed-role/NAME" itself, one of its sessions, or one that a person is behind. */
static bool of_sessions(struct str principal, struct str sessions)
{
	struct str rest = str_sub(principal, sessions.n, principal.n);
	return sessions.n && str_starts(principal, sessions) &&
		(!rest.n || rest.p[0] == '/' || str_starts(rest, STR(" as ")));
}

/* An id of AWS's, alone or with the session's name behind it. */
static bool is_id(struct str id, struct str asked)
{
	return id.n && (str_eq(id, asked) || (str_starts(id, asked) && id.p[asked.n] == ':'));
}

static bool is_arn(const struct story_ask *q, const struct deed *d, const struct json *ecs)
{
	static const char *const ids[] = {"user.id",
		"aws.cloudtrail.user_identity.session_context.session_issuer.principal_id"};
	struct str text = q->text;
	if (str_eq(d->told, text) || str_eq(d->what.principal, text) || str_eq(d->what.actor_arn, text) ||
		of_sessions(d->what.principal, q->sessions) ||
		str_eq(doc_str(ecs, "aws.cloudtrail.user_identity.session_context.session_issuer.arn"), text))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(ids); i++)
		if (is_id(doc_str(ecs, ids[i]), text))
			return true;
	return false;
}

static bool is_account_id(struct str text)
{
	return text.n == 12 && str_digits(text);
}

static bool ends_as(struct str principal, struct str person)
{
	struct str head = str_sub(principal, 0, principal.n - (person.n < principal.n ? person.n : 0));
	return str_ends(principal, person) && str_ends(head, STR(" as "));
}

/* ---- what a request names ----------------------------------------------------------------------- */

static bool is_inner(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

/* As a word of its own; of a bucket, where an ARN has it. */
static bool text_names(struct str text, struct str asked, bool account)
{
	for (size_t at; (at = str_find(text, asked)) != STR_NONE; text = str_sub(text, at + 1, text.n)) {
		struct str before = str_sub(text, 0, at), after = str_sub(text, at + asked.n, text.n);
		bool begins = account ? !before.n || !is_inner(before.p[before.n - 1]) : str_ends(before, STR("s3:::"));
		if (begins && (!after.n || !is_inner(after.p[0])))
			return true;
	}
	return false;
}

static bool tree_names(const struct json *v, struct str asked, bool account)
{
	char tmp[JSON_SCALAR_MAX];
	if (text_names(json_text(v, tmp), asked, account) || text_names(json_key(v), asked, account))
		return true;
	for (const struct json *m = json_first(v); m; m = json_next(m))
		if (tree_names(m, asked, account))
			return true;
	return false;
}

/* The request as the event has it: as an object, or as a text. */
static bool names_text(const struct story_ask *q, const struct json *ecs, const struct json *raw,
	bool account)
{
	const struct json *request = json_get(raw, "requestParameters");
	struct str original = doc_str(ecs, "event.original");
	struct str text = doc_str(ecs, "aws.cloudtrail.request_parameters");
	if (request)
		return tree_names(request, q->text, account);
	if (original.n)
		text = str_sub(original, str_find(original, STR("\"requestParameters\"")), original.n);
	return text_names(text, q->text, account) ||
		tree_names(doc_get(ecs, STR("aws.cloudtrail.flattened.request_parameters")), q->text, account);
}

static unsigned as_caller(const struct story_ask *q, const struct deed *d, const struct json *ecs)
{
	const struct activity *a = &d->what;
	struct str text = q->text;
	if (is_arn(q, d, ecs))
		return AS_ARN;
	if (is_account_id(text)) /* root is called as its account is */
		return 0;
	return str_eq_fold(a->actor, text) || str_eq_fold(session_of(a->actor_arn), text) ||
		ends_as(a->principal, text) ? AS_NAME : 0;
}

static unsigned as_account(const struct story_ask *q, const struct deed *d, const struct json *ecs,
	const struct json *raw)
{
	struct str text = q->text, arn = d->what.actor_arn;
	if (!is_account_id(text))
		return 0;
	return str_eq(d->account, text) || str_eq(doc_str(ecs, "cloud.account.id"), text) ||
		(str_starts(arn, STR("arn:")) && str_eq(arn_part(arn, 4), text)) ||
		names_text(q, ecs, raw, true) ? AS_ACCOUNT : 0;
}

static unsigned as_bucket(const struct story_ask *q, const struct deed *d, const struct json *ecs,
	const struct json *raw)
{
	return str_eq(d->what.bucket, q->text) || names_text(q, ecs, raw, false) ? AS_BUCKET : 0;
}

static bool story_asks(const struct story_ask *q, enum story_kind k)
{
	return q->kinds & 1u << k;
}

static unsigned story_as(const struct story_ask *q, const struct deed *d, const struct json *ecs,
	const struct json *raw)
{
	struct str text = q->text;
	unsigned as = 0;
	if (!text.n)
		return 0;
	as |= story_asks(q, STORY_PRINCIPAL) ? as_caller(q, d, ecs) : 0;
	as |= story_asks(q, STORY_KEY) && str_eq(d->what.key_id, text) ? AS_KEY : 0;
	as |= story_asks(q, STORY_ADDRESS) && str_eq(d->what.ip, text) ? AS_ADDRESS : 0;
	as |= story_asks(q, STORY_BUCKET) ? as_bucket(q, d, ecs, raw) : 0;
	as |= story_asks(q, STORY_ACCOUNT) ? as_account(q, d, ecs, raw) : 0;
	return as;
}

/* ---- keys and sessions that it made --------------------------------------------------------------- */

/* The answer or the request: of the raw event, else of its source, the flattened twin or the text. */
static struct json *story_part(const struct json *ecs, const struct json *raw, const char *name,
	const char *field)
{
	char path[80];
	bool doubtful, cut;
	if (json_get(raw, name))
		return json_copy(json_get(raw, name));
	struct str original = doc_str(ecs, "event.original");
	AUTO(json_free_ptr) struct json *owned = original.n ? json_parse(original, NULL) : NULL;
	if (json_get(owned, name))
		return json_copy(json_get(owned, name));
	snprintf(path, sizeof(path), "aws.cloudtrail.flattened.%s", field);
	const struct json *twin = doc_get(ecs, str_c(path));
	if (twin)
		return json_copy(twin);
	snprintf(path, sizeof(path), "aws.cloudtrail.%s", field);
	struct str text = doc_str(ecs, path);
	return text.n ? mapstring_parse(text, &doubtful, &cut) : NULL;
}

static struct str part_text(const struct json *part, const char *a, const char *b, struct arena *mem)
{
	struct str text = part ? doc_str(part, a) : (struct str){0};
	if (!text.n && b && part)
		text = doc_str(part, b);
	return text.n ? arena_str(mem, str_sub(text, 0, 2048)) : text;
}

static bool makes_keys(struct str name)
{
	static const char *const names[] = {"AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity",
		"AssumeRoot", "GetFederationToken", "GetSessionToken", "CreateAccessKey"};
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (str_is(name, names[i]))
			return true;
	return false;
}

static const struct story_link *read_link(const struct deed *d, const struct json *ecs,
	const struct json *raw, struct arena *mem)
{
	if (!makes_keys(d->name) || d->what.result.n)
		return NULL;
	AUTO(json_free_ptr) struct json *answer = story_part(ecs, raw, "responseElements", "response_elements");
	AUTO(json_free_ptr) struct json *request = story_part(ecs, raw, "requestParameters", "request_parameters");
	struct story_link *l = arena_alloc(mem, sizeof(*l));
	*l = (struct story_link){.time = d->what.time, .call = d->name, .by = d->told, .by_key = d->what.key_id,
		.by_arn = d->what.actor_arn,
		.key = part_text(answer, "credentials.accessKeyId", "accessKey.accessKeyId", mem),
		.arn = part_text(answer, "assumedRoleUser.arn", "federatedUser.arn", mem),
		.user = part_text(answer, "accessKey.userName", NULL, mem)};
	struct str sessions = ask_sessions(part_text(request, "roleArn", NULL, mem), mem);
	struct str name = part_text(request, "roleSessionName", NULL, mem);
	if (!l->arn.n && sessions.n && name.n)
		l->arn = arena_fmt(mem, "%.*s/%.*s", STR_ARG(sessions), STR_ARG(name));
	return l->key.n || l->arn.n ? l : NULL;
}

/* ---- the event ------------------------------------------------------------------------------------ */

static const struct story_alert *read_alert(const struct story_ask *q, const struct story_input *in,
	struct arena *mem)
{
	struct alert a;
	struct rule_run *run = q->rule && in->shape != SHAPE_ALERT ? rule_run_new(q->rule) : NULL;
	bool matched = in->shape == SHAPE_ALERT || (run && rule_match(q->rule, run, in->ecs));
	rule_run_free(run);
	if (!matched)
		return NULL;
	const struct alert_rule rule = q->rule ?
		(struct alert_rule){q->rule->name, q->rule->rule_id, q->rule->severity, q->rule->risk} :
		(struct alert_rule){.risk = 0};
	const struct alert_input input = {in->ecs, in->raw, in->shape, &rule, 0};
	if (!alert_read_input(&input, mem, &a))
		return NULL;
	struct story_alert *out = arena_alloc(mem, sizeof(*out));
	*out = (struct story_alert){a.time, a.id, a.bucket, alert_main_dest(&a)->account, a.key_id};
	return out;
}

static void story_values(const struct deed *d, struct arena *mem, struct story_event *out)
{
	char when[WHEN_TEXT_MAX] = "";
	const struct activity *a = &d->what;
	enum story_table class = a->call != CALL_NONE && call_in_guide(a->call) ? STORY_TABLE_guide :
		d->reads ? STORY_TABLE_reads : STORY_TABLE_changes;
	struct str service = d->service, tail = STR(".amazonaws.com");
	service.n -= str_ends(service, tail) ? tail.n : 0;
	if (a->time != WHEN_NONE)
		when_format(a->time, when);
	struct str time = arena_str(mem, str_c(when));
	out->values[class] = out->call;
	out->values[STORY_TABLE_error] = a->result;
	out->values[STORY_TABLE_principal] = d->told;
	out->values[STORY_TABLE_key] = a->key_id;
	out->values[STORY_TABLE_address] = a->ip;
	out->values[STORY_TABLE_agent] = str_sub(d->agent, 0, str_find(d->agent, STR(" command/")));
	out->values[STORY_TABLE_region] = a->region;
	out->values[STORY_TABLE_service] = service;
	out->values[STORY_TABLE_bucket] = a->bucket;
	out->values[STORY_TABLE_account] = d->account;
	out->values[STORY_TABLE_hour] = str_sub(time, 11, 13);
	out->values[STORY_TABLE_day] = str_sub(time, 0, 10);
}

static struct str story_once(const struct deed *d, struct arena *mem)
{
	const struct activity *a = &d->what;
	if (!a->event_id.n)
		return a->event_id;
	return arena_fmt(mem, "%.*s\n%lld\n%.*s\n%.*s", STR_ARG(a->event_id), (long long)a->time,
		STR_ARG(d->name), STR_ARG(d->account));
}

const struct story_event *story_read(const struct story_ask *q, const struct story_input *in,
	struct arena *mem)
{
	struct deed d;
	if (in->shape == SHAPE_FINDING || !deed_read(in->ecs, in->raw, mem, &d))
		return NULL;
	const struct activity *a = &d.what;
	struct story_event *e = arena_alloc(mem, sizeof(*e));
	*e = (struct story_event){.one = {a->time, a->result.n > 0, d.denied},
		.as = story_as(q, &d, in->ecs, in->raw), .once = story_once(&d, mem), .call = deed_call(&d, mem)};
	e->link = read_link(&d, in->ecs, in->raw, mem);
	e->session = session_of(a->actor_arn).n ? a->actor_arn : (struct str){0};
	e->names[STORY_PRINCIPAL] = d.told;
	e->names[STORY_KEY] = a->key_id;
	e->names[STORY_ADDRESS] = a->ip;
	e->names[STORY_BUCKET] = a->bucket;
	e->names[STORY_ACCOUNT] = d.account;
	if (!e->as)
		return e;
	story_values(&d, mem, e);
	e->alert = read_alert(q, in, mem);
	return e;
}
