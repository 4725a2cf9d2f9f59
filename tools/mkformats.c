/* mkformats: the pages of docs/formats that come from tables of src/msg.
 *
 *   mkformats asycuda  > docs/formats/asycuda.md
 *   mkformats csv      > docs/formats/csv.md
 *
 * A build tool. The pages of formats whose table is the dictionary come from mkdict. */
#include <stdio.h>
#include <string.h>

static const char *how(const char *part)
{
	static const char *const parts[][2] = {
	    {"VALUE", ""},
	    {"KILOGRAMS", "in kilograms"},
	    {"QUALIFIER", "its currency or unit"},
	    {"FIRST", "first character"},
	    {"REST", "what follows"},
	    {"FLAG", "True is 1, False is 0"},
	    {"LINES", "first line"},
	    {"PAIR", "first two characters"},
	    {"CODE", "last three characters"},
	};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (!strcmp(parts[i][0], part))
			return parts[i][1];
	return part;
}

static void put_row(const char *path, const char *pointer, const char *second, const char *part,
		    const char *when, int sure, const char *title)
{
	printf("| `%s` | `%s`", path, pointer);
	if (second)
		printf(", the rest `%s`", second);
	printf(" | %s%s%s | %s | %s |\n", how(part),
	       how(part)[0] && strcmp(when, "ALWAYS") ? "; " : "",
	       !strcmp(when, "ALWAYS")   ? ""
	       : !strcmp(when, "IMPORT") ? "import"
					 : "export",
	       sure ? "yes" : "assumed", title);
}

static void put_asycuda(void)
{
	puts("# ASYCUDA World SAD XML\n\n"
	     "Made from `src/msg/asycuda.def` by `script/generate`. There is no public schema of "
	     "this XML: the element names are those of "
	     "files that brokers exchange. *Sure* rows were met in such files and say plainly what "
	     "they are; the others are assumed, and may "
	     "differ from one installation to the next: correct them in that table, nowhere "
	     "else.\n\n"
	     "- Read: root element `ASYCUDA`, no namespace needed, any encoding that XML names. An "
	     "element that is empty, or holds an empty "
	     "element `null`, says nothing. Elements without a row are kept with the message and "
	     "listed as findings of severity info.\n"
	     "- Written: UTF-8; only elements that say something. What has no row is listed as "
	     "lost by `customhouse convert`.\n"
	     "- `*` behind an element: it repeats, and its position is the index for the `*` of "
	     "the pointer. `[type=X]`: the member of the "
	     "list whose `type` is X. Rows marked import or export hold only for declarations "
	     "whose type begins otherwise than, or with, EX.\n"
	     "- Codes pass as they are written. Dates are not mapped: installations write them in "
	     "orders that cannot be told apart.\n"
	     "- A declaration that is read is a new one (function 9); goods items are numbered by "
	     "their position.\n\n"
	     "| element | value in the declaration | how | sure | what it is "
	     "|\n|---|---|---|---|---|");
#define ASYCUDA(path, pointer, second, part, when, sure, title)                                    \
	put_row(path, pointer, second, #part, #when, sure, title);
#include "../src/msg/asycuda.def"
#undef ASYCUDA
}

static void put_column(const char *name, const char *pointer, int qualifier, const char *title)
{
	int item = pointer[0] != '/';

	printf("| `%s` | `%s%s`%s | %s | %s |\n", name, item ? "/shipment/items/N" : "",
	       item ? pointer + 4 : pointer, qualifier ? ", its currency, unit or format" : "",
	       item ? "row" : "declaration", title);
}

static void put_csv(void)
{
	puts(
	    "# A table of declarations\n\n"
	    "Made from `src/msg/csv_columns.def` by `script/generate`. A spreadsheet with a row "
	    "for each goods item, for traders who have no "
	    "system of their own. `customhouse formats --template csv` prints an empty one.\n\n"
	    "- The first row names the columns, in any order; letters of either case, blanks or "
	    "underscores. Lines that begin with `#` are "
	    "skipped.\n"
	    "- Rows with the same `reference`, or none, are one declaration. What is said of the "
	    "whole declaration stands in its first row; "
	    "other rows may repeat it, and a row that says otherwise is a finding.\n"
	    "- Any value of the [dictionary](../declaration.md) has a column by its path: "
	    "`shipment.consignee.name`, `statements.1.text`; "
	    "`item.` in front for the row's item (`item.documents.2.id`), members numbered from 1; "
	    "`.currency`, `.unit` or `.format` "
	    "behind for the other half of an amount, a quantity or a time.\n"
	    "- Another row of column names may stand between two declarations.\n"
	    "- Delimiter: comma, semicolon, tab or bar, whichever stands most often in the first "
	    "row. Where it is no comma, a comma in a "
	    "number is a point. Encoding: UTF-8 with or without a mark, UTF-16, and, where the "
	    "bytes are not UTF-8, Windows-1252.\n"
	    "- A text that begins with `=`, `+`, `-` or `@` is written with an apostrophe before "
	    "it, so that no spreadsheet computes it; the "
	    "apostrophe is dropped when read.\n"
	    "- Findings name the line and the number of the column. Columns that mean nothing here "
	    "are kept and listed.\n"
	    "- A file of any size is read declaration by declaration; one in UTF-16 may be as long "
	    "as one message. At most 4096 columns.\n\n"
	    "| column | value in the declaration | one for each | what it is |\n|---|---|---|---|");
#define CSV_COLUMN(name, pointer, qualifier, title) put_column(name, pointer, qualifier, title);
#include "../src/msg/csv_columns.def"
#undef CSV_COLUMN
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "asycuda"))
		put_asycuda();
	else if (argc == 2 && !strcmp(argv[1], "csv"))
		put_csv();
	else
		return 2;
	return 0;
}
