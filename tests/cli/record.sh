# record: what lies where the journal was, against what is known of it here: gone, put back, an older copy,
# another one, moved; and copies of it.

three() {
	ids
	db=$XDG_DATA_HOME/s3triage/journal.db
	for n in 1 2; do run 0 decide suspicious "$(id $n)" --demo -q; done
	cp "$db" "$dir/work/older.db" # all is in one file once nobody has it open
	run 0 decide approved "$(id 3)" --demo -q
	cp "$db" "$dir/work/full.db"
	run 0 decide approved "$(id 4)" --demo -q --journal "$dir/work/other.db"
	for n in 5 6 7 8; do run 0 decide open "$(id $n)" --demo -q --note "$n" --journal "$dir/work/other.db"; done
}
sound() { # N: no word is said against it any more
	run 0 list --demo -q && is "$(cat "$err")" ''
	run 0 export -q -o "$dir/work/x" --force
	run 0 verify && has "$out" "chain intact, $1 record" && is "$(cat "$err")" ''
	run 0 verify --accept-head && has "$err" 'nothing to accept'
}
refused() { # what is said; nothing is recorded or handed on, and what can be shown is
	run 1 verify && has "$err" "$1" && has "$err" 'put its newest copy back, or s3triage verify --accept-head goes on'
	run 3 list --demo -q && has "$err" "$1"
	run 1 decide approved "$(id 9)" --demo -q && has "$err" "$1"
	run 1 export -q && has "$err" "$1"
}
put_back() {
	three
	rm "$db"
	run 1 verify && has "$err" 'there was a journal of 3 rows here' && has "$err" 'it is gone: put it back, or'
	cp "$dir/work/full.db" "$db"
	sound 3
	lacks "$out" gone
}
test_case 'a journal that was gone and is put back is what it was' put_back

put_back_late() {
	three
	rm "$db"
	run 3 decide approved "$(id 4)" --demo -q && has "$err" 'it is gone, and a new one is begun'
	cp "$db" "$dir/work/new.db"
	run 1 verify && has "$err" 'a journal of 3 rows' && has "$err" 'was here before this one and is gone: put it back'
	cp "$dir/work/full.db" "$db" # as was asked for
	for verb in verify 'decide approved x --demo' export; do
		# shellcheck disable=SC2086
		run 1 $verb && has "$err" 'the journal that was gone is back, with its 3 rows; the one of 1 row' && lacks "$err" replaced
	done
	run 3 list --demo -q && has "$err" 'the journal that was gone is back'
	# the one that was begun meanwhile can be put back as well
	cp "$dir/work/new.db" "$db"
	run 1 verify && has "$err" 'a journal of 3 rows' && has "$err" 'and is gone'
	cp "$dir/work/full.db" "$db"
	run 0 verify --accept-head && has "$err" 'accepted and recorded, where it was: the journal that was gone is back'
	has "$out" 'a journal of 1 row, the last one' && lacks "$out" 'a journal of 3 rows'
	sound 4
	run 0 decide approved "$(id 5)" --demo -q
	sound 5
	run 0 history && has "$out" 'head-accepted  known_rows: 1'
}
test_case 'the old journal put back over the one that was begun meanwhile' put_back_late

older_and_others() {
	three
	cp "$dir/work/older.db" "$db"
	refused 'now it has 2: its end was cut off, or an older copy of it was put in its place'
	cp "$dir/work/other.db" "$db"
	refused 'now it has 5, without that row: another journal is in its place, or all of it was rewritten'
	cp "$dir/work/older.db" "$dir/work/fork.db"
	for n in 5 6 7; do XDG_STATE_HOME=$dir/else run 0 decide approved "$(id $n)" --demo -q --journal "$dir/work/fork.db"; done
	cp "$dir/work/fork.db" "$db"
	refused 'now it has 5, without that row: it was rewritten, or it is a copy that went on elsewhere'
	cp "$dir/work/full.db" "$db"
	sound 3
	cp "$dir/work/older.db" "$db"
	run 0 verify --accept-head && has "$err" 'an older copy of it was put in its place'
	sound 3
	# an older copy of the one that was gone, over the one that was begun meanwhile
	rm -rf "$XDG_STATE_HOME" "$XDG_DATA_HOME"
	three
	rm "$db"
	run 3 decide approved "$(id 4)" --demo -q
	cp "$dir/work/older.db" "$db"
	run 1 verify && has "$err" 'put its newest copy back'
	run 0 verify --accept-head && has "$err" 'an older copy of it is back, with 3' && has "$err" 'this journal had 1 row'
	sound 4
}
test_case 'an older copy, another journal and a fork in its place are told apart' older_and_others

