/*
 * verbs: the verbs in words.
 */
#include "cli_priv.h"

const struct verb_row *verb_table(void)
{
	static const struct verb_row rows[] = {
#define X(name, synopsis, help) {#name, synopsis, help},
		VERBS(X)
#undef X
	};
	return rows;
}
