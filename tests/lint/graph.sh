#!/bin/sh
# Who calls whom, by the objects' symbols: no file calls a room above its own, no two files call each
# other, directly or round about (but those of tests/lint/rings), nothing is global that no other file
# uses, and no function's name stands in two files.
b=${B:-build}
bad=0
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
files=$(git ls-files 'src/*.c' 2>/dev/null || find src -name '*.c')
for f in $files; do
	nm "$b/${f%.c}.o" 2>/dev/null | awk -v f="${f%.c}" 'NF == 2 && $1 == "U" { print "U", f, $2 } NF == 3 && $2 ~ /[TDBRV]/ { print "D", f, $3 }'
done > "$tmp/symbols"
[ -s "$tmp/symbols" ] || { echo "lint: no objects in $b: make objects first"; exit 2; }
find "$b/tests" -name '*.o' -exec nm {} + 2>/dev/null | awk 'NF == 2 && $1 == "U" { print "T", "tests", $2 }' | sort -u >> "$tmp/symbols"
awk -f tests/lint/graph.awk -v rooms="$(sed -n 's/^ROOMS := //p' Makefile)" -v known="$(grep -v '^#' tests/lint/rings | tr '\n' ';')" "$tmp/symbols" || bad=1
