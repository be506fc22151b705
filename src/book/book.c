/*
 * book: the accounts that are known, by id; conflicts between lists.
 */
#include "book_priv.h"

#include "s3triage/base/intern.h"
#include "s3triage/base/vec.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct book {
	struct book_entry **v; /* in order of reading */
	size_t n, cap;
	struct table table;    /* by account */
	struct book_file *files;
	size_t n_files;
	struct err **problems;
	size_t n_problems;     /* all; only the first BOOK_PROBLEMS_MAX are kept */
	struct intern words;
	struct arena mem;
};

/* ---- names -------------------------------------------------------------------------------- */

static const char *const kind_names[ACCOUNT_KINDS] = {"unknown", "organisation", "approved", "vendor",
	"flagged"};

const char *account_kind_name(enum account_kind k)
{
	return (unsigned)k < ACCOUNT_KINDS ? kind_names[k] : "unknown";
}

bool account_kind_parse(struct str text, enum account_kind *out)
{
	for (int i = 0; i < ACCOUNT_KINDS; i++) {
		if (str_eq_fold(text, str_c(kind_names[i]))) {
			*out = (enum account_kind)i;
			return true;
		}
	}
	if (!str_eq_fold(text, STR("organization")))
		return false;
	*out = ACCOUNT_ORGANISATION;
	return true;
}

/* ---- the table ---------------------------------------------------------------------------- */

struct book *book_new(void)
{
	return mem_alloc(sizeof(struct book));
}

void book_free(struct book *b)
{
	if (!b)
		return;
	for (size_t i = 0; i < b->n_problems && i < BOOK_PROBLEMS_MAX; i++)
		free(b->problems[i]);
	free(b->problems);
	free(b->files);
	table_fini(&b->table);
	free(b->v);
	intern_fini(&b->words);
	arena_fini(&b->mem);
	free(b);
}

static bool book_same(const void *owner, uint32_t at, const void *key)
{
	return str_eq(((const struct book *)owner)->v[at]->account, *(const struct str *)key);
}

static struct book_entry *book_entry_of(const struct book *b, struct str account)
{
	const struct table_key key = {str_hash(account), &account, book_same, b};
	uint32_t at = table_find(&b->table, &key);
	return at == TABLE_NONE ? NULL : b->v[at];
}

const struct book_entry *book_find(const struct book *b, struct str account)
{
	return book_entry_of(b, account);
}

enum account_kind book_kind(const struct book *b, struct str account)
{
	const struct book_entry *e = b ? book_entry_of(b, account) : NULL;
	return !e || (e->state.n && e->kind == ACCOUNT_ORGANISATION) ? ACCOUNT_UNKNOWN : e->kind;
}

struct str book_kind_shown(const struct book_entry *e, char out[BOOK_SHOWN_MAX])
{
	size_t n = 0;
	if (!e || !e->state.n || e->kind != ACCOUNT_ORGANISATION)
		return str_c(account_kind_name(e ? e->kind : ACCOUNT_UNKNOWN));
	if (str_starts(e->state, STR("PENDING_")))
		return str_is(e->state, "PENDING_CLOSURE") ? STR("closing") : STR("not yet active");
	for (; n < e->state.n && n < BOOK_SHOWN_MAX; n++)
		out[n] = e->state.p[n] >= 'A' && e->state.p[n] <= 'Z' ? (char)(e->state.p[n] + 32) : e->state.p[n];
	return (struct str){out, n};
}

size_t book_count(const struct book *b)
{
	return b->n;
}

const struct book_entry *book_at(const struct book *b, size_t i)
{
	return b->v[i];
}

size_t book_files(const struct book *b)
{
	return b->n_files;
}

const struct book_file *book_file_at(const struct book *b, size_t i)
{
	return &b->files[i];
}

size_t book_problems(const struct book *b)
{
	return b->n_problems;
}

const struct err *book_problem_at(const struct book *b, size_t i)
{
	return i < b->n_problems && i < BOOK_PROBLEMS_MAX ? b->problems[i] : NULL;
}

