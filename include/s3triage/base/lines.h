/*
 * base/lines: small helpers on text that has lines.
 */
#ifndef S3TRIAGE_BASE_LINES_H
#define S3TRIAGE_BASE_LINES_H

#include "s3triage/base/err.h"
#include "s3triage/base/str.h"

/* Takes one line (without \n or \r\n) off the front of *rest; false when *rest is empty. */
bool lines_next(struct str *rest, struct str *line);

/* Fills err->line, col and excerpt from a byte offset in text. Returns false. */
bool lines_err_at(struct err *err, struct str text, size_t offset);

#endif
