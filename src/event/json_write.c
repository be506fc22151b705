/*
 * json_write: keeps nothing but whether a comma is due.
 */
#include "s3triage/event/json_write.h"

#include "s3triage/base/when.h"
#include "s3triage/event/json.h"

#include <inttypes.h>

struct members members_open(struct buf *out, char bracket)
{
	buf_char(out, bracket);
	return (struct members){out, false};
}

void members_close(struct members *m, char bracket)
{
	buf_char(m->out, bracket);
}

void member_key(struct members *m, const char *key)
{
	if (m->any)
		buf_char(m->out, ',');
	m->any = true;
	if (!key)
		return;
	buf_char(m->out, '"');
	buf_c(m->out, key);
	buf_add(m->out, STR("\":"));
}

void member_str(struct members *m, const char *key, struct str s)
{
	member_key(m, key);
	if (s.n)
		json_quote(s, m->out);
	else
		buf_c(m->out, "null");
}

void member_int(struct members *m, const char *key, int64_t n)
{
	member_key(m, key);
	buf_fmt(m->out, "%" PRId64, n);
}

void member_bool(struct members *m, const char *key, bool b)
{
	member_key(m, key);
	buf_c(m->out, b ? "true" : "false");
}

void member_time(struct members *m, const char *key, int64_t ms)
{
	char text[WHEN_TEXT_MAX];
	member_str(m, key, str_c(when_format(ms, text)));
}
