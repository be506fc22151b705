# story: who somebody is, what is new, chains of sessions both ways.

lives() {
	chain=$root/tests/data/story/chain.ndjson
	run 0 story kim "$chain" && has "$out" 'kim (principal): 2 events, 0 failed, of these 0 denied, 2026-11-01T08:00:00Z to 2026-11-24T02:00:00Z'
	has "$out" '  2026-11-21T02:00:00Z  CreateAccessKey by arn:aws:iam::111122223333:user/admin made key AKIAKIM2: 1 event: sts:AssumeRole 1'
	has "$out" '  2026-11-24T02:00:00Z  AssumeRole made arn:aws:sts::111122223333:assumed-role/Deploy/one, key ASIAONE: 2 events'
	has "$out" '    2026-11-24T02:02:00Z  AssumeRole made arn:aws:sts::111122223333:assumed-role/Backup/two, key ASIATWO: 2 events: s3:GetObject 1, s3:PutBucketReplication 1'
	# One role by its name, its ARN, its sessions', its id; and the same forms read elsewhere.
	run 0 story Backup "$chain" && sed 1d "$out" >"$dir/work/want"
	has "$out" 'key ASIATWO was made 3m before by arn:aws:sts::111122223333:assumed-role/Deploy (AssumeRole)'
	has "$out" 'first s3:PutBucketReplication (1 event)' && has "$out" 'first time from address 203.0.113.9 (2 events)'
	lacks "$out" 'first s3:GetObject'
	has "$out" '      2026-11-21T02:00:00Z  CreateAccessKey by arn:aws:iam::111122223333:user/admin'
	for who in arn:aws:iam::111122223333:role/team/Backup arn:aws:sts::111122223333:assumed-role/Backup AROABACKUP principal:backup; do
		run 0 story $who "$chain" && sed 1d "$out" | diff "$dir/work/want" - >"$err" || complain "$who is another"
	done
	"$S3TRIAGE" normalize "$chain" >"$dir/work/ecs.ndjson"
	{ printf '{"Records":['; paste -sd, "$chain"; printf ']}'; } | gzip -c >"$dir/work/log.json.gz"
	for file in ecs.ndjson log.json.gz; do
		run 0 story Backup "$dir/work/$file" && sed 1d "$out" | diff "$dir/work/want" - >"$err" || complain "$file is another"
	done
	"$S3TRIAGE" story Backup - <"$chain" 2>"$err" | sed 1d | diff "$dir/work/want" - >"$out" || complain 'standard input is another'
	# A key, an address, a bucket and an account; also those that a request only names.
	run 0 story ASIAONE "$chain" && has "$out" 'ASIAONE (key): 2 events'
	run 0 story 203.0.113.9 "$chain" && has "$out" '203.0.113.9 (address): 5 events, 1 failed, of these 1 denied'
	run 0 story ledger "$chain" && has "$out" 'ledger (bucket): 1 event,'
	run 0 story partner-in "$chain" && has "$out" 'partner-in (bucket): 1 event,'
	run 0 story 999911112222 "$chain" && has "$out" '999911112222 (account): 1 event,' && has "$out" '1 alert of it'
	run 0 story 111122223333 "$chain" && has "$out" '111122223333 (account): 8 events'
	# A moment without an alert; what a time has nothing before it.
	run 0 story kim "$chain" --at 2026-11-24T03:00:00Z && has "$out" 'first use of key AKIAKIM2' && has "$out" '1h before'
	run 0 story kim "$chain" --at 2026-11-01 && has "$out" 'nothing before it to compare with'
	run 0 story Backup "$chain" --since 2026-11-24 && has "$out" 'nothing before it to compare with' && has "$out" ': 2 events'
	# JSON: the same numbers.
	run 0 story Backup "$chain" --json
	has "$out" '{"story":"Backup","kind":"principal","count":3,"failed":1,"denied":1,"first":"2026-11-10T02:00:00Z","last":"2026-11-24T02:06:00Z","repeats":0,"alerts":1}'
	has "$out" '"key_made_by":"arn:aws:sts::111122223333:assumed-role/Deploy","key_made":"2026-11-24T02:02:00Z","nothing_before":false,"new":[{"what":"guide","value":"s3:PutBucketReplication","count":1'
	has "$out" '{"by":["address"],"values":{"address":"203.0.113.9"},"count":2,"failed":1,"denied":1'
	has "$out" '{"link":"behind","depth":3,' && lacks "$out" '"link":"next"'
	run 0 story Backup "$chain" "$dir/work/ecs.ndjson" --json && has "$out" '"count":3,"failed":1,"denied":1,' && has "$out" '"repeats":3,"alerts":1}'
}
test_case 'a life, what is new in it, and who was behind it' lives

