/*
 * completion: scripts for bash, zsh and fish, from the verb and option tables.
 */
#include "choices.h"
#include "cli_priv.h"

#include <string.h>

/* What follows the option is a file's name, or can be one. */
static bool takes_file(const struct option_row *o)
{
	static const char *const files[] = {"FILE", "DIR", "SOURCE"};
	for (size_t i = 0; o->argument && i < sizeof(files) / sizeof(files[0]); i++)
		if (strstr(o->argument, files[i]))
			return true;
	return false;
}

/* ---- bash: words without what is said of them --------------------------------------------------- */

static void bash_words(const struct choices *c)
{
	fputs("COMPREPLY=($(compgen -W '", stdout);
	for (size_t i = 0; i < c->n; i++)
		printf("%s%s%.*s", i ? " " : "", c->v[i].sign, STR_ARG(c->v[i].word));
	fputs("' -- \"$word\"))", stdout);
}

static void bash_option(const struct verb_row *verb, enum option_id option)
{
	const struct option_row *o = &option_table()[option];
	struct choices c;
	choices_option(verb, option, &c);
	if (!verb_takes(verb, option) || !o->argument || (!c.n && takes_file(o)))
		return;
	printf("\t%s:--%s", verb->name, o->name);
	if (o->letter)
		printf("|%s:-%c", verb->name, o->letter);
	fputs(") ", stdout);
	if (c.n)
		bash_words(&c);
	if (c.n && takes_file(o)) /* a theme of ours, or a file */
		fputs("; COMPREPLY+=($(compgen -f -- \"$word\"))", stdout);
	fputs(c.n ? "; return ;;\n" : "return ;;\n", stdout);
}

static void bash_choices(const struct cli *cli)
{
	fputs("\tcase $verb:${COMP_WORDS[COMP_CWORD-1]} in\n", stdout);
	for (const struct verb_row *const *v = cli->verbs; *v; v++)
		for (enum option_id i = 0; i < OPT_COUNT; i++)
			bash_option(*v, i);
	fputs("\tesac\n\tcase $COMP_CWORD:$verb:$word in\n", stdout);
	for (const struct verb_row *const *v = cli->verbs; *v; v++) {
		struct choices c;
		choices_first(*v, &c);
		if (!c.n)
			continue;
		printf("\t2:%s:[!-]*|2:%s:) ", (*v)->name, (*v)->name);
		bash_words(&c);
		fputs("; return ;;\n", stdout);
	}
	fputs("\tesac\n", stdout);
}

static void bash(const struct cli *cli)
{
	fputs("_s3triage() {\n"
	      "\tlocal word=${COMP_WORDS[COMP_CWORD]} verb=${COMP_WORDS[1]} options=\n"
	      "\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n"
	      "\t\tCOMPREPLY=($(compgen -W '",
		stdout);
	for (const struct verb_row *const *v = cli->verbs; *v; v++)
		printf("%s%s", v > cli->verbs ? " " : "", (*v)->name);
	fputs("' -- \"$word\"))\n\t\treturn\n\tfi\n\tcase $verb in\n", stdout);
	for (const struct verb_row *const *v = cli->verbs; *v; v++) {
		printf("\t%s) options='", (*v)->name);
		for (enum option_id i = 0; i < OPT_COUNT; i++)
			if (verb_takes(*v, i))
				printf(" --%s", option_table()[i].name);
		fputs("' ;;\n", stdout);
	}
	fputs("\tesac\n", stdout);
	bash_choices(cli);
	fputs("\tcase $word in\n"
	      "\t-*) COMPREPLY=($(compgen -W \"$options\" -- \"$word\")) ;;\n"
	      "\t*) COMPREPLY=($(compgen -f -- \"$word\")) ;;\n"
	      "\tesac\n"
	      "}\n"
	      "complete -o filenames -F _s3triage s3triage\n",
		stdout);
}

/* ---- zsh ---------------------------------------------------------------------------------------- */

/* Inside single quotes; what means something to _arguments there is escaped. */
static void zsh_text(struct str s, const char *special)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\'')
			fputs("'\\''", stdout);
		else if (strchr(special, s.p[i]))
			printf("\\%c", s.p[i]);
		else
			putchar(s.p[i]);
	}
}

static void zsh_words(const struct choices *c)
{
	fputs("((", stdout);
	for (size_t i = 0; i < c->n; i++) {
		printf("%s%s%.*s", i ? " " : "", c->v[i].sign, STR_ARG(c->v[i].word));
		if (!c->v[i].help.n)
			continue;
		fputs("\\:\"", stdout);
		zsh_text(c->v[i].help, ":\"\\$`");
		putchar('"');
	}
	fputs("))'", stdout);
}

