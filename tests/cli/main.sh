# Usage: help, versions, words that are wrong.

helps() {
	run 0 --help && has "$out" 's3triage open --demo' && has "$out" 'Exit codes'
	for verb in $(sed -n 's/^  \([a-z]*\)  *[a-z].*/\1/p' "$out"); do
		run 0 $verb --help && has "$out" "usage: s3triage $verb"
	done
	run 0 --version && has "$out" 's3triage '
}
test_case 'help' helps

# Every option is taken by the verbs whose help names it, and refused by the first that does not.
takes() {
	run 0 --help && verbs=$(sed -n 's/^  \([a-z]*\)  *[a-z].*/\1/p' "$out")
	for verb in $verbs; do
		run 0 $verb --help
		sed -n 's/^  ....\(--[a-z-]*\)\( [^ ][^ ]*\)\{0,1\}  .*/\1\2/p' "$out" >"$dir/work/$verb"
		run 0 $verb $(sed 's/ .*/ x/' "$dir/work/$verb") --help
		example=$(sed -n 's/^example: s3triage //p' "$out")
		eval "run 0 ${example%% [|>]*} --help" && has "$out" "usage: s3triage $verb "
	done
	set -- $verbs
	[ $# -gt 20 ] || complain 'the help names too few verbs'
	for option in $(cd "$dir/work" && sed 's/ .*//' $verbs | sort -u | grep -vx -e --help); do
		none=$(cd "$dir/work" && grep -L -e "^$option\( \|\$\)" $verbs | head -1)
		run 2 ${none:-none} $option x && has "$err" "$none takes no $option; see s3triage $none --help"
	done
}
test_case 'a verb takes the options that its help names, and those of its example' takes

refuses() {
	run 2 && has "$err" 's3triage --help'
	run 2 frobnicate && has "$err" "there is no verb 'frobnicate'"
	run 2 list && has "$err" 'name a source'
	run 2 list --frob x && has "$err" '--frob'
	run 2 list --format csv x && has "$err" 'takes no --format'
	run 2 list --rule && has "$err" 'needs an argument'
	run 2 list --demo --limit some && has "$err" 'whole number'
	run 2 list --demo --since yesterdayish && has "$err" '--since'
	run 2 list --demo --sort colour && has "$err" 'colour'
	run 2 list --demo --filter 'bucket:(' && has "$err" '--filter'
	run 2 decide maybe x --demo && has "$err" 'approved, suspicious or open'
	run 2 export --format pdf && has "$err" 'csv ndjson json markdown'
	run 2 completion tcsh
	run 2 list '' && has "$err" 'no name'
	run 2 export --from '' && has "$err" 'no name'
	run 2 man list && has "$err" "'list'"
	# before anything is read, so that a long scan is not for nothing
	for verb in list open; do
		run 2 $verb "$dir/nosuch" --filter 'bucket:(' && lacks "$err" nosuch
		run 2 $verb "$dir/nosuch" --sort colour && lacks "$err" 'nosuch:'
	done
	run 2 list "$dir/nosuch" --verdict maybe && lacks "$err" 'nosuch:'
	run 2 accounts "$dir/nosuch" --sort colour && lacks "$err" 'nosuch:'
	run 2 export --from "$dir/nosuch" --verdict maybe && lacks "$err" 'nosuch:'
	run 2 export --from "$dir/nosuch" --since someday && lacks "$err" 'nosuch:'
	: >"$dir/work/there"
	run 1 export --from "$dir/nosuch" -o "$dir/work/there" && lacks "$err" 'nosuch:' && has "$err" '--force'
	# an id that nobody has is no wrong usage, however short
	run 1 show x --demo && has "$err" 'no alert is called'
	run 1 show 0123456789 --demo && has "$err" 'no alert has the id'
}
test_case 'wrong words are refused with exit code 2' refuses

places() {
	run 2 match --eql 'any where a = 1' --demo && has "$err" 'line 1:13: ' && has "$err" '              ^'
	run 2 match --eql 'sequence [any where true] [any where true]' --demo && has "$err" 'line 1:1: sequence'
}
test_case 'a query is refused with line and column' places

manual() {
	run 0 man && has "$out" '.TH S3TRIAGE 1' && has "$out" '.SH EXIT STATUS'
	for shell in bash zsh fish; do
		run 0 completion $shell && has "$out" s3triage && has "$out" dry-run
	done
	run 0 completion bash && { bash -n "$out" || complain 'bash does not take its completion'; }
}
test_case 'manual and completions' manual

completes() {
	command -v bash >/dev/null || { skip 'no bash here'; return; }
	run 0 completion bash && cp "$out" "$dir/work/complete.bash"
	words() {
		bash -c '. "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _s3triage; echo "${COMPREPLY[*]}"' \
			"$dir/work/complete.bash" s3triage "$@"
	}
	is "$(words hist)" history
	is "$(words decide '')" 'open approved suspicious'
	is "$(words aws '')" 'replication accounts' && is "$(words aws r)" replication
	is "$(words approval '')" 'add list end auto apply'
	is "$(words rule e)" explain && is "$(words completion '')" 'bash zsh fish'
	is "$(words list --sort ti)" time && is "$(words list --sort -ti)" -time
	is "$(words accounts --sort k)" 'key kind' && is "$(words list --sort k)" ''
	is "$(words decide --note '')" '' && is "$(words open --theme da)" dark
	for column in $(words list --sort ''); do run 0 list --demo -q "--sort=$column"; done
	for column in $(words accounts --sort ''); do run 0 accounts --demo -q "--sort=$column"; done
	for format in $(words export --format ''); do run 0 export -q --format "$format"; done
	for what in $(words approval ''); do run 2 approval "$what" 1 2 3 4 && lacks "$err" 'is followed by'; done
	is "$(words export --format m)" markdown
	is "$(words list --verdict s)" suspicious
	is "$(words decide --dr)" --dry-run
	is "$(words list "$root/Makef")" "$root/Makefile"
}
test_case 'bash completes verbs, options and their words' completes

# Each word with what is said of it, not with what is said of its option.
completes_fish() {
	command -v fish >/dev/null || { skip 'no fish here'; return; }
	run 0 completion fish && cp "$out" "$dir/work/complete.fish"
	words() { fish --no-config -c "source '$dir/work/complete.fish'; complete -C '$1'" | tr '\t\n' ' ,'; }
	is "$(words 's3triage hist')" 'history print every decision and tick about one alert, or the whole log, oldest first,'
	is "$(words 's3triage aws ')" 'accounts [-o FILE],replication ID...,'
	is "$(words 's3triage decide ')" 'approved,open,suspicious,'
	is "$(words 's3triage list --verdict ')" 'approved,open,suspicious,'
	is "$(words 's3triage list --sort ti')" 'time ascending,'
	is "$(words 's3triage export -f mark')" 'markdown all decisions as a report,'
	is "$(words 's3triage aws accounts --ver')" "--verdict $("$S3TRIAGE" completion fish | sed -n "s/.*__s3triage_verb aws' -l verdict .* -d '\(.*\)'/\1/p"),"
	is "$(words 's3triage decide open --follow')" ''
}
test_case 'fish completes them with what they are' completes_fish

completes_zsh() {
	command -v zsh >/dev/null || { skip 'no zsh here'; return; }
	run 0 completion zsh && cp "$out" "$dir/work/_s3triage"
	words() { zsh -fc '_arguments() { print -rl -- "$@"; }; file=$1; shift; words=("$@") CURRENT=$#; source $file' zsh "$dir/work/_s3triage" s3triage "$@"; }
	words aws '' >"$out" && has "$out" '2:word:((replication\:"ID..." accounts\:"[-o FILE]"))'
	words list '' >"$out" && has "$out" ':sort:((time\:"ascending" -time\:"descending" ' && has "$out" ':verdict:((open approved suspicious))'
	words decide '' >"$out" && has "$out" ']:note: ' && has "$out" ']:config:_files'
}
test_case 'zsh is given the same words' completes_zsh

full_disk() {
	[ -w /dev/full ] || { skip 'no /dev/full here'; return; }
	"$S3TRIAGE" list --demo --json >/dev/full 2>"$err"
	is $? 1
	has "$err" 'standard output'
}
test_case 'output that cannot be written is no success' full_disk

config_theme() {
	mkdir -p "$XDG_CONFIG_HOME/s3triage"
	printf '\ntheme = "nope"\n' >"$XDG_CONFIG_HOME/s3triage/config.toml"
	for verb in list accounts; do
		run 1 $verb --demo && has "$err" "config.toml:2: there is no theme 'nope'"
	done
	rm "$XDG_CONFIG_HOME/s3triage/config.toml"
}
test_case 'a theme that is none is refused by every verb that reads the configuration' config_theme

# Whatever the verb and the shell's own limit: a crash leaves nothing of what was read behind.
no_core() {
	mkfifo "$dir/work/pipe"
	for verb in list near normalize; do
		# shellcheck disable=SC2086
		(ulimit -c unlimited; exec "$S3TRIAGE" $verb - <"$dir/work/pipe" >"$out" 2>"$err") &
		child=$!
		exec 9>"$dir/work/pipe"
		for _ in $(seq 100); do
			limit=$(sed -n 's/^Max core file size *//p' "/proc/$child/limits" 2>/dev/null)
			case $limit in 0\ *) break ;; esac
			sleep 0.05
		done
		is "${limit%% *}" 0
		if [ -z "$SANITIZED" ]; then is "$(stat -c %u "/proc/$child/mem")" 0; fi
		kill -SEGV "$child"
		wait "$child" 2>/dev/null
		exec 9>&-
	done
}
[ ! -r /proc/self/limits ] || test_case 'no core dump' no_core

