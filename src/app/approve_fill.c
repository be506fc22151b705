/*
 * approve_fill: what an approval's fields start with: the values of the alert it was begun from, or
 * those that most of the account's alerts have, and an end. Names come out of events: one that
 * would read as a limit for more than itself is not proposed.
 */
#include "approve_priv.h"

#include "s3triage/base/when.h"

#define DAYS_AHEAD 90
#define DAY_MS (INT64_C(24) * 60 * 60 * 1000)
#define PREFIX_MIN 3

/* The alerts that the fields are made of. */
struct made_of {
	const struct store *store;
	const row_id *rows;
	size_t n;
	struct str account, role;
};

static const struct alert *approve_fill_at(const struct made_of *m, size_t i)
{
	return store_alert(m->store, m->rows[i]);
}

static bool approve_fill_plain(struct str s)
{
	return s.n && s.n <= APPROVAL_TEXT_MAX && str_find_char(s, '*') == STR_NONE;
}

static const struct alert_dest *dest_of(const struct made_of *m, const struct alert *al)
{
	static const struct alert_dest none;
	for (size_t i = 0; i < al->n_dests; i++)
		if (al->dests[i].relation != RELATION_OWN && str_eq(al->dests[i].account, m->account))
			return &al->dests[i];
	return &none;
}

/* Of an assumed role all sessions: its ARN up to the session's name, which with single sign-on is
 * the person. */
static struct str approve_fill_actor_of(const struct alert *al)
{
	size_t slash = str_rfind_char(al->actor_arn, '/');
	bool session = str_find(al->actor_arn, STR(":assumed-role/")) != STR_NONE &&
		str_find(al->actor_arn, STR("/AWSReservedSSO_")) == STR_NONE;
	if (session && slash != STR_NONE)
		return str_sub(al->actor_arn, 0, slash + 1);
	return al->actor_arn.n ? al->actor_arn : al->actor;
}

/* A key that is neither the owner's nor the account's is not proposed: it is for a person to write. */
static struct str known_key(const struct made_of *m, const struct alert *al)
{
	struct str key = dest_of(m, al)->kms_key, account = arn_part(key, 4);
	bool known = account.n && (str_eq(account, al->owner) || str_eq(account, m->account));
	return known ? key : (struct str){0};
}

static struct str approve_fill_value_of(
	const struct made_of *m, const struct alert *al, enum approve_line which)
{
	switch (which) {
	case APPROVE_ROLE:
		return al->role;
	case APPROVE_BUCKETS:
		return al->bucket;
	case APPROVE_ACTOR:
		return approve_fill_actor_of(al);
	case APPROVE_TO:
		return dest_of(m, al)->bucket;
	case APPROVE_REGION:
		return al->region;
	case APPROVE_PREFIX:
		return dest_of(m, al)->prefix;
	case APPROVE_TAGS:
		return dest_of(m, al)->tags;
	case APPROVE_KEY:
		return known_key(m, al);
	case APPROVE_STORAGE:
		return dest_storage(dest_of(m, al));
	case APPROVE_PERSON: /* of single sign-on the ARN names it */
		return str_eq(al->person, session_of(al->actor_arn)) ? (struct str){0} : al->person;
	case APPROVE_PROVIDER:
		return al->provider;
	default:
		return (struct str){0};
	}
}

