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

/* Takes in the table [keys]; `user` false for the built-in one. */
bool keymap_read(struct keymap *m, const struct toml_value *keys, const char *file, bool user,
	struct err *err);

/* Two actions of one place on the same key. */
bool keymap_check(const struct keymap *m, const char *file, struct err *err);

bool keymap_find(const struct keymap *m, enum action_place place, struct key k, int *action);

#endif
