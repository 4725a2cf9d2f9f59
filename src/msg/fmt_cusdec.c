/* Declarations as UN/EDIFACT CUSDEC, in all directories that are built in, by the mapping maps/cusdec.map. */
#include "msg/edi.h"
#include "msg/formats.h"

static bool cusdec_recognises(struct span bytes)
{
	return edi_begins(bytes, "CUSDEC");
}

static enum err cusdec_read(struct arena *a, struct span bytes, struct message *ret,
			    struct findings *f, struct codec_fault *ret_fault)
{
	struct decoder d = decode_into(a, ret, f);

	return edi_read(&d, &edi_map_cusdec, bytes, ret_fault);
}

static struct edi_out out_of(const struct message *m)
{
	return (struct edi_out){.map = &edi_map_cusdec,
				.directory = edifact_builtin(SPAN("21B")),
				.charset = EDIFACT_CHARSETS,
				.root = &dict_declaration,
				.object = &m->declaration,
				.reference = m->declaration.trader_reference};
}

static void cusdec_write(struct text *to, const struct message *m, struct findings *lost)
{
	struct edi_out out = out_of(m);

	(void)lost; /* msg_convert() compares */
	edi_write(to, &out);
}

static void cusdec_write_bulk(struct text *to, struct msg_bulk *b, const struct message *m)
{
	struct edi_out out;

	if (m)
		out = out_of(m);
	edi_write_bulk(to, b, m ? &out : NULL);
}

const struct msg_format fmt_cusdec = {
    .id = "cusdec",
    .title = "UN/EDIFACT CUSDEC",
    .version = "D.96B, D.01B, D.05B, D.12B, D.16B, D.21B",
    .messages = "declaration: new (function 9), request (13)",
    .content_type = "application/edifact",
    .suffix = ".edi",
    .carries = MSG_DECLARATIONS,
    .reads = true,
    .writes = true,
    .recognises = cusdec_recognises,
    .cut = edi_cut,
    .read = cusdec_read,
    .write = cusdec_write,
    .write_bulk = cusdec_write_bulk,
};
