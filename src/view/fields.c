/*
 * fields: what a document says for a field, in few words.
 */
#include "fields_priv.h"

#include "s3triage/event/doc.h"

#define VALUES_SHOWN 4
#define VALUE_BYTES 48

static bool is_field_name(struct str s)
{
	if (s.n < 3 || s.n > 128 || (!str_is(s, "@timestamp") && str_find_char(s, '.') == STR_NONE))
		return false;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			(c >= '0' && c <= '9') || c == '_' || c == '.' || c == '@';
		if (!plain)
			return false;
	}
	return true;
}

static void fields_add_value(struct str s, size_t cap, struct buf *out)
{
	if (cap == 0 || s.n <= cap) {
		buf_add(out, s);
		return;
	}
	size_t n = cap;
	while (n > 0 && ((unsigned char)s.p[n] & 0xc0) == 0x80)
		n--;
	buf_add(out, str_sub(s, 0, n));
	buf_c(out, "…");
}

static bool fields_add_values(const struct json *ecs, struct str name, size_t cap, struct buf *out)
{
	struct doc_values values;
	char tmp[JSON_SCALAR_MAX];
	if (!ecs || !doc_values(ecs, name, &values) || values.n == 0)
		return false;
	size_t shown = cap && values.n > VALUES_SHOWN ? VALUES_SHOWN : values.n;
	for (size_t i = 0; i < shown; i++) {
		if (i)
			buf_c(out, ", ");
		fields_add_value(json_text(values.v[i], tmp), cap, out);
	}
	if (shown < values.n || values.more)
		buf_c(out, ", …");
	return true;
}

bool field_value_short(const struct json *ecs, struct str name, struct buf *out)
{
	return is_field_name(name) && fields_add_values(ecs, name, VALUE_BYTES, out);
}

bool field_value(const struct json *ecs, struct str name, struct buf *out)
{
	return fields_add_values(ecs, name, 0, out);
}
