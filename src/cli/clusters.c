/*
 * clusters: which sources are clusters, and their profiles.
 */
#include "cli_priv.h"

#include "s3triage/base/file.h"
#include "s3triage/base/mem.h"

#include <stdio.h>
#include <string.h>

/* "prod:" is a file only when there is one and no such profile. */
static bool find_profile(struct session *s, const struct cli *cli, const char *word,
	struct profile **out, struct err *err)
{
	struct str name = str_c(word);
	if (!session_config(s, cli, err))
		return false;
	name.n -= str_ends(name, STR(":"));
	*out = config_profile(s->config, name);
	if (*out || file_exists(word))
		return true;
	return err_set(err, ERR_USAGE,
		"there is no [profile.%.*s] in config.toml (a file of that name is ./%s)",
		STR_ARG(name), word);
}

static bool find_cluster(struct session *s, const struct cli *cli, const char *word,
	struct profile **out, struct err *err)
{
	struct str name;
	bool fetch = cli->verb->ways & VERB_PROFILES; /* `fetch prod` is enough there */
	*out = NULL;
	switch (source_word(str_c(word), &name)) {
	case WORD_FILE:
		return !fetch || file_exists(word) || find_profile(s, cli, word, out, err);
	case WORD_PROFILE:
		return find_profile(s, cli, word, out, err);
	case WORD_URL:
		*out = profile_new_url(str_c(word), err);
		return *out != NULL;
	}
	return false;
}

bool clusters_take(struct session *s, const struct cli *cli, const char **words, size_t *n,
	struct err *err)
{
	size_t kept = 0;
	for (size_t i = 0; i < *n; i++) {
		struct profile *p;
		if (!find_cluster(s, cli, words[i], &p, err))
			return false;
		if (!p) {
			words[kept++] = words[i];
			continue;
		}
		if (s->n_clusters == SCAN_LIVE_MAX)
			return err_set(err, ERR_USAGE, "more than %d clusters", SCAN_LIVE_MAX);
		cluster_use(p, cli);
		s->clusters[s->n_clusters++] = p;
	}
	*n = kept;
	return true;
}

/* Those of config.toml belong to the configuration. */
void clusters_fini(struct session *s)
{
	for (size_t i = 0; i < s->n_clusters; i++)
		if (!s->clusters[i]->file.n)
			profile_free(s->clusters[i]);
	s->n_clusters = 0;
}

void cluster_use(struct profile *p, const struct cli *cli)
{
	p->target.insecure |= cli->text[OPT_INSECURE] != NULL;
}

void cluster_warn(const struct profile *p)
{
	const char *what = profile_unsafe(p);
	if (what)
		fprintf(stderr, "s3triage: warning: %.*s: %s: %s\n", STR_ARG(p->name), what,
			http_clear(p->target.url)
				? "everybody on the way can read and change what is sent; use https://"
				: "this may be another server; set ca_file or ca_fingerprint instead of insecure");
}

static void add_name(const struct profile *p, const char *what, size_t *n, struct buf *out)
{
	const char *own = profile_unsafe(p);
	if (!own || strcmp(own, what) != 0)
		return;
	if (!(*n)++)
		buf_fmt(out, "%s%s: ", out->n ? "; " : "", what);
	else
		buf_c(out, ", ");
	buf_add(out, p->name);
}

/* A profile that is read from and written to is named once. */
static bool is_source(const struct session *s, const struct profile *p)
{
	for (size_t i = 0; i < s->n_clusters; i++)
		if (str_eq(s->clusters[i]->name, p->name))
			return true;
	return false;
}

void cluster_banner(const struct session *s, const struct config *sends, struct buf *out)
{
	static const char *const kinds[] = {"TLS NOT VERIFIED", "NOT ENCRYPTED"};
	for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
		size_t n = 0;
		for (size_t i = 0; i < s->n_clusters; i++)
			add_name(s->clusters[i], kinds[k], &n, out);
		for (size_t i = 0; sends && i < config_profiles(sends); i++) {
			const struct profile *p = config_profile_list(sends)[i];
			if (p->write.kind && !is_source(s, p))
				add_name(p, kinds[k], &n, out);
		}
	}
}
