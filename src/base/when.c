/*
 * when: reading and writing points in time (proleptic Gregorian, UTC, milliseconds).
 */
#include "s3triage/base/when.h"

#include <stdio.h>

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY = 24 * HOUR };

/* Days from 1970-01-01 to a civil date; the year begins in March, so that leap days come last. */
static int64_t days_from_civil(int64_t y, int64_t m, int64_t d)
{
	y -= m <= 2;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t year = y - era * 400;
	int64_t day = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	return era * 146097 + year * 365 + year / 4 - year / 100 + day - 719468;
}

static void civil_from_days(int64_t days, int64_t *y, int64_t *m, int64_t *d)
{
	days += 719468;
	int64_t era = (days >= 0 ? days : days - 146096) / 146097;
	int64_t in_era = days - era * 146097;
	int64_t year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
	int64_t in_year = in_era - (365 * year + year / 4 - year / 100);
	int64_t month = (5 * in_year + 2) / 153;
	*d = in_year - (153 * month + 2) / 5 + 1;
	*m = month + (month < 10 ? 3 : -9);
	*y = year + era * 400 + (*m <= 2);
}

static int64_t days_in_month(int64_t y, int64_t m)
{
	int64_t next = m == 12 ? days_from_civil(y + 1, 1, 1) : days_from_civil(y, m + 1, 1);
	return next - days_from_civil(y, m, 1);
}

/* Exactly n digits off the front. */
static bool take_digits(struct str *rest, size_t n, int64_t *out)
{
	return rest->n >= n && str_digits(str_sub(*rest, 0, n)) &&
		str_int(str_sub(*rest, 0, n), out) && (*rest = str_sub(*rest, n, rest->n), true);
}

static bool take_char(struct str *rest, char c)
{
	if (!rest->n || rest->p[0] != c)
		return false;
	*rest = str_sub(*rest, 1, rest->n);
	return true;
}

static bool take_date(struct str *rest, int64_t *ms)
{
	int64_t y, m, d;
	if (!take_digits(rest, 4, &y) || !take_char(rest, '-') || !take_digits(rest, 2, &m) ||
		!take_char(rest, '-') || !take_digits(rest, 2, &d))
		return false;
	if (m < 1 || m > 12 || d < 1 || d > days_in_month(y, m))
		return false;
	*ms = days_from_civil(y, m, d) * DAY;
	return true;
}

/* ".123456": the first three digits count, the rest is cut. */
static bool take_fraction(struct str *rest, int64_t *ms)
{
	if (!take_char(rest, '.') && !take_char(rest, ','))
		return true;
	int64_t digit, unit = 100;
	if (!take_digits(rest, 1, &digit))
		return false;
	do {
		*ms += digit * unit;
		unit /= 10;
	} while (take_digits(rest, 1, &digit));
	return true;
}

static bool when_take_time(struct str *rest, int64_t *ms)
{
	int64_t h, m, s = 0;
	if (!take_digits(rest, 2, &h) || !take_char(rest, ':') || !take_digits(rest, 2, &m))
		return false;
	if (take_char(rest, ':') && (!take_digits(rest, 2, &s) || !take_fraction(rest, ms)))
		return false;
	if (h > 23 || m > 59 || s > 60)
		return false;
	if (s == 60)
		*ms = 0;
	*ms += h * HOUR + m * MINUTE + s * SECOND;
	return true;
}

/* 'Z', '+02:00', '+0200', '+02' or nothing. */
static bool take_zone(struct str *rest, int64_t *ms)
{
	if (!rest->n || take_char(rest, 'Z') || take_char(rest, 'z'))
		return true;
	bool minus = take_char(rest, '-');
	int64_t h, m = 0;
	if ((!minus && !take_char(rest, '+')) || !take_digits(rest, 2, &h))
		return false;
	bool colon = take_char(rest, ':');
	if ((colon || rest->n) && !take_digits(rest, 2, &m))
		return false;
	if (h > 23 || m > 59)
		return false;
	int64_t offset = h * HOUR + m * MINUTE;
	*ms += minus ? offset : -offset;
	return true;
}

