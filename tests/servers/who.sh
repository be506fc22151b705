#!/bin/sh
# who.sh URL: who is there and who asks, on a real server with TLS and security that was started for
# it: trust, keys, tokens, client certificates, rights. $KIND, $CURL_AUTH and $PROFILE_AUTH as for
# read.sh; $S3TRIAGE_TEST_CERTS holds what tests/http/certs.sh made. With $CLIENT_REQUIRED the
# server takes clients with a certificate only, and only that is tried.
url=$1
: "${S3TRIAGE:=build/s3triage}" "${KIND:=elasticsearch}"
certs=$S3TRIAGE_TEST_CERTS
dir=$(mktemp -d)
index=s3triage-test-$(od -An -N6 -tx1 /dev/urandom | tr -d ' \n')-w
passed=0 failed=0 skipped=0
export XDG_DATA_HOME="$dir" XDG_CONFIG_HOME="$dir" HOME="$dir" LC_ALL=C.UTF-8
mkdir -p "$dir/s3triage"
config=$dir/s3triage/config.toml
own="--cert $certs/client.pem --key $certs/client.key"
# shellcheck disable=SC2086
ask() { curl -s -S $CURL_AUTH $own -H "Content-Type: application/${TYPE:-json}" "$@"; }
finish() {
	ask -X DELETE "$url/$index" >/dev/null
	ask -X DELETE "$url/$index-d" >/dev/null
	ask -X DELETE "$url/$index-a" >/dev/null
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
		echo "who: $KIND: $what"
		sed 's/^/    /' "$dir/said" "$dir/err" "$dir/doc" 2>/dev/null | cut -c1-300 | head -24
	fi
}
profile() { # NAME LINES
	printf '[profile.%s]\nkind = "%s"\nurl = "%s"\nindex = "%s"\n%s\n' "$1" "$KIND" "$url" "$index" "$2" >>"$config"
}
ca="ca_file = \"$certs/ca.pem\""
client="client_cert = \"$certs/client.pem\"
client_key = \"$certs/client.key\""
print() { openssl x509 -in "$certs/$1.pem" -noout -fingerprint -sha256 | sed 's/.*=//'; }
password=$(printf '%s\n' "$PROFILE_AUTH" | grep -v ca_file)

list() { "$S3TRIAGE" list "$@" --json -q 2>"$dir/err" >"$dir/out"; }
# Where an alert was read may differ, and what others around it say: a cluster is asked only for these.
plain() {
	sed 's/"source":"[^"]*"//; s/"read_from":"[^"]*"//; s/"signals":\[.*\],"signal_score":-\{0,1\}[0-9]*//
		s/"signals_from":"[^"]*"//; s/"now":"[^"]*"//' "$1" | sort
}
"$S3TRIAGE" list src/builtin/demo.ndjson --json -q >"$dir/demo"
plain "$dir/demo" >"$dir/want"
whole() { list "$1:" && plain "$dir/out" >"$dir/got" && [ -s "$dir/want" ] && cmp "$dir/want" "$dir/got"; }
refused() { # NAME TEXT...
	! list "$1:" && [ ! -s "$dir/out" ] || return 1
	shift
	for text; do grep -qF -- "$text" "$dir/err" || return 1; done
}
doctor() { "$S3TRIAGE" doctor "$1" >"$dir/doc" 2>"$dir/err"; }
line() { grep -E "^ *$1 +[^ ]+ +$2 " "$dir/doc" | grep -qF -- "$3"; } # STATE CHECK TEXT

"$S3TRIAGE" normalize --demo >"$dir/demo.ndjson"
sed 's/^/{"create":{}}\n/' "$dir/demo.ndjson" >"$dir/bulk"
load() {
	ask -f -X PUT "$url/$index" -d '{"mappings":{"dynamic":false,"properties":{"@timestamp":{"type":"date"},
		"data_stream":{"properties":{"dataset":{"type":"keyword"}}},"event":{"properties":{
		"action":{"type":"keyword"},"type":{"type":"keyword"},"outcome":{"type":"keyword"},
		"ingested":{"type":"date"}}},"aws":{"properties":{"cloudtrail":{"properties":{
		"request_parameters":{"type":"keyword"}}}}}}}}' >/dev/null &&
	TYPE=x-ndjson ask -f -X POST "$url/$index/_bulk?refresh=true" --data-binary "@$dir/bulk" >"$dir/loaded" &&
		! grep -q '"errors":true' "$dir/loaded"
}

total() {
	echo "who: $passed passed, $failed failed, $skipped skipped"
	[ "$failed" -eq 0 ]
	exit
}

if [ -n "$CLIENT_REQUIRED" ]; then
	profile none "$PROFILE_AUTH"
	profile cert "$client
$PROFILE_AUTH"
	profile alone "$ca
$client"
	profile stranger "client_cert = \"$certs/stranger.pem\"
client_key = \"$certs/stranger.key\"
$PROFILE_AUTH"
	check 'the sample is loaded' load
	check 'no client certificate' refused none client_cert
	check 'a client certificate of another CA' refused stranger client_cert
	check 'a client certificate and a password' whole cert
	check 'a client certificate alone' whole alone
	total
