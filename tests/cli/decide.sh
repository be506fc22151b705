# decide, history, verify, export: the record.

ids() { run 0 list --demo --json -q && sed -n 's/.*"id":"\([^"]*\)","event_id":"\([^"]*\)".*/\1 \2/p' "$out" >"$dir/work/ids"; }
id() { sed -n "$1p" "$dir/work/ids" | cut -d' ' -f1; }
event() { sed -n "$1p" "$dir/work/ids" | cut -d' ' -f2; }

decides() {
	ids
	run 0 decide suspicious "$(id 1)" "$(id 2)" --demo --dry-run && has "$out" '2 alerts would be marked suspicious'
	run 0 list --demo --json -q --verdict suspicious && lines "$out" 0
	run 0 decide suspicious "$(id 1)" "$(id 2)" --demo --reason exfiltration --note 'IR-204, keys disabled' -q
	has "$out" '2 alerts marked suspicious'
	run 0 decide suspicious "$(id 1)" --demo -q && has "$out" '0 alerts marked suspicious, 1 already suspicious'
	run 0 decide approved "$(event 3)" --demo --analyst lee -q && has "$out" '1 alert marked approved' && lines "$err" 0
	run 0 decide approved "$(event 4)" --demo && has "$err" 'neither ticked nor answered' && run 0 decide open "$(event 4)" --demo -q
	run 0 list --demo --json -q --verdict suspicious && lines "$out" 2
	run 0 history "$(id 1)" && has "$out" kim && has "$out" 'open -> suspicious' && has "$out" 'IR-204'
	run 0 history "$(event 3)" --json && has "$out" '"analyst":"lee"'
	run 1 history nosuch && has "$err" nosuch
	run 0 history "$(id 1 | cut -c1-6)" && has "$out" 'IR-204' && lines "$out" 1
	run 0 history "$(event 3 | cut -c1-13)" && has "$out" lee
	run 1 history "$(id 1 | cut -c1-3)" && has "$err" 'no decision about'
	run 1 decide approved "$(id 4)" nosuch --demo -q && has "$err" 'nothing is decided'
	run 0 list --demo --json -q --verdict approved && lines "$out" 1
	run 0 decide open "$(id 1)" --demo -q --json && has "$out" '"from":"suspicious","verdict":"open","changed":true'
	run 0 verify && has "$out" 'chain intact, 6 records'
	run 1 verify --journal "$dir/work/nosuch.db" && has "$err" 'there is no journal'
	run 1 history "$(id 1)" --journal "$dir/work/nosuch.db" && has "$err" 'there is no journal'
	for verb in 'list --demo' "show $(id 1) --demo" 'accounts --demo'; do
		# shellcheck disable=SC2086
		run 3 $verb --journal "$dir/work/nosuch.db" && has "$err" 'there is no journal'
		run 2 $verb --journal '' && has "$err" "--journal needs a file's name"
	done
	for verb in 'export -o x.csv' 'export -f exceptions -o x.json' \
		'approval list' 'approval apply --demo -n' 'checklist x' 'aws replication x --demo' \
		'history' 'open --demo --read-only'; do
		# shellcheck disable=SC2086
		run 1 $verb --journal "$dir/work/nosuch.db" && has "$err" 'there is no journal'
		run 2 $verb --journal '' && has "$err" "--journal needs a file's name"
	done
	run 0 decide approved "$(id 1)" --demo -q --dry-run --journal "$dir/work/nosuch.db"
	run 2 decide approved "$(id 1)" --demo -q --journal ''
	[ ! -e "$dir/work/nosuch.db" ] || complain 'reading made a journal'
	[ ! -e x.csv ] || complain 'an export from no journal'
}
test_case 'decide, history, verify' decides

