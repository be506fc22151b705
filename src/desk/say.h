/*
 * say: what desk's files tell whoever listens.
 */
#ifndef SRC_DESK_SAY_H
#define SRC_DESK_SAY_H

#include "s3triage/desk/desk.h"

void desk_say(struct desk *d, enum desk_word w, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#endif
