/*
 * replication: which form of the request to believe, and what it says. The string has no quoting
 * and holds the caller's own text, so it can be forged; the flattened twin has lost empty values;
 * the original event is as CloudTrail wrote it.
 */
#include "replication_priv.h"

#include "ecs_priv.h"
#include "s3triage/event/doc.h"
#include "s3triage/event/ecs.h"

#include <string.h>

const char *relation_name(enum relation r)
{
	static const char *const names[] = {"other", "own", "unnamed", "invalid"};
	return names[r];
}

const char *read_from_name(enum read_from r)
{
	static const char *const names[] = {"none", "original", "flattened", "string"};
	return names[r];
}

static const struct json *object_or_null(const struct json *v)
{
	return json_type(v) == JSON_OBJECT ? v : NULL;
}

/* The event in event.original; one that EventBridge delivered is wrapped in "detail". */
static const struct json *raw_event(const struct json *original)
{
	const struct json *detail = object_or_null(json_get(original, "detail"));
	const struct json *raw = detail ? detail : original;
	return json_get(raw, "eventName") || json_get(raw, "requestParameters") ? raw : NULL;
}

/* What a text says that stands where the parameters' object should: services that keep events in
 * tables write JSON, or java's text of the map. NULL when it cannot be read. */
static struct json *request_of_text(struct str text, struct request_form *f)
{
	struct json *v = json_parse(text, NULL);
	if (v)
		return v;
	if (str_starts(text, STR("{\""))) {
		f->cut = true; /* it would be JSON if it were whole */
		return NULL;
	}
	return mapstring_parse(text, &f->doubtful, &f->cut);
}

static const struct json *read_original(const struct json *ecs, const struct json *given,
	struct request_form *f)
{
	static const char *const paths[] = {"event.original", "kibana.alert.original_event.original",
		"signal.original_event.original"};
	struct str text = {0};
	for (size_t i = 0; !given && i < ARRAY_LEN(paths) && !text.n; i++)
		text = doc_str(ecs, paths[i]);
	f->owned = text.n ? json_parse(text, NULL) : NULL;
	f->cut = !f->owned && str_starts(str_trim(text), STR("{"));
	const struct json *raw = raw_event(given ? given : f->owned);
	const struct json *request = json_get(raw, "requestParameters");
	f->present = raw != NULL;
	f->request = object_or_null(request);
	if (!json_str(request).n)
		return raw;
	/* JSON in a string is as good as the object; the text of a map is no better than the string. */
	f->inner = json_parse(json_str(request), NULL);
	f->request = object_or_null(f->inner);
	f->present = f->request != NULL;
	return raw;
}

enum { DISAGREEMENT_MAX = 4096 };

#define FLATTENED "aws.cloudtrail.flattened.request_parameters"

/* A document of dotted keys only: what lies under the path, as objects again. */
static struct json *unflatten(const struct json *ecs)
{
	struct json *out = NULL;
	for (const struct json *m = json_first(ecs); m; m = json_next(m)) {
		struct str key = json_key(m), prefix = STR(FLATTENED ".");
		if (!str_starts(key, prefix) || key.n - prefix.n >= 256 || key.n == prefix.n)
			continue;
		char path[256];
		memcpy(path, key.p + prefix.n, key.n - prefix.n);
		path[key.n - prefix.n] = '\0';
		out = out ? out : json_new_object();
		ecs_put_copied(out, path, json_copy(m));
	}
	return out;
}

/* A twin that kept only a few chosen keys does not count. */
static void read_flattened(const struct json *ecs, struct request_form *f)
{
	const struct json *twin = doc_get(ecs, STR(FLATTENED));
	if (json_type(twin) == JSON_ARRAY)
		twin = json_first(twin);
	if (!object_or_null(twin))
		twin = f->owned = unflatten(ecs);
	f->present = json_get(twin, "ReplicationConfiguration") || json_get(twin, "omitted") ||
		form_is_other(twin);
	f->request = twin;
}

static void read_string(const struct json *ecs, struct request_form *f)
{
	f->text = doc_str(ecs, "aws.cloudtrail.request_parameters");
	f->present = f->text.n > 0;
	if (!f->present)
		return;
	f->owned = request_of_text(f->text, f);
	f->request = object_or_null(f->owned);
}

/* That an account is the owner's own must be known: a guess would hide a caller of another account
 * who sends to his own. */
