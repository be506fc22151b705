/*
 * rule_priv: how a rule is put together. TOML is turned into the JSON object that Kibana would
 * export for the same rule; one reader makes the facts of it.
 */
#ifndef S3TRIAGE_DETECT_RULE_PRIV_H
#define S3TRIAGE_DETECT_RULE_PRIV_H

#include "s3triage/base/mem.h"
#include "s3triage/base/toml.h"
#include "s3triage/detect/eql.h"
#include "s3triage/detect/kql.h"
#include "s3triage/detect/rule.h"

struct rule_engine {
	struct eql *eql;
	struct kql *kql;
	size_t ignore_above; /* for kql; eql knows its own */
};

/* What rule_free() gets back from a `struct rule *`: the facts come first. */
struct rule_own {
	struct rule facts;
	struct arena mem;
	struct rule_engine engine;
};

/* Keys of which a fault was told. */
struct rule_told {
	const char *keys[16];
	size_t n;
};

/* Where a rule object stands, for messages. */
struct rule_place {
	const char *file;
	unsigned long line;             /* of a JSON object; 0 = unknown */
	const struct toml_value *table; /* the [rule] table, or NULL */
	struct str text;                /* the TOML text */
	bool lenient;                   /* inside an alert: whatever is there is taken */
	bool to_run;                    /* what a run does not need may be missing */
	const struct err_more *more;    /* who hears of each fault; NULL: the first is enough */
	struct rule_told *told;         /* while rule_read() runs */
};

/* As rule_new_toml() and rule_load_text(). */
struct rule *rule_toml_new(struct str text, const char *file, bool to_run,
	const struct err_more *more, struct err *err);
bool rule_text_load(struct str text, const char *file, bool to_run, const struct rule_taker *to,
	struct err *err);

struct rule_own *rule_own_new(void);

/* Reads the facts (copied) and compiles the query. False and err (file, line). */
bool rule_read(struct rule_own *o, const struct json *object, const struct rule_place *place,
	struct err *err);

/* Compiles facts.query; a query that is well written but not for us sets facts.not_run. */
bool rule_compile(struct rule_own *o, const struct rule_place *place, struct err *err);

/* Adds to facts.not_evaluated. */
void rule_not_evaluated(struct rule_own *o, struct str what);

/* err_set() at the key's place. Returns false. */
bool rule_fail(const struct rule_place *place, const char *key, struct err *err, const char *what);

/* A document as a KQL subject. */
struct rule_document {
	const struct json *ecs;
	size_t ignore_above;
};
struct kql_subject rule_subject(const struct rule_document *d);

/* Every key of a rule object that rule_read() looks at; NULL ends it. */
const char *const *rule_keys(void);

#endif
