#!/bin/bash
# How fast a scan is beside the tools that a user would reach for, as ratios: each pair of commands
# is run in turn, A B A B, and the median of the pairs' wall-clock ratios is printed (below 1: the
# first is faster). Absolute times of a shared machine say little. Tools that are not there are
# left out, and that is said.
#   MB=256 ROUNDS=9 tests/bench/scan.sh [PROGRAM]
set -u
cd "$(dirname "$0")/../.." || exit 2
program=${1:-build/s3triage}
gen=${GEN:-build/tests/bench/gen}
list=${LIST:-$program list --json}
mb=${MB:-256} rounds=${ROUNDS:-9}
literal=PutBucketReplication
dir=$(mktemp -d "${TMPDIR:-/tmp}/s3triage-bench.XXXXXX")
trap 'rm -rf "$dir"' EXIT

"$gen" ecs 1 "$mb" > "$dir/ecs.ndjson" && "$gen" tree 1 "$mb" "$dir/tree" || exit 1
gzip -1 -c "$dir/ecs.ndjson" > "$dir/ecs.ndjson.gz"
echo "data: $(stat -c %s "$dir/ecs.ndjson") bytes of NDJSON; $(find "$dir/tree" -name '*.gz' | wc -l) log files, $(du -sm "$dir/tree" | cut -f1) MB packed; $rounds rounds; $(nproc) processors"
for f in $(find "$dir" -type f); do cat "$f"; done > /dev/null

seconds() { # command -> wall seconds
	local t0 t1
	t0=$(date +%s%N)
	bash -c "$1" > "$dir/out" 2> "$dir/err" || [ $? -eq 3 ] || { echo "failed: $1: $(head -1 "$dir/err")" >&2; return 1; }
	t1=$(date +%s%N)
	echo $((t1 - t0))
}

pair() { # name, command A, name of B, command B, tool that B needs
	command -v "$5" > /dev/null || { echo "$1 : $3: $5 is not installed"; return; }
	local i a b
	: > "$dir/ratios"
	for i in $(seq "$rounds"); do
		a=$(seconds "$2") && b=$(seconds "$4") || return
		echo "$a $b" | awk '{ printf "%.4f %.4f %.4f\n", $1 / $2, $1 / 1e9, $2 / 1e9 }' >> "$dir/ratios"
	done
	sort -n "$dir/ratios" | awk -v what="$1 : $3" '{ r[NR] = $1; a += $2; b += $3 }
		END { q = int((NR + 3) / 4); printf "%-46s ratio %.3f [%.3f .. %.3f]   mean %.3f s, %.3f s\n",
			what, r[int((NR + 1) / 2)], r[q], r[NR + 1 - q], a / NR, b / NR }'
}

one="taskset -c 0"
pair "ndjson, 1 processor" "$one $list $dir/ecs.ndjson" "rg -c -F" "$one rg --no-mmap -c -F $literal $dir/ecs.ndjson" rg
pair "ndjson" "$list $dir/ecs.ndjson" "rg -c -F" "rg --no-mmap -c -F $literal $dir/ecs.ndjson" rg
pair "ndjson" "$list $dir/ecs.ndjson" "rg | jq (exact)" \
	"rg --no-mmap -F $literal $dir/ecs.ndjson | jq -c 'select(.event.action == \"$literal\" and .event.outcome == \"success\")'" jq
pair "ndjson" "$list $dir/ecs.ndjson" "grep -c -F" "LC_ALL=C grep -c -F $literal $dir/ecs.ndjson" grep
pair "ndjson" "$list $dir/ecs.ndjson" "cat" "cat $dir/ecs.ndjson" cat
pair "log files" "$list $dir/tree" "gzip -dc, all" "find $dir/tree -name '*.gz' -print0 | xargs -0 -P2 gzip -dc" gzip
pair "log files" "$list $dir/tree" "libdeflate-gunzip, all" \
	"find $dir/tree -name '*.gz' -print0 | xargs -0 -P2 -n 100 libdeflate-gunzip -c" libdeflate-gunzip
pair "log files" "$list $dir/tree" "ugrep -z -l" "ugrep -z -r -l -F $literal $dir/tree" ugrep
pair "one .ndjson.gz" "$list $dir/ecs.ndjson.gz" "gzip -dc" "gzip -dc $dir/ecs.ndjson.gz" gzip
pair "one .ndjson.gz" "$list $dir/ecs.ndjson.gz" "igzip -dc" "igzip -dc $dir/ecs.ndjson.gz" igzip
