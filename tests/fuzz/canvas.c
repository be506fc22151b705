/*
 * Any bytes at any place of a small canvas, over and over each other: nothing hostile in a cell,
 * no half of a wide character alone, nothing outside the given width.
 */
#include "cells.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	if (n < 3)
		return 0;
	struct canvas c;
	canvas_init(&c, data[0] % 4, data[1] % 40);
	c.ascii = data[2] & 1;
	data += 3;
	n -= 3;
	while (n > 4) {
		size_t len = data[3] < n - 4 ? data[3] : n - 4;
		struct pen pen = {(int)data[0] % 6 - 1, (int)data[1] % 48 - 2, (int)data[2] % 48 - 2,
			(enum role)(data[0] % ROLE_COUNT)};
		int used = canvas_put(&c, &pen, (struct str){(const char *)data + 4, len});
		must(used >= 0 && (used == 0 || used <= pen.width));
		check_cells(&c);
		data += 4 + len;
		n -= 4 + len;
	}
	canvas_fini(&c);
	return 0;
}
