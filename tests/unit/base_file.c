#include "s3triage/base/file.h"

#include "s3triage/base/mem.h"

#include "../unit.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static int make_folder(void **state)
{
	struct buf b = {0};
	buf_c(&b, "/tmp/s3triage-file-");
	buf_fill(&b, 'X', 6);
	*state = mkdtemp(buf_take(&b));
	return *state ? 0 : -1;
}

static size_t entries(const char *dir, bool remove_them)
{
	size_t n = 0;
	DIR *d = opendir(dir);
	struct dirent *e;
	while (d && (e = readdir(d))) {
		if (e->d_name[0] == '.' && strchr("./", e->d_name[1]))
			continue;
		n++;
		AUTO(mem_free_ptr) char *path = file_join(dir, e->d_name);
		if (remove_them)
			remove(path);
	}
	if (d)
		closedir(d);
	return n;
}

static int remove_folder(void **state)
{
	entries(*state, true);
	rmdir(*state);
	free(*state);
	return 0;
}

static void writes_and_reads_back(void **state)
{
	AUTO(mem_free_ptr) char *path = file_join(*state, "a");
	struct err err = {0};
	struct buf b = {0};
	assert_true(file_write(path, STR("one\0two"), FILE_PRIVATE, &err));
	assert_true(file_read(path, &b, &err));
	assert_true(str_eq(buf_str(&b), STR("one\0two")));
	struct stat st;
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_false(file_write(path, STR("x"), 0, &err));
	assert_int_equal(err.code, ERR_INPUT);
	assert_true(file_write(path, STR("three"), FILE_REPLACE, &err));
	buf_clear(&b);
	assert_true(file_read(path, &b, &err));
	assert_string_equal(buf_cstr(&b), "three");
	buf_fini(&b);
	assert_int_equal(entries(*state, false), 1);
}

static void writes_through_no_link(void **state)
{
	AUTO(mem_free_ptr) char *path = file_join(*state, "a");
	AUTO(mem_free_ptr) char *name = file_join(*state, "link");
	struct err err = {0};
	struct stat st;
	assert_true(file_write(path, STR("old"), 0, &err));
	assert_int_equal(symlink(path, name), 0);
	AUTO(mem_free_ptr) char *nowhere = file_join(*state, "nowhere");
	assert_int_equal(symlink("there/is/none", nowhere), 0);
	const char *const links[] = {name, nowhere};
	for (size_t i = 0; i < 4; i++) {
		err = (struct err){0};
		assert_false(file_write(links[i % 2], STR("x"), i < 2 ? 0 : FILE_REPLACE, &err));
		assert_non_null(strstr(err.text, "is a symbolic link"));
		assert_true(lstat(links[i % 2], &st) == 0 && S_ISLNK(st.st_mode));
	}
	struct buf b = {0};
	assert_true(file_read(path, &b, &err));
	assert_string_equal(buf_cstr(&b), "old");
	buf_fini(&b);
	assert_int_equal(entries(*state, false), 3);
	assert_false(file_write("/dev/null", STR("x"), FILE_REPLACE, &err));
	assert_int_equal(err.code, ERR_INPUT);
	assert_false(file_write(*state, STR("x"), FILE_REPLACE, &err));
}

static char *put_file(const char *dir, const char *name, unsigned mode)
{
	char *path = file_join(dir, name);
	assert_true(file_write(path, STR("x"), 0, NULL));
	assert_int_equal(chmod(path, mode), 0);
	return path;
}

/* Whoever else may write it, or its folder; and read it, where that matters. */
static void tells_whose_hands_a_file_is_in(void **state)
{
	static const struct {
		unsigned file, folder;
		bool believed, private;
	} rows[] = {
		{0600, 0700, true, true}, {0644, 0755, true, false}, {0640, 0700, true, false},
		{0604, 0700, true, false}, {0664, 0700, false, false}, {0660, 0700, false, false},
		{0602, 0700, false, false}, {0666, 0700, false, false}, {0777, 0700, false, false},
		{0600, 0777, false, false}, {0600, 0702, false, false}, {0600, 01777, true, true},
		{0400, 0500, true, true}, {0666, 01777, false, false},
	};
	AUTO(mem_free_ptr) char *dir = file_join(*state, "d");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct err err = {0};
		assert_true(file_mkdirs(dir, 0700, NULL));
		AUTO(mem_free_ptr) char *path = put_file(dir, "it's", rows[i].file);
		AUTO(mem_free_ptr) char *name = file_join(*state, "link");
		assert_int_equal(symlink(path, name), 0);
		assert_int_equal(chmod(dir, rows[i].folder), 0);
		bool fine = file_guarded(path, 0, &err) == rows[i].believed &&
			file_guarded(path, FILE_PRIVATE, NULL) == rows[i].private &&
			file_guarded(name, 0, NULL) == rows[i].believed;
		if (!fine)
			fail_msg("row %zu: %s", i, err.text);
		if (!rows[i].believed)
			assert_non_null(strstr(err.text, rows[i].file & 022 && rows[i].folder != 0777 ?
				"this file: chmod 600 '/tmp/" : "this folder: chmod go-w /tmp/"));
		if (!rows[i].believed && rows[i].file & 022)
			assert_non_null(strstr(err.text, "/it'\\''s'"));
		chmod(dir, 0700);
		unlink(name);
		unlink(path);
		rmdir(dir);
	}
}

