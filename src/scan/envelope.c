/*
 * envelope: the table of wrappers: a new one is a line here.
 */
#include "envelope.h"

#include "s3triage/base/mem.h"

enum { FACT = ENVELOPE_FACT };

static const struct member members[] = {
	{ENV_TOP, "Records", '[', ENV_RECORD},      /* a CloudTrail log file */
	{ENV_TOP, "Events", '[', ENV_RECORD},       /* aws cloudtrail lookup-events */
	{ENV_TOP, "hits", '{', ENV_HITS},           /* _search and _eql/search */
	/* Envelopes whose first key it is: behind others it may be a field of an event. Others like them
	 * are read as well (contain.h), but whole, and so up to 64 MiB. */
	{ENV_FIRST, "records", '[', ENV_RECORD}, {ENV_FIRST, "events", '[', ENV_RECORD},
	{ENV_FIRST, "value", '[', ENV_RECORD}, {ENV_FIRST, "docs", '[', ENV_RECORD},
	{ENV_FIRST, "logEvents", '[', ENV_RECORD}, {ENV_FIRST, "Messages", '[', ENV_RECORD},
	{ENV_TOP, "response", '{', ENV_ANSWER},     /* async search */
	{ENV_TOP, "rawResponse", '{', ENV_ANSWER},
	{ENV_TOP, "result", '{', ENV_TOP},          /* Kibana's own searches */
	{ENV_TOP, "aggregations", '{', ENV_BESIDE}, /* with top_hits, perhaps */
	{ENV_ANSWER, "aggregations", '{', ENV_BESIDE},
	{ENV_TOP, "responses", '[', ENV_ANSWER},    /* _msearch */
	{ENV_ANSWER, "hits", '{', ENV_HITS},
	{ENV_HITS, "hits", '[', ENV_RECORD},
	{ENV_HITS, "events", '[', ENV_RECORD},
	{ENV_HITS, "sequences", '[', ENV_SEQUENCE},
	{ENV_SEQUENCE, "events", '[', ENV_RECORD},
	{ENV_TOP, "timed_out", FACT, ENV_NONE}, {ENV_ANSWER, "timed_out", FACT, ENV_NONE},
	{ENV_TOP, "is_partial", FACT, ENV_NONE}, {ENV_ANSWER, "is_partial", FACT, ENV_NONE},
	{ENV_TOP, "_shards", FACT, ENV_NONE}, {ENV_ANSWER, "_shards", FACT, ENV_NONE},
	{ENV_TOP, "shard_failures", FACT, ENV_NONE}, {ENV_ANSWER, "shard_failures", FACT, ENV_NONE},
	{ENV_HITS, "total", FACT, ENV_NONE},
};

const struct member *envelope_member(enum env env, struct str key, bool first)
{
	for (size_t i = 0; i < ARRAY_LEN(members) && key.n; i++) {
		enum env in = members[i].in;
		if (key.p[0] != members[i].key[0])
			continue; /* as nearly all keys of events, and of those there are many */
		if ((in == env || (in == ENV_FIRST && first && env == ENV_TOP)) && str_is(key, members[i].key))
			return &members[i];
	}
	return NULL;
}
