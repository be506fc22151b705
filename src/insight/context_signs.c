/*
 * context_signs: what of the events around an alert weighs. A tool's own reads before its change do not,
 * nor what the principal does on other days as well.
 */
#include "s3triage/insight/signs.h"

#include "signs_priv.h"

#include "s3triage/base/when.h"

enum { NEAR_MAX = 256, LIKE_MAX = 1000, DAYS_USUAL = 3, BURST_MIN = 3, BURST_MAX = 30 };

/* By the alert's key, or from its address. */
static bool same_hand(const struct around_one *w, const struct activity *e)
{
	return (e->ip.n && str_eq(e->ip, w->alert->ip)) || (e->key_id.n && str_eq(e->key_id, w->alert->key_id));
}

/* The principal does it on days that have nothing to do with this alert, too; of `hand` only what the
 * same hand did counts. */
static bool is_daily(const struct around_one *w, const struct refs *list, bool hand)
{
	int64_t last = WHEN_NONE;
	int days = 0;
	for (size_t i = 0; i < list->n && i < LIKE_MAX && days < DAYS_USUAL; i++) {
		int64_t day = list->v[i].time / DAY;
		bool counts = day != last && day != w->alert->time / DAY && !(list->v[i].id & REF_ALERT) &&
			(!hand || same_hand(w, at_ref(w, list->v[i].id)));
		days += counts;
		last = counts ? day : last;
	}
	return days >= DAYS_USUAL;
}

static const struct refs *calls_of(const struct around_one *w, enum call call)
{
	return index_get(&w->c->index, INDEX_CALL + (unsigned)call, w->principal);
}

typedef bool (*is_fn)(const struct around_one *w, const struct activity *e);

/* The newest of these calls between the two times that is such a one; NULL: there is none. */
static const struct activity *find_call(const struct around_one *w, enum call call, int64_t from,
	int64_t until, is_fn is)
{
	const struct refs *list = calls_of(w, call);
	size_t first = list ? refs_from(list, (struct ref){from, 0}) : 0;
	size_t end = list ? refs_from(list, (struct ref){until + 1, 0}) : 0;
	for (size_t n = 0; end > first && n < LIKE_MAX; n++) {
		uint32_t id = list->v[--end].id;
		if (!(id & REF_ALERT) && is(w, at_ref(w, id)))
			return at_ref(w, id);
	}
	return NULL;
}

/* ---- before it ------------------------------------------------------------------------------ */

/* Reads of buckets within the hour are what Terraform and CDK do by themselves before each change, and the
 * console lists all buckets first. */
static bool is_look(const struct around_one *w, const struct activity *e)
{
	bool by_itself = e->call != CALL_ListBuckets || w->alert->traits & TRAIT_AGENT_CONSOLE;
	return same_hand(w, e) && (!by_itself || e->time < w->alert->time - HOUR);
}

static void note_look(const struct activity *e, struct signs *out)
{
	out->looked |= UINT64_C(1) << e->call;
	out->looked_at = out->looked_at == WHEN_NONE || e->time < out->looked_at ? e->time : out->looked_at;
	out->looked_until = e->time > out->looked_until ? e->time : out->looked_until;
}

static void sign_looks(const struct around_one *w, struct signs *out)
{
	static const enum call looks[] = {CALL_ListBuckets, CALL_GetBucketReplication, CALL_GetBucketPolicy,
		CALL_GetBucketVersioning};
	for (size_t i = 0; i < ARRAY_LEN(looks); i++) {
		const struct refs *list = calls_of(w, looks[i]);
		size_t at = list ? refs_from(list, (struct ref){w->alert->time - 14 * DAY, 0}) : 0;
		bool daily = list && is_daily(w, list, true);
		for (; list && !daily && at < list->n && list->v[at].time <= w->alert->time; at++)
			if (!(list->v[at].id & REF_ALERT) && is_look(w, at_ref(w, list->v[at].id)))
				note_look(at_ref(w, list->v[at].id), out);
	}
}

/* What has no sign of its own. */
static void sign_prepared(const struct around_one *w, struct signs *out)
{
	const uint64_t told = (out->role ? UINT64_C(1) << CALL_CreateRole : 0) |
		(out->bucket ? UINT64_C(1) << CALL_CreateBucket : 0) |
		(out->versioned ? UINT64_C(1) << CALL_PutBucketVersioning : 0) |
		(out->job ? UINT64_C(1) << CALL_CreateJob : 0);
	uint64_t refused, calls = context_calls(w->c, w->row, HOUR, &refused);
	for (unsigned i = 0; i < CALL_COUNT; i++) {
		enum call_group g = call_group((enum call)i);
		if (calls >> i & 1 && !((UINT64_C(1) << i) & told) && (g == CALL_PREPARE || g == CALL_OTHER_WAY) &&
			!is_daily(w, calls_of(w, (enum call)i), false))
			out->prepared |= UINT64_C(1) << i;
	}
	out->refused = refused;
}

static bool is_denied(const struct around_one *w, const struct activity *e)
{
	(void)w;
	return deed_code_denies(e->result);
}

