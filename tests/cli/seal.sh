# seal: signed checkpoints of the journal, and one row with its proof; keys are made here.

keys() {
	mkdir -p "$dir/keys"
	for who in kim lee eve; do
		[ -e "$dir/keys/$who" ] || ssh-keygen -q -t ed25519 -N '' -C "$who" -f "$dir/keys/$who"
	done
	for who in kim lee; do echo "$who@example.com namespaces=\"s3triage-journal\" $(cut -d' ' -f1,2 "$dir/keys/$who.pub")"; done >"$dir/keys/allowed"
	db=$XDG_DATA_HOME/s3triage/journal.db
}
decided() { for n in "$@"; do run 0 decide suspicious "$(id "$n")" --demo -q --note "note $n"; done; }

seals() {
	command -v ssh-keygen >/dev/null || { skip 'ssh-keygen is not installed'; return; }
	ids; keys
	run 1 seal --key "$dir/keys/kim" && has "$err" 'there is no journal to seal'
	decided 1 2 3
	run 2 seal && has "$err" '--key FILE'
	run 1 seal --key "$dir/keys/nosuch" && has "$err" 'cannot sign with'
	run 1 verify --signers "$dir/keys/allowed" && has "$err" 'there is no seal in'
	run 0 seal --key "$dir/keys/kim" -o "$dir/work/kept" && has "$out" 'sealed 3 rows'
	is "$(ls "$dir/work/kept" | wc -l)" 2
	# ssh-keygen by itself says the same
	ssh-keygen -Y verify -f "$dir/keys/allowed" -I kim@example.com -n s3triage-journal -s "$db".seals/*.sig <"$(ls "$db".seals/*.checkpoint)" >"$out" 2>"$err" || complain 'ssh-keygen does not verify it'
	decided 4
	run 0 seal --key "$dir/keys/lee" --json && has "$out" '"rows":4'
	decided 5
	run 0 verify --signers "$dir/keys/allowed" && has "$out" '2 seals agree; the newest is of 4 rows, signed by lee@example.com; 1 row is not sealed yet'
	run 0 verify --signers "$dir/keys/allowed" --seals "$dir/work/kept" --json && has "$out" '"seals":3,"bad":0'
	# for who is not root, too: root may look into every process
	[ "$(command id -u)" -ne 0 ] || as='setpriv --bounding-set=-sys_ptrace'
	$as "$S3TRIAGE" verify --signers "$dir/keys/allowed" >"$out" 2>"$err" || complain 'only root can check a signature'
	head -1 "$dir/keys/allowed" >"$dir/keys/kim-only"
	run 1 verify --signers "$dir/keys/kim-only" && has "$err" '0000000004-'
	rm "$db".seals/0000000004*
	run 1 verify --signers "$dir/keys/allowed" && has "$err" 'the last seal that was made here, of 4 rows, is not in'
}
test_case 'seals are signed, checked and missed' seals

# What was checked, what was not, and what mends it; what is there is not said to be missing.
unlisted() {
	command -v ssh-keygen >/dev/null || { skip 'ssh-keygen is not installed'; return; }
	ids; keys
	decided 1
	run 0 seal --key "$dir/keys/kim"
	key=$(cut -d' ' -f1,2 "$dir/keys/kim.pub")
	tail -1 "$dir/keys/allowed" >"$dir/work/others"
	echo "kim@example.com namespaces=\"s3triage-journal\",valid-before=\"20200101\" $key" >"$dir/work/ended"
	: >"$dir/work/nobody"
	for list in others ended nobody; do
		run 1 verify --signers "$dir/work/$list"
		has "$err" "its rows are the journal's, but" && has "$err" "$(ssh-keygen -lf "$dir/keys/kim.pub" | cut -d' ' -f2), which $dir/work/$list does not list"
		has "$err" 'whose it is was not checked' && has "$err" 'add a line NAME namespaces="s3triage-journal" KEY'
		lacks "$err" 'the last seal that was made here'
		has "$out" 'chain intact' && has "$out" "no seal was accepted, 1 was not: nobody who is listed in $dir/work/$list has signed"
		lines "$err" 1
	done
	has "$err" 'No principal matched'
	run 1 verify --signers "$dir/work/ended" && has "$err" 'key has expired'
	run 1 verify --signers "$dir/work/nosuch" && has "$err" 'no signature was checked: cannot open' && lines "$err" 1
	echo "kim@example.com namespaces=\"s3triage-journal\" $key" >>"$dir/work/others" # as it says
	run 0 verify --signers "$dir/work/others" && has "$out" '1 seal agrees'
	sed -i 's/^1$/2/' "$db".seals/*.checkpoint
	run 1 verify --signers "$dir/work/others" && has "$err" '2 rows were sealed, and there are only 1' && has "$err" 'incorrect signature'
	sed -i 's/^2$/1/' "$db".seals/*.checkpoint
	chmod 644 "$db"
	run 1 verify --signers "$dir/work/others" && has "$err" "others can read this file: chmod 600 $db" && has "$err" 'nothing of it was checked'
	is "$(cat "$out")" ''
	run 1 verify --json && has "$out" '"intact":false' && has "$out" '"checked":false'
	sh -c "$(sed -n 's/.*\(chmod 600 .*\)/\1/p' "$err")"
	run 0 verify && has "$out" 'chain intact'
}
test_case 'verify names the key that is not listed, what was not checked and what mends it' unlisted

# Whoever may write all of this user's files but has no key.
forge() { # SQL
	rm -rf "$dir/work/f" && mkdir "$dir/work/f" && cp -r "$db" "$db".seals "$dir/work/f/"
	python3 - "$dir/work/f/journal.db" "$1" <<'P'
import hashlib, sqlite3, sys
d = sqlite3.connect(sys.argv[1], isolation_level=None)
t = d.execute("select name, sql from sqlite_schema where type = 'trigger'").fetchall()
for n, _ in t: d.execute("drop trigger " + n)
d.execute(sys.argv[2])
h = "0" * 64
C = "seq,at,kind,analyst,alert_id,event_id,rule_id,was,verdict,reason,note,undoes,redo,batch,approval,payload"
for row in d.execute("select %s from record order by seq" % C).fetchall():
    p = h
    h = hashlib.sha256(h.encode() + b"".join(b"%d:%s," % (len(x), x) for x in (str(x).encode() for x in row))).hexdigest()
    d.execute("update record set prev_hash = ?, hash = ? where seq = ?", (p, h, row[0]))
for _, s in t: d.execute(s)
P
}
forged() {
	command -v ssh-keygen >/dev/null || { skip 'ssh-keygen is not installed'; return; }
	command -v python3 >/dev/null || { skip 'python3 is not installed'; return; }
	ids; keys; decided 1 2 3
	run 0 seal --key "$dir/keys/kim"
	decided 4
	run 0 seal --key "$dir/keys/kim"
	f=$dir/work/f/journal.db
	forge "update record set verdict = 'approved' where seq = 2"
	run 1 verify --journal "$f" && has "$out" 'chain intact' && has "$err" 'contradicts the journal (its signature was not checked' && has "$err" 'the first 3 rows are not those'
	has "$out" 'no head of it was known here before'
	run 1 verify --journal "$f" --json && has "$out" '"seals_fit":0,"seals_contradict":2'
	XDG_STATE_HOME=$dir/work/state run 0 list --demo -q --journal "$f" # which notes its head: an anchor that is made only now
	XDG_STATE_HOME=$dir/work/state run 1 verify --journal "$f" && has "$out" 'knows it only since it had 4 rows: of those it shows nothing'
	rm -r "$f".seals
	XDG_STATE_HOME=$dir/work/state run 0 verify --journal "$f" && has "$out" 'knows it only since it had 4 rows' && lacks "$out" 'not checked'
	cp -r "$db".seals "$f".seals
	run 1 verify --journal "$f" --signers "$dir/keys/allowed" && has "$err" 'the first 3 rows are not those that were sealed'
	forge "delete from record where seq > 2"
	run 1 verify --journal "$f" --signers "$dir/keys/allowed" && has "$err" '4 rows were sealed, and there are only 2'
	run 1 seal --journal "$f" --key "$dir/keys/kim" && has "$err" 'it would contradict an earlier seal'
	forge "update record set note = 'else' where seq = 4" # a fork: the first three agree
	run 1 verify --journal "$f" --signers "$dir/keys/allowed" && has "$err" '0000000004-' && lacks "$err" '0000000003-'
	# another's key, another's namespace, another text
	forge 'select 1'
	ssh-keygen -q -Y sign -n s3triage-journal -f "$dir/keys/eve" <"$(ls "$f".seals/0000000003*.checkpoint)" >"$dir/work/sig" 2>/dev/null
	cp "$dir/work/sig" "$(ls "$f".seals/0000000003*.sig)"
	run 1 verify --journal "$f" --signers "$dir/keys/allowed" && has "$err" '0000000003-'
	ssh-keygen -q -Y sign -n git -f "$dir/keys/kim" <"$(ls "$f".seals/0000000003*.checkpoint)" >"$dir/work/sig" 2>/dev/null
	cp "$dir/work/sig" "$(ls "$f".seals/0000000003*.sig)"
	run 1 verify --journal "$f" --signers "$dir/keys/allowed" && has "$err" '0000000003-'
	run 0 verify --signers "$dir/keys/allowed"
	run 0 verify && has "$out" '2 seals beside it fit, the newest of 4 rows; the signatures were not checked' && has "$out" 'since its first row'
	# one that was signed by somebody who may, but is not the one that was made here
	cp -r "$db".seals "$dir/work/kept"
	sed 's/"root":"[^"]*"/"root":"'"$(head -c 32 /dev/zero | base64)"'"/' -i "$XDG_STATE_HOME"/s3triage/heads/*
	run 1 verify --signers "$dir/keys/allowed" && has "$err" 'the last seal that was made here, of 4 rows, is not in'
	rm -r "$db".seals
	run 0 verify && has "$err" 'the last seal that was made here, of 4 rows, is not in'
	run 1 verify --signers "$dir/keys/allowed" --seals "$dir/work/nosuch" && has "$err" 'nosuch: cannot look for seals'
	run 1 verify --seals "$dir/work/nosuch" && has "$err" 'nosuch: cannot look for seals'
	cp -r "$dir/work/kept" "$db".seals
	# the name leads elsewhere now: a head is of the file, but what had the name is known, too
	mv "$db" "$dir/work/moved.db" && ln -s "$dir/work/moved.db" "$db"
	run 0 list --demo -q && lacks "$err" 'led elsewhere'
	forge "update record set kind = case seq when 1 then 'decisions' else kind end, verdict = case seq when 3 then 'fine' else verdict end"
	XDG_STATE_HOME=$dir/work/other run 0 list --demo -q --journal "$f" && has "$err" '2 rows of the journal mean nothing to this version'
	XDG_STATE_HOME=$dir/work/other run 1 verify --journal "$f" && has "$out" '2 rows are of a kind or with a verdict that this version does not know' && has "$out" 'the first is row 1'
	XDG_STATE_HOME=$dir/work/other run 1 verify --journal "$f" --json && has "$out" '"not_read":2'
	forge "update record set verdict = 'approved' where seq = 2"
	ln -sf "$f" "$db"
	run 3 list --demo -q && has "$err" 'of the file that had this name before it led elsewhere' && has "$err" 'or all of it was rewritten'
	run 1 decide approved "$(id 5)" --demo -q && run 1 verify
	run 0 verify --accept-head && run 0 decide approved "$(id 5)" --demo -q
	rm "$db"
	mv "$XDG_DATA_HOME/s3triage" "$dir/work/folder" && ln -s "$dir/work/folder" "$XDG_DATA_HOME/s3triage"
	run 3 decide approved "$(id 5)" --demo -q && has "$err" 'there was a journal of 4 rows here'
	run 3 decide approved "$(id 6)" --demo -q && lacks "$err" 'there was'
}
test_case 'rewriting, cut ends and forks do not pass a seal' forged

proofs() {
	command -v ssh-keygen >/dev/null || { skip 'ssh-keygen is not installed'; return; }
	ids; keys; decided 1 2 3
	run 1 seal --proof "$(id 2)" && has "$err" 'row 2 is not sealed yet'
	run 0 seal --key "$dir/keys/kim"
	for n in 1 2 3; do
		run 0 seal --proof "$(id $n)" -o "$dir/work/$n.proof"
		rm -rf "$XDG_DATA_HOME/elsewhere"
		XDG_DATA_HOME=$dir/elsewhere run 0 verify "$dir/work/$n.proof" --signers "$dir/keys/allowed"
		has "$out" "row $n of 3, sealed by kim@example.com" && has "$out" "$(id $n)" && has "$out" "note $n"
	done
	run 2 verify "$dir/work/1.proof"
	run 0 verify "$dir/work/1.proof" --signers "$dir/keys/allowed" --json && has "$out" '"verdict":"suspicious"'
	sed 's/^index 0/index 1/' "$dir/work/1.proof" >"$dir/work/bad.proof"
	run 1 verify "$dir/work/bad.proof" --signers "$dir/keys/allowed" && has "$err" 'not in what was sealed'
	{ sed -n 1p "$dir/work/1.proof"; sed -n 2p "$dir/work/2.proof"; sed 1,2d "$dir/work/1.proof"; } >"$dir/work/bad.proof"
	run 1 verify "$dir/work/bad.proof" --signers "$dir/keys/allowed" && has "$err" 'not in what was sealed'
	sed '/BEGIN SSH/,$d' "$dir/work/1.proof" >"$dir/work/bad.proof"
	run 1 verify "$dir/work/bad.proof" --signers "$dir/keys/allowed" && has "$err" 'its signature is gone'
	{ cat "$dir/work/1.proof"; echo 'verdict: approved'; } >"$dir/work/bad.proof"
	run 1 verify "$dir/work/bad.proof" --signers "$dir/keys/allowed" && has "$err" 'something stands behind the signature'
	run 1 seal --proof nosuch && has "$err" 'no decision about'
}
test_case 'one decision with its proof' proofs

# Each row of the journal has one: by its number, and each content of an id by its digits.
proof_of_each() {
	command -v ssh-keygen >/dev/null || { skip 'ssh-keygen is not installed'; return; }
	keys; same_id_files
	run 0 decide approved "$id" --from "$dir/work/in/good" -q --note 'the older
content' --reason 0
	run 0 decide suspicious "$id" --from "$dir/work/in/evil" -q --note 0
	run 0 decide open "$id" --from "$dir/work/in/evil" -q
	step=$(run 0 checklist "$id" --from "$dir/work/in/good" --json && sed -n 's/.*"key":"\([^"]*\)".*/\1/p' "$out" | head -1)
	run 0 checklist "$id" --from "$dir/work/in/good" -q --tick "$step" --note 'asked the owner'
	run 0 approval add --account 777788889999 --claims --until 30d --ticket CHG-204
	run 0 seal --key "$dir/keys/kim"
	for n in 1 2 3 4 5; do
		run 0 seal --proof row:$n -o "$dir/work/$n.proof"
		XDG_DATA_HOME=$dir/elsewhere run 0 verify "$dir/work/$n.proof" --signers "$dir/keys/allowed"
		cp "$out" "$dir/work/$n.said"
		has "$out" "row $n of 5, sealed by kim@example.com" && has "$out" "by              kim" && has "$out" "$(date -u +%Y-%m)"
		has "$out" 'journal         s3triage/journal/' && has "$out" 'not what came behind row 5'
	done
	has "$dir/work/1.said" 'verdict         approved' && has "$dir/work/1.said" 'before it       open'
	has "$dir/work/1.said" 'note            the older<U+000A>content' && has "$dir/work/1.said" 'reason          0'
	has "$dir/work/1.said" "alert           $id" && has "$dir/work/1.said" 'on              bucket acme-logs;' && has "$dir/work/1.said" 777788889999
	has "$dir/work/2.said" 'verdict         suspicious' && has "$dir/work/2.said" 'bucket acme-payroll;' && has "$dir/work/2.said" 'note            0'
	has "$dir/work/4.said" 'kind            tick' && has "$dir/work/4.said" 'asked the owner' && has "$dir/work/4.said" 'bucket acme-logs;'
	has "$dir/work/5.said" 'kind            approval' && has "$dir/work/5.said" 'account:        777788889999' && has "$dir/work/5.said" CHG-204
	run 0 verify "$dir/work/2.proof" --signers "$dir/keys/allowed" --json && has "$out" '"when":"20' && has "$out" '"journal":"s3triage/journal/'
	run 0 seal --proof "$id" -o "$dir/work/newest" && has "$err" 'several contents: row 3 is the newest'
	run 3 list "$dir/work/in/both" --json -q
	digits=$(sed -n 's/.*"id":"'"$id"'\(~[0-9a-f]*\)".*"bucket":"acme-logs".*/\1/p' "$out")
	run 0 seal --proof "$id$digits" -o "$dir/work/older" && lacks "$err" several
	run 0 verify "$dir/work/older" --signers "$dir/keys/allowed" && has "$out" 'row 1 of 5' && has "$out" 'bucket acme-logs;'
	run 1 seal --proof "$id~000000000000" && has "$err" 'no decision about'
	for n in 0 6 -1 x ''; do run 1 seal --proof "row:$n" && has "$err" 'the journal has rows 1 to 5'; done
}
test_case 'each row has a proof' proof_of_each

