/*
 * packed: owns what libarchive holds and the window of the entry at hand. Of libarchive only that
 * one reader is switched on which the first bytes ask for; another program is never run for it.
 */
#include "packed.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/utf8.h"

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { ENTRIES_MOST = 10000000, NAME_MOST = 1000 };

struct packed {
	struct archive *a;
	struct archive_entry *entry;
	enum packing kind;
	struct input *in;
	locale_t utf8;              /* in which names are read, whatever the user's is; or 0 */
	struct feed feed;
	struct buf name;
	struct err err;
	unsigned long long from;    /* where in its feed the archive begins */
	unsigned long long entries; /* so far */
	const char *block;          /* of the entry at hand: unpacked and not taken yet */
	size_t block_n;
	unsigned long long block_at, made; /* where in the entry; how far it was taken */
	bool ends;                  /* nothing can be read behind this entry */
	size_t zeros;               /* at the end of what was handed to libarchive */
	bool table;                 /* a ZIP archive is read by the table at its end */
	bool no_table;              /* which is not there, or damaged */
	bool told;                  /* something of it was damaged, and that was said */
	bool secret;                /* an entry was told to be encrypted */
	bool far;                   /* the entry has no more blocks */
};

static void count_zeros(struct packed *p, const char *block, size_t n)
{
	size_t zeros = 0;
	while (zeros < n && block[n - zeros - 1] == 0)
		zeros++;
	p->zeros = zeros == n ? p->zeros + n : zeros;
}

static la_ssize_t read_bytes(struct archive *a, void *ctx, const void **out)
{
	struct packed *p = ctx;
	struct feed *f = &p->in->feed;
	(void)a;
	if (p->in->stop && atomic_load_explicit(p->in->stop, memory_order_relaxed))
		return 0;
	if (f->pos == f->end && feed_more(f) != FEED_MORE)
		return 0;
	size_t n = f->end - f->pos;
	*out = f->buf + f->pos;
	f->pos = f->end;
	if (p->kind == PACKING_TAR)
		count_zeros(p, *out, n);
	return (la_ssize_t)n;
}

static la_int64_t seek_bytes(struct archive *a, void *ctx, la_int64_t by, int whence)
{
	struct packed *p = ctx;
	struct input *in = p->in;
	la_int64_t from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? (la_int64_t)feed_at(&in->feed)
								      : (la_int64_t)input_size(in);
	(void)a;
	if (by < -from || !input_seek(in, (unsigned long long)(from + by)))
		return ARCHIVE_FATAL;
	return from + by;
}

/* ARCHIVE_WARN would mean that libarchive runs a program for it. */
static bool choose_reader(struct archive *a, enum packing kind, bool table)
{
	static int (*const choose[PACKING_COUNT])(struct archive *) = {
		[PACKING_BZIP2] = archive_read_support_filter_bzip2,
		[PACKING_XZ] = archive_read_support_filter_xz,
		[PACKING_LZMA] = archive_read_support_filter_lzma,
		[PACKING_LZIP] = archive_read_support_filter_lzip,
		[PACKING_ZSTD] = archive_read_support_filter_zstd,
		[PACKING_LZ4] = archive_read_support_filter_lz4,
		[PACKING_COMPRESS] = archive_read_support_filter_compress,
		[PACKING_ZIP] = archive_read_support_format_zip_streamable,
		[PACKING_SEVENZIP] = archive_read_support_format_7zip,
		[PACKING_TAR] = archive_read_support_format_tar,
	};
	bool raw = kind < PACKING_ZIP;
	if (table)
		return archive_read_support_format_zip_seekable(a) == ARCHIVE_OK;
	return choose[kind] && choose[kind](a) == ARCHIVE_OK &&
		(!raw || archive_read_support_format_raw(a) == ARCHIVE_OK);
}

/* 7z has its table at its end: what cannot go back is taken into the window first. */
static bool take_whole(struct input *in)
{
	struct feed *f = &in->feed;
	enum feed_more more;
	f->keeping = true;
	f->keep = 0;
	while ((more = feed_more(f)) == FEED_MORE)
		;
	f->keeping = false;
	return more == FEED_END;
}

static bool packed_refuse(struct packed *p, const char *what)
{
	const char *why = archive_error_string(p->a);
	if (p->in->failed)
		return false; /* and that is told */
	if (archive_read_has_encrypted_entries(p->a) == 1)
		return p->secret || err_set(&p->err, ERR_INPUT, "is encrypted and was not read; unpack it with its "
			"password");
	p->told = true;
	return err_set(&p->err, ERR_PARSE, "%s%s%s; what lies before it was read", what, why ? ": " : "",
		why ? why : "");
}

