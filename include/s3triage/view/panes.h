/*
 * view/panes: what the request, actor and guide panes say of one alert: facts in, styled lines
 * out. Pure.
 */
#ifndef S3TRIAGE_VIEW_PANES_H
#define S3TRIAGE_VIEW_PANES_H

#include "s3triage/detect/rule.h"
#include "s3triage/event/alert.h"
#include "s3triage/triage/verdict.h"
#include "s3triage/view/text.h"

/* One alert in full. */
struct detail {
	const struct alert *alert;
	const struct json *ecs;               /* the document; NULL when it could not be read */
	struct replication request;           /* read from it; slices live as long as the detail */
	const struct rule *rule;              /* the alert's own rule, else the rule that matched */
	const struct decision *decision;      /* newest, or NULL */
	const struct decision *const *history; /* oldest first */
	size_t n_history;
	const char *load_error;               /* why ecs is NULL */
};

/* Destination first, then role, rules (folded when they are alike or many), what it was read from
 * and what is wrong with it, verdict history. */
void request_text(const struct detail *d, struct text *out);

/* The raw request: the trusted form as indented JSON, then the other forms as they are. */
void request_raw_text(const struct detail *d, struct text *out);

/* Who, from where, then the rule's investigation fields in its order, missing ones said so. */
void actor_text(const struct detail *d, struct text *out);

/* The rule's note rendered from Markdown, a field name in `code` followed by this alert's value;
 * then false positives, references, threat mapping, query. */
void guide_text(const struct detail *d, struct text *out);

/* Markdown alone. `ecs` may be NULL. */
void markdown_text(struct str markdown, const struct json *ecs, struct text *out);

#endif
