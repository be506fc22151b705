/*
 * Any bytes as what S3 or Organizations answered, and as a shared file of AWS's command line: an
 * answer, or an error; and of an answer all that is said about an alert can be said.
 */
#include "s3triage/remote/aws.h"

#include "s3triage/event/json.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void must(bool fine)
{
	if (!fine)
		abort();
}

static void check_s3(const struct aws_reply *reply)
{
	static const struct alert_dest dest = {.account = STR_INIT("999988887777"), .bucket = STR_INIT("out"),
		.rule_id = STR_INIT("a")};
	static const struct alert alert = {.dests = &dest, .n_dests = 1};
	static const struct aws_bucket bucket = {STR_INIT("b"), STR_INIT("111122223333"), STR_INIT("us-east-1")};
	struct arena mem = {0};
	struct aws_found found;
	struct buf words = {0};
	struct err err = {0};
	bool ok = aws_replication_read(reply, &bucket, &mem, &found, &err);
	must(ok == (err.code == 0));
	if (ok && !found.region.n) {
		in_force_words(&found.now, &alert, &words);
		must(words.n > 0);
	}
	buf_fini(&words);
	arena_fini(&mem);
}

static void check_accounts(const struct aws_reply *reply)
{
	struct arena mem = {0};
	struct json *list = json_new_array();
	struct str next;
	struct err err = {0};
	must(aws_accounts_read(reply, list, &mem, &next, &err) == (err.code == 0));
	json_free(list);
	arena_fini(&mem);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const long statuses[] = {200, 301, 400, 403, 404, 503};
	if (!n)
		return 0;
	struct str text = {(const char *)data + 1, n - 1};
	const struct aws_reply reply = {statuses[data[0] % ARRAY_LEN(statuses)], text};
	check_s3(&reply);
	check_accounts(&reply);
	struct str section = str_cut(&text, '\n'), value = aws_ini(text, section, "region");
	must(!value.n || (value.p >= text.p && value.p + value.n <= text.p + text.n));
	return 0;
}
