/*
 * walk: the sources as the user named them -> files. Folders in the order of names, links
 * followed but never round, hidden entries and what is no regular file left out. One thread.
 */
#include "scan_priv.h"

#include "magic.h"

#include "s3triage/base/file.h"

#include <dirent.h>
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FOLDERS_DEEP = 128 };

struct folder {
	const struct folder *up;
	dev_t dev;
	ino_t ino;
	unsigned depth;
};

struct walk {
	struct scan *s;
	struct reader told; /* only its problems are used */
	struct job no_job;
	unsigned long long files;
};

/* What is told only to whoever asks for it. */
static void walk_skip(struct walk *w, const char *path, enum scan_skip why, const char *text)
{
	w->told.path = str_c(path);
	w->no_job.seq = w->s->pushed; /* only this thread counts on */
	w->told.job = &w->no_job;
	w->told.left_out = 0;
	reader_skip(&w->told, why, 0, text);
	reader_flush(&w->told, false);
}

static void walk_tell(struct walk *w, const char *path, const struct err *err, bool note)
{
	w->told.path = str_c(path);
	w->no_job.seq = w->s->pushed; /* only this thread counts on */
	w->told.job = &w->no_job;
	w->told.problems = 0;
	if (note)
		reader_note(&w->told, err);
	else
		reader_problem(&w->told, err, 0, 0);
	reader_flush(&w->told, true);
}

static void problem(struct walk *w, const char *path, const struct err *err)
{
	walk_tell(w, path, err, false);
}

static void problem_errno(struct walk *w, const char *path, const char *what)
{
	struct err err = {0};
	err_set_errno(&err, "%s", what);
	problem(w, path, &err);
}

static void add_file(struct walk *w, const char *path, const struct stat *st, bool named)
{
	struct job job = {.path = mem_dup(str_c(path)), .named = named};
	if (st && S_ISREG(st->st_mode))
		job.size = (unsigned long long)st->st_size;
	w->files++;
	reader_flush(&w->told, true);
	scan_push_job(w->s, job);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int no_dots(const struct dirent *e)
{
	return strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
}

static bool goes_round(const struct folder *f)
{
	for (const struct folder *up = f->up; up; up = up->up)
		if (up->dev == f->dev && up->ino == f->ino)
			return true;
	return false;
}

static void walk_folder(struct walk *w, const char *path, const struct stat *st,
	const struct folder *up);

static void leave_special(struct walk *w, const char *path)
{
	static const char text[] = "is a pipe, socket or device: left out, name it as a source to have it read";
	struct err err = {.code = ERR_INPUT};
	if (!name_promises(str_c(path))) {
		walk_skip(w, path, SKIP_SPECIAL, text);
		return;
	}
	err_set(&err, ERR_INPUT, "%s", text);
	problem(w, path, &err);
}

static void walk_entry(struct walk *w, const char *folder, const char *name, const struct folder *up)
{
	struct stat st;
	AUTO(mem_free_ptr) char *path = file_join(folder, name);
	if (name[0] == '.') {
		walk_skip(w, path, SKIP_HIDDEN, "has a name that begins with a dot: left out, name it as a source to "
			"have it read");
		return;
	}
	if (stat(path, &st) < 0) {
		problem_errno(w, path, "cannot look at"); /* a link to nothing, too, or one that goes round */
		return;
	}
	if (S_ISDIR(st.st_mode))
		walk_folder(w, path, &st, up);
	else if (S_ISREG(st.st_mode))
		add_file(w, path, &st, false);
	else
		leave_special(w, path);
}

static void walk_folder(struct walk *w, const char *path, const struct stat *st,
	const struct folder *up)
{
	struct dirent **names;
	struct folder here = {up, st->st_dev, st->st_ino, up ? up->depth + 1 : 0};
	struct err err = {0};
	if (scan_stopping(w->s) || goes_round(&here))
		return;
	if (here.depth > FOLDERS_DEEP) {
		err_set(&err, ERR_LIMIT, "lies more than %d folders deep and was not read; name it as a source",
			FOLDERS_DEEP);
		problem(w, path, &err);
		return;
	}
	int n = scandir(path, &names, no_dots, by_name);
	if (n < 0) {
		problem_errno(w, path, "cannot read the folder");
		return;
	}
	for (int i = 0; i < n; i++) {
		if (!scan_stopping(w->s))
			walk_entry(w, path, names[i]->d_name, &here);
		free(names[i]);
	}
	free(names);
}

static void walk_named_folder(struct walk *w, const char *path, const struct stat *st)
{
	struct err err = {0};
	unsigned long long before = w->files;
	walk_folder(w, path, st, NULL);
	if (w->files > before || scan_stopping(w->s))
		return;
	err_set(&err, ERR_NONE, "no file was found in this folder (names that begin with a dot are left out)");
	walk_tell(w, path, &err, true);
}

static void walk_named(struct walk *w, const char *path)
{
	struct stat st;
	if (strcmp(path, "-") == 0)
		add_file(w, path, NULL, true);
	else if (stat(path, &st) < 0)
		problem_errno(w, path, "cannot open");
	else if (S_ISDIR(st.st_mode))
		walk_named_folder(w, path, &st);
	else
		add_file(w, path, &st, true);
}

static void walk_source(struct walk *w, const char *path)
{
	struct stat st;
	if (strcmp(path, "-") == 0 || !strpbrk(path, "*?[") || stat(path, &st) == 0) {
		walk_named(w, path);
		return;
	}
	glob_t g = {0};
	if (glob(path, 0, NULL, &g) == 0) {
		for (size_t i = 0; i < g.gl_pathc; i++)
			walk_named(w, g.gl_pathv[i]);
	} else {
		struct err err = {0};
		err_set(&err, ERR_IO, "the pattern matches no file");
		problem(w, path, &err);
	}
	globfree(&g);
}

void *scan_walker(void *arg)
{
	struct scan *s = arg;
	struct walk w = {.s = s, .told = {.s = s}};
	if (s->options.demo.n)
		scan_push_job(s, (struct job){.size = s->options.demo.n, .named = true});
	for (size_t i = 0; i < s->options.n_paths && !scan_stopping(s); i++)
		walk_source(&w, s->options.paths[i]);
	reader_flush(&w.told, true);
	pthread_mutex_lock(&s->lock);
	s->walking = false;
	pthread_cond_broadcast(&s->work);
	pthread_mutex_unlock(&s->lock);
	scan_thread_ends(s);
	return NULL;
}
