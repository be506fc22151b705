/*
 * scan/action (private): the lines of a _bulk body that are addresses and no documents.
 */
#ifndef SRC_SCAN_ACTION_H
#define SRC_SCAN_ACTION_H

#include "s3triage/event/json.h"

/* {"index":{...}}, "create", "update" or "delete", with nothing in it but where it goes. */
bool action_line(const struct json *v);

#endif
