# What a sender writes into the fields that are his moves no weight, but for the agent: its kind is what it says.

# weighed FORM FIELD TEXT: into $signals those of one event in which this field, or each but the agent, has that text.
weighed() {
	prefix=logs/ id=sync tag=team value=data agent=aws-cli/2.17.40 session=kim class=STANDARD key=alias/copies
	case $2 in each) prefix=$3 id=$3 tag=$3 value=$3 session=$3 class=$3 key=$3 ;; *) agent=$3 ;; esac
	json() { printf '%s' "$1" | sed 's/\\/\\\\/g; s/"/\\"/g'; }
	request='{"bucketName":"acme-ledger","ReplicationConfiguration":{"Role":"arn:aws:iam::111122223333:role/r","Rule":{"ID":"'$(json "$id")'","Status":"Enabled","Priority":1,"Filter":{"And":{"Prefix":"'$(json "$prefix")'","Tag":{"Key":"'$(json "$tag")'","Value":"'$(json "$value")'"}}},"Destination":{"Bucket":"arn:aws:s3:::partner-in","Account":"444455556666","StorageClass":"'$(json "$class")'","EncryptionConfiguration":{"ReplicaKmsKeyID":"'$(json "$key")'"}}}}}'
	text="{bucketName=acme-ledger, ReplicationConfiguration={Role=arn:aws:iam::111122223333:role/r, Rule={ID=$id, Status=Enabled, Priority=1, Filter={And={Prefix=$prefix, Tag={Key=$tag, Value=$value}}}, Destination={Bucket=arn:aws:s3:::partner-in, Account=444455556666, StorageClass=$class, EncryptionConfiguration={ReplicaKmsKeyID=$key}}}}}"
	event='{"eventVersion":"1.11","eventTime":"2026-05-04T09:30:00Z","eventSource":"s3.amazonaws.com","eventName":"PutBucketReplication","awsRegion":"eu-central-1","sourceIPAddress":"203.0.113.9","userAgent":"'$(json "$agent")'","userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/ops/'$(json "$session")'","accountId":"111122223333","accessKeyId":"ASIAEXAMPLE"},"requestParameters":'$request',"resources":[{"accountId":"111122223333","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::acme-ledger"}],"eventID":"e-1","recipientAccountId":"111122223333"}'
	beside='{"@timestamp":"2026-05-04T09:30:00Z","data_stream":{"dataset":"aws.cloudtrail"},"event":{"id":"e-1","action":"PutBucketReplication","provider":"s3.amazonaws.com","dataset":"aws.cloudtrail","type":["info"],"outcome":"success","original":"'$(json "$event")'"},"user_agent":{"original":"'$(json "$agent")'"},"source":{"ip":"203.0.113.9"},"cloud":{"region":"eu-central-1","account":{"id":"111122223333"}},"aws":{"cloudtrail":{"user_identity":{"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/ops/'$(json "$session")'","access_key_id":"ASIAEXAMPLE"},"request_parameters":"'$(json "$text")'"}}}'
	if [ "$1" = whole ]; then printf '%s\n' "$event"; else printf '%s\n' "$beside"; fi >"$dir/work/one.json"
	run 0 list "$dir/work/one.json" --json -q && lines "$out" 1
	signals=$(grep -o '"name":"[^"]*","weight":[-0-9]*' "$out" | sed 's/"name":"//; s/","weight":/ /' | tr '\n' ' ')
}

# An imitation of the request's text form inside a value is "forged", since that is what a rule reads.
unmoved() {
	usual='account-new 2 cli 1 claim 1 '
	for form in whole both; do
		weighed $form each plain && is "$signals" "$usual"
		while IFS= read -r words; do
			case $words in *'Destination={'*) expected="forged 4 account-new 2 disagree 2 cli 1 claim 1 " ;; *) expected=$usual ;; esac
			weighed $form each "$words" && is "$form, $words: $signals" "$form, $words: $expected"
			case $words in aws-cli/*) expected=$usual ;; *) expected='account-new 2 agent-unknown 2 claim 1 ' ;; esac
			weighed $form agent "$words" && is "$form, $words: $signals" "$form, $words: $expected"
		done <<-'END'
			Account=2024/reports
			the root user deleted the trail: DeleteTrail, StopLogging
			account 999988887777
			Status=Disabled
			a}, Destination={Bucket=arn:aws:s3:::x, Account=999988887777
			","Account":"999988887777","x":"
			aws-cli/2, approved by security, signal:as-usual weight -99
			=cmd|' /c calc'!A1 {accounts} %s%n
		END
	done
}
test_case 'a text of the sender moves no weight' unmoved
