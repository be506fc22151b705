# How many: summary over all events, match --count and --count-by.

# event ID NAME [FIELDS]: one raw event a line.
event() {
	printf '{"eventVersion":"1.11","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/kim","accountId":"111122223333","accessKeyId":"AKIAKIM","userName":"kim"},"eventTime":"2026-11-2%dT02:00:00Z","eventSource":"s3.amazonaws.com","eventName":"%s","awsRegion":"eu-west-1","sourceIPAddress":"192.0.2.7","userAgent":"curl/8","eventID":"%s","recipientAccountId":"111122223333"%s}\n' \
		"$(($1 % 7))" "$2" "e$1" "$3"
}

sums() {
	cd "$dir/work" || return
	{ event 1 ListBuckets; event 2 GetObject ',"errorCode":"AccessDenied"'; event 3 GetObject ',"errorCode":"NoSuchKey"'
	event 4 GetObject; } >a.ndjson
	run 0 summary a.ndjson && has "$out" '4 events in 1 file, 2 failed, of these 1 denied'
	has "$out" '        3        2        1  2026-11-22T02:00:00Z  2026-11-24T02:00:00Z  s3:GetObject'
	has "$out" '        4        2        1  2026-11-21T02:00:00Z  2026-11-24T02:00:00Z  arn:aws:iam::111122223333:user/kim'
	# Every layout says the same, and the same event from two files counts once.
	run 0 summary --json a.ndjson && cp "$out" want.json
	has want.json '{"by":[],"values":{},"count":4,"failed":2,"denied":1,"first":"2026-11-21T02:00:00Z","last":"2026-11-24T02:00:00Z","repeats":0,"no_calls":0,"recorded_twice":0}'
	{ printf '{"Records":['; paste -sd, a.ndjson; printf ']}'; } >records.json
	gzip -c records.json >records.json.gz
	"$S3TRIAGE" normalize a.ndjson >ecs.ndjson
	sed 's/.*/{"detail":&}/' a.ndjson >bus.ndjson
	for file in records.json records.json.gz ecs.ndjson bus.ndjson; do
		run 0 summary --json $file && { diff -u want.json "$out" >"$err" || complain "$file differs"; }
	done
	run 0 summary --json a.ndjson records.json ecs.ndjson && has "$out" '"count":4,"failed":2,"denied":1,' && has "$out" '"repeats":8,'
	run 0 summary a.ndjson records.json && has "$out" '4 that came again count once'
	# An id that another event has hides nothing.
	{ cat a.ndjson; event 4 DeleteTrail; } >forged.ndjson
	run 0 summary --by call forged.ndjson && has "$out" '5 events' && has "$out" s3:DeleteTrail
	# A call that two accounts recorded is in both, and told; so is a field that nothing has.
	{ event 1 X ',"sharedEventID":"s1"'; event 2 X ',"sharedEventID":"s1"' | sed 's/recipientAccountId":"1/recipientAccountId":"9/'; } >shared.ndjson
	run 0 summary shared.ndjson --json && has "$out" '"count":2,' && has "$out" '"recorded_twice":1}' && has "$err" '1 call that two accounts recorded'
	"$S3TRIAGE" normalize shared.ndjson >shared.ecs
	run 0 summary shared.ecs --json && has "$out" '"recorded_twice":1}'
	run 0 summary a.ndjson --by principle && has "$err" 'no event has a value of principle'
	run 0 summary a.ndjson --by call && lacks "$err" 'no event has'
	run 0 summary a.ndjson --limit 2 && has "$out" '2 events' && has "$err" 'stopped at --limit'
	run 0 match --eql 'any where true' a.ndjson --count-by event.actoin && has "$err" 'no event has a value of event.actoin'
	# Times, queries, fields, what is counted together.
	run 0 summary a.ndjson --since 2026-11-23 --by call && has "$out" '2 events' && lacks "$out" ListBuckets
	run 0 summary a.ndjson --eql 'any where event.action == "ListBuckets"' && has "$out" '1 event in'
	run 0 summary a.ndjson --by call+day,event.outcome --json && has "$out" '"values":{"call":"s3:GetObject","day":"2026-11-22"},"count":1,"failed":1'
	has "$out" '"by":["event.outcome"],"values":{"event.outcome":"failure"},"count":2,'
	# What is not shown is said, with its sum; --all shows it.
	run 0 summary a.ndjson --by day --top 1 && has "$out" '2026-11-21T02:00:00Z  2026-11-21'
	has "$out" '        3        2        1  2026-11-22T02:00:00Z  2026-11-24T02:00:00Z  (3 more values: --all)'
	run 0 summary a.ndjson --by day --all && lacks "$out" 'more value'
	run 0 summary a.ndjson --by day --top 1 --json && has "$out" '{"by":["day"],"values":null,"not_shown":3,"count":3,'
	run 3 summary a.ndjson nosuch && has "$out" '4 events'
	run 2 summary && has "$err" 'name a source'
	run 2 summary a.ndjson --by 'call,' && has "$err" 'no name'
	run 2 summary a.ndjson --all --top 3 && has "$err" 'choose one'
	run 2 summary a.ndjson --top few && has "$err" 'whole number'
}
test_case 'summary counts each event once, by what it says' sums

