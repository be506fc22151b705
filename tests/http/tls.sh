# TLS, proxies and what leaves before a server is known to be the right one. The stub stands behind
# doors (front.c) with certificates made here; `requests . 0` says that nothing reached it.

tls=$dir/tls
mkdir "$tls"
sh tests/http/certs.sh "$tls" || { echo 'http: openssl makes no certificates'; exit 1; }
cat "$tls/server.pem" "$tls/ca.pem" >"$tls/with-ca.pem"
cat "$tls/below.pem" "$tls/middle.pem" "$tls/ca.pem" >"$tls/three.pem"
cat "$tls/self.pem" "$tls/ca.pem" >"$tls/impostor.pem"
cat "$tls/client.pem" "$tls/client.key" >"$tls/both.pem"
chmod 600 "$tls"/*
export KEY_PASS=s3cr3t-pass WRONG_PASS=s3cr3t-wrong
openssl pkcs8 -topk8 -in "$tls/client.key" -passout env:KEY_PASS -out "$tls/locked.key"
openssl pkcs12 -export -in "$tls/client.pem" -inkey "$tls/client.key" -passout env:KEY_PASS -out "$tls/client.p12"
echo nonsense >"$tls/nonsense"
proxied=$dir/proxied
: >"$dir/doors"
"$FRONT" "$port" "$proxied" "tls:$tls/server.pem,$tls/server.key" "tls:$tls/with-ca.pem,$tls/server.key" \
	"tls:$tls/three.pem,$tls/below.key" "tls:$tls/expired.pem,$tls/expired.key" \
	"tls:$tls/elsewhere.pem,$tls/elsewhere.key" "tls:$tls/self.pem,$tls/self.key" \
	"tls:$tls/impostor.pem,$tls/self.key" "tls:$tls/with-ca.pem,$tls/server.key,$tls/ca.pem" \
	proxy:200 proxy:407 proxy:403 >"$dir/doors" 2>"$dir/front.err" &
front=$!
trap 'kill "$stub" "$front" 2>/dev/null; rm -rf "$dir"' EXIT
await sh -c '[ "$(wc -l <"$1")" -ge 11 ]' sh "$dir/doors"
read -r leaf chain three expired elsewhere self impostor asks proxy proxy407 proxy403 <<END
$(tr '\n' ' ' <"$dir/doors")
END
[ -n "$proxy403" ] || { echo 'http: the doors did not open'; cat "$dir/front.err"; exit 1; }
print() { openssl x509 -in "$tls/$1.pem" -noout -fingerprint -sha256 | sed 's/.*=//'; }
bare() { print "$1" | tr -d : | tr 'A-F' 'a-f'; }

# secure NAME PORT [LINE...]: a profile for https://127.0.0.1:PORT with a key; all of it is refused
# or answered under that name.
secure() { at "$1" "https://127.0.0.1:$2/$1" "$@"; }
at() { # NAME URL NAME PORT [LINE...]
	printf '[profile.%s]\nkind = "elasticsearch"\nurl = "%s"\nsecret_env = "STUB_KEY"\n' "$1" "$2"
	shift 4
	[ $# -eq 0 ] || printf '%s\n' "$@"
}
{
	profile slow elasticsearch 'secret_env = "STUB_KEY"'
	secure ca "$leaf" "ca_file = \"$tls/ca.pem\""
	secure unknown "$leaf"
	secure other "$leaf" "ca_file = \"$tls/other.pem\""
	secure nofile "$leaf" "ca_file = \"$tls/none.pem\""
	secure nopem "$leaf" "ca_file = \"$tls/nonsense\""
	secure colons "$chain" "ca_fingerprint = \"$(print ca)\""
	secure bare "$chain" "ca_fingerprint = \"$(bare ca)\""
	secure upper "$chain" "ca_fingerprint = \"$(bare ca | tr a-f A-F)\""
	secure mixed "$chain" "ca_fingerprint = \"$(print ca | tr 'A-C' 'a-c' | tr : ' ')\""
	secure alone "$leaf" "ca_fingerprint = \"$(bare ca)\""
	secure foreign "$chain" "ca_fingerprint = \"$(bare other)\""
	secure root "$three" "ca_fingerprint = \"$(bare ca)\""
	secure middle "$three" "ca_fingerprint = \"$(bare middle)\""
	secure own "$leaf" "ca_fingerprint = \"$(bare server)\""
	secure impostor "$impostor" "ca_fingerprint = \"$(bare ca)\""
	secure two "$leaf" "ca_fingerprint = \"$(bare ca)\"" "ca_file = \"$tls/ca.pem\""
	secure twist "$leaf" "ca_fingerprint = \"$(bare other)\"" "ca_file = \"$tls/ca.pem\""
	secure expired "$expired" "ca_file = \"$tls/ca.pem\""
	secure pinnedold "$expired" "ca_fingerprint = \"$(bare expired)\""
	secure wrongname "$elsewhere" "ca_file = \"$tls/ca.pem\""
	secure pinnedname "$elsewhere" "ca_fingerprint = \"$(bare elsewhere)\""
	secure self "$self"
	secure trusted "$self" "ca_file = \"$tls/self.pem\""
	secure insecure "$self" 'insecure = true'
	secure flag "$self"
	secure nocert "$asks" "ca_file = \"$tls/ca.pem\""
	secure cert "$asks" "ca_file = \"$tls/ca.pem\"" "client_cert = \"$tls/client.pem\"" "client_key = \"$tls/client.key\""
	secure both "$asks" "ca_fingerprint = \"$(bare ca)\"" "client_cert = \"$tls/both.pem\""
	locked="ca_file = \"$tls/ca.pem\"
client_cert = \"$tls/client.pem\"
client_key = \"$tls/locked.key\""
	secure locked "$asks" "$locked"
	secure byenv "$asks" "$locked" 'client_key_secret_env = "KEY_PASS"'
	secure bycommand "$asks" "$locked" 'client_key_secret_command = "echo '$KEY_PASS'"'
	secure wrongpass "$asks" "$locked" 'client_key_secret_env = "WRONG_PASS"'
	secure p12 "$asks" "ca_file = \"$tls/ca.pem\"" "client_cert = \"$tls/client.p12\"" 'client_key_secret_env = "KEY_PASS"'
	secure stranger "$asks" "ca_file = \"$tls/ca.pem\"" "client_cert = \"$tls/stranger.pem\"" "client_key = \"$tls/stranger.key\""
	secure oldcert "$asks" "ca_file = \"$tls/ca.pem\"" "client_cert = \"$tls/old.pem\"" "client_key = \"$tls/old.key\""
	secure mismatch "$asks" "ca_file = \"$tls/ca.pem\"" "client_cert = \"$tls/client.pem\"" "client_key = \"$tls/stranger.key\""
	secure openkey "$asks" "ca_file = \"$tls/ca.pem\"" "client_cert = \"$tls/client.pem\"" "client_key = \"$tls/open.key\""
	secure plainport "$port" "ca_file = \"$tls/ca.pem\""
	at tlsport "http://127.0.0.1:$leaf/tlsport" x x
	at downgrade "https://127.0.0.1:$leaf/elsewhere" x x "ca_file = \"$tls/ca.pem\""
	secure team "$leaf" 'write = "decisions"' 'decisions_index = "d"' 'team = true'
	for name in proxied named; do
		at $name "https://es.example.invalid:$elsewhere/$name" x x "ca_file = \"$tls/ca.pem\""
	done
	printf 'proxy = "http://127.0.0.1:%s"\n' "$proxy"
	at direct "https://es.example.invalid:$elsewhere/direct" x x 'proxy = "none"'
	at clear "http://es.example.invalid:$port/clear" x x
	printf '[profile.clearopen]\nkind = "elasticsearch"\nurl = "http://es.example.invalid:%s/clearopen"\n' "$port"
	for name in es kb; do
		[ $name = es ] && kind=elasticsearch || kind=kibana
		printf '[profile.cloud%s]\nkind = "%s"\ncloud_id = "my: deployment:%s"\nca_file = "%s"\nsecret_env = "STUB_KEY"\n' \
			$name $kind "$(printf 'cloud.example.invalid:%s$abc$def' "$elsewhere" | base64 -w 0)" "$tls/ca.pem"
	done
} >"$XDG_CONFIG_HOME/s3triage/config.toml"
cp "$tls/client.key" "$tls/open.key"
chmod 644 "$tls/open.key"

# refused NAME TEXT...: nothing reached the stub, and these words say what to do.
refused() {
	read_from 3 "$1"
	shift
	for text; do has "$err" "$text"; done
	requests . 0
	lacks "$err" s3cr3t
}
fine() { for word; do read_from 0 "$word" && whole && lacks "$err" warning; done; }
answers() { fine ca; header ca 'ApiKey s3cr3t-key'; }
test_case 'a CA file' answers
unknown() { refused unknown 'a CA that is not known here' ca_file ca_fingerprint; }
test_case 'without it' unknown
other() { refused other 'not issued by a CA in ca_file' other.pem; }
test_case 'a CA file of another CA' other
unusable() { refused nofile 'ca_file' 'none.pem' && refused nopem 'it must be PEM'; }
test_case 'a CA file that is none' unusable
fingerprints() { fine colons bare upper mixed; }
test_case "a CA's fingerprint, however it is written" fingerprints
other_levels() { fine root middle own; }
test_case 'a fingerprint of the root, the CA between, the server itself' other_levels
alone() { refused alone 'cannot be checked by its fingerprint' ca_file; }
test_case "a CA's fingerprint, and a server that does not send the CA" alone
foreign() { refused foreign 'may be another server' 'none of the 2'; }
test_case 'a fingerprint of something else' foreign
impostor() { refused impostor 'does not vouch'; }
test_case "the CA's certificate beside one that it did not issue" impostor
two_ways() { fine two && refused twist 'one of the two is not right'; }
test_case 'CA file and fingerprint: both must hold' two_ways
out_of_date() { refused expired expired && refused pinnedold expired; }
test_case 'an expired certificate' out_of_date
other_name() { refused wrongname 'another name' '127.0.0.1' && refused pinnedname 'another name'; }
test_case 'a certificate for another name' other_name
self_signed() { refused self 'self-signed' ca_file && fine trusted; }
test_case 'a self-signed certificate' self_signed
unverified() {
	read_from 0 insecure && whole && has "$err" 'insecure: TLS NOT VERIFIED' && has "$err" 'ca_file'
	"$S3TRIAGE" list flag: --json --insecure -q >"$out" 2>"$err" || complain '--insecure fails'
	whole
	has "$err" 'flag: TLS NOT VERIFIED'
	"$S3TRIAGE" fetch flag: -q --insecure >"$out" 2>"$err" && has "$err" 'flag: TLS NOT VERIFIED'
	"$S3TRIAGE" doctor insecure >"$out" 2>"$err"
	has "$out" 'certificates are not verified'
	"$S3TRIAGE" doctor self >"$out" 2>"$err" && complain 'doctor is content'
	has "$out" 'self-signed'
}
test_case '--insecure, and what is said' unverified
client() { fine cert both byenv bycommand p12; }
test_case 'a client certificate: two files, one, a passphrase, PKCS#12' client
no_client() { refused nocert 'asks for a client certificate' client_cert client_key; }
test_case 'none' no_client
bad_client() { refused stranger 'does not accept the certificate in client_cert' && refused oldcert 'does not accept'; }
test_case 'one from another CA, one that expired' bad_client
bad_key() {
	refused locked 'has a passphrase' client_key_secret_env && refused wrongpass client_key_secret
	refused mismatch 'belong together' && refused openkey 'chmod 600'
}
test_case 'a key that is locked, another, open to all' bad_key
no_tls() { refused plainport 'does not speak TLS' 'http://' && refused tlsport 'https://'; }
test_case 'https:// to a port without TLS, and the reverse' no_tls
downgrade() {
	read_from 3 downgrade && has "$err" 'sends us elsewhere'
	if grep -q '^thief' "$log"; then complain 'the redirect was followed'; fi
}
test_case 'a redirect from https:// to http:// on another host' downgrade

# Where the system trusts the server's CA, a ca_file or fingerprint of another one still refuses it.
with_system_ca() { # WORDS...: under a root's own /etc/ssl/certs
	unshare -m sh -c 'mount --bind "$1" /etc/ssl/certs && shift && exec "$@"' sh "$dir/system" "$S3TRIAGE" "$@"
}
system_cas() {
	mkdir -p "$dir/system"
	cp "$tls/ca.pem" "$dir/system/ca-certificates.crt"
	cp "$tls/ca.pem" "$dir/system/$(openssl x509 -in "$tls/ca.pem" -noout -hash).0"
	with_system_ca list unknown: --json -q >"$out" 2>"$err" || complain "the system's CAs are not used"
	whole
	before=$(wc -l <"$log")
	with_system_ca list other: --json -q >"$out" 2>"$err" && complain 'not refused'
	has "$err" 'not issued by a CA in ca_file'
	with_system_ca list foreign: --json -q >"$out" 2>"$err" && complain 'not refused'
	has "$err" 'may be another server'
	rm "$dir/system"/*
	with_system_ca list unknown: --json -q >"$out" 2>"$err" && complain 'not refused'
	has "$err" 'no certificates to know servers by (package ca-certificates)'
	lacks "$err" 'must be PEM'
	is "$(wc -l <"$log")" "$before"
	with_system_ca list ca: --json -q >"$out" 2>"$err" || complain 'a ca_file needs the certificates of the system'
}
if unshare -m mount --bind "$dir" /etc/ssl/certs 2>/dev/null; then
	test_case "the system's CAs, and not them besides one's own" system_cas
else
	echo "http: the system's CAs: skipped, this user cannot stand in for them"
	skipped=$((skipped + 1))
fi

# A decision is kept, and stays here, while the server is not known to be the right one.
kept() {
	before=$(wc -l <"$log")
	id=$("$S3TRIAGE" list --demo --json -q --limit 1 2>"$err" | sed 's/{"id":"\([^"]*\)".*/\1/')
	"$S3TRIAGE" decide suspicious "$id" --from "$dir/events.ndjson" -q >"$out" 2>"$err"
	has "$err" 'ca_file'
	"$S3TRIAGE" outbox >"$out" 2>>"$err" && complain 'the outbox is empty'
	has "$out" '1 pending'
	tail -n +$((before + 1)) "$log" | grep '^team ' >"$dir/seen"
	requests . 0
	rm -rf "$XDG_DATA_HOME" "$XDG_STATE_HOME"
}
test_case 'no verdict leaves before the server is known' kept

