/*
 * man: written from the same tables that the parser and --help use.
 */
#include "cli_priv.h"

#include <stdlib.h>

#include <string.h>

/* Which verbs take it. */
static void man_takers(const struct cli *cli, enum option_id which)
{
	const char *between = "";
	if (which == OPT_HELP)
		fputs("every verb", stdout);
	for (size_t i = 0; which != OPT_HELP && cli->verbs[i]; i++) {
		if (!verb_takes(cli->verbs[i], which))
			continue;
		printf("%s%s", between, cli->verbs[i]->name);
		between = ", ";
	}
}

static void man_option(const struct cli *cli, enum option_id which)
{
	const struct option_row *o = &option_table()[which];
	fputs(".TP\n", stdout);
	if (o->letter)
		printf("\\fB\\-%c\\fR, ", o->letter);
	fputs("\\fB\\-\\-", stdout);
	roff(o->name);
	fputs("\\fR", stdout);
	if (o->argument) {
		fputs(" \\fI", stdout);
		roff(o->argument);
		fputs("\\fR", stdout);
	}
	putchar('\n');
	roff(o->help);
	fputs(" (", stdout);
	man_takers(cli, which);
	fputs(")\n", stdout);
}

static void man_verbs(const struct cli *cli)
{
	fputs(".SH VERBS\n", stdout);
	for (size_t i = 0; cli->verbs[i]; i++) {
		printf(".TP\n\\fB%s\\fR ", cli->verbs[i]->name);
		roff(cli->verbs[i]->synopsis);
		putchar('\n');
		roff(cli->verbs[i]->help);
		putchar('\n');
	}
}

static void man_examples(const struct cli *cli)
{
	fputs(".SH EXAMPLES\n", stdout);
	for (size_t i = 0; cli->verbs[i]; i++) {
		fputs(".TP\n", stdout);
		roff(cli->verbs[i]->help);
		fputs("\n.nf\n\\fB", stdout);
		roff(cli->verbs[i]->example);
		fputs("\\fR\n.fi\n", stdout);
	}
}

static void man_head(void)
{
	fputs(".TH S3TRIAGE 1 \"\" \"s3triage " S3TRIAGE_VERSION "\"\n"
	      ".SH NAME\n"
	      "s3triage \\- triage of alerts about S3 buckets replicated to another account\n"
	      ".SH SYNOPSIS\n"
	      ".B s3triage\n"
	      "\\fIVERB\\fR [\\fIOPTIONS\\fR] ...\n"
	      ".SH DESCRIPTION\n"
	      "An S3 bucket can be told to copy everything written to it into another AWS account.\n"
	      "The detection rule \\(lqAWS S3 Bucket Replicated to Another Account\\(rq raises an\n"
	      "alert for each successful PutBucketReplication whose request names an account, and\n"
	      "somebody must then decide. \\fBs3triage\\fR reads the events or alerts, shows the\n"
	      "request, the actor and the investigation guide side by side, records a verdict\n"
	      "(approved or suspicious) for each, and exports the decisions.\n"
	      ".PP\n"
	      "A \\fISOURCE\\fR is a file, a folder that is walked, a glob in quotes, or \\fB\\-\\fR\n"
	      "for standard input. What it holds is told by content: CloudTrail log files (plain or\n"
	      "gzip), the output of \\fBaws cloudtrail lookup\\-events\\fR, raw events or ECS\n"
	      "documents as NDJSON or array, answers of Elasticsearch searches, Kibana alerts.\n"
	      ".PP\n"
	      "\\fINAME\\fR\\fB:\\fR is a cluster that [profile.\\fINAME\\fR] of config.toml describes;\n"
	      "\\fBes+\\fR, \\fBopensearch+\\fR or \\fBkibana+\\fR before an https:// URL is one, too.\n",
		stdout);
}

static void man_profiles(void)
{
	fputs(".SH PROFILES\n"
	      "Keys of a [profile.\\fINAME\\fR]; secrets are named there, never written there.\n"
	      ".TP\n\\fBkind\\fR, \\fBurl\\fR or \\fBcloud_id\\fR, \\fBindex\\fR, \\fBspace\\fR\n"
	      "elasticsearch, opensearch or kibana, and where\n"
	      ".TP\n\\fBauth\\fR, \\fBuser\\fR, \\fBsecret_env\\fR, \\fBsecret_file\\fR, "
	      "\\fBcredential_command\\fR\n"
	      "apikey, basic, bearer, sigv4 or none, and where the key, password or token is: a\n"
	      "variable, a file of mode 0600, the output of a command\n"
	      ".TP\n\\fBregion\\fR, \\fBservice\\fR, \\fBaws_profile\\fR\n"
	      "for sigv4; service is es or aoss\n"
	      ".TP\n\\fBca_file\\fR, \\fBca_fingerprint\\fR\n"
	      "which CA is trusted, instead of the system's: PEM, the SHA\\-256 of its certificate\n"
	      ".TP\n\\fBclient_cert\\fR, \\fBclient_key\\fR, \\fBclient_key_secret_env\\fR, "
	      "\\fBclient_key_secret_file\\fR, \\fBclient_key_secret_command\\fR\n"
	      "a client certificate, PEM or PKCS#12, its key, and where the key's passphrase is\n"
	      ".TP\n\\fBinsecure\\fR, \\fBproxy\\fR\n"
	      "true: certificates are not verified, and every screen says so; a proxy for https://, or none\n"
	      ".TP\n\\fBquery\\fR, \\fBcontent\\fR, \\fBpage\\fR, \\fBinterval\\fR, "
	      "\\fBlook_back\\fR, \\fBtimeout\\fR\n"
	      "auto, eql or dsl; events or alerts; hits a request; for following; of a request\n"
	      ".TP\n\\fBwrite\\fR, \\fBdecisions_index\\fR, \\fBapproved\\fR, \\fBsuspicious\\fR, "
	      "\\fBassignee\\fR, \\fBcase\\fR\n"
	      "where decisions go: kibana, alerts or decisions, and what a verdict becomes there\n",
		stdout);
}

