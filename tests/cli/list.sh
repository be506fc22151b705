# list, show, normalize, match on files of every kind.

count() { wc -l <"$out" | tr -d ' '; }
first_id() { run 0 list --demo --json -q && sed -n "${1:-1}s/.*\"id\":\"\\([^\"]*\\)\".*/\\1/p" "$out"; }

demo() {
	run 0 list --demo --json
	alerts=$(count)
	[ "$alerts" -ge 20 ] || complain "only $alerts alerts in the demo"
	for key in id event_id time rule rule_id severity risk_score verdict bucket owner_account destinations \
		role actor_arn access_key_id source_ip region read_from disagreement source; do
		is "$(grep -cF "\"$key\":" "$out")" "$alerts"
	done
	is "$(grep -c '"verdict":"open"' "$out")" "$alerts"
	lacks "$out" '"bucket":"acme-finance-close"'
	lacks "$out" 'acme-old-wiki'
	run 0 list --demo && has "$out" "$alerts alerts, $alerts open" && has "$out" 'acme-payroll-prod'
	run 0 list --demo --json --limit 3
	is "$(count)" 3
	has "$err" "3 of $alerts alerts shown"
	# what is left out by a filter, or comes twice, does not count
	run 0 list --demo --json --limit 1 --filter 'bucket:acme-payroll-prod' && is "$(count)" 1
	run 0 list --demo --json -q && sed -n 1,3p "$out" >"$dir/work/first"
	run 0 list --demo --json -q --limit 3 && cmp -s "$out" "$dir/work/first" || complain 'not the first three'
	run 0 normalize --demo -q && cat "$out" "$out" "$out" >"$dir/work/thrice.ndjson"
	run 0 list "$dir/work/thrice.ndjson" --json --limit 2 && is "$(count)" 2
	run 0 match --eql 'any where true' --demo --limit 2 && is "$(count)" 2
	run 0 list --demo --json --filter 'bucket:acme-payroll-prod' && is "$(count)" 1
	has "$out" '"account":"999988887777"'
	has "$out" '"relation":"other"'
}
test_case 'the demo as a table and as JSON' demo

# What was not read of a request's text is not known: nothing is padded, concluded or blamed.
cut_text() {
	printf '%s' '{"@timestamp":"2026-03-01T10:00:00Z","event":{"action":"PutBucketReplication","outcome":"success","type":["info"],"id":"1"},
		"data_stream":{"dataset":"aws.cloudtrail"},"aws":{"cloudtrail":{"request_parameters":"{bucketName=b,
		ReplicationConfiguration={Rule=[{Status=Enabled, Destination={Account=7777888' | tr -d '\n\t' | sed 's/b,R/b, R/' \
		>"$dir/work/cut.json"
	cp "$dir/work/cut.json" "$dir/work/behind.json"
	printf '"}}}\n' >>"$dir/work/cut.json"
	printf '89999, Bucket=arn:aws:s3:::d}, Pri"}}}\n' >>"$dir/work/behind.json"
	run 3 list "$dir/work/cut.json" --json
	has "$err" "the request's text ends before it is closed"
	has "$out" '7777888...'
	lacks "$out" '000007777888'
	run 3 list "$dir/work/behind.json" --json && has "$out" '777788889999'
	for trait in whole-bucket delete-markers deletes-out all-disabled forged; do lacks "$out" "\"$trait\""; done
	has "$out" '"unread"'
	run 3 show --from "$dir/work/behind.json" "$(sed -n 's/.*"id":"\([0-9a-f]\{20\}\)".*/\1/p' "$out")"
	has "$out" 'rules may be missing'
	lacks "$out" "copies    the whole bucket"
}
test_case 'a request whose text is cut' cut_text

# A saved answer that says that it is not all there was.
partial_answers() {
	run 0 normalize --demo -q --limit 1
	hit="{\"_id\":\"1\",\"_source\":$(head -1 "$out")}"
	while IFS='|' read -r says head behind; do
		printf '{%s"hits":{"hits":[%s]%s}\n' "$head" "$hit" "$behind" >"$dir/work/answer.json"
		want=3
		[ "$says" ] || want=0
		for verb in list near normalize; do
			run $want $verb "$dir/work/answer.json" || cat "$dir/work/answer.json" | cut -c1-99
			[ -z "$says" ] || has "$err" "$says"
		done
	done <<-'END'
		|"timed_out":false,"_shards":{"total":5,"failed":0},|,"total":{"value":1,"relation":"eq"}}
		||,"total":1}
		: 1 of 500 hits; 2 of 5 shards failed; the search timed out|"timed_out":true,"_shards":{"total":5,"successful":3,"failed":2},|,"total":{"value":500,"relation":"eq"}}
		: 1 of at least 10000 hits||,"total":{"value":10000,"relation":"gte"}}
		: 2 of 5 shards failed|"took":1,|},"_shards":{"total":5,"failed":2}
		: 1 shard failed; it says that it is partial|"is_partial":true,"shard_failures":[{"shard":1}],|}
		: 1 of 7 hits|"response":{"hits":{"total":7,"hits":[{"_id":"2"}]}},|}
	END
	printf '{"took":1,"timed_out":true,"hits":{"total":3,"hits":[]}}' >"$dir/work/answer.json"
	run 3 list "$dir/work/answer.json"
	has "$err" ': 0 of 3 hits; the search timed out'
}
test_case 'saved answers that are not whole' partial_answers

