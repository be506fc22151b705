/*
 * stub_made: events made from their number, so that a stub can serve a million of them and store
 * none. Newest first, one a second; 1,000 destinations, 20,000 buckets, 300 actors.
 */
#include "stub.h"

#include "s3triage/base/when.h"

enum { SECOND = 1000 };
#define NEWEST INT64_C(1790000000000)

int64_t made_at(size_t i)
{
	return NEWEST - (int64_t)i * SECOND;
}

/* As CloudTrail writes it: no @timestamp. */
void made_raw(size_t i, struct buf *out)
{
	char when[WHEN_TEXT_MAX];
	buf_fmt(out, "{\"eventVersion\":\"1.09\",\"eventID\":\"%08zx-0000-4000-8000-000000000000\",\"eventTime\":"
		"\"%s\",\"eventSource\":\"s3.amazonaws.com\",\"eventName\":\"PutBucketReplication\",\"awsRegion\":"
		"\"eu-west-1\",\"recipientAccountId\":\"222233334444\",\"requestParameters\":{\"bucketName\":\"b%zu\","
		"\"ReplicationConfiguration\":{\"Rule\":{\"Destination\":{\"Account\":\"500000000001\",\"Bucket\":"
		"\"arn:aws:s3:::copies\"}}}}}", i, when_format(made_at(i), when), i);
}

void made_event(size_t i, struct buf *out)
{
	char when[WHEN_TEXT_MAX];
	unsigned bucket = (unsigned)(i * 7919 % 20000), actor = (unsigned)(i % 300);
	unsigned long dest = 500000000000ul + i * 104729 % 1000;
	buf_fmt(out, "{\"@timestamp\":\"%s\",\"data_stream\":{\"dataset\":\"aws.cloudtrail\"},\"event\":{\"type\":[\"info\"],\"provider\":"
		"\"s3.amazonaws.com\",\"action\":\"PutBucketReplication\",\"outcome\":\"success\",\"id\":"
		"\"%08zx-0000-4000-8000-000000000000\"},\"cloud\":{\"region\":\"eu-west-1\",\"account\":{\"id\":"
		"\"222233334444\"}},\"source\":{\"ip\":\"198.51.100.%u\"},\"user\":{\"name\":\"actor-%u\"},",
		when_format(made_at(i), when), i, actor % 250, actor);
	buf_fmt(out, "\"aws\":{\"cloudtrail\":{\"recipient_account_id\":\"222233334444\",\"user_identity\":"
		"{\"type\":\"IAMUser\",\"arn\":\"arn:aws:iam::222233334444:user/actor-%u\"},"
		"\"resources\":[{\"arn\":\"arn:aws:s3:::bucket-%u\",\"account_id\":\"222233334444\"}],"
		"\"request_parameters\":\"{bucketName=bucket-%u, ReplicationConfiguration={Role=arn:aws:iam::"
		"222233334444:role/copy, Rule={Status=Enabled, Destination={Account=%lu, Bucket=arn:aws:s3:::"
		"copies-%lu}, Priority=0, ID=all}}}\"}}}", actor, bucket, bucket, dest, dest);
}
