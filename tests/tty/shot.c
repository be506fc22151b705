/*
 * shot: runs a program at a size, sends it keys, and writes its screen as an SVG.
 *
 *   shot -o FILE.svg [-s 120x40] [-t TITLE] [-e NAME=VALUE]... [-k KEYS | -w TEXT]... -- PROGRAM ...
 *
 * -k sends keys (spelled as in term.h), -w waits for a text; in the order given. Before the
 * picture, and after every -k, it waits until the screen is quiet.
 */
#include "svg.h"

#include "s3triage/base/file.h"
#include "s3triage/base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { STEPS_MAX = 64, ENV_MAX = 32, QUIET_MS = 250 };

struct plan {
	const char *out, *title;
	int rows, cols;
	const char *env[ENV_MAX + 1];
	size_t envs;
	struct {
		char kind;
		const char *text;
	} step[STEPS_MAX];
	size_t steps;
};

static void usage(const char *why)
{
	fprintf(stderr, "shot: %s\n", why);
	exit(2);
}

static void size_option(struct plan *p, struct str text)
{
	int64_t cols = 0, rows = 0;
	struct str first = str_cut(&text, 'x');
	if (!str_int(first, &cols) || !str_int(text, &rows) || cols < 1 || rows < 1 || cols > 500 ||
		rows > 200)
		usage("-s wants COLSxROWS");
	p->cols = (int)cols;
	p->rows = (int)rows;
}

static void option(struct plan *p, int c)
{
	switch (c) {
	case 'o': p->out = optarg; break;
	case 't': p->title = optarg; break;
	case 's': size_option(p, str_c(optarg)); break;
	case 'e':
		if (p->envs == ENV_MAX)
			usage("too many -e");
		p->env[p->envs++] = optarg;
		break;
	case 'k':
	case 'w':
		if (p->steps == STEPS_MAX)
			usage("too many steps");
		p->step[p->steps].kind = (char)c;
		p->step[p->steps++].text = optarg;
		break;
	default: usage("see the head of shot.c");
	}
}

/* False when a text did not come or the program ended. */
static bool play(struct term *t, const struct plan *p)
{
	for (size_t i = 0; i < p->steps; i++) {
		if (p->step[i].kind == 'k')
			term_keys(t, p->step[i].text);
		else if (!term_wait_text(t, p->step[i].text)) {
			fprintf(stderr, "shot: \"%s\" did not come:\n%s", p->step[i].text, term_screen(t));
			return false;
		}
		term_wait_quiet(t, QUIET_MS);
	}
	return term_wait_quiet(t, QUIET_MS);
}

int main(int argc, char **argv)
{
	struct plan p = {.rows = 40, .cols = 120, .title = ""};
	for (int c; (c = getopt(argc, argv, "+o:s:t:e:k:w:")) != -1;)
		option(&p, c);
	if (!p.out || optind >= argc)
		usage("needs -o FILE and a program");
	const struct term_setup setup = {.argv = (const char *const *)(const void *)(argv + optind),
		.env = p.env, .rows = p.rows, .cols = p.cols};
	AUTO(term_free_ptr) struct term *t = term_start(&setup);
	if (!play(t, &p))
		return 1;
	struct buf svg = {0};
	struct err err = {0};
	svg_screen(&svg, t, p.title);
	if (!file_write(p.out, buf_str(&svg), FILE_REPLACE, &err)) {
		fprintf(stderr, "shot: %s\n", err.text);
		return 1;
	}
	buf_fini(&svg);
	return 0;
}
