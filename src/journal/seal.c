/*
 * seal: checkpoints and proofs as text. Reads rows through journal_priv.h; keys, files and clocks are
 * others' business.
 */
#include "s3triage/journal/seal.h"

#include "journal_priv.h"
#include "s3triage/base/base64.h"

#include <stdio.h>
#include <string.h>

#define ORIGIN "s3triage/journal/"
#define PROOF "c2sp.org/tlog-proof@v1\n"
#define ARMOUR "-----BEGIN SSH SIGNATURE-----"
#define ARMOUR_END "\n-----END SSH SIGNATURE-----"

void checkpoint_write(const struct checkpoint *c, struct buf *out)
{
	buf_fmt(out, "%s\n%lld\n", c->origin, (long long)c->size);
	base64_add((struct str){(const char *)c->root.b, MERKLE_HASH}, out);
	buf_char(out, '\n');
}

static bool read_hash(struct str line, struct merkle_hash *out)
{
	AUTO(buf_fini) struct buf b = {0};
	if (!base64_read(line, &b) || b.n != MERKLE_HASH)
		return false;
	memcpy(out->b, b.p, MERKLE_HASH);
	return true;
}

bool checkpoint_read(struct str text, struct checkpoint *out, struct err *err)
{
	struct str rest = text, origin = str_cut(&rest, '\n'), size = str_cut(&rest, '\n'),
		root = str_cut(&rest, '\n');
	*out = (struct checkpoint){0};
	snprintf(out->origin, sizeof(out->origin), "%.*s", STR_ARG(origin));
	AUTO(buf_fini) struct buf again = {0};
	if (str_starts(origin, STR(ORIGIN)) && origin.n < sizeof(out->origin) &&
		str_int(size, &out->size) && out->size > 0 && read_hash(root, &out->root)) {
		checkpoint_write(out, &again);
		if (str_eq(buf_str(&again), text))
			return true;
	}
	return err_set(err, ERR_PARSE, "this is no checkpoint of a journal: three lines were expected, "
		ORIGIN "..., a number of rows and a base64 root");
}

/* ---- the tree ----------------------------------------------------------------------------- */

/* What a row's hash is over. */
static void row_bytes(sqlite3_stmt *st, struct buf *out)
{
	struct str fields[JOURNAL_ALL];
	for (int i = 0; i < JOURNAL_ALL; i++)
		fields[i] = journal_text(st, i);
	buf_clear(out);
	journal_row_bytes(fields[COL_PREV], fields, out);
}

bool seal_tree_read(struct journal *j, struct seal_tree *out, struct err *err)
{
	AUTO(buf_fini) struct buf bytes = {0};
	AUTO(journal_finalize) sqlite3_stmt *st = journal_prepare(j,
		"SELECT " JOURNAL_COLUMNS " FROM record ORDER BY seq", err);
	int code = SQLITE_DONE;
	*out = (struct seal_tree){.journal = j};
	while (st && (code = sqlite3_step(st)) == SQLITE_ROW) {
		struct merkle_hash leaf;
		int64_t seq = sqlite3_column_int64(st, COL_SEQ);
		bool anew = str_is(journal_text(st, COL_KIND), KIND_HEAD_ACCEPTED);
		row_bytes(st, &bytes);
		merkle_leaf(buf_str(&bytes), &leaf);
		merkle_add(&out->tree, &leaf);
		if (anew || out->tree.n[0] == 1)
			snprintf(out->origin, sizeof(out->origin), ORIGIN "%.*s",
				STR_ARG(journal_text(st, COL_HASH)));
		if (anew)
			out->epoch = seq;
	}
	return st && (code == SQLITE_DONE || journal_fail(j, err, "cannot read the journal"));
}

void seal_checkpoint(const struct seal_tree *t, int64_t size, struct checkpoint *out)
{
	*out = (struct checkpoint){.size = size};
	memcpy(out->origin, t->origin, sizeof(out->origin));
	merkle_root(&t->tree, (size_t)size, &out->root);
}

bool seal_holds(const struct seal_tree *t, const struct checkpoint *c, struct err *err)
{
	struct merkle_hash root;
	bool one = c->size == 1;
	if (c->size < 1 || (uint64_t)c->size > t->tree.n[0])
		return err_set(err, ERR_CONFLICT, "%lld row%s sealed, and there are only %zu: the end was"
			" cut off, or this is an older copy", (long long)c->size, one ? " was" : "s were",
			t->tree.n[0]);
	merkle_root(&t->tree, (size_t)c->size, &root);
	return memcmp(root.b, c->root.b, MERKLE_HASH) == 0 ||
		err_set(err, ERR_CONFLICT, "the first %lld row%s sealed: rewritten, or this is another"
			" journal", (long long)c->size, one ? " is not the one that was" : "s are not those that were");
}

/* ---- proofs ------------------------------------------------------------------------------- */

static bool seal_find_row(struct journal *j, int64_t seq, struct buf *bytes, struct err *err)
{
	AUTO(journal_finalize) sqlite3_stmt *st = journal_prepare(j,
		"SELECT " JOURNAL_COLUMNS " FROM record WHERE seq = ?1", err);
	if (!st)
		return false;
	sqlite3_bind_int64(st, 1, seq);
	if (sqlite3_step(st) != SQLITE_ROW)
		return err_set(err, ERR_INPUT, "there is no row %lld", (long long)seq);
	row_bytes(st, bytes);
	return true;
}

