/*
 * share: the outbox of a session, and the profiles that decisions go to. Nothing is opened when no
 * profile has `write`.
 */
#ifndef S3TRIAGE_SRC_CLI_SHARE_H
#define S3TRIAGE_SRC_CLI_SHARE_H

#include "cli_priv.h"

#include "s3triage/source/sender.h"
#include "s3triage/source/write.h"

struct share {
	struct session *s;
	const struct cli *cli;
	struct outbox *outbox; /* NULL: nothing leaves */
};

/* Before deciding: makes the targets known, so that what is decided from now on goes to them.
 * Needs the journal for writing and the configuration. */
bool share_open(struct share *sh, struct session *s, const struct cli *cli, struct err *err);
void share_close(struct share *sh);

size_t share_targets(const struct share *sh);

/* Sends to every target and, with `pull`, reads what others decided. Prints one line a target on
 * stderr (unless --quiet). False when a target could not be reached, or said no. */
bool share_flush(const struct share *sh, bool pull);

/* Conflicts of decisions after row `since` of the journal on stderr: who decided what and when. True
 * when there is one. */
bool share_conflicts(const struct share *sh, int64_t since);

/* The console's way: a thread. Its profiles are its own, as it fetches secrets by itself. */
struct sending {
	struct config *config;
	struct profile **profiles;
	size_t n;
	struct sender *sender; /* NULL: nothing leaves */
};
bool sending_start(struct sending *out, struct session *s, const struct cli *cli, struct err *err);
void sending_stop(struct sending *out);

/* A client for a profile, secrets fetched. */
struct http *share_http(const struct cli *cli, struct profile *p, struct err *err);

#endif
