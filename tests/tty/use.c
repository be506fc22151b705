/*
 * What an analyst does: look, move, decide, take back, leave, come back.
 */
#include "console.h"

#include "../../src/tui/pace.h"
#include "term_priv.h"

#include "s3triage/base/mem.h"

#include <signal.h>
#include <time.h>

#define IN_HOME(fn) cmocka_unit_test_setup_teardown(fn, console_setup, console_teardown)

static int cursor_row(struct term *t)
{
	int row = -1, col;
	term_find(t, "\xE2\x96\x8C", &row, &col); /* U+258C, the bar of the cursor's row */
	return row;
}

static bool cursor_is_at(struct term *t, const void *arg)
{
	return cursor_row(t) == *(const int *)arg;
}

static void starts_and_moves(void **state)
{
	struct term *t = console_start(*state, 40, 120, NULL);
	assert_true(term_wait_text(t, "S3 Bucket Replicated"));
	int first = cursor_row(t);
	assert_true(first > 0);
	term_keys(t, "jj");
	assert_true(term_wait(t, cursor_is_at, &(int){first + 2}));
	term_keys(t, "<Up>");
	assert_true(term_wait(t, cursor_is_at, &(int){first + 1}));
	term_keys(t, "g");
	assert_true(term_wait(t, cursor_is_at, &first));
	console_quit(t);
}

static void decides_and_takes_back(void **state)
{
	struct term *t = console_start(*state, 40, 120, NULL);
	int open, total, rest;
	console_counts(t, &open, &total);
	assert_true(open > 3);
	term_keys(t, "a");
	assert_true(console_wait_open(t, open - 1));
	assert_true(term_wait_text(t, "approved:"));
	term_keys(t, "s");
	assert_true(console_wait_open(t, open - 2));
	assert_true(term_wait_text(t, "suspicious:"));
	term_keys(t, "u");
	assert_true(console_wait_open(t, open - 1));
	assert_true(term_wait_text(t, "taken back"));
	term_keys(t, "<C-r>");
	assert_true(console_wait_open(t, open - 2));
	console_counts(t, &rest, &total);
	console_quit(t);

	t = console_start(*state, 40, 120, NULL);
	assert_true(console_wait_open(t, open - 2));
	term_keys(t, "u");
	assert_true(console_wait_open(t, open - 1));
	console_quit(t);
}

static void opens_and_closes_what_lies_above(void **state)
{
	struct term *t = console_start(*state, 30, 100, NULL);
	int open, total, after;
	console_counts(t, &open, &total);
	term_keys(t, "?");
	assert_true(term_wait_text(t, "Keys on the list"));
	term_keys(t, "<Esc>");
	assert_true(term_wait_gone(t, "Keys on the list"));
	term_keys(t, ":");
	assert_true(term_wait_text(t, "Command"));
	term_keys(t, "<Esc>");
	assert_true(term_wait_gone(t, "Command"));
	term_keys(t, "2");
	assert_true(term_wait_text(t, "[2 "));
	term_keys(t, "<Tab>");
	assert_true(term_wait_text(t, "[3 "));
	term_keys(t, "1");
	assert_true(term_wait_text(t, "[1 "));
	console_counts(t, &after, &total);
	assert_int_equal(after, open);
	console_quit(t);
}

static void filters_while_typing(void **state)
{
	struct term *t = console_start(*state, 30, 100, NULL);
	term_keys(t, "fno-such-bucket-anywhere");
	assert_true(term_wait_text(t, "no-such-bucket-anywhere"));
	assert_true(term_wait_text(t, "within the filter"));
	term_keys(t, "<Esc>");
	assert_true(term_wait_gone(t, "within the filter"));
	console_quit(t);
}

