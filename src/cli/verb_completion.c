/*
 * completion: scripts for bash, zsh and fish, from the verb and option tables.
 */
#include "cli_priv.h"

#include <string.h>

/* What an option takes when it is one of a few words; NULL: a file or anything. */
static const char *choices(int option)
{
	switch (option) {
	case OPT_FORMAT: return "csv ndjson json markdown exceptions value-list eql kql accounts case stix";
	case OPT_VERDICT: return "open approved suspicious";
	case OPT_THEME: return "terminal dark light contrast mono";
	case OPT_BY: return "account actor bucket role";
	default: return NULL;
	}
}

/* The words that a verb begins with; NULL: a source or an id. */
static const char *first_words(int verb)
{
	switch (verb) {
	case VERB_INDEX_decide: return "approved suspicious open";
	case VERB_INDEX_rule: return "check explain";
	case VERB_INDEX_approval: return "add list end auto apply";
	case VERB_INDEX_completion: return "bash zsh fish";
	default: return NULL;
	}
}

static void verb_names(void)
{
	for (int v = 0; v < VERB_COUNT; v++)
		printf("%s%s", v ? " " : "", verb_table()[v].name);
}

static void option_names(int verb)
{
	for (int i = 0; i < OPT_COUNT; i++)
		if (option_table()[i].verbs & (1u << verb))
			printf(" --%s", option_table()[i].name);
}

static void bash_choices(void)
{
	fputs("\tcase ${COMP_WORDS[COMP_CWORD-1]} in\n", stdout);
	for (int i = 0; i < OPT_COUNT; i++) {
		if (!choices(i))
			continue;
		printf("\t--%s", option_table()[i].name);
		if (option_table()[i].letter)
			printf("|-%c", option_table()[i].letter);
		printf(") COMPREPLY=($(compgen -W '%s' -- \"$word\")); return ;;\n", choices(i));
	}
	fputs("\tesac\n\tcase $COMP_CWORD:$verb:$word in\n", stdout);
	for (int v = 0; v < VERB_COUNT; v++)
		if (first_words(v))
			printf("\t2:%s:[!-]*|2:%s:) COMPREPLY=($(compgen -W '%s' -- \"$word\")); return ;;\n",
				verb_table()[v].name, verb_table()[v].name, first_words(v));
	fputs("\tesac\n", stdout);
}

static void bash(void)
{
	fputs("_s3triage() {\n"
	      "\tlocal word=${COMP_WORDS[COMP_CWORD]} verb=${COMP_WORDS[1]} options=\n"
	      "\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n"
	      "\t\tCOMPREPLY=($(compgen -W '",
		stdout);
	verb_names();
	fputs("' -- \"$word\"))\n\t\treturn\n\tfi\n\tcase $verb in\n", stdout);
	for (int v = 0; v < VERB_COUNT; v++) {
		printf("\t%s) options='", verb_table()[v].name);
		option_names(v);
		fputs("' ;;\n", stdout);
	}
	fputs("\tesac\n", stdout);
	bash_choices();
	fputs("\tcase $word in\n"
	      "\t-*) COMPREPLY=($(compgen -W \"$options\" -- \"$word\")) ;;\n"
	      "\t*) COMPREPLY=($(compgen -f -- \"$word\")) ;;\n"
	      "\tesac\n"
	      "}\n"
	      "complete -o filenames -F _s3triage s3triage\n",
		stdout);
}

/* Inside single quotes of zsh's _arguments: quotes, brackets and colons mean something. */
static void zsh_text(const char *s)
{
	for (; *s; s++) {
		if (*s == '\'')
			fputs("'\\''", stdout);
		else if (strchr("[]:", *s))
			printf("\\%c", *s);
		else
			putchar(*s);
	}
}

static void zsh(void)
{
	fputs("#compdef s3triage\n_s3triage() {\n\tif (( CURRENT == 2 )); then\n\t\tlocal -a verbs=(", stdout);
	for (int v = 0; v < VERB_COUNT; v++) {
		printf(" '%s:", verb_table()[v].name);
		zsh_text(verb_table()[v].help);
		putchar('\'');
	}
	fputs(" )\n\t\t_describe verb verbs\n\t\treturn\n\tfi\n\tcase $words[2] in\n", stdout);
	for (int v = 0; v < VERB_COUNT; v++) {
		printf("\t%s) _arguments", verb_table()[v].name);
		for (int i = 0; i < OPT_COUNT; i++) {
			const struct option_row *o = &option_table()[i];
			if (!(o->verbs & (1u << v)))
				continue;
			printf(" '--%s[", o->name);
			zsh_text(o->help);
			if (choices(i))
				printf("]:%s:(%s)'", o->name, choices(i));
			else
				printf("]%s'", o->argument ? ":argument:_files" : "");
		}
		if (first_words(v)) /* words[1] is the program, CURRENT 3 the verb's first word */
			printf(" '2:word:(%s)'", first_words(v));
		fputs(" '*:source:_files' ;;\n", stdout);
	}
	fputs("\tesac\n}\n_s3triage \"$@\"\n", stdout);
}

static void fish_text(const char *s)
{
	for (; *s; s++) {
		if (*s == '\'' || *s == '\\')
			putchar('\\');
		putchar(*s);
	}
}

static void fish(void)
{
	for (int v = 0; v < VERB_COUNT; v++) {
		printf("complete -c s3triage -n __fish_use_subcommand -a %s -d '", verb_table()[v].name);
		fish_text(verb_table()[v].help);
		fputs("'\n", stdout);
		for (int i = 0; i < OPT_COUNT; i++) {
			const struct option_row *o = &option_table()[i];
			if (!(o->verbs & (1u << v)))
				continue;
			printf("complete -c s3triage -n '__fish_seen_subcommand_from %s' -l %s%s",
				verb_table()[v].name, o->name, o->argument ? " -r" : "");
			if (choices(i))
				printf(" -f -a '%s'", choices(i));
			fputs(" -d '", stdout);
			fish_text(o->help);
			fputs("'\n", stdout);
		}
		if (first_words(v))
			printf("complete -c s3triage -n '__fish_seen_subcommand_from %s' -a '%s'\n",
				verb_table()[v].name, first_words(v));
	}
}

int verb_completion(struct cli *cli)
{
	const char *shell = cli->n_words == 1 ? cli->words[0] : "";
	if (strcmp(shell, "bash") == 0)
		bash();
	else if (strcmp(shell, "zsh") == 0)
		zsh();
	else if (strcmp(shell, "fish") == 0)
		fish();
	else
		return cli_usage("completion takes bash, zsh or fish");
	return EXIT_FINE;
}
