/*
 * heads: what is known of the journal outside it: its last row at home, in its outbox, and under the name
 * that led to it before it became a link.
 */
#include "say.h"

#include "s3triage/base/file.h"
#include "s3triage/base/hash.h"
#include "s3triage/journal/outbox.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

char *desk_head_of(const struct desk *d, const char *place)
{
	char hash[SHA256_HEX];
	struct buf name = {0};
	AUTO(mem_free_ptr) char *state = file_state_dir(d->env, NULL);
	if (!state)
		return NULL;
	sha256_hex(str_c(place), hash);
	buf_fmt(&name, "%s/heads/%.32s.json", state, hash);
	return buf_take(&name);
}

char *desk_head_file(const struct desk *d, const char *journal)
{
	struct str path = str_c(journal), base = file_base(path);
	AUTO(mem_free_ptr) char *dir = base.n < path.n ?
		mem_dup(str_sub(path, 0, path.n - base.n)) : mem_dup(STR("."));
	AUTO(mem_free_ptr) char *real = realpath(journal, NULL);
	AUTO(mem_free_ptr) char *folder = real ? NULL : realpath(dir, NULL);
	AUTO(mem_free_ptr) char *whole = folder ? file_join(folder, base.p) : NULL;
	return desk_head_of(d, real ? real : whole ? whole : journal);
}

bool desk_known(const struct desk *d, struct journal_known known[DESK_KNOWN], struct err *err)
{
	known[0] = known[2] = (struct journal_known){0};
	outbox_known(d->journal_path, &known[1]);
	if (d->name_file && strcmp(d->name_file, d->head_file) != 0 &&
		!journal_known_read(d->name_file, &known[2], err))
		return false;
	if (d->head_file && !journal_known_read(d->head_file, &known[0], err)) {
		known[0] = (struct journal_known){0};
		return false;
	}
	for (size_t i = 1; i < DESK_KNOWN; i++)
		if (known[0].gone >= known[i].rows) /* of a journal that was told to be gone */
			known[i].rows = 0;
	return true;
}

bool desk_known_longest(const struct desk *d, struct journal_known *out, struct err *err)
{
	struct journal_known both[DESK_KNOWN];
	bool read = desk_known(d, both, err);
	*out = both[0];
	for (size_t i = 1; i < DESK_KNOWN; i++) {
		if (both[i].rows <= out->rows)
			continue;
		out->rows = both[i].rows;
		memcpy(out->head, both[i].head, sizeof(out->head));
	}
	return read;
}

bool desk_known_holds(const struct desk *d, size_t i, const struct journal_known *k,
	struct err *err)
{
	if (journal_known_holds(d->journal, k, err) || (i && journal_accepted(d->journal, k, false)))
		return true;
	err_where(err, d->journal_path, 0, 0);
	return i ? err_prefix(err, i == 1 ? "its outbox says" : "of the file that had this name before it led"
		" elsewhere") : false;
}

bool desk_gone_holds(const struct desk *d, struct journal_known known[DESK_KNOWN],
	struct err *err)
{
	desk_known(d, known, NULL);
	struct journal_known old = {.rows = known[0].gone};
	memcpy(old.head, known[0].gone_head, sizeof(old.head));
	bool holds = journal_gone_holds(d->journal, &known[0], err) || journal_accepted(d->journal, &old, false);
	known[0] = old;
	if (!holds)
		err_where(err, d->journal_path, 0, 0);
	return holds;
}

void desk_known_elsewhere(const struct desk *d, struct journal_known *out)
{
	char first[65];
	const struct dirent *e;
	*out = (struct journal_known){0};
	if (!d->head_file || !d->journal || !journal_first(d->journal, first, NULL) || !first[0])
		return;
	struct str own = file_base(str_c(d->head_file));
	AUTO(mem_free_ptr) char *dir = mem_dup((struct str){d->head_file, (size_t)(own.p - d->head_file)});
	DIR *heads = opendir(dir);
	while (heads && (e = readdir(heads))) {
		struct journal_known k;
		AUTO(mem_free_ptr) char *file = file_join(dir, e->d_name);
		if (str_ends(str_c(e->d_name), STR(".json")) && !str_eq(own, str_c(e->d_name)) &&
			journal_known_read(file, &k, NULL) && strcmp(k.first, first) == 0 && k.rows > out->rows)
			*out = k;
	}
	if (heads)
		closedir(heads);
}
