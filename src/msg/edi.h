/* One message of EDIFACT through its mapping: segments to the model and back. Private to msg/.
 *
 * A message that is read alone is an interchange of one message: [UNA] UNB [UNG] UNH ... UNT [UNE] [UNZ]; what cuts an
 * interchange into messages (edi_cut) repeats the envelope before each. */
#ifndef CUSTOMHOUSE_MSG_EDI_H
#define CUSTOMHOUSE_MSG_EDI_H

#include "codec/edifact_check.h"
#include "msg/decode.h"
#include "msg/edi_map.h"
#include "msg/msg.h"

/* The signs that matter to find segments: those of the UNA or UNB that a text begins with. */
struct edi_signs {
	char element, component, release, terminator;
};
struct edi_signs edi_signs_of(struct span s);
/* The next segment, without its terminator; n is 0 at the end, or where none ends. */
struct span edi_segment(struct span *rest, const struct edi_signs *g);

/* Does the text begin with UNA or UNB, and is the first message of this type? */
bool edi_begins(struct span bytes, const char *message);
/* Cuts messages off an interchange, each with the envelope that it came in. */
enum msg_cut edi_cut(struct msg_cutter *c, struct span *rest, bool last, struct span *ret_message);

/* The directory by its name, or the next later one (*ret_near): directories grow. NULL: there is none. */
const struct edifact_directory *edi_directory_for(const struct edifact_set *more,
						  struct span version, struct span association,
						  bool *ret_near);

/* Reads the message through d, whose root and mapping belong together. Inside arena_run(). As msg_format.read. */
enum err edi_read(struct decoder *d, const struct edi_map *map, struct span bytes,
		  struct codec_fault *ret_fault);

/* Checks a message of whatever type against its directory. Inside arena_run(). As msg_format.check. */
enum err edi_check(struct arena *a, struct span bytes, const struct edifact_set *directories,
		   struct msg_heading *ret, struct findings *f, struct codec_fault *ret_fault);

/* How a message is written. */
struct edi_out {
	const struct edi_map *map;
	const struct edifact_directory *directory;
	enum edifact_charset charset; /* EDIFACT_CHARSETS: the smallest that carries all texts */
	const struct dict_class *root;
	const void *object;
	struct span reference; /* of interchange and message */
};
/* Writes an interchange of one message that its directory allows: what has no place there, is too long or no code of the list is
 * left out. Inside arena_run(). */
void edi_write(struct text *to, const struct edi_out *o);
/* A cargo report, in the newest directory. */
void edi_write_cargo(struct text *to, const struct edi_map *map, const struct cargo_message *m);
/* One more message of a file of interchanges; NULL: the file ends. As msg_format.write_bulk. */
void edi_write_bulk(struct text *to, struct msg_bulk *b, const struct edi_out *o_or_null);

#endif