# A file that several threads share, and more values than are told apart.
large() {
	cd "$dir/work" || return
	awk 'BEGIN { for (i = 0; i < 100300; i++) printf "{\"eventVersion\":\"1.11\",\"userIdentity\":{\"type\":\"IAMUser\",\"userName\":\"u%d\",\"accountId\":\"111122223333\"},\"eventTime\":\"2026-11-24T02:%02d:00Z\",\"eventSource\":\"s3.amazonaws.com\",\"eventName\":\"C%d\",\"eventID\":\"e-%d\",\"userAgent\":\"a%d\",\"requestParameters\":{\"bucketName\":\"%0100d\"}}\n", i % 7, i % 60, i % 3, i, i, i }' >big.ndjson
	run 0 summary big.ndjson --json && cp "$out" many.json
	has "$out" '"by":[],"values":{},"count":100300,'
	is "$(grep -c '"by":\["principal"\]' "$out")" 7
	has "$out" '"values":{"call":"s3:C0"},"count":33434,' && has "$out" '"values":{"call":"s3:C2"},"count":33433,'
	has "$out" '{"by":["agent"],"values":null,"count":300,'
	is "$(grep -c '"by":\["agent"\]' "$out")" 100001
	run 0 summary big.ndjson --by agent && has "$out" '(99990 more values: --all)'
	has "$out" '(of values beyond the first 100000 different ones, which are not told apart)'
	run 0 match --eql 'any where true' big.ndjson --count-by event.id && has "$err" '300 more have values beyond the first 100000'
	run 0 summary --threads 1 --by principal,call --json big.ndjson && cp "$out" one.json
	grep -E '"by":\[("principal"|"call"|)\]' many.json | diff - one.json >"$err" || complain 'threads count otherwise'
}
test_case 'a large file on all threads; values beyond the bound are told' large