no_home() {
	(unset HOME XDG_DATA_HOME; exec env -u XDG_CONFIG_HOME "$S3TRIAGE" list --demo -q) >"$out" 2>"$err"
	is $? 0
	has "$out" acme-payroll-prod
}
test_case 'without HOME the user database names the home folder' no_home

relative_home() {
	cd "$dir/work" || return
	mkdir -p .config/s3triage && echo 'theme = "nope"' >.config/s3triage/config.toml
	(unset XDG_DATA_HOME XDG_CONFIG_HOME; HOME=. exec "$S3TRIAGE" list --demo -q) >"$out" 2>"$err"
	is $? 0
}
test_case 'a relative HOME is none' relative_home

# All that can be found wrong is told at once, each at its line; then nothing is done.
config_faults() {
	cat >"$dir/work/config.toml" <<-'END'
		theme = 5
		colums = ["x"]
		sort = "zz"
		[keys]
		quit = "Foo"
		nonsuch = "x"
		[profile.a]
		kind = "kibana"
		pge = 5
		timeout = "x"
		[profile.b]
		url = "https://b"
	END
	run 1 doctor --config "$dir/work/config.toml" && is "$(cat "$out")" ''
	is "$(sed -n 's/.*config.toml:\([0-9]*\): .*/\1/p' "$err" | sort -n | tr '\n' ' ')" '1 2 3 5 6 9 10 11 '
	printf '[keys]\nquit = "a"\nundo = "b"\nredo = "a"\nhelp = "b"\n' >"$dir/work/config.toml"
	run 1 list --demo --config "$dir/work/config.toml"
	is "$(sed -n 's/.*config.toml:\([0-9]*\): . is the key of.*/\1/p' "$err" | sort -n | tr '\n' ' ')" '2 4 5 '
}
test_case 'config.toml: every fault at once' config_faults

