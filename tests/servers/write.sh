#!/bin/sh
# write.sh URL: decisions into a real server (OpenSearch or Elasticsearch) and back: nothing lost,
# nothing doubled, whoever is killed. $S3TRIAGE is the program. With $SERVER_KILL and
# $SERVER_START (commands) the server, too, is killed in the middle and started again. Uses indices
# of its own and removes them. $CURL_AUTH may hold a curl option such as "-u name:password";
# $PROFILE_AUTH lines for the profile.
url=$1
: "${S3TRIAGE:=build/s3triage}"
dir=$(mktemp -d)
index=s3triage-test-$(od -An -N6 -tx1 /dev/urandom | tr -d ' \n')
passed=0 failed=0
export XDG_DATA_HOME="$dir" HOME="$dir" LC_ALL=C.UTF-8
# shellcheck disable=SC2086
ask() { curl -s $CURL_AUTH -H 'Content-Type: application/json' "$@"; }
# Nothing that was there before is written to or removed.
for new in "$index-d" "$index-a"; do
	code=$(ask -o /dev/null -w '%{http_code}' -I "$url/$new")
	[ "$code" = 404 ] && continue
	echo "write: $new: $code instead of 404: it may be somebody's, or cannot be asked for"
	echo 'write: 0 passed, 1 failed, 0 skipped'
	rm -rf "$dir"
	exit 1
done
finish() {
	ask -X DELETE "$url/$index-d" >/dev/null
	ask -X DELETE "$url/$index-a" >/dev/null
	rm -rf "$dir"
}
trap finish EXIT
check() { # what, command...
	what=$1
	shift
	if "$@" >"$dir/out" 2>&1; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "write: $what"
		sed 's/^/    /' "$dir/out" | head -20
	fi
}
profile() { # name, which stands for one place in a journal; kind of target; index
	cat >"$dir/config.toml" <<END
[profile.$1]
kind = "${KIND:-opensearch}"
url = "$url"
write = "$2"
team = true
$3
$PROFILE_AUTH
END
}
run() { # analyst, words...
	who=$1
	shift
	"$S3TRIAGE" "$@" --config "$dir/config.toml" --journal "$dir/$who.db"
}
decide() { who=$1 verdict=$2; shift 2; run "$who" decide "$verdict" "$@" -q --analyst "$who"; }
count() { ask "$url/$index-d/_count" | sed -n 's/.*"count":\([0-9]*\).*/\1/p'; }
is() { [ "$1" = "$2" ] || { echo "'$1' is not '$2'"; return 1; }; }
settled() { # everything arrived once, in the end
	ask -X POST "$url/$index-d/_refresh" >/dev/null
	is "$(count)" "$1" && is "$(run "$2" outbox --all --json | grep -c '"acknowledged"')" "$1"
}

# ---- a shared index of decisions -------------------------------------------------------------
profile team decisions "decisions_index = \"$index-d\""
"$S3TRIAGE" normalize --demo -q >"$dir/demo.ndjson"
ids=$("$S3TRIAGE" list "$dir/demo.ndjson" --json -q | sed 's/{"id":"\([^"]*\)".*/\1/' | sort)
n=$(echo "$ids" | wc -l)
first=$(echo "$ids" | head -1)
# shellcheck disable=SC2086
check 'decisions arrive' decide kim approved $ids --from "$dir/demo.ndjson"
check 'each is one document' settled "$n" kim
check_conflict() { decide lee suspicious "$first" --from "$dir/demo.ndjson" 2>&1 | grep -q 'is approved by kim'; }
check 'a second analyst is told who was first' check_conflict
not_written() { ask "$url/$index-d/_search?q=verdict:suspicious" | grep -q '"value":0'; }
check 'and overwrites nothing' not_written
check 'until asked to' run lee outbox --overwrite "$first"
theirs() { ask -X POST "$url/$index-d/_refresh" && run kim outbox --retry && "$S3TRIAGE" history "$first" --journal "$dir/kim.db" | grep -q 'lee  approved -> suspicious'; }
check 'which the first one then reads' theirs
check 'the chain is whole' "$S3TRIAGE" verify --journal "$dir/kim.db"
refused() { decide kim approved "$first" --from "$dir/demo.ndjson" 2>&1 | grep -q 'suspicious by lee'; }
check 'and does not replace unasked' refused

# ---- killed clients --------------------------------------------------------------------------
ask -X DELETE "$url/$index-d" >/dev/null
awk 'BEGIN { for (i = 0; i < 400; i++) printf "{\"eventVersion\":\"1.09\",\"eventID\":\"e-%d\"," \
	"\"eventTime\":\"2026-11-01T10:00:00Z\",\"eventSource\":\"s3.amazonaws.com\",\"eventName\":" \
	"\"PutBucketReplication\",\"recipientAccountId\":\"111122223333\",\"requestParameters\":{\"bucketName\":" \
	"\"b%d\",\"ReplicationConfiguration\":{\"Rule\":{\"Destination\":{\"Account\":\"444455556666\"}}}}}\n", i, i }' \
	>"$dir/many.ndjson"
