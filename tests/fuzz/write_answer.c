/*
 * write_answer: what servers answer to the writing side and to doctor. Whatever comes, nothing is
 * read outside, and an answer that is refused leaves no job acknowledged.
 */
#include "s3triage/remote/doctor.h"
#include "s3triage/remote/write.h"
#include "s3triage/export/export.h"

#include <stdlib.h>
#include <string.h>

static void bulk(struct str body, struct write_job *jobs, struct arena *mem)
{
	for (int i = 0; i < 3; i++)
		jobs[i].state = OUTBOX_SENT;
	if (write_bulk_read(body, jobs, 3, mem, NULL))
		return;
	for (int i = 0; i < 3; i++)
		if (jobs[i].state != OUTBOX_SENT)
			abort();
}

static void judge(struct write_job *jobs, struct arena *mem)
{
	static const struct write_target t = {.by = {{STR_INIT("open"), STR_INIT("")},
		{STR_INIT("closed"), STR_INIT("other")}, {STR_INIT("acknowledged"), STR_INIT("")}}};
	struct buf out = {0};
	for (int i = 0; i < 3; i++) {
		jobs[i].write = false;
		write_judge_status(&jobs[i], &t, true, mem);
		if (jobs[i].write && !jobs[i].now.found)
			abort();
		jobs[i].write = false;
		write_judge_decision(&jobs[i], OUTBOX_STRANGE, mem);
		jobs[i].write = true;
	}
	write_bulk_alerts(&t, jobs, 3, 0, &out);
	write_bulk_decisions(&t, jobs, 3, 0, &out);
	write_kibana_status(&t.by[1], true, jobs, 3, &out);
	write_kibana_tags(VERDICT_APPROVED, STR("kim"), jobs, 3, &out);
	write_kibana_case(jobs, 3, &out);
	buf_fini(&out);
}

static void newer(struct str body, struct arena *mem)
{
	struct write_page page;
	if (!write_newer_read(body, mem, &page, NULL))
		return;
	if (page.n + page.broken != page.hits)
		abort();
	for (size_t i = 0; i < page.n; i++)
		if (!page.v[i].key.n || !page.v[i].hash.n || page.v[i].note.n > DECISION_NOTE_MAX)
			abort();
}

static void small(struct str body)
{
	struct write_counts counts;
	struct buf out = {0};
	bool enabled;
	int64_t at;
	write_update_read(body, &counts, NULL);
	write_note_there(body, STR("note"));
	write_case_there(body, STR("c1"));
	doctor_who(body, &out);
	doctor_missing(body, &out);
	doctor_rule(body, &enabled, &out);
	doctor_newest(body, &at);
	doctor_health(body, &at);
	buf_fini(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena mem = {0};
	struct str body = {(const char *)data, size};
	struct write_job jobs[3];
	memset(jobs, 0, sizeof(jobs));
	for (int i = 0; i < 3; i++) {
		jobs[i].write = true;
		jobs[i].key = i ? STR("r:e") : STR("k");
		jobs[i].d = (struct decision){.alert_id = i ? STR("a") : STR("b"), .analyst = STR("kim"),
			.verdict = VERDICT_APPROVED, .hash = STR("beef")};
		jobs[i].alert.from_kibana = true;
	}
	bulk(body, jobs, &mem);
	write_mget_read(body, jobs, 3, &mem, NULL);
	judge(jobs, &mem);
	write_ids_read(body, jobs, 3, &mem, NULL);
	judge(jobs, &mem);
	newer(body, &mem);
	small(body);
	arena_fini(&mem);
	return 0;
}
