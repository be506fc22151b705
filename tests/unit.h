/*
 * What every unit test includes: cmocka, in the order in which it wants its headers.
 */
#ifndef TESTS_UNIT_H
#define TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* Where the public sample data may lie; a test that uses it skips when it is not there. */
#define SHARED_ROOT "../shared/"

/* First in a test: cmocka's skip() jumps, and what is owned by then is never freed. */
#define NEEDS(file) \
	do { \
		if (access(file, R_OK) != 0) \
			skip(); \
	} while (0)

#endif
