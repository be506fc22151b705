#!/bin/sh
# Who calls whom, by the objects' symbols: no file calls a room above its own, no files call each other
# round about, nothing is global that no other file
# uses, and no function's name stands in two files.
b=${B:-build}
bad=0
tmp=$(mktemp)
trap 'rm -f "$tmp"' EXIT
objects=$(find src -name '*.c' | sed "s|^|$b/|; s|c\$|o|")
ls $objects >/dev/null || { echo "lint: make objects first"; exit 2; }
nm -A $objects | sed -E 's/^[^:]*(src[^:]*)\.o:/\1 /' |
	awk 'NF == 3 && $2 == "U" { print "U", $1, $3 } NF == 4 && $3 ~ /[TDBRV]/ { print "D", $1, $4 }' > "$tmp"
nm -A $(find "$b/tests" -name '*.o') | awk '$(NF - 1) == "U" { print "T tests", $NF }' | sort -u >> "$tmp"
grep -hoE '[a-z_0-9]+\(' tests/fuzz/*.[ch] | sort -u | sed 's/(//; s/^/T tests /' >> "$tmp"
awk -f tests/lint/graph.awk -v rooms="$(sed -n 's/^ROOMS := //p' Makefile)" "$tmp" || bad=1
twice=$(ctags -x --c-kinds=f --_xformat='%N %F' $(find src -name '*.c') | sort -u | awk '{ print $1 }' | uniq -d | tr '\n' ' ')
[ -z "$twice" ] || { echo "names of functions in more than one file: $twice"; bad=1; }
exit "$bad"
