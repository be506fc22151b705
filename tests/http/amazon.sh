# Amazon OpenSearch: the stub reckons each signature itself (stub_sigv4.c) and refuses a wrong one.

sed -i 's#/awsfile"#/aws"#; s#/awscommand"#/aws"#' "$XDG_CONFIG_HOME/s3triage/config.toml"
mkdir -p "$HOME/.aws"
printf '[soc]\naws_access_key_id = AKIDSTUB\naws_secret_access_key = s3cr3t-aws\naws_session_token = s3cr3t-session\n' \
	>"$HOME/.aws/credentials"
printf '{"Version":1,"AccessKeyId":"AKIDSTUB","SecretAccessKey":"s3cr3t-aws","SessionToken":"s3cr3t-session"}' \
	>"$dir/aws.json"
amazon() { AWS_ACCESS_KEY_ID=AKIDSTUB AWS_SECRET_ACCESS_KEY=${SECRET:-s3cr3t-aws} AWS_SESSION_TOKEN=${TOKEN-s3cr3t-session} "$@"; }

domain() {
	amazon read_from 0 aws && whole && requests 'POST .*/_search/point_in_time' 1
	requests 'POST /logs-\*,-logs-x\*/_search/point_in_time' 1
	requests 'DELETE /_search/point_in_time' 1
	lacks "$err" s3cr3t
}
test_case 'a signed domain: a pattern in the path, a point in time, a session token' domain
serverless() { amazon read_from 0 aoss && whole && has "$err" 'does not tell its version (404)' && has "$err" 'no point in time'; }
test_case 'a signed collection: no version, no point in time' serverless
legacy() {
	amazon read_from 0 oldaws && whole && has "$err" 'older than 7.17'
	requests _eql 0
	requests _pit 0
}
test_case 'Elasticsearch 7.10 at Amazon: neither EQL nor a point in time is asked for' legacy
places() {
	for name in awsfile awscommand; do
		read_from 0 $name && whole
	done
}
test_case 'keys from the credentials file and from a command' places
denied() {
	SECRET=wrong amazon read_from 3 aws && has "$err" 403 && has "$err" 'signature we calculated does not match'
	TOKEN= amazon read_from 3 aws && has "$err" 'security token'
	lacks "$err" s3cr3t
}
test_case 'another secret, no session token' denied
examined() {
	amazon "$S3TRIAGE" doctor aws >"$out" 2>"$err" || complain 'doctor fails'
	has "$out" 'AWS key AKIDSTUB (temporary)' && has "$out" 'no EQL' && lacks "$out" s3cr3t
	amazon "$S3TRIAGE" doctor aoss >"$out" 2>"$err" || complain 'doctor fails'
	has "$out" 'OpenSearch Serverless'
}
test_case 'doctor' examined