# A data stream's dataset is a constant of the mapping: it may be in `fields` alone.
constants() {
	run 0 list --demo --json -q && cp "$out" "$dir/work/want"
	"$S3TRIAGE" normalize --demo -q | sed -E 's/"data_stream":\{[^}]*\},?//; s/^/{"_id":"x","_source":/
		s/$/,"fields":{"data_stream.dataset":["aws.cloudtrail"]}}/' >"$dir/work/hits.ndjson"
	lacks "$dir/work/hits.ndjson" '"data_stream":'
	run 0 list "$dir/work/hits.ndjson" --json -q && is "$(count)" "$(wc -l <"$dir/work/want" | tr -d ' ')"
	sed -i 's/"fields":/"nothing":/' "$dir/work/hits.ndjson"
	run 0 list "$dir/work/hits.ndjson" --json && is "$(count)" 0
	has "$err" 'data_stream.dataset is in none'
}
test_case 'fields that are not in _source' constants

# A source that has nothing is named; that it has nothing is a fault only of one whose name promises events.
nothing_there() {
	mkdir "$dir/work/none" "$dir/work/some" "$dir/work/dots"
	: >"$dir/work/empty" && printf '\n \n' >"$dir/work/blank.ndjson" && : >"$dir/work/dots/.hidden.json"
	: >"$dir/work/some/cut.json" && : >"$dir/work/some/marker"
	gzip -c "$dir/work/empty" >"$dir/work/empty.gz"
	run 3 list "$dir/work/blank.ndjson" && has "$err" 'blank.ndjson: is empty, and its name promises events'
	for file in empty empty.gz; do
		run 0 list "$dir/work/$file" && has "$err" "$file: is empty" && lacks "$err" problem
	done
	run 0 list - && has "$err" '-: is empty'
	run 0 list "$dir/work/none" && has "$err" 'none: no file was found in this folder'
	run 0 list "$dir/work/dots" && has "$err" 'dots: no file was found in this folder'
	run 0 list "$dir/work/some" && has "$err" 'some/cut.json: is empty' && lacks "$err" marker && lacks "$err" 'no file'
	has "$err" '1 file was not read: 1 is empty'
	run 0 list --demo && lacks "$err" empty && lacks "$err" 'no file'
}
test_case 'an empty file or folder as a source is named' nothing_there

time_bounds() {
	run 0 list --demo --json --since 2026-11-24 -q && has "$out" acme-payroll-prod && lacks "$out" acme-design
	run 0 list --demo --json --until 2026-10-03 -q && has "$out" media-originals && is "$(count)" 1
	run 0 list --demo --json --since 2026-10-03 --until 2026-10-03 -q && is "$(count)" 1
	run 0 list --demo --json --until 2026-10-03T00:00:00Z -q && is "$(count)" 0
	run 0 list --demo --json --until 2026-10-05 -q && has "$out" media-originals && is "$(count)" 1
	run 0 list --demo --json --sort time -q
	head -1 "$out" >"$dir/work/first"
	has "$dir/work/first" '2026-10-03'
}
test_case 'time bounds and order' time_bounds

