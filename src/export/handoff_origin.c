/*
 * handoff_origin: where an export came from, as a text that survives inside JSON, TOML, Markdown and
 * comments: every value is percent-encoded.
 */
#include "handoff_priv.h"

#include "s3triage/base/csv.h"
#include "s3triage/base/hash.h"
#include "s3triage/base/mem.h"
#include "s3triage/base/when.h"

#include <stdio.h>
#include <string.h>

#define MARK "s3triage:export?"

static bool handoff_origin_stays(char c)
{
	char lower = (char)(c | 32);
	return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
		c == '~';
}

static void handoff_origin_put(const char *key, struct str value, struct buf *out)
{
	buf_fmt(out, "%s%s=", out->n && out->p[out->n - 1] == '?' ? "" : "&", key);
	for (size_t i = 0; i < value.n; i++) {
		if (handoff_origin_stays(value.p[i]))
			buf_char(out, value.p[i]);
		else
			buf_fmt(out, "%%%02X", (unsigned)(unsigned char)value.p[i]);
	}
}

static void handoff_origin_put_number(const char *key, int64_t n, struct buf *out)
{
	char text[24];
	snprintf(text, sizeof(text), "%lld", (long long)n);
	if (n != WHEN_NONE)
		handoff_origin_put(key, str_c(text), out);
}

static void put_option(const char *option, struct str value, struct buf *out)
{
	if (!value.n)
		return;
	buf_fmt(out, "%s`--%s` ", out->n ? ", " : "", option);
	export_markdown_text(value, out);
}

static void put_bound(const char *option, int64_t ms, struct buf *out)
{
	char when[WHEN_TEXT_MAX];
	if (ms != WHEN_NONE)
		put_option(option, str_c(when_format(ms, when)), out);
}

void handoff_part(const struct handoff_origin *o, struct buf *out)
{
	char limit[24];
	snprintf(limit, sizeof(limit), "%lld", (long long)o->limit);
	put_option("verdict", o->verdict, out);
	put_option("filter", o->filter, out);
	put_bound("since", o->since, out);
	put_bound("until", o->until, out);
	put_option("limit", o->limit ? str_c(limit) : (struct str){0}, out);
	if (o->since != WHEN_NONE || o->until != WHEN_NONE)
		buf_c(out, " (times: a decided alert's decision, an open one's event)");
}

/* Rows and objects stay the same while the journal does, unless a filter may ask what time it is. */
static bool is_undated(const struct handoff_origin *o)
{
	return handoff_ways(o->format) & EXPORT_UNDATED && !o->filter.n;
}

static void digest(struct str text, struct str key, char out[SHA256_HEX])
{
	AUTO(buf_fini) struct buf both = {0};
	buf_c(&both, sha256_hex(text, out));
	buf_add(&both, key);
	sha256_hex(buf_str(&both), out);
}

void handoff_origin_write(const struct handoff_origin *o, struct buf *out)
{
	char place[SHA256_HEX];
	size_t from = out->n;
	buf_c(out, MARK);
	handoff_origin_put("format", str_c(handoff_name(o->format)), out);
	handoff_origin_put_number("rows", o->rows, out);
	handoff_origin_put("head", o->head, out);
	handoff_origin_put_number("made", is_undated(o) ? WHEN_NONE : o->made, out);
	handoff_origin_put_number("since", o->since, out);
	handoff_origin_put_number("until", o->until, out);
	handoff_origin_put("analyst", o->analyst, out);
	if (o->filter.n)
		handoff_origin_put("filter", o->filter, out);
	if (o->verdict.n)
		handoff_origin_put("verdict", o->verdict, out);
	if (o->limit)
		handoff_origin_put_number("limit", o->limit, out);
	if (o->sources)
		buf_c(out, "&sources=1");
	if (!o->key.n)
		return;
	digest(str_sub(buf_str(out), from, out->n), o->key, place);
	buf_fmt(out, "&check=%s", place);
}

/* ---- the check ---------------------------------------------------------------------------- */

/* What stands for the check while it is not known. */
static void place_of(const struct handoff_origin *o, char out[SHA256_HEX])
{
	AUTO(buf_fini) struct buf text = {0};
	handoff_origin_write(o, &text);
	memcpy(out, text.p + text.n - SHA256_HEX + 1, SHA256_HEX - 1);
	out[SHA256_HEX - 1] = '\0';
}

/* Both are SHA256_HEX - 1 bytes long. */
static void replace(struct buf *text, const char *what, const char *by)
{
	size_t at;
	for (size_t from = 0; (at = str_find(str_sub(buf_str(text), from, text->n), str_c(what))) != STR_NONE;
		from += at + SHA256_HEX - 1)
		memcpy(text->p + from + at, by, SHA256_HEX - 1);
}

void handoff_check(const struct handoff_origin *o, struct buf *out)
{
	char place[SHA256_HEX], check[SHA256_HEX];
	if (!o->key.n)
		return;
	place_of(o, place);
	digest(buf_str(out), o->key, check);
	replace(out, place, check);
}

bool handoff_checked(const struct handoff_origin *o, struct buf *file)
{
	char place[SHA256_HEX], check[SHA256_HEX], said[SHA256_HEX];
	snprintf(said, sizeof(said), "%.*s", STR_ARG(o->check));
	place_of(o, place);
	replace(file, said, place);
	digest(buf_str(file), o->key, check);
	return strcmp(check, said) == 0;
}

