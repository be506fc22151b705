/*
 * What is not safe about a cluster stands on every screen of the console, for as long as it is used.
 * Nothing listens where the profiles point: that it cannot be reached changes nothing.
 */
#include "console.h"

#include "s3triage/base/file.h"
#include "s3triage/base/mem.h"

#include <stdio.h>
#include <stdlib.h>

#define IN_HOME(fn) cmocka_unit_test_setup_teardown(fn, console_setup, console_teardown)

static const char safe[] =
	"[profile.safe]\nkind = \"elasticsearch\"\nurl = \"https://127.0.0.1:1\"\n";
static const char unsafe[] =
	"[profile.lab]\nkind = \"elasticsearch\"\nurl = \"https://127.0.0.1:1\"\ninsecure = true\n"
	"[profile.team]\nkind = \"opensearch\"\nurl = \"https://127.0.0.1:1\"\nwrite = \"decisions\"\n"
	"decisions_index = \"d\"\ninsecure = true\n"
	"[profile.wire]\nkind = \"opensearch\"\nurl = \"http://es.example.invalid\"\n";

static struct term *start(struct console *c, const char *config, const char *command)
{
	AUTO(mem_free_ptr) char *path = file_join(c->home, "c.toml");
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	fputs(config, f);
	assert_int_equal(fclose(f), 0);
	struct term *t = console_shell(c, command, NULL);
	assert_true(term_wait_text(t, " open"));
	term_wait_quiet(t, 200);
	return t;
}

/* `keys` bring a screen with `text`, and the warning is on it. */
static void screen(struct term *t, const char *keys, const char *text, const char *warning)
{
	term_keys(t, keys);
	if (!term_wait_text(t, text))
		fail_msg("no '%s' after %s:\n%s", text, keys, term_screen(t));
	if (str_find(str_c(term_line(t, 0)), str_c(warning)) == STR_NONE)
		fail_msg("no '%s' after %s:\n%s", warning, keys, term_screen(t));
}

static void leave(struct term *t, const char *text)
{
	term_keys(t, "<Esc>");
	assert_true(term_wait_gone(t, text));
}

static void says_so_everywhere(void **state)
{
	struct term *t = start(*state, unsafe,
		"exec \"$S3TRIAGE\" open --demo lab: wire: --config \"$HOME/c.toml\"");
	const char *warning = "TLS NOT VERIFIED: lab, team; NOT ENCRYPTED: wire";
	assert_true(term_wait_text(t, warning));
	screen(t, "?", "Keys on the list", warning);
	leave(t, "Keys on the list");
	screen(t, ":", "Command", warning);
	leave(t, "Command");
	screen(t, "X", "Alerts by account", warning);
	leave(t, "Alerts by account");
	screen(t, "n", "Reason and note", warning);
	leave(t, "Reason and note");
	screen(t, "w", "Why the rule matches", warning);
	console_quit(t);
}

static void by_the_option(void **state)
{
	struct term *t = start(*state, safe,
		"exec \"$S3TRIAGE\" open --demo safe: --insecure --config \"$HOME/c.toml\"");
	assert_true(term_wait_text(t, "TLS NOT VERIFIED: safe"));
	console_quit(t);
}

static void not_without_need(void **state)
{
	struct term *t = start(*state, safe, "exec \"$S3TRIAGE\" open --demo safe: --config \"$HOME/c.toml\"");
	assert_true(str_find(str_c(term_screen(t)), STR("NOT ")) == STR_NONE);
	assert_true(term_wait_text(t, "s3triage"));
	console_quit(t);
}

/* Verdicts that were changed in the journal by other means. */
static void a_changed_journal(void **state)
{
	if (system("command -v sqlite3 >/dev/null") != 0)
		skip();
	struct term *t = console_shell(*state,
		"id=$(\"$S3TRIAGE\" list --demo --json -q | sed -n '1s/{\"id\":\"\\([^\"]*\\).*/\\1/p');"
		" \"$S3TRIAGE\" decide suspicious \"$id\" --demo -q; db=$HOME/changed.db;"
		" \"$S3TRIAGE\" decide suspicious \"$id\" --demo -q --journal \"$db\" &&"
		" again=$(sqlite3 \"$db\" \"select sql from sqlite_schema where name = 'record_no_update'\") &&"
		" sqlite3 \"$db\" \"drop trigger record_no_update; update record set verdict = 'approved'; $again\" &&"
		" exec \"$S3TRIAGE\" open --demo --journal \"$db\"", NULL);
	const char *warning = "JOURNAL CHANGED at row 1";
	assert_true(term_wait_text(t, warning));
	screen(t, "X", "Alerts by account", warning);
	leave(t, "Alerts by account");
	term_keys(t, "q");
	assert_true(term_wait_exit(t));
	assert_int_equal(term_exit_code(t), 3);
	console_assert_restored(t);
	t = start(*state, safe, "exec \"$S3TRIAGE\" open --demo");
	term_wait_quiet(t, 1500);
	assert_true(str_find(str_c(term_screen(t)), STR("CHANGED")) == STR_NONE);
	console_quit(t);
}

/* An approval whose limit was changed in the file decides nothing, and the first verdict of a person waits
 * for the warning. What is long is not looked through by then: the list is there before. */
