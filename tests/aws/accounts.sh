# Which accounts are ours?

accounts() {
	run 0 aws accounts -o "$dir/organisation.json"
	has "$err" '13 accounts of the organisation, 1 of them not active'
	is "$(grep -c '"Id":' "$dir/organisation.json")" 13
	is "$(grep -c 'POST /' "$dir/seen")" 3
	run 1 aws accounts -o "$dir/organisation.json" && has "$err" '--force'
	run 0 aws accounts -o "$dir/organisation.json" --force -q && is "$(cat "$err")" ''
	run 0 aws accounts && has "$out" '"Name": "team 11"'
}
test_case 'the accounts, all pages of them' accounts

known() {
	ours=$(sed -nE 's/.*"Id": "([0-9]{12})".*/\1/p' "$dir/organisation.json" | tail -1)
	closed=$(grep -B4 SUSPENDED "$dir/organisation.json" | sed -nE 's/.*"Id": "([0-9]{12})".*/\1/p' | head -1)
	event far-away us-east-1 111122223333 | sed "s/999988887777/$ours/" >"$dir/event.json"
	run 0 accounts "$dir/event.json" --json --accounts "$dir/organisation.json"
	has "$out" "\"$ours\"" && has "$out" '"organisation"'
	event far-away us-east-1 111122223333 | sed "s/999988887777/$closed/" >"$dir/event.json"
	run 0 accounts "$dir/event.json" --json --accounts "$dir/organisation.json" && has "$out" 'status SUSPENDED'
}
test_case 'they are known as ours then' known

refused() {
	AWS_SECRET_ACCESS_KEY=wrong run 1 aws accounts && has "$err" "the secret key is not the access key's"
	AWS_ENDPOINT_URL_ORGANIZATIONS=http://127.0.0.1:9 run 1 aws accounts && has "$err" 'nothing answers there'
	AWS_ENDPOINT_URL=http://aws.example.com run 1 aws accounts && has "$err" 'unencrypted'
	run 2 aws accounts and more
}
test_case 'refusals' refused
