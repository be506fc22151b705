/*
 * others: two analysts on one alert. Another's standing verdict is replaced only when the same is
 * asked for twice, the first time being told whose it is; and of what the team's place
 * did not take because of another's word, one chooses here.
 */
#include "app_priv.h"

#include "s3triage/base/when.h"

bool others_ask(struct app *a, const row_id *rows, size_t n, enum verdict v)
{
	struct asked now = {.verdict = v, .n = n, .row = ROW_NONE};
	char when[WHEN_TEXT_MAX];
	size_t others = 0;
	for (size_t i = 0; i < n; i++) {
		if (!desk_word(a->set.desk, rows[i]))
			continue;
		now.row = others++ ? now.row : rows[i];
		now.seq += store_decision(a->set.desk->store, rows[i])->seq;
	}
	if (!others || (a->asked.shown && a->asked.row == now.row && a->asked.n == n &&
			a->asked.verdict == v && a->asked.seq == now.seq))
		return false;
	const struct decision *d = desk_word(a->set.desk, now.row);
	if (n == 1)
		app_say(a, ROLE_WARN, "it is %s%s by %.*s, %s%s%.*s: the same key again replaces it",
			d->verdict == v ? "already " : "", verdict_name(d->verdict),
			STR_ARG(str_sub(decision_who(d), 0, 60)),
			when_format(decision_made(d), when), d->reason.n ? ", " : "",
			STR_ARG(str_sub(d->reason, 0, 80)));
	else
		app_say(a, ROLE_WARN, "others decided %zu of them (%.*s: %s, %s): the same again replaces"
			" that", others, STR_ARG(str_sub(decision_who(d), 0, 60)), verdict_name(d->verdict),
			when_format(decision_made(d), when));
	a->asked = now; /* behind app_say(), which withdraws what was asked before */
	return true;
}

void others_forget(struct app *a, row_id conflict)
{
	if (!a->message.n)
		a->asked.n = 0;
	if (a->asked_conflict == conflict)
		a->asked_conflict = 0;
	for (int redo = 0; redo < 2; redo++)
		if (!a->took[redo])
			a->told[redo] = 0;
}

static unsigned others_choose(struct app *a, enum sender_choice c)
{
	if (!a->set.desk->out.sender)
		return app_say(a, ROLE_DIM, "nothing is shared: no profile has `write`");
	if (a->set.desk->read_only || a->cursor == ROW_NONE)
		return app_say(a, ROLE_DIM, "there is nothing to choose");
	bool told = a->asked_conflict == a->cursor + 1;
	a->asked_conflict = told ? 0 : a->cursor + 1;
	const struct decision *d = store_decision(a->set.desk->store, a->cursor);
	sender_choose(a->set.desk->out.sender, alert_name(store_alert(a->set.desk->store, a->cursor)),
		d ? d->seq : 0, told ? c : SENDER_ASK);
	return APP_DRAW;
}

unsigned act_send_mine(struct app *a)
{
	return others_choose(a, SENDER_OVERWRITE);
}

unsigned act_keep_theirs(struct app *a)
{
	return others_choose(a, SENDER_KEEP);
}
