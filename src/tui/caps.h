/*
 * caps: terminfo capabilities as text. Private to tui.
 */
#ifndef TUI_CAPS_H
#define TUI_CAPS_H

#include "s3triage/base/buf.h"

enum caps_found { CAPS_UNKNOWN, CAPS_POOR, CAPS_GOOD };

/* Whether this type is known and can be painted on. Leaves nothing set up. */
enum caps_found caps_probe(const char *term, int fd);

bool caps_has(const char *name);
bool caps_flag(const char *name);
int caps_number(const char *name);

/* True when the capability is spelled just so in terminfo. */
bool caps_is(const char *name, const char *text);

/* Appends the capability with its numbers filled in, padding left out; nothing when it is absent.
 */
void caps_put(struct buf *out, const char *name, int a, int b);

#endif
