/*
 * options: the command line against the tables. getopt_long does the splitting; which option
 * belongs to which verb, and what is a source, is decided here.
 */
#include "cli_priv.h"

#include "s3triage/base/file.h"
#include "s3triage/base/mem.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

const struct option_row *option_table(void)
{
	static const struct option_row rows[] = {
#define X(enumerator, name, letter, argument, ways, help) {name, argument, help, letter, ways},
		OPTIONS(X)
#undef X
	};
	return rows;
}

static bool options_name(const unsigned char *o, enum option_id which)
{
	while (o && *o != OPT_HELP && *o != which)
		o++;
	return o && *o == which;
}

bool verb_takes(const struct verb_row *v, enum option_id which)
{
	return which == OPT_HELP || options_name(v->options, which);
}

enum { LONG_BASE = 1000 };

static void fill_getopt(struct option longs[OPT_COUNT + 1], char letters[2 * OPT_COUNT + 3])
{
	const struct option_row *rows = option_table();
	size_t n = 0;
	letters[n++] = '-'; /* words are handed over in order */
	letters[n++] = ':'; /* a missing argument is told apart */
	for (int i = 0; i < OPT_COUNT; i++) {
		int has = rows[i].argument ? required_argument : no_argument;
		longs[i] = (struct option){rows[i].name, has, NULL, LONG_BASE + i};
		if (rows[i].letter) {
			letters[n++] = rows[i].letter;
			if (rows[i].argument)
				letters[n++] = ':';
		}
	}
	longs[OPT_COUNT] = (struct option){0};
	letters[n] = '\0';
}

static int option_of(int code)
{
	if (code >= LONG_BASE)
		return code - LONG_BASE;
	for (int i = 0; i < OPT_COUNT; i++)
		if (option_table()[i].letter == code)
			return i;
	return -1;
}

static bool find_verb(struct cli *cli, const char *word, struct err *err)
{
	for (size_t i = 0; cli->verbs[i]; i++)
		if (strcmp(cli->verbs[i]->name, word) == 0)
			cli->verb = cli->verbs[i];
	return cli->verb || err_set(err, ERR_USAGE, "there is no verb '%s'; see s3triage --help", word);
}

/* Words before --from are the verb's own, as in show, decide, history; else sources. */
static bool words_are_sources(const struct cli *cli)
{
	return cli->verb->ways & VERB_SOURCES;
}

static void add_word(struct cli *cli, bool source, const char *word)
{
	if (source)
		cli->sources[cli->n_sources++] = word;
	else
		cli->words[cli->n_words++] = word;
}

/* As `--bucket "$B"` leaves it when B is not set: a limit or a choice that is empty would be none. Only
 * a reason and a note can be empty and mean it; a source is looked at later. */
static bool is_left_empty(const struct option_row *row, const char *argument)
{
	return argument && !*argument && !(row->ways & OPTION_EMPTY);
}

static bool take_option(struct cli *cli, enum option_id which, const char *argument, struct err *err)
{
	const struct option_row *row = &option_table()[which];
	if (!verb_takes(cli->verb, which))
		return err_set(err, ERR_USAGE, "%s takes no --%s; see s3triage %s --help", cli->verb->name,
			row->name, cli->verb->name);
	if (cli->text[which] && !(row->ways & OPTION_MANY) && row->argument)
		return err_set(err, ERR_USAGE, "--%s is given twice", row->name);
	if (is_left_empty(row, argument))
		return err_set(err, ERR_USAGE, strncmp(row->argument, "FILE", 4) == 0
			? "--%s needs a file's name" : "--%s needs a value, and was given an empty one", row->name);
	cli->text[which] = argument ? argument : "";
	if (which == OPT_FROM)
		add_word(cli, true, argument);
	if (which == OPT_ACCOUNTS)
		cli->accounts[cli->n_accounts++] = argument;
	return true;
}

static bool bad_option(int code, int argc, char **argv, struct err *err)
{
	const char *word = optind > 0 && optind <= argc ? argv[optind - 1] : "";
	if (code == ':')
		return err_set(err, ERR_USAGE, "%s needs an argument", word);
	if (optopt >= LONG_BASE)
		return err_set(err, ERR_USAGE, "--%s takes no argument, but got one: %s",
			option_table()[optopt - LONG_BASE].name, word);
	if (optopt)
		return err_set(err, ERR_USAGE, "there is no option -%c", optopt);
	return err_set(err, ERR_USAGE, "there is no option %s, or it is cut too short", word);
}

static bool can_be_source(const char *word)
{
	return strcmp(word, "-") == 0 || strpbrk(word, "*?[/:") || file_exists(word);
}

/* `show --from FILE ID`: behind --from come sources, but the first word after the first source that
 * can be none, and what follows it, must be what the verb is about. */
static void take_back_words(struct cli *cli)
{
	size_t n = cli->n_sources, kept = 1;
	while (kept < n && can_be_source(cli->sources[kept]))
		kept++;
	for (size_t i = kept; i < n; i++)
		add_word(cli, false, cli->sources[i]);
	if (kept < n)
		cli->n_sources = kept;
}

