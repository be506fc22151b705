#!/usr/bin/env python3
"""Writes src/builtin/demo.ndjson (the demo story, raw CloudTrail events) and the same events in other
shapes into tests/data/. Deterministic: run it from the repository's root and read the diff. The
outputs are committed; neither the build nor the tests run this."""
import gzip, hashlib, io, json

PROD, MEDIA, GOV = '111122223333', '222233334444', '333344445555'
BACKUP, VENDOR, EU = '777788889999', '444455556666', '555566667777'
AUDIT, GOVBACKUP, THIEF = '012345678901', '888877776666', '999988887777'
TERRAFORM = ('APN/1.0 HashiCorp/1.0 Terraform/1.9.8 (+https://www.terraform.io) terraform-provider-aws/5.76.0 '
             '(+https://registry.terraform.io/providers/hashicorp/aws) aws-sdk-go-v2/1.32.4 ua/2.1 os/linux '
             'lang/go#1.23.3 md/GOOS#linux md/GOARCH#amd64 api/s3#1.66.3')
CONSOLE = ('[S3Console/0.4, aws-internal/3 aws-sdk-java/1.12.750 Linux/5.10.226 OpenJDK_64-Bit_Server_VM/25.412-b09 '
           'java/1.8.0_412 vendor/Oracle_Corporation cfg/retry-mode/standard]')
CLI_CI = 'aws-cli/2.17.40 md/awscrt#0.20.11 ua/2.0 os/linux#6.8.0-1017-aws md/arch#x86_64 lang/python#3.11.9'
CLI_BAD = 'aws-cli/2.15.0 Python/3.11.6 Linux/6.6.9-amd64 exe/x86_64.debian.13 prompt/off command/s3api.'
events = []


def digest(*parts):
    return hashlib.sha256('|'.join(map(str, parts)).encode()).hexdigest()


def uuid(*parts):
    h = digest(*parts)
    return f'{h[:8]}-{h[8:12]}-4{h[13:16]}-a{h[17:20]}-{h[20:32]}'


def role(account, name, session, key, mfa='false', partition='aws', path=''):
    ident = 'AROA' + digest(account, name)[:17].upper()
    return {'type': 'AssumedRole', 'principalId': f'{ident}:{session}',
            'arn': f'arn:{partition}:sts::{account}:assumed-role/{name}/{session}', 'accountId': account,
            'accessKeyId': key, 'sessionContext': {
                'sessionIssuer': {'type': 'Role', 'principalId': ident,
                                  'arn': f'arn:{partition}:iam::{account}:role/{path}{name}', 'accountId': account,
                                  'userName': name},
                'webIdFederationData': {}, 'attributes': {'creationDate': None, 'mfaAuthenticated': mfa}}}


def user(account, name, key):
    return {'type': 'IAMUser', 'principalId': 'AIDA' + digest(account, name)[:17].upper(),
            'arn': f'arn:aws:iam::{account}:user/{name}', 'accountId': account, 'accessKeyId': key,
            'userName': name}


def tf():
    return role(PROD, 'tf-replication', 'github-actions', 'ASIAEXAMPLETFREPL001', path='automation/')


def admin():
    return role(PROD, 'AWSReservedSSO_PlatformAdmin_0f3c5a7e91b2d468', 'j.lindqvist@acme.example',
                'ASIAEXAMPLESSOADMIN1', 'true', path='aws-reserved/sso.amazonaws.com/eu-west-1/')


DEPLOY = user(PROD, 'deploy', 'AKIAEXAMPLEDEPLOYQX7')
CI_BOT = user(MEDIA, 'ci-bot', 'AKIAEXAMPLECIBOTM42A')
# Who calls from where with what.
TF = (tf, '192.0.2.10', TERRAFORM)
ADMIN = (admin, '192.0.2.44', CONSOLE)
BOT = (lambda: dict(CI_BOT), '198.51.100.20', CLI_CI)


def bad(command):
    return (lambda: dict(DEPLOY), '203.0.113.77', CLI_BAD + command)


