/*
 * column_priv: the columns that the filter bar can ask about.
 */
#ifndef SRC_ALERT_COLUMN_PRIV_H
#define SRC_ALERT_COLUMN_PRIV_H

#include "s3triage/detect/kql.h"
#include "s3triage/alert/store.h"

/* One row as its columns see it. */
struct column_row {
	const struct alert *alert;
	const struct decision *decision; /* NULL: never decided */
	int64_t now;                     /* ms, for age */
	uint32_t signals;                /* as store_signals() gives them */
};

/* Gives one value to whoever asked; true: it wants no more. */
typedef bool (*column_each)(void *arg, struct str value);

struct column {
	const char *names; /* its name, then its other names, blanks between */
	bool in_words;     /* bare words look into it */
	bool (*values)(const struct column_row *row, column_each each, void *arg);
	size_t field;      /* of struct alert, for those that are one string there */
	enum kql_type type;
};

/* By any of its names; NULL when there is none. */
const struct column *column_find(struct str name);
bool column_values(const struct column *c, const struct column_row *row, column_each each,
	void *arg);

/* All columns that bare words look into. */
bool column_all_values(const struct column_row *row, column_each each, void *arg);

/* The main name nearest to a mistyped one, empty when none is near. */
struct str column_guess(struct str name);

#endif
