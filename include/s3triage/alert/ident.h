/*
 * ident_priv: by what an alert is known: its alert id, or its rule id and event id together, or its
 * rule id and the id that the event shares with its recording in another account. Both alerts and
 * decisions come with such names, in any order; here they meet. A name may be used for several things:
 * which of them belong together is for others to say.
 */
#ifndef S3TRIAGE_ALERT_IDENT_H
#define S3TRIAGE_ALERT_IDENT_H

#include "s3triage/base/intern.h"
#include "s3triage/alert/store.h"

/* A number known by a name: a row of the store, say. */
struct ident_row {
	row_id row;                 /* ROW_NONE: none is */
	struct ident_row *next;
};

struct ident {
	struct str a, b;            /* alert id and nothing; rule id and event id; "shared RULE" and that id */
	struct said *said;          /* decisions with this name, the newest of each content */
	struct ident_row rows;
};

/* Its texts are interned. */
void content_keep(const struct content *from, struct intern *words, struct content *to);

struct ident_chunk;

/* Ready when zeroed but for `words`. Idents never move. */
struct idents {
	struct intern *words;       /* borrowed: where rule ids are kept */
	struct table table;
	struct ident_chunk **chunks;
	size_t n;
	struct arena mem;
};

/* The ident with this name, made when it is new; NULL when the name is empty. */
struct ident *ident_of_id(struct idents *t, struct str id);
struct ident *ident_of_event(struct idents *t, struct str rule_id, struct str event_id);
struct ident *ident_of_shared(struct idents *t, struct str rule_id, struct str shared_id);

/* NULL when there is none. */
struct ident *ident_find_id(const struct idents *t, struct str id);
struct ident *ident_find_event(const struct idents *t, struct str rule_id, struct str event_id);
struct ident *ident_find_shared(const struct idents *t, struct str rule_id, struct str shared_id);

/* Its rows, NULL when there are none. */
static inline const struct ident_row *ident_rows(const struct ident *x)
{
	return x && x->rows.row != ROW_NONE ? &x->rows : NULL;
}

/* False when the row is known by this name already. */
bool ident_add_row(struct idents *t, struct ident *name, row_id row);

void idents_fini(struct idents *t);

#endif
