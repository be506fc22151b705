/*
 * Two analysts with a home each, at two consoles, who share an index of decisions.
 */
#include "console.h"

#include "../unit/write_stub.h"
#include "s3triage/base/file.h"
#include "s3triage/base/mem.h"

#include <stdio.h>

#define IN_HOME(fn) cmocka_unit_test_setup_teardown(fn, console_setup, console_teardown)

static void configure(const struct console *c, int port)
{
	struct arena mem = {0};
	const char *dir = arena_fmt(&mem, "%s/.config/s3triage", c->home).p;
	struct str text = arena_fmt(&mem, "[profile.team]\nkind = \"opensearch\"\nurl = \"http://127.0.0.1:%d\"\n"
		"write = \"decisions\"\ndecisions_index = \"d\"\nteam = true\n", port);
	assert_true(file_mkdirs(dir, 0700, NULL));
	assert_true(file_write(arena_fmt(&mem, "%s/config.toml", dir).p, text, FILE_REPLACE, NULL));
	arena_fini(&mem);
}

static struct term *open_as(struct console *c, const char *analyst)
{
	struct arena mem = {0};
	struct term *t = console_shell(c, arena_fmt(&mem, "cd && \"$S3TRIAGE\" normalize --demo -q >demo.ndjson;"
		" USER=%s exec \"$S3TRIAGE\" open demo.ndjson", analyst).p, NULL);
	term_resize(t, 100, 160);
	arena_fini(&mem);
	if (!term_wait_text(t, " of "))
		fail_msg("%s sees no alerts:\n%s", analyst, term_screen(t));
	assert_true(term_wait_quiet(t, 200));
	return t;
}

static void wait_open(struct term *t, int open)
{
	if (!console_wait_open(t, open))
		fail_msg("not %d open:\n%s", open, term_screen(t));
}

static void wait_shown(struct term *t, const char *text)
{
	if (!term_wait_text(t, text))
		fail_msg("not shown: %s\n%s", text, term_screen(t));
}

static int documents(struct stub *s)
{
	pthread_mutex_lock(&s->lock);
	int n = s->n_docs;
	pthread_mutex_unlock(&s->lock);
	return n;
}

static bool arrived(struct term *t, const void *arg)
{
	(void)t;
	return documents((struct stub *)(uintptr_t)arg) == 1;
}

/* Both look at the same list while kim decides. Lee's console asks every 30 s, and when lee decides. */
static void a_verdict_reaches_the_other(void **state)
{
	struct console *kims = *state;
	void *other = NULL;
	int open, total;
	assert_int_equal(console_setup(&other), 0);
	struct console *lees = other;
	struct stub *s = stub_new();
	configure(kims, s->port);
	configure(lees, s->port);
	struct term *kim = open_as(kims, "kim"), *lee = open_as(lees, "lee");
	console_counts(lee, &open, &total);
	term_keys(kim, "n"); /* the dialog says where it will go */
	wait_shown(kim, "goes to team");
	term_keys(kim, "\033");
	assert_true(term_wait_quiet(kim, 200));
	term_keys(kim, "s");
	wait_open(kim, open - 1);
	assert_true(term_wait(kim, arrived, s));
	term_keys(lee, "Ga");
	wait_open(lee, open - 2);
	term_keys(lee, "g");
	wait_shown(lee, "suspicious by kim");
	term_keys(lee, "a"); /* theirs is not replaced by one key */
	wait_shown(lee, "kim");
	assert_true(term_wait_quiet(lee, 200));
	wait_open(lee, open - 2);
	wait_shown(lee, "suspicious by kim");
	assert_true(term_find(lee, "the same key", &(int){0}, &(int){0}));
	console_quit(lee);
	console_quit(kim);
	kim = open_as(kims, "kim"); /* and lee's reaches kim */
	wait_open(kim, open - 2);
	term_keys(kim, "G");
	wait_shown(kim, "approved by lee");
	console_quit(kim);
	assert_int_equal(documents(s), 2);
	stub_free(s);
	assert_int_equal(console_teardown(&other), 0);
}

/* Where one comes back to it stands how much is still here, and what sends it. */
static void what_did_not_leave_is_told(void **state)
{
	struct console *c = *state;
	int open, total;
	struct stub *s = stub_new();
	configure(c, s->port);
	stub_free(s); /* nobody listens there */
	struct term *t = open_as(c, "kim");
	console_counts(t, &open, &total);
	term_keys(t, "s");
	wait_open(t, open - 1);
	wait_shown(t, "outbox: 1 pending");
	console_quit(t);
	wait_shown(t, "1 decision has not arrived at the team's place");
	wait_shown(t, "`s3triage outbox` says why");
}

int main(void)
{
	const struct CMUnitTest tests[] = {IN_HOME(a_verdict_reaches_the_other),
		IN_HOME(what_did_not_leave_is_told)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
