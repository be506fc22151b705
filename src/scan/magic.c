/*
 * magic: tables of first bytes, and the names for which it is a problem that a file is something else.
 */
#include "magic.h"

#include "s3triage/base/mem.h"

#include <string.h>

struct packing_row {
	enum packing is;
	const char *name;
	struct str begins;
};

static const struct packing_row packings[] = {
	{PACKING_GZIP, "gzip", STR_INIT("\x1F\x8B")},
	{PACKING_BZIP2, "bzip2", STR_INIT("BZh")},
	{PACKING_XZ, "xz", STR_INIT("\xFD\x37zXZ\0")},
	{PACKING_LZMA, "lzma", STR_INIT("\x5D\0\0")},
	{PACKING_LZIP, "lzip", STR_INIT("LZIP")},
	{PACKING_ZSTD, "zstd", STR_INIT("\x28\xB5\x2F\xFD")},
	{PACKING_LZ4, "lz4", STR_INIT("\x04\x22\x4D\x18")},
	{PACKING_COMPRESS, "compress", STR_INIT("\x1F\x9D")},
	{PACKING_ZIP, "ZIP", STR_INIT("PK\x03\x04")},
	{PACKING_ZIP, "ZIP", STR_INIT("PK\x05\x06")},         /* with nothing in it */
	{PACKING_ZIP, "ZIP", STR_INIT("PK\x07\x08PK\x03\x04")}, /* a part of a split one, or all of it */
	{PACKING_SEVENZIP, "7z", STR_INIT("7z\xBC\xAF\x27\x1C")},
	{PACKING_TAR, "tar", STR_INIT("")},                   /* see is_tar() */
	{PACKING_UTF32LE, "UTF-32", STR_INIT("\xFF\xFE\0\0")},
	{PACKING_UTF32BE, "UTF-32", STR_INIT("\0\0\xFE\xFF")},
	{PACKING_UTF16LE, "UTF-16", STR_INIT("\xFF\xFE")},
	{PACKING_UTF16BE, "UTF-16", STR_INIT("\xFE\xFF")},
};

static unsigned octal(const unsigned char *p, size_t n)
{
	unsigned v = 0;
	size_t i = 0;
	while (i < n && p[i] == ' ')
		i++;
	for (; i < n && p[i] >= '0' && p[i] <= '7'; i++)
		v = v * 8 + (p[i] - '0');
	return v;
}

/* A header's checksum, which old tars without a magic have as well. */
static bool is_tar(struct str head)
{
	enum { HEADER = 512, SUM_AT = 148, SUM_N = 8 };
	const unsigned char *p = (const unsigned char *)head.p;
	unsigned sum = SUM_N * ' ';
	if (head.n < HEADER || p[0] == 0)
		return false;
	for (size_t i = 0; i < HEADER; i++)
		sum += i >= SUM_AT && i < SUM_AT + SUM_N ? 0 : p[i];
	return octal(p + SUM_AT, SUM_N) == sum;
}

/* "BZh" alone is three letters of a text. */
static bool is_bzip2(struct str head)
{
	return head.n >= 10 && head.p[3] >= '1' && head.p[3] <= '9' &&
		(memcmp(head.p + 4, "1AY&SY", 6) == 0 || memcmp(head.p + 4, "\x17rE8P\x90", 6) == 0);
}

/* Frames that zstd and lz4 pass over may come before the first one that holds something. */
static bool is_skippable_frame(struct str head)
{
	return head.n >= 8 && ((unsigned char)head.p[0] & 0xF0) == 0x50 &&
		memcmp(head.p + 1, "\x2A\x4D\x18", 3) == 0;
}

/* Two ASCII characters, of so many bytes each with theirs at `at` and zeros around it. */
static bool is_wide(struct str head, size_t size, size_t at)
{
	if (head.n < 2 * size)
		return false;
	for (size_t i = 0; i < 2 * size; i++) {
		unsigned char c = (unsigned char)head.p[i];
		bool ascii = (c >= ' ' && c < 0x7F) || c == '\t' || c == '\n' || c == '\r';
		if (i % size == at ? !ascii : c != 0)
			return false;
	}
	return true;
}

/* Without a byte order mark. */
static enum packing wide_of(struct str head)
{
	return is_wide(head, 2, 0) ? PACKING_UTF16LE : is_wide(head, 2, 1) ? PACKING_UTF16BE
		: is_wide(head, 4, 0) ? PACKING_UTF32LE : is_wide(head, 4, 3) ? PACKING_UTF32BE : PACKING_NONE;
}

/* Nor do these three bytes alone say much: the size behind them is unknown, or less than 2^40. */
static bool is_lzma(struct str head)
{
	return head.n >= 13 && (memcmp(head.p + 5, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 8) == 0 ||
		memcmp(head.p + 10, "\0\0\0", 3) == 0);
}

static bool is_packing(struct str head, const struct packing_row *row)
{
	return str_starts(head, row->begins) && (row->is != PACKING_BZIP2 || is_bzip2(head)) &&
		(row->is != PACKING_LZMA || is_lzma(head));
}

enum packing packing_of(struct str head)
{
	if (is_skippable_frame(head))
		return PACKING_ZSTD;
	for (size_t i = 0; i < ARRAY_LEN(packings); i++)
		if (packings[i].begins.n && is_packing(head, &packings[i]))
			return packings[i].is;
	return is_tar(head) ? PACKING_TAR : wide_of(head);
}

