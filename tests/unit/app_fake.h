/*
 * A console without terminal, clock and disk: alerts made up, a journal in memory, keys from a
 * script such as "jj<Space>a<Enter>".
 */
#ifndef TESTS_UNIT_APP_FAKE_H
#define TESTS_UNIT_APP_FAKE_H

#include "../unit.h"

#include "../golden.h"
#include "s3triage/alert/facts.h"
#include "s3triage/app/app.h"
#include "s3triage/base/mem.h"
#include "s3triage/event/json.h"
#include "s3triage/journal/outbox.h"
#include "alert_make.h"

#include <stdio.h>

#define FAKE_ROWS 8000

struct fake {
	struct arena mem;
	struct desk desk; /* with what a test gives it */
	struct config *config;
	struct app *app;
	struct decision rows[FAKE_ROWS];
	size_t n, heard, undone[64], n_undone, n_stack; /* batches */
	size_t stack[64];
	int batch;
	bool fail, unread, stopped; /* unread: written, but not read back */
	bool (*undo)(struct fake *f, bool redo, struct journal_taken *t); /* in the place of the fake's; NULL */
	bool (*old_draft)(const char *name, struct buf *path); /* NULL: there is none */
	int64_t agreed; /* rows of approvals */
	enum journal_place place;
	size_t granted, applied, amended;
	struct approval last; /* that was granted */
	bool frames; /* one after each key */
	int height, width; /* of the screen; 0: 40, 120 */
	unsigned after;
	char copied[256];
	struct decision unseen; /* another's, in the journal but not heard of yet; seq 0: none */
	char draft[80], reason[DECISION_REASON_MAX + 1], note[200]; /* the last one kept */
};

static inline int64_t fake_now(void)
{
	return MAKE_T0 + 3600000;
}

static inline void fake_append(struct fake *f, struct decision d)
{
	d.seq = (int64_t)f->n + 1;
	d.at = MAKE_T0 + 7200000 + d.seq * 1000;
	d.analyst = STR("kim");
	f->rows[f->n++] = d;
}

/* ---- the journal's functions, in whose place the linker puts these (FAKED in the Makefile); the journal
 * is the fake itself ---- */

#define FAKED(type, name, ...)                                                                     \
	type __wrap_##name(__VA_ARGS__);                                                           \
	type __wrap_##name(__VA_ARGS__)

static inline struct fake *fake_of(const void *journal)
{
	return (struct fake *)(uintptr_t)journal;
}

static inline bool fake_full(const struct fake *f, struct err *err)
{
	return f->fail && !err_set(err, ERR_IO, "cannot write the journal: No space left on device");
}

FAKED(bool, journal_poll, struct journal *j, journal_row_fn fn, void *ctx, struct err *err)
{
	struct fake *f = fake_of(j);
	if (f->unread)
		return err_set(err, ERR_IO, "cannot read the journal: disk I/O error");
	while (f->heard < f->n)
		fn(ctx, &f->rows[f->heard++]);
	return true;
}

FAKED(bool, journal_walk, struct journal *j, struct journal_walk *w, int64_t max, int64_t *broken,
	struct err *err)
{
	(void)j, (void)w, (void)max, (void)broken, (void)err;
	return true;
}

FAKED(bool, journal_takes, const struct journal *j, size_t n, struct err *err)
{
	(void)j, (void)n, (void)err;
	return true;
}

FAKED(enum journal_place, journal_in_place, struct journal *j, struct err *err)
{
	struct fake *f = fake_of(j);
	if (f->place)
		err_set(err, ERR_INPUT, "its file was deleted");
	return f->place;
}

FAKED(const struct journal_known *, journal_knows, const struct journal *j)
{
	static const struct journal_known three = {.rows = 3, .head = "abcdef0123456789"};
	(void)j;
	return &three;
}

FAKED(bool, journal_rescue, struct journal *j, const char *to, struct err *err)
{
	(void)j, (void)to;
	return err_set(err, ERR_IO, "the disk is full");
}

FAKED(int64_t, journal_ahead, const struct journal *j)
{
	(void)j;
	return 0;
}

static inline bool fake_conflict(struct fake *f, const struct journal_entry *e, struct err *err)
{
	struct decision *d = &f->unseen;
	if (!d->seq || !e->careful || e->knew >= d->seq || !str_eq(e->alert->id, d->alert_id))
		return false;
	f->rows[f->n++] = *d;
	*d = (struct decision){0};
	err_set(err, ERR_CONFLICT, "another spoke");
	return true;
}