/* argv[0] is the verb here: getopt skips it as it would the program's name. */
static bool parse_words(struct cli *cli, int argc, char **argv, struct err *err)
{
	struct option longs[OPT_COUNT + 1];
	char letters[2 * OPT_COUNT + 3];
	fill_getopt(longs, letters);
	opterr = 0;
	optind = 0;
	bool source = words_are_sources(cli);
	int code;
	while ((code = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
		if (code == 1) {
			add_word(cli, source, optarg);
			continue;
		}
		if (code == ':' || code == '?')
			return bad_option(code, argc, argv, err);
		int which = option_of(code);
		if (!take_option(cli, (enum option_id)which, optarg, err))
			return false;
		source = which == OPT_FROM || words_are_sources(cli);
	}
	source = words_are_sources(cli); /* `--` ends the sources, too */
	for (int i = optind; i < argc; i++)
		add_word(cli, source, argv[i]);
	if (cli->n_words < cli->verb->words)
		take_back_words(cli);
	return true;
}

/* As `list "$DIR"` leaves it when DIR is not set. */
static bool sources_have_names(const struct cli *cli, struct err *err)
{
	for (size_t i = 0; i < cli->n_sources; i++)
		if (!*cli->sources[i])
			return err_set(err, ERR_USAGE, "a source has no name: one of the words is empty");
	return true;
}

/* "add or apply"; false: the option is of no part, or of this one. */
static bool part_of_others(const struct cli *cli, const char *word, enum option_id which, struct buf *out)
{
	bool mine = false;
	for (const struct verb_part *p = cli->verb->parts; p->word; p++) {
		if (!options_name(p->options, which))
			continue;
		mine = mine || strcmp(p->word, word) == 0;
		buf_fmt(out, "%s%s", out->n ? " or " : "", p->word);
	}
	return out->n && !mine;
}

static bool part_takes(const struct cli *cli, struct err *err)
{
	const struct verb_part *p = cli->n_words ? cli->verb->parts : NULL;
	while (p && p->word && strcmp(p->word, cli->words[0]) != 0)
		p++;
	for (enum option_id i = 0; p && p->word && i < OPT_COUNT; i++) {
		AUTO(buf_fini) struct buf others = {0};
		if (cli->text[i] && part_of_others(cli, p->word, i, &others))
			return err_set(err, ERR_USAGE, "--%s belongs to %s %s, not to %s %s", option_table()[i].name,
				cli->verb->name, buf_cstr(&others), cli->verb->name, p->word);
	}
	return true;
}

/* An option that would do nothing is not passed over: who gave it meant something. */
static bool options_agree(const struct cli *cli, struct err *err)
{
	static const struct {
		enum option_id given, needs, or_needs;
	} needs[] = {{OPT_FORCE, OPT_OUTPUT, OPT_OUTPUT}, {OPT_NOTE, OPT_TICK, OPT_UNTICK},
		{OPT_JSON, OPT_COUNT_ONLY, OPT_COUNT_BY}};
	static const enum option_id apart[][2] = {{OPT_EQL, OPT_RULE}, {OPT_TICK, OPT_UNTICK},
		{OPT_OVERWRITE, OPT_KEEP}, {OPT_COUNT_ONLY, OPT_COUNT_BY}, {OPT_COUNT_ONLY, OPT_ID_FIELD},
		{OPT_COUNT_BY, OPT_ID_FIELD}, {OPT_ALL, OPT_TOP}, {OPT_PROOF, OPT_KEY}, {OPT_PROOF, OPT_TSA}};
	const struct option_row *row = option_table();
	for (size_t i = 0; i < ARRAY_LEN(needs); i++)
		if (verb_takes(cli->verb, needs[i].needs) && cli->text[needs[i].given] &&
			!cli->text[needs[i].needs] && !cli->text[needs[i].or_needs])
			return err_set(err, ERR_USAGE, "--%s means nothing without --%s",
				row[needs[i].given].name, row[needs[i].needs].name);
	for (size_t i = 0; i < ARRAY_LEN(apart); i++)
		if (cli->text[apart[i][0]] && cli->text[apart[i][1]])
			return err_set(err, ERR_USAGE, "--%s and --%s: choose one",
				row[apart[i][0]].name, row[apart[i][1]].name);
	return part_takes(cli, err);
}

bool cli_parse(struct cli *cli, int argc, char **argv, struct err *err)
{
	if (argc < 2)
		return err_set(err, ERR_USAGE,
			"say what to do: s3triage open SOURCE..., or s3triage open --demo; "
			"s3triage --help lists the verbs");
	cli->words = mem_array((size_t)argc, sizeof(*cli->words));
	cli->sources = mem_array((size_t)argc, sizeof(*cli->sources));
	cli->accounts = mem_array((size_t)argc, sizeof(*cli->accounts));
	bool fine = find_verb(cli, argv[1], err) && parse_words(cli, argc - 1, argv + 1, err) &&
		sources_have_names(cli, err) && (cli->text[OPT_HELP] || options_agree(cli, err));
	if (fine && cli->text[OPT_OUTPUT] && strcmp(cli->text[OPT_OUTPUT], "-") == 0)
		cli->text[OPT_OUTPUT] = NULL; /* standard output, as without it */
	return fine;
}

void cli_fini(struct cli *cli)
{
	free(cli->words);
	free(cli->sources);
	free(cli->accounts);
}
