/*
 * journal_payload: what stands in a decision's row beside the alert's facts: that it stays at home;
 * which teams it is meant for; of one that was read from a team's place, where it came from and when it
 * was made there; of one that gives back another's word, whose. It stands behind the facts, as
 * journal_payload() puts it; in the facts themselves quotes are escaped, so that nothing in them looks
 * the same.
 */
#include "journal_priv.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/when.h"
#include "s3triage/event/json.h"

#define HOME_MARK ",\"home\":true"
#define TEAMS_MARK ",\"teams\":"
#define LEARNED_MARK ",\"learned\":{\"from\":\""
#define RESTORES_MARK ",\"restores\":{\"analyst\":"
#define LEARNED_AT "\",\"at\":\""

static void put_learned(const struct journal_learned *l, struct buf *out)
{
	char when[WHEN_TEXT_MAX];
	buf_fmt(out, LEARNED_MARK "%.*s" LEARNED_AT "%s\",\"hash\":", STR_ARG(l->from),
		when_format(l->at, when));
	json_quote(l->hash, out);
	if (l->approval.n)
		buf_fmt(out, ",\"approval\":%.*s", STR_ARG(l->approval));
	if (l->key.n) {
		buf_c(out, ",\"key\":");
		json_quote(l->key, out);
	}
	buf_char(out, '}');
}

void journal_payload(struct str facts, const struct beside *b, struct buf *out)
{
	if (facts.n && facts.p[facts.n - 1] == '}')
		facts.n--;
	facts = str_sub(facts, 0, str_find(facts, STR(LEARNED_MARK)));
	facts = str_sub(facts, 0, str_find(facts, STR(HOME_MARK)));
	facts = str_sub(facts, 0, str_find(facts, STR(TEAMS_MARK)));
	facts = str_sub(facts, 0, str_find(facts, STR(RESTORES_MARK)));
	buf_add(out, facts);
	if (b->home)
		buf_c(out, HOME_MARK);
	if (b->teams && !b->learned) {
		buf_c(out, TEAMS_MARK);
		json_quote(str_c(b->teams), out);
	}
	if (b->learned)
		put_learned(b->learned, out);
	buf_char(out, '}');
}

void journal_payload_restores(const struct decision *d, struct buf *payload)
{
	char when[WHEN_TEXT_MAX];
	payload->n--; /* its brace */
	buf_c(payload, RESTORES_MARK);
	json_quote(decision_who(d), payload);
	buf_fmt(payload, ",\"at\":\"%s\"}}", when_format(decision_made(d), when));
}

bool journal_payload_home(struct str payload)
{
	return str_find(payload, STR(HOME_MARK)) != STR_NONE;
}

char *journal_payload_teams(struct str payload)
{
	bool says = str_find(payload, STR(TEAMS_MARK)) != STR_NONE;
	AUTO(json_free_ptr) struct json *v = says ? json_parse(payload, NULL) : NULL;
	return v ? mem_dup(json_str(json_get(v, "teams"))) : NULL;
}

void journal_read_learned(struct decision *d)
{
	size_t at = str_find(d->facts, STR(LEARNED_MARK));
	if (at == STR_NONE)
		return;
	struct str rest = str_sub(d->facts, at + sizeof(LEARNED_MARK) - 1, d->facts.n);
	d->from_place = str_cut(&rest, '"');
	rest = str_sub(rest, sizeof(LEARNED_AT) - 2, rest.n);
	if (!when_parse(str_cut(&rest, '"'), &d->theirs))
		d->theirs = d->at;
}
