# timeline, pivot, near, and what show says of what stands around an alert.

id_of() { run 0 list --demo --json -q --filter "bucket:$1" && sed -n '1s/.*"id":"\([^"]*\)".*/\1/p' "$out"; }

near_misses() {
	run 0 near --demo -q
	has "$out" 'names no account'
	has "$out" 'takes the replication away'
	has "$out" 'the call failed: AccessDenied'
	has "$out" '4 replication events that the rule did not match'
	run 0 near --demo -q --json
	lines "$out" 4
	has "$out" '"bucket":"acme-static-site"'
	lacks "$out" 'acme-payroll-prod'
	run 3 near "$dir/nothing-there" -q
	run 0 near --demo -q && sed -n 1,4p "$out" >"$dir/work/near" && at=$(sed -n '3s/ .*//p' "$dir/work/near")
	run 0 near --demo -q --limit 1 && lines "$out" 2 && has "$out" "$(sed -n 4p "$dir/work/near")"
	has "$err" '3 more left out by --since, --until or --limit'
	run 0 near --demo -q --since "$at" && has "$out" '2 replication events' && has "$err" '2 more left out'
	run 0 near --demo -q --json --until 2001-01-01 && lines "$out" 0 && has "$err" '4 more left out'
}
test_case 'near misses with why' near_misses

timelines() {
	id=$(id_of acme-payroll-prod)
	run 0 timeline "$id" --demo -q
	has "$out" 'PutBucketVersioning'
	has "$out" '>'
	run 0 timeline "$id" --demo -q --json --window 5m
	is "$(grep -c '"self":true' "$out")" 1
	lacks "$out" 'PutBucketVersioning'
	run 0 timeline "$id" --demo -q --json --window 10m
	has "$out" '"action":"PutBucketVersioning","group":"preparing"'
	run 2 timeline "$id" --demo --window soon
	run 2 timeline --demo
}
test_case 'a timeline and its window' timelines

# One event of a call: ID TIME CALL SERVICE USER REST
deed() {
	printf '{"eventVersion":"1.08","eventTime":"%s","eventSource":"%s.amazonaws.com","eventName":"%s","awsRegion":"eu-west-1","sourceIPAddress":"203.0.113.9","userAgent":"aws-cli/2.15.0 command/x","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/%s","userName":"%s"},%s"eventID":"%s"}\n' "$2" "$4" "$3" "$5" "$5" "$6" "$1"
}

everything() {
	{ put in 2026-11-24T02:00:00Z "$(to d0 '"Account":"999988887777",')"
		for i in 1 2 3; do deed "s$i" "2026-11-2${i}T01:00:00Z" GetSecretValue secretsmanager kim '"readOnly":true,'; done
		deed t 2026-11-24T03:00:00Z DeleteTrail cloudtrail kim '"errorCode":"AccessDenied",'
		deed u 2026-01-24T03:00:00Z CreateUser iam kim ''
		deed x 2026-11-24T03:00:00Z CreateUser iam lee ''
		deed o 2026-11-24T03:30:00Z GetObject s3 lee '"requestParameters":{"bucketName":"b-1","key":"k"},'; } >"$dir/work/all.ndjson"
	run 0 timeline in --from "$dir/work/all.ndjson" "$dir/work/all.ndjson" -q
	sed -n '/^== Everything/,$p' "$out" | tr -s ' ' >"$dir/work/did"
	has "$dir/work/did" 'principal arn:aws:iam::111122223333:user/kim: 6 events, 1 denied, 2026-01-24T03:00:00Z to 2026-11-24T03:00:00Z'
	has "$dir/work/did" ' GetSecretValue secretsmanager 3 2026-11-21T01:00:00Z to 2026-11-23T01:00:00Z'
	has "$dir/work/did" ' DeleteTrail cloudtrail 1, 1 denied 2026-11-24T03:00:00Z'
	has "$dir/work/did" 'bucket b-1: 2 events'
	has "$dir/work/did" 'with aws-cli/2.15.0 (5)'
	has "$dir/work/did" '2 of 6 events of the principal shown above; --all lists each'
	has "$dir/work/did" 'in 16 events of 2 files; 7 came again and count once'
	is "$(grep -n 'PutBucketReplication\|CreateUser\|GetSecretValue' "$dir/work/did" | sed 2q | grep -c Put)" 1
	run 0 timeline in --from "$dir/work/all.ndjson" -q --all
	has "$out" '== Events of the bucket in the window =='
	run 0 timeline in --from "$dir/work/all.ndjson" -q --all --json
	has "$out" '{"of":"principal","whom":"arn:aws:iam::111122223333:user/kim","events":6,"denied":1,'
	has "$out" '"call":"CreateUser","service":"iam.amazonaws.com","class":"changes","count":1,'
	run 0 show in --from "$dir/work/all.ndjson" -q --json && has "$out" '"deeds":[{"of":"principal"'
	run 0 show in --from "$dir/work/all.ndjson" -q && has "$out" '== Everything that was done =='
	"$S3TRIAGE" timeline in --from - -q <"$dir/work/all.ndjson" >"$out"
	has "$out" 'standard input cannot be read again and is not in here'
	lacks "$out" 'of 0 events'
}

