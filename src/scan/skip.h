/*
 * scan/skip (private): over one JSON value in a feed, checking its structure on the way.
 */
#ifndef SRC_SCAN_SKIP_H
#define SRC_SCAN_SKIP_H

#include "heads.h"
#include "partial.h"
#include "split.h"

enum { NEST_MAX = 1024 };

/* The objects and arrays that were open where a value broke: none of them can be whole. */
struct broken {
	unsigned long long open[NEST_MAX]; /* where they begin, ascending */
	unsigned n, seen; /* those before `seen` were come by */
};

struct walker {
	struct feed *f;
	const struct split_sink *sink;
	const char *why;           /* what was expected where the last value broke; NULL: reported */
	unsigned long long why_at;
	unsigned long long from;   /* where to look for the next record after that */
	bool why_end;              /* it broke because the text ends */
	bool too_long;             /* the record at hand passed the limit; that was reported */
	bool stopped;
	bool resync, known;
	bool past;                 /* what begins at `from` is the broken value itself */
	bool end_told;             /* that the text ends early was reported */
	bool entered;              /* the top value was a wrapper */
	bool top;                  /* the text's first value, whatever it holds: a digest, perhaps */
	bool lines;                /* top values are lines */
	bool at_line;              /* the object at hand begins one */
	bool beside;               /* the value at hand is a part of an answer */
	struct heads heads;
	struct partial answer;     /* of the answer at hand */
	int64_t elements;          /* of the array that ended last */
	bool passed_one;           /* the line at feed->keep was passed and is not counted yet */
	struct broken broken[2]; /* of the last two: quotes can be read in two ways */
	unsigned broken_last;
	unsigned long long wasted; /* bytes walked in vain while looking for the next record */
	bool waste_told;
	unsigned long long clear_to; /* no needle begins before */
	bool between;              /* outside of values */
	bool pretty;               /* the top value has a line for each member */
	bool triple;               /* the text holds triple quotes */
	bool odd;                  /* so does the value at hand, or a comment: the parser knows neither */
	bool prose;                /* JSON stands amid other lines */
	bool fragment;             /* and some of it lost its beginning */
	bool alone;                /* the value at hand lies in nothing */
	bool inner;                /* behind damage, it is the value of a key that no transport uses */
	bool part;                 /* the value at hand may be a part of such a one */
	struct buf aside;          /* where the value at hand was found, if it is anybody's log line */
	bool request;              /* the line before is a request of Dev Tools: a body may follow */
	bool any;                  /* something was read, or told as unreadable */
	unsigned long long passed_lines; /* that hold no JSON */
	unsigned long passed_first;
	unsigned long ended;       /* newlines before the end of the last top value, amid other lines */
	unsigned long long object; /* where the object began that walk_object() is in */
	enum top_is { TOP_OPEN, TOP_EVENT, TOP_WRAPPER } top_is; /* what its own keys say it is */
	bool whole;                /* a log file in memory whose records end where they should */
};

/* More bytes in the window; false at the end. A record that is too long is reported and its bytes
 * are let go. */
bool skip_more(struct walker *w);

/* To the next byte that is no white space and no comment; false at the end. */
bool skip_space(struct walker *w);

/* These begin at the value's first byte and end behind its last. False: w->why. */
bool skip_string(struct walker *w);
bool skip_value(struct walker *w);

bool skip_broke(struct walker *w, const char *why);
bool skip_ended(struct walker *w, const char *why);

#endif
