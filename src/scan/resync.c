/*
 * resync: behind a broken value, where the next record may begin. Knows nothing of records.
 */
#include "resync.h"

#include "contain.h"

enum { OPENS = 4 }; /* a blank and three quotes */

/* Where a text in triple quotes begins, as Dev Tools writes it; STR_NONE: nowhere. */
static size_t opens_triple(struct str text)
{
	size_t a = str_find(text, STR(" \"\"\"")), b = str_find(text, STR("\n\"\"\""));
	return a < b ? a : b;
}

/* To the next brace. Any may begin a record: where a record broke, nothing tells what is inside. */
bool resync_seek(struct walker *w)
{
	struct feed *f = w->f;
	for (;;) {
		struct str rest = {f->buf + f->pos, f->end - f->pos};
		size_t n = str_find_char(rest, '{');
		rest = str_sub(rest, 0, n);
		size_t triple = w->pretty ? opens_triple(rest) : STR_NONE;
		w->triple |= triple != STR_NONE;
		f->pos += triple != STR_NONE ? triple : rest.n;
		if (n != STR_NONE || w->triple)
			return !w->triple;
		size_t left = rest.n < OPENS - 1 ? rest.n : OPENS - 1;
		f->pos -= left;
		if (!skip_more(w)) {
			f->pos += left;
			return false;
		}
	}
}

/* What is content of a string in triple quotes looks like a record as well: nothing behind damage
 * can be told from it. */
void resync_abandon(struct walker *w)
{
	struct feed *f = w->f;
	if (f->eof && f->pos == f->end)
		return;
	if (!w->stopped)
		w->sink->problem(w->sink->ctx, f, feed_at(f), "what follows was not read: behind damage, what "
			"stands in triple quotes cannot be told from records (copy the answer anew)");
	do
		f->pos = f->end;
	while (skip_more(w));
	w->end_told = true;
}

/* A brace that was open where a value broke begins nothing that is whole. */
static bool was_open(struct broken *b, unsigned long long at)
{
	while (b->seen < b->n && b->open[b->seen] < at)
		b->seen++;
	return b->seen < b->n && b->open[b->seen] == at;
}

bool resync_was_open(struct walker *w, unsigned long long at)
{
	return was_open(&w->broken[0], at) || was_open(&w->broken[1], at);
}

/* What opens at pos is, in its line, the value of a key under which no transport puts an event. */
bool resync_behind_key(const struct walker *w)
{
	enum { MOST = 128 };
	const struct feed *f = w->f;
	size_t from = f->pos > MOST ? f->pos - MOST : 0;
	struct str before = {f->buf + from, f->pos - from};
	size_t line = str_rfind_char(before, '\n');
	before = str_trim(str_sub(before, line == STR_NONE ? 0 : line + 1, before.n));
	if (!before.n || before.p[before.n - 1] != ':')
		return false;
	before = str_trim(str_sub(before, 0, before.n - 1));
	if (!before.n)
		return true; /* its key is gone */
	if (before.p[--before.n] != '"')
		return false;
	size_t quote = str_rfind_char(before, '"');
	return quote == STR_NONE || !contain_key(str_sub(before, quote + 1, before.n));
}

/* Where to look on behind a brace at `at` that began nothing whole. What braces in strings make
 * of the text can be long each time anew: then it is not walked again from each. */
void resync_look_on(struct walker *w, unsigned long long at)
{
	enum { WASTE = 8 };
	static const unsigned long long WASTE_LEAST = 4 << 20;
	struct feed *f = w->f;
	unsigned long long end = w->why_at > at ? w->why_at : at + 1;
	w->wasted += end - at;
	if (w->wasted <= WASTE_LEAST + WASTE * at) {
		f->pos = (size_t)(at - f->base) + 1;
		return;
	}
	f->pos = (size_t)(end - f->base);
	if (!w->waste_told)
		w->sink->problem(w->sink->ctx, f, at,
			"the damage was not searched whole: records inside it may be missing");
	w->waste_told = true;
}
