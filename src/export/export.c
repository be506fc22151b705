/*
 * export: order of rows, choice of format.
 */
#include "s3triage/export/export.h"

#include "export_priv.h"
#include "s3triage/base/mem.h"

#include <stdlib.h>

void export_write(enum export_format format, struct export_row *rows, size_t n,
	const struct export_about *about, struct buf *out)
{
	if (n > 1)
		qsort(rows, n, sizeof(*rows), export_row_cmp);
	switch (format) {
	case EXPORT_CSV:
		export_csv(rows, n, about, out);
		return;
	case EXPORT_NDJSON:
		export_ndjson(rows, n, about, out);
		return;
	case EXPORT_JSON:
		export_json(rows, n, about, out);
		return;
	case EXPORT_MARKDOWN:
		export_markdown(rows, n, about, out);
	}
}