def add(time, who, name, params, **kw):
    identity = who[0]()
    context = identity.get('sessionContext')
    if context:
        context['attributes']['creationDate'] = time[:14] + '00:00Z'
    source = kw.get('service', 's3')
    e = {'eventVersion': '1.11', 'userIdentity': identity, 'eventTime': time,
         'eventSource': source + '.amazonaws.com', 'eventName': name, 'awsRegion': kw.get('region', 'eu-west-1'),
         'sourceIPAddress': who[1], 'userAgent': who[2]}
    if 'error' in kw:
        e['errorCode'], e['errorMessage'] = kw['error']
    e['requestParameters'] = params
    e['responseElements'] = kw.get('response')
    seed = (time, name, len(events))
    cipher = 'TLS_AES_128_GCM_SHA256'
    if source == 's3':
        e['additionalEventData'] = {
            'SignatureVersion': 'SigV4', 'CipherSuite': cipher,
            'bytesTransferredIn': len(json.dumps(params)), 'AuthenticationMethod': 'AuthHeader',
            'x-amz-id-2': digest('id2', *seed)[:44] + '=', 'bytesTransferredOut': 0}
    e['requestID'] = digest('req', *seed)[:16].upper()
    e['eventID'] = uuid('event', *seed)
    e['readOnly'] = name.startswith(('Get', 'List'))
    owner, bucket = kw.get('owner', PROD), kw.get('bucket')
    if bucket:
        e['resources'] = [{'accountId': owner, 'type': 'AWS::S3::Bucket',
                           'ARN': f'arn:{kw.get("partition", "aws")}:s3:::{bucket}'}]
    e['eventType'] = 'AwsApiCall'
    e['managementEvent'] = True
    e['recipientAccountId'] = owner
    e['eventCategory'] = 'Management'
    e['tlsDetails'] = {'tlsVersion': 'TLSv1.3', 'cipherSuite': cipher,
                       'clientProvidedHostHeader': host(kw.get('region', 'eu-west-1'), source)}
    if who is ADMIN or kw.get('console'):
        e['sessionCredentialFromConsole'] = 'true'
    events.append(e)


def host(region, service='s3'):
    return f'{service}.{region}.amazonaws.com'


def rule(dest_bucket, account=None, id='', status='Enabled', filter='', priority=0, partition='aws', **kw):
    """A rule as S3's XML becomes JSON: an account is a number, unless a zero leads it."""
    dest = {}
    if kw.get('override'):
        dest['AccessControlTranslation'] = {'Owner': 'Destination'}
    if account is not None:
        dest['Account'] = account if account.startswith('0') or kw.get('as_text') else int(account)
    if kw.get('rtc'):
        dest['Metrics'] = {'Status': 'Enabled', 'EventThreshold': {'Minutes': 15}}
    dest['Bucket'] = f'arn:{partition}:s3:::{dest_bucket}'
    if kw.get('kms'):
        dest['EncryptionConfiguration'] = {'ReplicaKmsKeyID': kw['kms']}
    if kw.get('storage'):
        dest['StorageClass'] = kw['storage']
    if kw.get('rtc'):
        dest['ReplicationTime'] = {'Status': 'Enabled', 'Time': {'Minutes': 15}}
    r = {'Status': status, 'Destination': dest}
    if 'v1_prefix' not in kw:
        r['Filter'], r['Priority'] = filter, priority
    if kw.get('kms'):
        r['SourceSelectionCriteria'] = {'SseKmsEncryptedObjects': {'Status': 'Enabled'}}
    r['ID'] = id
    if 'v1_prefix' in kw:
        r['Prefix'] = kw['v1_prefix']
    else:
        r['DeleteMarkerReplication'] = {'Status': kw.get('markers', 'Disabled')}
    return r


