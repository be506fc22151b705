/*
 * table_cell: what one cell says: times as tables print them, account ids that went through a
 * number, maps printed without quotes.
 */
#include "table_priv.h"

#include "s3triage/base/when.h"
#include "s3triage/event/ecs.h"

#include <stdio.h>
#include <string.h>

/* Where Excel ends a cell. */
enum { EXCEL_MAX = 32767 };

#define LOWERED "replicationconfiguration"

static bool is_empty_cell(const struct json *v)
{
	static const char *const words[] = {"", "-", "null", "NULL", "(null)", "None", "NaN", "\\N"};
	if (json_type(v) <= JSON_NULL)
		return true;
	if (json_type(v) >= JSON_ARRAY)
		return !json_first(v);
	for (size_t i = 0; json_type(v) == JSON_STRING && i < ARRAY_LEN(words); i++)
		if (str_is(str_trim(json_str(v)), words[i]))
			return true;
	return false;
}

/* ---- times -------------------------------------------------------------------------------- */

/* A number of one or two digits off the front, and the byte behind it. */
static bool table_cell_number(struct str *rest, char behind, int *out)
{
	size_t n = 0;
	*out = 0;
	while (n < rest->n && n < 4 && rest->p[n] >= '0' && rest->p[n] <= '9')
		*out = *out * 10 + (rest->p[n++] - '0');
	if (!n || (behind && (n == rest->n || rest->p[n] != behind)))
		return false;
	*rest = str_sub(*rest, n + (behind != 0), rest->n);
	return true;
}

struct day {
	int year, month, day;
};

static bool when_of(struct day d, struct str time, int64_t *ms)
{
	char text[96];
	int n = snprintf(text, sizeof(text), "%04d-%02d-%02dT%.*s", d.year, d.month, d.day,
		(int)(time.n < 40 ? time.n : 40), time.p ? time.p : "");
	return n > 0 && (size_t)n < sizeof(text) && when_parse((struct str){text, (size_t)n}, ms);
}

/* "May 4, 2026 @ 11:30:00.000", as Kibana prints by default. */
static bool kibana_time(struct str s, int64_t *ms)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct day d;
	size_t at = str_find(str_c(months), str_sub(s, 0, 3));
	size_t blank = str_find_char(s, ' ');
	if (s.n < 12 || at == STR_NONE || at % 3 || blank == STR_NONE)
		return false;
	d.month = (int)(at / 3) + 1;
	s = str_sub(s, blank + 1, s.n);
	if (!table_cell_number(&s, ',', &d.day))
		return false;
	s = str_trim(s);
	if (!table_cell_number(&s, ' ', &d.year))
		return false;
	s = str_trim(s);
	if (str_starts(s, STR("@")))
		s = str_trim(str_sub(s, 1, s.n));
	return when_of(d, s, ms);
}

/* "5/4/2026": the month first, unless that cannot be; false when nobody can tell, which is where
 * the clock is not an American one either. */
static bool slashed_day(struct str s, bool american, struct day *d)
{
	if (str_ends(s, STR(",")))
		s.n--;
	if (!table_cell_number(&s, '/', &d->month) || !table_cell_number(&s, '/', &d->day) ||
		!table_cell_number(&s, 0, &d->year))
		return false;
	if (!american && d->month <= 12 && d->day <= 12 && d->month != d->day)
		return false;
	if (d->month > 12) {
		int day = d->month;
		d->month = d->day;
		d->day = day;
	}
	return true;
}

/* "5/4/2026, 9:30:00.123 AM". */
static bool slashed_time(struct str s, int64_t *ms)
{
	struct day d;
	int hour;
	char time[64];
	bool pm = str_ends(s, STR(" PM")), half = pm || str_ends(s, STR(" AM"));
	size_t blank = str_find_char(s, ' ');
	struct str clock = str_sub(s, blank, half ? s.n - 3 : s.n);
	if (blank == STR_NONE || !slashed_day(str_sub(s, 0, blank), half, &d))
		return false;
	clock = str_trim(clock);
	if (!table_cell_number(&clock, ':', &hour) || hour > (half ? 12 : 23) || (half && !hour))
		return false;
	hour = half ? hour % 12 + (pm ? 12 : 0) : hour;
	int n = snprintf(time, sizeof(time), "%02d:%.*s", hour, (int)(clock.n < 40 ? clock.n : 40), clock.p);
	return when_of(d, (struct str){time, (size_t)n}, ms);
}

