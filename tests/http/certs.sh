#!/bin/sh
# certs.sh DIR: certificates for tests: own CAs and what they issued, made anew each time.
set -e
cd "$1"
ca() { # NAME
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" -out "$1.pem" \
		-days 30 -subj "/CN=s3triage test $1" -addext keyUsage=critical,keyCertSign 2>/dev/null
}
issue() { # NAME CA DAYS EXTENSION...
	name=$1 by=$2 days=$3
	shift 3
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$name.key" -out "$name.csr" \
		-subj "/CN=s3triage test $name" 2>/dev/null
	printf '%s\n' "$@" >"$name.ext"
	openssl x509 -req -in "$name.csr" -CA "$by.pem" -CAkey "$by.key" -set_serial "0x$(openssl rand -hex 8)" \
		-days "$days" -extfile "$name.ext" -out "$name.pem" 2>/dev/null
}
here='subjectAltName=IP:127.0.0.1,DNS:localhost'
ca ca
ca other
issue middle ca 30 basicConstraints=critical,CA:true
issue server ca 30 "$here"
issue below middle 30 "$here"
issue expired ca -1 "$here"
issue elsewhere ca 30 'subjectAltName=DNS:es.example.invalid,DNS:*.cloud.example.invalid'
issue client ca 30 extendedKeyUsage=clientAuth
issue stranger other 30 extendedKeyUsage=clientAuth
issue old ca -1 extendedKeyUsage=clientAuth
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout self.key -out self.pem -days 30 \
	-subj /CN=self -addext "$here" 2>/dev/null
