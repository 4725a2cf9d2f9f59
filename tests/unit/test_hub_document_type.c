/* What a document is by its bytes, and which names it may have. */
#include "hub/documents/document_type.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "unit.h"

static const struct document_type *of(const char *media)
{
	return document_type_of(span_of(media));
}

static bool is(const char *media, struct span bytes)
{
	return of(media)->is(bytes);
}

#define IS(media, literal) is((media), SPAN(literal))

/* ---- the list ---- */

static void test_every_type_is_found_by_its_name(void **state)
{
	const struct document_type *t;
	uint32_t n;

	(void)state;
	t = document_types(&n);
	assert_true(n >= 11);
	for (uint32_t i = 0; i < n; i++) {
		char name[100], upper[120];

		assert_ptr_equal(of(t[i].media), &t[i]);
		snprintf(upper, sizeof(upper), " %s ; charset=utf-8", t[i].media);
		assert_ptr_equal(of(upper), &t[i]);
		snprintf(name, sizeof(name), "a.%.*s", (int)strcspn(t[i].extensions, " "),
			 t[i].extensions);
		assert_true(document_name_sound(span_of(name), &t[i]));
	}
	assert_ptr_equal(of("TEXT/XML"), of("application/xml"));
	assert_null(of("text/html"));
	assert_null(of("image/svg+xml"));
	assert_null(of("application/octet-stream"));
	assert_null(of(""));
	assert_null(document_type_of((struct span){0}));
}

/* ---- signatures ---- */

static void test_signatures(void **state)
{
	static const struct {
		const char *media;
		struct span bytes;
	} cases[] = {
	    {"application/pdf", SPAN("%PDF-1.7\n\xe2\xe3\xcf\xd3")},
	    {"image/png", SPAN("\x89PNG\r\n\x1a\n\0\0\0\rIHDR")},
	    {"image/jpeg", SPAN("\xff\xd8\xff\xe0\0\x10JFIF")},
	    {"image/tiff", SPAN("II*\0\x08\0\0\0")},
	    {"image/tiff", SPAN("MM\0*\0\0\0\x08")},
	    {"application/json", SPAN(" {\"a\": [1]}\n")},
	    {"application/json", SPAN("[]")},
	    {"application/xml", SPAN("\xef\xbb\xbf<?xml version=\"1.0\"?>\n<a/>\n")},
	    {"application/xml", SPAN("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>\xe9</a>")},
	    {"text/plain", SPAN("an invoice\n\tof \xc3\xa9t\xc3\xa9\r\n")},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct document_type *found = document_type_sniff(cases[i].bytes);

		assert_non_null(found);
		assert_string_equal(found->media, cases[i].media);
	}
	assert_true(IS("text/csv", "item,price\n1,2.50\n"));
	/* CSV is text, and text may be CSV: one cannot be told from the other. */
	assert_string_equal(document_type_sniff(SPAN("item,price\n"))->media, "text/plain");
}