fi

# ---- trust --------------------------------------------------------------------------------------
check 'the sample is loaded' load
profile ca "$PROFILE_AUTH"
profile nothing "$password"
profile pinned "ca_fingerprint = \"$(print ca)\"
$password"
profile bare "ca_fingerprint = \"$(print ca | tr -d : | tr A-F a-f)\"
$password"
profile other "ca_fingerprint = \"$(print other)\"
$password"
profile insecure "insecure = true
$password"
check 'the CA as a file' whole ca
check "the CA's fingerprint" whole pinned
check 'without colons' whole bare
check 'neither' refused nothing ca_file ca_fingerprint
check 'the fingerprint of another' refused other 'may be another server'
warned() { whole insecure && grep -q 'insecure: TLS NOT VERIFIED' "$dir/err"; }
check '--insecure reads, and warns' warned
check 'doctor is content with the CA' doctor ca
check 'and with the fingerprint' doctor pinned
told() { ! doctor nothing && line bad reach ca_file; }
check 'and says what is missing' told

if [ "$KIND" = opensearch ]; then
	# ---- OpenSearch: a user who may read one index only ------------------------------------------
	api=$url/_plugins/_security/api
	ask -X PUT "$api/roles/small" -d "{\"index_permissions\":[{\"index_patterns\":[\"$index\"],\"allowed_actions\":[\"read\"]}]}" >/dev/null
	ask -X PUT "$api/internalusers/small" -d '{"password":"Only-for-this-test-7","opendistro_security_roles":["small"]}' >/dev/null
	export S3TRIAGE_TEST_READER=Only-for-this-test-7
	profile reader "$ca
user = \"small\"
secret_env = \"S3TRIAGE_TEST_READER\""
	profile writer "$ca
user = \"small\"
secret_env = \"S3TRIAGE_TEST_READER\"
write = \"decisions\"
decisions_index = \"$index-d\"
team = true"
	check 'a role that reads one index reads it' whole reader
	named() { doctor reader; line ok identity small; }
	check 'doctor names the user' named
	kept() {
		id=$(sed -n '1s/{"id":"\([^"]*\)".*/\1/p' "$dir/demo")
		"$S3TRIAGE" decide approved "$id" --from "$dir/demo.ndjson" >"$dir/out" 2>"$dir/err"
		grep -q 'indices:' "$dir/err" && "$S3TRIAGE" outbox >"$dir/out"
		grep -qE '1 (pending|failed)' "$dir/out"
	}
	check 'a verdict that it may not write stays here, and the privilege is named' kept
	ask -X DELETE "$api/internalusers/small" >/dev/null
	ask -X DELETE "$api/roles/small" >/dev/null
	total
fi

# ---- Elasticsearch: keys and tokens -------------------------------------------------------------
value() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }
made=$(ask -X POST "$url/_security/api_key" -d '{"name":"s3triage-test"}')
if [ -z "$(echo "$made" | value api_key)" ]; then
	echo "who: keys and tokens skipped: $(echo "$made" | cut -c1-120)"
	skipped=$((skipped + 1))
	total
