/*
 * A guide of any bytes as a checklist: bounds hold, keys differ, titles are whole characters when
 * the text is, and the same guide gives the same steps.
 */
#include "s3triage/insight/checklist.h"

#include "s3triage/base/utf8.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void must(bool fine)
{
	if (!fine)
		abort();
}

static void check_step(const struct checklist *list, size_t i, bool valid)
{
	const struct checklist_step *s = &list->steps[i];
	must(s->text.n > 0 && s->title.n > 0 && s->title.n <= CHECKLIST_TITLE_MAX);
	must(s->key.n >= CHECKLIST_KEY_LEN && s->phase <= PHASE_RESPOND);
	must(str_find_char(s->title, '\n') == STR_NONE);
	must(!valid || s->text.n >= 1990 || utf8_valid(s->title, NULL));
	for (size_t k = 0; k < i; k++)
		must(!str_eq(list->steps[k].key, s->key));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str note = {(const char *)data, n};
	struct arena mem = {0};
	struct checklist list, again;
	struct alert a = {.actor_arn = note, .bucket = note, .agent = note, .ip = note,
		.traits = (uint32_t)n, .read_from = READ_ORIGINAL};
	bool valid = utf8_valid(note, NULL);
	checklist_read(note, &mem, &list);
	checklist_read(note, &mem, &again);
	must(list.n <= CHECKLIST_STEPS_MAX && list.n == again.n);
	for (size_t i = 0; i < list.n; i++) {
		check_step(&list, i, valid);
		must(str_eq(list.steps[i].key, again.steps[i].key));
	}
	checklist_answer(&list, &a, NULL, &mem);
	size_t open = checklist_open(&list);
	must(checklist_done(&list) + checklist_answered(&list) + open <= list.n);
	if (list.n)
		must(checklist_tick(&list, list.steps[list.n - 1].key, true, note, 0));
	must(checklist_open(&list) == open || checklist_open(&list) + 1 == open);
	arena_fini(&mem);
	return 0;
}
