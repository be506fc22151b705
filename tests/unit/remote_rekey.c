/*
 * A key is exchanged while the console runs: what was refused with the old one goes on with the new
 * one. A server on loopback that knows the new key only; the environment changes after one look.
 */
#include "s3triage/base/when.h"
#include "s3triage/remote/live.h"
#include "s3triage/remote/sender.h"

#include "../../src/net/profile_priv.h"
#include "../unit.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

struct door {
	int fd, port;
	pthread_t thread;
	atomic_int refused, taken;
	atomic_bool stop;
};

static atomic_int looks;

static const char *env(const char *name)
{
	if (strcmp(name, "REKEY") != 0)
		return NULL;
	return atomic_fetch_add(&looks, 1) == 0 ? "old" : "new";
}

static size_t body_length(const char *text)
{
	const char *at = strstr(text, "Content-Length: ");
	return at ? (size_t)strtoul(at + 16, NULL, 10) : 0;
}

static void answer(struct door *s, int fd)
{
	char text[8192] = "", out[600];
	size_t n = 0;
	char *end = NULL;
	while (n + 1 < sizeof(text) && (!(end = strstr(text, "\r\n\r\n")) ||
			       n < (size_t)(end + 4 - text) + body_length(text))) {
		ssize_t got = read(fd, text + n, sizeof(text) - 1 - n);
		if (got <= 0)
			return;
		n += (size_t)got;
	}
	bool fresh = strstr(text, "ApiKey new\r\n") != NULL;
	atomic_fetch_add(fresh ? &s->taken : &s->refused, 1);
	const char *body = strncmp(text, "GET / ", 6) == 0
		? "{\"version\":{\"number\":\"8.8.2\"},\"tagline\":\"You Know, for Search\"}"
		: "{\"id\":\"p\",\"pit_id\":\"p\",\"hits\":{\"hits\":[],\"events\":[]}}";
	if (!fresh)
		body = "{\"error\":{\"reason\":\"unable to authenticate\"}}";
	snprintf(out, sizeof(out), "HTTP/1.1 %s\r\nContent-Type: application/json\r\nConnection: close\r\n"
				   "Content-Length: %zu\r\n\r\n%s",
		fresh ? "200 OK" : "401 Unauthorized", strlen(body), body);
	if (write(fd, out, strlen(out)) < 0)
		return;
}

static void *serve(void *ctx)
{
	struct door *s = ctx;
	while (!atomic_load(&s->stop)) {
		struct pollfd p = {s->fd, POLLIN, 0};
		if (poll(&p, 1, 50) <= 0)
			continue;
		int fd = accept(s->fd, NULL, NULL);
		answer(s, fd);
		close(fd);
	}
	return NULL;
}

static void server_start(struct door *s)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof(a);
	*s = (struct door){.fd = socket(AF_INET, SOCK_STREAM, 0)};
	assert_int_equal(bind(s->fd, (struct sockaddr *)(void *)&a, sizeof(a)), 0);
	assert_int_equal(listen(s->fd, 8), 0);
	getsockname(s->fd, (struct sockaddr *)(void *)&a, &n);
	s->port = ntohs(a.sin_port);
	assert_int_equal(pthread_create(&s->thread, NULL, serve, s), 0);
	atomic_store(&looks, 0);
}

static void server_stop(struct door *s)
{
	atomic_store(&s->stop, true);
	pthread_join(s->thread, NULL);
	close(s->fd);
}

static struct profile *profile_for(const struct door *s, const char *more, struct toml **doc)
{
	char text[400];
	struct err err = {0};
	snprintf(text, sizeof(text), "[profile.p]\nkind = \"elasticsearch\"\nurl = \"http://127.0.0.1:%d\"\n"
				     "secret_env = \"REKEY\"\ninterval = \"1s\"\n%s",
		s->port, more);
	*doc = toml_parse(str_c(text), "c.toml", &err);
	struct profile *p = profile_new(STR("p"), toml_path(toml_root(*doc), "profile.p"), "c.toml", &err);
	if (!p)
		fail_msg("%s", err.text);
	return p;
}

