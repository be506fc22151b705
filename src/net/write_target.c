/*
 * write_target: where decisions go, from the keys of a profile. Without `write` nothing leaves.
 */
#include "s3triage/net/write_target.h"

#include <string.h>

static const char *const kinds[] = {"", "kibana", "alerts", "decisions"};
static const char *const statuses[] = {"open", "acknowledged", "closed"};

const char *write_kind_name(enum write_kind k)
{
	return k ? kinds[k] : "nothing";
}

static bool fail_at(const struct toml_value *v, struct err *err)
{
	return err_where(err, NULL, toml_line(v), 0);
}

static bool write_target_read_text(const struct toml_value *table, const char *key, struct str *out,
	struct err *err)
{
	const struct toml_value *v = toml_get(table, key);
	if (!v)
		return true;
	*out = toml_str(v);
	if (toml_type(v) == TOML_STRING && out->n <= 256)
		return true;
	err_set(err, ERR_PARSE, "%s must be a string of at most 256 bytes", key);
	return fail_at(v, err);
}

static bool read_kind(const struct toml_value *v, enum write_kind *out, struct err *err)
{
	for (int k = WRITE_KIBANA; k <= WRITE_DECISIONS; k++) {
		if (str_is(toml_str(v), kinds[k])) {
			*out = (enum write_kind)k;
			return true;
		}
	}
	err_set(err, ERR_PARSE, "write must be \"kibana\", \"alerts\" or \"decisions\"");
	return fail_at(v, err);
}

/* "closed:false_positive" */
static bool read_status(const struct toml_value *table, const char *key, struct write_status *out,
	struct err *err)
{
	struct str text = {0};
	if (!write_target_read_text(table, key, &text, err) || !text.n)
		return !text.n && !toml_get(table, key);
	struct str rest = text;
	out->status = str_cut(&rest, ':');
	out->reason = rest;
	for (size_t i = 0; i < ARRAY_LEN(statuses); i++)
		if (str_is(out->status, statuses[i]) && (!rest.n || i == 2))
			return true;
	err_set(err, ERR_PARSE, "%s must be open, acknowledged or closed[:REASON]", key);
	return fail_at(toml_get(table, key), err);
}

/* A name that may stand in a path as it is. */
static bool good_index(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789.-_", s.p[i]) || !s.p[i])
			return false;
	return s.n > 0 && s.n <= 255;
}

static bool read_index(const struct toml_value *table, struct write_target *t, struct err *err)
{
	const char *key = t->kind == WRITE_DECISIONS ? "decisions_index" : "index";
	t->index = t->kind == WRITE_DECISIONS ? STR("s3triage-decisions")
		: STR(".alerts-security.alerts-default");
	if (t->kind == WRITE_KIBANA)
		return true;
	if (!write_target_read_text(table, key, &t->index, err))
		return false;
	if (good_index(t->index))
		return true;
	err_set(err, ERR_PARSE, "%s must be the name of one index to write to it", key);
	return fail_at(toml_get(table, key), err);
}

static bool check_kind(const struct toml_value *table, const struct write_target *t,
	struct err *err)
{
	bool kibana = str_is(toml_str(toml_get(table, "kind")), "kibana");
	if (kibana == (t->kind == WRITE_KIBANA))
		return true;
	err_set(err, ERR_PARSE, kibana ? "a Kibana profile can only write \"kibana\""
		: "write = \"kibana\" needs a profile of kind = \"kibana\"");
	return fail_at(toml_get(table, "write"), err);
}

static bool read_team(const struct toml_value *table, bool *out, struct err *err)
{
	const struct toml_value *v = toml_get(table, "team");
	*out = toml_bool(v);
	if (!v || toml_type(v) == TOML_BOOLEAN)
		return true;
	err_set(err, ERR_PARSE, "team must be true or false");
	return fail_at(v, err);
}

bool write_target_read(struct str name, const struct toml_value *table, struct write_target *out,
	struct err *err)
{
	const struct toml_value *kind = toml_get(table, "write");
	*out = (struct write_target){.name = name, .by = {{STR("open"), STR("")},
		{STR("closed"), STR("benign_positive")}, {STR("acknowledged"), STR("")}}};
	if (!kind)
		return true;
	return read_kind(kind, &out->kind, err) && read_team(table, &out->team, err) &&
	       check_kind(table, out, err) && read_index(table, out, err) &&
	       write_target_read_text(table, "space", &out->space, err) &&
	       read_status(table, "approved", &out->by[VERDICT_APPROVED], err) &&
	       read_status(table, "suspicious", &out->by[VERDICT_SUSPICIOUS], err) &&
	       write_target_read_text(table, "assignee", &out->assignee, err) &&
	       write_target_read_text(table, "case", &out->case_id, err);
}

struct outbox_place write_place(const struct write_target *t)
{
	return (struct outbox_place){.name = t->name, .place = t->kind ? t->place : STR(""), .team = t->team,
		.alerts = t->kind == WRITE_KIBANA || t->kind == WRITE_ALERTS, .url = t->url};
}