static bool open_reader(struct packed *p, struct err *err)
{
	p->a = archive_read_new();
	if (!p->a || !choose_reader(p->a, p->kind, p->table))
		return err_set(err, ERR_INPUT, "is packed with %s, which the libarchive of this system does not read",
			packing_name(p->kind));
	if (input_seekable(p->in))
		archive_read_set_seek_callback(p->a, seek_bytes);
	if (p->kind == PACKING_TAR)
		archive_read_set_options(p->a, "tar:read_concatenated_archives");
	if (archive_read_open2(p->a, p, NULL, read_bytes, NULL, NULL) >= ARCHIVE_WARN)
		return true;
	return err_set(err, ERR_PARSE, "is no readable %s: %s", packing_name(p->kind), archive_error_string(p->a));
}

/* A ZIP archive without its table, as a cut one is, still has each file behind a header of its own. */
static bool without_table(struct packed *p, struct err *err)
{
	archive_read_free(p->a);
	p->table = false;
	p->no_table = true;
	if (!input_seek(p->in, p->from))
		return false;
	*err = (struct err){0};
	return open_reader(p, err);
}

static bool packed_begin(struct packed *p, struct err *err)
{
	if (p->kind == PACKING_SEVENZIP && !input_seekable(p->in) && !take_whole(p->in))
		return err_set(err, ERR_LIMIT, "is a 7z archive within another or in a pipe, and larger than 64 MiB; "
			"unpack it or name it as a file");
	p->table = p->kind == PACKING_ZIP && input_seekable(p->in);
	return open_reader(p, err) || (p->table && without_table(p, err));
}

struct packed *packed_open(enum packing kind, struct input *in, struct err *err)
{
	struct packed *p = mem_alloc(sizeof(*p));
	p->kind = kind;
	p->in = in;
	p->from = feed_at(&in->feed);
	if (kind >= PACKING_ZIP)
		p->utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	if (packed_begin(p, err))
		return p;
	packed_close(p);
	return NULL;
}

void packed_close(struct packed *p)
{
	archive_read_free(p->a);
	if (p->utf8)
		freelocale(p->utf8);
	feed_fini(&p->feed);
	buf_fini(&p->name);
	free(p);
}

/* Names come from whoever packed it: of any length, with any byte. They are shown, never opened. */
static void read_name(struct packed *p)
{
	const char *name = archive_entry_pathname(p->entry);
	if (!name)
		name = archive_entry_pathname_utf8(p->entry);
	buf_clear(&p->name);
	if (p->kind < PACKING_ZIP)
		return;
	if (!name || !*name) {
		buf_fmt(&p->name, "entry %llu", p->entries);
		return;
	}
	struct str s = str_c(name);
	utf8_visible(&p->name, str_sub(s, 0, NAME_MOST), false);
	if (s.n > NAME_MOST)
		buf_c(&p->name, "…");
}

/* What a system leaves beside the files. A folder's name hides nothing in an archive that somebody made. */
static bool is_hidden(struct str name)
{
	size_t slash = str_rfind_char(name, '/');
	return str_starts(str_sub(name, slash == STR_NONE ? 0 : slash + 1, name.n), STR("."));
}

/* archive_read_data() would drop what it has when an error comes with it. False at the end. */
static bool next_block(struct packed *p)
{
	const void *block;
	la_int64_t at;
	int r = archive_read_data_block(p->a, &block, &p->block_n, &at);
	p->block = block;
	p->block_at = at < 0 ? 0 : (unsigned long long)at;
	if (r == ARCHIVE_OK)
		return true;
	p->far = true;
	p->block_n = 0;
	if (r == ARCHIVE_EOF)
		return false;
	p->feed.cut = true;
	p->ends = r == ARCHIVE_FATAL;
	return packed_refuse(p, "is damaged or cut");
}

/* What a sparse file leaves out are zeros. */
static size_t take_block(struct packed *p, char *out, size_t room)
{
	if (p->made < p->block_at) {
		size_t n = p->block_at - p->made < room ? (size_t)(p->block_at - p->made) : room;
		memset(out, 0, n);
		return n;
	}
	size_t n = p->block_n < room ? p->block_n : room;
	if (n)
		memcpy(out, p->block, n);
	p->block += n;
	p->block_n -= n;
	p->block_at += n;
	return n;
}

static ssize_t fill_entry(void *ctx, char *out, size_t room)
{
	struct packed *p = ctx;
	while (!p->block_n)
		if (p->far || !next_block(p))
			return 0;
	size_t n = take_block(p, out, room);
	p->made += n;
	if (n && !input_may_unpack(p->in, n)) {
		p->feed.cut = p->ends = p->far = true;
		return 0;
	}
	return (ssize_t)n;
}

