/*
 * completion: scripts for bash, zsh and fish, from the verb and option tables.
 */
#include "cli_priv.h"

#include <string.h>

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
	fputs("\tesac\n"
	      "\tcase $word in\n"
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
			printf("]%s'", o->argument ? ":argument:_files" : "");
		}
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
			printf("complete -c s3triage -n '__fish_seen_subcommand_from %s' -l %s%s -d '",
				verb_table()[v].name, o->name, o->argument ? " -r" : "");
			fish_text(o->help);
			fputs("'\n", stdout);
		}
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
