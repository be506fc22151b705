/*
 * store: alerts in chunks that never move, their names, their verdicts, their raw records.
 * Knows nothing of files, of the journal, or of what is drawn.
 */
#include "s3triage/triage/store.h"

#include "ident_priv.h"
#include "spool_priv.h"

#include <stdlib.h>
#include <string.h>

enum { CHUNK = 1024, PREFIX_MIN = 4 };

struct slot {
	struct alert alert;
	const struct decision *decision; /* NULL: never decided */
	uint64_t raw;
	size_t raw_n;
	uint32_t signals;
};

struct store {
	struct slot **chunks;
	size_t n;
	size_t by_verdict[VERDICTS];
	const struct book *book;
	struct intern words;   /* what many alerts share */
	struct arena mem;      /* what each has of its own */
	struct idents idents;
	struct spool spool;
	uint32_t *events;      /* row + 1 by hash of event id; a row may stand in it twice */
	size_t events_used, events_cap;
	row_id *changes;
	size_t n_changes, cap_changes;
};

struct store *store_new(void)
{
	struct store *s = mem_alloc(sizeof(*s));
	s->idents.words = &s->words;
	spool_init(&s->spool);
	return s;
}

void store_free(struct store *s)
{
	if (!s)
		return;
	for (size_t i = 0; i * CHUNK < s->n; i++)
		free(s->chunks[i]);
	free(s->chunks);
	free(s->events);
	free(s->changes);
	idents_fini(&s->idents);
	intern_fini(&s->words);
	arena_fini(&s->mem);
	spool_fini(&s->spool);
	free(s);
}

static struct slot *slot_at(const struct store *s, row_id r)
{
	return &s->chunks[r / CHUNK][r % CHUNK];
}

static enum verdict slot_verdict(const struct slot *slot)
{
	return slot->decision ? slot->decision->verdict : VERDICT_OPEN;
}

/* ---- event ids: which rows have one ------------------------------------------------------- */

enum { SAME_EVENT_MOST = 64 }; /* further alerts of one event are found by their id alone */

static size_t event_place(const struct store *s, struct str event_id)
{
	uint64_t h = str_hash(event_id);
	return (size_t)(h ^ h >> 32) & (s->events_cap - 1);
}

static void put_event(struct store *s, row_id r)
{
	struct str id = slot_at(s, r)->alert.event_id;
	if (!id.n)
		return;
	size_t i = event_place(s, id), same = 0;
	for (; s->events[i]; i = (i + 1) & (s->events_cap - 1)) {
		row_id other = s->events[i] - 1;
		if (str_eq(slot_at(s, other)->alert.event_id, id) &&
			(other == r || ++same >= SAME_EVENT_MOST))
			return;
	}
	s->events[i] = r + 1;
	s->events_used++;
}

static void note_event(struct store *s, row_id r)
{
	if (s->events_used * 4 < s->events_cap * 3) {
		put_event(s, r);
		return;
	}
	s->events_cap = s->events_cap ? s->events_cap * 2 : 1024;
	free(s->events);
	s->events = mem_array(s->events_cap, sizeof(*s->events));
	s->events_used = 0;
	for (row_id i = 0; i < s->n; i++)
		put_event(s, i);
}

/* ---- adding ------------------------------------------------------------------------------- */

static const struct alert_dest *copy_dests(struct store *s, const struct alert *a)
{
	if (!a->n_dests)
		return NULL;
	struct alert_dest *to = arena_array(&s->mem, a->n_dests, sizeof(*to));
	for (size_t i = 0; i < a->n_dests; i++) {
		to[i] = a->dests[i];
		struct str *const fields[] = {&to[i].account, &to[i].written, &to[i].bucket,
			&to[i].rule_id, &to[i].status, &to[i].arn, &to[i].prefix, &to[i].tags};
		for (size_t f = 0; f < ARRAY_LEN(fields); f++)
			*fields[f] = intern(&s->words, *fields[f]);
	}
	return to;
}

static struct str own_copy(struct store *s, struct str text)
{
	return text.n ? arena_str(&s->mem, text) : text;
}

static void copy_alert(struct store *s, const struct alert *from, struct slot *slot)
{
	struct alert *a = &slot->alert;
	*a = *from;
	struct str *const shared[] = {&a->rule, &a->rule_id, &a->severity, &a->bucket, &a->owner,
		&a->role, &a->actor, &a->actor_arn, &a->actor_type, &a->key_id, &a->ip,
		&a->region, &a->agent, &a->country, &a->workflow_status, &a->role_account,
		&a->caller_account, &a->dest_partition, &a->dest_region};
	for (size_t i = 0; i < ARRAY_LEN(shared); i++)
		*shared[i] = intern(&s->words, *shared[i]);
	a->source = own_copy(s, a->source);
	a->dests = copy_dests(s, from);
	a->worst = dest_worst(a, s->book);
}