# Over one local journal, too, another's word is replaced only when that is said; one's own, and
# what an approval did by itself, need no such word.
overrules() {
	ids
	run 0 decide suspicious "$(id 1)" --demo -q --analyst kim
	run 1 decide approved "$(id 1)" "$(id 2)" --demo -q --analyst lee && has "$err" 'is suspicious by kim at 20' &&
		has "$err" '; --overwrite replaces it'
	run 1 decide approved "$(id 1)" --demo -q --analyst lee --dry-run
	run 0 verify && has "$out" 'chain intact, 1 record'
	run 0 decide suspicious "$(id 1)" --demo -q --analyst lee && has "$out" '0 alerts marked suspicious, 1 already suspicious by kim'
	run 1 decide suspicious "$(id 1)" --demo -q --analyst lee --note 'so do I' && has "$out" '1 already suspicious by kim'
	has "$err" 'not recorded on 1 alert' && run 0 verify && has "$out" 'chain intact, 1 record'
	run 0 export && has "$out" ',kim,' && lacks "$out" lee
	run 0 decide open "$(id 1)" --demo -q --analyst kim
	run 0 decide suspicious "$(id 1)" --demo -q --analyst kim
	run 0 decide suspicious "$(id 1)" --demo -q --analyst lee --note 'so do I' --overwrite
	run 0 export && has "$out" ',lee,'
	run 0 decide approved "$(id 1)" --demo -q --analyst kim --overwrite
	run 0 decide open "$(id 1)" --demo -q --analyst kim
}
test_case "another's verdict is not replaced unasked" overrules
# bob takes back what he put over alice's word, as the console's undo does: alice's stands again.
take_back() {
	python3 - "$XDG_DATA_HOME/s3triage/journal.db" <<'P'
import hashlib, sqlite3, sys
d = sqlite3.connect(sys.argv[1])
C = "seq,at,kind,analyst,alert_id,event_id,rule_id,was,verdict,reason,note,undoes,redo,batch,approval,payload"
first, last = d.execute("select %s, hash from record order by seq" % C).fetchall()
row = list(last[:16])
row[0], row[1], row[7:11], row[11], row[13] = 3, last[1] + 60000, ["approved", *first[8:11]], 2, "3"
row[15] = first[15][:-1] + ',"restores":{"analyst":"alice","at":"2026-11-02T10:00:00.000Z"}}'
h = hashlib.sha256(last[16].encode() + b"".join(b"%d:%s," % (len(x), x) for x in (str(x).encode() for x in row)))
d.execute("insert into record (%s,prev_hash,hash) values (%s)" % (C, ",".join("?" * 18)), row + [last[16], h.hexdigest()])
d.commit()
P
}
given_back() {
	command -v python3 >/dev/null || { skip 'python3 is not installed'; return; }
	ids
	run 0 decide suspicious "$(id 1)" --demo -q --analyst alice --note theft
	run 0 decide approved "$(id 1)" --demo -q --analyst bob --overwrite
	take_back
	run 0 verify && has "$out" 'chain intact, 3 records'
	run 0 history "$(id 1)" && has "$out" 'bob  approved -> suspicious  (takes back 2)  (taken back by bob: suspicious by alice, 2026-11-02'
	run 0 history "$(id 1)" --json && has "$out" '"restores_analyst":"alice"' && has "$out" '"restores_analyst":null'
	run 0 export -f csv && has "$out" ',suspicious,,theft,alice,' && lacks "$out" bob && has "$out" 2026-11-02T10:00:00Z
	run 0 export -f json && has "$out" '"analyst":"alice"' && lacks "$out" '"analyst":"bob"'
	run 0 list --demo -q --filter analyst:alice --json && lines "$out" 1
	run 1 decide approved "$(id 1)" --demo -q --analyst bob && has "$err" 'is suspicious by alice at 2026-11-02'
	run 0 decide approved "$(id 1)" --demo -q --analyst alice
}
test_case 'what is taken back is the word of whose it was' given_back
whole_log() {
	ids
	run 0 decide suspicious "$(id 1)" --demo -q --note "a
b" --analyst lee
	run 0 checklist "$(id 1)" --demo -q
	key=$(sed -n 's/^ \[.\] \([a-z][^ ]*\) .*/\1/p' "$out" | head -1)
	run 0 checklist "$(id 1)" --demo -q --tick "$key" --note 'asked the owner' && has "$out" "ticked by kim at 20"
	run 0 approval add --account 777788889999 --ticket CHG-1 -q
	n=$(run 0 history --json && sed -n 's/{"seq":\([0-9]*\),.*"kind":"approval".*/\1/p' "$out")
	run 0 approval end "$n" --reason 'contract ended' -q
	run 0 history
	has "$out" "  lee  $(id 1)  open -> suspicious  note: a<U+000A>b"
	has "$out" "  tick  step: $key  done: true  text: asked the owner"
	has "$out" 'account: 777788889999'
	has "$out" "approval-end $n  reason: contract ended"
	run 0 history --json
	has "$out" '"kind":"decision"' && has "$out" "\"said\":{\"step\":\"$key\",\"done\":true,\"text\":\"asked the owner\"}"
	is "$(sed -n 's/{"seq":\([0-9]*\),.*/\1/p' "$out" | tr '\n' ' ')" "$(seq 1 "$(wc -l <"$out")" | tr '\n' ' ')"
	run 2 history a b
}
test_case 'the whole log' whole_log

