/* Cargo reports as UN/EDIFACT CUSCAR, in all directories that are built in, by the mapping maps/cuscar.map. */
#include "msg/cargo.h"
#include "msg/edi.h"
#include "msg/formats.h"

static bool cuscar_recognises(struct span bytes)
{
	return edi_begins(bytes, "CUSCAR");
}

/* CNI has no place for what kind of document a bill is, and others than we do not say it in RFF: by air it is an air waybill,
 * else a bill of lading. */
static void name_types(struct cargo_report *r)
{
	const bool air = span_is(r->conveyance.means.mode, "4");

	for (uint32_t i = 0; i < r->bills.n; i++)
		if (!r->bills.v[i].type.n)
			r->bills.v[i].type = air ? SPAN("740") : SPAN("705");
}

static enum err cuscar_read(struct arena *a, struct span bytes, struct cargo_message *ret,
			    struct findings *f, struct codec_fault *ret_fault)
{
	struct decoder d = decode_cargo_into(a, ret, f);
	enum err e = edi_read(&d, &edi_map_cuscar, bytes, ret_fault);

	if (!e)
		name_types(&ret->report);
	return e;
}

/* A consignment has goods: GID is mandatory. A bill without items gets one that says nothing but its number. */
static void cuscar_write(struct text *to, const struct cargo_message *m)
{
	struct cargo_message with = *m;
	struct bill_item *one = ARENA_NEW(to->arena, struct bill_item);

	*one = (struct bill_item){.head = {.present = true}, .sequence = decimal_of(1, 0)};
	with.report.bills.v = ARENA_ARRAY(to->arena, struct bill, m->report.bills.n + 1);
	for (uint32_t i = 0; i < m->report.bills.n; i++) {
		struct bill *b = &with.report.bills.v[i];

		*b = m->report.bills.v[i];
		if (!b->items.n) {
			b->items.v = one;
			b->items.n = 1;
		}
	}
	edi_write_cargo(to, &edi_map_cuscar, &with);
}

const struct msg_format fmt_cuscar = {
    .id = "cuscar",
    .title = "UN/EDIFACT CUSCAR",
    .version = "D.96B, D.01B, D.05B, D.12B, D.16B, D.21B",
    .messages = "cargo report: new (function 9), instead of one (5), withdrawn (1)",
    .content_type = "application/edifact",
    .suffix = ".edi",
    .carries = MSG_CARGO_REPORTS,
    .reads = true,
    .writes = true,
    .recognises = cuscar_recognises,
    .cut = edi_cut,
    .read_cargo = cuscar_read,
    .write_cargo = cuscar_write,
};
