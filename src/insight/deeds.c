/*
 * deeds: whom it is about, and counting. What is made of the counts for the eye is in deeds_shown.c.
 */
#include "deeds_priv.h"

#include "s3triage/base/when.h"

#include <stdlib.h>

enum { TEXT_MAX = 300, ID_LEAST = 1024 };

const char *deed_kind_name(enum deed_kind k)
{
	static const char *const names[] = {"principal", "key", "bucket", "address"};
	return names[k];
}

/* ---- whom it is about ----------------------------------------------------------------------- */

struct deed_wants *deed_wants_new(void)
{
	return mem_alloc(sizeof(struct deed_wants));
}

void deed_wants_free(struct deed_wants *w)
{
	if (!w)
		return;
	table_fini(&w->table);
	free(w->v);
	arena_fini(&w->mem);
	free(w);
}

static bool deed_same_want(const void *owner, uint32_t at, const void *key)
{
	const struct deed_wants *w = owner;
	const struct deed_want *k = key;
	return w->v[at].kind == k->kind && str_eq(w->v[at].text, k->text);
}

static uint64_t deed_want_hash(enum deed_kind kind, struct str text)
{
	return hash_mix(str_hash(text), kind);
}

uint32_t deed_wanted(const struct deed_wants *w, enum deed_kind kind, struct str text)
{
	struct deed_want want = {kind, text};
	const struct table_key key = {deed_want_hash(kind, text), &want, deed_same_want, w};
	return text.n ? table_find(&w->table, &key) : DEED_NOBODY;
}

uint32_t deed_want(struct deed_wants *w, enum deed_kind kind, struct str text)
{
	uint32_t at = deed_wanted(w, kind, text);
	if (at != DEED_NOBODY || !text.n)
		return at;
	if (w->n == DEEDS_SUBJECTS_MAX) {
		w->missed++;
		return DEED_NOBODY;
	}
	w->v = vec_room(w->v, w->n, &w->cap, sizeof(*w->v));
	table_put(&w->table, deed_want_hash(kind, text), (uint32_t)w->n);
	w->v[w->n] = (struct deed_want){kind, arena_str(&w->mem, text)};
	return (uint32_t)w->n++;
}

void deed_want_alert(struct deed_wants *w, const struct alert *a)
{
	char tmp[ALERT_PRINCIPAL_MAX];
	deed_want(w, DEED_PRINCIPAL, alert_acting(a, tmp));
	deed_want(w, DEED_KEY, a->key_id);
	deed_want(w, DEED_BUCKET, a->bucket);
}

size_t deed_alert_subjects(const struct deed_wants *w, const struct alert *a, uint32_t out[DEED_KINDS],
	bool *all)
{
	char tmp[ALERT_PRINCIPAL_MAX];
	const struct deed_want whom[] = {{DEED_PRINCIPAL, alert_acting(a, tmp)}, {DEED_KEY, a->key_id},
		{DEED_BUCKET, a->bucket}};
	size_t n = 0;
	*all = true;
	for (size_t i = 0; i < ARRAY_LEN(whom); i++) {
		out[n] = deed_wanted(w, whom[i].kind, whom[i].text);
		*all = *all && (out[n] != DEED_NOBODY || !whom[i].text.n);
		n += out[n] != DEED_NOBODY;
	}
	return n;
}

size_t deed_wants_count(const struct deed_wants *w)
{
	return w->n;
}

size_t deed_wants_missed(const struct deed_wants *w)
{
	return w->missed;
}

/* Of which subjects it is, each once; how many. */
static size_t subjects_of(const struct deed_wants *w, const struct deed *e, uint32_t out[DEED_KINDS])
{
	const struct activity *a = &e->what;
	const struct deed_want all[] = {{DEED_PRINCIPAL, a->principal}, {DEED_KEY, a->key_id},
		{DEED_BUCKET, a->bucket}, {DEED_ADDRESS, a->ip}};
	size_t n = 0;
	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		uint32_t at = deed_wanted(w, all[i].kind, all[i].text);
		if (at != DEED_NOBODY)
			out[n++] = at;
	}
	return n;
}

bool deed_is_wanted(const struct deed_wants *w, const struct deed *e)
{
	uint32_t of[DEED_KINDS];
	return subjects_of(w, e, of) > 0;
}

static bool is_word_plain(unsigned char c)
{
	bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
	return letter || (c >= '0' && c <= '9') || strchr("_-.:@", c);
}

/* The last part of the text without anything that another spelling could have. */
static struct str last_word(struct str text)
{
	size_t from = text.n;
	while (from && text.p[from - 1] && is_word_plain((unsigned char)text.p[from - 1]))
		from--;
	return str_sub(text, from, text.n);
}

