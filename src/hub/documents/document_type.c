#include "hub/documents/document_type.h"

#include <strings.h>

#include "base/limits.h"

/* ---- signatures ---- */

static bool is_pdf(struct span b)
{
	return span_starts(b, SPAN("%PDF-"));
}

static bool is_png(struct span b)
{
	return span_starts(b, SPAN("\x89PNG\r\n\x1a\n"));
}

static bool is_jpeg(struct span b)
{
	return span_starts(b, SPAN("\xff\xd8\xff"));
}

static bool is_tiff(struct span b)
{
	return span_starts(b, SPAN("II*\0")) || span_starts(b, SPAN("MM\0*"));
}

/* ---- text ---- */

/* Behind a byte-order mark and blanks. */
static struct span without_lead(struct span b)
{
	if (span_starts(b, SPAN("\xef\xbb\xbf")))
		b = (struct span){b.p + 3, b.n - 3, 0};
	return span_trim(b);
}

static bool has_control(struct span b)
{
	for (uint32_t i = 0; i < b.n; i++) {
		const unsigned char c = (unsigned char)b.p[i];

		if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f') || c == 0x7f)
			return true;
	}
	return false;
}

static bool starts_as(struct span b, const char *word)
{
	const size_t n = strlen(word);

	return b.n >= n && !strncasecmp(b.p, word, n);
}

static bool is_page(struct span b)
{
	static const char *const words[] = {"<!doctype html", "<html", "<head", "<body", "<script"};

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (starts_as(b, words[i]))
			return true;
	return false;
}

/* What begins as another kind of file is not plain text, though it may be made of letters alone. */
static bool is_text(struct span b)
{
	const struct span lead = without_lead(b);

	return lead.n && !is_pdf(lead) && !is_page(lead) && !span_starts(lead, SPAN("<?")) &&
	       !has_control(b) && span_valid_utf8(b);
}

static bool is_json(struct span b)
{
	const struct span lead = without_lead(b);
	const char last = lead.n > 1 ? lead.p[lead.n - 1] : 0;

	return lead.n > 1 &&
	       ((lead.p[0] == '{' && last == '}') || (lead.p[0] == '[' && last == ']')) &&
	       !has_control(b) && span_valid_utf8(b);
}

/* In any encoding that keeps ASCII. */
static bool is_xml(struct span b)
{
	const struct span lead = without_lead(b);

	return lead.n > 3 && lead.p[0] == '<' && lead.p[lead.n - 1] == '>' && !is_page(lead) &&
	       !has_control(b);
}

/* ---- archives (ZIP, APPNOTE 6.3, 4.3.12 and 4.3.16) ---- */

enum { END_BYTES = 22, ENTRY_BYTES = 46, COMMENT_MAX = 0xffff, ENTRIES_MAX = 10000 };

struct archive {
	bool content_types, workbook, text, macros;
};

static uint32_t little(const char *p, int bytes)
{
	uint32_t v = 0;

	for (int i = bytes; i-- > 0;)
		v = v << 8 | (uint8_t)p[i];
	return v;
}

/* Where the record stands that ends an archive; 0: nowhere. Its comment must reach to the last byte. */
static uint32_t find_end(struct span b)
{
	for (uint32_t back = END_BYTES; back <= b.n && back <= END_BYTES + COMMENT_MAX; back++) {
		const char *p = b.p + b.n - back;

		if (!memcmp(p, "PK\x05\x06", 4) && little(p + 20, 2) == back - END_BYTES)
			return b.n - back;
	}
	return 0;
}

static void note_entry(struct archive *a, struct span name)
{
	static const char macros[] = "vbaproject.bin";
	const uint32_t n = sizeof(macros) - 1;

	a->content_types |= span_is(name, "[Content_Types].xml");
	a->workbook |= span_is(name, "xl/workbook.xml");
	a->text |= span_is(name, "word/document.xml");
	a->macros |= name.n >= n && !strncasecmp(name.p + name.n - n, macros, n);
}

