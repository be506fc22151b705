/*
 * secret_aws: AWS keys from the environment, or from a section of the shared credentials file.
 */
#include "profile_priv.h"

#include "s3triage/event/json.h"

#include <stdlib.h>
#include <string.h>

static void take_pair(struct str line, struct aws_keys *out)
{
	struct str value = line, key = str_trim(str_cut(&value, '='));
	const struct {
		const char *name;
		struct str *to;
	} rows[] = {{"aws_access_key_id", &out->key_id}, {"aws_secret_access_key", &out->secret},
		{"aws_session_token", &out->session_token}, {"region", &out->region}};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (str_is(key, rows[i].name))
			*rows[i].to = str_trim(value);
}

bool aws_section(struct str text, struct str section, struct aws_keys *out)
{
	bool inside = false;
	*out = (struct aws_keys){0};
	while (text.n) {
		struct str line = str_trim(str_cut(&text, '\n'));
		if (!line.n || line.p[0] == '#' || line.p[0] == ';')
			continue;
		if (line.p[0] == '[') {
			struct str rest = str_sub(line, 1, line.n);
			inside = str_eq(str_trim(str_cut(&rest, ']')), section);
		} else if (inside) {
			take_pair(line, out);
		}
	}
	return out->key_id.n && out->secret.n;
}

static void keep(struct profile *p, struct str key_id, struct str secret, struct str token)
{
	AUTO(buf_fini) struct buf pair = {0};
	buf_fmt(&pair, "%.*s:%.*s", STR_ARG(key_id), STR_ARG(secret));
	secret_wipe(&p->secret);
	secret_wipe(&p->session);
	p->secret = mem_dup(buf_str(&pair));
	p->session = mem_dup(token);
	p->target.secret = str_c(p->secret);
	p->target.session_token = str_c(p->session);
	explicit_bzero(pair.p, pair.n);
}

static bool from_file(struct profile *p, env_fn env, struct err *err)
{
	AUTO(buf_fini) struct buf text = {0};
	struct aws_keys keys;
	const char *home = env("HOME"), *named = env("AWS_SHARED_CREDENTIALS_FILE");
	const char *profile = env("AWS_PROFILE");
	AUTO(mem_free_ptr) char *path = named && *named ? mem_dup(str_c(named))
		: file_join(home ? home : ".", ".aws/credentials");
	struct str section = p->aws_profile.n ? p->aws_profile
		: profile && *profile ? str_c(profile) : STR("default");
	buf_init(&text, 1 << 20);
	bool ok = file_read(path, &text, err);
	if (ok) {
		ok = aws_section(buf_str(&text), section, &keys);
		if (ok)
			keep(p, keys.key_id, keys.secret, keys.session_token);
		else
			err_set(err, ERR_INPUT, "%s has no keys in [%.*s]", path, STR_ARG(section));
		explicit_bzero(text.p, text.n);
	}
	return ok;
}

/* What `aws configure export-credentials` prints, and any credential_process of AWS's own tools. */
static bool from_command(struct profile *p, struct err *err)
{
	AUTO(buf_fini) struct buf text = {0};
	AUTO(mem_free_ptr) char *command = mem_dup(p->secret_command);
	if (!secret_command(command, &text, err))
		return false;
	struct json *v = json_parse(buf_str(&text), NULL);
	struct str id = json_str(json_get(v, "AccessKeyId")), secret = json_str(json_get(v, "SecretAccessKey"));
	bool ok = id.n && secret.n;
	if (ok)
		keep(p, id, secret, json_str(json_get(v, "SessionToken")));
	json_free(v);
	explicit_bzero(text.p, text.n);
	return ok || err_set(err, ERR_INPUT, "credential_command must print JSON with AccessKeyId and "
		"SecretAccessKey, as `aws configure export-credentials` does");
}

bool aws_unlock(struct profile *p, env_fn env, struct err *err)
{
	if (p->secret_command.n)
		return from_command(p, err);
	const char *id = env("AWS_ACCESS_KEY_ID"), *secret = env("AWS_SECRET_ACCESS_KEY");
	if (p->aws_profile.n || !id || !*id || !secret || !*secret)
		return from_file(p, env, err);
	keep(p, str_c(id), str_c(secret), str_c(env("AWS_SESSION_TOKEN")));
	return true;
}
