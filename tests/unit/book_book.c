#include "../unit.h"

#include "s3triage/book/book.h"

#include "s3triage/base/buf.h"
#include "s3triage/base/mem.h"

struct want {
	const char *account, *name, *owner, *note, *source;
	enum account_kind kind;
	unsigned long line;
};

static void same(struct str a, const char *b)
{
	if (!str_is(a, b ? b : ""))
		fail_msg("'%.*s' is not '%s'", STR_ARG(a), b ? b : "");
}

static void check_entry(const struct book *b, const struct want *w)
{
	const struct book_entry *e = book_find(b, str_c(w->account));
	if (!e)
		fail_msg("%s is not in the book", w->account);
	same(e->name, w->name);
	same(e->owner, w->owner);
	same(e->note, w->note);
	same(e->source, w->source);
	assert_int_equal(e->kind, w->kind);
	assert_int_equal(e->line, w->line);
}

static const char toml[] = "# ours\n"
	"[organisation]\nname = \"acme\"\naccounts = [\"111122221111\",\n \"111122223333\"]\n"
	"[[account]]\nid = 444455556666\nname = \"agency\"\nkind = \"vendor\"\nowner = \"kim\"\n"
	"note = \"contract\"\nsource = \"CHG-1\"\n"
	"[[account]]\nid = \"012345678901\"\nkind = \"flagged\"\n";

static const char organizations[] = "{\"Accounts\": [\n"
	" {\"Id\": \"111122221111\", \"Name\": \"prod\", \"Email\": \"p@example.com\","
	" \"Status\": \"ACTIVE\"},\n"
	" {\"Id\": \"222233334444\", \"Name\": \"old\", \"Status\": \"SUSPENDED\"}\n]}";

static const char csv[] = "\xef\xbb\xbf" "Account ID,Name,Kind,Comment,Extra\r\n"
	"111122221111,\"acme, \"\"prod\"\"\r\nand more\",approved,x,y\r\n"
	"\r\n"
	"1234-5678-9012,plain\r\n";

static const char list[] = "# allowed\n111122221111\n\n 222233334444 \n";

static const char yaml[] = "# known\n- name: 'Agency'\n  type: other\n  extra: {a: [b, {c: d}]}\n"
	"  source: ['https://example.com/1', 'https://example.com/2']\n"
	"  accounts: ['444455556666', 012345678901]\n"
	"- accounts:\n  - \"111122221111\"\n  name: Backup Ltd\n  source: https://example.com/3\n";

