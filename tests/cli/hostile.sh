# What a sender wrote never reaches a terminal as it is, whichever verb prints it.

# hostile_event SHAPE: every text that a sender, or whoever writes documents, can choose is hostile.
hostile_event() {
	x='x\u001b]52;c;eA==\u0007\u001b[2J\u009b31m\u202e\u2066\u200b\u007f\r\nFORGED\ty'
	request='{"bucketName":"'$x'","ReplicationConfiguration":{"Role":"arn:aws:iam::1:role/'$x'","Rule":{"ID":"'$x'",
		"Status":"Enabled","Filter":{"Prefix":"'$x'"},"'$x'":1,
		"Destination":{"Bucket":"arn:aws:s3:::'$x'","Account":"'$2'","StorageClass":"'$x'"}}}}'
	printf '%s' '{"eventVersion":"1.08","eventTime":"2026-03-01T10:00:0'$1'Z","eventSource":"s3.amazonaws.com","eventID":"'$1$x'",
		"eventName":"'$3'","awsRegion":"'$x'","sourceIPAddress":"'$x'","userAgent":"'$x'",
		"userIdentity":{"type":"IAMUser","arn":"'$x'","userName":"'$x'","accessKeyId":"'$x'","accountId":"1"},
		"requestParameters":'$request',"resources":[{"ARN":"'$x'","type":"AWS::S3::Bucket"}]}' | tr -d '\n\t'
	echo
}

# hostile_alert: an alert whose id whoever writes the index chose.
hostile_alert() {
	x='h\u001b]52;c;eA==\u0007\u001b[2J\u202e\r\nFORGED'
	printf '%s' '{"_index":".alerts-security.alerts-default","_id":"'$x'","_source":{"kibana.alert.uuid":"'$x'",
		"kibana.alert.rule.uuid":"'$x'","kibana.alert.rule.name":"'$x'","kibana.alert.workflow_status":"'$x'",
		"@timestamp":"2026-11-20T10:00:00Z","event":{"id":"'$x'","action":"PutBucketReplication",
		"provider":"s3.amazonaws.com","dataset":"aws.cloudtrail","outcome":"success"},
		"aws":{"cloudtrail":{"request_parameters":"{bucketName=acme, ReplicationConfiguration={Role=arn:aws:iam::111122223333:role/r,
		Rule={Status=Enabled, Destination={Bucket=arn:aws:s3:::b, Account=777788889999}}}}"}}}}' | tr -d '\n\t'
	echo
}

raw='[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!$)|\xc2[\x80-\x9f]|\xe2\x80[\x8b-\x8f\xaa-\xae]|\xe2\x81[\xa6-\xa9]'
clean() { # WORDS: nothing hostile in the output and the messages of the last run
	for file in "$out" "$err"; do
		if LC_ALL=C grep -qP "$raw" "$file" ||
			grep -q '^FORGED' "$file"; then
			complain "hostile text in the output of: $*"
			LC_ALL=C grep -nP "$raw" "$file" | cat -v | cut -c1-300 | head -3
			grep -n -B2 '^FORGED' "$file" | cut -c1-200 | head
		fi
	done
}

hostile_text() {
	events=$dir/work/hostile.ndjson
	{
		hostile_event 1 777788889999 PutBucketReplication
		hostile_event 2 '\u001b[2J\u202eFORGED' PutBucketReplication
		hostile_event 3 '' PutBucketReplication
		hostile_event 4 5 DeleteBucketReplication
		hostile_alert
		printf '%s\n' '{"eventName":"\u001b[2J\u202e","eventVersion":5,"eventTime":"\u001b[2J\u202e"}'
	} >"$events"
	"$S3TRIAGE" list --json -q "$events" >"$dir/work/list" 2>"$err"
	ids=$(sed -n 's/^{"id":"\([0-9a-f]*\)".*/\1/p' "$dir/work/list")
	[ -n "$ids" ] || complain 'no alert'
	for words in "list $events" "list --json $events" "near $events" "near --json $events" "normalize $events" \
		"match --eql any\ where\ true $events" "match --eql any\ where\ true --id-field user_agent.original $events" "match --eql any\ where\ true --id-field event.id $events" \
		"accounts $events" "accounts --by principal $events" "accounts --by bucket $events" \
		"rule explain --eql any\ where\ true $events"; do
		eval "set -- $words"
		"$S3TRIAGE" "$@" >"$out" 2>"$err" </dev/null
		clean "$words"
	done
	for verb in show timeline pivot checklist 'rule explain' history 'decide approved' 'decide suspicious'; do
		# shellcheck disable=SC2086
		"$S3TRIAGE" $verb "$(printf 'h\033]52')" --from "$events" >"$out" 2>"$err" </dev/null
		clean "$verb, an alert's own id"
	done
	for verb in history 'history --json' outbox verify undo; do
		# shellcheck disable=SC2086
		"$S3TRIAGE" $verb >"$out" 2>"$err" </dev/null
		clean "$verb"
	done
	for id in $ids; do
		for verb in show timeline pivot checklist 'rule explain' 'show --json' 'timeline --json' 'pivot --json'; do
			# shellcheck disable=SC2086
			"$S3TRIAGE" $verb "$id" --from "$events" >"$out" 2>"$err" </dev/null
			clean "$verb ID"
		done
		"$S3TRIAGE" decide suspicious "$id" --reason r --from "$events" >"$out" 2>"$err" </dev/null
		clean "decide"
	done
	for form in json ndjson markdown case eql kql stix value-list exceptions accounts; do
		"$S3TRIAGE" export --format $form --from "$events" >"$out" 2>"$err" </dev/null
		clean "export $form"
	done
	for verb in history 'history --json' approvals outbox; do
		# shellcheck disable=SC2086
		"$S3TRIAGE" $verb >"$out" 2>"$err" </dev/null
		clean "$verb"
	done
}
test_case 'hostile text in every verb' hostile_text