fi
key() { # BODY-REST
	ask -X POST "$url/_security/api_key" -d "{\"name\":\"s3triage-test\"$1}"
}
K_PAIR="$(echo "$made" | value id):$(echo "$made" | value api_key)"
K_ENCODED=$(echo "$made" | value encoded)
K_SHORT=$(key ',"expiration":"1s"' | value encoded)
gone=$(key '')
K_GONE=$(echo "$gone" | value encoded)
ask -X DELETE "$url/_security/api_key" -d "{\"ids\":[\"$(echo "$gone" | value id)\"]}" >/dev/null
K_READ=$(key ",\"role_descriptors\":{\"r\":{\"indices\":[{\"names\":[\"$index\"],\"privileges\":[\"read\"]}]}}" | value encoded)
K_NONE=$(key ",\"role_descriptors\":{\"r\":{\"indices\":[{\"names\":[\"$index-other\"],\"privileges\":[\"read\"]}]}}" | value encoded)
K_FIT=$(key ",\"role_descriptors\":{\"r\":{\"cluster\":[\"monitor\"],\"indices\":[
	{\"names\":[\"$index\"],\"privileges\":[\"read\"]},{\"names\":[\"$index-a\"],\"privileges\":[\"read\",\"write\"]},
	{\"names\":[\"$index-d\"],\"privileges\":[\"read\",\"write\",\"create_index\"]}]}}" | value encoded)
T_USER=$(ask -X POST "$url/_security/oauth2/token" -d "{\"grant_type\":\"password\",\"username\":\"elastic\",\"password\":\"$S3TRIAGE_TEST_RIGHT\"}" | value access_token)
T_GONE=$(ask -X POST "$url/_security/oauth2/token" -d "{\"grant_type\":\"password\",\"username\":\"elastic\",\"password\":\"$S3TRIAGE_TEST_RIGHT\"}" | value access_token)
ask -X DELETE "$url/_security/oauth2/token" -d "{\"token\":\"$T_GONE\"}" >/dev/null
T_SERVICE=$(ask -X POST "$url/_security/service/elastic/fleet-server/credential/token/t$$" | value value)
export K_PAIR K_ENCODED K_SHORT K_GONE K_READ K_NONE K_FIT T_USER T_GONE T_SERVICE
for name in K_PAIR K_ENCODED K_SHORT K_GONE K_READ K_NONE K_FIT; do
	profile $name "$ca
secret_env = \"$name\""
done
for name in T_USER T_GONE T_SERVICE; do
	profile $name "$ca
auth = \"bearer\"
secret_env = \"$name\""
done
check 'an API key as id:key' whole K_PAIR
check 'an API key, encoded' whole K_ENCODED
check 'a key that may read, and no more' whole K_READ
check 'a token' whole T_USER
sleep 1
check 'an expired key' refused K_SHORT 401 expired
check 'a key that was taken back' refused K_GONE 401 invalidated
check 'a token that was taken back' refused T_GONE 401
key_named() { doctor K_PAIR; line ok identity 'API key s3triage-test' && line ok rights 'all that'; }
check 'doctor names the key' key_named
token_named() { doctor T_USER; line ok identity elastic; }
check "doctor names the token's user" token_named
service() { ! doctor T_SERVICE; line ok identity 'elastic/fleet-server' && line bad rights "missing: read on $index"; }
check 'doctor names the service, and what it lacks' service

# ---- rights: exactly what is missing ---------------------------------------------------------------
reads() { doctor K_READ && line warn reach monitor && line ok rights 'all that' && line ok newest ago; }
check 'doctor: a key that may only read is enough' reads
lacks_all() { ! doctor K_NONE && line bad rights "missing: read on $index"; }
check 'doctor: the one privilege is missing' lacks_all
for name in K_READ K_FIT; do
	profile "$name-d" "$ca
secret_env = \"$name\"
write = \"decisions\"
decisions_index = \"$index-d\"
team = true"
done
lacks_more() { ! doctor K_READ-d && grep -E '^bad .* rights ' "$dir/doc" | tr ' ' '\n' | grep -cE '^(read|write|create_index)$' | grep -qx 3; }
check 'doctor: what writing needs, too' lacks_more
fits() { doctor K_FIT-d && line ok rights 'all that this profile needs'; }
check 'doctor: nothing is missing' fits
arrives() {
	"$S3TRIAGE" decide approved "$(sed -n '1s/{"id":"\([^"]*\)".*/\1/p' "$dir/demo")" --from "$dir/demo.ndjson" \
		--journal "$dir/d.db" >"$dir/out" 2>"$dir/err"
	grep -q '^K_FIT-d: 1 acknowledged' "$dir/err" && grep -q 'K_READ-d' "$dir/err" && grep -q 403 "$dir/err"
}
check 'a verdict arrives with the one key, and is refused with the other' arrives

sed 's/^index = .*-w"$/index = "'"$index-a"'"/' "$config" | grep -v '^decisions_index' |
	sed 's/^write = "decisions"/write = "alerts"/; s/-d\]$/-a]/' >"$dir/alerts.toml"
closed() {
	ask -X PUT "$url/$index-a" -d '{"mappings":{"dynamic":false,"properties":{"@timestamp":{"type":"date"}}}}'
	ask -X PUT "$url/$index-a/_doc/k1?refresh=true" -d '{"@timestamp":"2026-11-01T10:00:00Z","kibana.alert.uuid":"k1",
		"kibana.alert.rule.rule_id":"r","kibana.alert.rule.name":"n","kibana.alert.workflow_status":"open",
		"event.action":"PutBucketReplication"}'
	ask "$url/$index-a/_doc/k1" >"$dir/alert.ndjson"
	echo >>"$dir/alert.ndjson"
	"$S3TRIAGE" doctor K_FIT-a --config "$dir/alerts.toml" >"$dir/doc" 2>"$dir/err" && line ok rights 'all that' &&
		"$S3TRIAGE" decide approved k1 --from "$dir/alert.ndjson" --config "$dir/alerts.toml" --journal "$dir/a.db" 2>"$dir/err"
	grep -q '^K_FIT-a: 1 acknowledged' "$dir/err"
}
check 'read and write on the alerts index are enough to close one' closed

# ---- client certificates -------------------------------------------------------------------------
profile pki "$ca
$client"
profile pkcs "$ca
client_cert = \"$dir/client.p12\"
client_key_secret_env = \"S3TRIAGE_TEST_RIGHT\""
openssl pkcs12 -export -in "$certs/client.pem" -inkey "$certs/client.key" -passout env:S3TRIAGE_TEST_RIGHT -out "$dir/client.p12"
check 'a client certificate alone' whole pki
check 'the same as PKCS#12' whole pkcs
cert_named() { doctor pki; line ok identity 's3triage test client'; }
check "doctor names the certificate's owner" cert_named
total
