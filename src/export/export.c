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
	static export_fn *const writers[] = {
#define X(enumerator, name, writer, ways, text) writer,
		EXPORTS(X)
#undef X
	};
	if (n > 1)
		qsort(rows, n, sizeof(*rows), export_row_cmp);
	writers[format](rows, n, about, out);
}
