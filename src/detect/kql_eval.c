/*
 * kql_eval: the tree asked about one subject. Any value of a field satisfies a leaf; `not` is plain
 * negation, so it is true for a field without values. Allocates nothing.
 */
#include "kql_priv.h"

#include "s3triage/base/utf8.h"
#include "s3triage/base/utf8_fold.h"
#include "s3triage/base/when.h"

#include <arpa/inet.h>
#include <string.h>

static bool net_mask(struct str text, unsigned max, unsigned *bits)
{
	int64_t n;
	if (!str_digits(text) || !str_int(text, &n) || n > (int64_t)max)
		return false;
	*bits = (unsigned)n + (128 - max);
	return true;
}

bool kql_net_parse(struct str text, bool with_mask, struct kql_net *out)
{
	size_t slash = str_find_char(text, '/');
	if (slash != STR_NONE && !with_mask)
		return false;
	struct str addr = slash == STR_NONE ? text : str_sub(text, 0, slash);
	char z[INET6_ADDRSTRLEN];
	if (addr.n < 2 || addr.n >= sizeof(z))
		return false;
	memcpy(z, addr.p, addr.n);
	z[addr.n] = '\0';
	*out = (struct kql_net){.addr = {[10] = 0xff, [11] = 0xff}, .bits = 128};
	bool four = inet_pton(AF_INET, z, out->addr + 12) == 1;
	if (!four && inet_pton(AF_INET6, z, out->addr) != 1)
		return false;
	return slash == STR_NONE ||
		net_mask(str_sub(text, slash + 1, text.n), four ? 32 : 128, &out->bits);
}

static bool kql_net_holds(const struct kql_net *net, const struct kql_net *addr)
{
	unsigned bytes = net->bits / 8, rest = net->bits % 8;
	if (memcmp(net->addr, addr->addr, bytes) != 0)
		return false;
	return !rest || ((net->addr[bytes] ^ addr->addr[bytes]) >> (8 - rest)) == 0;
}

static size_t kql_eval_digits(struct str s, size_t at, double *v, int *count)
{
	for (; at < s.n && s.p[at] >= '0' && s.p[at] <= '9'; at++, (*count)++)
		*v = *v * 10 + (s.p[at] - '0');
	return at;
}

static double kql_eval_unit(char c)
{
	static const struct {
		char c;
		double seconds;
	} units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 604800}};
	for (size_t i = 0; i < ARRAY_LEN(units); i++)
		if (units[i].c == c)
			return units[i].seconds;
	return 0;
}

/* Never strtod(): it obeys the locale. */
bool kql_number(struct str text, double *out)
{
	double v = 0, scale = 1;
	int whole = 0, fraction = 0;
	size_t at = text.n && (text.p[0] == '-' || text.p[0] == '+');
	bool minus = at && text.p[0] == '-';
	at = kql_eval_digits(text, at, &v, &whole);
	if (at < text.n && text.p[at] == '.')
		at = kql_eval_digits(text, at + 1, &v, &fraction);
	for (int i = 0; i < fraction; i++)
		scale *= 10;
	if (whole + fraction == 0 || whole + fraction > 300)
		return false;
	*out = (minus ? -v : v) / scale;
	if (at + 1 == text.n && kql_eval_unit(text.p[at]) > 0) {
		*out *= kql_eval_unit(text.p[at]);
		return true;
	}
	return at == text.n;
}

/* The pieces between wildcards: first at the start, last at the end, the rest in order. */
static bool wild(const struct kql *q, const struct kql_node *n, struct str v)
{
	struct str first = n->pieces[0], last = n->pieces[n->n_pieces - 1];
	size_t used;
	if (!utf8_starts(v, first, q->fold_case, &used))
		return false;
	v = str_sub(v, used, v.n);
	for (size_t i = 1; i + 1 < n->n_pieces; i++) {
		size_t at = utf8_find(v, n->pieces[i], q->fold_case, &used);
		if (at == STR_NONE)
			return false;
		v = str_sub(v, at + used, v.n);
	}
	return utf8_ends(v, last, q->fold_case);
}

/* Of a field whose type is known. */
static bool typed_holds(const struct kql_node *n, struct str v)
{
	double number;
	int64_t time;
	if (n->type == KQL_NUMBER)
		return kql_number(v, &number) && !(number < n->number) && !(number > n->number);
	return n->is_time && when_parse(v, &time) && time >= n->time && time <= n->last;
}

static bool value_holds(const struct kql *q, const struct kql_node *n, struct str v)
{
	if (n->n_pieces > 1)
		return wild(q, n, v);
	if (n->type != KQL_TEXT && typed_holds(n, v))
		return true;
	if (n->type == KQL_NUMBER)
		return false;
	if (q->fold_case ? utf8_eq_fold(v, n->text) : str_eq(v, n->text))
		return true;
	if (q->contains && !n->quoted && n->text.n &&
		utf8_find(v, n->text, q->fold_case, NULL) != STR_NONE)
		return true;
	struct kql_net addr;
	return n->is_net && kql_net_parse(v, false, &addr) && kql_net_holds(&n->net, &addr);
}

