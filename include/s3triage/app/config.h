/*
 * app/config: config.toml and themes, every problem told as file:line.
 */
#ifndef S3TRIAGE_APP_CONFIG_H
#define S3TRIAGE_APP_CONFIG_H

#include "s3triage/app/key.h"
#include "s3triage/base/err.h"
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
void config_free(struct config *c);

struct str config_theme_name(const struct config *c);
struct str config_analyst(const struct config *c);
const enum column *config_columns(const struct config *c); /* NULL: by width */
bool config_key(const struct config *c, const char *context, struct key k, int *action);

/* A theme from TOML. */
bool theme_read(struct str text, const char *file, struct theme *out, struct err *err);

#endif
