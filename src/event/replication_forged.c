/*
 * replication_forged: accounts that the text of the map string names and no destination has. That text
 * has no quoting: a prefix, a tag or a rule's id that holds "Account=" looks like a destination there.
 * Where the trusted form holds these very words as plain text, as prefixes of data lakes do
 * (lake/Account=ledger/dt=2026-05-04/), nothing is forged; text that imitates structure is.
 */
#include "replication_priv.h"

#include "s3triage/base/vec.h"

#include <stdlib.h>
#include <string.h>

enum { NAMED_MAX = 3, VALUE_MAX = 80, SCANNED_MAX = 2048 };

static const char named_key[] = "Account=";

/* What stands behind each "Account=" of plain texts, sorted. */
struct words {
	struct str *v;
	size_t n, cap;
};

/* The text behind "Account=", of a list the first one, up to what can end a value. */
static struct str named_at(struct str text)
{
	if (text.n && text.p[0] == '[')
		text = str_sub(text, 1, text.n);
	size_t n = 0;
	while (n < text.n && !strchr(",}]", text.p[n]))
		n++;
	return str_trim(str_sub(text, 0, n));
}

/* Goes behind the next "Account="; false when there is none. */
static bool next_named(struct str *text)
{
	size_t at = str_find(*text, str_c(named_key));
	if (at == STR_NONE)
		return false;
	*text = str_sub(*text, at + sizeof(named_key) - 1, text->n);
	return true;
}

/* A bracket, or a comma and a blank with "key=" behind it: in the map string it would be structure. */
static bool imitates(struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (strchr("{}[]", text.p[i]))
			return true;
		if (!str_starts(str_sub(text, i, text.n), STR(", ")))
			continue;
		size_t end = i + 2;
		while (end < text.n && !strchr(" ,=", text.p[end]))
			end++;
		if (end > i + 2 && end < text.n && text.p[end] == '=')
			return true;
	}
	return false;
}

static void collect_words(const struct json *v, struct words *out)
{
	struct str text = json_str(v);
	if (str_find(text, str_c(named_key)) != STR_NONE && !imitates(text))
		while (out->n < SCANNED_MAX && next_named(&text)) {
			out->v = vec_room(out->v, out->n, &out->cap, sizeof(*out->v));
			out->v[out->n++] = named_at(text);
		}
	for (const struct json *m = json_first(v); m; m = json_next(m))
		collect_words(m, out);
}

static int words_compare(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static bool is_vouched(const struct words *w, struct str text)
{
	return w->n && bsearch(&text, w->v, w->n, sizeof(*w->v), words_compare);
}

/* The forms that can vouch for a name, and what was said already. */
struct naming {
	const struct request_facts *trusted, *string;
	struct words words;
	struct arena mem;
	struct str said[NAMED_MAX];
	size_t n;
	bool in_text;
};

static bool is_account_of(const struct request_facts *f, struct str account)
{
	for (size_t i = 0; i < f->n_rules; i++)
		if (str_eq(f->rules[i].account.n ? f->rules[i].account : f->rules[i].account_text, account))
			return true;
	return false;
}

/* Nothing vouches for it; each is said once. */
static bool is_forged(struct naming *is, struct str written)
{
	struct str account = account_normal(written, &is->mem);
	account = account.n ? account : written;
	if (account.n && (is_account_of(is->trusted, account) || is_account_of(is->string, account)))
		return false;
	if (is_vouched(&is->words, written)) {
		is->in_text = true;
		return false;
	}
	for (size_t i = 0; i < is->n; i++)
		if (str_eq(is->said[i], account))
			return false;
	is->said[is->n++] = account;
	return true;
}

bool form_forged(const struct request_facts *trusted, const struct request_facts *string,
	const struct json *request, struct str text, struct buf *out)
{
	struct naming is = {.trusted = trusted, .string = string};
	if (str_find(text, str_c(named_key)) != STR_NONE)
		collect_words(request, &is.words);
	if (is.words.n)
		qsort(is.words.v, is.words.n, sizeof(*is.words.v), words_compare);
	for (size_t scanned = 0; scanned < SCANNED_MAX && is.n < NAMED_MAX && next_named(&text); scanned++) {
		struct str written = named_at(text);
		if (written.p + written.n == text.p + text.n)
			break; /* the text is cut there */
		if (!is_forged(&is, written))
			continue;
		buf_fmt(out, "%sthe string form holds \"Account=%.*s\" where no destination has it",
			out->n ? "; " : "", STR_ARG(text_cut(written, VALUE_MAX)));
	}
	free(is.words.v);
	arena_fini(&is.mem);
	return is.in_text;
}
