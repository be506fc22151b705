/*
 * signal: the table of the signals.
 */
#include "s3triage/alert/signal.h"

struct signal_row {
	const char *name, *help;
	int weight;
};

static const struct signal_row *signal_row_of(enum signal_index i)
{
	static const struct signal_row rows[] = {
#define X(enumerator, name, weight, trait, text, sentence) {name, text, weight},
		SIGNALS(X)
#undef X
	};
	return &rows[(unsigned)i < SIGNAL_COUNT ? (unsigned)i : 0];
}

const char *signal_name(enum signal_index i)
{
	return signal_row_of(i)->name;
}

int signal_weight(enum signal_index i)
{
	return signal_row_of(i)->weight;
}

const char *signal_help(enum signal_index i)
{
	return signal_row_of(i)->help;
}

int signals_score(signal_set bits)
{
	int score = 0;
	for (int i = 0; i < SIGNAL_COUNT; i++)
		if (bits >> i & 1)
			score += signal_weight((enum signal_index)i);
	return score < 0 ? 0 : score;
}

const char *signals_marks(int score)
{
	return score <= 0 ? "" : score <= 3 ? "." : score <= 6 ? "!" : score <= 9 ? "!!" : "!!!";
}

const char *now_name(enum now_state now)
{
	static const char *const names[] = {"unknown", "active", "changed", "removed", "disabled"};
	return names[now < NOW_COUNT ? now : NOW_UNKNOWN];
}
