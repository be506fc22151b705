/*
 * write_bulk: the answer of _bulk, item by item: a 200 in front says nothing of what is inside. Its
 * shape: Elasticsearch reference, Bulk API; OpenSearch's is the same.
 */
#include "write_priv.h"

bool write_passes(long status)
{
	return status == 401 || status == 403 || status == 408 || status == 409 || status == 425 ||
		status == 429;
}

static void item_refused(struct write_job *j, int64_t status, const struct json *item,
	struct arena *mem)
{
	struct str reason = json_str(json_get(json_get(item, "error"), "reason"));
	j->why = arena_fmt(mem, "%lld: %.*s", (long long)status, STR_ARG(write_cap(reason)));
	/* 409: somebody was quicker; the next round looks at what they wrote. */
	j->state = write_passes((long)status) || status >= 500 ? OUTBOX_PENDING : OUTBOX_FAILED;
}

static void write_bulk_read_item(struct write_job *j, const struct json *item, struct arena *mem)
{
	int64_t status = 0;
	const struct json *what = json_first(item); /* {"update":{...}}, {"index":...}, {"create":...} */
	json_int(json_get(what, "status"), &status);
	if (status >= 200 && status < 300)
		j->state = str_is(json_str(json_get(what, "result")), "noop") ? OUTBOX_UNCHANGED
			: OUTBOX_ACKNOWLEDGED;
	else
		item_refused(j, status, what, mem);
}

static size_t write_bulk_count_writes(const struct write_job *jobs, size_t n)
{
	size_t writes = 0;
	for (size_t i = 0; i < n; i++)
		writes += jobs[i].write;
	return writes;
}

bool write_bulk_read(struct str body, struct write_job *jobs, size_t n, struct arena *mem,
	struct err *err)
{
	AUTO(json_free_ptr) struct json *v = json_parse(body, err);
	if (!v)
		return err_prefix(err, "the answer to _bulk is no JSON");
	const struct json *items = json_get(v, "items");
	size_t writes = write_bulk_count_writes(jobs, n);
	if (json_type(items) != JSON_ARRAY || json_count(items) != writes)
		return err_set(err, ERR_NETWORK, "the answer to _bulk has %zu items, not %zu",
			json_count(items), writes);
	const struct json *item = json_first(items);
	for (size_t i = 0; i < n; i++) {
		if (!jobs[i].write)
			continue;
		write_bulk_read_item(&jobs[i], item, mem);
		item = json_next(item);
	}
	return true;
}
