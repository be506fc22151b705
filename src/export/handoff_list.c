/*
 * handoff_list: the destination accounts that were decided on: as a value list, and as accounts.toml
 * for the account book. One verdict against another, whoever was asked for, and an account is in
 * neither; a request with several destinations speaks against, never for one of them, and who is named by a
 * claim alone is neither approved nor flagged by it: the bucket may be anybody's.
 */
#include "handoff_priv.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/utf8.h"
#include "s3triage/base/when.h"
#include "s3triage/event/json.h"

#include <stdlib.h>

/* One account as one row sees it. */
struct opinion {
	struct str account;
	const struct decision *decision;
	bool counts; /* it alone makes the account approved or flagged */
	bool claim;  /* of an account that S3 did not check: it speaks against others alone */
};

static int compare_opinions(const void *left, const void *right)
{
	const struct opinion *a = left, *b = right;
	int c = str_cmp(a->account, b->account);
	if (c)
		return c;
	return (a->decision->seq < b->decision->seq) - (a->decision->seq > b->decision->seq);
}

static enum handoff_why handoff_list_why_not(const struct handoff_row *r)
{
	enum handoff_why why = handoff_row_why(r, false);
	if (why != HANDOFF_WHY_COUNT)
		return why;
	if (!handoff_is_account(r->row.alert->dests[0].account))
		return HANDOFF_WHY_UNSAFE;
	return r->row.alert->dests[0].relation == RELATION_OWN ? HANDOFF_WHY_OWN : HANDOFF_WHY_COUNT;
}

/* Other people's accounts in decided rows, by account, the newest decision first. Rows whose verdict
 * is `about` are counted where they cannot be used. */
static struct opinion *list_opinions(const struct handoff *c, bool flagged, struct arena *mem,
	size_t *n)
{
	size_t most = 0;
	for (size_t i = 0; i < c->n; i++)
		most += c->rows[i].row.alert->n_dests;
	struct opinion *v = arena_array(mem, most, sizeof(*v));
	*n = 0;
	for (size_t i = 0; i < c->n; i++) {
		const struct handoff_row *r = &c->rows[i];
		const struct alert *a = r->row.alert;
		enum verdict verdict = export_verdict(&r->row);
		if (verdict == VERDICT_OPEN)
			continue;
		enum handoff_why why = handoff_list_why_not(r);
		if (why != HANDOFF_WHY_COUNT && (flagged || verdict == VERDICT_APPROVED))
			c->report->left[why]++;
		for (size_t d = 0; d < a->n_dests; d++)
			if (handoff_is_account(a->dests[d].account) &&
				a->dests[d].relation == RELATION_OTHER)
				v[(*n)++] = (struct opinion){a->dests[d].account, r->row.decision,
					why == HANDOFF_WHY_COUNT, a->dests[d].claim};
	}
	if (*n > 1)
		qsort(v, *n, sizeof(*v), compare_opinions);
	return v;
}

typedef void (*account_fn)(const struct handoff *c, const struct opinion *newest);

struct account_view {
	const struct opinion *newest; /* that counts, a claim only if there are no others; or NULL */
	size_t counted, claims;
	bool mixed;
};

static size_t view_account(const struct opinion *v, size_t from, size_t n, struct account_view *out)
{
	size_t to;
	*out = (struct account_view){0};
	for (to = from; to < n && str_eq(v[from].account, v[to].account); to++) {
		out->mixed |= v[to].decision->verdict != v[from].decision->verdict;
		if (!v[to].counts)
			continue;
		out->counted++;
		out->claims += v[to].claim;
		if (!out->newest || (out->newest->claim && !v[to].claim))
			out->newest = &v[to];
	}
	return to;
}

static void each_account(const struct handoff *c, bool flagged, account_fn fn)
{
	struct arena mem = {0};
	struct account_view view;
	size_t n;
	struct opinion *v = list_opinions(c, flagged, &mem, &n);
	for (size_t from = 0; from < n;) {
		from = view_account(v, from, n, &view);
		if (!view.newest || (!flagged && !view.mixed &&
			view.newest->decision->verdict == VERDICT_SUSPICIOUS))
			continue;
		if (view.mixed) {
			c->report->left[HANDOFF_WHY_CONFLICT] += view.counted;
			continue;
		}
		bool suspicious = view.newest->decision->verdict == VERDICT_SUSPICIOUS;
		c->report->left[suspicious ? HANDOFF_WHY_ACCUSED : HANDOFF_WHY_CLAIM] += view.claims;
		c->report->used += view.counted - view.claims;
		if (suspicious || !view.newest->claim)
			fn(c, view.newest);
	}
	arena_fini(&mem);
}

static void handoff_list_put_value(const struct handoff *c, const struct opinion *newest)
{
	buf_add(c->out, newest->account);
	buf_char(c->out, '\n');
}

/* The head is written last, when it is known what was left out. */
static void handoff_list_put_list(
	const struct handoff *c, const char *advice, bool flagged, account_fn fn)
{
	struct buf body = {0};
	const struct handoff into = {c->rows, c->n, c->origin, &body, c->report};
	each_account(&into, flagged, fn);
	buf_c(c->out, "# ");
	handoff_origin_write(c->origin, c->out);
	buf_c(c->out, "\n# ");
	handoff_report_say(c->report, c->out);
	buf_fmt(c->out, ".%s\n", advice);
	buf_add(c->out, buf_str(&body));
	buf_fini(&body);
}

void handoff_value_list(const struct handoff *c)
{
	handoff_list_put_list(c, "", false, handoff_list_put_value);
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

static void handoff_list_put_account(const struct handoff *c, const struct opinion *newest)
{
	const struct decision *d = newest->decision;
	char when[WHEN_TEXT_MAX];
	struct buf note = {0};
	if (newest->claim) { /* suspicious: approved ones do not come here */
		buf_fmt(c->out, "\n# %.*s is named by a suspicious request, but S3 did not check it (no owner"
			" override):\n# a claim is no proof that it is theirs. It is not flagged.\n",
			STR_ARG(newest->account));
		return;
	}
	buf_c(c->out, "\n[[account]]\n");
	put_toml("id", newest->account, c->out);
	put_toml("kind", d->verdict == VERDICT_SUSPICIOUS ? STR("flagged") : STR("approved"), c->out);
	buf_fmt(&note, "%s %.10s by %.*s", verdict_name(d->verdict), when_format(decision_made(d), when),
		STR_ARG(d->analyst));
	if (d->reason.n)
		buf_fmt(&note, ": %.*s", STR_ARG(d->reason));
	if (d->note.n)
		buf_fmt(&note, " - %.*s", STR_ARG(str_sub(d->note, 0, 300)));
	put_toml("note", buf_str(&note), c->out);
	put_toml("source", STR("decisions in s3triage"), c->out);
	buf_fini(&note);
}

void handoff_accounts(const struct handoff *c)
{
	handoff_list_put_list(c,
		"\n# What was decided about destination accounts. Names are not known here: add "
		"them.",
		true, handoff_list_put_account);
}
