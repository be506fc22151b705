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

#include <cmocka.h>

/* Where the public sample data may lie; a test that uses it skips when it is not there. */
#define SHARED_ROOT "../shared/"

#endif
