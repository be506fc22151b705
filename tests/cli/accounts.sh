# accounts and approval: whose accounts these are, and what was agreed on with them.

book() {
	cat >"$dir/work/accounts.toml" <<-'E'
		[organisation]
		name = "acme"
		accounts = ["777788889999"]
		[[account]]
		id = "444455556666"
		name = "media agency"
		kind = "approved"
	E
}

reviews() {
	book
	run 0 accounts --demo -q --accounts "$dir/work/accounts.toml"
	is "$(grep -c '^[0-9]\{12\} ' "$out")" 7
	has "$out" 'organisation' && has "$out" 'media agency'
	run 0 accounts --demo -q --json --sort key --accounts "$dir/work/accounts.toml"
	is "$(sed -n '2s/^{"account":"\([0-9]*\)".*/\1/p' "$out")" 012345678901
	has "$out" '"account":"777788889999","name":"acme","kind":"organisation"'
	run 0 accounts --demo -q --json --accounts "$dir/work/accounts.toml" --filter "approved media" && lines "$out" 1
	run 0 accounts --demo -q --json --accounts "$dir/work/accounts.toml" --sort key && sed -n 2p "$out" >"$dir/work/all"
	run 0 accounts --demo -q --json --accounts "$dir/work/accounts.toml" --sort key --limit 2 && lines "$out" 2
	sed -n 2p "$out" >"$dir/work/two" && cmp -s "$dir/work/all" "$dir/work/two" || complain 'a limit of rows changes what is counted'
	has "$err" 'rows shown (--limit)'
	run 0 accounts --demo -q --json --by actor && has "$out" '"actor":"deploy"' && lacks "$out" '"kind"'
	run 0 accounts --demo -q --json --by role && run 0 accounts --demo -q --json --by bucket
	run 2 accounts --demo -q --by colour && has "$err" colour
	run 2 accounts --demo -q --sort colour && has "$err" colour
}
test_case 'accounts by account, actor, bucket, role' reviews

# What a window leaves out is no count of its rows, but each row, and a line, say what was decided there.
outside_the_window() {
	run 0 list --demo --json -q --filter 'dest:999988887777' --sort time
	old=$(sed -n '1s/.*"id":"\([^"]*\)","event_id.*/\1/p' "$out") when=$(sed -n '1s/.*"time":"\([^"]*\)".*/\1/p' "$out")
	run 0 decide suspicious "$old" --demo -q
	run 0 accounts --demo --json -q --filter 'no such words' && lines "$out" 0 && has "$err" 'rows hold the words of --filter'
	grep -q '0 of [1-9][0-9]* rows' "$err" || complain 'not how many'
	run 0 accounts --demo --json -q --filter 999988887777 && has "$out" '"suspicious":1' &&
		has "$out" '"approved_outside":0,"suspicious_outside":0' && lacks "$err" outside
	day=$(printf '%s' "$when" | cut -c1-10)
	run 0 accounts --demo --json -q --since "${day}T23:59:59Z" && has "$err" '1 decided alert lies outside --since and --until' &&
		has "$err" '0 approved, 1 suspicious'
	run 0 accounts --demo -q --since "${day}T23:59:59Z" --by actor && has "$out" 'outside: +0 x1'
	run 0 accounts --demo -q --until "${day}T23:59:59Z" && lacks "$err" outside
}
test_case 'accounts of a time say what was decided outside it' outside_the_window

