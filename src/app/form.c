/*
 * form: the keys of dialogs: from field to field, Enter, Escape; the rest is the dialog's own, or typed.
 */
#include "app_priv.h"

static bool form_step(const struct form *f, uint32_t code)
{
	bool next = code == KEY_CODE_TAB || code == KEY_CODE_DOWN;
	if (!f->at || !(next || code == KEY_CODE_BACK_TAB || code == KEY_CODE_UP))
		return false;
	*f->at = (*f->at + (next ? 1 : f->fields - 1)) % f->fields;
	return true;
}

unsigned form_key(struct app *a, struct key k)
{
	struct form f = {0};
	layer_top(a)->form(a, &f);
	if (k.code == KEY_CODE_ESC || k.code == 3 /* ^C */)
		return f.leave(a);
	if (k.code == KEY_CODE_ENTER)
		return f.enter(a);
	if (form_step(&f, k.code) || (f.own && f.own(a, k)))
		return APP_DRAW;
	if (f.line && line_key(f.line, k) && f.typed)
		f.typed(a);
	return APP_DRAW;
}

enum pasted form_paste(struct app *a, struct str text)
{
	struct form f = {0};
	layer_top(a)->form(a, &f);
	if (!f.line || !f.pastes)
		return PASTE_NOWHERE;
	enum pasted p = layer_paste(f.line, text);
	if (p == PASTE_TAKEN && f.typed)
		f.typed(a);
	return p;
}
