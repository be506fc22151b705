/*
 * app_priv: the console's whole state, and what its files ask of each other. Handlers return
 * app_after bits; only draw.c makes a picture.
 */
#ifndef APP_APP_PRIV_H
#define APP_APP_PRIV_H

#include "s3triage/app/app.h"
#include "line.h"
#include "s3triage/base/hash.h"
#include "s3triage/view/load.h"

#define SEARCH_MAX 200
#define FILTER_MAX APP_FILTER_MAX
#define HINTS_MAX 12

struct sum;
struct form;

enum pasted { PASTE_TAKEN, PASTE_TOO_LONG, PASTE_NOWHERE };

/* What a menu or an approval asks of what it was opened over: the list with its panes, or a table. */
struct ground {
	const char *keys; /* what its keys are called, of a pane in its place */
	const char *pane_keys;
	bool alerts;      /* its cursor is on an alert */
	enum action_place (*place)(const struct app *a);
	bool (*offers)(const struct app *a, int action); /* does something here */
	bool (*names)(struct app *a, int action);        /* does something with what stands here now */
	const char *(*help)(const struct app *a, int action, const char *usual);
	const char *(*label)(const struct app *a, int action, const char *usual);
	unsigned (*act)(struct app *a, int action);
	struct str (*account)(struct app *a); /* that an approval would be of; empty: none */
};

/* What keys go to, when it is on top. All but `key` may be NULL. */
struct layer {
	unsigned (*key)(struct app *a, struct key k);
	enum pasted (*paste)(struct app *a, struct str text); /* NULL: nowhere here */
	/* NULL: Enter does something, all else is typed */
	enum app_weight (*weighs)(const struct app *a, struct key k);
	void (*draw)(struct app *a, struct arena *mem, struct screen_model *m);
	void (*dialog)(struct app *a, struct arena *mem, struct dialog_model *out);
	void (*sum)(struct app *a, struct sum *s); /* of a question: all that it shows */
	const struct key_hint *(*hints)(struct app *a);
	const struct ground *ground;
	void (*form)(struct app *a, struct form *out); /* of a dialog with form_key(); else NULL */
	bool makes_list; /* its keys change what the list is made of: that is looked at when it is drawn */
};

enum { LAYERS_MAX = 8 };

struct pane_state {
	struct text *text; /* NULL for the list */
	size_t top;
	size_t hit; /* the row of the last hit; counts while it can be seen */
	struct line search;
};

/* The alert that the panes show. */
struct shown {
	row_id row;      /* ROW_NONE: nothing is loaded */
	bool stale;      /* decided meanwhile: load again, keep the places */
	struct loaded in;
	struct around around;   /* these five live in in.mem */
	struct diff diff;
	struct timeline timeline;
	struct checklist steps;
	size_t step;            /* of the checklist: the one that a key ticks */
};

struct marks {
	uint64_t *bits;
	size_t words, count;
	row_id last; /* where a range begins */
	struct str account; /* the destination that they were marked by, and only they; or empty */
};

/* One line of a menu, made anew for each draw. */
struct menu_item {
	struct str left, right;
	int id;
};

struct menu_kind {
	const char *title; /* NULL: the keys of what it was opened over */
	const char *enter; /* what Enter does, in a word or two */
	size_t (*count)(const struct app *a);
	/* Text in mem. False: leave this one out. */
	bool (*item)(const struct app *a, size_t i, struct arena *mem, struct menu_item *out);
	unsigned (*run)(struct app *a, int id);
};

struct menu {
	const struct menu_kind *kind;
	struct line query;
	size_t selected; /* among those that match */
	bool moved;      /* it was chosen by moving to it, not by what is typed */
};

/* What an undo or redo took back, gathered while the journal's rows come in. */
struct taken {
	bool active;
	size_t now[VERDICTS]; /* what they are again */
	enum verdict from, verdict; /* of the last one */
	int64_t seq;
	char id[JOURNAL_ID_MAX];
};

/* What the last frame showed; see painted.c. */
enum { PAINTED_MAX = 256 };
struct painted_row {
	row_id row;
	int64_t seq; /* of its newest decision, 0: none */
};
struct painted {
	struct painted_row v[PAINTED_MAX];
	size_t n;
	row_id cursor;
	uint64_t numbers; /* of the question, as they were read; 0: it was not drawn yet */
};
struct sum {
	const struct app *a;
	uint64_t of;
};

/* What others_ask() last told; it holds while it stands in the line of messages. */
struct asked {
	bool shown; /* it was on the screen since */
	row_id row;
	size_t n; /* 0: nothing is asked */
	int64_t seq;
	enum verdict verdict;
};

/* The life that was asked for last; see listing_story.c. */
struct life {
	struct buf who;          /* "principal:ARN" */
	int64_t at;              /* of the alert that it was asked beside */
	struct app_story told;
	struct arena mem;        /* of the rows */
	struct life_row *rows;
	size_t n, cap;
};

