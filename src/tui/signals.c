/*
 * signals: what the system says, as bytes in a pipe that the loop waits for.
 */
#include "term.h"

#include "s3triage/base/mem.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

static int pipe_in = -1;

static const int numbers[] = {SIGTERM, SIGHUP, SIGINT, SIGWINCH, SIGTSTP, SIGCONT, SIGPIPE};

static void on_signal(int number)
{
	char byte = (char)number;
	ssize_t n = write(pipe_in, &byte, 1);
	(void)n; /* full: the loop is awake already */
}

static void catch(int number)
{
	struct sigaction sa = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
	sigemptyset(&sa.sa_mask);
	sigaction(number, &sa, NULL);
}

int signals_open(void)
{
	int fd[2];
	if (pipe2(fd, O_CLOEXEC | O_NONBLOCK) != 0)
		return -1;
	pipe_in = fd[1];
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		catch(numbers[i]);
	return fd[0];
}

unsigned long signals_take(int fd)
{
	char bytes[64];
	unsigned long bits = 0;
	ssize_t n;
	while ((n = read(fd, bytes, sizeof(bytes))) > 0)
		for (ssize_t i = 0; i < n; i++)
			bits |= 1ul << bytes[i];
	return bits;
}

void signals_close(int fd)
{
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		signal(numbers[i], SIG_DFL);
	close(pipe_in);
	close(fd);
	pipe_in = -1;
}

void signals_stop_self(void)
{
	signal(SIGTSTP, SIG_DFL);
	kill(0, SIGTSTP);
	catch(SIGTSTP);
}
