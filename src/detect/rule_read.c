/*
 * rule_read: the facts of a rule object, which came from TOML, from an export or from an alert.
 * Everything kept is copied into the rule's arena.
 */
#include "rule_priv.h"

#include "s3triage/base/hash.h"

#include <string.h>

const char *const *rule_keys(void)
{
	static const char *const keys[] = {
		"name", "rule_id", "description", "note", "setup", "severity", "type",
		"language", "query", "from", "interval", "timestamp_override",
		"event_category_override", "license", "version", "updated_at", "risk_score",
		"max_signals", "building_block_type", "author", "tags", "references",
		"false_positives", "index", "investigation_fields", "threat", "exceptions_list",
		"filters", "alert_suppression", "severity_mapping", "risk_score_mapping",
		"new_terms", "threshold", NULL};
	return keys;
}

/* A scalar's text, also when it stands in an array of one, as `fields` answers write it. */
static struct str rule_read_text(struct rule_own *o, const struct json *v)
{
	char tmp[JSON_SCALAR_MAX];
	if (json_type(v) == JSON_ARRAY)
		v = json_first(v);
	struct str s = json_text(v, tmp);
	return s.n ? arena_str(&o->mem, s) : (struct str){0};
}

static bool rule_read_number(const struct json *v, int64_t *out)
{
	char tmp[JSON_SCALAR_MAX];
	if (json_type(v) == JSON_ARRAY)
		v = json_first(v);
	return json_int(v, out) || str_int(json_text(v, tmp), out);
}

static struct rule_strings rule_read_list(struct rule_own *o, const struct json *v)
{
	struct rule_strings out = {0};
	if (json_type(v) == JSON_STRING) {
		struct str *one = arena_array(&o->mem, 1, sizeof(*one));
		one[0] = arena_str(&o->mem, json_str(v));
		return (struct rule_strings){one, 1};
	}
	if (json_type(v) != JSON_ARRAY)
		return out;
	struct str *all = arena_array(&o->mem, json_count(v) + 1, sizeof(*all));
	for (const struct json *m = json_first(v); m; m = json_next(m))
		if (json_type(m) == JSON_STRING)
			all[out.n++] = arena_str(&o->mem, json_str(m));
	out.v = all;
	return out;
}

struct member {
	const char *key;
	size_t at;
};

static const struct member texts[] = {
	{"name", offsetof(struct rule, name)},
	{"rule_id", offsetof(struct rule, rule_id)},
	{"description", offsetof(struct rule, description)},
	{"note", offsetof(struct rule, note)},
	{"setup", offsetof(struct rule, setup)},
	{"severity", offsetof(struct rule, severity)},
	{"type", offsetof(struct rule, type)},
	{"language", offsetof(struct rule, language_name)},
	{"query", offsetof(struct rule, query)},
	{"from", offsetof(struct rule, from)},
	{"interval", offsetof(struct rule, interval)},
	{"timestamp_override", offsetof(struct rule, timestamp_override)},
	{"event_category_override", offsetof(struct rule, event_category_override)},
	{"license", offsetof(struct rule, license)},
	{"version", offsetof(struct rule, version)},
	{"updated_at", offsetof(struct rule, updated)},
};

static const struct member lists[] = {
	{"author", offsetof(struct rule, authors)},
	{"tags", offsetof(struct rule, tags)},
	{"references", offsetof(struct rule, references)},
	{"false_positives", offsetof(struct rule, false_positives)},
	{"index", offsetof(struct rule, index)},
};

static bool rule_read_texts(struct rule_own *o, const struct json *object,
	const struct rule_place *place, struct err *err)
{
	bool good = true;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		const struct json *v = json_get(object, texts[i].key);
		enum json_type type = json_type(v);
		bool fine = type <= JSON_NULL || type == JSON_STRING ||
			(type == JSON_NUMBER && str_is(str_c(texts[i].key), "version"));
		if (!fine && !place->lenient)
			good = rule_fail(place, texts[i].key, err, "must be text");
		*(struct str *)(void *)((char *)&o->facts + texts[i].at) = rule_read_text(o, v);
	}
	return good;
}

static bool all_strings(const struct json *v)
{
	for (const struct json *m = json_first(v); m; m = json_next(m))
		if (json_type(m) != JSON_STRING)
			return false;
	return json_type(v) == JSON_ARRAY || json_type(v) <= JSON_NULL;
}

