/* Every other message of UN/EDIFACT that a directory defines: checked against it, and kept as it was sent. */
#include "msg/edi.h"
#include "msg/edi_envelope.h"
#include "msg/formats.h"

/* Behind the formats that read theirs: what is left of the interchanges. */
static bool edifact_recognises(struct span bytes)
{
	return edi_is_interchange(bytes);
}

const struct msg_format fmt_edifact = {
    .id = "edifact",
    .title = "UN/EDIFACT, other messages",
    .version = "D.96B, D.01B, D.05B, D.12B, D.16B, D.21B",
    .messages = "BAPLIE, CODECO, CONTRL, COARRI, COPARN, COPRAR, GOVCBR, IFCSUM, IFTMIN, IFTSTA, "
		"PAXLST, SANCRT, and "
		"those of directories that are added: valid against the directory, or why not",
    .content_type = "application/edifact",
    .suffix = ".edi",
    .carries = MSG_CHECKED,
    .reads = true,
    .recognises = edifact_recognises,
    .cut = edi_cut,
    .check = edi_check,
};
