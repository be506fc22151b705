/*
 * net/write_target: where decisions go: the writing half of a profile.
 */
#ifndef S3TRIAGE_NET_WRITE_TARGET_H
#define S3TRIAGE_NET_WRITE_TARGET_H

#include "s3triage/base/toml.h"
#include "s3triage/journal/outbox.h"

enum write_kind { WRITE_NONE, WRITE_KIBANA, WRITE_ALERTS, WRITE_DECISIONS };
const char *write_kind_name(enum write_kind k);

/* What a verdict becomes in Kibana: "closed:benign_positive", "acknowledged", "open". */
struct write_status {
	struct str status, reason;
};

/* The writing half of a [profile.NAME]; slices borrowed from the TOML document. */
struct write_target {
	enum write_kind kind;
	struct str name;
	bool team;        /* takes decisions about alerts of whatever origin */
	struct str place; /* kind, URL and index, in words: which place the name stands for */
	struct str url;   /* of the profile */
	struct str index; /* of alerts, or of decisions */
	struct str space;
	struct write_status by[VERDICTS];
	struct str assignee, case_id;
};

/* WRITE_NONE when the table has no `write`. err has the line. */
bool write_target_read(struct str name, const struct toml_value *table, struct write_target *out,
	struct err *err);

struct outbox_place write_place(const struct write_target *t);

#endif
