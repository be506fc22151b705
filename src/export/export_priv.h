/*
 * export_priv: what the formats share.
 */
#ifndef SRC_EXPORT_EXPORT_PRIV_H
#define SRC_EXPORT_EXPORT_PRIV_H

#include "s3triage/event/json_write.h"
#include "s3triage/export/export.h"

/* What one list of the destinations holds of each. */
enum export_dest_part { DEST_ACCOUNT, DEST_BUCKET, DEST_WRITTEN };
struct str export_dest_part(const struct alert_dest *d, enum export_dest_part part);

/* True when destination i goes where an earlier one went already. */
bool export_dest_repeats(const struct alert *a, size_t i);

/* "destinations": all of them, as `list --json` has them. */
void export_list_dests(struct members *m, const struct alert *a);

enum verdict export_verdict(const struct export_row *row);

/* By event time, then alert id; of anything that begins with a struct export_row. */
int export_row_cmp(const void *left, const void *right);

void export_csv(const struct export_row *rows, size_t n, const struct export_about *about,
	struct buf *out);
void export_ndjson(const struct export_row *rows, size_t n, const struct export_about *about,
	struct buf *out);
void export_json(const struct export_row *rows, size_t n, const struct export_about *about,
	struct buf *out);
void export_markdown(const struct export_row *rows, size_t n, const struct export_about *about,
	struct buf *out);

/* Event text for a Markdown table or list: one line, nothing in it is markup, HTML or a link. */
void export_markdown_text(struct str s, struct buf *out);

/* One cell by RFC 4180 that no spreadsheet takes for a formula. */
void export_csv_cell(struct str s, struct buf *out);

#endif
