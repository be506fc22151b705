/*
 * svg_box: box drawing and block characters as shapes, so that lines meet whatever the font.
 */
#include "svg.h"

#include "s3triage/base/mem.h"

enum { LEFT = 1, RIGHT = 2, UP = 4, DOWN = 8, ROUND = 16, HEAVY = 32, DOUBLE = 64, DASH = 128 };

static const struct {
	uint32_t cp;
	unsigned arms;
} boxes[] = {
	{0x2500, LEFT | RIGHT}, {0x2501, LEFT | RIGHT | HEAVY}, {0x2502, UP | DOWN},
	{0x2503, UP | DOWN | HEAVY}, {0x2504, LEFT | RIGHT | DASH}, {0x2506, UP | DOWN | DASH},
	{0x2508, LEFT | RIGHT | DASH}, {0x250A, UP | DOWN | DASH}, {0x250C, RIGHT | DOWN},
	{0x250F, RIGHT | DOWN | HEAVY}, {0x2510, LEFT | DOWN}, {0x2513, LEFT | DOWN | HEAVY},
	{0x2514, RIGHT | UP}, {0x2517, RIGHT | UP | HEAVY}, {0x2518, LEFT | UP},
	{0x251B, LEFT | UP | HEAVY}, {0x251C, UP | DOWN | RIGHT}, {0x2523, UP | DOWN | RIGHT | HEAVY},
	{0x2524, UP | DOWN | LEFT}, {0x252B, UP | DOWN | LEFT | HEAVY},
	{0x252C, LEFT | RIGHT | DOWN}, {0x2534, LEFT | RIGHT | UP},
	{0x253C, LEFT | RIGHT | UP | DOWN}, {0x2550, LEFT | RIGHT | DOUBLE},
	{0x256D, RIGHT | DOWN | ROUND}, {0x256E, LEFT | DOWN | ROUND}, {0x256F, LEFT | UP | ROUND},
	{0x2570, RIGHT | UP | ROUND}, {0x2574, LEFT}, {0x2575, UP}, {0x2576, RIGHT}, {0x2577, DOWN},
};

static void line(struct buf *out, const double at[4], const char *colour, double width)
{
	buf_fmt(out, "<path d=\"M%.2f %.2fL%.2f %.2f\" stroke=\"%s\" stroke-width=\"%.2f\"/>\n", at[0],
		at[1], at[2], at[3], colour, width);
}

static void rounded(struct buf *out, unsigned arms, const char *colour, const double cell[4])
{
	double cx = cell[0] + cell[2] / 2, cy = cell[1] + cell[3] / 2;
	double ex = arms & RIGHT ? cell[0] + cell[2] : cell[0];
	double ey = arms & DOWN ? cell[1] + cell[3] : cell[1];
	double r = cell[2] / 2, ny = arms & DOWN ? cy + r : cy - r;
	buf_fmt(out, "<path d=\"M%.2f %.2fL%.2f %.2fQ%.2f %.2f %.2f %.2f\" stroke=\"%s\" "
		"stroke-width=\"1.2\" fill=\"none\"/>\n", cx, ey, cx, ny, cx, cy, ex, cy, colour);
}

static void dashed(struct buf *out, unsigned arms, const char *colour, const double cell[4])
{
	double cx = cell[0] + cell[2] / 2, cy = cell[1] + cell[3] / 2;
	for (int i = 0; i < 3; i++) {
		double from = (i + 0.2) / 3, to = (i + 0.8) / 3;
		if (arms & LEFT)
			line(out, (double[]){cell[0] + from * cell[2], cy, cell[0] + to * cell[2], cy}, colour, 1.2);
		else
			line(out, (double[]){cx, cell[1] + from * cell[3], cx, cell[1] + to * cell[3]}, colour, 1.2);
	}
}

static void straight(struct buf *out, unsigned arms, const char *colour, const double cell[4])
{
	double cx = cell[0] + cell[2] / 2, cy = cell[1] + cell[3] / 2;
	double w = arms & HEAVY ? 2.4 : 1.2, over = 0.6;
	if (arms & (LEFT | RIGHT))
		line(out, (double[]){arms & LEFT ? cell[0] - 0.2 : cx - over, cy,
			arms & RIGHT ? cell[0] + cell[2] + 0.2 : cx + over, cy}, colour, w);
	if (arms & (UP | DOWN))
		line(out, (double[]){cx, arms & UP ? cell[1] - 0.2 : cy - over, cx,
			arms & DOWN ? cell[1] + cell[3] + 0.2 : cy + over}, colour, w);
}

static void box(struct buf *out, unsigned arms, const char *colour, const double cell[4])
{
	double shifted[] = {cell[0], cell[1] - 2, cell[2], cell[3]};
	if (arms & ROUND) {
		rounded(out, arms, colour, cell);
	} else if (arms & DASH) {
		dashed(out, arms, colour, cell);
	} else if (arms & DOUBLE) {
		straight(out, arms, colour, shifted);
		shifted[1] += 4;
		straight(out, arms, colour, shifted);
	} else {
		straight(out, arms, colour, cell);
	}
}

/* Eighths from below, eighths from the left, the full block and the shades. */
static bool block(struct buf *out, uint32_t cp, const char *colour, const double c[4])
{
	double x = c[0], y = c[1], w = c[2], h = c[3], opacity = 1;
	if (cp == 0x2580) {
		h /= 2;
	} else if (cp >= 0x2581 && cp <= 0x2588) {
		h = h * (cp - 0x2580) / 8;
		y = c[1] + c[3] - h;
	} else if (cp >= 0x2589 && cp <= 0x258F) {
		w = w * (0x2590 - cp) / 8;
	} else if (cp == 0x2590) {
		x += w / 2;
		w /= 2;
	} else if (cp >= 0x2591 && cp <= 0x2593) {
		opacity = (cp - 0x2590) / 4.0;
	} else {
		return false;
	}
	buf_fmt(out, "<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" fill=\"%s\" "
		"fill-opacity=\"%.2f\"/>\n", x, y, w, h, colour, opacity);
	return true;
}

bool svg_box(struct buf *out, uint32_t cp, const char *colour, const double cell[4])
{
	for (size_t i = 0; i < ARRAY_LEN(boxes); i++)
		if (boxes[i].cp == cp) {
			box(out, boxes[i].arms, colour, cell);
			return true;
		}
	return block(out, cp, colour, cell);
}
