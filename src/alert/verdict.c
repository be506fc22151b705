/*
 * verdict: names and glyphs of the three things one can say of an alert.
 */
#include "s3triage/alert/verdict.h"

#include "s3triage/base/mem.h"

struct naming {
	const char *name;
	char glyph;
};

static const struct naming namings[VERDICTS] = {
	[VERDICT_OPEN] = {"open", '?'},
	[VERDICT_APPROVED] = {"approved", '+'},
	[VERDICT_SUSPICIOUS] = {"suspicious", 'x'},
};

const char *verdict_name(enum verdict v)
{
	return (unsigned)v < VERDICTS ? namings[v].name : "unknown";
}

char verdict_glyph(enum verdict v)
{
	return (unsigned)v < VERDICTS ? namings[v].glyph : ' ';
}

bool verdict_parse(struct str text, enum verdict *out)
{
	for (size_t i = 0; i < VERDICTS; i++) {
		if (str_eq_fold(text, str_c(namings[i].name))) {
			*out = (enum verdict)i;
			return true;
		}
	}
	return false;
}

bool decision_of_other(const struct decision *d, struct str analyst)
{
	return !str_eq(decision_who(d), analyst) &&
		!(d->approval && str_starts(decision_who(d), STR("approval ")));
}

/* Whatever stands behind the word that is no part of a name's word: a blank of any kind, a sign. */
bool analyst_is_reserved(struct str name)
{
	const struct str word = STR("approval");
	name = str_trim(name);
	if (name.n < word.n || !str_eq_fold(str_sub(name, 0, word.n), word))
		return false;
	struct str rest = str_sub(name, word.n, name.n);
	return !rest.n || (!str_is_name(str_sub(rest, 0, 1), "", 1) &&
		str_find_char(STR("-_.@"), rest.p[0]) == STR_NONE);
}
