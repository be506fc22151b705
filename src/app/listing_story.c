/*
 * listing_story: the life of a principal, key, address, bucket or account beside the alert under the
 * cursor, read from the sources once more: what was new around the alert, what it did, who was behind it
 * and what its sessions did. From a row one goes on to that one's life. Nothing is decided here.
 */
#include "listing_priv.h"

#include "s3triage/base/vec.h"
#include "s3triage/base/when.h"

#include <stdlib.h>

enum { LIFE_VALUES_MAX = 200 }; /* of a table; the rest is counted */

struct life_row {
	const char *about;
	struct str text;
	const struct count_sum *sum;      /* or NULL */
	int64_t time;                     /* of a single event, WHEN_NONE */
	const struct story_step *step;    /* of a chain */
	struct str next;                  /* whom Enter asks about: "key:AKIA..."; or empty */
	enum role role;
	bool back;                        /* of a step: who was behind */
};

static const struct listing_column life_columns[] = {
	{.name = "about", .width = 9},
	{.name = "what", .width = 24, .grow = 4},
	{.name = "events", .width = 7, .right = true},
	{.name = "failed", .width = 6, .right = true, .rank = 3},
	{.name = "denied", .width = 6, .right = true, .rank = 2},
	{.name = "first", .width = 11, .rank = 4},
	{.name = "last", .width = 11, .rank = 5},
};

/* ---- rows --------------------------------------------------------------------------------------- */

static struct life_row *life_add(struct life *l, struct life_row row)
{
	l->rows = vec_room(l->rows, l->n, &l->cap, sizeof(*l->rows));
	l->rows[l->n] = row;
	return &l->rows[l->n++];
}

static struct str life_ask(struct life *l, enum story_kind kind, struct str text)
{
	return arena_fmt(&l->mem, "%s:%.*s", story_kind_name(kind), STR_ARG(text));
}

/* Whose life a value of the table is, if any. */
static bool life_kind_of(enum story_table t, enum story_kind *out)
{
	static const struct {
		enum story_table table;
		enum story_kind kind;
	} rows[] = {{STORY_TABLE_principal, STORY_PRINCIPAL}, {STORY_TABLE_key, STORY_KEY},
		{STORY_TABLE_address, STORY_ADDRESS}, {STORY_TABLE_bucket, STORY_BUCKET},
		{STORY_TABLE_account, STORY_ACCOUNT}};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		*out = rows[i].kind;
		if (rows[i].table == t)
			return true;
	}
	return false;
}

static void life_new(struct life *l)
{
	struct story_first *firsts;
	bool all;
	size_t n = story_new_around(l->told.story, l->at, &l->mem, &firsts, &all);
	for (size_t i = 0; i < n; i++) {
		enum story_kind kind;
		bool known = life_kind_of(firsts[i].table, &kind);
		life_add(l, (struct life_row){.about = "new", .sum = firsts[i].sum, .time = WHEN_NONE,
			.role = ROLE_WARN, .text = arena_fmt(&l->mem, "%s %.*s", story_table_first(firsts[i].table),
			STR_ARG(firsts[i].value)),
			.next = known ? life_ask(l, kind, firsts[i].value) : (struct str){0}});
	}
	if (!n)
		life_add(l, (struct life_row){.about = "new", .time = WHEN_NONE, .role = ROLE_DIM, .text = all ?
			STR("its first event here is of the alert's day or later: nothing to compare with") :
			STR("nothing within a day of the alert")});
}

static void life_table(struct life *l, enum story_table t)
{
	const struct counts *c = story_counts(l->told.story, t);
	enum story_kind kind;
	bool known = life_kind_of(t, &kind);
	for (size_t i = 0; i < c->n && i < LIFE_VALUES_MAX; i++) {
		struct str key = c->v[i].key, value;
		bool missing;
		count_key_next(&key, &value, &missing);
		life_add(l, (struct life_row){.about = story_table_name(t), .text = value, .sum = &c->v[i].sum,
			.time = WHEN_NONE, .role = ROLE_TEXT, .next = known ? life_ask(l, kind, value) : (struct str){0}});
	}
	size_t more = c->n > LIFE_VALUES_MAX ? c->n - LIFE_VALUES_MAX : 0;
	if (more || c->rest.n)
		life_add(l, (struct life_row){.about = story_table_name(t), .time = WHEN_NONE, .role = ROLE_DIM,
			.text = arena_fmt(&l->mem, "%zu more value%s%s: s3triage story has them", more, plural(more),
			c->rest.n ? ", and those beyond the bound" : "")});
}