bool seal_leaf(struct journal *j, int64_t seq, char out[65], struct err *err)
{
	AUTO(buf_fini) struct buf bytes = {0};
	struct merkle_hash leaf = {0};
	if (seq && !seal_find_row(j, seq, &bytes, err))
		return false;
	if (seq)
		merkle_leaf(buf_str(&bytes), &leaf);
	for (size_t i = 0; i < MERKLE_HASH; i++)
		snprintf(out + 2 * i, 3, "%02x", leaf.b[i]);
	return true;
}

bool seal_proof_write(const struct seal_tree *t, const struct checkpoint *c, int64_t seq,
	struct buf *out, struct err *err)
{
	AUTO(buf_fini) struct buf bytes = {0};
	struct merkle_hash path[MERKLE_PATH];
	if (seq > c->size)
		return err_set(err, ERR_INPUT, "row %lld is not sealed", (long long)seq);
	if (!seal_find_row(t->journal, seq, &bytes, err))
		return false;
	buf_c(out, PROOF "extra ");
	base64_add(buf_str(&bytes), out);
	buf_fmt(out, "\nindex %lld\n", (long long)seq - 1);
	size_t n = merkle_path(&t->tree, (size_t)seq - 1, (size_t)c->size, path);
	for (size_t i = 0; i < n; i++) {
		base64_add((struct str){(const char *)path[i].b, MERKLE_HASH}, out);
		buf_char(out, '\n');
	}
	buf_char(out, '\n');
	checkpoint_write(c, out);
	return true;
}

bool seal_proof_is(struct str text)
{
	return str_starts(text, STR(PROOF));
}

/* One "12:text," of a row. */
static bool take_field(struct str *rest, struct str *out)
{
	int64_t n;
	struct str length = str_cut(rest, ':');
	if (!str_digits(length) || !str_int(length, &n) || (uint64_t)n >= rest->n || rest->p[n] != ',')
		return false;
	*out = str_sub(*rest, 0, (size_t)n);
	*rest = str_sub(*rest, (size_t)n + 1, rest->n);
	return true;
}

static bool seal_read_row(struct str bytes, size_t index, struct seal_proof *out)
{
	struct str rest = str_sub(bytes, SHA256_HEX - 1, bytes.n);
	int64_t seq;
	out->prev = str_sub(bytes, 0, SHA256_HEX - 1);
	for (size_t i = 0; i < SEAL_FIELDS; i++)
		if (!take_field(&rest, &out->fields[i]))
			return false;
	return !rest.n && str_int(out->fields[COL_SEQ], &seq) && (uint64_t)seq == index + 1;
}

/* The lines up to the empty one. */
static bool read_path(struct str *rest, struct str *row, struct merkle_proof *p)
{
	int64_t index = -1;
	struct str line = str_cut(rest, '\n');
	if (!str_starts(line, STR("extra ")))
		return false;
	*row = str_sub(line, 6, line.n);
	line = str_cut(rest, '\n');
	if (!str_starts(line, STR("index ")) || !str_int(str_sub(line, 6, line.n), &index) || index < 0)
		return false;
	p->index = (size_t)index;
	while ((line = str_cut(rest, '\n')).n)
		if (p->n == MERKLE_PATH || !read_hash(line, &p->path[p->n++]))
			return false;
	return true;
}

bool seal_proof_read(struct str text, struct arena *mem, struct seal_proof *out, struct err *err)
{
	AUTO(buf_fini) struct buf bytes = {0};
	struct merkle_proof p = {0};
	struct merkle_hash leaf;
	struct str rest = str_sub(text, sizeof(PROOF) - 1, text.n), row = {0};
	*out = (struct seal_proof){0};
	size_t armour = str_find(rest, STR("\n" ARMOUR));
	if (!seal_proof_is(text) || armour == STR_NONE)
		return err_set(err, ERR_PARSE, "this is no proof of s3triage, or its signature is gone");
	out->signature = str_sub(rest, armour + 1, rest.n);
	if (str_find(out->signature, STR(ARMOUR_END)) + sizeof(ARMOUR_END) - 1 != str_trim(out->signature).n)
		return err_set(err, ERR_CONFLICT, "something stands behind the signature, which nobody signed");
	rest = str_sub(rest, 0, armour);
	if (!read_path(&rest, &row, &p) || !base64_read(row, &bytes))
		return err_set(err, ERR_PARSE, "the row or the path of the proof is damaged");
	out->checkpoint = rest;
	if (!checkpoint_read(rest, &out->at, err))
		return false;
	p.size = (size_t)out->at.size;
	merkle_leaf(buf_str(&bytes), &leaf);
	if (!merkle_check(&p, &leaf, &out->at.root) ||
		!seal_read_row(arena_str(mem, buf_str(&bytes)), p.index, out))
		return err_set(err, ERR_CONFLICT, "this row is not in what was sealed: it was changed, or the"
			" proof is another row's");
	return true;
}
