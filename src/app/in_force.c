/*
 * in_force: asking AWS about the alert at the cursor. It leaves the machine, under the analyst's name
 * and where the other side may see it: so the first time the key says so, and only then asks.
 */
#include "app_priv.h"

unsigned act_still(struct app *a)
{
	if (!a->set.desk->asker)
		return app_say(a, ROLE_DIM, "AWS cannot be asked here");
	if (a->cursor == ROW_NONE)
		return app_say(a, ROLE_DIM, "there is no alert to ask about");
	const struct alert *alert = store_alert(a->set.desk->store, a->cursor);
	if (!a->may_ask_aws) {
		a->may_ask_aws = true;
		return app_say(a, ROLE_WARN, "the same key again asks AWS, with your credentials, whether"
			" %.*s still replicates (read-only; a trail may record it)",
			STR_ARG(str_sub(alert->bucket, 0, 63)));
	}
	if (!asker_ask(a->set.desk->asker, alert))
		return app_say(a, ROLE_DIM, "the question before is not answered yet");
	return app_say(a, ROLE_DIM, "asking AWS about %.*s ...", STR_ARG(str_sub(alert->bucket, 0, 63)));
}
