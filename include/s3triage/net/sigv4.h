/*
 * net/sigv4: AWS Signature Version 4 for Amazon OpenSearch, S3 and Organizations, done here and
 * not by libcurl, whose own signer is wrong for wildcards and commas in the path and leaves out
 * x-amz-content-sha256.
 * Source: AWS General Reference, "Create a signed AWS API request". Pure: no clock, no network.
 */
#ifndef S3TRIAGE_NET_SIGV4_H
#define S3TRIAGE_NET_SIGV4_H

#include "s3triage/base/buf.h"

struct sigv4 {
	struct str key_id, secret, session_token; /* token empty: long-lived key */
	struct str region, service;               /* "eu-west-1"; es, aoss, s3, organizations */
	struct str method, host, path;            /* path with its query, as it is sent */
	struct str content_type;                  /* signed when not empty */
	const char *const *headers;               /* "x-amz-name: value", names in lower case, are */
	size_t n_headers;                         /* signed; others are passed over */
	struct str body;
	int64_t at;                               /* ms */
};

#define SIGV4_HEADERS_MAX 8

/* Appends header lines "Name: value\n": x-amz-date, x-amz-content-sha256, x-amz-security-token
 * (when there is one) and Authorization. Query parameters are sorted for signing, a parameter
 * without '=' is signed with an empty value. */
void sigv4_headers(const struct sigv4 *s, struct buf *out);

#endif
