/*
 * fact: what is known of an alert, a row for each fact: its names in the filter, its key in the journal,
 * where struct alert has it. `own` among a row's destinations is true only when all of them are the
 * owner's: an alert with one own and one foreign destination must not hide behind dest:!own.
 */
#include "s3triage/alert/fact.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/when.h"
#include "s3triage/alert/signal.h"

#include <stdio.h>

static bool fact_give(struct str value, fact_each each, void *arg)
{
	return value.n && each(arg, value);
}

static bool give_number(int64_t n, fact_each each, void *arg)
{
	char text[24];
	int len = snprintf(text, sizeof(text), "%lld", (long long)n);
	return each(arg, (struct str){text, (size_t)len});
}

static bool give_time(int64_t ms, fact_each each, void *arg)
{
	char text[WHEN_TEXT_MAX];
	return ms != WHEN_NONE && fact_give(str_c(when_format(ms, text)), each, arg);
}

static bool give_flag(bool flag, fact_each each, void *arg)
{
	return each(arg, flag ? STR("true") : STR("false"));
}

static bool decided_values(const struct fact_row *r, fact_each each, void *arg)
{
	return r->decision && give_time(r->decision->at, each, arg);
}

/* What is dated ahead of the clock is not young: it has no age. */
static bool age_values(const struct fact_row *r, fact_each each, void *arg)
{
	int64_t at = r->alert->time, age = r->now - at;
	return at != WHEN_NONE && age >= -SIGNAL_AHEAD_MS &&
		give_number((age < 0 ? 0 : age) / 1000, each, arg);
}

static bool verdict_values(const struct fact_row *r, fact_each each, void *arg)
{
	return each(arg, str_c(verdict_name(r->decision ? r->decision->verdict : VERDICT_OPEN)));
}

static bool reason_values(const struct fact_row *r, fact_each each, void *arg)
{
	return r->decision && fact_give(r->decision->reason, each, arg);
}

static bool note_values(const struct fact_row *r, fact_each each, void *arg)
{
	return r->decision && fact_give(r->decision->note, each, arg);
}

static bool analyst_values(const struct fact_row *r, fact_each each, void *arg)
{
	return r->decision && fact_give(r->decision->analyst, each, arg);
}

static bool principal_values(const struct fact_row *r, fact_each each, void *arg)
{
	char tmp[ALERT_PRINCIPAL_MAX];
	return fact_give(alert_principal(r->alert, tmp), each, arg);
}

static bool who_values(const struct fact_row *r, fact_each each, void *arg)
{
	char tmp[ALERT_WHO_MAX];
	return fact_give(alert_who(r->alert, tmp), each, arg);
}

/* The short name, and what the column shows. */
static bool actor_values(const struct fact_row *r, fact_each each, void *arg)
{
	return fact_give(r->alert->actor, each, arg) || who_values(r, each, arg);
}

static bool read_from_values(const struct fact_row *r, fact_each each, void *arg)
{
	return each(arg, str_c(read_from_name(r->alert->read_from)));
}

static bool signal_values(const struct fact_row *r, fact_each each, void *arg)
{
	for (int i = 0; i < SIGNAL_COUNT; i++)
		if ((r->signals >> i & 1) && each(arg, str_c(signal_name((enum signal_index)i))))
			return true;
	return fact_give(str_c(signals_marks(signals_score(r->signals))), each, arg);
}

static bool now_values(const struct fact_row *r, fact_each each, void *arg)
{
	return each(arg, str_c(now_name(r->became)));
}

static bool score_values(const struct fact_row *r, fact_each each, void *arg)
{
	return give_number(signals_score(r->signals), each, arg);
}

/* ---- destinations ------------------------------------------------------------------------- */

/* Everything said of the destinations comes from a field of one of them. */
static bool each_dest(const struct fact_row *r, size_t field, fact_each each, void *arg)
{
	for (size_t i = 0; i < r->alert->n_dests; i++) {
		const char *at = (const char *)&r->alert->dests[i] + field;
		if (fact_give(*(const struct str *)(const void *)at, each, arg))
			return true;
	}
	return false;
}

static bool each_relation(const struct fact_row *r, bool own_counts, fact_each each, void *arg)
{
	for (size_t i = 0; i < r->alert->n_dests; i++) {
		enum relation rel = r->alert->dests[i].relation;
		if ((own_counts || rel != RELATION_OWN) && each(arg, str_c(relation_name(rel))))
			return true;
	}
	return false;
}

static bool all_own(const struct alert *a)
{
	for (size_t i = 0; i < a->n_dests; i++)
		if (a->dests[i].relation != RELATION_OWN)
			return false;
	return a->n_dests > 0;
}

/* The column's words for what is no account. */
static bool each_shown(const struct alert *a, fact_each each, void *arg)
{
	for (size_t i = 0; i < a->n_dests; i++) {
		enum relation rel = a->dests[i].relation;
		if ((rel == RELATION_UNNAMED && each(arg, STR("not named"))) ||
			(rel == RELATION_INVALID && each(arg, STR("invalid id"))))
			return true;
	}
	return false;
}

