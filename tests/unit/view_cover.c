#include "s3triage/view/canvas.h"

#include "../unit.h"

static void nothing_shines_through(void **state)
{
	(void)state;
	struct canvas c;
	canvas_init(&c, 4, 6);
	canvas_fill(&c, (struct rect){0, 0, 4, 6}, 'x', ROLE_STRONG);
	canvas_select_row(&c, (struct rect){1, 0, 2, 6});
	canvas_cover(&c, (struct rect){1, 2, 1, 9});
	for (int row = 0; row < 4; row++)
		for (int col = 0; col < 6; col++) {
			const struct cell *cell = &c.cells[row * 6 + col];
			bool covered = row == 1 && col >= 2;
			assert_int_equal(cell->cp, covered ? ' ' : 'x');
			assert_int_equal(cell->selected, (row == 1 || row == 2) && !covered);
		}
	canvas_fini(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_shines_through)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