/* ---- offers ------------------------------------------------------------------------------- */

void book_offer(struct reading *r, const struct offer *o)
{
	if (r->n >= BOOK_ACCOUNTS_MAX) {
		r->full = true;
		return;
	}
	r->v = vec_room(r->v, r->n, &r->cap, sizeof(*r->v));
	r->v[r->n++] = *o;
}

void book_wrong(struct reading *r, unsigned long line, const char *fmt, ...)
{
	char text[300];
	va_list args;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	book_offer(r, &(struct offer){.line = line, .wrong = arena_str(&r->mem, str_c(text)).p});
}

static void book_tell(
	struct book *b, const struct book_file *f, unsigned long line, const char *text)
{
	if (b->n_problems++ >= BOOK_PROBLEMS_MAX)
		return;
	b->problems = mem_resize(b->problems, b->n_problems, sizeof(*b->problems));
	struct err *err = mem_alloc(sizeof(*err));
	b->problems[b->n_problems - 1] = err;
	char path[sizeof(err->file)];
	snprintf(path, sizeof(path), "%.*s", STR_ARG(f->path));
	err_where(err, path, line, 0);
	err_set(err, ERR_INPUT, "%s", text);
}

struct str book_account(struct str text, char out[12])
{
	struct str s = str_trim(text);
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '-' && s.n == 14 && (i == 4 || i == 9))
			continue;
		if (n == 12 || s.p[i] < '0' || s.p[i] > '9')
			return (struct str){0};
		out[n++] = s.p[i];
	}
	bool zeros = str_is((struct str){out, n}, "000000000000");
	return n == 12 && !zeros ? (struct str){out, n} : (struct str){0};
}

static void tell_malformed(struct book *b, struct book_file *f, const struct offer *o)
{
	char text[300];
	struct str id = str_sub(str_trim(o->account), 0, 60);
	bool short_id = str_digits(id) && id.n < 12;
	snprintf(text, sizeof(text), "'%.*s' is no account: an account id has 12 digits%s",
		STR_ARG(id), short_id ? "; a program may have taken zeros from its start" : "");
	f->malformed++;
	book_tell(b, f, o->line, text);
}

/* A text as the book keeps it: cut between characters. */
static struct str kept(struct book *b, struct str s)
{
	s = str_trim(s);
	size_t n = s.n < BOOK_TEXT_MAX ? s.n : BOOK_TEXT_MAX;
	while (n < s.n && n && ((unsigned char)s.p[n] & 0xc0) == 0x80)
		n--;
	return intern(&b->words, str_sub(s, 0, n));
}

static void book_add(
	struct book *b, const struct book_file *f, const struct offer *o, struct str account)
{
	struct book_entry *e = arena_alloc(&b->mem, sizeof(*e));
	*e = (struct book_entry){.account = arena_str(&b->mem, account), .name = kept(b, o->name),
		.owner = kept(b, o->owner), .note = kept(b, o->note), .source = kept(b, o->source),
		.kind = o->kind, .state = kept(b, o->state), .file = f->path, .line = o->line};
	b->v = vec_room(b->v, b->n, &b->cap, sizeof(*b->v));
	table_put(&b->table, str_hash(e->account), (uint32_t)b->n);
	b->v[b->n++] = e;
}

static bool gives_way(enum account_kind k)
{
	return k == ACCOUNT_UNKNOWN || k == ACCOUNT_VENDOR;
}

static bool is_conflict(const struct book_entry *e, const struct offer *o)
{
	struct str name = str_trim(o->name);
	if (e->kind == o->kind)
		return name.n && e->name.n && !str_eq(str_sub(name, 0, BOOK_TEXT_MAX), e->name);
	if (gives_way(e->kind) && gives_way(o->kind))
		return false;
	/* A vendor may be agreed on; the organisation's own it cannot be. */
	return (!gives_way(e->kind) && !gives_way(o->kind)) ||
		(e->kind == ACCOUNT_VENDOR && o->kind == ACCOUNT_ORGANISATION) ||
		(e->kind == ACCOUNT_ORGANISATION && o->kind == ACCOUNT_VENDOR);
}

