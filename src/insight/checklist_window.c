/*
 * checklist_window: how far a guide says that one should look.
 */
#include "s3triage/insight/checklist.h"

#include "s3triage/base/mem.h"

#define HOUR_MS INT64_C(3600000)

static bool is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* The next word without the marks around it; empty at the end. */
static struct str next_word(struct str *rest)
{
	static const char marks[] = "*_`.,;:()[]\"'-";
	size_t from = 0, to, end;
	while (from < rest->n && is_space(rest->p[from]))
		from++;
	for (to = from; to < rest->n && !is_space(rest->p[to]) && (to == from || rest->p[to] != '-'); to++)
		;
	end = to;
	while (from < end && strchr(marks, rest->p[from]))
		from++;
	while (end > from && strchr(marks, rest->p[end - 1]))
		end--;
	struct str word = str_sub(*rest, from, end);
	*rest = str_sub(*rest, to, rest->n);
	return word.p ? word : (struct str){"", 0};
}

static int64_t number_word(struct str w)
{
	static const char *const words[] = {"one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
		"ten", "eleven", "twelve"};
	int64_t n;
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (str_eq_fold(w, str_c(words[i])))
			return (int64_t)i + 1;
	return str_digits(w) && w.n < 5 && str_int(w, &n) ? n : 0;
}

static int64_t unit_word(struct str w)
{
	static const struct {
		const char *word;
		int64_t ms;
	} units[] = {{"hour", HOUR_MS}, {"day", 24 * HOUR_MS}, {"week", 7 * 24 * HOUR_MS},
		{"month", 30 * 24 * HOUR_MS}};
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		struct str u = str_c(units[i].word);
		if (str_eq_fold(w, u) || (w.n == u.n + 1 && str_eq_fold(str_sub(w, 0, u.n), u) && w.p[u.n] == 's'))
			return units[i].ms;
	}
	return 0;
}

int64_t checklist_window(struct str note, int64_t usual)
{
	const int64_t most = 90 * 24 * HOUR_MS;
	int64_t found = 0, number = 0;
	while (note.n) {
		struct str w = next_word(&note);
		int64_t span = number * unit_word(w);
		if (span > found && span <= most)
			found = span;
		number = w.n ? number_word(w) : number;
	}
	return found ? found : usual;
}
