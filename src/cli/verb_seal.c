/*
 * seal: signs what the journal is now with the analyst's own SSH key, and hands out one row with the
 * proof that it was sealed.
 */
#include "seals.h"

#include "s3triage/base/file.h"
#include "s3triage/base/when.h"
#include "s3triage/net/sshsig.h"
#include "s3triage/net/stamp.h"
#include "s3triage/alert/content.h"

#include <errno.h>
#include <stdlib.h>

struct sealing {
	struct session s;
	struct seal_tree tree;
	struct journal_known known;
	struct checkpoint now;
	struct buf text, signature, stamp;
	char *folder;
	struct err split;     /* a seal that the journal no longer fits */
	char *newest;         /* the path of the newest seal that fits, for a proof */
	struct checkpoint at; /* and what it says */
};

/* A log must never sign two checkpoints that contradict each other. */
static void verb_seal_look_at(void *ctx, const struct seal_file *f)
{
	struct sealing *w = ctx;
	if (f->wrong.code || !str_is(str_c(f->at.origin), w->tree.origin))
		return;
	if (!seal_holds(&w->tree, &f->at, w->split.code ? NULL : &w->split))
		return;
	free(w->newest);
	w->newest = mem_dup(str_c(f->path));
	w->at = f->at;
}

static bool check_known(struct sealing *w, struct err *err)
{
	const struct journal_known *k = &w->known;
	AUTO(buf_fini) struct buf text = {0};
	struct checkpoint last;
	buf_fmt(&text, "%s\n%lld\n%s\n", k->origin, (long long)k->sealed, k->root);
	return !k->sealed || !str_is(str_c(k->origin), w->tree.origin) ||
		(checkpoint_read(buf_str(&text), &last, err) && seal_holds(&w->tree, &last, err));
}

/* What was sealed before: those that lie there, and the last that is remembered. */
static bool verb_seal_look_back(struct sealing *w, struct err *err)
{
	w->folder = seals_folder(w->s.desk.journal_path);
	if (!seals_each(w->folder, verb_seal_look_at, w) && errno != ENOENT)
		return err_set_errno(err, "cannot read %s", w->folder);
	return !w->s.desk.head_file || journal_known_read(w->s.desk.head_file, &w->known, err);
}

static bool verb_seal_load(struct sealing *w, const struct cli *cli, struct err *err)
{
	int64_t rows, broken;
	if (!session_init(&w->s, cli, WANT_CONFIG, err) || !session_journal(&w->s, cli, 0, err))
		return false;
	if (w->s.problems || !w->s.desk.journal)
		return err_set(err, ERR_INPUT, w->s.desk.journal ? "nothing is sealed before that is mended" :
			"there is no journal to seal");
	if (!journal_verify(w->s.desk.journal, &rows, &broken, NULL, err) ||
		!seal_tree_read(w->s.desk.journal, &w->tree, err))
		return false;
	if (!rows)
		return err_set(err, ERR_INPUT, "there is no row to seal");
	if (!verb_seal_look_back(w, err))
		return false;
	if (check_known(w, err) && !w->split.code)
		return true;
	if (w->split.code && err)
		*err = w->split;
	return err_prefix(err, "not sealed, for it would contradict an earlier seal");
}

/* --key, config.toml's, or the usual one that is there. On the heap. */
static char *verb_seal_key_of(const struct sealing *w, const struct cli *cli, struct err *err)
{
	struct config_seal c;
	static const char *const usual[] = {"id_ed25519", "id_ecdsa", "id_ed25519_sk", "id_rsa"};
	const char *home = env_get("HOME");
	config_seal(w->s.config, &c);
	if (cli->text[OPT_KEY])
		return mem_dup(str_c(cli->text[OPT_KEY]));
	if (c.key.n)
		return mem_dup(c.key);
	for (size_t i = 0; home && i < ARRAY_LEN(usual); i++) {
		struct buf path = {0};
		buf_fmt(&path, "%s/.ssh/%s", home, usual[i]);
		if (file_exists(buf_cstr(&path)))
			return buf_take(&path);
		buf_c(&path, ".pub"); /* an agent may have the other half */
		if (file_exists(buf_cstr(&path)))
			return buf_take(&path);
		buf_fini(&path);
	}
	err_set(err, ERR_USAGE, "say which SSH key signs: --key FILE (there is none of the usual names in"
		" ~/.ssh)");
	return NULL;
}

static bool verb_seal_place(
	const struct sealing *w, const char *folder, struct buf *path, struct err *err)
{
	struct buf sig = {0}, stamp = {0};
	buf_clear(path);
	buf_fmt(path, "%s/%010lld-%02x%02x%02x%02x.checkpoint", folder, (long long)w->now.size,
		w->now.root.b[0], w->now.root.b[1], w->now.root.b[2], w->now.root.b[3]);
	buf_fmt(&sig, "%s.sig", buf_cstr(path));
	buf_fmt(&stamp, "%s.tsr", buf_cstr(path));
	bool fine = file_mkdirs(folder, 0700, err) &&
		file_write(buf_cstr(&sig), buf_str(&w->signature), FILE_REPLACE | FILE_PRIVATE, err) &&
		(!w->stamp.n || file_write(buf_cstr(&stamp), buf_str(&w->stamp), FILE_REPLACE | FILE_PRIVATE,
			err)) &&
		file_write(buf_cstr(path), buf_str(&w->text), FILE_REPLACE | FILE_PRIVATE, err);
	buf_fini(&stamp);
	buf_fini(&sig);
	return fine;
}

