/*
 * tell: what is said of a text as a whole, when it holds no records.
 */
#include "scan_priv.h"

#include "look.h"
#include "magic.h"

#include "s3triage/base/mem.h"

enum { LOOK = 64 << 10 };

/* The user named it, or its name promises events; others in a folder are left out. */
bool job_expects(const struct job *job)
{
	return job->named || name_promises(str_c(job->path));
}

/* What a file is that somebody named and that holds no records. */
static const char *what_it_is(const struct feed *f, const char *path)
{
	struct str text = {f->buf, f->end};
	AUTO(json_free_ptr) struct json *v = f->eof ? json_parse(str_trim(text), NULL) : NULL;
	if (v)
		return "is JSON, but of no shape that holds events";
	const char *is = look_name_amid(str_sub(text, 0, LOOK));
	if (is)
		return is;
	if (look_speaks_of_events(str_sub(text, 0, LOOK)))
		return "speaks of events, but is no JSON: perhaps each of its lines has something before it";
	return path && str_ends(str_c(path), STR(".csv"))
		? "is neither JSON nor a table that can be read" : "is no JSON";
}

/* Events in a notation that is not read are told wherever they lie. */
static bool holds_events(const struct feed *f)
{
	struct str text = {f->buf, f->end < LOOK ? f->end : LOOK};
	bool said = str_find(text, STR("eventName")) != STR_NONE;
	return look_speaks_of_events(text) || (said && look_name_amid(text));
}

void reader_tell_not_json(struct reader *r, const struct job *job, const struct feed *f)
{
	struct err err = {0};
	const struct magic *magic = magic_of((struct str){f->buf, f->end});
	err_set(&err, ERR_PARSE, "%s", magic ? magic->is : what_it_is(f, job->path));
	if ((magic && magic->events) || job_expects(job) || holds_events(f))
		reader_problem(r, &err, 0, 0);
	else
		reader_skip(r, SKIP_NO_JSON, 0, err.text);
}

void reader_tell_blank(struct reader *r, const struct job *job)
{
	struct err err = {0};
	bool promises = job->named && job->path && name_promises(str_c(job->path));
	err_set(&err, promises ? ERR_PARSE : ERR_NONE, "is empty%s",
		promises ? ", and its name promises events" : "");
	if (promises)
		reader_problem(r, &err, 0, 0);
	else if (job_expects(job))
		reader_note(r, &err);
	else
		reader_skip(r, SKIP_EMPTY, 0, err.text);
}

void reader_tell_absent(struct reader *r)
{
	struct err err = {0};
	if (!r->absent)
		return;
	err_set(&err, ERR_NONE, "%llu document%s that %s asked for by id %s not found, the answer says", r->absent,
		plural(r->absent), r->absent == 1 ? "was" : "were", r->absent == 1 ? "was" : "were");
	reader_note(r, &err);
	r->absent = 0;
}