# A tick is somebody's word: the same again is no row, and nobody's note stands under another's name.
ticks_once() {
	ids
	run 0 decide suspicious "$(id 1)" --demo -q
	run 0 checklist "$(id 1)" --demo -q
	key=$(sed -n 's/^ \[ \] \([a-z][^ ]*\) .*/\1/p' "$out" | head -1)
	run 0 checklist "$(id 1)" --demo -q --untick "$key" && has "$err" 'nothing is recorded: the step is not ticked'
	run 0 checklist "$(id 1)" --demo -q --tick "$key" --note 'asked the *owner*' --analyst lee
	run 0 checklist "$(id 1)" --demo -q --tick "$key" && has "$out" 'ticked by lee' && has "$out" ': asked the *owner*' &&
		has "$err" 'nothing is recorded: ticked by lee at 20'
	run 0 checklist "$(id 1)" --demo -q --tick "$key" --note 'asked the *owner*' && has "$err" 'nothing is recorded'
	run 0 export -f case --demo -q && has "$out" "(ticked by lee)" && has "$out" '  - found: asked the \*owner\*'
	run 0 history && lines "$out" 2
	run 0 checklist "$(id 1)" --demo -q --tick "$key" --note 'looked, too' && has "$out" 'ticked by kim' &&
		has "$out" ': looked, too'
	run 0 checklist "$(id 1)" --demo -q --untick "$key" && lacks "$out" 'ticked by'
	run 0 checklist "$(id 1)" --demo -q --untick "$key"
	run 0 checklist "$(id 1)" --demo -q --tick "$key" && has "$out" 'ticked by kim' && lacks "$out" 'looked, too'
	run 0 history && lines "$out" 5
}
test_case 'a tick is recorded once, and with its own note' ticks_once

