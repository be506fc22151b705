/*
 * config/action: everything a key can do, as one table. From it come the enum, the names in
 * config.toml, the `?` help, the `:` palette, and the man page and completions. The keys stand
 * in src/builtin/config.toml.
 */
#ifndef S3TRIAGE_CONFIG_ACTION_H
#define S3TRIAGE_CONFIG_ACTION_H

#include "s3triage/base/str.h"

/* Where a key counts: everywhere, only on the list, only in a text pane. The list's and the
 * pane's own keys come before those of everywhere. */
enum action_place { PLACE_ANY, PLACE_LIST, PLACE_PANE, PLACES };

/* X(enumerator, name in config.toml, place, group, help). The function is act_NAME. */
#define ACTIONS(X)                                                                              \
	X(ACTION_APPROVE, approve, ANY, "Decide", "approved: this alert, or the marked ones")       \
	X(ACTION_SUSPICIOUS, suspicious, ANY, "Decide", "suspicious: this alert, or the marked ones") \
	X(ACTION_REOPEN, reopen, ANY, "Decide", "open again: this alert, or the marked ones")       \
	X(ACTION_NOTE, note, ANY, "Decide", "verdict with a reason and a note")                     \
	X(ACTION_UNDO, undo, ANY, "Decide", "take back your last decision")                         \
	X(ACTION_REDO, redo, ANY, "Decide", "bring back what was taken back")                       \
	X(ACTION_APPROVE_ACCOUNT, approve_account, ANY, "Decide", "approve the destination account, with limits") \
	X(ACTION_SEND_MINE, send_mine, ANY, "Decide", "in conflict with a colleague: send yours")   \
	X(ACTION_KEEP_THEIRS, keep_theirs, ANY, "Decide", "in conflict with a colleague: keep theirs") \
	X(ACTION_MARK, mark, LIST, "Mark", "mark or unmark this alert")                             \
	X(ACTION_MARK_RANGE, mark_range, LIST, "Mark", "mark from the last mark to here")           \
	X(ACTION_MARK_ALL, mark_all, LIST, "Mark", "mark all within the filter, or none")           \
	X(ACTION_MARK_INVERT, mark_invert, LIST, "Mark", "mark the others within the filter")       \
	X(ACTION_MARK_DESTINATION, mark_destination, ANY, "Mark", "mark all with this destination account") \
	X(ACTION_MARK_BUCKET, mark_bucket, ANY, "Mark", "mark all of this bucket")                  \
	X(ACTION_MARK_ACTOR, mark_actor, ANY, "Mark", "mark all by this actor")                     \
	X(ACTION_FILTER, filter, ANY, "List", "edit the filter")                                    \
	X(ACTION_FILTER_CLEAR, filter_clear, ANY, "List", "clear the filter")                       \
	X(ACTION_HIDE_DECIDED, hide_decided, ANY, "List", "hide decided alerts, or show them")      \
	X(ACTION_SORT, sort, ANY, "List", "choose the column to sort by")                           \
	X(ACTION_SORT_NEXT, sort_next, ANY, "List", "sort by the next column")                      \
	X(ACTION_SORT_PREVIOUS, sort_previous, ANY, "List", "sort by the previous column")          \
	X(ACTION_SORT_REVERSE, sort_reverse, ANY, "List", "turn the order round")                   \
	X(ACTION_DOWN, down, ANY, "Move", "down")                                                   \
	X(ACTION_UP, up, ANY, "Move", "up")                                                         \
	X(ACTION_PAGE_DOWN, page_down, ANY, "Move", "a page down")                                  \
	X(ACTION_PAGE_UP, page_up, ANY, "Move", "a page up")                                        \
	X(ACTION_HALF_DOWN, half_down, ANY, "Move", "half a page down")                             \
	X(ACTION_HALF_UP, half_up, ANY, "Move", "half a page up")                                   \
	X(ACTION_FIRST, first, ANY, "Move", "to the beginning")                                     \
	X(ACTION_LAST, last, ANY, "Move", "to the end")                                             \
	X(ACTION_NEXT_ALERT, next_alert, ANY, "Move", "the next alert, from any pane")              \
	X(ACTION_PREVIOUS_ALERT, previous_alert, ANY, "Move", "the alert before, from any pane")    \
	X(ACTION_NEXT_OPEN, next_open, ANY, "Move", "the next open alert")                          \
	X(ACTION_ENTER, enter, LIST, "Panes", "read the request")                                   \
	X(ACTION_PANE_LIST, pane_list, ANY, "Panes", "to the list")                                 \
	X(ACTION_PANE_REQUEST, pane_request, ANY, "Panes", "to the request")                        \
	X(ACTION_PANE_ACTOR, pane_actor, ANY, "Panes", "to the actor")                              \
	X(ACTION_PANE_GUIDE, pane_guide, ANY, "Panes", "to the investigation guide")                \
	X(ACTION_PANE_NEXT, pane_next, ANY, "Panes", "to the next pane")                            \
	X(ACTION_PANE_PREVIOUS, pane_previous, ANY, "Panes", "to the pane before")                  \
	X(ACTION_ZOOM, zoom, ANY, "Panes", "this pane alone, or all")                               \
	X(ACTION_RAW, raw, ANY, "Panes", "the request as raw text, or read")                        \
	X(ACTION_FIND, find, ANY, "Find", "on the list the filter, in a pane search")               \
	X(ACTION_NEXT_HIT, next_hit, PANE, "Find", "the next hit")                                  \
	X(ACTION_PREVIOUS_HIT, previous_hit, PANE, "Find", "the hit before")                        \
	X(ACTION_WHY, why, ANY, "Other", "why the rule matches, in place of the guide")             \
	X(ACTION_STILL, still, ANY, "Other", "ask AWS: is this replication still there? (read-only)") \
	X(ACTION_ACCOUNTS, accounts, ANY, "Tables", "the destination accounts, all alerts of each together") \
	X(ACTION_ACTORS, actors, ANY, "Tables", "the same by actor")                                \
	X(ACTION_BUCKETS, buckets, ANY, "Tables", "the same by bucket")                             \
	X(ACTION_ROLES, roles, ANY, "Tables", "the same by replication role")                       \
	X(ACTION_NEAR, near, ANY, "Tables", "replication events that the rule does not match")      \
	X(ACTION_TIMELINE, timeline, ANY, "Tables", "what happened around this alert")              \
	X(ACTION_STORY, story, ANY, "Tables", "the life of its principal, key, address, bucket or account") \
	X(ACTION_PROPOSALS, proposals, ANY, "Tables", "what approvals propose, and what is outside") \
	X(ACTION_APPROVALS, approvals, ANY, "Tables", "the approvals: their limits and ends, and to end one") \
	X(ACTION_TICK, tick, PANE, "Guide", "tick this step of the guide, or take it back")         \
	X(ACTION_TICK_NOTE, tick_note, PANE, "Guide", "tick this step with a note")                 \
	X(ACTION_STEP_NEXT, step_next, PANE, "Guide", "the next step of the guide")                 \
	X(ACTION_STEP_PREVIOUS, step_previous, PANE, "Guide", "the step before")                    \
	X(ACTION_COPY, copy, ANY, "Other", "copy an id, ARN, account or the JSON")                  \
	X(ACTION_PALETTE, palette, ANY, "Other", "any command by its name")                         \
	X(ACTION_MESSAGES, messages, ANY, "Other", "what was told about sources and servers")       \
	X(ACTION_HELP, help, ANY, "Other", "the keys of this place")                                \
	X(ACTION_BACK, back, ANY, "Other", "back: zoom, search, marks; then stop the scan")         \
	X(ACTION_REPAINT, repaint, ANY, "Other", "paint the screen anew")                           \
	X(ACTION_SUSPEND, suspend, ANY, "Other", "to the shell; fg comes back")                     \
	X(ACTION_INTERRUPT, interrupt, ANY, "Other", "leave at once")                               \
	X(ACTION_QUIT, quit, ANY, "Other", "leave")

enum action {
#define X(enumerator, name, place, group, help) enumerator,
	ACTIONS(X)
#undef X
		ACTION_COUNT
};

/* One row of the table; static. */
struct action_about {
	const char *name, *group, *help;
	enum action_place place;
};

/* i below ACTION_COUNT. */
const struct action_about *action_about(int i);
bool action_parse(struct str name, int *out);

#endif
