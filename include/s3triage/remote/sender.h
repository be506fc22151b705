/*
 * remote/sender: a thread that sends what is due from the outbox and reads what others decided, so
 * that keys never wait. It opens the journal and the outbox by itself and shares nothing with the
 * screen but a text and an eventfd; what it learns reaches the screen through the journal.
 */
#ifndef S3TRIAGE_REMOTE_SENDER_H
#define S3TRIAGE_REMOTE_SENDER_H

#include "s3triage/net/profile.h"

struct sender_setup {
	const char *journal_path;
	struct profile *const *profiles; /* this thread's own; those without `write` are passed over */
	size_t n_profiles;
	env_fn env;
	struct str analyst; /* who reads */
	int64_t every_ms; /* how often to read others' decisions, and to try again; 0: 30 s */
};

struct sender;

/* All borrowed until sender_free(). Makes the targets known before it returns. */
struct sender *sender_start(const struct sender_setup *setup, struct err *err);
void sender_free(struct sender *s); /* gives up a running request: the outbox knows */

void sender_kick(struct sender *s); /* something was decided */
int sender_fd(const struct sender *s); /* readable when there is news */

/* What becomes of a conflict about one alert, by its newest decision's row in the journal (0, or one
 * that never left: by its id): told in words, or decided. The thread does it, and leaves a message. */
enum sender_choice { SENDER_ASK, SENDER_OVERWRITE, SENDER_KEEP };
void sender_choose(struct sender *s, struct str id, int64_t seq, enum sender_choice c);

/* Takes the news: what waits, failed or is in conflict ("2 pending, 1 conflict"; empty: nothing),
 * and the messages to be shown once, a line each (empty: none): why something failed, whose word
 * stands against ours, why a target cannot be reached. */
void sender_take(struct sender *s, struct buf *status, struct buf *messages);

/* How many decisions have not arrived: they wait, failed or are in conflict. */
size_t sender_unsent(struct sender *s);

#endif
