/* What a server may answer: read, walked to the end, judged; and what it says it is. */
#include "s3triage/remote/answer.h"
#include "s3triage/net/profile.h"
#include "s3triage/remote/server.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str body = {(const char *)data, size}, hit;
	struct answer a;
	struct server server;
	struct arena mem = {0};
	char name[64];
	if (answer_read(body, &a, NULL)) {
		while (answer_next(&a, &hit))
			if (!hit.n || hit.p < body.p || hit.p + hit.n > body.p + body.n)
				__builtin_trap();
		answer_fini(&a);
	}
	answer_pit(body, &mem, &hit, NULL);
	answer_fault(404, body);
	if (server_read_root(body, false, &server, NULL))
		server_name(&server, name);
	server_read_status(body, &server, NULL);
	cloud_id_url(body, true, &mem, &hit, NULL);
	profile_free(profile_new_url(body, NULL));
	arena_fini(&mem);
	return 0;
}
