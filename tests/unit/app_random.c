/*
 * Random keys, pastes, resizes, arrivals and other people's decisions, with a checker of its own:
 * every row of the journal must be explained by a key that may decide, pressed on a screen that showed
 * it. S3TRIAGE_RANDOM=N plays N times as many keys (make random).
 */
#include "app_fake.h"

#include <stdlib.h>

enum { KEYS = 3000, ALERTS = 60 };

struct player {
	struct fake *f;
	uint64_t seed;
	char keys[64];      /* the last ones, for a failure's words */
	size_t at;
	uint32_t frame_key; /* how often a key is followed by a frame, of 8 */
	bool roomy;         /* the last frame had room for names */
};

static uint32_t player_random(struct player *p, uint32_t below)
{
	return make_random(&p->seed) % below;
}

static const struct key player_keys[] = {
	{'a', 0}, {'s', 0}, {'o', 0}, {'n', 0}, {'e', 0}, {'u', 0}, {18, 0}, {' ', 0}, {'V', 0}, {'A', 0}, {'I', 0},
	{'D', 0}, {'B', 0}, {'C', 0}, {'/', 0}, {'f', 0}, {'F', 0}, {'H', 0}, {'S', 0}, {'<', 0}, {'>', 0}, {'r', 0},
	{'j', 0}, {'k', 0}, {'J', 0}, {'K', 0}, {'g', 0}, {'G', 0}, {'O', 0}, {'1', 0}, {'2', 0}, {'3', 0}, {'4', 0},
	{'z', 0}, {'v', 0}, {'w', 0}, {'i', 0}, {'X', 0}, {'W', 0}, {'E', 0}, {'R', 0}, {'N', 0}, {'T', 0}, {'L', 0},
	{'p', 0}, {'P', 0}, {'y', 0}, {':', 0}, {'M', 0}, {'?', 0}, {'.', 0}, {',', 0}, {'b', 0}, {'0', 0}, {3, 0},
	{20, 0}, {14, 0}, {16, 0}, {21, 0}, {KEY_CODE_ENTER, 0}, {KEY_CODE_ENTER, 0}, {KEY_CODE_ENTER, 0},
	{KEY_CODE_ESC, 0}, {KEY_CODE_ESC, 0}, {KEY_CODE_TAB, 0}, {KEY_CODE_BACK_TAB, 0}, {KEY_CODE_UP, 0},
	{KEY_CODE_DOWN, 0}, {KEY_CODE_LEFT, 0}, {KEY_CODE_RIGHT, 0}, {KEY_CODE_PAGE_DOWN, 0}, {KEY_CODE_HOME, 0},
	{KEY_CODE_BACKSPACE, 0}, {'a', 1}, {'s', 1},
};

/* Keys that may write a decision: verdicts, undo, redo, and Enter where a question stands. */
static bool may_write(struct key k)
{
	return !k.alt && (k.code == 'a' || k.code == 's' || k.code == 'o' || k.code == 'u' || k.code == 18 ||
		k.code == KEY_CODE_ENTER);
}

/* A verdict of one key is that key's, on an alert whose bucket the last frame showed; none is given
 * over a word that another spoke since that frame. */
static void check_row(const struct player *p, struct key k, const struct decision *d, struct str frame,
	size_t heard)
{
	static const char letters[VERDICTS] = {'o', 'a', 's'};
	row_id r = store_find(p->f->desk.store, d->alert_id, NULL);
	struct str bucket = store_alert(p->f->desk.store, r)->bucket;
	if (!may_write(k))
		fail_msg("key %u wrote a decision, after %s", k.code, p->keys);
	if (k.code == KEY_CODE_ENTER || d->undoes)
		return;
	if (k.code != (uint32_t)letters[d->verdict])
		fail_msg("key %c decided %s, after %s", (int)k.code, verdict_name(d->verdict), p->keys);
	if (p->roomy && str_find(frame, bucket) == STR_NONE)
		fail_msg("key %c decided %.*s, which was not on the screen, after %s", (int)k.code,
			STR_ARG(bucket), p->keys);
	for (size_t i = heard; i < p->f->n; i++)
		if (str_is(p->f->rows[i].analyst, "lee") && str_eq(p->f->rows[i].alert_id, d->alert_id))
			fail_msg("key %c overruled what no frame showed, after %s", (int)k.code, p->keys);
}