/* By its size: seconds, and thousandths, millionths, thousand millionths of them. */
static bool epoch_time(struct str s, int64_t *ms)
{
	size_t dot = str_find_char(s, '.');
	struct str whole = str_sub(s, 0, dot);
	int64_t n;
	if (whole.n < 9 || whole.n > 19 || !str_digits(whole) || !str_int(whole, &n) ||
		(dot != STR_NONE && !str_digits(str_sub(s, dot + 1, s.n))))
		return false;
	if (n >= INT64_C(100000000000000000))
		n /= 1000000;
	else if (n >= INT64_C(100000000000000))
		n /= 1000;
	else if (n < INT64_C(100000000000))
		n *= 1000;
	*ms = n;
	return true;
}

static bool table_cell_time(struct str s, int64_t *ms, bool *zoneless)
{
	static const char *const zones[] = {" UTC", " GMT", " Z"};
	s = str_trim(s);
	for (size_t i = 0; i < ARRAY_LEN(zones); i++)
		if (str_ends(s, str_c(zones[i])))
			s = str_sub(s, 0, s.n - strlen(zones[i]));
	size_t blank = str_rfind_char(s, ' ');
	char close[WHEN_TEXT_MAX + 16];
	if (blank != STR_NONE && s.n < sizeof(close) && blank + 1 < s.n && strchr("+-", s.p[blank + 1])) {
		memcpy(close, s.p, blank);
		memcpy(close + blank, s.p + blank + 1, s.n - blank - 1);
		s = (struct str){close, s.n - 1};
	}
	if (when_parse(s, ms) || epoch_time(s, ms))
		return true;
	if (!kibana_time(s, ms) && !slashed_time(s, ms))
		return false;
	*zoneless = true;
	return true;
}

static struct json *time_cell(const struct column *c, struct str text, struct table_row *out)
{
	bool zoneless = false;
	int64_t ms;
	char iso[WHEN_TEXT_MAX];
	if (table_cell_time(text, &ms, &zoneless) && when_format(ms, iso)[0]) {
		out->zoneless |= zoneless && str_find(c->name, STR("UTC")) == STR_NONE;
		return json_new_str(str_c(iso));
	}
	out->unread = "is no time that can be read";
	return json_new_str(text);
}

/* ---- accounts ----------------------------------------------------------------------------- */

/* "4.44455556666E11": all twelve digits, or what is missing is not known. */
static bool scientific(struct str s, char digits[12])
{
	size_t e = str_find_char(s, 'E');
	struct str mantissa = str_sub(s, 0, e);
	if (e == STR_NONE)
		e = str_find_char(s, 'e'), mantissa = str_sub(s, 0, e);
	struct str power = e == STR_NONE ? (struct str){0} : str_sub(s, e + 1, s.n);
	if (str_starts(power, STR("+")))
		power = str_sub(power, 1, power.n);
	if (!str_is(power, "11") || mantissa.n != 13 || mantissa.p[1] != '.')
		return false;
	digits[0] = mantissa.p[0];
	memcpy(digits + 1, mantissa.p + 2, 11);
	return str_digits((struct str){digits, 12});
}

static struct json *account_cell(struct str text, struct table_row *out)
{
	char digits[12];
	text = str_trim(text);
	size_t dot = str_find_char(text, '.');
	struct str rest = dot == STR_NONE ? (struct str){0} : str_sub(text, dot + 1, text.n);
	size_t zeros = 0;
	while (zeros < rest.n && rest.p[zeros] == '0')
		zeros++;
	if (rest.n && zeros == rest.n)
		text = str_sub(text, 0, dot);
	else if (scientific(text, digits))
		text = (struct str){digits, sizeof(digits)};
	if (text.n > sizeof(digits) || !str_digits(text)) {
		out->unread = "is no account id, or a spreadsheet has cut its digits";
		return json_new_str(text);
	}
	char padded[12];
	memset(padded, '0', sizeof(padded));
	memcpy(padded + sizeof(padded) - text.n, text.p, text.n);
	return json_new_str((struct str){padded, sizeof(padded)});
}

/* ---- maps --------------------------------------------------------------------------------- */

/* "key=" stands there. */
static bool is_member(struct str s)
{
	size_t k = 0;
	while (k < s.n && s.p[k] != '=' && s.p[k] != ' ' && s.p[k] != ',')
		k++;
	return k && k < s.n && s.p[k] == '=';
}