static void reads_every_format(void **state)
{
	(void)state;
	const struct {
		const char *text;
		enum book_format format;
		struct want want[4];
	} cases[] = {
		{toml, BOOK_TOML, {{"111122221111", "acme", 0, 0, 0, ACCOUNT_ORGANISATION, 4},
			{"111122223333", "acme", 0, 0, 0, ACCOUNT_ORGANISATION, 5},
			{"444455556666", "agency", "kim", "contract", "CHG-1", ACCOUNT_VENDOR, 7},
			{"012345678901", 0, 0, 0, 0, ACCOUNT_FLAGGED, 14}}},
		{organizations, BOOK_ORGANIZATIONS,
			{{"111122221111", "prod", "p@example.com", 0, 0, ACCOUNT_ORGANISATION, 2},
			{"222233334444", "old", 0, "status SUSPENDED", 0, ACCOUNT_ORGANISATION, 3}}},
		{"[{\"Id\":\"111122221111\"}]", BOOK_ORGANIZATIONS,
			{{"111122221111", 0, 0, 0, 0, ACCOUNT_ORGANISATION, 1}}},
		{csv, BOOK_CSV, {{"111122221111", "acme, \"prod\"\r\nand more", 0, "x", 0,
			ACCOUNT_APPROVED, 2}, {"123456789012", "plain", 0, 0, 0, ACCOUNT_UNKNOWN, 5}}},
		{"id;owner\n111122221111;kim\n", BOOK_CSV,
			{{"111122221111", 0, "kim", 0, 0, ACCOUNT_UNKNOWN, 2}}},
		/* line ends of CR alone; rows that were taken out; texts of two columns; cells too many */
		{"id,name,kind\r012345678901,acme,approved\r#111122221111,old,flagged\r", BOOK_CSV,
			{{"012345678901", "acme", 0, 0, 0, ACCOUNT_APPROVED, 2}}},
		{"# head\rid\r\r111122221111", BOOK_CSV, {{"111122221111", 0, 0, 0, 0, 0, 4}}},
		{"111122221111\r222233334444\r", BOOK_LIST, {{"111122221111", 0, 0, 0, 0, ACCOUNT_APPROVED, 1},
			{"222233334444", 0, 0, 0, 0, ACCOUNT_APPROVED, 2}}},
		{"name,id\n# said on Monday, by kim\n#1 team,111122221111\n", BOOK_CSV,
			{{"111122221111", "#1 team", 0, 0, 0, 0, 3}}},
		{"id,owner,email,note,description,x\n111122221111,platform,,,late,\n"
			"222233334444,media,m@example.com,one,one,z,,\n", BOOK_CSV,
			{{"111122221111", 0, "platform", "late", 0, 0, 2},
			{"222233334444", 0, "media; m@example.com", "one", 0, 0, 3}}},
		{list, BOOK_LIST, {{"111122221111", 0, 0, 0, 0, ACCOUNT_APPROVED, 2},
			{"222233334444", 0, 0, 0, 0, ACCOUNT_APPROVED, 4}}},
		{yaml, BOOK_YAML,
			{{"444455556666", "Agency", 0, 0, "https://example.com/1", ACCOUNT_VENDOR, 6},
			{"012345678901", "Agency", 0, 0, "https://example.com/1", ACCOUNT_VENDOR, 6},
			{"111122221111", "Backup Ltd", 0, 0, "https://example.com/3", ACCOUNT_VENDOR,
				8}}},
		{"# nothing yet\n\n", BOOK_EMPTY, {{0}}},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct book *b = book_new();
		struct err err = {0};
		if (!book_read(b, str_c(cases[i].text), "f", &err))
			fail_msg("case %zu: %s", i, err.text);
		if (book_problems(b))
			fail_msg("case %zu: %s", i, book_problem_at(b, 0)->text);
		assert_int_equal(book_file_at(b, 0)->format, cases[i].format);
		size_t n = 0;
		while (n < 4 && cases[i].want[n].account)
			check_entry(b, &cases[i].want[n++]);
		assert_int_equal(book_count(b), n);
		assert_int_equal(book_file_at(b, 0)->accounts, n);
		book_free(b);
	}
}

/* One bad entry is told with its line and takes nothing else with it. */
#define ARN "arn:aws:organizations::444455556666:account/o-x1/"

/* Ways in which an organisation's list is written: who is 012345678901 there, whose, in which state; how
 * many entries are told as bad. */
