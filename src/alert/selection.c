/*
 * selection: which rows are on the list, and in which order. Kept sorted: what arrives or changes
 * is taken out, sorted by itself and merged in, so that the cost follows the news. Reads the
 * store, never changes it.
 */
#include "s3triage/alert/filter.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/vec.h"
#include "s3triage/alert/signal.h"

#include <stdlib.h>
#include <string.h>

/* A row with what it is sorted by: eight bytes decide nearly always. */
struct entry {
	uint64_t key;
	int64_t time;
	row_id row;
	bool open; /* undecided */
};

struct selection {
	const struct store *store;
	struct filter *filter;   /* NULL: all */
	enum sort_key sort;
	bool descending, hide_decided;
	struct entry *list;
	size_t n, cap, open;
	uint32_t *place;         /* by row: position + 1; 0: not on the list */
	size_t cap_place;
	size_t stale;            /* positions from here on are not in `place` yet */
	size_t seen, seen_changes; /* of the store */
};

static const char *const names[SORT_KEYS] = {
	[SORT_TIME] = "time", [SORT_SEVERITY] = "severity", [SORT_BUCKET] = "bucket",
	[SORT_OWNER] = "owner", [SORT_DEST] = "dest", [SORT_ACTOR] = "actor",
	[SORT_REGION] = "region", [SORT_SOURCE] = "source", [SORT_VERDICT] = "verdict",
	[SORT_SIGNAL] = "signal",
};

const char *sort_name(enum sort_key k)
{
	return (unsigned)k < SORT_KEYS ? names[k] : "time";
}

bool sort_parse(struct str text, enum sort_key *out)
{
	if (str_eq_fold(text, STR("destination")))
		text = STR("dest");
	for (int i = 0; i < SORT_KEYS; i++) {
		if (str_eq_fold(text, str_c(names[i]))) {
			*out = (enum sort_key)i;
			return true;
		}
	}
	return false;
}

/* ---- order -------------------------------------------------------------------------------- */

/* What a row is sorted by, for the keys that are text. */
static struct str text_key(const struct selection *s, row_id r)
{
	const struct alert *a = store_alert(s->store, r);
	const struct alert_dest *d;
	switch (s->sort) {
	case SORT_BUCKET:
		return a->bucket;
	case SORT_OWNER:
		return a->owner;
	case SORT_DEST:
		d = alert_main_dest(a);
		return d ? d->account : (struct str){0};
	case SORT_ACTOR:
		return a->actor;
	case SORT_REGION:
		return a->region;
	case SORT_SOURCE:
		return a->source;
	default:
		return (struct str){0};
	}
}

/* Worst last, unknown words before all known ones, as Kibana's severities rank. */
static uint64_t severity_key(const struct alert *a)
{
	static const char *const ranks[] = {"low", "medium", "high", "critical"};
	for (size_t i = 0; i < ARRAY_LEN(ranks); i++)
		if (str_is(a->severity, ranks[i]))
			return (i + 1) << 8 | (uint64_t)(a->risk & 0xff);
	return (uint64_t)(a->risk & 0xff);
}

/* The first eight bytes, so that comparing numbers compares the text. */
static uint64_t text_prefix(struct str s)
{
	uint64_t key = 0;
	for (size_t i = 0; i < 8; i++)
		key = key << 8 | (i < s.n ? (unsigned char)s.p[i] : 0);
	return key;
}

static struct entry make_entry(const struct selection *s, row_id r)
{
	const struct alert *a = store_alert(s->store, r);
	struct entry e = {.time = a->time, .row = r,
		.open = store_verdict(s->store, r) == VERDICT_OPEN};
	if (s->sort == SORT_SEVERITY)
		e.key = severity_key(a);
	else if (s->sort == SORT_VERDICT)
		e.key = (uint64_t)store_verdict(s->store, r);
	else if (s->sort == SORT_SIGNAL)
		e.key = (uint64_t)signals_score(store_signals(s->store, r));
	else if (s->sort != SORT_TIME)
		e.key = text_prefix(text_key(s, r));
	return e;
}

