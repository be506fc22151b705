/*
 * caps: terminfo capabilities as text. Private to tui.
 */
#ifndef TUI_CAPS_H
#define TUI_CAPS_H

#include "s3triage/base/buf.h"

bool caps_has(const char *name);
bool caps_flag(const char *name);
int caps_number(const char *name);

/* Appends the capability with its numbers filled in, padding left out; nothing when it is absent.
 */
void caps_put(struct buf *out, const char *name, int a, int b);

#endif
