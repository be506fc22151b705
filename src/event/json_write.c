/*
 * json_write: keeps nothing but what is open and whether a comma is due.
 */
#include "s3triage/event/json_write.h"

#include "s3triage/base/when.h"
#include "s3triage/event/json.h"

#include <inttypes.h>

static void members_begin(struct members *m, char bracket)
{
	buf_char(m->out, bracket);
	m->arrays = m->arrays << 1 | (bracket == '[');
	m->any <<= 1;
	m->open++;
}

struct members members_open(struct buf *out, char bracket)
{
	struct members m = {.out = out};
	members_begin(&m, bracket);
	return m;
}

void member_open(struct members *m, const char *key, char bracket)
{
	member_key(m, key);
	members_begin(m, bracket);
}

void member_close(struct members *m, unsigned n)
{
	for (; n && m->open; n--, m->open--) {
		buf_char(m->out, m->arrays & 1 ? ']' : '}');
		m->arrays >>= 1;
		m->any >>= 1;
	}
}

void members_close(struct members *m)
{
	member_close(m, m->open);
}

void member_key(struct members *m, const char *key)
{
	if (m->any & 1)
		buf_char(m->out, ',');
	m->any |= 1;
	if (!key)
		return;
	buf_char(m->out, '"');
	buf_c(m->out, key);
	buf_add(m->out, STR("\":"));
}

void member_text(struct members *m, const char *key, struct str s)
{
	member_key(m, key);
	json_quote(s, m->out);
}

void member_json(struct members *m, const char *key, struct str json)
{
	member_key(m, key);
	buf_add(m->out, json.n ? json : STR("null"));
}

void member_tree(struct members *m, const char *key, const struct json *v)
{
	if (!v) {
		member_json(m, key, (struct str){0});
		return;
	}
	member_key(m, key);
	json_print(v, m->out);
}

void member_str(struct members *m, const char *key, struct str s)
{
	if (s.n)
		member_text(m, key, s);
	else
		member_json(m, key, s);
}

void member_int(struct members *m, const char *key, int64_t n)
{
	member_key(m, key);
	buf_fmt(m->out, "%" PRId64, n);
}

void member_bool(struct members *m, const char *key, bool b)
{
	member_json(m, key, b ? STR("true") : STR("false"));
}

void member_time(struct members *m, const char *key, int64_t ms)
{
	char text[WHEN_TEXT_MAX];
	member_str(m, key, str_c(when_format(ms, text)));
}
