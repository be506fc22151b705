#include "s3triage/journal/seal.h"

#include <stdio.h>
#include <string.h>

#include "../unit.h"

static void leaves(struct merkle *t, size_t n)
{
	char text[32];
	for (size_t i = 0; i < n; i++) {
		struct merkle_hash h;
		int len = snprintf(text, sizeof(text), "verdict %zu", i);
		merkle_leaf((struct str){text, (size_t)len}, &h);
		merkle_add(t, &h);
	}
}

static void hex(const struct merkle_hash *h, char out[65])
{
	for (size_t i = 0; i < MERKLE_HASH; i++)
		snprintf(out + 2 * i, 3, "%02x", h->b[i]);
}

/* Made by a few lines of Python from the definition of RFC 6962, section 2.1. */
static void roots_of_every_size(void **state)
{
	(void)state;
	static const struct {
		size_t n;
		const char *root;
	} cases[] = {
		{0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
		{1, "5d0ed99a2f1cfddb7c86d20856e52cb776a71b9d10ef63f798f35f34b08b2e43"},
		{2, "bde801a24d656ab4c0a8c7256fbb60ee8c99ad024ea47a59dafee436cfbcc471"},
		{3, "599b62ead82c979a99a7020af0efa3be53a299c400dadc0578e62e47a000046d"},
		{6, "f8e357c556b916d2e8003dc4a8181d4004a4a292f0f7632b88a32262d50bda71"},
		{7, "4ea2c2ac5260b26dfd905dba81860f4a5794d610e69ec7fe10d6b0e9c57df984"},
		{8, "70f0d257c465e4410552af2eb7367d0d2c04fb75ebf6d93e57565dbfad632813"},
		{13, "cdf4f9e6f17ae093eadd6e9394bb0723507df849841190bae4407cfbf8c3091a"},
	};
	struct merkle t = {0};
	leaves(&t, 13);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct merkle_hash root;
		char text[65];
		merkle_root(&t, cases[i].n, &root);
		hex(&root, text);
		assert_string_equal(text, cases[i].root);
	}
	merkle_fini(&t);
}

/* Every leaf of every size is proved, and by no other index, size or path. */
static void proofs_of_every_leaf_and_no_other(void **state)
{
	(void)state;
	struct merkle t = {0};
	leaves(&t, 40);
	for (size_t size = 1; size <= 40; size++) {
		struct merkle_hash root;
		merkle_root(&t, size, &root);
		for (size_t i = 0; i < size; i++) {
			struct merkle_proof p = {.index = i, .size = size};
			p.n = merkle_path(&t, i, size, p.path);
			assert_true(merkle_check(&p, &t.level[0][i], &root));
			for (size_t k = 0; k < size; k++)
				if (k != i)
					assert_false(merkle_check(&p, &t.level[0][k], &root));
			struct merkle_proof other = p;
			other.index = (i + 1) % size;
			assert_int_equal(merkle_check(&other, &t.level[0][i], &root), size == 1);
			other = p;
			other.path[other.n++] = root;
			assert_false(merkle_check(&other, &t.level[0][i], &root));
			other = p;
			if (other.n--)
				assert_false(merkle_check(&other, &t.level[0][i], &root));
		}
	}
	merkle_fini(&t);
}

static void checkpoints_are_exactly_three_lines(void **state)
{
	(void)state;
	static const char good[] = "s3triage/journal/abc\n7\nkTlgHMHKirKnoMLBNMBIRfKxulSag9bIRc/NpDnMWF0=\n";
	static const char *const bad[] = {
		"", "s3triage/journal/abc\n", "else/journal/abc\n7\nkTlgHMHKirKnoMLBNMBIRfKxulSag9bIRc/NpDnMWF0=\n",
		"s3triage/journal/abc\n07\nkTlgHMHKirKnoMLBNMBIRfKxulSag9bIRc/NpDnMWF0=\n",
		"s3triage/journal/abc\n0\nkTlgHMHKirKnoMLBNMBIRfKxulSag9bIRc/NpDnMWF0=\n",
		"s3triage/journal/abc\n7\nkTlgHMHKirKnoMLBNMBIRfKxulSag9bIRc/NpDnMWF0=",
		"s3triage/journal/abc\n7\nkTlgHMHKirKnoMLBNMBIRfKxulSag9bIRc/NpDnMWF0=\nmore\n",
		"s3triage/journal/abc\n7\nkTlgHMHKirKnoMLBNMBIRfKxulSag9bIRc/NpDnMWF1=\n", /* not canonical */
		"s3triage/journal/abc\n7\nkTlgHMHKirKnoMLBNMBIRfKxulSag9bIRc/NpDnMWA==\n",
	};
	struct checkpoint c;
	struct buf again = {0};
	assert_true(checkpoint_read(str_c(good), &c, NULL));
	assert_int_equal(c.size, 7);
	checkpoint_write(&c, &again);
	assert_true(str_is(buf_str(&again), good));
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(checkpoint_read(str_c(bad[i]), &c, NULL));
	buf_fini(&again);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(roots_of_every_size),
		cmocka_unit_test(proofs_of_every_leaf_and_no_other),
		cmocka_unit_test(checkpoints_are_exactly_three_lines),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