/* Ties: newest first, then by id, whatever the direction. Time itself turns with the key. */
static int compare_ties(const struct selection *s, const struct entry *a, const struct entry *b)
{
	if (a->time != b->time) {
		int c = a->time > b->time ? -1 : 1;
		return s->sort == SORT_TIME && !s->descending ? -c : c;
	}
	int c = str_cmp(store_alert(s->store, a->row)->id, store_alert(s->store, b->row)->id);
	return c ? c : (a->row > b->row) - (a->row < b->row);
}

static int selection_compare(const void *left, const void *right, void *ctx)
{
	const struct selection *s = ctx;
	const struct entry *a = left, *b = right;
	int c = (a->key > b->key) - (a->key < b->key);
	if (c == 0 && s->sort != SORT_TIME) {
		struct str x = text_key(s, a->row), y = text_key(s, b->row);
		c = x.p == y.p ? 0 : str_cmp(x, y); /* the store keeps equal texts once */
	}
	if (c)
		return s->descending ? -c : c;
	return compare_ties(s, a, b);
}

static void sort_entries(const struct selection *s, struct entry *e, size_t n)
{
	if (n > 1)
		qsort_r(e, n, sizeof(*e), selection_compare, (void *)(uintptr_t)s);
}

/* ---- keeping it --------------------------------------------------------------------------- */

struct selection *selection_new(const struct store *store)
{
	struct selection *s = mem_alloc(sizeof(*s));
	s->store = store;
	s->descending = true;
	return s;
}

void selection_free(struct selection *s)
{
	if (!s)
		return;
	filter_free(s->filter);
	free(s->list);
	free(s->place);
	free(s);
}

static bool belongs(const struct selection *s, row_id r)
{
	if (s->hide_decided && store_verdict(s->store, r) != VERDICT_OPEN)
		return false;
	return !s->filter || filter_match(s->filter, s->store, r);
}

static void reserve_places(struct selection *s)
{
	s->place = vec_zeroed(s->place, store_count(s->store), &s->cap_place, sizeof(*s->place));
}

static void write_places(struct selection *s)
{
	for (size_t i = s->stale; i < s->n; i++)
		s->place[s->list[i].row] = (uint32_t)i + 1;
	s->stale = s->n;
}

/* Merges `news` (sorted) into the list, from the back, in place. */
static void selection_merge(struct selection *s, const struct entry *news, size_t n)
{
	s->list = vec_room(s->list, s->n + n, &s->cap, sizeof(*s->list));
	size_t old = s->n, to = old + n;
	s->n = to;
	for (size_t i = 0; i < n; i++)
		s->open += news[i].open;
	while (n) {
		if (old && selection_compare(&s->list[old - 1], &news[n - 1], s) > 0)
			s->list[--to] = s->list[--old];
		else
			s->list[--to] = news[--n];
	}
	s->stale = to < s->stale ? to : s->stale;
}

/* Takes the rows in `changed` off the list. */
static void selection_drop(struct selection *s, const row_id *changed, size_t n)
{
	size_t first = s->n;
	for (size_t i = 0; i < n; i++) {
		size_t at = s->place[changed[i]];
		s->place[changed[i]] = 0;
		if (!at--)
			continue;
		s->open -= s->list[at].open;
		s->list[at].row = ROW_NONE;
		first = at < first ? at : first;
	}
	s->stale = first;
	for (size_t i = first; i < s->n; i++)
		if (s->list[i].row != ROW_NONE)
			s->list[first++] = s->list[i];
	s->n = first;
}

static int compare_rows(const void *left, const void *right)
{
	const row_id *a = left, *b = right;
	return (*a > *b) - (*a < *b);
}

