/*
 * profile_url: a cluster named by its URL on the command line, and Cloud IDs.
 */
#include "profile_priv.h"

#include <string.h>

static bool take_kind(struct str *word, enum profile_kind *kind)
{
	static const struct {
		struct str prefix;
		enum profile_kind kind;
	} rows[] = {
		{STR_INIT("es+"), PROFILE_ELASTICSEARCH},
		{STR_INIT("elasticsearch+"), PROFILE_ELASTICSEARCH},
		{STR_INIT("os+"), PROFILE_OPENSEARCH},
		{STR_INIT("opensearch+"), PROFILE_OPENSEARCH},
		{STR_INIT("kibana+"), PROFILE_KIBANA},
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (!str_starts(*word, rows[i].prefix))
			continue;
		*kind = rows[i].kind;
		*word = str_sub(*word, rows[i].prefix.n, word->n);
		return true;
	}
	return false;
}

static int url_hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 32;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* As it is called: requests encode names themselves. */
static struct str url_decoded(struct profile *p, struct str s)
{
	char *to = arena_alloc(&p->mem, s.n);
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++) {
		bool code = s.p[i] == '%' && i + 2 < s.n && url_hex(s.p[i + 1]) >= 0 && url_hex(s.p[i + 2]) >= 0;
		to[n++] = code ? (char)(url_hex(s.p[i + 1]) * 16 + url_hex(s.p[i + 2])) : s.p[i];
		i += code ? 2 : 0;
	}
	return (struct str){to, n};
}

/* Behind the host: /INDEX, or for Kibana /BASE and /s/SPACE. */
static void take_path(struct profile *p, struct str url, size_t host_end)
{
	struct str path = str_sub(url, host_end, url.n);
	while (path.n && path.p[path.n - 1] == '/')
		path.n--;
	p->target.url = str_sub(url, 0, host_end + path.n);
	size_t at = p->kind == PROFILE_KIBANA ? str_find(path, STR("/s/")) : str_rfind_char(path, '/');
	if (at == STR_NONE)
		return;
	p->target.url.n = host_end + at;
	if (p->kind == PROFILE_KIBANA)
		p->space = url_decoded(p, str_sub(path, at + 3, path.n));
	else
		p->index = url_decoded(p, str_sub(path, at + 1, path.n));
}

static bool read_url(struct profile *p, struct str word, struct err *err)
{
	struct str url = arena_str(&p->mem, word);
	if (!take_kind(&url, &p->kind))
		return err_set(err, ERR_USAGE, "the URL needs es+, opensearch+ or kibana+ before it");
	size_t start = str_find(url, STR("://"));
	if (start == STR_NONE)
		return err_set(err, ERR_USAGE, "the URL has no ://");
	struct str rest = str_sub(url, start + 3, url.n);
	size_t slash = str_find_char(rest, '/');
	size_t end = slash == STR_NONE ? url.n : start + 3 + slash;
	if (str_find_char(rest, '@') != STR_NONE)
		return err_set(err, ERR_USAGE,
			"credentials do not belong into a URL, where everybody can read them; set "
			"S3TRIAGE_API_KEY, or S3TRIAGE_USER and S3TRIAGE_PASSWORD");
	p->name = str_sub(url, start + 3, end);
	take_path(p, url, end);
	return profile_finish(p, err);
}

struct profile *profile_new_url(struct str word, struct err *err)
{
	struct profile *p = mem_alloc(sizeof(*p));
	if (read_url(p, word, err))
		return p;
	if (err)
		err->code = ERR_USAGE;
	profile_free(p);
	return NULL;
}
