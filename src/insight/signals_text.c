/*
 * signals_text: each signal as a sentence, from a template whose {words} are values of the alert.
 */
#include "signals_priv.h"

#include "s3triage/base/buf.h"
#include "s3triage/base/when.h"
#include "s3triage/event/activity.h"

enum { VALUE_MAX = 300 };

static const char *template_of(enum signal_index i)
{
	static const char *const templates[SIGNAL_COUNT] = {
		[SIGNAL_INDEX_FLAGGED] = "the account book flags destination {flagged}",
		[SIGNAL_INDEX_UNLISTED] = "destination {unlisted} is in no account book",
		[SIGNAL_INDEX_ACCOUNT_NEW] = "destination {fresh} was first seen {ago}",
		[SIGNAL_INDEX_FORGED] = "the text form of the request names an account that no"
			" destination has, or cannot be read; {read_from} was believed",
		[SIGNAL_INDEX_DISAGREE] = "the forms of the request disagree; {read_from} was believed",
		[SIGNAL_INDEX_OMITTED] = "CloudTrail left the request out: it was too large",
		[SIGNAL_INDEX_OVERRIDE] = "the copies will belong to the destination, {overridden}",
		[SIGNAL_INDEX_DELETES] = "deletions in {bucket} are copied, too",
		[SIGNAL_INDEX_WHOLE] = "all objects of {bucket} are copied: no prefix, no tag",
		[SIGNAL_INDEX_PARTITION] = "a destination is in partition {partition}",
		[SIGNAL_INDEX_REGION] = "the copies' key is in {dest_region}, the request was made in"
			" {region}",
		[SIGNAL_INDEX_ROLE_FOREIGN] = "the role is of account {role_account}, the bucket of"
			" {owner}",
		[SIGNAL_INDEX_CALLER_FOREIGN] = "the caller is of account {caller_account}, the bucket"
			" of {owner}",
		[SIGNAL_INDEX_ROOT] = "sent by the root user {actor_arn}",
		[SIGNAL_INDEX_KEY_LONG] = "long-lived key {key}",
		[SIGNAL_INDEX_MFA_NONE] = "no second factor: the session says {mfa}",
		[SIGNAL_INDEX_CONSOLE] = "done by hand in the console: {agent}",
		[SIGNAL_INDEX_CLI] = "done with a command line tool: {agent}",
		[SIGNAL_INDEX_AGENT_UNKNOWN] = "no known tool: {agent}",
		[SIGNAL_INDEX_PREPARED] = "{principal} also did this within the hour before: {calls}",
		[SIGNAL_INDEX_ADDRESS_NEW] = "{principal} was not seen at {ip} before",
		[SIGNAL_INDEX_COUNTRY_NEW] = "{principal} was not seen in {country} before",
		[SIGNAL_INDEX_CLAIM] = "{claim} is only claimed: without owner override S3 does not"
			" check whose bucket {claim_bucket} is",
		[SIGNAL_INDEX_TWIN_KEYS] = "a key comes twice in one object of the event; the last was"
			" believed",
		[SIGNAL_INDEX_UNREAD] = "a part of the event is not as it should be, or was not read",
		[SIGNAL_INDEX_ARN_DIFFERS] = "the bucket of a destination is {arn}, the account named"
			" beside it another",
		[SIGNAL_INDEX_OTHER_CONTENT] = "decided on other content: {other}",
		[SIGNAL_INDEX_SAME_ID] = "another record has the same id and says something else:"
			" {twin}",
		[SIGNAL_INDEX_OWNER_GUESSED] = "the event does not say whose bucket {bucket} is; {owner} is"
			" the caller's own account, and only a guess",
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
		{"country", a->country}};
	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		if (str_is(name, fields[i].name))
			return fields[i].value;
	return (struct str){0};
}

/* Of the first destination that claims its account, or whose ARN names another. */
static struct str doubt_value(const struct alert *a, struct str name)
{
	for (size_t i = 0; i < a->n_dests; i++) {
		const struct alert_dest *d = &a->dests[i];
		if (str_is(name, "arn") && dest_arn_differs(d))
			return d->arn;
		if (d->claim && str_is(name, "claim"))
			return d->account;
		if (d->claim && str_is(name, "claim_bucket"))
			return d->bucket;
	}
	return (struct str){0};
}

static struct str dest_value(const struct signal_look *l, struct str name)
{
	const struct alert_dest *d = alert_main_dest(l->alert);
	if (str_is(name, "flagged"))
		d = l->flagged;
	else if (str_is(name, "unlisted"))
		d = l->unlisted;
	else if (str_is(name, "fresh"))
		d = l->fresh;
	else if (str_is(name, "overridden"))
		d = signals_overridden(l->alert);
	else if (!str_is(name, "dest"))
		return (struct str){0};
	return d ? d->account : (struct str){0};
}

static void put_ago(const struct signal_look *l, struct buf *out)
{
	char text[WHEN_TEXT_MAX];
	int64_t first = l->fresh ? firsts_when(&l->g->firsts, FIRST_ACCOUNT, l->fresh->account,
		(struct str){0}) : WHEN_NONE;
	if (first == WHEN_NONE || first >= l->alert->time)
		buf_c(out, "with this alert");
	else
		buf_fmt(out, "%s before it", when_span(l->alert->time - first, text));
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

/* Values that are no text of the event. */
static bool put_made(const struct signal_look *l, struct str name, struct buf *out)
{
	if (str_is(name, "ago"))
		put_ago(l, out);
	else if (str_is(name, "calls"))
		put_calls(l->calls, l->refused, out);
	else if (str_is(name, "mfa"))
		buf_c(out, l->alert->traits & TRAIT_MFA_NOT ? "false" : "nothing of it");
	else if (str_is(name, "read_from"))
		buf_fmt(out, "the %s form", read_from_name(l->alert->read_from));
	else if (str_is(name, "other"))
		other_words(l->g->store, l->row, out);
	else if (str_is(name, "twin"))
		buf_add(out, store_alert(l->g->store, store_twin(l->g->store, l->row))->id);
	else if (str_is(name, "principal"))
		buf_add(out, str_sub(l->principal, 0, VALUE_MAX));
	else
		return false;
	return true;
}

static void signals_text_put_value(const struct signal_look *l, struct str name, struct buf *out)
{
	if (put_made(l, name, out))
		return;
	struct str value = dest_value(l, name);
	if (!value.n)
		value = doubt_value(l->alert, name);
	if (!value.n)
		value = signals_text_field_value(l->alert, name);
	if (value.n)
		buf_add(out, str_sub(value, 0, VALUE_MAX));
	else
		buf_c(out, "(not said)");
}

struct str signals_text(const struct signal_look *l, enum signal_index i, struct arena *mem)
{
	struct buf out = {0};
	struct str rest = str_c(template_of(i));
	while (rest.n) {
		buf_add(&out, str_cut(&rest, '{'));
		if (rest.n)
			signals_text_put_value(l, str_cut(&rest, '}'), &out);
	}
	struct str text = arena_str(mem, buf_str(&out));
	buf_fini(&out);
	return text;
}
