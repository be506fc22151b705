/*
 * export_markdown: the report for somebody who was not there: counts, then what is suspicious with
 * who, what and where, then what was approved, then what is open.
 */
#include "export_priv.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/utf8.h"
#include "s3triage/base/when.h"

#include <stdlib.h>

/* ---- text that cannot be markup ----------------------------------------------------------- */

static void put_escaped(char c, struct buf *out)
{
	switch (c) {
	case '<':
		buf_c(out, "&lt;");
		return;
	case '>':
		buf_c(out, "&gt;");
		return;
	case '&':
		buf_c(out, "&amp;");
		return;
	case '\n':
		buf_c(out, " / ");
		return;
	}
	if (str_find_char(STR("\\`*_[]|~$#!"), c) != STR_NONE)
		buf_char(out, '\\');
	buf_char(out, c);
}

/* Renderers make links of "http://" and "www." by themselves; a backslash inside stops that. */
static bool begins_link(struct str t, size_t at)
{
	if (t.p[at] == ':')
		return str_starts(str_sub(t, at, t.n), STR("://"));
	return t.p[at] == '.' && at >= 3 && str_eq_fold(str_sub(t, at - 3, at), STR("www"));
}

/* Renderers look for addresses and names to call in what is text when all else is done, escaped or not;
 * code they leave alone. Returns how many more bytes it took. */
static size_t put_at(struct str t, size_t at, struct buf *out)
{
	size_t n = 1;
	while (at + n < t.n && t.p[at + n] == '@')
		n++;
	buf_fmt(out, "`%.*s`", (int)n, t.p + at);
	return n - 1;
}

/* Longer than any note or name; what an event holds may be a megabyte, which no reader wants. */
enum { FIELD_MAX = 5000 };

static size_t field_end(struct str s)
{
	size_t n = s.n < FIELD_MAX ? s.n : FIELD_MAX;
	while (n && n < s.n && ((unsigned char)s.p[n] & 0xC0) == 0x80)
		n--;
	return n;
}

void export_markdown_text(struct str s, struct buf *out)
{
	struct buf text;
	buf_init(&text, out->max);
	utf8_visible(&text, str_sub(s, 0, field_end(s)), true);
	if (s.n > FIELD_MAX)
		buf_fmt(&text, " ... (%zu bytes in all)", s.n);
	struct str t = buf_str(&text);
	for (size_t i = 0; i < t.n; i++) {
		if (t.p[i] == '@') {
			i += put_at(t, i, out);
			continue;
		}
		if (begins_link(t, i))
			buf_char(out, '\\');
		put_escaped(t.p[i], out);
	}
	buf_fini(&text);
}

/* To the second: enough for a reader. */
static void export_markdown_put_time(int64_t ms, struct buf *out)
{
	char text[WHEN_TEXT_MAX];
	buf_c(out, ms == WHEN_NONE ? "unknown" : when_format(ms - ms % 1000, text));
}

static void put_or(struct str s, const char *otherwise, struct buf *out)
{
	if (s.n)
		export_markdown_text(s, out);
	else
		buf_c(out, otherwise);
}

/* ---- counts ------------------------------------------------------------------------------- */

/* What is counted: an account, one that is none as it was written, or who sent the request. */
struct tally {
	struct str name;
	bool invalid;
	size_t n;
};

static int export_markdown_compare_names(const void *left, const void *right)
{
	const struct tally *a = left, *b = right;
	return a->invalid != b->invalid ? a->invalid - b->invalid : str_cmp(a->name, b->name);
}

static int compare_counts(const void *left, const void *right)
{
	const struct tally *a = left, *b = right;
	if (a->n != b->n)
		return a->n > b->n ? -1 : 1;
	return export_markdown_compare_names(left, right);
}

/* One alert's names, each once. Returns how many. */
static size_t dest_names(const struct alert *a, struct tally *out)
{
	size_t n = 0;
	for (size_t d = 0; d < a->n_dests; d++) {
		const struct alert_dest *dest = &a->dests[d];
		bool invalid = dest->relation == RELATION_INVALID, again = dest->relation == RELATION_OWN;
		struct tally one = {invalid ? dest->written : dest->account, invalid, 1};
		for (size_t k = 0; k < n && !again; k++)
			again = export_markdown_compare_names(&out[k], &one) == 0;
		if (!again)
			out[n++] = one;
	}
	return n;
}

