/*
 * sums: from an event to the rows of a table.
 */
#include "sums.h"

#include "s3triage/base/utf8.h"
#include "s3triage/base/when.h"
#include "s3triage/event/doc.h"

#include <stdlib.h>

struct sums_key {
	size_t set;
	struct str key;
};

/* What an event adds. */
struct sums_row {
	struct count_one one;
	struct str name; /* what makes it the same event again; or empty */
	struct str shared; /* sharedEventID, that both recordings of a call have; or empty */
	bool other, many;
	struct sums_key *keys;
	size_t n;
};

/* The id alone could hide another event: whoever writes a record writes it. */
static struct str sums_name(const struct deed *d, struct arena *mem)
{
	const struct activity *a = &d->what;
	if (!a->event_id.n)
		return a->event_id;
	return arena_fmt(mem, "%.*s\n%lld\n%.*s\n%.*s\n%.*s", STR_ARG(a->event_id), (long long)a->time,
		STR_ARG(d->name), STR_ARG(d->service), STR_ARG(d->account));
}

/* Elastic's integration never fills its field, so a document has it in its original alone. */
static struct str sums_shared(const struct scan_seen *e, struct arena *mem)
{
	static const struct str key = STR_INIT("\"sharedEventID\":\"");
	struct str text = json_str(json_get(e->raw, "sharedEventID"));
	if (!text.n && !e->raw)
		text = doc_str(e->ecs, "aws.cloudtrail.shared_event_id");
	struct str rest = text.n || e->raw ? (struct str){0} : doc_str(e->ecs, "event.original");
	size_t at = str_find(rest, key);
	if (rest.n && at != STR_NONE) {
		rest = str_sub(rest, at + key.n, rest.n);
		text = str_cut(&rest, '"');
	}
	return text.n ? arena_str(mem, text) : text;
}

static void sums_keys(const struct sums *sums, const struct deed *d, const struct json *ecs,
	struct arena *mem, struct sums_row *out)
{
	struct facet_keys keys[SUMS_MAX];
	size_t all = 0;
	for (size_t i = 0; i < sums->n; i++) {
		facet_keys(&sums->sets[i], d, ecs, mem, &keys[i]);
		out->many |= keys[i].more;
		all += keys[i].n;
	}
	out->keys = arena_array(mem, all + 1, sizeof(*out->keys));
	for (size_t i = 0; i < sums->n; i++)
		for (size_t k = 0; k < keys[i].n; k++)
			out->keys[out->n++] = (struct sums_key){i, keys[i].v[k]};
}

const void *sums_look(const void *ctx, const struct scan_seen *e, struct arena *mem)
{
	const struct sums *sums = ctx;
	struct sums_row *row = arena_alloc(mem, sizeof(*row));
	struct deed d = {.what = {.time = WHEN_NONE}};
	row->other = sums->calls && (e->shape == SHAPE_FINDING || !deed_read(e->ecs, e->raw, mem, &d));
	if (row->other)
		return row;
	row->name = sums_name(&d, mem);
	row->shared = sums_shared(e, mem);
	row->one = (struct count_one){d.what.time, d.what.result.n > 0, d.denied};
	sums_keys(sums, &d, e->ecs, mem, row);
	return row;
}

static bool sums_again(struct dedup *seen, struct str name)
{
	const struct dedup_doc doc = {.id = name};
	return name.n && dedup_add(seen, &doc);
}

void sums_take(struct sums *sums, const void *looked)
{
	const struct sums_row *row = looked;
	if (row->other) {
		sums->others++;
		return;
	}
	if (sums_again(&sums->seen, row->name)) {
		sums->repeats++;
		return;
	}
	sums->shared += sums_again(&sums->seen_shared, row->shared);
	sums->many += row->many;
	count_sum_add(&sums->all, &row->one);
	for (size_t i = 0; i < row->n; i++)
		count_add(&sums->tables[row->keys[i].set], row->keys[i].key, &row->one);
}

void sums_fini(struct sums *sums)
{
	for (size_t i = 0; i < sums->n; i++)
		count_fini(&sums->tables[i]);
	dedup_fini(&sums->seen);
	dedup_fini(&sums->seen_shared);
}

