#!/bin/sh
# Each room's README has a table of its files, made of the first sentence in each file's first comment.
# Says which tables are not so; with `write` (make tidy-readme) makes them.
bad=0
tmp=$(mktemp)
trap 'rm -f "$tmp"' EXIT
for room in $(sed -n 's/^ROOMS := //p' Makefile); do
	readme=src/$room/README.md
	LC_ALL=C awk -v files="$(LC_ALL=C ls src/"$room"/*.c | tr '\n' ' ')" '
		function row(file,   name, text, line, open) {
			name = file; sub(/.*\//, "", name); sub(/\.c$/, "", name)
			while (!open && (getline line < file) > 0) {
				open = line ~ /\*\//
				gsub(/^ *\/?\*+ ?|\*\/.*/, "", line)
				text = text (text && line ? " " : "") line
			}
			sub(/^[a-z0-9_\/]+: /, "", text); sub(/\. .*/, "", text); sub(/[. ]+$/, "", text)
			gsub(/\|/, "\\|", text)
			print "| " name " | " text " |"
		}
		skip && /^\|/ { next }
		{ skip = 0; print }
		$0 == "| file | what |" { print "|---|---|"; n = split(files, f, " "); for (i = 1; i <= n; i++) row(f[i]); skip = found = 1 }
		END { if (!found) print "no table" }' "$readme" > "$tmp"
	if grep -qx 'no table' "$tmp"; then
		echo "$readme: no table that begins with '| file | what |'"
		bad=1
	elif ! cmp -s "$tmp" "$readme"; then
		if [ "$1" = write ]; then cat "$tmp" > "$readme"; continue; fi
		echo "$readme: its table is not what the files say of themselves: make tidy-readme"
		bad=1
	fi
done
exit "$bad"
