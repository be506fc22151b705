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
		part == DEST_WRITTEN ? d->written : d->manner;
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

static void cell_decision(const struct export_row *row, const struct export_about *about,
	const struct export_column *c, struct export_cell *out)
{
	(void)about;
	if (row->decision)
		out->text = *(const struct str *)(const void *)((const char *)row->decision + c->at);
}

static void cell_verdict(const struct export_row *row, const struct export_about *about,
	const struct export_column *c, struct export_cell *out)
{
	(void)about;
	(void)c;
	out->text = str_c(verdict_name(export_verdict(row)));
}

static void cell_decided(const struct export_row *row, const struct export_about *about,
	const struct export_column *c, struct export_cell *out)
{
	(void)about;
	(void)c;
	out->n = row->decision ? decision_made(row->decision) : WHEN_NONE;
}

/* Counts of a checklist that nobody knows of are empty. */
static void cell_steps(const struct export_row *row, const struct export_about *about,
	const struct export_column *c, struct export_cell *out)
{
	(void)about;
	out->unknown = !row->checklist.known;
	out->n = (int64_t)*(const size_t *)(const void *)((const char *)row + c->at);
}

static void cell_schema(const struct export_row *row, const struct export_about *about,
	const struct export_column *c, struct export_cell *out)
{
	(void)row;
	(void)about;
	(void)c;
	out->n = EXPORT_SCHEMA;
}

static void cell_journal_rows(const struct export_row *row, const struct export_about *about,
	const struct export_column *c, struct export_cell *out)
{
	(void)row;
	(void)c;
	out->n = about->journal_rows;
}

static void cell_journal_head(const struct export_row *row, const struct export_about *about,
	const struct export_column *c, struct export_cell *out)
{
	(void)row;
	(void)c;
	out->text = str_c(about->journal_head);
}

static void cell_origin(const struct export_row *row, const struct export_about *about,
	const struct export_column *c, struct export_cell *out)
{
	(void)row;
	(void)c;
	out->text = about->origin;
}

static void cell_who(const struct export_row *row, const struct export_about *about,
	const struct export_column *c, struct export_cell *out)
{
	(void)about;
	(void)c;
	out->text = alert_who(row->alert, out->made);
}

#define FACT(name, type, key) {name, type, key, 0, NULL, false}
#define DECISION(name, member) \
	{name, CELL_TEXT, NULL, offsetof(struct decision, member), cell_decision, false}
#define STEPS(name, member) \
	{name, CELL_INT, NULL, offsetof(struct export_row, checklist.member), cell_steps, false}
#define DESTS(name, part) {name, CELL_DESTS, NULL, part, NULL, false}

static const struct export_column columns[] = {
	{"schema_version", CELL_INT, NULL, 0, cell_schema, false},
	{"verdict", CELL_TEXT, NULL, 0, cell_verdict, false},
	DECISION("reason", reason), DECISION("note", note), DECISION("analyst", analyst),
	FACT("event_time", CELL_TIME, "time"), FACT("alert_time", CELL_TIME, "made"),
	{"decision_time", CELL_TIME, NULL, 0, cell_decided, false},
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
	{"journal_rows", CELL_INT, NULL, 0, cell_journal_rows, true},
	{"journal_head", CELL_TEXT, NULL, 0, cell_journal_head, true},
	{"export", CELL_TEXT, NULL, 0, cell_origin, true},
	DESTS("destination_manners", DEST_MANNER),
	/* of many kinds of identity there is no ARN, and of others it is not all */
	{"who", CELL_TEXT, NULL, 0, cell_who, false}, FACT("actor_type", CELL_TEXT, "actor_type"),
	FACT("session", CELL_TEXT, "session"), FACT("person", CELL_TEXT, "person"),
	FACT("identity_provider", CELL_TEXT, "identity_provider"),
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

void export_cell_of(const struct export_row *row, const struct export_about *about,
	const struct export_column *c, struct export_cell *out)
{
	out->text = (struct str){0};
	out->n = 0;
	out->unknown = false;
	if (c->read)
		c->read(row, about, c, out);
	if (!c->fact)
		return;
	const struct fact *f = fact_of_key(c->fact);
	switch (c->type) {
	case CELL_TEXT:
		out->text = *fact_text(row->alert, f);
		break;
	case CELL_TIME:
		out->n = *fact_time(row->alert, f);
		break;
	case CELL_INT:
		out->n = *fact_int(row->alert, f);
		break;
	case CELL_FLAG:
		out->n = *fact_flag(row->alert, f);
		break;
	case CELL_DESTS:
		break;
	}
}
