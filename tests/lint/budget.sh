#!/bin/sh
# The style budget: functions (median <= 12, p95 <= 50, none over 80 lines), complexity (none over
# 15), files (none over 500 lines), parameters (<= 5), no file-scope variable that is neither static nor constant.
bad=0
files=$(find src include -name '*.[ch]')
for f in $files; do
	n=$(wc -l < "$f")
	[ "$n" -le 500 ] || { echo "$f: $n lines, 500 is the limit"; bad=1; }
done
lengths=$(ctags -f - --languages=C --c-kinds=f --fields=+ne $(find src -name '*.c') 2>/dev/null |
	awk -F '\t' '{ l = e = 0; for (i = 4; i <= NF; i++) { if ($i ~ /^line:/) l = substr($i, 6); if ($i ~ /^end:/) e = substr($i, 5) }
		if (e) print e - l + 1, $2 ":" l, $1 }' | sort -n)
[ -n "$lengths" ] || { echo "lint: ctags found no function"; exit 1; }
printf '%s\n' "$lengths" | awk '
	{ n[NR] = $1 } $1 > 80 { print $2 ": " $3 " has " $1 " lines, 80 is the limit"; bad = 1 }
	END { m = n[int((NR + 1) / 2)]; p = n[int(NR * 0.95 + 0.5)]
		printf "budget: %d functions, median %d, p95 %d, max %d lines\n", NR, m, p, n[NR]
		if (m > 12) { print "  the median is over 12"; bad = 1 } if (p > 50) { print "  p95 is over 50"; bad = 1 } exit bad }' || bad=1
pmccabe $(find src -name '*.c') | awk -F '\t' '$1 > 15 { print $6 ": complexity " $1 ", 15 is the limit"; bad = 1 } END { exit bad }' || bad=1
ctags -x --languages=C --c-kinds=f --_xformat='%F:%n %N %S' $(find src -name '*.c') 2>/dev/null |
	awk '{ sig = $0; sub(/^[^(]*\(/, "(", sig); depth = 0; commas = 0
		for (i = 1; i <= length(sig); i++) { c = substr(sig, i, 1); if (c == "(") depth++; if (c == ")") depth--; if (c == "," && depth == 1) commas++ }
		if (sig ~ /\.\.\./) commas--
		if (commas > 4) { print $1 ": " $2 " takes " commas + 1 " parameters, 5 is the limit"; bad = 1 } } END { exit bad }' || bad=1
out=$(ctags -x --languages=C --c-kinds=v --extras=-F --_xformat='%F:%n %N %C' $(find src -name '*.c') 2>/dev/null | while read -r place name text; do
	case $text in static*|extern*|const*) ;; *) echo "$place: file-scope variable $name is neither static nor constant" ;; esac
done)
[ -z "$out" ] || { printf '%s\n' "$out"; bad=1; }
exit $bad