/* A minute for what takes a second. */
static bool comes_true(const atomic_int *n)
{
	for (int i = 0; i < 1200; i++) {
		if (atomic_load(n) > 0)
			return true;
		usleep(50000);
	}
	return false;
}

static void reading(void **state)
{
	(void)state;
	struct door s;
	struct toml *doc;
	struct err err = {0};
	server_start(&s);
	struct profile *p = profile_for(&s, "", &doc);
	struct scan_options o = {.since = WHEN_NONE, .until = WHEN_NONE, .live = live_clusters(),
		.profiles = &p, .n_profiles = 1,
		.follow = true, .env = env};
	struct scan *scan = scan_start(&o, &err);
	assert_non_null(scan);
	bool again = comes_true(&s.taken);
	scan_free(scan);
	server_stop(&s);
	assert_true(again);
	assert_int_equal(atomic_load(&s.refused), 1);
	profile_free(p);
	toml_free(doc);
}

static void writing(void **state)
{
	(void)state;
	struct door s;
	struct toml *doc;
	struct err err = {0};
	char dir[] = "/tmp/s3triage-rekey-XXXXXX", path[80], command[100];
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/journal.db", dir);
	server_start(&s);
	struct profile *p = profile_for(&s, "write = \"decisions\"\ndecisions_index = \"d\"\n", &doc);
	struct sender_setup set = {.journal_path = path, .profiles = &p, .n_profiles = 1, .env = env,
		.every_ms = 1000};
	struct sender *sender = sender_start(&set, &err);
	if (!sender)
		fail_msg("%s", err.text);
	bool again = comes_true(&s.taken);
	sender_free(sender);
	server_stop(&s);
	assert_true(again);
	profile_free(p);
	toml_free(doc);
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	assert_int_equal(system(command), 0);
}

/* Leaving does not wait for a command that hangs, and the command does not outlive it. */
static void leaving(void **state)
{
	(void)state;
	struct toml *doc;
	struct err err = {0};
	struct door d = {.port = 1};
	struct profile *p = profile_for(&d, "", &doc);
	p->secret_env = STR("");
	p->secret_command = STR("sleep 25; echo late");
	struct scan_options o = {.since = WHEN_NONE, .until = WHEN_NONE, .live = live_clusters(),
		.profiles = &p, .n_profiles = 1,
		.follow = true, .env = env};
	struct scan *scan = scan_start(&o, &err);
	assert_non_null(scan);
	usleep(300000);
	int64_t begun = http_now();
	scan_free(scan);
	assert_true(http_now() - begun < 20000);
	profile_free(p);
	toml_free(doc);
}

/* What a command leaves running may hold its output: that it has ended counts. */
static void a_command_leaves_something_running(void **state)
{
	(void)state;
	static const struct {
		const char *command, *says; /* NULL: it failed */
	} t[] = {
		{"sleep 20 & echo key", "key\n"}, {"(exec >/dev/null; sleep 20) & echo key", "key\n"},
		{"sleep 20 & exit 3", NULL}, {"echo a; sleep 0.3; echo b", "a\nb\n"},
	};
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		struct buf out;
		struct err err = {0};
		int64_t begun = http_ticks();
		bool fine = secret_command(t[i].command, NULL, &out, &err);
		if (fine != (t[i].says != NULL) || (fine && !str_is(buf_str(&out), t[i].says)))
			fail_msg("%s: '%s' %s", t[i].command, buf_cstr(&out), err.text);
		assert_true(http_ticks() - begun < 10000);
		buf_fini(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reading),
		cmocka_unit_test(writing),
		cmocka_unit_test(leaving),
		cmocka_unit_test(a_command_leaves_something_running),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
