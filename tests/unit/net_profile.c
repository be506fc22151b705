#include "s3triage/net/profile.h"

#include "../unit.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static struct profile *read_one(const char *text, struct err *err)
{
	struct toml *doc = toml_parse(str_c(text), "c.toml", err);
	assert_non_null(doc);
	struct profile *p =
		profile_new(STR("prod"), toml_path(toml_root(doc), "profile.prod"), "c.toml", err);
	toml_free(doc);
	return p;
}

static void test_reads(void **state)
{
	(void)state;
	struct err err = {0};
	struct profile *p = read_one("[profile.prod]\nkind = \"elasticsearch\"\n"
				     "url = \"https://es.example:9200/\"\nsecret_env = \"KEY\"\n"
				     "interval = \"5m\"\nlook_back = \"6m\"\ntimeout = \"10s\"\n", &err);
	assert_non_null(p);
	assert_true(str_is(p->target.url, "https://es.example:9200"));
	assert_int_equal(p->target.auth, HTTP_AUTH_APIKEY);
	assert_true(str_is(p->index, "logs-aws.cloudtrail-*"));
	assert_int_equal(p->interval, 300000);
	assert_int_equal(p->look_back, 360000);
	assert_int_equal(p->timeout, 10000);
	assert_false(p->alerts);
	profile_free(p);
}

static void test_defaults_by_what_is_there(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		enum http_auth auth;
		bool alerts;
	} rows[] = {
		{"kind='kibana'\nurl='http://k'", HTTP_AUTH_NONE, true},
		{"kind='opensearch'\nurl='http://k'\nregion='eu-west-1'", HTTP_AUTH_SIGV4, false},
		{"kind='elasticsearch'\nurl='http://k'\nuser='u'\nsecret_env='P'", HTTP_AUTH_BASIC, false},
		{"kind='elasticsearch'\nurl='http://k'\nindex='.alerts-security.alerts-x'",
			HTTP_AUTH_NONE, true},
		{"kind='elasticsearch'\nurl='http://k'\nauth='bearer'\nsecret_file='~/t'",
			HTTP_AUTH_BEARER, false},
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char text[300];
		struct err err = {0};
		snprintf(text, sizeof(text), "[profile.prod]\n%s\n", rows[i].text);
		struct profile *p = read_one(text, &err);
		if (!p)
			fail_msg("%s: %s", rows[i].text, err.text);
		assert_int_equal(p->target.auth, rows[i].auth);
		assert_int_equal(p->alerts, rows[i].alerts);
		profile_free(p);
	}
}

