/*
 * eql_func_priv: the text functions, for the table of functions.
 */
#ifndef S3TRIAGE_SRC_DETECT_EQL_FUNC_PRIV_H
#define S3TRIAGE_SRC_DETECT_EQL_FUNC_PRIV_H

#include "eql_priv.h"

typedef struct value eql_fn(struct eql_run *run, const struct node *call, const struct value *arg);

eql_fn fn_between, fn_ends_with, fn_index_of, fn_length, fn_starts_with, fn_string_contains,
	fn_substring;

#endif