/* Everything that was done, event by event; see listing_deeds.c. */
struct done_row {
	const struct deed_event *event;
	unsigned of;             /* bits by enum deed_kind */
};
struct done {
	unsigned serial;         /* of the counting that the rows are of; 0: none */
	row_id of;               /* whose alert */
	struct deeds_told told;
	struct done_row *rows;
	size_t n, all;           /* all: without the filter */
	uint64_t unkept;         /* whose place is not known */
	struct buf words, raw, why; /* the filter; an event; why nothing is counted */
	struct arena mem;        /* of the rows */
	const struct deed_event *read; /* the one whose text is in raw, or is read */
	bool reading;
};

#define LOG_MAX 200

/* What sources and servers had to say, the last LOG_MAX. */
struct log_line {
	int64_t at;
	struct str text; /* on the heap */
};

/* A table in the place of the list; see listing_priv.h. */
struct listing {
	const struct listing_kind *kind; /* the last one */
	size_t at, top, page_top;
	bool open, page_focus, alone, typing, fresh; /* fresh: the page is of this row */
	struct text *page;
	struct line filter, search; /* of the table; in the page */
	struct line filter_before;  /* as it was when another began to be typed */
	size_t hit;                 /* the row of the last hit */
	enum group_by by;
	struct groups *groups[GROUP_BYS];
	struct listing_step {
		const struct listing_kind *kind;
		enum group_by by;
		size_t at, top;
	} steps[GROUP_BYS];         /* the tables from which others were gone to; Esc goes back */
	size_t n_steps;
	struct near_miss *near;        /* in mem */
	size_t n_near, near_miss_of;
	struct arena mem;
};

struct app {
	struct app_setup set;
	struct log_line log[LOG_MAX];
	size_t n_log; /* ever */
	struct listing listing;
	struct approve *approve;     /* what the dialogs hold is theirs: approve_priv.h, ... */
	struct propose *propose;
	struct approval_edit *amend;
	struct decide *decide;       /* ... decide_priv.h */
	size_t turn;             /* counts what changed alerts, verdicts or approvals */
	struct asked asked;
	int64_t told[2];         /* undo, redo: see struct journal_taken; 0 after any other key */
	bool took[2];            /* by the key at hand */
	struct painted painted;
	row_id left;             /* drawn under the cursor, which went on without a key; or ROW_NONE */
	bool left_filling, left_shown, left_told; /* by the first reading; drawn since; said since */
	bool settled;            /* the first reading was drawn to its end */
	row_id asked_conflict;   /* + 1 */
	bool may_ask_aws;        /* the user was told what that means */
	struct selection *sel;
	int rows, cols, dialog_rows; /* of the screen; those that a dialog may cover */
	const struct layer *layers[LAYERS_MAX]; /* the list and its panes, then what was opened over it */
	size_t n_layers;
	unsigned (*const *acts)(struct app *a); /* by enum action_id */
	enum pane focus;
	bool zoomed, raw, why, hide, touched, busy;
	int64_t window;          /* ms around an alert that its timeline looks at */
	bool more;               /* signals are not all looked at yet */
	bool news, changed;      /* rows, verdicts: to be taken in by app_sync() */
	bool heard;              /* something of the desk, since app_heard() */
	row_id cursor;           /* ROW_NONE: the list is empty */
	size_t at, top;          /* the cursor's last position, the first row shown */
	size_t fresh, known;     /* rows that arrived unseen; rows known */
	size_t known_changes;    /* of the store's that were looked at */
	struct marks marks, kept; /* kept: the list's, while a table's verdict is prepared */
	enum sort_key sort;
	bool descending;
	struct line filter, filter_before;
	row_id filter_row;       /* the cursor's before the filter was edited */
	struct err filter_err;
	bool filter_bad;
	struct filter *filter_next; /* the newest good one, not yet applied; or NULL */
	struct line prompt;      /* a pane's search, or the note to a step, while it is typed */
	struct {
		row_id row;
		char draft[SHA256_HEX];
	} step;                  /* whose note it is */
	size_t prompt_top;
	struct pane_state pane[PANES];
	struct shown shown;
	size_t tick_rows;        /* of the desk's, as the steps that are shown have them */
	struct buf message, status, outbox;
	enum role message_role;
	struct menu menu;
	struct taken taken;
	struct life life;
	struct done done;
	char hint_keys[HINTS_MAX][16];
	struct key_hint hints[HINTS_MAX + 1];
};

/* others.c: true when it was told whose word would be replaced, and nothing may happen yet */
bool others_ask(struct app *a, const row_id *rows, size_t n, enum verdict v);
/* After a key: a question that it neither asked nor answered is withdrawn. `conflict`: asked_conflict as
 * it was before. */
void others_forget(struct app *a, row_id conflict);

/* act_NAME of every action */
#define X(enumerator, name, place, group, help) unsigned act_##name(struct app *a);
ACTIONS(X)
#undef X

/* form.c: what dialogs have in common: fields, one of them with the cursor, Enter and Escape. A layer with
 * `form` has these two as its key and its paste. */