static void test_refuses(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		unsigned long line;
		const char *part;
	} rows[] = {
		{"url='http://k'", 1, "kind"},
		{"kind='solr'", 2, "elasticsearch"},
		{"kind='kibana'", 1, "url"},
		{"kind='kibana'\nurl='ftp://k'", 1, "http"},
		{"kind='kibana'\nurl='http://me:secret@k'", 1, "credentials"},
		{"kind='kibana'\nurl='http://k'\napi_key='x'", 4, "secret_env"},
		{"kind='kibana'\nurl='http://k'\nfoo=1", 4, "foo"},
		{"kind='kibana'\nurl='http://k'\nauth='basic'", 1, "secret_env"},
		{"kind='kibana'\nurl='http://k'\ninsecure='yes'", 4, "true"},
		{"kind='kibana'\nurl='http://k'\npage=0", 4, "10000"},
		{"kind='kibana'\nurl='http://k'\ninterval='soon'", 4, "span"},
		{"kind='kibana'\nurl='http://k'\nca_fingerprint='ab:cd'", 1, "SHA-256"},
		{"kind='kibana'\nurl='https://k'\nca_fingerprint='"
			"zz11111111111111111111111111111111111111111111111111111111111111'", 1, "SHA-256"},
		{"kind='kibana'\ncloud_id='nonsense'", 3, "cloud_id"},
		{"kind='kibana'\nurl='https://k'\ncloud_id='x:ZXUuYSRlcyQ'", 1, "keep one"},
		{"kind='opensearch'\nurl='https://k'\nregion='r'\nsecret_env='K'", 1, "credential_command"},
		{"kind='kibana'\nurl='https://k'\nclient_key='k'", 1, "client_cert"},
		{"kind='kibana'\nurl='http://k'\nca_file='k'", 1, "https://"},
		{"kind='opensearch'\nurl='https://k'\nregion=\"eu-west-1\\nX-Evil: 3\"", 1, "letters"},
		{"kind='opensearch'\nurl='https://k'\nregion='r'\nservice='es: 1'", 1, "letters"},
		{"kind='kibana'\nurl='https://k'\nauth='none'\nsecret_env='K'", 1, "keep one"},
		{"kind='kibana'\nurl='https://k'\nsecret_env='K'\nsecret_file='f'", 1, "keep one"},
		{"kind='kibana'\nurl='https://k'\nuser='a:b'\nsecret_env='K'", 1, "colon"},
		{"kind='kibana'\nurl='https://h:99999'", 1, "port"},
		{"kind='kibana'\nurl='https://h:'", 1, "port"},
		{"kind='elasticsearch'\nurl='https://h'\nspace='s'", 1, "Kibana"},
		{"kind='kibana'\nurl='https://h'\nquery='eql'", 1, "query"},
		{"kind='kibana'\nurl='https://k'\nproxy='socks5://p'", 1, "proxy"},
		{"kind='kibana'\nurl='http://127.0.0.1'\nproxy='http://p'", 1, "https:// only"},
		{"kind='kibana'\nurl='https://k'\nproxy='http://u:me:secret@p'", 1, "https_proxy"},
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char text[300];
		struct err err = {0};
		snprintf(text, sizeof(text), "[profile.prod]\n%s\n", rows[i].text);
		struct profile *p = read_one(text, &err);
		if (p || err.line != rows[i].line || !strstr(err.text, rows[i].part) ||
			strcmp(err.file, "c.toml") != 0)
			fail_msg("%s: %s:%lu: %s", rows[i].text, err.file, err.line, err.text);
		assert_null(strstr(err.text, "me:secret"));
	}
}

static void test_urls(void **state)
{
	(void)state;
	static const struct {
		const char *word, *url, *index, *space;
		enum profile_kind kind;
	} rows[] = {
		{"es+https://h:9200", "https://h:9200", "logs-aws.cloudtrail-*", "", PROFILE_ELASTICSEARCH},
		{"elasticsearch+http://h/ct-*", "http://h", "ct-*", "", PROFILE_ELASTICSEARCH},
		{"os+http://h:1/proxy/ct", "http://h:1/proxy", "ct", "", PROFILE_OPENSEARCH},
		{"kibana+https://h:5601", "https://h:5601", "", "", PROFILE_KIBANA},
		{"kibana+https://h/base/s/soc/", "https://h/base", "", "soc", PROFILE_KIBANA},
		{"es+https://h/logs-%2A", "https://h", "logs-*", "", PROFILE_ELASTICSEARCH},
		{"es+https://h/100%25%zz%2", "https://h", "100%%zz%2", "", PROFILE_ELASTICSEARCH},
		{"kibana+https://h/s/a%20b", "https://h", "", "a b", PROFILE_KIBANA},
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct err err = {0};
		struct str name;
		assert_int_equal(source_word(str_c(rows[i].word), &name), WORD_URL);
		struct profile *p = profile_new_url(str_c(rows[i].word), &err);
		if (!p)
			fail_msg("%s: %s", rows[i].word, err.text);
		assert_int_equal(p->kind, rows[i].kind);
		if (!str_is(p->target.url, rows[i].url) || !str_is(p->index, rows[i].index) ||
			!str_is(p->space, rows[i].space))
			fail_msg("%s: %.*s %.*s", rows[i].word, STR_ARG(p->target.url), STR_ARG(p->index));
		profile_free(p);
	}
	struct err err = {0};
	assert_null(profile_new_url(STR("es+https://me:hunter2@h"), &err));
	assert_int_equal(err.code, ERR_USAGE);
	assert_null(strstr(err.text, "hunter2"));
}

