/*
 * event/call: the calls that say something about a replication when they stand near it. The
 * names are CloudTrail's eventName. Facts: the rule's guide names some of them; the others
 * prepare, widen or hide the same kind of copying.
 */
#ifndef S3TRIAGE_EVENT_CALL_H
#define S3TRIAGE_EVENT_CALL_H

#include "s3triage/base/str.h"

enum call_group { CALL_REPLICATION, CALL_LOOK, CALL_PREPARE, CALL_OTHER_WAY, CALL_COVER,
	CALL_SIGN_IN };

/* X(eventName, group, the built-in guide names it). At most 64: they are bits, too. */
#define CALLS(X)                                                                                 \
	X(PutBucketReplication, CALL_REPLICATION, true)                                          \
	X(DeleteBucketReplication, CALL_REPLICATION, true)                                       \
	X(PutReplicationConfiguration, CALL_REPLICATION, false)                                  \
	X(GetBucketReplication, CALL_LOOK, true)                                                 \
	X(ListBuckets, CALL_LOOK, true)                                                          \
	X(GetBucketPolicy, CALL_LOOK, true)                                                      \
	X(GetBucketVersioning, CALL_LOOK, true)                                                  \
	X(GetCallerIdentity, CALL_LOOK, false)                                                   \
	X(PutBucketVersioning, CALL_PREPARE, true)                                               \
	X(CreateRole, CALL_PREPARE, true)                                                        \
	X(PutRolePolicy, CALL_PREPARE, true)                                                     \
	X(AttachRolePolicy, CALL_PREPARE, false)                                                 \
	X(UpdateAssumeRolePolicy, CALL_PREPARE, false)                                           \
	X(PutKeyPolicy, CALL_PREPARE, true)                                                      \
	X(CreateGrant, CALL_PREPARE, true)                                                       \
	X(CreateJob, CALL_PREPARE, true)                                                         \
	X(PutBucketPolicy, CALL_OTHER_WAY, true)                                                 \
	X(PutBucketPublicAccessBlock, CALL_OTHER_WAY, false)                                     \
	X(ModifySnapshotAttribute, CALL_OTHER_WAY, true)                                         \
	X(CreateAccessKey, CALL_OTHER_WAY, true)                                                 \
	X(PutBucketLifecycle, CALL_COVER, false)                                                 \
	X(PutBucketLogging, CALL_COVER, false)                                                   \
	X(StopLogging, CALL_COVER, true)                                                         \
	X(PutEventSelectors, CALL_COVER, true)                                                   \
	X(DeleteObject, CALL_COVER, false)                                                       \
	X(PutObjectRetention, CALL_COVER, false)                                                 \
	X(ConsoleLogin, CALL_SIGN_IN, false)                                                     \
	X(AssumeRole, CALL_SIGN_IN, false)                                                       \
	X(CreateMultiRegionAccessPoint, CALL_OTHER_WAY, false)                                   \
	X(CreateLocationS3, CALL_OTHER_WAY, false)                                               \
	X(CreateBucket, CALL_PREPARE, false)                                                     \
	X(DeleteTrail, CALL_COVER, false)                                                        \
	X(DeleteFlowLogs, CALL_COVER, false)                                                     \
	X(StopConfigurationRecorder, CALL_COVER, false)                                          \
	X(DeleteConfigurationRecorder, CALL_COVER, false)                                        \
	X(DeleteDetector, CALL_COVER, false)                                                     \
	X(UpdateDetector, CALL_COVER, false)                                                     \
	X(DisableSecurityHub, CALL_COVER, false)                                                 \
	X(DeleteBucket, CALL_COVER, false)

enum call {
#define X(name, group, guide) CALL_##name,
	CALLS(X)
#undef X
		CALL_COUNT,
	CALL_NONE = CALL_COUNT
};

enum call call_parse(struct str name);       /* exact; CALL_NONE for all others */
const char *call_name(enum call a);          /* "" for CALL_NONE */
enum call_group call_group(enum call a);
const char *call_group_name(enum call_group g); /* "looking around", "preparing" … */
bool call_in_guide(enum call a);

/* Recording of what is done: it ends it, or can. */
bool call_ends_recording(enum call a);

/* It changes a bucket's replication (or was meant to), other than by a rule's match. */
bool call_replicates(enum call a);

#endif
