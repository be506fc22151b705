/*
 * write_judge: whether a decision may go out, given what stands at the target. Two analysts on one
 * alert: nobody's word is overwritten by someone who could not know it. Pure.
 */
#include "write_priv.h"

struct str write_cap(struct str s)
{
	return str_sub(s, 0, WRITE_TEXT_MAX);
}

static bool write_has_tag(const struct write_now *now, struct str tag)
{
	for (size_t i = 0; i < now->n_tags; i++)
		if (str_eq(now->tags[i], tag))
			return true;
	return false;
}

void write_identity(const struct write_now *now, struct buf *out)
{
	if (now->hash.n)
		buf_add(out, now->hash);
	else
		buf_fmt(out, "%.*s|%.*s|%.*s", STR_ARG(write_cap(now->status)),
			STR_ARG(write_cap(now->at)), STR_ARG(write_cap(now->by)));
}

static void write_judge_settle(struct write_job *j, enum outbox_state state, struct str why)
{
	j->write = false;
	j->state = state;
	j->why = why;
}

/* Kept with the entry: for a conflict what the user is shown, else what we left there. */
static void note_shown(struct write_job *j, struct arena *mem)
{
	AUTO(buf_fini) struct buf shown = {0};
	write_identity(&j->now, &shown);
	j->shown = arena_str(mem, buf_str(&shown));
}

static void conflict(struct write_job *j, struct str what, struct arena *mem)
{
	const struct write_now *now = &j->now;
	note_shown(j, mem);
	write_judge_settle(j, OUTBOX_CONFLICT, arena_fmt(mem, "%.*s%s%.*s%s by %.*s at %.*s",
		STR_ARG(write_cap(what)), now->reason.n ? " (" : "",
		STR_ARG(write_cap(now->reason)), now->reason.n ? ")" : "",
		STR_ARG(now->by.n ? write_cap(now->by) : STR("somebody")),
		STR_ARG(now->at.n ? write_cap(now->at) : STR("an unknown time"))));
}

/* The user saw exactly this and chose to overwrite it. */
static bool write_judge_chosen(const struct write_job *j)
{
	AUTO(buf_fini) struct buf is = {0};
	write_identity(&j->now, &is);
	return j->over.n && str_eq(j->over, buf_str(&is));
}

void write_judge_decision(struct write_job *j, enum outbox_knew knew, struct arena *mem)
{
	if (j->now.found && knew == OUTBOX_OVERTAKEN)
		write_judge_settle(j, OUTBOX_UNCHANGED, STR("a later decision of ours is there"));
	else if (!j->now.found || knew == OUTBOX_KNEW || write_judge_chosen(j))
		j->write = true;
	else if (knew != OUTBOX_UNLIKE && str_is(j->now.status, verdict_name(j->d.verdict)))
		write_judge_settle(j, OUTBOX_UNCHANGED,
			arena_fmt(mem, "%.*s had said the same at %.*s",
				STR_ARG(write_cap(j->now.by)), STR_ARG(write_cap(j->now.at))));
	else
		conflict(j, j->now.status, mem);
	if (j->now.found && str_eq(j->now.hash, j->d.hash))
		write_judge_settle(j, OUTBOX_ACKNOWLEDGED, STR(""));
}

/* Our tags tell that all of an earlier try arrived: they are written last. */
static bool write_judge_complete(const struct write_job *j, bool has_tags)
{
	AUTO(buf_fini) struct buf tag = {0};
	bool any = false;
	if (!has_tags)
		return true;
	for (int v = VERDICT_APPROVED; v <= VERDICT_SUSPICIOUS; v++) {
		buf_clear(&tag);
		buf_fmt(&tag, WRITE_TAG "%s", verdict_name((enum verdict)v));
		bool there = write_has_tag(&j->now, buf_str(&tag));
		if (there && (enum verdict)v != j->d.verdict)
			return false;
		any |= there;
	}
	buf_clear(&tag);
	buf_fmt(&tag, WRITE_TAG_BY "%.*s", STR_ARG(j->d.analyst));
	return j->d.verdict == VERDICT_OPEN || (any && write_has_tag(&j->now, buf_str(&tag)));
}

