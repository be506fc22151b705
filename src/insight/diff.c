/*
 * diff: two replication configurations side by side. Rules are paired, those that are most alike
 * first; of each pair all that a rule says is compared. What has no partner was added or removed.
 */
#include "s3triage/insight/diff.h"

#include <string.h>

const char *diff_kind_name(enum diff_kind k)
{
	static const char *const names[] = {"destination-added", "destination-removed",
		"filter-wider", "filter-narrower", "filter-other", "role", "turned-on", "turned-off",
		"rule-added", "rule-removed", "same", "destination-changed", "other"};
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

static void diff_add(struct pairing *p, enum diff_kind kind, bool more, struct str text)
{
	if (p->n == DIFF_LINES_MAX)
		p->left_out++;
	else
		p->lines[p->n++] = (struct diff_line){kind, more, text};
}

/* ---- names in sentences --------------------------------------------------------------------- */

static struct str diff_cut(struct str s)
{
	return str_sub(s, 0, 200);
}

static struct str rule_label(const struct replication_rule *r, struct arena *mem)
{
	if (r->id.n)
		return arena_fmt(mem, "rule \"%.*s\"", STR_ARG(diff_cut(r->id)));
	return arena_fmt(mem, "the rule for %.*s", STR_ARG(diff_cut(r->bucket)));
}

static struct str dest_label(const struct replication_rule *r, struct arena *mem)
{
	struct str account = r->account.n ? r->account : r->account_text;
	bool usual = !r->partition.n || str_is(r->partition, "aws");
	struct str bucket = usual ? diff_cut(r->bucket)
				  : arena_fmt(mem, "%.*s in %.*s", STR_ARG(diff_cut(r->bucket)),
					    STR_ARG(diff_cut(r->partition)));
	if (!account.n)
		return arena_fmt(mem, "bucket %.*s (no account named)", STR_ARG(bucket));
	return arena_fmt(
		mem, "bucket %.*s of account %.*s", STR_ARG(bucket), STR_ARG(diff_cut(account)));
}

static struct str filter_label(const struct replication_rule *r, struct arena *mem)
{
	if (!r->prefix.n && !r->n_tags)
		return STR("all objects");
	AUTO(buf_fini) struct buf b = {0};
	if (r->prefix.n)
		buf_fmt(&b, "prefix \"%.*s\"", STR_ARG(diff_cut(r->prefix)));
	for (size_t i = 0; i < r->n_tags && i < 3; i++)
		buf_fmt(&b, "%stag %.*s=%.*s", b.n ? " and " : "",
			STR_ARG(diff_cut(r->tags[i].key)), STR_ARG(diff_cut(r->tags[i].value)));
	if (r->n_tags > 3)
		buf_fmt(&b, " and %zu more tags", r->n_tags - 3);
	return arena_str(mem, buf_str(&b));
}

/* ---- pairs ---------------------------------------------------------------------------------- */

static bool same_dest(const struct replication_rule *a, const struct replication_rule *b)
{
	bool same_account = str_eq(a->account, b->account) &&
		(a->account.n || str_eq(a->account_text, b->account_text));
	return same_account && str_eq(a->bucket, b->bucket) && str_eq(a->partition, b->partition);
}

/* The same for filters that take the same objects: the order of tags says nothing. */
static uint64_t filter_hash(const struct replication_rule *r)
{
	uint64_t h = str_hash(r->prefix);
	for (size_t i = 0; i < r->n_tags; i++)
		h += (str_hash(r->tags[i].key) | 1) * (str_hash(r->tags[i].value) | 1);
	return h;
}

enum { LIKE_ID = 4, LIKE_DEST = 4, LIKE_FILTER = 2, LIKE_STATUS = 1, LIKE_MAX = 11 };

/* How sure it is that `b` became `n`: 0, they are not the same rule. */
static uint8_t likeness(const struct replication_rule *b, const struct replication_rule *n, bool filter)
{
	bool id = b->id.n && str_eq(b->id, n->id), dest = same_dest(b, n);
	if (!id && !dest)
		return 0;
	return (uint8_t)(LIKE_ID * id + LIKE_DEST * dest + LIKE_FILTER * filter +
		LIKE_STATUS * (b->enabled == n->enabled));
}

/* likeness() of every two rules, a row for each of `now`. */
static uint8_t *likenesses(const struct pairing *p)
{
	size_t n = p->now->n_rules, m = p->before->n_rules;
	uint8_t *like = mem_array(n * m, 1);
	AUTO(mem_free_ptr) uint64_t *filters = mem_array(m, sizeof(*filters));
	for (size_t k = 0; k < m; k++)
		filters[k] = filter_hash(&p->before->rules[k]);
	for (size_t i = 0; i < n; i++) {
		uint64_t filter = filter_hash(&p->now->rules[i]);
		for (size_t k = 0; k < m; k++)
			like[i * m + k] = likeness(&p->before->rules[k], &p->now->rules[i], filters[k] == filter);
	}
	return like;
}

/* Those that are most alike first, so that the order of rules says nothing. */
static void pair_rules(struct pairing *p)
{
	size_t m = p->before->n_rules;
	AUTO(mem_free_ptr) uint8_t *like = likenesses(p);
	for (int least = LIKE_MAX; least; least--)
		for (size_t i = 0; i < p->now->n_rules; i++)
			for (size_t k = 0; k < m && !p->of_now[i]; k++) {
				if (p->used[k] || like[i * m + k] != least)
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

/* A rule without a partner. */
static void tell_alone(struct pairing *p, const struct replication_rule *r, bool added)
{
	const struct replication *other = added ? p->before : p->now;
	bool dest = !has_dest(other, r, other->n_rules);
	const char *what = dest ? "Destination" : "Rule";
	enum diff_kind kind = added ? (dest ? DIFF_DEST_ADDED : DIFF_RULE_ADDED)
				    : (dest ? DIFF_DEST_REMOVED : DIFF_RULE_REMOVED);
	diff_add(p, kind, added && (r->enabled || (dest && r->relation != RELATION_OWN)),
		arena_fmt(p->mem, "%s %s: %.*s, by %.*s (%.*s%s).", what, added ? "added" : "removed",
			STR_ARG(dest_label(r, p->mem)), STR_ARG(rule_label(r, p->mem)),
			STR_ARG(filter_label(r, p->mem)), r->enabled ? "" : "; disabled"));
}

/* ---- one pair ------------------------------------------------------------------------------- */

static void compare_dest(struct pairing *p, const struct replication_rule *b,
	const struct replication_rule *n)
{
	if (same_dest(b, n))
		return;
	const struct replication *before = p->before, *now = p->now;
	bool is_new = !has_dest(before, n, before->n_rules) && !has_dest(now, n, (size_t)(n - now->rules));
	bool is_gone = !has_dest(now, b, now->n_rules) && !has_dest(before, b, (size_t)(b - before->rules));
	if (is_new)
		diff_add(p, DIFF_DEST_ADDED, n->relation != RELATION_OWN,
			arena_fmt(p->mem, "Destination added: %.*s.",
				STR_ARG(dest_label(n, p->mem))));
	if (is_gone)
		diff_add(p, DIFF_DEST_REMOVED, false,
			arena_fmt(p->mem, "Destination removed: %.*s.",
				STR_ARG(dest_label(b, p->mem))));
	diff_add(p, DIFF_DEST_CHANGED, n->enabled && n->relation != RELATION_OWN,
		arena_fmt(p->mem, "What %.*s takes (%.*s) goes elsewhere: from %.*s to %.*s%s.",
			STR_ARG(rule_label(n, p->mem)), STR_ARG(filter_label(n, p->mem)),
			STR_ARG(dest_label(b, p->mem)), STR_ARG(dest_label(n, p->mem)),
			n->enabled ? "" : ", disabled"));
}

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
static bool diff_covers(const struct replication_rule *wide, const struct replication_rule *narrow)
{
	return str_starts(narrow->prefix, wide->prefix) && has_tags(narrow, wide);
}

static void compare_filters(struct pairing *p, const struct replication_rule *b,
	const struct replication_rule *n)
{
	bool wider = diff_covers(n, b), narrower = diff_covers(b, n);
	if (wider && narrower)
		return;
	enum diff_kind kind = wider ? DIFF_FILTER_WIDER : narrower ? DIFF_FILTER_NARROWER
							 : DIFF_FILTER_OTHER;
	diff_add(p, kind, !narrower,
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
		diff_add(p, turns[i].now ? DIFF_TURNED_ON : DIFF_TURNED_OFF, turns[i].now,
			arena_fmt(p->mem, "%s turned %s in %.*s.", turns[i].what,
				turns[i].now ? "on" : "off", STR_ARG(rule_label(n, p->mem))));
	}
	if (!str_eq(b->kms_key, n->kms_key))
		diff_add(p, n->kms_key.n ? DIFF_TURNED_ON : DIFF_TURNED_OFF, n->kms_key.n > 0,
			arena_fmt(p->mem, "Key of the copies in %.*s: from %.*s to %.*s.",
				STR_ARG(rule_label(n, p->mem)),
				STR_ARG(b->kms_key.n ? diff_cut(b->kms_key) : STR("none")),
				STR_ARG(n->kms_key.n ? diff_cut(n->kms_key) : STR("none"))));
}

static struct str priority_text(const struct replication_rule *r, struct arena *mem)
{
	return r->has_priority ? arena_fmt(mem, "%lld", (long long)r->priority) : STR("none");
}

/* "on (15 min)": with what is written beside it. */
static struct str switch_text(enum tristate on, struct str minutes, struct arena *mem)
{
	if (on != TRI_ON)
		return STR("off");
	return minutes.n ? arena_fmt(mem, "on (%.*s min)", STR_ARG(diff_cut(minutes))) : STR("on");
}

/* What does not change where, what and whose, but is not the same. */
static void compare_rest(struct pairing *p, const struct replication_rule *b,
	const struct replication_rule *n)
{
	const struct {
		const char *what;
		struct str before, now;
	} texts[] = {
		{"Storage class", b->storage_class, n->storage_class},
		{"Priority", priority_text(b, p->mem), priority_text(n, p->mem)},
		{"Replication time control",
			switch_text(b->replication_time, b->time_minutes, p->mem),
			switch_text(n->replication_time, n->time_minutes, p->mem)},
		{"Metrics", switch_text(b->metrics, b->metrics_minutes, p->mem),
			switch_text(n->metrics, n->metrics_minutes, p->mem)},
		{"What is not understood", b->unread, n->unread},
		{"Status", b->enabled == n->enabled ? b->status : STR(""),
			b->enabled == n->enabled ? n->status : STR("")},
	};
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (!str_eq(texts[i].before, texts[i].now))
			diff_add(p, DIFF_OTHER, false,
				arena_fmt(p->mem, "%s in %.*s: from %.*s to %.*s.", texts[i].what,
					STR_ARG(rule_label(n, p->mem)),
					STR_ARG(texts[i].before.n ? diff_cut(texts[i].before)
								  : STR("none")),
					STR_ARG(texts[i].now.n ? diff_cut(texts[i].now)
							       : STR("none"))));
}

static void compare_rules(struct pairing *p)
{
	for (size_t i = 0; i < p->now->n_rules; i++) {
		const struct replication_rule *n = &p->now->rules[i];
		if (!p->of_now[i]) {
			tell_alone(p, n, true);
			continue;
		}
		const struct replication_rule *b = &p->before->rules[p->of_now[i] - 1];
		compare_dest(p, b, n);
		compare_filters(p, b, n);
		compare_switches(p, b, n);
		compare_rest(p, b, n);
	}
	for (size_t k = 0; k < p->before->n_rules; k++)
		if (!p->used[k])
			tell_alone(p, &p->before->rules[k], false);
}

void diff_requests(const struct replication *before, const struct replication *now,
	struct arena *mem, struct diff *out)
{
	struct pairing p = {.before = before, .now = now, .mem = mem,
		.lines = arena_array(mem, DIFF_LINES_MAX, sizeof(*p.lines)),
		.of_now = arena_array(mem, now->n_rules, sizeof(*p.of_now)),
		.used = arena_array(mem, before->n_rules, sizeof(*p.used))};
	pair_rules(&p);
	if (!str_eq(before->role, now->role))
		diff_add(&p, DIFF_ROLE, true,
			arena_fmt(mem, "Role changed: from %.*s to %.*s.",
				STR_ARG(before->role.n ? diff_cut(before->role) : STR("none")),
				STR_ARG(now->role.n ? diff_cut(now->role) : STR("none"))));
	compare_rules(&p);
	if (!p.n)
		diff_add(&p, DIFF_SAME, false, STR("The same configuration as before."));
	out->lines = p.lines;
	out->n_lines = p.n;
	out->left_out = p.left_out;
}
