/*
 * share: what verbs say of decisions on their way: the desk opens the outbox and sends.
 */
#ifndef S3TRIAGE_SRC_CLI_SHARE_H
#define S3TRIAGE_SRC_CLI_SHARE_H

#include "cli_priv.h"

/* desk_routes() and desk_outbox() before deciding, with the profiles of the configuration. Opens nothing
 * with --dry-run or --no-send. False: nothing leaves; or_warn says so on stderr, for the journal does not
 * need it. */
bool share_open(struct session *s, const struct cli *cli, struct err *err);
void share_open_or_warn(struct session *s, const struct cli *cli);

/* Where decisions about these alerts go: with --dry-run on stdout (not with --json), else what
 * stays here on stderr (not with --quiet). Nothing where no profile is written to. */
void share_say(const struct session *s, const struct cli *cli, const struct alert *const *alerts, size_t n);

/* Sends to every target that a decision since share_open() goes to; with `pull` to all, and reads
 * what others decided. Prints one line a target on stderr (with --quiet
 * only where something did not arrive). False when a target
 * could not be reached, or said no. */
bool share_flush(struct session *s, const struct cli *cli, bool pull);

/* What waits for another place that the target's name stood for, on stderr. */
void share_held(const struct session *s, struct str target);

/* Conflicts of decisions since share_open() on stderr: who decided what and when. True when there is
 * one, or nobody can tell. */
bool share_conflicts(struct session *s);

#endif