# The order of a request's rules is the requester's: nothing that is shown depends on it.
shuffled() {
	book
	printf '[[account]]\nid = "999988887777"\nkind = "flagged"\n' >>"$dir/work/accounts.toml"
	rule() { printf '{"ID":"%s","Status":"Enabled","Destination":{"Bucket":"arn:aws:s3:::%s"%s}}' "$1" "$2" "$3"; }
	a=$(rule a backup ',"Account":"777788889999"') b=$(rule b drop ',"Account":"999988887777"')
	c=$(rule c own ',"Account":"111122223333"') d=$(rule d other '') e=$(rule e bad ',"Account":"***"')
	journal=$dir/work/shuffled.db
	for rules in "$a,$b,$c,$d,$e" "$e,$d,$c,$b,$a" "$c,$a,$e,$b,$d" "$d,$b,$a,$e,$c"; do
		printf '{"eventVersion":"1.09","eventSource":"s3.amazonaws.com","eventName":"PutBucketReplication","eventID":"ev-1","eventTime":"2026-11-01T10:00:00Z","awsRegion":"eu-west-1","recipientAccountId":"111122223333","requestParameters":{"bucketName":"b","ReplicationConfiguration":{"Role":"arn:aws:iam::111122223333:role/r","Rule":[%s]}}}\n' "$rules" >"$dir/work/shuffled.ndjson"
		from="$dir/work/shuffled.ndjson --accounts $dir/work/accounts.toml --journal $journal"
		[ -f "$journal" ] || run 0 decide suspicious ev-1 --from "$dir/work/shuffled.ndjson" --journal "$journal" -q
		: >"$dir/work/now"
		for shown in "list" "list --json" "list --sort dest" "list --filter dest:999988887777" "accounts" "accounts --json" "accounts --json --by actor"; do
			run 0 $shown $from -q && cat "$out" >>"$dir/work/now"
		done
		run 0 list $from -q && has "$out" '> 999988887777? +4'
		[ -f "$dir/work/first" ] || cp "$dir/work/now" "$dir/work/first"
		cmp -s "$dir/work/first" "$dir/work/now" || complain "other rules first, something else shown: $rules"
	done
	rm -f "$dir/work/first"
}
test_case 'the order of rules changes nothing that is shown' shuffled

lists() {
	book
	printf 'id,name,kind\n777788889999,other,vendor\n444455556666,agency,flagged\n' >"$dir/work/b.csv"
	run 0 accounts --demo -q --json --accounts "$dir/work/accounts.toml,$dir/work/b.csv"
	has "$err" 'b.csv:3' && has "$err" 'flagged stands' && has "$out" '"kind":"flagged"'
	has "$out" '"name":"acme"'
	run 0 accounts --demo -q --json --accounts "$dir/work/accounts.toml" --accounts "$dir/work/b.csv"
	has "$err" 'b.csv:3'
	echo 77778888999 >>"$dir/work/b.csv"
	run 3 accounts --demo -q --accounts "$dir/work/b.csv" && has "$err" "b.csv:4" && has "$err" 12
	run 1 accounts --demo -q --accounts "$dir/work/none.toml" && has "$err" none.toml
	echo 'hello' >"$dir/work/c"
	run 1 accounts --demo -q --accounts "$dir/work/c" && has "$err" 'no list of accounts'
	mkdir -p "$XDG_CONFIG_HOME/s3triage"
	cp "$dir/work/accounts.toml" "$XDG_CONFIG_HOME/s3triage/"
	run 0 accounts --demo -q --json && has "$out" '"name":"acme"'
	echo "accounts = [\"$dir/work/d\"]" >"$XDG_CONFIG_HOME/s3triage/config.toml"
	echo 999988887777 >"$dir/work/d"
	run 0 accounts --demo -q --json && has "$out" '"account":"999988887777","name":null,"kind":"approved"'
	rm -r "$XDG_CONFIG_HOME/s3triage"
}
test_case 'lists of accounts, their conflicts and faults' lists

approves() {
	run 0 approval add --account 777788889999 --bucket 'acme-logs-*' --valid-from 2026-01-01 --until 2099-01-01 --owner infra --ticket CHG-1 --demo -q --dry-run
	has "$out" '3 alerts would be marked approved' && has "$out" 'bucket is not under acme-logs-*: acme-tax-filings'
	has "$out" 'a destination names no account'
	run 0 approval list && lines "$out" 0
	run 0 approval add --account 777788889999 --bucket 'acme-logs-*' --valid-from 2026-01-01 --until 2099-01-01 --owner infra --ticket CHG-1 --analyst lee
	has "$out" 'approval 1: 777788889999, buckets acme-logs-*, from 2026-01-01, until 2099-01-01, CHG-1'
	run 0 list --demo --json -q --verdict approved && lines "$out" 0
	run 0 approval list && has "$out" stands && has "$out" 'granted by lee, owner infra'
	run 0 approval list --json && has "$out" '"until":"2099-01-02T00:00:00Z","automatic":false'
	has "$out" '"dest_bucket":null,"region":null' && has "$out" '"valid_from":"2026-01-01T00:00:00Z","owner_override":true'
	run 0 approval apply --demo -q --dry-run && has "$out" '3 alerts would be marked approved'
	run 0 approval apply --auto --demo -q && has "$out" '0 alerts marked approved'
	run 0 approval apply 1 --demo -q && has "$out" '3 alerts marked approved'
	run 0 approval apply 1 --demo -q && has "$out" '0 alerts marked approved'
	run 0 list --demo --json -q --verdict approved && lines "$out" 3
	one=$(sed -n '1s/.*"id":"\([^"]*\)","event_id".*/\1/p' "$out")
	run 0 history "$one" && has "$out" 'kim  open -> approved  reason: approval 1: CHG-1'
	run 0 approval end 1 --reason 'contract over' && has "$out" '3 alerts reopened'
	run 0 history "$one" && has "$out" 'approval 1  approved -> open' && has "$out" 'by kim'
	run 0 approval list && has "$out" ended
	run 1 approval end 1 && has "$err" already
	run 0 approval list && has "$out" ', ended 20' && has "$out" ' by kim: contract over)'
	run 1 approval end 7 && has "$err" 'no approval 7'
	run 0 verify && has "$out" 'chain intact, 8 records'
}
test_case 'approvals propose, apply, end' approves

