/*
 * close: which closing export is which, in what order its rows are, and what counts as a name that
 * may stand in a clause or a command.
 */
#include "s3triage/triage/close.h"

#include "close_priv.h"
#include "s3triage/base/mem.h"
#include "s3triage/base/when.h"

#include <stdlib.h>

struct format {
	const char *name;
	void (*write)(const struct closing *c);
};

static const struct format *format_of(enum close_format f)
{
	static const struct format formats[CLOSE_COUNT] = {
		[CLOSE_CSV] = {"csv", close_decisions}, /* in the order of enum export_format */
		[CLOSE_NDJSON] = {"ndjson", close_decisions},
		[CLOSE_JSON] = {"json", close_decisions},
		[CLOSE_MARKDOWN] = {"markdown", close_decisions},
		[CLOSE_EXCEPTIONS] = {"exceptions", close_exceptions},
		[CLOSE_VALUE_LIST] = {"value-list", close_value_list},
		[CLOSE_EQL] = {"eql", close_eql},
		[CLOSE_KQL] = {"kql", close_kql},
		[CLOSE_ACCOUNTS] = {"accounts", close_accounts},
		[CLOSE_CASE] = {"case", close_case},
		[CLOSE_STIX] = {"stix", close_stix},
	};
	return &formats[(unsigned)f < CLOSE_COUNT ? (unsigned)f : 0];
}

const char *close_name(enum close_format f)
{
	return format_of(f)->name;
}

bool close_parse(struct str name, enum close_format *out)
{
	name = str_is(name, "md") ? STR("markdown") : str_is(name, "jsonl") ? STR("ndjson") : name;
	for (int i = 0; i < CLOSE_COUNT; i++) {
		if (str_eq_fold(name, str_c(close_name((enum close_format)i)))) {
			*out = (enum close_format)i;
			return true;
		}
	}
	return false;
}

bool close_is_list(enum close_format f)
{
	return format_of(f)->write == close_decisions;
}

void close_write(struct close_row *rows, size_t n, const struct close_origin *origin,
	struct buf *out, struct close_report *report)
{
	*report = (struct close_report){0};
	if (n > 1)
		qsort(rows, n, sizeof(*rows), export_row_cmp);
	const struct closing c = {rows, n, origin, out, report};
	format_of(origin->format)->write(&c);
}

void close_decisions(const struct closing *c)
{
	AUTO(mem_free_ptr) struct export_row *rows = mem_array(c->n, sizeof(*rows));
	AUTO(buf_fini) struct buf origin = {0};
	struct arena mem = {0};
	size_t n = 0;
	for (size_t i = 0; i < c->n; i++)
		if (!c->rows[i].unasked)
			rows[n++] = c->rows[i].row;
	c->report->used = n;
	c->report->left[CLOSE_WHY_UNASKED] = c->n - n;
	close_origin_write(c->origin, &origin);
	const struct export_about about = {.made = c->origin->made, .analyst = c->origin->analyst,
		.journal_rows = c->origin->rows, .origin = buf_str(&origin),
		.journal_head = arena_str(&mem, c->origin->head).p};
	export_write((enum export_format)(c->origin->format - CLOSE_CSV), rows, n, &about, c->out);
	arena_fini(&mem);
}

bool close_is_suspect(const struct closing *c, size_t i)
{
	if (export_verdict(&c->rows[i].row) != VERDICT_SUSPICIOUS)
		return false;
	c->report->left[CLOSE_WHY_UNASKED] += c->rows[i].unasked;
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

bool close_is_account(struct str s)
{
	return s.n == 12 && str_digits(s);
}

bool close_is_arn(struct str s)
{
	return str_starts(s, STR("arn:")) && only(s, "+=,.@_:/-", 2048);
}

bool close_is_bucket(struct str s)
{
	return only(s, "._-", 255) && s.p[0] != '-' && s.p[0] != '.';
}

bool close_is_prefix(struct str s)
{
	return only(s, "/._-+=@:", 1024);
}

bool close_is_name(struct str s)
{
	return only(s, "+=,.@_-", 128) && s.p[0] != '-';
}

struct str close_time(int64_t ms, struct arena *mem)
{
	char text[WHEN_TEXT_MAX];
	struct str t = str_c(when_format(ms, text));
	if (ms % 1000 == 0)
		return arena_fmt(mem, "%.*s.000Z", STR_ARG(str_sub(t, 0, t.n - 1)));
	return arena_str(mem, t);
}

/* ---- the report --------------------------------------------------------------------------- */

void close_report_say(const struct close_report *r, struct buf *out)
{
	static const char *const whys[] = {
#define X(enumerator, text) text,
		CLOSE_WHYS(X)
#undef X
	};
	buf_fmt(out, "%zu used", r->used);
	for (size_t i = 0; i < ARRAY_LEN(whys); i++)
		if (r->left[i])
			buf_fmt(out, ", %zu left out that %s", r->left[i], whys[i]);
	if (r->untried)
		buf_fmt(out, "; %zu not tried on their events, which were not at hand", r->untried);
}
