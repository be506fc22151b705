/*
 * term: opens /dev/tty through ncurses, enters and leaves the modes, and gives the terminal back
 * also from a crash. Owns the terminal's settings; knows nothing of what is painted.
 */
#include "term.h"

#include "caps.h"
#include "keys.h"
#include "s3triage/base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <ncurses.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

/* What a crash handler may look at: set before the handlers are. */
struct crash {
	volatile sig_atomic_t armed;
	int fd;
	char text[512];
	size_t n;
	struct termios saved;
};

static struct crash crash;

static void give_back(void)
{
	if (!crash.armed)
		return;
	crash.armed = 0;
	if (write(crash.fd, crash.text, crash.n) < 0)
		return;
	tcsetattr(crash.fd, TCSANOW, &crash.saved);
}

/* write() and tcsetattr() only: both may be called here. SA_RESETHAND makes the second raise()
 * do what the signal does by itself. */
static void on_crash(int number)
{
	give_back();
	raise(number);
}

static void catch_crashes(void)
{
	static const int numbers[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGQUIT};
	static char stack[16384];
	stack_t alternative = {.ss_sp = stack, .ss_size = sizeof(stack)};
	sigaltstack(&alternative, NULL);
	struct sigaction sa = {.sa_handler = on_crash, .sa_flags = SA_RESETHAND | SA_ONSTACK | SA_NODEFER};
	sigemptyset(&sa.sa_mask);
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		sigaction(numbers[i], &sa, NULL);
	mem_on_exhaustion(give_back);
}

static void release_crashes(void)
{
	static const int numbers[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGQUIT};
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		signal(numbers[i], SIG_DFL);
	mem_on_exhaustion(NULL);
	stack_t none = {.ss_flags = SS_DISABLE};
	sigaltstack(&none, NULL);
}

static void make_restore(struct term *t)
{
	buf_init(&t->restore, sizeof(crash.text));
	if (t->sync)
		buf_c(&t->restore, "\033[?2026l");
	buf_c(&t->restore, "\033[?2004l");
	caps_put(&t->restore, "sgr0", 0, 0);
	caps_put(&t->restore, "cnorm", 0, 0);
	caps_put(&t->restore, "rmkx", 0, 0);
	caps_put(&t->restore, "rmcup", 0, 0);
	crash.fd = t->fd;
	crash.n = t->restore.n;
	if (crash.n)
		memcpy(crash.text, t->restore.p, crash.n);
}

static const char *env_text(env_fn env, const char *name)
{
	const char *s = env ? env(name) : NULL;
	return s ? s : "";
}

/* Terminals that know private modes ignore those they do not know; these may print them. */
static bool knows_modes(const char *term)
{
	return strncmp(term, "linux", 5) != 0 && strncmp(term, "vt", 2) != 0;
}

static void term_learn(struct term *t, env_fn env, bool sync)
{
	const char *colour = env_text(env, "COLORTERM"), *no = env_text(env, "NO_COLOR");
	t->utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	t->sync = sync && knows_modes(env_text(env, "TERM"));
	t->colours = caps_has("setaf") ? caps_number("colors") : 0;
	t->marks_pastes = caps_has("BE"); /* terminfo's name for bracketed paste */
	t->rgb = strcmp(colour, "truecolor") == 0 || strcmp(colour, "24bit") == 0;
	if (*no) {
		t->colours = 0;
		t->rgb = false;
	}
	const char *delay = env_text(env, "ESCDELAY");
	if (*delay)
		return; /* ncurses reads it itself */
	set_escdelay(*env_text(env, "SSH_TTY") || *env_text(env, "SSH_CONNECTION") ? 100 : 25);
}

/* Looks the terminal up before anything is written to it. */
static bool term_check(const char *term, int fd, struct err *err)
{
	if (!*term)
		return err_set(err, ERR_INPUT, "TERM is not set");
	switch (caps_probe(term, fd)) {
	case CAPS_UNKNOWN:
		return err_set(err, ERR_INPUT, "the terminal type '%.60s' is not known", term);
	case CAPS_POOR:
		return err_set(err, ERR_INPUT, "a terminal of type '%.60s' cannot place its cursor",
			term);
	case CAPS_GOOD:
		break;
	}
	return true;
}

static FILE *again(int fd, const char *mode)
{
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	return copy < 0 ? NULL : fdopen(copy, mode);
}

static void handoff_files(struct term *t)
{
	if (t->out)
		fclose(t->out);
	if (t->in)
		fclose(t->in);
}

static bool start_curses(struct term *t, const char *term, struct err *err)
{
	unsetenv("LINES"); /* they would freeze the size */
	unsetenv("COLUMNS");
	t->out = again(t->fd, "w");
	t->in = again(t->fd, "r");
	t->screen = t->out && t->in ? newterm(term, t->out, t->in) : NULL;
	if (!t->screen) {
		handoff_files(t);
		return err_set(err, ERR_INPUT, "the terminal cannot be set up");
	}
	raw();
	noecho();
	nonl();
	t->pad = newpad(1, 1);
	keypad(t->pad, TRUE);
	nodelay(t->pad, TRUE);
	keys_define();
	return true;
}

bool term_open(struct term *t, env_fn env, bool sync, struct err *err)
{
	*t = (struct term){.fd = open("/dev/tty", O_RDWR | O_CLOEXEC)};
	if (t->fd < 0)
		return err_set(err, ERR_INPUT, "there is no terminal");
	setlocale(LC_ALL, "");
	const char *term = env_text(env, "TERM");
	bool ok = tcgetattr(t->fd, &crash.saved) == 0 ||
		err_set(err, ERR_INPUT, "there is no terminal");
	if (!ok || !term_check(term, t->fd, err) || !start_curses(t, term, err)) {
		close(t->fd);
		return false;
	}
	term_learn(t, env, sync);
	make_restore(t);
	crash.armed = 1;
	catch_crashes();
	term_enter(t);
	return true;
}

void term_enter(struct term *t)
{
	AUTO(buf_fini) struct buf b = {0};
	buf_init(&b, 512);
	reset_prog_mode();
	caps_put(&b, "smcup", 0, 0);
	caps_put(&b, "smkx", 0, 0);
	caps_put(&b, "civis", 0, 0);
	buf_c(&b, "\033[?2004h");
	term_write(t, buf_str(&b));
	crash.armed = 1;
}

void term_leave(struct term *t)
{
	def_prog_mode();
	crash.armed = 0;
	endwin();
	term_write(t, buf_str(&t->restore));
	tcsetattr(t->fd, TCSADRAIN, &crash.saved);
}

void term_close(struct term *t)
{
	term_leave(t);
	release_crashes();
	delwin(t->pad);
	delscreen(t->screen);
	handoff_files(t);
	buf_fini(&t->restore);
	close(t->fd);
}

void term_size(const struct term *t, int *rows, int *cols)
{
	struct winsize ws = {0};
	ioctl(t->fd, TIOCGWINSZ, &ws);
	*rows = ws.ws_row ? ws.ws_row : 24;
	*cols = ws.ws_col ? ws.ws_col : 80;
}

bool term_write(const struct term *t, struct str s)
{
	while (s.n) {
		ssize_t n = write(t->fd, s.p, s.n);
		if (n < 0 && errno == EAGAIN)
			poll(&(struct pollfd){t->fd, POLLOUT, 0}, 1, 1000);
		else if (n < 0 && errno != EINTR)
			return false;
		if (n > 0)
			s = str_sub(s, (size_t)n, s.n);
	}
	return true;
}
