/*
 * export_json: alerts and decisions as JSON: the line of `list --json`, NDJSON rows, and the whole
 * as one object. Keys and their order are promised; later keys go to the end.
 */
#include "export_priv.h"

static void put_list_dest(struct members *list, const struct alert_dest *d)
{
	member_open(list, NULL, '{');
	member_str(list, "account", d->account);
	member_str(list, "bucket", d->bucket);
	member_str(list, "relation", str_c(relation_name(d->relation)));
	member_str(list, "rule_id", d->rule_id);
	member_str(list, "status", d->status);
	member_str(list, "prefix", d->prefix);
	member_str(list, "tags", d->tags);
	member_bool(list, "claim", d->claim);
	member_str(list, "written", d->written);
	member_str(list, "manner", d->manner);
	member_close(list, 1);
}

void export_list_dests(struct members *m, const struct alert *a)
{
	member_open(m, "destinations", '[');
	for (size_t i = 0; i < a->n_dests; i++)
		put_list_dest(m, &a->dests[i]);
	member_close(m, 1);
}

static void put_actor(struct members *m, const struct alert *a)
{
	member_str(m, "role", a->role);
	member_str(m, "actor_arn", a->actor_arn);
	member_str(m, "access_key_id", a->key_id);
	member_str(m, "source_ip", a->ip);
	member_str(m, "region", a->region);
}

static void list_identity(struct members *m, const struct alert *a)
{
	char tmp[ALERT_WHO_MAX];
	member_str(m, "who", alert_who(a, tmp));
	member_str(m, "actor_type", a->actor_type);
	member_str(m, "session", a->session);
	member_str(m, "person", a->person);
	member_str(m, "identity_provider", a->provider);
}

void export_list_json(struct members *m, const struct alert *a, const struct decision *d)
{
	member_str(m, "id", a->id);
	member_str(m, "event_id", a->event_id);
	member_time(m, "time", a->time);
	member_str(m, "rule", a->rule);
	member_str(m, "rule_id", a->rule_id);
	member_str(m, "severity", a->severity);
	member_int(m, "risk_score", a->risk);
	member_str(m, "verdict", str_c(verdict_name(d ? d->verdict : VERDICT_OPEN)));
	member_str(m, "bucket", a->bucket);
	member_str(m, "owner_account", a->owner);
	export_list_dests(m, a);
	put_actor(m, a);
	struct str from = str_c(read_from_name(a->read_from));
	member_str(m, "read_from", a->read_from == READ_NOTHING ? (struct str){0} : from);
	member_bool(m, "disagreement", a->disagreement);
	member_str(m, "source", a->source);
	member_traits(m, "traits", a->traits);
	member_str(m, "role_account", a->role_account);
	member_str(m, "caller_account", a->caller_account);
	member_str(m, "workflow_status", a->workflow_status);
	list_identity(m, a);
	member_str(m, "found_in", a->found_in);
}

/* Lists side by side: entry i of one belongs to entry i of the others. */
static void export_json_put_dests(struct members *m, const char *key, const struct alert *a,
	enum export_dest_part part)
{
	member_open(m, key, '[');
	for (size_t i = 0; i < a->n_dests; i++)
		if (!export_dest_repeats(a, i))
			member_str(m, NULL, export_dest_part(&a->dests[i], part));
	member_close(m, 1);
}

static void export_json_put(struct members *m, const struct export_row *row, const struct export_about *about,
	const struct export_column *c)
{
	struct export_cell cell;
	export_cell_of(row, about, c, &cell);
	switch (c->type) {
	case CELL_TEXT:
		member_str(m, c->name, cell.text);
		break;
	case CELL_TIME:
		member_time(m, c->name, cell.n);
		break;
	case CELL_INT:
		if (cell.unknown)
			member_str(m, c->name, (struct str){0});
		else
			member_int(m, c->name, cell.n);
		break;
	case CELL_FLAG:
		member_bool(m, c->name, cell.n);
		break;
	case CELL_DESTS:
		export_json_put_dests(m, c->name, row->alert, (enum export_dest_part)c->at);
		break;
	}
}

/* A row that stands alone names the journal. */
static void export_json_put_row(const struct export_row *row, const struct export_about *about, bool alone,
	struct buf *out)
{
	size_t n;
	const struct export_column *columns = export_columns(about, &n);
	struct members m = members_open(out, '{');
	for (size_t i = 0; i < n; i++)
		if (alone || !columns[i].alone)
			export_json_put(&m, row, about, &columns[i]);
	members_close(&m);
}

void export_ndjson(const struct export_row *rows, size_t n, const struct export_about *about,
	struct buf *out)
{
	for (size_t i = 0; i < n; i++) {
		export_json_put_row(&rows[i], about, true, out);
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
	member_open(&m, "journal", '{');
	member_int(&m, "rows", about->journal_rows);
	member_str(&m, "head", str_c(about->journal_head));
	member_close(&m, 1);
	member_open(&m, "decisions", '[');
	for (size_t i = 0; i < n; i++) {
		member_key(&m, NULL);
		buf_char(out, '\n');
		export_json_put_row(&rows[i], about, false, out);
	}
	member_close(&m, 1);
	member_str(&m, "export", about->origin);
	members_close(&m);
	buf_char(out, '\n');
}
