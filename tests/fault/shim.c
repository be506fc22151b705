/*
 * Preloaded into the program: makes one call on a file fail, or the process die there. In the
 * environment: FAULT_CALL (write, sync, open, rename, truncate, map), FAULT_AT (the how many-th
 * such call, from 1), FAULT_HOW (an errno as a number, "short" for half a write, "kill", "lose" for
 * a cut of power: what was written and not synced since is gone, then the process dies),
 * FAULT_ON ("once", or "on" for that call and every later one), FAULT_UNDER (only files in this
 * folder count), FAULT_REACHED (a file to make when it happens).
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static const char *setting(const char *name)
{
	const char *value = getenv(name);
	return value ? value : "";
}

static void *next(const char *name)
{
	return dlsym(RTLD_NEXT, name);
}

static bool under(const char *path)
{
	const char *folder = setting("FAULT_UNDER");
	return *folder && strncmp(path, folder, strlen(folder)) == 0;
}

static bool fd_under(int fd)
{
	char link[64], path[PATH_MAX];
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	ssize_t n = readlink(link, path, sizeof(path) - 1);
	if (n < 0)
		return false;
	path[n] = '\0';
	return under(path);
}

/* ---- what was not synced yet ---------------------------------------------------------------- */

/* The bytes that a write replaced, and how long the file was: newest first. */
struct unsynced {
	struct unsynced *next;
	int fd; /* a copy, open until then */
	dev_t dev;
	ino_t ino;
	off_t size, at;
	size_t n;
	char old[];
};

static struct unsynced *unsynced;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static bool loses(void)
{
	return strcmp(setting("FAULT_HOW"), "lose") == 0;
}

