# Is the replication still there?

states() {
	run 0 aws replication --filter 'dest:999988887777' --verdict open --demo --json
	has "$out" '"bucket":"acme-payroll-prod","owner_account":"111122223333"'
	grep acme-payroll-prod "$out" | grep -q '"state":"active".*"status":"Enabled","status_now":"Enabled"' || complain active
	grep acme-hr-exports "$out" | grep -q '"state":"disabled".*"status_now":"Disabled"' || complain disabled
	grep acme-legal-hold "$out" | grep -q '"state":"removed".*"status_now":"gone"' || complain removed
	# the same bucket is the same place, whatever account the rule names now
	grep acme-contracts "$out" | grep -q '"state":"active"' || complain 'another account named'
	grep acme-design "$out" | grep -q '"state":"active".*"account":"012345678901"' || complain 'active, and elsewhere too'
	grep acme-legal-scans "$out" | grep -q '"state":"no_bucket"' || complain no_bucket
	is "$(grep -c '"error":null' "$out")" "$(wc -l <"$out")"
}
test_case 'every state, by signed requests' states

owner_is_asked_for() {
	run 0 aws replication "$(id_of acme-payroll-prod)" --demo
	has "$out" 'still active: copies to 999988887777 (nightly-sync-7f3)'
	has "$dir/seen" 'GET /acme-payroll-prod?replication 111122223333 eu-west-1 200'
	is "$(wc -l <"$dir/seen")" 1
	about 1 acme-payroll-prod us-east-1 000000000042
	has "$out" '"state":"unknown"'
	has "$out" 'must still be the alert'
	has "$err" '1 of 1 alert could not be looked up'
}
test_case "a bucket that is somebody else's by now does not answer for it" owner_is_asked_for

regions() {
	about 0 far-away us-east-1 111122223333 && has "$out" '"state":"active"'
	has "$dir/seen" 'us-east-1 301' && has "$dir/seen" 'eu-central-1 200'
	about 0 farther us-east-1 111122223333 && has "$out" '"state":"removed"'
	has "$dir/seen" 'ap-south-1 404'
	about 0 far-away eu-central-1 111122223333 && is "$(wc -l <"$dir/seen")" 1
}
test_case 'a bucket in another region is asked for there' regions

refusals() {
	about 1 denied us-east-1 111122223333 && has "$out" 's3:GetReplicationConfiguration'
	AWS_SECRET_ACCESS_KEY=wrong about 1 acme-design us-east-1 111122223333
	has "$out" "the secret key is not the access key's"
	AWS_SESSION_TOKEN=old about 1 acme-design us-east-1 111122223333 && has "$out" 'sign in again'
	AWS_SESSION_TOKEN=fresh about 0 acme-design us-east-1 111122223333
	AWS_ENDPOINT_URL_S3=http://127.0.0.1:9 about 1 acme-design us-east-1 111122223333 && has "$out" 'nothing answers there'
	about 1 'not/a bucket' us-east-1 111122223333 && has "$out" 'no name of a bucket' && is "$(wc -l <"$dir/seen")" 0
	lacks "$out" an/example && lacks "$err" an/example
}
test_case 'refusals say what to do' refusals

journal() {
	run 0 decide suspicious "$(id_of acme-payroll-prod)" "$(id_of acme-legal-hold)" --demo --reason theft
	run 0 aws replication --verdict suspicious
	is "$(grep -c . "$out")" 2
	has "$out" 'acme-payroll-prod  still active'
	has "$out" 'acme-legal-hold  removed'
	run 2 aws replication && has "$err" '--verdict'
	run 2 aws && has "$err" 'aws replication ID'
	run 1 aws replication nonesuch --demo
}
test_case 'decided alerts, without any source' journal

credentials() {
	id=$AWS_ACCESS_KEY_ID secret=$AWS_SECRET_ACCESS_KEY
	unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
	about 1 acme-design us-east-1 111122223333
	has "$err" 'no AWS credentials' && has "$err" '.aws/credentials has no keys in [default]'
	printf '[default]\naws_access_key_id = x\n[audit]\naws_access_key_id = %s\naws_secret_access_key=%s\n' "$id" "$secret" >"$HOME/.aws/credentials"
	AWS_PROFILE=audit about 0 acme-design us-east-1 111122223333
	run 0 aws replication e-acme-design --from "$dir/event.json" --aws-profile audit
	printf '[profile made]\ncredential_process = echo '"'"'{"Version":1,"AccessKeyId":"%s","SecretAccessKey":"%s"}'"'"'\n' "$id" "$secret" >"$HOME/.aws/config"
	run 0 aws replication e-acme-design --from "$dir/event.json" --aws-profile made
	printf '[profile sso]\nsso_session = x\n' >>"$HOME/.aws/config"
	run 1 aws replication e-acme-design --from "$dir/event.json" --aws-profile sso && has "$err" 'export-credentials'
	lacks "$err" "$secret"
	export AWS_ACCESS_KEY_ID=$id AWS_SECRET_ACCESS_KEY=$secret
}
test_case 'credentials from files and from a command' credentials

console() {
	"$venv/bin/python" "$here/console.py" "$S3TRIAGE" 'still active: copies to 999988887777' >"$out" 2>"$err" || complain "exit code $?"
	grep -qaF 'still active: copies to 999988887777' "$out" || complain 'no answer on the screen'
	AWS_SECRET_ACCESS_KEY=wrong "$venv/bin/python" "$here/console.py" "$S3TRIAGE" 'AWS does not say' >"$out" 2>"$err"
	grep -qaF 'AWS does not say' "$out" || complain 'no refusal on the screen'
}
test_case 'the console asks by key, and keys go on' console