/* Where a value of a map's text ends: at a ", key=" that stands in no braces. */
static size_t value_length(struct str s)
{
	size_t depth = 0, used = 0;
	if (!s.n || (s.p[0] != '{' && s.p[0] != '[') || !json_scan(s, &used, NULL, NULL))
		used = 0;
	for (size_t i = used; i < s.n; i++) {
		if (s.p[i] == '{' || s.p[i] == '[')
			depth++;
		else if (s.p[i] == '}' || s.p[i] == ']')
			depth -= depth > 0;
		else if (!depth && str_starts(str_sub(s, i, s.n), STR(", ")) && is_member(str_sub(s, i + 2, s.n)))
			return i;
	}
	return s.n;
}

static struct json *value_of_text(struct str s, bool *doubtful, unsigned deep);

/* "{a=b, c={"json":true}}": what CloudTrail Lake prints of a request, and Athena of a struct. */
static struct json *mixed_map(struct str s, bool *doubtful, unsigned deep)
{
	struct json *map = json_new_object();
	s = str_sub(s, 1, s.n - 1);
	while (s.n) {
		size_t equals = str_find_char(s, '=');
		if (equals == STR_NONE || !equals) {
			*doubtful = true;
			break;
		}
		struct str key = str_sub(s, 0, equals);
		s = str_sub(s, equals + 1, s.n);
		size_t n = value_length(s);
		if (json_get_str(map, key))
			*doubtful = true;
		else
			json_set_key(map, key, value_of_text(str_sub(s, 0, n), doubtful, deep + 1));
		s = n < s.n ? str_sub(s, n + 2, s.n) : (struct str){0};
	}
	return map;
}

static bool is_container(struct str s)
{
	return s.n >= 2 && ((s.p[0] == '{' && s.p[s.n - 1] == '}') || (s.p[0] == '[' && s.p[s.n - 1] == ']'));
}

static bool holds_json(struct str s)
{
	return str_find(s, STR("={\"")) != STR_NONE || str_find(s, STR("=[{\"")) != STR_NONE;
}

static struct json *map_of_text(struct str s, bool *doubtful, unsigned deep)
{
	enum { DEEP_MAX = 16 };
	bool cut = false;
	if (s.p[0] == '{' && deep < DEEP_MAX && holds_json(s))
		return mixed_map(s, doubtful, deep);
	struct json *v = mapstring_parse(s, doubtful, &cut);
	*doubtful |= cut;
	return v;
}

static struct json *value_of_text(struct str s, bool *doubtful, unsigned deep)
{
	struct json *v = is_container(s) ? json_parse(s, NULL) : NULL;
	if (!v && is_container(s))
		v = map_of_text(s, doubtful, deep);
	return v ? v : json_new_str(s);
}

/* An object or list out of text, NULL when it is neither. */
static struct json *object_of_text(struct str s, bool *doubtful)
{
	struct json *v = json_parse(s, NULL);
	if (!v && is_container(s))
		v = map_of_text(s, doubtful, 0);
	if (json_type(v) >= JSON_ARRAY)
		return v;
	json_free(v);
	return NULL;
}

/* The names in CloudTrail's spelling, without empty values. */
static struct json *spelled(const struct json *v, bool resources)
{
	if (json_type(v) < JSON_ARRAY)
		return is_empty_cell(v) ? NULL : json_copy(v);
	bool list = json_type(v) == JSON_ARRAY;
	struct json *out = list ? json_new_array() : json_new_object();
	for (const struct json *m = json_first(v); m; m = json_next(m)) {
		struct json *item = spelled(m, resources);
		struct str key = table_spelling(json_key(m));
		struct table_row ignored = {0};
		char tmp[JSON_SCALAR_MAX];
		if (resources && str_is(key, "arn"))
			key = STR("ARN");
		if (item && str_is(key, "accountId") && json_type(item) < JSON_ARRAY) {
			struct json *account = account_cell(json_text(item, tmp), &ignored);
			json_free(item);
			item = account;
		}
		if (item && list)
			json_push(out, item);
		else if (item)
			json_set_key(out, key, item);
	}
	return out;
}

static const char *why_no_object(struct str text)
{
	return text.n >= EXCEL_MAX - 16 && text.n <= EXCEL_MAX
		? "ends at 32,767 characters, where spreadsheets cut a cell" : "cannot be read as an object";
}