unasked() {
	command -v ssh-keygen >/dev/null || { skip 'ssh-keygen is not installed'; return; }
	ids; keys
	mkdir -p "$XDG_CONFIG_HOME/s3triage"
	echo "seal_key = \"$dir/keys/kim\"
seal_after = \"1d\"" >"$XDG_CONFIG_HOME/s3triage/config.toml"
	run 0 decide approved "$(id 1)" --demo -q && has "$err" 'sealed 1 row'
	run 0 decide approved "$(id 2)" --demo -q && lacks "$err" sealed
	echo "seal_key = \"$dir/keys/kim\"
seal_on_exit = true" >"$XDG_CONFIG_HOME/s3triage/config.toml"
	run 0 decide approved "$(id 3)" --demo -q && lacks "$err" sealed
	run 0 open --demo -q && has "$err" 'sealed 3 rows'
	run 0 open --demo -q && lacks "$err" sealed
	run 0 verify --signers "$dir/keys/allowed" && has "$out" '2 seals agree'
	echo 'seal_after = "soon"' >"$XDG_CONFIG_HOME/s3triage/config.toml"
	run 1 decide approved "$(id 4)" --demo -q && has "$err" 'config.toml:1'
	rm "$XDG_CONFIG_HOME/s3triage/config.toml"
}
test_case 'seals that are made without being asked' unasked

