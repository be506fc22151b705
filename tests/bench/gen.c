/*
 * gen: seeded made-up CloudTrail data for measuring.
 *   gen ecs SEED MB          ECS documents as NDJSON on standard output, about 2 KB each
 *   gen tree SEED MB DIR     log files (.json.gz) in an AWSLogs tree below DIR, MB unpacked
 * One event in 1,000 is a replication to another account; as many again hold the name only.
 */
#include "s3triage/base/buf.h"
#include "s3triage/base/file.h"
#include "s3triage/base/mem.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static uint64_t next(uint64_t *state)
{
	uint64_t x = *state;
	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	*state = x;
	return x * 0x2545F4914F6CDD1Dull;
}

static unsigned below(uint64_t *state, unsigned n)
{
	return (unsigned)((next(state) >> 33) % n);
}

struct call {
	const char *source, *name;
};

static const struct call calls[] = {
	{"s3.amazonaws.com", "GetBucketAcl"}, {"s3.amazonaws.com", "GetBucketTagging"},
	{"sts.amazonaws.com", "AssumeRole"}, {"ec2.amazonaws.com", "DescribeInstances"},
	{"kms.amazonaws.com", "Decrypt"}, {"kms.amazonaws.com", "GenerateDataKey"},
	{"logs.amazonaws.com", "CreateLogStream"}, {"iam.amazonaws.com", "GetRole"},
	{"lambda.amazonaws.com", "GetFunction20150331v2"}, {"s3.amazonaws.com", "PutBucketTagging"},
};

/* What the request says: most calls have little, a replication has a configuration. */
static void request(struct buf *b, uint64_t *seed, bool hit)
{
	unsigned bucket = below(seed, 5000);
	if (hit)
		buf_fmt(b, "{\"replication\":\"\",\"bucketName\":\"data-%u\",\"Host\":\"data-%u.s3.eu-west-1.amazonaws.com\","
			"\"ReplicationConfiguration\":{\"Role\":\"arn:aws:iam::111122223333:role/replicate\","
			"\"xmlns\":\"http://s3.amazonaws.com/doc/2006-03-01/\",\"Rule\":{\"Status\":\"Enabled\","
			"\"Destination\":{\"Bucket\":\"arn:aws:s3:::copy-%u\",\"Account\":%u55556666},\"Filter\":\"\","
			"\"Priority\":0,\"ID\":\"r\",\"DeleteMarkerReplication\":{\"Status\":\"Disabled\"}}}}",
			bucket, bucket, bucket, 1000 + below(seed, 9000));
	else
		buf_fmt(b, "{\"bucketName\":\"data-%u\",\"Host\":\"data-%u.s3.eu-west-1.amazonaws.com\",\"tagging\":\"\"}",
			bucket, bucket);
}

/* A raw event. kind 0: any call; 1: a replication; 2: one that failed. */
static void raw(struct buf *b, uint64_t *seed, int kind)
{
	const struct call *c = &calls[below(seed, ARRAY_LEN(calls))];
	unsigned user = below(seed, 300);
	buf_fmt(b, "{\"eventVersion\":\"1.09\",\"userIdentity\":{\"type\":\"AssumedRole\",\"principalId\":"
		"\"AROAEXAMPLE%08X:session-%u\",\"arn\":\"arn:aws:sts::111122223333:assumed-role/role-%u/session-%u\","
		"\"accountId\":\"111122223333\",\"accessKeyId\":\"ASIAEXAMPLE%08X\",\"sessionContext\":{\"sessionIssuer\":"
		"{\"type\":\"Role\",\"principalId\":\"AROAEXAMPLE%08X\",\"arn\":\"arn:aws:iam::111122223333:role/role-%u\","
		"\"accountId\":\"111122223333\",\"userName\":\"role-%u\"},\"attributes\":{\"creationDate\":"
		"\"2026-03-01T08:00:00Z\",\"mfaAuthenticated\":\"false\"}}},",
		user * 7919, user, user, user, below(seed, 1u << 30), user * 7919, user, user);
	buf_fmt(b, "\"eventTime\":\"2026-03-%02uT%02u:%02u:%02uZ\",\"eventSource\":\"%s\",\"eventName\":\"%s\","
		"\"awsRegion\":\"eu-west-1\",\"sourceIPAddress\":\"198.51.100.%u\",\"userAgent\":"
		"\"[aws-cli/2.15.30 Python/3.11.8 Linux/6.1.0 exe/x86_64.debian.12]\",",
		1 + below(seed, 28), below(seed, 24), below(seed, 60), below(seed, 60),
		kind ? "s3.amazonaws.com" : c->source, kind ? "PutBucketReplication" : c->name, below(seed, 250));
	buf_c(b, kind == 2 ? "\"errorCode\":\"AccessDenied\",\"errorMessage\":\"Access Denied\"," : "");
	buf_c(b, "\"requestParameters\":");
	request(b, seed, kind != 0);
	buf_fmt(b, ",\"responseElements\":null,\"additionalEventData\":{\"SignatureVersion\":\"SigV4\",\"CipherSuite\":"
		"\"TLS_AES_128_GCM_SHA256\",\"bytesTransferredIn\":%u,\"x-amz-id-2\":\"%016llx%016llx\"},\"requestID\":"
		"\"%016llX\",\"eventID\":\"%016llx-%08x\",\"readOnly\":%s,\"resources\":[{\"accountId\":\"111122223333\","
		"\"type\":\"AWS::S3::Bucket\",\"ARN\":\"arn:aws:s3:::data\"}],\"eventType\":\"AwsApiCall\","
		"\"managementEvent\":true,\"recipientAccountId\":\"111122223333\",\"eventCategory\":\"Management\"}",
		below(seed, 4000), (unsigned long long)next(seed), (unsigned long long)next(seed),
		(unsigned long long)next(seed), (unsigned long long)next(seed), below(seed, 1u << 31),
		kind ? "false" : "true");
}