moved() {
	three
	mkdir "$dir/work/new" && mv "$db" "$dir/work/new/journal.db"
	run 0 verify --journal "$dir/work/new/journal.db" && has "$out" 'no head of it was known here before'
	has "$out" "it is the journal that is known here as $db, moved or copied: of the 3 rows there, the last one is in it"
	run 0 list --demo -q --journal "$dir/work/new/journal.db"
	run 0 verify --journal "$dir/work/new/journal.db" && has "$out" 'of the 3 rows there, the last one is in it'
	run 0 verify --journal "$dir/work/older.db" && has "$out" 'the last one is not in it: it is an older copy'
	run 0 verify --journal "$dir/work/other.db" && lacks "$out" 'moved or copied'
	run 1 verify && has "$err" 'it is gone'
	mv "$dir/work/new/journal.db" "$db"
	sound 3
	run 0 verify && lacks "$out" 'moved or copied'
}
test_case 'a journal that was moved, and copies of it' moved

# What was ticked for one alert, with its notes, stands among what was decided about it.
ticks_of_one() {
	ids
	step=$(run 0 checklist "$(id 1)" --demo --json && sed -n 's/.*"key":"\([^"]*\)".*/\1/p' "$out" | head -1)
	run 0 checklist "$(id 1)" --demo -q --tick "$step" --note 'asked the owner'
	run 0 history "$(id 1)" && lines "$out" 1 && has "$out" 'asked the owner' # nothing is decided yet
	run 0 checklist "$(id 2)" --demo -q --tick "$step" --note 'of another alert'
	run 0 decide suspicious "$(id 1)" --demo -q
	run 0 checklist "$(id 1)" --demo -q --untick "$step"
	run 0 decide approved "$(id 3)" --demo -q
	for word in "$(id 1)" "$(event 1)" "$(id 1 | cut -c1-8)"; do
		run 0 history "$word" && lines "$out" 3 && lacks "$out" 'of another'
		is "$(cut -d' ' -f1 "$out" | tr '\n' ' ')" '1 3 4 '
		sed -n 1p "$out" >"$dir/work/1" && has "$dir/work/1" "kim  tick  step: $step" && has "$dir/work/1" 'text: asked the owner'
		sed -n 3p "$out" >"$dir/work/3" && has "$dir/work/3" 'done: false'
		run 0 history "$word" --json && lines "$out" 3
		sed -n 1p "$out" >"$dir/work/1" && has "$dir/work/1" '"kind":"tick"' && has "$dir/work/1" '"text":"asked the owner"' && has "$dir/work/1" '"facts":{"id":"'"$(id 1)"
	done
	run 0 history && lines "$out" 5
	run 0 history "$(id 3)" && lines "$out" 1
	run 1 history "$(id 4)" && has "$err" 'no decision about'
}
test_case 'the history of one alert has its ticks' ticks_of_one

# As README says it, while a handle that has rows in the -wal is open.
copied() {
	command -v sqlite3 >/dev/null || { skip 'sqlite3 is not installed'; return; }
	three
	mkfifo "$dir/work/hold"
	sqlite3 "$db" <"$dir/work/hold" >/dev/null 2>&1 &
	holder=$!
	exec 9>"$dir/work/hold"
	echo 'select count(*) from record;' >&9
	while [ ! -e "$db-shm" ]; do sleep 0.05; done
	run 0 decide approved "$(id 9)" --demo -q
	[ -s "$db-wal" ] || complain 'nothing is in the -wal'
	mkdir "$dir/work/c" && cd "$dir/work/c" || return
	sqlite3 "$db" ".backup 'backup'" && sqlite3 "$db" "VACUUM INTO 'vacuum'"
	cp "$db" alone && cp "$db" both && cp "$db-wal" both-wal
	chmod 600 ./*
	cp both with && cp both-wal with-wal
	exec 9>&-
	wait "$holder"
	for copy in backup vacuum both; do
		run 0 verify --journal "$copy" && has "$out" 'chain intact, 4 records' && has "$out" "known here as $db, moved or copied: of the 4 rows there, the last one is in it"
	done
	run 0 verify --journal alone && has "$out" 'chain intact, 3 records' && has "$out" 'the last one is not in it: it is an older copy, or one without its -wal'
	cp vacuum "$db"
	sound 4
}
test_case 'copies of a journal that is open' copied