struct form {
	unsigned (*enter)(struct app *a), (*leave)(struct app *a);
	bool (*own)(struct app *a, struct key k); /* keys that are not typed; or NULL */
	void (*typed)(struct app *a);             /* told when the line changed; or NULL */
	struct line *line;                        /* typed where the cursor is; NULL: chosen, or nothing */
	bool pastes;                              /* and pasted */
	size_t *at, fields;                       /* NULL: there is but one */
};
unsigned form_key(struct app *a, struct key k);
enum pasted form_paste(struct app *a, struct str text);

/* layer.c */
void layer_push(struct app *a, const struct layer *l);
void layer_pop(struct app *a);
const struct layer *layer_top(const struct app *a);
bool layer_open(const struct app *a, const struct layer *l); /* on top or below */
const struct ground *layer_ground(const struct app *a); /* what is on top, or what it was opened over */
enum pasted layer_paste(struct line *l, struct str text);
unsigned app_act(struct app *a, int action);
enum action_place app_place(const struct app *a);
bool app_unread(struct app *a, const struct err *err); /* recorded, not read back: said so */
unsigned app_say(struct app *a, enum role role, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
struct screen_layout app_layout(const struct app *a);
size_t app_page(const struct app *a); /* rows of the focused pane, at least 1 */

/* base.c: under all others */
extern const struct layer base_layer;

/* hints.c: the keys that are named below the screen; those that would do nothing are not. */
struct hint {
	int action;
	const char *label;
};
const struct key_hint *hints_make(struct app *a, const struct hint *from, size_t n);
const struct key_hint *hints_typing(struct app *a);
bool hint_decides(int action);

/* hasty.c */
enum app_weight weigh_in_place(const struct app *a, enum action_place place, struct key k);
enum app_weight weigh_text(const struct app *a, struct key k);

/* cursor.c: the list's cursor, which keeps to its alert, and the filter that it stands in */
void filter_compile_typed(struct app *a);
void app_sync(struct app *a);
void app_go(struct app *a, size_t at);
const struct alert *app_alert(const struct app *a); /* under the cursor, or NULL */

/* marks.c */
bool marks_has(const struct marks *m, row_id r);
void marks_set(struct marks *m, row_id r, bool on);
void marks_clear(struct marks *m);

/* scroll.c: where a pane of text stands */
size_t pane_rows(struct app *a, enum pane p, size_t *shown); /* laid out; and how many can be seen */
void pane_scroll(struct app *a, enum pane p, size_t top);
void pane_fit(struct app *a);

/* shown.c */
void shown_load(struct app *a);
int64_t shown_now(const struct app *a); /* as signals ask for it, WHEN_NONE: they do not */
void shown_drop(struct shown *s);

/* around.c */
void around_load(struct app *a);

/* why.c */
void why_text(const struct app *a, struct text *t);

/* menu.c */
extern const struct layer menu_layer;
unsigned menu_open(struct app *a, const struct menu_kind *kind);

/* painted.c: what was on the screen, and may therefore be decided */
/* A frame was drawn, with the list and its cursor's alert or without them, and so many rows of it. */
void painted_note(struct app *a, bool list, size_t rows);
void painted_forget(struct app *a);
void painted_take_in(struct app *a); /* app_sync() for what came from outside */
void painted_key(struct app *a);
bool painted_was_read(struct app *a);
void painted_renumber(struct app *a, bool was_read);
bool painted_allows(struct app *a, row_id r); /* false: said why not */
bool painted_answer(struct app *a);           /* the same of the question that is open */
void sum_add(struct sum *s, uint64_t v);
void sum_row(struct sum *s, row_id r);

/* preview.c: how alerts stand and where they go, in words */
/* Where decisions on these rows will go, when anything leaves at all: a line or none. */
size_t preview_routes(const struct app *a, const row_id *rows, size_t n, struct arena *mem,
	struct dialog_line *l);
/* "777788889999", "not named +2": the worst destination, and how many other accounts there are. */
struct str preview_dest(const struct alert *al, struct arena *mem);
/* "suspicious by kim, 2h ago: exfiltration; IR-204" */
struct str preview_word(const struct app *a, const struct decision *d, struct arena *mem);

/* decide.c, approve.c: the dialogs' state */
void decide_init(struct app *a);
void decide_fini(struct app *a);
void approve_init(struct app *a);
void approve_fini(struct app *a);

/* draft.c: a reason and a note that are not recorded yet */
void draft_name_step(const struct app *a, row_id r, struct str step, char out[SHA256_HEX]);
void draft_write(struct app *a, const char *name, struct str reason, struct str note);

/* steps.c: a note to a step; and whether one is in the guide, where letters decide nothing */
bool steps_typing(struct app *a);
bool steps_news(struct app *a); /* somebody ticked: the steps that are shown are read again */

/* copy.c: whether a destination before this one has the same account */
bool copy_named_before(const struct alert *al, size_t i);

/* messages.c */
void log_free(struct app *a);

/* listing_story.c */
void life_fini(struct app *a);

/* listing_deeds.c */
void done_fini(struct app *a);
void done_ask(struct app *a);      /* begins to count, unless it is known */

/* undo.c */
void taken_note(struct app *a, const struct decision *d);

#endif