expires() {
	# On a busy machine it may have ended before it was applied: then a later end.
	for seconds in 2 10 60; do
		rm -rf "$XDG_DATA_HOME"
		end=$(($(date +%s) + seconds))
		run 0 approval add --account 777788889999 --bucket 'acme-logs-*' --valid-from 2026-01-01 \
			--until "$(date -u -d "@$end" +%Y-%m-%dT%H:%M:%SZ)"
		run 0 approval apply --demo -q
		cp "$out" "$dir/applied"
		run 0 list --demo -q
		[ "$(date +%s)" -lt "$end" ] && break
	done
	has "$dir/applied" '3 alerts marked approved'
	lacks "$err" 'have ended'
	while [ "$(date +%s)" -le "$end" ]; do sleep 0.2; done
	run 0 list --demo -q && has "$err" '3 alerts are approved by approvals that have ended'
	run 0 export && has "$err" '3 alerts are approved by approvals that have ended'
	run 0 approval apply && has "$out" '3 alerts reopened' && has "$out" expired
	run 0 list --demo -q --verdict approved && has "$out" '0 alerts' && lacks "$err" 'have ended'
}
test_case 'what an approval closed is told when it has ended, and opened again' expires

alone() {
	run 0 approval add --account 777788889999 --valid-from 2026-01-01 --auto
	run 0 approval apply --auto --demo -q --json && has "$out" '"what":"approve"'
	run 0 list --demo --json -q --verdict approved
	n=$(wc -l <"$out")
	one=$(sed -n '1s/.*"id":"\([^"]*\)","event_id".*/\1/p' "$out")
	run 0 decide open "$one" --demo -q
	run 0 approval apply --auto --demo -q && has "$out" '0 alerts marked approved'
	run 0 list --demo --json -q --verdict approved && lines "$out" $((n - 1))
	run 0 history "$one" && has "$out" 'approval 1  open -> approved'
	run 0 approval auto 1 off && run 0 approval list --json && has "$out" '"automatic":false'
	run 2 approval auto 1 maybe
}
test_case 'automatic approvals never overrule a person' alone

refused() {
	run 2 approval && run 2 approval bless && run 2 approval end x
	run 2 approval add --account 1234 && has "$err" '12 digits'
	run 2 approval add --account 777788889999 --bucket 'a*b' && has "$err" '*'
	run 2 approval add --account 777788889999 --until 2001-01-01 && has "$err" passed
	# Limits that no alert can have: what was expected is said.
	while read -r option value says; do
		run 2 approval add --account 777788889999 "--$option" "$value" && has "$err" "$says"
	done <<-'LIMITS'
		role arn:aws:sts::111122223333:assumed-role/deploy/run an IAM role's ARN (arn:aws:iam::111122223333:role/NAME)
		actor role/deploy an ARN as it is shown (of a user, a role, a session), or its name
		bucket arn:aws:s3:::acme-logs a bucket's name, without arn:aws:s3:::
		kms-key alias/backup a key's ARN
		storage-class glacier a storage class such as GLACIER, not 'glacier': nothing would fit it
		region Ireland a region such as eu-west-1
	LIMITS
	# A new journal's first approval is tried, too.
	run 2 approval add --account 777788889999 --storage-class FOO -n --journal "$dir/work/new.db" && has "$err" 'nothing would fit it'
	run 0 approval add --account 777788889999 --until 90d -n -q --demo --journal "$dir/work/new.db" && has "$out" 'would be marked approved'
	[ ! -e "$dir/work/new.db" ] || complain 'a journal was made'
	run 1 approval list --journal "$dir/work/new.db" && has "$err" 'there is no journal'
	run 2 approval add --account 777788889999 --no-owner-override && has "$err" 'name the destination bucket, or allow claims'
	run 0 approval add --account 777788889999 --kms-key 999988887777 --storage-class GLACIER --replica-modifications \
		--valid-from 2026-01-01 --until 90d -n -q --demo
	[ -e "$XDG_DATA_HOME/s3triage/journal.db" ] && run 0 approval list && lines "$out" 0
}
test_case 'approvals that are refused' refused

