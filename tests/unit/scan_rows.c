/*
 * Tables, as Athena, CloudTrail Lake, Kibana, Splunk, Sentinel and spreadsheets write them: what a row
 * becomes, where it says that it comes from, and what is told of rows that say too little.
 */
#include "s3triage/scan/scan.h"

#include "../unit.h"

#include "s3triage/base/file.h"
#include "s3triage/base/mem.h"
#include "s3triage/base/when.h"

#include <stdio.h>
#include <unistd.h>

/* Of a batch first "LINE EVENT OWNER DESTINATION TIME lossy" of each alert, then "LINE! TEXT" of each
 * problem, a line each. */
static void say(const struct scan_batch *b, struct buf *out)
{
	char at[WHEN_TEXT_MAX];
	for (size_t i = 0; i < b->n_matches; i++) {
		const struct alert *a = &b->matches[i].alert;
		buf_fmt(out, "%lu %.*s %.*s %.*s %s%s\n", b->matches[i].place.line, STR_ARG(a->event_id),
			STR_ARG(a->owner), STR_ARG(alert_main_dest(a)->account), when_format(a->time, at),
			a->traits & TRAIT_LOSSY ? " lossy" : "");
	}
	for (size_t i = 0; i < b->n_problems; i++)
		buf_fmt(out, "%lu%s %s\n", b->problems[i].err.line, b->problems[i].note ? "?" : "!",
			b->problems[i].err.text);
}

static void read_file(const char *path, struct buf *out)
{
	struct err err = {0};
	struct scan_batch b;
	struct scan_options o = {.rule = rule_builtin(), .paths = &path, .n_paths = 1, .since = WHEN_NONE,
		.until = WHEN_NONE};
	struct scan *s = scan_start(&o, &err);
	assert_non_null(s);
	while (scan_wait(s))
		while (scan_take(s, &b)) {
			say(&b, out);
			arena_fini(&b.mem);
		}
	scan_free(s);
	rule_free((struct rule *)(uintptr_t)o.rule);
}

static void read_text(const char *name, struct str text, struct buf *out)
{
	char dir[] = "/tmp/s3triage-rows-XXXXXX";
	struct err err = {0};
	assert_non_null(mkdtemp(dir));
	char *path = file_join(dir, name);
	if (!file_write(path, text, FILE_REPLACE, &err))
		fail_msg("%s", err.text);
	read_file(path, out);
	unlink(path);
	rmdir(dir);
	free(path);
}

/* Q stands for a quote of JSON, as the case spells it. */
#define REQUEST "{QbucketNameQ:QledgerQ,QReplicationConfigurationQ:{QRoleQ:Qarn:aws:iam::444455556666:role/rQ," \
	"QRuleQ:{QStatusQ:QEnabledQ,QDestinationQ:{QBucketQ:Qarn:aws:s3:::partner-inQ,QAccountQ:999911112222}}}}"
#define EVENT "{QeventVersionQ:Q1.11Q,QuserIdentityQ:{QtypeQ:QIAMUserQ,QarnQ:Qarn:aws:iam::444455556666:user/miraQ," \
	"QaccountIdQ:Q444455556666Q},QeventTimeQ:Q2026-05-04T09:30:00ZQ,QeventSourceQ:Qs3.amazonaws.comQ," \
	"QeventNameQ:QPutBucketReplicationQ,QrequestParametersQ:" REQUEST ",QeventIDQ:Qe1Q," \
	"QrecipientAccountIdQ:Q444455556666Q}"
#define WHOLE " e1 444455556666 999911112222 2026-05-04T09:30:00Z\n"
#define LOSSY " e1 444455556666 999911112222 2026-05-04T09:30:00Z lossy\n"
#define CALL "s3.amazonaws.com,PutBucketReplication"

struct row_case {
	const char *what, *name;
	const char *quote; /* what stands for Q */
	const char *text, *wants;
};

