/*
 * keys: what the terminal sends, as keys and pastes. Private to tui.
 */
#ifndef TUI_KEYS_H
#define TUI_KEYS_H

#include "pace.h"
#include "s3triage/base/buf.h"
#include "term.h"

#define PASTE_MAX ((size_t)64 << 10)

/* Tells ncurses what terminals send beside what terminfo says. */
void keys_define(void);

enum keys_got { KEYS_NONE, KEYS_KEY, KEYS_PASTE };

/* Where the terminal does not mark pastes: more characters at once than one types, and not one key
 * held. True: *text has them, for what takes text; they are no keys. */
bool keys_look_pasted(const struct stroke *s, size_t n, struct buf *text);

/* The next key or paste that has come; never waits (but for the rest of an escape sequence or of
 * a paste). The paste's text is cut at PASTE_MAX. */
enum keys_got keys_next(struct term *t, struct key *key, struct buf *paste);

#endif
