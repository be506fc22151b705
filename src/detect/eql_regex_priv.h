/*
 * eql_regex_priv: what a run holds for regular expressions.
 */
#ifndef S3TRIAGE_SRC_DETECT_EQL_REGEX_PRIV_H
#define S3TRIAGE_SRC_DETECT_EQL_REGEX_PRIV_H

#include "eql_priv.h"

struct eql_regex_run *eql_regex_run_new(void);
void eql_regex_run_free(struct eql_regex_run *r);  /* NULL is fine */
void eql_regex_run_reset(struct eql_regex_run *r); /* for another document; NULL is fine */

#endif
