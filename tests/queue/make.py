#!/usr/bin/env python3
"""make.py SEED DIR: a planted queue. About 1,000 honest alerts in nine kinds, each with the habits of those who make
them, and attacks in some two dozen kinds, each of which differs from an honest alert in one thing. Writes into DIR
  events.ndjson   raw CloudTrail events, in order of time
  replayed.ndjson the ids of honest events again, with other content: to be loaded once those are decided
  accounts.toml   the account book
  approvals.tsv   limits that somebody could have agreed on: account, role, bucket, actor, from, until
  truth.tsv       line of events.ndjson, honest or attack, kind
The same seed gives the same bytes."""
import copy, hashlib, json, os, random, sys, time

ORG = {'111122223333': 'prod', '222233334444': 'media', '333344445555': 'web', '121212121212': 'data',
       '131313131313': 'shop', '141414141414': 'labs'}
BACKUP, ARCHIVE, VENDOR, NEWHOME, PARTNER = '777788889999', '666677778888', '444455556666', '555566667777', '888899990000'
FLAGGED, THIEF, OTHER = '999988887777', '909090909090', '818181818181'
REGIONS = ['eu-west-1', 'eu-central-1', 'us-east-1']
TERRAFORM = ('APN/1.0 HashiCorp/1.0 Terraform/1.9.%d (+https://www.terraform.io) terraform-provider-aws/5.%d.0 '
             'aws-sdk-go-v2/1.32.%d os/linux lang/go#1.23.3 md/GOOS#linux md/GOARCH#amd64 api/s3#1.66.3')
CONSOLE = '[S3Console/0.4, aws-internal/3 aws-sdk-java/1.12.%d Linux/5.10.226 OpenJDK_64-Bit_Server_VM/25.412-b09]'
BOTO = 'Boto3/1.35.%d md/Botocore#1.35.%d ua/2.0 os/linux#6.1.0 md/arch#x86_64 lang/python#3.11.9'
CLI = 'aws-cli/2.17.%d md/awscrt#0.20.11 ua/2.0 os/linux#6.8.0-1017-aws md/arch#x86_64 lang/python#3.11.9'
DAY, START = 86400, 1790000000  # 2026-09-21
FIRST_NAMES = ['ann', 'bo', 'cas', 'dee', 'eli', 'fay']


class Queue:
    def __init__(self, seed):
        self.r, self.n = random.Random(seed), 0

    def hex(self, n):
        return '%0*x' % (n, self.r.getrandbits(4 * n))

    def when(self, hours, days=(0, 60)):
        day = self.r.randrange(*days)
        return START - START % DAY + day * DAY + self.r.choice(hours) * 3600 + self.r.randrange(3600)

    def bucket(self, account, stem):
        self.n += 1
        return '%s-%s-%s-%d' % (ORG[account], stem, self.r.choice(['orders', 'invoices', 'media', 'events', 'users']), self.n)


def role(account, name, session, partition='aws', path=''):
    ident = 'AROA' + hashlib.sha256((account + name).encode()).hexdigest()[:17].upper()
    return {'type': 'AssumedRole', 'principalId': ident + ':' + session,
            'arn': 'arn:%s:sts::%s:assumed-role/%s/%s' % (partition, account, name, session), 'accountId': account,
            'accessKeyId': 'ASIAEXAMPLE' + ident[4:13], 'sessionContext': {
                'sessionIssuer': {'type': 'Role', 'principalId': ident, 'accountId': account, 'userName': name,
                                  'arn': 'arn:%s:iam::%s:role/%s%s' % (partition, account, path, name)},
                'attributes': {'creationDate': '2026-09-01T00:00:00Z', 'mfaAuthenticated': 'false'}}}


def user(account, name):
    ident = hashlib.sha256((account + name).encode()).hexdigest()[:17].upper()
    return {'type': 'IAMUser', 'principalId': 'AIDA' + ident, 'arn': 'arn:aws:iam::%s:user/%s' % (account, name),
            'accountId': account, 'accessKeyId': 'AKIAEXAMPLE' + ident[:9], 'userName': name}


