/*
 * file: reading whole files, and writing them so that a reader sees the old or the new one.
 *
 * Every call restarts on EINTR: the console runs with signal handlers.
 */
#include "s3triage/base/file.h"

#include "s3triage/base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK = 64 << 10, NAME_TRIES = 16 };

static void handoff_ptr(int *fd)
{
	if (*fd > STDERR_FILENO)
		close(*fd);
}

static bool file_read_all(int fd, const char *path, struct buf *out, struct err *err)
{
	size_t max = out->max ? out->max : BUF_DEFAULT_MAX;
	for (;;) {
		size_t want = max - out->n < CHUNK ? max - out->n : CHUNK;
		char one, *to = want ? buf_room(out, want) : &one;
		ssize_t n = read(fd, to, want ? want : 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set_errno(err, "cannot read %s", path);
		if (n == 0)
			return true;
		if (!want)
			return err_set(err, ERR_LIMIT, "%s is larger than %zu bytes", path, max);
		out->n += (size_t)n;
	}
}

bool file_read(const char *path, struct buf *out, struct err *err)
{
	AUTO(handoff_ptr) int fd = STDIN_FILENO;
	bool given = strcmp(path, "-") != 0;
	if (given && (fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)) < 0) {
		err_set_errno(err, "cannot open %s", path);
		return err_where(err, path, 0, 0);
	}
	if (!file_read_all(fd, given ? path : "standard input", out, err))
		return err_where(err, path, 0, 0);
	buf_cstr(out);
	return true;
}

static bool file_write_all(int fd, struct str bytes)
{
	while (bytes.n) {
		ssize_t n = write(fd, bytes.p, bytes.n);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		bytes = str_sub(bytes, (size_t)n, bytes.n);
	}
	return true;
}