def put(time, who, bucket, rules, **kw):
    region, owner = kw.get('region', 'eu-west-1'), kw.get('owner', PROD)
    partition = kw.get('partition', 'aws')
    name = kw.pop('role', 's3-replication')
    params = {'replication': '', 'bucketName': bucket, 'Host': host(region), 'ReplicationConfiguration': {
        'Role': f'arn:{partition}:iam::{owner}:role/{name}', 'xmlns': 'http://s3.amazonaws.com/doc/2006-03-01/',
        'Rule': rules}}
    add(time, who, 'PutBucketReplication', params, bucket=bucket, **kw)


def look(time, who, name, query, bucket, **kw):
    add(time, who, name, {query: '', 'bucketName': bucket, 'Host': host('eu-west-1')}, bucket=bucket, **kw)


def story():
    # A media agency gets the finished films; a contract covers the prefix.
    put('2026-10-03T09:12:44Z', BOT, 'media-originals', rule('agency-incoming-acme', VENDOR, 'agency deliveries',
        filter={'Prefix': 'deliveries/'}), owner=MEDIA)
    # Terraform sets up the backup account, bucket by bucket.
    for time, bucket, extra in [
            ('2026-10-06T08:02:48Z', 'acme-logs-ap', {}), ('2026-10-06T08:02:51Z', 'acme-logs-us', {}),
            ('2026-10-06T08:02:55Z', 'acme-logs-eu', {}), ('2026-10-06T08:03:01Z', 'acme-billing-exports', {}),
            ('2026-10-07T08:10:20Z', 'acme-customer-docs', {
                'kms': f'arn:aws:kms:eu-central-1:{BACKUP}:key/{uuid("kms backup")}'})]:
        put(time, TF, bucket, rule(f'acme-backup-{bucket[5:]}', BACKUP, 'backup', override=True,
            storage='GLACIER_IR', **extra))
    put('2026-10-07T08:10:26Z', TF, 'acme-config-history', rule('acme-backup-config-history', BACKUP, 'backup',
        v1_prefix='snapshots/', as_text=True))
    put('2026-10-12T13:30:09Z', TF, 'acme-audit-trail', rule('acme-log-archive', AUDIT, 'log archive', override=True))
    # Names no account: a copy in another region of the same account. Must not alert.
    put('2026-10-14T10:20:00Z', TF, 'acme-static-site', rule('acme-static-site-dr', id='dr copy', markers='Enabled'))
    look('2026-10-15T10:41:13Z', TF, 'DeleteBucketReplication', 'replication', 'acme-old-wiki')
    put('2026-10-20T08:00:31Z', TF, 'acme-app-state', rule('acme-backup-app-state', BACKUP, 'backup', rtc=True))
    put('2026-10-20T08:00:39Z', TF, 'acme-ml-features', [
        rule('acme-backup-ml-features', BACKUP, 'backup', filter={'Prefix': 2024}, priority=1),
        rule('acme-ml-features-replica', id='local copy', priority=2)])
    # A migration with a ticket: on, on, off again.
    put('2026-10-27T14:05:10Z', ADMIN, 'acme-crm-attachments', rule('acme-eu-crm-attachments', EU,
        'CHG-20418 crm to acme-eu', override=True, markers='Enabled'))
    put('2026-10-28T09:31:52Z', ADMIN, 'acme-crm-mail', rule('acme-eu-crm-mail', EU, 'CHG-20418 step 2, mail',
        override=True, filter={'And': {'Prefix': 'archive/', 'Tag': [
            {'Value': True, 'Key': 'migrate'}, {'Value': 'crm', 'Key': 'team'}]}}))
    put('2026-11-02T11:15:00Z', TF, 'acme-static-site', rule('acme-static-site-dr', PROD, 'dr copy', override=True))
    put('2026-11-03T16:48:27Z', ADMIN, 'acme-crm-attachments', rule('acme-eu-crm-attachments', EU,
        'CHG-20418 finished', status='Disabled', override=True))
    # The container registry's call of nearly the same name.
    add('2026-11-03T17:02:00Z', TF, 'PutReplicationConfiguration', {'replicationConfiguration': {'rules': [
        {'destinations': [{'region': 'eu-central-1', 'registryId': BACKUP}], 'repositoryFilters': []}]}},
        service='ecr')
    put('2026-11-05T09:20:18Z', BOT, 'media-trailers', rule('agency-incoming-acme', VENDOR, 'agency trailers',
        filter={'Prefix': 'trailers/final/'}), owner=MEDIA)
    gov = role(GOV, 'tf-replication', 'pipeline', 'ASIAEXAMPLEGOVREPL01', partition='aws-us-gov')
    put('2026-11-09T18:40:02Z', (lambda: gov, '192.0.2.61', TERRAFORM), 'acme-gov-records',
        rule('acme-gov-backup', GOVBACKUP, 'backup', partition='aws-us-gov', override=True), owner=GOV,
        region='us-gov-west-1', partition='aws-us-gov')
    put('2026-11-10T08:15:45Z', TF, 'acme-data-lake', [
        rule('acme-backup-data-lake', BACKUP, 'backup curated', filter={'Prefix': 'curated/'}, priority=1, override=True),
        rule('acme-log-archive', AUDIT, 'access logs', filter={'Prefix': 'access-logs/'}, priority=2),
        rule('acme-data-lake-dr', id='dr copy', filter={'Tag': {'Value': 'gold', 'Key': 'tier'}}, priority=3),
        rule('acme-eu-data-lake', EU, 'CHG-20733 not yet', status='Disabled', priority=4)])
    # No account is named; the prefix of a partitioned table holds the text.
    put('2026-11-11T12:00:07Z', TF, 'acme-analytics', rule('acme-analytics-dr', id='partitions',
        filter={'Prefix': f'usage/Account={PROD}/'}))
    # Acme production configures the media company's bucket towards itself.
    put('2026-11-12T10:22:33Z', TF, 'partner-intake', rule('acme-partner-intake', PROD, 'intake'), owner=MEDIA)
    root = {'type': 'Root', 'principalId': PROD, 'arn': f'arn:aws:iam::{PROD}:root', 'accountId': PROD,
            'accessKeyId': 'ASIAEXAMPLEROOTSESS1', 'sessionContext': {'attributes': {
                'creationDate': None, 'mfaAuthenticated': 'true'}}}
    put('2026-11-15T20:11:36Z', (lambda: root, '198.51.100.201', CONSOLE), 'acme-tax-filings',
        rule('acme-backup-tax-filings', BACKUP, 'backup before audit'), console=True)
    put('2026-11-16T08:01:12Z', TF, 'acme-orders-archive', rule('acme-backup-orders-archive', BACKUP, 'backup',
        rtc=True, override=True, markers='Enabled', filter={'Tag': {'Value': 'yes', 'Key': 'retain'}}))
    service = ({'type': 'AWSService', 'invokedBy': 'controltower.amazonaws.com'})
    put('2026-11-18T04:00:00Z', (lambda: service, 'controltower.amazonaws.com', 'controltower.amazonaws.com'),
        'aws-controltower-logs-111122223333', rule('acme-log-archive', AUDIT, 'landing zone'))
    theft()