static bool done(const struct activity *e)
{
	return !e->result.n;
}

static bool ends_recording(const struct around_one *w, const struct activity *e)
{
	(void)w;
	return done(e) && !e->tame;
}

static struct str name_of_role(struct str role)
{
	size_t slash = str_rfind_char(role, '/');
	return slash == STR_NONE ? role : str_sub(role, slash + 1, role.n);
}

static bool makes_role(const struct around_one *w, const struct activity *e)
{
	return done(e) && e->target.n && str_eq(e->target, name_of_role(w->alert->role));
}

static bool makes_dest(const struct around_one *w, const struct activity *e)
{
	bool it = false;
	for (size_t i = 0; i < w->alert->n_dests; i++)
		it |= e->bucket.n && str_eq(e->bucket, w->alert->dests[i].bucket);
	return it && done(e);
}

static bool is_of_bucket(const struct around_one *w, const struct activity *e)
{
	return done(e) && e->bucket.n && str_eq(e->bucket, w->alert->bucket);
}

static bool shares_dest(const struct alert *a, const struct alert *b)
{
	for (size_t i = 0; i < a->n_dests; i++)
		for (size_t k = 0; k < b->n_dests; k++)
			if (a->dests[i].bucket.n && str_eq(a->dests[i].bucket, b->dests[k].bucket))
				return true;
	return false;
}

/* A job that names no place goes by the rules of the bucket that it is of, where that is said. */
static bool takes_same_way(const struct around_one *w, const struct alert *job, int64_t away)
{
	bool ours = str_eq(job->bucket, w->alert->bucket), soon = away < DAY && away > -DAY;
	return job->n_dests ? (ours || soon) && shares_dest(job, w->alert) : ours || (soon && !job->bucket.n);
}

/* Only those that are near misses take data anywhere. */
static const struct activity *find_job(const struct around_one *w, bool *maybe)
{
	const struct refs *list = calls_of(w, CALL_CreateJob);
	size_t at = list ? refs_from(list, (struct ref){w->alert->time - 14 * DAY, 0}) : 0;
	for (; list && at < list->n && list->v[at].time <= w->alert->time + 14 * DAY; at++) {
		uint32_t id = list->v[at].id;
		row_id near = id & REF_ALERT ? ROW_NONE : event_at(w->c, id)->near;
		int64_t away = list->v[at].time - w->alert->time;
		if (near != ROW_NONE && done(at_ref(w, id)) &&
			takes_same_way(w, store_alert(w->c->near, near), away)) {
			*maybe = !store_alert(w->c->near, near)->n_dests && !store_alert(w->c->near, near)->bucket.n;
			return at_ref(w, id);
		}
	}
	return NULL;
}

static void sign_calls(const struct around_one *w, struct signs *out)
{
	int64_t at = w->alert->time;
	out->denied = find_call(w, CALL_PutBucketReplication, at - DAY, at, is_denied);
	for (unsigned i = 0; i < CALL_COUNT && !out->silenced; i++)
		if (call_ends_recording((enum call)i))
			out->silenced = find_call(w, (enum call)i, at - DAY, at + DAY, ends_recording);
	out->role = find_call(w, CALL_CreateRole, at - 14 * DAY, at, makes_role);
	out->bucket = find_call(w, CALL_CreateBucket, at - 14 * DAY, at, makes_dest);
	out->versioned = find_call(w, CALL_PutBucketVersioning, at - DAY, at, is_of_bucket);
	out->job = find_job(w, &out->job_maybe);
}

/* ---- beside it ------------------------------------------------------------------------------ */

/* 203.0.113.7 -> 203.0.113., of IPv6 the first three groups; empty for what is no address. */
static struct str network_of(struct str ip)
{
	char by = str_find_char(ip, ':') != STR_NONE ? ':' : '.';
	size_t at = 0;
	if (!ip.n || (by == '.' && (ip.p[ip.n - 1] < '0' || ip.p[ip.n - 1] > '9')))
		return (struct str){0};
	for (int i = 0; i < 3; i++) {
		size_t next = str_find_char(str_sub(ip, at, ip.n), by);
		if (next == STR_NONE)
			return ip;
		at += next + 1;
	}
	return str_sub(ip, 0, at);
}

/* The key is used in this network on days that have nothing to do with this alert, too. */
static bool key_is_usual_in(const struct around_one *w, const struct refs *list, struct str network)
{
	size_t middle = refs_from(list, (struct ref){w->alert->time, 0});
	size_t from = middle > LIKE_MAX ? middle - LIKE_MAX : 0;
	int64_t last = WHEN_NONE;
	int days = 0;
	for (size_t i = from; i < list->n && i < middle + LIKE_MAX && days < DAYS_USUAL; i++) {
		int64_t day = list->v[i].time / DAY;
		if (list->v[i].id & REF_ALERT || day == last || day == w->alert->time / DAY)
			continue;
		const struct activity *e = at_ref(w, list->v[i].id);
		bool there = str_eq(e->key_id, w->alert->key_id) && str_eq(network_of(e->ip), network);
		days += there;
		last = there ? day : last;
	}
	return days >= DAYS_USUAL;
}