/* A new, empty file beside path; its name goes into *name. */
static int make_beside(const char *path, unsigned mode, char **name)
{
	struct str base = file_base(str_c(path));
	for (int i = 0; i < NAME_TRIES; i++) {
		uint64_t r = 0;
		if (getrandom(&r, sizeof(r), 0) != sizeof(r))
			return -1;
		struct buf b = {0};
		buf_add(&b, (struct str){path, (size_t)(base.p - path)});
		buf_fmt(&b, ".s3triage-%016llx.tmp", (unsigned long long)r);
		free(*name);
		*name = buf_take(&b);
		int fd = open(*name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
		if (fd >= 0 || errno != EEXIST)
			return fd;
	}
	return -1;
}

/* Fails with EEXIST when path is there, also where the file system has no such rename. */
static bool rename_new(const char *from, const char *path)
{
	if (renameat2(AT_FDCWD, from, AT_FDCWD, path, RENAME_NOREPLACE) == 0)
		return true;
	if (errno != EINVAL && errno != ENOSYS)
		return false;
	return linkat(AT_FDCWD, from, AT_FDCWD, path, 0) == 0 && unlink(from) == 0;
}

static char *folder_of(const char *path)
{
	struct str base = file_base(str_c(path));
	return base.p == path ? mem_dup(STR(".")) : mem_dup((struct str){path, (size_t)(base.p - path)});
}

static bool sync_folder_of(const char *path)
{
	AUTO(mem_free_ptr) char *dir = folder_of(path);
	AUTO(handoff_ptr) int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	/* A file system that can not sync folders says EINVAL; there is nothing more to do then. */
	return fd >= 0 && (fsync(fd) == 0 || errno == EINVAL);
}

/* Bytes into the open temporary file, onto the disk, and to their name. */
static bool fill_and_place(int fd, const char *name, const char *path, struct str bytes, int flags)
{
	if (!file_write_all(fd, bytes) || fsync(fd) != 0)
		return false;
	return flags & FILE_REPLACE ? rename(name, path) == 0 : rename_new(name, path);
}

/* Renaming over a device or a socket would take it away: /dev/null, run as root. Through a link,
 * which others may have laid, nothing is written, and none is taken away. */
bool file_may_place(const char *path, int flags, struct err *err)
{
	struct stat st;
	if (lstat(path, &st) != 0)
		return true;
	if (S_ISLNK(st.st_mode))
		return err_set(err, ERR_INPUT, "%s is a symbolic link: name the file itself", path);
	if (!(flags & FILE_REPLACE))
		return err_set(err, ERR_INPUT, "%s exists already", path);
	return S_ISREG(st.st_mode) || err_set(err, ERR_INPUT, "%s is not a regular file", path);
}

static bool write_beside(const char *path, struct str bytes, int flags, struct err *err)
{
	AUTO(mem_free_ptr) char *name = NULL;
	AUTO(handoff_ptr) int fd = make_beside(path, flags & FILE_PRIVATE ? 0600 : 0666, &name);
	if (fd < 0)
		return err_set_errno(err, "cannot write beside %s", path);
	if (!fill_and_place(fd, name, path, bytes, flags)) {
		bool there = errno == EEXIST;
		err_set_errno(err, "cannot write %s", path);
		unlink(name);
		return there ? err_set(err, ERR_INPUT, "%s exists already", path) : false;
	}
	if (!sync_folder_of(path))
		return err_set_errno(err, "%s is written, but its folder cannot be synced", path);
	return true;
}

bool file_write(const char *path, struct str bytes, int flags, struct err *err)
{
	return (file_may_place(path, flags, err) && write_beside(path, bytes, flags, err)) ||
		err_where(err, path, 0, 0);
}

static bool is_dir(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool file_mkdirs(const char *path, unsigned mode, struct err *err)
{
	AUTO(mem_free_ptr) char *part = mem_dup(str_c(path));
	for (size_t i = 1; part[0]; i++) {
		char c = part[i];
		if (c != '/' && c != '\0')
			continue;
		part[i] = '\0';
		if (mkdir(part, mode) == 0)
			sync_folder_of(part); /* a name is on disk when its folder is; some may not be read */
		else if (!is_dir(part))
			return err_set_errno(err, "cannot make the folder %s", part);
		part[i] = c;
		if (!c)
			return true;
	}
	return err_set(err, ERR_INPUT, "a folder needs a name");
}

/* ---- whose a file is ------------------------------------------------------------------------- */

/* A path as a word of a shell. */
static void file_put_word(const char *path, struct buf *out)
{
	bool plain = path[0] != '-' && path[strspn(path, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789._/+,:@-")] == '\0';
	buf_c(out, plain ? "" : "'");
	for (const char *p = path; *p; p++)
		buf_fmt(out, *p == '\'' ? "'\\''" : "%c", *p);
	buf_c(out, plain ? "" : "'");
}

/* Those of root are: it could change all of ours anyway. Root itself reads the records of anybody, but
 * neither runs nor believes what somebody else has written. */
static bool owner_fits(const struct stat *st, int flags)
{
	uid_t me = geteuid();
	return st->st_uid == 0 || st->st_uid == me || (me == 0 && flags & FILE_PRIVATE);
}

/* The group that Debian and Ubuntu make for each user, with a umask of 002: nobody else is in it. */
static bool own_group(gid_t gid)
{
	const struct passwd *me = getpwuid(geteuid());
	const struct group *g = me && me->pw_gid == gid ? getgrgid(gid) : NULL;
	return g && strcmp(g->gr_name, me->pw_name) == 0 && !g->gr_mem[0];
}

static bool refuse_mode(const char *path, const struct stat *st, int flags, struct err *err)
{
	struct buf word = {0};
	bool folder = S_ISDIR(st->st_mode);
	file_put_word(path, &word);
	err_set(err, ERR_INPUT, "others can %s this %s: chmod %s %s", st->st_mode & 022 ? "change" : "read",
		folder ? "folder" : "file", folder || (st->st_uid != geteuid() && !(flags & FILE_PRIVATE)) ?
		"go-w" : "600", buf_cstr(&word));
	buf_fini(&word);
	return false;
}

static bool refuse_owner(const char *path, const struct stat *st, struct err *err)
{
	struct buf word = {0};
	file_put_word(path, &word);
	err_set(err, ERR_INPUT, "this belongs to another user (uid %u); where you know what it holds: sudo "
		"chown %u %s", (unsigned)st->st_uid, (unsigned)geteuid(), buf_cstr(&word));
	buf_fini(&word);
	return false;
}

/* What lies there; what does not is told by whoever opens it. */
static bool guarded_file(const char *path, int flags, struct err *err)
{
	struct stat st;
	if (lstat(path, &st) == 0 && S_ISLNK(st.st_mode) && !owner_fits(&st, flags))
		return refuse_owner(path, &st, err);
	if (stat(path, &st) != 0 || S_ISCHR(st.st_mode))
		return true;
	if (!owner_fits(&st, flags))
		return refuse_owner(path, &st, err);
	return !(st.st_mode & (flags & FILE_PRIVATE ? 077 : 022)) || refuse_mode(path, &st, flags, err);
}

/* Who may write a folder can put another file in the place of the one that was looked at. */
static bool guarded_folder(const char *path, int flags, struct err *err)
{
	struct stat st;
	AUTO(mem_free_ptr) char *dir = folder_of(path);
	if (stat(dir, &st) != 0)
		return true;
	if (!owner_fits(&st, flags))
		return refuse_owner(dir, &st, err);
	if (st.st_mode & S_ISVTX || !(st.st_mode & 022))
		return true;
	return (!(st.st_mode & 002) && own_group(st.st_gid)) || refuse_mode(dir, &st, flags, err);
}

bool file_guarded(const char *path, int flags, struct err *err)
{
	AUTO(mem_free_ptr) char *real = realpath(path, NULL);
	return strcmp(path, "-") == 0 || (guarded_folder(path, flags, err) &&
		(!real || guarded_folder(real, flags, err)) && guarded_file(path, flags, err));
}

bool file_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

char *file_join(const char *dir, const char *name)
{
	struct buf b = {0};
	buf_c(&b, dir);
	if (b.n && b.p[b.n - 1] != '/')
		buf_char(&b, '/');
	buf_c(&b, name);
	return buf_take(&b);
}

struct str file_base(struct str path)
{
	size_t at = str_rfind_char(path, '/');
	return at == STR_NONE ? path : str_sub(path, at + 1, path.n);
}

char *file_beside(const char *file, struct str path, env_fn env)
{
	const char *home = env("HOME"), *slash = strrchr(file, '/');
	AUTO(mem_free_ptr) char *folder = slash ? mem_dup((struct str){file, (size_t)(slash - file)}) : NULL;
	bool tilde = str_starts(path, STR("~/")) && home;
	if (!tilde && (!folder || str_starts(path, STR("/"))))
		return mem_dup(path);
	AUTO(mem_free_ptr) char *rest = mem_dup(str_sub(path, tilde ? 2 : 0, path.n));
	return file_join(tilde ? home : folder, rest);
}

/* The XDG rules: a relative path in the variable is to be ignored. */
static char *xdg(env_fn env, const char *name, const char *under_home, struct err *err)
{
	const char *set = env(name);
	if (set && set[0] == '/')
		return file_join(set, "s3triage");
	const char *home = env("HOME");
	if (!home || home[0] != '/') {
		err_set(err, ERR_INPUT, "neither %s nor HOME is an absolute path", name);
		return NULL;
	}
	AUTO(mem_free_ptr) char *dir = file_join(home, under_home);
	return file_join(dir, "s3triage");
}

char *file_data_dir(env_fn env, struct err *err)
{
	return xdg(env, "XDG_DATA_HOME", ".local/share", err);
}

char *file_config_dir(env_fn env, struct err *err)
{
	return xdg(env, "XDG_CONFIG_HOME", ".config", err);
}

char *file_state_dir(env_fn env, struct err *err)
{
	return xdg(env, "XDG_STATE_HOME", ".local/state", err);
}
