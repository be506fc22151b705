/*
 * contain_text: a string in a container. It counts when it is JSON as a whole (one value or several),
 * when a line of it is JSON behind a prefix, or when it is base64 of such a text, packed or not. One
 * that names an event and cannot be read is told.
 */
#include "contain.h"

#include "prose.h"

#include "s3triage/base/base64.h"
#include "s3triage/base/mem.h"

#include <string.h>
#include <zlib.h>

bool contain_names_event(struct str s)
{
	return str_find(s, STR("eventName")) != STR_NONE && str_find(s, STR("eventSource")) != STR_NONE;
}

/* "{" and a key or "}", "[" and an element: what JSON writes, and java's maps or Python do not. */
static bool begins_as_json(struct str s)
{
	if (s.n < 2 || (s.p[0] != '{' && s.p[0] != '['))
		return false;
	struct str rest = str_trim(str_sub(s, 1, s.n));
	return rest.n && memchr(s.p[0] == '{' ? "\"}\"}" : "{[\"]", rest.p[0], 4);
}

/* Hands on a tree that was made of `text`, and lets go of it. */
static void take_tree(struct contain *c, struct json *tree, struct str text)
{
	const struct json *outer = c->root;
	c->root = tree;
	enum event_shape shape = json_type(tree) == JSON_OBJECT ? event_shape(tree) : SHAPE_UNKNOWN;
	if (shape == SHAPE_CLOUDTRAIL || shape == SHAPE_ECS || shape == SHAPE_ALERT)
		contain_give(c, tree, text);
	else
		c->visit(c, tree);
	c->root = outer;
}

/* One value; false when the text is none or more, and err says why. */
static bool text_whole(struct contain *c, struct str text, struct err *err)
{
	struct arena_mark mark = {0};
	if (c->sink->trees)
		mark = arena_mark(c->sink->trees);
	struct json *tree = json_parse(text, err);
	if (tree && contain_charge(c, text.n))
		take_tree(c, tree, text);
	bool ok = tree != NULL;
	json_free(tree);
	if (c->sink->trees)
		arena_release(c->sink->trees, mark);
	return ok;
}

/* The first value of *rest, which is moved behind it. False where it is none, and err says why. */
static bool take_value(struct contain *c, struct str *rest, struct err *err)
{
	size_t used;
	if (!json_scan(*rest, &used, NULL, err) ||
		!text_whole(c, str_trim(str_sub(*rest, 0, used)), err))
		return false;
	*rest = str_trim(str_sub(*rest, used, rest->n));
	return true;
}

static bool is_whole(struct str s)
{
	size_t used;
	for (s = str_trim(s); s.n; s = str_trim(str_sub(s, used, s.n)))
		if ((s.p[0] != '{' && s.p[0] != '[') || !json_scan(s, &used, NULL, NULL))
			return false;
	return true;
}

/* The text of a text, as what was quoted twice is. */
static bool is_text_of_text(struct str s)
{
	size_t used;
	return s.p[0] == '"' && s.p[s.n - 1] == '"' && json_scan(s, &used, NULL, NULL) && used == s.n;
}

/* Values one after the other. */
static void text_values(struct contain *c, struct str rest)
{
	struct err err = {0};
	if (c->texts == CONTAIN_TEXTS_MAX) {
		contain_tell(c, "text within text is more than %d deep; it was not searched", CONTAIN_TEXTS_MAX);
		return;
	}
	c->texts++;
	if (text_whole(c, rest, &err))
		rest.n = 0;
	while (rest.n && !c->full && take_value(c, &rest, &err))
		;
	c->texts--;
	if (rest.n && err.code)
		contain_tell(c, "the text begins as JSON and is cut or damaged: %.200s", err.text);
}

/* Where in the line JSON begins that ends it and names an event, or STR_NONE. */
static size_t line_value(struct contain *c, struct str line)
{
	enum { TRIES = 4 };
	size_t at = 0;
	for (int i = 0; i < TRIES; i++, at++) {
		size_t next = str_find_char(str_sub(line, at, line.n), '{');
		at += next;
		if (next == STR_NONE)
			break;
		struct str value = str_sub(line, at, line.n);
		if (contain_names_event(value) && contain_charge(c, value.n) && is_whole(value))
			return at;
	}
	return STR_NONE;
}

/* A line's event behind what no transport writes may be somebody's words, as it may in a file. */
static void take_behind(struct contain *c, struct str before, struct str value)
{
	enum { SHOWN = 60 };
	bool aside = c->aside;
	size_t path = c->path.n;
	before = str_trim(before);
	if (!prose_own_prefix(before)) {
		c->aside = true;
		buf_fmt(&c->path, "%sa line, behind %.*s", path ? ": " : "",
			STR_ARG(str_sub(before, before.n > SHOWN ? before.n - SHOWN : 0, before.n)));
	}
	text_values(c, str_trim(value));
	c->aside = aside;
	c->path.n = path;
}

