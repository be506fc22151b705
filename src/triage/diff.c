/*
 * diff: two replication configurations side by side. Rules are paired by their id, then by where
 * they send to; of each pair the filter and the switches are compared.
 */
#include "s3triage/triage/diff.h"

#include <string.h>

const char *diff_kind_name(enum diff_kind k)
{
	static const char *const names[] = {"destination-added", "destination-removed",
		"filter-wider", "filter-narrower", "filter-other", "role", "turned-on", "turned-off",
		"rule-added", "rule-removed", "same"};
	return names[k];
}

struct pairing {
	const struct replication *before, *now;
	uint16_t *of_now; /* rule of `before` + 1 for each rule of `now`; 0: none */
	bool *used;       /* rules of `before` */
	struct arena *mem;
	struct diff_line *lines;
	size_t n, left_out;
};

static void add(struct pairing *p, enum diff_kind kind, bool more, struct str text)
{
	if (p->n == DIFF_LINES_MAX)
		p->left_out++;
	else
		p->lines[p->n++] = (struct diff_line){kind, more, text};
}

/* ---- names in sentences --------------------------------------------------------------------- */

static struct str cut(struct str s)
{
	return str_sub(s, 0, 200);
}

static struct str rule_label(const struct replication_rule *r, struct arena *mem)
{
	if (r->id.n)
		return arena_fmt(mem, "rule \"%.*s\"", STR_ARG(cut(r->id)));
	return arena_fmt(mem, "the rule for %.*s", STR_ARG(cut(r->bucket)));
}

static struct str dest_label(const struct replication_rule *r, struct arena *mem)
{
	struct str account = r->account.n ? r->account : r->account_text;
	if (!account.n)
		return arena_fmt(mem, "bucket %.*s (no account named)", STR_ARG(cut(r->bucket)));
	return arena_fmt(mem, "bucket %.*s of account %.*s", STR_ARG(cut(r->bucket)),
		STR_ARG(cut(account)));
}

static struct str filter_label(const struct replication_rule *r, struct arena *mem)
{
	if (!r->prefix.n && !r->n_tags)
		return STR("all objects");
	AUTO(buf_fini) struct buf b = {0};
	if (r->prefix.n)
		buf_fmt(&b, "prefix \"%.*s\"", STR_ARG(cut(r->prefix)));
	for (size_t i = 0; i < r->n_tags && i < 3; i++)
		buf_fmt(&b, "%stag %.*s=%.*s", b.n ? " and " : "", STR_ARG(cut(r->tags[i].key)),
			STR_ARG(cut(r->tags[i].value)));
	if (r->n_tags > 3)
		buf_fmt(&b, " and %zu more tags", r->n_tags - 3);
	return arena_str(mem, buf_str(&b));
}

/* ---- pairs ---------------------------------------------------------------------------------- */

static bool same_dest(const struct replication_rule *a, const struct replication_rule *b)
{
	bool same_account = str_eq(a->account, b->account) &&
		(a->account.n || str_eq(a->account_text, b->account_text));
	return same_account && str_eq(a->bucket, b->bucket);
}

static bool same_id(const struct replication_rule *a, const struct replication_rule *b)
{
	return a->id.n && str_eq(a->id, b->id);
}

static bool same_both(const struct replication_rule *a, const struct replication_rule *b)
{
	return same_id(a, b) && same_dest(a, b);
}

static void pair_by(struct pairing *p,
	bool (*same)(const struct replication_rule *, const struct replication_rule *))
{
	for (size_t i = 0; i < p->now->n_rules; i++)
		for (size_t k = 0; k < p->before->n_rules && !p->of_now[i]; k++) {
			if (p->used[k] || !same(&p->before->rules[k], &p->now->rules[i]))
				continue;
			p->used[k] = true;
			p->of_now[i] = (uint16_t)(k + 1);
		}
}

static bool has_dest(const struct replication *r, const struct replication_rule *dest, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (same_dest(&r->rules[i], dest))
			return true;
	return false;
}

/* Destinations of `a` that `b` has not, each once. */
static void compare_dests(struct pairing *p, const struct replication *a,
	const struct replication *b, bool added)
{
	for (size_t i = 0; i < a->n_rules; i++) {
		const struct replication_rule *r = &a->rules[i];
		if (has_dest(a, r, i) || has_dest(b, r, b->n_rules))
			continue;
		add(p, added ? DIFF_DEST_ADDED : DIFF_DEST_REMOVED, added,
			arena_fmt(p->mem, "Destination %s: %.*s.", added ? "added" : "removed",
				STR_ARG(dest_label(r, p->mem))));
	}
}

/* ---- one pair ------------------------------------------------------------------------------- */

static bool has_tags(const struct replication_rule *all, const struct replication_rule *some)
{
	for (size_t i = 0; i < some->n_tags; i++) {
		bool found = false;
		for (size_t k = 0; k < all->n_tags && !found; k++)
			found = str_eq(all->tags[k].key, some->tags[i].key) &&
				str_eq(all->tags[k].value, some->tags[i].value);
		if (!found)
			return false;
	}
	return true;
}