def theft():
    """A stolen key of the user "deploy": it looks around for days, tries, and takes what it can at night."""
    look('2026-11-19T03:12:51Z', bad('get-bucket-replication'), 'GetBucketReplication', 'replication',
         'acme-payroll-prod', error=('ReplicationConfigurationNotFoundError',
         'The replication configuration was not found'))
    add('2026-11-19T03:12:09Z', bad('list-buckets'), 'ListBuckets', {'Host': host('eu-west-1')})
    look('2026-11-20T03:02:40Z', bad('get-bucket-replication'), 'GetBucketReplication', 'replication',
         'acme-hr-exports', error=('ReplicationConfigurationNotFoundError',
         'The replication configuration was not found'))
    trust = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"sts:AssumeRole"}]}'
    add('2026-11-21T03:25:16Z', bad('create-role'), 'CreateRole', {'roleName': 's3-sync-svc',
        'assumeRolePolicyDocument': trust}, service='iam', region='us-east-1', response={'role': {
            'path': '/', 'roleName': 's3-sync-svc', 'roleId': 'AROA' + digest('s3-sync-svc')[:17].upper(),
            'arn': f'arn:aws:iam::{PROD}:role/s3-sync-svc', 'createDate': 'Nov 21, 2026 3:25:16 AM',
            'assumeRolePolicyDocument': trust.replace('"', '%22')}})
    for time, bucket in [('2026-11-22T03:21:58Z', 'acme-design'), ('2026-11-24T02:04:30Z', 'acme-payroll-prod')]:
        add(time, bad('put-bucket-versioning'), 'PutBucketVersioning', {'versioning': '', 'bucketName': bucket,
            'Host': host('eu-west-1'), 'VersioningConfiguration': {'Status': 'Enabled',
            'xmlns': 'http://s3.amazonaws.com/doc/2006-03-01/'}}, bucket=bucket)

    def take(time, bucket, rules, who=bad('put-bucket-replication'), **kw):
        put(time, who, bucket, rules, role='s3-sync-svc', **kw)

    sync = 'nightly-sync-7f3'
    take('2026-11-22T03:30:00Z', 'acme-design', rule(sync, THIEF, 'sync', override=True, priority=1))
    take('2026-11-22T03:33:47Z', 'acme-finance-close', rule(sync, THIEF, 'sync', priority=1),
         error=('AccessDenied', 'Access Denied'))
    # Text that wants to steer the reader's terminal.
    hostile = (lambda: dict(DEPLOY), '203.0.113.77', 'aws-cli/2.15.0 \x1b]0;all quiet\x07\x1b[2J\x1b[1;32mapproved\x1b[0m')
    take('2026-11-22T03:41:22Z', 'acme-legal-scans', rule(sync, THIEF, 'backup\n  destination 777788889999 (approved)',
         filter={'Prefix': 'scans/\u202egnp.tnetap\u202c/'}, priority=1), who=hostile)
    # A prefix that closes the destination and opens another one, for whoever reads the unquoted text.
    take('2026-11-23T03:05:11Z', 'acme-contracts', rule(sync, THIEF, 'sync', priority=1,
         filter={'Prefix': f'a, Account={BACKUP}}}, Rule={{'}))
    # By day, and nothing to do with it: the agency's prefix is gone.
    put('2026-11-23T22:41:19Z', BOT, 'media-originals', rule('agency-incoming-acme', VENDOR, 'agency deliveries'),
        owner=MEDIA)
    take('2026-11-24T02:10:02Z', 'acme-legal-hold', rule(sync, THIEF, 'sync', override=True, priority=1))
    take('2026-11-24T02:11:40Z', 'acme-hr-exports', rule(sync, THIEF, 'sync', override=True, priority=1,
         kms=f'arn:aws:kms:eu-west-1:{THIEF}:key/{uuid("kms thief")}'))
    take('2026-11-24T02:13:07Z', 'acme-payroll-prod', rule(sync, THIEF, 'sync', override=True, priority=1,
         markers='Enabled'))


