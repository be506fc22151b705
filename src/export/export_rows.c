/*
 * export_rows: what the formats ask about a row.
 */
#include "export_priv.h"

#include "s3triage/alert/fact.h"
#include "s3triage/base/lines.h"
#include "s3triage/base/when.h"

struct str export_dest_part(const struct alert_dest *d, enum export_dest_part part)
{
	return part == DEST_ACCOUNT ? d->account : part == DEST_BUCKET ? d->bucket :
		part == DEST_WRITTEN ? d->written :
		part == DEST_CLAIM ? d->claim ? STR("claimed") : (struct str){0} : d->manner;
}

bool export_dest_repeats(const struct alert *a, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (str_eq(a->dests[k].account, a->dests[i].account) &&
			(a->dests[i].account.n || str_eq(a->dests[k].written, a->dests[i].written)) &&
			str_eq(a->dests[k].bucket, a->dests[i].bucket))
			return true;
	return false;
}

const char *export_now_text(enum now_state now)
{
	static const char *const words[] = {[NOW_UNKNOWN] = "unknown: what was read does not say",
		[NOW_ACTIVE] = "active: nothing that was read changed it", [NOW_CHANGED] = "changed: another"
		" configuration replaced it", [NOW_REMOVED] = "removed: the bucket's replication was deleted, or the"
		" bucket", [NOW_DISABLED] = "disabled: it stands, and none of its rules is switched on"};
	return words[(unsigned)now < ARRAY_LEN(words) ? (unsigned)now : 0];
}

enum verdict export_verdict(const struct export_row *row)
{
	return row->decision ? row->decision->verdict : VERDICT_OPEN;
}

int export_row_cmp(const void *left, const void *right)
{
	const struct alert *a = ((const struct export_row *)left)->alert;
	const struct alert *b = ((const struct export_row *)right)->alert;
	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	int c = str_cmp(a->id, b->id);
	if (c == 0)
		c = str_cmp(a->event_id, b->event_id);
	return c ? c : str_cmp(a->rule_id, b->rule_id);
}

/* ---- the columns ---------------------------------------------------------------------------- */

/* What is neither a fact, nor the decision's, nor a count. */
enum cell_other { CELL_SCHEMA, CELL_VERDICT, CELL_DECIDED, CELL_WHO, CELL_ROWS, CELL_HEAD, CELL_ORIGIN,
	CELL_NOW };

static void cell_other(const struct export_row *row, const struct export_about *about,
	enum cell_other what, struct export_cell *out)
{
	switch (what) {
	case CELL_SCHEMA:
		out->n = EXPORT_SCHEMA;
		break;
	case CELL_VERDICT:
		out->text = str_c(verdict_name(export_verdict(row)));
		break;
	case CELL_DECIDED:
		out->n = row->decision ? decision_made(row->decision) : WHEN_NONE;
		break;
	case CELL_WHO:
		out->text = alert_who(row->alert, out->made);
		break;
	case CELL_NOW:
		out->text = str_c(now_name(row->now));
		break;
	case CELL_ROWS:
		out->n = about->journal_rows;
		break;
	case CELL_HEAD:
		out->text = str_c(about->journal_head);
		break;
	case CELL_ORIGIN:
		out->text = about->origin;
		break;
	}
}

#define FACT(name, type, key) {name, type, FROM_FACT, key, 0, false}
#define DECISION(name, member) \
	{name, CELL_TEXT, FROM_DECISION, NULL, offsetof(struct decision, member), false}
#define STEPS(name, member) \
	{name, CELL_INT, FROM_STEPS, NULL, offsetof(struct export_row, checklist.member), false}
#define DESTS(name, part) {name, CELL_DESTS, FROM_DESTS, NULL, part, false}
#define OTHER(name, type, what) {name, type, FROM_OTHER, NULL, what, false}
#define ALONE(name, type, what) {name, type, FROM_OTHER, NULL, what, true}

