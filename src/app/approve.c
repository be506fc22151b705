/*
 * approve: the form of an approval: an account and its limits, with what would fit them as they
 * are typed. Granting decides nothing: the alerts that fit are a question of their own.
 */
#include "approve_priv.h"

#include "s3triage/base/when.h"

#include <inttypes.h>
#include <stdlib.h>

#define LINES_MAX 24
#define SLIPS_MAX 10

static const char *const labels[APPROVE_LINES] = {"role", "buckets", "actor", "to buckets", "region",
	"partition", "prefix", "tags", "KMS key", "storage", "person", "provider", "also", "from",
	"until", "owner", "ticket"};

void approve_init(struct app *a)
{
	a->approve = mem_alloc(sizeof(*a->approve));
	a->propose = mem_alloc(sizeof(*a->propose));
	a->amend = mem_alloc(sizeof(*a->amend));
	line_init(&a->approve->account, APPROVAL_TEXT_MAX);
	for (size_t i = 0; i < APPROVE_LINES; i++)
		line_init(&a->approve->field[i], APPROVAL_TEXT_MAX);
	line_init(&a->propose->confirm, 20);
	line_init(&a->amend->reason, DECISION_REASON_MAX);
}

void approve_fini(struct app *a)
{
	line_fini(&a->approve->account);
	for (size_t i = 0; i < APPROVE_LINES; i++)
		line_fini(&a->approve->field[i]);
	line_fini(&a->propose->confirm);
	line_fini(&a->amend->reason);
	approval_plan_fini(&a->propose->plan);
	free(a->approve->rows);
	free(a->approve);
	free(a->propose);
	free(a->amend);
}

static bool goes_to(const struct alert *al, struct str account)
{
	for (size_t i = 0; i < al->n_dests; i++)
		if (al->dests[i].relation != RELATION_OWN && str_eq(al->dests[i].account, account))
			return true;
	return false;
}

/* Open alerts that go to the account, as they are now; kept until something happens. */
static void approve_rows(struct app *a)
{
	struct approve *p = a->approve;
	size_t all = store_count(a->set.desk->store);
	if (p->rows && p->turn == a->turn)
		return;
	free(p->rows);
	p->rows = mem_array(all ? all : 1, sizeof(*p->rows));
	p->n = 0;
	p->turn = a->turn;
	for (row_id r = 0; r < all; r++)
		if (store_verdict(a->set.desk->store, r) == VERDICT_OPEN &&
			goes_to(store_alert(a->set.desk->store, r), line_str(&p->account)))
			p->rows[p->n++] = r;
}

/* "owner_override claims": by their names, in any order. */
static bool read_allows(struct str text, unsigned *allows, struct err *err)
{
	size_t n;
	const struct approval_allowed *may = approval_allowed(&n);
	while ((text = str_trim(text)).n) {
		struct str word = str_cut(&text, ' ');
		size_t i = 0;
		while (i < n && !str_is(word, may[i].key))
			i++;
		if (i == n)
			return err_set(err, ERR_USAGE, "also: write owner_override, delete_markers,"
				" existing_objects, claims, replica_modifications, or nothing");
		*allows |= may[i].bit;
	}
	return true;
}

static bool approve_read_bounds(
	struct str from, struct str until, int64_t now, struct approval *t, struct err *err)
{
	if (from.n && !when_bound(from, now, &t->from, err))
		return false;
	if (until.n && !approval_until(until, now, &t->until, err))
		return false;
	return t->until == WHEN_NONE || t->until > now || err_set(err, ERR_USAGE,
		"until: %.*s has passed; write a date to come", STR_ARG(until));
}

static void approve_sum(struct app *a, struct sum *s)
{
	approve_rows(a);
	for (size_t i = 0; i < a->approve->n; i++)
		sum_row(s, a->approve->rows[i]);
}

/* What they are bound to. */
static void approve_limits(const struct approve *p, const struct str *v, struct approval *t)
{
	*t = (struct approval){.account = line_str(&p->account), .role = v[APPROVE_ROLE],
		.bucket = v[APPROVE_BUCKETS], .actor = v[APPROVE_ACTOR], .dest_bucket = v[APPROVE_TO],
		.region = v[APPROVE_REGION], .partition = v[APPROVE_PARTITION], .kms_key = v[APPROVE_KEY],
		.storage_class = v[APPROVE_STORAGE], .prefix = v[APPROVE_PREFIX], .tags = v[APPROVE_TAGS],
		.person = v[APPROVE_PERSON], .identity_provider = v[APPROVE_PROVIDER],
		.owner = v[APPROVE_OWNER], .ticket = v[APPROVE_TICKET], .from = WHEN_NONE,
		.until = WHEN_NONE, .ended = WHEN_NONE, .automatic = p->automatic};
}

