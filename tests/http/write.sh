# Decisions on their way to Kibana: decide, outbox and what the stub was really brought to.

# team NAME LINE...: a home of its own, whose only profile writes to the stub's NAME.
team() {
	team=$1 home=$dir/team-$1
	mkdir -p "$home/s3triage"
	shift
	profile "$team" kibana 'write = "kibana"' 'case = "c1"' "$@" >"$home/s3triage/config.toml"
}
as_team() { # EXPECTED_CODE VERB...
	want=$1
	shift
	before=$(wc -l <"$log")
	XDG_CONFIG_HOME=$home XDG_DATA_HOME=$home "$S3TRIAGE" "$@" >"$out" 2>"$err" </dev/null
	code=$?
	tail -n +$((before + 1)) "$log" | grep "^$team " >"$dir/seen"
	[ "$code" -eq "$want" ] || complain "exit code $code, expected $want: $*"
}
# there ID TEXT: what stands on the alert.
there() {
	curl -s "http://127.0.0.1:$port/$team/state/$1" >"$dir/state"
	is "$(cat "$dir/state")" "$2"
}
outbox_has() { as_team "$1" outbox --all --json && has "$out" "$2"; }

takes() {
	team kwfine
	as_team 0 decide approved a0 --from kwfine: --reason backup
	requests 'POST /api/detection_engine/signals/status' 1
	requests 'PATCH /api/note' 1
	requests 'POST /api/detection_engine/signals/tags' 1
	has "$err" 'kwfine: 1 acknowledged, 0 unchanged, 0 in conflict, 0 failed, 0 wait'
	there a0 'closed by u_kim, 1 writes, 1 notes, 0 cases, 1 tag writes: s3triage:approved s3triage:by:kim; approved (kim): backup'
	as_team 0 decide suspicious a1 --from kwfine:
	there a1 'acknowledged by u_kim, 1 writes, 0 notes, 1 cases, 1 tag writes: s3triage:suspicious s3triage:by:kim; '
	outbox_has 0 '"id":"a1","event_id":'
	is "$(grep -c '"state":"acknowledged"' "$out")" 2
	as_team 0 outbox
	has "$out" 'nothing waits, 2 arrived'
	as_team 0 outbox --retry
	there a0 'closed by u_kim, 1 writes, 1 notes, 0 cases, 1 tag writes: s3triage:approved s3triage:by:kim; approved (kim): backup'
}
test_case 'a decision becomes status, note, case and tags in Kibana' takes

for_good() {
	team kw400
	as_team 0 decide approved a0 --from kw400:
	has "$err" '0 acknowledged, 0 unchanged, 0 in conflict, 1 failed, 0 wait'
	as_team 1 outbox
	has "$out" failed
	has "$out" '400: the server refused (the server says: not like that)'
	requests . 0
	as_team 1 outbox --retry
	requests signals/status 1
}
test_case 'what Kibana refuses for good has failed, and is tried again when asked' for_good

overtaken() {
	team kwpart
	as_team 1 decide approved a0 a1 a2 --from kwpart:
	has "$err" '2 acknowledged, 0 unchanged, 1 in conflict, 0 failed, 0 wait'
	there a0 'acknowledged by u_lee, 0 writes, 0 notes, 0 cases, 0 tag writes:; '
	there a1 'closed by u_kim, 1 writes, 0 notes, 0 cases, 1 tag writes: s3triage:approved s3triage:by:kim; '
	there a2 'closed by u_kim, 1 writes, 0 notes, 0 cases, 1 tag writes: s3triage:approved s3triage:by:kim; '
	outbox_has 1 'acknowledged by u_lee'
}
test_case 'one of three was changed meanwhile: a conflict, and two that arrived' overtaken

in_part() {
	team kwnote
	as_team 0 decide approved a0 --from kwnote: --reason backup
	has "$err" '1 failed, 0 wait'
	there a0 'closed by u_kim, 1 writes, 0 notes, 0 cases, 0 tag writes:; '
	as_team 1 outbox
	has "$out" 'the status was taken, but then: 403'
	as_team 0 outbox --retry
	there a0 'closed by u_kim, 2 writes, 1 notes, 0 cases, 1 tag writes: s3triage:approved s3triage:by:kim; approved (kim): backup'
}
test_case 'the status was taken, the note was not: said, and completed when asked' in_part

killed() {
	team kwkill
	XDG_CONFIG_HOME=$home XDG_DATA_HOME=$home "$S3TRIAGE" decide suspicious a0 --from kwkill: --reason theft \
		>"$out" 2>"$err" </dev/null &
	pid=$!
	await grep -q '^kwkill POST .*signals/tags' "$log"
	kill -9 "$pid"
	wait "$pid" 2>/dev/null
	outbox_has 1 '"state":"sent"'
	as_team 0 outbox --retry
	has "$err" '1 acknowledged'
	there a0 'acknowledged by u_kim, 1 writes, 1 notes, 1 cases, 1 tag writes: s3triage:suspicious s3triage:by:kim; suspicious (kim): theft'
}
test_case 'killed before the answer to the tags: looked up, nothing done twice' killed
