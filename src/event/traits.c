/*
 * traits: the names of the facts.
 */
#include "s3triage/event/traits.h"

const char *trait_name(enum trait_index i)
{
	static const char *const names[] = {
#define X(enumerator, name, text) name,
		TRAITS(X)
#undef X
	};
	return i < TRAIT_COUNT ? names[i] : "";
}

const char *trait_text(enum trait_index i)
{
	static const char *const texts[] = {
#define X(enumerator, name, text) text,
		TRAITS(X)
#undef X
	};
	return i < TRAIT_COUNT ? texts[i] : "";
}

void member_traits(struct members *m, const char *key, trait_set traits)
{
	member_open(m, key, '[');
	for (unsigned i = 0; i < TRAIT_COUNT; i++)
		if (traits >> i & 1)
			member_str(m, NULL, str_c(trait_name((enum trait_index)i)));
	member_close(m, 1);
}

trait_set trait_parse(struct str name)
{
	for (unsigned i = 0; i < TRAIT_COUNT; i++)
		if (str_is(name, trait_name((enum trait_index)i)))
			return UINT64_C(1) << i;
	return 0;
}
