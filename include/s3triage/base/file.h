/*
 * base/file: whole files, atomic writes, folders, and the XDG places.
 */
#ifndef S3TRIAGE_BASE_FILE_H
#define S3TRIAGE_BASE_FILE_H

#include "s3triage/base/buf.h"
#include "s3triage/base/err.h"

/* Appends the whole file to out; "-" is standard input. More than out->max bytes is ERR_LIMIT. */
bool file_read(const char *path, struct buf *out, struct err *err);

enum file_write_flags {
	FILE_REPLACE = 1, /* overwrite what is there */
	FILE_PRIVATE = 2, /* mode 0600 instead of 0666 less the umask; file_guarded: others may not read */
};

/* Writes to a new file beside `path`, fsyncs it and renames it into place (without FILE_REPLACE
 * an existing path is refused, even one that appears meanwhile), then fsyncs the folder. Never
 * through a symbolic link, and never in the place of one. */
bool file_write(const char *path, struct str bytes, int flags, struct err *err);

/* Whether file_write would write there as things are: to be asked before long work. */
bool file_may_place(const char *path, int flags, struct err *err);

/* Whether nobody but us and root can change what is read from `path` (FILE_PRIVATE: or read it):
 * the file, the link that leads to it, and the folders of both, in which a sticky bit will do.
 * Otherwise ERR_INPUT with the command that mends it. True of what is not there, of devices, "-". */
bool file_guarded(const char *path, int flags, struct err *err);

/* mkdir -p; folders that it makes get `mode`. */
bool file_mkdirs(const char *path, unsigned mode, struct err *err);

bool file_exists(const char *path);

/* dir + "/" + name on the heap. */
char *file_join(const char *dir, const char *name);

/* The part after the last '/'. */
struct str file_base(struct str path);

/* How the environment is handed to code that must not read it: returns NULL when unset. */
typedef const char *(*env_fn)(const char *name);

/* A path that the file `file` names: "~/x" under HOME, an absolute one as it is, anything else in the
 * folder of `file`, from wherever the program was started. On the heap. */
char *file_beside(const char *file, struct str path, env_fn env);

/* $XDG_DATA_HOME/s3triage (default ~/.local/share/s3triage) on the heap, and its likes for
 * config and state. Not created. NULL with an error when neither XDG_* nor HOME is an
 * absolute path. */
char *file_data_dir(env_fn env, struct err *err);
char *file_config_dir(env_fn env, struct err *err);
char *file_state_dir(env_fn env, struct err *err);

#endif