def rule(account, bucket, **kw):
    d = {'Bucket': bucket if bucket.startswith('arn:') else 'arn:aws:s3:::' + bucket}
    if account:
        d['Account'] = account
    if kw.get('override'):
        d['AccessControlTranslation'] = {'Owner': 'Destination'}
    if kw.get('storage'):
        d['StorageClass'] = kw['storage']
    if kw.get('timed'):
        d['ReplicationTime'] = {'Status': 'Enabled', 'Time': {'Minutes': 15}}
        d['Metrics'] = {'Status': 'Enabled', 'EventThreshold': {'Minutes': 15}}
    if kw.get('key'):
        d['EncryptionConfiguration'] = {'ReplicaKmsKeyID': kw['key']}
    v = {'ID': kw.get('id', 'sync'), 'Status': 'Enabled', 'Priority': 1, 'Destination': d,
         'Filter': {'Prefix': kw['prefix']} if kw.get('prefix') else '',
         'DeleteMarkerReplication': {'Status': 'Enabled' if kw.get('deletes') else 'Disabled'}}
    if kw.get('key'):
        v['SourceSelectionCriteria'] = {'SseKmsEncryptedObjects': {'Status': 'Enabled'}}
    if kw.get('existing'):
        v['ExistingObjectReplication'] = {'Status': 'Enabled'}
    return v


def event(q, owner, who, bucket, role_arn, rules, **kw):
    """One event as a dict; `at` and `kind` are taken out again before it is written."""
    return {'at': kw['at'], 'kind': kw['kind'], 'eventVersion': '1.11', 'userIdentity': who,
            'eventSource': 's3.amazonaws.com', 'eventName': 'PutBucketReplication', 'awsRegion': kw['region'],
            'sourceIPAddress': kw['ip'], 'userAgent': kw['agent'],
            'requestParameters': {'replication': '', 'bucketName': bucket, 'ReplicationConfiguration': {
                'Role': role_arn, 'xmlns': 'http://s3.amazonaws.com/doc/2006-03-01/', 'Rule': rules}},
            'responseElements': None, 'requestID': q.hex(16).upper(),
            'eventID': '%s-%s-4%s-a%s-%s' % (q.hex(8), q.hex(4), q.hex(3), q.hex(3), q.hex(12)),
            'readOnly': False, 'resources': [{'accountId': owner, 'type': 'AWS::S3::Bucket', 'ARN': 'arn:aws:s3:::' + bucket}],
            'eventType': 'AwsApiCall', 'managementEvent': True, 'recipientAccountId': owner, 'eventCategory': 'Management'}


def key_of(account):
    return 'arn:aws:kms:eu-west-1:%s:key/0f3c5a7e-91b2-4d68-a1b2-%s' % (account, account)


def tf_agent(q):
    return TERRAFORM % (q.r.randrange(5, 9), q.r.randrange(70, 77), q.r.randrange(2, 6))


def repl(account, name='s3-replication'):
    return 'arn:aws:iam::%s:role/%s' % (account, name)


# ---- the honest kinds: each gives one event ------------------------------------------------------

def backup(q):
    acc, reg = q.r.choice(list(ORG)), q.r.choices(REGIONS, (5, 3, 2))[0]
    b = q.bucket(acc, 'app')
    return event(q, acc, role(acc, 'tf-deploy', 'github-actions', path='automation/'), b, repl(acc),
                 [rule(BACKUP, 'acme-backup-' + reg, override=True, prefix='data/')], kind='backup', region=reg,
                 ip='192.0.2.%d' % q.r.choice([10, 11]), agent=tf_agent(q), at=q.when(range(7, 19)))


def archive(q):
    acc, reg = q.r.choice(list(ORG)), q.r.choice(REGIONS[:2])
    return event(q, acc, role(acc, 'log-shipper-deploy', 'pipeline'), q.bucket(acc, 'logs'), repl(acc, 'log-shipper'),
                 [rule(ARCHIVE, 'acme-log-archive', prefix='AWSLogs/', storage='GLACIER')], kind='archive', region=reg,
                 ip='192.0.2.%d' % q.r.choice([10, 11]), agent=tf_agent(q), at=q.when(range(6, 20)))


