# The outbox without a server: nothing leaves by default, and what cannot leave waits.

team_config() {
	mkdir -p "$XDG_CONFIG_HOME/s3triage"
	cat >"$XDG_CONFIG_HOME/s3triage/config.toml" <<'END'
[profile.team]
kind = "opensearch"
url = "http://127.0.0.1:1"
write = "decisions"
team = true
END
	"$S3TRIAGE" normalize --demo -q >"$dir/demo.ndjson" 2>/dev/null
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
	run 0 list "$dir/demo.ndjson" --json -q
	id=$(sed -n '1s/{"id":"\([^"]*\)".*/\1/p' "$out")
	run 0 decide approved "$id" --from "$dir/demo.ndjson"
	has "$out" '1 alert marked approved'
	has "$err" 'nothing answers there'
	has "$err" '1 wait'
	run 1 outbox --json
	has "$out" '"state":"pending"'
	has "$out" "\"id\":\"$id\""
	run 1 outbox
	has "$out" '1 pending, 0 arrived'
	run 0 show "$id" --from "$dir/demo.ndjson"
	has "$out" 'not at team: pending: '
	has "$out" 'nothing answers there'
	run 0 show "$id" --from "$dir/demo.ndjson" --json
	has "$out" '"unsent":[{"seq":1,"text":"not at team: pending: '
	run 2 outbox --keep --overwrite
	# before the outbox knew of it, the row says whom it is for: not for another run's team
	rm "$XDG_DATA_HOME"/s3triage/journal.db.outbox*
	run 0 outbox
	echo junk >"$XDG_DATA_HOME/s3triage/journal.db.outbox"
	run 0 decide suspicious "$id" --from "$dir/demo.ndjson" -q
	has "$err" 'nothing is sent'
	rm "$XDG_DATA_HOME"/s3triage/journal.db.outbox*
	run 0 history "$id" --json && has "$out" '"teams":"team@'
	sed -i 's/:1"/:2"/' "$XDG_CONFIG_HOME/s3triage/config.toml"
	run 1 outbox --since 2001-01-01
	has "$out" '2 pending, 0 arrived'
	run 0 verify
	no_config
}
test_case outbox-waits what_cannot_leave_waits

anothers_word() {
	team_config
	run 0 list "$dir/demo.ndjson" --json -q
	id=$(sed -n '1s/{"id":"\([^"]*\)".*/\1/p' "$out")
	run 0 decide approved "$id" --from "$dir/demo.ndjson" --analyst lee
	run 1 decide suspicious "$id" --from "$dir/demo.ndjson" --analyst kim
	has "$err" 'is approved by lee'
	# to say the same first is no way round
	run 1 decide approved "$id" --from "$dir/demo.ndjson" --analyst kim --reason 'so do I' && has "$out" 'already approved by lee'
	run 1 decide suspicious "$id" --from "$dir/demo.ndjson" --analyst kim
	has "$err" 'is approved by lee'
	run 0 decide suspicious "$id" --from "$dir/demo.ndjson" --analyst kim --overwrite
	no_config
}
test_case outbox-others anothers_word

# What is only looked at, or is to stay, or is the demo's, never waits for anybody.
stays_here() {
	team_config
	run 0 list "$dir/demo.ndjson" --json -q
	set -- $(sed 's/{"id":"\([^"]*\)".*/\1/' "$out")
	run 0 decide approved "$1" --from "$dir/demo.ndjson" -n --journal "$dir/stay.db"
	has "$out" 'goes to team'
	run 0 decide approved "$1" --demo --journal "$dir/stay.db"
	has "$err" 'stays here'
	run 0 decide approved "$2" --from "$dir/demo.ndjson" --no-send --journal "$dir/stay.db"
	has "$err" 'stays here'
	run 0 approval add --account 777788889999 --until 90d --valid-from 2020-01-01 --journal "$dir/stay.db" -q
	run 0 approval apply -n --from "$dir/demo.ndjson" --journal "$dir/stay.db" -q
	has "$out" 'would be marked approved' && has "$out" 'goes to team'
	run 0 approval apply -n --from "$dir/demo.ndjson" --no-send --journal "$dir/stay.db" -q && has "$out" 'all stay here'
	run 0 approval apply -n --json --from "$dir/demo.ndjson" --journal "$dir/stay.db" -q && lacks "$out" 'goes to'
	sed -i '/team = true/d' "$XDG_CONFIG_HOME/s3triage/config.toml"
	run 0 decide approved "$3" --from "$dir/demo.ndjson" --journal "$dir/stay.db"
	has "$err" 'stays here'
	run 0 outbox --journal "$dir/stay.db"
	has "$out" 'nothing waits'
	has "$out" 'team: decisions about alerts that were read from it'
	no_config
}
test_case outbox-stays stays_here

