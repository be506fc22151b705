/*
 * event/mapstring_priv: printing as the ingest pipeline does, which removes empty values from the
 * maps before it prints them, but not the room that the maps had made for them.
 */
#ifndef S3TRIAGE_EVENT_MAPSTRING_PRIV_H
#define S3TRIAGE_EVENT_MAPSTRING_PRIV_H

#include "s3triage/event/ecs.h"

/* What the pipeline's script drops: null, "", "-", "none", and containers left empty by that. */
bool value_is_empty(const struct json *v);

/* mapstring_print() of v without its empty values. */
void mapstring_print_kept(const struct json *v, struct buf *out);

/* The n members of an object in the order in which a HashMap of them is walked. */
void java_map_order(const struct json *map, const struct json **out, size_t n);

#endif