static void opens_filtered_and_sorted(void **state)
{
	struct term *t = console_shell(*state, "exec \"$S3TRIAGE\" open --demo --sort bucket"
		" --filter 'bucket:(*payroll-prod or *hr-exports)'", NULL);
	assert_true(term_wait_text(t, "acme-payroll-prod"));
	term_wait_quiet(t, 200);
	int row = -1, col, below = -1;
	assert_false(term_find(t, "acme-design", &row, &col));
	assert_true(term_find(t, "acme-hr-exports", &row, &col));
	assert_true(term_find(t, "acme-payroll-prod", &below, &col));
	assert_true(row < below);
	console_quit(t);
}

static void nothing_pasted_decides(void **state)
{
	struct term *t = console_start(*state, 40, 120, NULL);
	int open, total, after;
	console_counts(t, &open, &total);
	assert_true(term_modes(t).paste);
	term_paste(t, "aaaasssso\rq\r:quit\r");
	term_wait_quiet(t, 300);
	assert_int_equal(term_exit_code(t), -1);
	term_keys(t, "<Esc>");
	term_wait_quiet(t, 200);
	console_counts(t, &after, &total);
	assert_int_equal(after, open);
	console_quit(t);
}

/* The end mark within what is pasted, keys behind it, on the list and over each dialog. */
static void a_paste_that_ends_itself_decides_nothing(void **state)
{
	static const char *const before[] = {"", "<Space><Space>s", "n", "X", "Xs", "XP", "?", ":", "/",
		"2/", "p", "L"};
	for (size_t i = 0; i < ARRAY_LEN(before); i++) {
		struct term *t = console_start(*state, 40, 120, NULL);
		int open, total, after;
		console_counts(t, &open, &total);
		term_keys(t, before[i]);
		term_wait_quiet(t, 100);
		term_bytes(t, str_c("\033[200~x\033[201~aso\r\033[201~\ra\033[200~\r\ra\rs\033[201~\r"));
		term_wait_quiet(t, 300);
		term_keys(t, "<Esc><Esc>");
		term_wait_quiet(t, 100);
		term_keys(t, "<Esc><Esc>");
		term_wait_quiet(t, 100);
		console_counts(t, &after, &total);
		assert_int_equal(after, open);
		console_quit(t);
	}
}

/* These terminals do not mark a paste: what comes at once as nobody types is taken for one. */
static void an_unmarked_paste_decides_nothing(void **state)
{
	static const char *const terms[] = {"TERM=linux", "TERM=vt100", "TERM=screen"};
	for (size_t i = 0; i < ARRAY_LEN(terms); i++) {
		struct term *t = console_start(*state, 40, 120, terms[i]);
		int open, total, after;
		console_counts(t, &open, &total);
		term_bytes(t, str_c("a note: s\raso\r"));
		assert_true(term_wait_text(t, "nothing was done with it"));
		console_counts(t, &after, &total);
		assert_int_equal(after, open);
		term_keys(t, "a");
		assert_true(console_wait_open(t, open - 1));
		term_keys(t, "u");
		assert_true(console_wait_open(t, open));
		term_keys(t, "jjjjjjjjj");
		term_wait_quiet(t, 100);
		term_keys(t, "/");
		assert_true(term_wait_text(t, "keep"));
		term_bytes(t, str_c("hr-exports"));
		term_wait_quiet(t, 200);
		term_keys(t, "<Enter>");
		assert_true(term_wait_text(t, "suspicious"));
		console_quit(t);
	}
}