# Each verb that decides shares: approvals too.
approvals_share() {
	team_config
	run 0 approval add --account 777788889999 --valid-from 2026-01-01 --auto --journal "$dir/share.db"
	run 0 approval apply --auto --from "$dir/demo.ndjson" --journal "$dir/share.db"
	has "$err" 'nothing answers there'
	n=$(sed -n '1s/ .*//p' "$out")
	[ "$n" -gt 0 ] || complain 'nothing is approved'
	run 1 outbox --journal "$dir/share.db"
	has "$out" "$n pending"
	run 0 approval end 1 --reason over --from "$dir/demo.ndjson" --journal "$dir/share.db"
	has "$err" "$((2 * n)) wait"
	no_config
}
test_case outbox-approvals approvals_share

# A file that is damaged stops nothing but the sending; one about a profile that is gone is told.
outbox_file() {
	team_config
	run 0 list "$dir/demo.ndjson" --json -q
	id=$(sed -n '1s/{"id":"\([^"]*\)".*/\1/p' "$out")
	run 0 decide approved "$id" --from "$dir/demo.ndjson" --journal "$dir/file.db"
	sed -i 's/profile.team/profile.soc/' "$XDG_CONFIG_HOME/s3triage/config.toml"
	run 0 outbox --journal "$dir/file.db"
	has "$err" 'no profile is called team any more'
	run 0 outbox --forget team --journal "$dir/file.db"
	has "$err" '1 had not been sent'
	run 0 outbox --journal "$dir/file.db" && [ ! -s "$err" ] || complain 'it is told still'
	sed -i 's/:1"/:2"/' "$XDG_CONFIG_HOME/s3triage/config.toml"
	run 0 decide open "$id" --from "$dir/demo.ndjson" --journal "$dir/file.db"
	has "$err" 'stood for decisions http://127.0.0.1:1/'
	run 1 outbox --moved soc --retry --journal "$dir/file.db"
	has "$err" 'nothing answers there'
	echo 'this is no database at all, whoever wrote it; and it is long enough to have a header of one' >"$dir/file.db.outbox"
	rm -f "$dir/file.db.outbox-wal"
	run 0 decide suspicious "$id" --from "$dir/demo.ndjson" --journal "$dir/file.db"
	has "$out" '1 alert marked suspicious'
	has "$err" 'the outbox cannot be used, so nothing is sent'
	run 1 outbox --journal "$dir/file.db"
	run 0 verify --journal "$dir/file.db"
	no_config
}
test_case outbox-file outbox_file

bad_targets() {
	team_config
	echo 'assignee = 7' >>"$XDG_CONFIG_HOME/s3triage/config.toml"
	run 1 outbox
	has "$err" 'config.toml:6'
	no_config
}
test_case outbox-config bad_targets

doctor_out_of_reach() {
	team_config
	run 1 doctor
	has "$out" 'bad   team  reach' && has "$out" 'ok    -  config' && lacks "$out" 'no [profile'
	run 1 doctor team --json
	has "$out" '"state":"bad"'
	run 2 doctor nobody
	no_config
}
test_case doctor-reach doctor_out_of_reach

