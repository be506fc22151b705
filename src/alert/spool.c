/*
 * spool: blocks of 1 MiB; the oldest go to an unlinked file of mode 0600 once there are too many.
 */
#include "spool_priv.h"

#include "s3triage/base/mem.h"
#include "s3triage/base/vec.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void spool_init(struct spool *s)
{
	*s = (struct spool){.fd = -1};
}

void spool_fini(struct spool *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(s->blocks[i]);
	free(s->blocks);
	if (s->fd >= 0)
		close(s->fd);
	spool_init(s);
}

/* /var/tmp before /tmp: the latter is often memory again. */
static int open_unlinked(void)
{
	static const char *const folders[] = {"/var/tmp", "/tmp"};
	for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
		int fd = open(folders[i], O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600);
		if (fd >= 0)
			return fd;
	}
	char name[] = "/tmp/s3triage-spool-......";
	memset(name + sizeof(name) - 7, 'X', 6);
	int fd = mkostemp(name, O_CLOEXEC);
	if (fd >= 0)
		unlink(name);
	return fd;
}

static bool write_all(int fd, const char *p, size_t n, off_t at)
{
	while (n) {
		ssize_t w = pwrite(fd, p, n, at);
		if (w < 0 && errno == EINTR)
			continue;
		if (w <= 0)
			return false;
		p += w;
		n -= (size_t)w;
		at += w;
	}
	return true;
}

/* Moves the oldest resident block to the file; returns its memory, NULL when that failed. */
static char *evict(struct spool *s)
{
	if (s->no_file)
		return NULL;
	if (s->fd < 0)
		s->fd = open_unlinked();
	char *block = s->blocks[s->first_resident];
	off_t at = (off_t)(s->first_resident * SPOOL_BLOCK);
	if (s->fd < 0 || !write_all(s->fd, block, SPOOL_BLOCK, at)) {
		s->no_file = true;
		return NULL;
	}
	s->blocks[s->first_resident++] = NULL;
	return block;
}

static void add_block(struct spool *s)
{
	size_t max = s->resident_max ? s->resident_max : SPOOL_RESIDENT;
	char *block = s->n - s->first_resident >= max ? evict(s) : NULL;
	s->blocks = vec_room(s->blocks, s->n, &s->cap, sizeof(*s->blocks));
	s->blocks[s->n++] = block ? block : mem_alloc(SPOOL_BLOCK);
}

uint64_t spool_add(struct spool *s, struct str bytes)
{
	uint64_t start = s->size;
	while (bytes.n) {
		size_t used = (size_t)(s->size % SPOOL_BLOCK);
		if (s->size / SPOOL_BLOCK == s->n)
			add_block(s);
		struct str part = str_sub(bytes, 0, SPOOL_BLOCK - used);
		memcpy(s->blocks[s->n - 1] + used, part.p, part.n);
		s->size += part.n;
		bytes = str_sub(bytes, part.n, bytes.n);
	}
	return start;
}

static bool spool_read_file(const struct spool *s, off_t at, struct buf *out, size_t n)
{
	char *to = buf_room(out, n);
	if (!to)
		return false;
	for (size_t done = 0; done < n;) {
		ssize_t r = pread(s->fd, to + done, n - done, at + (off_t)done);
		if (r < 0 && errno == EINTR)
			continue;
		if (r == 0)
			errno = EIO;
		if (r <= 0)
			return false;
		done += (size_t)r;
	}
	out->n += n;
	out->p[out->n] = '\0';
	return true;
}

bool spool_read(const struct spool *s, uint64_t at, size_t n, struct buf *out, struct err *err)
{
	if (at > s->size || n > s->size - at)
		return err_set(err, ERR_INPUT, "no raw record is kept at this place");
	while (n) {
		size_t used = (size_t)(at % SPOOL_BLOCK);
		size_t part = n < SPOOL_BLOCK - used ? n : SPOOL_BLOCK - used;
		const char *block = s->blocks[at / SPOOL_BLOCK];
		if (block)
			buf_add(out, (struct str){block + used, part});
		else if (!spool_read_file(s, (off_t)at, out, part) && !out->over)
			return err_set_errno(err, "cannot read the raw record back");
		if (out->over)
			return err_set(err, ERR_LIMIT, "the raw record is too large to show");
		at += part;
		n -= part;
	}
	return true;
}
