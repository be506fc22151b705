/*
 * base/err: the one way in which a function says that it failed, and why.
 *
 * A function that can fail returns false or NULL and takes `struct err *err` last. The storage is
 * the caller's; NULL is allowed and drops the text. Nothing below cli and tui prints.
 */
#ifndef S3TRIAGE_BASE_ERR_H
#define S3TRIAGE_BASE_ERR_H

#include <stdbool.h>
#include <stddef.h>

enum err_code {
	ERR_NONE = 0,
	ERR_IO,       /* the operating system refused; the text ends with its reason */
	ERR_PARSE,    /* text that is not what its format asks for */
	ERR_LIMIT,    /* larger, deeper or longer than a documented maximum */
	ERR_INPUT,    /* well-formed, but not usable here */
	ERR_USAGE,    /* the caller's words are wrong: exit code 2 */
	ERR_CONFLICT, /* somebody else changed it first */
	ERR_NETWORK,  /* no answer, or an answer that says no */
	ERR_DENIED,   /* 401, 403: the server does not let these credentials do it */
	ERR_STOPPED,  /* the user asked to stop */
};

struct err {
	enum err_code code;
	char text[480];     /* one sentence, no newline, no trailing stop */
	char file[256];     /* file, URL or "-"; empty when there is none */
	unsigned long line; /* from 1; 0 when unknown */
	unsigned long col;  /* from 1, in characters; 0 when unknown */
	char excerpt[240];  /* of the offending line, for a caret; may be empty */
	unsigned long excerpt_from; /* characters of the line before the excerpt */
};

/* Sets code and text, keeps any place set before. Returns false, so `return err_set(...)` is a
 * whole error path. */
bool err_set(struct err *err, enum err_code code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* The same for errno: appends ": " and strerror(errno) as it was on entry. */
bool err_set_errno(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Adds where it happened; line and col 0 leave what was there. Returns false. */
bool err_where(struct err *err, const char *file, unsigned long line, unsigned long col);

/* Puts "prefix: " before the text. Returns false. */
bool err_prefix(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* For what is looked at as a whole, and may have several faults: each but the last is told as it is
 * found, the last stays in `err`, which begins empty. Without `more` the first stays alone. */
struct err_more {
	void (*tell)(void *arg, const struct err *err);
	void *arg;
};

/* One more was found. Returns false. */
bool err_next(const struct err_more *more, struct err *err, const struct err *found);

/* Writes "file:line:col: text" (unknown parts left out; "line 1:5: text" without a file) into
 * out[size], cut to fit; returns out. */
const char *err_line(const struct err *err, char *out, size_t size);

#endif
