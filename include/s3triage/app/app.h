/*
 * app/app: the console's state, and what each key does to it. No I/O of its own: what is
 * recorded and read is the desk's business, the clipboard that of struct app_io.
 */
#ifndef S3TRIAGE_APP_APP_H
#define S3TRIAGE_APP_APP_H

#include "s3triage/config/config.h"
#include "s3triage/config/key.h"
#include "s3triage/desk/desk.h"
#include "s3triage/account/accounts.h"
#include "s3triage/insight/deeds.h"
#include "s3triage/insight/story.h"
#include "s3triage/view/screen.h"

struct app;

struct app_io {
	void *ctx;
	void (*stop_scan)(void *ctx);
	void (*copy)(void *ctx, struct str text); /* to the clipboard */
	/* Begins to read the sources once more, for the life of `who`; what comes of it is app_life(). Until
	 * then no story of before is there any more. NULL, or false and err: they cannot be read again. */
	bool (*ask_story)(void *ctx, struct str who, struct err *err);
	/* Begins to count everything that whom the alert names did, unless that is known; how far it is says
	 * deeds_of(), false when nobody asked or it is let go. What that told does not outlive another
	 * count_deeds(). NULL, or false and err: these sources cannot be read again. */
	bool (*count_deeds)(void *ctx, const struct alert *al, struct err *err);
	bool (*deeds_of)(void *ctx, const struct alert *al, struct deeds_told *out);
	/* Begins to read the one event that was counted there; app_event(). */
	bool (*read_event)(void *ctx, const struct deeds_told *of, const struct deed_event *e, struct err *err);
};

/* How far the reading is. */
struct app_story {
	const struct story *story; /* at the end; borrowed until another is asked for */
	bool found;                /* story_end() */
	unsigned long long events; /* read so far */
	size_t problems;
};

/* What a key made necessary. */
enum app_after {
	APP_DRAW = 1,    /* something on the screen changed */
	APP_QUIT = 2,
	APP_SUSPEND = 4, /* ^Z */
	APP_REPAINT = 8, /* ^L: the whole screen anew */
	APP_INTERRUPT = 16, /* leave as SIGINT would: ^C */
};

/* Everything borrowed for the app's life. */
#define APP_FILTER_MAX 2000 /* bytes that the filter bar holds */

struct app_setup {
	struct desk *desk; /* what is not known there is NULL. The app keeps the signals up to date */
	const struct config *config;
	struct str source; /* what the header says it looks at */
	struct str banner; /* on every screen; or empty */
	struct str filter; /* what the list begins with; or empty */
	struct str sort;   /* a column, "-" before it for descending; empty: the configuration's */
	bool ascii;
	struct app_io io;
};

struct app *app_new(const struct app_setup *setup);
void app_free(struct app *a);

unsigned app_key(struct app *a, struct key k);
unsigned app_paste(struct app *a, struct str text); /* only text fields take it */

/* What a key would do as things stand: be typed into a field, look or move, record or send something.
 * A number for the question that such a key would answer, 0: none; another when another is asked. And
 * what is said when one was not taken: it came faster than one types, was held down, or answered what
 * cannot have been read yet. */
enum app_weight { APP_TEXT, APP_LIGHT, APP_HEAVY };
enum app_weight app_weighs(const struct app *a, struct key k);
uint64_t app_question(const struct app *a);
enum app_refusal { APP_TAKEN, APP_HASTY, APP_HELD, APP_UNREAD };
unsigned app_refused(struct app *a, enum app_refusal why);

void app_resize(struct app *a, int rows, int cols);

/* News from outside; each returns app_after bits. */
unsigned app_arrived(struct app *a);                           /* rows were added to the store */
unsigned app_heard(struct app *a); /* what the desk told since this was asked last */
unsigned app_status(struct app *a, struct str status, bool busy);
unsigned app_life(struct app *a, const struct app_story *s);
unsigned app_counted(struct app *a, bool over);      /* the counting went on, or is over */
unsigned app_event(struct app *a, struct str raw);   /* empty: it is not there any more */
unsigned app_outbox(struct app *a, struct str text); /* what waits to be sent; empty: nothing */
unsigned app_log(struct app *a, enum role role, struct str text); /* kept; see `messages` */
unsigned app_message(struct app *a, enum role role, struct str text);

void app_draw(struct app *a, struct canvas *c);

/* There is more to work out than one turn allows: draw again soon. */
bool app_unfinished(const struct app *a);

#endif