/* From the table itself: name, weight, what it means. */
static void man_signals(void)
{
	fputs(".SH SIGNALS\n"
	      "What an alert weighs is the sum of its signals, never below 0: 1 to 3 is shown as .,\n"
	      "to 6 as !, to 9 as !!, more as !!!. The list is in this order, newest first among equals.\n", stdout);
	for (int i = 0; i < SIGNAL_COUNT; i++) {
		printf(".TP\n\\fB");
		roff(signal_name((enum signal_index)i));
		printf("\\fR %s%d\n", signal_weight((enum signal_index)i) < 0 ? "\\-" : "",
			abs(signal_weight((enum signal_index)i)));
		roff(signal_help((enum signal_index)i));
		fputs("\n", stdout);
	}
}

static void man_tail(void)
{
	fputs(".SH EXIT STATUS\n"
	      ".TP\n\\fB0\\fR\nfine\n"
	      ".TP\n\\fB1\\fR\nfailed; for \\fBverify\\fR: the chain is broken, or\n"
	      "the file differs; for \\fBoutbox\\fR: something has not arrived; for \\fBdecide\\fR and\n"
	      "\\fBapproval\\fR: another analyst\\(aqs verdict stands; for \\fBaws replication\\fR: an alert could\n"
	      "not be looked up; for \\fBdoctor\\fR: something is wrong; for \\fBrule check\\fR: no rule is good;\n"
	      "an id that no alert has\n"
	      ".TP\n\\fB2\\fR\nwrong usage: the words, an \\fB\\-\\-eql\\fR or a filter in them;\n"
	      "an id that fits several alerts\n"
	      ".TP\n\\fB3\\fR\ndone, but some input was bad; each problem is on standard error\n"
	      ".TP\n\\fB128+N\\fR\nthe console was ended by signal N\n"
	      ".SH FILES\n"
	      ".TP\n\\fI$XDG_DATA_HOME/s3triage/journal.db\\fR\n"
	      "the record of decisions: SQLite, append\\-only, hash\\-chained\n"
	      ".TP\n\\fI$XDG_CONFIG_HOME/s3triage/config.toml\\fR\n"
	      "theme, keys, columns, analyst, sources, profiles of clusters\n"
	      ".TP\n\\fI$XDG_CONFIG_HOME/s3triage/accounts.toml\\fR\n"
	      "the account book; with \\fB\\-\\-config\\fR the one beside that file\n"
	      ".SH ENVIRONMENT\n"
	      ".TP\n\\fBUSER\\fR\nthe analyst, unless \\fB\\-\\-analyst\\fR or config.toml names one\n"
	      ".TP\n\\fBXDG_DATA_HOME\\fR, \\fBXDG_CONFIG_HOME\\fR, \\fBHOME\\fR\n"
	      "where the files above are: \\fI~/.local/share\\fR and \\fI~/.config\\fR by default\n"
	      ".TP\n\\fBS3TRIAGE_API_KEY\\fR, or \\fBS3TRIAGE_USER\\fR and \\fBS3TRIAGE_PASSWORD\\fR\n"
	      "for clusters that are named by a URL\n"
	      ".TP\n\\fBhttps_proxy\\fR, \\fBall_proxy\\fR, \\fBno_proxy\\fR\n"
	      "the proxy for https:// to other machines, and for which hosts it is not used\n"
	      ".TP\n\\fBNO_COLOR\\fR\nwhen set and not empty, no colour is used\n"
	      ".TP\n\\fBESCDELAY\\fR\nmilliseconds to wait after ESC for the rest of a key\n",
		stdout);
}

static int verb_man(struct cli *cli)
{
	if (cli->n_words)
		return cli_usage("man takes no words, not '%s'", cli->words[0]);
	man_head();
	man_verbs(cli);
	fputs(".SH OPTIONS\n", stdout);
	for (enum option_id i = 0; i < OPT_COUNT; i++)
		man_option(cli, i);
	man_profiles();
	man_keys();
	man_signals();
	man_tail();
	man_examples(cli);
	return EXIT_FINE;
}

const struct verb_row man_verb = {
	.name = "man",
	.synopsis = "",
	.help = "print the manual page (roff)",
	.example = "s3triage man | man -l -",
	.run = verb_man,
};
