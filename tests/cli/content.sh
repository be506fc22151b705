# content.sh: a verdict belongs to what was looked at. The same ids with other facts, from files, from
# Kibana, before and after the decision. Sourced by run.
# shellcheck shell=sh

# content_event ID BUCKET ACCOUNT TIME USER: as CloudTrail writes it, one a line
content_event() {
	printf '{"eventVersion":"1.10","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/%s","accountId":"111122223333","accessKeyId":"AKIAEXAMPLE000000001","userName":"%s"},"eventTime":"%s","eventSource":"s3.amazonaws.com","eventName":"PutBucketReplication","awsRegion":"eu-west-1","sourceIPAddress":"198.51.100.7","userAgent":"[aws-cli/2.15]","requestParameters":{"bucketName":"%s","ReplicationConfiguration":{"Role":"arn:aws:iam::111122223333:role/repl","Rule":{"ID":"all","Status":"Enabled","Priority":1,"Filter":{"Prefix":""},"Destination":{"Bucket":"arn:aws:s3:::copies","Account":"%s"}}}},"resources":[{"type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::%s","accountId":"111122223333"}],"eventID":"%s","eventType":"AwsApiCall","recipientAccountId":"111122223333","eventCategory":"Management"}\n' \
		"$5" "$5" "$4" "$2" "$3" "$2" "$1"
}

# content_alert UUID BUCKET ACCOUNT EVENT: an alert as Kibana keeps it
content_alert() {
	printf '{"_index":".alerts","_id":"%s","_source":{"@timestamp":"2026-10-06T09:00:00Z","kibana.alert.uuid":"%s","kibana.alert.rule.name":"r","kibana.alert.rule.rule_id":"d488f026-7907-4f56-ad51-742feb3db01c","kibana.alert.original_time":"2026-10-06T08:00:00Z","kibana.alert.severity":"high","kibana.alert.workflow_status":"open","event.kind":"signal","kibana.alert.original_event.id":"%s","kibana.alert.original_event.action":"PutBucketReplication","event":{"action":"PutBucketReplication","provider":"s3.amazonaws.com","outcome":"success","id":"%s"},"aws":{"cloudtrail":{"request_parameters":"{bucketName=%s, ReplicationConfiguration={Role=arn:aws:iam::111122223333:role/repl, Rule={Status=Enabled, Destination={Account=%s, Bucket=arn:aws:s3:::copies}}}}","user_identity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/tf","access_key_id":"AKIAEXAMPLE000000001"}}},"cloud":{"region":"eu-west-1","account":{"id":"111122223333"}},"source":{"address":"198.51.100.7"}}}\n' \
		"$1" "$1" "$4" "$4" "$2" "$3"
}

same_id_files() {
	mkdir -p "$dir/work/in"
	content_event e-0001 acme-logs 777788889999 2026-10-06T08:00:00Z tf >"$dir/work/in/good"
	content_event e-0001 acme-payroll 999988887777 2026-11-25T02:00:00Z mallory >"$dir/work/in/evil"
	cat "$dir/work/in/good" "$dir/work/in/evil" >"$dir/work/in/both"
	cat "$dir/work/in/evil" "$dir/work/in/good" >"$dir/work/in/turned"
	run 0 list "$dir/work/in/good" --json -q
	id=$(sed 's/.*"id":"\([^"]*\)","event_id.*/\1/' "$out")
}