/* The new entry's kind replaces the one that is known. */
static bool is_stronger(const struct book_entry *e, const struct offer *o)
{
	return e->kind != o->kind && o->kind != ACCOUNT_UNKNOWN && gives_way(e->kind);
}

static void tell_conflict(struct book *b, const struct book_file *f, const struct book_entry *e,
	const struct offer *o)
{
	char text[400];
	struct str name = str_sub(str_trim(o->name), 0, 60), known = str_sub(e->name, 0, 60);
	bool wins = is_stronger(e, o) || (o->kind == ACCOUNT_FLAGGED && e->kind != ACCOUNT_FLAGGED);
	snprintf(text, sizeof(text), "%.*s is %s \"%.*s\" here, but %s \"%.*s\" in %.*s:%lu; %s stands",
		STR_ARG(e->account), account_kind_name(o->kind), STR_ARG(name),
		account_kind_name(e->kind), STR_ARG(known), STR_ARG(str_sub(e->file, 0, 100)),
		e->line, wins ? account_kind_name(o->kind) : "the latter");
	book_tell(b, f, o->line, text);
}

/* What an entry lacks comes from the new one; a stronger kind brings its texts along. */
static void book_merge(struct book *b, const struct book_file *f, struct book_entry *e,
	const struct offer *o)
{
	bool stronger = is_stronger(e, o);
	struct str *const to[] = {&e->name, &e->owner, &e->note, &e->source};
	const struct str from[] = {o->name, o->owner, o->note, o->source};
	for (size_t i = 0; i < ARRAY_LEN(to); i++)
		if (str_trim(from[i]).n && (stronger || !to[i]->n))
			*to[i] = kept(b, from[i]);
	if (o->state.n)
		e->state = kept(b, o->state);
	if (stronger || o->kind == ACCOUNT_FLAGGED) {
		e->kind = o->kind;
		e->file = f->path;
		e->line = o->line;
	}
}

static void book_take_offer(struct book *b, struct book_file *f, struct offer *o)
{
	char digits[12];
	struct str account = book_account(o->account, digits);
	if (!account.n) {
		tell_malformed(b, f, o);
		return;
	}
	struct str kind = str_trim(o->kind_text);
	if (kind.n && !account_kind_parse(kind, &o->kind)) {
		char text[200];
		snprintf(text, sizeof(text), "there is no kind '%.*s', %.*s is taken as unknown; it is"
			" organisation, approved, vendor, flagged or unknown",
			STR_ARG(str_sub(kind, 0, 60)), STR_ARG(account));
		o->kind = ACCOUNT_UNKNOWN;
		f->malformed++;
		book_tell(b, f, o->line, text);
	}
	struct book_entry *e = book_entry_of(b, account);
	f->accounts++;
	if (!e) {
		book_add(b, f, o, account);
		return;
	}
	bool conflict = is_conflict(e, o);
	*(conflict ? &f->conflicts : &f->repeated) += 1;
	if (conflict)
		tell_conflict(b, f, e, o);
	book_merge(b, f, e, o);
}

void book_take(struct book *b, struct reading *r)
{
	b->files = mem_resize(b->files, b->n_files + 1, sizeof(*b->files));
	struct book_file *f = &b->files[b->n_files++];
	*f = (struct book_file){.path = intern(&b->words, str_c(r->path)), .format = r->format};
	for (size_t i = 0; i < r->n; i++) {
		if (r->v[i].wrong) {
			f->malformed += !r->v[i].remark;
			book_tell(b, f, r->v[i].line, r->v[i].wrong);
		} else {
			book_take_offer(b, f, &r->v[i]);
		}
	}
	if (r->full)
		book_tell(b, f, 0, "more entries than a book can have; the rest is left out");
}
