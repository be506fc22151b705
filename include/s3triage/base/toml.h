/*
 * base/toml: one strict, complete TOML 1.0 reader for rules, config, keymaps and themes.
 *
 * The document owns every value; values are borrowed from it. Errors carry file, line, column and
 * the offending line. Limits: 64 MiB of text, 128 levels of nesting, 4 Mi values.
 */
#ifndef S3TRIAGE_BASE_TOML_H
#define S3TRIAGE_BASE_TOML_H

#include "s3triage/base/err.h"
#include "s3triage/base/str.h"

enum toml_type {
	TOML_NONE, /* what the accessors answer for NULL */
	TOML_STRING,
	TOML_INTEGER,
	TOML_FLOAT,
	TOML_BOOLEAN,
	TOML_OFFSET_DATETIME,
	TOML_LOCAL_DATETIME,
	TOML_LOCAL_DATE,
	TOML_LOCAL_TIME,
	TOML_ARRAY,
	TOML_TABLE,
};

struct toml;       /* a document */
struct toml_value; /* one value in it */

/* Parses text; `file` is only for messages. NULL and err on failure. */
struct toml *toml_parse(struct str text, const char *file, struct err *err);
void toml_free(struct toml *doc);
void toml_free_ptr(struct toml **doc); /* for AUTO */

const struct toml_value *toml_root(const struct toml *doc);

/* All accept NULL and values of another type, and answer TOML_NONE, NULL, 0 or empty then. */
enum toml_type toml_type(const struct toml_value *v);
const struct toml_value *toml_get(const struct toml_value *table, const char *key);

/* Follows a chain of bare keys, "rule.threat" = toml_get twice. */
const struct toml_value *toml_path(const struct toml_value *table, const char *dotted);

size_t toml_count(const struct toml_value *array_or_table);
const struct toml_value *toml_at(const struct toml_value *array_or_table, size_t i); /* in order */
struct str toml_key_at(const struct toml_value *table, size_t i);
struct str toml_str(const struct toml_value *v);  /* a string's text; a date's text as written */
int64_t toml_int(const struct toml_value *v);
double toml_float(const struct toml_value *v); /* an integer too */
bool toml_bool(const struct toml_value *v);
unsigned long toml_line(const struct toml_value *v); /* where the value (or its key) stands */
unsigned long toml_col(const struct toml_value *v);

#endif
