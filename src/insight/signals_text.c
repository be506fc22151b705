/*
 * signals_text: each signal as a sentence, from a template whose {words} are values of the alert.
 */
#include "signals_priv.h"

#include "s3triage/base/buf.h"
#include "s3triage/base/when.h"
#include "s3triage/event/activity.h"

#include <stddef.h>
#include <string.h>

enum { VALUE_MAX = 300 };

static const char *template_of(enum signal_index i)
{
		static const char *const templates[SIGNAL_COUNT] = {
#define X(enumerator, name, weight, trait, text, sentence) sentence,
		SIGNALS(X)
#undef X
	};
	return templates[i];
}

static struct str signals_text_field_value(const struct alert *a, struct str name)
{
	const struct {
		const char *name;
		struct str value;
	} fields[] = {{"bucket", a->bucket}, {"owner", a->owner}, {"partition", a->dest_partition},
		{"region", a->region}, {"dest_region", a->dest_region}, {"key", a->key_id},
		{"role_account", a->role_account}, {"caller_account", a->caller_account},
		{"actor_arn", a->actor_arn}, {"agent", a->agent}, {"ip", a->ip},
		{"country", a->country}, {"found_in", a->found_in}};
	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		if (str_is(name, fields[i].name))
			return fields[i].value;
	return (struct str){0};
}

/* Whether the signal is about this destination. */
static bool signal_is_about(const struct signal_look *l, enum signal_index i, const struct alert_dest *d)
{
	return i == SIGNAL_INDEX_CLAIM_UNSEEN ? signals_unseen(l, d) :
		i == SIGNAL_INDEX_SHARED ? signals_shared(l, d) :
		i == SIGNAL_INDEX_CLAIM ? d->claim : i == SIGNAL_INDEX_ARN_DIFFERS ? dest_arn_differs(d) :
		i == SIGNAL_INDEX_UNTOLD ? signals_untold(d) :
		i == SIGNAL_INDEX_OVERRIDE ? signals_overrides(l->alert, d) : signals_knows(l, i, d);
}

enum { NAMED = 3, COUNTED = 100 };

/* Each once: "a, b, c and 2 more". */
static void put_set(const struct signal_look *l, enum signal_index i, size_t field, struct buf *out)
{
	struct str seen[COUNTED];
	size_t n = 0;
	for (size_t k = 0; k < l->alert->n_dests && n < COUNTED; k++) {
		const struct alert_dest *d = &l->alert->dests[k];
		struct str value;
		bool again = !signal_is_about(l, i, d);
		memcpy(&value, (const char *)d + field, sizeof(value));
		for (size_t q = 0; q < n && !again; q++)
			again = str_eq(seen[q], value);
		if (again || !value.n)
			continue;
		if (n < NAMED)
			buf_fmt(out, "%s%.*s", n ? ", " : "", STR_ARG(str_sub(value, 0, VALUE_MAX)));
		seen[n++] = value;
	}
	if (n > NAMED)
		buf_fmt(out, " and %zu%s more", n - NAMED, n < COUNTED ? "" : " or");
	else if (!n)
		buf_c(out, "(not said)");
}

static bool put_sets(const struct signal_look *l, enum signal_index i, struct str name, struct buf *out)
{
	bool accounts = str_is(name, "accounts"), buckets = str_is(name, "buckets");
	if (!accounts && !buckets && !str_is(name, "arns"))
		return false;
	put_set(l, i, accounts ? offsetof(struct alert_dest, account) : buckets ?
		offsetof(struct alert_dest, bucket) : offsetof(struct alert_dest, arn), out);
	return true;
}

/* A call that is no alert named it before. */
static void put_asked(const struct asked_before *a, bool several, struct buf *out)
{
	char text[WHEN_TEXT_MAX];
	buf_fmt(out, "asked for%s on %s", several ? ", one of them," : "", when_format(a->at, text));
	if (a->result.n)
		buf_fmt(out, " and refused (%.*s)", STR_ARG(str_sub(a->result, 0, VALUE_MAX)));
	else
		buf_c(out, ", by a call that is no alert");
}

/* "5d before it", "from 14m to 12m before it", "in the same second" */
static void put_between(int64_t from, int64_t until, struct buf *out)
{
	char first[WHEN_TEXT_MAX], last[WHEN_TEXT_MAX];
	if (from < 1000)
		return buf_c(out, "in the same second");
	when_span(from, first);
	if (until < 1000)
		buf_fmt(out, "from %s before it to its second", first);
	else if (strcmp(first, when_span(until, last)))
		buf_fmt(out, "from %s to %s before it", first, last);
	else
		buf_fmt(out, "%s before it", first);
}

/* Of several the one that is known longest, where they are not all of one time. */
static void put_ago(const struct signal_look *l, struct buf *out)
{
	char text[WHEN_TEXT_MAX];
	int64_t low = INT64_MAX, high = INT64_MIN;
	const struct asked_before *asked = NULL;
	size_t accounts = 0;
	for (size_t i = 0; i < l->alert->n_dests; i++) {
		const struct alert_dest *d = &l->alert->dests[i];
		if (!signals_knows(l, SIGNAL_INDEX_ACCOUNT_NEW, d))
			continue;
		int64_t first = firsts_when(&l->g->firsts, FIRST_ACCOUNT, d->account, (struct str){0});
		first = first < l->alert->time ? first : l->alert->time;
		const struct asked_before *own = l->signs.asked ? &l->signs.asked[i] : NULL;
		if (own && own->at != WHEN_NONE && (!asked || own->at < asked->at))
			asked = own;
		accounts++;
		low = first < low ? first : low;
		high = first > high ? first : high;
	}
	if (asked && asked->at < low)
		return put_asked(asked, accounts > 1, out);
	if (low >= l->alert->time)
		buf_c(out, "seen with this alert");
	else
		buf_fmt(out, "seen %s%s before it", low < high ? "at most " : "",
			when_span(l->alert->time - low, text));
}