static const struct row_case cases[] = {
	{"Athena", "a.csv", "\"\"",
		"\"eventtime\",\"eventsource\",\"eventname\",\"eventid\",\"useridentity\",\"requestparameters\",\"resources\"\n"
		"\"2026-05-04T09:30:00Z\",\"s3.amazonaws.com\",\"PutBucketReplication\",\"e1\",\"{type=IAMUser, "
		"principalid=A, arn=arn:aws:iam::444455556666:user/mira, accountid=444455556666, username=mira, "
		"sessioncontext=null}\",\"" REQUEST "\",\"[{arn=arn:aws:s3:::ledger, accountid=444455556666, type=AWS::S3::Bucket}]\"\n",
		"2" LOSSY},
	{"another order, semicolons, names with blanks, a mark of byte order", "a.csv", "\"\"",
		"\xEF\xBB\xBF" "Request Parameters;Event ID;EVENT_NAME;Event_Source;Event Time;Recipient Account Id\r\n"
		"\"" REQUEST "\";e1;PutBucketReplication;s3.amazonaws.com;2026-05-04 09:30:00.000;444455556666\r\n",
		"2" LOSSY},
	{"tabs, no quotes", "a.tsv", "\"",
		"eventTime\teventName\teventID\trecipientAccountId\trequestParameters\n"
		"2026-05-04T09:30:00Z\tPutBucketReplication\te1\t444455556666\t" REQUEST "\n", "2" LOSSY},
	{"a separator that is named", "a.csv", "\"\"",
		"sep=;\neventname;eventid;eventtime;requestparameters\nPutBucketReplication;e1;2026-05-04T09:30:00Z;\""
		REQUEST "\"\n", "3" LOSSY},
	{"spreadsheets' accounts", "a.csv", "\"\"",
		"eventname,eventid,eventtime,requestparameters,recipientaccountid\n"
		"PutBucketReplication,e1,2026-05-04T09:30:00Z,\"" REQUEST "\",444455556666.0\n"
		"PutBucketReplication,e1,2026-05-04T09:30:00Z,\"" REQUEST "\",4.44455556666E+11\n"
		"PutBucketReplication,e1,2026-05-04T09:30:00Z,\"" REQUEST "\",=\"444455556666\"\n"
		"PutBucketReplication,e1,2026-05-04T09:30:00Z,\"" REQUEST "\",'444455556666\n"
		"PutBucketReplication,e1,2026-05-04T09:30:00Z,\"" REQUEST "\",\"=\"\"444455556666\"\"\"\n",
		"2" LOSSY "3" LOSSY "4" LOSSY "5" LOSSY "6" LOSSY},
	{"digits that a spreadsheet cut", "a.csv", "\"\"",
		"eventname,eventid,eventtime,recipientaccountid,requestparameters\n"
		"PutBucketReplication,e1,2026-05-04T09:30:00Z,4.44456E+11,\"" REQUEST "\"\n", "2" LOSSY
		"2! column 'recipientaccountid' is no account id, or a spreadsheet has cut its digits\n"},
	{"the map of CloudTrail Lake", "a.csv", "\"\"",
		"eventTime,eventName,eventSource,eventID,recipientAccountId,requestParameters\n"
		"2026-05-04 09:30:00.000,PutBucketReplication,s3.amazonaws.com,e1,444455556666,\"{replication=, bucketName=ledger, "
		"ReplicationConfiguration={QRoleQ:Qarn:aws:iam::444455556666:role/rQ,QRuleQ:{QStatusQ:QEnabledQ,QDestinationQ:"
		"{QBucketQ:Qarn:aws:s3:::xQ,QAccountQ:999911112222}}}, Host=ledger.s3}\"\n", "2" LOSSY},
	{"the event whole", "a.csv", "\"\"", "_time,_raw\nx,\"" EVENT "\"\nx,\"" EVENT "\"\n", "2" WHOLE "3" WHOLE},
	{"the event whole, over several lines", "a.csv", "\"\"",
		"eventjson,n\n\"{\nQeventVersionQ:Q1.11Q,\nQrecipientAccountIdQ:Q444455556666Q,QeventTimeQ:Q2026-05-04T09:30:00ZQ,"
		"QeventNameQ:QPutBucketReplicationQ,QeventSourceQ:Qs3.amazonaws.comQ,\nQeventIDQ:Qe1Q,QrequestParametersQ:" REQUEST
		"}\",1\n\"" EVENT "\",2\n", "2" WHOLE "6" WHOLE},
	{"the event whole, in a column of any name", "a.csv", "\"\"", "id,payload\n1,\"" EVENT "\"\n", "2" WHOLE},
	{"the event whole, without quotes", "a.tsv", "\"", "eventJson\tn\n" EVENT "\t1\n", "2" WHOLE},
	{"the event in an envelope", "a.csv", "\"\"",
		"_time,_raw,eventName\nx,\"{QdetailQ:" EVENT ",Qdetail-typeQ:QAWS API Call via CloudTrailQ,QsourceQ:Qaws.s3Q}\",y\n",
		"2" WHOLE},
	{"an event in an envelope is no row", "a.json", "\"",
		"{\"detail\":" EVENT ",\"detail-type\":\"AWS API Call via CloudTrail\",\"source\":\"aws.s3\"}", "1" WHOLE},
	{"the event as a text of JSON", "a.csv", "\\\"\"", "n,payload\n1,\"\"\"" EVENT "\"\"\"\n", "2" WHOLE},
	{"Discover, with the original", "a.csv", "\"\"",
		"@timestamp,event.action,event.original\n\"May 4, 2026 @ 11:30:00.000\",PutBucketReplication,\"" EVENT "\"\n",
		"2" WHOLE},
	{"Discover, without the original", "a.csv", "",
		"@timestamp,event.action,event.id,aws.cloudtrail.recipient_account_id,aws.cloudtrail.request_parameters\n"
		"\"May 4, 2026 @ 09:30:00.000\",PutBucketReplication,e1,444455556666,\"{bucketName=ledger, ReplicationConfiguration="
		"{Rule={Status=Enabled, Destination={Account=999911112222, Bucket=arn:aws:s3:::x}}}}\"\n",
		"2" LOSSY "0? times in this table name no zone and were taken for UTC\n"},
	{"only the flattened request", "a.csv", "\"\"",
		"@timestamp,event.action,event.id,aws.cloudtrail.recipient_account_id,aws.cloudtrail.flattened.request_parameters\n"
		"2026-05-04T09:30:00Z,PutBucketReplication,e1,444455556666,\"" REQUEST "\"\n", "2" LOSSY},
	{"ES|QL as text", "a.txt", "",
		"     @timestamp     |    event.action    |event.id|aws.cloudtrail.recipient_account_id|aws.cloudtrail.request_parameters\n"
		"--------------------+--------------------+--------+---+---\n"
		"2026-05-04T09:30:00Z|PutBucketReplication|e1      |444455556666|{bucketName=ledger, ReplicationConfiguration="
		"{Rule={Status=Enabled, Destination={Account=999911112222, Bucket=arn:aws:s3:::x}}}}\n", "3" LOSSY},
	{"Kibana's alerts, by titles", "a.csv", "",
		"@timestamp,Rule,Severity,Risk Score,Reason,user.name\n"
		"\"May 4, 2026 @ 09:30:00.000\",Replicated,high,73,\"because, of it\",mira\n",
		"2    2026-05-04T09:30:00Z lossy\n0? times in this table name no zone and were taken for UTC\n"},
	{"Sentinel", "a.csv", "\"\"",
		"TimeGenerated [UTC],EventName,EventSource,AwsEventId,UserIdentityType,UserIdentityAccountId,RecipientAccountId,"
		"RequestParameters\n\"5/4/2026, 9:30:00.000 AM\"," "PutBucketReplication,s3.amazonaws.com,e1,IAMUser,444455556666,"
		"444455556666,\"" REQUEST "\"\n", "2" LOSSY},
	{"the console's history", "a.csv", "",
		"Event ID,Event time,User name,Event name,Resource type,Resource name,Event source\n"
		"e0,2026-05-04T09:30:00Z,mia,GetObject,,,s3.amazonaws.com\n"
		"e1,2026-05-04T09:30:00Z,mia,PutBucketReplication,AWS::S3::Bucket,acme,s3.amazonaws.com\n",
		"3! the console's event history as CSV holds no request (requestParameters): 1 row of it, this one first, is"
		" PutBucketReplication, and it can never show a destination; download it as JSON\n"},
	{"no column with the request", "a.csv", "", "eventname,eventid,eventtime,eventsource\n"
		"PutBucketReplication,e1,2026-05-04T09:30:00Z,s3.amazonaws.com\n"
		"PutBucketReplication,e2,2026-05-04T09:30:00Z,s3.amazonaws.com\n",
		"2! this table has no column with the request (requestParameters): 2 rows of it, this one first, are"
		" PutBucketReplication, and it can never show a destination; select that column, too\n"},
	{"nothing known", "a.csv", "", "colour,size\nred,3\nblue,4\n",
		"1! is a table, and none of its columns is known to be of an event: colour, size\n"},
	{"decisions of ours", "a.csv", "", "schema_version,verdict,alert_id,decision_time\n1,open,a,\n",
		"1! is a table of decisions that s3triage exported, which holds no events; its columns: schema_version, verdict,"
		" alert_id, decision_time\n"},
	{"damage hides no other row", "a.csv", "\"\"",
		"eventid,eventname,eventtime,requestparameters\n"
		"e0,\"PutBucket\"Replication,x,y\n"
		"e1,PutBucketReplication,2026-05-04T09:30:00Z,\"" REQUEST "\"\n"
		"e9,PutBucketReplication,2026-05-04T09:30:00Z,\"" REQUEST "\",more\n"
		"e8,PutBucketReplication\n"
		"e7,\"PutBucketReplication,2026-05-04T09:30:00Z\n"
		"e1,PutBucketReplication,2026-05-04T09:30:00Z,\"" REQUEST "\"\n",
		"3" LOSSY "7" LOSSY
		"2! this row is damaged: a quote does not end, or text stands behind it\n"
		"4! this row has 5 cells, the header 4: it is not read, as a cell may stand in another's place\n"
		"5! this row has 2 of 4 cells: what the others would say is not known\n"
		"6! this row is damaged: a quote does not end, or text stands behind it\n"},
	{"the header once more", "a.csv", "\"\"",
		"eventid,eventname,eventtime,requestparameters\neventid,eventname,eventtime,requestparameters\n\n"
		"e1,PutBucketReplication,2026-05-04T09:30:00Z,\"" REQUEST "\"", "4" LOSSY},
	{"rows of an answer: ES|QL", "a.json", "\\\"",
		"{\"columns\":[{\"name\":\"@timestamp\"},{\"name\":\"event.action\"},{\"name\":\"event.original\"}],\"values\":["
		"[\"2026-05-04T09:30:00Z\",\"PutBucketReplication\",\"" EVENT "\"]]}", "1" WHOLE},
	{"columns of an answer: ES|QL", "a.json", "\\\"",
		"{\"columns\":[{\"name\":\"event.action\"},{\"name\":\"event.original\"}],\"values\":["
		"[\"GetObject\"],[\"" EVENT "\"]]}", "1" WHOLE},
	{"Athena's pages", "a.json", "\\\"",
		"{\"ResultSet\":{\"Rows\":[{\"Data\":[{\"VarCharValue\":\"eventname\"},{\"VarCharValue\":\"eventid\"},"
		"{\"VarCharValue\":\"eventtime\"},{\"VarCharValue\":\"requestparameters\"}]}]}}\n"
		"{\"ResultSet\":{\"Rows\":[{\"Data\":[{\"VarCharValue\":\"PutBucketReplication\"},{\"VarCharValue\":\"e1\"},"
		"{\"VarCharValue\":\"2026-05-04T09:30:00Z\"},{\"VarCharValue\":\"" REQUEST "\"}]}]}}", "2" LOSSY},
	{"Insights without the message", "a.json", "\\\"",
		"{\"results\":[[{\"field\":\"eventTime\",\"value\":\"2026-05-04T09:30:00Z\"},{\"field\":\"eventName\",\"value\":"
		"\"PutBucketReplication\"},{\"field\":\"eventID\",\"value\":\"e1\"},{\"field\":\"userIdentity.accountId\",\"value\":"
		"\"444455556666\"},{\"field\":\"requestParameters.ReplicationConfiguration.Rule.Destination.Account\",\"value\":"
		"\"999911112222\"}]]}", "1" LOSSY},
	{"rows that do not all have the same columns", "a.json", "\\\"",
		"{\"results\":[[{\"eventName\":\"PutBucketReplication\"},{\"eventID\":\"e1\"}],[{\"eventName\":"
		"\"PutBucketReplication\"},{\"eventID\":\"e1\"},{\"eventTime\":\"2026-05-04T09:30:00Z\"},{\"requestParameters\":\""
		REQUEST "\"}],[{\"a\":\"b\"}]]}", "1" LOSSY
		"1! this table has no column with the request (requestParameters): 1 row of it, this one first, is"
		" PutBucketReplication, and it can never show a destination; select that column, too\n"
		"1! is a table, and none of its columns is known to be of an event: a\n"},
	{"one object of other spelling", "a.json", "\\\"",
		"{\"EVENT_NAME\":\"PutBucketReplication\",\"EVENT_ID\":\"e1\",\"EVENT_TIME\":1777887000000,\"Request_Parameters\":\""
		REQUEST "\"}", "1" LOSSY},
	{"Splunk's columns", "a.json", "\\\"",
		"{\"preview\":false,\"result\":{\"eventName\":\"PutBucketReplication\",\"eventID\":\"e1\",\"eventTime\":"
		"\"2026-05-04T09:30:00Z\",\"requestParameters\":\"" REQUEST "\",\"recipientAccountId\":\"444455556666\"}}", "1" LOSSY},
	{"Security Lake's structs", "a.csv", "\"\"",
		"metadata,time,api,actor,class_uid,unmapped\n"
		"\"{product={name=CloudTrail, version=1.11}, uid=e1, profiles=[cloud]}\",1777887000000,"
		"\"{response={error=null, data=null}, operation=PutBucketReplication, service={name=s3.amazonaws.com}, "
		"request={data=" REQUEST ", uid=r}}\",\"{user={type=IAMUser, name=m, account={uid=444455556666}}}\",6003,"
		"\"{recipientAccountId=444455556666}\"\n", "2" LOSSY},
	{"Security Lake's of another product", "a.csv", "\"\"",
		"metadata,time,api,class_uid\n\"{product={name=VPC Flow}, version=1}\",1777887000000,null,4001\n", ""},
	{"no header", "a.csv", "\"\"", "1,\"" EVENT "\"\n2,\"" EVENT "\"\n", "1" WHOLE "2" WHOLE},
	{"no header, and one column", "a.csv", "\"\"", "\"" EVENT "\"\n\"" EVENT "\"\n", "1" WHOLE "2" WHOLE},
	{"a cell of the caller's beside known columns is no event", "a.csv", "\"\"",
		"eventname,eventid,eventtime,eventsource,body,useragent\nGetObject,e3,2026-05-04T09:30:00Z,s3.amazonaws.com,\""
		EVENT "\",\"" EVENT "\"\n", ""},
	{"lines that end as on old Macs", "a.csv", "\"\"",
		"eventname,eventid,eventtime,recipientaccountid,requestparameters\r"
		"PutBucketReplication,e1,2026-05-04T09:30:00Z,444455556666,\"" REQUEST "\"\r", "1" LOSSY},
	{"times with a zone behind a blank", "a.csv", "\"\"",
		"eventname,eventid,eventtime,recipientaccountid,requestparameters\n"
		"PutBucketReplication,e1,2026-05-04 11:30:00.000 +0200,444455556666,\"" REQUEST "\"\n"
		"PutBucketReplication,e1,2026-05-04 09:30:00.000 UTC,444455556666,\"" REQUEST "\"\n", "2" LOSSY "3" LOSSY},
	{"Splunk's lists, a line an element", "a.csv", "",
		"_time,eventName,eventID,recipientAccountId,requestParameters.ReplicationConfiguration.Rule{}.Destination.Account\n"
		"2026-05-04T09:30:00.000+0000,PutBucketReplication,e1,444455556666,\"999911112222\n999911112222\"\n", "2" LOSSY},
	{"lists of which one is shorter", "a.csv", "",
		"_time,eventName,eventID,recipientAccountId,requestParameters.ReplicationConfiguration.Rule{}.Destination.Account,"
		"requestParameters.ReplicationConfiguration.Rule{}.Status\n"
		"2026-05-04T09:30:00.000+0000,PutBucketReplication,e1,444455556666,\"999911112222\n999911112222\",Enabled\n",
		"2" LOSSY "2! a cell is text without quotes that can be read in two ways\n"},
	{"a request whose names are small", "a.csv", "\"\"",
		"eventname,eventid,eventtime,recipientaccountid,requestparameters\n"
		"PutBucketReplication,e1,2026-05-04T09:30:00Z,444455556666,\"{bucketname=l, replicationconfiguration={role=r, "
		"rule={status=Enabled, destination={account=999911112222, bucket=arn:aws:s3:::x}}}}\"\n", "2" LOSSY},
	{"a later page without the first", "a.json", "",
		"{\"ResultSet\":{\"Rows\":[{\"Data\":[{\"VarCharValue\":\"x\"},{\"VarCharValue\":\"y\"}]}]}}",
		"1! is a table, and none of its columns is known to be of an event: x, y\n"},
	{"an answer of other columns", "a.json", "", "{\"columns\":[{\"name\":\"c\"}],\"values\":[[3]]}",
		"1! is a table, and none of its columns is known to be of an event: c\n"},
};

