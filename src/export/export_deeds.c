/*
 * export_deeds: everything that somebody did, as JSON. Keys are only ever added, at the end.
 */
#include "s3triage/export/export_context.h"

#include "export_priv.h"

#include <stdio.h>

static void export_deeds_put_set(struct members *m, const char *key, const struct deed_set *s)
{
	char others[32];
	member_key(m, key);
	struct members list = members_open(m->out, '[');
	for (uint32_t i = 0; i < s->n; i++) {
		member_key(&list, NULL);
		struct members one = members_open(m->out, '{');
		member_str(&one, "value", s->v[i]);
		member_int(&one, "count", (int64_t)s->times[i]);
		members_close(&one);
	}
	members_close(&list);
	snprintf(others, sizeof(others), "%s_others", key);
	member_int(m, others, (int64_t)s->others);
}

static void export_deeds_put_subject(struct members *m, const struct deeds *d, uint32_t subject)
{
	const struct deed_subject *s = deeds_subject(d, subject);
	member_str(m, "of", str_c(deed_kind_name(s->kind)));
	member_str(m, "whom", s->text);
}

void export_deed_subject(const struct deeds *d, uint32_t subject, struct buf *out)
{
	const struct deed_subject *s = deeds_subject(d, subject);
	struct members m = members_open(out, '{');
	export_deeds_put_subject(&m, d, subject);
	member_int(&m, "events", (int64_t)s->count.n);
	member_int(&m, "denied", (int64_t)s->count.denied);
	member_int(&m, "failed", (int64_t)s->count.failed);
	member_time(&m, "first", s->count.first);
	member_time(&m, "last", s->count.last);
	member_int(&m, "calls", (int64_t)s->n_rows);
	member_int(&m, "events_of_calls_not_listed", (int64_t)s->unlisted);
	members_close(&m);
}

void export_deed_line(const struct deeds *d, const struct deed_line *l, struct buf *out)
{
	static const char *const classes[] = {"guide", "changes", "reads"};
	const struct deed_count *c = &l->row->count;
	struct members m = members_open(out, '{');
	export_deeds_put_subject(&m, d, l->row->subject);
	member_str(&m, "call", l->row->name);
	member_str(&m, "service", l->row->service);
	member_str(&m, "class", str_c(classes[l->class]));
	member_int(&m, "count", (int64_t)c->n);
	member_int(&m, "denied", (int64_t)c->denied);
	member_int(&m, "failed", (int64_t)c->failed);
	member_int(&m, "within_window", (int64_t)l->within);
	member_bool(&m, "within_is_least", l->least);
	member_time(&m, "first", c->first);
	member_time(&m, "last", c->last);
	export_deeds_put_set(&m, "addresses", &c->ips);
	export_deeds_put_set(&m, "agents", &c->agents);
	export_deeds_put_set(&m, "regions", &c->regions);
	members_close(&m);
}

void export_deed_event(const struct deeds *d, const struct deed_event *e, struct buf *out)
{
	const struct deed_row *r = deeds_row(d, e->row);
	struct deed_place at = deeds_place(d, e);
	struct members m = members_open(out, '{');
	export_deeds_put_subject(&m, d, r->subject);
	member_time(&m, "time", e->time);
	member_str(&m, "call", r->name);
	member_str(&m, "service", r->service);
	member_str(&m, "outcome", e->denied ? STR("denied") : e->failed ? STR("failed") : STR("done"));
	member_str(&m, "file", at.path);
	member_int(&m, "byte", (int64_t)at.at);
	members_close(&m);
}