bool sums_start(struct session *s, const struct cli *cli, const struct sums *sums, struct err *err)
{
	if (!scan_options_read(s, cli, &s->options, err))
		return false;
	s->options.look = sums_look;
	s->options.look_ctx = sums;
	s->options.any_document = !sums->calls;
	for (size_t i = 0; i < sums->n; i++)
		for (size_t k = 0; k < sums->sets[i].n; k++)
			s->options.look_original |= str_is(sums->sets[i].parts[k].name, "event.original");
	s->scan = scan_start(&s->options, err);
	return s->scan != NULL;
}

struct sums_drain {
	struct session *s;
	struct sums *sums;
};

static void sums_batch(void *ctx, struct scan_batch *batch)
{
	struct sums_drain *d = ctx;
	report_problems(d->s, batch);
	for (size_t i = 0; i < batch->n_looks; i++)
		sums_take(d->sums, batch->looks[i]);
	arena_fini(&batch->mem);
}

void sums_read(struct session *s, const struct cli *cli, struct sums *sums)
{
	struct sums_drain d = {s, sums};
	session_drain(s, cli, sums_batch, &d);
	for (size_t i = 0; i < sums->n; i++)
		count_sort(&sums->tables[i]);
}

/* A field that is written wrong looks like one that is missing everywhere. */
static bool sums_has_field(const struct counts *c, size_t part)
{
	for (size_t i = 0; i < c->n; i++) {
		struct str key = c->v[i].key, value;
		bool missing = true;
		for (size_t k = 0; k <= part && count_key_next(&key, &value, &missing); k++)
			;
		if (!missing)
			return true;
	}
	return false;
}

static void sums_report_fields(const struct sums *sums)
{
	for (size_t i = 0; i < sums->n && sums->all.n; i++) {
		for (size_t k = 0; k < sums->sets[i].n; k++) {
			AUTO(buf_fini) struct buf name = {0};
			if (sums_has_field(&sums->tables[i], k))
				continue;
			utf8_visible(&name, sums->sets[i].parts[k].name, false);
			fprintf(stderr, "s3triage: no event has a value of %s\n", buf_cstr(&name));
		}
	}
}

void sums_report(const struct session *s, const struct sums *sums)
{
	fflush(stdout);
	sums_report_fields(sums);
	report_limited(s);
	if (sums->shared)
		fprintf(stderr, "s3triage: %llu call%s that two accounts recorded: counted in each\n", sums->shared,
			plural(sums->shared));
	if (sums->many)
		fprintf(stderr, "s3triage: %llu event%s with more than %d values, or combinations of them: the others"
			" are not counted\n", sums->many, plural(sums->many), FACET_VALUES_MAX);
	if (sums->others)
		fprintf(stderr, "s3triage: %llu record%s of no call (findings, documents without event.action): not"
			" counted\n", sums->others, plural(sums->others));
	if (sums->all.n > DEDUP_MAX)
		fprintf(stderr, "s3triage: an event that came again after more than %zu others is counted again\n",
			DEDUP_MAX);
}

/* A value that could be taken for none, or that is none to be seen, is quoted. */
static void sums_value(struct str value, bool missing, struct buf *out)
{
	AUTO(buf_fini) struct buf quoted = {0};
	bool quote = !value.n || str_is(value, "-") || value.p[0] == '"';
	if (missing) {
		buf_char(out, '-');
	} else if (quote) {
		json_quote(value, &quoted);
		utf8_visible(out, buf_str(&quoted), false);
	} else {
		utf8_visible(out, value, false);
	}
}

void sums_values(const struct facet_set *set, struct str key, struct buf *out)
{
	struct str value;
	bool missing;
	for (size_t i = 0; i < set->n && count_key_next(&key, &value, &missing); i++) {
		buf_c(out, i ? "\t" : "");
		sums_value(value, missing, out);
	}
}

static void sums_span(const struct count_sum *sum, struct buf *out)
{
	char first[WHEN_TEXT_MAX] = "-", last[WHEN_TEXT_MAX] = "-";
	if (sum->n && sum->first != WHEN_NONE) {
		when_format(sum->first / 1000 * 1000, first);
		when_format(sum->last / 1000 * 1000, last);
	}
	buf_fmt(out, "%-20s  %-20s", first, last);
}

