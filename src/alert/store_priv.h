/*
 * store_priv: what the store's own files share: a row, and the names by which rows and decisions
 * meet.
 */
#ifndef SRC_ALERT_STORE_PRIV_H
#define SRC_ALERT_STORE_PRIV_H

#include "s3triage/alert/ident.h"
#include "spool_priv.h"

enum { STORE_CHUNK = 1024 };

struct slot {
	struct alert alert;
	const struct decision *decision; /* NULL: never decided */
	const struct content *content;   /* of all its records together; NULL: the alert's own */
	struct named *named;             /* by what else than its alert's names it is known */
	uint64_t raw;
	size_t raw_n;
	signal_set signals;
	row_id twin;    /* another record with a name of this one's, else ROW_NONE */
	enum now_state now;
	bool recalled;  /* from a decision, no source brought it */
	bool contested; /* a decision with one of its names is about other facts */
};

struct store {
	struct slot **chunks;
	size_t n, repeats;
	size_t by_verdict[VERDICTS];
	const struct book *book;
	struct intern words;   /* what many alerts share */
	struct arena mem;      /* what each has of its own */
	struct idents idents;
	struct spool spool;
	struct table events;   /* rows by event id; several may have one, and a row several */
	row_id *changes;
	size_t n_changes, cap_changes;
};

static inline struct slot *slot_at(const struct store *s, row_id r)
{
	return &s->chunks[r / STORE_CHUNK][r % STORE_CHUNK];
}

/* Whether facts changed stands in the highest bit of a change. */
#define FACTS_BIT ((row_id)1 << 31)
void store_note_change(struct store *s, row_id r);

/* ---- store_names.c ---- */

struct named {
	struct ident *of;
	struct named *next;
};

/* The names that an alert or a decision brings; NULL: it has none of that kind. */
enum { NAME_ID, NAME_EVENT, NAME_SHARED, NAMES };
struct names {
	struct ident *v[NAMES];
};
void names_of(struct store *s, const struct alert *a, struct names *out);

/* The row under one of these names whose facts do not differ, or ROW_NONE. *twin: one whose facts do,
 * else ROW_NONE. */
row_id names_row(const struct store *s, const struct names *names, const struct alert *a,
	row_id *twin);

/* From now on the row goes by these names, too, and takes the decisions that are theirs. */
void names_bind(struct store *s, const struct names *names, row_id r);

/* The row's facts are from now on those of this record, too, which may be shown instead. True when
 * more is known, or more than one shows. */
bool row_join(struct store *s, row_id r, const struct alert *a, bool replaces);

/* Looks again which decision is the row's: other facts are known, or shown. */
void row_offer(struct store *s, row_id r);

/* Whether the one holds more facts than the other; as many: the one of the lower event id. */
bool alert_fuller(const struct alert *a, const struct alert *than);

/* Rows of one id are told apart by what follows it: written again when their number changes. */
void names_show(struct store *s, struct ident *id);

/* ---- store_find.c ---- */

/* Where event ids are looked up. */
void find_note(struct store *s, row_id r, struct str event_id);

#endif
