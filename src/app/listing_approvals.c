/*
 * listing_approvals: the approvals themselves: limits, ends, what each has closed here. Enter offers
 * to end one or to change whether it decides by itself; each is confirmed first (amend).
 */
#include "approve_priv.h"

#include "s3triage/base/when.h"

#include <inttypes.h>

static const struct listing_column columns[] = {
	{.name = "id", .width = 5, .right = true},
	{.name = "state", .width = 7},
	{.name = "decides", .width = 9, .rank = 3},
	{.name = "account", .width = 12},
	{.name = "limits", .width = 16, .grow = 3, .rank = 2},
	{.name = "until", .width = 10, .grow = 1},
	{.name = "granted by", .width = 10, .grow = 1, .rank = 4},
};

static size_t listing_approvals_count(struct app *a)
{
	return a->set.desk->approvals ? approvals_count(a->set.desk->approvals) : 0;
}

/* The newest first: it is the one that is looked for. */
static const struct approval *listing_approvals_at(const struct app *a, size_t i)
{
	const struct approvals *s = a->set.desk->approvals;
	return approvals_at(s, approvals_count(s) - 1 - i);
}

static const char *listing_approvals_state_of(const struct app *a, const struct approval *p)
{
	return p->ended != WHEN_NONE ? "ended"
		: approval_stands(p, a->set.desk->now()) ? "stands" : "expired";
}

/* The end of an ARN is what tells it from others. */
static struct str last_part(struct str s)
{
	for (size_t i = s.n; i > 0; i--)
		if (s.p[i - 1] == '/' && i < s.n)
			return str_sub(s, i, s.n);
	return s;
}

/* The limits in short; the page has the whole ARNs. */
static struct str limits(const struct approval *p, struct arena *mem)
{
	AUTO(buf_fini) struct buf out = {0};
	struct approval brief = *p;
	brief.role = last_part(p->role);
	brief.actor = last_part(p->actor);
	approval_limits(&brief, &out);
	return out.n ? arena_str(mem, buf_str(&out)) : STR("none: anything");
}

static struct str listing_approvals_bound(int64_t ms, bool end, struct arena *mem)
{
	AUTO(buf_fini) struct buf out = {0};
	if (ms == WHEN_NONE)
		return end ? STR("no end") : STR("any time");
	approval_time(ms, end, &out);
	return arena_str(mem, buf_str(&out));
}

static void listing_approvals_row(
	const void *app, size_t i, struct arena *mem, struct listing_cell *c)
{
	const struct app *a = app;
	const struct approval *p = listing_approvals_at(a, i);
	bool stands = approval_stands(p, a->set.desk->now());
	bool unlimited = !p->role.n && !p->bucket.n && !p->actor.n && !p->dest_bucket.n;
	c[0] = (struct listing_cell){arena_fmt(mem, "%" PRId64, p->id), ROLE_TEXT};
	c[1] = (struct listing_cell){
		str_c(listing_approvals_state_of(a, p)), stands ? ROLE_APPROVED : ROLE_DIM};
	c[2] = (struct listing_cell){p->automatic ? STR("by itself") : STR("if asked"),
		p->automatic && stands ? ROLE_WARN : ROLE_DIM};
	c[3] = (struct listing_cell){p->account, stands ? ROLE_STRONG : ROLE_DIM};
	c[4] = (struct listing_cell){limits(p, mem), unlimited && stands ? ROLE_WARN : ROLE_TEXT};
	c[5] = (struct listing_cell){listing_approvals_bound(p->until, true, mem), ROLE_TEXT};
	c[6] = (struct listing_cell){p->by, ROLE_DIM};
}

static void say_time(struct text *t, const char *label, int64_t ms)
{
	char when[WHEN_TEXT_MAX];
	if (ms != WHEN_NONE)
		listing_say(t, label, str_c(when_format(ms, when)));
}

