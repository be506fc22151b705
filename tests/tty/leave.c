/*
 * The terminal always comes back, and takes any size.
 */
#include "console.h"

#include "s3triage/base/mem.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#define IN_HOME(fn) cmocka_unit_test_setup_teardown(fn, console_setup, console_teardown)

static void comes_back_from_every_signal(void **state)
{
	static const struct {
		int number;
		bool killed;
	} cases[] = {{SIGTERM, false}, {SIGHUP, false}, {SIGINT, false}, {SIGSEGV, true},
		{SIGABRT, true}, {SIGBUS, true}, {SIGFPE, true}};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct term *t = console_start(*state, 24, 80, NULL);
		assert_true(term_modes(t).alternate && term_modes(t).raw);
		term_signal(t, cases[i].number);
		if (!term_wait_exit(t))
			fail_msg("signal %d does not end it:\n%s", cases[i].number, term_screen(t));
		assert_int_equal(term_exit_code(t), 128 + cases[i].number);
		assert_int_equal(term_killed(t), cases[i].killed);
		console_assert_restored(t);
	}
}

static void ctrl_c_leaves(void **state)
{
	struct term *t = console_start(*state, 24, 80, NULL);
	term_keys(t, "<C-c>");
	assert_true(term_wait_exit(t));
	console_assert_restored(t);
}

static void decided_is_on_disk_when_killed(void **state)
{
	struct term *t = console_start(*state, 24, 80, NULL);
	int open, total;
	console_counts(t, &open, &total);
	term_keys(t, "a");
	assert_true(console_wait_open(t, open - 1));
	term_signal(t, SIGKILL);
	assert_true(term_wait_exit(t));
	t = console_start(*state, 24, 80, NULL);
	assert_true(console_wait_open(t, open - 1));
	console_quit(t);
}

static void stops_and_goes_on(void **state)
{
	struct console *c = *state;
	struct term *t = console_shell(c, "PS1='shell> ' exec bash --norc -i", NULL);
	char why[200];
	assert_true(term_wait_text(t, "shell>"));
	for (int round = 0; round < 2; round++) {
		term_keys(t, round ? "fg<Enter>" : "\"$S3TRIAGE\" open --demo<Enter>");
		assert_true(term_wait_text(t, "Replicated"));
		term_wait_quiet(t, 200);
		assert_true(term_modes(t).alternate);
		term_keys(t, "<C-z>");
		assert_true(term_wait_text(t, "Stopped"));
		term_wait_quiet(t, 200);
		term_is_restored(t, why, sizeof(why));
		/* bash's own line editor: bracketed paste, and no echo */
		assert_string_equal(why, "bracketed paste, raw line discipline");
		term_resize(t, 30 - round, 90 + round);
	}
	term_keys(t, "fg<Enter>");
	assert_true(term_wait_text(t, "Replicated"));
	term_wait_quiet(t, 200);
	term_keys(t, "q");
	assert_true(term_wait_text(t, "shell>"));
	term_keys(t, "echo code $?; exit<Enter>");
	assert_true(term_wait_text(t, "code 0"));
	assert_true(term_wait_exit(t));
	console_assert_restored(t);
}

/* For the shell, while the console was stopped. */
static void what_was_typed_before_fg_decides_nothing(void **state)
{
	struct term *t = console_shell(*state, "PS1='shell>' exec bash --norc --noprofile -i", NULL);
	int open, total;
	assert_true(term_wait_text(t, "shell>"));
	term_keys(t, "\"$S3TRIAGE\" open --demo<Enter>");
	assert_true(term_wait_text(t, "Replicated"));
	term_wait_quiet(t, 200);
	term_keys(t, "<C-z>");
	assert_true(term_wait_text(t, "Stopped"));
	term_keys(t, "echo beg''un; sleep 1; fg<Enter>");
	assert_true(term_wait_text(t, "begun"));
	term_bytes(t, STR("a"));
	assert_true(term_wait_text(t, "Replicated"));
	term_wait_quiet(t, 300);
	console_counts(t, &open, &total);
	assert_int_equal(open, total);
	term_keys(t, "a");
	assert_true(console_wait_open(t, total - 1));
	term_keys(t, "q");
	assert_true(term_wait_text(t, "shell>"));
}

static void takes_any_size(void **state)
{
	static const int sizes[][2] = {{24, 80}, {10, 40}, {1, 1}, {2, 3}, {60, 200}, {5, 20}, {1, 200},
		{100, 2}, {40, 120}};
	struct term *t = console_start(*state, 40, 120, NULL);
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		term_resize(t, sizes[i][0], sizes[i][1]);
		term_wait_quiet(t, 150);
		term_keys(t, "j2<Tab>z1k?<Esc>");
		term_wait_quiet(t, 150);
		assert_int_equal(term_exit_code(t), -1);
	}
	term_keys(t, "1");
	assert_true(term_wait_text(t, "Replicated"));
	console_quit(t);
}