/* The unquoted text of a map, all through. */
static bool is_plain_map(struct str s)
{
	return is_container(s) && !str_starts(s, STR("{\"")) && !holds_json(s);
}

static bool names_lowered(struct str text)
{
	return str_find(text, STR(LOWERED "=")) != STR_NONE;
}

/* The request's own names are as they are, for what resembles them is nothing that S3 reads; but a
 * table that spells all of them small has lost how they were. */
static struct json *object_cell(const struct column *c, const struct json *v, struct table_row *out)
{
	struct str text = str_trim(json_str(v));
	bool request = c->how == CELL_REQUEST, resources = str_is(c->path, "resources");
	bool names = resources || str_is(c->path, "userIdentity") || str_is(c->path, "tlsDetails");
	AUTO(json_free_ptr) struct json *made = NULL;
	if (json_type(v) < JSON_ARRAY && !(request && is_plain_map(text) && !names_lowered(text)))
		v = made = object_of_text(text, &out->doubtful);
	if (v && request && json_get(v, LOWERED))
		return table_request_spelled(v);
	if (v)
		return names ? spelled(v, resources) : json_copy(v);
	if (!request && !names)
		return NULL;
	out->unread = why_no_object(text);
	return json_new_str(text);
}

/* ---- cells -------------------------------------------------------------------------------- */

static struct json *list_cell(struct str text)
{
	struct json *list = json_new_array();
	if (str_starts(text, STR("[")) && str_ends(text, STR("]"))) /* so ES|QL prints them */
		text = str_sub(text, 1, text.n - 1);
	if (str_find_char(text, ',') == STR_NONE) {
		json_free(list);
		return json_new_str(text);
	}
	while (text.n) {
		size_t at = str_find(text, STR(", "));
		json_push(list, json_new_str(str_sub(text, 0, at)));
		text = at == STR_NONE ? (struct str){0} : str_sub(text, at + 2, text.n);
	}
	return list;
}

/* Kibana prints every time alike, whatever the field. */
static struct json *text_cell(struct str text)
{
	int64_t ms;
	char iso[WHEN_TEXT_MAX];
	if (str_find(text, STR(" @ ")) != STR_NONE && text.n < 40 && kibana_time(text, &ms))
		return json_new_str(str_c(when_format(ms, iso)));
	return json_new_str(text);
}

/* A struct of OCSF, whose empty members Athena prints as null. */
static struct json *without_nulls(const struct json *v)
{
	if (json_type(v) < JSON_ARRAY)
		return json_type(v) == JSON_NULL || str_is(json_str(v), "null") ? NULL : json_copy(v);
	bool list = json_type(v) == JSON_ARRAY;
	struct json *out = list ? json_new_array() : json_new_object();
	for (const struct json *m = json_first(v); m; m = json_next(m)) {
		struct json *item = without_nulls(m);
		if (item && list)
			json_push(out, item);
		else if (item)
			json_set_key(out, json_key(m), item);
	}
	return out;
}

static struct json *struct_cell(const struct json *v, struct table_row *out)
{
	struct str text = str_trim(json_str(v));
	AUTO(json_free_ptr) struct json *made = is_container(text) ? object_of_text(text, &out->doubtful) : NULL;
	return without_nulls(made ? made : v);
}

struct json *table_cell(const struct column *c, const struct json *v, struct table_row *out)
{
	char tmp[JSON_SCALAR_MAX];
	if (is_empty_cell(v))
		return NULL;
	if (c->how == CELL_OBJECT || c->how == CELL_REQUEST)
		return object_cell(c, v, out);
	if (c->how == CELL_STRUCT)
		return struct_cell(v, out);
	if (json_type(v) >= JSON_ARRAY && json_count(v) == 1 && json_type(v) == JSON_ARRAY)
		v = json_first(v);
	if (json_type(v) >= JSON_ARRAY)
		return json_copy(v);
	struct str text = json_text(v, tmp);
	struct json *inner;
	switch (c->how) {
	case CELL_TIME:
		return time_cell(c, text, out);
	case CELL_ACCOUNT:
		return account_cell(text, out);
	case CELL_LIST:
		return list_cell(text);
	case CELL_JSON:
		inner = json_parse(text, NULL);
		if (json_type(inner) >= JSON_ARRAY)
			return inner;
		json_free(inner);
		return json_new_str(text);
	default:
		return json_type(v) == JSON_STRING ? text_cell(text) : json_copy(v);
	}
}
