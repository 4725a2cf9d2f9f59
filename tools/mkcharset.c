/* Prints the upper halves of the ISO 8859 alphabets that EDIFACT names, as iconv knows them: src/codec/charset_gen.h. */
#include <iconv.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *charset, *name;
} alphabets[] = {
    {"UNOC", "ISO-8859-1"}, {"UNOD", "ISO-8859-2"},  {"UNOE", "ISO-8859-5"}, {"UNOF", "ISO-8859-7"},
    {"UNOG", "ISO-8859-3"}, {"UNOH", "ISO-8859-4"},  {"UNOI", "ISO-8859-6"}, {"UNOJ", "ISO-8859-8"},
    {"UNOK", "ISO-8859-9"}, {"UNOL", "ISO-8859-15"},
};

static unsigned long code_of(iconv_t to, unsigned byte)
{
	char in = (char)byte, out[4] = {0}, *p = &in, *q = out;
	size_t n = 1, room = sizeof(out);

	iconv(to, NULL, NULL, NULL, NULL);
	if (iconv(to, &p, &n, &q, &room) == (size_t)-1 || room != 0)
		return 0;
	return (unsigned long)(unsigned char)out[2] << 8 | (unsigned char)out[3];
}

int main(void)
{
	printf(
	    "/* Made by tools/mkcharset.c: change that, then run script/generate. */\n"
	    "// clang-format off\n"
	    "#ifndef CUSTOMHOUSE_CODEC_CHARSET_GEN_H\n#define CUSTOMHOUSE_CODEC_CHARSET_GEN_H\n\n"
	    "#include \"codec/edifact.h\"\n\n"
	    "/* Code points of the bytes 0xa0 to 0xff; 0: none. */\n"
	    "static const uint16_t upper_half[EDIFACT_CHARSETS][96] = {\n");
	for (size_t i = 0; i < sizeof(alphabets) / sizeof(alphabets[0]); i++) {
		iconv_t to = iconv_open("UCS-4BE", alphabets[i].name);

		if (to == (iconv_t)-1) {
			fprintf(stderr, "mkcharset: iconv does not know %s\n", alphabets[i].name);
			return 1;
		}
		printf("\t[EDIFACT_%s] = { /* %s */", alphabets[i].charset, alphabets[i].name);
		for (unsigned byte = 0xa0; byte < 0x100; byte++)
			printf("%s0x%04lx,", byte % 12 == 4 ? "\n\t\t" : " ", code_of(to, byte));
		printf("\n\t},\n");
		iconv_close(to);
	}
	printf("};\n\n#endif\n");
	return fflush(stdout) ? 1 : 0;
}
