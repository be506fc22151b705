/*
 * export_json: alerts and decisions as JSON: the line of `list --json`, NDJSON rows, and the whole
 * as one object. Keys and their order are promised; later keys go to the end.
 */
#include "export_priv.h"

static void put_list_dest(struct members *list, const struct alert_dest *d)
{
	member_key(list, NULL);
	struct members m = members_open(list->out, '{');
	member_str(&m, "account", d->account);
	member_str(&m, "bucket", d->bucket);
	member_str(&m, "relation", str_c(relation_name(d->relation)));
	member_str(&m, "rule_id", d->rule_id);
	member_str(&m, "status", d->status);
	member_str(&m, "prefix", d->prefix);
	member_str(&m, "tags", d->tags);
	member_bool(&m, "claim", d->claim);
	member_str(&m, "written", d->written);
	members_close(&m, '}');
}

void export_list_dests(struct members *m, const struct alert *a)
{
	member_key(m, "destinations");
	struct members list = members_open(m->out, '[');
	for (size_t i = 0; i < a->n_dests; i++)
		put_list_dest(&list, &a->dests[i]);
	members_close(&list, ']');
}

static void put_rule(struct members *m, const struct alert *a)
{
	member_str(m, "rule", a->rule);
	member_str(m, "rule_id", a->rule_id);
	member_str(m, "severity", a->severity);
	member_int(m, "risk_score", a->risk);
}

static void put_actor(struct members *m, const struct alert *a)
{
	member_str(m, "role", a->role);
	member_str(m, "actor_arn", a->actor_arn);
	member_str(m, "access_key_id", a->key_id);
	member_str(m, "source_ip", a->ip);
	member_str(m, "region", a->region);
}

void export_list_json(const struct alert *a, const struct decision *d, struct buf *out)
{
	struct members m = members_open(out, '{');
	member_str(&m, "id", a->id);
	member_str(&m, "event_id", a->event_id);
	member_time(&m, "time", a->time);
	member_str(&m, "rule", a->rule);
	member_str(&m, "rule_id", a->rule_id);
	member_str(&m, "severity", a->severity);
	member_int(&m, "risk_score", a->risk);
	member_str(&m, "verdict", str_c(verdict_name(d ? d->verdict : VERDICT_OPEN)));
	member_str(&m, "bucket", a->bucket);
	member_str(&m, "owner_account", a->owner);
	export_list_dests(&m, a);
	put_actor(&m, a);
	struct str from = str_c(read_from_name(a->read_from));
	member_str(&m, "read_from", a->read_from == READ_NOTHING ? (struct str){0} : from);
	member_bool(&m, "disagreement", a->disagreement);
	member_str(&m, "source", a->source);
	member_traits(&m, "traits", a->traits);
	member_str(&m, "role_account", a->role_account);
	member_str(&m, "caller_account", a->caller_account);
	member_str(&m, "workflow_status", a->workflow_status);
	members_close(&m, '}');
}

/* Lists side by side: entry i of one belongs to entry i of the others. */
static void export_json_put_dests(
	struct members *m, const struct alert *a, enum export_dest_part part)
{
	static const char *const keys[] = {"destination_accounts", "destination_buckets",
		"destination_accounts_written"};
	member_key(m, keys[part]);
	struct members list = members_open(m->out, '[');
	for (size_t i = 0; i < a->n_dests; i++)
		if (!export_dest_repeats(a, i))
			member_str(&list, NULL, export_dest_part(&a->dests[i], part));
	members_close(&list, ']');
}

static void export_json_put_checklist(struct members *m, const struct export_row *row)
{
	const struct {
		const char *key;
		size_t n;
	} counts[] = {{"checklist_done", row->checklist.done},
		{"checklist_open", row->checklist.open},
		{"checklist_answered", row->checklist.answered}};
	for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
		if (row->checklist.known)
			member_int(m, counts[i].key, (int64_t)counts[i].n);
		else
			member_str(m, counts[i].key, (struct str){0});
	}
}

/* `about` is for rows that stand alone. */
static void export_json_put_row(
	const struct export_row *row, const struct export_about *about, struct buf *out)
{
	static const struct decision none = {.at = INT64_MIN};
	const struct alert *a = row->alert;
	const struct decision *d = row->decision ? row->decision : &none;
	struct members m = members_open(out, '{');
	member_int(&m, "schema_version", EXPORT_SCHEMA);
	member_str(&m, "verdict", str_c(verdict_name(export_verdict(row))));
	member_str(&m, "reason", d->reason);
	member_str(&m, "note", d->note);
	member_str(&m, "analyst", d->analyst);
	member_time(&m, "event_time", a->time);
	member_time(&m, "alert_time", a->made);
	member_time(&m, "decision_time", decision_made(d));
	member_str(&m, "alert_id", a->id);
	member_str(&m, "event_id", a->event_id);
	put_rule(&m, a);
	member_str(&m, "bucket", a->bucket);
	member_str(&m, "owner_account", a->owner);
	export_json_put_dests(&m, a, DEST_ACCOUNT);
	export_json_put_dests(&m, a, DEST_BUCKET);
	put_actor(&m, a);
	member_bool(&m, "disagreement", a->disagreement);
	export_json_put_checklist(&m, row);
	export_json_put_dests(&m, a, DEST_WRITTEN);
	if (about) {
		member_int(&m, "journal_rows", about->journal_rows);
		member_str(&m, "journal_head", str_c(about->journal_head));
		member_str(&m, "export", about->origin);
	}
	members_close(&m, '}');
}

void export_ndjson(const struct export_row *rows, size_t n, const struct export_about *about,
	struct buf *out)
{
	for (size_t i = 0; i < n; i++) {
		export_json_put_row(&rows[i], about, out);
		buf_char(out, '\n');
	}
}

void export_json(const struct export_row *rows, size_t n, const struct export_about *about,
	struct buf *out)
{
	struct members m = members_open(out, '{');
	member_int(&m, "schema_version", EXPORT_SCHEMA);
	member_time(&m, "made", about->made);
	member_str(&m, "analyst", about->analyst);
	member_key(&m, "journal");
	struct members journal = members_open(out, '{');
	member_int(&journal, "rows", about->journal_rows);
	member_str(&journal, "head", str_c(about->journal_head));
	members_close(&journal, '}');
	member_key(&m, "decisions");
	struct members list = members_open(out, '[');
	for (size_t i = 0; i < n; i++) {
		member_key(&list, NULL);
		buf_char(out, '\n');
		export_json_put_row(&rows[i], NULL, out);
	}
	members_close(&list, ']');
	member_str(&m, "export", about->origin);
	members_close(&m, '}');
	buf_char(out, '\n');
}
