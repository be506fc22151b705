/*
 * alert/fact: the table of what is known of an alert. A new fact is a member of struct alert, whoever reads
 * it from the event, and a row of this table: store, journal, filter and exports walk it.
 */
#ifndef S3TRIAGE_ALERT_FACT_H
#define S3TRIAGE_ALERT_FACT_H

#include "s3triage/alert/store.h"

/* One row as its facts see it. */
struct fact_row {
	const struct alert *alert;
	const struct decision *decision; /* NULL: never decided */
	int64_t now;                     /* ms, for age */
	enum now_state became;           /* store_now() */
	signal_set signals;              /* as store_signals() gives them */
};

/* Gives one value to whoever asked; true: it wants no more. */
typedef bool (*fact_each)(void *arg, struct str value);

enum fact_type { FACT_TEXT, FACT_TIME, FACT_INT, FACT_FLAG };

enum fact_how {
	FACT_IN_WORDS = 1, /* bare words of the filter look into it */
	FACT_NAMES = 2,    /* the alert is found by it: the store keeps it with its names */
	FACT_OF_ONE = 4,   /* hardly two alerts share it: the store keeps a copy */
	FACT_LATER = 8,    /* older journals do not have it: then the alert as loaded says it */
};

struct fact {
	const char *names; /* in the filter: its name, then its other names, blanks between; NULL: not asked */
	const char *key;   /* in the journal's facts; NULL: not kept */
	unsigned how;      /* bits of enum fact_how */
	enum fact_type type;
	size_t at;         /* in struct alert: struct str, int64_t ms, int, bool */
	bool (*values)(const struct fact_row *row, fact_each each, void *arg); /* instead; NULL: there */
};

const struct fact *facts_all(size_t *n);

/* By any of its names, by its key; NULL when there is none. */
const struct fact *fact_find(struct str name);
const struct fact *fact_of_key(const char *key);

bool fact_values(const struct fact *f, const struct fact_row *row, fact_each each, void *arg);

/* All that bare words look into. */
bool fact_in_words(const struct fact_row *row, fact_each each, void *arg);

/* The main name nearest to a mistyped one, empty when none is near. */
struct str fact_guess(struct str name);

/* Where an alert has it. */
static inline void *fact_at(const struct alert *a, const struct fact *f)
{
	return (char *)(uintptr_t)a + f->at;
}

static inline struct str *fact_text(const struct alert *a, const struct fact *f)
{
	return fact_at(a, f);
}

static inline int64_t *fact_time(const struct alert *a, const struct fact *f)
{
	return fact_at(a, f);
}

static inline int *fact_int(const struct alert *a, const struct fact *f)
{
	return fact_at(a, f);
}

static inline bool *fact_flag(const struct alert *a, const struct fact *f)
{
	return fact_at(a, f);
}

#endif
