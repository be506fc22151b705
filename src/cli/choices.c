/*
 * choices: one row an option that takes one of a few words. What a verb begins with stands in its
 * synopsis.
 */
#include "choices.h"

#include "cli_priv.h"

#include "s3triage/account/accounts.h"
#include "s3triage/alert/filter.h"
#include "s3triage/base/mem.h"
#include "s3triage/builtin/builtin.h"

static void choices_add(struct choices *out, const char *sign, struct str word, struct str help)
{
	if (out->n == CHOICES_MAX || !word.n)
		return;
	out->v[out->n].sign = sign;
	out->v[out->n].word = word;
	out->v[out->n++].help = help;
}

static void add_column(struct choices *out, const char *name)
{
	choices_add(out, "", str_c(name), STR("ascending"));
	choices_add(out, "-", str_c(name), STR("descending"));
}

static void columns(struct choices *out)
{
	for (int i = 0; i < SORT_KEYS; i++)
		add_column(out, sort_name((enum sort_key)i));
}

static void group_columns(struct choices *out)
{
	for (int i = 0; i < GROUP_SORTS; i++)
		add_column(out, group_sort_name((enum group_sort)i));
}

static void formats(struct choices *out)
{
#define X(enumerator, name, text) choices_add(out, "", STR(name), STR(text));
	HANDOFFS(X)
#undef X
}

static void choices_verdicts(struct choices *out)
{
	for (int i = 0; i < VERDICTS; i++)
		choices_add(out, "", str_c(verdict_name((enum verdict)i)), STR(""));
}

static void themes(struct choices *out)
{
	for (size_t i = 0; i < builtin_theme_count(); i++)
		choices_add(out, "", builtin_theme_name(i), STR(""));
}

static void groupings(struct choices *out)
{
	for (int i = 0; i < GROUP_BYS; i++)
		choices_add(out, "", str_c(group_by_name((enum group_by)i)), STR(""));
}

void choices_option(unsigned verb, int option, struct choices *out)
{
	static const struct {
		int option;
		unsigned verbs;
		void (*fill)(struct choices *out);
	} rows[] = {
		{OPT_SORT, V(accounts), group_columns},
		{OPT_SORT, ~V(accounts), columns},
		{OPT_FORMAT, ~0u, formats},
		{OPT_VERDICT, ~0u, choices_verdicts},
		{OPT_THEME, ~0u, themes},
		{OPT_BY, ~0u, groupings},
	};
	out->n = 0;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].option == option && rows[i].verbs & (1u << verb))
			rows[i].fill(out);
}

/* Words stand there in small letters, what they stand for in large ones. */
static bool is_word(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((s.p[i] < 'a' || s.p[i] > 'z') && s.p[i] != '|')
			return false;
	return s.n > 0;
}

void choices_first(unsigned verb, struct choices *out)
{
	struct str rest = str_c(verb_table()[verb].synopsis);
	out->n = 0;
	if (verb == VERB_INDEX_decide)
		choices_verdicts(out);
	while (rest.n) {
		size_t at = str_find(rest, STR(" | "));
		struct str one = str_sub(rest, 0, at == STR_NONE ? rest.n : at);
		rest = at == STR_NONE ? (struct str){0} : str_sub(rest, at + 3, rest.n);
		struct str words = str_cut(&one, ' ');
		while (is_word(words))
			choices_add(out, "", str_cut(&words, '|'), one);
	}
}
