/*
 * known: the account book of a session, from all the lists that are named.
 */
#include "cli_priv.h"

#include "s3triage/base/file.h"
#include "s3triage/base/mem.h"
#include "s3triage/base/utf8.h"
#include "s3triage/builtin/builtin.h"

#include <stdlib.h>

/* What is in none of the words is one file whose name has a comma. */
static bool load_words(struct session *s, const char *words, struct err *err)
{
	if (file_exists(words))
		return book_load(s->desk.book, words, err);
	struct str rest = str_c(words);
	while (rest.n) {
		char *path = mem_dup(str_trim(str_cut(&rest, ',')));
		bool ok = !*path || book_load(s->desk.book, path, err);
		free(path);
		if (!ok)
			return false;
	}
	return true;
}

/* What nobody named in so many words must not be anybody's. */
static bool load_guarded(struct session *s, const char *path, struct err *err)
{
	return file_guarded(path, 0, err) && book_load(s->desk.book, path, err);
}

static bool load_default(struct session *s, struct err *err)
{
	AUTO(mem_free_ptr) char *path = s->config_path ?
		file_beside(s->config_path, STR("accounts.toml"), env_get) : NULL;
	return !path || !file_exists(path) || load_guarded(s, path, err);
}

/* The demo's own, where it can be taken for nobody's: no other events and no other book. */
static bool load_demo(struct session *s, const struct cli *cli, struct err *err)
{
	return !cli->text[OPT_DEMO] || cli->n_sources || book_files(s->desk.book) ||
		book_read(s->desk.book, builtin_accounts(), "demo", err);
}

static bool load_all(struct session *s, const struct cli *cli, struct err *err)
{
	if (!load_default(s, err))
		return false;
	for (size_t i = 0; i < cli->n_accounts; i++)
		if (!load_words(s, cli->accounts[i], err))
			return false;
	for (size_t i = 0; i < config_accounts(s->config); i++)
		if (!load_guarded(s, config_account_file(s->config, i), err))
			return false;
	return load_demo(s, cli, err);
}

static void tell_problems(struct session *s)
{
	char line[1024];
	for (size_t i = 0; book_problem_at(s->desk.book, i); i++) {
		struct buf shown = {0};
		utf8_visible(&shown, str_c(err_line(book_problem_at(s->desk.book, i), line, sizeof(line))),
			false);
		fprintf(stderr, "s3triage: %s\n", buf_cstr(&shown));
		buf_fini(&shown);
	}
	if (book_problems(s->desk.book) > BOOK_PROBLEMS_MAX)
		fprintf(stderr, "s3triage: %zu more problem%s in the lists of accounts\n",
			book_problems(s->desk.book) - BOOK_PROBLEMS_MAX,
			plural(book_problems(s->desk.book) - BOOK_PROBLEMS_MAX));
	for (size_t i = 0; i < book_files(s->desk.book); i++)
		s->problems += book_file_at(s->desk.book, i)->malformed;
}

bool known_book(struct session *s, const struct cli *cli, struct err *err)
{
	if (!session_config(s, cli, err) || !load_all(s, cli, err))
		return false;
	tell_problems(s);
	return true;
}

static void report_other(const struct session *s)
{
	size_t n = 0;
	for (row_id r = 0; r < store_count(s->desk.store); r++)
		n += store_other(s->desk.store, r) != NULL;
	if (n)
		fprintf(stderr, "s3triage: warning: %zu alert%s open though %s id was decided on: the"
			" decision is about other content; see s3triage show\n", n,
			n == 1 ? " is" : "s are", n == 1 ? "its" : "their");
}

static void report_ahead(const struct session *s)
{
	size_t n = 0;
	int64_t now = s->desk.alerts_now(s->desk.alerts_ctx);
	for (row_id r = 0; now != WHEN_NONE && r < store_count(s->desk.store); r++)
		n += store_alert(s->desk.store, r)->time > now + SIGNAL_AHEAD_MS;
	if (n)
		fprintf(stderr, "s3triage: warning: %zu alert%s dated ahead of this clock (signal:ahead): a clock"
			" is wrong, or the time is forged\n", n, n == 1 ? " is" : "s are");
}

void report_ended(const struct session *s)
{
	report_other(s);
	report_ahead(s);
	struct approval_plan plan;
	size_t rows = store_count(s->desk.store);
	/* row `rows` is behind the last: what fits is not asked for */
	approval_plan(s->desk.approvals, s->desk.store,
		&(struct approval_ask){.now = s->now, .from = (row_id)rows}, &plan);
	size_t n = plan.n_reopen + plan.n_moves;
	if (n)
		fprintf(stderr, "s3triage: warning: %zu alert%s approved by approvals that have ended;"
			" s3triage approval apply opens %s again%s\n", n, n == 1 ? " is" : "s are",
			n == 1 ? "it" : "them",
			plan.n_moves ? ", or lets an automatic one take over that fits" : "");
	approval_plan_fini(&plan);
}
