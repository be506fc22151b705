/*
 * export_context: what stands around an alert, as JSON. Keys are only ever added, at the end.
 */
#include "s3triage/export/export_context.h"

#include "export_priv.h"
#include "s3triage/insight/diff.h"

void export_timeline_entry(const struct timeline_entry *e, struct buf *out)
{
	struct members m = members_open(out, '{');
	member_time(&m, "time", e->time);
	member_str(&m, "action", e->action);
	member_str(&m, "group",
		e->kind == CALL_NONE ? (struct str){0} : str_c(call_group_name(call_group(e->kind))));
	member_str(&m, "actor", e->actor);
	member_str(&m, "who", e->who);
	member_str(&m, "principal", e->principal);
	member_str(&m, "bucket", e->bucket);
	member_str(&m, "target", e->target);
	member_str(&m, "result", e->result);
	member_str(&m, "source_ip", e->ip);
	member_str(&m, "event_id", e->event_id);
	member_bool(&m, "alert", e->alert);
	member_bool(&m, "self", e->self);
	member_bool(&m, "near_miss", e->near != ROW_NONE);
	member_bool(&m, "same_principal", e->same_principal);
	member_bool(&m, "same_bucket", e->same_bucket);
	member_bool(&m, "in_guide", e->named);
	members_close(&m);
}

void export_timeline(const struct timeline *t, struct buf *out)
{
	struct members m = members_open(out, '{');
	member_open(&m, "entries", '[');
	for (size_t i = 0; i < t->n; i++) {
		member_key(&m, NULL);
		export_timeline_entry(&t->entries[i], out);
	}
	member_close(&m, 1);
	member_int(&m, "left_out", (int64_t)t->left_out);
	members_close(&m);
}

static void export_context_put_line(const struct diff_line *l, struct buf *out)
{
	struct members m = members_open(out, '{');
	member_str(&m, "kind", str_c(diff_kind_name(l->kind)));
	member_bool(&m, "more", l->more);
	member_str(&m, "text", l->text);
	members_close(&m);
}

void export_diff(const struct diff *d, struct buf *out)
{
	static const char *const bases[] = {"none", "configuration", "deleted", "unreadable"};
	struct members m = members_open(out, '{');
	member_str(&m, "base", str_c(bases[d->base]));
	member_str(&m, "head", d->head);
	member_open(&m, "changes", '[');
	for (size_t i = 0; i < d->n_lines; i++) {
		member_key(&m, NULL);
		export_context_put_line(&d->lines[i], out);
	}
	member_close(&m, 1);
	member_int(&m, "left_out", (int64_t)d->left_out);
	member_str(&m, "later", d->later);
	members_close(&m);
}

void export_near(const struct near_miss *n, struct buf *out)
{
	const struct alert *a = n->alert;
	struct members m = members_open(out, '{');
	member_time(&m, "time", a->time);
	member_str(&m, "action", n->action);
	member_str(&m, "why", n->why);
	member_str(&m, "result", n->result);
	member_str(&m, "bucket", a->bucket);
	member_str(&m, "owner_account", a->owner);
	member_str(&m, "destination_bucket", alert_main_dest(a)->bucket);
	member_str(&m, "destination_account", alert_main_dest(a)->account);
	member_str(&m, "role", a->role);
	char tmp[ALERT_WHO_MAX];
	member_str(&m, "actor", a->actor);
	member_str(&m, "who", alert_who(a, tmp));
	member_str(&m, "actor_arn", a->actor_arn);
	member_str(&m, "source_ip", a->ip);
	member_str(&m, "region", a->region);
	member_str(&m, "event_id", a->event_id);
	member_str(&m, "source", a->source);
	member_traits(&m, "traits", a->traits);
	export_list_dests(&m, a);
	members_close(&m);
}