static bool remember(struct sealing *w, struct err *err)
{
	struct str text = buf_str(&w->text);
	w->known.sealed = w->now.size;
	w->known.sealed_at = clock_now();
	snprintf(w->known.origin, sizeof(w->known.origin), "%s", w->now.origin);
	str_cut(&text, '\n');
	str_cut(&text, '\n');
	snprintf(w->known.root, sizeof(w->known.root), "%.*s", STR_ARG(str_trim(text)));
	return !w->s.desk.head_file ||
		journal_known_write(w->s.desk.head_file, w->s.desk.journal_path, &w->known, err);
}

static bool verb_seal_sign(
	struct sealing *w, const struct cli *cli, struct buf *path, struct err *err)
{
	const char *more = cli->text[OPT_OUTPUT];
	AUTO(mem_free_ptr) char *key = verb_seal_key_of(w, cli, err);
	const struct sshsig how = {.env = env_get, .name_space = SEAL_NAMESPACE, .key = key};
	seal_checkpoint(&w->tree, (int64_t)w->tree.tree.n[0], &w->now);
	checkpoint_write(&w->now, &w->text);
	/* Remembered before it is out: one that was signed and not remembered could be contradicted. */
	if (!key || !sshsig_sign(&how, buf_str(&w->text), &w->signature, err) || !remember(w, err))
		return false;
	/* Without the stamp it is a seal all the same: it is kept, and the failure told. */
	bool stamped = !cli->text[OPT_TSA] ||
		stamp_ask(cli->text[OPT_TSA], buf_str(&w->signature), &w->stamp, err);
	return (!more || verb_seal_place(w, more, path, err)) &&
	       verb_seal_place(w, w->folder, path, err) &&
	       (stamped || err_prefix(err, "sealed as %s, but", buf_cstr(path)));
}

static void tell_sealed(const struct sealing *w, const struct cli *cli, const char *path)
{
	struct str root = str_c(w->known.root);
	AUTO(buf_fini) struct buf line = {0};
	if (cli->text[OPT_JSON]) {
		struct members m = members_open(&line, '{');
		member_int(&m, "rows", w->now.size);
		member_text(&m, "origin", str_c(w->now.origin));
		member_text(&m, "root", root);
		member_text(&m, "file", str_c(path));
		print_members(&m);
	} else
		printf("sealed %lld row%s, root %.*s: %s and its .sig\n", (long long)w->now.size,
			plural((unsigned long long)w->now.size), STR_ARG(root), path);
}

/* ---- one row with its proof --------------------------------------------------------------- */

#define ROW "row:"

/* The newest decision of an id; with digits, of what they stand for alone. */
struct wanted {
	struct arena mem;
	struct str digits;
	struct content only; /* what the digits stand for */
	bool several;        /* digits that are too few */
	size_t others;       /* decisions on something else than the one before */
	int64_t seq;
	struct content newest;
};

static void find_content(void *ctx, const struct decision *d)
{
	struct wanted *w = ctx;
	struct content c;
	char digest[CONTENT_DIGEST];
	content_of_facts(d->facts, &w->mem, &c);
	content_digest(&c, digest);
	if (!w->digits.n || !str_starts(str_c(digest), w->digits))
		return;
	w->several |= content_known(&w->only) && content_differs(&w->only, &c);
	w->only = c;
}

static void last_row(void *ctx, const struct decision *d)
{
	struct wanted *w = ctx;
	struct content c;
	content_of_facts(d->facts, &w->mem, &c);
	if (w->digits.n && (!content_known(&w->only) || content_differs(&w->only, &c)))
		return;
	w->others += w->seq && content_differs(&w->newest, &c);
	w->newest = c;
	w->seq = d->seq;
}

static bool find_newest(struct sealing *s, struct str id, struct wanted *w, struct err *err)
{
	return (!w->digits.n || journal_history(s->s.desk.journal, id, find_content, w, err)) &&
		journal_history(s->s.desk.journal, id, last_row, w, err);
}

/* By the whole id, by "ID~digits" as list shows one of several things that have an id, or by the start
 * of an id that no other alert has. */
