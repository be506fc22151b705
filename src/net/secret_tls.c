/*
 * secret_tls: the files that TLS needs are looked at before a request is made, because libcurl's
 * words about them are few. Owns the passphrase of the client's key.
 */
#include "profile_priv.h"

#include <stdlib.h>
#include <string.h>

static bool secret_tls_readable(const char *what, struct str path, struct buf *out, struct err *err)
{
	AUTO(mem_free_ptr) char *name = mem_dup(path);
	if (!path.n)
		return true;
	buf_init(out, 1 << 20);
	return (file_guarded(name, 0, err) && file_read(name, out, err)) || err_prefix(err, "%s", what);
}

static bool encrypted(struct str key)
{
	return str_find(key, STR("BEGIN ENCRYPTED PRIVATE KEY")) != STR_NONE ||
		str_find(key, STR("Proc-Type: 4,ENCRYPTED")) != STR_NONE;
}

/* A key that is not encrypted is a secret like any other. */
static bool check_key(const struct profile *p, struct str key, struct err *err)
{
	struct str path = p->target.client_key.n ? p->target.client_key : p->target.client_cert;
	AUTO(mem_free_ptr) char *name = mem_dup(path);
	if (str_find(key, STR("PRIVATE KEY")) == STR_NONE)
		return true; /* PKCS#12, or a key that is elsewhere: libcurl will say */
	if (encrypted(key))
		return p->target.client_pass.n || err_set(err, ERR_INPUT, "the key in %s has a passphrase: set "
			"client_key_secret_env, client_key_secret_file or client_key_secret_command", name);
	return file_guarded(name, FILE_PRIVATE, err) || err_prefix(err, "client_key");
}

static bool take_pass(struct profile *p, env_fn env, struct err *err)
{
	AUTO(buf_fini) struct buf found = {0};
	const struct secret_place place = {p->pass_env, p->pass_file, p->pass_command, p->stop};
	if (!place.env.n && !place.file.n && !place.command.n)
		return true;
	bool ok = secret_fetch(&place, env, &found, err) && secret_check(str_trim(buf_str(&found)), err);
	if (ok) {
		secret_wipe(&p->pass);
		p->pass = mem_dup(str_trim(buf_str(&found)));
		p->target.client_pass = str_c(p->pass);
	}
	if (found.p)
		explicit_bzero(found.p, found.n);
	return ok || err_prefix(err, "client_key_secret");
}

bool tls_unlock(struct profile *p, env_fn env, struct err *err)
{
	AUTO(buf_fini) struct buf ca = {0}, cert = {0}, key = {0};
	const struct http_target *t = &p->target;
	if (!secret_tls_readable("ca_file", t->ca_file, &ca, err) ||
		!secret_tls_readable("client_cert", t->client_cert, &cert, err) ||
		!secret_tls_readable("client_key", t->client_key, &key, err) ||
		!take_pass(p, env, err))
		return false;
	bool ok = !t->client_cert.n || check_key(p, buf_str(t->client_key.n ? &key : &cert), err);
	if (cert.p)
		explicit_bzero(cert.p, cert.n);
	if (key.p)
		explicit_bzero(key.p, key.n);
	return ok;
}