static void test_words(void **state)
{
	(void)state;
	static const struct {
		const char *word;
		enum source_word is;
	} rows[] = {{"prod:", WORD_PROFILE}, {"a-b_1:", WORD_PROFILE}, {"./prod:", WORD_FILE},
		{"prod", WORD_FILE}, {":", WORD_FILE}, {"-", WORD_FILE}, {"a.json:", WORD_FILE},
		{"https://h", WORD_FILE}, {"os+http://h", WORD_URL}, {"", WORD_FILE}};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct str name;
		assert_int_equal(source_word(str_c(rows[i].word), &name), rows[i].is);
	}
}

/* eu.example.org$abc$def:9243, and one without padding. */
static void test_cloud_id(void **state)
{
	(void)state;
	struct arena mem = {0};
	struct str url;
	struct err err = {0};
	struct str id = STR("my:label:ZXUuZXhhbXBsZS5vcmckYWJjJGRlZjo5MjQz");
	assert_true(cloud_id_url(id, false, &mem, &url, &err));
	assert_true(str_is(url, "https://abc.eu.example.org"));
	assert_true(cloud_id_url(id, true, &mem, &url, &err));
	assert_true(str_is(url, "https://def.eu.example.org:9243"));
	assert_true(cloud_id_url(STR("x:ZXUuYSRlcyQ"), false, &mem, &url, &err)); /* eu.a$es$ */
	assert_true(str_is(url, "https://es.eu.a"));
	assert_false(cloud_id_url(STR("x:ZXUuYSRlcyQ"), true, &mem, &url, &err));
	assert_false(cloud_id_url(STR("x:!!"), false, &mem, &url, &err));
	assert_false(cloud_id_url(STR(""), false, &mem, &url, &err));
	arena_fini(&mem);
}

