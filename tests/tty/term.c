/*
 * term: the pseudo terminal and the process on it.
 */
#include "term_priv.h"

#include "../../src/tui/pace.h"

#include "s3triage/base/mem.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/pidfd.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void die(const char *what)
{
	perror(what);
	exit(2);
}

static void environment(const struct term_setup *setup)
{
	AUTO(mem_free_ptr) char *path = mem_dup(str_c(getenv("PATH")));
	clearenv();
	setenv("PATH", path, 1);
	setenv("TERM", "xterm-256color", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	for (const char *const *e = setup->env; e && *e; e++)
		putenv(mem_dup(str_c(*e)));
}

static void child(const struct term_setup *setup, int slave)
{
	static const struct rlimit none = {0, 0};
	setsid();
	ioctl(slave, TIOCSCTTY, 0);
	setrlimit(RLIMIT_CORE, &none);
	int err = setup->quiet_stderr ? open("/dev/null", O_WRONLY) : slave;
	dup2(slave, 0);
	dup2(slave, 1);
	dup2(err, 2);
	closefrom(3);
	for (int s = 1; s < NSIG; s++)
		signal(s, SIG_DFL);
	environment(setup);
	execvp(setup->argv[0], (char *const *)(const void *)setup->argv);
	_exit(127);
}

/* What a terminal answers by itself: where the cursor is, what it can do. */
static void answer(const char *bytes, size_t n, void *user)
{
	term_bytes(user, (struct str){bytes, n});
}

static void make_screen(struct term *t)
{
	t->vt = vterm_new(t->rows, t->cols);
	vterm_set_utf8(t->vt, 1);
	vterm_output_set_callback(t->vt, answer, t);
	t->screen = vterm_obtain_screen(t->vt);
	vterm_screen_enable_altscreen(t->screen, 1);
	vterm_screen_reset(t->screen, 1);
}

struct term *term_start(const struct term_setup *setup)
{
	struct term *t = mem_alloc(sizeof(*t));
	t->rows = setup->rows;
	t->cols = setup->cols;
	struct winsize size = {.ws_row = (unsigned short)t->rows, .ws_col = (unsigned short)t->cols};
	if (openpty(&t->master, &t->slave, NULL, NULL, &size) != 0)
		die("openpty");
	fcntl(t->master, F_SETFL, O_NONBLOCK);
	fcntl(t->master, F_SETFD, FD_CLOEXEC);
	make_screen(t);
	t->pid = fork();
	if (t->pid < 0)
		die("fork");
	if (t->pid == 0)
		child(setup, t->slave);
	t->pidfd = pidfd_open(t->pid, 0);
	if (t->pidfd < 0)
		die("pidfd_open");
	return t;
}

void term_free(struct term *t)
{
	if (!t)
		return;
	if (!t->ended) {
		kill(t->pid, SIGKILL);
		waitpid(t->pid, NULL, 0);
	}
	close(t->master);
	close(t->slave);
	close(t->pidfd);
	vterm_free(t->vt);
	buf_fini(&t->output);
	buf_fini(&t->text);
	free(t);
}

void term_free_ptr(struct term **t)
{
	term_free(*t);
}

static bool take_output(struct term *t)
{
	char bytes[65536];
	bool any = false;
	ssize_t n;
	while ((n = read(t->master, bytes, sizeof(bytes))) > 0) {
		buf_add(&t->output, (struct str){bytes, (size_t)n});
		vterm_input_write(t->vt, bytes, (size_t)n);
		any = true;
	}
	return any;
}

bool term_pump(struct term *t, int ms)
{
	struct pollfd p[] = {{.fd = t->master, .events = POLLIN},
		{.fd = t->ended ? -1 : t->pidfd, .events = POLLIN}};
	if (poll(p, ARRAY_LEN(p), ms) <= 0)
		return false;
	bool over = p[1].revents && waitpid(t->pid, &t->status, WNOHANG) == t->pid;
	t->ended |= over;
	return take_output(t) || over;
}

void term_bytes(struct term *t, struct str raw)
{
	while (raw.n && !t->ended) {
		ssize_t n = write(t->master, raw.p, raw.n);
		if (n > 0)
			raw = str_sub(raw, (size_t)n, raw.n);
		else if (errno != EAGAIN || !term_pump(t, TERM_PATIENCE))
			return;
	}
}

void term_resize(struct term *t, int rows, int cols)
{
	struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};
	t->rows = rows;
	t->cols = cols;
	vterm_set_size(t->vt, rows, cols);
	ioctl(t->master, TIOCSWINSZ, &size);
}

void term_signal(struct term *t, int signal_number)
{
	kill(t->pid, signal_number);
}

