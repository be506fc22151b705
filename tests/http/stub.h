/* What the stub's two files share: its events, and what it remembers of requests. */
#ifndef TESTS_HTTP_STUB_H
#define TESTS_HTTP_STUB_H

#include "s3triage/base/buf.h"
#include "s3triage/base/mem.h"
#include "s3triage/event/json.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdio.h>

struct event {
	struct str text;
	int64_t at;
};

struct stub {
	struct buf file;          /* owns the events' texts */
	struct event *events;     /* newest first */
	size_t n;
	bool made;                /* events are made from their number; `events` is NULL */
	const char *path;         /* of the events */
	bool grows;               /* loaded for one request */
	FILE *log;
	int port;
	pthread_mutex_t lock;     /* of what is below, and of the log's lines */
	struct {
		char name[32];
		int n;
	} seen[64];
};

void made_event(size_t i, struct buf *out);
void made_raw(size_t i, struct buf *out);
int64_t made_at(size_t i);
bool stub_load(struct stub *s, const char *path);
const struct sockaddr *loopback(int port); /* 0: any */
const char *header_of(struct MHD_Connection *c, const char *name);
void log_request(struct stub *s, struct MHD_Connection *c, const char *method, struct str name,
	struct str path);

/* An Amazon OpenSearch request as it came; what is wrong with its signature, or NULL. */
struct signed_call {
	struct MHD_Connection *connection;
	const char *method, *raw, *service; /* raw: path and query before any decoding */
	struct str body;
};
const char *sigv4_fault(const struct signed_call *s);

/* One request to a Kibana that takes decisions; false: not one of these, and nothing was answered. */
struct kibana_call {
	struct str name, path, body;
	int nth;
};
bool kibana_write(struct stub *s, const struct kibana_call *c, int *status, struct buf *out);

/* How many requests this behaviour has had before. */
int count_request(struct stub *s, struct str name);

#endif
