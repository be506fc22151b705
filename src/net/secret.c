/*
 * secret: fetching what proves who asks: from the environment, a private file, a command, or
 * AWS's own places. What was found is never part of a message.
 */
#include "profile_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { COMMAND_SECONDS = 30, GRACE_MS = 300 };

/* A file that nobody else can read. */
static bool secret_file(const char *path, struct buf *out, struct err *err)
{
	buf_init(out, SECRET_MAX);
	return (file_guarded(path, FILE_PRIVATE, err) && file_read(path, out, err)) ||
		err_prefix(err, "the secret");
}

/* A command for a secret that was started, and its output. */
struct running {
	pid_t pid;
	int fd, status;
	const atomic_bool *stop;
	int64_t end; /* ms: when its time is up */
	bool ended;  /* itself; what it left running may hold the output open */
};

enum drained { DRAIN_END, DRAIN_LATE, DRAIN_STOPPED };

static int64_t now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Of one that has ended what it said is in the pipe: there is no need to wait for its children. */
static bool has_ended(struct running *r)
{
	pid_t done = r->ended ? 0 : waitpid(r->pid, &r->status, WNOHANG);
	if (done == 0 || (done < 0 && errno == EINTR))
		return r->ended;
	r->ended = true;
	int64_t soon = now_ms() + GRACE_MS;
	r->end = soon < r->end ? soon : r->end;
	return true;
}

/* Reads to the end, or until the time is up. */
static enum drained secret_drain(struct running *r, struct buf *out)
{
	while (now_ms() < r->end) {
		struct pollfd p = {r->fd, POLLIN, 0};
		if (r->stop && atomic_load(r->stop))
			return DRAIN_STOPPED;
		has_ended(r);
		if (poll(&p, 1, 50) <= 0)
			continue;
		char *room = buf_room(out, 1024);
		ssize_t n = room ? read(r->fd, room, 1024) : -1;
		if (n <= 0)
			return n == 0 ? DRAIN_END : DRAIN_LATE;
		out->n += (size_t)n;
	}
	return r->ended ? DRAIN_END : DRAIN_LATE;
}

/* What a command for a secret is told: where things are, how to speak and to reach the network, and
 * what AWS's tools read that is no secret. Every other variable may be one of something else. */
static bool secret_env_passes(struct str entry)
{
	static const char *const names[] = {"PATH", "HOME", "USER", "LOGNAME", "SHELL", "TERM", "TZ", "TMPDIR",
		"LANG", "LANGUAGE", "LC_*", "XDG_*", "DBUS_SESSION_BUS_ADDRESS", "SSH_AUTH_SOCK", "GNUPGHOME",
		"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY",
		"SSL_CERT_FILE", "SSL_CERT_DIR", "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_CONFIG_FILE",
		"AWS_SHARED_CREDENTIALS_FILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_CA_BUNDLE",
		"AWS_SDK_LOAD_CONFIG", "AWS_ENDPOINT_URL*", "AWS_STS_REGIONAL_ENDPOINTS", "AWS_USE_*",
		"AWS_EC2_METADATA_*", "AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME", "AWS_WEB_IDENTITY_TOKEN_FILE",
		"AWS_MAX_ATTEMPTS", "AWS_RETRY_MODE"};
	struct str name = str_cut(&entry, '=');
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct str n = str_c(names[i]);
		bool begins = n.p[n.n - 1] == '*';
		if (begins ? str_starts(name, str_sub(n, 0, n.n - 1)) : str_eq(name, n))
			return true;
	}
	return false;
}

/* The entries of this process's environment that pass; the array is the caller's to free. */
static char **secret_env(void)
{
	extern char **environ;
	size_t n = 0, kept = 0;
	while (environ && environ[n])
		n++;
	char **out = mem_array(n + 1, sizeof(*out));
	for (size_t i = 0; i < n; i++)
		if (secret_env_passes(str_c(environ[i])))
			out[kept++] = environ[i];
	return out;
}