# ---- proxies -----------------------------------------------------------------------------------
connects() { # LINE: that and nothing else was asked of the proxy, without credentials
	is "$(tr -d '\r' <"$proxied" | grep ' HTTP/' | sort -u)" "$1"
	lacks "$proxied" Authorization
	lacks "$proxied" s3cr3t
}
through() { # PROXY_PORT CODE NAME
	: >"$proxied"
	https_proxy="http://127.0.0.1:$1" http_proxy="http://127.0.0.1:$1" read_from "$2" "$3"
}
tunnel() {
	through "$proxy" 0 proxied && whole
	connects "CONNECT es.example.invalid:$elsewhere HTTP/1.1"
	: >"$proxied"
	fine named
	connects "CONNECT es.example.invalid:$elsewhere HTTP/1.1"
}
test_case 'a proxy of the environment, or of the profile, sees a name only' tunnel
no_tunnel() {
	through "$proxy407" 3 proxied && has "$err" 'wants a password' && has "$err" https_proxy
	through "$proxy403" 3 proxied && has "$err" 'refuses to connect (403)' && requests . 0
	through 1 3 proxied && has "$err" 'where the proxy should be' && requests . 0
}
test_case 'a proxy that refuses' no_tunnel
around() {
	through "$proxy" 3 direct && has "$err" 'host name is not known'
	is "$(wc -c <"$proxied")" 0
	through "$proxy" 0 ca && whole
	is "$(wc -c <"$proxied")" 0
	no_proxy=es.example.invalid through "$proxy" 3 proxied && has "$err" 'host name is not known'
	is "$(wc -c <"$proxied")" 0
}
test_case 'no proxy: "none", this machine, no_proxy' around
clear_text() {
	through "$proxy" 3 clear && has "$err" 'https://' && has "$err" insecure
	through "$proxy" 3 clearopen && has "$err" 'clearopen: NOT ENCRYPTED' && has "$err" 'host name is not known'
	is "$(wc -c <"$proxied")" 0
}
test_case 'http:// to another machine: no credentials, no proxy, a warning' clear_text
cloud() {
	through "$proxy" 3 cloudes
	connects "CONNECT abc.cloud.example.invalid:$elsewhere HTTP/1.1"
	through "$proxy" 3 cloudkb
	connects "CONNECT def.cloud.example.invalid:$elsewhere HTTP/1.1"
	tail -2 "$log" >"$dir/seen"
	has "$dir/seen" "Host: def.cloud.example.invalid:$elsewhere"
}
test_case 'a Cloud ID asks the host that it names' cloud

