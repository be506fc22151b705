#!/bin/sh
# certs.sh DIR: certificates for tests: own CAs and what they issued, made anew each time.
set -e
cd "$1"
ca() { # NAME
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" -out "$1.pem" \
		-days 30 -subj "/CN=s3triage test $1" -addext keyUsage=critical,keyCertSign 2>/dev/null
}
request() { # NAME EXTENSION...
	name=$1
	shift
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$name.key" -out "$name.csr" \
		-subj "/CN=s3triage test $name" 2>/dev/null
	printf '%s\n' "$@" >"$name.ext"
}
issue() { # CA NAME EXTENSION...
	by=$1
	shift
	request "$@"
	openssl x509 -req -in "$1.csr" -CA "$by.pem" -CAkey "$by.key" -set_serial "0x$(openssl rand -hex 8)" \
		-days 30 -extfile "$1.ext" -out "$1.pem" 2>/dev/null
}
# One that ended long ago. `x509 -days -1` is refused since OpenSSL 3.5; `ca` takes dates.
printf '[ca]\ndefault_ca = own\n[own]\ndatabase = issued\nnew_certs_dir = .\ndefault_md = sha256\nrand_serial = yes\n' >ca.conf
printf 'policy = any\n[any]\ncommonName = supplied\n' >>ca.conf
: >issued
ended() { # CA NAME EXTENSION...
	by=$1
	shift
	request "$@"
	openssl ca -batch -config ca.conf -cert "$by.pem" -keyfile "$by.key" -notext \
		-startdate 20240101000000Z -enddate 20240131000000Z -in "$1.csr" -extfile "$1.ext" -out "$1.pem" 2>/dev/null
}
here='subjectAltName=IP:127.0.0.1,DNS:localhost'
ca ca
ca other
issue ca middle basicConstraints=critical,CA:true
issue ca server "$here"
issue middle below "$here"
ended ca expired "$here"
issue ca elsewhere 'subjectAltName=DNS:es.example.invalid,DNS:*.cloud.example.invalid'
issue ca client extendedKeyUsage=clientAuth
issue other stranger extendedKeyUsage=clientAuth
ended ca old extendedKeyUsage=clientAuth
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout self.key -out self.pem -days 30 \
	-subj /CN=self -addext "$here" 2>/dev/null
