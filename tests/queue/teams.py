#!/usr/bin/env python3
"""teams.py SEED DIR: another planted queue, built otherwise than make.py: teams with their own accounts, pipelines that
run at night over all their buckets and read before they write, a backup service that joins new accounts as they come,
CDK, people who click, a vendor that takes over another; and around them the events of every day. The attacks are little
stories: what is done before, the alert, what is done after. Writes the same files as make.py; truth.tsv has `context`
for lines that make no alert. The same seed gives the same bytes."""
import copy, os, sys
from make import Queue, role, user, rule, event, line_of, tf_agent, repl, CLI, CONSOLE, BOTO, DAY, START, PARTNER

OWN = {'210000000001': 'billing', '210000000002': 'search', '210000000003': 'maps', '210000000004': 'video',
       '210000000005': 'risk', '210000000006': 'crm', '210000000007': 'iot', '210000000008': 'ads'}
SAFE, LOGS, OLD_VENDOR, NEW_VENDOR = '310000000001', '310000000002', '410000000001', '410000000002'
BAD, STRANGER, OUTSIDER = '666000666000', '505050505050', '515151515151'
HOUR = 3600


def at(day, hour, second=0):
    return START - START % DAY + (day - 45) * DAY + int(hour * HOUR) + second


class Teams:
    def __init__(self, seed):
        self.q, self.events = Queue(seed), []
        self.r = self.q.r

    def alert(self, side, kind, owner, who, bucket, role_arn, rules, **kw):
        kw.setdefault('kind', kind)
        e = event(self.q, owner, who, bucket, role_arn, rules, **kw)
        self.events.append((e, side))
        return e

    def call(self, who, call, when, service='s3', owner=None, ip='192.0.2.9', agent='aws-cli/2.17.1', error=None, region='eu-west-1',
             **request):
        e = {'at': when, 'kind': call, 'eventVersion': '1.11', 'userIdentity': who, 'eventSource': service + '.amazonaws.com',
             'eventName': call, 'awsRegion': region, 'sourceIPAddress': ip, 'userAgent': agent, 'requestParameters': request or None,
             'responseElements': None, 'requestID': self.q.hex(16), 'eventID': '%s-%s-4%s-b%s-%s' % (
                 self.q.hex(8), self.q.hex(4), self.q.hex(3), self.q.hex(3), self.q.hex(12)), 'readOnly': call.startswith(('Get', 'List')),
             'eventType': 'AwsApiCall', 'managementEvent': True, 'recipientAccountId': owner or who['accountId'], 'eventCategory': 'Management'}
        if error:
            e['errorCode'] = error
        self.events.append((e, 'context'))

    # ---- honest -----------------------------------------------------------------------------------

    def nightly(self, acc, n, days, hour):
        """A pipeline that puts all its buckets right every few nights, and reads each before."""
        who = role(acc, 'infra-apply', 'gitlab-%s' % OWN[acc], path='ci/')
        buckets = ['%s-%s-%d' % (OWN[acc], self.r.choice(['raw', 'curated', 'img', 'db']), i) for i in range(n)]
        for day in days:
            for i, b in enumerate(buckets):
                t = at(day, hour, 20 * i + self.r.randrange(15))
                for k, read in enumerate(['GetCallerIdentity', 'GetBucketVersioning', 'GetBucketReplication', 'GetBucketPolicy'][i > 0:]):
                    self.call(who, read, t - 9 + k, 'sts' if k == 0 and i == 0 else 's3', ip='192.0.2.70', agent=tf_agent(self.q), bucketName=b)
                self.alert('honest', 'nightly', acc, who, b, repl(acc, 'replicator'), [rule(SAFE, 'safe-%s' % acc, override=True, id='safe')],
                           region='eu-west-1', ip='192.0.2.70', agent=tf_agent(self.q), at=t)

    def joins(self, acc, day, n):
        """The backup service reaches a new account: a role and versioning are made, then each bucket is set."""
        who = role(acc, 'backup-onboarding', 'step-functions')
        self.call(who, 'CreateRole', at(day, 9), 'iam', agent=BOTO % (51, 51), ip='192.0.2.80', roleName='backup-repl')
        for i in range(n):
            b, t = '%s-home-%d' % (OWN[acc], i), at(day + i // 3, 9.2 + i % 3)
            self.call(who, 'PutBucketVersioning', t - 60, agent=BOTO % (51, 51), ip='192.0.2.80', bucketName=b)
            self.alert('honest', 'joins', acc, who, b, repl(acc, 'backup-repl'), [rule(SAFE, 'safe-%s' % acc, override=True, existing=True)],
                       region='eu-west-1', ip='192.0.2.80', agent=BOTO % (51, 51), at=t)

    def clicks(self, n):
        for _ in range(n):
            acc, name = self.r.choice(list(OWN)[:4]), self.r.choice(['gus', 'hal', 'ivy'])
            who = role(acc, 'AWSReservedSSO_StorageAdmin_00aa11bb22cc33dd', name + '@teams.example', path='aws-reserved/sso.amazonaws.com/')
            b, t = self.q_bucket(acc), at(self.r.randrange(90), self.r.randrange(8, 17), self.r.randrange(3000))
            ip = '192.0.2.%d' % {'gus': 21, 'hal': 22, 'ivy': 23}[name]
            self.call(who, 'ListBuckets', t - 200, ip=ip, agent=CONSOLE % 720)
            self.call(who, 'GetBucketVersioning', t - 30, ip=ip, agent=CONSOLE % 720, bucketName=b)
            self.alert('honest', 'clicks', acc, who, b, repl(acc, 's3crr_role_for_' + b), [rule(SAFE, 'safe-%s' % acc, override=True)],
                       region='eu-west-1', ip=ip, agent=CONSOLE % 720, at=t)

    def q_bucket(self, acc):
        self.q.n += 1
        return '%s-adhoc-%d' % (OWN[acc], self.q.n)

    def cdk(self, acc, n):
        for _ in range(n):
            t = at(self.r.randrange(90), self.r.randrange(24), self.r.randrange(3000))
            self.alert('honest', 'cdk', acc, role(acc, 'cdk-hnb659fds-cfn-exec', 'AWSCloudFormation'), self.q_bucket(acc),
                       repl(acc, 'stack-repl'), [rule(LOGS, 'all-logs', prefix='logs/', storage='GLACIER_IR')], region=self.r.choice(
                           ['eu-west-1', 'us-east-1']), ip='cloudformation.amazonaws.com', agent='cloudformation.amazonaws.com', at=t)

    def vendor(self):
        """One vendor until day 50, then another."""
        acc = '210000000004'
        for day in range(0, 90, 2):
            to, bucket = (OLD_VENDOR, 'studio-in') if day < 50 else (NEW_VENDOR, 'colour-lab-in')
            self.alert('honest', 'vendor', acc, user(acc, 'media-robot'), 'video-cut-%d' % day, repl(acc, 'media'),
                       [rule(to, bucket, prefix='final/')], region='eu-west-1', ip='198.51.100.40', agent=CLI % 12, at=at(day, 11, day))

    def days(self):
        """What goes on besides: reads, policies, trails that are looked after."""
        for _ in range(900):
            acc = self.r.choice(list(OWN))
            who = role(acc, self.r.choice(['infra-apply', 'auditor', 'app']), 'daily')
            name, service = self.r.choice([('ListBuckets', 's3'), ('GetBucketPolicy', 's3'), ('PutBucketPolicy', 's3'), ('CreateRole', 'iam'),
                                           ('PutRolePolicy', 'iam'), ('GetCallerIdentity', 'sts'), ('CreateBucket', 's3')])
            self.call(who, name, at(self.r.randrange(90), self.r.randrange(7, 19), self.r.randrange(3600)), service,
                      roleName='r%d' % self.r.randrange(40), bucketName='x%d' % self.r.randrange(400))

    # ---- attacks: each begins as something honest ---------------------------------------------------

    def base(self, acc=None, day=None, **kw):
        acc = acc or self.r.choice(list(OWN)[:6])
        a = {'owner': acc, 'who': role(acc, 'infra-apply', 'gitlab-%s' % OWN[acc], path='ci/'), 'bucket': self.q_bucket(acc),
             'role_arn': repl(acc, 'replicator'), 'rules': [rule(SAFE, 'safe-%s' % acc, override=True, id='safe')], 'region': 'eu-west-1',
             'ip': '192.0.2.70', 'agent': tf_agent(self.q), 'at': at(day if day is not None else self.r.randrange(20, 85), 2, self.r.randrange(1800))}
        a.update(kw)
        return a

    def plant(self, kind, a):
        return self.alert('attack', kind, a.pop('owner'), a.pop('who'), a.pop('bucket'), a.pop('role_arn'), a.pop('rules'), **a)

    def attacks(self):
        r = self.r
        thief = lambda acc: user(acc, 'svc-report')
        a = self.base()                                                   # looked around for days, then one bucket
        who, ip = thief(a['owner']), '203.0.113.50'
        for d in (6, 5, 3):
            self.call(who, 'ListBuckets', a['at'] - d * DAY, ip=ip)
            self.call(who, 'GetBucketReplication', a['at'] - d * DAY + 40, ip=ip, bucketName=a['bucket'])
        self.plant('recon', {**a, 'who': who, 'ip': ip, 'agent': CLI % 44})
        for name, service, delay in (('StopLogging', 'cloudtrail', 600), ('DeleteTrail', 'cloudtrail', -900), ('DeleteFlowLogs', 'ec2', 300),
                                     ('DeleteDetector', 'guardduty', -300), ('StopConfigurationRecorder', 'config', 900)):
            a = self.base()                                               # everything as ever, and the recording ends
            self.call(a['who'], name, a['at'] + delay, service, ip=a['ip'], agent=a['agent'], name='org-trail')
            self.plant('silenced', a)
        a = self.base('210000000004', 60)                                 # the half of a vendor's that ends the trail
        self.call(user(a['owner'], 'media-robot'), 'StopLogging', at(60, 11.3), 'cloudtrail', ip='198.51.100.40', agent=CLI % 12, name='t')
        self.plant('vendor-silenced', {**a, 'who': user(a['owner'], 'media-robot'), 'role_arn': repl(a['owner'], 'media'), 'ip': '198.51.100.40',
                                       'rules': [rule(NEW_VENDOR, 'colour-lab-in', prefix='final/')], 'agent': CLI % 12, 'at': at(60, 11.2)})
        for i in range(2):                                                # widened after a while
            acc = '210000000004'
            self.plant('widened', {**self.base(acc), 'bucket': 'video-cut-%d' % (60 + 2 * i), 'who': user(acc, 'media-robot'), 'ip': '198.51.100.40',
                                   'role_arn': repl(acc, 'media'), 'rules': [rule(NEW_VENDOR, 'colour-lab-in')], 'agent': CLI % 12, 'at': at(80 + i, 11)})
        for acc in list(OWN)[:3]:                                         # a known bucket turned to another destination
            self.plant('redirected', {**self.base(acc, 84), 'bucket': '%s-raw-0' % OWN[acc], 'rules': [rule(SAFE, 'safe-' + OUTSIDER, id='safe')]})
        for i in range(5):                                                # five buckets in four minutes
            a = self.base('210000000005', 77)
            self.plant('burst', {**a, 'who': thief('210000000005'), 'rules': [rule(STRANGER, 'inbox')], 'agent': CLI % 44, 'ip': '203.0.113.51',
                                 'at': at(77, 3, 45 * i)})
        a = self.base()                                                   # refused, then let in
        self.call(thief(a['owner']), 'PutBucketReplication', a['at'] - 1200, ip='203.0.113.52', error='AccessDenied', bucketName=a['bucket'])
        self.call(thief(a['owner']), 'PutRolePolicy', a['at'] - 600, 'iam', ip='203.0.113.52', roleName='svc-report')
        self.plant('refused', {**a, 'who': thief(a['owner']), 'ip': '203.0.113.52', 'agent': CLI % 44})
        for owner in list(OWN)[:4]:                                       # one stranger, several owners, days apart
            self.plant('shared', {**self.base(owner), 'rules': [rule(OUTSIDER, 'collect', override=True)]})
        for _ in range(2):                                                # the safe account claimed, with a bucket of its own name
            self.plant('claimed', {**self.base(), 'rules': [rule(SAFE, 'safe-%s' % self.q.hex(6))]})
        a = self.base()                                                   # a role made for it
        self.call(a['who'], 'CreateRole', a['at'] - 2 * DAY, 'iam', ip=a['ip'], agent=a['agent'], roleName='sync-tmp')
        self.plant('new-role', {**a, 'role_arn': repl(a['owner'], 'sync-tmp')})
        a = self.base()                                                   # the key is in two places
        self.call(a['who'], 'ListBuckets', a['at'] - 3600, ip='192.0.2.70', agent=a['agent'])
        self.plant('two-places', {**a, 'ip': '203.0.113.53'})
        a = self.base()                                                   # a batch job for what was there before
        self.call(a['who'], 'CreateJob', a['at'] + 1800, ip=a['ip'], agent=a['agent'], CreateJobRequest={
            'Operation': {'S3ReplicateObject': {}},
            'ManifestGenerator': {'S3JobManifestGenerator': {'SourceBucket': 'arn:aws:s3:::' + a['bucket']}}})
        self.plant('batch-job', a)
        a = self.base()                                                   # a role of another account
        self.plant('foreign-role', {**a, 'role_arn': repl(OUTSIDER, 'replicator')})
        self.plant('partition', {**self.base(), 'rules': [rule(STRANGER, 'arn:aws-cn:s3:::safe-x')]})
        self.plant('flagged', {**self.base(), 'rules': [rule(BAD, 'drop', override=True)]})
        a = self.base()                                                   # somebody who never did this
        self.plant('first-time', {**a, 'who': role(a['owner'], 'support', 'desk-7')})
        self.plant('region', {**self.base(), 'region': 'me-south-1'})
        self.plant('root', {**self.base('210000000006'), 'agent': CONSOLE % 700, 'ip': '203.0.113.54', 'who': {
            'type': 'Root', 'principalId': '210000000006', 'arn': 'arn:aws:iam::210000000006:root', 'accountId': '210000000006'}})
        for i in range(6):                                                # a bucket a week, for weeks
            self.plant('drip', {**self.base('210000000002'), 'who': role('210000000002', 'etl', 'nightly'), 'rules': [rule(OUTSIDER, 'sink')],
                                'at': at(30 + 7 * i, 4, i)})


def book():
    out = ['[organisation]', 'name = "teams"', 'accounts = [%s]' % ', '.join('"%s"' % a for a in [*OWN, SAFE, LOGS]), '']
    for account, name, kind in ((OLD_VENDOR, 'studio', 'vendor'), (NEW_VENDOR, 'colour lab', 'vendor'), (PARTNER, 'partner', 'approved'),
                                (BAD, 'bad', 'flagged')):
        out += ['[[account]]', 'id = "%s"' % account, 'name = "%s"' % name, 'kind = "%s"' % kind, '']
    return '\n'.join(out)


def main(seed, folder):
    t = Teams(int(seed))
    for i, acc in enumerate(list(OWN)[:6]):
        t.nightly(acc, t.r.randrange(4, 9), range(i, 90, t.r.randrange(4, 8)), 1 + i * .5)
    for i, acc in enumerate(list(OWN)[4:]):
        t.joins(acc, 12 + 17 * i, 9)
    t.clicks(70)
    for acc in list(OWN)[1:4]:
        t.cdk(acc, 40)
    t.vendor()
    t.days()
    t.attacks()
    t.events.sort(key=lambda x: (x[0]['at'], x[0]['eventID']))
    os.makedirs(folder, exist_ok=True)
    write = lambda name, lines: open(os.path.join(folder, name), 'w').write(''.join(x + '\n' for x in lines))
    write('events.ndjson', [line_of(e) for e, _ in t.events])
    write('truth.tsv', ['%d\t%s\t%s' % (i + 1, side, e['kind']) for i, (e, side) in enumerate(t.events)])
    write('accounts.toml', [book()])


if __name__ == '__main__':
    main(*sys.argv[1:])