# Without a cluster it says what is set up here.
doctor_at_home() {
	run 0 doctor && has "$out" 'config.toml is not there' && has "$out" 'Replicated to Another Account, built in'
	has "$out" 'warn  -  accounts' && has "$out" 'journal.db is not there' && has "$out" 'no [profile.NAME]'
	[ ! -e "$XDG_DATA_HOME/s3triage" ] || complain 'something was made'
	run 0 doctor --json && has "$out" '{"profile":null,"check":"journal","state":"ok","text":"'
	mkdir -p "$XDG_CONFIG_HOME/s3triage" && cp src/builtin/accounts.toml "$XDG_CONFIG_HOME/s3triage/"
	run 0 decide suspicious "$("$S3TRIAGE" list --demo -q --json | sed -n '1s/^{"id":"\([^"]*\)".*/\1/p')" --demo -q
	run 0 doctor && has "$out" 'ok    -  accounts  6 accounts in 1 file, 0 problems' && has "$out" 'journal.db, 1 row, chain intact'
	run 0 doctor --rule src/builtin/rule.toml && has "$out" 'Account, src/builtin/rule.toml'
	chmod 666 "$XDG_CONFIG_HOME/s3triage/accounts.toml"
	run 1 doctor && has "$out" 'bad   -  accounts  ' && has "$out" 'chmod 600'
	no_config
	chmod 644 "$XDG_DATA_HOME/s3triage/journal.db"
	run 1 doctor && has "$out" 'bad   -  journal  ' && has "$out" 'chmod 600'
	chmod 600 "$XDG_DATA_HOME/s3triage/journal.db" && rm "$XDG_DATA_HOME/s3triage/journal.db"
	run 1 doctor && has "$out" 'bad   -  journal  ' && has "$out" 'it is gone'
	rm -rf "$XDG_STATE_HOME" && LC_ALL=C TERM='' run 0 doctor && has "$out" 'ASCII only' && has "$out" 'TERM is not set'
}
test_case 'doctor without a cluster' doctor_at_home

# What is remembered at home may be wiped with the rows: the outbox knows, and after somebody looked
# the record says so.
outbox_knows_the_head() {
	team_config
	db=$XDG_DATA_HOME/s3triage/journal.db
	rm -rf "$XDG_DATA_HOME/s3triage" "$XDG_STATE_HOME/s3triage"
	run 0 list "$dir/demo.ndjson" --json -q
	set -- $(sed 's/{"id":"\([^"]*\)".*/\1/' "$out")
	run 0 decide approved "$1" --from "$dir/demo.ndjson" -q
	run 0 verify && cp "$db" "$dir/one.db"
	run 0 decide approved "$2" --from "$dir/demo.ndjson" -q
	run 0 verify && has "$out" 'and in the outbox'
	cp "$dir/one.db" "$db" && rm -rf "$db"-* "$XDG_STATE_HOME/s3triage"
	run 3 list "$dir/demo.ndjson" -q && has "$err" 'its outbox says: this journal had 2 rows'
	run 1 verify && has "$err" 'now it has 1' && has "$err" 'accept-head'
	run 1 decide approved "$2" --from "$dir/demo.ndjson" -q && has "$err" 'its outbox says'
	run 0 verify --accept-head && has "$err" 'accepted and recorded' && has "$out" '2 records'
	run 0 verify --accept-head && has "$err" 'nothing to accept'
	run 0 decide approved "$2" --from "$dir/demo.ndjson" -q && has "$err" 'is sent anew'
	run 0 verify && has "$out" '3 records'
	# the same after the file itself is gone
	rm -rf "$db" "$db"-* "$XDG_STATE_HOME/s3triage"
	run 3 list "$dir/demo.ndjson" -q && has "$err" 'a journal of 3 rows here' && has "$err" 'it is gone'
	run 3 decide approved "$2" --from "$dir/demo.ndjson" -q && has "$err" 'it is gone'
	run 3 decide approved "$1" --from "$dir/demo.ndjson" -q && has "$err" 'and is gone'
	run 0 verify --accept-head && run 0 list "$dir/demo.ndjson" -q && lacks "$err" gone
	run 0 verify && has "$out" '3 records' && has "$out" 'a journal of 3 rows'
	# a strange outbox stops no decision, and sends nothing
	command -v sqlite3 >/dev/null || { no_config; return; }
	sqlite3 "$db.outbox" 'CREATE TRIGGER eat AFTER INSERT ON entry BEGIN DELETE FROM entry; END'
	run 0 decide suspicious "$1" --from "$dir/demo.ndjson" -q && has "$err" "'eat' was not made by s3triage"
	has "$err" 'nothing is sent' && run 0 verify && has "$out" '4 records'
	no_config
}
test_case outbox-head outbox_knows_the_head
