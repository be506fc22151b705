/*
 * scan/contain (private): looking for events in what is none itself: envelopes, answers, queue
 * messages, text in text. Bounded in depth, bytes and time; stops at what it recognises.
 */
#ifndef SRC_SCAN_CONTAIN_H
#define SRC_SCAN_CONTAIN_H

#include "s3triage/base/buf.h"
#include "s3triage/event/ecs.h"

#define CONTAIN_TEXTS_MAX 12                        /* texts within texts */
#define CONTAIN_BYTES_MAX ((size_t)256 << 20)       /* of all texts in one container */

struct contain_sink {
	void *ctx;
	/* An event, alert or document; `text` is its JSON. What json_mended() and json_repeated() say of
	 * `root` is said of the text that it was in. All live until it returns. */
	void (*record)(void *ctx, struct str text, const struct json *record, const struct json *root);
	/* Where what comes next was found, when no transport puts an event there; or empty. */
	void (*found_in)(void *ctx, struct str path);
	void (*problem)(void *ctx, const char *text);
	void (*note)(void *ctx, const char *text); /* what something is that holds no event */
	bool (*other)(void *ctx, const struct json *v); /* reads an object of another form; false: it is none */
	bool (*stop)(void *ctx);
	struct str outside;                        /* what found_in() is told of the container itself */
	struct arena *trees;                       /* that json_pool_enter() was called with, or NULL */
};

struct contain {
	const struct contain_sink *sink;
	void (*visit)(struct contain *c, const struct json *v); /* looks into a value */
	size_t found, told, noted;
	size_t bytes;
	unsigned texts;
	bool full;
	bool ours;                /* a part of an answer: objects may lie below any key */
	bool aside;               /* below a key that no transport uses */
	bool beside;              /* below such a one with other texts or objects beside it */
	bool unread;              /* texts here are anybody's words */
	const struct json *root;  /* of the innermost text, NULL in the container itself */
	const struct json *shell; /* whose source is searched, or NULL */
	struct buf path;          /* keys from the container down to here */
};

/* Searches an object or array of no known shape, or a text. What it found and told is counted in
 * *out, so that the caller can tell of one in which there was nothing. */
void contain_search(struct contain *c, const struct json *v, const struct contain_sink *sink);

/* The same in a part of an answer whose keys are those that the search was given. */
void contain_search_answer(struct contain *c, const struct json *v, const struct contain_sink *sink);

/* Searches the source of a SHAPE_SHELL, and tells when nothing was in it. */
void contain_search_shell(struct contain *c, const struct json *record, const struct contain_sink *sink);

/* The names of an object's members, for telling: "a, b, c and 4 more". */
void contain_keys(const struct json *v, struct buf *out);

/* ---- for readers of what needs more than looking into its members: the table in contain_known.c. */

/* True: v was such a thing, and all was said of it. */
typedef bool contain_reader(struct contain *c, const struct json *v);
bool contain_known(struct contain *c, const struct json *v);

void contain_place(struct contain *c); /* tells sink->found_in() */
void contain_give(struct contain *c, const struct json *record, struct str text); /* text may be empty */
void contain_tell(struct contain *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void contain_note(struct contain *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* contain_keys.c: whether transports put an event, or what holds it, under this key. */
bool contain_key(struct str key);

/* contain_text.c: a string of no known meaning. */
bool contain_names_event(struct str text);
void contain_text(struct contain *c, struct str text);
bool contain_charge(struct contain *c, size_t bytes); /* false: no more; that is told once */

#endif
