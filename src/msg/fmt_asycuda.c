/* Declarations in the XML in which brokers import and export a single administrative document of ASYCUDA World. There is no
 * public schema: asycuda.def maps what files in use hold, and says of each row whether it is sure. */
#include "msg/formats.h"
#include "msg/xml_map.h"

static const struct xml_row rows[] = {
#define ASYCUDA(path, pointer, second, part, when, sure, title)                                    \
	{path, pointer, second, XML_##part, XML_##when},
#include "msg/asycuda.def"
#undef ASYCUDA
};

static const struct xml_table table = {"ASYCUDA", rows, ARRAY_LEN(rows),
				       "Identification/Type/Type_of_declaration"};

static enum err asycuda_read(struct arena *a, struct span bytes, struct message *ret,
			     struct findings *f, struct codec_fault *ret_fault)
{
	struct decoder d = decode_into(a, ret, f);

	return xml_map_read(a, bytes, &table, &d, ret_fault);
}

static bool asycuda_recognises(struct span bytes)
{
	return xml_map_recognises(bytes, table.root);
}

static void asycuda_write(struct text *to, const struct message *m, struct findings *lost)
{
	(void)lost;
	xml_map_write(to, &table, &m->declaration);
}

const struct msg_format fmt_asycuda = {
    .id = "asycuda",
    .title = "ASYCUDA World single administrative document, XML",
    .version = "no public schema",
    .messages = "declaration",
    .content_type = "application/x-asycuda-sad+xml",
    .suffix = ".xml",
    .reads = true,
    .writes = true,
    .recognises = asycuda_recognises,
    .read = asycuda_read,
    .write = asycuda_write,
};