put() { # ID TIME DESTINATIONS, with the account of each or without
	printf '{"eventVersion":"1.08","eventTime":"%s","eventSource":"s3.amazonaws.com","eventName":"PutBucketReplication","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/kim","userName":"kim"},"requestParameters":{"bucketName":"b-1","ReplicationConfiguration":{"Role":"arn:aws:iam::111122223333:role/r","Rule":[%s]}},"eventID":"%s"}\n' "$2" "$3" "$1"
}
to() { printf '{"ID":"%s","Status":"Enabled","Destination":{%s"Bucket":"arn:aws:s3:::%s"}}' "$1" "$2" "$1"; }

test_case 'everything that was done, counted' everything

# Whose call it is: AssumeRole is its caller's, and what the caller did besides stands around the session's alert.
behind() {
	local who='"userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/deploy/s","accessKeyId":"ASIAEXAMPLE000000001"}'
	{ put in 2026-11-24T02:00:00Z "$(to d0 '"Account":"999988887777",')" | sed "s|\"userIdentity\":{[^}]*}|$who|"
		deed a1 2026-11-24T01:00:00Z ListBuckets s3 kim ''
		deed a2 2026-11-24T01:30:00Z AssumeRole sts kim '"requestParameters":{"roleArn":"arn:aws:iam::111122223333:role/deploy","roleSessionName":"s"},"responseElements":{"credentials":{"accessKeyId":"ASIAEXAMPLE000000001"}},'
		deed a3 2026-11-24T02:30:00Z StopLogging cloudtrail kim ''; } >"$dir/work/behind.ndjson"
	run 0 timeline in --from "$dir/work/behind.ndjson" -q
	is "$(grep -c 'kim .*behind the session$' "$out") $(grep -c 'AssumeRole .*kim .*opened the session$' "$out") $(grep -c ' same  ' "$out")" '2 1 1'
	has "$out" 'principal arn:aws:sts::111122223333:assumed-role/deploy: 1 event'
	run 0 story arn:aws:sts::111122223333:assumed-role/deploy "$dir/work/behind.ndjson" -q && has "$out" '(principal): 1 event,'
	run 0 timeline in --from "$dir/work/behind.ndjson" -q --json
	is "$(grep -c '"same_principal":false,.*"part":"behind the session"' "$out") $(grep -c '"same_principal":true' "$out")" '2 1'
	run 0 normalize "$dir/work/behind.ndjson" -q && cp "$out" "$dir/work/ecs.ndjson"
	run 0 timeline in --from "$dir/work/ecs.ndjson" -q
	is "$(grep -c 'behind the session$' "$out") $(grep -c 'opened the session$' "$out")" '2 1'
}
test_case 'who was behind a session' behind