static void reads_every_list(void **state)
{
	(void)state;
	const struct {
		const char *text, *name;
		enum account_kind kind;
		const char *state;
		size_t malformed;
	} cases[] = {
		/* AWS's answer: new and old word for the state, pages, an account a line, other questions */
		{"{\"Accounts\":[{\"Id\":\"012345678901\",\"Name\":\"pay\",\"State\":\"SUSPENDED\","
			"\"Status\":\"ACTIVE\"}]}", "pay", ACCOUNT_ORGANISATION, "SUSPENDED", 0},
		{"{\"Accounts\":[{\"Id\":\"012345678901\",\"Name\":\"pay\",\"State\":\"ACTIVE\"}]}", "pay",
			ACCOUNT_ORGANISATION, NULL, 0},
		{"{\"Accounts\":[{\"Id\":\"111122221111\"}],\"NextToken\":\"t\"}\n{\"Accounts\":"
			"[{\"Id\":\"012345678901\",\"Name\":\"pay\"}]}", "pay", ACCOUNT_ORGANISATION, NULL, 0},
		{"{\"Accounts\":[],\"NextToken\":\"t\"}\n{\"Accounts\":[{\"Id\":\"012345678901\",\"Name\":\"pay\"}]}\n"
			"{\"Accounts\":[]}", "pay", ACCOUNT_ORGANISATION, NULL, 0},
		{"{\"Id\":\"012345678901\",\"Name\":\"pay\"}\n{\"Id\":\"111122221111\"}\n", "pay",
			ACCOUNT_ORGANISATION, NULL, 0},
		{"[[\"012345678901\",\"pay\",\"CLOSED\"],\n[\"111122221111\",null,\"ACTIVE\"]]", "pay",
			ACCOUNT_UNKNOWN, "CLOSED", 0},
		{"[\"012345678901\", \"111122221111\"]", "", ACCOUNT_UNKNOWN, NULL, 0},
		{"{\"pay\":\"012345678901\",\"old\":\"111122221111\"}", "pay", ACCOUNT_UNKNOWN, NULL, 0},
		{"{\"012345678901\":\"pay\"}", "pay", ACCOUNT_UNKNOWN, NULL, 0},
		{"{\"accounts\":[{\"id\":\"012345678901\",\"name\":\"pay\"}],\"cidrs\":{}}", "pay",
			ACCOUNT_UNKNOWN, NULL, 0},
		{"ACCOUNTS\t" ARN "012345678901\tp@x.org\t012345678901\tINVITED\t1577836800.0\tpay\tSUSPENDED\n"
			"PATHS\to-x1/r-1/\n", "pay", ACCOUNT_ORGANISATION, "SUSPENDED", 0},
		{"ACCOUNTS\t" ARN "012345678901\tp@x.org\t012345678901\tINVITED\t1577836800.0\tpay\tACTIVE\n"
			"NEXTTOKEN\teyJ\n", "pay", ACCOUNT_ORGANISATION, NULL, 1},
		{"012345678901\tpay\n111122221111\told\n", "pay", ACCOUNT_UNKNOWN, NULL, 0},
		{"012345678901\t111122221111\n", "", ACCOUNT_UNKNOWN, NULL, 0},
		{"012345678901 # pay\n111122221111\n", "pay", ACCOUNT_UNKNOWN, NULL, 0},
		{"----\n|  ListAccounts  |\n+----+----+\n||  Accounts  ||\n|+---+---+|\n||  Arn | " ARN
			"012345678901 ||\n||  Id | 012345678901 ||\n||  Name | pay ||\n||  State | CLOSED ||\n|+--+--+|\n"
			"||  Accounts  ||\n|+--+--+|\n||  Id | 111122221111 ||\n|+--+--+|\n", "pay",
			ACCOUNT_ORGANISATION, "CLOSED", 0},
		{"----\n|  ListAccounts |\n+---+---+\n|  012345678901 |  pay |\n|  111122221111 | old |\n+--+--+\n",
			"pay", ACCOUNT_UNKNOWN, NULL, 0},
		{"| Account ID | Name |\n|---|---|\n| `012345678901` | pay |\n", "pay", ACCOUNT_UNKNOWN, NULL, 0},
		{"Accounts:\n- Arn: " ARN "012345678901\n  Id: '012345678901'\n  Name: pay\n  State: PENDING_CLOSURE\n",
			"pay", ACCOUNT_ORGANISATION, "PENDING_CLOSURE", 0},
		{"- - '012345678901'\n  - pay\n", "pay", ACCOUNT_UNKNOWN, NULL, 0},
		{"accounts:\n- account_id: '012345678901'\n  name: pay\n  regions:\n  - eu-west-1\n", "pay",
			ACCOUNT_UNKNOWN, NULL, 0},
		/* the console's, of both times, and what spreadsheets make of it */
		{"\xef\xbb\xbf" "Account ID,ARN,Email,Name,Status,Joined method\r\n012345678901," ARN
			"012345678901,p@x.org,pay,ACTIVE,CREATED\r\n", "pay", ACCOUNT_ORGANISATION, NULL, 0},
		{"Account ID;ARN;Name;State\n12345678901;" ARN "012345678901;pay;Pending closure\n", "pay",
			ACCOUNT_ORGANISATION, "PENDING_CLOSURE", 0},
		{"Account ID,Name\n\"=\"\"012345678901\"\"\",pay\n'111122221111,old\n222233334444.0,x\n", "pay",
			ACCOUNT_UNKNOWN, NULL, 0},
		{"name,id,arn,account_id\npay,012345678901," ARN "012345678901,444455556666\n", "pay",
			ACCOUNT_ORGANISATION, NULL, 0},
		{"012345678901,pay\n111122221111,old\n", "pay", ACCOUNT_UNKNOWN, NULL, 0},
		/* other programs' */
		{"Id           Name\n--           ----\n012345678901 pay roll\n", "pay roll", ACCOUNT_UNKNOWN, NULL, 0},
		{"\nArn    : " ARN "012345678901\nId     : 012345678901\nName   : pay\n\nId     : 111122221111\n",
			"pay", ACCOUNT_ORGANISATION, NULL, 0},
		{"[default]\nregion = x\n[profile pay]\nrole_arn = arn:aws:iam::012345678901:role/a\n", "pay",
			ACCOUNT_UNKNOWN, NULL, 0},
		{"{\"resources\":[{\"type\":\"aws_organizations_account\",\"instances\":[{\"attributes\":{\"id\":"
			"\"012345678901\",\"arn\":\"" ARN "012345678901\",\"name\":\"pay\",\"status\":\"SUSPENDED\"}}]},"
			"{\"type\":\"aws_s3_bucket_replication_configuration\",\"account\":\"999911112222\"}]}", "pay",
			ACCOUNT_ORGANISATION, "SUSPENDED", 0},
		{"{\"ids\":{\"sensitive\":false,\"type\":\"map\",\"value\":{\"pay\":\"012345678901\"}}}", "pay",
			ACCOUNT_UNKNOWN, NULL, 0},
		{"{\"Outputs\":[{\"OutputKey\":\"AccountId\",\"OutputValue\":\"012345678901\"},"
			"{\"OutputKey\":\"AccountName\",\"OutputValue\":\"pay\"}]}", "pay", ACCOUNT_UNKNOWN, NULL, 0},
		/* what of it is none */
		{"{\"Accounts\":[{\"Id\":\"012345678901\",\"Name\":\"pay\"},{\"Name\":\"x\"},\"y\",{\"Id\":\"12\"}]}",
			"pay", ACCOUNT_ORGANISATION, NULL, 3},
		{"012345678901\tpay\nno\tid\n", "pay", ACCOUNT_UNKNOWN, NULL, 1},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct book *b = book_new();
		struct err err = {0};
		struct str id = STR("012345678901");
		if (!book_read(b, str_c(cases[i].text), "f", &err))
			fail_msg("case %zu: %s", i, err.text);
		const struct book_entry *e = book_find(b, id);
		if (!e || !str_is(e->name, cases[i].name) || e->kind != cases[i].kind ||
			!str_eq(e->state, str_c(cases[i].state)))
			fail_msg("case %zu: %s %.*s %.*s", i, e ? account_kind_name(e->kind) : "none",
				STR_ARG(e ? e->name : id), STR_ARG(e ? e->state : id));
		if (book_file_at(b, 0)->malformed != cases[i].malformed || book_find(b, STR("999911112222")))
			fail_msg("case %zu: %zu bad, %s", i, book_file_at(b, 0)->malformed, book_problems(b) ?
				book_problem_at(b, 0)->text : "");
		/* an account that is not active, nobody vouches for */
		assert_int_equal(book_kind(b, id), cases[i].state ? ACCOUNT_UNKNOWN : e->kind);
		book_free(b);
	}
}

