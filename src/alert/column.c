/*
 * column: names of columns and the values that a row has in them. `own` among a row's destinations
 * is true only when all of them are the owner's: an alert with one own and one foreign destination
 * must not hide behind dest:!own.
 */
#include "column_priv.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/when.h"
#include "s3triage/alert/signal.h"

#include <stdio.h>

static bool column_give(struct str value, column_each each, void *arg)
{
	return value.n && each(arg, value);
}

static bool give_number(int64_t n, column_each each, void *arg)
{
	char text[24];
	int len = snprintf(text, sizeof(text), "%lld", (long long)n);
	return each(arg, (struct str){text, (size_t)len});
}

static bool give_time(int64_t ms, column_each each, void *arg)
{
	char text[WHEN_TEXT_MAX];
	return ms != WHEN_NONE && column_give(str_c(when_format(ms, text)), each, arg);
}

static bool give_flag(bool flag, column_each each, void *arg)
{
	return each(arg, flag ? STR("true") : STR("false"));
}

static bool time_values(const struct column_row *r, column_each each, void *arg)
{
	return give_time(r->alert->time, each, arg);
}

static bool made_values(const struct column_row *r, column_each each, void *arg)
{
	return give_time(r->alert->made, each, arg);
}

static bool decided_values(const struct column_row *r, column_each each, void *arg)
{
	return r->decision && give_time(r->decision->at, each, arg);
}

/* What is dated ahead of the clock is not young: it has no age. */
static bool age_values(const struct column_row *r, column_each each, void *arg)
{
	int64_t at = r->alert->time, age = r->now - at;
	return at != WHEN_NONE && age >= -SIGNAL_AHEAD_MS &&
		give_number((age < 0 ? 0 : age) / 1000, each, arg);
}

static bool risk_values(const struct column_row *r, column_each each, void *arg)
{
	return give_number(r->alert->risk, each, arg);
}

static bool verdict_values(const struct column_row *r, column_each each, void *arg)
{
	return each(arg, str_c(verdict_name(r->decision ? r->decision->verdict : VERDICT_OPEN)));
}

static bool reason_values(const struct column_row *r, column_each each, void *arg)
{
	return r->decision && column_give(r->decision->reason, each, arg);
}

static bool note_values(const struct column_row *r, column_each each, void *arg)
{
	return r->decision && column_give(r->decision->note, each, arg);
}

static bool analyst_values(const struct column_row *r, column_each each, void *arg)
{
	return r->decision && column_give(r->decision->analyst, each, arg);
}

static bool principal_values(const struct column_row *r, column_each each, void *arg)
{
	char tmp[ALERT_PRINCIPAL_MAX];
	return column_give(alert_principal(r->alert, tmp), each, arg);
}

static bool disagreement_values(const struct column_row *r, column_each each, void *arg)
{
	return give_flag(r->alert->disagreement, each, arg);
}

static bool kibana_values(const struct column_row *r, column_each each, void *arg)
{
	return give_flag(r->alert->from_kibana, each, arg);
}

static bool read_from_values(const struct column_row *r, column_each each, void *arg)
{
	return each(arg, str_c(read_from_name(r->alert->read_from)));
}

static bool signal_values(const struct column_row *r, column_each each, void *arg)
{
	for (int i = 0; i < SIGNAL_COUNT; i++)
		if ((r->signals >> i & 1) && each(arg, str_c(signal_name((enum signal_index)i))))
			return true;
	return false;
}

static bool score_values(const struct column_row *r, column_each each, void *arg)
{
	return give_number(signals_score(r->signals), each, arg);
}

/* ---- destinations ------------------------------------------------------------------------- */

/* Everything said of the destinations comes from a field of one of them. */
static bool each_dest(const struct column_row *r, size_t field, column_each each, void *arg)
{
	for (size_t i = 0; i < r->alert->n_dests; i++) {
		const char *at = (const char *)&r->alert->dests[i] + field;
		if (column_give(*(const struct str *)(const void *)at, each, arg))
			return true;
	}
	return false;
}

static bool each_relation(const struct column_row *r, bool own_counts, column_each each, void *arg)
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

/* Accounts, never the text as written: a request that names the account "own" must not read as
 * the keyword. */
static bool dest_values(const struct column_row *r, column_each each, void *arg)
{
	return each_dest(r, offsetof(struct alert_dest, account), each, arg) ||
		each_relation(r, false, each, arg) ||
		(all_own(r->alert) && each(arg, STR("own")));
}

static bool relation_values(const struct column_row *r, column_each each, void *arg)
{
	return each_relation(r, true, each, arg);
}

static bool account_values(const struct column_row *r, column_each each, void *arg)
{
	return each_dest(r, offsetof(struct alert_dest, account), each, arg);
}

static bool written_values(const struct column_row *r, column_each each, void *arg)
{
	return each_dest(r, offsetof(struct alert_dest, written), each, arg);
}