/* The fields as terms; slices of the fields. False: err says which cannot be. */
static bool approve_terms(struct app *a, struct approval *t, struct err *err)
{
	struct approve *p = a->approve;
	struct str v[APPROVE_LINES];
	for (size_t i = 0; i < APPROVE_LINES; i++)
		v[i] = str_trim(line_str(&p->field[i]));
	v[APPROVE_PREFIX] = line_str(&p->field[APPROVE_PREFIX]);
	approve_limits(p, v, t);
	return read_allows(v[APPROVE_ALSO], &t->allows, err) &&
	       approve_read_bounds(
		       v[APPROVE_FROM], v[APPROVE_UNTIL], a->set.desk->now(), t, err) &&
	       approval_can_fit(t, err);
}

/* Events can hold what no approval takes: that is not proposed, and said. */
static void approve_drop_unfit(struct app *a)
{
	struct approve *p = a->approve;
	AUTO(buf_fini) struct buf left = {0};
	for (size_t i = 0; i < APPROVE_FROM; i++) {
		struct str v[APPROVE_LINES] = {[0] = {0}};
		struct approval t;
		struct err err = {0};
		v[i] = line_str(&p->field[i]);
		approve_limits(p, v, &t);
		if (approval_check(&t, &err))
			continue;
		buf_fmt(&left, "%s%s '%.*s'", left.n ? ", " : "", labels[i], STR_ARG(str_sub(v[i], 0, 60)));
		line_set(&p->field[i], STR(""));
	}
	if (left.n)
		app_say(a, ROLE_WARN, "left empty, which is any: no approval can name %s", buf_cstr(&left));
}

/* ---- keys ----------------------------------------------------------------------------------- */

static unsigned approve_grant(struct app *a)
{
	struct approval terms;
	struct err err = {0};
	int64_t id = 0;
	if (!approve_terms(a, &terms, &err))
		return app_say(a, ROLE_WARN, "%s", err.text);
	if (!painted_answer(a))
		return APP_DRAW;
	if (!desk_approve(a->set.desk, &terms, &id, &err))
		return app_say(a, ROLE_ERROR, "nothing was approved: %s", err.text);
	a->turn++;
	a->shown.stale = true;
	layer_pop(a);
	if (app_unread(a, &err))
		return APP_DRAW;
	app_say(a, ROLE_GOOD, "approval %" PRId64 " is recorded; no open alert fits it", id);
	if (propose_open(a, id))
		app_say(a, ROLE_GOOD, "approval %" PRId64 " is recorded; nothing is decided yet", id);
	return APP_DRAW;
}

static unsigned approve_leave(struct app *a)
{
	layer_pop(a);
	return app_say(a, ROLE_DIM, "nothing was approved");
}

/* `automatic` is chosen. */
static bool approve_own(struct app *a, struct key k)
{
	struct approve *p = a->approve;
	if (p->at < APPROVE_LINES)
		return false;
	if (k.code == 'y' || k.code == 'n')
		p->automatic = k.code == 'y';
	else if (k.code == ' ')
		p->automatic = !p->automatic;
	return true;
}

static void approve_form(struct app *a, struct form *out)
{
	struct approve *p = a->approve;
	*out = (struct form){.enter = approve_grant, .leave = approve_leave, .own = approve_own, .pastes = true,
		.line = p->at < APPROVE_LINES ? &p->field[p->at] : NULL, .at = &p->at,
		.fields = APPROVE_LINES + 1};
}

/* ---- drawing -------------------------------------------------------------------------------- */

struct fit {
	row_id *rows; /* in the draw's arena */
	size_t n;
};

/* ": role differs 2, bucket 1": an alert counts for each limit that it is outside of. What fits is what
 * would be asked about if it were granted now. */
static struct str reasons(const struct app *a, const struct approval *t, struct arena *mem, struct fit *fit,
	struct str *people)
{
	size_t counts[MISFIT_COUNT] = {0};
	AUTO(buf_fini) struct buf out = {0}, who = {0};
	struct approvals *one = approvals_new();
	struct approval_plan plan;
	approvals_take(one, &(struct approval_row){.seq = 1, .event = APPROVAL_GRANTED, .id = 1, .terms = *t});
	desk_plan(a->set.desk, one, &(struct approval_ask){.now = a->set.desk->now()}, &plan);
	*fit = (struct fit){arena_array(mem, plan.n_fits + 1, sizeof(row_id)), plan.n_fits};
	for (size_t i = 0; i < plan.n_fits; i++)
		fit->rows[i] = plan.fits[i].row;
	for (size_t i = 0; i < plan.n_outside; i++)
		misfits_count(counts, plan.outside[i].misfit);
	approval_people(t, a->set.desk->store, &plan, &who);
	*people = arena_str(mem, buf_str(&who));
	approval_plan_fini(&plan);
	approvals_free(one);
	misfits_say(counts, &out);
	return arena_fmt(mem, "%s%.*s", out.n ? ": " : "", STR_ARG(buf_str(&out)));
}