/* UTF-16, as spreadsheets and PowerShell write it. */
static void reads_utf16(void **state)
{
	(void)state;
	static const char text[] = "Account ID\tName\r\n012345678901\tpay\r\n";
	for (int big = 0; big < 2; big++) {
		char wide[2 * sizeof(text)];
		size_t n = 0;
		wide[n++] = big ? '\xfe' : '\xff';
		wide[n++] = big ? '\xff' : '\xfe';
		for (size_t i = 0; i + 1 < sizeof(text); i++, n += 2) {
			wide[n + !big] = 0;
			wide[n + !!big] = text[i];
		}
		struct book *b = book_new();
		assert_true(book_read(b, (struct str){wide, n}, "f", NULL));
		assert_true(str_is(book_find(b, STR("012345678901"))->name, "pay"));
		book_free(b);
	}
}

static void tells_what_is_malformed(void **state)
{
	(void)state;
	const struct {
		const char *text;
		unsigned long line;
		const char *says;
		size_t good;
	} cases[] = {
		{"[[account]]\nid = \"1234\"\n[[account]]\nid = \"111122221111\"\n", 2, "zeros", 1},
		{"[[account]]\nname = \"x\"\n[[account]]\nid = \"111122221111\"\n", 1, "without an id", 1},
		{"[[account]]\nid = \"111122221111\"\nnmae = \"x\"\n", 3, "'nmae'", 1},
		{"[[account]]\nid = \"111122221111\"\nkind = \"frend\"\n", 2, "'frend'", 1},
		{"[[account]]\nid = \"111122221111\"\nname = 3.5\n", 3, "string", 1},
		{"[[acount]]\nid = \"111122221111\"\n", 1, "'acount'", 0},
		{"{\"Accounts\":[\n{\"Id\":\"111122221111\"},\n{\"Id\":\"x\"}]}", 3, "'x'", 1},
		{"{\"Accounts\":[{\"Id\":\"111122221111\"}],\n\"NextToken\":\"t\"}", 1, "not whole", 1},
		{"id,name\n111122221111,a\n000000000000,b\n", 3, "000000000000", 1},
		{"id,name,type\n111122221111,a,member\n", 2, "'member'", 1},
		{"id,name\n111122221111,acme, inc\n", 2, "'inc' is not read", 1},
		{"id,name\n1,\"open\n111122221111,a\n", 2, "does not end", 1},
		{"111122221111\nbackup\n", 2, "'backup'", 1},
		{"11112222111\n111122221111\n", 1, "zeros", 1},
		{"- name: a\n- accounts: ['111122221111']\n", 1, "without accounts", 1},
		{"111122221111\tpay\n", 1, "does not say whose", 1},
		{"", 1, "empty", 0},
		{"\n \n", 1, "empty", 0},
		{"- text\n- accounts: ['111122221111']\n", 1, "no entry", 1},
		{"- accounts: &x ['111122221111']\n- accounts: *x\n", 2, "aliases", 1},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct book *b = book_new();
		struct err err = {0};
		if (!book_read(b, str_c(cases[i].text), "f", &err))
			fail_msg("case %zu: %s", i, err.text);
		if (!book_problems(b))
			fail_msg("case %zu: nothing is told", i);
		const struct err *p = book_problem_at(b, 0);
		if (!strstr(p->text, cases[i].says) || p->line != cases[i].line ||
			strcmp(p->file, "f") != 0)
			fail_msg("case %zu: %s:%lu: %s", i, p->file, p->line, p->text);
		if (book_count(b) != cases[i].good)
			fail_msg("case %zu: %zu accounts", i, book_count(b));
		book_free(b);
	}
}