/* The names of an archive's files. false: this is none, or one of more than we look through. */
static bool read_archive(struct span b, struct archive *ret)
{
	const uint32_t end = span_starts(b, SPAN("PK\x03\x04")) ? find_end(b) : 0;
	uint32_t entries, at;

	*ret = (struct archive){0};
	if (!end)
		return false;
	entries = little(b.p + end + 10, 2);
	at = little(b.p + end + 16, 4);
	if (entries > ENTRIES_MAX)
		return false;
	for (uint32_t i = 0; i < entries; i++) {
		const char *p = b.p + at;
		uint32_t name, size;

		if (at > end || end - at < ENTRY_BYTES || memcmp(p, "PK\x01\x02", 4) != 0)
			return false;
		name = little(p + 28, 2);
		size = ENTRY_BYTES + name + little(p + 30, 2) + little(p + 32, 2);
		if (end - at < size)
			return false;
		note_entry(ret, (struct span){p + ENTRY_BYTES, name, 0});
		at += size;
	}
	return true;
}

/* Workbooks and letters that carry programs have types of their own, which are not taken; one that hides them is not either. */
static bool is_xlsx(struct span b)
{
	struct archive a;

	return read_archive(b, &a) && a.content_types && a.workbook && !a.macros;
}

static bool is_docx(struct span b)
{
	struct archive a;

	return read_archive(b, &a) && a.content_types && a.text && !a.macros;
}

/* The first file of the archive is called mimetype and is not compressed, so that the type stands at a fixed place. */
static bool is_ods(struct span b)
{
	static const struct span mark =
	    SPAN("mimetypeapplication/vnd.oasis.opendocument.spreadsheet");
	struct archive a;

	return b.n > 30 + mark.n && !memcmp(b.p + 30, mark.p, mark.n) && read_archive(b, &a);
}

/* ---- the list ---- */

static const struct document_type types[] = {
#define TYPE(name, media, extensions, is) {media, extensions, is},
#include "hub/documents/document_types.def"
#undef TYPE
};

const struct document_type *document_types(uint32_t *ret_n)
{
	*ret_n = ARRAY_LEN(types);
	return types;
}

const struct document_type *document_type_of(struct span content_type)
{
	struct span rest = content_type, type = span_trim(span_cut(&rest, ';'));

	if (type.n == 8 && !strncasecmp(type.p, "text/xml", 8))
		type = SPAN("application/xml");
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (type.n == strlen(types[i].media) &&
		    !strncasecmp(type.p, types[i].media, type.n))
			return &types[i];
	return NULL;
}

const struct document_type *document_type_sniff(struct span bytes)
{
	const struct document_type *text = NULL;

	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		if (types[i].is == is_text)
			text = &types[i];
		else if (types[i].is(bytes))
			return &types[i];
	}
	return text && text->is(bytes) ? text : NULL;
}

/* ---- names ---- */

/* One character of well-formed UTF-8; *i is left behind it. */
static uint32_t take_character(struct span s, uint32_t *i)
{
	const unsigned char first = (unsigned char)s.p[(*i)++];
	const int more = first < 0xc0 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
	uint32_t c = more ? first & (0x3fU >> more) : first;

	for (int k = 0; k < more; k++)
		c = c << 6 | ((unsigned char)s.p[(*i)++] & 0x3f);
	return c;
}

/* Invisible, or turns the direction of writing, so that a name looks like another (Unicode 15, Cc, Cf, Zl, Zp); or part of a path
 * or of a command on some system. */
static bool is_bad_character(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xad || c == 0x61c ||
	       (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
	       (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || (c >= 0xe0000 && c <= 0xe007f) ||
	       (c < 0x80 && strchr("/\\:*?\"<>|", (int)c) != NULL);
}

static bool has_extension(struct span name, const char *extensions)
{
	struct span rest = span_of(extensions);

	while (rest.p) {
		const struct span one = span_cut(&rest, ' ');

		if (name.n > one.n + 1 && name.p[name.n - one.n - 1] == '.' &&
		    !strncasecmp(name.p + name.n - one.n, one.p, one.n))
			return true;
	}
	return false;
}

bool document_name_sound(struct span name, const struct document_type *t)
{
	if (!name.n || name.n > LIMIT_DOCUMENT_NAME_BYTES || !span_valid_utf8(name) ||
	    name.p[0] == '.' || name.p[0] == ' ')
		return false;
	for (uint32_t i = 0; i < name.n;)
		if (is_bad_character(take_character(name, &i)))
			return false;
	return has_extension(name, t->extensions);
}
