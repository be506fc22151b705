/*
 * front PORT LOG LISTENER...: doors before the stub at PORT, all on loopback; prints a port a
 * listener. A listener is
 *   tls:CHAIN.pem,KEY.pem[,CLIENT_CA.pem]  TLS with the certificates of CHAIN; with a CLIENT_CA only
 *                                          for clients that it vouches for
 *   proxy:STATUS                           a proxy for CONNECT that answers STATUS, and for 200
 *                                          goes on; each request goes to LOG
 * A thread a connection.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct door {
	int fd, to;          /* listening; the stub's port */
	SSL_CTX *tls;        /* NULL: a proxy */
	int status;
	const char *log;
};

struct visit {
	const struct door *door;
	int fd;
};

static struct sockaddr_in loopback(int port)
{
	return (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static int dial(int port)
{
	struct sockaddr_in a = loopback(port);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd >= 0 && connect(fd, (const struct sockaddr *)(const void *)&a, sizeof(a)) == 0)
		return fd;
	close(fd);
	return -1;
}

static bool put_all(int fd, const char *p, size_t n)
{
	while (n) {
		ssize_t done = write(fd, p, n);
		if (done <= 0)
			return false;
		p += done;
		n -= (size_t)done;
	}
	return true;
}

static ssize_t in(SSL *ssl, int fd, char *room, size_t n)
{
	return ssl ? SSL_read(ssl, room, (int)n) : read(fd, room, n);
}

static bool out(SSL *ssl, int fd, const char *p, size_t n)
{
	return ssl ? SSL_write(ssl, p, (int)n) == (int)n : put_all(fd, p, n);
}

/* Bytes both ways until one side ends. */
static void carry(SSL *ssl, int client, int server)
{
	char room[16384];
	struct pollfd p[2] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
	for (;;) {
		bool waits = ssl && SSL_pending(ssl) > 0;
		if (!waits && poll(p, 2, -1) < 0)
			return;
		if (waits || p[0].revents) {
			ssize_t n = in(ssl, client, room, sizeof(room));
			if (n <= 0 || !put_all(server, room, (size_t)n))
				return;
		}
		if (!waits && p[1].revents) {
			ssize_t n = read(server, room, sizeof(room));
			if (n <= 0 || !out(ssl, client, room, (size_t)n))
				return;
		}
	}
}

static void drain(int fd)
{
	char room[4096];
	struct pollfd p = {fd, POLLIN, 0};
	shutdown(fd, SHUT_WR);
	while (poll(&p, 1, 1000) > 0 && read(fd, room, sizeof(room)) > 0)
		;
}

static void serve_tls(const struct visit *v)
{
	SSL *ssl = SSL_new(v->door->tls);
	int server = -1;
	SSL_set_fd(ssl, v->fd);
	if (SSL_accept(ssl) == 1 && (server = dial(v->door->to)) >= 0)
		carry(ssl, v->fd, server);
	else /* what the client has sent must be read, or it does not see why it was refused */
		drain(v->fd);
	SSL_shutdown(ssl);
	if (server >= 0)
		close(server);
	SSL_free(ssl);
}

static void note(const char *path, const char *head)
{
	FILE *f = fopen(path, "a");
	if (!f)
		return;
	fputs(head, f);
	fclose(f);
}

/* Up to the empty line; the port that CONNECT names, 0 when it is none. */
static int proxy_head(const struct visit *v)
{
	char head[4096] = "";
	size_t n = 0;
	int port = 0;
	while (n + 1 < sizeof(head) && !strstr(head, "\r\n\r\n") && read(v->fd, head + n, 1) == 1)
		head[++n] = '\0';
	note(v->door->log, head);
	const char *colon = strchr(head, ':');
	if (strncmp(head, "CONNECT ", 8) == 0 && colon)
		port = (int)strtol(colon + 1, NULL, 10);
	return port;
}

static void serve_proxy(const struct visit *v)
{
	char head[200];
	int port = proxy_head(v), server = v->door->status == 200 && port ? dial(port) : -1;
	int status = server >= 0 || v->door->status != 200 ? v->door->status : 502;
	snprintf(head, sizeof(head), "HTTP/1.1 %d x\r\nX-elastic-product: Elasticsearch\r\n%s\r\n", status,
		status == 200 ? "" : "Content-Length: 0\r\n");
	if (put_all(v->fd, head, strlen(head)) && server >= 0)
		carry(NULL, v->fd, server);
	if (server >= 0)
		close(server);
}

static void *serve(void *ctx)
{
	struct visit *v = ctx;
	if (v->door->tls)
		serve_tls(v);
	else
		serve_proxy(v);
	close(v->fd);
	free(v);
	return NULL;
}

static void *take(void *ctx)
{
	const struct door *d = ctx;
	for (;;) {
		pthread_t t;
		struct visit *v = calloc(1, sizeof(*v));
		v->door = d;
		v->fd = accept(d->fd, NULL, NULL);
		if (v->fd < 0 || pthread_create(&t, NULL, serve, v) != 0)
			exit(2);
		pthread_detach(t);
	}
}

static SSL_CTX *tls(char *files)
{
	SSL_CTX *c = SSL_CTX_new(TLS_server_method());
	char *key = strchr(files, ','), *ca;
	if (!c || !key)
		return NULL;
	*key++ = '\0';
	ca = strchr(key, ',');
	if (ca)
		*ca++ = '\0';
	if (SSL_CTX_use_certificate_chain_file(c, files) != 1 ||
		SSL_CTX_use_PrivateKey_file(c, key, SSL_FILETYPE_PEM) != 1)
		return NULL;
	if (ca) {
		SSL_CTX_set_verify(c, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
		SSL_CTX_set_session_id_context(c, (const unsigned char *)"s3", 2);
		if (SSL_CTX_load_verify_file(c, ca) != 1)
			return NULL;
	}
	return c;
}

static bool open_door(struct door *d, char *word)
{
	struct sockaddr_in a = loopback(0);
	socklen_t n = sizeof(a);
	char *rest = strchr(word, ':');
	if (!rest)
		return false;
	if (strncmp(word, "tls:", 4) == 0 && !(d->tls = tls(rest + 1)))
		return false;
	d->status = (int)strtol(rest + 1, NULL, 10);
	d->fd = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(d->fd, (const struct sockaddr *)(const void *)&a, sizeof(a)) < 0 || listen(d->fd, 32) < 0 ||
		getsockname(d->fd, (struct sockaddr *)(void *)&a, &n) < 0)
		return false;
	printf("%d\n", ntohs(a.sin_port));
	return true;
}

int main(int argc, char **argv)
{
	static struct door doors[32];
	signal(SIGPIPE, SIG_IGN);
	for (int i = 3; i < argc && i < 35; i++) {
		struct door *d = &doors[i - 3];
		pthread_t t;
		d->to = (int)strtol(argv[1], NULL, 10);
		d->log = argv[2];
		if (!open_door(d, argv[i])) {
			fprintf(stderr, "front: %s\n", argv[i]);
			ERR_print_errors_fp(stderr);
			return 2;
		}
		if (pthread_create(&t, NULL, take, d) != 0)
			return 2;
	}
	fflush(stdout);
	for (;;)
		pause();
}