# What config.toml names lies beside it, from wherever the program is started.
config_paths() {
	mkdir -p "$dir/work/conf/logs" "$dir/work/else" "$HOME" && cd "$dir/work" || return
	"$S3TRIAGE" normalize --demo -q >conf/logs/e.json
	book() { printf '[[account]]\nid = "999988887777"\nname = "%s"\nkind = "vendor"\n' "$1"; }
	cp "$root/themes/dark.toml" conf/mine.toml
	book beside >conf/accounts.toml
	cat >conf/config.toml <<-'END'
		sources = ["logs/*.json"]
		accounts = ["more.toml", "~/home.toml"]
		theme = "mine.toml"
		[profile.p]
		kind = "elasticsearch"
		url = "https://127.0.0.1:1"
		auth = "bearer"
		secret_file = "keys/secret"
		ca_file = "ca.pem"
	END
	printf 'id,name\n123412341234,more\n' >conf/more.toml
	printf 'id,name\n432143214321,home\n' >"$HOME/home.toml"
	for from in . else conf /; do
		cd "$dir/work" && cd "$from" || return
		run 0 list --config "$dir/work/conf/config.toml" -q --json
		[ -s "$out" ] || complain "nothing was read in $from"
		# the theme is read before the list that stands for the console
		run 0 open --config "$dir/work/conf/config.toml" -q
		run 0 accounts --demo -q --json --config "$dir/work/conf/config.toml" --filter 999988887777
		has "$out" '"name":"beside"'
		run 1 doctor p --config "$dir/work/conf/config.toml"
		has "$out" "$dir/work/conf/ca.pem"
	done
	cd "$dir/work" || return
	: >conf/ca.pem
	run 1 doctor p --config conf/config.toml && has "$out" "conf/keys/secret"
	rm "$HOME/home.toml"
	run 1 list --config conf/config.toml && has "$err" "$HOME/home.toml"
	cd conf && mv more.toml less.toml && run 1 list --config config.toml && has "$err" 'more.toml'
}
test_case 'paths in config.toml are seen from it' config_paths