FAKED(bool, journal_decide, struct journal *j, const struct journal_entry *e, size_t n,
	const struct journal_author *author, struct err *err)
{
	struct fake *f = fake_of(j);
	(void)author;
	if (fake_full(f, err))
		return false;
	for (size_t i = 0; i < n; i++)
		if (fake_conflict(f, &e[i], err))
			return false;
	struct str batch = arena_fmt(&f->mem, "%d", ++f->batch);
	if (f->unread)
		return true;
	f->stack[f->n_stack++ % ARRAY_LEN(f->stack)] = f->n;
	for (size_t i = 0; i < n; i++) {
		row_id r = store_find(f->desk.store, e[i].alert->id, NULL);
		fake_append(f, (struct decision){.alert_id = e[i].alert->id,
			.event_id = e[i].alert->event_id, .rule_id = e[i].alert->rule_id,
			.from = store_verdict(f->desk.store, r), .verdict = e[i].verdict,
			.reason = arena_str(&f->mem, e[i].reason), .note = arena_str(&f->mem, e[i].note),
			.batch = batch});
	}
	return true;
}

/* Only as much of undo as the app sees: the newest batch, turned round. */
static inline bool fake_undo(struct fake *f, bool redo, struct journal_taken *t)
{
	if (f->undo)
		return f->undo(f, redo, t);
	if (redo ? !f->n_undone : !f->n_stack)
		return true;
	size_t from = redo ? f->undone[--f->n_undone] : f->stack[--f->n_stack % ARRAY_LEN(f->stack)];
	struct str batch = f->rows[from].batch;
	size_t end = f->n;
	for (size_t i = from; i < end && str_eq(f->rows[i].batch, batch); i++, t->n++) {
		struct decision d = f->rows[i];
		d.undoes = d.seq;
		d.redo = redo;
		d.batch = arena_fmt(&f->mem, "u%zu", f->n);
		if (!redo) {
			d.from = f->rows[i].verdict;
			d.verdict = f->rows[i].from;
		}
		fake_append(f, d);
	}
	if (redo)
		f->stack[f->n_stack++ % ARRAY_LEN(f->stack)] = from;
	else
		f->undone[f->n_undone++] = from;
	return true;
}

FAKED(bool, journal_undo, struct journal *j, const struct journal_author *author,
	struct journal_taken *t, struct err *err)
{
	(void)author, (void)err;
	return fake_undo(fake_of(j), false, t);
}

FAKED(bool, journal_redo, struct journal *j, const struct journal_author *author,
	struct journal_taken *t, struct err *err)
{
	(void)author, (void)err;
	return fake_undo(fake_of(j), true, t);
}

FAKED(bool, outbox_history, struct journal *j, const struct alert *a, journal_row_fn fn, void *arg,
	struct err *err)
{
	struct fake *f = fake_of(j);
	(void)err;
	for (size_t i = 0; i < f->n; i++)
		if (str_eq(f->rows[i].alert_id, alert_name(a)))
			fn(arg, &f->rows[i]);
	return true;
}

FAKED(bool, journal_tick, struct journal *j, const struct tick *t, const struct journal_author *author,
	struct err *err)
{
	struct fake *f = fake_of(j);
	struct tick row = *t;
	if (fake_full(f, err))
		return false;
	AUTO(buf_fini) struct buf facts = {0};
	export_facts(t->about, &facts);
	row.facts = buf_str(&facts);
	row.seq = 1000 + (int64_t)ticks_version(f->desk.ticks);
	row.analyst = author->analyst;
	row.at = author->at;
	ticks_take(f->desk.ticks, &row);
	return true;
}

static inline void fake_grant(struct fake *f, const struct approval *terms, int64_t id)
{
	approvals_take(f->desk.approvals, &(struct approval_row){.seq = ++f->agreed, .at = MAKE_T0,
		.analyst = STR("kim"), .event = APPROVAL_GRANTED, .id = id, .terms = *terms});
}

FAKED(bool, journal_approve, struct journal *j, const struct approval *terms,
	const struct journal_author *author, int64_t *id, struct err *err)
{
	struct fake *f = fake_of(j);
	(void)author;
	if (fake_full(f, err))
		return false;
	struct approval t = *terms;
	t.id = *id = 3 + (int64_t)f->granted++;
	if (f->unread)
		return true;
	fake_grant(f, &t, *id);
	f->last = *approvals_find(f->desk.approvals, *id);
	return true;
}

static inline bool fake_amend(struct fake *f, struct approval_row row, struct err *err)
{
	if (fake_full(f, err))
		return false;
	f->amended++;
	row.seq = ++f->agreed;
	row.at = MAKE_T0 + 1;
	row.analyst = STR("kim");
	approvals_take(f->desk.approvals, &row);
	return true;
}

FAKED(bool, journal_approval_end, struct journal *j, int64_t id, struct str reason,
	const struct journal_author *author, struct err *err)
{
	(void)author;
	return fake_amend(fake_of(j), (struct approval_row){.event = APPROVAL_ENDED, .id = id,
		.reason = reason}, err);
}

