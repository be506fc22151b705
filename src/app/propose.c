/*
 * propose: what approvals propose now, and the question whether it may be done. The plan points
 * into the approvals: it is made anew whenever they or the alerts changed.
 */
#include "approve_priv.h"

#include <inttypes.h>
#include <stdlib.h>

#define CONFIRM_FROM 100
#define LISTED 4

const struct approval_plan *propose_plan(struct app *a, int64_t only)
{
	struct propose *p = a->propose;
	const struct approvals *s = a->set.desk->approvals;
	size_t version = s ? approvals_version(s) : 0;
	if (p->made && p->only == only && p->turn == a->turn && p->version == version)
		return &p->plan;
	approval_plan_fini(&p->plan);
	if (s)
		desk_plan(a->set.desk, s, &(struct approval_ask){.now = a->set.desk->now(), .only = only},
			&p->plan);
	p->made = true;
	p->only = only;
	p->turn = a->turn;
	p->version = version;
	a->listing.fresh = false;
	return &p->plan;
}

static size_t propose_changes(struct app *a)
{
	const struct approval_plan *p = propose_plan(a, a->propose->asked);
	return p->n_fits + p->n_reopen;
}

static void propose_sum(struct app *a, struct sum *s)
{
	const struct approval_plan *p = propose_plan(a, a->propose->asked);
	for (size_t i = 0; i < p->n_fits; i++) {
		sum_row(s, p->fits[i].row);
		sum_add(s, (uint64_t)p->fits[i].approval->id);
	}
	sum_add(s, p->n_outside);
	for (size_t i = 0; i < p->n_reopen; i++)
		sum_row(s, p->reopen[i].row);
	for (size_t i = 0; i < p->n_moves; i++)
		sum_row(s, p->moves[i].row);
}

static bool must_type(struct app *a)
{
	return propose_changes(a) > CONFIRM_FROM;
}

static bool asks_first(struct app *a, const struct approval_plan *p)
{
	row_id *rows = mem_array(p->n_fits ? p->n_fits : 1, sizeof(*rows));
	for (size_t i = 0; i < p->n_fits; i++)
		rows[i] = p->fits[i].row;
	bool asks = p->n_fits && others_ask(a, rows, p->n_fits, VERDICT_APPROVED);
	free(rows);
	return asks;
}

static unsigned propose_apply(struct app *a)
{
	struct err err = {0};
	int64_t typed;
	const struct approval_plan *p = propose_plan(a, a->propose->asked);
	if (!painted_answer(a))
		return APP_DRAW;
	if (must_type(a) && (!str_int(str_trim(line_str(&a->propose->confirm)), &typed) ||
			typed != (int64_t)propose_changes(a)))
		return app_say(a, ROLE_WARN, "type %zu, the number of alerts, to decide them",
			propose_changes(a));
	if (a->set.desk->read_only)
		return app_say(a, ROLE_WARN, "read-only: nothing can be decided here");
	if (asks_first(a, p))
		return APP_DRAW;
	bool ok = desk_apply(a->set.desk, &a->propose->plan, false, &err);
	size_t fits = p->n_fits, reopen = p->n_reopen; /* what was recorded: others may have decided meanwhile */
	a->turn++; /* also after a failure: a part of it may be on disk */
	if (!ok)
		return app_say(a, ROLE_ERROR, "not all was recorded: %s", err.text);
	layer_pop(a);
	app_sync(a);
	if (app_unread(a, &err))
		return APP_DRAW;
	return app_say(a, ROLE_APPROVED, "by approvals: %zu approved, %zu opened again", fits, reopen);
}

static unsigned propose_leave(struct app *a)
{
	layer_pop(a);
	return app_say(a, ROLE_DIM, "nothing was decided; it stays proposed");
}

static void propose_form(struct app *a, struct form *out)
{
	*out = (struct form){.enter = propose_apply, .leave = propose_leave,
		.line = must_type(a) ? &a->propose->confirm : NULL};
}

/* ---- drawing -------------------------------------------------------------------------------- */

static size_t propose_list(const struct app *a, const struct approval_plan *p, struct arena *mem,
	struct dialog_line *l)
{
	size_t n = 0;
	for (size_t i = 0; i < p->n_fits && i < LISTED; i++) {
		const struct alert *al = store_alert(a->set.desk->store, p->fits[i].row);
		l[n++] = (struct dialog_line){ROLE_TEXT, arena_str(mem, str_sub(al->bucket, 0, 63)),
			arena_fmt(mem, "%.*s  approval %" PRId64, STR_ARG(str_sub(al->actor, 0, 60)),
				p->fits[i].approval->id)};
	}
	if (p->n_fits > LISTED)
		l[n++] = (struct dialog_line){ROLE_DIM, arena_fmt(mem, "and %zu more", p->n_fits - LISTED),
			STR("")};
	return n;
}

