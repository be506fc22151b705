/*
 * doctor: each profile's lines of questions and answers.
 */
#include "share.h"

#include "s3triage/base/utf8.h"
#include "s3triage/event/json.h"
#include "s3triage/remote/doctor.h"

static void verb_doctor_print_line(
	const struct profile *p, const struct doctor_line *l, bool as_json)
{
	static const char *const states[] = {"ok", "warn", "bad"};
	struct buf out = {0};
	if (as_json) {
		struct json *o = json_new_object();
		json_set_str(o, "profile", p->name);
		json_set_str(o, "check", l->what);
		json_set_str(o, "state", str_c(states[l->state]));
		json_set_str(o, "text", l->text);
		json_print(o, &out);
		json_free(o);
	} else {
		buf_fmt(&out, "%-4s  %.*s  %-8.*s  ", states[l->state], STR_ARG(p->name), STR_ARG(l->what));
		utf8_visible(&out, l->text, false);
	}
	puts(buf_cstr(&out));
	buf_fini(&out);
}

/* Although nothing waits: what is decided next would. */
static void say_place(struct doctor *d, const struct session *s, const struct profile *p)
{
	AUTO(buf_fini) struct buf was = {0};
	if (p->write.kind)
		outbox_stood_for(s->journal_path, p->name, &was);
	if (was.n && !str_eq(buf_str(&was), p->write.place))
		doctor_say(d, DOCTOR_WARN, "outbox", "it stood for %s and stands for %.*s now: nothing is sent"
			" until `s3triage outbox --moved %.*s` or `--forget %.*s`", buf_cstr(&was),
			STR_ARG(p->write.place), STR_ARG(p->name), STR_ARG(p->name));
}

static bool examine(const struct session *s, const struct cli *cli, struct profile *p)
{
	struct doctor d = {0};
	struct err err = {0};
	bool fine = true;
	struct http *h = share_http(cli, p, &err);
	if (h)
		doctor_run(&d, p, h, s->rule->rule_id, clock_now);
	else
		doctor_say(&d, DOCTOR_BAD, "secret", "%s", err.text);
	say_place(&d, s, p);
	for (size_t i = 0; i < d.n; i++) {
		verb_doctor_print_line(p, &d.line[i], cli->text[OPT_JSON] != NULL);
		fine = fine && d.line[i].state != DOCTOR_BAD;
	}
	http_free(h);
	doctor_fini(&d);
	return fine;
}

static int examine_named(struct session *s, const struct cli *cli)
{
	bool fine = true;
	for (size_t i = 0; i < cli->n_words; i++) {
		struct str name = str_c(cli->words[i]);
		name.n -= str_ends(name, STR(":"));
		struct profile *p = config_profile(s->config, name);
		if (!p)
			return cli_usage("there is no [profile.%.*s] in config.toml", STR_ARG(name));
		fine = examine(s, cli, p) && fine;
	}
	return fine ? EXIT_FINE : EXIT_FAILED;
}

static int verb_doctor_run(struct session *s, const struct cli *cli)
{
	struct err err = {0};
	bool fine = true;
	if (!session_init(s, cli, WANT_RULE | WANT_CONFIG, &err) || !session_journal_path(s, cli, &err))
		return cli_fail(&err);
	if (cli->n_words)
		return examine_named(s, cli);
	if (!config_profiles(s->config))
		return cli_usage("config.toml has no [profile.NAME] to examine");
	for (size_t i = 0; i < config_profiles(s->config); i++)
		fine = examine(s, cli, config_profile_at(s->config, i)) && fine;
	return fine ? EXIT_FINE : EXIT_FAILED;
}

int verb_doctor(struct cli *cli)
{
	struct session s = {0};
	int code = verb_doctor_run(&s, cli);
	session_fini(&s);
	return code;
}
