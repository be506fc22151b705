#!/bin/sh
# Functions that we do not use, each with what to use instead; and words that mean unfinished.
bad=0
ban() { # name replacement [allowed files regex]
	out=$(grep -rnE "(^|[^A-Za-z0-9_>.])$1 *\(" src include --include='*.[ch]' | grep -vE "${3:-^$}" | grep -vE '^[^:]*:[0-9]+:[ 	]*(\*|/\*|//)')
	[ -n "$out" ] && { printf '%s\n' "$out" | sed "s#\$#   <- $1 is banned: $2#"; bad=1; }
	return 0
}
ban strcpy 'struct str, buf_add'
ban strcat 'buf_add'
ban strncpy 'snprintf'
ban strncat 'buf_add'
ban sprintf 'snprintf, buf_fmt'
ban vsprintf 'vsnprintf'
ban gets 'file_read'
ban strtok 'str_cut'
ban atoi 'str_int'
ban atol 'str_int'
ban atof 'json_num, toml_float'
ban alloca 'arena_alloc'
ban scanf 'str_cut, str_int'
ban sscanf 'str_cut, str_int'
ban system 'posix_spawn'
ban popen 'posix_spawn'
ban tmpnam 'mkstemp'
ban mktemp 'mkstemp'
ban rand 'getrandom'
ban srand 'getrandom'
ban malloc 'mem_alloc' '^src/base/mem\.c'
ban calloc 'mem_array' '^src/base/mem\.c'
ban realloc 'mem_resize' '^src/base/mem\.c'
ban strdup 'mem_dup'
ban localtime 'when_format: all times are UTC'
ban ctime 'when_format'
ban gmtime 'when_format'
ban printf 'buf, or fputs in cli' '^src/(cli|tui)/'
ban getenv 'env_fn' '^src/(cli|tui)/'
ban time 'whoever needs now is handed it' '^src/(cli|tui)/'
ban clock_gettime 'whoever needs now is handed it' '^src/(cli|tui|net|scan|remote)/'
out=$(grep -rnE '\b(TODO|FIXME|XXX|HACK)\b|not implemented' src include tests --include='*.[ch]' --include='*.md' | grep -v '^tests/lint/')
[ -n "$out" ] && { printf '%s\n' "$out" | sed 's|$|   <- finish it or say it in the README|'; bad=1; }
out=$(awk '/^\{/ { owns = 0 } /AUTO\(|struct buf / { owns = 1 } owns && /skip\(\);/ { print FILENAME ":" FNR ":" $0 }' \
	$(find tests -name '*.c'))
[ -n "$out" ] && { printf '%s\n' "$out" | sed 's|$|   <- skip() jumps past what is owned: NEEDS first|'; bad=1; }
out=$(grep -rnE '[ 	]+$' src include --include='*.[ch]')
[ -n "$out" ] && { printf '%s\n' "$out" | sed 's|$|   <- white space at the end|'; bad=1; }
out=$(awk 'length($0) > 110 { print FILENAME ":" FNR ": line of " length($0) " characters" }' $(find src include -name '*.[ch]'))
[ -n "$out" ] && { printf '%s\n' "$out"; bad=1; }
exit $bad
