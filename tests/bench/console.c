/*
 * What a key costs with 100,000 alerts (or as many as asked for) of 1,000 accounts: from the key to
 * the drawn canvas, in milliseconds, as a person would press them. Prints a table; no threshold.
 */
#include "../unit/alert_make.h"

#include "s3triage/app/app.h"

#include <stdio.h>
#include <time.h>

enum { ACCOUNTS = 1000 };

static double now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int64_t fixed_now(void)
{
	return MAKE_T0 + 3600000;
}

static const char *no_env(const char *name)
{
	(void)name;
	return NULL;
}

static void load(struct store *s, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		struct arena mem = {0};
		struct alert a = make_alert(&mem, i);
		bool fresh;
		struct str account = arena_fmt(&mem, "%012u", 500000000u + i % ACCOUNTS);
		struct alert_dest dest = {.account = account, .written = account,
			.bucket = STR("copies"), .relation = RELATION_OTHER};
		a.dests = &dest;
		a.n_dests = 1;
		a.bucket = arena_fmt(&mem, "bucket-%u", i % 20000);
		a.time += (int64_t)i * 7919 % 100000007;
		store_add(s, &a, STR("{}"), &fresh);
		arena_fini(&mem);
	}
}

static void step(struct app *a, struct canvas *c, const char *what, const char *key)
{
	struct key k;
	double start = now_ms();
	if (key_parse(str_c(key), &k))
		app_key(a, k);
	double acted = now_ms();
	app_draw(a, c);
	printf("%-28s %8.2f %8.2f\n", what, acted - start, now_ms() - acted);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *what, *key;
	} steps[] = {{"first draw", ""}, {"down", "j"}, {"to the end", "G"}, {"to the beginning", "g"},
		{"sort by another column", ">"}, {"accounts", "X"}, {"down", "j"}, {"end", "G"},
		{"sort", ">"}, {"down", "j"}, {"one account's preview", "s"}, {"back", "Esc"},
		{"buckets", "E"}, {"actors, 33,000 alerts each", "W"}, {"down", "j"},
		{"an actor's preview", "s"}, {"a letter of the reason", "x"}, {"back", "Esc"},
		{"back", "Esc"}, {"mark all", "A"}, {"all alerts' preview", "s"}, {"a letter", "x"}, {"back", "Esc"},
		{"all, to be approved", "a"}, {"a page of those that differ", "PageDown"}};
	int64_t n = 100000;
	if (argc > 1 && (!str_int(str_c(argv[1]), &n) || n < 1 || n > 10000000))
		return 2;
	struct store *s = store_new();
	struct err err = {0};
	struct canvas c;
	load(s, (unsigned)n);
	struct signals *signals = signals_new(s);
	struct config *config = config_new(STR(""), "config.toml", &err);
	struct desk desk = {.store = s, .signals = signals, .now = fixed_now, .env = no_env};
	struct app_setup setup = {.desk = &desk, .config = config};
	double start = now_ms();
	struct app *a = app_new(&setup);
	printf("%u alerts of %d accounts\n%-28s %8.2f\n%-28s %8s %8s ms\n", (unsigned)n, ACCOUNTS,
		"start", now_ms() - start, "", "key", "draw");
	canvas_init(&c, 50, 200);
	for (size_t i = 0; i < ARRAY_LEN(steps); i++)
		step(a, &c, steps[i].what, steps[i].key);
	canvas_fini(&c);
	app_free(a);
	habits_free(desk.habits);
	arena_fini(&desk.guide.mem);
	config_free(config);
	signals_free(signals);
	store_free(s);
	return 0;
}