/* Before `n` bytes at `at` (-1: where the file stands) are written over, or cut off. */
static void keep_old(int fd, off_t at, size_t n)
{
	struct stat st;
	if (!loses() || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return;
	if (at < 0)
		at = fcntl(fd, F_GETFL) & O_APPEND ? st.st_size : lseek(fd, 0, SEEK_CUR);
	struct unsynced *u = malloc(sizeof(*u) + n);
	char path[64];
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	int (*real)(const char *, int, ...) = next("open");
	ssize_t got = 0;
	*u = (struct unsynced){.fd = real(path, O_RDWR | O_CLOEXEC), .dev = st.st_dev, .ino = st.st_ino,
		.size = st.st_size, .at = at};
	if (u->fd >= 0)
		got = pread(u->fd, u->old, n, at);
	u->n = got > 0 ? (size_t)got : 0;
	pthread_mutex_lock(&lock);
	u->next = unsynced;
	unsynced = u;
	pthread_mutex_unlock(&lock);
}

static void synced(int fd)
{
	struct stat st;
	if (!loses() || fstat(fd, &st) != 0)
		return;
	pthread_mutex_lock(&lock);
	for (struct unsynced **u = &unsynced; *u;) {
		struct unsynced *gone = *u;
		if (gone->dev != st.st_dev || gone->ino != st.st_ino) {
			u = &gone->next;
			continue;
		}
		*u = gone->next;
		close(gone->fd);
		free(gone);
	}
	pthread_mutex_unlock(&lock);
}

static void lose_unsynced(void)
{
	ssize_t (*put)(int, const void *, size_t, off64_t) = next("pwrite64");
	int (*cut)(int, off64_t) = next("ftruncate64");
	for (struct unsynced *u = unsynced; u; u = u->next)
		if (u->fd >= 0 && (put(u->fd, u->old, u->n, u->at) < 0 || cut(u->fd, u->size) != 0))
			abort();
}

static void mark_reached(void)
{
	int (*real)(const char *, int, ...) = next("open");
	int fd = real(setting("FAULT_REACHED"), O_CREAT | O_WRONLY, 0600);
	if (fd >= 0)
		close(fd);
}

/* Whether this call is to go wrong. Dies here when that is how. */
static bool hit(const char *call)
{
	static int calls;
	if (strcmp(call, setting("FAULT_CALL")) != 0)
		return false;
	int at = atoi(setting("FAULT_AT")), n = __atomic_add_fetch(&calls, 1, __ATOMIC_SEQ_CST);
	if (n < at || (n > at && strcmp(setting("FAULT_ON"), "on") != 0))
		return false;
	mark_reached();
	if (loses())
		lose_unsynced();
	if (loses() || strcmp(setting("FAULT_HOW"), "kill") == 0)
		kill(getpid(), SIGKILL);
	return true;
}

static bool is_short(void)
{
	return strcmp(setting("FAULT_HOW"), "short") == 0;
}

static int fail(void)
{
	errno = is_short() ? EIO : atoi(setting("FAULT_HOW")); /* half a sync is none */
	return -1;
}

ssize_t write(int fd, const void *data, size_t n)
{
	ssize_t (*real)(int, const void *, size_t) = next("write");
	bool ours = fd_under(fd);
	if (ours && hit("write")) {
		if (!is_short())
			return fail();
		n = n > 1 ? n / 2 : n;
	}
	if (ours)
		keep_old(fd, -1, n);
	return real(fd, data, n);
}

ssize_t pwrite64(int fd, const void *data, size_t n, off64_t at)
{
	ssize_t (*real)(int, const void *, size_t, off64_t) = next("pwrite64");
	bool ours = fd_under(fd);
	if (ours && hit("write")) {
		if (!is_short())
			return fail();
		n = n > 1 ? n / 2 : n;
	}
	if (ours)
		keep_old(fd, at, n);
	return real(fd, data, n, at);
}

ssize_t pwrite(int fd, const void *data, size_t n, off_t at)
{
	return pwrite64(fd, data, n, at);
}

ssize_t writev(int fd, const struct iovec *parts, int n)
{
	ssize_t (*real)(int, const struct iovec *, int) = next("writev");
	size_t all = 0;
	if (!fd_under(fd))
		return real(fd, parts, n);
	if (hit("write") && !is_short())
		return fail();
	for (int i = 0; i < n; i++)
		all += parts[i].iov_len;
	keep_old(fd, -1, all);
	return real(fd, parts, n);
}

static int sync_or_fail(int fd, int (*real)(int))
{
	if (fd_under(fd) && hit("sync"))
		return fail();
	int rc = real(fd);
	if (rc == 0)
		synced(fd);
	return rc;
}

int fsync(int fd)
{
	int (*real)(int) = next("fsync");
	return sync_or_fail(fd, real);
}

int fdatasync(int fd)
{
	int (*real)(int) = next("fdatasync");
	return sync_or_fail(fd, real);
}

int ftruncate64(int fd, off64_t n)
{
	int (*real)(int, off64_t) = next("ftruncate64");
	struct stat st;
	bool ours = fd_under(fd);
	if (ours && hit("truncate"))
		return fail();
	if (ours && fstat(fd, &st) == 0 && st.st_size > n)
		keep_old(fd, n, (size_t)(st.st_size - n));
	return real(fd, n);
}

int ftruncate(int fd, off_t n)
{
	return ftruncate64(fd, n);
}

int rename(const char *from, const char *to)
{
	int (*real)(const char *, const char *) = next("rename");
	return under(to) && hit("rename") ? fail() : real(from, to);
}

int renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags)
{
	int (*real)(int, const char *, int, const char *, unsigned) = next("renameat2");
	return under(to) && hit("rename") ? fail() : real(from_dir, from, to_dir, to, flags);
}

int linkat(int from_dir, const char *from, int to_dir, const char *to, int flags)
{
	int (*real)(int, const char *, int, const char *, int) = next("linkat");
	return under(to) && hit("rename") ? fail() : real(from_dir, from, to_dir, to, flags);
}

void *mmap64(void *at, size_t n, int protection, int flags, int fd, off64_t offset)
{
	void *(*real)(void *, size_t, int, int, int, off64_t) = next("mmap64");
	if (fd >= 0 && fd_under(fd) && hit("map")) {
		fail();
		return MAP_FAILED;
	}
	return real(at, n, protection, flags, fd, offset);
}

void *mmap(void *at, size_t n, int protection, int flags, int fd, off_t offset)
{
	return mmap64(at, n, protection, flags, fd, offset);
}

static int open_mode(int flags, va_list more)
{
	return flags & (O_CREAT | __O_TMPFILE) ? va_arg(more, int) : 0;
}

int open64(const char *path, int flags, ...)
{
	int (*real)(const char *, int, ...) = next("open64");
	va_list more;
	va_start(more, flags);
	int mode = open_mode(flags, more);
	va_end(more);
	return under(path) && hit("open") ? fail() : real(path, flags, mode);
}

int open(const char *path, int flags, ...)
{
	int (*real)(const char *, int, ...) = next("open");
	va_list more;
	va_start(more, flags);
	int mode = open_mode(flags, more);
	va_end(more);
	return under(path) && hit("open") ? fail() : real(path, flags, mode);
}