def line(value):
    """JSON with ASCII only, so that hostile characters are visible in this file and in git."""
    return json.dumps(value, separators=(',', ':'))


# ---- the other shapes -----------------------------------------------------------------------------


def clean(v):
    """Empty values vanish, as in the ingest pipeline."""
    if isinstance(v, dict):
        v = {k: clean(x) for k, x in v.items()}
        return {k: x for k, x in v.items() if not empty(x)}
    if isinstance(v, list):
        return [x for x in map(clean, v) if not empty(x)]
    return v


def empty(v):
    return v is None or v in ('', '-', 'none') or (isinstance(v, (dict, list)) and not v)


def java_hash(s):
    h = 0
    units = s.encode('utf-16-be')
    for i in range(0, len(units), 2):
        h = (h * 31 + units[i] * 256 + units[i + 1]) & 0xffffffff
    return h ^ h >> 16


def map_string(v):
    if isinstance(v, dict):
        size = 16
        while len(v) > size * 3 // 4:
            size *= 2
        keys = sorted(v, key=lambda k: java_hash(k) & size - 1)
        return '{' + ', '.join(f'{k}={map_string(v[k])}' for k in keys) + '}'
    if isinstance(v, list):
        return '[' + ', '.join(map(map_string, v)) + ']'
    return str(v).lower() if isinstance(v, bool) else str(v)