static void say_terms(struct text *t, const struct approval *p, struct arena *mem)
{
	const struct {
		const char *label;
		struct str s;
	} limits[] = {{"role", p->role}, {"buckets", p->bucket}, {"actor", p->actor},
		{"to buckets", p->dest_bucket}, {"region", p->region}, {"partition", p->partition},
		{"prefix", p->prefix}, {"tags", p->tags}};
	size_t n;
	const struct approval_allowed *may = approval_allowed(&n);
	for (size_t i = 0; i < ARRAY_LEN(limits); i++)
		listing_say(t, limits[i].label, limits[i].s.n ? limits[i].s : STR("any"));
	listing_say(t, "KMS key", p->kms_key); /* without: of the bucket's owner or of the account */
	listing_say(t, "storage", p->storage_class);
	listing_say(t, "person", p->person);
	listing_say(t, "provider", p->identity_provider);
	AUTO(buf_fini) struct buf also = {0};
	for (size_t i = 0; i < n; i++)
		if (p->allows & may[i].bit)
			buf_fmt(&also, "%s%s", also.n ? " " : "", may[i].key);
	listing_say(t, "also", also.n ? arena_str(mem, buf_str(&also)) : STR("nothing"));
	if (!approval_takes_claims(p))
		listing_say(t, "", STR("an account that is only claimed does not fit: name the buckets it goes to"));
	listing_say(t, "from", listing_approvals_bound(p->from, false, mem));
	listing_say(t, "until", listing_approvals_bound(p->until, true, mem));
	listing_say(t, "owner", p->owner);
	listing_say(t, "ticket", p->ticket);
	listing_say(t, "note", p->note);
}

static void listing_approvals_page(struct app *a, size_t i, struct text *t)
{
	struct arena mem = {0};
	const struct approval *p = listing_approvals_at(a, i);
	size_t n = approval_edit_closed(a, p->id);
	text_fmt(t, ROLE_HEADING, "approval %" PRId64 " for account ", p->id);
	text_span(t, ROLE_HEADING, p->account);
	text_end(t);
	listing_say(t, "state", str_c(listing_approvals_state_of(a, p)));
	listing_say(t, "decides", p->automatic ? STR("by itself, without being asked") : STR("only when asked"));
	listing_say(t, "here", arena_fmt(&mem, "%zu alert%s approved by it", n, plural(n)));
	say_terms(t, p, &mem);
	listing_say(t, "granted by", p->by);
	say_time(t, "granted", p->at);
	say_time(t, "ended", p->ended);
	listing_say(t, "ended by", p->ended_by);
	listing_say(t, "reason", p->ended_reason);
	arena_fini(&mem);
}

/* ---- what can be done with one -------------------------------------------------------------- */

enum choice { CHOICE_END, CHOICE_AUTOMATIC, CHOICE_ASK, CHOICES };

static size_t choice_count(const struct app *a)
{
	(void)a;
	return CHOICES;
}

static bool choice_item(const struct app *a, size_t i, struct arena *mem, struct menu_item *out)
{
	const struct approval *p = approvals_find(a->set.desk->approvals, a->amend->what.id);
	const struct menu_item items[] = {
		{STR("end"), STR("it holds no more; what it closed is asked about"), CHOICE_END},
		{STR("automatic"), p && p->automatic ? STR("it only proposes from now on")
			: STR("it decides by itself from now on"), CHOICE_AUTOMATIC},
		{STR("ask"), STR("what it proposes now, after a preview"), CHOICE_ASK},
	};
	(void)mem;
	*out = items[i];
	return p != NULL;
}

static unsigned choice_run(struct app *a, int id)
{
	const struct approval *p = approvals_find(a->set.desk->approvals, a->amend->what.id);
	if (!p)
		return APP_DRAW;
	if (id == CHOICE_END)
		return approval_edit_open(a, &(struct approval_change){.id = p->id, .end = true});
	if (id == CHOICE_AUTOMATIC)
		return approval_edit_open(a, &(struct approval_change){.id = p->id, .automatic = !p->automatic});
	if (a->set.desk->read_only)
		return app_say(a, ROLE_WARN, "read-only: nothing can be decided here");
	if (!propose_open(a, p->id))
		return app_say(a, ROLE_DIM, "it proposes nothing now");
	return APP_DRAW;
}

static unsigned listing_approvals_enter(struct app *a, size_t i)
{
	static const struct menu_kind kind = {"This approval", "go on", choice_count, choice_item, choice_run};
	const struct approval *p = listing_approvals_at(a, i);
	if (p->ended != WHEN_NONE)
		return app_say(a, ROLE_DIM, "it has ended: nothing of it can be changed");
	a->amend->what = (struct approval_change){.id = p->id};
	return menu_open(a, &kind);
}

static const struct listing_kind approvals_kind = {
	.title = "Approvals",
	.columns = columns,
	.n_columns = ARRAY_LEN(columns),
	.empty = "no approval was granted yet",
	.count = listing_approvals_count,
	.row = listing_approvals_row,
	.page = listing_approvals_page,
	.enter = listing_approvals_enter,
	.entered = "end, change",
	.enter_help = "end it, change it, or do what it proposes",
};

unsigned act_approvals(struct app *a)
{
	return listing_open(a, &approvals_kind);
}