/* Accounts, never the text as written: a request that names the account "own" must not read as
 * the keyword. */
static bool dest_values(const struct fact_row *r, fact_each each, void *arg)
{
	return each_dest(r, offsetof(struct alert_dest, account), each, arg) ||
		each_relation(r, false, each, arg) || each_shown(r->alert, each, arg) ||
		(all_own(r->alert) && (each(arg, STR("own")) || each(arg, STR("own account"))));
}

static bool relation_values(const struct fact_row *r, fact_each each, void *arg)
{
	return each_relation(r, true, each, arg);
}

static bool account_values(const struct fact_row *r, fact_each each, void *arg)
{
	return each_dest(r, offsetof(struct alert_dest, account), each, arg);
}

static bool written_values(const struct fact_row *r, fact_each each, void *arg)
{
	return each_dest(r, offsetof(struct alert_dest, written), each, arg);
}

static bool dest_bucket_values(const struct fact_row *r, fact_each each, void *arg)
{
	return each_dest(r, offsetof(struct alert_dest, bucket), each, arg);
}

static bool dest_rule_values(const struct fact_row *r, fact_each each, void *arg)
{
	return each_dest(r, offsetof(struct alert_dest, rule_id), each, arg);
}

static bool status_values(const struct fact_row *r, fact_each each, void *arg)
{
	return each_dest(r, offsetof(struct alert_dest, status), each, arg);
}

/* ---- the table ---------------------------------------------------------------------------- */

#define TEXT(member) FACT_TEXT, offsetof(struct alert, member), NULL
#define TIME(member) FACT_TIME, offsetof(struct alert, member), NULL
#define FLAG(member) FACT_FLAG, offsetof(struct alert, member), NULL
#define ASKED(type, values) type, 0, values

/* Texts, times, numbers, flags: in this order the journal has them. */
static const struct fact facts[] = {
	{"id alert alert_id kibana.alert.uuid", "id", FACT_IN_WORDS | FACT_NAMES, TEXT(id)},
	{"event event_id event.id kibana.alert.original_event.id", "event_id", FACT_IN_WORDS | FACT_NAMES,
		TEXT(event_id)},
	{NULL, "shared_event_id", FACT_NAMES | FACT_LATER, TEXT(shared_id)},
	{NULL, "also_ids", FACT_OF_ONE, TEXT(also)},
	{"rule rule.name kibana.alert.rule.name", "rule", FACT_IN_WORDS, TEXT(rule)},
	{"rule_id kibana.alert.rule.rule_id", "rule_id", FACT_IN_WORDS, TEXT(rule_id)},
	{"severity kibana.alert.severity", "severity", FACT_IN_WORDS, TEXT(severity)},
	{"bucket", "bucket", FACT_IN_WORDS, TEXT(bucket)},
	{"owner owner_account", "owner_account", FACT_IN_WORDS, TEXT(owner)},
	{"role", "role", FACT_IN_WORDS, TEXT(role)},
	{NULL, "actor", FACT_IN_WORDS, TEXT(actor)},
	{"actor_arn arn aws.cloudtrail.user_identity.arn", "actor_arn", FACT_IN_WORDS, TEXT(actor_arn)},
	{NULL, "issuer_arn", 0, TEXT(issuer_arn)},
	{"actor_type aws.cloudtrail.user_identity.type", "actor_type", FACT_IN_WORDS, TEXT(actor_type)},
	{"key access_key_id aws.cloudtrail.user_identity.access_key_id", "access_key_id", FACT_IN_WORDS,
		TEXT(key_id)},
	{"ip source_ip source.ip source.address", "source_ip", FACT_IN_WORDS, TEXT(ip)},
	{"region cloud.region", "region", FACT_IN_WORDS, TEXT(region)},
	{"agent user_agent user_agent.original", "user_agent", FACT_IN_WORDS, TEXT(agent)},
	{"country source.geo.country_name source.geo.country_iso_code", "country", FACT_IN_WORDS,
		TEXT(country)},
	{NULL, "invoked_by", 0, TEXT(invoked_by)},
	{NULL, "vpc_endpoint_id", 0, TEXT(endpoint)},
	{"workflow kibana.alert.workflow_status", "workflow_status", FACT_IN_WORDS, TEXT(workflow_status)},
	{"source", "source", FACT_IN_WORDS | FACT_OF_ONE, TEXT(source)},
	{"found_in", "found_in", FACT_OF_ONE, TEXT(found_in)},
	{NULL, "origin", FACT_LATER, TEXT(origin)},
	{NULL, "role_account", FACT_LATER, TEXT(role_account)},
	{NULL, "caller_account", FACT_LATER, TEXT(caller_account)},
	{NULL, "destination_partition", FACT_LATER, TEXT(dest_partition)},
	{NULL, "destination_region", FACT_LATER, TEXT(dest_region)},
	{"session", "session", FACT_IN_WORDS, TEXT(session)},
	{"person source_identity", "person", FACT_IN_WORDS, TEXT(person)},
	{"provider identity_provider", "identity_provider", FACT_IN_WORDS, TEXT(provider)},
	{"time @timestamp event_time", "time", FACT_IN_WORDS, TIME(time)},
	{"made alert_time kibana.alert.start", "made", 0, TIME(made)},
	{NULL, "ingested", 0, TIME(ingested)},
	{"risk risk_score kibana.alert.risk_score", "risk_score", 0, FACT_INT, offsetof(struct alert, risk), NULL},
	{"disagreement", "disagreement", 0, FLAG(disagreement)},
	{"kibana from_kibana", "from_kibana", 0, FLAG(from_kibana)},
	{"verdict", NULL, FACT_IN_WORDS, ASKED(FACT_TEXT, verdict_values)},
	{"decided decision_time", NULL, 0, ASKED(FACT_TIME, decided_values)},
	{"age", NULL, 0, ASKED(FACT_INT, age_values)},
	{"dest destination", NULL, 0, ASKED(FACT_TEXT, dest_values)},
	{"account dest_account destination_account", NULL, FACT_IN_WORDS, ASKED(FACT_TEXT, account_values)},
	{"written", NULL, FACT_IN_WORDS, ASKED(FACT_TEXT, written_values)},
	{"relation", NULL, 0, ASKED(FACT_TEXT, relation_values)},
	{"dest_bucket destination_bucket", NULL, FACT_IN_WORDS, ASKED(FACT_TEXT, dest_bucket_values)},
	{"dest_rule replication_rule", NULL, FACT_IN_WORDS, ASKED(FACT_TEXT, dest_rule_values)},
	{"status dest_status", NULL, 0, ASKED(FACT_TEXT, status_values)},
	{"actor user user.name", NULL, 0, ASKED(FACT_TEXT, actor_values)},
	{"principal", NULL, 0, ASKED(FACT_TEXT, principal_values)},
	{"who", NULL, FACT_IN_WORDS, ASKED(FACT_TEXT, who_values)},
	{"reason", NULL, FACT_IN_WORDS, ASKED(FACT_TEXT, reason_values)},
	{"note", NULL, FACT_IN_WORDS, ASKED(FACT_TEXT, note_values)},
	{"analyst", NULL, FACT_IN_WORDS, ASKED(FACT_TEXT, analyst_values)},
	{"read_from", NULL, 0, ASKED(FACT_TEXT, read_from_values)},
	{"signal", NULL, 0, ASKED(FACT_TEXT, signal_values)},
	{"now", NULL, 0, ASKED(FACT_TEXT, now_values)},
	{"signals signal_score", NULL, 0, ASKED(FACT_INT, score_values)},
};