static enum relation relation_of(const struct replication_rule *r, const struct replication *of)
{
	if (!r->account_text.n)
		return RELATION_UNNAMED;
	if (!r->account.n)
		return RELATION_INVALID;
	return str_eq(r->account, of->owner) && !of->owner_guessed ? RELATION_OWN : RELATION_OTHER;
}

static void replication_relate(struct replication *out)
{
	struct replication_rule *rules = (struct replication_rule *)(uintptr_t)out->rules;
	for (size_t i = 0; i < out->n_rules; i++)
		rules[i].relation = relation_of(&rules[i], out);
}

void replication_own(struct replication *out, struct str owner, const char *from)
{
	if (!owner.n || str_eq(owner, out->owner))
		return;
	out->owner = owner;
	out->owner_from = from;
	out->owner_guessed = false;
	replication_relate(out);
}

static void replication_take(
	const struct request_facts *f, struct arena *mem, struct replication *out)
{
	out->bucket = f->bucket;
	out->role = f->role;
	out->role_account = account_normal(arn_part(f->role, 4), mem);
	out->rules = f->rules;
	out->n_rules = f->n_rules;
	out->rules_cut = f->cut;
	out->rules_unread = f->unread;
	out->omitted = f->omitted;
	out->no_configuration = f->none;
	out->look_alike = f->look_alike;
	out->way = f->way;
}

/* Compares the weaker forms with the trusted one, the string last, and then with its own text. */
static void replication_compare(const struct request_form forms[READ_STRING + 1],
	const struct request_facts *trusted, struct arena *mem, struct replication *out)
{
	struct arena scratch = {0};
	AUTO(buf_fini) struct buf text = {0};
	struct request_facts other = {0};
	for (int i = out->read_from + 1; i <= READ_STRING; i++) {
		if (!forms[i].present || (forms[i].cut && !forms[i].doubtful))
			continue; /* a part says less, not something else */
		form_read(forms[i].request, &scratch, &other);
		form_compare(trusted, &other,
			i == READ_FLATTENED ? "the flattened" : "the string", &text);
	}
	size_t before = text.n;
	out->account_in_text = form_forged(trusted, &other, forms[out->read_from].request,
		forms[READ_STRING].text, &text);
	out->forged = text.n > before;
	out->disagreement = text.n > 0;
	if (text.n)
		out->disagreement_text = arena_str(mem, text_cut(buf_str(&text), DISAGREEMENT_MAX));
	arena_fini(&scratch);
}

/* What is known of a disagreement once all is read. */
static void disagree(const struct json *ecs, const struct json *original, struct arena *mem,
	struct replication *out)
{
	AUTO(buf_fini) struct buf text = {0};
	buf_add(&text, out->disagreement_text);
	if (original)
		original_compare(ecs, original, &text);
	if (out->other_resource)
		buf_fmt(&text, "%sthe event's resources name another bucket, or another owner", text.n ? "; " : "");
	if (text.n == out->disagreement_text.n)
		return;
	out->disagreement = true;
	out->disagreement_text = arena_str(mem, text_cut(buf_str(&text), DISAGREEMENT_MAX));
}

void replication_read(const struct json *ecs, struct arena *mem, struct replication *out)
{
	replication_read_raw(ecs, NULL, mem, out);
}

void replication_read_raw(const struct json *ecs, const struct json *given, struct arena *mem,
	struct replication *out)
{
	struct request_form forms[READ_STRING + 1] = {0};
	struct request_facts facts = {.none = true};
	*out = (struct replication){0};
	const struct json *raw = read_original(ecs, given, &forms[READ_ORIGINAL]);
	read_flattened(ecs, &forms[READ_FLATTENED]);
	read_string(ecs, &forms[READ_STRING]);
	for (int i = READ_STRING; i > READ_NOTHING; i--)
		if (forms[i].present)
			out->read_from = (enum read_from)i;
	if (out->read_from)
		form_read(forms[out->read_from].request, mem, &facts);
	replication_take(&facts, mem, out);
	out->string_doubtful = forms[READ_STRING].doubtful;
	out->text_cut = forms[out->read_from].cut;
	out->original_cut = forms[READ_ORIGINAL].cut;
	out->rules_unread |= out->text_cut;
	out->twin_keys = json_repeated(forms[READ_ORIGINAL].owned) > 0;
	if (out->read_from)
		replication_compare(forms, &facts, mem, out);
	replication_owner(ecs, raw, mem, out);
	disagree(ecs, given ? NULL : raw, mem, out);
	replication_relate(out);
	for (int i = READ_ORIGINAL; i <= READ_STRING; i++)
		json_free(forms[i].owned), json_free(forms[i].inner);
}