/* Two columns for the account or the kind: the first that is one counts, and it is told. */
static void reads_two_columns_for_one(void **state)
{
	(void)state;
	const struct {
		const char *text, *account;
		enum account_kind kind;
		size_t told, malformed;
	} cases[] = {
		{"account_id,id,kind\n111122221111,17,approved\n", "111122221111", ACCOUNT_APPROVED, 1, 0},
		{"id,account_id,kind\n17,111122221111,approved\n", "111122221111", ACCOUNT_APPROVED, 1, 0},
		{"id,account\n17,prod\n111122221111,\n", "111122221111", ACCOUNT_UNKNOWN, 2, 1},
		{"id,account\n111122221111,222233334444\n", "111122221111", ACCOUNT_UNKNOWN, 2, 1},
		{"id,kind,type\n111122221111,approved,member\n", "111122221111", ACCOUNT_APPROVED, 1, 0},
		{"id,type,kind\n111122221111,member,approved\n", "111122221111", ACCOUNT_APPROVED, 1, 0},
		{"id,type,kind\n111122221111,member,frend\n", "111122221111", ACCOUNT_UNKNOWN, 2, 1},
		/* flagged anywhere is flagged */
		{"id,kind,type\n111122221111,approved,flagged\n", "111122221111", ACCOUNT_FLAGGED, 2, 0},
		{"id,kind,type\n111122221111,flagged,flagged\n", "111122221111", ACCOUNT_FLAGGED, 1, 0},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct book *b = book_new();
		assert_true(book_read(b, str_c(cases[i].text), "f", NULL));
		if (book_count(b) != 1 || book_kind(b, str_c(cases[i].account)) != cases[i].kind ||
			book_problems(b) != cases[i].told ||
			book_file_at(b, 0)->malformed != cases[i].malformed)
			fail_msg("case %zu: %zu accounts, %zu told, %zu malformed", i, book_count(b),
				book_problems(b), book_file_at(b, 0)->malformed);
		assert_int_equal(book_problem_at(b, 0)->line, 1);
		book_free(b);
	}
}

static void refuses_what_is_no_list(void **state)
{
	(void)state;
	static const char *const texts[] = {"hello world\n", "{\"a\":1}", "{", "[[account]\n",
		"{\"Accounts\":[]}", "[]", "id,name\n",
		("{\"Records\":[{\"eventName\":\"x\",\"eventSource\":\"y\","
		"\"id\":\"111122221111\"}]}"), "An error occurred when calling ListAccounts\n", "a = \n", "---\na: b\n", "- a: [\n", "name,owner\nx,y\n", "- [[[\n"};
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct book *b = book_new();
		struct err err = {0};
		if (book_read(b, str_c(texts[i]), "f", &err))
			fail_msg("'%s' was read", texts[i]);
		assert_true(err.text[0]);
		assert_string_equal(err.file, "f");
		assert_int_equal(book_count(b) + book_files(b) + book_problems(b), 0);
		book_free(b);
	}
}