/* In a session of its own: it cannot ask on the terminal, and all of it can be ended. */
static bool spawn(const char *command, int out, pid_t *pid, struct err *err)
{
	char **environment = secret_env();
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	char *argv[] = {(char *)(uintptr_t)"sh", (char *)(uintptr_t)"-c",
		(char *)(uintptr_t)command, NULL};
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSID);
	int rc = posix_spawn(pid, "/bin/sh", &actions, &attr, argv, environment);
	free(environment);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&actions);
	errno = rc;
	return rc == 0 || err_set_errno(err, "cannot run the command for the secret");
}

static bool command_failed(enum drained how, int status, struct err *err)
{
	if (how == DRAIN_STOPPED)
		return err_set(err, ERR_STOPPED, "stopped");
	if (how == DRAIN_LATE)
		return err_set(err, ERR_INPUT, "credential_command took longer than %d s or said too much",
			COMMAND_SECONDS);
	return err_set(err, ERR_INPUT, "credential_command failed (exit %d); run it in a shell to see why",
		WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

/* One that closes its output and runs on has its time, too; one that is done has ended, whatever it
 * left running. */
static enum drained reap(struct running *r, enum drained how)
{
	const struct timespec nap = {0, 10 * 1000000};
	while (how == DRAIN_END && !has_ended(r)) {
		if (r->stop && atomic_load(r->stop))
			how = DRAIN_STOPPED;
		else if (now_ms() >= r->end)
			how = DRAIN_LATE;
		else
			nanosleep(&nap, NULL);
	}
	if (r->ended)
		return how;
	kill(-r->pid, SIGKILL);
	while (waitpid(r->pid, &r->status, 0) < 0 && errno == EINTR)
		;
	return how;
}

bool secret_command(const char *command, const atomic_bool *stop, struct buf *out, struct err *err)
{
	int ends[2];
	struct running r = {.stop = stop, .end = now_ms() + COMMAND_SECONDS * 1000};
	buf_init(out, SECRET_MAX);
	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_set_errno(err, "cannot run the command for the secret");
	r.fd = ends[0];
	bool ok = spawn(command, ends[1], &r.pid, err);
	close(ends[1]);
	enum drained how = ok ? secret_drain(&r, out) : DRAIN_LATE;
	close(ends[0]);
	if (!ok)
		return false;
	how = reap(&r, how);
	return (how == DRAIN_END && WIFEXITED(r.status) && WEXITSTATUS(r.status) == 0) ||
		command_failed(how, r.status, err);
}

static bool from_env(struct str variable, env_fn env, struct buf *out, struct err *err)
{
	AUTO(mem_free_ptr) char *name = mem_dup(variable);
	const char *value = env(name);
	if (!value || !*value)
		return err_set(err, ERR_INPUT, "the environment variable %s is not set", name);
	buf_c(out, value);
	return true;
}

bool secret_fetch(const struct secret_place *place, env_fn env, struct buf *out, struct err *err)
{
	AUTO(mem_free_ptr) char *text = NULL;
	if (place->env.n)
		return from_env(place->env, env, out, err);
	if (place->file.n) {
		text = mem_dup(place->file);
		return secret_file(text, out, err);
	}
	text = mem_dup(place->command);
	return secret_command(text, place->stop, out, err);
}

bool secret_check(struct str found, struct err *err)
{
	if (!found.n)
		return err_set(err, ERR_INPUT, "the secret is empty");
	for (size_t i = 0; i < found.n; i++)
		if ((unsigned char)found.p[i] < ' ' || found.p[i] == 127)
			return err_set(err, ERR_INPUT, "the secret has more than one line");
	return true;
}

void profile_settle(struct profile *p, const char *file, env_fn env)
{
	struct str *const paths[] = {&p->target.ca_file, &p->target.client_cert, &p->target.client_key,
		&p->secret_file, &p->pass_file};
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		if (!paths[i]->n)
			continue;
		AUTO(mem_free_ptr) char *whole = file_beside(file, *paths[i], env);
		*paths[i] = arena_str(&p->mem, str_c(whole));
	}
}