# The key, the class and the changes that are agreed on are words of the approval.
manners() {
	run 0 approval add --account 777788889999 --kms-key arn:aws:kms:eu-west-1:999988887777:key/x --storage-class GLACIER \
		--replica-modifications --until 90d -q
	has "$out" 'KMS key arn:aws:kms:eu-west-1:999988887777:key/x, storage class GLACIER, changes to replicas too'
	run 0 approval list --json && has "$out" '"kms_key":"arn:aws:kms:eu-west-1:999988887777:key/x","storage_class":"GLACIER"'
	has "$out" '"replica_modifications":true'
	run 0 approval add --account 444455556666 --until 90d -q && lacks "$out" KMS
	run 0 approval list --json && has "$out" '"kms_key":null' && has "$out" '"replica_modifications":false'
}
test_case 'an approval names a key and a storage class' manners

# A session of one role, by whom it is: alike in all that its ARN says.
session_of() {
	sed -e 's/"userIdentity":{[^}]*}/"userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role\/tf\/x","accountId":"111122223333","sessionContext":{"sourceIdentity":"'"$1"'","sessionIssuer":{"type":"Role","userName":"tf"}}}/' \
		-e 's/"eventID":"[^"]*"/"eventID":"of-'"$1"'"/' tests/data/who/plain.json >"$dir/work/in/$1.json"
}

# Behind one ARN are several people: they are two rows, an approval may name one of them, and says whom it is
# for where it does not; what was decided on them is in no clause.
people() {
	mkdir -p "$dir/work/in"
	session_of dana
	session_of eve
	run 0 accounts --by actor "$dir/work/in" -q --json && lines "$out" 2
	has "$out" '"principal":"arn:aws:sts::111122223333:assumed-role/tf as dana"'
	run 0 approval add --account 777788889999 --actor 'arn:aws:sts::111122223333:assumed-role/tf' -n --from "$dir/work/in" -q --until 30d
	has "$err" 'warning: the actor is 2 people: ' && has "$err" dana && has "$err" eve && has "$out" '2 alerts would be marked approved'
	run 0 approval add --account 777788889999 --actor 'arn:aws:sts::111122223333:assumed-role/tf' --person dana -n --from "$dir/work/in" -q --until 30d
	lacks "$err" people && has "$out" '1 alert would be marked approved' && has "$out" 'person 1'
	run 0 approval add --account 777788889999 --person dana --identity-provider 'arn:aws:iam::111122223333:oidc-provider/x' --until 30d
	has "$out" 'person dana, identity provider arn:aws:iam::111122223333:oidc-provider/x'
	run 0 approval list --json && has "$out" '"person":"dana","identity_provider":"arn:aws:iam::111122223333:oidc-provider/x"'
	run 0 decide approved of-dana of-eve --from "$dir/work/in" -q
	for f in exceptions eql kql; do
		run 0 export -f "$f" --from "$dir/work/in" && has "$err" '0 used, 2 left out that were sent by a person'
	done
}
test_case 'people behind one ARN' people

# What the journal calls an approval's own decisions is nobody's name.
reserved() {
	for name in 'approval 1' 'Approval 12' ' approval 1 of another journal' approval; do
		run 2 decide approved x --demo -q --analyst "$name" && has "$err" 'is no analyst'
	done
	run 1 decide approved x --demo -q --analyst approval-team && lacks "$err" 'is no analyst'
	printf 'analyst = "approval 3"\n' >"$dir/work/config.toml" && chmod 600 "$dir/work/config.toml"
	run 2 decide approved x --demo -q --config "$dir/work/config.toml" && has "$err" 'is no analyst'
}
test_case 'names that no analyst has' reserved

