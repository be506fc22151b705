/*
 * Facts kept with a decision, read from any bytes; what is read back must write the same facts
 * again. As CSV, every cell must come back from an RFC 4180 reader and be no formula; as Markdown,
 * no raw HTML; as JSON, JSON.
 */
#include "../csv_reader.h"

#include "../../src/export/export_priv.h"
#include "s3triage/base/mem.h"
#include "s3triage/event/json.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void must(bool fine)
{
	if (!fine)
		abort();
}

static void check_csv(struct str csv)
{
	struct buf cell = {0};
	size_t columns;
	export_columns(&(struct export_about){.columns = 0}, &columns);
	for (int record = 0; record < 2; record++) {
		for (size_t column = 0; column < columns; column++) {
			bool last;
			must(csv_cell(&csv, &cell, &last));
			must(last == (column == columns - 1));
			must(!cell.n || str_find_char(STR("=+-@\t\r\n"), cell.p[0]) == STR_NONE);
		}
	}
	must(csv.n == 0);
	buf_fini(&cell);
}

static void check_formats(const struct alert *a, struct str note)
{
	const struct decision d = {.seq = 1, .at = 0, .verdict = (enum verdict)(a->risk % VERDICTS),
		.analyst = STR("kim"), .note = note};
	const struct export_about about = {.analyst = note, .journal_head = ""};
	for (int f = EXPORT_CSV; f <= EXPORT_MARKDOWN; f++) {
		struct export_row row = {a, &d, {0}, NOW_CHANGED};
		struct buf out = {0};
		export_write((enum export_format)f, &row, 1, &about, &out);
		if (f == EXPORT_CSV)
			check_csv(buf_str(&out));
		if (f == EXPORT_JSON || f == EXPORT_NDJSON) {
			struct json *doc = json_parse(buf_str(&out), NULL);
			must(doc != NULL);
			json_free(doc);
		}
		if (f == EXPORT_MARKDOWN)
			must(str_find_char(buf_str(&out), '<') == STR_NONE);
		buf_fini(&out);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str text = {(const char *)data, n};
	struct arena mem = {0};
	struct alert a, again;
	struct buf once = {0}, twice = {0};
	if (export_facts_read(text, &mem, &a, NULL)) {
		export_facts(&a, &once);
		must(export_facts_read(buf_str(&once), &mem, &again, NULL));
		export_facts(&again, &twice);
		must(str_eq(buf_str(&once), buf_str(&twice)));
		buf_clear(&once);
		struct members m = members_open(&once, '{');
		export_list_json(&m, &a, NULL);
		members_close(&m);
		struct json *doc = json_parse(buf_str(&once), NULL);
		must(doc != NULL);
		json_free(doc);
		check_formats(&a, text);
	} else {
		a = (struct alert){.id = text, .event_id = text, .bucket = text, .actor = text, .session = text, .person = text};
		check_formats(&a, text);
	}
	buf_fini(&once);
	buf_fini(&twice);
	arena_fini(&mem);
	return 0;
}
