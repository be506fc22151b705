/*
 * replication_other: requests that set no replication and take a bucket's data elsewhere all the same, or
 * tie a bucket of another account to it: S3 Batch jobs and multi-region access points (API models of
 * s3control: CreateJob, CreateMultiRegionAccessPoint). Where they name a place, that is a rule without
 * switches.
 */
#include "replication_priv.h"

#include "s3triage/event/doc.h"

#define JOB "CreateJobRequest."
#define POINT "CreateMultiRegionAccessPointRequest.Details.Regions"

static struct str arn_or_name(struct str written)
{
	return str_starts(written, STR("arn:")) ? arn_part(written, 5) : written;
}

static void put_named_place(struct str bucket, struct str account, struct arena *mem,
	struct request_facts *out)
{
	struct replication_rule *r = (struct replication_rule *)(uintptr_t)&out->rules[out->n_rules++];
	r->bucket_arn = bucket;
	r->bucket = arn_or_name(bucket);
	r->partition = str_starts(bucket, STR("arn:")) ? arn_part(bucket, 1) : (struct str){0};
	r->account_text = account;
	r->account = account_normal(account, mem);
}

static bool is_true(const struct json *v)
{
	char tmp[JSON_SCALAR_MAX];
	return str_eq_fold(json_text(v, tmp), STR("true"));
}

/* An empty operation is dropped from all forms but the original: then its manifest tells. */
static void read_job(const struct json *request, struct arena *mem, struct request_facts *out)
{
	const struct json *operation = doc_get(request, STR(JOB "Operation"));
	const struct json *copy = json_get(operation, "S3PutObjectCopy");
	struct str from = form_text(doc_get(request,
		STR(JOB "ManifestGenerator.S3JobManifestGenerator.SourceBucket")), mem);
	bool replicates = json_get(operation, "S3ReplicateObject") || (!operation && is_true(doc_get(request,
		STR(JOB "ManifestGenerator.S3JobManifestGenerator.Filter.EligibleForReplication"))));
	if (copy || replicates)
		out->way = copy ? WAY_JOB_COPIES : WAY_JOB_REPLICATES;
	if (!out->bucket.n)
		out->bucket = arn_or_name(from);
	if (!copy)
		return;
	out->rules = arena_array(mem, 1, sizeof(*out->rules));
	put_named_place(form_text(json_get(copy, "TargetResource"), mem), (struct str){0}, mem, out);
}

/* Its buckets that name an account; the first of the others is the bucket that it is about. */
static void read_point(const struct json *request, struct arena *mem, struct request_facts *out)
{
	const struct json *regions = doc_get(request, STR(POINT)), *inside = json_get(regions, "Region");
	regions = inside ? inside : regions;
	bool many = json_type(regions) == JSON_ARRAY;
	size_t n = many ? json_count(regions) : 1;
	out->way = WAY_ACCESS_POINT;
	n = n < REPLICATION_RULES_MAX ? n : REPLICATION_RULES_MAX;
	out->rules = arena_array(mem, n ? n : 1, sizeof(*out->rules));
	for (const struct json *m = many ? json_first(regions) : regions; m && out->n_rules < n;
		m = many ? json_next(m) : NULL) {
		struct str account = form_text(json_get(m, "BucketAccountId"), mem),
			   bucket = form_text(json_get(m, "Bucket"), mem);
		if (account.n)
			put_named_place(bucket, account, mem, out);
		else if (!out->bucket.n)
			out->bucket = bucket;
	}
}

bool form_is_other(const struct json *request)
{
	return json_get(request, "CreateJobRequest") || json_get(request, "CreateMultiRegionAccessPointRequest");
}

void form_read_other(const struct json *request, struct arena *mem, struct request_facts *out)
{
	if (doc_get(request, STR(POINT)))
		read_point(request, mem, out);
	else if (form_is_other(request))
		read_job(request, mem, out);
}
