/*
 * share: the outbox of a session, and the profiles that decisions go to. Nothing is opened when no
 * profile has `write`.
 */
#ifndef S3TRIAGE_SRC_CLI_SHARE_H
#define S3TRIAGE_SRC_CLI_SHARE_H

#include "cli_priv.h"

#include "s3triage/remote/sender.h"
#include "s3triage/remote/write.h"

struct share {
	struct session *s;
	const struct cli *cli;
	struct outbox_routes routes; /* of the profiles with `write` */
	struct arena mem;      /* of the routes */
	struct outbox *outbox; /* NULL: nothing leaves */
	int64_t before;        /* rows of the journal when it was opened */
};

/* Before deciding: makes the targets known, so that what is decided from now on goes to them.
 * Needs the journal for writing and the configuration. Opens nothing with --dry-run or --no-send.
 * False: nothing leaves; or_warn says so on stderr, for the journal does not need it. */
bool share_open(struct share *sh, struct session *s, const struct cli *cli, struct err *err);
void share_open_or_warn(struct share *sh, struct session *s, const struct cli *cli);
void share_close(struct share *sh);

/* Where decisions about these alerts go: with --dry-run on stdout (not with --json), else what
 * stays here on stderr (not with --quiet). Nothing where no profile is written to. */
void share_say(const struct share *sh, const struct alert *const *alerts, size_t n);

/* Sends to every target that a decision since share_open() goes to; with `pull` to all, and reads
 * what others decided. Prints one line a target on stderr (with --quiet
 * only where something did not arrive). False when a target
 * could not be reached, or said no. */
bool share_flush(const struct share *sh, bool pull);

/* What waits for another place that the target's name stood for, on stderr. */
void share_held(const struct share *sh, struct str target);

/* Conflicts of decisions since share_open() on stderr: who decided what and when. True when there is
 * one. */
bool share_conflicts(const struct share *sh);

/* The console's way: a thread. Its profiles are its own, as it fetches secrets by itself. */
struct sending {
	struct config *config;
	char *config_path;
	struct profile **profiles;
	size_t n;
	struct outbox_routes routes;
	struct arena mem;      /* of the routes */
	struct sender *sender; /* NULL: nothing leaves... */
	struct err why;        /* ... because it could not be started, when there is a code */
};
bool sending_start(struct sending *out, struct session *s, const struct cli *cli, struct err *err);
void sending_stop(struct sending *out);

/* A client for a profile, secrets fetched. */
struct http *share_http(const struct cli *cli, struct profile *p, struct err *err);

#endif