# What is over a bound is counted, and it is said what is not kept.
floods() {
	{ put in 2026-11-24T02:00:00Z "$(to d0 '"Account":"999988887777",')"
		deed '%d' 2026-11-24T01:00:00Z ListBuckets s3 kim '' | awk '{ for (i = 0; i < 10005; i++) printf $0 "\n", i }'; } >"$dir/work/flood.ndjson"
	run 0 timeline in --from "$dir/work/flood.ndjson" -q --all
	has "$out" '9,005 more events beside the alerts came and were not kept'
	has "$out" ': 10,006 events, 2026-11-24T01:00:00Z to 2026-11-24T02:00:00Z'
	has "$out" 'and of 5 more, in all the time, the place is not kept: at most 10000 of one call'
	run 0 near "$dir/work/flood.ndjson" -q && has "$out" '9,005 more events beside the alerts'
	run 0 show in --from "$dir/work/flood.ndjson" -q && has "$out" '9,005 more events beside the alerts'
}
test_case 'floods are counted' floods

# A public trail, ten times over under new ids, and all it says of its busiest principal: counted by another program.
public_trail() {
	local trail=../shared/data/cloudtrail/traildiscover.ndjson
	[ -r "$trail" ] || { skip 'there is no public trail'; return; }
	command -v python3 >/dev/null || { skip 'python3 is not there'; return; }
	python3 - "$trail" "$dir/work" <<'P' || complain 'no trail'
import collections, json, sys
events = [json.loads(line) for line in open(sys.argv[1]) if line.strip()]
users = [e['userIdentity']['arn'] for e in events if ':user/' in e.get('userIdentity', {}).get('arn', '')]
arn = collections.Counter(users).most_common(1)[0][0]
want = collections.Counter()
with open(sys.argv[2] + '/trail.ndjson', 'w') as out:
    for k in range(10):
        for i, e in enumerate(events):
            e['eventID'] = 'copy-%d-%d' % (k, i)
            out.write(json.dumps(e) + '\n')
            if e.get('userIdentity', {}).get('arn') == arn:
                want[e['eventName'], e['eventSource'], 'errorCode' in e] += 1
    request = {'bucketName': 'b-1', 'ReplicationConfiguration': {'Role': 'arn:aws:iam::111122223333:role/r', 'Rule': {
        'ID': 'x', 'Status': 'Enabled', 'Destination': {'Account': '999988887777', 'Bucket': 'arn:aws:s3:::d0'}}}}
    out.write(json.dumps({'eventVersion': '1.08', 'eventTime': '2026-11-24T02:00:00Z', 'eventSource': 's3.amazonaws.com',
        'eventName': 'PutBucketReplication', 'userIdentity': {'type': 'IAMUser', 'arn': arn}, 'requestParameters': request,
        'eventID': 'the-alert'}) + '\n')
    want['PutBucketReplication', 's3.amazonaws.com', False] += 1
with open(sys.argv[2] + '/want', 'w') as out:
    for name, source in sorted({k[:2] for k in want}):
        bad = want[name, source, True]
        out.write('%s %s %d %d\n' % (name, source, bad + want[name, source, False], bad))
P
	run 0 timeline the-alert --from "$dir/work/trail.ndjson" -q --all --json
	python3 -c 'import json, sys
for line in sys.stdin:
    v = json.loads(line)
    if v.get("of") == "principal" and "class" in v:
        print(v["call"], v["service"], v["count"], v["denied"] + v["failed"])' <"$out" | LC_ALL=C sort >"$dir/work/got"
	[ "$(wc -l <"$dir/work/want")" -gt 20 ] || complain 'a poor trail'
	LC_ALL=C sort "$dir/work/want" | awk '{ k = $1 " " $2; n[k] += $3; b[k] += $4 } END { for (k in n) print k, n[k], b[k] }' | LC_ALL=C sort >"$dir/work/wanted"
	awk '{ k = $1 " " $2; n[k] += $3; b[k] += $4 } END { for (k in n) print k, n[k], b[k] }' "$dir/work/got" | LC_ALL=C sort | diff - "$dir/work/wanted" >"$dir/work/diff" ||
		complain "counts differ: $(head -5 "$dir/work/diff")"
}
test_case 'a public trail, counted twice' public_trail

