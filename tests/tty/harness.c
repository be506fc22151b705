/*
 * The harness on programs that everybody knows, so that a failure elsewhere is not its own.
 */
#include "term.h"

#include "s3triage/base/mem.h"

#include "../unit.h"

#include <signal.h>

#define ARGV(...) ((const char *const[]){__VA_ARGS__, NULL})

static struct term *start(const char *const *argv)
{
	const struct term_setup setup = {.argv = argv, .rows = 10, .cols = 40};
	return term_start(&setup);
}

static void sees_text_keys_and_exit(void **state)
{
	(void)state;
	AUTO(term_free_ptr) struct term *t = start(
		ARGV("sh", "-c", "printf 'a\\033[1;31mred\\033[0m\\nname? '; read n; echo hello $n; exit 7"));
	assert_true(term_wait_text(t, "name?"));
	int row, col;
	assert_true(term_find(t, "red", &row, &col));
	assert_int_equal(row, 0);
	assert_int_equal(col, 1);
	VTermScreenCell cell = term_cell(t, 0, 1);
	assert_true(cell.attrs.bold && VTERM_COLOR_IS_INDEXED(&cell.fg) && cell.fg.indexed.idx == 1);
	term_keys(t, "kim<Enter>");
	assert_true(term_wait_text(t, "hello kim"));
	assert_true(term_wait_exit(t));
	assert_int_equal(term_exit_code(t), 7);
	assert_false(term_killed(t));
}

static void notices_modes_left_on(void **state)
{
	(void)state;
	char why[200];
	AUTO(term_free_ptr) struct term *t = start(ARGV("sh", "-c",
		"stty -echo; printf '\\033[?1049h\\033[?25l\\033[?1000;1006h\\033[?2004h'"));
	assert_true(term_wait_exit(t));
	assert_false(term_is_restored(t, why, sizeof(why)));
	assert_string_equal(why,
		"alternate screen, hidden cursor, bracketed paste, mouse, raw line discipline");
	AUTO(term_free_ptr) struct term *u = start(ARGV("sh", "-c",
		"printf '\\033[?1049h\\033[?25l'; printf '\\033[?25h\\033[?1049l'"));
	assert_true(term_wait_exit(u));
	assert_true(term_is_restored(u, why, sizeof(why)));
}

static void resizes_and_signals(void **state)
{
	(void)state;
	AUTO(term_free_ptr) struct term *t = start(ARGV("sh", "-c",
		"trap 'stty size' WINCH; trap 'echo usr1' USR1; echo ready; while :; do sleep 0.05; done"));
	assert_true(term_wait_text(t, "ready"));
	term_resize(t, 12, 50);
	assert_true(term_wait_text(t, "12 50"));
	term_signal(t, SIGUSR1);
	assert_true(term_wait_text(t, "usr1"));
	term_signal(t, SIGTERM);
	assert_true(term_wait_exit(t));
	assert_true(term_killed(t));
	assert_int_equal(term_exit_code(t), 128 + SIGTERM);
}

static void gives_up_on_what_never_comes(void **state)
{
	(void)state;
	AUTO(term_free_ptr) struct term *t = start(ARGV("true"));
	assert_false(term_wait_text(t, "never"));
	assert_int_equal(term_exit_code(t), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sees_text_keys_and_exit),
		cmocka_unit_test(notices_modes_left_on),
		cmocka_unit_test(resizes_and_signals),
		cmocka_unit_test(gives_up_on_what_never_comes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
