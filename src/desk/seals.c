/*
 * seals: reading the folder of seals. Judges nothing.
 */
#include "s3triage/desk/seals.h"

#include "s3triage/base/file.h"

#include <dirent.h>
#include <stdlib.h>

#define END ".checkpoint"

char *seals_folder(const char *journal)
{
	struct buf b = {0};
	buf_fmt(&b, "%s.seals", journal);
	return buf_take(&b);
}

static int is_seal(const struct dirent *e)
{
	return str_ends(str_c(e->d_name), STR(END));
}

static void seals_read_one(const char *folder, const char *name, seal_file_fn fn, void *ctx)
{
	AUTO(mem_free_ptr) char *path = file_join(folder, name);
	struct seal_file f = {.path = path, .text = {.max = SEAL_TEXT_MAX}};
	if (file_read(path, &f.text, &f.wrong))
		checkpoint_read(buf_str(&f.text), &f.at, &f.wrong);
	fn(ctx, &f);
	buf_fini(&f.text);
}

bool seals_each(const char *folder, seal_file_fn fn, void *ctx)
{
	struct dirent **names;
	int n = scandir(folder, &names, is_seal, alphasort);
	for (int i = 0; i < n; i++) {
		seals_read_one(folder, names[i]->d_name, fn, ctx);
		free(names[i]);
	}
	if (n >= 0)
		free(names);
	return n >= 0;
}

bool seals_signature(const char *checkpoint, struct buf *out, struct err *err)
{
	AUTO(buf_fini) struct buf path = {0};
	buf_fmt(&path, "%s.sig", checkpoint);
	out->max = SEAL_TEXT_MAX * 4;
	return file_read(buf_cstr(&path), out, err);
}
