/*
 * choices: which words an argument can be. What a verb begins with stands in its synopsis.
 */
#include "choices.h"

#include "s3triage/account/accounts.h"
#include "s3triage/alert/filter.h"
#include "s3triage/base/mem.h"
#include "s3triage/builtin/builtin.h"
#include "s3triage/insight/facet.h"

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
#define X(enumerator, name, writer, ways, text) choices_add(out, "", STR(name), STR(text));
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

static void facets(struct choices *out)
{
	for (int i = 0; i < FACET_COUNT; i++)
		choices_add(out, "", str_c(facet_name((enum facet)i)), str_c(facet_text((enum facet)i)));
}

/* What an argument is called, in help and synopsis, says which words it can be. */
static void choices_of(const struct verb_row *v, struct str argument, struct choices *out)
{
	static const struct {
		const char *argument;
		void (*fill)(struct choices *out), (*of_groups)(struct choices *out);
	} rows[] = {{"COLUMN", columns, group_columns}, {"FORMAT", formats, formats},
		{"VERDICT", choices_verdicts, choices_verdicts}, {"NAME|FILE", themes, themes},
		{"WHAT", facets, groupings}};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (str_is(argument, rows[i].argument))
			(v->ways & VERB_GROUPS ? rows[i].of_groups : rows[i].fill)(out);
}

void choices_option(const struct verb_row *v, enum option_id which, struct choices *out)
{
	out->n = 0;
	choices_of(v, str_c(option_table()[which].argument), out);
}

/* Words stand there in small letters, what they stand for in large ones. */
static bool is_word(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((s.p[i] < 'a' || s.p[i] > 'z') && s.p[i] != '|')
			return false;
	return s.n > 0;
}

void choices_first(const struct verb_row *v, struct choices *out)
{
	struct str rest = str_c(v->synopsis), first = rest;
	out->n = 0;
	choices_of(v, str_cut(&first, ' '), out);
	while (rest.n) {
		size_t at = str_find(rest, STR(" | "));
		struct str one = str_sub(rest, 0, at == STR_NONE ? rest.n : at);
		rest = at == STR_NONE ? (struct str){0} : str_sub(rest, at + 3, rest.n);
		struct str words = str_cut(&one, ' ');
		while (is_word(words))
			choices_add(out, "", str_cut(&words, '|'), one);
	}
}