def vendor(q):
    acc = '222233334444'
    return event(q, acc, role(acc, 'vendor-sync', 'nightly'), q.bucket(acc, 'feed'), repl(acc, 'vendor-feed'),
                 [rule(VENDOR, 'agency-inbox', prefix='export/', key=key_of(VENDOR), timed=True)], kind='vendor', region='eu-west-1',
                 ip='198.51.100.20', agent=BOTO % (q.r.randrange(40, 60), q.r.randrange(40, 60)), at=q.when(range(8, 18)))


def migration(q):
    acc = "333344445555"
    b = q.bucket(acc, 'site')
    return event(q, acc, role(acc, 'migration-runner', 'wave-%d' % q.r.randrange(1, 9)), b, repl(acc, 'migration'),
                 [rule(NEWHOME, b + '-new', override=True, existing=True, deletes=True)], kind='migration',
                 region='eu-central-1', ip='192.0.2.30', agent=CLI % q.r.randrange(30, 50),
                 at=q.when(range(8, 19), (20, 41)))


def lake(q):
    acc = '121212121212'
    rules = [rule(BACKUP, 'acme-backup-eu-west-1', override=True, prefix='lake/', id='backup'),
             rule(ARCHIVE, 'acme-lake-archive', override=True, prefix='lake/', id='archive')]
    q.r.shuffle(rules)
    return event(q, acc, role(acc, 'lake-admin', 'airflow'), q.bucket(acc, 'lake'), repl(acc, 'lake-replication'), rules,
                 kind='lake', region='eu-west-1', ip='192.0.2.60', agent=BOTO % (q.r.randrange(40, 60), q.r.randrange(40, 60)),
                 at=q.when(range(0, 24)))


def person(q):
    acc = q.r.choice(list(ORG)[:2])
    b = q.bucket(acc, 'team')
    return event(q, acc, role(acc, 'AWSReservedSSO_PlatformAdmin_0f3c5a7e91b2d468', q.r.choice(FIRST_NAMES) + '@acme.example',
                              path='aws-reserved/sso.amazonaws.com/'), b, repl(acc, 's3crr_role_for_' + b),
                 [rule(BACKUP, 'acme-backup-eu-west-1', override=True)], kind='person', region='eu-west-1',
                 ip='192.0.2.%d' % q.r.choice([44, 45, 46]), agent=CONSOLE % q.r.randrange(700, 760), at=q.when(range(8, 18)))


def stack(q):
    acc = q.r.choice(list(ORG)[2:5])
    return event(q, acc, role(acc, 'cdk-exec', 'AWSCloudFormation'), q.bucket(acc, 'svc'), repl(acc, 'cdk-replication'),
                 [rule(BACKUP, 'acme-backup-eu-west-1', override=True)], kind='stack', region='eu-west-1',
                 ip='cloudformation.amazonaws.com', agent='cloudformation.amazonaws.com', at=q.when(range(0, 24)))


def legacy(q):
    acc = '131313131313'
    return event(q, acc, user(acc, 'legacy-backup'), q.bucket(acc, 'old'), repl(acc, 'legacy-replication'),
                 [rule(BACKUP, 'acme-backup-eu-west-1')], kind='legacy', region='eu-west-1', ip='198.51.100.77',
                 agent=CLI % 11, at=q.when(range(3, 5)))


def pair(q):
    acc = '141414141414'
    b = q.bucket(acc, 'dr')
    return event(q, acc, role(acc, 'dr-pair', 'github-actions'), b, repl(acc, 'dr-replication'),
                 [rule(acc, b + '-dr')], kind='pair', region='us-east-1', ip='192.0.2.10', agent=tf_agent(q),
                 at=q.when(range(7, 19)))


HONEST = [(backup, 330), (archive, 200), (vendor, 80), (migration, 120), (lake, 70), (person, 60), (stack, 60),
          (legacy, 40), (pair, 40)]


def noise(q, e):
    """What honest work does now and then: another runner, a new region."""
    if q.r.random() < .01:
        e['sourceIPAddress'] = '192.0.2.%d' % q.r.randrange(100, 200)
    if q.r.random() < .005:
        e['awsRegion'] = 'eu-north-1'
    return e