/* What the verb warns of, too. */
static size_t say_slips(struct app *a, const struct approval *t, struct arena *mem, struct dialog_line *l)
{
	AUTO(buf_fini) struct buf slips = {0};
	size_t n = 0;
	approval_doubts(t, a->set.desk->store, &slips);
	for (struct str rest = buf_str(&slips); rest.n && n < SLIPS_MAX;)
		l[n++] = (struct dialog_line){ROLE_WARN, arena_str(mem, str_cut(&rest, '\n')), STR("")};
	return n;
}

static size_t approve_preview(struct app *a, struct arena *mem, struct dialog_line *l, size_t *needed)
{
	struct approval t;
	struct err err = {0};
	struct fit fit;
	struct str people;
	size_t n = 0;
	approve_rows(a);
	if (!approve_terms(a, &t, &err)) {
		l[n++] = (struct dialog_line){ROLE_WARN, arena_str(mem, str_c(err.text)), STR("")};
		return n;
	}
	struct str why = reasons(a, &t, mem, &fit, &people);
	l[n++] = (struct dialog_line){ROLE_STRONG, arena_fmt(mem, "%zu open alert%s fit%s, %zu stay%s open%.*s",
		fit.n, plural(fit.n), fit.n == 1 ? "s" : "", a->approve->n - fit.n,
		a->approve->n - fit.n == 1 ? "s" : "", STR_ARG(why)), STR("")};
	const struct book_entry *e = a->set.desk->book ? book_find(a->set.desk->book, t.account) : NULL;
	if (e && e->kind == ACCOUNT_FLAGGED)
		l[n++] = (struct dialog_line){ROLE_SUSPICIOUS, STR("the account book flags this account"),
			STR("")};
	if (!t.role.n && !t.bucket.n && !t.actor.n && !t.dest_bucket.n)
		l[n++] = (struct dialog_line){ROLE_WARN, STR("no limit: anything may be replicated to it"),
			STR("")};
	if (t.until == WHEN_NONE)
		l[n++] = (struct dialog_line){ROLE_WARN, STR("it never ends"), STR("")};
	if (people.n)
		l[n++] = (struct dialog_line){ROLE_WARN, people, STR("")};
	n += say_slips(a, &t, mem, l + n);
	*needed = n;
	n += preview_routes(a, fit.rows, fit.n, mem, l + n);
	/* Last: the first to go where there is little room. */
	l[n++] = (struct dialog_line){ROLE_DIM, STR("an empty field is any; a * at the end is all that "
		"start so"), STR("")};
	return n;
}

static void approve_dialog(struct app *a, struct arena *mem, struct dialog_model *out)
{
	static const struct key_hint hints[] = {{"Enter", "grant"}, {"Tab", "next field"},
		{"Esc", "back"}, {NULL, NULL}};
	struct approve *p = a->approve;
	struct dialog_line *lines = arena_array(mem, LINES_MAX, sizeof(*lines));
	struct dialog_field *f = arena_array(mem, APPROVE_LINES + 1, sizeof(*f));
	size_t needed = 0, n = approve_preview(a, mem, lines, &needed);
	for (size_t i = 0; i < APPROVE_LINES; i++)
		f[i] = (struct dialog_field){str_c(labels[i]), line_str(&p->field[i]),
			p->field[i].cursor};
	f[APPROVE_LINES] = (struct dialog_field){STR("automatic"), p->automatic
		? STR("yes: decides by itself   (y, n)") : STR("no: proposes only   (y, n)"), 0};
	*out = (struct dialog_model){
		.title = arena_fmt(mem, "Approve account %.*s", STR_ARG(line_str(&p->account))),
		.lines = lines,
		.n_lines = n,
		.needed = needed,
		.fields = f,
		.n_fields = APPROVE_LINES + 1,
		.field = p->at,
		.selected = STR_NONE,
		.hints = hints};
}

/* ---- opening -------------------------------------------------------------------------------- */

static const struct layer approve_layer = {.key = form_key, .paste = form_paste, .form = approve_form,
	.dialog = approve_dialog, .sum = approve_sum};

unsigned act_approve_account(struct app *a)
{
	struct approve *p = a->approve;
	struct err err = {0};
	const struct ground *here = layer_ground(a);
	struct str account = here->account(a);
	const struct approval only_account = {.account = account, .until = WHEN_NONE, .ended = WHEN_NONE};
	if (a->set.desk->read_only || !a->set.desk->approvals)
		return app_say(a, ROLE_WARN, "read-only: nothing can be approved here");
	if (!account.n)
		return app_say(a, ROLE_DIM, "no account to approve here: choose one in the accounts table");
	if (!approval_check(&only_account, &err))
		return app_say(a, ROLE_WARN, "it cannot be approved: %s", err.text);
	line_set(&p->account, account);
	free(p->rows);
	p->rows = NULL;
	p->automatic = false;
	p->at = 0;
	approve_rows(a);
	approve_fill(a, here->alerts ? a->cursor : ROW_NONE);
	approve_drop_unfit(a);
	layer_push(a, &approve_layer);
	return APP_DRAW;
}
