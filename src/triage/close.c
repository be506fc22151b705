/*
 * close: which closing export is which, in what order its rows are, and what counts as a name that
 * may stand in a clause or a command.
 */
#include "s3triage/triage/close.h"

#include "close_priv.h"
#include "s3triage/base/mem.h"

#include <stdlib.h>

struct format {
	const char *name;
	void (*write)(const struct closing *c);
};

static const struct format *format_of(enum close_format f)
{
	static const struct format formats[CLOSE_COUNT] = {
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
	for (int i = 0; i < CLOSE_COUNT; i++) {
		if (str_is(name, close_name((enum close_format)i))) {
			*out = (enum close_format)i;
			return true;
		}
	}
	return false;
}

static int compare_rows(const void *left, const void *right)
{
	const struct alert *a = ((const struct close_row *)left)->row.alert;
	const struct alert *b = ((const struct close_row *)right)->row.alert;
	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	int c = str_cmp(a->id, b->id);
	return c ? c : str_cmp(a->event_id, b->event_id);
}

void close_write(struct close_row *rows, size_t n, const struct close_origin *origin,
	struct buf *out, struct close_report *report)
{
	*report = (struct close_report){0};
	if (n > 1)
		qsort(rows, n, sizeof(*rows), compare_rows);
	const struct closing c = {rows, n, origin, out, report};
	format_of(origin->format)->write(&c);
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

bool close_is_name(struct str s)
{
	return only(s, "+=,.@_-", 128) && s.p[0] != '-';
}

struct str close_bucket_prefix(struct str role)
{
	if (str_starts(role, STR("arn:aws-us-gov:")))
		return STR("arn:aws-us-gov:s3:::");
	return str_starts(role, STR("arn:aws-cn:")) ? STR("arn:aws-cn:s3:::") : STR("arn:aws:s3:::");
}
