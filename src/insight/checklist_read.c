/*
 * checklist_read: a guide's steps. A step is a list item of the outermost level under a heading;
 * what is nested in it or goes on below it is its text. HANDOFF.md has the whole rule.
 */
#include "checklist_priv.h"

#include "s3triage/base/hash.h"
#include "s3triage/base/lines.h"

enum { STEP_TEXT_MAX = 2000, HEADING_MAX = 200 };

/* Beside the phases: what is no step, and what is one only when the guide has no other. */
enum { SECTION_INTRO = PHASE_RESPOND + 1, SECTION_NONE };

struct reader {
	struct arena *mem;
	struct checklist *out;
	struct str heading;
	int section;             /* a checklist_phase or SECTION_* */
	size_t section_level;    /* of the heading that set it */
	size_t headings;
	bool in_step, fence, gap;
	char fence_char;
	struct buf text;
};

static int section_of(struct str heading)
{
	static const struct {
		const char *word;
		int section;
	} words[] = {{"false positive", PHASE_FALSE_POSITIVE}, {"respon", PHASE_RESPOND},
		{"remediat", PHASE_RESPOND}, {"theft", PHASE_RESPOND}, {"contain", PHASE_RESPOND},
		{"recover", PHASE_RESPOND}, {"prevent", PHASE_RESPOND},
		{"happen again", PHASE_RESPOND}, {"read more", SECTION_NONE},
		{"additional information", SECTION_NONE}, {"reference", SECTION_NONE},
		{"resources", SECTION_NONE}, {"related", SECTION_NONE}, {"setup", SECTION_NONE},
		{"decide", SECTION_NONE}};
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (str_find_fold(heading, str_c(words[i].word)) != STR_NONE)
			return words[i].section;
	return -1;
}

static struct str checklist_read_plain(struct reader *r, struct str markdown, size_t max)
{
	struct buf b;
	buf_init(&b, max);
	guide_plain(markdown, &b);
	struct str s = arena_str(r->mem, str_trim(buf_str(&b)));
	buf_fini(&b);
	return s;
}

/* ---- a step's own parts ------------------------------------------------------------------- */

static size_t sentence_end(struct str s)
{
	for (size_t i = 8; i + 1 < s.n; i++)
		if (str_find_char(STR(".:?;"), s.p[i]) != STR_NONE && s.p[i + 1] == ' ')
			return s.p[i] == '?' ? i + 1 : i;
	return s.n;
}

static struct str make_title(struct str text, struct arena *mem)
{
	struct str title = str_sub(text, 0, sentence_end(text)), whole = title;
	if (title.n <= CHECKLIST_TITLE_MAX) {
		while (title.n && str_find_char(STR(".:;"), title.p[title.n - 1]) != STR_NONE)
			title.n--;
		return title.n ? title : whole; /* marks alone are a title, too */
	}
	title.n = CHECKLIST_TITLE_MAX - 3;
	size_t blank = str_rfind_char(title, ' ');
	if (blank != STR_NONE && blank > CHECKLIST_TITLE_MAX / 2)
		title.n = blank;
	while (title.n && ((unsigned char)text.p[title.n] & 0xC0) == 0x80)
		title.n--; /* not inside a character */
	return arena_fmt(mem, "%.*s...", STR_ARG(title));
}

static size_t same_keys(const struct checklist *list, struct str key)
{
	size_t n = 0;
	for (size_t i = 0; i < list->n; i++)
		n += str_eq(str_sub(list->steps[i].key, 0, CHECKLIST_KEY_LEN), key);
	return n;
}

static struct str make_key(struct reader *r, struct str text)
{
	char hex[SHA256_HEX];
	struct str key = {sha256_hex(text, hex), CHECKLIST_KEY_LEN};
	size_t again = same_keys(r->out, key);
	return again ? arena_fmt(r->mem, "%.*s-%zu", STR_ARG(key), again + 1) :
		arena_str(r->mem, key);
}

static bool checklist_read_has_word(struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		if ((text.p[i] | 32) >= 'a' && (text.p[i] | 32) <= 'z')
			return true;
	return false;
}