# Where callers put words, whoever writes the log, a JSON text is no event; in a transport's place it is.
said() {
	event='{"eventVersion":"1.11","eventTime":"2026-05-04T09:30:00Z","eventSource":"s3.amazonaws.com","eventName":"PutBucketReplication","awsRegion":"eu-central-1","requestParameters":{"bucketName":"ledger","ReplicationConfiguration":{"Rule":{"Status":"Enabled","Destination":{"Bucket":"arn:aws:s3:::partner-in","Account":"999911112222"}}}},"eventID":"e-said","recipientAccountId":"444455556666"}'
	text=$(printf '%s' "$event" | sed 's/"/\\"/g')
	for shape in '{"ip":"h","requests":[{"userAgent":"%s"}]}' '{"TagSet":[{"Key":"a","Value":"%s"}]}' '{"access":{"http_user_agent":"%s"},"x":"y"}' \
		'{"Metadata":{"x":"%s","y":"z"}}' '{"finding":{"Description":"%s","Title":"t"}}' '{"Username":"%s","a":"b"}'; do
		# shellcheck disable=SC2059
		printf "$shape\n" "$text" >"$dir/work/said.json"
		run 3 list "$dir/work/said.json" && has "$out" '0 alerts, 0 open' && has "$err" 'where no transport puts one'
	done
	printf '{"some":{"message":"%s"}}\n' "$text" >"$dir/work/said.json"
	run 0 list "$dir/work/said.json" && has "$out" '1 alert, 1 open'
	# A caller's text in quotes at the end of a line of a log is told; what is named a message is read.
	printf '1.2.3.4 - - "GET / HTTP/1.1" 200 "-" "%s"\nlevel=info ua="%s"\n' "$text" "$text" >"$dir/work/said.log"
	run 3 list "$dir/work/said.log" && has "$out" '0 alerts, 0 open' && has "$err" 'JSON with escaped quotes'
	printf 'level=info msg="%s"\n' "$text" >"$dir/work/said.log"
	run 0 list "$dir/work/said.log" && has "$out" '1 alert, 1 open'
	# A line that a comment's mark begins is not passed over without a word.
	for mark in '#' '//nas/a.json:' '#5 0.4 '; do
		printf '%s%s\n' "$mark" "$event" >"$dir/work/said.log"
		run 3 list "$dir/work/said.log" && has "$err" 'a comment holds an event'
	done
	# What a database's types make of it is not read, and said so.
	printf '{"Items":[{"eventName":{"S":"PutBucketReplication"},"eventSource":{"S":"s3.amazonaws.com"},"eventTime":{"S":"2026-05-04T09:30:00Z"}}]}\n' >"$dir/work/said.json"
	run 3 list "$dir/work/said.json" && has "$err" 'too little to be an event'
	# As many columns as rows: the columns tell which way they lie.
	printf '{"columns":[{"name":"event.original","type":"keyword"},{"name":"event.action","type":"keyword"}],"values":[["%s","%s"],["PutBucketReplication","PutBucketReplication"]]}\n' \
		"$text" "$(printf '%s' "$text" | sed 's/e-said/e-other/; s/ledger/orders/')" >"$dir/work/said.json"
	run 0 list "$dir/work/said.json" && has "$out" '2 alerts, 2 open'
}
test_case "what callers say is no event, and nothing is passed over without a word" said

# An event in anybody's field says so, is approved by nobody, and is what it is when a trail has it, too.
aside() {
	content_event e-0001 acme-logs 777788889999 2026-10-06T08:00:00Z tf >"$dir/work/whole"
	sed 's/["\\]/\\&/g; s/^/{"user":"u","headers":{"data":"/; s/$/"}}/' "$dir/work/whole" >"$dir/work/aside"
	run 0 list "$dir/work/aside" --json -q && has "$out" '"found_in":"headers.data"' && has "$out" '"found-aside"'
	id=$(sed 's/.*"id":"\([^"]*\)".*/\1/; q' "$out")
	run 0 show "$id" --from "$dir/work/aside" -q && has "$out" 'headers.data'
	run 0 normalize "$dir/work/aside" >"$dir/work/n" && cp "$out" "$dir/work/made"
	run 0 list "$dir/work/made" --json -q && has "$out" '"found_in":"headers.data"' && has "$out" "\"id\":\"$id\""
	run 0 approval add --account 777788889999 --valid-from 2026-01-01 --reason x --until 2099-01-01 --auto
	run 0 approval apply --from "$dir/work/aside" -q
	run 0 list "$dir/work/aside" -q && has "$out" '1 alert, 1 open'
	for order in "$dir/work/whole $dir/work/aside" "$dir/work/aside $dir/work/whole"; do
		# shellcheck disable=SC2086
		run 0 list $order --json -q && lines "$out" 1 && has "$out" '"found_in":null' && lacks "$out" found-aside
	done
	run 0 approval apply --from "$dir/work/whole" -q && has "$out" '1 alert'
}
test_case "an event in anybody's field" aside
