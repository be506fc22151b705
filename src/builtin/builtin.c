/*
 * builtin: files embedded in the program with .incbin, each with its length, and a NUL behind it.
 */
#include "s3triage/builtin/builtin.h"

/* clang-format off */
#define EMBED(symbol, file)                                                                        \
	__asm__(".section .rodata\n"                                                               \
		".balign 16\n" #symbol ":\n.incbin \"" file "\"\n" #symbol "_end:\n.byte 0\n"      \
		".previous\n");                                                                    \
	extern const char symbol[], symbol##_end[];
/* clang-format on */

EMBED(builtin_rule_bytes, "src/builtin/rule.toml")
EMBED(builtin_demo_bytes, "src/builtin/demo.ndjson")
EMBED(builtin_accounts_bytes, "src/builtin/accounts.toml")
EMBED(builtin_config_bytes, "src/builtin/config.toml")

/* Make says which there are: a file in themes/ is all that a theme needs. */
#define X(name) EMBED(theme_##name, "themes/" #name ".toml")
S3TRIAGE_THEMES(X)
#undef X

#define SLICE(symbol) ((struct str){symbol, (size_t)(symbol##_end - symbol)})

struct str builtin_rule(void)
{
	return SLICE(builtin_rule_bytes);
}

struct str builtin_demo(void)
{
	return SLICE(builtin_demo_bytes);
}

struct str builtin_accounts(void)
{
	return SLICE(builtin_accounts_bytes);
}

struct str builtin_config(void)
{
	return SLICE(builtin_config_bytes);
}

#define X(name) #name,
static const char *const theme_names[] = {S3TRIAGE_THEMES(X)};
#undef X

size_t builtin_theme_count(void)
{
	return sizeof(theme_names) / sizeof(theme_names[0]);
}

struct str builtin_theme_name(size_t i)
{
	return str_c(theme_names[i]);
}

struct str builtin_theme(struct str name)
{
#define X(name) SLICE(theme_##name),
	const struct str texts[] = {S3TRIAGE_THEMES(X)};
#undef X
	for (size_t i = 0; i < builtin_theme_count(); i++)
		if (str_is(name, theme_names[i]))
			return texts[i];
	return (struct str){0};
}