FAKED(bool, journal_approval_automatic, struct journal *j, int64_t id, bool on,
	const struct journal_author *author, struct err *err)
{
	(void)author;
	return fake_amend(fake_of(j), (struct approval_row){.event = APPROVAL_AUTOMATIC, .id = id,
		.automatic = on}, err);
}

FAKED(bool, approval_apply, struct journal *j, struct approval_plan *p, const struct store *store,
	const struct approval_apply *how, struct err *err)
{
	struct fake *f = fake_of(j);
	const struct {
		const struct proposal *v;
		size_t n;
		enum verdict verdict;
	} parts[] = {{p->reopen, p->n_reopen, VERDICT_OPEN}, {p->fits, p->n_fits, VERDICT_APPROVED}};
	(void)how;
	if (fake_full(f, err))
		return false;
	f->applied++;
	for (size_t k = 0; k < ARRAY_LEN(parts); k++)
		for (size_t i = 0; i < parts[k].n; i++) {
			const struct alert *al = store_alert(store, parts[k].v[i].row);
			fake_append(f, (struct decision){.alert_id = al->id, .event_id = al->event_id,
				.rule_id = al->rule_id, .verdict = parts[k].verdict,
				.approval = parts[k].v[i].approval->id, .batch = STR("b")});
		}
	return true;
}

/* ---- and what is beside the journal ---- */

FAKED(bool, desk_draft_keep, const struct desk *d, const char *name, struct str reason, struct str note,
	struct err *err)
{
	struct fake *f = fake_of(d->journal);
	if (f->fail)
		return err_set(err, ERR_IO, "No space left on device");
	snprintf(f->draft, sizeof(f->draft), "%s", reason.n + note.n ? name : "");
	snprintf(f->reason, sizeof(f->reason), "%.*s", STR_ARG(reason));
	snprintf(f->note, sizeof(f->note), "%.*s", STR_ARG(note));
	return true;
}

FAKED(bool, desk_draft, const struct desk *d, const char *name, struct buf *reason, struct buf *note)
{
	struct fake *f = fake_of(d->journal);
	if (strcmp(f->draft, name) != 0)
		return false;
	buf_c(reason, f->reason);
	buf_c(note, f->note);
	return true;
}

FAKED(bool, desk_draft_old, const struct desk *d, const char *name, struct buf *path)
{
	struct fake *f = fake_of(d->journal);
	return f->old_draft && f->old_draft(name, path);
}

FAKED(void, sender_kick, struct sender *s)
{
	(void)s;
}

/* What was chosen goes into `copied`. */
FAKED(void, sender_choose, struct sender *s, struct str id, int64_t seq, enum sender_choice c)
{
	struct fake *f = fake_of(s);
	assert_true(seq > 0);
	snprintf(f->copied, sizeof(f->copied), "%.*s:%d", STR_ARG(id), (int)c);
}

FAKED(bool, asker_ask, struct asker *asker, const struct alert *a)
{
	struct fake *f = fake_of(asker);
	snprintf(f->copied, sizeof(f->copied), "%.*s", STR_ARG(a->id));
	return !f->fail;
}

/* ---- what else the app asks for ---- */

static inline void fake_stop(void *ctx)
{
	((struct fake *)ctx)->stopped = true;
}

static inline void fake_copy(void *ctx, struct str text)
{
	struct fake *f = ctx;
	snprintf(f->copied, sizeof(f->copied), "%.*s", (int)(text.n > 200 ? 200 : text.n), text.p);
}

static inline void fake_add(struct fake *f, unsigned i)
{
	struct alert a = make_alert(&f->mem, i);
	bool fresh;
	a.risk = 73;
	a.severity = STR("high");
	struct str parameters = arena_fmt(&f->mem, "{\"bucketName\":\"%.*s\","
		"\"ReplicationConfiguration\":{\"Role\":\"%.*s\",\"Rule\":{\"ID\":\"sync\",\"Status\":"
		"\"Enabled\",\"Destination\":{\"Bucket\":\"arn:aws:s3:::%.*s\",\"Account\":\"%.*s\"}}}}",
		STR_ARG(a.bucket), STR_ARG(a.role), STR_ARG(a.dests[0].bucket), STR_ARG(a.dests[0].account));
	struct str raw = arena_fmt(&f->mem, "{\"eventVersion\":\"1.09\",\"eventID\":\"%.*s\","
		"\"eventTime\":\"2026-11-01T10:00:00Z\",\"eventSource\":\"s3.amazonaws.com\","
		"\"eventName\":\"PutBucketReplication\",\"awsRegion\":\"%.*s\",\"sourceIPAddress\":"
		"\"%.*s\",\"userAgent\":\"%.*s\",\"recipientAccountId\":\"%.*s\",\"userIdentity\":"
		"{\"type\":\"IAMUser\",\"userName\":\"%.*s\",\"arn\":\"%.*s\",\"accountId\":\"%.*s\"},"
		"\"requestParameters\":%.*s}", STR_ARG(a.event_id), STR_ARG(a.region), STR_ARG(a.ip),
		STR_ARG(a.agent), STR_ARG(a.owner), STR_ARG(a.actor), STR_ARG(a.actor_arn),
		STR_ARG(a.owner), STR_ARG(parameters));
	store_add(f->desk.store, &a, raw, &fresh);
}

