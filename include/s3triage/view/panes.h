/*
 * view/panes: what the request, actor and guide panes say of one alert: facts in, styled lines
 * out. Pure.
 */
#ifndef S3TRIAGE_VIEW_PANES_H
#define S3TRIAGE_VIEW_PANES_H

#include "s3triage/detect/rule.h"
#include "s3triage/event/alert.h"
#include "s3triage/book/book.h"
#include "s3triage/insight/checklist.h"
#include "s3triage/insight/deeds.h"
#include "s3triage/insight/diff.h"
#include "s3triage/insight/precedent.h"
#include "s3triage/insight/signals.h"
#include "s3triage/alert/verdict.h"
#include "s3triage/view/text.h"

/* What stands around an alert; whatever is not known is left NULL, empty or 0. */
struct around {
	const struct signal *signals;
	size_t n_signals;
	const char *marks;     /* "!!!" for their sum */
	struct str account;    /* one sentence: whose the destination is */
	bool account_bad;      /* nobody of ours */
	struct str approval;   /* one sentence: which approval fits, or why none does */
	const struct diff *diff;
	const struct precedent_hit *seen;
	size_t n_seen, seen_total;
	const struct timeline *timeline;
	const struct deeds_told *deeds; /* everything that was done, counted; NULL: nobody asked */
	int64_t window;        /* ms */
	const struct checklist *checklist;
	size_t step;           /* the one that a key would tick */
	size_t *step_lines;    /* out: the line of each step in the guide's text */
};

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
	const struct around *around;          /* or NULL */
	int64_t now;                          /* the clock; 0, WHEN_NONE: not asked */
};

/* Destination first, then role, rules (folded when they are alike or many), what it was read from
 * and what is wrong with it, verdict history. */
void request_text(const struct detail *d, struct text *out);

/* The raw request: the trusted form as indented JSON, then the other forms as they are. */
void request_raw_text(const struct detail *d, struct text *out);

/* A record as it was found, its JSON indented. */
void record_raw_text(struct str raw, struct text *out);

/* Everything that the alert's principal and key did and that was done to its bucket, counted. */
struct deeds_view {
	const struct alert *alert;
	const struct deeds_told *told;
	const struct timeline *timeline; /* what of it is shown; or NULL */
	struct str guide;                /* see struct deed_ask */
	int64_t window;                  /* ms around the alert */
};
void deeds_line(const struct deeds_view *v, struct text *out); /* how much of it is shown */
void deeds_text(const struct deeds_view *v, struct text *out);
void deeds_brief(const struct deeds_view *v, struct text *out); /* in a few lines */

/* Who, from where, then the rule's investigation fields in its order, missing ones said so. */
void actor_text(const struct detail *d, struct text *out);

/* The rule's note rendered from Markdown, a field name in `code` followed by this alert's value;
 * then false positives, references, threat mapping, query. */
void guide_text(const struct detail *d, struct text *out);

/* Markdown alone. `ecs` may be NULL. */
void markdown_text(struct str markdown, const struct json *ecs, struct text *out);

#endif
