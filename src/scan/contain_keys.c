/*
 * contain_keys: the keys under which transports put an event or what holds it. Everything under another
 * key may be somebody's words: an agent, a tag, a header. A new transport is a word here, once for all its
 * spellings.
 */
#include "contain.h"

#include "s3triage/base/mem.h"

/* Small letters and digits only, so that all spellings of a key are one. */
static struct str plain_key(struct str key, char *room, size_t most)
{
	size_t n = 0;
	for (size_t i = 0; i < key.n; i++) {
		char c = key.p[i];
		if (c >= 'A' && c <= 'Z')
			c = (char)(c + 32);
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')))
			continue;
		if (n == most)
			return (struct str){0};
		room[n++] = c;
	}
	return (struct str){room, n};
}

bool contain_key(struct str key)
{
	static const char *const keys[] = {
		/* of a text */
		"body", "bodytext", "cloudtrailevent", "content", "data", "event", "eventjson", "eventoriginal",
		"fullmessage", "jsonpayload", "line", "log", "logline", "logmessage", "logoriginal", "message", "msg",
		"output", "payload", "raw", "rawdata", "rawevent", "rawlog", "rawmessage", "rawstring", "record",
		"requestpayload", "shortmessage", "stdout", "stringvalue", "text", "textpayload", "value",
		/* of an object or a list */
		"alerts", "attributes", "aws", "awslogs", "batch", "cloudtrail", "columns", "context", "detail",
		"details", "doc", "docs", "documents", "edges", "entries", "events", "fields", "hits", "input", "items",
		"json", "kinesis", "logevents", "logrecords", "logs", "map", "messages", "node", "preview",
		"processorresults", "queryresultrows", "rawresponse", "receivedmessages", "records", "resourcelogs",
		"response", "responses", "result", "results", "rows", "scopelogs", "sns", "source", "testevents",
		"values",
	};
	char room[32];
	struct str plain = plain_key(key, room, sizeof(room));
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (str_is(plain, keys[i]))
			return true;
	return false;
}