# ---- what others on this machine see -------------------------------------------------------------
asked_again() { [ "$(grep -c "^$1 " "$log")" -gt "$2" ]; } # PROFILE BEFORE
sealed() {
	before=$(grep -c '^slow ' "$log")
	as=''
	[ "$(id -u)" -ne 0 ] || as='setpriv --reuid=12345 --regid=12345 --clear-groups'
	[ -z "$as" ] || chown -R 12345:12345 "$dir"
	# The clone may lie in a folder that only root can enter.
	[ -x "$dir/program" ] || install -m 755 "$S3TRIAGE" "$dir/program"
	$as sh -c 'ulimit -c unlimited; cd "$1" && XDG_DATA_HOME=$1/sealed exec "$2" list "$3:"' sh "$dir" "$dir/program" slow \
		>"$out" 2>"$err" </dev/null &
	child=$!
	await asked_again slow "$before"
	tr '\0' ' ' <"/proc/$child/cmdline" >"$dir/cmdline"
	has "$dir/cmdline" 'list slow:'
	lacks "$dir/cmdline" s3cr3t
	if [ -z "$SANITIZED" ]; then
		if $as cat "/proc/$child/environ" >"$dir/environ" 2>/dev/null; then complain 'the environment can be read'; fi
	fi
	kill -SEGV "$child"
	wait "$child" 2>>"$err"
	[ -z "$(ls "$dir"/core* 2>/dev/null)" ] || [ -n "$SANITIZED" ] || complain 'a core dump'
	rm -rf "$dir"/core* "$dir/sealed"
	[ -z "$as" ] || chown -R 0:0 "$dir"
}
test_case 'no secret in argv, /proc and core dumps' sealed
