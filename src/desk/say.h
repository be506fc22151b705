/*
 * say: what desk's files tell whoever listens.
 */
#ifndef SRC_DESK_SAY_H
#define SRC_DESK_SAY_H

#include "s3triage/desk/desk.h"

/* heads.c: where the last head of the journal is remembered: by the journal's place, whatever name led
 * there. NULL where there is no home: then nothing is. */
char *desk_head_file(const struct desk *d, const char *journal);
char *desk_head_of(const struct desk *d, const char *place); /* by the name alone */
/* The longer of what is known outside. */
bool desk_known_longest(const struct desk *d, struct journal_known *out, struct err *err);

/* place.c: false: it is not there any more, which was told, once. */
bool desk_in_place(struct desk *d);
void desk_lose(struct desk *d, const struct err *why);

/* The journal tells approvals, ticks and what was seen of its rows. */
void desk_listen(struct desk *d);

void outgoing_fini(struct desk *d);

void desk_say(struct desk *d, enum desk_word w, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#endif
