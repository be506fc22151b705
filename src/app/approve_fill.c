/*
 * approve_fill: what an approval's fields start with: the role that most of the account's alerts
 * have, what their buckets' names have in common, an end. Names come out of events: one that would
 * read as a limit for more than itself is not proposed.
 */
#include "approve_priv.h"

#include "s3triage/base/when.h"

#define DAYS_AHEAD 90
#define DAY_MS (INT64_C(24) * 60 * 60 * 1000)
#define PREFIX_MIN 3

static const struct alert *at(const struct app *a, size_t i)
{
	return store_alert(a->set.store, a->approve.rows[i]);
}

static bool plain(struct str s)
{
	return s.n && s.n <= APPROVAL_TEXT_MAX && str_find_char(s, '*') == STR_NONE;
}

/* The role of more than half of them, or nothing. */
static struct str usual_role(const struct app *a)
{
	struct str role = {0};
	size_t votes = 0, have = 0;
	for (size_t i = 0; i < a->approve.n; i++) {
		if (votes == 0)
			role = at(a, i)->role;
		votes = str_eq(role, at(a, i)->role) ? votes + 1 : votes - 1;
	}
	for (size_t i = 0; i < a->approve.n; i++)
		have += str_eq(role, at(a, i)->role);
	return have * 2 > a->approve.n && plain(role) ? role : STR("");
}

static size_t common(struct str x, struct str y)
{
	size_t n = 0;
	while (n < x.n && n < y.n && x.p[n] == y.p[n])
		n++;
	return n;
}

/* Back to behind the last '-' or '.': acme-logs-a and acme-logs-b are acme-logs-*. */
static size_t whole_parts(struct str s, size_t n)
{
	while (n && s.p[n - 1] != '-' && s.p[n - 1] != '.')
		n--;
	return n;
}

/* Of the alerts with that role: their one bucket, or how all of them start. */
static void fill_bucket(struct app *a, struct str role, struct line *out)
{
	AUTO(buf_fini) struct buf text = {0};
	struct str first = {0};
	size_t n = 0;
	bool same = true;
	for (size_t i = 0; i < a->approve.n; i++) {
		struct str b = at(a, i)->bucket;
		if (role.n && !str_eq(role, at(a, i)->role))
			continue;
		if (!first.n)
			n = (first = b).n;
		same = same && str_eq(b, first);
		size_t k = common(first, b);
		n = k < n ? k : n;
	}
	if (!plain(first))
		return;
	n = same ? n : whole_parts(first, n);
	if (!same && n < PREFIX_MIN)
		return;
	buf_fmt(&text, "%.*s%s", STR_ARG(str_sub(first, 0, n)), same ? "" : "*");
	line_set(out, buf_str(&text));
}

void approve_fill(struct app *a)
{
	struct approve *p = &a->approve;
	char when[WHEN_TEXT_MAX];
	const struct book_entry *e = a->set.knows.book
		? book_find(a->set.knows.book, line_str(&p->account)) : NULL;
	struct str role = usual_role(a);
	for (size_t i = 0; i < APPROVE_LINES; i++)
		line_set(&p->field[i], STR(""));
	line_set(&p->field[APPROVE_ROLE], role);
	fill_bucket(a, role, &p->field[APPROVE_BUCKETS]);
	when_format(a->set.io.now(a->set.io.ctx) + DAYS_AHEAD * DAY_MS, when);
	line_set(&p->field[APPROVE_UNTIL], str_sub(str_c(when), 0, 10));
	if (e)
		line_set(&p->field[APPROVE_OWNER], e->owner);
}