# What the options leave out of the alerts is no near miss; of several destinations none hides the others.
outside_the_window() {
	{ put in 2026-11-24T02:00:00Z "$(to d0 '"Account":"999988887777",')"
		put out 2026-11-24T01:30:00Z "$(to d0 '"Account":"999988887777",')"
		put several 2026-11-24T01:45:00Z "$(to d1 ''),$(to d2 '')"; } >"$dir/work/w.ndjson"
	run 0 timeline in --from "$dir/work/w.ndjson" -q --since 2026-11-24T01:40:00Z
	is "$(grep -c ' near miss$' "$out") $(grep -c ' alert$' "$out")" '1 2'
	run 0 timeline in --from "$dir/work/w.ndjson" -q --since 2026-11-24T01:40:00Z --json
	grep '"event_id":"out"' "$out" >"$dir/work/line" && has "$dir/work/line" '"alert":true,"self":false,"near_miss":false'
	run 0 near "$dir/work/w.ndjson" -q && has "$out" '> d1 +1 '
	run 0 near "$dir/work/w.ndjson" -q --json
	has "$out" '"bucket":"d1","relation":"unnamed"' && has "$out" '"bucket":"d2","relation":"unnamed"'
}
# A batch job and a multi-region access point take the same data to the same places; others of the name do not.
another_way() {
	local at=0 call request
	while read -r call request; do
		at=$((at + 1))
		printf '{"eventVersion":"1.11","eventTime":"2026-05-04T09:3%s:00Z","eventID":"w%s","eventSource":"s3.amazonaws.com",' $at $at
		printf '"eventName":"%s","recipientAccountId":"444455556666","requestParameters":%s}\n' "$call" "$request"
	done >"$dir/work/ways.ndjson" <<-'END'
		CreateJob {"CreateJobRequest":{"Operation":{"S3ReplicateObject":""},"ManifestGenerator":{"S3JobManifestGenerator":{"SourceBucket":"arn:aws:s3:::ledger"}}}}
		CreateJob {"CreateJobRequest":{"Operation":{"S3PutObjectCopy":{"TargetResource":"arn:aws:s3:::partner-in"}},"ManifestGenerator":{"S3JobManifestGenerator":{"SourceBucket":"arn:aws:s3:::ledger"}}}}
		CreateMultiRegionAccessPoint {"CreateMultiRegionAccessPointRequest":{"Details":{"Name":"m","Regions":{"Region":[{"Bucket":"ledger"},{"Bucket":"partner-in","BucketAccountId":999911112222}]}}}}
		CreateMultiRegionAccessPoint {"CreateMultiRegionAccessPointRequest":{"Details":{"Name":"m","Regions":{"Region":[{"Bucket":"ledger"},{"Bucket":"ledger-2","BucketAccountId":444455556666}]}}}}
		CreateJob {"CreateJobRequest":{"Operation":{"S3DeleteObjectTagging":""}}}
		CreateJob {"name":"a-glue-job"}
	END
	run 0 near "$dir/work/ways.ndjson" -q
	is "$(sed -n '1s/  */ /gp;2s/  */ /gp;3s/  */ /gp' "$out" | cut -d' ' -f2-5)" 'CreateJob ledger > -
CreateJob ledger > partner-in
CreateMultiRegionAccessP ledger > partner-in'
	has "$out" 'no new destination: a batch job that copies what was there before'
	has "$out" 'a batch job that copies objects to a bucket that it names'
	has "$out" 'a multi-region access point that takes in a bucket of another account'
	has "$out" '3 replication events'
	run 0 normalize "$dir/work/ways.ndjson" -q
	sed -E 's/"original":"([^"\\]|\\.)*"/"reason":"x"/' "$out" >"$dir/work/ways-ecs.ndjson" && lacks "$dir/work/ways-ecs.ndjson" '"original"'
	run 0 near "$dir/work/ways-ecs.ndjson" -q && has "$out" '2 replication events' && has "$out" 'partner-in'
}
test_case 'ways to copy that are no replication' another_way

test_case 'alerts outside a window, near misses with several destinations' outside_the_window

