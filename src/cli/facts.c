/*
 * facts: alerts that are known only from the journal, where each decision keeps its alert's facts.
 */
#include "cli_priv.h"

#include "s3triage/alert/facts.h"

struct facts {
	struct session *s;
	bool with_open;
	size_t bad;
};

static void facts_add(void *ctx, const struct decision *d)
{
	struct facts *f = ctx;
	if (d->verdict == VERDICT_OPEN && !f->with_open)
		return;
	struct arena mem = {0};
	struct alert a;
	struct err err = {0};
	if (export_facts_read(d->facts, &mem, &a, &err)) {
		store_recall(f->s->desk.store, &a);
	} else {
		fprintf(stderr, "s3triage: %s: decision %lld: %s\n", f->s->desk.journal_path,
			(long long)d->seq, err.text);
		f->bad++;
	}
	arena_fini(&mem);
}

bool facts_load(struct session *s, bool with_open, struct err *err)
{
	struct facts f = {.s = s, .with_open = with_open};
	if (!s->desk.journal)
		return true;
	bool ok = journal_latest(s->desk.journal, facts_add, &f, err);
	s->problems += f.bad;
	return ok;
}