/* Two lists about one account. */
static void knows_conflicts(void **state)
{
	(void)state;
	const struct {
		const char *first, *second;
		enum account_kind kind;
		const char *name;
		size_t repeated, conflicts;
	} cases[] = {
		{"id,kind,name\n111122221111,approved,a", "id,kind,name\n111122221111,approved,a",
			ACCOUNT_APPROVED, "a", 1, 0},
		{"id,kind,name\n111122221111,approved,a", "id,kind,name\n111122221111,approved,b",
			ACCOUNT_APPROVED, "a", 0, 1},
		{"id,kind,name\n111122221111,approved,", "id,kind,name\n111122221111,approved,b",
			ACCOUNT_APPROVED, "b", 1, 0},
		{"id,kind,name\n111122221111,approved,a", "id,kind,name\n111122221111,organisation,b",
			ACCOUNT_APPROVED, "a", 0, 1},
		{"id,kind,name\n111122221111,vendor,a", "id,kind,name\n111122221111,approved,b",
			ACCOUNT_APPROVED, "b", 1, 0},
		{"id,kind,name\n111122221111,approved,a", "id,kind,name\n111122221111,vendor,b",
			ACCOUNT_APPROVED, "a", 1, 0},
		{"id,kind,name\n111122221111,vendor,a", "id,kind,name\n111122221111,organisation,b",
			ACCOUNT_ORGANISATION, "b", 0, 1},
		{"id,kind,name\n111122221111,organisation,a", "id,kind,name\n111122221111,vendor,b",
			ACCOUNT_ORGANISATION, "a", 0, 1},
		{"id,kind,name\n111122221111,organisation,a", "id,kind,name\n111122221111,flagged,b",
			ACCOUNT_FLAGGED, "a", 0, 1},
		{"id,kind,name\n111122221111,flagged,a", "id,kind,name\n111122221111,organisation,b",
			ACCOUNT_FLAGGED, "a", 0, 1},
		{"id,kind,name\n111122221111,unknown,a", "id,kind,name\n111122221111,flagged,b",
			ACCOUNT_FLAGGED, "b", 1, 0},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct book *b = book_new();
		assert_true(book_read(b, str_c(cases[i].first), "one", NULL));
		assert_true(book_read(b, str_c(cases[i].second), "two", NULL));
		const struct book_entry *e = book_find(b, STR("111122221111"));
		const struct book_file *f = book_file_at(b, 1);
		if (e->kind != cases[i].kind || !str_is(e->name, cases[i].name) ||
			f->repeated != cases[i].repeated || f->conflicts != cases[i].conflicts)
			fail_msg("case %zu: %s %.*s, %zu repeated, %zu conflicts", i,
				account_kind_name(e->kind), STR_ARG(e->name), f->repeated, f->conflicts);
		assert_int_equal(book_problems(b), cases[i].conflicts);
		if (cases[i].conflicts)
			assert_non_null(strstr(book_problem_at(b, 0)->text, "one:2"));
		book_free(b);
	}
}

static void holds_many(void **state)
{
	(void)state;
	struct buf text = {0};
	for (unsigned i = 1; i <= 20000; i++)
		buf_fmt(&text, "%012u\n%s", i * 7, i % 10 ? "" : "bad\n");
	struct book *b = book_new();
	assert_true(book_read(b, buf_str(&text), "f", NULL));
	assert_int_equal(book_count(b), 20000);
	assert_int_equal(book_problems(b), 2000);
	assert_null(book_problem_at(b, BOOK_PROBLEMS_MAX));
	assert_int_equal(book_kind(b, STR("000000140000")), ACCOUNT_APPROVED);
	assert_int_equal(book_kind(b, STR("000000140001")), ACCOUNT_UNKNOWN);
	assert_int_equal(book_kind(NULL, STR("000000140000")), ACCOUNT_UNKNOWN);
	book_free(b);
	buf_fini(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_every_format),
		cmocka_unit_test(reads_every_list),
		cmocka_unit_test(reads_utf16),
		cmocka_unit_test(tells_what_is_malformed),
		cmocka_unit_test(reads_two_columns_for_one),
		cmocka_unit_test(refuses_what_is_no_list),
		cmocka_unit_test(knows_conflicts),
		cmocka_unit_test(holds_many),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