struct str deed_want_word(const struct deed_wants *w, uint32_t subject)
{
	enum { LEAST = 6, MOST = 40 };
	const struct deed_want *v = &w->v[subject];
	struct str text = v->text;
	size_t as = v->kind == DEED_PRINCIPAL ? str_find(text, STR(" ")) : STR_NONE;
	if (as != STR_NONE) /* "ARN as PERSON", "NAME via PROVIDER" */
		text = str_sub(text, 0, as);
	struct str word = last_word(text);
	/* A short user's name: the account before it will do, where that stands for nothing else. */
	if (word.n < LEAST && str_find(text, STR(":user/")) != STR_NONE)
		word = last_word(str_sub(text, 0, str_find_char(text, '/')));
	if (word.n < LEAST || str_digits(word))
		return (struct str){0};
	return word.n > MOST ? str_sub(word, word.n - MOST, word.n) : word;
}

/* ---- counting ------------------------------------------------------------------------------- */

struct deeds *deeds_new(const struct deed_wants *w)
{
	struct deeds *d = mem_alloc(sizeof(*d));
	d->wants = w;
	d->subjects = mem_array(w->n + 1, sizeof(*d->subjects));
	d->n_subjects = w->n;
	for (size_t i = 0; i < w->n; i++)
		d->subjects[i] = (struct deed_subject){.kind = w->v[i].kind, .text = w->v[i].text,
			.count = {.first = WHEN_NONE, .last = WHEN_NONE}};
	return d;
}

void deeds_free(struct deeds *d)
{
	if (!d)
		return;
	for (size_t i = 0; i < d->n_rows; i++)
		free(d->rows[i].events);
	free(d->rows);
	free(d->subjects);
	free(d->paths);
	free(d->ids);
	table_fini(&d->table);
	table_fini(&d->by_path);
	intern_fini(&d->words);
	free(d);
}

/* An open-addressed set of hashes; 0 is free. */
static bool id_put(uint64_t *ids, size_t cap, uint64_t hash)
{
	size_t i = (size_t)hash & (cap - 1);
	while (ids[i] && ids[i] != hash)
		i = (i + 1) & (cap - 1);
	bool fresh = !ids[i];
	ids[i] = hash;
	return fresh;
}

static void grow_ids(struct deeds *d)
{
	size_t cap = d->ids_cap ? d->ids_cap * 2 : ID_LEAST;
	uint64_t *ids = mem_array(cap, sizeof(*ids));
	for (size_t i = 0; i < d->ids_cap; i++)
		if (d->ids[i])
			id_put(ids, cap, d->ids[i]);
	free(d->ids);
	d->ids = ids;
	d->ids_cap = cap;
}

/* The same event in a second file counts once. One without an id always counts. */
static bool deed_is_fresh(struct deeds *d, struct str id)
{
	uint64_t hash = str_hash(id);
	if (!id.n)
		return true;
	if (d->n_ids == DEEDS_IDS_MAX) {
		d->unsure = true;
		return true;
	}
	if (d->n_ids * 4 >= d->ids_cap * 3)
		grow_ids(d);
	bool fresh = id_put(d->ids, d->ids_cap, hash ? hash : 1);
	d->n_ids += fresh;
	d->repeated += !fresh;
	return fresh;
}

static struct str deed_word(struct deeds *d, struct str s)
{
	return intern(&d->words, str_sub(s, 0, TEXT_MAX));
}

static void set_add(struct deeds *d, struct deed_set *s, struct str value)
{
	value = str_sub(value, 0, TEXT_MAX);
	if (!value.n)
		return;
	for (uint32_t i = 0; i < s->n; i++)
		if (str_eq(s->v[i], value)) {
			s->times[i]++;
			return;
		}
	if (s->n == DEED_VALUES_MAX) {
		s->others++;
		return;
	}
	s->v[s->n] = deed_word(d, value);
	s->times[s->n++] = 1;
}

/* The name and version of a tool that adds to them what it was asked for and where it runs. */
static struct str agent_name(struct str agent)
{
	enum { AGENT_MAX = 100 };
	static const char *const tools[] = {"aws-cli/", "Boto3/", "aws-sdk-"};
	for (size_t i = 0; i < ARRAY_LEN(tools); i++)
		if (str_starts(agent, str_c(tools[i])))
			return str_cut(&agent, ' ');
	return str_sub(agent, 0, AGENT_MAX);
}

static void count_one(struct deeds *d, struct deed_count *c, const struct deed *e)
{
	const struct activity *a = &e->what;
	c->n++;
	c->denied += e->denied;
	c->failed += !e->denied && a->result.n;
	if (a->time != WHEN_NONE) {
		c->first = c->first == WHEN_NONE || a->time < c->first ? a->time : c->first;
		c->last = c->last == WHEN_NONE || a->time > c->last ? a->time : c->last;
	}
	set_add(d, &c->ips, a->ip);
	set_add(d, &c->agents, agent_name(e->agent));
	set_add(d, &c->regions, a->region);
}

struct row_key {
	uint32_t subject;
	bool reads;
	struct str name, service;
};