def ecs(raw):
    e = clean(raw)
    who, issuer = e['userIdentity'], e['userIdentity'].get('sessionContext', {}).get('sessionIssuer', {})
    attributes = who.get('sessionContext', {}).get('attributes', {})
    identity = {'type': who['type'], 'arn': who.get('arn'), 'access_key_id': who.get('accessKeyId'),
                'invoked_by': who.get('invokedBy'), 'session_context': {
                    'mfa_authenticated': attributes.get('mfaAuthenticated'), 'creation_date': attributes.get('creationDate'),
                    'session_issuer': {'type': issuer.get('type'), 'arn': issuer.get('arn'),
                                       'principal_id': issuer.get('principalId'), 'account_id': issuer.get('accountId')}}}
    trail = {'event_version': e['eventVersion'], 'event_type': e['eventType'], 'event_category': e['eventCategory'],
             'request_id': e['requestID'], 'recipient_account_id': e['recipientAccountId'],
             'management_event': 'true', 'read_only': e['readOnly'], 'user_identity': identity,
             'resources': [{'arn': r['ARN'], 'account_id': r['accountId'], 'type': r['type']} for r in e.get('resources', [])],
             'request_parameters': map_string(e['requestParameters']), 'flattened': {'request_parameters': e['requestParameters']},
             'error_code': e.get('errorCode'), 'error_message': e.get('errorMessage')}
    ip = e['sourceIPAddress'] if e['sourceIPAddress'][0].isdigit() else None
    return clean({'@timestamp': e['eventTime'].replace('Z', '.000Z'), 'data_stream': {
        'dataset': 'aws.cloudtrail', 'namespace': 'default', 'type': 'logs'}, 'ecs': {'version': '8.11.0'},
        'event': {'action': e['eventName'], 'provider': e['eventSource'], 'id': e['eventID'], 'kind': 'event',
                  'type': ['info'], 'outcome': 'failure' if 'errorCode' in e else 'success', 'dataset': 'aws.cloudtrail',
                  'module': 'aws', 'ingested': e['eventTime'][:-3] + '59Z', 'original': line(raw)},
        'cloud': {'provider': 'aws', 'region': e['awsRegion'], 'account': {'id': who.get('accountId')}},
        'source': {'address': e['sourceIPAddress'], 'ip': ip},
        'user': {'id': who.get('principalId'), 'name': issuer.get('userName') or who.get('userName')},
        'user_agent': {'original': e['userAgent']}, 'aws': {'cloudtrail': trail},
        'tags': ['forwarded', 'preserve_original_event']})


def filebeat(raw):
    d = ecs(raw)
    trail = d['aws']['cloudtrail']
    del d['data_stream'], trail['resources'], trail['request_id'], trail['flattened']
    trail['request_parameters'] = map_string(raw['requestParameters'])
    return d


def dotted(v, prefix=''):
    out = {}
    for k, x in v.items():
        out.update(dotted(x, prefix + k + '.') if isinstance(x, dict) else {prefix + k: x})
    return out


def hit(raw, source, **more):
    return {'_index': '.ds-logs-aws.cloudtrail-default-2026.11.01-000007', '_id': digest('id', raw['eventID'])[:20],
            **more, '_source': source}


RULE_ID = 'd488f026-7907-4f56-ad51-742feb3db01c'
NAME = 'AWS S3 Bucket Replicated to Another Account'