/* Numbers as numbers, addresses as addresses, times as times, everything else by its bytes. */
static int kql_eval_compare(const struct kql_node *n, struct str v)
{
	double number;
	struct kql_net addr;
	int64_t time;
	if (n->is_number && kql_number(v, &number))
		return (number > n->number) - (number < n->number);
	if (n->is_net && kql_net_parse(v, false, &addr))
		return memcmp(addr.addr, n->net.addr, sizeof(addr.addr));
	if (n->is_time && when_parse(v, &time)) {
		int64_t bound = n->op == KQL_T_LE || n->op == KQL_T_GT ? n->last : n->time;
		return (time > bound) - (time < bound);
	}
	return str_cmp(v, n->text);
}

static bool range_holds(const struct kql_node *n, struct str v)
{
	int c = kql_eval_compare(n, v);
	switch (n->op) {
	case KQL_T_LT:
		return c < 0;
	case KQL_T_LE:
		return c <= 0;
	case KQL_T_GT:
		return c > 0;
	default:
		return c >= 0;
	}
}

struct asked {
	const struct kql *q;
	const struct kql_node *n;
};

static bool holds(void *arg, struct str v)
{
	const struct asked *a = arg;
	if (a->n->kind == KQL_EXISTS)
		return true;
	return a->n->kind == KQL_RANGE ? range_holds(a->n, v) : value_holds(a->q, a->n, v);
}

/* Depth is bounded by the parser. */
static bool node_holds(const struct kql *q, const struct kql_node *n, const struct kql_subject *s)
{
	struct asked asked = {q, n};
	switch (n->kind) {
	case KQL_ALL:
		return true;
	case KQL_NOT:
		return !node_holds(q, n->child, s);
	case KQL_AND:
	case KQL_OR:
		for (const struct kql_node *c = n->child; c; c = c->next)
			if (node_holds(q, c, s) == (n->kind == KQL_OR))
				return n->kind == KQL_OR;
		return n->kind == KQL_AND;
	default:
		return s->values(s->ctx, n->field, holds, &asked);
	}
}

bool kql_match(const struct kql *q, const struct kql_subject *subject)
{
	return node_holds(q, q->root, subject);
}

struct shown {
	struct asked asked;
	struct buf *out;
	int n;
};

/* Values were written by anyone: they stay on their line, and short. */
static void show_value(struct buf *out, struct str v)
{
	utf8_visible(out, str_sub(v, 0, 200), false);
	buf_c(out, v.n > 200 ? "…" : "");
}

/* Prefers the value that decides; without one it lists the first few. */
static bool show_deciding(void *arg, struct str v)
{
	struct shown *s = arg;
	if (!holds(&s->asked, v))
		return false;
	buf_c(s->out, "   value: ");
	show_value(s->out, v);
	return true;
}

static bool show_any(void *arg, struct str v)
{
	struct shown *s = arg;
	buf_c(s->out, s->n ? ", " : "   value: ");
	show_value(s->out, v);
	return ++s->n == 4;
}

static void kql_eval_explain_leaf(const struct kql *q, const struct kql_node *n,
	const struct kql_subject *s, struct buf *out)
{
	struct shown shown = {{q, n}, out, 0};
	if (n->kind == KQL_ALL || s->values(s->ctx, n->field, show_deciding, &shown))
		return;
	s->values(s->ctx, n->field, show_any, &shown);
	if (!shown.n)
		buf_c(out, "   no value");
}

static void kql_eval_explain(const struct kql *q, const struct kql_node *n,
	const struct kql_subject *s, int level, struct buf *out)
{
	buf_c(out, node_holds(q, n, s) ? "+ " : "- ");
	buf_fill(out, ' ', (size_t)level * 2);
	if (n->child) {
		buf_c(out, n->kind == KQL_AND ? "and" : n->kind == KQL_OR ? "or" : "not");
	} else {
		if (!str_starts(str_sub(q->query, n->at, n->end), n->field))
			buf_fmt(out, "%.*s: ", STR_ARG(n->field));
		utf8_visible(out, str_sub(q->query, n->at, n->end), false);
		kql_eval_explain_leaf(q, n, s, out);
	}
	buf_char(out, '\n');
	for (const struct kql_node *c = n->child; c; c = c->next)
		kql_eval_explain(q, c, s, level + 1, out);
}

void kql_explain(const struct kql *q, const struct kql_subject *subject, struct buf *out)
{
	kql_eval_explain(q, q->root, subject, 0, out);
}