/* The value of more than half of them, or nothing. */
static struct str usual(const struct made_of *m, enum approve_line which)
{
	struct str value = {0};
	size_t votes = 0, have = 0;
	for (size_t i = 0; i < m->n; i++) {
		if (votes == 0)
			value = approve_fill_value_of(m, approve_fill_at(m, i), which);
		votes = str_eq(value, approve_fill_value_of(m, approve_fill_at(m, i), which))
				? votes + 1
				: votes - 1;
	}
	for (size_t i = 0; i < m->n; i++)
		have += str_eq(value, approve_fill_value_of(m, approve_fill_at(m, i), which));
	return have * 2 > m->n && approve_fill_plain(value) ? value : STR("");
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

/* Of the alerts with the usual role: their one bucket, or how all of them start. */
static void fill_common(const struct made_of *m, enum approve_line which, struct line *out)
{
	AUTO(buf_fini) struct buf text = {0};
	struct str first = {0};
	size_t n = 0;
	bool same = true;
	for (size_t i = 0; i < m->n; i++) {
		struct str b = approve_fill_value_of(m, approve_fill_at(m, i), which);
		if (m->role.n && !str_eq(m->role, approve_fill_at(m, i)->role))
			continue;
		if (!first.n)
			n = (first = b).n;
		same = same && str_eq(b, first);
		size_t k = common(first, b);
		n = k < n ? k : n;
	}
	if (!approve_fill_plain(first))
		return;
	n = same ? n : whole_parts(first, n);
	if (!same && n < PREFIX_MIN)
		return;
	buf_fmt(&text, "%.*s%s", STR_ARG(str_sub(first, 0, n)), same ? "" : "*");
	line_set(out, buf_str(&text));
}

/* What more than half of them ask for. */
static void fill_also(const struct made_of *m, struct line *out)
{
	static const struct {
		enum approval_allow bit;
		trait_set traits;
	} asks[] = {{ALLOW_OVERRIDE, TRAIT_OWNER_OVERRIDE},
		{ALLOW_DELETES, TRAIT_DELETE_MARKERS | TRAIT_DELETES_OUT},
		{ALLOW_EXISTING, TRAIT_EXISTING_OBJECTS},
		{ALLOW_REPLICAS, 0}};
	AUTO(buf_fini) struct buf text = {0};
	size_t words;
	const struct approval_allowed *may = approval_allowed(&words);
	for (size_t k = 0; k < ARRAY_LEN(asks); k++) {
		size_t have = 0, w = 0;
		for (size_t i = 0; i < m->n; i++)
			have += (approve_fill_at(m, i)->traits & asks[k].traits) ||
				(asks[k].bit == ALLOW_REPLICAS &&
					dest_has(dest_of(m, approve_fill_at(m, i)),
						"replica-modifications"));
		while (w < words && may[w].bit != asks[k].bit)
			w++;
		if (have * 2 > m->n && w < words)
			buf_fmt(&text, "%s%s", text.n ? " " : "", may[w].key);
	}
	line_set(out, buf_str(&text));
}

static void fill_day(int64_t ms, struct line *out)
{
	char when[WHEN_TEXT_MAX];
	when_format(ms, when);
	line_set(out, str_sub(str_c(when), 0, 10));
}

static void fill_actor(const struct made_of *m, struct line *out)
{
	AUTO(buf_fini) struct buf text = {0};
	struct str actor = usual(m, APPROVE_ACTOR);
	buf_fmt(&text, "%.*s%s", STR_ARG(actor), str_ends(actor, STR("/")) ? "*" : "");
	line_set(out, buf_str(&text));
}

void approve_fill(struct app *a, row_id begun)
{
	struct approve *p = a->approve;
	bool one = begun != ROW_NONE;
	int64_t now = a->set.desk->now();
	struct made_of m = {a->set.desk->store, one ? &begun : p->rows, one ? 1 : p->n,
		line_str(&p->account), {0}};
	const struct book_entry *e = a->set.desk->book ? book_find(a->set.desk->book, m.account) : NULL;
	m.role = usual(&m, APPROVE_ROLE);
	for (enum approve_line i = 0; i < APPROVE_LINES; i++)
		line_set(&p->field[i], usual(&m, i));
	fill_common(&m, APPROVE_BUCKETS, &p->field[APPROVE_BUCKETS]);
	fill_common(&m, APPROVE_TO, &p->field[APPROVE_TO]);
	fill_actor(&m, &p->field[APPROVE_ACTOR]);
	fill_also(&m, &p->field[APPROVE_ALSO]);
	int64_t first = one ? store_alert(m.store, begun)->time : WHEN_NONE;
	fill_day(first == WHEN_NONE ? approval_from(now) : first, &p->field[APPROVE_FROM]);
	fill_day(now + DAYS_AHEAD * DAY_MS, &p->field[APPROVE_UNTIL]);
	line_set(&p->field[APPROVE_OWNER], e ? e->owner : STR(""));
}
