# What each kind of server answers, page by page.

eql() { read_from 0 es && whole && requests 'POST .*/_eql/search' 1; requests '/_pit' 0; }
test_case 'EQL in one answer' eql

# What lacks EQL may take that request for a document to be written.
secretive() {
	read_from 0 secretive && whole && requests '_eql' 0
	read_from 0 explicit && whole
	tail -1 "$log" | grep -q '^secretive POST .*/_eql/search' || complain 'query = "eql" is not followed'
}
test_case 'EQL is not tried where the version is not told, unless asked for' secretive

eql_pages() { read_from 0 small && whole; [ "$(wc -l <"$dir/seen")" -ge 5 ] || complain 'too few pages'; }
test_case 'EQL in pages by time' eql_pages

async() {
	read_from 0 async && whole
	requests 'GET /_eql/search/Fm/x+==' 2
	requests 'DELETE /_eql/search/Fm/x+==' 1
}
test_case 'EQL that still runs is asked again, and dropped' async

column() { read_from 0 column && whole && has "$err" 'EQL cannot be had here'; requests ' POST /_search' 1; }
test_case 'a field in no mapping: the Query DSL instead' column

pit() {
	read_from 0 dsl && whole
	requests 'POST .*/_pit' 1
	requests 'DELETE /_pit' 1
	requests 'urlencoded' 0
	[ "$(grep -c 'POST /_search' "$dir/seen")" -ge 5 ] || complain 'too few pages'
}
test_case 'pages of a point in time' pit

expired() { read_from 0 expire && whole && has "$err" 'opened again'; requests 'POST .*/_pit' 2; }
test_case 'a point in time that expired' expired

opensearch() { read_from 0 os && whole; requests 'POST .*/_search/point_in_time' 1; requests 'DELETE /_search/point_in_time' 1; requests _eql 0; }
test_case 'OpenSearch' opensearch

nopit() { read_from 0 nopit && whole && has "$err" 'no point in time'; }
test_case 'without the right to a point in time' nopit

kibana() {
	read_from 0 kibana
	is "$(wc -l <"$out")" "$(wc -l <"$dir/events.ndjson")"
	has "$out" '"rule_id":"d488f026-7907-4f56-ad51-742feb3db01c"'
	has "$out" '"severity":"high"'
	is "$(sed 's/{"id":"\([^"]*\)".*/\1/' "$out" | sort -u | wc -l)" "$(wc -l <"$out")"
}
test_case 'Kibana alerts of a space, in pages' kibana

packed() { read_from 0 gzip && whole && has "$dir/seen" 'gzip'; }
test_case gzip packed

fetched() {
	"$S3TRIAGE" fetch dsl: -o "$dir/saved.ndjson" >"$out" 2>"$err" || complain "fetch fails"
	"$S3TRIAGE" list "$dir/saved.ndjson" --json >"$out" 2>>"$err"
	whole
	is "$(stat -c %a "$dir/saved.ndjson")" 600
}
test_case 'what fetch saves, list reads' fetched

# 20,000 made events: every page once, nothing twice.
made() {
	"$STUB" 20000 "$dir/made.log" >"$dir/made.port" &
	made=$!
	await test -s "$dir/made.port"
	mkdir -p "$dir/made/s3triage"
	printf '[profile.dsl]\nkind = "elasticsearch"\nurl = "http://127.0.0.1:%s/dsl"\n' \
		"$(cat "$dir/made.port")" >"$dir/made/s3triage/config.toml"
	XDG_CONFIG_HOME="$dir/made" "$S3TRIAGE" list dsl: --json >"$out" 2>"$err" </dev/null || complain 'it failed'
	kill "$made"
	is "$(sed 's/.*"event_id":"//; s/".*//' "$out" | sort -u | wc -l)" 20000
	is "$(wc -l <"$out")" 20000
}
test_case 'twenty thousand alerts in pages' made

# Without a point in time: documents that have no @timestamp are read by id, and what did not come is
# a problem, never silence.
untimed() { # NAME CODE ALERTS
	XDG_CONFIG_HOME="$dir/raw" "$S3TRIAGE" list "$1:" --json >"$out" 2>"$err" </dev/null
	code=$?
	[ "$code" -eq "$2" ] || complain "exit code $code, expected $2: $1"
	is "$(sed 's/.*"event_id":"//; s/".*//' "$out" | sort -u | wc -l)" "$3"
	is "$(wc -l <"$out")" "$3"
}
raw() {
	"$STUB" 1200 "$dir/raw.log" >"$dir/raw.port" &
	stub=$!
	await test -s "$dir/raw.port"
	mkdir -p "$dir/raw/s3triage"
	for name in raw rawmixed rawnoid rawshort; do
		printf '[profile.%s]\nkind = "elasticsearch"\nurl = "http://127.0.0.1:%s/%s"\n' $name \
			"$(cat "$dir/raw.port")" $name
	done >"$dir/raw/s3triage/config.toml"
	untimed raw 0 1200
	untimed rawmixed 0 1200
	untimed rawnoid 3 500
	has "$err" 'only a first page can be read'
	untimed rawshort 3 1200
	has "$err" '1200 of the 1205 hits that the server counted came'
	kill "$stub"
}
test_case 'documents without @timestamp, and answers that are short' raw

# Whatever counts all events asks a cluster for all of them, page by page, and says what the file says.
counted() {
	for verb in summary 'story deploy'; do
		# shellcheck disable=SC2086
		"$S3TRIAGE" $verb src/builtin/demo.ndjson --json -q >"$dir/want.json"
		for place in es dsl; do
			# shellcheck disable=SC2086
			"$S3TRIAGE" $verb "$place:" --json -q >"$out" 2>"$err" || complain "$verb of $place"
			diff "$dir/want.json" "$out" >"$dir/seen" || complain "$verb of $place: is another"
		done
	done
	is "$("$S3TRIAGE" match --eql 'any where true' dsl: --count -q 2>/dev/null)" 39
}
test_case 'events of a cluster are counted as those of a file' counted
