/*
 * aws: what AWS itself says, when asked: is the replication of an alert still on its bucket, and
 * which accounts are ours. Two read-only calls; nothing is changed there or here.
 */
#include "cli_priv.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/utf8.h"
#include "s3triage/event/in_force.h"
#include "s3triage/remote/aws.h"
#include "s3triage/alert/filter.h"

#include <stdlib.h>
#include <string.h>

/* ---- aws replication ------------------------------------------------------------------------ */

/* What was asked about one alert, and the answer. */
struct asked {
	const struct alert *alert;
	bool answered;
	struct replication_now now;
	struct err err;
	int64_t at;
};

static void verb_aws_put_place(struct members *m, struct str account, struct str bucket, struct str rule_id)
{
	member_open(m, NULL, '{');
	member_str(m, "account", account);
	member_str(m, "bucket", bucket);
	member_str(m, "rule_id", rule_id);
}

/* The request's destinations, and what has become of each. */
static void dests_json(struct members *m, const struct asked *q)
{
	member_open(m, "destinations", '[');
	for (size_t i = 0; i < q->alert->n_dests; i++) {
		const struct alert_dest *d = &q->alert->dests[i];
		const struct replication_rule *r = q->answered ? in_force_rule(&q->now, d) : NULL;
		verb_aws_put_place(m, d->account, d->bucket, d->rule_id);
		member_str(m, "status", d->status);
		if (r)
			member_text(m, "status_now", r->status);
		else
			member_str(m, "status_now", q->answered ? STR("gone") : STR(""));
		member_close(m, 1);
	}
	member_close(m, 1);
}

static void others_json(struct members *m, const struct asked *q)
{
	member_open(m, "other_destinations", '[');
	for (size_t i = 0; q->answered && i < q->now.is.n_rules; i++) {
		const struct replication_rule *r = &q->now.is.rules[i];
		if (!in_force_is_new(r, q->alert))
			continue;
		verb_aws_put_place(m, r->account, r->bucket, r->id);
		member_str(m, "status_now", r->status);
		member_close(m, 1);
	}
	member_close(m, 1);
}

static void verb_aws_print_json(const struct asked *q)
{
	AUTO(buf_fini) struct buf line = {0};
	struct members m = members_open(&line, '{');
	const char *state = q->answered ? in_force_name(in_force_judge(&q->now, q->alert)) : "unknown";
	member_text(&m, "id", q->alert->id);
	member_text(&m, "bucket", q->alert->bucket);
	member_str(&m, "owner_account", q->alert->owner);
	member_time(&m, "asked", q->at);
	member_text(&m, "state", str_c(state));
	dests_json(&m, q);
	others_json(&m, q);
	if (q->answered)
		member_str(&m, "error", STR(""));
	else
		member_text(&m, "error", str_c(q->err.text));
	print_members(&m);
}

static void verb_aws_print_plain(const struct asked *q)
{
	struct buf line = {0}, words = {0};
	utf8_visible(&line, q->alert->bucket, false);
	buf_c(&line, "  ");
	if (q->answered)
		in_force_words(&q->now, q->alert, &words);
	else
		buf_fmt(&words, "not known: %s", q->err.text);
	utf8_visible(&line, buf_str(&words), false);
	puts(buf_cstr(&line));
	buf_fini(&words);
	buf_fini(&line);
}

static bool verb_aws_ask(const struct aws_settings *aws, const struct alert *a, bool as_json)
{
	AUTO(arena_fini) struct arena mem = {0};
	struct asked q = {.alert = a, .at = clock_now()};
	const struct aws_bucket b = {a->bucket, a->owner, a->region};
	q.answered = aws_replication(aws, &b, &mem, &q.now, &q.err);
	(as_json ? verb_aws_print_json : verb_aws_print_plain)(&q);
	return q.answered;
}

static bool choose_named(const struct session *s, const struct cli *cli, row_id *rows, size_t *n,
	struct err *err)
{
	for (size_t i = 1; i < cli->n_words; i++) {
		row_id r = session_find(s, cli, cli->words[i], err);
		if (r == ROW_NONE)
			return false;
		rows[(*n)++] = r;
	}
	return true;
}

static bool choose_filtered(const struct session *s, const struct cli *cli, row_id **rows, size_t *n,
	struct err *err)
{
	struct selection *sel;
	if (!select_rows(s, cli, &sel, err))
		return false;
	*n = selection_count(sel);
	*rows = mem_resize(*rows, *n + 1, sizeof(**rows));
	for (size_t i = 0; i < *n; i++)
		(*rows)[i] = selection_at(sel, i);
	selection_free(sel);
	return true;
}

static bool verb_aws_choose(
	const struct session *s, const struct cli *cli, row_id **rows, size_t *n, struct err *err)
{
	*rows = mem_array(cli->n_words, sizeof(**rows));
	return cli->n_words > 1 ? choose_named(s, cli, *rows, n, err)
				: choose_filtered(s, cli, rows, n, err);
}