static void tells_of_the_hands_of_others(void **state)
{
	if (geteuid() != 0)
		skip(); /* only root can give a file away */
	struct err err = {0};
	AUTO(mem_free_ptr) char *path = put_file(*state, "a", 0600);
	assert_true(file_guarded("-", FILE_PRIVATE, &err) && file_guarded("/dev/null", 0, &err) &&
		file_guarded("/etc/passwd", 0, &err) && file_guarded("/no/such", 0, &err));
	assert_int_equal(chown(path, 65534, 65534), 0);
	assert_false(file_guarded(path, 0, &err));
	assert_non_null(strstr(err.text, "another user (uid 65534)"));
	assert_non_null(strstr(err.text, "chown 0 /tmp/"));
	assert_true(file_guarded(path, FILE_PRIVATE, &err)); /* root reads anybody's record */
	assert_int_equal(chown(path, 0, 0) | chown(*state, 65534, 65534), 0);
	assert_false(file_guarded(path, 0, &err));
	assert_int_equal(chown(*state, 0, 0), 0);
}

static void says_why_not(void **state)
{
	AUTO(mem_free_ptr) char *path = file_join(*state, "no/such/folder");
	struct err err = {0};
	struct buf b = {0};
	assert_false(file_write(path, STR("x"), 0, &err));
	assert_int_equal(err.code, ERR_IO);
	assert_string_equal(err.file, path);
	assert_false(file_read(path, &b, &err));
	assert_non_null(strstr(err.text, "No such file"));
	assert_false(file_read(*state, &b, &err));
	assert_int_equal(err.code, ERR_IO);
	buf_fini(&b);
}

static void stops_at_the_maximum(void **state)
{
	AUTO(mem_free_ptr) char *path = file_join(*state, "a");
	struct err err = {0};
	struct buf b;
	assert_true(file_write(path, STR("12345"), 0, &err));
	buf_init(&b, 5);
	assert_true(file_read(path, &b, &err));
	buf_fini(&b);
	buf_init(&b, 4);
	assert_false(file_read(path, &b, &err));
	assert_int_equal(err.code, ERR_LIMIT);
	buf_fini(&b);
}

static void makes_folders(void **state)
{
	AUTO(mem_free_ptr) char *deep = file_join(*state, "x/y//z/");
	AUTO(mem_free_ptr) char *file = file_join(*state, "f");
	AUTO(mem_free_ptr) char *under = file_join(*state, "f/g");
	struct err err = {0};
	assert_true(file_mkdirs(deep, 0700, &err));
	assert_true(file_mkdirs(deep, 0700, &err));
	assert_true(file_exists(deep));
	assert_true(file_mkdirs("/", 0700, &err));
	assert_false(file_mkdirs("", 0700, &err));
	assert_true(file_write(file, STR(""), 0, &err));
	assert_false(file_mkdirs(under, 0700, &err));
	assert_false(file_mkdirs(file, 0700, &err));
	for (const char *sub = "x/y/z\0x/y\0x\0"; *sub; sub += strlen(sub) + 1) {
		AUTO(mem_free_ptr) char *path = file_join(*state, sub);
		rmdir(path);
	}
}

static const char *both(const char *name)
{
	return strcmp(name, "HOME") == 0 ? "/home/a" : strcmp(name, "XDG_DATA_HOME") == 0 ? "/d" :
		strcmp(name, "XDG_CONFIG_HOME") == 0 ? "relative" : NULL;
}

static const char *nothing(const char *name)
{
	(void)name;
	return NULL;
}

static void finds_its_places(void **state)
{
	(void)state;
	struct err err = {0};
	AUTO(mem_free_ptr) char *data = file_data_dir(both, &err);
	AUTO(mem_free_ptr) char *config = file_config_dir(both, &err);
	AUTO(mem_free_ptr) char *kept = file_state_dir(both, &err);
	assert_string_equal(data, "/d/s3triage");
	assert_string_equal(config, "/home/a/.config/s3triage");
	assert_string_equal(kept, "/home/a/.local/state/s3triage");
	assert_null(file_data_dir(nothing, &err));
	assert_true(str_is(file_base(STR("a/b/c.json")), "c.json"));
	assert_true(str_is(file_base(STR("c.json")), "c.json"));
	assert_true(str_is(file_base(STR("a/")), ""));
}

#define IN_FOLDER(fn) cmocka_unit_test_setup_teardown(fn, make_folder, remove_folder)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(writes_and_reads_back),
		IN_FOLDER(writes_through_no_link),
		IN_FOLDER(tells_whose_hands_a_file_is_in),
		IN_FOLDER(tells_of_the_hands_of_others),
		IN_FOLDER(says_why_not),
		IN_FOLDER(stops_at_the_maximum),
		IN_FOLDER(makes_folders),
		cmocka_unit_test(finds_its_places),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
