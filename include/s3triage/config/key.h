/*
 * config/key: one key press, and its spelling in config files: "a", "^R", "Space", "F5", "PageDown".
 */
#ifndef S3TRIAGE_CONFIG_KEY_H
#define S3TRIAGE_CONFIG_KEY_H

#include "s3triage/base/str.h"

enum key_code {
	KEY_CODE_NONE = 0,
	/* below 0x110000 a code point, control keys as 1..31 and 127 */
	KEY_CODE_UP = 0x110000, KEY_CODE_DOWN, KEY_CODE_LEFT, KEY_CODE_RIGHT, KEY_CODE_HOME,
	KEY_CODE_END, KEY_CODE_PAGE_UP, KEY_CODE_PAGE_DOWN, KEY_CODE_INSERT, KEY_CODE_DELETE,
	KEY_CODE_BACKSPACE, KEY_CODE_ENTER, KEY_CODE_TAB, KEY_CODE_BACK_TAB, KEY_CODE_ESC,
	KEY_CODE_F1 /* .. F12 = F1 + 11 */
};

struct key {
	uint32_t code;
	bool alt; /* ESC and a key in one burst */
};

bool key_parse(struct str text, struct key *out);
const char *key_spelling(struct key k, char out[16]);
bool key_same(struct key a, struct key b);

#endif