static int ask_all(const struct session *s, const struct cli *cli, const struct aws_settings *aws)
{
	struct err err = {0};
	row_id *rows = NULL;
	size_t n = 0, unanswered = 0;
	bool ok = verb_aws_choose(s, cli, &rows, &n, &err);
	for (size_t i = 0; ok && i < n; i++)
		unanswered += !verb_aws_ask(
			aws, store_alert(s->desk.store, rows[i]), cli->text[OPT_JSON] != NULL);
	free(rows);
	if (!ok)
		return cli_fail(&err);
	if (unanswered)
		fprintf(stderr, "s3triage: %zu of %zu alert%s could not be looked up\n", unanswered, n,
			plural(n));
	return unanswered ? EXIT_FAILED : session_exit(s);
}

static int replication(struct session *s, const struct cli *cli)
{
	struct err err = {0};
	struct aws_settings aws = {0};
	bool from_sources = cli->n_sources || cli->text[OPT_DEMO];
	unsigned want = cli->verb->opens | (from_sources ? WANT_SCAN : 0);
	bool ok = session_init(s, cli, want, &err) &&
		(from_sources ? session_load(s, cli, &err) : desk_recall(&s->desk, true, &err)) &&
		aws_settings_read(cli->text[OPT_AWS_PROFILE], env_get, &aws, &err);
	int code = ok ? ask_all(s, cli, &aws) : cli_fail(&err);
	aws_settings_fini(&aws);
	return code;
}

/* ---- aws accounts --------------------------------------------------------------------------- */

static bool write_accounts(const struct cli *cli, const struct json *doc, struct err *err)
{
	AUTO(buf_fini) struct buf text = {0};
	json_print_pretty(doc, &text);
	buf_char(&text, '\n');
	return output_write(cli, buf_str(&text), err);
}

static void tell_accounts(const struct cli *cli, const struct json *list)
{
	size_t inactive = 0;
	for (const struct json *i = json_first(list); i; i = json_next(i))
		inactive += !str_is(json_str(json_get(i, json_get(i, "State") ? "State" : "Status")), "ACTIVE");
	if (cli->text[OPT_QUIET])
		return;
	fprintf(stderr, "%zu account%s of the organisation, %zu of them not active\n",
		json_count(list), plural(json_count(list)), inactive);
	if (cli->text[OPT_OUTPUT])
		fprintf(stderr, "name the file in `accounts` of config.toml, or with --accounts, and they are"
				" known as yours\n");
}

static int accounts(const struct cli *cli)
{
	struct err err = {0};
	struct aws_settings aws = {0};
	if (cli->n_words > 1)
		return cli_usage("aws accounts takes no further words");
	if (!output_check(cli, &err))
		return cli_fail(&err);
	struct json *doc AUTO(json_free_ptr) =
		aws_settings_read(cli->text[OPT_AWS_PROFILE], env_get, &aws, &err)
			? aws_accounts(&aws, &err) : NULL;
	aws_settings_fini(&aws);
	if (!doc || !write_accounts(cli, doc, &err))
		return cli_fail(&err);
	tell_accounts(cli, json_get(doc, "Accounts"));
	return EXIT_FINE;
}

static int verb_aws(struct cli *cli)
{
	const char *what = cli->n_words ? cli->words[0] : "";
	if (strcmp(what, "accounts") == 0)
		return accounts(cli);
	if (strcmp(what, "replication") != 0)
		return cli_usage("say what to ask AWS: aws replication ID..., or aws accounts");
	if (cli->n_words < 2 && !cli->text[OPT_VERDICT] && !cli->text[OPT_FILTER])
		return cli_usage("say about which alerts: their ids, --verdict, or --filter");
	if (cli->n_words > 1 && (cli->text[OPT_VERDICT] || cli->text[OPT_FILTER]))
		return cli_usage("say which alerts by their ids, or by --verdict and --filter");
	struct session s = {0};
	int code = replication(&s, cli);
	session_fini(&s);
	return code;
}

const struct verb_row aws_verb = {
	.name = "aws",
	.synopsis = "replication ID... | accounts [-o FILE]",
	.help = "ask AWS: is the replication still there, which accounts are ours (read-only)",
	.example = "s3triage aws replication ID --from logs/",
	.run = verb_aws,
	TAKES(ALERT_OPTIONS, OPT_JSON, OPT_FILTER, OPT_VERDICT, OPT_OUTPUT, OPT_FORCE,
		OPT_AWS_PROFILE),
	PARTS(PART("replication", OPT_FILTER, OPT_VERDICT, OPT_FROM, OPT_DEMO, OPT_RULE, OPT_SINCE, OPT_UNTIL,
		OPT_LIMIT, OPT_IGNORE_ABOVE, OPT_THREADS, OPT_LIST_SKIPPED, OPT_JOURNAL),
		PART("accounts", OPT_OUTPUT, OPT_FORCE)),
	.opens = WANT_RULE | WANT_CONFIG | WANT_JOURNAL,
	.words = 2,
};
