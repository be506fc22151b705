/*
 * facet: the values of an event, and their combinations as keys.
 */
#include "s3triage/insight/facet.h"

#include "s3triage/base/when.h"
#include "s3triage/event/doc.h"

static const char *const facet_rows[][2] = {
#define X(name, text) {#name, text},
	FACETS(X)
#undef X
};

const char *facet_name(enum facet f)
{
	return facet_rows[f][0];
}

const char *facet_text(enum facet f)
{
	return facet_rows[f][1];
}

static enum facet facet_parse(struct str name)
{
	enum facet f = 0;
	while (f < FACET_COUNT && !str_is(name, facet_name(f)))
		f++;
	return f;
}

bool facet_set_read(struct str text, char between, bool plain, struct facet_set *out, struct err *err)
{
	*out = (struct facet_set){.n = 0};
	do {
		struct str name = str_trim(str_cut(&text, between));
		if (!name.n)
			return err_set(err, ERR_USAGE, "a field has no name");
		if (out->n == FACET_PARTS_MAX)
			return err_set(err, ERR_USAGE, "at most %d fields are counted together", FACET_PARTS_MAX);
		out->parts[out->n++] = (struct facet_part){plain ? FACET_FIELD : facet_parse(name), name};
	} while (text.p);
	return true;
}

/* The values of one part; n 0: it is missing. */
struct facet_values {
	struct str v[DOC_VALUES_MAX];
	size_t n;
	bool more;
};

static struct str day_of(int64_t ms, struct arena *mem)
{
	char text[WHEN_TEXT_MAX];
	return ms == WHEN_NONE ? (struct str){0} : arena_str(mem, str_sub(str_c(when_format(ms, text)), 0, 10));
}

struct str deed_call(const struct deed *d, struct arena *mem)
{
	static const struct str tail = STR_INIT(".amazonaws.com");
	struct str from = d->service;
	from.n -= str_ends(from, tail) ? tail.n : 0;
	return from.n && d->name.n ? arena_fmt(mem, "%.*s:%.*s", STR_ARG(from), STR_ARG(d->name)) : d->name;
}

static struct str facet_own(enum facet f, const struct deed *d, struct arena *mem)
{
	switch (f) {
	case FACET_principal: return d->told;
	case FACET_key: return d->what.key_id;
	case FACET_address: return d->what.ip;
	case FACET_agent: return d->agent;
	case FACET_call: return deed_call(d, mem);
	case FACET_region: return d->what.region;
	case FACET_account: return d->account;
	default: return day_of(d->what.time, mem);
	}
}

static void facet_add(struct facet_values *out, struct str value)
{
	for (size_t i = 0; i < out->n; i++)
		if (str_eq(out->v[i], value))
			return;
	out->v[out->n++] = value;
}

static void facet_read(const struct facet_part *p, const struct deed *d, const struct json *ecs,
	struct arena *mem, struct facet_values *out)
{
	struct doc_values values;
	out->n = 0;
	out->more = false;
	if (p->facet != FACET_FIELD) {
		struct str own = facet_own(p->facet, d, mem);
		if (own.n)
			facet_add(out, own);
		return;
	}
	doc_values(ecs, p->name, &values);
	out->more = values.more;
	for (size_t i = 0; i < values.n; i++) {
		char tmp[JSON_SCALAR_MAX];
		struct str text = json_text(values.v[i], tmp);
		facet_add(out, text.p == tmp ? arena_str(mem, text) : text);
	}
}

/* Each key so far with each value of one part more. */
static void facet_combine(const struct facet_values *part, struct arena *mem, struct facet_keys *keys)
{
	struct facet_keys old = *keys;
	size_t values = part->n ? part->n : 1;
	keys->n = 0;
	for (size_t k = 0; k < old.n; k++) {
		for (size_t i = 0; i < values; i++) {
			AUTO(buf_fini) struct buf key = {0};
			if (keys->n == FACET_VALUES_MAX) {
				keys->more = true;
				return;
			}
			buf_add(&key, old.v[k]);
			count_key_put(&key, part->n ? &part->v[i] : NULL);
			keys->v[keys->n++] = arena_str(mem, buf_str(&key));
		}
	}
}

void facet_keys(const struct facet_set *set, const struct deed *d, const struct json *ecs, struct arena *mem,
	struct facet_keys *out)
{
	out->n = 1;
	out->v[0] = (struct str){0};
	out->more = false;
	for (size_t i = 0; i < set->n; i++) {
		struct facet_values values;
		facet_read(&set->parts[i], d, ecs, mem, &values);
		out->more |= values.more;
		facet_combine(&values, mem, out);
	}
}
