/*
 * deeds_priv: what is counted, for the files that count and show.
 */
#ifndef SRC_INSIGHT_DEEDS_PRIV_H
#define SRC_INSIGHT_DEEDS_PRIV_H

#include "s3triage/base/intern.h"
#include "s3triage/base/vec.h"
#include "s3triage/insight/deeds.h"

struct deed_want {
	enum deed_kind kind;
	struct str text;
};

struct deed_wants {
	struct deed_want *v;
	size_t n, cap, missed;
	struct table table;
	struct arena mem;
};

struct deed_path {
	struct str file, path;
};

struct deeds {
	const struct deed_wants *wants;
	struct deed_subject *subjects;
	size_t n_subjects;
	struct deed_row *rows;
	size_t n_rows, rows_cap;
	struct table table;      /* rows by subject, call and service */
	struct deed_path *paths;
	size_t n_paths, paths_cap;
	struct table by_path;
	uint32_t last_path;
	struct intern words;
	size_t n_events;
	uint64_t *ids;           /* hashes of event ids; 0: free */
	size_t n_ids, ids_cap;
	uint64_t repeated;
	bool unsure;
};

#endif