/* Also after a first one was freed: what is on the screen is gone, the journal's rows are not. */
static inline void fake_start(struct fake *f)
{
	struct app_setup setup = {.desk = &f->desk, .config = f->config,
		.source = STR("logs/2026-11"),
		.io = {.ctx = f, .stop_scan = fake_stop, .copy = fake_copy}};
	f->app = app_new(&setup);
}

static inline void fake_init(struct fake *f)
{
	f->desk.store = store_new();
	f->desk.analyst = STR("kim");
	f->desk.journal = (struct journal *)(void *)f;
	f->desk.now = fake_now;
	f->desk.walks = true;
}

static inline struct fake *fake_new(unsigned alerts, const char *config)
{
	struct fake *f = calloc(1, sizeof(*f));
	struct err err = {0};
	fake_init(f);
	f->config = config_new(str_c(config), "config.toml", &err);
	if (!f->config)
		fail_msg("%s", err.text);
	f->desk.rule = rule_builtin();
	for (unsigned i = 0; i < alerts; i++)
		fake_add(f, i);
	fake_start(f);
	return f;
}

static inline void fake_free(struct fake *f)
{
	app_free(f->app);
	habits_free(f->desk.habits);
	arena_fini(&f->desk.guide.mem);
	buf_fini(&f->desk.lost);
	rule_free(f->desk.rule);
	config_free(f->config);
	store_free(f->desk.store);
	arena_fini(&f->mem);
	free(f);
}

/* One frame, as the terminal gets one after each key of a hand. */
static inline void fake_frame(struct fake *f)
{
	struct canvas c;
	canvas_init(&c, f->height ? f->height : 40, f->width ? f->width : 120);
	app_draw(f->app, &c);
	canvas_fini(&c);
}

/* Another analyst's word on an alert, heard of as the journal's timer does. */
static inline void fake_other(struct fake *f, unsigned alert, enum verdict v)
{
	struct decision d = make_decision(store_alert(f->desk.store, alert), (int64_t)f->n + 1, v);
	d.analyst = STR("lee");
	d.at = MAKE_T0;
	f->rows[f->n++] = d;
	desk_sync(&f->desk, NULL);
}

/* Keys that came in one burst: no frame is drawn before the last. */
static inline void fake_burst(struct fake *f, const char *script)
{
	struct str rest = str_c(script);
	while (rest.n) {
		struct key k;
		struct str name = str_sub(rest, 0, 1);
		size_t close = rest.p[0] == '<' ? str_find_char(rest, '>') : STR_NONE;
		if (close != STR_NONE && close > 1)
			name = str_sub(rest, 1, close);
		rest = str_sub(rest, name.n + (close != STR_NONE && close > 1 ? 2 : 0), rest.n);
		if (str_is(name, " "))
			name = STR("Space");
		if (!key_parse(name, &k))
			fail_msg("no key: %.*s", STR_ARG(name));
		f->after = app_key(f->app, k);
		if (f->frames)
			fake_frame(f);
	}
}

static inline void fake_keys(struct fake *f, const char *script)
{
	fake_frame(f);
	f->frames = true;
	fake_burst(f, script);
	f->frames = false;
}

static inline void fake_draw(struct fake *f, int rows, int cols, struct buf *out)
{
	struct canvas c;
	canvas_init(&c, rows, cols);
	app_draw(f->app, &c);
	canvas_dump(&c, false, out);
	canvas_fini(&c);
}

static inline bool fake_shows(struct fake *f, const char *text)
{
	struct buf b;
	buf_init(&b, 0);
	fake_draw(f, 40, 120, &b);
	bool found = str_find(buf_str(&b), str_c(text)) != STR_NONE;
	if (!found)
		fprintf(stderr, "not shown: %s\n%s\n", text, buf_cstr(&b));
	buf_fini(&b);
	return found;
}

static inline enum verdict fake_verdict(struct fake *f, unsigned alert)
{
	char id[32];
	snprintf(id, sizeof(id), "alert-%06u", alert);
	return store_verdict(f->desk.store, store_find(f->desk.store, str_c(id), NULL));
}

#endif