unclear() {
	chain=$root/tests/data/story/chain.ndjson
	run 1 story kym "$chain" && has "$err" "no event is of 'kym'; there are" && has "$err" '  principal:arn:aws:iam::111122223333:user/kim  2 events'
	run 1 story zzzzzzzzzzzzzz "$chain" && has "$err" 'nor of anything like it'
	run 1 story key:kim "$chain" && lacks "$err" 'user/kim'
	# Of one name in two accounts neither is chosen.
	{ cat "$chain"; sed -n 1p "$chain" | sed 's/111122223333/444455556666/g; s/"e1"/"f1"/'; } >"$dir/work/two.ndjson"
	run 2 story kim "$dir/work/two.ndjson" && has "$err" "'kim' may be several; say which one"
	has "$err" '  principal:arn:aws:iam::111122223333:user/kim  2 events' && has "$err" '  principal:arn:aws:iam::444455556666:user/kim  1 event'
	run 0 story principal:arn:aws:iam::444455556666:user/kim "$dir/work/two.ndjson" && has "$out" ': 1 event,'
	# A bucket that is called as somebody is.
	{ cat "$chain"; sed -n 7p "$chain" | sed 's/ledger/kim/; s/"e7"/"f7"/'; } >"$dir/work/both.ndjson"
	run 2 story kim "$dir/work/both.ndjson" && has "$err" '  bucket:kim  1 event'
	run 0 story bucket:kim "$dir/work/both.ndjson" && has "$out" 'kim (bucket): 1 event'
	# One person by two roles of Identity Center is one, and no user of that name.
	sed -n 4p "$chain" | sed 's/Deploy/AWSReservedSSO_Admin_0123456789abcdef/g; s/one"/dana@acme.example"/' >"$dir/work/sso.ndjson"
	sed -n 4p "$chain" | sed 's/Deploy/AWSReservedSSO_Read_0123456789abcdef/g; s/one"/dana@acme.example"/; s/"e4"/"f4"/' >>"$dir/work/sso.ndjson"
	run 0 story dana@acme.example "$dir/work/sso.ndjson" && has "$out" ': 2 events,' && has "$out" '== who: 2 values =='
	# Part of a name, or of a number, is neither.
	run 1 story ledge "$chain" && has "$err" '  bucket:ledger  1 event'
	run 1 story 99991111222 "$chain"
	run 1 story "$(printf 'k\033[2Jx')" "$chain" && has "$err" 'k<U+001B>[2Jx'
	run 2 story && has "$err" 'who it is about'
	run 2 story kim && has "$err" 'name a source'
	run 2 story kim "$chain" --at someday && has "$err" '--at'
}
test_case 'who is unknown, or may be several, is told with who it could be' unclear

public_lives() {
	file=$root/../shared/data/cloudtrail/traildiscover.ndjson
	[ -r "$file" ] || { skip 'no ../shared'; return; }
	command -v python3 >/dev/null || { skip 'no python3'; return; }
	run 0 story arn:aws:iam::111111111111:user/TrailDiscover "$file" --json && cp "$out" "$dir/work/ours.json"
	python3 - "$file" "$dir/work/ours.json" >"$out" 2>"$err" <<'PY' || complain 'the counts differ'
import collections, json, sys
want, total, seen = collections.Counter(), 0, set()
for line in open(sys.argv[1], encoding='utf-8'):
    e = json.loads(line)
    if (e.get('userIdentity') or {}).get('arn') != 'arn:aws:iam::111111111111:user/TrailDiscover':
        continue
    name = e['eventID'], e['eventTime'], e['eventName']
    if name in seen:
        continue
    seen.add(name)
    total += 1
    want['call', e['eventSource'].split('.')[0] + ':' + e['eventName']] += 1
    want['region', e['awsRegion']] += 1
    want['hour', e['eventTime'][11:13]] += 1
    if e.get('errorCode'):
        want['error', e['errorCode']] += 1
ours, bad = collections.Counter(), 0
for line in open(sys.argv[2], encoding='utf-8'):
    row = json.loads(line)
    bad += 'story' in row and row['count'] != total
    if 'by' in row:
        by = row['by'][0]
        ours['call' if by in ('guide', 'changes', 'reads') else by, row['values'][by]] += row['count']
for key, n in want.items():
    if ours[key] != n:
        print(key, n, ours[key])
        bad += 1
print(total, len(want))
sys.exit(bad > 0 or total < 200)
PY
}
test_case 'a life in a public trail is counted as another program counts it' public_lives