static bool is_drawing(struct term *t, const void *arg)
{
	(void)arg;
	return term_modes(t).alternate && term_modes(t).raw;
}

static void starts_small(void **state)
{
	static const int sizes[][2] = {{10, 40}, {5, 20}, {1, 1}};
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		struct term *t = console_start(*state, sizes[i][0], sizes[i][1], NULL);
		assert_true(term_wait(t, is_drawing, NULL));
		term_keys(t, "jkGg<Tab><Tab>?<Esc>:<Esc>");
		term_wait_quiet(t, 200);
		term_keys(t, "<Esc>");
		term_wait_quiet(t, 100);
		console_quit(t);
	}
}

static void without_colours(void **state)
{
	struct term *t = console_start(*state, 24, 80, "NO_COLOR=1");
	for (int row = 0; row < 24; row++)
		for (int col = 0; col < 80; col++) {
			VTermScreenCell cell = term_cell(t, row, col);
			assert_true(VTERM_COLOR_IS_DEFAULT_FG(&cell.fg) && VTERM_COLOR_IS_DEFAULT_BG(&cell.bg));
		}
	console_quit(t);
}

static void lists_where_it_cannot_draw(void **state)
{
	struct term *t = console_shell(*state, "exec \"$S3TRIAGE\" open --demo", "TERM=dumb");
	assert_true(term_wait_exit(t));
	assert_int_equal(term_exit_code(t), 0);
	assert_true(term_output(t).n > 200);
	assert_true(str_find_char(term_output(t), '\033') == STR_NONE);
	console_assert_restored(t);
}

static void reads_events_from_a_pipe_and_keys_from_the_terminal(void **state)
{
	struct term *t = console_shell(*state,
		"cat src/builtin/demo.ndjson | \"$S3TRIAGE\" open -", NULL);
	assert_true(term_wait_text(t, "Replicated"));
	term_wait_quiet(t, 200);
	int open, total;
	console_counts(t, &open, &total);
	assert_true(open > 3);
	term_keys(t, "a");
	assert_true(console_wait_open(t, open - 1));
	console_quit(t);
}

/* With nothing to do it does not wake up, and yet another's verdict arrives. */
static void sleeps_until_somebody_decides(void **state)
{
	struct console *c = *state, other = *c;
	struct term *t = console_start(c, 24, 80, NULL);
	int open, total;
	long waits = -1;
	console_counts(t, &open, &total);
	for (int tries = 0; tries < 20 && waits != term_waits(t); tries++) {
		waits = term_waits(t);
		usleep(2500000); /* longer than anything that comes by itself */
	}
	assert_true(waits > 0);
	assert_int_equal(waits, term_waits(t));
	struct term *kim = console_start(&other, 24, 80, NULL);
	term_keys(kim, "a");
	assert_true(console_wait_open(kim, open - 1));
	assert_true(console_wait_open(t, open - 1));
	console_quit(kim);
	term_free(kim);
	console_quit(t);
}

static int ticked(struct term *t)
{
	int n = 0;
	for (int row = 0; row < 60; row++)
		n += strstr(term_line(t, row), "[x]") != NULL;
	return n;
}

static bool one_more(struct term *t, const void *arg)
{
	return ticked(t) == *(const int *)arg + 1;
}

/* What another ticks is shown while nobody touches this console. */
static void shows_what_another_ticks(void **state)
{
	struct console *c = *state, other = *c;
	struct term *t = console_start(c, 60, 160, NULL);
	term_keys(t, "4");
	assert_true(term_wait_text(t, "[ ] Compare with the past"));
	term_wait_quiet(t, 2500);
	int before = ticked(t);
	struct term *lee = console_shell(&other, "id=$(\"$S3TRIAGE\" list --demo --json -q | sed -n"
		" '1s/{\"id\":\"\\([^\"]*\\).*/\\1/p'); \"$S3TRIAGE\" checklist \"$id\" --demo -q --tick"
		" ffc87717860f --analyst lee | grep -c 'ticked by lee'", NULL);
	if (!term_wait(t, one_more, &before))
		fail_msg("%d, not one more:\n%s%s", before, term_screen(t), term_screen(lee));
	assert_true(term_find(t, "[x] Compare with the past", &(int){0}, &(int){0}));
	term_free(lee);
	console_quit(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_HOME(comes_back_from_every_signal),
		IN_HOME(ctrl_c_leaves),
		IN_HOME(decided_is_on_disk_when_killed),
		IN_HOME(stops_and_goes_on),
		IN_HOME(what_was_typed_before_fg_decides_nothing),
		IN_HOME(takes_any_size),
		IN_HOME(starts_small),
		IN_HOME(without_colours),
		IN_HOME(lists_where_it_cannot_draw),
		IN_HOME(sleeps_until_somebody_decides),
		IN_HOME(shows_what_another_ticks),
		IN_HOME(reads_events_from_a_pipe_and_keys_from_the_terminal),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