/* ---- back --------------------------------------------------------------------------------- */

static int handoff_origin_hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool handoff_origin_decode(struct str s, struct buf *out)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] != '%') {
			buf_char(out, s.p[i]);
			continue;
		}
		int high = i + 2 < s.n ? handoff_origin_hex(s.p[i + 1]) : -1;
		int low = i + 2 < s.n ? handoff_origin_hex(s.p[i + 2]) : -1;
		if (high < 0 || low < 0)
			return false;
		buf_char(out, (char)(high << 4 | low));
		i += 2;
	}
	return true;
}

static bool take_text(struct handoff_origin *o, struct str key, struct str value)
{
	struct str *to = str_is(key, "head") ? &o->head : str_is(key, "analyst") ? &o->analyst :
		str_is(key, "filter") ? &o->filter : str_is(key, "verdict") ? &o->verdict :
		str_is(key, "check") ? &o->check : NULL;
	if (to)
		*to = value;
	return to;
}

static bool take_number(struct handoff_origin *o, struct str key, struct str value)
{
	int64_t *to = str_is(key, "rows") ? &o->rows : str_is(key, "made") ? &o->made :
		str_is(key, "since") ? &o->since : str_is(key, "until") ? &o->until :
		str_is(key, "limit") ? &o->limit : NULL;
	return to && str_int(value, to);
}

static bool handoff_origin_take(struct handoff_origin *o, struct str key, struct str value)
{
	if (str_is(key, "format"))
		return handoff_parse(value, &o->format);
	if (str_is(key, "sources"))
		return o->sources = str_is(value, "1");
	return take_text(o, key, value) || take_number(o, key, value);
}

static bool read_pairs(struct str rest, struct arena *mem, struct handoff_origin *out)
{
	bool named = false;
	while (rest.n) {
		struct str pair = str_cut(&rest, '&'), key = str_cut(&pair, '=');
		struct buf value = {0};
		bool fine = handoff_origin_decode(pair, &value);
		fine = fine && handoff_origin_take(out, key, arena_str(mem, buf_str(&value)));
		named |= str_is(key, "format");
		buf_fini(&value);
		if (!fine)
			return false;
	}
	return named;
}

static bool is_hash(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (str_find_char(STR("0123456789abcdef"), s.p[i]) == STR_NONE)
			return false;
	return s.n == SHA256_HEX - 1;
}

static bool hashes_are_sound(const struct handoff_origin *o)
{
	return o->rows >= 0 && (o->rows ? is_hash(o->head) : !o->head.n) && (!o->check.n || is_hash(o->check));
}

/* The cell "export" of the last row: what stands beside it is text of events. */
static struct str csv_export(struct str text, struct arena *mem)
{
	enum { CELLS_MAX = 64 };
	const struct csv_form form = {.separator = ','};
	struct str cells[CELLS_MAX], found = {0};
	size_t n, bytes, at = STR_NONE;
	while (text.n) {
		struct csv_scan scan = {.form = form};
		if (csv_row(&scan, text, true, &bytes) != CSV_ROW)
			return (struct str){0};
		n = csv_cells(str_sub(text, 0, bytes), form, mem, cells, CELLS_MAX);
		for (size_t i = 0; at == STR_NONE && i < n && i < CELLS_MAX; i++)
			at = str_is(cells[i], "export") ? i : at;
		found = at < n && at < CELLS_MAX && n > 1 ? cells[at] : found;
		text = str_sub(text, bytes, text.n);
	}
	return found;
}

/* A document, or one a line. */
static struct str json_export(struct str text, struct arena *mem)
{
	text = str_trim(text);
	size_t line = str_rfind_char(text, '\n'), from = line == STR_NONE ? 0 : line + 1;
	AUTO(json_free_ptr) struct json *last = json_parse(str_sub(text, from, text.n), NULL);
	AUTO(json_free_ptr) struct json *whole = last ? NULL : json_parse(text, NULL);
	return arena_str(mem, json_str(json_get(last ? last : whole, "export")));
}

bool handoff_origin_read(struct str text, struct arena *mem, struct handoff_origin *out,
	struct err *err)
{
	*out = (struct handoff_origin){.made = WHEN_NONE, .since = WHEN_NONE, .until = WHEN_NONE,
		.rows = -1};
	bool rows = str_starts(text, STR("schema_version")) || str_starts(text, STR("{\"schema_version\""));
	struct str file = text;
	if (rows)
		text = text.p[0] == '{' ? json_export(text, mem) : csv_export(text, mem);
	size_t at = str_find(text, STR(MARK)), n = 0;
	if (at == STR_NONE)
		return err_set(err, ERR_INPUT, "it does not say which journal it came from: no export"
			" of s3triage, one without rows, or what says so is gone");
	struct str rest = str_sub(text, at + sizeof(MARK) - 1, text.n);
	while (n < rest.n && (handoff_origin_stays(rest.p[n]) || rest.p[n] == '%' ||
				     rest.p[n] == '&' || rest.p[n] == '='))
		n++;
	if (!read_pairs(str_sub(rest, 0, n), mem, out) || !hashes_are_sound(out))
		return err_set(err, ERR_INPUT, "what it says of its origin is damaged");
	if (handoff_is_list(out->format))
		out->columns = export_columns_of((enum export_format)out->format, file);
	return true;
}