/* Without Markdown's fence. */
static struct str unfenced(struct str line)
{
	line = str_trim(line);
	while (line.n && line.p[line.n - 1] == '`')
		line.n--;
	while (line.n && line.p[0] == '`')
		line = str_sub(line, 1, line.n);
	return line;
}

/* Lines with something before the JSON, as syslog and containers write them. Behind other lines of the
 * same text an event is as much anybody's as behind other words of its line. */
static void take_lines(struct contain *c, struct str rest)
{
	struct str other = {0};
	while (rest.n && !c->full) {
		struct str line = unfenced(str_cut(&rest, '\n'));
		size_t at = line_value(c, line);
		struct str before = str_sub(line, 0, at == STR_NONE ? line.n : at);
		if (str_trim(before).n)
			other = before;
		if (at != STR_NONE)
			take_behind(c, prose_own_prefix(before) ? other : before, str_sub(line, at, line.n));
	}
}

/* The first bytes of what base64 stands for: those of gzip, of JSON, or of base64 of these. */
static bool begins_base64(struct str s)
{
	static const char *const again[] = {"H4s", "eyJ", "ewo", "W3s"};
	AUTO(buf_fini) struct buf b = {0};
	if (s.n < 16 || !base64_read(str_sub(s, 0, 4), &b) || b.n != 3)
		return false;
	bool is = memcmp(b.p, "\x1F\x8B\x08", 3) == 0 || b.p[0] == '{' || b.p[0] == '[';
	for (size_t i = 0; i < ARRAY_LEN(again); i++)
		is |= memcmp(b.p, again[i], 3) == 0;
	return is;
}

/* With line breaks, of the alphabet for URLs, and without padding: as base64_read() wants it. */
static void plain_base64(struct str s, struct buf *out)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '\n' && s.p[i] != '\r' && s.p[i] != ' ')
			buf_char(out, s.p[i] == '-' ? '+' : s.p[i] == '_' ? '/' : s.p[i]);
	while (out->n % 4)
		buf_char(out, '=');
}

/* All members of a gzip text, up to `most` bytes and a step. */
static bool unpack(struct str packed, struct buf *out, size_t most)
{
	enum { STEP = 256 << 10, GZIP = 15 + 16 };
	z_stream z = {.next_in = (unsigned char *)(uintptr_t)packed.p, .avail_in = (unsigned)packed.n};
	int r = inflateInit2(&z, GZIP);
	while (r == Z_OK && out->n <= most) {
		char *room = buf_room(out, STEP);
		if (!room)
			break;
		z.next_out = (unsigned char *)room;
		z.avail_out = STEP;
		r = inflate(&z, Z_NO_FLUSH);
		out->n += STEP - z.avail_out;
		if (r == Z_STREAM_END && z.avail_in)
			r = inflateReset(&z);
	}
	inflateEnd(&z);
	return r == Z_STREAM_END;
}

static bool take_base64(struct contain *c, struct str s)
{
	AUTO(buf_fini) struct buf plain = {0}, bytes = {0}, text = {0};
	if (!begins_base64(s) || !contain_charge(c, s.n))
		return false;
	plain_base64(s, &plain);
	bool ok = base64_read(buf_str(&plain), &bytes);
	bool packed = bytes.n > 2 && memcmp(bytes.p, "\x1F\x8B", 2) == 0;
	if (!ok && !str_starts(s, STR("H4sI")))
		return false;
	ok = ok && (!packed || unpack(buf_str(&bytes), &text, JSON_BYTES_MAX));
	bool large = text.n > JSON_BYTES_MAX;
	if (!contain_charge(c, text.n))
		return true;
	if (!ok || large)
		contain_tell(c, large ? "the text is base64 of gzip of more than 64 MiB: it was not read"
			: "the text is base64 of gzip, and cut or damaged: it was not read");
	else
		contain_text(c, buf_str(packed ? &text : &bytes));
	return true;
}

void contain_text(struct contain *c, struct str s)
{
	s = str_trim(str_starts(s, STR("\xEF\xBB\xBF")) ? str_sub(s, 3, s.n) : s);
	size_t before = c->found + c->told + c->noted;
	if (s.n < 2 || c->full)
		return;
	if (begins_as_json(s) || is_text_of_text(s))
		text_values(c, s);
	else if (take_base64(c, s))
		return;
	if (c->found + c->told + c->noted > before || !contain_names_event(s))
		return;
	if (!begins_as_json(s))
		take_lines(c, s);
	if (c->found + c->told + c->noted == before)
		contain_tell(c, "the text names an event and cannot be read as JSON");
}
