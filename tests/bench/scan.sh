#!/bin/bash
# How fast a scan is beside the tools that a user would reach for, as ratios: each pair of commands
# is run in turn, A B A B, and the median of the pairs' ratios is printed (below 1: the first is
# faster): of wall-clock time with its quartiles, and of processor time, which neighbours disturb
# less. Absolute times of a shared machine say little. Tools that are not there are left out, and
# that is said. `limit` (limit.c) is what no scan can beat.
#   MB=256 ROUNDS=9 tests/bench/scan.sh [PROGRAM]
set -u
cd "$(dirname "$0")/../.." || exit 2
program=${1:-build/s3triage}
gen=${GEN:-build/tests/bench/gen}
limit=$(dirname "$gen")/limit
list=${LIST:-$program list --json}
mb=${MB:-256} rounds=${ROUNDS:-9}
literal=PutBucketReplication
dir=$(mktemp -d "${TMPDIR:-/tmp}/s3triage-bench.XXXXXX")
trap 'rm -rf "$dir"' EXIT

"$gen" ecs 1 "$mb" > "$dir/ecs.ndjson" && "$gen" tree 1 "$mb" "$dir/tree" || exit 1
gzip -1 -c "$dir/ecs.ndjson" > "$dir/ecs.ndjson.gz"
if command -v bsdtar > /dev/null; then
	bsdtar -C "$dir" --format zip -cf "$dir/tree.zip" tree && bsdtar -C "$dir" -cf "$dir/tree.tar" tree
	bsdtar -C "$dir" --format 7zip --options 7zip:compression-level=1 -cf "$dir/one.7z" ecs.ndjson
	for kind in gzip xz zstd lz4; do
		bsdtar -C "$dir" --"$kind" --options "$kind:compression-level=1" -cf "$dir/one.tar.$kind" ecs.ndjson
	done
fi
echo "data: $(stat -c %s "$dir/ecs.ndjson") bytes of NDJSON; $(find "$dir/tree" -name '*.gz' | wc -l) log files, $(du -sm "$dir/tree" | cut -f1) MB packed; $rounds rounds; $(nproc) processors"
for f in $(find "$dir" -type f); do cat "$f"; done > /dev/null

seconds() { # command -> wall and processor seconds
	local TIMEFORMAT='%3R %3U %3S'
	{ time bash -c "$1" > "$dir/out" 2> "$dir/err"; } 2> "$dir/time" || [ $? -eq 3 ] ||
		{ echo "failed: $1: $(head -1 "$dir/err")" >&2; return 1; }
	awk '{ print $1, $2 + $3 }' "$dir/time"
}

median() { # column of the ratios' file
	sort -n -k "$1,$1" "$dir/ratios" | awk -v c="$1" '{ r[NR] = $c } END { print r[int((NR + 1) / 2)] }'
}

pair() { # name, command A, name of B, command B, tool that B needs
	command -v "$5" > /dev/null || { echo "$1 : $3: $5 is not installed"; return; }
	local i a b
	[ -n "${ONLY:-}" ] && [[ ! "$1 : $3" =~ $ONLY ]] && return
	: > "$dir/ratios"
	for i in $(seq "$rounds"); do
		a=$(seconds "$2") && b=$(seconds "$4") || return
		echo "$a $b" | awk '{ printf "%.4f %.4f %.4f %.4f\n", $1 / $3, $2 / ($4 + 1e-9), $1, $3 }' >> "$dir/ratios"
	done
	sort -n "$dir/ratios" | awk -v what="$1 : $3" -v cpu="$(median 2)" -v a="$(median 3)" -v b="$(median 4)" '
		{ r[NR] = $1 } END { q = int((NR + 3) / 4)
			printf "%-42s wall %.3f [%.3f .. %.3f]  cpu %.3f  medians %.3f s, %.3f s\n",
			what, r[int((NR + 1) / 2)], r[q], r[NR + 1 - q], cpu, a, b }'
}

one="taskset -c 0"
pair "ndjson, 1 processor" "$one $list $dir/ecs.ndjson" "rg -c -F" "$one rg --no-mmap -c -F $literal $dir/ecs.ndjson" rg
pair "ndjson" "$list $dir/ecs.ndjson" "rg -c -F" "rg --no-mmap -c -F $literal $dir/ecs.ndjson" rg
pair "ndjson, 1 processor" "$one $list $dir/ecs.ndjson" "limit scan 1" \
	"$one $limit scan 1 $dir/ecs.ndjson $literal" "$limit"
pair "ndjson" "$list $dir/ecs.ndjson" "limit scan 2" "$limit scan 2 $dir/ecs.ndjson $literal" "$limit"
pair "ndjson" "$list $dir/ecs.ndjson" "rg | jq (exact)" \
	"rg --no-mmap -F $literal $dir/ecs.ndjson | jq -c 'select(.event.action == \"$literal\" and .event.outcome == \"success\")'" jq
pair "ndjson" "$list $dir/ecs.ndjson" "grep -c -F" "LC_ALL=C grep -c -F $literal $dir/ecs.ndjson" grep
pair "ndjson" "$list $dir/ecs.ndjson" "cat" "cat $dir/ecs.ndjson" cat
pair "log files" "$list $dir/tree" "gzip -dc, all" "find $dir/tree -name '*.gz' -print0 | xargs -0 -P2 gzip -dc" gzip
pair "log files, 1 processor" "$one $list $dir/tree" "limit gunzip 1" "$one $limit gunzip 1 $dir/tree" "$limit"
pair "log files" "$list $dir/tree" "limit gunzip 2" "$limit gunzip 2 $dir/tree" "$limit"
cat > "$dir/jq.sh" << END
gzip -dc "\$@" | jq -c '.Records[] | select(.eventName == "$literal" and .errorCode == null)'
END
pair "log files" "$list $dir/tree" "gzip -dc | jq, 2 at once" \
	"find $dir/tree -name '*.gz' -print0 | xargs -0 -P2 -n 100 sh $dir/jq.sh" jq
pair "log files" "$list $dir/tree" "rg -z -l" "rg -z -l -F $literal $dir/tree" rg
pair "log files" "$list $dir/tree" "ugrep -z -l" "ugrep -z -r -l -F $literal $dir/tree" ugrep
pair "tree as .zip" "$list $dir/tree.zip" "bsdtar -xO | gzip -dc" "bsdtar -xOf $dir/tree.zip | gzip -dc" bsdtar
pair "tree as .tar" "$list $dir/tree.tar" "bsdtar -xO | gzip -dc" "bsdtar -xOf $dir/tree.tar | gzip -dc" bsdtar
for kind in gzip xz zstd lz4; do
	pair "one .tar, $kind" "$list $dir/one.tar.$kind" "bsdtar -xO" "bsdtar -xOf $dir/one.tar.$kind" bsdtar
done
pair "one .7z" "$list $dir/one.7z" "bsdtar -xO" "bsdtar -xOf $dir/one.7z" bsdtar
pair "one .ndjson.gz" "$list $dir/ecs.ndjson.gz" "gzip -dc" "gzip -dc $dir/ecs.ndjson.gz" gzip
pair "one .ndjson.gz" "$list $dir/ecs.ndjson.gz" "igzip -dc" "igzip -dc $dir/ecs.ndjson.gz" igzip
