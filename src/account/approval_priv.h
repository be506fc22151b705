/*
 * approval_priv: which part of an alert is outside an approval, for the words about it.
 */
#ifndef SRC_ACCOUNT_APPROVAL_PRIV_H
#define SRC_ACCOUNT_APPROVAL_PRIV_H

#include "s3triage/account/approval.h"

/* The first destination that is neither the owner's own nor the approved account; whose bucket, or
 * whose filter, is not within the limits; NULL when there is none. */
const struct alert_dest *approval_other_dest(const struct approval *a, const struct alert *al);
const struct alert_dest *approval_other_bucket(const struct approval *a, const struct alert *al);
const struct alert_dest *approval_wider_dest(const struct approval *a, const struct alert *al);

/* The first whose copies' key is not the one agreed on: where none is, of neither the bucket's owner nor
 * the approved account. A key that names no account is the requester's own to resolve. */
const struct alert_dest *approval_other_key(const struct approval *a, const struct alert *al);
/* The first that asks for another storage class. */
const struct alert_dest *approval_other_storage(const struct approval *a, const struct alert *al);

/* The first partition that is not the one asked for, or not as the others; else empty. */
struct str approval_other_partition(const struct approval *a, const struct alert *al);

/* Moves what fits and is not as usual to what is outside. */
void approval_plan_usual(struct habits *h, struct approval_plan *p);
void approval_plan_add(struct proposal **v, size_t *n, struct proposal p);

#endif
