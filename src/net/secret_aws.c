/*
 * secret_aws: AWS keys for a profile that signs: from its command, or from where AWS's own tools
 * look.
 */
#include "profile_priv.h"

#include "s3triage/event/json.h"
#include "s3triage/net/aws_settings.h"

#include <stdlib.h>
#include <string.h>

/* A line break would begin another header. */
static bool secret_aws_keep(
	struct profile *p, struct str key_id, struct str secret, struct str token, struct err *err)
{
	AUTO(buf_fini) struct buf pair = {0};
	if (!secret_check(key_id, err) || !secret_check(secret, err) ||
		(token.n && !secret_check(token, err)))
		return false;
	buf_fmt(&pair, "%.*s:%.*s", STR_ARG(key_id), STR_ARG(secret));
	secret_wipe(&p->secret);
	secret_wipe(&p->session);
	p->secret = mem_dup(buf_str(&pair));
	p->session = mem_dup(token);
	p->target.secret = str_c(p->secret);
	p->target.session_token = str_c(p->session);
	explicit_bzero(pair.p, pair.n);
	return true;
}

/* What `aws configure export-credentials` prints, and any credential_process of AWS's own tools. */
static bool from_command(struct profile *p, struct err *err)
{
	AUTO(buf_fini) struct buf text = {0};
	AUTO(mem_free_ptr) char *command = mem_dup(p->secret_command);
	if (!secret_command(command, p->stop, &text, err))
		return false;
	struct json *v = json_parse(buf_str(&text), NULL);
	struct str id = json_str(json_get(v, "AccessKeyId")), secret = json_str(json_get(v, "SecretAccessKey"));
	bool whole = id.n && secret.n;
	bool ok =
		whole && secret_aws_keep(p, id, secret, json_str(json_get(v, "SessionToken")), err);
	json_free(v);
	explicit_bzero(text.p, text.n);
	if (whole)
		return ok;
	return err_set(err, ERR_INPUT, "credential_command must print JSON with AccessKeyId and "
		"SecretAccessKey, as `aws configure export-credentials` does");
}

/* Where AWS's own command line looks, see s3triage/net/aws_settings.h. */
static bool from_settings(struct profile *p, env_fn env, struct err *err)
{
	struct aws_settings settings;
	AUTO(mem_free_ptr) char *name = p->aws_profile.n ? mem_dup(p->aws_profile) : NULL;
	bool ok = aws_settings_read(name, env, &settings, err);
	struct str secret = settings.keys, id = str_cut(&secret, ':');
	ok = ok && secret_aws_keep(p, id, secret, settings.session_token, err);
	aws_settings_fini(&settings);
	return ok;
}

bool aws_unlock(struct profile *p, env_fn env, struct err *err)
{
	return p->secret_command.n ? from_command(p, err) : from_settings(p, env, err);
}