def alert(raw, version):
    d, made = ecs(raw), raw['eventTime'].replace(':0', ':3').replace('Z', '.412Z')
    uid = digest('alert', raw['eventID'])
    parameters = {'description': 'As it was when the alert was made.', 'risk_score': 47, 'severity': 'medium',
                  'note': '## Triage\n\nAsk `user.name` of `cloud.account.id`.', 'license': 'Apache-2.0',
                  'author': ['s3triage'], 'false_positives': ['Backup accounts.'], 'from': 'now-6m', 'rule_id': RULE_ID,
                  'max_signals': 100, 'immutable': True, 'version': 209, 'type': 'eql', 'language': 'eql',
                  'index': ['logs-aws.cloudtrail-*'], 'event_category_override': 'event.type',
                  'query': 'info where event.action == "PutBucketReplication"', 'timestamp_override': 'event.ingested',
                  'references': ['https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketReplication.html/'],
                  'exceptions_list': [], 'threat': [{'framework': 'MITRE ATT&CK', 'tactic': {
                      'id': 'TA0010', 'name': 'Exfiltration', 'reference': 'https://attack.mitre.org/tactics/TA0010/'},
                      'technique': [{'id': 'T1537', 'name': 'Transfer Data to Cloud Account',
                                     'reference': 'https://attack.mitre.org/techniques/T1537/', 'subtechnique': []}]}],
                  'investigation_fields': {'field_names': ['@timestamp', 'user.name', 'source.ip']}}
    kibana = {'kibana.alert.uuid': uid, 'kibana.alert.status': 'active', 'kibana.alert.workflow_status': 'open',
              'kibana.alert.severity': 'medium', 'kibana.alert.risk_score': 47, 'kibana.alert.depth': 1,
              'kibana.alert.start': made, 'kibana.alert.original_time': d['@timestamp'],
              'kibana.alert.reason': f'event by {d.get("user", {}).get("name", "?")} created medium alert {NAME}.',
              'kibana.alert.ancestors': [{'id': digest('id', raw['eventID'])[:20], 'type': 'event', 'depth': 0,
                                          'index': '.ds-logs-aws.cloudtrail-default-2026.11.01-000007'}],
              'kibana.alert.original_event.action': d['event']['action'], 'kibana.alert.original_event.id': d['event']['id'],
              'kibana.alert.original_event.outcome': d['event']['outcome'], 'kibana.alert.original_event.kind': 'event',
              'kibana.alert.rule.name': NAME, 'kibana.alert.rule.rule_id': RULE_ID, 'kibana.alert.rule.uuid': uuid('rule'),
              'kibana.alert.rule.category': 'Event Correlation Rule', 'kibana.alert.rule.rule_type_id': 'siem.eqlRule',
              'kibana.alert.rule.consumer': 'siem', 'kibana.alert.rule.producer': 'siem', 'kibana.alert.rule.enabled': True,
              'kibana.alert.rule.severity': 'medium', 'kibana.alert.rule.risk_score': 47, 'kibana.alert.rule.interval': '5m',
              'kibana.alert.rule.tags': ['Domain: Cloud', 'Tactic: Exfiltration'], 'kibana.alert.rule.version': 209,
              'kibana.alert.rule.note': parameters['note'], 'kibana.alert.rule.parameters': parameters,
              'kibana.space_ids': ['default'], 'kibana.version': version, 'event.kind': 'signal', '@timestamp': made}
    event = d.pop('event')
    if version.startswith('8.'):
        kibana.update({f'event.{k}': v for k, v in event.items() if k != 'kind'})
        return {**kibana, **{k: v for k, v in d.items() if k != '@timestamp'}}
    kibana.update({k: v for k, v in dotted({k: d[k] for k in ('data_stream', 'cloud', 'user')}).items()})
    return {**{k: v for k, v in d.items() if k not in ('@timestamp', 'data_stream', 'cloud', 'user')},
            'event': {k: v for k, v in event.items() if k != 'kind'}, **kibana}


