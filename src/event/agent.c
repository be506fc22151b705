/*
 * agent: name, version, system and device of a user agent, for the agents that calls of AWS come from, as
 * the user_agent processor of Elasticsearch names them. What it does not know is called Other, so that
 * "not Chrome" is true of it and not unknown.
 */
#include "ecs_priv.h"

#include "s3triage/event/doc.h"

#include <string.h>

struct agent {
	const char *holds, *name;
	const char *version; /* stands before it where that is not what it holds */
};

/* The first that stands anywhere in the text counts. Browsers pretend to be each other. */
static const struct agent agents[] = {
	{"aws-cli/", "aws-cli", NULL}, {"Boto3/", "Boto3", NULL},
	{"aws-sdk-go-v2/", "aws-sdk-go-v2", NULL}, {"aws-sdk-go/", "aws-sdk-go", NULL},
	{"aws-sdk-java/", "aws-sdk-java", NULL}, {"aws-sdk-nodejs/", "aws-sdk-nodejs", NULL},
	{"aws-sdk-cpp/", "aws-sdk-cpp", NULL}, {"aws-sdk-ruby2/", "aws-sdk-ruby2", NULL},
	{"s3fs/", "s3fs", NULL}, {"JetS3t/", "JetS3t", NULL}, {"curl/", "curl", NULL},
	{"Go-http-client/", "Go-http-client", NULL}, {"rclone/v", "rclone", NULL},
	{"PostmanRuntime/", "PostmanRuntime", NULL}, {"python-requests/", "Python Requests", NULL},
	{"Edg/", "Edge", NULL}, {"OPR/", "Opera", NULL}, {"HeadlessChrome/", "HeadlessChrome", NULL},
	{"Chrome/", "Chrome", NULL}, {"Firefox/", "Firefox", NULL}, {"Safari/", "Safari", "Version/"},
};

/* The number behind a word, as in "Linux/4.9.184-linuxkit" or "10_15_7"; `_` is a dot. */
static struct str number_after(struct str text, const char *word, struct buf *out)
{
	size_t at = str_find(text, str_c(word));
	if (at == STR_NONE)
		return (struct str){0};
	text = str_sub(text, at + strlen(word), text.n);
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i] == '_' ? '.' : text.p[i];
		bool digit = c >= '0' && c <= '9', more = i + 1 < text.n && text.p[i + 1] >= '0' && text.p[i + 1] <= '9';
		if (!digit && (c != '.' || !i || !more))
			break;
		buf_char(out, c);
	}
	return buf_str(out);
}

static void put_system(struct str text, struct json *doc)
{
	static const struct {
		const char *holds, *name, *version;
	} systems[] = {{"Mac OS X", "Mac OS X", "Mac OS X "}, {"Windows NT", "Windows", "Windows NT "},
		{"Linux", "Linux", "Linux/"}, {"os/linux", "Linux", "Linux/"}};
	size_t i = 0;
	while (i < ARRAY_LEN(systems) && str_find(text, str_c(systems[i].holds)) == STR_NONE)
		i++;
	if (i == ARRAY_LEN(systems))
		return;
	AUTO(buf_fini) struct buf number = {0}, full = {0};
	struct str version = number_after(text, systems[i].version, &number);
	if (str_is(str_c(systems[i].name), "Windows")) /* the others are not of the number of their kernel */
		version = str_is(version, "10.0") ? STR("10") : (struct str){0};
	buf_fmt(&full, "%s%s%.*s", systems[i].name, version.n ? " " : "", STR_ARG(version));
	ecs_put_str(doc, "user_agent.os.name", str_c(systems[i].name));
	ecs_put_str(doc, "user_agent.os.version", version);
	ecs_put_str(doc, "user_agent.os.full", buf_str(&full));
}

void cloudtrail_put_agent(struct json *doc)
{
	struct str text = doc_str(doc, "user_agent.original");
	AUTO(buf_fini) struct buf number = {0};
	size_t i = 0;
	if (!text.n)
		return;
	while (i < ARRAY_LEN(agents) && str_find(text, str_c(agents[i].holds)) == STR_NONE)
		i++;
	bool known = i < ARRAY_LEN(agents);
	ecs_put_str(doc, "user_agent.name", known ? str_c(agents[i].name) : STR("Other"));
	if (known)
		ecs_put_str(doc, "user_agent.version",
			number_after(text, agents[i].version ? agents[i].version : agents[i].holds, &number));
	bool spider = str_find_fold(text, STR("botocore")) != STR_NONE || str_find(text, STR("Boto3/")) != STR_NONE;
	bool mac = str_find(text, STR("Macintosh")) != STR_NONE;
	ecs_put_str(doc, "user_agent.device.name", spider ? STR("Spider") : mac ? STR("Mac") : STR("Other"));
	put_system(text, doc);
}