# What reads like a slip.
slips() {
	run 0 approval add --account 777788889999 --dest-bucket arn:aws:s3:::copies/x --until 30d -n -q && has "$err" "no bucket's ARN"
	run 0 approval add --account 777788889999 --partition aws-moon --until 30d -n -q && has "$err" 'aws-moon is no partition'
	run 0 approval add --account 111122223333 --until 30d -n -q --from tests/data/who/plain.json && has "$err" "is the buckets' own account"
	run 0 approval add --account 777788889999 --until 30d -n -q --demo && lacks "$err" warning
}
test_case 'limits that read like slips are told' slips

seen() {
	run 0 list --demo --json -q --filter 'account:999988887777'
	one=$(sed -n '1s/.*"id":"\([^"]*\)","event_id".*/\1/p' "$out")
	two=$(sed -n '2s/.*"id":"\([^"]*\)","event_id".*/\1/p' "$out")
	run 0 show "$two" --demo -q && lacks "$out" 'Seen before'
	run 0 decide suspicious "$one" --demo -q --reason theft --note IR-204
	run 0 show "$two" --demo -q && has "$out" 'same destination: 1 suspicious (suspicious 20' && has "$out" ', kim: theft, IR-204)'
	run 0 show "$one" --demo -q && lacks "$out" 'Seen before'
}
test_case 'earlier verdicts beside an alert' seen

# What a variable that is not set leaves is no limit, and no choice of all either.
left_empty() {
	for option in role bucket actor dest-bucket region partition prefix tags kms-key storage-class valid-from until owner ticket; do
		run 2 approval add --account 777788889999 "--$option" '' --auto && has "$err" "--$option needs a value"
	done
	run 2 approval add --account '' && has "$err" '--account needs a value'
	run 0 approval list && lines "$out" 0
	for choice in 'list --demo --filter' 'list --demo --verdict' 'export -f exceptions --verdict' 'export --filter' \
		'export --since' 'accounts --demo --filter' 'open --filter' 'list --demo --limit' 'approval apply --analyst'; do
		run 2 $choice '' && has "$err" "--${choice##*--} needs a value"
	done
	run 0 approval add --account 777788889999 && has "$out" ', without an end'
	run 0 approval add --account 777788889999 --until 30d && lacks "$out" 'without an end'
	run 0 approval list && is "$(grep -c 'without an end' "$out")" 1
}
test_case 'an empty value is no limit' left_empty

# One alert of the demo, changed by a sed script: does an approval with limits close it?
limited() {
	cd "$dir/work" || return
	grep acme-logs-ap "$root/src/builtin/demo.ndjson" | grep '"PutBucketReplication"' | head -1 >good.ndjson
	sed "$1" good.ndjson >changed.ndjson
	cmp -s good.ndjson changed.ndjson && [ -n "$1" ] && complain "nothing changed by $1"
	rm -rf limits.db limits.db-* "$XDG_STATE_HOME"
	"$S3TRIAGE" approval add --account 777788889999 --valid-from 2026-01-01 --auto --journal limits.db -q >/dev/null
	run "${3:-0}" approval apply --auto --journal limits.db -q --from changed.ndjson
	has "$out" "$2"
}
doubts() {
	limited '' '1 alert marked approved'
	limited 's/"Account":/"Account":999988887777,"Account":/' 'a key comes twice' 3
	limited 's/"AccessControlTranslation":{"Owner":"Destination"},*//' 'only claimed'
	limited 's|"arn:aws:s3:::acme-backup-[^"]*"|"arn:aws:s3:us-east-1:999988887777:accesspoint/x"|' \
		'the ARN of a destination is of another account'
	limited 's/"Destination":{/"Destination":{"EncryptionConfiguration":{"ReplicaKmsKeyID":"arn:aws:kms:eu-west-1:999988887777:key\/x"},/' \
		'KMS key is of another account: arn:aws:kms:eu-west-1:999988887777:key/x'
	limited 's/"Destination":{/"SourceSelectionCriteria":{"ReplicaModifications":{"Status":"Enabled"}},&/' \
		'changes to replicas are copied on'
	limited 's/"Destination":{/&"CopyEverything":{"Status":"Enabled"},/' 'a part of the event is not as it should be'
	limited 's/"Account":"*777788889999"*/"Account":["777788889999","999988887777"]/' \
		'a destination is no account: ["777788889999","999988887777"]'
	limited 's|"Role":"arn:aws:|"Role":"arn:aws-cn:|' 'partition differs: aws-cn'
	limited 's/"eventTime":"2026/"eventTime":"2001/' 'the event is of 2001-'
	limited 's/"DeleteMarkerReplication":{"Status":"Disabled"}/"DeleteMarkerReplication":{"Status":"Enabled"}/' \
		'delete markers are copied'
}
test_case 'what is doubtful or only claimed is closed by no approval' doubts