static bool dest_bucket_values(const struct column_row *r, column_each each, void *arg)
{
	return each_dest(r, offsetof(struct alert_dest, bucket), each, arg);
}

static bool dest_rule_values(const struct column_row *r, column_each each, void *arg)
{
	return each_dest(r, offsetof(struct alert_dest, rule_id), each, arg);
}

static bool status_values(const struct column_row *r, column_each each, void *arg)
{
	return each_dest(r, offsetof(struct alert_dest, status), each, arg);
}

/* ---- the table ---------------------------------------------------------------------------- */

#define FIELD(member) NULL, offsetof(struct alert, member), KQL_TEXT

static const struct column columns[] = {
	{"verdict", true, verdict_values, 0, KQL_TEXT},
	{"time @timestamp event_time", true, time_values, 0, KQL_TIME},
	{"made alert_time kibana.alert.start", false, made_values, 0, KQL_TIME},
	{"decided decision_time", false, decided_values, 0, KQL_TIME},
	{"age", false, age_values, 0, KQL_NUMBER},
	{"severity kibana.alert.severity", true, FIELD(severity)},
	{"risk risk_score kibana.alert.risk_score", false, risk_values, 0, KQL_NUMBER},
	{"bucket", true, FIELD(bucket)},
	{"owner owner_account", true, FIELD(owner)},
	{"dest destination", false, dest_values, 0, KQL_TEXT},
	{"account dest_account destination_account", true, account_values, 0, KQL_TEXT},
	{"written", true, written_values, 0, KQL_TEXT},
	{"relation", false, relation_values, 0, KQL_TEXT},
	{"dest_bucket destination_bucket", true, dest_bucket_values, 0, KQL_TEXT},
	{"dest_rule replication_rule", true, dest_rule_values, 0, KQL_TEXT},
	{"status dest_status", false, status_values, 0, KQL_TEXT},
	{"role", true, FIELD(role)},
	{"actor user user.name", true, FIELD(actor)},
	{"actor_arn arn aws.cloudtrail.user_identity.arn", true, FIELD(actor_arn)},
	{"principal", false, principal_values, 0, KQL_TEXT},
	{"actor_type aws.cloudtrail.user_identity.type", true, FIELD(actor_type)},
	{"key access_key_id aws.cloudtrail.user_identity.access_key_id", true, FIELD(key_id)},
	{"ip source_ip source.ip source.address", true, FIELD(ip)},
	{"country source.geo.country_name source.geo.country_iso_code", true, FIELD(country)},
	{"agent user_agent user_agent.original", true, FIELD(agent)},
	{"region cloud.region", true, FIELD(region)},
	{"rule rule.name kibana.alert.rule.name", true, FIELD(rule)},
	{"rule_id kibana.alert.rule.rule_id", true, FIELD(rule_id)},
	{"id alert alert_id kibana.alert.uuid", true, FIELD(id)},
	{"event event_id event.id kibana.alert.original_event.id", true, FIELD(event_id)},
	{"source", true, FIELD(source)},
	{"workflow kibana.alert.workflow_status", true, FIELD(workflow_status)},
	{"reason", true, reason_values, 0, KQL_TEXT},
	{"note", true, note_values, 0, KQL_TEXT},
	{"analyst", true, analyst_values, 0, KQL_TEXT},
	{"disagreement", false, disagreement_values, 0, KQL_TEXT},
	{"read_from", false, read_from_values, 0, KQL_TEXT},
	{"signal", false, signal_values, 0, KQL_TEXT},
	{"signals signal_score", false, score_values, 0, KQL_NUMBER},
	{"kibana from_kibana", false, kibana_values, 0, KQL_TEXT},
};

bool column_values(const struct column *c, const struct column_row *row, column_each each,
	void *arg)
{
	if (c->values)
		return c->values(row, each, arg);
	const char *at = (const char *)row->alert + c->field;
	return column_give(*(const struct str *)(const void *)at, each, arg);
}

bool column_all_values(const struct column_row *row, column_each each, void *arg)
{
	for (size_t i = 0; i < ARRAY_LEN(columns); i++)
		if (columns[i].in_words && column_values(&columns[i], row, each, arg))
			return true;
	return false;
}

const struct column *column_find(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(columns); i++) {
		struct str names = str_c(columns[i].names);
		while (names.n)
			if (str_eq_fold(str_cut(&names, ' '), name))
				return &columns[i];
	}
	return NULL;
}

/* ---- did you mean ------------------------------------------------------------------------- */

struct str column_guess(struct str name)
{
	struct str best = {0};
	size_t nearest = name.n / 2 < 3 ? name.n / 2 : 3;
	for (size_t i = 0; i < ARRAY_LEN(columns); i++) {
		struct str names = str_c(columns[i].names);
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
