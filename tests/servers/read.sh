#!/bin/sh
# read.sh URL: our sample events out of a real server (OpenSearch or Elasticsearch), the same as
# from a file. $S3TRIAGE is the program, $KIND the profile's kind. Uses an index of its own and
# removes it. $CURL_AUTH may hold a curl option such as "-u name:password", $PROFILE_AUTH lines for
# the profile; $WRONG_AUTH lines for one that is refused (401), $SMALL_AUTH for one
# that does not see the index.
url=$1
: "${S3TRIAGE:=build/s3triage}" "${KIND:=opensearch}"
dir=$(mktemp -d)
# A name that nobody else has, and that is removed only when it was made here.
name=s3triage-test-$(od -An -N6 -tx1 /dev/urandom | tr -d ' \n')
index=$name-r made=''
passed=0 failed=0 skipped=0
export XDG_DATA_HOME="$dir" XDG_CONFIG_HOME="$dir" HOME="$dir" LC_ALL=C.UTF-8
# shellcheck disable=SC2086
ask() { curl -s -S $CURL_AUTH -H "Content-Type: application/${TYPE:-json}" "$@"; }
finish() {
	[ -z "$made" ] || ask -X DELETE "$url/$index" >/dev/null
	rm -rf "$dir"
}
trap finish EXIT
check() { # what, command...
	what=$1
	shift
	if "$@" >"$dir/said" 2>&1; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "read: $KIND: $what"
		sed 's/^/    /' "$dir/said" "$dir/err" | cut -c1-300 | head -20
	fi
}
profile() { # NAME INDEX LINES
	printf '[profile.%s]\nkind = "%s"\nurl = "%s"\nindex = "%s"\n%s\n' "$1" "$KIND" "$url" "$2" "$3"
}
config() {
	profile all "$index" "$PROFILE_AUTH"
	profile pages "$index" "page = 7
$PROFILE_AUTH"
	profile eql "$index" "query = \"eql\"
$PROFILE_AUTH"
	profile dsl "$index" "query = \"dsl\"
$PROFILE_AUTH"
	profile pattern "$name-*" "$PROFILE_AUTH"
	profile nowhere "s3triage-test-no-such-index" "$PROFILE_AUTH"
	profile wrong "$index" "$WRONG_AUTH"
	profile small "$index" "$SMALL_AUTH"
}
mkdir -p "$dir/s3triage"
config >"$dir/s3triage/config.toml"

# ---- sample events -----------------------------------------------------------------------------
"$S3TRIAGE" normalize --demo >"$dir/events.ndjson"
n=$(wc -l <"$dir/events.ndjson")
sed 's/^/{"create":{}}\n/' "$dir/events.ndjson" >"$dir/bulk"
load() {
	ask -f -X PUT "$url/$index" -d '{"mappings":{"dynamic":false,"properties":{
		"@timestamp":{"type":"date"},"data_stream":{"properties":{"dataset":{"type":"keyword"}}},
		"event":{"properties":{"action":{"type":"keyword"},"type":{"type":"keyword"},
		"outcome":{"type":"keyword"},"ingested":{"type":"date"}}},
		"aws":{"properties":{"cloudtrail":{"properties":{"request_parameters":{"type":"keyword"}}}}}}}}' && made=yes &&
	TYPE=x-ndjson ask -f -X POST "$url/$index/_bulk?refresh=true" --data-binary "@$dir/bulk" >"$dir/loaded" &&
	! grep -q '"errors":true' "$dir/loaded" && ask "$url/$index/_count" | grep -q "\"count\":$n[,}]"
}
check 'the sample is loaded' load

# ---- reading -----------------------------------------------------------------------------------
# Where an alert was read may differ, and what others around it say: a cluster is asked only for these.
plain() {
	sed 's/"source":"[^"]*"//; s/"read_from":"[^"]*"//; s/"signals":\[.*\],"signal_score":-\{0,1\}[0-9]*//
		s/"signals_from":"[^"]*"//; s/"now":"[^"]*"//' "$1" | sort
}
list() { "$S3TRIAGE" list "$@" --json 2>"$dir/err" >"$dir/out"; }
same() { # SOURCE ARG...: as from the file
	source=$1
	shift
	"$S3TRIAGE" list src/builtin/demo.ndjson --json -q "$@" >"$dir/demo" || return
	list "$source" "$@" || return
	plain "$dir/demo" >"$dir/want"
	plain "$dir/out" >"$dir/got"
	[ -s "$dir/want" ] && cmp "$dir/want" "$dir/got"
}
says() { grep -qF -- "$1" "$dir/err"; }
check 'all alerts of the sample' same all:
check 'in pages of seven' same pages:
check 'by the Query DSL' same dsl:
check 'by a pattern' same pattern:
check 'since a day' same all: --since 2026-11-20
check 'until a day' same pages: --until 2026-10-20
fetched() {
	"$S3TRIAGE" fetch pages: -o "$dir/saved.ndjson" 2>"$dir/err" && same "$dir/saved.ndjson"
}
check 'what fetch saves is the same' fetched
# A server with EQL answers; one without is named as such.
eql() { same eql: || { ! list eql: && says 'EQL' || says 'no handler found'; }; }
check 'EQL, or that it is not there' eql
nowhere() { ! list nowhere: && [ ! -s "$dir/out" ] && { says 'no index fits' || says 'no such index'; }; }
check 'an index that is not there' nowhere
# A role that does not see an index is not refused, but finds none: that is said, not "0 alerts".
refused() { ! list "$1:" && says "$2" && [ ! -s "$dir/out" ]; }
if [ -n "$WRONG_AUTH" ]; then check 'a wrong password' refused wrong 401; fi
if [ -n "$SMALL_AUTH" ]; then check 'a role that does not see the index' refused small "credentials may not see it"; fi

echo "read: $passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
