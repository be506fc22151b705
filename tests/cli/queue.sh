# Approvals over the planted queue (tests/queue): what they close is honest, whatever the seed.

# The limits of approvals.tsv as words, with more of them behind; then which attacks are approved.
queued() {
	rm -rf q.db q.db-* "$XDG_STATE_HOME"
	tr '\t' '|' <approvals.tsv >limits
	while IFS='|' read -r account role bucket actor from _until; do
		# shellcheck disable=SC2086
		"$S3TRIAGE" approval add --account "$account" --valid-from "$from" ${1:+--role "$role" --actor "$actor"} \
			${bucket:+--bucket "$bucket"} $2 --journal q.db -q >/dev/null 2>&1 || complain "approval add $2"
	done <limits
	# shellcheck disable=SC2086
	run "${4:-3}" approval apply $3 --from events.ndjson --accounts accounts.toml --journal q.db -q
	run 3 list events.ndjson --accounts accounts.toml --journal q.db -q --json
	grep -n '"verdict":"approved"' "$out" | sed 's/.*"source":"events.ndjson:\([0-9]*\)".*/\1/' | sort >approved
	[ -s approved ] || complain "nothing was approved with $1 $2"
	awk -F'\t' '$2 == "attack" {print $1}' truth.tsv | sort | comm -12 - approved >attacks
	[ -s attacks ] && complain "attacks were approved with $1 $2: $(wc -l <attacks)"
}

planted() {
	command -v python3 >/dev/null || { skip 'python3 is not there'; return; }
	for seed in 1 2; do
		python3 "$root/tests/queue/make.py" $seed "$dir/work/q$seed" && cd "$dir/work/q$seed" || return
		queued limits '' ''
		queued limits --auto --auto
		queued limits '--claims --delete-markers --existing-objects --replica-modifications' ''
		queued '' '' ''
		queued '' '--claims --delete-markers --existing-objects --replica-modifications' ''
	done
}
test_case 'no approval closes an attack of the planted queue' planted

# The order that nobody asked for leads to the attacks. make queue tries more seeds.
led() {
	command -v python3 >/dev/null || { skip 'python3 is not there'; return; }
	python3 "$root/tests/queue/measure.py" "$S3TRIAGE" --within 80 make:1 teams:1 >"$out" 2>"$err" || complain "$(cat "$out" "$err")"
}
test_case 'all planted attacks stand within the first 80 by the default order' led
