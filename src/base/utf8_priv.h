/*
 * base/utf8 private: the width table's interface.
 */
#ifndef S3TRIAGE_SRC_BASE_UTF8_PRIV_H
#define S3TRIAGE_SRC_BASE_UTF8_PRIV_H

#include <stdbool.h>
#include <stdint.h>

/* Both ends belong to the range. */
struct utf8_range {
	uint32_t first, last;
};

bool utf8_is_zero(uint32_t cp); /* joins the cell before it, or takes none at all */
bool utf8_is_wide(uint32_t cp); /* takes two cells */

#endif
