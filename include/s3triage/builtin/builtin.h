/*
 * builtin: what is embedded in the program at build time. All slices are static and end in a NUL.
 */
#ifndef S3TRIAGE_BUILTIN_BUILTIN_H
#define S3TRIAGE_BUILTIN_BUILTIN_H

#include "s3triage/base/str.h"

struct str builtin_rule(void);          /* TOML, the rule in our own words */
struct str builtin_demo(void);          /* NDJSON, raw CloudTrail events of our own making */
struct str builtin_accounts(void);      /* TOML, the account book of the same story */
struct str builtin_config(void);        /* TOML, every default written out */
struct str builtin_theme(struct str name); /* TOML; empty when there is no such theme */
size_t builtin_theme_count(void);
struct str builtin_theme_name(size_t i);

/* "terminal, dark, ": all of them. Make says which there are: those of the folder themes/. */
#define BUILTIN_THEME_WORD(name) #name ", "
#define BUILTIN_THEMES S3TRIAGE_THEMES(BUILTIN_THEME_WORD)

#endif
