#include "codec/tar.h"

#include <string.h>

enum {
	BLOCK = 512,
	NAME_BYTES = 100,
	SIZE_AT = 124,
	SIZE_BYTES = 12,
	SUM_AT = 148,
	SUM_BYTES = 8,
	TYPE_AT = 156,
	MAGIC_AT = 257,
};

/* Octal digits, with blanks or NULs around. */
static bool read_octal(const char *p, uint32_t n, uint64_t *ret)
{
	uint64_t v = 0;
	uint32_t i = 0, digits = 0;

	while (i < n && p[i] == ' ')
		i++;
	for (; i < n && p[i] >= '0' && p[i] <= '7'; i++, digits++)
		v = v * 8 + (uint64_t)(p[i] - '0');
	for (; i < n; i++)
		if (p[i] != ' ' && p[i] != 0)
			return false;
	*ret = v;
	return digits > 0;
}

/* The sum of all bytes of the header, with blanks where the sum stands. */
static bool sum_holds(const char *header)
{
	uint64_t wanted, sum = 0;

	for (uint32_t i = 0; i < BLOCK; i++)
		sum += i >= SUM_AT && i < SUM_AT + SUM_BYTES ? (uint64_t)' '
							     : (uint64_t)(unsigned char)header[i];
	return read_octal(header + SUM_AT, SUM_BYTES, &wanted) && wanted == sum;
}

static bool is_empty(const char *header)
{
	for (uint32_t i = 0; i < BLOCK; i++)
		if (header[i])
			return false;
	return true;
}

/* What stands behind the last stroke. */
static struct span bare_name(const char *header)
{
	struct span name = {header, (uint32_t)strnlen(header, NAME_BYTES), 0};

	for (uint32_t i = name.n; i > 0; i--)
		if (name.p[i - 1] == '/')
			return (struct span){name.p + i, name.n - i, 0};
	return name;
}

enum kind { KIND_FILE, KIND_NOTHING, KIND_OTHER };

static enum kind kind_of(char type)
{
	switch (type) {
	case '0':
	case 0:
		return KIND_FILE;
	case '5': /* a folder */
	case 'x': /* remarks on the next file, and on all */
	case 'g':
		return KIND_NOTHING;
	}
	return KIND_OTHER;
}

static enum err refuse(const char **ret_text, const char *text)
{
	*ret_text = text;
	return ERR_FORMAT;
}

enum err tar_read(struct arena *a, struct span bytes, uint32_t most, struct tar_file **ret,
		  uint32_t *ret_n, const char **ret_text)
{
	struct tar_file *v = NULL;
	uint32_t n = 0, room = 0, at = 0;

	while (bytes.n - at >= BLOCK && !is_empty(bytes.p + at)) {
		const char *header = bytes.p + at;
		uint64_t size;

		if (memcmp(header + MAGIC_AT, "ustar", 5) || !sum_holds(header))
			return refuse(ret_text, "this is no tar archive, or it is damaged");
		if (!read_octal(header + SIZE_AT, SIZE_BYTES, &size))
			return refuse(ret_text, "a file has no size");
		at += BLOCK;
		if (size > bytes.n - at)
			return refuse(ret_text, "the archive ends inside a file");
		if (kind_of(header[TYPE_AT]) == KIND_OTHER)
			return refuse(ret_text, "the archive holds something else than files");
		if (kind_of(header[TYPE_AT]) == KIND_FILE) {
			if (!bare_name(header).n)
				return refuse(ret_text, "a file has no name");
			if (n == most)
				return ERR_LIMIT;
			*(struct tar_file *)arena_push(a, (void **)&v, &n, &room, sizeof(*v)) =
			    (struct tar_file){bare_name(header), {bytes.p + at, (uint32_t)size, 1}};
		}
		size = (size + BLOCK - 1) / BLOCK * BLOCK;
		at = size > bytes.n - at ? bytes.n : at + (uint32_t)size;
	}
	if (!n)
		return refuse(ret_text, "this is no tar archive, or it is empty");
	*ret = v;
	*ret_n = n;
	return ERR_NONE;
}

static void put_octal(char *to, uint32_t digits, uint32_t v)
{
	for (; digits > 0; digits--, v >>= 3)
		to[digits - 1] = "01234567"[v & 7];
}

void tar_put(struct text *to, struct span name, struct span bytes)
{
	static const char zeros[BLOCK];
	char header[BLOCK] = {0};
	unsigned sum = 0;

	BUG_ON(name.n >= NAME_BYTES);
	memcpy(header, name.p, name.n);
	memcpy(header + 100, "0000644", 7); /* mode; owners are nobody's, the time is none */
	memcpy(header + 108, "0000000", 7);
	memcpy(header + 116, "0000000", 7);
	put_octal(header + SIZE_AT, SIZE_BYTES - 1, bytes.n);
	memcpy(header + 136, "00000000000", 11);
	header[TYPE_AT] = '0';
	memcpy(header + MAGIC_AT, "ustar\00000", 8);
	memset(header + SUM_AT, ' ', SUM_BYTES);
	for (uint32_t i = 0; i < BLOCK; i++)
		sum += (unsigned char)header[i];
	put_octal(header + SUM_AT, SUM_BYTES - 2, sum);
	header[SUM_AT + SUM_BYTES - 2] = 0;
	text_add(to, header, BLOCK);
	text_span(to, bytes);
	if (bytes.n % BLOCK)
		text_add(to, zeros, BLOCK - bytes.n % BLOCK);
}

void tar_end(struct text *to)
{
	static const char zeros[2 * BLOCK];

	text_add(to, zeros, sizeof(zeros));
}