static size_t actor_names(const struct alert *a, struct tally *out)
{
	*out = (struct tally){a->actor_arn.n ? a->actor_arn : a->actor, false, 1};
	return 1;
}

/* The names of the suspicious alerts, sorted, each with how many alerts have it. */
static struct tally *count_names(const struct export_row *rows, size_t n,
	size_t (*names)(const struct alert *a, struct tally *out), size_t *count)
{
	size_t most = 0, all = 0;
	for (size_t i = 0; i < n; i++)
		most += 1 + rows[i].alert->n_dests;
	struct tally *v = mem_array(most, sizeof(*v));
	for (size_t i = 0; i < n; i++)
		if (export_verdict(&rows[i]) == VERDICT_SUSPICIOUS)
			all += names(rows[i].alert, v + all);
	if (all > 1)
		qsort(v, all, sizeof(*v), export_markdown_compare_names);
	*count = 0;
	for (size_t i = 0; i < all; i++) {
		if (*count && export_markdown_compare_names(&v[*count - 1], &v[i]) == 0)
			v[*count - 1].n++;
		else
			v[(*count)++] = v[i];
	}
	if (*count > 1)
		qsort(v, *count, sizeof(*v), compare_counts);
	return v;
}

static void put_sums(const struct export_row *rows, size_t n, bool actors, struct buf *out)
{
	size_t count;
	AUTO(mem_free_ptr) struct tally *v = count_names(rows, n, actors ? actor_names : dest_names, &count);
	if (!count)
		return;
	buf_c(out, actors ? "\nWho set the suspicious ones up:\n\n| principal | alerts |\n|---|---:|\n" :
		"\nWhere the suspicious ones send data:\n\n| destination account | alerts |\n|---|---:|\n");
	for (size_t i = 0; i < count; i++) {
		buf_c(out, v[i].invalid ? "| no valid account: " : "| ");
		put_or(v[i].name, actors ? "unknown" : v[i].invalid ? "empty" : "not named", out);
		buf_fmt(out, " | %zu |\n", v[i].n);
	}
}

static void count_verdicts(const struct export_row *rows, size_t n, size_t counts[VERDICTS])
{
	for (size_t i = 0; i < n; i++)
		counts[export_verdict(&rows[i])]++;
}

/* A part must not be taken for all. */
static void export_markdown_put_part(const struct export_about *about, struct buf *out)
{
	if (!about->part.n)
		return;
	buf_c(out, "\n**A part, not all:** asked for with ");
	buf_add(out, about->part);
	buf_fmt(out, ". Left out: %zu suspicious, %zu approved", about->left[VERDICT_SUSPICIOUS],
		about->left[VERDICT_APPROVED]);
	if (about->sources || about->left[VERDICT_OPEN])
		buf_fmt(out, ", %zu open", about->left[VERDICT_OPEN]);
	buf_c(out, ".\n");
}

static void export_markdown_put_head(
	const struct export_about *about, size_t n, const size_t counts[VERDICTS], struct buf *out)
{
	if (about->origin.n)
		buf_fmt(out, "<!-- %.*s -->\n\n", STR_ARG(about->origin));
	buf_c(out, "# Replication of S3 buckets to other accounts: decisions\n\n"
		"| verdict | alerts |\n|---|---:|\n");
	buf_fmt(out, "| suspicious | %zu |\n| approved | %zu |\n| open | ", counts[VERDICT_SUSPICIOUS],
		counts[VERDICT_APPROVED]);
	if (about->sources || counts[VERDICT_OPEN])
		buf_fmt(out, "%zu", counts[VERDICT_OPEN]);
	else
		buf_c(out, "not known");
	buf_fmt(out, " |\n| all | %zu |\n", n);
	export_markdown_put_part(about, out);
	buf_c(out, "\nMade ");
	export_markdown_put_time(about->made, out);
	if (about->analyst.n) {
		buf_c(out, " by ");
		export_markdown_text(about->analyst, out);
	}
	if (about->journal_head && about->journal_head[0])
		buf_fmt(out, " from a journal of %lld rows whose last hash is `%s`",
			(long long)about->journal_rows, about->journal_head);
	buf_c(out, ". All times are UTC.\n");
}