static void look_beside(const struct around_one *w, struct ref ref, struct signs *out)
{
	bool alert = ref.id & REF_ALERT;
	const struct alert *a = alert ? store_alert(w->c->alerts, ref.id & ~REF_ALERT) : NULL;
	struct str key = alert ? a->key_id : at_ref(w, ref.id)->key_id;
	struct str ip = alert ? a->ip : at_ref(w, ref.id)->ip;
	struct str there = network_of(ip), here = network_of(w->alert->ip);
	if (key.n && str_eq(key, w->alert->key_id) && there.n && here.n && !str_eq(there, here) && !out->elsewhere.n)
		out->elsewhere = ip;
}

/* Different buckets among the alerts from here to there, up to BURST_MAX. */
static size_t count_buckets(const struct around_one *w, const struct refs *list, size_t from, size_t end)
{
	const char *seen[BURST_MAX];
	size_t n = 0;
	for (size_t i = from; i < end && n < BURST_MAX; i++) {
		const char *bucket = list->v[i].id & REF_ALERT ? w->c->keys[list->v[i].id & ~REF_ALERT].bucket : NULL;
		bool again = !bucket;
		for (size_t k = 0; k < n && !again; k++)
			again = seen[k] == bucket;
		if (!again)
			seen[n++] = bucket;
	}
	return n;
}

/* Whether such a thing is there on other days, among the principal's events around these. */
static bool bursts_often(const struct around_one *w, const struct refs *list, size_t middle)
{
	size_t from = middle > LIKE_MAX ? middle - LIKE_MAX : 0;
	size_t end = list->n > middle + LIKE_MAX ? middle + LIKE_MAX : list->n;
	int days = 0;
	for (size_t i = from; i + BURST_MIN <= end && days < DAYS_USUAL - 1;) {
		size_t k = i;
		while (k < end && list->v[k].time - list->v[i].time <= HOUR / 6)
			k++;
		int64_t away = list->v[i].time - w->alert->time;
		size_t last = k < i + NEAR_MAX ? k : i + NEAR_MAX;
		bool one = (away > HOUR || away < -HOUR) && k - i >= BURST_MIN &&
			count_buckets(w, list, i, last) >= BURST_MIN;
		days += one;
		i = one ? k : i + 1;
	}
	return days >= DAYS_USUAL - 1;
}

static void sign_beside(const struct around_one *w, struct signs *out)
{
	const struct refs *list = index_get(&w->c->index, INDEX_PRINCIPAL, w->principal);
	int64_t at = w->alert->time;
	size_t middle = refs_from(list, (struct ref){at, 0});
	size_t first = refs_from(list, (struct ref){at - DAY / 2, 0});
	size_t end = refs_from(list, (struct ref){at + DAY / 2, 0});
	first = middle > first + NEAR_MAX ? middle - NEAR_MAX : first;
	end = end > middle + NEAR_MAX ? middle + NEAR_MAX : end;
	for (size_t i = first; i < end; i++)
		look_beside(w, list->v[i], out);
	if (out->elsewhere.n && key_is_usual_in(w, list, network_of(out->elsewhere)) &&
		key_is_usual_in(w, list, network_of(w->alert->ip)))
		out->elsewhere = (struct str){0};
	first = refs_from(list, (struct ref){at - HOUR / 6, 0});
	end = refs_from(list, (struct ref){at + HOUR / 6, 0});
	first = middle > first + NEAR_MAX ? middle - NEAR_MAX : first;
	end = end > middle + NEAR_MAX ? middle + NEAR_MAX : end;
	size_t n = list ? count_buckets(w, list, first, end) : 0;
	out->burst = n >= BURST_MIN && !bursts_often(w, list, middle) ? n : 0;
}

/* ---- all ------------------------------------------------------------------------------------ */

static void sign_change(const struct around_one *w, struct arena *mem, struct signs *out)
{
	struct config_event before;
	if (!alert_is_config(w->alert) || !context_config_before(w->c, w->row, &before) ||
		before.call != CALL_PutBucketReplication)
		return;
	const struct alert *b = store_alert(before.store, before.row);
	if (b->n_dests && w->alert->n_dests)
		diff_facts(b, w->alert, mem, &out->diff);
}

void context_signs(struct context *c, row_id row, struct arena *mem, struct signs *out)
{
	*out = (struct signs){.looked_at = WHEN_NONE, .looked_until = WHEN_NONE};
	context_update(c);
	const struct alert *a = store_alert(c->alerts, row);
	const struct around_one w = {.c = c, .alert = a, .row = row, .principal = context_principal(c, a),
		.bucket = context_bucket(c, a)};
	if (a->time == WHEN_NONE)
		return;
	sign_change(&w, mem, out);
	out->now = now_of(&w, mem);
	sign_places(&w, mem, out);
	if (!w.principal.n)
		return;
	sign_looks(&w, out);
	sign_calls(&w, out);
	sign_prepared(&w, out);
	sign_beside(&w, out);
}
