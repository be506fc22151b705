/*
 * look: names of texts. Knows only beginnings, and gives no command that would run what a text
 * holds: events are written by attackers.
 */
#include "look.h"

#include "s3triage/base/mem.h"

#include <string.h>

struct kind {
	struct str begins;
	const char *is;
};

#define PYTHON "Python's notation (python3 -c 'import ast,json,sys; " \
	"print(json.dumps(ast.literal_eval(sys.stdin.read())))')"
#define SINGLE "single quotes stand where JSON has double ones, as in " PYTHON
#define ESCAPED "is JSON with escaped quotes (jq -Rr '\"\\\"\\(.)\\\"\" | fromjson')"
#define HEX "is JSON with \\x22 for its quotes (perl -pe 's/\\\\x([0-9A-Fa-f]{2})/chr hex $1/ge')"
#define ENTITIES "is JSON with HTML's &quot; for its quotes (python3 -c 'import html,sys; " \
	"print(html.unescape(sys.stdin.read()))')"
#define CURLY "has typographic quotes where JSON has plain ones (sed 's/[\xE2\x80\x9C\xE2\x80\x9D]/\"/g')"

static const struct kind values[] = {
	{STR_INIT("{'"), "is " PYTHON},
	{STR_INIT("[{'"), "is " PYTHON},
	{STR_INIT("['{"), "is " PYTHON},
	{STR_INIT("{\\\""), ESCAPED},
	{STR_INIT("[{\\\""), ESCAPED},
	{STR_INIT("{\\x22"), HEX},
	{STR_INIT("[{\\x22"), HEX},
	{STR_INIT("{&quot;"), ENTITIES},
	{STR_INIT("[{&quot;"), ENTITIES},
	{STR_INIT("{\xE2\x80\x9C"), CURLY},
	{STR_INIT("[{\xE2\x80\x9C"), CURLY},
};

static const struct kind texts[] = {
	{STR_INIT("H4sI"), "is gzip in base64, which is read within JSON only (base64 -d FILE >FILE.gz)"},
	{STR_INIT("eyJ"), "is JSON in base64, which is read within JSON only (base64 -d FILE)"},
	{STR_INIT("$'"), "is quoted for a shell ($'...'): save what the command printed"},
	{STR_INIT("'{"), "is JSON in single quotes, as for a shell (sed \"1s/^'//; \\$s/'\\$//\")"},
	{STR_INIT("'["), "is JSON in single quotes, as for a shell (sed \"1s/^'//; \\$s/'\\$//\")"},
};

static const char *look_kind(const struct kind *kinds, size_t n, struct str text)
{
	for (size_t i = 0; i < n; i++)
		if (str_starts(text, kinds[i].begins))
			return kinds[i].is;
	return NULL;
}

/* Behind white space, a mark of byte order and the marks of jq --seq. */
static struct str look_trim(struct str s)
{
	for (;;) {
		s = str_trim(s);
		if (str_starts(s, STR("\xEF\xBB\xBF")))
			s = str_sub(s, 3, s.n);
		else if (str_starts(s, STR("\x1E")))
			s = str_sub(s, 1, s.n);
		else
			return s;
	}
}

bool look_begins_json(struct str s)
{
	s = look_trim(s);
	if (str_starts(s, STR("\"{\\\"")) || str_starts(s, STR("\"[{\\\"")))
		return true;
	if (s.n == 0 || (s.p[0] != '{' && s.p[0] != '['))
		return false;
	struct str rest = str_trim(str_sub(s, 1, s.n));
	return rest.n && memchr(s.p[0] == '{' ? "\"}\"}" : "{[]\"", rest.p[0], 4);
}

/* `s` begins behind a brace: with a key and its colon. */
static bool look_key(struct str s)
{
	s = str_trim(str_sub(s, 0, 4 << 10));
	size_t i = 1;
	if (!s.n || s.p[0] != '"')
		return false;
	while (i < s.n && s.p[i] != '"' && s.p[i] != '\n')
		i += s.p[i] == '\\' ? 2 : 1;
	if (i < 2 || i >= s.n || s.p[i] != '"')
		return false;
	return str_starts(str_trim(str_sub(s, i + 1, s.n)), STR(":"));
}

static bool look_object(struct str text)
{
	for (size_t n; (n = str_find_char(text, '{')) != STR_NONE;) {
		text = str_sub(text, n + 1, text.n);
		if (look_key(text))
			return true;
	}
	return false;
}

bool look_speaks_of_events(struct str text)
{
	static const char *const words[] = {"\"eventName", "\"eventSource", "\"eventVersion", "\"@timestamp",
		"\"_source", "\"kibana.alert", "\"CloudTrailEvent", "\"Records", "\"hits", "\"detail-type",
		"\"logEvents"};
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (str_find(text, str_c(words[i])) != STR_NONE)
			return true;
	return false;
}

/* "name:" and a blank or the line's end, perhaps behind "- ", and no JSON. */
static bool yaml_line(struct str line)
{
	line = str_trim(line);
	if (str_starts(line, STR("- ")))
		line = str_trim(str_sub(line, 2, line.n));
	size_t n = str_find_char(line, ':');
	if (n == STR_NONE || !str_is_name(str_sub(line, 0, n), "_-.@", 64))
		return false;
	struct str value = str_trim(str_sub(line, n + 1, line.n));
	bool quoted = value.n && memchr("'\"", value.p[0], 2);
	return (n + 1 == line.n || line.p[n + 1] == ' ') && (quoted || str_find_char(value, '{') == STR_NONE);
}