static void test_what_is_nothing_of_this(void **state)
{
	static const struct span cases[] = {
	    SPAN(""),
	    SPAN("\0\0\0\0"),
	    SPAN("MZ\x90\0\x03\0\0\0"),
	    SPAN("\x7f"
		 "ELF\x02\x01\x01"),
	    SPAN("<!DOCTYPE html><script>alert(1)</script>"),
	    SPAN("\xef\xbb\xbf  <HTML><body>"),
	    SPAN("latin \xe9 is not UTF-8"),
	    SPAN("an escape \x1b[2J clears the terminal"),
	    SPAN("PK\x03\x04 alone is no archive"),
	    SPAN("GIF89a\x01\0\x01\0"),
	    SPAN(" \n"),
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (document_type_sniff(cases[i]))
			fail_msg("case %zu is taken for %s", i,
				 document_type_sniff(cases[i])->media);
}

static void test_one_type_does_not_pass_for_another(void **state)
{
	(void)state;
	assert_false(IS("text/plain", "%PDF-1.4 made of letters alone"));
	assert_false(IS("text/csv", "<?xml version=\"1.0\"?><a/>"));
	assert_false(IS("application/pdf", " %PDF-1.4"));
	assert_false(IS("application/json", "{\"a\": 1} <script>"));
	assert_false(IS("application/json", "12"));
	assert_false(IS("application/xml", "<a>\0</a>"));
	assert_false(IS("image/png", "\x89PNG"));
}

/* ---- archives ---- */

struct zip {
	char bytes[4096], list[2048];
	uint32_t n, listed, entries;
};

static void number(char *to, uint32_t v, int bytes)
{
	for (int i = 0; i < bytes; i++)
		to[i] = (char)(v >> (8 * i));
}

/* A stored file with a few bytes. */
static void zip_add(struct zip *z, const char *name, const char *content)
{
	const uint32_t n = (uint32_t)strlen(name), size = (uint32_t)strlen(content), at = z->n;
	char *p = z->bytes + z->n, *l = z->list + z->listed;

	memset(p, 0, 30);
	memcpy(p, "PK\x03\x04", 4);
	number(p + 18, size, 4);
	number(p + 22, size, 4);
	number(p + 26, n, 2);
	memcpy(p + 30, name, n);
	memcpy(p + 30 + n, content, size);
	z->n += 30 + n + size;
	memset(l, 0, 46);
	memcpy(l, "PK\x01\x02", 4);
	number(l + 28, n, 2);
	number(l + 42, at, 4);
	memcpy(l + 46, name, n);
	z->listed += 46 + n;
	z->entries++;
}

static struct span zip_end(struct zip *z)
{
	char *p;

	memcpy(z->bytes + z->n, z->list, z->listed);
	p = z->bytes + z->n + z->listed;
	memset(p, 0, 22);
	memcpy(p, "PK\x05\x06", 4);
	number(p + 8, z->entries, 2);
	number(p + 10, z->entries, 2);
	number(p + 12, z->listed, 4);
	number(p + 16, z->n, 4);
	return (struct span){z->bytes, z->n + z->listed + 22, 0};
}

#define XLSX "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#define DOCX "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#define ODS  "application/vnd.oasis.opendocument.spreadsheet"

static void test_office_formats(void **state)
{
	struct zip x = {.n = 0}, d = {.n = 0}, o = {.n = 0};
	struct span b;

	(void)state;
	zip_add(&x, "[Content_Types].xml", "<Types/>");
	zip_add(&x, "xl/workbook.xml", "<workbook/>");
	b = zip_end(&x);
	assert_string_equal(document_type_sniff(b)->media, XLSX);
	assert_false(is(DOCX, b));
	zip_add(&d, "[Content_Types].xml", "<Types/>");
	zip_add(&d, "word/document.xml", "<document/>");
	assert_string_equal(document_type_sniff(zip_end(&d))->media, DOCX);
	zip_add(&o, "mimetype", ODS);
	zip_add(&o, "content.xml", "<office/>");
	assert_string_equal(document_type_sniff(zip_end(&o))->media, ODS);
}

static void test_office_formats_with_programs_are_not_taken(void **state)
{
	struct zip x = {.n = 0}, d = {.n = 0};

	(void)state;
	zip_add(&x, "[Content_Types].xml", "<Types/>");
	zip_add(&x, "xl/workbook.xml", "<workbook/>");
	zip_add(&x, "xl/VBAProject.bin", "x");
	assert_null(document_type_sniff(zip_end(&x)));
	zip_add(&d, "[Content_Types].xml", "<Types/>");
	zip_add(&d, "word/document.xml", "<document/>");
	zip_add(&d, "word/vbaProject.bin", "x");
	assert_null(document_type_sniff(zip_end(&d)));
}

/* Whatever is cut off or altered, no byte outside is read (the sanitizers look), and no cut archive passes. */
static void test_archives_that_are_cut_or_altered(void **state)
{
	struct zip x = {.n = 0};
	struct span b;

	(void)state;
	zip_add(&x, "[Content_Types].xml", "<Types/>");
	zip_add(&x, "xl/workbook.xml", "<workbook/>");
	b = zip_end(&x);
	for (uint32_t n = 0; n < b.n; n++) {
		char *cut = malloc(n ? n : 1);

		assert_non_null(cut);
		memcpy(cut, b.p, n);
		assert_false(is(XLSX, (struct span){cut, n, 0}));
		free(cut);
	}
	for (uint32_t i = 0; i < b.n; i++) {
		for (int bit = 0; bit < 8; bit++) {
			char *other = malloc(b.n);

			assert_non_null(other);
			memcpy(other, b.p, b.n);
			other[i] = (char)(other[i] ^ (1 << bit));
			(void)document_type_sniff((struct span){other, b.n, 0});
			free(other);
		}
	}
}

/* ---- names ---- */

static void test_names(void **state)
{
	const struct document_type *pdf = of("application/pdf"), *jpeg = of("image/jpeg");
	char longest[LIMIT_DOCUMENT_NAME_BYTES + 2];

	(void)state;
	assert_true(document_name_sound(SPAN("invoice 7.PDF"), pdf));
	assert_true(document_name_sound(SPAN("\xe5\x8f\x91\xe7\xa5\xa8.pdf"), pdf));
	assert_true(document_name_sound(SPAN("a.jpeg"), jpeg) &&
		    document_name_sound(SPAN("a.jpg"), jpeg));
	assert_false(document_name_sound(SPAN("a.pdf.exe"), pdf));
	assert_false(document_name_sound(SPAN("a"), pdf));
	assert_false(document_name_sound(SPAN(".pdf"), pdf));
	assert_false(document_name_sound(SPAN(""), pdf));
	assert_false(document_name_sound(SPAN("../a.pdf"), pdf));
	assert_false(document_name_sound(SPAN("c:\\a.pdf"), pdf));
	assert_false(document_name_sound(SPAN("a\nb.pdf"), pdf));
	assert_false(document_name_sound(SPAN("a\0b.pdf"), pdf));
	assert_false(document_name_sound(SPAN("a\"b.pdf"), pdf));
	assert_false(document_name_sound(SPAN("a\xff.pdf"), pdf));
	/* U+202E turns what follows: it would read "invoiceexe.pdf" and be something else. */
	assert_false(document_name_sound(SPAN("invoice\xe2\x80\xae"
					      "exe.pdf"),
					 pdf));
	assert_false(document_name_sound(SPAN("a\xc2\x85.pdf"), pdf));
	memset(longest, 'a', sizeof(longest));
	memcpy(longest + LIMIT_DOCUMENT_NAME_BYTES - 4, ".pdf", 4);
	assert_true(document_name_sound((struct span){longest, LIMIT_DOCUMENT_NAME_BYTES, 0}, pdf));
	memcpy(longest + LIMIT_DOCUMENT_NAME_BYTES - 3, ".pdf", 4);
	assert_false(
	    document_name_sound((struct span){longest, LIMIT_DOCUMENT_NAME_BYTES + 1, 0}, pdf));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_every_type_is_found_by_its_name),
	    cmocka_unit_test(test_signatures),
	    cmocka_unit_test(test_what_is_nothing_of_this),
	    cmocka_unit_test(test_one_type_does_not_pass_for_another),
	    cmocka_unit_test(test_office_formats),
	    cmocka_unit_test(test_office_formats_with_programs_are_not_taken),
	    cmocka_unit_test(test_archives_that_are_cut_or_altered),
	    cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
