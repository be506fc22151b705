/*
 * main: hands the words of the command line to a verb. Owns the exit code.
 */
#include <stdio.h>

int main(void)
{
	puts("s3triage " S3TRIAGE_VERSION);
	return 0;
}