static bool read_lists(struct rule_own *o, const struct json *object,
	const struct rule_place *place, struct err *err)
{
	bool good = true;
	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		const struct json *v = json_get(object, lists[i].key);
		if (!place->lenient && !all_strings(v))
			good = rule_fail(place, lists[i].key, err, "must be a list of texts");
		*(struct rule_strings *)(void *)((char *)&o->facts + lists[i].at) =
			rule_read_list(o, v);
	}
	const struct json *fields = json_get(object, "investigation_fields");
	if (json_type(fields) == JSON_OBJECT)
		fields = json_get(fields, "field_names");
	o->facts.investigation_fields = rule_read_list(o, fields);
	return good;
}

static bool read_risk(struct rule_own *o, const struct json *risk,
	const struct rule_place *place, struct err *err)
{
	int64_t n = 0;
	bool fine = rule_read_number(risk, &n) && n >= 0 && n <= 100;
	if (!fine && !place->lenient && (risk || !place->to_run))
		return rule_fail(place, "risk_score", err,
			risk ? "must be a whole number from 0 to 100" : "is missing");
	o->facts.risk = fine ? (int)n : 0;
	return true;
}

static bool read_numbers(struct rule_own *o, const struct json *object,
	const struct rule_place *place, struct err *err)
{
	int64_t n = 0;
	bool fine, good = read_risk(o, json_get(object, "risk_score"), place, err);
	const struct json *max = json_get(object, "max_signals");
	fine = rule_read_number(max, &n) && n > 0 && n <= 1000000;
	if (max && !fine && !place->lenient)
		good = rule_fail(place, "max_signals", err, "must be a whole number above 0");
	o->facts.max_signals = max && fine ? (int)n : 100;
	o->facts.building_block = rule_read_text(o, json_get(object, "building_block_type")).n > 0;
	return good;
}

static size_t add_technique(struct rule_own *o, struct rule_technique *out, struct str tactic,
	const struct json *v)
{
	*out = (struct rule_technique){.tactic = tactic,
		.id = rule_read_text(o, json_get(v, "id")),
		.name = rule_read_text(o, json_get(v, "name")),
		.url = rule_read_text(o, json_get(v, "reference"))};
	return out->id.n || out->name.n ? 1 : 0;
}

/* How many entries a threat can give: its techniques and theirs, or the tactic alone. */
static size_t threat_size(const struct json *threat)
{
	const struct json *all = json_get(threat, "technique");
	size_t n = json_count(all) + 1;
	for (const struct json *t = json_first(all); t; t = json_next(t))
		n += json_count(json_get(t, "subtechnique"));
	return n;
}

static size_t read_threat(struct rule_own *o, const struct json *threat, struct rule_technique *out)
{
	const struct json *tactic = json_get(threat, "tactic");
	struct str name = rule_read_text(o, json_get(tactic, "name"));
	size_t n = 0;
	for (const struct json *t = json_first(json_get(threat, "technique")); t; t = json_next(t)) {
		n += add_technique(o, out + n, name, t);
		const struct json *s = json_first(json_get(t, "subtechnique"));
		for (; s; s = json_next(s))
			n += add_technique(o, out + n, name, s);
	}
	return n ? n : add_technique(o, out, name, tactic);
}

static void read_threats(struct rule_own *o, const struct json *threats)
{
	size_t n = 0;
	if (json_type(threats) != JSON_ARRAY)
		return;
	for (const struct json *t = json_first(threats); t; t = json_next(t))
		n += threat_size(t);
	struct rule_technique *all = arena_array(&o->mem, n + 1, sizeof(*all));
	n = 0;
	for (const struct json *t = json_first(threats); t; t = json_next(t))
		n += read_threat(o, t, all + n);
	o->facts.techniques = all;
	o->facts.n_techniques = n;
}

static bool rule_read_one_of(struct str s, const char *const *names)
{
	for (; *names; names++)
		if (str_is(s, *names))
			return true;
	return false;
}

/* What a whole rule needs and this one has not: told where it runs without. */
static void rule_read_missing(struct rule_own *o, const struct json *object)
{
	const struct rule *r = &o->facts;
	const struct {
		const char *key;
		bool there;
	} needed[] = {{"name", str_trim(r->name).n}, {"rule_id", str_trim(r->rule_id).n},
		{"description", str_trim(r->description).n}, {"severity", str_trim(r->severity).n},
		{"risk_score", json_get(object, "risk_score")}, {"type", str_trim(r->type).n}};
	AUTO(buf_fini) struct buf out = {0};
	for (size_t i = 0; i < ARRAY_LEN(needed); i++)
		if (!needed[i].there)
			buf_fmt(&out, "%s%s", out.n ? ", " : "", needed[i].key);
	o->facts.missing = arena_str(&o->mem, buf_str(&out));
}

/* A query that somebody is still writing has no name yet. Its id is made from the query: alerts'
 * ids, and by them verdicts, hold it. */
