/*
 * copy: what of the alert under the cursor can go to the clipboard. Wherever it is pasted, it is one
 * line of characters that can be seen: a fact with others is refused, with what it holds; queries and
 * commands come quoted from export, the document with \u escapes.
 */
#include "app_priv.h"

#include "s3triage/base/utf8.h"
#include "s3triage/export/pivot.h"

#include <stdlib.h>

#define SHOWN_MAX 30 /* bytes of a query in the menu: one row each */

bool copy_named_before(const struct alert *al, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (str_eq(al->dests[k].account, al->dests[i].account))
			return true;
	return false;
}

static struct str destination_accounts(const struct alert *al, struct arena *mem)
{
	AUTO(buf_fini) struct buf all = {0};
	for (size_t i = 0; i < al->n_dests; i++)
		if (al->dests[i].account.n && !copy_named_before(al, i))
			buf_fmt(&all, "%s%.*s", all.n ? " " : "", STR_ARG(al->dests[i].account));
	return arena_str(mem, buf_str(&all));
}

enum { COPY_ID, COPY_EVENT, COPY_BUCKET, COPY_DESTINATION, COPY_ROLE, COPY_ACTOR, COPY_KEY,
	COPY_IP, COPY_SOURCE, COPY_JSON, COPIES };

/* After the facts the ready queries, as many as the alert's values allow. */
static size_t copy_count(const struct app *a)
{
	(void)a;
	return COPIES + PIVOTS_MAX;
}

static bool copy_query(const struct app *a, const struct alert *al, size_t i, struct arena *mem,
	struct pivot *out)
{
	struct pivot all[PIVOTS_MAX];
	if (i >= pivot_make(al, a->window, mem, all))
		return false;
	*out = all[i];
	return true;
}

static bool query_item(const struct app *a, const struct alert *al, size_t i, struct arena *mem,
	struct menu_item *out)
{
	struct pivot p;
	if (!copy_query(a, al, i, mem, &p))
		return false;
	char *line = mem_dup(str_sub(p.text, 0, SHOWN_MAX));
	for (char *c = line; *c; c++)
		*c = *c == '\n' ? ' ' : *c;
	out->left = arena_fmt(mem, "%s: %s", pivot_language_name(p.language), p.title);
	out->right = arena_fmt(mem, "%s%s", line, p.text.n > SHOWN_MAX ? " ..." : "");
	free(line);
	return true;
}

static const char *copy_fact(const struct alert *al, int id, struct arena *mem, struct str *out)
{
	const struct {
		const char *name;
		struct str value;
	} facts[COPIES] = {
		[COPY_ID] = {"alert id", al->id}, [COPY_EVENT] = {"event id", al->event_id},
		[COPY_BUCKET] = {"bucket", al->bucket},
		[COPY_DESTINATION] = {"destination", destination_accounts(al, mem)},
		[COPY_ROLE] = {"role", al->role}, [COPY_ACTOR] = {"actor", al->actor_arn},
		[COPY_KEY] = {"access key", al->key_id}, [COPY_IP] = {"address", al->ip},
		[COPY_SOURCE] = {"source", al->source}, [COPY_JSON] = {"JSON", STR("the whole document")},
	};
	*out = facts[id].value;
	return facts[id].name;
}

static bool copy_item(const struct app *a, size_t i, struct arena *mem, struct menu_item *out)
{
	const struct alert *al = app_alert(a);
	out->id = (int)i;
	if (!al)
		return false;
	if (i >= COPIES)
		return query_item(a, al, i - COPIES, mem, out);
	out->left = str_c(copy_fact(al, (int)i, mem, &out->right));
	return out->right.n > 0;
}

static const char *copy_chosen(
	const struct app *a, const struct alert *al, int id, struct arena *mem, struct str *out)
{
	struct pivot p = {.title = "query"};
	if (id < COPIES)
		return copy_fact(al, id, mem, out);
	copy_query(a, al, (size_t)(id - COPIES), mem, &p);
	*out = p.text;
	return arena_fmt(mem, "%s: %s", pivot_language_name(p.language), p.title).p;
}

/* The document on one line, what cannot be seen in it as escapes of JSON. */
static void copy_json(struct app *a, struct buf *out)
{
	AUTO(buf_fini) struct buf line = {0};
	buf_init(&line, out->max);
	shown_load(a);
	if (a->shown.in.ecs)
		json_print(a->shown.in.ecs, &line);
	out->over |= line.over;
	for (struct str rest = buf_str(&line); rest.n;) {
		uint32_t c = utf8_next(&rest);
		if (!utf8_is_hostile(c))
			utf8_put(out, c);
		else if (c < 0x10000)
			buf_fmt(out, "\\u%04x", (unsigned)c);
		else
			buf_fmt(out, "\\u%04x\\u%04x", (unsigned)(0xd800 + ((c - 0x10000) >> 10)),
				(unsigned)(0xdc00 + (c & 0x3ff)));
	}
}

/* A line end between the words of a query is a blank. */
static struct str copy_one_line(struct str text, struct arena *mem)
{
	struct buf b;
	buf_init(&b, text.n + 1);
	for (size_t i = 0; i < text.n; i++)
		buf_char(&b, text.p[i] == '\n' ? ' ' : text.p[i]);
	text = arena_str(mem, buf_str(&b));
	buf_fini(&b);
	return text;
}

static unsigned copy_send(struct app *a, const char *name, struct str text)
{
	AUTO(buf_fini) struct buf seen = {0};
	utf8_visible(&seen, text, false);
	if (text.n == 0)
		return app_say(a, ROLE_WARN, "there is nothing to copy, or too much");
	if (!str_eq(buf_str(&seen), text))
		return app_say(a, ROLE_WARN, "not copied: the %s holds what cannot be seen and might run where "
			"it is pasted: %.*s", name, STR_ARG(str_sub(buf_str(&seen), 0, 300)));
	a->set.io.copy(a->set.io.ctx, text);
	return app_say(a, ROLE_DIM, "sent the %s to the terminal's clipboard (OSC 52), %zu byte%s", name,
		text.n, plural(text.n));
}

static unsigned copy_run(struct app *a, int id)
{
	const struct alert *al = app_alert(a);
	struct arena mem = {0};
	struct buf json;
	struct str text;
	if (!al)
		return APP_DRAW;
	if (a->painted.cursor != a->cursor)
		return app_say(a, ROLE_WARN, "not copied: another alert is under the cursor now");
	buf_init(&json, (size_t)1 << 20);
	const char *name = copy_chosen(a, al, id, &mem, &text);
	if (id == COPY_JSON) {
		copy_json(a, &json);
		text = json.over ? STR("") : buf_str(&json);
	} else if (id >= COPIES) {
		text = copy_one_line(text, &mem);
	}
	copy_send(a, name, text);
	buf_fini(&json);
	arena_fini(&mem);
	return APP_DRAW;
}

unsigned act_copy(struct app *a)
{
	static const struct menu_kind kind = {"Copy", "copy", copy_count, copy_item, copy_run};
	return menu_open(a, &kind);
}