/* Whether facts changed stands in the highest bit. */
#define FACTS_BIT ((row_id)1 << 31)

static void note_change(struct store *s, row_id r)
{
	if (s->n_changes == s->cap_changes) {
		s->cap_changes = s->cap_changes ? s->cap_changes * 2 : 256;
		s->changes = mem_resize(s->changes, s->cap_changes, sizeof(*s->changes));
	}
	s->changes[s->n_changes++] = r;
}

/* The newer decision wins, whichever came first. */
static void take_decision(struct store *s, row_id r, const struct decision *d)
{
	struct slot *slot = slot_at(s, r);
	if (!d || (slot->decision && slot->decision->seq >= d->seq))
		return;
	s->by_verdict[slot_verdict(slot)]--;
	slot->decision = d;
	s->by_verdict[slot_verdict(slot)]++;
	note_change(s, r);
}

static void bind(struct store *s, struct ident *name, row_id r)
{
	if (!name)
		return;
	if (name->row == ROW_NONE)
		name->row = r;
	take_decision(s, name->row, name->newest);
}

static row_id add_slot(struct store *s)
{
	if (s->n % CHUNK == 0) {
		s->chunks = mem_resize(s->chunks, s->n / CHUNK + 1, sizeof(*s->chunks));
		s->chunks[s->n / CHUNK] = mem_array(CHUNK, sizeof(struct slot));
	}
	s->by_verdict[VERDICT_OPEN]++;
	return (row_id)s->n++;
}

struct names {
	struct ident *id, *event; /* NULL: it has none */
};

static void fill_slot(struct store *s, row_id r, const struct alert *a, struct names of, struct str raw)
{
	struct slot *slot = slot_at(s, r);
	copy_alert(s, a, slot);
	slot->alert.id = of.id ? of.id->a : (struct str){0};
	slot->alert.event_id = of.event ? of.event->b : (struct str){0};
	slot->raw = spool_add(&s->spool, raw);
	slot->raw_n = raw.n;
	note_event(s, r);
}

/* A Kibana alert instead of a local match; or the same Kibana alert, and people did something to
 * it since. Tags and assignees have no time of their own: of two alike what comes later counts. */
static bool supersedes(const struct alert *a, const struct alert *there)
{
	if (!a->from_kibana || !there->from_kibana)
		return a->from_kibana && !there->from_kibana;
	return str_eq(a->id, there->id) && a->workflow != there->workflow &&
		a->workflow_at >= there->workflow_at;
}

row_id store_add(struct store *s, const struct alert *a, struct str raw, bool *fresh)
{
	struct ident *id = ident_of_id(&s->idents, a->id);
	struct ident *event = ident_of_event(&s->idents, a->rule_id, a->event_id);
	row_id r = id ? id->row : ROW_NONE;
	if (r == ROW_NONE && event)
		r = event->row;
	*fresh = r == ROW_NONE;
	if (*fresh) {
		r = add_slot(s);
		fill_slot(s, r, a, (struct names){id, event}, raw);
	} else if (supersedes(a, &slot_at(s, r)->alert)) {
		fill_slot(s, r, a, (struct names){id, event}, raw);
		note_change(s, r | FACTS_BIT);
	}
	bind(s, id, r);
	bind(s, event, r);
	return r;
}

void store_set_book(struct store *s, const struct book *b)
{
	s->book = b;
}

size_t store_count(const struct store *s)
{
	return s->n;
}

const struct alert *store_alert(const struct store *s, row_id r)
{
	return &slot_at(s, r)->alert;
}

bool store_raw(const struct store *s, row_id r, struct buf *out, struct err *err)
{
	const struct slot *slot = slot_at(s, r);
	return spool_read(&s->spool, slot->raw, slot->raw_n, out, err);
}

/* ---- finding ------------------------------------------------------------------------------ */

struct finding {
	row_id first;
	size_t n;
};

static struct finding find_event(const struct store *s, struct str event_id)
{
	struct finding f = {ROW_NONE, 0};
	if (!s->events_cap || !event_id.n)
		return f;
	size_t i = event_place(s, event_id);
	for (; s->events[i]; i = (i + 1) & (s->events_cap - 1)) {
		row_id r = s->events[i] - 1;
		if (str_eq(slot_at(s, r)->alert.event_id, event_id) && f.n++ == 0)
			f.first = r;
	}
	return f;
}

