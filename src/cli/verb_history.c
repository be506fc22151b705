/*
 * history and verify: what the journal knows, and whether it is whole.
 */
#include "cli_priv.h"

#include "s3triage/base/utf8.h"
#include "s3triage/base/when.h"
#include "s3triage/event/json.h"

struct printer {
	bool json;
	size_t n;
};

static void key_str(struct json *o, const char *key, struct str s)
{
	json_set(o, key, s.n ? json_new_str(s) : json_new_null());
}

static void print_json(const struct decision *d)
{
	char when[WHEN_TEXT_MAX];
	struct buf line = {0};
	struct json *o = json_new_object();
	json_set(o, "seq", json_new_int(d->seq));
	json_set_str(o, "at", str_c(when_format(d->at, when)));
	key_str(o, "analyst", d->analyst);
	key_str(o, "alert_id", d->alert_id);
	key_str(o, "event_id", d->event_id);
	json_set_str(o, "from", str_c(verdict_name(d->from)));
	json_set_str(o, "verdict", str_c(verdict_name(d->verdict)));
	key_str(o, "reason", d->reason);
	key_str(o, "note", d->note);
	json_set(o, "undoes", d->undoes ? json_new_int(d->undoes) : json_new_null());
	json_set(o, "redo", json_new_bool(d->redo));
	key_str(o, "hash", d->hash);
	json_print(o, &line);
	puts(buf_cstr(&line));
	json_free(o);
	buf_fini(&line);
}

static void print_plain(const struct decision *d)
{
	char when[WHEN_TEXT_MAX];
	struct buf line = {0};
	buf_fmt(&line, "%lld  %s  ", (long long)d->seq, when_format(d->at, when));
	utf8_visible(&line, d->analyst, false);
	buf_fmt(&line, "  %s -> %s", verdict_name(d->from), verdict_name(d->verdict));
	if (d->undoes)
		buf_fmt(&line, "  (%s %lld)", d->redo ? "again" : "takes back", (long long)d->undoes);
	if (d->reason.n) {
		buf_c(&line, "  reason: ");
		utf8_visible(&line, d->reason, false);
	}
	if (d->note.n) {
		buf_c(&line, "  note: ");
		utf8_visible(&line, d->note, false);
	}
	puts(buf_cstr(&line));
	buf_fini(&line);
}

static void print_decision(void *ctx, const struct decision *d)
{
	struct printer *p = ctx;
	p->n++;
	if (p->json)
		print_json(d);
	else
		print_plain(d);
}

/* By the whole id, else by the start of one that no other alert has. */
static bool print_history(struct session *s, struct str word, struct printer *p, struct err *err)
{
	AUTO(buf_fini) struct buf id = {0};
	size_t n = 0;
	if (!s->journal)
		return true;
	if (!journal_history(s->journal, word, print_decision, p, err))
		return false;
	if (p->n || word.n < START_MIN)
		return true;
	if (!journal_find(s->journal, word, &id, &n, err))
		return false;
	if (n > 1)
		return err_set(err, ERR_USAGE, "\"%.*s\" fits %zu decided alerts; write more of the id",
			STR_ARG(str_sub(word, 0, 80)), n);
	return !n || journal_history(s->journal, buf_str(&id), print_decision, p, err);
}

static int history(struct session *s, const struct cli *cli)
{
	struct err err = {0};
	struct printer p = {.json = cli->text[OPT_JSON] != NULL};
	if (!session_init(s, cli, WANT_JOURNAL, &err) ||
		!print_history(s, str_c(cli->words[0]), &p, &err))
		return cli_fail(&err);
	if (p.n)
		return session_exit(s);
	err_set(&err, ERR_INPUT, "no decision about '%s' is in %s", cli->words[0], s->journal_path);
	return cli_fail(&err);
}

int verb_history(struct cli *cli)
{
	if (cli->n_words != 1)
		return cli_usage("history takes one ID, or the start of one: of an alert or of its event");
	struct session s = {0};
	int code = history(&s, cli);
	session_fini(&s);
	return code;
}

static void print_verified(const struct session *s, const struct cli *cli, int64_t rows,
	const char *head)
{
	if (cli->text[OPT_JSON])
		printf("{\"intact\":true,\"rows\":%lld,\"head\":\"%s\"}\n", (long long)rows, head);
	else if (rows)
		printf("%s: chain intact, %lld record%s, head %s\n", s->journal_path,
			(long long)rows, plural((unsigned long long)rows), head);
	else
		printf("%s: no decision yet\n", s->journal_path);
}

static int verify(struct session *s, const struct cli *cli)
{
	struct err err = {0};
	int64_t rows = 0, broken = 0;
	char head[65] = "";
	if (!session_init(s, cli, 0, &err) || !session_journal(s, cli, &err))
		return cli_fail(&err);
	if (s->journal && !journal_verify(s->journal, &rows, &broken, head, &err)) {
		if (cli->text[OPT_JSON])
			printf("{\"intact\":false,\"rows\":%lld,\"broken\":%lld}\n", (long long)rows,
				(long long)broken);
		return cli_fail(&err);
	}
	print_verified(s, cli, rows, head);
	return EXIT_FINE;
}

int verb_verify(struct cli *cli)
{
	if (cli->n_words > 1)
		return cli_usage("verify takes one FILE, or none");
	if (cli->n_words)
		return verify_export(cli, cli->words[0]);
	struct session s = {0};
	int code = verify(&s, cli);
	session_fini(&s);
	return code;
}