static void life_chain(struct life *l, bool back)
{
	struct story_chain chain;
	(back ? story_behind : story_next)(l->told.story, &l->mem, &chain);
	for (size_t i = 0; i < chain.n; i++) {
		const struct story_link *link = chain.v[i].link;
		struct str made = link->arn.n ? link->arn : link->user.n ? link->user : link->key;
		bool key = link->key.n > 0;
		struct str next = back ? life_ask(l, STORY_PRINCIPAL, link->by) :
			life_ask(l, key ? STORY_KEY : STORY_PRINCIPAL, key ? link->key : link->arn);
		life_add(l, (struct life_row){.about = back ? "behind" : "next", .time = link->time, .role = ROLE_STRONG,
			.step = &chain.v[i], .back = back, .next = next, .text = arena_fmt(&l->mem, "%*s%.*s %s %.*s",
			(int)(chain.v[i].depth - 1) * 2, "", STR_ARG(link->call), back ? "by" : "made",
			STR_ARG(back ? link->by : made))});
	}
	if (chain.left)
		life_add(l, (struct life_row){.about = back ? "behind" : "next", .time = WHEN_NONE, .role = ROLE_DIM,
			.text = arena_fmt(&l->mem, "%zu more are not followed", chain.left)});
}

/* Nobody, or several: those that it could be. */
static void life_near(struct life *l)
{
	struct story_near near[STORY_NEAR_MAX];
	size_t n = story_near(l->told.story, near);
	for (size_t i = 0; i < n; i++)
		life_add(l, (struct life_row){.about = story_kind_name(near[i].kind), .text = near[i].text,
			.time = WHEN_NONE, .role = ROLE_TEXT, .next = life_ask(l, near[i].kind, near[i].text)});
}

static void life_rows(struct life *l)
{
	arena_fini(&l->mem);
	l->n = 0;
	if (!l->told.story)
		return;
	if (!l->told.found) {
		life_near(l);
		return;
	}
	life_new(l);
	life_chain(l, true);
	life_chain(l, false);
	for (int t = 0; t < STORY_TABLE_COUNT; t++)
		life_table(l, (enum story_table)t);
}

/* ---- the table ---------------------------------------------------------------------------------- */

static void life_name(const struct app *a, struct arena *mem, struct listing_model *m)
{
	const struct life *l = &a->life;
	struct str who = buf_str(&l->who);
	const struct count_sum *sum = l->told.story ? story_sum(l->told.story) : NULL;
	if (!sum)
		m->empty = arena_fmt(mem, "reading the sources again: %llu events so far", l->told.events);
	if (!sum)
		m->title = arena_fmt(mem, "The life of %.*s: reading", STR_ARG(who));
	else if (!l->told.found)
		m->title = arena_fmt(mem, "%.*s: %s", STR_ARG(who), sum->n ? "several, which one?" :
			l->n ? "nobody; there are" : "nobody, nor anything like it");
	else
		m->title = arena_fmt(mem, "The life of %.*s: %llu event%s, %llu failed, %llu denied", STR_ARG(who),
			sum->n, plural(sum->n), sum->failed, sum->denied);
	if (l->told.problems)
		m->title = arena_fmt(mem, "%.*s; %zu problem%s (M)", STR_ARG(m->title), l->told.problems,
			plural(l->told.problems));
}

static size_t life_count(struct app *a)
{
	return a->life.n;
}

static struct str life_number(unsigned long long n, struct arena *mem)
{
	return n ? arena_fmt(mem, "%llu", n) : STR("");
}

static void life_cells(const void *app, size_t i, struct arena *mem, struct listing_cell *c)
{
	const struct life_row *r = &((const struct app *)app)->life.rows[i];
	c[0] = (struct listing_cell){str_c(r->about), ROLE_DIM};
	c[1] = (struct listing_cell){r->text, r->role};
	for (size_t k = 2; k < ARRAY_LEN(life_columns); k++)
		c[k] = (struct listing_cell){STR(""), ROLE_TEXT};
	if (r->step)
		c[2].text = life_number(r->step->n, mem);
	c[5] = (struct listing_cell){listing_time(r->sum ? r->sum->first : r->time, mem), ROLE_DIM};
	if (!r->sum)
		return;
	c[2].text = life_number(r->sum->n, mem);
	c[3] = (struct listing_cell){life_number(r->sum->failed, mem), ROLE_WARN};
	c[4] = (struct listing_cell){life_number(r->sum->denied, mem), ROLE_WARN};
	c[6] = (struct listing_cell){listing_time(r->sum->last, mem), ROLE_DIM};
}

static void life_say_time(struct text *t, const char *label, int64_t ms)
{
	char when[WHEN_TEXT_MAX];
	if (ms != WHEN_NONE)
		listing_say(t, label, str_c(when_format(ms, when)));
}

static void life_say_step(const struct story_step *s, bool back, struct text *t)
{
	const struct story_link *l = s->link;
	life_say_time(t, "time", l->time);
	listing_say(t, "call", l->call);
	listing_say(t, "by", l->by);
	listing_say(t, "with key", l->by_key);
	listing_say(t, "session", l->arn);
	listing_say(t, "user", l->user);
	listing_say(t, "made key", l->key);
	text_end(t);
	text_fmt(t, ROLE_HEADING, back ? "done with it: %llu event%s" : "what it did next: %llu event%s", s->n,
		plural(s->n));
	text_end(t);
	for (size_t i = 0; i < s->n_did; i++) {
		text_fmt(t, ROLE_DIM, "%8llu  ", s->did[i].n);
		text_span(t, ROLE_TEXT, s->did[i].call);
		text_end(t);
	}
}

