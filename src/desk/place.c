/*
 * place: the journal's file may be deleted, moved, cut or replaced while one works. From then on nothing is
 * recorded: it would go into a file without a name, and be lost with the last console that has it open.
 */
#include "say.h"

#include "s3triage/base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Beside the journal, or at home where its folder is gone, too. The rows in words; where nothing of them is
 * kept, why not. */
static void keep_rows(const struct desk *d, struct buf *words)
{
	const struct journal_known *k = journal_knows(d->journal);
	AUTO(mem_free_ptr) char *home = file_state_dir(d->env, NULL);
	struct str beside = str_c(d->journal_path);
	const struct str places[] = {beside, {home, home ? strlen(home) : 0}};
	struct err why = {0};
	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		AUTO(buf_fini) struct buf to = {0};
		buf_fmt(&to, "%.*s%s.rescued-%lld-%.8s", STR_ARG(places[i]), i ? "/journal" : "",
			(long long)k->rows, k->head);
		if (!places[i].n || !journal_rescue(d->journal, buf_cstr(&to), &why))
			continue;
		buf_fmt(words, "its %lld row%s, with all that was decided here, %s kept in %s: put that back, then"
			" open anew", (long long)k->rows, plural((unsigned long long)k->rows), k->rows == 1 ? "is" : "are",
			buf_cstr(&to));
		return;
	}
	buf_fmt(words, "its %lld row%s could not be kept", (long long)k->rows, plural((unsigned long long)k->rows));
	if (why.code != ERR_CONFLICT) /* else they are not in it, which was said */
		buf_fmt(words, " (%s)", why.text);
	buf_c(words, ": put its newest copy back, then open anew");
}

/* The first word has room everywhere, the rest is in the log and on the terminal that one comes back to. */
static void lose(struct desk *d, enum journal_place how, const struct err *why)
{
	static const char *const words[] = {[JOURNAL_GONE] = "GONE", [JOURNAL_OTHER] = "REPLACED",
		[JOURNAL_COPY] = "REPLACED", [JOURNAL_CUT] = "CUT OR REWRITTEN"};
	struct buf *out = &d->lost;
	buf_fmt(out, "JOURNAL %s: nothing is recorded any more. %s: %s; ", words[how], d->journal_path, why->text);
	if (how == JOURNAL_COPY || !journal_knows(d->journal)->rows)
		buf_c(out, "open anew to go on with it");
	else
		keep_rows(d, out);
	d->unsound = true;
	journal_singly(d->journal);
	if (d->hears.say)
		d->hears.say(d->hears.ctx, DESK_ALARM, buf_str(out));
}

bool desk_in_place(struct desk *d)
{
	struct err why = {0};
	if (!d->journal || d->lost.n)
		return !d->lost.n;
	enum journal_place how = journal_in_place(d->journal, &why);
	if (how != JOURNAL_IN_PLACE)
		lose(d, how, &why);
	return how == JOURNAL_IN_PLACE;
}

/* It no longer holds what was known of it: others made it shorter, or another, by SQLite's own ways. */
void desk_lose(struct desk *d, const struct err *why)
{
	if (!d->lost.n)
		lose(d, JOURNAL_CUT, why);
}
