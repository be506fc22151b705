#!/bin/sh
# An include points to the same room or a lower one (ROOMS in the Makefile); headers of libraries stay in their rooms.
bad=0
tmp=$(mktemp)
order=$(sed -n 's|^ROOMS := ||p' Makefile)
rank() { i=0; for f in $order; do [ "$f" = "$1" ] && { echo $i; return; }; i=$((i + 1)); done; echo -1; }
for f in $order; do eval "rank_$f=$(rank "$f")"; done

includes=$(grep -rnE '^#include' src include 2>/dev/null)
# 1. upward includes
out=$(printf '%s\n' "$includes" | grep '"s3triage/' | while IFS=: read -r file line text; do
	from=$(printf '%s' "$file" | sed -E 's#^(src|include/s3triage)/([a-z]+)/.*#\2#')
	to=$(printf '%s' "$text" | sed -E 's#.*"s3triage/([a-z]+)/.*#\1#')
	eval "a=\${rank_$from:--1} b=\${rank_$to:-99}"
	[ "$b" -le "$a" ] || echo "$file:$line: $from includes $to, which is a higher floor"
done)
[ -n "$out" ] && { printf '%s\n' "$out"; bad=1; }

# 2. a library's header on another floor than its own
only() { # header floor-regex
	out=$(printf '%s\n' "$includes" | grep -F "$1" | grep -vE "^(src|include/s3triage)/($2)/" | sed "s#^#only $2 may include $1: #")
	[ -n "$out" ] && { printf '%s\n' "$out"; bad=1; }
}
only 'ncurses' tui
only 'curl/curl.h' net
only 'expat.h' remote
only 'sqlite3.h' journal
only 'pcre2.h' detect
only 'cjson/' event
only 'md4c' view
only 'zlib.h' 'scan|net|remote'
only 'libdeflate.h' scan
only '<archive' scan
only 'yaml.h' book
only 'openssl/' 'base|net|remote'

# 3. loops among headers and between files of a floor: every header's includes form no ring
printf '%s\n' "$includes" | grep '^include/' | grep '"s3triage/' |
	sed -E 's#^include/(s3triage/[^:]*):[0-9]*:.*"(s3triage/[^"]*)".*#\1 \2#' | tsort >/dev/null 2>"$tmp" || true
if [ -s "$tmp" ]; then echo "include loop:"; sed 's/^tsort: /  /' "$tmp"; bad=1; fi
rm -f "$tmp"
exit $bad