static void fill_in(struct rule_own *o)
{
	struct rule *r = &o->facts;
	char hex[SHA256_HEX];
	if (!r->name.n)
		r->name = r->rule_id.n ? r->rule_id : STR("a rule without a name");
	if (!r->rule_id.n)
		r->rule_id = arena_fmt(&o->mem, "query-%.12s", sha256_hex(r->query, hex));
	if (!r->type.n && r->language_name.n)
		r->type = str_is(r->language_name, "eql") ? STR("eql") : STR("query");
}

static bool rule_read_check(struct rule_own *o, const struct rule_place *place, struct err *err)
{
	static const char *const types[] = {"eql", "query", "saved_query", "threshold", "threat_match",
		"machine_learning", "esql", "new_terms", NULL};
	static const char *const levels[] = {"low", "medium", "high", "critical", NULL};
	static const char *const needed[] = {"name", "rule_id", "description", "severity", "type"};
	const struct rule *r = &o->facts;
	bool good = true;
	const struct str have[] = {r->name, r->rule_id, r->description, r->severity, r->type};
	for (size_t i = place->to_run ? ARRAY_LEN(needed) - 1 : 0; i < ARRAY_LEN(needed); i++)
		if (!str_trim(have[i]).n)
			good = rule_fail(place, needed[i], err, "is missing");
	if (r->severity.n && !rule_read_one_of(r->severity, levels))
		good = rule_fail(place, "severity", err, "must be low, medium, high or critical");
	if (!rule_read_one_of(r->type, types))
		return rule_fail(place, "type", err,
			"must be eql, query, saved_query, threshold, threat_match, machine_learning, "
			"esql or new_terms");
	return good;
}

static bool choose_language(struct rule_own *o, const struct rule_place *place, struct err *err)
{
	struct rule *r = &o->facts;
	bool eql = str_is(r->type, "eql"), esql = str_is(r->type, "esql");
	if (!r->language_name.n && !str_is(r->type, "machine_learning"))
		r->language_name = eql ? STR("eql") : esql ? STR("esql") : STR("kuery");
	r->language = str_is(r->language_name, "eql") ? RULE_EQL
		: str_is(r->language_name, "kuery")   ? RULE_KQL
						      : RULE_OTHER;
	if (place->lenient)
		return true;
	if (eql != (r->language == RULE_EQL) || esql != str_is(r->language_name, "esql"))
		return rule_fail(place, "language", err, "does not go with the rule's type");
	static const char *const known[] = {"", "eql", "esql", "kuery", "lucene", NULL};
	return rule_read_one_of(r->language_name, known) ||
		rule_fail(place, "language", err, "must be eql, esql, kuery or lucene");
}

static void say_not_evaluated(struct rule_own *o, const struct json *object)
{
	static const char *const keys[] = {"exceptions_list", "filters", "alert_suppression",
		"severity_mapping", "risk_score_mapping"};
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (json_count(json_get(object, keys[i])) > 0)
			rule_not_evaluated(o, str_c(keys[i]));
	struct str type = o->facts.type;
	bool saved = str_is(type, "saved_query") && o->facts.query.n;
	if (str_is(type, "new_terms") || str_is(type, "threshold") || saved)
		rule_not_evaluated(o, arena_fmt(&o->mem, "%.*s: only the query part is run", STR_ARG(type)));
}

/* All of it is looked at, whatever is wrong with what comes before. */
static bool rule_read_whole(struct rule_own *o, const struct json *object,
	const struct rule_place *place, struct err *err)
{
	bool good = rule_read_texts(o, object, place, err);
	good = read_lists(o, object, place, err) && good;
	good = read_numbers(o, object, place, err) && good;
	read_threats(o, json_get(object, "threat"));
	if (place->to_run) {
		rule_read_missing(o, object);
		fill_in(o);
	}
	good = choose_language(o, place, err) && good;
	say_not_evaluated(o, object);
	if (place->lenient)
		return o->facts.name.n > 0;
	if (str_is(o->facts.type, "query") && !json_get(object, "query"))
		good = rule_fail(place, "query", err, "is missing"); /* an empty one is allowed */
	good = rule_read_check(o, place, err) && good;
	return rule_compile(o, place, err) && good;
}

bool rule_read(struct rule_own *o, const struct json *object, const struct rule_place *where,
	struct err *err)
{
	struct rule_place place = *where;
	struct rule_told told = {0};
	struct err own = {0};
	if (json_type(object) != JSON_OBJECT) {
		err_set(err, ERR_INPUT, "a rule must be an object");
		return err_where(err, place.file, place.line, 0);
	}
	place.told = &told;
	if (rule_read_whole(o, object, &place, &own))
		return true;
	if (err)
		*err = own;
	return false;
}
