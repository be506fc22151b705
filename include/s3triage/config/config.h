/*
 * config/config: config.toml and themes, every problem told as file:line.
 */
#ifndef S3TRIAGE_CONFIG_CONFIG_H
#define S3TRIAGE_CONFIG_CONFIG_H

#include "s3triage/config/action.h"
#include "s3triage/config/key.h"
#include "s3triage/base/err.h"
#include "s3triage/net/profile.h"
#include "s3triage/view/canvas.h"
#include "s3triage/view/screen.h"

/* How one role looks: colours are -1 (the terminal's own), 0..255, or 0x1000000 | RGB. */
struct style {
	int fg, bg;
	bool bold, dim, italic, underline, reverse;
};

struct theme {
	char name[32];
	struct style role[ROLE_COUNT];
};

struct config;

/* The built-in defaults, then `text` (may be empty) over them. NULL and err on failure. */
struct config *config_new(struct str text, const char *file, struct err *err);
/* All of `text` is looked at: what is wrong besides what comes back in err is told to `more`. */
struct config *config_read(struct str text, const char *file, const struct err_more *more,
	struct err *err);
/* Makes paths of what it names: files beside `file`, the one that it was read from, and ~/ (once). */
void config_settle(struct config *c, const char *file, env_fn env);
void config_free(struct config *c);

struct str config_theme_name(const struct config *c);
struct str config_analyst(const struct config *c);
const enum column *config_columns(const struct config *c); /* NULL: by width */
/* When the journal is sealed without being asked (src/journal/JOURNAL.md): never, unless said. */
struct config_seal {
	struct str key, after; /* the SSH key; how old the last seal may become, "1d" */
	bool on_exit;          /* of the console */
};
void config_seal(const struct config *c, struct config_seal *out);
enum sort_key config_sort(const struct config *c, bool *descending);
bool config_hide_decided(const struct config *c);
bool config_synchronized(const struct config *c); /* frames inside DEC mode 2026 */
size_t config_sources(const struct config *c);     /* what to open when nothing is named */
const char *config_source(const struct config *c, size_t i);
size_t config_accounts(const struct config *c);    /* files for the account book */
const char *config_account_file(const struct config *c, size_t i);


/* [profile.NAME]; the config owns it. NULL when there is none of that name. */
struct profile *config_profile(const struct config *c, struct str name);
size_t config_profiles(const struct config *c);
struct profile *const *config_profile_list(const struct config *c); /* so many */

/* What a key does at a place: the place's own keys first, then those of everywhere. */
bool config_key(const struct config *c, enum action_place place, struct key k, int *action);

/* The i-th key of an action at a place, leaving out those the place uses for something else;
 * false when there are no more. */
bool config_action_key(const struct config *c, enum action_place place, int action, size_t i,
	struct key *out);

/* A theme from TOML. */
bool theme_read(struct str text, const char *file, struct theme *out, struct err *err);

#endif