/* Where Elastic's clients go for the same text. Decoded: the comment behind each. */
static void test_cloud_id_cases(void **state)
{
	(void)state;
	static const struct {
		const char *text, *es, *kibana;
	} rows[] = {
		{"eu.example.org$abc$def", "https://abc.eu.example.org", "https://def.eu.example.org"},
		{"eu.example.org:443$abc$def", "https://abc.eu.example.org", "https://def.eu.example.org"},
		{"eu.example.org:9243$abc$def", "https://abc.eu.example.org:9243",
			"https://def.eu.example.org:9243"},
		{"eu.example.org:9243$abc:9200$def:5601", "https://abc.eu.example.org:9200",
			"https://def.eu.example.org:5601"},
		{"eu.example.org$abc:443$def:9244", "https://abc.eu.example.org",
			"https://def.eu.example.org:9244"},
		{"eu.example.org$abc", "https://abc.eu.example.org", NULL},
		{"eu.example.org$abc$", "https://abc.eu.example.org", NULL},
		{"eu.example.org$abc$undefined", "https://abc.eu.example.org", NULL},
		{"eu.example.org$$def", NULL, "https://def.eu.example.org"},
		{"eu.example.org$abc$def$apm", "https://abc.eu.example.org", "https://def.eu.example.org"},
		{"eu.example.org$p.es$p.kb", "https://p.es.eu.example.org", "https://p.kb.eu.example.org"},
		{"eu.example.org", NULL, NULL},
		{"$abc$def", NULL, NULL},
		{"eu.example.org:99999$abc$def", NULL, NULL},
		{"eu.example.org:0$abc$def", NULL, NULL},
		{"eu.example.org:9x$abc$def", NULL, NULL},
		{"evil.example/$abc$def", NULL, NULL},
		{"eu.example.org$user@abc$d\\f", NULL, NULL},
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		for (int kibana = 0; kibana < 2; kibana++) {
			struct arena mem = {0};
			struct str url = {0};
			char id[200] = "a label: with all:";
			size_t n = strlen(id);
			EVP_EncodeBlock((unsigned char *)id + n, (const unsigned char *)rows[i].text,
				(int)strlen(rows[i].text));
			const char *want = kibana ? rows[i].kibana : rows[i].es;
			bool ok = cloud_id_url(str_c(id), kibana, &mem, &url, NULL);
			if (ok != (want != NULL) || (ok && !str_is(url, want)))
				fail_msg("%s: '%.*s'", rows[i].text, STR_ARG(url));
			arena_fini(&mem);
		}
	static const char *const odd[] = {"x:ZXUuYSRl=cyQ", "x: ZXUuYSRlcyQ", "x:ZXUuYSRlcyQ\n", "x:ZXUuY*RlcyQ"};
	for (size_t i = 0; i < ARRAY_LEN(odd); i++) {
		struct arena mem = {0};
		struct str url;
		if (cloud_id_url(str_c(odd[i]), false, &mem, &url, NULL))
			fail_msg("%s: '%.*s'", odd[i], STR_ARG(url));
		arena_fini(&mem);
	}
}

/* What a profile with a Cloud ID asks, and that it is the same host for both kinds. */
static void test_cloud_id_profile(void **state)
{
	(void)state;
	struct err err = {0};
	struct profile *p = read_one("[profile.prod]\nkind='kibana'\n"
				     "cloud_id='my:label:ZXUuZXhhbXBsZS5vcmckYWJjJGRlZjo5MjQz'\n", &err);
	assert_true(str_is(p->target.url, "https://def.eu.example.org:9243"));
	profile_free(p);
	p = read_one("[profile.prod]\nkind='elasticsearch'\n"
		     "cloud_id='my:label:ZXUuZXhhbXBsZS5vcmckYWJjJGRlZjo5MjQz'\n", &err);
	assert_true(str_is(p->target.url, "https://abc.eu.example.org"));
	profile_free(p);
}

static void test_clear_text(void **state)
{
	(void)state;
	static const struct {
		const char *url;
		bool clear;
	} rows[] = {
		{"http://es.example:9200", true}, {"https://es.example", false}, {"http://127.0.0.1:9200", false},
		{"http://localhost", false}, {"http://LocalHost:1/x", false}, {"http://[::1]:9200", false},
		{"http://127.0.0.1.example.org", true}, {"http://localhost.example.org", true},
		{"http://[2001:db8::1]:9200", true}, {"http://127.example", true}, {"http://10.0.0.1", true},
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (http_clear(str_c(rows[i].url)) != rows[i].clear)
			fail_msg("%s", rows[i].url);
}

static const char *fake_env(const char *name)
{
	static const char *const rows[][2] = {{"KEY", "id:k3y"}, {"TWO", "a\nb"}, {"HOME", "/nowhere"},
		{"AWS_ACCESS_KEY_ID", "AKID"}, {"AWS_SECRET_ACCESS_KEY", "s3"}, {"AWS_SESSION_TOKEN", "t"}};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (strcmp(rows[i][0], name) == 0)
			return rows[i][1];
	return NULL;
}

static void test_unlock(void **state)
{
	(void)state;
	static const struct {
		const char *text, *secret, *error;
	} rows[] = {
		{"secret_env='KEY'", "id:k3y", NULL},
		{"user='kim'\nsecret_env='KEY'", "kim:id:k3y", NULL},
		{"secret_env='NONE'", NULL, "NONE is not set"},
		{"secret_env='TWO'", NULL, "more than one line"},
		{"credential_command='echo  from-command '", "from-command", NULL},
		{"credential_command='echo hunter2; exit 3'", NULL, "exit 3"},
		{"credential_command='echo =$AWS_SECRET_ACCESS_KEY=$OTHER_SECRET=$S3TRIAGE_PASSWORD=$AWS_PROFILE"
		 "=$LC_TEST='", "====audit=c=", NULL},
		{"credential_command='cat; echo end'", "end", NULL}, /* nothing to read, nobody to ask */
		{"credential_command='echo x >/dev/tty'", NULL, "failed"},
		{"credential_command='true'", NULL, "empty"},
		{"secret_file='~/none'", NULL, "cannot open"},
		{"region='r'", "AKID:s3", NULL},
		{"region='r'\naws_profile='p'", NULL, "/nowhere"},
		{"region='r'\ncredential_command='''echo '{\"Version\":1,\"AccessKeyId\":\"A\","
		 "\"SecretAccessKey\":\"B\",\"SessionToken\":\"C\"}' '''", "A:B", NULL},
		{"region='r'\ncredential_command='echo hunter2'", NULL, "export-credentials"},
	};
	static const char *const set[] = {"AWS_SECRET_ACCESS_KEY", "OTHER_SECRET", "S3TRIAGE_PASSWORD"};
	for (size_t i = 0; i < ARRAY_LEN(set); i++)
		setenv(set[i], "hunter2", true);
	setenv("AWS_PROFILE", "audit", true);
	setenv("LC_TEST", "c", true);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char text[300];
		struct err err = {0};
		snprintf(text, sizeof(text), "[profile.prod]\nkind='opensearch'\nurl='https://h'\n%s\n",
			rows[i].text);
		struct profile *p = read_one(text, &err);
		if (!p)
			fail_msg("%s: %s", rows[i].text, err.text);
		bool ok = profile_unlock(p, fake_env, &err);
		if (ok != (rows[i].secret != NULL))
			fail_msg("%s: %s", rows[i].text, err.text);
		if (ok)
			assert_true(str_is(p->target.secret, rows[i].secret));
		else
			assert_non_null(strstr(err.text, rows[i].error));
		assert_null(strstr(err.text, "hunter2"));
		profile_free(p);
	}
}

/* Credentials do not leave unencrypted, and the screen says what is not safe. */
static void test_unsafe(void **state)
{
	(void)state;
	static const struct {
		const char *text, *unsafe;
		bool unlocks;
	} rows[] = {
		{"url='http://h'\nsecret_env='KEY'", "NOT ENCRYPTED", false},
		{"url='http://h'\nregion='r'", "NOT ENCRYPTED", false},
		{"url='http://h'", "NOT ENCRYPTED", true},
		{"url='http://h'\nsecret_env='KEY'\ninsecure=true", "NOT ENCRYPTED", true},
		{"url='http://127.0.0.1'\nsecret_env='KEY'", NULL, true},
		{"url='https://h'\nsecret_env='KEY'", NULL, true},
		{"url='https://h'\nsecret_env='KEY'\ninsecure=true", "TLS NOT VERIFIED", true},
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char text[300];
		struct err err = {0};
		snprintf(text, sizeof(text), "[profile.prod]\nkind='opensearch'\n%s\n", rows[i].text);
		struct profile *p = read_one(text, &err);
		assert_non_null(p);
		const char *unsafe = profile_unsafe(p);
		if ((unsafe == NULL) != (rows[i].unsafe == NULL) || (unsafe && strcmp(unsafe, rows[i].unsafe)))
			fail_msg("%s: %s", rows[i].text, unsafe);
		if (profile_unlock(p, fake_env, &err) != rows[i].unlocks)
			fail_msg("%s: %s", rows[i].text, err.text);
		if (!rows[i].unlocks)
			assert_non_null(strstr(err.text, "https://"));
		profile_free(p);
	}
}

static void test_open_file_is_refused(void **state)
{
	(void)state;
	char path[] = "/tmp/s3triage-secret-XXXXXX", text[300];
	struct err err = {0};
	int fd = mkstemp(path);
	assert_int_equal(write(fd, "filekey\n", 8), 8);
	snprintf(text, sizeof(text),
		"[profile.prod]\nkind='opensearch'\nurl='https://h'\nsecret_file='%s'\n", path);
	struct profile *p = read_one(text, &err);
	assert_non_null(p);
	assert_true(profile_unlock(p, fake_env, &err));
	assert_true(str_is(p->target.secret, "filekey"));
	fchmod(fd, 0640);
	assert_false(profile_unlock(p, fake_env, &err));
	assert_non_null(strstr(err.text, "chmod 600"));
	assert_int_equal(err.line, 1);
	profile_free(p);
	close(fd);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads),
		cmocka_unit_test(test_defaults_by_what_is_there),
		cmocka_unit_test(test_refuses),
		cmocka_unit_test(test_urls),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_cloud_id),
		cmocka_unit_test(test_cloud_id_cases),
		cmocka_unit_test(test_cloud_id_profile),
		cmocka_unit_test(test_clear_text),
		cmocka_unit_test(test_unlock),
		cmocka_unit_test(test_unsafe),
		cmocka_unit_test(test_open_file_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
