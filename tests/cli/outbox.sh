# The outbox without a server: nothing leaves by default, and what cannot leave waits.

team_config() {
	mkdir -p "$XDG_CONFIG_HOME/s3triage"
	cat >"$XDG_CONFIG_HOME/s3triage/config.toml" <<'END'
[profile.team]
kind = "opensearch"
url = "http://127.0.0.1:1"
write = "decisions"
END
}
no_config() { rm -rf "$XDG_CONFIG_HOME/s3triage"; }

nothing_leaves_by_default() {
	no_config
	run 0 list --demo --json -q
	id=$(sed -n '1s/{"id":"\([^"]*\)".*/\1/p' "$out")
	run 0 decide approved "$id" --demo
	[ ! -e "$XDG_DATA_HOME/s3triage/journal.db.outbox" ] || complain "an outbox without a target"
	run 0 outbox
	has "$err" 'nothing leaves'
}
test_case outbox-default nothing_leaves_by_default

what_cannot_leave_waits() {
	team_config
	run 0 list --demo --json -q
	id=$(sed -n '1s/{"id":"\([^"]*\)".*/\1/p' "$out")
	run 0 decide approved "$id" --demo
	has "$out" '1 alert marked approved'
	has "$err" 'nothing answers there'
	has "$err" '1 wait'
	run 1 outbox --json
	has "$out" '"state":"pending"'
	has "$out" "\"id\":\"$id\""
	run 1 outbox
	has "$out" '1 pending, 0 arrived'
	run 2 outbox --keep --overwrite
	run 0 verify
	no_config
}
test_case outbox-waits what_cannot_leave_waits

anothers_word() {
	team_config
	run 0 list --demo --json -q
	id=$(sed -n '1s/{"id":"\([^"]*\)".*/\1/p' "$out")
	run 0 decide approved "$id" --demo --analyst lee
	run 1 decide suspicious "$id" --demo --analyst kim
	has "$err" 'is approved by lee'
	run 0 decide suspicious "$id" --demo --analyst kim --overwrite
	no_config
}
test_case outbox-others anothers_word

bad_targets() {
	team_config
	echo 'assignee = 7' >>"$XDG_CONFIG_HOME/s3triage/config.toml"
	run 1 outbox
	has "$err" 'config.toml:5'
	no_config
}
test_case outbox-config bad_targets

doctor_out_of_reach() {
	team_config
	run 1 doctor
	has "$out" 'bad   team  reach'
	run 1 doctor team --json
	has "$out" '"state":"bad"'
	run 2 doctor nobody
	no_config
}
test_case doctor-reach doctor_out_of_reach
