/*
 * close_list: the destination accounts that were decided on: as a value list, and as accounts.toml
 * for the account book. An account with one suspicious alert is no approved one.
 */
#include "close_priv.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/utf8.h"
#include "s3triage/base/when.h"
#include "s3triage/event/json.h"

#include <stdlib.h>

/* One account as one row sees it. */
struct opinion {
	struct str account;
	const struct decision *decision;
};

static int compare_opinions(const void *left, const void *right)
{
	const struct opinion *a = left, *b = right;
	int c = str_cmp(a->account, b->account);
	if (c)
		return c;
	return (a->decision->seq < b->decision->seq) - (a->decision->seq > b->decision->seq);
}

/* Other people's accounts in decided rows, by account, the newest decision first. */
static struct opinion *list_opinions(const struct closing *c, struct arena *mem, size_t *n)
{
	size_t most = 0;
	for (size_t i = 0; i < c->n; i++)
		most += c->rows[i].row.alert->n_dests;
	struct opinion *v = arena_array(mem, most, sizeof(*v));
	*n = 0;
	for (size_t i = 0; i < c->n; i++) {
		const struct export_row *r = &c->rows[i].row;
		if (export_verdict(r) == VERDICT_OPEN)
			continue;
		for (size_t d = 0; d < r->alert->n_dests; d++)
			if (close_is_account(r->alert->dests[d].account) &&
				r->alert->dests[d].relation == RELATION_OTHER)
				v[(*n)++] = (struct opinion){r->alert->dests[d].account, r->decision};
	}
	if (*n > 1)
		qsort(v, *n, sizeof(*v), compare_opinions);
	return v;
}

typedef void (*account_fn)(const struct closing *c, const struct opinion *newest, bool flagged);

static void each_account(const struct closing *c, account_fn fn)
{
	struct arena mem = {0};
	size_t n, to;
	struct opinion *v = list_opinions(c, &mem, &n);
	for (size_t from = 0; from < n; from = to) {
		const struct opinion *bad = NULL;
		bool mixed = false;
		for (to = from; to < n && str_eq(v[from].account, v[to].account); to++) {
			bool suspicious = v[to].decision->verdict == VERDICT_SUSPICIOUS;
			bad = suspicious && !bad ? &v[to] : bad;
			mixed |= v[to].decision->verdict != v[from].decision->verdict;
		}
		c->report->conflicts += mixed;
		fn(c, bad ? bad : &v[from], bad);
	}
	arena_fini(&mem);
}

static void put_value(const struct closing *c, const struct opinion *newest, bool flagged)
{
	if (flagged)
		return;
	c->report->used++;
	buf_add(c->out, newest->account);
	buf_char(c->out, '\n');
}

void close_value_list(const struct closing *c)
{
	buf_c(c->out, "# ");
	close_origin_write(c->origin, c->out);
	buf_char(c->out, '\n');
	each_account(c, put_value);
}

/* Basic strings of TOML and strings of JSON write the same escapes. */
static void put_toml(const char *key, struct str value, struct buf *out)
{
	struct buf shown = {0};
	utf8_visible(&shown, value, false);
	buf_fmt(out, "%s = ", key);
	json_quote(buf_str(&shown), out);
	buf_char(out, '\n');
	buf_fini(&shown);
}

static void put_account(const struct closing *c, const struct opinion *newest, bool flagged)
{
	const struct decision *d = newest->decision;
	char when[WHEN_TEXT_MAX];
	struct buf note = {0};
	c->report->used++;
	buf_c(c->out, "\n[[account]]\n");
	put_toml("id", newest->account, c->out);
	put_toml("kind", flagged ? STR("flagged") : STR("approved"), c->out);
	buf_fmt(&note, "%s %.10s by %.*s", verdict_name(d->verdict), when_format(d->at, when),
		STR_ARG(d->analyst));
	if (d->reason.n)
		buf_fmt(&note, ": %.*s", STR_ARG(d->reason));
	if (d->note.n)
		buf_fmt(&note, " - %.*s", STR_ARG(str_sub(d->note, 0, 300)));
	put_toml("note", buf_str(&note), c->out);
	put_toml("source", STR("decisions in s3triage"), c->out);
	buf_fini(&note);
}

void close_accounts(const struct closing *c)
{
	buf_c(c->out, "# ");
	close_origin_write(c->origin, c->out);
	buf_c(c->out, "\n# What was decided about destination accounts. Names are not known here:"
		" add them.\n");
	each_account(c, put_account);
}
