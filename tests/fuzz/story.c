/* The first line is who is asked about, each other one a record: whatever they hold, sums add up, keys come
 * back, chains end. */
#include "s3triage/base/mem.h"
#include "s3triage/insight/story.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Each key has as many values as the set has parts. */
static void keys_come_back(const struct json *ecs, const struct json *raw, struct arena *mem)
{
	struct facet_set set;
	struct facet_keys keys;
	struct deed d;
	if (!facet_set_read(STR("principal+tags+call+day+n"), '+', false, &set, NULL) || !deed_read(ecs, raw, mem, &d))
		return;
	facet_keys(&set, &d, ecs, mem, &keys);
	for (size_t i = 0; i < keys.n; i++) {
		struct str key = keys.v[i], value;
		bool missing;
		size_t n = 0;
		while (count_key_next(&key, &value, &missing))
			n++;
		if (n != set.n)
			abort();
	}
}

static void one_record(struct story *s, const struct story_ask *q, struct str line, struct arena *mem)
{
	struct err err = {0};
	enum event_shape shape;
	AUTO(json_free_ptr) struct json *raw = json_parse(line, &err);
	AUTO(json_free_ptr) struct json *ecs = event_to_ecs(raw, &shape, &err);
	if (!ecs)
		return;
	const struct story_input in = {ecs, shape == SHAPE_CLOUDTRAIL && line.n % 2 ? raw : NULL, shape};
	story_add(s, story_read(q, &in, mem));
	keys_come_back(ecs, in.raw, mem);
}

static void chain(const struct story *s, bool back, struct arena *mem)
{
	struct story_chain c;
	(back ? story_behind : story_next)(s, mem, &c);
	for (size_t i = 0; i < c.n; i++)
		if (!c.v[i].depth || c.v[i].depth > STORY_DEEP_MAX)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena mem = {0};
	struct str rest = {(const char *)data, size};
	struct story_near near[STORY_NEAR_MAX];
	struct story_first *firsts;
	bool all;
	struct story_ask q = story_ask_of(str_cut(&rest, '\n'), NULL, &mem);
	struct story *s = story_new(&q);
	while (rest.n)
		one_record(s, &q, str_cut(&rest, '\n'), &mem);
	bool found = story_end(s);
	if (found && !story_sum(s)->n)
		abort();
	for (int t = 0; t < STORY_TABLE_COUNT; t++) {
		struct count_sum sum = {0};
		const struct counts *c = story_counts(s, (enum story_table)t);
		for (size_t i = 0; i < c->n; i++)
			count_sum_join(&sum, &c->v[i].sum);
		if (sum.n + c->rest.n > story_sum(s)->n)
			abort();
	}
	story_near(s, near);
	story_new_around(s, story_sum(s)->last, &mem, &firsts, &all);
	chain(s, true, &mem);
	chain(s, false, &mem);
	story_free(s);
	arena_fini(&mem);
	return 0;
}