static const struct export_column columns[] = {
	OTHER("schema_version", CELL_INT, CELL_SCHEMA),
	OTHER("verdict", CELL_TEXT, CELL_VERDICT),
	DECISION("reason", reason), DECISION("note", note), DECISION("analyst", analyst),
	FACT("event_time", CELL_TIME, "time"), FACT("alert_time", CELL_TIME, "made"),
	OTHER("decision_time", CELL_TIME, CELL_DECIDED),
	FACT("alert_id", CELL_TEXT, "id"), FACT("event_id", CELL_TEXT, "event_id"),
	FACT("rule", CELL_TEXT, "rule"), FACT("rule_id", CELL_TEXT, "rule_id"),
	FACT("severity", CELL_TEXT, "severity"), FACT("risk_score", CELL_INT, "risk_score"),
	FACT("bucket", CELL_TEXT, "bucket"), FACT("owner_account", CELL_TEXT, "owner_account"),
	DESTS("destination_accounts", DEST_ACCOUNT), DESTS("destination_buckets", DEST_BUCKET),
	FACT("role", CELL_TEXT, "role"), FACT("actor_arn", CELL_TEXT, "actor_arn"),
	FACT("access_key_id", CELL_TEXT, "access_key_id"), FACT("source_ip", CELL_TEXT, "source_ip"),
	FACT("region", CELL_TEXT, "region"), FACT("disagreement", CELL_FLAG, "disagreement"),
	STEPS("checklist_done", done), STEPS("checklist_open", open), STEPS("checklist_answered", answered),
	DESTS("destination_accounts_written", DEST_WRITTEN),
	ALONE("journal_rows", CELL_INT, CELL_ROWS),
	ALONE("journal_head", CELL_TEXT, CELL_HEAD),
	ALONE("export", CELL_TEXT, CELL_ORIGIN),
	DESTS("destination_manners", DEST_MANNER),
	/* of many kinds of identity there is no ARN, and of others it is not all */
	OTHER("who", CELL_TEXT, CELL_WHO), FACT("actor_type", CELL_TEXT, "actor_type"),
	FACT("session", CELL_TEXT, "session"), FACT("person", CELL_TEXT, "person"),
	FACT("identity_provider", CELL_TEXT, "identity_provider"),
	DESTS("destination_claims", DEST_CLAIM), OTHER("now", CELL_TEXT, CELL_NOW),
};

const struct export_column *export_columns(const struct export_about *about, size_t *n)
{
	size_t all = ARRAY_LEN(columns);
	*n = about->columns && about->columns < all ? about->columns : all;
	return columns;
}

/* "name":, or in a line of titles. */
static bool names_column(struct str line, const char *name, bool json)
{
	AUTO(buf_fini) struct buf entry = {0};
	buf_fmt(&entry, json ? "\"%s\":" : ",%s,", name);
	return str_find(line, buf_str(&entry)) != STR_NONE || (!json && str_ends(line,
		str_sub(buf_str(&entry), 0, entry.n - 1)));
}

size_t export_columns_of(enum export_format format, struct str file)
{
	bool json = format == EXPORT_JSON || format == EXPORT_NDJSON;
	struct str line;
	while (format != EXPORT_MARKDOWN && lines_next(&file, &line)) {
		if (str_find(line, STR("schema_version")) == STR_NONE || (json && !names_column(line, "alert_id", true)))
			continue;
		for (size_t n = ARRAY_LEN(columns); n > 1; n--)
			if (names_column(line, columns[n - 1].name, json))
				return n;
	}
	return 0;
}

static void cell_fact(const struct alert *a, const struct export_column *c, struct export_cell *out)
{
	const struct fact *f = fact_of_key(c->fact);
	if (c->type == CELL_TEXT)
		out->text = *fact_text(a, f);
	else
		out->n = c->type == CELL_TIME ? *fact_time(a, f) : c->type == CELL_INT ? *fact_int(a, f)
			: *fact_flag(a, f);
}

void export_cell_of(const struct export_row *row, const struct export_about *about,
	const struct export_column *c, struct export_cell *out)
{
	out->text = (struct str){0};
	out->n = 0;
	out->unknown = false;
	switch (c->from) {
	case FROM_FACT:
		cell_fact(row->alert, c, out);
		break;
	case FROM_DECISION:
		if (row->decision)
			out->text = *(const struct str *)(const void *)((const char *)row->decision + c->at);
		break;
	case FROM_STEPS: /* of a checklist that nobody knows of they are empty */
		out->unknown = !row->checklist.known;
		out->n = (int64_t)*(const size_t *)(const void *)((const char *)row + c->at);
		break;
	case FROM_DESTS:
		break;
	case FROM_OTHER:
		cell_other(row, about, (enum cell_other)c->at, out);
		break;
	}
}