# ---- the attacks: each takes an honest event and changes one thing -------------------------------

def rules_of(e):
    return e['requestParameters']['ReplicationConfiguration']['Rule']


def second(account, bucket='drop-box-77'):
    def change(q, e):
        rules_of(e).append(rule(account, bucket, id='copy', prefix='data/'))
        q.r.shuffle(rules_of(e))
    return change


def each(**kw):
    def change(q, e):
        for v in rules_of(e):
            for key, value in kw.items():
                v[key] = value
    return change


def field(key, value):
    def change(q, e):
        e[key] = value(q) if callable(value) else value
    return change


def claimed(q, e):
    for v in rules_of(e):
        v['Destination'] = {'Account': v['Destination']['Account'], 'Bucket': 'arn:aws:s3:::drop-box-%d' % q.r.randrange(99)}


def override(q, e):
    for v in rules_of(e):
        v['Destination']['AccessControlTranslation'] = {'Owner': 'Destination'}


def dest(**kw):
    def change(q, e):
        for v in rules_of(e):
            v['Destination'].update(kw)
    return change


def to(account):
    def change(q, e):
        for v in rules_of(e):
            v['Destination'].update(Account=account, Bucket='arn:aws:s3:::drop-box-%d' % q.r.randrange(99))
    return change


def by(make):
    def change(q, e):
        e['userIdentity'] = make(e['recipientAccountId'], e)
    return change


def role_arn(make):
    def change(q, e):
        c = e['requestParameters']['ReplicationConfiguration']
        c['Role'] = make(c['Role'])
    return change


def partition(q, e):
    for v in rules_of(e):
        v['Destination']['Bucket'] = v['Destination']['Bucket'].replace('arn:aws:', 'arn:aws-cn:')


def access_point(q, e):
    for v in rules_of(e):
        v['Destination']['Bucket'] = 'arn:aws:s3:eu-west-1:%s:accesspoint/drop' % FLAGGED


def at_night(q, e):
    e['at'] = e['at'] - e['at'] % DAY + 2 * 3600 + q.r.randrange(3600)


def years_off(q, e):
    e['at'] += q.r.choice([-400, 300]) * DAY


def twin(q, e):
    e['twin'] = True


def root(account, e):
    return {'type': 'Root', 'principalId': account, 'arn': 'arn:aws:iam::%s:root' % account, 'accountId': account}


ATTACKS = [('second-unknown', second(THIEF), backup, 3), ('second-flagged', second(FLAGGED), backup, 3),
           ('second-unnamed', second(None), backup, 2), ('second-invalid', second('***'), archive, 2),
           ('claimed', claimed, backup, 3), ('claimed-archive', claimed, archive, 1), ('widened', each(Filter=''), archive, 2),
           ('deletes', each(DeleteMarkerReplication={'Status': 'Enabled'}), backup, 2), ('override', override, archive, 2),
           ('other-actor', by(lambda acc, e: role(acc, 'intern-lab', 'laptop')), backup, 2),
           ('foreign-actor', by(lambda acc, e: role(OTHER, 'tf-deploy', 'github-actions', path='automation/')), backup, 1),
           ('foreign-role', role_arn(lambda arn: 'arn:aws:iam::%s:role/s3-replication' % OTHER), backup, 2),
           ('partition-role', role_arn(lambda arn: arn.replace('arn:aws:', 'arn:aws-cn:')), backup, 1),
           ('long-key', by(lambda acc, e: user(acc, 'tf-deploy')), backup, 1), ('root', by(root), backup, 1),
           ('new-address', field('sourceIPAddress', lambda q: '203.0.113.%d' % q.r.randrange(250)), archive, 2),
           ('other-region', field('awsRegion', 'ap-southeast-3'), backup, 1), ('partition', partition, backup, 1),
           ('access-point', access_point, backup, 1), ('night', at_night, archive, 1),
           ('existing', each(ExistingObjectReplication={'Status': 'Enabled'}), backup, 1),
           ('outside-window', years_off, migration, 1), ('twin-keys', twin, vendor, 1),
           ('agent', field('userAgent', 'aws-cli/2.15.0 Terraform/1.9.8 (+https://www.terraform.io)'), backup, 1),
           ('foreign-key', dest(EncryptionConfiguration={'ReplicaKmsKeyID': key_of(OTHER)}), vendor, 2),
           ('added-key', dest(EncryptionConfiguration={'ReplicaKmsKeyID': key_of(OTHER)}), backup, 1),
           ('storage', dest(StorageClass='DEEP_ARCHIVE'), backup, 1),
           ('other-storage', dest(StorageClass='STANDARD_IA'), archive, 1),
           ('replica-changes', each(SourceSelectionCriteria={'ReplicaModifications': {'Status': 'Enabled'}}), archive, 2),
           ('metrics', dest(Metrics={'Status': 'Enabled', 'EventThreshold': {'Minutes': 15}}), backup, 1),
           ('time-control', dest(ReplicationTime={'Status': 'Enabled', 'Time': {'Minutes': 15}}), archive, 1),
           ('other-minutes', dest(ReplicationTime={'Status': 'Enabled', 'Time': {'Minutes': 600}}), vendor, 1),
           ('unheard-of', dest(CopyEverything={'Status': 'Enabled'}), backup, 1),
           ('unheard-of-rule', each(ObjectSize={'GreaterThan': 0}), archive, 1),
           ('two-accounts', dest(Account=[BACKUP, THIEF]), backup, 1),
           ('theft', to(THIEF), archive, 2), ('theft-flagged', to(FLAGGED), lake, 1)]


