/*
 * scan/look (private): what a text is, told by its beginning: JSON, JSON amid other lines, or
 * something else with a name and a way to turn it into JSON.
 */
#ifndef SRC_SCAN_LOOK_H
#define SRC_SCAN_LOOK_H

#include "s3triage/base/str.h"

/* "{" and a key or "}"; "[" and an element that is no word, as a TOML table's name would be; the
 * text of one. */
bool look_begins_json(struct str text);

/* JSON stands in it, at its beginning or amid other lines. Unless `named`, by the user or by its
 * own name, what stands amid lines must speak of events. */
bool look_has_json(struct str text, bool named);

/* Words of what is read here stand in it. */
bool look_speaks_of_events(struct str text);

/* "is ...": what it is instead of JSON, at its beginning or amid other text; NULL when that does
 * not tell. */
const char *look_name_amid(struct str text);

/* The same of one value amid other text. */
const char *look_name_value(struct str text);

/* What stands instead of a key or a value where a text begins with `c`; `expected` when it has
 * no name. */
const char *look_instead(char c, const char *expected);

/* The same of a word that is no JSON. */
const char *look_word(struct str word, const char *expected);

#endif
