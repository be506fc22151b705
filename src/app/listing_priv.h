/*
 * listing: tables in the place of the list and its panes: groups of alerts, near misses, a timeline.
 * Each kind says what stands in its rows and on its page; listing.c has the keys.
 */
#ifndef SRC_APP_LISTING_PRIV_H
#define SRC_APP_LISTING_PRIV_H

#include "app_priv.h"

struct listing_kind {
	const char *title;
	bool warn;                /* these rows are no alerts */
	bool groups;              /* each stands for its alerts: a verdict on it is one on them */
	bool window;              /* around one alert, by time: sort keys say how far */
	void (*name)(const struct app *a, struct arena *mem, struct listing_model *m); /* or NULL */
	struct str (*account)(struct app *a, size_t i); /* that the row is of; NULL: none is */
	const struct listing_column *columns;
	size_t n_columns;
	const char *empty;
	void (*update)(struct app *a); /* takes in what happened since the last draw */
	size_t (*count)(struct app *a);
	void (*row)(const void *app, size_t i, struct arena *mem, struct listing_cell *cells);
	void (*page)(struct app *a, size_t i, struct text *t);
	unsigned (*enter)(struct app *a, size_t i);                /* in the page's place; or NULL */
	const char *entered, *enter_help;                          /* what that is called; or NULL */
	unsigned (*open)(struct app *a, size_t i);                 /* from the page to the alerts: listing_leave() */
	unsigned (*decide)(struct app *a, size_t i, enum verdict v); /* NULL: nothing is decided here */
	unsigned (*sort)(struct app *a, int step);                 /* 0: turn round; NULL: by time */
	unsigned (*all)(struct app *a);                            /* what the key that marks all shows; or NULL */
	int back;                 /* the action that is the table before this one; or 0 */
	void (*filter)(struct app *a, struct str words);           /* NULL: no filter */
};

unsigned listing_open(struct app *a, const struct listing_kind *kind);
void listing_leave(struct app *a); /* to the list */
/* Before `kind` (a table of groups: by `by`) is shown: the table that is there is gone back to from it. */
void listing_keep(struct app *a, const struct listing_kind *kind, enum group_by by);
/* listing_deeds.c: the events one by one; and of a page, the counts. */
unsigned done_open(struct app *a);
void done_say(struct app *a, bool line, struct text *t);

bool listing_step_back(struct app *a); /* false: there is none */

/* "11-24 02:13" for a cell, in mem. */
struct str listing_time(int64_t ms, struct arena *mem);

/* A label column and a value. */
void listing_say(struct text *t, const char *label, struct str value);

#endif