/* Every object that `narrow` takes is taken by `wide`. */
static bool covers(const struct replication_rule *wide, const struct replication_rule *narrow)
{
	return str_starts(narrow->prefix, wide->prefix) && has_tags(narrow, wide);
}

static void compare_filters(struct pairing *p, const struct replication_rule *b,
	const struct replication_rule *n)
{
	bool wider = covers(n, b), narrower = covers(b, n);
	if (wider && narrower)
		return;
	enum diff_kind kind = wider ? DIFF_FILTER_WIDER : narrower ? DIFF_FILTER_NARROWER
							 : DIFF_FILTER_OTHER;
	add(p, kind, !narrower,
		arena_fmt(p->mem, "Filter %s in %.*s: from %.*s to %.*s.",
			wider ? "widened" : narrower ? "narrowed" : "changed",
			STR_ARG(rule_label(n, p->mem)), STR_ARG(filter_label(b, p->mem)),
			STR_ARG(filter_label(n, p->mem))));
}

struct turn {
	bool before, now;
	const char *what;
};

static void compare_switches(struct pairing *p, const struct replication_rule *b,
	const struct replication_rule *n)
{
	const struct turn turns[] = {
		{b->enabled, n->enabled, "Replication"},
		{b->owner_override, n->owner_override, "Owner override"},
		{b->delete_markers == TRI_ON, n->delete_markers == TRI_ON, "Copying of delete markers"},
		{b->existing_objects == TRI_ON, n->existing_objects == TRI_ON,
			"Copying of existing objects"},
		{b->kms_objects == TRI_ON, n->kms_objects == TRI_ON, "Copying of KMS-encrypted objects"},
		{b->replica_modifications == TRI_ON, n->replica_modifications == TRI_ON,
			"Copying of changes to replicas"},
	};
	for (size_t i = 0; i < ARRAY_LEN(turns); i++) {
		if (turns[i].before == turns[i].now)
			continue;
		add(p, turns[i].now ? DIFF_TURNED_ON : DIFF_TURNED_OFF, turns[i].now,
			arena_fmt(p->mem, "%s turned %s in %.*s.", turns[i].what,
				turns[i].now ? "on" : "off", STR_ARG(rule_label(n, p->mem))));
	}
	if (!str_eq(b->kms_key, n->kms_key))
		add(p, n->kms_key.n ? DIFF_TURNED_ON : DIFF_TURNED_OFF, n->kms_key.n > 0,
			arena_fmt(p->mem, "Key of the copies in %.*s: from %.*s to %.*s.",
				STR_ARG(rule_label(n, p->mem)), STR_ARG(b->kms_key.n ? cut(b->kms_key) : STR("none")),
				STR_ARG(n->kms_key.n ? cut(n->kms_key) : STR("none"))));
}

static void compare_rules(struct pairing *p)
{
	for (size_t i = 0; i < p->now->n_rules; i++) {
		const struct replication_rule *n = &p->now->rules[i];
		if (p->of_now[i]) {
			const struct replication_rule *b = &p->before->rules[p->of_now[i] - 1];
			compare_filters(p, b, n);
			compare_switches(p, b, n);
		} else if (has_dest(p->before, n, p->before->n_rules)) {
			add(p, DIFF_RULE_ADDED, n->enabled,
				arena_fmt(p->mem, "Rule added: %.*s, %.*s to %.*s%s.",
					STR_ARG(rule_label(n, p->mem)), STR_ARG(filter_label(n, p->mem)),
					STR_ARG(dest_label(n, p->mem)), n->enabled ? "" : ", disabled"));
		}
	}
	for (size_t k = 0; k < p->before->n_rules; k++) {
		const struct replication_rule *b = &p->before->rules[k];
		if (!p->used[k] && has_dest(p->now, b, p->now->n_rules))
			add(p, DIFF_RULE_REMOVED, false,
				arena_fmt(p->mem, "Rule removed: %.*s, %.*s to %.*s.",
					STR_ARG(rule_label(b, p->mem)), STR_ARG(filter_label(b, p->mem)),
					STR_ARG(dest_label(b, p->mem))));
	}
}

void diff_requests(const struct replication *before, const struct replication *now,
	struct arena *mem, struct diff *out)
{
	struct pairing p = {.before = before, .now = now, .mem = mem,
		.lines = arena_array(mem, DIFF_LINES_MAX, sizeof(*p.lines)),
		.of_now = arena_array(mem, now->n_rules, sizeof(*p.of_now)),
		.used = arena_array(mem, before->n_rules, sizeof(*p.used))};
	pair_by(&p, same_both);
	pair_by(&p, same_id);
	pair_by(&p, same_dest);
	compare_dests(&p, now, before, true);
	compare_dests(&p, before, now, false);
	if (!str_eq(before->role, now->role))
		add(&p, DIFF_ROLE, true,
			arena_fmt(mem, "Role changed: from %.*s to %.*s.",
				STR_ARG(before->role.n ? cut(before->role) : STR("none")),
				STR_ARG(now->role.n ? cut(now->role) : STR("none"))));
	compare_rules(&p);
	if (!p.n)
		add(&p, DIFF_SAME, false, STR("The same configuration as before."));
	out->lines = p.lines;
	out->n_lines = p.n;
	out->left_out = p.left_out;
}