static void zsh_option(const struct verb_row *verb, enum option_id option)
{
	const struct option_row *o = &option_table()[option];
	struct choices c;
	if (!verb_takes(verb, option))
		return;
	choices_option(verb, option, &c);
	printf(" '--%s[", o->name);
	zsh_text(str_c(o->help), "[]:");
	fputs("]", stdout);
	if (c.n) {
		printf(":%s:", o->name);
		zsh_words(&c);
	} else if (o->argument) {
		printf(":%s:%s'", o->name, takes_file(o) ? "_files" : " ");
	} else {
		putchar('\'');
	}
}

static void zsh(const struct cli *cli)
{
	struct choices c;
	fputs("#compdef s3triage\n_s3triage() {\n\tif (( CURRENT == 2 )); then\n\t\tlocal -a verbs=(", stdout);
	for (const struct verb_row *const *v = cli->verbs; *v; v++) {
		printf(" '%s:", (*v)->name);
		zsh_text(str_c((*v)->help), "[]:");
		putchar('\'');
	}
	fputs(" )\n\t\t_describe verb verbs\n\t\treturn\n\tfi\n\tcase $words[2] in\n", stdout);
	for (const struct verb_row *const *v = cli->verbs; *v; v++) {
		printf("\t%s) _arguments", (*v)->name);
		for (enum option_id i = 0; i < OPT_COUNT; i++)
			zsh_option(*v, i);
		choices_first(*v, &c);
		if (c.n) { /* words[1] is the program, CURRENT 3 the verb's first word */
			fputs(" '2:word:", stdout);
			zsh_words(&c);
		}
		fputs(" '*:source:_files' ;;\n", stdout);
	}
	fputs("\tesac\n}\n_s3triage \"$@\"\n", stdout);
}

/* ---- fish --------------------------------------------------------------------------------------- */

static void fish_text(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\'' || s.p[i] == '\\')
			putchar('\\');
		putchar(s.p[i]);
	}
}

/* The list is read once more as a line of fish: what is said of a word stands in double quotes there. */
static void fish_words(const struct choices *c)
{
	fputs(" -a '", stdout);
	for (size_t i = 0; i < c->n; i++) {
		printf("%s%s%.*s\\t\"", i ? " " : "", c->v[i].sign, STR_ARG(c->v[i].word));
		fish_text(c->v[i].help);
		putchar('"');
	}
	putchar('\'');
}

static void fish_option(const struct verb_row *verb, enum option_id option)
{
	const struct option_row *o = &option_table()[option];
	struct choices c;
	if (!verb_takes(verb, option))
		return;
	choices_option(verb, option, &c);
	printf("complete -c s3triage -n '__s3triage_verb %s' -l %s", verb->name, o->name);
	if (o->letter)
		printf(" -s %c", o->letter);
	if (o->argument)
		fputs(takes_file(o) ? " -r" : " -x", stdout);
	if (c.n)
		fish_words(&c);
	fputs(" -d '", stdout);
	fish_text(str_c(o->help));
	fputs("'\n", stdout);
}

static void fish(const struct cli *cli)
{
	struct choices c;
	fputs("function __s3triage_verb\n"
	      "\tset -l words (commandline -opc)\n"
	      "\ttest (count $words) -ge 2; and test $words[2] = $argv[1]\n"
	      "end\n"
	      "function __s3triage_word\n"
	      "\ttest (count (commandline -opc)) -eq $argv[1]\n"
	      "end\n"
	      "complete -c s3triage -n '__s3triage_word 1' -f\n",
		stdout);
	for (const struct verb_row *const *v = cli->verbs; *v; v++) {
		printf("complete -c s3triage -n '__s3triage_word 1' -a %s -d '", (*v)->name);
		fish_text(str_c((*v)->help));
		fputs("'\n", stdout);
		for (enum option_id i = 0; i < OPT_COUNT; i++)
			fish_option(*v, i);
		choices_first(*v, &c);
		if (!c.n)
			continue;
		printf("complete -c s3triage -f -n '__s3triage_word 2; and __s3triage_verb %s'", (*v)->name);
		fish_words(&c);
		putchar('\n');
	}
}

static int verb_completion(struct cli *cli)
{
	const char *shell = cli->n_words == 1 ? cli->words[0] : "";
	if (strcmp(shell, "bash") == 0)
		bash(cli);
	else if (strcmp(shell, "zsh") == 0)
		zsh(cli);
	else if (strcmp(shell, "fish") == 0)
		fish(cli);
	else
		return cli_usage("completion takes bash, zsh or fish");
	return EXIT_FINE;
}

const struct verb_row completion_verb = {
	.name = "completion",
	.synopsis = "bash|zsh|fish",
	.help = "print a completion script for a shell",
	.example = "s3triage completion bash >"
		" ~/.local/share/bash-completion/completions/s3triage",
	.run = verb_completion,
};