/* Whether a row's verdict or signals changed nothing about its place: most do not. */
static bool selection_stays(const struct selection *s, row_id r)
{
	size_t at = s->place[r];
	if (belongs(s, r) != (at > 0))
		return false;
	if (!at)
		return true;
	struct entry now = make_entry(s, r);
	const struct entry *was = &s->list[at - 1];
	return now.key == was->key && now.time == was->time && now.open == was->open;
}

/* The rows that changed since last time and were known before, each once. */
static row_id *changed_rows(const struct selection *s, size_t *n)
{
	size_t count = store_change_count(s->store), kept = 0;
	row_id *rows = mem_array(count - s->seen_changes, sizeof(*rows));
	for (size_t i = s->seen_changes; i < count; i++) {
		row_id r = store_change_at(s->store, i);
		if (r < s->seen && (store_change_of_facts(s->store, i) || !selection_stays(s, r)))
			rows[kept++] = r;
	}
	*n = 0;
	if (kept > 1)
		qsort(rows, kept, sizeof(*rows), compare_rows);
	for (size_t i = 0; i < kept; i++)
		if (*n == 0 || rows[*n - 1] != rows[i])
			rows[(*n)++] = rows[i];
	return rows;
}

void selection_update(struct selection *s)
{
	size_t count = store_count(s->store), n_changed, n = 0;
	if (count == s->seen && store_change_count(s->store) == s->seen_changes)
		return;
	reserve_places(s);
	AUTO(mem_free_ptr) row_id *changed = changed_rows(s, &n_changed);
	if (n_changed)
		selection_drop(s, changed, n_changed);
	AUTO(mem_free_ptr) struct entry *news =
		mem_array(n_changed + count - s->seen, sizeof(*news));
	for (size_t i = 0; i < n_changed; i++)
		if (belongs(s, changed[i]))
			news[n++] = make_entry(s, changed[i]);
	for (size_t r = s->seen; r < count; r++)
		if (belongs(s, (row_id)r))
			news[n++] = make_entry(s, (row_id)r);
	s->seen = count;
	s->seen_changes = store_change_count(s->store);
	sort_entries(s, news, n);
	selection_merge(s, news, n);
	write_places(s);
}

static void selection_recheck(struct selection *s)
{
	if (s->cap_place)
		memset(s->place, 0, s->cap_place * sizeof(*s->place));
	s->n = s->seen = s->open = s->stale = 0;
	s->seen_changes = store_change_count(s->store);
	selection_update(s);
}

void selection_filter(struct selection *s, struct filter *f)
{
	if (f != s->filter)
		filter_free(s->filter);
	s->filter = f;
	selection_recheck(s);
}

void selection_sort(struct selection *s, enum sort_key key, bool descending)
{
	selection_update(s);
	s->sort = key;
	s->descending = descending;
	for (size_t i = 0; i < s->n; i++)
		s->list[i] = make_entry(s, s->list[i].row);
	sort_entries(s, s->list, s->n);
	s->stale = 0;
	write_places(s);
}

void selection_hide_decided(struct selection *s, bool hide)
{
	if (s->hide_decided == hide)
		return;
	s->hide_decided = hide;
	selection_recheck(s);
}

/* ---- asking ------------------------------------------------------------------------------- */

size_t selection_count(const struct selection *s)
{
	return s->n;
}

row_id selection_at(const struct selection *s, size_t i)
{
	return i < s->n ? s->list[i].row : ROW_NONE;
}

size_t selection_index(const struct selection *s, row_id r)
{
	return r < s->seen && s->place[r] ? s->place[r] - 1 : STR_NONE;
}

size_t selection_open(const struct selection *s)
{
	return s->open;
}

size_t selection_next_open(const struct selection *s, size_t i)
{
	size_t start = i < s->n ? i + 1 : 0;
	for (size_t k = 0; s->open && k < s->n; k++) {
		size_t at = (start + k) % s->n;
		if (store_verdict(s->store, s->list[at].row) == VERDICT_OPEN)
			return at;
	}
	return STR_NONE;
}