static void put_calls(uint64_t calls, uint64_t refused, struct buf *out)
{
	bool any = false;
	for (int c = 0; c < CALL_COUNT; c++) {
		if (!(calls >> c & 1))
			continue;
		buf_fmt(out, "%s%s%s", any ? ", " : "", call_name((enum call)c),
			refused >> c & 1 ? " (refused)" : "");
		any = true;
	}
}

/* What of the change makes the signal, at most three of its lines. */
static void signals_put_change(const struct signal_look *l, enum signal_index i, struct buf *out)
{
	const struct diff *d = &l->signs.diff;
	size_t n = 0;
	for (size_t k = 0; k < d->n_lines; k++) {
		if (!(signals_of_line(&d->lines[k]) >> i & 1))
			continue;
		struct str line = str_sub(d->lines[k].text, 0, d->lines[k].text.n - 1); /* its full stop */
		if (n++ < NAMED)
			buf_fmt(out, "%s%.*s", n > 1 ? "; " : "", STR_ARG(str_sub(line, 0, VALUE_MAX)));
	}
	if (n > NAMED)
		buf_fmt(out, " and %zu more", n - NAMED);
}

/* "StopLogging of audit-trail, 20m after it" */
static void put_deed(const struct signal_look *l, const struct activity *e, struct buf *out)
{
	char text[WHEN_TEXT_MAX];
	int64_t by = e->time - l->alert->time;
	struct str what = e->target.n ? e->target : e->bucket;
	buf_c(out, call_name(e->call));
	if (what.n)
		buf_fmt(out, " of %.*s", STR_ARG(str_sub(what, 0, VALUE_MAX)));
	if (e->result.n)
		buf_fmt(out, " (%.*s)", STR_ARG(str_sub(e->result, 0, VALUE_MAX)));
	if (by > -1000 && by < 1000)
		buf_c(out, ", in the same second");
	else
		buf_fmt(out, ", %s %s it", when_span(by < 0 ? -by : by, text), by < 0 ? "before" : "after");
}

/* Values of what stands around it. */
static bool put_sign(const struct signal_look *l, struct str name, struct buf *out)
{
	const struct signs *s = &l->signs;
	const struct {
		const char *name;
		const struct activity *e;
	} events[] = {{"denied", s->denied}, {"silenced", s->silenced}, {"role_made", s->role},
		{"bucket_made", s->bucket}, {"versioned", s->versioned}, {"job", s->job}};
	for (size_t i = 0; i < ARRAY_LEN(events); i++)
		if (events[i].e && str_is(name, events[i].name))
			return put_deed(l, events[i].e, out), true;
	if (str_is(name, "calls"))
		put_calls(s->prepared, s->refused, out);
	else if (str_is(name, "looked"))
		put_calls(s->looked, 0, out);
	else if (str_is(name, "looked_at"))
		put_between(l->alert->time - s->looked_at, l->alert->time - s->looked_until, out);
	else if (str_is(name, "takes"))
		buf_c(out, s->job_maybe ? "may take" : "takes");
	else if (str_is(name, "burst"))
		buf_fmt(out, "%zu", s->burst);
	else if (str_is(name, "elsewhere"))
		buf_add(out, str_sub(s->elsewhere, 0, VALUE_MAX));
	else
		return false;
	return true;
}

/* Values that are no text of the event. */
static bool put_made(const struct signal_look *l, struct str name, struct buf *out)
{
	char text[WHEN_TEXT_MAX];
	if (str_is(name, "ago"))
		put_ago(l, out);
	else if (str_is(name, "mfa"))
		buf_c(out, l->alert->traits & TRAIT_MFA_NOT ? "false" : "nothing of it");
	else if (str_is(name, "read_from"))
		buf_fmt(out, "the %s form", read_from_name(l->alert->read_from));
	else if (str_is(name, "other"))
		other_words(l->g->store, l->row, out);
	else if (str_is(name, "twin"))
		buf_add(out, store_alert(l->g->store, store_twin(l->g->store, l->row))->id);
	else if (str_is(name, "ahead"))
		buf_c(out, when_span(signals_ahead(l), text));
	else if (str_is(name, "principal"))
		buf_add(out, str_sub(l->principal, 0, VALUE_MAX));
	else
		return false;
	return true;
}

static void signals_text_put_value(const struct signal_look *l, enum signal_index i, struct str name,
	struct buf *out)
{
	if (str_is(name, "lines"))
		return signals_put_change(l, i, out);
	if (put_made(l, name, out) || put_sign(l, name, out) || put_sets(l, i, name, out))
		return;
	struct str value = signals_text_field_value(l->alert, name);
	if (value.n)
		buf_add(out, str_sub(value, 0, VALUE_MAX));
	else
		buf_c(out, "(not said)");
}

struct str signals_text(const struct signal_look *l, enum signal_index i, struct arena *mem)
{
	struct buf out = {0};
	struct str rest = str_c(template_of(i));
	if (l->g->asks.unusual_text && UINT64_C(1) << i & SIGNALS_UNUSUAL)
		l->g->asks.unusual_text(l->g->asks.ctx, l->row, i, &out);
	while (rest.n) {
		buf_add(&out, str_cut(&rest, '{'));
		if (rest.n)
			signals_text_put_value(l, i, str_cut(&rest, '}'), &out);
	}
	struct str text = arena_str(mem, buf_str(&out));
	buf_fini(&out);
	return text;
}