static int kind_of(uint64_t *seed)
{
	unsigned n = below(seed, 2000);
	return n < 2 ? 1 : n < 4 ? 2 : 0;
}

/* An ECS document around a raw event. */
static void ecs(struct buf *b, uint64_t *seed)
{
	struct buf original = {0};
	int kind = kind_of(seed);
	raw(&original, seed, kind);
	buf_fmt(b, "{\"@timestamp\":\"2026-03-%02uT10:00:00.000Z\",\"ecs\":{\"version\":\"8.11.0\"},\"data_stream\":"
		"{\"namespace\":\"default\",\"type\":\"logs\",\"dataset\":\"aws.cloudtrail\"},\"cloud\":{\"provider\":"
		"\"aws\",\"region\":\"eu-west-1\",\"account\":{\"id\":\"111122223333\"}},\"event\":{\"dataset\":"
		"\"aws.cloudtrail\",\"provider\":\"s3.amazonaws.com\",\"action\":\"%s\",\"kind\":\"event\",\"type\":[\"info\"],"
		"\"outcome\":\"%s\",\"id\":\"%016llx\",\"original\":",
		1 + below(seed, 28), kind ? "PutBucketReplication" : "GetObject", kind == 2 ? "failure" : "success",
		(unsigned long long)next(seed));
	buf_char(b, '"');
	for (size_t i = 0; i < original.n; i++) {
		if (original.p[i] == '"')
			buf_char(b, '\\');
		buf_char(b, original.p[i]);
	}
	buf_fmt(b, "\"},\"aws\":{\"cloudtrail\":{\"request_parameters\":\"{bucketName=data%s}\",\"user_identity\":{\"type\":"
		"\"AssumedRole\"}}},\"tags\":[\"forwarded\",\"aws-cloudtrail\",\"preserve_original_event\"]}\n",
		kind ? ", ReplicationConfiguration={Rule={Destination={Account=444455556666, Bucket=arn:aws:s3:::c}}}" : "");
	buf_fini(&original);
}

static int write_ecs(uint64_t seed, size_t bytes)
{
	struct buf b = {0};
	for (size_t done = 0; done < bytes; done += b.n) {
		buf_clear(&b);
		while (b.n < (1 << 20))
			ecs(&b, &seed);
		if (fwrite(b.p, 1, b.n, stdout) != b.n)
			return 1;
	}
	buf_fini(&b);
	return 0;
}

static int write_gz(const char *path, struct str text)
{
	gzFile f = gzopen(path, "wb6");
	if (!f)
		return 1;
	int n = gzwrite(f, text.p, (unsigned)text.n);
	return gzclose(f) != Z_OK || n != (int)text.n;
}

static int write_tree(uint64_t seed, size_t bytes, const char *dir)
{
	char folder[400], path[500];
	struct err err = {0};
	struct buf b = {0};
	size_t done = 0;
	for (unsigned i = 0; done < bytes; i++) {
		snprintf(folder, sizeof(folder), "%s/AWSLogs/111122223333/CloudTrail/eu-west-1/2026/%02u/%02u", dir,
			1 + i / 2000 % 12, 1 + i / 70 % 28);
		if (!file_mkdirs(folder, 0777, &err))
			return 1;
		double tail = exp(11.5 + 1.2 * ((below(&seed, 1000) + below(&seed, 1000) + below(&seed, 1000)) / 500.0 - 3));
		buf_clear(&b);
		buf_c(&b, "{\"Records\":[");
		do {
			buf_c(&b, b.n > 12 ? "," : "");
			raw(&b, &seed, kind_of(&seed));
		} while (b.n < (size_t)tail * 2);
		buf_c(&b, "]}");
		snprintf(path, sizeof(path), "%s/111122223333_CloudTrail_eu-west-1_%06u.json.gz", folder, i);
		if (write_gz(path, buf_str(&b)))
			return 1;
		done += b.n;
	}
	buf_fini(&b);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc < 4) {
		fputs("usage: gen ecs SEED MB | gen tree SEED MB DIR\n", stderr);
		return 2;
	}
	uint64_t seed = strtoull(argv[2], NULL, 10) * 0x9E3779B97F4A7C15ull + 1;
	size_t bytes = (size_t)strtoull(argv[3], NULL, 10) << 20;
	if (strcmp(argv[1], "ecs") == 0)
		return write_ecs(seed, bytes);
	return argc > 4 ? write_tree(seed, bytes, argv[4]) : 2;
}
