/*
 * handoff_words: the closing exports' names, and what counts as a name that may stand in a clause or a
 * command.
 */
#include "handoff_priv.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/when.h"

struct handoff_kind {
	const char *name;
	unsigned ways;
};

static const struct handoff_kind formats[] = {
#define X(enumerator, name, writer, ways, text) {name, ways},
	HANDOFFS(X)
#undef X
};

const char *handoff_name(enum handoff_format f)
{
	return formats[(unsigned)f < HANDOFF_COUNT ? (unsigned)f : 0].name;
}

unsigned handoff_ways(enum handoff_format f)
{
	return formats[(unsigned)f < HANDOFF_COUNT ? (unsigned)f : 0].ways;
}

bool handoff_is_list(enum handoff_format f)
{
	return (unsigned)f < EXPORT_FORMATS;
}

bool handoff_parse(struct str name, enum handoff_format *out)
{
	name = str_is(name, "md") ? STR("markdown") : str_is(name, "jsonl") ? STR("ndjson") : name;
	for (int i = 0; i < HANDOFF_COUNT; i++) {
		if (str_eq_fold(name, str_c(handoff_name((enum handoff_format)i)))) {
			*out = (enum handoff_format)i;
			return true;
		}
	}
	return false;
}

bool handoff_is_suspect(const struct handoff *c, size_t i)
{
	if (export_verdict(&c->rows[i].row) != VERDICT_SUSPICIOUS)
		return false;
	c->report->left[HANDOFF_WHY_UNASKED] += c->rows[i].unasked;
	return !c->rows[i].unasked;
}

/* ---- names -------------------------------------------------------------------------------- */

static bool only(struct str s, const char *more, size_t max)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i], lower = (char)(c | 32);
		if (!(lower >= 'a' && lower <= 'z') && !(c >= '0' && c <= '9') &&
			str_find_char(str_c(more), c) == STR_NONE)
			return false;
	}
	return s.n && s.n <= max;
}

bool handoff_is_account(struct str s)
{
	return s.n == 12 && str_digits(s);
}

bool handoff_is_arn(struct str s)
{
	return str_starts(s, STR("arn:")) && only(s, "+=,.@_:/-", 2048);
}

bool handoff_is_bucket(struct str s)
{
	return only(s, "._-", 255) && s.p[0] != '-' && s.p[0] != '.';
}

bool handoff_is_prefix(struct str s)
{
	return only(s, "/._-+=@:", 1024);
}

bool handoff_is_name(struct str s)
{
	return only(s, "+=,.@_-", 128) && s.p[0] != '-';
}

struct str handoff_time(int64_t ms, struct arena *mem)
{
	char text[WHEN_TEXT_MAX];
	struct str t = str_c(when_format(ms, text));
	if (ms % 1000 == 0)
		return arena_fmt(mem, "%.*s.000Z", STR_ARG(str_sub(t, 0, t.n - 1)));
	return arena_str(mem, t);
}

/* ---- the report --------------------------------------------------------------------------- */

void handoff_report_say(const struct handoff_report *r, struct buf *out)
{
	static const char *const whys[] = {
#define X(enumerator, text) text,
		HANDOFF_WHYS(X)
#undef X
	};
	buf_fmt(out, "%zu used", r->used);
	for (size_t i = 0; i < ARRAY_LEN(whys); i++)
		if (r->left[i])
			buf_fmt(out, ", %zu left out that %s", r->left[i], whys[i]);
	if (r->untried)
		buf_fmt(out, "; %zu not tried on their events, which were not at hand", r->untried);
}