/* Three such lines first, and none that begins as JSON does. */
static bool look_yaml(struct str text)
{
	enum { LINES = 3 };
	size_t all = 0;
	while (text.n) {
		struct str line = str_trim(str_cut(&text, '\n'));
		if (line.n == 0 || str_is(line, "---"))
			continue;
		if (line.p[0] == '{' || line.p[0] == '[' || (all++ < LINES && !yaml_line(line)))
			return false;
	}
	return all >= LINES;
}

/* A line of nothing but a frame. */
static bool is_table(struct str text)
{
	enum { LEAST = 10 };
	struct str line = str_trim(str_cut(&text, '\n'));
	if (line.n < LEAST || str_find(line, STR("---")) == STR_NONE)
		return false;
	for (size_t i = 0; i < line.n; i++)
		if (!memchr("-+|", line.p[i], 3))
			return false;
	return true;
}

/* "{name=": a map as Java prints it; "{name:" an object of a script. */
static const char *bare_key(struct str text)
{
	if (!str_starts(text, STR("{")))
		return NULL;
	struct str rest = str_trim(str_sub(text, 1, 256));
	size_t n = 0;
	while (n < rest.n && ((rest.p[n] | 0x20) >= 'a' && (rest.p[n] | 0x20) <= 'z'))
		n++;
	if (!n || n == rest.n)
		return NULL;
	if (rest.p[n] == '=')
		return "is a map as Java prints it, from which quotes are gone: save the event as JSON";
	return rest.p[n] == ':' ? "is JavaScript's notation or JSON5, not JSON (json5 FILE)" : NULL;
}

const char *look_name_value(struct str text)
{
	return look_kind(values, ARRAY_LEN(values), text);
}

/* What it is by its beginning alone. */
static const char *look_name(struct str text)
{
	text = look_trim(text);
	const char *is = look_kind(texts, ARRAY_LEN(texts), text);
	is = is ? is : look_name_value(text);
	struct str head = str_sub(text, 0, 14);
	if (is)
		return is;
	if (str_eq_fold(head, STR("<!doctype html")) || str_eq_fold(str_sub(head, 0, 5), STR("<html")))
		return "is an HTML page, a sign-in page perhaps, and no JSON (save the answer itself)";
	if (str_starts(text, STR("<?xml")) || (str_starts(text, STR("<")) && str_ends(text, STR(">"))))
		return "is XML, which is not read (ask for JSON)";
	if (str_find(text, STR("[0m")) != STR_NONE)
		return "has a terminal's colours in it, without their first byte: copy it again without colours (jq -M)";
	if (str_find_fold(text, STR("transfer-encoding: base64")) != STR_NONE)
		return "is a mail whose parts are in base64, which is not read: save its parts (munpack FILE)";
	if (is_table(text))
		return "is a table for people (--output table), which is not read (ask for --output json)";
	if (look_yaml(text))
		return "is YAML, which is not read (ask for --output json, or: yq -o=json FILE)";
	return bare_key(text);
}

const char *look_name_amid(struct str text)
{
	const char *is = look_name(text);
	for (size_t at = 0; !is && at < text.n; at++)
		if (text.p[at] == '{')
			is = look_name_value(str_sub(text, at, text.n));
	return is;
}

bool look_has_json(struct str text, bool named)
{
	if (look_begins_json(text))
		return true;
	bool quoted = str_find(text, STR("\"{\\\"")) != STR_NONE || str_find(text, STR("\"[{\\\"")) != STR_NONE;
	if (look_name(text) || (!quoted && !look_object(text)))
		return false;
	return named || look_speaks_of_events(text);
}

const char *look_instead(char c, const char *expected)
{
	switch (c) {
	case '\'':
		return SINGLE;
	case '\xE2':
		return "a typographic quote, or another sign, stands where JSON has a plain quote "
		       "(sed 's/[\xE2\x80\x9C\xE2\x80\x9D]/\"/g')";
	case '}':
		return "a key is expected: JSON has no comma before a '}'";
	case ']':
		return "a value is expected: JSON has no comma before a ']'";
	case '\\':
		return "an escaped quote stands where JSON has a plain one (jq -Rr '\"\\\"\\(.)\\\"\" | fromjson')";
	default:
		return expected;
	}
}

const char *look_word(struct str word, const char *expected)
{
	static const char *const python[] = {"None", "True", "False"};
	static const char *const numbers[] = {"NaN", "Infinity", "-Infinity", "nan", "inf", "-inf"};
	for (size_t i = 0; i < ARRAY_LEN(python); i++)
		if (str_is(word, python[i]))
			return "None, True and False are " PYTHON;
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		if (str_is(word, numbers[i]))
			return "NaN and Infinity are no JSON (python3 -c 'import json,sys; print(json.dumps("
			       "json.load(sys.stdin, parse_constant=lambda c: None)))')";
	return str_is(word, "undefined") ? "undefined is JavaScript's, no JSON (write null)" : expected;
}
