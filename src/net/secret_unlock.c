/*
 * secret_unlock: finds what a profile needs to be let in, and refuses to send it in the clear.
 */
#include "profile_priv.h"

#include <string.h>

/* "user:password", or what was found as it is. A line break would end the header line. */
static bool secret_unlock_keep(struct profile *p, struct str found, struct err *err)
{
	AUTO(buf_fini) struct buf whole = {0};
	found = str_trim(found);
	if (!secret_check(found, err))
		return false;
	if (p->target.auth == HTTP_AUTH_BASIC && p->user.n)
		buf_fmt(&whole, "%.*s:", STR_ARG(p->user));
	else if (p->target.auth == HTTP_AUTH_BASIC && str_find_char(found, ':') == STR_NONE)
		return err_set(err, ERR_INPUT, "auth = \"basic\" needs a `user`, or a secret \"user:password\"");
	buf_add(&whole, found);
	secret_wipe(&p->secret);
	p->secret = mem_dup(buf_str(&whole));
	p->target.secret = str_c(p->secret);
	explicit_bzero(whole.p, whole.n);
	return true;
}

/* A source by URL has no profile to say it. */
static void from_usual_env(struct profile *p, env_fn env, struct buf *out)
{
	const char *key = env("S3TRIAGE_API_KEY"), *user = env("S3TRIAGE_USER"),
		   *password = env("S3TRIAGE_PASSWORD");
	if (key && *key) {
		p->target.auth = HTTP_AUTH_APIKEY;
		buf_c(out, key);
	} else if (user && *user && password) {
		p->target.auth = HTTP_AUTH_BASIC;
		p->user = arena_str(&p->mem, str_c(user));
		buf_c(out, password);
	}
}

static bool unlock(struct profile *p, env_fn env, struct err *err)
{
	AUTO(buf_fini) struct buf found = {0};
	if (p->target.auth == HTTP_AUTH_SIGV4)
		return aws_unlock(p, env, err);
	const struct secret_place place = {p->secret_env, p->secret_file, p->secret_command,
		p->stop};
	bool named = p->secret_env.n || p->secret_file.n || p->secret_command.n;
	if (!named && !p->file.n)
		from_usual_env(p, env, &found);
	if (p->target.auth == HTTP_AUTH_NONE)
		return true;
	bool ok = (!named || secret_fetch(&place, env, &found, err)) &&
		  secret_unlock_keep(p, buf_str(&found), err);
	if (found.p)
		explicit_bzero(found.p, found.n);
	return ok;
}

/* Whoever listens in between could be the analyst from then on. */
static bool may_leave(const struct profile *p, struct err *err)
{
	if (p->target.auth == HTTP_AUTH_NONE || p->target.insecure || !http_clear(p->target.url))
		return true;
	return err_set(err, ERR_INPUT, "http:// would send the credentials unencrypted: write https:// in "
		"`url`, or accept it with insecure = true or --insecure");
}

bool profile_unlock(struct profile *p, env_fn env, struct err *err)
{
	if (tls_unlock(p, env, err) && unlock(p, env, err) && may_leave(p, err))
		return true;
	if (p->file.n) {
		AUTO(mem_free_ptr) char *file = mem_dup(p->file);
		err_where(err, file, p->line, 0);
	}
	return err_prefix(err, "%.*s", STR_ARG(p->name));
}

struct http *profile_http(struct profile *p, env_fn env, struct err *err)
{
	return profile_unlock(p, env, err) ? http_new(&p->target, err) : NULL;
}
