/*
 * choices: the words that fit at a place of the command line, from the program's own tables. For the
 * completions.
 */
#ifndef SRC_CLI_CHOICES_H
#define SRC_CLI_CHOICES_H

#include "verb.h"

#include "s3triage/base/str.h"

#define CHOICES_MAX 40

struct choices {
	struct {
		const char *sign; /* before the word: "-" or nothing */
		struct str word, help; /* help may be empty */
	} v[CHOICES_MAX];
	size_t n;
};

/* What an option of a verb takes; none: a file or anything. */
void choices_option(const struct verb_row *v, enum option_id which, struct choices *out);

/* The words that a verb begins with; none: a source or an id. */
void choices_first(const struct verb_row *v, struct choices *out);

#endif