def fields(doc):
    """The `fields` part of a search answer: everything is an array, numbers and booleans of a rule are text."""
    parameters = doc.pop('kibana.alert.rule.parameters')
    flat = {k: v if isinstance(v, list) else [v] for k, v in dotted(doc).items() if 'flattened.' not in k}
    for key in ('aws.cloudtrail.resources', 'kibana.alert.ancestors'):
        for item in flat.pop(key, []):
            for k, v in item.items():
                flat.setdefault(f'{key}.{k}', []).append(v)
    for key in ('version', 'enabled'):
        flat['kibana.alert.rule.' + key] = [str(v).lower() for v in flat['kibana.alert.rule.' + key]]
    flat['kibana.alert.rule.parameters'] = [parameters]
    flat['signal.rule.name'] = flat['kibana.alert.rule.name']
    return flat


def lookup(raw):
    names = [{'ResourceType': r['type'], 'ResourceName': r['ARN'].split(':::')[1]} for r in raw.get('resources', [])]
    return {'EventId': raw['eventID'], 'EventName': raw['eventName'], 'ReadOnly': str(raw['readOnly']).lower(),
            'AccessKeyId': raw['userIdentity'].get('accessKeyId', ''), 'EventTime': raw['eventTime'],
            'EventSource': raw['eventSource'], 'Username': raw['userIdentity'].get('userName', ''), 'Resources': names,
            'CloudTrailEvent': line(raw)}


def write(path, text):
    with open(path, 'w', newline='\n') as f:
        f.write(text)


def member(records):
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode='wb', filename='', mtime=0) as z:
        z.write(line({'Records': records}).encode())
    return out.getvalue()


def shards(total):
    return {'took': 3, 'timed_out': False, '_shards': {'total': 1, 'successful': 1, 'skipped': 0, 'failed': 0},
            'hits': {'total': {'value': total, 'relation': 'eq'}, 'max_score': None}}


def main():
    story()
    events.sort(key=lambda e: e['eventTime'])
    puts = [e for e in events if e['eventName'] == 'PutBucketReplication']
    last = puts[-4:]
    write('src/builtin/demo.ndjson', ''.join(line(e) + '\n' for e in events))
    with open('tests/data/trail.json.gz', 'wb') as f:
        f.write(member(events[:6]))
    with open('tests/data/members.json.gz', 'wb') as f:
        f.write(member(events[:2]) + member(events[2:5]))
    write('tests/data/lookup-events.json', json.dumps({'Events': [lookup(e) for e in last]}, indent=4) + '\n')
    write('tests/data/ecs.ndjson', ''.join(line(ecs(e)) + '\n' for e in events))
    write('tests/data/ecs-dotted.json', json.dumps([dotted(ecs(e)) for e in last], indent=1) + '\n')
    write('tests/data/filebeat.ndjson', ''.join(line(filebeat(e)) + '\n' for e in last))
    search = shards(len(last))
    search['hits']['hits'] = [hit(e, ecs(e), _score=None, sort=[i]) for i, e in enumerate(last)]
    write('tests/data/search.json', line(search) + '\n')
    eql = {'is_partial': False, 'is_running': False, 'took': 5, 'timed_out': False,
           'hits': {'total': {'value': len(last), 'relation': 'eq'}, 'events': [hit(e, ecs(e)) for e in last]}}
    write('tests/data/eql.json', line(eql) + '\n')
    for name, version in (('8', '8.19.12'), ('9', '9.1.4')):
        write(f'tests/data/alert-{name}.json', json.dumps(alert(puts[-1], version), indent=1) + '\n')
    answer = shards(2)
    answer['hits']['hits'] = [{'_index': '.internal.alerts-security.alerts-default-000001', '_id': digest('alert', e['eventID']),
                               '_score': None, 'fields': fields(alert(e, '9.1.4'))} for e in puts[-2:]]
    write('tests/data/alert-fields.json', json.dumps(answer, indent=1) + '\n')


main()