"$S3TRIAGE" list "$dir/many.ndjson" --json -q | sed 's/{"id":"\([^"]*\)".*/\1/' >"$dir/ids"
killed() {
	# shellcheck disable=SC2046
	decide zoe approved $(cat "$dir/ids") --from "$dir/many.ndjson" >/dev/null 2>&1 &
	pid=$!
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		[ "$(run zoe outbox --all --json 2>/dev/null | grep -c .)" -ge 400 ] && break
		sleep "$1"
	done
	pkill -KILL -P "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null
	for _ in 1 2 3 4 5 6; do
		run zoe outbox --retry >/dev/null 2>&1 &
		pid=$!
		sleep 0.15
		pkill -KILL -P "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
	run zoe outbox --retry
}
check 'killed again and again, it ends well' killed 0.15
check 'and every decision is there once' settled 400 zoe
versions() { ask "$url/$index-d/_search?size=0&version=true&q=_exists_:replaces" >/dev/null
	ask "$url/$index-d/_search?size=400&version=true&filter_path=hits.hits._version" |
		grep -o '_version":[0-9]*' | sort | uniq -c | grep -q "400 _version\":1$"; }
check 'written once each' versions

# ---- a killed server -------------------------------------------------------------------------
if [ -n "$SERVER_KILL" ] && [ -n "$SERVER_START" ]; then
	ask -X DELETE "$url/$index-d" >/dev/null
	# Killed in the middle, or just behind the end on a quick machine: the last decision is made when
	# the server is gone for certain.
	# shellcheck disable=SC2046
	decide ada approved $(sed '$d' "$dir/ids") --from "$dir/many.ndjson" >/dev/null 2>&1 &
	sleep 0.4
	sh -c "$SERVER_KILL" >/dev/null 2>&1
	wait
	decide ada approved "$(tail -n 1 "$dir/ids")" --from "$dir/many.ndjson" >/dev/null 2>&1
	waits() { ! run ada outbox >/dev/null; }
	check 'while the server is away, decisions wait' waits
	sh -c "$SERVER_START"
	back() { # its shards come up one after another
		for _ in 1 2 3 4 5 6 7 8 9 10; do
			run ada outbox --retry && return 0
			sleep 1
		done
		return 1
	}
	check 'they go out when it is back' back
	check 'and each is there once' settled 400 ada
fi

# ---- the alerts index ------------------------------------------------------------------------
profile queue alerts "index = \"$index-a\""
ask -X PUT "$url/$index-a" -d '{"mappings":{"dynamic":false,"properties":{"@timestamp":{"type":"date"}}}}' >/dev/null
for id in k1 k2; do
	ask -X PUT "$url/$index-a/_doc/$id?refresh=true" -d "{\"@timestamp\":\"2026-11-01T10:00:00Z\",
		\"kibana.alert.uuid\":\"$id\",\"kibana.alert.rule.rule_id\":\"r\",\"kibana.alert.rule.name\":\"n\",
		\"kibana.alert.workflow_status\":\"open\",\"kibana.alert.workflow_tags\":[\"keep\"],
		\"kibana.alert.original_event.id\":\"e-$id\",\"event.action\":\"PutBucketReplication\"}" >/dev/null
	ask "$url/$index-a/_doc/$id" >>"$dir/alerts.ndjson"
	echo >>"$dir/alerts.ndjson"
done
check 'an alert is closed' decide kim approved k1 --from "$dir/alerts.ndjson"
closed() { ask "$url/$index-a/_doc/k1" | grep -q '"kibana.alert.workflow_status":"closed".*"keep","s3triage:approved","s3triage:by:kim"'; }
check 'with a flat key and tags' closed
check 'and opened again' decide kim open k1 --from "$dir/alerts.ndjson"
opened() { ask "$url/$index-a/_doc/k1" | grep -q '"kibana.alert.workflow_status":"open".*"kibana.alert.workflow_tags":\["keep"\]'; }
check 'without tags of ours' opened
ask -X POST "$url/$index-a/_update/k2?refresh=true" -d '{"doc":{"kibana.alert.workflow_status":"acknowledged","kibana.alert.workflow_user":"u_lee"}}' >/dev/null
overtaken() { ! decide kim approved k2 --from "$dir/alerts.ndjson" && run kim outbox | grep -q 'acknowledged by u_lee'; }
check 'what a colleague acknowledged stays' overtaken
check 'until overwritten' run kim outbox --overwrite k2
closed2() { ask "$url/$index-a/_doc/k2" | grep -q '"kibana.alert.workflow_status":"closed"'; }
check 'and then it is closed' closed2
check 'doctor is content' "$S3TRIAGE" doctor queue --config "$dir/config.toml"

echo "write: $passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
