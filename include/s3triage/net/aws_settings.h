/*
 * net/aws_settings: whose keys AWS is asked with: the settings of the AWS command line.
 * Source: AWS SDKs and Tools reference guide, environment variables and shared files.
 */
#ifndef S3TRIAGE_NET_AWS_SETTINGS_H
#define S3TRIAGE_NET_AWS_SETTINGS_H

#include "s3triage/base/file.h"
#include "s3triage/base/mem.h"

#include <stdatomic.h>

/* As whom, and where. All slices live in `mem`; secrets are wiped by aws_settings_fini(). */
struct aws_settings {
	struct str keys;            /* "id:secret", as struct http_target has them */
	struct str session_token;   /* empty: a long-lived key */
	struct str region;          /* of the profile or the environment; may be empty */
	struct str endpoint_s3, endpoint_organizations; /* in place of AWS's own; or empty */
	struct str ca_file;
	const atomic_bool *stop;    /* becomes true: a question is given up; NULL: never */
	struct arena mem;
};

/* Keys from AWS_ACCESS_KEY_ID and its like, else from the files: their section is `profile`, else
 * AWS_PROFILE, else default. With `profile` the environment's keys are passed over. A section may
 * name a credential_process. False and err: nothing was found, and where it was looked for. */
bool aws_settings_read(const char *profile, env_fn env, struct aws_settings *out, struct err *err);
void aws_settings_fini(struct aws_settings *s);

/* The value of a key in a [section] of an ini file, "" when it is not there. A slice of `text`. */
struct str aws_ini(struct str text, struct str section, const char *key);

#endif
