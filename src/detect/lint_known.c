/*
 * lint_known: names that rules about CloudTrail events use, and a guess at misspelt ones. The
 * table needs not be complete: only a name that is nearly one of its names is called misspelt.
 */
#include "lint_priv.h"
#include "rule_priv.h"

#include "s3triage/base/utf8.h"
#include "s3triage/detect/lint.h"

/* Everything behind the dot of the group before it. */
struct group {
	const char *front;
	const char *names; /* separated by blanks */
};

static const struct group groups[] = {
	{"aws.cloudtrail.",
		"event_version error_code error_message request_parameters response_elements "
		"additional_eventdata request_id event_type event_category api_version "
		"management_event read_only resources.arn resources.account_id resources.type "
		"recipient_account_id service_event_details shared_event_id vpc_endpoint_id "
		"session_credential_from_console insight_details "
		"console_login.additional_eventdata.login_to "
		"console_login.additional_eventdata.mfa_used "
		"console_login.additional_eventdata.mobile_version "
		"flattened.request_parameters flattened.response_elements "
		"flattened.additional_eventdata flattened.service_event_details"},
	{"aws.cloudtrail.user_identity.",
		"type arn access_key_id invoked_by on_behalf_of.user_id on_behalf_of.identity_store_arn "
		"session_context.mfa_authenticated "
		"session_context.creation_date session_context.session_issuer.type "
		"session_context.session_issuer.principal_id session_context.session_issuer.arn "
		"session_context.session_issuer.account_id"},
	{"event.",
		"action agent_id_status category code created dataset duration end hash id "
		"ingested kind module original outcome provider reason reference risk_score "
		"risk_score_norm sequence severity start timezone type url"},
	{"user.",
		"name id email domain full_name hash roles risk target.name target.id target.email "
		"changes.name changes.id effective.name effective.id entity.id"},
	{"source.",
		"ip port address bytes domain mac packets nat.ip nat.port registered_domain "
		"subdomain top_level_domain user.name user.id geo.country_name "
		"geo.country_iso_code geo.city_name geo.region_name geo.region_iso_code "
		"geo.continent_name geo.location geo.name geo.timezone geo.postal_code "
		"as.number as.organization.name"},
	{"cloud.",
		"account.id account.name availability_zone instance.id instance.name machine.type "
		"project.id project.name provider region service.name"},
	{"user_agent.", "original name version device.name os.name os.version os.full"},
	{"related.", "ip user hash hosts entity"},
	{"data_stream.", "dataset namespace type"},
	{"group.", "id name domain"},
	{"tls.client.", "server_name ja3 issuer subject"},
};

enum { SHORT_NAME = 14 };

/* One edit, in longer names two; the shortest names are too near to each other. */
static bool nearly(struct str field, struct str name)
{
	size_t d = str_distance(field, name);
	return d > 0 && d <= (name.n < SHORT_NAME ? 1 : 2) && name.n > 8;
}

bool lint_misspelt(struct str field, struct buf *meant)
{
	AUTO(buf_fini) struct buf name = {0};
	for (size_t i = 0; i < ARRAY_LEN(groups); i++) {
		struct str rest = str_c(groups[i].names);
		while (rest.n) {
			buf_clear(&name);
			buf_c(&name, groups[i].front);
			buf_add(&name, str_cut(&rest, ' '));
			struct str known = buf_str(&name);
			if (str_starts(known, field) && (known.n == field.n || known.p[field.n] == '.')) {
				buf_clear(meant);
				return false;
			}
			if (meant->n == 0 && nearly(field, known))
				buf_add(meant, known);
		}
	}
	return meant->n > 0;
}

size_t field_lint_known(const struct rule *r, struct buf *out)
{
	struct arena mem = {0};
	struct buf meant = {0};
	struct str *field;
	size_t n = lint_fields(r, &mem, &field), told = 0;
	for (size_t i = 0; i < n; i++) {
		buf_clear(&meant);
		if (!lint_misspelt(field[i], &meant))
			continue;
		buf_c(out, "field ");
		utf8_visible(out, field[i], false);
		buf_fmt(out, " is no known one, did you mean %s?\n", buf_cstr(&meant));
		told++;
	}
	buf_fini(&meant);
	arena_fini(&mem);
	return told;
}

size_t lint_fields(const struct rule *r, struct arena *mem, struct str **out)
{
	size_t all = rule_field_count(r), n = 0;
	struct str *v = arena_array(mem, all + 1, sizeof(*v));
	const struct eql *eql = r->engine ? r->engine->eql : NULL;
	if (eql && eql_category_field(eql).n)
		v[n++] = eql_category_field(eql);
	for (size_t i = 0; i < all; i++)
		if (str_find_char(rule_field(r, i), '*') == STR_NONE &&
			!(eql && eql_field_optional(eql, i)))
			v[n++] = rule_field(r, i);
	*out = v;
	return n;
}