static void end_step(struct reader *r)
{
	struct str raw = str_trim(buf_str(&r->text));
	bool wanted = r->in_step && r->section != SECTION_NONE;
	r->in_step = false;
	if (!wanted)
		return;
	struct str text = checklist_read_plain(r, raw, STEP_TEXT_MAX);
	if (!checklist_read_has_word(text))
		return;
	if (r->out->n == CHECKLIST_STEPS_MAX) {
		r->out->cut = true;
		return;
	}
	struct checklist_step *s = &r->out->steps[r->out->n];
	*s = (struct checklist_step){.heading = r->heading, .text = text,
		.phase = (enum checklist_phase)r->section};
	s->key = make_key(r, text);
	s->title = make_title(text, r->mem);
	s->asks = checklist_asks(text);
	r->out->n++;
}

/* ---- lines -------------------------------------------------------------------------------- */

static bool opens_guide(struct str heading)
{
	return str_eq_fold(heading, STR("Triage and analysis"));
}

/* The guide's title, and the heading under it that names the rule, are the introduction. */
static void take_heading(struct reader *r, const struct guide_line *l)
{
	end_step(r);
	int section = section_of(l->text);
	r->heading = checklist_read_plain(r, l->text, HEADING_MAX);
	r->headings++;
	if (section < 0 && l->level > r->section_level && r->section != SECTION_INTRO)
		return; /* a part of the section that it stands in */
	if (section < 0)
		section = r->headings <= 2 && (opens_guide(l->text) ||
			r->section == SECTION_INTRO) ? SECTION_INTRO : PHASE_INVESTIGATE;
	r->section = section;
	r->section_level = l->level;
}

static void add_text(struct reader *r, const char *between, struct str text)
{
	if (r->text.n)
		buf_c(&r->text, between);
	buf_add(&r->text, text);
}

static void checklist_read_take_item(struct reader *r, const struct guide_line *l)
{
	if (r->in_step && l->indent >= 2) {
		add_text(r, " / ", l->text);
		return;
	}
	end_step(r);
	buf_clear(&r->text);
	r->in_step = r->headings > 0 && l->indent < 4;
	add_text(r, "", l->text);
}

static void checklist_read_take_line(struct reader *r, const struct guide_line *l)
{
	if (r->fence) {
		r->fence = !(l->kind == GUIDE_FENCE && l->text.p[0] == r->fence_char);
		return;
	}
	switch (l->kind) {
	case GUIDE_BLANK:
		break;
	case GUIDE_FENCE:
		r->fence = true;
		r->fence_char = l->text.p[0];
		break;
	case GUIDE_HEADING:
		take_heading(r, l);
		break;
	case GUIDE_ITEM:
		checklist_read_take_item(r, l);
		break;
	case GUIDE_TEXT:
		if (r->in_step && (l->indent >= 2 || !r->gap))
			add_text(r, " ", l->text);
		else
			end_step(r);
	}
	r->gap = l->kind == GUIDE_BLANK;
}

/* Steps of the introduction count only when there are no others to investigate. */
static void settle_intro(struct checklist *list)
{
	bool others = false;
	size_t kept = 0;
	for (size_t i = 0; i < list->n; i++)
		others |= list->steps[i].phase == PHASE_INVESTIGATE;
	for (size_t i = 0; i < list->n; i++) {
		bool intro = (int)list->steps[i].phase == SECTION_INTRO;
		if (intro && others)
			continue;
		list->steps[kept] = list->steps[i];
		if (intro)
			list->steps[kept].phase = PHASE_INVESTIGATE;
		kept++;
	}
	list->n = kept;
}

void checklist_read(struct str note, struct arena *mem, struct checklist *out)
{
	struct reader r = {.mem = mem, .out = out, .section = SECTION_NONE, .section_level = 99};
	struct str rest = str_sub(note, 0, CHECKLIST_NOTE_MAX), line;
	*out = (struct checklist){.cut = note.n > CHECKLIST_NOTE_MAX};
	out->steps = arena_array(mem, CHECKLIST_STEPS_MAX, sizeof(*out->steps));
	buf_init(&r.text, STEP_TEXT_MAX * 2);
	while (lines_next(&rest, &line)) {
		struct guide_line l = guide_line_read(line);
		checklist_read_take_line(&r, &l);
	}
	end_step(&r);
	settle_intro(out);
	buf_fini(&r.text);
}