# What would do nothing is said to be wrong, and nothing is done.
idle_words() {
	cd "$dir/work" || return
	"$S3TRIAGE" list --demo --json -q >all && id=$(sed -n '1s/^{"id":"\([^"]*\)".*/\1/p' all)
	run 2 checklist "$id" --demo --note lost && has "$err" '--note means nothing without --tick'
	run 2 export --force && has "$err" '--force means nothing without --output'
	run 2 seal --force && has "$err" '--force means nothing without --output'
	run 2 match --eql 'any where false' --rule none.toml --demo && has "$err" 'choose one'
	run 2 checklist "$id" --demo --tick a --untick b && has "$err" 'choose one'
	for words in 'list nonsense' 'add nonsense' 'end 1 2' 'auto 1 on off' 'apply 1 2' 'nonsense'; do
		# shellcheck disable=SC2086
		run 2 approval $words && has "$err" "'${words##* }'"
	done
	run 2 approval add --account 777788889999 --bucket a extra && has "$err" "'extra'"
	run 2 approval list --account 777788889999 && has "$err" '--account belongs to approval add'
	run 2 approval apply --until 2027-01-01 && has "$err" '--until belongs to approval add'
	run 2 approval list --auto && has "$err" '--auto belongs to approval add or apply, not to approval list'
	run 2 approval list --reason x && has "$err" '--reason belongs to approval add or end, not to approval list'
	run 2 aws replication x --demo -o "$dir/work/lost" && has "$err" '--output belongs to aws accounts'
	run 2 aws accounts --verdict open && has "$err" '--verdict belongs to aws replication, not to aws accounts'
	run 2 rule check "$root/src/builtin/rule.toml" --limit 3 && has "$err" '--limit belongs to rule explain'
	run 2 seal --proof row:1 --key x && has "$err" '--proof and --key: choose one'
	run 2 aws replication "$id" --verdict open && has "$err" 'by their ids, or by'
	run 2 verify --demo && has "$err" 'needs no sources'
	run 0 man && has "$out" 'an id that fits several alerts' && has "$out" 'an id that no alert has'
	run 2 rule check --eql 'any where true' "$root/src/builtin/rule.toml"
	for verb in list accounts export near; do
		run 2 $verb --demo --since 1d --until 9d && has "$err" '--since 1d is later than --until 9d'
	done
	run 0 list --demo --since 2026-11-20 --until 2026-11-20
	run 2 list --demo --json=x && has "$err" '--json takes no argument'
	run 2 list --demo --jsom && has "$err" 'there is no option --jsom'
	[ ! -e "$XDG_DATA_HOME/s3triage/journal.db" ] || complain 'a journal was made'
}
test_case 'words and options that would do nothing are refused' idle_words

