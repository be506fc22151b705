/*
 * console: starting the program under test, and reading what it says about itself.
 */
#include "console.h"

#include "s3triage/base/file.h"
#include "s3triage/base/mem.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int console_setup(void **state)
{
	struct console *c = mem_alloc(sizeof(*c));
	struct buf b = {0};
	buf_c(&b, "/tmp/s3triage-tty-");
	buf_fill(&b, 'X', 6);
	c->home = mkdtemp(buf_take(&b));
	*state = c;
	return c->home ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *where)
{
	(void)st, (void)kind, (void)where;
	return remove(path);
}

int console_teardown(void **state)
{
	struct console *c = *state;
	term_free(c->t);
	nftw(c->home, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(c->home);
	free(c);
	return 0;
}

static struct term *start(struct console *c, const struct term_setup *about, const char *extra)
{
	const char *program = getenv("S3TRIAGE");
	AUTO(mem_free_ptr) char *here = realpath(program ? program : "build/s3triage", NULL);
	struct arena a = {0};
	const char *env[] = {arena_fmt(&a, "HOME=%s", c->home).p, "USER=kim",
		arena_fmt(&a, "S3TRIAGE=%s", here ? here : "s3triage").p, extra, NULL};
	struct term_setup setup = *about;
	setup.env = env;
	term_free(c->t);
	c->t = term_start(&setup);
	arena_fini(&a);
	return c->t;
}

struct term *console_shell(struct console *c, const char *command, const char *extra)
{
	const char *argv[] = {"sh", "-c", command, NULL};
	const struct term_setup setup = {.argv = argv, .rows = 24, .cols = 100};
	return start(c, &setup, extra);
}

struct term *console_start(struct console *c, int rows, int cols, const char *extra)
{
	const char *argv[] = {"sh", "-c", "exec \"$S3TRIAGE\" open --demo", NULL};
	const struct term_setup setup = {.argv = argv, .rows = rows, .cols = cols};
	struct term *t = start(c, &setup, extra);
	term_wait_text(t, rows > 3 && cols > 20 ? "open" : "");
	term_wait_quiet(t, 200);
	return t;
}

/* "37 of 120 open": the digits before and after " of ". */
static bool read_counts(struct term *t, int *open, int *total)
{
	struct str line = str_c(term_line(t, 0));
	size_t at = str_find(line, STR(" of "));
	if (at == STR_NONE)
		return false;
	struct str before = str_sub(line, 0, at), after = str_sub(line, at + 4, line.n);
	int64_t n, m;
	if (!str_int(str_sub(before, str_rfind_char(before, ' ') + 1, at), &n) ||
		!str_int(str_cut(&after, ' '), &m))
		return false;
	*open = (int)n;
	*total = (int)m;
	return true;
}

void console_counts(struct term *t, int *open, int *total)
{
	if (!read_counts(t, open, total))
		fail_msg("no \"N of M open\" on\n%s", term_screen(t));
}

static bool has_open(struct term *t, const void *arg)
{
	int open, total;
	return read_counts(t, &open, &total) && open == *(const int *)arg;
}

bool console_wait_open(struct term *t, int open)
{
	return term_wait(t, has_open, &open);
}

void console_assert_restored(struct term *t)
{
	char why[200];
	if (!term_is_restored(t, why, sizeof(why)))
		fail_msg("left behind: %s\n%s", why, term_screen(t));
}

void console_quit(struct term *t)
{
	term_keys(t, "q");
	if (!term_wait_exit(t))
		fail_msg("q does not end it:\n%s", term_screen(t));
	assert_int_equal(term_exit_code(t), 0);
	console_assert_restored(t);
}