const struct fact *facts_all(size_t *n)
{
	*n = ARRAY_LEN(facts);
	return facts;
}

bool fact_values(const struct fact *f, const struct fact_row *row, fact_each each, void *arg)
{
	if (f->values)
		return f->values(row, each, arg);
	switch (f->type) {
	case FACT_TEXT:
		return fact_give(*fact_text(row->alert, f), each, arg);
	case FACT_TIME:
		return give_time(*fact_time(row->alert, f), each, arg);
	case FACT_INT:
		return give_number(*fact_int(row->alert, f), each, arg);
	case FACT_FLAG:
		break;
	}
	return give_flag(*fact_flag(row->alert, f), each, arg);
}

bool fact_in_words(const struct fact_row *row, fact_each each, void *arg)
{
	for (size_t i = 0; i < ARRAY_LEN(facts); i++)
		if (facts[i].how & FACT_IN_WORDS && fact_values(&facts[i], row, each, arg))
			return true;
	return false;
}

const struct fact *fact_find(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(facts); i++) {
		struct str names = str_c(facts[i].names ? facts[i].names : "");
		while (names.n)
			if (str_eq_fold(str_cut(&names, ' '), name))
				return &facts[i];
	}
	return NULL;
}

const struct fact *fact_of_key(const char *key)
{
	for (size_t i = 0; i < ARRAY_LEN(facts); i++)
		if (facts[i].key && str_is(str_c(facts[i].key), key))
			return &facts[i];
	return NULL;
}

/* ---- did you mean ------------------------------------------------------------------------- */

struct str fact_guess(struct str name)
{
	struct str best = {0};
	size_t nearest = name.n / 2 < 3 ? name.n / 2 : 3;
	for (size_t i = 0; i < ARRAY_LEN(facts); i++) {
		struct str names = str_c(facts[i].names ? facts[i].names : "");
		struct str main_name = names;
		main_name.n = str_find_char(names, ' ') == STR_NONE ? names.n :
			str_find_char(names, ' ');
		while (names.n) {
			size_t d = str_distance(str_cut(&names, ' '), name);
			if (d < nearest || (d == nearest && !best.n && d)) {
				nearest = d;
				best = main_name;
			}
		}
	}
	return best;
}
