/*
 * copy: what of the alert under the cursor can go to the clipboard. A fact is copied as it is,
 * without any mark-up; queries and commands come quoted from triage.
 */
#include "app_priv.h"

#include "s3triage/triage/pivot.h"

#include <stdlib.h>

#define SHOWN_MAX 30 /* bytes of a query in the menu: one row each */

static struct str destination_accounts(const struct alert *al, struct arena *mem)
{
	struct str all = {0};
	for (size_t i = 0; i < al->n_dests && i < 100; i++) {
		struct str account = al->dests[i].account;
		if (account.n && str_find(all, account) == STR_NONE)
			all = all.n ? arena_fmt(mem, "%.*s %.*s", STR_ARG(all), STR_ARG(account))
				: account;
	}
	return all;
}

enum { COPY_ID, COPY_EVENT, COPY_BUCKET, COPY_DESTINATION, COPY_ROLE, COPY_ACTOR, COPY_KEY,
	COPY_IP, COPY_SOURCE, COPY_JSON, COPIES };

/* After the facts the ready queries, as many as the alert's values allow. */
static size_t copy_count(const struct app *a)
{
	(void)a;
	return COPIES + PIVOTS_MAX;
}

static bool query(const struct app *a, const struct alert *al, size_t i, struct arena *mem,
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
	if (!query(a, al, i, mem, &p))
		return false;
	char *line = mem_dup(str_sub(p.text, 0, SHOWN_MAX));
	for (char *c = line; *c; c++)
		*c = *c == '\n' ? ' ' : *c;
	out->left = arena_fmt(mem, "%s: %s", pivot_language_name(p.language), p.title);
	out->right = arena_fmt(mem, "%s%s", line, p.text.n > SHOWN_MAX ? " ..." : "");
	free(line);
	return true;
}

static const char *fact(const struct alert *al, int id, struct arena *mem, struct str *out)
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
	out->left = str_c(fact(al, (int)i, mem, &out->right));
	return out->right.n > 0;
}

static const char *chosen(const struct app *a, const struct alert *al, int id, struct arena *mem,
	struct str *out)
{
	struct pivot p = {.title = "query"};
	if (id < COPIES)
		return fact(al, id, mem, out);
	query(a, al, (size_t)(id - COPIES), mem, &p);
	*out = p.text;
	return p.title;
}

static unsigned copy_run(struct app *a, int id)
{
	const struct alert *al = app_alert(a);
	struct arena mem = {0};
	struct buf json;
	struct str text;
	if (!al)
		return APP_DRAW;
	buf_init(&json, (size_t)1 << 20);
	const char *name = chosen(a, al, id, &mem, &text);
	if (id == COPY_JSON) {
		shown_raw(a, &json);
		text = buf_str(&json);
	}
	if (text.n == 0 || json.over) {
		app_say(a, ROLE_WARN, "there is nothing to copy, or too much");
	} else {
		a->set.io.copy(a->set.io.ctx, text);
		app_say(a, ROLE_DIM, "sent the %s to the terminal's clipboard (OSC 52), %zu bytes",
			name, text.n);
	}
	buf_fini(&json);
	arena_fini(&mem);
	return APP_DRAW;
}

unsigned act_copy(struct app *a)
{
	static const struct menu_kind kind = {"Copy", copy_count, copy_item, copy_run};
	return menu_open(a, &kind);
}
