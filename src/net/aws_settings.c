/*
 * aws_settings: as whom AWS is asked, from the places where its own command line looks. What was
 * found is never part of a message.
 */
#include "profile_priv.h"
#include "s3triage/net/aws_settings.h"

#include "s3triage/event/json.h"

#include <stdlib.h>
#include <string.h>

enum { FILE_BYTES_MAX = 1 << 20 };

struct str aws_ini(struct str text, struct str section, const char *key)
{
	struct str found = {0};
	bool inside = false;
	while (text.n) {
		struct str line = str_cut(&text, '\n'), rest = line;
		/* A line that is indented belongs to the key above it. */
		if (!line.n || strchr("#; \t\r", line.p[0]))
			continue;
		if (line.p[0] == '[') {
			rest = str_sub(line, 1, line.n);
			inside = str_eq(str_trim(str_cut(&rest, ']')), section);
		} else if (inside && str_is(str_trim(str_cut(&rest, '=')), key)) {
			found = str_trim(rest);
		}
	}
	return found;
}

/* Both files, and how the section is called in each. */
struct shared {
	struct buf credentials, config;
	char *credentials_path;
	struct str section;      /* "audit" */
	struct buf config_section; /* "profile audit"; the default one may be called "default", too */
};

static char *shared_path(env_fn env, const char *variable, const char *otherwise)
{
	const char *named = env(variable), *home = env("HOME");
	return named && *named ? mem_dup(str_c(named)) : file_join(home ? home : ".", otherwise);
}

/* One that is not there is none. Others who can change it could name a command; that they can read
 * it is between the user and AWS's own tools, which allow it. */
static bool read_guarded(const char *path, struct buf *out, struct err *err)
{
	buf_init(out, FILE_BYTES_MAX);
	if (!file_guarded(path, 0, err))
		return false;
	file_read(path, out, NULL);
	return true;
}

static bool read_shared(const char *profile, env_fn env, struct shared *f, struct err *err)
{
	const char *named = env("AWS_PROFILE");
	AUTO(mem_free_ptr) char *config = shared_path(env, "AWS_CONFIG_FILE", ".aws/config");
	f->credentials_path = shared_path(env, "AWS_SHARED_CREDENTIALS_FILE", ".aws/credentials");
	f->section = profile ? str_c(profile) : named && *named ? str_c(named) : STR("default");
	buf_c(&f->config_section, "profile ");
	buf_add(&f->config_section, f->section);
	return read_guarded(f->credentials_path, &f->credentials, err) &&
		read_guarded(config, &f->config, err);
}

static void wipe(struct buf *b)
{
	if (b->p)
		explicit_bzero(b->p, b->n);
	buf_fini(b);
}

static void shared_fini(struct shared *f)
{
	wipe(&f->credentials);
	wipe(&f->config);
	buf_fini(&f->config_section);
	free(f->credentials_path);
}

static struct str shared_get(const struct shared *f, const char *key)
{
	struct str s = aws_ini(buf_str(&f->credentials), f->section, key);
	if (!s.n)
		s = aws_ini(buf_str(&f->config), buf_str(&f->config_section), key);
	return s.n || !str_is(f->section, "default") ? s : aws_ini(buf_str(&f->config), f->section, key);
}

/* False when there is no whole pair. */
static bool keep_keys(struct aws_settings *s, struct str id, struct str secret, struct str token)
{
	if (!id.n || !secret.n)
		return false;
	s->keys = arena_fmt(&s->mem, "%.*s:%.*s", STR_ARG(id), STR_ARG(secret));
	s->session_token = arena_str(&s->mem, token);
	return true;
}

/* A command that prints {"Version":1,"AccessKeyId":…,"SecretAccessKey":…,"SessionToken":…}. */
static bool from_process(struct aws_settings *s, struct str command, struct err *err)
{
	AUTO(mem_free_ptr) char *line = mem_dup(command);
	struct buf said = {0};
	bool ok = secret_command(line, s->stop, &said, err);
	AUTO(json_free_ptr) struct json *doc = ok ? json_parse(buf_str(&said), NULL) : NULL;
	bool kept = keep_keys(s, json_str(json_get(doc, "AccessKeyId")),
		json_str(json_get(doc, "SecretAccessKey")), json_str(json_get(doc, "SessionToken")));
	wipe(&said);
	if (!ok)
		return err_prefix(err, "credential_process");
	return kept || err_set(err, ERR_INPUT, "credential_process printed no "
		"JSON object with AccessKeyId and SecretAccessKey");
}