other_content() {
	same_id_files
	run 0 decide approved "$id" --from "$dir/work/in/good" -q --reason backup
	run 0 list "$dir/work/in/evil" && has "$out" '? open' && has "$out" '1 alert, 1 open' &&
		has "$err" '1 alert is open though its id was decided on'
	run 0 list "$dir/work/in/evil" --json -q
	has "$out" "\"id\":\"$id\"" && has "$out" '"verdict":"open"'
	has "$out" '"decided_on_other_content":{"verdict":"approved","analyst":"kim"'
	has "$out" '{"fact":"bucket","decided":"acme-logs","now":"acme-payroll"}'
	has "$out" '{"fact":"destinations","decided":"777788889999 copies","now":"999988887777 copies"}'
	has "$out" '{"name":"other-content","weight":10,"text":"decided on other content: approved by kim at'
	run 0 list "$dir/work/in/good" --json -q && has "$out" '"decided_on_other_content":null'
	run 0 show "$id" --from "$dir/work/in/evil" -q && has "$out" 'decided on other content: approved by kim' &&
		has "$out" 'bucket acme-logs, not acme-payroll'
	# What follows from the approval is about what was approved.
	run 0 export -f exceptions --from "$dir/work/in/evil" -q && has "$out" 777788889999 && lacks "$out" 999988887777
	run 0 export --from "$dir/work/in/evil" -q && has "$out" 'approved,backup,,kim,2026-10-06T08:00:00Z' &&
		has "$out" '1,open,,,,2026-11-25T02:00:00Z'
	# Nothing closes it in passing.
	run 0 approval add --account 999988887777 --valid-from 2026-01-01 --reason x --until 2099-01-01 --auto
	run 0 approval apply --from "$dir/work/in/evil" -q
	run 0 list "$dir/work/in/evil" -q && has "$out" '1 alert, 1 open'
	content_event e-0002 acme-media 777788889999 2026-10-07T08:00:00Z tf >"$dir/work/in/next"
	run 2 decide approved "$id" e-0002 --from "$dir/work/in/evil" "$dir/work/in/next" -q &&
		has "$err" 'decided on other content' && has "$err" 'decide it by itself'
	run 0 decide suspicious "$id" --from "$dir/work/in/evil" -q && has "$err" 'decided on other content: approved by kim'
	# Each has its own, whatever is loaded, and the journal tells them apart.
	run 0 list "$dir/work/in/evil" -q && has "$out" 'x suspicious'
	run 0 list "$dir/work/in/good" -q && has "$out" '+ approved'
	run 0 history "$id"
	has "$out" 'open -> approved  reason: backup  on: bucket acme-logs; owner 111122223333; destinations 777788889999 copies; role arn:aws:iam::111122223333:role/repl; actor arn:aws:iam::111122223333:user/tf; key AKIAEXAMPLE000000001; time 2026-10-06T08:00:00Z'
	has "$out" 'open -> suspicious  on: bucket acme-payroll;'
	run 0 history "$id" --json && has "$out" '"facts":{"id":"'"$id"'"' && has "$out" '"bucket":"acme-payroll"'
	run 0 export -q && has "$out" acme-logs && has "$out" acme-payroll
}
test_case 'another event of a decided id is open' other_content

# What is known of who only now, nobody has looked at: in each form, and together with the rest.
known_later() {
	same_id_files
	sed -e 's/"userIdentity":{[^}]*}/"userIdentity":{}/' -e 's/"awsRegion":"[^"]*","sourceIPAddress":"[^"]*",//' \
		-e 's/"Role":"[^"]*",//' "$dir/work/in/good" >"$dir/work/in/less"
	sed -e 's/user\/tf/user\/mallory/; s/198.51.100.7/203.0.113.66/; s/role\/repl/role\/evil/' "$dir/work/in/good" >"$dir/work/in/evil"
	run 0 decide approved "$id" --from "$dir/work/in/less" -q
	run 0 list "$dir/work/in/less" -q && has "$out" '+ approved'
	for files in "$dir/work/in/evil" "$dir/work/in/less $dir/work/in/evil" "$dir/work/in/evil $dir/work/in/less"; do
		# shellcheck disable=SC2086 # two files
		run 0 list $files && has "$out" '? open' && has "$out" '1 alert, 1 open' && has "$err" '1 alert is open though'
	done
	run 0 show "$id" --from "$dir/work/in/evil" -q && has "$out" 'decided without knowing role arn:aws:iam::111122223333:role/evil, actor'
	run 3 list "$dir/work/in/good" "$dir/work/in/evil" -q && has "$out" '2 alerts, 2 open'
	run 0 export -f kql -q --from "$dir/work/in/evil" && lacks "$out" mallory
	run 0 decide suspicious "$id" --from "$dir/work/in/evil" -q && has "$err" 'decided without knowing'
	run 0 list "$dir/work/in/evil" -q && has "$out" 'x suspicious'
}
test_case 'a verdict holds for what was known' known_later

