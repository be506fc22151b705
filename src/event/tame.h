/*
 * tame: whether a request that can end a recording leaves it on.
 */
#ifndef SRC_EVENT_TAME_H
#define SRC_EVENT_TAME_H

#include "s3triage/event/call.h"
#include "s3triage/event/json.h"

bool call_is_tame(enum call c, const struct json *request);

#endif
