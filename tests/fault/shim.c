/*
 * Preloaded into the program: makes one call on a file fail, or the process die there. In the
 * environment: FAULT_CALL (write, sync, open, rename, truncate, map), FAULT_AT (the how many-th
 * such call, from 1), FAULT_HOW (an errno as a number, "short" for half a write, "kill"),
 * FAULT_ON ("once", or "on" for that call and every later one), FAULT_UNDER (only files in this
 * folder count), FAULT_REACHED (a file to make when it happens).
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
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
	if (strcmp(setting("FAULT_HOW"), "kill") == 0)
		kill(getpid(), SIGKILL);
	return true;
}

static bool is_short(void)
{
	return strcmp(setting("FAULT_HOW"), "short") == 0;
}

static int fail(void)
{
	errno = atoi(setting("FAULT_HOW"));
	return -1;
}

ssize_t write(int fd, const void *data, size_t n)
{
	ssize_t (*real)(int, const void *, size_t) = next("write");
	if (fd_under(fd) && hit("write")) {
		if (!is_short())
			return fail();
		n = n > 1 ? n / 2 : n;
	}
	return real(fd, data, n);
}

ssize_t pwrite64(int fd, const void *data, size_t n, off64_t at)
{
	ssize_t (*real)(int, const void *, size_t, off64_t) = next("pwrite64");
	if (fd_under(fd) && hit("write")) {
		if (!is_short())
			return fail();
		n = n > 1 ? n / 2 : n;
	}
	return real(fd, data, n, at);
}

ssize_t pwrite(int fd, const void *data, size_t n, off_t at)
{
	return pwrite64(fd, data, n, at);
}

ssize_t writev(int fd, const struct iovec *parts, int n)
{
	ssize_t (*real)(int, const struct iovec *, int) = next("writev");
	return fd_under(fd) && hit("write") && !is_short() ? fail() : real(fd, parts, n);
}

int fsync(int fd)
{
	int (*real)(int) = next("fsync");
	return fd_under(fd) && hit("sync") ? fail() : real(fd);
}

int fdatasync(int fd)
{
	int (*real)(int) = next("fdatasync");
	return fd_under(fd) && hit("sync") ? fail() : real(fd);
}

int ftruncate64(int fd, off64_t n)
{
	int (*real)(int, off64_t) = next("ftruncate64");
	return fd_under(fd) && hit("truncate") ? fail() : real(fd, n);
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
