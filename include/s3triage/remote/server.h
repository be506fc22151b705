/*
 * remote/server: which product answers, which version, and what that can do. Pure functions over
 * the answers of GET / (Elasticsearch, OpenSearch) and GET /api/status (Kibana).
 */
#ifndef S3TRIAGE_REMOTE_SERVER_H
#define S3TRIAGE_REMOTE_SERVER_H

#include "s3triage/base/err.h"
#include "s3triage/base/str.h"

enum product { PRODUCT_UNKNOWN, PRODUCT_ELASTICSEARCH, PRODUCT_OPENSEARCH, PRODUCT_KIBANA };

struct server {
	enum product product;
	char number[24];     /* as it says: "8.8.2"; empty when it did not say */
	int major, minor;    /* 0 when unknown */
	bool serverless;     /* its number is no guide to features */
	bool oss;            /* Elasticsearch without Elastic's own part, as Amazon ran it: no EQL, no PIT */
	bool disguised;      /* OpenSearch that says 7.10.2 for old clients */
};

/* False and err when it is none of the products that are known here. */
bool server_read_root(struct str body, bool is_elastic, struct server *out, struct err *err);
bool server_read_status(struct str body, struct server *out, struct err *err);

/* "Elasticsearch 8.8.2", "Elasticsearch serverless", "OpenSearch (says 7.10.2)" */
const char *server_name(const struct server *s, char out[64]);

enum feature { FEATURE_EQL, FEATURE_PIT, FEATURE_REASONS, FEATURE_NOTES };

/* Unknown versions are taken to have it: the server says no soon enough. Not EQL: what lacks it, before
 * Elasticsearch 8 and OpenSearch 2, takes INDEX/_eql/search for the place of a document to write. */
bool server_has(const struct server *s, enum feature f);

/* In words: how alerts are found there, and what it lacks. */
struct buf;
void server_say(const struct server *s, bool eql, struct buf *out);

/* Version `major`.`minor` or later; serverless counts as later than all. */
bool server_since(const struct server *s, int major, int minor);

#endif