static void remember(struct player *p, struct key k)
{
	memmove(p->keys, p->keys + 1, sizeof(p->keys) - 2);
	p->keys[sizeof(p->keys) - 2] = (char)(k.code > ' ' && k.code < 127 ? k.code
		: k.code == KEY_CODE_ENTER ? '$' : k.code == KEY_CODE_ESC ? '^' : '_');
}

/* What comes from outside, at any moment: none of it may write a row of ours. */
static void outside(struct player *p, unsigned *alerts)
{
	struct fake *f = p->f;
	switch (player_random(p, 12)) {
	case 0:
		if (*alerts < ALERTS) {
			fake_add(f, (*alerts)++);
			app_arrived(f->app);
		}
		break;
	case 1:
		fake_other(f, player_random(p, *alerts), (enum verdict)player_random(p, VERDICTS));
		break;
	case 2:
		app_paste(f->app, STR("a\nsuo\r\n:suspicious\n"));
		break;
	case 3:
		f->height = (int)player_random(p, 60) + 1;
		f->width = (int)player_random(p, 200) + 1;
		break;
	case 4:
		f->height = 40;
		f->width = 120;
		break;
	case 5:
		app_status(f->app, STR("reading"), player_random(p, 2) == 0);
		break;
	}
}

static size_t own_rows(const struct fake *f)
{
	size_t n = 0;
	for (size_t i = 0; i < f->n; i++)
		n += str_is(f->rows[i].analyst, "kim");
	return n;
}

static void player_frame(struct player *p, struct buf *frame)
{
	p->roomy = (!p->f->height || p->f->height >= 24) && (!p->f->width || p->f->width >= 80);
	buf_clear(frame);
	fake_draw(p->f, p->f->height ? p->f->height : 40, p->f->width ? p->f->width : 120, frame);
}

static void play(uint64_t seed, size_t *decided)
{
	struct player p = {.f = fake_new(20, ""), .seed = seed};
	unsigned alerts = 20;
	struct buf frame;
	size_t heard = 0;
	buf_init(&frame, 0);
	memset(p.keys, ' ', sizeof(p.keys) - 1);
	p.frame_key = player_random(&p, 8) + 1;
	player_frame(&p, &frame);
	for (int i = 0; i < KEYS && p.f->n + 200 < FAKE_ROWS && p.f->n_stack < 60 && p.f->n_undone < 60; i++) {
		size_t own = own_rows(p.f);
		outside(&p, &alerts);
		assert_int_equal(own_rows(p.f), own);
		struct key k = player_keys[player_random(&p, ARRAY_LEN(player_keys))];
		size_t n = p.f->n;
		remember(&p, k);
		app_key(p.f->app, k);
		for (size_t r = n; r < p.f->n; r++)
			check_row(&p, k, &p.f->rows[r], buf_str(&frame), heard);
		*decided += p.f->n - n;
		if (player_random(&p, 8) < p.frame_key) {
			player_frame(&p, &frame);
			heard = p.f->n;
		}
	}
	buf_fini(&frame);
	fake_free(p.f);
}

static void every_decision_is_explained(void **state)
{
	const char *more = getenv("S3TRIAGE_RANDOM");
	long games = 6 * (more ? strtol(more, NULL, 10) : 1);
	size_t decided = 0;
	(void)state;
	for (long g = 1; g <= games; g++)
		play((uint64_t)g * 7919, &decided);
	if (decided < 100)
		fail_msg("only %zu decisions came about: the keys reach nothing", decided);
	printf("%ld games, %zu decisions, each explained\n", games, decided);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(every_decision_is_explained)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
