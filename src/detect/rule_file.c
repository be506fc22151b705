/*
 * rule_file: what a file of rules is (TOML, one JSON value, or a line each) and the rules in it.
 * A Kibana export also holds exception lists, connectors and a summary: they are passed over.
 */
#include "rule_priv.h"

#include "s3triage/base/lines.h"

struct reading {
	const char *file;
	rule_each_fn each;
	void *arg;
	size_t seen;
	bool stop, to_run;
	const struct err_more *more;
};

static void hand_over(struct reading *rd, struct rule *rule, const struct err *problem)
{
	rd->seen++;
	rd->stop = !rd->each(rd->arg, rule, rule ? NULL : problem);
}

static bool looks_like_rule(const struct json *v)
{
	static const char *const others[] = {"list_id", "item_id", "exported_count",
		"connector_type_id", "attributes"};
	if (json_type(v) != JSON_OBJECT)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		if (json_get(v, others[i]))
			return false;
	return json_get(v, "rule_id") || json_get(v, "risk_score") ||
		(json_get(v, "query") && (json_get(v, "name") || json_get(v, "type")));
}

static void take_object(struct reading *rd, const struct json *v, unsigned long line)
{
	struct err err = {0};
	if (looks_like_rule(v)) {
		struct rule_own *o = rule_own_new();
		struct rule_place place = {.file = rd->file, .line = line, .to_run = rd->to_run,
			.more = rd->more};
		bool fine = rule_read(o, v, &place, &err);
		if (!fine)
			rule_free(&o->facts);
		hand_over(rd, fine ? &o->facts : NULL, &err);
		return;
	}
	struct rule *inside = rule_new_alert(v);
	if (inside)
		hand_over(rd, inside, NULL);
}

/* A rule, an alert, or a list of them at a place where servers put lists. */
static void rule_file_take_value(struct reading *rd, const struct json *v, unsigned long line)
{
	const struct json *hits = json_get(json_get(v, "hits"), "hits");
	const struct json *all = json_type(v) == JSON_ARRAY ? v
		: json_type(hits) == JSON_ARRAY             ? hits
		: json_type(json_get(v, "rules")) == JSON_ARRAY ? json_get(v, "rules")
		: json_type(json_get(v, "data")) == JSON_ARRAY  ? json_get(v, "data")
								: NULL;
	if (!all) {
		take_object(rd, v, line);
		return;
	}
	for (const struct json *m = json_first(all); m && !rd->stop; m = json_next(m))
		take_object(rd, m, line);
}

static void rule_file_take_lines(struct reading *rd, struct str text)
{
	struct str line;
	for (unsigned long n = 1; !rd->stop && lines_next(&text, &line); n++) {
		struct err err = {0};
		if (!str_trim(line).n)
			continue;
		AUTO(json_free_ptr) struct json *v = json_parse(line, &err);
		if (v) {
			rule_file_take_value(rd, v, n);
			continue;
		}
		err_where(&err, rd->file, n, 0);
		hand_over(rd, NULL, &err);
	}
}

static bool rule_file_is_json(struct str text)
{
	text = str_trim(text);
	if (text.n && text.p[0] == '[')
		text = str_trim(str_sub(text, 1, text.n));
	return text.n && text.p[0] == '{';
}

static bool take_json(struct reading *rd, struct str text, struct err *err)
{
	struct err whole = {0};
	AUTO(json_free_ptr) struct json *v = json_parse(text, &whole);
	if (v) {
		rule_file_take_value(rd, v, 1);
	} else if (whole.line <= 1 || str_trim(text).p[0] == '[') {
		if (err)
			*err = whole;
		return err_where(err, rd->file, 0, 0);
	} else {
		rule_file_take_lines(rd, text);
	}
	if (rd->seen)
		return true;
	err_set(err, ERR_INPUT, "no rule in it");
	return err_where(err, rd->file, 0, 0);
}

bool rule_load_text(struct str text, const char *file, rule_each_fn each, void *arg,
	struct err *err)
{
	return rule_text_load(text, file, false, &(struct rule_taker){each, arg, NULL}, err);
}

bool rule_text_load(struct str text, const char *file, bool to_run, const struct rule_taker *to,
	struct err *err)
{
	struct reading rd = {.file = file, .each = to->each, .arg = to->arg, .to_run = to_run,
		.more = to->more};
	if (str_starts(text, STR("\xEF\xBB\xBF")))
		text = str_sub(text, 3, text.n);
	if (rule_file_is_json(text))
		return take_json(&rd, text, err);
	struct err problem = {0};
	struct rule *rule = rule_toml_new(text, file, to_run, to->more, &problem);
	hand_over(&rd, rule, &problem);
	return true;
}