static void sums_put_row(const struct count_sum *sum, struct buf *out)
{
	buf_fmt(out, "%9llu %8llu %8llu  ", sum->n, sum->failed, sum->denied);
	sums_span(sum, out);
	buf_c(out, "  ");
}

static void sums_head(struct str title, size_t n, struct buf *out)
{
	buf_c(out, "\n== ");
	utf8_visible(out, title, false);
	buf_fmt(out, ": %zu value%s ==\n    count   failed   denied  %-20s  %-20s\n", n, plural(n), "first", "last");
}

/* What stands below the first rows, as one: so that the counts of a table add up. */
static void sums_below(const struct counts *c, size_t shown, struct buf *out)
{
	struct count_sum sum = {0};
	for (size_t i = shown; i < c->n; i++)
		count_sum_join(&sum, &c->v[i].sum);
	if (sum.n) {
		sums_put_row(&sum, out);
		buf_fmt(out, "(%zu more value%s: --all)\n", c->n - shown, plural(c->n - shown));
	}
	if (c->rest.n) {
		sums_put_row(&c->rest, out);
		buf_fmt(out, "(of values beyond the first %zu different ones, which are not told apart)\n", c->n);
	}
}

void sums_table(struct str title, const struct facet_set *set, const struct counts *c, size_t top,
	struct buf *out)
{
	size_t shown = top && top < c->n ? top : c->n;
	sums_head(title, c->n, out);
	for (size_t i = 0; i < shown; i++) {
		sums_put_row(&c->v[i].sum, out);
		sums_values(set, c->v[i].key, out);
		buf_char(out, '\n');
	}
	sums_below(c, shown, out);
}

void sums_json_sum(const struct count_sum *sum, bool outcomes, struct buf *out)
{
	char when[WHEN_TEXT_MAX];
	buf_fmt(out, "\"count\":%llu", sum->n);
	if (!outcomes)
		return;
	buf_fmt(out, ",\"failed\":%llu,\"denied\":%llu", sum->failed, sum->denied);
	if (sum->n && sum->first != WHEN_NONE) {
		buf_fmt(out, ",\"first\":\"%s\"", when_format(sum->first, when));
		buf_fmt(out, ",\"last\":\"%s\"", when_format(sum->last, when));
	} else {
		buf_c(out, ",\"first\":null,\"last\":null");
	}
}

static void sums_json_by(const struct facet_set *set, struct buf *out)
{
	buf_c(out, "{\"by\":[");
	for (size_t i = 0; i < set->n; i++) {
		buf_c(out, i ? "," : "");
		json_quote(set->parts[i].name, out);
	}
	buf_c(out, "],");
}

void sums_json(const struct facet_set *set, const struct count *row, bool outcomes, struct buf *out)
{
	struct str key = row->key, value;
	bool missing;
	sums_json_by(set, out);
	buf_c(out, "\"values\":{");
	for (size_t i = 0; i < set->n && count_key_next(&key, &value, &missing); i++) {
		buf_c(out, i ? "," : "");
		json_quote(set->parts[i].name, out);
		buf_char(out, ':');
		if (missing)
			buf_c(out, "null");
		else
			json_quote(value, out);
	}
	buf_c(out, "},");
	sums_json_sum(&row->sum, outcomes, out);
	buf_c(out, "}\n");
}

void sums_json_left(const struct facet_set *set, const struct counts *c, size_t shown, struct buf *out)
{
	struct count_sum sum = {0};
	for (size_t i = shown; i < c->n; i++)
		count_sum_join(&sum, &c->v[i].sum);
	if (!sum.n)
		return;
	sums_json_by(set, out);
	buf_fmt(out, "\"values\":null,\"not_shown\":%zu,", c->n - shown);
	sums_json_sum(&sum, true, out);
	buf_c(out, "}\n");
}

void sums_json_rest(const struct facet_set *set, const struct counts *c, bool outcomes, struct buf *out)
{
	if (!c->rest.n)
		return;
	sums_json_by(set, out);
	buf_c(out, "\"values\":null,");
	sums_json_sum(&c->rest, outcomes, out);
	buf_c(out, "}\n");
}
