/*
 * net/profile: a cluster to read from: a [profile.NAME] of config.toml, or a URL. Secrets come
 * from an environment variable, a file of mode 0600 or a command, never from the command line or
 * from config.toml itself, and are fetched by profile_unlock() only.
 */
#ifndef S3TRIAGE_NET_PROFILE_H
#define S3TRIAGE_NET_PROFILE_H

#include "s3triage/base/file.h"
#include "s3triage/base/mem.h"
#include "s3triage/base/toml.h"
#include "s3triage/net/http.h"
#include "s3triage/net/write_target.h"

enum profile_kind { PROFILE_ELASTICSEARCH, PROFILE_OPENSEARCH, PROFILE_KIBANA };

/* Which request finds the events; AUTO takes what the server can do. */
enum profile_query { QUERY_AUTO, QUERY_EQL, QUERY_DSL };

struct profile {
	struct str name;           /* "prod"; of a URL the host with its port */
	enum profile_kind kind;
	enum profile_query query;
	struct str index;          /* pattern; has a default by kind */
	struct str space;          /* Kibana's; empty: default */
	bool alerts;               /* the index holds Kibana's alerts, not events */
	int64_t page;              /* hits a request */
	int64_t interval, look_back; /* ms, for following; 0: the rule's own */
	int64_t timeout;           /* ms that one request may take, retries included; 0: 60 s */
	struct str user;           /* basic: the secret is the password only */
	struct str secret_env, secret_file, secret_command;
	struct str pass_env, pass_file, pass_command; /* of client_key */
	struct str aws_profile;    /* SigV4: of ~/.aws/credentials */
	struct http_target target; /* secret and session_token are empty until unlocked */
	struct write_target write; /* where decisions go; borrows from the TOML document */
	struct str origin;         /* of alerts read from here: "prod@MARK" (outbox_mark_of()), ":url" */
	struct str file;           /* where it stands, for messages; empty for a URL */
	unsigned long line;
	const atomic_bool *stop;   /* gives up a command that runs for a secret; NULL: never */
	char *secret, *session, *pass; /* owned, wiped by profile_free() */
	struct arena mem;          /* owns all slices */
};

/* `table` is [profile.NAME]; err has file:line. */
struct profile *profile_read(struct str name, const struct toml_value *table, const char *file,
	const struct err_more *more, struct err *err); /* other wrong keys: to `more` */
struct profile *profile_new(struct str name, const struct toml_value *table, const char *file,
	struct err *err);

/* "elasticsearch+https://host:9200/INDEX" (es+, opensearch+, os+), "kibana+https://host:5601" with
 * an optional "/s/SPACE". Credentials in a URL are refused: everybody can read a command line.
 * The secret is taken from S3TRIAGE_API_KEY, or else S3TRIAGE_USER and S3TRIAGE_PASSWORD. */
struct profile *profile_new_url(struct str word, struct err *err);
void profile_free(struct profile *p);

/* The files that it names, as seen from the one that it was read from (file_beside()); once. */
void profile_settle(struct profile *p, const char *file, env_fn env);

/* Fetches the secrets, and sees that the files about TLS can be used. Errors name where something
 * was looked for, never what was found. Refused: credentials over http:// to another machine, unless
 * the profile says insecure. */
bool profile_unlock(struct profile *p, env_fn env, struct err *err);
/* A client for it, unlocked. NULL and err. */
struct http *profile_http(struct profile *p, env_fn env, struct err *err);

/* What everybody who looks at the screen must know: "TLS NOT VERIFIED", "NOT ENCRYPTED"; NULL:
 * nothing. */
const char *profile_unsafe(const struct profile *p);

/* What a word of the command line is: "NAME:" (letters, digits, - and _, then one colon), a URL
 * with one of the prefixes above, or else a file. "./prod:" is a file. */
enum source_word { WORD_FILE, WORD_PROFILE, WORD_URL };
enum source_word source_word(struct str word, struct str *name);

/* Cloud ID "label:base64": the URL of Elasticsearch or Kibana in it. */
bool cloud_id_url(struct str id, bool kibana, struct arena *mem, struct str *url, struct err *err);

#endif
