/*
 * What the toml-test suite runs: TOML on standard input, its tagged JSON on standard output,
 * exit code 1 with a message for a document that is refused.
 */
#include "s3triage/base/file.h"
#include "s3triage/base/toml.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

static void quoted(struct str s)
{
	putchar('"');
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (c < 0x20 || c == '"' || c == '\\' || c == 0x7F)
			printf("\\u%04x", c);
		else
			putchar(c);
	}
	putchar('"');
}

static void tagged(const char *type, struct str text)
{
	printf("{\"type\": \"%s\", \"value\": ", type);
	quoted(text);
	putchar('}');
}

static void number(const struct toml_value *v)
{
	char text[64];
	double d = toml_float(v);
	bool integer = toml_type(v) == TOML_INTEGER;
	if (integer)
		snprintf(text, sizeof(text), "%" PRId64, toml_int(v));
	else if (isnan(d))
		snprintf(text, sizeof(text), "nan");
	else
		snprintf(text, sizeof(text), "%.17g", d);
	tagged(integer ? "integer" : "float", str_c(text));
}

/* RFC 3339 wants a capital T and Z; TOML takes a blank and small letters too. */
static void date(const char *type, struct str s)
{
	char text[128];
	size_t n = s.n < sizeof(text) ? s.n : sizeof(text);
	for (size_t i = 0; i < n; i++)
		text[i] = s.p[i] == ' ' || s.p[i] == 't' ? 'T' : s.p[i] == 'z' ? 'Z' : s.p[i];
	tagged(type, (struct str){text, n});
}

static void value(const struct toml_value *v);

static void container(const struct toml_value *v)
{
	bool table = toml_type(v) == TOML_TABLE;
	putchar(table ? '{' : '[');
	for (size_t i = 0; i < toml_count(v); i++) {
		if (i)
			putchar(',');
		if (table) {
			quoted(toml_key_at(v, i));
			putchar(':');
		}
		value(toml_at(v, i));
	}
	putchar(table ? '}' : ']');
}

static void value(const struct toml_value *v)
{
	switch (toml_type(v)) {
	case TOML_STRING: tagged("string", toml_str(v)); break;
	case TOML_INTEGER:
	case TOML_FLOAT: number(v); break;
	case TOML_BOOLEAN: tagged("bool", str_c(toml_bool(v) ? "true" : "false")); break;
	case TOML_OFFSET_DATETIME: date("datetime", toml_str(v)); break;
	case TOML_LOCAL_DATETIME: date("datetime-local", toml_str(v)); break;
	case TOML_LOCAL_DATE: date("date-local", toml_str(v)); break;
	case TOML_LOCAL_TIME: date("time-local", toml_str(v)); break;
	case TOML_ARRAY:
	case TOML_TABLE: container(v); break;
	case TOML_NONE: break;
	}
}

int main(void)
{
	struct err err = {0};
	struct buf text = {0};
	struct toml *doc = NULL;
	if (file_read("-", &text, &err))
		doc = toml_parse(buf_str(&text), "-", &err);
	if (doc) {
		value(toml_root(doc));
		putchar('\n');
	} else {
		char line[1024];
		fprintf(stderr, "%s\n%s\n", err_line(&err, line, sizeof(line)), err.excerpt);
	}
	toml_free(doc);
	buf_fini(&text);
	return doc ? 0 : 1;
}