static bool find_decision(struct sealing *s, struct str word, struct wanted *w, struct err *err)
{
	AUTO(buf_fini) struct buf whole = {0};
	size_t n = 0, mark = str_rfind_char(word, '~');
	struct str given = word;
	if (!find_newest(s, word, w, err))
		return false;
	if (!w->seq && mark != STR_NONE) {
		w->digits = str_sub(word, mark + 1, word.n);
		word = str_sub(word, 0, mark);
		if (w->digits.n && !find_newest(s, word, w, err))
			return false;
	}
	if (!w->seq && !w->digits.n && word.n >= START_MIN &&
		(!journal_find(s->s.desk.journal, word, &whole, &n, err) ||
		(n == 1 && !find_newest(s, buf_str(&whole), w, err))))
		return false;
	if (w->others)
		fprintf(stderr, "s3triage: this id was decided on with several contents: row %lld is the newest"
			" decision; for another say --proof ID~digits or " ROW "N, see s3triage history\n",
			(long long)w->seq);
	if (w->several)
		return err_set(err, ERR_INPUT, "'~%.*s' stands for several contents that were decided on; write"
			" more of the digits, or " ROW "N", STR_ARG(str_sub(w->digits, 0, 70)));
	return w->seq || err_set(err, ERR_INPUT, "no decision about '%.*s', or of more than one alert",
		STR_ARG(str_sub(given, 0, 80)));
}

static bool verb_seal_find_row(struct sealing *s, const char *word, int64_t *seq, struct err *err)
{
	struct wanted w = {0};
	int64_t rows = (int64_t)s->tree.tree.n[0];
	if (str_starts(str_c(word), STR(ROW))) {
		if (str_int(str_c(word + sizeof(ROW) - 1), seq) && *seq > 0 && *seq <= rows)
			return true;
		return err_set(err, ERR_INPUT, "'%.80s': the journal has rows 1 to %lld", word, (long long)rows);
	}
	bool fine = find_decision(s, str_c(word), &w, err);
	*seq = w.seq;
	arena_fini(&w.mem);
	return fine;
}

static bool proof(struct sealing *w, const struct cli *cli, struct err *err)
{
	AUTO(buf_fini) struct buf out = {0}, signature = {0};
	int64_t seq;
	if (!verb_seal_find_row(w, cli->text[OPT_PROOF], &seq, err))
		return false;
	if (!w->newest || w->at.size < seq)
		return err_set(err, ERR_INPUT, "row %lld is not sealed yet: s3triage seal", (long long)seq);
	if (!seal_proof_write(&w->tree, &w->at, seq, &out, err) ||
		!seals_signature(w->newest, &signature, err))
		return false;
	buf_char(&out, '\n');
	buf_add(&out, buf_str(&signature));
	return output_write(cli, buf_str(&out), err);
}

static bool seal_it(struct sealing *w, const struct cli *cli, struct err *err)
{
	AUTO(buf_fini) struct buf path = {0};
	if (!verb_seal_load(w, cli, err))
		return false;
	if (cli->text[OPT_PROOF])
		return proof(w, cli, err);
	if (!verb_seal_sign(w, cli, &path, err))
		return false;
	tell_sealed(w, cli, buf_cstr(&path));
	return true;
}

static void sealing_fini(struct sealing *w)
{
	session_fini(&w->s);
	merkle_fini(&w->tree.tree);
	buf_fini(&w->text);
	buf_fini(&w->signature);
	buf_fini(&w->stamp);
	free(w->folder);
	free(w->newest);
}

static int verb_seal(struct cli *cli)
{
	struct sealing w = {0};
	struct err err = {0};
	if (cli->n_words)
		return cli_usage("seal takes no words; --proof ID hands out one alert's newest decision,"
			" --proof row:N any row");
	bool fine = seal_it(&w, cli, &err);
	sealing_fini(&w);
	return fine ? EXIT_FINE : cli_fail(&err);
}

const struct verb_row seal_verb = {
	.name = "seal",
	.synopsis = "[-o DIR] | --proof ID [-o FILE]",
	.help = "sign the journal as it is, with your own SSH key",
	.example = "s3triage seal -o ~/audit/",
	.run = verb_seal,
	TAKES(OPT_JSON, OPT_OUTPUT, OPT_FORCE, OPT_JOURNAL, OPT_KEY, OPT_TSA, OPT_PROOF,
		OPT_CONFIG),
	.opens = WANT_CONFIG,
};

static bool is_due(const struct session *s, bool leaving)
{
	struct config_seal c;
	struct journal_known known;
	int64_t rows = 0, bound;
	char head[65];
	const struct desk *d = &s->desk;
	if (!d->journal || !s->config || !d->head_file || !journal_head(d->journal, &rows, head, NULL) ||
		!journal_known_read(d->head_file, &known, NULL) || rows <= known.sealed)
		return false;
	config_seal(s->config, &c);
	return (leaving && c.on_exit) || (c.after.n && when_bound(c.after, clock_now(), &bound, NULL) &&
		known.sealed_at <= bound);
}

void seal_when_due(const struct session *s, const struct cli *cli, bool leaving)
{
	AUTO(buf_fini) struct buf path = {0};
	struct sealing w = {0};
	struct err err = {0};
	if (!is_due(s, leaving))
		return;
	if (verb_seal_load(&w, cli, &err) && verb_seal_sign(&w, cli, &path, &err))
		fprintf(stderr, "sealed %lld row%s: %s\n", (long long)w.now.size,
			plural((unsigned long long)w.now.size), buf_cstr(&path));
	else
		cli_fail(&err);
	sealing_fini(&w);
}
