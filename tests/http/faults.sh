# Faults: each has a message that says what to do, and none hides what could be read.

no_login() { read_from 3 401 && has "$err" 401 && has "$err" 'check the key'; requests . 1; }
test_case '401' no_login
no_right() { read_from 3 403 && has "$err" 403 && has "$err" 'lack a privilege' && has "$err" 'user [kim]'; }
test_case '403' no_right
no_index() { read_from 3 404 && has "$err" 404 && has "$err" 'check the profile'; }
test_case '404' no_index

queue() { read_from 0 queue && whole && has "$err" 'it was busy before'; requests ' GET / ' 3; }
test_case '429 twice, then an answer' queue
later() {
	begin=$(date +%s%N)
	read_from 0 later && whole
	[ $((($(date +%s%N) - begin) / 1000000)) -ge 1000 ] || complain 'Retry-After was not waited for'
}
test_case '429 with Retry-After' later
busy() { read_from 3 busy && has "$err" 429 && has "$err" 'overloaded'; requests . 4; }
test_case '429 each time' busy
gateway() { read_from 3 gateway && has "$err" 502 && has "$err" 'HTML page' && lacks "$err" nginx; }
test_case '502 with a page of HTML' gateway
login() { read_from 3 login && has "$err" 'HTML page'; }
test_case 'a login page instead of an answer' login
broken() { read_from 3 broken && has "$err" 'broken JSON'; }
test_case 'broken JSON' broken
cut_off() { read_from 3 cut && has "$err" 'cut off'; is "$(wc -l <"$out")" 0; }
test_case 'a body cut off' cut_off
shards() { read_from 3 shards && whole && has "$err" 'disk is full' && has "$err" 'incomplete'; }
test_case 'failed shards' shards
hidden() { read_from 3 hidden && has "$err" 'credentials may not see it'; }
test_case 'no shard was searched' hidden
slow() {
	begin=$(date +%s%N)
	read_from 3 slow && has "$err" 'within the time allowed'
	[ $((($(date +%s%N) - begin) / 1000000)) -lt 3500 ] || complain 'the deadline did not hold'
}
test_case 'a slow answer' slow
elsewhere() {
	read_from 3 elsewhere && has "$err" 'elsewhere'
	if grep -q '^thief' "$log"; then complain 'the redirect was followed'; fi
}
test_case 'a redirect to another host' elsewhere

# fetch CODE NAME ARG...
fetch() {
	want=$1 from=$2
	shift 2
	"$S3TRIAGE" fetch "$from:" -o "$dir/saved.ndjson" "$@" >"$out" 2>"$err" </dev/null
	code=$?
	is "$code" "$want"
}
fetch_fails() {
	rm -f "$dir"/saved.ndjson*
	fetch 1 403 && has "$err" 'nothing was fetched'
	[ ! -e "$dir/saved.ndjson" ] || complain 'a file of nothing'
	fetch 0 es
	cp "$dir/saved.ndjson" "$dir/whole"
	fetch 1 403 --force
	cmp "$dir/saved.ndjson" "$dir/whole" || complain 'the earlier file is gone'
	is "$(ls "$dir" | grep -c 'saved.ndjson')" 1
}
test_case 'fetch of nothing keeps the file that is there' fetch_fails
fetch_midway() {
	rm -f "$dir"/saved.ndjson*
	fetch 3 midway
	has "$err" 'not all'
	[ -s "$dir/saved.ndjson" ] || complain 'what came is lost'
	part=$(wc -l <"$dir/saved.ndjson")
	[ "$part" -lt "$(wc -l <"$dir/want")" ] || complain 'the stub did not fail'
	cp "$dir/want" "$dir/saved.ndjson"
	fetch 3 midway2 --force
	cmp -s "$dir/saved.ndjson" "$dir/want" || complain 'a whole file was replaced by a part'
	is "$(wc -l <"$dir/saved.ndjson.part")" "$part"
	has "$err" 'stays as it is'
	rm -f "$dir"/saved.ndjson*
}
test_case 'fetch keeps what came before the cluster failed, and says that it is not all' fetch_midway
fetch_stopped() {
	rm -f "$dir"/saved.ndjson*
	"$S3TRIAGE" fetch slow: -o "$dir/saved.ndjson" >"$out" 2>"$err" </dev/null &
	child=$!
	await test -e "$dir/saved.ndjson.part"
	kill -TERM "$child"
	wait "$child" 2>/dev/null
	is $? 143
	is "$(ls "$dir" | grep -c 'saved.ndjson')" 0
}
test_case 'fetch that is stopped leaves nothing half' fetch_stopped

