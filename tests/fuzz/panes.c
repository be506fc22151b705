/*
 * Any JSON as an event, read, told in the three panes at any width: nothing hostile in a cell.
 */
#include "cells.h"

#include "s3triage/event/doc.h"
#include "s3triage/view/panes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void draw(struct text *t, int width)
{
	struct canvas c;
	canvas_init(&c, 64, width);
	text_layout(t, width);
	for (size_t top = 0; top < text_rows(t) && top < 640; top += 64) {
		canvas_clear(&c);
		text_draw(t, &c, (struct rect){0, 0, c.rows, width}, top, STR("a"));
		check_cells(&c);
	}
	canvas_fini(&c);
}

static void tell(const struct json *ecs, struct arena *mem, int width)
{
	static const struct str fields[] = {STR_INIT("source.ip"), STR_INIT("user.name"),
		STR_INIT("aws.cloudtrail.request_parameters")};
	struct rule rule = {.note = doc_str(ecs, "note"), .query = doc_str(ecs, "query"),
		.investigation_fields = {fields, 3}};
	struct alert a = {.bucket = doc_str(ecs, "bucket"), .actor = doc_str(ecs, "user.name")};
	struct detail d = {.alert = &a, .ecs = ecs, .rule = &rule};
	replication_read(ecs, mem, &d.request);
	struct text *t = text_new();
	request_text(&d, t);
	draw(t, width);
	request_raw_text(&d, t);
	draw(t, width);
	actor_text(&d, t);
	draw(t, width);
	guide_text(&d, t);
	draw(t, width);
	text_free(t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	if (n < 1)
		return 0;
	struct json *v = json_parse((struct str){(const char *)data + 1, n - 1}, NULL);
	struct json *ecs = v ? cloudtrail_to_ecs(v, NULL) : NULL;
	struct arena mem = {0};
	if (v)
		tell(v, &mem, data[0] % 120);
	if (ecs)
		tell(ecs, &mem, data[0] % 120);
	arena_fini(&mem);
	json_free(ecs);
	json_free(v);
	return 0;
}