static void put_quotes(const struct row_case *c, struct buf *out)
{
	for (const char *p = c->text; *p; p++)
		if (*p == 'Q')
			buf_c(out, c->quote);
		else
			buf_char(out, *p);
}

static void reads_every_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf text = {0}, got = {0};
		put_quotes(&cases[i], &text);
		read_text(cases[i].name, buf_str(&text), &got);
		if (!str_is(buf_str(&got), cases[i].wants))
			fail_msg("%s:\n%swanted:\n%s", cases[i].what, buf_cstr(&got), cases[i].wants);
		buf_fini(&text);
		buf_fini(&got);
	}
}

/* Excel ends a cell at 32,767 characters. */
static void tells_a_cut_cell(void **state)
{
	(void)state;
	struct buf text = {0}, got = {0};
	buf_c(&text, "eventname,eventid,eventtime,requestparameters\nPutBucketReplication,e1,2026-05-04T09:30:00Z,\"{");
	buf_c(&text, "\"\"a\"\":\"\"");
	buf_fill(&text, 'x', 32767 - strlen("{\"a\":\""));
	buf_c(&text, "\"\n");
	read_text("a.csv", buf_str(&text), &got);
	if (str_find(buf_str(&got), STR("ends at 32,767 characters, where spreadsheets cut a cell")) == STR_NONE)
		fail_msg("%s", buf_cstr(&got));
	buf_fini(&text);
	buf_fini(&got);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_every_table),
		cmocka_unit_test(tells_a_cut_cell),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