/* Of some kinds libarchive passes over what follows the packed data. */
static void tell_rest(struct packed *p)
{
	struct feed *f = &p->in->feed;
	la_int64_t used = archive_filter_bytes(p->a, -1);
	if (p->err.code || p->ends || used < 0)
		return;
	while (f->pos == f->end && feed_more(f) == FEED_MORE)
		;
	unsigned long long rest = f->base + f->end - p->from - (unsigned long long)used;
	if (rest)
		err_set(&p->err, ERR_PARSE, "bytes that are no %s follow at byte %lld of the packed data, and were not "
			"read", packing_name(p->kind), (long long)used);
}

/* What the taker left. A seek or a jump costs nothing; what must be unpacked counts as unpacked. */
static void drain(struct packed *p)
{
	char dropped[16 << 10];
	if (!p->entry || p->far || p->ends)
		return;
	if (p->kind < PACKING_ZIP) {
		p->ends = true; /* there is nothing behind it */
		return;
	}
	if (p->kind == PACKING_TAR || (p->kind == PACKING_ZIP && input_seekable(p->in)))
		return;
	while (!(p->in->stop && atomic_load_explicit(p->in->stop, memory_order_relaxed)) &&
		fill_entry(p, dropped, sizeof(dropped)) > 0)
		;
}

/* Of names in UTF-8 libarchive leaves nothing where the locale has no such letters. */
static int next_header(struct packed *p)
{
	if (p->entries >= ENTRIES_MOST)
		return ARCHIVE_EOF;
	locale_t was = p->utf8 ? uselocale(p->utf8) : (locale_t)0;
	int r = archive_read_next_header(p->a, &p->entry);
	if (was)
		uselocale(was);
	return r;
}

/* An archive that was cut between two files looks whole but for its end. */
static void tell_end(struct packed *p)
{
	enum { TAR_BLOCK = 512 };
	if (p->kind < PACKING_ZIP)
		tell_rest(p);
	else if (p->no_table && p->entries && !p->told)
		err_set(&p->err, ERR_PARSE, "has no table of its files at its end, or a damaged one: it was read "
			"from its beginning, and files that were cut off are missing");
	else if (p->kind == PACKING_TAR && p->zeros < TAR_BLOCK && !p->in->failed)
		err_set(&p->err, ERR_PARSE, "does not end as a tar archive does: it may be cut, and files that were "
			"cut off are missing");
}

static bool header(struct packed *p)
{
	struct err err;
	int r = next_header(p);
	if (r == ARCHIVE_FATAL && p->table && !p->entries && without_table(p, &err))
		r = next_header(p);
	if (p->entries == ENTRIES_MOST)
		err_set(&p->err, ERR_LIMIT, "holds more than %d files: those behind them were not read", ENTRIES_MOST);
	if (r == ARCHIVE_RETRY || r == ARCHIVE_FAILED || r == ARCHIVE_FATAL)
		packed_refuse(p, "is damaged or cut");
	if (r == ARCHIVE_OK || r == ARCHIVE_WARN)
		return ++p->entries;
	p->entry = NULL;
	if (r == ARCHIVE_EOF && !p->err.code)
		tell_end(p);
	return false;
}

static enum packed_entry kind_of(struct packed *p)
{
	mode_t type = archive_entry_filetype(p->entry);
	if (archive_entry_is_encrypted(p->entry)) {
		p->secret = p->far = true;
		return PACKED_ENCRYPTED;
	}
	if ((type && type != S_IFREG) || archive_entry_hardlink(p->entry))
		return PACKED_SPECIAL;
	return is_hidden(buf_str(&p->name)) ? PACKED_HIDDEN : PACKED_TEXT;
}

enum packed_entry packed_next(struct packed *p)
{
	p->err = (struct err){0};
	drain(p);
	if (!p->ends) /* of what nobody wanted to read */
		p->err = (struct err){0};
	do {
		if (p->ends || !header(p))
			return PACKED_END;
	} while (archive_entry_filetype(p->entry) == S_IFDIR);
	read_name(p);
	p->far = false;
	p->block_n = p->block_at = p->made = 0;
	feed_stream(&p->feed, 0, fill_entry, p);
	return kind_of(p);
}

unsigned long long packed_count(const struct packed *p)
{
	return p->entries;
}

struct str packed_name(const struct packed *p)
{
	return buf_str(&p->name);
}

unsigned long long packed_size(const struct packed *p)
{
	la_int64_t n = archive_entry_size_is_set(p->entry) ? archive_entry_size(p->entry) : 0;
	return n > 0 ? (unsigned long long)n : 0;
}

struct feed *packed_feed(struct packed *p)
{
	return &p->feed;
}

const struct err *packed_err(const struct packed *p)
{
	return &p->err;
}