# An authority of our own, made here: openssl ts behind a server on loopback.
authority() {
	mkdir -p "$dir/tsa" && cd "$dir/tsa" || return 1
	cat >tsa.cnf <<'C'
[req]
distinguished_name = dn
[dn]
[ca]
basicConstraints = critical, CA:true
[tsa_ext]
extendedKeyUsage = critical, timeStamping
[tsa]
default_tsa = tsa1
[tsa1]
dir = .
serial = ./serial
crypto_device = builtin
signer_cert = ./tsa.crt
certs = ./tsa.crt
signer_key = ./tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
C
	echo 01 >serial
	openssl req -x509 -newkey rsa:2048 -nodes -days 9 -subj /CN=ca -config tsa.cnf -extensions ca -keyout ca.key -out ca.crt &&
		openssl req -new -newkey rsa:2048 -nodes -subj /CN=tsa -config tsa.cnf -keyout tsa.key -out tsa.csr &&
		openssl x509 -req -in tsa.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 9 -extfile tsa.cnf -extensions tsa_ext -out tsa.crt
}
serve() {
	python3 - >"$dir/tsa/port" 2>/dev/null <<'P' &
import http.server, subprocess
class H(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        open("q.tsq", "wb").write(self.rfile.read(int(self.headers["Content-Length"])))
        subprocess.run(["openssl", "ts", "-reply", "-queryfile", "q.tsq", "-config", "tsa.cnf", "-section", "tsa1", "-out", "r.tsr"], capture_output=True)
        b = open("r.tsr", "rb").read()
        ok = self.headers["Content-Type"] == "application/timestamp-query" and self.path == "/tsr"
        self.send_response(200 if ok else 415); self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Content-Length", str(len(b))); self.end_headers(); self.wfile.write(b)
    def log_message(self, *a): pass
s = http.server.HTTPServer(("127.0.0.1", 0), H)
print(s.server_port, flush=True)
s.serve_forever()
P
	tsa=$!
	for _ in 1 2 3 4 5 6 7 8 9 10; do [ -s "$dir/tsa/port" ] && break; sleep 0.3; done
}
stamps() {
	command -v ssh-keygen >/dev/null || { skip 'ssh-keygen is not installed'; return; }
	command -v python3 >/dev/null || { skip 'python3 is not installed'; return; }
	ids; keys; decided 1
	authority >/dev/null 2>"$err" || { complain 'no authority could be made'; return; }
	serve
	cd "$root" || return
	run 0 seal --key "$dir/keys/kim" --tsa "http://127.0.0.1:$(cat "$dir/tsa/port")/tsr"
	kill "$tsa"
	openssl ts -verify -data "$(ls "$db".seals/*.sig)" -in "$(ls "$db".seals/*.tsr)" -CAfile "$dir/tsa/ca.crt" >"$out" 2>"$err" ||
		complain 'openssl does not verify the stamp'
	run 0 verify --signers "$dir/keys/allowed" --tsa-ca "$dir/tsa/ca.crt" && has "$out" '1 of them has an'
	# a key that has ended since was good at the time of the stamp
	echo "kim@example.com valid-before=\"$(date -u -d '+1 minute' +%Y%m%d%H%M%SZ)\" $(cut -d' ' -f1,2 "$dir/keys/kim.pub")" >"$dir/work/short"
	run 0 verify --signers "$dir/work/short" --tsa-ca "$dir/tsa/ca.crt"
	openssl req -x509 -newkey rsa:2048 -nodes -days 9 -subj /CN=other -config "$dir/tsa/tsa.cnf" -extensions ca -keyout "$dir/work/k" -out "$dir/work/other.crt" 2>/dev/null
	run 1 verify --signers "$dir/keys/allowed" --tsa-ca "$dir/work/other.crt" && has "$err" 'not by an authority of'
	decided 2
	run 1 seal --key "$dir/keys/kim" --tsa http://127.0.0.1:9/tsr && has "$err" 'sealed as' && has "$err" 'no time stamp from'
	cp "$db".seals/0000000001*.tsr "$(ls "$db".seals/0000000002*.checkpoint).tsr"
	run 1 verify --signers "$dir/keys/allowed" --tsa-ca "$dir/tsa/ca.crt" && has "$err" '0000000002-' && has "$err" 'not of this'
	run 0 verify --signers "$dir/keys/allowed"
	rm "$(ls "$db".seals/0000000002*.checkpoint).tsr"
	run 0 verify --signers "$dir/keys/allowed" --tsa-ca "$dir/tsa/ca.crt" && has "$out" '1 of them has' && has "$out" '; 1 has none'
}
test_case 'time stamps by an authority' stamps

# An agent has the key; ssh-keygen is not there; a restored journal begins its seals anew.
agents() {
	command -v ssh-agent >/dev/null || { skip 'ssh-agent is not installed'; return; }
	ids; keys; decided 1 2
	mkdir -p "$HOME/.ssh" && cp "$dir/keys/kim.pub" "$HOME/.ssh/id_ed25519.pub"
	eval "$(ssh-agent -s)" >/dev/null
	export SSH_AUTH_SOCK
	ssh-add -q "$dir/keys/kim" 2>/dev/null
	run 0 seal && has "$out" 'sealed 2 rows'
	kill "$SSH_AGENT_PID"
	unset SSH_AUTH_SOCK SSH_AGENT_PID
	rm -rf "$HOME/.ssh"
	cp "$db" "$dir/work/old.db"
	decided 3
	run 0 seal --key "$dir/keys/kim"
	cp "$dir/work/old.db" "$db" && rm -f "$db"-*
	run 0 verify --accept-head
	run 1 verify --signers "$dir/keys/allowed" && has "$err" 'not those that were sealed'
	run 1 verify && has "$err" 'contradicts' && has "$out" 'row 3 accepted another head' && has "$out" 'only since it had 2 rows'
	run 0 seal --key "$dir/keys/kim"
	run 0 verify && has "$err" 'contradicts' && has "$out" '2 seals beside it fit, the newest of 3 rows'
	run 0 verify --signers "$dir/keys/allowed" && has "$err" 'not those that were sealed'
	mkdir "$dir/work/empty"
	PATH=$dir/work/empty run 1 seal --key "$dir/keys/kim" && has "$err" 'ssh-keygen is not there'
}
test_case 'seals by an agent, and after an accepted loss' agents

# Every field of every export, changed one at a time, every line left out, and one word changed throughout.
exported() {
	command -v python3 >/dev/null || { skip 'python3 is not installed'; return; }
	ids
	run 0 decide suspicious "$(id 1)" --demo -q --note 'asked the owner' --reason exfiltration
	run 0 decide approved "$(id 2)" --demo -q --reason backup
	cat >"$dir/work/alter.py" <<'P'
import re, subprocess, sys
program, path = sys.argv[1:]
text = open(path, newline="").read()

def other(s):  # of the same kind and length
    i = next((i for i, c in enumerate(s) if c.isalnum()), None)
    if i is None: return s + "x"
    return s[:i] + ("7" if s[i] != "7" else "8") + s[i + 1:]

def cases():
    for m in re.finditer(r'[A-Za-z0-9_.:%+/-]+', text):  # every word: cells, keys, values, dates
        if m.start() % STEP == 0 or "=" in text[m.start() - 1:m.end() + 1]:
            yield text[:m.start()] + other(m.group()) + text[m.end():], m.group()
    lines = text.split("\n")
    for i in range(0, len(lines) - 1, max(1, len(lines) // 12)):
        yield "\n".join(lines[:i] + lines[i + 1:]), "line %d" % (i + 1)
    for a, b in (("kim", "eve"), ("approved", "suspicious"), ("rows=2", "rows=1"), ("made=1", "made=2"), ("\n", "\r\n")):
        if a in text: yield text.replace(a, b), a
    yield text + "\n", "a line more"

STEP = max(1, len(re.findall(r'[A-Za-z0-9_.:%+/-]+', text)) // 15)
n = bad = 0
for altered, what in cases():
    open(path + ".x", "w", newline="").write(altered)
    p = subprocess.run([program, "verify", path + ".x"], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    n += 1
    if p.returncode != 1 or "agrees" in p.stdout:
        bad += 1
        print("not found: %s of %s: exit code %d" % (what, path, p.returncode))
print("%d changes, %d not found" % (n, bad))
sys.exit(bad > 0 or n < 5)
P
	for f in csv ndjson json markdown exceptions value-list eql kql accounts case stix; do
		run 0 export -f $f -o "$dir/work/$f" -q
		run 0 verify "$dir/work/$f" && has "$out" 'agrees with the journal; 0 rows were added since' && lacks "$err" 'not covered'
		python3 "$dir/work/alter.py" "$S3TRIAGE" "$dir/work/$f" >"$out" 2>"$err" || complain "$f: a change is not found"
		run 0 verify "$dir/work/$f" --demo && has "$err" 'was made without sources: they are not read'
		# one of a version that wrote no check is held against the journal alone, and that is said
		sed 's/&check=[0-9a-f]*//g' "$dir/work/$f" >"$dir/work/old"
		run 0 verify "$dir/work/old" && has "$err" 'is not covered' && has "$out" 'agrees'
	done
	run 0 export -f csv --demo -o "$dir/work/with" -q
	run 2 verify "$dir/work/with" && has "$err" 'the file is as it was made'
	run 0 verify "$dir/work/with" --demo
	run 0 decide open "$(id 2)" --demo -q
	run 1 verify "$dir/work/csv" && has "$err" 'the file is as it was made' && has "$err" '1 row was added since'
	sed 's/asked/asKed/' "$dir/work/csv" >"$dir/work/csv.x"
	run 1 verify "$dir/work/csv.x" && has "$err" 'was changed after it was made'
	run 1 verify "$dir/work/csv.x" --json && has "$out" '"as_made":false' && has "$out" '"agrees":false'
	rm -rf "$XDG_DATA_HOME" "$XDG_STATE_HOME"
	run 0 decide suspicious "$(id 1)" --demo -q --note 'asked the owner' --reason exfiltration
	run 0 decide approved "$(id 2)" --demo -q --reason backup
	run 1 verify "$dir/work/csv" && has "$err" 'came from another journal'
}
test_case 'a changed export is found, whatever was changed' exported