same_id() {
	same_id_files
	run 3 list "$dir/work/in/both" --json -q && cp "$out" "$dir/work/one" &&
		has "$err" 'two records have one id and say different things, both are alerts'
	run 3 list "$dir/work/in/turned" --json -q
	sed 's/"source":"[^"]*"//; s/"text":"another[^"]*"//' "$dir/work/one" >"$dir/work/a"
	sed 's/"source":"[^"]*"//; s/"text":"another[^"]*"//' "$out" >"$dir/work/b"
	cmp -s "$dir/work/a" "$dir/work/b" || complain 'the order of two records changes what they are'
	[ "$(grep -c "\"id\":\"$id~" "$dir/work/one")" = 2 ] || complain 'two records, two ids'
	has "$dir/work/one" '"name":"same-id"'
	run 2 decide approved "$id" --from "$dir/work/in/both" -q && has "$err" 'fits 2 alerts'
	# What was ticked of the one is no answer about the other.
	run 0 checklist "$id" --from "$dir/work/in/good" -q --json
	step=$(sed -n '1s/.*"key":"\([^"]*\)".*/\1/p' "$out")
	run 0 checklist "$id" --from "$dir/work/in/good" -q --tick "$step" && has "$out" "[x] $step"
	run 0 checklist "$id" --from "$dir/work/in/evil" -q && lacks "$out" "[x] $step" && has "$out" 'ticked on other content by kim at 20'
	run 0 checklist "$id" --from "$dir/work/in/evil" -q --json && has "$out" '"ticked_on_other_content_by":"kim"'
	run 0 checklist "$id" --from "$dir/work/in/evil" -q --tick "$step" --analyst lee
	run 0 checklist "$id" --from "$dir/work/in/good" -q && has "$out" 'ticked by kim at 20'
	own=$(grep acme-logs "$dir/work/one" | sed 's/.*"id":"\([^"]*\)","event_id.*/\1/')
	run 3 decide approved "$own" --from "$dir/work/in/turned" -q
	run 3 list "$dir/work/in/both" -q && has "$out" '2 alerts, 1 open'
	run 0 list "$dir/work/in/good" -q && has "$out" '+ approved'
	run 0 list "$dir/work/in/evil" -q && has "$out" '? open'
	run 3 decide suspicious "$(grep acme-payroll "$dir/work/one" | sed 's/.*"id":"\([^"]*\)","event_id.*/\1/')" \
		--from "$dir/work/in/both" -q
	run 0 history "$own" && has "$out" acme-logs && lacks "$out" acme-payroll
	has "$err" '2 rows of this id on other content, not shown'
	# Of a record that nobody decided there is nothing, and no word of the other.
	run 1 history "$id~000000000000" && lines "$out" 0 && has "$err" 'no decision about' &&
		has "$err" '4 rows of this id on other content'
	run 1 history "$id~000000000000" --json && lines "$out" 0
	# The same record twice is one alert, and counted.
	run 0 list "$dir/work/in/good" "$dir/work/in/good" "$dir/work/in/good" && has "$out" '1 alert, 0 open' && has "$err" '2 repeated'
}
test_case 'two records of one id are two alerts' same_id

# The key of the copies, and who it was: seen, so part of the verdict; history shows what differs.
copies_and_who() {
	same_id_files
	sed 's/"Account":"777788889999"/&,"EncryptionConfiguration":{"ReplicaKmsKeyID":"arn:aws:kms:eu-west-1:777788889999:key\/good"}/' \
		"$dir/work/in/good" >"$dir/work/in/key"
	sed 's/777788889999:key.good/999988887777:key\/evil/' "$dir/work/in/key" >"$dir/work/in/evil"
	sed 's/"type":"IAMUser"/"type":"FederatedUser"/; s/198.51.100.7/198.51.100.8/' "$dir/work/in/key" >"$dir/work/in/who"
	run 0 decide approved "$id" --from "$dir/work/in/key" -q
	run 0 list "$dir/work/in/evil" --json -q && has "$out" '"verdict":"open"' && has "$out" '{"fact":"KMS key",'
	run 0 list "$dir/work/in/who" --json -q && has "$out" '"verdict":"open"' && has "$out" '{"fact":"kind of actor",'
	run 3 list "$dir/work/in/key" "$dir/work/in/evil" && has "$out" '2 alerts, 1 open'
	run 0 decide suspicious "$id" --from "$dir/work/in/who" -q
	run 0 history "$id" && has "$out" 'address 198.51.100.7; kind of actor IAMUser' &&
		has "$out" 'address 198.51.100.8; kind of actor FederatedUser' && lacks "$out" 'region'
}
test_case 'the key of the copies and who it was are part of a verdict' copies_and_who

kibana_twice() {
	mkdir -p "$dir/work/in"
	content_alert u-0001 acme-logs 777788889999 e-0007 >"$dir/work/in/good"
	content_alert u-0001 acme-payroll 999988887777 e-0007 >"$dir/work/in/evil"
	content_event e-0007 acme-logs 777788889999 2026-10-06T08:00:00Z tf >"$dir/work/in/event"
	run 0 decide approved u-0001 --from "$dir/work/in/good" -q
	run 0 list "$dir/work/in/evil" -q && has "$out" '1 alert, 1 open'
	# The event and Kibana's alert of it are one, in whatever form, before and after.
	run 0 list "$dir/work/in/event" -q && has "$out" '1 alert, 0 open'
	run 0 list "$dir/work/in/event" "$dir/work/in/good" && has "$out" '1 alert, 0 open' && has "$err" '1 repeated'
	run 3 list "$dir/work/in/evil" "$dir/work/in/event" -q && has "$out" '2 alerts, 1 open'
	# What is written of a decision is what was decided on, whatever is loaded: Kibana's alert has its own
	# severity and times, the event of it the rule's.
	run 0 export -q && sed 's/,[^,]*$//' "$out" >"$dir/work/alone" && has "$out" ',high,'
	for from in event good; do
		run 0 export -q --from "$dir/work/in/$from" && sed 's/,[^,]*$//' "$out" >"$dir/work/beside"
		cut -d, -f 1-15 "$dir/work/alone" >"$dir/work/a"; cut -d, -f 1-15 "$dir/work/beside" >"$dir/work/b"
		cmp -s "$dir/work/a" "$dir/work/b" || complain "the record depends on what is loaded: $from"
	done
	# The start of the id is one event's, though two records are in the journal.
	run 0 decide suspicious e-0007 --from "$dir/work/in/event" -q
	run 0 history e-000 && has "$out" 'approved -> suspicious'
}
test_case 'one uuid with two requests, one event in two forms' kibana_twice

# shared_recording ID IDENTITY RECIPIENT ACCOUNT: one call of 444455556666 on a bucket of 111122223333, as
# each of the two trails has it; nothing but the trail says whose the bucket is
shared_recording() {
	content_event "$1" acme-logs "$4" 2026-10-06T08:00:00Z mia |
		sed -e "s/\"userIdentity\":{[^}]*}/\"userIdentity\":{$2}/" -e 's/"resources":\[[^]]*\],//' \
			-e "s/\"recipientAccountId\":\"[0-9]*\"/\"recipientAccountId\":\"$3\",\"sharedEventID\":\"sh-1\"/"
}

one_call_two_trails() {
	mkdir -p "$dir/work/in"
	full='"type":"AssumedRole","principalId":"AROAEXAMPLE:mia","arn":"arn:aws:sts::444455556666:assumed-role\/Ops\/mia","accountId":"444455556666","accessKeyId":"ASIAEXAMPLE"'
	reduced='"type":"AWSAccount","principalId":"AROAEXAMPLE:mia","accountId":"444455556666"'
	shared_recording e-caller "$full" 444455556666 777788889999 >"$dir/work/in/caller"
	shared_recording e-owner "$reduced" 111122223333 777788889999 >"$dir/work/in/owner"
	shared_recording e-forged "$reduced" 111122223333 999988887777 >"$dir/work/in/forged"
	for order in 'caller owner' 'owner caller'; do
		run 0 list "$dir/work/in/${order% *}" "$dir/work/in/${order#* }" --json
		has "$err" '1 repeated' && has "$out" '"event_id":"e-caller"' && has "$out" '"owner_account":"111122223333"'
		has "$out" 'assumed-role/Ops/mia' && lacks "$out" e-owner
	done
	run 0 decide approved e-owner --from "$dir/work/in/owner" -q
	run 0 list "$dir/work/in/caller" -q && has "$out" '+ approved'
	run 0 list "$dir/work/in/caller" "$dir/work/in/owner" -q && has "$out" '1 alert, 0 open'
	run 0 show e-owner --from "$dir/work/in/owner" "$dir/work/in/caller" -q && has "$out" 'assumed-role/Ops/mia' &&
		has "$out" "owner       111122223333  by the other trail's recording" && has "$out" 'caller      of account 444455556666' &&
		lacks "$out" 'of account 111122223333, not the bucket owner'
	# Decided with both at hand: found under the ids of either, and of the call.
	run 0 decide approved e-caller --from "$dir/work/in/owner" "$dir/work/in/caller" -q --overwrite --journal "$dir/work/both.db"
	run 0 list "$dir/work/in/owner" --json -q
	for word in e-caller e-owner sh-1 "$(sed 's/.*"id":"\([^"]*\)","event_id.*/\1/' "$out")"; do
		run 0 history "$word" --journal "$dir/work/both.db" && lines "$out" 1
	done
	run 1 history e-forged --journal "$dir/work/both.db"
	# The record knows it as one, too, whichever of them is at hand.
	run 1 decide suspicious e-caller --from "$dir/work/in/caller" -q --analyst lee && has "$err" 'is approved by kim' &&
		has "$err" '--overwrite replaces it'
	run 0 decide suspicious e-caller --from "$dir/work/in/caller" -q --analyst lee --overwrite
	run 0 history e-owner && lines "$out" 2 && has "$out" 'approved -> suspicious'
	run 0 history e-caller && lines "$out" 2
	run 0 show e-owner --from "$dir/work/in/owner" -q && has "$out" 'suspicious by lee' && has "$out" 'approved by kim'
	run 0 export && lines "$out" 2 && has "$out" ',e-caller,' && lacks "$out" ',e-owner,'
	run 1 decide approved e-owner --from "$dir/work/in/owner" -q
	run 0 decide approved e-owner --from "$dir/work/in/owner" -q --overwrite
	run 3 list "$dir/work/in/caller" "$dir/work/in/forged" && has "$out" '2 alerts, 1 open' &&
		has "$err" 'two records have one sharedEventID and say different things'
	run 0 list "$dir/work/in/forged" -q && has "$out" '? open'
}
test_case 'one call in the trails of two accounts is one alert' one_call_two_trails

# What an approval's list takes away: its own kind, and no request that says one thing twice, which S3 refuses.
taken_away() {
	same_id_files
	run 0 decide approved "$id" --from "$dir/work/in/good" -q
	run 0 export -f exceptions --from "$dir/work/in/good" -o "$dir/work/x" && has "$err" 'not asked for: access key, address'
	run 0 export -f case --from "$dir/work/in/good" && lacks "$err" 'not asked for'
	run 0 list "$dir/work/in/good" --exceptions "$dir/work/x" -q && has "$out" '1 alert,'
	sed 's/"Filter":{"Prefix":""}/"Prefix":"x\/","Filter":{"Prefix":"a\/"}/' "$dir/work/in/good" >"$dir/work/in/twice"
	sed 's/"bucketName":"acme-logs",/&"x":"bucketName=acme-pay",/' "$dir/work/in/good" >"$dir/work/in/named"
	for file in twice named; do
		cmp -s "$dir/work/in/good" "$dir/work/in/$file" && complain "$file is as it was"
		run 0 list "$dir/work/in/$file" --exceptions "$dir/work/x" -q && has "$out" '0 alerts,'
	done
}
test_case 'a list of exceptions takes no request that says a thing twice' taken_away
