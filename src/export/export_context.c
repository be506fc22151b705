/*
 * export_context: what stands around an alert, as JSON. Keys are only ever added, at the end.
 */
#include "s3triage/export/export_context.h"

#include "export_priv.h"
#include "s3triage/insight/diff.h"

void export_timeline_entry(struct members *m, const struct timeline_entry *e)
{
	member_time(m, "time", e->time);
	member_str(m, "action", e->action);
	member_str(m, "group",
		e->kind == CALL_NONE ? (struct str){0} : str_c(call_group_name(call_group(e->kind))));
	member_str(m, "actor", e->actor);
	member_str(m, "who", e->who);
	member_str(m, "principal", e->principal);
	member_str(m, "bucket", e->bucket);
	member_str(m, "target", e->target);
	member_str(m, "result", e->result);
	member_str(m, "source_ip", e->ip);
	member_str(m, "event_id", e->event_id);
	member_bool(m, "alert", e->alert);
	member_bool(m, "self", e->self);
	member_bool(m, "near_miss", e->near != ROW_NONE);
	member_bool(m, "same_principal", e->same_principal);
	member_bool(m, "same_bucket", e->same_bucket);
	member_bool(m, "in_guide", e->named);
	member_str(m, "part", e->part);
}

void export_timeline(struct members *m, const struct timeline *t)
{
	member_open(m, "timeline", '{');
	member_open(m, "entries", '[');
	for (size_t i = 0; i < t->n; i++) {
		member_open(m, NULL, '{');
		export_timeline_entry(m, &t->entries[i]);
		member_close(m, 1);
	}
	member_close(m, 1);
	member_int(m, "left_out", (int64_t)t->left_out);
	member_close(m, 1);
}

static void export_context_put_line(struct members *m, const struct diff_line *l)
{
	member_open(m, NULL, '{');
	member_str(m, "kind", str_c(diff_kind_name(l->kind)));
	member_bool(m, "more", l->more);
	member_str(m, "text", l->text);
	member_close(m, 1);
}

void export_diff(struct members *m, const struct diff *d)
{
	static const char *const bases[] = {"none", "configuration", "deleted", "unreadable"};
	member_open(m, "diff", '{');
	member_str(m, "base", str_c(bases[d->base]));
	member_str(m, "head", d->head);
	member_open(m, "changes", '[');
	for (size_t i = 0; i < d->n_lines; i++)
		export_context_put_line(m, &d->lines[i]);
	member_close(m, 1);
	member_int(m, "left_out", (int64_t)d->left_out);
	member_str(m, "later", d->later);
	member_close(m, 1);
}

void export_near(struct members *m, const struct near_miss *n)
{
	const struct alert *a = n->alert;
	member_time(m, "time", a->time);
	member_str(m, "action", n->action);
	member_str(m, "why", n->why);
	member_str(m, "result", n->result);
	member_str(m, "bucket", a->bucket);
	member_str(m, "owner_account", a->owner);
	member_str(m, "destination_bucket", alert_main_dest(a)->bucket);
	member_str(m, "destination_account", alert_main_dest(a)->account);
	member_str(m, "role", a->role);
	char tmp[ALERT_WHO_MAX];
	member_str(m, "actor", a->actor);
	member_str(m, "who", alert_who(a, tmp));
	member_str(m, "actor_arn", a->actor_arn);
	member_str(m, "source_ip", a->ip);
	member_str(m, "region", a->region);
	member_str(m, "event_id", a->event_id);
	member_str(m, "source", a->source);
	member_traits(m, "traits", a->traits);
	export_list_dests(m, a);
}