static bool from_shared(struct aws_settings *s, const struct shared *f, struct err *err)
{
	struct str process = shared_get(f, "credential_process");
	if (keep_keys(s, shared_get(f, "aws_access_key_id"), shared_get(f, "aws_secret_access_key"),
		    shared_get(f, "aws_session_token")))
		return true;
	if (process.n)
		return from_process(s, process, err);
	if (shared_get(f, "sso_start_url").n || shared_get(f, "sso_session").n ||
		shared_get(f, "role_arn").n)
		return err_set(err, ERR_INPUT, "the AWS profile %.*s signs in by SSO or a role, which is "
			"not done here: `eval \"$(aws configure export-credentials --profile %.*s --format "
			"env)\"` first", STR_ARG(f->section), STR_ARG(f->section));
	return err_set(err, ERR_INPUT, "no AWS credentials: AWS_ACCESS_KEY_ID and "
		"AWS_SECRET_ACCESS_KEY are not set, and %s has no keys in [%.*s]", f->credentials_path,
		STR_ARG(f->section));
}

static bool aws_settings_take_keys(struct aws_settings *s, const char *profile,
	const struct shared *f, env_fn env, struct err *err)
{
	const char *id = env("AWS_ACCESS_KEY_ID"), *secret = env("AWS_SECRET_ACCESS_KEY");
	if (profile || !id || !*id || !secret || !*secret)
		return from_shared(s, f, err);
	return keep_keys(s, str_c(id), str_c(secret), str_c(env("AWS_SESSION_TOKEN")));
}

/* The first variable that says something. */
static struct str first_env(env_fn env, const char *a, const char *b)
{
	const char *value = env(a);
	if (!value || !*value)
		value = env(b);
	return str_c(value);
}

/* Without the slash at its end, which the path brings. */
static struct str endpoint(struct aws_settings *s, env_fn env, const char *variable, struct str shared)
{
	struct str url = first_env(env, variable, "AWS_ENDPOINT_URL");
	url = url.n ? url : shared;
	if (url.n && url.p[url.n - 1] == '/')
		url.n--;
	return arena_str(&s->mem, url);
}

static bool check_keys(const struct aws_settings *s, struct err *err)
{
	return secret_check(s->keys, err) && (!s->session_token.n || secret_check(s->session_token, err));
}

bool aws_settings_read(const char *profile, env_fn env, struct aws_settings *out, struct err *err)
{
	struct shared f = {0};
	*out = (struct aws_settings){0};
	bool ok = read_shared(profile, env, &f, err);
	struct str region = first_env(env, "AWS_REGION", "AWS_DEFAULT_REGION");
	struct str url = shared_get(&f, "endpoint_url"), ca = str_c(env("AWS_CA_BUNDLE"));
	out->region = arena_str(&out->mem, region.n ? region : shared_get(&f, "region"));
	out->endpoint_s3 = endpoint(out, env, "AWS_ENDPOINT_URL_S3", url);
	out->endpoint_organizations = endpoint(out, env, "AWS_ENDPOINT_URL_ORGANIZATIONS", url);
	out->ca_file = arena_str(&out->mem, ca.n ? ca : shared_get(&f, "ca_bundle"));
	ok = ok && aws_settings_take_keys(out, profile, &f, env, err) && check_keys(out, err);
	shared_fini(&f);
	return ok;
}

static void wipe_slice(struct str s)
{
	if (s.n)
		explicit_bzero((void *)(uintptr_t)s.p, s.n);
}

void aws_settings_fini(struct aws_settings *s)
{
	wipe_slice(s->keys);
	wipe_slice(s->session_token);
	arena_fini(&s->mem);
	*s = (struct aws_settings){0};
}