static void pause_ms(int ms)
{
	nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

static int64_t ticks(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* A terminal that is read meanwhile, as each is, never holds up what writes to it. */
static void read_for(struct term *t, int ms)
{
	for (int64_t end = ticks() + ms; ticks() < end;)
		term_pump(t, 5);
}

struct burst {
	const char *before, *text;
	size_t piece;
	int every; /* ms */
};

/* What was sent at this distance can be neither a hand's nor a key held down. */
static bool too_fast(int64_t gap, char before, char after, int meant)
{
	return gap < (before == after && meant < PACE_SAME ? PACE_SAME - 1 : PACE_OTHER - 5);
}

/* False: this test was held up itself, and sent at the pace of a hand. */
static bool send_burst(struct term *t, const struct burst *b)
{
	int64_t before = 0;
	char last = '\0';
	bool fast = true;
	for (struct str s = str_c(b->text); s.n; s = str_sub(s, b->piece, s.n)) {
		int64_t now = ticks();
		term_bytes(t, str_sub(s, 0, b->piece));
		fast = fast && (!before || too_fast(ticks() - before, last, s.p[0], b->every));
		before = now;
		last = s.p[b->piece < s.n ? b->piece - 1 : s.n - 1];
		pause_ms(b->every);
	}
	return fast;
}

/* A new console, until the burst was one. */
static void try_burst(void **state, const struct burst *b)
{
	int open, total, after;
	for (int tries = 0; tries < 50; tries++) {
		struct term *t = console_start(*state, 40, 120, NULL);
		console_counts(t, &open, &total);
		term_keys(t, b->before);
		term_wait_quiet(t, 100);
		if (!send_burst(t, b))
			continue;
		if (!term_wait_text(t, "nothing was done"))
			fail_msg("%s: %s", b->text, term_screen(t));
		console_counts(t, &after, &total);
		assert_int_equal(after, open);
		pause_ms(PACE_CALM);
		term_keys(t, "<Esc><Esc>");
		console_quit(t);
		return;
	}
	fail_msg("%s: never sent as a burst", b->text);
}

/* Text without any mark, as a multiplexer or a slow line hands it on: at once, and in pieces. */
static void no_burst_decides(void **state)
{
	static const struct burst bursts[] = {
		{"", "aassoaasso", 10, 0}, {"", "aassoaasso", 1, 2}, {"", "asasas", 2, 15}, {"", "as", 1, 1},
		{"", "aaaaaa", 6, 0}, {"", "s\r", 2, 0}, {"", "echo as", 7, 0}, {"2", "jas", 1, 5},
		{"n<Tab><Tab>s<Tab>", "theft\r", 6, 0}, {"<Space><Space>s<Tab>", "IR-7\rasas", 3, 5},
		{":", "suspicious\r", 11, 0}, {"", "assessoas", 1, 15}, {"", "P\r\r", 1, 40},
		{"", "Xa\r", 1, 40}, {"", "Aa\r", 1, 50}, {"", "Aa\x14\r", 1, 40},
	};
	for (size_t i = 0; i < ARRAY_LEN(bursts); i++)
		try_burst(state, &bursts[i]);
}

/* A machine that holds the program up between two keys of a burst makes no pause of a hand of it: however long
 * before the stall the first was read, and whether it weighs by itself or only the second does. */
struct stall {
	const char *first, *behind;
	int before, lasts; /* ms */
};

static void try_stall(void **state, const struct stall *s)
{
	int open, total, after;
	for (int tries = 0; tries < 50; tries++) {
		struct term *t = console_start(*state, 40, 120, NULL);
		console_counts(t, &open, &total);
		int64_t from = ticks();
		term_bytes(t, str_c(s->first));
		pause_ms(s->before);
		term_signal(t, SIGSTOP);
		term_bytes(t, str_c(s->behind));
		bool fast = too_fast(ticks() - from, s->first[0], s->behind[0], s->before);
		pause_ms(s->lasts);
		term_signal(t, SIGCONT);
		if (!fast)
			continue;
		if (!term_wait_text(t, "nothing was done"))
			fail_msg("%s%s: %s", s->first, s->behind, term_screen(t));
		console_counts(t, &after, &total);
		assert_int_equal(after, open);
		pause_ms(PACE_CALM);
		console_quit(t);
		return;
	}
	fail_msg("never fast enough");
}

static void a_stall_is_no_pause(void **state)
{
	static const struct stall stalls[] = {{"a", "s", 8, 4 * PACE_OTHER}, {"a", "a", 2, 4 * PACE_OTHER},
		{"j", "s", 8, 200}, {"j", "s", 2, 200}, {"j", "s", 40, 200}, {"j", "as", 8, 200},
		{"j", "ja", 1, 200}, {"j", "s", 8, 1200}};
	for (size_t i = 0; i < ARRAY_LEN(stalls); i++)
		try_stall(state, &stalls[i]);
}

/* Held: the first repeat comes late, the others fast. One press is one verdict; the next press another. */
static void a_held_key_decides_once(void **state)
{
	for (int tries = 0; tries < 20; tries++) {
		struct term *t = console_start(*state, 40, 120, NULL);
		int open, total;
		bool held = true;
		console_counts(t, &open, &total);
		term_bytes(t, STR("a"));
		read_for(t, 500);
		for (int i = 0, every[] = {15, 33, 60}; i < 20; i++) {
			int64_t from = ticks();
			term_bytes(t, STR("a"));
			read_for(t, every[i % 3]);
			held = held && ticks() - from < PACE_HELD - 10;
		}
		if (!held) {
			term_keys(t, "uuuuuuuuuuuuuuuuuuuuu");
			console_quit(t);
			continue;
		}
		assert_true(term_wait_text(t, "held: one press acts once"));
		assert_true(console_wait_open(t, open - 1));
		for (int i = 0; i < 2; i++) {
			read_for(t, PACE_AGAIN + 150);
			term_bytes(t, STR("a"));
		}
		assert_true(console_wait_open(t, open - 3));
		console_quit(t);
		return;
	}
	fail_msg("never fast enough");
}

/* Let go of behind its first repeat, which no other follows: one press all the same. */
static void a_key_held_for_one_repeat(void **state)
{
	static const int delays[] = {200, 250, 500, 660};
	for (size_t i = 0; i < ARRAY_LEN(delays); i++) {
		struct term *t = console_start(*state, 40, 120, NULL);
		int open, total;
		console_counts(t, &open, &total);
		term_bytes(t, STR("a"));
		read_for(t, delays[i]);
		term_bytes(t, STR("a"));
		assert_true(term_wait_text(t, "held: one press acts once"));
		assert_true(console_wait_open(t, open - 1));
		read_for(t, PACE_AGAIN);
		term_keys(t, "u");
		assert_true(console_wait_open(t, open));
		console_quit(t);
	}
}

/* A menu that a machine opens and answers at a pace that passes for typing; once it was read, it is answered. */
static void a_menu_is_read_first(void **state)
{
	for (int tries = 0; tries < 50; tries++) {
		struct term *t = console_start(*state, 40, 120, NULL);
		int open, total, after;
		console_counts(t, &open, &total);
		term_bytes(t, STR(":"));
		int64_t from = ticks();
		for (const char *k = "su\r"; *k; k++) {
			read_for(t, PACE_OTHER + 40);
			term_bytes(t, (struct str){k, 1});
		}
		bool soon = ticks() - from < PACE_READ - 20;
		if (soon && !term_wait_text(t, "has just come up"))
			fail_msg("%s", term_line(t, term_rows(t) - 1));
		console_counts(t, &after, &total);
		assert_true(!soon || after == open);
		if (soon) {
			term_keys(t, "spicious<Enter>");
			assert_true(console_wait_open(t, open - 1));
			console_quit(t);
			return;
		}
		term_free(t);
	}
	fail_msg("never fast enough");
}

/* Enter behind the key that opened the question, slower than a burst and faster than one reads. */
static void a_question_is_read_first(void **state)
{
	static const char *const openers[] = {"Aa", "P", "<Space>s"};
	size_t i = 0;
	for (int tries = 0; i < ARRAY_LEN(openers) && tries < 50; tries++) {
		struct term *t = console_start(*state, 40, 120, NULL);
		int open, total, after;
		console_counts(t, &open, &total);
		term_keys(t, openers[i]);
		int64_t from = ticks();
		pause_ms(PACE_OTHER + 50);
		term_bytes(t, STR("\r"));
		bool soon = ticks() - from < PACE_READ - 20;
		if (soon && !term_wait_text(t, "has just come up"))
			fail_msg("%s: %s", openers[i], term_screen(t));
		console_counts(t, &after, &total);
		assert_true(!soon || after == open);
		term_keys(t, "<Esc><Esc>");
		console_quit(t);
		i += soon;
	}
	assert_int_equal(i, ARRAY_LEN(openers)); /* else never fast enough */
}

static void a_held_key_and_a_fast_hand_work(void **state)
{
	struct term *t = console_start(*state, 40, 120, NULL);
	int open, total, first = cursor_row(t);
	console_counts(t, &open, &total);
	for (int i = 0; i < 6; i++) {
		term_bytes(t, STR("j"));
		pause_ms(30);
	}
	assert_true(term_wait(t, cursor_is_at, &(int){first + 6}));
	term_keys(t, "asjs");
	assert_true(console_wait_open(t, open - 3));
	console_quit(t);
}

/* A mark on a plain letter is drawn, too: without it a name looks like another. */
static void marks_on_letters_are_drawn(void **state)
{
	struct term *t = console_shell(*state, "sed 's/acme-hr-exports/acme\xCC\x81-hr/' "
		"src/builtin/demo.ndjson | \"$S3TRIAGE\" open -", NULL);
	assert_true(term_wait_text(t, "acme\xCC\x81-hr"));
	console_quit(t);
}

/* Both are read: that is no word for what they have in common. */
static void a_problem_is_not_unread(void **state)
{
	struct term *t = console_shell(*state, "l=$(grep acme-hr-exports src/builtin/demo.ndjson | grep PutBucketRepl);"
		" { echo \"$l\"; echo \"$l\" | sed s/acme-hr-exports/acme-hr-other/g; } | \"$S3TRIAGE\" open -",
		NULL);
	assert_true(term_wait_text(t, "2 events read, 1 problem: "));
	console_quit(t);
}

/* A meta key, and sequences that nobody knows: no letter of them may act. */
static void unknown_keys_do_nothing(void **state)
{
	struct term *t = console_start(*state, 40, 120, NULL);
	int open, total, after;
	console_counts(t, &open, &total);
	term_bytes(t, STR("\033[200;5a\033[1;5a\033Oa\033[<0;3;3M\033[99~\033[?1;2c"));
	term_wait_quiet(t, 200);
	term_bytes(t, STR("\033a"));
	term_wait_quiet(t, 200);
	term_bytes(t, STR("\033s"));
	term_wait_quiet(t, 200);
	assert_int_equal(term_exit_code(t), -1);
	console_counts(t, &after, &total);
	assert_int_equal(after, open);
	console_quit(t);
}

/* The sample events hold a terminal title, a bidi override and a newline in what the caller chose. */
static void hostile_text_stays_text(void **state)
{
	struct term *t = console_start(*state, 40, 120, NULL);
	term_keys(t, "flegal-scans<Enter>");
	assert_true(term_wait_text(t, "<U+202E>"));
	term_keys(t, "v");
	term_wait_quiet(t, 200);
	term_keys(t, "vFG");
	term_wait_quiet(t, 200);
	term_keys(t, "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk");
	term_wait_quiet(t, 200);
	assert_true(str_find(term_output(t), STR("\033]0;all")) == STR_NONE);
	assert_true(str_find(term_output(t), STR("\xE2\x80\xAE")) == STR_NONE);
	console_quit(t);
}

static bool some_are_open(struct term *t, const void *arg)
{
	int open, total;
	console_counts(t, &open, &total);
	return open == *(const int *)arg;
}

/* What an approval closed is open again when its time is over, while one looks on. */
static void approvals_end_while_one_looks(void **state)
{
	struct term *t = console_start(*state, 40, 120, NULL);
	int open, total, fewer;
	console_counts(t, &open, &total);
	console_quit(t);
	t = console_shell(*state, "\"$S3TRIAGE\" approval add --account 777788889999 --valid-from 2026-01-01 --auto --until "
		"\"$(date -u -d '+6 seconds' +%Y-%m-%dT%H:%M:%SZ)\" >/dev/null && exec \"$S3TRIAGE\" open --demo", NULL);
	assert_true(term_wait_text(t, "by approvals:"));
	console_counts(t, &fewer, &total);
	assert_true(fewer < open);
	assert_true(term_wait(t, some_are_open, &open));
	assert_true(term_wait_text(t, "reopened"));
	console_quit(t);
}

/* The sources are read once more while one looks on, and again for whoever a row names. */
static void a_life_is_read(void **state)
{
	struct term *t = console_start(*state, 40, 120, NULL);
	int open, total, after;
	console_counts(t, &open, &total);
	term_keys(t, "l");
	assert_true(term_wait_text(t, "access key"));
	read_for(t, PACE_READ + 200);
	term_keys(t, "<Enter>");
	assert_true(term_wait_text(t, "The life of principal:arn:aws:iam::111122223333:user/deploy: 13 events"));
	term_keys(t, "/");
	term_keys(t, "<Esc><Esc><Esc>");
	assert_true(term_wait_text(t, "1 Alerts"));
	console_counts(t, &after, &total);
	assert_int_equal(after, open);
	console_quit(t);
}

/* What the principal did is counted while one looks on, listed, and opens from where it lies. */
static void all_that_was_done_is_counted(void **state)
{
	struct term *t = console_start(*state, 40, 120, NULL);
	int open, total, after;
	console_counts(t, &open, &total);
	term_keys(t, "T");
	assert_true(term_wait_text(t, "13 of 13 events of the principal shown, 1 denied, 2 failed; A shows all"));
	term_keys(t, "+");
	assert_true(term_wait_text(t, "28d before and after"));
	term_keys(t, "A");
	assert_true(term_wait_text(t, "Everything that was done: 13 events"));
	term_keys(t, "<Enter>");
	assert_true(term_wait_text(t, "\"eventName\": \"PutBucketReplication\""));
	term_keys(t, "<Esc>");
	assert_true(term_wait_text(t, "Everything that was done: 13 events"));
	term_keys(t, "<Esc>");
	assert_true(term_wait_text(t, "What happened around it"));
	term_keys(t, "<Esc>");
	assert_true(term_wait_text(t, "1 Alerts"));
	console_counts(t, &after, &total);
	assert_int_equal(after, open);
	console_quit(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_HOME(starts_and_moves),
		IN_HOME(decides_and_takes_back),
		IN_HOME(opens_and_closes_what_lies_above),
		IN_HOME(filters_while_typing),
		IN_HOME(opens_filtered_and_sorted),
		IN_HOME(nothing_pasted_decides),
		IN_HOME(a_paste_that_ends_itself_decides_nothing),
		IN_HOME(an_unmarked_paste_decides_nothing),
		IN_HOME(no_burst_decides),
		IN_HOME(a_stall_is_no_pause),
		IN_HOME(a_held_key_decides_once), IN_HOME(a_key_held_for_one_repeat),
		IN_HOME(a_menu_is_read_first),
		IN_HOME(a_question_is_read_first),
		IN_HOME(a_held_key_and_a_fast_hand_work),
		IN_HOME(marks_on_letters_are_drawn),
		IN_HOME(a_problem_is_not_unread),
		IN_HOME(unknown_keys_do_nothing),
		IN_HOME(hostile_text_stays_text),
		IN_HOME(approvals_end_while_one_looks),
		IN_HOME(a_life_is_read),
		IN_HOME(all_that_was_done_is_counted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