counts() {
	cd "$dir/work" || return
	{ event 1 ListBuckets; event 2 GetObject; event 3 GetObject; } >a.ndjson
	printf '{"@timestamp":"2026-11-24T02:00:00Z","event":{"action":"X","provider":"s3.amazonaws.com"},"x":"%s","l":["b","a","b"]}\n' \
		'' - 'a\tb\u001b[31m\u202e' '\"' >docs.ndjson
	echo '{"@timestamp":"2026-11-24T02:00:00Z","event":{"action":"X"}}' >>docs.ndjson
	run 0 match --eql 'any where true' a.ndjson --count && is "$(cat "$out")" 3
	run 0 match --eql 'any where false' a.ndjson --count && is "$(cat "$out")" 0
	run 0 match --eql 'any where true' a.ndjson --count --json && is "$(cat "$out")" '{"count":3}'
	run 0 match --eql 'any where true' a.ndjson --count-by event.action,cloud.region
	is "$(cat "$out")" "$(printf '2\tGetObject\teu-west-1\n1\tListBuckets\teu-west-1')"
	# Missing, empty, a value that says -, and what would reach the terminal.
	run 0 match --eql 'any where true' docs.ndjson --count-by x
	is "$(cat "$out")" "$(printf '1\t-\n1\t""\n1\t"\\""\n1\t"-"\n1\ta<U+0009>b<U+001B>[31m<U+202E>')"
	run 0 match --eql 'any where true' docs.ndjson --count-by x --json
	has "$out" '"values":{"x":null},"count":1' && has "$out" '"values":{"x":""}' && has "$out" '"values":{"x":"a\tb\u001b[31m\u202e"}'
	# A value of a list counts once for its document.
	run 0 match --eql 'any where true' docs.ndjson --count-by l && is "$(cat "$out")" "$(printf '4\ta\n4\tb\n1\t-')"
	# As many as match prints: repeats, pipes, exceptions.
	cat a.ndjson >>a.ndjson.twice && cat a.ndjson >>a.ndjson.twice
	run 0 match --eql 'any where true' a.ndjson.twice --count && is "$(cat "$out")" 6
	run 0 match --eql 'any where true | head 2' a.ndjson --count-by event.action
	is "$(cat "$out")" "$(printf '1\tGetObject\n1\tListBuckets')"
	run 0 match --eql 'any where true | tail 1' a.ndjson --count && is "$(cat "$out")" 1
	{ printf '%s\n' '{"list_id":"l","name":"l","type":"detection","namespace_type":"single"}'
	printf '%s\n' '{"item_id":"a","list_id":"l","name":"n","entries":[{"type":"match","field":"event.action","operator":"included","value":"GetObject"}]}'
	printf '%s\n' '{"exported_exception_list_count":1,"exported_exception_list_item_count":1}'; } >x.ndjson
	run 0 match --eql 'any where true' a.ndjson --exceptions x.ndjson --count && is "$(cat "$out")" 2
	run 2 match --eql 'any where true' a.ndjson --json && has "$err" 'means nothing without --count'
	run 2 match --eql 'any where true' a.ndjson --count --count-by x && has "$err" 'choose one'
	run 2 match --eql 'any where true' a.ndjson --count-by x,,y && has "$err" 'no name'
}
test_case 'match counts what it would print' counts

# Public trails, counted by a program that knows nothing of this one.
public() {
	[ -r "$root/../shared/data/cloudtrail/traildiscover.ndjson" ] || { skip 'no ../shared'; return; }
	command -v python3 >/dev/null || { skip 'no python3'; return; }
	trails=$root/../shared/data/cloudtrail
	for file in "$trails"/*.ndjson; do
		run 0 summary --json "$file" && cp "$out" "$dir/work/ours.json"
		python3 - "$file" "$dir/work/ours.json" >"$out" 2>"$err" <<'PY' || complain "the counts of $file differ"
import collections, json, sys
want = collections.defaultdict(lambda: [0, 0])
seen, total = set(), 0
for line in open(sys.argv[1], encoding='utf-8'):
    e = json.loads(line)
    name = (e.get('eventID'), e['eventTime'], e['eventName'], e['eventSource'], e.get('recipientAccountId'))
    if name[0] and name in seen:
        continue
    seen.add(name)
    failed = bool(e.get('errorCode') or e.get('errorMessage'))
    total += 1
    identity = e.get('userIdentity') or {}
    account = e.get('recipientAccountId') or identity.get('accountId')
    for by, value in (('call', e['eventSource'].split('.amazonaws.com')[0] + ':' + e['eventName']), ('region', e.get('awsRegion')),
            ('address', e.get('sourceIPAddress')), ('key', identity.get('accessKeyId')), ('account', account),
            ('agent', e.get('userAgent')), ('day', e['eventTime'][:10])):
        want[by, None if value in ('', '-', 'none') else value][0] += 1
        want[by, None if value in ('', '-', 'none') else value][1] += failed
    if identity.get('type') == 'IAMUser' and identity.get('arn'):
        want['principal', identity['arn']][0] += 1
        want['principal', identity['arn']][1] += failed
bad, ours = 0, {}
for line in open(sys.argv[2], encoding='utf-8'):
    row = json.loads(line)
    if not row['by']:
        bad += row['count'] != total
        continue
    ours[row['by'][0], row['values'][row['by'][0]]] = [row['count'], row['failed']]
for key, n in want.items():
    if ours.get(key) != n:
        print(key, 'counted', n, 'here', ours.get(key))
        bad += 1
for key in ours:
    if key[0] != 'principal' and key not in want:
        print(key, 'is only here')
        bad += 1
print(total, 'events,', len(want), 'counts')
sys.exit(bad > 0)
PY
	done
}
test_case 'the counts of public trails are those of another program' public