# A part that was asked for is what --force writes, and is said to be one, with -q, too.
fetch_limited() {
	rm -f "$dir"/saved.ndjson*
	all=$(wc -l <"$dir/want")
	fetch 0 es && lacks "$err" 'there is more'
	cp "$dir/saved.ndjson" "$dir/whole"
	fetch 1 es --limit 3 && has "$err" '--force overwrites it'
	cmp "$dir/saved.ndjson" "$dir/whole" || complain 'overwritten without --force'
	for more in '' -q; do
		cp "$dir/whole" "$dir/saved.ndjson"
		# shellcheck disable=SC2086
		fetch 0 es --limit 3 --force $more && has "$err" '3 alerts saved; stopped at --limit, there is more'
		is "$(wc -l <"$dir/saved.ndjson")" 3
	done
	fetch 0 es --limit "$all" --force && lacks "$err" 'there is more' && is "$(wc -l <"$dir/saved.ndjson")" "$all"
	fetch 0 dsl --limit 10 --force && has "$err" '10 alerts saved; stopped at --limit' # over pages of 7
	is "$(wc -l <"$dir/saved.ndjson")" 10
	cp "$dir/whole" "$dir/saved.ndjson"
	fetch 3 midway3 --limit "$all" --force && has "$err" 'stays as it is' # the limit was not why it ended
	cmp "$dir/saved.ndjson" "$dir/whole" || complain 'a whole file was replaced by a part'
	is "$(ls "$dir" | grep -c 'saved.ndjson')" 2
	rm -f "$dir"/saved.ndjson*
}
test_case 'fetch --limit --force: what is written, said and kept' fetch_limited
# Cut off without a word: nothing under the name, and the next run names what is left.
fetch_killed() {
	rm -f "$dir"/saved.ndjson*
	"$S3TRIAGE" fetch slow: -o "$dir/saved.ndjson" >"$out" 2>"$err" </dev/null &
	child=$!
	await test -e "$dir/saved.ndjson.part"
	kill -KILL "$child"
	wait "$child" 2>/dev/null
	is "$(ls "$dir" | grep 'saved.ndjson')" saved.ndjson.part
	echo mine >>"$dir/saved.ndjson.part"
	cp "$dir/saved.ndjson.part" "$dir/left"
	fetch 0 es && has "$err" 'saved.ndjson.part is there already' && has "$err" 'not whole'
	is "$(wc -l <"$dir/saved.ndjson")" "$(wc -l <"$dir/want")"
	cmp "$dir/saved.ndjson.part" "$dir/left" || complain 'what was left is gone'
	is "$(ls "$dir" | grep -c 'saved.ndjson')" 2
	rm -f "$dir"/saved.ndjson*
	fetch 0 es && lacks "$err" 'there already'
}
test_case 'fetch that was killed leaves what it names' fetch_killed

# header NAME TEXT: every request of this profile has it.
header() {
	read_from 0 "$1" && whole
	is "$(grep -cF "Authorization: $2 |" "$dir/seen")" "$(wc -l <"$dir/seen")"
}
apikey() { header apikey 'ApiKey s3cr3t-key'; }
test_case 'an API key' apikey
basic() { header basic "Basic $(printf 'kim:s3cr3t-password' | base64)"; }
test_case 'a password' basic
bearer() { header bearer 'Bearer s3cr3t-token'; }
test_case 'a token from a file' bearer
from_command() { header command 'ApiKey s3cr3t-output'; }
test_case 'a key from a command' from_command
readable() { read_from 3 open && has "$err" 'chmod 600'; requests . 0; }
test_case 'a file that others can read' readable

secrets() {
	for name in apikey basic bearer command open; do
		"$S3TRIAGE" list "$name:" >>"$out" 2>&1
		"$S3TRIAGE" fetch "$name:" >>"$out" 2>&1
		"$S3TRIAGE" doctor "$name" >>"$out" 2>&1
	done
	for name in es dsl; do
		"$S3TRIAGE" open "$name:" >>"$out" 2>&1 </dev/null
	done
	name='no secret'
	lacks "$out" s3cr3t
	lacks "$out" "$(printf 'kim:s3cr3t-password' | base64)"
	[ -z "$(grep -rlF s3cr3t "$XDG_DATA_HOME" "$XDG_STATE_HOME" 2>/dev/null)" ] || complain 'a secret in a file'
}
test_case 'no secret in any output or file' secrets