twins_are_told() {
	cd "$dir/work" || return
	grep acme-logs-ap "$root/src/builtin/demo.ndjson" | grep '"PutBucketReplication"' | head -1 |
		sed 's/"Account":/"Account":999988887777,"Account":/' >twins.ndjson
	run 3 list twins.ndjson --json -q && has "$out" '"twin-keys"' && has "$out" '"name":"twin-keys","weight":4'
	id=$(sed 's/.*{"id":"\([^"]*\)".*/\1/; s/^{"id":"\([^"]*\)".*/\1/' "$out")
	run 0 list --demo -q && has "$out" '> 444455556666? ' && has "$out" '> 999988887777 '
	run 3 show "$id" --from twins.ndjson -q && has "$out" 'a key comes twice in one object of the event'
}
test_case 'keys that come twice are told with the alert' twins_are_told

claims_take_a_word() {
	run 0 approval add --account 444455556666 --valid-from 2026-01-01 --journal "$dir/work/c.db"
	run 0 approval apply --demo -q --journal "$dir/work/c.db" && has "$out" '0 alerts marked approved'
	run 0 approval list --journal "$dir/work/c.db" && has "$err" 'grant with --dest-bucket NAME or --claims'
	run 0 approval add --account 444455556666 --valid-from 2026-01-01 --claims --journal "$dir/work/c.db"
	run 0 approval apply --demo -q --journal "$dir/work/c.db" && has "$out" '2 alerts marked approved'
	has "$out" 'not as usual: copies more than the request before it'
	run 2 approval add --account 444455556666 --until 30d --tags nonsense && has "$err" 'KEY=VALUE'
	run 0 approval add --account 444455556666 --until 30d --dry-run -q --demo
}
test_case 'a claimed account needs the name of the bucket, or the word' claims_take_a_word

# The demo names its accounts, and where anything else is read or known its names are nobody's.
demo_book() {
	run 0 accounts --demo -q && has "$out" acme-backup && has "$out" trailer-agency
	[ -z "$(find "$dir/home" "$dir/data" "$dir/state" "$dir/config" -type f 2>/dev/null)" ] || complain 'something was written'
	run 0 accounts --demo --json -q && has "$out" '"account":"777788889999","name":"acme-backup","kind":"organisation"'
	run 0 accounts src/builtin/demo.ndjson -q && has "$out" 777788889999 && lacks "$out" acme-backup
	run 0 accounts src/builtin/demo.ndjson --demo -q && lacks "$out" acme-backup
	printf '%s\n' '[[account]]' 'id = "999988887777"' 'name = "mine"' >"$dir/work/mine.toml"
	run 0 accounts --demo -q --accounts "$dir/work/mine.toml" && has "$out" mine && lacks "$out" acme-backup
	mkdir -p "$dir/work/c/s3triage" && cp "$dir/work/mine.toml" "$dir/work/c/s3triage/accounts.toml"
	export XDG_CONFIG_HOME="$dir/work/c"
	run 0 accounts --demo -q && has "$out" mine && lacks "$out" acme-backup
	export XDG_CONFIG_HOME="$dir/config"
}
test_case 'the demo has an account book, which is only the demo'"'"'s' demo_book

# Limits that are not wrong for sure, and most likely slips: said, and recorded.
doubtful_limits() {
	for n in '' -n; do
		run 0 approval add --account 777788889999 --bucket ACME-logs --region eu-west-99 --claims $n
		has "$err" 'no bucket has capitals but old ones of us-east-1: ACME-logs' &&
			has "$err" 'eu-west-99 is no region that is known here'
	done
	run 0 approval add --account 777788889999 --dest-bucket arn:aws:s3:::Acme && has "$err" 'capitals'
	run 0 approval add --account 777788889999 --bucket 'acme-*' --dest-bucket arn:aws:s3:::acme --region mx-central-1
	lacks "$err" warning
}
test_case 'limits that look like slips are warned of' doubtful_limits
