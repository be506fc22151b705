/*
 * dest_rank: which of an alert's destinations stands for all of them: the worst, by what the account
 * book says and by what the request proves.
 */
#include "s3triage/book/book.h"

enum rank { RANK_OWN, RANK_OWN_CLAIMED, RANK_ORGANISATION, RANK_APPROVED, RANK_VENDOR, RANK_CLAIMED,
	RANK_UNKNOWN, RANK_UNNAMED, RANK_INVALID, RANK_FLAGGED };

static int dest_rank(const struct alert_dest *d, const struct book *b)
{
	static const int kinds[ACCOUNT_KINDS] = {[ACCOUNT_UNKNOWN] = RANK_UNKNOWN,
		[ACCOUNT_ORGANISATION] = RANK_ORGANISATION, [ACCOUNT_APPROVED] = RANK_APPROVED,
		[ACCOUNT_VENDOR] = RANK_VENDOR, [ACCOUNT_FLAGGED] = RANK_FLAGGED};
	int rank = kinds[d->account.n ? book_kind(b, d->account) : ACCOUNT_UNKNOWN];
	if (rank == RANK_FLAGGED)
		return rank;
	switch (d->relation) {
	case RELATION_INVALID:
		return RANK_INVALID;
	case RELATION_UNNAMED:
		return RANK_UNNAMED;
	case RELATION_OWN:
		return d->claim ? RANK_OWN_CLAIMED : RANK_OWN;
	case RELATION_OTHER:
		break;
	}
	return d->claim && rank < RANK_CLAIMED ? RANK_CLAIMED : rank;
}

uint32_t dest_worst(const struct alert *a, const struct book *b)
{
	uint32_t worst = 0;
	int most = -1;
	for (size_t i = 0; a->n_dests > 1 && i < a->n_dests; i++) {
		int rank = dest_rank(&a->dests[i], b);
		if (rank > most)
			worst = (uint32_t)i;
		most = rank > most ? rank : most;
	}
	return worst;
}
