/*
 * aws: what AWS itself says, when asked: is the replication of an alert still on its bucket, and
 * which accounts are ours. Two read-only calls; nothing is changed there or here.
 */
#include "cli_priv.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/utf8.h"
#include "s3triage/base/when.h"
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

static struct json *text_or_null(struct str s)
{
	return s.n ? json_new_str(s) : json_new_null();
}

static void verb_aws_put_place(struct json *o, struct str account, struct str bucket, struct str rule_id)
{
	json_set(o, "account", text_or_null(account));
	json_set(o, "bucket", text_or_null(bucket));
	json_set(o, "rule_id", text_or_null(rule_id));
}

/* The request's destinations, and what has become of each. */
static struct json *dests_json(const struct asked *q)
{
	struct json *all = json_new_array();
	for (size_t i = 0; i < q->alert->n_dests; i++) {
		const struct alert_dest *d = &q->alert->dests[i];
		const struct replication_rule *r = q->answered ? in_force_rule(&q->now, d) : NULL;
		struct json *o = json_push(all, json_new_object());
		verb_aws_put_place(o, d->account, d->bucket, d->rule_id);
		json_set(o, "status", text_or_null(d->status));
		json_set(o, "status_now", !q->answered ? json_new_null()
				: r ? json_new_str(r->status) : json_new_str(STR("gone")));
	}
	return all;
}

static struct json *others_json(const struct asked *q)
{
	struct json *all = json_new_array();
	for (size_t i = 0; q->answered && i < q->now.is.n_rules; i++) {
		const struct replication_rule *r = &q->now.is.rules[i];
		if (!in_force_is_new(r, q->alert))
			continue;
		struct json *o = json_push(all, json_new_object());
		verb_aws_put_place(o, r->account, r->bucket, r->id);
		json_set(o, "status_now", text_or_null(r->status));
	}
	return all;
}

static void verb_aws_print_json(const struct asked *q)
{
	char when[WHEN_TEXT_MAX];
	struct buf line = {0};
	struct json *o = json_new_object();
	json_set_str(o, "id", q->alert->id);
	json_set_str(o, "bucket", q->alert->bucket);
	json_set(o, "owner_account", text_or_null(q->alert->owner));
	json_set_str(o, "asked", str_c(when_format(q->at, when)));
	json_set_str(o, "state", str_c(q->answered ? in_force_name(in_force_judge(&q->now, q->alert)) : "unknown"));
	json_set(o, "destinations", dests_json(q));
	json_set(o, "other_destinations", others_json(q));
	json_set(o, "error", q->answered ? json_new_null() : json_new_str(str_c(q->err.text)));
	json_print(o, &line);
	puts(buf_cstr(&line));
	json_free(o);
	buf_fini(&line);
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
	.run = verb_aws,
	TAKES(ALERT_OPTIONS, OPT_JSON, OPT_FILTER, OPT_VERDICT, OPT_OUTPUT, OPT_FORCE,
		OPT_AWS_PROFILE),
	PARTS(PART("replication", OPT_FILTER, OPT_VERDICT, OPT_FROM, OPT_DEMO, OPT_RULE, OPT_SINCE, OPT_UNTIL,
		OPT_LIMIT, OPT_IGNORE_ABOVE, OPT_THREADS, OPT_LIST_SKIPPED, OPT_JOURNAL),
		PART("accounts", OPT_OUTPUT, OPT_FORCE)),
	.opens = WANT_RULE | WANT_CONFIG | WANT_JOURNAL,
	.words = 2,
};
