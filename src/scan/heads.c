/*
 * heads: a few beginnings, compared byte by byte. A file has one or two.
 */
#include "heads.h"

/* "{" up to the first key's closing quote; empty when that is too long. */
static struct str heads_of(struct str record)
{
	size_t quotes = 0, i = 0;
	for (; i < record.n && i < HEAD_BYTES && quotes < 2; i++)
		quotes += record.p[i] == '"';
	return quotes == 2 ? str_sub(record, 0, i) : (struct str){0};
}

static bool head_is(const struct head *h, struct str record)
{
	return h->n <= record.n && memcmp(h->text, record.p, h->n) == 0;
}

/* CloudTrail's own; a notice of S3 has another version there. */
static const struct head cloudtrail = {"{\"eventVersion\":\"1", sizeof("{\"eventVersion\":\"1") - 1};

bool heads_know(struct heads *h, struct str record)
{
	if (head_is(&cloudtrail, record) || (h->n && head_is(&h->v[h->last], record)))
		return true;
	for (size_t i = 0; i < h->n; i++)
		if (head_is(&h->v[i], record)) {
			h->last = i;
			return true;
		}
	return false;
}

void heads_learn(struct heads *h, struct str record)
{
	struct str head = heads_of(record);
	if (!head.n || h->n == HEADS_MAX || heads_know(h, record))
		return;
	h->v[h->n].n = head.n;
	memcpy(h->v[h->n++].text, head.p, head.n);
}
