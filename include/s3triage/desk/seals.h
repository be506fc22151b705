/*
 * desk/seals: the files of seals in a folder: NAME.checkpoint and NAME.checkpoint.sig.
 */
#ifndef S3TRIAGE_DESK_SEALS_H
#define S3TRIAGE_DESK_SEALS_H

#include "s3triage/journal/seal.h"

/* One checkpoint as it lies there. */
struct seal_file {
	const char *path;
	struct buf text;
	struct checkpoint at;
	struct err wrong; /* it could not be read, or is no checkpoint */
};

/* The folder beside a journal, on the heap. */
char *seals_folder(const char *journal);

/* Every checkpoint of the folder, by name, which is by size; false when it cannot be read, or is not there
 * (errno). */
typedef void (*seal_file_fn)(void *ctx, const struct seal_file *f);
bool seals_each(const char *folder, seal_file_fn fn, void *ctx);

/* The signature of a checkpoint's file. */
bool seals_signature(const char *checkpoint, struct buf *out, struct err *err);

#endif