static void life_page(struct app *a, size_t i, struct text *t)
{
	const struct life_row *r = &a->life.rows[i];
	listing_say(t, r->about, r->text);
	if (r->step)
		life_say_step(r->step, r->back, t);
	if (r->sum) {
		text_fmt(t, ROLE_LABEL, "%-12s", "events");
		text_fmt(t, ROLE_TEXT, "%llu, %llu failed, of these %llu denied", r->sum->n, r->sum->failed,
			r->sum->denied);
		text_end(t);
		life_say_time(t, "first", r->sum->first);
		life_say_time(t, "last", r->sum->last);
	}
	text_end(t);
	if (r->next.n)
		text_fmt(t, ROLE_DIM, "Enter: the life of %.*s", STR_ARG(r->next));
	text_end(t);
}

static unsigned life_begin(struct app *a, struct str who);

static unsigned life_enter(struct app *a, size_t i)
{
	struct str next = a->life.rows[i].next;
	return next.n ? life_begin(a, next) : app_say(a, ROLE_DIM, "this row is nobody's name");
}

static unsigned life_stay(struct app *a, size_t i)
{
	(void)i;
	return app_say(a, ROLE_DIM, "these are no alerts");
}

static const struct listing_kind life_kind = {
	.title = "The life of", .columns = life_columns, .n_columns = ARRAY_LEN(life_columns), .name = life_name,
	.empty = "nothing", .count = life_count, .row = life_cells, .page = life_page, .open = life_stay,
	.enter = life_enter, .entered = "its life", .enter_help = "the life of what this row names",
};

/* ---- asking ------------------------------------------------------------------------------------- */

static unsigned life_begin(struct app *a, struct str who)
{
	struct err err = {0};
	struct life *l = &a->life;
	AUTO(buf_fini) struct buf asked = {0};
	buf_add(&asked, who); /* it may be of a row */
	if (!a->set.io.ask_story)
		return app_say(a, ROLE_WARN, "these sources cannot be read again");
	l->told = (struct app_story){.events = 0}; /* what was told before is no more */
	life_rows(l);
	buf_clear(&l->who);
	if (!a->set.io.ask_story(a->set.io.ctx, buf_str(&asked), &err))
		return app_say(a, ROLE_WARN, "%s", err.text);
	buf_add(&l->who, buf_str(&asked));
	a->listing.at = 0;
	a->listing.fresh = false;
	return listing_open(a, &life_kind);
}

unsigned app_life(struct app *a, const struct app_story *s)
{
	a->life.told = *s;
	if (s->story)
		life_rows(&a->life);
	a->listing.fresh = false;
	return APP_DRAW;
}

void life_fini(struct app *a)
{
	buf_fini(&a->life.who);
	arena_fini(&a->life.mem);
	free(a->life.rows);
}

enum { ABOUT_PRINCIPAL, ABOUT_KEY, ABOUT_ADDRESS, ABOUT_BUCKET, ABOUT_DESTINATION, ABOUT_OWNER, ABOUTS };

static enum story_kind about_whom(const struct alert *al, size_t i, struct arena *mem, struct str *out)
{
	char tmp[ALERT_PRINCIPAL_MAX];
	switch (i) {
	case ABOUT_PRINCIPAL: *out = arena_str(mem, alert_principal(al, tmp)); return STORY_PRINCIPAL;
	case ABOUT_KEY: *out = al->key_id; return STORY_KEY;
	case ABOUT_ADDRESS: *out = al->ip; return STORY_ADDRESS;
	case ABOUT_BUCKET: *out = al->bucket; return STORY_BUCKET;
	case ABOUT_DESTINATION: *out = alert_main_dest(al)->account; return STORY_ACCOUNT;
	default: *out = al->owner; return STORY_ACCOUNT;
	}
}

static size_t about_count(const struct app *a)
{
	(void)a;
	return ABOUTS;
}

static bool about_item(const struct app *a, size_t i, struct arena *mem, struct menu_item *out)
{
	static const char *const names[] = {"principal", "access key", "address", "bucket", "destination account",
		"owner's account"};
	const struct alert *al = app_alert(a);
	struct str text = {0};
	if (al)
		about_whom(al, i, mem, &text);
	*out = (struct menu_item){str_c(names[i]), text, (int)i};
	return text.n > 0;
}

static unsigned about_run(struct app *a, int id)
{
	const struct alert *al = app_alert(a);
	struct arena mem = {0};
	struct str text;
	if (!al)
		return APP_DRAW;
	enum story_kind kind = about_whom(al, (size_t)id, &mem, &text);
	a->life.at = al->time;
	unsigned after = life_begin(a, arena_fmt(&mem, "%s:%.*s", story_kind_name(kind), STR_ARG(text)));
	arena_fini(&mem);
	return after;
}

unsigned act_story(struct app *a)
{
	static const struct menu_kind kind = {"The life of", "read it", about_count, about_item, about_run};
	if (!app_alert(a))
		return app_say(a, ROLE_DIM, "there is no alert here");
	return menu_open(a, &kind);
}
