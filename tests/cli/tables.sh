# tables.sh: rows of tables from the command line: what is lossy stays so wherever it goes. Sourced by run.
# shellcheck shell=sh

# table_row ID: an event as Athena prints it, without who did it
table_row() {
	printf '%s,2026-10-06T08:00:00Z,s3.amazonaws.com,PutBucketReplication,111122223333,"{""bucketName"":""acme-logs"",""ReplicationConfiguration"":{""Role"":""arn:aws:iam::111122223333:role/repl"",""Rule"":{""ID"":""all"",""Status"":""Enabled"",""Priority"":1,""Filter"":{""Prefix"":""""},""Destination"":{""Bucket"":""arn:aws:s3:::copies"",""Account"":""777788889999""}}}}"\n' "$1"
}

table_file() {
	echo eventid,eventtime,eventsource,eventname,recipientaccountid,requestparameters
	table_row "$1"
}

lossy_rows() {
	table_file e-0001 >"$dir/work/a.csv"
	run 0 list "$dir/work/a.csv" --json -q && has "$out" '"lossy"' && has "$out" "\"source\":\"$dir/work/a.csv:2\""
	sed 's/"source":"[^"]*"//' "$out" >"$dir/work/before"
	id=$(sed 's/.*"id":"\([^"]*\)","event_id.*/\1/' "$out")
	run 0 show "$id" --from "$dir/work/a.csv" -q
	has "$out" 'a form that leaves out parts of the event' && has "$out" 'not known from this form'
	# Written as documents and read again it is the same alert.
	run 0 normalize "$dir/work/a.csv" -q
	cp "$out" "$dir/work/again.ndjson"
	run 0 list "$dir/work/again.ndjson" --json -q
	sed 's/"source":"[^"]*"//' "$out" | cmp -s - "$dir/work/before" || complain 'another alert'
	# An approval does not fit it by itself.
	run 0 approval add --account 777788889999 --valid-from 2026-01-01 --reason x --until 2099-01-01 --auto
	run 0 approval apply --from "$dir/work/a.csv" -q
	run 0 list "$dir/work/a.csv" -q && has "$out" '1 alert, 1 open'
	# The event whole is the same alert, and stands before what a table has of it.
	content_event e-0001 acme-logs 777788889999 2026-10-06T08:00:00Z tf >"$dir/work/whole"
	for order in "$dir/work/whole $dir/work/a.csv" "$dir/work/a.csv $dir/work/whole"; do
		# shellcheck disable=SC2086
		run 0 list $order --json -q && lines "$out" 1 && lacks "$out" '"lossy"' && has "$out" "\"id\":\"$id\""
	done
}
test_case 'rows that leave things out' lossy_rows

# What a row implies, or spells in another way, does not stand in its bytes.
implied_values() {
	printf 'eventid,eventtime,eventname,recipientaccountid,requestparameters\n' >"$dir/work/a.csv"
	table_row e-1 | sed 's/s3.amazonaws.com,//; s/111122223333,"/1111222233.0,"/' >>"$dir/work/a.csv"
	run 0 match --eql 'any where event.provider == "s3.amazonaws.com"' "$dir/work/a.csv" -q && lines "$out" 1
	run 0 match --eql 'any where aws.cloudtrail.recipient_account_id == "001111222233"' "$dir/work/a.csv" -q && lines "$out" 1
	run 0 match --eql 'any where event.action == "PutBucketReplication"' "$dir/work/a.csv" -q && lines "$out" 1
}
test_case 'values that no cell spells' implied_values

unknown_destination() {
	printf '@timestamp,kibana.alert.uuid,kibana.alert.rule.name\n2026-10-06T08:00:00Z,u-1,Copied\n' >"$dir/work/a.csv"
	run 0 list "$dir/work/a.csv" -q && has "$out" '> not known'
	run 0 show u-1 --from "$dir/work/a.csv" -q && has "$out" 'the destination is not known: what was read holds no request'
	lacks "$out" 'no destination:'
	content_alert u-1 acme-logs 777788889999 e-0001 >"$dir/work/alert.json"
	for order in "$dir/work/alert.json $dir/work/a.csv" "$dir/work/a.csv $dir/work/alert.json"; do
		# shellcheck disable=SC2086
		run 0 list $order --json -q && lines "$out" 1 && lacks "$out" '"lossy"' && has "$out" 777788889999
	done
	mkdir "$dir/work/in"
	printf 'a,b\n1,2\n' >"$dir/work/in/x.csv"
	run 3 list "$dir/work/in" && has "$err" x.csv
	run 0 export --demo -q
	cp "$out" "$dir/work/ours.csv"
	run 3 list "$dir/work/ours.csv" && has "$err" 'decisions that s3triage exported'
}
test_case 'tables without a request' unknown_destination