/* ---- one alert ---------------------------------------------------------------------------- */

static void export_markdown_put_dest(const struct alert_dest *d, struct buf *out)
{
	if (d->relation == RELATION_INVALID) {
		buf_c(out, "no valid account (");
		put_or(d->written, "empty", out);
		buf_char(out, ')');
	} else {
		put_or(d->account, "account not named", out);
	}
	if (d->relation == RELATION_OWN)
		buf_c(out, " (the owner's own)");
	if (d->claim)
		buf_c(out, " (only claimed)");
	buf_c(out, ", bucket ");
	put_or(d->bucket, "unknown", out);
	if (d->prefix.n) {
		buf_c(out, ", objects under ");
		export_markdown_text(d->prefix, out);
	}
	if (d->tags.n) {
		buf_c(out, ", with tags ");
		export_markdown_text(d->tags, out);
	}
	if (d->status.n && !str_is(d->status, "Enabled")) {
		buf_c(out, ", ");
		export_markdown_text(d->status, out);
	}
}

enum { DESTS_SHOWN = 20 };

static void export_markdown_put_dests(const struct alert *a, struct buf *out)
{
	size_t shown = 0, left = 0;
	for (size_t i = 0; i < a->n_dests; i++) {
		if (export_dest_repeats(a, i))
			continue;
		if (shown == DESTS_SHOWN) {
			left++;
			continue;
		}
		if (shown++)
			buf_c(out, "; ");
		export_markdown_put_dest(&a->dests[i], out);
	}
	if (left)
		buf_fmt(out, "; and %zu more", left);
	if (!shown)
		buf_c(out, "unknown");
}

static void export_markdown_put_decision(const struct decision *d, struct buf *out)
{
	put_or(d->analyst, "unknown", out);
	buf_c(out, ", ");
	export_markdown_put_time(decision_made(d), out);
	if (d->reason.n) {
		buf_c(out, ": ");
		export_markdown_text(d->reason, out);
	}
	if (d->note.n) {
		buf_c(out, " - ");
		export_markdown_text(d->note, out);
	}
}

static void put_who(const struct alert *a, struct buf *out)
{
	char tmp[ALERT_WHO_MAX];
	buf_c(out, "- **Who:** ");
	put_or(alert_who(a, tmp), "unknown", out);
	if (a->actor_arn.n) {
		buf_c(out, ", ");
		export_markdown_text(a->actor_arn, out);
	}
	if (a->key_id.n) {
		buf_c(out, ", key ");
		export_markdown_text(a->key_id, out);
	}
	buf_c(out, "\n- **From where:** ");
	put_or(a->ip, "no address", out);
	if (a->country.n) {
		buf_c(out, ", ");
		export_markdown_text(a->country, out);
	}
	if (a->agent.n) {
		buf_c(out, ", ");
		export_markdown_text(a->agent, out);
	}
}

/* What the request does besides, and whose it is. */
static void put_traits(const struct alert *a, struct buf *out)
{
	static const enum trait_index told[] = {TRAIT_INDEX_WHOLE_BUCKET, TRAIT_INDEX_OWNER_OVERRIDE,
		TRAIT_INDEX_CLAIM, TRAIT_INDEX_DELETE_MARKERS, TRAIT_INDEX_EXISTING_OBJECTS,
		TRAIT_INDEX_ALL_DISABLED, TRAIT_INDEX_CALLER_FOREIGN, TRAIT_INDEX_ROLE_FOREIGN,
		TRAIT_INDEX_PARTITION_FOREIGN};
	bool any = false;
	for (size_t i = 0; i < ARRAY_LEN(told); i++) {
		if (!(a->traits >> told[i] & 1))
			continue;
		buf_c(out, any ? "; " : "\n- **What it asks for:** ");
		buf_c(out, trait_text(told[i]));
		any = true;
	}
}