pivots() {
	id=$(id_of acme-payroll-prod)
	run 0 pivot "$id" --demo -q
	has "$out" "aws s3api get-bucket-replication --region 'eu-west-1' --bucket 'acme-payroll-prod'"
	has "$out" 'aws.cloudtrail.resources.arn: "arn:aws:s3:::acme-payroll-prod" and @timestamp >='
	run 0 pivot "$id" --demo -q --json
	[ "$(grep -c '"language":"shell"' "$out")" -ge 5 ] || complain 'too few commands'
	cat >"$dir/work/evil.json" <<'END'
{"eventVersion":"1.08","eventTime":"2026-11-24T02:00:00Z","eventSource":"s3.amazonaws.com","eventName":"PutBucketReplication","userIdentity":{"type":"IAMUser","arn":"x","userName":"$(touch pwned)"},"requestParameters":{"bucketName":"file:///etc/passwd';id","ReplicationConfiguration":{"Rule":{"Destination":{"Account":"112233445566","Bucket":"arn:aws:s3:::d"}}}},"eventID":"evil-event"}
END
	run 0 pivot evil-event --from "$dir/work/evil.json" -q
	lacks "$out" "--bucket"
	lacks "$out" 'touch pwned'
	has "$out" "'file:///etc/passwd'';id'"
}
test_case 'queries and commands, hostile names in none' pivots

changes() {
	for event in "1 01 Enabled 111122223333 a/" "2 02 Enabled 999988887777 "; do
		set -- $event
		printf '{"eventVersion":"1.08","eventTime":"2026-11-24T%s:00:00Z","eventSource":"s3.amazonaws.com","eventName":"PutBucketReplication","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/kim","userName":"kim"},"requestParameters":{"bucketName":"b-1","ReplicationConfiguration":{"Rule":{"ID":"r","Status":"%s","Filter":{"Prefix":"%s"},"Destination":{"Account":"%s","Bucket":"arn:aws:s3:::d"}}}},"eventID":"event-%s"}\n' "$2" "$3" "$5" "$4" "$1"
	done >"$dir/work/two.ndjson"
	run 0 show event-2 --from "$dir/work/two.ndjson" -q
	has "$out" 'Compared with the configuration set by kim on 2026-11-24T01:00:00Z.'
	has "$out" 'Destination added: bucket d of account 999988887777.'
	has "$out" 'Filter widened in rule "r": from prefix "a/" to all objects.'
	run 0 show event-1 --from "$dir/work/two.ndjson" -q
	has "$out" 'No earlier configuration in these sources.'
	has "$out" 'Later replaced by another configuration by kim'
	run 0 show event-2 --from "$dir/work/two.ndjson" -q --json
	has "$out" '"diff":{"base":"configuration"'
	has "$out" '"kind":"filter-wider","more":true'
}
test_case 'what a request changed' changes

# What an option left out is not said to be nowhere.
left_out() {
	id=$(id_of acme-payroll-prod)
	export AWS_ACCESS_KEY_ID=AKIAEXAMPLE AWS_SECRET_ACCESS_KEY=example
	for verb in show timeline pivot checklist 'decide approved' 'rule explain' 'aws replication'; do
		# shellcheck disable=SC2086
		run 1 $verb "$id" --demo -q --until 2001-01-01 && has "$err" '--since, --until or --limit may have left it out'
		# shellcheck disable=SC2086
		run 1 $verb nosuchid --demo -q && lacks "$err" '--until'
	done
	unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
}
test_case 'an id that an option left out' left_out

# No verdict, and nobody's account, is in what these print.
takes_no_journal() {
	for verb in 'near --demo' 'timeline x --demo' 'pivot x --demo'; do
		# shellcheck disable=SC2086
		run 2 $verb --journal "$dir/work/j.db" && has "$err" 'takes no --journal'
		# shellcheck disable=SC2086
		run 2 $verb --accounts "$dir/work/a.toml" && has "$err" 'takes no --accounts'
	done
}
test_case 'what shows no verdict takes no journal' takes_no_journal

