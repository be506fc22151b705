/*
 * pace: keys from the terminal to the app. A key that records or sends something, and that came faster
 * before or behind another than a hand strikes, is text that was pasted without marks: it does nothing,
 * whether that text comes in one piece or in many. Such a key waits a moment for the next one. One that is
 * held down acts once, and none answers a question that cannot have been read yet. When exactly a key came
 * is known only where the terminal was looked at before: what the machine, or our own work, held up counts
 * as the faster, for one that is refused can be struck again.
 */
#include "loop.h"

#include "s3triage/base/mem.h"

#include <poll.h>

#define BATCH_MAX 256

struct batch {
	struct stroke v[BATCH_MAX];
	size_t n;
	enum keys_got end; /* what came last */
	struct buf paste;  /* behind the keys */
};

bool pace_by_hand(const struct stroke *before, struct stroke *after)
{
	int64_t gap = after->since - before->at;
	bool same = key_same(before->key, after->key);
	after->held = same && gap >= PACE_SAME && gap < PACE_HELD;
	return gap >= PACE_OTHER || after->held || (before->held && !same);
}

bool pace_again(const struct stroke *taken, const struct stroke *s)
{
	return key_same(taken->key, s->key) && s->since - taken->at < PACE_AGAIN;
}

/* All that waits, as of now. */
static void read_more(struct tui *t, struct batch *b)
{
	while (b->n < BATCH_MAX) {
		struct stroke *s = &b->v[b->n];
		*s = (struct stroke){.since = t->no_key};
		b->end = keys_next(&t->term, &s->key, &b->paste);
		if (b->end != KEYS_KEY)
			break;
		s->at = tui_ticks();
		b->n++;
	}
	if (b->end == KEYS_NONE)
		pace_look(t);
}

/* Whether one comes until then: looked for, too, when that moment has passed. */
static bool waits(struct tui *t, int64_t until)
{
	struct pollfd p = {t->term.fd, POLLIN, 0};
	while (!pace_look(t)) {
		if (t->no_key >= until)
			return false;
		poll(&p, 1, PACE_SAME);
	}
	return true;
}

/* Waits for what may be behind key i, if that is the last. */
static void look_behind(struct tui *t, struct batch *b, size_t i)
{
	if (i + 1 == b->n && b->end == KEYS_NONE && waits(t, b->v[i].at + PACE_OTHER))
		read_more(t, b);
}

static bool pace_unread(const struct tui *t, const struct stroke *s)
{
	uint64_t asks = app_question(t->app);
	return asks && (asks != t->question || s->since < t->question_at + PACE_READ);
}

static enum app_refusal pace_judge(struct tui *t, struct batch *b, size_t i)
{
	struct stroke *s = &b->v[i];
	const struct stroke *before = i ? s - 1 : &t->stroke;
	if (!pace_by_hand(before, s) || (t->hasty && s->since - before->at < PACE_CALM))
		return APP_HASTY;
	if (app_weighs(t->app, s->key) != APP_HEAVY)
		return APP_TAKEN;
	if (s->held || pace_again(&t->taken, s))
		return APP_HELD;
	look_behind(t, b, i);
	if (i + 1 < b->n && !pace_by_hand(s, s + 1))
		return APP_HASTY;
	return pace_unread(t, s) ? APP_UNREAD : APP_TAKEN;
}

/* Behind a key that was refused for its pace the others of that burst do nothing either, unless they are
 * typed into a field; a machine that stalls does not end the burst. */
static enum app_refusal pace_refused(struct tui *t, struct batch *b, size_t i)
{
	enum app_weight w = app_weighs(t->app, b->v[i].key);
	enum app_refusal why = pace_judge(t, b, i);
	t->hasty = why == APP_HASTY && (t->hasty || w == APP_HEAVY);
	return why != APP_HASTY || (t->hasty && w != APP_TEXT) ? why : APP_TAKEN;
}

static void take_paste(struct tui *t, void *text)
{
	t->after |= app_paste(t->app, *(const struct str *)text);
}

static void pace_take_key(struct tui *t, void *key)
{
	t->after |= app_key(t->app, *(const struct key *)key);
}

static void give_keys(struct tui *t, struct batch *b)
{
	AUTO(buf_fini) struct buf text;
	buf_init(&text, PASTE_MAX);
	if (!t->term.marks_pastes && keys_look_pasted(b->v, b->n, &text)) {
		struct str pasted = buf_str(&text);
		tui_work(t, take_paste, &pasted);
		return;
	}
	for (size_t i = 0; i < b->n && !tui_leaves(t); i++) {
		enum app_refusal why = pace_refused(t, b, i);
		if (why == APP_TAKEN) {
			t->taken = b->v[i];
			tui_work(t, pace_take_key, &b->v[i].key);
		}
		if (why != APP_TAKEN || t->hasty) /* also when what was typed since would have wiped it off */
			t->after |= app_refused(t->app, t->hasty ? APP_HASTY : why);
	}
}

/* All keys that wait, before anything is drawn: a held key is one frame. */
void tui_take_keys(struct tui *t)
{
	AUTO(mem_free_ptr) struct batch *b = mem_alloc(sizeof(*b));
	buf_init(&b->paste, PASTE_MAX);
	do {
		b->n = 0;
		read_more(t, b);
		give_keys(t, b);
		if (b->n)
			t->stroke = b->v[b->n - 1];
		struct str pasted = buf_str(&b->paste);
		if (b->end == KEYS_PASTE && !tui_leaves(t))
			tui_work(t, take_paste, &pasted);
	} while (b->end != KEYS_NONE && !tui_leaves(t));
	buf_fini(&b->paste);
}
