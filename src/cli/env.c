/*
 * env: the clock, the environment and the config file, as verbs ask for them.
 */
#include "cli_priv.h"

#include "s3triage/base/file.h"
#include "s3triage/base/mem.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

int64_t clock_now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Without HOME (cron, a bare container), or with one that depends on where one is, the home folder is
 * the user database's, as for a shell's ~. */
const char *env_get(const char *name)
{
	const char *value = getenv(name);
	if (strcmp(name, "HOME") != 0 || (value && *value == '/'))
		return value;
	struct passwd *pw = getpwuid(geteuid());
	return pw && pw->pw_dir && *pw->pw_dir == '/' ? pw->pw_dir : value;
}

static void env_tell_fault(void *arg, const struct err *err)
{
	(void)arg;
	cli_fail(err);
}

bool session_config(struct session *s, const struct cli *cli, struct err *err)
{
	if (s->config)
		return true;
	struct buf text = {0};
	const char *given = cli->text[OPT_CONFIG];
	char *dir = given ? NULL : file_config_dir(env_get, NULL);
	s->config_path = given ? mem_dup(str_c(given)) : dir ? file_join(dir, "config.toml") : NULL;
	const char *path = s->config_path;
	bool ok = true;
	if (path && (given || file_exists(path)))
		ok = file_guarded(path, 0, err) && file_read(path, &text, err);
	if (ok)
		s->config = config_read(buf_str(&text), path ? path : "config.toml",
			&(struct err_more){env_tell_fault, NULL}, err);
	if (s->config && path)
		config_settle(s->config, path, env_get);
	free(dir);
	buf_fini(&text);
	return s->config != NULL;
}
