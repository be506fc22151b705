/*
 * close_priv: what the writers of closing exports share.
 */
#ifndef SRC_TRIAGE_CLOSE_PRIV_H
#define SRC_TRIAGE_CLOSE_PRIV_H

#include "export_priv.h"
#include "s3triage/triage/close.h"

#define CLOSE_PARAMETERS "aws.cloudtrail.request_parameters"
#define CLOSE_RESOURCES "aws.cloudtrail.resources.arn"
#define CLOSE_LIST_ID "s3triage-approved-replication"

/* All that a writer is given. */
struct closing {
	const struct close_row *rows; /* sorted */
	size_t n;
	const struct close_origin *origin;
	struct buf *out;
	struct close_report *report;
};

void close_exceptions(const struct closing *c);
void close_value_list(const struct closing *c);
void close_accounts(const struct closing *c);
void close_eql(const struct closing *c);
void close_kql(const struct closing *c);
void close_case(const struct closing *c);
void close_stix(const struct closing *c);

/* Names that need no quoting in any language here; nothing else gets into a clause or a command. */
bool close_is_account(struct str s); /* 12 digits */
bool close_is_arn(struct str s);     /* arn:…, letters, digits and +=,.@_:/- */
bool close_is_bucket(struct str s);
bool close_is_name(struct str s);    /* of a user, role, key or region */

/* "arn:aws:s3:::" with the partition of the role. */
struct str close_bucket_prefix(struct str role);

/* The commands that stop one alert's replication, one a line; what is no valid name is left out,
 * and that is said in a comment. */
void close_commands(const struct alert *a, struct buf *out);

#endif