def line_of(e):
    e = dict(e)
    at, twins = e.pop('at'), e.pop('twin', False)
    e.pop('kind')
    e['eventTime'] = time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(at))
    text = json.dumps(e)
    if twins:
        account = '"Account": "%s"' % VENDOR
        text = text.replace(account, '"Account": "%s", %s' % (FLAGGED, account))
    return text


def book():
    out = ['[organisation]', 'name = "acme"', 'accounts = [%s]' % ', '.join('"%s"' % a for a in [*ORG, BACKUP, ARCHIVE]), '']
    for account, name, kind in ((VENDOR, 'agency', 'vendor'), (NEWHOME, 'new home', 'approved'),
                                (PARTNER, 'partner', 'approved'), (FLAGGED, 'drop box', 'flagged')):
        out += ['[[account]]', 'id = "%s"' % account, 'name = "%s"' % name, 'kind = "%s"' % kind, '']
    return '\n'.join(out)


APPROVALS = [(BACKUP, 's3-replication', '', 'tf-deploy', '2026-09-01', '2026-12-31'),
             (ARCHIVE, 'log-shipper', '', 'log-shipper-deploy', '2026-09-01', '2026-12-31'),
             (VENDOR, 'vendor-feed', 'media-feed-*', 'vendor-sync', '2026-09-01', '2026-12-31'),
             (NEWHOME, 'migration', 'web-site-*', 'migration-runner', '2026-10-01', '2026-11-10')]


def main(seed, folder):
    q = Queue(int(seed))
    events = [(noise(q, make(q)), 'honest') for make, n in HONEST for _ in range(n)]
    replayed = []
    for kind, change, base, n in ATTACKS:
        for _ in range(n):
            e = copy.deepcopy(base(q))
            change(q, e)
            e['kind'] = kind
            events.append((e, 'attack'))
    for e, _ in q.r.sample(events[:330], 2):
        e = copy.deepcopy(e)
        to(THIEF)(q, e)
        replayed.append(e)
    events.sort(key=lambda x: (x[0]['at'], x[0]['eventID']))
    os.makedirs(folder, exist_ok=True)
    write = lambda name, lines: open(os.path.join(folder, name), 'w').write(''.join(x + '\n' for x in lines))
    write('events.ndjson', [line_of(e) for e, _ in events])
    write('replayed.ndjson', [line_of(e) for e in replayed])
    write('truth.tsv', ['%d\t%s\t%s' % (i + 1, side, e['kind']) for i, (e, side) in enumerate(events)])
    write('accounts.toml', [book()])
    write('approvals.tsv', ['\t'.join(a) for a in APPROVALS])


if __name__ == '__main__':
    main(*sys.argv[1:])
