/*
 * select: --filter, --verdict and --sort, read before anything is scanned and applied after it.
 */
#include "cli_priv.h"

#include "s3triage/alert/filter.h"

struct wanted {
	struct filter *filter;
	enum sort_key key;
	bool descending;
};

/* By itself first, as typed: inside brackets an error would point into another text. */
static bool filter_is_right(const char *typed, int64_t now, struct err *err)
{
	struct filter *f = filter_compile(str_c(typed), now, err);
	filter_free(f);
	return f != NULL;
}

/* The two as one text of the filter's language. */
static bool filter_text(const struct cli *cli, int64_t now, struct buf *text, struct err *err)
{
	enum verdict v;
	const char *typed = cli->text[OPT_FILTER], *verdict = cli->text[OPT_VERDICT];
	if (str_trim(str_c(typed)).n) {
		if (!filter_is_right(typed, now, err)) {
			err->code = ERR_USAGE;
			return err_prefix(err, "--filter");
		}
		buf_fmt(text, "(%s)", typed);
	}
	if (!verdict)
		return true;
	if (!verdict_parse(str_c(verdict), &v))
		return err_set(err, ERR_USAGE, "--verdict is open, approved or suspicious, not '%s'", verdict);
	buf_fmt(text, "%sverdict:%s", text->n ? " and " : "", verdict_name(v));
	return true;
}

static bool read_wanted(const struct cli *cli, int64_t now, struct wanted *w, struct err *err)
{
	/* Of what cannot be put in order --limit gives the newest. */
	const char *usual = verb_takes(cli->verb, OPT_SORT) ? "-signal" : "-time";
	const char *sort = cli->text[OPT_SORT] ? cli->text[OPT_SORT] : usual;
	AUTO(buf_fini) struct buf text = {0};
	w->descending = *sort == '-';
	if (!sort_parse(str_c(sort + w->descending), &w->key))
		return err_set(err, ERR_USAGE, "--sort: there is no column '%s'", sort);
	if (!filter_text(cli, now, &text, err))
		return false;
	w->filter = filter_compile(buf_str(&text), now, err);
	if (w->filter)
		return true;
	err->code = ERR_USAGE;
	return err_prefix(err, "--filter");
}

bool select_check(const struct cli *cli, int64_t now, struct err *err)
{
	struct wanted w;
	if (!read_wanted(cli, now, &w, err))
		return false;
	filter_free(w.filter);
	return true;
}

bool select_rows(const struct session *s, const struct cli *cli, struct selection **out,
	struct err *err)
{
	struct wanted w;
	if (!read_wanted(cli, s->now, &w, err))
		return false;
	signals_update(s->desk.signals, 0);
	*out = selection_new(s->desk.store);
	selection_sort(*out, w.key, w.descending);
	selection_filter(*out, w.filter);
	selection_update(*out);
	return true;
}