# The documented exit codes, where they are easily another.
exit_codes() {
	cd "$dir/work" || return
	id=$("$S3TRIAGE" list --demo --json -q | sed -n '1s/^{"id":"\([^"]*\)".*/\1/p')
	run 2 match --demo --eql 'any where' && has "$err" '1:10'
	run 2 list --demo --filter 'a:('
	for option in --config --rule --journal --accounts; do run 2 list --demo $option '' && has "$err" "a file's name"; done
	# a journal that is named and not there: told by all, and no answer from those that are about it
	for verb in history verify 'approval list' export 'export -f case' 'aws replication --verdict open' \
		"checklist $id --demo" '3 list --demo' '3 accounts --demo' "3 show $id --demo"; do
		want=1
		case $verb in 3\ *) want=3 verb=${verb#3 } ;; esac
		# shellcheck disable=SC2086
		run $want $verb --journal none.db && has "$err" 'none.db'
	done
	"$S3TRIAGE" list - <&- >"$out" 2>"$err"
	is $? 3
	has "$err" 'cannot read'
	"$S3TRIAGE" list --demo >&- 2>"$err"
	is $? 1
}
test_case 'exit codes are the documented ones' exit_codes

# The same again is no new decision.
same_again() {
	id=$("$S3TRIAGE" list --demo --json -q | sed -n '1s/^{"id":"\([^"]*\)".*/\1/p')
	run 0 decide approved "$id" --demo -q --reason backup && has "$out" '1 alert marked'
	run 0 decide approved "$id" --demo -q --reason backup && has "$out" '0 alerts marked approved, 1 already approved'
	run 0 decide approved "$id" --demo -q --reason backup --note CHG-1 && has "$out" '1 alert marked'
	run 0 decide open "$id" --demo -q
	run 0 decide approved "$id" --demo -q
	run 0 decide approved "$id" --demo -q --reason '' && has "$out" '1 already approved'
	run 0 history "$id" --json && lines "$out" 4
}
test_case 'the same verdict with the same words is no decision' same_again

