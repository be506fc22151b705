# Packed files and what lies in a folder and is not read.

# The log file of the demo in each packing that a tool here makes: the same alerts, told from where.
packings() {
	cd "$dir/work" || return
	mkdir -p in/AWSLogs/1/CloudTrail && "$S3TRIAGE" list --demo --json -q | cut -d'"' -f4 | sort >want
	gzip -c "$root/src/builtin/demo.ndjson" >in/AWSLogs/1/CloudTrail/1.json.gz
	tar -cf t.tar in && gzip -k t.tar
	gzip -c t.tar.gz >again
	files='t.tar t.tar.gz again'
	if command -v bsdtar >/dev/null; then
		bsdtar --format zip -cf e.zip in t.tar && bsdtar --format 7zip -cf e.7z in
		bsdtar -c --zstd -f t.zst in && bsdtar -cJf t.xz in
		files="$files e.zip e.7z t.zst t.xz"
		cp "$root/src/builtin/demo.ndjson" 'größe.json' && bsdtar --format zip -cf utf8.zip 'größe.json'
		LC_ALL=C run 0 list utf8.zip --json -q && has "$out" '"source":"utf8.zip:größe.json:'
	fi
	for file in $files; do
		run 0 list "$file" --json -q && cut -d'"' -f4 "$out" | sort >have
		is "$(cmp want have 2>&1)" ''
		has "$out" "\"source\":\"$file:in/AWSLogs/1/CloudTrail/1.json.gz:"
	done
	run 0 list in t.tar && has "$err" ', 29 repeated'
	first=$(head -1 want)
	run 0 show "$first" --json --from again && has "$out" 'again:in/AWSLogs/1/CloudTrail/1.json.gz:'
	is "$("$S3TRIAGE" list - -q --json <t.tar.gz | wc -l)" 29
	cd "$root" || return
}
test_case 'archives give what the files in them give, and say where it was' packings

left_out() {
	mkdir -p "$dir/work/ev/.git" "$dir/work/ev/AWSLogs/1/CloudTrail"
	echo notes >"$dir/work/ev/notes.txt" && echo '{"digestS3Object":"x"}' >"$dir/work/ev/digest.json"
	: >"$dir/work/ev/.x.json" && : >"$dir/work/ev/marker"
	for verb in list near normalize 'match --eql any_where_true' accounts open; do
		# shellcheck disable=SC2086
		set -- $verb
		[ $# -lt 3 ] || set -- match --eql 'any where true'
		run 0 "$@" "$dir/work/ev"
		has "$err" '5 files were not read: 1 holds no JSON, 1 is empty, 1 is a digest file, 2 have names that begin with a dot: --list-skipped names them'
		lacks "$err" notes.txt
		run 0 "$@" --list-skipped "$dir/work/ev"
		for line in 'notes.txt: is no JSON' 'digest.json: is a digest file' '.git: has a name that begins' 'marker: is empty'; do
			has "$err" "ev/$line"
		done
		run 0 "$@" -q "$dir/work/ev" && is "$(cat "$err")" ''
	done
	echo junk >"$dir/work/ev/AWSLogs/1/CloudTrail/log"
	run 3 list "$dir/work/ev" && has "$err" 'AWSLogs/1/CloudTrail/log: is no JSON'
	rm "$dir/work/ev/AWSLogs/1/CloudTrail/log"
	echo junk >"$dir/work/ev/x.json.zst"
	run 3 list "$dir/work/ev" && has "$err" 'ev/x.json.zst: is no JSON'
	printf 'PAR1' >"$dir/work/ev/x.json.zst"
	run 3 list "$dir/work/ev" -q && has "$err" 'is a Parquet file, which is not read; turn it into JSON first: duckdb'
}
test_case 'what lies in a folder and is not read is counted, and named to who asks' left_out
