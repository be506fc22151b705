/*
 * draft: notes that are not recorded yet, a file each in $XDG_STATE_HOME/s3triage/drafts, mode 0600,
 * called after the journal and what the caller calls it: the reason, a line end, the note. Written with
 * every key, so without waiting for the disk: it is there after a crash of the program or of the
 * terminal, perhaps not after one of the machine.
 */
#include "s3triage/desk/desk.h"

#include "s3triage/base/file.h"
#include "s3triage/base/hash.h"
#include "s3triage/base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* What is written for one journal is not offered over another. */
static void draft_file(const struct desk *d, const char *name, char out[SHA256_HEX])
{
	AUTO(buf_fini) struct buf text = {0};
	const char *journal = d->journal ? journal_path(d->journal) : "";
	AUTO(mem_free_ptr) char *real = realpath(journal, NULL);
	buf_fmt(&text, "%s\n%s", real ? real : journal, name);
	sha256_hex(buf_str(&text), out);
}

/* On the heap; makes the folder. NULL: it cannot be had. */
static char *path_in(const struct desk *d, const char *file, struct err *err)
{
	AUTO(mem_free_ptr) char *state = file_state_dir(d->env, err);
	if (!state)
		return NULL;
	AUTO(mem_free_ptr) char *dir = file_join(state, "drafts");
	AUTO(mem_free_ptr) char *path = file_join(dir, file);
	return file_mkdirs(dir, 0700, err) && file_guarded(path, FILE_PRIVATE, err) ?
		mem_dup(str_c(path)) : NULL;
}

static char *draft_path(const struct desk *d, const char *name, struct err *err)
{
	char file[SHA256_HEX];
	draft_file(d, name, file);
	return path_in(d, file, err);
}

/* They had the app's name as it is, whoever wrote them, and over which journal. */
bool desk_draft_old(const struct desk *d, const char *name, struct buf *path)
{
	AUTO(mem_free_ptr) char *old = path_in(d, name, NULL);
	if (!old || !file_exists(old))
		return false;
	buf_c(path, old);
	return true;
}

static bool draft_write_file(const char *path, struct str text, struct err *err)
{
	char pid[24];
	snprintf(pid, sizeof(pid), ".%ld", (long)getpid());
	AUTO(buf_fini) struct buf name = {0};
	buf_c(&name, path);
	buf_c(&name, pid);
	const char *part = buf_cstr(&name);
	int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	bool fine = fd >= 0 && write(fd, text.p, text.n) == (ssize_t)text.n;
	fine = (fd < 0 || close(fd) == 0) && fine && rename(part, path) == 0;
	if (fine)
		return true;
	err_set_errno(err, "cannot write %s", path);
	unlink(part);
	return false;
}

bool desk_draft_keep(const struct desk *d, const char *name, struct str reason, struct str note,
	struct err *err)
{
	AUTO(mem_free_ptr) char *path = draft_path(d, name, err);
	AUTO(buf_fini) struct buf text = {0};
	if (!path)
		return false;
	if (!reason.n && !note.n)
		return unlink(path) == 0 || errno == ENOENT || err_set_errno(err, "cannot remove %s", path);
	buf_add(&text, reason);
	buf_char(&text, '\n');
	buf_add(&text, note);
	return draft_write_file(path, buf_str(&text), err);
}

bool desk_draft(const struct desk *d, const char *name, struct buf *reason, struct buf *note)
{
	AUTO(mem_free_ptr) char *path = draft_path(d, name, NULL);
	AUTO(buf_fini) struct buf text = {0};
	buf_init(&text, DECISION_REASON_MAX + DECISION_NOTE_MAX + 1);
	if (!path || !file_read(path, &text, NULL))
		return false;
	struct str rest = buf_str(&text);
	buf_add(reason, str_cut(&rest, '\n'));
	buf_add(note, rest);
	return true;
}