static bool deed_same_row(const void *owner, uint32_t at, const void *key)
{
	const struct deed_row *r = &((const struct deeds *)owner)->rows[at];
	const struct row_key *k = key;
	return r->subject == k->subject && r->reads == k->reads && str_eq(r->name, k->name) &&
		str_eq(r->service, k->service);
}

/* NULL when there is no room for another call. */
static struct deed_row *deed_row_of(struct deeds *d, uint32_t subject, const struct deed *e)
{
	struct row_key k = {subject, e->reads, str_sub(e->name, 0, TEXT_MAX), str_sub(e->service, 0, TEXT_MAX)};
	uint64_t hash = hash_mix(hash_mix(str_hash(k.name), str_hash(k.service)), subject * 2u + k.reads);
	const struct table_key key = {hash, &k, deed_same_row, d};
	uint32_t at = table_find(&d->table, &key);
	struct deed_subject *s = &d->subjects[subject];
	if (at != TABLE_NONE)
		return &d->rows[at];
	if (d->n_rows == DEEDS_ROWS_MAX || s->n_rows == DEEDS_SUBJECT_ROWS_MAX)
		return NULL;
	s->n_rows++;
	d->rows = vec_room(d->rows, d->n_rows, &d->rows_cap, sizeof(*d->rows));
	table_put(&d->table, hash, (uint32_t)d->n_rows);
	struct deed_row *r = &d->rows[d->n_rows++];
	*r = (struct deed_row){.name = deed_word(d, k.name), .service = deed_word(d, k.service),
		.call = e->what.call, .subject = subject, .reads = e->reads,
		.count = {.first = WHEN_NONE, .last = WHEN_NONE}};
	return r;
}

static bool deed_same_path(const void *owner, uint32_t at, const void *key)
{
	const struct deed_path *p = &((const struct deeds *)owner)->paths[at], *k = key;
	return p->path.p == k->path.p && p->file.p == k->file.p;
}

static uint32_t deed_path_of(struct deeds *d, const struct deed_place *where)
{
	if (d->n_paths) {
		const struct deed_path *last = &d->paths[d->last_path];
		if (str_eq(last->path, where->path) && str_eq(last->file, where->file))
			return d->last_path;
	}
	struct deed_path p = {intern(&d->words, where->file), intern(&d->words, where->path)};
	const struct table_key key = {hash_mix((uintptr_t)p.path.p, (uintptr_t)p.file.p), &p, deed_same_path, d};
	uint32_t at = table_find(&d->by_path, &key);
	if (at == TABLE_NONE) {
		d->paths = vec_room(d->paths, d->n_paths, &d->paths_cap, sizeof(*d->paths));
		at = (uint32_t)d->n_paths++;
		d->paths[at] = p;
		table_put(&d->by_path, key.hash, at);
	}
	return d->last_path = at;
}

uint32_t deeds_id_hash(struct str event_id)
{
	return (uint32_t)(str_hash(event_id) >> 32);
}

static void keep_event(struct deeds *d, struct deed_row *r, const struct deed *e,
	const struct deed_place *where)
{
	if (d->n_events == DEEDS_EVENTS_MAX || r->n_events == DEEDS_CALL_EVENTS_MAX)
		return;
	r->events = vec_room(r->events, r->n_events, &r->cap, sizeof(*r->events));
	r->events[r->n_events++] = (struct deed_event){.time = e->what.time, .at = where->at,
		.path = deed_path_of(d, where), .row = (uint32_t)(r - d->rows), .id = deeds_id_hash(e->what.event_id),
		.denied = e->denied, .failed = !e->denied && e->what.result.n};
	d->n_events++;
}

void deeds_add(struct deeds *d, const struct deed *e, const struct deed_place *where)
{
	uint32_t of[DEED_KINDS];
	size_t n = subjects_of(d->wants, e, of);
	if (!n || !deed_is_fresh(d, e->what.event_id))
		return;
	for (size_t i = 0; i < n; i++) {
		count_one(d, &d->subjects[of[i]].count, e);
		struct deed_row *r = deed_row_of(d, of[i], e);
		if (!r) {
			d->subjects[of[i]].unlisted++;
			continue;
		}
		count_one(d, &r->count, e);
		keep_event(d, r, e, where);
	}
}

void deeds_end(struct deeds *d)
{
	free(d->ids);
	d->ids = NULL;
	d->ids_cap = 0;
}

const struct deed_subject *deeds_subject(const struct deeds *d, uint32_t subject)
{
	return subject < d->n_subjects ? &d->subjects[subject] : NULL;
}

const struct deed_row *deeds_row(const struct deeds *d, uint32_t row)
{
	return &d->rows[row];
}

uint64_t deeds_repeated(const struct deeds *d)
{
	return d->repeated;
}

bool deeds_unsure(const struct deeds *d)
{
	return d->unsure;
}

struct deed_place deeds_place(const struct deeds *d, const struct deed_event *e)
{
	return (struct deed_place){d->paths[e->path].file, d->paths[e->path].path, e->at};
}