# A rule that is still being written: what a run does not need may be missing, check asks for it.
rule_of_its_own() {
	cd "$dir/work" || return
	printf '[rule]\nlanguage = "eql"\nquery = "any where event.action == \\"PutBucketReplication\\""\n' >draft.toml
	printf '{"name":"n","type":"eql","query":"any where event.outcome == \\"failure\\""}\n' >draft.ndjson
	run 0 match --rule draft.toml --demo --id-field event.id -q && is "$(count)" 31
	run 0 match --rule draft.ndjson --demo --id-field event.id -q
	run 0 list --rule draft.toml --demo --json -q && is "$(count)" 31 && has "$out" '"severity":null'
	cp "$out" one
	run 1 rule check draft.toml draft.ndjson && has "$err" 'draft.toml:1: risk_score is missing' && has "$out" '2 bad'
	printf '[rule]\nquery = "any where true"\n' >draft.toml
	run 1 match --rule draft.toml --demo && has "$err" 'draft.toml:1: type is missing'
	# another query is another rule: its alerts are others, also of the same events
	printf '[rule]\nlanguage = "eql"\nquery = "any where event.action : \\"PutBucketReplication\\""\n' >draft.toml
	run 0 list --rule draft.toml --demo --json -q && is "$(count)" 31
	is "$(sed 's/^{"id":"\([^"]*\).*/\1/' one "$out" | sort | uniq -d | wc -l | tr -d ' ')" 0
	cd "$root" || return
}
test_case 'a rule file with little in it runs' rule_of_its_own

typed_filter() {
	run 2 list --demo --filter 'bucket:(' && has "$err" '1:9: ' && has "$err" '  bucket:('
	lacks "$err" '((' && lacks "$err" '()'
	run 0 list --demo --filter 'bucket:acme-payroll-prod' && has "$out" '1 alert, 1 open'
	run 0 list --demo --filter ' ' && has "$out" ' alerts, '
}
test_case 'an error in a filter shows what was typed' typed_filter

files() {
	cd "$dir/work" || return
	cp "$root/src/builtin/demo.ndjson" raw.ndjson
	run 0 list raw.ndjson --json -q
	n=$(count)
	has "$out" '"source":"raw.ndjson:'
	{ printf '{"Records":['; paste -sd, raw.ndjson; printf ']}'; } >trail.json
	gzip -k trail.json
	run 0 list trail.json.gz --json -q && is "$(count)" "$n"
	{ printf '['; paste -sd, raw.ndjson; printf ']'; } >array.json
	run 0 list array.json --json -q && is "$(count)" "$n"
	run 0 list . --json -q && is "$(count)" "$n"
	run 0 list '*.json' --json -q && is "$(count)" "$n"
	"$S3TRIAGE" list - --json -q <raw.ndjson >"$out" 2>"$err"
	is "$(count)" "$n"
	run 0 normalize raw.ndjson && is "$(count)" "$(wc -l <raw.ndjson)"
	cp "$out" ecs.ndjson
	has ecs.ndjson '"request_parameters":"{'
	run 0 list ecs.ndjson --json -q && is "$(count)" "$n"
	run 0 match --rule "$root/src/builtin/rule.toml" ecs.ndjson && is "$(count)" "$n"
}
test_case 'the same events as NDJSON, log file, gzip, array, folder, glob, stdin, ECS' files

damaged() {
	cd "$dir/work" || return
	run 0 list "$root/src/builtin/demo.ndjson" --json -q
	n=$(count)
	{ echo '{"eventName": broken'; cat "$root/src/builtin/demo.ndjson"; printf 'not json at all\n'; } >bad.ndjson
	run 3 list bad.ndjson --json && is "$(count)" "$n" && has "$err" 'bad.ndjson:1'
	{ printf '{"Records":['; paste -sd, "$root/src/builtin/demo.ndjson"; printf ']}'; } | gzip >cut.json.gz
	head -c $(($(wc -c <cut.json.gz) * 3 / 4)) cut.json.gz >half.json.gz
	rm cut.json.gz
	run 3 list half.json.gz --json && has "$err" 'half.json.gz'
	[ "$(count)" -ge 5 ] || complain 'the records before the cut are gone'
	run 3 list nowhere.json --json && has "$err" 'nowhere.json'
	is "$(count)" 0
	for bad in '{bad json}' '{"a":tru}' '{"a":1,}' '{"a":01}' '{"a":1.}' '{"a":"\x"}'; do
		{ head -3 "$root/src/builtin/demo.ndjson"; echo "$bad"; } >bad.ndjson
		run 3 list bad.ndjson --json && has "$err" 'bad.ndjson:4'
	done
	head -3 "$root/src/builtin/demo.ndjson" >good.ndjson
	printf '%s\n' '{"eventName":"x","eventTime":"2026-01-01T00:00:00Z","a":[-1.5e+9,0,0.25,1E5,true,false,null,"/"]}' >>good.ndjson
	run 0 list good.ndjson --json
}
test_case 'bad input is named, counted and hides nothing' damaged

equal_times() {
	cd "$dir/work" || return
	grep acme-payroll-prod "$root/src/builtin/demo.ndjson" | grep '"PutBucketReplication"' | head -1 >one.ndjson
	for n in 1 2 3 4 5; do
		sed 's/"eventID":"[^"]*"/"eventID":"e'$n'"/' one.ndjson
	done >ties.ndjson
	tac ties.ndjson >turned.ndjson
	for file in ties turned; do
		for order in time -time severity -bucket; do
			run 0 list $file.ndjson --json -q --sort $order && is "$(count)" 5
			sed 's/.*{"id":"\([^"]*\)".*/\1/; s/^{"id":"\([^"]*\)".*/\1/' "$out" >$file.ids
			LC_ALL=C sort -c $file.ids || complain "$file by $order: not by id"
		done
	done
	cmp -s ties.ids turned.ids || complain 'the order depends on the file'
}
test_case 'alerts of equal time are listed by id' equal_times

one_event_twice() {
	cd "$dir/work" || return
	grep acme-payroll-prod "$root/src/builtin/demo.ndjson" | grep '"PutBucketReplication"' | head -1 >one.ndjson
	event=$(sed 's/.*"eventID":"\([^"]*\)".*/\1/' one.ndjson)
	rule=$("$S3TRIAGE" list one.ndjson --json -q | grep -o '"rule_id":"[^"]*"' | head -1 | cut -d'"' -f4)
	printf '%s%s%s\n' '{"@timestamp":"2026-11-24T02:20:00Z","kibana.alert.uuid":"u-1","kibana.alert.rule.name":"R",' \
		'"kibana.alert.severity":"high","kibana.alert.original_time":"2026-11-24T02:13:07Z","kibana.alert.rule.rule_id":"' \
		"$rule\",\"kibana.alert.original_event.id\":\"$event\",\"event\":{\"action\":\"DeleteTrail\"}}" >alert.ndjson
	cat one.ndjson alert.ndjson >raw-first.ndjson
	cat alert.ndjson one.ndjson >alert-first.ndjson
	for file in raw-first alert-first; do
		run 0 list $file.ndjson --json && is "$(count)" 1 && has "$out" '"id":"u-1"'
		has "$err" '1 alert: ' && has "$out" '"read_from":null'
	done
}
test_case 'an alert and its raw event count once, whichever comes first' one_event_twice

fields() {
	cd "$dir/work" || return
	grep acme-payroll-prod "$root/src/builtin/demo.ndjson" | grep '"PutBucketReplication"' | head -1 >one.ndjson
	run 0 list one.ndjson --json -q && is "$(count)" 1
	for change in 's/"userIdentity":/"userIdentity":5,"was":/' 's/"resources":/"resources":"x","was":/' \
		's/"eventTime":"[^"]*"/"eventTime":17/' 's/"eventTime":/"was":/' 's/"eventID":/"was":/'; do
		{ head -1 "$root/src/builtin/demo.ndjson" && sed "$change" one.ndjson; } >wrong.ndjson
		run 3 list wrong.ndjson --json --filter 'bucket:acme-payroll-prod' && is "$(count)" 1
		has "$err" 'wrong.ndjson:2: ' && has "$err" ', 1 problem'
	done
	sed 's/"requestParameters":/"requestParameters":[],"was":/' one.ndjson >wrong.ndjson
	run 3 list wrong.ndjson && has "$err" 'wrong.ndjson:1: requestParameters should be an object and is a list'
	sed 's/"eventName":/"was":/' one.ndjson >wrong.ndjson
	run 3 match --eql 'any where true' wrong.ndjson && has "$err" 'wrong.ndjson:1: eventName is missing'
	is "$(count)" 1
}
test_case 'wrong and missing fields are named, and the event is kept' fields

shows() {
	id=$(first_id)
	run 0 show "$id" --demo || return
	has "$out" '== Request ==' && has "$out" '== Actor ==' && has "$out" '== Guide =='
	has "$out" 999988887777
	run 0 show "$id" --demo --json && has "$out" '"document":{'
	file=src/builtin/demo.ndjson
	run 0 show --from $file "$id" --json && has "$out" "$id"
	run 0 show "$id" --from $file --json && has "$out" "$id"
	run 0 show --from $file -- "$id" && has "$out" '== Request =='
	run 0 decide --from $file --dry-run approved "$id" && has "$out" '1 alert would be'
	run 0 decide approved --from $file "$id" --dry-run && has "$out" '1 alert would be'
	run 0 decide --from $file $file approved "$id" --dry-run && has "$out" '1 alert would be'
	run 1 show nosuchalert --demo && has "$err" nosuchalert
}
test_case 'show' shows

matches() {
	run 0 match --eql 'any where event.action == "CreateRole"' --demo && is "$(count)" 1
	run 0 match --eql 'info where event.action : "*bucket*"' --category-field event.type --demo --id-field event.action
	has "$out" PutBucketReplication && lacks "$out" '{'
	run 2 match --eql 'any where event.action = "x"' --demo && has "$err" '^'
	run 2 match --eql 'any where true | tail x' --demo && has "$err" '  any where true | tail x'
	run 2 match --eql 'sequence [any where true] [any where false]' --demo
	has "$err" '1:1: sequence queries' && has "$err" '  sequence [any' && has "$err" '  ^'
	sed '/^event_category_override/d' "$root/src/builtin/rule.toml" >"$dir/work/plain.toml"
	run 0 match --rule "$dir/work/plain.toml" --demo -q && is "$(count)" 0
	run 0 match --rule "$dir/work/plain.toml" --category-field event.type --demo -q
	[ "$(count)" -ge 20 ] || complain 'no --category-field beside --rule'
	run 0 match --eql 'any where true | head 2' --demo && is "$(count)" 2
	printf '{"pid":1,"kind":"process"}\n{"pid":2,"kind":"file"}\n' >"$dir/work/any.ndjson"
	run 0 match --eql 'process where pid < 5' --category-field kind --id-field pid "$dir/work/any.ndjson"
	is "$(cat "$out")" 1
}
test_case 'match' matches

# What a rule cannot be asked is said of the event, which counts as no match.
unjudged() {
	{
		printf '{"@timestamp":"2026-11-20T10:00:00Z","event":{"action":"A"},"n":0}\n'
		printf '{"@timestamp":"2026-11-20T10:00:00Z","event":{"action":"A"},"n":2}\n'
	} >"$dir/work/n.ndjson"
	run 3 match --eql 'any where 4 / n == 2' "$dir/work/n.ndjson" && is "$(count)" 1
	has "$err" 'n.ndjson:1: the rule could not be evaluated on this event: a division by zero'
}
test_case 'an event that the rule cannot judge is told' unjudged

# A part of a broken record is no document; one damage is one problem.
parts_of_broken() {
	printf '{"@timestamp":"2026-11-20T10:00:00Z","event":{"action":"A"},"n":01}\n{"action":"A"}\n' \
		>"$dir/work/broken.ndjson"
	run 3 match --eql 'any where action == "A"' "$dir/work/broken.ndjson" && is "$(count)" 1
	is "$(grep -c 'broken.ndjson:' "$err")" 1
}
test_case 'a part of a broken record is no document' parts_of_broken

# What lies too deep, or has a time that no text can hold, is told.
told_edges() {
	path=$dir/work
	for i in $(seq 135); do path=$path/d; done
	mkdir -p "$path" && cp tests/data/ecs.ndjson "$path/"
	run 3 list "$dir/work/d" && has "$err" 'folders deep and was not read'
	"$S3TRIAGE" normalize --demo -q | head -1 | sed 's/"@timestamp":"[^"]*"/"@timestamp":"9999-12-31T23:59:59-01:00"/' \
		>"$dir/work/late.ndjson"
	run 3 list "$dir/work/late.ndjson" && has "$err" 'no readable time'
}
# JSON as text inside the request is what it says; any other text there is told, and no sentence of
# absence rests on it.
nested_text() {
	put='{"eventVersion":"1.09","eventTime":"2026-11-20T10:00:00Z","eventID":"t-%s","eventName":"PutBucketReplication","eventSource":"s3.amazonaws.com","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/kim","accountId":"111122223333"},"requestParameters":%s}\n'
	destination='{\"Bucket\":\"arn:aws:s3:::d\",\"Account\":\"999988887777\"}'
	# shellcheck disable=SC2059
	{
		printf "$put" rule "{\"bucketName\":\"b\",\"ReplicationConfiguration\":{\"Rule\":\"{\\\"Destination\\\":$destination}\"}}"
		printf "$put" one "{\"bucketName\":\"b\",\"ReplicationConfiguration\":{\"Rule\":[{\"ID\":\"x\"},\"text\"]}}"
		printf "$put" destination '{"bucketName":"b","ReplicationConfiguration":{"Rule":{"Destination":"d"}}}'
		printf "$put" all '"text"'
	} >"$dir/work/nested.ndjson"
	run 3 list "$dir/work/nested.ndjson"
	has "$out" '> 999988887777' && has "$out" '1 alert, 1 open'
	is "$(grep -c 'nested.ndjson:[2-4]: .*should be' "$err")" 3
	run 3 near "$dir/work/nested.ndjson" -q && is "$(grep -c 'cannot be read: it may name one' "$out")" 3
	lacks "$out" 'names no account'
	lacks "$out" 'holds no replication rule'
}
test_case 'JSON text inside a request is read, other text is told' nested_text

test_case 'folders too deep and times beyond year 9999 are told' told_edges

rules() {
	run 0 rule check src/builtin/rule.toml && has "$out" eql
	printf '[rule]\nname = "x"\nquery = """any where a = 1"""\nlanguage = "eql"\ntype = "eql"\nrule_id = "r"\nseverity = "low"\nrisk_score = 1\ndescription = "d"\nauthor = ["a"]\nlicense = "x"\ntags = []\n' >"$dir/work/bad.toml"
	run 3 rule check src/builtin/rule.toml "$dir/work/bad.toml" && has "$out" eql && has "$err" 'bad.toml:3:24: '
	id=$(first_id)
	run 0 rule explain "$id" --demo && has "$out" PutBucketReplication
	# an event that is no alert: which part failed
	run 0 near --demo --json -q
	event=$(sed -n '1s/.*"event_id":"\([^"]*\)".*/\1/p' "$out")
	run 0 rule explain "$event" --demo && has "$out" "$event" && grep -q '^ *- ' "$out" || complain 'no part failed'
	run 0 rule explain "$(echo "$event" | cut -c1-13)" --demo --json && has "$out" '"matched":false' && lines "$out" 1
	run 1 rule explain nobody-has-this --demo && has "$err" 'no alert has the id'
}
test_case 'rule check and explain' rules

# One look is enough: all that can be found wrong, each at its line, in the file's terms.
rule_faults() {
	cat >"$dir/work/many.toml" <<-'END'
		[rule]
		name = 5
		risk_score = 200
		severity = "lw"
		type = "eqll"
		language = "eql"
		tags = "x"
		query = """
		any where a == foo(1) and
		  length() == 3 or startswith(a, 5)
		"""
	END
	printf '{"rule_id":"a","name":5,"description":"d","severity":"low","query":"a:","type":"query","risk_score":101}\n' >"$dir/work/many.ndjson"
	run 1 rule check "$dir/work/many.toml" "$dir/work/many.ndjson" && has "$out" '0  rules in 2 files, 2 bad'
	sed -n 's/^s3triage: .*\(many[^ ]*\): \([^ ]* [^ ]*\).*/\1 \2/p' "$err" | sort >"$dir/work/told"
	sort >"$dir/work/wanted" <<-'END'
		many.ndjson:1 name must
		many.ndjson:1 risk_score must
		many.ndjson:1:3 expected a
		many.toml:10:3 length needs
		many.toml:10:34 2nd argument
		many.toml:1 description is
		many.toml:1 rule_id is
		many.toml:2:1 name must
		many.toml:3:1 risk_score must
		many.toml:4:1 severity must
		many.toml:5:1 type must
		many.toml:6:1 language does
		many.toml:7:1 tags must
		many.toml:9:16 Unknown function
	END
	diff "$dir/work/wanted" "$dir/work/told" >"$out" || complain 'not each fault once'
}
test_case 'rule check names every fault of a rule' rule_faults

shared_data() {
	[ -d ../shared/data/cloudtrail ] || { skip '../shared/data is not here'; return; }
	# The one real PutBucketReplication names no account: it must not alert.
	run 0 list ../shared/data/cloudtrail/splunk-putbucketreplication.json --json && is "$(count)" 0
	has "$err" '1 PutBucketReplication'
	run 0 list ../shared/data/cloudtrail/splunk-one-per-api.ndjson --json && is "$(count)" 0
	has "$err" '48 events'
	run 0 list ../shared/data/cloudtrail/traildiscover.ndjson --json && is "$(count)" 0
	has "$err" '315 events'
	run 0 list ../shared/data/alerts/alert-eql-prebuilt-9.0.1.json --json && is "$(count)" 1
}
test_case 'real public events' shared_data

carets() {
	printf '{"n":1}\n' >"$dir/work/one.ndjson"
	run 2 match --eql "$(printf 'any where\ta = 1')" "$dir/work/one.ndjson"
	has "$err" 'line 1:13:' && is "$(sed -n 3p "$err")" '              ^'
	run 2 match --eql "any where $(printf '%0300d' 0 | sed 's/0/n == 1 or /g')a = 1" "$dir/work/one.ndjson"
	has "$err" '  ...' && has "$err" '^'
	line=$(sed -n 2p "$err") caret=$(sed -n 3p "$err")
	is "$(printf %s "$line" | cut -c${#caret})" '='
	printf '{"event":{"category":"file"},"n":1}\n{"n":2}\n' >"$dir/work/two.ndjson"
	run 0 rule explain --json --eql 'file where n < 5' "$dir/work/two.ndjson" -q && lines "$out" 2
	is "$(grep -c '"matched":true' "$out")" 1
	: >"$dir/work/there.csv"
	run 1 export -o "$dir/work/there.csv" --demo && has "$err" "there.csv exists already; --force"
}
test_case 'carets under tabs and in long lines; explain as JSON; what is there already' carets

# A field that is there dotted and nested, or a list where an event has one value: told, and a doubt that
# no bulk verdict and no approval takes. An original that says something else disagrees.
twin_fields() {
	"$S3TRIAGE" normalize --demo -q | grep -F 'bucketName=acme-logs-eu,' | head -1 >"$dir/work/one.ndjson"
	changed() { # SED CODE WORDS
		sed -E "$1" "$dir/work/one.ndjson" >"$dir/work/now.ndjson"
		cmp -s "$dir/work/one.ndjson" "$dir/work/now.ndjson" && complain "nothing changed: $1"
		run "$2" list "$dir/work/now.ndjson" --json && has "$out" "$3"
	}
	run 0 list "$dir/work/one.ndjson" --json && lacks "$out" twin-keys && has "$out" '"disagreement":false'
	changed 's/^\{/{"aws.cloudtrail.user_identity.arn":"arn:aws:iam::999988887777:user\/x",/' 3 '"twin-keys"'
	changed 's/^\{/{"aws.cloudtrail.request_parameters":"{bucketName=acme-logs-eu, Account=999988887777}",/' 3 '"twin-keys"'
	changed 's/^\{/{"cloud.region":"us-east-1",/' 3 '"twin-keys"'
	changed 's/"region":"eu-west-1"/"region":["eu-west-1","us-east-1"]/' 3 '"twin-keys"'
	changed 's/\\"awsRegion\\":\\"eu-west-1\\"/\\"awsRegion\\":\\"us-east-1\\"/' 0 '"disagreement":true'
	changed 's/\\"eventTime\\":\\"2026/\\"eventTime\\":\\"2019/' 0 '"disagreement":true'
	changed 's/DeleteMarkerReplication=\{Status=Disabled\}/DeleteMarkerReplication={Status=Enabled}/' 0 '"disagreement":true'
	run 0 list "$dir/work/one.ndjson" --json && cp "$out" "$dir/work/before"
	sed 's/^{/{"cloud.region":"eu-west-1",/' "$dir/work/one.ndjson" >"$dir/work/now.ndjson" # twice the same is none
	run 0 list "$dir/work/now.ndjson" --json && lacks "$out" twin-keys
}
test_case 'fields that are there twice, and originals that say something else' twin_fields

# What of a rule is not heeded, or missing, is said where it runs.
unheeded() {
	run 0 list --demo --rule tests/data/rules/kuery-threshold.toml -q && has "$err" 'not evaluated here: threshold: only the query part is run'
	run 0 match --demo --rule tests/data/rules/kuery-new-terms.toml -q && has "$err" 'not evaluated here: new_terms: only'
	run 0 rule check --json tests/data/rules/kuery-threshold.toml && has "$out" '"not_evaluated":["threshold: only the query part is run"'
	has "$err" 'not evaluated here: threshold'
	printf '[rule]\ntype = "eql"\nname = "x"\nquery = "any where true"\n' >"$dir/work/half.toml"
	run 1 rule check "$dir/work/half.toml"
	run 0 list --demo --rule "$dir/work/half.toml" -q
	has "$err" 'has no rule_id, description, severity, risk_score: s3triage rule check calls it bad'
	run 0 list --demo -q && lacks "$err" warning
}
test_case 'what a rule says and nobody heeds' unheeded

# What lies in a folder or is named and holds no events is called what it is.
other_things() {
	mkdir "$dir/work/folder"
	ln -s nowhere "$dir/work/folder/link.json"
	mkfifo "$dir/work/folder/pipe.json"
	run 3 list "$dir/work/folder"
	has "$err" 'folder/link.json: cannot look at'
	has "$err" 'folder/pipe.json: is a pipe, socket or device'
	rm "$dir/work/folder/link.json"
	run 3 list "$dir/work/folder"
	mv "$dir/work/folder/pipe.json" "$dir/work/folder/pipe"
	run 0 list "$dir/work/folder" && lacks "$err" folder/pipe
	has "$err" '1 file was not read: 1 is a link, pipe or device: --list-skipped names them'
	run 0 list "$dir/work/folder" --list-skipped && has "$err" 'folder/pipe: is a pipe, socket or device'
	while IFS='|' read -r text what; do
		printf "$text" >"$dir/work/thing"
		run 3 list "$dir/work/thing"
		has "$err" "thing: $what"
	done <<-'END'
		[1,2,3]\n|is JSON, but of no shape
		5|is JSON, but of no shape
		hello|is no JSON
		\050\265\057\375xx|is no readable zstd
		BZh9|is no JSON
		PK\003\004xx|is damaged or cut
		PAR1xx|is a Parquet file
		PARENTS and ORCs|is no JSON
		ORC\001\002|is an ORC file
		Rar!\032\007xx|is a RAR archive
	END
	printf 'a,b\n1,2\n' >"$dir/work/table.csv"
	run 3 list "$dir/work/table.csv"
	has "$err" 'none of its columns is known to be of an event'
}
test_case 'files that hold no events' other_things

# A time that has not come is nobody's recent alert, whatever it says.
still_to_come() {
	sed 's/"eventTime":"[^"]*"/"eventTime":"2099-01-01T00:00:00Z"/g' src/builtin/demo.ndjson | head -3 >"$dir/work/later"
	run 0 list "$dir/work/later" --json && has "$out" '"name":"ahead","weight":3,"text":"dated ' &&
		has "$err" 'alerts are dated ahead of this clock (signal:ahead)'
	run 0 list "$dir/work/later" --filter signal:ahead -q && lacks "$out" '0 alerts'
	run 0 list "$dir/work/later" --filter 'age<30d' -q && lacks "$out" acme
	run 0 list --demo --filter signal:ahead && lacks "$err" 'ahead of this clock'
}
test_case 'what is dated ahead of the clock is told' still_to_come

# An event is read wherever it stands in a text, and what is not read has a name.
dialects() {
	event=$(head -1 src/builtin/demo.ndjson)
	cat >"$dir/work/devtools.txt" <<-END
		GET logs/_search
		{
		  "query": {}
		}
		# 200 OK
		{
		  "hits": {
		    "hits": [
		      {
		        "_source": {
		          "@timestamp": "2026-10-03T09:12:44Z",
		          "message": """$event"""
		        }
		      }
		    ]
		  }
		}
	END
	printf 'may 4 host [1] {x}: %s\nmay 4 host none\n' "$event" >"$dir/work/prefixed.log"
	printf '$ cat x\n%s\n$ exit\n' "$event" >"$dir/work/shell.txt"
	printf '{"index":{"_index":"x","_id":"1"}}\n%s\n' "$event" >"$dir/work/bulk"
	for file in devtools.txt prefixed.log shell.txt bulk; do
		run 0 list "$dir/work/$file" --json && lines "$out" 1
	done
	run 0 list "$dir/work/prefixed.log" && has "$err" '1 line around the JSON, the first is line 2: passed over'
	printf 'x\nmay 4 {%s\n' "'eventName': 1}" >"$dir/work/prefixed.log"
	run 3 list "$dir/work/prefixed.log" && has "$err" "prefixed.log: is Python's notation (python3 -c"
	run 3 list "$dir/work" && has "$err" "prefixed.log: is Python's notation (python3 -c"
	printf 'eventVersion: 1\nuserIdentity:\n  type: x\n' >"$dir/work/prefixed.log"
	run 3 list "$dir/work/prefixed.log" && has "$err" 'prefixed.log: is YAML, which is not read (ask for --output json'
	printf '<!DOCTYPE html><html>' >"$dir/work/prefixed.log"
	run 3 list "$dir/work/prefixed.log" && has "$err" 'prefixed.log: is an HTML page, a sign-in page perhaps'
}
test_case 'text of Dev Tools, lines around JSON, and what is none' dialects

# Many ties of one second over many files: the answer is that of one thread, however many there are.
same_every_time() {
	mkdir -p "$dir/work/ties"
	for i in 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29; do
		for k in 0 1 2 3 4 5 6 7; do
			printf '{"eventVersion":"1.08","userIdentity":{"type":"IAMUser","accountId":"111122223333","userName":"u","arn":"arn:aws:iam::111122223333:user/u"},"eventTime":"2026-01-02T03:04:05Z","eventSource":"s3.amazonaws.com","eventName":"PutBucketReplication","awsRegion":"us-east-1","requestParameters":{"bucketName":"b%s","ReplicationConfiguration":{"Role":"arn:aws:iam::111122223333:role/r","Rule":{"Status":"Enabled","Destination":{"Bucket":"arn:aws:s3:::d","Account":"9999999900%s"}}}},"eventID":"e-%s-%s","recipientAccountId":"111122223333"}\n' \
				$((k % 3)) "$i" $((i % 9)) "$k"
		done >"$dir/work/ties/$i.json"
		echo '{"broken": ' >>"$dir/work/ties/$i.json"
	done
	"$S3TRIAGE" list --json --threads 1 "$dir/work/ties" >"$dir/work/one" 2>&1
	[ "$(wc -l <"$dir/work/one")" -gt 50 ] || complain 'too few alerts'
	for n in 1 2 3 4 5 6 7 8 9 10 11 12; do
		"$S3TRIAGE" list --json --threads 8 "$dir/work/ties" >"$dir/work/many" 2>&1
		cmp -s "$dir/work/one" "$dir/work/many" || { complain "run $n gave another answer"; break; }
	done
}
test_case 'the same sources give the same answer every time' same_every_time