/* Open, as it was when it was decided here, or as we left it. */
static bool write_judge_expected(const struct write_job *j)
{
	AUTO(buf_fini) struct buf is = {0};
	write_identity(&j->now, &is);
	return !j->now.status.n || str_is(j->now.status, "open") ||
		(j->alert.workflow_status.n && str_eq(j->now.status, j->alert.workflow_status)) ||
		(j->before.n && str_eq(j->before, buf_str(&is)));
}

/* Our tags under another's name, that we neither knew nor chose: statuses may be alike where verdicts
 * are not. */
static bool others_word(const struct write_job *j)
{
	AUTO(buf_fini) struct buf is = {0}, by = {0}, restorer = {0};
	write_identity(&j->now, &is);
	buf_fmt(&by, WRITE_TAG_BY "%.*s", STR_ARG(j->d.analyst));
	buf_fmt(&restorer, WRITE_TAG_BY "%.*s", STR_ARG(j->restored_by));
	bool tagged = false;
	for (size_t i = 0; i < j->now.n_tags; i++)
		tagged |= str_starts(j->now.tags[i], STR(WRITE_TAG_BY));
	return tagged && j->d.verdict != VERDICT_OPEN && !write_has_tag(&j->now, buf_str(&by)) &&
		!write_has_tag(&j->now, buf_str(&restorer)) && !write_judge_chosen(j) &&
		!(j->before.n && str_eq(j->before, buf_str(&is)));
}

static void judge_others_word(struct write_job *j, struct arena *mem)
{
	AUTO(buf_fini) struct buf tag = {0}, other_tag = {0};
	const char *other = verdict_name(j->d.verdict == VERDICT_APPROVED ? VERDICT_SUSPICIOUS
		: VERDICT_APPROVED);
	buf_fmt(&tag, WRITE_TAG "%s", verdict_name(j->d.verdict));
	buf_fmt(&other_tag, WRITE_TAG "%s", other);
	if (write_has_tag(&j->now, buf_str(&tag)))
		write_judge_settle(j, OUTBOX_UNCHANGED,
			arena_fmt(mem, "%.*s had said the same at %.*s",
				STR_ARG(write_cap(j->now.by)), STR_ARG(write_cap(j->now.at))));
	else
		conflict(j, write_has_tag(&j->now, buf_str(&other_tag)) ? str_c(other) : j->now.status, mem);
}

/* All of ours stands there: what an earlier try left, although its answer was lost, is ours. */
static void judge_there(struct write_job *j, struct arena *mem)
{
	write_judge_settle(j, j->sent ? OUTBOX_ACKNOWLEDGED : OUTBOX_UNCHANGED,
		j->sent ? STR("") : STR("it was so already"));
	note_shown(j, mem);
}

void write_judge_status(struct write_job *j, const struct write_target *t, bool has_tags,
	struct arena *mem)
{
	const struct write_status *to = &t->by[j->d.verdict];
	if (!j->alert.from_kibana)
		write_judge_settle(j, OUTBOX_DROPPED, STR("a match in files, no alert of Kibana"));
	else if (!j->now.found)
		write_judge_settle(
			j, OUTBOX_FAILED, STR("the alert is not there, or may not be seen"));
	else if (str_eq(j->now.status, to->status) && write_judge_complete(j, has_tags))
		judge_there(j, mem);
	else if (str_eq(j->now.status, to->status) && has_tags && others_word(j))
		judge_others_word(j, mem);
	else if (str_eq(j->now.status, to->status) || write_judge_expected(j) ||
		 write_judge_chosen(j))
		j->write = true;
	else
		conflict(j, j->now.status, mem);
}
