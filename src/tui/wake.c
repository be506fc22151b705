/*
 * wake: when what lies beside the screen is looked at: soon after somebody wrote to the journal, when an
 * approval expires, and each second as long as something is under way or nobody tells of changes. With
 * nothing of these the program sleeps.
 */
#include "loop.h"

#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/timerfd.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { SOON = 200, EACH = 1000, LONGEST = 3600 * 1000 }; /* ms */

/* File systems that others write to without this machine knowing; NFS, SMB and FUSE. */
static bool is_shared(const char *dir)
{
	static const unsigned long magic[] = {NFS_SUPER_MAGIC, SMB_SUPER_MAGIC, SMB2_SUPER_MAGIC,
		CIFS_SUPER_MAGIC, FUSE_SUPER_MAGIC, AFS_SUPER_MAGIC, CEPH_SUPER_MAGIC, V9FS_MAGIC};
	struct statfs fs;
	if (statfs(dir, &fs) != 0)
		return true;
	for (size_t i = 0; i < ARRAY_LEN(magic); i++)
		if ((unsigned long)fs.f_type == magic[i])
			return true;
	return false;
}

/* The journal's folder: its log file comes and goes beside it. -1: nobody tells of changes. */
static int watch_folder(const char *journal, char name[NAME_MAX + 1])
{
	char real[PATH_MAX];
	char *slash = realpath(journal, real) ? strrchr(real, '/') : NULL;
	if (!slash)
		return -1;
	*slash = '\0';
	snprintf(name, NAME_MAX + 1, "%s", slash + 1);
	int fd = is_shared(*real ? real : "/") ? -1 : inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (fd < 0 || inotify_add_watch(fd, *real ? real : "/", IN_MODIFY | IN_CREATE | IN_DELETE | IN_MOVE |
			IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR) >= 0)
		return fd;
	close(fd);
	return -1;
}

static void wake_in(struct tui *t, int64_t ms)
{
	struct itimerspec at = {.it_value = {ms / 1000, ms % 1000 * 1000000 + 1}};
	t->wake.due = tui_ticks() + ms;
	timerfd_settime(t->wake.timer, 0, &at, NULL);
}

void wake_start(struct tui *t)
{
	t->wake = (struct wake){.timer = -1, .folder = -1};
	if (!t->set->desk->journal)
		return;
	t->wake.timer = timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC);
	t->wake.folder = watch_folder(t->set->desk->journal_path, t->wake.name);
	wake_in(t, SOON);
}

void wake_end(struct tui *t)
{
	if (t->wake.timer >= 0)
		close(t->wake.timer);
	if (t->wake.folder >= 0)
		close(t->wake.folder);
}

/* Of the journal, or of SQLite's files beside it, whose names begin as its own; or of the folder itself. */
static bool is_ours(const struct wake *w, const struct inotify_event *e)
{
	return e->len == 0 || str_starts(str_c(e->name), str_c(w->name));
}

/* One who writes much is not looked at each time. */
void wake_changed(struct tui *t)
{
	char events[4096] __attribute__((aligned(__alignof__(struct inotify_event))));
	ssize_t n = read(t->wake.folder, events, sizeof(events));
	bool ours = false;
	for (ssize_t at = 0; at < n;) {
		const struct inotify_event *e = (const void *)(events + at);
		ours = ours || is_ours(&t->wake, e);
		at += (ssize_t)(sizeof(*e) + e->len);
	}
	if (ours && t->wake.due - tui_ticks() > SOON)
		wake_in(t, SOON);
}

/* In so many ms an approval expires, or what is under way goes on. */
static int64_t wake_next(const struct tui *t, bool more)
{
	int64_t ends, now = t->set->desk->now();
	if (more || t->wake.folder < 0 || t->scanning)
		return EACH;
	ends = approvals_next_end(t->set->desk->approvals, now);
	if (ends == WHEN_NONE)
		return 0;
	return ends - now < LONGEST ? ends - now + 1 : LONGEST;
}

/* Some of the chain each time: the first screen does not wait for it. */
static void wake_look(struct tui *t, void *more)
{
	enum { ROWS = 2000 };
	struct desk *d = t->set->desk;
	int64_t rows = d->walk.rows;
	desk_look(d);
	desk_walk(d, ROWS);
	*(bool *)more = d->walk.rows != rows;
	if (desk_expired(d))
		t->after |= app_arrived(t->app);
	if (!t->scanning || t->following) /* else at its end */
		desk_act(d);
	t->after |= app_heard(t->app);
}

void wake_take(struct tui *t)
{
	uint64_t times;
	bool more = false;
	if (read(t->wake.timer, &times, sizeof(times)) <= 0)
		return;
	tui_work(t, wake_look, &more);
	int64_t ms = wake_next(t, more);
	t->wake.due = INT64_MAX;
	if (ms)
		wake_in(t, ms);
}
