/*
 * columns: which columns the list has at a width, and how wide each is.
 */
#include "columns_priv.h"

#define BUCKET_USUAL 14 /* cells to share out that leave room for most names */

static const char *const names[] = {
#define X(enumerator, name, ...) name,
	LIST_COLUMNS(X)
#undef X
};

const char *column_name(enum column c)
{
	return (unsigned)c < COLUMNS ? names[c] : "";
}

bool column_parse(struct str name, enum column *out)
{
	for (unsigned i = 0; i < COLUMNS; i++)
		if (str_is(name, names[i])) {
			*out = (enum column)i;
			return true;
		}
	if (!str_is(name, "dest"))
		return false;
	*out = COLUMN_DEST;
	return true;
}

struct step {
	int from, width;
};

static const struct step steps[COLUMNS][4] = {
#define X(enumerator, name, ...) {__VA_ARGS__},
	LIST_COLUMNS(X)
#undef X
};

static int width_at(enum column c, int cols)
{
	int width = 0;
	for (size_t i = 0; i < 4 && steps[c][i].width; i++)
		if (cols >= steps[c][i].from)
			width = steps[c][i].width;
	return width;
}

/* A column the user asked for is shown even where the width alone would leave it out. */
static int wanted_width(enum column c, int cols)
{
	int width = width_at(c, cols);
	return width ? width : steps[c][0].width;
}

static void columns_add(struct columns *out, enum column c, int width)
{
	out->col[out->n] = c;
	out->width[out->n++] = width;
}

static void columns_choose(const enum column *wanted, int cols, struct columns *out)
{
	if (!wanted) {
		for (int c = 0; c < COLUMNS; c++)
			if (width_at((enum column)c, cols))
				columns_add(out, (enum column)c, width_at((enum column)c, cols));
		return;
	}
	for (; *wanted < COLUMNS && out->n < COLUMNS; wanted++)
		columns_add(out, *wanted, wanted_width(*wanted, cols));
}

static int columns_used(const struct columns *out)
{
	int sum = out->lead;
	for (int i = 0; i < out->n; i++)
		sum += out->width[i] + (i ? out->gap : 0);
	return sum;
}

static void columns_grow(struct columns *out, enum column c, int by)
{
	for (int i = 0; i < out->n; i++)
		if (out->col[i] == c)
			out->width[i] += by;
}

static bool columns_has(const struct columns *out, enum column c)
{
	for (int i = 0; i < out->n; i++)
		if (out->col[i] == c)
			return true;
	return false;
}

static void columns_drop(struct columns *out, enum column c)
{
	int kept = 0;
	for (int i = 0; i < out->n; i++) {
		if (out->col[i] == c)
			continue;
		out->col[kept] = out->col[i];
		out->width[kept++] = out->width[i];
	}
	out->n = kept;
}

/* No wider than what stands in it and its name. */
static void shrink(struct columns *out, const struct column_needs *needs, enum column c)
{
	for (int i = 0; i < out->n; i++) {
		int need = needs->cells[c] > 5 ? needs->cells[c] : 5;
		if (out->col[i] == c && needs->cells[c] && out->width[i] > need)
			out->width[i] = need;
	}
}

/* What a column still lacks, no more than there is to give. */
static int lack(const struct columns *out, const struct column_needs *needs, enum column c,
	int spare)
{
	for (int i = 0; i < out->n; i++) {
		int missing = needs->cells[c] - out->width[i];
		if (out->col[i] == c)
			return missing < 0 ? 0 : missing < spare ? missing : spare;
	}
	return 0;
}

static void share_out(struct columns *out, const struct column_needs *needs, int spare)
{
	static const enum column wide[] = {COLUMN_BUCKET, COLUMN_ACTOR};
	bool bucket = columns_has(out, COLUMN_BUCKET), actor = columns_has(out, COLUMN_ACTOR);
	int half = spare * 80 / 100, kept = spare - half;
	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < ARRAY_LEN(wide); i++) {
			int give = lack(out, needs, wide[i], round ? spare : i ? kept : half);
			columns_grow(out, wide[i], give);
			spare -= give;
		}
	}
	int share = bucket && actor ? spare * 30 / 100 : spare;
	if (actor)
		columns_grow(out, COLUMN_ACTOR, share);
	if (bucket)
		columns_grow(out, COLUMN_BUCKET, actor ? spare - share : spare);
}

void columns_fit(const enum column *wanted, int cols, const struct column_needs *needs,
	struct columns *out)
{
	*out = (struct columns){.lead = cols < 24 ? 1 : cols < 64 ? 2 : 3, .gap = cols < 80 ? 1 : 2};
	columns_choose(wanted, cols, out);
	if (!needs->signal)
		columns_drop(out, COLUMN_SIGNAL);
	int room = cols - columns_used(out) - (cols > 40);
	if (room > 0 && lack(out, needs, COLUMN_BUCKET, cols) + lack(out, needs, COLUMN_ACTOR, cols) > room) {
		shrink(out, needs, COLUMN_OWNER);
		shrink(out, needs, COLUMN_DEST);
		shrink(out, needs, COLUMN_ACTOR);
		/* Seconds go where most bucket names would be cut. */
		if (width_at(COLUMN_TIME, cols) == 14 && cols - columns_used(out) < BUCKET_USUAL)
			columns_grow(out, COLUMN_TIME, -3);
	}
	while (out->n > 1 && columns_used(out) > cols)
		out->n--;
	int spare = cols - columns_used(out) - (cols > 40);
	if (spare > 0)
		share_out(out, needs, spare);
}
