/*
 * clusters: which sources are clusters, and their profiles.
 */
#include "cli_priv.h"

#include "s3triage/base/file.h"
#include "s3triage/base/mem.h"

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
	bool fetch = cli->verb == VERB_INDEX_fetch; /* `fetch prod` is enough there */
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
		p->target.insecure |= cli->text[OPT_INSECURE] != NULL;
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

void cluster_banner(const struct session *s, struct buf *out)
{
	for (size_t i = 0; i < s->n_clusters; i++)
		if (s->clusters[i]->target.insecure)
			buf_fmt(out, "%s%.*s", out->n ? ", " : "TLS NOT VERIFIED: ",
				STR_ARG(s->clusters[i]->name));
}