/* The years 0000 to 9999 are what has a text. */
static bool writable(int64_t ms)
{
	return ms >= -INT64_C(62167219200000) && ms < INT64_C(253402300800000);
}

bool when_parse(struct str text, int64_t *ms)
{
	int64_t date = 0, time = 0, zone = 0;
	if (!take_date(&text, &date))
		return false;
	if (!take_char(&text, 'T') && !take_char(&text, 't') && !take_char(&text, ' '))
		return false;
	if (!when_take_time(&text, &time) || !take_zone(&text, &zone) || text.n)
		return false;
	*ms = date + time + zone;
	return writable(*ms);
}

/* Cuts "E9" off the end; false when what stands there is no small number. */
static bool cut_exponent(struct str *text, int64_t *exponent)
{
	enum { EXPONENT_MAX = 19 };
	size_t e = 0;
	while (e < text->n && text->p[e] != 'E' && text->p[e] != 'e')
		e++;
	struct str tail = str_sub(*text, e, text->n);
	*text = str_sub(*text, 0, e);
	*exponent = 0;
	return !tail.n || (str_int(str_sub(tail, 1, tail.n), exponent) && *exponent >= 0 &&
		*exponent <= EXPONENT_MAX);
}

/* "1777887000.5", "1.777887E9" as a number; false for all else, also for what is long. */
static bool take_count(struct str text, double *out)
{
	enum { DIGITS_MAX = 18 };
	int64_t whole, part = 0, exponent;
	if (!cut_exponent(&text, &exponent))
		return false;
	struct str after = text, digits = str_cut(&after, '.');
	if (after.n && !str_digits(after))
		return false;
	after = str_sub(after, 0, DIGITS_MAX);
	if (!str_digits(digits) || !str_int(digits, &whole) || (after.n && !str_int(after, &part)))
		return false;
	double fraction = (double)part;
	for (size_t i = 0; i < after.n; i++)
		fraction /= 10;
	*out = (double)whole + fraction;
	while (exponent-- > 0)
		*out *= 10;
	return true;
}

