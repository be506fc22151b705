/*
 * limit: what a scan cannot beat, for scan.sh to compare with.
 *   limit scan THREADS FILE TEXT    plain reads into one buffer a thread, and a search for TEXT
 *   limit gunzip THREADS DIR        every .gz file below DIR unpacked whole by libdeflate
 * Prints how many bytes (and hits) there were. Nothing is parsed.
 */
#include "../../src/scan/needle.h"

#include "s3triage/base/file.h"
#include "s3triage/base/mem.h"

#include <fcntl.h>
#include <ftw.h>
#include <libdeflate.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STEP = 128 << 10, PART = 8 << 20, UNPACKED = 128 << 20 };

struct work {
	const char *path;
	struct needles needle;
	char **files;
	size_t n;
	atomic_size_t next; /* part or file */
	atomic_ullong bytes, hits;
};

static unsigned long long hits_in(const struct needles *s, const char *p, size_t n)
{
	unsigned long long hits = 0;
	for (size_t at = 0, found; at < n; at += found + 1, hits++) {
		found = needles_find(s, p + at, n - at);
		if (found == STR_NONE)
			break;
	}
	return hits;
}

static void *scan(void *arg)
{
	struct work *w = arg;
	int fd = open(w->path, O_RDONLY | O_CLOEXEC);
	AUTO(mem_free_ptr) char *buf = mem_resize(NULL, STEP, 1);
	for (;;) {
		unsigned long long at = (unsigned long long)atomic_fetch_add(&w->next, 1) * PART, end = at + PART;
		for (ssize_t n; at < end && (n = pread(fd, buf, STEP, (off_t)at)) > 0; at += (size_t)n) {
			atomic_fetch_add(&w->bytes, (size_t)n);
			atomic_fetch_add(&w->hits, hits_in(&w->needle, buf, (size_t)n));
		}
		if (at < end)
			break;
	}
	close(fd);
	return NULL;
}

static void *gunzip(void *arg)
{
	struct work *w = arg;
	struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
	AUTO(mem_free_ptr) char *out = mem_resize(NULL, UNPACKED, 1);
	AUTO(buf_fini) struct buf in = {0};
	for (size_t i; (i = atomic_fetch_add(&w->next, 1)) < w->n;) {
		size_t made = 0;
		buf_clear(&in);
		if (!file_read(w->files[i], &in, NULL) ||
			libdeflate_gzip_decompress(d, in.p, in.n, out, UNPACKED, &made) != LIBDEFLATE_SUCCESS)
			fprintf(stderr, "cannot unpack %s\n", w->files[i]);
		atomic_fetch_add(&w->bytes, made);
	}
	libdeflate_free_decompressor(d);
	return NULL;
}

static struct work *collecting; /* nftw() hands nothing on */

static int collect(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)at;
	if (kind != FTW_F || !str_ends(str_c(path), STR(".gz")))
		return 0;
	collecting->files = mem_resize(collecting->files, collecting->n + 1, sizeof(char *));
	collecting->files[collecting->n++] = mem_dup(str_c(path));
	return 0;
}

int main(int argc, char **argv)
{
	bool files = argc == 4 && strcmp(argv[1], "gunzip") == 0;
	if (!files && (argc != 5 || strcmp(argv[1], "scan") != 0)) {
		fputs("usage: limit scan THREADS FILE TEXT | limit gunzip THREADS DIR\n", stderr);
		return 2;
	}
	static struct work w;
	pthread_t threads[64];
	long n = strtol(argv[2], NULL, 10);
	n = n < 1 ? 1 : n > 64 ? 64 : n;
	w.path = argv[3];
	collecting = &w;
	if (files)
		nftw(w.path, collect, 16, FTW_PHYS);
	else
		needles_one(&w.needle, str_c(argv[4]));
	for (long i = 0; i < n; i++)
		if (pthread_create(&threads[i], NULL, files ? gunzip : scan, &w))
			return 1;
	for (long i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
	printf("%llu bytes, %llu hits\n", atomic_load(&w.bytes), atomic_load(&w.hits));
	for (size_t i = 0; i < w.n; i++)
		free(w.files[i]);
	free(w.files);
	return 0;
}
