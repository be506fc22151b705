/*
 * help: --help, from the tables.
 */
#include "cli_priv.h"

#include <string.h>

static void print_option(const struct option_row *row, FILE *out)
{
	char left[64];
	const char *space = row->argument ? " " : "";
	const char *argument = row->argument ? row->argument : "";
	if (row->letter)
		snprintf(left, sizeof(left), "-%c, --%s%s%s", row->letter, row->name, space, argument);
	else
		snprintf(left, sizeof(left), "    --%s%s%s", row->name, space, argument);
	fprintf(out, "  %-26s  %s\n", left, row->help);
}

void help_all(const struct cli *cli, FILE *out)
{
	fputs("s3triage: triage of the alerts that say an S3 bucket is replicated to another account\n"
	      "\n"
	      "usage: s3triage VERB [OPTIONS] ...\n"
	      "\n",
		out);
	for (size_t i = 0; cli->verbs[i]; i++)
		fprintf(out, "  %-11s %s\n", cli->verbs[i]->name, cli->verbs[i]->help);
	fputs("\n"
	      "s3triage VERB --help lists the options of a verb; s3triage man prints the manual.\n"
	      "Try it: s3triage open --demo\n"
	      "\n"
	      "A SOURCE is a file, a folder, a glob in quotes, or - for standard input: CloudTrail\n"
	      "logs (plain or gzip), lookup-events output, ECS documents, Elasticsearch answers,\n"
	      "Kibana alerts. They are told apart by content. Or it is a cluster: NAME: for a\n"
	      "[profile.NAME] of config.toml, or es+https://HOST:9200/INDEX (also opensearch+,\n"
	      "kibana+). ./NAME: is a file.\n"
	      "\n"
	      "Exit codes: 0 fine, 1 failed, 2 wrong usage, 3 done but some input was bad.\n",
		out);
}

void help_verb(const struct cli *cli, FILE *out)
{
	const struct verb_row *verb = cli->verb;
	fprintf(out, "usage: s3triage %s %s\n\n%s\n\n", verb->name, verb->synopsis, verb->help);
	for (enum option_id i = 0; i < OPT_COUNT; i++)
		if (verb_takes(verb, i))
			print_option(&option_table()[i], out);
	fprintf(out, "\nexample: %s\n", verb->example);
}
