/*
 * main: hands the words of the command line to a verb. Owns the exit code.
 */
#include "cli_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <unistd.h>
#include <sys/resource.h>

static const struct verb_row *const verbs[] = {
#define X(name) &name##_verb,
	VERBS(X)
#undef X
		NULL
};

static bool asks_for(const char *word, const char *a, const char *b)
{
	return strcmp(word, a) == 0 || strcmp(word, b) == 0;
}

/* Output that nobody takes, or a full disk, must not look like success. */
static int flush_output(int code)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return code;
	/* `list | head` closes the pipe on purpose: nothing to say about that. */
	if (errno != EPIPE)
		fputs("s3triage: standard output could not be written\n", stderr);
	return EXIT_FAILED;
}

/* Without randomness tables still work; texts made to collide make them slow. */
static void key_hashes(void)
{
	uint64_t key[2] = {0};
	if (getrandom(key, sizeof(key), GRND_NONBLOCK) == sizeof(key))
		str_hash_key(key[0], key[1]);
}

/* Secrets of clusters and events of a company stay in here: no core dump, of a command that is run neither,
 * and no look by other processes of the user. Sanitizers need to look into the process at its end. */
static void seal(void)
{
	static const struct rlimit none = {0, 0};
	setrlimit(RLIMIT_CORE, &none);
#ifndef __SANITIZE_ADDRESS__
	prctl(PR_SET_DUMPABLE, 0);
#endif
}

/* A standard stream that is closed fails when it is used, and no file that is opened takes its place. */
static void hold_streams(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

int main(int argc, char **argv)
{
	seal();
	hold_streams();
	key_hashes();
	setlocale(LC_ALL, "");
	signal(SIGPIPE, SIG_IGN);
	struct cli cli = {.verbs = verbs};
	struct err err = {0};
	if (argc > 1 && asks_for(argv[1], "--version", "-V")) {
		puts("s3triage " S3TRIAGE_VERSION);
		return flush_output(EXIT_FINE);
	}
	if (argc > 1 && asks_for(argv[1], "--help", "-h")) {
		help_all(&cli, stdout);
		return flush_output(EXIT_FINE);
	}
	int code;
	if (!cli_parse(&cli, argc, argv, &err)) {
		code = cli_fail(&err);
	} else if (cli.text[OPT_HELP]) {
		help_verb(&cli, stdout);
		code = EXIT_FINE;
	} else {
		code = cli.verb->run(&cli);
	}
	cli_fini(&cli);
	return flush_output(code);
}