/* All of them, with the values that are outside, stand in the table of proposals. */
static struct str propose_outside(const struct approval_plan *p, struct arena *mem)
{
	size_t counts[MISFIT_COUNT] = {0};
	AUTO(buf_fini) struct buf why = {0};
	for (size_t i = 0; i < p->n_outside; i++)
		misfits_count(counts, p->outside[i].misfit);
	misfits_say(counts, &why);
	return arena_fmt(mem, "%zu outside the limits stay%s open (L lists them): %.*s", p->n_outside,
		p->n_outside == 1 ? "s" : "", STR_ARG(buf_str(&why)));
}

/* What moves from one approval to another is decided anew, too. */
static size_t propose_routes(const struct app *a, const struct approval_plan *p, struct arena *mem,
	struct dialog_line *l)
{
	size_t n = 0;
	row_id *rows = arena_array(mem, p->n_fits + p->n_reopen + p->n_moves + 1, sizeof(*rows));
	for (size_t i = 0; i < p->n_fits; i++)
		rows[n++] = p->fits[i].row;
	for (size_t i = 0; i < p->n_reopen; i++)
		rows[n++] = p->reopen[i].row;
	for (size_t i = 0; i < p->n_moves; i++)
		rows[n++] = p->moves[i].row;
	return preview_routes(a, rows, n, mem, l);
}

static size_t question(struct app *a, struct arena *mem, struct dialog_line *l)
{
	const struct approval_plan *p = propose_plan(a, a->propose->asked);
	size_t n = 0;
	const struct approval *one = a->propose->asked
		? approvals_find(a->set.desk->approvals, a->propose->asked) : NULL;
	if (one) {
		AUTO(buf_fini) struct buf text = {0};
		approval_describe(one, &text);
		l[n++] = (struct dialog_line){ROLE_STRONG, arena_str(mem, buf_str(&text)), STR("")};
	}
	n += propose_list(a, p, mem, l + n);
	if (p->n_reopen)
		l[n++] = (struct dialog_line){ROLE_OPEN, arena_fmt(mem, "%zu opened again: their approval "
			"has ended", p->n_reopen), STR("")};
	if (p->n_moves)
		l[n++] = (struct dialog_line){ROLE_TEXT, arena_fmt(mem, "%zu stay approved: an automatic "
			"approval takes them over", p->n_moves), STR("")};
	if (p->n_outside)
		l[n++] = (struct dialog_line){ROLE_DIM, propose_outside(p, mem), STR("")};
	return n + propose_routes(a, p, mem, l + n);
}

static struct str propose_title(struct app *a, struct arena *mem)
{
	const struct propose *p = a->propose;
	const struct approval_plan *plan = propose_plan(a, p->asked);
	size_t n = plan->n_fits ? plan->n_fits : plan->n_reopen;
	const char *to = plan->n_fits ? "approved" : "open again";
	if (!n)
		return arena_fmt(mem, "Approval %" PRId64 " holds no more", p->asked);
	return p->asked ? arena_fmt(mem, "Mark %zu alert%s %s (approval %" PRId64 ")?", n,
			plural(n), to, p->asked)
		: arena_fmt(mem, "Mark %zu alert%s %s by approvals?", n, plural(n), to);
}

static void propose_dialog(struct app *a, struct arena *mem, struct dialog_model *out)
{
	static const struct key_hint hints[] = {{"Enter", "decide"}, {"Esc", "back"}, {NULL, NULL}};
	struct dialog_line *lines = arena_array(mem, LISTED + 7, sizeof(*lines));
	struct dialog_field *f = arena_array(mem, 1, sizeof(*f));
	f[0] = (struct dialog_field){arena_fmt(mem, "type %zu", propose_changes(a)),
		line_str(&a->propose->confirm), a->propose->confirm.cursor};
	*out = (struct dialog_model){.title = propose_title(a, mem), .lines = lines,
		.n_lines = question(a, mem, lines), .fields = f, .n_fields = must_type(a),
		.selected = STR_NONE, .hints = hints};
}

static const struct layer propose_layer = {.key = form_key, .paste = form_paste, .form = propose_form,
	.dialog = propose_dialog, .sum = propose_sum};

bool propose_open(struct app *a, int64_t only)
{
	const struct approval_plan *p = propose_plan(a, only);
	if (p->n_fits + p->n_reopen + p->n_moves == 0)
		return false;
	a->propose->asked = only;
	line_set(&a->propose->confirm, STR(""));
	layer_push(a, &propose_layer);
	return true;
}
