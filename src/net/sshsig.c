/*
 * sshsig: ssh-keygen run without a shell, its input and output in files without a name, so that
 * neither side waits for the other.
 */
#include "s3triage/net/sshsig.h"

#include "s3triage/base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OUTPUT_MAX = 65536, ENDS = 3, ENV_MAX = 4 };

/* Standard input, output and error of a run. */
struct run {
	int fd[ENDS];
	int status;
};

static void run_fini(struct run *r)
{
	for (int i = 0; i < ENDS; i++)
		if (r->fd[i] >= 0)
			close(r->fd[i]);
}

static int memory_file(struct str bytes)
{
	int fd = memfd_create("s3triage", MFD_CLOEXEC);
	if (fd >= 0 && (write(fd, bytes.p ? bytes.p : "", bytes.n) != (ssize_t)bytes.n ||
		lseek(fd, 0, SEEK_SET) != 0)) {
		close(fd);
		return -1;
	}
	return fd;
}

static void put_env(struct buf *text, env_fn env, const char *name, char *out[], size_t *n)
{
	const char *value = env(name);
	if (!value || *n == ENV_MAX)
		return;
	buf_clear(text);
	buf_fmt(text, "%s=%s", name, value);
	out[(*n)++] = mem_dup(buf_str(text));
}

static int spawn_and_wait(struct run *r, const char *const argv[], env_fn env)
{
	char *environment[ENV_MAX + 1] = {0};
	size_t n = 0;
	pid_t pid;
	AUTO(buf_fini) struct buf text = {0};
	posix_spawn_file_actions_t actions;
	posix_spawn_file_actions_init(&actions);
	for (int i = 0; i < ENDS; i++)
		posix_spawn_file_actions_adddup2(&actions, r->fd[i], i);
	put_env(&text, env, "PATH", environment, &n);
	put_env(&text, env, "SSH_AUTH_SOCK", environment, &n);
	put_env(&text, env, "TERM", environment, &n);
	environment[n++] = mem_dup(STR("LC_ALL=C"));
	int rc = posix_spawnp(&pid, argv[0], &actions, NULL, (char *const *)(uintptr_t)argv, environment);
	posix_spawn_file_actions_destroy(&actions);
	while (rc == 0 && waitpid(pid, &r->status, 0) < 0 && errno == EINTR)
		;
	for (size_t i = 0; i < n; i++)
		free(environment[i]);
	return rc;
}

/* What it wrote to `fd`, into out. */
static void sshsig_collect(int fd, struct buf *out)
{
	char piece[4096];
	ssize_t n;
	lseek(fd, 0, SEEK_SET);
	while ((n = read(fd, piece, sizeof(piece))) > 0)
		buf_add(out, (struct str){piece, (size_t)n});
}

/* Runs it on `input`; `said` has what it printed, on standard error where it failed. */
static bool sshsig_run(const char *const argv[], env_fn env, struct str input, struct buf *said,
	struct err *err)
{
	AUTO(run_fini) struct run r = {{memory_file(input), memory_file(STR("")), memory_file(STR(""))}, 0};
	said->max = OUTPUT_MAX;
	buf_clear(said);
	for (int i = 0; i < ENDS; i++)
		if (r.fd[i] < 0)
			return err_set_errno(err, "cannot run ssh-keygen");
	errno = spawn_and_wait(&r, argv, env);
	if (errno == ENOENT)
		return err_set(err, ERR_IO, "ssh-keygen is not there: install OpenSSH's client (openssh-client)");
	if (errno)
		return err_set_errno(err, "cannot run ssh-keygen");
	bool fine = WIFEXITED(r.status) && WEXITSTATUS(r.status) == 0;
	sshsig_collect(r.fd[fine ? 1 : 2], said);
	return fine || err_set(err, ERR_DENIED, "ssh-keygen: %.*s",
		STR_ARG(str_sub(str_trim(buf_str(said)), 0, 300)));
}

bool sshsig_sign(const struct sshsig *s, struct str text, struct buf *signature, struct err *err)
{
	const char *const argv[] = {"ssh-keygen", "-Y", "sign", "-n", s->name_space, "-f", s->key, NULL};
	AUTO(buf_fini) struct buf said = {0};
	if (!sshsig_run(argv, s->env, text, &said, err))
		return err_prefix(err, "cannot sign with %s", s->key);
	if (!str_starts(buf_str(&said), STR("-----BEGIN SSH SIGNATURE-----")))
		return err_set(err, ERR_INPUT, "ssh-keygen gave no signature");
	buf_add(signature, buf_str(&said));
	return true;
}

/* Nobody is listed for it: then which key it was that signed, or that none did. ssh-keygen's own words
 * say why a listed key was not taken. */
static bool sshsig_unlisted(const struct sshsig *s, const char *place, struct str text, struct err *err)
{
	const char *const key[] = {"ssh-keygen", "-Y", "check-novalidate", "-n", s->name_space, "-s", place, NULL};
	AUTO(buf_fini) struct buf said = {0};
	struct err why = {0};
	if (!sshsig_run(key, s->env, text, &said, &why))
		return err_set(err, ERR_DENIED, "it is not what was signed (%.200s)", why.text);
	struct str good = str_trim(buf_str(&said));
	size_t at = str_find(good, STR(" with "));
	why = *err;
	why.text[strcspn(why.text, "\r\n")] = '\0';
	return err_set(err, ERR_DENIED, "signed with %.*s, which %s does not list: whose it is was not checked;"
		" a colleague's? add a line NAME namespaces=\"%s\" KEY (%.120s)",
		STR_ARG(str_sub(good, at == STR_NONE ? 0 : at + 6, good.n)), s->signers, s->name_space, why.text);
}

bool sshsig_check(const struct sshsig *s, struct str text, struct str signature, struct buf *who,
	struct err *err)
{
	char place[64], at[64];
	int fd = memory_file(signature);
	/* Handed on, not looked up in here: this process lets nobody look into it. */
	if (fd < 0 || fcntl(fd, F_SETFD, 0) != 0)
		return err_set_errno(err, "cannot check the signature");
	snprintf(place, sizeof(place), "/proc/self/fd/%d", fd);
	snprintf(at, sizeof(at), "-Overify-time=%s", s->at ? s->at : "");
	const char *const find[] = {"ssh-keygen", "-Y", "find-principals", "-s", place, "-f", s->signers,
		s->at ? at : NULL, NULL};
	AUTO(buf_fini) struct buf said = {0};
	bool fine = sshsig_run(find, s->env, STR(""), &said, err);
	struct str names = buf_str(&said);
	if (fine)
		buf_add(who, str_trim(str_cut(&names, '\n')));
	else
		sshsig_unlisted(s, place, text, err);
	const char *const check[] = {"ssh-keygen", "-Y", "verify", "-n", s->name_space, "-f", s->signers,
		"-I", buf_cstr(who), "-s", place, s->at ? at : NULL, NULL};
	fine = fine && sshsig_run(check, s->env, text, &said, err);
	close(fd);
	return fine;
}