bool when_read(struct str text, int64_t *ms)
{
	static const struct {
		double below, ms;
	} units[] = {{1e11, 1000}, {1e14, 1}, {1e17, 1e-3}, {1e19, 1e-6}};
	double count;
	if (when_parse(text, ms))
		return true;
	if (!take_count(text, &count) || count < 1e8) /* 20260504 is a date, 2026 a year */
		return false;
	size_t i = 0;
	while (i < 4 && count >= units[i].below)
		i++;
	*ms = i < 4 ? (int64_t)(count * units[i].ms + 0.5) : INT64_MAX;
	return writable(*ms);
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

struct civil {
	int64_t year, month, day;
	int hour, minute, second, ms;
};

static struct civil civil(int64_t ms)
{
	struct civil c;
	int64_t days = floor_div(ms, DAY);
	int in_day = (int)(ms - days * DAY);
	civil_from_days(days, &c.year, &c.month, &c.day);
	c.hour = in_day / HOUR;
	c.minute = in_day / MINUTE % 60;
	c.second = in_day / SECOND % 60;
	c.ms = in_day % SECOND;
	return c;
}

/* n digits of v, then what follows. */
static char *put_digits(char *to, int v, int n, char after)
{
	for (int i = n; i-- > 0; v /= 10)
		to[i] = (char)('0' + v % 10);
	to[n] = after;
	return to + n + 1;
}

const char *when_format(int64_t ms, char out[WHEN_TEXT_MAX])
{
	out[0] = '\0';
	if (!writable(ms))
		return out;
	struct civil c = civil(ms);
	char *to = put_digits(out, (int)c.year, 4, '-');
	to = put_digits(to, (int)c.month, 2, '-');
	to = put_digits(to, (int)c.day, 2, 'T');
	to = put_digits(to, c.hour, 2, ':');
	to = put_digits(to, c.minute, 2, ':');
	to = put_digits(to, c.second, 2, c.ms ? '.' : 'Z');
	if (c.ms)
		to = put_digits(to, c.ms, 3, 'Z');
	*to = '\0';
	return out;
}

const char *when_short(int64_t ms, char out[WHEN_TEXT_MAX])
{
	out[0] = '\0';
	if (!writable(ms))
		return out;
	struct civil c = civil(ms);
	snprintf(out, WHEN_TEXT_MAX, "%02d %02d:%02d:%02d", (int)c.day, c.hour, c.minute, c.second);
	return out;
}

const char *when_span(int64_t ms, char out[WHEN_TEXT_MAX])
{
	/* Away from zero first: INT64_MIN has no negative. */
	uint64_t n = ms < 0 ? 0 - (uint64_t)ms : (uint64_t)ms;
	const char *sign = ms < 0 && n >= SECOND ? "-" : "";
	if (n >= DAY)
		snprintf(out, WHEN_TEXT_MAX, "%s%llud", sign, (unsigned long long)(n / DAY));
	else if (n >= HOUR)
		snprintf(out, WHEN_TEXT_MAX, "%s%lluh", sign, (unsigned long long)(n / HOUR));
	else if (n >= MINUTE)
		snprintf(out, WHEN_TEXT_MAX, "%s%llum", sign, (unsigned long long)(n / MINUTE));
	else
		snprintf(out, WHEN_TEXT_MAX, "%s%llus", sign, (unsigned long long)(n / SECOND));
	return out;
}

/* Calendar months back, the day clamped to the month's last. */
static int64_t months_back(int64_t ms, int64_t months)
{
	struct civil c = civil(ms);
	int64_t month = c.year * 12 + c.month - 1 - months;
	int64_t y = floor_div(month, 12), m = month - y * 12 + 1;
	int64_t last = days_in_month(y, m);
	int64_t days = days_from_civil(y, m, c.day < last ? c.day : last);
	return days * DAY + (ms - floor_div(ms, DAY) * DAY);
}

/* "90d" before now. At most six digits: nobody means more, and nothing can overflow. */
static bool when_back(struct str text, int64_t now, int64_t *ms)
{
	int64_t n;
	if (text.n < 2 || text.n > 7 || !writable(now) || !str_digits(str_sub(text, 0, text.n - 1)) ||
		!str_int(str_sub(text, 0, text.n - 1), &n))
		return false;
	switch (text.p[text.n - 1]) {
	case 's': *ms = now - n * SECOND; return true;
	case 'm': *ms = now - n * MINUTE; return true;
	case 'h': *ms = now - n * HOUR; return true;
	case 'd': *ms = now - n * DAY; return true;
	case 'w': *ms = now - n * 7 * DAY; return true;
	case 'M': *ms = months_back(now, n); return true;
	case 'y': *ms = months_back(now, n * 12); return true;
	default: return false;
	}
}

bool when_last(struct str text, int64_t now, int64_t *ms, struct err *err)
{
	struct str rest = text;
	int64_t day;
	bool date = take_date(&rest, &day) && rest.n == 0;
	if (!when_bound(text, now, ms, err))
		return false;
	*ms += date ? DAY - 1 : 0;
	return true;
}

bool when_bound(struct str text, int64_t now, int64_t *ms, struct err *err)
{
	struct str rest = text;
	if (str_is(text, "now")) {
		*ms = now;
		return true;
	}
	if (when_parse(text, ms) || when_back(text, now, ms))
		return true;
	if (str_starts(text, STR("now-")) && when_back(str_sub(text, 4, text.n), now, ms))
		return true;
	if (take_date(&rest, ms) && rest.n == 0)
		return true;
	return err_set(err, ERR_USAGE, "\"%.*s\" is not a time: use 2026-11-24, "
		"2026-11-24T02:13:07Z, now, now-6m or 7d (units s m h d w M y)",
		text.n > 80 ? 80 : (int)text.n, text.p ? text.p : "");
}
