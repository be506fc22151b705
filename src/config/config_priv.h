/*
 * config_priv: what config.c and keymap.c share.
 */
#ifndef SRC_CONFIG_CONFIG_PRIV_H
#define SRC_CONFIG_CONFIG_PRIV_H

#include "s3triage/config/config.h"
#include "s3triage/base/mem.h"
#include "s3triage/base/toml.h"

#define BINDINGS_MAX 512

struct binding {
	struct key key;
	int action;
	unsigned long line; /* in the user's file; 0: a default */
};

struct keymap {
	struct binding v[BINDINGS_MAX];
	size_t n;
};

/* The file that is read, and who hears of the faults in it besides the last one. */
struct config_file {
	const char *path;
	const struct err_more *more;
	bool builtin;
};

/* Takes in the table [keys]. Two actions of one place on the same key are a fault, too. */
bool keymap_read(struct keymap *m, const struct toml_value *keys, const struct config_file *from,
	struct err *err);

bool keymap_find(const struct keymap *m, enum action_place place, struct key k, int *action);

#endif
