/*
 * detect/rule: a detection rule as its authors wrote it: detection-rules TOML, a Kibana rule
 * export (NDJSON), or the rule inside an alert document; and the one question asked of it.
 */
#ifndef S3TRIAGE_DETECT_RULE_H
#define S3TRIAGE_DETECT_RULE_H

#include "s3triage/base/buf.h"
#include "s3triage/event/json.h"

enum rule_language { RULE_EQL, RULE_KQL, RULE_OTHER /* esql, lucene, machine learning */ };

struct rule_strings {
	const struct str *v;
	size_t n;
};

struct rule_technique {
	struct str tactic, id, name, url; /* sub-techniques are entries of their own: T1567.002 */
};

/* Plain facts; empty when the rule does not say. Owned by the rule. */
struct rule {
	struct str name, rule_id, description, note, setup, severity, type, language_name, query;
	int risk;
	enum rule_language language;
	struct str from, interval, timestamp_override, event_category_override, license, version,
		updated;
	int max_signals;
	bool building_block;
	struct rule_strings authors, tags, references, false_positives, investigation_fields, index;
	const struct rule_technique *techniques;
	size_t n_techniques;
	struct rule_strings not_evaluated; /* "exceptions_list", "filters", "alert_suppression",
					    * "new_terms: only the query part is run" … */
	struct str missing;                /* "name, severity": of what a rule needs but a run does not;
					    * rule_load_all() refuses such a rule */
	struct rule_engine *engine;        /* compiled query; NULL when it cannot be run */
	struct str not_run;                /* why engine is NULL, with the place in the query:
					    * ES|QL, lucene, machine learning, EQL sequences …;
					    * empty for rules that run and for alerts' rules */
};

/* One TOML rule; `file` for messages. NULL and err on failure. */
struct rule *rule_new_toml(struct str text, const char *file, struct err *err);

/* One rule object: a line of a Kibana export. */
struct rule *rule_new_json(const struct json *object, const char *file, struct err *err);

/* The rule's facts inside an alert (kibana.alert.rule.*); no engine. NULL when there are none. */
struct rule *rule_new_alert(const struct json *alert);

/* A file of any kind (TOML, a Kibana export, JSON of one or many rules, alerts), the first rule in
 * it, to be run; "-" is standard input. NULL and err (file, line) on failure. A rule that is well
 * written but cannot be run here loads: see not_run. What a run does not need (name, rule_id,
 * description, severity, risk_score) may be missing, which rule_load_all() refuses. */
struct rule *rule_load(const char *path, struct err *err);

/* Called for every rule in a file: `rule` is the callee's to free; or NULL, and `problem` (file,
 * line) says why that one does not load. Return false to stop. */
typedef bool (*rule_each_fn)(void *arg, struct rule *rule, const struct err *problem);

/* Who takes the rules of a file. Of a rule with several faults each but the last is told to `more`
 * (NULL: only the first is looked for), then `each` gets the last. */
struct rule_taker {
	rule_each_fn each;
	void *arg;
	const struct err_more *more;
};
bool rule_take_all(const char *path, const struct rule_taker *to, struct err *err);

/* All rules of a file; text that is already in memory, `file` for messages. Exception lists,
 * connectors and the summary of a Kibana export are passed over. False and err when the file
 * cannot be read or holds no rule at all. */
bool rule_load_all(const char *path, rule_each_fn each, void *arg, struct err *err);
bool rule_load_text(struct str text, const char *file, rule_each_fn each, void *arg,
	struct err *err);

/* "eql", "kuery new_terms", "esql (not run)" …: for a summary by kind. Static text. */
const char *rule_kind(const struct rule *r);

/* The guide with the alert's own values in the places of {{field}}: as JSON text inside
 * !{investigate{…}} and !{osquery{…}}, as code elsewhere. A field without value says so. */
void rule_note_expand(struct str note, const struct json *ecs, struct buf *out);

/* The rule that is built in; never fails. */
struct rule *rule_builtin(void);

/* For --eql: a rule around a bare query. */
struct rule *rule_new_eql(struct str query, const char *category_field, struct err *err);

void rule_free(struct rule *r);

/* One per thread. NULL when the rule cannot be run. */
struct rule_run;
struct rule_run *rule_run_new(const struct rule *r);
void rule_run_free(struct rule_run *run);
bool rule_match(const struct rule *r, struct rule_run *run, const struct json *ecs);
const char *rule_run_fault(const struct rule_run *run); /* see eql_run_fault(); NULL run: NULL */

/* What a field must equal in every match, or empty: see eql_required(). */
struct str rule_required(const struct rule *r, const char *field);

/* See eql_ignore_above(); KQL rules too. Before the rule is run, not while. */
void rule_ignore_above(struct rule *r, size_t units);

/* See eql_literals(), eql_pipes(), eql_explain(), eql_field(). */
size_t rule_literals(const struct rule *r, struct str *out, size_t cap);
void rule_pipes(const struct rule *r, size_t n, size_t *first, size_t *count);
void rule_explain(const struct rule *r, const struct json *ecs, struct buf *out);
size_t rule_field_count(const struct rule *r);
struct str rule_field(const struct rule *r, size_t i);

#endif
