/*
 * outliers: a value that at least two thirds of the rows share, and at least three, is the usual one;
 * rows with another value differ. A row without a value never does: nothing is known of it.
 */
#include "s3triage/triage/outliers.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/when.h"

#include <stdlib.h>

enum { MAJORITY_MIN = 3, HOURS_ROWS_MIN = 6, HOURS_WIDEST = 10, HOUR_MS = 3600 * 1000, DAY = 24 };

static const char *const names[OUTLIER_WAYS] = {
	[OUT_DEST] = "other destination", [OUT_ACTOR] = "other actor",
	[OUT_COUNTRY] = "other country", [OUT_ROLE] = "other role", [OUT_OWNER] = "other owner",
	[OUT_KEY] = "long-lived key", [OUT_HOURS] = "outside the usual hours",
	[OUT_OVERRIDE] = "owner override",
};

const char *outlier_way_name(enum outlier_way w)
{
	return (unsigned)w < OUTLIER_WAYS ? names[w] : "unknown";
}

static struct str dest_of(const struct alert *a)
{
	const struct alert_dest *d = alert_main_dest(a);
	return d->account.n ? d->account : str_c(relation_name(d->relation));
}

static struct str key_of(const struct alert *a)
{
	if ((a->traits & TRAIT_KEY_LONG) || str_starts(a->key_id, STR("AKIA")))
		return STR("long-lived");
	if ((a->traits & TRAIT_KEY_TEMPORARY) || str_starts(a->key_id, STR("ASIA")))
		return STR("temporary");
	return (struct str){0};
}

static struct str value_of(const struct alert *a, enum outlier_way w)
{
	switch (w) {
	case OUT_DEST:
		return dest_of(a);
	case OUT_ACTOR:
		return a->actor;
	case OUT_COUNTRY:
		return a->country;
	case OUT_ROLE:
		return a->role;
	case OUT_OWNER:
		return a->owner;
	case OUT_KEY:
		return key_of(a);
	case OUT_OVERRIDE:
		return a->traits & TRAIT_OWNER_OVERRIDE ? STR("override") : STR("none");
	case OUT_HOURS:
		break;
	}
	return (struct str){0};
}

/* Ways of which only one side is worth a look. */
static bool is_harmless(enum outlier_way w, struct str value)
{
	return (w == OUT_KEY && !str_is(value, "long-lived")) ||
		(w == OUT_OVERRIDE && !str_is(value, "override"));
}

struct asked {
	const struct store *s;
	const row_id *rows;
	size_t n;
};

/* The only value that can have a majority (Boyer and Moore), then whether it has one. */
static struct str majority(const struct asked *q, enum outlier_way w)
{
	struct str candidate = {0};
	size_t lead = 0, with = 0, same = 0;
	for (size_t i = 0; i < q->n; i++) {
		struct str v = value_of(store_alert(q->s, q->rows[i]), w);
		if (!v.n)
			continue;
		with++;
		if (!lead)
			candidate = v;
		lead = str_eq(v, candidate) ? lead + 1 : lead - 1;
	}
	for (size_t i = 0; i < q->n; i++)
		same += str_eq(value_of(store_alert(q->s, q->rows[i]), w), candidate);
	return candidate.n && same >= MAJORITY_MIN && same * 3 >= with * 2 ? candidate :
		(struct str){0};
}

/* ---- hours -------------------------------------------------------------------------------- */

static int hour_of(int64_t ms)
{
	int64_t hour = ms / HOUR_MS - (ms % HOUR_MS < 0);
	return (int)((hour % DAY + DAY) % DAY);
}

/* The shortest stretch of the day, going round midnight, that holds two thirds; of equals the one
 * with the most, then the first. */
static void find_hours(const struct asked *q, struct outliers *out)
{
	size_t by_hour[DAY] = {0}, with = 0;
	for (size_t i = 0; i < q->n; i++) {
		int64_t time = store_alert(q->s, q->rows[i])->time;
		if (time == WHEN_NONE)
			continue;
		by_hour[hour_of(time)]++;
		with++;
	}
	out->hour_first = out->hour_last = -1;
	for (int length = 1; with >= HOURS_ROWS_MIN && length <= HOURS_WIDEST; length++) {
		size_t most = 0;
		for (int first = 0; first < DAY; first++) {
			size_t in = 0;
			for (int h = 0; h < length; h++)
				in += by_hour[(first + h) % DAY];
			if (in * 3 < with * 2 || in <= most)
				continue;
			most = in;
			out->hour_first = first;
			out->hour_last = (first + length - 1) % DAY;
		}
		if (most)
			return;
	}
}

/* An hour before and after still counts as usual. */
static bool outside_hours(const struct outliers *o, int64_t time)
{
	if (o->hour_first < 0 || time == WHEN_NONE)
		return false;
	int length = (o->hour_last - o->hour_first + DAY) % DAY;
	int since = (hour_of(time) - o->hour_first + 1 + DAY) % DAY;
	return since > length + 2;
}

/* ---- all ---------------------------------------------------------------------------------- */

static unsigned ways_of(const struct outliers *o, const struct alert *a)
{
	unsigned ways = outside_hours(o, a->time) ? 1u << OUT_HOURS : 0;
	for (int w = 0; w < OUTLIER_WAYS; w++) {
		struct str v = value_of(a, (enum outlier_way)w);
		if (v.n && o->usual[w].n && !str_eq(v, o->usual[w]) &&
			!is_harmless((enum outlier_way)w, v))
			ways |= 1u << w;
	}
	return ways;
}

void outliers_find(const struct store *s, const row_id *rows, size_t n, struct outliers *out)
{
	struct asked q = {s, rows, n};
	*out = (struct outliers){.hour_first = -1, .hour_last = -1};
	for (int w = 0; w < OUTLIER_WAYS; w++)
		out->usual[w] = majority(&q, (enum outlier_way)w);
	find_hours(&q, out);
	size_t cap = 0;
	for (size_t i = 0; i < n; i++) {
		unsigned ways = ways_of(out, store_alert(s, rows[i]));
		if (!ways)
			continue;
		if (out->n == cap) {
			cap = cap ? cap * 2 : 16;
			out->v = mem_resize(out->v, cap, sizeof(*out->v));
		}
		out->v[out->n++] = (struct outlier){rows[i], ways};
	}
}

void outliers_fini(struct outliers *o)
{
	free(o->v);
	*o = (struct outliers){0};
}

static void explain_hours(const struct outliers *o, int64_t time, struct buf *out)
{
	char when[WHEN_TEXT_MAX];
	struct str clock = str_sub(str_c(when_format(time, when)), 11, 16);
	buf_fmt(out, "%s: %.*s (usual: %02d-%02d)", names[OUT_HOURS], STR_ARG(clock), o->hour_first,
		(o->hour_last + 1) % DAY);
}

void outlier_explain(const struct outliers *o, const struct store *s, const struct outlier *x,
	struct buf *out)
{
	const struct alert *a = store_alert(s, x->row);
	bool any = false;
	for (int w = 0; w < OUTLIER_WAYS; w++) {
		if (!(x->ways & 1u << w))
			continue;
		buf_c(out, any ? ", " : "");
		any = true;
		struct str v = value_of(a, (enum outlier_way)w);
		if (w == OUT_HOURS)
			explain_hours(o, a->time, out);
		else if (w == OUT_KEY || w == OUT_OVERRIDE)
			buf_c(out, names[w]);
		else
			buf_fmt(out, "%s: %.*s (usual: %.*s)", names[w], STR_ARG(v),
				STR_ARG(o->usual[w]));
	}
}
