/*
 * sgr: a theme's styles as escape sequences for this terminal, made once. Colours it does not have
 * become the nearest that it has.
 */
#include "sgr.h"

#include "caps.h"

/* The first sixteen as xterm has them. */
static const int basic[16] = {0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd,
	0xe5e5e5, 0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff};

static int cube_step(int i)
{
	return i ? 55 + 40 * i : 0;
}

/* The colour of an index as 0xRRGGBB. */
static int index_rgb(int i)
{
	if (i < 16)
		return basic[i];
	if (i >= 232)
		return (8 + 10 * (i - 232)) * 0x010101;
	i -= 16;
	return cube_step(i / 36) << 16 | cube_step(i / 6 % 6) << 8 | cube_step(i % 6);
}

static int distance(int a, int b)
{
	int r = (a >> 16 & 255) - (b >> 16 & 255), g = (a >> 8 & 255) - (b >> 8 & 255);
	int blue = (a & 255) - (b & 255);
	return 3 * r * r + 6 * g * g + blue * blue;
}

static int nearest(int rgb, int from, int to)
{
	int best = from;
	for (int i = from; i < to; i++)
		if (distance(rgb, index_rgb(i)) < distance(rgb, index_rgb(best)))
			best = i;
	return best;
}

/* A colour as the terminal can show it; RGB stays RGB where it is known. */
static int sgr_fit(const struct sgr *s, int colour)
{
	if (colour < 0 || s->colours == 0)
		return -1;
	if (colour >= 0x1000000) {
		if (s->rgb)
			return colour;
		int rgb = colour & 0xffffff;
		return s->colours >= 256 ? nearest(rgb, 16, 256)
			: nearest(rgb, 0, s->colours >= 16 ? 16 : 8);
	}
	if (colour < s->colours)
		return colour;
	return colour < 16 ? colour % 8 : nearest(index_rgb(colour), 0, s->colours >= 16 ? 16 : 8);
}

static void put_colour(const struct sgr *s, struct buf *b, int colour, bool back)
{
	colour = sgr_fit(s, colour);
	if (colour >= 0x1000000)
		buf_fmt(b, "\033[%d;2;%d;%d;%dm", back ? 48 : 38, colour >> 16 & 255,
			colour >> 8 & 255, colour & 255);
	else if (colour >= 0)
		caps_put(b, back ? "setab" : "setaf", colour, 0);
}

static enum role ground_role(int ground)
{
	static const enum role roles[GROUNDS] = {ROLE_TEXT, ROLE_BAR, ROLE_DIALOG};
	return roles[ground];
}

int sgr_ground(const struct cell *c)
{
	return c->ground == ROLE_BAR ? 1 : c->ground == ROLE_DIALOG ? 2 : 0;
}

static struct style resolve(const struct theme *t, enum role r, bool selected, int ground)
{
	struct style st = t->role[r];
	const struct style *text = &t->role[ROLE_TEXT], *cursor = &t->role[ROLE_CURSOR];
	if (st.bg == text->bg)
		st.bg = t->role[ground_role(ground)].bg;
	if (!selected)
		return st;
	if (cursor->reverse) /* a colour turned round would be a patch of background */
		st.fg = st.bg = -1;
	if (cursor->bg != -1)
		st.bg = cursor->bg;
	if (cursor->fg != -1 && st.fg == text->fg)
		st.fg = cursor->fg;
	st.reverse = st.reverse != cursor->reverse;
	st.bold = st.bold || cursor->bold;
	st.dim = false;
	return st;
}

static void make(struct sgr *s, enum role r, bool selected, int ground)
{
	struct style st = resolve(s->theme, r, selected, ground);
	AUTO(buf_fini) struct buf b = {0};
	buf_init(&b, 400);
	caps_put(&b, "sgr0", 0, 0);
	const struct {
		bool on;
		const char *cap;
	} flags[] = {{st.bold, "bold"}, {st.dim, "dim"}, {st.italic, "sitm"},
		{st.underline, "smul"}, {st.reverse, "rev"}};
	for (size_t i = 0; i < ARRAY_LEN(flags); i++)
		if (flags[i].on)
			caps_put(&b, flags[i].cap, 0, 0);
	put_colour(s, &b, st.fg, false);
	put_colour(s, &b, st.bg, true);
	s->text[r][selected][ground] = arena_str(&s->mem, buf_str(&b));
	s->plain[r][selected][ground] = sgr_fit(s, st.bg) == -1 && !st.reverse && !st.underline;
}

void sgr_init(struct sgr *s, const struct theme *theme, const struct term *t)
{
	*s = (struct sgr){.theme = theme, .colours = t->colours, .rgb = t->rgb};
	for (int r = 0; r < ROLE_COUNT; r++)
		for (int ground = 0; ground < GROUNDS; ground++)
			for (int selected = 0; selected < 2; selected++)
				make(s, (enum role)r, selected, ground);
}

void sgr_fini(struct sgr *s)
{
	arena_fini(&s->mem);
}