# An event without a time is before and after nothing; it is looked for at all times.
no_time() {
	event='"eventVersion":"1.08","eventSource":"s3.amazonaws.com","eventName":"PutBucketReplication",
		"resources":[{"ARN":"arn:aws:s3:::b","accountId":"111122223333","type":"AWS::S3::Bucket"}],
		"requestParameters":{"bucketName":"b","ReplicationConfiguration":{"Rule":{"Status":"Enabled",
		"Destination":{"Account":"777788889999","Bucket":"arn:aws:s3:::d"}}}}'
	{
		echo "{\"eventID\":\"1\",\"eventTime\":\"2026-03-01T10:00:00Z\",$event}" | tr -d '\n\t'
		echo
		echo "{\"eventID\":\"2\",$event}" | tr -d '\n\t'
	} >"$dir/work/times.ndjson"
	run 3 list --json -q "$dir/work/times.ndjson"
	timed=$(sed -n 's/^{"id":"\([0-9a-f]*\)".*"event_id":"1".*/\1/p' "$out")
	timeless=$(sed -n 's/^{"id":"\([0-9a-f]*\)".*"event_id":"2".*/\1/p' "$out")
	run 3 show "$timed" --from "$dir/work/times.ndjson"
	has "$out" 'No earlier configuration that has a time; one without a time cannot be placed.'
	run 3 show "$timeless" --from "$dir/work/times.ndjson"
	has "$out" 'Cannot be placed: the event has no time.'
	lacks "$out" 'No earlier configuration'
	lacks "$out" 'events within'
	run 3 timeline "$timeless" --from "$dir/work/times.ndjson"
	has "$out" 'cannot be placed: the event has no time'
	run 3 pivot "$timeless" --from "$dir/work/times.ndjson"
	has "$out" 'kql: same bucket'
	lacks "$out" '@timestamp'
	lacks "$out" '--start-time'
}
test_case 'an event without a time' no_time

# Two people of one role are two actors, whoever vouches for them; what has no ARN is named in exports, too.
people() {
	trail=$dir/work/people.ndjson
	: >"$trail"
	event() { # ID CALL SESSION MORE-OF-THE-SESSION REQUEST
		printf '{"eventVersion":"1.09","eventID":"%s","eventTime":"2026-11-01T10:00:0%s","eventSource":"s3.amazonaws.com","eventName":"%s","awsRegion":"eu-west-1","recipientAccountId":"111122223333","userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/%s","accountId":"111122223333","sessionContext":{%s"sessionIssuer":{"type":"Role","userName":"%s"}}},"requestParameters":{%s}}\n' \
			"$1" "${#1}Z" "$2" "$3" "$4" "${3%%/*}" "$5" >>"$trail"
	}
	put='"bucketName":"b","ReplicationConfiguration":{"Rule":{"Status":"Enabled","Destination":{"Bucket":"arn:aws:s3:::x","Account":"999988887777"}}}'
	event e1 PutBucketReplication AWSReservedSSO_Admin_0123456789abcdef/eric@example.com '' "$put"
	event e12 StopLogging AWSReservedSSO_Admin_0123456789abcdef/nora@example.com '' '"name":"trail"'
	event f1 PutBucketReplication deploy/x '"sourceIdentity":"dana",' "$put"
	event f12 StopLogging deploy/x '"sourceIdentity":"eve",' '"name":"trail"'
	event f123 StopLogging deploy/x '"sourceIdentity":"dana",' '"name":"trail"'
	run 0 accounts "$trail" -q --json --by actor && has "$out" 'eric@example.com' && has "$out" 'deploy as dana'
	run 0 timeline e1 --from "$trail" -q --json && lacks "$out" '"event_id":"e12"' && has "$out" '"event_id":"e1"'
	run 0 timeline f1 --from "$trail" -q --json && lacks "$out" '"event_id":"f12"' && has "$out" '"event_id":"f123"'
	run 0 list "$trail" -q --json --filter 'person:dana' && lines "$out" 1 && has "$out" '"who":"dana as deploy/x"'
	run 0 list "$trail" -q --json --filter 'actor:eric*' && lines "$out" 1
	printf '{"eventVersion":"1.09","eventID":"g","eventTime":"2026-11-01T10:00:00Z","eventSource":"s3.amazonaws.com","eventName":"PutBucketReplication","recipientAccountId":"111122223333","userIdentity":{"type":"SAMLUser","principalId":"SAML:abc=:dana","userName":"dana","identityProvider":"abc="},"requestParameters":{%s}}\n' "$put" >"$trail"
	run 0 export -f csv --from "$trail" -q && has "$out" 'dana via abc='
	run 0 export -f ndjson --from "$trail" -q && has "$out" '"who":"dana via abc="'
}
test_case 'two people of one role are two, and everybody has a name' people
