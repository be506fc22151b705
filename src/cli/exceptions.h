/*
 * exceptions: an exception list, tried on documents before it is handed on.
 */
#ifndef SRC_CLI_EXCEPTIONS_H
#define SRC_CLI_EXCEPTIONS_H

#include "cli_priv.h"

struct exception {
	struct handoff_item item;
	struct rule *rule; /* NULL: it cannot be evaluated, or has ended */
	struct rule_run *run;
	size_t taken;      /* documents that it would take */
	bool ended;
};

struct exceptions {
	struct arena mem;
	struct handoff_items items;
	struct exception *v; /* items.n */
	const char *path;
	size_t asked, taken;
};

/* False and err when the file is no exception list; fini in any case. */
bool exceptions_load(struct exceptions *x, const char *path, int64_t now, struct err *err);
void exceptions_fini(struct exceptions *x);

/* The first item that would take this document away, or NULL. */
const struct handoff_item *exceptions_take(struct exceptions *x, const struct json *ecs);

/* On stderr: how many were taken, which items took none, which cannot be evaluated, whether some are
 * missing; how many problems that makes. */
size_t exceptions_report(const struct exceptions *x, bool quiet);

#endif
