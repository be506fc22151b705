/*
 * remote/live: how a scan reads Elasticsearch, OpenSearch and Kibana.
 */
#ifndef S3TRIAGE_REMOTE_LIVE_H
#define S3TRIAGE_REMOTE_LIVE_H

#include "s3triage/scan/scan.h"

const struct scan_live *live_clusters(void);

#endif
