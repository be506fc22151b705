/*
 * normalize: every event as an ECS document, one a line, for other programs.
 */
#include "cli_priv.h"

/* It prints as it goes: the answer may be larger than memory. */
static bool print_batch(const struct scan_batch *batch)
{
	bool ok = true;
	for (size_t i = 0; ok && i < batch->n_matches; i++) {
		struct str ecs = batch->matches[i].ecs;
		ok = fwrite(ecs.p, 1, ecs.n, stdout) == ecs.n && putchar('\n') != EOF;
	}
	return ok;
}

static int normalize(struct session *s, const struct cli *cli)
{
	struct err err = {0};
	struct scan_batch batch;
	bool ok = true;
	if (!session_init(s, cli, cli->verb->opens, &err) || !scan_documents(s, cli, NULL, false, &err))
		return cli_fail(&err);
	while (ok && scan_wait(s->scan)) {
		while (scan_take(s->scan, &batch)) {
			report_problems(s, &batch);
			ok = ok && print_batch(&batch);
			arena_fini(&batch.mem);
		}
	}
	return ok ? session_exit(s) : EXIT_FAILED;
}

static int verb_normalize(struct cli *cli)
{
	struct session s = {0};
	int code = normalize(&s, cli);
	session_fini(&s);
	return code;
}

const struct verb_row normalize_verb = {
	.name = "normalize",
	.synopsis = "SOURCE...",
	.help = "print every event as an ECS document, one a line",
	.example = "s3triage normalize logs/ > events.ndjson",
	.run = verb_normalize,
	TAKES(SCAN_OPTIONS),
	.ways = VERB_SOURCES,
};