# [profile default] is how the aws command may call it, too.
default_profile() {
	cd "$dir/work" || return
	printf '[%s]\naws_access_key_id = AKIAX\naws_secret_access_key = s\n' default >plain
	printf '[%s]\naws_access_key_id = AKIAX\naws_secret_access_key = s\n' 'profile default' >long
	for file in plain long; do
		(unset AWS_PROFILE AWS_ACCESS_KEY_ID; AWS_CONFIG_FILE=$file AWS_SHARED_CREDENTIALS_FILE=none \
			AWS_ENDPOINT_URL_ORGANIZATIONS=http://127.0.0.1:1 exec "$S3TRIAGE" aws accounts) >"$out" 2>"$err"
		is $? 1
		lacks "$err" 'has no keys'
	done
}
test_case 'the default profile of AWS by both its names' default_profile

# What follows the colon is one command, to be pasted: nothing else is behind it.
as_told() {
	command=$(sed 's/.*: chmod/chmod/' "$err")
	if sh -c "$command" 2>"$dir/told" && [ ! -s "$dir/told" ]; then return 0; fi
	complain "what is told is no command: $command"
	return 1
}
# Each file that something is believed from, or run: refused with the command, which mends it.
mends() { # FILE ARG...: loose, refused; as told, fine
	file=$1
	shift
	for mode in 666 620 602; do
		chmod "$mode" "$file" && run 1 "$@" && has "$err" "others can change this file: chmod 600 " && lines "$out" 0
		as_told && run 0 "$@"
	done
	folder=$(dirname "$file")
	chmod 777 "$folder" && run 1 "$@" && has "$err" "others can change this folder: chmod go-w "
	as_told && run 0 "$@"
	chmod 1777 "$folder" && run 0 "$@" && chmod 755 "$folder"
	[ "$(command id -u)" -eq 0 ] || return
	chown 12345 "$file" && run "${others:-1}" "$@" && chown 0 "$file"
}
hands() {
	export XDG_CONFIG_HOME="$dir/work/c" TZ=UTC
	mkdir -p "$dir/work/c/s3triage" "$dir/work/it's a book" "$dir/work/j" "$dir/work/t"
	c=$dir/work/c/s3triage
	echo 'analyst = "ana"' >"$c/config.toml" && mends "$c/config.toml" list --demo -q
	mends "$c/config.toml" list --demo -q --config "$c/config.toml"
	echo '[[account]]
id = "999988887777"' >"$c/accounts.toml" && mends "$c/accounts.toml" list --demo -q
	cp "$c/accounts.toml" "$dir/work/it's a book/a.toml" && cp themes/dark.toml "$dir/work/t/mine.toml"
	echo "accounts = [\"$dir/work/it's a book/a.toml\"]" >"$c/config.toml" && mends "$dir/work/it's a book/a.toml" list --demo -q
	chmod 666 "$dir/work/it's a book/a.toml" && rm "$c/config.toml" && run 0 list --demo -q --accounts "$dir/work/it's a book/a.toml"
	echo "theme = \"$dir/work/t/mine.toml\"" >"$c/config.toml" && mends "$dir/work/t/mine.toml" open --demo -q
	rm "$c/config.toml"
	j=$dir/work/j/j.db
	id=$("$S3TRIAGE" list --demo -q --json | sed -n '1s/.*{"id":"\([^"]*\)","event.*/\1/p')
	run 0 decide approved "$id" --demo --journal "$j" -q && others=0 mends "$j" list --demo -q --journal "$j"
	chmod 640 "$j" && run 1 verify --journal "$j" && has "$err" "others can read this file: chmod 600 $j"
	chmod 600 "$j" && rm -f "$j"-* && : >"$j-wal" && others=0 mends "$j-wal" history --journal "$j"
	export XDG_CONFIG_HOME="$dir/config"
}
test_case 'files in the hands of others: refused with the command that mends it' hands

outputs() {
	cd "$dir/work" || return
	echo old >target && ln -s target link && ln -s none dangling && mkdir folder
	for name in link dangling; do
		run 1 export --demo -q -o "$name" && has "$err" "$name is a symbolic link"
		run 1 export --demo -q -o "$name" --force && has "$err" "$name is a symbolic link"
		run 1 fetch es+http://127.0.0.1:1/x --insecure -q -o "$name" --force && has "$err" "$name is a symbolic link"
		run 1 aws accounts -q -o "$name" --force && has "$err" "$name is a symbolic link"
	done
	is "$(cat target)" old && is "$(readlink link)" target && [ ! -e none ] || complain 'written through a link'
	run 1 export --demo -q -o folder --force && has "$err" 'not a regular file'
	run 0 export --demo -q -o - --force && cp "$out" by-dash && run 0 export --demo -q && cmp "$out" by-dash && [ ! -e ./- ] ||
		complain '-o - is not standard output'
}
test_case 'an output is never a link; - is standard output' outputs

reason_is_note() {
	run 0 approval add --account 777788889999 --reason 'agreed' && run 0 approval list --json && has "$out" '"note":"agreed"'
	run 0 approval add --account 777788889999 --reason x --note y && has "$err" '--reason is not'
}
test_case 'the reason of approval add is its note' reason_is_note

# The README's table of signals is the program's own.
signals_told() {
	run 0 man && sed -n '/^\.SH SIGNALS/,/^\.SH EXIT/p' "$out" | sed "s/\\\\-/-/g; s/\\\\(aq/'/g" |
		awk '/^\.TP/ { getline name; getline help; sub(/^\\fB/, "", name); split(name, part, /\\fR /)
			printf "| `%s` | %s | %s |\n", part[1], part[2], help }' >"$dir/work/ours"
	sed -n '/^| signal | weight |/,/^$/p' "$root/README.md" | sed 1,2d | sed '/^$/d' >"$dir/work/readme"
	[ "$(wc -l <"$dir/work/ours")" -gt 50 ] || complain 'no signals'
	diff "$dir/work/ours" "$dir/work/readme" >"$out" || complain 'the weights in README are not those of the table'
}
test_case 'README has each signal with its weight' signals_told
