/*
 * kill -9 in the middle of thousands of decisions: what was reported as recorded is there, and the
 * chain is intact.
 */
#include "s3triage/journal/journal.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../unit.h"
#include "alert_make.h"

enum { ROUNDS = 12, MOST = 20000 };

static void seen_row(void *ctx, const struct decision *d)
{
	*(int64_t *)ctx = d->seq;
}

/* Decides for ever, and writes each seq to the pipe only after the journal said that it is kept. */
static void decide_until_killed(const char *path, int out)
{
	struct arena mem = {0};
	struct journal *j = journal_open(path, false, NULL);
	const struct journal_author kim = {STR("kim"), MAKE_T0};
	for (unsigned i = 0; j && i < MOST; i++) {
		struct alert a[3] = {make_alert(&mem, i), make_alert(&mem, i + 1),
			make_alert(&mem, i + 2)};
		struct journal_entry e[3];
		size_t n = 1 + i % 3;
		for (size_t k = 0; k < n; k++)
			e[k] = (struct journal_entry){.alert = &a[k], .verdict = VERDICT_SUSPICIOUS,
				.note = STR("n")};
		struct journal_taken taken = {0};
		int64_t seq = 0;
		bool fine = i % 5 == 4 ? journal_undo(j, &kim, &taken, NULL)
				       : journal_decide(j, e, n, &kim, NULL);
		if (!fine || !journal_poll(j, seen_row, &seq, NULL) ||
			write(out, &seq, sizeof(seq)) != sizeof(seq))
			break;
	}
	_exit(1);
}

/* The last seq that the child reported before the pipe broke. */
static int64_t last_reported(int in, pid_t child, long pause_us)
{
	int64_t seq = 0, last = 0;
	const struct timespec pause = {0, pause_us * 1000};
	ssize_t n;
	while ((n = read(in, &seq, sizeof(seq))) < 0 && errno == EINTR)
		;
	if (n == (ssize_t)sizeof(seq)) /* it is under way: now let it run a little */
		last = seq;
	nanosleep(&pause, NULL);
	kill(child, SIGKILL);
	while ((n = read(in, &seq, sizeof(seq))) == (ssize_t)sizeof(seq))
		last = seq;
	return last;
}

static void one_round(const char *path, long pause_us, int64_t *before)
{
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0) {
		close(ends[0]);
		decide_until_killed(path, ends[1]);
	}
	close(ends[1]);
	int64_t reported = last_reported(ends[0], child, pause_us), rows, broken;
	int status;
	waitpid(child, &status, 0);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	close(ends[0]);
	struct err err = {0};
	struct journal *j = journal_open(path, false, &err);
	assert_non_null(j);
	if (!journal_verify(j, &rows, &broken, NULL, &err))
		print_error("%s\n", err.text);
	assert_int_equal(broken, 0);
	assert_true(reported > *before);
	assert_true(rows >= reported);
	assert_true(rows <= reported + 3); /* at most the one batch that was not reported yet */
	*before = rows;
	journal_close(j);
}

static void nothing_reported_is_lost(void **state)
{
	(void)state;
	char dir[] = "/tmp/s3triage-test-......", path[64];
	memset(dir + sizeof(dir) - 7, 'X', 6);
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/journal.db", dir);
	uint64_t seed = (uint64_t)getpid();
	int64_t before = 0;
	for (int i = 0; i < ROUNDS; i++)
		one_round(path, 1000 + (long)(make_random(&seed) % 90000), &before);
	assert_true(before > ROUNDS * 3);
	unlink(path);
	rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_reported_is_lost),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
