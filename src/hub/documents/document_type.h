/* What a document may be, and whether its bytes are what they are said to be. Pure.
 *
 * A type is known by its first bytes, as its standard fixes them: PDF (ISO 32000-1, 7.5.2), PNG (ISO/IEC 15948, 5.2), JPEG
 * (ISO/IEC 10918-1, B.1.1.3), TIFF 6.0 (section 2), and for the office formats by the list of files in their ZIP archive
 * (ECMA-376 part 2; ODF 1.2 part 3, 3.3). Text is UTF-8 without control characters. This tells an honest mistake and a file that
 * hides behind another type; it does not tell whether a file is harmless: that is the scanner's work (scanner.h). */
#ifndef CUSTOMHOUSE_HUB_DOCUMENTS_DOCUMENT_TYPE_H
#define CUSTOMHOUSE_HUB_DOCUMENTS_DOCUMENT_TYPE_H

#include "base/span.h"

struct document_type {
	const char *media;
	const char *extensions; /* parted by blanks; the first is the usual one */
	bool (*is)(struct span bytes);
};

/* All, in the order of document_types.def. */
const struct document_type *document_types(uint32_t *ret_n);
/* The type of a Content-Type header: parameters and case do not matter. NULL: none of ours. */
const struct document_type *document_type_of(struct span content_type);
/* The type that the bytes have; csv and plain text cannot be told apart, and give plain text. NULL: none of ours. */
const struct document_type *document_type_sniff(struct span bytes);
/* A file name that can be shown and stored anywhere: UTF-8 of 1 to LIMIT_DOCUMENT_NAME_BYTES bytes, without a path, control
 * characters or characters that turn the direction of writing, and with an extension of its type. */
bool document_name_sound(struct span name, const struct document_type *t);

#endif
