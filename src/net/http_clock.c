/*
 * http_clock: the clocks of the requests.
 */
#include "s3triage/net/http.h"

#include <time.h>

static int64_t clock_ms(clockid_t clock)
{
	struct timespec t;
	clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t http_now(void)
{
	return clock_ms(CLOCK_REALTIME);
}

int64_t http_ticks(void)
{
	return clock_ms(CLOCK_BOOTTIME); /* goes on while the machine sleeps */
}
