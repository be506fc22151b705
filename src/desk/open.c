/*
 * open: opening the journal, and whether it is what it was when it was last used here.
 */
#include "say.h"

#include "s3triage/base/file.h"

#include <stdio.h>
#include <string.h>

/* Whoever stands before the console never sees what was on the terminal before it. */
static void trouble(struct desk *d, const char *short_words, const struct err *why)
{
	buf_fmt(&d->told, "%s%s: %s", d->told.n ? "; " : "", short_words, why->text);
	if (d->hears.trouble)
		d->hears.trouble(d->hears.ctx, why);
}

static void doubt(struct desk *d, const char *short_words, const struct err *why)
{
	trouble(d, short_words, why);
	d->unsound = true;
	journal_singly(d->journal);
}

/* A journal that is gone with its file is told, and a new one may be begun; what is known of the old
 * one stays known. */
static void tell_gone(struct desk *d, bool write)
{
	char text[320];
	struct journal_known known;
	struct err why = {0};
	if (desk_known_longest(d, &known, &why) && journal_known_holds(NULL, &known, &why))
		return;
	bool begins = write && why.code == ERR_CONFLICT;
	snprintf(text, sizeof(text), "%.300s", why.text);
	if (why.code == ERR_CONFLICT)
		err_set(&why, why.code, "%s%s: put it back, or s3triage verify --accept-head goes on without"
			" it, and records that", text, begins ? ", and a new one is begun" : "");
	err_where(&why, d->journal_path, 0, 0);
	trouble(d, "JOURNAL GONE", &why);
	d->gone = true;
	if (!begins || !d->head_file)
		return;
	known.gone = known.rows;
	memcpy(known.gone_head, known.head, sizeof(known.head));
	memcpy(known.gone_first, known.first, sizeof(known.first));
	known.rows = 0;
	known.head[0] = '\0';
	known.from = 0;
	if (!journal_known_write(d->head_file, d->journal_path, &known, &why) && d->hears.trouble)
		d->hears.trouble(d->hears.ctx, &why);
}

static bool head_holds(struct desk *d, struct err *err)
{
	struct journal_known known[DESK_KNOWN];
	return desk_known(d, known, err) && desk_known_holds(d, 1, &known[1], err) &&
		desk_known_holds(d, 2, &known[2], err) &&
		(!d->head_file || journal_keep_head(d->journal, d->head_file, err));
}

/* What was cut off, emptied or replaced is not gone on with: nothing is recorded in it or exported
 * from it before somebody has looked. What else it says is shown. */
static bool check_head(struct desk *d, unsigned how, struct err *err)
{
	struct err why = {0};
	if (how & DESK_ACCEPTS || head_holds(d, &why))
		return true;
	if (!(how & (DESK_WRITE | DESK_STRICT))) {
		doubt(d, "JOURNAL CUT OR REPLACED", &why);
		return true;
	}
	if (err)
		*err = why;
	return false;
}

/* A new one in the place of one that is gone says nothing of what was decided there. */
static bool check_gone(struct desk *d, unsigned how, struct err *err)
{
	struct journal_known known[DESK_KNOWN];
	struct err why = {0};
	if (!d->gone && !desk_gone_holds(d, known, &why) && !(how & DESK_ACCEPTS)) {
		trouble(d, "JOURNAL GONE", &why);
		d->gone = true;
	}
	return !d->gone || !(how & DESK_LEAVES) || err_set(err, ERR_INPUT, "nothing is exported"
		" before that was looked at");
}

/* One that was emptied, or is no journal any more, is not as if nothing had ever been decided. One that
 * others may change is whole as far as anybody knows: what mends it is the command that is named. */
static bool cannot_open(const struct desk *d, struct err *err)
{
	char text[256];
	struct journal_known known;
	if (!err || !journal_guarded(d->journal_path, NULL) || !desk_known_longest(d, &known, NULL) || !known.rows)
		return false;
	snprintf(text, sizeof(text), "%.255s", err->text);
	return err_set(err, err->code, "%s; it had %lld row%s when it was last used here, the last one"
		" %.12s...: look what became of it, and put its newest copy back",
		text, (long long)known.rows, plural((unsigned long long)known.rows), known.head);
}

bool desk_open(struct desk *d, unsigned how, struct err *err)
{
	d->head_file = desk_head_file(d, d->journal_path);
	d->name_file = d->head_file ? desk_head_of(d, d->journal_path) : NULL;
	bool there = file_exists(d->journal_path);
	if (!there)
		tell_gone(d, how & DESK_WRITE);
	if (!(how & DESK_WRITE) && !there)
		return check_gone(d, how, err);
	d->journal = journal_open(d->journal_path, !(how & DESK_WRITE), err);
	if (!d->journal)
		return cannot_open(d, err);
	desk_listen(d);
	return check_head(d, how, err) && check_gone(d, how, err);
}

/* What a changed journal says is shown, for what else is there; but never as if nothing had been
 * changed. */
void desk_check(struct desk *d)
{
	struct err err = {0};
	int64_t broken = 0;
	if ((d->walks || journal_walk(d->journal, &d->walk, -1, &broken, &err)) &&
		journal_glance(d->journal, &err))
		return;
	err.file[0] = '\0';
	err_prefix(&err, err.code == ERR_INPUT ? "%s was changed by other means, its verdicts may be"
		" wrong; s3triage verify says what to do" : "%s", d->journal_path);
	doubt(d, "JOURNAL CHANGED", &err);
}
