/* The stub's events and its memory of requests. */
#include "stub.h"

#include "s3triage/base/file.h"
#include "s3triage/base/when.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

static int newest_first(const void *a, const void *b)
{
	const struct event *x = a, *y = b;
	if (x->at != y->at)
		return x->at < y->at ? 1 : -1;
	return x->text.p < y->text.p ? -1 : 1;
}

bool stub_load(struct stub *s, const char *path)
{
	pthread_mutex_init(&s->lock, NULL);
	if (!file_read(path, &s->file, NULL))
		return false;
	struct str rest = buf_str(&s->file);
	s->events = mem_array(1000, sizeof(*s->events));
	while (rest.n && s->n < 1000) {
		struct event *e = &s->events[s->n];
		e->text = str_cut(&rest, '\n');
		struct json *v AUTO(json_free_ptr) = json_parse(e->text, NULL);
		s->n += when_parse(json_str(json_get(v, "@timestamp")), &e->at);
	}
	qsort(s->events, s->n, sizeof(*s->events), newest_first);
	return s->n > 0;
}

const struct sockaddr *loopback(int port)
{
	static struct sockaddr_in a;
	a.sin_family = AF_INET;
	a.sin_port = htons((uint16_t)port);
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return (const struct sockaddr *)(const void *)&a;
}

const char *header_of(struct MHD_Connection *c, const char *name)
{
	return MHD_lookup_connection_value(c, MHD_HEADER_KIND, name);
}

void log_request(struct stub *s, struct MHD_Connection *c, const char *method, struct str name,
	struct str path)
{
	static const char *const names[] = {"Authorization", "Content-Type", "Accept-Encoding", "Host"};
	pthread_mutex_lock(&s->lock);
	fprintf(s->log, "%.*s %s %.*s", STR_ARG(name), method, STR_ARG(path));
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const char *value = header_of(c, names[i]);
		fprintf(s->log, " | %s: %s", names[i], value ? value : "-");
	}
	fputc('\n', s->log);
	fflush(s->log);
	pthread_mutex_unlock(&s->lock);
}

int count_request(struct stub *s, struct str name)
{
	int n = -1;
	pthread_mutex_lock(&s->lock);
	for (size_t i = 0; n < 0 && i < ARRAY_LEN(s->seen); i++) {
		if (!s->seen[i].name[0])
			snprintf(s->seen[i].name, sizeof(s->seen[i].name), "%.*s", STR_ARG(name));
		if (str_is(name, s->seen[i].name))
			n = s->seen[i].n++;
	}
	pthread_mutex_unlock(&s->lock);
	return n;
}