behind() {
	ids
	db=$XDG_DATA_HOME/s3triage/journal.db
	for n in 1 2 3; do run 0 decide suspicious "$(id $n)" --demo -q; done
	cp "$db" "$dir/work/full.db"
	rm -f "$db" "$db"-*
	for verb in 'list --demo -q' "show $(id 1) --demo -q" history 'accounts --demo -q' 'approval list'; do
		# shellcheck disable=SC2086
		run 3 $verb && has "$err" 'there was a journal of 3 rows here' && has "$err" 'it is gone' && has "$err" accept-head
	done
	run 1 export && has "$err" 'nothing is exported' && lines "$out" 0
	run 1 verify && has "$err" 'it is gone'
	cp "$XDG_STATE_HOME"/s3triage/heads/* "$dir/work/head"
	run 3 decide approved "$(id 1)" --demo -q && has "$err" 'it is gone, and a new one is begun'
	run 1 verify && has "$out" '1 record' && has "$out" 'a journal of 3 rows' && has "$err" accept-head
	for verb in 'list --demo -q' "show $(id 1) --demo -q" history 'accounts --demo -q' 'approval list'; do
		# shellcheck disable=SC2086
		run 3 $verb && has "$err" 'a journal of 3 rows' && has "$err" 'and is gone' && has "$err" accept-head
	done
	run 1 export && has "$err" 'nothing is exported' && lines "$out" 0
	run 1 seal -o "$dir/work/seals" && has "$err" 'nothing is sealed'
	run 0 verify --accept-head && has "$err" 'accepted and recorded' && has "$out" '2 records'
	run 0 verify --accept-head && has "$err" 'nothing to accept'
	run 0 list --demo -q && lacks "$err" gone
	run 0 export && run 0 history && has "$out" 'head-accepted  known_rows: 3'
	run 1 decide approved "$(id 1)" --demo -q --journal "$dir/work/nowhere/" && lacks "$err" gone
	rm -f "$db"-*
	cp "$dir/work/head" "$XDG_STATE_HOME"/s3triage/heads/*
	: >"$db"
	for verb in verify history 'list --demo'; do
		# shellcheck disable=SC2086
		run 1 $verb && has "$err" 'the file is empty' && has "$err" 'it had 3 rows when it was last used here' && lacks "$err" 'nothing was ever'
	done
	run 1 decide approved "$(id 1)" --demo -q && has "$err" 'now it has 0'
	run 1 verify && has "$err" 'accept-head'
	run 1 verify --json
	cp "$dir/work/full.db" "$db"
	run 0 verify && has "$out" 'chain intact, 3 records' && has "$out" 'The chain has no key'
	run 0 verify --accept-head && has "$err" 'nothing to accept'
	# the same under another name is another journal, and a link to it is this one
	run 0 list --demo -q --journal "$dir/work/full.db"
	ln -s "$db" "$dir/work/link.db"
	run 0 decide approved "$(id 1)" --demo -q --journal "$dir/work/link.db"
	cp "$dir/work/full.db" "$db" && rm -f "$db"-*
	run 3 list --demo -q && has "$err" 'had 4 rows' && has "$err" 'now it has 3'
	run 1 verify --journal "$dir/work/link.db" && has "$err" 'had 4 rows'
	run 1 open --demo && has "$err" 'had 4 rows'
	run 0 verify --accept-head --analyst lee && has "$err" 'accepted and recorded' && has "$out" '4 records'
	run 0 history && has "$out" 'lee  head-accepted  known_rows: 4'
	run 0 decide approved "$(id 2)" --demo -q
	run 0 verify && has "$out" '5 records'
	is "$(stat -c %a "$XDG_STATE_HOME/s3triage/heads" "$XDG_STATE_HOME"/s3triage/heads/* | sort -u | tr '\n' ' ')" '600 700 '
}
test_case 'a journal that was cut, emptied or replaced is told' behind

private() {
	ids
	run 0 decide approved "$(id 1)" --demo -q
	is "$(stat -c %a "$XDG_DATA_HOME/s3triage/journal.db")" 600
	is "$(stat -c %a "$XDG_DATA_HOME/s3triage")" 700
}
test_case 'the journal is private' private

# The statements of JOURNAL.md are the program's own; ANALYZE does no harm.
mended() {
	command -v sqlite3 >/dev/null || { skip 'sqlite3 is not installed'; return; }
	ids
	db=$XDG_DATA_HOME/s3triage/journal.db
	run 0 decide approved "$(id 1)" --demo -q
	for t in $(sqlite3 "$db" "select type || '.' || name from sqlite_master where type <> 'table'"); do
		sqlite3 "$db" "drop ${t%.*} ${t#*.}"
	done
	run 1 verify --json && has "$out" '"intact":false,"rows":1,"broken":0,"reason":"the index '
	has "$out" 'is missing' && run 1 decide suspicious "$(id 1)" --demo -q
	grep '^    CREATE' "$root/src/journal/JOURNAL.md" | sqlite3 "$db"
	sqlite3 "$db" 'create table x(y); insert into x values (1); analyze; drop table x'
	is "$(sqlite3 "$db" "select count(*) from sqlite_master where name = 'sqlite_stat1'")" 1
	run 0 verify && run 0 decide suspicious "$(id 1)" --demo -q
}
test_case 'a schema is mended as JOURNAL.md says' mended

tampered() {
	command -v sqlite3 >/dev/null || { skip 'sqlite3 is not installed'; return; }
	ids
	for n in 1 2 3; do run 0 decide approved "$(id $n)" --demo -q; done
	db=$XDG_DATA_HOME/s3triage/journal.db
	table=$(sqlite3 "$db" "select name from sqlite_master where type='table' and sql like '%prev_hash%'")
	sqlite3 "$db" "update $table set note = 'x' where seq = 2" 2>"$err" && complain 'the journal took an update'
	sqlite3 "$db" "delete from $table where seq = 2" 2>"$err" && complain 'the journal took a delete'
	for t in $(sqlite3 "$db" "select name from sqlite_master where type='trigger'"); do sqlite3 "$db" "drop trigger $t"; done
	sqlite3 "$db" "update $table set note = 'forged' where seq = 2"
	run 1 verify && has "$err" 'row 2 is broken'
	run 1 verify --json && has "$out" '"intact":false' && has "$out" '"broken":2'
	for verb in list accounts; do
		run 3 $verb --demo --json -q && has "$err" 'its verdicts may be wrong' && has "$err" 'row 2'
	done
	run 3 show "$(id 2)" --demo && has "$err" 'its verdicts may be wrong'
	run 1 export && has "$err" 'row 2 is broken'
}
test_case 'a changed row is named' tampered

foreign_schema() {
	command -v sqlite3 >/dev/null || { skip 'sqlite3 is not installed'; return; }
	ids
	run 0 decide approved "$(id 1)" --demo -q
	sqlite3 "$XDG_DATA_HOME/s3triage/journal.db" 'create trigger hide after insert on record begin select 1; end'
	run 1 verify && has "$err" "the trigger 'hide' was not made by s3triage"
	run 1 verify --json && has "$out" '"intact":false,"rows":1,"broken":0'
	run 1 decide approved "$(id 2)" --demo -q && has "$err" "nothing is recorded" && has "$err" "'hide'"
	for verb in list accounts; do
		run 3 $verb --demo --json -q && has "$err" "'hide'"
	done
	run 3 history "$(id 1)" && has "$err" "'hide'" && has "$out" 'open -> approved'
	run 1 export && has "$err" "'hide'"
}
test_case 'what others put into the schema is told and not written to' foreign_schema

exports() {
	ids
	run 0 decide suspicious "$(id 1)" --demo --reason '=cmd|calc' --note 'a "quoted", note' -q
	run 0 decide approved "$(id 2)" --demo -q
	run 0 export && has "$out" 'schema_version' && has "$out" "'=cmd|calc" && has "$out" '"a ""quoted"", note"'
	is "$(grep -c approved "$out")" 1
	run 0 export --format ndjson && lines "$out" 2
	run 0 export --format ndjson --verdict suspicious && lines "$out" 1 && has "$out" '"reason":"=cmd|calc"'
	run 0 export --format json && has "$out" '"schema_version"' && has "$out" '"decisions"'
	run 0 export --format markdown && has "$out" '# ' && has "$out" suspicious
	run 0 export --format ndjson --demo -q && lines "$out" "$(wc -l <"$dir/work/ids")"
	run 0 export --format ndjson --since 2100-01-01 && lines "$out" 0
	run 0 export -f csv -o "$dir/work/x.csv"
	cp "$dir/work/x.csv" "$dir/work/before"
	run 1 export -f csv -o "$dir/work/x.csv" && has "$err" x.csv
	cmp -s "$dir/work/x.csv" "$dir/work/before" || complain 'the file was overwritten without --force'
	run 0 export -f csv -o "$dir/work/x.csv" --force
	run 0 export -f ndjson && cp "$out" "$dir/work/a" && run 0 export -f ndjson && { cmp -s "$out" "$dir/work/a" || complain 'two exports differ'; }
}
test_case 'exports' exports

race() {
	ids
	total=$(wc -l <"$dir/work/ids")
	n=1
	while [ $n -le 8 ]; do
		"$S3TRIAGE" decide approved "$(id $n)" --demo -q --analyst "a$n" >/dev/null 2>"$dir/work/e$n" &
		n=$((n + 1))
	done
	wait
	run 0 verify && has "$out" '8 records'
	run 0 export --format ndjson && lines "$out" 8
}
test_case 'eight writers at once lose nothing' race

# A row that was changed by other means: every verb says so, and verify what can be done.
changed() {
	command -v sqlite3 >/dev/null || { skip 'sqlite3 is not installed'; return; }
	ids
	db=$XDG_DATA_HOME/s3triage/journal.db
	run 0 decide suspicious "$(id 1)" --demo -q
	run 0 decide suspicious "$(id 2)" --demo -q
	guard=$(sqlite3 "$db" "select sql from sqlite_schema where name = 'record_no_update'")
	sqlite3 "$db" "drop trigger record_no_update; update record set verdict = 'approved' where seq = 1; $guard"
	run 1 verify && has "$err" 'row 1 is broken: its content was changed' && has "$err" 'What to do: keep a copy of'
	run 3 decide approved "$(id 3)" --demo -q && has "$err" 's3triage verify says what to do'
	# Several at once are nobody's look at each: refused, a dry run, too; one by one they are recorded.
	for n in '' -n; do
		run 1 decide suspicious "$(id 4)" "$(id 5)" --demo -q $n && lines "$out" 0 &&
			has "$err" 'nothing is decided: the journal is not known to be whole, and only single verdicts'
	done
	run 3 history && lines "$out" 3
	run 3 decide suspicious "$(id 4)" --demo -q && run 3 decide suspicious "$(id 5)" --demo -q
	run 1 export && has "$err" 'nothing is exported' && has "$err" 'row 1 is broken' && is "$(grep -o "$db" "$err" | wc -l)" 1
	mkdir "$dir/work/aside" && mv "$db"* "$dir/work/aside"
	run 3 history --journal "$dir/work/aside/journal.db" && has "$out" "$(id 3)"
	run 0 verify --accept-head && has "$err" 'accepted and recorded'
	run 0 decide suspicious "$(id 1)" --demo -q
	run 0 export
}
test_case 'a changed row, and the way out' changed

# Wherever an answer comes from a changed journal, the exit code says so; approvals decide nothing of it.
doubted() {
	command -v sqlite3 >/dev/null || { skip 'sqlite3 is not installed'; return; }
	db=$XDG_DATA_HOME/s3triage/journal.db
	run 0 approval add --account 777788889999 --bucket acme-nothing --valid-from 2026-01-01 --auto -q
	guard=$(sqlite3 "$db" "select sql from sqlite_schema where name = 'record_no_update'")
	sqlite3 "$db" "drop trigger record_no_update; update record set payload = replace(payload, 'acme-nothing', 'acme-*'); $guard"
	for verb in 'approval list' outbox 'open --demo -q' 'approval apply --demo -q -n'; do
		# shellcheck disable=SC2086
		run 3 $verb && has "$err" 'was changed by other means'
	done
	has "$out" 'would be marked approved' && lacks "$out" '0 alerts would be marked approved'
	for verb in 'apply' 'apply --auto' 'end 1'; do
		# shellcheck disable=SC2086
		run 3 approval $verb --demo -q && has "$err" 'nothing is decided by approvals' && lines "$out" 0
	done
	run 3 history && lines "$out" 1
}
test_case 'approvals of a changed journal decide nothing' doubted