static void a_forged_approval(void **state)
{
	struct console *c = *state;
	int open, total, after;
	if (system("command -v sqlite3 >/dev/null") != 0)
		skip();
	AUTO(mem_free_ptr) char *log = file_join(c->home, "log");
	struct term *t = console_shell(c, "db=$HOME/forged.db; \"$S3TRIAGE\" approval add --account 777788889999"
		" --bucket acme-nothing --valid-from 2026-01-01 --auto -q --journal \"$db\" &&"
		" again=$(sqlite3 \"$db\" \"select sql from sqlite_schema where name = 'record_no_update'\") &&"
		" sqlite3 \"$db\" \"drop trigger record_no_update; update record set payload ="
		" replace(payload, 'acme-nothing', 'acme-*'); $again\";"
		" \"$S3TRIAGE\" open --demo --journal \"$db\"; echo \"left with $?\";"
		" \"$S3TRIAGE\" history --journal \"$db\" >\"$HOME/log\"; echo done", NULL);
	assert_true(term_wait_text(t, " open"));
	assert_true(term_wait_text(t, "JOURNAL CHANGED at row 1"));
	term_wait_quiet(t, 1500);
	console_counts(t, &open, &total);
	assert_int_equal(open, total);
	term_keys(t, "  "); /* nor a person many at once */
	assert_true(term_wait_text(t, "2 marked"));
	term_wait_quiet(t, 600);
	term_keys(t, "s");
	assert_true(term_wait_text(t, "Mark 0 alerts"));
	term_wait_quiet(t, 600);
	term_keys(t, "\024");
	assert_true(term_wait_text(t, "Mark 2 alerts"));
	term_wait_quiet(t, 600);
	term_keys(t, "<Enter>");
	if (!term_wait_text(t, "only single verdicts"))
		fail_msg("not refused:\n%s", term_screen(t));
	console_counts(t, &after, &total);
	assert_int_equal(after, open);
	term_keys(t, "<Esc>q");
	assert_true(term_wait_text(t, "left with 3"));
	assert_true(term_wait_text(t, "done"));
	AUTO(buf_fini) struct buf text = {0};
	assert_true(file_read(log, &text, NULL));
	assert_true(str_find(buf_str(&text), STR("approved")) == STR_NONE);
}

/* Keys that come before the warning: the first one tells. */
static void the_first_record_waits(void **state)
{
	if (system("command -v sqlite3 >/dev/null") != 0)
		skip();
	struct term *t = console_shell(*state, "db=$HOME/first.db;"
		" id=$(\"$S3TRIAGE\" list --demo --json -q | sed -n '1s/{\"id\":\"\\([^\"]*\\).*/\\1/p');"
		" \"$S3TRIAGE\" decide suspicious \"$id\" --demo -q --journal \"$db\" &&"
		" again=$(sqlite3 \"$db\" \"select sql from sqlite_schema where name = 'record_no_update'\") &&"
		" sqlite3 \"$db\" \"drop trigger record_no_update; update record set verdict = 'approved'; $again\" &&"
		" exec \"$S3TRIAGE\" open --demo --filter verdict:open --journal \"$db\"", NULL);
	assert_true(term_wait_text(t, "28 of 29 open"));
	term_keys(t, "s");
	assert_true(term_wait_text(t, "in spite of it"));
	assert_true(term_wait_quiet(t, 200));
	assert_true(term_find(t, "28 of 29 open", &(int){0}, &(int){0}));
	term_keys(t, "s");
	assert_true(term_wait_text(t, "27 of 29 open"));
}

/* Two consoles have the journal open when its file is taken away. Both say so without a key, none records
 * anything any more, and what was decided is kept and can be put back. */
static void a_journal_that_goes_away(void **state)
{
	struct console *c = *state, other = {.home = c->home};
	int open, total, after;
	AUTO(mem_free_ptr) char *db = file_join(c->home, ".local/share/s3triage/journal.db");
	AUTO(buf_fini) struct buf command = {0};
	struct term *t = console_start(c, 24, 80, NULL), *kim = console_start(&other, 24, 80, NULL);
	console_counts(t, &open, &total);
	term_keys(t, "s");
	assert_true(console_wait_open(t, open - 1));
	assert_true(console_wait_open(kim, open - 1));
	term_wait_quiet(kim, 200);
	assert_return_code(unlink(db), 0);
	struct term *const both[] = {t, kim};
	for (size_t i = 0; i < ARRAY_LEN(both); i++) {
		if (!term_wait_text(both[i], "JOURNAL GONE: nothing is recorded any more"))
			fail_msg("not told:\n%s", term_screen(both[i]));
		assert_true(str_starts(str_trim(str_c(term_line(both[i], 0))), STR("JOURNAL GONE")));
		term_keys(both[i], "s");
		assert_true(term_wait_quiet(both[i], 600));
		console_counts(both[i], &after, &total);
		assert_int_equal(after, open - 1);
		term_keys(both[i], "q");
		assert_true(term_wait_exit(both[i]));
		assert_int_equal(term_exit_code(both[i]), 3);
		assert_true(term_find(both[i], "open anew", &(int){0}, &(int){0}));
	}
	buf_fmt(&command, "mv %s.rescued-1-* %s", db, db);
	assert_int_equal(system(buf_cstr(&command)), 0);
	term_free(kim);
	t = console_shell(c, "\"$S3TRIAGE\" verify | grep -q 'intact, 1 record' && \"$S3TRIAGE\" list --demo -q |"
		" grep -q suspicious && echo put ba''ck", NULL);
	if (!term_wait_text(t, "put back"))
		fail_msg("%s", term_screen(t));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_HOME(says_so_everywhere),
		IN_HOME(by_the_option),
		IN_HOME(not_without_need),
		IN_HOME(a_changed_journal),
		IN_HOME(a_forged_approval),
		IN_HOME(the_first_record_waits),
		IN_HOME(a_journal_that_goes_away),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