static long now_ms(void)
{
	struct timespec ts;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Whether a thread has something to do, or waits for a disk. The state follows the name in brackets. */
static bool runs(const char *stat)
{
	char text[512] = "";
	FILE *f = fopen(stat, "re");
	if (!f)
		return false;
	bool read = fgets(text, sizeof(text), f) != NULL;
	fclose(f);
	const char *name_ends = strrchr(text, ')');
	return read && name_ends && (name_ends[2] == 'R' || name_ends[2] == 'D');
}

/* Whether the program has answered all that it was sent, however busy the machine is: no thread of it
 * runs or is about to, and what it wrote has been read. */
static bool at_rest(struct term *t)
{
	char path[64];
	snprintf(path, sizeof(path), "/proc/%d/task", (int)t->pid);
	DIR *tasks = t->ended ? NULL : opendir(path);
	bool busy = false;
	for (struct dirent *e; tasks && (e = readdir(tasks));) {
		AUTO(buf_fini) struct buf stat = {0};
		buf_fmt(&stat, "%s/%s/stat", path, e->d_name);
		busy |= e->d_name[0] != '.' && runs(buf_cstr(&stat));
	}
	if (tasks)
		closedir(tasks);
	return !busy && !term_pump(t, 0);
}

static int hand_waits(const struct term *t, struct str key)
{
	enum { BETWEEN = PACE_OTHER + 25, READ = PACE_READ + PACE_HELD + 100, AGAIN = PACE_AGAIN + 150 };
	static const char *const decide[] = {"a", "s", "o", "u", "i", "<Space>", "<C-r>", "<Enter>", "<C-t>"};
	for (size_t i = 0; i < ARRAY_LEN(decide); i++)
		if (str_is(key, decide[i]))
			return str_is(key, t->last) ? AGAIN : decide[i][0] == '<' ? READ : BETWEEN;
	return BETWEEN;
}

/* A program that never reads its keys is not waited for. */
void term_hand(struct term *t, struct str key)
{
	enum { LONGEST = 1000 };
	int between = hand_waits(t, key);
	long begin = now_ms(), end = begin + LONGEST;
	int waiting = 0;
	while (now_ms() < end && ((ioctl(t->slave, FIONREAD, &waiting) == 0 && waiting) || !at_rest(t)))
		term_pump(t, 5);
	for (long until = now_ms() + between; now_ms() < until;)
		term_pump(t, 5);
	snprintf(t->last, sizeof(t->last), "%.*s", STR_ARG(key));
}

bool term_wait(struct term *t, bool (*want)(struct term *t, const void *arg), const void *arg)
{
	long end = now_ms() + TERM_PATIENCE;
	term_pump(t, 0);
	while (!want(t, arg) || !at_rest(t)) {
		long left = end - now_ms();
		if (left <= 0 || (t->ended && !term_pump(t, 0)))
			return want(t, arg);
		term_pump(t, want(t, arg) ? 5 : (int)left);
	}
	return true;
}

static bool shows(struct term *t, const void *arg)
{
	return strstr(term_screen(t), arg) != NULL;
}

static bool shows_not(struct term *t, const void *arg)
{
	return !shows(t, arg);
}

static bool has_ended(struct term *t, const void *arg)
{
	(void)arg;
	return t->ended;
}

bool term_wait_text(struct term *t, const char *text)
{
	return term_wait(t, shows, text);
}

bool term_wait_gone(struct term *t, const char *text)
{
	return term_wait(t, shows_not, text);
}

bool term_wait_exit(struct term *t)
{
	return term_wait(t, has_ended, NULL);
}

bool term_wait_quiet(struct term *t, int quiet_ms)
{
	enum { ACTS = PACE_HELD + 30 }; /* a key may wait as long for the next one */
	long end = now_ms() + TERM_PATIENCE;
	while (now_ms() < end)
		if (!term_pump(t, quiet_ms > ACTS ? quiet_ms : ACTS) && at_rest(t))
			return true;
	return false;
}

long term_waits(const struct term *t)
{
	char path[64], line[128];
	long n = -1;
	snprintf(path, sizeof(path), "/proc/%ld/status", (long)t->pid);
	FILE *f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f))
		sscanf(line, "voluntary_ctxt_switches: %ld", &n);
	if (f)
		fclose(f);
	return n;
}

int term_exit_code(const struct term *t)
{
	if (!t->ended)
		return -1;
	return WIFSIGNALED(t->status) ? 128 + WTERMSIG(t->status) : WEXITSTATUS(t->status);
}

bool term_killed(const struct term *t)
{
	return t->ended && WIFSIGNALED(t->status);
}