const char *packing_name(enum packing p)
{
	for (size_t i = 0; i < ARRAY_LEN(packings); i++)
		if (packings[i].is == p)
			return packings[i].name;
	return "";
}

static const struct magic kinds[] = {
	{STR_INIT("PAR1"), true,
		"is a Parquet file, which is not read; turn it into JSON first: duckdb -c "
		"\"copy (from 'FILE') to 'FILE.json'\", or parquet-tools cat --json FILE"},
	{STR_INIT("PARE"), true,
		"is an encrypted Parquet file, which is not read; turn it into JSON with the "
		"tool that holds its key"},
	{STR_INIT("ORC"), true,
		"is an ORC file, which is not read; turn it into JSON first: orc-tools data FILE, "
		"or Athena's UNLOAD with format 'JSON'"},
	{STR_INIT("Obj\x01"), true,
		"is an Avro file, which is not read; turn it into JSON first: avro-tools tojson "
		"FILE"},
	{STR_INIT("ARROW1"), true,
		"is an Arrow file, which is not read; turn it into JSON first: duckdb or pyarrow"},
	{STR_INIT("Rar!\x1A\x07"), true,
		"is a RAR archive, which is not read; unpack it: unrar x FILE, or bsdtar -xf "
		"FILE"},
	{STR_INIT("MSCF"), true,
		"is a CAB archive, which is not read; unpack it: cabextract FILE, or bsdtar -xf FILE"},
	{STR_INIT("\xFF\x06\x00\x00sNaPpY"), true,
		"is packed with snappy, which is not read; unpack it: snzip -d FILE"},
	{STR_INIT("\x89LZO\x00\r\n\x1A\n"), true,
		"is packed with lzop, which is not read; unpack it: lzop -d FILE"},
	{STR_INIT("\x02\x21\x4C\x18"), true,
		"is packed with lz4 in its old form, which is not read; unpack it: "
		"lz4 -d FILE"},
	{STR_INIT("070701"), true,
		"is a cpio archive, which is not read; unpack it: bsdtar -xf FILE"},
	{STR_INIT("070707"), true,
		"is a cpio archive, which is not read; unpack it: bsdtar -xf FILE"},
	{STR_INIT("xar!"), true,
		"is a xar archive, which is not read; unpack it: bsdtar -xf FILE"},
	{STR_INIT("PK\x07\x08"), true,
		"is a part of a split ZIP archive, which is not read; join the parts: "
		"zip -s 0 FIRST.zip --out WHOLE.zip"},
	{STR_INIT("Salted__"), true,
		"is encrypted with openssl and was not read; decrypt it with its password"},
	{STR_INIT("-----BEGIN PGP MESSAGE"), true,
		"is encrypted with PGP and was not read; decrypt it: gpg -d FILE"},
	{STR_INIT("age-encryption.org/"), true,
		"is encrypted with age and was not read; decrypt it: age -d FILE"},
	{STR_INIT("SQLite format 3"), false,
		"is an SQLite database, which is not read; turn a table into JSON: "
		"sqlite3 -json FILE 'select * from TABLE'"},
	{STR_INIT("MZ"), false,
		"is a program of Windows; if it is an archive that unpacks itself: bsdtar -xf FILE"},
	{STR_INIT("ElfFile"), false, "is a log of Windows (EVTX), which is not read"},
	{STR_INIT("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), false,
		"is an old Office document, which is not read; save "
		"its table as CSV"},
	{STR_INIT("%PDF-"), false, "is a PDF document"},
	{STR_INIT("\x89PNG\r\n"), false, "is a picture"},
};

/* What begins with a few letters may be a note, too. */
static bool is_text(struct str head)
{
	for (size_t i = 0; i < head.n && i < MAGIC_LOOK; i++) {
		unsigned char c = (unsigned char)head.p[i];
		if (c < '\t' || (c > '\r' && c < ' '))
			return false;
	}
	return true;
}

const struct magic *magic_of(struct str head)
{
	enum { SURE = 5 };
	bool text = is_text(head) && !str_starts(head, STR("PAR1"));
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (str_starts(head, kinds[i].begins) && (kinds[i].begins.n >= SURE || !text))
			return &kinds[i];
	return NULL;
}

static bool json_name(struct str name)
{
	static const char *const packed[] = {".gz", ".bz2", ".xz", ".zst", ".lz4"};
	static const char *const ends[] = {".json", ".ndjson", ".jsonl", ".csv", ".tsv"};
	for (size_t i = 0; i < ARRAY_LEN(packed); i++)
		if (str_ends(name, str_c(packed[i])))
			name.n -= strlen(packed[i]);
	for (size_t i = 0; i < ARRAY_LEN(ends); i++)
		if (str_ends(name, str_c(ends[i])))
			return true;
	return false;
}

/* Where a trail puts its log files. */
static bool trail_path(struct str path)
{
	size_t at = str_find(path, STR("AWSLogs/"));
	return at != STR_NONE && str_find(str_sub(path, at, path.n), STR("/CloudTrail/")) != STR_NONE;
}

bool name_promises(struct str path)
{
	return json_name(path) || trail_path(path);
}