static struct finding find_prefix(const struct store *s, struct str prefix)
{
	struct finding f = {ROW_NONE, 0};
	for (row_id r = 0; prefix.n >= PREFIX_MIN && r < s->n; r++) {
		const struct alert *a = &slot_at(s, r)->alert;
		if ((str_starts(a->id, prefix) || str_starts(a->event_id, prefix)) && f.n++ == 0)
			f.first = r;
	}
	return f;
}

row_id store_find(const struct store *s, struct str id, struct err *err)
{
	const struct ident *known = ident_find_id(&s->idents, id);
	if (known && known->row != ROW_NONE)
		return known->row;
	struct finding f = find_event(s, id);
	if (!f.n)
		f = find_prefix(s, id);
	struct str shown = str_sub(id, 0, 80);
	if (f.n == 0 && id.n < PREFIX_MIN)
		err_set(err, ERR_INPUT, "no alert is called \"%.*s\", and the start of an id needs"
			" at least %d characters", STR_ARG(shown), PREFIX_MIN);
	else if (f.n == 0)
		err_set(err, ERR_INPUT, "no alert has the id \"%.*s\" or one that starts so",
			STR_ARG(shown));
	else if (f.n > 1)
		err_set(err, ERR_USAGE, "\"%.*s\" fits %zu alerts; write more of the id",
			STR_ARG(shown), f.n);
	return f.n == 1 ? f.first : ROW_NONE;
}

bool store_has_event(const struct store *s, struct str event_id)
{
	return find_event(s, event_id).n > 0;
}

/* ---- verdicts ----------------------------------------------------------------------------- */

/* The ids are the names' own copies; the rest is shared by many decisions. */
static const struct decision *copy_decision(struct store *s, const struct decision *d,
	const struct ident *id, const struct ident *event)
{
	struct decision *to = arena_alloc(&s->mem, sizeof(*to));
	*to = *d;
	to->alert_id = id ? id->a : (struct str){0};
	to->event_id = event ? event->b : (struct str){0};
	struct str *const shared[] = {&to->analyst, &to->rule_id, &to->reason, &to->note,
		&to->batch};
	for (size_t i = 0; i < ARRAY_LEN(shared); i++)
		*shared[i] = intern(&s->words, *shared[i]);
	to->facts = to->prev_hash = to->hash = (struct str){0};
	return to;
}

void store_decide(struct store *s, const struct decision *d)
{
	struct ident *const names[] = {ident_of_id(&s->idents, d->alert_id),
		ident_of_event(&s->idents, d->rule_id, d->event_id)};
	const struct decision *kept = NULL;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct ident *name = names[i];
		if (!name || (name->newest && name->newest->seq >= d->seq))
			continue;
		if (!kept)
			kept = copy_decision(s, d, names[0], names[1]);
		name->newest = kept;
		if (name->row != ROW_NONE)
			take_decision(s, name->row, kept);
	}
}

enum verdict store_verdict(const struct store *s, row_id r)
{
	return slot_verdict(slot_at(s, r));
}

const struct decision *store_decision(const struct store *s, row_id r)
{
	return slot_at(s, r)->decision;
}

size_t store_change_count(const struct store *s)
{
	return s->n_changes;
}

row_id store_change_at(const struct store *s, size_t i)
{
	return s->changes[i] & ~FACTS_BIT;
}

bool store_change_of_facts(const struct store *s, size_t i)
{
	return s->changes[i] & FACTS_BIT;
}

uint32_t store_signals(const struct store *s, row_id r)
{
	return slot_at(s, r)->signals;
}

void store_set_signals(struct store *s, row_id r, uint32_t bits)
{
	struct slot *slot = slot_at(s, r);
	if (slot->signals == bits)
		return;
	slot->signals = bits;
	note_change(s, r);
}

size_t store_count_verdict(const struct store *s, enum verdict v)
{
	return s->by_verdict[v];
}

size_t store_bytes(const struct store *s)
{
	size_t chunks = (s->n + CHUNK - 1) / CHUNK;
	return chunks * (CHUNK * sizeof(struct slot) + sizeof(*s->chunks)) +
		intern_bytes(&s->words) + idents_bytes(&s->idents) + s->mem.taken +
		s->events_cap * sizeof(*s->events) + s->cap_changes * sizeof(*s->changes) +
		spool_bytes(&s->spool);
}
