/*
 * md_priv: what rendering Markdown keeps while md4c walks the document.
 */
#ifndef S3TRIAGE_VIEW_MD_PRIV_H
#define S3TRIAGE_VIEW_MD_PRIV_H

#include "s3triage/event/json.h"
#include "s3triage/view/text.h"

#define MD_BYTES_MAX ((size_t)2 << 20)
#define MD_INDENT_MAX 24
#define MD_LISTS_MAX 32

/* Copies markdown into out, `!{investigate{…}}` and `!{osquery{…}}` replaced by Markdown that
 * people can read. */
void plugins_readable(struct str markdown, struct buf *out);

#endif