static void put_full(const struct export_row *row, size_t number, struct buf *out)
{
	const struct alert *a = row->alert;
	buf_fmt(out, "\n### %zu. ", number);
	put_or(a->bucket, "unknown bucket", out);
	buf_c(out, "\n\n- **When:** ");
	export_markdown_put_time(a->time, out);
	buf_c(out, a->region.n ? ", " : "");
	export_markdown_text(a->region, out);
	buf_c(out, "\n- **Where to:** ");
	export_markdown_put_dests(a, out);
	put_traits(a, out);
	buf_c(out, "\n- **Owner of the bucket:** ");
	put_or(a->owner, "unknown", out);
	if (a->traits & TRAIT_OWNER_GUESSED)
		buf_c(out, " (guessed: the event does not say)");
	buf_char(out, '\n');
	put_who(a, out);
	buf_c(out, "\n- **Replication role:** ");
	put_or(a->role, "unknown", out);
	if (a->disagreement)
		buf_c(out, "\n- **Note:** the event's own forms of the request disagree;"
			" it may be forged");
	buf_fmt(out, "\n- **Now:** %s", export_now_text(row->now));
	buf_c(out, "\n- **Decided:** ");
	export_markdown_put_decision(row->decision, out);
	buf_c(out, "\n- **Alert:** ");
	put_or(a->id, "no id", out);
	buf_c(out, ", event ");
	put_or(a->event_id, "no id", out);
	buf_char(out, '\n');
}

static void put_suspicious(const struct export_row *rows, size_t n, struct buf *out)
{
	size_t number = 0;
	for (size_t i = 0; i < n; i++)
		if (export_verdict(&rows[i]) == VERDICT_SUSPICIOUS)
			put_full(&rows[i], ++number, out);
}

static void export_markdown_put_line(const struct export_row *row, struct buf *out)
{
	char tmp[ALERT_WHO_MAX];
	const struct alert *a = row->alert;
	buf_c(out, "| ");
	export_markdown_put_time(a->time, out);
	buf_c(out, " | ");
	put_or(a->bucket, "unknown", out);
	buf_c(out, " | ");
	export_markdown_put_dests(a, out);
	buf_c(out, " | ");
	put_or(alert_who(a, tmp), "unknown", out);
	buf_c(out, " | ");
	if (row->decision)
		export_markdown_put_decision(row->decision, out);
	buf_c(out, " | ");
	put_or(a->id, "no id", out);
	buf_c(out, " |\n");
}

static void put_table(const struct export_row *rows, size_t n, enum verdict v, struct buf *out)
{
	buf_c(out, "\n| event time | bucket | destination | actor | decided | alert |\n"
		"|---|---|---|---|---|---|\n");
	for (size_t i = 0; i < n; i++)
		if (export_verdict(&rows[i]) == v)
			export_markdown_put_line(&rows[i], out);
}

/* Only of what was looked for can it be said that there is none. */
static void put_none(const struct export_about *about, enum verdict v, const char *none, struct buf *out)
{
	if (about->left[v])
		buf_fmt(out, "\nNone of %zu %s was asked for.\n", about->left[v], verdict_name(v));
	else if (v == VERDICT_OPEN && !about->sources)
		buf_c(out, "\nNot known: no source was read, and the journal knows what was decided.\n");
	else
		buf_fmt(out, "\n%s\n", about->part.n ? "None among what was asked for." : none);
}

void export_markdown(const struct export_row *rows, size_t n, const struct export_about *about,
	struct buf *out)
{
	static const struct {
		enum verdict verdict;
		const char *title, *none;
	} parts[] = {{VERDICT_SUSPICIOUS, "Suspicious", "Nothing was marked suspicious."},
		{VERDICT_APPROVED, "Approved", "Nothing was approved."},
		{VERDICT_OPEN, "Open", "Nothing is left open."}};
	size_t counts[VERDICTS] = {0};
	count_verdicts(rows, n, counts);
	export_markdown_put_head(about, n, counts, out);
	put_sums(rows, n, false, out);
	put_sums(rows, n, true, out);
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		enum verdict v = parts[i].verdict;
		buf_fmt(out, "\n## %s (%zu", parts[i].title, counts[v]);
		if (about->left[v])
			buf_fmt(out, " of %zu", counts[v] + about->left[v]);
		buf_c(out, ")\n");
		if (!counts[v])
			put_none(about, v, parts[i].none, out);
		else if (v == VERDICT_SUSPICIOUS)
			put_suspicious(rows, n, out);
		else
			put_table(rows, n, v, out);
	}
}
